"""Ce que la formation charge de `fixtures/reference`, avec le reste des référentiels."""

from formation.services.references import charger_regles
from programme.socle.references import inscrire

inscrire("regles_coherence", charger_regles)
