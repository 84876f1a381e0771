"""« Nous aussi » : deux clics, une voix ; dans la grappe seulement ; rien qui dise qui l'a donnée."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.socle.erreurs import Refus
from tests.aides import connecte
from tests.fabriques import UniteFactory, affecter, directrice_de
from tests.usages.retours.fabriques import LienDeRetourFactory, conduire
from tests.usages.retours.mondes_reponses import Decor, decor
from usages.models import Retour, Soutien
from usages.models.retours import semaine_de
from usages.services.retours.soutiens import soutenir

pytestmark = pytest.mark.django_db


@pytest.fixture
def d() -> Decor:
    return decor()


def _par_lien(d: Decor, retour: Retour, jeton: str = "") -> str:
    return reverse("usages:retour-lien-soutenir", args=[jeton or d.lien.jeton, retour.pk])


def _par_compte(retour: Retour) -> str:
    return reverse("usages:retour-soutenir", args=[retour.pk])


def _cle() -> dict[str, Any]:
    return {"cle": str(uuid.uuid4())}


# --- le service ----------------------------------------------------------------------------------------------------


def test_la_meme_cle_ne_donne_qu_une_voix_et_le_jour_n_est_pas_garde(d: Decor) -> None:
    retour, cle = d.dire("Étiquettes", "qualifier"), uuid.uuid4()
    premier, neuf = soutenir(retour=retour, parcours=d.parcours, cle=cle)
    second, encore = soutenir(retour=retour, parcours=d.parcours, cle=cle)
    assert (neuf, encore, premier.pk) == (True, False, second.pk)
    assert premier.recu_le == semaine_de(timezone.localdate())
    assert not {f.name for f in Soutien._meta.get_fields()} & {"auteur", "compte", "par", "adresse"}


def test_la_meme_cle_ne_sert_pas_deux_retours(d: Decor) -> None:
    cle = uuid.uuid4()
    soutenir(retour=d.dire("Un", "qualifier"), parcours=d.parcours, cle=cle)
    with pytest.raises(Refus):
        soutenir(retour=d.dire("Deux", "qualifier"), parcours=d.parcours, cle=cle)


def test_un_autre_esms_de_la_grappe_soutient_ce_qui_est_qualifie(d: Decor) -> None:
    with pytest.raises(Refus):
        soutenir(retour=d.dire("Pas lu"), parcours=d.autre, cle=uuid.uuid4())
    qualifie = d.dire("Lu", "qualifier")
    assert soutenir(retour=qualifie, parcours=d.autre, cle=uuid.uuid4())[0].parcours == d.autre
    with pytest.raises(Refus):
        soutenir(retour=qualifie, parcours=d.dehors, cle=uuid.uuid4())


def test_repondu_on_lit_la_reponse_au_lieu_de_soutenir(d: Decor) -> None:
    for retour in (d.publier("Fait"), d.dire("Non", "ne_pas_retenir")):
        with pytest.raises(Refus):
            soutenir(retour=retour, parcours=d.parcours, cle=uuid.uuid4())
    assert not Soutien.objects.exists()


def test_regroupe_entre_temps_la_voix_va_au_retour_qui_porte(d: Decor) -> None:
    porteur, porte = d.dire("Porteur", "qualifier"), d.dire("Porté", "qualifier")
    porte = conduire(porte, "regrouper", par=d.cheffe, sous=porteur.pk)
    assert soutenir(retour=porte, parcours=d.parcours, cle=uuid.uuid4())[0].retour == porteur


def test_une_unite_d_ailleurs_est_refusee(d: Decor) -> None:
    with pytest.raises(Refus):
        soutenir(
            retour=d.dire("Lu", "qualifier"),
            parcours=d.parcours,
            unite=UniteFactory(parcours=d.autre),
            cle=uuid.uuid4(),
        )


# --- par un lien ---------------------------------------------------------------------------------------------------


def test_par_un_lien_deux_clics_une_voix_sans_compte_ni_jeton_de_page(d: Decor) -> None:
    unite = UniteFactory(parcours=d.parcours)
    d.lien.unite = unite
    d.lien.save()
    retour, client = d.dire("Étiquettes", "qualifier"), Client(enforce_csrf_checks=True)
    page = reverse("usages:retour-lien-reponses", args=[d.lien.jeton])
    assert client.post(_par_lien(d, retour), _cle()).headers["Location"] == f"{page}#dit-{retour.pk}"
    assert client.post(_par_lien(d, retour), _cle()).status_code == 302
    assert [s.unite for s in Soutien.objects.all()] == [unite]
    lue = client.get(page).content.decode()
    assert "Vous l’avez dit aussi" in lue and ">Nous aussi<" not in lue


def test_sans_temoin_la_meme_cle_suffit(d: Decor) -> None:
    retour, cle = d.dire("Étiquettes", "qualifier"), _cle()
    for _ in range(2):
        Client().post(_par_lien(d, retour), cle)
    assert Soutien.objects.count() == 1


def test_le_temoin_est_signe_et_ne_part_qu_a_ce_lien(d: Decor) -> None:
    retour, client = d.dire("Étiquettes", "qualifier"), Client()
    temoin = client.post(_par_lien(d, retour), _cle()).cookies["nous-aussi"]
    assert temoin["path"] == f"/r/{d.lien.jeton}/" and temoin["httponly"] and temoin["samesite"] == "Strict"
    autre = Client()
    autre.cookies["nous-aussi"] = f"{retour.pk}:contrefait"
    autre.post(_par_lien(d, retour), _cle())
    assert Soutien.objects.count() == 2


def test_ce_qui_n_est_pas_public_ne_se_soutient_pas_par_un_lien(d: Decor) -> None:
    autre_grappe = d.dire("Là-bas", parcours=d.dehors)
    Retour.objects.filter(pk=autre_grappe.pk).update(titre="Là-bas")
    pas_lu = d.dire("Pas lu")
    cette_semaine = d.dire("Cette semaine", "qualifier", recu_le=semaine_de(timezone.localdate()))
    for retour in (autre_grappe, pas_lu, cette_semaine):
        assert Client().post(_par_lien(d, retour), _cle()).status_code == 404
    assert not Soutien.objects.exists()


def test_un_lien_ne_soutient_que_ce_que_sa_page_montre(d: Decor) -> None:
    """Sans quoi essayer des numéros ferait lire, sans compte, le résumé et la réponse d'un autre ESMS."""
    lien = LienDeRetourFactory(parcours=d.autre, cree_par=d.directrice)
    assert Client().post(_par_lien(d, d.dire("Lu", "qualifier"), lien.jeton), _cle()).status_code == 404
    assert not Soutien.objects.exists()


def test_un_lien_clos_ne_soutient_plus_et_une_cle_illisible_se_dit(d: Decor) -> None:
    retour = d.dire("Étiquettes", "qualifier")
    faute = Client().post(_par_lien(d, retour), {"cle": "pas une clé"})
    assert faute.status_code == 422 and "pressez le bouton de nouveau" in faute.content.decode()
    d.lien.expire_le = timezone.localdate().replace(year=2020)
    d.lien.save()
    assert Client().post(_par_lien(d, retour), _cle()).status_code == 410
    assert Client().get(_par_lien(d, retour)).status_code == 405
    assert not Soutien.objects.exists()


def test_repondu_entre_temps_se_dit_et_la_page_reste(d: Decor) -> None:
    page = Client().post(_par_lien(d, d.publier("Fait", "C'est réglé.")), _cle())
    assert page.status_code == 409 and "Une réponse vient d’être donnée" in page.content.decode().replace("&#x27;", "’")


# --- avec un compte ------------------------------------------------------------------------------------------------


def test_un_compte_deux_clics_une_voix(d: Decor) -> None:
    retour, client = d.dire("Étiquettes", "qualifier"), connecte(d.directrice)
    for _ in range(2):
        reponse = client.post(_par_compte(retour), _cle() | {"parcours": d.parcours.pk}, follow=True)
    assert Soutien.objects.count() == 1
    assert "déjà dit" in reponse.content.decode()


def test_un_compte_soutient_pour_son_esms_le_retour_d_un_autre(d: Decor) -> None:
    retour = d.dire("Comptes en double", "qualifier", parcours=d.autre)
    reponse = connecte(d.directrice).post(_par_compte(retour), _cle() | {"parcours": d.parcours.pk})
    assert reponse.headers["Location"].startswith(reverse("usages:parcours-reponses", args=[d.parcours.pk]))
    assert Soutien.objects.get().parcours == d.parcours


def test_qui_ne_voit_pas_404_qui_ne_peut_pas_403(d: Decor) -> None:
    retour = d.dire("Étiquettes", "qualifier")
    assert connecte(directrice_de(d.dehors)).post(_par_compte(retour), _cle()).status_code == 404
    assert connecte(d.directrice).post(_par_compte(retour), _cle() | {"parcours": d.autre.pk}).status_code == 404
    financeur = affecter(Role.ARS, d.parcours.esms.departement.region)
    assert connecte(financeur).post(_par_compte(retour), _cle()).status_code == 404
    assert not Soutien.objects.exists()
