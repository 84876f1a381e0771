"""Services d'une grappe : monter, faire entrer, conduire. Tout vérifier avant d'écrire."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from programme.donnees_partagees import faits_de_grappe
from programme.enums import Role
from programme.models import Affectation, Grappe, Ouverture, Parcours, Unite, Vague, Verification
from programme.services import conduite
from programme.services.grappes import ajouter_esms, creer_grappe, examiner_numeros, modifier_grappe
from programme.socle.erreurs import Refus
from programme.socle.models import ReglageCondition
from programme.socle.porte import changer_etat
from tests.fabriques import (
    EsmsFactory,
    GrappeFactory,
    ModuleFactory,
    OgFactory,
    OuvertureFactory,
    ParcoursFactory,
    SolutionFactory,
    UtilisateurFactory,
    affecter,
    cheffe_de,
    directrice_de,
)

pytestmark = pytest.mark.django_db


# --- monter ----------------------------------------------------------------------------------------------------------


def test_qui_monte_une_grappe_la_conduit_aussitot() -> None:
    siege = affecter(Role.SIEGE, OgFactory())
    esms = EsmsFactory.create_batch(2)
    grappe = creer_grappe(
        nom="Coteaux réunis",
        par=siege,
        solution=SolutionFactory(),
        modules=[ModuleFactory()],
        type_projet="usages",
        esms=esms,
    )
    assert Affectation.objects.get(grappe=grappe).role == Role.CHEF_PROJET
    assert set(Parcours.objects.visibles_par(siege)) == set(grappe.parcours.all())
    assert {p.type_projet for p in grappe.parcours.all()} == {"usages"}


def test_l_administrateur_monte_une_grappe_pour_un_chef_de_projet() -> None:
    chef, admin = UtilisateurFactory(), affecter(Role.ADMIN)
    grappe = creer_grappe(nom="Coteaux", par=admin, chef=chef)
    confiee = Affectation.objects.get(grappe=grappe)
    assert (confiee.utilisateur, confiee.confie_par) == (chef, admin)


@pytest.mark.parametrize("soi_meme", [True, False])
def test_l_administrateur_ne_conduit_pas_ce_qu_il_monte(soi_meme: bool) -> None:
    admin = affecter(Role.ADMIN)
    with pytest.raises(Refus) as refus:
        creer_grappe(nom="Coteaux", par=admin, chef=admin if soi_meme else None)
    assert set(refus.value.champs) == {"chef"} and not Grappe.objects.exists()


def test_un_directeur_ne_monte_pas_de_grappe() -> None:
    with pytest.raises(Refus) as refus:
        creer_grappe(nom="Coteaux", par=affecter(Role.DIRECTEUR, EsmsFactory()))
    assert refus.value.code == "droit" and not Grappe.objects.exists()


def test_une_grappe_sans_nom_ou_avec_un_nir_ne_s_ecrit_pas() -> None:
    with pytest.raises(Refus) as refus:
        creer_grappe(nom=" ", par=affecter(Role.SIEGE, OgFactory()), presentation="2 55 08 14 168 025 38")
    assert set(refus.value.champs) == {"nom", "presentation"} and not Grappe.objects.exists()


def test_un_esms_entre_avec_son_unite_et_une_ouverture_par_module() -> None:
    grappe = GrappeFactory()
    grappe.modules.set([ModuleFactory(), ModuleFactory(code="agenda", nom="Agenda")])
    cheffe = cheffe_de(grappe)
    (parcours,) = ajouter_esms(grappe=grappe, esms=[EsmsFactory()], par=cheffe, type_projet="acquisition")
    assert parcours.solution == grappe.solution
    assert Unite.objects.get(parcours=parcours).nom == "ESMS entier"
    assert Ouverture.objects.filter(unite__parcours=parcours).count() == 2
    assert parcours.history.get().history_user == cheffe


def test_un_seul_esms_fautif_et_rien_ne_s_ecrit_mais_tout_se_dit() -> None:
    grappe = GrappeFactory()
    deja = ParcoursFactory(grappe=grappe).esms
    ferme = EsmsFactory(est_actif=False)
    with pytest.raises(Refus) as refus:
        ajouter_esms(grappe=grappe, esms=[EsmsFactory(), ferme, deja], par=cheffe_de(grappe), type_projet="usages")
    assert len(refus.value.champs["esms"]) == 2 and Parcours.objects.count() == 1


def test_seule_la_cheffe_fait_entrer_un_esms() -> None:
    parcours = ParcoursFactory()
    with pytest.raises(Refus) as refus:
        ajouter_esms(grappe=parcours.grappe, esms=[EsmsFactory()], par=directrice_de(parcours), type_projet="usages")
    assert refus.value.code == "droit" and Parcours.objects.count() == 1


def test_un_module_ajoute_ouvre_une_ligne_un_module_retire_n_efface_rien() -> None:
    grappe = GrappeFactory()
    ouverture = OuvertureFactory(unite__parcours__grappe=grappe)
    sorti = OuvertureFactory(unite__parcours__grappe=grappe).unite
    cheffe = cheffe_de(grappe)
    changer_etat(sorti.parcours, "sortir", par=cheffe, motif="retrait")
    agenda = ModuleFactory(code="agenda", nom="Agenda")
    modifier_grappe(grappe=grappe, par=cheffe, modules=[agenda])
    assert set(ouverture.unite.ouvertures.values_list("module__code", flat=True)) == {"agenda", "journal-de-bord"}
    assert sorti.ouvertures.count() == 1


# --- examiner des numéros --------------------------------------------------------------------------------------------


def _codes(examen: Any) -> list[str]:
    return [d.code for d in examen.defauts]


def test_l_examen_explique_chaque_numero_et_garde_les_bons() -> None:
    grappe = GrappeFactory()
    bon, autre = EsmsFactory.create_batch(2)
    ferme = EsmsFactory(est_actif=False, ferme_le=date(2024, 5, 2), remplace_par=autre)
    inconnu = EsmsFactory.build().finess
    fausse_cle = bon.finess[:-1] + str((int(bon.finess[-1]) + 1) % 10)
    texte = f"{bon.finess}\n12345; {fausse_cle}, {inconnu}\t{ferme.finess}\nABC\n{bon.finess}"
    examen = examiner_numeros(texte=texte, par=cheffe_de(grappe), grappe=grappe)
    assert examen.retenus == [bon]
    assert sorted(_codes(examen)) == ["caracteres", "cle", "ferme", "inconnu", "longueur"]
    assert [a.code for a in examen.avis] == ["doublon"]
    phrase = next(d.message for d in examen.defauts if d.code == "ferme")
    assert "02/05/2024" in phrase and autre.nom in phrase
    assert "12345" in examen.a_corriger and bon.finess not in examen.a_corriger


def test_un_zero_perdu_est_remis_et_signale() -> None:
    esms = EsmsFactory(finess="010780062")
    examen = examiner_numeros(texte="10780062", par=affecter(Role.ADMIN))
    assert examen.retenus == [esms] and [a.code for a in examen.avis] == ["zero_perdu"]


def test_un_parcours_deja_en_cours_se_dit_sans_nommer_une_grappe_invisible() -> None:
    solution = SolutionFactory()
    secrete = GrappeFactory(nom="Grappe secrète", solution=solution)
    esms = ParcoursFactory(grappe=secrete).esms
    grappe = GrappeFactory(solution=solution)
    for par, nommee in ((cheffe_de(grappe), False), (affecter(Role.ADMIN), True)):
        examen = examiner_numeros(texte=esms.finess, par=par, grappe=grappe)
        assert _codes(examen) == ["deja"]
        assert ("Grappe secrète" in examen.defauts[0].message) is nommee


def test_une_autre_solution_est_permise_et_le_double_financement_signale() -> None:
    esms = ParcoursFactory(grappe__nom="Grappe secrète").esms
    grappe = GrappeFactory(solution=SolutionFactory(nom="Autre"))
    examen = examiner_numeros(texte=esms.finess, par=cheffe_de(grappe), grappe=grappe)
    assert examen.retenus == [esms] and [a.code for a in examen.avis] == ["double_financement"]
    assert "secrète" not in examen.avis[0].message


def test_un_esms_sorti_peut_revenir_et_on_conseille_la_reintegration() -> None:
    parcours = ParcoursFactory()
    cheffe = cheffe_de(parcours.grappe)
    changer_etat(parcours, "sortir", par=cheffe, motif="retrait")
    examen = examiner_numeros(texte=parcours.esms.finess, par=cheffe, grappe=parcours.grappe)
    assert examen.retenus == [parcours.esms] and "réintégrer" in examen.avis[0].message


def test_une_liste_trop_longue_se_dit_en_une_phrase() -> None:
    examen = examiner_numeros(texte="12345\n" * 2001, par=affecter(Role.ADMIN))
    assert _codes(examen) == ["liste_trop_longue"] and "2001" in examen.defauts[0].message


@pytest.mark.parametrize("nombre", [1, 50])
def test_l_examen_coute_un_nombre_constant_de_requetes(nombre: int, django_assert_num_queries: Any) -> None:
    grappe = GrappeFactory()
    texte = "\n".join(p.esms.finess for p in ParcoursFactory.create_batch(nombre, grappe=grappe))
    par = cheffe_de(grappe)
    assert par.perimetre.grappes
    with django_assert_num_queries(4):
        examiner_numeros(texte=texte, par=par, grappe=grappe)


# --- conduire --------------------------------------------------------------------------------------------------------


def test_une_vague_a_un_numero_a_elle_et_des_dates_dans_l_ordre() -> None:
    grappe = GrappeFactory()
    cheffe = cheffe_de(grappe)
    vague = conduite.enregistrer_vague(grappe=grappe, par=cheffe, numero=1, capacite=3)
    for faute, champ in (
        ({"numero": 1}, "numero"),
        ({"numero": 2, "debut": date(2026, 5, 1), "fin": date(2026, 4, 1)}, "fin"),
    ):
        with pytest.raises(Refus) as refus:
            conduite.enregistrer_vague(grappe=grappe, par=cheffe, **faute)
        assert champ in refus.value.champs
    assert conduite.enregistrer_vague(grappe=grappe, par=cheffe, numero=1, capacite=4, vague=vague).capacite == 4
    assert Vague.objects.count() == 1


def test_ranger_en_vague_refuse_d_un_bloc_et_garde_l_histoire() -> None:
    grappe = GrappeFactory()
    cheffe = cheffe_de(grappe)
    vague = conduite.enregistrer_vague(grappe=grappe, par=cheffe, numero=1)
    siens = ParcoursFactory.create_batch(2, grappe=grappe)
    with pytest.raises(Refus):
        conduite.mettre_en_vague(parcours=[*siens, ParcoursFactory()], vague=vague, par=cheffe)
    assert not vague.parcours.exists()
    assert conduite.mettre_en_vague(parcours=siens, vague=vague, par=cheffe) == 2
    assert conduite.mettre_en_vague(parcours=siens, vague=vague, par=cheffe) == 0
    assert siens[0].history.first().history_user == cheffe


def test_une_verification_porte_sur_la_grappe_un_lot_ou_un_esms_de_la_grappe() -> None:
    parcours = ParcoursFactory()
    grappe = parcours.grappe
    cheffe = cheffe_de(grappe)
    commun: dict[str, Any] = {"grappe": grappe, "par": cheffe, "type": "va", "issue": "prononcee"}
    jour = timezone.localdate()
    for fautif, champ in (
        ({"og": OgFactory()}, "objet"),
        ({"parcours": ParcoursFactory()}, "objet"),
        ({"og": parcours.esms.og, "parcours": parcours}, "objet"),
        ({"debut": jour + timedelta(days=1)}, "prononcee_le"),
        ({"prononcee_le": jour + timedelta(days=1)}, "prononcee_le"),
    ):
        with pytest.raises(Refus) as refus:
            conduite.consigner_verification(**{"prononcee_le": jour, **commun, **fautif})
        assert champ in refus.value.champs, fautif
    assert not Verification.objects.exists()
    conduite.consigner_verification(**commun, prononcee_le=jour, parcours=parcours)
    assert Verification.objects.get().parcours == parcours


def test_une_verification_d_un_esms_invisible_ne_se_lit_pas() -> None:
    parcours, autre = ParcoursFactory(), None
    autre = ParcoursFactory(grappe=parcours.grappe)
    jour = timezone.localdate()
    commun: dict[str, Any] = {"grappe": parcours.grappe, "type": "va", "issue": "prononcee", "prononcee_le": jour}
    siennes = [
        Verification.objects.create(**commun),
        Verification.objects.create(**commun, parcours=parcours),
        Verification.objects.create(**commun, og=parcours.esms.og),
    ]
    Verification.objects.create(**commun, parcours=autre)
    Verification.objects.create(**commun, og=autre.esms.og)
    assert set(Verification.objects.visibles_par(directrice_de(parcours))) == set(siennes)
    assert Verification.objects.visibles_par(cheffe_de(parcours.grappe)).count() == 5


def test_regler_une_condition_puis_revenir_au_defaut() -> None:
    grappe = GrappeFactory()
    cheffe = cheffe_de(grappe)
    assert conduite.regler_conditions(grappe=grappe, reglages={"vague": "avertit", "va": "barre"}, par=cheffe) == 1
    assert ReglageCondition.objects.get().severite == "avertit"
    assert conduite.regler_conditions(grappe=grappe, reglages={"vague": "barre"}, par=cheffe) == 1
    assert not ReglageCondition.objects.exists()


@pytest.mark.parametrize(
    "reglages", [{"cse": "avertit"}, {"vague": "legale"}, {"inconnue": "barre"}, {"va": "masquee", "aipd": "masquee"}]
)
def test_le_plancher_legal_ne_se_regle_pas(reglages: dict[str, str]) -> None:
    grappe = GrappeFactory()
    with pytest.raises(Refus) as refus:
        conduite.regler_conditions(grappe=grappe, reglages=reglages, par=cheffe_de(grappe))
    assert refus.value.code == "champ" and not ReglageCondition.objects.exists()


@pytest.mark.parametrize(
    "geste",
    [
        lambda p, par: conduite.enregistrer_vague(grappe=p.grappe, par=par, numero=1),
        lambda p, par: conduite.mettre_en_vague(parcours=[p], vague=None, par=par),
        lambda p, par: conduite.regler_conditions(grappe=p.grappe, reglages={"va": "avertit"}, par=par),
        lambda p, par: conduite.consigner_verification(
            grappe=p.grappe, par=par, type="va", issue="prononcee", prononcee_le=timezone.localdate()
        ),
        lambda p, par: modifier_grappe(grappe=p.grappe, par=par, nom="Autre"),
    ],
)
def test_un_directeur_ne_conduit_pas_la_grappe(geste: Any) -> None:
    parcours = ParcoursFactory()
    with pytest.raises(Refus) as refus:
        geste(parcours, directrice_de(parcours))
    assert refus.value.code == "droit"


# --- ce qui se partage -----------------------------------------------------------------------------------------------


def test_les_faits_de_grappe_ne_disent_ni_nom_ni_chiffre() -> None:
    parcours = ParcoursFactory(est_pilote=True)
    grappe = parcours.grappe
    assert faits_de_grappe(grappe) == []
    jour = timezone.localdate()
    Verification.objects.create(grappe=grappe, type="va", parcours=parcours, issue="prononcee", prononcee_le=jour)
    faits = faits_de_grappe(grappe)
    assert len(faits) == 1
    assert not any(c.isdigit() for fait in faits for c in fait) and parcours.esms.nom not in " ".join(faits)


def test_une_va_d_un_esms_non_pilote_ne_se_partage_pas() -> None:
    parcours = ParcoursFactory()
    Verification.objects.create(
        grappe=parcours.grappe, type="va", parcours=parcours, issue="prononcee", prononcee_le=timezone.localdate()
    )
    assert faits_de_grappe(parcours.grappe) == []
