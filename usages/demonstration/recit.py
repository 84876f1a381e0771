"""Le récit des usages : qui relève avant de passer en routine, le ticket qui barrait un service régulier. Inventé."""

from datetime import date, timedelta

from gouvernance.demonstration.recit import EXPORT
from programme.demonstration.ain_rhone.grappe import NOM
from programme.demonstration.calendrier import Calendrier, jour_ouvre
from programme.demonstration.recit import Recit
from programme.enums import EtatOuverture
from programme.models import Ouverture, Parcours
from usages.conditions import MOIS_DEMANDES, relever
from usages.enums import CadenceReleve
from usages.models import Ticket
from usages.periodes import Periode

RELEVENT = {
    "010004059": "direction-personnes-agees",
    "010787141": "direction-travail-logement",
    "010784262": "directrice",
    "010780906": "voisin",
}
"""Ceux qui passent en routine, ou vont y passer : trois mois relevés, transmis par leur direction."""


def noter(recit: Recit, c: Calendrier) -> None:
    """Trois mois de relevés, transmis une semaine après leur fin ; l'export qui bloque."""
    if recit.grappe.nom != NOM:
        return
    dernier = Periode.contenant(c.jours(40), CadenceReleve.MOIS).precedente()
    for finess, direction in RELEVENT.items():
        for periode in dernier.dernieres(MOIS_DEMANDES):
            le = jour_ouvre(periode.fin + timedelta(days=8))
            recit.noter(le, relever, recit.parcours[finess], periode, par=recit.comptes[direction], le=le)
    recit.noter(c.jours(26), _bloquer, recit.parcours[EXPORT], c.jours(26))


def _bloquer(parcours: Parcours, le: date) -> None:
    """L'export vers la pharmacie ne part pas : un ticket bloquant, sur un module que l'ESMS a ouvert."""
    ouvertes = Ouverture.objects.filter(unite__parcours=parcours, etat=EtatOuverture.OUVERTE).select_related("module")
    ouverte = ouvertes.filter(module__code="soins").first() or ouvertes.first()
    Ticket.objects.get_or_create(
        grappe=parcours.grappe,
        source="Assistance de l'éditeur",
        numero="EXPORT-1",
        defaults={
            "parcours": parcours,
            "editeur": parcours.solution.editeur if parcours.solution else None,
            "module": ouverte.module if ouverte else None,
            "cree_le": le,
            "est_bloquant": True,
        },
    )
