"""Import d'un inventaire d'applications (XLSX, CSV) : comparé à ce qui est dit, écrit tout ou rien par les services."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.urls import reverse

from programme.calculs.inventaire import COLONNES, domaine_de, intitules_connus, sort_de
from programme.enums import DomaineApplication, SortApplication
from programme.models import Application, Parcours
from programme.permissions import SAISIE_RESERVEE, peut_repondre_pour_tous, peut_saisir
from programme.services.lignes import enregistrer, lignes_de
from programme.socle.classeur import Ligne, lire_tableau
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
from programme.socle.texte import normaliser
from programme.socle.travaux import Contexte, TravailRefuse

FEUILLE = "Applications"
FORMULE = "la case contient une formule : collez sa valeur à la place."
SANS_NOM = "donnez le nom de l'application."
DEJA_LUE = "cette application est déjà à la ligne {} : gardez une seule des deux."
INCONNU = "« {} » n'est pas compris ; écrivez l'un de ceux-ci : {}."
TROP_LONG = "plus de {} signes : abrégez."
SANS_USAGE = "La ligne {} ne dit pas à quoi sert l'application : rangée dans « Autre usage »."
_CHOIX: dict[str, tuple[Any, Any]] = {"domaine": (domaine_de, DomaineApplication), "sort": (sort_de, SortApplication)}


def _parcours(parametres: dict[str, Any]) -> Parcours | None:
    lus = Parcours.objects.select_related("esms__departement", "esms__og", "grappe")
    return lus.filter(pk=parametres.get("parcours", 0)).first()


class _Lecteur:
    """Un inventaire lu face à ce qui est déjà dit, au même niveau (l'ESMS, ou tout son OG)."""

    def __init__(self, parcours: Parcours, *, pour_og: bool, apercu: Apercu) -> None:
        dites = [a for a in lignes_de(parcours, Application) if a.est_commune == pour_og]
        self.connues = {a.cle: a for a in dites}
        self.apercu = apercu
        self.vues: dict[str, int] = {}
        self.a_ecrire: list[tuple[Application | None, dict[str, Any]]] = []

    def lire(self, ligne: Ligne) -> None:
        """Compare une ligne ; toutes ses fautes se disent ensemble."""
        valeurs, fautes = self._valeurs(ligne)
        nom = valeurs.get("nom", "")
        premiere = self.vues.setdefault(normaliser(nom), ligne.numero) if nom else ligne.numero
        if not nom and "nom" not in fautes:
            fautes["nom"] = SANS_NOM
        if premiere != ligne.numero:
            fautes["nom"] = DEJA_LUE.format(premiere)
        if fautes:
            colonnes = ", ".join(COLONNES[c] for c in fautes)
            phrases = " ".join(f"{COLONNES[c]} : {phrase}" for c, phrase in fautes.items())
            self.apercu.noter(REJETE, ligne.numero, nom[:30], nom, colonne=colonnes, raison=phrases)
            return
        self._comparer(ligne, valeurs)

    def _valeurs(self, ligne: Ligne) -> tuple[dict[str, Any], dict[str, str]]:
        """Ce que disent les cases remplies : une case vide ne change rien."""
        valeurs: dict[str, Any] = {}
        fautes: dict[str, str] = {}
        for colonne, cellule in ligne.cellules.items():
            texte = cellule.texte
            if cellule.est_formule:
                fautes[colonne] = FORMULE
            elif not texte or texte == "—":
                continue
            elif colonne in _CHOIX:
                lire, enumeration = _CHOIX[colonne]
                valeurs[colonne] = lire(texte)
                if valeurs[colonne] is None:
                    fautes[colonne] = INCONNU.format(texte[:30], ", ".join(str(v.label) for v in enumeration))
            else:
                champ: Any = Application._meta.get_field(colonne)
                valeurs[colonne] = texte
                if len(texte) > champ.max_length:
                    fautes[colonne] = TROP_LONG.format(champ.max_length)
        return valeurs, fautes

    def _comparer(self, ligne: Ligne, valeurs: dict[str, Any]) -> None:
        connue = self.connues.get(normaliser(valeurs["nom"]))
        if connue is None:
            if "domaine" not in valeurs:
                self.apercu.avertissements[SANS_USAGE.format(ligne.numero)] += 1
            valeurs = {"domaine": DomaineApplication.AUTRE.value} | valeurs
        ecarts = {c: v for c, v in valeurs.items() if connue is None or getattr(connue, c) != v}
        if not ecarts:
            self.apercu.compter(INCHANGE, 1)
            return
        mots = [
            (COLONNES[c], _en_mots(c, getattr(connue, c)) if connue else "", _en_mots(c, v)) for c, v in ecarts.items()
        ]
        self.apercu.noter(MODIFIE if connue else CREE, ligne.numero, valeurs["nom"][:30], valeurs["nom"], ecarts=mots)
        self.a_ecrire.append((connue, ecarts))


def _en_mots(colonne: str, valeur: str) -> str:
    return str(_CHOIX[colonne][1](valeur).label) if colonne in _CHOIX else valeur


class _InventaireCompare(Comparaison):
    def __init__(self, apercu: Apercu, parcours: Parcours, lecteur: _Lecteur, *, pour_og: bool) -> None:
        self.apercu = apercu
        self._parcours, self._lecteur, self._pour_og = parcours, lecteur, pour_og

    @transaction.atomic
    def ecrire(self, contexte: Contexte) -> None:
        par = contexte.travail.par
        if par is None:
            raise TravailRefuse("Un inventaire se reprend au nom de quelqu'un : déposez-le depuis l'état des lieux.")
        for connue, valeurs in self._lecteur.a_ecrire:
            try:
                enregistrer(
                    parcours=self._parcours,
                    modele=Application,
                    valeurs=valeurs,
                    par=par,
                    ligne=connue,
                    pour_og=self._pour_og and connue is None,
                )
            except Refus as refus:
                nom = valeurs.get("nom") or connue
                raise TravailRefuse(f"« {nom} » : {refus.motif} Rien n'est écrit ; refaites l'aperçu.") from refus


class ImportInventaire(Import):
    """L'inventaire d'un ESMS, ou de tout son OG dans la grappe (`parametres` : parcours, pour_og)."""

    code = "inventaire"
    libelle = "Inventaire d'applications"
    sur_place = True
    tout_ou_rien = True
    colonnes = COLONNES
    libelle_du_retour = "Revenir à l'état des lieux"

    def peut(self, utilisateur: Any, parametres: dict[str, Any]) -> Droit:
        """Qui saisit pour l'ESMS ; pour tout l'OG, le siège ou le chef de projet."""
        parcours = _parcours(parametres)
        if parcours is None:
            return Droit(False, SAISIE_RESERVEE)
        return (peut_repondre_pour_tous if parametres.get("pour_og") else peut_saisir)(utilisateur, parcours)

    def retour(self, parametres: dict[str, Any]) -> str:
        """L'état des lieux de l'ESMS."""
        return reverse("programme:parcours-etat-des-lieux", args=[parametres["parcours"]]) + "#bloc-application"

    @contextmanager
    def comparer(self, contexte: Contexte, apercu: Apercu) -> Iterator[Comparaison]:
        """Lit tout l'inventaire ; une seule faute empêche d'écrire, et toutes sont dites."""
        travail = contexte.travail
        parcours, pour_og = _parcours(travail.parametres), bool(travail.parametres.get("pour_og"))
        if parcours is None:
            raise TravailRefuse("Cet ESMS n'est plus dans la grappe.")
        with travail.fichier.open("rb") as fichier:
            tableau = lire_tableau(
                fichier,
                colonnes=COLONNES,
                indispensables=["nom"],
                feuille=FEUILLE,
                reliees=intitules_connus() | colonnes_reliees(self.code, travail.par),
            )
        apercu.inconnues = tableau.inconnues
        lecteur = _Lecteur(parcours, pour_og=pour_og, apercu=apercu)
        for ligne in tableau.lignes:
            lecteur.lire(ligne)
        yield _InventaireCompare(apercu, parcours, lecteur, pour_og=pour_og)


inscrire(ImportInventaire())
