"""Les campagnes : préparer, corriger, ouvrir sans dépasser le temps des ESMS ; la population et ses absents."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from programme.calculs.budget_de_saisie import Campagne as Budget
from programme.calculs.budget_de_saisie import PosteDeSaisie, campagne_de, refus_d_ajout
from programme.enums import Role, Titre
from programme.models import Grappe, Parcours, Utilisateur
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from risques.budget import budget_de
from risques.calculs.avancement import SANS_EVALUATEUR, compter, situation
from risques.enums import EtatGrille, PorteeCampagne, Regard
from risques.models import Campagne, Evaluation, Grille, VersionQuestionnaire
from risques.services import campagnes as services
from risques.services.evaluations import designer
from risques.services.lecture_campagnes import absents, population_de
from tests.aides import connecte, exiger_requetes_constantes, lignes_csv
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter, cheffe_de, directrice_de, modele_publie
from tests.risques.fabriques import (
    CampagneFactory,
    QuestionnaireFactory,
    VersionFactory,
    campagne_ouverte,
    grille_de,
    peupler,
    version_publiee,
)

pytestmark = pytest.mark.django_db

AU = timezone.localdate()
NU = campagne_de([]).total
RESTE_MINUTES = (2 * 3600 - NU) // 60


@pytest.fixture
def grappe() -> Grappe:
    return GrappeFactory(nom="Rives de Garonne")


@pytest.fixture
def cheffe(grappe: Grappe) -> Utilisateur:
    return cheffe_de(grappe)


def _version(grappe: Grappe, **champs: Any) -> VersionQuestionnaire:
    return version_publiee(grappe=grappe, **champs)


def _creer(grappe: Grappe, par: Utilisateur, **champs: Any) -> Campagne:
    version = champs.pop("version_posee", None) or _version(grappe)
    return services.creer_campagne(
        grappe=grappe, par=par, **{"version_posee": version, "phase": "demarrage", "portee": "grappe"} | champs
    )


# --- où en est une évaluation (pur) ----------------------------------------------------------------------------------

ETATS = st.lists(st.sampled_from(EtatGrille.values), max_size=6)


@given(ETATS)
def test_une_evaluation_n_est_rendue_que_si_tout_l_est(etats: list[str]) -> None:
    rendues = {EtatGrille.TRANSMISE, EtatGrille.VALIDEE}
    assert (situation(etats) in rendues) == (bool(etats) and set(etats) <= rendues)


@pytest.mark.parametrize(
    ("etats", "attendue"),
    [
        ([], SANS_EVALUATEUR),
        (["a_repondre", "a_repondre"], "a_repondre"),
        (["a_repondre", "transmise"], "commencee"),
        (["commencee", "a_repondre"], "commencee"),
        (["validee", "transmise"], "transmise"),
        (["validee", "validee"], "validee"),
        (["validee", "precision", "a_repondre"], "precision"),
    ],
)
def test_la_situation_d_une_evaluation(etats: list[str], attendue: str) -> None:
    assert situation(etats) == attendue


@given(st.lists(ETATS, max_size=8))
def test_les_comptes_n_oublient_personne(lots: list[list[str]]) -> None:
    assert sum(nombre for _, nombre, _ in compter(map(situation, lots))) == len(lots)


# --- préparer --------------------------------------------------------------------------------------------------------


def test_preparer_pour_la_grappe_ou_pour_chaque_esms(grappe: Grappe, cheffe: Utilisateur) -> None:
    un, deux = ParcoursFactory(grappe=grappe), ParcoursFactory(grappe=grappe)
    de_grappe = _creer(grappe, cheffe)
    assert [e.parcours for e in de_grappe.evaluations.all()] == [None]
    assert de_grappe.nom == "Risques, à l'essai, démarrage" and de_grappe.etat == "preparee"
    d_esms = _creer(grappe, cheffe, portee="esms", parcours=[un, deux], nom="Chez chacun")
    assert {e.parcours for e in d_esms.evaluations.all()} == {un, deux}
    assert Campagne.history.filter(id=d_esms.pk).get().history_user == cheffe


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"portee": "esms"}, "parcours"),
        ({"echeance": AU - timedelta(days=1)}, "echeance"),
        ({"etoilees": True, "sans_etoile": True}, "etoilees"),
        ({"retirer": True}, "version_posee"),
        ({"ailleurs": True, "portee": "esms"}, "parcours"),
        ({"sorti": True, "portee": "esms"}, "parcours"),
    ],
)
def test_ce_qui_ne_tient_pas_se_refuse_a_son_champ(
    grappe: Grappe, cheffe: Utilisateur, champs: dict[str, Any], champ: str
) -> None:
    version = _version_sans_etoile(grappe) if champs.pop("sans_etoile", False) else _version(grappe)
    if champs.pop("retirer", False):
        changer_etat(version, "retirer", par=cheffe, motif="Remplacée.")
    if champs.pop("ailleurs", False):
        champs["parcours"] = [ParcoursFactory()]
    if champs.pop("sorti", False):
        sorti = ParcoursFactory(grappe=grappe)
        changer_etat(sorti, "sortir", par=cheffe, raison="retrait", motif="Retrait.")
        champs["parcours"] = [sorti]
    with pytest.raises(Refus) as refus:
        _creer(grappe, cheffe, version_posee=version, **champs)
    assert champ in refus.value.champs and not Campagne.objects.exists()


def _version_sans_etoile(grappe: Grappe) -> VersionQuestionnaire:
    version = VersionFactory(grappe=grappe, questions=0)
    peupler(version, etoilee=False)
    changer_etat(version, "publier", par=cheffe_de(grappe))
    return version


def test_preparer_revient_au_chef_de_projet(grappe: Grappe) -> None:
    parcours = ParcoursFactory(grappe=grappe)
    for par in (directrice_de(parcours), affecter(Role.SIEGE, parcours.esms.og), cheffe_de(GrappeFactory())):
        with pytest.raises(Refus, match="revient au chef de projet"):
            _creer(grappe, par)


def test_tout_se_corrige_tant_qu_elle_est_preparee_puis_l_echeance_seule(grappe: Grappe, cheffe: Utilisateur) -> None:
    un, deux, trois = (ParcoursFactory(grappe=grappe) for _ in range(3))
    campagne = _creer(grappe, cheffe, portee="esms", parcours=[un, deux])
    gardee = campagne.evaluations.get(parcours=un)
    designer(evaluation=gardee, evaluateur=directrice_de(un), regard="direction", par=cheffe)
    otee = designer(
        evaluation=campagne.evaluations.get(parcours=deux),
        evaluateur=directrice_de(deux),
        regard="direction",
        par=cheffe,
    )
    valeurs = {nom: getattr(campagne, nom) for nom in services.CHAMPS} | {"nom": "Autrement"}
    services.modifier_campagne(campagne=campagne, par=cheffe, parcours=[un, trois], **valeurs)
    assert {e.parcours for e in campagne.evaluations.all()} == {un, trois}
    assert Evaluation.objects.filter(pk=gardee.pk).exists() and not Grille.objects.filter(pk=otee.pk).exists()
    changer_etat(campagne, "ouvrir", par=cheffe)
    with pytest.raises(Refus, match="seule son échéance"):
        services.modifier_campagne(campagne=campagne, par=cheffe, parcours=[un], **valeurs)
    demain = AU + timedelta(days=1)
    assert services.changer_echeance(campagne=campagne, echeance=demain, par=cheffe).echeance == demain
    changer_etat(campagne, "clore", par=cheffe)
    with pytest.raises(Refus, match="close"):
        services.changer_echeance(campagne=campagne, echeance=None, par=cheffe)


def test_changer_de_version_rend_a_chacun_toutes_les_sections(grappe: Grappe, cheffe: Utilisateur) -> None:
    campagne = _creer(grappe, cheffe)
    section = campagne.version_posee.sections.first()
    grille = designer(
        evaluation=campagne.evaluations.get(),
        evaluateur=affecter(Role.MEMBRE, grappe),
        regard="terrain",
        par=cheffe,
        sections=[section],
    )
    autre = _version(grappe, questionnaire=QuestionnaireFactory(code="autre", nom="Autre"))
    valeurs = {nom: getattr(campagne, nom) for nom in services.CHAMPS} | {"version_posee": autre}
    services.modifier_campagne(campagne=campagne, par=cheffe, **valeurs)
    assert not grille.sections.exists()


def test_deux_personnes_sur_la_meme_campagne(grappe: Grappe, cheffe: Utilisateur) -> None:
    campagne = _creer(grappe, cheffe)
    adresse = reverse("risques:campagne-modifier", args=[campagne.pk])
    client, autre = connecte(cheffe), connecte(cheffe_de(grappe))
    vu = client.get(adresse).context["formulaire"]["vu"].value()
    envoi = {"version_posee": campagne.version_posee_id, "phase": "bilan", "portee": "grappe", "questions": "toutes"}
    assert autre.post(adresse, envoi | {"nom": "Bilan", "vu": vu}).status_code == 302
    croisee = client.post(adresse, envoi | {"nom": "Le mien", "vu": vu})
    assert croisee.status_code == 409 and "Entre-temps" in croisee.content.decode()
    campagne.refresh_from_db()
    assert campagne.nom == "Bilan"


def test_la_page_prepare_et_propose_les_etoilees_en_fin_de_phase(grappe: Grappe, cheffe: Utilisateur) -> None:
    parcours, version = ParcoursFactory(grappe=grappe), _version(grappe)
    adresse, client = reverse("risques:campagne-creer", args=[grappe.pk]), connecte(cheffe)
    vide = client.post(adresse, {"phase": "fin_de_phase", "questions": "selon", "portee": "esms"})
    assert vide.status_code == 422 and "Cochez au moins un ESMS" in vide.content.decode()
    envoi = {"version_posee": version.pk, "phase": "fin_de_phase", "questions": "selon", "portee": "esms"}
    page = client.post(adresse, envoi | {"parcours": [parcours.pk]}, follow=True)
    campagne = Campagne.objects.get()
    assert page.redirect_chain[-1][0] == reverse("risques:campagne-detail", args=[campagne.pk])
    assert campagne.etoilees and "est préparée" in page.content.decode()
    client.post(adresse, envoi | {"phase": "demarrage", "parcours": [parcours.pk]})
    assert not Campagne.objects.latest("pk").etoilees


# --- le temps des ESMS -----------------------------------------------------------------------------------------------


@given(st.integers(0, 8000), st.integers(0, 8000))
def test_un_ajout_se_refuse_exactement_quand_l_ensemble_depasse(deja: int, ajout: int) -> None:
    avant = Budget((PosteDeSaisie("déjà", 1, deja),))
    poste = PosteDeSaisie("« X »", 1, ajout)
    assert bool(refus_d_ajout(avant, poste)) == (deja + ajout > avant.plafond)


def _d_esms(grappe: Grappe, minutes: int, parcours: list[Parcours], **champs: Any) -> Campagne:
    code = f"q-{minutes}-{Campagne.objects.count()}"
    version = _version(grappe, duree_minutes=minutes, questionnaire=QuestionnaireFactory(code=code, nom=code))
    return CampagneFactory(grappe=grappe, version_posee=version, portee="esms", population=parcours, **champs)


def test_juste_au_plafond_elle_s_ouvre_une_minute_de_plus_non(grappe: Grappe, cheffe: Utilisateur) -> None:
    parcours = ParcoursFactory(grappe=grappe)
    changer_etat(_d_esms(grappe, RESTE_MINUTES, [parcours]), "ouvrir", par=cheffe)
    autre = _d_esms(grappe, 1, [parcours], nom="Une de trop")
    with pytest.raises(Refus) as refus:
        changer_etat(autre, "ouvrir", par=cheffe)
    (manque,) = refus.value.manques
    assert manque.code == "budget" and "« Une de trop »" in manque.mesure and "étoilées" in manque.mesure
    page = connecte(cheffe).get(reverse("risques:campagne-detail", args=[autre.pk])).content.decode()
    assert manque.mesure.split(".")[0].replace("'", "&#x27;") in page and "ne peut pas s’ouvrir" in page


def test_la_checklist_compte(grappe: Grappe, cheffe: Utilisateur) -> None:
    parcours = ParcoursFactory(grappe=grappe)
    campagne = _d_esms(grappe, RESTE_MINUTES, [parcours])
    modele_publie({f"a{n}": "esms" for n in range(3)}, grappe=grappe)
    with pytest.raises(Refus):
        changer_etat(campagne, "ouvrir", par=cheffe)


@pytest.mark.parametrize("cas", ["grappe", "ouvert", "close", "ailleurs", "etoilees"])
def test_ce_qui_ne_pese_pas_sur_un_esms_d_avant_l_ouverture(grappe: Grappe, cheffe: Utilisateur, cas: str) -> None:
    parcours = ParcoursFactory(grappe=grappe)
    if cas == "grappe":
        version = _version(grappe, duree_minutes=500)
        campagne = CampagneFactory(grappe=grappe, version_posee=version)
    elif cas == "ouvert":
        changer_etat(parcours, "constater", par=cheffe, vers="ouverture", motif="Reprise")
        campagne = _d_esms(grappe, 500, [parcours])
    elif cas == "close":
        premiere = _d_esms(grappe, RESTE_MINUTES, [parcours])
        changer_etat(premiere, "ouvrir", par=cheffe)
        changer_etat(premiere, "clore", par=cheffe)
        campagne = _d_esms(grappe, RESTE_MINUTES, [parcours])
    elif cas == "ailleurs":
        _d_esms(grappe, RESTE_MINUTES, [ParcoursFactory(grappe=grappe)])
        campagne = _d_esms(grappe, RESTE_MINUTES, [parcours])
    else:
        # Deux questions étoilées sur quatre : la moitié du temps.
        campagne = _d_esms(grappe, 2 * RESTE_MINUTES, [parcours], etoilees=True)
    assert changer_etat(campagne, "ouvrir", par=cheffe).vers == "ouverte"


def test_le_plus_sollicite_decide_et_se_nomme(grappe: Grappe, cheffe: Utilisateur) -> None:
    calme, charge = ParcoursFactory(grappe=grappe), ParcoursFactory(grappe=grappe, esms__nom="MAS Les Peupliers")
    _d_esms(grappe, 30, [charge])
    budget = budget_de(_d_esms(grappe, RESTE_MINUTES, [calme, charge]))
    assert budget and "MAS Les Peupliers" in budget.refus and budget.entiere.total == NU + (RESTE_MINUTES + 30) * 60


# --- ouvrir ----------------------------------------------------------------------------------------------------------


def test_l_ouverture_designe_les_directions_en_fonction(grappe: Grappe, cheffe: Utilisateur) -> None:
    tenu, vacant, interim, deja = (ParcoursFactory(grappe=grappe) for _ in range(4))
    directrice = directrice_de(tenu)
    affecter(Role.DIRECTEUR, tenu.esms, titre=Titre.DELEGATION, au=AU + timedelta(days=30))
    affecter(Role.DIRECTEUR, vacant.esms, au=AU - timedelta(days=1))
    interimaire = affecter(Role.DIRECTEUR, interim.esms, titre=Titre.INTERIM)
    campagne = CampagneFactory(grappe=grappe, portee="esms", population=[tenu, vacant, interim, deja])
    choisie = directrice_de(deja)
    directrice_de(deja)
    designer(evaluation=campagne.evaluations.get(parcours=deja), evaluateur=choisie, regard="direction", par=cheffe)
    changer_etat(campagne, "ouvrir", par=cheffe)
    designees = dict(Grille.objects.values_list("evaluation__parcours", "evaluateur"))
    assert designees == {tenu.pk: directrice.pk, interim.pk: interimaire.pk, deja.pk: choisie.pk}
    assert set(Grille.objects.values_list("regard", flat=True)) == {Regard.DIRECTION}
    assert Grille.history.filter(evaluateur=directrice).get().history_user == cheffe
    page = connecte(cheffe).get(reverse("risques:campagne-detail", args=[campagne.pk])).content.decode()
    assert page.count("Poste vacant, désignez quelqu’un.") == 1 and "à l’accueil depuis le" in page


def test_une_campagne_de_grappe_ne_designe_personne_d_office(grappe: Grappe, cheffe: Utilisateur) -> None:
    directrice_de(ParcoursFactory(grappe=grappe))
    changer_etat(_creer(grappe, cheffe), "ouvrir", par=cheffe)
    assert not Grille.objects.exists()


def test_la_version_2_publiee_pendant_la_version_1_ne_change_pas_la_campagne(
    grappe: Grappe, cheffe: Utilisateur
) -> None:
    une = _version(grappe, numero=1)
    campagne = campagne_ouverte(grappe=grappe, version_posee=une)
    deux = _version(grappe, numero=2, questionnaire=une.questionnaire)
    campagne.refresh_from_db()
    assert campagne.version_posee == une and list(services.versions_posables(grappe)) == [deux]
    repond = affecter(Role.MEMBRE, grappe)
    grille = grille_de(repond, campagne.evaluations.get(), {"A1": 3})
    changer_etat(grille, "transmettre", par=repond)
    nouvelle = _creer(grappe, cheffe, version_posee=deux)
    client = connecte(cheffe)
    for lue, numero in ((campagne, 1), (nouvelle, 2)):
        page = client.get(reverse("risques:campagne-detail", args=[lue.pk])).content.decode()
        assert f"version {numero}" in page
    page = client.get(reverse("risques:evaluation-detail", args=[campagne.evaluations.get().pk])).content.decode()
    assert "version 1" in page and "800" in page
    # On peut encore corriger la campagne préparée qui garde une version qui n'est plus en vigueur.
    ancienne = CampagneFactory(grappe=grappe, version_posee=une)
    valeurs = {nom: getattr(ancienne, nom) for nom in services.CHAMPS} | {"nom": "Gardée"}
    assert services.modifier_campagne(campagne=ancienne, par=cheffe, **valeurs).version_posee == une


# --- lire ------------------------------------------------------------------------------------------------------------


def test_la_population_dit_ou_en_est_chacun_et_qui_manque(grappe: Grappe, cheffe: Utilisateur) -> None:
    un, deux = ParcoursFactory(grappe=grappe), ParcoursFactory(grappe=grappe)
    directrice = directrice_de(un)
    campagne = campagne_ouverte(grappe=grappe, portee="esms", population=[un, deux], echeance=AU)
    changer_etat_de(Grille.objects.get(evaluateur=directrice), directrice)
    Campagne.objects.filter(pk=campagne.pk).update(echeance=AU - timedelta(days=3))
    campagne.refresh_from_db()
    lignes = {ligne.evaluation.parcours: ligne for ligne in population_de(campagne, cheffe, AU)}
    assert (lignes[un].situation, lignes[un].en_retard) == ("transmise", False)
    assert (lignes[deux].situation, lignes[deux].en_retard, lignes[deux].vacant) == (SANS_EVALUATEUR, True, True)
    assert absents(lignes.values()) == 1
    page = connecte(cheffe).get(reverse("risques:campagne-detail", args=[campagne.pk])).content.decode()
    assert "1 sans évaluateur · 1 transmise" in page and "L’échéance est passée" in page


def changer_etat_de(grille: Grille, par: Utilisateur) -> None:
    """Répond à une question, puis transmet."""
    question = grille.evaluation.campagne.version_posee.sections.first().questions.first()
    grille.reponses.create(question=question, valeur=4, par=par)
    changer_etat(grille, "transmettre", par=par)


def test_une_direction_ne_lit_que_son_esms_et_pas_les_noms_des_autres(grappe: Grappe) -> None:
    sien, autre = ParcoursFactory(grappe=grappe), ParcoursFactory(grappe=grappe, esms__nom="IME D'À Côté")
    directrice, voisine = directrice_de(sien), directrice_de(autre)
    campagne = campagne_ouverte(grappe=grappe, portee="esms", population=[sien, autre])
    page = connecte(directrice).get(reverse("risques:campagne-detail", args=[campagne.pk])).content.decode()
    assert sien.esms.nom in page and "À Côté" not in page and voisine.nom not in page
    liste = connecte(directrice).get(reverse("risques:campagne-liste")).content.decode()
    assert "0 transmise sur 1" in liste


def test_la_liste_montre_celles_en_cours_et_leur_avancement(grappe: Grappe, cheffe: Utilisateur) -> None:
    un, deux = ParcoursFactory(grappe=grappe), ParcoursFactory(grappe=grappe)
    directrice = directrice_de(un)
    campagne = campagne_ouverte(grappe=grappe, portee="esms", population=[un, deux], nom="Chez chacun")
    changer_etat_de(Grille.objects.get(evaluateur=directrice), directrice)
    close = campagne_ouverte(grappe=grappe, nom="Déjà close")
    changer_etat(close, "clore", par=cheffe)
    client, adresse = connecte(cheffe), reverse("risques:campagne-liste")
    page = client.get(adresse).content.decode()
    # Un ESMS sans évaluateur est attendu, lui aussi.
    assert "Chez chacun" in page and "1 transmise sur 2" in page and "Déjà close" not in page
    assert "Déjà close" in client.get(f"{adresse}?etat=toutes").content.decode()
    assert "Déjà close" in client.get(f"{adresse}?etat=close&recherche=deja").content.decode()
    assert "Chez chacun" not in client.get(f"{adresse}?echeance=passee").content.decode()
    entetes, ligne = lignes_csv(client.get(f"{adresse}?format=csv&portee=esms&grappe={campagne.grappe_id}"))
    assert "1 transmise sur 2" in ligne and "Avancement" in entetes


def test_la_liste_demande_autant_de_requetes_a_une_qu_a_cinquante(grappe: Grappe, cheffe: Utilisateur) -> None:
    version = _version(grappe)

    def peupler(nombre: int) -> None:
        for _ in range(nombre):
            campagne = campagne_ouverte(grappe=grappe, version_posee=version)
            grille_de(affecter(Role.MEMBRE, grappe), campagne.evaluations.get())

    exiger_requetes_constantes(connecte(cheffe), reverse("risques:campagne-liste"), peupler)


def test_une_campagne_demande_autant_de_requetes_a_une_qu_a_cinquante(grappe: Grappe, cheffe: Utilisateur) -> None:
    campagne = campagne_ouverte(grappe=grappe, portee=PorteeCampagne.ESMS, population=[ParcoursFactory(grappe=grappe)])

    def peupler(nombre: int) -> None:
        for _ in range(nombre):
            parcours = ParcoursFactory(grappe=grappe)
            evaluation = Evaluation.objects.create(campagne=campagne, parcours=parcours)
            grille_de(directrice_de(parcours), evaluation, regard="direction")
            Evaluation.objects.create(campagne=campagne, parcours=ParcoursFactory(grappe=grappe))

    exiger_requetes_constantes(connecte(cheffe), reverse("risques:campagne-detail", args=[campagne.pk]), peupler)
