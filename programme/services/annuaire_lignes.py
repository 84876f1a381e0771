"""Une ligne FINESS face à ce que l'annuaire en sait : champs comparés, ce qui se complète, ce qui change."""

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from django.db import models

from programme.enums import NatureEvenement
from programme.models import Esms, OrganismeGestionnaire
from programme.models.annuaire import formes_de_recherche
from programme.socle.finess.numero import pour_lecture
from programme.socle.finess.secteurs import CATEGORIES_ADRESSE_MASQUEE

# Champs comparés, dans l'ordre des tuples ; le premier est le numéro de l'OG, résolu à l'écriture.
CHAMPS = (
    "og__finess",
    "nom",
    "nom_long",
    "categorie_id",
    "siret",
    "departement_id",
    "commune_cog",
    "code_postal",
    "ville",
    "adresse",
    "longitude",
    "latitude",
    "ouvert_le",
    "ferme_le",
    "est_actif",
)
A_TAIRE = ("adresse", "longitude", "latitude")
RANG = {nom: rang for rang, nom in enumerate(CHAMPS)}
CHERCHES = tuple(RANG[nom] for nom in ("nom", "nom_long", "ville", "code_postal"))
ECRITS = ("finess", "og_id", *CHAMPS[1:], "millesime", "recherche", "tri")
CHAMPS_OG = ("siren", "nom", "nom_long", "statut_juridique", "ferme_le")
ECRITS_OG = ("finess", *CHAMPS_OG, "recherche", "tri")


def _champ(modele: type[models.Model], nom: str) -> models.Field:
    return cast(models.Field, modele._meta.get_field(nom.removesuffix("_id")))


def _longueurs(modele: type[models.Model], noms: Iterable[str]) -> dict[str, int]:
    return {nom: longueur for nom in noms if (longueur := _champ(modele, nom).max_length)}


LIBELLES = {"og__finess": "OG", **{nom: str(_champ(Esms, nom).verbose_name) for nom in CHAMPS[1:]}}
LONGUEURS = _longueurs(Esms, CHAMPS[1:])
LONGUEURS_OG = _longueurs(OrganismeGestionnaire, CHAMPS_OG)


def couper(valeur: Any, longueur: int | None) -> Any:
    """Le texte à la longueur de sa colonne, sans octet nul ; une autre valeur telle quelle."""
    return valeur.replace("\x00", "")[:longueur] if isinstance(valeur, str) else valeur


def ligne_og(finess: str, siren: str, nom: str, nom_long: str, *reste: Any) -> tuple:
    """Les valeurs d'un OG dans l'ordre de `ECRITS_OG`, formes de recherche comprises."""
    return (finess, siren, nom, nom_long, *reste, *formes_de_recherche(nom, nom_long, finess, siren))


def og_sans_nom(numero: str) -> str:
    """L'ancien extrait ne décrit pas les OG : le nom viendra de FINESS+."""
    return f"OG {pour_lecture(numero)}"


def completer(valeurs: tuple, ancien: tuple, categorie: str, fusionne: bool) -> tuple:
    """Ce qu'un fichier tait ne s'efface pas, sauf une adresse à taire ; une fusion déclarée à la main tient."""
    tus = A_TAIRE if categorie in CATEGORIES_ADRESSE_MASQUEE else ()
    *remplis, ferme_le, est_actif = (
        avant if valeur in (None, "") and nom not in tus else valeur
        for nom, valeur, avant in zip(CHAMPS, valeurs, ancien, strict=True)
    )
    # La date de fermeture fait exception : un établissement rouvert n'en a plus.
    ferme_le = valeurs[-2]
    if fusionne:
        ferme_le, est_actif = ferme_le or ancien[-2], False
    return (*remplis, ferme_le, est_actif)


def differences(ancien: tuple, nouveau: tuple) -> tuple[tuple[str, Any, Any], ...]:
    """Colonne, avant, après : seulement ce qui change."""
    return tuple(
        (LIBELLES[nom], avant, apres)
        for nom, avant, apres in zip(CHAMPS, ancien, nouveau, strict=True)
        if avant != apres
    )


def evenements(finess: str, ancien: tuple, nouveau: tuple, vu_le: date | None) -> list[tuple]:
    """Changement d'OG, fermeture, réouverture : ce que l'annuaire garde de l'histoire."""
    rendu: list[tuple] = []
    if ancien[0] != nouveau[0]:
        rendu.append((finess, NatureEvenement.OG, vu_le, ancien[0] or "", nouveau[0] or ""))
    if ancien[-1] != nouveau[-1]:
        nature = NatureEvenement.REOUVERTURE if nouveau[-1] else NatureEvenement.FERMETURE
        rendu.append((finess, nature, nouveau[-2] or vu_le, "", ""))
    return rendu
