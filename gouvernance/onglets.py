"""Les pages de la gouvernance, parmi celles d'une grappe et d'un ESMS."""

from gouvernance.permissions import peut_lire_gouvernance, peut_lire_journal
from programme.models import Parcours, Utilisateur
from programme.socle.onglets import inscrire_page_d_esms, inscrire_page_de_grappe, ranger_chez_les_grappes


def _rien_ne_presse(utilisateur: Utilisateur, parcours: Parcours) -> str:
    """Le journal se lit quand on veut."""
    return ""


inscrire_page_de_grappe("Gouvernance", "gouvernance:grappe-gouvernance", peut_lire_gouvernance)
inscrire_page_de_grappe("Journal", "gouvernance:grappe-journal", peut_lire_journal)
inscrire_page_d_esms("Journal du projet", "gouvernance:parcours-journal", peut_lire_journal, _rien_ne_presse)
ranger_chez_les_grappes(
    "instance", "mandat", "seance", "point", "issue", "dossier", "decision", "alerte", "entree", "calendrier"
)
