"""Ce que les réponses de la grappe disent déjà de chaque catégorie : de quoi amorcer l'analyse d'un ESMS.

La source : dans la dernière évaluation « risques » de la grappe dont le résultat n'est la réponse de personne, la
grille de consensus, à défaut celle de la réunion, à défaut la moyenne des réponses transmises, deux au moins. L'ESMS
corrige ; rien n'est écrit.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from django.db.models import Exists, OuterRef

from programme.models import Grappe, Utilisateur
from risques.criticite import depuis_reponses
from risques.echelle import risque, sens_connu
from risques.enums import Impact, NatureGrille, ObjetQuestionnaire, Probabilite
from risques.models import Evaluation, Grille, Question, Reponse
from risques.services.baremes import bareme_de

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
        """« d'après la grappe : 3 réponses sur 12 inquiètent »."""
        if self.nombre == 1:
            return f"d'après la grappe : sa réponse {'inquiète' if self.inquietent else 'ne dit rien d’inquiétant'}"
        if not self.inquietent:
            return f"d'après la grappe : aucune de ses {self.nombre} réponses n'inquiète"
        combien = "une réponse" if self.inquietent == 1 else f"{self.inquietent} réponses"
        return f"d'après la grappe : {combien} sur {self.nombre} {'inquiète' if self.inquietent == 1 else 'inquiètent'}"


@dataclass(frozen=True, slots=True)
class Amorces:
    """Ce que dit la grappe, par catégorie ; vide si rien n'est dit à plusieurs. `source` : d'où cela vient."""

    par_categorie: dict[str, Amorce] = field(default_factory=dict)
    source: str = ""


def amorces_de(grappe: Grappe, *, par: Utilisateur) -> Amorces:
    """Les amorces d'une grappe pour ce lecteur. Trois requêtes, sans égard au nombre de réponses.

    Qui doit encore répondre à cette évaluation n'en lit rien : sa réponse serait l'écho de celles des autres.
    """
    retenues = _grilles(grappe, par)
    if not retenues:
        return Amorces()
    seuil = Fraction(bareme_de(grappe).inquietante - 1, 9)
    rangees: dict[str, list[tuple[Fraction, Question]]] = defaultdict(list)
    for question, part in _parts(retenues):
        rangees[question.categorie].append((part, question))
    rendu = {categorie: _amorce(lues, seuil) for categorie, lues in rangees.items()}
    nature = NatureGrille(retenues[0].nature)
    return Amorces(rendu, SOURCES[nature])


def _amorce(lues: list[tuple[Fraction, Question]], seuil: Fraction) -> Amorce:
    suggeres = depuis_reponses(part for part, _ in lues)
    assert suggeres is not None
    inquietent = sorted((x for x in lues if x[0] >= seuil), key=lambda x: -x[0])
    pires = tuple(question.enonce for _, question in inquietent[:MONTREES])
    return Amorce(*suggeres, len(inquietent), len(lues), pires)


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
    """Par question d'une catégorie, la part de risque moyenne de 0 à 1, dans l'ordre des questions. Une requête."""
    lues = Reponse.objects.filter(grille__in=[g.pk for g in grilles], valeur__isnull=False, sans_objet=False)
    rendu: dict[Question, list[Fraction]] = defaultdict(list)
    ordre = lues.exclude(question__categorie="").select_related("question")
    for reponse in ordre.order_by("question__section__rang", "question__rang", "grille"):
        if sens_connu(reponse.question):
            rendu[reponse.question].append(risque(reponse.question, reponse.valeur or 0))
    return [(question, sum(parts, Fraction()) / len(parts)) for question, parts in rendu.items()]
