"""Les pages des actions : la liste et ses filtres, la fiche, la saisie, les encarts, l'API."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.models import Action, Grappe, Parcours, Utilisateur
from programme.permissions import ACTION_RESERVEE
from programme.services import actions as services
from programme.socle.jetons import creer_jeton
from programme.socle.porte import changer_etat
from tests.aides import FRAGMENT, connecte, exiger_requetes_constantes, lignes_csv
from tests.fabriques import (
    ActionFactory,
    GrappeFactory,
    ParcoursFactory,
    UtilisateurFactory,
    affecter,
    cheffe_de,
    directrice_de,
)

pytestmark = pytest.mark.django_db
AUJOURD_HUI = timezone.localdate()
HIER, DEMAIN = AUJOURD_HUI - timedelta(days=1), AUJOURD_HUI + timedelta(days=1)
LISTE = "/actions/"


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory(esms__nom="IME Les Érables", grappe__nom="Rives")


@pytest.fixture
def grappe(parcours: Parcours) -> Grappe:
    return parcours.grappe


@pytest.fixture
def cheffe(grappe: Grappe) -> Utilisateur:
    return cheffe_de(grappe)


def _titres(compte: Utilisateur, criteres: str = "") -> list[str]:
    liste = connecte(compte).get(LISTE + criteres).context["liste"]
    return [action.libelle for action in liste.table.data]


# --- la liste ------------------------------------------------------------------------------------------------------


@pytest.fixture
def six(parcours: Parcours, grappe: Grappe, cheffe: Utilisateur) -> dict[str, Action]:
    faites = {
        "retard": ActionFactory(parcours=parcours, libelle="Retard", echeance=HIER, responsable_nom="Le prestataire"),
        "demain": ActionFactory(parcours=parcours, libelle="Demain", echeance=DEMAIN, responsable=cheffe),
        "loin": ActionFactory(grappe=grappe, libelle="Loin", echeance=AUJOURD_HUI + timedelta(days=60)),
        "sans": ActionFactory(grappe=grappe, libelle="Sans", responsable=cheffe),
        "faite": ActionFactory(parcours=parcours, libelle="Faite", echeance=HIER),
        "abandonnee": ActionFactory(grappe=grappe, libelle="Abandonnée"),
    }
    changer_etat(faites["faite"], "terminer", par=cheffe)
    changer_etat(faites["abandonnee"], "abandonner", par=cheffe, motif="essai")
    changer_etat(faites["loin"], "commencer", par=cheffe)
    return faites


@pytest.mark.parametrize(
    ("criteres", "attendues"),
    [
        ("", "Retard Demain Loin Sans"),
        ("?etat=toutes&tri=action", "Abandonnée Demain Faite Loin Retard Sans"),
        ("?etat=faite", "Faite"),
        ("?etat=en_cours", "Loin"),
        ("?echeance=retard", "Retard"),
        ("?echeance=retard&etat=toutes", "Retard"),
        ("?echeance=7", "Demain"),
        ("?echeance=90", "Demain Loin"),
        ("?echeance=sans", "Sans"),
        ("?responsable=moi", "Demain Sans"),
        ("?responsable=personne", "Retard Loin"),
        ("?responsable=compte", "Demain Sans"),
        ("?portee=grappe", "Loin Sans"),
        ("?portee=esms&esms=erables", "Retard Demain"),
        ("?esms=tilleuls", ""),
        ("?provenance=saisie&tri=-echeance", "Loin Demain Retard Sans"),
        ("?recherche=dem", "Demain"),
        ("?tri=-etat&etat=toutes&responsable=moi", "Demain Sans"),
    ],
)
def test_chaque_filtre(six: dict[str, Action], cheffe: Utilisateur, criteres: str, attendues: str) -> None:
    assert _titres(cheffe, criteres) == attendues.split()


def test_les_liens_des_pages_disent_la_grappe_ou_l_esms(
    six: dict[str, Action], cheffe: Utilisateur, parcours: Parcours, grappe: Grappe
) -> None:
    autre = ParcoursFactory(grappe=GrappeFactory(nom="Coteaux"))
    affecter(Role.CHEF_PROJET, autre.grappe, utilisateur=cheffe)
    ActionFactory(parcours=autre, libelle="Ailleurs")
    assert "Ailleurs" in _titres(cheffe) and "Ailleurs" not in _titres(cheffe, f"?grappe={grappe.pk}")
    assert _titres(cheffe, f"?parcours={parcours.pk}") == ["Retard", "Demain"]
    page = connecte(cheffe).get(f"{LISTE}?parcours={parcours.pk}")
    assert page.context["url_creer"] == f"/actions/nouvelle/?cible=parcours-{parcours.pk}"
    assert "grappe" not in page.context["liste"].table.columns.names()
    assert page.context["liste"].dont == "dont 1 en retard"


def test_la_liste_ne_montre_que_ce_qu_on_lit_jusque_dans_l_export(six: dict[str, Action], parcours: Parcours) -> None:
    voisine = directrice_de(ParcoursFactory(grappe=parcours.grappe))
    assert _titres(voisine) == ["Loin", "Sans"]
    ars = affecter(Role.ARS, parcours.grappe)
    assert _titres(ars, "?etat=toutes") == []
    lignes = lignes_csv(connecte(voisine).get(f"{LISTE}?format=csv"))
    assert [x[0] for x in lignes] == ["Action", "Loin", "Sans"] and lignes[1][1] == "toute la grappe"
    assert "Retard" not in connecte(voisine).get(f"{LISTE}?format=impression").content.decode()


def test_page_et_export_disent_le_responsable_et_le_retard(six: dict[str, Action], cheffe: Utilisateur) -> None:
    page = connecte(cheffe).get(LISTE).content.decode()
    assert "Le prestataire" in page and "à désigner" in page and "en retard" in page
    lignes = lignes_csv(connecte(cheffe).get(f"{LISTE}?format=csv&colonnes=responsable,echeance,etat,origine"))
    assert lignes[1] == ["Retard", "Le prestataire", f"{HIER:%d/%m/%Y}", "À faire", "Saisie à la main"]


def test_une_liste_vide_dit_le_premier_geste(parcours: Parcours, cheffe: Utilisateur) -> None:
    page = connecte(cheffe).get(LISTE).content.decode()
    assert "Aucune action ouverte" in page and "Écrire une action" in page
    ars = connecte(affecter(Role.ARS, parcours.grappe)).get(LISTE).content.decode()
    assert "restent à l’ESMS et à sa grappe" in ars
    membre = connecte(affecter(Role.MEMBRE, parcours.grappe)).get(LISTE).content.decode()
    assert "Écrire une action" not in membre and "les vôtres viendront ici" in membre


@pytest.mark.parametrize("entetes", [None, FRAGMENT])
def test_liste_a_requetes_constantes(parcours: Parcours, entetes: Any) -> None:
    client = connecte(affecter(Role.MEMBRE, parcours.grappe))

    def peupler(n: int) -> None:
        for _ in range(n):
            esms = ParcoursFactory(grappe=parcours.grappe)
            ActionFactory(parcours=esms, responsable=directrice_de(esms), echeance=HIER)

    exiger_requetes_constantes(client, LISTE, peupler, entetes)


def test_accueil_fiche_et_encart_a_requetes_constantes(parcours: Parcours, grappe: Grappe) -> None:
    directrice, cheffe = directrice_de(parcours), cheffe_de(grappe)
    action = ActionFactory(parcours=parcours)

    def peupler(n: int) -> None:
        ActionFactory.create_batch(n, parcours=parcours, responsable=directrice, echeance=HIER)
        ActionFactory.create_batch(n, grappe=grappe, echeance=HIER)
        for rang in range(n):
            services.modifier_action(action=action, par=directrice, libelle=f"Corrigée {n}-{rang}")

    for compte, url in (
        (directrice, "/"),
        (cheffe, "/"),
        (cheffe, f"/grappes/{grappe.pk}/"),
        (directrice, f"/parcours/{parcours.pk}/"),
        (directrice, f"/actions/{action.pk}/"),
        (cheffe, f"/actions/nouvelle/?cible=grappe-{grappe.pk}"),
    ):
        exiger_requetes_constantes(connecte(compte), url, peupler)


# --- écrire --------------------------------------------------------------------------------------------------------


def _nouvelle(compte: Utilisateur, cible: str, **champs: Any) -> Any:
    return connecte(compte).post(f"/actions/nouvelle/?cible={cible}", champs)


def test_ecrire_depuis_la_page_d_un_esms(parcours: Parcours) -> None:
    directrice = directrice_de(parcours)
    page = connecte(directrice).get(f"/parcours/{parcours.pk}/").content.decode()
    assert f"/actions/nouvelle/?cible=parcours-{parcours.pk}" in page and "Aucune action ouverte" in page
    reponse = _nouvelle(
        directrice,
        f"parcours-{parcours.pk}",
        libelle="Former la nuit",
        responsable=directrice.pk,
        echeance=DEMAIN.isoformat(),
    )
    assert (reponse.status_code, reponse["Location"]) == (302, f"/actions/?parcours={parcours.pk}")
    action = Action.objects.get()
    assert (action.parcours, action.responsable, action.echeance) == (parcours, directrice, DEMAIN)
    assert action.history.get().history_user == directrice


def test_ecrire_refuse_sans_rien_perdre(parcours: Parcours) -> None:
    directrice = directrice_de(parcours)
    reponse = _nouvelle(
        directrice, f"parcours-{parcours.pk}", libelle="Former la nuit", echeance=HIER.isoformat(), precision="note"
    )
    page = reponse.content.decode()
    assert reponse.status_code == 422 and not Action.objects.exists()
    assert "est déjà passé" in page and "Former la nuit" in page and "note" in page
    toutes = _nouvelle(
        directrice,
        f"parcours-{parcours.pk}",
        echeance=HIER.isoformat(),
        responsable=directrice.pk,
        responsable_nom="Le prestataire",
    )
    assert set(toutes.context["formulaire"].errors) == {"libelle", "echeance", "responsable_nom"}
    etranger = cheffe_de(GrappeFactory())
    reponse = _nouvelle(directrice, f"parcours-{parcours.pk}", libelle="X", responsable=etranger.pk)
    assert reponse.status_code == 422 and etranger.nom not in reponse.content.decode()


def test_pour_quoi_se_demande_s_il_y_a_le_choix(parcours: Parcours, cheffe: Utilisateur, grappe: Grappe) -> None:
    client = connecte(cheffe)
    choix = client.get("/actions/nouvelle/").context["formulaire"].fields["cible"].choices
    assert choix[1:] == [
        ("Toute une grappe", [(f"grappe-{grappe.pk}", "Rives")]),
        ("Un ESMS, grappe Rives", [(f"parcours-{parcours.pk}", "IME Les Érables, Langon")]),
    ]
    assert client.post("/actions/nouvelle/", {}).status_code == 422
    suite = client.post("/actions/nouvelle/", {"cible": f"grappe-{grappe.pk}"})
    assert suite["Location"] == f"/actions/nouvelle/?cible=grappe-{grappe.pk}"
    # La directrice n'a qu'un ESMS : la question ne se pose pas.
    seule = connecte(directrice_de(parcours)).get("/actions/nouvelle/")
    assert seule.context["cible"] == parcours and seule.context["envoi"] == f"?cible=parcours-{parcours.pk}"


@pytest.mark.parametrize("cible", ["grappe-0", "parcours-", "autre-1", "grappe-" + "9" * 30, "x"])
def test_une_cible_qui_n_en_est_pas_une_est_introuvable(cheffe: Utilisateur, cible: str) -> None:
    assert connecte(cheffe).get(f"/actions/nouvelle/?cible={cible}").status_code == 404


def test_hors_perimetre_404_sans_droit_403(parcours: Parcours, grappe: Grappe) -> None:
    directrice, etrangere = directrice_de(parcours), cheffe_de(GrappeFactory())
    d_esms, de_grappe = f"parcours-{parcours.pk}", f"grappe-{grappe.pk}"
    assert connecte(etrangere).get(f"/actions/nouvelle/?cible={d_esms}").status_code == 404
    assert connecte(etrangere).get(f"/actions/nouvelle/?cible={de_grappe}").status_code == 404
    refus = connecte(directrice).get(f"/actions/nouvelle/?cible={de_grappe}")
    assert refus.status_code == 403 and ACTION_RESERVEE.split("'")[-1][:30] in refus.content.decode()
    # Le financeur qui dirige aussi ailleurs ne lit pas la préparation : l'ESMS n'existe pas pour y écrire.
    changer_etat(grappe, "deposer", par=cheffe_de(grappe))
    ars = affecter(Role.ARS, grappe, utilisateur=directrice_de(ParcoursFactory()))
    assert connecte(ars).get(f"/parcours/{parcours.pk}/").status_code == 200
    assert connecte(ars).get(f"/actions/nouvelle/?cible={d_esms}").status_code == 404


def test_modifier_garde_la_saisie_quand_on_se_croise(parcours: Parcours, cheffe: Utilisateur) -> None:
    action = services.creer_action(cible=parcours, libelle="Une", par=cheffe)
    client, url = connecte(cheffe), f"/actions/{action.pk}/modifier/"
    vu = client.get(url).context["formulaire"]["vu"].value()
    services.modifier_action(action=action, par=directrice_de(parcours), echeance=DEMAIN)
    saisie = {"vu": vu, "libelle": "Autre", "echeance": (DEMAIN + timedelta(days=3)).isoformat()}
    croise = client.post(url, saisie)
    assert croise.status_code == 409 and "Autre" in croise.content.decode()
    saisie["vu"] = croise.context["formulaire"]["vu"].value()
    assert client.post(url, saisie)["Location"] == f"/actions/{action.pk}/"
    action.refresh_from_db()
    assert action.libelle == "Autre"


def test_une_action_close_renvoie_a_sa_fiche(parcours: Parcours, cheffe: Utilisateur) -> None:
    action = ActionFactory(parcours=parcours)
    changer_etat(action, "terminer", par=cheffe)
    reponse = connecte(cheffe).get(f"/actions/{action.pk}/modifier/", follow=True)
    page = reponse.content.decode()
    assert "rouvrez-la d" in page and "Cette action est faite" in page and "Rouvrir" in page
    assert reverse("programme:action-modifier", args=[action.pk]) not in page


def test_un_responsable_parti_reste_nomme_dans_la_saisie(parcours: Parcours, cheffe: Utilisateur) -> None:
    appui = affecter(Role.APPUI, parcours.esms)
    action = ActionFactory(parcours=parcours, responsable=appui)
    appui.affectations.update(au=HIER)
    client = connecte(cheffe)
    assert "Personne n’est prévenu" in client.get(f"/actions/{action.pk}/").content.decode()
    page = client.get(f"/actions/{action.pk}/modifier/")
    assert f"{appui} · ne voit plus cette action" in page.content.decode()
    saisie = {"vu": page.context["formulaire"]["vu"].value(), "libelle": "Une", "responsable": appui.pk}
    assert client.post(f"/actions/{action.pk}/modifier/", saisie).status_code == 302


def test_le_passage_d_une_action_se_tient_chez_les_actions(parcours: Parcours, cheffe: Utilisateur) -> None:
    action, client = ActionFactory(parcours=parcours), connecte(cheffe)
    for url, entree in (
        (f"/passages/action/{action.pk}/terminer/", "Actions"),
        (f"/passages/parcours/{parcours.pk}/suspendre/", "ESMS"),
        (f"/passages/grappe/{parcours.grappe_id}/deposer/", "Grappes"),
    ):
        courantes = [e["libelle"] for e in client.get(url).context["navigation"] if e["courant"]]
        assert courantes == [entree], url


# --- les encarts, l'accueil ----------------------------------------------------------------------------------------


def test_l_encart_montre_les_cinq_plus_pressees(parcours: Parcours, grappe: Grappe, cheffe: Utilisateur) -> None:
    ActionFactory.create_batch(6, parcours=parcours, libelle="Plus tard")
    ActionFactory(parcours=parcours, libelle="Tout de suite", echeance=HIER)
    ActionFactory(grappe=grappe, libelle="De la grappe", echeance=DEMAIN)
    page = connecte(cheffe).get(f"/grappes/{grappe.pk}/")
    encart = page.context["actions"]
    assert [str(a) for a, _ in encart.lignes] == ["Tout de suite", "De la grappe", *["Plus tard"] * 3]
    assert (encart.total, encart.retards) == (8, 1) and "Voir les 8" in page.content.decode()
    encart = connecte(directrice_de(parcours)).get(f"/parcours/{parcours.pk}/").context["actions"]
    assert (encart.total, encart.retards) == (7, 1)


def test_l_encart_se_tait_pour_le_financeur(parcours: Parcours, grappe: Grappe) -> None:
    changer_etat(grappe, "deposer", par=cheffe_de(grappe))
    ActionFactory(parcours=parcours, libelle="Se prépare"), ActionFactory(grappe=grappe, libelle="Aussi")
    for role in (Role.ARS, Role.GRADES):
        client = connecte(affecter(role, grappe))
        for url in (f"/grappes/{grappe.pk}/", f"/parcours/{parcours.pk}/"):
            assert ('id="actions"' in client.get(url).content.decode()) is (role == Role.GRADES)


def test_qui_ne_fait_que_lire_trouve_a_l_accueil_ce_qu_on_lui_confie(parcours: Parcours) -> None:
    membre = affecter(Role.MEMBRE, parcours.grappe)
    assert "Où en sont les grappes" in connecte(membre).get("/").content.decode()
    ActionFactory(parcours=parcours, responsable=membre, libelle="Relire", echeance=DEMAIN)
    page = connecte(membre).get("/").content.decode()
    assert "Un geste vous attend" in page and page.count("Terminer") == 1 and "Dernières étapes franchies" in page


# --- l'API ---------------------------------------------------------------------------------------------------------


def _api(compte: Utilisateur) -> Client:
    return Client(headers={"Authorization": f"Jeton {creer_jeton(utilisateur=compte)[1]}"})


def _ecrire(compte: Utilisateur, chemin: str = "", **corps: Any) -> Any:
    return _api(compte).post(f"/api/v1/actions/{chemin}", corps, content_type="application/json")


def test_l_api_rend_les_lignes_de_la_page(six: dict[str, Action], cheffe: Utilisateur) -> None:
    client = _api(cheffe)
    for criteres in ("", "?etat=toutes&tri=action", "?responsable=moi", "?echeance=retard"):
        lues = client.get(f"/api/v1/actions/{criteres}").json()["results"]
        assert [a["libelle"] for a in lues] == _titres(cheffe, criteres)
    ligne = client.get("/api/v1/actions/?responsable=moi").json()["results"][0]
    assert ligne["responsable"] == {"id": cheffe.pk, "nom": cheffe.nom} and ligne["esms"]["nom"] == "IME Les Érables"
    assert ligne["possibles"] == ["commencer", "terminer", "abandonner"]
    assert client.get("/api/v1/actions/?format=csv")["Content-Type"].startswith("text/csv")
    assert client.get("/api/v1/actions/?echeance=jamais").status_code == 400


def test_l_api_a_requetes_constantes(parcours: Parcours) -> None:
    client = _api(affecter(Role.MEMBRE, parcours.grappe))

    def peupler(n: int) -> None:
        for _ in range(n):
            ActionFactory(parcours=ParcoursFactory(grappe=parcours.grappe), responsable=UtilisateurFactory())

    exiger_requetes_constantes(client, "/api/v1/actions/", peupler)


def test_l_api_ecrit_puis_franchit(parcours: Parcours) -> None:
    directrice = directrice_de(parcours)
    reponse = _ecrire(
        directrice, parcours=parcours.pk, libelle="Former", responsable=directrice.pk, echeance=DEMAIN.isoformat()
    )
    corps = reponse.json()
    assert reponse.status_code == 201 and corps["etat"] == "a_faire" and corps["grappe"] == parcours.grappe_id
    suite = _ecrire(directrice, f"{corps['id']}/transitions/", transition="terminer", version=0).json()
    assert suite["action"]["etat"] == "faite" and suite["passage"]["role"] == "Directeur"
    refus = _ecrire(directrice, f"{corps['id']}/transitions/", transition="terminer")
    assert refus.status_code == 409 and refus.json()["code"] == "etat"


def test_l_api_refuse_champ_par_champ(parcours: Parcours, grappe: Grappe) -> None:
    directrice, ailleurs = directrice_de(parcours), ParcoursFactory()
    for corps, champ in [
        ({"libelle": "X"}, "parcours"),
        ({"libelle": "X", "parcours": parcours.pk, "grappe": grappe.pk}, "parcours"),
        ({"libelle": "X", "parcours": ailleurs.pk}, "parcours"),
        ({"parcours": parcours.pk}, "libelle"),
        ({"parcours": parcours.pk, "libelle": "X", "echeance": HIER.isoformat()}, "echeance"),
        ({"parcours": parcours.pk, "libelle": "X", "responsable": 99999}, "responsable"),
        ({"parcours": parcours.pk, "libelle": "X", "responsable": cheffe_de(ailleurs.grappe).pk}, "responsable"),
        ({"parcours": parcours.pk, "libelle": "X", "echance": DEMAIN.isoformat()}, "echance"),
    ]:
        reponse = _ecrire(directrice, **corps)
        assert reponse.status_code == 400 and champ in reponse.json(), corps
    assert _ecrire(directrice, grappe=grappe.pk, libelle="X").status_code == 403
    assert _ecrire(affecter(Role.MEMBRE, grappe), parcours=parcours.pk, libelle="X").status_code == 403
    assert not Action.objects.exists()
