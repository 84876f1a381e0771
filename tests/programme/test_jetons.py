"""Jetons d'API : imprimés une fois, gardés hachés, refusés en une phrase quand ils ne valent plus."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from programme.models import Utilisateur
from programme.socle import jetons
from programme.socle.jetons import creer_jeton, hacher
from programme.socle.models import Jeton
from tests.fabriques import UtilisateurFactory

pytestmark = pytest.mark.django_db
URL = "/api/v1/parcours/"


@pytest.fixture
def compte() -> Utilisateur:
    return UtilisateurFactory(identifiant="cheffe")


def _lire(client: Client, clair: str, mot: str = "Jeton") -> Any:
    return client.get(URL, headers={"Authorization": f"{mot} {clair}"})


def test_un_jeton_ouvre_l_api_sans_session(client: Client, compte: Utilisateur) -> None:
    _, clair = creer_jeton(utilisateur=compte)
    reponse = _lire(client, clair)
    assert reponse.status_code == 200 and not reponse.cookies
    assert Jeton.objects.get().derniere_utilisation is not None


def test_la_base_ne_garde_que_l_empreinte(compte: Utilisateur) -> None:
    jeton, clair = creer_jeton(utilisateur=compte)
    valeurs = [str(v) for v in Jeton.objects.values().get().values()]
    assert clair not in valeurs and jeton.empreinte == hacher(clair)
    assert clair.startswith(jeton.prefixe) and len(clair) - len(jeton.prefixe) > 32


def test_l_usage_n_est_pas_ecrit_a_chaque_lecture(client: Client, compte: Utilisateur) -> None:
    _, clair = creer_jeton(utilisateur=compte)
    _lire(client, clair)
    premiere = Jeton.objects.get().derniere_utilisation
    _lire(client, clair)
    assert Jeton.objects.get().derniere_utilisation == premiere


def test_chaque_jeton_sans_valeur_est_refuse_en_une_phrase(client: Client, compte: Utilisateur) -> None:
    jeton, clair = creer_jeton(utilisateur=compte)
    hier = timezone.now() - timedelta(days=1)
    cas: list[tuple[dict[str, Any], str]] = [
        ({"revoque_le": hier}, jetons.REVOQUE),
        ({"expire_le": hier}, jetons.PERIME),
    ]
    for valeurs, motif in cas:
        Jeton.objects.filter(pk=jeton.pk).update(**valeurs)
        reponse = _lire(client, clair)
        assert (reponse.status_code, reponse.json()) == (401, {"motif": motif})
        Jeton.objects.filter(pk=jeton.pk).update(revoque_le=None, expire_le=timezone.now() + timedelta(days=1))
    Utilisateur.objects.filter(pk=compte.pk).update(is_active=False)
    reponse = _lire(client, clair)
    assert (reponse.status_code, reponse.json()) == (401, {"motif": jetons.INACTIF})


@pytest.mark.parametrize("clair", ["treille_forge", "", "treille_ deux", "treille_é"])
def test_un_jeton_forge_est_refuse(client: Client, compte: Utilisateur, clair: str) -> None:
    creer_jeton(utilisateur=compte)
    reponse = _lire(client, clair)
    assert reponse.status_code == 401 and reponse.json().keys() == {"motif"}
    assert reponse["WWW-Authenticate"].startswith("Jeton")


def test_sans_jeton_ni_session(client: Client) -> None:
    reponse = client.get(URL)
    assert reponse.status_code == 401 and "jeton" in reponse.json()["motif"]


def test_la_commande_imprime_le_jeton_une_fois(
    client: Client, compte: Utilisateur, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("creer_jeton", "CHEFFE", "--jours", "3", "--lecture-seule")
    sortie = capsys.readouterr()
    clair = sortie.out.strip()
    jeton = Jeton.objects.get()
    assert jeton.lecture_seule and jeton.empreinte == hacher(clair)
    assert timedelta(days=2) < jeton.expire_le - timezone.now() <= timedelta(days=3)
    assert clair not in sortie.err and "lecture seule" in sortie.err
    assert _lire(client, clair).status_code == 200


@pytest.mark.parametrize("arguments", [["inconnu"], ["cheffe", "--jours", "0"], ["parti"]])
def test_la_commande_refuse_sans_rien_creer(compte: Utilisateur, arguments: list[str]) -> None:
    UtilisateurFactory(identifiant="parti", is_active=False)
    with pytest.raises(CommandError):
        call_command("creer_jeton", *arguments)
    assert not Jeton.objects.exists()


def test_un_jeton_se_revoque_par_son_debut(client: Client, compte: Utilisateur) -> None:
    jeton, clair = creer_jeton(utilisateur=compte)
    _, autre = creer_jeton(utilisateur=compte)
    call_command("revoquer_jeton", jeton.prefixe)
    assert _lire(client, clair).json() == {"motif": jetons.REVOQUE}
    assert _lire(client, autre).status_code == 200
    with pytest.raises(CommandError):
        call_command("revoquer_jeton", "treille_")
