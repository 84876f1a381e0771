"""Ce qu'un lecteur sait déjà d'un total : combien d'ESMS qui ont répondu y sont de ceux dont il lit les chiffres.

`tri` : par secteur et par taille ; sans lui, d'un seul tenant, ce qui lit quinze fois moins de lignes.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Sum

from programme.enums import Role
from programme.models import Grappe, Parcours, Utilisateur
from programme.models.grappes import en_montage
from usages.enums import Maille
from usages.models import CumulIndicateur, Valeur
from usages.periodes import Periode

Case = tuple[int, date]
"""Un indicateur, une période (son premier jour)."""
Effectifs = dict[Case, Counter[tuple[str, str]]]
"""Par (secteur, taille) : combien d'ESMS ont répondu."""
EffectifsNommes = dict[Case, dict[str, Counter[tuple[str, str]]]]
"""De même, par territoire."""
_TRI = ("secteur", "taille")
_TOUS = ("", "")


def entre(periodes: Collection[Periode], chemin: str = "") -> dict[str, Any]:
    """Le filtre de ces périodes, d'une même cadence. `chemin` : « releve__ » depuis un chiffre."""
    debuts = sorted(p.debut for p in periodes)
    cadence = next(iter(periodes)).cadence
    return {f"{chemin}cadence": cadence, f"{chemin}debut__range": (debuts[0], debuts[-1])}


def repondants(
    maille: str,
    territoires: Collection[str],
    periodes: Collection[Periode],
    indicateurs: Collection[int],
    *,
    tri: bool = False,
) -> EffectifsNommes:
    """Les ESMS qui ont répondu, par territoire ; lus des totaux gardés. Une requête."""
    gardes = CumulIndicateur.objects.filter(
        maille=maille, territoire__in=list(territoires), indicateur__in=list(indicateurs), cle="", **entre(periodes)
    )
    cles = ["indicateur", "debut", "territoire", *(_TRI if tri else ())]
    lignes: Any = gardes.order_by().values_list(*cles).annotate(Sum("nb_repondants"))
    return _ranger(lignes)


def connus(
    utilisateur: Utilisateur,
    maille: str,
    territoires: Collection[Any],
    periodes: Collection[Periode],
    indicateurs: Collection[int],
) -> EffectifsNommes:
    """Parmi eux, ceux dont il lit les chiffres ; comptés un à un : à réserver à des territoires d'un périmètre."""
    chemin = {Maille.GRAPPE: "releve__grappe", Maille.OG: "releve__og", Maille.REGION: "releve__region"}[Maille(maille)]
    lus = _lus(utilisateur, periodes, indicateurs).filter(**{f"{chemin}__in": list(territoires)})
    return _compter(lus, chemin, tri=False)


def regions_tenues(utilisateur: Utilisateur, *, transmis_seulement: bool) -> list[str]:
    """Les régions dont il lit tous les ESMS : inutile de les y compter un à un."""
    p = utilisateur.perimetre
    return sorted(p.sauf(Role.ARS).regions | (p.seul(Role.ARS).regions if transmis_seulement else frozenset()))


def connus_du_pays(
    utilisateur: Utilisateur,
    periodes: Collection[Periode],
    indicateurs: Collection[int],
    regions: Collection[str],
    *,
    tri: bool,
) -> EffectifsNommes:
    """De même pour le pays (territoire vide). Ses régions se lisent des totaux ; le reste, un à un. Deux requêtes."""
    p, rendu = utilisateur.perimetre, {}
    if not regions or p.esms or p.ogs or p.grappes:
        rendu = _compter(_hors(_lus(utilisateur, periodes, indicateurs), regions), None, tri=tri)
    if regions:
        for case, par_region in repondants(Maille.REGION, regions, periodes, indicateurs, tri=tri).items():
            for effectifs in par_region.values():
                rendu.setdefault(case, {}).setdefault("", Counter()).update(effectifs)
    return rendu


def restes_des_grappes(
    utilisateur: Utilisateur,
    periodes: Collection[Periode],
    indicateurs: Collection[int],
    regions: Collection[str],
    *,
    tri: bool,
) -> EffectifsNommes:
    """Ce que disent ses grappes d'ESMS qu'il ne lit pas ; ceux de ses régions, il les lit. Trois requêtes."""
    p = utilisateur.perimetre
    vues = Grappe.objects.visibles_par(utilisateur).exclude(pk__in=p.sauf(Role.ARS).grappes)
    if regions:
        # Les grappes entières de ses régions n'ont personne d'inconnu : on ne les compte pas une à une.
        dehors = Parcours.objects.filter(grappe=OuterRef("pk")).exclude(esms__departement__region__in=list(regions))
        vues = vues.filter(Exists(dehors))
    grappes = list(vues.order_by().values_list("pk", flat=True))
    if not grappes:
        return {}
    ici = {"cle": "", "indicateur__in": list(indicateurs), "releve__grappe__in": list(grappes)}
    tous = Valeur.objects.comptees().filter(**ici, **entre(periodes, "releve__"))
    lus = _lus(utilisateur, periodes, indicateurs).filter(releve__grappe__in=list(grappes))
    return restes(
        _compter(_hors(tous, regions), "releve__grappe", tri=tri),
        _compter(_hors(lus, regions), "releve__grappe", tri=tri),
    )


def restes(tous: EffectifsNommes, sus: EffectifsNommes) -> EffectifsNommes:
    """Les effectifs, une fois ôtés ceux que le lecteur connaît."""
    return {
        case: {t: Counter(n) - sus.get(case, {}).get(t, Counter()) for t, n in par_territoire.items()}
        for case, par_territoire in tous.items()
    }


def _hors(valeurs: Any, regions: Collection[str]) -> Any:
    return valeurs.exclude(releve__region__in=list(regions)) if regions else valeurs


def en_montage_seulement(
    maille: str,
    territoires: Collection[Any] | None,
    periodes: Collection[Periode],
    indicateurs: Collection[int],
    *,
    tri: bool = False,
) -> EffectifsNommes:
    """Ceux des grappes encore en montage : tout ce que le financeur d'un territoire n'en lit pas. Une requête.

    `territoires` : des régions ; None, toutes.
    """
    valeurs = _montees(periodes, indicateurs)
    if territoires is not None and maille == Maille.REGION:
        valeurs = valeurs.filter(releve__region__in=list(territoires))
    return _compter(valeurs, "releve__region" if maille == Maille.REGION else None, tri=tri)


def en_montage_par(
    champ: str, maille: str, territoire: str, periodes: Collection[Periode], indicateur: int, lecteur: Utilisateur
) -> dict[tuple[str, date], int]:
    """De même par secteur ou par région (`champ`), sans les ESMS qu'il lit à un autre titre. Une requête."""
    valeurs = _montees(periodes, [indicateur])
    valeurs = valeurs.exclude(releve__parcours__in=Parcours.objects.lisibles_par(lecteur).order_by().values("pk"))
    if maille == Maille.REGION:
        valeurs = valeurs.filter(releve__region=territoire)
    lignes = valeurs.order_by().values_list(f"releve__{champ}", "releve__debut").annotate(Count("pk"))
    return {(str(code or ""), debut): nombre for code, debut, nombre in lignes}


def _montees(periodes: Collection[Periode], indicateurs: Collection[int]) -> Any:
    return Valeur.objects.comptees().filter(
        en_montage("releve__grappe__"), cle="", indicateur__in=list(indicateurs), **entre(periodes, "releve__")
    )


def _lus(utilisateur: Utilisateur, periodes: Collection[Periode], indicateurs: Collection[int]) -> Any:
    valeurs = Valeur.objects.visibles_par(utilisateur).comptees()
    return valeurs.filter(cle="", indicateur__in=list(indicateurs), **entre(periodes, "releve__"))


def _compter(valeurs: Any, chemin: str | None, *, tri: bool) -> EffectifsNommes:
    cles = ["indicateur", "releve__debut", *([chemin] if chemin else [])]
    cles += [f"releve__{nom}" for nom in _TRI] if tri else []
    lignes = valeurs.order_by().values_list(*cles).annotate(Count("pk"))
    if chemin is None:
        return _ranger((indicateur, debut, "", *reste) for indicateur, debut, *reste in lignes)
    return _ranger(lignes)


def _ranger(lignes: Any) -> EffectifsNommes:
    """Des lignes (indicateur, début, territoire, secteur et taille s'ils y sont, combien)."""
    rendu: EffectifsNommes = defaultdict(dict)
    for indicateur, debut, territoire, *cle, nombre in lignes:
        rendu[(indicateur, debut)].setdefault(str(territoire), Counter())[tuple(cle) or _TOUS] += nombre
    return dict(rendu)
