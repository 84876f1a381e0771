"""Formulaires de la reprise d'un classeur : le déposer, puis relier ses colonnes et ses mots."""

from typing import Any

from django import forms
from django.core.files import File

from programme.forms.imports import DepotForm
from programme.forms.relier import LectureForm, LiaisonForm
from programme.models import Utilisateur
from programme.reprise.correspondance import controler_correspondance
from programme.reprise.mots import (
    COLONNES,
    ETAT,
    ISSUES,
    VAGUE,
    Rencontre,
    mots_rencontres,
    proposer_colonnes,
    proposer_valeurs,
)
from programme.services.reprise.correspondances import RIEN, Reglages, en_dict, enregistrees
from programme.services.reprise.plan import CHOIX
from programme.socle.finess.refus import FichierRefuse
from programme.socle.grilles import Classeur, Lecture, ouvrir_classeur, proposer_lecture
from programme.socle.models import Correspondance
from programme.socle.texte import normaliser

SANS_RIEN = (ETAT, *ISSUES)
"""Colonnes où chaque mot doit vouloir dire quelque chose."""
CELLE_QUI_CONVIENT, NOUVELLE = "convenable", "nouvelle"

__all__ = ["DepotRepriseForm", "LectureForm", "RelierForm"]


class DepotRepriseForm(DepotForm):
    """Le classeur, et la correspondance qui dit comment le lire."""

    fichier = forms.FileField(
        label="Votre classeur",
        help_text="Un .xlsx ou un .csv, tel qu’il est ; 10 Mo au plus. Rien n’est écrit avant votre confirmation.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Le fichier est vide : choisissez-en un autre."},
    )
    correspondance: Any = forms.ChoiceField(
        label="Comment le lire",
        widget=forms.RadioSelect,
        initial=CELLE_QUI_CONVIENT,
        required=False,
        error_messages={"invalid_choice": "Cette correspondance n’est pas à vous : choisissez-en une de la liste."},
    )

    def __init__(self, *args: Any, par: Utilisateur, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.miennes = list(enregistrees(par))
        self.classeur: Classeur | None = None
        choix: Any = self.fields["correspondance"]
        siennes = [(str(c.pk), f"« {c.nom} » (code {c.code})") for c in self.miennes]
        choix.choices = [
            (CELLE_QUI_CONVIENT, "Avec celle de vos correspondances qui lui va, sinon une nouvelle"),
            *siennes,
            (NOUVELLE, "Avec une nouvelle : Treille devine, vous relisez"),
        ]
        if not self.miennes:
            del self.fields["correspondance"]

    def choisie(self) -> Correspondance | None:
        """La correspondance choisie, ou la première dont ce classeur a toutes les colonnes ; None : une nouvelle."""
        choix = self.cleaned_data.get("correspondance") or CELLE_QUI_CONVIENT
        if choix == CELLE_QUI_CONVIENT:
            return next((c for c in self.miennes if self._va(c)), None)
        return next((c for c in self.miennes if str(c.pk) == choix), None)

    def _va(self, correspondance: Correspondance) -> bool:
        assert self.classeur is not None  # le formulaire est valide
        relie = en_dict(correspondance)
        try:
            grille = self.classeur.lire(Lecture.depuis_json(relie["lecture"]))
        except FichierRefuse:
            return False
        return not controler_correspondance(grille, relie)

    def reconnaitre(self, fichier: File) -> None:
        """Un classeur qui s'ouvre, sans NIR."""
        try:
            self.classeur = ouvrir_classeur(fichier)
        except FichierRefuse as refus:
            raise forms.ValidationError(refus.message) from refus

    def deviner(self) -> Reglages:
        """Ce que Treille comprend d'elle-même. Lève `FichierRefuse` si rien ne se lit."""
        assert self.classeur is not None  # le formulaire est valide
        lecture = proposer_lecture(self.classeur)
        grille = self.classeur.lire(lecture)
        proposees = proposer_colonnes(grille.entetes, grille)
        colonnes = {normaliser(grille.entetes[rang]): code for rang, code in proposees.items()}
        return Reglages(lecture.en_json(), colonnes, entetes=grille.entetes)


class RelierForm(LiaisonForm):
    """Les colonnes et les mots d'un classeur de parcours."""

    attendues = COLONNES

    def choix_de_colonne(self) -> list[Any]:
        """Les colonnes attendues, par famille."""
        return _choix_de_colonne()

    def deviner(self) -> dict[int, str]:
        """Ce que Treille comprend des intitulés et des cases."""
        return proposer_colonnes(self.grille.entetes, self.grille)

    def rencontrer(self, colonnes: dict[str, str]) -> dict[str, dict[str, Rencontre]]:
        """Les mots des colonnes reliées."""
        return mots_rencontres(self.grille, colonnes)

    def proposer(self, code: str, cle: str) -> Any:
        """La valeur que dit ce mot, ou None."""
        return proposer_valeurs(code, [cle])[cle]

    def choix_de_mot(self, code: str, initial: str) -> list[tuple[str, str]]:
        """Ce qu'un mot de cette colonne peut vouloir dire."""
        return _choix_de_mot(code, initial)

    def en_choix(self, valeur: Any) -> str:
        """Une valeur retenue, telle que le choix la propose."""
        return _en_choix(valeur)

    def en_valeur(self, code: str, choisi: str) -> Any:
        """Un choix, tel qu'on le retient."""
        return _en_valeur(code, choisi)

    def libelle(self, code: str) -> str:
        """Le nom d'une colonne attendue."""
        return COLONNES[code].libelle

    def controler(self, reglages: Reglages) -> list[str]:
        """Le numéro FINESS relié, rien de relié deux fois."""
        essai = Correspondance(
            colonnes=reglages.colonnes, valeurs=reglages.valeurs, options={"lecture": reglages.lecture}
        )
        return controler_correspondance(self.grille, en_dict(essai))


def _choix_de_colonne() -> list[Any]:
    familles: dict[str, list[tuple[str, str]]] = {}
    for code, attendue in COLONNES.items():
        familles.setdefault(attendue.famille, []).append((code, attendue.libelle))
    return [("", "Ne pas reprendre"), *familles.items()]


def _choix_de_mot(code: str, initial: str) -> list[tuple[str, str]]:
    if code in CHOIX:
        valeurs = [(choix.value, str(choix.label)) for choix in CHOIX[code]]
    elif code == VAGUE:
        numeros = sorted({*range(1, 13), *([int(initial)] if initial.isdecimal() else [])})
        valeurs = [(str(numero), f"Vague {numero}") for numero in numeros]
    else:
        valeurs = [("oui", "Oui"), ("non", "Non")]
    rien = [] if code in SANS_RIEN else [(RIEN, "N’en rien reprendre")]
    return [("", "À choisir"), *valeurs, *rien]


def _en_choix(valeur: Any) -> str:
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    return "" if valeur is None else str(valeur)


def _en_valeur(code: str, choisi: str) -> Any:
    if not choisi:
        # Laissé à choisir : chaque case qui le porte sera une faute de l'aperçu, à sa place.
        return None
    if choisi == RIEN:
        return RIEN
    if code == VAGUE:
        return int(choisi)
    return {"oui": True, "non": False}[choisi] if code not in CHOIX else choisi
