"""Import du catalogue des indicateurs : emporté, corrigé au tableur, rapporté par l'administrateur."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.urls import reverse

from programme.models import Utilisateur
from programme.socle.classeur import Ligne, lire_tableau
from programme.socle.droits import Droit
from programme.socle.imports import (
    APERCU_PERIME,
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
from programme.socle.travaux import Contexte, TravailRefuse
from usages.calculs.colonnes_catalogue import INDISPENSABLES, INTITULES, en_case, lire
from usages.permissions import peut_tenir_le_catalogue
from usages.services.indicateurs import catalogue as service
from usages.services.indicateurs.catalogue import Changement, Comparateur

FORMULE = "la case contient une formule : collez sa valeur à la place."
SANS_CODE = "donnez le code de l'indicateur : des lettres sans accent, des chiffres, des tirets."
DEJA_LU = "ce code est déjà à la ligne {} : gardez une seule des deux."
SANS_AUTEUR = "Un catalogue se rapporte au nom de quelqu'un : déposez-le depuis la page des indicateurs."


def _cases(ligne: Ligne) -> tuple[dict[str, str], dict[str, str]]:
    """Les cases en texte, et celles qui calculent au lieu de dire."""
    formules = {c: FORMULE for c, cellule in ligne.cellules.items() if cellule.est_formule}
    cases = {c: cellule.texte for c, cellule in ligne.cellules.items() if c not in formules}
    return cases, formules


class _Lecteur:
    """Un tableau lu face au catalogue."""

    def __init__(self, apercu: Apercu) -> None:
        self.apercu = apercu
        self.vus: dict[str, int] = {}
        self.lues: list[tuple[int, dict[str, Any]]] = []
        self.rejets: list[tuple[int, str, str, dict[str, str]]] = []

    def lire(self, ligne: Ligne) -> None:
        """Une ligne : toutes ses fautes se disent ensemble."""
        cases, formules = _cases(ligne)
        valeurs, fautes = lire(cases)
        fautes |= formules
        code = valeurs.get("code", "")
        premiere = self.vus.setdefault(code, ligne.numero) if code else ligne.numero
        if not code and "code" not in fautes:
            fautes["code"] = SANS_CODE
        if premiere != ligne.numero:
            fautes["code"] = DEJA_LU.format(premiere)
        if fautes:
            self.rejets.append((ligne.numero, code, valeurs.get("libelle", ""), fautes))
        else:
            self.lues.append((ligne.numero, valeurs))

    def comparer(self) -> list[Changement]:
        """Ce que le tableau changerait ; l'aperçu est rempli, dans l'ordre du fichier."""
        comparateur = Comparateur(valeurs for _, valeurs in self.lues)
        changements = comparateur.changements()
        comparateur.controler(changements)
        retenus = []
        for (numero, _), changement in zip(self.lues, changements, strict=True):
            nom = changement.valeurs["libelle"]
            if changement.fautes:
                self.rejets.append((numero, changement.code, nom, changement.fautes))
            elif not changement.ecarts:
                self.apercu.compter(INCHANGE, 1)
            else:
                effet = MODIFIE if changement.indicateur else CREE
                self.apercu.noter(effet, numero, changement.code, nom, ecarts=_en_mots(changement))
                retenus.append(changement)
        for phrase in comparateur.avertissements(retenus):
            self.apercu.avertissements[phrase] += 1
        for numero, code, nom, fautes in sorted(self.rejets, key=lambda rejet: rejet[0]):
            colonnes = ", ".join(INTITULES[c] for c in fautes)
            phrases = " ".join(f"{INTITULES[c]} : {phrase}" for c, phrase in fautes.items())
            self.apercu.noter(REJETE, numero, code[:60], nom, colonne=colonnes, raison=phrases)
        return retenus


def _en_mots(changement: Changement) -> list[tuple[str, str, str]]:
    """Les écarts, tels qu'on les lit ; d'un indicateur neuf, ce qu'il dit."""
    neuf = changement.indicateur is None
    return [
        (INTITULES[c], "" if neuf else en_case(c, avant), en_case(c, apres))
        for c, (avant, apres) in changement.ecarts.items()
        if not neuf or apres not in ("", None, ())
    ]


class _CatalogueCompare(Comparaison):
    def __init__(self, apercu: Apercu, changements: list[Changement]) -> None:
        self.apercu = apercu
        self._changements = changements

    @transaction.atomic
    def ecrire(self, contexte: Contexte) -> None:
        actuels = service.catalogue()
        for changement in self._changements:
            lu = changement.indicateur
            actuel = actuels.get(changement.code)
            # La comparaison s'est faite hors transaction : ce qu'elle a lu doit valoir encore.
            if (actuel is None) != (lu is None) or (actuel and lu and not _vaut_encore(changement, actuel)):
                raise TravailRefuse(APERCU_PERIME)
        service.appliquer(changements=self._changements, par=_auteur(contexte))


def _vaut_encore(changement: Changement, actuel: Any) -> bool:
    valeurs = service.valeurs_de(actuel)
    return all(valeurs[c] == avant for c, (avant, _) in changement.ecarts.items())


def _auteur(contexte: Contexte) -> Utilisateur:
    if contexte.travail.par is None:
        raise TravailRefuse(SANS_AUTEUR)
    return contexte.travail.par


class ImportCatalogue(Import):
    """Le catalogue des indicateurs, pour tout le monde."""

    code = "indicateurs"
    libelle = "Catalogue des indicateurs"
    sur_place = True
    tout_ou_rien = True
    colonnes = INTITULES
    titres = ("Code", "Indicateur")
    libelle_du_retour = "Revenir au catalogue"
    remede_des_rejets = "Corrigez le classeur, puis rapportez-le : rien n'est encore écrit."

    def peut(self, utilisateur: Any, parametres: dict[str, Any]) -> Droit:
        """L'administrateur."""
        return peut_tenir_le_catalogue(utilisateur)

    def retour(self, parametres: dict[str, Any]) -> str:
        """Le catalogue."""
        return reverse("usages:indicateur-liste")

    @contextmanager
    def comparer(self, contexte: Contexte, apercu: Apercu) -> Iterator[Comparaison]:
        """Lit tout le tableau ; une seule faute empêche d'écrire, et toutes sont dites."""
        travail = contexte.travail
        with travail.fichier.open("rb") as fichier:
            tableau = lire_tableau(
                fichier,
                colonnes=INTITULES,
                indispensables=list(INDISPENSABLES),
                feuille=service.FEUILLE,
                reliees=colonnes_reliees(self.code, travail.par),
            )
        apercu.inconnues = tableau.inconnues
        lecteur = _Lecteur(apercu)
        for ligne in tableau.lignes:
            lecteur.lire(ligne)
        yield _CatalogueCompare(apercu, lecteur.comparer())


inscrire(ImportCatalogue())
