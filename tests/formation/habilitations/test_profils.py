"""Profils et matrice types, profils tenus par le chef de projet : un métier n'en a qu'un."""

from typing import Any

import pytest

from formation.models import Matrice, Profil, RegleCoherence
from formation.services import matrices as services
from formation.services import profils as services_profils
from formation.services.references import charger_regles, matrice_type, profils_types
from programme.models import Grappe, Metier, Module
from programme.services.reference import DOSSIER, charger_reference
from programme.socle.versions import jeton
from tests.aides import connecte
from tests.fabriques import GrappeFactory, cheffe_de
from tests.formation.fabriques import MetierFactory, ProfilFactory
from tests.formation.habilitations.aides import cle, texte, url

pytestmark = pytest.mark.django_db


def test_les_references_se_tiennent() -> None:
    charger_reference()
    codes_metiers, codes_modules = set(Metier.objects.values_list("code", flat=True)), set()
    codes_modules |= set(Module.objects.values_list("code", flat=True))
    donnes = [code for p in profils_types() for code in p.metiers]
    assert sorted(donnes) == sorted(codes_metiers), "chaque métier a un profil type, et un seul"
    assert {m for _, m in matrice_type()} <= codes_modules
    assert {p for p, _ in matrice_type()} == {p.code for p in profils_types()}
    assert RegleCoherence.objects.count() == 8
    rejouee = charger_regles(DOSSIER)
    assert (rejouee.crees, rejouee.modifies, rejouee.inchanges) == (0, 0, 8)


def test_partir_de_la_matrice_type_en_un_clic() -> None:
    charger_reference()
    grappe = GrappeFactory()
    cheffe = cheffe_de(grappe)
    client = connecte(cheffe)
    assert "Partir de la matrice type" in texte(client.get(url("grappe-habilitations", grappe.pk)))
    rendu = client.post(url("grappe-habilitations", grappe.pk), follow=True)
    modele = Matrice.objects.get()
    assert rendu.redirect_chain[-1][0] == url("matrice-detail", modele.pk)
    assert Profil.objects.filter(grappe=grappe).count() == 13 and len(services.cases(modele)) == len(matrice_type())
    # Le type ne surprend aucune règle : restent les portées, qui sont un choix.
    assert {m.regle for m in modele.a_expliquer()} == {"portee"}
    encore = client.post(url("grappe-habilitations", grappe.pk), follow=True)
    assert "déjà en travail" in texte(encore) and Matrice.objects.count() == 1


def test_le_type_respecte_les_profils_deja_crees(grappe: Grappe, cheffe: Any) -> None:
    charger_reference()
    infirmier = Metier.objects.get(code="infirmier")
    sien = ProfilFactory(grappe=grappe, code="sante", nom="Santé")
    sien.metiers.add(infirmier)
    services_profils.partir_du_type(grappe=grappe, par=cheffe)
    assert [p.code for p in Profil.objects.filter(grappe=grappe, metiers=infirmier)] == ["sante"]


def test_un_metier_choisi_ailleurs_se_deplace_et_se_dit(
    grappe: Grappe, cheffe: Any, educ: Profil, veille: Profil
) -> None:
    metier = MetierFactory(code="surveillant-de-nuit", nom="Surveillant de nuit")
    educ.metiers.add(metier)
    client = connecte(cheffe)
    assert "Surveillant de nuit (Éducatif)" in texte(client.get(url("profil-modifier", veille.pk)))
    vu = jeton(Profil.history.filter(id=veille.pk))
    champs = {"nom": "Veille", "nature": "educatif", "metiers": [metier.pk], "vu": vu}
    rendu = client.post(url("profil-modifier", veille.pk), champs, follow=True)
    assert "Déplacé ici : Surveillant de nuit (était : Éducatif)" in texte(rendu)
    assert list(veille.metiers.all()) == [metier] and not educ.metiers.exists()


def test_deux_profils_ne_portent_pas_le_meme_nom(grappe: Grappe, cheffe: Any, educ: Profil) -> None:
    rendu = connecte(cheffe).post(url("profil-creer", grappe.pk), {"nom": "educatif", "nature": "educatif"})
    assert rendu.status_code == 422 and "s'appelle déjà" in texte(rendu)
    cree, _ = services_profils.creer_profil(
        grappe=grappe, nom="Éducatif bis", nature="educatif", metiers=[], par=cheffe
    )
    assert cree.code == "educatif-bis"


def test_retirer_un_profil_libere_ses_metiers_et_garde_ses_droits(
    grappe: Grappe, cheffe: Any, educ: Profil, variante: Matrice, directrice: Any
) -> None:
    educ.metiers.add(MetierFactory())
    services.ecrire_cases(variante, {cle(educ, "journal"): ("lecture", "unite")}, par=directrice)
    client = connecte(cheffe)
    page = texte(client.get(url("profil-retirer", educ.pk)))
    assert "0 en vigueur, 1 en travail" in page and "sans profil, à donner à un autre" in page
    client.post(url("profil-retirer", educ.pk), {"csrfmiddlewaretoken": "x"})
    educ.refresh_from_db()
    assert educ.retire_le and not educ.metiers.exists()
    assert educ in variante.profils_montres() and len(services.cases(variante)) == 1
    assert client.get(url("profil-modifier", educ.pk)).status_code == 404
