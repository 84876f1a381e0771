"""Les séances à l'accueil : préparer la prochaine, tenir celle du jour, relire et diffuser, siéger demain."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from gouvernance.a_faire.lecture import places_de
from gouvernance.enums import EtatSeance, SuitePoint, TypeInstance
from gouvernance.models import Seance
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.dates import date_courte, heure
from programme.socle.nombres import accorde

A_PREPARER = timedelta(days=21)
PRESSE = timedelta(days=7)
DEMAIN = timedelta(days=1)


def _page(seance: Seance) -> str:
    return reverse("gouvernance:seance-detail", args=[seance.pk])


def _jour(seance: Seance) -> date:
    return timezone.localdate(seance.debut)


def _dans(jour: date, au: date) -> str:
    ecart = (jour - au).days
    return {0: "aujourd'hui", 1: "demain"}.get(ecart, f"dans {ecart} jours")


def _detail(seance: Seance, suite: str) -> str:
    return f"grappe {seance.comite.grappe} · {suite}"


def tenues(demande: Demande) -> list[Any]:
    """Les séances pas encore diffusées des instances qu'elle tient, à trois semaines (`nb_points`). Une requête."""

    def lire() -> list[Any]:
        places = places_de(demande)
        if not places.tient:
            return []
        retenus = Count("points", filter=~Q(points__suite=SuitePoint.RETIRE))
        siennes = Seance.objects.filter(
            places.tenues,
            etat__in=(EtatSeance.PREPAREE, EtatSeance.OUVERTE, EtatSeance.CLOSE),
            debut__date__lte=demande.au + A_PREPARER,
        )
        return list(siennes.annotate(nb_points=retenus).pour_lecture().order_by("debut", "pk"))

    return demande.une_fois("seances_tenues", lire)


@inscrire("seances_a_preparer")
def a_preparer(demande: Demande) -> Iterator[Ligne]:
    """La prochaine séance de chaque instance que l'on tient ; une fois son ordre du jour composé, pour mémoire."""
    connues: set[int] = set()
    for seance in tenues(demande):
        if seance.etat != EtatSeance.PREPAREE or _jour(seance) < demande.au or seance.comite_id in connues:
            continue
        connues.add(seance.comite_id)
        jour, propositions = _jour(seance), reverse("gouvernance:seance-propositions", args=[seance.pk])
        quand = f"{date_courte(jour)}, {_dans(jour, demande.au)}"
        if seance.nb_points:
            yield Ligne(
                titre=f"{seance.comite} : l'ordre du jour compte {accorde(seance.nb_points, 'point')}",
                detail=_detail(seance, quand),
                url=_page(seance),
                urgence=Urgence.RAPPEL,
                echeance=jour,
            )
        else:
            yield Ligne(
                titre=f"Préparer la prochaine séance : {seance.comite}",
                detail=_detail(seance, quand),
                url=propositions,
                urgence=Urgence.SUIVRE if jour <= demande.au + PRESSE else Urgence.PEUT_ATTENDRE,
                echeance=jour,
                texte=""
                if seance.comite.type == TypeInstance.UTILISATEURS
                else "Treille a réuni ce qui demande à y passer.",
                gestes=(Bouton("Préparer l'ordre du jour", propositions), Bouton("Voir la séance", _page(seance))),
            )


@inscrire("seances_a_tenir")
def a_tenir(demande: Demande) -> Iterator[Ligne]:
    """Ce dont le jour est passé sans que l'état le dise : ni ouverte ni annulée, ou ouverte et pas close."""
    for seance in tenues(demande):
        jour = _jour(seance)
        if jour >= demande.au or seance.etat == EtatSeance.CLOSE:
            continue
        ouverte = seance.etat == EtatSeance.OUVERTE
        titre = "Clore la séance" if ouverte else "Ouvrir, déplacer ou annuler la séance"
        yield Ligne(
            titre=f"{titre} du {date_courte(jour)} : {seance.comite}",
            detail=_detail(seance, "elle est restée ouverte" if ouverte else "son jour est passé"),
            url=_page(seance),
            urgence=Urgence.SUIVRE,
            echeance=jour,
            gestes=(Bouton("Voir la séance", _page(seance)),),
        )


@inscrire("comptes_rendus_a_diffuser")
def a_diffuser(demande: Demande) -> Iterator[Ligne]:
    """Séances closes dont le compte rendu n'est pas parti ; au bout d'une semaine, les membres attendent."""
    for seance in tenues(demande):
        if seance.etat != EtatSeance.CLOSE:
            continue
        jour = _jour(seance)
        diffuser = reverse("programme:passage", args=["seance", seance.pk, "diffuser"])
        yield Ligne(
            titre=f"Relire et diffuser le compte rendu : {seance.comite}",
            detail=_detail(seance, f"séance du {date_courte(jour)}"),
            url=_page(seance),
            urgence=Urgence.REPONDRE if jour < demande.au - PRESSE else Urgence.SUIVRE,
            echeance=jour,
            gestes=(Bouton("Relire le compte rendu", _page(seance)), Bouton("Diffuser", diffuser)),
        )


@inscrire("seances_ou_l_on_siege")
def ou_l_on_siege(demande: Demande) -> Iterator[Ligne]:
    """Les séances du jour et du lendemain, à qui y siège."""
    sieges = places_de(demande).sieges
    if not sieges:
        return
    proches = Seance.objects.a_venir().filter(comite__in=sieges, debut__date__range=(demande.au, demande.au + DEMAIN))
    for seance in proches.pour_lecture().order_by("debut", "pk"):
        jour, debut = _jour(seance), timezone.localtime(seance.debut)
        yield Ligne(
            titre=f"{seance.comite} : {_dans(jour, demande.au)} à {heure(debut)}",
            detail=_detail(seance, "vous y siégez"),
            url=_page(seance),
            urgence=Urgence.SUIVRE,
            echeance=jour,
            gestes=(Bouton("Lire l'ordre du jour", _page(seance)),),
        )
