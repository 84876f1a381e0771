"""Nommer une vue, dire à qui elle s'adresse."""

from typing import Any

from django import forms

from programme.enums import Portee, Role
from programme.models import Grappe, OrganismeGestionnaire, Utilisateur
from programme.permissions import peut_administrer
from programme.socle.champs import SaisieLibre
from programme.socle.enums import Partage
from programme.socle.models import Filtre

MOI = str(Partage.MOI)


def destinataires(par: Utilisateur) -> list[tuple[str, str]]:
    """Ceux à qui ce compte peut adresser une vue : soi, les grappes qu'il conduit, l'OG de son siège, les rôles."""
    conduites = [a.cible for a in par.perimetre.affectes if a.role == Role.CHEF_PROJET and a.portee == Portee.GRAPPE]
    sieges = par.perimetre.seul(Role.SIEGE).ogs
    choix = [(MOI, "Moi seulement")]
    choix += [(f"grappe:{g.pk}", f"La grappe {g}") for g in Grappe.objects.filter(pk__in=conduites)]
    choix += [(f"og:{o.pk}", f"L’organisme {o}") for o in OrganismeGestionnaire.objects.filter(pk__in=sieges)]
    if peut_administrer(par):
        choix += [(f"role:{role}", f"Le rôle : {libelle}") for role, libelle in Role.choices]
    return choix


class VueForm(forms.Form):
    """Le nom, à qui s'il y a un choix, et, d'une liste, si elle s'ouvre en arrivant."""

    nom = SaisieLibre(label="Nom de la vue", max_length=80, widget=forms.TextInput())
    a_qui = forms.ChoiceField(
        label="Pour qui", help_text="Une vue ne donne aucun droit : chacun n’y lit que ce qu’il voit."
    )
    est_defaut = forms.BooleanField(label="L’ouvrir en arrivant sur cette liste", required=False)

    def __init__(
        self, *args: Any, par: Utilisateur, vue: Filtre | None = None, de_liste: bool = True, **kwargs: Any
    ) -> None:
        if vue is not None:
            kwargs.setdefault("initial", {"nom": vue.nom, "a_qui": _cle(vue), "est_defaut": vue.est_defaut})
        super().__init__(*args, **kwargs)
        choix = destinataires(par)
        champ: Any = self.fields["a_qui"]
        champ.choices = choix
        if len(choix) == 1:
            champ.widget, champ.required = forms.HiddenInput(), False
        if not de_liste:
            del self.fields["est_defaut"]

    def valeurs(self) -> dict[str, Any]:
        """Ce qu'attend le service."""
        partage, _, cle = (self.cleaned_data["a_qui"] or MOI).partition(":")
        return {
            "nom": self.cleaned_data["nom"],
            "est_defaut": self.cleaned_data.get("est_defaut", False),
            "partage": partage,
            "grappe": Grappe.objects.get(pk=cle) if partage == Partage.GRAPPE else None,
            "og": OrganismeGestionnaire.objects.get(pk=cle) if partage == Partage.OG else None,
            "role": cle if partage == Partage.ROLE else "",
        }


def _cle(vue: Filtre) -> str:
    if vue.partage == Partage.GRAPPE:
        return f"grappe:{vue.grappe_id}"
    if vue.partage == Partage.OG:
        return f"og:{vue.og_id}"
    return f"role:{vue.role}" if vue.partage == Partage.ROLE else MOI
