"""Donner son avis sans compte : qui le peut, quand, combien de fois, et ce qui n'en reste pas."""

from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from formation.enums import MomentAvis
from formation.models import AvisFormation, PlanFormation, SessionFormation
from formation.services import avis as services
from programme.models import Parcours, Utilisateur
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, directrice_de
from tests.formation.avis.aides_avis import noter, session_tenue
from tests.formation.fabriques import PosteFactory, SessionFormationFactory, presente

pytestmark = pytest.mark.django_db
SAISIE = {"satisfaction": "5", "acquis": "4", "remarque": "Plus de pratique."}


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    return directrice_de(parcours)


def _url(session: SessionFormation, moment: str = MomentAvis.A_CHAUD) -> str:
    jeton = session.jeton_a_chaud if moment == MomentAvis.A_CHAUD else session.jeton_a_froid
    return reverse("formation:avis-deposer", args=[jeton])


def _corps(reponse) -> str:
    return unescape(reponse.content.decode())


# --- donner --------------------------------------------------------------------------------------------------------


def test_un_avis_se_donne_sans_compte_et_ne_garde_que_le_jour(parcours: Parcours, directrice: Utilisateur) -> None:
    session = session_tenue(parcours, directrice)
    client, url = Client(enforce_csrf_checks=True), _url(session)
    page = client.get(url)
    assert page.status_code == 200 and "cinq avis" in _corps(page) and "Moins d’une minute" in _corps(page)
    jeton = client.cookies["csrftoken"].value
    assert client.post(url, SAISIE | {"csrfmiddlewaretoken": jeton}).status_code == 302
    avis = AvisFormation.objects.get()
    assert (avis.satisfaction, avis.acquis, avis.remarque, avis.moment) == (5, 4, "Plus de pratique.", "a_chaud")
    assert avis.depose_le == timezone.localdate()
    noms = {champ.name for champ in AvisFormation._meta.get_fields()}
    assert noms == {"id", "session", "moment", "satisfaction", "acquis", "remarque", "depose_le"}, "rien de qui répond"


def test_sous_un_compte_la_page_ne_dit_ni_ne_garde_qui(parcours: Parcours, directrice: Utilisateur) -> None:
    session = session_tenue(parcours, directrice)
    client = connecte(directrice)
    corps = _corps(client.get(_url(session)))
    assert directrice.nom not in corps and "Se déconnecter" not in corps
    client.post(_url(session), SAISIE)
    assert not hasattr(AvisFormation, "history") and AvisFormation.objects.count() == 1


def test_le_meme_navigateur_ne_redepose_pas_par_megarde(parcours: Parcours, directrice: Utilisateur) -> None:
    session, client = session_tenue(parcours, directrice), Client()
    client.post(_url(session), SAISIE)
    temoin = client.cookies[f"avis-{session.jeton_a_chaud.hex[:12]}"]
    assert temoin["httponly"] and temoin["path"] == _url(session) and temoin.value.startswith("1:")
    corps = _corps(client.get(_url(session)))
    assert "pas une garantie" in corps and "Donner un autre avis" in corps
    client.post(_url(session), SAISIE)
    assert AvisFormation.objects.count() == 1
    client.post(_url(session) + "?autre=1", SAISIE)
    assert AvisFormation.objects.count() == 2, "un poste partagé sert à plusieurs"


def test_un_temoin_forge_ne_vaut_rien(parcours: Parcours, directrice: Utilisateur) -> None:
    session, client = session_tenue(parcours, directrice), Client()
    client.cookies[f"avis-{session.jeton_a_chaud.hex[:12]}"] = "1:faux"
    assert client.post(_url(session), SAISIE).status_code == 302 and AvisFormation.objects.count() == 1


@pytest.mark.parametrize(
    ("saisie", "phrase"),
    [
        ({"satisfaction": "6"}, "de 1 à 5"),
        ({"satisfaction": ""}, "Choisissez une note"),
        ({"acquis": "0"}, "de 1 à 5"),
        ({"remarque": "1 85 05 78 006 084 91"}, "sécurité sociale"),
        ({"remarque": "x" * 601}, "600"),
    ],
)
def test_une_mauvaise_saisie_se_dit_et_se_garde(
    parcours: Parcours, directrice: Utilisateur, saisie: dict[str, str], phrase: str
) -> None:
    reponse = Client().post(_url(session_tenue(parcours, directrice)), SAISIE | saisie)
    assert reponse.status_code == 422 and phrase in _corps(reponse) and not AvisFormation.objects.exists()


def test_pas_plus_d_avis_que_de_presents(parcours: Parcours, directrice: Utilisateur) -> None:
    session = session_tenue(parcours, directrice, presents=2)
    noter(session, (5, 5))
    assert Client().post(_url(session), SAISIE).status_code == 302
    reponse = Client().post(_url(session), SAISIE)
    assert reponse.status_code == 409 and services.TOUS_LA in _corps(reponse)
    assert AvisFormation.objects.count() == 2
    presente(session, PosteFactory(parcours=parcours))
    assert Client().post(_url(session), SAISIE).status_code == 302


def test_les_deux_moments_ne_se_melangent_pas(parcours: Parcours, directrice: Utilisateur) -> None:
    session = session_tenue(parcours, directrice, presents=1, il_y_a=45)
    noter(session, (5, 5))
    assert Client().post(_url(session, MomentAvis.A_FROID), SAISIE).status_code == 302
    assert AvisFormation.objects.filter(moment=MomentAvis.A_FROID).count() == 1


# --- quand ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("jours", "moment", "ouverte"),
    [
        (0, "a_chaud", True),
        (14, "a_chaud", True),
        (15, "a_chaud", False),
        (41, "a_froid", False),
        (42, "a_froid", True),
        (72, "a_froid", True),
        (73, "a_froid", False),
    ],
)
def test_chaque_moment_a_ses_jours(
    parcours: Parcours, directrice: Utilisateur, jours: int, moment: str, ouverte: bool
) -> None:
    session = session_tenue(parcours, directrice, il_y_a=jours)
    corps = _corps(Client().get(_url(session, moment)))
    assert ("Envoyer mon avis" in corps) is ouverte
    assert Client().post(_url(session, moment), SAISIE).status_code == (302 if ouverte else 409)


def test_le_delai_a_froid_est_celui_de_la_grappe(parcours: Parcours, directrice: Utilisateur) -> None:
    PlanFormation.objects.create(grappe=parcours.grappe, delai_a_froid=10)
    session = session_tenue(parcours, directrice, il_y_a=12)
    assert "Envoyer mon avis" in _corps(Client().get(_url(session, MomentAvis.A_FROID)))


def test_avant_apres_sans_presents_chaque_cas_a_sa_phrase(parcours: Parcours, directrice: Utilisateur) -> None:
    a_venir = SessionFormationFactory(creee_par=directrice)
    vide = session_tenue(parcours, directrice, presents=0)
    assert services.PAS_TENUE in _corps(Client().get(_url(a_venir)))
    assert services.SANS_PRESENT in _corps(Client().get(_url(vide)))
    close = session_tenue(parcours, directrice)
    changer_etat(close, "evaluer", par=directrice)
    assert services.CLOSE in _corps(Client().get(_url(close)))
    siennes = SessionFormationFactory(module__grappe=parcours.grappe, parcours=parcours, creee_par=directrice)
    changer_etat(siennes, "annuler", par=directrice, motif="Formatrice absente")
    assert services.ANNULEE in _corps(Client().get(_url(siennes)))


def test_une_adresse_inconnue_est_une_404_qui_ne_dit_rien() -> None:
    url = reverse("formation:avis-deposer", args=[uuid4()])
    lue, envoyee = Client().get(url), Client().post(url, SAISIE)
    assert lue.status_code == envoyee.status_code == 404 and "ne mène à rien" in _corps(lue)
    with pytest.raises(Refus):
        services.deposer(jeton=uuid4(), satisfaction=5, acquis=5)


def test_la_page_ne_s_indexe_ni_ne_se_garde(parcours: Parcours, directrice: Utilisateur) -> None:
    reponse = Client().get(_url(session_tenue(parcours, directrice)))
    assert reponse["X-Robots-Tag"].startswith("noindex") and reponse["Cache-Control"] == "private, no-store"
    # Sans elle, le navigateur tairait l'origine de l'envoi, et l'avis serait refusé.
    assert reponse["Referrer-Policy"] == "same-origin"


# --- ce qui reste à demander ---------------------------------------------------------------------------------------


def test_les_sessions_a_evaluer_et_les_avis_a_froid_a_demander(parcours: Parcours, directrice: Utilisateur) -> None:
    au, lues = timezone.localdate(), SessionFormation.objects
    recente = session_tenue(parcours, directrice, il_y_a=14)
    vieille = session_tenue(parcours, directrice, il_y_a=15)
    assert set(lues.a_evaluer(au)) == {vieille}
    assert set(lues.a_evaluer(au + timedelta(days=1))) == {recente, vieille}
    bornes = {j: session_tenue(parcours, directrice, il_y_a=j) for j in (41, 42, 72, 73)}
    session_tenue(parcours, directrice, il_y_a=50, presents=0)
    assert set(lues.avis_a_froid_a_demander(au)) == {bornes[42], bornes[72]}
    noter(bornes[42], (5, 5), moment=MomentAvis.A_FROID)
    assert set(lues.avis_a_froid_a_demander(au)) == {bornes[72]}
    ailleurs = ParcoursFactory()
    PlanFormation.objects.create(grappe=ailleurs.grappe, delai_a_froid=10)
    tot = session_tenue(ailleurs, directrice_de(ailleurs), il_y_a=10)
    session_tenue(ailleurs, directrice_de(ailleurs), il_y_a=50)
    assert set(lues.avis_a_froid_a_demander(au)) == {bornes[72], tot}
