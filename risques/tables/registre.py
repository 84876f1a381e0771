"""Table du registre des risques."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from programme.models.actions import TOUTE_LA_GRAPPE
from programme.socle.dates import date_courte
from programme.socle.tables import Entier, Jour, Lien, NumeroFiness, TableListe, Texte, adresse
from programme.tables.cellules import EtatNomme
from risques.enums import CategorieRisque, EtatRisque, NiveauRisque


def _vers_risque(risque: Any) -> str:
    return adresse("risques:risque-detail", risque.pk)


def _vers_cible(risque: Any) -> str:
    if risque.parcours_id:
        return adresse("risques:parcours-risques", risque.parcours_id)
    return adresse("programme:grappe-detail", risque.grappe_id)


class Niveau(Texte):
    """Un niveau en mots, sur sa teinte."""

    def render(self, value: str) -> SafeString:
        """Le mot et le rang qui le teinte."""
        lu = NiveauRisque(value)
        return format_html('<span><span class="niveau r{}">{}</span></span>', lu.rang, lu.label.lower())

    def value(self, value: str) -> str:
        """Le mot seul."""
        return str(NiveauRisque(value).label)


class Categorie(Texte):
    """Une catégorie en mots."""

    def render(self, value: str) -> str:
        """« Technique »."""
        return str(CategorieRisque(value).label)

    value = render


class Revue(Texte):
    """Une date de revue ; passée, elle le dit en toutes lettres."""

    def value(self, value: date) -> date:
        """La date même : un tableur sait la lire."""
        return value

    def render(self, value: date, record: Any) -> SafeString | str:
        """« 7 déc. 2026 », « 7 déc. 2026, passée »."""
        if not record.est_ouvert or value >= timezone.localdate():
            return date_courte(value)
        return format_html('<span>{} <span class="ton-ocre">passée</span></span>', date_courte(value))


class RisqueTable(TableListe):
    """Les risques que le lecteur voit (`criticite`, `niveau`, `rang_etat`, `qui`, `precision_lue` : annotés)."""

    risque = Lien(verbose_name="Risque", accessor="libelle", order_by="tri", url=_vers_risque)
    pour = Lien(
        verbose_name="Pour",
        order_by="parcours__esms__tri",
        url=_vers_cible,
        sources=("grappe_id", "parcours__esms__nom"),
        depuis=lambda _, esms: esms or TOUTE_LA_GRAPPE,
    )
    grappe = Texte(verbose_name="Grappe", accessor="grappe__nom", order_by="grappe__tri", classe="accessoire")
    categorie = Categorie(verbose_name="Catégorie", order_by="categorie")
    niveau = Niveau(verbose_name="Niveau", order_by="criticite", classe="insecable")
    etat = EtatNomme(EtatRisque, de_cote=EtatRisque.CLOS)
    proprietaire = Texte(verbose_name="Suivi par", accessor="qui", order_by="qui", default="à désigner")
    revue_le = Revue(verbose_name="À revoir le", classe="insecable")
    criticite_brute = Entier(verbose_name="Criticité brute", order_by="criticite_brute")
    criticite = Entier(verbose_name="Criticité", order_by="criticite")
    finess = NumeroFiness(verbose_name="FINESS", accessor="parcours__esms__finess", order_by="parcours__esms__finess")
    precision = Texte(verbose_name="Précision", accessor="precision_lue", orderable=False)
    cree_le = Jour(verbose_name="Écrit le", classe="insecable")

    colonne_titre = "risque"
    legende = "Registre des risques"
    par_defaut = ("risque", "pour", "grappe", "categorie", "niveau", "etat", "proprietaire", "revue_le")
