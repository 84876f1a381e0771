"""Formulaires des comptes du DUI et des fichiers de l'éditeur."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from formation.models import CompteDui, Professionnel, Profil
from programme.forms.imports import DepotForm
from programme.forms.passages import saisie_de_date
from programme.models import Parcours
from programme.socle.texte import insecables

_VIDE = "Le fichier est vide : prenez-en un autre."


class DepotMatriceForm(DepotForm):
    """Une matrice emportée, corrigée ailleurs."""

    fichier = forms.FileField(
        label="Matrice corrigée",
        help_text="Le classeur .xlsx ou le .csv emporté d’ici ; 10 Mo au plus.",
        error_messages={"required": "Choisissez un fichier.", "empty": _VIDE},
    )


class DepotComptesForm(DepotForm):
    """Les comptes que l'éditeur signale, et le jour où il les a extraits."""

    fichier = forms.FileField(
        label="Comptes signalés par l’éditeur",
        help_text="Tous les comptes de l’ESMS, en .xlsx ou .csv séparé par des points-virgules ; 10 Mo au plus.",
        error_messages={"required": "Choisissez un fichier.", "empty": _VIDE},
    )
    au = saisie_de_date(label="Extrait le", help_text="Le jour où l’éditeur a sorti ce fichier.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["au"].initial = timezone.localdate

    def parametres(self, parcours: Parcours) -> dict[str, Any]:
        """Ce que le travail garde."""
        au: date = self.cleaned_data["au"]
        return {"parcours": parcours.pk, "au": au.isoformat()}


class _Personne(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} ({obj.matricule})" if obj.matricule else str(obj)


class RapprocherForm(forms.Form):
    """À qui est un compte, et quel profil est le mot de l'éditeur."""

    professionnel = _Personne(
        Professionnel.objects.none(),
        label="Personne",
        required=False,
        empty_label="Aucune personne connue",
        help_text="Celles de l’ESMS, y compris parties.",
    )
    profil = forms.ModelChoiceField(
        Profil.objects.none(), label="Profil de la grappe", required=False, empty_label="Pas reconnu"
    )
    partout = forms.BooleanField(required=False)

    def __init__(self, *args: Any, compte: CompteDui, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"professionnel": compte.professionnel_id, "profil": compte.profil_id, "partout": True}
        siennes = Professionnel.objects.filter(postes__parcours=compte.parcours_id).distinct()
        champs: dict[str, Any] = self.fields
        champs["professionnel"].queryset = siennes
        champs["profil"].queryset = Profil.objects.en_vigueur().filter(grappe=compte.parcours.grappe_id)
        if compte.est_partage:
            del self.fields["professionnel"]
        if compte.profil_signale:
            champs["profil"].help_text = insecables(f"L’éditeur écrit « {compte.profil_signale} ».")
            champs["partout"].label = insecables(f"Pour tous les comptes « {compte.profil_signale} » de l’ESMS")
        else:
            del self.fields["partout"]
