"""Présenter un ESMS comme site pilote : une réponse et une précision par critère."""

from typing import Any

from django import forms

from programme.enums import AvisCritere, CriterePilote
from programme.forms.champs import VersionneEnEntier
from programme.models import Candidature
from programme.services.candidatures import reponses_de
from programme.socle.champs import SaisieLibre, refuser_nir

AIDES = {
    CriterePilote.VOLONTAIRE: "Elle le veut, et l'a dit à son équipe.",
    CriterePilote.DISPONIBLE: "Du temps dégagé pour essayer, se tromper, recommencer.",
    CriterePilote.STABLE: "Peu de départs attendus d'ici la fin du pilote.",
    CriterePilote.TAILLE: "On en fait le tour en quelques semaines.",
    CriterePilote.REPRESENTATIF: "Ce qu'il règle servira aux suivants.",
    CriterePilote.TRANSMET: "Quelqu'un racontera ce qui a marché, et ce qui n'a pas marché.",
}


class CandidatureForm(VersionneEnEntier):
    """Pourquoi cet ESMS, et une réponse par critère ; ne pas savoir encore est une réponse."""

    mot = SaisieLibre(label="Pourquoi cet ESMS", required=False, max_length=500)

    def __init__(self, donnees: Any = None, *, candidature: Candidature | None = None, vu: int = 0) -> None:
        connues = {r.critere: r for r in reponses_de(candidature)} if candidature else {}
        initial: dict[str, Any] = {"vu": vu} | ({"mot": candidature.mot} if candidature else {})
        for critere, reponse in connues.items():
            initial |= {critere: reponse.avis, f"{critere}_note": reponse.note}
        super().__init__(donnees, initial=initial)
        for c in CriterePilote:
            self.fields[c.value] = forms.ChoiceField(
                label=c.label,
                choices=AvisCritere.choices,
                widget=forms.RadioSelect,
                initial=AvisCritere.PAS_DIT,
                required=False,
                help_text=AIDES[c],
            )
            self.fields[f"{c.value}_note"] = forms.CharField(
                label=f"Précision : {c.label.lower()}", max_length=200, required=False, validators=[refuser_nir]
            )
            self.fields[f"{c.value}_note"].widget.attrs["placeholder"] = "Précision, si elle aide à décider"

    def valeurs(self) -> dict[str, Any]:
        """Ce que le service écrit."""
        lues = self.cleaned_data
        criteres = {
            c.value: (lues[c.value] or AvisCritere.PAS_DIT, lues[f"{c.value}_note"].strip()) for c in CriterePilote
        }
        return {"mot": lues["mot"], "criteres": criteres}

    @property
    def lignes(self) -> list[tuple[Any, Any]]:
        """(réponse, précision), un couple par critère."""
        return [(self[c.value], self[f"{c.value}_note"]) for c in CriterePilote]
