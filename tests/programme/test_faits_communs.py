"""Répondre une fois pour un groupe : cocher d'un coup, ne rien écraser sans le dire."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.models import Fait, Groupe, Parcours, Utilisateur
from programme.services.ensembles import ensembles_de
from programme.services.parcours import dater_fait, version_de
from programme.socle.erreurs import Refus
from tests.aides import connecte
from tests.fabriques import EsmsFactory, GrappeFactory, GroupeFactory, OgFactory, ParcoursFactory, affecter

pytestmark = pytest.mark.django_db
URL = "/faits/cse/"


def _jour(ecart: int) -> Any:
    return timezone.localdate() + timedelta(days=ecart)


@pytest.fixture
def pole() -> tuple[Groupe, list[Parcours], Utilisateur]:
    """Un OG de quatre ESMS, dont trois en groupe ; son siège répond."""
    og, grappe = OgFactory(nom="Coteaux"), GrappeFactory()
    groupe = GroupeFactory(og=og, nom="Pôle Enfance")
    parcours = [ParcoursFactory(grappe=grappe, esms=EsmsFactory(og=og)) for _ in range(4)]
    groupe.esms.add(*(p.esms for p in parcours[:3]))
    return groupe, parcours, affecter(Role.SIEGE, og)


def _cochees(reponse: Any) -> set[int]:
    return set(reponse.context["formulaire"]["parcours"].value())


def test_un_bouton_coche_tout_le_groupe_sans_rien_ecrire(pole: Any) -> None:
    groupe, parcours, siege = pole
    client: Client = connecte(siege)
    page = client.get(URL).content.decode()
    assert "Le groupe Pôle Enfance (3 ESMS)" in page and "Tout l&#x27;organisme Coteaux (4 ESMS)" in page
    reponse = client.post(URL, {"cocher": f"groupe-{groupe.pk}", "date": "2026-01-15", "reference": "PV 3"})
    assert reponse.status_code == 200 and _cochees(reponse) == {p.pk for p in parcours[:3]}
    assert "2026-01-15" in reponse.content.decode() and "PV 3" in reponse.content.decode()
    assert not Fait.objects.exists()


def test_le_message_dit_pour_quel_groupe_on_a_repondu(pole: Any) -> None:
    _, parcours, siege = pole
    saisie = {"parcours": [p.pk for p in parcours[:3]], "date": _jour(-2).isoformat()}
    texte = connecte(siege).post(URL, saisie, follow=True).content.decode()
    assert "daté pour 3 ESMS, répondu une fois pour le groupe Pôle Enfance." in texte


def test_une_exception_locale_garde_sa_date_et_se_dit(pole: Any) -> None:
    _, parcours, siege = pole
    dater_fait(parcours=[parcours[0]], nature="cse", date=_jour(-40), par=siege)
    client = connecte(siege)
    assert "1 ESMS a déjà sa date et la garde" in client.get(URL).content.decode()
    client.post(URL, {"parcours": [p.pk for p in parcours[1:]], "date": _jour(-2).isoformat()})
    assert Fait.objects.get(parcours=parcours[0]).date == _jour(-40) and Fait.objects.count() == 4


def test_remplacer_se_demande_et_se_refuse_si_la_date_a_change(pole: Any) -> None:
    _, parcours, siege = pole
    fait = dater_fait(parcours=[parcours[0]], nature="cse", date=_jour(-40), par=siege)[0]
    cle, client = f"{parcours[0].pk}@{version_de(fait)}", connecte(siege)
    client.post(URL, {"remplacer": [cle], "date": _jour(-2).isoformat()})
    fait.refresh_from_db()
    assert fait.date == _jour(-2)
    reponse = client.post(URL, {"remplacer": [cle], "date": _jour(-1).isoformat()})
    assert reponse.status_code == 422 and "a changé entre-temps" in reponse.content.decode()


def test_une_date_donnee_entre_temps_ne_s_ecrase_pas(pole: Any) -> None:
    _, parcours, siege = pole
    dater_fait(parcours=[parcours[0]], nature="cse", date=_jour(-40), par=siege)
    with pytest.raises(Refus) as refus:
        dater_fait(parcours=parcours, nature="cse", date=_jour(-2), par=siege, vues={})
    assert refus.value.code == "concurrence" and Fait.objects.count() == 1


def test_rien_de_coche_se_dit(pole: Any) -> None:
    reponse = connecte(pole[2]).post(URL, {"date": _jour(-2).isoformat()})
    assert reponse.status_code == 422 and "Cochez au moins un ESMS" in reponse.content.decode()


def test_les_ensembles_en_une_requete(pole: Any, django_assert_num_queries: Any) -> None:
    _, parcours, _ = pole
    lus = list(Parcours.objects.filter(pk__in=[p.pk for p in parcours]).select_related("esms__og"))
    with django_assert_num_queries(1):
        assert [len(e.parcours) for e in ensembles_de(lus)] == [3, 4]
    assert reverse("programme:faits-communs", args=["cse"]) == URL
