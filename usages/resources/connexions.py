"""Import d'un fichier de connexion : le dépouiller en flux, montrer sans nommer, écrire, effacer le fichier.

Ses travaux se lisent par l'administrateur : ni l'aperçu, ni le rapport, ni la base ne portent un identifiant.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import IO, Any

from django.urls import reverse

from formation.services.import_professionnels import lire_portee
from formation.services.import_professionnels.portee import parcours_de
from programme.models import Utilisateur
from programme.socle.droits import Droit
from programme.socle.grilles import Classeur, Grille, Lecture, ouvrir_classeur
from programme.socle.imports import CREE, INCHANGE, MODIFIE, REJETE, Apercu, Comparaison
from programme.socle.imports_relies import FichierCompare, ImportRelie, auteur, inscrire_relie, suite
from programme.socle.liaisons import ESMS, Reglages
from programme.socle.models import Correspondance
from programme.socle.nombres import accorde, nombre
from programme.socle.travaux import Contexte
from usages.calculs.ecartees import MOTS, Ecartees
from usages.calculs.mots_connexions import (
    COLONNES,
    INDISPENSABLES,
    LIEU,
    SANS_ENTETE,
    controler,
    est_une_ligne,
    proposer_colonnes,
)
from usages.calculs.periodes import Periode
from usages.donnees.flux import LIGNES_MONTREES, echantillon
from usages.enums import CadenceReleve, LieuConnexion, TrancheDuJour
from usages.models import UsageMensuel
from usages.permissions import IMPORT_DES_CONNEXIONS
from usages.services.connexions import Demande, Plan, comparer, ecrire
from usages.services.connexions.comparaison import Cases, Voulu
from usages.services.connexions.correspondances import GENRE, sans_comptes

MO = 1 << 20


def remplir(plan: Plan, apercu: Apercu) -> None:
    """Ce que l'aperçu montre : un ESMS et un mois par ligne, les lignes mises de côté, et toujours leur total."""
    for voulu in plan.voulus:
        if not voulu.change:
            apercu.compter(INCHANGE, 1)
            continue
        nom = f"{voulu.parcours}, {Periode(voulu.mois, CadenceReleve.MOIS.value).nom}"
        effet = MODIFIE if voulu.avant else CREE
        apercu.noter(effet, 0, voulu.parcours.esms.finess, nom, ecarts=_ecarts(voulu))
    _noter_les_ecartees(plan.ecartees, apercu)
    apercu.annonces += plan.annonces
    apercu.avertissements += plan.avertissements


def _ecarts(voulu: Voulu) -> list[tuple[str, Any, Any]]:
    libelles = {champ.name: str(champ.verbose_name) for champ in UsageMensuel._meta.fields}
    ecarts: list[tuple[str, Any, Any]] = [
        (libelles[champ].capitalize(), avant, apres) for champ, (avant, apres) in voulu.ecarts.items()
    ]
    if voulu.cases != voulu.cases_avant:
        ecarts.append(("Heures et lieux", _en_clair(voulu.cases_avant), _en_clair(voulu.cases)))
    return ecarts


def _en_clair(cases: Cases) -> str:
    return " ; ".join(
        f"{TrancheDuJour(tranche).label}{f', {LieuConnexion(lieu).label.lower()}' if lieu else ''} : "
        f"{nombre(connexions)} connexions de {nombre(comptes)} comptes"
        for (tranche, lieu), (connexions, comptes) in sorted(cases.items())
    )


def _noter_les_ecartees(ecartees: Ecartees, apercu: Apercu) -> None:
    """Les premières de chaque raison, avec leur ligne ; les autres se comptent."""
    for raison in sorted(ecartees.nombres):
        lignes = ecartees.lignes.get(raison, [])
        for ligne in lignes:
            apercu.noter(REJETE, ligne, f"ligne {ligne}", raison=MOTS[raison][1])
        reste = ecartees.nombres[raison] - len(lignes)
        if reste > 0:
            apercu.compter(REJETE, reste)
            autres = accorde(reste, "autre ligne mise,autres lignes mises")
            apercu.avertissements[f"{autres} de côté, {MOTS[raison][0]}, sans être citées une à une."] += 1


class ImportConnexions(ImportRelie):
    """Le fichier d'un éditeur ; `parametres` dit l'OG, la correspondance, d'où l'on vient, ce qu'il couvre."""

    code = GENRE
    libelle = "Connexions"
    chose = ("Fichier de connexion déposé", "Fichiers de connexion oubliés")
    # Il désigne des comptes : un jour au plus.
    garde = timedelta(days=1)
    ampleur = 2
    titres = ("Ligne ou numéro", "ESMS et mois")
    libelle_des_rejets = "Mises de côté"
    titre_des_annonces = "Ce que dit le fichier"
    libelle_du_retour = "Revenir aux connexions"
    attendues, indispensables, a_mots = COLONNES, INDISPENSABLES, (ESMS, LIEU)

    def peut_relier(self, utilisateur: Any, correspondance: Correspondance) -> Droit:
        """Qui gère un ESMS de l'organisme."""
        gere = correspondance.og and parcours_de(correspondance.og, utilisateur)
        return Droit(True) if gere else Droit(False, IMPORT_DES_CONNEXIONS)

    def adresse(self, parametres: dict[str, Any]) -> str:
        """La page qui relie."""
        return reverse("usages:connexions-relier", args=[parametres["correspondance"]])

    def retour(self, parametres: dict[str, Any]) -> str:
        """Les connexions de l'ESMS d'où l'on est parti."""
        return reverse("usages:parcours-connexions", args=[parametres.get("parcours", 0)])

    def ouvrir(self, fichier: IO[bytes], separateur: str = "") -> Classeur:
        """Quelques lignes du fichier, comme un petit tableau ; un NIR le fait effacer."""
        return ouvrir_classeur(echantillon(fichier), ampleur=self.ampleur, separateur=separateur)

    def fixer(self, lecture: Lecture, classeur: Classeur) -> Lecture:
        """Avec le séparateur : le gros fichier se relira sans rien deviner."""
        return replace(lecture, separateur=lecture.separateur or classeur.pages[0].separateur)

    def proposer(self, grille: Grille) -> dict[int, str]:
        """Ce que disent les intitulés."""
        return proposer_colonnes(grille.entetes, {}, admises=COLONNES)

    def controler(self, grille: Grille, colonnes: dict[str, str]) -> list[str]:
        """Comme partout, et un vrai en-tête."""
        montrees = ([c.texte for c in ligne.cellules] for ligne in grille.lignes[:LIGNES_MONTREES])
        if est_une_ligne(grille.entetes, montrees):
            return [SANS_ENTETE]
        return [*grille.fautes, *controler(grille.entetes, colonnes)]

    def epurer(self, reglages: Reglages) -> Reglages:
        """Ni mot à relier, ni rien qui ressemble à un compte."""
        return sans_comptes(reglages)

    @contextmanager
    def comparer(self, contexte: Contexte, apercu: Apercu) -> Iterator[Comparaison]:
        """Dépouille tout le fichier, compare aux seuls ESMS de qui l'a déposé ; dit où il en est."""
        travail, par = contexte.travail, auteur(contexte)
        demande = demander(travail.parametres, par)
        contexte.avancer(0, message="Lecture du fichier", aussitot=True)
        with travail.fichier.open("rb") as fichier:
            total = travail.fichier.size

            def temoin(octets: int) -> None:
                contexte.avancer(octets, total, f"{nombre(octets // MO)} Mo lus sur {nombre(total // MO)}")

            plan = comparer(demande, fichier, temoin=temoin)
        remplir(plan, apercu)

        def appliquer(contexte: Contexte) -> list[dict[str, str]]:
            mois = ecrire(plan=plan, par=par, empreinte=travail.empreinte, continuer=contexte.continuer)
            ecrits = accorde(mois, "mois d'ESMS est écrit,mois d'ESMS sont écrits")
            return suite(ecrits, self.retour(travail.parametres), "Voir les connexions")

        yield FichierCompare(apercu, appliquer)


def demander(parametres: dict[str, Any], par: Utilisateur) -> Demande:
    """La demande que disent ces paramètres, pour les seuls ESMS que gère ce compte."""
    correspondance = Correspondance.objects.select_related("og").get(pk=parametres["correspondance"])
    assert correspondance.og is not None  # `peut` l'a vérifié
    depuis = parametres.get("parcours")
    jours = {nom: date.fromisoformat(parametres[nom]) for nom in ("du", "au") if parametres.get(nom)}
    return Demande(lire_portee(correspondance.og, par=par, depuis=depuis), correspondance, depuis, **jours)


inscrire_relie(ImportConnexions())
