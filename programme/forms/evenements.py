"""La suite donnée à un événement d'ESMS."""

from django import forms

from programme.forms.champs import GardeNir
from programme.socle.champs import SaisieLibre


class SuiteForm(GardeNir, forms.Form):
    """Une ligne : ce qui a été décidé, ou qu'il n'y a rien à faire."""

    suite = SaisieLibre(
        label="Suite donnée",
        max_length=300,
        error_messages={"required": "Dites en une ligne ce que vous avez décidé."},
        help_text="Une ligne : « il reste dans la grappe », « sorti le… ». Elle se lit dans l'histoire de l'ESMS.",
    )
