"""Ce que voient les règles d'alerte des grappes, dans toutes les grappes à la fois.

Seulement des chiffres transmis : un relevé qui n'est pas venu n'est pas un point, et ne déclenche rien. Les chiffres se
lisent en une fois, triés, sans être gardés : un pays entier tient dans la mémoire d'un ESMS.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from programme.enums import EtatGrappe, EtatParcours
from programme.models import Convention, Parcours
from usages.calculs import surveillance
from usages.calculs.periodes import Periode
from usages.calculs.surveillance import Point, Surveille, Vise, Vu, valeur_de
from usages.enums import MOIS_PAR_CADENCE, CadenceReleve, NatureSurveillance
from usages.models import Cible, Indicateur, RegleIndicateur, Suivi, Valeur
from usages.models.communs import TRANSMIS

FINIES = (EtatGrappe.SOLDEE, EtatGrappe.NON_RETENUE, EtatGrappe.RESILIEE)
HORS = (EtatParcours.SUSPENDU, EtatParcours.SORTI)
RELEVES_LUS = 24
"""Au-delà, une chute est devenue l'ordinaire."""
PARCOURS_PAR_ORDRE = 500
Cle = tuple[int, int]
"""Grappe (ou instruction), indicateur."""


@dataclass(frozen=True, slots=True)
class Cas:
    """Ce qu'une règle a vu dans un ESMS."""

    regle: RegleIndicateur
    parcours: Parcours
    vu: Vu


def voir(nature: str, au: date) -> Iterator[Cas]:
    """Un cas au plus par règle et par ESMS, dans l'ordre des ESMS ; cinq requêtes, et une par cinq cents cas."""
    regles = _regles(nature, au)
    if not regles:
        return
    vus = list(_examiner(regles, au))
    for debut in range(0, len(vus), PARCOURS_PAR_ORDRE):
        lot = vus[debut : debut + PARCOURS_PAR_ORDRE]
        lus = Parcours.objects.select_related("esms__departement", "grappe").in_bulk({cle for cle, _, _ in lot})
        for cle, regle, vu in lot:
            yield Cas(regle, lus[cle], vu)


def _regles(nature: str, au: date) -> dict[Cle, tuple[RegleIndicateur, Surveille]]:
    """Par grappe et indicateur, la règle et ce qu'elle demande, seuil et cible compris. Trois requêtes au plus."""
    suivie = Suivi.objects.a_la_date(au).filter(grappe=OuterRef("grappe"), indicateur=OuterRef("indicateur"))
    actives = RegleIndicateur.objects.actives().filter(Exists(suivie), nature=nature).exclude(grappe__etat__in=FINIES)
    lues = [r for r in actives.select_related("indicateur") if not r.indicateur.pourquoi_pas_surveille]
    demandes = {
        (r.grappe_id, r.indicateur_id): Surveille(
            nature=r.nature, sens=r.indicateur.sens, part=r.part, releves=r.releves
        )
        for r in lues
    }
    if nature != NatureSurveillance.CHUTE and demandes:
        demandes = _avec_cibles(demandes, au)
    return {(r.grappe_id, r.indicateur_id): (r, demandes[r.grappe_id, r.indicateur_id]) for r in lues}


def _avec_cibles(demandes: dict[Cle, Surveille], au: date) -> dict[Cle, Surveille]:
    """Le seuil en vigueur, et la dernière cible échue : ceux de la grappe, à défaut ceux de son instruction."""
    instructions = dict(Convention.objects.order_by().values_list("grappe_id", "instruction_id"))
    indicateurs = RegleIndicateur.objects.actives().order_by().values("indicateur")
    cibles = list(Cible.objects.filter(indicateur__in=indicateurs, du__lte=au).order_by("du", "pk"))
    en_vigueur = _ranger(c for c in cibles if c.au is None or c.au >= au)
    echues = _ranger(c for c in cibles if c.valeur is not None and c.au is not None and c.au < au)
    rendu = {}
    for (grappe, indicateur), demande in demandes.items():
        de_quoi = (("grappe", grappe, indicateur), ("instruction", instructions.get(grappe), indicateur))
        courante = next((en_vigueur[cle] for cle in de_quoi if cle in en_vigueur), None)
        echue = next((echues[cle] for cle in de_quoi if cle in echues), None)
        rendu[grappe, indicateur] = replace(
            demande,
            seuil=courante.seuil if courante else None,
            vise=Vise(echue.valeur, echue.au) if echue and echue.valeur is not None and echue.au else None,
        )
    return rendu


def _ranger(cibles: Iterable[Cible]) -> dict[tuple[str, int | None, int], Cible]:
    """Par grappe ou instruction et par indicateur, la dernière ; `cibles` : de la plus ancienne à la plus récente."""
    rendu: dict[tuple[str, int | None, int], Cible] = {}
    for c in cibles:
        de_qui = ("grappe", c.grappe_id) if c.grappe_id else ("instruction", c.instruction_id)
        rendu[(*de_qui, c.indicateur_id)] = c
    return rendu


def _examiner(
    regles: dict[Cle, tuple[RegleIndicateur, Surveille]], au: date
) -> Iterator[tuple[int, RegleIndicateur, Vu]]:
    """Lit les chiffres transmis, ESMS par ESMS, et n'en garde que ce qui mérite l'alerte. Une requête."""
    formes = {regle.indicateur_id: regle.indicateur for regle, _ in regles.values()}
    for (parcours, indicateur, grappe, etat), lignes in groupby(_chiffres(regles, au), key=lambda ligne: ligne[:4]):
        regle, demande = regles.get((grappe, indicateur), (None, None))
        if regle is None or demande is None:
            continue
        points = list(_points(lignes, formes[indicateur]))[-RELEVES_LUS:]
        vu = surveillance.examiner(points, demande, au, en_routine=etat == EtatParcours.ROUTINE)
        if vu:
            yield parcours, regle, vu


def _chiffres(regles: dict[Cle, Any], au: date) -> Iterator[tuple[Any, ...]]:
    """Les totaux transmis que ces règles regardent, par ESMS, indicateur, puis du plus ancien au plus récent."""
    recents = Q()
    for cadence, pas in MOIS_PAR_CADENCE.items():
        premier = au.replace(year=au.year - RELEVES_LUS * pas // 12, day=1)
        recents |= Q(releve__cadence=cadence, releve__debut__gte=premier)
    grappes, indicateurs = {g for g, _ in regles}, {i for _, i in regles}
    lus = Valeur.objects.totaux().filter(
        recents,
        indicateur__in=indicateurs,
        numerateur__isnull=False,
        releve__etat__in=TRANSMIS,
        releve__cadence=F("indicateur__cadence"),
        releve__debut__lte=au,
    )
    if len(grappes) <= PARCOURS_PAR_ORDRE:
        lus = lus.filter(releve__parcours__grappe__in=grappes)
    lus = lus.exclude(releve__parcours__etat__in=HORS)
    return lus.order_by("releve__parcours", "indicateur", "releve__debut").values_list(
        "releve__parcours", "indicateur", "releve__parcours__grappe", "releve__parcours__etat",
        "releve__debut", "releve__cadence", "numerateur", "denominateur",
    ).iterator(chunk_size=2000)  # fmt: skip


def _points(lignes: Iterable[tuple[Any, ...]], indicateur: Indicateur) -> Iterator[Point]:
    for *_, debut, cadence, numerateur, denominateur in lignes:
        valeur: Decimal | None = valeur_de(indicateur.forme, numerateur, denominateur)
        if valeur is not None:
            yield Point(debut, _fin(debut, cadence), valeur)


@lru_cache(maxsize=512)
def _fin(debut: date, cadence: str) -> date:
    """Le dernier jour de la période : la même pour tous les ESMS d'un mois."""
    return Periode(debut, CadenceReleve(cadence)).fin
