"""Écrire aux membres d'une instance : un envoi qui échoue n'arrête pas les autres, et ne se lève jamais."""

from smtplib import SMTPException
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend

from gouvernance.services.courriels import ecrire
from tests.fabriques import UtilisateurFactory
from tests.gouvernance.fabriques import SeanceFactory

pytestmark = pytest.mark.django_db


def _ecrire(settings: Any, *adresses: str) -> int:
    settings.TREILLE_ADRESSE = "https://treille.exemple"
    comptes = [UtilisateurFactory(courriel=adresse) for adresse in adresses]
    return ecrire("Treille : compte rendu", "mails/compte_rendu.txt", SeanceFactory(), comptes)


@pytest.mark.parametrize("faute", [ValueError, SMTPException, OSError])
def test_un_refus_n_arrete_pas_les_suivants(settings: Any, monkeypatch: Any, faute: type[Exception]) -> None:
    envoyer = EmailMessage.send

    def refuser(message: EmailMessage, *args: Any, **options: Any) -> int:
        if message.to == ["deux@exemple.fr"]:
            raise faute("non")
        return envoyer(message, *args, **options)

    monkeypatch.setattr(EmailMessage, "send", refuser)
    assert _ecrire(settings, "un@exemple.fr", "deux@exemple.fr", "trois@exemple.fr") == 2
    assert [m.to for m in mail.outbox] == [["un@exemple.fr"], ["trois@exemple.fr"]]


def test_un_serveur_muet_ne_fait_attendre_qu_une_fois(settings: Any, monkeypatch: Any) -> None:
    essais: list[int] = []

    def attendre(connexion: EmailBackend) -> bool:
        essais.append(1)
        raise TimeoutError

    monkeypatch.setattr(EmailBackend, "open", attendre)
    assert _ecrire(settings, "un@exemple.fr", "deux@exemple.fr") == 0
    assert len(essais) == 1 and not mail.outbox


def test_sans_adresse_publique_rien_ne_part(settings: Any) -> None:
    settings.TREILLE_ADRESSE = ""
    assert ecrire("Objet", "mails/compte_rendu.txt", SeanceFactory(), [UtilisateurFactory()]) == 0 and not mail.outbox
