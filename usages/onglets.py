"""Les pages des usages : d'un ESMS, d'une grappe."""

from django.utils import timezone

from programme.models import Parcours, Utilisateur
from programme.socle.nombres import accorde
from programme.socle.onglets import (
    inscrire_page_d_esms,
    inscrire_page_de_grappe,
    ranger_chez_les_grappes,
)
from usages.models import Ticket
from usages.permissions import peut_lire_usages


# --- tickets ---
def _bloquants(utilisateur: Utilisateur, parcours: Parcours) -> str:
    """« 2 bloquants », sans contournement ; vide s'il n'y en a pas. Une requête."""
    ouverts = Ticket.objects.filter(parcours=parcours).ouverts(timezone.localdate())
    nombre = ouverts.bloquants().count()
    return accorde(nombre, "bloquant") if nombre else ""


inscrire_page_de_grappe("Tickets", "usages:grappe-tickets", peut_lire_usages)
inscrire_page_d_esms("Tickets", "usages:parcours-tickets", peut_lire_usages, _bloquants)
ranger_chez_les_grappes("ticket", "tickets", "irritant")
