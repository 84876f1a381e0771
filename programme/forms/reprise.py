"""Formulaires de la reprise d'un classeur : le déposer, puis relier ses colonnes et ses mots."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.files import File

from programme.forms.champs import GardeNir
from programme.forms.imports import DepotForm
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
from programme.socle.grilles import Classeur, Grille, Lecture, ouvrir_classeur, proposer_lecture
from programme.socle.models import Correspondance
from programme.socle.texte import normaliser

EXEMPLES = 3
SANS_RIEN = (ETAT, *ISSUES)
"""Colonnes où chaque mot doit vouloir dire quelque chose."""
CELLE_QUI_CONVIENT, NOUVELLE = "convenable", "nouvelle"


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


class LectureForm(forms.Form):
    """Où lire dans le classeur."""

    feuille = forms.ChoiceField(label="Feuille")
    ligne_entete = forms.IntegerField(label="Première ligne d’en-tête", min_value=1, max_value=5000)
    nb_entetes = forms.TypedChoiceField(
        label="Lignes d’en-tête", choices=[(1, "Une"), (2, "Deux"), (3, "Trois")], coerce=int
    )

    def __init__(self, donnees: Any = None, *, classeur: Classeur, lecture: Lecture) -> None:
        super().__init__(donnees, initial=lecture.en_json())
        feuille: Any = self.fields["feuille"]
        feuille.choices = [(f.nom, f"{f.nom} (cachée)" if f.cachee else f.nom) for f in classeur.feuilles]

    def lecture(self) -> Lecture:
        """Ce qui a été choisi."""
        return Lecture.depuis_json(self.cleaned_data)


class RelierForm(GardeNir, forms.Form):
    """Chaque colonne du classeur et ce que Treille en fait ; chaque mot et ce qu'il veut dire."""

    nom = forms.CharField(label="Nom de la correspondance", max_length=120)
    code = forms.SlugField(
        label="Code",
        max_length=60,
        help_text="Lettres, chiffres et tirets : il sert à la ligne de commande.",
        error_messages={"invalid": "Des lettres sans accents, des chiffres et des tirets seulement."},
    )

    def __init__(
        self, donnees: Any = None, *, correspondance: Correspondance, grille: Grille, lecture: Lecture
    ) -> None:
        self.grille, self.lecture_choisie, self.correspondance = grille, lecture, correspondance
        super().__init__(donnees, initial={"nom": correspondance.nom, "code": correspondance.code})
        self.colonnes_lues = [(rang, entete) for rang, entete in enumerate(grille.entetes) if entete]
        devinees = self._colonnes_de_depart()
        for rang, entete in self.colonnes_lues:
            self.fields[f"colonne_{rang}"] = forms.ChoiceField(
                label=entete, choices=_choix_de_colonne(), required=False, initial=devinees.get(rang, "")
            )
        self.mots = mots_rencontres(grille, self._colonnes_choisies(devinees))
        for code, rencontres in self.mots.items():
            for rang, (cle, rencontre) in enumerate(rencontres.items()):
                self._ajouter_le_mot(f"mot_{code}_{rang}", code, cle, rencontre)

    def _colonnes_de_depart(self) -> dict[int, str]:
        """Ce que dit la correspondance ; pour une colonne qu'elle n'a jamais vue, ce que Treille devine."""
        connues = {normaliser(e) for e in self.correspondance.options.get("entetes", [])}
        devinees = proposer_colonnes(self.grille.entetes, self.grille)
        rendu = {}
        for rang, entete in self.colonnes_lues:
            cle = normaliser(entete)
            rendu[rang] = self.correspondance.colonnes.get(cle) or ("" if cle in connues else devinees.get(rang, ""))
        deja: set[str] = set()
        for rang, code in rendu.items():
            rendu[rang] = "" if code in deja else code
            deja.add(code)
        return rendu

    def _colonnes_choisies(self, devinees: dict[int, str]) -> dict[str, str]:
        lus = (
            {rang: self.data.get(f"colonne_{rang}", "") for rang, _ in self.colonnes_lues}
            if self.is_bound
            else devinees
        )
        return {normaliser(entete): code for rang, entete in self.colonnes_lues if (code := lus.get(rang)) in COLONNES}

    def _ajouter_le_mot(self, nom: str, code: str, cle: str, rencontre: Rencontre) -> None:
        """Pré-rempli quand c'est sûr ou déjà dit ; vide quand c'est ambigu : à la personne de choisir."""
        retenus = self.correspondance.valeurs.get(code, {})
        valeur = retenus[cle] if retenus.get(cle) is not None else proposer_valeurs(code, [cle])[cle]
        initial = _en_choix(valeur)
        self.fields[nom] = forms.ChoiceField(
            label=f"« {rencontre.mot} »" if cle else "case vide",
            choices=_choix_de_mot(code, initial),
            initial=initial,
            required=False,
        )
        # Un mot que la page d'avant ne montrait pas, parce que sa colonne vient d'être reliée : ce qui est sûr suffit.
        if self.is_bound and nom not in self.data and initial:
            donnees: Any = self.data
            donnees = donnees.copy()
            donnees[nom] = initial
            self.data = donnees

    # --- ce que montre la page -------------------------------------------------------------------------------------

    def lignes_de_colonnes(self) -> Iterator[dict[str, Any]]:
        """Une ligne par colonne du classeur : l'intitulé, trois valeurs lues, le choix."""
        for rang, entete in self.colonnes_lues:
            valeurs = dict.fromkeys(t for ligne in self.grille.lignes if (t := _texte(ligne.cellules[rang])))
            yield {"entete": entete, "exemples": list(valeurs)[:EXEMPLES], "champ": self[f"colonne_{rang}"]}

    def lignes_de_mots(self) -> Iterator[dict[str, Any]]:
        """Par colonne à mots : son intitulé et ses mots, ceux qui restent à choisir d'abord."""
        for code, rencontres in self.mots.items():
            lignes: list[dict[str, Any]] = [
                {"rencontre": rencontre, "champ": self[f"mot_{code}_{rang}"]}
                for rang, rencontre in enumerate(rencontres.values())
            ]
            lignes.sort(key=lambda ligne: bool(ligne["champ"].initial))
            a_choisir = sum(not ligne["champ"].initial or bool(ligne["champ"].errors) for ligne in lignes)
            if lignes:
                yield {"libelle": COLONNES[code].libelle, "lignes": lignes, "a_choisir": a_choisir}

    @property
    def nb_points(self) -> int:
        """Nombre de phrases à corriger."""
        return sum(len(phrases) for phrases in self.errors.values())

    @property
    def nb_ambigus(self) -> int:
        """Mots que Treille n'a pas su comprendre seule."""
        return sum(not champ.initial for nom, champ in self.fields.items() if nom.startswith("mot_"))

    @property
    def nb_reprises(self) -> int:
        """Colonnes que Treille reprendrait d'elle-même."""
        return sum(bool(champ.initial) for nom, champ in self.fields.items() if nom.startswith("colonne_"))

    # --- ce qu'on en retient ---------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        """Aucune faute de structure : le numéro FINESS relié, rien de relié deux fois."""
        champs = super().clean() or self.cleaned_data
        if not self.errors:
            reglages = self.reglages()
            essai = Correspondance(
                colonnes=reglages.colonnes, valeurs=reglages.valeurs, options={"lecture": reglages.lecture}
            )
            for phrase in controler_correspondance(self.grille, en_dict(essai)):
                self.add_error(None, phrase)
        return champs

    def reglages(self) -> Reglages:
        """Ce que la correspondance retiendra."""
        champs = self.cleaned_data
        colonnes = {normaliser(e): code for rang, e in self.colonnes_lues if (code := champs.get(f"colonne_{rang}"))}
        valeurs: dict[str, dict[str, Any]] = {}
        mots: dict[str, dict[str, str]] = {}
        for code, rencontres in self.mots.items():
            retenus = dict(self.correspondance.valeurs.get(code, {}))
            for rang, cle in enumerate(rencontres):
                retenus[cle] = _en_valeur(code, champs[f"mot_{code}_{rang}"])
            valeurs[code] = retenus
            anciens = self.correspondance.options.get("mots", {}).get(code, {})
            mots[code] = anciens | {cle: rencontre.mot for cle, rencontre in rencontres.items()}
        return Reglages(self.lecture_choisie.en_json(), colonnes, valeurs, self.grille.entetes, mots)


def _texte(cellule: Any) -> str:
    """Une valeur telle qu'on la lit dans le classeur, abrégée."""
    if hasattr(cellule.valeur, "strftime"):
        return f"{cellule.valeur:%d/%m/%Y}"
    return cellule.texte[:40]


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
