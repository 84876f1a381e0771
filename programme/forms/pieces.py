"""Joindre une pièce à ce qui en porte : un jalon, une séance."""

from django import forms

from programme.forms.imports import DepotForm
from programme.socle.types_de_fichier import SUFFIXES


class PieceForm(DepotForm):
    """Une pièce à joindre ; son contenu est vérifié par le service."""

    fichier = forms.FileField(
        label="Joindre une pièce",
        help_text=(
            "PDF, image (PNG, JPEG), DOCX, XLSX, ODT ou ODS, 10 Mo au plus. Jamais le nom d'une personne accompagnée."
        ),
        error_messages={
            "required": "Choisissez un fichier.",
            "empty": "Ce fichier est vide : vérifiez-le, puis déposez-le à nouveau.",
            "max_length": "Le nom de ce fichier est trop long : raccourcissez-le.",
        },
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(f".{s}" for s in sorted(SUFFIXES))}),
    )
    remede = "réduisez-le, ou déposez-le en plusieurs"
