"""Le financeur ne lit rien des risques d'un ESMS sans partage ; avec, le transmis et le registre, rien d'autre."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.models import Parcours
from programme.socle.a_faire import a_faire
from programme.socle.porte import changer_etat
from risques.models import AnalyseLocale, Risque
from risques.permissions import RISQUES_RESERVES
from risques.services.registre import ajouter_une_action
from risques.services.suites import ecarter, proposees
from tests.aides import connecte, lignes_csv
from tests.fabriques import ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.risques.fabriques import PartageFactory, RisqueFactory, analyse_transmise

pytestmark = pytest.mark.django_db
TUS = ("Poser une borne au premier", "Cadre de nuit", "Détail confié à l'équipe", "Motif d'écart", "Suite à donner")
JOUR = timedelta(days=1)


@pytest.fixture
def parcours() -> Parcours:
    """Un ESMS qui a tout dit : analyse transmise, risque, action, suite écartée."""
    parcours = ParcoursFactory()
    cheffe, directrice = cheffe_de(parcours.grappe), directrice_de(parcours)
    changer_etat(parcours.grappe, "deposer", par=cheffe)
    analyse = analyse_transmise(parcours, lignes=(4, 3))
    analyse.lignes.filter(categorie="humain").update(mot="Suite à donner")
    risque = RisqueFactory(
        parcours=parcours, libelle="Réseau coupé au premier", probabilite=4, impact=4, precision=TUS[2],
        proprietaire_nom=TUS[1], cree_par=directrice, revue_le=timezone.localdate() - JOUR,
    )  # fmt: skip
    ajouter_une_action(risque=risque, par=directrice, libelle=TUS[0])
    ecarter(proposee=proposees(parcours, par=directrice)[0], par=directrice, motif=TUS[3])
    return parcours


@pytest.fixture
def ars(parcours: Parcours) -> Any:
    return affecter(Role.ARS, parcours.grappe.region)


def _adresses(parcours: Parcours) -> dict[str, str]:
    risque, analyse = Risque.objects.get(), AnalyseLocale.objects.get()
    return {
        "page": reverse("risques:parcours-risques", args=[parcours.pk]),
        "saisie": reverse("risques:parcours-analyse", args=[parcours.pk]),
        "analyse": reverse("risques:analyselocale-detail", args=[analyse.pk]),
        "risque": reverse("risques:risque-detail", args=[risque.pk]),
        "modifier": reverse("risques:risque-modifier", args=[risque.pk]),
        "action": reverse("risques:risque-action", args=[risque.pk]),
        "clore": reverse("programme:passage", args=["risque", risque.pk, "clore"]),
        "accepter": reverse("programme:passage", args=["analyselocale", analyse.pk, "accepter"]),
        "suite": f"{reverse('risques:suite-donner')}?ligne={analyse.lignes.get(categorie='humain').pk}",
    }


def _codes(ars: Any, parcours: Parcours) -> dict[str, int]:
    client = connecte(ars)
    return {nom: client.get(url).status_code for nom, url in _adresses(parcours).items()}


FERMES = {
    "page": 403, "saisie": 403, "analyse": 404, "risque": 404, "modifier": 404, "action": 404, "clore": 404,
    "accepter": 404, "suite": 404,
}  # fmt: skip
OUVERTS = {
    "page": 200, "saisie": 403, "analyse": 302, "risque": 200, "modifier": 403, "action": 403, "clore": 403,
    "accepter": 403, "suite": 403,
}  # fmt: skip


def _rien_nulle_part(ars: Any) -> None:
    """Ni liste, ni export, ni accueil, ni action."""
    client = connecte(ars)
    for url in ("/risques/", "/risques/?etat=toutes", "/risques/?niveau=inacceptable", "/actions/?etat=toutes", "/"):
        page = client.get(url, follow=True).content.decode().replace("&#x27;", "'")
        for mot in ("Réseau coupé", *TUS):
            assert mot not in page, (url, mot)
    assert lignes_csv(client.get("/risques/?format=csv&etat=toutes"))[1:] == []
    ars.__dict__.pop("perimetre", None)
    assert not [ligne for ligne in a_faire(ars, timezone.localdate()) if "risque" in ligne.titre.lower()]


def test_sans_partage_tout_est_ferme(parcours: Parcours, ars: Any) -> None:
    assert _codes(ars, parcours) == FERMES
    _rien_nulle_part(ars)
    page = connecte(ars).get(_adresses(parcours)["page"]).content.decode()
    assert RISQUES_RESERVES in page.replace("&#x27;", "'")
    for autre in (affecter(Role.ARS), affecter(Role.ARS, parcours.grappe)):
        assert _codes(autre, parcours) == FERMES, "national ou sur la grappe, un financeur reste un financeur"


@pytest.mark.parametrize(
    "champs",
    [
        {"au": timezone.localdate() - JOUR},
        {"du": timezone.localdate() + JOUR},
        {"revoque_le": timezone.now()},
        {"objet": "leviers"},
        {"objet": "prediagnostic"},
    ],
    ids=["expiré", "à venir", "révoqué", "autre objet", "autre objet encore"],
)
def test_un_partage_qui_ne_vaut_pas_n_ouvre_rien(parcours: Parcours, ars: Any, champs: dict[str, Any]) -> None:
    PartageFactory(parcours=parcours, **champs)
    assert _codes(ars, parcours) == FERMES
    _rien_nulle_part(ars)


def test_un_partage_de_la_grappe_ou_d_un_voisin_n_ouvre_pas_cet_esms(parcours: Parcours, ars: Any) -> None:
    PartageFactory(grappe=parcours.grappe)
    PartageFactory(parcours=ParcoursFactory(grappe=parcours.grappe))
    assert _codes(ars, parcours) == FERMES
    _rien_nulle_part(ars)


def test_un_partage_ouvre_le_transmis_et_le_registre_en_lecture_seule(parcours: Parcours, ars: Any) -> None:
    PartageFactory(parcours=parcours)
    assert _codes(ars, parcours) == OUVERTS
    adresses, client = _adresses(parcours), connecte(ars)
    page = client.get(adresses["page"]).content.decode().replace("&#x27;", "'")
    assert "Réseau coupé au premier" in page and "Organisationnel" in page and "inacceptable" in page
    detail = client.get(adresses["risque"]).content.decode().replace("&#x27;", "'")
    assert "16 sur 16" in detail
    liste = client.get("/risques/").content.decode().replace("&#x27;", "'")
    assert "Réseau coupé au premier" in liste
    for mot in (*TUS[:4], "Écrire un risque", "Ajouter une action", "Ce qui inquiète", "Et maintenant", "Histoire"):
        for corps in (page, detail, liste):
            assert mot not in corps, mot
    entete, *lignes = lignes_csv(client.get("/risques/?format=csv&colonnes=risque,proprietaire,precision,niveau"))
    assert "Suivi par" not in entete and "Précision" not in entete and len(lignes) == 1
    assert TUS[0] not in client.get("/actions/?etat=toutes", follow=True).content.decode()
    ars.__dict__.pop("perimetre", None)
    assert not [ligne for ligne in a_faire(ars, timezone.localdate()) if "risque" in ligne.titre.lower()]


@pytest.mark.parametrize("nom", ["modifier", "action", "clore", "accepter", "saisie"])
def test_meme_partage_il_n_ecrit_rien(parcours: Parcours, ars: Any, nom: str) -> None:
    PartageFactory(parcours=parcours)
    assert connecte(ars).post(_adresses(parcours)[nom], {}).status_code == 403


def test_ce_qui_n_est_pas_transmis_reste_ferme_meme_partage(parcours: Parcours, ars: Any) -> None:
    PartageFactory(parcours=parcours)
    changer_etat(AnalyseLocale.objects.get(), "revoir", par=affecter(Role.DIRECTEUR, parcours.esms))
    page = connecte(ars).get(_adresses(parcours)["page"]).content.decode()
    assert "n’a pas d’analyse transmise" in page and "Organisationnel" not in page
    assert "Réseau coupé au premier" in page, "le registre reste partagé"


def test_revoquer_referme_aussitot(parcours: Parcours, ars: Any) -> None:
    partage = PartageFactory(parcours=parcours)
    assert _codes(ars, parcours) == OUVERTS
    partage.revoque_le = timezone.now()
    partage.save()
    assert _codes(ars, parcours) == FERMES
    _rien_nulle_part(ars)


def test_qui_est_aussi_de_l_esms_lit_tout(parcours: Parcours) -> None:
    compte = affecter(Role.ARS, parcours.grappe.region)
    affecter(Role.REFERENT, parcours.esms, utilisateur=compte)
    page = connecte(compte).get(_adresses(parcours)["page"]).content.decode()
    assert "Ce qui inquiète" in page and TUS[1] in page
