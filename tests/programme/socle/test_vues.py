"""Vues enregistrées : les ouvrir, les modifier, les partager ; page, CSV, XLSX et API disent la même chose."""

import io
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from openpyxl import load_workbook

from programme.enums import Role
from programme.models import Grappe, Parcours, Proposition, Utilisateur, Vague
from programme.services import vues as services
from programme.socle.erreurs import Refus
from programme.socle.models import Filtre
from programme.socle.porte import changer_etat
from programme.socle.vues import LONGUEUR_MAX, VALEURS_MAX
from tests.aides import FRAGMENT, connecte, exiger_requetes_constantes, lignes_csv
from tests.fabriques import (
    EsmsFactory,
    GrappeFactory,
    OgFactory,
    ParcoursFactory,
    UtilisateurFactory,
    affecter,
    cheffe_de,
    directrice_de,
)

pytestmark = pytest.mark.django_db
LISTE = "programme:parcours-liste"
URL = "/parcours/"
API = "/api/v1/parcours/"


def vue(par: Utilisateur, nom: str = "Ma vue", **champs: Any) -> Filtre:
    """Une vue des ESMS du projet, par le service."""
    champs.setdefault("criteres", {"etat": ["cadrage"]})
    return services.enregistrer_vue(par=par, liste=LISTE, nom=nom, **champs)


def finess_de_la_page(client: Client, adresse: str) -> list[str]:
    """FINESS de toutes les pages, dans l'ordre."""
    lus: list[str] = []
    numero = 1
    while True:
        jonction = "&" if "?" in adresse else "?"
        reponse = client.get(f"{adresse}{jonction}par_page=25&page={numero}")
        assert reponse.status_code == 200, reponse
        liste = reponse.context["liste"]
        finess = dict(Parcours.objects.values_list("pk", "esms__finess"))
        lus += [finess[ligne.record.pk] for ligne in liste.table.rows]
        if not liste.table.page.has_next():
            return lus
        numero += 1


def finess_du_csv(client: Client, adresse: str, api: str = "") -> list[str]:
    lignes = lignes_csv(client.get(f"{api or URL}{adresse}&format=csv"))
    rang = lignes[0].index("FINESS")
    return [ligne[rang] for ligne in lignes[1:]]


def finess_du_xlsx(client: Client, adresse: str, api: str = "") -> list[str]:
    contenu = b"".join(client.get(f"{api or URL}{adresse}&format=xlsx"))
    entete, *lignes = load_workbook(io.BytesIO(contenu)).active.iter_rows(values_only=True)
    rang = entete.index("FINESS")
    return [ligne[rang] for ligne in lignes]


def finess_de_l_api(client: Client, adresse: str) -> list[str]:
    lus: list[str] = []
    suite = f"{API}{adresse}&taille=7"
    while suite:
        corps = client.get(suite).json()
        lus += [p["esms"]["finess"] for p in corps["results"]]
        suite = corps["next"]
    return lus


@pytest.fixture
def monde() -> dict[str, Any]:
    """Deux grappes, trente ESMS d'états mêlés, et quelqu'un de chaque rôle."""
    a, b = GrappeFactory(nom="Rives"), GrappeFactory(nom="Vallon perdu")
    og = OgFactory()
    vague_2 = Vague.objects.create(grappe=a, numero=2)
    for rang in range(30):
        grappe = a if rang % 3 else b
        ParcoursFactory(
            grappe=grappe,
            esms__nom=f"{'IME' if rang % 2 else 'Écluse'} {rang % 7}",
            esms__og=og if rang % 5 == 0 else OgFactory(),
            vague=vague_2 if grappe is a and rang % 4 == 0 else None,
            est_pilote=rang == 1,
        )
    cheffe = cheffe_de(a)
    affecter(Role.CHEF_PROJET, b, utilisateur=cheffe)
    for parcours in list(Parcours.objects.order_by("pk"))[::4]:
        changer_etat(parcours, "constater", par=cheffe, vers="preparation")
    for grappe in (a, b):
        changer_etat(grappe, "deposer", par=cheffe)
    directrice = directrice_de(Parcours.objects.filter(grappe=a)[3])
    return {
        "a": a,
        "b": b,
        "cheffe": cheffe,
        "siege": affecter(Role.SIEGE, og),
        "directrice": directrice,
        "ars": affecter(Role.ARS, a.region),
        "admin": affecter(Role.ADMIN),
        "appui": affecter(Role.APPUI, b),
    }


# --- les mêmes lignes partout --------------------------------------------------------------------------------------

VUES: tuple[dict[str, list[str]], ...] = (
    {},
    {"etat": ["preparation", "recense"], "tri": ["-etat"]},
    {"recherche": ["ecluse"], "tri": ["-nom"]},
    {"vague": ["2"], "colonnes": ["finess,etat"]},
    {"vague": ["null"], "tri": ["og"], "colonnes": ["finess,og,vague"]},
)


@pytest.mark.parametrize("role", ["cheffe", "siege", "directrice", "ars", "admin", "appui"])
def test_une_vue_montre_les_memes_lignes_partout(monde: dict[str, Any], role: str) -> None:
    lecteur = monde[role]
    client = connecte(lecteur)
    visibles = Parcours.objects.visibles_par(lecteur).count()
    assert visibles
    for rang, criteres in enumerate(VUES):
        gardee = vue(lecteur, f"Vue {rang}", criteres=criteres)
        adresse = f"?vue={gardee.pk}"
        attendus = finess_de_la_page(client, f"{URL}{adresse}")
        assert attendus == finess_du_csv(client, adresse) == finess_du_xlsx(client, adresse)
        assert attendus == finess_de_l_api(client, adresse)
        assert attendus == finess_du_csv(client, adresse, API) == finess_du_xlsx(client, adresse, API)
        assert len(attendus) == visibles if not criteres else len(attendus) <= visibles


class TestParite(TestCase):
    @settings(max_examples=15, deadline=None)
    @given(
        etats=st.sets(st.sampled_from(["recense", "preparation", "routine"]), max_size=2),
        recherche=st.sampled_from(["", "ime", "écluse 3", "introuvable"]),
        tri=st.sampled_from(["", "nom", "-nom", "-etat", "vague", "-grappe"]),
        vague=st.sampled_from(["", "2", "null"]),
    )
    def test_quels_que_soient_les_criteres(self, etats: set[str], recherche: str, tri: str, vague: str) -> None:
        grappe = GrappeFactory()
        rangee = Vague.objects.create(grappe=grappe, numero=2)
        for rang in range(9):
            ParcoursFactory(grappe=grappe, esms__nom=f"IME {rang % 4}", vague=rangee if rang % 2 else None)
        lecteur = cheffe_de(grappe)
        for parcours in Parcours.objects.all()[:4]:
            changer_etat(parcours, "constater", par=lecteur, vers="preparation")
        client = connecte(lecteur)
        demande = QueryDict(mutable=True)
        demande.setlist("etat", sorted(etats))
        for nom, valeur in (("recherche", recherche), ("tri", tri), ("vague", vague)):
            if valeur:
                demande[nom] = valeur
        adresse = f"?{demande.urlencode()}"
        attendus = finess_de_la_page(client, f"{URL}{adresse}")
        assert attendus == finess_du_csv(client, adresse) == finess_de_l_api(client, adresse)
        gardee = self.garder(client, adresse)
        assert attendus == finess_de_la_page(client, f"{URL}?vue={gardee.pk}")
        assert attendus == finess_de_l_api(client, f"?vue={gardee.pk}")

    def garder(self, client: Client, adresse: str) -> Filtre:
        reponse = client.post(
            f"/vues/enregistrer/{adresse}&liste={LISTE}", {"nom": f"V{Filtre.objects.count()}", "a_qui": "moi"}
        )
        gardee = Filtre.objects.latest("pk")
        assert reponse["Location"] == f"{URL}?vue={gardee.pk}"
        return gardee


# --- ouvrir, modifier ------------------------------------------------------------------------------------------------


@pytest.fixture
def cheffe() -> Utilisateur:
    return cheffe_de(ParcoursFactory(esms__nom="Alizé").grappe)


def test_l_adresse_l_emporte_sur_la_vue_critere_par_critere(cheffe: Utilisateur) -> None:
    gardee = vue(cheffe, criteres={"etat": ["recense"], "recherche": ["alize"], "tri": ["-nom"]})
    client = connecte(cheffe)
    liste = client.get(f"{URL}?vue={gardee.pk}&etat=routine").context["liste"]
    assert [p["libelle"] for p in liste.filtres_actifs] == ["« alize »", "État : Routine"]
    assert liste.vues.modifiee and liste.vues.ouverte == gardee
    assert not client.get(f"{URL}?vue={gardee.pk}&page=1&par_page=25").context["liste"].vues.modifiee


def test_retirer_un_critere_d_une_vue_garde_les_autres_et_le_dit(cheffe: Utilisateur) -> None:
    gardee = vue(cheffe, criteres={"etat": ["recense"], "tri": ["-nom"]})
    client = connecte(cheffe)
    (puce,) = client.get(f"{URL}?vue={gardee.pk}").context["liste"].filtres_actifs
    assert puce["url_retrait"] == f"?tri=-nom&modifiee={gardee.pk}"
    page = client.get(f"{URL}{puce['url_retrait']}")
    assert page.context["liste"].vues.modifiee and not page.context["liste"].filtres_actifs
    assert "Enregistrer les changements" in page.content.decode()
    seule = vue(cheffe, "Un critère", criteres={"etat": ["cadrage"]})
    (puce,) = client.get(f"{URL}?vue={seule.pk}").context["liste"].filtres_actifs
    assert client.get(f"{URL}{puce['url_retrait']}").context["liste"].total == 1


def test_un_envoi_du_formulaire_garde_la_vue_de_depart_le_tri_et_la_taille(cheffe: Utilisateur) -> None:
    gardee = vue(cheffe, criteres={"etat": ["recense"], "tri": ["-nom"]})
    liste = connecte(cheffe).get(f"{URL}?vue={gardee.pk}&par_page=25").context["liste"]
    assert liste.caches == [("modifiee", str(gardee.pk)), ("tri", "-nom"), ("par_page", "25")]
    assert 'value="recense" id="id_etat_0" checked' in str(liste.formulaire["etat"]) or "checked" in str(
        liste.formulaire["etat"]
    )


def test_enregistrer_les_changements(cheffe: Utilisateur) -> None:
    gardee = vue(cheffe)
    client = connecte(cheffe)
    adresse = f"/vues/{gardee.pk}/modifier/?etat=routine&tri=-nom&colonnes=etat"
    reponse = client.post(adresse, {"geste": "criteres"})
    assert reponse["Location"] == f"{URL}?vue={gardee.pk}"
    gardee.refresh_from_db()
    assert gardee.criteres == {"etat": ["routine"], "tri": ["-nom"], "colonnes": ["etat"]}
    assert gardee.nom == "Ma vue"


def test_revenir_aux_colonnes_d_origine_garde_tout_le_reste(cheffe: Utilisateur) -> None:
    client = connecte(cheffe)
    demande = f"{URL}?etat=recense&recherche=a&tri=-nom&par_page=25&colonnes=ville&origine=1"
    attendue = f"{URL}?etat=recense&recherche=a&tri=-nom&par_page=25"
    assert client.get(demande)["Location"] == attendue
    fragment = client.get(demande, headers=FRAGMENT)
    assert (fragment.status_code, fragment["HX-Redirect"]) == (200, attendue)


def test_les_colonnes_suivent_l_ordre_de_la_table(cheffe: Utilisateur) -> None:
    gardee = vue(cheffe, criteres={"colonnes": ["vague,etat,finess"]})
    table = connecte(cheffe).get(f"{URL}?vue={gardee.pk}").context["liste"].table
    assert table.entetes == ["ESMS", "FINESS", "État", "Vague"]


# --- par défaut ------------------------------------------------------------------------------------------------------


def test_la_vue_par_defaut_s_ouvre_en_arrivant_et_l_on_en_sort(cheffe: Utilisateur) -> None:
    gardee = vue(cheffe, est_defaut=True)
    client = connecte(cheffe)
    assert client.get(URL)["Location"] == f"{URL}?vue={gardee.pk}"
    ouverte = client.get(f"{URL}?vue={gardee.pk}").context["liste"]
    assert ouverte.total == 0 and ouverte.vues.url_tout == f"{URL}?vue=aucune"
    tout = client.get(f"{URL}?vue=aucune").context["liste"]
    assert tout.total == 1 and tout.vues.ouverte is None and ("vue", "aucune") in tout.caches
    assert client.get(f"{URL}?recherche=").status_code == 200
    assert client.get(f"{URL}?format=csv")["Location"] == f"{URL}?vue={gardee.pk}&format=csv"
    assert client.get(API).json()["count"] == 1


def test_retirer_le_dernier_critere_ne_rouvre_pas_la_vue_par_defaut(cheffe: Utilisateur) -> None:
    vue(cheffe, est_defaut=True)
    (puce,) = connecte(cheffe).get(f"{URL}?recherche=alize").context["liste"].filtres_actifs
    assert puce["url_retrait"] == "?vue=aucune"
    fragment = connecte(cheffe).get(f"{URL}?vue=aucune&recherche=alize", headers=FRAGMENT)
    assert fragment["HX-Push-Url"] == "?recherche=alize"


def test_la_mienne_puis_celle_de_ma_grappe_puis_celle_de_mon_role() -> None:
    grappe = ParcoursFactory().grappe
    cheffe, admin = cheffe_de(grappe), affecter(Role.ADMIN)
    client = connecte(cheffe)
    du_role = vue(admin, "Du rôle", partage="role", role=Role.CHEF_PROJET, est_defaut=True)
    assert client.get(URL)["Location"].endswith(f"vue={du_role.pk}")
    de_grappe = vue(cheffe, "De la grappe", partage="grappe", grappe=grappe, est_defaut=True)
    assert client.get(URL)["Location"].endswith(f"vue={de_grappe.pk}")
    mienne = vue(cheffe, "La mienne", est_defaut=True)
    assert client.get(URL)["Location"].endswith(f"vue={mienne.pk}")
    client.post(f"/vues/{mienne.pk}/modifier/", {"geste": "sans-defaut"})
    assert client.get(URL)["Location"].endswith(f"vue={de_grappe.pk}")


def test_une_nouvelle_vue_par_defaut_remplace_l_ancienne(cheffe: Utilisateur) -> None:
    ancienne, nouvelle = vue(cheffe, est_defaut=True), vue(cheffe, "Autre", est_defaut=True)
    ancienne.refresh_from_db()
    assert (ancienne.est_defaut, nouvelle.est_defaut) == (False, True)


# --- qui voit, qui change --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lecteur", ["admin", "directrice", "appui", "ars"])
def test_une_vue_privee_ne_fuit_ni_par_la_page_ni_par_l_api(monde: dict[str, Any], lecteur: str) -> None:
    privee = vue(monde["cheffe"], "Secret de la cheffe", criteres={"recherche": ["mot-secret"]}, est_defaut=True)
    client = connecte(monde[lecteur])
    page = client.get(URL).content.decode() + client.get("/vues/").content.decode()
    assert "Secret de la cheffe" not in page and "mot-secret" not in page
    for adresse in (
        f"{URL}?vue={privee.pk}",
        f"{URL}?vue={privee.pk}&format=csv",
        f"{API}?vue={privee.pk}",
        f"{API}?vue={privee.pk}&format=csv",
        f"/api/v1/filtres/{privee.pk}/",
        f"/vues/{privee.pk}/modifier/",
        f"/vues/{privee.pk}/supprimer/",
    ):
        reponse = client.get(adresse)
        assert reponse.status_code == 404 and b"ecret" not in reponse.content
    assert client.get("/api/v1/filtres/").json()["results"] == []
    assert client.get(f"{URL}?modifiee={privee.pk}&etat=recense").context["liste"].vues.ouverte is None
    assert client.post(f"/vues/{privee.pk}/supprimer/").status_code == 404
    assert Filtre.objects.filter(pk=privee.pk).exists()


def test_partagee_a_la_grappe_elle_s_ouvre_a_qui_en_est(monde: dict[str, Any]) -> None:
    partagee = vue(monde["cheffe"], "Pour la grappe", partage="grappe", grappe=monde["a"])
    attendus = {"cheffe": True, "directrice": True, "siege": True, "appui": False, "ars": False, "admin": False}
    for nom, ouverte in attendus.items():
        client = connecte(monde[nom])
        assert (client.get(f"{URL}?vue={partagee.pk}").status_code == 200) == ouverte, nom
        lues = [v["nom"] for v in client.get(f"/api/v1/filtres/?liste={LISTE}").json()["results"]]
        assert lues == (["Pour la grappe"] if ouverte else []), nom


def test_partagee_a_un_role_elle_s_ouvre_a_ce_role(monde: dict[str, Any]) -> None:
    partagee = vue(monde["admin"], "Pour le financeur", partage="role", role=Role.ARS)
    for nom in ("ars", "directrice", "cheffe"):
        statut = connecte(monde[nom]).get(f"{URL}?vue={partagee.pk}").status_code
        assert statut == (200 if nom == "ars" else 404)


def test_une_grappe_invisible_d_une_vue_partagee_ne_s_apprend_pas(monde: dict[str, Any]) -> None:
    """La cheffe partage à Rives une vue qui porte sur Vallon perdu, que la directrice ne voit pas."""
    criteres = {"grappe": [str(monde["b"].pk)], "tri": ["-nom"]}
    partagee = vue(monde["cheffe"], "Chez les autres", criteres=criteres, partage="grappe", grappe=monde["a"])
    assert finess_de_la_page(connecte(monde["cheffe"]), f"{URL}?vue={partagee.pk}")
    client = connecte(monde["directrice"])
    reponse = client.get(f"{URL}?vue={partagee.pk}")
    page = reponse.content.decode()
    assert reponse.context["liste"].total == 0 and "Cette vue ne vous montre rien" in page
    assert "Vallon perdu" not in page and f"grappe={monde['b'].pk}" not in page
    assert client.get(f"{API}?vue={partagee.pk}").json()["count"] == 0
    assert finess_du_csv(client, f"?vue={partagee.pk}") == []
    (lue,) = client.get("/api/v1/filtres/").json()["results"]
    assert lue["criteres"] == {"tri": ["-nom"]}
    assert client.get(f"/api/v1/filtres/{partagee.pk}/").json()["criteres"] == {"tri": ["-nom"]}
    # Le même silence pour une grappe qui n'existe pas.
    partagee.criteres["grappe"] = ["999999"]
    partagee.save()
    assert "Cette vue ne vous montre rien" in client.get(f"{URL}?vue={partagee.pk}").content.decode()


def test_une_colonne_reservee_ne_s_ouvre_pas_par_une_vue(monde: dict[str, Any]) -> None:
    partagee = vue(monde["admin"], "Tout", criteres={"colonnes": ["etat,reste"]}, partage="role", role=Role.ARS)
    table = connecte(monde["ars"]).get(f"{URL}?vue={partagee.pk}").context["liste"].table
    assert table.entetes == ["ESMS", "État"]


def test_le_financeur_ne_lit_pas_ce_qui_est_propose(monde: dict[str, Any]) -> None:
    parcours = Parcours.objects.filter(grappe=monde["a"]).first()
    Proposition.objects.create(parcours=parcours, transition="engager", proposee_par=monde["cheffe"])
    for nom, total in (("cheffe", 1), ("ars", 0)):
        client = connecte(monde[nom])
        assert client.get(f"{URL}?attente=direction").context["liste"].total == total
        assert client.get(f"{API}?attente=direction").json()["count"] == total


def test_en_retard_se_lit_a_la_prochaine_date(monde: dict[str, Any]) -> None:
    parcours = Parcours.objects.filter(grappe=monde["a"]).first()
    hier = timezone.localdate() - timedelta(days=1)
    Parcours.objects.filter(pk=parcours.pk).update(prochaine_le=hier)
    assert finess_de_l_api(connecte(monde["cheffe"]), "?retard=oui") == [parcours.esms.finess]


def test_partager_et_changer_selon_son_droit(monde: dict[str, Any]) -> None:
    a, cheffe, directrice = monde["a"], monde["cheffe"], monde["directrice"]
    for par, champs in (
        (directrice, {"partage": "grappe", "grappe": a}),
        (cheffe, {"partage": "role", "role": Role.ARS}),
        (monde["admin"], {"partage": "grappe", "grappe": a}),
    ):
        with pytest.raises(Refus, match="revient"):
            vue(par, **champs)
    partagee = vue(cheffe, partage="grappe", grappe=a)
    client = connecte(directrice)
    assert client.get(f"/vues/{partagee.pk}/modifier/").status_code == 403
    assert client.post(f"/vues/{partagee.pk}/modifier/?etat=routine", {"geste": "criteres"}).status_code == 403
    assert client.post(f"/vues/{partagee.pk}/supprimer/").status_code == 403
    autre_cheffe = connecte(cheffe_de(a))
    assert autre_cheffe.post(f"/vues/{partagee.pk}/supprimer/").status_code == 302
    assert not Filtre.objects.exists()


def test_le_formulaire_n_offre_que_ceux_a_qui_l_on_peut_partager(monde: dict[str, Any]) -> None:
    def offres(nom: str) -> list[str]:
        reponse = connecte(monde[nom]).get(f"/vues/enregistrer/?liste={LISTE}&etat=recense")
        return [libelle for _, libelle in reponse.context["formulaire"].fields["a_qui"].choices]

    assert offres("directrice") == ["Moi seulement"]
    assert offres("cheffe") == ["Moi seulement", "La grappe Rives", "La grappe Vallon perdu"]
    assert "Le rôle : Référent ARS" in offres("admin")
    reponse = connecte(monde["directrice"]).post(
        f"/vues/enregistrer/?liste={LISTE}", {"nom": "x", "a_qui": f"grappe:{monde['a'].pk}"}
    )
    assert reponse.status_code == 422 and not Filtre.objects.exists()


# --- ce qu'on garde --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "demande",
    ["etat=martien", "grappe=99999999", "tri=mot_de_passe", "colonnes=mot_de_passe", "recherche=" + "a" * 300],
)
def test_une_vue_fautive_ne_s_enregistre_pas(cheffe: Utilisateur, demande: str) -> None:
    reponse = connecte(cheffe).post(f"/vues/enregistrer/?liste={LISTE}&{demande}", {"nom": "x", "a_qui": "moi"})
    assert reponse.status_code == 422 and not Filtre.objects.exists()
    assert "Un critère n&#x27;a pas été compris" in reponse.content.decode()


def test_un_nir_cherche_ne_se_garde_pas_dans_une_vue(cheffe: Utilisateur) -> None:
    client, demande = connecte(cheffe), "recherche=1+85+05+78+006+084+91"
    reponse = client.post(f"/vues/enregistrer/?liste={LISTE}&{demande}", {"nom": "Sobre", "a_qui": "moi"})
    assert reponse.status_code == 422 and not Filtre.objects.exists()
    assert "retirez le numéro" in reponse.content.decode()
    gardee = vue(cheffe)
    client.post(f"/vues/{gardee.pk}/modifier/?{demande}", {"geste": "criteres"})
    gardee.refresh_from_db()
    assert gardee.criteres == {"etat": ["cadrage"]}


def test_on_ne_garde_que_des_parametres_connus(cheffe: Utilisateur) -> None:
    demande = "etat=recense&page=3&par_page=25&format=csv&espion=1&choix=4&vue=aucune"
    connecte(cheffe).post(f"/vues/enregistrer/?liste={LISTE}&{demande}", {"nom": "Sobre", "a_qui": "moi"})
    assert Filtre.objects.get().criteres == {"etat": ["recense"]}


def test_les_criteres_sont_bornes(cheffe: Utilisateur) -> None:
    trop = "&".join(f"og={rang}" for rang in range(VALEURS_MAX + 1))
    long = "og=" + "a" * (LONGUEUR_MAX + 1)
    for demande in (trop, long):
        assert (
            connecte(cheffe)
            .post(f"/vues/enregistrer/?liste={LISTE}&{demande}", {"nom": "x", "a_qui": "moi"})
            .status_code
            == 422
        )
    assert not Filtre.objects.exists()


def test_un_nom_deja_pris_vide_ou_porteur_d_un_nir_est_refuse(cheffe: Utilisateur) -> None:
    vue(cheffe, "Retards")
    client = connecte(cheffe)
    for nom in ("retards", "  ", "Dossier 1 85 05 78 006 084 91", "x" * 81):
        assert client.post(f"/vues/enregistrer/?liste={LISTE}", {"nom": nom, "a_qui": "moi"}).status_code == 422
    assert Filtre.objects.count() == 1


@pytest.mark.parametrize(
    "route", ["programme:accueil", "programme:vue-liste", "n-existe-pas", "programme:region-detail"]
)
def test_seule_une_liste_garde_des_vues(cheffe: Utilisateur, route: str) -> None:
    assert connecte(cheffe).get(f"/vues/enregistrer/?liste={route}").status_code == 404


def test_une_liste_reservee_ne_se_lit_pas_par_ses_vues(cheffe: Utilisateur) -> None:
    assert connecte(cheffe).get("/vues/enregistrer/?liste=programme:compte-liste").status_code == 403


def test_une_vue_d_une_autre_liste_ne_s_ouvre_pas_ici(cheffe: Utilisateur) -> None:
    gardee = vue(cheffe)
    assert connecte(cheffe).get(f"/annuaire/esms/?vue={gardee.pk}").status_code == 404


def test_chaque_liste_garde_ses_vues() -> None:
    EsmsFactory(nom="EHPAD du Port", est_actif=False)
    compte = UtilisateurFactory()
    client = connecte(compte)
    client.post("/vues/enregistrer/?liste=programme:esms-liste&activite=fermes", {"nom": "Fermés"})
    gardee = Filtre.objects.get()
    assert client.get(f"/annuaire/esms/?vue={gardee.pk}").context["liste"].total == 1
    assert client.get(f"/api/v1/esms/?vue={gardee.pk}").json()["count"] == 1
    assert "Fermés" in client.get("/vues/").content.decode()


# --- l'API -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "faute", ["espion=1", "tri=mot_de_passe", "colonnes=x", "format=exe", "etat=martien", "recherche=" + "a" * 201]
)
def test_l_api_refuse_ce_qu_elle_ne_comprend_pas(cheffe: Utilisateur, faute: str) -> None:
    reponse = connecte(cheffe).get(f"{API}?{faute}")
    assert reponse.status_code == 400 and list(reponse.json()) == [faute.partition("=")[0]]


def test_l_annuaire_et_les_grappes_prennent_les_parametres_de_leur_page(cheffe: Utilisateur) -> None:
    EsmsFactory(nom="Fermé", est_actif=False)
    client = connecte(cheffe)
    assert [e["nom"] for e in client.get("/api/v1/esms/?activite=fermes").json()["results"]] == ["Fermé"]
    assert [e["nom"] for e in client.get("/api/v1/esms/?tri=-nom").json()["results"]] == ["Alizé"]
    assert client.get("/api/v1/grappes/?recherche=introuvable").json()["count"] == 0
    assert lignes_csv(client.get("/api/v1/grappes/?format=csv"))[1][0] == Grappe.objects.get().nom


# --- le coût ---------------------------------------------------------------------------------------------------------


def test_le_menu_coute_une_requete_quel_que_soit_le_nombre_de_vues() -> None:
    grappe = ParcoursFactory().grappe
    cheffe = cheffe_de(grappe)
    rang = iter(range(1000))

    def peupler(nombre: int) -> None:
        for _ in range(nombre):
            Filtre.objects.create(liste=LISTE, nom=f"Vue {next(rang)}", par=cheffe, partage="grappe", grappe=grappe)

    exiger_requetes_constantes(connecte(cheffe), f"{URL}?vue=aucune", peupler)
    exiger_requetes_constantes(connecte(cheffe), f"{URL}?vue=aucune", peupler, FRAGMENT)
    exiger_requetes_constantes(connecte(cheffe), "/vues/?par_page=100", peupler)


def test_les_filtres_de_l_api_coutent_autant_a_une_qu_a_cinquante() -> None:
    parcours = ParcoursFactory()
    cheffe = cheffe_de(parcours.grappe)
    rang = iter(range(1000))

    def peupler(nombre: int) -> None:
        for _ in range(nombre):
            Filtre.objects.create(
                liste=LISTE,
                nom=f"Vue {next(rang)}",
                par=cheffe,
                partage="grappe",
                grappe=parcours.grappe,
                criteres={"grappe": [str(parcours.grappe_id)], "solution": [str(parcours.solution_id)]},
            )

    exiger_requetes_constantes(connecte(directrice_de(parcours)), "/api/v1/filtres/", peupler)


def test_une_requete_de_plus_au_plus_pour_les_vues(cheffe: Utilisateur) -> None:
    client = connecte(cheffe)
    client.get(URL)
    with CaptureQueriesContext(connection) as captees:
        client.get(URL)
    assert sum("socle_filtre" in requete["sql"] for requete in captees) == 1


def test_toutes_les_listes_s_exportent_et_s_impriment() -> None:
    admin = affecter(Role.ADMIN)
    ParcoursFactory()
    client = connecte(admin)
    listes = ("parcours", "annuaire/esms", "annuaire/og", "grappes", "regions", "affectations", "comptes", "travaux",
              "groupes", "referentiels/solutions", "vues")  # fmt: skip
    for liste, format_demande in product(listes, ("csv", "xlsx", "impression")):
        reponse = client.get(f"/{liste}/?format={format_demande}")
        assert reponse.status_code == 200, (liste, format_demande)
        assert ("attachment" in reponse.get("Content-Disposition", "")) == (format_demande != "impression")


def test_la_feuille_a_imprimer_dit_ses_criteres_et_son_plafond(cheffe: Utilisateur, monkeypatch: Any) -> None:
    gardee = vue(cheffe, "Pour le COMOP", criteres={"etat": ["recense"]})
    ParcoursFactory.create_batch(3, grappe=Parcours.objects.get().grappe)
    client = connecte(cheffe)
    page = client.get(f"{URL}?vue={gardee.pk}&format=impression").content.decode()
    assert "Pour le COMOP" in page and "État : Recensé" in page and "premières lignes" not in page
    assert "nav-principale" not in page and page.count("<tr>") == 5
    monkeypatch.setattr("programme.socle.emporter.PLAFOND_IMPRESSION", 2)
    page = client.get(f"{URL}?format=impression").content.decode()
    assert "Les 2 premières lignes seulement" in page and "4 ESMS" in page and page.count("<tr>") == 3


def test_choix_ne_garde_que_les_lignes_designees(cheffe: Utilisateur) -> None:
    autre = ParcoursFactory(grappe=Parcours.objects.get().grappe, esms__nom="Brise")
    ailleurs = ParcoursFactory()
    client = connecte(cheffe)
    adresse = f"?choix={autre.pk},{ailleurs.pk},x"
    assert finess_de_la_page(client, f"{URL}{adresse}") == [autre.esms.finess]
    assert finess_de_l_api(client, adresse) == finess_du_csv(client, adresse) == [autre.esms.finess]
