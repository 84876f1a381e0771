"""Les totaux gardés, lus pour un territoire ; à requêtes constantes, quel que soit le nombre d'ESMS.

`lire` : tels quels, pour qui en a déjà jugé. `lire_pour` : ce qu'un compte en lit, le reste masqué.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Sum

from programme.calculs.masquage import est_petit
from programme.enums import Role
from programme.models import Utilisateur
from usages.calculs.agregat import Agregat
from usages.calculs.masquage import Montre, montrer, parties_tues, pays_se_lit, se_lit_surement
from usages.calculs.periodes import Periode
from usages.enums import Absence, Maille
from usages.models import CumulIndicateur, Indicateur, Valeur
from usages.models.communs import TRANSMIS
from usages.permissions.agregats import TOTAUX_RESERVES, Acces, acces_aux_totaux
from usages.services.agregats.connus import (
    Case,
    EffectifsNommes,
    connus,
    connus_du_pays,
    deja_lus,
    des_regions,
    en_montage_seulement,
    entre,
    grappes_possibles,
    majorant,
    regions_tenues,
    repondants,
    restes,
)

SOMMES = ("numerateur", "denominateur", "nb_repondants", "nb_attendus", "nb_non_mesurables", "nb_non_concernes")
"""Ce qui s'additionne d'un total gardé, dans l'ordre où `agregat_de` le lit."""
_CENTIME = Decimal("0.01")
Cle = tuple[int, date, str]
"""Indicateur, premier jour de la période, part (vide : le total)."""
CleSituee = tuple[str, int, date, str]
"""La même, précédée du territoire."""


def lire(
    maille: str,
    territoire: str,
    periodes: Collection[Periode],
    *,
    indicateurs: Collection[int] | None = None,
    secteur: str | None = None,
    taille: str | None = None,
) -> dict[Cle, Agregat]:
    """Les agrégats d'un territoire sur ces périodes (d'une même cadence), sans rien masquer. Une requête."""
    lus = lire_territoires(maille, [territoire], periodes, indicateurs=indicateurs, secteur=secteur, taille=taille)
    return {cle[1:]: agregat for cle, agregat in lus.items()}


def lire_territoires(
    maille: str,
    territoires: Collection[str],
    periodes: Collection[Periode],
    *,
    indicateurs: Collection[int] | None = None,
    secteur: str | None = None,
    taille: str | None = None,
) -> dict[CleSituee, Agregat]:
    """La même chose pour plusieurs territoires d'une maille. Une requête."""
    if not periodes or not territoires:
        return {}
    lus = CumulIndicateur.objects.filter(maille=maille, territoire__in=list(territoires), **entre(periodes))
    if indicateurs is not None:
        lus = lus.filter(indicateur__in=list(indicateurs))
    if secteur is not None:
        lus = lus.filter(secteur=secteur)
    if taille is not None:
        lus = lus.filter(taille=taille)
    lignes: Any = (
        lus.order_by().values_list("territoire", "indicateur", "debut", "cle").annotate(*(Sum(nom) for nom in SOMMES))
    )
    return {(lieu, indicateur, debut, cle): agregat_de(sommes) for lieu, indicateur, debut, cle, *sommes in lignes}


def agregat_de(sommes: Sequence[Any]) -> Agregat:
    """L'agrégat que disent ces `SOMMES`."""
    numerateur, denominateur, *comptes = sommes
    return Agregat(_au_centime(numerateur), _au_centime(denominateur), *comptes)


def _au_centime(somme: Any) -> Decimal:
    """SQLite additionne des flottants : la somme d'un trimestre d'euros n'a pas quinze décimales."""
    return Decimal(somme).quantize(_CENTIME)


def lire_pour(
    utilisateur: Utilisateur,
    maille: str,
    territoire: str,
    periodes: Collection[Periode],
    *,
    indicateurs: Collection[int] | None = None,
    secteur: str | None = None,
    taille: str | None = None,
) -> dict[Cle, Montre]:
    """Ce que ce compte lit des totaux d'un territoire. Neuf requêtes au plus, quel que soit le nombre d'ESMS.

    Une clé absente : rien n'y était attendu, ou ce n'est pas transmis au financeur qui lit. Lève `PermissionDenied` si
    ce compte ne lit pas ce territoire. Qui n'en voit pas tous les ESMS ne trie par secteur ou taille que le pays.
    """
    lus = lire_territoires_pour(
        utilisateur, maille, [territoire], periodes, indicateurs=indicateurs, secteur=secteur, taille=taille
    )
    if lus is None:
        raise PermissionDenied(TOTAUX_RESERVES)
    return {cle[1:]: montre for cle, montre in lus.items()}


def lire_territoires_pour(
    utilisateur: Utilisateur,
    maille: str,
    territoires: Collection[str],
    periodes: Collection[Periode],
    *,
    indicateurs: Collection[int] | None = None,
    secteur: str | None = None,
    taille: str | None = None,
) -> dict[CleSituee, Montre] | None:
    """La même chose pour plusieurs territoires ; None s'il n'en lit aucun, les autres manquent."""
    acces = acces_aux_totaux(utilisateur, maille, [_en_cle(maille, t) for t in territoires])
    if not acces:
        return None
    situes = {str(cle): droit for cle, droit in acces.items()}
    lus = lire_territoires(maille, list(situes), periodes, indicateurs=indicateurs, secteur=secteur, taille=taille)
    if any(a.transmis_seulement for a in situes.values()):
        transmis = set(Indicateur.objects.filter(transmis_au_financeur=True).values_list("pk", flat=True))
        lus = {c: a for c, a in lus.items() if not situes[c[0]].transmis_seulement or c[1] in transmis}
    tus = _a_taire(utilisateur, maille, situes, periodes, lus, secteur, taille) if lus else set()
    return {c: montrer(a, masque=(c[0], c[1], c[2]) in tus and a.nb_repondants > 0) for c, a in lus.items()}


def _en_cle(maille: str, territoire: str) -> Any:
    """La clé d'un territoire, telle que la base la range ; « » pour le pays."""
    return int(territoire) if maille in (Maille.GRAPPE, Maille.OG) else territoire


def _a_taire(
    utilisateur: Utilisateur,
    maille: str,
    acces: dict[str, Acces],
    periodes: Collection[Periode],
    lus: dict[CleSituee, Agregat],
    secteur: str | None,
    taille: str | None,
) -> set[tuple[str, int, date]]:
    """Les (territoire, indicateur, période) à masquer : leurs parts se taisent avec eux."""
    rendu: set[tuple[str, int, date]] = set()
    indicateurs = {indicateur for _, indicateur, _, _ in lus}
    entiers = [t for t, a in acces.items() if a.entier and a.transmis_seulement]
    if entiers and maille in (Maille.REGION, Maille.NATIONAL):
        # Le pays se lit à côté de toutes ses régions : ce qu'on y tait doit réunir cinq ESMS à lui seul.
        partage = utilisateur.perimetre.seul(Role.ARS).est_national and maille == Maille.REGION
        caches = en_montage_seulement(maille, None if partage else entiers, periodes, indicateurs)
        for case, par in caches.items():
            nombres = {t: sum(n.values()) for t, n in par.items()}
            tus = parties_tues(nombres, nombres) if partage else {t for t, n in nombres.items() if est_petit(n)}
            rendu |= {(t, *case) for t in tus if t in acces}
    partiels = [t for t, a in acces.items() if not a.entier]
    if not partiels:
        return rendu
    tri = secteur is not None or taille is not None
    if tri:
        gardes = repondants(maille, partiels, periodes, indicateurs, tri=maille == Maille.NATIONAL)
    else:
        gardes = deja_lus((c, a.nb_repondants) for c, a in lus.items() if not acces[c[0]].entier)
    if maille == Maille.NATIONAL:
        return rendu | _du_pays(utilisateur, acces[""], periodes, indicateurs, gardes, secteur, taille)
    inconnus = restes(
        gardes,
        connus(utilisateur, maille, [_en_cle(maille, t) for t in partiels], periodes, indicateurs),
    )
    for case, par_territoire in inconnus.items():
        for territoire, effectifs in par_territoire.items():
            # Trié par secteur, un territoire se déduirait d'un autre tri : il ne se lit qu'entier.
            reste = sum(effectifs.values())
            if est_petit(reste) or reste and tri:
                rendu.add((territoire, *case))
    return rendu


def _avec_et_sans(
    montage: EffectifsNommes, case: Case, effectifs: Counter[tuple[str, str]]
) -> list[Counter[tuple[str, str]]]:
    """Ces effectifs, et avec les grappes en montage s'il y en a : un total se lit des deux façons, ou se tait."""
    return [effectifs, sum(montage[case].values(), effectifs)] if case in montage else [effectifs]


def _du_pays(
    utilisateur: Utilisateur,
    acces: Acces,
    periodes: Collection[Periode],
    indicateurs: Collection[int],
    gardes: EffectifsNommes,
    secteur: str | None,
    taille: str | None,
) -> set[tuple[str, int, date]]:
    """Les cases du pays qu'on tait à qui lit aussi ses grappes, ses régions, ses ESMS."""
    tri = secteur is not None or taille is not None
    regions = regions_tenues(utilisateur, transmis_seulement=acces.transmis_seulement)
    pays = restes(gardes, des_regions(periodes, indicateurs, regions, tri=tri))
    possibles = grappes_possibles(utilisateur, regions)
    plus, epars = majorant(utilisateur, periodes, regions, possibles, tri=tri)

    def monter(parmi: Collection[int]) -> EffectifsNommes:
        """Du total de sa région, il ne lit pas les grappes en montage : il peut ôter le total, ou ce qu'il en lit."""
        if not (acces.transmis_seulement and regions):
            return {}
        return en_montage_seulement(Maille.REGION, regions, periodes, parmi, tri=tri)

    # Sans tri, ce qui se lit sûrement se lit plus sûrement encore avec les grappes en montage.
    montage = monter(indicateurs) if tri else {}
    doutes = {
        case: par_territoire
        for case, par_territoire in pays.items()
        if not all(
            se_lit_surement(n, plus.get(case[1], {}), epars, secteur, taille)
            for n in _avec_et_sans(montage, case, par_territoire[""])
        )
    }
    if not doutes:
        return set()
    douteux = {i for i, _ in doutes}
    sus, tus = connus_du_pays(utilisateur, periodes, douteux, regions, possibles, tri=tri)
    montage = montage or monter(douteux)
    return {
        ("", *case)
        for case, par_territoire in restes(doutes, sus).items()
        if not all(
            pays_se_lit(n, tus.get(case, {}), secteur, taille) for n in _avec_et_sans(montage, case, par_territoire[""])
        )
    }


def lire_esms_pour(
    utilisateur: Utilisateur, parcours: Collection[int], periodes: Collection[Periode], indicateurs: Collection[int]
) -> dict[CleSituee, Montre]:
    """Les chiffres de ces ESMS (clés de parcours), sous la même forme ; ceux qu'il lit, une fois transmis.

    Deux requêtes.
    """
    if not periodes:
        return {}
    valeurs = Valeur.objects.visibles_par(utilisateur).filter(
        releve__parcours__in=list(parcours), indicateur__in=list(indicateurs), **entre(periodes, "releve__")
    )
    rendu: dict[CleSituee, Montre] = {}
    lignes = valeurs.order_by().values_list(
        "releve__parcours", "indicateur", "releve__debut", "cle", "releve__etat", "numerateur", "denominateur", "motif"
    )
    comptees = set(valeurs.comptees().order_by().values_list("releve__parcours", "indicateur", "releve__debut", "cle"))
    for ou, indicateur, debut, cle, etat, num, sur, motif in lignes:
        transmis, compte = etat in TRANSMIS, (ou, indicateur, debut, cle) in comptees
        rendu[(str(ou), indicateur, debut, cle)] = montrer(
            Agregat(
                num if compte else Decimal(0),
                (sur or Decimal(0)) if compte else Decimal(0),
                int(compte),
                int(not cle),
                int(transmis and motif == Absence.NON_MESURABLE),
                int(transmis and motif == Absence.NON_CONCERNE),
            )
        )
    return rendu
