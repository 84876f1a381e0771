"""La table d'accès des relevés."""

from typing import Any

from tests.acces.lignes import (
    API,
    CONDUIT,
    LIT_PREPARATION,
    VOIT_GRAPPE,
    VOIT_PARCOURS,
    Ligne,
    _grappe,
    _parcours,
    _passage,
    qui,
)
from tests.acces.monde import Cote
from tests.acces.usages.demandes_editeurs import EST_D_UNE_GRAPPE

SAISIT_LES_CHIFFRES = qui("directeur referent siege")
DEMANDE = qui("chef_projet ars", "etranger")


def _releve(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.releve.pk}


def _transmis(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.transmis.pk}


def _valeur(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.valeur.pk}


def _periode(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.grappe.pk, "periode": cote.releve.periode.code}


SAISIT_QUELQUE_PART = qui("directeur referent siege voisin")

LIGNES: dict[str, Ligne] = {
    # Un ESMS hors de vue y est une 404, vu sans y saisir une 403 : tests/usages/releves/test_api.py.
    "api:releve-liste": Ligne(peut_ecrire=SAISIT_QUELQUE_PART, ecrit=True, **API),
    "usages:releve-detail": Ligne(_releve, LIT_PREPARATION, naturel="directeur"),
    "usages:releve-detail transmis": Ligne(_transmis, VOIT_PARCOURS, naturel="ars"),
    "usages:releve-feuille": Ligne(_releve, LIT_PREPARATION, genre="fichier"),
    "usages:releve-saisir": Ligne(
        _releve, LIT_PREPARATION, SAISIT_LES_CHIFFRES, ecrit=True, code=302, naturel="directeur"
    ),
    "usages:releve-transmettre": Ligne(_releve, LIT_PREPARATION, SAISIT_LES_CHIFFRES, ecrit=True, naturel="directeur"),
    "usages:parcours-releves": Ligne(_parcours, VOIT_PARCOURS, naturel="directeur"),
    "usages:releve-liste": Ligne(),
    "usages:releve-lot": Ligne(code=302, ecrit=True),
    "usages:grappe-releves": Ligne(_grappe, VOIT_GRAPPE, EST_D_UNE_GRAPPE),
    "usages:releves-classeur": Ligne(_periode, VOIT_GRAPPE, EST_D_UNE_GRAPPE, genre="fichier"),
    "usages:releves-rapporter": Ligne(
        _periode, VOIT_GRAPPE, qui("directeur referent siege voisin"), ecrit=True, naturel="siege"
    ),
    "usages:valeur-detail": Ligne(_valeur, VOIT_PARCOURS, naturel="ars"),
    "usages:valeur-corriger": Ligne(_valeur, VOIT_PARCOURS, SAISIT_LES_CHIFFRES, ecrit=True, naturel="directeur"),
    "usages:precision-demander": Ligne(_valeur, VOIT_PARCOURS, DEMANDE, ecrit=True, naturel="ars"),
    "programme:passage transmettre releve": Ligne(
        _passage("releve", "transmettre"), LIT_PREPARATION, SAISIT_LES_CHIFFRES, ecrit=True, naturel="directeur"
    ),
    "programme:passage valider releve": Ligne(
        _passage("releve", "valider", "transmis"), VOIT_PARCOURS, CONDUIT, ecrit=True
    ),
}
