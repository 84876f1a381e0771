"""Ce qu'on écrit pour nuire : NIR, balises, gabarits, retours à la ligne, liens qui exécutent, jetons détournés."""

import io
import zipfile
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from gouvernance.documents.compte_rendu import document_de
from gouvernance.models import Entree, Instance, PageOuverte, Publication, Seance
from gouvernance.services import calendriers
from programme.socle.jetons import creer_jeton
from tests.aides import connecte
from tests.fabriques import cheffe_de
from tests.gouvernance.fabriques import EntreeFactory, InstanceFactory, PointFactory, SeanceFactory, seance_ouverte

pytestmark = pytest.mark.django_db

NIR = "1 85 05 78 006 084 91"


@pytest.fixture
def comop() -> Instance:
    return InstanceFactory(quorum=0)


def _saisie(**change: Any) -> dict[str, Any]:
    jour = timezone.localdate().isoformat()
    return {"date": jour, "heure": "14:00", "duree": 60, "nombre": 1} | change


LIENS = (
    "javascript:alert(1)",
    "data:text/html,x",
    "https://x.fr/\nBEGIN:VEVENT",
    "//x.fr\r\nX:1",
    f"https://x.fr/{NIR.replace(' ', '')}",
)


@pytest.mark.parametrize("lien", LIENS)
def test_un_lien_ne_s_execute_ni_ne_s_injecte(comop: Instance, lien: str) -> None:
    client = connecte(cheffe_de(comop.grappe))
    reponse = client.post(reverse("gouvernance:seance-creer", args=[comop.pk]), _saisie(lien=lien))
    assert reponse.status_code == 422 and not Seance.objects.exists()


@pytest.mark.parametrize("champ", ["titre", "lieu", "invites"])
def test_une_seance_refuse_un_nir(comop: Instance, champ: str) -> None:
    client = connecte(cheffe_de(comop.grappe))
    client.post(reverse("gouvernance:seance-creer", args=[comop.pk]), _saisie(**{champ: NIR}))
    assert not Seance.objects.filter(**{champ: NIR}).exists()


def test_chaque_texte_refuse_un_nir(comop: Instance) -> None:
    seance = seance_ouverte(comop)
    point, grappe = PointFactory(seance=seance), comop.grappe
    p, jour = f"p{point.pk}-", timezone.localdate().isoformat()
    client = connecte(cheffe_de(grappe))
    essais: list[tuple[str, int, str, dict[str, Any]]] = [
        ("point-creer", seance.pk, "", {"titre": NIR, "nature": "echange", "duree": 5}),
        ("point-creer", seance.pk, "", {"titre": "x", "expose": NIR, "nature": "echange", "duree": 5}),
        ("point-noter", point.pk, "", {p + "notes": NIR, p + "suite": "traite", p + "vu": 0}),
        ("issue-creer", point.pk, "?nature=information", {"texte": NIR}),
        ("issue-creer", point.pk, "?nature=decision", {"texte": NIR}),
        ("issue-creer", point.pk, "?nature=decision", {"texte": "x", "precision": NIR}),
        ("issue-creer", point.pk, "?nature=action", {"libelle": NIR, "cible": "grappe"}),
        ("issue-creer", point.pk, "?nature=action", {"libelle": "x", "responsable_nom": NIR, "cible": "grappe"}),
        ("decision-creer", grappe.pk, "", {"intitule": "x", "comite": comop.pk, "effet": "suite", "changement": NIR}),
        ("decision-creer", grappe.pk, "", {"intitule": "x", "comite": comop.pk, "effet": "suite", "pourquoi": NIR}),
        ("instance-creer", grappe.pk, "", {"type": "copil", "nom": NIR, "cadence": "libre", "quorum": 0}),
        ("mandat-creer", comop.pk, "", {"fonction": NIR, "represente": "utilisateurs", "du": jour}),
        ("mandat-creer", comop.pk, "", {"fonction": "x", "suppleant_fonction": NIR, "represente": "personnes"}),
        ("grappe-journal", grappe.pk, "", {"titre": NIR, "texte": "x", "le": jour}),
        ("grappe-page-ouverte", grappe.pk, "", {"presentation": NIR}),
        ("grappe-page-ouverte", grappe.pk, "", {"presentation": "x", "contact": NIR}),
    ]  # fmt: skip
    for nom, cle, suite, donnees in essais:
        reponse = client.post(reverse(f"gouvernance:{nom}", args=[cle]) + suite, donnees)
        assert reponse.status_code == 422, (nom, donnees)


def test_un_nom_sur_deux_lignes_reste_dans_son_champ_d_agenda(comop: Instance) -> None:
    Instance.objects.filter(pk=comop.pk).update(nom="COMOP\r\nEND:VEVENT\r\nX-PIEGE:1")
    seance = SeanceFactory(comite=comop, titre="t\nX-PIEGE:2", lieu="l\nX-PIEGE:3")
    page = connecte(cheffe_de(comop.grappe)).get(reverse("gouvernance:seance-ics", args=[seance.pk]))
    lignes = page.content.decode().splitlines()
    assert not [ligne for ligne in lignes if ligne.startswith("X-PIEGE")] and lignes.count("END:VEVENT") == 1


def test_un_gabarit_ecrit_dans_les_notes_reste_du_texte(comop: Instance) -> None:
    piege = '{{ 7 * 191 }} {% for x in y %} <w:p/> & #panic("x")'
    seance = seance_ouverte(comop)
    PointFactory(seance=seance, titre='#read("/etc/passwd")', notes=piege, expose=piege)
    document = document_de(seance)
    with zipfile.ZipFile(io.BytesIO(document.en_docx())) as archive:
        texte = archive.read("word/document.xml").decode()
    assert "{{ 7 * 191 }}" in texte and "1337" not in texte and "&lt;w:p/&gt;" in texte
    assert document.en_pdf().startswith(b"%PDF")


def test_la_page_ouverte_n_execute_rien_et_se_ferme(comop: Instance, client: Any) -> None:
    piege = "<script>alert(1)</script><img src=x onerror=alert(1)> https://x.fr javascript:alert(1)"
    entree: Entree = EntreeFactory(grappe=comop.grappe, titre=piege[:120], texte=piege)
    cheffe = cheffe_de(comop.grappe)
    Publication.objects.create(entree=entree, public="personnes", publiee_par=cheffe)
    page = PageOuverte.objects.create(grappe=comop.grappe, presentation=piege, contact=piege, ouverte_par=cheffe)
    adresse = reverse("gouvernance:page-ouverte", args=[page.jeton])
    lue = client.get(adresse)
    texte = lue.content.decode()
    assert "<script>alert" not in texte and "<img src=x" not in texte and 'href="javascript' not in texte
    assert cheffe.nom not in texte and not lue.cookies and "no-store" in lue["Cache-Control"]
    page.fermee_le = timezone.now()
    page.save()
    ferme = client.get(adresse)
    inconnu = client.get(reverse("gouvernance:page-ouverte", args=["00000000-0000-4000-8000-000000000000"]))
    assert ferme.status_code == inconnu.status_code == 404 and ferme.content == inconnu.content


def test_un_jeton_ne_sert_qu_a_son_usage(comop: Instance, client: Any) -> None:
    cheffe = cheffe_de(comop.grappe)
    calendrier = calendriers.creer_adresse(par=cheffe)
    _, api = creer_jeton(utilisateur=cheffe)

    def flux(jeton: str) -> int:
        return int(client.get(reverse("gouvernance:calendrier-flux", args=[jeton])).status_code)

    def lire(jeton: str) -> int:
        return int(client.get("/api/v1/seances/", headers={"Authorization": f"Jeton {jeton}"}).status_code)

    assert (flux(calendrier), lire(api), flux(api), lire(calendrier)) == (200, 200, 404, 401)
    type(cheffe).objects.filter(pk=cheffe.pk).update(is_active=False)
    assert (flux(calendrier), lire(api)) == (404, 401)
