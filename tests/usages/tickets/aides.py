"""Aides des essais des tickets : une grappe de deux ESMS, son éditeur, un export, sa correspondance."""

import io
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any

from django.utils import timezone

from programme.models import Grappe, Module, Parcours, Solution, Utilisateur
from programme.socle.imports import Apercu
from programme.socle.models import Correspondance
from tests.fabriques import EsmsFactory, GrappeFactory, ParcoursFactory, SolutionFactory, cheffe_de
from usages.resources.tickets import preparer
from usages.services.tickets.importation import Plan, ecrire, lire_portee

ENTETES = ["Numéro", "Créé le", "Traité le", "Fermé le", "ESMS", "Module", "Bloquant"]
COLONNES = {
    "numero": "numero",
    "cree le": "cree_le",
    "traite le": "traite_le",
    "ferme le": "ferme_le",
    "esms": "esms",
    "module": "module",
    "bloquant": "bloquant",
}


@dataclass
class Decor:
    """Une grappe, deux ESMS, l'éditeur de la grappe, qui la conduit, comment se lit son export."""

    grappe: Grappe
    coteau: Parcours
    vergers: Parcours
    solution: Solution
    agenda: Module
    cheffe: Utilisateur
    correspondance: Correspondance


def decor(**options: Any) -> Decor:
    """Le décor."""
    solution = SolutionFactory()
    grappe = GrappeFactory(nom="Vignes hautes", solution=solution)
    coteau = ParcoursFactory(grappe=grappe, esms=EsmsFactory(nom="IME Le Coteau"))
    vergers = ParcoursFactory(grappe=grappe, esms=EsmsFactory(nom="MAS Les Vergers"))
    cheffe = cheffe_de(grappe)
    agenda = Module.objects.create(code="agenda", nom="Agenda")
    return Decor(grappe, coteau, vergers, solution, agenda, cheffe, relier(grappe, cheffe, **options))


def relier(
    grappe: Grappe, par: Utilisateur, colonnes: dict[str, str] | None = None, valeurs: dict[str, Any] | None = None
) -> Correspondance:
    """La correspondance d'un export aux intitulés de Treille."""
    lecture = {"feuille": "Tableau", "ligne_entete": 1}
    return Correspondance.objects.create(
        genre="tickets",
        par=par,
        code="glpi",
        nom="GLPI",
        colonnes=COLONNES if colonnes is None else colonnes,
        valeurs=valeurs or {},
        options={"lecture": lecture, "entetes": ENTETES, "grappe": grappe.pk},
    )


def csv_de(*lignes: list[str], entetes: list[str] | None = None, encodage: str = "utf-8") -> bytes:
    """Un CSV à points-virgules."""
    return "\r\n".join(";".join(ligne) for ligne in [entetes or ENTETES, *lignes]).encode(encodage)


def ligne(d: Decor, numero: str = "T-1", **dit: str) -> list[str]:
    """Une ligne juste, que `dit` corrige par code de colonne."""
    valeurs = {
        "numero": numero,
        "cree_le": "02/03/2026",
        "traite_le": "",
        "ferme_le": "",
        "esms": d.coteau.esms.finess,
        "module": "Agenda",
        "bloquant": "non",
    } | dit
    return list(valeurs.values())


def comparer(d: Decor, contenu: bytes, source: str = "GLPI") -> tuple[Plan, dict[str, Any]]:
    """Le plan, et l'aperçu en JSON."""
    with io.BytesIO(contenu) as fichier, TemporaryFile() as rapport:
        apercu = Apercu(rapport)
        plan = preparer(
            fichier, d.correspondance, lire_portee(d.grappe), apercu, source=source, au=timezone.localdate()
        )
        return plan, apercu.en_json()


def importer(d: Decor, contenu: bytes, source: str = "GLPI") -> dict[str, Any]:
    """Compare puis écrit ; rend l'aperçu."""
    plan, resultat = comparer(d, contenu, source)
    ecrire(plan)
    return resultat


def rejets(resultat: dict[str, Any]) -> list[tuple[int, str, str]]:
    """(ligne, colonne, raison) des lignes rejetées."""
    return [(r["ligne"], r["colonne"], r["raison"]) for r in resultat["lignes"].get("rejete", [])]
