"""Demander une précision sur un chiffre, y répondre."""

from typing import Any

from django import forms

from programme.socle.champs import SaisieLibre
from usages.forms.releves import CorrigerForm
from usages.services.chiffres.retenir import Saisie


class DemanderForm(forms.Form):
    """La question."""

    question = SaisieLibre(
        label="Votre question",
        max_length=600,
        lignes=3,
        help_text="Sur ce chiffre, et lui seul. L'ESMS la lit, ainsi que le chef de projet.",
        error_messages={"required": "Écrivez votre question en une ligne."},
    )


class RepondreForm(CorrigerForm):
    """La réponse, et le chiffre corrigé s'il le faut."""

    reponse = SaisieLibre(
        label="Votre réponse",
        # La correction s'y ajoute, de quoi à quoi : le tout tient dans la réponse gardée.
        max_length=400,
        lignes=3,
        help_text="La personne qui pose la question la lira, ainsi que le chef de projet.",
        error_messages={"required": "Écrivez votre réponse en une ligne : elle est attendue."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("reponse", "numerateur", "denominateur", "raison")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["raison"].required = False

    @property
    def pour_corriger(self) -> list[forms.BoundField]:
        """Les champs du chiffre, que la page plie : on ne corrige que ce qui était faux."""
        return [self[nom] for nom in ("numerateur", "denominateur", "raison") if nom in self.fields]

    @property
    def correction(self) -> Saisie | None:
        """Le chiffre corrigé ; None si on le laisse tel quel."""
        lu = self.saisie()
        if lu.numerateur is None or lu.redit(self.valeur):
            return None
        raison = lu.raison or "Corrigé en réponse à une demande de précision"
        return Saisie(lu.indicateur, lu.cle, lu.numerateur, lu.denominateur, raison=raison, vu=lu.vu)
