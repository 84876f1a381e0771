"""Lire les avis d'une session, à partir de cinq ; sous le seuil, une reprise et une seule."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from formation.enums import MomentAvis
from formation.models import PlanFormation, SessionFormation
from formation.services.avis import moments_de
from programme.enums import Role
from programme.models import Action, Parcours, Utilisateur
from programme.socle.origines import origines
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.formation.avis.aides_avis import noter, session_tenue

pytestmark = pytest.mark.django_db
MAUVAIS = [(2, 5)] * 5
BONS = [(5, 5)] * 5


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    return directrice_de(parcours)


def _lire(session: SessionFormation, par: Utilisateur) -> str:
    reponse = connecte(par).get(reverse("formation:session-avis", args=[session.pk]))
    assert reponse.status_code == 200
    return unescape(reponse.content.decode())


# --- lire ----------------------------------------------------------------------------------------------------------


def test_rien_avant_cinq_avis_ni_note_ni_remarque(parcours: Parcours, directrice: Utilisateur) -> None:
    session = session_tenue(parcours, directrice, presents=8)
    noter(session, *[(1, 1)] * 4, remarque="Trop vite pour la nuit")
    corps = _lire(session, directrice)
    assert "Trop peu d’avis" in corps and "4 avis" in corps and "50" in corps
    assert "Trop vite" not in corps and "Moyenne" not in corps and "sous le seuil" not in corps
    noter(session, (5, 5), remarque="À refaire")
    corps = _lire(session, directrice)
    assert "Trop vite pour la nuit" in corps and "1,8" in corps and "20 % favorables" in corps.replace("\u202f", " ")


def test_les_deux_moments_cote_a_cote(parcours: Parcours, directrice: Utilisateur) -> None:
    session = session_tenue(parcours, directrice, presents=5)
    noter(session, *BONS)
    a_chaud, a_froid = moments_de(session)
    assert (a_chaud.moment, a_chaud.taux, a_froid.taux) == (MomentAvis.A_CHAUD, 1.0, 0.0)
    assert len(a_chaud.questions) == 2 and not a_froid.questions


def test_les_remarques_se_lisent_melees(parcours: Parcours, directrice: Utilisateur) -> None:
    session = session_tenue(parcours, directrice)
    for rang, mot in enumerate(("Zut", "bien", "Court", "assez", "Dense")):
        noter(session, (rang % 5 + 1, 5 - rang % 5), remarque=mot)
    assert moments_de(session)[0].remarques == ("assez", "bien", "Court", "Dense", "Zut")


def test_les_adresses_ne_se_donnent_qu_a_qui_organise(parcours: Parcours, directrice: Utilisateur) -> None:
    session = session_tenue(parcours, directrice)
    membre = affecter(Role.APPUI, parcours.esms)
    assert str(session.jeton_a_froid) in _lire(session, directrice)
    assert str(session.jeton_a_chaud) not in _lire(session, membre)
    changer_etat(session, "evaluer", par=directrice)
    corps = _lire(session, directrice)
    assert str(session.jeton_a_chaud) not in corps, "close, on n'y reçoit plus d'avis"
    assert str(session.jeton_a_froid) in corps


# --- la reprise ----------------------------------------------------------------------------------------------------


def test_sous_le_seuil_clore_ecrit_une_reprise_et_une_seule(parcours: Parcours, directrice: Utilisateur) -> None:
    session = session_tenue(parcours, directrice)
    noter(session, *MAUVAIS)
    assert "une action de reprise s’écrit" in _lire(session, directrice)
    changer_etat(session, "evaluer", par=directrice)
    action = Action.objects.get()
    assert (action.cible, action.source, action.origine) == (parcours, session, "formation")
    assert (action.creee_par, action.responsable) == (directrice, directrice)
    assert action.echeance == timezone.localdate() + timedelta(days=30)
    assert "0 avis favorables sur 5" in action.precision and "60 %" in action.precision
    assert "Une reprise est prévue" in _lire(session, directrice)
    changer_etat(session, "revenir", par=directrice, motif="Close trop tôt")
    changer_etat(session, "tenir", par=directrice)
    changer_etat(session, "evaluer", par=directrice)
    assert Action.objects.count() == 1


def test_un_avis_a_froid_sous_le_seuil_apres_la_cloture_se_dit(parcours: Parcours, directrice: Utilisateur) -> None:
    session = session_tenue(parcours, directrice)
    changer_etat(session, "evaluer", par=directrice)
    noter(session, *MAUVAIS, moment=MomentAvis.A_FROID)
    assert f"?cible=parcours-{parcours.pk}" in _lire(session, directrice) and not Action.objects.exists()


def test_au_dessus_ou_a_moins_de_cinq_aucune_reprise(parcours: Parcours, directrice: Utilisateur) -> None:
    bonne, peu = session_tenue(parcours, directrice), session_tenue(parcours, directrice)
    noter(bonne, *BONS)
    noter(peu, *MAUVAIS[:4])
    for session in (bonne, peu):
        changer_etat(session, "evaluer", par=directrice)
    assert not Action.objects.exists()


def test_les_seuils_sont_ceux_de_la_grappe(parcours: Parcours, directrice: Utilisateur) -> None:
    PlanFormation.objects.create(grappe=parcours.grappe, seuil_satisfaction=0, seuil_acquis=100)
    session = session_tenue(parcours, directrice)
    noter(session, *MAUVAIS)
    changer_etat(session, "evaluer", par=directrice)
    assert not Action.objects.exists(), "aucun n'est utile, mais le seuil est à 0 ; tous sauraient le faire"


def test_la_reprise_d_une_session_de_grappe_est_a_la_grappe(parcours: Parcours) -> None:
    cheffe = cheffe_de(parcours.grappe)
    session = session_tenue(parcours, cheffe, de_grappe=True)
    noter(session, *MAUVAIS)
    changer_etat(session, "evaluer", par=cheffe)
    assert Action.objects.get().cible == parcours.grappe


def test_l_origine_mene_a_la_session_pour_qui_la_voit(parcours: Parcours, directrice: Utilisateur) -> None:
    session = session_tenue(parcours, directrice)
    presenter = origines.get("formation").presenter
    assert presenter(session, directrice).url == reverse("formation:sessionformation-detail", args=[session.pk])
    assert presenter(session, affecter(Role.ARS, parcours.grappe.region)) is None
