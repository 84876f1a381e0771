"""Tables des solutions, des groupes et des comptes."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from programme.socle.tables import Entier, Lien, OuiNon, TableListe, Texte


def _vers_solution(solution: Any) -> str:
    return reverse("programme:solution-modifier", args=[solution.pk]) if solution.modifiable else ""


def _vers_groupe(groupe: Any) -> str:
    return reverse("programme:groupe-modifier", args=[groupe.pk]) if groupe.modifiable else ""


class SolutionTable(TableListe):
    """Les solutions ; le nom mène à la fiche pour qui peut la modifier (`modifiable`, posé par la liste)."""

    nom = Lien(verbose_name="Solution", url=_vers_solution)
    editeur = Texte(verbose_name="Éditeur", accessor="editeur__nom", order_by="editeur__nom")
    segur = OuiNon(verbose_name="Référencée Ségur", accessor="est_referencee", order_by="est_referencee")
    nb_grappes = Entier(verbose_name="Grappes que vous voyez", order_by="nb_grappes")

    legende = "Solutions"


class GroupeTable(TableListe):
    """Les groupes visibles."""

    nom = Lien(verbose_name="Groupe", url=_vers_groupe)
    og = Texte(verbose_name="OG", accessor="og__nom", order_by="og__tri")
    nb_esms = Entier(verbose_name="ESMS", order_by="nb_esms")

    legende = "Groupes"


class EtatDuCompte(Texte):
    """« ouvert », « jamais connecté » ou « fermé »."""

    def render(self, value: Any, record: Any = None) -> str:
        """Le mot."""
        if not record.is_active:
            return "fermé"
        return "ouvert" if record.last_login else "jamais connecté"

    def value(self, value: Any, record: Any = None) -> str:
        """Le même mot."""
        return self.render(value, record)


class Geste(Texte):
    """Fermer ou rouvrir ; rien sur son propre compte (`est_soi`, posé par la liste), ni dans un export."""

    def render(self, value: Any, record: Any) -> SafeString | str:
        """Le lien, avec le nom de qui il concerne pour qui n'a que la voix."""
        if record.est_soi:
            return ""
        route, mot = ("fermer", "Fermer") if record.is_active else ("rouvrir", "Rouvrir")
        adresse = reverse(f"programme:compte-{route}", args=[record.pk])
        geste = format_html('<a href="{}">{}<span class="visually-hidden"> : {}</span></a>', adresse, mot, record.nom)
        if not record.is_active:
            return geste
        depart = reverse("programme:passation", args=[record.pk])
        mots = format_html('Passation<span class="visually-hidden"> : {}</span>', record.nom)
        return format_html('<a href="{}">{}</a> · {}', depart, mots, geste)

    def value(self, value: Any) -> str:
        """Un geste ne s'emporte pas."""
        return ""


class CompteTable(TableListe):
    """Les comptes, pour l'administrateur."""

    nom = Texte(verbose_name="Nom")
    identifiant = Texte(verbose_name="Identifiant", classe="accessoire")
    courriel = Texte(verbose_name="Courriel", classe="accessoire")
    etat = EtatDuCompte(
        verbose_name="État", accessor="is_active", order_by=("is_active", "last_login"), classe="insecable"
    )
    nb_affectations = Entier(verbose_name="Affectations en cours", order_by="nb_affectations")
    geste = Geste(verbose_name="Geste", accessor="pk", orderable=False)

    legende = "Comptes"
