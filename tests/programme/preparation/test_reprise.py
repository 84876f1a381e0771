"""La reprise des données : des lignes qui se comptent, et une ouverture qui les attend quand les soins en dépendent."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from programme.conditions import dater
from programme.enums import MoyenReprise, PointDepart
from programme.models import LigneReprise, Ouverture, Parcours, Utilisateur
from programme.services import lignes
from programme.services.checklist.lecture import lire_checklist
from programme.socle.conditions import Constat, evaluer
from programme.socle.erreurs import Refus
from programme.socle.models import ReglageCondition
from programme.socle.porte import changer_etat
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import (
    LigneRepriseFactory,
    OuvertureFactory,
    ParcoursFactory,
    cheffe_de,
    directrice_de,
    modele_publie,
    reunir_ce_qui_barre,
)

pytestmark = pytest.mark.django_db
CODES = ("reprise", "reprise_soins", "reprise_reste")


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    return directrice_de(parcours)


def page(parcours: Parcours) -> str:
    return reverse("programme:parcours-reprise", args=[parcours.pk])


def constats(parcours: Parcours) -> dict[str, Constat]:
    ouverture = Ouverture.objects.filter(unite__parcours=parcours).first() or OuvertureFactory(unite__parcours=parcours)
    lus = evaluer(Ouverture.objects.filter(pk=ouverture.pk), "ouvrir")[ouverture.pk]
    return {c.condition.code: c for c in lus if c.condition.code in CODES}


# --- les conditions ------------------------------------------------------------------------------------------------


def test_sans_ligne_c_est_la_date_qui_compte(parcours: Parcours, directrice: Utilisateur) -> None:
    assert {code: c.ok for code, c in constats(parcours).items()} == {
        "reprise": False,
        "reprise_soins": None,
        "reprise_reste": None,
    }
    dater("reprise")(parcours, directrice)
    assert constats(parcours)["reprise"].ok is True


def test_avec_des_lignes_la_date_ne_suffit_plus(parcours: Parcours, directrice: Utilisateur) -> None:
    dater("reprise")(parcours, directrice)
    ligne = LigneRepriseFactory(parcours=parcours)
    lus = constats(parcours)
    assert lus["reprise"].ok is None and lus["reprise_reste"].avertit and lus["reprise_soins"].ok is None
    assert lus["reprise_reste"].mesure == "0 reprise finie sur 1"
    LigneReprise.objects.filter(pk=ligne.pk).update(reste=0)
    assert constats(parcours)["reprise_reste"].ok is True


def test_ce_dont_les_soins_dependent_barre_l_ouverture(parcours: Parcours, directrice: Utilisateur) -> None:
    ouverture = OuvertureFactory(unite__parcours=parcours)
    changer_etat(parcours, "constater", par=directrice, vers="ouverture")
    reunir_ce_qui_barre(ouverture, transition="ouvrir", par=directrice)
    ligne = LigneRepriseFactory(parcours=parcours, quoi="Traitements en cours", securite_soins=True)
    changer_etat(ouverture, "preparer", par=directrice)
    with pytest.raises(Refus) as refus:
        changer_etat(ouverture, "ouvrir", par=directrice, motif="pressés")
    assert refus.value.code == "conditions" and "sécurité des soins" in refus.value.motif
    manque = next(m for m in refus.value.manques if m.code == "reprise_soins")
    assert manque.severite == "barre" and manque.lien == page(parcours)
    ligne.reste = 0
    ligne.save()
    assert changer_etat(ouverture, "ouvrir", par=directrice, motif="sous réserve du reste").vers == "ouverte"


def test_ce_qui_n_est_pas_repris_et_se_dit_est_regle(parcours: Parcours) -> None:
    LigneRepriseFactory(parcours=parcours, securite_soins=True, moyen=MoyenReprise.AUCUN)
    assert constats(parcours)["reprise_soins"].ok is True


def test_un_reste_pas_compte_n_est_pas_fini(parcours: Parcours) -> None:
    LigneRepriseFactory(parcours=parcours, volume=None, reste=None)
    assert constats(parcours)["reprise_reste"].ok is False


def test_le_point_de_depart_ne_dispense_pas_de_ce_qu_on_a_dit(parcours: Parcours) -> None:
    Parcours.objects.filter(pk=parcours.pk).update(point_depart=PointDepart.MEME_DUI)
    assert constats(parcours)["reprise"].ok is None
    LigneRepriseFactory(parcours=parcours, securite_soins=True)
    assert constats(parcours)["reprise_soins"].barre


def test_une_grappe_regle_la_severite(parcours: Parcours) -> None:
    LigneRepriseFactory(parcours=parcours, securite_soins=True)
    ReglageCondition.objects.create(grappe=parcours.grappe, condition="reprise_soins", severite="avertit")
    assert constats(parcours)["reprise_soins"].avertit


def test_la_checklist_suit_les_lignes(parcours: Parcours, directrice: Utilisateur) -> None:
    modele_publie({"reprise": "esms"}, mesure="reprise")
    dater("reprise")(parcours, directrice)
    assert lire_checklist(parcours).ligne("reprise").statut == "fait"
    ligne = LigneRepriseFactory(parcours=parcours)
    assert lire_checklist(parcours).ligne("reprise").statut == "a_faire"
    LigneReprise.objects.filter(pk=ligne.pk).update(reste=0)
    assert lire_checklist(parcours).ligne("reprise").statut == "fait"


def test_l_accueil_mene_aux_lignes_et_ne_redemande_pas_la_date(parcours: Parcours, directrice: Utilisateur) -> None:
    OuvertureFactory(unite__parcours=parcours)
    changer_etat(parcours, "constater", par=directrice, vers="ouverture")
    accueil = reverse("programme:accueil")
    assert "Dater la reprise des données" in connecte(directrice).get(accueil).content.decode()
    LigneRepriseFactory(parcours=parcours, securite_soins=True)
    texte = connecte(directrice).get(accueil).content.decode()
    assert "Dater la reprise des données" not in texte
    assert "Reprendre les données dont dépend la sécurité des soins" in texte and page(parcours) in texte


# --- écrire --------------------------------------------------------------------------------------------------------


SAISIE = {"genre": "reprise", "quoi": "Traitements en cours", "source": "papier", "unite": "classeurs"}


def test_un_volume_sans_reste_dit_que_tout_reste(parcours: Parcours, directrice: Utilisateur) -> None:
    reponse = connecte(directrice).post(page(parcours), SAISIE | {"volume": 12, "securite_soins": "on"})
    assert reponse.status_code == 302
    ligne = LigneReprise.objects.get()
    assert (ligne.volume, ligne.reste, ligne.unite, ligne.securite_soins) == (12, 12, "classeurs", True)
    texte = connecte(directrice).get(page(parcours)).content.decode()
    assert "12 classeurs" in texte and "La sécurité des soins en dépend" in texte


@pytest.mark.parametrize(
    ("saisie", "faute"),
    [
        ({"volume": 10, "reste": 11}, "rester plus que le volume, 10"),
        ({"source": ""}, "où elles sont aujourd&#x27;hui"),
        ({"quoi": ""}, "quelles données"),
        ({"volume": -1}, "supérieure ou égale à 0"),
    ],
)
def test_une_saisie_fautive_se_dit_et_ne_perd_rien(
    parcours: Parcours, directrice: Utilisateur, saisie: dict[str, Any], faute: str
) -> None:
    reponse = connecte(directrice).post(page(parcours), SAISIE | saisie)
    texte = reponse.content.decode()
    assert reponse.status_code == 422 and faute in texte and 'value="classeurs"' in texte
    assert not LigneReprise.objects.exists()


def test_la_base_refuse_plus_de_reste_que_de_volume(parcours: Parcours) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        LigneRepriseFactory(parcours=parcours, volume=10, reste=11)


def test_corriger_le_reste_puis_retirer(parcours: Parcours, directrice: Utilisateur) -> None:
    ligne = LigneRepriseFactory(parcours=parcours)
    adresse = reverse("programme:ligne-modifier", args=[parcours.pk, "reprise", ligne.pk])
    client = connecte(directrice)
    saisie = {"quoi": ligne.quoi, "source": "papier", "unite": "dossiers", "volume": 40, "reste": 0}
    assert client.post(adresse, saisie).status_code == 302
    assert "Plus rien à reprendre" in client.get(page(parcours)).content.decode()
    assert client.post(adresse, {"geste": "retirer"}).status_code == 302
    assert not LigneReprise.objects.exists() and LigneReprise.history.count() == 3


def test_la_seconde_personne_apprend_ce_qui_a_change(parcours: Parcours, directrice: Utilisateur) -> None:
    ligne = LigneRepriseFactory(parcours=parcours)
    vu = LigneReprise.history.latest("history_id").history_id
    lignes.enregistrer(parcours=parcours, modele=LigneReprise, valeurs={"reste": 5}, par=directrice, ligne=ligne)
    with pytest.raises(Refus) as refus:
        lignes.enregistrer(
            parcours=parcours, modele=LigneReprise, valeurs={"reste": 8}, par=directrice, ligne=ligne, vu=vu
        )
    assert refus.value.code == "concurrence" and directrice.nom in refus.value.motif


def test_la_page_coute_un_nombre_constant_de_requetes(parcours: Parcours) -> None:
    def peupler(nombre: int) -> None:
        LigneRepriseFactory.create_batch(nombre, parcours=parcours)

    exiger_requetes_constantes(connecte(cheffe_de(parcours.grappe)), page(parcours), peupler)
