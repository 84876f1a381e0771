"""Le tableau de cartes : ranger un ESMS dans une vague, se croiser, remettre, et ne jamais changer un état."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from programme.enums import Role
from programme.models import Grappe, Parcours, Vague
from programme.services.parcours import modifier_fiche
from programme.socle.porte import changer_etat
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter, cheffe_de, directrice_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def grappe() -> Grappe:
    grappe = GrappeFactory(nom="Rives de Garonne")
    for numero, capacite in ((1, 4), (2, 0)):
        Vague.objects.create(grappe=grappe, numero=numero, capacite=capacite)
    return grappe


@pytest.fixture
def parcours(grappe: Grappe) -> Parcours:
    return ParcoursFactory(grappe=grappe, vague=grappe.vagues.get(numero=1), esms__nom="IME Les Acacias")


def _adresse(grappe: Grappe) -> str:
    return reverse("programme:grappe-tableau", args=[grappe.pk])


def _lire(client: Client, grappe: Grappe, **criteres: str) -> str:
    reponse = client.get(_adresse(grappe), criteres)
    assert reponse.status_code == 200
    return reponse.content.decode()


def _colonne(page: str, cle: Any) -> str:
    debut = page.index(f'data-colonne="{cle}"')
    return page[debut : page.index("</section>", debut)]


def _vu(page: str, parcours: Parcours) -> str:
    carte = page[page.index(f'id="carte-{parcours.pk}"') :]
    trouve = re.search(r'name="vu" value="(\d+)"', carte)
    assert trouve
    return trouve[1]


def _deplacer(client: Client, parcours: Parcours, vague: Vague | None, vu: str = "", **plus: str) -> Any:
    donnees = {"parcours": parcours.pk, "vague": vague.pk if vague else "", "vu": vu} | plus
    return client.post(_adresse(parcours.grappe), donnees, follow=True)


def test_une_carte_se_deplace_et_se_remet(grappe: Grappe, parcours: Parcours) -> None:
    client, (une, deux) = connecte(cheffe_de(grappe)), grappe.vagues.all()
    page = _lire(client, grappe)
    assert "IME Les Acacias" in _colonne(page, une.pk)
    reponse = _deplacer(client, parcours, deux, _vu(page, parcours))
    apres = reponse.content.decode()
    assert "IME Les Acacias : vague 1 → vague 2." in apres and "IME Les Acacias" in _colonne(apres, deux.pk)
    assert reponse.redirect_chain[0][0].endswith(f"#carte-{parcours.pk}")
    assert "Annuler : remettre IME Les Acacias (vague 1)" in apres
    remise = _deplacer(client, parcours, une, _vu(apres, parcours), annule="oui").content.decode()
    assert "vague 2 → vague 1" in remise and "Annuler : remettre" not in remise
    assert Parcours.objects.get(pk=parcours.pk).vague == une


def test_on_retire_un_esms_de_sa_vague(grappe: Grappe, parcours: Parcours) -> None:
    client = connecte(cheffe_de(grappe))
    page = _deplacer(client, parcours, None).content.decode()
    assert "vague 1 → hors vague" in page and "IME Les Acacias" in _colonne(page, "sans")


def test_depasser_la_capacite_avertit_sans_empecher(grappe: Grappe, parcours: Parcours) -> None:
    changer_etat(parcours, "engager", par=directrice_de(parcours), motif="Volontaire")
    page = _deplacer(connecte(cheffe_de(grappe)), parcours, grappe.vagues.get(numero=2)).content.decode()
    assert "La vague de déploiement 2 a maintenant 1 ESMS à accompagner pour une capacité de 0" in page
    assert "1 en chemin pour 0" in _colonne(page, grappe.vagues.get(numero=2).pk)


def test_une_carte_qui_a_bouge_entre_temps_est_expliquee(grappe: Grappe, parcours: Parcours) -> None:
    cheffe, directrice = cheffe_de(grappe), directrice_de(parcours)
    client, deux = connecte(cheffe), grappe.vagues.get(numero=2)
    vu = _vu(_lire(client, grappe), parcours)
    modifier_fiche(parcours=parcours, valeurs={"vague": None}, par=directrice)
    reponse = _deplacer(client, parcours, deux, vu)
    page = reponse.content.decode()
    assert reponse.status_code == 409 and "Rien n’a bougé" in page
    assert f"Entre-temps, {directrice} a déplacé IME Les Acacias : il est maintenant hors vague." in page
    assert Parcours.objects.get(pk=parcours.pk).vague is None
    assert _deplacer(client, parcours, deux, _vu(page, parcours)).status_code == 200


def test_un_autre_champ_change_n_empeche_rien(grappe: Grappe, parcours: Parcours) -> None:
    client = connecte(cheffe_de(grappe))
    vu = _vu(_lire(client, grappe), parcours)
    modifier_fiche(parcours=parcours, valeurs={"premier_gain": "La relève"}, par=directrice_de(parcours))
    assert _deplacer(client, parcours, grappe.vagues.get(numero=2), vu).status_code == 200


@pytest.mark.parametrize(
    ("donnees", "phrase"),
    [
        ({}, "Choisissez l&#x27;ESMS à déplacer."),
        ({"parcours": "x", "vague": ""}, "Cet ESMS n&#x27;est plus sur votre tableau"),
        ({"parcours": "ok"}, "Choisissez la vague où ranger cet ESMS."),
        ({"parcours": "ok", "vague": "999999"}, "Cette vague n&#x27;existe plus"),
        ({"parcours": "ok", "vague": "autre"}, "Cette vague n&#x27;existe plus"),
    ],
)
def test_un_envoi_fautif_ne_change_rien_et_dit_quoi(
    grappe: Grappe, parcours: Parcours, donnees: dict[str, str], phrase: str
) -> None:
    ailleurs = Vague.objects.create(grappe=GrappeFactory(), numero=1)
    valeurs = {"ok": str(parcours.pk), "autre": str(ailleurs.pk)}
    envoi = {nom: valeurs.get(valeur, valeur) for nom, valeur in donnees.items()}
    reponse = connecte(cheffe_de(grappe)).post(_adresse(grappe), envoi)
    assert reponse.status_code == 422 and phrase in reponse.content.decode()
    assert Parcours.objects.get(pk=parcours.pk).vague.numero == 1


def test_chacun_ne_deplace_que_les_siens(grappe: Grappe, parcours: Parcours) -> None:
    autre = ParcoursFactory(grappe=grappe, esms__nom="ESAT La Palombière")
    client = connecte(directrice_de(parcours))
    page = _lire(client, grappe)
    assert "ESAT La Palombière" not in page and "Déplacer vers…" in page
    assert _deplacer(client, autre, grappe.vagues.get(numero=2)).status_code == 422
    assert _deplacer(client, parcours, grappe.vagues.get(numero=2)).status_code == 200
    assert Parcours.objects.get(pk=autre.pk).vague is None


@pytest.mark.parametrize("role", [Role.REFERENT, Role.APPUI])
def test_qui_ne_choisit_pas_la_vague_lit_sans_deplacer(grappe: Grappe, parcours: Parcours, role: str) -> None:
    client = connecte(affecter(role, parcours.esms))
    page = _lire(client, grappe)
    assert "Déplacer vers…" not in page and "La vague se choisit par le directeur ou le chef de projet." in page
    assert "data-tableau" not in page
    assert _deplacer(client, parcours, None).status_code == 403


def test_la_charge_d_une_vague_se_partage_a_partir_de_cinq(grappe: Grappe, parcours: Parcours) -> None:
    une = grappe.vagues.get(numero=1)

    def charge() -> str:
        return _colonne(_lire(connecte(directrice_de(parcours)), grappe), une.pk)

    for autre in [parcours, *ParcoursFactory.create_batch(3, grappe=grappe, vague=une)]:
        changer_etat(autre, "engager", par=directrice_de(autre), motif="Volontaire")
    assert "jusqu’à 4 à la fois" in charge() and "en chemin" not in charge()
    cinquieme = ParcoursFactory(grappe=grappe, vague=une)
    changer_etat(cinquieme, "engager", par=directrice_de(cinquieme), motif="Volontaire")
    assert "5 en chemin pour 4" in charge()


def test_le_financeur_lit_le_tableau_sans_ce_qui_se_prepare(grappe: Grappe, parcours: Parcours) -> None:
    changer_etat(grappe, "deposer", par=cheffe_de(grappe))
    for criteres in ({}, {"par": "etat"}):
        page = _lire(connecte(affecter(Role.ARS, grappe.region)), grappe, **criteres)
        page = page[page.index("tableau-etats") : page.index('class="pied"')]
        assert "IME Les Acacias" in page
        for mot in ("avertit", "avertissent", "barre", "tout est réuni", "en chemin", "Déplacer vers", "Faire passer"):
            assert mot not in page, mot


# --- par état ------------------------------------------------------------------------------------------------------


def test_par_etat_la_directrice_va_a_la_decision_la_cheffe_a_la_proposition(grappe: Grappe, parcours: Parcours) -> None:
    decision = reverse("programme:passage", args=["parcours", parcours.pk, "engager"])
    proposition = reverse("programme:parcours-proposer", args=[parcours.pk, "engager"])
    page = _lire(connecte(directrice_de(parcours)), grappe, par="etat")
    assert f'href="{decision}" data-cible="cadrage"' in page and proposition not in page
    page = _lire(connecte(cheffe_de(grappe)), grappe, par="etat")
    assert f'href="{proposition}" data-cible="cadrage"' in page and decision not in page
    assert "Proposer : passer au cadrage" in page


def test_par_etat_aucun_envoi_ne_change_l_etat(grappe: Grappe, parcours: Parcours) -> None:
    page = _lire(connecte(directrice_de(parcours)), grappe, par="etat")
    assert 'name="vague"' not in page
    connecte(directrice_de(parcours)).post(_adresse(grappe) + "?par=etat", {"parcours": parcours.pk, "etat": "cadrage"})
    assert Parcours.objects.get(pk=parcours.pk).etat == "recense"


def test_par_etat_on_revient_ou_l_on_reprend_par_la_page_du_passage(grappe: Grappe, parcours: Parcours) -> None:
    directrice = directrice_de(parcours)
    changer_etat(parcours, "engager", par=directrice, motif="Volontaire")
    page = _lire(connecte(directrice), grappe, par="etat")
    retour = reverse("programme:passage", args=["parcours", parcours.pk, "revenir"])
    assert f'href="{retour}" data-cible="recense"' in page
    cheffe = cheffe_de(grappe)
    changer_etat(parcours, "suspendre", par=cheffe, motif="Travaux")
    page = _lire(connecte(cheffe), grappe, par="etat")
    reprise = reverse("programme:passage", args=["parcours", parcours.pk, "reprendre"])
    assert f'href="{reprise}" data-cible="cadrage"' in page and "IME Les Acacias" in _colonne(page, "suspendu")


def test_qui_ne_decide_pas_lit_pourquoi(grappe: Grappe, parcours: Parcours) -> None:
    page = _lire(connecte(affecter(Role.REFERENT, parcours.esms)), grappe, par="etat")
    assert "La décision revient au directeur de l&#x27;ESMS" in page and "Faire passer" not in page


def test_la_page_de_la_grappe_montre_les_memes_cartes_sans_geste(grappe: Grappe, parcours: Parcours) -> None:
    page = connecte(cheffe_de(grappe)).get(reverse("programme:grappe-detail", args=[grappe.pk])).content.decode()
    assert 'class="carte"' in page and "Faire passer" not in page
    assert f"{_adresse(grappe)}?par=etat" in page


@pytest.mark.parametrize("par", ["vague", "etat"])
def test_les_requetes_ne_suivent_pas_le_nombre_de_cartes(grappe: Grappe, par: str) -> None:
    une = grappe.vagues.get(numero=1)
    exiger_requetes_constantes(
        connecte(cheffe_de(grappe)),
        f"{_adresse(grappe)}?par={par}",
        lambda n: ParcoursFactory.create_batch(n, grappe=grappe, vague=une),
    )


def test_une_grappe_sans_vague_propose_d_en_creer_une() -> None:
    grappe = GrappeFactory()
    ParcoursFactory(grappe=grappe)
    page = _lire(connecte(cheffe_de(grappe)), grappe)
    assert reverse("programme:vague-creer", args=[grappe.pk]) in page
