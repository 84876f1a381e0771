"""Donner un retour depuis son compte, ou depuis un programme : les mêmes gardes, avec son nom ou sans."""

import uuid
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.models import Parcours, Utilisateur
from programme.socle.pieces import peut_lire, pieces_de
from programme.socle.porte import changer_etat
from programme.socle.texte import cle_nir
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import ModuleFactory, ParcoursFactory, UniteFactory, affecter, cheffe_de, directrice_de
from tests.formation.fabriques import PosteFactory
from tests.usages.retours.fabriques import LienDeRetourFactory, RetourFactory
from tests.usages.retours.images import jpeg
from usages.models import Retour
from usages.models.retours import semaine_de
from usages.services.retours.depot import PETITE_EQUIPE

pytestmark = pytest.mark.django_db
API = "/api/v1/retours/"
NIR = f"1850578006084{cle_nir('1850578006084'):02d}"


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    return directrice_de(parcours)


def financeur_de(parcours: Parcours) -> Utilisateur:
    """Le financeur d'une grappe déjà en déploiement : il en voit les ESMS."""
    changer_etat(parcours.grappe, "constater", par=cheffe_de(parcours.grappe), vers="deploiement")
    return affecter(Role.ARS, parcours.esms.departement.region)


def donner(client: Client, parcours: Parcours, **champs: Any) -> Any:
    corps = {"probleme": "L'écran se fige.", "cle": str(uuid.uuid4()), "canal": "compte", "gravite": "genante"}
    return client.post(reverse("usages:retour-donner", args=[parcours.pk]), corps | champs)


# --- la page ---------------------------------------------------------------------------------------------------------


def test_avec_son_nom_ou_sans(parcours: Parcours, directrice: Utilisateur) -> None:
    client = connecte(directrice)
    photo = SimpleUploadedFile("salle.jpg", jpeg(), "image/jpeg")
    assert donner(client, parcours, photo=photo).status_code == 302
    donner(client, parcours, canal="aucun", photo=SimpleUploadedFile("salle.jpg", jpeg(), "image/jpeg"))
    signe, sans_nom = Retour.objects.order_by("pk")
    assert (signe.auteur, signe.recu_le) == (directrice, timezone.localdate())
    assert (sans_nom.auteur, sans_nom.recu_le) == (None, semaine_de(timezone.localdate()))
    assert pieces_de(signe).get().deposee_par == directrice
    assert pieces_de(sans_nom).get().deposee_par is None


def test_sans_son_nom_le_jour_ne_se_garde_pas_meme_dans_une_grande_equipe(
    parcours: Parcours, directrice: Utilisateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    """L'équipe est grande, ses comptes sont rares : le jour, rapproché d'une connexion, dirait qui."""
    PosteFactory.create_batch(PETITE_EQUIPE, parcours=parcours)
    monkeypatch.setattr(timezone, "now", lambda: timezone.make_aware(datetime(2026, 12, 3, 12)))
    client = connecte(directrice)
    donner(client, parcours)
    donner(client, parcours, canal="aucun")
    jours = list(Retour.objects.order_by("pk").values_list("recu_le", flat=True))
    assert jours == [date(2026, 12, 3), date(2026, 11, 30)]


def test_le_financeur_voit_l_esms_sans_parler_pour_lui(parcours: Parcours) -> None:
    reponse = donner(connecte(financeur_de(parcours)), parcours)
    assert (reponse.status_code, Retour.objects.count()) == (403, 0)
    assert donner(connecte(directrice_de(ParcoursFactory())), parcours).status_code == 404


def test_une_faute_garde_le_texte_et_une_photo_illisible_ne_l_emporte_pas(
    parcours: Parcours, directrice: Utilisateur
) -> None:
    client = connecte(directrice)
    page = donner(client, parcours, amelioration=f"voir {NIR}")
    assert page.status_code == 422 and "voir" in page.content.decode()
    suite = donner(client, parcours, photo=SimpleUploadedFile("a.heic", b"ftypheic", "image/heic"))
    page = client.get(suite.url)
    assert "La photo n" in page.content.decode()
    assert Retour.objects.get().probleme == "L'écran se fige."


def test_ce_qui_ressemble_a_une_personne_se_relit_une_fois(parcours: Parcours, directrice: Utilisateur) -> None:
    client, texte = connecte(directrice), "Mme Exemple 12/03/1954 n'apparaît plus."
    page = donner(client, parcours, probleme=texte)
    assert (page.status_code, Retour.objects.count()) == (422, 0)
    assert "Envoyer quand même" in page.content.decode()
    assert donner(client, parcours, probleme=texte, averti="on").status_code == 302


def test_deux_clics_ne_font_qu_un_retour(parcours: Parcours, directrice: Utilisateur) -> None:
    client, cle = connecte(directrice), str(uuid.uuid4())
    assert {donner(client, parcours, cle=cle).status_code for _ in range(2)} == {302}
    assert Retour.objects.count() == 1


def test_sans_dire_l_unite(parcours: Parcours, directrice: Utilisateur) -> None:
    unite, _ = UniteFactory.create_batch(2, parcours=parcours)
    client = connecte(directrice)
    donner(client, parcours, unite=unite.pk)
    donner(client, parcours, unite=unite.pk, au_nom="on")
    assert list(Retour.objects.order_by("pk").values_list("unite", flat=True)) == [unite.pk, None]


def test_le_lien_a_garder_sur_le_telephone(parcours: Parcours, directrice: Utilisateur) -> None:
    client, page = connecte(directrice), reverse("usages:retour-donner", args=[parcours.pk])
    assert "Garder sur ce téléphone" not in client.get(page).content.decode()
    ouvert = LienDeRetourFactory(parcours=parcours)
    clos = LienDeRetourFactory(parcours=parcours, revoque_le=timezone.localdate())
    contenu = client.get(page).content.decode()
    assert reverse("usages:retour-lien", args=[ouvert.jeton]) in contenu
    assert clos.jeton not in contenu


def test_la_page_coute_autant_a_une_unite_qu_a_cinquante(parcours: Parcours, directrice: Utilisateur) -> None:
    def peupler(nombre: int) -> None:
        for unite in UniteFactory.create_batch(nombre, parcours=parcours):
            LienDeRetourFactory(parcours=parcours, unite=unite)

    # Avec une seule unité, il n'y a rien à choisir : on compare deux à cinquante et une.
    peupler(1)
    exiger_requetes_constantes(connecte(directrice), reverse("usages:retour-donner", args=[parcours.pk]), peupler)


def test_la_photo_se_lit_par_qui_lit_le_retour(parcours: Parcours, directrice: Utilisateur) -> None:
    donner(connecte(directrice), parcours, photo=SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg"))
    piece = pieces_de(Retour.objects.get()).get()
    assert peut_lire(directrice, piece)
    assert not peut_lire(financeur_de(parcours), piece)
    assert not peut_lire(directrice_de(ParcoursFactory()), piece)


# --- l'API -----------------------------------------------------------------------------------------------------------


def pousser(compte: Utilisateur, parcours: Parcours, **champs: Any) -> Any:
    corps = {"parcours": parcours.pk, "probleme": "L'agenda se fige.", "cle": str(uuid.uuid4())} | champs
    return connecte(compte).post(API, corps, content_type="application/json")


def test_l_api_redit_ce_qu_elle_a_deja(parcours: Parcours, directrice: Utilisateur) -> None:
    module, cle = ModuleFactory(), str(uuid.uuid4())
    reponses = [pousser(directrice, parcours, module=module.code, gravite="bloquante", cle=cle) for _ in range(2)]
    assert [r.status_code for r in reponses] == [201, 200]
    assert reponses[0].json() == reponses[1].json()
    assert reponses[0].json() | {"id": 0, "recu_le": ""} == {
        "id": 0, "parcours": parcours.pk, "module": module.code, "gravite": "bloquante", "etat": "nouveau",
        "recu_le": "", "cle": cle,
    }  # fmt: skip
    assert Retour.objects.get().auteur == directrice


def test_l_api_nomme_le_champ_en_faute(parcours: Parcours, directrice: Utilisateur) -> None:
    fautes: list[tuple[dict[str, Any], str]] = [
        ({"amelioration": f"voir {NIR}"}, "amelioration"),
        ({"module": "inconnu"}, "module"),
        ({"probleme": "  "}, "probleme"),
        ({"cle": str(RetourFactory().cle)}, "cle"),
        ({"gravite": "grave"}, "gravite"),
        ({"unite": 1}, "unite"),
    ]
    for champs, nom in fautes:
        reponse = pousser(directrice, parcours, **champs)
        assert (reponse.status_code, list(reponse.json())) == (400, [nom]), champs
    assert Retour.objects.count() == 1


def test_l_api_ne_montre_ni_n_ouvre_ce_qu_on_n_a_pas(parcours: Parcours) -> None:
    assert pousser(directrice_de(ParcoursFactory()), parcours).status_code == 404
    reponse = pousser(financeur_de(parcours), parcours)
    assert (reponse.status_code, "motif" in reponse.json()) == (403, True)
    assert Client().post(API, {}, content_type="application/json").status_code == 401
