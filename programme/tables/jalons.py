"""Table des jalons de financement."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from programme.enums import EtatJalon
from programme.services.lecture_financement import TONS, est_en_retard
from programme.socle import nombres
from programme.socle.dates import date_courte
from programme.socle.tables import Jour, Lien, OuiNon, TableListe, Texte, adresse


def _vers_jalon(jalon: Any) -> str:
    return adresse("programme:jalon-detail", jalon.pk)


def _vers_financement(jalon: Any) -> str:
    return adresse("programme:grappe-financement", jalon.convention.grappe_id)


class Montant(Texte):
    """Une somme en euros ; le nombre même dans un export."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("classe", "num")
        super().__init__(*args, **kwargs)

    def render(self, value: Decimal) -> str:
        """« 12 500 € »."""
        return nombres.euros(value)

    def value(self, value: Decimal) -> Decimal:
        """Le nombre même : un tableur sait l'additionner."""
        return value


class EtatDeJalon(Texte):
    """L'état, et son ton."""

    def render(self, value: str) -> SafeString:
        """Le mot."""
        ton = TONS.get(EtatJalon(value))
        return format_html('<span class="etat{}">{}</span>', f" etat-{ton}" if ton else "", EtatJalon(value).label)

    def value(self, value: str) -> str:
        """Le mot seul."""
        return str(EtatJalon(value).label)


class Echeance(Texte):
    """Une échéance ; en retard, elle le dit en toutes lettres."""

    def value(self, value: date) -> date:
        """La date même : un tableur sait la lire."""
        return value

    def render(self, value: date, record: Any) -> SafeString | str:
        """« 7 déc. 2026 », « 7 déc. 2026, en retard »."""
        if not est_en_retard(record, timezone.localdate()):
            return date_courte(value)
        return format_html('{} <span class="ton-ocre">en retard</span>', date_courte(value))


class JalonTable(TableListe):
    """Les jalons de financement que le lecteur voit."""

    jalon = Lien(verbose_name="Jalon", accessor="libelle", order_by="libelle", url=_vers_jalon)
    grappe = Lien(
        verbose_name="Grappe",
        accessor="convention__grappe__nom",
        order_by="convention__grappe__tri",
        url=_vers_financement,
    )
    echeance = Echeance(verbose_name="Échéance", order_by="echeance", classe="insecable")
    etat = EtatDeJalon(verbose_name="État", order_by="etat")
    piece = Texte(verbose_name="Pièce attendue", accessor="piece_attendue", order_by="piece_attendue")
    montant = Montant(verbose_name="Montant prévu", order_by="montant")
    verse = Montant(verbose_name="Versé", accessor="montant_verse", order_by="montant_verse")
    verse_le = Jour(verbose_name="Versé le", order_by="verse_le", classe="insecable")
    region = Texte(
        verbose_name="Région instructrice",
        accessor="convention__grappe__region__nom",
        order_by="convention__grappe__region__nom",
    )
    preuve = OuiNon(verbose_name="Preuve d’usage", accessor="preuve_usage", order_by="preuve_usage")

    colonne_titre = "jalon"
    legende = "Jalons de financement"
    par_defaut = ("jalon", "grappe", "echeance", "etat", "montant", "verse")
