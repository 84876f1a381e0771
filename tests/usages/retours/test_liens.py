"""Les liens de retour : un par unité, à afficher, à révoquer ; ce qu'ils ont reçu reste."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.socle.erreurs import Refus
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import UniteFactory, affecter, directrice_de
from tests.usages.retours.fabriques import LienDeRetourFactory, RetourFactory
from tests.usages.retours.mondes_reponses import SECRET, Decor, decor, texte_du_pdf
from usages.dessins.qr import qr_svg
from usages.models import LienDeRetour, Retour
from usages.services.retours.liens import adresse_de, creer_lien, fermeture, lire_les_liens, revoquer_lien

pytestmark = pytest.mark.django_db


@pytest.fixture
def d() -> Decor:
    return decor()


def _page(d: Decor) -> str:
    return reverse("usages:parcours-liens", args=[d.parcours.pk])


def test_un_seul_lien_ouvert_par_unite_et_un_pour_l_esms(d: Decor) -> None:
    unite = UniteFactory(parcours=d.parcours)
    lien = creer_lien(parcours=d.parcours, unite=unite, par=d.directrice)
    for deja in (unite, None):
        with pytest.raises(Refus):
            creer_lien(parcours=d.parcours, unite=deja, par=d.directrice)
    revoquer_lien(lien=lien, par=d.directrice)
    neuf = creer_lien(parcours=d.parcours, unite=unite, par=d.directrice)
    assert neuf.jeton != lien.jeton and len(neuf.jeton) >= 22


def test_une_unite_d_ailleurs_et_un_jour_passe_sont_refuses(d: Decor) -> None:
    with pytest.raises(Refus):
        creer_lien(parcours=d.parcours, unite=UniteFactory(parcours=d.autre), par=d.directrice)
    with pytest.raises(Refus):
        hier = timezone.localdate() - timedelta(days=1)
        creer_lien(parcours=d.parcours, unite=UniteFactory(parcours=d.parcours), expire_le=hier, par=d.directrice)


def test_revoquer_garde_ce_qui_est_recu(d: Decor) -> None:
    RetourFactory(parcours=d.parcours, lien=d.lien)
    page = connecte(d.directrice).get(reverse("usages:lien-revoquer", args=[d.lien.pk])).content.decode()
    assert "1 retour reçu par ce lien reste" in page
    connecte(d.directrice).post(reverse("usages:lien-revoquer", args=[d.lien.pk]))
    d.lien.refresh_from_db()
    assert d.lien.revoque_le == timezone.localdate() and Retour.objects.filter(lien=d.lien).count() == 1
    with pytest.raises(Refus):
        revoquer_lien(lien=d.lien, par=d.directrice)


def test_pourquoi_un_lien_est_ferme(d: Decor) -> None:
    au = timezone.localdate()
    assert fermeture(d.lien, au) == ""
    d.lien.expire_le = au
    assert fermeture(d.lien, au) == "" and "était ouvert jusqu'au" in fermeture(d.lien, au + timedelta(days=1))
    d.lien.revoque_le = au
    assert "a été fermé le" in fermeture(d.lien, au)


def test_les_places_disent_ce_qui_est_recu_et_ce_qui_est_clos(d: Decor) -> None:
    unite = UniteFactory(parcours=d.parcours)
    RetourFactory.create_batch(2, parcours=d.parcours, lien=d.lien)
    vieux = LienDeRetourFactory(parcours=d.parcours, cree_par=d.directrice, revoque_le=timezone.localdate())
    lus = lire_les_liens(d.parcours, timezone.localdate())
    assert [(p.unite, p.lien, p.recus) for p in lus.places] == [(None, d.lien, 2), (unite, None, 0)]
    assert lus.clos == [(vieux, 0)]


def test_l_adresse_vient_du_reglage_sinon_de_la_requete(d: Decor, settings: object) -> None:
    settings.TREILLE_ADRESSE = "https://treille.exemple"  # type: ignore[attr-defined]
    assert adresse_de(d.lien, "http://ailleurs/") == f"https://treille.exemple/r/{d.lien.jeton}/"
    settings.TREILLE_ADRESSE = ""  # type: ignore[attr-defined]
    assert adresse_de(d.lien, "http://ici/") == f"http://ici/r/{d.lien.jeton}/"
    assert f"http://testserver/r/{d.lien.jeton}/" in connecte(d.directrice).get(_page(d)).content.decode()


def test_creer_depuis_la_page(d: Decor) -> None:
    unite, client = UniteFactory(parcours=d.parcours), connecte(d.directrice)
    url = reverse("usages:lien-creer", args=[d.parcours.pk])
    assert f'value="{unite.pk}" selected' in client.get(f"{url}?unite={unite.pk}").content.decode()
    assert client.post(url, {"unite": unite.pk, "expire_le": "2020-01-01"}).status_code == 422
    assert client.post(url, {"unite": "esms", "expire_le": ""}).status_code == 422, "l'ESMS entier a déjà le sien"
    assert client.post(url, {"unite": unite.pk, "expire_le": ""}).status_code == 302
    assert LienDeRetour.objects.get(unite=unite).cree_par == d.directrice
    assert client.get(url).status_code == 403, "tout est pris : la page le dit"


def test_qui_tient_les_liens(d: Decor) -> None:
    membre, voisin = affecter(Role.MEMBRE, d.parcours.esms), directrice_de(d.dehors)
    financeur = affecter(Role.ARS, d.parcours.esms.departement.region)
    d_un_lien = [reverse(f"usages:{nom}", args=[d.lien.pk]) for nom in ("lien-affiche", "lien-revoquer")]
    de_l_esms = [_page(d), reverse("usages:lien-creer", args=[d.parcours.pk])]
    for url in (*d_un_lien, *de_l_esms):
        assert connecte(membre).get(url).status_code == 403, url
        assert connecte(voisin).get(url).status_code == 404, url
    for url in de_l_esms:
        assert connecte(financeur).get(url).status_code == 403, url
    for url in d_un_lien:
        assert connecte(financeur).get(url).status_code == 404, url
    connecte(membre).post(d_un_lien[1])
    assert LienDeRetour.objects.get(pk=d.lien.pk).revoque_le is None


def test_le_code_mene_a_l_adresse() -> None:
    svg = qr_svg("https://treille.exemple/r/abc/")
    assert svg.startswith("<svg") and "script" not in svg
    assert svg == qr_svg("https://treille.exemple/r/abc/") != qr_svg("https://treille.exemple/r/abd/")


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext n'est pas installé")
@pytest.mark.parametrize("papier", ["", "cartes"])
def test_l_affiche_dit_l_unite_l_adresse_et_la_promesse(d: Decor, tmp_path: Path, papier: str) -> None:
    unite = UniteFactory(parcours=d.parcours, nom="Unité des Tilleuls")
    lien = creer_lien(parcours=d.parcours, unite=unite, par=d.directrice)
    RetourFactory(parcours=d.parcours, lien=lien, probleme=SECRET)
    reponse = connecte(d.directrice).get(reverse("usages:lien-affiche", args=[lien.pk]) + f"?papier={papier}")
    dit = texte_du_pdf(reponse.content, tmp_path)
    assert dit.count("Unité des Tilleuls") == dit.count(f"/r/{lien.jeton}/") == (4 if papier else 1)
    assert "Ni nom, ni compte, ni heure" in dit and "personne d'autre ne doit" not in dit
    revoquer_lien(lien=lien, par=d.directrice)
    assert connecte(d.directrice).get(reverse("usages:lien-affiche", args=[lien.pk])).status_code == 403


def test_autant_de_requetes_a_une_unite_qu_a_cinquante(d: Decor) -> None:
    def peupler(nombre: int) -> None:
        for _ in range(nombre):
            unite = UniteFactory(parcours=d.parcours)
            lien = LienDeRetourFactory(parcours=d.parcours, unite=unite, cree_par=d.directrice)
            RetourFactory(parcours=d.parcours, lien=lien)

    exiger_requetes_constantes(connecte(d.directrice), _page(d), peupler)


@pytest.mark.parametrize("nom", ["retour-lien", "retour-lien-reponses"])
def test_un_octet_nul_ne_va_pas_jusqu_a_la_base(nom: str, django_assert_num_queries: Any) -> None:
    """PostgreSQL le refuserait : ce serait une erreur du serveur."""
    with django_assert_num_queries(0):
        assert Client().get(reverse(f"usages:{nom}", args=["a\x00b"])).status_code == 404
