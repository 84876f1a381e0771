"""La synthèse et les verbatims d'une étude, pour un tableur : les mêmes comptes que la page."""

from collections.abc import Callable, Iterable
from typing import Any

from usages.calculs.codes_retenus import DIMENSIONS, DITS, REGLE, Retenu
from usages.calculs.synthese_effets import COLONNES, LIGNES, Code, Matrice
from usages.dessins.effets import ENTETES, forces_en_mots, nom_du_theme, themes_en_mots
from usages.enums import ForceEffet, NatureConstat, PreuveEffet, SensEffet, ThemeEffet
from usages.models import Verbatim
from usages.services.etudes.effets import Synthese
from usages.services.tableaux.emporter import Lignes, Table

MOTS: dict[str, Any] = {"theme": ThemeEffet, "sens": SensEffet, "force": ForceEffet, "preuve": PreuveEffet}


def matrice(lue: Synthese) -> Table:
    """Thème × sens : le nombre d'effets ; puis chaque force."""
    forces = [f"dont force {nom.lower()}" for _, nom in forces_en_mots()]

    def lignes() -> Lignes:
        for theme, nom in themes_en_mots():
            cases = [lue.matrice.case(theme, sens) for sens in COLONNES]
            par_force = [sum(c.de_force(force) for c in cases) for force, _ in forces_en_mots()]
            yield [nom, *(c.nombre for c in cases), lue.matrice.de_theme(theme), *par_force]

    return Table("effets-par-theme", ["Thème", *ENTETES, "Total", *forces], lignes())


def par_esms(lue: Synthese) -> Table:
    """Une ligne par ESMS et thème."""

    def lignes() -> Lignes:
        for visite in lue.lues:
            sienne = lue.matrices.get(visite.pk) or Matrice({}, 0)
            esms = visite.parcours.esms
            for theme in LIGNES:
                nombres = [sienne.case(theme, sens).nombre for sens in COLONNES]
                yield [str(visite.parcours), esms.finess, nom_du_theme(theme), *nombres, sum(nombres)]

    return Table("effets-par-esms", ["ESMS", "FINESS", "Thème", *ENTETES, "Total"], lignes())


def constats(lue: Synthese) -> Table:
    """Une ligne par constat : ses codes retenus, et sur quoi chacun repose."""
    entetes = ["ESMS", "FINESS", "Nature", "Constat", "Se rapproche de", "Codeurs"]
    noms = {"theme": "Thème", "sens": "Sens", "force": "Force", "preuve": "Preuve"}
    for dimension in DIMENSIONS:
        entetes += [noms[dimension], f"{noms[dimension]} : retenu"]

    def lignes() -> Lignes:
        for code in lue.codes:
            parcours = lue.visites[code.visite].parcours
            rangee = [str(parcours), parcours.esms.finess, NatureConstat(code.nature).label, code.libelle]
            yield [*rangee, code.rapproche, code.theme.sur, *_retenus(code)]

    return Table("constats-codes", entetes, lignes())


def en_mots(code: Code) -> list[tuple[str, str]]:
    """De chaque dimension : le code retenu, et sur quoi il repose."""
    retenus: list[Retenu] = [getattr(code, dimension) for dimension in DIMENSIONS]
    return [
        (DITS.get(r.code) or str(MOTS[d](r.code).label), r.base.value) for d, r in zip(DIMENSIONS, retenus, strict=True)
    ]


def _retenus(code: Code) -> list[str]:
    rangee: list[str] = []
    for dimension, (mot, _) in zip(DIMENSIONS, en_mots(code), strict=True):
        retenu: Retenu = getattr(code, dimension)
        rangee += [mot, f"{retenu.base.value} ({retenu.pour} sur {retenu.sur})" if retenu.sur else retenu.base.value]
    return rangee


def recurrents(lue: Synthese) -> Table:
    """Leviers, freins et effets qui reviennent : dans combien d'ESMS, lesquels."""

    def lignes() -> Lignes:
        for r in [*lue.leviers_et_freins, *lue.effets_recurrents]:
            yield [r.nature_dite, r.libelle, r.combien, r.sur, r.constats, ", ".join(r.esms)]

    return Table("leviers-et-freins", ["Nature", "Constat", "ESMS", "Sur", "Constats", "Lesquels"], lignes())


def regle(lue: Synthese) -> Table:
    """Ce qu'il faut savoir avant de lire les chiffres."""
    dites = [[REGLE], [f"Effets codés : {lue.matrice.total}. Pas encore codés : {lue.matrice.pas_codes}."]]
    if lue.a_coder:
        noms = ", ".join(str(v.parcours) for v in lue.a_coder)
        dites.append([f"Sans les visites que vous n'avez pas fini de coder : {noms}."])
    return Table("comment-lire", ["Comment lire"], iter(dites))


TABLES: dict[str, tuple[str, Callable[[Synthese], Table]]] = {
    "matrice": ("Thème et sens", matrice),
    "esms": ("Par ESMS", par_esms),
    "constats": ("Constats", constats),
    "recurrents": ("Leviers et freins", recurrents),
    "regle": ("Comment lire", regle),
}
"""Par nom dans l'adresse : le titre de la feuille, la table."""


def verbatims(lus: Iterable[Verbatim]) -> Table:
    """Ceux qui peuvent être cités, un par ligne ; le rôle de qui parle, jamais un nom."""

    def lignes() -> Lignes:
        for v in lus:
            theme = v.get_theme_display() if v.theme else "Sans thème"
            yield [theme, v.texte, v.qui, v.get_voix_display(), str(v.parcours), v.recueilli_le]

    entetes = ["Thème", "Ce qui a été dit", "Rôle", "Qui parle", "ESMS", "Recueilli le"]
    return Table("verbatims-citables", entetes, lignes())
