"""Écrire des réponses : droits, échelle, conditions, concurrence ; le papier repris tout ou rien."""

from typing import Any

import pytest
from django.utils import timezone

from programme.enums import Role
from programme.models import Utilisateur
from programme.socle.erreurs import Refus
from programme.socle.models import Passage
from programme.socle.porte import changer_etat
from risques.calculs.ressaisie import FAUTES_AU_PLUS
from risques.enums import EtatGrille, NatureGrille
from risques.models import Grille, Question, Reponse
from risques.services.grilles import detailler, dire_la_reunion
from risques.services.reponses import Croisement, lire_valeur, repondre
from risques.services.ressaisie import examiner, ressaisir
from tests.fabriques import GrappeFactory, UtilisateurFactory, affecter, cheffe_de
from tests.risques.fabriques import GrilleFactory, VersionFactory, campagne_ouverte, grille_de
from tests.risques.instrument import instrument

pytestmark = pytest.mark.django_db


@pytest.fixture
def cheffe() -> Utilisateur:
    return cheffe_de(GrappeFactory())


def ouvrir(cheffe: Utilisateur, modifier: Any = None, **champs: Any) -> Grille:
    """La grille vide de la cheffe : A1, A2, B1, B2 ; `modifier` retouche la version avant publication."""
    version = VersionFactory(grappe=cheffe.affectations.get().grappe)
    if modifier:
        modifier(Question.objects.filter(section__version=version))
    changer_etat(version, "publier", par=cheffe)
    campagne = campagne_ouverte(grappe=version.grappe, version_posee=version, **champs)
    return grille_de(cheffe, campagne.evaluations.get())


def conditionner(questions: Any) -> None:
    questions.filter(code="A2").update(si_question="A1", si_au_moins=7)


def phrase(erreur: pytest.ExceptionInfo[Refus], champ: str = "valeur") -> str:
    return " ".join(erreur.value.champs.get(champ, [erreur.value.motif]))


def test_la_premiere_reponse_commence_la_grille_par_la_porte(cheffe: Utilisateur) -> None:
    grille = ouvrir(cheffe)
    repondre(grille=grille, code="A1", mot="À voir avec l'éditeur.", vu=0, par=cheffe)
    grille.refresh_from_db()
    assert grille.etat == EtatGrille.A_REPONDRE
    ecrite = repondre(grille=grille, code="A1", valeur=7, mot="À voir avec l'éditeur.", vu=1, par=cheffe)
    assert (ecrite.valeur, ecrite.version, ecrite.par) == (7, 2, cheffe)
    grille.refresh_from_db()
    assert grille.etat == EtatGrille.COMMENCEE
    assert Passage.objects.de(grille).get().transition == "commencer"
    repondre(grille=grille, code="A2", sans_objet=True, vu=0, par=cheffe)
    assert Passage.objects.de(grille).count() == 1


def test_effacer_garde_le_commentaire_et_ne_compte_plus(cheffe: Utilisateur) -> None:
    grille = ouvrir(cheffe)
    repondre(grille=grille, code="A1", valeur=7, mot="Au second étage.", vu=0, par=cheffe)
    repondre(grille=grille, code="A1", mot="Au second étage.", vu=1, par=cheffe)
    reponse = Reponse.objects.get()
    assert (reponse.valeur, reponse.sans_objet, reponse.mot) == (None, False, "Au second étage.")
    assert detailler(grille).avancement.nb_repondues == 0


@pytest.mark.parametrize("qui", ["collegue", "directeur", "ars"])
def test_seule_la_personne_designee_repond(cheffe: Utilisateur, qui: str) -> None:
    grille = ouvrir(cheffe)
    grappe = grille.evaluation.campagne.grappe
    autres = {
        "collegue": lambda: cheffe_de(grappe),
        "directeur": UtilisateurFactory,
        "ars": lambda: affecter(Role.ARS, grappe.region),
    }
    repondre(grille=grille, code="A1", valeur=7, vu=0, par=cheffe)
    with pytest.raises(Refus) as refus:
        repondre(grille=grille, code="A2", valeur=7, vu=0, par=autres[qui]())
    assert refus.value.code == "droit"
    assert Reponse.objects.get().par == cheffe


@pytest.mark.parametrize("fermer", ["transmettre", "clore"])
def test_on_n_ecrit_plus_dans_une_grille_fermee(cheffe: Utilisateur, fermer: str) -> None:
    grille = ouvrir(cheffe)
    repondre(grille=grille, code="A1", valeur=7, vu=0, par=cheffe)
    changer_etat(grille if fermer == "transmettre" else grille.evaluation.campagne, fermer, par=cheffe)
    with pytest.raises(Refus, match="Rien n'a été enregistré") as refus:
        repondre(grille=grille, code="A1", valeur=2, vu=1, par=cheffe)
    assert refus.value.code == "etat"
    assert Reponse.objects.get().valeur == 7


def test_une_precision_demandee_rouvre(cheffe: Utilisateur) -> None:
    grille = ouvrir(cheffe)
    repondre(grille=grille, code="A1", valeur=7, vu=0, par=cheffe)
    changer_etat(grille, "transmettre", par=cheffe)
    autre = cheffe_de(grille.evaluation.campagne.grappe)
    changer_etat(grille, "demander_precision", par=autre, motif="A1 : quel étage ?")
    repondre(grille=grille, code="A1", valeur=8, vu=1, par=cheffe)
    assert Reponse.objects.get().valeur == 8
    assert grille.instantanes.get().contenu["reponses"][0]["valeur"] == 7


@pytest.mark.parametrize(
    ("champs", "reponse", "dit"),
    [
        ({}, {"valeur": 0}, "0 n'est pas sur l'échelle de A1 : de 1 à 10, ou sans objet"),
        ({}, {"valeur": 11}, "11 n'est pas sur l'échelle"),
        ({"sans_objet": False}, {"sans_objet": True}, "« Sans objet » n'est pas permis à A1"),
        ({"choix": True, "echelle": [{"valeur": 1, "libelle": "Non"}, {"valeur": 4, "libelle": "Oui"}]}, {"valeur": 2},
         "l'une de ces réponses : 1, 4"),
    ],
)  # fmt: skip
def test_hors_de_l_echelle(cheffe: Utilisateur, champs: Any, reponse: Any, dit: str) -> None:
    grille = ouvrir(cheffe, lambda questions: questions.filter(code="A1").update(**champs) if champs else None)
    with pytest.raises(Refus) as refus:
        repondre(grille=grille, code="A1", vu=0, par=cheffe, **reponse)
    assert refus.value.code == "champ"
    assert dit in phrase(refus)
    assert not Reponse.objects.exists()


def test_un_commentaire_refuse_un_nir(cheffe: Utilisateur) -> None:
    with pytest.raises(Refus) as refus:
        repondre(grille=ouvrir(cheffe), code="A1", mot="n° 1 84 12 76 451 089 46", vu=0, par=cheffe)
    assert "mot" in refus.value.champs
    assert not Reponse.objects.exists()


@pytest.mark.parametrize("texte", ["7.5", "sept", "-1", "99999", "٧"])
def test_une_saisie_qui_n_est_pas_une_note(texte: str) -> None:
    with pytest.raises(Refus, match="nombre de l'échelle"):
        lire_valeur(texte)


def test_ce_qui_n_est_pas_pose_ne_se_repond_pas(cheffe: Utilisateur) -> None:
    etoilee = ouvrir(cheffe, etoilees=True)
    assert list(detailler(etoilee).questions) == ["A1", "B1"]
    confiee = ouvrir(cheffe)
    confiee.sections.set([confiee.evaluation.campagne.version_posee.sections.get(code="B")])
    for grille, code in ((etoilee, "A2"), (confiee, "A1"), (confiee, "Z9")):
        with pytest.raises(Refus, match="pas dans cette grille"):
            repondre(grille=grille, code=code, valeur=7, vu=0, par=cheffe)
    repondre(grille=confiee, code="B1", valeur=7, vu=0, par=cheffe)


def test_une_condition_se_lit_sur_la_reponse_d_avant(cheffe: Utilisateur) -> None:
    grille = ouvrir(cheffe, conditionner)
    with pytest.raises(Refus, match="n'est plus posée"):
        repondre(grille=grille, code="A2", valeur=5, vu=0, par=cheffe)
    repondre(grille=grille, code="A1", valeur=7, vu=0, par=cheffe)
    repondre(grille=grille, code="A2", valeur=5, vu=0, par=cheffe)
    assert detailler(grille).resume == "2 réponses sur 4"
    repondre(grille=grille, code="A1", valeur=6, vu=1, par=cheffe)
    assert detailler(grille).resume == "1 réponse sur 3"
    assert Reponse.objects.get(question__code="A2").valeur == 5


def test_deux_onglets_le_second_apprend_ce_qui_est_ecrit(cheffe: Utilisateur) -> None:
    grille = ouvrir(cheffe)
    repondre(grille=grille, code="A1", valeur=3, mot="Étage nord", vu=0, par=cheffe)
    with pytest.raises(Croisement) as croisement:
        repondre(grille=grille, code="A1", valeur=8, vu=0, par=cheffe)
    assert f"{cheffe} a répondu « 3 »" in croisement.value.motif
    assert "Étage nord" in croisement.value.motif
    assert "« 8 », n'est pas enregistrée" in croisement.value.motif
    assert croisement.value.actuelle.version == 1
    assert Reponse.objects.get().valeur == 3
    repondre(grille=grille, code="A1", valeur=8, vu=1, par=cheffe)
    assert Reponse.objects.get().valeur == 8


def test_redire_la_meme_chose_ne_fait_rien(cheffe: Utilisateur) -> None:
    grille = ouvrir(cheffe)
    for _ in range(2):
        repondre(grille=grille, code="A1", valeur=3, vu=0, par=cheffe)
    assert Reponse.objects.get().version == 1
    repondre(grille=grille, code="A2", vu=0, par=cheffe)
    assert Reponse.objects.count() == 1


def test_sans_objet_reduit_le_total_possible(cheffe: Utilisateur) -> None:
    grille = ouvrir(cheffe)
    repondre(grille=grille, code="A1", sans_objet=True, vu=0, par=cheffe)
    repondre(grille=grille, code="A2", valeur=4, vu=0, par=cheffe)
    detail = detailler(grille)
    assert (detail.resume, detail.possible) == ("1 réponse sur 3, 1 sans objet", "Total possible : 30 points")
    assert [s.mot for s in detail.sections] == ["2 / 2", "—"]
    assert detail.a_ouvrir().code == "B"


# --- réunion -------------------------------------------------------------------------------------------------------


def test_une_reunion_dit_qui_et_quand(cheffe: Utilisateur) -> None:
    evaluation = campagne_ouverte(grappe=cheffe.affectations.get().grappe).evaluations.get()
    reunion = GrilleFactory(evaluation=evaluation, participants="", tenue_le=None)
    jour = timezone.localdate()
    dire_la_reunion(grille=reunion, participants="Direction, veilleuse", tenue_le=jour, vu=None, par=cheffe)
    reunion.refresh_from_db()
    assert (reunion.participants, reunion.tenue_le) == ("Direction, veilleuse", jour)
    assert reunion.history.first().history_user == cheffe
    with pytest.raises(Refus) as refus:
        demain = jour + timezone.timedelta(days=1)
        dire_la_reunion(grille=reunion, participants="Direction", tenue_le=demain, vu=None, par=cheffe)
    assert "tenue_le" in refus.value.champs
    with pytest.raises(Refus) as croise:
        dire_la_reunion(grille=reunion, participants="Direction", tenue_le=jour, vu=0, par=cheffe)
    assert croise.value.code == "concurrence"


def test_une_reponse_individuelle_n_a_pas_de_participants(cheffe: Utilisateur) -> None:
    grille = ouvrir(cheffe)
    assert grille.nature == NatureGrille.INDIVIDUELLE
    with pytest.raises(Refus, match="une seule personne"):
        dire_la_reunion(grille=grille, participants="Tous", tenue_le=None, vu=None, par=cheffe)


# --- papier --------------------------------------------------------------------------------------------------------


def test_le_papier_se_reprend_d_un_bloc_et_garde_les_commentaires(cheffe: Utilisateur) -> None:
    grille = ouvrir(cheffe)
    repondre(grille=grille, code="A1", valeur=3, mot="Étage nord", vu=0, par=cheffe)
    examen = examiner(grille, "A1 7 ; A2 so\nB1 2")
    assert [(c.saisie.code, c.avant, c.apres) for c in examen.changements] == [
        ("A1", "3", "7"), ("A2", "", "sans objet"), ("B1", "", "2"),
    ]  # fmt: skip
    assert Reponse.objects.count() == 1
    ressaisir(grille=grille, texte="A1 7 ; A2 so\nB1 2", vu=examen.vu, par=cheffe)
    assert {r.question.code: (str(r), r.mot) for r in Reponse.objects.all()} == {
        "A1": ("7", "Étage nord"), "A2": ("sans objet", ""), "B1": ("2", ""),
    }  # fmt: skip
    grille.refresh_from_db()
    assert grille.etat == EtatGrille.COMMENCEE
    assert examiner(grille, "A1 7 ; A2 so\nB1 2").inchangees == 3


@pytest.mark.parametrize(
    ("texte", "ligne", "dit"),
    [
        ("A1 7\nB1 12", 2, "12 n'est pas sur l'échelle de B1"),
        ("A1 7\nZ1 2", 2, "« Z1 » n'est pas un code"),
        ("A1 3\nA2 5", 2, "A2 ne se pose pas ici"),
    ],
)
def test_une_faute_et_rien_n_est_ecrit(cheffe: Utilisateur, texte: str, ligne: int, dit: str) -> None:
    grille = ouvrir(cheffe, conditionner)
    examen = examiner(grille, texte)
    assert [f.ligne for f in examen.fautes] == [ligne]
    assert dit in examen.fautes[0].phrase
    with pytest.raises(Refus, match="Rien n'est enregistré"):
        ressaisir(grille=grille, texte=texte, vu=examen.vu, par=cheffe)
    assert not Reponse.objects.exists()


def test_le_papier_peut_remplir_une_condition_et_sa_suite(cheffe: Utilisateur) -> None:
    grille = ouvrir(cheffe, conditionner)
    texte = "A1 8 ; A2 5"
    ressaisir(grille=grille, texte=texte, vu=examiner(grille, texte).vu, par=cheffe)
    assert detailler(grille).avancement.nb_repondues == 2


def test_l_apercu_du_papier_ne_vaut_plus_si_une_reponse_a_change(cheffe: Utilisateur) -> None:
    grille = ouvrir(cheffe)
    vu = examiner(grille, "A1 7").vu
    repondre(grille=grille, code="B2", valeur=3, vu=0, par=cheffe)
    with pytest.raises(Refus) as refus:
        ressaisir(grille=grille, texte="A1 7", vu=vu, par=cheffe)
    assert refus.value.code == "concurrence"
    assert Reponse.objects.count() == 1


def test_les_cent_questions_reprises_du_papier_font_le_total(cheffe: Utilisateur) -> None:
    grappe = cheffe.affectations.get().grappe
    campagne = campagne_ouverte(grappe=grappe, version_posee=instrument("risques-100-points", grappe))
    grille = grille_de(cheffe, campagne.evaluations.get())
    texte = "\n".join(f"{code} 3" for code in detailler(grille).questions)
    ressaisir(grille=grille, texte=texte, vu=examiner(grille, texte).vu, par=cheffe)
    changer_etat(grille, "transmettre", par=cheffe)
    assert grille.instantanes.get().total == 1100 - 300


def test_mille_fautes_se_comptent_sans_se_montrer_toutes(cheffe: Utilisateur) -> None:
    grille = ouvrir(cheffe)
    texte = "Z9 7 " * 1_000
    examen = examiner(grille, texte)
    assert (len(examen.fautes), examen.autres, examen.nb_fautes) == (FAUTES_AU_PLUS, 950, 1_000)
    with pytest.raises(Refus) as refus:
        ressaisir(grille=grille, texte=texte, vu=examen.vu, par=cheffe)
    assert len(refus.value.champs["texte"]) == FAUTES_AU_PLUS + 1
    assert refus.value.champs["texte"][-1] == "Et 950 autres fautes : corrigez celles-ci d'abord."
