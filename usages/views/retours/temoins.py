"""Le témoin qu'un appareil garde de ses « nous aussi » : de quoi éviter une mégarde, rien de plus.

Signé, il ne porte que les numéros des retours soutenus ici ; il ne part qu'aux pages qui les montrent, et le serveur
n'en garde rien. Effacé, on peut joindre sa voix de nouveau : ce n'est pas une garantie.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse

from usages.services.retours.reponses import Dit

SEL = "usages.nous-aussi"
JOURS = 180
RETENUS = 300
"""Les derniers : un témoin de navigateur ne dépasse pas quatre kilo-octets."""


@dataclass(frozen=True, slots=True)
class Temoin:
    """Un témoin : son nom, et l'adresse sous laquelle il part."""

    nom: str
    chemin: str

    def lire(self, request: HttpRequest) -> list[int]:
        """Les retours soutenus depuis cet appareil ; aucun si le témoin manque ou n'est pas de nous."""
        lu = request.get_signed_cookie(self.nom, default="", salt=SEL)
        return [int(cle) for cle in lu.split(".") if cle.isdecimal()] if lu else []

    def retenir(self, request: HttpRequest, reponse: HttpResponse, retour: int) -> HttpResponse:
        """Ajoute ce retour à ceux que l'appareil a soutenus."""
        cles = [*(cle for cle in self.lire(request) if cle != retour), retour][-RETENUS:]
        reponse.set_signed_cookie(
            self.nom,
            ".".join(map(str, cles)),
            salt=SEL,
            max_age=JOURS * 24 * 3600,
            path=self.chemin,
            secure=request.is_secure(),
            httponly=True,
            samesite="Strict",
        )
        return reponse


@dataclass(frozen=True, slots=True)
class ASoutenir:
    """Un retour en cours, la clé de son bouton, et si cet appareil s'y est déjà joint."""

    dit: Dit
    cle: UUID
    deja: bool


def a_soutenir(dits: Iterable[Dit], deja: Iterable[int]) -> list[ASoutenir]:
    """Chaque retour avec une clé neuve : la même page envoyée deux fois ne compte qu'une voix."""
    connus = set(deja)
    return [ASoutenir(dit, uuid4(), dit.pk in connus) for dit in dits]
