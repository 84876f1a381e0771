"""Les pages de la formation et des droits d'accès, parmi celles d'une grappe et d'un ESMS."""

from formation.permissions import peut_lire_formation
from programme.models import Parcours, Utilisateur
from programme.socle.onglets import inscrire_page_d_esms, ranger_chez_les_grappes


def _rien_ne_presse(utilisateur: Utilisateur, parcours: Parcours) -> str:
    """Ce qui presse vient des actions, déjà dites dans « À faire »."""
    return ""


inscrire_page_d_esms("Changement", "formation:parcours-changement", peut_lire_formation, _rien_ne_presse)
ranger_chez_les_grappes(
    "professionnel",
    "poste",
    "moduleformation",
    "formateur",
    "session",
    "inscription",
    "profil",
    "matrice",
    "compte-dui",
    "mesure",
    "objectif",
    "bilan",
)
