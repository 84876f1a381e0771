"""Désigner qui évalue, ouvrir une réunion, tenir le consensus. L'état passe par la porte."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from programme.enums import Portee, Role
from programme.models import Affectation, Utilisateur
from programme.services.actions import cibles_dont_repondre, comptes_proposes
from programme.services.controles import exiger, signer, valider
from programme.socle.dates import date_courte
from programme.socle.erreurs import Refus
from programme.socle.nombres import en_lettres
from programme.socle.porte import changer_etat
from risques.calculs.reponses import PAS_REPONDU, Note, questions_posees
from risques.enums import EtatCampagne, EtatGrille, NatureGrille, Regard
from risques.models import Evaluation, Grille, Question, Reponse, Section
from risques.permissions import peut_conduire_evaluation
from risques.services.resultats import ResultatEvaluation, resultat_de

CLOSE = "Cette campagne est close : rouvrez-la avant de désigner quelqu'un."
PAS_OUVERTE = "Cette campagne n'est pas ouverte : rien ne s'y consigne."
NE_VOIT_PAS = "{} ne voit pas {} : choisissez quelqu'un qui y tient un rôle."
DEJA = "{} est déjà désigné pour cette évaluation."
REUNION_DEJA = "Une réunion est déjà ouverte pour cette évaluation : répondez-y ensemble."
COMMENCEE = "{} a déjà commencé : ses réponses restent. Demandez une précision si quelque chose ne va pas."
CONSENSUS_DEJA = "Le consensus de cette évaluation est déjà ouvert : complétez-le."
PAS_DEUX = "Moins de deux personnes ont transmis leurs réponses : dites pourquoi un consensus se tient déjà."
A_VENIR = "Un consensus ne se consigne pas d'avance : donnez le jour où vous l'avez tenu."
RIEN_DE_COMMUN = "Aucune question de plus n'a la même réponse chez tous."
LES_VOTRES_D_ABORD = "Transmettez d'abord vos réponses : le consensus montre celles des autres."
LIT_DEJA = (
    "{} lit déjà des réponses de cette évaluation, la sienne en serait l'écho : ouvrez une réunion, ou tenez le "
    "consensus."
)
PAS_SOI = (
    "D'autres ont déjà répondu : vous retirer vous ouvrirait leurs réponses. Transmettez les vôtres, ou demandez à qui "
    "conduit aussi cette évaluation de vous retirer."
)
FIGE = "Le consensus est transmis : demandez une précision pour le rouvrir."


def _refuser(champ: str, phrase: str) -> Refus:
    return Refus("champ", phrase, champs={champ: [phrase]})


def comptes_qui_voient(evaluation: Evaluation, au: date) -> dict[Utilisateur, str]:
    """Les comptes qui voient l'évaluation, avec leurs rôles ; de la grappe, on n'est pas par sa seule région."""
    comptes = comptes_proposes([evaluation.objet], au)
    if evaluation.parcours_id:
        return comptes
    de_loin = Affectation.objects.en_cours(au).filter(utilisateur__in=comptes).exclude(role=Role.ARS)
    de_pres = set(de_loin.exclude(portee=Portee.REGION).values_list("utilisateur", flat=True))
    return {c: roles for c, roles in comptes.items() if c.pk in de_pres}


def comptes_a_designer(evaluation: Evaluation, au: date) -> dict[Utilisateur, str]:
    """Ceux qui n'y sont pas encore désignés, et n'y lisent pas déjà les réponses des autres."""
    ecartes = set(evaluation.grilles.filter(nature=NatureGrille.INDIVIDUELLE).values_list("evaluateur", flat=True))
    proposes = comptes_qui_voient(evaluation, au)
    if evaluation.grilles.deja_lues().exists():
        ecartes |= set(evaluation.grilles.values_list("evaluateur", flat=True))
        conduisent = {str(r.label) for r in (Role.CHEF_PROJET, *([Role.DIRECTEUR] if evaluation.parcours_id else []))}
        ecartes |= {c.pk for c, roles in proposes.items() if conduisent & set(roles.split(", "))}
    return {c: roles for c, roles in proposes.items() if c.pk not in ecartes}


def _exiger_un_regard_neuf(evaluateur: Utilisateur, evaluation: Evaluation) -> None:
    """On ne répond pas seul après avoir pu lire les autres : se retirer puis se redésigner ne lève pas l'embargo."""
    lit = Evaluation.objects.detaillees_a(evaluateur).filter(pk=evaluation.pk)
    if evaluation.grilles.deja_lues().exists() and lit.exists():
        raise _refuser("evaluateur", LIT_DEJA.format(evaluateur))


def _exiger_de_la_voir(evaluateur: Utilisateur, evaluation: Evaluation) -> None:
    vue = Evaluation.objects.confiees_a(evaluateur).filter(pk=evaluation.pk)
    if not (cibles_dont_repondre(evaluateur, [evaluation.objet]) and vue.exists()):
        raise _refuser("evaluateur", NE_VOIT_PAS.format(evaluateur, evaluation.objet))


def sections_posees(evaluation: Evaluation) -> list[Section]:
    """Les sections de la campagne qui ont au moins une question à poser, dans l'ordre."""
    campagne = evaluation.campagne
    sections = Section.objects.filter(version=campagne.version_posee).order_by("rang")
    return list(sections.filter(questions__etoilee=True).distinct() if campagne.etoilees else sections)


def sections_sans_personne(grilles: Collection[Grille], sections: Collection[Section]) -> list[Section]:
    """Les sections confiées à personne ; vide si quelqu'un les a toutes. `grilles` : attendues, leurs sections lues."""
    confiees: set[int] = set()
    for grille in grilles:
        siennes = {s.pk for s in grille.sections.all()}
        if not siennes:
            return []
        confiees |= siennes
    return [s for s in sections if s.pk not in confiees]


def _relire(evaluation: Evaluation, par: Utilisateur) -> Evaluation:
    """L'évaluation, sous verrou, d'une campagne où l'on désigne encore. Lève `Refus` (droit, etat)."""
    exiger(peut_conduire_evaluation(par, evaluation))
    relue = Evaluation.objects.select_for_update(of=("self",)).pour_lecture().get(pk=evaluation.pk)
    if relue.campagne.etat == EtatCampagne.CLOSE:
        raise Refus("etat", CLOSE)
    return relue


def _enregistrer(grille: Grille, par: Utilisateur, sections: Collection[Section] = ()) -> Grille:
    posees = {s.pk for s in sections_posees(grille.evaluation)}
    if any(s.pk not in posees for s in sections):
        raise _refuser("sections", "Une section cochée n'est pas de ce questionnaire : relisez la page.")
    valider(grille)
    signer(grille, par)
    grille.save()
    grille.sections.set(sections)
    return grille


@transaction.atomic
def designer(
    *,
    evaluation: Evaluation,
    evaluateur: Utilisateur,
    regard: str,
    par: Utilisateur,
    sections: Collection[Section] = (),
) -> Grille:
    """Demande ses réponses à quelqu'un. `sections` : celles qu'on lui confie, toutes s'il n'y en a aucune.

    Lève `Refus` (droit, etat, champ).
    """
    relue = _relire(evaluation, par)
    _exiger_de_la_voir(evaluateur, relue)
    if relue.grilles.filter(nature=NatureGrille.INDIVIDUELLE, evaluateur=evaluateur).exists():
        raise _refuser("evaluateur", DEJA.format(evaluateur))
    _exiger_un_regard_neuf(evaluateur, relue)
    grille = Grille(evaluation=relue, regard=regard, evaluateur=evaluateur, designee_par=par)
    return _enregistrer(grille, par, sections)


@transaction.atomic
def ouvrir_reunion(*, evaluation: Evaluation, par: Utilisateur, evaluateur: Utilisateur | None = None) -> Grille:
    """Une grille où l'on répond ensemble ; `evaluateur` tient la plume, à défaut qui l'ouvre. Lève `Refus`."""
    relue = _relire(evaluation, par)
    plume = evaluateur or par
    if plume != par:
        _exiger_de_la_voir(plume, relue)
    if relue.grilles.filter(nature=NatureGrille.REUNION).exists():
        raise Refus("etat", REUNION_DEJA)
    grille = Grille(
        evaluation=relue, nature=NatureGrille.REUNION, regard=Regard.AUTRE, evaluateur=plume, designee_par=par
    )
    return _enregistrer(grille, par)


@transaction.atomic
def retirer(*, grille: Grille, par: Utilisateur) -> None:
    """Ne demande plus rien à quelqu'un qui n'a pas commencé ; à soi, tant que personne d'autre n'a répondu.

    Lève `Refus` (droit, etat).
    """
    evaluation = _relire(grille.evaluation, par)
    relue = Grille.objects.select_for_update(of=("self",)).get(pk=grille.pk)
    if relue.etat != EtatGrille.A_REPONDRE or relue.version or relue.reponses.dites().exists():
        raise Refus("etat", COMMENCEE.format(grille.evaluateur))
    en_personne = relue.nature == NatureGrille.INDIVIDUELLE
    if en_personne and relue.evaluateur_id == par.pk and evaluation.grilles.deja_lues().exists():
        raise Refus("etat", PAS_SOI)
    signer(relue, par)
    relue.delete()


# --- le consensus ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Accord:
    """Où en sont les réponses avant le consensus.

    `communes` : par code, la réponse de ceux, deux au moins, à qui la question est posée, et combien ils sont.
    """

    transmises: int
    posees: int
    communes: dict[str, tuple[Note, int]]

    @property
    def suffit(self) -> bool:
        """Vrai si deux personnes au moins ont répondu : il y a de quoi confronter."""
        return self.transmises >= 2


def accord_de(lu: ResultatEvaluation) -> Accord:
    """Sur quelles questions tous ceux à qui elles sont posées, deux au moins, ont répondu pareil."""
    notes: dict[str, list[Note]] = {}
    for grille in lu.individuelles:
        for code in questions_posees(grille.sections, grille.reponses):
            notes.setdefault(code, []).append(grille.reponses.get(code, PAS_REPONDU))
    communes = {
        code: (lues[0], len(lues))
        for code, lues in notes.items()
        if len(lues) > 1 and len(set(lues)) == 1 and lues[0] != PAS_REPONDU
    }
    return Accord(len(lu.individuelles), sum(len(s.questions) for s in lu.sections), communes)


def a_repondre_d_abord(utilisateur: Utilisateur, evaluation: Evaluation) -> Grille | None:
    """Sa propre grille, pas encore transmise : tant qu'elle ne l'est pas, celles des autres lui restent fermées."""
    return Grille.objects.attendues_de(utilisateur).filter(evaluation=evaluation).first()


def _exiger_d_avoir_repondu(par: Utilisateur, evaluation: Evaluation) -> None:
    """Le consensus montre les réponses : on n'y touche pas avant d'avoir donné les siennes."""
    if a_repondre_d_abord(par, evaluation):
        raise Refus("etat", LES_VOTRES_D_ABORD)


@transaction.atomic
def ouvrir_consensus(
    *, evaluation: Evaluation, par: Utilisateur, tenue_le: date, participants: str, pourquoi: str = ""
) -> Grille:
    """Ouvre la grille de consensus, vide : on y consigne ce qu'on retient ensemble, à part de chaque réponse.

    `pourquoi` : requis tant que deux personnes n'ont pas transmis. Lève `Refus` (droit, etat, champ).
    """
    relue = _relire(evaluation, par)
    _exiger_d_avoir_repondu(par, relue)
    if relue.campagne.etat != EtatCampagne.OUVERTE:
        raise Refus("etat", PAS_OUVERTE)
    if relue.grilles.filter(nature=NatureGrille.CONSENSUS).exists():
        raise Refus("etat", CONSENSUS_DEJA)
    if tenue_le > timezone.localdate():
        raise _refuser("tenue_le", A_VENIR)
    suffit = accord_de(resultat_de(relue)).suffit
    if not suffit and not pourquoi.strip():
        raise _refuser("pourquoi", PAS_DEUX)
    grille = Grille(
        evaluation=relue,
        nature=NatureGrille.CONSENSUS,
        regard=Regard.AUTRE,
        evaluateur=par,
        designee_par=par,
        participants=participants,
        tenue_le=tenue_le,
        pourquoi="" if suffit else pourquoi,
    )
    return _enregistrer(grille, par)


@transaction.atomic
def reprendre_notes_communes(*, grille: Grille, par: Utilisateur) -> list[Reponse]:
    """Écrit au consensus les réponses que tous ont données, là où rien n'est consigné ; chacune dit d'où elle vient.

    Lève `Refus` (droit, etat).
    """
    exiger(peut_conduire_evaluation(par, grille))
    relue = Grille.objects.select_for_update(of=("self",)).pour_lecture().get(pk=grille.pk)
    _exiger_d_avoir_repondu(par, relue.evaluation)
    if relue.nature != NatureGrille.CONSENSUS or not relue.est_a_remplir:
        raise Refus("etat", FIGE)
    communes = accord_de(resultat_de(relue.evaluation)).communes
    posees = Question.objects.filter(section__version=relue.evaluation.campagne.version_posee, code__in=communes)
    restent = list(posees.exclude(reponses__in=relue.reponses.dites()))
    if not restent:
        raise Refus("etat", RIEN_DE_COMMUN)
    vides = {r.question_id: r for r in relue.reponses.all()}
    ecrites = [
        _reprendre(vides.get(q.pk) or Reponse(grille=relue, question=q, version=0), *communes[q.code], par)
        for q in restent
    ]
    if relue.etat == EtatGrille.A_REPONDRE:
        changer_etat(relue, "commencer", par=par)
    return ecrites


def _reprendre(reponse: Reponse, note: Note, combien: int, par: Utilisateur) -> Reponse:
    jour = date_courte(timezone.localdate())
    reponse.valeur = None if note.valeur is None else int(note.valeur)
    reponse.sans_objet = note.sans_objet
    reponse.mot = f"Note commune aux {en_lettres(combien)} réponses, reprise le {jour}."
    reponse.par, reponse.le, reponse.version = par, timezone.now(), reponse.version + 1
    reponse.save()
    return reponse
