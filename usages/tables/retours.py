"""Table des retours de terrain."""

from datetime import date
from typing import Any

from programme.socle.dates import date_courte
from programme.socle.tables import Entier, Jour, Lien, NumeroFiness, TableListe, Texte, adresse
from programme.tables.cellules import EtatNomme
from usages.enums import EtatRetour
from usages.models.retours import debut_de, semaine_de


def _vers_retour(retour: Any) -> str:
    return adresse("usages:retour-detail", retour.pk)


def _vers_esms(retour: Any) -> str:
    return adresse("usages:parcours-retours", retour.parcours_id)


def _dit(titre: str, probleme: str) -> str:
    return titre or debut_de(probleme)


class Semaine(Texte):
    """La semaine d'un jour : le jour même ferait parfois deviner qui parle."""

    def render(self, value: date) -> str:
        """« semaine du 23 nov. 2026 »."""
        return f"semaine du {date_courte(semaine_de(value))}"

    def value(self, value: date) -> date:
        """Le lundi : un tableur sait le lire."""
        return semaine_de(value)


class RetourTable(TableListe):
    """Les retours que le lecteur voit (`nb_voix`, `rang_etat`, `rang_gravite`, `echeance` : annotés)."""

    retour = Lien(
        verbose_name="Retour",
        accessor="resume",
        order_by=("titre", "recu_le"),
        url=_vers_retour,
        sources=("titre", "probleme"),
        depuis=_dit,
    )
    esms = Lien(verbose_name="ESMS", accessor="parcours__esms__nom", order_by="parcours__esms__tri", url=_vers_esms)
    grappe = Texte(
        verbose_name="Grappe", accessor="parcours__grappe__nom", order_by="parcours__grappe__tri", classe="accessoire"
    )
    unite = Texte(verbose_name="Unité", accessor="unite__nom", order_by="unite__nom")
    gravite = Texte(verbose_name="Gravité", accessor="get_gravite_display", order_by="rang_gravite")
    voix = Entier(verbose_name="Voix", accessor="nb_voix", order_by="nb_voix")
    etat = EtatNomme(EtatRetour, de_cote=EtatRetour.REGROUPE)
    semaine = Semaine(verbose_name="Reçu", accessor="recu_le", order_by="recu_le", classe="insecable")
    echeance = Jour(verbose_name="À faire avant le", order_by="echeance", classe="insecable")
    confie_a = Texte(verbose_name="Confié à", accessor="confie_a__nom", order_by="confie_a__nom")
    theme = Texte(verbose_name="Thème", accessor="get_theme_display", order_by="theme")
    module = Texte(verbose_name="Module", accessor="module__nom", order_by="module__ordre")
    voie = Texte(verbose_name="Qui s'en occupe", accessor="get_voie_display", order_by="voie")
    repondu_le = Jour(verbose_name="Répondu le", classe="insecable")
    amelioration = Texte(verbose_name="Comment l'améliorer", orderable=False)
    finess = NumeroFiness(verbose_name="FINESS", accessor="parcours__esms__finess", order_by="parcours__esms__finess")

    colonne_titre = "retour"
    legende = "Retours de terrain"
    par_defaut = ("retour", "esms", "grappe", "unite", "gravite", "voix", "etat", "semaine", "echeance", "confie_a")
