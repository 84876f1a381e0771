"""L'origine des actions nées de la gouvernance : un point de séance, une décision, montrés à qui les lit."""

from typing import Any

from django.urls import reverse

from gouvernance.models import Decision, Point, Seance
from programme.socle.origines import Source, inscrire


def _presenter_le_point(objet: Any, lecteur: Any) -> Source | None:
    """La séance et le point ; None si ce lecteur ne suit pas l'instance."""
    if not isinstance(objet, Point) or not Seance.objects.suivies_par(lecteur).filter(pk=objet.seance_id).exists():
        return None
    seance = Seance.objects.pour_lecture().get(pk=objet.seance_id)
    return Source(
        f"{seance}, « {objet} »", f"{reverse('gouvernance:seance-detail', args=[seance.pk])}#point-{objet.pk}"
    )


SEANCE = inscrire("seance", "Séance", _presenter_le_point).code


def _presenter_la_decision(objet: Any, lecteur: Any) -> Source | None:
    """« décision n° 4, … » et sa page ; None si ce lecteur n'y a pas accès."""
    if not isinstance(objet, Decision) or not Decision.objects.visibles_par(lecteur).filter(pk=objet.pk).exists():
        return None
    return Source(f"la décision n° {objet.numero} : {objet}", reverse("gouvernance:decision-detail", args=[objet.pk]))


DECISION = inscrire("decision", "Décision", _presenter_la_decision).code
