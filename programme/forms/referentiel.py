"""Formulaires des solutions et des groupes."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from programme.enums import Role
from programme.forms.champs import Coches, GardeNir, OgField
from programme.forms.grappes import PLUS_LONGUE_CLE
from programme.models import Affectation, Editeur, Esms, Groupe, OrganismeGestionnaire, Solution, Utilisateur
from programme.permissions import peut_grouper
from programme.socle.nombres import accorde, liste

MONTRES = 60


class SolutionForm(GardeNir, forms.Form):
    """Un logiciel de DUI : son éditeur (connu, ou nouveau), son nom."""

    editeur = forms.ModelChoiceField(
        Editeur.objects.all(), label="Éditeur", required=False, empty_label="Pas dans la liste : je l'écris dessous"
    )
    nouvel_editeur = forms.CharField(
        label="Nouvel éditeur", required=False, max_length=120, help_text="Seulement s'il n'est pas dans la liste."
    )
    nom = forms.CharField(label="Nom de la solution", max_length=120, help_text="Celui du logiciel, sans la version.")
    est_referencee = forms.BooleanField(label="Référencée Ségur", required=False)

    def __init__(self, *args: Any, solution: Solution | None = None, **kwargs: Any) -> None:
        if solution:
            connus = {"editeur": solution.editeur_id, "nom": solution.nom, "est_referencee": solution.est_referencee}
            kwargs["initial"] = connus
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Un éditeur, et un seul."""
        champs = super().clean() or self.cleaned_data
        choisi, ecrit = champs.get("editeur"), champs.get("nouvel_editeur")
        if choisi and ecrit:
            self.add_error("nouvel_editeur", "Choisissez dans la liste ou écrivez un nom, pas les deux.")
        if not choisi and not ecrit and not {"editeur", "nouvel_editeur"} & self.errors.keys():
            self.add_error("editeur", "Choisissez un éditeur dans la liste, ou écrivez son nom.")
        return champs


class NouveauGroupeForm(GardeNir, forms.Form):
    """Le nom du groupe et son OG ; ses ESMS viennent à l'étape d'après."""

    nom = forms.CharField(label="Nom du groupe", max_length=120, help_text="Pôle, dispositif… : une équipe.")
    og = OgField(
        label="Organisme gestionnaire",
        help_text="Un mot du nom, le SIREN ou le FINESS juridique.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, par: Utilisateur, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.par = par
        ogs = {a.cible for a in par.perimetre.affectes if a.role == Role.SIEGE}
        if len(ogs) == 1:
            self.fields["og"].initial = next(iter(ogs))

    def clean_og(self) -> OrganismeGestionnaire:
        """Un OG dont on tient le siège, ou n'importe lequel pour l'administrateur."""
        og = self.cleaned_data["og"]
        if not (droit := peut_grouper(self.par, og)):
            raise forms.ValidationError(droit.motif)
        return og


class GroupeForm(GardeNir, forms.Form):
    """Le nom du groupe et ses ESMS, cochés parmi ceux de l'OG ; un retrait se confirme."""

    nom = forms.CharField(label="Nom du groupe", max_length=120)
    recherche = forms.CharField(label="Chercher un ESMS de l'organisme", required=False, max_length=200)
    esms = Coches(label="ESMS du groupe")
    confirmer = forms.BooleanField(required=False)

    def __init__(self, *args: Any, groupe: Groupe, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groupe = groupe
        self.membres = {e.pk: e for e in groupe.esms.all()}
        self.initial = {"nom": groupe.nom, "esms": list(self.membres), **self.initial}
        de_l_og = Esms.objects.en_activite().filter(og=groupe.og)
        self.nombre = de_l_og.count()
        self.proposes = {e.pk: e for e in self._proposer(de_l_og)}
        champs: dict[str, Any] = self.fields
        champs["esms"].choices = [(e.pk, f"{e}, {e.ville}" if e.ville else str(e)) for e in self.proposes.values()]
        if self.nombre > MONTRES:
            champs["esms"].help_text = f"Les {MONTRES} premiers trouvés, et ceux déjà cochés."
        else:
            del self.fields["recherche"]
        self.retires = [e for cle, e in self.membres.items() if self.is_bound and cle not in self._coches()]
        if self.retires:
            champs["confirmer"].label = f"Je retire de ce groupe : {liste([str(e) for e in self.retires])}"
        else:
            del self.fields["confirmer"]

    def _coches(self) -> set[int]:
        """Ce qui est coché à l'écran, dans la saisie ou au départ."""
        saisie: Any = self.data
        valeurs = saisie.getlist("esms") if self.is_bound else self.initial["esms"]
        return {int(v) for v in valeurs if str(v).isdecimal() and len(str(v)) < PLUS_LONGUE_CLE}

    def _proposer(self, de_l_og: Any) -> QuerySet[Esms]:
        """Les membres, les cochés, et les premiers de l'OG que dit la recherche."""
        texte = str(self["recherche"].value() or "")
        trouves = list(de_l_og.chercher(texte).values_list("pk", flat=True)[:MONTRES])
        return Esms.objects.filter(Q(pk__in=[*trouves, *self.membres]) | Q(pk__in=self._coches(), og=self.groupe.og))

    def clean_esms(self) -> list[Esms]:
        """Les ESMS des cases cochées."""
        return [self.proposes[cle] for cle in self.cleaned_data["esms"]]

    def clean(self) -> dict[str, Any]:
        """Un retrait change ce que voient des personnes : on le dit avant de l'écrire."""
        champs = super().clean() or self.cleaned_data
        if self.retires and not champs.get("confirmer"):
            en_cours = Affectation.objects.filter(groupe=self.groupe).en_cours(timezone.localdate())
            nombre = en_cours.values("utilisateur").distinct().count()
            perdent = "personne qui tient un rôle sur ce groupe perdrait,personnes qui tiennent un rôle perdraient"
            suite = f"{accorde(nombre, perdent)} aussitôt ce rôle sur les ESMS retirés."
            phrase = suite if nombre else "Personne ne tient de rôle sur ce groupe : aucun accès ne change."
            self.add_error("confirmer", f"{phrase} Cochez pour confirmer le retrait.")
        return champs

    def champs(self) -> dict[str, Any]:
        """Ce qu'attend le service."""
        return {"nom": self.cleaned_data["nom"], "esms": self.cleaned_data["esms"]}


class ConfirmationForm(forms.Form):
    """Rien à saisir : un geste que l'on confirme."""
