"""Déposer un fichier à relier : le fichier, et la correspondance qui dit comment le lire."""

from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.core.files import File

from programme.forms.imports import DepotForm
from programme.models import Parcours, Utilisateur
from programme.services.correspondances import Chez, ouvrir_brouillon
from programme.socle.finess.refus import FichierRefuse
from programme.socle.grilles import Classeur, Grille, Lecture, proposer_lecture
from programme.socle.imports_relies import import_relie
from programme.socle.liaisons import Reglages
from programme.socle.models import Correspondance
from programme.socle.texte import normaliser

PLUS_HAUT = 5
"""Combien de lignes au-dessus on cherche un meilleur en-tête."""
AILLEURS = "Cette correspondance n’est pas {} : choisissez-en une de la liste."
CELLE_QUI_CONVIENT, NOUVELLE = "convenable", "nouvelle"


class DepotRelieForm(DepotForm):
    """Le fichier, et comment le lire. `nom_du_fichier`, `aide_du_fichier` : comment la page l'appelle.

    `depuis` : l'ESMS d'où l'on vient. `portee` : ce que le compte gère là.
    """

    nom_du_fichier: ClassVar[str] = "Fichier"
    aide_du_fichier: ClassVar[str] = ""
    fichier = forms.FileField(
        error_messages={"required": "Choisissez un fichier.", "empty": "Le fichier est vide : choisissez-en un autre."},
    )
    correspondance: Any = forms.ChoiceField(
        label="Comment le lire",
        widget=forms.RadioSelect,
        initial=CELLE_QUI_CONVIENT,
        required=False,
    )

    def __init__(self, *args: Any, chez: Chez, portee: Any = None, depuis: Parcours | None = None, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.import_ = import_relie(chez.genre)
        self.chez, self.portee, self.depuis = chez, portee, depuis
        self.classeur: Classeur | None = None
        self.fields["fichier"].label, self.fields["fichier"].help_text = self.nom_du_fichier, self.aide_du_fichier
        self.connues = self.lire_connues()
        choix: Any = self.fields["correspondance"]
        choix.error_messages["invalid_choice"] = AILLEURS.format(chez.ailleurs)
        choix.choices = [
            (CELLE_QUI_CONVIENT, f"Avec celle {chez.celle} qui lui va, sinon une nouvelle"),
            *((str(c.pk), f"« {c.nom} » (code {c.code})") for c in self.connues),
            (NOUVELLE, "Avec une nouvelle : Treille devine, vous relisez"),
        ]
        if not self.connues:
            del self.fields["correspondance"]

    def lire_connues(self) -> list[Correspondance]:
        """Celles qu'on peut choisir, la dernière d'abord."""
        return list(self.chez.enregistrees())

    def reconnaitre(self, fichier: File) -> None:
        """Un fichier qui s'ouvre, sans NIR."""
        try:
            self.classeur = self.import_.ouvrir(fichier)
        except FichierRefuse as refus:
            raise forms.ValidationError(refus.message) from refus

    def parametres(self) -> dict[str, Any]:
        """Ce que l'import retient de plus, que la page a demandé."""
        return {}

    def preciser(self, objet: str) -> str:
        """Le nom du travail."""
        return objet

    def choisie(self) -> Correspondance | None:
        """Celle qui est choisie, ou la première dont ce fichier a toutes les colonnes ; None : une nouvelle."""
        choix = self.cleaned_data.get("correspondance") or CELLE_QUI_CONVIENT
        if choix == CELLE_QUI_CONVIENT:
            return next((c for c in self.connues if self._va(c)), None)
        return next((c for c in self.connues if str(c.pk) == choix), None)

    def _va(self, correspondance: Correspondance) -> bool:
        assert self.classeur is not None  # le formulaire est valide
        try:
            grille = self.classeur.lire(Lecture.depuis_json(correspondance.options["lecture"]), discret=True)
        except FichierRefuse:
            return False
        return self.convient(correspondance, grille)

    def convient(self, correspondance: Correspondance, grille: Grille) -> bool:
        """Vrai si ce fichier se lit avec elle."""
        return not self.import_.controler(grille, correspondance.colonnes)

    def proposer(self, grille: Grille) -> dict[int, str]:
        """Rang de colonne → code, pour ce que Treille comprend d'elle-même."""
        return self.import_.proposer(grille)

    def deviner(self) -> Reglages:
        """Ce que Treille comprend d'elle-même. Lève `FichierRefuse` si rien ne se lit."""
        assert self.classeur is not None  # le formulaire est valide
        lecture = self._situer(self.classeur)
        grille = self.classeur.lire(lecture, discret=True)
        colonnes = {normaliser(grille.entetes[rang]): code for rang, code in self.proposer(grille).items()}
        lecture = self.import_.fixer(lecture, self.classeur)
        return Reglages(lecture.en_json(), colonnes, entetes=grille.entetes)

    def _situer(self, classeur: Classeur) -> Lecture:
        """Là où Treille croit lire ; plus haut, si l'indispensable n'y est pas et qu'une ligne au-dessus l'intitule."""
        lecture = proposer_lecture(classeur)
        au_dessus = range(max(1, lecture.ligne_entete - PLUS_HAUT), lecture.ligne_entete)
        for essai in (lecture, *(replace(lecture, ligne_entete=n, nb_entetes=1) for n in au_dessus)):
            if self._comprises(classeur, essai).issuperset(self.import_.indispensables):
                return essai
        return lecture

    def _comprises(self, classeur: Classeur, lecture: Lecture) -> set[str]:
        try:
            return set(self.proposer(classeur.lire(lecture, discret=True)).values())
        except FichierRefuse:
            return set()

    def nommer(self) -> str:
        """Le nom d'une correspondance neuve."""
        return (self.cleaned_data["fichier"].name or self.import_.libelle).rsplit(".", 1)[0]

    def options(self) -> dict[str, Any]:
        """Ce qu'une correspondance neuve dit de plus que ses colonnes."""
        return {}

    def neuve(self, par: Utilisateur) -> Correspondance:
        """Ce qui a été deviné, gardé en attendant qu'on le relise. Lève `FichierRefuse` si rien ne se lit."""
        reglages = self.deviner()
        return ouvrir_brouillon(chez=self.chez, par=par, nom=self.nommer(), reglages=reglages, options=self.options())
