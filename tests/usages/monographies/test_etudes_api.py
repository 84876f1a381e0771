"""L'API des études : le cas publié rendu deux fois pareil, fermé hors de l'équipe, borné."""

from collections import Counter
from typing import Any

import pytest

from tests.aides import connecte, exiger_requetes_constantes, nb_requetes
from tests.usages.monographies.fabriques import EtudeFactory, equiper
from tests.usages.monographies.mondes import Monde, monde
from usages.api.etudes import UNITES_AU_PLUS
from usages.calculs.unites_entonnoir import Nature, Unite
from usages.services.etudes.etapes import figer_etape
from usages.services.etudes.sources import poser_la_base

pytestmark = pytest.mark.django_db
ETUDES = "/api/v1/etudes/"


@pytest.fixture
def publie() -> Monde:
    return monde(publie=True)


def entonnoir(lieu: Monde, compte: Any = None) -> Any:
    return connecte(compte or lieu.lecteur).get(f"{ETUDES}{lieu.etude.pk}/entonnoir/")


def test_le_cas_publie_par_l_api(publie: Monde) -> None:
    rendu = entonnoir(publie).json()
    etapes = {e["code"]: e for e in rendu["etapes"]}
    assert rendu["base"] == "111 grappes" and not rendu["faute"]
    assert (etapes["prerequis"]["nb_entrees"], etapes["og"]["nb_sorties"]) == (111, 44)
    assert etapes["exceptions"]["nb_readmises"] == 9 == len(etapes["exceptions"]["readmises"])
    assert all("domicile" in e["raisons"][0] for e in etapes["exceptions"]["readmises"])
    assert (etapes["reponses"]["nb_sorties"], etapes["six"]["nb_sorties"], etapes["cinq"]["nb_sorties"]) == (86, 6, 5)
    finales = Counter(u["faits"]["secteur"] for u in etapes["cinq"]["retenues"])
    assert finales == {"PA": 2, "PH_ADULTE": 1, "PH_ENFANT": 1, "DOMICILE": 1}
    comptees = Counter(dit for e in etapes["prerequis"]["ecartees"] for dit in e["raisons"])
    assert {r["dit"]: r["nombre"] for r in etapes["prerequis"]["raisons"]} == comptees and len(comptees) > 3
    assert rendu["paliers"][0] == ["Projets avancés", "111 grappes → 44 OG"]


def test_deux_lectures_disent_la_meme_chose_figee_ou_non(publie: Monde) -> None:
    premiere = entonnoir(publie).content
    assert entonnoir(publie).content == premiere
    for etape in publie.etude.etapes.order_by("rang"):
        figer_etape(etape=etape, par=publie.pilote)
    figee = entonnoir(publie).json()
    assert all(e.pop("figee_le") for e in figee["etapes"])
    vive = entonnoir(publie).json()
    for e in vive["etapes"]:
        e.pop("figee_le")
    assert vive == figee and not any(e["a_bouge"] for e in figee["etapes"])


def test_hors_de_l_equipe_rien(publie: Monde) -> None:
    assert entonnoir(publie, publie.dehors).status_code == 404
    assert connecte(publie.dehors).get(ETUDES).json()["count"] == 0
    assert connecte(publie.lecteur).get(f"{ETUDES}999999/entonnoir/").status_code == 404


def test_ses_etudes(publie: Monde) -> None:
    (lue,) = connecte(publie.auteur).get(ETUDES).json()["results"]
    assert (lue["id"], lue["mon_role"], lue["etat"], lue["nb_etapes"]) == (publie.etude.pk, "auteur", "preparation", 7)
    assert connecte(publie.auteur).get(f"{ETUDES}?etat=close").json()["count"] == 0
    assert connecte(publie.auteur).get(f"{ETUDES}?inconnu=1").status_code == 400


def test_les_longues_listes_sont_bornees_le_nombre_reste_juste() -> None:
    lieu = monde(publie=True)
    lieu.etude.etapes.exclude(code="prerequis").delete()
    unites = [Unite(Nature.GRAPPE, f"{n:04}", f"Grappe {n}", {"type": "usages"}) for n in range(UNITES_AU_PLUS + 10)]
    poser_la_base(lieu.etude, unites)
    (etape,) = entonnoir(lieu).json()["etapes"]
    assert (etape["nb_ecartees"], len(etape["ecartees"])) == (UNITES_AU_PLUS + 10, UNITES_AU_PLUS)


def test_un_nombre_constant_de_requetes(publie: Monde) -> None:
    client = connecte(publie.pilote)
    url = f"{ETUDES}{publie.etude.pk}/entonnoir/"
    a_sept = nb_requetes(client, url)
    publie.etude.etapes.exclude(code="prerequis").delete()
    assert nb_requetes(client, url) == a_sept

    def peupler(n: int) -> None:
        for _ in range(n):
            equiper(EtudeFactory(creee_par=publie.pilote), publie.pilote)

    exiger_requetes_constantes(client, f"{ETUDES}?taille=100", peupler)
