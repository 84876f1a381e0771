"""Les rappels de la démonstration : quelques cadences, et le courriel de cette semaine, déjà parti."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from django.utils import timezone

from programme.calculs.cadence import lundi
from programme.demonstration.calendrier import Calendrier
from programme.enums import FrequenceRappel, IssueRappel, JourRappel
from programme.models import Rappel, Utilisateur
from programme.services.rappels import regler

LIGNES = {"cheffe": 6, "directrice": 4, "siege": 3, "referent": 2}


def creer(comptes: Mapping[str, Utilisateur], calendrier: Calendrier) -> None:
    """Le siège lit tous les quinze jours, le financeur une fois par mois ; rien ne repart avant lundi prochain."""
    regler(par=comptes["siege"], frequence=FrequenceRappel.QUINZAINE, jour=JourRappel.MARDI, muet_jusqu_au=None)
    regler(par=comptes["ars"], frequence=FrequenceRappel.MOIS, jour=JourRappel.JEUDI, muet_jusqu_au=None)
    semaine = lundi(calendrier.aujourdhui)
    for identifiant, compte in comptes.items():
        Rappel.objects.create(utilisateur=compte, creneau=semaine, **_trace(identifiant, calendrier))


def _trace(identifiant: str, calendrier: Calendrier) -> dict[str, object]:
    """Parti lundi matin à quatre d'entre eux ; pour les autres, la console n'a pas à se remplir de courriels."""
    le = datetime.combine(lundi(calendrier.aujourdhui), time(7, 2), timezone.get_current_timezone())
    if identifiant not in LIGNES:
        return {"issue": IssueRappel.RIEN}
    le = min(le, timezone.now() - timedelta(minutes=1))
    return {"issue": IssueRappel.ENVOYE, "envoye_le": le, "nb_lignes": LIGNES[identifiant]}
