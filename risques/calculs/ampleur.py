"""Le pré-diagnostic se lit de l'autre bout : plus c'est haut, plus le changement est grand. Module pur."""

from collections.abc import Iterable
from dataclasses import replace

from risques.calculs.echelle import QuestionNotee
from risques.calculs.reponses import SectionNotee
from risques.enums import ObjetQuestionnaire, SensEchelle

_AUTRE_BOUT = {
    SensEchelle.FAVORABLE: SensEchelle.DEFAVORABLE,
    SensEchelle.DEFAVORABLE: SensEchelle.FAVORABLE,
    SensEchelle.INCONNU: SensEchelle.INCONNU,
}


def se_lit_en_ampleur(objet: str) -> bool:
    """Vrai pour le pré-diagnostic : un grand changement n'est ni un risque ni une maîtrise."""
    return objet == ObjetQuestionnaire.PREDIAGNOSTIC


def retourner_sections(sections: Iterable[SectionNotee]) -> list[SectionNotee]:
    """Les mêmes, chaque question tournée de l'autre bout ; les réponses ne bougent pas."""
    return [
        replace(
            s,
            questions=tuple(
                QuestionNotee(
                    q.code, q.minimum, q.maximum, _AUTRE_BOUT[SensEchelle(q.sens)], q.poids, q.etoilee,
                    q.si_question, q.si_au_moins,
                )
                for q in s.questions
            ),
        )
        for s in sections
    ]  # fmt: skip


def a_lire(objet: str, sections: list[SectionNotee]) -> list[SectionNotee]:
    """Les sections telles que se lit leur note : en ampleur pour le pré-diagnostic, en maîtrise sinon."""
    return retourner_sections(sections) if se_lit_en_ampleur(objet) else sections
