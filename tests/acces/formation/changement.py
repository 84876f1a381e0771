"""La table d'accès de la formation : plan de changement, annonce, objectifs, bilan."""

from typing import Any

from formation.models import BilanChangement, Objectif
from tests.acces.lignes import (
    CONDUIT,
    LIT_GRILLE,
    LIT_PREPARATION,
    SAISIT,
    VOIT_GRAPPE,
    VOIT_PARCOURS,
    Ligne,
    _grappe,
    _parcours,
)
from tests.acces.monde import Cote


def _de_l_esms(cote: Cote) -> dict[str, Any]:
    return {"parcours": cote.parcours.pk}


def _de_la_grappe(cote: Cote) -> dict[str, Any]:
    return {"grappe": cote.grappe.pk}


def _mesure(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.mesurechangement.pk}


def _mesure_de_grappe(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.mesure_de_grappe.pk}


def _objectif(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.objectif.pk}


def _objectif_de_grappe(cote: Cote) -> dict[str, Any]:
    objectif, _ = Objectif.objects.get_or_create(grappe=cote.grappe, parcours=None, intitule="Pour toute la grappe")
    return {"pk": objectif.pk}


def _bilan(cote: Cote) -> dict[str, Any]:
    """Celui que le monde n'arrête pas de lui-même : il se fige."""
    bilan, _ = BilanChangement.objects.get_or_create(parcours=cote.parcours, arrete_par=cote.travail.par)
    return {"pk": bilan.pk}


LIGNES: dict[str, Ligne] = {
    "formation:parcours-changement": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, naturel="directeur"),
    "formation:grappe-changement": Ligne(_grappe, VOIT_GRAPPE, LIT_GRILLE),
    "formation:mesure-creer": Ligne(_de_l_esms, VOIT_PARCOURS, SAISIT, ecrit=True, naturel="directeur"),
    "formation:mesure-creer grappe": Ligne(_de_la_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "formation:mesure-modifier": Ligne(_mesure, LIT_PREPARATION, SAISIT, ecrit=True, naturel="directeur"),
    "formation:mesure-modifier grappe": Ligne(_mesure_de_grappe, LIT_GRILLE, CONDUIT, ecrit=True),
    "formation:parcours-annonce": Ligne(
        _parcours, VOIT_PARCOURS, LIT_PREPARATION, SAISIT, ecrit=True, naturel="directeur"
    ),
    "formation:objectif-creer": Ligne(_de_l_esms, VOIT_PARCOURS, SAISIT, ecrit=True, naturel="directeur"),
    "formation:objectif-creer grappe": Ligne(_de_la_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "formation:objectif-modifier": Ligne(_objectif, LIT_PREPARATION, SAISIT, ecrit=True, naturel="directeur"),
    "formation:objectif-modifier grappe": Ligne(_objectif_de_grappe, LIT_GRILLE, CONDUIT, ecrit=True),
    "formation:objectif-retirer": Ligne(_objectif, LIT_PREPARATION, SAISIT, lit=False, ecrit=True),
    "formation:objectif-retirer grappe": Ligne(_objectif_de_grappe, LIT_GRILLE, CONDUIT, lit=False, ecrit=True),
    "formation:parcours-bilan": Ligne(
        _parcours, VOIT_PARCOURS, LIT_PREPARATION, SAISIT, ecrit=True, naturel="directeur"
    ),
    "formation:bilan-detail": Ligne(_bilan, LIT_PREPARATION, naturel="directeur"),
}
