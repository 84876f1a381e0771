"""Formulaires de dépôt : un fichier, et ce qu'on en prend."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files import File

from programme.forms.passages import saisie_de_date
from programme.models import Esms
from programme.socle.depots import PLAFOND
from programme.socle.finess.numero import expliquer
from programme.socle.finess.refus import FichierRefuse
from programme.socle.finess.source import ouvrir
from programme.socle.imports import NIR_DANS_LE_NOM
from programme.socle.texte import porte_nir

SECTEURS, TOUT, CHOISIES = "secteurs", "tout", "choisies"
TROP_GROS = "Le fichier pèse plus de {} Mo, le maximum ici : {}."


class DepotForm(forms.Form):
    """Un fichier ; `trop_gros` : l'envoi a dépassé le plafond, et le fichier n'a pas été reçu en entier."""

    fichier = forms.FileField(label="Fichier", error_messages={"required": "Choisissez un fichier."})
    remede = "gardez la seule feuille utile"

    def __init__(self, *args: Any, trop_gros: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plafond = self.lire_plafond()
        self.phrase_trop_gros = TROP_GROS.format(self.plafond >> 20, self.remede)
        if trop_gros:
            self.fields["fichier"].error_messages |= {"required": self.phrase_trop_gros, "empty": self.phrase_trop_gros}

    def lire_plafond(self) -> int:
        """Taille permise, en octets."""
        return PLAFOND

    def clean_fichier(self) -> File:
        """Taille bornée, nom sans NIR, nature reconnue à son contenu."""
        fichier = self.cleaned_data["fichier"]
        if fichier.size > self.plafond:
            raise forms.ValidationError(self.phrase_trop_gros)
        if porte_nir(fichier.name or ""):
            raise forms.ValidationError(NIR_DANS_LE_NOM)
        self.reconnaitre(fichier)
        fichier.seek(0)
        return fichier

    def reconnaitre(self, fichier: File) -> None:
        """À redéfinir : lève `ValidationError` si ce n'est pas un fichier attendu."""


class DepotFinessForm(DepotForm):
    """FINESS+, extrait etalab ou t-finess."""

    fichier = forms.FileField(
        label="Fichier FINESS",
        help_text="FINESS+ (.json ou .json.gz), l’extrait etalab cs1100502 ou t-finess (.csv ou .csv.gz).",
        error_messages={"required": "Choisissez un fichier.", "empty": "Le fichier est vide : téléchargez-le encore."},
    )
    etendue = forms.ChoiceField(
        label="Ce qu’on en prend",
        choices=[
            (SECTEURS, "Les catégories rattachées à un secteur (conseillé)"),
            (CHOISIES, "Seulement les catégories écrites ci-dessous"),
            (TOUT, "Tout le fichier"),
        ],
        widget=forms.RadioSelect,
        initial=SECTEURS,
    )
    categories = forms.RegexField(
        r"^[\s,;0-9]*$",
        label="Catégories",
        required=False,
        max_length=300,
        help_text="Codes à trois chiffres, séparés par des virgules : 183, 500.",
        error_messages={"invalid": "Écrivez des codes à trois chiffres, séparés par des virgules."},
    )

    remede = "déposez un extrait, ou passez par la ligne de commande"

    def lire_plafond(self) -> int:
        """Le fichier national est gros ; seul l'administrateur le dépose."""
        return settings.TREILLE_TAILLE_IMPORT

    def reconnaitre(self, fichier: File) -> None:
        """Un fichier FINESS, d'après ses premiers octets."""
        try:
            ouvrir(fichier, plafond=settings.TREILLE_TAILLE_IMPORT)
        except FichierRefuse as refus:
            raise forms.ValidationError(refus.message) from refus

    def clean(self) -> dict[str, Any]:
        """Des catégories choisies demandent au moins un code."""
        champs = super().clean() or {}
        codes = champs.get("categories", "").replace(";", ",").replace(",", " ").split()
        if champs.get("etendue") == CHOISIES and not codes and "categories" not in self.errors:
            self.add_error("categories", "Écrivez au moins un code de catégorie.")
        champs["codes"] = sorted({code.zfill(3) for code in codes})
        return champs

    def parametres(self) -> dict[str, Any]:
        """Ce que l'import lira."""
        etendue = self.cleaned_data["etendue"]
        if etendue == CHOISIES:
            return {"categories": self.cleaned_data["codes"]}
        return {"tout": True} if etendue == TOUT else {}


class DepotFeuilleForm(DepotForm):
    """La feuille des parcours, corrigée."""

    fichier = forms.FileField(
        label="Feuille corrigée",
        help_text="Le classeur .xlsx emporté d’ici, ou un .csv séparé par des points-virgules ; 10 Mo au plus.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Le fichier est vide : repartez de l’export."},
    )


class DepotInventaireForm(DepotForm):
    """L'inventaire d'applications que le siège ou l'ESMS tient déjà."""

    fichier = forms.FileField(
        label="Inventaire",
        help_text="Un classeur .xlsx, ou un .csv séparé par des points-virgules ; 10 Mo au plus.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Le fichier est vide : prenez-en un autre."},
    )
    pour_og = forms.BooleanField(required=False)

    def __init__(self, *args: Any, og: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if og is None:
            del self.fields["pour_og"]
        else:
            self.fields["pour_og"].label = f"Vaut pour tous les ESMS de {og} dans la grappe"


class FusionForm(forms.Form):
    """Par qui un ESMS est remplacé, et quand."""

    absorbant = forms.CharField(
        label="FINESS de l’ESMS qui continue", max_length=30, help_text="Neuf caractères, espaces permises."
    )
    le = saisie_de_date(label="Date de la fusion")

    def clean_absorbant(self) -> Esms:
        """L'ESMS désigné."""
        lecture = expliquer(self.cleaned_data["absorbant"])
        if lecture.numero is None:
            raise forms.ValidationError(lecture.message)
        esms = Esms.objects.filter(finess=lecture.numero).first()
        if esms is None:
            raise forms.ValidationError("Aucun ESMS de l’annuaire ne porte ce numéro.")
        return esms
