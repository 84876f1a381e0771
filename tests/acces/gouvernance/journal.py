"""La table d'accès de la gouvernance : journal du projet, page ouverte, partage d'un compte rendu."""

from typing import Any

from gouvernance.models import PageOuverte
from tests.acces.lignes import (
    CONDUIT,
    DECIDE,
    EST_DE_LA_GRAPPE,
    LIT_PREPARATION,
    PUBLIQUE,
    SAISIT,
    VOIT_GRAPPE,
    VOIT_PARCOURS,
    Ligne,
    _grappe,
    _parcours,
    qui,
)
from tests.acces.monde import Cote


def _entree(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.entree.pk}


def _entree_de_grappe(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.entree_de_grappe.pk}


def _seance(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.seance.pk}


def _page(cote: Cote) -> dict[str, Any]:
    """Celle de la grappe, que le monde n'ouvre pas de lui-même : elle est éteinte par défaut."""
    page, _ = PageOuverte.objects.get_or_create(
        grappe=cote.grappe, parcours=None, fermee_le=None, defaults={"ouverte_par": cote.travail.par}
    )
    return {"jeton": page.jeton}


# Les entrées du monde ne sont publiées à personne : qui tient le journal les lit, et qui administre.
TIENT = qui("chef_projet directeur referent siege admin", "admin etranger")
TIENT_LA_GRAPPE = qui("chef_projet admin", "admin etranger")
SUIT_LA_SEANCE = qui("chef_projet membre admin", "admin etranger")

LIGNES: dict[str, Ligne] = {
    "gouvernance:grappe-journal": Ligne(_grappe, VOIT_GRAPPE, peut_ecrire=CONDUIT, ecrit=True),
    "gouvernance:parcours-journal": Ligne(
        _parcours, VOIT_PARCOURS, peut_ecrire=SAISIT, ecrit=True, naturel="directeur"
    ),
    "gouvernance:entree-modifier": Ligne(_entree, TIENT, SAISIT, ecrit=True, naturel="directeur"),
    "gouvernance:entree-modifier grappe": Ligne(_entree_de_grappe, TIENT_LA_GRAPPE, CONDUIT, ecrit=True),
    "gouvernance:entree-publier": Ligne(_entree, TIENT, SAISIT, ecrit=True, naturel="directeur"),
    "gouvernance:entree-publier grappe": Ligne(_entree_de_grappe, TIENT_LA_GRAPPE, CONDUIT, ecrit=True),
    "gouvernance:entree-retirer": Ligne(_entree, TIENT, SAISIT, lit=False, ecrit=True),
    "gouvernance:entree-retirer grappe": Ligne(_entree_de_grappe, TIENT_LA_GRAPPE, CONDUIT, lit=False, ecrit=True),
    "gouvernance:parcours-page-ouverte": Ligne(
        _parcours, VOIT_PARCOURS, LIT_PREPARATION, DECIDE, ecrit=True, naturel="directeur"
    ),
    "gouvernance:grappe-page-ouverte": Ligne(_grappe, VOIT_GRAPPE, EST_DE_LA_GRAPPE, CONDUIT, ecrit=True),
    "gouvernance:page-ouverte": Ligne(_page, **PUBLIQUE),
    "gouvernance:seance-partage": Ligne(_seance, SUIT_LA_SEANCE, SUIT_LA_SEANCE, CONDUIT, ecrit=True),
}
