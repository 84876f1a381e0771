"""Table du catalogue des indicateurs."""

from typing import Any

from programme.socle.tables import Entier, Jour, Lien, OuiNon, TableListe, Texte, adresse


def _vers_indicateur(indicateur: Any) -> str:
    return adresse("usages:indicateur-detail", indicateur.code)


class IndicateurTable(TableListe):
    """Le catalogue (`rang_famille`, `nb_grappes` annotés)."""

    nom = Lien(verbose_name="Nom", accessor="libelle", order_by="tri", url=_vers_indicateur)
    famille = Texte(verbose_name="Famille", accessor="get_famille_display", order_by=("rang_famille", "rang", "pk"))
    sert_a = Texte(verbose_name="À qui sert ce chiffre", orderable=False)
    origine = Texte(verbose_name="Origine", accessor="get_origine_display", order_by="origine")
    cadence = Texte(verbose_name="Cadence", accessor="get_cadence_display", order_by="cadence", classe="insecable")
    forme = Texte(verbose_name="Forme", accessor="get_forme_display", order_by="forme")
    numerateur = Texte(verbose_name="Ce qu’on compte", orderable=False)
    denominateur = Texte(verbose_name="Rapporté à", orderable=False)
    population = Texte(verbose_name="Population", accessor="get_population_display", order_by="population")
    unite = Texte(verbose_name="Unité", orderable=False)
    grappes = Entier(verbose_name="Grappes qui le suivent", accessor="nb_grappes", order_by="nb_grappes")
    officiel = OuiNon(
        verbose_name="Définition", accessor="est_officiel", oui="officielle", non="du produit", order_by="est_officiel"
    )
    source = Texte(verbose_name="Source", orderable=False)
    code = Texte(verbose_name="Code", order_by="code")
    retire_le = Jour(verbose_name="Retiré le", classe="insecable")

    colonne_titre = "nom"
    legende = "Catalogue des indicateurs"
    par_defaut = ("nom", "famille", "sert_a", "origine", "cadence", "grappes")
