"""Les pages et l'API des séances : la liste, prévoir une série, déplacer, ce que chacun y lit."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from gouvernance.models import Instance, Seance
from gouvernance.services.seances import A_LA_DEMANDE, PLUS_PREPAREE
from gouvernance.services.tenue import consigner_information
from programme.enums import Role
from programme.socle.porte import changer_etat
from tests.aides import connecte, exiger_requetes_constantes, lignes_csv
from tests.fabriques import ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.gouvernance.fabriques import (
    InstanceFactory,
    PointFactory,
    SeanceFactory,
    mandater,
    seance_close,
    seance_ouverte,
)

pytestmark = pytest.mark.django_db
LISTE = "/seances/"


@pytest.fixture
def instance() -> Instance:
    return InstanceFactory(quorum=0, cadence="trimestrielle", nom="COMOP")


@pytest.fixture
def cheffe(instance: Instance) -> Any:
    return cheffe_de(instance.grappe)


def lu(reponse: Any) -> str:
    return reponse.content.decode().replace("&#x27;", "'").replace("\xa0", " ").replace("\u202f", " ")


def _saisie(**valeurs: Any) -> dict[str, Any]:
    return {"date": "2027-01-12", "heure": "14:00", "duree": 90, "nombre": 1} | valeurs


# --- prévoir, déplacer ---------------------------------------------------------------------------------------------


def test_une_serie_se_relit_avant_d_etre_prevue(instance: Instance, cheffe: Any) -> None:
    client, url = connecte(cheffe), reverse("gouvernance:seance-creer", args=[instance.pk])
    relue = client.post(url, _saisie(nombre=3, lieu="Salle du bas"))
    corps = lu(relue)
    assert relue.status_code == 200 and not Seance.objects.exists()
    for jour in ("mardi 12 janvier 2027", "mardi 13 avril 2027", "mardi 13 juillet 2027"):
        assert jour in corps
    confirmee = relue.context["formulaire"].data["confirmee"]
    # Changer la date après relecture : on relit de nouveau.
    assert client.post(url, _saisie(nombre=3, date="2027-01-13", confirmee=confirmee)).status_code == 200
    assert not Seance.objects.exists()
    reponse = client.post(url, _saisie(nombre=3, lieu="Salle du bas", confirmee=confirmee), follow=True)
    assert Seance.objects.count() == 3 and "3 séances de « COMOP » sont prévues" in lu(reponse)
    assert {timezone.localtime(s.debut).strftime("%H:%M") for s in Seance.objects.all()} == {"14:00"}


def test_une_seule_seance_n_a_rien_a_relire(instance: Instance, cheffe: Any) -> None:
    client, url = connecte(cheffe), reverse("gouvernance:seance-creer", args=[instance.pk])
    assert client.post(url, _saisie()).url == reverse("gouvernance:seance-detail", args=[Seance.objects.get().pk])
    Instance.objects.update(cadence="libre")
    assert 'name="nombre"' not in lu(client.get(url)), A_LA_DEMANDE


@pytest.mark.parametrize(
    ("faute", "phrase"),
    [
        ({"date": ""}, "Donnez la date"),
        ({"heure": "midi"}, "Donnez une heure"),
        ({"duree": 3}, "au moins 5 minutes"),
        ({"nombre": 13}, "Douze séances au plus"),
        ({"date": "0207-01-12"}, "trop ancienne"),
        ({"lien": "javascript:alert(1)"}, "https://"),
        ({"invites": "NIR 1 85 05 78 006 084 91"}, "NIR"),
    ],
)
def test_une_saisie_fautive_reste_a_l_ecran(instance: Instance, cheffe: Any, faute: Any, phrase: str) -> None:
    url = reverse("gouvernance:seance-creer", args=[instance.pk])
    reponse = connecte(cheffe).post(url, _saisie(lieu="Salle du bas", **faute))
    assert reponse.status_code == 422 and phrase in lu(reponse) and 'value="Salle du bas"' in lu(reponse)
    assert not Seance.objects.exists()


def test_deplacer_par_la_page(instance: Instance, cheffe: Any) -> None:
    mandater(instance, cheffe)
    seance = SeanceFactory(comite=instance, lieu="Salle du bas")
    client, url = connecte(cheffe), reverse("gouvernance:seance-modifier", args=[seance.pk])
    formulaire = client.get(url).context["formulaire"]
    vu, initial = formulaire.initial["vu"], formulaire.initial
    assert initial["lieu"] == "Salle du bas" and "nombre" not in formulaire.fields
    reponse = client.post(url, _saisie(date="2027-02-02", vu=vu), follow=True)
    assert "déplacée au 02/02/2027 à 14 h 00 ; 1 membre est prévenu" in lu(reponse)
    attendu = timezone.make_aware(datetime(2027, 2, 2, 14))
    seance.refresh_from_db()
    assert (seance.debut, seance.sequence) == (attendu, 1)
    croisee = client.post(url, _saisie(date="2027-02-03", vu=vu))
    assert croisee.status_code == 409 and "Entre-temps" in lu(croisee)
    changer_etat(seance, "ouvrir", par=cheffe)
    assert PLUS_PREPAREE in lu(client.get(url, follow=True))


# --- ce que chacun lit ---------------------------------------------------------------------------------------------


def test_un_membre_ne_voit_que_ses_instances(instance: Instance) -> None:
    sienne, autre = SeanceFactory(comite=instance), SeanceFactory(comite=InstanceFactory(grappe=instance.grappe))
    suppleant = affecter(Role.MEMBRE, instance.grappe)
    mandater(instance, suppleant=suppleant)
    client = connecte(suppleant)
    assert [x.record for x in client.get(LISTE).context["liste"].table.rows] == [sienne]
    assert client.get(reverse("gouvernance:seance-detail", args=[autre.pk])).status_code == 404
    page = lu(client.get(reverse("gouvernance:seance-detail", args=[sienne.pk])))
    assert "Ordre du jour" in page and "Ajouter un point" not in page and "chef de projet de la grappe" in page
    # Le mandat fini, il ne lit plus rien.
    suppleant.mandats_de_suppleant.update(au=timezone.localdate() - timedelta(days=1))
    assert client.get(reverse("gouvernance:seance-detail", args=[sienne.pk])).status_code == 404


def test_qui_dirige_un_esms_sans_sieger_ne_lit_pas_les_seances(instance: Instance) -> None:
    directrice = directrice_de(ParcoursFactory(grappe=instance.grappe))
    seance = SeanceFactory(comite=instance)
    assert connecte(directrice).get(reverse("gouvernance:seance-detail", args=[seance.pk])).status_code == 404
    # Elle voit que l'instance existe, sans pouvoir y prévoir une séance.
    assert connecte(directrice).get(reverse("gouvernance:seance-creer", args=[instance.pk])).status_code == 403


def test_la_liste_filtre_trie_et_s_emporte(instance: Instance, cheffe: Any) -> None:
    passee, a_venir = seance_close(instance, debut=timezone.now() - timedelta(days=3)), SeanceFactory(comite=instance)
    costrat = SeanceFactory(comite=InstanceFactory(grappe=instance.grappe, type="costrat", nom="COSTRAT"))
    for critere, attendues in {
        "": {passee, a_venir, costrat},
        "quand=venir": {a_venir, costrat},
        "quand=passees": {passee},
        "etat=close": {passee},
        "type=costrat": {costrat},
        f"comite={instance.pk}": {passee, a_venir},
    }.items():
        lignes = connecte(cheffe).get(f"{LISTE}?{critere}").context["liste"].table.rows
        assert {x.record for x in lignes} == attendues, critere
    entete, *lignes = lignes_csv(connecte(cheffe).get(f"{LISTE}?format=csv"))
    assert entete[:2] == ["Séance", "Instance"] and len(lignes) == 3


def test_la_liste_en_requetes_constantes(instance: Instance, cheffe: Any) -> None:
    def peupler(n: int) -> None:
        for _ in range(n):
            PointFactory(seance=SeanceFactory(comite=InstanceFactory(grappe=instance.grappe)))

    exiger_requetes_constantes(connecte(cheffe), LISTE, peupler)


def test_vide_la_liste_dit_d_ou_viennent_les_seances(cheffe: Any) -> None:
    assert "se prévoit depuis la page de son instance" in lu(connecte(cheffe).get(LISTE))


# --- l'API ---------------------------------------------------------------------------------------------------------


def test_l_api_rend_les_memes_lignes(instance: Instance, cheffe: Any) -> None:
    seance = seance_ouverte(instance)
    point = PointFactory(seance=seance, titre="Formations")
    consigner_information(point=point, texte="Dit", par=cheffe)
    SeanceFactory()
    client = connecte(cheffe)
    liste = client.get("/api/v1/seances/").json()
    assert liste["count"] == 1 and liste["results"][0]["instance"] == instance.pk
    lue = client.get(f"/api/v1/seances/{seance.pk}/").json()
    assert lue["points"][0]["titre"] == "Formations" and lue["points"][0]["issues"][0]["texte"] == "Dit"
    assert lue["compte_rendu"] is None and lue["presences"] == []
    etranger = connecte(affecter(Role.MEMBRE, instance.grappe))
    assert etranger.get(f"/api/v1/seances/{seance.pk}/").status_code == 404
    assert etranger.get("/api/v1/seances/").json()["count"] == 0


def test_l_api_en_requetes_constantes(instance: Instance, cheffe: Any) -> None:
    seance = seance_ouverte(instance)

    def peupler(n: int) -> None:
        for _ in range(n):
            consigner_information(point=PointFactory(seance=seance), texte="Dit", par=cheffe)

    exiger_requetes_constantes(connecte(cheffe), f"/api/v1/seances/{seance.pk}/", peupler)
