"""Formulaires du périmètre : nommer, inviter, déléguer, clore."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from programme.enums import Portee, Role, Titre
from programme.forms.champs import GardeNir, OgField
from programme.forms.passages import saisie_de_date
from programme.models import Esms, Grappe, Groupe, Region, Utilisateur
from programme.perimetre import ROLES_PAR_PORTEE
from programme.permissions import peut_administrer, peut_affecter
from programme.services.perimetre import Cible, chercher_comptes, portee_de
from programme.socle.champs import SaisieLibre
from programme.socle.finess.numero import expliquer, pour_lecture
from programme.socle.nombres import liste

COMPTES_MONTRES = 5
IDENTIFIANT_MAXIMAL = 60
TITRES = [(Titre.TITULAIRE.value, Titre.TITULAIRE.label), (Titre.INTERIM.value, Titre.INTERIM.label)]


class CompteForm(GardeNir, forms.Form):
    """Un compte qui existe (de quoi le retrouver suffit), ou un compte à ouvrir (nom et courriel en plus)."""

    identifiant = forms.CharField(
        label="Nom, courriel ou identifiant du compte",
        max_length=120,
        help_text="Par le nom ou le courriel : parmi les personnes que vous voyez dans « Qui fait quoi ». Pour inviter "
        "quelqu'un, choisissez son identifiant, puis donnez son nom et son courriel : un lien d'invitation partira.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    nom = forms.CharField(label="Nom affiché, pour un compte neuf", max_length=120, required=False)
    courriel = forms.EmailField(label="Courriel professionnel, pour un compte neuf", required=False)

    compte: Utilisateur | None = None

    def __init__(self, *args: Any, par: Utilisateur, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.par = par

    def clean_identifiant(self) -> str:
        """Retrouve le compte : l'identifiant exact d'abord, sinon un nom ou un courriel parmi les comptes visibles."""
        texte = self.cleaned_data["identifiant"].strip()
        self.compte = Utilisateur.objects.filter(identifiant__iexact=texte).first()
        if self.compte is None:
            trouves = chercher_comptes(texte, par=self.par)
            if len(trouves) > 1:
                noms = liste([f"{c.nom} ({c.identifiant})" for c in trouves[:COMPTES_MONTRES]])
                raise forms.ValidationError(f"Plusieurs comptes correspondent : {noms}. Écrivez l'identifiant.")
            self.compte = trouves[0] if trouves else None
        if self.compte is None and (" " in texte or len(texte) > IDENTIFIANT_MAXIMAL):
            phrase = "Personne de ce nom parmi les comptes que vous voyez : écrivez son identifiant"
            raise forms.ValidationError(f"{phrase}, ou choisissez-en un, sans espace, pour l'inviter.")
        return self.compte.identifiant if self.compte else texte

    def exiger_compte(self) -> None:
        """Un compte inconnu demande de quoi l'inviter."""
        if self.compte or not self.cleaned_data.get("identifiant"):
            return
        if not self.cleaned_data.get("nom"):
            self.add_error("nom", "Ce compte n'existe pas encore : donnez un nom pour l'inviter.")
        if not self.cleaned_data.get("courriel") and "courriel" not in self.errors:
            self.add_error("courriel", "Ce compte n'existe pas encore : donnez un courriel pour l'inviter.")


class AffectationForm(CompteForm):
    """Confier un rôle. La cible est fixée par la page d'où l'on vient, ou désignée ici."""

    role = forms.ChoiceField(label="Rôle", choices=Role.choices, initial=Role.DIRECTEUR)
    titre = forms.ChoiceField(label="À quel titre", choices=TITRES, initial=Titre.TITULAIRE)
    portee = forms.ChoiceField(label="Étendue", choices=Portee.choices, initial=Portee.ESMS)
    cible = forms.CharField(
        label="Quel ESMS, quelle grappe ?",
        error_messages={"required": "Dites sur quoi porte ce rôle."},
        help_text="Le FINESS de l'ESMS, ou le nom de la grappe, du groupe, de l'OG, de la région.",
    )
    du = saisie_de_date(label="À partir du", initial=timezone.localdate)
    au = saisie_de_date(label="Dernier jour", required=False, help_text="Laissez vide s'il n'y a pas de fin connue.")
    motif = SaisieLibre(label="Motif", required=False, max_length=300)

    field_order = ("identifiant", "nom", "courriel", "role", "portee", "cible", "titre", "du", "au", "motif")

    def __init__(self, *args: Any, par: Utilisateur, fixee: Cible = None, **kwargs: Any) -> None:
        super().__init__(*args, par=par, **kwargs)
        self.fixee = fixee
        champs: dict[str, Any] = self.fields
        champs["cible"].required = self.data.get("portee") != Portee.NATIONAL
        if not peut_administrer(par):
            reservees = (Portee.NATIONAL, Portee.REGION)
            champs["portee"].choices = [(p, libelle) for p, libelle in Portee.choices if p not in reservees]
        if fixee is not None:
            del self.fields["portee"], self.fields["cible"]
            self._limiter_les_roles(fixee)

    def _limiter_les_roles(self, fixee: Cible) -> None:
        """Les rôles que l'on peut confier ici ; pour la direction, à qui s'adresser si ce n'est pas à soi."""
        droits = {r: peut_affecter(self.par, r, fixee) for r in ROLES_PAR_PORTEE[portee_de(fixee)]}
        role: Any = self.fields["role"]
        role.choices = [(r, Role(r).label) for r, droit in droits.items() if droit]
        if (direction := droits.get(Role.DIRECTEUR)) is not None and not direction:
            role.initial, role.help_text = None, f"Directeur : {direction.motif}"

    def clean(self) -> dict[str, Any]:
        """Le compte, puis la cible."""
        champs = super().clean() or self.cleaned_data
        self.exiger_compte()
        champs["cible"] = self.fixee if self.fixee is not None else self._designer(champs)
        return champs

    def _designer(self, champs: dict[str, Any]) -> Cible:
        portee, texte = champs.get("portee"), (champs.get("cible") or "").strip()
        if portee == Portee.NATIONAL or not portee or not texte:
            return None
        chercheurs = {
            Portee.ESMS: self._esms,
            Portee.OG: OgField().clean,
            Portee.GRAPPE: lambda t: _seul(Grappe.objects.visibles_par(self.par).filter(nom__iexact=t), "grappe"),
            Portee.GROUPE: lambda t: _seul(Groupe.objects.visibles_par(self.par).filter(nom__iexact=t), "groupe"),
            Portee.REGION: lambda t: _seul(Region.objects.filter(nom__iexact=t), "région"),
        }
        try:
            return chercheurs[Portee(portee)](texte)
        except forms.ValidationError as faute:
            self.add_error("cible", faute)
            return None

    def _esms(self, texte: str) -> Esms:
        lecture = expliquer(texte)
        if lecture.numero is None:
            raise forms.ValidationError(lecture.message)
        esms = Esms.objects.filter(finess=lecture.numero).select_related("departement").first()
        if esms is None:
            raise forms.ValidationError(f"« {pour_lecture(lecture.numero)} » n'est pas dans l'annuaire : vérifiez-le.")
        return esms


def _seul(trouves: QuerySet, mot: str) -> Any:
    lignes = list(trouves[:2])
    if len(lignes) == 1:
        return lignes[0]
    if not lignes:
        raise forms.ValidationError(f"« {mot} » : aucun de ce nom, écrivez-le en entier.")
    raise forms.ValidationError(f"« {mot} » : plusieurs portent ce nom, ouvrez la bonne page et nommez depuis là.")


class DelegationForm(CompteForm):
    """Déléguer la direction d'un ESMS, entre deux dates."""

    du = saisie_de_date(label="À partir du", initial=timezone.localdate)
    au = saisie_de_date(label="Dernier jour", help_text="Une délégation a toujours une fin ; elle se renouvelle.")
    motif = SaisieLibre(label="Motif", required=False, max_length=300)

    def clean(self) -> dict[str, Any]:
        """Le compte doit pouvoir être trouvé ou invité."""
        champs = super().clean() or self.cleaned_data
        self.exiger_compte()
        return champs


class ClotureForm(forms.Form):
    """Mettre fin à une affectation."""

    au = saisie_de_date(label="Dernier jour", initial=timezone.localdate)
