"""Valider une monographie, demander des corrections : sans date, sur un téléphone, en une ligne au plus."""

from typing import Any

from django.utils import timezone

from programme.forms.passages import PassageForm, propres
from programme.socle.machine import ModeleAEtats
from programme.socle.porte import Lecture


class ValiderMonographieForm(PassageForm):
    """Rien à écrire, sauf s'il reste des remarques ouvertes."""

    def __init__(self, donnees: Any = None, *, objet: ModeleAEtats, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        del self.fields["date_effet"]
        if pourquoi := objet.motif_propre(lecture.transition, timezone.localdate(), {}):
            motif = self.fields["motif"]
            motif.required, motif.help_text = True, pourquoi
            motif.error_messages["required"] = pourquoi
        else:
            del self.fields["motif"]

    def arguments(self) -> dict[str, Any]:
        """Un motif absent est vide."""
        lus = super().arguments()
        return lus | {"motif": lus["motif"] or ""}


class CorrigerMonographieForm(PassageForm):
    """Ce qui est à corriger, en une ligne ; le détail est dans les remarques."""

    def __init__(self, donnees: Any = None, *, objet: ModeleAEtats, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        del self.fields["date_effet"]
        motif = self.fields["motif"]
        motif.label = "Ce qui est à corriger"
        motif.help_text = "Une ligne, que l'équipe lira. Le détail est dans vos remarques."
        motif.error_messages["required"] = "Dites en une ligne ce qui est à corriger."


propres.inscrire("monographie:valider", ValiderMonographieForm)
propres.inscrire("monographie:corriger", CorrigerMonographieForm)
