"""Nommer ce qui gêne de la même façon, et y rapprocher des tickets."""

from collections.abc import Iterable

from django.db import transaction

from programme.models import Editeur, Grappe, Module, Utilisateur
from programme.services.controles import exiger, valider
from programme.socle.erreurs import Refus
from programme.socle.texte import normaliser
from usages.models import Irritant, Ticket
from usages.permissions import peut_suivre_les_editeurs

DEJA = "Cet irritant existe déjà dans cette grappe pour cet éditeur : rapprochez-en vos tickets."
AUTRE_GRAPPE = "Ce ticket est d'une autre grappe que l'irritant."
AUTRE_EDITEUR = "Ce ticket est d'un autre éditeur ({}) que l'irritant."
A_DES_TICKETS = "Cet irritant réunit des tickets d'un autre éditeur : détachez-les d'abord."


def _exiger_nouveau(irritant: Irritant) -> None:
    memes = Irritant.objects.filter(
        grappe=irritant.grappe_id, editeur=irritant.editeur_id, tri=normaliser(irritant.libelle)[:160]
    )
    if memes.exclude(pk=irritant.pk).exists():
        raise Refus("champ", DEJA, champs={"libelle": [DEJA]})


@transaction.atomic
def creer_irritant(
    *, grappe: Grappe, editeur: Editeur, libelle: str, par: Utilisateur, module: Module | None = None
) -> Irritant:
    """Nomme un irritant. Lève `Refus` : pas le droit, ou déjà nommé."""
    exiger(peut_suivre_les_editeurs(par, grappe))
    irritant = Irritant(grappe=grappe, editeur=editeur, libelle=libelle, module=module)
    _exiger_nouveau(irritant)
    valider(irritant)
    irritant.save()
    return irritant


@transaction.atomic
def corriger_irritant(
    *, irritant: Irritant, editeur: Editeur, libelle: str, par: Utilisateur, module: Module | None = None
) -> Irritant:
    """Le redit. Lève `Refus` : pas le droit, déjà nommé, des tickets d'un autre éditeur."""
    exiger(peut_suivre_les_editeurs(par, irritant))
    irritant.editeur, irritant.libelle, irritant.module = editeur, libelle, module
    _exiger_nouveau(irritant)
    if irritant.tickets.exclude(editeur=None).exclude(editeur=editeur).exists():
        raise Refus("champ", A_DES_TICKETS, champs={"editeur": [A_DES_TICKETS]})
    valider(irritant)
    irritant.save()
    return irritant


@transaction.atomic
def supprimer_irritant(*, irritant: Irritant, par: Utilisateur) -> None:
    """L'oublie ; ses tickets restent, sans irritant. Lève `Refus` sans le droit."""
    exiger(peut_suivre_les_editeurs(par, irritant))
    irritant.delete()


def faute_de_rapprochement(ticket: Ticket, irritant: Irritant) -> str:
    """Pourquoi ce ticket ne peut pas être de cet irritant ; vide s'il le peut."""
    if ticket.grappe_id != irritant.grappe_id:
        return AUTRE_GRAPPE
    if ticket.editeur and ticket.editeur_id != irritant.editeur_id:
        return AUTRE_EDITEUR.format(ticket.editeur)
    return ""


@transaction.atomic
def rapprocher(*, tickets: Iterable[Ticket], irritant: Irritant | None, par: Utilisateur) -> int:
    """Range ces tickets sous cet irritant, ou les en détache (None). Lève `Refus` : pas le droit, pas le même."""
    lus = list(tickets)
    for grappe in {t.grappe_id: t.grappe for t in lus}.values():
        exiger(peut_suivre_les_editeurs(par, grappe))
    for ticket in lus:
        if irritant and (faute := faute_de_rapprochement(ticket, irritant)):
            raise Refus("champ", faute)
    return Ticket.objects.filter(pk__in=[t.pk for t in lus]).update(irritant=irritant)
