"""Formulaires de l'import des tickets : déposer l'export, relier ses colonnes et ses mots."""

from typing import Any

from django import forms

from programme.forms.champs import GardeNir
from programme.forms.depot_relie import DepotRelieForm
from programme.forms.relier import LiaisonForm
from programme.socle.classeur import Cellule
from programme.socle.liaisons import ESMS, RIEN, Choix
from usages.calculs.mots_tickets import AILLEURS, MODULE, finess_de, proposer
from usages.services.tickets.correspondances import choix_de
from usages.services.tickets.importation import derniere_source, source_connue

SANS_OUTIL = "Dites de quel outil vient ce fichier : deux outils ont parfois le même numéro."


class DepotTicketsForm(GardeNir, DepotRelieForm):
    """L'export, l'outil d'où il vient, comment le lire."""

    nom_du_fichier = "Export des tickets"
    aide_du_fichier = (
        "Un .xlsx ou un .csv, tel que l’outil le donne ; 25 000 lignes au plus. Rien n’est écrit sans vous."
    )
    source = forms.CharField(
        label="Outil d’assistance",
        max_length=60,
        help_text="« GLPI du siège », « portail de l’éditeur » : le même mot à chaque import.",
        error_messages={"required": SANS_OUTIL},
    )
    field_order = ("fichier", "source", "correspondance")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].initial = derniere_source(self.portee.grappe)

    def clean_source(self) -> str:
        """L'outil, tel qu'on l'a déjà écrit."""
        return source_connue(self.portee.grappe, " ".join(self.cleaned_data["source"].split()))

    def parametres(self) -> dict[str, Any]:
        """L'outil."""
        return {"source": self.cleaned_data["source"]}


class RelierTicketsForm(LiaisonForm):
    """Les colonnes d'un export de tickets ; ses ESMS, ses modules, ce qui bloque."""

    autres = {
        ESMS: [(RIEN, "Toute la grappe, aucun ESMS en particulier"), (AILLEURS, "Pas dans cette grappe")],
        MODULE: [(RIEN, "N’en rien reprendre")],
    }

    def offrir(self) -> dict[str, list[Choix]]:
        """Les ESMS de la grappe, les modules, ce qui bloque."""
        return choix_de(self.portee)

    def proposer(self, code: str, cle: str) -> Any:
        """La seule valeur que ce mot, tel qu'écrit, puisse dire ; None à choisir."""
        return proposer(code, self.ecrits.get((code, cle), cle), self.choix[code])

    def a_taire(self, code: str, cellule: Cellule) -> bool:
        """Les numéros FINESS."""
        return code == ESMS and finess_de(cellule.texte) is not None
