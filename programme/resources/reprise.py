"""Reprise d'un classeur de parcours : le fichier devient des lignes, le service compare, essaie et écrit.

Reprise initiale, tout ou rien : une seule faute empêche d'écrire, et toutes se disent d'un coup (décision 0020).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from django.urls import reverse
from django.utils import timezone

from programme.enums import EtatGrappe
from programme.models import Grappe, Utilisateur
from programme.permissions import peut_conduire
from programme.reprise.correspondance import controler_correspondance
from programme.reprise.lignes import Faute, LigneReprise, lire_lignes
from programme.reprise.mots import COLONNES, proposer_colonnes
from programme.services.reprise import Plan, comparer, ecrire, essayer
from programme.services.reprise.correspondances import GENRE, en_dict
from programme.socle.droits import Droit
from programme.socle.grilles import Grille
from programme.socle.imports import CREE, INCHANGE, MODIFIE, REJETE, Apercu, Comparaison
from programme.socle.imports_relies import FichierCompare, ImportRelie, auteur, compter, import_relie, inscrire_relie
from programme.socle.liaisons import RIEN, Reglages
from programme.socle.models import Correspondance, Travail
from programme.socle.nombres import accorde, liste
from programme.socle.travaux import Contexte

LIGNES_DITES = 6
GRAPPE_PARTIE = "Cette grappe n'existe plus."
PAS_A_VOUS = "Une correspondance n'appartient qu'à qui l'a enregistrée."
Temoin = Callable[[int, int], None]


@dataclass(frozen=True)
class Lu:
    """Un classeur lu : ses lignes, ou ce qui empêche de le lire."""

    lignes: list[LigneReprise]
    fautes: list[str]
    avertissements: list[str]


def lire(fichier: IO[bytes], correspondance: Correspondance) -> Lu:
    """Les lignes d'un fichier, comme le dit la correspondance. Lève `FichierRefuse` s'il ne s'ouvre pas."""
    grille, fautes = import_relie(GENRE).lire(fichier, correspondance)
    if fautes:
        return Lu([], fautes, grille.avertissements)
    lignes = lire_lignes(grille, en_dict(correspondance), au=timezone.localdate())
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


class ImportReprise(ImportRelie):
    """Un classeur de parcours ; `parametres` dit la grappe et la correspondance, qui n'est qu'à son auteur."""

    code = GENRE
    libelle = "Reprise d'un classeur"
    chose = ("Classeur déposé", "Classeurs oubliés")
    exclusif = reserve = efface_le_fichier = False
    tout_ou_rien = True
    garde = None
    ampleur = 1
    etapes = ("Classeur", "Colonnes et mots")
    libelle_des_rejets = "Fautes"
    libelle_du_retour = "Revenir à la grappe"
    attendues = COLONNES

    def peut_relier(self, utilisateur: Any, correspondance: Correspondance) -> Droit:
        """Son auteur."""
        return Droit(True) if correspondance.par == utilisateur else Droit(False, PAS_A_VOUS)

    def peut(self, utilisateur: Any, parametres: dict[str, Any]) -> Droit:
        """Qui conduit la grappe, avec une correspondance à lui."""
        grappe = Grappe.objects.filter(pk=parametres.get("grappe", 0)).first()
        if grappe is None:
            return Droit(False, GRAPPE_PARTIE)
        droit = peut_conduire(utilisateur, grappe)
        return super().peut(utilisateur, parametres) if droit else droit

    def adresse(self, parametres: dict[str, Any]) -> str:
        """La page qui relie, depuis la grappe."""
        return reverse("programme:reprise-relier", args=[parametres["grappe"], parametres["correspondance"]])

    def retour(self, parametres: dict[str, Any]) -> str:
        """La grappe."""
        return reverse("programme:grappe-detail", args=[parametres["grappe"]])

    def gestes(self, travail: Travail) -> list[dict[str, str]]:
        """Revenir à la correspondance, ou déposer le classeur corrigé."""
        deposer = reverse("programme:grappe-reprise", args=[travail.parametres["grappe"]])
        corrige = f"{deposer}?correspondance={travail.parametres['correspondance']}"
        return [*super().gestes(travail), {"url": corrige, "libelle": "Déposer le classeur corrigé"}]

    def proposer(self, grille: Grille) -> dict[int, str]:
        """Ce que disent les intitulés et les cases."""
        return proposer_colonnes(grille.entetes, grille)

    def controler(self, grille: Grille, colonnes: dict[str, str]) -> list[str]:
        """Le numéro FINESS relié, rien de relié deux fois."""
        return controler_correspondance(grille, {"colonnes": colonnes})

    def epurer(self, reglages: Reglages) -> Reglages:
        """Tout : les mots tels qu'écrits servent à rendre la feuille."""
        return reglages

    @contextmanager
    def comparer(self, contexte: Contexte, apercu: Apercu) -> Iterator[Comparaison]:
        """Lit tout le classeur, relève toutes les fautes, essaie chaque ligne pour de faux."""
        travail, par = contexte.travail, auteur(contexte)
        grappe = Grappe.objects.get(pk=travail.parametres["grappe"])
        contexte.avancer(0, message="Lecture du classeur", aussitot=True)
        with travail.fichier.open("rb") as fichier:
            lu = lire(fichier, self.exiger_correspondance(travail))
        montre = travail.suite_de.resultat if travail.suite_de and travail.parametres.get("ecrire") else None
        if montre is None:
            temoin = compter(contexte, "ligne essayée,lignes essayées")
            plan = preparer(lu, grappe, apercu, par=par, temoin=temoin)
        else:
            plan = _comparer_encore(lu, grappe, apercu, montre.get("memoire", []), par)

        def appliquer(contexte: Contexte) -> list[dict[str, str]]:
            return suites(plan, len(ecrire(plan, par=par, continuer=contexte.continuer)))

        yield FichierCompare(apercu, appliquer)


inscrire_relie(ImportReprise())
