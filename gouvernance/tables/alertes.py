"""Table des alertes."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gouvernance.enums import EtatAlerte
from programme.models.actions import TOUTE_LA_GRAPPE
from programme.socle.dates import date_courte
from programme.socle.regles_alerte import libelle_de
from programme.socle.tables import Jour, Lien, NumeroFiness, TableListe, Texte, adresse
from programme.tables.cellules import EtatNomme


def _vers_alerte(alerte: Any) -> str:
    return adresse("gouvernance:alerte-detail", alerte.pk)


class Delai(Texte):
    """Le jour où elle monte au COSTRAT ; passé, il le dit en toutes lettres."""

    def value(self, value: date) -> date:
        """La date même : un tableur sait la lire."""
        return value

    def render(self, value: date, record: Any) -> SafeString | str:
        """« 7 déc. 2026 », « 7 déc. 2026, délai passé » ; close ou portée, le délai ne compte plus."""
        if not record.est_en_retard(timezone.localdate()):
            return date_courte(value)
        return format_html('<span>{} <span class="ton-ocre">délai passé</span></span>', date_courte(value))


class RegleEnMots(Texte):
    """Ce que surveille la règle qui l'a donnée."""

    def render(self, value: str) -> str:
        """« Un risque inacceptable »."""
        return libelle_de(value)

    value = render


class AlerteTable(TableListe):
    """Les alertes que le lecteur voit (`rang_etat`, `qui` : annotés)."""

    alerte = Lien(verbose_name="Alerte", accessor="intitule", order_by="tri", url=_vers_alerte)
    # Sans lien : un membre du COMOP lit l'alerte d'un ESMS dont la page n'est pas à lui.
    pour = Texte(
        verbose_name="Pour",
        order_by="parcours__esms__tri",
        sources=("parcours__esms__nom",),
        depuis=lambda esms: esms or TOUTE_LA_GRAPPE,
    )
    grappe = Texte(verbose_name="Grappe", accessor="grappe__nom", order_by="grappe__tri", classe="accessoire")
    etat = EtatNomme(EtatAlerte, de_cote=EtatAlerte.CLOSE)
    echeance = Delai(verbose_name="À traiter avant le", classe="insecable")
    donnee_par = Texte(verbose_name="Donnée par", accessor="qui", order_by="qui")
    levee_le = Jour(verbose_name="Donnée le", classe="insecable")
    reponse = Texte(verbose_name="Réponse", orderable=False)
    regle = RegleEnMots(verbose_name="Règle", order_by="regle")
    cessee_le = Jour(verbose_name="Plus le cas depuis le", classe="insecable")
    finess = NumeroFiness(verbose_name="FINESS", accessor="parcours__esms__finess", order_by="parcours__esms__finess")
    precision = Texte(verbose_name="Précision", accessor="texte", orderable=False)

    colonne_titre = "alerte"
    legende = "Alertes"
    par_defaut = ("alerte", "pour", "grappe", "etat", "echeance", "donnee_par", "levee_le")
