"""Aides des essais de l'import du personnel : un organisme de deux ESMS, son siège, un fichier, une correspondance."""

import io
from dataclasses import dataclass
from datetime import date
from tempfile import TemporaryFile
from typing import Any

from openpyxl import Workbook

from formation.resources.professionnels import preparer
from formation.services.import_professionnels import Plan, ecrire, lire_portee
from programme.models import OrganismeGestionnaire, Parcours, Unite, Utilisateur
from programme.services.reference import charger_reference
from programme.socle.imports import Apercu
from programme.socle.models import Correspondance
from tests.fabriques import EsmsFactory, GrappeFactory, OgFactory, ParcoursFactory, affecter

ENTETES = ["Matricule", "Nom", "Métier", "ESMS", "Unité", "Entrée", "Sortie"]


@dataclass
class Decor:
    """Un organisme, deux de ses ESMS dans la même grappe, qui tient son siège, comment se lit son fichier."""

    og: OrganismeGestionnaire
    coteau: Parcours
    vergers: Parcours
    siege: Utilisateur
    correspondance: Correspondance


def decor(**colonnes: str) -> Decor:
    """Le décor ; `colonnes` ajoute des colonnes reliées (intitulé normalisé=code)."""
    charger_reference()
    og, grappe = OgFactory(nom="Association des Coteaux"), GrappeFactory()
    coteau = ParcoursFactory(grappe=grappe, esms=EsmsFactory(og=og, nom="IME Le Coteau"))
    vergers = ParcoursFactory(grappe=grappe, esms=EsmsFactory(og=og, nom="MAS Les Vergers"))
    Unite.objects.create(parcours=coteau, nom="Les Petits")
    siege = affecter("siege", og)
    return Decor(og, coteau, vergers, siege, relier(og, siege, **colonnes))


def relier(og: OrganismeGestionnaire, par: Utilisateur, code: str = "paie", **colonnes: str) -> Correspondance:
    """La correspondance d'un fichier aux intitulés de Treille."""
    reliees = {c: c for c in ("matricule", "nom", "metier", "esms", "unite", "entree", "sortie")} | colonnes
    return Correspondance.objects.create(
        genre="professionnels",
        og=og,
        par=par,
        code=code,
        nom="Export de paie",
        colonnes=reliees,
        options={"lecture": {"feuille": "Tableau", "ligne_entete": 1}, "entetes": ENTETES},
    )


def csv_de(*lignes: list[str], entetes: list[str] | None = None, encodage: str = "utf-8") -> bytes:
    """Un CSV à points-virgules."""
    return "\r\n".join(";".join(ligne) for ligne in [entetes or ENTETES, *lignes]).encode(encodage)


def ligne(d: Decor, numero: int = 1, **dit: str) -> list[str]:
    """Une ligne juste, que `dit` corrige par intitulé (en minuscules sans accents)."""
    valeurs = {
        "matricule": f"M{numero:04d}",
        "nom": f"Personne {numero}",
        "metier": "Aide-soignant",
        "esms": d.coteau.esms.finess,
        "unite": "",
        "entree": "01/09/2020",
        "sortie": "",
    } | dit
    return list(valeurs.values())


def xlsx_de(*lignes: list[Any], titre: str = "Personnel") -> bytes:
    """Un XLSX d'une feuille."""
    livre = Workbook()
    livre.active.title = titre
    for rangee in lignes:
        livre.active.append(rangee)
    octets = io.BytesIO()
    livre.save(octets)
    return octets.getvalue()


def comparer_le_fichier(
    d: Decor,
    contenu: bytes,
    *,
    par: Utilisateur | None = None,
    depuis: int | None = None,
    complet_au: date | None = None,
) -> tuple[Plan, dict[str, Any]]:
    """Le plan, et l'aperçu en JSON."""
    portee = lire_portee(d.og, par=par or d.siege, depuis=depuis)
    with io.BytesIO(contenu) as fichier, TemporaryFile() as rapport:
        apercu = Apercu(rapport)
        plan = preparer(fichier, d.correspondance, portee, apercu, complet_au=complet_au)
        return plan, apercu.en_json()


def importer(d: Decor, contenu: bytes, **options: Any) -> dict[str, Any]:
    """Compare puis écrit ; rend l'aperçu."""
    plan, resultat = comparer_le_fichier(d, contenu, **options)
    ecrire(plan)
    return resultat


def rejets(resultat: dict[str, Any]) -> list[tuple[int, str, str]]:
    """(ligne, colonne, raison) des lignes rejetées."""
    return [(r["ligne"], r["colonne"], r["raison"]) for r in resultat["lignes"].get("rejete", [])]
