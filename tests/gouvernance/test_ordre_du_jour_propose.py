"""Inscrire ce qui demande à passer : une seule fois, par qui tient la séance, d'un geste ou point par point."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from gouvernance.enums import SuitePoint
from gouvernance.models import Instance, Point, Seance
from gouvernance.services.propositions import DEJA_OUVERTE, RIEN_A_INSCRIRE, inscrire, propositions_de
from programme.enums import Role
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.fabriques import (
    ActionFactory,
    ParcoursFactory,
    UtilisateurFactory,
    affecter,
    cheffe_de,
    directrice_de,
)
from tests.gouvernance.fabriques import (
    AlerteFactory,
    DecisionFactory,
    InstanceFactory,
    MandatFactory,
    PointFactory,
    SeanceFactory,
    mandater,
    seance_close,
)
from tests.gouvernance.propositions import adresse, cles
from tests.risques.fabriques import RisqueFactory

pytestmark = pytest.mark.django_db
AU = timezone.localdate()


@pytest.fixture
def comop() -> Instance:
    return InstanceFactory(nom="COMOP", quorum=0)


@pytest.fixture
def seance(comop: Instance) -> Seance:
    return SeanceFactory(comite=comop)


@pytest.fixture
def cheffe(comop: Instance) -> Any:
    return cheffe_de(comop.grappe)


# --- inscrire ------------------------------------------------------------------------------------------------------


def test_preparer_inscrit_ce_qui_presse_une_seule_fois(comop: Instance, seance: Seance, cheffe: Any) -> None:
    PointFactory(seance=seance, rang=4)
    alerte = AlerteFactory(grappe=comop.grappe)
    RisqueFactory(grappe=comop.grappe, probabilite=2, impact=4)
    (point,) = inscrire(seance=seance, par=cheffe)
    assert (point.cle, point.origine, point.rang, point.source) == (f"alerte:{alerte.pk}", "alertes", 5, alerte)
    assert point.history.get().history_user == cheffe
    with pytest.raises(Refus, match=RIEN_A_INSCRIRE):
        inscrire(seance=seance, par=cheffe)
    (autre,) = inscrire(seance=seance, cles=[point.cle, "risques-critiques", "inconnue"], par=cheffe)
    assert (autre.cle, autre.rang) == ("risques-critiques", 6) and Point.objects.count() == 3


def test_ce_qu_on_a_retire_ne_revient_que_sur_demande(comop: Instance, seance: Seance, cheffe: Any) -> None:
    AlerteFactory(grappe=comop.grappe)
    (point,) = inscrire(seance=seance, par=cheffe)
    Point.objects.filter(pk=point.pk).update(suite=SuitePoint.RETIRE, titre="Un titre corrigé")
    assert cles(seance, cheffe)[point.cle].est_retiree and not propositions_de(seance, par=cheffe).pressees
    with pytest.raises(Refus):
        inscrire(seance=seance, par=cheffe)
    (remis,) = inscrire(seance=seance, cles=[point.cle], par=cheffe)
    assert (remis.pk, remis.suite, remis.titre) == (point.pk, SuitePoint.A_TRAITER, "Un titre corrigé")


def test_deja_traite_se_dit_et_se_repropose_tant_que_cela_dure(comop: Instance, seance: Seance, cheffe: Any) -> None:
    alerte = AlerteFactory(grappe=comop.grappe)
    passee = seance_close(comop, debut=timezone.now() - timedelta(days=20))
    PointFactory(seance=passee, cle=f"alerte:{alerte.pk}", suite=SuitePoint.TRAITE)
    assert cles(seance, cheffe)[f"alerte:{alerte.pk}"].vu_le == AU - timedelta(days=20)


def test_un_expose_trop_long_se_coupe(comop: Instance, seance: Seance, cheffe: Any) -> None:
    for rang in range(12):
        ActionFactory(grappe=comop.grappe, libelle=f"{rang} " + "x" * 150, echeance=AU - timedelta(days=1))
    DecisionFactory(comite=comop, seance=None, intitule="y" * 160, texte="z" * 2000)
    points = {p.origine: p for p in inscrire(seance=seance, par=cheffe)}
    assert points["decisions-a-prendre"].titre.endswith("…") and len(points["decisions-a-prendre"].titre) == 160
    assert len(points["decisions-a-prendre"].expose) == 1000 and len(points["actions"].expose) <= 1000


def test_refus_hors_droit_ou_seance_ouverte(comop: Instance, seance: Seance, cheffe: Any) -> None:
    alerte = AlerteFactory(grappe=comop.grappe)
    membre = affecter(Role.MEMBRE, comop.grappe)
    mandater(comop, membre)
    for qui in (membre, directrice_de(ParcoursFactory(grappe=comop.grappe)), affecter(Role.ADMIN)):
        with pytest.raises(Refus) as refus:
            inscrire(seance=seance, cles=[f"alerte:{alerte.pk}"], par=qui)
        assert refus.value.code == "droit"
    animatrice = affecter(Role.MEMBRE, comop.grappe)
    mandater(comop, animatrice, anime=True)
    changer_etat(seance, "ouvrir", par=cheffe)
    with pytest.raises(Refus, match=DEJA_OUVERTE):
        inscrire(seance=seance, par=animatrice)
    assert not Point.objects.exists()


def test_qui_anime_prepare_sans_lire_plus_que_son_perimetre(comop: Instance, seance: Seance) -> None:
    AlerteFactory(grappe=comop.grappe)
    grave = RisqueFactory(grappe=comop.grappe, probabilite=4, impact=4)
    animatrice = affecter(Role.MEMBRE, comop.grappe)
    mandater(comop, animatrice, anime=True)
    assert f"risque:{grave.pk}" in cles(seance, animatrice)
    sans_role = UtilisateurFactory()
    MandatFactory(comite=comop, utilisateur=sans_role, anime=True)
    assert f"risque:{grave.pk}" not in cles(seance, sans_role), "siéger n'ouvre pas le registre des risques"


# --- la page -------------------------------------------------------------------------------------------------------


def test_la_page_coche_ce_qui_presse_et_inscrit_d_un_geste(comop: Instance, seance: Seance, cheffe: Any) -> None:
    client = connecte(cheffe)
    vide = client.get(adresse(seance)).content.decode()
    assert "Rien ne demande à passer" in vide and reverse("gouvernance:point-creer", args=[seance.pk]) in vide
    alerte = AlerteFactory(grappe=comop.grappe, intitule="L'éditeur ne répond plus")
    RisqueFactory(grappe=comop.grappe, probabilite=2, impact=4)
    page = client.get(adresse(seance)).content.decode()
    assert "1 point presse" in page and page.count(" checked") == 1 and f'value="alerte:{alerte.pk}"' in page
    suite = client.post(adresse(seance), {"geste": "preparer"})
    assert suite.status_code == 302 and suite.url == reverse("gouvernance:seance-detail", args=[seance.pk])
    page = client.get(adresse(seance)).content.decode()
    assert "Déjà à l’ordre du jour" in page and "Alerte : L&#x27;éditeur" in page and " checked" not in page
    client.post(adresse(seance), {"cles": ["risques-critiques"]})
    assert "Tout ce qui demandait à passer est inscrit" in client.get(adresse(seance)).content.decode()


def test_rien_de_coche_ou_perime_se_dit_au_champ(comop: Instance, seance: Seance, cheffe: Any) -> None:
    AlerteFactory(grappe=comop.grappe)
    for saisie, attendu in (
        ({}, "Cochez au moins un point"),
        ({"cles": ["alerte:0"]}, "Un point coché n&#x27;est plus proposé"),
    ):
        reponse = connecte(cheffe).post(adresse(seance), saisie)
        assert reponse.status_code == 422 and attendu in reponse.content.decode()
    assert not Point.objects.exists()
    changer_etat(seance, "ouvrir", par=cheffe)
    for methode in ("get", "post"):
        reponse = getattr(connecte(cheffe), methode)(adresse(seance))
        assert reponse.status_code == 302, "la séance est ouverte : on revient à elle, avec le motif"


def test_la_page_qui_deborde_le_dit(comop: Instance, seance: Seance, cheffe: Any) -> None:
    PointFactory(seance=seance, duree=150)
    page = connecte(cheffe).get(adresse(seance)).content.decode()
    assert "30 minutes de trop" in page


def test_hors_perimetre_ou_sans_droit(comop: Instance, seance: Seance) -> None:
    membre = affecter(Role.MEMBRE, comop.grappe)
    mandater(comop, membre)
    assert connecte(membre).get(adresse(seance)).status_code == 403
    for qui in (affecter(Role.ARS, comop.grappe.region), directrice_de(ParcoursFactory(grappe=comop.grappe))):
        assert connecte(qui).get(adresse(seance)).status_code == 404
