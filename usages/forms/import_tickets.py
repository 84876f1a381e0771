"""Formulaires de l'import des tickets : déposer l'export, relier ses colonnes et ses mots."""

from typing import Any

from django import forms
from django.core.files import File

from programme.forms.champs import GardeNir
from programme.forms.imports import DepotForm
from programme.forms.relier import LectureForm, LiaisonForm
from programme.models import Grappe
from programme.reprise.mots import Rencontre
from programme.services.reprise.correspondances import Reglages
from programme.socle.finess.refus import FichierRefuse
from programme.socle.grilles import Classeur, Lecture, proposer_lecture
from programme.socle.models import Correspondance
from programme.socle.texte import normaliser
from usages.lignes_tickets import controler, rangs
from usages.mots_tickets import A_MOTS, AILLEURS, COLONNES, ESMS, MODULE, RIEN, finess_de, proposer, proposer_colonnes
from usages.resources.tickets import ouvrir
from usages.services.correspondances_tickets import choix_de, de_la_grappe
from usages.services.import_tickets import Portee, derniere_source, source_connue

MOTS_MAXIMAUX = 150
TROP_DE_MOTS = "« {} » : plus de {} mots à relier, est-ce la bonne colonne ?"
CELLE_QUI_CONVIENT, NOUVELLE = "convenable", "nouvelle"
SANS_OUTIL = "Dites de quel outil vient ce fichier : deux outils ont parfois le même numéro."


class DepotTicketsForm(GardeNir, DepotForm):
    """L'export, l'outil d'où il vient, comment le lire."""

    fichier = forms.FileField(
        label="Export des tickets",
        help_text="Un .xlsx ou un .csv, tel que l’outil le donne ; 25 000 lignes au plus. Rien n’est écrit sans vous.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Le fichier est vide : choisissez-en un autre."},
    )
    source = forms.CharField(
        label="Outil d’assistance",
        max_length=60,
        help_text="« GLPI du siège », « portail de l’éditeur » : le même mot à chaque import.",
        error_messages={"required": SANS_OUTIL},
    )
    correspondance: Any = forms.ChoiceField(
        label="Comment le lire",
        widget=forms.RadioSelect,
        initial=CELLE_QUI_CONVIENT,
        required=False,
        error_messages={"invalid_choice": "Cette correspondance n’est pas celle de cette grappe."},
    )

    def __init__(self, *args: Any, grappe: Grappe, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grappe = grappe
        self.connues = list(de_la_grappe(grappe))
        self.classeur: Classeur | None = None
        self.fields["source"].initial = derniere_source(grappe)
        choix: Any = self.fields["correspondance"]
        choix.choices = [
            (CELLE_QUI_CONVIENT, "Avec celle de la grappe qui lui va, sinon une nouvelle"),
            *((str(c.pk), f"« {c.nom} » (code {c.code})") for c in self.connues),
            (NOUVELLE, "Avec une nouvelle : Treille devine, vous relisez"),
        ]
        if not self.connues:
            del self.fields["correspondance"]

    def clean_source(self) -> str:
        """L'outil, tel qu'on l'a déjà écrit."""
        return source_connue(self.grappe, " ".join(self.cleaned_data["source"].split()))

    def reconnaitre(self, fichier: File) -> None:
        """Un classeur qui s'ouvre, sans NIR."""
        try:
            self.classeur = ouvrir(fichier)
        except FichierRefuse as refus:
            raise forms.ValidationError(refus.message) from refus

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

    def deviner(self) -> Reglages:
        """Ce que Treille comprend d'elle-même. Lève `FichierRefuse` si rien ne se lit."""
        assert self.classeur is not None  # le formulaire est valide
        lecture = proposer_lecture(self.classeur)
        grille = self.classeur.lire(lecture)
        colonnes = {normaliser(grille.entetes[r]): code for r, code in proposer_colonnes(grille.entetes).items()}
        return Reglages(lecture.en_json(), colonnes, entetes=grille.entetes)


class LectureTicketsForm(LectureForm):
    """Où lire dans l'export, et avec quel séparateur."""

    separateur_dit = True


class RelierTicketsForm(LiaisonForm):
    """Les colonnes d'un export de tickets ; ses ESMS, ses modules, ce qui bloque."""

    attendues = COLONNES

    def __init__(self, *args: Any, portee: Portee, **kwargs: Any) -> None:
        self.portee, self.choix = portee, choix_de(portee)
        self.en_trop: list[str] = []
        self.ecrits: dict[tuple[str, str], str] = {}
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "Lettres, chiffres et tirets : il distingue deux façons de lire."

    def choix_de_colonne(self) -> list[Any]:
        """Les colonnes attendues."""
        return [("", "Ne pas reprendre"), *COLONNES.items()]

    def deviner(self) -> dict[int, str]:
        """Ce que disent les intitulés."""
        return proposer_colonnes(self.grille.entetes)

    def rencontrer(self, colonnes: dict[str, str]) -> dict[str, dict[str, Rencontre]]:
        """Les mots des colonnes reliées, ce qui reste à dire d'abord ; ni les numéros FINESS, ni les cases vides."""
        rendu = {}
        for code, rang in rangs(self.grille, colonnes).items():
            if code not in A_MOTS:
                continue
            mots = self._mots(code, rang)
            clairs = {cle for cle in mots if self.proposer(code, cle)}
            if len(mots) - len(clairs) > MOTS_MAXIMAUX:
                self.en_trop.append(code)
            ordre = sorted(mots, key=clairs.__contains__)
            rendu[code] = {cle: mots[cle] for cle in ordre[:MOTS_MAXIMAUX]}
        return rendu

    def _mots(self, code: str, rang: int) -> dict[str, Rencontre]:
        rendu: dict[str, Rencontre] = {}
        for ligne in self.grille.lignes:
            case = ligne.cellules[rang]
            cle = normaliser(case.texte)
            if not cle or case.est_formule or (code == ESMS and finess_de(case.texte)):
                continue
            self.ecrits.setdefault((code, cle), case.texte)
            deja = rendu.get(cle, Rencontre(case.texte[:60], 0, case.place))
            rendu[cle] = Rencontre(deja.mot, deja.nombre + 1, deja.place)
        return rendu

    def proposer(self, code: str, cle: str) -> Any:
        """La seule valeur que ce mot puisse dire ; None à choisir."""
        return proposer(code, self.ecrits.get((code, cle), cle), self.choix[code])

    def choix_de_mot(self, code: str, initial: str) -> list[tuple[str, str]]:
        """Les ESMS de la grappe, les modules, ce qui bloque ; et ce qui n'en est pas."""
        offres = [(c.cle, f"{c.libelle} ({c.cle})" if code == ESMS else c.libelle) for c in self.choix[code]]
        autres = {
            ESMS: [(RIEN, "Toute la grappe, aucun ESMS en particulier"), (AILLEURS, "Pas dans cette grappe")],
            MODULE: [(RIEN, "N’en rien reprendre")],
        }.get(code, [])
        partie = initial and initial not in {cle for cle, _ in [*offres, *autres]}
        return [("", "À choisir"), *offres, *([(initial, initial)] if partie else []), *autres]

    def libelle(self, code: str) -> str:
        """Le nom d'une colonne attendue."""
        return COLONNES[code]

    def controler(self, reglages: Reglages) -> list[str]:
        """L'indispensable relié, rien deux fois, pas de colonne prise pour une autre."""
        fautes = controler(self.grille, reglages.colonnes)
        return fautes + [TROP_DE_MOTS.format(COLONNES[code], MOTS_MAXIMAUX) for code in self.en_trop]
