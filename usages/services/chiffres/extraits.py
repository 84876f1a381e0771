"""Ce que Treille calcule et ce qu'un fichier apporte, posé dans les relevés par ensemble.

- Ce que l'ESMS a dit l'emporte : un calcul ou un fichier qui dit autre chose se range à côté (`extraite_*`).
- Un calcul n'écrit que dans un relevé en saisie : ce que l'ESMS a transmis ne change pas dans son dos. Un fichier
  écrit tant que le relevé n'est pas verrouillé.
- Ce que la catégorie de l'ESMS dit « non concerné » à l'ouverture, ni l'un ni l'autre ne le touche.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from programme.models import Utilisateur
from programme.socle.indicateurs import Mesure, Mesures
from usages.calculs.controles import VERROUILLE, Paire, faute_de_periode, fautes
from usages.calculs.periodes import Periode
from usages.enums import Absence, EtatReleve, Origine
from usages.models import Releve, Valeur
from usages.services.chiffres.feuilles import INATTENDU, Feuille, ecrire, lire, paire, totaux_tenus

SANS_RELEVE = (
    "Aucun relevé n'est ouvert pour {} : la grappe n'y suivait rien, ou l'ESMS n'y était pas encore. "
    "Le chef de projet choisit ce qu'elle suit, et depuis quand (« Indicateurs suivis »)."
)


@dataclass(frozen=True, slots=True)
class Importe:
    """Ce qu'un fichier dit d'un indicateur, pour un ESMS et une période : le total, et ses parts s'il en a."""

    parcours: int
    periode: Periode
    indicateur: int
    mesures: Sequence[Mesure]
    ligne: int | None = None


@dataclass(frozen=True, slots=True)
class Ecart:
    """Ce qui n'a pas été écrit, et pourquoi."""

    parcours: int
    indicateur: int
    raison: str
    ligne: int | None = None


@dataclass(slots=True)
class Bilan:
    """Nombre de cases écrites, laissées telles quelles ; ce qui est mis de côté."""

    ecrits: int = 0
    inchanges: int = 0
    ecarts: list[Ecart] = field(default_factory=list)


Dits = Mapping[int, Mapping[int, Sequence[Mesure]]]
"""Par relevé, puis par indicateur ; une suite vide : plus de réponse."""


@transaction.atomic
def poser_calcules(*, releve_cles: Collection[int], mesures: Mapping[int, Mesures], le: datetime) -> Bilan:
    """Pose ces calculs (par indicateur, puis par ESMS) dans ceux de ces relevés qui sont en saisie.

    Un ESMS qu'un calcul ne nomme pas n'a plus de réponse : sa case, si elle venait d'un calcul, redevient attendue.
    Refaire ne change que l'heure. Autant de requêtes pour un relevé que pour mille ; au-delà, par tranches.
    """
    releves = _verrouiller(Q(pk__in=releve_cles, etat=EtatReleve.SAISI))
    dits = {r.pk: {i: mesurees.get(r.parcours_id, ()) for i, mesurees in mesures.items()} for r in releves}
    bilan = _poser(lire(releves), dits, Origine.CALCULE, le, None)
    Releve.objects.filter(pk__in=[r.pk for r in releves]).update(calcule_le=le)
    return bilan


@transaction.atomic
def remplacer_importes(*, chiffres: Sequence[Importe], le: datetime, par: Utilisateur | None) -> Bilan:
    """Remplace ce que disait le fichier d'avant, entier : total et parts, pour chaque ESMS, période, indicateur nommés.

    Mis de côté, avec une raison : un relevé qui n'existe pas ou est verrouillé, un indicateur inattendu, un nombre
    fautif, une période à venir. Le droit d'importer se juge à l'import.
    """
    ecarts: list[Ecart] = []
    dits: dict[int, dict[int, Sequence[Mesure]]] = {}
    lignes: dict[tuple[int, int], int | None] = {}
    releves = _verrouiller(_vises(chiffres))
    par_place = {(r.parcours_id, r.periode): r for r in releves}
    for importe in chiffres:
        releve = par_place.get((importe.parcours, importe.periode))
        if raison := _empeche(importe, releve):
            ecarts.append(Ecart(importe.parcours, importe.indicateur, raison, importe.ligne))
        elif releve:
            dits.setdefault(releve.pk, {})[importe.indicateur] = importe.mesures
            lignes[(importe.parcours, importe.indicateur)] = importe.ligne
    pose = _poser(lire([r for r in releves if r.pk in dits]), dits, Origine.IMPORTE, le, par)
    ecarts += [Ecart(e.parcours, e.indicateur, e.raison, lignes.get((e.parcours, e.indicateur))) for e in pose.ecarts]
    return Bilan(pose.ecrits, pose.inchanges, ecarts)


def _vises(chiffres: Iterable[Importe]) -> Q:
    """Les relevés que nomme un fichier ; quelques périodes, autant d'ESMS qu'il y en a."""
    periodes = Q(pk__in=[])
    for periode in {importe.periode for importe in chiffres}:
        periodes |= Q(debut=periode.debut, cadence=periode.cadence)
    parcours = {importe.parcours for importe in chiffres}
    return periodes & Q(parcours__in=parcours)


def _empeche(importe: Importe, releve: Releve | None) -> str:
    if faute := faute_de_periode(importe.periode, timezone.localdate()):
        return faute
    if releve is None:
        return SANS_RELEVE.format(importe.periode.nom)
    return VERROUILLE if releve.est_verrouille else ""


def _verrouiller(vises: Q) -> list[Releve]:
    """Ces relevés, sous verrou, toujours dans le même ordre : deux écrivains s'attendent."""
    return list(Releve.objects.filter(vises).select_for_update(of=("self",)).order_by("pk"))


def _poser(feuilles: dict[int, Feuille], dits: Dits, origine: str, le: datetime, par: Utilisateur | None) -> Bilan:
    bilan, changees = Bilan(), []
    for cle, feuille in feuilles.items():
        avant = feuille.copie()
        for indicateur in feuille.a_rapporter_d_abord(dits.get(cle, {})):
            if raison := _poser_un(feuille, indicateur, dits[cle][indicateur], origine):
                bilan.ecarts.append(Ecart(feuille.releve.parcours_id, indicateur, raison))
        for place in feuille.changees_depuis(avant):
            valeur = feuille.cases[place]
            valeur.mot_attendu = bool(feuille.surprises(place))
            if place[0] in dits[cle]:
                valeur.ecrite_le, valeur.ecrite_par = le, par
            changees.append(valeur)
        bilan.inchanges += sum(1 for place in feuille.cases if place[0] in dits.get(cle, {}))
    bilan.ecrits, bilan.inchanges = len(changees), bilan.inchanges - len(changees)
    with totaux_tenus(f.releve for f in feuilles.values()):
        ecrire(feuilles.values(), changees)
    return bilan


def _poser_un(feuille: Feuille, cle: int, mesures: Sequence[Mesure], origine: str) -> str:
    """Un indicateur d'un relevé, total et parts ; rend ce qui l'en empêche, et n'y touche alors pas."""
    total = feuille.cases.get((cle, ""))
    if total is None:
        return INATTENDU if mesures else ""
    if total.motif == Absence.NON_CONCERNE and not total.origine:
        return ""
    parts = {m.cle: m for m in mesures if m.cle}
    dit = next((m for m in mesures if not m.cle), None) or _somme(parts.values())
    for mesure in ([dit] if dit else []) + list(parts.values()):
        dites = [] if mesure.non_concerne else fautes(total.indicateur, _paire_de(feuille, total, mesure))
        if dites:
            return dites[0]
    _ranger(total, dit, _paire_de(feuille, total, dit), origine)
    feuille.oter_les_parts(cle, parts)
    for part, mesure in parts.items():
        _ranger(feuille.case((cle, part)), mesure, _paire_de(feuille, total, mesure), origine)
    feuille.partager(cle)
    return ""


def _somme(parts: Collection[Mesure]) -> Mesure | None:
    """Le total que font des parts."""
    if not parts:
        return None
    sur = [p.denominateur for p in parts if p.denominateur is not None]
    return Mesure(sum(p.numerateur for p in parts), sum(sur) if sur else None)


def _paire_de(feuille: Feuille, total: Valeur, mesure: Mesure | None) -> Paire:
    if mesure is None or mesure.non_concerne:
        return None, None
    sur: Any = mesure.denominateur
    if sur is None and not mesure.cle:
        sur = feuille.commun(total.indicateur)
    return _centimes(mesure.numerateur), None if sur is None else _centimes(sur)


def _centimes(valeur: int | Decimal) -> Decimal:
    """Deux décimales : une moyenne calculée en a davantage."""
    lue = Decimal(valeur)
    return lue.quantize(Decimal("0.01")) if lue.is_finite() else lue


def _ranger(valeur: Valeur, mesure: Mesure | None, dite: Paire, origine: str) -> None:
    """Retient ce qui est extrait, ou le range à côté de ce que l'ESMS a dit."""
    if valeur.origine == Origine.SAISI:
        if mesure is None or mesure.non_concerne:
            valeur.extraite_numerateur = valeur.extraite_denominateur = None
        elif dite == paire(valeur):
            valeur.origine, valeur.raison = origine, ""
            valeur.extraite_numerateur = valeur.extraite_denominateur = None
        else:
            valeur.extraite_numerateur, valeur.extraite_denominateur = dite
        return
    if mesure is None and valeur.origine not in ("", origine):
        return  # Un calcul muet n'efface pas ce qu'un fichier a dit.
    valeur.numerateur, valeur.denominateur = dite
    valeur.extraite_numerateur = valeur.extraite_denominateur = None
    valeur.motif = Absence.NON_CONCERNE if mesure and mesure.non_concerne else ""
    valeur.origine = origine if mesure else ""
