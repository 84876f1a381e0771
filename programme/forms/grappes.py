"""Formulaires d'une grappe : la créer, y ajouter des ESMS, la conduire."""

from typing import Any

from django import forms
from django.apps import apps
from django.urls import reverse_lazy

from programme.enums import EtatParcours, IssueVerification, TypeProjet, TypeVerification
from programme.forms.champs import GardeNir, OgField, Versionne
from programme.forms.passages import saisie_de_date
from programme.models import (
    Grappe,
    Module,
    OrganismeGestionnaire,
    Ouverture,
    Parcours,
    Region,
    Solution,
    Utilisateur,
    Vague,
)
from programme.permissions import doit_designer_un_chef
from programme.socle.champs import SaisieLibre, refuser_nir
from programme.socle.conditions import Condition, conditions
from programme.socle.enums import Severite
from programme.socle.models import ReglageCondition

PLUS_LONGUE_CLE = 19
_CHERCHER = {
    "list": "porteurs",
    "autocomplete": "off",
    "hx-get": reverse_lazy("programme:grappe-porteurs"),
    "hx-trigger": "input changed delay:300ms",
    "hx-target": "#porteurs",
}


class _Plusieurs(forms.ModelMultipleChoiceField):
    """Plusieurs objets ; une clé plus longue que celles de la base est refusée avant de l'interroger."""

    def clean(self, value: Any) -> Any:
        """Les objets choisis."""
        if any(len(str(cle)) >= PLUS_LONGUE_CLE for cle in value or []):
            raise forms.ValidationError("Un choix n'est plus sur cette page : relisez-la.")
        return super().clean(value)


class GrappeForm(Versionne, forms.ModelForm):
    """La grappe elle-même ; ses ESMS viennent à l'étape d'après."""

    porteur = OgField(
        label="OG porteur",
        required=False,
        help_text="Un mot du nom, le SIREN ou le FINESS juridique.",
        widget=forms.TextInput(attrs=_CHERCHER),
    )
    region = forms.ModelChoiceField(
        Region.objects.all(), label="Région instructrice", required=False, empty_label="À choisir plus tard"
    )
    solution = forms.ModelChoiceField(
        Solution.objects.select_related("editeur"),
        label="Solution",
        required=False,
        empty_label="Pas encore choisie",
        help_text="Le logiciel de DUI commun. Laissez vide tant que le marché n'est pas passé.",
    )
    modules = _Plusieurs(
        Module.objects.all(), label="Modules au périmètre", required=False, widget=forms.CheckboxSelectMultiple
    )
    presentation = SaisieLibre(label="Présentation", required=False, lignes=3, max_length=2000)

    class Meta:
        model = Grappe
        fields = ("nom", "porteur", "region", "solution", "modules", "annee_financement", "presentation")
        labels = {"nom": "Nom de la grappe"}

    def clean_annee_financement(self) -> int | None:
        """Une année qui a du sens."""
        annee = self.cleaned_data["annee_financement"]
        if annee is not None and not 2015 <= annee <= 2060:
            raise forms.ValidationError("Écrivez l'année sur quatre chiffres, par exemple 2024.")
        return annee

    def champs(self) -> dict[str, Any]:
        """Ce qu'attend le service."""
        return {nom: valeur for nom, valeur in self.cleaned_data.items() if nom != "vu"}

    def version_vue(self) -> int | None:
        """Jeton de la version que l'auteur avait sous les yeux."""
        vu = self.cleaned_data["vu"]
        return int(vu) if vu.isdecimal() and len(vu) < PLUS_LONGUE_CLE else None


class NouvelleGrappeForm(GrappeForm):
    """À la création s'ajoute le type de projet des premiers ESMS."""

    type_projet = forms.ChoiceField(
        label="Type de projet des premiers ESMS",
        choices=TypeProjet.choices,
        initial=TypeProjet.ACQUISITION,
        help_text="Une grappe peut être mixte : il se change ESMS par ESMS.",
    )
    chef = forms.CharField(
        label="Chef de projet",
        max_length=60,
        help_text="L'identifiant d'un compte qui existe : il conduira la grappe et y fera entrer les ESMS.",
        error_messages={"required": "Désignez un chef de projet : l'administrateur ne conduit pas."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def __init__(self, *args: Any, par: Utilisateur, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not doit_designer_un_chef(par):
            del self.fields["chef"]

    def clean_chef(self) -> Utilisateur:
        """Le compte de cet identifiant, casse ignorée."""
        compte = Utilisateur.objects.filter(identifiant__iexact=self.cleaned_data["chef"].strip()).first()
        if compte is None:
            raise forms.ValidationError("Aucun compte de cet identifiant : invitez d'abord cette personne.")
        return compte


class AjoutEsmsForm(forms.Form):
    """Des numéros collés, ou une recherche dans l'annuaire ; rien ne s'efface d'une étape à l'autre."""

    type_projet = forms.ChoiceField(label="Type de projet", choices=TypeProjet.choices)
    solution = forms.ModelChoiceField(
        Solution.objects.select_related("editeur"),
        label="Solution",
        required=False,
        empty_label="Celle de la grappe",
    )
    numeros = forms.CharField(
        label="Numéros FINESS géographiques",
        required=False,
        strip=False,
        help_text="Collez la colonne de votre tableur : un numéro par ligne, ou séparés par des virgules.",
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean_numeros(self) -> str:
        """Un NIR collé par mégarde ne va nulle part, pas même dans la session ; lu ligne à ligne."""
        texte = self.cleaned_data["numeros"]
        for ligne in texte.splitlines():
            refuser_nir(ligne)
        return texte

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nom in self.fields:
            self.fields[nom].widget.attrs |= {
                "hx-post": "",
                "hx-trigger": "input changed delay:500ms" if nom == "numeros" else "change",
                "hx-target": "#examen",
            }


class VagueForm(GardeNir, forms.ModelForm):
    """Une vague de déploiement."""

    debut = saisie_de_date(label="Début", required=False)
    fin = saisie_de_date(label="Fin", required=False)

    class Meta:
        model = Vague
        fields = ("numero", "nom", "debut", "fin", "capacite")
        labels = {"numero": "Numéro", "nom": "Nom", "capacite": "ESMS accompagnés à la fois"}


class MiseEnVagueForm(forms.Form):
    """Ranger plusieurs ESMS d'un coup."""

    parcours = _Plusieurs(
        Parcours.objects.none(), label="ESMS", error_messages={"required": "Cochez au moins un ESMS."}
    )
    vague = forms.ModelChoiceField(
        Vague.objects.none(),
        label="Vague de déploiement",
        required=False,
        empty_label="Aucune",
        widget=forms.Select(attrs={"class": "w-auto"}),
    )

    def __init__(self, *args: Any, grappe: Grappe, visibles: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champs: dict[str, Any] = self.fields
        champs["parcours"].queryset = visibles
        champs["vague"].queryset = grappe.vagues.all()


class VerificationForm(GardeNir, forms.Form):
    """Une VA ou une VSR : son objet, son issue, son procès-verbal."""

    type = forms.ChoiceField(label="Vérification", choices=TypeVerification.choices)
    objet = forms.ChoiceField(label="Sur quoi porte-t-elle ?")
    issue = forms.ChoiceField(label="Issue", choices=IssueVerification.choices)
    debut = saisie_de_date(label="Début de la vérification", required=False)
    prononcee_le = saisie_de_date(label="Date du procès-verbal")
    reference = forms.CharField(label="Référence du procès-verbal", max_length=120, required=False)
    reserves = SaisieLibre(label="Réserves", max_length=2000, required=False)

    def __init__(self, *args: Any, visibles: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parcours = {f"esms-{p.pk}": p for p in visibles if p.etat != EtatParcours.SORTI}
        self.ogs: dict[str, OrganismeGestionnaire] = {
            f"og-{p.esms.og_id}": p.esms.og for p in self.parcours.values() if p.esms.og
        }
        champ: Any = self.fields["objet"]
        champ.choices = [
            ("grappe", "Toute la grappe"),
            ("Les ESMS d'un organisme gestionnaire (lot)", [(c, og.nom) for c, og in self.ogs.items()]),
            ("Un seul ESMS", [(c, p.esms.nom) for c, p in self.parcours.items()]),
        ]

    def champs(self) -> dict[str, Any]:
        """Ce qu'attend le service."""
        champs = dict(self.cleaned_data)
        objet = champs.pop("objet")
        return champs | {"og": self.ogs.get(objet), "parcours": self.parcours.get(objet)}


class ReglagesForm(forms.Form):
    """Sévérité des conditions dans la grappe ; le plancher légal se lit, il ne se règle pas."""

    CHOIX = [(Severite.BARRE, "Barre"), (Severite.AVERTIT, "Avertit"), (Severite.MASQUEE, "Masquée")]

    def __init__(self, *args: Any, grappe: Grappe, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        actuels = dict(ReglageCondition.objects.filter(grappe=grappe).values_list("condition", "severite"))
        for condition in self.reglables():
            self.fields[condition.code] = forms.ChoiceField(
                label=condition.libelle, choices=self.CHOIX, initial=actuels.get(condition.code, condition.severite)
            )

    @staticmethod
    def reglables() -> list[Condition]:
        """Toutes sauf les légales."""
        return [c for c in conditions if c.est_reglable]

    def groupes(self) -> list[dict[str, Any]]:
        """Les conditions par passage, dans l'ordre du registre ; `champ` vaut None pour une légale."""
        rendu: dict[tuple[str, str], dict[str, Any]] = {}
        for condition in conditions:
            transition = condition.transitions[0]
            modele = apps.get_model(condition.modele)
            titre = modele.transitions()[transition].custom["verbe"]
            if modele is Ouverture:
                titre += f" ({modele._meta.verbose_name} d'un module dans une unité)"
            elif modele is not Parcours:
                titre += f" ({modele._meta.verbose_name})"
            groupe = rendu.setdefault((condition.modele, transition), {"titre": titre, "lignes": []})
            champ = self[condition.code] if condition.code in self.fields else None
            groupe["lignes"].append({"condition": condition, "champ": champ})
        return list(rendu.values())
