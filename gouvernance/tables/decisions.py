"""Table du registre des décisions."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gouvernance.enums import EffetDecision, EtatDecision
from programme.socle.conditions import conditions
from programme.socle.dates import date_courte
from programme.socle.tables import Entier, Jour, Lien, TableListe, Texte, adresse
from programme.tables.cellules import EtatNomme


def _vers_decision(decision: Any) -> str:
    return adresse("gouvernance:decision-detail", decision.pk)


class Effet(Texte):
    """Ce que change une décision, en mots."""

    def render(self, value: str) -> str:
        """« Une condition levée »."""
        return str(EffetDecision(value).label)

    value = render


class ConditionLevee(Texte):
    """Le libellé de la condition levée ; son code, si plus rien ne l'inscrit."""

    def render(self, value: str) -> str:
        """« Recette prononcée »."""
        connue = conditions.get(value)
        return connue.libelle if connue else value

    value = render


class Revue(Texte):
    """Une date de revue ; arrivée, elle le dit en toutes lettres."""

    def value(self, value: date) -> date:
        """La date même : un tableur sait la lire."""
        return value

    def render(self, value: date, record: Any) -> SafeString | str:
        """« 7 déc. 2026 », « 7 déc. 2026, à revoir »."""
        if not record.est_en_vigueur or value > timezone.localdate():
            return date_courte(value)
        return format_html('<span>{} <span class="ton-ocre">à revoir</span></span>', date_courte(value))


class DecisionTable(TableListe):
    """Les décisions que le lecteur voit (`rang_etat` : annoté ; `portee_lue` : posée par la liste)."""

    decision = Lien(verbose_name="Décision", accessor="intitule", order_by="tri", url=_vers_decision)
    numero = Entier(verbose_name="N°", order_by="numero")
    instance = Texte(verbose_name="Instance", accessor="comite__nom", order_by="comite__nom")
    grappe = Texte(verbose_name="Grappe", accessor="grappe__nom", order_by="grappe__tri", classe="accessoire")
    portee = Texte(verbose_name="Pour", accessor="portee_lue", orderable=False)
    etat = EtatNomme(EtatDecision, de_cote=EtatDecision.ABANDONNEE)
    effet = Effet(verbose_name="Ce qu'elle change", order_by="effet")
    arbitree_le = Jour(verbose_name="Arbitrée le", classe="insecable")
    levee_au = Jour(verbose_name="Levée jusqu'au", classe="insecable")
    revue_le = Revue(verbose_name="À revoir le", classe="insecable")
    condition = ConditionLevee(verbose_name="Condition levée", order_by="condition")
    changement = Texte(verbose_name="Ce qui change", order_by="changement")
    creee_le = Jour(verbose_name="Instruite le", classe="insecable")

    colonne_titre = "decision"
    legende = "Registre des décisions"
    par_defaut = ("decision", "numero", "instance", "grappe", "portee", "etat", "effet", "arbitree_le", "revue_le")
