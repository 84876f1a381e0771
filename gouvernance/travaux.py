"""Travaux de fond de la gouvernance : charger ce module inscrit leurs genres."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from gouvernance.models import DossierSeance, Seance
from gouvernance.services import alertes, dossiers
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde
from programme.socle.travaux import Contexte, Genre, TravailRefuse, inscrire

PLUS_LA = "Cette séance n'est plus là, ou ne vous est plus ouverte : rien n'est fait."


def _faire_le_dossier(contexte: Contexte) -> dict[str, Any]:
    """Le dossier d'une séance, un chapitre à la fois ; il ne s'écrit qu'à la fin, d'un bloc."""
    travail = contexte.travail
    seance = Seance.objects.select_related("comite__grappe").filter(pk=travail.parametres["seance"]).first()
    if seance is None or travail.par is None or not travail.par.is_active:
        raise TravailRefuse(PLUS_LA)
    le, par = timezone.localtime(), travail.par
    try:
        dossiers.exiger_a_preparer(seance, par)
        contenu = dossiers.lire(seance, par=par, le=le, avancer=contexte.avancer)
        with transaction.atomic():
            dossier = dossiers.figer(seance=seance, contenu=contenu, par=par, le=le)
            resultat = _resultat(dossier)
            contexte.sceller(resultat)
    except Refus as refus:
        raise TravailRefuse(refus.motif) from refus
    return resultat


def _resultat(dossier: DossierSeance) -> dict[str, Any]:
    return {
        "ecrit": True,
        "decompte": f"{accorde(len(dossier.contenu['chapitres']), 'chapitre')}, figés.",
        "lien": reverse("gouvernance:dossier-detail", args=[dossier.pk]),
        "lien_libelle": "Ouvrir le dossier",
    }


inscrire(Genre(dossiers.GENRE, "Dossier de séance", _faire_le_dossier))

UN_JOUR = timedelta(days=1)
ARRETE_EN_ALERTE = "Le relevé s'est arrêté en route. Relancez-le sans crainte : aucune alerte n'est donnée deux fois."


def _relever_les_alertes(contexte: Contexte) -> dict[str, Any]:
    """Relève les règles, puis porte au COSTRAT ce dont le délai est passé."""
    au = timezone.localdate()
    releve = alertes.relever(au=au, temoin=contexte.avancer)
    portees = alertes.porter_les_retards(au=au, temoin=contexte.avancer)
    return {"donnees": releve.donnees, "cessees": releve.cessees, "revenues": releve.revenues, "portees": portees}


inscrire(Genre("alertes", "Alertes : règles et délais", _relever_les_alertes, periode=UN_JOUR, arrete=ARRETE_EN_ALERTE))
