"""Les agrégats par l'API : les mêmes sommes, les mêmes silences, et des refus en une phrase."""

from typing import Any

import pytest
from django.urls import reverse

from programme.enums import Role
from programme.models import Region, Utilisateur
from tests.aides import connecte, nb_requetes
from tests.fabriques import ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.usages.agregats.mondes import MOIS, dire, esms_de, refaire, une_grappe
from tests.usages.fabriques import IndicateurFactory
from usages.models import Indicateur

pytestmark = pytest.mark.django_db
URL = "/api/v1/agregats/"


@pytest.fixture
def rapport() -> Indicateur:
    return IndicateurFactory(code="projets-a-jour", libelle="Projets à jour")


def _lire(compte: Utilisateur, **parametres: Any) -> Any:
    return connecte(compte).get(URL, {"indicateur": "projets-a-jour", "de": MOIS.code} | parametres)


def _lignes(compte: Utilisateur, **parametres: Any) -> list[dict[str, Any]]:
    return _lire(compte, **parametres).json()["results"]


def test_les_cles_de_l_enonce(rapport: Indicateur) -> None:
    esms = une_grappe(6, rapport)
    dire(esms_de(esms[0].grappe), rapport, None, motif="non_mesurable")
    dire(esms_de(esms[0].grappe), rapport, None, motif="non_concerne")
    refaire()
    assert reverse("api:agregat-liste") == URL
    (ligne,) = _lignes(cheffe_de(esms[0].grappe), maille="grappe")
    assert ligne == {
        "indicateur": "projets-a-jour",
        "maille": "grappe",
        "territoire": str(esms[0].grappe_id),
        "nom": esms[0].grappe.nom,
        "periode": MOIS.code,
        "numerateur": 180.0,
        "denominateur": 240.0,
        "taux": 0.75,
        "n_repondants": 6,
        "n_parcours": 7,
        "masque": False,
    }


def test_chaque_maille(rapport: Indicateur) -> None:
    esms = une_grappe(6, rapport)
    une_grappe(7, rapport, region="84")
    refaire()
    admin = affecter(Role.ADMIN)
    comptes = {m: len(_lignes(admin, maille=m)) for m in ("parcours", "og", "grappe", "region", "national")}
    assert comptes == {"parcours": 13, "og": 13, "grappe": 2, "region": 2, "national": 1}
    assert {(ligne["nom"], ligne["n_repondants"]) for ligne in _lignes(admin, maille="region")} == {
        ("Région 75", 6),
        ("Région 84", 7),
    }
    directrice = directrice_de(esms[0])
    comptes = {m: len(_lignes(directrice, maille=m)) for m in ("parcours", "og", "grappe", "region", "national")}
    assert comptes == {"parcours": 1, "og": 1, "grappe": 1, "region": 0, "national": 1}


def test_masque_comme_la_page(rapport: Indicateur) -> None:
    esms = une_grappe(4, rapport)
    refaire()
    (ligne,) = _lignes(directrice_de(esms[0]), maille="grappe")
    assert (ligne["numerateur"], ligne["denominateur"], ligne["taux"], ligne["masque"]) == (None, None, None, True)
    assert (ligne["n_repondants"], ligne["n_parcours"]) == (4, 4)


def test_plusieurs_periodes_et_plusieurs_pages(rapport: Indicateur) -> None:
    for _ in range(3):
        esms = une_grappe(1, rapport)
        dire(esms[0], rapport, (10, 40), recul=2)
    refaire()
    admin = affecter(Role.ADMIN)
    bornes = {"de": MOIS.precedente().code, "a": MOIS.code, "maille": "grappe"}
    entiere = _lire(admin, **bornes).json()
    assert entiere["count"] == 6
    assert [ligne["taux"] for ligne in entiere["results"]] == [0.25, 0.75] * 3
    pages = [_lire(admin, **bornes, taille=4, page=n).json()["results"] for n in (1, 2)]
    assert [len(p) for p in pages] == [4, 2]
    assert pages[0] + pages[1] == entiere["results"]


def test_personne_n_a_repondu_n_est_pas_zero(rapport: Indicateur) -> None:
    parcours = esms_de(une_grappe(1, rapport)[0].grappe)
    dire(parcours, rapport, (30, 40), transmis=False)
    refaire()
    (ligne,) = _lignes(directrice_de(parcours), maille="parcours")
    assert (ligne["numerateur"], ligne["n_repondants"], ligne["n_parcours"], ligne["masque"]) == (None, 0, 1, False)


def test_le_financeur(rapport: Indicateur) -> None:
    Indicateur.objects.update(transmis_au_financeur=False)
    une_grappe(6, rapport)
    refaire()
    ars = affecter(Role.ARS, Region.objects.get(pk="75"))
    assert [_lignes(ars, maille=m) for m in ("parcours", "grappe", "region", "national")] == [[], [], [], []]
    Indicateur.objects.update(transmis_au_financeur=True)
    assert [len(_lignes(ars, maille=m)) for m in ("parcours", "grappe", "region", "national")] == [6, 1, 1, 1]


@pytest.mark.parametrize(
    ("parametres", "champ", "phrase"),
    [
        ({"indicateur": "inconnu"}, "indicateur", "Aucun indicateur ne porte le code « inconnu »."),
        ({"de": "novembre"}, "de", "« novembre » n'est pas une période"),
        ({"de": "2026-T4"}, "de", "« Projets à jour » se relève chaque mois : écrivez un mois (2026-11)."),
        ({"de": "2026-11", "a": "2026-10"}, "a", "La dernière période précède la première : échangez-les."),
        ({"de": "2016-11", "a": "2026-10"}, "a", "60 périodes au plus : rapprochez les deux."),
        ({"maille": "commune"}, "maille", "commune"),
        ({"de": ""}, "de", ""),
    ],
)
def test_un_refus_dit_quoi_ecrire(rapport: Indicateur, parametres: dict[str, str], champ: str, phrase: str) -> None:
    reponse = _lire(affecter(Role.ADMIN), **parametres)
    assert reponse.status_code == 400
    assert phrase in str(reponse.json()), reponse.json()
    assert champ in str(reponse.json())


def test_un_territoire_hors_perimetre_repond_404(rapport: Indicateur) -> None:
    esms, ailleurs = une_grappe(6, rapport), une_grappe(6, rapport)
    refaire()
    directrice = directrice_de(esms[0])
    assert _lire(directrice, maille="grappe", territoire=esms[0].grappe_id).status_code == 200
    reponse = _lire(directrice, maille="grappe", territoire=ailleurs[0].grappe_id)
    assert reponse.status_code == 404
    assert "Vous ne lisez pas les totaux de ce territoire" in str(reponse.json())


def test_autant_de_requetes_pour_une_grappe_que_pour_vingt(rapport: Indicateur) -> None:
    une_grappe(1, rapport)
    refaire()
    client = connecte(affecter(Role.GRADES, Region.objects.get(pk="75")))
    url = f"{URL}?indicateur=projets-a-jour&de={MOIS.code}&maille=grappe"
    une = nb_requetes(client, url)
    for _ in range(19):
        une_grappe(1, rapport)
    refaire()
    assert nb_requetes(client, url) == une


@pytest.mark.parametrize("de", ["9999-12", "9998-01", "2100-01", "0001-01", "1999-12"])
def test_une_annee_hors_du_calendrier_se_dit(rapport: Indicateur, de: str) -> None:
    """La période d'après 9999 n'est plus du calendrier : une phrase, pas une panne."""
    reponse = _lire(affecter(Role.ADMIN), de=de, a="9999-12")
    assert reponse.status_code == 400 and "pas vraisemblable" in reponse.json()["de"][0]


def test_un_corps_aux_mille_crochets_n_est_pas_une_panne() -> None:
    client = connecte(directrice_de(ParcoursFactory()))
    reponse = client.post("/api/v1/releves/", "[" * 100_000, content_type="application/json")
    assert reponse.status_code == 400 and "JSON lisible" in reponse.json()["corps"][0]
