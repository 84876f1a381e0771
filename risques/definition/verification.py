"""Vérifier un questionnaire en entier, avant d'en écrire quoi que ce soit : toutes ses fautes, chacune à sa place.

Le format est celui des fichiers de `fixtures/reference/questionnaires/`. Module pur : ni base, ni horloge.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from programme.socle.nombres import accorde, nombre
from programme.socle.texte import normaliser
from risques.definition.champs import ACTION, ENONCE, LONG, NOMBRE_MAXIMAL, RISQUE, Champs
from risques.definition.fautes import Brut, Faute, Place, Releve, en_mots, extrait
from risques.definition.modele import MAXIMUM, MINIMUM, Definition
from risques.enums import CategorieRisque, ObjetQuestionnaire, SensEchelle

SECTIONS_MAXIMALES = 60
QUESTIONS_MAXIMALES = 400
ECHELLE_MAXIMALE = 100
DUREE_MAXIMALE = 600
CENT_POINTS = "risques-100-points"
CENT_POINTS_SECTIONS = CENT_POINTS_QUESTIONS = 10

# Valeur → les mots qui la disent ; le premier est celui qu'on montre.
SENS = {
    str(sens.value): (mot, str(sens.label))
    for sens, mot in (
        (SensEchelle.DEFAVORABLE, "défavorable"),
        (SensEchelle.FAVORABLE, "favorable"),
        (SensEchelle.INCONNU, "inconnu"),
    )
}
OBJETS = {str(valeur): (str(mot),) for valeur, mot in ObjetQuestionnaire.choices}
CATEGORIES = {str(valeur): (str(mot),) for valeur, mot in CategorieRisque.choices}

CLES = ("code", "nom", "objet", "version", "sens", "duree_minutes", "provenance", "note", "total", "sections")
CLES_SECTION = ("code", "nom", "aide", "points", "questions")
CLES_QUESTION = (
    "code", "enonce", "aide", "minimum", "maximum", "sens", "poids", "etoilee", "sans_objet", "echelle", "choix",
    "categorie", "action", "risque", "si",
)  # fmt: skip
CLES_ECHELON = ("valeur", "libelle")
CLES_CONDITION = ("question", "au_moins")

_CODE = re.compile(r"[A-Z0-9-]{1,12}")
_CODE_QUESTIONNAIRE = re.compile(r"(?=.{1,50}\Z)[a-z0-9]+(?:-[a-z0-9]+)*")
ECHELON_AU_MILIEU = re.compile(r"[;\n]\s*[0-9]+\s*[=:]")
ECHELON_ECRIT = re.compile(r"(?:^|[;\n])\s*([0-9]{1,6})\s*[=:]\s*")
"""Le début d'un échelon, quand toute l'échelle tient en une case : « 1 = Pas du tout ; 10 = Tout à fait »."""

PAS_UN_OBJET = "{} est d'une autre forme que prévu : repartez du modèle."
TROP_DE_SECTIONS = "Le questionnaire a {} sections, {} au plus : ce n'est sans doute pas le bon fichier."
TROP_DE_QUESTIONS = "Le questionnaire a {} questions, {} au plus : ce n'est sans doute pas le bon fichier."
SANS_SECTION = "Le questionnaire n'a aucune section : ajoutez-en une, avec ses questions."
SECTION_VIDE = "La section {} n'a aucune question : ajoutez-en, ou retirez la section."
CODE_MAL_FORME = "Le code {} ne va pas : 1 à 12 signes, lettres majuscules sans accent, chiffres et tirets{}."
CODE_QUESTIONNAIRE = (
    "Le code {} ne va pas : lettres minuscules sans accent et chiffres, séparés par des tirets, 50 au plus."
)
CODE_VIDE = "Le code {} est vide : donnez-en un, « {} » par exemple."
EN_DOUBLE = "{} est là deux fois, {} et {} : {}."
BORNES = "Le minimum {} ({}) doit être plus petit que le maximum ({}) : corrigez l'un des deux."
ECHELON_DEHORS = "L'échelon {} {} est hors de l'échelle, qui va de {} à {} : retirez-le, ou changez l'échelle."
ECHELON_DOUBLE = "L'échelon {} {} est donné deux fois : gardez-en un."
ECHELON_AMBIGU = "Le libellé {} {} ressemble à deux échelons : évitez-y « ; » suivi d'un nombre."
ECHELLE_ILLISIBLE = "L'échelle {} ne se lit pas : écrivez « 1 = Pas du tout ; 10 = Tout à fait »."
TROP_D_ECHELONS = "L'échelle {} a {} échelons, plus que de valeurs : ce n'est sans doute pas le bon texte."
CHOIX_SANS_ECHELON = (
    "La question {} se répond par ses seuls échelons, et n'en a aucun : donnez-les, ou ouvrez le choix."
)
SI_SUR_SOI = "La question {} dépend d'elle-même : nommez une question placée plus haut."
SI_INCONNUE = "La question {} dépend de {}, qui n'est pas dans ce questionnaire : corrigez le code."
SI_PLUS_BAS = "La question {} dépend de {}, placée plus bas : déplacez l'une des deux."
SI_DEHORS = "La question {} attend au moins {} à {}, qui se répond de {} à {} : corrigez la valeur."
SI_INCOMPLETE = "La condition de la question {} est incomplète : il faut la question dont elle dépend et la valeur."
POINTS_PARTIELS = "La section {} n'a pas de points alors que d'autres en ont : donnez-en à toutes, ou à aucune."
POINTS_NULS = "Toutes les sections valent 0 point : donnez des points, ou n'en donnez à aucune."
POINTS_ET_TOTAL = "Les points des sections font {} et le total annoncé est {} : accordez les deux."
CENT_SECTIONS = (
    f"« {CENT_POINTS} » a {CENT_POINTS_SECTIONS} sections, et ce fichier en a {{}} : complétez, ou changez de code."
)
CENT_QUESTIONS = (
    f"La section {{}} a {{}}, et « {CENT_POINTS} » en veut {CENT_POINTS_QUESTIONS} par section : complétez, ou changez "
    "de code."
)
CENT_ECHELLE = f"La question {{}} se répond de {{}} à {{}}, et « {CENT_POINTS} » veut 1 à 10 : corrigez l'échelle."


def verifier(brute: Any) -> tuple[Definition | None, list[Faute]]:
    """La définition si tout va, et sinon toutes les fautes. `brute` : le format d'échange, `Brut` s'il sait ses places.

    Ne lève rien, quoi qu'on lui donne. Les textes sont rendus nettoyés, les échelons en ordre croissant.
    """
    verification = _Verification()
    valeurs = verification.questionnaire(brute)
    fautes = verification.releve.fautes
    return (None if fautes else Definition.lire_dict(valeurs)), fautes


@dataclass(frozen=True)
class _Question:
    """Une question lue : ses valeurs vérifiées, l'objet d'où elles viennent, son nom dans une phrase."""

    valeurs: dict[str, Any]
    brut: Brut
    nom: str


@dataclass(frozen=True)
class _Section:
    valeurs: dict[str, Any]
    brut: Brut
    nom: str
    questions: list[_Question]


class _Verification:
    def __init__(self) -> None:
        self.releve = Releve()
        self.rangs: dict[str, int] = {}
        self.questions: list[_Question] = []

    def questionnaire(self, brute: Any) -> dict[str, Any]:
        """Les valeurs du questionnaire ; bonnes à prendre si rien n'est relevé."""
        if not isinstance(brute, Mapping):
            self.releve.dire(Place("", None, ""), PAS_UN_OBJET.format("Le questionnaire"))
            return {}
        brut = _brut(brute, "questionnaire")
        champs = Champs(brut, self.releve, "du questionnaire")
        bruts = self._sections_brutes(champs)
        champs.connues(CLES)
        if bruts is None:
            return {}
        valeurs = self._rubriques(champs)
        sections = [self._section(section, rang, str(valeurs["sens"])) for rang, section in enumerate(bruts, 1)]
        self._uniques(sections)
        for rang, question in enumerate(self.questions):
            self._condition(question, rang)
        self._points(champs, sections, valeurs["total"])
        if valeurs["code"] == CENT_POINTS:
            self._cent_points(brut, sections)
        return valeurs | {"sections": [s.valeurs | {"questions": [q.valeurs for q in s.questions]} for s in sections]}

    def _sections_brutes(self, champs: Champs) -> list[Brut] | None:
        """Les sections, ou None s'il y en a trop : le fichier ne se lit pas plus loin."""
        trouvees = champs.brut.get("sections")
        if not trouvees or not _est_liste(trouvees):
            champs.dire("sections", PAS_UN_OBJET.format("La liste des sections") if trouvees else SANS_SECTION)
            return []
        if len(trouvees) > SECTIONS_MAXIMALES:
            champs.dire("sections", TROP_DE_SECTIONS.format(len(trouvees), SECTIONS_MAXIMALES))
            return None
        bruts = []
        for rang, section in enumerate(trouvees, 1):
            if not isinstance(section, Mapping) or not _est_liste(section.get("questions") or []):
                champs.dire("sections", PAS_UN_OBJET.format(f"La section n° {rang}"))
            else:
                bruts.append(_brut(section, f"section n° {rang}"))
        nombre_total = sum(len(section.get("questions") or []) for section in bruts)
        if nombre_total > QUESTIONS_MAXIMALES:
            champs.dire("sections", TROP_DE_QUESTIONS.format(nombre_total, QUESTIONS_MAXIMALES))
            return None
        return bruts

    def _rubriques(self, champs: Champs) -> dict[str, Any]:
        code = champs.texte("code", "Le code", requis="donnez-en un, « nos-risques » par exemple")
        if code and not _CODE_QUESTIONNAIRE.fullmatch(code):
            champs.dire("code", CODE_QUESTIONNAIRE.format(extrait(code)))
        return {
            "code": code,
            "nom": champs.texte("nom", "Le nom", requis="écrivez-le"),
            "objet": champs.parmi("objet", "L'objet", OBJETS),
            "version": champs.entier("version", "La version", (1, 9_999), 1),
            "sens": champs.parmi("sens", "Le sens", SENS),
            "duree_minutes": champs.entier("duree_minutes", "La durée", (1, DUREE_MAXIMALE), None),
            "provenance": champs.texte("provenance", "La provenance", LONG, lignes=True),
            "note": champs.texte("note", "La note", LONG, lignes=True),
            "total": champs.entier("total", "Le total", (1, 100_000), None),
        }

    def _section(self, brut: Brut, rang: int, sens: str) -> _Section:
        code, titre = en_mots(brut.get("code")), en_mots(brut.get("nom"))
        nom = f"{code} ({titre})" if code and titre else code or titre or f"n° {rang}"
        champs = Champs(brut, self.releve, f"de la section {nom}")
        champs.connues(CLES_SECTION)
        valeurs = {
            "code": self._code(champs, f"de la section n° {rang}", "P"),
            "nom": champs.texte("nom", "Le nom", requis="écrivez-le"),
            "aide": champs.texte("aide", "L'aide", LONG, lignes=True),
            "points": champs.entier("points", "Le nombre de points", (0, NOMBRE_MAXIMAL), None),
        }
        if not brut.get("questions"):
            champs.dire("questions", SECTION_VIDE.format(nom))
        questions = []
        for numero, question in enumerate(brut.get("questions") or [], 1):
            ou = f"section {nom}, question n° {numero}"
            if isinstance(question, Mapping):
                questions.append(self._question(_brut(question, ou), numero, code, sens))
            else:
                champs.dire("questions", PAS_UN_OBJET.format(f"La question n° {numero} de la section {nom}"))
        self.questions += questions
        return _Section(valeurs, brut, nom, questions)

    def _question(self, brut: Brut, numero: int, section: str, sens: str) -> _Question:
        nom = en_mots(brut.get("code")) or f"n° {numero} de la section {section}".strip()
        champs = Champs(brut, self.releve, f"de la question {nom}")
        champs.connues(CLES_QUESTION)
        valeurs: dict[str, Any] = {
            "code": self._code(champs, f"de la question n° {numero}", f"{section or 'P'}{numero:02d}"),
            "enonce": champs.texte("enonce", "L'énoncé", ENONCE, requis="écrivez la question"),
            "aide": champs.texte("aide", "L'aide", LONG, lignes=True),
            "minimum": champs.entier("minimum", "Le minimum", (0, ECHELLE_MAXIMALE), MINIMUM),
            "maximum": champs.entier("maximum", "Le maximum", (0, ECHELLE_MAXIMALE), MAXIMUM),
            "sens": champs.parmi("sens", "Le sens", SENS, defaut=sens),
            "poids": champs.nombre("poids", "Le poids", 1),
            "etoilee": champs.ouinon("etoilee", "L'étoile", False),
            "sans_objet": champs.ouinon("sans_objet", "Le « sans objet »", True),
            "choix": champs.ouinon("choix", "Le choix fermé", False),
            "categorie": champs.parmi("categorie", "La catégorie", CATEGORIES, defaut=""),
            "action": champs.texte("action", "L'action suggérée", ACTION),
            "risque": champs.texte("risque", "Le risque nourri", RISQUE),
            "si": None,
        }
        bas, haut = valeurs["minimum"], valeurs["maximum"]
        if bas is not None and haut is not None and bas >= haut:
            champs.dire("maximum", BORNES.format(champs.de, bas, haut))
            bas = haut = None
        valeurs["echelle"] = self._echelle(champs, bas, haut)
        if valeurs["choix"] and not brut.get("echelle"):
            champs.dire("choix", CHOIX_SANS_ECHELON.format(nom))
        return _Question(valeurs, brut, nom)

    def _code(self, champs: Champs, de: str, exemple: str) -> str:
        valeur = champs.brut.get("code")
        if valeur is None or not en_mots(valeur):
            champs.dire("code", CODE_VIDE.format(de, exemple))
            return ""
        code = champs.texte("code", "Le code")
        if code and not _CODE.fullmatch(code):
            majuscules = normaliser(code).upper().replace(" ", "-")
            suite = f" ; écrivez « {majuscules} »" if _CODE.fullmatch(majuscules) else ""
            champs.dire("code", CODE_MAL_FORME.format(extrait(code), suite))
        return code

    def _echelle(self, champs: Champs, bas: int | None, haut: int | None) -> list[dict[str, Any]]:
        echelons = champs.brut.get("echelle") or []
        if not _est_liste(echelons):
            champs.dire("echelle", ECHELLE_ILLISIBLE.format(champs.de))
            return []
        if len(echelons) > ECHELLE_MAXIMALE + 1:
            champs.dire("echelle", TROP_D_ECHELONS.format(champs.de, len(echelons)))
            return []
        lus: dict[int, str] = {}
        place = champs.brut.place("echelle")
        for echelon in echelons:
            if not isinstance(echelon, Mapping):
                champs.dire("echelle", PAS_UN_OBJET.format(f"Un échelon {champs.de}"))
                continue
            brut = _brut(echelon, place.ou, ligne=place.ligne)
            if champs.brut.places:
                brut.places = dict.fromkeys(CLES_ECHELON, place)
            self._echelon(Champs(brut, self.releve, champs.de), lus, (bas, haut))
        return [{"valeur": valeur, "libelle": libelle} for valeur, libelle in sorted(lus.items())]

    def _echelon(self, champs: Champs, lus: dict[int, str], bornes: tuple[int | None, int | None]) -> None:
        champs.connues(CLES_ECHELON)
        quoi = "écrivez ce que la valeur veut dire"
        libelle = champs.texte("libelle", "Le libellé d'un échelon", requis=quoi, echelon=True)
        if ECHELON_AU_MILIEU.search(libelle):
            champs.dire("libelle", ECHELON_AMBIGU.format(extrait(libelle), champs.de))
        if champs.brut.get("valeur") is None:
            champs.dire("valeur", f"Un échelon {champs.de} n'a pas de valeur : donnez-la.")
        valeur = champs.entier("valeur", "La valeur d'un échelon", (0, ECHELLE_MAXIMALE), None)
        if valeur is None:
            return
        bas, haut = bornes
        if valeur in lus:
            champs.dire("valeur", ECHELON_DOUBLE.format(valeur, champs.de))
        elif bas is not None and haut is not None and not bas <= valeur <= haut:
            champs.dire("valeur", ECHELON_DEHORS.format(valeur, champs.de, bas, haut))
        lus[valeur] = libelle

    def _uniques(self, sections: list[_Section]) -> None:
        vues: dict[str, Brut] = {}
        for section in sections:
            if code := section.valeurs["code"]:
                self._unique(vues, code, section.brut, "code", f"Le code de section « {code} »", "changez-en un")
        codes: dict[str, Brut] = {}
        enonces: dict[str, Brut] = {}
        for rang, question in enumerate(self.questions):
            if code := question.valeurs["code"]:
                self.rangs.setdefault(code, rang)
                self._unique(codes, code, question.brut, "code", f"Le code {extrait(code)}", "changez-en un")
            if enonce := question.valeurs["enonce"]:
                cle = normaliser(enonce) or enonce
                quoi = f"L'énoncé {extrait(enonce)}"
                self._unique(enonces, cle, question.brut, "enonce", quoi, "retirez ou récrivez l'une des questions")

    def _unique(self, vues: dict[str, Brut], cle: str, brut: Brut, champ: str, quoi: str, faire: str) -> None:
        premiere = vues.setdefault(cle, brut)
        if premiere is not brut:
            ici, la = brut.place(champ), premiere.place(champ)
            lignes = [f"ligne {p.ligne}" if p.ligne else p.ou for p in (la, ici)]
            self.releve.dire(ici, EN_DOUBLE.format(quoi, *lignes, faire))

    def _condition(self, question: _Question, rang: int) -> None:
        si = question.brut.get("si")
        if si is None:
            return
        if not isinstance(si, Mapping):
            self.releve.dire(
                question.brut.place("si"), PAS_UN_OBJET.format(f"La condition de la question {question.nom}")
            )
            return
        place = question.brut.place("si")
        champs = Champs(_brut(si, place.ou, ligne=place.ligne), self.releve, f"de la condition de {question.nom}")
        champs.connues(CLES_CONDITION)
        code = champs.texte("question", "La question")
        if not code or si.get("au_moins") is None:
            champs.dire("au_moins" if code else "question", SI_INCOMPLETE.format(question.nom))
            return
        au_moins = champs.entier("au_moins", "La valeur", (0, ECHELLE_MAXIMALE), None)
        visee = self.rangs.get(code)
        if code == question.valeurs["code"]:
            champs.dire("question", SI_SUR_SOI.format(question.nom))
        elif visee is None:
            champs.dire("question", SI_INCONNUE.format(question.nom, extrait(code)))
        elif visee >= rang:
            champs.dire("question", SI_PLUS_BAS.format(question.nom, code))
        elif au_moins is not None:
            bas, haut = (self.questions[visee].valeurs[borne] for borne in ("minimum", "maximum"))
            if bas is not None and haut is not None and bas < haut and not bas <= au_moins <= haut:
                champs.dire("au_moins", SI_DEHORS.format(question.nom, au_moins, code, bas, haut))
        question.valeurs["si"] = {"question": code, "au_moins": au_moins}

    def _points(self, champs: Champs, sections: list[_Section], total: Any) -> None:
        if all(s.brut.get("points") is None for s in sections):
            return
        sans = [s for s in sections if s.brut.get("points") is None]
        for section in sans:
            self.releve.dire(section.brut.place("points"), POINTS_PARTIELS.format(section.nom))
        points = [s.valeurs["points"] for s in sections]
        if sans or any(p is None for p in points):
            return
        somme = round(sum(points), 4)
        if not somme:
            self.releve.dire(sections[0].brut.place("points"), POINTS_NULS)
        elif total is not None and somme != total:
            champs.dire("total", POINTS_ET_TOTAL.format(nombre(somme), nombre(total)))

    def _cent_points(self, brut: Brut, sections: list[_Section]) -> None:
        if len(sections) != CENT_POINTS_SECTIONS:
            self.releve.dire(brut.place("sections"), CENT_SECTIONS.format(len(sections)))
        for section in sections:
            combien = len(section.questions)
            if combien and combien != CENT_POINTS_QUESTIONS:
                self.releve.dire(
                    section.brut.place("questions"), CENT_QUESTIONS.format(section.nom, accorde(combien, "question"))
                )
            for question in section.questions:
                bas, haut = question.valeurs["minimum"], question.valeurs["maximum"]
                if bas is not None and haut is not None and bas < haut and (bas, haut) != (MINIMUM, MAXIMUM):
                    self.releve.dire(question.brut.place("maximum"), CENT_ECHELLE.format(question.nom, bas, haut))


def _est_liste(valeur: Any) -> bool:
    return isinstance(valeur, list | tuple)


def _brut(valeurs: Mapping[str, Any], ou: str, ligne: int | None = None) -> Brut:
    """L'objet et sa place ; s'il n'en a pas, celle qu'on lui donne."""
    if not isinstance(valeurs, Brut):
        return Brut(valeurs, ou=ou, ligne=ligne)
    valeurs.ou = valeurs.ou or ou
    return valeurs
