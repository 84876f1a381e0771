"""Écrire d'un bloc, à plusieurs ; ouvrir une version, suivre le modèle, valider, revoir."""

from datetime import timedelta

import pytest
from django.db import models
from django.utils import timezone

from formation.calculs.matrice import plus_mois
from formation.enums import EtatMatrice
from formation.models import Matrice, Profil, RaisonHabilitation, RegleCoherence
from formation.services import matrices as services
from programme.models import Grappe, Module, Parcours, Utilisateur
from programme.socle.erreurs import Refus
from programme.socle.models import Passage
from programme.socle.porte import changer_etat
from tests.formation.fabriques import MatriceFactory, PosteFactory, ProfilFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def soins(grappe: Grappe) -> Profil:
    return ProfilFactory(grappe=grappe, code="soins", nom="Soins")


def module(code: str) -> int:
    return Module.objects.get(code=code).pk


def valider(matrice: Matrice, par: Utilisateur) -> Matrice:
    changer_etat(matrice, "valider", par=par)
    return matrice


def modele_de(grappe: Grappe, par: Utilisateur, cases: dict) -> Matrice:
    """Un modèle validé, ses portées expliquées d'un coup."""
    avant = services.modele_en_vigueur(grappe)
    modele = services.ouvrir_modele(grappe=grappe, par=par, source=avant)
    services.ecrire_cases(modele, cases, par=par)
    RaisonHabilitation.objects.get_or_create(
        matrice=modele, regle="portee", cle="*", defaults={"motif_type": "equipe", "donnee_par": par}
    )
    return valider(modele, par)


def test_ecrire_pose_change_et_retire(parcours: Parcours, directrice: Utilisateur, educ: Profil) -> None:
    matrice = services.ouvrir_variante(parcours=parcours, par=directrice)
    journal, soins = (educ.pk, module("journal")), (educ.pk, module("soins"))
    services.ecrire_cases(matrice, {journal: ("lecture", "unite"), soins: ("lecture", "suivies")}, par=directrice)
    changes = services.ecrire_cases(
        matrice, {journal: ("ecriture", "toutes"), soins: ("aucun", "unite")}, par=directrice, saisie=1
    )
    assert services.cases(matrice) == {journal: ("ecriture", "toutes")}
    assert [e.nature for e in changes] == ["changée", "retirée"] and matrice.saisie == 2
    # Rien ne change : ni écriture, ni version.
    assert services.ecrire_cases(matrice, {journal: ("ecriture", "toutes")}, par=directrice) == []
    assert Matrice.objects.get().saisie == 2


def test_une_case_fautive_et_rien_ne_s_ecrit(parcours: Parcours, directrice: Utilisateur, educ: Profil) -> None:
    matrice = services.ouvrir_variante(parcours=parcours, par=directrice)
    ailleurs = ProfilFactory(nom="D'ailleurs")
    fautives = {
        (educ.pk, module("journal")): ("lecture", "unite"),
        (educ.pk, module("soins")): ("tout", "unite"),
        (ailleurs.pk, module("soins")): ("lecture", "unite"),
        (educ.pk, 999_999): ("lecture", "unite"),
    }
    with pytest.raises(Refus) as refus:
        services.ecrire_cases(matrice, fautives, par=directrice)
    assert refus.value.champs["cases"] == [
        "« Éducatif », « Soins » : « tout » n'est pas un droit. Attendu : Aucun, Lecture, Écriture, Validation, "
        "Administration.",
        f"« {ailleurs.pk} », « Soins » : ce profil n'est pas de la grappe, ou il est retiré.",
        "« Éducatif », « 999999 » : ce module n'est pas au périmètre de la grappe.",
    ]
    assert services.cases(matrice) == {} and matrice.saisie == 0


def test_deux_saisies_a_la_fois_la_seconde_l_apprend(
    parcours: Parcours, directrice: Utilisateur, cheffe: Utilisateur, educ: Profil
) -> None:
    matrice = services.ouvrir_variante(parcours=parcours, par=directrice)
    case = (educ.pk, module("journal"))
    services.ecrire_cases(matrice, {case: ("lecture", "unite")}, par=cheffe, saisie=0)
    with pytest.raises(Refus) as refus:
        services.ecrire_cases(matrice, {case: ("ecriture", "unite")}, par=directrice, saisie=0)
    assert refus.value.code == "concurrence" and str(cheffe) in refus.value.motif
    assert services.cases(matrice)[case] == ("lecture", "unite")


@pytest.mark.parametrize("etat", ["soumise", "validee", "remplacee"])
def test_une_matrice_validee_ne_s_ecrit_plus(
    parcours: Parcours, directrice: Utilisateur, educ: Profil, etat: str
) -> None:
    matrice = services.ouvrir_variante(parcours=parcours, par=directrice)
    models.QuerySet(Matrice).update(etat=etat)
    matrice.refresh_from_db()
    with pytest.raises(Refus) as refus:
        services.ecrire_cases(matrice, {(educ.pk, module("journal")): ("lecture", "unite")}, par=directrice)
    assert refus.value.code == "etat"


def test_valider_remplace_celle_d_avant_par_la_porte_et_pose_la_revue(
    grappe: Grappe, cheffe: Utilisateur, educ: Profil
) -> None:
    case = (educ.pk, module("journal"))
    premier = modele_de(grappe, cheffe, {case: ("lecture", "unite")})
    second = modele_de(grappe, cheffe, {case: ("ecriture", "unite")})
    premier.refresh_from_db()
    assert (premier.etat, second.etat) == (EtatMatrice.REMPLACEE, EtatMatrice.VALIDEE)
    assert Passage.objects.de(premier).last().motif == "Remplacée par la n° 2."
    assert second.revue_prevue_le == plus_mois(timezone.localdate(), 12)
    assert services.modele_en_vigueur(grappe) == second and services.cases(premier)[case] == ("lecture", "unite")


def test_on_ne_remplace_pas_ce_que_rien_ne_remplace(grappe: Grappe, cheffe: Utilisateur, educ: Profil) -> None:
    seul = modele_de(grappe, cheffe, {(educ.pk, module("journal")): ("lecture", "unite")})
    with pytest.raises(Refus) as refus:
        changer_etat(seul, "remplacer", par=cheffe, motif="pour voir")
    assert refus.value.code == "conditions" and seul.etat == EtatMatrice.VALIDEE


def test_sans_raison_la_validation_attend_et_dit_ou_la_donner(
    parcours: Parcours, directrice: Utilisateur, educ: Profil, soins: Profil
) -> None:
    RegleCoherence.objects.create(
        code="admin", libelle="Personne n'administre", nature="personne_ne", droit="administration"
    )
    matrice = services.ouvrir_variante(parcours=parcours, par=directrice)
    services.ecrire_cases(
        matrice,
        {(educ.pk, module("journal")): ("lecture", "toutes"), (soins.pk, module("soins")): ("ecriture", "unite")},
        par=directrice,
    )
    for transition in ("soumettre", "valider"):
        with pytest.raises(Refus) as refus:
            changer_etat(matrice, transition, par=directrice)
        (manque,) = refus.value.manques
        assert manque.libelle == "Une raison pour 2 choix à expliquer"
        assert manque.mesure == "Personne n'administre et « Éducatif » : toutes les personnes pour Journal"
        assert manque.lien.endswith(f"/matrices/{matrice.pk}/raisons/")
    for regle, cle in (("admin", "*"), ("portee", "educatif")):
        RaisonHabilitation.objects.create(
            matrice=matrice, regle=regle, cle=cle, motif_type="petite_equipe", donnee_par=directrice
        )
    assert valider(matrice, directrice).etat == EtatMatrice.VALIDEE


def test_une_grille_vide_ne_se_valide_pas(parcours: Parcours, directrice: Utilisateur) -> None:
    matrice = services.ouvrir_variante(parcours=parcours, par=directrice)
    with pytest.raises(Refus) as refus:
        changer_etat(matrice, "valider", par=directrice)
    assert [m.code for m in refus.value.manques] == ["cases"]


def test_un_metier_tenu_aujourd_hui_sans_profil(parcours: Parcours, educ: Profil) -> None:
    RegleCoherence.objects.create(code="metier", libelle="Un métier sans profil", nature="metier_sans_profil")
    tenu = PosteFactory(parcours=parcours)
    hier = timezone.localdate() - timedelta(days=1)
    parti = PosteFactory(parcours=parcours, metier__code="animateur", fin=hier)
    matrice = MatriceFactory(parcours=parcours)
    assert list(matrice.metiers_sans_profil()) == [tenu.metier.code]
    assert [m.cle for m in matrice.a_expliquer()] == [tenu.metier.code]
    educ.metiers.add(tenu.metier, parti.metier)
    assert matrice.metiers_sans_profil() == {}


def test_la_variante_part_du_modele_et_ne_s_explique_que_de_ce_qui_en_differe(
    grappe: Grappe, parcours: Parcours, cheffe: Utilisateur, directrice: Utilisateur, educ: Profil
) -> None:
    case = (educ.pk, module("journal"))
    modele = modele_de(grappe, cheffe, {case: ("lecture", "toutes")})
    variante = services.ouvrir_variante(parcours=parcours, par=directrice, au_modele=True)
    assert variante.modele == modele and services.cases(variante) == services.cases(modele)
    assert variante.a_expliquer() == []
    services.ecrire_cases(variante, {case: ("lecture", "unite")}, par=directrice)
    assert [m.cle for m in variante.a_expliquer()] == ["educatif"]


def test_une_seule_version_en_travail(parcours: Parcours, directrice: Utilisateur) -> None:
    services.ouvrir_variante(parcours=parcours, par=directrice)
    with pytest.raises(Refus, match="n° 1"):
        services.ouvrir_variante(parcours=parcours, par=directrice)


def test_suivre_le_modele_garde_les_choix_de_l_esms(
    grappe: Grappe, parcours: Parcours, cheffe: Utilisateur, directrice: Utilisateur, educ: Profil, soins: Profil
) -> None:
    a, b, c = (educ.pk, module("journal")), (educ.pk, module("soins")), (soins.pk, module("soins"))
    modele_de(grappe, cheffe, {a: ("lecture", "unite"), b: ("lecture", "unite")})
    variante = services.ouvrir_variante(parcours=parcours, par=directrice, au_modele=True)
    services.ecrire_cases(variante, {b: ("ecriture", "unite")}, par=directrice)
    neuf = modele_de(grappe, cheffe, {a: ("validation", "unite"), b: ("aucun", "unite"), c: ("ecriture", "unite")})
    variante.refresh_from_db()
    assert len(services.ecarts_du_modele(variante, neuf)) == 3
    assert services.suivre_le_modele(matrice=variante, par=directrice) == (2, 1)
    assert services.cases(variante) == {a: ("validation", "unite"), b: ("ecriture", "unite"), c: ("ecriture", "unite")}
    variante.refresh_from_db()
    assert variante.modele == neuf and services.ecarts_du_modele(variante, neuf) == []


def test_une_version_de_plus_garde_cases_raisons_et_modele_compare(
    grappe: Grappe, parcours: Parcours, cheffe: Utilisateur, directrice: Utilisateur, educ: Profil
) -> None:
    case = (educ.pk, module("journal"))
    ancien = modele_de(grappe, cheffe, {case: ("lecture", "unite")})
    premiere = services.ouvrir_variante(parcours=parcours, par=directrice, au_modele=True)
    services.ecrire_cases(premiere, {case: ("lecture", "suivies")}, par=directrice)
    hier = timezone.localdate() - timedelta(days=1)
    RaisonHabilitation.objects.create(
        matrice=premiere, regle="portee", cle="educatif", motif_type="suivi", donnee_par=directrice, decidee_le=hier
    )
    valider(premiere, directrice)
    modele_de(grappe, cheffe, {case: ("ecriture", "unite")})
    seconde = services.ouvrir_variante(parcours=parcours, par=directrice, source=premiere)
    assert seconde.numero == 2 and seconde.modele == ancien
    assert services.cases(seconde) == services.cases(premiere) and seconde.reste_a_expliquer() == []
    assert seconde.raisons.get().decidee_le == hier


def test_revoir_repousse_la_revue(parcours: Parcours, directrice: Utilisateur, educ: Profil) -> None:
    matrice = services.ouvrir_variante(parcours=parcours, par=directrice)
    with pytest.raises(Refus):
        services.revoir(matrice=matrice, par=directrice)
    services.ecrire_cases(matrice, {(educ.pk, module("journal")): ("lecture", "unite")}, par=directrice)
    valider(matrice, directrice)
    jour = timezone.localdate() - timedelta(days=3)
    revue = services.revoir(matrice=matrice, par=directrice, le=jour)
    revue.refresh_from_db()
    assert (revue.revue_le, revue.revue_prevue_le) == (jour, plus_mois(jour, 12))
    with pytest.raises(Refus):
        services.revoir(matrice=matrice, par=directrice, le=timezone.localdate() + timedelta(days=1))
    assert services.en_vigueur(parcours) == matrice
