"""Tenir une séance : les présences, les notes d'un point, ce qui en sort."""

from collections.abc import Mapping
from typing import Any

from django import forms

from gouvernance.enums import EtatSeance, StatutPresence, SuitePoint
from gouvernance.models import Mandat, Point
from gouvernance.services.tenue import NOTES
from programme.forms.actions import ActionForm
from programme.forms.champs import GardeNir, VersionneEnEntier
from programme.models import Utilisateur
from programme.services.actions import Cible
from programme.socle.champs import SaisieLibre

PAS_NOTE = "pas noté"
LA_GRAPPE = "grappe"
SUITES_APRES_COUP = (SuitePoint.TRAITE, SuitePoint.REPORTE, SuitePoint.RETIRE)


class PresencesForm(forms.Form):
    """Un menu par siège, et ce que la page montrait : on n'écrit que ce qui a été touché."""

    def __init__(self, *args: Any, sieges: list[Mandat], notees: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sieges = sieges
        for siege in sieges:
            choix = [c for c in StatutPresence.choices if c[0] != StatutPresence.SUPPLEE or siege.nom_du_suppleant]
            self.fields[f"siege_{siege.pk}"] = forms.ChoiceField(
                label=siege.nom,
                choices=[("", PAS_NOTE), *choix],
                required=False,
                initial=notees.get(siege.pk, ""),
                help_text=_dire_le_siege(siege),
                error_messages={"invalid_choice": "Choisissez dans la liste."},
            )
            self.fields[f"lu_{siege.pk}"] = forms.CharField(
                widget=forms.HiddenInput, required=False, initial=notees.get(siege.pk, "")
            )

    @property
    def a_noter(self) -> bool:
        """Vrai tant qu'un siège n'est pas noté."""
        return any(not self.fields[f"siege_{s.pk}"].initial for s in self.sieges)

    def statuts(self, *, reste: str = "") -> dict[int, tuple[str, str]]:
        """Par siège : ce que la page montrait, ce qui est dit ; `reste` : ce qu'on dit des sièges pas notés."""
        lu = self.cleaned_data
        return {s.pk: (lu[f"lu_{s.pk}"], lu[f"siege_{s.pk}"] or reste) for s in self.sieges}


def _dire_le_siege(siege: Mandat) -> str:
    suppleant = f" ; suppléant : {siege.nom_du_suppleant}" if siege.nom_du_suppleant else ""
    return f"{siege.au_nom_de}{'' if siege.a_voix else ', sans voix'}{suppleant}"


class NotesForm(VersionneEnEntier):
    """Ce qui s'est dit d'un point, ce qu'il devient, la réponse s'il en attend une."""

    notes = SaisieLibre(label="Ce qui s'est dit", required=False, max_length=4000, lignes=3)
    reponse = SaisieLibre(label="Réponse", required=False, max_length=1000)
    suite = forms.ChoiceField(
        label="Ce que devient le point",
        choices=SuitePoint.choices,
        error_messages={"required": "Dites ce que devient le point.", "invalid_choice": "Choisissez dans la liste."},
    )

    def __init__(self, *args: Any, point: Point, vu: int = 0, **kwargs: Any) -> None:
        lus = {nom: getattr(point, nom) for nom in NOTES}
        super().__init__(*args, prefix=f"p{point.pk}", initial=lus | {"vu": vu}, **kwargs)
        suite: Any = self.fields["suite"]
        if point.seance.etat == EtatSeance.CLOSE:
            # Close, rien ne reste « à traiter » : ce qui attend est reporté.
            suite.choices = [(s.value, s.label) for s in SUITES_APRES_COUP]
            if self.initial["suite"] == SuitePoint.A_TRAITER:
                self.initial["suite"] = SuitePoint.REPORTE
        if point.demandee_par_id:
            self.fields["reponse"].label = f"Réponse à : {point.demandee_par}"
            self.fields["reponse"].help_text = "Une ligne ou deux, que le comité lira."
        else:
            del self.fields["reponse"]

    def champs(self) -> dict[str, Any]:
        """Sans réponse attendue, une réponse vide."""
        return {"reponse": ""} | super().champs()


class InformationForm(GardeNir, forms.Form):
    """Une chose dite, à retenir."""

    texte = SaisieLibre(
        label="Information",
        max_length=1000,
        lignes=3,
        help_text="Ce que chacun doit retenir. Jamais le nom d'une personne accompagnée.",
        error_messages={"required": "Écrivez ce qu'il faut retenir."},
    )

    def champs(self) -> dict[str, Any]:
        """Ce qu'attend le service."""
        return dict(self.cleaned_data)


class DecisionDeSeanceForm(GardeNir, forms.Form):
    """Une décision, en une ligne : sa portée et son effet se disent ensuite sur sa page."""

    texte = forms.CharField(
        label="Décision",
        max_length=160,
        help_text="En une ligne : « Former les équipes de nuit d'abord ».",
        error_messages={"required": "Dites la décision en une ligne."},
    )
    precision = SaisieLibre(label="Précision", required=False, max_length=2000, lignes=3)

    def champs(self) -> dict[str, Any]:
        """Ce qu'attend le service."""
        return dict(self.cleaned_data)


class ActionDeSeanceForm(ActionForm):
    """Une action décidée en séance : pour la grappe ou un de ses ESMS, qui, pour quand."""

    cible = forms.ChoiceField(
        label="Pour qui",
        error_messages={"required": "Dites pour qui.", "invalid_choice": "Choisissez dans la liste."},
    )
    field_order = ("libelle", "cible", "responsable", "responsable_nom", "echeance", "precision")

    def __init__(
        self, *args: Any, cibles: Mapping[str, tuple[Cible, str]], comptes: Mapping[Utilisateur, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, action=None, comptes=comptes, **kwargs)
        self.cibles = cibles
        champ: Any = self.fields["cible"]
        champ.choices = [(cle, mots) for cle, (_, mots) in cibles.items()]

    def champs(self) -> dict[str, Any]:
        """Ce qu'attend le service : la grappe ou l'ESMS, à la place de sa clé."""
        lu = super().champs()
        return lu | {"cible": self.cibles[lu["cible"]][0]}
