"""L'origine des actions décidées en séance : le point d'où elles viennent, montré à qui lit sa séance."""

from typing import Any

from django.urls import reverse

from gouvernance.models import Point, Seance
from programme.socle.origines import Source, inscrire


def _presenter(objet: Any, lecteur: Any) -> Source | None:
    """La séance et le point ; None si ce lecteur ne suit pas l'instance."""
    if not isinstance(objet, Point) or not Seance.objects.suivies_par(lecteur).filter(pk=objet.seance_id).exists():
        return None
    seance = Seance.objects.pour_lecture().get(pk=objet.seance_id)
    return Source(
        f"{seance}, « {objet} »", f"{reverse('gouvernance:seance-detail', args=[seance.pk])}#point-{objet.pk}"
    )


SEANCE = inscrire("seance", "Séance", _presenter).code
