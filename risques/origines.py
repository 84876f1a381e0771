"""L'origine des actions nées d'un risque : ce d'où elles viennent, montré à qui le lit."""

from typing import Any

from django.urls import reverse

from programme.socle.origines import Source, inscrire
from risques.models import AnalyseLocale, Grille, Risque


def _presenter(objet: Any, lecteur: Any) -> Source | None:
    """Le risque, sinon l'analyse ou la grille où on l'a vu venir ; None si ce lecteur n'y a pas accès."""
    if not type(objet)._default_manager.visibles_par(lecteur).filter(pk=objet.pk).exists():
        return None
    if isinstance(objet, Risque):
        return Source(f"« {objet} »", reverse("risques:risque-detail", args=[objet.pk]))
    if isinstance(objet, AnalyseLocale):
        return Source("l'analyse des risques de l'ESMS", reverse("risques:parcours-risques", args=[objet.parcours_id]))
    return Source(f"une réponse à « {objet.evaluation.campagne} »") if isinstance(objet, Grille) else None


RISQUE = inscrire("risque", "Risque", _presenter).code
