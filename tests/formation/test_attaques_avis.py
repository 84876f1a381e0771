"""Un avis sans compte : bourrer, forger l'adresse, en prendre une autre, deux dépôts au même instant."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from formation.enums import EtatSession, MomentAvis
from formation.models import AvisFormation, SessionFormation
from formation.services import avis as services
from programme.models import Parcours, Utilisateur
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.fabriques import ParcoursFactory, directrice_de
from tests.formation.avis.aides_avis import noter, session_tenue
from tests.formation.fabriques import SessionFormationFactory

NOTES = {"satisfaction": "4", "acquis": "3"}


def adresse(jeton: Any) -> str:
    return reverse("formation:avis-deposer", args=[jeton])


@pytest.fixture
def parcours(db: None) -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    return directrice_de(parcours)


def test_lire_n_ecrit_rien(parcours: Parcours, directrice: Utilisateur) -> None:
    """Un antivirus, un aperçu de messagerie ouvrent l'adresse : ni avis, ni témoin, même avec des notes dans l'url."""
    session = session_tenue(parcours, directrice)
    for methode in ("get", "head"):
        reponse = getattr(Client(), methode)(adresse(session.jeton_a_chaud), NOTES)
        assert reponse.status_code == 200 and not any(nom.startswith("avis-") for nom in reponse.cookies)
    assert not AvisFormation.objects.exists()


def test_une_adresse_forgee_ne_mene_a_rien(parcours: Parcours) -> None:
    SessionFormationFactory(parcours=parcours, module__grappe=parcours.grappe)
    client = Client(raise_request_exception=False)
    for jeton in ("1", "0" * 32, "' OR 1=1 --", f"{uuid4()}x", "%00"):
        assert client.post(f"/avis-formation/{jeton}/", NOTES).status_code in (400, 404), jeton
    assert client.post(adresse(uuid4()), NOTES).status_code == 404
    assert not AvisFormation.objects.exists()


@pytest.mark.parametrize(
    "envoi",
    [{}, {"satisfaction": "6"}, {"satisfaction": "-1"}, {"satisfaction": "4.5"}, {"acquis": "9" * 5000},
     {"remarque": "x" * 100_000}, {"remarque": "Voir 1 85 05 78 006 084 91"},
     {"moment": "a_froid", "satisfaction": ""}],
)  # fmt: skip
def test_une_saisie_forgee_se_refuse(parcours: Parcours, directrice: Utilisateur, envoi: dict[str, str]) -> None:
    session = session_tenue(parcours, directrice)
    reponse = Client().post(adresse(session.jeton_a_chaud), (NOTES | envoi) if envoi else {})
    assert reponse.status_code == 422 and not AvisFormation.objects.exists()


def test_on_ne_bourre_pas(parcours: Parcours, directrice: Utilisateur) -> None:
    """Sans témoin, vingt envois : pas un de plus que de présents, et l'adresse de l'autre moment n'y aide pas."""
    session = session_tenue(parcours, directrice, presents=5)
    for _ in range(20):
        Client().post(adresse(session.jeton_a_chaud), NOTES | {"moment": "a_froid"})
        Client().post(adresse(session.jeton_a_froid), NOTES)
    assert AvisFormation.objects.filter(moment=MomentAvis.A_CHAUD).count() == 5
    assert AvisFormation.objects.count() == 5, "trop tôt pour l'avis à froid"


def test_une_session_annulee_ou_rejouee_ne_recoit_rien(parcours: Parcours, directrice: Utilisateur) -> None:
    annulee = SessionFormationFactory(parcours=parcours, module__grappe=parcours.grappe)
    changer_etat(annulee, "annuler", par=directrice, motif="Salle inondée")
    a_venir = SessionFormationFactory(parcours=parcours, module__grappe=parcours.grappe)
    vieille = session_tenue(parcours, directrice, il_y_a=200)
    for session in (annulee, a_venir, vieille):
        for jeton in (session.jeton_a_chaud, session.jeton_a_froid):
            assert Client().post(adresse(jeton), NOTES).status_code == 409
    assert not AvisFormation.objects.exists()


def test_clore_l_evaluation_ferme_l_adresse(parcours: Parcours, directrice: Utilisateur) -> None:
    session = session_tenue(parcours, directrice, presents=7)
    noter(session, *[(4, 4)] * 5)
    changer_etat(session, "evaluer", par=directrice)
    assert session.etat == EtatSession.EVALUEE
    assert Client().post(adresse(session.jeton_a_chaud), NOTES).status_code == 409
    assert AvisFormation.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_deux_depots_au_meme_instant_n_en_font_pas_un_de_trop(monkeypatch: Any) -> None:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        # Une base en mémoire n'a qu'une connexion : le verrou se prouve sur PostgreSQL.
        assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        return
    parcours = ParcoursFactory()
    session = session_tenue(parcours, directrice_de(parcours), presents=1)
    depart, fermeture = Barrier(2), services._fermeture

    def lire_longuement(*args: Any) -> str:
        lue = fermeture(*args)
        time.sleep(0.4)
        return lue

    monkeypatch.setattr(services, "_fermeture", lire_longuement)

    def deposer(_: int) -> str:
        try:
            depart.wait(5)
            return str(services.deposer(jeton=session.jeton_a_chaud, satisfaction=4, acquis=4))
        except Refus as refus:
            return refus.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as fils:
        issues = sorted(fils.map(deposer, range(2)))
    assert issues == [MomentAvis.A_CHAUD, "etat"] and session.avis.count() == 1
    assert SessionFormation.objects.count() == 1
