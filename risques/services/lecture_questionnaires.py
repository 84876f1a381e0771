"""Ce que les pages des questionnaires montrent, en un nombre constant de requêtes."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F

from programme.models import Grappe, Utilisateur
from programme.socle.nombres import nombre
from programme.socle.temps_de_saisie import en_mots
from risques.calculs.differences import Differences, comparer
from risques.calculs.mots import condition_en_mots, echelle_en_mots, echelons_en_mots, sens_en_mots
from risques.enums import EtatVersion, SensEchelle
from risques.models import Campagne, Question, Questionnaire, Section, VersionQuestionnaire
from risques.models.questionnaires import TREILLE
from risques.services.questionnaires import definition_de, origine_de_comparaison, precedente_de

CAMPAGNES_MONTREES = 20


@dataclass(frozen=True, slots=True)
class LigneVersion:
    """Une version, ce qui la distingue de la précédente de sa portée, et combien de campagnes lues s'en servent."""

    version: VersionQuestionnaire
    nb_questions: int
    ecarts: Differences | None
    nb_campagnes: int


@dataclass(frozen=True, slots=True)
class Fiche:
    """Un questionnaire : ses versions par portée (Treille d'abord), de la plus récente à la première."""

    portees: list[tuple[str, list[LigneVersion]]]
    campagnes: list[Campagne]
    en_vigueur: VersionQuestionnaire | None


def fiche_de(questionnaire: Questionnaire, *, par: Utilisateur) -> Fiche:
    """Ce que ce lecteur voit du questionnaire. Quatre requêtes."""
    vues = VersionQuestionnaire.objects.visibles_par(par).filter(questionnaire=questionnaire)
    ordre = (F("grappe__tri").asc(nulls_first=True), "grappe", "-numero")
    versions = list(
        vues.select_related("questionnaire", "grappe").prefetch_related("sections__questions").order_by(*ordre)
    )
    campagnes = list(
        Campagne.objects.visibles_par(par)
        .filter(version_posee__in=versions)
        .pour_lecture()
        .order_by("-creee_le", "-pk")
    )
    emplois = Counter(c.version_posee_id for c in campagnes)
    portees: dict[Any, list[LigneVersion]] = {}
    noms: dict[Any, str] = {}
    for version in versions:
        noms[version.grappe_id] = version.de_qui
        anterieures = [v for v in versions if v.grappe_id == version.grappe_id and v.numero < version.numero]
        precedente = next((v for v in anterieures if not v.est_brouillon), None)
        texte = definition_de(version)
        ecarts = comparer(definition_de(precedente), texte) if precedente else None
        nb = sum(1 for _ in texte.questions)
        portees.setdefault(version.grappe_id, []).append(LigneVersion(version, nb, ecarts, emplois[version.pk]))
    publiees = [v for v in versions if v.etat == EtatVersion.PUBLIEE]
    return Fiche(
        [(noms[cle], lignes) for cle, lignes in portees.items()],
        campagnes[:CAMPAGNES_MONTREES],
        publiees[0] if publiees else None,
    )


@dataclass(frozen=True, slots=True)
class QuestionLue:
    """Une question telle qu'on la lit avant de s'en servir.

    `echelle`, `sens`, `poids` : vides quand ce sont ceux du questionnaire.
    """

    question: Question
    echelle: str
    sens: str
    poids: str
    condition: str


@dataclass(frozen=True, slots=True)
class SectionLue:
    """Une section et ses questions."""

    section: Section
    questions: list[QuestionLue]


@dataclass(frozen=True)
class TexteLu:
    """Une version entière : ses sections, ses comptes, son sens et son échelle en mots.

    `echelle` : la plus employée. `echelons` : ses repères, s'ils sont les mêmes à toutes les questions.
    """

    version: VersionQuestionnaire
    sections: list[SectionLue]
    sens: str
    echelle: str
    echelons: str
    ecarts: Differences | None = None
    precedente: VersionQuestionnaire | None = None
    depuis: int | None = None
    campagnes: list[Campagne] = field(default_factory=list)

    @property
    def nb_questions(self) -> int:
        """Toutes sections réunies."""
        return sum(len(s.questions) for s in self.sections)

    @property
    def nb_etoilees(self) -> int:
        """Celles qu'on repose en fin de phase."""
        return sum(q.question.etoilee for s in self.sections for q in s.questions)

    @property
    def duree(self) -> str:
        """« 2 h 30 »."""
        return en_mots(self.version.duree_minutes * 60)

    @property
    def sens_inconnu(self) -> bool:
        """Vrai si rien ne pourra se comparer."""
        return self.version.sens == SensEchelle.INCONNU


def texte_de(version: VersionQuestionnaire) -> TexteLu:
    """Le texte d'une version déjà lue avec ses sections et ses questions. Aucune requête."""
    objet = version.questionnaire.objet
    questions = [q for section in version.sections.all() for q in section.questions.all()]
    echelles = Counter(echelle_en_mots(q.minimum, q.maximum) for q in questions)
    commune = echelles.most_common(1)[0][0] if echelles else ""
    dits = {echelons_en_mots(q.echelle) for q in questions}
    echelons = dits.pop() if len(dits) == 1 else ""

    def lire(q: Question) -> QuestionLue:
        echelle, propres = echelle_en_mots(q.minimum, q.maximum), "" if echelons else echelons_en_mots(q.echelle)
        if q.choix:
            echelle = propres
        elif propres:
            echelle = f"{echelle} ({propres})"
        return QuestionLue(
            q,
            "" if echelle == commune else echelle,
            sens_en_mots(objet, q.sens) if q.sens != version.sens else "",
            nombre(q.poids.normalize()) if q.poids != 1 else "",
            condition_en_mots(q.si_question, q.si_au_moins),
        )

    sections = [SectionLue(s, [lire(q) for q in s.questions.all()]) for s in version.sections.all()]
    return TexteLu(version, sections, sens_en_mots(objet, version.sens), commune, echelons)


def page_de(version: VersionQuestionnaire, *, par: Utilisateur) -> TexteLu:
    """Le texte, ce qui le distingue de la version d'avant, et les campagnes que le lecteur voit."""
    lu, precedente = texte_de(version), precedente_de(version)
    campagnes = Campagne.objects.visibles_par(par).filter(version_posee=version).pour_lecture()
    return TexteLu(
        version,
        lu.sections,
        lu.sens,
        lu.echelle,
        lu.echelons,
        comparer(definition_de(precedente), definition_de(version)) if precedente else None,
        precedente,
        origine_de_comparaison(version) if version.est_brouillon else None,
        list(campagnes.order_by("-creee_le", "-pk")[:CAMPAGNES_MONTREES]),
    )


def portees_ou_apporter(par: Utilisateur) -> list[tuple[str, str]]:
    """Pour qui ce compte peut apporter un questionnaire : (« treille » ou la clé d'une grappe, nom)."""
    communes = [("treille", f"{TREILLE} : toutes les grappes")] if par.perimetre.tient("admin") else []
    grappes = Grappe.objects.filter(pk__in=par.perimetre.seul("chef_projet").grappes).order_by("tri", "pk")
    return [*communes, *((str(g.pk), f"La grappe {g.nom}") for g in grappes)]
