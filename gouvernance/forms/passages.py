"""Passages de la gouvernance qui demandent plus qu'un motif et une date."""

from typing import Any

from django.utils import timezone

from gouvernance.models import Decision
from gouvernance.models.alertes import SANS_REPONSE
from programme.forms.passages import PassageDuJour, PassageForm, propres
from programme.socle.champs import SaisieLibre
from programme.socle.machine import ModeleAEtats
from programme.socle.porte import Lecture


class RepondreForm(PassageForm):
    """La réponse à une alerte : elle tient lieu de motif."""

    reponse = SaisieLibre(
        label="Votre réponse",
        max_length=1000,
        lignes=4,
        help_text="L'ESMS la lira : ce qui est fait, ou pourquoi l'on ne fait rien.",
        error_messages={"required": SANS_REPONSE},
    )
    field_order = ("reponse", "date_effet")

    def __init__(self, donnees: Any = None, *, objet: ModeleAEtats, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        del self.fields["motif"]

    def arguments(self) -> dict[str, Any]:
        """Sans motif, un motif vide."""
        return super().arguments() | {"motif": ""}


propres.inscrire("alerte:clore", RepondreForm)


class ArbitrerForm(PassageForm):
    """L'arbitrage vaut du jour de la séance."""

    def __init__(self, donnees: Any = None, *, objet: ModeleAEtats, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        date_effet = self.fields["date_effet"]
        date_effet.label, date_effet.help_text = "Arbitrée le", "Le jour de la séance. Jamais à venir."
        if isinstance(objet, Decision) and objet.seance:
            self.initial["date_effet"] = min(timezone.localdate(objet.seance.debut), timezone.localdate())


propres.inscrire("decision:arbitrer", ArbitrerForm)


# Sans date : la séance a la sienne.
for passage in ("ouvrir", "clore", "diffuser", "rouvrir", "annuler"):
    propres.inscrire(f"seance:{passage}", PassageDuJour)
