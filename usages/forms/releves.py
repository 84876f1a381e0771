"""Ce que la grille d'un relevé envoie : une saisie par chiffre touché, ou ce qui ne s'y lit pas."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms

from programme.forms.champs import Versionne
from programme.forms.imports import DepotForm
from programme.socle.champs import SaisieLibre
from usages.calculs.controles import lire_nombre
from usages.models import Valeur
from usages.services.chiffres.retenir import Saisie
from usages.services.releves.page import CHAMPS, Chiffre, Page, signer

TROP_LONG = "Ce texte est trop long : {} signes au plus."


@dataclass(slots=True)
class Envoi:
    """Les saisies lues, ce que la personne a tapé, et ce qui ne se lit pas, par code d'indicateur."""

    saisies: list[Saisie] = field(default_factory=list)
    bruts: dict[str, dict[str, str]] = field(default_factory=dict)
    fautes: dict[str, list[str]] = field(default_factory=dict)


def lire_envoi(page: Page, donnees: Mapping[str, Any]) -> Envoi:
    """Les chiffres que cet envoi touche ; ceux que la page rend tels qu'elle les montrait ne comptent pas."""
    envoi = Envoi()
    for chiffre in page.chiffres:
        if not any(f"{nom}-{chiffre.code}" in donnees for nom in CHAMPS):
            continue
        brut = {nom: str(donnees.get(f"{nom}-{chiffre.code}", "")).strip() for nom in CHAMPS}
        if signer(brut) == str(donnees.get(f"a-{chiffre.code}", "")).replace("\r\n", "\n"):
            continue
        envoi.bruts[chiffre.code] = brut
        try:
            envoi.saisies.append(_saisie(chiffre, brut, str(donnees.get(f"v-{chiffre.code}", "")) or None))
        except ValueError as faute:
            envoi.fautes[chiffre.code] = [str(faute)]
    return envoi


def _saisie(chiffre: Chiffre, brut: dict[str, str], vu: str | None) -> Saisie:
    num, sur, motif = lire_nombre(brut["n"]), lire_nombre(brut["d"]), brut["m"]
    # « Non mesurable » coché d'un geste l'emporte sur le nombre resté là ; un nombre tapé, sur un motif d'avant.
    if motif and motif == chiffre.valeur.motif and num is not None:
        motif = ""
    if motif:
        num = sur = None
    return Saisie(
        chiffre.indicateur.pk,
        numerateur=num,
        denominateur=sur if num is not None else None,
        motif=motif,
        texte="" if motif else brut["t"],
        commentaire=brut["c"],
        raison=brut["r"],
        vu=vu,
    )


class NombreField(forms.CharField):
    """Un nombre comme on l'écrit : « 1 234,5 »."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        """Le nombre, ou None ; refuse ce qui n'en est pas un."""
        texte = super().clean(value)
        try:
            return lire_nombre(texte or "")
        except ValueError as faute:
            raise forms.ValidationError(str(faute)) from faute


class CorrigerForm(Versionne):
    """Un autre nombre que celui qui a été extrait, ou transmis ; et pourquoi."""

    numerateur = NombreField(label="Le bon chiffre", required=False)
    denominateur = NombreField(label="Sur", required=False)
    raison = SaisieLibre(
        label="Pourquoi le corriger",
        max_length=240,
        lignes=1,
        help_text="Une ligne : changement d'unité, erreur de lecture… L'ancienne valeur reste à côté.",
        error_messages={"required": "Dites en une ligne pourquoi vous corrigez ce chiffre."},
    )

    def __init__(self, *args: Any, valeur: Valeur, partage: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.valeur = valeur
        indicateur = valeur.indicateur
        self.fields["numerateur"].help_text = f"{indicateur.numerateur}."
        if partage or not indicateur.est_un_rapport:
            del self.fields["denominateur"]
        else:
            self.fields["denominateur"].help_text = f"{indicateur.denominateur}."

    def saisie(self) -> Saisie:
        """Ce que la personne dit."""
        lus = self.cleaned_data
        num: Decimal | None = lus["numerateur"]
        return Saisie(
            self.valeur.indicateur_id,
            numerateur=num,
            denominateur=lus.get("denominateur") if num is not None else None,
            raison=lus.get("raison", ""),
            vu=lus.get("vu") or None,
        )


class DepotRelevesForm(DepotForm):
    """Le classeur d'une période, rempli."""

    fichier = forms.FileField(
        label="Classeur rempli",
        help_text="Le classeur .xlsx emporté d’ici, ou un .csv séparé par des points-virgules ; 10 Mo au plus.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Le fichier est vide : repartez de l’export."},
    )
