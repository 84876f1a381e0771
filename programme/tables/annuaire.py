"""Tables de l'annuaire."""

from typing import Any

from programme.models.referentiel import nom_de_categorie
from programme.socle.tables import Entier, Lien, NumeroFiness, OuiNon, TableListe, Texte, adresse


def _vers_og(esms: Any) -> str:
    return adresse("programme:og-detail", esms.og_id) if esms.og_id else ""


class EsmsTable(TableListe):
    """Annuaire des ESMS."""

    nom = Lien(verbose_name="ESMS", order_by="tri", url=lambda e: adresse("programme:esms-detail", e.finess))
    finess = NumeroFiness(verbose_name="FINESS", classe="insecable second accessoire")
    categorie = Texte(
        verbose_name="Catégorie",
        order_by=("categorie__sigle", "categorie__code"),
        classe="accessoire",
        sources=("categorie__sigle", "categorie__libelle"),
        depuis=nom_de_categorie,
    )
    og: Any = Lien(verbose_name="OG", accessor="og__nom", order_by="og__tri", url=_vers_og)
    ville = Texte(verbose_name="Ville", order_by=("ville", "code_postal"))
    departement = Texte(verbose_name="Département", accessor="departement__nom", order_by="departement__code")
    region = Texte(verbose_name="Région", accessor="departement__region__nom", order_by="departement__region__nom")
    secteur = Texte(verbose_name="Secteur", accessor="categorie__get_secteur_display", order_by="categorie__secteur")
    activite = OuiNon(verbose_name="En activité", accessor="est_actif", oui="oui", non="fermé")

    legende = "Annuaire des ESMS"
    par_defaut = ("nom", "finess", "categorie", "og", "ville", "departement")


class EsmsDeLOgTable(EsmsTable):
    """Les ESMS d'un OG, sur sa fiche."""

    og = None

    legende = "ESMS de l’organisme gestionnaire"
    par_defaut = ("nom", "finess", "categorie", "secteur", "ville", "departement")


class OgTable(TableListe):
    """Organismes gestionnaires."""

    nom = Lien(
        verbose_name="Organisme gestionnaire",
        order_by="tri",
        url=lambda og: adresse("programme:og-detail", og.pk),
    )
    finess = NumeroFiness(verbose_name="FINESS juridique", classe="insecable second accessoire")
    siren = Texte(verbose_name="SIREN", classe="insecable")
    nb_esms = Entier(verbose_name="ESMS ouverts")
    nb_projet = Entier(verbose_name="Dans le projet")

    legende = "Organismes gestionnaires"
    par_defaut = ("nom", "finess", "nb_esms", "nb_projet")
