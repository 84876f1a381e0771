"""Table des séances."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gouvernance.enums import EtatSeance
from programme.socle.dates import date_courte, heure
from programme.socle.tables import Entier, Lien, OuiNon, TableListe, Texte, adresse
from programme.tables.cellules import EtatNomme


def _vers_seance(seance: Any) -> str:
    return adresse("gouvernance:seance-detail", seance.pk)


class Quand(Lien):
    """Un instant, à l'heure de Paris, qui mène à la séance."""

    def render(self, value: datetime, record: Any) -> Any:
        """« 7 déc. 2026, 14 h 00 »."""
        local = timezone.localtime(value)
        return super().render(f"{date_courte(local.date())}, {heure(local)}", record)

    def value(self, value: datetime) -> date:
        """La date : un tableur sait la lire."""
        return timezone.localdate(value)


class SeanceTable(TableListe):
    """Les séances que le lecteur voit (`nb_points`, `rang_etat` : annotés)."""

    seance = Quand(verbose_name="Séance", accessor="debut", order_by="debut", url=_vers_seance, classe="insecable")
    instance = Texte(verbose_name="Instance", accessor="comite__nom", order_by="comite__nom")
    titre = Texte(verbose_name="Titre")
    grappe = Texte(
        verbose_name="Grappe", accessor="comite__grappe__nom", order_by="comite__grappe__tri", classe="accessoire"
    )
    etat = EtatNomme(EtatSeance, de_cote=EtatSeance.ANNULEE)
    points = Entier(verbose_name="Points", accessor="nb_points", order_by="nb_points")
    quorum = OuiNon(verbose_name="Quorum", accessor="quorum_atteint", oui="atteint", non="non atteint")
    duree = Entier(verbose_name="Minutes")
    lieu = Texte(verbose_name="Lieu")

    colonne_titre = "seance"
    legende = "Séances"
    par_defaut = ("seance", "instance", "grappe", "etat", "points")
