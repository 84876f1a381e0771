"""Tables des tickets et des irritants."""

from datetime import date, timedelta
from typing import Any

from programme.socle.nombres import accorde
from programme.socle.tables import Entier, Jour, Lien, NumeroFiness, TableListe, Texte, adresse
from usages.models.tickets import gravite_de, suite_de


def _vers_ticket(ticket: Any) -> str:
    return adresse("usages:ticket-detail", ticket.pk)


def _vers_esms(ticket: Any) -> str:
    return adresse("usages:parcours-tickets", ticket.parcours_id) if ticket.parcours_id else ""


def _vers_cet_irritant(irritant: Any) -> str:
    return adresse("usages:irritant-detail", irritant.pk)


def _vers_irritant(ticket: Any) -> str:
    return adresse("usages:irritant-detail", ticket.irritant_id) if ticket.irritant_id else ""


def _suite(cree_le: date, traite_le: date | None, ferme_le: date | None) -> str:
    return suite_de(traite_le, ferme_le)


class Duree(Texte):
    """Des jours : jusqu'au traitement, ou jusqu'à aujourd'hui."""

    def render(self, value: timedelta) -> str:
        """« 12 jours »."""
        return accorde(value.days, "jour")

    def value(self, value: timedelta) -> int:
        """Le nombre même."""
        return value.days


class TicketTable(TableListe):
    """Les tickets que le lecteur voit (`duree`, `pour` : annotés)."""

    ticket = Lien(verbose_name="Ticket", accessor="numero", order_by="numero", url=_vers_ticket, classe="insecable")
    source = Texte(verbose_name="Outil", order_by="source")
    esms = Lien(verbose_name="ESMS", accessor="pour", order_by="pour", url=_vers_esms)
    grappe = Texte(verbose_name="Grappe", accessor="grappe__nom", order_by="grappe__tri", classe="accessoire")
    module = Texte(verbose_name="Module", accessor="module__nom", order_by="module__ordre")
    bloquant = Texte(
        verbose_name="Bloquant",
        accessor="gravite",
        order_by=("-est_bloquant", "a_contournement"),
        sources=("est_bloquant", "a_contournement"),
        depuis=gravite_de,
    )
    suite = Texte(
        verbose_name="Où il en est",
        accessor="suite",
        order_by=("ferme_le", "traite_le"),
        # La création en tête : un ticket sans autre date n'est pas une case vide, il est ouvert.
        sources=("cree_le", "traite_le", "ferme_le"),
        depuis=_suite,
    )
    cree_le = Jour(verbose_name="Créé le", classe="insecable")
    traite_le = Jour(verbose_name="Traité le", classe="insecable")
    ferme_le = Jour(verbose_name="Fermé le", classe="insecable")
    delai = Duree(verbose_name="Délai", accessor="duree", order_by="duree", classe="num insecable")
    irritant = Lien(verbose_name="Irritant", accessor="irritant__libelle", order_by="irritant__tri", url=_vers_irritant)
    editeur = Texte(verbose_name="Éditeur", accessor="editeur__nom", order_by="editeur__nom")
    finess = NumeroFiness(verbose_name="FINESS", accessor="parcours__esms__finess", order_by="parcours__esms__finess")

    colonne_titre = "ticket"
    legende = "Tickets d’assistance"
    par_defaut = ("ticket", "esms", "grappe", "module", "bloquant", "suite", "cree_le", "delai", "irritant")


class IrritantTable(TableListe):
    """Les irritants que le lecteur voit (`nb_esms`, `nb_tickets`, `nb_ouverts` : annotés)."""

    irritant = Lien(
        verbose_name="Irritant",
        accessor="libelle",
        order_by="tri",
        url=_vers_cet_irritant,
    )
    editeur = Texte(verbose_name="Éditeur", accessor="editeur__nom", order_by="editeur__nom")
    module = Texte(verbose_name="Module", accessor="module__nom", order_by="module__ordre")
    grappe = Texte(verbose_name="Grappe", accessor="grappe__nom", order_by="grappe__tri", classe="accessoire")
    esms = Entier(verbose_name="ESMS", accessor="nb_esms", order_by="nb_esms")
    ouverts = Entier(verbose_name="Tickets ouverts", accessor="nb_ouverts", order_by="nb_ouverts")
    tickets = Entier(verbose_name="Tickets", accessor="nb_tickets", order_by="nb_tickets")

    colonne_titre = "irritant"
    legende = "Irritants"
