"""Transmettre un jalon : la pièce que le financeur attend est jointe."""

from typing import Any

from django.core.files.base import ContentFile
from django.db.models import Q
from django.urls import reverse

from programme.conditions.communes import B
from programme.socle import pieces
from programme.socle.conditions import Condition, existe, inscrire, oui_non

JALON = "programme.jalon"


def _joindre(jalon: Any, par: Any) -> None:
    pieces.deposer(jalon, ContentFile(b"%PDF-1.4\n%%EOF\n", name="piece.pdf"), par=par)


inscrire(
    Condition(
        code="piece_jointe",
        libelle="Pièce attendue jointe",
        source="convention de financement",
        modele=JALON,
        transitions=("transmettre",),
        severite=B,
        mesure=existe(pieces.pieces_du_modele("programme", "jalon")),
        format=oui_non("jointe", "pas encore jointe"),
        lien=lambda jalon: reverse("programme:jalon-detail", args=[jalon.pk]) + "#pieces",
        remplir=_joindre,
        pourquoi="Le financeur lit la pièce en même temps que le jalon : sans elle, il ne peut rien en dire.",
        geste="Joindre la pièce",
        applicable=~Q(piece_attendue=""),
    )
)
