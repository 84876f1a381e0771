"""Prévoir la routine : relever les durées observées (une fois par nuit), puis simuler à la demande.

Le relevé lit tout le pays et garde des durées ; la simulation part de l'état du moment et coûte un millième de seconde
par ESMS : une prévision n'est jamais en retard d'un passage.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from programme.calculs.masquage import SEUIL
from programme.calculs.prevision import (
    EN_ROUTINE,
    Courbe,
    Depart,
    Etendue,
    Pas,
    Prevision,
    PrevisionEnsemble,
    Simulation,
    Trajet,
    kaplan_meier,
    observer,
    prevoir,
    prevoir_ensemble,
    simuler,
)
from programme.donnees_partagees import durees_autour
from programme.enums import EtatGrappe, EtatParcours, Portee, TypeProjet
from programme.models import DureesObservees, Etape, Parcours
from programme.socle.models import Passage

G, P = EtatGrappe, EtatParcours
GRAPPES_ARRETEES = (G.NON_RETENUE, G.SUSPENDUE, G.RESILIEE)
"""Leurs ESMS n'avancent pas : ni prévision, ni étape en cours à compter."""
LIGNES_PAR_LOT = 2_000

Cle = tuple[str, str, str, str]
"""(portée, clé, état quitté, état atteint)."""
Temoin = Callable[[int, int], Any]


# --- relever -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Releve:
    """Ce qu'un relevé a lu et gardé : ESMS du projet, passages observés dans le pays, lignes écrites."""

    nb_parcours: int
    nb_passages: int
    nb_lignes: int


def relever_durees(*, au: date, temoin: Temoin = lambda *_: None) -> Releve:
    """Refait toute la table des durées observées ; le lecteur voit l'ancienne ou la nouvelle, jamais un mélange."""
    observees: dict[Cle, dict[int, tuple[int, bool]]] = defaultdict(dict)
    total, lus = Parcours.objects.count(), 0
    for lus, (esms, grappe, region, trajet) in enumerate(_trajets(au), 1):
        etendues = [(Portee.NATIONAL, ""), (Portee.GRAPPE, str(grappe))]
        etendues += [(Portee.REGION, region)] if region else []
        for o in observer(trajet):
            for portee, cle in etendues:
                # Un ESMS n'y compte qu'une fois : son parcours le plus récent l'emporte.
                observees[portee, cle, *o.pas][esms] = (o.jours, o.terminee)
        if lus % LIGNES_PAR_LOT == 0:
            temoin(lus, total)
    lignes = list(_lignes(observees, au))
    _remplacer(lignes)
    passages = sum(p for ligne in lignes if ligne.portee == Portee.NATIONAL for _, p, _ in ligne.durees)
    return Releve(lus, passages, len(lignes))


@transaction.atomic
def _remplacer(lignes: list[DureesObservees]) -> None:
    # Deux relevés à la fois : le second attend le premier, puis efface ce qu'il a écrit.
    list(DureesObservees.objects.select_for_update().values_list("pk"))
    DureesObservees.objects.all().delete()
    DureesObservees.objects.bulk_create(lignes, batch_size=500)


def _lignes(observees: dict[Cle, dict[int, tuple[int, bool]]], au: date) -> Iterator[DureesObservees]:
    for (portee, cle, de, vers), par_esms in observees.items():
        if sum(terminee for _, terminee in par_esms.values()) < SEUIL:
            continue
        durees: dict[int, list[int]] = {}
        for jours, terminee in par_esms.values():
            durees.setdefault(jours, [0, 0])[0 if terminee else 1] += 1
        triplets = [[jours, *nombres] for jours, nombres in sorted(durees.items())]
        yield DureesObservees(portee=portee, cle=cle, de=de, vers=vers, durees=triplets, relevees_le=au)


def _trajets(au: date) -> Iterator[tuple[int, int, str, Trajet]]:
    """(ESMS, grappe, région, trajet) de chaque parcours, du plus ancien au plus récent ; trois requêtes."""
    etapes: dict[int, dict[str, date]] = defaultdict(dict)
    reelles: Any = Etape.objects.filter(reelle__isnull=False).order_by()
    for pk, etat, jour in reelles.values_list("parcours_id", "etat", "reelle").iterator():
        etapes[pk][etat] = jour
    premiers = _premiers_passages()
    champs = ("pk", "esms_id", "grappe_id", "esms__departement__region_id", "grappe__etat", "est_pilote", "type_projet")
    dates = ("etat", "etat_memoire", "etat_avant_sortie", "depuis_le", "cree_le")
    lignes: Any = Parcours.objects.order_by("pk").values_list(*champs, *dates)
    for pk, esms, grappe, region, etat_grappe, pilote, projet, etat, memoire, avant, depuis, cree in lignes.iterator():
        arrive = _avant_l_arret(etat, memoire, avant)
        fin = au if arrive == etat else depuis
        yield (
            esms,
            grappe,
            region or "",
            Trajet(
                _entrees_sures(etapes[pk], premiers.get(pk), timezone.localdate(cree)),
                arrive,
                pilote,
                projet == TypeProjet.MISE_EN_CONFORMITE,
                None if etat_grappe in GRAPPES_ARRETEES else fin,
            ),
        )


def _avant_l_arret(etat: str, memoire: str, avant_sortie: str) -> str:
    """L'état où l'on est, ou celui qu'on a quitté en s'arrêtant."""
    if etat == P.SORTI:
        etat = avant_sortie
    return memoire if etat == P.SUSPENDU else etat


def _premiers_passages() -> dict[int, tuple[str, str, bool]]:
    """Par parcours, son premier passage : transition, état atteint, et s'il a pris effet le jour où on l'a écrit."""
    premiers = Passage.objects.filter(
        objet_type__app_label="programme", objet_type__model="parcours", rang=1
    ).values_list("objet_id", "transition", "vers", "date_effet", "enregistre_le")
    return {
        pk: (transition, vers, effet >= timezone.localdate(instant))
        for pk, transition, vers, effet, instant in premiers.iterator()
    }


def _entrees_sures(etapes: dict[str, date], premier: tuple[str, str, bool] | None, cree_le: date) -> dict[str, date]:
    """Les dates d'entrée dont on peut tirer une durée.

    Une situation constatée le jour même ne dit pas depuis quand. Un ESMS recensé l'est depuis son entrée dans
    la grappe, sauf s'il était déjà plus loin.
    """
    entrees = dict(etapes)
    transition, vers, le_jour_meme = premier or ("", "", False)
    if transition == "constater":
        if le_jour_meme:
            entrees.pop(vers, None)
    elif P.RECENSE not in entrees and (P.CADRAGE not in entrees or entrees[P.CADRAGE] > cree_le):
        entrees[P.RECENSE.value] = cree_le
    return entrees


# --- prévoir -------------------------------------------------------------------------------------------------------


EN_ROUTINE_MOTIF = "L’ESMS est en routine."
SUSPENDU = "L’ESMS est suspendu : la prévision reviendra avec lui."
SORTI = "L’ESMS est sorti du projet."
GRAPPE_ARRETEE = "Sa grappe est arrêtée : rien ne se prévoit."


def sans_objet(parcours: Parcours) -> str:
    """Pourquoi ce parcours n'a pas à être prévu ; vide s'il peut l'être."""
    motifs = {P.ROUTINE: EN_ROUTINE_MOTIF, P.SUSPENDU: SUSPENDU, P.SORTI: SORTI}
    arretee = GRAPPE_ARRETEE if parcours.grappe.etat in GRAPPES_ARRETEES else ""
    return motifs.get(P(parcours.etat), arretee)


class Rythmes:
    """Les durées observées autour d'un ensemble de parcours, prêtes à simuler.

    Une requête ; deux si leurs étapes ne sont pas déjà lues.
    """

    def __init__(self, parcours: Iterable[Parcours]) -> None:
        self.parcours = list(parcours)
        prefetch_related_objects(self.parcours, "etapes")
        relevees = list(durees_autour(self.parcours))
        self.relevees_le = relevees[0].relevees_le if relevees else None
        self._relevees = {(d.portee, d.cle, d.de, d.vers): d.durees for d in relevees}
        self._courbes: dict[Cle, Courbe] = {}

    def _etendue(self, portee: str, cle: str, etapes: Iterable[Pas]) -> Etendue:
        """Les courbes de ces étapes ; une courbe ne se calcule qu'une fois, et si quelqu'un en a besoin."""
        connues = {pas: (portee, cle, *pas) for pas in etapes if (portee, cle, *pas) in self._relevees}
        for ou in connues.values():
            if ou not in self._courbes:
                self._courbes[ou] = kaplan_meier((j, p, c) for j, p, c in self._relevees[ou])
        return Etendue(portee, {pas: self._courbes[ou] for pas, ou in connues.items()})

    def simuler(self, parcours: Parcours, au: date) -> Simulation:
        """Les tirages d'un parcours qui a une prévision (voir `sans_objet`)."""
        departement, etapes = parcours.esms.departement, tuple(parcours.etapes_restantes)
        region = departement.region_id if departement else None
        cles = ((Portee.GRAPPE, str(parcours.grappe_id)), (Portee.REGION, region or "-"), (Portee.NATIONAL, ""))
        etendues = [self._etendue(portee, cle, etapes) for portee, cle in cles]
        entrees = {e.etat: e.reelle for e in parcours.etapes.all()}
        entree = entrees.get(parcours.etat) or parcours.depuis_le or au
        return simuler(Depart(parcours.pk, max((au - entree).days, 0), etapes), etendues)


def prevoir_chacun(parcours: Iterable[Parcours], au: date) -> dict[int, Prevision]:
    """La prévision de chaque parcours, par clé ; ceux qu'on donne ont leur grappe et leur ESMS déjà lus."""
    rythmes = Rythmes(parcours)
    rendu = {}
    for p in rythmes.parcours:
        motif = sans_objet(p)
        rendu[p.pk] = Prevision(motif=motif) if motif else prevoir(rythmes.simuler(p, au), au)
    return rendu


def prevoir_un(parcours: Parcours, au: date) -> Prevision:
    """La prévision d'un parcours, la même seul ou dans sa grappe."""
    return prevoir_chacun([parcours], au)[parcours.pk]


@dataclass(frozen=True, slots=True)
class PrevisionGrappe:
    """La routine d'un ensemble d'ESMS.

    `lignes` : quatre cinquièmes des ESMS, puis le dernier. `nb_suspendus` : laissés de côté. `sans_date` : ceux qui
    n'ont pas de prévision, par motif, du plus fréquent au plus rare. `nb_en_routine` : déjà arrivés.
    """

    lignes: list[PrevisionEnsemble]
    nb_en_routine: int
    nb_suspendus: int
    sans_date: list[tuple[str, int]]
    relevees_le: date | None


def prevoir_grappe(parcours: Iterable[Parcours], au: date) -> PrevisionGrappe | None:
    """La prévision de plusieurs ESMS, suspendus et sortis exceptés ; None s'ils ne sont pas deux, ou grappe arrêtée."""
    presents = [p for p in parcours if p.etat != P.SORTI]
    comptes = [p for p in presents if p.etat != P.SUSPENDU]
    # Lu avant de savoir : une page ne demande pas plus de requêtes à cinquante ESMS qu'à un seul.
    rythmes = Rythmes(comptes)
    if len(comptes) < 2 or any(sans_objet(p) == GRAPPE_ARRETEE for p in comptes):
        return None
    simulations: list[Simulation] = []
    motifs: dict[str, int] = defaultdict(int)
    for p in rythmes.parcours:
        simulation = EN_ROUTINE if p.etat == P.ROUTINE else rythmes.simuler(p, au)
        if simulation.manque:
            motifs[prevoir(simulation, au).motif] += 1
        simulations.append(simulation)
    return PrevisionGrappe(
        prevoir_ensemble(simulations, au),
        sum(p.etat == P.ROUTINE for p in comptes),
        len(presents) - len(comptes),
        sorted(motifs.items(), key=lambda m: (-m[1], m[0])),
        rythmes.relevees_le,
    )
