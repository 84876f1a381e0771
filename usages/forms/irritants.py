"""Formulaires des irritants : en nommer un, y rapprocher des tickets."""

from typing import Any

from django import forms
from django.db.models import Q

from programme.forms.champs import GardeNir
from programme.forms.lot import ReglageForm
from programme.models import Editeur, Grappe, Module, Solution, Utilisateur
from usages.models import Irritant, Ticket
from usages.permissions import peut_suivre_les_editeurs
from usages.services.tickets.gestes import editeur_commun

NOUVEAU = "nouveau"
MOTS = "Ce qui gêne, en une ligne"
DEUX_EDITEURS = "Un nouvel irritant réunit des tickets d’une même grappe et d’un même éditeur."


def editeurs_de(grappe: Grappe) -> Any:
    """Les éditeurs des solutions de la grappe et de ses ESMS ; tous s'il n'y en a pas encore."""
    siennes = Solution.objects.filter(Q(pk=grappe.solution_id) | Q(parcours__grappe=grappe)).order_by()
    nommes = Irritant.objects.filter(grappe=grappe).order_by()
    siens = Editeur.objects.filter(Q(pk__in=siennes.values("editeur")) | Q(pk__in=nommes.values("editeur")))
    return siens if siens.exists() else Editeur.objects.all()


class IrritantForm(GardeNir, forms.Form):
    """Ce qui gêne, avec quel éditeur, dans quel module."""

    libelle = forms.CharField(
        label=MOTS,
        max_length=160,
        help_text="« Le projet s’imprime sur deux pages ». Ni nom, ni mot d’un ticket.",
        error_messages={"required": "Dites ce qui gêne, en une ligne."},
    )
    editeur = forms.ModelChoiceField(
        Editeur.objects.none(),
        label="Éditeur",
        empty_label="Choisir…",
        error_messages={"required": "Dites de quel éditeur."},
    )
    module = forms.ModelChoiceField(
        Module.objects.all(), label="Module", required=False, empty_label="Aucun en particulier"
    )

    def __init__(self, *args: Any, grappe: Grappe, irritant: Irritant | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["editeur"]
        champ.queryset = editeurs_de(grappe)
        if irritant:
            self.initial = {"libelle": irritant.libelle, "editeur": irritant.editeur_id, "module": irritant.module_id}
        elif len(siens := list(champ.queryset[:2])) == 1:
            self.initial = {"editeur": siens[0].pk}


class RapprocherForm(GardeNir, ReglageForm):
    """Sous quel irritant ranger les tickets choisis : un qui existe dans leur grappe, ou un neuf."""

    irritant: Any = forms.ChoiceField(
        label="Irritant", error_messages={"required": "Choisissez un irritant, ou nommez-en un nouveau."}
    )
    libelle = forms.CharField(label=f"Nouvel irritant : {MOTS.lower()}", max_length=160, required=False)

    def preparer(self, objets: list[Ticket], par: Utilisateur) -> None:
        """Ceux des grappes que l'on suit parmi ces tickets ; un neuf demande une seule grappe et un seul éditeur."""
        grappes = {t.grappe_id: t.grappe for t in objets}
        self.suivies = [pk for pk, grappe in grappes.items() if peut_suivre_les_editeurs(par, grappe)]
        self.commun = len(grappes) == 1 and editeur_commun(objets) is not None
        lus = Irritant.objects.filter(grappe__in=self.suivies).select_related("grappe", "editeur")
        self.irritants = {str(i.pk): i for i in lus}
        avant = (lambda i: f"{i.grappe} · ") if len(self.suivies) > 1 else (lambda i: "")
        offres = [(cle, f"{avant(i)}{i} ({i.editeur})") for cle, i in self.irritants.items()]
        champ: Any = self.fields["irritant"]
        champ.choices = [("", "Choisir…"), *offres, (NOUVEAU, "un nouveau, écrit ci-dessous")]
        if not offres:
            self.initial.setdefault("irritant", NOUVEAU)

    def clean(self) -> dict[str, Any]:
        """Un nouvel irritant a des mots, une grappe et un éditeur."""
        champs = super().clean() or self.cleaned_data
        if champs.get("irritant") == NOUVEAU:
            if not champs.get("libelle"):
                self.add_error("libelle", "Dites ce qui gêne, en une ligne.")
            elif not self.commun:
                self.add_error("irritant", DEUX_EDITEURS)
        elif champs.get("irritant"):
            champs["libelle"] = ""
        return champs

    def details(self) -> dict[str, Any]:
        """L'irritant choisi, ou les mots du nouveau."""
        return {"irritant": self.irritants.get(self.cleaned_data["irritant"]), "libelle": self.cleaned_data["libelle"]}


class DetacherForm(ReglageForm):
    """Rien à régler."""


FORMULAIRES: dict[str, type[ReglageForm]] = {"rapprocher": RapprocherForm, "detacher": DetacherForm}
