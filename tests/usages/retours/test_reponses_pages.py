"""Les pages et les affiches des réponses : rien que le résumé et la réponse, et à qui."""

import shutil
import subprocess
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import affecter, directrice_de
from tests.usages.retours.fabriques import LienDeRetourFactory
from tests.usages.retours.mondes_reponses import PISTE, SECRET, Decor, decor, texte_du_pdf
from usages.documents.affiches import affiche_des_reponses, affiche_du_lien
from usages.models.retours import semaine_de
from usages.services.retours.reponses import pour_l_affiche

pytestmark = pytest.mark.django_db
sans_pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext n'est pas installé")


@pytest.fixture
def d() -> Decor:
    decor_ = decor()
    decor_.publier("Écran lent", "Il s'ouvre sur le jour.")
    decor_.dire("Saisir sur son téléphone", "ne_pas_retenir")
    decor_.dire("Étiquettes de linge", "qualifier")
    decor_.dire("Tout neuf")
    decor_.publier("De cette semaine", "Trop tôt.", recu_le=semaine_de(timezone.localdate()))
    return decor_


def _de_l_esms(d: Decor) -> str:
    return reverse("usages:parcours-reponses", args=[d.parcours.pk])


def _du_lien(d: Decor, jeton: str = "") -> str:
    return reverse("usages:retour-lien-reponses", args=[jeton or d.lien.jeton])


def _exiger_le_public_seulement(html: str, *, titres: bool = True) -> None:
    for mot in (SECRET, PISTE, "phrase que personne", "De cette semaine", "Trop tôt", "Tout neuf"):
        assert mot not in html
    if titres:
        for mot in ("Écran lent", "Il s&#x27;ouvre sur le jour.", "Hors de notre portée", "Étiquettes de linge"):
            assert mot in html


def test_la_page_d_un_lien_ne_pose_aucun_temoin_et_ne_dit_rien_du_compte_ouvert(d: Decor) -> None:
    """Un témoin suivrait l'appareil jusqu'au dépôt ; un message du compte dirait le texte d'un retour."""
    directrice, retour = connecte(d.directrice), d.dire("")
    directrice.post(reverse("usages:retour-confier", args=[retour.pk]), {"confie_a": ""})
    adresses = (_du_lien(d), _du_lien(d, "inconnu"))
    nus = [Client().get(adresse) for adresse in adresses]
    for nu, vue in zip(nus, [directrice.get(adresse) for adresse in adresses], strict=True):
        assert not nu.cookies and not vue.cookies
        assert SECRET not in vue.content.decode()
    absent = Client().post(reverse("usages:retour-lien-soutenir", args=[d.lien.jeton, 0]), {"cle": str(uuid4())})
    assert absent.status_code == 404 and not absent.cookies


def test_trois_pages_ne_montrent_que_resumes_et_reponses(d: Decor) -> None:
    for client, url in (
        (connecte(d.directrice), _de_l_esms(d)),
        (connecte(d.directrice), reverse("usages:grappe-reponses", args=[d.grappe.pk])),
        (Client(), _du_lien(d)),
    ):
        _exiger_le_public_seulement(client.get(url).content.decode())


def test_la_page_d_une_grappe_ne_dit_pas_de_quel_esms(d: Decor) -> None:
    d.publier("D'un autre ESMS", parcours=d.autre)
    page = connecte(d.directrice).get(reverse("usages:grappe-reponses", args=[d.grappe.pk])).content.decode()
    assert "D&#x27;un autre ESMS" in page and d.autre.esms.nom not in page


def test_ce_que_d_autres_ont_en_cours_se_soutient_depuis_la_page_de_l_esms(d: Decor) -> None:
    d.dire("Comptes en double", "qualifier", parcours=d.autre)
    d.dire("Pas encore lu", parcours=d.autre)
    d.dire("D'une autre grappe", "qualifier", parcours=d.parcours)
    page = connecte(d.directrice).get(_de_l_esms(d)).content.decode()
    assert "Comptes en double" in page and "Pas encore lu" not in page


def test_le_financeur_et_le_voisin(d: Decor) -> None:
    financeur = affecter(Role.ARS, d.parcours.esms.departement.region)
    affecter(Role.ARS, d.grappe.region, utilisateur=financeur)
    voisin = directrice_de(d.dehors)
    urls = [
        _de_l_esms(d),
        reverse("usages:reponses-affiche", args=[d.parcours.pk]),
        reverse("usages:grappe-reponses", args=[d.grappe.pk]),
        reverse("usages:grappe-reponses-affiche", args=[d.grappe.pk]),
    ]
    for url in urls:
        assert connecte(financeur).get(url).status_code == 403, url
        assert connecte(voisin).get(url).status_code == 404, url


def test_le_lien_d_un_autre_esms_ne_voit_rien(d: Decor) -> None:
    for parcours in (d.autre, d.dehors):
        lien = LienDeRetourFactory(parcours=parcours, cree_par=d.directrice)
        page = Client().get(_du_lien(d, lien.jeton))
        assert page.status_code == 200
        assert "Écran lent" not in page.content.decode() and "Étiquettes" not in page.content.decode()


def test_un_lien_inconnu_404_un_lien_clos_410_en_une_phrase(d: Decor) -> None:
    assert Client().get(_du_lien(d, "inconnu")).status_code == 404
    d.lien.revoque_le = timezone.localdate()
    d.lien.save()
    page = Client().get(_du_lien(d))
    assert page.status_code == 410
    assert "Ce lien a été fermé le" in page.content.decode() and "Écran lent" not in page.content.decode()


def test_la_page_par_lien_ne_se_trouve_ni_ne_se_garde(d: Decor) -> None:
    page = Client().get(_du_lien(d))
    assert page["Cache-Control"] == "private, no-store" and "noindex" in page["X-Robots-Tag"]
    assert "sessionid" not in page.cookies


def test_une_page_vide_dit_pourquoi(d: Decor) -> None:
    page = connecte(d.cheffe).get(reverse("usages:parcours-reponses", args=[d.autre.pk])).content.decode()
    assert "Rien à lire encore" in page and "Imprimer l’affiche" not in page


def test_une_date_fautive_se_dit_et_rien_ne_s_imprime(d: Decor) -> None:
    url = reverse("usages:reponses-affiche", args=[d.parcours.pk])
    page = connecte(d.directrice).get(f"{url}?depuis=hier")
    assert page.status_code == 422 and "Donnez une date" in page.content.decode()


@sans_pdftotext
@pytest.mark.parametrize("papier", ["a4", "a3"])
def test_l_affiche_ne_dit_que_resumes_et_reponses(d: Decor, tmp_path: Path, papier: str) -> None:
    client = connecte(d.directrice)
    for nom, cle, code in (("reponses-affiche", d.parcours.pk, True), ("grappe-reponses-affiche", d.grappe.pk, False)):
        reponse = client.get(reverse(f"usages:{nom}", args=[cle]) + f"?papier={papier}")
        assert reponse["Content-Type"] == "application/pdf"
        dit = texte_du_pdf(reponse.content, tmp_path)
        assert "Écran lent" in dit and "Il s'ouvre sur le jour." in dit and "Étiquettes de linge" in dit
        for mot in ("personne d'autre ne doit", "piste gardée", "De cette semaine", "Trop tôt", "Tout neuf"):
            assert mot not in dit
        assert ("/r/" in dit) is code
        assert b"/StructTreeRoot" in reponse.content


def _pages(contenu: bytes, dossier: Path) -> int:
    fichier = dossier / "compte.pdf"
    fichier.write_bytes(contenu)
    lu = subprocess.run(["pdfinfo", str(fichier)], check=True, capture_output=True, timeout=60)
    return int(lu.stdout.decode().split("Pages:")[1].split()[0])


@sans_pdftotext
def test_une_seule_page(d: Decor, tmp_path: Path) -> None:
    for n in range(8):
        d.publier(f"Dit numéro {n}, " + "long " * 20, "Une réponse qui n'en finit pas. " * 30)
    dits: Any = pour_l_affiche(d.parcours, timezone.localdate())
    for choisis, papier in ((dits, "a4"), (dits, "a3"), (dits[:3], "a4"), ([], "a4")):
        assert _pages(affiche_des_reponses(d.parcours, choisis, [], papier=papier).en_pdf(), tmp_path) == 1
    for en_cartes in (False, True):
        affiche = affiche_du_lien(d.lien, "https://treille.exemple/r/abc/", en_cartes=en_cartes)
        assert _pages(affiche.en_pdf(), tmp_path) == 1
        assert texte_du_pdf(affiche.en_pdf(), tmp_path).count("treille.exemple/r/abc/") == (4 if en_cartes else 1)


def test_autant_de_requetes_a_une_ligne_qu_a_cinquante(d: Decor) -> None:
    def peupler(nombre: int) -> None:
        for n in range(nombre):
            d.publier(f"Publié {n}")
            d.dire(f"Refusé {n}", "ne_pas_retenir")
            d.dire(f"En cours {n}", "qualifier")
            d.dire(f"Ailleurs {n}", "qualifier", parcours=d.autre)

    exiger_requetes_constantes(connecte(d.directrice), _de_l_esms(d), peupler)
    exiger_requetes_constantes(connecte(d.directrice), reverse("usages:grappe-reponses", args=[d.grappe.pk]), peupler)
    exiger_requetes_constantes(Client(), _du_lien(d), peupler)
