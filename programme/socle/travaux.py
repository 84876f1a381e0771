"""Tâches de fond : les lancer, les exécuter, les relancer, ramasser celles dont l'exécuteur est mort.

Chaque app inscrit ses genres de travaux dans son `travaux.py`. Le moteur de tâches ne transporte qu'une clé : l'état,
l'avancement et le résultat sont dans `Travail`, quel que soit le moteur.
"""

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks import task

from programme.socle.enums import EtatTravail
from programme.socle.finess.refus import FichierIndesirable, FichierRefuse
from programme.socle.models import Travail
from programme.socle.registres import Registre

journal = logging.getLogger("treille.travaux")

GARDE = timedelta(days=90)
PAUSE_ENTRE_AVANCEMENTS = 0.5

MORT = "L'exécuteur s'est arrêté en plein travail : rien n'est écrit, la base est comme avant. Vous pouvez relancer."
ARRETE = "Le travail a été arrêté avec son exécuteur : rien n'est écrit, la base est comme avant. Vous pouvez relancer."
FICHIER_PARTI = "Le fichier déposé n'est plus là : déposez-le de nouveau."
IMPREVU = (
    "Une erreur imprévue a arrêté ce travail : rien n'est écrit. Relancez-le ; si elle revient, prévenez "
    "l'administrateur en citant le travail n° {}."
)

arret_demande = threading.Event()
"""Posé par le travailleur qu'on arrête : le travail en cours s'interrompt à son prochain avancement."""


class TravailRefuse(Exception):
    """Le travail ne peut pas se faire ; `args[0]` est la phrase à montrer."""


class Arret(Exception):
    """L'exécuteur s'arrête : le travail rend la main sans rien écrire."""


class Contexte:
    """Ce que reçoit l'exécution d'un travail : le travail, et de quoi dire où l'on en est."""

    def __init__(self, travail: Travail) -> None:
        self.travail = travail
        self._dernier = 0.0

    def avancer(self, fait: int, total: int = 0, message: str = "", *, aussitot: bool = False) -> None:
        """Note l'avancement, au plus deux fois par seconde. Lève `Arret` si l'exécuteur s'arrête."""
        self.continuer()
        if not aussitot and time.monotonic() - self._dernier < PAUSE_ENTRE_AVANCEMENTS:
            return
        self._dernier = time.monotonic()
        t = self.travail
        t.fait, t.total, t.message, t.battement = fait, total or t.total, message or t.message, timezone.now()
        t.save(update_fields=["fait", "total", "message", "battement"])

    def sceller(self, resultat: dict[str, Any]) -> None:
        """Écrit le résultat avec ce qu'il décrit, dans la même transaction : un arrêt d'après ne le fait pas mentir."""
        Travail.objects.filter(pk=self.travail.pk).update(resultat=resultat)

    def continuer(self, *_: Any) -> None:
        """Lève `Arret` si l'exécuteur s'arrête ; n'écrit rien, donc permis dans une transaction."""
        if arret_demande.is_set():
            raise Arret


@dataclass(frozen=True)
class Genre:
    """Un genre de travail : `executer(contexte)` rend un résultat JSON.

    Il part seul à cette `periode`, ou quand `echeance(maintenant)` nomme le créneau dû (None : rien n'est dû).
    `arrete` : la phrase d'un arrêt en route, pour un travail qui écrit au fur et à mesure et que l'on peut reprendre.
    """

    code: str
    libelle: str
    executer: Callable[[Contexte], dict[str, Any]]
    periode: timedelta | None = None
    echeance: Callable[[datetime], str | None] | None = None
    arrete: str = ""

    def creneau(self, maintenant: datetime) -> str | None:
        """Le créneau dû à cet instant, unique par échéance ; None si rien n'est dû."""
        if self.echeance:
            du = self.echeance(maintenant)
            return f"{self.code}:{du}" if du else None
        return f"{self.code}:{int(maintenant.timestamp() // self.periode.total_seconds())}" if self.periode else None


travaux: Registre[Genre] = Registre("travaux")


def inscrire(genre: Genre) -> Genre:
    """Ajoute un genre de travail au registre."""
    return travaux.inscrire(genre.code, genre)


@task()
def executer_travail(pk: int) -> None:
    """Point d'entrée du moteur de tâches."""
    executer(pk)


def empreinte_de(fichier: Any) -> str:
    """SHA-256 d'un fichier ouvert, lu depuis le début puis rembobiné."""
    somme = hashlib.sha256()
    fichier.seek(0)
    while bloc := fichier.read(1 << 20):
        somme.update(bloc)
    fichier.seek(0)
    return somme.hexdigest()


def lancer(
    genre: str,
    *,
    par: Any = None,
    objet: str = "",
    fichier: File | None = None,
    parametres: dict[str, Any] | None = None,
    suite_de: Travail | None = None,
    creneau: str | None = None,
    sur_place: bool = False,
) -> Travail:
    """Crée un travail et le confie au moteur de tâches ; `sur_place` l'exécute aussitôt (petits fichiers).

    `suite_de` : même fichier que ce travail-là, dont l'empreinte sera revérifiée à l'exécution.
    """
    travail = preparer(
        genre,
        par=par,
        objet=objet,
        fichier=fichier,
        parametres=parametres,
        suite_de=suite_de,
        creneau=creneau,
        en_file=not sur_place,
    )
    return executer_sur_place(travail) if sur_place else travail


def executer_sur_place(travail: Travail) -> Travail:
    """Exécute un travail préparé, dans la requête mais hors de toute transaction : la base reste à tous."""
    executer(travail.pk)
    travail.refresh_from_db()
    return travail


@transaction.atomic
def preparer(
    genre: str,
    *,
    par: Any = None,
    objet: str = "",
    fichier: File | None = None,
    parametres: dict[str, Any] | None = None,
    suite_de: Travail | None = None,
    creneau: str | None = None,
    en_file: bool = True,
) -> Travail:
    """Crée un travail et, si `en_file`, le confie au moteur de tâches ; sinon à l'appelant de l'exécuter, après."""
    travail = Travail(
        genre=genre,
        objet=objet or travaux[genre].libelle,
        par=par,
        parametres=parametres or {},
        suite_de=suite_de,
        creneau=creneau,
    )
    if suite_de:
        travail.fichier = suite_de.fichier.name
        travail.nom_fichier, travail.empreinte = suite_de.nom_fichier, suite_de.empreinte
    if fichier:
        travail.nom_fichier = (fichier.name or "fichier")[-200:]
        travail.empreinte = empreinte_de(fichier)
        travail.fichier.save(travail.nom_fichier, fichier, save=False)
    travail.save()
    if en_file:
        _confier(travail)
    return travail


def relancer(travail: Travail) -> Travail:
    """Remet en file un travail échoué ou interrompu. Lève `TravailRefuse` si ce n'est pas le cas."""
    with transaction.atomic():
        travail = Travail.objects.select_for_update().get(pk=travail.pk)
        if not travail.est_relancable:
            raise TravailRefuse("Ce travail ne se relance pas : il n'a ni échoué ni été interrompu.")
        if travail.fichier.name and not travail.fichier.storage.exists(travail.fichier.name):
            raise TravailRefuse(FICHIER_PARTI)
        travail.etat, travail.erreur, travail.message = EtatTravail.EN_ATTENTE, "", ""
        travail.fait, travail.total, travail.resultat = 0, 0, None
        travail.commence_le = travail.fini_le = travail.battement = None
        travail.save()
        _confier(travail)
    return travail


def _confier(travail: Travail) -> None:
    travail.tache = str(executer_travail.enqueue(travail.pk).id)
    travail.save(update_fields=["tache"])


def _prendre(pk: int) -> Travail | None:
    """Le travail passé en cours, ou None s'il est déjà pris, fini ou supprimé."""
    with transaction.atomic():
        travail = Travail.objects.select_for_update().filter(pk=pk, etat=EtatTravail.EN_ATTENTE).first()
        if travail:
            travail.etat = EtatTravail.EN_COURS
            travail.commence_le = travail.battement = timezone.now()
            travail.save(update_fields=["etat", "commence_le", "battement"])
    return travail


def _finir(travail: Travail, etat: EtatTravail, *, erreur: str = "", resultat: dict[str, Any] | None = None) -> None:
    travail.etat, travail.erreur, travail.resultat = etat, erreur[:500], resultat
    travail.fini_le = timezone.now()
    travail.message = ""
    travail.save(update_fields=["etat", "erreur", "resultat", "fini_le", "message", "fait", "total", "rapport"])


def _abandonner(travail: Travail, etat: EtatTravail, erreur: str) -> None:
    """Clôt un travail qui n'a pas rendu la main ; s'il avait déjà écrit, il est terminé, pas perdu."""
    scelle = Travail.objects.filter(pk=travail.pk).values_list("resultat", flat=True).first()
    if scelle and scelle.get("ecrit"):
        _finir(travail, EtatTravail.TERMINE, resultat=scelle)
    else:
        _finir(travail, etat, erreur=erreur)


def executer(pk: int) -> None:
    """Exécute un travail en attente ; son issue, bonne ou mauvaise, est écrite dessus. Ne lève rien."""
    travail = _prendre(pk)
    if travail is None:
        return
    try:
        exiger_empreinte(travail)
        resultat = travaux[travail.genre].executer(Contexte(travail))
    except Arret:
        _abandonner(travail, EtatTravail.INTERROMPU, travaux[travail.genre].arrete or ARRETE)
    except FichierIndesirable as refus:
        travail.fichier.delete(save=False)
        travail.nom_fichier = ""
        travail.save(update_fields=["fichier", "nom_fichier"])
        _finir(travail, EtatTravail.ECHEC, erreur=str(refus))
    except (TravailRefuse, FichierRefuse) as refus:
        _finir(travail, EtatTravail.ECHEC, erreur=str(refus))
    except Exception:
        journal.exception("travail %s (%s)", travail.pk, travail.genre)
        _abandonner(travail, EtatTravail.ECHEC, IMPREVU.format(travail.pk))
    else:
        _finir(travail, EtatTravail.TERMINE, resultat=resultat)


def exiger_empreinte(travail: Travail) -> None:
    """Lève `TravailRefuse` si le fichier n'est plus celui qui a été déposé."""
    if not travail.fichier:
        return
    try:
        with travail.fichier.open("rb") as fichier:
            empreinte = empreinte_de(fichier)
    except FileNotFoundError:
        raise TravailRefuse(FICHIER_PARTI) from None
    if empreinte != travail.empreinte:
        raise TravailRefuse("Le fichier a changé depuis son dépôt : rien n'est écrit ; déposez-le de nouveau.")


def oublier_le_fichier(nom: str) -> None:
    """Efface du disque un fichier déposé, et le retire de tous les travaux qui le partagent."""
    partages = Travail.objects.filter(fichier=nom)
    if nom and (un := partages.first()):
        un.fichier.storage.delete(nom)
        partages.update(fichier="")


def oublier_les_fichiers(genres: Collection[str], avant: datetime) -> int:
    """Efface les fichiers de ces genres déposés avant cet instant, confirmés ou non ; rend combien."""
    vieux = Travail.objects.filter(genre__in=genres, cree_le__lt=avant).exclude(fichier="")
    noms = set(vieux.order_by().values_list("fichier", flat=True))
    for nom in noms:
        oublier_le_fichier(nom)
    return len(noms)


def battre(maintenant: datetime, pk: int) -> None:
    """Dit que l'exécuteur de ce travail est vivant."""
    Travail.objects.filter(pk=pk).update(battement=maintenant)


def ramasser(maintenant: datetime) -> list[Travail]:
    """Déclare interrompus les travaux en cours dont l'exécuteur ne donne plus signe ; rend ceux-là."""
    limite = maintenant - timedelta(seconds=settings.TREILLE_DELAI_BATTEMENT)
    morts = []
    for pk in Travail.objects.silencieux(limite).values_list("pk", flat=True):
        with transaction.atomic():
            travail = Travail.objects.select_for_update().silencieux(limite).filter(pk=pk).first()
            if travail:
                genre = travaux.get(travail.genre)
                _abandonner(travail, EtatTravail.INTERROMPU, (genre and genre.arrete) or MORT)
                morts.append(travail)
    return morts


def planifier(maintenant: datetime) -> list[Travail]:
    """Lance les échéances dues ; le créneau unique empêche deux travailleurs de lancer la même."""
    lances = []
    for genre in travaux:
        creneau = genre.creneau(maintenant)
        if creneau and not Travail.objects.filter(creneau=creneau).exists():
            with suppress(IntegrityError):
                lances.append(lancer(genre.code, creneau=creneau))
    return lances


def _menage(contexte: Contexte) -> dict[str, Any]:
    """Efface les travaux finis depuis plus de 90 jours, avec leurs fichiers."""
    vieux = Travail.objects.filter(fini_le__lt=timezone.now() - GARDE)
    nombre = 0
    for travail in vieux:
        # Un aperçu et son écriture partagent leur fichier.
        freres = Travail.objects.filter(fichier=travail.fichier.name).exclude(pk=travail.pk)
        if travail.fichier and not freres.exists():
            travail.fichier.delete(save=False)
        travail.rapport.delete(save=False)
        travail.delete()
        nombre += 1
    return {"effaces": nombre}


inscrire(Genre("menage", "Ménage des travaux anciens", _menage, periode=timedelta(days=1)))
