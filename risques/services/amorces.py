"""Ce que les réponses de la grappe disent déjà de chaque catégorie : de quoi amorcer l'analyse d'un ESMS.

La source : dans la dernière évaluation « risques » de la grappe dont le résultat n'est la réponse de personne, la
grille de consensus, à défaut celle de la réunion, à défaut la moyenne des réponses transmises, deux au moins. L'ESMS
corrige ; rien n'est écrit.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.db.models import Exists, OuterRef

from programme.models import Grappe, Utilisateur
from risques.calculs.criticite import depuis_reponses, sans_arreter
from risques.calculs.echelle import risque, sens_connu
from risques.calculs.reponses import valeurs_retenues
from risques.enums import Impact, NatureGrille, ObjetQuestionnaire, Probabilite
from risques.models import Evaluation, Grille, Question
from risques.services.baremes import Bareme, bareme_de
from risques.services.resultats import resultat_de

MONTREES = 2
SOURCES = {
    NatureGrille.CONSENSUS: "le consensus de la grappe",
    NatureGrille.REUNION: "la réunion de la grappe",
    NatureGrille.INDIVIDUELLE: "la moyenne des réponses de la grappe",
}


@dataclass(frozen=True, slots=True)
class Amorce:
    """Une catégorie : probabilité et impact suggérés, combien de réponses inquiètent, les deux pires énoncés."""

    probabilite: Probabilite
    impact: Impact
    inquietent: int
    nombre: int
    pires: tuple[str, ...]

    @property
    def phrase(self) -> str:
        """« dans la grappe : 12 réponses sur ce sujet, 3 inquiètent »."""
        if self.nombre == 1:
            return (
                f"dans la grappe : une réponse sur ce sujet, elle {'inquiète' if self.inquietent else 'n’inquiète pas'}"
            )
        if not self.inquietent:
            inquietent = "aucune n'inquiète"
        else:
            inquietent = "une inquiète" if self.inquietent == 1 else f"{self.inquietent} inquiètent"
        return f"dans la grappe : {self.nombre} réponses sur ce sujet, {inquietent}"


@dataclass(frozen=True, slots=True)
class Amorces:
    """Ce que dit la grappe, par catégorie ; vide si rien n'est dit à plusieurs. `source` : d'où cela vient."""

    par_categorie: dict[str, Amorce] = field(default_factory=dict)
    source: str = ""


def amorces_de(grappe: Grappe, *, par: Utilisateur) -> Amorces:
    """Les amorces d'une grappe pour ce lecteur. Neuf requêtes au plus, sans égard au nombre de réponses.

    Qui doit encore répondre à cette évaluation n'en lit rien : sa réponse serait l'écho de celles des autres.
    """
    retenues = _grilles(grappe, par)
    if not retenues:
        return Amorces()
    bareme = bareme_de(grappe)
    rangees: dict[str, list[tuple[Fraction, Question]]] = defaultdict(list)
    for question, part in _parts(retenues):
        rangees[question.categorie].append((part, question))
    rendu = {categorie: _amorce(lues, bareme) for categorie, lues in rangees.items()}
    nature = NatureGrille(retenues[0].nature)
    return Amorces(rendu, SOURCES[nature])


def _amorce(lues: list[tuple[Fraction, Question]], bareme: Bareme) -> Amorce:
    """Jamais « inacceptable » : une moyenne n'arrête personne, quelqu'un doit le dire."""
    seuil = Fraction(bareme.inquietante - 1, 9)
    suggeres = depuis_reponses(part for part, _ in lues)
    assert suggeres is not None
    inquietent = sorted((x for x in lues if x[0] >= seuil), key=lambda x: -x[0])
    pires = tuple(question.enonce for _, question in inquietent[:MONTREES])
    return Amorce(*sans_arreter(*suggeres, bareme.niveau), len(inquietent), len(lues), pires)


def _grilles(grappe: Grappe, par: Utilisateur) -> list[Grille]:
    """Les grilles qui font la source ; aucune si ce lecteur doit encore répondre."""
    attendu = Grille.objects.attendues_de(par).filter(evaluation=OuterRef("pk"))
    evaluations = Evaluation.objects.concertees().filter(
        campagne__grappe=grappe,
        parcours__isnull=True,
        campagne__version_posee__questionnaire__objet=ObjetQuestionnaire.RISQUES,
    )
    derniere = evaluations.annotate(attendu=Exists(attendu)).order_by("-campagne__creee_le", "-pk").first()
    if derniere is None or derniere.attendu:
        return []
    lues = list(Grille.objects.transmises().filter(evaluation=derniere))
    for nature in (NatureGrille.CONSENSUS, NatureGrille.REUNION):
        if choisies := [g for g in lues if g.nature == nature]:
            return choisies
    return lues


def _parts(grilles: Iterable[Grille]) -> list[tuple[Question, Fraction]]:
    """Par question d'une catégorie, la part de risque moyenne de 0 à 1 des notes qui comptent, dans leur ordre."""
    choisies = {g.pk: g for g in grilles}
    lue = resultat_de(next(iter(choisies.values())).evaluation)
    rendu: dict[str, list[Fraction]] = defaultdict(list)
    questions: dict[str, Any] = {q.code: q for s in lue.sections for q in s.questions}
    for g in lue.grilles:
        for code, valeur in valeurs_retenues(g.sections, g.reponses).items() if g.grille.pk in choisies else ():
            if questions[code].categorie and sens_connu(questions[code]):
                rendu[code].append(risque(questions[code], valeur))
    return [(q, sum(rendu[code], Fraction()) / len(rendu[code])) for code, q in questions.items() if code in rendu]
