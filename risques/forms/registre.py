"""Écrire ou recoter un risque ; donner suite à ce qui inquiète."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from programme.forms.actions import ChampResponsable
from programme.forms.champs import GardeNir, VersionneEnEntier
from programme.forms.passages import saisie_de_date
from programme.models import Utilisateur
from programme.services.actions import DEUX_RESPONSABLES, faute_d_echeance
from programme.socle.champs import SaisieLibre
from risques.enums import CategorieRisque, Impact, Probabilite
from risques.models import Risque
from risques.services.registre import CHAMPS, RESIDUEL_A_MOITIE, faute_de_revue
from risques.services.suites import RIEN, SANS_MOTIF, Proposee

SANS = "à désigner, ou sans compte"
PAS_DITE = "pas encore dite"


def _menu(label: str, valeurs: Any, vide: str, **kwargs: Any) -> forms.TypedChoiceField:
    nombres = valeurs in (Probabilite, Impact)
    return forms.TypedChoiceField(
        label=label,
        choices=[("", vide), *((v.value, f"{v.value} · {v.label}" if nombres else v.label) for v in valeurs)],
        coerce=int if nombres else str,
        empty_value=None if nombres else "",
        error_messages={"required": "Choisissez une réponse.", "invalid_choice": "Choisissez dans la liste."},
        **kwargs,
    )


class ChampProprietaire(ChampResponsable):
    """Le compte qui répond d'un risque, parmi ceux qui le voient."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.error_messages["invalid_choice"] = (
            "Ce compte n'est pas, ou plus, de ceux qui voient ce risque : choisissez-en un."
        )


class RisqueForm(VersionneEnEntier):
    """Un risque : quoi, avec quelle probabilité et quel impact, qui en répond, quand le revoir."""

    libelle = forms.CharField(
        label="Risque",
        max_length=160,
        help_text="Ce qui peut arriver, en une ligne : « Retour au cahier papier à la première panne ».",
        error_messages={"required": "Dites ce qui peut arriver."},
    )
    categorie = _menu("Catégorie", CategorieRisque, "Choisir…")
    probabilite = _menu("Probabilité", Probabilite, "Choisir…", help_text="Avant les actions.")
    impact = _menu("Impact", Impact, "Choisir…", help_text="Si cela arrive, avant les actions.")
    probabilite_residuelle = _menu(
        "Probabilité résiduelle", Probabilite, PAS_DITE, required=False, help_text="Après les actions."
    )
    impact_residuel = _menu("Impact résiduel", Impact, PAS_DITE, required=False, help_text="Après les actions.")
    proprietaire = ChampProprietaire(label="Suivi par", help_text="Parmi les comptes qui voient ce risque.")
    proprietaire_nom = forms.CharField(
        label="Ou une fonction, sans compte",
        max_length=120,
        required=False,
        help_text="Par exemple « la cadre de santé ». Treille ne la préviendra pas.",
    )
    revue_le = saisie_de_date(label="À revoir le", required=False)
    precision = SaisieLibre(
        label="Précision", required=False, max_length=1000, help_text="Jamais le nom d'une personne accompagnée."
    )

    def __init__(self, *args: Any, risque: Risque | None, comptes: Mapping[Utilisateur, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if risque:
            self.initial = {**{nom: getattr(risque, nom) for nom in CHAMPS}, **self.initial}
            if risque.proprietaire and risque.proprietaire not in comptes:
                # Parti, il reste nommé tant qu'on n'a pas choisi quelqu'un d'autre.
                comptes = {**comptes, risque.proprietaire: "ne voit plus ce risque"}
        else:
            # On n'a encore rien fait : le résiduel se dira en recotant.
            del self.fields["probabilite_residuelle"], self.fields["impact_residuel"]
        champ: Any = self.fields["proprietaire"]
        champ.proposer(comptes, SANS)

    def clean_revue_le(self) -> Any:
        """Dite dès la première lecture, avec le reste ; une revue déjà passée n'est pas redemandée."""
        revue = self.cleaned_data["revue_le"]
        if revue != self.initial.get("revue_le") and (phrase := faute_de_revue(revue, timezone.localdate())):
            raise forms.ValidationError(phrase)
        return revue

    def clean_proprietaire_nom(self) -> str:
        """Un compte ou une fonction."""
        nom: str = self.cleaned_data["proprietaire_nom"]
        if nom and self.cleaned_data.get("proprietaire"):
            raise forms.ValidationError(DEUX_RESPONSABLES)
        return nom

    def clean(self) -> dict[str, Any]:
        """Le résiduel se dit en entier, ou pas du tout."""
        lu: dict[str, Any] = super().clean() or self.cleaned_data
        if "impact_residuel" in self.fields and (lu.get("probabilite_residuelle") is None) != (
            lu.get("impact_residuel") is None
        ):
            absent = "impact_residuel" if lu.get("impact_residuel") is None else "probabilite_residuelle"
            self.add_error(absent, RESIDUEL_A_MOITIE)
        return lu


class SuiteForm(GardeNir, forms.Form):
    """Ce qu'on retient d'une proposition : l'action, le risque, ou les deux ; tout se corrige."""

    avec_action = forms.BooleanField(label="Retenir l'action", required=False, initial=True)
    action = forms.CharField(label="Action", max_length=160, required=False)
    responsable = ChampResponsable(label="Responsable", help_text="Parmi les comptes qui voient cette action.")
    responsable_nom = forms.CharField(label="Ou une fonction, sans compte", max_length=120, required=False)
    echeance = saisie_de_date(label="Échéance", required=False)
    avec_risque = forms.BooleanField(label="Retenir le risque", required=False, initial=True)
    risque = forms.CharField(label="Risque", max_length=160, required=False)
    categorie = _menu("Catégorie", CategorieRisque, "Choisir…", required=False)
    probabilite = _menu("Probabilité", Probabilite, "Choisir…", required=False)
    impact = _menu("Impact", Impact, "Choisir…", required=False)

    def __init__(self, *args: Any, proposee: Proposee, comptes: Mapping[Utilisateur, str], **kwargs: Any) -> None:
        noms = ("action", "risque", "categorie", "probabilite", "impact")
        depart = {nom: getattr(proposee, nom) for nom in noms} | {"avec_risque": bool(proposee.categorie)}
        super().__init__(*args, initial=depart, **kwargs)
        champ: Any = self.fields["responsable"]
        champ.proposer(comptes)

    def clean_echeance(self) -> Any:
        """À venir, ou vide."""
        echeance = self.cleaned_data["echeance"]
        if phrase := faute_d_echeance(echeance, timezone.localdate()):
            raise forms.ValidationError(phrase)
        return echeance

    def clean(self) -> dict[str, Any]:
        """Ce qu'on retient doit être dit."""
        lu: dict[str, Any] = super().clean() or self.cleaned_data
        demandes = (["action"] if lu.get("avec_action") else []) + (
            ["risque", "categorie", "probabilite", "impact"] if lu.get("avec_risque") else []
        )
        if not demandes:
            raise forms.ValidationError(RIEN)
        for nom in demandes:
            if not lu.get(nom) and nom not in self.errors:
                self.add_error(nom, "À dire, puisque vous le retenez.")
        if lu.get("responsable") and lu.get("responsable_nom"):
            self.add_error("responsable_nom", DEUX_RESPONSABLES)
        return lu

    def retenus(self) -> dict[str, dict[str, Any] | None]:
        """Ce qu'attend le service."""
        lu = self.cleaned_data
        action = {"libelle": lu["action"]} | {n: lu[n] for n in ("responsable", "responsable_nom", "echeance")}
        risque = {"libelle": lu["risque"]} | {n: lu[n] for n in ("categorie", "probabilite", "impact")}
        return {"action": action if lu["avec_action"] else None, "risque": risque if lu["avec_risque"] else None}


class EcarterForm(GardeNir, forms.Form):
    """Pourquoi l'on n'en retient rien."""

    motif = forms.CharField(label="Motif", max_length=200, error_messages={"required": SANS_MOTIF})


class OrigineForm(forms.Form):
    """Ce qui désigne une réponse (grille et question) ou une ligne d'analyse, dans l'adresse ou la saisie."""

    ligne = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    grille = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    question = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)

    def origine(self) -> dict[str, int]:
        """Les clés données ; vide si elles ne désignent rien."""
        if not self.is_valid():
            return {}
        lues = {nom: cle for nom, cle in self.cleaned_data.items() if cle}
        return lues if lues.keys() in ({"ligne"}, {"grille", "question"}) else {}
