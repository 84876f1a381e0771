"""Les sessions à l'accueil : présences à pointer, évaluation à clore, avis à froid, places à prendre."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from formation.enums import EtatSession, Pointage
from formation.models import Inscription, SessionFormation
from formation.models.sessions import A_VENIR
from programme.a_faire.lecture import REPONDENT, parcours_vus
from programme.enums import Role
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.dates import date_courte

PROCHES = timedelta(days=21)
A_CHAUD = timedelta(days=15)


def _tenues_par(demande: Demande) -> Q:
    """Les sessions que cette personne organise : celles de toute sa grappe, celles de ses ESMS."""
    conduites = demande.utilisateur.perimetre.seul(Role.CHEF_PROJET).grappes
    geres = [vu.parcours.pk for vu in parcours_vus(demande) if vu.roles & REPONDENT]
    return Q(parcours__isnull=True, grappe__in=conduites) | Q(parcours__in=geres)


def _organise(demande: Demande) -> bool:
    """Vrai si l'un de ses rôles organise des sessions."""
    return bool(set(demande.utilisateur.perimetre.roles) & {Role.CHEF_PROJET, *REPONDENT})


def _siennes(demande: Demande) -> list[SessionFormation]:
    """Commencées et pas dites tenues, ou tenues et pas évaluées, la plus ancienne d'abord. Une requête."""

    def lire() -> list[SessionFormation]:
        if not _organise(demande):
            return []
        fin_du_jour = timezone.make_aware(datetime.combine(demande.au, time.max))
        passees = Q(etat__in=A_VENIR, fin__lte=fin_du_jour) | Q(etat=EtatSession.TENUE)
        restent = Inscription.objects.filter(session=OuterRef("pk"), pointage=Pointage.NON_POINTE).inscrites()
        lues = SessionFormation.objects.filter(passees).filter(_tenues_par(demande)).pour_lecture()
        return list(lues.annotate(a_pointer=Exists(restent)).order_by("debut", "pk"))

    return demande.une_fois("sessions_a_suivre", lire)


def _ligne(titre: str, sessions: list[SessionFormation], urgence: Urgence, geste: str, route: str) -> Ligne:
    premiere, seule = sessions[0], len(sessions) == 1
    pages = [reverse(f"formation:{route}", args=[s.pk]) for s in sessions]
    mots = [f"{s.module}, le {date_courte(s.jour)}, {s.pour}" for s in sessions]
    return Ligne(
        titre=titre,
        detail=mots[0] if seule else f"{len(sessions)} sessions",
        url=pages[0],
        urgence=urgence,
        echeance=premiere.jour,
        gestes=(Bouton(geste, pages[0]),) if seule else (),
        liens=() if seule else tuple(Bouton(mot, page) for mot, page in zip(mots, pages, strict=True)),
    )


@inscrire("sessions_a_tenir")
def a_tenir(demande: Demande) -> Iterator[Ligne]:
    """L'heure est passée : s'est-elle tenue ?"""
    passees = [s for s in _siennes(demande) if s.etat in A_VENIR]
    if passees:
        yield _ligne(
            "Dire si la formation s'est tenue", passees, Urgence.REPONDRE, "Voir la session", "sessionformation-detail"
        )


@inscrire("sessions_a_pointer")
def a_pointer(demande: Demande) -> Iterator[Ligne]:
    """Tenues, et des présences restent à pointer : sans elles, personne n'est formé."""
    a_faire = [s for s in _siennes(demande) if s.etat == EtatSession.TENUE and s.a_pointer]
    if a_faire:
        yield _ligne("Pointer les présences", a_faire, Urgence.REPONDRE, "Pointer", "session-presences")


@inscrire("sessions_a_evaluer")
def a_evaluer(demande: Demande) -> Iterator[Ligne]:
    """Pointées, quinze jours passés : les avis à chaud sont arrivés."""
    a_lire = [
        s
        for s in _siennes(demande)
        if s.etat == EtatSession.TENUE and not s.a_pointer and s.jour <= demande.au - A_CHAUD
    ]
    if a_lire:
        yield _ligne("Lire les avis sur une formation", a_lire, Urgence.PEUT_ATTENDRE, "Lire les avis", "session-avis")


@inscrire("avis_a_froid")
def a_froid(demande: Demande) -> Iterator[Ligne]:
    """Quelques semaines d'usage passées, et personne n'a encore donné d'avis : l'adresse se donne. Deux requêtes."""
    if not _organise(demande):
        return
    attendus = SessionFormation.objects.avis_a_froid_a_demander(demande.au).filter(_tenues_par(demande))
    if sessions := list(attendus.pour_lecture().order_by("debut", "pk")):
        yield _ligne("Demander l'avis à froid", sessions, Urgence.PEUT_ATTENDRE, "Donner l'adresse", "session-avis")


@inscrire("sessions_a_remplir")
def a_remplir(demande: Demande) -> Iterator[Ligne]:
    """À qui gère un ESMS : des places libres dans une session proche. Une requête."""
    geres = {vu.parcours.pk: vu.parcours for vu in parcours_vus(demande) if vu.roles & REPONDENT}
    if not geres:
        return
    debut = timezone.make_aware(datetime.combine(demande.au, time.min))
    siennes = Q(parcours__in=list(geres)) | Q(parcours__isnull=True, grappe__in={p.grappe_id for p in geres.values()})
    lues = SessionFormation.objects.filter(siennes, etat=EtatSession.OUVERTE).filter(
        debut__gte=debut, debut__lte=debut + PROCHES
    )
    libres = [s for s in lues.pour_lecture().avec_places().order_by("debut", "pk") if s.nb_libres]
    if libres:
        yield _ligne("Inscrire à une formation", libres, Urgence.PEUT_ATTENDRE, "Inscrire", "sessionformation-detail")
