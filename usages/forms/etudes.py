"""Une étude, son équipe, sa base."""

from typing import Any

from django import forms

from programme.enums import EtatGrappe, Secteur
from programme.forms.champs import GardeNir, Versionne
from programme.models import Editeur, Region, Solution, Utilisateur
from programme.socle.champs import SaisieLibre
from risques.models import Campagne
from usages.enums import RoleEtude
from usages.models import Etude
from usages.services.etudes.etudes import CHAMPS, campagnes_des_effets
from usages.services.etudes.sources import Filtres


class EtudeForm(Versionne):
    """La question, la méthode, les campagnes du questionnaire des effets."""

    titre = forms.CharField(label="Titre", max_length=160, error_messages={"required": "Donnez un titre à l'étude."})
    question = SaisieLibre(
        label="Ce qu’on cherche à comprendre",
        max_length=1000,
        lignes=3,
        required=False,
        help_text="Une question : « Qu’est-ce que le DUI change pour les équipes et les personnes ? ». Il en faut une "
        "pour lancer l’étude.",
    )
    methode = SaisieLibre(
        label="Comment on s’y prend",
        max_length=4000,
        lignes=5,
        required=False,
        help_text="Qui l’on rencontre, ce qu’on observe, ce qu’on en fera. La monographie le reprend.",
    )
    campagnes = forms.ModelMultipleChoiceField(
        Campagne.objects.none(),
        label="Campagnes du questionnaire des effets",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Leurs réponses font entrer des structures dans l’entonnoir. Vous voyez celles que vous lisez.",
    )

    def __init__(self, *args: Any, par: Utilisateur, etude: Etude | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champs: Any = self.fields
        champs["campagnes"].queryset = campagnes_des_effets(par)
        if not champs["campagnes"].queryset.exists():
            del champs["campagnes"]
        if etude:
            connues = {nom: getattr(etude, nom) for nom in CHAMPS}
            self.initial = {**connues, "campagnes": list(etude.campagnes.all()), **self.initial}

    def valeurs(self) -> dict[str, Any]:
        """Ce qu'attend le service."""
        return {nom: self.cleaned_data[nom] for nom in (*CHAMPS, "campagnes") if nom in self.cleaned_data}


class EquipierForm(GardeNir, forms.Form):
    """Un compte, par son identifiant, et ce qu'il fera."""

    identifiant = forms.CharField(
        label="Identifiant du compte",
        max_length=150,
        help_text="Celui avec lequel la personne se connecte. Elle le lit dans son menu.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "Donnez l'identifiant du compte à ajouter."},
    )
    role = forms.ChoiceField(label="Ce qu’il y fait", choices=RoleEtude.choices, initial=RoleEtude.AUTEUR)


class RoleForm(forms.Form):
    """Changer le rôle d'un équipier."""

    equipier = forms.IntegerField(widget=forms.HiddenInput)
    role = forms.ChoiceField(label="Rôle", choices=RoleEtude.choices)


class BaseForm(forms.Form):
    """Quelles grappes prendre ; vide : toutes celles que l'on voit."""

    regions = forms.MultipleChoiceField(label="Régions", required=False, widget=forms.CheckboxSelectMultiple)
    etats = forms.MultipleChoiceField(
        label="États de la grappe", required=False, choices=EtatGrappe.choices, widget=forms.CheckboxSelectMultiple
    )
    secteurs = forms.MultipleChoiceField(
        label="Secteurs",
        required=False,
        choices=Secteur.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Au moins un ESMS de la grappe en est.",
    )
    editeurs = forms.TypedMultipleChoiceField(
        label="Éditeurs", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    solutions = forms.TypedMultipleChoiceField(
        label="Solutions", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, par: Utilisateur, vues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champs: Any = self.fields
        vus = vues.order_by()
        solutions = Solution.objects.filter(pk__in=vus.values("solution"))
        champs["regions"].choices = Region.objects.filter(pk__in=vus.values("region")).values_list("pk", "nom")
        champs["solutions"].choices = [(s.pk, str(s)) for s in solutions.select_related("editeur")]
        editeurs = Editeur.objects.filter(pk__in=solutions.order_by().values("editeur"))
        champs["editeurs"].choices = editeurs.values_list("pk", "nom")
        for nom in ("regions", "solutions", "editeurs"):
            if not champs[nom].choices:
                del champs[nom]

    def filtres(self) -> Filtres:
        """Ce qu'attend le service."""
        return Filtres.depuis(self.cleaned_data)
