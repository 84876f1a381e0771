"""Sous le seuil, une reprise : close l'évaluation, une action s'écrit, une seule fois par session.

Le modèle annonce le passage (`session_passee`) et l'ignore : il n'importe aucun service.
"""

from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from formation.models import SessionFormation
from formation.models.sessions import session_passee
from formation.origines import FORMATION
from formation.services.avis import MomentLu, QuestionLue, moments_de
from programme.models import Action, Utilisateur
from programme.services.actions import cibles_dont_repondre, creer_action
from programme.socle.dates import date_courte
from programme.socle.models import Passage
from programme.socle.texte import abreger

DELAI_DE_REPRISE = timedelta(days=30)


def brancher() -> None:
    """Écoute les passages des sessions ; à appeler une fois, au démarrage."""
    session_passee.connect(_suivre, dispatch_uid="formation.reprises")


def _suivre(session: SessionFormation, passage: Passage, **_: Any) -> None:
    if passage.transition == "evaluer":
        proposer(session, par=passage.par)


def reprise_de(session: SessionFormation) -> Action | None:
    """L'action de reprise déjà écrite pour cette session, close ou non. Une requête."""
    genre = ContentType.objects.get_for_model(SessionFormation)
    return Action.objects.filter(source_type=genre, source_id=session.pk, origine=FORMATION).first()


def proposer(session: SessionFormation, *, par: Utilisateur) -> Action | None:
    """Écrit la reprise si un avis est sous le seuil et que rien n'est encore écrit ; None sinon.

    Appelé dans la transaction du passage, sous le verrou de la session. On ne juge qu'à partir de cinq avis : une
    reprise écrite pour un seul avis dirait ce qu'il contenait.
    """
    raisons = [phrase(m, q) for m in moments_de(session) for q in m.sous_le_seuil]
    if not raisons or reprise_de(session):
        return None
    return creer_action(
        cible=session.rattache_a,
        libelle=abreger(f"Reprendre ce qui n'est pas acquis : {session.module}", 160),
        precision=abreger(f"Session du {date_courte(session.jour)}. {' '.join(raisons)}", 1000),
        par=par,
        responsable=par if cibles_dont_repondre(par, [session.rattache_a]) else None,
        echeance=timezone.localdate() + DELAI_DE_REPRISE,
        origine=FORMATION,
        source=session,
    )


def phrase(moment: MomentLu, question: QuestionLue) -> str:
    """« À chaud, « je saurais le faire demain » : 2 avis favorables sur 6, pour 60 % attendus. »."""
    lue, dite = question.lecture, question.question[:1].lower() + question.question[1:]
    return (
        f"{moment.moment.label}, « {dite} » : {lue.favorables} avis favorables sur {lue.nombre}, pour "
        f"{question.seuil} % attendus."
    )
