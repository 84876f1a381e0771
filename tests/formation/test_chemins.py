"""On ne se perd pas : la barre suit la liste, un organisme mène à sa formation, la page compte comme l'accueil."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from formation.services.besoins import lire
from programme.enums import Role
from programme.models import Parcours
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.formation.fabriques import ModuleFormationFactory, SessionFormationFactory, equipe, il_y_a

pytestmark = pytest.mark.django_db
LISTE = "formation:sessionformation-liste"


def _page(client: Any, nom: str, *args: Any, **requete: Any) -> str:
    return client.get(reverse(nom, args=args), requete).content.decode()


@pytest.fixture
def parcours() -> Parcours:
    parcours = ParcoursFactory()
    ModuleFormationFactory(grappe=parcours.grappe)
    return parcours


def test_la_liste_des_sessions_d_une_grappe_garde_sa_barre(parcours: Parcours) -> None:
    SessionFormationFactory(module=parcours.grappe.modules_formation.get())
    cheffe = connecte(cheffe_de(parcours.grappe))
    barre = f'aria-label="Formation de la grappe {parcours.grappe.nom}"'
    assert barre in _page(cheffe, LISTE, grappe=parcours.grappe_id)
    creer = reverse("formation:sessionformation-creer", args=[parcours.grappe_id])
    assert creer in _page(cheffe, LISTE, grappe=parcours.grappe_id)
    for fausse in ("x", "999999"):
        assert "Formation de la grappe" not in _page(cheffe, LISTE, grappe=fausse)
    assert "Formation de la grappe" not in _page(cheffe, LISTE)
    voisine = ParcoursFactory().grappe
    assert voisine.nom not in _page(cheffe, LISTE, grappe=voisine.pk)


def test_un_esms_sans_personne_se_replie_dans_les_besoins(parcours: Parcours) -> None:
    equipe(parcours, 6)
    vide = ParcoursFactory(grappe=parcours.grappe)
    cheffe = cheffe_de(parcours.grappe)
    lus = lire(parcours.grappe, cheffe, timezone.localdate())
    assert [e.parcours for e in lus.habites] == [parcours] and [e.parcours for e in lus.vides] == [vide]
    page = _page(connecte(cheffe), "formation:grappe-formation-besoins", parcours.grappe_id)
    assert "1 ESMS sans personne en poste" in page and str(vide) in page


def test_l_organisme_et_la_region_menent_a_leur_formation(parcours: Parcours) -> None:
    og, region = parcours.esms.og, parcours.esms.departement.region
    assert og and region
    lien_og = reverse("formation:og-formation", args=[og.pk])
    lien_region = reverse("formation:region-formation", args=[region.pk])
    assert lien_og in _page(connecte(affecter(Role.SIEGE, og)), "programme:og-detail", og.pk)
    assert lien_region in _page(connecte(affecter(Role.GRADES, region)), "programme:region-detail", region.pk)
    directrice = connecte(directrice_de(parcours))
    assert lien_og not in _page(directrice, "programme:og-detail", og.pk)
    assert lien_region not in _page(directrice, "programme:region-detail", region.pk)


def test_l_accueil_compte_les_arrivants_que_montre_la_page(parcours: Parcours) -> None:
    """Entré il y a plus d'un an : c'est « qui manque », plus un arrivant."""
    changer_etat(parcours, "constater", par=directrice_de(parcours), vers="service_regulier")
    equipe(parcours, 2, debut=il_y_a(100))
    equipe(parcours, 3, debut=il_y_a(500))
    directrice = connecte(directrice_de(parcours))
    assert "Former 2 arrivants" in _page(directrice, "programme:accueil")
    page = _page(directrice, "formation:parcours-arrivants", parcours.pk)
    assert page.count('data-titre="Attend depuis"') == 2
