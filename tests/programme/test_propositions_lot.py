"""Proposer un passage à plusieurs directions : une fois, à la date de chacun, en nommant qui est écarté."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programme import a_faire
from programme.conditions import dater
from programme.enums import Role
from programme.models import Etape, Parcours, Proposition
from programme.services import propositions as services
from programme.services.parcours import proposer
from programme.socle.a_faire import Demande
from programme.socle.a_faire import a_faire as lignes_de
from programme.socle.erreurs import Refus
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter, cheffe_de, directrice_de

pytestmark = pytest.mark.django_db

URL = "/propositions/"


def _jour(n: int) -> date:
    return timezone.localdate() + timedelta(days=n)


def _prets(nombre: int, **champs: Any) -> tuple[Any, list[Parcours]]:
    """Une cheffe, et des ESMS dirigés qui ont tout réuni pour le cadrage."""
    grappe = champs.pop("grappe", None) or GrappeFactory()
    cheffe, parcours = cheffe_de(grappe), ParcoursFactory.create_batch(nombre, grappe=grappe, **champs)
    for p in parcours:
        directrice = directrice_de(p)
        dater("annonce")(p, directrice)
        dater("prediagnostic")(p, directrice)
    return cheffe, parcours


def _sans_direction(grappe: Any) -> Parcours:
    parcours = ParcoursFactory(grappe=grappe)
    affecter(Role.DIRECTEUR, parcours.esms, au=_jour(-1))
    return parcours


# --- service -------------------------------------------------------------------------------------------------------


def test_chaque_direction_recoit_la_proposition_a_la_date_de_son_esms() -> None:
    cheffe, (revise, fige, depasse, sans) = _prets(4)
    Etape.objects.create(parcours=revise, etat="cadrage", reference=_jour(5), revisee=_jour(12))
    Etape.objects.create(parcours=fige, etat="cadrage", reference=_jour(20))
    Etape.objects.create(parcours=depasse, etat="cadrage", reference=_jour(-20))
    envoi = services.proposer_en_lot(
        parcours=[revise, fige, depasse, sans], transition="engager", par=cheffe, mot="Êtes-vous prêts ?"
    )
    visees = {p.parcours_id: p.date_visee for p in envoi.faites}
    assert visees == {revise.pk: _jour(12), fige.pk: _jour(20), depasse.pk: None, sans.pk: None}
    attente = Proposition.objects.en_attente()
    assert {(p.mot, p.proposee_par, p.transition) for p in attente} == {("Êtes-vous prêts ?", cheffe, "engager")}


def test_une_date_donnee_vaut_pour_tous() -> None:
    cheffe, parcours = _prets(2)
    Etape.objects.create(parcours=parcours[0], etat="cadrage", revisee=_jour(12))
    envoi = services.proposer_en_lot(parcours=parcours, transition="engager", par=cheffe, date_visee=_jour(30))
    assert {p.date_visee for p in envoi.faites} == {_jour(30)}


def test_les_ecartes_sont_nommes_et_n_empechent_rien() -> None:
    cheffe, (pret, deja) = _prets(2)
    vacant = _sans_direction(pret.grappe)
    premiere = proposer(parcours=deja, transition="engager", par=cheffe)
    envoi = services.proposer_en_lot(parcours=[pret, deja, vacant], transition="engager", par=cheffe)
    assert [p.parcours for p in envoi.faites] == [pret]
    assert dict(envoi.ecartes) == {deja: services.DEJA_PROPOSE, vacant: services.SANS_DIRECTION}
    premiere.refresh_from_db()
    assert premiere.close_le is None, "celle qui attendait n'est pas remplacée"


@pytest.mark.parametrize(
    ("valeurs", "champ"),
    [
        ({"date_visee": date(2020, 1, 1)}, "date_visee"),
        ({"mot": "Voir le 2 55 08 14 168 025 38"}, "mot"),
        ({"transition": "suspendre"}, "transition"),
        ({"transition": "ouvrir"}, "parcours"),
        ({"parcours": []}, "parcours"),
    ],
)
def test_un_refus_n_ecrit_rien(valeurs: dict[str, Any], champ: str) -> None:
    cheffe, parcours = _prets(2)
    with pytest.raises(Refus) as refus:
        services.proposer_en_lot(**({"parcours": parcours, "transition": "engager", "par": cheffe} | valeurs))
    assert refus.value.code == "champ" and champ in refus.value.champs
    assert not Proposition.objects.exists()


def test_conduire_l_une_ne_permet_pas_de_proposer_chez_l_autre() -> None:
    cheffe, (ici,) = _prets(1)
    _, (ailleurs,) = _prets(1)
    with pytest.raises(Refus) as refus:
        services.proposer_en_lot(parcours=[ici, ailleurs], transition="engager", par=cheffe)
    assert refus.value.code == "droit" and not Proposition.objects.exists()


# --- accueil, page -------------------------------------------------------------------------------------------------


def test_l_accueil_reunit_les_prets_en_un_formulaire(client: Client) -> None:
    cheffe, parcours = _prets(3)
    Etape.objects.create(parcours=parcours[0], etat="cadrage", revisee=_jour(12))
    client.force_login(cheffe)
    contenu = client.get("/").content.decode()
    assert f'action="{URL}"' in contenu and "Proposer aux directions cochées" in contenu and "visée" in contenu
    assert all(f'id="engager-{p.pk}" checked' in contenu for p in parcours)


def test_un_seul_pret_se_propose_sur_sa_page(client: Client) -> None:
    cheffe, (parcours,) = _prets(1)
    [ligne] = [li for li in lignes_de(cheffe, _jour(0)) if li.titre.startswith("Proposer")]
    assert ligne.formulaire is None and ligne.url == reverse(
        "programme:parcours-proposer", args=[parcours.pk, "engager"]
    )


def test_l_accueil_coute_autant_pour_deux_ou_vingt_prets() -> None:
    grappe = GrappeFactory()
    cheffe, _ = _prets(2, grappe=grappe)
    comptes = []
    list(a_faire.prets(Demande(cheffe, _jour(0))))  # le périmètre du compte se lit une fois
    for nombre in (0, 18):
        _prets(nombre, grappe=grappe)
        with CaptureQueriesContext(connection) as requetes:
            list(a_faire.prets(Demande(cheffe, _jour(0))))
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1]


def test_proposer_depuis_l_accueil_nomme_les_ecartes(client: Client) -> None:
    cheffe, parcours = _prets(2)
    vacant = _sans_direction(parcours[0].grappe)
    client.force_login(cheffe)
    donnees = {"transition": "engager", "parcours": [p.pk for p in (*parcours, vacant)], "date_visee": "", "mot": ""}
    contenu = client.post(URL, donnees, follow=True).content.decode()
    assert "2 passages proposés : passer au cadrage." in contenu
    assert f"1 ESMS écarté : {vacant} (sans direction en fonction)." in contenu
    assert Proposition.objects.en_attente().count() == 2


def test_la_page_garde_la_saisie_et_dit_pourquoi(client: Client) -> None:
    cheffe, parcours = _prets(2)
    vacant = _sans_direction(parcours[0].grappe)
    _, (ailleurs,) = _prets(1)
    client.force_login(cheffe)
    for cles, phrase in (
        ([vacant.pk], "sans direction en fonction"),
        ([ailleurs.pk], "de ceux que vous conduisez"),
        ([], "Cochez au moins un ESMS"),
    ):
        reponse = client.post(URL, {"transition": "engager", "parcours": cles, "mot": "Bientôt ?"})
        assert (
            reponse.status_code == 422
            and phrase in reponse.content.decode()
            and "Bientôt ?" in reponse.content.decode()
        )
    assert not Proposition.objects.exists()


def test_la_page_coche_ceux_qui_sont_prets(client: Client) -> None:
    cheffe, parcours = _prets(2)
    ParcoursFactory(grappe=parcours[0].grappe)
    client.force_login(cheffe)
    reponse = client.get(URL, {"transition": "engager"})
    assert set(reponse.context["formulaire"].initial["parcours"]) == {p.pk for p in parcours}
    assert client.get(URL, {"transition": "suspendre"}).status_code == 404


def test_la_date_visee_d_un_seul_est_deja_remplie(client: Client) -> None:
    cheffe, (parcours,) = _prets(1)
    Etape.objects.create(parcours=parcours, etat="cadrage", revisee=_jour(12))
    client.force_login(cheffe)
    contenu = client.get(reverse("programme:parcours-proposer", args=[parcours.pk, "engager"])).content.decode()
    assert f'value="{_jour(12).isoformat()}"' in contenu
