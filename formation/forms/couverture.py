"""Dire qu'une personne est déjà formée."""

from typing import Any

from django import forms
from django.utils import timezone

from formation.models import ModuleFormation, Poste, Professionnel
from programme.forms.passages import saisie_de_date
from programme.models import Parcours


class _Personnes(forms.ModelMultipleChoiceField):
    """Des personnes à cocher, avec leur métier."""

    metiers: dict[int, str]

    def label_from_instance(self, obj: Any) -> str:
        """« Nom, métier »."""
        return f"{obj}, {self.metiers[obj.pk]}" if obj.pk in self.metiers else str(obj)


class ConstatForm(forms.Form):
    """Des personnes, des modules, un jour."""

    le = saisie_de_date(
        label="Formées le", initial=timezone.localdate, help_text="Le jour de la formation, même ancien."
    )
    modules = forms.ModelMultipleChoiceField(
        ModuleFormation.objects.none(),
        label="À quoi",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un module.", "invalid_choice": "Ce module n'est plus au plan."},
    )
    professionnels = _Personnes(
        Professionnel.objects.none(),
        label="Qui",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Cochez au moins une personne.",
            "invalid_choice": "Une de ces personnes n'est plus en poste ici : rechargez la page.",
        },
    )

    def __init__(self, *args: Any, parcours: Parcours, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        postes = Poste.objects.filter(parcours=parcours).en_poste(timezone.localdate())
        champs: dict[str, Any] = self.fields
        champs["modules"].queryset = ModuleFormation.objects.filter(grappe=parcours.grappe_id).en_vigueur()
        champs["professionnels"].queryset = Professionnel.objects.filter(
            pk__in=postes.order_by().values("professionnel")
        )
        champs["professionnels"].metiers = dict(postes.order_by("-pk").values_list("professionnel", "metier__nom"))
