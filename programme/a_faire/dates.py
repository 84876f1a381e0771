"""Tenir ses dates : les étapes prévues avant aujourd'hui et pas atteintes."""

from collections.abc import Iterator

from django.urls import reverse

from programme.a_faire.lecture import lieu_de, parcours_vus
from programme.enums import Role
from programme.models import Etape
from programme.services.dates import depassees
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.dates import date_courte


def etapes_depassees(demande: Demande) -> list[Etape]:
    """Par ESMS que l'on dirige ou conduit, son étape la plus en retard ; la plus ancienne d'abord."""
    vus = {v.parcours.pk: v.parcours for v in parcours_vus(demande) if v.roles & {Role.DIRECTEUR, Role.CHEF_PROJET}}
    etapes = list(depassees(vus, demande.au).values()) if vus else []
    for etape in etapes:
        etape.parcours = vus[etape.parcours_id]
    return etapes


@inscrire("dates")
def dates_depassees(demande: Demande) -> Iterator[Ligne]:
    """Étapes prévues avant aujourd'hui et pas atteintes."""
    etapes = etapes_depassees(demande)
    if not etapes:
        return
    liens = tuple(
        Bouton(
            f"{lieu_de(e.parcours)} : {e.get_etat_display().lower()}, prévue le {date_courte(e.prevue)}",
            reverse("programme:parcours-dates", args=[e.parcours_id]),
        )
        for e in etapes
    )
    ensemble = Bouton("Les réviser sur une page", reverse("programme:dates-en-lot"))
    yield Ligne(
        titre="Réviser une date dépassée" if len(liens) == 1 else f"Réviser {len(liens)} dates dépassées",
        detail="La référence ne bouge pas ; une date révisée suffit, sans justification.",
        url=liens[0].url if len(liens) == 1 else ensemble.url,
        urgence=Urgence.SUIVRE,
        echeance=min((e.prevue for e in etapes if e.prevue), default=None),
        gestes=(ensemble,) if len(liens) > 1 else (),
        liens=liens,
    )
