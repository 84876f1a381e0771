"""Formulaires des fichiers de connexion : les déposer, relier leurs colonnes ; allumer les heures et les lieux."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.files import File
from django.utils import timezone

from formation.services.import_professionnels import Portee
from programme.forms.champs import GardeNir
from programme.forms.imports import DepotForm
from programme.forms.passages import saisie_de_date
from programme.forms.relier import LectureForm, LiaisonForm
from programme.models import Editeur
from programme.reprise.mots import Rencontre
from programme.services.reprise.correspondances import Reglages
from programme.socle.finess.numero import expliquer
from programme.socle.finess.refus import FichierRefuse
from programme.socle.grilles import Classeur, Grille, Lecture, ouvrir_classeur, proposer_lecture
from programme.socle.models import Correspondance
from programme.socle.texte import normaliser
from usages.donnees.flux import LIGNES_MONTREES, echantillon
from usages.enums import LieuConnexion, SourceUsage
from usages.mots_connexions import (
    COLONNES,
    ESMS,
    INSTANT,
    LIEU,
    NOM_DE_L_INSTANT,
    SANS_ENTETE,
    controler,
    est_une_ligne,
    proposer_colonnes,
    proposer_lieu,
)
from usages.services.connexions.correspondances import (
    colonnes_de_l_editeur,
    de_l_og,
    noms_des_esms,
    source_de,
)

MOTS_MAXIMAUX = 150
TROP_DE_MOTS = "« {} » : plus de {} mots à relier, est-ce la bonne colonne ?"
CELLE_QUI_CONVIENT, NOUVELLE = "convenable", "nouvelle"
SANS_EXTRACTION = "Dites quel jour l’éditeur a extrait cette liste : elle ne vaut que pour ce mois-là."
A_VENIR = "Cette date est à venir : corrigez-la."
A_L_ENVERS = "La fin précède le début : corrigez l’une des deux dates."
AMPLEUR = 2


def ouvrir(fichier: Any, separateur: str = "") -> Classeur:
    """Quelques lignes du fichier, comme un petit tableau. Lève `FichierRefuse` ; un NIR le fait effacer."""
    return ouvrir_classeur(echantillon(fichier), ampleur=AMPLEUR, separateur=separateur)


class DepotConnexionsForm(DepotForm):
    """Le fichier, ce qu'il est, comment le lire, et les jours qu'il couvre."""

    fichier = forms.FileField(
        label="Fichier de l’éditeur",
        help_text="Un CSV, tel qu’il est : plusieurs ESMS, plusieurs mois. Rien n’est écrit sans vous.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Le fichier est vide : choisissez-en un autre."},
    )
    source = forms.ChoiceField(
        label="Ce qu’il contient", choices=SourceUsage.choices, widget=forms.RadioSelect, initial=SourceUsage.JOURNAL
    )
    correspondance: Any = forms.ChoiceField(
        label="Comment le lire",
        widget=forms.RadioSelect,
        initial=CELLE_QUI_CONVIENT,
        required=False,
        error_messages={"invalid_choice": "Cette correspondance n’est pas celle de votre organisme."},
    )
    du = saisie_de_date(
        label="Premier jour couvert",
        required=False,
        help_text="Si l’éditeur le dit. Sinon, Treille prend les jours lus dans le fichier, et signale un mois entamé.",
    )
    au = saisie_de_date(
        label="Dernier jour couvert",
        required=False,
        help_text="Pour une liste d’utilisateurs : le jour où elle a été extraite.",
    )
    remede = "demandez-le à l’éditeur mois par mois"

    def __init__(self, *args: Any, portee: Portee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connues = list(de_l_og(portee.og))
        self.classeur: Classeur | None = None
        choix: Any = self.fields["correspondance"]
        choix.choices = [
            (CELLE_QUI_CONVIENT, "Avec celle de l’organisme qui lui va, sinon une nouvelle"),
            *((str(c.pk), f"« {c.nom} » (code {c.code})") for c in self.connues),
            (NOUVELLE, "Avec une nouvelle : Treille devine, vous relisez"),
        ]
        if not self.connues:
            del self.fields["correspondance"]

    def lire_plafond(self) -> int:
        """Un journal est gros ; seul qui gère un ESMS le dépose."""
        return settings.TREILLE_TAILLE_IMPORT

    def reconnaitre(self, fichier: File) -> None:
        """Un texte en colonnes, sans NIR dans ce qu'on en montre."""
        try:
            self.classeur = ouvrir(fichier)
        except FichierRefuse as refus:
            raise forms.ValidationError(refus.message) from refus

    def clean(self) -> dict[str, Any]:
        """Une liste est un état : elle a une date. Rien n'est à venir, rien n'est à l'envers."""
        champs = super().clean() or self.cleaned_data
        du, au = champs.get("du"), champs.get("au")
        if champs.get("source") == SourceUsage.LISTE and not au and "au" not in self.errors:
            self.add_error("au", SANS_EXTRACTION)
        for nom, jour in (("du", du), ("au", au)):
            if jour and jour > timezone.localdate():
                self.add_error(nom, A_VENIR)
        if du and au and du > au:
            self.add_error("au", A_L_ENVERS)
        return champs

    def parametres(self) -> dict[str, Any]:
        """Les jours que l'import retient."""
        jours: dict[str, date | None] = {nom: self.cleaned_data.get(nom) for nom in ("du", "au")}
        return {nom: jour.isoformat() for nom, jour in jours.items() if jour}

    def choisie(self) -> Correspondance | None:
        """Celle qui est choisie, ou la première de cette sorte dont le fichier a toutes les colonnes."""
        choix = self.cleaned_data.get("correspondance") or CELLE_QUI_CONVIENT
        if choix == CELLE_QUI_CONVIENT:
            return next((c for c in self.connues if self._va(c)), None)
        return next((c for c in self.connues if str(c.pk) == choix), None)

    def _va(self, correspondance: Correspondance) -> bool:
        assert self.classeur is not None  # le formulaire est valide
        if source_de(correspondance) != self.cleaned_data["source"]:
            return False
        try:
            grille = self.classeur.lire(Lecture.depuis_json(correspondance.options["lecture"]), discret=True)
        except FichierRefuse:
            return False
        memes = [normaliser(e) for e in grille.entetes] == [normaliser(e) for e in correspondance.options["entetes"]]
        return memes and not controler(grille.entetes, correspondance.colonnes)

    def deviner(self, editeur: Editeur | None, admises: list[str]) -> Reglages:
        """Ce que Treille comprend d'elle-même, et ce que d'autres ont dit pour cet éditeur. Lève `FichierRefuse`."""
        assert self.classeur is not None  # le formulaire est valide
        lecture = proposer_lecture(self.classeur)
        grille = self.classeur.lire(lecture, discret=True)
        if SANS_ENTETE in controler(grille.entetes, {}) or _sans_entete(grille):
            raise FichierRefuse(SANS_ENTETE)
        connues = colonnes_de_l_editeur(editeur)
        colonnes = {
            normaliser(grille.entetes[r]): code
            for r, code in proposer_colonnes(grille.entetes, connues, admises=admises).items()
        }
        return Reglages(lecture_json(lecture, self.classeur), colonnes, entetes=grille.entetes)


def _sans_entete(grille: Grille) -> bool:
    return est_une_ligne(
        grille.entetes, ([c.texte for c in ligne.cellules] for ligne in grille.lignes[:LIGNES_MONTREES])
    )


def lecture_json(lecture: Lecture, classeur: Classeur) -> dict[str, Any]:
    """Où lire, avec le séparateur : le gros fichier se relira sans rien deviner."""
    return lecture.en_json() | {"separateur": lecture.separateur or classeur.pages[0].separateur}


class LectureConnexionsForm(LectureForm):
    """Où lire dans le fichier, et avec quel séparateur."""

    separateur_dit = True


class RelierConnexionsForm(LiaisonForm):
    """Les colonnes d'un fichier de connexion, ses ESMS ; ses lieux, si l'un des ESMS les a allumés."""

    attendues = COLONNES

    def __init__(self, *args: Any, portee: Portee, classeur: Classeur, admises: list[str], **kwargs: Any) -> None:
        self.portee, self.classeur, self.admises = portee, classeur, admises
        self.noms = noms_des_esms(portee)
        self.en_trop: list[str] = []
        super().__init__(*args, **kwargs)

    @property
    def source(self) -> str:
        """Journal ou liste."""
        return source_de(self.correspondance)

    def choix_de_colonne(self) -> list[Any]:
        """Les colonnes attendues ; le lieu n'y est que si un ESMS l'a allumé."""
        return [("", "Ne pas reprendre"), *((code, self.libelle(code)) for code in COLONNES if code in self.admises)]

    def deviner(self) -> dict[int, str]:
        """Ce que disent les intitulés."""
        return proposer_colonnes(self.grille.entetes, {}, admises=self.admises)

    def rencontrer(self, colonnes: dict[str, str]) -> dict[str, dict[str, Rencontre]]:
        """Les mots de l'ESMS et du lieu, sauf les numéros FINESS et ce qui ressemble à un courriel."""
        rendu = {}
        for rang, entete in enumerate(self.grille.entetes):
            code = colonnes.get(normaliser(entete), "") if entete else ""
            if code not in (ESMS, LIEU):
                continue
            mots = self._mots(code, rang)
            clairs = {cle for cle in mots if self.proposer(code, cle)}
            if len(mots) - len(clairs) > MOTS_MAXIMAUX:
                self.en_trop.append(code)
            # Ce qui reste à dire d'abord : le reste se comprend sans être montré.
            rendu[code] = {cle: mots[cle] for cle in sorted(mots, key=clairs.__contains__)[:MOTS_MAXIMAUX]}
        return rendu

    def _mots(self, code: str, rang: int) -> dict[str, Rencontre]:
        rendu: dict[str, Rencontre] = {}
        for ligne in self.grille.lignes[:LIGNES_MONTREES]:
            case = ligne.cellules[rang]
            cle = normaliser(case.texte)
            if not cle or "@" in case.texte or case.est_formule or (code == ESMS and expliquer(case.texte).numero):
                continue
            deja = rendu.get(cle, Rencontre(case.texte[:60], 0, case.place))
            rendu[cle] = Rencontre(deja.mot, deja.nombre + 1, deja.place)
        return rendu

    def proposer(self, code: str, cle: str) -> Any:
        """La seule valeur que ce mot puisse dire ; None à choisir."""
        return self.noms.get(cle) if code == ESMS else proposer_lieu(cle)

    def choix_de_mot(self, code: str, initial: str) -> list[tuple[str, str]]:
        """Les ESMS gérés, ou les deux lieux."""
        if code == LIEU:
            return [("", "Lieu non dit"), *[(v, str(m)) for v, m in LieuConnexion.choices if v]]
        esms = [(finess, f"{parcours} ({finess})") for finess, parcours in self.portee.parcours.items()]
        partie = [(initial, initial)] if initial and initial not in self.portee.parcours else []
        return [("", "Aucun : mettre ces lignes de côté"), *esms, *partie]

    def libelle(self, code: str) -> str:
        """Le nom d'une colonne attendue."""
        return NOM_DE_L_INSTANT.get(self.source, COLONNES[code]) if code == INSTANT else COLONNES[code]

    def controler(self, reglages: Reglages) -> list[str]:
        """L'indispensable relié, rien deux fois, un vrai en-tête."""
        if _sans_entete(self.grille):
            return [SANS_ENTETE]
        fautes = [*self.grille.fautes, *controler(self.grille.entetes, reglages.colonnes)]
        return fautes + [TROP_DE_MOTS.format(self.libelle(code), MOTS_MAXIMAUX) for code in self.en_trop]

    def reglages(self) -> Reglages:
        """Ce que la correspondance retiendra, séparateur compris."""
        retenus = super().reglages()
        retenus.lecture = lecture_json(self.lecture_choisie, self.classeur)
        return retenus


class HorairesForm(GardeNir, forms.Form):
    """La consultation du CSE qui permet de compter par heure et par lieu."""

    cse_le = saisie_de_date(
        label="CSE consulté le", help_text="Rien d’avant cette date n’est lu par heure ou par lieu."
    )
    reference = forms.CharField(
        label="Référence",
        max_length=160,
        required=False,
        help_text="Procès-verbal, avis ; sans nommer personne.",
    )

    def clean_cse_le(self) -> date:
        """Ni à venir, ni d'un autre siècle."""
        jour: date = self.cleaned_data["cse_le"]
        if jour > timezone.localdate():
            raise forms.ValidationError(A_VENIR)
        if jour < timezone.localdate() - timedelta(days=20 * 366):
            raise forms.ValidationError("Cette date est trop ancienne : vérifiez l’année.")
        return jour
