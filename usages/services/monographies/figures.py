"""Les figures d'une monographie : les relevés avant et après l'ouverture, les effets codés, la campagne des effets.

Chaque figure porte son tableau et sa phrase : qui ne voit pas les barres lit la même chose.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from programme.enums import EtatParcours
from programme.models import Etape, Parcours
from programme.socle.dates import date_longue
from programme.socle.nombres import ABSENT, accorde, nombre
from usages.calculs.accord import kappa_moyen
from usages.calculs.contenu_monographie import Barre, Figure, Part, Tableau
from usages.calculs.dire import dire_chiffre, dire_court
from usages.calculs.effets_codes import Code, Constate, compter, mots_de, retenir, themes_dits
from usages.enums import Famille, ForceEffet, Forme, NatureConstat, SensEffet, ThemeEffet
from usages.models import Codage, Constat, Valeur, Visite

LEGENDE_DES_SENS = tuple((s.value, str(s.label)) for s in SensEffet)
LEGENDE_AVANT_APRES = (("avant", "Avant"), ("apres", "Après"))
_ACCORDS = {
    SensEffet.POSITIF: "positif,positifs",
    SensEffet.NEGATIF: "négatif,négatifs",
    SensEffet.MITIGE: "mitigé,mitigés",
    SensEffet.AUCUN: "sans effet,sans effet",
}
PRUDENCE = (
    "Un effet compte quand plus de la moitié de ses codeurs lui donnent le même thème et le même sens ; de leurs "
    "forces et de leurs preuves en désaccord, on garde la plus prudente."
)


# --- les relevés -----------------------------------------------------------------------------------------------------


def ouvert_le(parcours: Parcours) -> date | None:
    """Le jour où l'ESMS a commencé d'ouvrir son DUI : ce qui sépare l'avant de l'après. Une requête."""
    etapes = Etape.objects.filter(parcours=parcours, reelle__isnull=False).order_by("reelle")
    reelles = dict(etapes.values_list("etat", "reelle"))
    return reelles.get(EtatParcours.PILOTE) or reelles.get(EtatParcours.OUVERTURE)


def avant_apres(parcours: Parcours) -> Figure | None:
    """Le dernier chiffre transmis avant l'ouverture, le dernier d'après, par indicateur qui a les deux. Deux requêtes.

    Seuls ceux qu'on destine au financeur : ils sont faits pour sortir de l'ESMS.
    """
    pivot = ouvert_le(parcours)
    if pivot is None:
        return None
    lues: Any = Valeur.objects.totaux().comptees().filter(releve__parcours=parcours)
    lues = lues.filter(
        indicateur__transmis_au_financeur=True, indicateur__famille__in=(Famille.USAGE, Famille.MAINTIEN)
    )
    avant: dict[int, Valeur] = {}
    apres: dict[int, Valeur] = {}
    for v in lues.select_related("indicateur", "releve").order_by("releve__debut", "pk"):
        if v.releve.periode.fin < pivot:
            avant[v.indicateur_id] = v
        elif v.releve.debut >= pivot:
            apres[v.indicateur_id] = v
    paires = [(avant[cle], apres[cle]) for cle in avant if cle in apres]
    paires.sort(key=lambda p: (p[0].indicateur.famille != Famille.USAGE, p[0].indicateur.rang, p[0].indicateur_id))
    return _dire_paires(paires, pivot) if paires else None


def _dire_paires(paires: Sequence[tuple[Valeur, Valeur]], pivot: date) -> Figure:
    barres = [
        Barre(str(v.indicateur.libelle), nom, (_part(ton, v),), dire_court(v.indicateur, v.numerateur, v.denominateur))
        for paire in paires
        if paire[0].indicateur.forme == Forme.RAPPORT
        for (ton, nom), v in zip(LEGENDE_AVANT_APRES, paire, strict=True)
    ]
    lignes = tuple(
        (a.indicateur.libelle, *(f"{_en_entier(v)} ({v.releve.periode.nom})" for v in (a, b))) for a, b in paires
    )
    titre = "Les relevés, avant et après l'ouverture du DUI"
    courts = [
        f"{a.indicateur.libelle}, de {dire_court(a.indicateur, a.numerateur, a.denominateur)} "
        f"à {dire_court(b.indicateur, b.numerateur, b.denominateur)}"
        for a, b in paires
    ]
    note = f"Avant et après le {date_longue(pivot)}, le dernier chiffre transmis. Un écart n'est pas une cause."
    tableau = Tableau(titre, ("Indicateur", "Avant", "Après"), lignes, note)
    return Figure(titre, " ; ".join(courts) + ".", tuple(barres), LEGENDE_AVANT_APRES, tableau)


def _en_entier(v: Valeur) -> str:
    return dire_chiffre(v.indicateur, v.numerateur, v.denominateur)


def _part(ton: str, v: Valeur) -> Part:
    taux = float(v.numerateur / v.denominateur) if v.numerateur is not None and v.denominateur else 0.0
    return Part(ton, round(min(max(taux, 0.0), 1.0), 4), "")


# --- les effets ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EffetsLus:
    """Les constats d'une visite et leurs codes. `accord` : ce que dit le kappa, sur le thème puis sur le sens."""

    constats: tuple[Constate, ...]
    codeurs: int
    accord_des_themes: str
    accord_des_sens: str

    @property
    def retenus(self) -> list[tuple[Constate, Code]]:
        """Chaque effet retenu, et son code."""
        effets = (c for c in self.constats if c.nature == NatureConstat.EFFET)
        return [(c, code) for c in effets if (code := retenir(c.codes))]

    @property
    def a_reprendre(self) -> int:
        """Combien d'effets ne sont pas codés, ou le sont autrement par chacun."""
        return sum(c.nature == NatureConstat.EFFET for c in self.constats) - len(self.retenus)


def lire_effets(visite: Visite) -> EffetsLus:
    """Les constats de la visite. Deux requêtes."""
    codes: dict[int, list[Code]] = defaultdict(list)
    themes: dict[str, dict[int, str]] = defaultdict(dict)
    sens: dict[str, dict[int, str]] = defaultdict(dict)
    for c in Codage.objects.filter(constat__visite=visite).order_by("constat", "pk"):
        codes[c.constat_id].append(Code(c.theme, c.sens, c.force, c.preuve))
        themes[str(c.codeur_id)][c.constat_id] = c.theme
        sens[str(c.codeur_id)][c.constat_id] = c.sens
    constats = tuple(
        Constate(c.libelle, c.nature, tuple(codes[c.pk])) for c in Constat.objects.filter(visite=visite).order_by("pk")
    )
    return EffetsLus(constats, len(themes), kappa_moyen(themes).phrase, kappa_moyen(sens).phrase)


def effets_du_theme(lus: EffetsLus, theme: str) -> Tableau | None:
    """Les effets retenus d'un thème, un par ligne."""
    lignes = tuple((c.libelle, *mots_de(code)) for c, code in lus.retenus if code.theme == theme)
    if not lignes:
        return None
    return Tableau("Les effets constatés", ("Effet", "Sens", "Force", "Preuve"), lignes)


def effets_par_theme(lus: EffetsLus) -> Figure | None:
    """Thème × sens × force : une barre par thème, un morceau par sens ; les forces sont au tableau."""
    codes = [code for _, code in lus.retenus]
    if not codes:
        return None
    comptes = {theme: compter(codes, theme) for theme in themes_dits(codes)}
    plus_grand = max(sum(c.values()) for c in comptes.values())
    barres = tuple(_barre(theme, compte, plus_grand) for theme, compte in comptes.items())
    lignes = tuple(
        (str(theme.label), *(_case(compte, sens) for sens in SensEffet), nombre(sum(compte.values())))
        for theme, compte in comptes.items()
    )
    titre = "Les effets retenus, par thème et par sens"
    note = f"Le nombre d'effets, puis leur force. {PRUDENCE} Accord des codeurs sur le sens : {lus.accord_des_sens}"
    entetes = ("Thème", *(str(s.label) for s in SensEffet), "En tout")
    phrase = " ; ".join(f"{b.nom} : {b.dit}" for b in barres) + "."
    return Figure(titre, phrase, barres, LEGENDE_DES_SENS, Tableau(titre, entetes, lignes, note))


def _barre(theme: ThemeEffet, compte: Mapping[tuple[str, str], int], plus_grand: int) -> Barre:
    par_sens = [(s, sum(n for (sens, _), n in compte.items() if sens == s)) for s in SensEffet]
    parts = tuple(Part(s.value, round(n / plus_grand, 4), nombre(n)) for s, n in par_sens if n)
    dits = [accorde(n, _ACCORDS[s]) for s, n in par_sens if n]
    return Barre("", str(theme.label), parts, f"{accorde(sum(n for _, n in par_sens), 'effet')} ({', '.join(dits)})")


def _case(compte: Mapping[tuple[str, str], int], sens: str) -> str:
    """« 3 : 1 forte, 2 faible », « 2, forte » ; un tiret s'il n'y en a pas."""
    forces = [(f, compte.get((sens, f.value), 0)) for f in reversed(ForceEffet)]
    if not (total := sum(n for _, n in forces)):
        return ABSENT
    dites = [(str(f.label).lower(), n) for f, n in forces if n]
    if len(dites) == 1:
        return f"{nombre(total)}, {dites[0][0]}"
    return f"{nombre(total)} : " + ", ".join(f"{nombre(n)} {mot}" for mot, n in dites)


def leviers_et_freins(lus: EffetsLus) -> Tableau | None:
    """Ce qui a aidé, ce qui a freiné, tel que l'équipe l'a constaté."""
    lignes: Iterable[tuple[str, str]] = (
        (str(NatureConstat(c.nature).label).removeprefix("Un ").capitalize(), c.libelle)
        for nature in (NatureConstat.LEVIER, NatureConstat.FREIN)
        for c in lus.constats
        if c.nature == nature
    )
    gardees = tuple(lignes)
    return Tableau("Leviers et freins", ("Nature", "Constat"), gardees) if gardees else None
