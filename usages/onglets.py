"""Les pages des usages que montrent celles du tronc."""

from programme.models import Parcours, Utilisateur
from programme.socle.onglets import inscrire_page_d_esms
from usages.permissions import peut_lire_usages


def _rien_ne_presse(utilisateur: Utilisateur, parcours: Parcours) -> str:
    """Comparer ne presse jamais."""
    return ""


inscrire_page_d_esms("Comparer à des semblables", "usages:parcours-semblables", peut_lire_usages, _rien_ne_presse)
