"""Tables des besoins et des applications d'une grappe."""

from typing import Any

from programme.socle.tables import Lien, TableListe, Texte, adresse


def _vers_besoins(besoin: Any) -> str:
    return adresse("programme:parcours-besoins", besoin.parcours_id)


def _vers_commun(besoin: Any) -> str:
    return adresse("programme:besoin-commun", besoin.commun_id) if besoin.commun_id else ""


def _vers_etat(application: Any) -> str:
    cle = application.parcours_id
    return adresse("programme:parcours-etat-des-lieux", cle) if cle else ""


class BesoinTable(TableListe):
    """Les besoins, avec qui les demande."""

    besoin = Lien(verbose_name="Besoin", accessor="libelle", order_by="recherche", url=_vers_besoins)
    esms = Texte(verbose_name="Demandé par", accessor="parcours__esms__nom", order_by="parcours__esms__tri")
    module = Texte(verbose_name="Module", accessor="module__nom", order_by="module__ordre")
    priorite = Texte(verbose_name="Priorité", accessor="get_priorite_display", order_by="rang")
    commun = Lien(
        verbose_name="Besoin commun", accessor="commun__libelle", order_by="commun__libelle", url=_vers_commun
    )
    precision = Texte(verbose_name="Précision")
    perimetre = Texte(verbose_name="Demandé à", accessor="get_perimetre_display", order_by="perimetre")
    methode = Texte(verbose_name="Recueilli", accessor="get_methode_display", order_by="methode")
    og = Texte(verbose_name="OG", accessor="parcours__esms__og__nom", order_by="parcours__esms__og__tri")
    grappe = Texte(verbose_name="Grappe", accessor="parcours__grappe__nom", order_by="parcours__grappe__tri")

    colonne_titre = "besoin"
    legende = "Besoins exprimés"
    par_defaut = ("besoin", "esms", "module", "priorite", "commun")


class ApplicationTable(TableListe):
    """Les applications, telles que chaque ESMS ou chaque OG les dit."""

    nom = Lien(verbose_name="Application", order_by="recherche", url=_vers_etat)
    domaine = Texte(verbose_name="Sert à", accessor="get_domaine_display", order_by="domaine")
    editeur = Texte(verbose_name="Éditeur", order_by="editeur")
    sort = Texte(verbose_name="Avec le DUI", accessor="get_sort_display", order_by="sort")
    interface = Texte(verbose_name="Lien attendu", order_by="interface")
    pour_qui = Texte(verbose_name="Pour qui", order_by="pour_qui")
    dite_par = Texte(verbose_name="Dite par", accessor="provenance", orderable=False)
    grappe = Texte(verbose_name="Grappe", accessor="grappe__nom", order_by="grappe__tri")

    legende = "Applications en service"
    par_defaut = ("nom", "domaine", "editeur", "sort", "interface", "dite_par")
