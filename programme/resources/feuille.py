"""Import de la feuille des parcours d'une grappe : cellules → valeurs, puis le service compare et écrit."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.urls import reverse

from programme.models import Grappe, Utilisateur
from programme.permissions import peut_conduire
from programme.services import feuille as service
from programme.services.capacite import prevoir
from programme.services.feuille import CHOIX, COLONNES, Changement, Situation
from programme.socle.classeur import Cellule, Ligne, Tableau, lire_tableau
from programme.socle.droits import Droit
from programme.socle.erreurs import Refus
from programme.socle.finess.numero import Defaut, expliquer
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

HORS_GRAPPE = "ce numéro n'est pas celui d'un ESMS de la grappe : ajoutez-le d'abord à la grappe."
DEJA_LU = "ce numéro est déjà à la ligne {} : gardez une seule des deux."
FORMULE = "la case contient une formule : collez sa valeur à la place."
DATE_ILLISIBLE = "« {} » n'est pas une date : écrivez-la JJ/MM/AAAA."
CHOIX_INCONNU = "« {} » n'est pas connu : {}."
PAS_OUI_NON = "« {} » : écrivez oui ou non."
PAS_UNE_VAGUE = "« {} » : écrivez le numéro de la vague, ou rien."
GRAPPE_PARTIE = "Cette grappe n'existe plus."
ECRITURE_REFUSEE = "{} : {} Rien n'est écrit ; refaites l'aperçu."

_OUI, _NON = {"oui", "o", "x", "vrai", "1"}, {"", "non", "n", "faux", "0"}


class _Faute(ValueError):
    """Une cellule qui ne va pas."""


def lire_cellule(colonne: str, cellule: Cellule) -> Any:
    """La valeur d'une cellule. Lève `ValueError` avec une phrase."""
    if cellule.est_formule:
        raise _Faute(FORMULE)
    if ":" in colonne:
        try:
            return cellule.jour()
        except ValueError as faute:
            raise _Faute(DATE_ILLISIBLE.format(cellule.texte[:30])) from faute
    texte = cellule.texte
    if colonne in CHOIX:
        return _choix(colonne, texte)
    if colonne == "est_pilote":
        if normaliser(texte) in _OUI | _NON:
            return normaliser(texte) in _OUI
        raise _Faute(PAS_OUI_NON.format(texte[:30]))
    if colonne == "vague":
        return _vague(texte)
    return texte


def _choix(colonne: str, texte: str) -> str:
    valeurs = {normaliser(str(c.label)): c.value for c in CHOIX[colonne]} | {c.value: c.value for c in CHOIX[colonne]}
    if not texte and colonne == "point_depart":
        return ""
    if valeur := valeurs.get(normaliser(texte)) or valeurs.get(texte):
        return valeur
    possibles = ", ".join(str(c.label) for c in CHOIX[colonne])
    raise _Faute(CHOIX_INCONNU.format(texte[:30], possibles))


def _vague(texte: str) -> int | None:
    if not texte:
        return None
    trouve = re.fullmatch(r"(?:vague(?: de deploiement)? )?([0-9]{1,4})", normaliser(texte))
    if not trouve:
        raise _Faute(PAS_UNE_VAGUE.format(texte[:30]))
    return int(trouve[1])


class _Lecteur:
    """Une feuille lue face à sa grappe : changements, rejets, inchangés."""

    def __init__(self, grappe: Grappe, apercu: Apercu, par: Any) -> None:
        self.apercu, self.grappe = apercu, grappe
        self.situations = service.situations(grappe, par=par)
        self.vagues = set(grappe.vagues.values_list("numero", flat=True))
        self.vus: dict[str, int] = {}
        self.retenus: list[tuple[Ligne, Situation, Changement]] = []
        self.rejets: list[tuple[int, str, str, str, str]] = []

    def lire(self, tableau: Tableau) -> None:
        """Toutes les lignes, toutes les fautes."""
        for ligne in tableau.lignes:
            if situation := self._situer(ligne):
                self._comparer(ligne, situation)

    def _situer(self, ligne: Ligne) -> Situation | None:
        cellule = ligne["finess"]
        if cellule.est_formule:
            self.rejeter(ligne, cellule.texte, [("finess", FORMULE)])
            return None
        lecture = expliquer(cellule.texte)
        if lecture.numero is None:
            self.rejeter(ligne, cellule.texte, [("finess", lecture.message)])
            return None
        if lecture.defaut is Defaut.ZERO_PERDU:
            self.apercu.avertissements[lecture.message] += 1
        premiere = self.vus.setdefault(lecture.numero, ligne.numero)
        if premiere != ligne.numero:
            self.rejeter(ligne, lecture.numero, [("finess", DEJA_LU.format(premiere))])
            return None
        situation = self.situations.get(lecture.numero)
        if situation is None:
            self.rejeter(ligne, lecture.numero, [("finess", HORS_GRAPPE)])
        return situation

    def _comparer(self, ligne: Ligne, situation: Situation) -> None:
        lues: dict[str, Any] = {}
        fautes: list[tuple[str, str]] = []
        for colonne, cellule in ligne.cellules.items():
            if colonne in service.LUES_SEULEMENT:
                continue
            try:
                lues[colonne] = lire_cellule(colonne, cellule)
            except ValueError as faute:
                fautes.append((colonne, str(faute)))
        changement, autres = service.comparer(situation, lues, self.vagues)
        if fautes or autres:
            self.rejeter(ligne, situation.parcours.esms.finess, [*fautes, *autres], situation.parcours.esms.nom)
        elif changement.ecarts:
            self.retenus.append((ligne, situation, changement))
        else:
            self.apercu.compter(INCHANGE, 1)

    def rejeter(self, ligne: Ligne, cle: str, fautes: list[tuple[str, str]], nom: str = "") -> None:
        """Une ligne écartée, avec toutes ses fautes."""
        colonnes = ", ".join(COLONNES[c] for c, _ in fautes if c in COLONNES)
        phrases = " ".join(
            f"{COLONNES.get(c, c)}{f' ({place})' if (place := ligne[c].place) else ''} : {phrase}"
            for c, phrase in fautes
        )
        self.rejets.append((ligne.numero, cle[:30], nom, colonnes, phrases))

    def essayer(self, par: Any) -> None:
        """Passe chaque changement par les services, pour de faux : leurs refus deviennent des rejets."""
        refus = service.essayer([c for _, _, c in self.retenus], par=par)
        gardes = []
        for ligne, situation, changement in self.retenus:
            if refuse := refus.get(changement.parcours):
                esms = situation.parcours.esms
                self.rejeter(ligne, esms.finess, _en_fautes(refuse, changement), esms.nom)
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
            esms = situation.parcours.esms
            self.apercu.noter(MODIFIE, ligne.numero, esms.finess, esms.nom, ecarts=ecarts)
        for phrase in prevoir(self.grappe, map(_vague_de, self.retenus)):
            self.apercu.avertissements[phrase] += 1
        for numero, cle, nom, colonnes, phrases in sorted(self.rejets):
            self.apercu.noter(REJETE, numero, cle, nom, colonne=colonnes, raison=phrases)


def _vague_de(retenu: tuple[Ligne, Situation, Changement]) -> tuple[str, int | None, int | None]:
    """État où sera l'ESMS, vague quittée, vague rejointe."""
    _, situation, changement = retenu
    de, vers = changement.ecarts.get("vague", (None, None))
    etat = changement.ecarts.get("etat", (None, situation.parcours.etat))[1]
    return etat, de, vers


def _en_fautes(refus: Refus, changement: Changement) -> list[tuple[str, str]]:
    """Un refus de service, rendu sous la colonne qui l'a causé."""
    if not refus.champs:
        return [("etat" if "etat" in changement.ecarts else "finess", refus.motif)]
    fautes = []
    for champ, phrases in refus.champs.items():
        nature = service.REELLE if "etat" in changement.ecarts else service.REVISEE
        colonne = f"{champ.removeprefix('etape_')}:{nature}"
        fautes.append((colonne if colonne in COLONNES else champ, " ".join(phrases)))
    return fautes


def _auteur(contexte: Contexte) -> Utilisateur:
    if contexte.travail.par is None:
        raise TravailRefuse("Une feuille se rapporte au nom de quelqu'un : déposez-la depuis la page de la grappe.")
    return contexte.travail.par


class _FeuilleComparee(Comparaison):
    def __init__(self, apercu: Apercu, grappe: Grappe, changements: list[Changement]) -> None:
        self.apercu = apercu
        self._grappe = grappe
        self._changements = changements

    @transaction.atomic
    def ecrire(self, contexte: Contexte) -> None:
        self._exiger_inchange(_auteur(contexte))
        for changement in self._changements:
            try:
                service.appliquer(changement, par=_auteur(contexte))
            except Refus as refus:
                raise TravailRefuse(ECRITURE_REFUSEE.format("Un ESMS a changé entre-temps", refus.motif)) from refus

    def _exiger_inchange(self, par: Utilisateur) -> None:
        """La comparaison s'est faite hors transaction : ce qu'elle a lu doit valoir encore."""
        actuelles = {s.parcours.pk: s.valeurs for s in service.situations(self._grappe, par=par).values()}
        for changement in self._changements:
            valeurs = actuelles.get(changement.parcours, {})
            if any(valeurs.get(c) != avant for c, (avant, _) in changement.ecarts.items()):
                raise TravailRefuse(APERCU_PERIME)


class ImportFeuille(Import):
    """La feuille d'une grappe ; `parametres["grappe"]` dit laquelle."""

    code = "feuille"
    libelle = "Feuille des parcours"
    sur_place = True
    colonnes = COLONNES
    mention_des_rejets = "Une seule cellule fautive met toute sa ligne de côté."
    libelle_du_retour = "Revenir à la grappe"

    def peut(self, utilisateur: Any, parametres: dict[str, Any]) -> Droit:
        """Qui conduit la grappe."""
        grappe = Grappe.objects.filter(pk=parametres.get("grappe", 0)).first()
        return peut_conduire(utilisateur, grappe) if grappe else Droit(False, GRAPPE_PARTIE)

    def retour(self, parametres: dict[str, Any]) -> str:
        """La grappe."""
        return reverse("programme:grappe-detail", args=[parametres["grappe"]])

    @contextmanager
    def comparer(self, contexte: Contexte, apercu: Apercu) -> Iterator[Comparaison]:
        """Lit toute la feuille, relève toutes les fautes, essaie chaque changement pour de faux."""
        travail, par = contexte.travail, _auteur(contexte)
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
        lecteur.lire(tableau)
        lecteur.essayer(par)
        lecteur.noter()
        yield _FeuilleComparee(apercu, grappe, [c for _, _, c in lecteur.retenus])


inscrire(ImportFeuille())
