"""Un fichier du personnel lu ligne à ligne : des valeurs, ou des fautes qui disent où, jamais qui. Module pur.

Aucune phrase ne cite une case : un nom mal rangé finirait dans un rapport que d'autres lisent.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from formation.calculs.mots_rh import (
    A_MOTS,
    COLONNES,
    COURRIEL,
    ENTREE,
    MATRICULE,
    METIER,
    NOM,
    PRENOM,
    RYTHME,
    SORTIE,
    UNITE,
)
from programme.socle.classeur import Cellule
from programme.socle.finess.numero import expliquer
from programme.socle.grilles import Grille, LigneLue
from programme.socle.liaisons import ESMS, Traducteur, rangs
from programme.socle.nombres import liste
from programme.socle.texte import nettoyer, normaliser

ANNEES = range(1940, 2101)
SANS_FIN = (2999, 9999)
"""Ce que les logiciels de paie écrivent pour « toujours là »."""
MATRICULE_MAXIMAL, NOM_MAXIMAL, UNITE_MAXIMALE, COURRIEL_MAXIMAL = 40, 120, 80, 254

FORMULE = "la case contient une formule : collez sa valeur à la place."
SANS_MATRICULE = "pas de matricule : donnez-le, ou ajoutez la personne à la main."
SANS_CHIFFRE = "un matricule porte au moins un chiffre : est-ce la bonne colonne ?"
COMME_UN_NIR = "cela ressemble à un numéro de sécurité sociale, que Treille ne reçoit pas : mettez le matricule."
TROP_LONG = "plus de {} signes : est-ce la bonne colonne ?"
SANS_NOM = "pas de nom : donnez-le, ou comptez le poste sans nom depuis la page de l'ESMS."
METIER_VIDE = "pas de métier : donnez-le."
METIER_INCONNU = "ce mot n'est relié à aucun métier : reliez-le, puis refaites l'aperçu."
ESMS_VIDE = "pas d'ESMS : donnez son numéro FINESS, ou un libellé relié."
ESMS_INCONNU = "ce n'est pas un ESMS que vous gérez ici : vérifiez le numéro, ou reliez ce libellé."
ENTREE_VIDE = "pas de date d'entrée : donnez-la."
DATE_ILLISIBLE = "ce n'est pas une date du calendrier : écrivez-la JJ/MM/AAAA."
DATE_LOINTAINE = "cette année n'est pas vraisemblable : vérifiez la date."
SORTIE_AVANT = "la sortie précède l'entrée : corrigez l'une des deux dates."
RYTHME_INCONNU = "ce mot n'est relié à aucun rythme : reliez-le, puis refaites l'aperçu."
COURRIEL_FAUX = "ce n'est pas une adresse de courriel."
DEUX_NOMS = "ce matricule porte des noms différents ({}) : un matricule, une personne."
SE_CHEVAUCHENT = "même matricule, même ESMS, dates qui se chevauchent aux lignes {} et {} : gardez-en une."

_NIR_SANS_CLE = re.compile(r"[1-478]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d{2}|2[AB])\d{6}(?:\d{2})?", re.ASCII)
_COURRIEL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s.,;<>]{2,}")
_HEURE = re.compile(r"[ T]\d{1,2}[:h]\d{2}.*$")


@dataclass(frozen=True)
class Faute:
    """Ce qui ne va pas dans une case : colonne attendue, place, phrase."""

    colonne: str
    place: str
    phrase: str

    @property
    def en_clair(self) -> str:
        """« Entrée (G12) : ce n'est pas une date… »."""
        place = f" ({self.place})" if self.place else ""
        return f"{COLONNES[self.colonne]}{place} : {self.phrase}"


@dataclass
class LigneRh:
    """Une ligne du fichier : ce qu'elle dit (une colonne absente n'y est pas), ses fautes.

    `matricule` est vide quand il ne se lit pas. Valeurs : `metier` un code, `esms` un FINESS, `entree` et `sortie` des
    dates, `unite` le nom écrit.
    """

    numero: int
    matricule: str = ""
    valeurs: dict[str, Any] = field(default_factory=dict)
    fautes: list[Faute] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)

    @property
    def cle(self) -> str:
        """« ligne 12 » : ni un nom ni un matricule, ce qui en est dit se lit et se garde ailleurs."""
        return f"ligne {self.numero}"

    @property
    def fin(self) -> date:
        """Dernier jour, ou très loin."""
        return self.valeurs.get(SORTIE) or date.max

    def refuser(self, colonne: str, phrase: str) -> None:
        """Ajoute une faute, une fois."""
        faute = Faute(colonne, self.places.get(colonne, ""), phrase)
        if faute not in self.fautes:
            self.fautes.append(faute)


def lire_lignes(grille: Grille, colonnes: dict[str, str], traduire: Traducteur) -> list[LigneRh]:
    """Toutes les lignes, toutes leurs fautes, celles qui ne se voient qu'à plusieurs comprises."""
    places = rangs(grille.entetes, colonnes, COLONNES)
    lignes = [_lire(lue, places, traduire) for lue in grille.lignes]
    _exiger_un_nom(lignes)
    _exiger_des_dates_disjointes(lignes)
    return lignes


def _lire(lue: LigneLue, places: dict[str, int], traduire: Traducteur) -> LigneRh:
    cases = {code: lue.cellules[rang] for code, rang in places.items()}
    ligne = LigneRh(lue.numero, places={code: case.place for code, case in cases.items()})
    for code, case in cases.items():
        if case.est_formule:
            ligne.refuser(code, FORMULE)
    saines = {code: case for code, case in cases.items() if not case.est_formule}
    if MATRICULE in saines:
        _lire_matricule(ligne, saines[MATRICULE])
    _lire_nom(ligne, saines)
    for code in A_MOTS:
        if code in saines:
            _lire_mot(ligne, code, saines[code], traduire)
    for code in (ENTREE, SORTIE):
        if code in saines:
            _lire_date(ligne, code, saines[code])
    _lire_courriel(ligne, saines.get(COURRIEL))
    entree, sortie = ligne.valeurs.get(ENTREE), ligne.valeurs.get(SORTIE)
    if entree and sortie and sortie < entree:
        ligne.refuser(SORTIE, SORTIE_AVANT)
    return ligne


def _lire_matricule(ligne: LigneRh, case: Cellule) -> None:
    texte = nettoyer(case.texte)
    serre = re.sub(r"[\s.\-]", "", texte).upper()
    if not texte:
        ligne.refuser(MATRICULE, SANS_MATRICULE)
    elif _NIR_SANS_CLE.fullmatch(serre):
        ligne.refuser(MATRICULE, COMME_UN_NIR)
    elif not any(c.isdigit() for c in texte) or "@" in texte:
        ligne.refuser(MATRICULE, SANS_CHIFFRE)
    elif len(texte) > MATRICULE_MAXIMAL:
        ligne.refuser(MATRICULE, TROP_LONG.format(MATRICULE_MAXIMAL))
    else:
        ligne.matricule = texte


def _lire_nom(ligne: LigneRh, saines: dict[str, Cellule]) -> None:
    if NOM not in saines:
        return
    morceaux = [nettoyer(saines[code].texte) for code in (NOM, PRENOM) if code in saines]
    nom = " ".join(m for m in morceaux if m)
    if not morceaux[0]:
        ligne.refuser(NOM, SANS_NOM)
    elif len(nom) > NOM_MAXIMAL:
        ligne.refuser(NOM, TROP_LONG.format(NOM_MAXIMAL))
    else:
        ligne.valeurs[NOM] = nom


_VIDES = {METIER: METIER_VIDE, ESMS: ESMS_VIDE}
_INCONNUS = {METIER: METIER_INCONNU, ESMS: ESMS_INCONNU, RYTHME: RYTHME_INCONNU}


def _lire_mot(ligne: LigneRh, code: str, case: Cellule, traduire: Traducteur) -> None:
    texte = nettoyer(case.texte)
    if not texte:
        if code in _VIDES:
            ligne.refuser(code, _VIDES[code])
        return
    if code == UNITE:
        ligne.valeurs[UNITE] = traduire(UNITE, texte) or texte[:UNITE_MAXIMALE]
        return
    numero = expliquer(texte).numero if code == ESMS else None
    if valeur := numero or traduire(code, texte):
        ligne.valeurs[code] = valeur
    else:
        ligne.refuser(code, _INCONNUS[code])


def _lire_date(ligne: LigneRh, code: str, case: Cellule) -> None:
    valeur = case.valeur
    nue = Cellule(case.place, _HEURE.sub("", valeur.strip())) if isinstance(valeur, str) else case
    if not nue.texte:
        if code == ENTREE:
            ligne.refuser(ENTREE, ENTREE_VIDE)
        else:
            ligne.valeurs[SORTIE] = None
        return
    try:
        jour = nue.jour()
    except (ValueError, OverflowError):
        ligne.refuser(code, DATE_ILLISIBLE)
        return
    assert jour is not None  # la case n'est pas vide
    if code == SORTIE and jour.year in SANS_FIN:
        ligne.valeurs[SORTIE] = None
    elif jour.year not in ANNEES:
        ligne.refuser(code, DATE_LOINTAINE)
    else:
        ligne.valeurs[code] = jour


def _lire_courriel(ligne: LigneRh, case: Cellule | None) -> None:
    texte = nettoyer(case.texte) if case else ""
    if not texte:
        return
    if len(texte) > COURRIEL_MAXIMAL or not _COURRIEL.fullmatch(texte):
        ligne.refuser(COURRIEL, COURRIEL_FAUX)
    else:
        ligne.valeurs[COURRIEL] = texte


# --- ce qui ne se voit qu'à plusieurs lignes -----------------------------------------------------------------------


def _par_cle(lignes: list[LigneRh], cle: Callable[[LigneRh], Any]) -> Iterator[list[LigneRh]]:
    groupes: dict[Any, list[LigneRh]] = {}
    for ligne in lignes:
        if ligne.matricule:
            groupes.setdefault(cle(ligne), []).append(ligne)
    return (groupe for groupe in groupes.values() if len(groupe) > 1)


def _exiger_un_nom(lignes: list[LigneRh]) -> None:
    for groupe in _par_cle(lignes, lambda ligne: ligne.matricule):
        noms = {normaliser(ligne.valeurs[NOM]) for ligne in groupe if NOM in ligne.valeurs}
        if len(noms) > 1:
            dites = f"lignes {liste([ligne.numero for ligne in groupe])}"
            for ligne in groupe:
                ligne.refuser(MATRICULE, DEUX_NOMS.format(dites))


def _exiger_des_dates_disjointes(lignes: list[LigneRh]) -> None:
    datees = [ligne for ligne in lignes if ligne.valeurs.get(ENTREE) and ligne.valeurs.get(ESMS)]
    for groupe in _par_cle(datees, lambda ligne: (ligne.matricule, ligne.valeurs[ESMS])):
        groupe.sort(key=lambda ligne: (ligne.valeurs[ENTREE], ligne.numero))
        longue = groupe[0]
        for ligne in groupe[1:]:
            if ligne.valeurs[ENTREE] <= longue.fin:
                un, deux = sorted((longue.numero, ligne.numero))
                longue.refuser(MATRICULE, SE_CHEVAUCHENT.format(un, deux))
                ligne.refuser(MATRICULE, SE_CHEVAUCHENT.format(un, deux))
            longue = max(longue, ligne, key=lambda vue: vue.fin)
