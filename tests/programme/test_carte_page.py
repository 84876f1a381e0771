"""La page de la carte : les mêmes chiffres sur la tuile, dans les tableaux et en CSV, et rien que ce que l'on voit."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programme.enums import EtatParcours, Role
from programme.models import Affectation, Departement, Etape, Parcours
from programme.services.carte import MESURES, relever
from programme.socle.porte import changer_etat
from tests.aides import connecte, exiger_requetes_constantes, lignes_csv
from tests.fabriques import (
    CategorieFactory,
    DepartementFactory,
    EsmsFactory,
    GrappeFactory,
    GroupeFactory,
    ParcoursFactory,
    RegionFactory,
    SolutionFactory,
    affecter,
    cheffe_de,
    directrice_de,
)

pytestmark = pytest.mark.django_db

URL = "/carte/"


def _departement(code: str, nom: str, region: str) -> Departement:
    return DepartementFactory(
        code=code, nom=nom, code_finess=code[:2], region=RegionFactory(code=region, nom=f"R{region}")
    )


@pytest.fixture
def admin() -> Any:
    return affecter(Role.ADMIN)


@pytest.fixture
def pays() -> dict[str, Departement]:
    """Deux départements d'une région, un d'une autre, et un territoire d'outre-mer."""
    return {
        "33": _departement("33", "Gironde", "75"),
        "40": _departement("40", "Landes", "75"),
        "35": _departement("35", "Ille-et-Vilaine", "53"),
        "974": _departement("974", "La Réunion", "04"),
    }


def _poser(departement: Departement | None, etat: str = EtatParcours.RECENSE, **champs: Any) -> Parcours:
    parcours = ParcoursFactory(esms__departement=departement, **champs)
    if etat == EtatParcours.SORTI:
        changer_etat(parcours, "sortir", par=cheffe_de(parcours.grappe), motif="retrait", raison="retrait")
    elif etat != EtatParcours.RECENSE:
        changer_etat(parcours, "constater", par=cheffe_de(parcours.grappe), vers=etat)
    return parcours


@pytest.fixture
def monde(pays: dict[str, Departement]) -> dict[str, Departement]:
    """Gironde : trois ESMS dont un en routine, un en retard ; Landes : un en service ; Bretagne : un ; un sorti."""
    _poser(pays["33"], EtatParcours.ROUTINE)
    tard = _poser(pays["33"])
    Etape.objects.create(parcours=tard, etat="cadrage", reference=timezone.localdate() - timedelta(days=1))
    a_temps = _poser(pays["33"])
    Etape.objects.create(parcours=a_temps, etat="cadrage", reference=timezone.localdate())
    _poser(pays["40"], EtatParcours.SERVICE_REGULIER)
    _poser(pays["35"])
    _poser(pays["974"], EtatParcours.SORTI)
    return pays


def _tuiles(page: str) -> dict[str, tuple[str, str]]:
    """Code → (chiffre écrit, phrase lue) des cases qui mènent quelque part."""
    lien, code, chiffre = (
        r'<a class="tuile t\d" [^>]*aria-label="([^"]*)">',
        r'france-code"[^>]*>(\w+)<',
        r"(\d+)</text></a>",
    )
    lues = re.findall(f"{lien}.*?{code}.*?{chiffre}", page, re.DOTALL)
    return {code: (chiffre, phrase) for phrase, code, chiffre in lues}


def _lire(qui: Any, **criteres: Any) -> str:
    reponse = connecte(qui).get(URL, criteres)
    assert reponse.status_code == 200
    return reponse.content.decode().replace("&#x27;", "'").replace("\u202f", " ").replace("\xa0", " ")


def _csv(qui: Any, **criteres: Any) -> list[list[str]]:
    return lignes_csv(connecte(qui).get(URL, {"format": "csv", **criteres}))


# --- les mêmes chiffres --------------------------------------------------------------------------------------------


def test_la_tuile_dit_le_nombre_d_esms_sans_les_sortis(admin: Any, monde: Any) -> None:
    tuiles = _tuiles(_lire(admin))
    assert {code: chiffre for code, (chiffre, _) in tuiles.items()} == {"33": "3", "40": "1", "35": "1"}
    assert tuiles["33"][1] == "Gironde (33) : 3 ESMS"


@pytest.mark.parametrize(
    ("mesure", "attendu"),
    [
        ("service", {"33": "33", "40": "100", "35": "0"}),
        ("retard", {"33": "33", "40": "0", "35": "0"}),
        ("direction", {"33": "100", "40": "100", "35": "100"}),
    ],
)
def test_la_couleur_montre_aussi_des_parts(admin: Any, monde: Any, mesure: str, attendu: dict[str, str]) -> None:
    tuiles = _tuiles(_lire(admin, mesure=mesure))
    assert {code: chiffre for code, (chiffre, _) in tuiles.items()} == attendu
    if mesure == "service":
        assert tuiles["33"][1] == "Gironde (33) : 33 %, soit 1 sur 3 ESMS"


def test_une_direction_de_groupe_dirige_ses_esms(admin: Any, pays: Any) -> None:
    dirige, groupe = _poser(pays["33"]), GroupeFactory()
    groupe.esms.add(dirige.esms)
    affecter(Role.DIRECTEUR, groupe)
    directrice_de(_poser(pays["33"]))
    _poser(pays["33"])
    assert _tuiles(_lire(admin, mesure="direction"))["33"][0] == "33"


def test_les_tableaux_et_le_csv_disent_la_meme_chose_que_la_carte(admin: Any, monde: Any) -> None:
    releve = relever(Parcours.objects.all(), au=timezone.localdate(), avec_direction=True)
    par_departement = {d.pk: c for d, c in releve.par_departement}
    for mesure in MESURES.values():
        for code, (chiffre, _) in _tuiles(_lire(admin, mesure=mesure.code)).items():
            part = par_departement[code].part(mesure)
            attendu = par_departement[code].nombre if part is None else round(part * 100)
            assert int(chiffre) == attendu, (mesure.code, code)
    entetes, *departements = _csv(admin, par="departement")
    assert entetes[:3] == ["Code", "Territoire", "ESMS du projet"]
    assert [ligne[0] for ligne in departements] == ["33", "35", "40"]
    _, *regions = _csv(admin, par="region")
    for rang in (2, 3, 5, 7):
        assert sum(int(d[rang]) for d in departements) == sum(int(r[rang]) for r in regions), entetes[rang]
    assert ["75", "R75", "4", "2", "50,0", "1", "25,0", "4", "100,0"] in regions
    page = _lire(admin)
    assert "Gironde (33)" in page and "R75" in page
    assert releve.total.nombre == 5


def test_la_carte_et_la_page_des_regions_comptent_pareil(admin: Any, monde: Any) -> None:
    liste = lignes_csv(connecte(admin).get(reverse("programme:region-liste"), {"format": "csv"}))
    totaux = {ligne[0]: ligne[1] for ligne in liste[1:]}
    for _, nom, nombre, *_ in _csv(admin, par="region")[1:]:
        assert totaux[nom] == nombre


def test_un_esms_sans_departement_compte_dans_l_ensemble_et_se_dit(admin: Any, monde: Any) -> None:
    _poser(None)
    page = _lire(admin)
    assert "1 ESMS n’a pas de département connu" in page
    assert sum(int(c) for c, _ in _tuiles(page).values()) == 5


# --- qui voit quoi -------------------------------------------------------------------------------------------------


def test_un_lecteur_ne_compte_que_ce_qu_il_voit(monde: Any) -> None:
    parcours = Parcours.objects.filter(esms__departement="33").first()
    assert parcours is not None
    assert {c: n for c, (n, _) in _tuiles(_lire(affecter(Role.DIRECTEUR, parcours.esms))).items()} == {"33": "1"}
    assert _tuiles(_lire(affecter(Role.GRADES, monde["35"].region))).keys() == {"35"}
    assert "Aucun ESMS sur la carte" in _lire(affecter(Role.GRADES, monde["974"].region))


def test_le_financeur_ne_voit_ni_vacances_ni_grappes_en_montage(monde: Any) -> None:
    ars = affecter(Role.ARS, monde["33"].region)
    assert "Aucun ESMS sur la carte" in _lire(ars), "rien n'est déposé"
    for parcours in Parcours.objects.filter(esms__departement="33"):
        changer_etat(parcours.grappe, "deposer", par=cheffe_de(parcours.grappe))
    page = _lire(ars, mesure="direction")
    assert _tuiles(page)["33"][0] == "3", "revenu au nombre d'ESMS"
    assert "Sans direction" not in page
    assert "Sans direction" not in _csv(ars, par="departement", mesure="direction")[0]


# --- filtres, liens ------------------------------------------------------------------------------------------------


def test_les_filtres_bornent_la_carte_et_suivent_vers_la_liste(admin: Any, pays: Any) -> None:
    personnes_agees = CategorieFactory(code="500", libelle="EHPAD", sigle="EHPAD", secteur="PA")
    autre = SolutionFactory(nom="Autre")
    garde = _poser(pays["33"], esms=EsmsFactory(categorie=personnes_agees, departement=pays["33"]))
    grappe = GrappeFactory(solution=autre)
    _poser(pays["33"], grappe=grappe)
    _poser(pays["40"])
    client = connecte(admin)
    for criteres, attendu in (
        ({"secteur": "PA"}, {"33": "1"}),
        ({"solution": autre.pk}, {"33": "1"}),
        ({"editeur": autre.editeur_id}, {"33": "2", "40": "1"}),
        ({"grappe": grappe.pk}, {"33": "1"}),
    ):
        page = _lire(admin, **criteres)
        assert {c: n for c, (n, _) in _tuiles(page).items()} == attendu, criteres
        nom, valeur = next(iter(criteres.items()))
        lien = re.search(r'<a class="tuile t\d" href="([^"]*departement=33[^"]*)"', page)
        assert lien and f"{nom}={valeur}" in lien[1]
        liste = client.get(lien[1].replace("&amp;", "&")).content.decode()
        assert liste.count("/parcours/") and ("1 ESMS" in liste or attendu["33"] != "1")
    assert str(garde.esms) in client.get("/parcours/?departement=33&secteur=PA").content.decode()
    assert "Rien ne correspond" in _lire(admin, secteur="SOCIAL")
    assert "pas été compris" in _lire(admin, secteur="MARTIEN")


def test_changer_de_mesure_garde_les_filtres(admin: Any, monde: Any) -> None:
    page = _lire(admin, secteur="PH_ENFANT", mesure="retard", inconnu="x")
    assert 'href="/carte/?secteur=PH_ENFANT&amp;mesure=service"' in page
    assert 'href="/carte/?secteur=PH_ENFANT"' in page, "la mesure du départ ne se redit pas"
    assert "inconnu=x" not in page
    assert "mesure=rien" not in _lire(admin, mesure="rien")


def test_une_case_vide_ne_mene_nulle_part(admin: Any, monde: Any) -> None:
    page = _lire(admin)
    assert "departement=974" not in page and re.search(r'tuile-vide" aria-hidden="true">.{0,300}974', page, re.DOTALL)


# --- tenue ---------------------------------------------------------------------------------------------------------


def test_requetes_constantes(admin: Any, pays: Any) -> None:
    def peupler(nombre: int) -> None:
        for rang in range(nombre):
            _poser(list(pays.values())[rang % 4])

    exiger_requetes_constantes(connecte(admin), URL, peupler)


def test_un_seul_comptage(admin: Any, monde: Any) -> None:
    with CaptureQueriesContext(connection) as captees:
        connecte(admin).get(URL, {"mesure": "direction"})
    comptages = [r["sql"] for r in captees if "GROUP BY" in r["sql"] and "prochaine_le" in r["sql"]]
    assert len(comptages) == 1


def test_dirige_se_dit_pareil_pour_un_esms_et_pour_un_ensemble(pays: Any) -> None:
    au, groupe = timezone.localdate(), GroupeFactory()
    seul, en_groupe, parti, personne = (_poser(pays["33"]) for _ in range(4))
    directrice_de(seul)
    groupe.esms.add(en_groupe.esms)
    affecter(Role.DIRECTEUR, groupe)
    affecter(Role.DIRECTEUR, parti.esms, au=au - timedelta(days=1))
    affecter(Role.REFERENT, personne.esms)
    tenues = Affectation.objects.en_cours(au)
    un_a_un = {p.pk for p in Parcours.objects.all() if tenues.dirigeant(p.esms_id).exists()}
    assert set(Parcours.objects.filter(tenues.dirige("esms")).values_list("pk", flat=True)) == un_a_un
    assert un_a_un == {seul.pk, en_groupe.pk}


def test_la_fiche_d_une_region_montre_ses_cases_et_leurs_nombres(admin: Any, monde: Any) -> None:
    page = connecte(admin).get("/regions/75/").content.decode()
    assert {c: n for c, (n, _) in _tuiles(page).items()} == {"33": "3", "40": "1"}
    assert re.findall(r"<th scope=\"row\">(\w+) \(\d+\)</th>\s*<td>(\d+)</td>", page) == [
        ("Gironde", "3"),
        ("Landes", "1"),
    ]
    assert 'href="?departement=33"' in page and "departement=35" not in page
    filtree = connecte(admin).get("/regions/75/?departement=40").content.decode()
    assert "1 ESMS" in filtree
    seule = connecte(admin).get("/regions/53/").content.decode()
    assert "france-region" not in seule, "une seule case ne se dessine pas"
