"""Ce que partagent les essais de l'ordre du jour : ce qui n'y est pas encore, et la page qui le propose."""

from typing import Any

from django.urls import reverse

from gouvernance.models import Seance
from gouvernance.services.propositions import propositions_de


def cles(seance: Seance, par: Any) -> dict[str, Any]:
    """Ce qui n'est pas encore inscrit, par clé."""
    par.__dict__.pop("perimetre", None)
    return {c.proposition.cle: c for c in propositions_de(seance, par=par).a_inscrire}


def adresse(seance: Seance) -> str:
    return reverse("gouvernance:seance-propositions", args=[seance.pk])
