"""Tables de ce qui se partage : les enseignements d'une grappe, les pratiques d'une région."""

from typing import Any

from django.utils.html import format_html

from programme.socle.tables import Entier, Jour, Lien, OuiNon, TableListe, Texte, adresse
from programme.tables.cellules import EtatNomme
from usages.enums import EtatEnseignement, EtatPratique


def _vers_enseignement(enseignement: Any) -> str:
    return adresse("usages:enseignement-detail", enseignement.pk)


def _vers_pratique(pratique: Any) -> str:
    return adresse("usages:pratique-detail", pratique.pk)


class AvantDOuvrir(OuiNon):
    """À régler, qui se voit ; ou à savoir."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(oui="à régler", non="à savoir", **kwargs)

    def render(self, value: Any) -> Any:
        """« à régler » en gras."""
        mot = super().render(value)
        return format_html('<strong class="ton-vin">{}</strong>', mot) if value else mot

    def value(self, value: Any) -> str:
        """Le mot seul."""
        return super().render(value)


class EnseignementTable(TableListe):
    """Les enseignements d'une grappe (`rang_etat` : annoté ; `pilote_dit`, `nb_lectures` : posés par la liste)."""

    enseignement = Lien(verbose_name="Ce qu’on a appris", accessor="libelle", order_by="tri", url=_vers_enseignement)
    a_regler = AvantDOuvrir(verbose_name="Avant d’ouvrir", order_by=("a_regler", "ecrit_le", "pk"), classe="insecable")
    conseil = Texte(verbose_name="Ce qu’on conseille", orderable=False)
    etat = EtatNomme(EtatEnseignement, de_cote=EtatEnseignement.CLOS)
    module = Texte(verbose_name="Module", accessor="module__nom", order_by="module__ordre")
    pilote = Texte(verbose_name="Appris par", accessor="pilote_dit", orderable=False)
    lectures = Entier(verbose_name="ESMS qui l’ont lu", accessor="nb_lectures", orderable=False)
    ecrit_le = Jour(verbose_name="Écrit le", classe="insecable")

    colonne_titre = "enseignement"
    legende = "Enseignements du pilote"
    par_defaut = ("enseignement", "conseil", "a_regler", "pilote", "lectures")


class PratiqueTable(TableListe):
    """Les pratiques que le lecteur voit (`rang_etat`, `nb_reprises` : annotés ; `grappe_dite` : posée par la liste)."""

    pratique = Lien(verbose_name="Pratique", accessor="titre", order_by="titre", url=_vers_pratique)
    effet = Texte(verbose_name="Ce que ça a donné", orderable=False)
    theme = Texte(verbose_name="Thème", accessor="get_theme_display", order_by="theme")
    module = Texte(verbose_name="Module", accessor="module__nom", order_by="module__ordre")
    signature = Texte(verbose_name="Signée", order_by="signature")
    grappe = Texte(verbose_name="Grappe", accessor="grappe_dite", orderable=False, classe="accessoire")
    region = Texte(verbose_name="Région", accessor="grappe__region__nom", order_by="grappe__region__nom")
    reprises = Entier(verbose_name="Reprises", accessor="nb_reprises", order_by="nb_reprises", zero="—")
    etat = EtatNomme(EtatPratique, de_cote=EtatPratique.RETIREE)
    ecrite_le = Jour(verbose_name="Écrite le", classe="insecable")

    colonne_titre = "pratique"
    legende = "Pratiques partagées"
    par_defaut = ("pratique", "effet", "theme", "module", "signature", "reprises", "etat")
