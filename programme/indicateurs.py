"""Ce que le tronc sait mesurer : ouvertures, anciens supports, reprise, temps, actions, demandes (metier §8).

Un état se lit au dernier jour de la période, dans le journal. Ce qui n'a pas de date (heures, dossiers restants) se lit
au jour du calcul : voilà pourquoi un relevé dit quand il a été calculé, et ne l'est plus une fois transmis.
"""

from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from programme.calculs.delais import jours
from programme.enums import EtatAction, EtatDemande, EtatOuverture, EtatParcours, MoyenReprise, TempsEcriture
from programme.models import (
    Action,
    DemandeParametrage,
    Etape,
    LigneReprise,
    Ouverture,
    PersonneRessource,
    TempsMetier,
)
from programme.models.actions import OUVERTES as ACTIONS_OUVERTES
from programme.socle.indicateurs import Mesure, Mesures, comptes, durees, inscrire, rapports, repartitions

FAITES = (EtatOuverture.OUVERTE, EtatOuverture.STABILISEE)
DOSSIERS = "dossier"
"""On n'additionne que des dossiers : des pages ou des contrats ne s'y ajoutent pas."""


def cles(parcours: Any) -> list[int]:
    """Les clés de cet ensemble. Une requête."""
    return list(parcours.order_by().values_list("pk", flat=True))


def _dans(parcours: Any) -> Any:
    return parcours.order_by().values("pk")


# --- ouvertures ----------------------------------------------------------------------------------------------------


def _au_perimetre(parcours: Any, fin: date) -> Any:
    """Les ouvertures du périmètre à cette date."""
    lues: Any = Ouverture.objects.filter(unite__parcours__in=_dans(parcours)).avec_etat_au(fin)
    return lues.exclude(etat_au=EtatOuverture.HORS_PERIMETRE).order_by()


def _par_etat(ouvertures: Any) -> list[tuple[int, str, int]]:
    """(parcours, état, nombre). Une requête."""
    return list(ouvertures.values_list("unite__parcours", "etat_au").annotate(nombre=Count("pk")))


def _parmi(par_etat: list[tuple[int, str, int]], etats: tuple[str, ...]) -> list[tuple[int, int, int]]:
    """(parcours, ouvertures dans ces états, ouvertures)."""
    rendu: dict[int, tuple[int, int]] = {}
    for cle, etat, nombre in par_etat:
        faites, toutes = rendu.get(cle, (0, 0))
        rendu[cle] = faites + (nombre if etat in etats else 0), toutes + nombre
    return [(cle, *couple) for cle, couple in rendu.items()]


@inscrire("ouvertures_par_etat", "Ouvertures d'unité, selon où elles en sont")
def ouvertures_par_etat(parcours: Any, debut: date, fin: date) -> Mesures:
    """Une part par état ; un ESMS sans aucune ouverture au périmètre n'est pas concerné. Deux requêtes."""
    sans = {cle: [Mesure(non_concerne=True)] for cle in cles(parcours)}
    return sans | repartitions(_par_etat(_au_perimetre(parcours, fin)))


@inscrire("unites_ouvertes", "Ouvertures faites, sur celles du périmètre")
def unites_ouvertes(parcours: Any, debut: date, fin: date) -> Mesures:
    """Ouvertes ou stabilisées / du périmètre. Deux requêtes."""
    return rapports(_parmi(_par_etat(_au_perimetre(parcours, fin)), FAITES), cles(parcours))


@inscrire("unites_stabilisees", "Ouvertures stabilisées, sur celles du périmètre")
def unites_stabilisees(parcours: Any, debut: date, fin: date) -> Mesures:
    """Stabilisées / du périmètre. Deux requêtes."""
    return rapports(_parmi(_par_etat(_au_perimetre(parcours, fin)), (EtatOuverture.STABILISEE,)), cles(parcours))


@inscrire("ouvertures_dues", "Ouvertures faites, sur celles dues à leur date")
def ouvertures_dues(parcours: Any, debut: date, fin: date) -> Mesures:
    """Faites / dues. Due : sa date visée est passée ; à défaut, la date de référence du service régulier de l'ESMS.

    Deux requêtes.
    """
    reference = Etape.objects.filter(parcours=OuterRef("unite__parcours"), etat=EtatParcours.SERVICE_REGULIER)
    dues = _au_perimetre(parcours, fin).annotate(due_le=Coalesce("date_visee", Subquery(reference.values("reference"))))
    return rapports(_parmi(_par_etat(dues.filter(due_le__lte=fin)), FAITES), cles(parcours))


@inscrire("supports_vivants", "Anciens supports encore employés, sur ceux nommés")
def supports_vivants(parcours: Any, debut: date, fin: date) -> Mesures:
    """Pas encore retirés à cette date / nommés. Deux requêtes."""
    nommes = _au_perimetre(parcours, fin).exclude(ancien_support="")
    vivants = Count("pk", filter=Q(retire_le__isnull=True) | Q(retire_le__gt=fin))
    return rapports(nommes.values_list("unite__parcours").annotate(vivants=vivants, nommes=Count("pk")), cles(parcours))


# --- reprise, temps ------------------------------------------------------------------------------------------------


@inscrire("dossiers_repris", "Dossiers repris, sur ceux à reprendre")
def dossiers_repris(parcours: Any, debut: date, fin: date) -> Mesures:
    """Volume moins reste / volume, des lignes comptées en dossiers. Qui ne reprend rien n'est pas concerné.

    Sans ligne, ou pas encore comptée : pas de réponse. Deux requêtes.
    """
    lignes = LigneReprise.objects.filter(parcours__in=_dans(parcours)).order_by()
    a_reprendre = lignes.exclude(moyen=MoyenReprise.AUCUN)
    rien = set(lignes.values_list("parcours", flat=True)) - set(a_reprendre.values_list("parcours", flat=True))
    comptees = a_reprendre.filter(unite__istartswith=DOSSIERS, volume__isnull=False, reste__isnull=False)
    return rapports(
        comptees.values_list("parcours").annotate(repris=Sum(F("volume") - F("reste")), sur=Sum("volume")), rien
    )


@inscrire("temps_ecriture_decide", "Métiers dont le temps d'écriture est décidé, sur ceux dits")
def temps_ecriture_decide(parcours: Any, debut: date, fin: date) -> Mesures:
    """Décidés / dits, refus compris. Une requête."""
    lus = TempsMetier.objects.filter(parcours__in=_dans(parcours)).order_by().values_list("parcours")
    return rapports(lus.annotate(decides=Count("pk", filter=Q(decision=TempsEcriture.DECIDE)), dits=Count("pk")))


def _heures(parcours: Any, donnees: str, attendues: str) -> Mesures:
    """Le rapport de deux colonnes d'heures, là où les deux sont dites. Une requête."""
    lues = PersonneRessource.objects.filter(
        **{"parcours__in": _dans(parcours), f"{donnees}__isnull": False, f"{attendues}__gt": 0}
    )
    return rapports(lues.order_by().values_list("parcours").annotate(donnees=Sum(donnees), attendues=Sum(attendues)))


@inscrire("temps_degage", "Heures réellement dégagées, sur les heures accordées")
def temps_degage(parcours: Any, debut: date, fin: date) -> Mesures:
    """Dégagées / accordées. Une requête."""
    return _heures(parcours, "heures_degagees", "heures_accordees")


@inscrire("temps_accorde", "Heures accordées, sur les heures demandées")
def temps_accorde(parcours: Any, debut: date, fin: date) -> Mesures:
    """Accordées / demandées. Une requête."""
    return _heures(parcours, "heures_accordees", "heures_demandees")


# --- actions, demandes ---------------------------------------------------------------------------------------------


def _actions(parcours: Any, fin: date) -> Any:
    """Celles de l'ESMS, décidées à cette date : celles de toute la grappe ne sont à aucun."""
    siennes = Action.objects.filter(parcours__in=_dans(parcours), creee_le__date__lte=fin)
    return siennes.avec_etat_au(fin).order_by()


@inscrire("actions_faites", "Actions faites, sur celles décidées et pas abandonnées")
def actions_faites(parcours: Any, debut: date, fin: date) -> Mesures:
    """Faites / décidées. Deux requêtes."""
    retenues = _actions(parcours, fin).exclude(etat_au=EtatAction.ABANDONNEE).values_list("parcours", "etat_au")
    lues = list(retenues.annotate(nombre=Count("pk")))
    return rapports(_parmi(lues, (EtatAction.FAITE,)), cles(parcours))


@inscrire("actions_en_retard", "Actions en retard")
def actions_en_retard(parcours: Any, debut: date, fin: date) -> Mesures:
    """Ouvertes, l'échéance passée. Deux requêtes."""
    tardives = _actions(parcours, fin).filter(etat_au__in=ACTIONS_OUVERTES, echeance__lt=fin)
    return comptes(tardives.values_list("parcours").annotate(nombre=Count("pk")), cles(parcours))


@inscrire("demandes_parametrage_ouvertes", "Demandes de paramétrage ouvertes")
def demandes_parametrage_ouvertes(parcours: Any, debut: date, fin: date) -> Mesures:
    """Ouvertes à cette date, sans réponse ni retrait. Deux requêtes."""
    ouvertes = DemandeParametrage.objects.filter(parcours__in=_dans(parcours), ouverte_le__lte=fin)
    pendantes = ouvertes.filter(Q(close_le__isnull=True) | Q(close_le__gt=fin)).order_by()
    return comptes(pendantes.values_list("parcours").annotate(nombre=Count("pk")), cles(parcours))


@inscrire("demandes_parametrage_delai", "Délai des demandes de paramétrage closes dans la période")
def demandes_parametrage_delai(parcours: Any, debut: date, fin: date) -> Mesures:
    """Jours de l'ouverture à la réponse, pour celles qui l'ont eue dans la période. Deux requêtes."""
    closes: Any = DemandeParametrage.objects.filter(
        parcours__in=_dans(parcours), etat=EtatDemande.CLOSE, close_le__range=(debut, fin)
    ).order_by()
    lues = closes.values_list("parcours", "ouverte_le", "close_le")
    return durees(((cle, jours(ouverte, close)) for cle, ouverte, close in lues), cles(parcours))
