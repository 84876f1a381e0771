"""L'accueil : d'abord ce qui attend la personne connectée, puis où en sont ses ESMS."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme import a_faire
from programme.contexte import retenir_le_compte
from programme.enums import EtatParcours, Role
from programme.models import Affectation, Etape, Grappe, Parcours, Utilisateur
from programme.socle.a_faire import Demande, Urgence, demande_de, lues, partager
from programme.socle.decompte import compter
from programme.socle.models import Passage
from programme.socle.nombres import en_lettres
from programme.views.requete import Requete

LIGNES = 12
JALONS = 8
CARTES = 4


def _titre(nombre: int) -> str:
    if not nombre:
        return "Rien ne vous attend aujourd'hui"
    return f"{en_lettres(nombre).capitalize()} {'geste vous attend' if nombre == 1 else 'gestes vous attendent'}"


def _prochaines_dates(parcours: list[Parcours]) -> dict[int, Etape]:
    """Prochaine étape datée et pas encore atteinte de chaque parcours."""
    etapes = Etape.objects.filter(parcours__in=[p.pk for p in parcours], reelle__isnull=True)
    rendu: dict[int, Etape] = {}
    for etape in sorted((e for e in etapes if e.prevue), key=lambda e: e.prevue or date.max):
        rendu.setdefault(etape.parcours_id, etape)
    return rendu


def _lignes_esms(demande: Demande) -> dict[str, Any]:
    """Les ESMS où l'on agit : état, prochaine date, ce qui reste ; les plus proches d'abord au-delà de douze."""
    vus = a_faire.parcours_vus(demande)
    prochaines = _prochaines_dates([v.parcours for v in vus]) if vus else {}
    if len(vus) > LIGNES:
        vus = sorted(vus, key=lambda v: getattr(prochaines.get(v.parcours.pk), "prevue", None) or demande.au.max)
    lignes = [
        {
            "parcours": v.parcours,
            "prochaine": prochaines.get(v.parcours.pk),
            "decompte": compter(v.constats) if v.parcours.prochaine else None,
            "reserves": len(v.reserves),
        }
        for v in vus[:LIGNES]
    ]
    return {"esms": lignes, "nb_esms": len(vus), "nb_en_lettres": en_lettres(len(vus))}


def _lignes_grappes(request: Requete) -> dict[str, Any]:
    """Les grappes qu'on voit ; leurs comptes ne portent que sur les ESMS visibles."""
    visibles = Grappe.objects.visibles_par(request.user)
    grappes = list(visibles.select_related("region", "solution")[: LIGNES + 1])
    comptes: dict[int, dict[str, int]] = {}
    vus = Parcours.objects.visibles_par(request.user).filter(grappe__in=[g.pk for g in grappes]).order_by()
    for grappe, etat, nombre in vus.values_list("grappe", "etat").annotate(n=Count("pk")):
        comptes.setdefault(grappe, {})[etat] = nombre
    lignes = [
        {
            "grappe": g,
            "nb": sum(n for etat, n in comptes.get(g.pk, {}).items() if etat != EtatParcours.SORTI),
            "sortis": comptes.get(g.pk, {}).get(EtatParcours.SORTI, 0),
            "ouverts": sum(comptes.get(g.pk, {}).get(e, 0) for e in ("pilote", "ouverture", "service_regulier")),
            "routine": comptes.get(g.pk, {}).get(EtatParcours.ROUTINE, 0),
        }
        for g in grappes[:LIGNES]
    ]
    return {"grappes": lignes, "autres_grappes": len(grappes) > LIGNES}


def _par_personne(affectations: Iterable[Affectation]) -> list[tuple[Utilisateur, list[Grappe]]]:
    """Chacun une fois, avec les grappes qu'il conduit ; trois personnes au plus."""
    conduites: dict[Utilisateur, list[Grappe]] = {}
    for a in affectations:
        if a.grappe:
            conduites.setdefault(a.utilisateur, []).append(a.grappe)
    return list(conduites.items())[:3]


def _reperes(demande: Demande) -> dict[str, Any]:
    """À qui s'adresser, et ce qui a bougé depuis trente jours."""
    parcours = {v.parcours.pk: v.parcours for v in a_faire.parcours_vus(demande)}
    grappes = {p.grappe_id for p in parcours.values()}
    if not grappes:
        return {}
    chefs = Affectation.objects.en_cours(demande.au).filter(role=Role.CHEF_PROJET, grappe__in=grappes)
    recents = Passage.objects.de_plusieurs(Parcours, list(parcours)).filter(date_effet__gte=demande.au - a_faire.RECENT)
    etats = dict(EtatParcours.choices)
    return {
        "chefs": _par_personne(chefs.exclude(utilisateur=demande.utilisateur).select_related("utilisateur", "grappe")),
        "recents": [
            {"parcours": parcours[p.objet_id], "vers": etats.get(p.vers, p.vers), "passage": p}
            for p in recents.order_by("-date_effet", "-pk")[:4]
        ],
    }


def _cartes(request: Requete) -> list[tuple[str, str]]:
    """« À qui m'adresser » (nom, adresse) : la carte de chaque ESMS jusqu'à quatre, sinon celle de chaque grappe."""
    if not set(request.user.perimetre.roles) & {*a_faire.REPONDENT, Role.APPUI}:
        return []
    vus = Parcours.objects.visibles_par(request.user).dans_le_projet()
    lignes = vus.order_by("esms__tri", "pk").values_list("esms__finess", "esms__nom", "grappe", "grappe__nom")
    esms: dict[str, str] = {}
    grappes: dict[int, str] = {}
    for finess, nom, grappe, nom_de_grappe in lignes:
        esms[finess], grappes[grappe] = nom, nom_de_grappe
    if len(esms) <= CARTES:
        return [(nom, reverse("programme:carte-interlocuteurs", args=[finess])) for finess, nom in esms.items()]
    siennes = list(grappes.items())[:CARTES]
    return [(f"Grappe {nom}", reverse("programme:grappe-interlocuteurs", args=[cle])) for cle, nom in siennes]


def _jalons(request: Requete, au: date) -> dict[str, Any]:
    """Pour qui lit : les dernières étapes franchies et les prochaines attendues, sans motif ni condition."""
    vus = Parcours.objects.visibles_par(request.user)
    franchis = Passage.objects.de_plusieurs(Parcours, vus.values("pk")).order_by("-date_effet", "-pk")[:JALONS]
    noms = Parcours.objects.select_related("esms").in_bulk([p.objet_id for p in franchis])
    attendues = Etape.objects.filter(parcours__in=vus, reelle__isnull=True).annotate(
        attendue=Coalesce("revisee", "reference")
    )
    return {
        "franchis": [
            {"parcours": noms[p.objet_id], "vers": EtatParcours(p.vers).label, "le": p.date_effet} for p in franchis
        ],
        "attendues": attendues.filter(attendue__gte=au).order_by("attendue").select_related("parcours__esms")[:JALONS],
    }


@require_safe
def accueil(request: Requete) -> HttpResponse:
    """Ce qui m'attend, puis mes ESMS ; qui lit seulement trouve ses grappes."""
    au = timezone.localdate()
    demande = demande_de(request, au)
    pressees, ensuite = partager(lues(demande))
    p = request.user.perimetre
    agit = bool(a_faire.ACTIFS & set(p.roles)) or p.tient(Role.ADMIN)
    attendu = agit or bool(a_faire.actions.confiees(demande))
    contexte = {
        "aujourdhui": au,
        "titre": _titre(len(pressees)) if attendu else "Où en sont les grappes" if p.affectes else "Bienvenue",
        "agit": agit,
        "attendu": attendu,
        "pressees": pressees,
        "suivent": [ligne for ligne in ensuite if ligne.urgence < Urgence.PEUT_ATTENDRE],
        "ensuite": [ligne for ligne in ensuite if ligne.urgence >= Urgence.PEUT_ATTENDRE],
        "est_admin": p.tient(Role.ADMIN),
        "est_conducteur": p.tient(Role.CHEF_PROJET),
        "sans_affectation": not p.affectes,
        **_lignes_esms(demande),
        **_reperes(demande),
        "cartes": _cartes(request),
    }
    if p.affectes and not (p.roles and set(p.roles) <= a_faire.REPONDENT):
        contexte |= _lignes_grappes(request)
    if p.affectes and not agit:
        contexte |= _jalons(request, au)
    return retenir_le_compte(render(request, "programme/accueil.html", contexte), request)
