"""La preuve d'usage : ce qu'elle arrête, quel jour, en quelle qualité on la signe."""

from typing import Any

from django import forms
from django.utils import timezone

from programme.forms.champs import GardeNir
from programme.forms.passages import saisie_de_date
from programme.models import Jalon
from programme.socle.champs import SaisieLibre
from usages.models import Indicateur, PreuveUsage
from usages.services.preuves import SANS_INDICATEUR, indicateurs_a_prouver

A_VENIR = "On n'arrête pas des chiffres à venir : donnez aujourd'hui au plus tard."


class PreuveForm(GardeNir, forms.Form):
    """Le jour d'arrêt, les indicateurs mis en face de leur cible."""

    arretee_au = saisie_de_date(
        label="Chiffres arrêtés au", help_text="Chaque ESMS y compte pour son dernier chiffre transmis ce jour-là."
    )
    indicateurs = forms.ModelMultipleChoiceField(
        Indicateur.objects.none(),
        label="Indicateurs",
        widget=forms.CheckboxSelectMultiple,
        help_text="Ceux que demande le financement, parmi ceux que la grappe suit.",
        error_messages={
            "required": SANS_INDICATEUR,
            "invalid_choice": "Un des indicateurs cochés n'est plus suivi : relisez la liste.",
        },
    )
    note = SaisieLibre(label="À savoir", required=False, max_length=600)

    def __init__(self, *args: Any, jalon: Jalon, preuve: PreuveUsage | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choix: Any = self.fields["indicateurs"]
        choix.queryset = indicateurs_a_prouver(jalon)
        self.initial.setdefault("arretee_au", timezone.localdate())
        if preuve:
            self.initial = {
                **self.initial,
                "arretee_au": preuve.arretee_au,
                "note": preuve.note,
                "indicateurs": list(preuve.indicateurs.values_list("pk", flat=True)),
            }

    def clean_arretee_au(self) -> Any:
        """Pas dans l'avenir."""
        jour = self.cleaned_data["arretee_au"]
        if jour > timezone.localdate():
            raise forms.ValidationError(A_VENIR)
        return jour

    def champs(self) -> dict[str, Any]:
        """Ce que le service attend."""
        return {
            "arretee_au": self.cleaned_data["arretee_au"],
            "indicateurs": list(self.cleaned_data["indicateurs"]),
            "note": self.cleaned_data["note"],
        }
