"""Ce qui distingue deux textes d'un même questionnaire, question par question. Module pur."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from programme.socle.nombres import accorde, liste, nombre
from risques.calculs.mots import condition_en_mots, echelle_en_mots, sens_en_mots
from risques.definition.modele import Definition, QuestionDefinie, SectionDefinie
from risques.enums import CategorieRisque, ObjetQuestionnaire, SensEchelle

RUBRIQUES = {
    "nom": "nom",
    "objet": "objet",
    "sens": "sens",
    "duree_minutes": "durée, en minutes",
    "total": "total à l'écran",
    "provenance": "provenance",
    "note": "à savoir",
}
DE_SECTION = {"nom": "nom", "aide": "aide", "points": "points"}
# `enonce`, l'échelle et `sens` se comptent à part : ce sont eux qui disent si l'on peut encore comparer.
DE_QUESTION = {
    "enonce": "énoncé",
    "echelle_en_mots": "échelle",
    "sens": "sens",
    "poids": "poids",
    "etoilee": "étoilée",
    "sans_objet": "sans objet permis",
    "choix": "réponse par les échelons seuls",
    "echelle": "échelons",
    "aide": "aide",
    "categorie": "catégorie",
    "action": "action suggérée",
    "risque": "risque nourri",
    "si": "condition",
    "section": "section",
}
DU_COMPTE = ("enonce", "echelle_en_mots", "sens")

Ecart = tuple[str, str, str]
"""Ce qui change : son nom, avant, après, en mots."""


@dataclass(frozen=True, slots=True)
class Changement:
    """Une question présente des deux côtés, et ce qui y change. `enonce` : le nouveau."""

    code: str
    enonce: str
    ecarts: tuple[Ecart, ...]

    def porte(self, nom: str) -> bool:
        """Vrai si cela change (clé de `DE_QUESTION`)."""
        return any(titre == DE_QUESTION[nom] for titre, _, _ in self.ecarts)


@dataclass(frozen=True, slots=True)
class Differences:
    """D'un texte au suivant. `generales` : rubriques et sections ; `ordre` : l'ordre des questions communes change."""

    ajoutees: tuple[QuestionDefinie, ...]
    retirees: tuple[QuestionDefinie, ...]
    changees: tuple[Changement, ...]
    generales: tuple[Ecart, ...]
    ordre: bool
    nb_communes: int
    sens_connu: bool

    def __bool__(self) -> bool:
        return bool(self.ajoutees or self.retirees or self.changees or self.generales or self.ordre)

    def qui_changent(self, nom: str) -> list[Changement]:
        """Questions où cela change (clé de `DE_QUESTION`)."""
        return [c for c in self.changees if c.porte(nom)]

    @property
    def reformulees(self) -> list[Changement]:
        """Celles dont l'énoncé change."""
        return self.qui_changent("enonce")

    @property
    def obstacle(self) -> str:
        """Pourquoi les deux textes ne se comparent pas, en une phrase ; vide s'ils le peuvent."""
        if not self.nb_communes:
            return "Aucune question n'est commune aux deux : leurs réponses ne se comparent pas."
        if not self.sens_connu:
            return "Le sens d'une question commune n'est pas connu : leurs réponses ne se comparent pas."
        touchees = [c.code for c in self.changees if c.porte("echelle_en_mots") or c.porte("sens")]
        if touchees:
            combien = accorde(len(touchees), "question commune change,questions communes changent")
            return f"{combien} d'échelle ou de sens ({_codes(touchees)}) : leurs réponses ne se comparent pas."
        return ""

    @property
    def en_mots(self) -> str:
        """« 2 ajoutées, 1 reformulée » ; « aucune différence »."""
        autres = [c for c in self.changees if not any(c.porte(nom) for nom in DU_COMPTE)]
        comptes = (
            (len(self.ajoutees), "ajoutée"),
            (len(self.retirees), "retirée"),
            (len(self.reformulees), "reformulée"),
            (len(self.qui_changent("echelle_en_mots")), "d'une autre échelle,d'une autre échelle"),
            (len(self.qui_changent("sens")), "d'un autre sens,d'un autre sens"),
            (len(autres), "retouchée"),
        )
        dits = [accorde(n, formes) for n, formes in comptes if n]
        dits += ["présentation changée"] if self.generales or self.ordre else []
        return ", ".join(dits) or "aucune différence"


def _codes(codes: list[str]) -> str:
    return liste(codes if len(codes) < 6 else [*codes[:5], f"{len(codes) - 5} autres"])


def comparer(avant: Definition, apres: Definition) -> Differences:
    """Ce que le second texte change au premier ; une question se reconnaît à son code, où qu'elle soit."""
    anciennes, nouvelles = dict(_rangees(avant)), dict(_rangees(apres))
    communes = [code for code in nouvelles if code in anciennes]
    changees = []
    for code in communes:
        ecarts = tuple(_ecarts(DE_QUESTION, _lire(*anciennes[code], avant), _lire(*nouvelles[code], apres)))
        if ecarts:
            changees.append(Changement(code, nouvelles[code][1].enonce, ecarts))
    connus = (q.sens != SensEchelle.INCONNU for code in communes for q in (anciennes[code][1], nouvelles[code][1]))
    return Differences(
        ajoutees=tuple(q for code, (_, q) in nouvelles.items() if code not in anciennes),
        retirees=tuple(q for code, (_, q) in anciennes.items() if code not in nouvelles),
        changees=tuple(changees),
        generales=(*_ecarts(RUBRIQUES, _rubriques(avant), _rubriques(apres)), *_des_sections(avant, apres)),
        ordre=communes != [code for code in anciennes if code in nouvelles],
        nb_communes=len(communes),
        sens_connu=all(connus),
    )


def _rangees(definition: Definition) -> Iterator[tuple[str, tuple[SectionDefinie, QuestionDefinie]]]:
    for section in definition.sections:
        for question in section.questions:
            yield question.code, (section, question)


def _ecarts(noms: dict[str, str], avant: dict[str, str], apres: dict[str, str]) -> Iterator[Ecart]:
    for nom, titre in noms.items():
        if avant[nom] != apres[nom]:
            yield titre, avant[nom], apres[nom]


def _dire(valeur: Any) -> str:
    if valeur is None or valeur == "":
        return "rien"
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    return nombre(valeur) if isinstance(valeur, int | float) else str(valeur)


def _rubriques(definition: Definition) -> dict[str, str]:
    objet = ObjetQuestionnaire(definition.objet)
    dites = {nom: _dire(getattr(definition, nom)) for nom in RUBRIQUES}
    return dites | {"objet": str(objet.label), "sens": sens_en_mots(objet, definition.sens)}


def _lire(section: SectionDefinie, q: QuestionDefinie, definition: Definition) -> dict[str, str]:
    dites = {champ.name: _dire(getattr(q, champ.name)) for champ in fields(q)}
    echelons = " ; ".join(f"{e.valeur} = {e.libelle}" for e in q.echelle)
    return dites | {
        "echelle_en_mots": echelle_en_mots(q.minimum, q.maximum),
        "sens": sens_en_mots(definition.objet, q.sens),
        "echelle": _dire(echelons),
        "categorie": str(CategorieRisque(q.categorie).label) if q.categorie else "rien",
        "si": _dire(condition_en_mots(q.si.question, q.si.au_moins) if q.si else ""),
        "section": section.code,
    }


def _des_sections(avant: Definition, apres: Definition) -> Iterator[Ecart]:
    anciennes, nouvelles = ({s.code: s for s in d.sections} for d in (avant, apres))
    for code in anciennes | nouvelles:
        titre = f"section {code}"
        if code not in nouvelles:
            yield titre, anciennes[code].nom, "retirée"
        elif code not in anciennes:
            yield titre, "absente", nouvelles[code].nom
        else:
            lues = ({nom: _dire(getattr(s[code], nom)) for nom in DE_SECTION} for s in (anciennes, nouvelles))
            for nom, de, vers in _ecarts(DE_SECTION, *lues):
                yield f"{titre}, {nom}", de, vers
    if list(anciennes) != list(nouvelles) and anciennes.keys() == nouvelles.keys():
        yield "ordre des sections", ", ".join(anciennes), ", ".join(nouvelles)
