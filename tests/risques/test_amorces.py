"""Ce que la grappe dit déjà de chaque catégorie : d'où, dans quel ordre, pour qui."""

from typing import Any

import pytest

from programme.enums import Role
from programme.models import Grappe
from programme.socle.porte import changer_etat
from risques.models import BaremeRisques, Campagne, Grille, Question
from risques.services.amorces import Amorces, amorces_de
from tests.fabriques import GrappeFactory, affecter
from tests.risques.fabriques import CampagneFactory, GrilleFactory, VersionFactory, campagne_ouverte, grille_de, peupler

pytestmark = pytest.mark.django_db
NOTES = {"A1": 9, "A2": 2, "B1": 8, "B2": 3}
"""A1 : organisationnel ; A2 et B1 : financier ; B2 : humain (voir `peupler`)."""


@pytest.fixture
def campagne() -> Campagne:
    return campagne_ouverte()


def lire(campagne: Campagne, par: Any = None) -> Amorces:
    return amorces_de(Grappe.objects.get(pk=campagne.grappe_id), par=par or affecter(Role.MEMBRE, campagne.grappe))


def transmise(campagne: Campagne, notes: dict[str, int | None], **champs: Any) -> Grille:
    grille = GrilleFactory(evaluation=campagne.evaluations.get(), notes=notes, **champs)
    changer_etat(grille, "transmettre", par=grille.evaluateur)
    return grille


def individuelle(campagne: Campagne, notes: dict[str, int | None], par: Any = None) -> Grille:
    qui = par or affecter(Role.MEMBRE, campagne.grappe)
    grille = grille_de(qui, campagne.evaluations.get(), notes)
    changer_etat(grille, "transmettre", par=qui)
    return grille


def test_rien_tant_que_personne_n_a_transmis(campagne: Campagne) -> None:
    GrilleFactory(evaluation=campagne.evaluations.get(), notes=NOTES)
    assert lire(campagne) == Amorces()


def test_par_categorie_la_moyenne_fait_la_probabilite_et_la_pire_fait_l_impact(campagne: Campagne) -> None:
    transmise(campagne, NOTES)
    lues = lire(campagne)
    assert lues.source == "la réunion de la grappe"
    financier = lues.par_categorie["financier"]
    # Parts de risque : 1/9 et 7/9 ; moyenne 4/9 → 1 + 4/3 → 2 ; la pire 7/9 → 1 + 7/3 → 3.
    assert (financier.probabilite, financier.impact) == (2, 3)
    assert (financier.inquietent, financier.nombre) == (1, 2)
    assert financier.phrase == "dans la grappe : 2 réponses sur ce sujet, une inquiète"
    assert [p[:9] for p in financier.pires] == ["Énoncé B1"]
    assert lues.par_categorie.keys() == {"organisationnel", "financier", "humain"}
    assert lues.par_categorie["humain"].phrase == "dans la grappe : une réponse sur ce sujet, elle n’inquiète pas"


@pytest.mark.parametrize("bornes", [(4, 8, 12), (2, 3, 4)])
def test_une_amorce_n_est_jamais_inacceptable(campagne: Campagne, bornes: tuple[int, int, int]) -> None:
    BaremeRisques.objects.create(
        grappe=campagne.grappe, significatif=bornes[0], critique=bornes[1], inacceptable=bornes[2]
    )
    transmise(campagne, dict.fromkeys(NOTES, 10))
    for amorce in lire(campagne).par_categorie.values():
        assert bornes[1] <= amorce.probabilite * amorce.impact < bornes[2], "quelqu'un doit le dire"


def test_le_consensus_passe_avant_la_reunion_et_la_reunion_avant_la_moyenne(campagne: Campagne) -> None:
    individuelle(campagne, {"A1": 10})
    individuelle(campagne, {"A1": 1})
    moyenne = lire(campagne)
    assert moyenne.source == "la moyenne des réponses de la grappe"
    # 1 et 0 de part de risque : leur moyenne, une seule réponse par question.
    assert (moyenne.par_categorie["organisationnel"].probabilite, moyenne.par_categorie["organisationnel"].nombre) == (
        3,
        1,
    )
    transmise(campagne, {"A1": 1})
    assert lire(campagne).source == "la réunion de la grappe"
    transmise(campagne, {"A1": 10}, nature="consensus")
    assert lire(campagne).source == "le consensus de la grappe"
    assert lire(campagne).par_categorie["organisationnel"].probabilite == 4


def test_sans_objet_et_sens_inconnu_ne_comptent_pas() -> None:
    version = VersionFactory(questions=0, sens="inconnu")
    peupler(version, sens="inconnu")
    campagne = CampagneFactory(grappe=version.grappe, version_posee=version)
    changer_etat(version, "publier", par=affecter(Role.CHEF_PROJET, version.grappe))
    changer_etat(campagne, "ouvrir", par=affecter(Role.CHEF_PROJET, version.grappe))
    transmise(campagne, {"A1": 10, "A2": None})
    assert lire(campagne).par_categorie == {}


def test_ce_qui_n_est_plus_pose_ne_compte_pas() -> None:
    version = VersionFactory()
    Question.objects.filter(section__version=version, code="A2").update(si_question="A1", si_au_moins=5)
    changer_etat(version, "publier", par=affecter(Role.CHEF_PROJET, version.grappe))
    campagne = campagne_ouverte(grappe=version.grappe, version_posee=version)
    grille = transmise(campagne, {"A1": 5, "A2": 10})
    assert lire(campagne).par_categorie.keys() == {"organisationnel", "financier"}
    grille.reponses.filter(question__code="A1").update(valeur=4)
    assert lire(campagne).par_categorie.keys() == {"organisationnel"}


def test_le_seuil_est_celui_de_la_grappe(campagne: Campagne) -> None:
    transmise(campagne, NOTES)
    assert lire(campagne).par_categorie["financier"].inquietent == 1
    BaremeRisques.objects.create(grappe=campagne.grappe, inquietante=9)
    assert lire(campagne).par_categorie["financier"].inquietent == 0
    assert lire(campagne).par_categorie["organisationnel"].inquietent == 1


def test_qui_doit_encore_repondre_n_en_lit_rien(campagne: Campagne) -> None:
    for _ in range(2):
        individuelle(campagne, NOTES)
    attendu = affecter(Role.MEMBRE, campagne.grappe)
    grille_de(attendu, campagne.evaluations.get())
    assert lire(campagne, attendu) == Amorces()
    assert lire(campagne).par_categorie, "les autres la lisent"
    changer_etat(campagne, "clore", par=affecter(Role.CHEF_PROJET, campagne.grappe))
    assert lire(campagne, attendu) == Amorces(), "rouverte, sa réponse serait l'écho"


def test_une_seule_reponse_n_amorce_rien(campagne: Campagne) -> None:
    individuelle(campagne, NOTES)
    assert lire(campagne) == Amorces(), "ce serait lire une personne"
    qui = affecter(Role.MEMBRE, campagne.grappe)
    partielle = grille_de(qui, campagne.evaluations.get(), {"A1": 1})
    partielle.sections.set(campagne.version_posee.sections.filter(code="A"))
    changer_etat(partielle, "transmettre", par=qui)
    assert lire(campagne) == Amorces(), "la section B resterait celle d'une seule"
    individuelle(campagne, NOTES)
    assert lire(campagne).source == "la moyenne des réponses de la grappe"


def test_la_derniere_evaluation_seule_et_jamais_celle_d_une_autre_grappe(campagne: Campagne) -> None:
    transmise(campagne, {"A1": 10})
    ailleurs = campagne_ouverte(grappe=GrappeFactory())
    transmise(ailleurs, {"A1": 1})
    suivante = campagne_ouverte(grappe=campagne.grappe, version_posee=campagne.version_posee)
    assert lire(campagne).par_categorie["organisationnel"].probabilite == 4, "la nouvelle n'a encore rien reçu"
    transmise(suivante, {"A1": 4})
    assert lire(campagne).par_categorie["organisationnel"].probabilite == 2


def test_autant_de_requetes_a_une_reponse_qu_a_cent(campagne: Campagne, django_assert_num_queries: Any) -> None:
    grille = transmise(campagne, {"A1": 9})
    par, grappe = affecter(Role.MEMBRE, campagne.grappe), campagne.grappe
    BaremeRisques.objects.create(grappe=grappe)
    grappe = Grappe.objects.select_related("bareme_risques").get(pk=grappe.pk)
    with django_assert_num_queries(9):
        amorces_de(grappe, par=par)
    grande = VersionFactory(grappe=grappe, questions=0)
    peupler(grande, sections=10, questions=10)
    changer_etat(grande, "publier", par=affecter(Role.CHEF_PROJET, grappe))
    suivante = campagne_ouverte(grappe=grappe, version_posee=grande)
    codes = [f"{lettre}{n}" for lettre in "ABCDEFGHIJ" for n in range(1, 11)]
    for _ in range(3):
        individuelle(suivante, dict.fromkeys(codes, 9))
    with django_assert_num_queries(9):
        lues = amorces_de(grappe, par=par)
    assert sum(a.nombre for a in lues.par_categorie.values()) == 100
    assert all(len(a.pires) == 2 for a in lues.par_categorie.values()) and grille
