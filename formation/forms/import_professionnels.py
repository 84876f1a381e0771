"""Formulaires de l'import du personnel : déposer le fichier, relier ses colonnes et ses mots."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from formation.calculs.mots_rh import UNITE, proposer
from formation.services.import_professionnels.correspondances import choix_de, de_la_feuille
from formation.services.import_professionnels.feuille import ENTETES, FEUILLE
from programme.forms.depot_relie import DepotRelieForm
from programme.forms.passages import saisie_de_date
from programme.forms.relier import LiaisonForm
from programme.socle.classeur import Cellule
from programme.socle.finess.numero import expliquer
from programme.socle.liaisons import ESMS, RIEN, Choix
from programme.socle.models import Correspondance
from programme.socle.texte import normaliser

PAS_AVANT = timedelta(days=366)


class DepotProfessionnelsForm(DepotRelieForm):
    """Le fichier, comment le lire, et s'il est complet."""

    nom_du_fichier = "Fichier du personnel"
    aide_du_fichier = "Un .xlsx ou un .csv, tel qu’il est ; 25 000 lignes au plus. Rien n’est écrit sans vous."
    complet = forms.BooleanField(
        label="Ce fichier est complet : sont sortis ceux qui n’y sont plus",
        required=False,
        help_text="Dans les seuls ESMS que le fichier cite. L’aperçu dit qui, avant d’écrire.",
    )
    complet_au = saisie_de_date(label="Sortis à la date du", required=False, help_text="Si le fichier est complet.")

    def clean(self) -> dict[str, Any]:
        """Un fichier complet demande une date, ni trop ancienne ni à venir."""
        champs = super().clean() or self.cleaned_data
        au, aujourd_hui = champs.get("complet_au"), timezone.localdate()
        if champs.get("complet") and "complet_au" not in self.errors:
            if au is None:
                self.add_error("complet_au", "Dites à quelle date sont sortis ceux qui n’y sont plus.")
            elif not aujourd_hui - PAS_AVANT <= au <= aujourd_hui:
                self.add_error("complet_au", "Donnez une date d’il y a moins d’un an, au plus tard aujourd’hui.")
        return champs

    def parametres(self) -> dict[str, Any]:
        """Ce que l'import retient, en plus de l'organisme."""
        champs = self.cleaned_data
        return {"complet_au": champs["complet_au"].isoformat()} if champs.get("complet") else {}

    def choisie(self) -> Correspondance | None:
        """Comme partout ; la feuille que Treille rend se lit sans rien relier."""
        choisie = super().choisie()
        if choisie is None and self.est_la_feuille():
            return de_la_feuille(chez=self.chez, par=self.portee.par)
        return choisie

    def est_la_feuille(self) -> bool:
        """Vrai pour la feuille que Treille rend, telle quelle ou corrigée."""
        assert self.classeur is not None  # le formulaire est valide
        page = next((p for p in self.classeur.pages if p.nom == FEUILLE), None)
        premiere = page.cellules.get(1, {}) if page else {}
        return [case.texte for case in premiere.values()] == ENTETES


class RelierProfessionnelsForm(LiaisonForm):
    """Les colonnes d'un fichier du personnel ; ses métiers, ses ESMS, ses unités, ses rythmes."""

    autres = {UNITE: [(RIEN, "N’en rien reprendre")]}

    def offrir(self) -> dict[str, list[Choix]]:
        """Les métiers, les ESMS gérés, leurs unités, les rythmes."""
        return choix_de(self.portee)

    def proposer(self, code: str, cle: str) -> Any:
        """La seule valeur que ce mot puisse dire ; None à choisir."""
        return proposer(code, cle, self.choix[code])

    def a_taire(self, code: str, cellule: Cellule) -> bool:
        """Les numéros FINESS, et ce qui est relié à un ESMS qu'on ne gère pas."""
        if code != ESMS:
            return False
        reliee = self.correspondance.valeurs.get(ESMS, {}).get(normaliser(cellule.texte))
        d_ailleurs = bool(reliee) and reliee != RIEN and reliee not in self.portee.parcours
        return d_ailleurs or expliquer(cellule.texte).numero is not None
