"""Passages d'une séance : ils se font le jour même, et sans motif quand rien ne l'exige."""

from typing import Any

from programme.forms.passages import PassageForm, propres
from programme.socle.machine import ModeleAEtats
from programme.socle.porte import Lecture


class PassageDeSeance(PassageForm):
    """Sans date : la séance a la sienne. Le motif ne paraît que s'il est exigé."""

    def __init__(self, donnees: Any = None, *, objet: ModeleAEtats, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        del self.fields["date_effet"]
        if not self.fields["motif"].required:
            del self.fields["motif"]

    def arguments(self) -> dict[str, Any]:
        """Sans motif, un motif vide."""
        return super().arguments() | {"motif": self.cleaned_data.get("motif", "")}


for passage in ("ouvrir", "clore", "diffuser", "rouvrir", "annuler"):
    propres.inscrire(f"seance:{passage}", PassageDeSeance)
