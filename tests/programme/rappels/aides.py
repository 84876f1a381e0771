"""Ce que partagent les essais des rappels : un compte ouvert, une ligne « à faire », tout ce qui est parti."""

from typing import Any

from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from programme.models import Utilisateur
from programme.socle.a_faire import Ligne, Urgence


def ouvrir(compte: Utilisateur) -> Utilisateur:
    """Le compte a choisi son mot de passe : il peut recevoir."""
    compte.set_password("une phrase de passe")
    compte.save()
    return compte


def ligne_a_faire(titre: str = "Dater l'annonce", urgence: Urgence = Urgence.REPONDRE, **champs: Any) -> Ligne:
    """Une ligne « à faire », telle qu'une déclaration la rendrait."""
    return Ligne(**({"titre": titre, "detail": "IME", "url": "/parcours/1/", "urgence": urgence} | champs))


def textes() -> str:
    """Sujets, textes et pages de tout ce qui est parti."""
    return "\n".join([m.subject + m.body + m.alternatives[0].content for m in mail.outbox])


class Capricieux(EmailBackend):
    """Un serveur d'envoi qui fait ce que `humeur` dit."""

    humeur: Exception | None = None
    muet = False

    def open(self) -> bool:
        if self.muet:
            raise ConnectionRefusedError
        return True

    def send_messages(self, messages: Any) -> int:
        if self.humeur:
            raise self.humeur
        return super().send_messages(messages)
