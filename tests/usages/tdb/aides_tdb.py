"""Aides des essais du tableau de bord ESMS : l'en-tête réel de l'export, un ESMS et son relevé annuel."""

import csv
import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from programme.models import Parcours, Utilisateur
from tests.fabriques import EsmsFactory, GrappeFactory, OgFactory, ParcoursFactory, affecter
from tests.usages.fabriques import IndicateurFactory, ReleveFactory, SuiviFactory
from usages.calculs.lignes_tdb import lire_lignes, proposer
from usages.calculs.periodes import Periode
from usages.enums import CadenceReleve, Denominateur, Forme, Origine
from usages.models import CumulIndicateur, Indicateur, Releve, Valeur
from usages.resources.tableau_de_bord import ouvrir
from usages.services.import_tdb import Plan, comparer, parties

ENTETE = Path(__file__).parents[3] / "fixtures" / "imports" / "tdb-esms-2021-entete.csv"
ANNEE = timezone.localdate().year - 1
FINESS, DOSSIERS, EFFECTIF, PROJETS, EFFECTIF_2, FILE = 4, 317, 318, 320, 321, 215


def intitules() -> list[str]:
    """Les 331 intitulés de l'export national de 2021, doublons compris (données publiques, Licence Ouverte)."""
    with ENTETE.open(encoding="utf-8-sig", newline="") as fichier:
        return [ligne["intitule"] for ligne in csv.DictReader(fichier, delimiter=";")]


@dataclass
class Decor:
    """Un organisme, un ESMS, son siège, trois chiffres annuels et le relevé de l'an dernier."""

    coteau: Parcours
    vergers: Parcours
    siege: Utilisateur
    effectif: Indicateur
    dossiers: Indicateur
    projets: Indicateur
    releve: Releve


def annuel(code: str, **champs: Any) -> Indicateur:
    """Un chiffre annuel, importé."""
    communs = {"cadence": CadenceReleve.ANNEE, "origine": Origine.IMPORTE, "population": Denominateur.EFFECTIF}
    return IndicateurFactory(code=code, libelle=code.replace("-", " ").capitalize(), **communs | champs)


def relever(parcours: Parcours, *indicateurs: Indicateur, annee: int = ANNEE) -> Releve:
    """Le relevé d'un exercice, une case vide par indicateur."""
    releve = ReleveFactory(parcours=parcours, debut=date(annee, 1, 1), cadence=CadenceReleve.ANNEE)
    for indicateur in indicateurs:
        Valeur.objects.create(releve=releve, indicateur=indicateur)
    CumulIndicateur.objects.porter_attendus(Valeur.objects.filter(releve=releve), 1)
    return releve


def decor() -> Decor:
    """Le décor."""
    og, grappe = OgFactory(nom="Association des Coteaux"), GrappeFactory()
    coteau = ParcoursFactory(grappe=grappe, esms=EsmsFactory(og=og, nom="IME Le Coteau"))
    vergers = ParcoursFactory(grappe=grappe, esms=EsmsFactory(og=og, nom="MAS Les Vergers"))
    effectif = annuel("effectif-31-decembre", forme=Forme.COMPTE, denominateur="", plafonne=False)
    dossiers = annuel("tdb-dossiers-administratifs", denominateur_commun=effectif)
    projets = annuel("tdb-projets-personnalises", denominateur_commun=effectif)
    for indicateur in (effectif, dossiers, projets):
        SuiviFactory(grappe=grappe, indicateur=indicateur)
    releve = relever(coteau, effectif, dossiers, projets)
    return Decor(coteau, vergers, affecter("siege", og), effectif, dossiers, projets, releve)


def ligne(finess: str, **dit: Any) -> list[str]:
    """Une ligne de 331 cases ; `dit` : « c318 » pour la colonne de position 318 (à partir de 0)."""
    cases = [""] * len(intitules())
    cases[FINESS] = finess
    for nom, valeur in dit.items():
        cases[int(nom.removeprefix("c"))] = str(valeur)
    return cases


def juste(d: Decor, **dit: Any) -> list[str]:
    """La ligne juste de l'IME, que `dit` corrige."""
    return ligne(d.coteau.esms.finess, **{"c317": 30, "c318": 42, "c320": 12, "c321": 42} | dit)


def csv_de(*lignes: list[str], encodage: str = "utf-8") -> bytes:
    """L'export, à points-virgules."""
    flux = io.StringIO()
    csv.writer(flux, delimiter=";").writerows([intitules(), *lignes])
    return flux.getvalue().encode(encodage, "replace")


def lire(d: Decor, contenu: bytes, annee: int = ANNEE, par: Utilisateur | None = None) -> Plan:
    """Le plan, colonnes devinées."""
    with io.BytesIO(contenu) as fichier, ouvrir(fichier) as (entetes, rangees):
        attendues = ["finess", *parties([d.effectif, d.dossiers, d.projets])]
        colonnes = proposer(entetes, attendues, {})
        return comparer(
            lire_lignes(rangees, colonnes), periode=Periode.lire(str(annee)), par=par or d.siege, le=timezone.now()
        )


def case(releve: Releve, indicateur: Indicateur) -> Valeur:
    """La case, relue."""
    return Valeur.objects.get(releve=releve, indicateur=indicateur, cle="")
