"""Table des demandes aux éditeurs."""

from typing import Any

from programme.socle.tables import Jour, Lien, TableListe, Texte, adresse
from programme.tables.cellules import EtatNomme
from programme.tables.demandes import Delai
from usages.enums import EtatDemandeEditeur


def _vers_demande(demande: Any) -> str:
    return adresse("usages:demandeediteur-detail", demande.pk)


class DemandeEditeurTable(TableListe):
    """Les demandes que le lecteur voit (`rang_etat`, `duree` : annotés)."""

    demande = Lien(verbose_name="Demande", accessor="objet", order_by="tri", url=_vers_demande)
    editeur = Texte(verbose_name="Éditeur", accessor="editeur__nom", order_by="editeur__nom")
    nature = Texte(verbose_name="Ce qu'on attend", accessor="get_nature_display", order_by="nature")
    module = Texte(verbose_name="Module", accessor="module__nom", order_by="module__ordre")
    etat = EtatNomme(EtatDemandeEditeur, de_cote=EtatDemandeEditeur.ABANDONNEE)
    envoyee_le = Jour(verbose_name="Envoyée le", classe="insecable")
    delai = Delai(verbose_name="Délai", accessor="duree", order_by="duree", classe="num insecable")
    repondue_le = Jour(verbose_name="Réponse le", classe="insecable")
    irritant = Texte(verbose_name="Irritant", accessor="irritant__libelle", order_by="irritant__tri")
    reference = Texte(verbose_name="Référence", order_by="reference")
    grappe = Texte(verbose_name="Grappe", accessor="grappe__nom", order_by="grappe__tri", classe="accessoire")
    precision = Texte(verbose_name="Précision", orderable=False)

    colonne_titre = "demande"
    legende = "Demandes aux éditeurs"
    par_defaut = ("demande", "editeur", "nature", "etat", "envoyee_le", "delai", "grappe")
