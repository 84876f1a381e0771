"""Ce que les questionnaires chargent de `fixtures/reference`, avec le reste des référentiels."""

from programme.socle.references import inscrire
from risques.services.references import charger_questionnaires

inscrire("questionnaires", charger_questionnaires)
