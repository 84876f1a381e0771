"""`manage.py recompter_indicateurs` : refaire, ou dire où les totaux se trompent."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.usages.agregats.force_brute import gardes, recompter
from tests.usages.agregats.mondes import une_grappe
from tests.usages.fabriques import IndicateurFactory
from usages.models import CumulIndicateur

pytestmark = pytest.mark.django_db


def _lancer(*options: str) -> tuple[str, str]:
    dit, tait = StringIO(), StringIO()
    call_command("recompter_indicateurs", *options, stdout=dit, stderr=tait)
    return dit.getvalue(), tait.getvalue()


def test_refaire_puis_verifier() -> None:
    une_grappe(3, IndicateurFactory())
    with pytest.raises(CommandError, match="6 totaux faux : relancez sans --verifier"):
        _lancer("--verifier")
    assert not CumulIndicateur.objects.exists()
    assert "6 totaux refaits." in _lancer()[0]
    assert gardes() == recompter()
    assert "disent ce que disent les relevés" in _lancer("--verifier")[0]


def test_un_ecart_se_montre() -> None:
    indicateur = IndicateurFactory()
    une_grappe(1, indicateur)
    _lancer()
    CumulIndicateur.objects.filter(maille="national").update(numerateur=31)
    erreurs = StringIO()
    with pytest.raises(CommandError, match="1 total faux"):
        call_command("recompter_indicateurs", "--verifier", stderr=erreurs)
    assert f"indicateur {indicateur.pk}, national, mois du" in erreurs.getvalue()
    assert "gardé 1 / 1 / 0 / 0 / 31" in erreurs.getvalue()
