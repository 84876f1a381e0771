"""Import des tickets d'une grappe : lire, comparer, montrer sans citer une case, écrire, effacer le fichier.

Un export d'assistance porte des titres et des noms : rien d'autre que les colonnes reliées n'en est lu, et ni l'aperçu
ni le rapport ne disent autre chose qu'un numéro de ticket.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import IO, Any

from django.urls import reverse
from django.utils import timezone

from programme.models import Grappe
from programme.socle.droits import Droit
from programme.socle.grilles import Classeur, Lecture, ouvrir_classeur
from programme.socle.imports import CREE, INCHANGE, MODIFIE, REJETE, Apercu, Comparaison, Import, inscrire
from programme.socle.models import Correspondance, Travail
from programme.socle.nombres import accorde
from programme.socle.travaux import Contexte, Genre, TravailRefuse, oublier_les_fichiers
from programme.socle.travaux import inscrire as inscrire_travail
from usages.lignes_tickets import controler, lire_lignes
from usages.permissions import EDITEURS_RESERVES, peut_suivre_les_editeurs
from usages.services.correspondances_tickets import GENRE, traducteur
from usages.services.import_tickets import Plan, Portee, comparer, ecrire, lire_portee

DEPOT = "tickets-depot"
AMPLEUR = 5
"""25 000 lignes : plusieurs années de tickets d'une grappe."""
GARDE = timedelta(days=7)
CORRESPONDANCE_PARTIE = "Cette correspondance n'existe plus : reliez de nouveau le fichier."
D_AILLEURS = "{} de côté : d'un ESMS dit « pas dans cette grappe »."

Temoin = Callable[[int, int], None]


def ouvrir(fichier: IO[bytes], lecture: Lecture | None = None) -> Classeur:
    """Le fichier, aux bornes de cet import. Lève `FichierRefuse`."""
    return ouvrir_classeur(fichier, ampleur=AMPLEUR, separateur=lecture.separateur if lecture else "")


def preparer(
    fichier: IO[bytes],
    correspondance: Correspondance,
    portee: Portee,
    apercu: Apercu,
    *,
    source: str,
    au: date,
    temoin: Temoin = lambda fait, total: None,
) -> Plan:
    """Lit, compare et remplit l'aperçu ; n'écrit rien."""
    lecture = Lecture.depuis_json(correspondance.options["lecture"])
    grille = ouvrir(fichier, lecture).lire(lecture, discret=True)
    fautes = controler(grille, correspondance.colonnes)
    lignes = [] if fautes else lire_lignes(grille, correspondance.colonnes, traducteur(correspondance, portee), au)
    plan = comparer(portee, source, lignes, temoin=temoin)
    for phrase in fautes:
        apercu.noter(REJETE, 0, "", raison=phrase)
    _noter(plan, apercu)
    for phrase in grille.avertissements:
        apercu.avertissements[phrase] += 1
    return plan


def _noter(plan: Plan, apercu: Apercu) -> None:
    noms = plan.portee.noms["parcours_id"]
    for comparee in plan.comparees:
        ou = noms.get(comparee.ticket.parcours_id, "toute la grappe")
        if comparee.ecarts:
            effet = CREE if comparee.est_neuve else MODIFIE
            apercu.noter(effet, comparee.ligne.rang, comparee.ligne.cle, ou, ecarts=plan.en_clair(comparee))
        else:
            apercu.compter(INCHANGE, 1)
    for ligne in plan.fautives:
        apercu.noter(REJETE, ligne.rang, ligne.cle, colonne=ligne.colonnes_fautives, raison=ligne.raison)
    if plan.nb_d_ailleurs:
        apercu.annonces.append(D_AILLEURS.format(accorde(plan.nb_d_ailleurs, "ligne laissée,lignes laissées")))


class _FichierCompare(Comparaison):
    def __init__(self, apercu: Apercu, plan: Plan, retour: str) -> None:
        self.apercu, self._plan, self._retour = apercu, plan, retour

    def ecrire(self, contexte: Contexte) -> None:
        nombre = ecrire(self._plan, continuer=contexte.continuer)
        texte = f"{accorde(nombre, 'ticket écrit,tickets écrits')} ; le fichier déposé est effacé."
        self.apercu.suites = [{"texte": texte, "lien": self._retour, "libelle": "Voir les tickets de la grappe"}]


class ImportTickets(Import):
    """L'export de tickets d'une grappe ; `parametres` dit la grappe, la correspondance et l'outil d'assistance."""

    code = GENRE
    libelle = "Tickets d'assistance"
    exclusif = True
    reserve = True
    efface_le_fichier = True
    titres = ("Ticket", "ESMS")
    etapes = ("Fichier", "Colonnes et mots")
    titre_des_annonces = "Hors de la grappe"
    mention_des_rejets = "Une seule case fautive met toute sa ligne de côté."
    libelle_du_retour = "Revenir aux tickets"

    def peut(self, utilisateur: Any, parametres: dict[str, Any]) -> Droit:
        """Qui suit les éditeurs de la grappe, avec une correspondance de cette grappe."""
        grappe = Grappe.objects.filter(pk=parametres.get("grappe", 0)).first()
        if grappe is None:
            return Droit(False, EDITEURS_RESERVES)
        if not (droit := peut_suivre_les_editeurs(utilisateur, grappe)):
            return droit
        liee = Correspondance.objects.filter(
            genre=GENRE, pk=parametres.get("correspondance", 0), options__grappe=grappe.pk
        )
        return Droit(True) if liee.exists() else Droit(False, CORRESPONDANCE_PARTIE)

    def retour(self, parametres: dict[str, Any]) -> str:
        """Les tickets de la grappe."""
        return reverse("usages:grappe-tickets", args=[parametres["grappe"]])

    def gestes(self, travail: Travail) -> list[dict[str, str]]:
        """Revenir aux colonnes et aux mots, tant que le fichier est là."""
        if not travail.fichier:
            return []
        return [{"url": adresse_pour_relier(travail), "libelle": "Revoir les colonnes et les mots"}]

    @contextmanager
    def comparer(self, contexte: Contexte, apercu: Apercu) -> Iterator[Comparaison]:
        """Lit tout le fichier, relève toutes les fautes."""
        travail = contexte.travail
        contexte.avancer(0, message="Lecture du fichier", aussitot=True)
        correspondance = Correspondance.objects.get(pk=travail.parametres["correspondance"])
        grappe = Grappe.objects.select_related("solution__editeur").get(pk=travail.parametres["grappe"])

        def temoin(fait: int, total: int) -> None:
            contexte.avancer(fait, total, accorde(fait, "ligne comparée,lignes comparées"))

        with travail.fichier.open("rb") as fichier:
            plan = preparer(
                fichier,
                correspondance,
                lire_portee(grappe),
                apercu,
                source=travail.parametres["source"],
                au=timezone.localdate(),
                temoin=temoin,
            )
        yield _FichierCompare(apercu, plan, self.retour(travail.parametres))


def adresse_pour_relier(travail: Travail) -> str:
    """La page qui relie ce dépôt."""
    cles = [travail.parametres["grappe"], travail.parametres["correspondance"]]
    return f"{reverse('usages:tickets-relier', args=cles)}?travail={travail.pk}"


def _recevoir(contexte: Contexte) -> dict[str, Any]:
    """Un fichier déposé attend que ses colonnes soient reliées : il est gardé, et l'on dit où continuer."""
    if not peut_suivre_les_editeurs(contexte.travail.par, _grappe(contexte)):
        raise TravailRefuse(EDITEURS_RESERVES)
    return {"lien": adresse_pour_relier(contexte.travail), "lien_libelle": "Relier ses colonnes"}


def _grappe(contexte: Contexte) -> Grappe:
    return Grappe.objects.get(pk=contexte.travail.parametres["grappe"])


def _effacer_les_fichiers(contexte: Contexte) -> dict[str, Any]:
    """Un export jamais confirmé, qui porte des noms, ne reste pas plus d'une semaine sur le disque."""
    nombre = oublier_les_fichiers([GENRE, DEPOT], timezone.now() - GARDE)
    return {"decompte": accorde(nombre, "fichier effacé,fichiers effacés")}


inscrire_travail(Genre(DEPOT, "Export de tickets déposé, à relier", _recevoir))
inscrire_travail(
    Genre("tickets-menage", "Exports de tickets oubliés", _effacer_les_fichiers, periode=timedelta(days=1))
)
inscrire(ImportTickets())
