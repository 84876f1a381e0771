"""Les notes et les photos d'une visite."""

from typing import Any
from uuid import uuid4

from django import forms

from programme.forms.champs import GardeNir, Versionne
from programme.forms.passages import saisie_de_date
from programme.socle.champs import SaisieLibre
from usages.enums import CodeSection, DroitPhoto, ThemeEffet
from usages.models import PhotoDeVisite, TempsDeVisite, Visite
from usages.services.visites.notes import VIDE
from usages.services.visites.photos import DROIT, SANS_DESCRIPTION

IMAGES = "image/jpeg,image/png,image/webp"
TROP_LOURDE = (
    "Cette image pèse plus de 10 Mo : prenez-la en plus petit, ou réduisez-la. Le reste de votre saisie est gardé ; "
    "choisissez seulement une autre image."
)
THEMES = [("", "Aucun en particulier"), *ThemeEffet.choices]
SECTIONS = [("", "Pas encore décidé"), *CodeSection.choices]


class NoteForm(Versionne):
    """Une note : le temps, le thème, le texte."""

    texte = SaisieLibre(label="Note", max_length=8000, lignes=8, error_messages={"required": VIDE})
    theme = forms.ChoiceField(label="Thème", choices=THEMES, required=False)
    temps: Any = forms.ModelChoiceField(
        TempsDeVisite.objects.none(), label="Le moment", required=False, empty_label="Hors programme"
    )

    def __init__(self, *args: Any, visite: Visite, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champs: Any = self.fields
        champs["temps"].queryset = TempsDeVisite.objects.filter(visite=visite)

    def valeurs(self) -> dict[str, Any]:
        """Ce qu'attend le service."""
        return {nom: self.cleaned_data[nom] for nom in ("texte", "theme", "temps")}


class NoteEnvoyeeForm(NoteForm):
    """Ce qu'envoie l'appareil. `cle` : tirée par lui, elle rend l'envoi rejouable."""

    cle = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "required": "Rechargez la page, puis renvoyez.",
            "invalid": "Rechargez la page, puis renvoyez.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="%s", **kwargs)
        self.fields["cle"].initial = uuid4
        del self.fields["vu"]
        # Un temps retiré du programme entre-temps ne retient pas une note : elle reste à la visite.
        temps: Any = self.fields["temps"]
        connus = {str(cle) for cle in temps.queryset.values_list("pk", flat=True)}
        if self.is_bound and str(self.data.get("temps") or "") not in connus:
            self.data = {**self.data_simple(), "temps": ""}

    def data_simple(self) -> dict[str, Any]:
        """Les valeurs envoyées, une par champ."""
        envoyees: Any = self.data
        return {nom: envoyees.get(nom) for nom in ("texte", "theme", "cle")}

    def valeurs(self) -> dict[str, Any]:
        """Ce qu'attend le service, clé comprise."""
        return super().valeurs() | {"cle": self.cleaned_data["cle"]}


class PhotoForm(GardeNir, forms.Form):
    """Ce qu'on dit d'une photo, et son droit."""

    legende = forms.CharField(
        label="Légende",
        max_length=240,
        error_messages={"required": "Écrivez la légende : ce qu'on lira sous la photo."},
    )
    description = forms.CharField(
        label="Description, pour qui ne la voit pas",
        max_length=300,
        help_text="Ce qu'elle montre, en une phrase : « Un poste partagé dans un couloir, un cahier ouvert à côté ».",
        error_messages={"required": SANS_DESCRIPTION},
    )
    credit = forms.CharField(
        label="Crédit", max_length=120, required=False, help_text="« Photo de l'équipe de l'étude »."
    )
    droit = forms.ChoiceField(
        label="Droit",
        choices=DroitPhoto.choices,
        initial=DroitPhoto.A_DEMANDER,
        help_text="Sans droit accordé, la photo ne sort d'aucun document. Retiré, elle disparaît de ceux déjà publiés.",
    )
    droit_le = saisie_de_date(label="Dit le", required=False, help_text="Le jour de l'accord, du refus ou du retrait.")
    section = forms.ChoiceField(label="Section de la monographie", choices=SECTIONS, required=False)

    def __init__(self, *args: Any, photo: PhotoDeVisite | None = None, droit_seul: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nom in [n for n in self.fields if droit_seul and n not in DROIT]:
            del self.fields[nom]
        if photo:
            self.initial = {nom: getattr(photo, nom) for nom in self.fields if hasattr(photo, nom)}


class PhotoDeposeeForm(PhotoForm):
    """Avec l'image, en dernier : trop lourde, elle s'arrête en route, et tout le reste est déjà arrivé."""

    fichier = forms.FileField(
        label="L'image",
        help_text="JPEG, PNG ou WebP, 10 Mo au plus. Elle est refaite sans le lieu ni l'heure que l'appareil y écrit. "
        "Aucun visage, aucun nom.",
        widget=forms.FileInput(attrs={"accept": IMAGES}),
        error_messages={
            "required": "Choisissez l'image à déposer.",
            "empty": "Cette image est vide : choisissez-en une autre.",
        },
    )

    def __init__(self, *args: Any, trop_lourde: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if trop_lourde:
            self.fields["fichier"].error_messages = dict.fromkeys(self.fields["fichier"].error_messages, TROP_LOURDE)
