"""Remplir à plusieurs, coller, expliquer : rien ne se perd, rien ne se devine."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import models
from django.urls import reverse
from django.utils import timezone

from formation.enums import EtatMatrice
from formation.models import Matrice, Profil, RaisonHabilitation, RegleCoherence
from formation.services import matrices as services
from programme.models import Grappe, Parcours
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.formation.habilitations.aides import case, cle, envoi_de, rempli, texte, url

pytestmark = pytest.mark.django_db


def test_remplir_la_grille_par_le_formulaire(variante: Matrice, directrice: Any, educ: Profil) -> None:
    client = connecte(directrice)
    envoi = rempli(client, variante) | {case(educ, "journal"): "ecriture:toutes"}
    rendu = client.post(url("matrice-saisir", variante.pk), envoi, follow=True)
    assert "Grille enregistrée : 1 case changée." in texte(rendu)
    assert services.cases(variante) == {cle(educ, "journal"): ("ecriture", "toutes")}
    assert "Rien n’a changé." in texte(
        client.post(url("matrice-saisir", variante.pk), rempli(client, variante), follow=True)
    )


def test_un_droit_inconnu_est_refuse_et_dit_ou(variante: Matrice, directrice: Any, educ: Profil) -> None:
    client = connecte(directrice)
    envoi = rempli(client, variante) | {
        case(educ, "journal"): "tout:unite",
        case(educ, "soins"): "lecture:monde",
        "c-1-x": "lecture:unite",
        "c-999999-1": "lecture:unite",
    }
    rendu = client.post(url("matrice-saisir", variante.pk), envoi)
    assert rendu.status_code == 422 and not services.cases(variante)
    assert "« Éducatif », « Journal » : « tout » n'est pas un droit" in texte(rendu)
    assert "« Éducatif », « Soins » : « monde » n'est pas une portée" in texte(rendu)


@pytest.mark.parametrize(
    "envoi",
    [
        {"saisie": "x", "depart": "1-2=tout:monde n'importe quoi 3-=: =", "c-1-2": "="},
        {"saisie": "²", "depart": ""},
        {"geste": "coller", "bloc": "L\tL", "case": "c-9-9", "saisie": "0"},
        {"geste": "coller", "bloc": "L\n" * 500, "saisie": "0"},
        {},
    ],
)
def test_un_envoi_malforme_ne_casse_rien(variante: Matrice, directrice: Any, envoi: dict[str, str]) -> None:
    rendu = connecte(directrice).post(url("matrice-saisir", variante.pk), envoi)
    assert rendu.status_code in (200, 409, 422) and not services.cases(variante)


def test_a_plusieurs_les_deux_saisies_se_reunissent_avant_d_ecrire(
    variante: Matrice, directrice: Any, cheffe: Any, educ: Profil, veille: Profil
) -> None:
    client = connecte(directrice)
    envoi = rempli(client, variante)
    envoi |= {case(educ, "journal"): "ecriture:unite", case(educ, "soins"): "lecture:suivies"}
    des_autres = {cle(educ, "soins"): ("validation", "unite"), cle(veille, "journal"): ("lecture", "unite")}
    services.ecrire_cases(variante, des_autres, par=cheffe)
    croisee = client.post(url("matrice-saisir", variante.pk), envoi)
    page = texte(croisee)
    assert croisee.status_code == 409 and f"Entre-temps, {cheffe} a enregistré cette grille." in page
    assert "Veille, Journal : lecture, les personnes de l'unité" in page and "1 case changée des deux côtés" in page
    assert services.cases(variante) == des_autres
    second = client.post(url("matrice-saisir", variante.pk), envoi_de(croisee.content.decode()))
    assert second.status_code == 302
    assert services.cases(variante) == {
        cle(educ, "journal"): ("ecriture", "unite"),
        cle(educ, "soins"): ("lecture", "suivies"),
        cle(veille, "journal"): ("lecture", "unite"),
    }


def test_coller_sans_script_pose_sans_enregistrer(
    variante: Matrice, directrice: Any, educ: Profil, veille: Profil
) -> None:
    client = connecte(directrice)
    envoi = rempli(client, variante) | {case(educ, "soins"): "validation:unite"}
    colle = client.post(
        url("matrice-saisir", variante.pk),
        envoi | {"geste": "coller", "bloc": "L\tE toutes", "case": case(veille, "journal")},
    )
    assert "2 cases collées, 2 changent." in texte(colle) and not services.cases(variante)
    client.post(url("matrice-saisir", variante.pk), envoi_de(colle.content.decode()))
    assert services.cases(variante) == {
        cle(educ, "soins"): ("validation", "unite"),
        cle(veille, "journal"): ("lecture", "unite"),
        cle(veille, "soins"): ("ecriture", "toutes"),
    }


def test_un_bloc_faux_ne_se_pose_pas_a_moitie(variante: Matrice, directrice: Any, educ: Profil) -> None:
    client = connecte(directrice)
    envoi = rempli(client, variante) | {"geste": "coller", "bloc": "L\tpeut-être", "case": case(educ, "journal")}
    rendu = client.post(url("matrice-saisir", variante.pk), envoi)
    assert rendu.status_code == 422
    assert "Ligne 1 (« Éducatif »), colonne « Soins » : « peut-être » n'est pas un droit." in texte(rendu)
    assert envoi_de(rendu.content.decode())[case(educ, "journal")] == "aucun"
    assert "peut-être" in rendu.content.decode()
    vide = client.post(url("matrice-saisir", variante.pk), rempli(client, variante) | {"geste": "coller", "bloc": " "})
    assert vide.status_code == 422 and "Collez d'abord un bloc" in texte(vide)


@pytest.mark.parametrize("etat", [EtatMatrice.SOUMISE, EtatMatrice.VALIDEE, EtatMatrice.REMPLACEE])
def test_ce_qui_n_est_plus_en_brouillon_ne_se_remplit_plus(variante: Matrice, directrice: Any, etat: str) -> None:
    models.QuerySet(Matrice).update(etat=etat)
    client = connecte(directrice)
    for rendu in (
        client.get(url("matrice-saisir", variante.pk), follow=True),
        client.post(url("matrice-saisir", variante.pk), follow=True),
    ):
        assert "la grille ne s'écrit plus" in texte(rendu)


# --- Expliquer ---


@pytest.fixture
def a_expliquer(variante: Matrice, directrice: Any, educ: Profil, veille: Profil) -> Matrice:
    """Deux portées locales, et personne n'administre."""
    RegleCoherence.objects.create(
        code="admin", libelle="Personne n'administre le DUI", nature="personne_ne", droit="administration"
    )
    toutes = {cle(p, "journal"): ("lecture", "toutes") for p in (educ, veille)}
    services.ecrire_cases(variante, toutes, par=directrice)
    return variante


def test_sans_raison_le_passage_dit_ce_qui_reste_et_ou_le_donner(a_expliquer: Matrice, directrice: Any) -> None:
    client = connecte(directrice)
    page = reverse("programme:passage", args=["matrice", a_expliquer.pk, "valider"])
    envoi = {"version": 0, "date_effet": timezone.localdate().isoformat(), "motif": ""}
    rendu = client.post(page, envoi)
    assert rendu.status_code == 409 and "Une raison pour 3 choix à expliquer" in texte(rendu)
    assert "Personne n'administre le DUI" in texte(rendu)
    assert url("matrice-raison", a_expliquer.pk) in rendu.content.decode()


def test_une_raison_pour_toutes_les_portees_d_un_coup(a_expliquer: Matrice, directrice: Any) -> None:
    client = connecte(directrice)
    hier = timezone.localdate() - timedelta(days=1)
    envoi = {
        "decidee_le": hier.isoformat(),
        "portee:*": "equipe",
        "portee:*:mot": "Deux équipes, un seul couloir.",
        "admin:*:mot": "L'éditeur administre pour nous la première année.",
    }
    rendu = client.post(url("matrice-raison", a_expliquer.pk), envoi, follow=True)
    assert "2 raisons enregistrées. Tout est expliqué." in texte(rendu)
    raisons = {r.cle + r.regle: r for r in a_expliquer.raisons.all()}
    assert raisons["*admin"].motif_type == "autre" and raisons["*portee"].decidee_le == hier
    assert raisons["*portee"].donnee_par == directrice
    assert "Deux équipes, un seul couloir." in texte(client.get(url("matrice-detail", a_expliquer.pk)))
    changer_etat(a_expliquer, "valider", par=directrice)
    rendu = client.get(url("matrice-raison", a_expliquer.pk), follow=True)
    assert "leurs raisons ne changent plus" in texte(rendu)


@pytest.mark.parametrize(
    ("envoi", "phrase"),
    [
        ({"portee:educatif": "autre"}, "dites laquelle, en une phrase"),
        ({"portee:educatif": "parce-que"}, "Sélectionnez un choix valide"),
        ({"portee:educatif": "suivi", "decidee_le": "2999-01-01"}, "ou d'un jour passé"),
    ],
)
def test_une_raison_mal_dite(a_expliquer: Matrice, directrice: Any, envoi: dict[str, str], phrase: str) -> None:
    corps = {"decidee_le": timezone.localdate().isoformat()} | envoi
    rendu = connecte(directrice).post(url("matrice-raison", a_expliquer.pk), corps)
    assert rendu.status_code == 422 and phrase in texte(rendu)
    assert not RaisonHabilitation.objects.exists()


def test_la_raison_du_modele_vaut_pour_les_variantes(
    grappe: Grappe, parcours: Parcours, cheffe: Any, directrice: Any, educ: Profil
) -> None:
    RegleCoherence.objects.create(code="admin", libelle="Personne", nature="personne_ne", droit="administration")
    modele = services.ouvrir_modele(grappe=grappe, par=cheffe)
    services.ecrire_cases(modele, {cle(educ, "journal"): ("lecture", "unite")}, par=cheffe)
    RaisonHabilitation.objects.create(
        matrice=modele, regle="admin", cle="*", motif_type="autre", motif="Externalisé", donnee_par=cheffe
    )
    changer_etat(modele, "valider", par=cheffe)
    variante = services.ouvrir_variante(parcours=parcours, par=directrice, au_modele=True)
    assert variante.reste_a_expliquer() == []
