"""Les lignes qu'un ESMS dit de lui-même : un formulaire court par genre, le même pour ajouter et pour corriger."""

from copy import copy
from typing import Any

from django import forms

from programme.enums import SUJETS_SI
from programme.forms.champs import Versionne
from programme.forms.passages import saisie_de_date
from programme.models import (
    Application,
    Besoin,
    ConflitCalendrier,
    DocumentSi,
    Equipement,
    LigneReprise,
    Metier,
    Module,
    Parcours,
    PersonneRessource,
    TempsMetier,
)
from programme.permissions import peut_repondre_pour_tous, peut_tenir_la_carte
from programme.services.interlocuteurs import CHAMPS as CHAMPS_CONTACT
from programme.services.interlocuteurs import de_la_cible
from programme.socle.versions import jeton

A_CHOISIR, PAS_DIT = "À choisir", "Pas dit"


def _dire_le_vide(champ: Any, mot: str) -> None:
    """Nomme le choix vide d'une liste close, plutôt que de le montrer en tirets."""
    champ.choices = [("", mot), *[c for c in champ.choices if c[0]]]


class LigneForm(Versionne, forms.ModelForm):
    """Une ligne, neuve ou à corriger. `id` : ce qui distingue ses champs de ceux des autres formulaires de la page."""

    def __init__(
        self, donnees: Any = None, *, parcours: Parcours, par: Any, ligne: Any = None, identifiant: str = "ligne"
    ) -> None:
        self.parcours, self.ligne = parcours, ligne
        modele: Any = self._meta.model
        initial = {"vu": jeton(modele.history.filter(id=ligne.pk))} if ligne else {}
        # Une copie : le formulaire écrit la saisie sur son instance, la page montre ce qui est enregistré.
        super().__init__(donnees, instance=copy(ligne), initial=initial, auto_id=f"id_{identifiant}_%s")
        for champ in self.fields.values():
            if isinstance(champ, forms.TypedChoiceField) and champ.required and not champ.initial:
                _dire_le_vide(champ, A_CHOISIR)
        self._completer(par)

    def _completer(self, par: Any) -> None:
        """À redéfinir : ce que le formulaire offre à cette personne, dans cet ESMS."""

    def valeurs(self) -> dict[str, Any]:
        """Ce que le service écrit."""
        return {nom: self.cleaned_data[nom] for nom in self._meta.fields or ()}

    def version_vue(self) -> int | None:
        """Le jeton de la ligne corrigée ; None pour une ligne neuve."""
        vu = self.cleaned_data.get("vu", "")
        return int(vu) if vu.isdecimal() else None

    @property
    def pour_og(self) -> bool:
        """Vrai si la ligne doit valoir pour tous les ESMS de l'OG."""
        return bool(self.cleaned_data.get("pour_tous"))


class LigneSiForm(LigneForm):
    """Une ligne de l'état des lieux, que le siège peut dire une fois pour tous ses ESMS de la grappe."""

    pour_tous = forms.BooleanField(required=False)

    def _completer(self, par: Any) -> None:
        og = self.parcours.esms.og
        if self.ligne or og is None or not peut_repondre_pour_tous(par, self.parcours):
            del self.fields["pour_tous"]
            return
        self.fields["pour_tous"].label = f"Vaut pour tous les ESMS de {og} dans la grappe"


class DocumentForm(LigneSiForm):
    """Un document du système d'information."""

    date = saisie_de_date(label="Daté du", required=False)

    class Meta:
        model = DocumentSi
        fields = ["nature", "lieu", "intitule", "date"]
        labels = {"nature": "Document", "lieu": "Où il se trouve"}
        error_messages = {
            "nature": {"required": "Dites de quel document il s'agit."},
            "lieu": {"required": "Dites où il se trouve : un dossier partagé, un service, un classeur."},
        }


class ApplicationForm(LigneSiForm):
    """Une application en service."""

    class Meta:
        model = Application
        fields = ["nom", "domaine", "editeur", "sort", "interface", "pour_qui"]
        labels = {"nom": "Application", "domaine": "Sert à", "sort": "Avec le DUI"}
        error_messages = {
            "nom": {"required": "Donnez le nom de l'application, tel que l'équipe le dit."},
            "domaine": {"required": "Dites à quoi elle sert."},
        }


class BesoinForm(LigneForm):
    """Un besoin, dans les mots de l'équipe."""

    class Meta:
        model = Besoin
        fields = ["libelle", "module", "priorite", "perimetre", "methode", "precision"]
        labels = {"libelle": "Le besoin", "module": "Module", "perimetre": "Demandé à", "methode": "Recueilli"}
        widgets = {"precision": forms.TextInput()}
        error_messages = {"libelle": {"required": "Écrivez le besoin en une ligne, dans les mots de l'équipe."}}

    def _completer(self, par: Any) -> None:
        module: Any = self.fields["module"]
        au_projet = self.parcours.grappe.modules.all()
        module.queryset = au_projet if au_projet.exists() else Module.objects.all()
        module.empty_label = "Aucun en particulier"
        for nom in ("perimetre", "methode"):
            _dire_le_vide(self.fields[nom], PAS_DIT)


class RessourceForm(LigneForm):
    """Une personne ressource et ses heures par mois."""

    class Meta:
        model = PersonneRessource
        fields = ["fonction", "expertise", "nom", "heures_demandees", "heures_accordees", "heures_degagees"]
        labels = {
            "fonction": "Fonction",
            "nom": "Nom",
            "expertise": "Apporte",
            "heures_demandees": "Heures demandées",
            "heures_accordees": "Accordées",
            "heures_degagees": "Réellement dégagées",
        }
        error_messages = {
            "fonction": {"required": "Dites la fonction ; le nom peut attendre."},
            "expertise": {"required": "Dites ce que cette personne apporte."},
        }


class TempsForm(LigneForm):
    """Le temps d'écriture et de lecture d'un métier."""

    class Meta:
        model = TempsMetier
        fields = ["metier", "decision", "minutes", "decide_par"]
        labels = {"metier": "Métier", "minutes": "Minutes par jour", "decide_par": "Décidé ou refusé par"}
        error_messages = {"metier": {"required": "Choisissez le métier."}}

    def _completer(self, par: Any) -> None:
        metier: Any = self.fields["metier"]
        dits = self.parcours.temps_par_metier.exclude(pk=self.ligne.pk if self.ligne else 0)
        metier.queryset = Metier.objects.exclude(pk__in=dits.values("metier"))
        metier.empty_label = A_CHOISIR

    def clean(self) -> dict[str, Any]:
        """Décidé se chiffre ; refusé dit par qui ; le reste n'a pas de minutes."""
        lues = super().clean() or self.cleaned_data
        if lues.get("decision") == "decide" and not lues.get("minutes") and "minutes" not in self.errors:
            self.add_error("minutes", "Décidé : combien de minutes par jour ?")
        if lues.get("decision") == "refuse" and not lues.get("decide_par"):
            self.add_error("decide_par", "Refusé : dites par qui, une fonction suffit.")
        if lues.get("decision") != "decide":
            lues["minutes"] = None
        return lues


class RepriseForm(LigneForm):
    """Des données à reprendre : d'où, combien, comment, et combien il en reste."""

    echeance = saisie_de_date(label="Pour le", required=False)

    class Meta:
        model = LigneReprise
        fields = ["quoi", "source", "volume", "unite", "reste", "moyen", "qui", "echeance", "securite_soins"]
        labels = {
            "quoi": "Quelles données",
            "source": "Elles sont en",
            "volume": "Combien",
            "unite": "De quoi",
            "reste": "Il en reste",
            "moyen": "Comment",
            "qui": "Qui s'en charge",
            "securite_soins": "La sécurité des soins en dépend : l'unité n'ouvre pas sans elles",
        }
        error_messages = {
            "quoi": {"required": "Dites quelles données : traitements en cours, projets, dossiers administratifs…"},
            "source": {"required": "Dites où elles sont aujourd'hui."},
            "unite": {"required": "Dites de quoi : dossiers, classeurs, fichiers."},
        }

    def _completer(self, par: Any) -> None:
        _dire_le_vide(self.fields["moyen"], "À décider")

    def clean(self) -> dict[str, Any]:
        """Un reste vide, avec un volume : tout reste. Plus de reste que de volume ne se peut pas."""
        lues = super().clean() or self.cleaned_data
        volume, reste = lues.get("volume"), lues.get("reste")
        if "reste" in lues and reste is None and volume is not None:
            lues["reste"] = reste = volume
        if volume is not None and reste is not None and reste > volume:
            self.add_error("reste", f"Il ne peut pas en rester plus que le volume, {volume} : corrigez l'un des deux.")
        return lues


class ConflitForm(LigneForm):
    """Ce qui occupe l'ESMS : une nature, une période."""

    debut = saisie_de_date(label="Du", error_messages={"required": "Donnez le premier jour."})
    fin = saisie_de_date(label="Au", required=False)

    class Meta:
        model = ConflitCalendrier
        fields = ["nature", "debut", "fin", "note"]
        labels = {"nature": "Ce qui occupe l'ESMS", "note": "Précision"}
        error_messages = {"nature": {"required": "Dites ce qui occupe l'ESMS."}}

    def clean(self) -> dict[str, Any]:
        """La fin suit le début ; vide, c'est un seul jour."""
        lues = super().clean() or self.cleaned_data
        debut, fin = lues.get("debut"), lues.get("fin")
        if debut and fin and fin < debut:
            self.add_error(
                "fin", f"La fin ({fin:%d/%m/%Y}) précède le début ({debut:%d/%m/%Y}) : corrigez l'une des deux dates."
            )
        return lues


class ContactForm(Versionne):
    """Un contact du système d'information : une ligne de la carte « à qui m'adresser », écrite d'ici."""

    sujet = forms.ChoiceField(label="Pour", error_messages={"required": "Dites pour quoi l'on s'adresse à lui."})
    nom = forms.CharField(
        label="Nom ou service", max_length=120, error_messages={"required": "Dites qui : une personne ou un service."}
    )
    fonction = forms.CharField(label="Fonction", max_length=120, required=False)
    telephone = forms.CharField(
        label="Téléphone", max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    courriel = forms.EmailField(
        label="Courriel",
        required=False,
        error_messages={"invalid": "Écrivez un courriel entier, par exemple service@organisme.fr."},
    )
    pour_tous = forms.BooleanField(required=False)

    def __init__(
        self, donnees: Any = None, *, parcours: Parcours, par: Any, ligne: Any = None, identifiant: str = "contact"
    ) -> None:
        super().__init__(donnees, auto_id=f"id_{identifiant}_%s")
        self.parcours = parcours
        dits = {i.sujet for i in de_la_cible(parcours.esms)}
        sujet: Any = self.fields["sujet"]
        sujet.choices = [("", A_CHOISIR), *[(s.value, s.label) for s in SUJETS_SI if s not in dits]]
        sujet.error_messages["invalid_choice"] = "Ce sujet a déjà son contact dans cet ESMS : corrigez-le sur la carte."
        og = parcours.esms.og
        if og is None or not peut_tenir_la_carte(par, og):
            del self.fields["pour_tous"]
        else:
            self.fields["pour_tous"].label = f"Vaut pour tous les ESMS de {og}"

    @property
    def cible(self) -> Any:
        """L'ESMS, ou son OG si la réponse vaut pour tous."""
        return self.parcours.esms.og if self.cleaned_data.get("pour_tous") else self.parcours.esms

    def valeurs(self) -> dict[str, str]:
        """Ce que la carte écrit pour ce sujet."""
        return {nom: self.cleaned_data.get(nom, "").strip() for nom in CHAMPS_CONTACT}

    @property
    def est_complet(self) -> bool:
        """Vrai quand tous les sujets ont leur contact dans l'ESMS : il n'y a plus rien à ajouter."""
        sujet: Any = self.fields["sujet"]
        return len(sujet.choices) == 1


class EquipementForm(Versionne, forms.ModelForm):
    """De quoi écrire, face à ceux qui écrivent en même temps."""

    class Meta:
        model = Equipement
        fields = ["postes", "simultanes", "tablettes", "reseau", "wifi", "remarque"]
        help_texts = {
            "postes": "Ceux des bureaux, des unités, des salles de transmission, quand ils sont libres pour écrire.",
            "simultanes": "À l'heure la plus chargée : la relève, le plus souvent.",
            "tablettes": "Celles qui serviront au DUI.",
        }
        widgets = {"remarque": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, donnees: Any = None, *, parcours: Parcours) -> None:
        connu = Equipement.objects.filter(parcours=parcours).first()
        vu = jeton(Equipement.history.filter(parcours=parcours))
        super().__init__(donnees, instance=copy(connu), initial={"vu": vu})
        for nom in ("reseau", "wifi"):
            _dire_le_vide(self.fields[nom], PAS_DIT)

    def valeurs(self) -> dict[str, Any]:
        """Ce que le service attend, jeton lu compris."""
        lues = dict(self.cleaned_data)
        vu = lues.pop("vu", "")
        return {"valeurs": lues, "vu": int(vu) if vu.isdecimal() else None}
