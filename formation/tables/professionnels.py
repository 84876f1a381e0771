"""Table des utilisateurs prévus d'un ESMS. Elle porte des noms : elle ne se montre qu'à qui le gère."""

from typing import Any

from programme.socle.tables import Jour, Lien, OuiNon, TableListe, Texte, adresse


def _vers_personne(poste: Any) -> str:
    return adresse("formation:professionnel-detail", poste.professionnel_id)


class PosteTable(TableListe):
    """Un poste par ligne (`sans_nom`, `rang_rythme` annotés, `forme` posé par la liste)."""

    nom = Lien(
        verbose_name="Nom", accessor="professionnel", order_by=("sans_nom", "professionnel__tri"), url=_vers_personne
    )
    metier = Texte(verbose_name="Métier", order_by=("metier__ordre", "metier__nom"))
    unite = Texte(verbose_name="Unité", order_by=("unite__ordre", "unite__nom"))
    rythme = Texte(verbose_name="Travaille", accessor="get_rythme_display", order_by="rang_rythme")
    debut = Jour(verbose_name="Entrée", classe="insecable")
    fin = Jour(verbose_name="Sortie", classe="insecable")
    venue = Texte(
        verbose_name="Vient de", accessor="professionnel__get_origine_display", order_by="professionnel__origine"
    )
    forme = OuiNon(verbose_name="Socle", oui="formé", non="à former", orderable=False)
    matricule = Texte(
        verbose_name="Matricule", accessor="professionnel__matricule", order_by="professionnel__matricule"
    )

    colonne_titre = "nom"
    legende = "Utilisateurs prévus"
    par_defaut = ("nom", "metier", "unite", "rythme", "debut", "fin", "venue", "forme")
