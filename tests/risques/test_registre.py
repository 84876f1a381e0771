"""Le registre : écrire, recoter, prévenir ; la liste, ses filtres, ses exports."""

import html
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from programme.enums import Role
from programme.models import Action, Parcours
from programme.socle.a_faire import Urgence, a_faire
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from programme.socle.regles_alerte import regles
from risques.calculs.criticite import niveau as niveau_pur
from risques.models import BaremeRisques, Risque
from risques.services.baremes import bareme_de
from risques.services.registre import (
    CLOS,
    REGLE_D_ALERTE,
    RESIDUEL_A_MOITIE,
    actions_de,
    ajouter_une_action,
    creer_risque,
    inacceptables,
    modifier_risque,
)
from tests.aides import connecte, exiger_requetes_constantes, lignes_csv
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.gouvernance.fabriques import AlerteFactory
from tests.risques.fabriques import RisqueFactory


def lu(reponse: Any) -> str:
    """Le corps, tel qu'on le lit."""
    return html.unescape(reponse.content.decode()).replace("\xa0", " ").replace("\u202f", " ")


VALEURS = {"libelle": "Panne du réseau un soir de relève", "categorie": "technique", "probabilite": 3, "impact": 4}
LISTE = "/risques/"


@pytest.fixture
def parcours(db: None) -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Any:
    return directrice_de(parcours)


def _refus(**valeurs: Any) -> dict[str, list[str]]:
    with pytest.raises(Refus) as refus:
        creer_risque(**valeurs)
    return refus.value.champs


# --- écrire --------------------------------------------------------------------------------------------------------


def test_un_risque_d_esms_ou_de_grappe(parcours: Parcours, directrice: Any) -> None:
    risque = creer_risque(cible=parcours, par=directrice, **VALEURS)
    assert (risque.parcours, risque.grappe, risque.brut, risque.residuel) == (parcours, parcours.grappe, 12, None)
    de_grappe = creer_risque(cible=parcours.grappe, par=cheffe_de(parcours.grappe), **VALEURS)
    assert de_grappe.parcours is None and de_grappe.cible == parcours.grappe
    with pytest.raises(Refus) as refus:
        creer_risque(cible=parcours.grappe, par=directrice, **VALEURS)
    assert refus.value.code == "droit"


def test_le_proprietaire_suit_la_regle_du_responsable(parcours: Parcours, directrice: Any) -> None:
    etranger, financeur = directrice_de(ParcoursFactory()), affecter(Role.ARS, parcours.grappe.region)
    for compte in (etranger, financeur):
        assert "proprietaire" in _refus(cible=parcours, par=directrice, **VALEURS, proprietaire=compte)
    deux = {"proprietaire": directrice, "proprietaire_nom": "La cadre de santé"}
    assert "proprietaire_nom" in _refus(cible=parcours, par=directrice, **VALEURS, **deux)
    assert creer_risque(cible=parcours, par=directrice, **VALEURS, proprietaire=directrice).nom_du_proprietaire


@pytest.mark.parametrize(
    ("faute", "champ"),
    [
        ({"probabilite": 5}, "probabilite"),
        ({"impact": 0}, "impact"),
        ({"categorie": "meteo"}, "categorie"),
        ({"libelle": ""}, "libelle"),
        ({"libelle": "NIR 1 85 05 78 006 084 91"}, "libelle"),
        ({"libelle": "x" * 161}, "libelle"),
        ({"precision": "x" * 1001}, "precision"),
        ({"probabilite_residuelle": 2}, "impact_residuel"),
        ({"impact_residuel": 2}, "probabilite_residuelle"),
    ],
)
def test_une_saisie_fautive_est_refusee_a_son_champ(
    parcours: Parcours, directrice: Any, faute: dict[str, Any], champ: str
) -> None:
    assert champ in _refus(cible=parcours, par=directrice, **(VALEURS | faute))
    assert not Risque.objects.exists()


def test_une_revue_passee_se_refuse_mais_ne_se_redemande_pas(parcours: Parcours, directrice: Any) -> None:
    hier = timezone.localdate() - timedelta(days=1)
    assert "revue_le" in _refus(cible=parcours, par=directrice, **VALEURS, revue_le=hier)
    risque = RisqueFactory(parcours=parcours, revue_le=hier)
    modifier_risque(risque=risque, par=directrice, libelle="Autre", revue_le=hier)
    assert Risque.objects.get().libelle == "Autre"


def test_clos_il_ne_s_ecrit_plus_ni_ne_recoit_d_action(parcours: Parcours, directrice: Any) -> None:
    risque = RisqueFactory(parcours=parcours)
    changer_etat(risque, "clore", par=directrice, motif="Réseau refait")
    with pytest.raises(Refus, match=CLOS):
        modifier_risque(risque=risque, par=directrice, libelle="Autre")
    with pytest.raises(Refus, match=CLOS):
        ajouter_une_action(risque=risque, par=directrice, libelle="Trop tard")
    reponse = connecte(directrice).get(reverse("risques:risque-modifier", args=[risque.pk]), follow=True)
    assert CLOS in lu(reponse)


def test_deux_corrections_ne_s_ecrasent_pas(parcours: Parcours, directrice: Any) -> None:
    risque = creer_risque(cible=parcours, par=directrice, **VALEURS)
    client, url = connecte(directrice), reverse("risques:risque-modifier", args=[risque.pk])
    vu = client.get(url).context["formulaire"].initial["vu"]
    cheffe = cheffe_de(parcours.grappe)
    modifier_risque(risque=risque, par=cheffe, impact=1)
    reponse = client.post(url, {**VALEURS, "vu": vu, "libelle": "Le mien"})
    corps = reponse.content.decode()
    assert reponse.status_code == 409 and f"{cheffe} a changé" in corps and "Le mien" in corps
    assert Risque.objects.get().impact == 1
    # Relu, le second envoi passe : le jeton suivi est celui de la version montrée.
    assert client.post(url, {**VALEURS, "vu": reponse.context["formulaire"].data["vu"]}).status_code == 302


def test_recoter_se_lit_dans_l_histoire(parcours: Parcours, directrice: Any) -> None:
    risque = creer_risque(cible=parcours, par=directrice, **VALEURS)
    client, url = connecte(directrice), reverse("risques:risque-modifier", args=[risque.pk])
    saisie = {**VALEURS, "vu": client.get(url).context["formulaire"].initial["vu"]}
    assert RESIDUEL_A_MOITIE in client.post(url, saisie | {"impact_residuel": 2}).content.decode().replace(
        "&#x27;", "'"
    )
    reponse = client.post(url, saisie | {"impact_residuel": 2, "probabilite_residuelle": 1}, follow=True)
    corps = lu(reponse)
    assert "Résiduelle : pas dite → rare × moyen" in corps and "2 sur 16" in corps
    assert (
        '<span class="niveau r1">acceptable</span>' in corps and '<span class="niveau r4">inacceptable</span>' in corps
    )


# --- les actions ---------------------------------------------------------------------------------------------------


def test_une_action_nait_d_un_risque_et_y_ramene(parcours: Parcours, directrice: Any) -> None:
    risque = creer_risque(cible=parcours, par=directrice, **VALEURS)
    client = connecte(directrice)
    client.post(reverse("risques:risque-action", args=[risque.pk]), {"libelle": "Poser une borne"})
    action = Action.objects.get()
    assert (action.origine, action.source, action.parcours) == ("risque", risque, parcours)
    assert actions_de(risque, par=directrice) == [action]
    page = client.get(reverse("programme:action-detail", args=[action.pk])).content.decode()
    assert f'href="/risques/{risque.pk}/"' in page and "Panne du réseau" in page
    assert "Poser une borne" in client.get(f"/risques/{risque.pk}/").content.decode()
    assert "Poser une borne" in client.get(f"/parcours/{parcours.pk}/risques/").content.decode()


# --- inacceptable, à revoir ----------------------------------------------------------------------------------------


def _lignes(qui: Any) -> dict[str, Any]:
    qui.__dict__.pop("perimetre", None)
    return {ligne.titre: ligne for ligne in a_faire(qui, timezone.localdate())}


def test_inacceptable_previent_la_direction_et_le_chef_de_projet(parcours: Parcours, directrice: Any) -> None:
    cheffe, membre = cheffe_de(parcours.grappe), affecter(Role.MEMBRE, parcours.grappe)
    voisine, grades = (
        directrice_de(ParcoursFactory(grappe=parcours.grappe)),
        affecter(Role.GRADES, parcours.grappe.region),
    )
    titre = "Traiter un risque inacceptable"
    RisqueFactory(parcours=parcours, probabilite=2, impact=4)
    assert titre not in _lignes(cheffe)
    risque = RisqueFactory(parcours=parcours, probabilite=3, impact=4)
    assert inacceptables(par=membre, grappes=[parcours.grappe_id]) == [risque]
    assert inacceptables(par=voisine, grappes=[parcours.grappe_id]) == inacceptables(par=membre) == []
    assert {_lignes(qui)[titre].urgence for qui in (directrice, cheffe)} == {Urgence.DECIDER}
    for qui in (
        membre,
        voisine,
        grades,
        affecter(Role.ARS, parcours.grappe.region),
        affecter(Role.REFERENT, parcours.esms),
    ):
        assert titre not in _lignes(qui)
    # Ce que quelqu'un a écrit ne part pas par courriel : entre guillemets, ou dans `texte`.
    assert risque.libelle not in _lignes(cheffe)[titre].titre + _lignes(cheffe)[titre].detail
    modifier_risque(risque=risque, par=directrice, probabilite_residuelle=1, impact_residuel=4)
    assert titre not in _lignes(directrice) and titre not in _lignes(cheffe)


def test_une_alerte_donnee_au_comop_ne_se_redit_pas_au_chef_de_projet(parcours: Parcours, directrice: Any) -> None:
    cheffe, titre = cheffe_de(parcours.grappe), "Traiter un risque inacceptable"
    risque = RisqueFactory(parcours=parcours, probabilite=3, impact=4)
    regle = {"grappe": parcours.grappe, "parcours": parcours, "origine": "regle", "levee_par": None}
    AlerteFactory(regle="date_visee_passee", cle=str(risque.pk), **regle)
    AlerteFactory(regle=REGLE_D_ALERTE, cle=str(risque.pk + 1), **regle)
    assert titre in _lignes(cheffe), "ni une autre règle, ni un autre risque"
    alerte = AlerteFactory(regle=REGLE_D_ALERTE, cle=str(risque.pk), **regle)
    assert titre not in _lignes(cheffe) and "Prendre en charge 3 alertes" in _lignes(cheffe)
    assert titre in _lignes(directrice), "la direction traite toujours son risque"
    changer_etat(alerte, "clore", par=cheffe, reponse="Un second lien est posé.")
    assert titre in _lignes(cheffe), "l'alerte est close, le risque reste inacceptable"
    assert not regles or REGLE_D_ALERTE in regles.codes()


def test_un_risque_a_revoir_attend_son_proprietaire(parcours: Parcours, directrice: Any) -> None:
    hier = timezone.localdate() - timedelta(days=1)
    risque = RisqueFactory(parcours=parcours, proprietaire=directrice, revue_le=hier)
    assert _lignes(directrice)["Revoir un risque"].url == f"/risques/{risque.pk}/"
    assert "Revoir un risque" not in _lignes(cheffe_de(parcours.grappe))
    directrice.affectations.update(au=hier)
    assert "Revoir un risque" not in _lignes(directrice), "partie, elle ne le voit plus"


# --- le niveau -----------------------------------------------------------------------------------------------------


class NiveauEnSql(TestCase):
    """Le niveau que filtre la base est celui que calcule le module pur."""

    @given(st.integers(1, 4), st.integers(1, 4), st.sets(st.integers(2, 16), min_size=3, max_size=3), st.booleans())
    def test_le_sql_et_le_calcul_disent_le_meme_niveau(self, p: int, i: int, bornes: set[int], regle: bool) -> None:
        grappe = GrappeFactory()
        significatif, critique, inacceptable = sorted(bornes)
        if regle:
            BaremeRisques.objects.create(
                grappe=grappe, significatif=significatif, critique=critique, inacceptable=inacceptable
            )
        risque = RisqueFactory(grappe=grappe, probabilite=p, impact=i)
        relu = Risque.objects.avec_niveau().select_related("grappe__bareme_risques").get(pk=risque.pk)
        bareme = bareme_de(relu.grappe)
        assert relu.niveau == niveau_pur(p * i, bareme.bornes) == bareme.niveau(p, i)
        assert (relu.niveau == "inacceptable") is Risque.objects.inacceptables().filter(pk=risque.pk).exists()


# --- la liste ------------------------------------------------------------------------------------------------------


def test_la_liste_montre_les_ouverts_et_les_plus_critiques_d_abord(parcours: Parcours, directrice: Any) -> None:
    petit = RisqueFactory(parcours=parcours, probabilite=1, impact=1)
    grave = RisqueFactory(parcours=parcours, probabilite=4, impact=4)
    changer_etat(RisqueFactory(parcours=parcours), "clore", par=directrice, motif="fait")
    RisqueFactory(parcours=ParcoursFactory(grappe=parcours.grappe))
    reponse = connecte(directrice).get(LISTE)
    assert [ligne.record for ligne in reponse.context["liste"].table.rows] == [grave, petit]
    assert reponse.content.decode().count(f">{parcours.esms.nom}</a>") == 2, "chaque ligne dit pour qui"
    assert "dont 1 inacceptable" in reponse.content.decode().replace("\xa0", " ")
    assert connecte(directrice).get(f"{LISTE}?etat=toutes").context["liste"].total == 3


@pytest.mark.parametrize(
    ("critere", "attendus"),
    [
        ("niveau=inacceptable", {"grave"}),
        ("niveau=inacceptable&niveau=acceptable", {"grave", "petit"}),
        ("categorie=humain", {"petit"}),
        ("proprietaire=moi", {"grave"}),
        ("proprietaire=personne", {"petit", "commun"}),
        ("revue=passee", {"grave"}),
        ("revue=sans", {"petit", "commun"}),
        ("portee=grappe", {"commun"}),
        ("portee=esms", {"grave", "petit"}),
        ("recherche=reseau", {"grave"}),
        ("etat=identifie", {"grave", "petit", "commun"}),
        ("etat=clos", set()),
    ],
)  # fmt: skip
def test_chaque_filtre_garde_ce_qu_il_dit(parcours: Parcours, critere: str, attendus: set[str]) -> None:
    cheffe, hier = cheffe_de(parcours.grappe), timezone.localdate() - timedelta(days=1)
    noms = {
        RisqueFactory(
            parcours=parcours, probabilite=4, impact=4, libelle="Réseau coupé", proprietaire=cheffe, revue_le=hier
        ): "grave",
        RisqueFactory(parcours=parcours, probabilite=1, impact=1, categorie="humain"): "petit",
        RisqueFactory(grappe=parcours.grappe, probabilite=2, impact=2): "commun",
    }
    lignes = connecte(cheffe).get(f"{LISTE}?{critere}").context["liste"].table.rows
    assert {noms[ligne.record] for ligne in lignes} == attendus


def test_l_export_dit_les_memes_mots(parcours: Parcours, directrice: Any) -> None:
    RisqueFactory(parcours=parcours, libelle="=cmd|' /C calc'!A0", proprietaire=directrice, cree_par=directrice)
    entete, ligne = lignes_csv(connecte(directrice).get(f"{LISTE}?format=csv"))
    dit = dict(zip(entete, ligne, strict=True))
    assert dit["Niveau"] == "Critique" and dit["Suivi par"] == str(directrice)
    assert not dit["Risque"].startswith("="), "une formule ne s'emporte pas"


@pytest.mark.parametrize("format_demande", ["impression", "csv"])
def test_ce_qu_on_emporte_nomme_chaque_risque_en_requetes_constantes(parcours: Parcours, format_demande: str) -> None:
    """Chaque risque y cite sa grappe, et la grappe son barème : l'une en a un, l'autre non."""
    BaremeRisques.objects.create(grappe=parcours.grappe, significatif=2, critique=3, inacceptable=4)
    admin, url = connecte(affecter(Role.ADMIN)), f"{LISTE}?format={format_demande}"

    def peupler(n: int) -> None:
        for _ in range(n):
            RisqueFactory(grappe=parcours.grappe, libelle="Panne du réseau")
            RisqueFactory(parcours=ParcoursFactory(), libelle="Une autre grappe")

    peupler(1)
    reponse = admin.get(url)
    page = (b"".join(reponse) if reponse.streaming else reponse.content).decode()
    assert "Panne du réseau" in page and "Une autre grappe" in page
    exiger_requetes_constantes(admin, url, peupler)


def test_la_liste_lit_en_requetes_constantes(parcours: Parcours) -> None:
    cheffe = cheffe_de(parcours.grappe)

    def peupler(n: int) -> None:
        for _ in range(n):
            RisqueFactory(parcours=ParcoursFactory(grappe=parcours.grappe), proprietaire=cheffe, cree_par=cheffe)

    exiger_requetes_constantes(connecte(cheffe), LISTE, peupler)


# --- les pages -----------------------------------------------------------------------------------------------------


def test_ecrire_un_risque_demande_d_abord_pour_quoi_s_il_y_a_le_choix(parcours: Parcours) -> None:
    client = connecte(cheffe_de(parcours.grappe))
    assert "Pour quoi" in client.get("/risques/ajouter/").content.decode()
    cle = f"parcours-{parcours.pk}"
    suite = client.post("/risques/ajouter/", {"cible": cle})
    assert suite.status_code == 302 and suite.url.endswith(cle)
    reponse = client.post(suite.url, VALEURS, follow=True)
    assert "est écrit, pour" in reponse.content.decode() and Risque.objects.get().parcours == parcours
    ailleurs = ParcoursFactory()
    assert client.post(f"/risques/ajouter/?cible=parcours-{ailleurs.pk}", VALEURS).status_code == 404


def test_qui_n_a_qu_un_esms_ecrit_tout_de_suite(parcours: Parcours, directrice: Any) -> None:
    page = connecte(directrice).get("/risques/ajouter/").content.decode()
    assert "Avant les actions." in page and "résiduelle" not in page.lower()


def test_un_risque_de_grappe_se_lit_par_qui_en_est(parcours: Parcours, directrice: Any) -> None:
    risque = RisqueFactory(grappe=parcours.grappe)
    page = connecte(directrice).get(f"/risques/{risque.pk}/").content.decode()
    assert "toute la grappe" in page and "Modifier" not in page
    assert connecte(affecter(Role.GRADES, parcours.grappe.region)).get(f"/risques/{risque.pk}/").status_code == 404


def test_sans_action_le_geste_d_abord_est_d_en_ecrire_une(parcours: Parcours, directrice: Any) -> None:
    risque = RisqueFactory(parcours=parcours)
    page, ajouter = (reverse(f"risques:risque-{nom}", args=[risque.pk]) for nom in ("detail", "action"))
    traiter = reverse("programme:passage", args=["risque", risque.pk, "traiter"])

    def corps() -> str:
        return connecte(directrice).get(page).content.decode()

    assert f'<a class="btn btn-primary" href="{ajouter}">' in corps()
    assert f'<a class="btn btn-outline-primary" href="{traiter}">' in corps()
    connecte(directrice).post(ajouter, {"libelle": "Relever le réseau"})
    assert f'<a class="btn btn-primary" href="{traiter}">' in corps(), "l'action écrite, le risque se dit en traitement"
    assert f'<a class="btn btn-primary" href="{ajouter}">' not in corps()
