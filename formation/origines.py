"""L'origine des actions nées de la formation et du plan de changement, montrée à qui la lit."""

from typing import Any

from formation.models import SessionFormation
from programme.socle.origines import Source, inscrire


def _presenter(objet: Any, lecteur: Any) -> Source | None:
    """La session dont l'avis est sous le seuil ; None si ce lecteur n'y a pas accès."""
    if isinstance(objet, SessionFormation) and SessionFormation.objects.visibles_par(lecteur).filter(pk=objet.pk):
        return Source(f"la session « {objet} »", "")
    return None


FORMATION = inscrire("formation", "Formation", _presenter).code
CHANGEMENT = inscrire("changement", "Plan de changement", lambda objet, lecteur: None).code
