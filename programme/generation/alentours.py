"""Ce qui entoure les parcours : comptes et affectations, vérifications, financement."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from simple_history.utils import bulk_create_with_history

from programme.enums import FRISE_GRAPPE, EtatGrappe, EtatJalon, IssueVerification, Portee, Role, TypeVerification
from programme.generation.annuaire import Annuaire
from programme.generation.plan import Composition
from programme.generation.projet import MOTIF, ecrire, franchir, rang_de
from programme.models import (
    Affectation,
    Convention,
    Editeur,
    Grappe,
    Jalon,
    Region,
    Solution,
    Tranche,
    Utilisateur,
    Verification,
    VersionInstruction,
)
from programme.socle.porte_lot import Demande

G, J = EtatGrappe, EtatJalon
GRAPPES_PAR_CHEF = 3
ESMS_PAR_DIRECTION = 3
SOLUTIONS = ("Lisière", "Margelle", "Ardoise", "Sillage", "Estuaire", "Canopée", "Boussole", "Rocaille", "Garance")
TRANCHES = (
    ("Signature de la convention", "Convention signée", Decimal("0.3"), False),
    ("Vérification d'aptitude", "Procès-verbal de vérification d'aptitude", Decimal("0.4"), False),
    ("Cibles d'usage atteintes", "Preuve d'usage", Decimal("0.3"), True),
)
"""Valeurs du produit, inventées, remplaçables : aucune instruction officielle n'est reprise ici (métier §12)."""


def creer_solutions() -> list[Solution]:
    """Neuf solutions inventées, chacune son éditeur."""
    editeurs = ecrire(Editeur, (Editeur(nom=f"Éditeur {nom} (inventé)") for nom in SOLUTIONS))
    couples = zip(SOLUTIONS, editeurs, strict=True)
    return ecrire(Solution, (Solution(editeur=e, nom=n, est_referencee=n != "Rocaille") for n, e in couples))


def _comptes(prefixe: str, fonction: str, nombre: int) -> list[Utilisateur]:
    # Le point d'exclamation ne correspond à aucun mot de passe : ces comptes ne s'ouvrent pas.
    comptes = (
        Utilisateur(
            identifiant=f"{prefixe}-{rang:05d}",
            nom=f"{fonction} {rang:05d}",
            courriel=f"{prefixe}-{rang:05d}@exemple.invalid",
            password="!pays-invente",
        )
        for rang in range(1, nombre + 1)
    )
    return ecrire(Utilisateur, comptes)


def creer_chefs(plans: list[Composition], grappes: list[Grappe], du: date) -> list[Utilisateur]:
    """Un chef de projet pour trois grappes ; rend celui de chaque grappe."""
    comptes = _comptes("chef", "Chef de projet", -(-len(plans) // GRAPPES_PAR_CHEF))
    des_grappes = [comptes[plan.rang // GRAPPES_PAR_CHEF] for plan in plans]
    lignes = [
        Affectation(utilisateur=chef, role=Role.CHEF_PROJET, portee=Portee.GRAPPE, grappe=grappe, du=du)
        for chef, grappe in zip(des_grappes, grappes, strict=True)
    ]
    bulk_create_with_history(lignes, Affectation, batch_size=1_000)
    return des_grappes


def creer_directions(hasard: Random, plans: list[Composition], annuaire: Annuaire, du: date) -> None:
    """Une direction pour un à trois ESMS du même OG ; un ESMS sur cinquante n'en a pas."""
    lignes: list[tuple[int, int]] = []
    compte, tenus, og_tenu = 0, 0, None
    for plan in plans:
        for membre in plan.membres:
            og = annuaire.ogs[membre.esms]
            if og != og_tenu or tenus >= ESMS_PAR_DIRECTION:
                compte, tenus, og_tenu = compte + 1, 0, og
            tenus += 1
            if hasard.random() > 0.02:
                lignes.append((compte, annuaire.esms[membre.esms]))
    comptes = _comptes("direction", "Direction", compte)
    affectations = [
        Affectation(utilisateur=comptes[rang - 1], role=Role.DIRECTEUR, portee=Portee.ESMS, esms_id=esms, du=du)
        for rang, esms in lignes
    ]
    bulk_create_with_history(affectations, Affectation, batch_size=1_000)


def creer_lecteurs(du: date) -> None:
    """Un référent ARS et un accompagnateur GRADeS par région, un financeur national, un administrateur."""
    regions = list(Region.objects.order_by("code"))
    lignes: list[Any] = []
    for prefixe, fonction, role in (("ars", "Référent ARS", Role.ARS), ("grades", "Accompagnateur", Role.GRADES)):
        for compte, region in zip(_comptes(prefixe, fonction, len(regions)), regions, strict=True):
            lignes.append(Affectation(utilisateur=compte, role=role, portee=Portee.REGION, region=region, du=du))
    for prefixe, fonction, role in (("cnsa", "Financeur national", Role.ARS), ("admin", "Administrateur", Role.ADMIN)):
        compte = _comptes(prefixe, fonction, 1)[0]
        lignes.append(Affectation(utilisateur=compte, role=role, portee=Portee.NATIONAL, du=du))
    bulk_create_with_history(lignes, Affectation, batch_size=1_000)


def creer_verifications(hasard: Random, plans: list[Composition], grappes: list[Grappe], au: date) -> None:
    """VA dès le déploiement, VSR dès la mesure des usages ; une sur dix ajournée d'abord."""
    lignes = []
    for plan, grappe in zip(plans, grappes, strict=True):
        for type_, seuil in ((TypeVerification.VA, G.DEPLOIEMENT), (TypeVerification.VSR, G.MESURE_DES_USAGES)):
            if rang_de(plan.etat) < FRISE_GRAPPE.index(seuil):
                continue
            jour = au - timedelta(days=hasard.randint(10, 300))
            commun = {"grappe": grappe, "type": type_}
            if hasard.random() < 0.1:
                avant = jour - timedelta(days=40)
                lignes.append(Verification(**commun, prononcee_le=avant, issue=IssueVerification.AJOURNEE))
            issue = hasard.choice((IssueVerification.PRONONCEE, IssueVerification.AVEC_RESERVES))
            debut = jour - timedelta(days=30)
            lignes.append(Verification(**commun, debut=debut, prononcee_le=jour, issue=issue))
    ecrire(Verification, lignes)


def creer_financement(
    hasard: Random, plans: list[Composition], grappes: list[Grappe], chefs: list[Utilisateur], au: date
) -> None:
    """Une convention par grappe conventionnée, ses trois jalons, menés selon l'avancement de la grappe."""
    instruction = VersionInstruction.objects.create(
        code="inventee", nom="Instruction inventée", publiee_le=au - timedelta(days=1500), source="valeurs du produit"
    )
    ecrire(
        Tranche,
        (
            Tranche(instruction=instruction, rang=r, libelle=nom, piece_attendue=piece, taux=taux, preuve_usage=usage)
            for r, (nom, piece, taux, usage) in enumerate(TRANCHES, 1)
        ),
    )
    financees = [
        (plan, grappe, chef)
        for plan, grappe, chef in zip(plans, grappes, chefs, strict=True)
        if rang_de(plan.etat) >= FRISE_GRAPPE.index(G.CONVENTIONNEE)
    ]
    conventions = bulk_create_with_history(
        [_convention(hasard, plan, grappe, instruction, au) for plan, grappe, _ in financees],
        Convention,
        batch_size=500,
    )
    jalons = [
        Jalon(
            convention=convention,
            rang=rang,
            libelle=nom,
            # Un pays inventé n'a pas de fichiers : ses jalons n'attendent pas de pièce, sinon aucun ne serait transmis.
            piece_attendue="",
            preuve_usage=usage,
            montant=(convention.montant * taux).quantize(Decimal("0.01")),
            echeance=convention.signee_le + timedelta(days=60 + 330 * (rang - 1)),
        )
        for convention in conventions
        for rang, (nom, _, taux, usage) in enumerate(TRANCHES, 1)
    ]
    jalons = bulk_create_with_history(jalons, Jalon, batch_size=500)
    par_convention = {c.pk: (plan, chef) for c, (plan, _, chef) in zip(conventions, financees, strict=True)}
    _mener_les_jalons(hasard, jalons, par_convention, au)


def _convention(
    hasard: Random, plan: Composition, grappe: Grappe, instruction: VersionInstruction, au: date
) -> Convention:
    signee = au - timedelta(days=hasard.randint(120, 900))
    return Convention(
        grappe=grappe,
        instruction=instruction,
        reference=f"Convention {signee.year}-{plan.rang + 1:04d}",
        financeur="Agence régionale de santé (inventée)",
        signee_le=signee,
        fin=signee + timedelta(days=1400),
        montant=Decimal(len(plan.membres) * hasard.randint(8, 25) * 1000),
    )


def _mener_les_jalons(
    hasard: Random, jalons: list[Jalon], par_convention: dict[int, tuple[Composition, Utilisateur]], au: date
) -> None:
    """Le premier jalon suit la convention, le deuxième la VA, le troisième la mesure des usages."""
    seuils = (G.CONVENTIONNEE, G.DEPLOIEMENT, G.MESURE_DES_USAGES)
    suites: dict[str, list[Demande]] = {"transmettre": [], "accepter": [], "verser": []}
    for jalon in jalons:
        plan, chef = par_convention[jalon.convention_id]
        if rang_de(plan.etat) < FRISE_GRAPPE.index(seuils[jalon.rang - 1]):
            continue
        jour = au - timedelta(days=hasard.randint(40, 110))
        for rang in range(hasard.choice((1, 2, 3, 3))):
            demande = Demande(jalon, chef, jour + timedelta(days=12 * rang), MOTIF)
            suites[tuple(suites)[rang]].append(demande)
    for transition, demandes in suites.items():
        franchir(transition, demandes)
