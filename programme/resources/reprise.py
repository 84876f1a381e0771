"""Reprise d'un classeur de parcours : le fichier devient des lignes, le service compare, essaie et écrit.

Reprise initiale, tout ou rien : une seule faute empêche d'écrire, et toutes se disent d'un coup (décision 0020).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from programme.enums import EtatGrappe
from programme.models import Grappe, Utilisateur
from programme.permissions import peut_conduire
from programme.reprise.correspondance import controler_correspondance
from programme.reprise.lignes import Faute, LigneReprise, lire_lignes
from programme.reprise.mots import COLONNES
from programme.services.reprise import Plan, comparer, ecrire, essayer
from programme.services.reprise.correspondances import GENRE, RIEN, en_dict
from programme.socle.droits import Droit
from programme.socle.erreurs import Refus
from programme.socle.grilles import Lecture, ouvrir_classeur
from programme.socle.imports import (
    APERCU_PERIME,
    CREE,
    INCHANGE,
    MODIFIE,
    REJETE,
    Apercu,
    Comparaison,
    Import,
    inscrire,
)
from programme.socle.models import Correspondance, Travail
from programme.socle.nombres import accorde, liste
from programme.socle.travaux import Contexte, Genre, TravailRefuse
from programme.socle.travaux import inscrire as inscrire_travail

DEPOT = "reprise-depot"
LIGNES_DITES = 6
GRAPPE_PARTIE = "Cette grappe n'existe plus."
CORRESPONDANCE_PARTIE = "Cette correspondance n'existe plus, ou n'est pas à vous : reliez de nouveau le classeur."
SANS_AUTEUR = "Une reprise se fait au nom de quelqu'un : déposez le classeur depuis la page de la grappe."
ECRITURE_REFUSEE = "{} Rien n'est écrit ; refaites l'aperçu."
Temoin = Callable[[int, int], None]


@dataclass(frozen=True)
class Lu:
    """Un classeur lu : ses lignes, ou ce qui empêche de le lire."""

    lignes: list[LigneReprise]
    fautes: list[str]
    avertissements: list[str]


def lire(fichier: IO[bytes], correspondance: Correspondance) -> Lu:
    """Les lignes d'un fichier, comme le dit la correspondance. Lève `FichierRefuse` s'il ne s'ouvre pas."""
    relie = en_dict(correspondance)
    grille = ouvrir_classeur(fichier).lire(Lecture.depuis_json(relie["lecture"]))
    if fautes := controler_correspondance(grille, relie):
        return Lu([], fautes, grille.avertissements)
    lignes = lire_lignes(grille, relie, au=timezone.localdate())
    for ligne in lignes:
        ligne.valeurs = {code: valeur for code, valeur in ligne.valeurs.items() if valeur != RIEN}
    return Lu(lignes, [], grille.avertissements)


def preparer(
    lu: Lu, grappe: Grappe, apercu: Apercu, *, par: Utilisateur, temoin: Temoin = lambda fait, total: None
) -> Plan:
    """Compare, essaie pour de faux, remplit l'aperçu. `temoin` reçoit (lignes essayées, lignes à essayer)."""
    plan = comparer(grappe, lu.lignes, par=par)
    total = len(plan.retenues)
    temoin(0, total)
    essayer(plan, par=par, temoin=lambda fait: temoin(fait, total))
    apercu.memoire = [[finess, qui, motif] for (finess, qui), motif in plan.ecartees.items()]
    return _remplir(lu, plan, apercu)


def _comparer_encore(lu: Lu, grappe: Grappe, apercu: Apercu, memoire: list[list[str]], par: Utilisateur) -> Plan:
    """Avant d'écrire : la même comparaison, sans refaire l'essai ; ce qu'il a écarté l'est encore."""
    ecartees = {(finess, qui): motif for finess, qui, motif in memoire}
    apercu.memoire = memoire
    return _remplir(lu, comparer(grappe, lu.lignes, par=par, ecartees=ecartees), apercu)


def _remplir(lu: Lu, plan: Plan, apercu: Apercu) -> Plan:
    for phrase in lu.fautes:
        apercu.noter(REJETE, 0, "", raison=phrase)
    _noter(plan, apercu)
    for phrase in lu.avertissements:
        apercu.avertissements[phrase] += 1
    return plan


def _noter(plan: Plan, apercu: Apercu) -> None:
    avis: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for ligne in plan.lignes:
        for faute in ligne.fautes:
            colonne = COLONNES[faute.colonne].libelle if faute.colonne in COLONNES else ""
            apercu.noter(
                REJETE, ligne.numero, ligne.cle[:30], ligne.nom, colonne=colonne, raison=_en_clair(faute, colonne)
            )
        for phrase in dict.fromkeys(ligne.avis):
            avis[phrase].append((ligne.numero, ligne.nom))
        if ligne.fautes:
            continue
        if ligne.a_ecrire:
            effet = CREE if ligne.est_creee else MODIFIE
            apercu.noter(effet, ligne.numero, ligne.cle, ligne.nom, ecarts=ligne.en_clair())
        else:
            apercu.compter(INCHANGE, 1)
    apercu.annonces = [] if plan.fautives else plan.annonces()
    apercu.avertissements += plan.avertissements
    for phrase, lignes in _regrouper(avis).items():
        apercu.avertissements[_situer(phrase, lignes)] += len(lignes)


def _regrouper(avis: dict[str, list[tuple[int, str]]]) -> dict[str, list[tuple[int, str]]]:
    """Ce que beaucoup de lignes disent, à une valeur près, se dit une fois : la valeur est dans l'onglet."""
    tetes: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for phrase, lignes in avis.items():
        tetes[phrase.partition(" : ")[0]] += lignes
    rendu: dict[str, list[tuple[int, str]]] = {}
    for phrase, lignes in avis.items():
        tete = phrase.partition(" : ")[0]
        commune = len(tetes[tete]) > max(LIGNES_DITES, len(lignes))
        rendu[f"{tete}." if commune else phrase] = sorted(tetes[tete]) if commune else lignes
    return rendu


def _en_clair(faute: Faute, colonne: str) -> str:
    place = f" ({faute.place})" if faute.place else ""
    return f"{colonne}{place} : {faute.phrase}" if colonne else faute.phrase


def _situer(phrase: str, lignes: list[tuple[int, str]]) -> str:
    """« Ligne 12, IME X : … », ou « Lignes 4, 5 et 7 : … »."""
    if len(lignes) == 1:
        numero, nom = lignes[0]
        return f"Ligne {numero}{f', {nom}' if nom else ''} : {phrase}"
    dites: list[object] = [numero for numero, _ in lignes[:LIGNES_DITES]]
    if reste := len(lignes) - len(dites):
        dites.append(accorde(reste, "autre"))
    return f"Lignes {liste(dites)} : {phrase}"


def _auteur(contexte: Contexte) -> Utilisateur:
    if contexte.travail.par is None:
        raise TravailRefuse(SANS_AUTEUR)
    return contexte.travail.par


class _ClasseurCompare(Comparaison):
    def __init__(self, apercu: Apercu, plan: Plan) -> None:
        self.apercu = apercu
        self._plan = plan

    @transaction.atomic
    def ecrire(self, contexte: Contexte) -> None:
        try:
            a_inviter = ecrire(self._plan, par=_auteur(contexte), continuer=contexte.continuer)
        except Refus as refus:
            raise TravailRefuse(
                APERCU_PERIME if refus.code == "concurrence" else ECRITURE_REFUSEE.format(refus.motif)
            ) from refus
        self.apercu.suites = suites(self._plan, len(a_inviter))


def suites(plan: Plan, nb_a_inviter: int) -> list[dict[str, str]]:
    """Ce que la reprise laisse à faire, avec où le faire."""
    grappe = plan.grappe
    rendu = [
        {
            "texte": "Relire la grappe telle qu'elle est maintenant.",
            "lien": reverse("programme:grappe-detail", args=[grappe.pk]),
            "libelle": f"Ouvrir « {grappe.nom} »",
        }
    ]
    if grappe.etat == EtatGrappe.MONTAGE:
        rendu.append(
            {
                "texte": "La grappe elle-même est encore au montage : dites où elle en est.",
                "lien": reverse("programme:passage", args=["grappe", grappe.pk, "constater"]),
                "libelle": "Constater sa situation",
            }
        )
    if nb_a_inviter:
        roles = accorde(nb_a_inviter, "rôle est confié,rôles sont confiés")
        rendu.append(
            {
                "texte": f"{roles} à des personnes qui n'ont pas encore ouvert leur compte.",
                "lien": reverse("programme:reprise-inviter", args=[grappe.pk]),
                "libelle": "Les inviter",
            }
        )
    if plan.ecartees:
        ecartes = accorde(len(plan.ecartees), "rôle n'a pas été confié,rôles n'ont pas été confiés")
        rendu.append(
            {
                "texte": f"{ecartes} : les avertissements disent pourquoi, et à qui s'adresser.",
                "lien": reverse("programme:affectation-liste"),
                "libelle": "Qui fait quoi",
            }
        )
    return rendu


class ImportReprise(Import):
    """Un classeur de parcours ; `parametres` dit la grappe et la correspondance."""

    code = GENRE
    libelle = "Reprise d'un classeur"
    tout_ou_rien = True
    etapes = ("Classeur", "Colonnes et mots")
    libelle_des_rejets = "Fautes"
    libelle_du_retour = "Revenir à la grappe"

    def peut(self, utilisateur: Any, parametres: dict[str, Any]) -> Droit:
        """Qui conduit la grappe, avec une correspondance à lui."""
        grappe = Grappe.objects.filter(pk=parametres.get("grappe", 0)).first()
        if grappe is None:
            return Droit(False, GRAPPE_PARTIE)
        miennes = Correspondance.objects.filter(genre=GENRE, pk=parametres.get("correspondance", 0), par=utilisateur)
        droit = peut_conduire(utilisateur, grappe)
        return droit if not droit or miennes.exists() else Droit(False, CORRESPONDANCE_PARTIE)

    def retour(self, parametres: dict[str, Any]) -> str:
        """La grappe."""
        return reverse("programme:grappe-detail", args=[parametres["grappe"]])

    def gestes(self, travail: Travail) -> list[dict[str, str]]:
        """Revenir à la correspondance, ou déposer le classeur corrigé."""
        grappe, correspondance = travail.parametres["grappe"], travail.parametres["correspondance"]
        relier = reverse("programme:reprise-relier", args=[grappe, correspondance])
        return [
            {"url": f"{relier}?travail={travail.pk}", "libelle": "Revoir les colonnes et les mots"},
            {
                "url": f"{reverse('programme:grappe-reprise', args=[grappe])}?correspondance={correspondance}",
                "libelle": "Déposer le classeur corrigé",
            },
        ]

    @contextmanager
    def comparer(self, contexte: Contexte, apercu: Apercu) -> Iterator[Comparaison]:
        """Lit tout le classeur, relève toutes les fautes, essaie chaque ligne pour de faux."""
        travail, par = contexte.travail, _auteur(contexte)
        grappe = Grappe.objects.get(pk=travail.parametres["grappe"])
        contexte.avancer(0, message="Lecture du classeur", aussitot=True)
        with travail.fichier.open("rb") as fichier:
            lu = lire(fichier, Correspondance.objects.get(pk=travail.parametres["correspondance"]))

        def temoin(fait: int, total: int) -> None:
            contexte.avancer(fait, total, accorde(fait, "ligne essayée,lignes essayées"))

        montre = travail.suite_de.resultat if travail.suite_de and travail.parametres.get("ecrire") else None
        if montre is None:
            plan = preparer(lu, grappe, apercu, par=par, temoin=temoin)
        else:
            plan = _comparer_encore(lu, grappe, apercu, montre.get("memoire", []), par)
        yield _ClasseurCompare(apercu, plan)


def _recevoir(contexte: Contexte) -> dict[str, Any]:
    """Un classeur déposé attend que ses colonnes soient reliées : il est gardé, et l'on dit où continuer."""
    parametres = contexte.travail.parametres
    relier = reverse("programme:reprise-relier", args=[parametres["grappe"], parametres["correspondance"]])
    return {"lien": f"{relier}?travail={contexte.travail.pk}", "lien_libelle": "Relier ses colonnes"}


inscrire_travail(Genre(DEPOT, "Classeur déposé, à relier", _recevoir))
inscrire(ImportReprise())
