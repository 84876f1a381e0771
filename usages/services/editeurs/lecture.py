"""Ce qu'une grappe sait d'un éditeur, pour l'emporter en réunion ; rien que ce que le lecteur voit.

Un nombre constant de requêtes. Les tickets se comptent par irritant et par ESMS concernés : jamais pour juger qui les
a ouverts.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Count, Q, QuerySet

from programme.enums import IssueDemande
from programme.models import DemandeParametrage, Editeur, Grappe, Parcours, Solution, Utilisateur
from usages.calculs.delais_editeurs import Attente, Delais, Tranche, delais_de, tranches
from usages.models import DemandeEditeur, Irritant, MonteeDeVersion, Ticket, VersionSolution

MONTREES = 40
SORTIES_MONTREES = 3


# --- les éditeurs d'une grappe -------------------------------------------------------------------------------------


@dataclass(slots=True)
class EditeurDeGrappe:
    """Un éditeur, et où l'on en est avec lui."""

    editeur: Editeur
    solutions: list[Solution] = field(default_factory=list)
    nb_esms: int = 0
    nb_bloquants: int = 0
    attentes: list[Attente] = field(default_factory=list)
    plus_ancienne: date | None = None

    @property
    def delais(self) -> Delais:
        """Ce que disent ses demandes."""
        return delais_de(self.attentes)


def _de_l_editeur(editeur: int) -> Q:
    """Les tickets qui le concernent : nommé, ou, faute de nom, celui de la solution de l'ESMS."""
    return Q(editeur=editeur) | Q(editeur__isnull=True, parcours__solution__editeur=editeur)


def editeurs_de(grappe: Grappe) -> QuerySet[Editeur]:
    """Ceux dont la grappe ou un de ses ESMS emploie une solution, et ceux à qui elle a déjà écrit. Pour un filtre."""
    chemins = ("solutions__parcours__grappe", "solutions__grappes", "demandes__grappe", "irritants__grappe")
    filtres = [Editeur.objects.filter(**{chemin: grappe}).order_by().values("pk") for chemin in chemins]
    return Editeur.objects.filter(reduce(or_, (Q(pk__in=cles) for cles in filtres)))


def lire_les_editeurs(grappe: Grappe, par: Utilisateur, au: date) -> list[EditeurDeGrappe]:
    """Les éditeurs de la grappe, celui du plus d'ESMS d'abord. Cinq requêtes."""
    lus = {e.pk: EditeurDeGrappe(e) for e in editeurs_de(grappe)}
    siens = Parcours.objects.lisibles_par(par).dans_le_projet().filter(grappe=grappe, solution__isnull=False)
    nombres = dict(siens.order_by().values_list("solution").annotate(n=Count("pk")))
    for solution in Solution.objects.filter(Q(pk__in=list(nombres)) | Q(pk=grappe.solution_id)):
        dit = lus[solution.editeur_id]
        dit.solutions.append(solution)
        dit.nb_esms += nombres.get(solution.pk, 0)
    for demande in DemandeEditeur.objects.visibles_par(par).filter(grappe=grappe).order_by("-envoyee_le"):
        dit = lus[demande.editeur_id]
        dit.attentes.append(demande.attente(au))
        if demande.attend_l_editeur:
            dit.plus_ancienne = demande.envoyee_le
    bloquants = Ticket.objects.visibles_par(par).filter(grappe=grappe).ouverts(au).bloquants().order_by()
    for nomme, employe in bloquants.values_list("editeur", "parcours__solution__editeur"):
        if dit_de := lus.get(nomme or employe):
            dit_de.nb_bloquants += 1
    return sorted(lus.values(), key=lambda x: (-x.nb_esms, -len(x.attentes), x.editeur.nom))


# --- un éditeur, à porter en réunion -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DemandeLue:
    """Une demande, et depuis combien de jours."""

    demande: DemandeEditeur
    jours: int


@dataclass(frozen=True, slots=True)
class IrritantLu:
    """Un irritant : dans combien d'ESMS, combien de demandes en parlent déjà."""

    irritant: Irritant
    nb_esms: int
    nb_ouverts: int
    nb_demandes: int


@dataclass(frozen=True, slots=True)
class TicketLu:
    """Un ticket bloquant, sans contournement, et depuis combien de jours."""

    ticket: Ticket
    jours: int


@dataclass(frozen=True, slots=True)
class VersionLue:
    """Une version, et combien d'ESMS y sont passés ou l'ont prévu."""

    version: VersionSolution
    faites: int
    prevues: int


@dataclass(frozen=True, slots=True)
class Route:
    """Une solution de l'éditeur dans la grappe : ce qu'il annonce, ce qu'il a sorti, combien d'ESMS l'emploient."""

    solution: Solution
    nb_esms: int
    annoncees: list[VersionLue]
    sorties: list[VersionLue]


@dataclass(frozen=True, slots=True)
class Lecture:
    """Tout ce que montre la page ; `entiere` : le lecteur lit tous les ESMS de la grappe."""

    grappe: Grappe
    editeur: Editeur
    au: date
    entiere: bool
    attendent: list[DemandeLue]
    repondues: list[DemandeLue]
    nb_demandes: int
    delais: Delais
    tranches: list[Tranche]
    irritants: list[IrritantLu]
    bloquants: list[TicketLu]
    nb_bloquants: int
    routes: list[Route]
    a_porter: list[DemandeParametrage]

    @property
    def partages(self) -> list[IrritantLu]:
        """Ceux que plusieurs ESMS connaissent."""
        return [i for i in self.irritants if i.nb_esms > 1]


def lire(grappe: Grappe, editeur: Editeur, par: Utilisateur, au: date) -> Lecture:
    """Ce que la grappe a à dire à cet éditeur, à cette date, pour ce lecteur."""
    demandes = DemandeEditeur.objects.visibles_par(par).filter(grappe=grappe, editeur=editeur)
    toutes = list(demandes.pour_lecture().order_by("envoyee_le", "pk"))
    attentes = [d.attente(au) for d in toutes]
    lues = [DemandeLue(d, d.delai(au)) for d in toutes if d.est_ouverte]
    siens = Parcours.objects.lisibles_par(par).dans_le_projet().filter(grappe=grappe)
    bloquants = _bloquants(grappe, editeur, par, au)
    return Lecture(
        grappe=grappe,
        editeur=editeur,
        au=au,
        entiere=not Parcours.objects.dans_le_projet().filter(grappe=grappe).exclude(pk__in=siens.values("pk")).exists(),
        attendent=[d for d in lues if d.demande.attend_l_editeur],
        repondues=[d for d in lues if not d.demande.attend_l_editeur],
        nb_demandes=len(toutes),
        delais=delais_de(attentes),
        tranches=tranches(attentes),
        irritants=_irritants(grappe, editeur, par, au),
        bloquants=bloquants[:MONTREES],
        nb_bloquants=len(bloquants),
        routes=_routes(grappe, editeur, siens),
        a_porter=list(a_porter(grappe, par).filter(parcours__solution__editeur=editeur)[:MONTREES]),
    )


def a_porter(grappe: Grappe, par: Utilisateur) -> QuerySet[DemandeParametrage]:
    """Les demandes de paramétrage closes par « l'éditeur fait évoluer le DUI », dont rien n'est encore parti."""
    closes = DemandeParametrage.objects.visibles_par(par).filter(parcours__grappe=grappe, issue=IssueDemande.EDITEUR)
    return closes.filter(demandes_editeurs__isnull=True).pour_lecture().order_by("close_le", "pk")


def _irritants(grappe: Grappe, editeur: Editeur, par: Utilisateur, au: date) -> list[IrritantLu]:
    """Le plus partagé d'abord, sur les tickets que ce lecteur voit. Trois requêtes."""
    vus = Ticket.objects.visibles_par(par).filter(grappe=grappe, irritant__editeur=editeur).order_by()
    par_irritant = vus.values_list("irritant").annotate(
        esms=Count("parcours", distinct=True),
        ouverts=Count("pk", filter=Q(cree_le__lte=au) & (Q(ferme_le__isnull=True) | Q(ferme_le__gt=au))),
    )
    comptes = {cle: (esms, ouverts) for cle, esms, ouverts in par_irritant}
    ecrites = DemandeEditeur.objects.visibles_par(par).filter(grappe=grappe, irritant__isnull=False).order_by()
    demandes = dict(ecrites.values_list("irritant").annotate(n=Count("pk")))
    irritants = Irritant.objects.visibles_par(par).filter(grappe=grappe, editeur=editeur).select_related("module")
    lus = [IrritantLu(i, *comptes.get(i.pk, (0, 0)), demandes.get(i.pk, 0)) for i in irritants]
    return sorted(lus, key=lambda x: (-x.nb_esms, -x.nb_ouverts, x.irritant.tri))


def _bloquants(grappe: Grappe, editeur: Editeur, par: Utilisateur, au: date) -> list[TicketLu]:
    """Ouverts, bloquants, sans contournement, le plus ancien d'abord. Une requête."""
    vus = Ticket.objects.visibles_par(par).filter(_de_l_editeur(editeur.pk), grappe=grappe)
    lus = vus.ouverts(au).bloquants().pour_lecture().select_related("parcours__esms__departement")
    return [TicketLu(t, t.delai(au)) for t in lus.order_by("cree_le", "pk")]


def _routes(grappe: Grappe, editeur: Editeur, siens: QuerySet[Parcours]) -> list[Route]:
    """Solution par solution, ce qui s'annonce puis ce qui est sorti. Quatre requêtes."""
    nombres = dict(siens.filter(solution__editeur=editeur).order_by().values_list("solution").annotate(n=Count("pk")))
    solutions = list(editeur.solutions.filter(Q(pk__in=list(nombres)) | Q(pk=grappe.solution_id)))
    cles = siens.order_by().values("pk")
    montees = MonteeDeVersion.objects.filter(parcours__in=cles, version__solution__in=solutions)
    comptes = {
        version: (faites, toutes - faites)
        for version, toutes, faites in montees.order_by()
        .values_list("version")
        .annotate(toutes=Count("pk"), faites=Count("pk", filter=Q(faite_le__isnull=False)))
    }
    par_solution: dict[int, list[VersionLue]] = {s.pk: [] for s in solutions}
    for version in VersionSolution.objects.filter(solution__in=solutions).select_related("solution"):
        par_solution[version.solution_id].append(VersionLue(version, *comptes.get(version.pk, (0, 0))))
    return [_route(s, nombres.get(s.pk, 0), par_solution[s.pk]) for s in solutions]


def _route(solution: Solution, nb_esms: int, versions: Iterable[VersionLue]) -> Route:
    """Ce qui vient, le plus proche d'abord ; ce qui est sorti, le plus récent d'abord."""
    lues = list(versions)
    annoncees = [v for v in lues if v.version.sortie_le is None]
    sorties = [v for v in lues if v.version.sortie_le is not None]
    return Route(
        solution,
        nb_esms,
        sorted(annoncees, key=lambda v: (v.version.prevue_le or date.max, v.version.nom)),
        sorted(sorties, key=lambda v: v.version.sortie_le or date.min, reverse=True)[:SORTIES_MONTREES],
    )
