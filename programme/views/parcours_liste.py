"""La liste « ESMS du projet »."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from programme.filters.parcours import ParcoursFilter
from programme.models import Parcours
from programme.models.parcours import SUITES
from programme.permissions import peut_creer_grappe
from programme.socle.conditions import compter, evaluer_suites
from programme.socle.listes import VueListe
from programme.tables.parcours import ParcoursTable

VUES: tuple[tuple[str, str], ...] = (
    ("Un par un", "programme:parcours-liste"),
    ("Par région", "programme:region-liste"),
)


class ParcoursListe(VueListe):
    """Tous les ESMS du projet que voit le lecteur, une ligne par parcours."""

    modele = Parcours
    table = ParcoursTable
    filtre = ParcoursFilter
    titre = "ESMS du projet"
    chapeau = "Où en est chaque ESMS, ce qui reste à réunir, la prochaine date."
    unite = "ESMS,ESMS"
    recherche = "Nom, ville ou FINESS"
    nom_fichier = "esms-du-projet"
    vues = VUES

    def requete(self) -> QuerySet:
        """Les parcours visibles, avec leurs dates."""
        return Parcours.objects.visibles_par(self.request.user).pour_lecture().avec_rang().avec_dates()

    def colonnes_par_defaut(self) -> list[str]:
        """Une fois la grappe choisie, la redire à chaque ligne prendrait la place du reste."""
        noms = super().colonnes_par_defaut()
        return [nom for nom in noms if nom != "grappe"] if self.request.GET.get("grappe") else noms

    def enrichir(self, objets: list[Any], colonnes: list[str]) -> None:
        """Ce qui reste à réunir pour le prochain passage de chacun ; rien à dire quand aucun passage n'attend."""
        if "reste" not in colonnes:
            return
        lisibles = Parcours.objects.lisibles_par(self.request.user)
        constats = evaluer_suites(lisibles.filter(pk__in=[p.pk for p in objets]), SUITES)
        for parcours in objets:
            parcours.reste = compter(constats[parcours.pk]) if parcours.pk in constats else None

    def vide(self) -> dict[str, str]:
        """Personne encore dans le projet : par où commencer."""
        lecteur: Any = self.request.user
        if peut_creer_grappe(lecteur):
            texte = "Montez une grappe, puis ajoutez-y ses ESMS par leur numéro FINESS ou par une recherche."
            geste = {"url": reverse("programme:grappe-liste"), "libelle": "Voir les grappes"}
        else:
            texte = "Aucun ESMS de votre périmètre n’est encore dans une grappe. Le chef de projet les y ajoute."
            geste = {"url": reverse("programme:esms-liste"), "libelle": "Chercher dans l’annuaire"}
        return {"titre": "Aucun ESMS dans le projet", "texte": texte, "icone": "inbox"} | geste
