"""Double financement : un ESMS déjà financé dans un autre projet conventionné. Signalé, jamais interdit (métier §2).

D'un projet que le lecteur ne voit pas, il apprend qu'il existe, jamais lequel ni avec quel logiciel.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from programme.enums import FRISE_GRAPPE, EtatGrappe, EtatParcours, MotifSortie
from programme.models import Convention, Esms, Grappe, Parcours, Solution

MEME_LOGICIEL, DEUX_DUI, AILLEURS = "meme_logiciel", "deux_dui", "ailleurs"
NATURES = {
    MEME_LOGICIEL: "même logiciel financé deux fois",
    DEUX_DUI: "deux DUI financés",
    AILLEURS: "financé aussi dans un autre projet",
}
_CONVENTIONNEES = FRISE_GRAPPE[FRISE_GRAPPE.index(EtatGrappe.CONVENTIONNEE) :]


@dataclass(frozen=True, slots=True)
class Signal:
    """Un ESMS qu'un autre projet finance aussi. `grappe` : l'autre, si le lecteur la voit ; sinon None."""

    esms: Esms
    nature: str
    phrase: str
    grappe: Grappe | None = None

    @property
    def libelle(self) -> str:
        """La nature, en mots."""
        return NATURES[self.nature]


def finances(parcours: QuerySet[Parcours]) -> QuerySet[Parcours]:
    """Ceux qu'une convention finance ou a financés : la grappe est conventionnée, l'ESMS n'est pas parti avant."""
    signee = Exists(Convention.objects.filter(grappe=OuterRef("grappe")))
    conventionnee = Q(grappe__etat__in=_CONVENTIONNEES) | Q(
        grappe__etat=EtatGrappe.SUSPENDUE, grappe__etat_suspendu__in=_CONVENTIONNEES
    )
    jamais = Q(etat=EtatParcours.SORTI, motif_sortie=MotifSortie.RETRAIT)
    hors = Q(grappe__etat__in=[EtatGrappe.RESILIEE, EtatGrappe.NON_RETENUE])
    return parcours.filter(conventionnee | Q(signee)).exclude(jamais | hors)


def signaux(parcours: QuerySet[Parcours], lecteur: Any) -> list[Signal]:
    """Signaux des parcours donnés encore dans le projet, par nom d'ESMS ; trois requêtes, quel que soit leur nombre."""
    examines = parcours.exclude(etat=EtatParcours.SORTI).order_by()
    return _croiser(examines.values_list("esms_id", "grappe_id", "solution_id"), lecteur)


def signaux_d_entree(
    esms: Iterable[Esms], *, grappe: Grappe | None, solution: Solution | None, lecteur: Any
) -> list[Signal]:
    """Les mêmes, pour des ESMS qui entreraient dans `grappe` avec `solution` ; deux requêtes."""
    ou, avec = grappe.pk if grappe else None, solution.pk if solution else None
    return _croiser(((e.pk, ou, avec) for e in esms), lecteur)


def _croiser(examines: Iterable[tuple[int, int | None, int | None]], lecteur: Any) -> list[Signal]:
    """Croise (ESMS, grappe, solution) avec ce qui est financé dans une autre grappe."""
    lus = list(examines)
    if not lus:
        return []
    autres: dict[int, list[Parcours]] = {}
    ailleurs = finances(Parcours.objects.filter(esms__in={esms for esms, _, _ in lus}))
    for autre in ailleurs.select_related("esms", "grappe", "solution").order_by("esms__tri", "pk"):
        autres.setdefault(autre.esms_id, []).append(autre)
    cles = {p.grappe_id for liste in autres.values() for p in liste}
    visibles = set(Grappe.objects.visibles_par(lecteur).filter(pk__in=cles).values_list("pk", flat=True))
    rendu: dict[tuple[int, str, int | None], Signal] = {}
    for esms, grappe, solution in lus:
        for autre in autres.get(esms, []):
            if autre.grappe_id != grappe:
                signal = _signaler(autre, solution, autre.grappe_id in visibles)
                rendu.setdefault((esms, signal.nature, signal.grappe.pk if signal.grappe else None), signal)
    return sorted(rendu.values(), key=lambda s: (s.esms.tri, s.esms.pk, s.nature))


def _signaler(autre: Parcours, solution: int | None, visible: bool) -> Signal:
    esms = autre.esms
    if not visible:
        phrase = f"{esms} est financé aussi dans un autre projet : vérifiez que rien ne l'est deux fois."
        return Signal(esms, AILLEURS, phrase)
    ou = f"dans la grappe « {autre.grappe} »"
    if solution is not None and autre.solution_id == solution:
        return Signal(esms, MEME_LOGICIEL, f"{esms} : {autre.solution} est financée aussi {ou}.", autre.grappe)
    avec = f"avec {autre.solution}" if autre.solution else "sans logiciel choisi encore"
    return Signal(esms, DEUX_DUI, f"{esms} : un DUI est financé aussi {ou}, {avec}.", autre.grappe)
