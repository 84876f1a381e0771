"""La table d'accès de la formation : professionnels et postes. Qui gère l'ESMS y lit des noms ; personne d'autre."""

from typing import Any

from tests.acces.lignes import LIT_PREPARATION, SAISIT, VOIT_PARCOURS, Ligne, _parcours, qui
from tests.acces.monde import Cote

GERE = qui("directeur referent siege")


def _personne(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.professionnel.pk}


def _poste(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.poste.pk}


LIGNES: dict[str, Ligne] = {
    "formation:parcours-professionnels": Ligne(_parcours, VOIT_PARCOURS, GERE, naturel="directeur"),
    "formation:professionnel-creer": Ligne(_parcours, VOIT_PARCOURS, GERE, ecrit=True, naturel="directeur"),
    "formation:postes-compter": Ligne(_parcours, VOIT_PARCOURS, SAISIT, ecrit=True),
    "formation:parcours-reflexe-pdf": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, genre="fichier"),
    "formation:professionnel-detail": Ligne(_personne, GERE, GERE, naturel="directeur"),
    "formation:professionnel-modifier": Ligne(_personne, GERE, GERE, ecrit=True, naturel="directeur"),
    "formation:professionnel-exporter": Ligne(_personne, GERE, GERE, naturel="directeur"),
    "formation:professionnel-effacer": Ligne(_personne, GERE, GERE, ecrit=True, naturel="directeur"),
    "formation:poste-creer": Ligne(_personne, GERE, GERE, ecrit=True, naturel="directeur"),
    "formation:poste-modifier": Ligne(_poste, GERE, GERE, ecrit=True, naturel="directeur"),
    "formation:poste-clore": Ligne(_poste, GERE, GERE, ecrit=True, naturel="directeur"),
    "formation:poste-retirer": Ligne(_poste, GERE, GERE, ecrit=True, naturel="directeur"),
}
