"""Table des ESMS du projet."""

from typing import Any

from programme.models.referentiel import nom_de_categorie
from programme.socle.tables import Entier, Jour, Lien, NumeroFiness, OuiNon, TableListe, Texte, adresse
from programme.tables.cellules import EtatDeParcours, ResteAReunir


def _vers_parcours(parcours: Any) -> str:
    return adresse("programme:parcours-detail", parcours.pk)


class ParcoursTable(TableListe):
    """Les ESMS du projet : où chacun en est, ce qui reste à réunir."""

    nom = Lien(verbose_name="ESMS", accessor="esms__nom", order_by="esms__tri", url=_vers_parcours)
    finess = NumeroFiness(
        verbose_name="FINESS", accessor="esms__finess", order_by="esms__finess", classe="insecable second accessoire"
    )
    categorie = Texte(
        verbose_name="Catégorie",
        accessor="esms__categorie",
        order_by=("esms__categorie__sigle", "esms__categorie__code"),
        classe="accessoire",
        sources=("esms__categorie__sigle", "esms__categorie__libelle"),
        depuis=nom_de_categorie,
    )
    og = Texte(verbose_name="OG", accessor="esms__og__nom", order_by="esms__og__tri", classe="accessoire")
    grappe = Texte(verbose_name="Grappe", accessor="grappe__nom", order_by="grappe__nom")
    etat = EtatDeParcours(verbose_name="État", order_by="rang_etat")
    vague = Entier(verbose_name="Vague", accessor="vague__numero", order_by="vague__numero")
    reste = ResteAReunir(verbose_name="Reste à réunir", orderable=False)
    prochaine_date = Jour(verbose_name="Prochaine date", classe="insecable")
    depuis = Jour(verbose_name="Dans cet état depuis", classe="insecable")
    secteur = Texte(
        verbose_name="Secteur", accessor="esms__categorie__get_secteur_display", order_by="esms__categorie__secteur"
    )
    ville = Texte(verbose_name="Ville", accessor="esms__ville", order_by=("esms__ville", "esms__code_postal"))
    solution = Texte(verbose_name="Solution", accessor="solution__nom", order_by="solution__nom")
    type_projet = Texte(verbose_name="Type de projet", accessor="get_type_projet_display", order_by="type_projet")
    pilote = OuiNon(verbose_name="Site pilote", accessor="est_pilote", order_by="est_pilote")

    legende = "ESMS du projet"
    par_defaut = ("nom", "finess", "categorie", "og", "grappe", "etat", "vague", "reste", "prochaine_date")
