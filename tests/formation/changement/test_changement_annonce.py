"""L'annonce en trois temps : écrite à plusieurs ; tenue, elle date le fait que demande le cadrage."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from formation.models import Annonce
from formation.services import annonces as services
from programme.enums import NatureFait, Role
from programme.models import Fait, Parcours, Utilisateur
from programme.services.parcours import dater_fait
from programme.socle.erreurs import Refus
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, affecter, directrice_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    return directrice_de(parcours)


def _url(parcours: Parcours) -> str:
    return reverse("formation:parcours-annonce", args=[parcours.pk])


def _hier():
    return timezone.localdate() - timedelta(days=1)


def test_ecrite_puis_tenue_elle_date_le_fait(parcours: Parcours, directrice: Utilisateur) -> None:
    client = connecte(directrice)
    assert client.post(_url(parcours), {"contexte": "Le papier ne suit plus.", "vu": 0}).status_code == 302
    assert not Fait.objects.exists()
    corps = unescape(client.get(_url(parcours)).content.decode())
    assert "Le papier ne suit plus." in corps and "Pas encore écrit" in corps
    saisie = {"contexte": "Le papier.", "lieu": "Salle commune", "date_tenue": _hier().isoformat()}
    vu = services.version_de(parcours)
    reponse = client.post(_url(parcours), saisie | {"vu": vu}, follow=True)
    assert "le cadrage en tient compte" in unescape(reponse.content.decode())
    fait = Fait.objects.get()
    assert (fait.nature, fait.date, fait.saisi_par) == (NatureFait.ANNONCE, _hier(), directrice)
    assert Annonce.objects.get().version == 2


def test_a_plusieurs_la_seconde_est_prevenue_et_garde_sa_saisie(parcours: Parcours, directrice: Utilisateur) -> None:
    services.enregistrer(parcours=parcours, par=directrice, contexte="La première.")
    client = connecte(directrice_de(parcours))
    reponse = client.post(_url(parcours), {"contexte": "La mienne.", "vu": 0})
    assert reponse.status_code == 409 and "La mienne." in reponse.content.decode()
    assert str(directrice) in unescape(reponse.content.decode())
    vu = reponse.context["formulaire"].data["vu"]
    assert client.post(_url(parcours), {"contexte": "La mienne.", "vu": vu}).status_code == 302
    assert Annonce.objects.get().contexte == "La mienne."


def test_ni_a_venir_ni_effacee(parcours: Parcours, directrice: Utilisateur) -> None:
    client, demain = connecte(directrice), timezone.localdate() + timedelta(days=1)
    reponse = client.post(_url(parcours), {"date_tenue": demain.isoformat(), "vu": 0})
    assert reponse.status_code == 422 and "prévue le" in unescape(reponse.content.decode())
    with pytest.raises(Refus):
        services.enregistrer(parcours=parcours, par=directrice, date_tenue=demain)
    assert not Annonce.objects.exists() and not Fait.objects.exists()
    services.enregistrer(parcours=parcours, par=directrice, date_tenue=_hier())
    with pytest.raises(Refus, match="corrigez la date"):
        services.enregistrer(parcours=parcours, par=directrice, date_tenue=None)
    services.enregistrer(parcours=parcours, par=directrice, date_tenue=timezone.localdate())
    assert Fait.objects.get().date == timezone.localdate()


def test_ce_qu_on_avait_note_du_fait_reste(parcours: Parcours, directrice: Utilisateur) -> None:
    dater_fait(parcours=[parcours], nature=NatureFait.ANNONCE, date=_hier(), par=directrice, reference="CR 12")
    corps = connecte(directrice).get(_url(parcours)).content.decode()
    assert f'value="{_hier():%Y-%m-%d}"' in corps, "la date déjà donnée n'est pas redemandée"
    services.enregistrer(parcours=parcours, par=directrice, date_tenue=timezone.localdate())
    fait = Fait.objects.get()
    assert (fait.date, fait.reference) == (timezone.localdate(), "CR 12")


def test_qui_lit_sans_ecrire_n_a_pas_le_formulaire(parcours: Parcours) -> None:
    client = connecte(affecter(Role.APPUI, parcours.esms))
    assert "<textarea" not in client.get(_url(parcours)).content.decode()
    assert client.post(_url(parcours), {"contexte": "Non"}).status_code == 403
    with pytest.raises(Refus) as refus:
        services.enregistrer(parcours=parcours, par=affecter(Role.APPUI, parcours.esms), contexte="Non")
    assert refus.value.code == "droit"


def test_un_nir_ne_s_ecrit_pas(parcours: Parcours, directrice: Utilisateur) -> None:
    reponse = connecte(directrice).post(_url(parcours), {"ambition": "1 85 05 78 006 084 91", "vu": 0})
    assert reponse.status_code == 422 and not Annonce.objects.exists()
