"""Les versions d'un questionnaire : charger et rendre sans différence, comparer, publier, références rejouées."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis.extra.django import TestCase

from programme.enums import Role
from programme.models import Grappe, Utilisateur
from programme.services.reference import DOSSIER, charger_reference
from programme.socle.erreurs import Refus
from programme.socle.models import Passage
from programme.socle.porte import changer_etat
from risques.calculs.differences import comparer
from risques.definition.modele import Definition
from risques.enums import EtatVersion
from risques.models import Question, Questionnaire, Section, VersionQuestionnaire
from risques.models.questionnaires import VersionPubliee
from risques.services import questionnaires as services
from risques.services import references
from tests.fabriques import GrappeFactory, affecter, cheffe_de
from tests.risques.definition.exemples import definir, definitions, petit, question, questionnaire, section
from tests.risques.fabriques import CampagneFactory, campagne_ouverte, grille_de, version_publiee

CODES = ["effets-dui", "leviers-griefs", "pre-diagnostic", "risques-100-points"]


@pytest.fixture
def grappe() -> Grappe:
    return GrappeFactory()


@pytest.fixture
def cheffe(grappe: Grappe) -> Utilisateur:
    return cheffe_de(grappe)


def charger(brut: dict[str, Any], grappe: Grappe | None, par: Utilisateur) -> VersionQuestionnaire:
    return services.charger_definition(definir(brut), grappe=grappe, par=par)


def publier(brut: dict[str, Any], grappe: Grappe | None, par: Utilisateur) -> VersionQuestionnaire:
    version = charger(brut, grappe, par)
    changer_etat(version, "publier", par=par)
    return version


# --- aller et retour -----------------------------------------------------------------------------------------------


class TestAllerRetour(TestCase):
    """La base rend ce qu'on y range, quels que soient les textes."""

    @settings(max_examples=25, deadline=None)
    @given(definitions())
    def test_charger_puis_rendre_ne_perd_rien(self, definition: Definition) -> None:
        grappe = GrappeFactory()
        version = services.charger_definition(definition, grappe=grappe, par=cheffe_de(grappe))
        relue = VersionQuestionnaire.objects.get(pk=version.pk)
        attendue = replace(definition, version=1, duree_minutes=services.duree_annoncee(definition))
        assert services.definition_de(relue) == attendue
        assert not comparer(attendue, services.definition_de(relue))


@pytest.mark.django_db
def test_sans_duree_dite_une_minute_et_demie_par_question(grappe: Grappe, cheffe: Utilisateur) -> None:
    assert charger(petit(), grappe, cheffe).duree_minutes == 5
    assert charger(petit(duree_minutes=12), grappe, cheffe).duree_minutes == 12


# --- brouillon, numéros, droits ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_un_brouillon_se_remplace_sans_changer_d_adresse_ni_de_numero(grappe: Grappe, cheffe: Utilisateur) -> None:
    premier = charger(petit(), grappe, cheffe)
    preparee = CampagneFactory(grappe=grappe, version_posee=premier)
    second = charger(petit(nom="Mieux dit"), grappe, cheffe)
    assert (second.pk, second.numero, second.etat) == (premier.pk, 1, EtatVersion.BROUILLON)
    assert second.questionnaire.nom == "Mieux dit" and VersionQuestionnaire.objects.count() == 1
    assert Question.objects.count() == 3 and Section.objects.count() == 2
    preparee.refresh_from_db()
    assert preparee.version_posee == second


@pytest.mark.django_db
def test_le_numero_est_le_suivant_de_la_portee(grappe: Grappe, cheffe: Utilisateur) -> None:
    admin = affecter(Role.ADMIN)
    assert publier(petit(version=40), None, admin).numero == 1
    assert publier(petit(), grappe, cheffe).numero == 1
    assert charger(petit(), grappe, cheffe).numero == 2
    assert charger(petit(), None, admin).numero == 2


@pytest.mark.django_db
def test_chacun_tient_les_siens(grappe: Grappe, cheffe: Utilisateur) -> None:
    for grappe_visee, par in ((None, cheffe), (GrappeFactory(), cheffe), (grappe, affecter(Role.ADMIN))):
        with pytest.raises(Refus) as refus:
            charger(petit(), grappe_visee, par)
        assert refus.value.code == "droit"
    assert not Questionnaire.objects.exists()


@pytest.mark.django_db
def test_le_code_d_une_autre_grappe_ne_livre_pas_son_nom(grappe: Grappe, cheffe: Utilisateur) -> None:
    ailleurs = GrappeFactory()
    charger(petit(nom="Ce que la grappe voisine prépare"), ailleurs, cheffe_de(ailleurs))
    with pytest.raises(Refus) as refus:
        charger(petit(), grappe, cheffe)
    assert refus.value.champs == {"code": [services.CODE_PRIS]} and "voisine" not in str(refus.value)
    assert VersionQuestionnaire.objects.count() == 1


@pytest.mark.django_db
def test_le_nom_et_l_objet_ne_changent_plus_une_fois_publie(grappe: Grappe, cheffe: Utilisateur) -> None:
    publier(petit(), grappe, cheffe)
    assert charger(petit(nom="Autre nom"), grappe, cheffe).questionnaire.nom == "Nos risques"
    with pytest.raises(Refus, match="mesure « Risques du projet »"):
        charger(petit(objet="effets"), grappe, cheffe)


@pytest.mark.django_db
def test_une_version_publiee_ne_change_plus(grappe: Grappe, cheffe: Utilisateur) -> None:
    version = publier(petit(), grappe, cheffe)
    avant = services.definition_de(version)
    une = Question.objects.first()
    assert une is not None
    une.enonce = "Autre chose"
    with pytest.raises(VersionPubliee):
        une.save()
    charger(petit(note="La suivante"), grappe, cheffe)
    assert services.definition_de(VersionQuestionnaire.objects.get(pk=version.pk)) == avant
    with pytest.raises(Refus, match="ne change plus"):
        services.choisir_comparabilite(version=version, comparable=False, par=cheffe)


# --- comparer ------------------------------------------------------------------------------------------------------


def trois(**a1: Any) -> dict[str, Any]:
    return questionnaire(section("A", question("A1", **a1), question("A2"), question("A3")))


@pytest.mark.parametrize(
    ("autre", "mots", "comparable"),
    [
        (trois(), "aucune différence", True),
        (trois(enonce="Qui décide ?"), "1 reformulée", True),
        (trois(poids=2, etoilee=True), "1 retouchée", True),
        (trois(maximum=5), "1 d'une autre échelle", False),
        (trois(sens="favorable"), "1 d'un autre sens", False),
        (trois(sens="inconnu"), "1 d'un autre sens", False),
        (trois() | {"note": "À savoir."}, "présentation changée", True),
        (questionnaire(section("A", question("A2"), question("A3"), question("A4"))), "1 ajoutée, 1 retirée", True),
        (questionnaire(section("A", question("A2"), question("A1"), question("A3"))), "présentation changée", True),
        (questionnaire(section("Z", question("Z1"))), "1 ajoutée, 3 retirées, présentation changée", False),
    ],
)
def test_ce_qui_distingue_deux_textes(autre: dict[str, Any], mots: str, comparable: bool) -> None:
    ecarts = comparer(definir(trois()), definir(autre))
    assert ecarts.en_mots == mots and bool(ecarts.obstacle) is not comparable
    assert bool(ecarts) is (mots != "aucune différence")


def test_chaque_champ_d_une_question_se_voit_dans_les_differences() -> None:
    avant = question("A2")
    autres = {
        "enonce": "Autre ?", "aide": "Aide.", "minimum": 0, "maximum": 9, "sens": "favorable", "poids": 3,
        "etoilee": True, "sans_objet": False, "echelle": [{"valeur": 1, "libelle": "Non"}],
        "categorie": "humain", "action": "Agir", "risque": "Perdre", "si": {"question": "A1", "au_moins": 4},
    }  # fmt: skip
    for cle, valeur in autres.items():
        textes = [questionnaire(section("A", question("A1"), q)) for q in (avant, avant | {cle: valeur})]
        (changement,) = comparer(*map(definir, textes)).changees
        assert changement.code == "A2" and len(changement.ecarts) == 1, cle


@pytest.mark.django_db
def test_comparable_est_propose_puis_choisi(grappe: Grappe, cheffe: Utilisateur) -> None:
    publier(trois(), grappe, cheffe)
    seconde = charger(trois(enonce="Qui décide ?"), grappe, cheffe)
    assert seconde.comparable_depuis == 1
    assert services.choisir_comparabilite(version=seconde, comparable=False, par=cheffe).comparable_depuis is None
    services.choisir_comparabilite(version=seconde, comparable=True, par=cheffe)
    changer_etat(seconde, "publier", par=cheffe)
    assert charger(trois(poids=2), grappe, cheffe).comparable_depuis == 1
    rompue = charger(trois(maximum=5), grappe, cheffe)
    assert (rompue.numero, rompue.comparable_depuis) == (3, None)
    with pytest.raises(Refus, match="1 question commune change"):
        services.choisir_comparabilite(version=rompue, comparable=True, par=cheffe)
    with pytest.raises(Refus) as refus:
        services.choisir_comparabilite(version=rompue, comparable=False, par=affecter(Role.DIRECTEUR))
    assert refus.value.code == "droit"


@pytest.mark.django_db
def test_la_premiere_ne_se_compare_qu_a_elle_meme(grappe: Grappe, cheffe: Utilisateur) -> None:
    version = charger(trois(), grappe, cheffe)
    assert version.comparable_depuis is None
    with pytest.raises(Refus, match="Aucune version publiée ne la précède"):
        services.choisir_comparabilite(version=version, comparable=True, par=cheffe)


@pytest.mark.django_db
def test_la_version_2_parait_pendant_qu_on_repond_a_la_1(grappe: Grappe, cheffe: Utilisateur) -> None:
    une = publier(trois(), grappe, cheffe)
    campagne = campagne_ouverte(grappe=grappe, creee_par=cheffe, version_posee=une)
    grille = grille_de(cheffe, campagne.evaluations.get(), {"A1": 7})
    deux = publier(trois(enonce="Tout autrement dit ?"), grappe, cheffe)
    assert VersionQuestionnaire.objects.en_vigueur(grappe).get() == deux
    campagne.refresh_from_db()
    assert (campagne.etat, campagne.version_posee) == ("ouverte", une)
    posees = [q for s in campagne.sections_posees() for q in s.questions]
    assert [q.enonce for q in posees][0] == "Où en est A1 ?" and grille.reponses.get().question in posees
    changer_etat(une, "retirer", par=cheffe, motif="remplacée par la version 2")
    campagne.refresh_from_db()
    assert campagne.etat == "ouverte" and services.definition_de(une).sections == definir(trois()).sections


# --- instruments livrés --------------------------------------------------------------------------------------------


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    """Une copie des références, qu'on peut changer."""
    return Path(shutil.copytree(DOSSIER, tmp_path / "reference"))


def de_treille(code: str) -> list[VersionQuestionnaire]:
    return list(VersionQuestionnaire.objects.filter(questionnaire__code=code, grappe=None).order_by("numero"))


def changer_fichier(dossier: Path, fichier: str, /, **valeurs: Any) -> None:
    chemin = dossier / "questionnaires" / f"{fichier}.json"
    chemin.write_text(json.dumps(json.loads(chemin.read_text()) | valeurs, ensure_ascii=False), encoding="utf-8")


@pytest.mark.django_db
def test_les_quatre_instruments_sont_publies_par_la_porte_et_rendus_tels_quels() -> None:
    effets = charger_reference()["questionnaires"]
    assert (effets.crees, effets.modifies, effets.inchanges) == (142, 0, 0)
    assert sorted(Questionnaire.objects.values_list("code", flat=True)) == CODES
    for code in CODES:
        (version,) = de_treille(code)
        assert (version.etat, version.numero) == (EtatVersion.PUBLIEE, 1)
        passage = Passage.objects.de(version).get()
        assert (str(passage.par), passage.role, passage.transition) == ("Treille", "Référence", "publier")
        brut = json.loads((DOSSIER / "questionnaires" / f"{code}.json").read_text(encoding="utf-8"))
        assert services.definition_de(version) == definir(brut)


@pytest.mark.django_db
def test_le_compte_de_treille_n_entre_pas_et_ne_tient_que_les_siens() -> None:
    charger_reference()
    compte = Utilisateur.objects.de_treille()
    assert not compte.is_active and not compte.has_usable_password() and not compte.affectations.exists()
    assert Utilisateur.objects.de_treille() == compte
    version = version_publiee()
    with pytest.raises(Refus) as refus:
        changer_etat(version, "retirer", par=compte, motif="essai")
    assert refus.value.code == "droit"
    compte.is_active = True
    assert not services.peut_tenir_questionnaires(compte, None)


@pytest.mark.django_db
def test_rejouer_ne_change_rien_meme_retiree(dossier: Path) -> None:
    charger_reference(dossier=dossier)
    (version,) = de_treille("effets-dui")
    changer_etat(version, "retirer", par=affecter(Role.ADMIN), motif="à revoir")
    effets = charger_reference(dossier=dossier)["questionnaires"]
    assert (effets.crees, effets.modifies, effets.inchanges) == (0, 0, 142)
    assert [v.etat for v in de_treille("effets-dui")] == [EtatVersion.RETIREE]


@pytest.mark.django_db
def test_un_fichier_change_publie_la_suivante_et_l_ancienne_reste(dossier: Path) -> None:
    charger_reference(dossier=dossier)
    (avant,) = de_treille("effets-dui")
    texte, admin = services.definition_de(avant), affecter(Role.ADMIN)
    prepare = services.charger_definition(replace(texte, note="En préparation."), grappe=None, par=admin)
    changer_fichier(dossier, "effets-dui", note="Autre note.", nom="Effets du DUI")
    effets = charger_reference(dossier=dossier)["questionnaires"]
    assert (effets.crees, effets.modifies, effets.inchanges) == (0, 0, 142)
    une, deux, brouillon = de_treille("effets-dui")
    assert (une, deux.etat, deux.note, deux.comparable_depuis) == (avant, EtatVersion.PUBLIEE, "Autre note.", 1)
    assert (brouillon.pk, brouillon.numero, brouillon.etat) == (prepare.pk, 3, EtatVersion.BROUILLON)
    assert services.definition_de(une).sections == texte.sections and deux.questionnaire.nom == "Effets du DUI"
    changer_etat(une, "retirer", par=admin, motif="remplacée")
    # Ce que l'administrateur publie lui-même n'est pas repris par un fichier inchangé.
    changer_etat(brouillon, "publier", par=admin)
    charger_reference(dossier=dossier)
    assert [v.numero for v in de_treille("effets-dui")] == [1, 2, 3]


@pytest.mark.django_db
def test_un_fichier_fautif_ne_charge_rien(dossier: Path) -> None:
    changer_fichier(dossier, "pre-diagnostic", sens="montant")
    with pytest.raises(references.ReferenceFautive, match=r"pre-diagnostic\.json.*montant"):
        charger_reference(dossier=dossier)
    assert not Questionnaire.objects.exists()
    changer_fichier(dossier, "pre-diagnostic", sens="defavorable", code="autre")
    with pytest.raises(references.ReferenceFautive, match="« autre »"):
        charger_reference(dossier=dossier)


@pytest.mark.django_db
def test_sans_dossier_rien_a_charger(tmp_path: Path) -> None:
    effets = references.charger_questionnaires(tmp_path)
    assert (effets.crees, effets.modifies, effets.inchanges) == (0, 0, 0)
    assert not Utilisateur.objects.exists()
