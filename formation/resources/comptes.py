"""Les comptes signalés par l'éditeur : un fichier, ses colonnes reliées, un aperçu et un rapport sans un nom.

Le travail et son rapport se lisent par l'administrateur : on n'y écrit que des numéros de ligne et des nombres, jamais
un identifiant ni ce que contient une case.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.urls import reverse

from formation.calculs.comptes import Signale
from formation.permissions import NOMS_RESERVES, peut_gerer_professionnels
from formation.services import import_comptes as service
from formation.services.import_comptes import GENRE, Changement
from programme.models import Parcours
from programme.socle.classeur import Cellule, lire_tableau
from programme.socle.classeur import Ligne as Rangee
from programme.socle.droits import Droit
from programme.socle.erreurs import Refus
from programme.socle.imports import (
    CREE,
    INCHANGE,
    MODIFIE,
    REJETE,
    Apercu,
    Comparaison,
    Import,
    colonnes_reliees,
    inscrire,
)
from programme.socle.nombres import accorde
from programme.socle.texte import normaliser
from programme.socle.travaux import Contexte, TravailRefuse

FEUILLE = "Comptes"
COLONNES: dict[str, str] = {
    "identifiant": "Identifiant",
    "nom": "Nom",
    "prenom": "Prénom",
    "matricule": "Matricule",
    "profil": "Profil",
    "actif": "Actif",
    "partage": "Partagé",
    "cree_le": "Créé le",
    "derniere_connexion": "Dernière connexion",
}
CONNUES = {
    "login": "identifiant",
    "compte": "identifiant",
    "utilisateur": "identifiant",
    "identifiant de connexion": "identifiant",
    "nom et prenom": "nom",
    "nom prenom": "nom",
    "groupe": "profil",
    "role": "profil",
    "statut": "actif",
    "compte actif": "actif",
    "compte partage": "partage",
    "generique": "partage",
    "date de creation": "cree_le",
    "creation": "cree_le",
    "derniere connexion le": "derniere_connexion",
    "date de derniere connexion": "derniere_connexion",
}
OUI = {"oui", "o", "x", "vrai", "1", "actif", "active", "ouvert", "true"}
NON = {"non", "n", "faux", "0", "inactif", "inactive", "ferme", "desactive", "suspendu", "bloque", "false"}
FORMULE = "la case contient une formule : collez sa valeur à la place."
SANS_IDENTIFIANT = "la case est vide : un compte a un identifiant."
DEJA_LU = "cet identifiant est déjà à la ligne {} : gardez une seule des deux."
PAS_OUI_NON = "écrivez oui ou non."
PAS_UNE_DATE = "ce n'est pas une date : écrivez-la JJ/MM/AAAA."
APRES = "cette date vient après celle du fichier : corrigez l'une des deux."
TROP_LONG = "plus de {} signes : abrégez."
TOUS_ACTIFS = "Le fichier ne dit pas quels comptes sont actifs : tous sont lus comme actifs."
MOTS = {
    "professionnel_id": "Personne",
    "profil_signale": "Profil signalé",
    "profil_id": "Profil reconnu",
    "est_actif": "Actif",
    "est_partage": "Partagé",
    "cree_le": "Créé le",
    "derniere_connexion": "Dernière connexion",
    "signale_le": "Signalé le",
}
TUS = ("professionnel_id", "profil_signale", "profil_id", "cree_le", "derniere_connexion")
"""Ce qui change se dit, pas ce qu'il y avait ni ce qu'il y a : une colonne mal reliée y mettrait un nom."""


def _parcours(parametres: dict[str, Any]) -> Parcours | None:
    return Parcours.objects.select_related("esms__og", "grappe").filter(pk=parametres.get("parcours", 0)).first()


class _Lecteur:
    """Le fichier lu : des lignes justes, et toutes les fautes des autres."""

    def __init__(self, apercu: Apercu, au: date) -> None:
        self.apercu, self.au = apercu, au
        self.lignes: list[service.Ligne] = []
        self.vus: dict[str, int] = {}

    def lire(self, rangee: Rangee) -> None:
        """Une ligne ; toutes ses fautes se disent ensemble."""
        fautes = {c: FORMULE for c, cellule in rangee.cellules.items() if cellule.est_formule}
        identifiant = rangee["identifiant"].texte
        if not identifiant:
            fautes.setdefault("identifiant", SANS_IDENTIFIANT)
        elif (premiere := self.vus.setdefault(identifiant, rangee.numero)) != rangee.numero:
            fautes["identifiant"] = DEJA_LU.format(premiere)
        for colonne, taille in (("identifiant", 120), ("profil", 80)):
            if len(rangee[colonne].texte) > taille:
                fautes[colonne] = TROP_LONG.format(taille)
        valeurs = {champ: v for champ, v in self._valeurs(rangee, fautes).items() if v is not ...}
        if fautes:
            colonnes = ", ".join(COLONNES[c] for c in fautes)
            phrases = " ".join(f"{COLONNES[c]}{_place(rangee[c])} : {phrase}" for c, phrase in fautes.items())
            self.apercu.noter(REJETE, rangee.numero, f"ligne {rangee.numero}", colonne=colonnes, raison=phrases)
            return
        nom = " ".join((rangee["nom"].texte, rangee["prenom"].texte))
        signale = Signale(
            identifiant, rangee["matricule"].texte.casefold(), normaliser(nom)[:120], valeurs.get("est_partage", False)
        )
        self.lignes.append(service.Ligne(rangee.numero, signale, valeurs))

    def _valeurs(self, rangee: Rangee, fautes: dict[str, str]) -> dict[str, Any]:
        """Ce que la ligne dit du compte ; une colonne absente, ou une case fautive, n'en dit rien."""
        lues: dict[str, Any] = {}
        if "profil" in rangee:
            lues["profil_signale"] = rangee["profil"].texte
        if "actif" in rangee and "actif" not in fautes:
            lues["est_actif"] = _oui_non(rangee["actif"], "actif", fautes, vide=None)
        if "partage" in rangee and "partage" not in fautes:
            lues["est_partage"] = _oui_non(rangee["partage"], "partage", fautes, vide=False)
        for colonne in ("cree_le", "derniere_connexion"):
            if colonne in rangee and colonne not in fautes:
                lues[colonne] = self._jour(rangee[colonne], colonne, fautes)
        return lues

    def _jour(self, cellule: Cellule, colonne: str, fautes: dict[str, str]) -> Any:
        # « 12/03/2027 08:41 » : l'heure ne nous regarde pas.
        premier = cellule.texte.split(" ")[0] if isinstance(cellule.valeur, str) else cellule.valeur
        try:
            jour = Cellule(cellule.place, premier).jour()
        except ValueError:
            fautes[colonne] = PAS_UNE_DATE
            return ...
        if jour and jour > self.au:
            fautes[colonne] = APRES
        return jour


def _oui_non(cellule: Cellule, colonne: str, fautes: dict[str, str], *, vide: bool | None) -> Any:
    mot = normaliser(cellule.texte)
    if mot in OUI | NON:
        return mot in OUI
    if not mot and vide is not None:
        return vide
    fautes[colonne] = PAS_OUI_NON
    return ...


def _place(cellule: Cellule) -> str:
    return f" ({cellule.place})" if cellule.place else ""


def _a_qui(changement: Changement) -> str:
    """S'il est à quelqu'un ; pas à qui."""
    if changement.compte.est_partage:
        return "compte partagé"
    return "rapproché" if changement.compte.professionnel_id else "à rapprocher"


def _ecarts(changement: Changement) -> list[tuple[str, Any, Any]]:
    """Les écarts à montrer : ce qui a changé, sans ce qu'il y avait dans la case."""
    return [
        (MOTS[champ], "", "mis à jour") if champ in TUS else (MOTS[champ], avant, apres)
        for champ, (avant, apres) in changement.ecarts.items()
        if not changement.est_neuf
    ]


class _ComptesCompares(Comparaison):
    def __init__(self, apercu: Apercu, parcours: Parcours, changements: list[Changement], au: date) -> None:
        self.apercu = apercu
        self._parcours, self._changements, self._au = parcours, changements, au

    def ecrire(self, contexte: Contexte) -> None:
        travail = contexte.travail
        if travail.par is None:
            raise TravailRefuse("Des comptes se reprennent au nom de quelqu'un : déposez le fichier depuis leur page.")
        try:
            service.ecrire(parcours=self._parcours, changements=self._changements, au=self._au, par=travail.par)
        except Refus as refus:
            raise TravailRefuse(refus.motif) from refus


class ImportComptes(Import):
    """Les comptes d'un ESMS (`parametres` : parcours, au)."""

    code = GENRE
    libelle = "Comptes du DUI"
    efface_le_fichier = True
    sur_place = True
    tout_ou_rien = True
    colonnes = COLONNES
    titres = ("Compte", "Personne")
    libelle_du_retour = "Revenir aux comptes"
    titre_des_annonces = "Dans cet ESMS"
    remede_des_rejets = "Corrigez ces lignes dans le fichier, puis déposez-le de nouveau."

    def peut(self, utilisateur: Any, parametres: dict[str, Any]) -> Droit:
        """Qui gère l'ESMS."""
        parcours = _parcours(parametres)
        return peut_gerer_professionnels(utilisateur, parcours) if parcours else Droit(False, NOMS_RESERVES)

    def retour(self, parametres: dict[str, Any]) -> str:
        """Les comptes de l'ESMS."""
        return reverse("formation:parcours-comptes", args=[parametres["parcours"]])

    @contextmanager
    def comparer(self, contexte: Contexte, apercu: Apercu) -> Iterator[Comparaison]:
        """Lit tout le fichier ; une seule faute empêche d'écrire, et toutes sont dites."""
        travail = contexte.travail
        parcours, au = _parcours(travail.parametres), date.fromisoformat(travail.parametres["au"])
        if parcours is None:
            raise TravailRefuse("Cet ESMS n'est plus dans la grappe.")
        with travail.fichier.open("rb") as fichier:
            tableau = lire_tableau(
                fichier,
                colonnes=COLONNES,
                indispensables=["identifiant"],
                feuille=FEUILLE,
                reliees=CONNUES | colonnes_reliees(self.code, travail.par),
            )
        apercu.inconnues = tableau.inconnues
        if "actif" not in tableau.presentes:
            apercu.avertissements[TOUS_ACTIFS] += 1
        lecteur = _Lecteur(apercu, au)
        for rangee in tableau.lignes:
            lecteur.lire(rangee)
        compare = service.comparer(parcours, lecteur.lignes, au)
        for c in compare.changements:
            effet = CREE if c.est_neuf else MODIFIE
            apercu.noter(effet, c.numero, f"ligne {c.numero}", _a_qui(c), ecarts=_ecarts(c))
        apercu.compter(INCHANGE, compare.inchanges)
        apercu.annonces += _annonces(compare)
        yield _ComptesCompares(apercu, parcours, compare.changements, au)


def _annonces(compare: service.Comparaison) -> list[str]:
    """Ce qui reste à faire à la main, en nombres."""
    dites = (
        (compare.a_rapprocher, "compte", "à rapprocher d'une personne, depuis la page des comptes"),
        (compare.profils_inconnus, "compte", "dont le profil n'est pas reconnu : dites lequel, une fois par mot"),
        (compare.absents, "compte connu absent,comptes connus absents", "du fichier : rien n'en est déduit"),
        (compare.ignores, "compte fermé,comptes fermés", "à personne de connu : pas gardés, ils n'apprennent rien"),
    )
    return [f"{accorde(nombre, formes)} {suite}." for nombre, formes, suite in dites if nombre]


inscrire(ImportComptes())
