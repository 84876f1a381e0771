"""Les pages des usages : d'un ESMS, d'une grappe, d'un organisme, d'une région."""

from programme.models import Parcours, Utilisateur
from programme.socle.onglets import (
    inscrire_page_d_esms,
    inscrire_page_d_og,
    inscrire_page_de_grappe,
    inscrire_page_de_region,
)
from usages.permissions import peut_lire_le_tableau_d_og, peut_lire_le_tableau_de_region, peut_lire_usages


def _rien_ne_presse(utilisateur: Utilisateur, parcours: Parcours) -> str:
    """Une page de lecture : ce qui presse est dans « À faire »."""
    return ""


# --- tableaux de bord ---
inscrire_page_d_esms("Tableau de bord", "usages:parcours-tableau-de-bord", peut_lire_usages, _rien_ne_presse)
inscrire_page_de_grappe("Tableau de bord", "usages:grappe-tableau-de-bord", peut_lire_usages)
inscrire_page_d_og("Tableau de bord", "usages:og-tableau-de-bord", peut_lire_le_tableau_d_og)
inscrire_page_de_region("Tableau de bord", "usages:region-tableau-de-bord", peut_lire_le_tableau_de_region)

# --- comparaison à des semblables ---
inscrire_page_d_esms("Comparer à des semblables", "usages:parcours-semblables", peut_lire_usages, _rien_ne_presse)
