"""Borner sans garder d'adresse : des empreintes, une clé par jour, effacée le lendemain."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programme.socle.travaux import travaux
from tests.usages.retours.fabriques import LienDeRetourFactory
from tests.usages.retours.test_capture import envoyer
from usages.models import CleDuJour, CompteurDeDepots, Retour
from usages.services.retours import debit
from usages.services.retours.debit import TropDEnvois, adresse_de

pytestmark = pytest.mark.django_db
MIDI = timezone.make_aware(datetime(2026, 11, 30, 12, 3, 20))


@pytest.fixture
def horloge(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """L'heure qu'il est, à changer."""
    heure = [MIDI]
    monkeypatch.setattr(timezone, "now", lambda: heure[0])
    return heure


def test_au_dela_du_plafond_une_phrase_et_le_temps_d_attendre(horloge: list[datetime]) -> None:
    lien = LienDeRetourFactory()
    codes = [envoyer(lien).status_code for _ in range(debit.PAR_ADRESSE)]
    assert set(codes) == {201}
    reponse = envoyer(lien)
    assert (reponse.status_code, reponse["Retry-After"]) == (429, "401")
    assert "rien n'est perdu, réessayez dans 7 minutes" in reponse.json()["motif"]
    page = envoyer(lien, json=False, probleme="Mon texte est toujours là.")
    assert page.status_code == 429 and "Mon texte est toujours là." in page.content.decode()
    assert Retour.objects.count() == debit.PAR_ADRESSE
    horloge[0] += timedelta(seconds=401)
    assert envoyer(lien).status_code == 201


def test_deux_cents_envois_d_un_lien_depuis_plusieurs_adresses(horloge: list[datetime]) -> None:
    for rang in range(debit.PAR_LIEN):
        debit.compter_un_depot(jeton="a", adresse=f"192.0.2.{rang % 20}")
    with pytest.raises(TropDEnvois):
        debit.compter_un_depot(jeton="a", adresse="198.51.100.1")
    debit.compter_un_depot(jeton="b", adresse="198.51.100.1")


def test_aucune_adresse_ne_se_garde(horloge: list[datetime]) -> None:
    debit.compter_un_depot(jeton="un-jeton", adresse="192.0.2.7")
    empreintes = set(CompteurDeDepots.objects.values_list("empreinte", flat=True))
    assert len(empreintes) == 2 and not any("192" in e and "." in e or "jeton" in e for e in empreintes)
    horloge[0] += timedelta(days=1)
    debit.compter_un_depot(jeton="un-jeton", adresse="192.0.2.7")
    du_lendemain = set(CompteurDeDepots.objects.values_list("empreinte", flat=True))
    assert not empreintes & du_lendemain, "la même adresse ne se reconnaît pas d'un jour à l'autre"
    assert len(du_lendemain) == 2
    assert CleDuJour.objects.get().jour == timezone.localdate()


def test_une_tranche_finie_ne_reste_pas_dans_la_base(horloge: list[datetime]) -> None:
    """La clé du jour est à côté : qui lit la base en referait l'heure et l'adresse de chaque envoi."""
    debit.compter_un_depot(jeton="a", adresse="192.0.2.7")
    premiere = CompteurDeDepots.objects.values_list("tranche", flat=True).first()
    horloge[0] += debit.TRANCHE
    debit.compter_un_depot(jeton="a", adresse="198.51.100.1")
    tranches = set(CompteurDeDepots.objects.values_list("tranche", flat=True))
    assert len(tranches) == 1 and premiere not in tranches


def test_le_travail_de_chaque_jour_efface_meme_sans_envoi(horloge: list[datetime]) -> None:
    debit.compter_un_depot(jeton="a", adresse="192.0.2.7")
    contexte: Any = None
    executer = travaux["retours-cles"].executer
    assert executer(contexte)["decompte"].startswith("0")
    assert CompteurDeDepots.objects.count() == 2
    horloge[0] += timedelta(days=1)
    assert executer(contexte)["decompte"] == "1 clé effacée"
    assert not CleDuJour.objects.exists() and not CompteurDeDepots.objects.exists()


@pytest.mark.parametrize(
    ("relais", "vus", "attendue"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        (2, "1.2.3.4, 203.0.113.9, 198.51.100.2", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (1, "n'importe quoi", "n'importe quoi"),
    ],
)
def test_l_adresse_se_lit_derriere_les_relais_dits(settings: Any, relais: int, vus: str, attendue: str) -> None:
    settings.TREILLE_RELAIS = relais
    assert adresse_de({"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": vus}) == attendue


def test_deviner_un_code_se_borne(horloge: list[datetime]) -> None:
    client, url = Client(), reverse("usages:retour-suivi")
    codes = [client.post(url, {"code": f"7K2M-Q9TX-{n:04d}"}).status_code for n in range(debit.CODES_PAR_ADRESSE + 1)]
    assert codes == [422] * debit.CODES_PAR_ADRESSE + [429]
