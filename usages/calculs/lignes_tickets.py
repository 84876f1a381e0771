"""Un export de tickets lu ligne à ligne : des valeurs, ou des fautes qui disent où, jamais qui. Module pur.

Aucune phrase ne cite une case : un nom ou une description mal rangés finiraient dans un rapport que d'autres lisent.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from programme.socle.classeur import Cellule
from programme.socle.grilles import Grille, LigneLue
from programme.socle.liaisons import ESMS, RIEN, Traducteur, rangs
from programme.socle.texte import nettoyer
from usages.calculs.mots_tickets import (
    A_MOTS,
    AILLEURS,
    BLOQUANT,
    COLONNES,
    CONTOURNE,
    CONTOURNEMENT,
    CREE,
    DATES,
    FERME,
    MODULE,
    NUMERO,
    OUI,
    TRAITE,
    finess_de,
)

NUMERO_MAXIMAL = 60
PREMIERE_ANNEE = 2000

FORMULE = "la case contient une formule : collez sa valeur à la place."
SANS_NUMERO = "pas de numéro : donnez-le, sans lui un ticket ne se reconnaît pas d'un fichier à l'autre."
SANS_CHIFFRE = "un numéro de ticket porte au moins un chiffre : est-ce la bonne colonne ?"
TROP_LONG = "plus de {} signes : est-ce la bonne colonne ?"
DEJA_LU = "ce numéro est déjà à la ligne {} : gardez une seule des deux."
CREE_VIDE = "pas de date de création : donnez-la."
DATE_ILLISIBLE = "ce n'est pas une date du calendrier : écrivez-la JJ/MM/AAAA."
DATE_A_VENIR = "cette date est à venir : vérifiez-la."
DATE_LOINTAINE = "cette année n'est pas vraisemblable : vérifiez la date."
AVANT_CREATION = "cette date précède la création du ticket : corrigez l'une des deux."
INCONNUS = {
    ESMS: "ce n'est pas un ESMS de la grappe : reliez ce mot, ou dites qu'il est d'ailleurs.",
    MODULE: "ce mot n'est relié à aucun module : reliez-le, ou dites de n'en rien reprendre.",
    BLOQUANT: "ce mot ne dit pas si le ticket bloque : reliez-le, puis refaites l'aperçu.",
    CONTOURNEMENT: "ce mot ne dit pas s'il y a un contournement : reliez-le, puis refaites l'aperçu.",
}

_HEURE = re.compile(r"[ T]\d{1,2}[:h]\d{2}.*$")


@dataclass
class LigneTicket:
    """Une ligne : ce qu'elle dit du ticket (une colonne absente n'y est pas), ses fautes (colonne, place, phrase).

    `valeurs` : dates, `esms` un FINESS ou None, `module` un code ou None, `est_bloquant`, `a_contournement`.
    `d_ailleurs` : son ESMS n'est pas de la grappe, elle se met de côté.
    """

    rang: int
    numero: str = ""
    valeurs: dict[str, Any] = field(default_factory=dict)
    fautes: list[tuple[str, str, str]] = field(default_factory=list)
    d_ailleurs: bool = False

    @property
    def cle(self) -> str:
        """Le numéro du ticket ; à défaut, le rang de la ligne."""
        return self.numero or f"ligne {self.rang}"

    def refuser(self, colonne: str, place: str, phrase: str) -> None:
        """Ajoute une faute."""
        self.fautes.append((colonne, place, phrase))

    @property
    def colonnes_fautives(self) -> str:
        """« Créé le, Fermé le »."""
        return ", ".join(dict.fromkeys(COLONNES[colonne] for colonne, _, _ in self.fautes))

    @property
    def raison(self) -> str:
        """« Créé le (C12) : ce n'est pas une date du calendrier… »."""
        return " ".join(f"{COLONNES[c]}{f' ({place})' if place else ''} : {dit}" for c, place, dit in self.fautes)


def lire_lignes(grille: Grille, colonnes: dict[str, str], traduire: Traducteur, au: date) -> list[LigneTicket]:
    """Toutes les lignes, toutes leurs fautes ; `au` : aujourd'hui, au-delà une date est à venir."""
    places, vus = rangs(grille.entetes, colonnes, COLONNES), dict[str, int]()
    lignes = []
    for lue in grille.lignes:
        ligne = _lire(lue, places, traduire, au)
        if ligne.numero and (premiere := vus.setdefault(ligne.numero, lue.numero)) != lue.numero:
            ligne.refuser(NUMERO, lue.cellules[places[NUMERO]].place, DEJA_LU.format(premiere))
        lignes.append(ligne)
    return lignes


def _lire(lue: LigneLue, places: dict[str, int], traduire: Traducteur, au: date) -> LigneTicket:
    cases = {code: lue.cellules[rang] for code, rang in places.items()}
    ligne = LigneTicket(lue.numero)
    for code, case in cases.items():
        if case.est_formule:
            ligne.refuser(code, case.place, FORMULE)
        elif code == NUMERO:
            _lire_numero(ligne, case)
        elif code in DATES:
            _lire_date(ligne, code, case, au)
        elif code in A_MOTS:
            _lire_mot(ligne, code, case, traduire)
    _exiger_l_ordre(ligne, cases)
    _reunir_la_gravite(ligne)
    return ligne


def _lire_numero(ligne: LigneTicket, case: Cellule) -> None:
    texte = nettoyer(case.texte)
    if not texte:
        ligne.refuser(NUMERO, case.place, SANS_NUMERO)
    elif not any(c.isdigit() for c in texte) or "@" in texte:
        ligne.refuser(NUMERO, case.place, SANS_CHIFFRE)
    elif len(texte) > NUMERO_MAXIMAL:
        ligne.refuser(NUMERO, case.place, TROP_LONG.format(NUMERO_MAXIMAL))
    else:
        ligne.numero = texte


def _lire_date(ligne: LigneTicket, code: str, case: Cellule, au: date) -> None:
    valeur = case.valeur
    # « 12/03/2027 08:41 » : l'heure ne nous regarde pas, et celle du changement d'heure n'existe pas toujours.
    nue = Cellule(case.place, _HEURE.sub("", valeur.strip())) if isinstance(valeur, str) else case
    try:
        jour = nue.jour()
    except (ValueError, OverflowError):
        ligne.refuser(code, case.place, DATE_ILLISIBLE)
        return
    if jour is None and code == CREE:
        ligne.refuser(code, case.place, CREE_VIDE)
    elif jour and jour > au:
        ligne.refuser(code, case.place, DATE_A_VENIR)
    elif jour and jour.year < PREMIERE_ANNEE:
        ligne.refuser(code, case.place, DATE_LOINTAINE)
    else:
        ligne.valeurs[code] = jour


def _lire_mot(ligne: LigneTicket, code: str, case: Cellule, traduire: Traducteur) -> None:
    texte = nettoyer(case.texte)
    numero = finess_de(texte) if code == ESMS and texte else None
    valeur = RIEN if not texte else traduire(code, numero or texte)
    if valeur is None:
        ligne.refuser(code, case.place, INCONNUS[code])
    elif valeur == AILLEURS:
        ligne.d_ailleurs = True
    else:
        ligne.valeurs[code] = None if valeur == RIEN else valeur


def _exiger_l_ordre(ligne: LigneTicket, cases: dict[str, Cellule]) -> None:
    cree = ligne.valeurs.get(CREE)
    for code in (TRAITE, FERME):
        jour = ligne.valeurs.get(code)
        if cree and jour and jour < cree:
            ligne.refuser(code, cases[code].place, AVANT_CREATION)


def _reunir_la_gravite(ligne: LigneTicket) -> None:
    """Deux colonnes, ou une seule qui dit les deux : ce que le ticket retient est le même."""
    if BLOQUANT in ligne.valeurs:
        gravite = ligne.valeurs.pop(BLOQUANT)
        ligne.valeurs["est_bloquant"] = gravite in (OUI, CONTOURNE)
        if gravite == CONTOURNE:
            ligne.valeurs["a_contournement"] = True
            ligne.valeurs.pop(CONTOURNEMENT, None)
        elif CONTOURNEMENT not in ligne.valeurs:
            ligne.valeurs["a_contournement"] = False
    if CONTOURNEMENT in ligne.valeurs:
        ligne.valeurs["a_contournement"] = ligne.valeurs.pop(CONTOURNEMENT) == OUI
