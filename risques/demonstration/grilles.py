"""Remplir une grille de la démonstration : des notes qui se ressemblent sans se répéter, puis la porte. Inventé."""

from collections.abc import Callable, Mapping
from datetime import date

from programme.demonstration.recit import a_neuf_heures
from programme.models import Utilisateur
from programme.socle.porte import changer_etat
from risques.calculs.reponses import questions_posees
from risques.models import Evaluation, Grille, Question, Reponse

Noter = Callable[[str, int, Question], int | None]
"""La note d'une question : sa section, son rang dans le questionnaire, la question. None : sans objet."""

PENTES: Mapping[str, int] = {"P": 4, "C": 5, "M": 4, "L": 3, "A": 5, "N": 4, "U": 7, "R": 8, "T": 5, "H": 6}
"""Ce que vaut d'ordinaire une section des cent questions : les moyens et les attitudes pèsent le plus ici."""


def avec_ecart(decalage: int, remous: int, *, sans_objet: frozenset[str] = frozenset()) -> Noter:
    """Des notes autour de la pente de leur section. `decalage` : le regard de chacun ; `remous` : ce qui les sépare.

    Deux regards s'accordent presque partout, et s'opposent de temps en temps : c'est de cela qu'on parle.
    """

    def noter(section: str, rang: int, question: Question) -> int | None:
        if question.code in sans_objet:
            return None
        commune = (rang * 7) % 5 - 2
        heurt = (rang * 5 + remous * 7) % 19
        ecart = {0: 4, 9: -4, 14: 2}.get(heurt, 0)
        regard = decalage if rang % 3 else 0
        brut = PENTES.get(section, 5) + commune + regard + ecart
        return min(max(brut, question.minimum), question.maximum)

    return noter


def regulier(decalage: int) -> Noter:
    """Des notes d'une échelle courte : autour du milieu, selon le regard."""

    def noter(section: str, rang: int, question: Question) -> int | None:
        milieu = (question.minimum + question.maximum) // 2
        brut = milieu + decalage + (rang * 3 + decalage) % 3 - 1
        return min(max(brut, question.minimum), question.maximum)

    return noter


def remplir(grille: Grille, noter: Noter, le: date, *, mots: Mapping[str, str] | None = None) -> None:
    """Répond à toutes les questions posées, ce jour-là ; la grille est commencée."""
    changer_etat(grille, "commencer", par=grille.evaluateur, date_effet=le)
    posees = questions_posees(grille.sections_posees(), {})
    version = grille.evaluation.campagne.version_posee
    en_base = Question.objects.filter(section__version=version, code__in=list(posees)).select_related("section")
    reponses = []
    for rang, question in enumerate(en_base):
        valeur = noter(question.section.code, rang, question)
        reponses.append(
            Reponse(
                grille=grille,
                question=question,
                valeur=valeur,
                sans_objet=valeur is None,
                mot=(mots or {}).get(question.code, ""),
                par=grille.evaluateur,
                le=a_neuf_heures(le),
            )
        )
    Reponse.objects.bulk_create(reponses)


def transmettre(grille: Grille, le: date, *, par: Utilisateur | None = None) -> None:
    """Transmet, par la porte."""
    changer_etat(grille, "transmettre", par=par or grille.evaluateur, date_effet=le)


def consensus_de(evaluation: Evaluation, codes: Mapping[str, int], sinon: Callable[[list[int]], int]) -> Noter:
    """Ce que le groupe retient : `codes` pour ce qui fut débattu, `sinon` des notes de chacun pour le reste."""
    notes: dict[str, list[int]] = {}
    siennes = Reponse.objects.filter(grille__evaluation=evaluation, valeur__isnull=False)
    for code, valeur in siennes.order_by("pk").values_list("question__code", "valeur"):
        if valeur is not None:
            notes.setdefault(code, []).append(valeur)

    def noter(section: str, rang: int, question: Question) -> int | None:
        if question.code in codes:
            return codes[question.code]
        return sinon(notes[question.code]) if question.code in notes else None

    return noter
