"""Des questionnaires pour les essais : un petit, le cent points, et tous ceux qu'on peut engendrer."""

from typing import Any

from hypothesis import strategies as st

from risques.definition.champs import propre, sans_bords
from risques.definition.modele import Definition
from risques.definition.verification import CATEGORIES, ECHELON_AU_MILIEU, OBJETS, SENS, verifier
from risques.enums import SensEchelle

NIR = "1 85 05 78 006 084 91"
CALCUL = "=cmd|'/c calc'!A1"


def question(code: str, /, **valeurs: Any) -> dict[str, Any]:
    return {"code": code, "enonce": f"Où en est {code} ?"} | valeurs


def section(code: str, /, *questions: dict[str, Any], **valeurs: Any) -> dict[str, Any]:
    return {"code": code, "nom": f"Section {code}", "questions": list(questions)} | valeurs


def questionnaire(*sections: dict[str, Any], **valeurs: Any) -> dict[str, Any]:
    base = {"code": "nos-risques", "nom": "Nos risques", "objet": "risques", "sens": "defavorable"}
    return base | {"sections": list(sections)} | valeurs


def petit(**valeurs: Any) -> dict[str, Any]:
    """Deux sections ; A1 d'échelle 1 à 10, A2 qui en dépend, B1 de 0 à 3."""
    return questionnaire(
        section("A", question("A1"), question("A2", si={"question": "A1", "au_moins": 7})),
        section("B", question("B1", minimum=0, maximum=3)),
        **valeurs,
    )


def cent_points(questions: int = 10, sections: int = 10) -> dict[str, Any]:
    """Le cent points ; sa section C a `questions` questions."""
    return questionnaire(
        *(
            section(lettre, *(question(f"{lettre}{n:02d}") for n in range(1, 1 + (questions if lettre == "C" else 10))))
            for lettre in "ABCDEFGHIJ"[:sections]
        ),
        code="risques-100-points",
    )


def definir(brut: dict[str, Any]) -> Definition:
    """La définition, qui doit être sans faute."""
    definition, fautes = verifier(brut)
    assert definition is not None, fautes
    return definition


def raisons(brut: Any) -> list[str]:
    return [faute.raison for faute in verifier(brut)[1]]


# Ce qui malmène un tableur : débuts de formule, séparateurs, blancs, échappements, accents décomposés.
_RUDES = st.sampled_from(
    ["=", "+", "-", "@", "'", ";", "|", "\n", "\t", "\xa0", "_x000D_", "1 = ", '"', "e\u0301", "\x07"]
)
_textes = st.lists(_RUDES | st.text(max_size=8), max_size=6).map("".join)


def textes(lignes: bool = False) -> st.SearchStrategy[str]:
    return _textes.map(lambda texte: propre(texte, lignes=lignes))


libelles = textes().map(sans_bords).filter(lambda t: any(c.isalnum() for c in t) and not ECHELON_AU_MILIEU.search(t))
nombres = st.integers(1, 1_000) | st.integers(1, 9_999_999).map(lambda n: n / 10_000)


@st.composite
def _questions(draw: st.DrawFn, code: str, avant: list[dict[str, Any]]) -> dict[str, Any]:
    minimum = draw(st.integers(0, 99))
    maximum = draw(st.integers(minimum + 1, 100))
    valeurs = draw(st.lists(st.integers(minimum, maximum), max_size=4, unique=True))
    echelle = [{"valeur": valeur, "libelle": draw(libelles)} for valeur in valeurs]
    si = None
    if avant and draw(st.booleans()):
        visee = draw(st.sampled_from(avant))
        si = {"question": visee["code"], "au_moins": draw(st.integers(visee["minimum"], visee["maximum"]))}
    return {
        "code": code,
        "enonce": f"{draw(textes())} {code}",
        "aide": draw(textes(lignes=True)),
        "minimum": minimum,
        "maximum": maximum,
        "sens": draw(st.sampled_from(sorted(SENS))),
        "poids": draw(nombres),
        "etoilee": draw(st.booleans()),
        "sans_objet": draw(st.booleans()),
        "echelle": echelle,
        "choix": bool(echelle) and draw(st.booleans()),
        "categorie": draw(st.sampled_from(["", *sorted(CATEGORIES)])),
        "action": draw(textes()),
        "risque": draw(textes()),
        "si": si,
    }


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    """Une définition sans faute, aux textes rudes."""
    avant: list[dict[str, Any]] = []
    sections = []
    avec_points = draw(st.booleans())
    for rang in range(draw(st.integers(1, 3))):
        questions = []
        for numero in range(draw(st.integers(1, 3))):
            questions.append(draw(_questions(f"{rang}-{numero}", list(avant))))
            avant.append(questions[-1])
        points = draw(st.integers(1, 1_000)) if avec_points else None
        nom = f"{draw(textes())}.{rang}"
        sections.append(section(f"S{rang}", *questions, nom=nom, aide=draw(textes(lignes=True)), points=points))
    return definir(
        questionnaire(
            *sections,
            objet=draw(st.sampled_from(sorted(OBJETS))),
            sens=draw(st.sampled_from([str(s.value) for s in SensEchelle])),
            version=draw(st.integers(1, 9_999)),
            duree_minutes=draw(st.none() | st.integers(1, 600)),
            total=None if avec_points else draw(st.none() | st.integers(1, 100_000)),
            provenance=draw(textes(lignes=True)),
            note=draw(textes(lignes=True)),
        )
    )
