"""Passages des usages qui demandent plus qu'un motif et une date.

Ceux des retours sont dans `passages_retours`, ceux des monographies dans `passages_monographies` : les importer les
inscrit.
"""

from typing import Any

from django import forms

from programme.forms.passages import PassageForm, propres
from programme.socle.champs import SaisieLibre
from programme.socle.machine import ModeleAEtats
from programme.socle.porte import Lecture
from usages.forms import passages_monographies, passages_retours
from usages.models.preuves import QUI_SIGNE
from usages.services.preuves import sceau

__all__ = ["passages_monographies", "passages_retours"]


class RepondreDemandeEditeurForm(PassageForm):
    """Ce que l'éditeur a répondu, et quand."""

    field_order = ("motif", "date_effet")

    def __init__(self, donnees: Any = None, *, objet: ModeleAEtats, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        motif, jour = self.fields["motif"], self.fields["date_effet"]
        motif.label, motif.help_text = "Sa réponse", "Une ligne : ce qu'il corrige, quand, ou pourquoi non."
        motif.error_messages["required"] = "Écrivez ce que l'éditeur a répondu, en une ligne."
        jour.label, jour.help_text = "Reçue le", "Le jour de la réponse : le délai s'y arrête. Jamais à venir."


class RelancerDemandeEditeurForm(PassageForm):
    """Pourquoi la réponse ne tient pas."""

    field_order = ("motif", "date_effet")

    def __init__(self, donnees: Any = None, *, objet: ModeleAEtats, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        motif = self.fields["motif"]
        motif.label, motif.help_text = "Ce qui manque", "Une ligne. Le délai reprend depuis l'envoi : rien n'est venu."
        motif.error_messages["required"] = "Écrivez ce que vous attendez encore, en une ligne."


def _ecrit_le(releve: Any) -> str:
    return str(releve.ecrit_le)


def _sceau(preuve: Any) -> str:
    return sceau(preuve)


class ValiderForm(PassageForm):
    """Les chiffres qu'on avait sous les yeux : corrigés depuis, ils se relisent avant d'être validés."""

    lus = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, donnees: Any = None, *, objet: ModeleAEtats, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        self.initial["lus"] = _ecrit_le(objet)

    def actualiser(self, version: int) -> None:
        """Après un refus, on valide ce qu'on relit."""
        super().actualiser(version)
        saisie: Any = self.data
        saisie["lus"] = _ecrit_le(self.objet)


class SignerForm(PassageForm):
    """En quelle qualité : le nom est celui du compte."""

    qualite = SaisieLibre(
        label="Signé en qualité de",
        max_length=120,
        help_text="Par exemple « chef de projet, par délégation du porteur ». Votre nom est celui de votre compte.",
        error_messages={"required": QUI_SIGNE},
        widget=forms.TextInput(),
    )
    vue = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    field_order = ("qualite", "date_effet", "motif")

    def __init__(self, donnees: Any = None, *, objet: ModeleAEtats, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        if not self.is_bound:
            self.initial["vue"] = _sceau(objet)
        if not self.fields["motif"].required:
            del self.fields["motif"]

    def actualiser(self, version: int) -> None:
        """Après un refus, on signe ce qu'on relit."""
        super().actualiser(version)
        saisie: Any = self.data
        saisie["vue"] = _sceau(self.objet)

    def arguments(self) -> dict[str, Any]:
        """Sans motif exigé, un motif vide."""
        return super().arguments() | {"motif": self.cleaned_data.get("motif", "")}


propres.inscrire("demandeediteur:repondre", RepondreDemandeEditeurForm)
propres.inscrire("demandeediteur:relancer", RelancerDemandeEditeurForm)
propres.inscrire("preuveusage:signer", SignerForm)
propres.inscrire("releve:valider", ValiderForm)
