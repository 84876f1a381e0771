"""Une grille et sa correspondance deviennent des lignes de reprise : valeurs sûres, fautes à leur place. Module pur.

Une correspondance est un dict simple : {"lecture": {feuille, ligne_entete, nb_entetes}, "colonnes": {intitulé : code},
"valeurs": {code: {mot : valeur}}}. L'intitulé y est normalisé par `socle.texte.normaliser`, le mot par
`mots.cle_de_mot`. Un mot absent des valeurs est compris s'il est clair ; relié à rien (None ou ""), il est une faute.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from programme.calculs.constat import fautes_de_dates
from programme.enums import FRISE_PARCOURS, EtatParcours, IssueVerification
from programme.reprise.correspondance import controler_correspondance
from programme.reprise.dates import DateIllisible, DateLue, lire_date
from programme.reprise.mots import (
    COLONNES,
    DATES_PREVUES,
    DATES_REELLES,
    EST_PILOTE,
    ETAT,
    FINESS,
    ISSUES,
    NOM_ESMS,
    REMARQUE,
    est_vacant,
    est_vide,
    mot_de_cellule,
    proposer_valeurs,
    rangs_des_codes,
)
from programme.socle.classeur import Cellule
from programme.socle.finess.numero import Defaut, expliquer
from programme.socle.grilles import Fusion, Grille, LigneLue
from programme.socle.texte import en_phrase

__all__ = ["Faute", "LigneReprise", "controler_correspondance", "lire_lignes"]

E = EtatParcours
_ETAPES = {DATES_REELLES[etat]: etat for etat in FRISE_PARCOURS}
_COTES = (E.SUSPENDU, E.SORTI)
_DATES = {*DATES_REELLES.values(), *DATES_PREVUES.values(), "va_date", "vsr_date"}
_PASSEES = {*DATES_REELLES.values(), "va_date", "vsr_date"}
_PERSONNES = ("directeur", "referent")
_VERIFICATIONS = {"va": "VA", "vsr": "VSR"}
_ERREUR_DE_TABLEUR = re.compile(
    r"#(?:N/?A|REF!|VALEUR!|VALUE!|NOM\?|NAME\?|DIV/0!|NUL!|NULL!|NOMBRE!|NUM!|SPILL!|CALC!)"
)
_COURRIEL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]{2,}")
TEXTE_MAXIMAL = 200

FUSIONNEE = "la case est fusionnée avec d'autres ({}) : défusionnez-la, puis écrivez la valeur sur chaque ligne."
FORMULE = "la case contient une formule : collez sa valeur à la place."
ERREUR = "la case affiche une erreur de tableur (« {} ») : corrigez-la, ou videz-la."
FINESS_VIDE = "le numéro FINESS manque : écrivez ses neuf caractères, ou retirez la ligne."
MOT_INCONNU = "« {} » n'est relié à rien : dites dans la correspondance ce qu'il veut dire, ou corrigez la case."
ETAT_VIDE = "l'état manque : écrivez-le, ou dites dans la correspondance ce que vaut une case vide."
ISSUE_VIDE = "la date est là, pas l'issue : écrivez-la, ou dites dans la correspondance ce que vaut une case vide."
ISSUE_SANS_DATE = "l'issue est dite, pas sa date : écrivez la date du procès-verbal, ou videz l'issue."
A_VENIR = "« {} » est à venir, or cette colonne dit ce qui est fait : corrigez-la, ou mettez-la dans une date prévue."
VSR_AVANT_VA = "la VSR ({:%d/%m/%Y}) précède la VA ({:%d/%m/%Y}) : vérifiez les deux dates."
ETAPE_APRES = "cette étape vient après l'état dit (« {} ») : corrigez l'état, ou videz cette date."
VERIFIEZ = "{} : vérifiez les deux."
COTE_AVANT_ETAPE = "cette date précède celle de la dernière étape ({:%d/%m/%Y}) : vérifiez les deux."
COURRIEL_MANQUE = "« {} » est là sans courriel : écrivez-le, ou videz le nom."
NOM_MANQUE = "un courriel est donné sans nom : écrivez le nom, ou videz le courriel."
COURRIEL_FAUX = "« {} » n'est pas un courriel : écrivez-le en entier, un seul par case."
TROP_LONG = f"le texte dépasse {TEXTE_MAXIMAL} caractères : ce n'est sans doute pas la bonne colonne."
PAS_PILOTE = "l'ESMS n'est pas dit site pilote, or il est passé par l'état « Pilote » : corrigez l'un ou l'autre."
DEUX_ETATS = "cet ESMS est aussi à la ligne {}, à un autre état ({}) : gardez une seule des deux lignes."
AUTRES_VALEURS = "cet ESMS est aussi à la ligne {}, avec d'autres valeurs ({}) : gardez une seule des deux lignes."
AUTRE_LIGNE = "cet ESMS est aussi à la ligne {} : gardez une seule des deux lignes."

LUE_AU = "{} ({}) : « {} » lu {:%d/%m/%Y}."
LUE_A_L_ETAPE = "{} ({}) : « {} » lu {:%d/%m/%Y}, jour de l'étape d'avant."
ETAT_DEDUIT = "État déduit de la dernière date : {} ({:%d/%m/%Y})."
ETAT_SANS_DATE = "Aucune date d'étape : pris pour « Recensé »."
PRIS_POUR_PILOTE = "Passé par l'état « Pilote » : pris pour un site pilote."
ISSUE_SUPPOSEE = "{} du {:%d/%m/%Y} : issue non dite, prise pour « Prononcée »."
POSTE_VACANT = "{} ({}) : « {} », personne n'est repris."
LIGNES_REPETEES = "Répété à l'identique ligne {} : une seule est gardée."


@dataclass(frozen=True)
class Faute:
    """Ce qui empêche de reprendre une ligne : `colonne` (code), `place` (« G12 »), `phrase` (quoi, et que faire)."""

    colonne: str
    place: str
    phrase: str

    def __str__(self) -> str:
        return f"{COLONNES[self.colonne].libelle} ({self.place}) : {self.phrase}"


@dataclass
class LigneReprise:
    """Une ligne comprise. `valeurs` ne porte que ce qui est écrit et lu : une case vide n'y est pas.

    Types : `finess`, `nom_esms`, `solution`, `directeur_*`, `referent_*` : str ; `etat`, `type_projet`, `point_depart`,
    `va_issue`, `vsr_issue` : valeur d'énumération (str) ; `est_pilote` : bool ; `vague` : int ; `date:<état>`,
    `prevue:<état>`, `va_date`, `vsr_date` : date. `finess` est vide si le numéro est faux.
    """

    numero: int
    finess: str
    valeurs: dict[str, Any]
    fautes: list[Faute] = field(default_factory=list)
    avertissements: list[str] = field(default_factory=list)


def lire_lignes(grille: Grille, correspondance: dict[str, Any], *, au: date) -> list[LigneReprise]:
    """Toutes les lignes, chacune avec toutes ses fautes. `au` : le jour de la reprise, pour les dates à venir.

    À appeler quand `controler_correspondance` ne rend rien. D'un ESMS répété à l'identique, une seule ligne est rendue.
    """
    rangs = rangs_des_codes(grille, correspondance["colonnes"])
    rangs.pop(REMARQUE, None)
    valeurs = correspondance.get("valeurs", {})
    lecteurs = [_Lecteur(ligne, rangs, valeurs, au) for ligne in grille.lignes]
    return _rapprocher(lecteurs)


class _Lecteur:
    """Une ligne en cours de lecture : chaque case d'abord, puis ce que les cases disent ensemble."""

    def __init__(self, lue: LigneLue, rangs: dict[str, int], mots: dict[str, dict[str, Any]], au: date) -> None:
        self.lue, self.rangs, self.mots, self.au = lue, rangs, mots, au
        self.ligne = LigneReprise(lue.numero, "", {})
        self.valeurs = self.ligne.valeurs
        self.dates: dict[str, DateLue] = {}
        for code in rangs:
            self._lire(code)
        self._etat()
        self._etapes()
        self._verifications()
        for personne in _PERSONNES:
            self._personne(personne)
        self.ligne.fautes.sort(key=lambda faute: rangs.get(faute.colonne, 0))

    def cellule(self, code: str) -> Cellule:
        """La case de cette colonne ; sans colonne, le numéro de ligne en tient lieu."""
        if code in self.rangs:
            return self.lue.cellules[self.rangs[code]]
        return Cellule(f"ligne {self.lue.numero}", None)

    def fauter(self, code: str, phrase: str) -> None:
        """Ajoute une faute à sa place."""
        self.ligne.fautes.append(Faute(code, self.cellule(code).place, phrase))

    def avertir(self, phrase: str, code: str, *details: Any) -> None:
        """Ajoute un avertissement qui nomme la colonne, la case et ce qui y est écrit."""
        cellule = self.cellule(code)
        self.ligne.avertissements.append(
            phrase.format(COLONNES[code].libelle, cellule.place, _ecrit(cellule), *details)
        )

    def fautif(self, *codes: str) -> bool:
        """Vrai si l'une de ces colonnes a déjà une faute : inutile d'en déduire d'autres."""
        return any(faute.colonne in codes for faute in self.ligne.fautes)

    def _lire(self, code: str) -> None:
        cellule = self.cellule(code)
        texte = _ecrit(cellule)
        if isinstance(cellule.valeur, Fusion):
            if code != NOM_ESMS:
                self.fauter(code, FUSIONNEE.format(cellule.valeur.plage))
        elif cellule.est_formule:
            self.fauter(code, FORMULE)
        elif _ERREUR_DE_TABLEUR.fullmatch(texte.upper()):
            self.fauter(code, ERREUR.format(texte))
        elif code == FINESS:
            self._finess(texte)
        elif COLONNES[code].a_mots:
            self._mot(code, texte)
        elif not est_vide(texte):
            self._date(code) if code in _DATES else self._texte(code, texte)

    def _finess(self, texte: str) -> None:
        lecture = expliquer(texte)
        if lecture.defaut is Defaut.VIDE:
            self.fauter(FINESS, FINESS_VIDE)
        elif lecture.numero is None:
            self.fauter(FINESS, lecture.message)
        else:
            self.ligne.finess = self.valeurs[FINESS] = lecture.numero
        if lecture.defaut is Defaut.ZERO_PERDU:
            self.ligne.avertissements.append(lecture.message)

    def _mot(self, code: str, texte: str) -> None:
        cle = mot_de_cellule(code, texte)
        if not cle and code in ISSUES and est_vide(_ecrit(self.cellule(ISSUES[code]))):
            # Ni date ni issue : la vérification n'a pas eu lieu, quoi que vaille une case vide.
            return
        reliees = self.mots.get(code, {})
        valeur = reliees[cle] if cle in reliees else proposer_valeurs(code, [cle])[cle] if cle else None
        if valeur not in (None, ""):
            self.valeurs[code] = valeur
        elif cle:
            self.fauter(code, MOT_INCONNU.format(texte[:40]))

    def _date(self, code: str) -> None:
        try:
            lue = lire_date(self.cellule(code))
        except DateIllisible as faute:
            self.fauter(code, str(faute))
            return
        if code in _PASSEES and lue.jour > self.au:
            self.fauter(code, A_VENIR.format(_ecrit(self.cellule(code))[:40]))
            return
        self.dates[code] = lue
        self.valeurs[code] = lue.jour

    def _texte(self, code: str, texte: str) -> None:
        if code.endswith("_nom") and est_vacant(texte):
            self.avertir(POSTE_VACANT, code)
        elif len(texte) > TEXTE_MAXIMAL:
            self.fauter(code, TROP_LONG)
        elif code.endswith("_courriel") and not _COURRIEL.fullmatch(texte):
            self.fauter(code, COURRIEL_FAUX.format(texte[:40]))
        else:
            self.valeurs[code] = texte.lower() if code.endswith("_courriel") else texte

    def _etat(self) -> None:
        if ETAT in self.rangs:
            if ETAT not in self.valeurs and not self.fautif(ETAT):
                self.fauter(ETAT, ETAT_VIDE)
            return
        if self.fautif(*_ETAPES):
            return
        atteintes = [code for code in _ETAPES if code in self.valeurs]
        if atteintes:
            etat = _ETAPES[atteintes[-1]]
            self.ligne.avertissements.append(ETAT_DEDUIT.format(etat.label, self.valeurs[atteintes[-1]]))
        else:
            etat = E.RECENSE
            self.ligne.avertissements.append(ETAT_SANS_DATE)
        self.valeurs[ETAT] = etat.value

    def _etapes(self) -> None:
        """Les étapes dans l'ordre, jusqu'à l'état dit ; suspendre et sortir viennent après."""
        precedente: date | None = None
        for code in _ETAPES:
            precedente = self._apres(code, precedente)
        self._ordre()
        for cote in _COTES:
            jour = self._apres(DATES_REELLES[cote], precedente)
            if precedente and jour and jour < precedente:
                self.fauter(DATES_REELLES[cote], COTE_AVANT_ETAPE.format(precedente))
        for code in DATES_PREVUES.values():
            self._apres(code, None)
        self._pilote()

    def _ordre(self) -> None:
        etat = self.valeurs.get(ETAT)
        vers = E(etat) if etat in FRISE_PARCOURS else FRISE_PARCOURS[-1]
        dates = {etape.value: self.valeurs[code] for code, etape in _ETAPES.items() if code in self.valeurs}
        for champ, phrases in fautes_de_dates(vers, dates, self.au).items():
            etape = E(champ.removeprefix("etape_"))
            if FRISE_PARCOURS.index(etape) > FRISE_PARCOURS.index(vers):
                self.fauter(DATES_REELLES[etape], ETAPE_APRES.format(vers.label))
            else:
                self.fauter(DATES_REELLES[etape], VERIFIEZ.format(en_phrase(phrases[0]).removesuffix(".")))

    def _apres(self, code: str, precedente: date | None) -> date | None:
        """Le jour d'une date ; incomplète, elle vaut son premier jour, ou celui de l'étape d'avant s'il y tombe."""
        lue = self.dates.get(code)
        if lue is None:
            return precedente
        if precedente and lue.jour < precedente <= lue.fin:
            self.valeurs[code] = precedente
            self.avertir(LUE_A_L_ETAPE, code, precedente)
        elif lue.precision != "jour":
            self.avertir(LUE_AU, code, lue.jour)
        return self.valeurs[code]

    def _pilote(self) -> None:
        if self.valeurs.get(ETAT) != E.PILOTE and DATES_REELLES[E.PILOTE] not in self.valeurs:
            return
        if self.valeurs.get(EST_PILOTE) is False:
            self.fauter(EST_PILOTE, PAS_PILOTE)
        elif EST_PILOTE not in self.valeurs and not self.fautif(EST_PILOTE):
            self.valeurs[EST_PILOTE] = True
            self.ligne.avertissements.append(PRIS_POUR_PILOTE)

    def _verifications(self) -> None:
        va = self._apres("va_date", None)
        vsr = self._apres("vsr_date", va) if "vsr_date" in self.valeurs else None
        if va and vsr and vsr < va:
            self.fauter("vsr_date", VSR_AVANT_VA.format(vsr, va))
        for issue, jour in ISSUES.items():
            if self.fautif(issue, jour):
                continue
            if issue in self.valeurs and jour not in self.valeurs:
                self.fauter(jour, ISSUE_SANS_DATE)
            elif jour in self.valeurs and issue not in self.valeurs:
                self._supposer(issue, jour)

    def _supposer(self, issue: str, jour: str) -> None:
        if issue in self.rangs:
            self.fauter(issue, ISSUE_VIDE)
            return
        self.valeurs[issue] = IssueVerification.PRONONCEE.value
        sigle = _VERIFICATIONS[issue.removesuffix("_issue")]
        self.ligne.avertissements.append(ISSUE_SUPPOSEE.format(sigle, self.valeurs[jour]))

    def _personne(self, personne: str) -> None:
        nom, courriel = f"{personne}_nom", f"{personne}_courriel"
        if self.fautif(nom, courriel):
            return
        if nom in self.valeurs and courriel not in self.valeurs:
            self.fauter(courriel, COURRIEL_MANQUE.format(self.valeurs[nom][:40]))
        elif courriel in self.valeurs and nom not in self.valeurs:
            self.fauter(nom, NOM_MANQUE)


def _ecrit(cellule: Cellule) -> str:
    """Ce que la case montre ; une date typée en JJ/MM/AAAA."""
    return f"{cellule.valeur:%d/%m/%Y}" if isinstance(cellule.valeur, date) else cellule.texte


def _rapprocher(lecteurs: list[_Lecteur]) -> list[LigneReprise]:
    """Un ESMS plusieurs fois : à l'identique, la première ligne est gardée ; sinon, toutes sont fautives."""
    par_finess: dict[str, list[_Lecteur]] = {}
    for lecteur in lecteurs:
        if lecteur.ligne.finess:
            par_finess.setdefault(lecteur.ligne.finess, []).append(lecteur)
    ecartees: set[int] = set()
    for memes in par_finess.values():
        if len(memes) == 1:
            continue
        premiere, *autres = memes
        if all(_pareilles(premiere.ligne, autre.ligne) for autre in autres):
            numeros = ", ".join(str(autre.ligne.numero) for autre in autres)
            premiere.ligne.avertissements.append(LIGNES_REPETEES.format(numeros))
            ecartees.update(autre.ligne.numero for autre in autres)
            continue
        for lecteur in memes:
            autre = next(a for a in memes if a is not lecteur)
            lecteur.fauter(FINESS, _en_double(lecteur.ligne, autre.ligne))
    return [lecteur.ligne for lecteur in lecteurs if lecteur.ligne.numero not in ecartees]


def _pareilles(une: LigneReprise, autre: LigneReprise) -> bool:
    return not une.fautes and not autre.fautes and not _differences(une, autre)


def _differences(une: LigneReprise, autre: LigneReprise) -> list[str]:
    return [c for c in COLONNES if c != NOM_ESMS and une.valeurs.get(c) != autre.valeurs.get(c)]


def _en_double(ligne: LigneReprise, autre: LigneReprise) -> str:
    differences = _differences(ligne, autre)
    if ETAT in differences and autre.valeurs.get(ETAT):
        return DEUX_ETATS.format(autre.numero, E(autre.valeurs[ETAT]).label)
    if differences:
        return AUTRES_VALEURS.format(autre.numero, ", ".join(en_phrase(COLONNES[c].libelle) for c in differences[:3]))
    return AUTRE_LIGNE.format(autre.numero)
