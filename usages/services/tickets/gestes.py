"""Gestes groupés sur des tickets : les rapprocher d'un irritant, les en détacher. Le mécanisme : `gestes_lot`."""

from collections.abc import Iterable

from programme.enums import Role
from programme.models import Utilisateur
from programme.services.gestes_lot import Geste, Ligne
from programme.socle.droits import Droit
from usages.models import Irritant, Ticket
from usages.permissions import peut_suivre_les_editeurs
from usages.services.tickets.irritants import (
    AUTRE_EDITEUR,
    AUTRE_GRAPPE,
    creer_irritant,
    faute_de_rapprochement,
    rapprocher,
)

SUIVENT = (Role.CHEF_PROJET, Role.APPUI)
AUCUN = "aucun irritant"


def lire_tickets(cles: Iterable[int], par: Utilisateur, *, verrou: bool = False) -> list[Ticket]:
    """Ces tickets, s'ils sont visibles, le plus récent d'abord."""
    voulus = list(cles)
    if verrou:
        # Le verrou d'abord, sur la table seule : PostgreSQL refuse de verrouiller ce qu'une jointure rend facultatif.
        list(Ticket.objects.select_for_update().filter(pk__in=voulus).order_by("pk").values_list("pk"))
    lus = Ticket.objects.visibles_par(par).filter(pk__in=voulus).pour_lecture().select_related("grappe__region")
    return list(lus.order_by("-cree_le", "pk"))


def _droits(tickets: list[Ticket], par: Utilisateur) -> dict[int, Droit]:
    """Grappe → ce droit, demandé une fois par grappe."""
    return {pk: peut_suivre_les_editeurs(par, g) for pk, g in {t.grappe_id: t.grappe for t in tickets}.items()}


def _ligne(ticket: Ticket, apres: str) -> Ligne:
    avant = str(ticket.irritant or AUCUN)
    lieu = str(ticket.parcours or f"Grappe {ticket.grappe}")
    return Ligne(ticket, {"Irritant": avant}, avant, apres, lieu=lieu)


def _examiner_rapprocher(
    tickets: list[Ticket], par: Utilisateur, *, irritant: Irritant | None = None, libelle: str = ""
) -> list[Ligne]:
    droits, premier = _droits(tickets, par), tickets[0] if tickets else None
    lignes = []
    for ticket in tickets:
        ligne = _ligne(ticket, str(irritant or libelle))
        if not (droit := droits[ticket.grappe_id]):
            ligne.refus = droit.motif
        elif irritant:
            deja = ticket.irritant_id == irritant.pk
            ligne.refus = "Rien à changer : il y est déjà." if deja else faute_de_rapprochement(ticket, irritant)
        elif premier:
            # Le nouvel irritant est de la grappe et de l'éditeur du premier : le formulaire exige qu'ils s'accordent.
            if ticket.grappe_id != premier.grappe_id:
                ligne.refus = AUTRE_GRAPPE
            elif ticket.editeur_id is not None and ticket.editeur_id != editeur_commun(tickets):
                ligne.refus = AUTRE_EDITEUR.format(ticket.editeur)
        lignes.append(ligne)
    return lignes


def editeur_commun(tickets: Iterable[Ticket]) -> int | None:
    """Le seul éditeur de ces tickets ; None s'ils en ont plusieurs, ou aucun."""
    editeurs = {t.editeur_id for t in tickets if t.editeur_id is not None}
    return editeurs.pop() if len(editeurs) == 1 else None


def _ecrire_rapprocher(
    tickets: list[Ticket], par: Utilisateur, *, irritant: Irritant | None = None, libelle: str = ""
) -> None:
    if irritant is None:
        editeur = next(t.editeur for t in tickets if t.editeur)
        modules = {t.module for t in tickets}
        module = modules.pop() if len(modules) == 1 else None
        irritant = creer_irritant(grappe=tickets[0].grappe, editeur=editeur, libelle=libelle, module=module, par=par)
    rapprocher(tickets=tickets, irritant=irritant, par=par)


def _examiner_detacher(tickets: list[Ticket], par: Utilisateur) -> list[Ligne]:
    droits = _droits(tickets, par)
    lignes = []
    for ticket in tickets:
        ligne = _ligne(ticket, AUCUN)
        if not (droit := droits[ticket.grappe_id]):
            ligne.refus = droit.motif
        elif ticket.irritant_id is None:
            ligne.refus = "Rien à changer : il n'est d'aucun irritant."
        lignes.append(ligne)
    return lignes


def _ecrire_detacher(tickets: list[Ticket], par: Utilisateur) -> None:
    rapprocher(tickets=tickets, irritant=None, par=par)


GESTES = {
    geste.code: geste
    for geste in (
        Geste(
            "rapprocher",
            "Rapprocher d’un irritant",
            "ticket rapproché,tickets rapprochés",
            SUIVENT,
            _examiner_rapprocher,
            _ecrire_rapprocher,
            lire_tickets,
        ),
        Geste(
            "detacher",
            "Détacher de leur irritant",
            "ticket détaché,tickets détachés",
            SUIVENT,
            _examiner_detacher,
            _ecrire_detacher,
            lire_tickets,
        ),
    )
}
