"""Les avis sur une session : les donner sans compte, les lire ensemble.

Rien ne dit qui a répondu : ni compte, ni adresse, ni heure. On ne reçoit pas plus d'avis qu'il n'y a de présents
pointés, on n'en montre rien avant cinq, et les remarques se lisent mêlées, jamais dans l'ordre où elles sont venues.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from formation.calculs import avis as lire_avis
from formation.enums import EtatSession, MomentAvis
from formation.models import AvisFormation, PlanFormation, SessionFormation
from formation.models.sessions import TENUES
from programme.models import Grappe
from programme.services.controles import valider
from programme.socle.dates import date_courte
from programme.socle.erreurs import Refus

PAS_TENUE = "Cette session n'est pas encore tenue : l'avis se donne en sortant. Revenez ce jour-là."
ANNULEE = "Cette session n'a pas eu lieu : il n'y a pas d'avis à donner."
TROP_TOT = "L'avis après quelques semaines se donne à partir du {} : revenez ce jour-là."
TROP_TARD = "C'était possible jusqu'au {} : on ne reçoit plus d'avis ici."
CLOSE = "L'évaluation de cette session est close : on ne reçoit plus d'avis en sortant."
SANS_PRESENT = "La feuille de présence n'est pas encore remplie. Réessayez un peu plus tard : votre avis compte."
TOUS_LA = "Tous les avis attendus sont là. Merci à chacun."
INCONNUE = "Cette adresse ne mène à aucune session."


def seuils_de(grappe: Grappe | int) -> PlanFormation:
    """Les seuils et les délais d'une grappe ; ceux du produit si elle n'en a pas réglé. Une requête."""
    cle = grappe if isinstance(grappe, int) else grappe.pk
    return PlanFormation.objects.filter(grappe=cle).first() or PlanFormation(grappe_id=cle)


# --- donner un avis ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Demande:
    """Ce que demande une adresse : l'avis sur cette session, à ce moment. `fermee` : pourquoi on n'en reçoit pas."""

    session: SessionFormation
    moment: MomentAvis
    fermee: str


def demande_de(jeton: UUID) -> Demande | None:
    """Ce que demande cette adresse ; None si elle ne mène à rien. Quatre requêtes au plus."""
    sessions = SessionFormation.objects.filter(Q(jeton_a_chaud=jeton) | Q(jeton_a_froid=jeton))
    session = sessions.select_related("module").first()
    return _demande(session, jeton) if session else None


def _demande(session: SessionFormation, jeton: UUID) -> Demande:
    moment = MomentAvis.A_CHAUD if session.jeton_a_chaud == jeton else MomentAvis.A_FROID
    return Demande(session, moment, _fermeture(session, moment, timezone.localdate()))


def _fermeture(session: SessionFormation, moment: MomentAvis, au: date) -> str:
    """Pourquoi on ne reçoit pas d'avis ; vide si l'on en reçoit."""
    if session.etat == EtatSession.ANNULEE:
        return ANNULEE
    if session.etat not in TENUES:
        return PAS_TENUE
    if moment == MomentAvis.A_CHAUD and session.etat == EtatSession.EVALUEE:
        return CLOSE
    debut, fin = lire_avis.fenetre(moment, session.jour, seuils_de(session.grappe_id).delai_a_froid)
    if au < debut:
        return TROP_TOT.format(date_courte(debut)) if moment == MomentAvis.A_FROID else PAS_TENUE
    if au > fin:
        return TROP_TARD.format(date_courte(fin))
    presents = session.inscriptions.presentes().count()
    if not presents:
        return SANS_PRESENT
    return TOUS_LA if session.avis.filter(moment=moment).count() >= presents else ""


@transaction.atomic
def deposer(*, jeton: UUID, satisfaction: int, acquis: int, remarque: str = "") -> MomentAvis:
    """Garde un avis, et rien de qui le donne. Lève `Refus` (etat : on n'en reçoit pas ; champ).

    Sans `par` : c'est le seul service que personne ne signe. Sous le verrou de la session : deux avis au même instant
    n'en font pas un de trop.
    """
    voulues = SessionFormation.objects.select_for_update(of=("self",))
    session = voulues.filter(Q(jeton_a_chaud=jeton) | Q(jeton_a_froid=jeton)).first()
    if session is None:
        raise Refus("etat", INCONNUE)
    demande = _demande(session, jeton)
    if demande.fermee:
        raise Refus("etat", demande.fermee)
    avis = AvisFormation(
        session=session, moment=demande.moment, satisfaction=satisfaction, acquis=acquis, remarque=remarque
    )
    valider(avis)
    avis.save()
    return demande.moment


# --- lire les avis -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class QuestionLue:
    """Une question, ses réponses, et le seuil de la grappe, en pour cent."""

    question: str
    lecture: lire_avis.Lecture
    seuil: int

    @property
    def est_sous_le_seuil(self) -> bool:
        """Vrai si trop peu de notes sont favorables."""
        return self.lecture.est_sous(self.seuil)

    @property
    def barres(self) -> list[tuple[int, int, float]]:
        """Pour chaque note, de 5 à 1 : la note, combien, quelle part."""
        lues = zip(lire_avis.NOTES, self.lecture.repartition, strict=True)
        return [(note, n, n / self.lecture.nombre) for note, n in reversed(list(lues))]


@dataclass(frozen=True, slots=True)
class MomentLu:
    """Un moment d'une session. `questions` et `remarques` sont vides en dessous de cinq avis."""

    moment: MomentAvis
    debut: date
    fin: date
    recus: int
    presents: int
    jeton: UUID
    evaluee: bool
    questions: tuple[QuestionLue, ...]
    remarques: tuple[str, ...]

    @property
    def taux(self) -> float | None:
        """Le taux de réponse."""
        return lire_avis.taux_de_reponse(self.recus, self.presents)

    def est_clos(self, au: date) -> bool:
        """Vrai si l'on n'en reçoit plus : le délai est passé, ou l'évaluation à chaud est close."""
        return au > self.fin or (self.evaluee and self.moment == MomentAvis.A_CHAUD)

    @property
    def sous_le_seuil(self) -> list[QuestionLue]:
        """Les questions trop peu favorables."""
        return [q for q in self.questions if q.est_sous_le_seuil]


def _questions(lus: Sequence[tuple[int, int, str]], plan: PlanFormation) -> tuple[QuestionLue, ...]:
    return (
        QuestionLue("Cette formation m'a été utile", lire_avis.lire([s for s, _, _ in lus]), plan.seuil_satisfaction),
        QuestionLue("Je saurais le faire demain", lire_avis.lire([a for _, a, _ in lus]), plan.seuil_acquis),
    )


def moments_de(session: SessionFormation) -> list[MomentLu]:
    """À chaud, puis à froid : ce qu'on peut en montrer. Trois requêtes."""
    plan, presents = seuils_de(session.grappe_id), session.inscriptions.presentes().count()
    par_moment: dict[str, list[tuple[int, int, str]]] = {moment: [] for moment in MomentAvis}
    for quand, utile, acquis, remarque in session.avis.values_list("moment", "satisfaction", "acquis", "remarque"):
        par_moment[quand].append((utile, acquis, remarque))
    rendus = []
    for moment in MomentAvis:
        lus = par_moment[moment]
        debut, fin = lire_avis.fenetre(moment, session.jour, plan.delai_a_froid)
        montre = lire_avis.se_montre(len(lus))
        rendus.append(
            MomentLu(
                moment=moment,
                debut=debut,
                fin=fin,
                recus=len(lus),
                presents=presents,
                jeton=session.jeton_a_chaud if moment == MomentAvis.A_CHAUD else session.jeton_a_froid,
                evaluee=session.etat == EtatSession.EVALUEE,
                questions=_questions(lus, plan) if montre else (),
                # Par ordre alphabétique : ni l'ordre d'arrivée, ni la note ne se lisent d'une remarque à l'autre.
                remarques=tuple(sorted((r for _, _, r in lus if r), key=str.casefold)) if montre else (),
            )
        )
    return rendus
