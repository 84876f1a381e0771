"""Un questionnaire en classeur : une feuille pour ses rubriques, une pour ses questions, une ligne par question.

La lecture sûre est celle du socle (`classeur_pages` : bornes, pièges, NIR) ; l'écriture aussi (`exports`).
"""

import io
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from openpyxl.utils import get_column_letter

from programme.socle import exports
from programme.socle.classeur import TROP_LARGE, Cellule
from programme.socle.classeur_pages import PAGE_CSV, Page, lire_pages
from programme.socle.finess.refus import FichierIndesirable, FichierRefuse
from programme.socle.grilles import SANS_NOM
from programme.socle.nombres import liste, nombre
from programme.socle.texte import normaliser
from risques.definition.colonnes import (
    COLONNES,
    DE_SECTION,
    INDISPENSABLES,
    RUBRIQUES,
    Colonne,
    ecrire_echelle,
    lire_case,
    reconnaitre,
)
from risques.definition.fautes import Brut, Faute, Lu, Place, Releve, en_mots, extrait
from risques.definition.modele import Definition, QuestionDefinie, SectionDefinie
from risques.definition.verification import CATEGORIES, OBJETS, QUESTIONS_MAXIMALES, SENS, verifier

QUESTIONNAIRE, QUESTIONS, MODE_D_EMPLOI = "Questionnaire", "Questions", "Mode d'emploi"
LIGNES_MAXIMALES = 1_000
LIGNES_D_EN_TETE = 10
REGLAGES = "réglages du dépôt"

FORMULE = "La case {} contient une formule : collez sa valeur à la place."
SANS_QUESTIONS = "Aucune feuille ne s'appelle « Questions » (il y a {}) : nommez ainsi celle des questions."
TROP_LONG = (
    f"{{}} a plus de {nombre(LIGNES_MAXIMALES)} lignes, et un questionnaire {QUESTIONS_MAXIMALES} questions au plus : "
    "ce n'est sans doute pas le bon fichier."
)
SANS_ENTETE = "La ligne des intitulés (« Section », « Code », « Énoncé »…) ne se trouve pas : repartez du modèle."
COLONNE_MANQUE = "La colonne « {} » manque : ajoutez-la, ou repartez du modèle."
COLONNE_DOUBLE = "« {} » est là deux fois ({} et {}) : gardez-en une."
INTITULE_PROCHE = "L'intitulé {} n'est pas connu (vouliez-vous « {} » ?) : corrigez-le, ou retirez-le."
INTITULE_INCONNU = "{} n'est pas connu dans la feuille « {} » : ce n'est pas lu."
SANS_LIGNE = "Aucune question sous les intitulés : ajoutez-en, une par ligne."
SANS_SECTION = "Cette question n'a pas de section, et aucune ligne au-dessus n'en donne : nommez-la."
SECTION_COUPEE = "La section {} reprend à la ligne {} après une autre : regroupez ses questions."
SECTION_CHANGE = "« {} » change pour la section {} : {} à la ligne {}, {} ici ; gardez-en un."
FEUILLE_CACHEE = "La feuille « {} » est cachée dans votre tableur ; elle est lue quand même."
FEUILLE_IGNOREE = "La feuille « {} » n'est pas lue."
HORS_DE_LA_LISTE = "Cette valeur n'est pas dans la liste : le questionnaire serait refusé à cette case."


def lire_classeur(octets: bytes, parametres: Mapping[str, Any] | None = None) -> Lu:
    """Le questionnaire d'un XLSX, ou d'un CSV qui n'a que les questions ; ou toutes ses fautes.

    `parametres` : les rubriques que le fichier ne donne pas (code, nom, objet, sens…). Lève `FichierIndesirable` s'il
    porte un NIR : l'appelant ne le garde pas.
    """
    try:
        pages = lire_pages(io.BytesIO(octets))
    except FichierIndesirable:
        raise
    except FichierRefuse as refus:
        return Lu(None, [Faute("fichier", None, "", refus.message)])
    return _Lecteur(pages).lire(parametres or {})


class _Lecteur:
    """Les cases mises au format d'échange, chacune avec sa place, puis vérifiées comme le reste."""

    def __init__(self, pages: list[Page]) -> None:
        self.pages = pages
        self.est_csv = [page.nom for page in pages] == [PAGE_CSV]
        self.releve = Releve()
        self.avertissements: list[str] = []
        # Places déjà fautives : la vérification n'y ajoute pas « c'est vide ».
        self.dites: set[Place] = set()

    def lire(self, parametres: Mapping[str, Any]) -> Lu:
        """Toutes les fautes, ou la définition."""
        questions = self._page_des_questions()
        if questions is None or not self._se_lit(questions):
            return Lu(None, self.releve.fautes)
        brut = self._questionnaire(parametres)
        sections = _Sections(self, questions)
        if not sections.lire():
            return Lu(None, self.releve.fautes, self.avertissements)
        brut["sections"] = list(sections.bruts.values())
        brut.places["sections"] = Place(self._feuille(questions), None, "Section")
        definition, fautes = verifier(brut)
        dites = {(place.ou, place.ligne, place.colonne) for place in self.dites}
        restantes = [faute for faute in fautes if (faute.ou, faute.ligne, faute.colonne) not in dites]
        feuille = self._feuille(questions)
        # Les rubriques d'abord, puis les questions, de haut en bas.
        toutes = sorted([*self.releve.fautes, *restantes], key=lambda f: (f.ou.startswith(feuille), f.ligne or 0))
        return Lu(None if toutes else definition, toutes, self.avertissements)

    def _page_des_questions(self) -> Page | None:
        if self.est_csv:
            return self.pages[0]
        nommees = [page for page in self.pages if normaliser(page.nom) == normaliser(QUESTIONS)]
        autres = [page for page in self.pages if not page.cachee and _role(page) == ""]
        page = nommees[0] if nommees else autres[0] if len(autres) == 1 else None
        if page is None:
            noms = liste(f"« {page.nom[:31]} »" for page in self.pages[:8])
            self.releve.dire(Place("fichier", None, ""), SANS_QUESTIONS.format(noms))
            return None
        if page.cachee:
            self.avertissements.append(FEUILLE_CACHEE.format(page.nom))
        self.avertissements += [FEUILLE_IGNOREE.format(p.nom) for p in autres if p is not page and p.cellules]
        return page

    def _se_lit(self, page: Page) -> bool:
        place = Place(self._feuille(page), None, "")
        if page.trop_longue or len(page.cellules) > LIGNES_MAXIMALES:
            self.releve.dire(
                place, TROP_LONG.format(f"La feuille « {page.nom} »" if not self.est_csv else "Le tableau")
            )
        elif page.trop_large:
            self.releve.dire(Place(place.ou, page.trop_large, ""), TROP_LARGE.format(page.trop_large))
        return not self.releve.fautes

    def _feuille(self, page: Page) -> str:
        return "fichier CSV" if self.est_csv else f"feuille « {page.nom} »"

    def place(self, page: Page, ligne: int, titre: str, cellule: Cellule | None = None) -> Place:
        """La place d'une case, ou celle qu'elle aurait."""
        case = f", case {cellule.place}" if cellule else ""
        return Place(self._feuille(page) + case, ligne, titre)

    def valeur(self, place: Place, colonne: Colonne, cellule: Cellule) -> Any:
        """La valeur d'une case, None si elle est vide ou porte une formule, qui se dit."""
        if cellule.est_formule:
            self.dites.add(place)
            self.releve.dire(place, FORMULE.format(cellule.place))
            return None
        return lire_case(colonne.forme, cellule) if cellule.texte else None

    def inconnu(self, place: Place, intitule: str, absentes: list[Colonne], page: Page) -> None:
        """Un intitulé inconnu : une faute s'il ressemble à celui qui manque, sinon un avertissement."""
        titres = {normaliser(colonne.titre): colonne.titre for colonne in absentes}
        proches = get_close_matches(normaliser(intitule)[:60], titres, 1, 0.75)
        if proches:
            self.releve.dire(place, INTITULE_PROCHE.format(extrait(intitule), titres[proches[0]]))
        else:
            self.avertissements.append(INTITULE_INCONNU.format(extrait(intitule), page.nom))

    def _questionnaire(self, parametres: Mapping[str, Any]) -> Brut:
        """Les rubriques : celles de la feuille, à défaut celles qu'on a données."""
        page = next((page for page in self.pages if not self.est_csv and _role(page) == QUESTIONNAIRE), None)
        ou = self._feuille(page) if page else REGLAGES
        brut = Brut(parametres, ou=ou, places={r.cle: Place(ou, None, r.titre) for r in RUBRIQUES})
        vues: dict[str, str] = {}
        for ligne in page.cellules if page else ():
            intitule = page.cellule(ligne, 1) if page else Cellule("", None)
            rubrique = reconnaitre(intitule.texte, RUBRIQUES)
            if page is None or normaliser(intitule.texte) in ("", "rubrique"):
                continue
            cellule = page.cellule(ligne, 2)
            place = self.place(page, ligne, rubrique.titre if rubrique else en_mots(intitule.texte), cellule)
            if rubrique is None:
                absentes = [r for r in RUBRIQUES if r.cle not in vues]
                self.inconnu(place, intitule.texte, absentes, page)
            elif rubrique.cle in vues:
                self.releve.dire(place, COLONNE_DOUBLE.format(rubrique.titre, vues[rubrique.cle], intitule.place))
            else:
                vues[rubrique.cle] = intitule.place
                brut.places[rubrique.cle] = place
                if (valeur := self.valeur(place, rubrique, cellule)) is not None:
                    brut[rubrique.cle] = valeur
        return brut


class _Sections:
    """La feuille des questions : ses colonnes dans n'importe quel ordre, ses sections dans celui des lignes."""

    def __init__(self, lecteur: _Lecteur, page: Page) -> None:
        self.lecteur, self.page = lecteur, page
        self.colonnes: dict[int, Colonne] = {}
        self.bruts: dict[str, Brut] = {}
        self.courante = ""

    def lire(self) -> bool:
        """Faux si la feuille n'a pas de quoi se lire."""
        entete = next((n for n in list(self.page.cellules)[:LIGNES_D_EN_TETE] if self._est_entete(n)), None)
        if entete is None:
            self.lecteur.releve.dire(self.lecteur.place(self.page, 1, ""), SANS_ENTETE)
            return False
        if not self._lire_entete(entete):
            return False
        lignes = [ligne for ligne in self.page.cellules if ligne > entete]
        for ligne in lignes:
            self._ligne(ligne)
        if not lignes:
            self.lecteur.releve.dire(self.lecteur.place(self.page, entete, ""), SANS_LIGNE)
        return bool(lignes)

    def _est_entete(self, ligne: int) -> bool:
        return sum(reconnaitre(c.texte, COLONNES) is not None for c in self.page.cellules[ligne].values()) > 1

    def _lire_entete(self, ligne: int) -> bool:
        inconnues = []
        for rang, cellule in self.page.cellules[ligne].items():
            colonne = reconnaitre(cellule.texte, COLONNES)
            place = self.lecteur.place(self.page, ligne, colonne.titre if colonne else en_mots(cellule.texte), cellule)
            if cellule.est_formule:
                self.lecteur.releve.dire(place, FORMULE.format(cellule.place))
            elif colonne is None:
                inconnues.append((place, cellule.texte))
            elif colonne in self.colonnes.values():
                autre = next(self.page.cellule(ligne, r) for r, c in self.colonnes.items() if c is colonne)
                raison = COLONNE_DOUBLE.format(colonne.titre, autre.place, cellule.place)
                self.lecteur.releve.dire(place, raison)
            else:
                self.colonnes[rang] = colonne
        absentes = [colonne for colonne in COLONNES if colonne not in self.colonnes.values()]
        for place, intitule in inconnues:
            self.lecteur.inconnu(place, intitule, absentes, self.page)
        remplies = {rang for n, rangee in self.page.cellules.items() if n > ligne for rang in rangee}
        for rang in sorted(remplies - set(self.page.cellules[ligne])):
            self.lecteur.avertissements.append(SANS_NOM.format(get_column_letter(rang)))
        manquantes = [colonne for colonne in absentes if colonne.cle in INDISPENSABLES]
        for colonne in manquantes:
            place = self.lecteur.place(self.page, ligne, colonne.titre)
            self.lecteur.releve.dire(place, COLONNE_MANQUE.format(colonne.titre))
        return not manquantes

    def _ligne(self, ligne: int) -> None:
        places = {colonne.cle: self.lecteur.place(self.page, ligne, colonne.titre) for colonne in COLONNES}
        valeurs: dict[str, Any] = {}
        for rang, colonne in self.colonnes.items():
            cellule = self.page.cellule(ligne, rang)
            places[colonne.cle] = self.lecteur.place(self.page, ligne, colonne.titre, cellule)
            valeur = self.lecteur.valeur(places[colonne.cle], colonne, cellule)
            if valeur is not None:
                valeurs[colonne.cle] = valeur
        if not valeurs and not any(place in self.lecteur.dites for place in places.values()):
            # Rien que des colonnes qui ne sont pas lues.
            return
        section = self._section(ligne, valeurs, places)
        if section is None or all(cle.startswith(DE_SECTION) for cle in valeurs):
            return
        section["questions"].append(_question(ligne, valeurs, places))

    def _section(self, ligne: int, valeurs: dict[str, Any], places: dict[str, Place]) -> Brut | None:
        place = places["section_code"]
        code = valeurs.get("section_code") or self.courante
        if not code:
            if place not in self.lecteur.dites:
                self.lecteur.releve.dire(place, SANS_SECTION)
            return None
        de_section = {
            colonne.cle.removeprefix(DE_SECTION): places[colonne.cle]
            for colonne in COLONNES
            if colonne.cle.startswith(DE_SECTION)
        }
        if code not in self.bruts:
            de_section["questions"] = Place(place.ou, ligne, place.colonne)
            self.bruts[code] = Brut({"code": code, "questions": []}, ou=place.ou, ligne=ligne, places=de_section)
        elif code != self.courante:
            self.lecteur.releve.dire(place, SECTION_COUPEE.format(en_mots(code), ligne))
        self.courante = code
        section = self.bruts[code]
        for cle in ("nom", "aide", "points"):
            valeur = valeurs.get(DE_SECTION + cle)
            if valeur is None:
                continue
            if cle not in section:
                section[cle], section.places[cle] = valeur, de_section[cle]
            elif section[cle] != valeur:
                avant, ici = section.places[cle], de_section[cle]
                raison = SECTION_CHANGE.format(
                    ici.colonne, en_mots(code), extrait(section[cle]), avant.ligne, extrait(valeur)
                )
                self.lecteur.releve.dire(ici, raison)
        return section


def _question(ligne: int, valeurs: dict[str, Any], places: dict[str, Place]) -> Brut:
    brut = Brut(
        ligne=ligne, ou=places["code"].ou, places={c: p for c, p in places.items() if not c.startswith(DE_SECTION)}
    )
    si = {cle.removeprefix("si_"): valeur for cle, valeur in valeurs.items() if cle.startswith("si_")}
    if si:
        places_du_si = {"question": places["si_question"], "au_moins": places["si_au_moins"]}
        brut["si"] = Brut(si, ou=places["si_question"].ou, ligne=ligne, places=places_du_si)
    brut.update({c: v for c, v in valeurs.items() if not c.startswith((DE_SECTION, "si_"))})
    return brut


def _role(page: Page) -> str:
    """Quelle feuille du modèle est-ce : son nom, ou vide."""
    return next(
        (nom for nom in (QUESTIONNAIRE, QUESTIONS, MODE_D_EMPLOI) if normaliser(nom) == normaliser(page.nom)), ""
    )


def ecrire_classeur(definition: Definition) -> bytes:
    """Le classeur du questionnaire : rubriques, questions et mode d'emploi, prêt à corriger puis à rapporter."""
    rubriques = [[r.titre, _rubrique(definition, r.cle), r.aide] for r in RUBRIQUES]
    cases = {f"B{rang}": list(r.offres) for rang, r in enumerate(RUBRIQUES, 2) if r.offres}
    offres = {rang: list(colonne.offres) for rang, colonne in enumerate(COLONNES) if colonne.offres}
    communs: dict[str, Any] = {"avis": HORS_DE_LA_LISTE, "a_la_ligne": True}
    forme = exports.MiseEnForme([colonne.largeur for colonne in COLONNES], offres, **communs)
    feuilles = [
        exports.Feuille(
            QUESTIONNAIRE,
            ["Rubrique", "Valeur", "Ce qu'il faut écrire"],
            rubriques,
            exports.MiseEnForme([20, 60, 60], cases=cases, **communs),
        ),
        exports.Feuille(QUESTIONS, [colonne.titre for colonne in COLONNES], _lignes(definition), forme),
        exports.Feuille(
            MODE_D_EMPLOI,
            ["Colonne", "Ce qu'il faut écrire"],
            [[colonne.titre, colonne.aide] for colonne in COLONNES],
            exports.MiseEnForme([24, 90], **communs),
        ),
    ]
    with exports.classeur(feuilles) as fichier:
        return fichier.read()


def _rubrique(definition: Definition, cle: str) -> Any:
    valeur = getattr(definition, cle)
    if cle == "objet":
        return OBJETS[valeur][0]
    return SENS[valeur][0] if cle == "sens" else _en_case(valeur)


def _lignes(definition: Definition) -> Iterator[list[Any]]:
    for section in definition.sections:
        for question in section.questions:
            yield [_en_case(_case(section, question, colonne.cle)) for colonne in COLONNES]


def _case(section: SectionDefinie, question: QuestionDefinie, cle: str) -> Any:
    if cle.startswith(DE_SECTION):
        return getattr(section, cle.removeprefix(DE_SECTION))
    if cle.startswith("si_"):
        return getattr(question.si, cle.removeprefix("si_"), None)
    if cle == "echelle":
        return ecrire_echelle(question.echelle)
    if cle == "sens":
        return SENS[question.sens][0]
    if cle == "categorie":
        return CATEGORIES[question.categorie][0] if question.categorie else ""
    return getattr(question, cle)


def _en_case(valeur: Any) -> Any:
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    return None if valeur == "" else valeur
