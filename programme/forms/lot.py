"""Régler un geste groupé avant d'en lire l'aperçu."""

from collections.abc import Iterable
from typing import Any

from django import forms

from programme.enums import FRISE_PARCOURS, EtatParcours
from programme.forms.passages import saisie_de_date
from programme.models import Parcours, Utilisateur, Vague
from programme.permissions import peut_conduire
from programme.services.parcours import PASSAGES_DU_DIRECTEUR
from programme.socle.champs import SaisieLibre

SANS_VAGUE = "aucune"


class ReglageForm(forms.Form):
    """Ce qu'un geste groupé demande de plus que les lignes."""

    def __init__(self, *args: Any, objets: Iterable[Any], par: Utilisateur, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.preparer(list(objets), par)

    def preparer(self, objets: list[Any], par: Utilisateur) -> None:
        """Ajuste les choix aux lignes."""

    def details(self) -> dict[str, Any]:
        """Ce qu'attend le geste."""
        return dict(self.cleaned_data)


class VagueEnLotForm(ReglageForm):
    """La vague où ranger les ESMS choisis, parmi celles de leurs grappes que l'on conduit."""

    vague = forms.ChoiceField(label="Ranger dans")

    def preparer(self, objets: list[Parcours], par: Utilisateur) -> None:
        """Une vague par grappe conduite ; la grappe n'est redite que s'il y en a plusieurs."""
        grappes = {p.grappe_id: p.grappe for p in objets if peut_conduire(par, p)}
        self.vagues = {str(v.pk): v for v in Vague.objects.filter(grappe__in=grappes).select_related("grappe")}
        champ: Any = self.fields["vague"]
        avant = (lambda v: f"{v.grappe} · ") if len(grappes) > 1 else (lambda v: "")
        choix = [(cle, f"{avant(v)}vague {v.numero}{f' ({v.nom})' if v.nom else ''}") for cle, v in self.vagues.items()]
        champ.choices = [("", "Choisir…"), *choix, (SANS_VAGUE, "aucune vague : les en retirer")]

    def details(self) -> dict[str, Any]:
        """La vague, ou None pour retirer de toute vague."""
        return {"vague": self.vagues.get(self.cleaned_data["vague"])}


class DateEnLotForm(ReglageForm):
    """Une étape, une date commune."""

    etat = forms.ChoiceField(
        label="Date d’entrée à l’étape", choices=[(e.value, EtatParcours(e).label) for e in FRISE_PARCOURS[1:]]
    )
    jour = saisie_de_date(label="Nouvelle date", help_text="La date de référence ne bouge pas.")


class PropositionEnLotForm(ReglageForm):
    """Un passage, une date visée si elle est commune, un mot."""

    transition = forms.ChoiceField(label="Passage à proposer")
    date_visee = saisie_de_date(
        label="Date visée", required=False, help_text="Vide : la date que chaque ESMS prévoit déjà, s'il en a une."
    )
    mot = SaisieLibre(label="Mot aux directions", required=False, max_length=300)

    def preparer(self, objets: list[Parcours], par: Utilisateur) -> None:
        """Le passage qui attend le plus d'ESMS choisis vient d'abord."""
        attendent = [p.prochaine for p in objets]
        champ: Any = self.fields["transition"]
        champ.choices = [(t, Parcours.transitions()[t].custom["verbe"]) for t in PASSAGES_DU_DIRECTEUR]
        self.initial.setdefault("transition", max(PASSAGES_DU_DIRECTEUR, key=attendent.count))


FORMULAIRES: dict[str, type[ReglageForm]] = {
    "vague": VagueEnLotForm,
    "dates": DateEnLotForm,
    "proposer": PropositionEnLotForm,
}
