"""Ce qu'une réponse inquiétante propose aussitôt, et ce qu'on en fait."""

import html
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.template import RequestContext, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.models import Action, Parcours
from programme.socle.dates import date_courte
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from risques.models import BaremeRisques, Evaluation, Grille, LigneAnalyse, Question, Risque, SuiteDonnee
from risques.services import suites
from risques.services.suites import DEJA, Proposee, ecarter, proposees, retenir, trouver, valeurs_proposees
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.risques.fabriques import (
    AnalyseLocaleFactory,
    GrilleFactory,
    VersionFactory,
    analyse_transmise,
    campagne_ouverte,
    grille_de,
    peupler,
)

pytestmark = pytest.mark.django_db
URL = "/suites/"


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Any:
    return directrice_de(parcours)


@pytest.fixture
def evaluation(parcours: Parcours) -> Evaluation:
    return campagne_ouverte(grappe=parcours.grappe, population=[parcours]).evaluations.get()


def _transmise(evaluation: Evaluation, notes: dict[str, int | None], **champs: Any) -> Grille:
    grille = GrilleFactory(evaluation=evaluation, notes=notes, **champs)
    changer_etat(grille, "transmettre", par=grille.evaluateur)
    return grille


def _seule(parcours: Parcours, par: Any) -> Proposee:
    (proposee,) = proposees(parcours, par=par)
    return proposee


# --- ce qui se propose ---------------------------------------------------------------------------------------------


def test_une_reponse_inquietante_propose_ce_que_sa_question_suggere(
    parcours: Parcours, directrice: Any, evaluation: Evaluation
) -> None:
    _transmise(evaluation, {"A1": 8, "A2": 7, "B1": None})
    proposee = _seule(parcours, directrice)
    assert proposee.action == "Relever la couverture réseau (A1)"
    assert (proposee.risque, proposee.categorie) == ("Saisie impossible à l'étage (A1)", "organisationnel")
    assert (proposee.probabilite, proposee.impact, proposee.niveau) == (3, 3, "critique")
    assert not SuiteDonnee.objects.exists() and not Action.objects.exists(), "une proposition ne s'écrit pas"


@pytest.mark.parametrize(("seuil", "attendu"), [(8, 1), (9, 1), (10, 0)])
def test_le_seuil_est_celui_de_la_grappe(
    parcours: Parcours, directrice: Any, evaluation: Evaluation, seuil: int, attendu: int
) -> None:
    _transmise(evaluation, {"A1": 9})
    BaremeRisques.objects.create(grappe=parcours.grappe, inquietante=seuil)
    parcours.refresh_from_db()
    assert len(proposees(parcours, par=directrice)) == attendu


@pytest.mark.parametrize("note", [8, 9, 10])
def test_une_suggestion_n_est_jamais_inacceptable(
    parcours: Parcours, directrice: Any, evaluation: Evaluation, note: int
) -> None:
    _transmise(evaluation, {"A1": note})
    assert _seule(parcours, directrice).niveau == "critique"


def test_une_ligne_critique_propose_un_texte_par_categorie(parcours: Parcours, directrice: Any) -> None:
    analyse = AnalyseLocaleFactory(parcours=parcours, lignes=(2, 3))
    assert proposees(parcours, par=directrice) == []
    analyse.lignes.filter(categorie="humain").update(probabilite=4, impact=2, mot="Deux postes vacants la nuit")
    analyse.lignes.filter(categorie="technique").update(probabilite=4, impact=4)
    technique, humain = proposees(parcours, par=directrice)
    assert (technique.categorie, technique.niveau) == ("technique", "inacceptable"), "la direction l'a dit elle-même"
    assert technique.action == suites.ACTIONS["technique"] and technique.risque == suites.RISQUES["technique"]
    assert humain.risque == "Deux postes vacants la nuit" and "« Deux postes vacants la nuit »" in humain.quoi


def test_l_evaluateur_voit_la_sienne_avant_de_transmettre_et_lui_seul(
    parcours: Parcours, directrice: Any, evaluation: Evaluation
) -> None:
    grille_de(directrice, evaluation, {"A1": 9})
    assert len(proposees(parcours, par=directrice)) == 1
    assert proposees(parcours, par=cheffe_de(parcours.grappe)) == []
    referent = affecter(Role.REFERENT, parcours.esms)
    assert proposees(parcours, par=referent) == []


def test_les_reponses_d_un_autre_ne_se_proposent_pas_avant_les_siennes(
    parcours: Parcours, directrice: Any, evaluation: Evaluation
) -> None:
    _transmise(evaluation, {"A1": 9})
    grille_de(directrice, evaluation)
    assert proposees(parcours, par=directrice) == []


def test_une_question_a_plusieurs_ne_se_propose_qu_une_fois_et_le_consensus_parle_pour_tous(
    parcours: Parcours, directrice: Any, evaluation: Evaluation
) -> None:
    for note in (8, 10):
        autre = affecter(Role.REFERENT, parcours.esms)
        changer_etat(grille_de(autre, evaluation, {"A1": note}), "transmettre", par=autre)
    assert _seule(parcours, directrice).question.code == "A1"
    _transmise(evaluation, {"A1": 2}, nature="consensus")
    assert proposees(parcours, par=directrice) == []


def test_qui_ne_tient_pas_les_risques_n_a_rien_a_retenir(parcours: Parcours, evaluation: Evaluation) -> None:
    _transmise(evaluation, {"A1": 9})
    for role, cible in ((Role.MEMBRE, parcours.grappe), (Role.APPUI, parcours.esms.og), (Role.ARS, None)):
        assert proposees(parcours, par=affecter(role, cible)) == [], role


# --- retenir, écarter ----------------------------------------------------------------------------------------------


def test_retenir_tel_quel_ecrit_les_deux_et_les_relie(
    parcours: Parcours, directrice: Any, evaluation: Evaluation
) -> None:
    grille = _transmise(evaluation, {"A1": 9})
    proposee = _seule(parcours, directrice)
    suite = retenir(proposee=proposee, par=directrice, **valeurs_proposees(proposee))
    risque, action = Risque.objects.get(), Action.objects.get()
    assert (suite.risque, suite.action, suite.grille, suite.parcours) == (risque, action, grille, parcours)
    assert (risque.question.code, risque.grille) == ("A1", grille)
    assert (action.origine, action.source) == ("risque", risque)
    assert proposees(parcours, par=directrice) == [], "une suite donnée n'est plus proposée"
    with pytest.raises(Refus, match=DEJA):
        retenir(proposee=proposee, par=directrice, **valeurs_proposees(proposee))


def test_l_action_seule_dit_d_ou_elle_vient(parcours: Parcours, directrice: Any) -> None:
    analyse = AnalyseLocaleFactory(parcours=parcours, lignes=(2, 2))
    analyse.lignes.filter(categorie="humain").update(probabilite=4, impact=3)
    retenir(proposee=_seule(parcours, directrice), par=directrice, action={"libelle": "Recruter de nuit"})
    assert Action.objects.get().source == analyse and not Risque.objects.exists()
    page = connecte(directrice).get(reverse("programme:action-detail", args=[Action.objects.get().pk]))
    assert f'href="/parcours/{parcours.pk}/risques/"' in page.content.decode()


def test_ecarter_demande_un_motif_et_le_garde(parcours: Parcours, directrice: Any) -> None:
    AnalyseLocaleFactory(parcours=parcours, lignes=(2, 2)).lignes.filter(categorie="humain").update(
        probabilite=4, impact=3
    )
    proposee = _seule(parcours, directrice)
    with pytest.raises(Refus) as refus:
        ecarter(proposee=proposee, par=directrice, motif="  ")
    assert "motif" in refus.value.champs
    ecarter(proposee=proposee, par=directrice, motif="Déjà couvert par le plan de recrutement")
    corps = connecte(directrice).get(f"/parcours/{parcours.pk}/risques/").content.decode()
    assert "Déjà couvert par le plan de recrutement" in corps and "Rien n’attend de suite" in corps


@pytest.mark.parametrize("geste", ["retenir", "ecarter"])
def test_une_ligne_qui_s_aggrave_se_propose_a_nouveau(
    parcours: Parcours, directrice: Any, ligne: LigneAnalyse, geste: str
) -> None:
    proposee = _seule(parcours, directrice)
    if geste == "retenir":
        retenir(proposee=proposee, par=directrice, **valeurs_proposees(proposee))
    else:
        ecarter(proposee=proposee, par=directrice, motif="Déjà suivi")
    siennes = LigneAnalyse.objects.filter(pk=ligne.pk)
    siennes.update(probabilite=4, impact=2)
    assert proposees(parcours, par=directrice) == [], "moins grave : la suite vaut encore"
    siennes.update(probabilite=3, impact=4)
    assert proposees(parcours, par=directrice) == [], "aussi grave"
    siennes.update(probabilite=4, impact=4)
    pire = _seule(parcours, directrice)
    assert suites.suite_de(pire) is None and pire.vue == 16
    assert connecte(directrice).get(f"{URL}?ligne={ligne.pk}").status_code == 200
    ecarter(proposee=pire, par=directrice, motif="Vu à nouveau")
    assert [s.vue for s in SuiteDonnee.objects.order_by("pk")] == [12, 16]
    assert proposees(parcours, par=directrice) == []
    with pytest.raises(Refus, match=DEJA):
        ecarter(proposee=pire, par=directrice, motif="Deux fois")


@pytest.mark.parametrize(("sens", "notes"), [("defavorable", (8, 7, 9)), ("favorable", (3, 4, 2))])
def test_une_note_pire_se_propose_a_nouveau(sens: str, notes: tuple[int, int, int]) -> None:
    version = VersionFactory(questions=0, sens=sens)
    peupler(version)
    changer_etat(version, "publier", par=cheffe_de(version.grappe))
    parcours = ParcoursFactory(grappe=version.grappe)
    directrice = directrice_de(parcours)
    campagne = campagne_ouverte(grappe=version.grappe, version_posee=version, population=[parcours])
    grille = grille_de(directrice, campagne.evaluations.get(), {"A1": notes[0]})
    ecarter(proposee=_seule(parcours, directrice), par=directrice, motif="Déjà suivi")
    grille.reponses.update(valeur=notes[1])
    assert proposees(parcours, par=directrice) == []
    grille.reponses.update(valeur=notes[2])
    pire = _seule(parcours, directrice)
    assert "Cette réponse inquiète" in _fragment(_relue(grille), directrice)
    ecarter(proposee=pire, par=directrice, motif="Vu à nouveau")
    assert "Cette réponse inquiète" not in _fragment(_relue(grille), directrice)
    assert [s.vue for s in SuiteDonnee.objects.order_by("pk")] == [notes[0], notes[2]]


def test_la_reponse_a_ce_qui_n_est_plus_pose_ne_propose_rien(parcours: Parcours, directrice: Any) -> None:
    version = VersionFactory(grappe=parcours.grappe)
    Question.objects.filter(section__version=version, code="A2").update(si_question="A1", si_au_moins=5)
    changer_etat(version, "publier", par=cheffe_de(parcours.grappe))
    campagne = campagne_ouverte(grappe=parcours.grappe, version_posee=version, population=[parcours])
    grille = grille_de(directrice, campagne.evaluations.get(), {"A1": 5, "A2": 9})
    question = Question.objects.get(section__version=version, code="A2")
    origine = {"grille": grille.pk, "question": question.pk}
    assert _seule(parcours, directrice).question == question and trouver(directrice, origine)
    grille.reponses.filter(question__code="A1").update(valeur=4)
    assert proposees(parcours, par=directrice) == [] and trouver(directrice, origine) is None


def test_un_refus_de_l_action_n_ecrit_pas_le_risque(parcours: Parcours, directrice: Any) -> None:
    AnalyseLocaleFactory(parcours=parcours, lignes=(4, 3))
    proposee = proposees(parcours, par=directrice)[0]
    valeurs = valeurs_proposees(proposee) | {"action": {"libelle": ""}}
    with pytest.raises(Refus):
        retenir(proposee=proposee, par=directrice, **valeurs)
    assert not Risque.objects.exists() and not SuiteDonnee.objects.exists()


# --- la page -------------------------------------------------------------------------------------------------------


@pytest.fixture
def ligne(parcours: Parcours) -> LigneAnalyse:
    analyse = analyse_transmise(parcours, lignes=(2, 2))
    analyse.lignes.filter(categorie="humain").update(probabilite=4, impact=3)
    return analyse.lignes.get(categorie="humain")


def test_un_clic_retient_et_ramene_ou_l_on_etait(parcours: Parcours, directrice: Any, ligne: LigneAnalyse) -> None:
    client, page = connecte(directrice), f"/parcours/{parcours.pk}/risques/"
    assert f'name="ligne" value="{ligne.pk}"' in client.get(page).content.decode()
    reponse = client.post(URL, {"ligne": ligne.pk, "geste": "tel-quel", "retour": page})
    assert reponse.status_code == 302 and reponse.url == page
    assert Risque.objects.get().ligne == ligne and Action.objects.get().parcours == parcours
    reponse = client.post(URL, {"ligne": ligne.pk, "geste": "tel-quel", "retour": page}, follow=True)
    assert "Une suite a déjà été donnée" in reponse.content.decode() and Risque.objects.count() == 1


@pytest.mark.parametrize(
    "retour", ["https://ailleurs.example/", "//ailleurs.example", "/\\ailleurs.example", "javascript:x"]
)
def test_on_ne_repart_jamais_ailleurs(parcours: Parcours, directrice: Any, ligne: LigneAnalyse, retour: str) -> None:
    reponse = connecte(directrice).post(URL, {"ligne": ligne.pk, "geste": "tel-quel", "retour": retour})
    assert reponse.url == f"/parcours/{parcours.pk}/risques/"


def test_corriger_avant_de_retenir(parcours: Parcours, directrice: Any, ligne: LigneAnalyse) -> None:
    client = connecte(directrice)
    page = html.unescape(client.get(f"{URL}?ligne={ligne.pk}").content.decode())
    assert suites.ACTIONS["humain"] in page and "duree-saisie" in page
    saisie = {"ligne": ligne.pk, "geste": "retenir", "avec_action": "on", "action": "Former la nuit",
              "responsable": directrice.pk}  # fmt: skip
    assert client.post(URL, saisie).status_code == 302
    action = Action.objects.get()
    assert (action.libelle, action.responsable) == ("Former la nuit", directrice) and not Risque.objects.exists()


@pytest.mark.parametrize(
    "saisie",
    [
        {"geste": "retenir"},
        {"geste": "retenir", "avec_action": "on", "action": ""},
        {
            "geste": "retenir",
            "avec_risque": "on",
            "risque": "x",
            "categorie": "humain",
            "probabilite": "9",
            "impact": "1",
        },
        {"geste": "retenir", "avec_action": "on", "action": "x", "echeance": "2020-01-01"},
        {"geste": "ecarter", "motif": ""},
        {"geste": "ecarter", "motif": "NIR 1 85 05 78 006 084 91"},
        {"geste": "autre"},
        {},
    ],
)
def test_une_saisie_fautive_revient_sans_rien_ecrire(
    parcours: Parcours, directrice: Any, ligne: LigneAnalyse, saisie: dict[str, str]
) -> None:
    assert connecte(directrice).post(URL, {"ligne": ligne.pk, **saisie}).status_code == 422
    assert not SuiteDonnee.objects.exists() and not Action.objects.exists() and not Risque.objects.exists()


@pytest.mark.parametrize(
    ("role", "code"),
    [("directeur", 200), ("referent", 200), ("siege", 200), ("chef_projet", 200), ("membre", 403), ("appui", 403),
     ("ars", 404)],
)  # fmt: skip
def test_qui_peut_donner_suite(parcours: Parcours, ligne: LigneAnalyse, role: str, code: int) -> None:
    cible = {
        "siege": parcours.esms.og, "appui": parcours.esms.og, "chef_projet": parcours.grappe, "membre": parcours.grappe,
        "ars": parcours.grappe.region,
    }.get(role, parcours.esms)  # fmt: skip
    client = connecte(affecter(role, cible))
    assert client.get(f"{URL}?ligne={ligne.pk}").status_code == code
    ecrit = client.post(URL, {"ligne": ligne.pk, "geste": "tel-quel"}).status_code
    assert ecrit == (302 if code == 200 else code)
    assert SuiteDonnee.objects.exists() is (code == 200)


@pytest.mark.parametrize("requete", ["", "?ligne=0", "?ligne=abc", "?grille=1", "?ligne=1&grille=1&question=1",
                                     "?ligne=99999999999999999999", "?grille=1&question=999999"])  # fmt: skip
def test_une_origine_inconnue_n_existe_pas(directrice: Any, requete: str) -> None:
    assert connecte(directrice).get(URL + requete).status_code == 404


def test_on_ne_donne_pas_suite_a_une_reponse_qu_on_ne_lit_pas(parcours: Parcours, evaluation: Evaluation) -> None:
    referent, directrice = affecter(Role.REFERENT, parcours.esms), affecter(Role.DIRECTEUR, parcours.esms)
    grille = grille_de(referent, evaluation, {"A1": 10})
    question = Question.objects.get(section__version=evaluation.campagne.version_posee, code="A1")
    origine = {"grille": grille.pk, "question": question.pk}
    assert trouver(referent, origine) and trouver(directrice, origine) is None, "pas encore transmise"
    attendue = grille_de(directrice, evaluation)
    changer_etat(grille, "transmettre", par=referent)
    assert trouver(directrice, origine) is None, "la sienne est encore attendue"
    attendue.reponses.create(question=question, valeur=1, par=directrice)
    changer_etat(attendue, "transmettre", par=directrice)
    assert trouver(directrice, origine)


def test_qui_ne_conduit_ni_ne_repond_ne_lit_pas_les_reponses_d_une_personne(
    parcours: Parcours, evaluation: Evaluation
) -> None:
    directrice, referent = affecter(Role.DIRECTEUR, parcours.esms), affecter(Role.REFERENT, parcours.esms)
    grille = grille_de(directrice, evaluation, {"A1": 10})
    changer_etat(grille, "transmettre", par=directrice)
    question = Question.objects.get(section__version=evaluation.campagne.version_posee, code="A1")
    origine = {"grille": grille.pk, "question": question.pk}
    assert trouver(referent, origine) is None and proposees(parcours, par=referent) == []
    assert trouver(cheffe_de(parcours.grappe), origine), "la cheffe conduit l'évaluation"


# --- le fragment ---------------------------------------------------------------------------------------------------

GABARIT = Template(
    "{% for r in reponses %}{% include 'risques/fragments/suite_proposee.html' with question=r.question grille=grille "
    "reponse=r only %}{% endfor %}"
)


def _fragment(grille: Grille, user: Any) -> str:
    request = RequestFactory().get("/grilles/1/")
    request.user = user
    reponses = list(grille.reponses.select_related("question").order_by("question__section__rang", "question__rang"))
    return GABARIT.render(RequestContext(request, {"grille": grille, "reponses": reponses}))


def _relue(grille: Grille) -> Grille:
    return Grille.objects.pour_lecture().get(pk=grille.pk)


def test_le_fragment_se_tait_ou_propose_ou_dit_la_suite(
    parcours: Parcours, directrice: Any, evaluation: Evaluation
) -> None:
    grille = grille_de(directrice, evaluation, {"A1": 9, "A2": 2})
    rendu = _fragment(_relue(grille), directrice)
    assert rendu.count("Cette réponse inquiète") == 1 and 'id="suite-A1"' in rendu
    assert "csrfmiddlewaretoken" in rendu and 'value="/grilles/1/#suite-A1"' in rendu
    proposee = _seule(parcours, directrice)
    retenir(proposee=proposee, par=directrice, **valeurs_proposees(proposee))
    rendu = _fragment(_relue(grille), directrice)
    assert "Cette réponse inquiète" not in rendu and "Retenu :" in rendu
    assert "Retenu" not in _fragment(_relue(grille), affecter(Role.MEMBRE, parcours.grappe))


def test_le_fragment_lit_autant_a_une_reponse_qu_a_cent(parcours: Parcours, directrice: Any) -> None:
    version = VersionFactory(grappe=parcours.grappe, questions=0)
    peupler(version, sections=10, questions=10)
    changer_etat(version, "publier", par=cheffe_de(parcours.grappe))
    campagne = campagne_ouverte(grappe=parcours.grappe, version_posee=version, population=[parcours])
    grille = grille_de(directrice, campagne.evaluations.get())
    questions = list(Question.objects.filter(section__version=version))

    def compter(combien: int) -> int:
        for question in questions[:combien]:
            grille.reponses.get_or_create(question=question, defaults={"valeur": 9, "par": directrice})
        relue = _relue(grille)
        with CaptureQueriesContext(connection) as captees:
            assert _fragment(relue, directrice).count("Cette réponse inquiète") == combien
        return len(captees)

    compter(1)
    assert compter(1) == compter(100)


def test_la_page_de_l_esms_lit_autant_a_une_proposition_qu_a_cinquante(parcours: Parcours, directrice: Any) -> None:
    version = VersionFactory(grappe=parcours.grappe, questions=0)
    peupler(version, sections=5, questions=10)
    changer_etat(version, "publier", par=cheffe_de(parcours.grappe))
    campagne = campagne_ouverte(grappe=parcours.grappe, version_posee=version, population=[parcours])
    grille = grille_de(directrice, campagne.evaluations.get())
    questions = iter(Question.objects.filter(section__version=version))

    def repondre(n: int) -> None:
        for _ in range(n):
            grille.reponses.create(question=next(questions), valeur=9, par=directrice)

    exiger_requetes_constantes(connecte(directrice), f"/parcours/{parcours.pk}/risques/", repondre)


# --- qui s'en charge -----------------------------------------------------------------------------------------------


def test_retenir_en_charge_qui_retient_a_trente_jours(parcours: Parcours, directrice: Any) -> None:
    ligne = AnalyseLocaleFactory(parcours=parcours, lignes=(4, 3)).lignes.first()
    reponse = connecte(directrice).post(URL, {"ligne": ligne.pk, "geste": "tel-quel"}, follow=True)
    action, risque, terme = Action.objects.get(), Risque.objects.get(), timezone.localdate() + timedelta(days=30)
    assert (action.responsable, action.echeance) == (directrice, terme)
    assert (risque.proprietaire, risque.revue_le) == (directrice, terme)
    assert f"S’en charge : {directrice}, pour le {date_courte(terme)}" in html.unescape(reponse.content.decode())


def test_qui_n_en_peut_repondre_n_est_pas_designe(parcours: Parcours) -> None:
    ligne = AnalyseLocaleFactory(parcours=parcours, lignes=(4, 3)).lignes.first()
    proposee = trouver(directrice_de(parcours), {"ligne": ligne.pk})
    assert proposee is not None
    assert "responsable" not in valeurs_proposees(proposee, directrice_de(ParcoursFactory()))["action"]
    assert "responsable" in valeurs_proposees(proposee, cheffe_de(parcours.grappe))["action"]
