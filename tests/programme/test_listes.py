"""Le mécanisme de liste, essayé sur l'annuaire : tri, filtre, recherche, colonnes, pages, fragment, export."""

import io
from typing import Any

import pytest
from django.test import Client, RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from openpyxl import load_workbook

from programme.enums import Role
from programme.models import Esms
from programme.socle.exports import neutraliser
from programme.socle.pages import PageParCles, taille_demandee
from programme.views.annuaire import EsmsListe
from tests.aides import connecte, exiger_requetes_constantes, lignes_csv
from tests.fabriques import CategorieFactory, EsmsFactory, OgFactory, UtilisateurFactory, affecter

pytestmark = pytest.mark.django_db
URL = "/annuaire/esms/"


@pytest.fixture
def client() -> Client:
    return connecte(UtilisateurFactory())


def noms(reponse: Any) -> list[str]:
    return [ligne.record.nom for ligne in reponse.context["liste"].table.rows]


def test_le_tri_ignore_accents_et_casse_et_departage_toujours(client: Client) -> None:
    for nom in ("Zénith", "élan", "Eau vive", "ÉLAN"):
        EsmsFactory(nom=nom)
    assert noms(client.get(URL)) == ["Eau vive", "élan", "ÉLAN", "Zénith"]
    assert noms(client.get(f"{URL}?tri=-nom")) == ["Zénith", "élan", "ÉLAN", "Eau vive"]


def test_a_egalite_les_pages_ne_se_recouvrent_pas(client: Client) -> None:
    EsmsFactory.create_batch(60, nom="Même nom", ville="Bazas")
    vus = [
        ligne.record.pk
        for page in (1, 2, 3)
        for ligne in client.get(f"{URL}?tri=-ville&par_page=25&page={page}").context["liste"].table.rows
    ]
    assert len(vus) == 60 and vus == sorted(vus)


def test_un_vide_va_a_la_fin_dans_les_deux_sens(client: Client) -> None:
    EsmsFactory(nom="Sans OG", og=None)
    EsmsFactory(nom="Avec OG", og=OgFactory(nom="Zéphyr"))
    assert noms(client.get(f"{URL}?tri=og")) == ["Avec OG", "Sans OG"]
    assert noms(client.get(f"{URL}?tri=-og")) == ["Avec OG", "Sans OG"]


def test_un_tri_inconnu_garde_celui_de_la_liste(client: Client) -> None:
    EsmsFactory(nom="B")
    EsmsFactory(nom="A")
    assert noms(client.get(f"{URL}?tri=mot_de_passe")) == ["A", "B"]


def test_la_recherche_ignore_accents_et_ordre_des_mots(client: Client) -> None:
    EsmsFactory(nom="EHPAD Les Chênes", ville="Saint-Émilion")
    EsmsFactory(nom="IME du Port")
    assert noms(client.get(f"{URL}?recherche=emilion CHENES")) == ["EHPAD Les Chênes"]
    esms = Esms.objects.get(nom="IME du Port")
    assert noms(client.get(f"{URL}?recherche={esms.finess}")) == ["IME du Port"]


def test_par_defaut_ni_ferme_ni_hors_du_champ(client: Client) -> None:
    EsmsFactory(nom="Ouvert")
    EsmsFactory(nom="Fermé", est_actif=False)
    EsmsFactory(nom="Hors champ", categorie=CategorieFactory(code="101", sigle="", libelle="Hors du champ", secteur=""))
    assert noms(client.get(URL)) == ["Ouvert"]
    assert noms(client.get(f"{URL}?activite=fermes")) == ["Fermé"]
    assert noms(client.get(f"{URL}?activite=tous&champ=toutes")) == ["Fermé", "Hors champ", "Ouvert"]


def test_chaque_critere_pose_a_sa_puce_et_son_retrait(client: Client) -> None:
    EsmsFactory()
    liste = client.get(f"{URL}?secteur=PH_ENFANT&recherche=ime&page=1&tri=-nom").context["liste"]
    assert [p["libelle"] for p in liste.filtres_actifs] == ["« ime »", "Secteur : Handicap, enfants"]
    assert [p["url_retrait"] for p in liste.filtres_actifs] == [
        "?secteur=PH_ENFANT&tri=-nom",
        "?recherche=ime&tri=-nom",
    ]


def test_un_critere_incompris_ne_montre_rien_et_le_dit(client: Client) -> None:
    EsmsFactory()
    reponse = client.get(f"{URL}?secteur=martien")
    assert reponse.context["liste"].total == 0
    assert "Un critère n’a pas été compris" in reponse.content.decode()


def test_une_page_vide_dit_pourquoi_et_propose_un_geste(client: Client) -> None:
    EsmsFactory()
    page = client.get(f"{URL}?recherche=introuvable").content.decode()
    assert "Rien ne correspond" in page and f'href="{URL}">Tout retirer' in page


def test_les_colonnes_choisies_et_celle_du_nom(client: Client) -> None:
    EsmsFactory()
    table = client.get(f"{URL}?colonnes=secteur&colonnes=ville,inconnue").context["liste"].table
    assert table.entetes == ["ESMS", "Ville", "Secteur"]


def test_fragment_htmx_a_la_meme_adresse(client: Client) -> None:
    EsmsFactory(nom="IME du Port")
    entier = client.get(f"{URL}?recherche=port&secteur=")
    fragment = client.get(f"{URL}?recherche=port&secteur=", headers={"HX-Request": "true", "HX-Target": "resultats"})
    assert "<html" in entier.content.decode() and "<html" not in fragment.content.decode()
    assert "IME du Port" in fragment.content.decode() and "criteres" not in fragment.context["liste"].__dict__
    assert fragment["HX-Push-Url"] == "?recherche=port" and "HX-Request" in fragment["Vary"]
    retour = client.get(URL, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in retour.content.decode()


def test_hors_bornes_mene_a_la_page_la_plus_proche(client: Client) -> None:
    EsmsFactory.create_batch(30)
    assert client.get(f"{URL}?page=99&par_page=25").context["liste"].table.page.number == 2
    assert client.get(f"{URL}?page=0&par_page=25").context["liste"].table.page.number == 2
    assert client.get(f"{URL}?page=abc&par_page=25").context["liste"].table.page.number == 1
    liste = client.get(f"{URL}?page=2&par_page=25").context["liste"]
    assert (liste.debut, liste.fin, liste.total) == (26, 30, 30)


@pytest.mark.parametrize(("demande", "taille"), [("25", 25), ("100", 100), ("99999", 50), ("", 50), (None, 50)])
def test_seules_trois_tailles_de_page(demande: str | None, taille: int) -> None:
    assert taille_demandee(demande) == taille


def test_la_derniere_page_ne_saute_pas_toute_la_table(client: Client, django_assert_num_queries: Any) -> None:
    EsmsFactory.create_batch(30)
    pages = PageParCles(Esms.objects.order_by("tri", "pk"), 4, Esms.objects.all())
    with django_assert_num_queries(3) as captees:
        derniere = pages.page(8)
    assert [e.pk for e in derniere] == [e.pk for e in Esms.objects.order_by("tri", "pk")[28:]]
    assert "OFFSET" not in captees[1]["sql"] and "DESC" in captees[1]["sql"]


class TestPagination(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(villes=st.lists(st.sampled_from(["Arès", "Bazas", ""]), max_size=12), taille=st.integers(1, 5))
    def test_mises_bout_a_bout_les_pages_font_la_liste(self, villes: list[str], taille: int) -> None:
        for ville in villes:
            EsmsFactory(nom="Même nom", ville=ville)
        tries = Esms.objects.order_by("ville", "pk")
        pages = PageParCles(tries, taille, Esms.objects.all())
        lus = [esms.pk for numero in pages.page_range for esms in pages.page(numero)]
        assert lus == list(tries.values_list("pk", flat=True))


def test_l_export_csv_est_ce_qu_on_voit(client: Client) -> None:
    EsmsFactory(nom="IME Zéphyr", ville="Bazas")
    EsmsFactory(nom="IME Alizé", ville="Bazas")
    EsmsFactory(nom="SESSAD", ville="Arès")
    adresse = f"{URL}?recherche=bazas&tri=-nom&colonnes=ville"
    vus = noms(client.get(adresse))
    reponse = client.get(f"{adresse}&format=csv")
    assert reponse.streaming and reponse["Content-Disposition"].startswith('attachment; filename="annuaire-esms-')
    assert lignes_csv(reponse) == [["ESMS", "Ville"], *([nom, "Bazas"] for nom in vus)]


def test_l_export_depasse_la_page(client: Client) -> None:
    EsmsFactory.create_batch(60)
    assert len(lignes_csv(client.get(f"{URL}?format=csv&page=2&par_page=25"))) == 61


def test_l_export_xlsx_garde_les_zeros_de_tete_et_n_execute_rien(client: Client) -> None:
    esms = EsmsFactory(nom="=1+1", finess="010011914")
    classeur = load_workbook(io.BytesIO(b"".join(client.get(f"{URL}?format=xlsx"))))
    entete, ligne = list(classeur.active.iter_rows())
    assert [c.value for c in entete][:2] == ["ESMS", "FINESS"]
    assert (ligne[0].value, ligne[0].data_type) == ("=1+1", "s") and ligne[1].value == esms.finess


@pytest.mark.parametrize("texte", ["=HYPERLINK()", "+33", "-1", "@somme", "\tx"])
def test_une_cellule_csv_n_est_jamais_une_formule(client: Client, texte: str) -> None:
    assert neutraliser(texte) == f"'{texte}"
    EsmsFactory(nom=f"{texte}a")
    cellule = lignes_csv(client.get(f"{URL}?format=csv"))[1][0]
    assert cellule.startswith("'")


def test_un_nom_qui_porte_du_balisage_est_ecrit_tel_quel(client: Client) -> None:
    EsmsFactory(nom="<script>alerte</script>")
    page = client.get(URL).content.decode()
    assert "<script>alerte" not in page and "&lt;script&gt;alerte" in page


def test_autant_de_requetes_a_une_ligne_qu_a_cinquante(client: Client) -> None:
    exiger_requetes_constantes(client, f"{URL}?colonnes=og,region,secteur,departement", EsmsFactory.create_batch)


def test_sans_compte_on_va_a_la_connexion() -> None:
    assert Client().get(URL).status_code == 302


def test_la_vue_ne_lit_que_ce_que_voit_le_lecteur() -> None:
    EsmsFactory()
    vue = EsmsListe()
    vue.setup(RequestFactory().get(URL))
    vue.request.user = type("Anonyme", (), {"is_authenticated": False})()
    assert vue.ensemble.count() == 0
    assert affecter(Role.ADMIN).perimetre.est_national


@pytest.mark.parametrize(
    "adresse",
    [
        "?page=99999999999999999999999999",
        "?par_page=-1&tri=--nom&colonnes=,,",
        "?region=%00&departement=99999999999999999999",
        "?og=%00&recherche=%00%25_'",
        "?recherche=" + "a+" * 400,
        "?format=exe",
    ],
)
def test_une_adresse_de_travers_ne_casse_rien(client: Client, adresse: str) -> None:
    EsmsFactory()
    assert client.get(f"{URL}{adresse}").status_code == 200
    assert client.get(f"/parcours/{adresse}&grappe=99999999999999999999").status_code == 200
