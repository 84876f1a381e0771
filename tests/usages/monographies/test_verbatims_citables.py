"""Ce que la base dit citable est exactement ce que dit la règle, sur toutes les combinaisons."""

from itertools import product

import pytest
from django.utils import timezone

from tests.usages.retours.fabriques import VerbatimFactory
from usages.calculs.citables import Dit, juger
from usages.enums import Anonymat, Consentement, SituationDite, VoixDite
from usages.models import Verbatim

pytestmark = pytest.mark.django_db

TOUTES = list(product(VoixDite, SituationDite, Consentement, Consentement, Anonymat))


def test_la_base_et_la_regle_disent_la_meme_chose() -> None:
    modele = VerbatimFactory()
    modele.delete()
    jour = timezone.localdate()

    def le(accord: str) -> object:
        return jour if accord == Consentement.DONNE else None

    Verbatim.objects.bulk_create(
        Verbatim(
            parcours=modele.parcours, recueilli_par=modele.recueilli_par, texte=f"Essai {rang}", qui="une éducatrice",
            voix=voix, situation=situation, consentement=accord, consentement_le=le(accord),
            accord_representant=representant, accord_representant_le=le(representant), anonymat=anonymat,
        )
        for rang, (voix, situation, accord, representant, anonymat) in enumerate(TOUTES)
    )  # fmt: skip
    citables = set(Verbatim.objects.citables().values_list("texte", flat=True))
    attendus = {f"Essai {rang}" for rang, dit in enumerate(TOUTES) if juger(Dit(*dit)).est_citable}
    assert len(TOUTES) == Verbatim.objects.count() == 960
    assert citables == attendus and 0 < len(attendus) < 960
    # Et le verbatim relu dit de lui-même ce que dit la base.
    assert {v.texte for v in Verbatim.objects.all() if v.verdict.est_citable} == attendus
