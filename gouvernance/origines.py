"""L'origine des actions nées de la gouvernance : ce d'où elles viennent, montré à qui le lit."""

from typing import Any

from django.urls import reverse

from gouvernance.models import Decision
from programme.socle.origines import Source, inscrire


def _presenter_la_decision(objet: Any, lecteur: Any) -> Source | None:
    """« décision n° 4, … » et sa page ; None si ce lecteur n'y a pas accès."""
    if not isinstance(objet, Decision) or not Decision.objects.visibles_par(lecteur).filter(pk=objet.pk).exists():
        return None
    return Source(f"la décision n° {objet.numero} : {objet}", reverse("gouvernance:decision-detail", args=[objet.pk]))


DECISION = inscrire("decision", "Décision", _presenter_la_decision).code
