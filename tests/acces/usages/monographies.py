"""La table d'accès des monographies : celle du monde est en relecture, et une première édition en est publiée."""

from typing import Any

from tests.acces.lignes import API, LIT_PREPARATION, Ligne, _passage, qui
from tests.acces.monde import Cote
from tests.acces.usages.etudes import ECRIT, EQUIPE, PILOTE, _visite

COMMENTE = qui("chef_projet appui grades directeur referent siege", "etranger")
VALIDE = qui("directeur")


def _monographie(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.monographie.pk}


def _section(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.monographie.pk, "code": "motivations"}


def _commentaire(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.commentaire.pk}


def _edition(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.edition.pk}


LIGNES: dict[str, Ligne] = {
    "usages:monographie-liste": Ligne(naturel="directeur"),
    "usages:monographie-commencer": Ligne(_visite, LIT_PREPARATION, ECRIT, ecrit=True),
    "usages:monographie-detail": Ligne(_monographie, LIT_PREPARATION, LIT_PREPARATION, naturel="directeur"),
    "usages:monographie-modifier": Ligne(_monographie, LIT_PREPARATION, ECRIT, ecrit=True),
    "usages:section-ecrire": Ligne(_section, LIT_PREPARATION, ECRIT, ecrit=True),
    "usages:section-histoire": Ligne(_section, LIT_PREPARATION, EQUIPE, peut_ecrire=ECRIT, ecrit=True),
    "usages:section-relire": Ligne(
        _section, LIT_PREPARATION, LIT_PREPARATION, peut_ecrire=COMMENTE, ecrit=True, naturel="directeur"
    ),
    "usages:commentaire-repondre": Ligne(_commentaire, LIT_PREPARATION, ECRIT, ecrit=True),
    "usages:monographie-faits": Ligne(_monographie, LIT_PREPARATION, EQUIPE, peut_ecrire=ECRIT, ecrit=True),
    "usages:monographie-documents": Ligne(_monographie, LIT_PREPARATION, EQUIPE, peut_ecrire=ECRIT, ecrit=True),
    "usages:monographie-sigles": Ligne(_monographie, LIT_PREPARATION, EQUIPE, peut_ecrire=ECRIT, ecrit=True),
    "usages:monographie-lire": Ligne(_monographie, naturel="directeur"),
    "usages:monographie-pdf": Ligne(_monographie, genre="fichier"),
    "usages:monographie-docx": Ligne(_monographie, genre="fichier"),
    "usages:edition-lire": Ligne(_edition, naturel="ars"),
    "api:monographie-liste": Ligne(**API),
    "api:monographie-detail": Ligne(_monographie, **API),
    "api:monographie-pdf": Ligne(_monographie, **API),
    "api:monographie-docx": Ligne(_monographie, **API),
    "programme:passage valider monographie": Ligne(
        _passage("monographie", "valider"), LIT_PREPARATION, VALIDE, ecrit=True, naturel="directeur"
    ),
    "programme:passage corriger monographie": Ligne(
        _passage("monographie", "corriger"), LIT_PREPARATION, VALIDE, ecrit=True, naturel="directeur"
    ),
    "programme:passage publier monographie": Ligne(
        _passage("monographie", "publier"), LIT_PREPARATION, PILOTE, ecrit=True
    ),
}
