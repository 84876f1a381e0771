"""Formulaires du financement : la convention, un jalon, un avenant."""

from typing import Any

from django import forms

from programme.enums import NatureAvenant
from programme.forms.champs import Coches, GardeNir, MontantField, VersionneEnEntier
from programme.forms.passages import saisie_de_date
from programme.models import Avenant, Convention, Jalon, Parcours, Solution, VersionInstruction
from programme.socle.champs import SaisieLibre


class _Instruction(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.nom} ({'texte officiel' if obj.est_officielle else 'non officielle'})"


class ConventionForm(VersionneEnEntier):
    """La convention signée avec le financeur."""

    reference = forms.CharField(
        label="Référence", max_length=120, error_messages={"required": "Donnez la référence de la convention."}
    )
    financeur = forms.CharField(label="Financeur", max_length=120, required=False)
    signee_le = saisie_de_date(label="Signée le")
    fin = saisie_de_date(label="Fin prévue", required=False)
    montant = MontantField(
        label="Montant de l'aide", required=False, min_value=0, help_text="En euros. Vide s'il n'est pas encore connu."
    )
    instruction = _Instruction(
        VersionInstruction.objects.all(), label="Version d'instruction", required=False, empty_label="Aucune"
    )
    note = SaisieLibre(label="À savoir", required=False, max_length=500)

    def __init__(self, *args: Any, convention: Convention | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if convention:
            noms = ("reference", "financeur", "signee_le", "fin", "montant", "instruction", "note")
            self.initial = {**{nom: getattr(convention, nom) for nom in noms}, **self.initial}
        a_des_jalons = convention is not None and convention.jalons.exists()
        self.fields["instruction"].help_text = (
            "Les jalons sont déjà là : en changer ne les refait pas."
            if a_des_jalons
            else "Ses tranches deviennent les jalons : il vous restera à leur donner une échéance."
        )


class JalonForm(VersionneEnEntier):
    """Un jalon : ce qu'il demande, pour quand, combien."""

    libelle = forms.CharField(
        label="Jalon",
        max_length=120,
        help_text="Par exemple « Versement à la signature ».",
        error_messages={"required": "Donnez un nom au jalon."},
    )
    piece_attendue = forms.CharField(
        label="Pièce attendue",
        max_length=200,
        required=False,
        help_text="Ce que le financeur demande. Vide si rien n'est à joindre.",
    )
    echeance = saisie_de_date(label="Échéance", required=False)
    montant = MontantField(label="Montant prévu", required=False, min_value=0, help_text="En euros.")
    preuve_usage = forms.BooleanField(label="Une preuve d'usage est demandée", required=False)

    def __init__(self, *args: Any, jalon: Jalon | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if jalon:
            noms = ("libelle", "piece_attendue", "echeance", "montant", "preuve_usage")
            self.initial = {**{nom: getattr(jalon, nom) for nom in noms}, **self.initial}


def _choix_d_esms(parcours: Any) -> list[tuple[int, str]]:
    return [(p.pk, f"{p.esms.nom}, {p.esms.ville}" if p.esms.ville else p.esms.nom) for p in parcours]


class AvenantForm(GardeNir, forms.Form):
    """Un avenant : ce qu'il change se fera ensuite, guidé."""

    numero = forms.IntegerField(label="Numéro", min_value=1, max_value=999)
    nature = forms.ChoiceField(
        label="Ce qu'il change",
        choices=NatureAvenant.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites ce que l'avenant change."},
    )
    signe_le = saisie_de_date(label="Signé le")
    reference = forms.CharField(label="Référence", max_length=120, required=False)
    objet = SaisieLibre(label="Objet", required=False, max_length=500)
    nouvelle_fin = saisie_de_date(
        label="Nouvelle fin de la convention", required=False, help_text="Pour un avenant de calendrier."
    )
    solution = forms.ModelChoiceField(
        Solution.objects.select_related("editeur"),
        label="Nouvelle solution",
        required=False,
        empty_label="Aucune",
        help_text="Pour un changement d'éditeur.",
    )
    parcours = Coches(
        label="ESMS concernés", help_text="Pour une entrée, vous pourrez les nommer une fois qu'ils seront entrés."
    )

    def __init__(self, *args: Any, parcours: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dans_la_grappe = {p.pk: p for p in parcours}
        champ: Any = self.fields["parcours"]
        champ.choices = _choix_d_esms(self.dans_la_grappe.values())
        if not champ.choices:
            del self.fields["parcours"]

    def champs(self) -> dict[str, Any]:
        """Ce qu'attend le service."""
        choisis = self.cleaned_data.get("parcours") or []
        return self.cleaned_data | {"parcours": [self.dans_la_grappe[cle] for cle in choisis]}


class EsmsDAvenantForm(forms.Form):
    """Les ESMS que nomme un avenant."""

    parcours = Coches(label="ESMS que cet avenant concerne")

    def __init__(self, *args: Any, avenant: Avenant, parcours: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dans_la_grappe: dict[int, Parcours] = {p.pk: p for p in parcours}
        champ: Any = self.fields["parcours"]
        champ.choices = _choix_d_esms(self.dans_la_grappe.values())
        self.initial["parcours"] = [p.pk for p in avenant.parcours.all()]

    def choisis(self) -> list[Parcours]:
        """Les parcours cochés."""
        return [self.dans_la_grappe[cle] for cle in self.cleaned_data["parcours"]]


def prochain_numero(convention: Convention) -> int:
    """Le numéro du prochain avenant."""
    return (convention.avenants.values_list("numero", flat=True).last() or 0) + 1
