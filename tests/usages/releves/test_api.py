"""Pousser un chiffre par l'API : ce qui s'écrit, ce qui se refuse, et sous quel champ."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.socle.indicateurs import Mesure
from programme.socle.porte import changer_etat
from tests.aides import connecte, nb_requetes
from tests.fabriques import ParcoursFactory, affecter, cheffe_de
from tests.usages.fabriques import IndicateurFactory, SuiviFactory, ce_mois, le_mois_dernier, transmettre
from tests.usages.releves.aides import avancer, calcule, case, direction, exiger_totaux_justes, paire, presents, relever
from usages.calculs.controles import RAISON_DUE, VERROUILLE
from usages.models import Releve, Valeur
from usages.services.chiffres.feuilles import INATTENDU
from usages.services.chiffres.pousser import RIEN_DIT
from usages.services.chiffres.valeurs import poser_calcules

pytestmark = pytest.mark.django_db
URL = "/api/v1/releves/"


@pytest.fixture
def indicateur() -> Any:
    return IndicateurFactory(code="projets-a-jour", libelle="Projets à jour")


def envoyer(par: Any, parcours: Any, **champs: Any) -> Any:
    voulus = {"parcours": parcours.pk, "indicateur": "projets-a-jour", "periode": le_mois_dernier().code} | champs
    corps = {nom: valeur for nom, valeur in voulus.items() if valeur is not ...}
    return connecte(par).post(URL, corps, content_type="application/json")


def test_un_chiffre_manquant_se_cree_puis_se_redit(indicateur: Any) -> None:
    releve = relever(indicateur)
    directrice = direction(releve.parcours)
    assert reverse("api:releve-liste") == URL
    premiere = envoyer(directrice, releve.parcours, numerateur=31, denominateur=48, commentaire="Relevé du 30")
    assert premiere.status_code == 201
    assert premiere.json() == {
        "parcours": releve.parcours_id,
        "indicateur": "projets-a-jour",
        "periode": le_mois_dernier().code,
        "numerateur": 31.0,
        "denominateur": 48.0,
        "taux": pytest.approx(31 / 48),
        "motif": "",
        "commentaire": "Relevé du 30",
        "origine": "saisi",
        "mot_attendu": False,
        "releve": releve.pk,
        "etat": "saisi",
    }
    assert envoyer(directrice, releve.parcours, numerateur=31, denominateur=48).status_code == 200
    assert envoyer(directrice, releve.parcours, numerateur="32.5", denominateur=48).status_code == 200
    valeur = case(releve, indicateur)
    assert paire(valeur) == (Decimal("32.5"), 48) and valeur.ecrite_par == directrice
    assert valeur.commentaire == "Relevé du 30" and not valeur.raison
    exiger_totaux_justes()


@pytest.mark.parametrize("motif", ["non_mesurable", "non_concerne"])
def test_un_motif_au_lieu_d_un_nombre(indicateur: Any, motif: str) -> None:
    releve = relever(indicateur)
    reponse = envoyer(direction(releve.parcours), releve.parcours, motif=motif)
    assert (reponse.status_code, reponse.json()["motif"], reponse.json()["numerateur"]) == (201, motif, None)
    assert case(releve, indicateur).motif == motif


@pytest.mark.parametrize(
    ("champs", "fautif"),
    [
        ({"numerateur": 50, "denominateur": 48}, "numerateur"),
        ({"numerateur": -1, "denominateur": 48}, "numerateur"),
        ({"numerateur": 1, "denominateur": -48}, "numerateur"),
        ({"numerateur": 1.234, "denominateur": 48}, "numerateur"),
        ({"numerateur": "NaN", "denominateur": 48}, "numerateur"),
        ({"numerateur": 3, "denominateur": 4, "motif": "non_concerne"}, "motif"),
        ({"motif": "zero"}, "motif"),
        ({}, "numerateur"),
        ({"denominateur": 4}, "numerateur"),
        ({"periode": "novembre", "numerateur": 3, "denominateur": 4}, "periode"),
        ({"periode": "2026-13", "numerateur": 3, "denominateur": 4}, "periode"),
        ({"periode": "2026-T4", "numerateur": 3, "denominateur": 4}, "periode"),
        ({"periode": ..., "numerateur": 3, "denominateur": 4}, "periode"),
        ({"indicateur": "inconnu", "numerateur": 3, "denominateur": 4}, "indicateur"),
        ({"numerateur": 3, "denominateur": 4, "commentaire": "1 84 12 76 451 089 46"}, "commentaire"),
        ({"numerateur": 3, "denominateur": 4, "remarque": "?"}, "remarque"),
    ],
)
def test_un_mauvais_chiffre_se_dit_sous_son_champ(indicateur: Any, champs: dict[str, Any], fautif: str) -> None:
    releve = relever(indicateur)
    reponse = envoyer(direction(releve.parcours), releve.parcours, **champs)
    assert reponse.status_code == 400, reponse.content
    assert list(reponse.json()) == [fautif] and all(isinstance(p, str) for p in reponse.json()[fautif])
    assert not case(releve, indicateur).est_repondue


def test_une_periode_a_venir(indicateur: Any) -> None:
    releve = relever(indicateur)
    venir = ce_mois().suivante()
    reponse = envoyer(direction(releve.parcours), releve.parcours, periode=venir.code, numerateur=1, denominateur=2)
    assert reponse.status_code == 400 and "n'a pas commencé" in reponse.json()["periode"][0]


def test_un_indicateur_que_la_grappe_ne_suit_pas(indicateur: Any) -> None:
    releve = relever(indicateur)
    IndicateurFactory(code="autre")
    reponse = envoyer(direction(releve.parcours), releve.parcours, indicateur="autre", numerateur=1, denominateur=2)
    assert (reponse.status_code, reponse.json()) == (400, {"indicateur": [INATTENDU]})


def test_verrouille_ou_sans_releve(indicateur: Any) -> None:
    releve = relever(indicateur)
    directrice, cheffe = direction(releve.parcours), cheffe_de(releve.grappe)
    transmettre(releve, par=directrice)
    for geste in ("valider", "verrouiller"):
        changer_etat(releve, geste, par=cheffe)
    reponse = envoyer(directrice, releve.parcours, numerateur=1, denominateur=2)
    assert (reponse.status_code, reponse.json()["code"], reponse.json()["motif"]) == (409, "etat", VERROUILLE)
    vieux = le_mois_dernier().dernieres(20)[0].code
    reponse = envoyer(directrice, releve.parcours, periode=vieux, numerateur=1, denominateur=2)
    assert reponse.status_code == 409 and "Aucun relevé" in reponse.json()["motif"]


def test_corriger_un_transmis_demande_pourquoi(indicateur: Any) -> None:
    releve = relever(indicateur)
    directrice = direction(releve.parcours)
    envoyer(directrice, releve.parcours, numerateur=31, denominateur=48)
    transmettre(releve, par=directrice)
    reponse = envoyer(directrice, releve.parcours, numerateur=30, denominateur=48)
    assert (reponse.status_code, reponse.json()) == (400, {"commentaire": [RAISON_DUE]})
    reponse = envoyer(directrice, releve.parcours, numerateur=30, denominateur=48, commentaire="Un doublon")
    assert reponse.status_code == 200
    valeur = case(releve, indicateur)
    assert valeur.raison == "Un doublon" and valeur.extraite_numerateur == 31
    exiger_totaux_justes()


def test_corriger_un_calcul_garde_le_calcul_a_cote(indicateur: Any) -> None:
    compte = calcule(code="comptes")
    releve = relever(compte)
    Valeur.objects.filter(releve=releve).update(numerateur=7, origine="calcule")
    directrice = direction(releve.parcours)
    reponse = envoyer(directrice, releve.parcours, indicateur="comptes", numerateur=6)
    assert reponse.json() == {"commentaire": [RAISON_DUE]}
    reponse = envoyer(directrice, releve.parcours, indicateur="comptes", numerateur=6, commentaire="Un compte d'essai")
    assert reponse.status_code == 200 and case(releve, compte).extraite_numerateur == 7


def test_le_denominateur_partage_se_tait() -> None:
    commun = presents(code="presents")
    indicateur = IndicateurFactory(code="projets-a-jour", denominateur_commun=commun)
    releve = relever(commun, indicateur)
    directrice = direction(releve.parcours)
    envoyer(directrice, releve.parcours, indicateur="presents", numerateur=40)
    assert envoyer(directrice, releve.parcours, numerateur=30).json()["denominateur"] == 40.0
    trop = envoyer(directrice, releve.parcours, numerateur=30, denominateur=41)
    assert trop.status_code == 400 and list(trop.json()) == ["denominateur"]


def test_un_mois_designe_le_trimestre_d_un_indicateur_plus_lent() -> None:
    indicateur = IndicateurFactory(code="projets-a-jour", cadence="trimestre")
    releve = relever(indicateur)
    Releve.objects.filter(pk=releve.pk).update(debut="2025-10-01", cadence="trimestre")
    reponse = envoyer(direction(releve.parcours), releve.parcours, periode="2025-11", numerateur=1, denominateur=2)
    assert (reponse.status_code, reponse.json()["periode"]) == (201, "2025-T4")


def test_la_periode_finie_s_ouvre_d_elle_meme(indicateur: Any) -> None:
    parcours = ParcoursFactory()
    avancer(parcours, "ouverture")
    SuiviFactory(grappe=parcours.grappe, indicateur=indicateur)
    # « En ouverture » depuis aujourd'hui seulement : le mois dernier n'était pas dû.
    parcours.etapes.update(reelle=le_mois_dernier().debut)
    reponse = envoyer(direction(parcours), parcours, numerateur=1, denominateur=2)
    assert reponse.status_code == 201, reponse.content
    exiger_totaux_justes()


def test_hors_de_vue_404_vu_sans_saisir_403(indicateur: Any) -> None:
    releve = relever(indicateur)
    ailleurs = direction(ParcoursFactory())
    assert envoyer(ailleurs, releve.parcours, numerateur=1, denominateur=2).status_code == 404
    for par in (cheffe_de(releve.grappe), affecter(Role.ADMIN), affecter(Role.MEMBRE, releve.grappe)):
        reponse = envoyer(par, releve.parcours, numerateur=1, denominateur=2)
        assert reponse.status_code == 403 and "direction" in reponse.json()["motif"]
    # Direction ailleurs, cheffe de cette grappe : elle voit l'ESMS, et n'y saisit pas.
    affecter(Role.CHEF_PROJET, releve.grappe, utilisateur=ailleurs)
    assert envoyer(ailleurs, releve.parcours, numerateur=1, denominateur=2).status_code == 403
    assert not case(releve, indicateur).est_repondue


def test_rien_dit(indicateur: Any) -> None:
    releve = relever(indicateur)
    reponse = envoyer(direction(releve.parcours), releve.parcours)
    assert reponse.json() == {"numerateur": [RIEN_DIT]}


# --- lire ------------------------------------------------------------------------------------------------------------


def lire(par: Any, demande: str = "") -> list[dict[str, Any]]:
    reponse = connecte(par).get(f"{URL}?{demande}")
    assert reponse.status_code == 200, reponse.content
    return list(reponse.json()["results"])


def test_lire_un_chiffre_et_ses_parts_nommees() -> None:
    etats = calcule(code="etats", forme="repartition", parts={"prete": "Prête", "a_preparer": "À préparer"})
    releve = relever(etats)
    mesures = [Mesure(6), Mesure(4, cle="a_preparer"), Mesure(2, cle="prete")]
    poser_calcules(releve_cles=[releve.pk], mesures={etats.pk: {releve.parcours_id: mesures}}, le=timezone.now())
    (ligne,) = lire(direction(releve.parcours))
    assert ligne == {
        "parcours": releve.parcours_id,
        "indicateur": "etats",
        "periode": releve.periode.code,
        "numerateur": 6.0,
        "denominateur": None,
        "taux": None,
        "motif": "",
        "commentaire": "",
        "origine": "calcule",
        "mot_attendu": False,
        "releve": releve.pk,
        "etat": "saisi",
        "finess": releve.parcours.esms.finess,
        "esms": releve.parcours.esms.nom,
        "texte": "",
        "attendu_le": releve.echeance.isoformat(),
        "transmis_le": None,
        "parts": [
            {"cle": "prete", "libelle": "Prête", "nombre": 2.0},
            {"cle": "a_preparer", "libelle": "À préparer", "nombre": 4.0},
        ],
    }


def test_filtrer_par_esms_indicateur_periode_et_etat(indicateur: Any) -> None:
    autre = IndicateurFactory(code="contrats")
    parcours = ParcoursFactory()
    avant, dernier = (relever(indicateur, autre, parcours=parcours, recul=n) for n in (2, 1))
    ailleurs = relever(indicateur, parcours=ParcoursFactory(grappe=parcours.grappe))
    par, chef = direction(parcours), cheffe_de(parcours.grappe)
    transmettre(avant, par=par)

    def lus(qui: Any, demande: str) -> list[tuple[int, str]]:
        return [(x["releve"], x["indicateur"]) for x in lire(qui, demande)]

    assert len(lire(par)) == 4 and len(lire(chef)) == 5
    assert lus(par, "indicateur=contrats") == [(dernier.pk, "contrats"), (avant.pk, "contrats")]
    assert {r for r, _ in lus(par, f"de={dernier.periode.code}")} == {dernier.pk}
    assert {r for r, _ in lus(par, f"a={avant.periode.code}")} == {avant.pk}
    assert {r for r, _ in lus(par, "etat=transmis&etat=valide")} == {avant.pk}
    assert {r for r, _ in lus(chef, f"parcours={ailleurs.parcours_id}")} == {ailleurs.pk}
    assert connecte(par).get(f"{URL}?parcours={ailleurs.parcours_id}").status_code == 404


@pytest.mark.parametrize(
    ("demande", "champ"),
    [
        ("indicateur=inconnu", "indicateur"),
        ("de=hier", "de"),
        ("de=2026-11&a=2026-T1", "a"),
        ("etat=perdu", "etat"),
        ("parcours=douze", "parcours"),
        ("parcours=0", "parcours"),
    ],
)
def test_un_filtre_impossible_se_dit(demande: str, champ: str, db: None) -> None:
    reponse = connecte(cheffe_de(ParcoursFactory().grappe)).get(f"{URL}?{demande}")
    assert reponse.status_code == 400 and champ in reponse.content.decode()


def test_le_financeur_ne_lit_que_ce_qui_est_transmis_et_pour_lui(indicateur: Any) -> None:
    interne = IndicateurFactory(code="interne", transmis_au_financeur=False)
    releve = relever(indicateur, interne)
    changer_etat(releve.grappe, "constater", par=cheffe_de(releve.grappe), vers="deploiement")
    financeur = affecter(Role.ARS, releve.region)
    assert lire(financeur) == []
    transmettre(releve, par=direction(releve.parcours))
    assert [x["indicateur"] for x in lire(financeur)] == ["projets-a-jour"]
    assert lire(financeur, "indicateur=interne") == []
    assert lire(affecter(Role.ARS)) == lire(financeur)
    assert lire(direction(ParcoursFactory())) == []


def test_lire_coute_autant_pour_un_que_pour_cinquante(indicateur: Any) -> None:
    parcours = ParcoursFactory()
    chef = connecte(cheffe_de(parcours.grappe))
    relever(indicateur, parcours=parcours).valeurs.create(indicateur=indicateur, cle="a", numerateur=1)
    avant = nb_requetes(chef, URL)
    for _ in range(49):
        releve = relever(indicateur, parcours=ParcoursFactory(grappe=parcours.grappe))
        releve.valeurs.create(indicateur=indicateur, cle="a", numerateur=1)
    assert nb_requetes(chef, URL) == avant
    assert len(chef.get(f"{URL}?taille=10").json()["results"]) == 10
