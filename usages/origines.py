"""L'origine des actions nées d'un retour de terrain, montrée à qui lit ce retour."""

from typing import Any

from django.urls import reverse

from programme.socle.origines import Source, inscrire
from usages.models import Retour


def _presenter(objet: Any, lecteur: Any) -> Source | None:
    """Le résumé du retour et sa page ; None pour qui ne le lit pas."""
    if not isinstance(objet, Retour) or not Retour.objects.visibles_par(lecteur).filter(pk=objet.pk).exists():
        return None
    return Source(f"« {objet} »", reverse("usages:retour-detail", args=[objet.pk]))


RETOUR = inscrire("retour", "Retour de terrain", _presenter).code
