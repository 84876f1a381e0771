"""Écrit les grappes, les parcours et leur histoire : par lots, et les états par la porte en lot."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from random import Random
from typing import Any

from django.db import models
from simple_history.utils import bulk_create_with_history

from programme.enums import FRISE_GRAPPE, EtatGrappe, EtatOuverture, EtatParcours, PointDepart, TempsEcriture
from programme.generation import noms
from programme.generation.annuaire import Annuaire
from programme.generation.calendrier import Dates, chemin, dater, faits
from programme.generation.plan import Composition, Membre
from programme.models import Etape, Fait, Grappe, Module, Ouverture, Parcours, Solution, Unite, Utilisateur, Vague
from programme.services.grappes import UNITE_PAR_DEFAUT
from programme.socle.lots import analyser
from programme.socle.porte_lot import Demande, changer_etat_en_lot, par_lots

G, P, V = EtatGrappe, EtatParcours, EtatOuverture
MOTIF = "Pays inventé : situation constatée."
LIGNES_PAR_ORDRE = 2_000
_SANS_CALENDRIER = (G.MONTAGE, G.DEPOSEE, G.NON_RETENUE, G.RESILIEE)
_AVANT_LA_FIN = {G.NON_RETENUE: G.DEPOSEE, G.SUSPENDUE: G.MODELE_COMMUN, G.RESILIEE: G.CONVENTIONNEE}
_GESTES = {G.NON_RETENUE: "ne_pas_retenir", G.SUSPENDUE: "suspendre", G.RESILIEE: "resilier"}
_UNITES = ("Unité Nord", "Unité Sud", "Accueil de jour", "Internat", "Service extérieur")

Temoin = Callable[[int, int], None]


@dataclass(slots=True)
class Engage:
    """Un parcours écrit, et ce qu'on lui a tiré au sort."""

    objet: Parcours
    membre: Membre
    grappe: Grappe
    chef: Utilisateur
    route: list[str]
    dates: Dates


def rang_de(grappe_ou_etat: str) -> int:
    """Le rang d'un état de grappe dans sa frise, celui d'avant pour un état de côté."""
    return FRISE_GRAPPE.index(_AVANT_LA_FIN.get(G(grappe_ou_etat), G(grappe_ou_etat)))


def ecrire(modele: type[models.Model], lignes: Iterable[Any]) -> list[Any]:
    """`bulk_create` par paquets ; rend les objets avec leur clé."""
    rendu, reste = [], iter(lignes)
    while paquet := list(islice(reste, LIGNES_PAR_ORDRE)):
        rendu += modele._default_manager.bulk_create(paquet)
    return rendu


def franchir(transition: str, demandes: list[Demande], temoin: Temoin | None = None) -> None:
    """Un passage pour un ensemble, lot après lot."""
    faites = 0
    for lot in par_lots(demandes):
        faites += changer_etat_en_lot(transition, lot)
        if temoin:
            temoin(faites, len(demandes))


# --- grappes -------------------------------------------------------------------------------------------------------


def creer_grappes(
    hasard: Random, plans: list[Composition], annuaire: Annuaire, solutions: list[Solution], au: date
) -> list[Grappe]:
    """Les grappes, au départ de leur frise, leurs modules et leurs vagues."""
    lignes = []
    for plan in plans:
        choisie = rang_de(plan.etat) >= FRISE_GRAPPE.index(G.MODELE_COMMUN)
        nom = noms.grappe(hasard, plan.rang + 1)
        grappe = Grappe(
            nom=nom,
            porteur_id=annuaire.ogs[plan.membres[0].esms],
            region_id=plan.region or None,
            solution=hasard.choice(solutions) if choisie else None,
            annee_financement=au.year - hasard.randint(0, 4) if rang_de(plan.etat) >= 2 else None,
            tri=noms.forme_de_tri(nom),
        )
        lignes.append(grappe)
    grappes = bulk_create_with_history(lignes, Grappe, batch_size=500)
    modules = list(Module.objects.order_by("ordre", "pk"))
    lien: Any = Grappe.modules.through
    ecrire(
        lien,
        (
            lien(grappe=grappe, module=module)
            for grappe, plan in zip(grappes, plans, strict=True)
            if rang_de(plan.etat) >= FRISE_GRAPPE.index(G.CONSULTATION)
            for module in sorted(hasard.sample(modules, min(len(modules), 5)), key=lambda m: m.pk)
        ),
    )
    ecrire(Vague, (v for grappe, plan in zip(grappes, plans, strict=True) for v in _vagues(hasard, grappe, plan, au)))
    return grappes


def _vagues(hasard: Random, grappe: Grappe, plan: Composition, au: date) -> list[Vague]:
    if not any(m.vague for m in plan.membres):
        return []
    debut = au - timedelta(days=hasard.randint(60, 300))
    rendu = []
    for numero in (1, 2, 3):
        fin = debut + timedelta(days=hasard.randint(60, 120))
        capacite = max(3, len(plan.membres) // 3)
        rendu.append(Vague(grappe=grappe, numero=numero, debut=debut, fin=fin, capacite=capacite))
        debut = fin - timedelta(days=15)
    return rendu


def avancer_grappes(
    hasard: Random, plans: list[Composition], grappes: list[Grappe], chefs: list[Utilisateur], au: date
) -> None:
    """Mène chaque grappe à son état : par constat, puis par le geste qui met de côté."""
    constats: list[Demande] = []
    gestes: dict[str, list[Demande]] = {}
    for plan, grappe, chef in zip(plans, grappes, chefs, strict=True):
        vers = _AVANT_LA_FIN.get(G(plan.etat), plan.etat)
        jour = au - timedelta(days=hasard.randint(20, 500))
        if vers != G.MONTAGE:
            constats.append(Demande(grappe, chef, jour, MOTIF, {"vers": str(vers)}))
        if geste := _GESTES.get(G(plan.etat)):
            gestes.setdefault(geste, []).append(Demande(grappe, chef, jour + timedelta(days=9), MOTIF))
    franchir("constater", constats)
    for geste, demandes in gestes.items():
        franchir(geste, demandes)


# --- parcours ------------------------------------------------------------------------------------------------------


def creer_parcours(
    hasard: Random,
    plans: list[Composition],
    grappes: list[Grappe],
    chefs: list[Utilisateur],
    annuaire: Annuaire,
    au: date,
) -> list[Engage]:
    """Les parcours, recensés, avec leurs étapes prévues."""
    vagues = {(v.grappe_id, v.numero): v.pk for v in Vague.objects.all()}
    engages = []
    for plan, grappe, chef in zip(plans, grappes, chefs, strict=True):
        for membre in plan.membres:
            route = chemin(membre.type_projet, membre.est_pilote)
            if membre.etat not in route:
                membre.etat = P.PREPARATION
            dates = dater(hasard, route, membre.etat, au, planifie=plan.etat not in _SANS_CALENDRIER)
            parcours = _parcours(hasard, membre, grappe, annuaire, vagues.get((grappe.pk, membre.vague)))
            engages.append(Engage(parcours, membre, grappe, chef, route, dates))
    for debut in range(0, len(engages), LIGNES_PAR_ORDRE):
        lot = engages[debut : debut + LIGNES_PAR_ORDRE]
        bulk_create_with_history([e.objet for e in lot], Parcours, batch_size=500)
    etapes = [
        Etape(
            parcours_id=e.objet.pk,
            etat=etat,
            reference=e.dates.references.get(etat),
            revisee=e.dates.revisees.get(etat) if etat not in e.dates.reelles else None,
        )
        for e in engages
        for etat in e.dates.references
    ]
    analyser()
    bulk_create_with_history(etapes, Etape, batch_size=LIGNES_PAR_ORDRE)
    return engages


def _parcours(hasard: Random, membre: Membre, grappe: Grappe, annuaire: Annuaire, vague: int | None) -> Parcours:
    avance = membre.etat not in (P.RECENSE, P.CADRAGE)
    tard = membre.etat in (P.SERVICE_REGULIER, P.ROUTINE)
    return Parcours(
        esms_id=annuaire.esms[membre.esms],
        grappe=grappe,
        solution_id=grappe.solution_id,
        vague_id=vague,
        type_projet=membre.type_projet,
        point_depart=hasard.choice(PointDepart.values) if membre.etat != P.RECENSE else "",
        est_pilote=membre.est_pilote,
        temps_ecriture=hasard.choice(TempsEcriture.values) if avance else TempsEcriture.NON_DECIDE,
        referent_maintenu=tard and hasard.random() < 0.8,
    )


def avancer_parcours(engages: list[Engage], au: date, temoin: Temoin) -> None:
    """Mène chacun à son état par la porte, avec les dates de ceux qu'il a franchis ; puis met de côté."""
    demandes = []
    for e in engages:
        if e.membre.etat != P.RECENSE:
            reelles = dict(e.dates.reelles)
            effet = reelles.pop(str(e.membre.etat))
            details = {"vers": str(e.membre.etat), "etapes": reelles}
            demandes.append(Demande(e.objet, e.chef, effet, MOTIF, details))
    franchir("constater", demandes, temoin)
    cotes: tuple[tuple[str, dict[str, Any]], ...] = (("suspendre", {}), ("sortir", {"raison": "retrait"}))
    for transition, raison in cotes:
        gestes = [
            Demande(e.objet, e.chef, max([*e.dates.reelles.values(), au - timedelta(days=2)]), MOTIF, raison)
            for e in engages
            if e.membre.cote == transition
        ]
        franchir(transition, gestes)


def creer_faits(hasard: Random, engages: list[Engage], au: date) -> None:
    """Les faits datés, saisis par le chef de projet."""
    ecrire(
        Fait,
        (
            Fait(parcours_id=e.objet.pk, nature=nature, date=jour, saisi_par=e.chef)
            for e in engages
            for nature, jour in faits(hasard, e.route, e.dates, au)
        ),
    )


# --- unités et ouvertures ------------------------------------------------------------------------------------------


def creer_ouvertures(hasard: Random, engages: list[Engage], au: date, temoin: Temoin) -> None:
    """Unités, ouvertures unité × module, et leur état pour qui ouvre ou a ouvert."""
    unites, des_unites = [], []
    for e in engages:
        noms_d_unites = [UNITE_PAR_DEFAUT]
        if e.membre.etat not in (P.RECENSE, P.CADRAGE) and hasard.random() < 0.25:
            noms_d_unites = hasard.sample(_UNITES, hasard.randint(2, 3))
        for ordre, nom in enumerate(noms_d_unites):
            unites.append(Unite(parcours_id=e.objet.pk, nom=nom, ordre=ordre, a_nuit=nom == "Internat"))
            des_unites.append(e)
    unites = ecrire(Unite, unites)
    modules: dict[int, list[int]] = {}
    for grappe, module in Grappe.modules.through.objects.order_by("pk").values_list("grappe_id", "module_id"):
        modules.setdefault(grappe, []).append(module)
    ouvertures, voulues = [], []
    for unite, e in zip(unites, des_unites, strict=True):
        entree = max(e.dates.reelles.values(), default=au)
        for module in modules.get(e.grappe.pk, ()):
            visee = entree + timedelta(days=7 * hasard.randint(2, 16))
            ouvertures.append(Ouverture(unite_id=unite.pk, module_id=module, date_visee=visee))
            voulues.append((e, _etat_d_ouverture(hasard, e.membre.etat)))
    ouvertures = ecrire(Ouverture, ouvertures)
    analyser()
    demandes = []
    for ouverture, (e, vers) in zip(ouvertures, voulues, strict=True):
        if vers:
            premier = max(e.dates.reelles.values())
            jour = min(au, premier + timedelta(days=7 * hasard.randint(0, 10)))
            demandes.append(Demande(ouverture, e.chef, jour, MOTIF, {"vers": vers}))
    franchir("constater", demandes, temoin)


def _etat_d_ouverture(hasard: Random, etat: str) -> str:
    poids = {
        P.PILOTE: ("", V.PRETE, V.OUVERTE),
        P.OUVERTURE: ("", V.PRETE, V.OUVERTE, V.OUVERTE, V.STABILISEE),
        P.SERVICE_REGULIER: (V.OUVERTE, V.STABILISEE, V.STABILISEE),
        P.ROUTINE: (V.STABILISEE,),
    }
    return str(hasard.choice(poids.get(P(etat), ("",))))
