"""Formulaires de l'import du personnel : déposer le fichier, relier ses colonnes et ses mots."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.files import File
from django.utils import timezone

from formation.lignes_rh import controler, rangs
from formation.mots_rh import A_MOTS, COLONNES, ESMS, UNITE, proposer, proposer_colonnes
from formation.resources.professionnels import ouvrir
from formation.services.import_professionnels import Portee
from formation.services.import_professionnels.correspondances import choix_de, de_l_og
from formation.services.import_professionnels.feuille import ENTETES, FEUILLE
from programme.forms.imports import DepotForm
from programme.forms.passages import saisie_de_date
from programme.forms.relier import LectureForm, LiaisonForm
from programme.reprise.mots import Rencontre
from programme.services.reprise.correspondances import RIEN, Reglages
from programme.socle.finess.numero import expliquer
from programme.socle.finess.refus import FichierRefuse
from programme.socle.grilles import Classeur, Lecture, proposer_lecture
from programme.socle.models import Correspondance
from programme.socle.texte import normaliser

MOTS_MAXIMAUX = 150
TROP_DE_MOTS = "« {} » : plus de {} mots à relier, est-ce la bonne colonne ?"
CELLE_QUI_CONVIENT, NOUVELLE = "convenable", "nouvelle"
PAS_AVANT = timedelta(days=366)


class DepotProfessionnelsForm(DepotForm):
    """Le fichier, comment le lire, et s'il est complet."""

    fichier = forms.FileField(
        label="Fichier du personnel",
        help_text="Un .xlsx ou un .csv, tel qu’il est ; 25 000 lignes au plus. Rien n’est écrit sans vous.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Le fichier est vide : choisissez-en un autre."},
    )
    correspondance: Any = forms.ChoiceField(
        label="Comment le lire",
        widget=forms.RadioSelect,
        initial=CELLE_QUI_CONVIENT,
        required=False,
        error_messages={"invalid_choice": "Cette correspondance n’est pas celle de votre organisme."},
    )
    complet = forms.BooleanField(
        label="Ce fichier est complet : sont sortis ceux qui n’y sont plus",
        required=False,
        help_text="Dans les seuls ESMS que le fichier cite. L’aperçu dit qui, avant d’écrire.",
    )
    complet_au = saisie_de_date(label="Sortis à la date du", required=False, help_text="Si le fichier est complet.")

    def __init__(self, *args: Any, portee: Portee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.portee = portee
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

    def reconnaitre(self, fichier: File) -> None:
        """Un classeur qui s'ouvre, sans NIR."""
        try:
            self.classeur = ouvrir(fichier)
        except FichierRefuse as refus:
            raise forms.ValidationError(refus.message) from refus

    def clean(self) -> dict[str, Any]:
        """Un fichier complet demande une date, ni trop ancienne ni à venir."""
        champs = super().clean() or self.cleaned_data
        au, aujourd_hui = champs.get("complet_au"), timezone.localdate()
        if champs.get("complet") and "complet_au" not in self.errors:
            if au is None:
                self.add_error("complet_au", "Dites à quelle date sont sortis ceux qui n’y sont plus.")
            elif not aujourd_hui - PAS_AVANT <= au <= aujourd_hui:
                self.add_error("complet_au", "Donnez une date d’il y a moins d’un an, au plus tard aujourd’hui.")
        return champs

    def parametres(self) -> dict[str, Any]:
        """Ce que l'import retient, en plus de l'organisme."""
        champs = self.cleaned_data
        return {"complet_au": champs["complet_au"].isoformat()} if champs.get("complet") else {}

    def choisie(self) -> Correspondance | None:
        """Celle qui est choisie, ou la première dont ce fichier a toutes les colonnes ; None : une nouvelle."""
        choix = self.cleaned_data.get("correspondance") or CELLE_QUI_CONVIENT
        if choix == CELLE_QUI_CONVIENT:
            return next((c for c in self.connues if self._va(c)), None)
        return next((c for c in self.connues if str(c.pk) == choix), None)

    def _va(self, correspondance: Correspondance) -> bool:
        assert self.classeur is not None  # le formulaire est valide
        try:
            grille = self.classeur.lire(Lecture.depuis_json(correspondance.options["lecture"]))
        except FichierRefuse:
            return False
        return not controler(grille, correspondance.colonnes)

    def est_la_feuille(self) -> bool:
        """Vrai pour la feuille que Treille rend, telle quelle ou corrigée."""
        assert self.classeur is not None  # le formulaire est valide
        page = next((p for p in self.classeur.pages if p.nom == FEUILLE), None)
        premiere = page.cellules.get(1, {}) if page else {}
        return [case.texte for case in premiere.values()] == ENTETES

    def deviner(self) -> Reglages:
        """Ce que Treille comprend d'elle-même. Lève `FichierRefuse` si rien ne se lit."""
        assert self.classeur is not None  # le formulaire est valide
        lecture = proposer_lecture(self.classeur)
        grille = self.classeur.lire(lecture)
        colonnes = {normaliser(grille.entetes[r]): code for r, code in proposer_colonnes(grille.entetes).items()}
        return Reglages(lecture.en_json(), colonnes, entetes=grille.entetes)


class LectureProfessionnelsForm(LectureForm):
    """Où lire dans le fichier, et avec quel séparateur."""

    separateur_dit = True


class RelierProfessionnelsForm(LiaisonForm):
    """Les colonnes d'un fichier du personnel ; ses métiers, ses ESMS, ses unités, ses rythmes."""

    attendues = COLONNES

    def __init__(self, *args: Any, portee: Portee, **kwargs: Any) -> None:
        self.portee, self.choix = portee, choix_de(portee)
        self.en_trop: list[str] = []
        super().__init__(*args, **kwargs)

    def choix_de_colonne(self) -> list[Any]:
        """Les colonnes attendues."""
        return [("", "Ne pas reprendre"), *COLONNES.items()]

    def deviner(self) -> dict[int, str]:
        """Ce que disent les intitulés."""
        return proposer_colonnes(self.grille.entetes)

    def rencontrer(self, colonnes: dict[str, str]) -> dict[str, dict[str, Rencontre]]:
        """Les mots des colonnes reliées ; ni les numéros FINESS, ni ce qui est relié à un ESMS qu'on ne gère pas."""
        rendu = {}
        for code, rang in rangs(self.grille, colonnes).items():
            if code not in A_MOTS:
                continue
            mots = self._mots(code, rang)
            clairs = {cle for cle in mots if self.proposer(code, cle)}
            if len(mots) - len(clairs) > MOTS_MAXIMAUX:
                self.en_trop.append(code)
            # Ce qui reste à dire d'abord : le reste se comprend sans être montré.
            ordre = sorted(mots, key=clairs.__contains__)
            rendu[code] = {cle: mots[cle] for cle in ordre[:MOTS_MAXIMAUX]}
        return rendu

    def _mots(self, code: str, rang: int) -> dict[str, Rencontre]:
        mots: dict[str, list[Any]] = {}
        for ligne in self.grille.lignes:
            case = ligne.cellules[rang]
            if case.texte and not case.est_formule:
                mots.setdefault(case.texte, [0, case.place])[0] += 1
        rendu: dict[str, Rencontre] = {}
        for texte, (nombre, place) in mots.items():
            cle = normaliser(texte)
            if not cle or (code == ESMS and (expliquer(texte).numero or self._est_d_ailleurs(cle))):
                continue
            deja = rendu.get(cle, Rencontre(texte[:60], 0, place))
            rendu[cle] = Rencontre(deja.mot, deja.nombre + nombre, deja.place)
        return rendu

    def _est_d_ailleurs(self, cle: str) -> bool:
        reliee = self.correspondance.valeurs.get(ESMS, {}).get(cle)
        return bool(reliee) and reliee != RIEN and reliee not in self.portee.parcours

    def proposer(self, code: str, cle: str) -> Any:
        """La seule valeur que ce mot puisse dire ; None à choisir."""
        return proposer(code, cle, self.choix[code])

    def choix_de_mot(self, code: str, initial: str) -> list[tuple[str, str]]:
        """Les métiers, les ESMS gérés, leurs unités, les rythmes."""
        rien = [(RIEN, "N’en rien reprendre")] if code == UNITE else []
        offres = [(c.cle, f"{c.libelle} ({c.cle})" if code == ESMS else c.libelle) for c in self.choix[code]]
        partie = initial and initial != RIEN and initial not in {c.cle for c in self.choix[code]}
        return [("", "À choisir"), *offres, *([(initial, initial)] if partie else []), *rien]

    def libelle(self, code: str) -> str:
        """Le nom d'une colonne attendue."""
        return COLONNES[code]

    def controler(self, reglages: Reglages) -> list[str]:
        """L'indispensable relié, rien deux fois, pas de colonne prise pour une autre."""
        fautes = controler(self.grille, reglages.colonnes)
        return fautes + [TROP_DE_MOTS.format(COLONNES[code], MOTS_MAXIMAUX) for code in self.en_trop]
