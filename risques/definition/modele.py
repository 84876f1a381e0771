"""Un questionnaire tel qu'un fichier le décrit : valeurs simples, gelées, comparables. Ni base, ni horloge."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

MINIMUM, MAXIMUM = 1, 10
Nombre = int | float


@dataclass(frozen=True, slots=True)
class Echelon:
    """Une valeur de l'échelle et ses mots."""

    valeur: int
    libelle: str


@dataclass(frozen=True, slots=True)
class Condition:
    """La question n'est posée que si la réponse brute à `question`, placée plus haut, vaut au moins `au_moins`."""

    question: str
    au_moins: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionDefinie:
    """Une question et son échelle propre.

    `sens` : valeur de `SensEchelle`. `poids` > 0. `sans_objet` : on peut répondre « sans objet ». `choix` : on ne
    répond que par les échelons. `categorie` : valeur de `CategorieRisque`, ou vide. `action`, `risque` : ce qui est
    proposé quand la réponse inquiète.
    """

    code: str
    enonce: str
    sens: str
    aide: str = ""
    minimum: int = MINIMUM
    maximum: int = MAXIMUM
    poids: Nombre = 1
    etoilee: bool = False
    sans_objet: bool = True
    echelle: tuple[Echelon, ...] = ()
    choix: bool = False
    categorie: str = ""
    action: str = ""
    risque: str = ""
    si: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionDefinie:
    """Une section. `points` : sa note maximale ; None, elle compte pour ce que valent ses questions."""

    code: str
    nom: str
    aide: str = ""
    points: int | None = None
    questions: tuple[QuestionDefinie, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """Un questionnaire entier.

    `objet` : valeur de `ObjetQuestionnaire`. `sens` : celui des questions qui n'en disent pas. `duree_minutes` : temps
    de réponse annoncé, None s'il n'est pas dit. `total` : ce que vaut le total à l'écran ; None, la somme des maximums.
    """

    code: str
    nom: str
    objet: str
    sens: str
    version: int = 1
    duree_minutes: int | None = None
    provenance: str = ""
    note: str = ""
    total: int | None = None
    sections: tuple[SectionDefinie, ...] = ()

    @property
    def questions(self) -> Iterator[QuestionDefinie]:
        """Toutes les questions, dans l'ordre où elles se posent."""
        return (question for section in self.sections for question in section.questions)

    def en_dict(self) -> dict[str, Any]:
        """Le format d'échange, toutes les valeurs dites, prêt pour JSON."""
        valeurs = asdict(self)
        valeurs["sections"] = [
            section | {"questions": [q | {"echelle": list(q["echelle"])} for q in section["questions"]]}
            for section in valeurs["sections"]
        ]
        return valeurs

    @classmethod
    def lire_dict(cls, valeurs: Mapping[str, Any]) -> "Definition":
        """L'inverse de `en_dict` ; ce qui manque prend sa valeur par défaut.

        Rien n'est vérifié : à réserver à ce que `verification.verifier` a vu. Lève `KeyError` ou `TypeError`.
        """
        sections = tuple(_section(section, valeurs["sens"]) for section in valeurs.get("sections", ()))
        return cls(**{**valeurs, "sections": sections})


def _section(valeurs: Mapping[str, Any], sens: str) -> SectionDefinie:
    questions = tuple(_question(question, sens) for question in valeurs.get("questions", ()))
    return SectionDefinie(**{**valeurs, "questions": questions})


def _question(valeurs: Mapping[str, Any], sens: str) -> QuestionDefinie:
    si = valeurs.get("si")
    composees = {
        "sens": valeurs.get("sens") or sens,
        "echelle": tuple(Echelon(**echelon) for echelon in valeurs.get("echelle", ())),
        "si": Condition(**si) if si else None,
    }
    return QuestionDefinie(**{**valeurs, **composees})
