"""Confier un siège, le corriger, y mettre fin."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from gouvernance.enums import Represente
from gouvernance.models import Mandat
from gouvernance.services.mandats import CIBLES, COMPTE_ET_FONCTION, FINIT_AVANT, QUI
from programme.forms.champs import VersionneEnEntier
from programme.forms.passages import saisie_de_date
from programme.models import Categorie, Departement, Esms, OrganismeGestionnaire, Utilisateur
from programme.services.perimetre import chercher_comptes
from programme.socle.nombres import liste

MONTRES = 5
LISTE_DES_COMPTES = "comptes"
_ENTRE_PARENTHESES = re.compile(r"\(([^()\s]+)\)\s*$")
_MODELES: dict[str, type[Any]] = {
    "og": OrganismeGestionnaire,
    "categorie": Categorie,
    "departement": Departement,
    "esms": Esms,
}
_VISES = {
    "og": Represente.OG,
    "categorie": Represente.CATEGORIE,
    "departement": Represente.ZONE,
    "esms": Represente.ESMS,
}
_GROUPES = {nom: str(represente.label) for nom, represente in _VISES.items()}
_SE_PRECISE = {"og": ("categorie",), "categorie": ("og",), "departement": ("og", "categorie")}
SANS_ESMS = (Represente.CONDUITE, Represente.UTILISATEURS, Represente.PERSONNES)

Cibles = Mapping[str, Mapping[Any, str]]
"""Par champ (`og`, `categorie`…), les objets de la grappe et leur nom."""


def nommer(compte: Utilisateur) -> str:
    """« Directrice des Tilleuls (directrice) » : ce que propose la saisie, et que relit le champ."""
    return f"{compte.nom} ({compte.identifiant})"


class ChampCompte(forms.CharField):
    """Un compte désigné par son nom, son courriel ou son identifiant ; rend le compte, ou None.

    Par l'identifiant, tout compte ; par le nom ou le courriel, ceux que voit `par`.
    """

    par: Utilisateur

    def __init__(self, **kwargs: Any) -> None:
        attributs = {"list": LISTE_DES_COMPTES, "autocomplete": "off", "autocapitalize": "none"}
        super().__init__(max_length=160, required=False, widget=forms.TextInput(attrs=attributs), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Le nom, à la place du compte."""
        return nommer(value) if isinstance(value, Utilisateur) else value

    def clean(self, value: Any) -> Any:
        """Le compte, ou dit lesquels se ressemblent."""
        texte = str(super().clean(value)).strip()
        if not texte:
            return None
        ecrit = _ENTRE_PARENTHESES.search(texte)
        cherche = ecrit.group(1) if ecrit else texte
        if exact := Utilisateur.objects.filter(identifiant__iexact=cherche).first():
            return exact
        trouves = chercher_comptes(texte, par=self.par)
        if len(trouves) == 1:
            return trouves[0]
        if trouves:
            noms = liste([nommer(c) for c in trouves[:MONTRES]])
            raise forms.ValidationError(f"Plusieurs comptes correspondent : {noms}. Écrivez l'identifiant.")
        raise forms.ValidationError(
            "Aucun compte de ce nom parmi ceux que vous voyez : écrivez son identifiant, ou sa fonction juste après."
        )


class MandatForm(VersionneEnEntier):
    """Un siège : qui, son suppléant, au nom de qui, du… au…"""

    utilisateur = ChampCompte(
        label="Qui siège : un compte",
        help_text="Nom, courriel ou identifiant. Sans rôle dans la grappe, il en devient membre aux mêmes dates.",
    )
    fonction = forms.CharField(
        label="Ou une fonction, sans compte",
        max_length=120,
        required=False,
        help_text="Par exemple « la présidente du CVS ». Treille ne la préviendra pas.",
    )
    represente = forms.ChoiceField(
        label="Au nom de qui",
        error_messages={
            "required": "Dites au nom de qui.",
            "invalid_choice": "Choisissez dans la liste : ce qui n'y est pas n'est pas de la grappe.",
        },
    )
    precise = forms.ChoiceField(
        label="Seulement",
        required=False,
        help_text="Une catégorie chez un seul organisme : « pour chaque OG, un représentant par catégorie ».",
        error_messages={"invalid_choice": "Choisissez dans la liste : ce qui n'y est pas n'est pas de la grappe."},
    )
    suppleant = ChampCompte(label="Suppléant : un compte")
    suppleant_fonction = forms.CharField(label="Ou sa fonction, sans compte", max_length=120, required=False)
    a_voix = forms.BooleanField(label="A une voix : compte au quorum", required=False, initial=True)
    anime = forms.BooleanField(
        label="Préside ou anime : prépare et tient les séances, consigne les décisions", required=False
    )
    du = saisie_de_date(label="Du", initial=timezone.localdate)
    au = saisie_de_date(label="Au", required=False, help_text="Dernier jour. Vide s'il n'y a pas de fin connue.")

    def __init__(
        self, *args: Any, par: Utilisateur, cibles: Cibles, mandat: Mandat | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if mandat:
            self.initial = {**_depart_de(mandat), **self.initial}
        champs: dict[str, Any] = self.fields
        for nom in ("utilisateur", "suppleant"):
            champs[nom].par = par
        connues = _avec_celles_du_mandat(cibles, mandat)
        simples = [(str(r), r.label) for r in SANS_ESMS]
        groupes = [(_GROUPES[nom], _options(nom, objets)) for nom, objets in connues.items() if objets]
        champs["represente"].choices = [("", "Choisir…"), *simples, *groupes]
        precisions = [(_GROUPES[nom], _options(nom, connues[nom])) for nom in ("og", "categorie") if connues.get(nom)]
        champs["precise"].choices = [("", "sans autre précision"), *precisions]

    def clean_suppleant_fonction(self) -> str:
        """Un compte ou une fonction."""
        return self._un_seul("suppleant", "suppleant_fonction")

    def clean_fonction(self) -> str:
        """Un compte ou une fonction."""
        return self._un_seul("utilisateur", "fonction")

    def _un_seul(self, compte: str, fonction: str) -> str:
        dite: str = self.cleaned_data[fonction]
        if dite and self.cleaned_data.get(compte):
            raise forms.ValidationError(COMPTE_ET_FONCTION)
        return dite

    def clean(self) -> dict[str, Any]:
        """Quelqu'un, une précision qui en est une, des dates dans l'ordre."""
        lu: dict[str, Any] = super().clean() or self.cleaned_data
        if "utilisateur" in lu and "fonction" in lu and not lu["utilisateur"] and not lu["fonction"]:
            self.add_error("utilisateur", QUI)
        if lu.get("du") and lu.get("au") and lu["au"] < lu["du"]:
            self.add_error("au", FINIT_AVANT)
        vise, precise = _nom_de(lu.get("represente", "")), _nom_de(lu.get("precise", ""))
        if precise and precise not in _SE_PRECISE.get(vise, ()):
            phrase = "Une catégorie se précise par un organisme, un organisme par une catégorie ; sinon, laissez vide."
            self.add_error("precise", phrase)
        return lu

    def champs(self) -> dict[str, Any]:
        """Ce qu'attend le service."""
        lu = super().champs()
        vise, precise = lu.pop("represente"), lu.pop("precise")
        nom = _nom_de(vise)
        rendu: dict[str, Any] = {cible: None for cible in CIBLES}
        for cle in filter(_nom_de, (vise, precise)):
            rendu[_nom_de(cle)] = _MODELES[_nom_de(cle)].objects.get(pk=cle.partition("-")[2])
        return lu | rendu | {"represente": str(_VISES[nom]) if nom else vise}


def _nom_de(cle: str) -> str:
    """Le champ que désigne « og-12 » ; vide pour « conduite »."""
    nom, trait, _ = cle.partition("-")
    return nom if trait and nom in _MODELES else ""


def _options(nom: str, objets: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(f"{nom}-{cle}", dit) for cle, dit in objets.items()]


def _depart_de(mandat: Mandat) -> dict[str, Any]:
    """Le formulaire d'un mandat qui existe."""
    directs = ("utilisateur", "fonction", "suppleant", "suppleant_fonction", "a_voix", "anime", "du", "au")
    vise = next((nom for nom, r in _VISES.items() if r == mandat.represente), "")
    precisions = (n for n in ("og", "categorie") if n != vise and getattr(mandat, f"{n}_id") is not None)
    precise = next(precisions, "") if vise else ""
    return {nom: getattr(mandat, nom) for nom in directs} | {
        "represente": f"{vise}-{getattr(mandat, f'{vise}_id')}" if vise else mandat.represente,
        "precise": f"{precise}-{getattr(mandat, f'{precise}_id')}" if precise else "",
    }


def _avec_celles_du_mandat(cibles: Cibles, mandat: Mandat | None) -> dict[str, dict[Any, str]]:
    """Ce que vise déjà le mandat reste proposé, même sorti de la grappe."""
    rendu = {nom: dict(cibles.get(nom, {})) for nom in CIBLES}
    for nom in CIBLES if mandat else ():
        if (objet := getattr(mandat, nom)) is not None:
            rendu[nom].setdefault(objet.pk, str(objet))
    return rendu


class ClotureMandatForm(forms.Form):
    """Le dernier jour d'un mandat."""

    au = saisie_de_date(label="Dernier jour", initial=timezone.localdate)
