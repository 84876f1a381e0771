"""Un import, toujours le même : analyser, montrer, confirmer, rendre compte.

Chaque genre d'import dit comment comparer un fichier à la base, et comment écrire cette comparaison-là. Le reste est
ici : dépôt, aperçu par onglets, confirmation (même fichier, même effet, sinon rien), rapport CSV.
"""

import csv
import hashlib
import io
import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import date
from functools import partial
from tempfile import TemporaryFile
from typing import IO, Any, ClassVar

from django.core.files import File
from django.db import transaction

from programme.socle.droits import Droit
from programme.socle.enums import EtatTravail
from programme.socle.exports import neutraliser
from programme.socle.models import Correspondance, Travail
from programme.socle.nombres import accorde
from programme.socle.registres import Registre
from programme.socle.texte import porte_nir
from programme.socle.travaux import (
    FICHIER_PARTI,
    Contexte,
    Genre,
    TravailRefuse,
    executer_sur_place,
    lancer,
    oublier_le_fichier,
    preparer,
)
from programme.socle.travaux import inscrire as inscrire_travail

LIGNES_PAR_ONGLET = 200

CREE, MODIFIE, FERME, INCHANGE, REJETE = "cree", "modifie", "ferme", "inchange", "rejete"
FORMES = {
    CREE: "créé,créés",
    MODIFIE: "modifié,modifiés",
    FERME: "fermé,fermés",
    REJETE: "rejeté,rejetés",
    INCHANGE: "inchangé,inchangés",
}
LIBELLES = {CREE: "Créés", MODIFIE: "Modifiés", FERME: "Fermés", REJETE: "Rejetés", INCHANGE: "Inchangés"}
_ECRITS = (CREE, MODIFIE, FERME)

_APERCU, _ECRITURE = ", aperçu", ", écriture"

NIR_DANS_LE_NOM = (
    "Le nom de ce fichier contient un numéro de sécurité sociale (NIR ou INS) : Treille ne reçoit aucune donnée de "
    "personne accompagnée ; renommez-le, puis déposez-le de nouveau."
)
APERCU_PERIME = (
    "Les données ont changé depuis l'aperçu : rien n'est écrit. Refaites l'aperçu et relisez-le avant de confirmer."
)

Ecarts = Iterable[tuple[str, Any, Any]]


def en_mots(valeur: Any) -> str:
    """Une valeur telle qu'on la lit : dates en jj/mm/aaaa, oui ou non, vide."""
    if valeur is None or valeur == "":
        return ""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    return f"{valeur:%d/%m/%Y}" if isinstance(valeur, date) else str(valeur)


def _ordre(avertissement: tuple[str, int]) -> list[Any]:
    """« Ligne 9 » avant « Ligne 10 »."""
    return [int(mot) if mot.isdigit() else mot for mot in re.split(r"([0-9]+)", avertissement[0])]


class Apercu:
    """Ce qu'un import ferait : des nombres, les premières lignes de chaque onglet, et tout dans le rapport.

    `signature` résume tous les effets : deux analyses qui feraient la même chose ont la même. `annonces` : ce qui vaut
    pour l'ensemble, en phrases. `suites` : ce qui reste à faire une fois écrit (texte, lien, libellé). `memoire` : ce
    que l'écriture n'aura pas à refaire. `tout_ou_rien` : une seule ligne rejetée, et rien n'est à écrire.
    """

    def __init__(self, rapport: IO[bytes], *, tout_ou_rien: bool = False) -> None:
        self.tout_ou_rien = tout_ou_rien
        self.annonces: list[str] = []
        self.suites: list[dict[str, str]] = []
        self.memoire: list[Any] = []
        self.nombres: Counter[str] = Counter()
        self.lignes: dict[str, list[dict[str, Any]]] = {effet: [] for effet in FORMES}
        self.avertissements: Counter[str] = Counter()
        self.inconnues: list[str] = []
        self._somme = hashlib.sha256()
        self._texte = io.TextIOWrapper(rapport, encoding="utf-8-sig", newline="", write_through=True)
        self._csv = csv.writer(self._texte, delimiter=";", lineterminator="\r\n")
        self._csv.writerow(["ligne", "effet", "numéro", "nom", "colonne", "avant", "après", "raison"])

    def noter(
        self,
        effet: str,
        ligne: int,
        cle: str,
        nom: str = "",
        *,
        ecarts: Ecarts = (),
        colonne: str = "",
        raison: str = "",
    ) -> None:
        """Ajoute une ligne à l'onglet `effet` et au rapport."""
        mots = [(titre, en_mots(avant), en_mots(apres)) for titre, avant, apres in ecarts]
        self.nombres[effet] += 1
        self._somme.update(repr((effet, cle, mots)).encode())
        singulier = FORMES[effet].split(",")[0]
        for titre, avant, apres in mots or [(colonne, "", "")]:
            self._csv.writerow([ligne, *map(neutraliser, (singulier, cle, nom, titre, avant, apres, raison))])
        if len(self.lignes[effet]) < LIGNES_PAR_ONGLET:
            self.lignes[effet].append(
                {"ligne": ligne, "cle": cle, "nom": nom, "ecarts": mots, "colonne": colonne, "raison": raison}
            )

    def compter(self, effet: str, nombre: int) -> None:
        """Ajoute au décompte des lignes qu'il n'y a pas lieu de montrer (inchangées)."""
        self.nombres[effet] += nombre

    @property
    def a_ecrire(self) -> int:
        """Nombre de lignes que la confirmation écrirait."""
        if self.tout_ou_rien and self.nombres[REJETE]:
            return 0
        return sum(self.nombres[effet] for effet in _ECRITS)

    @property
    def signature(self) -> str:
        """Empreinte de ce qui serait écrit."""
        somme = self._somme.copy()
        if self.annonces:
            somme.update(repr(self.annonces).encode())
        return somme.hexdigest()

    def fermer(self) -> None:
        """Rend la main sur le fichier du rapport, prêt à être lu."""
        self._texte.detach()

    def en_json(self) -> dict[str, Any]:
        """Ce que le travail garde, et que la page montre."""
        return {
            "nombres": dict(self.nombres),
            "decompte": decompte(self.nombres),
            "lignes": {effet: lignes for effet, lignes in self.lignes.items() if lignes},
            "avertissements": sorted(((phrase, n) for phrase, n in self.avertissements.items() if n), key=_ordre),
            "inconnues": self.inconnues,
            "annonces": self.annonces,
            "suites": self.suites,
            "memoire": self.memoire,
            "a_ecrire": self.a_ecrire,
            "signature": self.signature,
        }


def decompte(nombres: dict[str, int]) -> str:
    """« 18 créés, 7 modifiés, 184 inchangés, 5 rejetés » : seulement ce qui existe."""
    return ", ".join(accorde(nombres[e], formes) for e, formes in FORMES.items() if nombres.get(e)) or "aucune ligne"


class Comparaison(ABC):
    """Un fichier comparé à la base : `ecrire()` applique exactement ce que l'aperçu montre."""

    apercu: Apercu

    @abstractmethod
    def ecrire(self, contexte: Contexte) -> None:
        """Applique tout ou rien."""


class Import(ABC):
    """Un genre d'import. `exclusif` : une seule écriture à la fois. `sur_place` : assez petit pour la requête.
    `efface_le_fichier` : une fois écrit, il quitte le disque (il porte des noms).

    `reserve` : ses lignes disent quelque chose de chacun ; qui n'a pas le droit de le mener n'en lit que les nombres.
    `tout_ou_rien` : une faute empêche d'écrire. `etapes` : ce qui précède l'aperçu. `colonnes` : code → intitulé de
    celles qu'on relie depuis l'aperçu. `titres` : ce que sont la clé et le nom d'une ligne de l'aperçu.
    """

    code: str
    libelle: str
    exclusif = False
    efface_le_fichier = False
    sur_place = False
    tout_ou_rien = False
    colonnes: ClassVar[dict[str, str]] = {}
    titres: ClassVar[tuple[str, str]] = ("FINESS", "ESMS")
    reserve = False
    etapes: ClassVar[tuple[str, ...]] = ("Fichier",)
    libelle_des_rejets = LIBELLES[REJETE]
    mention_des_rejets = ""
    libelle_du_retour = "Déposer un autre fichier"
    titre_des_annonces = "Pour toute la grappe"
    remede_des_rejets = (
        "Corrigez le classeur, ou ce qui en est repris, puis recommencez : la correspondance est gardée."
    )

    @abstractmethod
    def comparer(self, contexte: Contexte, apercu: Apercu) -> AbstractContextManager[Comparaison]:
        """Lit tout le fichier du travail, remplit l'aperçu, ne touche pas la base."""

    @abstractmethod
    def peut(self, utilisateur: Any, parametres: dict[str, Any]) -> Droit:
        """Qui peut déposer et confirmer."""

    @abstractmethod
    def retour(self, parametres: dict[str, Any]) -> str:
        """Adresse de la page d'où l'on est parti."""

    def gestes(self, travail: Travail) -> list[dict[str, str]]:
        """Ce que l'aperçu propose en plus de confirmer : adresse et libellé."""
        return []


imports: Registre[Import] = Registre("imports")


def inscrire(import_: Import) -> Import:
    """Ajoute un genre d'import ; c'est aussi un genre de travail."""
    inscrire_travail(Genre(import_.code, import_.libelle, partial(_executer, import_)))
    return imports.inscrire(import_.code, import_)


def _executer(import_: Import, contexte: Contexte) -> dict[str, Any]:
    travail = contexte.travail
    ecrire = bool(travail.parametres.get("ecrire"))
    if not (droit := import_.peut(travail.par, travail.parametres)):
        raise TravailRefuse(droit.motif)
    if not travail.fichier:
        raise TravailRefuse(FICHIER_PARTI)
    with TemporaryFile() as fichier:
        apercu = Apercu(fichier, tout_ou_rien=import_.tout_ou_rien)
        with import_.comparer(contexte, apercu) as comparaison:
            if ecrire:
                _exiger_meme_effet(travail, apercu)
                contexte.avancer(travail.fait, message="Écriture en cours…", aussitot=True)
                with transaction.atomic():
                    comparaison.ecrire(contexte)
                    contexte.sceller(apercu.en_json() | {"ecrit": True})
        apercu.fermer()
        fichier.seek(0)
        travail.rapport.save("rapport.csv", File(fichier), save=False)
    if ecrire and import_.efface_le_fichier:
        oublier_le_fichier(str(travail.fichier.name))
        travail.fichier = ""
    return apercu.en_json() | {"ecrit": ecrire}


def _exiger_meme_effet(travail: Travail, apercu: Apercu) -> None:
    montre = (travail.suite_de.resultat or {}).get("signature") if travail.suite_de else None
    if montre != apercu.signature:
        raise TravailRefuse(APERCU_PERIME)


def deposer(
    code: str, *, fichier: File, par: Any, objet: str = "", parametres: dict[str, Any] | None = None
) -> Travail:
    """Range un fichier et lance son analyse ; rien n'est écrit avant `confirmer()`. Lève `TravailRefuse`."""
    import_ = imports[code]
    if porte_nir(fichier.name or ""):
        raise TravailRefuse(NIR_DANS_LE_NOM)
    return lancer(
        code,
        par=par,
        fichier=fichier,
        objet=(objet or import_.libelle) + _APERCU,
        parametres=parametres,
        sur_place=import_.sur_place,
    )


def refaire(
    travail: Travail, *, par: Any, code: str = "", objet: str = "", parametres: dict[str, Any] | None = None
) -> Travail:
    """Refait l'aperçu du même fichier (colonnes reliées depuis, données changées).

    `code`, `objet`, `parametres` : ceux d'un autre travail, pour un fichier d'abord reçu sans être comparé.
    """
    import_ = imports[code or travail.genre]
    gardes = {cle: valeur for cle, valeur in travail.parametres.items() if cle != "ecrire"}
    return lancer(
        import_.code,
        par=par,
        objet=(objet or travail.objet.removesuffix(_ECRITURE).removesuffix(_APERCU)) + _APERCU,
        parametres=parametres or gardes,
        suite_de=travail,
        sur_place=import_.sur_place,
    )


def confirmer(travail: Travail, *, par: Any) -> Travail:
    """Lance l'écriture d'un aperçu. Lève `TravailRefuse` : déjà confirmé, rien à écrire, autre import en route."""
    suite = _preparer_ecriture(travail, par)
    return executer_sur_place(suite) if imports[travail.genre].sur_place else suite


@transaction.atomic
def _preparer_ecriture(travail: Travail, par: Any) -> Travail:
    travail = Travail.objects.select_for_update().get(pk=travail.pk)
    import_ = imports[travail.genre]
    resultat = travail.resultat or {}
    ecritures = Travail.objects.filter(genre=travail.genre, parametres__ecrire=True)
    if not (droit := import_.peut(par, travail.parametres)):
        raise TravailRefuse(droit.motif)
    if travail.etat != EtatTravail.TERMINE or travail.parametres.get("ecrire") or not resultat.get("a_ecrire"):
        raise TravailRefuse("Il n'y a rien à confirmer ici : déposez un fichier, puis relisez son aperçu.")
    if ecritures.filter(suite_de=travail).exclude(etat__in=[EtatTravail.ECHEC]).exists():
        raise TravailRefuse("Cet aperçu est déjà confirmé.")
    if import_.exclusif and ecritures.en_route().exists():
        raise TravailRefuse("Un autre import du même genre est en cours d'écriture : attendez qu'il finisse.")
    return preparer(
        travail.genre,
        par=par,
        objet=travail.objet.removesuffix(_APERCU) + _ECRITURE,
        parametres=travail.parametres | {"ecrire": True},
        suite_de=travail,
        en_file=not import_.sur_place,
    )


def colonnes_reliees(code: str, par: Any) -> dict[str, str]:
    """Colonnes que ce compte a déjà reliées pour ce genre : intitulé normalisé → colonne attendue."""
    correspondance = Correspondance.objects.filter(genre=code, par=par, code="").first()
    return correspondance.colonnes if correspondance else {}


@transaction.atomic
def relier_colonnes(code: str, *, par: Any, colonnes: dict[str, str]) -> Correspondance:
    """Retient que ces intitulés désignent ces colonnes ; une valeur vide oublie le lien."""
    correspondance, _ = Correspondance.objects.get_or_create(genre=code, par=par, code="")
    reliees = correspondance.colonnes | colonnes
    correspondance.colonnes = {intitule: colonne for intitule, colonne in reliees.items() if colonne}
    correspondance.save()
    return correspondance
