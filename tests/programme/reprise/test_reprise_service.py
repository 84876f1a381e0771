"""Reprendre un classeur : ce qui est comparé, ce qui s'écrit par la porte, ce qui ne change rien la seconde fois."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from programme.demonstration.reprise import relier_le_classeur
from programme.enums import IssueVerification, Role, TypeVerification
from programme.models import Affectation, Esms, Etape, Grappe, Parcours, Utilisateur, Vague, Verification
from programme.reprise.lignes import Faute, LigneReprise
from programme.services.conduite import consigner_verification
from programme.services.parcours import figer_reference
from programme.services.reprise import Plan, comparaison, comparer, ecrire, essayer
from programme.services.reprise.ecriture import MOTIF
from programme.services.reprise.invitations import a_inviter, inviter_tous
from programme.services.reprise.retour import rendre
from programme.socle.erreurs import Refus
from programme.socle.models import Passage
from programme.socle.porte import changer_etat
from tests.fabriques import (
    EsmsFactory,
    GrappeFactory,
    GroupeFactory,
    ParcoursFactory,
    SolutionFactory,
    UtilisateurFactory,
    affecter,
    cheffe_de,
)
from tests.programme.reprise.aides import (
    CLASSEURS,
    FAUTIF,
    JUSTES,
    annuaire,
    comparer_le_classeur,
    correspondance,
    grappe_et_cheffe,
)

pytestmark = pytest.mark.django_db

IL_Y_A_UN_AN = timezone.localdate() - timedelta(days=365)
DANS_UN_AN = timezone.localdate() + timedelta(days=365)


@pytest.fixture
def grappe() -> Grappe:
    return GrappeFactory()


@pytest.fixture
def cheffe(grappe: Grappe) -> Utilisateur:
    return cheffe_de(grappe)


@pytest.fixture
def esms() -> Esms:
    return EsmsFactory(nom="IME Le Coteau")


def lire(esms: Esms | str, numero: int = 2, **valeurs: Any) -> LigneReprise:
    """Une ligne lue ; `date__cadrage` désigne la colonne « date:cadrage »."""
    finess = esms if isinstance(esms, str) else esms.finess
    lues = {code.replace("__", ":"): valeur for code, valeur in valeurs.items()}
    return LigneReprise(numero, finess, {"finess": finess} | lues)


def essai(grappe: Grappe, par: Utilisateur, *lignes: LigneReprise) -> Plan:
    plan = comparer(grappe, list(lignes), par=par)
    essayer(plan, par=par)
    return plan


def reprendre(grappe: Grappe, par: Utilisateur, *lignes: LigneReprise) -> Plan:
    plan = essai(grappe, par, *lignes)
    assert not plan.fautives, [f.phrase for ligne in plan.fautives for f in ligne.fautes]
    ecrire(plan, par=par)
    assert not essai(grappe, par, *lignes).retenues, "rejoué, le classeur ne change plus rien"
    return plan


def phrases(plan: Plan) -> str:
    return " ".join(faute.phrase for ligne in plan.lignes for faute in ligne.fautes)


def avis(plan: Plan) -> str:
    return " ".join(phrase for ligne in plan.lignes for phrase in ligne.avis)


# --- les quatre classeurs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", JUSTES)
def test_un_classeur_entier_entre_puis_ne_change_plus_rien(code: str) -> None:
    annuaire()
    grappe, cheffe = grappe_et_cheffe()
    relie = correspondance(code, cheffe)
    plan, apercu = comparer_le_classeur(CLASSEURS[code], relie, grappe, cheffe)
    nombre = apercu["nombres"]["cree"]
    assert (
        apercu["nombres"] == {"cree": nombre} and apercu["a_ecrire"] == nombre == {1: 12, 2: 20, 3: 80}[int(code[-1])]
    )
    assert not Parcours.objects.exists() and not Passage.objects.filter(transition="constater").exists()
    ecrire(plan, par=cheffe)
    assert grappe.parcours.count() == nombre
    _, rejoue = comparer_le_classeur(CLASSEURS[code], relie, grappe, cheffe)
    assert rejoue["nombres"] == {"inchange": nombre} and not rejoue["a_ecrire"]
    _, retour = comparer_le_classeur(rendre(grappe, relie, par=cheffe), relie, grappe, cheffe)
    assert retour["nombres"] == {"inchange": nombre}, retour["lignes"]


def test_le_fautif_dit_dix_points_et_n_ecrit_rien() -> None:
    annuaire()
    grappe, cheffe = grappe_et_cheffe()
    plan, apercu = comparer_le_classeur(CLASSEURS[FAUTIF], correspondance(FAUTIF, cheffe), grappe, cheffe)
    raisons = [ligne["raison"] for ligne in apercu["lignes"]["rejete"]]
    for mots in (
        "C3:C4", "clé", "en bonne voie", "31/02/2023", "12/03/2035", "formule", "précède la VA", "étape d'avant",
        "sans courriel", "à un autre état",
    ):  # fmt: skip
        assert any(mots in raison for raison in raisons), mots
    assert len(raisons) == 12, "deux des dix fautes portent sur deux lignes"
    assert apercu["a_ecrire"] == 0 and not apercu["annonces"]
    with pytest.raises(Refus, match="fautes"):
        ecrire(plan, par=cheffe)
    assert not Parcours.objects.exists()


def test_quatre_vingts_esms_se_comparent_en_un_nombre_constant_de_requetes(grappe: Grappe, cheffe: Utilisateur) -> None:
    def compter(nombre: int) -> int:
        lignes = [
            lire(EsmsFactory(), directeur_nom="Camille Exemple", directeur_courriel=f"d{rang}@exemple.invalid", vague=1)
            for rang in range(nombre)
        ]
        with CaptureQueriesContext(connection) as captees:
            comparer(grappe, lignes, par=cheffe)
        return len(captees)

    compter(1)  # le périmètre du compte est lu une fois
    assert compter(1) == compter(50)


# --- l'état et les dates -------------------------------------------------------------------------------------------


def test_un_etat_se_constate_par_la_porte_avec_ses_dates_passees(
    grappe: Grappe, cheffe: Utilisateur, esms: Esms
) -> None:
    dates = {"date__cadrage": date(2023, 1, 12), "date__ouverture": date(2024, 5, 2), "prevue__routine": DANS_UN_AN}
    reprendre(grappe, cheffe, lire(esms, etat="ouverture", vague=2, point_depart="papier", est_pilote=True, **dates))
    parcours = Parcours.objects.get(esms=esms)
    passage = Passage.objects.de(parcours).get()
    assert (passage.nature, passage.vers, passage.date_effet) == ("constat", "ouverture", date(2024, 5, 2))
    assert passage.motif == MOTIF and passage.par == cheffe
    assert Etape.objects.get(parcours=parcours, etat="cadrage").reelle == date(2023, 1, 12)
    assert Etape.objects.get(parcours=parcours, etat="routine").revisee == DANS_UN_AN
    assert (parcours.vague.numero, parcours.point_depart, parcours.est_pilote) == (2, "papier", True)
    assert parcours.unites.get().nom == "ESMS entier"


def test_une_date_prevue_d_une_etape_franchie_est_gardee_puis_ne_se_revise_plus(
    grappe: Grappe, cheffe: Utilisateur, esms: Esms
) -> None:
    ligne = lire(esms, etat="cadrage", date__cadrage=IL_Y_A_UN_AN, prevue__cadrage=IL_Y_A_UN_AN - timedelta(days=30))
    reprendre(grappe, cheffe, ligne)
    ligne.valeurs["prevue:cadrage"] = IL_Y_A_UN_AN
    plan = essai(grappe, cheffe, ligne)
    assert "est franchie" in avis(plan) and not plan.retenues


def test_une_reference_figee_vaut_la_date_prevue(grappe: Grappe, cheffe: Utilisateur, esms: Esms) -> None:
    ligne = lire(esms, etat="cadrage", date__cadrage=IL_Y_A_UN_AN, prevue__routine=DANS_UN_AN)
    reprendre(grappe, cheffe, ligne)
    figer_reference(grappe=grappe, par=cheffe)
    assert not essai(grappe, cheffe, ligne).retenues


def test_sans_date_le_constat_est_du_jour_et_le_dit(grappe: Grappe, cheffe: Utilisateur, esms: Esms) -> None:
    plan = reprendre(grappe, cheffe, lire(esms, etat="ouverture"))
    assert "daté d'aujourd'hui" in avis(plan)
    assert Passage.objects.de(Parcours.objects.get()).get().date_effet == timezone.localdate()


@pytest.mark.parametrize(("etat", "raison"), [("suspendu", ""), ("sorti", "retrait")])
def test_un_esms_de_cote_se_constate_a_sa_derniere_etape(
    grappe: Grappe, cheffe: Utilisateur, esms: Esms, etat: str, raison: str
) -> None:
    quand = {"date__preparation": date(2023, 5, 2), f"date__{etat}": date(2024, 1, 8)}
    reprendre(grappe, cheffe, lire(esms, etat=etat, **quand))
    parcours = Parcours.objects.get(esms=esms)
    assert (parcours.etat, parcours.motif_sortie, parcours.depuis_le) == (etat, raison, date(2024, 1, 8))
    assert [p.vers for p in Passage.objects.de(parcours)] == ["preparation", etat]


def test_une_histoire_ne_se_recorrige_pas(grappe: Grappe, cheffe: Utilisateur) -> None:
    parcours = ParcoursFactory(grappe=grappe)
    changer_etat(parcours, "constater", par=cheffe, vers="cadrage", date_effet=IL_Y_A_UN_AN)
    meme = essai(grappe, cheffe, lire(parcours.esms, etat="cadrage", date__cadrage=IL_Y_A_UN_AN))
    assert not meme.fautives and not meme.retenues
    autre = essai(grappe, cheffe, lire(parcours.esms, etat="routine", date__cadrage=date(2020, 1, 1)))
    assert "a déjà une histoire" in phrases(autre) and autre.nb_fautes == 2
    with pytest.raises(Refus):
        ecrire(autre, par=cheffe)


def test_un_recense_avec_une_date_d_etape_se_contredit(grappe: Grappe, cheffe: Utilisateur, esms: Esms) -> None:
    plan = essai(grappe, cheffe, lire(esms, etat="recense", date__cadrage=IL_Y_A_UN_AN))
    assert comparaison.DATE_SANS_ETAT in phrases(plan)


def test_les_refus_de_la_porte_deviennent_des_fautes_sous_leur_colonne(
    grappe: Grappe, cheffe: Utilisateur, esms: Esms
) -> None:
    plan = essai(
        grappe,
        cheffe,
        lire(esms, etat="cadrage", date__cadrage=date(1998, 1, 1)),
        lire(EsmsFactory(), 3, prevue__routine=date(2080, 1, 1)),
        lire(EsmsFactory(), 4, va_date=DANS_UN_AN, va_issue="prononcee"),
    )
    assert [[f.colonne for f in ligne.fautes] for ligne in plan.lignes] == [
        ["date:cadrage"], ["prevue:routine"], ["va_date"],
    ]  # fmt: skip
    assert not Parcours.objects.exists(), "l'essai défait tout"


# --- l'entrée dans la grappe ---------------------------------------------------------------------------------------


def test_inconnu_ferme_ou_sorti_sont_dits(grappe: Grappe, cheffe: Utilisateur, esms: Esms) -> None:
    ferme = EsmsFactory(est_actif=False)
    sorti = ParcoursFactory(grappe=grappe)
    changer_etat(sorti, "sortir", par=cheffe, motif="essai")
    plan = essai(grappe, cheffe, lire("330000001"), lire(ferme, 3), lire(sorti.esms, 4), lire(esms, 5))
    assert comparaison.PAS_DANS_L_ANNUAIRE in phrases(plan)
    assert "est fermé" in phrases(plan) and comparaison.SORTI in phrases(plan)
    assert [ligne.cle for ligne in plan.retenues] == [esms.finess]
    assert not essai(grappe, cheffe, lire(sorti.esms, etat="sorti")).fautives


def test_un_esms_pris_ailleurs_avec_la_meme_solution_est_refuse_seul(
    grappe: Grappe, cheffe: Utilisateur, esms: Esms
) -> None:
    autre = SolutionFactory(nom="Margelle")
    ailleurs = ParcoursFactory(grappe=GrappeFactory(solution=autre))
    # La grappe a « Lisière » : le conflit n'existe qu'avec la solution que dit la ligne, et l'essai le trouve.
    plan = essai(grappe, cheffe, lire(ailleurs.esms, solution="margelle"), lire(esms, 3, solution="Margelle"))
    assert [bool(ligne.fautes) for ligne in plan.lignes] == [True, False]
    assert "déjà engagé" in phrases(plan)


def test_la_solution_connue_est_prise_l_inconnue_est_dite(grappe: Grappe, cheffe: Utilisateur, esms: Esms) -> None:
    SolutionFactory(nom="Margelle")
    autre = EsmsFactory()
    plan = reprendre(grappe, cheffe, lire(esms, solution="MARGELLE"), lire(autre, 3, solution="Jamais vue"))
    assert Parcours.objects.get(esms=esms).solution.nom == "Margelle"
    assert Parcours.objects.get(esms=autre).solution == grappe.solution
    assert any("Jamais vue" in phrase for phrase in plan.avertissements)


def test_un_autre_nom_que_celui_de_l_annuaire_merite_un_coup_d_oeil(
    grappe: Grappe, cheffe: Utilisateur, esms: Esms
) -> None:
    assert "vérifiez que c'est le bon ESMS" in avis(essai(grappe, cheffe, lire(esms, nom_esms="EHPAD Les Pins")))
    assert not avis(essai(grappe, cheffe, lire(esms, nom_esms="I.M.E. du Coteau")))


# --- vérifications -------------------------------------------------------------------------------------------------


def test_la_meme_va_pour_tous_est_une_seule_verification_de_grappe(
    grappe: Grappe, cheffe: Utilisateur, esms: Esms
) -> None:
    va = {"va_date": IL_Y_A_UN_AN, "va_issue": "prononcee"}
    lignes = [lire(esms, **va), lire(EsmsFactory(), 3, **va, vsr_date=IL_Y_A_UN_AN, vsr_issue="avec_reserves")]
    plan = reprendre(grappe, cheffe, *lignes)
    assert any("la même pour tous" in phrase for phrase in plan.annonces())
    va_ecrite = Verification.objects.get(type=TypeVerification.VA)
    assert va_ecrite.parcours is None and va_ecrite.issue == IssueVerification.PRONONCEE
    assert Verification.objects.get(type=TypeVerification.VSR).parcours is not None


def test_une_vague_depassee_s_annonce_avant_d_ecrire(grappe: Grappe, cheffe: Utilisateur, esms: Esms) -> None:
    Vague.objects.create(grappe=grappe, numero=7, capacite=1)
    plan = essai(grappe, cheffe, lire(esms, vague=7), lire(EsmsFactory(), 3, vague=7))
    assert any("La vague de déploiement 7 aurait 2 ESMS" in phrase for phrase in plan.annonces())


def test_un_esms_hors_du_classeur_empeche_la_verification_commune(
    grappe: Grappe, cheffe: Utilisateur, esms: Esms
) -> None:
    ParcoursFactory(grappe=grappe)
    va = {"va_date": IL_Y_A_UN_AN, "va_issue": "prononcee"}
    reprendre(grappe, cheffe, lire(esms, **va), lire(EsmsFactory(), 3, **va))
    assert Verification.objects.exclude(parcours=None).count() == 2


def test_une_va_deja_consignee_pour_la_grappe_ne_l_est_pas_deux_fois(
    grappe: Grappe, cheffe: Utilisateur, esms: Esms
) -> None:
    consigner_verification(grappe=grappe, par=cheffe, type="va", issue="prononcee", prononcee_le=IL_Y_A_UN_AN)
    reprendre(grappe, cheffe, lire(esms, va_date=IL_Y_A_UN_AN, va_issue="prononcee"))
    assert Verification.objects.count() == 1


# --- personnes -----------------------------------------------------------------------------------------------------


def diriger(**plus: Any) -> dict[str, Any]:
    return {"directeur_nom": "Camille Exemple", "directeur_courriel": "camille.exemple@exemple.invalid"} | plus


def test_une_personne_n_a_qu_un_compte_et_aucun_courriel_ne_part(
    grappe: Grappe, cheffe: Utilisateur, esms: Esms
) -> None:
    UtilisateurFactory(identifiant="camille-exemple")
    referente = UtilisateurFactory(courriel="Lou.Specimen@exemple.invalid")
    referent = {"referent_nom": "Lou Spécimen", "referent_courriel": "lou.specimen@exemple.invalid"}
    plan = reprendre(grappe, cheffe, lire(esms, **diriger(), **referent), lire(EsmsFactory(), 3, **diriger()))
    assert len(plan.comptes_a_creer) == 1
    camille = Utilisateur.objects.get(courriel="camille.exemple@exemple.invalid")
    assert camille.identifiant == "camille-exemple-2" and not camille.has_usable_password()
    assert camille.affectations.filter(role=Role.DIRECTEUR).count() == 2
    assert Affectation.objects.get(role=Role.REFERENT).utilisateur == referente
    assert not mail.outbox


def test_les_invitations_partent_ensuite_d_un_coup(
    grappe: Grappe, cheffe: Utilisateur, esms: Esms, django_capture_on_commit_callbacks: Any
) -> None:
    reprendre(grappe, cheffe, lire(esms, **diriger()), lire(EsmsFactory(), 3, **diriger()))
    assert [(a.utilisateur.nom, autres) for a, autres in a_inviter(grappe, par=cheffe)] == [("Camille Exemple", 1)]
    with django_capture_on_commit_callbacks(execute=True):
        invites = inviter_tous(grappe=grappe, par=cheffe, adresse=lambda jeton: f"http://ici/{jeton}")
    assert len(invites) == len(mail.outbox) == 1 and "http://ici/" in mail.outbox[0].body


def test_une_direction_tenue_par_une_autre_ne_change_pas_et_n_empeche_rien(
    grappe: Grappe, cheffe: Utilisateur, esms: Esms
) -> None:
    affecter(Role.DIRECTEUR, esms)
    plan = reprendre(grappe, cheffe, lire(esms, **diriger(), etat="cadrage", date__cadrage=IL_Y_A_UN_AN))
    assert "siège de son organisme" in avis(plan) and plan.ecartees.keys() == {(esms.finess, "directeur")}
    assert Parcours.objects.get(esms=esms).etat == "cadrage"
    assert not Utilisateur.objects.filter(courriel="camille.exemple@exemple.invalid").exists()


def test_celle_qu_on_a_nommee_peut_etre_remplacee(grappe: Grappe, cheffe: Utilisateur, esms: Esms) -> None:
    reprendre(grappe, cheffe, lire(esms, **diriger()))
    Affectation.objects.filter(role=Role.DIRECTEUR).update(du=IL_Y_A_UN_AN)
    suite = {"directeur_nom": "Dominique Fictif", "directeur_courriel": "dominique.fictif@exemple.invalid"}
    reprendre(grappe, cheffe, lire(esms, **suite))
    en_cours = Affectation.objects.en_cours(timezone.localdate()).filter(role=Role.DIRECTEUR, esms=esms)
    assert {a.utilisateur.nom for a in en_cours} == {"Dominique Fictif"}


def test_une_personne_de_groupe_deux_comptes_ou_soi_meme_sont_dits(
    grappe: Grappe, cheffe: Utilisateur, esms: Esms
) -> None:
    groupe = GroupeFactory()
    groupe.esms.add(esms)
    affecter(Role.DIRECTEUR, groupe)
    UtilisateurFactory(courriel="double@exemple.invalid")
    UtilisateurFactory(courriel="DOUBLE@exemple.invalid")
    deux = lire(EsmsFactory(), 3, directeur_nom="Claude Essai", directeur_courriel="double@exemple.invalid")
    soi = lire(EsmsFactory(), 4, directeur_nom="Moi", directeur_courriel=cheffe.courriel)
    plan = reprendre(grappe, cheffe, lire(esms, **diriger()), deux, soi)
    for mots in ("tout un groupe", "plusieurs comptes", "on ne se nomme pas soi-même"):
        assert mots in avis(plan), mots


# --- rien à moitié, rien de travers --------------------------------------------------------------------------------


def test_une_faute_et_rien_ne_s_ecrit(grappe: Grappe, cheffe: Utilisateur, esms: Esms) -> None:
    fautive = lire(EsmsFactory(), 3)
    fautive.fautes.append(Faute("etat", "C3", "l'état manque."))
    plan = essai(grappe, cheffe, lire(esms, vague=1), fautive)
    with pytest.raises(Refus):
        ecrire(plan, par=cheffe)
    assert not Parcours.objects.exists() and not grappe.vagues.exists()


def test_ce_qui_a_change_depuis_la_comparaison_arrete_l_ecriture(
    grappe: Grappe, cheffe: Utilisateur, esms: Esms
) -> None:
    parcours = ParcoursFactory(grappe=grappe)
    plan = essai(grappe, cheffe, lire(parcours.esms, etat="cadrage", date__cadrage=IL_Y_A_UN_AN), lire(esms, 3))
    changer_etat(parcours, "constater", par=cheffe, vers="preparation", date_effet=IL_Y_A_UN_AN)
    with pytest.raises(Refus) as refus:
        ecrire(plan, par=cheffe)
    assert refus.value.code == "concurrence" and Parcours.objects.count() == 1


def test_un_refus_en_pleine_ecriture_defait_tout(
    grappe: Grappe, cheffe: Utilisateur, esms: Esms, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = essai(grappe, cheffe, lire(esms, vague=1), lire(EsmsFactory(), 3, vague=1, est_pilote=True))

    def refuser(**_: Any) -> None:
        raise Refus("champ", "non", champs={"est_pilote": ["non"]})

    monkeypatch.setattr("programme.services.reprise.ecriture.modifier_fiche", refuser)
    with pytest.raises(Refus):
        ecrire(plan, par=cheffe)
    assert not Parcours.objects.exists() and not grappe.vagues.exists()


def test_l_arret_demande_entre_deux_lignes_n_ecrit_rien(grappe: Grappe, cheffe: Utilisateur, esms: Esms) -> None:
    plan = essai(grappe, cheffe, lire(esms), lire(EsmsFactory(), 3, vague=1))
    appels = []

    def arreter() -> None:
        appels.append(1)
        if len(appels) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ecrire(plan, par=cheffe, continuer=arreter)
    assert not Parcours.objects.exists()


def test_qui_ne_conduit_pas_n_ecrit_pas(grappe: Grappe, esms: Esms) -> None:
    etranger = cheffe_de(GrappeFactory())
    plan = essai(grappe, etranger, lire(esms))
    assert "chef de projet" in phrases(plan)
    with pytest.raises(Refus):
        ecrire(comparer(grappe, [lire(esms)], par=etranger), par=etranger)
    assert not Parcours.objects.exists()


def test_la_demonstration_a_un_classeur_relie_qui_se_reprend_sans_faute() -> None:
    annuaire()
    grappe, cheffe = grappe_et_cheffe()
    relie = relier_le_classeur(cheffe)
    plan, apercu = comparer_le_classeur(CLASSEURS["reprise-2"], relie, grappe, cheffe)
    assert apercu["nombres"] == {"cree": 20}
    ecrire(plan, par=cheffe)
    rendu = rendre(grappe, relie, par=cheffe)
    feuille = load_workbook(rendu)["Suivi des ESMS"]
    assert [c.value for c in feuille[4]][5:7] == ["Direction", "Direction"] and feuille["G5"].value == "Courriel"
    assert {"Terminé", "En pause", "Sorti"} <= {ligne[3].value for ligne in feuille.iter_rows(min_row=6)}
    rendu.seek(0)
    assert comparer_le_classeur(rendu, relie, grappe, cheffe)[1]["nombres"] == {"inchange": 20}
