"""Les pages des usages d'un ESMS, d'une grappe. Un bloc par agrégat."""

from django.utils import timezone

from programme.models import Parcours, Utilisateur
from programme.socle.dates import date_courte
from programme.socle.droits import Droit
from programme.socle.nombres import accorde
from programme.socle.onglets import (
    inscrire_page_d_esms,
    inscrire_page_de_grappe,
    ranger_chez_les_esms,
    ranger_chez_les_grappes,
)
from usages.models import Releve, Ticket
from usages.permissions import peut_lire_usages


# --- relevés ---
def _lit_les_releves(utilisateur: Utilisateur, parcours: Parcours) -> Droit:
    """La page ne montre au financeur que ce qui est transmis : qui voit l'ESMS l'ouvre."""
    return Droit(True)


def _a_transmettre(utilisateur: Utilisateur, parcours: Parcours) -> str:
    """« en retard », « avant le 15 déc. » ; vide si tout est transmis. Une requête."""
    siens = Releve.objects.visibles_par(utilisateur).filter(parcours=parcours, etat="saisi").order_by("echeance")
    premier = siens.first()
    if premier is None:
        return ""
    return (
        "à transmettre" if premier.est_en_retard(timezone.localdate()) else f"avant le {date_courte(premier.echeance)}"
    )


inscrire_page_d_esms("Relevés", "usages:parcours-releves", _lit_les_releves, _a_transmettre)
ranger_chez_les_esms("releve", "valeur", "precision")


# --- tickets ---
def _bloquants(utilisateur: Utilisateur, parcours: Parcours) -> str:
    """« 2 bloquants », sans contournement ; vide s'il n'y en a pas. Une requête."""
    ouverts = Ticket.objects.filter(parcours=parcours).ouverts(timezone.localdate())
    nombre = ouverts.bloquants().count()
    return accorde(nombre, "bloquant") if nombre else ""


inscrire_page_de_grappe("Tickets", "usages:grappe-tickets", peut_lire_usages)
inscrire_page_d_esms("Tickets", "usages:parcours-tickets", peut_lire_usages, _bloquants)
ranger_chez_les_grappes("ticket", "tickets", "irritant")

# --- tableau de bord ESMS ---
ranger_chez_les_esms("tdb")
