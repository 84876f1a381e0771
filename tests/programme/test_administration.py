"""Premier compte d'une installation neuve."""

import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from programme.models import Utilisateur
from programme.mots_de_passe import MOT_DE_PASSE_DEMONSTRATION
from programme.permissions import peut_administrer

pytestmark = pytest.mark.django_db


def test_le_lien_imprime_ouvre_un_compte_d_administrateur(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("creer_administrateur", "premiere", nom="Administratrice")
    lien = re.search(r"/invitations/\S+/", capsys.readouterr().out)
    assert lien
    phrase = "une-phrase-assez-longue-7"
    reponse = client.post(lien.group(), {"new_password1": phrase, "new_password2": phrase})
    assert reponse.status_code == 302
    assert peut_administrer(Utilisateur.objects.get(identifiant="premiere"))
    assert client.get("/affectations/").status_code == 200


def test_un_identifiant_pris_est_refuse() -> None:
    call_command("creer_administrateur", "premiere")
    with pytest.raises(CommandError, match="est pris"):
        call_command("creer_administrateur", "PREMIERE")


@pytest.mark.parametrize(("demonstration", "ouvre"), [(True, True), (False, False)])
def test_le_mot_de_passe_de_demonstration_n_ouvre_que_la_demonstration(
    client: Client, settings: Any, demonstration: bool, ouvre: bool
) -> None:
    settings.DEMONSTRATION = demonstration
    Utilisateur.objects.create_user("reste", MOT_DE_PASSE_DEMONSTRATION, nom="Compte resté là")
    reponse = client.post("/connexion/", {"username": "reste", "password": MOT_DE_PASSE_DEMONSTRATION})
    assert (reponse.status_code == 302) is ouvre
    if not ouvre:
        assert "demandez-en un nouveau" in reponse.text


def test_une_page_connectee_ne_reste_dans_aucun_cache(client: Client) -> None:
    client.force_login(Utilisateur.objects.create_user("quelqu-un", nom="Quelqu'un"))
    assert "no-store" in client.get("/")["Cache-Control"]
