"""Le récit des usages : trois mois relevés avant de passer en routine, le ticket qui barrait un service régulier."""

from datetime import date, timedelta

from gouvernance.demonstration.recit import EXPORT
from programme.demonstration.ain_rhone.grappe import NOM
from programme.demonstration.calendrier import Calendrier, jour_ouvre
from programme.demonstration.recit import Recit
from programme.enums import EtatOuverture
from programme.models import Editeur, Ouverture, Parcours
from usages.calculs.periodes import Periode
from usages.conditions import MOIS_DEMANDES
from usages.demonstration import choix, editeurs, releves
from usages.enums import CadenceReleve
from usages.models import Ticket

RELEVENT = ("010004059", "010787141", "010784262", "010780906")
"""Ceux qui passent en routine, ou vont y passer : leurs trois mois se relèvent à leur date."""
ONT_OUVERT = (*RELEVENT, "010010494", "740785274", "010780575")
"""Ceux dont l'assistance a des tickets."""


def mois_du_recit(c: Calendrier) -> list[Periode]:
    """Les mois que le récit relève : assez tôt pour que les passages en routine s'en servent."""
    return Periode.contenant(c.jours(40), CadenceReleve.MOIS).precedente().dernieres(MOIS_DEMANDES)


def noter(recit: Recit, c: Calendrier) -> None:
    """Ce qu'on suit ; trois mois relevés, transmis une semaine après leur fin ; l'export qui bloque."""
    if recit.grappe.nom != NOM:
        return
    commence = c.mois(6, 3)
    recit.noter(commence, choix.suivre, recit.grappe, recit.chef, commence.replace(day=1))
    recit.noter(commence, _assister, recit)
    for recul, periode in zip(range(MOIS_DEMANDES, 0, -1), mois_du_recit(c), strict=True):
        quand = releves.Periodes(periode, recul)
        le = jour_ouvre(periode.fin + timedelta(days=releves.TRANSMIS_APRES))
        recit.noter(le, releves.relever, recit.grappe, quand, chef=recit.chef, finess=RELEVENT)
    recit.noter(c.jours(26), _bloquer, recit.parcours[EXPORT], c.jours(26))


def _assister(recit: Recit) -> None:
    parcours = [recit.parcours[finess] for finess in ONT_OUVERT]
    editeur = Editeur.objects.get(solutions__parcours=parcours[0])
    editeurs.consigner_les_tickets(recit.grappe, parcours, editeur, recit.chef)


def _bloquer(parcours: Parcours, le: date) -> None:
    """L'export vers la pharmacie ne part pas : un ticket bloquant, sur un module que l'ESMS a ouvert."""
    ouvertes = Ouverture.objects.filter(unite__parcours=parcours, etat=EtatOuverture.OUVERTE).select_related("module")
    ouverte = ouvertes.filter(module__code="soins").first() or ouvertes.first()
    Ticket.objects.get_or_create(
        grappe=parcours.grappe,
        source=editeurs.SOURCE,
        numero="EXPORT-1",
        defaults={
            "parcours": parcours,
            "editeur": parcours.solution.editeur if parcours.solution else None,
            "module": ouverte.module if ouverte else None,
            "cree_le": le,
            "est_bloquant": True,
        },
    )
