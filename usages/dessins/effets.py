"""Ce que les visites ont fait constater, en cartes de chaleur : thème × sens, ESMS × thème. Module pur.

Plus foncé dit plus d'effets, jamais mieux : le sens est dans la colonne, ou écrit dans la case.
"""

from collections.abc import Iterable
from math import ceil

from programme.socle.nombres import accorde, liste
from usages.calculs.codes_retenus import DITS, EN_DESACCORD
from usages.calculs.synthese_effets import COLONNES, FORCES, LIGNES, Case, Matrice
from usages.dessins import chaleur
from usages.enums import ForceEffet, SensEffet, ThemeEffet

PALIERS = 4
PLUS_FONCE_DES = 3
"""Effets d'une case pour la teinte la plus foncée, quand aucune n'en a davantage."""
SIGNES = {
    SensEffet.POSITIF.value: "+",
    SensEffet.NEGATIF.value: "−",
    SensEffet.MITIGE.value: "±",
    SensEffet.AUCUN.value: "0",
    EN_DESACCORD: "?",
}
"""Ce qu'une case écrit du sens, quand la colonne ne le dit pas."""
LES_SIGNES = "+ positif, − négatif, ± mitigé, 0 sans effet, ? en désaccord"
_FORCES = {
    ForceEffet.FORTE.value: "fort",
    ForceEffet.MOYENNE.value: "moyen",
    ForceEffet.FAIBLE.value: "faible",
    EN_DESACCORD: "de force en désaccord,de force en désaccord",
}
_SENS = {
    SensEffet.POSITIF.value: "positif",
    SensEffet.NEGATIF.value: "négatif",
    SensEffet.MITIGE.value: "mitigé",
    SensEffet.AUCUN.value: "sans effet,sans effet",
    EN_DESACCORD: "en désaccord,en désaccord",
}


def nom_du_theme(theme: str) -> str:
    """Le thème en mots, ou ce qui en tient lieu."""
    return DITS.get(theme) or str(ThemeEffet(theme).label)


def nom_du_sens(sens: str) -> str:
    """Le sens en mots, ou ce qui en tient lieu."""
    return DITS.get(sens) or str(SensEffet(sens).label)


ENTETES = tuple(nom_du_sens(sens) for sens in COLONNES)


def themes_en_mots() -> list[tuple[str, str]]:
    """(code, nom) de chaque ligne, dans l'ordre."""
    return [(theme, nom_du_theme(theme)) for theme in LIGNES]


def _palier(nombre: int, plus_grand: int) -> str:
    """Sur quatre teintes ; un effet isolé reste clair, même s'il n'y en a nulle part davantage."""
    return f"p{ceil(PALIERS * nombre / max(plus_grand, PLUS_FONCE_DES))}" if nombre else "p0"


def dire_forces(case: Case) -> str:
    """« 2 forts, 1 faible »."""
    return ", ".join(accorde(nombre, _FORCES[force]) for force, nombre in case.forces)


def _case(case: Case, plus_grand: int) -> chaleur.Case:
    if not case.nombre:
        return chaleur.Case("p0", "0", "effet")
    forts = case.de_force(ForceEffet.FORTE)
    dit = f"{'effet' if case.nombre < 2 else 'effets'}, {accorde(case.visites, 'ESMS,ESMS')} : {dire_forces(case)}"
    return chaleur.Case(
        _palier(case.nombre, plus_grand), str(case.nombre), dit, accorde(forts, "fort") if forts else ""
    )


def dessiner(matrice: Matrice) -> list[chaleur.Ligne]:
    """Une ligne par thème, une case par sens ; celle des désaccords ne se montre que s'il y en a."""
    plus_grand = matrice.plus_grand
    return [
        chaleur.Ligne(nom, "", tuple(_case(matrice.case(theme, sens), plus_grand) for sens in COLONNES))
        for theme, nom in themes_en_mots()
        if theme != EN_DESACCORD or matrice.de_theme(theme)
    ]


def dessiner_par_esms(rangees: Iterable[tuple[str, str, Matrice]]) -> list[chaleur.Ligne]:
    """Une ligne par ESMS (nom, adresse, matrice), une case par thème."""
    lues = list(rangees)
    plus_grand = max((m.de_theme(theme) for _, _, m in lues for theme in LIGNES), default=0)
    return [
        chaleur.Ligne(nom, url, tuple(_case_d_esms(matrice, theme, plus_grand) for theme in LIGNES))
        for nom, url, matrice in lues
    ]


def _case_d_esms(matrice: Matrice, theme: str, plus_grand: int) -> chaleur.Case:
    nombre = matrice.de_theme(theme)
    if not nombre:
        return chaleur.Case("p0", "0", "effet")
    parts = [(sens, matrice.case(theme, sens).nombre) for sens in COLONNES]
    ecrits = " ".join(f"{n}\u00a0{SIGNES[sens]}" for sens, n in parts if n)
    dits = liste(accorde(n, _SENS[sens]) for sens, n in parts if n)
    return chaleur.Case(
        _palier(nombre, plus_grand), str(nombre), f"{'effet' if nombre < 2 else 'effets'} : {dits}", ecrits
    )


def forces_en_mots() -> list[tuple[str, str]]:
    """(code, nom) de chaque force, la plus forte d'abord."""
    return [(f, DITS.get(f) or str(ForceEffet(f).label)) for f in FORCES]
