"""Le plan de formation type, livré en fichier : le relire, en faire les modules d'une grappe."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from formation.enums import Modalite, NatureFormation
from formation.models import ModuleFormation
from formation.permissions import peut_tenir_le_plan
from formation.services.plan import recompter
from programme.models import Grappe, Metier, Utilisateur
from programme.services.controles import exiger, signer, valider
from programme.services.reference import DOSSIER
from programme.socle.erreurs import Refus
from programme.socle.lots import Effets
from programme.socle.nombres import liste

FICHIER = "plan_formation.csv"
SANS_METIERS = (
    "Le référentiel des métiers n'est pas chargé ({}) : demandez à l'administrateur de charger les références."
)
DEJA_TOUT = "Le plan de la grappe a déjà tous les modules du plan type."


@dataclass(frozen=True, slots=True)
class ModuleType:
    """Un module du plan type : ses champs, et les codes des métiers à qui il s'adresse."""

    code: str
    champs: dict[str, Any]
    publics: tuple[str, ...]


def _lire(ligne: dict[str, str]) -> ModuleType:
    nombres = {nom: int(ligne[nom]) for nom in ("duree_minutes", "places_par_session", "ordre")}
    champs = {
        "nom": ligne["nom"],
        "nature": NatureFormation(ligne["nature"]),
        "modalite": Modalite(ligne["modalite"]),
        "objectif": ligne["objectif"],
        "est_socle": ligne["est_socle"] == "oui",
        "validite_mois": int(ligne["validite_mois"]) if ligne["validite_mois"] else None,
    }
    return ModuleType(ligne["code"], champs | nombres, tuple(ligne["publics"].split()))


def lire_plan_type(dossier: Path = DOSSIER) -> list[ModuleType]:
    """Les modules du plan type, dans l'ordre du fichier ; aucun si le dossier n'en a pas."""
    chemin = dossier / FICHIER
    if not chemin.exists():
        return []
    with chemin.open(encoding="utf-8", newline="") as fichier:
        return [_lire(ligne) for ligne in csv.DictReader(fichier, delimiter=";")]


def relire_plan_type(dossier: Path) -> Effets:
    """Vérifie le fichier au chargement des références : il ne va en base qu'au premier clic, dans une grappe.

    Lève `ValueError` si un public n'est pas du référentiel des métiers.
    """
    types = lire_plan_type(dossier)
    with (dossier / "metiers.csv").open(encoding="utf-8", newline="") as fichier:
        connus = {ligne["code"] for ligne in csv.DictReader(fichier, delimiter=";")}
    if inconnus := sorted({code for t in types for code in t.publics} - connus):
        raise ValueError(f"{FICHIER} nomme des métiers inconnus : {liste(inconnus)}.")
    return Effets(inchanges=len(types))


def _metiers(types: list[ModuleType]) -> dict[str, Metier]:
    """Les métiers que nomme le plan type, par code. Lève `Refus("etat")` s'il en manque : vide dirait « tous »."""
    voulus = {code for t in types for code in t.publics}
    connus = {m.code: m for m in Metier.objects.filter(code__in=voulus)}
    if absents := sorted(voulus - connus.keys()):
        raise Refus("etat", SANS_METIERS.format(liste(absents[:3])))
    return connus


def absents_du_plan(grappe: Grappe) -> list[ModuleType]:
    """Les modules types que le plan de la grappe n'a pas, même retirés. Une requête."""
    codes = set(ModuleFormation.objects.filter(grappe=grappe).values_list("code", flat=True))
    return [t for t in lire_plan_type() if t.code not in codes]


@transaction.atomic
def partir_du_plan_type(*, grappe: Grappe, par: Utilisateur) -> list[ModuleFormation]:
    """Ajoute au plan les modules types qui y manquent ; ceux qui y sont ne changent pas. Lève `Refus` (droit, etat)."""
    exiger(peut_tenir_le_plan(par, grappe))
    Grappe._base_manager.select_for_update(of=("self",)).get(pk=grappe.pk)
    types = absents_du_plan(grappe)
    if not types:
        raise Refus("etat", DEJA_TOUT)
    metiers = _metiers(types)
    crees = []
    for t in types:
        module = ModuleFormation(grappe=grappe, code=t.code, **t.champs)
        valider(module)
        signer(module, par)
        module.save()
        module.publics.set(metiers[code] for code in t.publics)
        crees.append(module)
    recompter(grappe)
    return crees
