"""Les pages des usages : d'une grappe, d'un ESMS."""

from django.utils import timezone

from programme.models import Parcours, Utilisateur
from programme.socle.nombres import accorde
from programme.socle.onglets import (
    inscrire_page_d_esms,
    inscrire_page_de_grappe,
    ranger_chez_les_esms,
    ranger_chez_les_grappes,
)
from usages.models import MonteeDeVersion
from usages.permissions import peut_lire_usages

# --- éditeurs, versions ---


def _montees_en_retard(utilisateur: Utilisateur, parcours: Parcours) -> str:
    """« 1 en retard » : une montée prévue dont le jour est passé ; vide si rien ne presse. Une requête."""
    prevues = MonteeDeVersion.objects.filter(parcours=parcours, faite_le__isnull=True)
    nombre = prevues.filter(prevue_le__lt=timezone.localdate()).count()
    return accorde(nombre, "à dire faite,à dire faites") if nombre else ""


inscrire_page_de_grappe("Éditeurs", "usages:grappe-editeurs", peut_lire_usages)
inscrire_page_d_esms("Versions", "usages:parcours-versions", peut_lire_usages, _montees_en_retard)
ranger_chez_les_grappes("demandeediteur", "editeur", "version")
ranger_chez_les_esms("montee")
