"""Formulaires d'une monographie : son titre, une section, une remarque et sa réponse, ses faits, ses annexes."""

from collections.abc import Sequence
from typing import Any

from django import forms

from programme.forms.champs import GardeNir, VersionneEnEntier
from programme.socle.champs import SaisieLibre, refuser_nir
from programme.socle.nombres import accorde, nombre
from usages.calculs.ecritures_croisees import Cote
from usages.enums import CodeFait
from usages.models.monographies import PROSE_MAXIMALE
from usages.services.monographies.faits import FaitLu

QUEL_CHOIX = "Choisissez ce qu'on garde ici."


class MonographieForm(GardeNir, forms.Form):
    """Le titre, et de quoi le préciser."""

    titre = forms.CharField(
        label="Titre",
        max_length=200,
        help_text="Ce qu'on y apprend, plutôt que le nom de l'ESMS seul.",
        error_messages={"required": "Donnez un titre : c'est lui qu'on lira dans la liste."},
    )
    sous_titre = forms.CharField(label="Sous-titre", max_length=240, required=False)


class SectionForm(VersionneEnEntier):
    """Le texte d'une section. Trop long ou refusé, il reste dans la page, entier."""

    texte = SaisieLibre(label="Texte", max_length=None, required=False, lignes=24)

    def clean_texte(self) -> str:
        """Deux cent mille signes au plus : au-delà, ce qui dépasse se dit, et rien n'est coupé."""
        texte: str = self.cleaned_data["texte"]
        if (trop := len(texte) - PROSE_MAXIMALE) > 0:
            raise forms.ValidationError(
                f"Cette section a {accorde(trop, 'signe')} de trop : elle en accepte {nombre(PROSE_MAXIMALE)}. "
                "Rien n'est perdu, rien n'est enregistré : coupez, ou mettez la suite dans une autre section."
            )
        return texte


class ReunionForm(forms.Form):
    """Un choix par passage que les deux ont changé, avec de quoi refaire le croisement à l'identique."""

    texte = SaisieLibre(max_length=None, required=False, widget=forms.HiddenInput)
    vu = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    sienne = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    ecartee = SaisieLibre(max_length=None, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, nombre: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for rang in range(nombre):
            self.fields[f"choix-{rang}"] = forms.ChoiceField(
                label=f"Passage {rang + 1}",
                choices=[
                    (Cote.MIEN.value, "Le mien"),
                    (Cote.SIEN.value, "Le sien"),
                    (Cote.LES_DEUX.value, "Les deux, le mien d'abord"),
                ],
                widget=forms.RadioSelect,
                error_messages={"required": QUEL_CHOIX, "invalid_choice": QUEL_CHOIX},
            )

    def choix(self) -> list[Cote]:
        """Dans l'ordre des passages."""
        return [Cote(valeur) for nom, valeur in self.cleaned_data.items() if nom.startswith("choix-")]


class RemarqueForm(GardeNir, forms.Form):
    """Une remarque : le bloc, quelques mots de ce bloc si l'on veut, et ce qu'on en dit."""

    bloc = forms.ChoiceField(
        label="Sur quoi porte la remarque",
        required=False,
        error_messages={"invalid_choice": "Ce paragraphe n'est plus dans la section : relisez-la, choisissez encore."},
    )
    extrait = SaisieLibre(
        label="Les mots exacts",
        required=False,
        max_length=2000,
        help_text="Collez-les depuis le texte, ou laissez vide pour tout le paragraphe.",
    )
    texte = SaisieLibre(
        label="Votre remarque",
        max_length=2000,
        lignes=3,
        error_messages={"required": "Écrivez votre remarque."},
    )

    def __init__(self, *args: Any, blocs: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["bloc"]
        champ.choices = [("", "Toute la section"), *((str(r), f"{r + 1}. {apercu}") for r, apercu in blocs)]
        if not blocs:
            del self.fields["bloc"], self.fields["extrait"]

    def champs(self) -> dict[str, Any]:
        """Ce qu'attend le service."""
        lu = self.cleaned_data
        bloc = lu.get("bloc", "")
        return {"texte": lu["texte"], "extrait": lu.get("extrait", ""), "bloc": int(bloc) if bloc else None}


class ReponseForm(GardeNir, forms.Form):
    """La réponse à une remarque, et si elle est réglée."""

    reponse = SaisieLibre(label="Réponse", max_length=1000, required=False, lignes=3)
    regle = forms.BooleanField(label="C'est réglé", required=False)


class FaitForm(GardeNir, forms.Form):
    """Un fait, écrit par-dessus ce que l'outil sait. Plusieurs lignes font une liste."""

    valeur = SaisieLibre(
        label="Ce qu'on écrit à la place",
        max_length=1000,
        error_messages={"required": "Écrivez la valeur, ou revenez à ce que l'outil sait."},
    )
    source = forms.CharField(label="D'où vient ce fait", max_length=160, required=False)

    def __init__(self, *args: Any, code: CodeFait, lu: FaitLu | None = None, **kwargs: Any) -> None:
        depart = {"valeur": lu.valeur, "source": lu.source if lu.est_ecrit else ""} if lu else {}
        super().__init__(*args, prefix=code.value, initial=depart, **kwargs)


class DocumentsForm(GardeNir, forms.Form):
    """Des documents consultés, un par ligne."""

    titres = SaisieLibre(
        label="Documents à ajouter, un par ligne",
        max_length=8000,
        lignes=4,
        help_text="Par exemple : Projet d'établissement 2024-2029.",
        error_messages={"required": "Écrivez au moins un titre."},
    )


class SiglesForm(GardeNir, forms.Form):
    """Le sens de chaque sigle encore inconnu, et d'un autre si l'on veut."""

    sigle = forms.CharField(label="Un autre sigle", max_length=20, required=False)
    sens = forms.CharField(label="Son sens", max_length=200, required=False)

    def __init__(self, *args: Any, inconnus: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inconnus = [sigle for sigle in inconnus if len(sigle) <= 20]
        propres = {
            f"sens-{sigle}": forms.CharField(label=sigle, max_length=200, required=False, validators=[refuser_nir])
            for sigle in self.inconnus
        }
        self.fields = propres | self.fields

    def clean(self) -> dict[str, Any]:
        """Un sens sans sigle ne se range nulle part."""
        lu: dict[str, Any] = super().clean() or self.cleaned_data
        if lu.get("sens") and not lu.get("sigle"):
            self.add_error("sigle", "Écrivez le sigle dont vous donnez le sens.")
        if lu.get("sigle") and not lu.get("sens"):
            self.add_error("sens", "Écrivez ce que veut dire ce sigle.")
        return lu

    def dits(self) -> dict[str, str]:
        """Le sens de chacun, les vides compris."""
        lu = self.cleaned_data
        dits = {sigle: lu[f"sens-{sigle}"] for sigle in self.inconnus}
        return dits | ({lu["sigle"]: lu["sens"]} if lu["sigle"] else {})
