"""Les pages des usages : d'une grappe, d'un ESMS."""

from programme.models import Parcours, Utilisateur
from programme.socle.onglets import (
    inscrire_page_d_esms,
    inscrire_page_de_grappe,
    ranger_chez_les_esms,
)
from usages.permissions import peut_lire_usages


# --- connexions ---
def _rien_ne_presse(utilisateur: Utilisateur, parcours: Parcours) -> str:
    """Un fichier qui manque n'est pas une urgence : un silence n'est jamais une alerte."""
    return ""


inscrire_page_de_grappe("Connexions", "usages:grappe-connexions", peut_lire_usages)
inscrire_page_d_esms("Connexions", "usages:parcours-connexions", peut_lire_usages, _rien_ne_presse)
ranger_chez_les_esms("connexions")
