"""Les instances : créer, celles d'usage d'un geste, régler, clore ; leurs pages et l'API."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from gouvernance.enums import Represente, TypeInstance
from gouvernance.models import Instance, Mandat
from gouvernance.services import instances as services
from programme.enums import Role
from programme.models import Affectation, Grappe, Utilisateur
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from programme.socle.versions import jeton
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import (
    CategorieFactory,
    GrappeFactory,
    OgFactory,
    ParcoursFactory,
    UtilisateurFactory,
    affecter,
    cheffe_de,
    directrice_de,
)
from tests.gouvernance.fabriques import (
    AlerteFactory,
    DecisionFactory,
    InstanceFactory,
    PointFactory,
    SeanceFactory,
    mandater,
    seance_close,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def grappe() -> Grappe:
    return GrappeFactory()


@pytest.fixture
def cheffe(grappe: Grappe) -> Utilisateur:
    return cheffe_de(grappe)


def _page(compte: Utilisateur, route: str, pk: int, **criteres: str) -> str:
    reponse = connecte(compte).get(reverse(route, args=[pk]), criteres)
    assert reponse.status_code == 200, reponse.status_code
    return unescape(reponse.content.decode())


def _gouvernance(compte: Utilisateur, grappe: Grappe) -> str:
    return _page(compte, "gouvernance:grappe-gouvernance", grappe.pk)


# --- créer ---------------------------------------------------------------------------------------------------------


def test_les_instances_d_usage_se_creent_d_un_geste(grappe: Grappe, cheffe: Utilisateur) -> None:
    assert "Créer les instances d’usage" in _gouvernance(cheffe, grappe)
    ici = reverse("gouvernance:grappe-gouvernance", args=[grappe.pk])
    page = unescape(connecte(cheffe).post(ici, follow=True).content.decode())
    assert "COSTRAT, COMOP et Comité utilisateurs : créés" in page
    creees = {i.type: i for i in Instance.objects.filter(grappe=grappe)}
    assert set(creees) == {TypeInstance.COSTRAT, TypeInstance.COMOP, TypeInstance.UTILISATEURS}
    assert creees[TypeInstance.COMOP].effectif_max == 15
    mandats = Mandat.objects.filter(comite__grappe=grappe)
    assert {m.utilisateur for m in mandats} == {cheffe} and {m.represente for m in mandats} == {Represente.CONDUITE}
    assert not any(m.a_voix for m in mandats), "seule, elle n'arbitre rien"
    assert {m.comite.type for m in mandats if m.anime} == {TypeInstance.COMOP, TypeInstance.UTILISATEURS}
    page = unescape(connecte(cheffe).post(ici, follow=True).content.decode())
    assert "a déjà ses instances" in page and Instance.objects.count() == 3


def test_le_costrat_d_un_og_unique_est_adosse(grappe: Grappe, cheffe: Utilisateur) -> None:
    og = OgFactory()
    ParcoursFactory(grappe=grappe, esms__og=og)
    ParcoursFactory(grappe=grappe, esms__og=og)
    costrat = services.creer_usuelles(grappe=grappe, par=cheffe)[0]
    assert "CODIR" in costrat.objet
    autre = GrappeFactory()
    ParcoursFactory(grappe=autre)
    ParcoursFactory(grappe=autre)
    assert "CODIR" not in services.creer_usuelles(grappe=autre, par=cheffe_de(autre))[0].objet


def test_seule_la_conduite_cree_et_une_directrice_lit_qu_il_n_y_en_a_pas(grappe: Grappe) -> None:
    directrice = directrice_de(ParcoursFactory(grappe=grappe))
    assert "Le chef de projet de la grappe les crée" in _gouvernance(directrice, grappe)
    assert connecte(directrice).post(reverse("gouvernance:grappe-gouvernance", args=[grappe.pk])).status_code == 403
    assert not Instance.objects.exists()
    with pytest.raises(Refus):
        services.creer(grappe=grappe, par=directrice, type="comop", nom="COMOP")


def test_creer_une_instance_sans_nom_prend_celui_de_son_type(grappe: Grappe, cheffe: Utilisateur) -> None:
    client, ici = connecte(cheffe), reverse("gouvernance:instance-creer", args=[grappe.pk])
    saisie = {"type": "copil", "nom": "", "cadence": "libre", "quorum": "50", "delai_alerte": "21"}
    reponse = client.post(ici, saisie)
    creee = Instance.objects.get()
    assert reponse.url == reverse("gouvernance:instance-detail", args=[creee.pk])
    assert (creee.nom, creee.creee_par, creee.peut_lever) == ("COPIL", cheffe, False)
    reponse = client.post(ici, saisie)
    assert reponse.status_code == 422 and "porte déjà ce nom" in reponse.content.decode()
    reponse = client.post(ici, saisie | {"nom": "Autre", "quorum": "120"})
    assert reponse.status_code == 422 and "entre 0 et 100" in reponse.content.decode()
    assert Instance.objects.count() == 1


# --- régler --------------------------------------------------------------------------------------------------------


def test_regler_garde_la_saisie_si_l_on_s_est_croises(grappe: Grappe, cheffe: Utilisateur) -> None:
    comop = InstanceFactory(grappe=grappe, nom="COMOP")
    vu = jeton(Instance.history.filter(id=comop.pk))
    services.modifier(instance=comop, par=cheffe_de(grappe), cadence="mensuelle")
    saisie = {"vu": vu, "type": "comop", "nom": "COMOP bis", "cadence": "libre", "quorum": "50", "delai_alerte": "21"}
    ici = reverse("gouvernance:instance-modifier", args=[comop.pk])
    reponse = connecte(cheffe).post(ici, saisie)
    assert reponse.status_code == 409 and "COMOP bis" in reponse.content.decode()
    comop.refresh_from_db()
    assert comop.nom == "COMOP"


def test_ce_qu_elle_est_ne_change_plus_une_fois_reunie(grappe: Grappe, cheffe: Utilisateur) -> None:
    comop = InstanceFactory(grappe=grappe, quorum=0)
    services.modifier(instance=comop, par=cheffe, type=TypeInstance.COPIL)
    SeanceFactory(comite=comop)
    with pytest.raises(Refus) as leve:
        services.modifier(instance=comop, par=cheffe, type=TypeInstance.COSTRAT)
    assert "type" in leve.value.champs
    services.modifier(instance=comop, par=cheffe, quorum=30)


# --- clore ---------------------------------------------------------------------------------------------------------


def test_clore_finit_les_mandats_et_les_roles_qu_ils_portaient(grappe: Grappe, cheffe: Utilisateur) -> None:
    from gouvernance.services import mandats

    comop, jour = InstanceFactory(grappe=grappe), timezone.localdate()
    compte = UtilisateurFactory()
    mandats.confier(instance=comop, par=cheffe, utilisateur=compte, represente="utilisateurs")
    mandats.confier(instance=comop, par=cheffe, fonction="À venir", represente="personnes", du=jour + timedelta(days=9))
    page = connecte(cheffe).post(reverse("gouvernance:instance-clore", args=[comop.pk]), {"le": jour}, follow=True)
    assert "2 mandats y finissent" in page.content.decode()
    comop.refresh_from_db()
    assert comop.close_le == jour and list(comop.mandats.values_list("au", flat=True)) == [jour]
    assert Affectation.objects.get(utilisateur=compte).au == jour
    assert "1 instance close" in _gouvernance(cheffe, grappe)
    page = connecte(cheffe).get(reverse("gouvernance:instance-modifier", args=[comop.pk]), follow=True)
    assert "elle ne change plus" in page.content.decode()
    page = connecte(cheffe).get(reverse("gouvernance:mandat-creer", args=[comop.pk]), follow=True)
    assert "aucun siège ne s" in unescape(page.content.decode())


def test_on_ne_clot_ni_dans_l_avenir_ni_avant_une_seance_ni_avec_des_seances_a_tenir(
    grappe: Grappe, cheffe: Utilisateur
) -> None:
    comop, jour = InstanceFactory(grappe=grappe, quorum=0), timezone.localdate()
    seance_close(comop)

    def refus(ecart: int) -> str:
        with pytest.raises(Refus) as leve:
            services.clore(instance=comop, le=jour + timedelta(days=ecart), par=cheffe)
        return leve.value.motif

    assert "à une date passée" in refus(1) and "ne peut pas être avant" in refus(-2)
    a_venir = SeanceFactory(comite=comop)
    assert "1 séance reste" in refus(0)
    changer_etat(a_venir, "annuler", par=cheffe, motif="Reportée")
    with pytest.raises(Refus):
        services.clore(instance=comop, le=jour, par=directrice_de(ParcoursFactory(grappe=grappe)))


# --- lire ----------------------------------------------------------------------------------------------------------


def test_un_membre_ne_voit_que_les_siennes(grappe: Grappe, cheffe: Utilisateur) -> None:
    membre = affecter(Role.MEMBRE, grappe)
    siege, autre = InstanceFactory(grappe=grappe, nom="Le comité"), InstanceFactory(grappe=grappe, nom="Le cercle")
    mandater(siege, membre)
    SeanceFactory(comite=siege)
    page = _gouvernance(membre, grappe)
    assert "Le comité" in page and "Le cercle" not in page and "Vous y siégez" in page
    client = connecte(membre)
    assert client.get(reverse("gouvernance:instance-detail", args=[siege.pk])).status_code == 200
    assert client.get(reverse("gouvernance:instance-detail", args=[autre.pk])).status_code == 404
    assert "Le cercle" in _gouvernance(cheffe, grappe)


def test_mes_instances_de_toutes_mes_grappes(grappe: Grappe) -> None:
    membre, ailleurs = affecter(Role.MEMBRE, grappe), GrappeFactory(nom="Ailleurs")
    ici, la = (
        InstanceFactory(grappe=grappe, nom="Le comité", quorum=0),
        InstanceFactory(grappe=ailleurs, nom="Le cercle"),
    )
    InstanceFactory(grappe=grappe, nom="La ronde")
    client, page = connecte(membre), reverse("gouvernance:instance-siennes")
    assert "Vous ne siégez à aucune instance" in client.get(page).content.decode()
    mandater(ici, membre, represente="utilisateurs")
    mandater(la, utilisateur=UtilisateurFactory(nom="Une titulaire"), suppleant=membre)
    mandater(InstanceFactory(grappe=grappe, nom="Fini"), membre, au=timezone.localdate() - timedelta(days=1))
    lue = unescape(client.get(page).content.decode())
    assert "Le comité" in lue and "Les utilisateurs du DUI" in lue and "La ronde" not in lue and "Fini" not in lue
    assert "Le cercle" in lue and "suppléant de Une titulaire" in lue and "à prévoir" in lue
    cheffe = connecte(cheffe_de(grappe))
    lue = unescape(cheffe.get(page).content.decode())
    assert "La ronde" in lue and "sans y siéger" in lue and "Le cercle" not in lue

    def peupler(n: int) -> None:
        for _ in range(n):
            autre = InstanceFactory(quorum=0)
            mandater(autre, membre, represente="esms", esms=ParcoursFactory(grappe=autre.grappe).esms)
            SeanceFactory(comite=autre)

    exiger_requetes_constantes(client, page, peupler)


def test_une_directrice_lit_la_composition_mais_pas_les_seances(grappe: Grappe) -> None:
    parcours = ParcoursFactory(grappe=grappe)
    directrice, comop = directrice_de(parcours), InstanceFactory(grappe=grappe, quorum=0)
    seance = SeanceFactory(comite=comop, titre="Séance réservée")
    mandater(comop, represente="esms", esms=parcours.esms, utilisateur=UtilisateurFactory(nom="Une déléguée"))
    page = _page(directrice, "gouvernance:instance-detail", comop.pk)
    assert "Une déléguée" in page and "Séance réservée" not in page and "se lisent par les membres" in page
    assert "réservée à ses membres" in _gouvernance(directrice, grappe)
    mandater(comop, directrice)
    assert "Séance réservée" in _page(directrice, "gouvernance:instance-detail", comop.pk)
    assert f"{timezone.localtime(seance.debut):%Y}" in _gouvernance(directrice, grappe)


def test_le_financeur_ne_lit_rien(grappe: Grappe, cheffe: Utilisateur) -> None:
    changer_etat(grappe, "deposer", par=cheffe)
    ars, comop = affecter(Role.ARS, grappe.region), InstanceFactory(grappe=grappe)
    client = connecte(ars)
    for route in ("grappe-gouvernance", "grappe-representation"):
        reponse = client.get(reverse(f"gouvernance:{route}", args=[grappe.pk]))
        assert reponse.status_code == 403 and "partage daté" in unescape(reponse.content.decode())
    assert client.get(reverse("gouvernance:instance-detail", args=[comop.pk])).status_code == 404
    assert client.get(reverse("api:instance-liste")).json()["results"] == []
    vue = client.get(reverse("programme:grappe-detail", args=[grappe.pk])).content.decode()
    assert reverse("gouvernance:grappe-gouvernance", args=[grappe.pk]) not in vue, "pas d'onglet non plus"


def test_la_page_d_entree_dit_decisions_alertes_et_prochaine_seance(grappe: Grappe, cheffe: Utilisateur) -> None:
    comop = InstanceFactory(grappe=grappe, quorum=0, nom="COMOP")
    decision = DecisionFactory(comite=comop, intitule="Former la nuit d'abord")
    DecisionFactory(comite=comop, intitule="Encore à trancher", seance=decision.seance)
    changer_etat(decision, "arbitrer", par=cheffe)
    AlerteFactory(grappe=grappe, intitule="L'éditeur se tait")
    page = _gouvernance(cheffe, grappe)
    assert "Former la nuit d'abord" in page and "L'éditeur se tait" in page and "Encore à trancher" not in page
    directrice = directrice_de(ParcoursFactory(grappe=grappe))
    page = _gouvernance(directrice, grappe)
    assert "Former la nuit d'abord" in page, "arbitrée pour toute la grappe, elle la touche"


def test_le_comite_utilisateurs_lit_la_reponse_du_comop(grappe: Grappe) -> None:
    comite = InstanceFactory(grappe=grappe, type=TypeInstance.UTILISATEURS, nom="Comité utilisateurs")
    membre = mandater(comite, affecter(Role.MEMBRE, grappe)).utilisateur
    comop = InstanceFactory(grappe=grappe, quorum=0, nom="COMOP")
    point = PointFactory(seance=SeanceFactory(comite=comop), titre="La relève de nuit", demandee_par=comite)
    assert "pas encore de réponse" in _page(membre, "gouvernance:instance-detail", comite.pk)
    type(point).objects.filter(pk=point.pk).update(reponse="Un écran de relève arrive en mars.", suite="traite")
    page = _page(membre, "gouvernance:instance-detail", comite.pk)
    assert "La relève de nuit" in page and "Un écran de relève arrive en mars." in page


def test_la_composition_dit_ce_qui_manque_et_prepare_le_siege(grappe: Grappe, cheffe: Utilisateur) -> None:
    a, b = (ParcoursFactory(grappe=grappe) for _ in range(2))
    comop = InstanceFactory(grappe=grappe)
    page = _page(cheffe, "gouvernance:instance-detail", comop.pk)
    assert "2 sièges à pourvoir" in page and "Personne ne la préside" in page
    lien = f"?represente=categorie-{a.esms.categorie_id}&precise=og-{a.esms.og_id}"
    assert lien in page
    ici = reverse("gouvernance:mandat-creer", args=[comop.pk])
    prepare = unescape(connecte(cheffe).get(ici + lien).content.decode())
    assert (
        f'value="categorie-{a.esms.categorie_id}" selected' in prepare
        and f'value="og-{a.esms.og_id}" selected' in prepare
    )
    for p in (a, b):
        saisie = {
            "utilisateur": "",
            "fonction": "La représentante",
            "represente": f"categorie-{p.esms.categorie_id}",
            "precise": f"og-{p.esms.og_id}",
            "anime": "on",
            "a_voix": "on",
            "du": str(timezone.localdate()),
        }
        assert connecte(cheffe).post(ici, saisie).status_code == 302
    page = _page(cheffe, "gouvernance:instance-detail", comop.pk)
    assert "Les 2 sièges attendus sont tenus." in page and "à pourvoir" not in page


# --- coûts et API --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("qui", ["cheffe", "directrice"])
def test_requetes_constantes(grappe: Grappe, cheffe: Utilisateur, qui: str) -> None:
    comop = InstanceFactory(grappe=grappe, quorum=0, nom="COMOP")
    compte = cheffe if qui == "cheffe" else directrice_de(ParcoursFactory(grappe=grappe))

    def peupler(n: int) -> None:
        for _ in range(n):
            p = ParcoursFactory(grappe=grappe)
            autre = InstanceFactory(grappe=grappe, quorum=0)
            mandater(comop, represente="esms", esms=p.esms, suppleant=UtilisateurFactory())
            mandater(autre, represente="og", og=p.esms.og)
            SeanceFactory(comite=autre)
            SeanceFactory(comite=comop)
            AlerteFactory(grappe=grappe, parcours=p)

    for route, pk in (
        ("gouvernance:grappe-gouvernance", grappe.pk),
        ("gouvernance:grappe-representation", grappe.pk),
        ("gouvernance:instance-detail", comop.pk),
    ):
        exiger_requetes_constantes(connecte(compte), reverse(route, args=[pk]), peupler)


def test_l_api_rend_instances_et_sieges_en_cours(grappe: Grappe, cheffe: Utilisateur) -> None:
    categorie = CategorieFactory(code="246", sigle="ESAT", libelle="ESAT")
    esms = ParcoursFactory(grappe=grappe, esms__categorie=categorie).esms
    comop = InstanceFactory(grappe=grappe, nom="COMOP")
    InstanceFactory(grappe=grappe, nom="Ancien", close_le=timezone.localdate())
    InstanceFactory()
    mandater(comop, represente="esms", esms=esms, utilisateur=UtilisateurFactory(nom="Une directrice"), anime=True)
    mandater(comop, au=timezone.localdate() - timedelta(days=1))
    client, ici = connecte(cheffe), reverse("api:instance-liste")
    (lue,) = client.get(ici).json()["results"]
    assert (lue["nom"], lue["grappe"], lue["type"], lue["peut_lever"]) == ("COMOP", grappe.pk, "comop", True)
    (siege,) = lue["mandats"]
    attendu: dict[str, Any] = {"titulaire": "Une directrice", "represente": "esms", "esms": esms.finess, "anime": True}
    assert {nom: siege[nom] for nom in attendu} == attendu and siege["og"] is None
    assert len(client.get(ici, {"closes": "true"}).json()["results"]) == 2
    assert client.get(ici, {"type": "costrat"}).json()["results"] == []
    assert client.get(ici, {"type": "cercle"}).status_code == 400
    exiger_requetes_constantes(client, ici, lambda n: [mandater(InstanceFactory(grappe=grappe)) for _ in range(n)])
