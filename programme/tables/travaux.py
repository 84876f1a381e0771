"""Table des travaux."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from programme.socle.dates import date_courte, heure
from programme.socle.tables import Lien, TableListe, Texte


class Instant(Texte):
    """Un jour et une heure, à l'heure de Paris."""

    def render(self, value: datetime) -> str:
        """« 3 nov. 2026, 9 h 05 »."""
        ici = timezone.localtime(value)
        return f"{date_courte(ici.date())}, {heure(ici)}"

    def value(self, value: datetime) -> Any:
        """L'instant, sans fuseau : un tableur sait le lire."""
        return timezone.localtime(value).replace(tzinfo=None)


class TravailTable(TableListe):
    """Travaux de fond."""

    nom = Lien(
        verbose_name="Travail",
        accessor="objet",
        order_by="objet",
        url=lambda t: reverse("programme:travail-detail", args=[t.pk]),
    )
    nom_fichier = Texte(verbose_name="Fichier", classe="accessoire")
    etat = Texte(verbose_name="État", accessor="get_etat_display", order_by="etat")
    cree_le = Instant(verbose_name="Lancé le", classe="insecable")
    par = Texte(verbose_name="Par", accessor="par__nom", order_by="par__nom")

    legende = "Travaux"
