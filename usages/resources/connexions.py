"""Import d'un fichier de connexion : le dépouiller en flux, montrer sans nommer, écrire, effacer le fichier.

Ses travaux se lisent par l'administrateur : ni l'aperçu, ni le rapport, ni la base ne portent un identifiant.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from formation.services.import_professionnels import lire_portee
from formation.services.import_professionnels.portee import parcours_de
from programme.models import OrganismeGestionnaire, Utilisateur
from programme.socle.droits import Droit
from programme.socle.erreurs import Refus
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
from programme.socle.nombres import accorde, nombre
from programme.socle.travaux import Contexte, Genre, TravailRefuse, oublier_les_fichiers
from programme.socle.travaux import inscrire as inscrire_travail
from usages.ecartees import MOTS, Ecartees
from usages.enums import CadenceReleve, LieuConnexion, TrancheDuJour
from usages.models import UsageMensuel
from usages.periodes import Periode
from usages.permissions import IMPORT_DES_CONNEXIONS
from usages.services.connexions import Demande, Plan, comparer, ecrire
from usages.services.connexions.comparaison import Cases, Voulu
from usages.services.connexions.correspondances import GENRE

DEPOT = "connexions-depot"
GARDE = timedelta(days=1)
"""Un fichier qui désigne des comptes, jamais confirmé, ne reste pas plus d'un jour."""
OG_PARTI = "Cet organisme n'existe plus."
CORRESPONDANCE_PARTIE = "Cette correspondance n'existe plus : reliez de nouveau le fichier."
SANS_AUTEUR = "Un fichier de connexion s'importe au nom de quelqu'un : déposez-le depuis la page d'un ESMS."
ECRITURE_REFUSEE = "{} Rien n'est écrit ; refaites l'aperçu."
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


class _FichierCompare(Comparaison):
    def __init__(self, apercu: Apercu, plan: Plan, retour: str) -> None:
        self.apercu, self._plan, self._retour = apercu, plan, retour

    def ecrire(self, contexte: Contexte) -> None:
        travail = contexte.travail
        try:
            nombre = ecrire(
                plan=self._plan, par=_auteur(contexte), empreinte=travail.empreinte, continuer=contexte.continuer
            )
        except Refus as refus:
            phrase = APERCU_PERIME if refus.code == "concurrence" else ECRITURE_REFUSEE.format(refus.motif)
            raise TravailRefuse(phrase) from refus
        ecrits = accorde(nombre, "mois d'ESMS est écrit,mois d'ESMS sont écrits")
        texte = f"{ecrits} ; le fichier déposé est effacé."
        self.apercu.suites = [{"texte": texte, "lien": self._retour, "libelle": "Voir les connexions"}]


class ImportConnexions(Import):
    """Le fichier d'un éditeur ; `parametres` dit l'OG, la correspondance, d'où l'on vient, ce qu'il couvre."""

    code = GENRE
    libelle = "Connexions"
    exclusif = True
    reserve = True
    efface_le_fichier = True
    titres = ("Ligne ou numéro", "ESMS et mois")
    etapes = ("Fichier", "Colonnes et mots")
    libelle_des_rejets = "Mises de côté"
    titre_des_annonces = "Ce que dit le fichier"
    libelle_du_retour = "Revenir aux connexions"

    def peut(self, utilisateur: Any, parametres: dict[str, Any]) -> Droit:
        """Qui gère un ESMS de l'organisme, avec une correspondance de cet organisme."""
        og = OrganismeGestionnaire.objects.filter(pk=parametres.get("og", 0)).first()
        if og is None:
            return Droit(False, OG_PARTI)
        if not parcours_de(og, utilisateur):
            return Droit(False, IMPORT_DES_CONNEXIONS)
        liee = Correspondance.objects.filter(genre=GENRE, pk=parametres.get("correspondance", 0), og=og)
        return Droit(True) if liee.exists() else Droit(False, CORRESPONDANCE_PARTIE)

    def retour(self, parametres: dict[str, Any]) -> str:
        """Les connexions de l'ESMS d'où l'on est parti."""
        return reverse("usages:parcours-connexions", args=[parametres.get("parcours", 0)])

    def gestes(self, travail: Travail) -> list[dict[str, str]]:
        """Revenir aux colonnes et aux mots, tant que le fichier est là."""
        if not travail.fichier:
            return []
        relier = reverse("usages:connexions-relier", args=[travail.parametres["correspondance"]])
        return [{"url": f"{relier}?travail={travail.pk}", "libelle": "Revoir les colonnes et les mots"}]

    @contextmanager
    def comparer(self, contexte: Contexte, apercu: Apercu) -> Iterator[Comparaison]:
        """Dépouille tout le fichier, compare aux seuls ESMS de qui l'a déposé ; dit où il en est."""
        travail, par = contexte.travail, _auteur(contexte)
        demande = demander(travail.parametres, par)
        contexte.avancer(0, message="Lecture du fichier", aussitot=True)
        with travail.fichier.open("rb") as fichier:
            total = travail.fichier.size

            def temoin(octets: int) -> None:
                contexte.avancer(octets, total, f"{nombre(octets // MO)} Mo lus sur {nombre(total // MO)}")

            plan = comparer(demande, fichier, temoin=temoin)
        remplir(plan, apercu)
        yield _FichierCompare(apercu, plan, self.retour(travail.parametres))


def demander(parametres: dict[str, Any], par: Utilisateur) -> Demande:
    """La demande que disent ces paramètres, pour les seuls ESMS que gère ce compte."""
    correspondance = Correspondance.objects.select_related("og").get(pk=parametres["correspondance"])
    assert correspondance.og is not None  # `peut` l'a vérifié
    depuis = parametres.get("parcours")
    jours = {nom: date.fromisoformat(parametres[nom]) for nom in ("du", "au") if parametres.get(nom)}
    return Demande(lire_portee(correspondance.og, par=par, depuis=depuis), correspondance, depuis, **jours)


def _auteur(contexte: Contexte) -> Utilisateur:
    if contexte.travail.par is None:
        raise TravailRefuse(SANS_AUTEUR)
    return contexte.travail.par


def _recevoir(contexte: Contexte) -> dict[str, Any]:
    """Un fichier déposé attend que ses colonnes soient reliées : il est gardé, et l'on dit où continuer."""
    relier = reverse("usages:connexions-relier", args=[contexte.travail.parametres["correspondance"]])
    return {"lien": f"{relier}?travail={contexte.travail.pk}", "lien_libelle": "Relier ses colonnes"}


def _effacer_les_fichiers(contexte: Contexte) -> dict[str, Any]:
    nombre = oublier_les_fichiers([GENRE, DEPOT], timezone.now() - GARDE)
    return {"decompte": accorde(nombre, "fichier effacé,fichiers effacés")}


inscrire_travail(Genre(DEPOT, "Fichier de connexion déposé, à relier", _recevoir))
inscrire_travail(
    Genre("connexions-menage", "Fichiers de connexion oubliés", _effacer_les_fichiers, periode=timedelta(days=1))
)
inscrire(ImportConnexions())
