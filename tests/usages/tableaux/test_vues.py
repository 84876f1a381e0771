"""Une vue nommée d'un tableau de bord : la garder, l'ouvrir, la changer, la partager ; ce qu'on ne suit plus."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.urls import reverse

from programme.enums import Role
from programme.models import Grappe, Parcours, Utilisateur
from programme.services import vues as services
from programme.socle.enums import Partage
from programme.socle.erreurs import Refus
from programme.socle.models import Filtre
from tests.aides import connecte
from tests.fabriques import DepartementFactory, GrappeFactory, OgFactory, affecter, cheffe_de
from tests.usages.fabriques import IndicateurFactory, SuiviFactory, ce_mois
from tests.usages.tableaux.mondes import compter, esms, relever
from usages.models import Suivi

pytestmark = pytest.mark.django_db
DE_GRAPPE = "usages:grappe-tableau-de-bord"
ENREGISTRER = reverse("programme:vue-enregistrer")


@pytest.fixture
def grappe() -> Grappe:
    return GrappeFactory(nom="Vignes hautes")


@pytest.fixture
def cheffe(grappe: Grappe) -> Utilisateur:
    return cheffe_de(grappe)


@pytest.fixture
def indicateurs(grappe: Grappe) -> list[Any]:
    """Trois indicateurs suivis, relevés deux mois par deux ESMS."""
    tous = [IndicateurFactory(code=f"essai-{n}", libelle=f"Essai {n}") for n in range(3)]
    for i in tous:
        SuiviFactory(grappe=grappe, indicateur=i)
    for p in esms(grappe, 2):
        for recul in (1, 2):
            relever(p, tous, recul=recul)
    compter()
    return tous


def _mois(recul: int) -> str:
    return ce_mois().dernieres(recul + 1)[0].code


def _garder(
    client: Client, objet: Any, route: str = DE_GRAPPE, a_qui: str = "moi", nom: str = "Deux", **regle: Any
) -> Any:
    adresse = f"{ENREGISTRER}?{'&'.join(f'{n}={v}' for n, v in {'liste': route, 'objet': objet, **regle}.items())}"
    return client.post(adresse, {"nom": nom, "a_qui": a_qui})


def _lus(client: Client, adresse: str) -> list[str]:
    reponse = client.get(adresse)
    assert reponse.status_code == 200
    return [c.indicateur.code for c in reponse.context["page"].colonnes]


def test_garder_ouvrir_renommer_remplacer_supprimer(
    grappe: Grappe, cheffe: Utilisateur, indicateurs: list[Any]
) -> None:
    client = connecte(cheffe)
    page = client.get(reverse(DE_GRAPPE, args=[grappe.pk]) + f"?choisis=essai-0,essai-2&avec={_mois(3)}")
    vers = f"?liste={DE_GRAPPE}&amp;objet={grappe.pk}&amp;avec={_mois(3)}&amp;choisis=essai-0&amp;choisis=essai-2"
    assert vers in page.content.decode()
    avant = client.get(f"{ENREGISTRER}?liste={DE_GRAPPE}&objet={grappe.pk}&choisis=essai-0&choisis=essai-2").text
    assert "Essai 0, Essai 2" in avant and "le dernier fini, chaque fois" in avant and "est_defaut" not in avant
    reponse = _garder(client, grappe.pk, choisis="essai-0,essai-2", avec=_mois(3))
    vue = Filtre.objects.get()
    assert (
        reponse.status_code == 302
        and reponse.url == vue.adresse == f"/grappes/{grappe.pk}/tableau-de-bord/?vue={vue.pk}"
    )
    assert vue.criteres == {"avec": [_mois(3)], "choisis": ["essai-0", "essai-2"]} and not vue.est_defaut
    ouverte = client.get(vue.adresse)
    assert ouverte.context["adresse"].moment.avec.code == _mois(3)
    assert _lus(client, vue.adresse) == ["essai-0", "essai-2"]
    assert "Renommer, partager" in ouverte.text and not ouverte.context["vues"].modifiee
    # Un lien de la page part de la vue, et porte tous ses réglages.
    (maintien,) = [url for mot, url, _ in ouverte.context["adresse"].familles if mot == "Maintien"]
    lus = parse_qs(urlsplit(maintien).query)
    assert lus == {
        "avec": [_mois(3)],
        "choisis": ["essai-0,essai-2"],
        "famille": ["maintien"],
        "modifiee": [str(vue.pk)],
    }
    assert client.get(maintien).context["vues"].modifiee
    modifier = reverse("programme:vue-modifier", args=[vue.pk])
    client.post(modifier, {"nom": "La une", "a_qui": "moi"})
    client.post(f"{modifier}?choisis=essai-1", {"geste": "criteres"})
    vue.refresh_from_db()
    assert (vue.nom, vue.criteres) == ("La une", {"choisis": ["essai-1"]})
    assert "Tableau de bord d’une grappe : Vignes hautes" in client.get(reverse("programme:vue-liste")).text
    client.post(reverse("programme:vue-supprimer", args=[vue.pk]), {"confirmer": "on"})
    assert not Filtre.objects.exists() and client.get(vue.adresse).status_code == 404


def test_le_csv_d_une_vue_est_celui_de_la_page(grappe: Grappe, cheffe: Utilisateur, indicateurs: list[Any]) -> None:
    client = connecte(cheffe)
    _garder(client, grappe.pk, choisis="essai-1")
    reponse: Any = client.get(Filtre.objects.get().adresse + "&format=csv&dessin=totaux")
    lignes = b"".join(reponse.streaming_content).decode("utf-8-sig").splitlines()[1:]
    assert {ligne.split(";")[0] for ligne in lignes} == {"Essai 1 (%)"}


def test_une_vue_est_privee_et_ne_s_ouvre_que_sur_sa_page(
    grappe: Grappe, cheffe: Utilisateur, indicateurs: list[Any]
) -> None:
    _garder(connecte(cheffe), grappe.pk)
    vue = Filtre.objects.get()
    autre = connecte(affecter(Role.CHEF_PROJET, grappe))
    assert autre.get(vue.adresse).status_code == 404
    ailleurs = GrappeFactory()
    affecter(Role.CHEF_PROJET, ailleurs, utilisateur=cheffe)
    assert connecte(cheffe).get(reverse(DE_GRAPPE, args=[ailleurs.pk]) + f"?vue={vue.pk}").status_code == 404


def test_partager_avec_sa_grappe_et_son_organisme_selon_les_droits(
    grappe: Grappe, cheffe: Utilisateur, indicateurs: list[Any]
) -> None:
    og = OgFactory()
    (ime,) = esms(grappe, 1, og=og)
    siege, directrice = affecter(Role.SIEGE, og), affecter(Role.DIRECTEUR, ime.esms)
    _garder(connecte(cheffe), grappe.pk, a_qui=f"grappe:{grappe.pk}", choisis="essai-1")
    partagee = Filtre.objects.get()
    assert _lus(connecte(directrice), partagee.adresse) == ["essai-1"]
    assert connecte(directrice).get(partagee.adresse).context["vues"].partagees[0].detail == "Vignes hautes"
    # Le siège partage avec son organisme ; la cheffe n'y peut rien, ni lui avec la grappe.
    reponse = _garder(connecte(siege), og.pk, "usages:og-tableau-de-bord", f"og:{og.pk}", nom="Du siège")
    assert reponse.status_code == 302
    du_siege = Filtre.objects.get(nom="Du siège")
    assert (du_siege.partage, du_siege.og) == (Partage.OG, og)
    assert du_siege in Filtre.objects.visibles_par(directrice)
    assert du_siege not in Filtre.objects.visibles_par(cheffe)
    assert du_siege not in Filtre.objects.visibles_par(affecter(Role.ARS, grappe.region))
    for qui, a_qui in ((cheffe, f"og:{og.pk}"), (directrice, f"grappe:{grappe.pk}"), (siege, f"grappe:{grappe.pk}")):
        assert _garder(connecte(qui), grappe.pk, a_qui=a_qui, nom="Refusée").status_code == 422, a_qui
    with pytest.raises(Refus):
        services.enregistrer_vue(par=cheffe, liste=DE_GRAPPE, objet=str(grappe.pk), nom="x", partage=Partage.OG, og=og)
    assert not Filtre.objects.filter(nom="Refusée").exists()
    for champs in ({"partage": "og"}, {"partage": "moi", "og": og}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Filtre.objects.create(liste=DE_GRAPPE, nom="x", par=cheffe, **champs)


@pytest.mark.parametrize("nom", ["parcours", "grappe", "og", "region", "pays"])
def test_on_ne_garde_que_la_vue_d_une_page_qu_on_ouvre(nom: str) -> None:
    og, ou = OgFactory(), DepartementFactory()
    (ime,) = esms(GrappeFactory(), 1, og=og, departement=ou)
    relever(ime, [IndicateurFactory(code="essai-0")])
    compter()
    pages: dict[str, tuple[Any, Any]] = {
        "parcours": (ime.pk, affecter(Role.DIRECTEUR, ime.esms)),
        "grappe": (ime.grappe_id, cheffe_de(ime.grappe)),
        "og": (og.pk, affecter(Role.SIEGE, og)),
        "region": (ou.region_id, affecter(Role.GRADES, ou.region)),
        "pays": ("", affecter(Role.ADMIN)),
    }
    objet, lecteur = pages[nom]
    route = f"usages:{nom}-tableau-de-bord"
    voisin = affecter(Role.DIRECTEUR, esms(GrappeFactory(), 1)[0].esms)
    assert _garder(connecte(voisin), objet, route).status_code in (403, 404)
    assert not Filtre.objects.exists()
    assert _garder(connecte(lecteur), objet, route, choisis="essai-0").status_code == 302
    page = connecte(lecteur).get(Filtre.objects.get().adresse)
    assert page.status_code == 200 and page.context["vues"].ouverte.nom == "Deux"
    liste = connecte(lecteur).get(reverse("programme:vue-liste"), {"liste": route})
    assert liste.status_code == 200 and "Deux" in liste.text


def test_une_adresse_qui_ne_veut_rien_dire_se_refuse_sans_rien_perdre(grappe: Grappe, cheffe: Utilisateur) -> None:
    client = connecte(cheffe)
    reponse = _garder(client, grappe.pk, mois="2099-13")
    assert reponse.status_code == 422 and "voici le dernier mois fini" in reponse.text.replace("&#x27;", "'")
    assert 'value="Deux"' in reponse.text and not Filtre.objects.exists()
    assert client.get(f"{ENREGISTRER}?liste={DE_GRAPPE}&objet=zz").status_code == 404
    assert client.get(f"{ENREGISTRER}?liste=programme:parcours-liste&objet=4").status_code == 404


def test_une_vue_dit_l_indicateur_qu_on_ne_suit_plus(
    grappe: Grappe, cheffe: Utilisateur, indicateurs: list[Any]
) -> None:
    client = connecte(cheffe)
    disparu = IndicateurFactory(code="ancien", libelle="Ancien délai")
    suivi = SuiviFactory(grappe=grappe, indicateur=disparu)
    _garder(client, grappe.pk, choisis="ancien,essai-1")
    vue = Filtre.objects.get()
    # Suivi, mais pas encore relevé : rien à redire.
    assert client.get(vue.adresse).context["plus_suivis"] == []
    Suivi.objects.filter(pk=suivi.pk).delete()
    page = client.get(vue.adresse)
    assert page.context["plus_suivis"] == ["Ancien délai"] and "ne suit plus ici : « Ancien délai »" in page.text
    assert _lus(client, vue.adresse) == ["essai-1"]
    disparu.delete()
    assert client.get(vue.adresse).context["plus_suivis"] == ["ancien"]
    seule = client.get(reverse(DE_GRAPPE, args=[grappe.pk]) + "?choisis=ancien")
    assert "Aucun chiffre dans ce choix" in seule.text


def test_l_api_dit_la_page_qu_une_vue_ouvre(grappe: Grappe, cheffe: Utilisateur, indicateurs: list[Any]) -> None:
    client = connecte(cheffe)
    _garder(client, grappe.pk, choisis="essai-1")
    (lue,) = client.get("/api/v1/filtres/", {"liste": DE_GRAPPE}).json()["results"]
    assert (lue["objet"], lue["criteres"], lue["adresse"]) == (
        str(grappe.pk),
        {"choisis": ["essai-1"]},
        Filtre.objects.get().adresse,
    )


def test_les_choix_de_l_adresse_se_lisent_des_deux_facons(
    grappe: Grappe, cheffe: Utilisateur, indicateurs: list[Any]
) -> None:
    client, ici = connecte(cheffe), reverse(DE_GRAPPE, args=[grappe.pk])
    assert _lus(client, f"{ici}?choisis=essai-2,essai-1") == _lus(client, f"{ici}?choisis=essai-1&choisis=essai-2")
    assert len(_lus(client, f"{ici}?choisis=<script>")) == 3
    assert Parcours.objects.filter(grappe=grappe).count() == 2
