"""Ce que les usages livrent en fichiers de `fixtures/reference` : le catalogue de départ des indicateurs."""

from programme.socle.references import inscrire
from usages.services.indicateurs.catalogue import charger

inscrire("indicateurs", charger)
