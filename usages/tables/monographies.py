"""Table des monographies."""

from typing import Any

from programme.socle.tables import Entier, Jour, Lien, TableListe, Texte, adresse
from programme.tables.cellules import EtatNomme
from usages.enums import EtatMonographie


def _vers_monographie(monographie: Any) -> str:
    """L'atelier pour qui y travaille ou la relit ; l'édition publiée pour les autres."""
    return adresse("usages:monographie-detail" if monographie.est_sienne else "usages:monographie-lire", monographie.pk)


class MonographieTable(TableListe):
    """Les monographies (`etat_lu`, `rang_etat`, `derniere_edition` : annotés ; `avancee`, `remarques` : posées)."""

    monographie = Lien(verbose_name="Monographie", accessor="titre", order_by="tri", url=_vers_monographie)
    esms = Texte(verbose_name="ESMS", accessor="visite__parcours__esms__nom", order_by="visite__parcours__esms__tri")
    etat = EtatNomme(EtatMonographie, de_cote="", accessor="etat_lu")
    avancee = Texte(verbose_name="Sections écrites", orderable=False, classe="insecable")
    remarques = Entier(verbose_name="Remarques ouvertes", orderable=False, zero="—")
    region = Texte(
        verbose_name="Région",
        accessor="visite__parcours__esms__departement__region__nom",
        order_by="visite__parcours__esms__departement__region__nom",
    )
    secteur = Texte(
        verbose_name="Secteur",
        accessor="visite__parcours__esms__categorie__get_secteur_display",
        order_by="visite__parcours__esms__categorie__secteur",
    )
    etude = Texte(verbose_name="Étude", accessor="visite__etude__titre", order_by="visite__etude__tri")
    publiee_le = Jour(
        verbose_name="Dernière édition", accessor="derniere_edition", order_by="derniere_edition", classe="insecable"
    )

    colonne_titre = "monographie"
    legende = "Monographies"
    par_defaut = ("monographie", "esms", "etat", "avancee", "remarques", "region", "publiee_le")
