"""Les pages de couverture : ce que lit chacun, sans jamais un nom ni un petit groupe chez qui ne gère pas."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from formation.models import CompteDui, Poste
from formation.services import couverture as service
from programme.enums import Role
from programme.models import Parcours
from tests.aides import connecte, lignes_csv
from tests.fabriques import DepartementFactory, ParcoursFactory, UniteFactory, affecter, cheffe_de, directrice_de
from tests.formation.fabriques import (
    MetierFactory,
    ModuleFormationFactory,
    PosteFactory,
    SessionFormationFactory,
    equipe,
    former,
    il_y_a,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def parcours() -> Parcours:
    """Douze personnes, dont neuf formées ; trois aides-soignants parmi elles, sur deux unités."""
    parcours = ParcoursFactory(esms__departement=DepartementFactory())
    module = ModuleFormationFactory(grappe=parcours.grappe)
    jour, nuit = UniteFactory(parcours=parcours, nom="Les Tilleuls"), UniteFactory(parcours=parcours, a_nuit=True)
    postes = equipe(parcours, 9, unite=jour)
    postes += equipe(parcours, 3, unite=nuit, rythme="nuit", metier=MetierFactory(code="aide-soignant"))
    for poste in postes[:9]:
        former(poste, module)
    service.rafraichir()
    return parcours


def _voisin(parcours: Parcours, nombre: int) -> Parcours:
    """Un autre ESMS de la grappe, chez un autre organisme."""
    autre = ParcoursFactory(grappe=parcours.grappe, esms__departement=parcours.esms.departement)
    equipe(autre, nombre)
    service.rafraichir()
    return autre


def _texte(client: Client, nom: str, *args: Any, **parametres: Any) -> str:
    reponse = client.get(reverse(f"formation:{nom}", args=args), parametres)
    assert reponse.status_code == 200
    return " ".join(reponse.content.decode().split())


def _les_noms(parcours: Parcours) -> list[str]:
    return list(Poste.objects.filter(parcours=parcours).values_list("professionnel__nom", flat=True))


def test_la_directrice_voit_qui_manque(parcours: Parcours) -> None:
    SessionFormationFactory(module=parcours.grappe.modules_formation.get(), parcours=parcours)
    page = _texte(connecte(directrice_de(parcours)), "parcours-formation", parcours.pk)
    assert "9 sur 12" in page and "75 %" in page.replace("\xa0", " ").replace("\u202f", " ")
    manquent = Poste.objects.filter(parcours=parcours, rythme="nuit")
    assert all(p.professionnel.nom in page for p in manquent)
    assert "personne de formé" in page and "Prendre en main le DUI" in page and "8 places libres sur 8" in page


def test_sans_session_chacun_planifie_ou_il_en_a_le_droit(parcours: Parcours) -> None:
    url = reverse("formation:parcours-session-creer", args=[parcours.pk])
    for compte in (directrice_de(parcours), affecter(Role.SIEGE, parcours.esms.og), cheffe_de(parcours.grappe)):
        client = connecte(compte)
        assert f'href="{url}">Planifier une session' in _texte(client, "parcours-formation", parcours.pk)
        assert client.get(url).status_code == 200


def test_sans_personne_chacun_dit_qui_est_en_poste_comme_il_le_peut() -> None:
    parcours = ParcoursFactory()
    for compte, nom in (
        (directrice_de(parcours), "parcours-professionnels"),
        (cheffe_de(parcours.grappe), "postes-compter"),
    ):
        client, url = connecte(compte), reverse(f"formation:{nom}", args=[parcours.pk])
        assert f'href="{url}"' in _texte(client, "parcours-formation", parcours.pk).partition("Rien à compter")[2]
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("page", ["parcours-formation", "parcours-arrivants"])
def test_aucun_nom_chez_qui_ne_gere_pas(parcours: Parcours, page: str) -> None:
    """Ni la cheffe de projet, ni l'administrateur, ni l'appui : ni nom, ni métier de moins de cinq personnes."""
    for compte in (cheffe_de(parcours.grappe), affecter(Role.ADMIN), affecter(Role.APPUI, parcours.esms)):
        texte = _texte(connecte(compte), page, parcours.pk)
        assert not [nom for nom in _les_noms(parcours) if f">{nom}<" in texte]
        if page == "parcours-formation":
            assert "9 sur 12" in texte and texte.count("masqué") >= 6


def test_un_petit_esms_ne_se_lit_pas_dans_sa_grappe(parcours: Parcours) -> None:
    """Trois personnes chez le voisin : ni sa ligne, ni le total dont on le retrancherait."""
    petit = _voisin(parcours, 3)
    sienne = _texte(connecte(directrice_de(parcours)), "grappe-formation", parcours.grappe_id)
    assert str(parcours.esms) in sienne and str(petit.esms) not in sienne
    assert "9 sur 15" not in sienne
    cheffe = _texte(connecte(cheffe_de(parcours.grappe)), "grappe-formation", parcours.grappe_id)
    assert str(petit.esms) in cheffe and "masqué" in cheffe and "9 sur 12" not in cheffe
    assert "9 sur 15" in cheffe


def test_la_grappe_a_une_autre_date(parcours: Parcours) -> None:
    client = connecte(cheffe_de(parcours.grappe))
    avant = (timezone.localdate() - timedelta(days=100)).isoformat()
    assert "0 sur 12" in _texte(client, "grappe-formation", parcours.grappe_id, au=avant)
    assert "9 sur 12" in _texte(client, "grappe-formation", parcours.grappe_id, au="31/02/2026")
    assert "Date illisible" in _texte(client, "grappe-formation", parcours.grappe_id, au="2026-02-31")


def test_le_tableau_s_emporte_sans_petit_groupe(parcours: Parcours) -> None:
    petit = _voisin(parcours, 3)
    client, url = connecte(cheffe_de(parcours.grappe)), reverse("formation:grappe-formation", args=[parcours.grappe_id])
    lignes = lignes_csv(client.get(url, {"format": "csv"}))
    assert lignes[0] == ["ESMS", "FINESS", "Module", "En poste", "Formés", "Taux"]
    du_petit = [ligne for ligne in lignes if ligne[1] == petit.esms.finess]
    assert len(du_petit) == 2 and all(ligne[3:] == ["", "", ""] for ligne in du_petit)
    assert b"".join(client.get(url, {"format": "xlsx"}))[:2] == b"PK"


def test_l_organisme_ne_compte_pas_deux_fois(parcours: Parcours) -> None:
    autre = ParcoursFactory(grappe=parcours.grappe, esms__og=parcours.esms.og)
    PosteFactory(parcours=autre, professionnel=parcours.postes.order_by("pk")[0].professionnel)
    page = _texte(connecte(affecter(Role.SIEGE, parcours.esms.og)), "og-formation", parcours.esms.og_id)
    assert "9 sur 12" in page


def test_les_pages_de_l_organisme_et_de_la_region_y_menent(parcours: Parcours) -> None:
    og, region = parcours.esms.og, parcours.esms.departement.region
    pages = {
        reverse("programme:og-detail", args=[og.pk]): reverse("formation:og-formation", args=[og.pk]),
        reverse("programme:region-detail", args=[region.pk]): reverse("formation:region-formation", args=[region.pk]),
    }
    siege, grades, cheffe = affecter(Role.SIEGE, og), affecter(Role.GRADES, region), cheffe_de(parcours.grappe)
    for (page, lien), lecteur in zip(pages.items(), (siege, grades), strict=True):
        assert lien in connecte(lecteur).get(page).content.decode()
        assert lien not in connecte(cheffe).get(page).content.decode()


def test_une_region_se_lit_a_partir_de_cinq_esms(parcours: Parcours) -> None:
    region = parcours.esms.departement.region
    client = connecte(affecter(Role.GRADES, region))
    for _ in range(3):
        _voisin(parcours, 6)
    assert "Trop peu d’ESMS" in _texte(client, "region-formation", region.pk)
    _voisin(parcours, 6)
    page = _texte(client, "region-formation", region.pk)
    assert "9 sur 36" in page and "5 ESMS" in page.replace("\xa0", " ")
    assert (
        connecte(cheffe_de(parcours.grappe)).get(reverse("formation:region-formation", args=[region.pk])).status_code
        == 403
    )


def test_une_page_vide_dit_quoi_faire() -> None:
    vide = ParcoursFactory()
    client = connecte(directrice_de(vide))
    assert "Rien à compter" in _texte(client, "parcours-formation", vide.pk)
    assert "Rien à compter" in _texte(client, "grappe-formation", vide.grappe_id)
    assert "Aucun arrivant" in _texte(client, "parcours-arrivants", vide.pk)


def test_les_arrivants_et_leurs_delais(parcours: Parcours) -> None:
    module = parcours.grappe.modules_formation.get()
    tardif = PosteFactory(parcours=parcours, debut=il_y_a(50), professionnel__nom="Camille Retard")
    forme = PosteFactory(parcours=parcours, debut=il_y_a(40), professionnel__nom="Sacha Forme")
    former(forme, module, le=il_y_a(20))
    CompteDui.objects.create(parcours=parcours, identifiant="sf", professionnel=forme.professionnel, cree_le=il_y_a(37))
    # Entrée il y a plus d'un an : à former, mais plus une arrivée.
    PosteFactory(parcours=parcours, debut=il_y_a(500), professionnel__nom="Andrea Ancienne")
    page = _texte(connecte(directrice_de(parcours)), "parcours-arrivants", parcours.pk)
    assert tardif.professionnel.nom in page and "50 jours" in page.replace("\xa0", " ")
    assert "Sacha Forme" not in page and "Andrea Ancienne" not in page
    assert "20 jours" in page.replace("\xa0", " ") and "3 jours" in page.replace("\xa0", " ")
    autre = _texte(connecte(cheffe_de(parcours.grappe)), "parcours-arrivants", parcours.pk)
    assert "Camille Retard" not in autre and "Moins de cinq arrivants" in autre
