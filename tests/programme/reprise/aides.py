"""Aides des essais de reprise : l'annuaire réel, une grappe vide, les quatre classeurs et leurs correspondances."""

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from django.conf import settings

from programme.demonstration.annuaire import charger_l_echantillon
from programme.models import Grappe, Utilisateur
from programme.resources.reprise import lire, preparer
from programme.services.correspondances import enregistrer
from programme.services.reference import charger_reference
from programme.services.reprise import Plan
from programme.services.reprise.correspondances import GENRE
from programme.socle.imports import Apercu
from programme.socle.liaisons import Reglages
from programme.socle.models import Correspondance
from tests.fabriques import GrappeFactory, cheffe_de

IMPORTS: Path = settings.RACINE / "fixtures" / "imports"
CLASSEURS = {
    "reprise-1": IMPORTS / "reprise-1.csv",
    "reprise-2": IMPORTS / "reprise-2.xlsx",
    "reprise-3": IMPORTS / "reprise-3.xlsx",
    "reprise-4-fautif": IMPORTS / "reprise-4-fautif.xlsx",
}
JUSTES = ("reprise-1", "reprise-2", "reprise-3")
FAUTIF = "reprise-4-fautif"


def annuaire() -> None:
    """Régions, catégories, et l'échantillon FINESS où les classeurs puisent leurs ESMS."""
    charger_reference()
    charger_l_echantillon()


def grappe_et_cheffe() -> tuple[Grappe, Utilisateur]:
    """Une grappe sans ESMS, et qui la conduit."""
    grappe = GrappeFactory(nom="Grappe reprise")
    return grappe, cheffe_de(grappe)


def correspondance(code: str, par: Utilisateur) -> Correspondance:
    """La correspondance livrée avec un classeur, enregistrée comme l'écran le ferait."""
    lue = json.loads((IMPORTS / f"{code}.json").read_text())
    reglages = Reglages(lue["lecture"], lue["colonnes"], lue["valeurs"])
    vierge = Correspondance(genre=GENRE, par=par)
    return enregistrer(correspondance=vierge, nom=f"Classeur {code}", code=code, reglages=reglages, par=par)


def comparer_le_classeur(
    source: Path | Any, correspondance: Correspondance, grappe: Grappe, par: Utilisateur
) -> tuple[Plan, dict[str, Any]]:
    """Le plan essayé, et l'aperçu en JSON."""
    ouvrir: Callable[[], Any] = (lambda: source.open("rb")) if isinstance(source, Path) else (lambda: source)
    with ouvrir() as fichier, TemporaryFile() as rapport:
        apercu = Apercu(rapport, tout_ou_rien=True)
        plan = preparer(lire(fichier, correspondance), grappe, apercu, par=par)
        return plan, apercu.en_json()
