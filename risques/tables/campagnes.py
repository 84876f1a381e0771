"""Table des campagnes."""

from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from programme.socle.dates import date_courte
from programme.socle.tables import Entier, Jour, Lien, OuiNon, TableListe, Texte, adresse
from programme.tables.cellules import EtatNomme
from risques.enums import EtatCampagne, PhaseCampagne, PorteeCampagne
from risques.models.campagnes import avancement_de


def _vers_campagne(campagne: Any) -> str:
    return adresse("risques:campagne-detail", campagne.pk)


class Echeance(Texte):
    """Une échéance ; passée, la campagne le dit en toutes lettres."""

    def value(self, value: date) -> date:
        """La date même : un tableur sait la lire."""
        return value

    def render(self, value: date, record: Any) -> SafeString | str:
        """« 7 déc. 2026 », « 7 déc. 2026, passée »."""
        if not record.est_en_retard(timezone.localdate()):
            return date_courte(value)
        return format_html('<span>{} <span class="ton-ocre">passée</span></span>', date_courte(value))


class Mot(Texte):
    """La valeur d'une énumération, en mot."""

    def __init__(self, choix: type[TextChoices], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choix = choix

    def render(self, value: str) -> str:
        """Le mot."""
        return str(self.choix(value).label)

    def value(self, value: str) -> str:
        """Le même mot."""
        return self.render(value)


class CampagneTable(TableListe):
    """Les campagnes que le lecteur voit (`nb_transmises`, `nb_attendues`, `rang_etat` : annotés)."""

    campagne = Lien(verbose_name="Campagne", accessor="nom", order_by="tri", url=_vers_campagne)
    grappe = Texte(verbose_name="Grappe", accessor="grappe__nom", order_by="grappe__tri", classe="accessoire")
    questionnaire = Texte(
        verbose_name="Questionnaire",
        accessor="version_posee__questionnaire__nom",
        order_by=("version_posee__questionnaire__nom", "version_posee__numero"),
    )
    version = Entier(verbose_name="Version", accessor="version_posee__numero")
    phase = Mot(PhaseCampagne, verbose_name="Phase")
    portee = Mot(PorteeCampagne, verbose_name="À qui")
    etoilees = OuiNon(verbose_name="Questions", oui="étoilées", non="toutes")
    etat = EtatNomme(EtatCampagne, de_cote=EtatCampagne.CLOSE)
    echeance = Echeance(verbose_name="Échéance", classe="insecable")
    avancement = Texte(
        verbose_name="Avancement",
        order_by="nb_transmises",
        classe="insecable",
        sources=("nb_transmises", "nb_attendues"),
        depuis=avancement_de,
    )
    creee_le = Jour(verbose_name="Préparée le", classe="insecable")

    colonne_titre = "campagne"
    legende = "Campagnes"
    par_defaut = ("campagne", "grappe", "questionnaire", "phase", "etat", "echeance", "avancement")
