"""Des personnes déjà formées : une ou plusieurs, sans doublon, et l'on s'en dédit."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from formation.models import Acquis, CumulCouverture
from formation.services.constats import valable_jusqu_au
from programme.models import Parcours
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, cheffe_de, directrice_de
from tests.formation.fabriques import (
    ModuleFormationFactory,
    PosteFactory,
    SessionFormationFactory,
    equipe,
    former,
    il_y_a,
    presente,
)

pytestmark = pytest.mark.django_db


def _envoyer(parcours: Parcours, **champs: object) -> object:
    postes = parcours.postes.all()
    donnees = {
        "le": il_y_a(10).isoformat(),
        "modules": [m.pk for m in parcours.grappe.modules_formation.all()],
        "professionnels": [p.professionnel_id for p in postes],
    }
    url = reverse("formation:acquis-constater", args=[parcours.pk])
    return connecte(directrice_de(parcours)).post(url, donnees | champs)


@pytest.fixture
def parcours() -> Parcours:
    """Trois personnes, un module à refaire chaque année et un autre."""
    parcours = ParcoursFactory()
    ModuleFormationFactory(grappe=parcours.grappe, validite_mois=12)
    ModuleFormationFactory(grappe=parcours.grappe)
    equipe(parcours, 3)
    return parcours


def test_trois_personnes_a_deux_modules(parcours: Parcours) -> None:
    """Six acquis, la validité du module, et la couverture qui bouge aussitôt."""
    assert _envoyer(parcours).status_code == 302
    assert Acquis.objects.count() == 6
    limites = set(Acquis.objects.values_list("valable_jusqu_au", flat=True))
    assert limites == {None, valable_jusqu_au(il_y_a(10), 12)}
    mois = timezone.localdate().replace(day=1)
    total = CumulCouverture.objects.totaux().get(mois=mois)
    assert (total.en_poste, total.formes) == (3, 3)


def test_redire_n_ajoute_rien(parcours: Parcours) -> None:
    _envoyer(parcours)
    assert _envoyer(parcours).status_code == 422
    nouvelle = PosteFactory(parcours=parcours)
    assert _envoyer(parcours).status_code == 302
    assert Acquis.objects.count() == 8 and nouvelle.professionnel.acquis.count() == 2


def test_une_saisie_fausse_ne_change_rien(parcours: Parcours) -> None:
    """À venir, d'un autre ESMS, rien de coché : expliqué, et rien d'écrit."""
    ailleurs = PosteFactory()
    demain = (timezone.localdate() + timedelta(days=1)).isoformat()
    for champs in ({"le": demain}, {"professionnels": [ailleurs.professionnel_id]}, {"modules": []}, {"le": "x"}):
        reponse = _envoyer(parcours, **champs)
        assert reponse.status_code == 422 and "fautif" in reponse.content.decode()
    assert not Acquis.objects.exists()


def test_on_se_dedit_d_un_constat(parcours: Parcours) -> None:
    _envoyer(parcours)
    acquis = Acquis.objects.order_by("pk")[0]
    url = reverse("formation:acquis-retirer", args=[acquis.pk])
    assert connecte(cheffe_de(parcours.grappe)).post(url).status_code == 404
    assert connecte(directrice_de(parcours)).post(url).status_code == 302
    assert not Acquis.objects.filter(pk=acquis.pk).exists()
    assert CumulCouverture.objects.totaux().get(mois=timezone.localdate().replace(day=1)).formes == 2


def test_une_presence_ne_se_retire_pas_d_ici(parcours: Parcours) -> None:
    """Elle vient de la feuille : c'est elle qui se corrige."""
    poste = parcours.postes.order_by("pk")[0]
    inscription = presente(SessionFormationFactory(module=parcours.grappe.modules_formation.order_by("pk")[0]), poste)
    acquis = former(poste, inscription.session.module)
    Acquis.objects.filter(pk=acquis.pk).update(origine="session", inscription=inscription)
    connecte(directrice_de(parcours)).post(reverse("formation:acquis-retirer", args=[acquis.pk]))
    assert Acquis.objects.filter(pk=acquis.pk).exists()


@pytest.mark.parametrize(
    ("le", "mois", "jusque"),
    [
        (date(2026, 1, 15), 12, date(2027, 1, 14)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 1), 1, date(2026, 12, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 1, 15), None, None),
    ],
)
def test_la_validite_va_a_la_veille(le: date, mois: int | None, jusque: date | None) -> None:
    assert valable_jusqu_au(le, mois) == jusque
