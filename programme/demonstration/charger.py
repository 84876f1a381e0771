"""Charge la démonstration entière, ou rien ; la seconde fois, ne fait rien."""

from django.db import transaction
from django.utils import timezone

from programme.demonstration import (
    actions,
    apports,
    checklist,
    etat_des_lieux,
    financement,
    fondation,
    guyane,
    moments,
    passe,
    personnes,
    preparation,
    rappels,
    reprise,
    vues,
)
from programme.demonstration.ain_rhone import grappe as ain_rhone
from programme.demonstration.annuaire import charger_l_echantillon, creer_les_solutions
from programme.demonstration.calendrier import Calendrier
from programme.demonstration.comptes import ANNONCES, creer_comptes, nommer_l_administratrice
from programme.models import Utilisateur
from programme.services.prevision import relever_durees


def est_chargee() -> bool:
    """Vrai si les comptes de la démonstration existent : ils naissent dans la même transaction que le reste."""
    return Utilisateur.objects.filter(identifiant__in=ANNONCES).exists()


@transaction.atomic
def charger() -> bool:
    """Bâtit les quatre grappes ; rend faux si elles l'étaient déjà."""
    if est_chargee():
        return False
    apports.decouvrir()
    calendrier = Calendrier(timezone.localdate())
    comptes = creer_comptes()
    nommer_l_administratrice(comptes["admin"], fondation.DU)
    charger_l_echantillon()
    solutions = creer_les_solutions()
    fondation.creer(comptes, solutions, calendrier.aujourdhui)
    ain_rhone.creer(comptes, solutions, calendrier)
    guyane.creer(comptes, calendrier)
    passe.creer(comptes, solutions, calendrier)
    financement.creer(comptes, calendrier)
    personnes.creer(comptes, calendrier)
    actions.creer(comptes, calendrier)
    moments.creer(comptes, calendrier)
    etat_des_lieux.creer(comptes, calendrier)
    preparation.creer(comptes, calendrier)
    vues.creer(comptes)
    checklist.creer(comptes)
    rappels.creer(comptes, calendrier)
    reprise.relier_le_classeur(comptes["cheffe"])
    apports.raconter(comptes, calendrier)
    relever_durees(au=calendrier.aujourdhui)
    return True
