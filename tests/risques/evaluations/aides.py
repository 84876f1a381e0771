"""Ce que partagent les essais des évaluations."""

from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.models import Utilisateur
from programme.socle.porte import changer_etat
from risques.enums import Regard
from risques.models import Evaluation
from tests.aides import connecte
from tests.fabriques import affecter
from tests.risques.fabriques import (
    grille_de,
)

AU = timezone.localdate()


def repondre(
    evaluation: Evaluation, notes: dict[str, int | None], regard: str = Regard.TERRAIN, qui: Utilisateur | None = None
) -> Utilisateur:
    """Quelqu'un de la grappe répond, et transmet."""
    qui = qui or affecter(Role.MEMBRE, evaluation.campagne.grappe)
    changer_etat(grille_de(qui, evaluation, notes, regard=regard), "transmettre", par=qui)
    return qui


def lire_page(qui: Utilisateur, evaluation: Evaluation, suite: str = "") -> str:
    reponse = connecte(qui).get(reverse("risques:evaluation-detail", args=[evaluation.pk]) + suite)
    assert reponse.status_code == 200
    return reponse.content.decode()
