"""Ce qu'on a répondu à la checklist dans la grappe : vrai, incomplet, à plusieurs niveaux. Tout est inventé."""

from collections.abc import Mapping
from typing import Any

from programme.demonstration.ain_rhone.grappe import ASSOCIATION, ENFANCE, NOM
from programme.enums import FRISE_PARCOURS, EtatParcours, Niveau, StatutAction
from programme.models import Grappe, LigneChecklist, OrganismeGestionnaire, Parcours, Utilisateur
from programme.services.checklist.lecture import lignes_en_vigueur
from programme.services.checklist.reponses import repondre

S = StatutAction
GRAPPE: dict[str, tuple[str, str]] = {"instances": (S.FAIT, "COSTRAT chaque trimestre, COMOP chaque mois.")}
OG: dict[str, tuple[str, str]] = {
    "si_documents": (S.FAIT, "Cartographie et contrats dans le dossier partagé du siège."),
    "si_contacts": (S.FAIT, ""),
    "ressources_temps": (S.EN_ATTENTE, "Décision du conseil d'administration en janvier."),
    "reversibilite": (S.EN_COURS, "Clause à relire avec l'éditeur."),
}
ESMS: dict[str, dict[str, Any]] = {
    "representant": {"statut": S.FAIT},
    "risques_analyser": {"statut": S.FAIT},
    "risques_actions": {"statut": S.EN_COURS, "commentaire": "Le réseau du premier étage d'abord."},
    "ressources_nommer": {"statut": S.DEJA_FAIT, "commentaire": "Une éducatrice et l'assistante de direction."},
    "besoins_personnes": {"statut": S.SANS_OBJET, "motif": "Recueillis par la grappe avant l'arrivée de l'ESMS."},
    "formation_modalite": {"statut": S.EN_COURS},
    "journal_projet": {"statut": S.FAIT, "commentaire": "Une page, le premier lundi du mois."},
}


def creer(comptes: Mapping[str, Utilisateur]) -> None:
    """Répond à la grappe, au siège, puis dans les ESMS de la directrice et chez ceux qui sont loin."""
    cheffe, siege, directrice = (Utilisateur.objects.get(pk=comptes[c].pk) for c in ("cheffe", "siege", "directrice"))
    grappe = Grappe.objects.get(nom=NOM)
    association = OrganismeGestionnaire.objects.get(finess=ASSOCIATION)
    _repondre(grappe, Niveau.GRAPPE, grappe, GRAPPE, cheffe)
    _repondre(grappe, Niveau.OG, association, OG, siege)
    for finess in ENFANCE[1:3]:
        parcours = Parcours.objects.select_related("esms__departement", "grappe").get(
            grappe=grappe, esms__finess=finess
        )
        for code, valeurs in ESMS.items():
            repondre(grappe=grappe, code=code, niveau=Niveau.ESMS, cible=parcours, par=directrice, **valeurs)
    _regler_le_passe(grappe, cheffe)


def _repondre(grappe: Grappe, niveau: str, cible: Any, dites: Mapping[str, tuple[str, str]], par: Utilisateur) -> None:
    for code, (statut, commentaire) in dites.items():
        repondre(grappe=grappe, code=code, niveau=niveau, cible=cible, par=par, statut=statut, commentaire=commentaire)


def _regler_le_passe(grappe: Grappe, par: Utilisateur) -> None:
    """Les ESMS déjà ouverts ont répondu à ce qui précède l'ouverture."""
    _, lignes = lignes_en_vigueur(grappe.pk)
    loin = [EtatParcours.OUVERTURE, EtatParcours.SERVICE_REGULIER, EtatParcours.ROUTINE]
    for parcours in grappe.parcours.filter(etat__in=loin).select_related("esms__departement", "grappe"):
        for ligne in lignes:
            if _est_passee(ligne, parcours):
                repondre(
                    grappe=grappe, code=ligne.code, niveau=Niveau.ESMS, cible=parcours, par=par, statut=S.FAIT
                )  # fmt: skip


def _est_passee(ligne: LigneChecklist, parcours: Parcours) -> bool:
    avant = FRISE_PARCOURS.index(EtatParcours(ligne.phase)) < parcours.rang - 2
    return avant and ligne.niveau == Niveau.ESMS and not ligne.mesure
