"""Dire un questionnaire en phrases : son sens, son échelle, quand une question se pose. Module pur."""

from collections.abc import Mapping, Sequence
from typing import Any

from programme.socle.nombres import nombre
from risques.enums import ObjetQuestionnaire, SensEchelle

_MOINS_BON = {SensEchelle.DEFAVORABLE: "Plus la note est haute, moins c'est bon"}
# Un grand changement, un effet nul ou un grief ne sont pas des risques.
_PROPRES = {
    ObjetQuestionnaire.PREDIAGNOSTIC: {
        SensEchelle.DEFAVORABLE: "Plus la note est haute, plus le changement est grand",
        SensEchelle.FAVORABLE: "Plus la note est haute, plus le changement est petit",
    },
    ObjetQuestionnaire.EFFETS: _MOINS_BON,
    ObjetQuestionnaire.LEVIERS: _MOINS_BON,
}

LECTURES = {
    ObjetQuestionnaire.RISQUES: ("Maîtrise", "plus c'est haut, mieux les risques sont maîtrisés"),
    ObjetQuestionnaire.EFFETS: ("Effets du DUI", "plus c'est haut, plus le DUI a apporté"),
    ObjetQuestionnaire.PREDIAGNOSTIC: ("Ampleur du changement", "plus c'est haut, plus le changement est grand"),
    ObjetQuestionnaire.LEVIERS: (
        "Leviers et griefs",
        "plus c'est haut, plus les leviers agissent et moins les griefs pèsent",
    ),
    ObjetQuestionnaire.AUTRE: ("Total", "plus c'est haut, mieux c'est"),
}
"""Comment se lit une note, par objet : son nom, ce que dit une note haute. Partout la même phrase."""


def sens_en_mots(objet: str, sens: str) -> str:
    """Ce que dit une note haute, dans les mots de l'objet.

    `objet` : valeur de `ObjetQuestionnaire` ; `sens` : valeur de `SensEchelle`.
    """
    direction = SensEchelle(sens)
    propres = _PROPRES.get(ObjetQuestionnaire(objet), {})
    return propres.get(direction, str(direction.label))


def echelle_en_mots(minimum: int, maximum: int) -> str:
    """« 1 à 10 »."""
    return f"{nombre(minimum)} à {nombre(maximum)}"


def echelons_en_mots(echelle: Sequence[Mapping[str, Any]]) -> str:
    """« 1 = Pas du tout ; 10 = Tout à fait » ; vide si aucun échelon n'est nommé."""
    return " ; ".join(f"{e['valeur']} = {e['libelle']}" for e in echelle)


def condition_en_mots(question: str, au_moins: int | None) -> str:
    """« posée si la note de P01 est d'au moins 7 » ; vide si elle se pose toujours."""
    if not question or au_moins is None:
        return ""
    return f"posée si la note de {question} est d'au moins {nombre(au_moins)}"
