"""Le pays en entier, posé une fois pour toutes les mesures ; l'ordre des mesures ; le carnet à la fin."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from programme.enums import Portee, Role
from programme.generation.pays import Pays, generer
from programme.models import Affectation, Grappe
from tests.banc import mesures
from tests.banc.mesures import NB_ESMS, NB_GRAPPES, NB_PARCOURS, noter

# L'import d'abord, sur une base vide ; la croissance à la fin, elle recopie la base.
ORDRE = (
    "imports_finess",
    "import_professionnels",
    "connexions",
    "pays",
    "listes",
    "pages",
    "preparation",
    "prevision",
    "risques",
    "formation",
    "tableaux",
    "retours",
    "usages",
    "dossier",
    "emporter",
    "debit",
    "croissance",
)


@dataclass(frozen=True, slots=True)
class LePays:
    """Sessions ouvertes par rôle, et la plus grande grappe."""

    sessions: dict[str, str]
    grappe: int

    def client(self, role: str = "admin") -> Client:
        """Un client d'essai sous ce rôle."""
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        return client


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Les mesures dans un ordre fixe : aucune ne dépend du hasard ni de ce qu'une autre a laissé."""
    rangs = {f"test_{nom}": rang for rang, nom in enumerate(ORDRE)}
    ici = Path(__file__).parent
    items.sort(key=lambda item: rangs.get(item.path.stem, len(rangs)) if item.path.parent == ici else -1)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """La table entière, et où elle est écrite."""
    if not mesures.CARNET:
        return
    groupe = ""
    for mesure in mesures.CARNET:
        if mesure.groupe != groupe:
            groupe = mesure.groupe
            terminalreporter.write_line(f"\n{groupe}")
        terminalreporter.write_line(f"  {mesures.en_ligne(mesure)}")
    manques = [m.nom for m in mesures.CARNET if m.tenu is False]
    terminalreporter.write_line(f"\n{len(mesures.CARNET)} mesures, {len(manques)} visée(s) manquée(s).")
    terminalreporter.write_line(f"Écrites dans {mesures.enregistrer()}")


def _ouvrir_des_sessions() -> dict[str, str]:
    cibles = {
        "admin": Affectation.objects.filter(role=Role.ADMIN),
        "chef": Affectation.objects.filter(role=Role.CHEF_PROJET).order_by("pk"),
        "directeur": Affectation.objects.filter(role=Role.DIRECTEUR).order_by("pk"),
        "ars": Affectation.objects.filter(role=Role.ARS, portee=Portee.REGION, region="84"),
    }
    rendu = {}
    for role, affectations in cibles.items():
        client = Client()
        client.force_login(affectations.select_related("utilisateur")[0].utilisateur)
        rendu[role] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return rendu


@pytest.fixture(scope="session")
def pays(django_db_setup: None, django_db_blocker: Any) -> Iterator[LePays]:
    """34 000 ESMS, 1 120 grappes, 25 000 parcours et leur histoire, par la même commande qu'en vrai."""
    with django_db_blocker.unblock():
        debut = perf_counter()
        generer(Pays(NB_ESMS, NB_GRAPPES, 1, NB_PARCOURS), lambda phrase: print(f"\r  {phrase:60}", end="", flush=True))
        duree = perf_counter() - debut
        noter("Génération", f"pays de {NB_ESMS} ESMS", duree, unite="s", maximum=180)
        with connection.cursor() as curseur:
            # L'import mesuré avant a laissé des lignes mortes ; l'index seul ne se lit qu'après un VACUUM.
            curseur.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
        yield LePays(_ouvrir_des_sessions(), Grappe.objects.get(nom__endswith=" 1").pk)
