"""`manage.py reprendre` : à blanc d'abord, toutes les fautes, un code de sortie, et qui reprend."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from programme.demonstration.annuaire import ECHANTILLON
from programme.models import Grappe, Parcours, Utilisateur
from programme.socle.models import Passage
from tests.fabriques import GrappeFactory, affecter, cheffe_de
from tests.programme.reprise.aides import CLASSEURS, FAUTIF, annuaire, correspondance

pytestmark = pytest.mark.django_db


@pytest.fixture
def grappe() -> Grappe:
    annuaire()
    return GrappeFactory()


@pytest.fixture
def cheffe(grappe: Grappe) -> Utilisateur:
    return cheffe_de(grappe)


def reprendre(code: str, grappe: Grappe, **options: Any) -> str:
    sortie = io.StringIO()
    options = {"correspondance": code, "grappe": grappe.pk} | options
    call_command("reprendre", str(CLASSEURS[code]), stdout=sortie, **options)
    return sortie.getvalue()


def test_a_blanc_puis_ecrit_puis_plus_rien(grappe: Grappe, cheffe: Utilisateur) -> None:
    correspondance("reprise-1", cheffe)
    dit = reprendre("reprise-1", grappe)
    assert "12 créés" in dit and "À blanc" in dit and "vagues de déploiement" in dit and "ligne 2" in dit
    assert not Parcours.objects.exists()
    assert "Écrit : 12 lignes." in reprendre("reprise-1", grappe, ecrire=True)
    assert Parcours.objects.count() == 12 and Passage.objects.filter(transition="constater", par=cheffe).exists()
    rejoue = reprendre("reprise-1", grappe, ecrire=True)
    assert "12 inchangés" in rejoue and "Rien à écrire" in rejoue


def test_les_comptes_ouverts_se_disent(grappe: Grappe, cheffe: Utilisateur) -> None:
    correspondance("reprise-2", cheffe)
    assert "invitez-les depuis la page de la grappe" in reprendre("reprise-2", grappe, ecrire=True)


def test_une_faute_et_la_commande_refuse(grappe: Grappe, cheffe: Utilisateur) -> None:
    correspondance(FAUTIF, cheffe)
    sortie = io.StringIO()
    with pytest.raises(CommandError, match="12 fautes : rien n'est écrit"):
        call_command(
            "reprendre", str(CLASSEURS[FAUTIF]), correspondance=FAUTIF, grappe=grappe.pk, ecrire=True, stdout=sortie
        )
    assert sortie.getvalue().count("Faute, ligne") == 12 and "en bonne voie" in sortie.getvalue()
    assert not Parcours.objects.exists()


def test_ce_qui_manque_est_dit(grappe: Grappe, cheffe: Utilisateur) -> None:
    with pytest.raises(CommandError, match="Aucune correspondance"):
        reprendre("reprise-1", grappe)
    correspondance("reprise-1", cheffe)
    with pytest.raises(CommandError, match="Aucun compte ouvert"):
        reprendre("reprise-1", grappe, par="personne")
    with pytest.raises(CommandError, match="n'est pas un fichier"):
        call_command("reprendre", "/absent.xlsx", correspondance="reprise-1", grappe=grappe.pk)
    with pytest.raises(CommandError, match="ne voit aucune grappe"):
        reprendre("reprise-1", GrappeFactory())
    with pytest.raises(CommandError, match="Fichier refusé"):
        call_command("reprendre", str(ECHANTILLON), correspondance="reprise-1", grappe=grappe.pk)


def test_un_code_que_deux_comptes_ont_demande_lequel(grappe: Grappe, cheffe: Utilisateur) -> None:
    autre = affecter("chef_projet", grappe)
    correspondance("reprise-1", cheffe)
    correspondance("reprise-1", autre)
    with pytest.raises(CommandError, match=f"--par IDENTIFIANT .*{autre.identifiant}"):
        reprendre("reprise-1", grappe)
    assert "12 créés" in reprendre("reprise-1", grappe, par=autre.identifiant.upper())


def test_voir_la_grappe_ne_suffit_pas(grappe: Grappe) -> None:
    membre = affecter("membre", grappe)
    correspondance("reprise-1", membre)
    with pytest.raises(CommandError, match="ne peut pas reprendre cette grappe"):
        reprendre("reprise-1", grappe, ecrire=True)
    assert not Parcours.objects.exists()
