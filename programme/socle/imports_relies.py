"""Un import dont on relie d'abord les colonnes et les mots : ce qu'il attend, le fichier qui patiente, le ménage.

Chaque genre dit ses colonnes, à qui sont ses correspondances, comment il compare et écrit. La page qui dépose et celle
qui relie sont `programme.views.relier` ; la commande, `programme.management.importer`.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import IO, Any, ClassVar

from django.db import transaction
from django.utils import timezone

from programme.socle.droits import Droit
from programme.socle.erreurs import Refus
from programme.socle.grilles import Classeur, Grille, Lecture, ouvrir_classeur
from programme.socle.imports import APERCU_PERIME, Apercu, Comparaison, Import, imports, inscrire
from programme.socle.liaisons import Reglages, controler
from programme.socle.models import Correspondance, Travail
from programme.socle.nombres import accorde
from programme.socle.travaux import Contexte, Genre, TravailRefuse, oublier_les_fichiers
from programme.socle.travaux import inscrire as inscrire_travail

CORRESPONDANCE_PARTIE = "Cette correspondance n'existe plus, ou n'est pas à vous : reliez de nouveau le fichier."
SANS_AUTEUR = "Un fichier s'importe au nom de quelqu'un : déposez-le depuis sa page."
ECRITURE_REFUSEE = "{} Rien n'est écrit ; refaites l'aperçu."


class ImportRelie(Import):
    """Un genre d'import qui se relie : `attendues` (code → intitulé), `indispensables`, `a_mots` (reliées mot à mot).

    `ampleur` : combien de fois 5 000 lignes. `garde` : combien de temps un fichier jamais confirmé reste sur le disque
    (None : on le garde) ; `gardes_aussi` : les autres genres que le même ménage efface. `chose` : ce qu'est le fichier,
    au singulier puis au pluriel, dans la liste des travaux.
    """

    exclusif = True
    reserve = True
    efface_le_fichier = True
    etapes = ("Fichier", "Colonnes et mots")
    revoir = "Revoir les colonnes et les mots"
    attendues: ClassVar[Mapping[str, Any]] = {}
    indispensables: ClassVar[tuple[str, ...]] = ()
    a_mots: ClassVar[tuple[str, ...]] = ()
    ampleur = 5
    garde: ClassVar[timedelta | None] = timedelta(days=7)
    gardes_aussi: ClassVar[tuple[str, ...]] = ()
    chose: ClassVar[tuple[str, str]]

    @property
    def depot(self) -> str:
        """Le genre de travail d'un fichier déposé, qui attend qu'on le relie."""
        return f"{self.code}-depot"

    # --- ce que dit chaque genre -------------------------------------------------------------------------------------

    @abstractmethod
    def peut_relier(self, utilisateur: Any, correspondance: Correspondance) -> Droit:
        """Qui peut s'en servir, et la changer."""

    @abstractmethod
    def adresse(self, parametres: dict[str, Any]) -> str:
        """La page qui relie, avec cette correspondance."""

    def proposer(self, grille: Grille) -> dict[int, str]:
        """Rang de colonne → code, pour ce qui est clair ; rien, à défaut."""
        return {}

    def controler(self, grille: Grille, colonnes: dict[str, str]) -> list[str]:
        """Ce qui empêche de lire tout le fichier, en phrases. `colonnes` : intitulé normalisé → code."""
        return [*grille.fautes, *controler(grille.entetes, colonnes, self.attendues, self.indispensables)]

    def epurer(self, reglages: Reglages) -> Reglages:
        """Ce qu'une correspondance garde : sans les mots tels qu'écrits, leur forme normalisée suffit."""
        return replace(reglages, mots={})

    def fixer(self, lecture: Lecture, classeur: Classeur) -> Lecture:
        """Où lire, tel qu'on le retient."""
        return lecture

    # --- lire --------------------------------------------------------------------------------------------------------

    def ouvrir(self, fichier: IO[bytes], separateur: str = "") -> Classeur:
        """Le fichier, ou ce qu'il en faut pour relier. Lève `FichierRefuse`."""
        return ouvrir_classeur(fichier, ampleur=self.ampleur, separateur=separateur)

    def lire(self, fichier: IO[bytes], correspondance: Correspondance) -> tuple[Grille, list[str]]:
        """La grille là où le dit la correspondance, et ce qui empêche de la lire. Lève `FichierRefuse`."""
        lecture = Lecture.depuis_json(correspondance.options["lecture"])
        grille = self.ouvrir(fichier, lecture.separateur).lire(lecture, discret=self.reserve)
        return grille, self.controler(grille, correspondance.colonnes)

    # --- les travaux -------------------------------------------------------------------------------------------------

    def correspondance(self, parametres: dict[str, Any]) -> Correspondance | None:
        """Celle que nomment ces paramètres, si elle est encore là et à qui ils visent."""
        siennes = Correspondance.objects.select_related("og", "par").filter(genre=self.code)
        trouvee = siennes.filter(pk=parametres.get("correspondance", 0)).first()
        if trouvee is None or not a_qui(trouvee).items() <= parametres.items():
            return None
        return trouvee

    def peut(self, utilisateur: Any, parametres: dict[str, Any]) -> Droit:
        """Qui peut relier la correspondance nommée."""
        correspondance = self.correspondance(parametres)
        return self.peut_relier(utilisateur, correspondance) if correspondance else Droit(False, CORRESPONDANCE_PARTIE)

    def exiger_correspondance(self, travail: Travail) -> Correspondance:
        """Celle du travail. Lève `TravailRefuse`."""
        if (correspondance := self.correspondance(travail.parametres)) is None:
            raise TravailRefuse(CORRESPONDANCE_PARTIE)
        return correspondance

    def adresse_pour_relier(self, travail: Travail) -> str:
        """La page qui relie ce dépôt."""
        return f"{self.adresse(travail.parametres)}?travail={travail.pk}"

    def gestes(self, travail: Travail) -> list[dict[str, str]]:
        """Revenir aux colonnes, tant que le fichier est là."""
        return [{"url": self.adresse_pour_relier(travail), "libelle": self.revoir}] if travail.fichier else []

    def recevoir(self, contexte: Contexte) -> dict[str, Any]:
        """Un fichier déposé attend que ses colonnes soient reliées : il est gardé, et l'on dit où continuer."""
        if not (droit := self.peut(contexte.travail.par, contexte.travail.parametres)):
            raise TravailRefuse(droit.motif)
        return {"lien": self.adresse_pour_relier(contexte.travail), "lien_libelle": "Relier ses colonnes"}

    def effacer_les_oublies(self, contexte: Contexte | None) -> dict[str, Any]:
        """Un fichier jamais confirmé, qui porte des noms, ne reste pas sur le disque."""
        assert self.garde is not None  # `inscrire_relie` l'a vérifié
        nombre = oublier_les_fichiers([self.code, self.depot, *self.gardes_aussi], timezone.now() - self.garde)
        return {"decompte": accorde(nombre, "fichier effacé,fichiers effacés")}


class FichierCompare(Comparaison):
    """Un fichier comparé ; `appliquer` l'écrit et rend ce qui reste à faire (texte, lien, libellé). Tout, ou rien."""

    def __init__(self, apercu: Apercu, appliquer: Callable[[Contexte], list[dict[str, str]]]) -> None:
        self.apercu, self._appliquer = apercu, appliquer

    @transaction.atomic
    def ecrire(self, contexte: Contexte) -> None:
        """Écrit ; un refus du service devient celui du travail."""
        try:
            self.apercu.suites = self._appliquer(contexte)
        except Refus as refus:
            perime = refus.code == "concurrence"
            raise TravailRefuse(APERCU_PERIME if perime else ECRITURE_REFUSEE.format(refus.motif)) from refus


def suite(texte: str, lien: str, libelle: str) -> list[dict[str, str]]:
    """Ce qui reste à faire une fois écrit, quand il n'y a qu'une chose."""
    return [{"texte": f"{texte} ; le fichier déposé est effacé.", "lien": lien, "libelle": libelle}]


def compter(contexte: Contexte, formes: str) -> Callable[[int, int], None]:
    """Un témoin qui dit combien sont faits : `formes`, « ligne comparée,lignes comparées »."""
    return lambda fait, total: contexte.avancer(fait, total, accorde(fait, formes))


def auteur(contexte: Contexte) -> Any:
    """Qui a déposé. Lève `TravailRefuse` s'il n'y a personne."""
    if contexte.travail.par is None:
        raise TravailRefuse(SANS_AUTEUR)
    return contexte.travail.par


def a_qui(correspondance: Correspondance) -> dict[str, Any]:
    """À qui elle est : l'organisme, la grappe ; rien si elle n'est qu'à un compte."""
    if correspondance.og_id:
        return {"og": correspondance.og_id}
    grappe = correspondance.options.get("grappe")
    return {"grappe": grappe} if grappe else {}


def import_relie(code: str) -> ImportRelie:
    """Le genre d'import de ce code."""
    trouve = imports[code]
    assert isinstance(trouve, ImportRelie)
    return trouve


def inscrire_relie(import_: ImportRelie) -> None:
    """Ajoute le genre : l'import, le dépôt qui attend d'être relié, le ménage de chaque jour."""
    un, plusieurs = import_.chose
    inscrire_travail(Genre(import_.depot, f"{un}, à relier", import_.recevoir))
    if import_.garde:
        jour = timedelta(days=1)
        inscrire_travail(Genre(f"{import_.code}-menage", plusieurs, import_.effacer_les_oublies, periode=jour))
    inscrire(import_)
