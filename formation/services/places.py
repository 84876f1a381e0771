"""Les places d'une session : qui en a une, qui attend, qui monte. À appeler sous le verrou de la session."""

from formation.enums import StatutInscription
from formation.models import Inscription, Poste, SessionFormation


def libres(session: SessionFormation) -> int:
    """Places qui restent ; jamais moins de zéro."""
    return max(session.capacite - session.inscriptions.inscrites().count(), 0)


def faire_monter(session: SessionFormation) -> list[Inscription]:
    """Donne les places libres aux premiers de la liste d'attente encore en poste ce jour-là ; rend qui est monté."""
    places = libres(session) if session.est_a_venir else 0
    if not places:
        return []
    en_poste = Poste.objects.en_poste(session.jour).order_by().values("pk")
    montees = list(session.inscriptions.en_attente().filter(poste__in=en_poste).pour_lecture()[:places])
    Inscription.objects.filter(pk__in=[i.pk for i in montees]).update(statut=StatutInscription.INSCRIT)
    for inscription in montees:
        inscription.statut = StatutInscription.INSCRIT
    return montees
