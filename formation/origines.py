"""L'origine des actions nées de la formation et du plan de changement, montrée à qui la lit."""

from typing import Any

from django.urls import reverse

from formation.models import SessionFormation
from formation.permissions import peut_lire_formation
from programme.models import Grappe, Parcours
from programme.socle.origines import Source, inscrire


def _presenter(objet: Any, lecteur: Any) -> Source | None:
    """La session dont l'avis est sous le seuil ; None si ce lecteur n'y a pas accès."""
    if isinstance(objet, SessionFormation) and SessionFormation.objects.visibles_par(lecteur).filter(pk=objet.pk):
        return Source(f"la session « {objet} »", reverse("formation:sessionformation-detail", args=[objet.pk]))
    return None


def _presenter_le_plan(objet: Any, lecteur: Any) -> Source | None:
    """Le plan de changement d'où vient l'action ; None si ce lecteur ne le lit pas."""
    if isinstance(objet, Parcours | Grappe) and peut_lire_formation(lecteur, objet):
        nom = "parcours" if isinstance(objet, Parcours) else "grappe"
        return Source(f"le plan de changement, {objet}", reverse(f"formation:{nom}-changement", args=[objet.pk]))
    return None


FORMATION = inscrire("formation", "Formation", _presenter).code
CHANGEMENT = inscrire("changement", "Plan de changement", _presenter_le_plan).code
