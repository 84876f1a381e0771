"""Import de la feuille de la checklist : cellules → valeurs, puis les services comparent et écrivent, tout ou rien."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.urls import reverse

from programme.enums import Niveau, StatutAction
from programme.models import Grappe
from programme.permissions import peut_conduire
from programme.services.checklist import feuille as service
from programme.services.checklist.feuille import COLONNES, CORRIGEES, Changement, Cle, Situation
from programme.socle.classeur import Cellule, Ligne, lire_tableau
from programme.socle.droits import Droit
from programme.socle.erreurs import Refus
from programme.socle.imports import (
    APERCU_PERIME,
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

FORMULE = "la case contient une formule : collez sa valeur à la place."
DATE_ILLISIBLE = "« {} » n'est pas une date : écrivez-la JJ/MM/AAAA."
STATUT_INCONNU = "« {} » n'est pas un statut : {}."
STATUT_VIDE = "le statut est vidé : choisissez-en un, ou laissez celui de la feuille."
NIVEAU_INCONNU = "« {} » n'est pas un niveau : {}."
LIGNE_INCONNUE = "cette action n'est pas dans la checklist de la grappe à ce niveau : repartez d'une feuille neuve."
DEJA_LUE = "la même action est déjà à la ligne {} : gardez une seule des deux."
GRAPPE_PARTIE = "Cette grappe n'existe plus."
STATUTS = {normaliser(str(s.label)): s.value for s in StatutAction} | {s.value: s.value for s in StatutAction}
NIVEAUX = {normaliser(str(n.label)): n.value for n in Niveau} | {n.value: n.value for n in Niveau}


def lire_cellule(colonne: str, cellule: Cellule) -> Any:
    """La valeur d'une cellule. Lève `ValueError` avec une phrase."""
    if cellule.est_formule:
        raise ValueError(FORMULE)
    if colonne == "echeance":
        try:
            return cellule.jour()
        except ValueError as faute:
            raise ValueError(DATE_ILLISIBLE.format(cellule.texte[:30])) from faute
    if colonne == "statut" and cellule.texte:
        return _choisir(STATUTS, cellule.texte, STATUT_INCONNU, StatutAction)
    if colonne == "niveau":
        return _choisir(NIVEAUX, cellule.texte, NIVEAU_INCONNU, Niveau)
    return cellule.texte


def _choisir(connus: dict[str, str], texte: str, phrase: str, choix: Any) -> str:
    if valeur := connus.get(normaliser(texte)) or connus.get(texte):
        return valeur
    raise ValueError(phrase.format(texte[:30], ", ".join(str(c.label) for c in choix)))


class _Lecteur:
    """La feuille lue face à la grappe : changements, rejets, inchangées."""

    def __init__(self, grappe: Grappe, apercu: Apercu, par: Any) -> None:
        self.grappe, self.apercu, self.par = grappe, apercu, par
        self.situations = service.situations(grappe, par=par)
        self.vues: dict[Cle, int] = {}
        self.retenus: list[tuple[Ligne, Situation, Changement]] = []
        self.rejets: list[tuple[int, str, str, str, str]] = []

    def lire(self, ligne: Ligne) -> None:
        """Une ligne : toutes ses fautes, ou ce qu'elle change."""
        lues: dict[str, Any] = {}
        fautes: list[tuple[str, str]] = []
        for colonne in (*service.INDISPENSABLES, *CORRIGEES):
            if colonne in ligne:
                try:
                    lues[colonne] = lire_cellule(colonne, ligne[colonne])
                except ValueError as faute:
                    fautes.append((colonne, str(faute)))
        cle = (lues.get("niveau", ""), lues.get("cle", ""), lues.get("code", ""))
        situation = self.situations.get(cle)
        if "niveau" in lues and situation is None:
            fautes.append(("code", LIGNE_INCONNUE))
        premiere = self.vues.setdefault(cle, ligne.numero)
        if situation and premiere != ligne.numero:
            fautes.append(("code", DEJA_LUE.format(premiere)))
        if situation and not lues.get("statut", "") and situation.valeurs["statut"] and "statut" in lues:
            fautes.append(("statut", STATUT_VIDE))
        if fautes or situation is None:
            self.rejeter(ligne, fautes, situation)
            return
        changement = service.comparer(cle, situation, lues)
        if changement.ecarts:
            self.retenus.append((ligne, situation, changement))
        else:
            self.apercu.compter(INCHANGE, 1)

    def rejeter(self, ligne: Ligne, fautes: list[tuple[str, str]], situation: Situation | None) -> None:
        """Une ligne écartée, avec toutes ses fautes, chacune à sa case."""
        colonnes = ", ".join(dict.fromkeys(COLONNES[c] for c, _ in fautes if c in COLONNES))
        phrases = " ".join(
            f"{COLONNES.get(c, c)}{f' ({place})' if (place := ligne[c].place) else ''} : {phrase}"
            for c, phrase in fautes
        )
        nom = f"{situation.valeurs['nom']}, {situation.ligne.libelle}" if situation else ""
        self.rejets.append((ligne.numero, ligne["code"].texte[:30], nom, colonnes, phrases))

    def essayer(self) -> None:
        """Passe chaque changement par les services, pour de faux : leurs refus deviennent des rejets."""
        refus = service.essayer(self.grappe, [(s, c) for _, s, c in self.retenus], par=self.par)
        gardes = []
        for ligne, situation, changement in self.retenus:
            if refuse := refus.get(changement.cle):
                self.rejeter(ligne, _en_fautes(refuse), situation)
            else:
                gardes.append((ligne, situation, changement))
        self.retenus = gardes

    def noter(self) -> None:
        """Remplit l'aperçu."""
        for ligne, situation, changement in self.retenus:
            ecarts = [
                (COLONNES[c], service.en_clair(c, avant), service.en_clair(c, apres))
                for c, (avant, apres) in changement.ecarts.items()
            ]
            nom = f"{situation.valeurs['nom']}, {situation.ligne.libelle}"
            self.apercu.noter(MODIFIE, ligne.numero, changement.cle[2], nom, ecarts=ecarts)
        for numero, cle, nom, colonnes, phrases in sorted(self.rejets):
            self.apercu.noter(REJETE, numero, cle, nom, colonne=colonnes, raison=phrases)


def _en_fautes(refus: Refus) -> list[tuple[str, str]]:
    if not refus.champs:
        return [("statut", refus.motif)]
    return [(champ if champ in COLONNES else "statut", " ".join(phrases)) for champ, phrases in refus.champs.items()]


class _FeuilleComparee(Comparaison):
    def __init__(self, apercu: Apercu, grappe: Grappe, par: Any, retenus: list[Changement]) -> None:
        self.apercu = apercu
        self._grappe, self._par, self._changements = grappe, par, retenus

    @transaction.atomic
    def ecrire(self, contexte: Contexte) -> None:
        # La comparaison s'est faite hors transaction : ce qu'elle a lu doit valoir encore.
        actuelles = service.situations(self._grappe, par=self._par)
        for changement in self._changements:
            situation = actuelles.get(changement.cle)
            if situation is None or any(situation.valeurs[c] != avant for c, (avant, _) in changement.ecarts.items()):
                raise TravailRefuse(APERCU_PERIME)
            try:
                service.appliquer(self._grappe, situation, changement, par=self._par)
            except Refus as refus:
                raise TravailRefuse(f"{refus.motif} Rien n'est écrit ; refaites l'aperçu.") from refus


class ImportChecklist(Import):
    """La feuille de la checklist ; `parametres["grappe"]` dit laquelle. Une seule faute, et rien ne s'écrit."""

    code = "checklist"
    libelle = "Feuille de la checklist"
    sur_place = True
    colonnes = COLONNES
    tout_ou_rien = True
    mention_des_rejets = (
        "Une seule ligne rejetée, et rien n'est écrit : corrigez-les toutes, puis rapportez la feuille."
    )
    libelle_du_retour = "Revenir à la checklist"

    def peut(self, utilisateur: Any, parametres: dict[str, Any]) -> Droit:
        """Qui conduit la grappe."""
        grappe = Grappe.objects.filter(pk=parametres.get("grappe", 0)).first()
        return peut_conduire(utilisateur, grappe) if grappe else Droit(False, GRAPPE_PARTIE)

    def retour(self, parametres: dict[str, Any]) -> str:
        """La checklist de la grappe."""
        return reverse("programme:grappe-checklist", args=[parametres["grappe"]])

    @contextmanager
    def comparer(self, contexte: Contexte, apercu: Apercu) -> Iterator[Comparaison]:
        """Lit toute la feuille, relève toutes les fautes, essaie chaque changement pour de faux."""
        travail, par = contexte.travail, contexte.travail.par
        if par is None:
            raise TravailRefuse("Une feuille se rapporte au nom de quelqu'un : déposez-la depuis la page de la grappe.")
        grappe = Grappe.objects.get(pk=travail.parametres["grappe"])
        with travail.fichier.open("rb") as fichier:
            tableau = lire_tableau(
                fichier,
                colonnes=COLONNES,
                indispensables=service.INDISPENSABLES,
                feuille=service.FEUILLE,
                reliees=colonnes_reliees(self.code, par),
            )
        apercu.inconnues = tableau.inconnues
        lecteur = _Lecteur(grappe, apercu, par)
        for ligne in tableau.lignes:
            lecteur.lire(ligne)
        lecteur.essayer()
        lecteur.noter()
        yield _FeuilleComparee(apercu, grappe, par, [c for _, _, c in lecteur.retenus])


inscrire(ImportChecklist())
