"""Les alertes à l'accueil : à prendre en charge, à répondre avant qu'elles montent, et la réponse à qui l'attendait."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse

from gouvernance.a_faire.lecture import places_de
from gouvernance.enums import EtatAlerte
from gouvernance.models import Alerte
from programme.a_faire.lecture import parcours_vus
from programme.enums import Role
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.dates import date_courte
from programme.socle.models import Passage

A_LIRE = timedelta(days=7)
RECENTE = timedelta(days=30)
PROCHE = timedelta(days=7)


def _page(alerte: Alerte) -> str:
    return reverse("gouvernance:alerte-detail", args=[alerte.pk])


def _ou(alerte: Alerte) -> str:
    return str(alerte.parcours or alerte.grappe)


def a_repondre(demande: Demande) -> list[Alerte]:
    """Les alertes sans réponse des grappes où l'on répond, la plus pressée d'abord. Une requête."""

    def lire() -> list[Alerte]:
        grappes = places_de(demande).repondues
        if not grappes:
            return []
        lues = Alerte.objects.ouvertes().filter(grappe__in=grappes).pour_lecture()
        return list(lues.order_by("echeance", "pk"))

    return demande.une_fois("alertes_a_repondre", lire)


@inscrire("alertes_a_prendre")
def a_prendre(demande: Demande) -> Iterator[Ligne]:
    """Données, et que personne ne suit encore."""
    levees = [a for a in a_repondre(demande) if a.etat == EtatAlerte.LEVEE]
    if not levees:
        return
    premiere, seule = levees[0], len(levees) == 1
    prendre = reverse("programme:passage", args=["alerte", premiere.pk, "prendre_en_charge"])
    yield Ligne(
        titre="Prendre en charge une alerte" if seule else f"Prendre en charge {len(levees)} alertes",
        detail=f"{_ou(premiere)} · réponse attendue avant le {date_courte(premiere.echeance)}",
        url=_page(premiere) if seule else reverse("gouvernance:alerte-liste"),
        urgence=Urgence.REPONDRE,
        echeance=premiere.echeance,
        texte=f"« {premiere} »" if seule else "",
        gestes=(Bouton("Prendre en charge", prendre), Bouton("Lire l'alerte", _page(premiere))) if seule else (),
        liens=() if seule else _liens(levees),
        noms=() if seule else tuple(map(_ou, levees)),
    )


@inscrire("alertes_a_clore")
def a_clore(demande: Demande) -> Iterator[Ligne]:
    """Prises en charge, le délai passé ou à sept jours près ; portées au COSTRAT, jusqu'à la réponse."""
    limite = demande.au + PROCHE
    prises = [a for a in a_repondre(demande) if a.etat == EtatAlerte.PRISE_EN_CHARGE and a.echeance <= limite]
    portees = [a for a in a_repondre(demande) if a.etat == EtatAlerte.PORTEE]
    portee, prise = "portée au COSTRAT,portées au COSTRAT", "prise en charge,prises en charge"
    for alertes, quoi in ((portees, portee), (prises, prise)):
        if not alertes:
            continue
        premiere, seule = alertes[0], len(alertes) == 1
        clore = reverse("programme:passage", args=["alerte", premiere.pk, "clore"])
        forme = quoi.split(",")[0 if seule else 1]
        yield Ligne(
            titre=f"Répondre à {'une alerte' if seule else f'{len(alertes)} alertes'} {forme}",
            detail=f"{_ou(premiere)} · attendue avant le {date_courte(premiere.echeance)}",
            url=_page(premiere) if seule else reverse("gouvernance:alerte-liste"),
            urgence=Urgence.REPONDRE if premiere.echeance < demande.au else Urgence.SUIVRE,
            echeance=premiere.echeance,
            texte=f"« {premiere} »" if seule else "",
            gestes=(Bouton("Répondre", clore), Bouton("Lire l'alerte", _page(premiere))) if seule else (),
            liens=() if seule else _liens(alertes),
            noms=() if seule else tuple(map(_ou, alertes)),
        )


def _liens(alertes: list[Alerte]) -> tuple[Bouton, ...]:
    return tuple(Bouton(f"« {a} », {_ou(a)}, avant le {date_courte(a.echeance)}", _page(a)) for a in alertes)


@inscrire("alertes_reponses")
def reponses(demande: Demande) -> Iterator[Ligne]:
    """À qui a donné l'alerte, et à la direction de l'ESMS : ce qu'on a répondu, un mois. Deux requêtes."""
    diriges = (
        [vu.parcours.pk for vu in parcours_vus(demande) if Role.DIRECTEUR in vu.roles]
        if Role.DIRECTEUR in demande.utilisateur.perimetre.roles
        else []
    )
    visees = Alerte.objects.filter(Q(levee_par=demande.utilisateur) | Q(parcours__in=diriges), etat=EtatAlerte.CLOSE)
    siennes = {a.pk: a for a in visees.visibles_par(demande.utilisateur).pour_lecture()}
    if not siennes:
        return
    closes = Passage.objects.de_plusieurs(Alerte, list(siennes)).filter(
        transition="clore", date_effet__gte=demande.au - RECENTE
    )
    # La dernière clôture l'emporte ; on ne s'annonce pas sa propre réponse.
    derniers = {p.objet_id: p for p in closes if p.par_id != demande.utilisateur.pk}
    for cle, passage in derniers.items():
        alerte = siennes[cle]
        yield Ligne(
            titre="Votre alerte a une réponse",
            detail=f"{_ou(alerte)} · close le {date_courte(passage.date_effet)}",
            url=_page(alerte),
            urgence=Urgence.SUIVRE if passage.date_effet > demande.au - A_LIRE else Urgence.RAPPEL,
            texte=f"« {alerte} » : « {alerte.reponse} »",
            gestes=(Bouton("Lire la réponse", _page(alerte)),),
        )
