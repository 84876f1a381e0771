"""La table d'accès des études et de leurs visites : l'équipe seule ; l'ESMS, pour ce qui se passe chez lui.

Dedans, la cheffe pilote, l'équipe d'appui écrit, le GRADeS lit ; dehors, l'étrangère pilote la sienne.
"""

from collections.abc import Callable
from typing import Any

from tests.acces.lignes import API, LIT_PREPARATION, PUBLIQUE, VOIT_PARCOURS, Ligne, _parcours, _passage, qui
from tests.acces.monde import Cote

EQUIPE = qui("chef_projet appui grades", "etranger")
ECRIT = qui("chef_projet appui", "etranger")
PILOTE = qui("chef_projet", "etranger")
COMMENCE = qui("chef_projet appui grades ars etranger")
RECOIT = qui("directeur siege")


def _etude(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.etude.pk}


def _etape(code: str) -> Callable[[Cote], dict[str, Any]]:
    return lambda cote: {"pk": cote.etude.etapes.get(code=code).pk}


def _visite(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.visite.pk}


def _temps(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.temps.pk}


def _note(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.note.pk}


def _photo(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.photo.pk}


def _constat(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.constat.pk}


def _etude_genre(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.etude.pk, "genre": "filtre"}


def _etude_ref(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.etude.pk, "ref": "grappe:001"}


def _trame(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.etude.pk, "theme": "organisation", "forme": "collectif"}


def _equipier(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.equipier.pk}


ENTONNOIR: dict[str, Ligne] = {
    "usages:etude-liste": Ligne(),
    "usages:etude-creer": Ligne(peut=COMMENCE, ecrit=True),
    "usages:etude-detail": Ligne(_etude, EQUIPE, EQUIPE),
    "usages:etude-modifier": Ligne(_etude, EQUIPE, PILOTE, ecrit=True),
    "usages:etude-equipe": Ligne(_etude, EQUIPE, EQUIPE, peut_ecrire=PILOTE, ecrit=True),
    "usages:equipier-retirer": Ligne(_equipier, EQUIPE, PILOTE, ecrit=True),
    "usages:etude-base": Ligne(_etude, EQUIPE, EQUIPE, peut_ecrire=PILOTE, ecrit=True),
    "usages:etude-entonnoir": Ligne(_etude, EQUIPE, EQUIPE),
    "usages:etude-entonnoir-csv": Ligne(_etude, EQUIPE, EQUIPE, genre="fichier"),
    "usages:etude-modele": Ligne(_etude, EQUIPE, PILOTE, lit=False, ecrit=True),
    "usages:etape-prendre": Ligne(_etape("og"), EQUIPE, PILOTE, lit=False, ecrit=True),
    "usages:etape-noter": Ligne(_etape("projets"), EQUIPE, PILOTE, ecrit=True),
    "usages:etude-pourquoi": Ligne(_etude_ref, EQUIPE, EQUIPE),
    "usages:etape-creer": Ligne(_etude_genre, EQUIPE, PILOTE, ecrit=True),
    "usages:etape-modifier": Ligne(_etape("prerequis"), EQUIPE, PILOTE, ecrit=True),
    "usages:etape-figer": Ligne(_etape("prerequis"), EQUIPE, PILOTE, ecrit=True),
    "usages:etape-rouvrir": Ligne(_etape("prerequis"), EQUIPE, PILOTE, ecrit=True),
    "usages:etape-retirer": Ligne(_etape("cinq"), EQUIPE, PILOTE, ecrit=True),
    "usages:etape-exceptions": Ligne(_etape("exceptions"), EQUIPE, PILOTE, ecrit=True),
    "api:etude-liste": Ligne(**API),
    "api:etude-entonnoir": Ligne(_etude, EQUIPE, EQUIPE, **API),
    "programme:passage lancer etude": Ligne(_passage("etude", "lancer"), EQUIPE, PILOTE, ecrit=True),
}

VISITES: dict[str, Ligne] = {
    "usages:etude-visites": Ligne(_etude, EQUIPE, EQUIPE),
    "usages:visite-proposer": Ligne(_etude, EQUIPE, PILOTE, ecrit=True),
    "usages:visite-detail": Ligne(_visite, LIT_PREPARATION, LIT_PREPARATION, naturel="directeur"),
    "usages:visite-modifier": Ligne(_visite, LIT_PREPARATION, ECRIT, ecrit=True),
    "usages:temps-ajouter": Ligne(_visite, LIT_PREPARATION, ECRIT, ecrit=True),
    "usages:temps-modifier": Ligne(_temps, EQUIPE, ECRIT, ecrit=True),
    "usages:temps-retirer": Ligne(_temps, EQUIPE, ECRIT, ecrit=True),
    "usages:visite-rencontres": Ligne(_visite, LIT_PREPARATION, ECRIT, ecrit=True),
    "usages:etude-trames": Ligne(_etude, EQUIPE, EQUIPE, peut_ecrire=ECRIT, ecrit=True),
    "usages:trame-ecrire": Ligne(_trame, EQUIPE, ECRIT, ecrit=True),
    "usages:visite-notes": Ligne(_visite, LIT_PREPARATION, ECRIT, ecrit=True),
    "usages:note-envoyer": Ligne(_visite, LIT_PREPARATION, ECRIT, lit=False, ecrit=True, genre="fragment"),
    "usages:visite-manifeste": Ligne(_visite, **(PUBLIQUE | {"genre": "fichier"})),
    # Chacun ne corrige que ce qu'il a noté.
    "usages:note-modifier": Ligne(_note, EQUIPE, PILOTE, ecrit=True),
    "usages:visite-photos": Ligne(_visite, LIT_PREPARATION, EQUIPE, peut_ecrire=ECRIT, ecrit=True),
    "usages:photo-modifier": Ligne(_photo, EQUIPE, ECRIT, ecrit=True),
    "usages:photo-retirer": Ligne(_photo, EQUIPE, ECRIT, ecrit=True),
    "usages:visite-programme": Ligne(_visite, LIT_PREPARATION, LIT_PREPARATION, genre="fichier"),
    "usages:parcours-etudes": Ligne(
        _parcours, VOIT_PARCOURS, LIT_PREPARATION, peut_ecrire=RECOIT, ecrit=True, naturel="directeur"
    ),
    "programme:passage refuser visite": Ligne(
        _passage("visite", "refuser"), LIT_PREPARATION, RECOIT, ecrit=True, naturel="directeur"
    ),
    "programme:passage annuler visite": Ligne(_passage("visite", "annuler"), LIT_PREPARATION, PILOTE, ecrit=True),
}

CODAGE: dict[str, Ligne] = {
    "usages:visite-verbatims": Ligne(_visite, LIT_PREPARATION, EQUIPE, peut_ecrire=ECRIT, ecrit=True),
    "usages:visite-constats": Ligne(_visite, LIT_PREPARATION, EQUIPE, peut_ecrire=ECRIT, ecrit=True),
    "usages:constat-modifier": Ligne(_constat, EQUIPE, ECRIT, ecrit=True),
    "usages:constat-retirer": Ligne(_constat, EQUIPE, ECRIT, ecrit=True),
    "usages:visite-codage": Ligne(_visite, LIT_PREPARATION, ECRIT, ecrit=True),
    "usages:visite-accord": Ligne(_visite, LIT_PREPARATION, EQUIPE),
    "usages:etude-effets": Ligne(_etude, EQUIPE, EQUIPE),
    "usages:etude-effets-csv": Ligne(_etude, EQUIPE, EQUIPE, genre="fichier"),
    "usages:etude-effets-xlsx": Ligne(_etude, EQUIPE, EQUIPE, genre="fichier"),
    "usages:etude-verbatims": Ligne(_etude, EQUIPE, EQUIPE),
}
LIGNES = ENTONNOIR | VISITES | CODAGE
