"""Coder un constat : quatre choix, et ce qui a fait hésiter."""

from typing import Any

from django import forms

from programme.forms.champs import GardeNir
from programme.socle.champs import SaisieLibre
from usages.enums import ForceEffet, PreuveEffet, SensEffet, ThemeEffet
from usages.models import Codage, Constat
from usages.services.visites.codage import CHAMPS


def _radios(label: str, choix: Any, manque: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choix, widget=forms.RadioSelect, error_messages={"required": manque})


class CodageForm(GardeNir, forms.Form):
    """Les quatre codes d'un constat : tous, ou rien ; laissé vide, il attend."""

    use_required_attribute = False

    theme = forms.ChoiceField(
        label="Thème",
        choices=[("", "Choisir…"), *ThemeEffet.choices],
        error_messages={"required": "Choisissez le thème."},
    )
    sens = _radios("Sens", SensEffet.choices, "Dites le sens.")
    force = _radios("Force", ForceEffet.choices, "Dites la force.")
    preuve = _radios("Preuve", PreuveEffet.choices, "Dites sur quoi il s'appuie.")
    commentaire = SaisieLibre(label="Ce qui a fait hésiter", max_length=500, lignes=1, required=False)

    def __init__(self, *args: Any, constat: Constat, codage: Codage | None, rang: int, **kwargs: Any) -> None:
        initial = {champ: getattr(codage, champ) for champ in CHAMPS} if codage else {}
        prefixe = f"c{constat.pk}"
        super().__init__(*args, initial=initial, prefix=prefixe, empty_permitted=True, **kwargs)
        self.constat, self.codage, self.rang = constat, codage, rang


def formulaires_de(donnees: Any, constats: list[Constat], codages: dict[int, Codage]) -> list[CodageForm]:
    """Un par constat ; ne lit que ceux que la page a envoyés."""
    rendus = []
    for rang, constat in enumerate(constats, 1):
        envoye = donnees if donnees is not None and f"c{constat.pk}-theme" in donnees else None
        rendus.append(CodageForm(envoye, constat=constat, codage=codages.get(constat.pk), rang=rang))
    return rendus
