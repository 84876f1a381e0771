"""Ce que la formation livre en fichiers de `fixtures/reference`, avec le reste des référentiels."""

from formation.services.plan_type import relire_plan_type
from formation.services.references import charger_regles
from programme.socle.references import inscrire

inscrire("plan_formation", relire_plan_type)
inscrire("regles_coherence", charger_regles)
