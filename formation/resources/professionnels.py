"""Import du fichier du personnel d'un organisme : lire, comparer, montrer sans nommer, écrire, effacer le fichier.

Ses travaux se lisent par l'administrateur : ni l'aperçu, ni le rapport ne portent un nom ou un matricule.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import IO, Any

from django.db import transaction
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from formation.lignes_rh import LigneRh, controler, lire_lignes
from formation.mots_rh import COLONNES
from formation.permissions import NOMS_RESERVES
from formation.resources.presences import CODE as PRESENCES
from formation.services.import_professionnels import Plan, Portee, comparer, ecrire, lire_portee
from formation.services.import_professionnels.correspondances import GENRE, traducteur
from formation.services.import_professionnels.portee import parcours_de
from programme.models import OrganismeGestionnaire, Utilisateur
from programme.socle.droits import Droit
from programme.socle.erreurs import Refus
from programme.socle.grilles import Classeur, Grille, Lecture, ouvrir_classeur
from programme.socle.imports import (
    APERCU_PERIME,
    CREE,
    FERME,
    INCHANGE,
    MODIFIE,
    REJETE,
    Apercu,
    Comparaison,
    Import,
    inscrire,
)
from programme.socle.models import Correspondance, Travail
from programme.socle.nombres import accorde
from programme.socle.travaux import Contexte, Genre, TravailRefuse, oublier_les_fichiers
from programme.socle.travaux import inscrire as inscrire_travail

DEPOT = "professionnels-depot"
AMPLEUR = 5
"""25 000 lignes : le personnel du plus grand organisme tient dans un fichier."""
GARDE = timedelta(days=7)
OG_PARTI = "Cet organisme n'existe plus."
CORRESPONDANCE_PARTIE = "Cette correspondance n'existe plus : reliez de nouveau le fichier."
SANS_AUTEUR = "Un fichier du personnel s'importe au nom de quelqu'un : déposez-le depuis la page de l'organisme."
ECRITURE_REFUSEE = "{} Rien n'est écrit ; refaites l'aperçu."

Temoin = Callable[[int, int], None]


def ouvrir(fichier: IO[bytes], lecture: Lecture | None = None) -> Classeur:
    """Le fichier, aux bornes de cet import. Lève `FichierRefuse`."""
    return ouvrir_classeur(fichier, ampleur=AMPLEUR, separateur=lecture.separateur if lecture else "")


def lire(fichier: IO[bytes], correspondance: Correspondance, portee: Portee) -> tuple[list[LigneRh], list[str], Grille]:
    """Les lignes, ce qui empêche de lire, et la grille. Lève `FichierRefuse` s'il ne s'ouvre pas."""
    lecture = Lecture.depuis_json(correspondance.options["lecture"])
    grille = ouvrir(fichier, lecture).lire(lecture, discret=True)
    if fautes := controler(grille, correspondance.colonnes):
        return [], fautes, grille
    return lire_lignes(grille, correspondance.colonnes, traducteur(correspondance, portee)), [], grille


def preparer(
    fichier: IO[bytes],
    correspondance: Correspondance,
    portee: Portee,
    apercu: Apercu,
    *,
    complet_au: date | None = None,
    temoin: Temoin = lambda fait, total: None,
) -> Plan:
    """Lit, compare et remplit l'aperçu ; n'écrit rien."""
    lignes, fautes, grille = lire(fichier, correspondance, portee)
    plan = comparer(portee, lignes, complet_au=None if fautes else complet_au, temoin=temoin)
    for phrase in fautes:
        apercu.noter(REJETE, 0, "", raison=phrase)
    _noter(plan, apercu)
    for phrase in grille.avertissements:
        apercu.avertissements[phrase] += 1
    return plan


def _noter(plan: Plan, apercu: Apercu) -> None:
    for comparee in plan.lignes:
        ligne = comparee.ligne
        if comparee.fautes:
            colonnes = ", ".join(dict.fromkeys(COLONNES[f.colonne] for f in comparee.fautes))
            raison = " ".join(f.en_clair for f in comparee.fautes)
            apercu.noter(REJETE, ligne.numero, ligne.cle, comparee.ou, colonne=colonnes, raison=raison)
        elif comparee.est_creee or comparee.est_modifiee:
            effet = CREE if comparee.est_creee else MODIFIE
            apercu.noter(effet, ligne.numero, ligne.cle, comparee.ou, ecarts=comparee.en_clair())
        else:
            apercu.compter(INCHANGE, 1)
    parcours = {p.pk: p for p in plan.portee.parcours.values()}
    for sortie in plan.sorties:
        ou = f"{sortie.poste.metier}, {parcours[sortie.poste.parcours_id]}"
        apercu.noter(FERME, 0, sortie.cle, ou, ecarts=[("Sortie", sortie.poste.fin, plan.complet_au)])
    apercu.annonces = plan.annonces
    apercu.avertissements += plan.avertissements


class _FichierCompare(Comparaison):
    def __init__(self, apercu: Apercu, plan: Plan, retour: str) -> None:
        self.apercu, self._plan, self._retour = apercu, plan, retour

    @transaction.atomic
    def ecrire(self, contexte: Contexte) -> None:
        try:
            ecrire(self._plan, continuer=contexte.continuer)
        except Refus as refus:
            phrase = APERCU_PERIME if refus.code == "concurrence" else ECRITURE_REFUSEE.format(refus.motif)
            raise TravailRefuse(phrase) from refus
        touches = accorde(len(self._plan.touches), "ESMS a changé,ESMS ont changé")
        self.apercu.suites = [
            {
                "texte": f"{touches} ; le fichier déposé est effacé. Relisez les postes là d'où vous venez.",
                "lien": self._retour,
                "libelle": "Relire",
            }
        ]


class ImportProfessionnels(Import):
    """Le fichier d'un organisme ; `parametres` dit l'OG, la correspondance, d'où l'on vient, s'il est complet."""

    code = GENRE
    libelle = "Fichier du personnel"
    exclusif = True
    reserve = True
    efface_le_fichier = True
    titres = ("Ligne ou numéro", "Métier et ESMS")
    etapes = ("Fichier", "Colonnes et mots")
    titre_des_annonces = "Ceux qui n'y sont plus"
    mention_des_rejets = "Une seule case fautive met toute sa ligne de côté."
    libelle_du_retour = "Revenir d'où vous venez"

    def peut(self, utilisateur: Any, parametres: dict[str, Any]) -> Droit:
        """Qui gère un ESMS de l'organisme, avec une correspondance de cet organisme."""
        og = OrganismeGestionnaire.objects.filter(pk=parametres.get("og", 0)).first()
        if og is None:
            return Droit(False, OG_PARTI)
        if not parcours_de(og, utilisateur):
            return Droit(False, NOMS_RESERVES)
        liee = Correspondance.objects.filter(genre=GENRE, pk=parametres.get("correspondance", 0), og=og)
        return Droit(True) if liee.exists() else Droit(False, CORRESPONDANCE_PARTIE)

    def retour(self, parametres: dict[str, Any]) -> str:
        """La page d'où l'on est parti : celle d'un ESMS, ou de l'organisme."""
        return adresse_de_retour(parametres.get("og", 0), parametres.get("parcours"))

    def gestes(self, travail: Travail) -> list[dict[str, str]]:
        """Revenir aux colonnes et aux mots, tant que le fichier est là."""
        if not travail.fichier:
            return []
        relier = reverse("formation:professionnels-relier", args=[travail.parametres["correspondance"]])
        return [{"url": f"{relier}?travail={travail.pk}", "libelle": "Revoir les colonnes et les mots"}]

    @contextmanager
    def comparer(self, contexte: Contexte, apercu: Apercu) -> Iterator[Comparaison]:
        """Lit tout le fichier, relève toutes les fautes, compare aux seuls ESMS de qui l'a déposé."""
        travail, par = contexte.travail, _auteur(contexte)
        parametres = travail.parametres
        contexte.avancer(0, message="Lecture du fichier", aussitot=True)
        correspondance = Correspondance.objects.select_related("og").get(pk=parametres["correspondance"])
        assert correspondance.og is not None  # `peut` l'a vérifié
        portee = lire_portee(correspondance.og, par=par, depuis=parametres.get("parcours"))
        complet = parametres.get("complet_au")

        def temoin(fait: int, total: int) -> None:
            contexte.avancer(fait, total, accorde(fait, "ligne comparée,lignes comparées"))

        with travail.fichier.open("rb") as fichier:
            plan = preparer(
                fichier,
                correspondance,
                portee,
                apercu,
                complet_au=date.fromisoformat(complet) if complet else None,
                temoin=temoin,
            )
        yield _FichierCompare(apercu, plan, self.retour(parametres))


def adresse_de_retour(og: int, parcours: int | None) -> str:
    """La liste des professionnels de l'ESMS d'où l'on vient, sinon la page de l'organisme."""
    if not parcours:
        return reverse("programme:og-detail", args=[og])
    try:
        return reverse("formation:parcours-professionnels", args=[parcours])
    except NoReverseMatch:
        return reverse("programme:parcours-detail", args=[parcours])


def _auteur(contexte: Contexte) -> Utilisateur:
    if contexte.travail.par is None:
        raise TravailRefuse(SANS_AUTEUR)
    return contexte.travail.par


def _recevoir(contexte: Contexte) -> dict[str, Any]:
    """Un fichier déposé attend que ses colonnes soient reliées : il est gardé, et l'on dit où continuer."""
    relier = reverse("formation:professionnels-relier", args=[contexte.travail.parametres["correspondance"]])
    return {"lien": f"{relier}?travail={contexte.travail.pk}", "lien_libelle": "Relier ses colonnes"}


def _effacer_les_fichiers(contexte: Contexte) -> dict[str, Any]:
    """Un fichier qui nomme, jamais confirmé, ne reste pas plus d'une semaine sur le disque."""
    nombre = oublier_les_fichiers([GENRE, DEPOT, PRESENCES], timezone.now() - GARDE)
    return {"decompte": accorde(nombre, "fichier effacé,fichiers effacés")}


inscrire_travail(Genre(DEPOT, "Fichier du personnel déposé, à relier", _recevoir))
inscrire_travail(
    Genre("professionnels-menage", "Fichiers du personnel oubliés", _effacer_les_fichiers, periode=timedelta(days=1))
)
inscrire(ImportProfessionnels())
