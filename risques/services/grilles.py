"""Lire des grilles pour y répondre : ce qui s'y demande, ce qui est dit, ce qui reste. Nombre de requêtes constant."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from programme.models import Utilisateur
from programme.services.controles import exiger, signer, valider
from programme.socle import temps_de_saisie
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde, nombre
from programme.socle.versions import exiger_inchange
from risques.calculs.ampleur import a_lire, se_lit_en_ampleur
from risques.calculs.echelle import arrondi
from risques.calculs.mots import LECTURES
from risques.calculs.notation import Resultat, noter
from risques.calculs.reponses import Avancement, Note, SectionNotee, questions_posees
from risques.enums import NatureGrille, ObjetQuestionnaire
from risques.models import Grille, Instantane, Question, Reponse, Section, VersionQuestionnaire
from risques.permissions import peut_repondre_a

FERMEE = "Cette grille ne se remplit plus : {}. Rien n'a été enregistré."
REUNIS = ("participants", "tenue_le")


def dire(question: Question, valeur: int | None, sans_objet: bool) -> str:
    """Une réponse en mots : la note, le libellé de l'échelon si l'on répond par eux, « sans objet », ou rien."""
    if sans_objet:
        return "sans objet"
    if valeur is None:
        return ""
    libelles = {e["valeur"]: e["libelle"] for e in question.echelle} if question.choix else {}
    return str(libelles.get(valeur, valeur))


def total_dit(fige: Instantane, sections: list[SectionNotee], version: VersionQuestionnaire) -> int | None:
    """Le total d'un instantané, à l'écran. Il est gardé en maîtrise : en ampleur, il se refait de ce qui fut figé.

    `sections` : telles que se lit leur note.
    """
    if fige.total is None:
        return None
    if not se_lit_en_ampleur(version.questionnaire.objet):
        return arrondi(fige.total)
    notes = {r["code"]: Note(r["valeur"], r["sans_objet"]) for r in fige.contenu["reponses"]}
    return noter(sections, notes, version.total).affiche


@dataclass(frozen=True, slots=True)
class QuestionLue:
    """Une question dans une grille. `posee` : sa condition est remplie."""

    question: Question
    reponse: Reponse | None
    posee: bool

    @property
    def version(self) -> int:
        """Ce qu'il faut avoir lu pour écrire : 0 si rien n'est dit."""
        return self.reponse.version if self.reponse else 0

    @property
    def est_dite(self) -> bool:
        """Une note ou « sans objet »."""
        return self.reponse is not None and (self.reponse.sans_objet or self.reponse.valeur is not None)

    @property
    def dit(self) -> str:
        """La réponse, en mots."""
        return dire(self.question, self.reponse.valeur, self.reponse.sans_objet) if self.reponse else ""


@dataclass(frozen=True, slots=True)
class SectionLue:
    """Une section de la grille, ses questions posées ou non, et son avancement."""

    section: Section
    rang: int
    questions: list[QuestionLue]
    avancement: Avancement

    @property
    def code(self) -> str:
        """Son code, dans l'adresse."""
        return self.section.code

    @property
    def posees(self) -> list[QuestionLue]:
        """Celles auxquelles on répond."""
        return [q for q in self.questions if q.posee]

    @property
    def mot(self) -> str:
        """« 4 / 10 » ; « — » tant que rien n'est dit."""
        a = self.avancement
        return f"{a.nb_repondues} / {a.nb_posees}" if a.nb_repondues else "—"


@dataclass
class GrilleDetaillee:
    """Une grille, section par section."""

    grille: Grille
    resultat: Resultat
    sections: list[SectionLue] = field(default_factory=list)

    @property
    def objet(self) -> str:
        """Ce que mesure son questionnaire."""
        return str(self.grille.evaluation.campagne.version_posee.questionnaire.objet)

    @property
    def lecture(self) -> str:
        """Ce que dit sa note : « Maîtrise », « Ampleur du changement »."""
        return LECTURES[ObjetQuestionnaire(self.objet)][0]

    @property
    def sens(self) -> str:
        """Ce que dit une note haute."""
        return LECTURES[ObjetQuestionnaire(self.objet)][1]

    def total_dit(self, fige: Instantane) -> int | None:
        """Le total qu'un instantané figea, lu comme le reste."""
        sections = a_lire(self.objet, self.grille.sections_posees())
        return total_dit(fige, sections, self.grille.evaluation.campagne.version_posee)

    @property
    def avancement(self) -> Avancement:
        """Ce qui est posé, répondu, sans objet."""
        return self.resultat.avancement

    @cached_property
    def questions(self) -> dict[str, QuestionLue]:
        """Toutes les questions de la grille, par code, dans l'ordre."""
        return {q.question.code: q for s in self.sections for q in s.questions}

    @property
    def restent(self) -> int:
        """Questions posées, sans réponse."""
        return self.avancement.nb_posees - self.avancement.nb_repondues

    @property
    def resume(self) -> str:
        """« 62 réponses sur 98, 2 sans objet »."""
        a = self.avancement
        notees = accorde(a.nb_repondues - a.nb_sans_objet, "réponse")
        sans = f", {nombre(a.nb_sans_objet)} sans objet" if a.nb_sans_objet else ""
        return f"{notees} sur {nombre(a.nb_posees - a.nb_sans_objet)}{sans}"

    @property
    def possible(self) -> str:
        """Le total possible, que « sans objet » réduit : en points des questions, poids compris.

        Un questionnaire noté par thème ramène toujours son total à la même valeur.
        """
        if any(s.section.points is not None for s in self.sections):
            return f"Total sur {_points(self.resultat.sur)}"
        return f"Total possible : {_points(self.resultat.atteignable)} points"

    @property
    def temps(self) -> str:
        """Le temps qui reste, d'après la durée annoncée du questionnaire entier ; vide s'il ne reste rien."""
        if not self.restent:
            return ""
        version = self.grille.evaluation.campagne.version_posee
        entier = sum(len(s.questions.all()) for s in version.sections.all())
        secondes = -(-60 * version.duree_minutes * self.restent // max(entier, 1))
        return f"environ {temps_de_saisie.en_mots(max(secondes, 60))} restantes"

    @property
    def reste_a_transmettre(self) -> str:
        """Ce qui manque avant de transmettre, en une phrase."""
        if not self.avancement.nb_repondues:
            return "Aucune réponse encore : donnez-en au moins une avant de transmettre."
        if not self.restent:
            return "Toutes les questions ont leur réponse."
        verbe = "reste" if self.restent == 1 else "restent"
        return f"{accorde(self.restent, 'question')} {verbe} sans réponse. On peut transmettre ainsi : cela se verra."

    def section(self, code: str) -> SectionLue | None:
        """La section de ce code."""
        return next((s for s in self.sections if s.code == code), None)

    def a_ouvrir(self) -> SectionLue | None:
        """La première section où il reste à répondre, à défaut la première."""
        incompletes = (s for s in self.sections if not s.avancement.complet)
        return next(incompletes, self.sections[0] if self.sections else None)


def _points(valeur: Decimal) -> str:
    entier = valeur.to_integral_value()
    return nombre(entier if valeur == entier else valeur.normalize())


def detailler_ensemble(grilles: Iterable[Grille]) -> dict[int, GrilleDetaillee]:
    """Plusieurs grilles, par clé, dans l'ordre reçu."""
    cles = [g.pk for g in grilles]
    en_sections = Prefetch(
        "evaluation__campagne__version_posee__sections", Section.objects.prefetch_related("questions")
    )
    lues = (
        Grille.objects.filter(pk__in=cles)
        .pour_lecture()
        .select_related("evaluation__campagne__version_posee__grappe")
        .prefetch_related("sections", en_sections, Prefetch("reponses", Reponse.objects.select_related("par")))
    )
    details = {grille.pk: _detailler(grille) for grille in lues}
    return {cle: details[cle] for cle in cles}


def detailler(grille: Grille) -> GrilleDetaillee:
    """Une grille, telle qu'elle est en base."""
    return detailler_ensemble([grille])[grille.pk]


def _detailler(grille: Grille) -> GrilleDetaillee:
    notees = [s for s in grille.sections_posees() if s.questions]
    par_question = {r.question_id: r for r in grille.reponses.all()}
    notes = {
        q.code: Note(r.valeur, r.sans_objet)
        for s in notees
        for q in s.questions
        if isinstance(q, Question) and (r := par_question.get(q.pk))
    }
    posees = questions_posees(notees, notes)
    version = grille.evaluation.campagne.version_posee
    resultat = noter(a_lire(version.questionnaire.objet, notees), notes, version.total)
    detail = GrilleDetaillee(grille, resultat)
    for rang, (section, mesure) in enumerate(zip(notees, resultat.sections, strict=True), 1):
        siennes = [q for q in section.questions if isinstance(q, Question)]
        lues = [QuestionLue(q, par_question.get(q.pk), q.code in posees) for q in siennes]
        detail.sections.append(SectionLue(siennes[0].section, rang, lues, mesure.avancement))
    return detail


def exiger_a_remplir(grille: Grille) -> None:
    """Lève `Refus("etat")` si l'on n'y écrit plus : transmise, ou campagne fermée."""
    if not grille.est_a_remplir:
        campagne = grille.evaluation.campagne
        pourquoi = (
            f"la campagne est {campagne.get_etat_display().lower()}"
            if campagne.etat != "ouverte"
            else f"elle est {grille.get_etat_display().lower()}"
        )
        raise Refus("etat", FERMEE.format(pourquoi))


def verrouiller(grille: Grille) -> Grille:
    """La même, relue et tenue jusqu'à la fin de l'écriture : deux réponses de front se suivent."""
    return Grille.objects.select_for_update(of=("self",)).pour_lecture().get(pk=grille.pk)


@transaction.atomic
def dire_la_reunion(
    *, grille: Grille, participants: str, tenue_le: date | None, vu: int | None, par: Utilisateur
) -> Grille:
    """Écrit qui était là et quand, pour une réunion ou un consensus. Lève `Refus` sans rien écrire."""
    tenue = verrouiller(grille)
    exiger(peut_repondre_a(par, tenue))
    exiger_a_remplir(tenue)
    if tenue.nature == NatureGrille.INDIVIDUELLE:
        raise Refus("etat", "Cette grille est la réponse d'une seule personne : elle n'a pas de participants.")
    exiger_inchange(Grille.history.filter(id=tenue.pk), vu, REUNIS)
    if tenue_le and tenue_le > timezone.localdate():
        phrase = "La réunion n'a pas encore eu lieu : donnez une date passée, ou aujourd'hui."
        raise Refus("champ", phrase, champs={"tenue_le": [phrase]})
    tenue.participants, tenue.tenue_le = participants, tenue_le
    valider(tenue)
    signer(tenue, par)
    tenue.save()
    return tenue
