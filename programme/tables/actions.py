"""Table des actions."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from programme.enums import EtatAction
from programme.models.actions import TOUTE_LA_GRAPPE
from programme.socle.dates import date_courte
from programme.socle.origines import libelle_de
from programme.socle.tables import Jour, Lien, NumeroFiness, TableListe, Texte, adresse
from programme.tables.cellules import EtatNomme


def _vers_action(action: Any) -> str:
    return adresse("programme:action-detail", action.pk)


def _vers_cible(action: Any) -> str:
    if action.parcours_id:
        return adresse("programme:parcours-detail", action.parcours_id)
    return adresse("programme:grappe-detail", action.grappe_id)


class Echeance(Texte):
    """Une échéance ; en retard, elle le dit en toutes lettres."""

    def value(self, value: date) -> date:
        """La date même : un tableur sait la lire."""
        return value

    def render(self, value: date, record: Any) -> SafeString | str:
        """« 7 déc. 2026 », « 7 déc. 2026, en retard »."""
        if not record.est_en_retard(timezone.localdate()):
            return date_courte(value)
        return format_html('<span>{} <span class="ton-ocre">en retard</span></span>', date_courte(value))


class Origine(Texte):
    """Le mot d'une origine."""

    def render(self, value: str) -> str:
        """Lu au registre."""
        return libelle_de(value)

    def value(self, value: str) -> str:
        """Le même mot."""
        return libelle_de(value)


class ActionTable(TableListe):
    """Les actions que le lecteur voit (`qui`, `rang_etat` : annotés par `avec_rang`)."""

    action = Lien(verbose_name="Action", accessor="libelle", order_by="tri", url=_vers_action)
    pour = Lien(
        verbose_name="Pour",
        order_by="parcours__esms__tri",
        url=_vers_cible,
        sources=("grappe_id", "parcours__esms__nom"),
        depuis=lambda _, esms: esms or TOUTE_LA_GRAPPE,
    )
    grappe = Texte(verbose_name="Grappe", accessor="grappe__nom", order_by="grappe__tri", classe="accessoire")
    responsable = Texte(verbose_name="Responsable", accessor="qui", order_by="qui", default="à désigner")
    echeance = Echeance(verbose_name="Échéance", classe="insecable")
    etat = EtatNomme(EtatAction, de_cote=EtatAction.ABANDONNEE)
    finess = NumeroFiness(verbose_name="FINESS", accessor="parcours__esms__finess", order_by="parcours__esms__finess")
    origine = Origine(verbose_name="Origine")
    precision = Texte(verbose_name="Précision", orderable=False)
    creee_le = Jour(verbose_name="Créée le", classe="insecable")
    faite_le = Jour(verbose_name="Faite le", classe="insecable")

    colonne_titre = "action"
    legende = "Actions"
    par_defaut = ("action", "pour", "grappe", "responsable", "echeance", "etat")
