"""L'ordre du jour se prépare : ce que chaque app propose à une séance, ce qui y est déjà, l'inscrire d'un geste."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from gouvernance.enums import ARBITRENT, SUIVENT, TRANCHENT, SuitePoint
from gouvernance.models import Point, Seance
from gouvernance.models.seances import TENUES
from gouvernance.permissions import peut_tenir_seance
from gouvernance.services.lecture_seances import seance_d_avant
from programme.models import Utilisateur
from programme.services.controles import exiger, signer, valider
from programme.socle.erreurs import Refus
from programme.socle.propositions import Demande, Proposition, Sorte, proposees
from programme.socle.texte import abreger

DEJA_OUVERTE = "L'ordre du jour se compose tant que la séance est préparée : ajoutez plutôt un point en séance."
RIEN_A_INSCRIRE = "Rien n'a été inscrit : ces points y sont déjà, ou ne sont plus proposés. La liste est à jour."


@dataclass(frozen=True, slots=True)
class Choix:
    """Une proposition face à l'ordre du jour : `point`, s'il y est déjà ; `vu_le` : le jour où une séance l'a vue."""

    sorte: Sorte
    proposition: Proposition
    point: Point | None = None
    vu_le: date | None = None

    @property
    def est_inscrite(self) -> bool:
        """Vrai si l'ordre du jour la porte déjà."""
        return self.point is not None and self.point.suite != SuitePoint.RETIRE

    @property
    def est_retiree(self) -> bool:
        """Vrai si quelqu'un l'a retirée de cet ordre du jour : on ne l'y remet que sur demande."""
        return self.point is not None and self.point.suite == SuitePoint.RETIRE

    @property
    def presse(self) -> bool:
        """Vrai si « Préparer l'ordre du jour » la prend."""
        return self.proposition.presse and self.point is None


@dataclass(frozen=True, slots=True)
class Propositions:
    """Tout ce qui demande à passer à une séance, dans l'ordre des sortes inscrites ; `points` : son ordre du jour."""

    choix: tuple[Choix, ...]
    points: tuple[Point, ...] = ()

    @property
    def a_inscrire(self) -> list[Choix]:
        """Ce qui n'y est pas encore."""
        return [c for c in self.choix if not c.est_inscrite]

    @property
    def pressees(self) -> list[Choix]:
        """Ce que prend « Préparer l'ordre du jour »."""
        return [c for c in self.choix if c.presse]

    @property
    def par_sorte(self) -> list[tuple[str, list[Choix]]]:
        """Ce qui n'y est pas encore, par sorte, en mots."""
        sortes: dict[str, list[Choix]] = {}
        for choix in self.a_inscrire:
            sortes.setdefault(choix.sorte.libelle, []).append(choix)
        return list(sortes.items())

    @property
    def minutes_pressees(self) -> int:
        """Durée de ce qui presse, en minutes."""
        return sum(c.proposition.duree for c in self.pressees)

    @property
    def minutes_inscrites(self) -> int:
        """Durée de l'ordre du jour tel qu'il est, en minutes."""
        return sum(p.duree for p in self.points)


def propositions_de(seance: Seance, *, par: Utilisateur) -> Propositions:
    """Ce que les apps proposent à cette séance, à ce que voit ce lecteur. Un nombre constant de requêtes."""
    type_ = seance.comite.type
    lues = proposees(
        Demande(
            grappe=seance.comite.grappe,
            par=par,
            au=timezone.localdate(),
            depuis=seance_d_avant(seance),
            seance=seance,
            suit=type_ in SUIVENT,
            arbitre=type_ in ARBITRENT,
            tranche=type_ in TRANCHENT,
        )
    )
    points = list(Point.objects.filter(seance=seance).order_by("rang", "pk"))
    connus, vues = {p.cle: p for p in points if p.cle}, _deja_vues(seance)
    choix: dict[str, Choix] = {}
    for sorte, propositions in lues:
        for p in propositions:
            # Deux sortes qui visent la même chose n'en font qu'un point.
            choix.setdefault(p.cle, Choix(sorte, p, connus.get(p.cle), vues.get(p.cle)))
    return Propositions(tuple(choix.values()), tuple(p for p in points if p.suite != SuitePoint.RETIRE))


def _deja_vues(seance: Seance) -> dict[str, date]:
    """Clés déjà passées en séance de cette instance, et le dernier jour où elles l'ont été."""
    vus = Point.objects.filter(seance__comite=seance.comite_id, seance__etat__in=TENUES, suite=SuitePoint.TRAITE)
    lus = vus.exclude(cle="").order_by().values_list("cle").annotate(dernier=Max("seance__debut"))
    return {cle: timezone.localdate(debut) for cle, debut in lus}


@transaction.atomic
def inscrire(*, seance: Seance, par: Utilisateur, cles: Collection[str] | None = None) -> list[Point]:
    """Inscrit à l'ordre du jour, à la suite, les propositions de ces clés, ou tout ce qui presse ; rend les points.

    Ce qui y est déjà, ou n'est plus proposé, s'ignore : deux personnes qui préparent n'inscrivent rien deux fois.
    Lève `Refus` : droit, etat (la séance n'est plus préparée, ou il n'y avait rien à inscrire).
    """
    exiger(peut_tenir_seance(par, seance))
    seance = Seance.objects.select_for_update(of=("self",)).pour_lecture().get(pk=seance.pk)
    if not seance.se_prepare:
        raise Refus("etat", DEJA_OUVERTE)
    lues = propositions_de(seance, par=par)
    voulues = lues.pressees if cles is None else [c for c in lues.a_inscrire if c.proposition.cle in set(cles)]
    if not voulues:
        raise Refus("etat", RIEN_A_INSCRIRE)
    rang = Point.objects.filter(seance=seance).aggregate(n=Max("rang"))["n"] or 0
    return [_ecrire(seance, choix, rang + i, par) for i, choix in enumerate(voulues, start=1)]


def _ecrire(seance: Seance, choix: Choix, rang: int, par: Utilisateur) -> Point:
    """Le point neuf, ou celui qu'on avait retiré, remis à la suite."""
    p = choix.proposition
    point = choix.point or Point(seance=seance, cle=p.cle)
    point.rang, point.suite = rang, SuitePoint.A_TRAITER
    if choix.point is None:
        point.titre, point.expose = _tenir(p.titre, "titre"), _tenir(p.expose, "expose")
        point.nature, point.duree, point.origine = p.nature, p.duree, choix.sorte.code
        if isinstance(p.source, Point):
            point.reporte_de, point.demandee_par = p.source, p.source.demandee_par
        else:
            point.source = p.source
    valider(point)
    signer(point, par)
    point.save()
    return point


def _tenir(texte: str, champ: str) -> str:
    """Ce qui tient dans ce champ."""
    borne: Any = Point._meta.get_field(champ)
    return abreger(texte, borne.max_length)
