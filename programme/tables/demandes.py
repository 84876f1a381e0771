"""Table des demandes de paramétrage."""

from datetime import timedelta
from typing import Any

from programme.enums import EtatDemande
from programme.models.demandes import suite_de
from programme.socle.nombres import accorde
from programme.socle.tables import Jour, Lien, NumeroFiness, TableListe, Texte, adresse
from programme.tables.cellules import EtatNomme


def _vers_demande(demande: Any) -> str:
    return adresse("programme:demandeparametrage-detail", demande.pk)


def _vers_esms(demande: Any) -> str:
    return adresse("programme:parcours-preparation", demande.parcours_id)


class Delai(Texte):
    """Une durée en jours : jusqu'à la clôture, ou jusqu'à aujourd'hui."""

    def render(self, value: timedelta) -> str:
        """« 12 jours »."""
        return accorde(value.days, "jour")

    def value(self, value: timedelta) -> int:
        """Le nombre même."""
        return value.days


class DemandeTable(TableListe):
    """Les demandes que le lecteur voit (`rang_etat`, `duree` : annotés)."""

    demande = Lien(verbose_name="Demande", accessor="libelle", order_by="tri", url=_vers_demande)
    esms = Lien(verbose_name="ESMS", accessor="parcours__esms__nom", order_by="parcours__esms__tri", url=_vers_esms)
    grappe = Texte(
        verbose_name="Grappe", accessor="parcours__grappe__nom", order_by="parcours__grappe__tri", classe="accessoire"
    )
    module = Texte(verbose_name="Module", accessor="module__nom", order_by="module__ordre")
    etat = EtatNomme(EtatDemande, de_cote=EtatDemande.RETIREE)
    suite = Texte(
        verbose_name="Suite, issue",
        accessor="suite",
        order_by=("issue", "attente"),
        sources=("etat", "attente", "issue"),
        depuis=suite_de,
    )
    ouverte_le = Jour(verbose_name="Faite le", classe="insecable")
    delai = Delai(verbose_name="Délai", accessor="duree", order_by="duree", classe="num insecable")
    close_le = Jour(verbose_name="Close le", classe="insecable")
    demandee_par = Texte(verbose_name="Demandée par", order_by="demandee_par")
    finess = NumeroFiness(verbose_name="FINESS", accessor="parcours__esms__finess", order_by="parcours__esms__finess")
    precision = Texte(verbose_name="Précision", orderable=False)

    colonne_titre = "demande"
    legende = "Demandes de paramétrage"
    par_defaut = ("demande", "esms", "grappe", "module", "etat", "suite", "ouverte_le", "delai")
