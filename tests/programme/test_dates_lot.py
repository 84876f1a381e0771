"""Réviser sur une page les dates dépassées : toutes ou aucune, et seulement celles qu'on donne."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from programme.models import Etape, Parcours
from programme.services import dates as services
from programme.services.parcours import reviser_dates
from programme.socle.erreurs import Refus
from tests.fabriques import GrappeFactory, ParcoursFactory, cheffe_de

pytestmark = pytest.mark.django_db

URL = "/dates/"


def _jour(n: int) -> date:
    return timezone.localdate() + timedelta(days=n)


@pytest.fixture
def parcours() -> list[Parcours]:
    """Trois ESMS d'une grappe, en retard de plus en plus."""
    lignes = ParcoursFactory.create_batch(3, grappe=GrappeFactory())
    for rang, p in enumerate(lignes, 1):
        Etape.objects.create(parcours=p, etat="cadrage", reference=_jour(-10 * rang))
        Etape.objects.create(parcours=p, etat="preparation", reference=_jour(60))
    return lignes


@pytest.fixture
def cheffe(parcours: list[Parcours]) -> Any:
    return cheffe_de(parcours[0].grappe)


def _revisees() -> set[date | None]:
    return set(Etape.objects.filter(etat="cadrage").values_list("revisee", flat=True))


def test_chaque_esms_recoit_sa_date(client: Client, parcours: list[Parcours], cheffe: Any) -> None:
    client.force_login(cheffe)
    assert f'href="{URL}"' in client.get("/").content.decode()
    un, deux, _ = parcours
    donnees = {f"date_{un.pk}": _jour(5).isoformat(), f"date_{deux.pk}": _jour(9).isoformat()}
    assert "2 dates révisées." in client.post(URL, donnees, follow=True).content.decode()
    assert _revisees() == {_jour(5), _jour(9), None}, "ce qu'on laisse vide ne bouge pas"
    assert [e.parcours_id for e in client.get(URL).context["etapes"]] == [parcours[2].pk]


@pytest.mark.parametrize(("jours", "phrase"), [(-1, "déjà passé"), (90_000, "Vérifiez l"), (None, "au moins une date")])
def test_une_date_refusee_n_ecrit_rien(
    client: Client, parcours: list[Parcours], cheffe: Any, jours: int | None, phrase: str
) -> None:
    client.force_login(cheffe)
    un, deux, _ = parcours
    dates = {f"date_{un.pk}": _jour(5).isoformat(), f"date_{deux.pk}": _jour(jours).isoformat()} if jours else {}
    reponse = client.post(URL, dates)
    assert reponse.status_code == 422 and phrase in reponse.content.decode()
    assert _revisees() == {None}


def test_le_droit_se_verifie_esms_par_esms(parcours: list[Parcours], cheffe: Any) -> None:
    ailleurs = Etape.objects.create(parcours=ParcoursFactory(), etat="cadrage", reference=_jour(-3))
    etapes = [Etape.objects.get(parcours=parcours[0], etat="cadrage"), ailleurs]
    with pytest.raises(Refus) as refus:
        services.reviser_en_lot(revisions={e: _jour(5) for e in etapes}, par=cheffe)
    assert refus.value.code == "droit" and _revisees() == {None}


def test_une_date_revisee_entre_temps_est_gardee_et_dite(client: Client, parcours: list[Parcours], cheffe: Any) -> None:
    un, deux, _ = parcours
    client.force_login(cheffe)
    reviser_dates(parcours=un, dates={"cadrage": _jour(2)}, par=cheffe)
    donnees = {f"date_{p.pk}": _jour(9).isoformat() for p in (un, deux)}
    assert "1 ESMS n&#x27;était plus en retard" in client.post(URL, donnees, follow=True).content.decode()
    assert _revisees() == {_jour(2), _jour(9), None}
