"""Premier compte d'une installation neuve."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from programme.models import Utilisateur
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
