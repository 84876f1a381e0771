"""Ce qu'un lecteur sait déjà d'un total : combien d'ESMS qui ont répondu y sont de ceux dont il lit les chiffres.

`tri` : par secteur et par taille ; sans lui, d'un seul tenant, ce qui lit quinze fois moins de lignes.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum

from programme.calculs.masquage import est_petit
from programme.enums import Role
from programme.models import Departement, Grappe, Parcours, Utilisateur
from programme.models.grappes import en_montage
from usages.calculs.periodes import Periode
from usages.enums import Maille
from usages.models import CumulIndicateur, Releve, Valeur
from usages.models.cumuls import champ_de

Case = tuple[int, date]
"""Un indicateur, une période (son premier jour)."""
Effectifs = dict[Case, Counter[tuple[str, str]]]
"""Par (secteur, taille) : combien d'ESMS ont répondu."""
EffectifsNommes = dict[Case, dict[str, Counter[tuple[str, str]]]]
"""De même, par territoire."""
_TRI = ("secteur", "taille")
_TOUS = ("", "")
_PREMIERES = 8
"""Ces grappes en montage-là suffisent d'ordinaire à faire cinq ESMS."""


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


def deja_lus(lus: Iterable[tuple[tuple[str, int, date, str], int]]) -> EffectifsNommes:
    """Les mêmes, de totaux qu'on vient de lire sans tri : (territoire, indicateur, début, part) et combien."""
    return _ranger((indicateur, debut, lieu, n) for (lieu, indicateur, debut, cle), n in lus if not cle)


def connus(
    utilisateur: Utilisateur,
    maille: str,
    territoires: Collection[Any],
    periodes: Collection[Periode],
    indicateurs: Collection[int],
) -> EffectifsNommes:
    """Parmi eux, ceux dont il lit les chiffres ; comptés un à un : à réserver à des territoires d'un périmètre."""
    chemin = champ_de(maille)
    lus = _lus(utilisateur, periodes, indicateurs).filter(**{f"{chemin}__in": list(territoires)})
    return _compter(lus, chemin, tri=False)


def regions_tenues(utilisateur: Utilisateur, *, transmis_seulement: bool) -> list[str]:
    """Les régions dont il lit tous les ESMS : inutile de les y compter un à un."""
    p = utilisateur.perimetre
    return sorted(p.sauf(Role.ARS).regions | (p.seul(Role.ARS).regions if transmis_seulement else frozenset()))


def des_regions(
    periodes: Collection[Periode], indicateurs: Collection[int], regions: Collection[str], *, tri: bool
) -> EffectifsNommes:
    """Ceux de ces régions, d'un seul tenant ; lus des totaux gardés. Une requête."""
    return _d_un_tenant(repondants(Maille.REGION, regions, periodes, indicateurs, tri=tri)) if regions else {}


def grappes_possibles(utilisateur: Utilisateur, regions: Collection[str]) -> list[int]:
    """Les grappes où il peut y avoir, hors de ces régions, des ESMS qu'il ne lit pas ; peut-être quelques autres.

    Qui n'a que ces régions n'y lit que des grappes à cheval, qu'on trouve sans juger de chacune. Deux requêtes.
    """
    if not regions:
        return _grappes_lues(utilisateur)
    departements = list(Departement.objects.filter(region__in=list(regions)).order_by().values_list("pk", flat=True))
    dedans = Parcours.objects.filter(esms__departement__in=departements).order_by().values("grappe")
    # Les grappes entières de ses régions n'ont personne d'inconnu : on ne les compte pas une à une.
    dehors = Parcours.objects.filter(grappe=OuterRef("pk")).exclude(esms__departement__in=departements)
    if _a_des_epars(utilisateur, regions):
        return _grappes_lues(utilisateur, Exists(dehors))
    a_cheval = Grappe.objects.filter(Q(region__in=list(regions)) | Q(pk__in=dedans), Exists(dehors))
    return list(a_cheval.order_by().values_list("pk", flat=True))


def _grappes_lues(utilisateur: Utilisateur, *parmi: Any) -> list[int]:
    """Les grappes qu'il voit sans les tenir entières. Une requête."""
    vues = Grappe.objects.visibles_par(utilisateur).exclude(pk__in=utilisateur.perimetre.sauf(Role.ARS).grappes)
    return list(vues.filter(*parmi).order_by().values_list("pk", flat=True))


def majorant(
    utilisateur: Utilisateur,
    periodes: Collection[Periode],
    regions: Collection[str],
    possibles: list[int],
    *,
    tri: bool,
) -> tuple[dict[date, Counter[tuple[str, str]]], int]:
    """Hors de ses régions, combien d'ESMS au plus entrent dans ce qu'il connaît ou dans ses grappes, par période.

    Compté en relevés, sans ouvrir un chiffre : un relevé n'a qu'une réponse par indicateur. Le nombre à côté vaut pour
    chaque période, et pour on ne sait quel secteur : les ESMS qu'il lit un à un. Deux requêtes.
    """
    releves = Releve.objects.comptes().filter(grappe__in=possibles, **entre(periodes))
    lignes: Any = (
        _hors(releves, regions, "region").order_by().values_list("debut", *(_TRI if tri else ())).annotate(Count("pk"))
    )
    rendu: dict[date, Counter[tuple[str, str]]] = defaultdict(Counter)
    for debut, *cle, nombre in lignes:
        rendu[debut][tuple(cle) or _TOUS] += nombre
    return rendu, Parcours.objects.visibles_par(utilisateur).count() if _a_des_epars(utilisateur, regions) else 0


def connus_du_pays(
    utilisateur: Utilisateur,
    periodes: Collection[Periode],
    indicateurs: Collection[int],
    regions: Collection[str],
    possibles: list[int],
    *,
    tri: bool,
) -> tuple[EffectifsNommes, EffectifsNommes]:
    """Hors de ses régions : du pays (territoire vide), ceux qu'il lit ; de ces grappes, ceux qu'il ne lit pas.

    Sans région, les grappes se lisent des totaux : ne se compte un à un que ce qui y manque, ou s'y ajoute. Trois
    requêtes au plus.
    """
    grappes = possibles
    if regions and possibles and not _a_des_epars(utilisateur, regions):
        grappes = _grappes_lues(utilisateur, Q(pk__in=possibles))
    lus, ignores = (f(utilisateur, periodes, indicateurs) for f in (_lus, _ignores))
    if regions:
        cachees = ignores.filter(releve__grappe__in=grappes)
        return (
            _compter(_hors(lus, regions), None, tri=tri) if _a_des_epars(utilisateur, regions) else {},
            _compter(_hors(cachees, regions), "releve__grappe", tri=tri) if grappes else {},
        )
    tenues_par_lui = utilisateur.perimetre.grappes
    siennes = {str(g) for g in tenues_par_lui}
    gardes = repondants(Maille.GRAPPE, siennes | {str(g) for g in grappes}, periodes, indicateurs, tri=tri)
    tenues, autres = _partager(gardes, siennes)
    ailleurs = _compter(lus.exclude(releve__grappe__in=tenues_par_lui), "releve__grappe", tri=tri)
    tus = _compter(ignores.filter(releve__grappe__in=tenues_par_lui), "releve__grappe", tri=tri) if siennes else {}
    sus = _ensemble(_d_un_tenant(restes(tenues, tus)), _d_un_tenant(ailleurs))
    return sus, _ensemble(restes(autres, ailleurs), _partager(tus, {str(g) for g in grappes})[0])


def restes(tous: EffectifsNommes, sus: EffectifsNommes) -> EffectifsNommes:
    """Les effectifs, une fois ôtés ceux que le lecteur connaît."""
    return {
        case: {t: Counter(n) - sus.get(case, {}).get(t, Counter()) for t, n in par_territoire.items()}
        for case, par_territoire in tous.items()
    }


def _d_un_tenant(effectifs: EffectifsNommes) -> EffectifsNommes:
    """Tous les territoires réunis, sous le nom du pays."""
    rendu: EffectifsNommes = {}
    for case, par_territoire in effectifs.items():
        total: Counter[tuple[str, str]] = Counter()
        for n in par_territoire.values():
            total.update(n)
        rendu[case] = {"": total}
    return rendu


def _ensemble(uns: EffectifsNommes, autres: EffectifsNommes) -> EffectifsNommes:
    """Les deux, additionnés."""
    rendu = {case: dict(par_territoire) for case, par_territoire in uns.items()}
    for case, par_territoire in autres.items():
        ici = rendu.setdefault(case, {})
        for t, n in par_territoire.items():
            ici[t] = ici[t] + n if t in ici else n
    return rendu


def _partager(effectifs: EffectifsNommes, territoires: Collection[str]) -> tuple[EffectifsNommes, EffectifsNommes]:
    """Ceux de ces territoires, et les autres."""
    dedans: EffectifsNommes = {}
    dehors: EffectifsNommes = {}
    for case, par_territoire in effectifs.items():
        for t, n in par_territoire.items():
            (dedans if t in territoires else dehors).setdefault(case, {})[t] = n
    return dedans, dehors


def en_montage_seulement(
    maille: str,
    territoires: Collection[Any] | None,
    periodes: Collection[Periode],
    indicateurs: Collection[int],
    *,
    tri: bool = False,
) -> EffectifsNommes:
    """Ceux des grappes encore en montage : tout ce que le financeur d'un territoire n'en lit pas.

    `territoires` : des régions ; None, toutes. Pour le pays, lus des totaux sans tri, et arrêtés quand ils ne sont plus
    petits. Trois requêtes au plus.
    """
    if maille == Maille.REGION:
        valeurs = _montees(periodes, indicateurs)
        if territoires is not None:
            valeurs = valeurs.filter(releve__region__in=list(territoires))
        return _compter(valeurs, "releve__region", tri=tri)
    comptes = Releve.objects.comptes().filter(grappe=OuterRef("pk"), **entre(periodes))
    grappes = list(Grappe.objects.filter(en_montage(), Exists(comptes)).order_by("pk").values_list("pk", flat=True))
    rendu: EffectifsNommes = {}
    reste = set(indicateurs)
    for lot in (grappes[:_PREMIERES], grappes[_PREMIERES:]):
        if not lot or not reste:
            break
        lues = repondants(Maille.GRAPPE, [str(g) for g in lot], periodes, reste)
        rendu = _ensemble(rendu, _d_un_tenant(lues))
        assez = {case for case, n in rendu.items() if not est_petit(sum(n[""].values()))}
        reste = {i for i in reste if any((i, p.debut) not in assez for p in periodes)}
    return rendu


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


def _a_des_epars(utilisateur: Utilisateur, regions: Collection[str]) -> bool:
    """Faux pour qui n'a que ces régions : ses ESMS sont dans leurs totaux."""
    p = utilisateur.perimetre
    return bool(not regions or p.est_national or p.esms or p.ogs or p.grappes or p.regions - set(regions))


def _hors(lignes: Any, regions: Collection[str], region: str = "releve__region") -> Any:
    return lignes.exclude(**{f"{region}__in": list(regions)}) if regions else lignes


def _lus(utilisateur: Utilisateur, periodes: Collection[Periode], indicateurs: Collection[int]) -> Any:
    """Les réponses qu'il lit."""
    valeurs = Valeur.objects.visibles_par(utilisateur).comptees()
    return valeurs.filter(cle="", indicateur__in=list(indicateurs), **entre(periodes, "releve__"))


def _ignores(utilisateur: Utilisateur, periodes: Collection[Periode], indicateurs: Collection[int]) -> Any:
    """Les réponses qu'il ne lit pas : à restreindre à des territoires."""
    valeurs = Valeur.objects.cachees_a(utilisateur).comptees()
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
