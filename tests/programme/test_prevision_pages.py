"""La prévision à l'écran et dans l'API : une phrase, sa méthode, un dessin et sa table, à chacun ce qu'il voit."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from programme.dessins import prevision as dessin
from programme.enums import FRISE_PARCOURS, Role
from programme.models import Grappe, Parcours
from programme.services.prevision import prevoir_un, relever_durees
from programme.socle.porte import changer_etat
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.programme.test_prevision_releve import constate

pytestmark = pytest.mark.django_db

AU = timezone.localdate()


def arriver(grappe: Grappe, nombre: int) -> None:
    """Des ESMS en routine, cent jours par étape à quelques jours près ; leurs durées relevées."""
    for ecart in range(nombre):
        jours = {e.value: 10 + (6 - rang) * (100 + ecart) for rang, e in enumerate(FRISE_PARCOURS) if e != "pilote"}
        constate(grappe, "routine", **jours)
    relever_durees(au=AU)


@pytest.fixture
def grappe() -> Grappe:
    grappe = GrappeFactory()
    changer_etat(grappe, "deposer", par=cheffe_de(grappe))
    arriver(grappe, 12)
    return grappe


def _lire(utilisateur: Any, nom: str, pk: int) -> str:
    reponse = connecte(utilisateur).get(reverse(nom, args=[pk]))
    assert reponse.status_code == 200
    return unescape(reponse.content.decode())


def _page(utilisateur: Any, parcours: Parcours) -> str:
    return _lire(utilisateur, "programme:parcours-detail", parcours.pk)


# --- un ESMS -------------------------------------------------------------------------------------------------------


def test_la_page_dit_la_phrase_la_methode_et_sur_quoi_elle_s_appuie(grappe: Grappe) -> None:
    parcours = constate(grappe, "ouverture", ouverture=10)
    page = _page(directrice_de(parcours), parcours)
    attendue = prevoir_un(Parcours.objects.pour_lecture().get(pk=parcours.pk), AU)
    assert attendue.phrase and attendue.phrase in page
    assert "D’après 24 passages observés dans la grappe : la méthode" in page
    assert "Ouverture → Service régulier" in page and "Service régulier → Routine" in page
    assert "P50" not in page and "P80" not in page


def test_le_financeur_lit_la_meme_date_que_la_direction(grappe: Grappe) -> None:
    parcours = constate(grappe, "service_regulier", service_regulier=30)
    phrase = re.compile(r"une chance sur deux avant fin [^<]+|quatre chances sur cinq avant fin [^<]+")
    lues = {
        tuple(phrase.findall(_page(compte, parcours)))
        for compte in (directrice_de(parcours), affecter(Role.ARS, grappe.region), cheffe_de(grappe))
    }
    assert len(lues) == 1 and len(lues.pop()) == 1


def test_en_dessous_de_cinq_la_page_dit_pourquoi_et_ne_dit_aucun_nombre() -> None:
    grappe = GrappeFactory()
    arriver(grappe, 4)
    parcours = constate(grappe, "service_regulier", service_regulier=30)
    page = _page(directrice_de(parcours), parcours)
    assert "pas de date prévue. Moins de 5 passages observés de « Service régulier » à « Routine »." in page
    assert "passages observés dans" not in page and "Durée médiane" not in page


def test_en_routine_ou_sorti_il_n_y_a_rien_a_prevoir(grappe: Grappe) -> None:
    arrive = Parcours.objects.filter(grappe=grappe)[0]
    assert 'id="prevision"' not in _page(cheffe_de(grappe), arrive)
    changer_etat(arrive, "sortir", par=cheffe_de(grappe), motif="Fermeture")
    assert 'id="prevision"' not in _page(cheffe_de(grappe), arrive)


def test_un_suspendu_sait_pourquoi(grappe: Grappe) -> None:
    parcours = constate(grappe, "ouverture", ouverture=10)
    changer_etat(parcours, "suspendre", par=cheffe_de(grappe), motif="Travaux")
    assert "la prévision reviendra avec lui" in _page(cheffe_de(grappe), parcours)


# --- l'API ---------------------------------------------------------------------------------------------------------


def _api(utilisateur: Any, parcours: Parcours) -> Any:
    return connecte(utilisateur).get(f"/api/v1/parcours/{parcours.pk}/prevision/")


def test_l_api_rend_deux_dates_et_le_nombre_d_observations(grappe: Grappe) -> None:
    parcours = constate(grappe, "ouverture", ouverture=10)
    attendue = prevoir_un(Parcours.objects.pour_lecture().get(pk=parcours.pk), AU)
    for compte in (directrice_de(parcours), affecter(Role.ARS, grappe.region)):
        reponse = _api(compte, parcours)
        assert reponse.status_code == 200
        assert reponse.json() == {
            "une_sur_deux": str(attendue.une_sur_deux),
            "quatre_sur_cinq": str(attendue.quatre_sur_cinq),
            "n_observations": 24,
        }


def test_l_api_rend_un_motif_quand_elle_ne_prevoit_pas(grappe: Grappe) -> None:
    arrive = Parcours.objects.filter(grappe=grappe)[0]
    assert _api(cheffe_de(grappe), arrive).json() == {"motif": "L’ESMS est en routine."}
    pilote = constate(grappe, "preparation", preparation=5, est_pilote=True)
    motif = "Moins de 5 passages observés de « Préparation » à « Pilote »."
    assert _api(cheffe_de(grappe), pilote).json() == {"motif": motif}


def test_hors_perimetre_l_api_ne_dit_rien(grappe: Grappe) -> None:
    parcours = constate(grappe, "ouverture", ouverture=10)
    assert _api(directrice_de(ParcoursFactory(grappe=grappe)), parcours).status_code == 404


# --- la grappe -----------------------------------------------------------------------------------------------------


def _calendrier(utilisateur: Any, grappe: Grappe) -> str:
    return _lire(utilisateur, "programme:grappe-calendrier", grappe.pk)


def dessinees(page: str) -> list[tuple[str, str]]:
    return re.findall(r'data-une="([\d-]*)" data-quatre="([\d-]*)"', page)


def tabulees(page: str) -> list[tuple[str, ...]]:
    table = page[page.index('id="table-prevision"') :]
    lignes = re.findall(r"<tr>\s*<th scope=\"row\">(.*?)</tr>", table[: table.index("</table>")], re.DOTALL)
    return [tuple(re.findall(r'datetime="([\d-]+)"', ligne)) for ligne in lignes]


def test_le_calendrier_dessine_et_tabule_les_memes_dates(grappe: Grappe) -> None:
    for jours in (5, 20, 60, 80):
        constate(grappe, "preparation", preparation=jours)
    page = _calendrier(cheffe_de(grappe), grappe)
    assert "Routine prévue" in page and "Le dernier ESMS" in page and "13 sur 16" in page
    assert dessinees(page) == tabulees(page) and len(tabulees(page)) == 2
    (une, quatre), (derniere, _) = tabulees(page)
    assert str(AU) < une <= quatre and une <= derniere


def test_le_dessin_pose_chaque_date_a_sa_place(grappe: Grappe) -> None:
    constate(grappe, "preparation", preparation=5)
    constate(grappe, "cadrage", cadrage=5)
    page = _calendrier(cheffe_de(grappe), grappe)
    fin = date.fromisoformat(re.findall(r'data-fin-axe="([\d-]+)"', page)[0])
    une = dessinees(page)[-1][0]
    x = float(re.findall(r'<svg x="([\d.]+)%" y="22" overflow="visible"><circle class="r-une"', page)[-1])
    assert x == pytest.approx((date.fromisoformat(une) - AU).days * 100 / (fin - AU).days, abs=0.01)


def test_chacun_ne_prevoit_que_ce_qu_il_voit(grappe: Grappe) -> None:
    siens = constate(grappe, "preparation", preparation=5)
    constate(grappe, "cadrage", cadrage=5)
    assert "Routine prévue" in _calendrier(affecter(Role.ARS, grappe.region), grappe)
    assert "Routine prévue" not in _calendrier(directrice_de(siens), grappe), "un seul ESMS : sa page le dit déjà"


def test_tous_en_routine_il_n_y_a_plus_rien_a_dessiner(grappe: Grappe) -> None:
    assert "Routine prévue" not in _calendrier(cheffe_de(grappe), grappe)
    constate(grappe, "service_regulier", service_regulier=30)
    page = _calendrier(cheffe_de(grappe), grappe)
    assert "déjà en routine" in page and "Le dernier ESMS" in page


def test_un_esms_sans_prevision_se_dit(grappe: Grappe) -> None:
    constate(grappe, "preparation", preparation=5, est_pilote=True)
    page = _calendrier(cheffe_de(grappe), grappe)
    assert "1 ESMS sans date prévue" in page and "de « Préparation » à « Pilote »." in page and "pas de date" in page


def test_le_calendrier_prevoit_en_un_nombre_constant_de_requetes(grappe: Grappe) -> None:
    def peupler(nombre: int) -> None:
        for _ in range(nombre):
            constate(grappe, "preparation", preparation=5)

    url = reverse("programme:grappe-calendrier", args=[grappe.pk])
    exiger_requetes_constantes(connecte(cheffe_de(grappe)), url, peupler)


@pytest.mark.parametrize("jours", [0, 3, 40, 400, 3_600])
def test_l_axe_tient_toutes_les_dates_et_peu_de_reperes(jours: int) -> None:
    loin = AU + timedelta(days=jours)
    axe = dessin.axe([loin, None], AU)
    assert axe.x(AU) == 0 and axe.x(loin) < 100 and 2 <= len(axe.reperes()) <= dessin.REPERES + 1
    assert dessin.marques(None, None, axe).une is None
    assert dessin.marques(AU, loin, axe).ecart == axe.x(loin)
