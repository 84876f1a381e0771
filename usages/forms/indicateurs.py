"""Choisir ce qu'une grappe suit ; poser une cible ; dire ce qu'on surveille ; rapporter le catalogue."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from programme.forms.champs import Coches, VersionneEnEntier
from programme.forms.imports import DepotForm
from programme.forms.passages import saisie_de_date
from programme.models import VersionInstruction
from usages.enums import Famille, NatureSurveillance
from usages.models import Cible, Indicateur, RegleIndicateur
from usages.services.indicateurs.pages import Offre

CENT = Decimal(100)


@dataclass(frozen=True, slots=True)
class LigneOfferte:
    """Une case à cocher, et ce qu'elle offre."""

    case: Any
    offre: Offre


class ChoixForm(VersionneEnEntier):
    """Ce que la grappe suit, coché dans le catalogue."""

    indicateurs = Coches(label="Indicateurs suivis")

    def __init__(self, *args: Any, offres: Iterable[Offre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offres = list(offres)
        champs: dict[str, Any] = self.fields
        champs["indicateurs"].choices = [(o.indicateur.pk, str(o.indicateur)) for o in self.offres]

    def familles(self) -> list[tuple[str, list[LigneOfferte]]]:
        """Les cases, famille par famille."""
        lignes: dict[str, list[LigneOfferte]] = {}
        for case, offre in zip(self["indicateurs"].subwidgets, self.offres, strict=True):
            famille = str(Famille(offre.indicateur.famille).label)
            lignes.setdefault(famille, []).append(LigneOfferte(case, offre))
        return list(lignes.items())

    def choisis(self) -> list[Indicateur]:
        """Les indicateurs cochés."""
        coches = set(self.cleaned_data["indicateurs"])
        return [o.indicateur for o in self.offres if o.indicateur.pk in coches]


class NombreField(forms.DecimalField):
    """Un nombre comme on l'écrit en français : « 82,5 », « 1 200 », « 80 % »."""

    def __init__(self, *, en_pourcent: bool, **kwargs: Any) -> None:
        self.en_pourcent = en_pourcent
        phrase = "Écrivez un pourcentage, par exemple 80." if en_pourcent else "Écrivez un nombre, par exemple 12,5."
        cles = ("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits")
        super().__init__(
            min_value=Decimal(0),
            max_digits=12,
            decimal_places=2,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            error_messages=dict.fromkeys(cles, phrase),
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        """Le nombre ; un pourcentage se rend de 0 à 1."""
        if isinstance(value, str):
            value = "".join(value.replace("%", "").split()).replace(",", ".")
        return super().to_python(value)

    def clean(self, value: Any) -> Any:
        """De 0 à 1 pour un pourcentage."""
        lu = super().clean(value)
        return lu / CENT if lu is not None and self.en_pourcent else lu

    def prepare_value(self, value: Any) -> Any:
        """Ce que la personne récrirait."""
        if not isinstance(value, Decimal):
            return value
        montre = value * CENT if self.en_pourcent else value
        return f"{montre.normalize():f}".replace(".", ",")


class CibleForm(VersionneEnEntier):
    """Ce qu'on vise, et à partir d'où l'on s'inquiète ; l'un des deux suffit."""

    instruction = forms.ModelChoiceField(
        label="Version d'instruction", queryset=VersionInstruction.objects.all(), empty_label=None
    )
    du = saisie_de_date(
        label="À partir du", help_text="La plus récente l'emporte : celle d'avant vaut jusqu'à ce jour."
    )
    au = saisie_de_date(label="Jusqu'au", required=False, help_text="Vide : jusqu'à la suivante.")
    source = forms.CharField(
        label="D'où elle vient", max_length=160, required=False, help_text="Une décision du COMOP, une convention."
    )
    field_order = ("instruction", "valeur", "seuil", "du", "au", "source")

    def __init__(
        self,
        *args: Any,
        indicateur: Indicateur,
        cible: Cible | None = None,
        de_grappe: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        en_pourcent = indicateur.est_un_rapport
        unite = "en %" if en_pourcent else f"en {indicateur.unite}" if indicateur.unite else "en nombre"
        sens = {"baisse": "Au-dessus", "hausse": "En dessous"}.get(indicateur.sens, "Au-delà")
        self.fields["valeur"] = NombreField(label=f"Cible, {unite}", required=False, en_pourcent=en_pourcent)
        self.fields["seuil"] = NombreField(
            label=f"Seuil d'alerte, {unite}", required=False, en_pourcent=en_pourcent, help_text=f"{sens}, on en parle."
        )
        if de_grappe:
            del self.fields["instruction"]
        self.order_fields(self.field_order)
        if cible:
            connus = {nom: getattr(cible, nom) for nom in ("valeur", "seuil", "du", "au", "source")}
            self.initial = {**connus, **self.initial}


class SurveillanceForm(VersionneEnEntier):
    """Ce que la grappe veut savoir d'un indicateur sans le chercher."""

    natures = forms.MultipleChoiceField(
        label="Donner l'alerte",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (NatureSurveillance.SEUIL, "quand le seuil est franchi"),
            (NatureSurveillance.CHUTE, "quand le chiffre chute"),
            (NatureSurveillance.CIBLE, "quand la cible est manquée à son échéance"),
            (NatureSurveillance.ROUTINE, "quand la routine se fragilise"),
        ],
        help_text="Une alerte demande une réponse au COMOP. Un silence n'en donne jamais.",
    )
    part = NombreField(label="Une chute, c'est perdre au moins, en %", en_pourcent=True, required=False)
    releves = forms.IntegerField(
        label="Sur combien de relevés",
        min_value=1,
        max_value=12,
        required=False,
        error_messages=dict.fromkeys(("min_value", "max_value", "invalid"), "De 1 à 12 relevés."),
    )

    def __init__(self, *args: Any, regles: Iterable[RegleIndicateur], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        connues = {r.nature: r for r in regles}
        chute = connues.get(NatureSurveillance.CHUTE) or RegleIndicateur()
        natures = [n for n, r in connues.items() if r.est_active]
        self.initial = {"natures": natures, "part": chute.part, "releves": chute.releves, **self.initial}


class DepotCatalogueForm(DepotForm):
    """Le catalogue, corrigé."""

    fichier = forms.FileField(
        label="Catalogue corrigé",
        help_text="Le classeur .xlsx emporté d’ici, ou un .csv séparé par des points-virgules ; 10 Mo au plus.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Le fichier est vide : repartez de l’export."},
    )
