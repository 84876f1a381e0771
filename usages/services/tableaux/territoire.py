"""Le tableau de bord d'une région ou du pays : des totaux gardés, jamais un ESMS seul.

Un total de moins de cinq ESMS répondants se tait, et avec lui ce qui permettrait de le retrouver par différence.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Sum

from programme.calculs.masquage import est_petit, masquer
from programme.dessins import carte
from programme.enums import Role, Secteur
from programme.models import Departement, Region, Utilisateur
from usages.calculs import reperes
from usages.calculs.agregat import Agregat
from usages.calculs.masquage import parties_tues
from usages.calculs.periodes import Periode
from usages.dessins.multiples import MASQUE, Serie, Vignette, dessiner
from usages.enums import Maille
from usages.models import Cible, CumulIndicateur, Indicateur
from usages.services.agregats.connus import en_montage_par
from usages.services.agregats.lecture import SOMMES, agregat_de
from usages.services.tableaux.commun import (
    Moment,
    detaillees,
    lisibles,
    nombre_de,
    ont_repondu,
    se_vise,
    valeur_d,
)
from usages.services.tableaux.totaux import Ensemble, bilan, comparer, ensembles, lire_totaux, vignettes

INCONNU = "Secteur inconnu"


@dataclass(frozen=True, slots=True)
class Part:
    """Un secteur, une région : ses périodes ; un total masqué est None, et `masquee` dit celui de la période."""

    code: str
    nom: str
    points: tuple[tuple[Periode, Agregat | None], ...]
    masquee: bool

    @property
    def total(self) -> Agregat | None:
        """Celui de la période."""
        return self.points[-1][1]

    @property
    def repondu(self) -> str:
        """« 12 ESMS sur 15 ont répondu » ; vide quand le total se tait."""
        return "" if self.masquee else ont_repondu(self.total)


@dataclass(frozen=True, slots=True)
class Tuile:
    """Une tuile de la carte : la teinte de sa région ; `chiffre` sur une seule des siennes."""

    tuile: carte.Tuile
    classe: str
    chiffre: str
    phrase: str


@dataclass(frozen=True)
class TableauTerritoire:
    """La page. `choisi` : l'indicateur détaillé par secteur (et par région)."""

    moment: Moment
    ensembles: list[Ensemble]
    vignettes: tuple[Vignette, ...]
    choisi: Indicateur | None
    secteurs: list[Part]
    regions: list[Part]
    tuiles: list[Tuile]
    contours: str
    offerts: list[Indicateur]

    largeur = carte.LARGEUR
    hauteur = carte.HAUTEUR
    cadres = carte.CADRES
    paliers = carte.PALIERS_DE_PART

    @property
    def ont_bouge(self) -> list[Ensemble]:
        """Les totaux qui ont changé depuis la période comparée."""
        return [e for e in self.ensembles if e.mouvement != reperes.PAREIL]

    @property
    def incomparables(self) -> list[Ensemble]:
        """Les totaux que d'autres ESMS font bouger."""
        return [e for e in self.ensembles if e.incomparable]

    @property
    def relus(self) -> set[str]:
        """Codes de ceux dont on attendait un chiffre sur la période."""
        return {e.indicateur.code for e in self.ensembles if e.total is not None or e.masque}

    @property
    def bilan(self) -> str:
        """« 5 vont mieux, 1 moins bien »."""
        return bilan(self.ensembles)

    @property
    def vignettes_de_secteurs(self) -> tuple[Vignette, ...]:
        """Une petite courbe par secteur, à la même échelle."""
        if self.choisi is None:
            return ()
        i = self.choisi
        series = [
            Serie(p.nom, i.forme, tuple(valeur_d(i, t) for _, t in p.points), p.repondu, masquee=p.masquee)
            for p in self.secteurs
        ]
        return dessiner(series, commune=True)

    @property
    def rangs_de_regions(self) -> list[tuple[str, str, str]]:
        """Région, valeur, qui a répondu ; dans l'ordre des noms."""
        if self.choisi is None:
            return []
        i = self.choisi
        dits = {p.code: MASQUE if p.masquee else reperes.dire(i.forme, valeur_d(i, p.total)) for p in self.regions}
        return [(p.nom, dits[p.code], p.repondu) for p in self.regions]


def _sommer(maille: str, territoires: Collection[str], indicateur: Indicateur, moment: Moment, par: str) -> Any:
    """Les totaux d'un indicateur, par période et par `par` (secteur, territoire). Une requête."""
    periodes = moment.fenetres[indicateur.cadence]
    lus = CumulIndicateur.objects.filter(
        maille=maille,
        territoire__in=list(territoires),
        cadence=indicateur.cadence,
        debut__range=(periodes[0].debut, periodes[-1].debut),
        indicateur=indicateur.pk,
    ).filter(detaillees("indicateur__forme"))
    lignes: Any = lus.order_by().values_list(par, "debut", "cle").annotate(*(Sum(nom) for nom in SOMMES))
    rendu: dict[tuple[str, date], Agregat] = {}
    tranches: dict[tuple[str, date], dict[str, int]] = defaultdict(dict)
    for code, debut, part, *sommes in lignes:
        siennes = tranches[code, debut]
        if part:
            siennes[part] = int(sommes[0])
        else:
            rendu[code, debut] = replace(agregat_de(sommes), tranches=siennes)
    return rendu


def _montrees(lus: Mapping[str, int], caches: dict[str, int]) -> set[str]:
    """Les parts qui se montrent. `caches` : dans chacune, les ESMS en montage, que ce lecteur ne lit pas."""
    visibles = {code for code, nombre in masquer(lus).items() if nombre is not None}
    tues: set[str] = parties_tues(caches, caches)
    return visibles - tues


def _parts(
    lus: Mapping[tuple[str, date], Agregat],
    noms: Mapping[str, str],
    periodes: Sequence[Periode],
    caches: Mapping[tuple[str, date], int],
) -> list[Part]:
    """Une part par code, dans l'ordre donné ; à chaque période, ce qui est petit et ce qui le trahirait se tait."""
    presents = [code for code in noms if any((code, p.debut) in lus for p in periodes)]
    visibles = {
        p.debut: _montrees(
            {code: lus[code, p.debut].nb_repondants for code in presents if (code, p.debut) in lus},
            {code: n for (code, debut), n in caches.items() if debut == p.debut},
        )
        for p in periodes
    }

    def montrer(code: str, periode: Periode) -> Agregat | None:
        return lus.get((code, periode.debut)) if code in visibles[periode.debut] else None

    derniere = periodes[-1].debut
    return [
        Part(
            code,
            noms[code],
            tuple((p, montrer(code, p)) for p in periodes),
            (code, derniere) in lus and code not in visibles[derniere],
        )
        for code in presents
    ]


def _cibles_d_instruction(au: date) -> dict[int, float | None]:
    """La cible d'un indicateur, quand toutes les instructions en vigueur disent la même. Une requête."""
    dites: dict[int, set[float | None]] = {}
    for cible in Cible.objects.a_la_date(au).filter(grappe__isnull=True, valeur__isnull=False).order_by():
        dites.setdefault(cible.indicateur_id, set()).add(nombre_de(cible))
    return {cle: valeurs.pop() for cle, valeurs in dites.items() if len(valeurs) == 1}


def _tuiles(indicateur: Indicateur, regions: Sequence[Part]) -> tuple[list[Tuile], str]:
    """La carte : chaque département à la teinte de sa région, le chiffre sur une case de la région. Une requête."""
    de_region = dict(Departement.objects.order_by("pk").values_list("pk", "region_id"))
    parts = {p.code: p for p in regions}
    valeurs = {code: None if p.masquee else valeur_d(indicateur, p.total) for code, p in parts.items()}
    plus_grand = max((v for v in valeurs.values() if v is not None), default=0.0)
    porteuses = _porteuses(de_region)
    rendu = []
    for code, region in de_region.items():
        if place := carte.PLACES.get(code):
            part, valeur = parts.get(region), valeurs.get(region)
            classe = "tuile-masquee" if part and part.masquee else _teinte(indicateur, valeur, plus_grand)
            dit = reperes.dire(indicateur.forme, valeur) if valeur is not None else ""
            phrase = f"{part.nom} : {dit or part.repondu or MASQUE}" if part else "pas de relevé"
            ecrit = dit.replace("\u202f%", "") if part and porteuses[region] == code else ""
            rendu.append(Tuile(carte.tuile(code, place), classe, ecrit, phrase))
    return rendu, carte.contours(de_region)


def _porteuses(de_region: Mapping[str, str]) -> dict[str, str]:
    """Par région, le département au plus près de son milieu : c'est lui qui porte le chiffre."""
    cases: dict[str, list[tuple[str, carte.Place]]] = {}
    for code, region in de_region.items():
        if place := carte.PLACES.get(code):
            cases.setdefault(region, []).append((code, place))
    rendu = {}
    for region, siennes in cases.items():
        c = sum(p.colonne for _, p in siennes) / len(siennes)
        r = sum(p.rang for _, p in siennes) / len(siennes)
        rendu[region] = min(siennes, key=lambda s: ((s[1].colonne - c) ** 2 + (s[1].rang - r) ** 2, s[0]))[0]
    return rendu


def _teinte(indicateur: Indicateur, valeur: float | None, plus_grand: float) -> str:
    """La teinte d'une valeur : un palier par quart, d'un rapport ou du plus grand nombre."""
    if valeur is None:
        return "tuile-vide"
    part = valeur if indicateur.est_un_rapport else (valeur / plus_grand if plus_grand else 0.0)
    return f"tuile t{carte.rang_de_part(min(part, 1.0))}"


def lire_territoire(
    lecteur: Utilisateur, maille: str, territoire: str, moment: Moment, choisi: int | None
) -> TableauTerritoire:
    """Les totaux d'une région ou du pays, l'indicateur choisi par secteur et, pour le pays, par région.

    Le financeur n'y lit que les indicateurs qu'on lui destine (`lire_pour`). Autant de requêtes quel que soit le nombre
    d'ESMS.
    """
    totaux = lire_totaux(lecteur, maille, territoire, moment).taire(lambda total: est_petit(total.nb_repondants))
    offerts = lisibles(totaux.indicateurs)
    indicateurs = moment.retenir(offerts)
    cibles = _cibles_d_instruction(moment.mois.fin)
    constants = comparer(indicateurs, totaux, moment, maille, territoire, lecteur=lecteur, discret=True)
    lignes = ensembles(indicateurs, totaux, moment, lambda i: cibles.get(i.pk) if se_vise(i) else None, constants)
    finance = lecteur.perimetre.tient(Role.ARS) and not lecteur.perimetre.sauf(Role.ARS).est_national
    detaillables = [i for i in indicateurs if i.transmis_au_financeur or not finance]
    retenu = next((i for i in detaillables if i.pk == choisi), detaillables[0] if detaillables else None)
    secteurs: list[Part] = []
    regions: list[Part] = []
    tuiles: list[Tuile] = []
    contours = ""
    if retenu is not None:
        periodes = moment.fenetres[retenu.cadence]
        noms = {**dict(Secteur.choices), "": INCONNU}

        def caches(champ: str) -> dict[tuple[str, date], int]:
            """Ce que le financeur ne lit pas encore. Une requête, ou aucune."""
            return en_montage_par(champ, maille, territoire, periodes, retenu.pk, lecteur) if finance else {}

        par_secteur = _sommer(maille, [territoire], retenu, moment, "secteur")
        # Un total qui se tait emporte ses secteurs : ils le rediraient.
        lus = {cle: total for cle, total in par_secteur.items() if totaux.montrer((retenu.pk, cle[1])) is not None}
        secteurs = _parts(lus, noms, periodes, caches("secteur"))
        if maille == Maille.NATIONAL:
            des_regions = dict(Region.objects.order_by("nom").values_list("pk", "nom"))
            # Nommer les régions, c'est suivre l'index : sans elles, on lirait les totaux de toutes les périodes.
            par_region = _sommer(Maille.REGION, list(des_regions), retenu, moment, "territoire")
            regions = _parts(par_region, des_regions, periodes, caches("region"))
            tuiles, contours = _tuiles(retenu, regions)
    return TableauTerritoire(moment, lignes, vignettes(lignes), retenu, secteurs, regions, tuiles, contours, offerts)
