"""La page « Risques » d'une grappe : ce que chacun y lit, la carte de chaleur, ce qui revient, son coût."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.models import Grappe, Parcours, Utilisateur, Vague
from programme.socle.porte import changer_etat
from risques.calculs.criticite import Bornes
from risques.donnees_partagees import analyses_des_autres
from risques.enums import CategorieRisque, NiveauRisque
from risques.models import Evaluation, Question, Risque
from risques.services import chaleur, grappes
from risques.services.chaleur import Choix
from risques.services.recurrents import CATEGORIE, LIBELLE, QUESTION
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import GrappeFactory, OgFactory, ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.risques.fabriques import (
    AnalyseLocaleFactory,
    GrilleFactory,
    RisqueFactory,
    analyse_transmise,
    campagne_ouverte,
    grille_de,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def grappe() -> Grappe:
    return GrappeFactory()


def _parcours(grappe: Grappe, nom: str = "", **champs: Any) -> Parcours:
    noms = {"esms__nom": nom} if nom else {}
    return ParcoursFactory(grappe=grappe, **noms, **champs)


def _page(compte: Utilisateur, grappe: Grappe, **criteres: str) -> str:
    reponse = connecte(compte).get(reverse("risques:grappe-risques", args=[grappe.pk]), criteres)
    assert reponse.status_code == 200
    return reponse.content.decode()


def _lire(compte: Utilisateur, grappe: Grappe, **choix: str) -> grappes.LectureRisques:
    return grappes.lire(grappe, compte, timezone.localdate(), Choix(**choix))


def _rendue(evaluation: Evaluation, notes: dict[str, int | None] | None = None) -> Evaluation:
    grille = GrilleFactory(evaluation=evaluation, notes=notes or {"A1": 9, "A2": 7, "B1": 3})
    changer_etat(grille, "transmettre", par=grille.evaluateur)
    return evaluation


def _lus(lue: grappes.LectureRisques) -> list[str]:
    assert lue.carte
    return [ligne.nom for ligne in lue.carte.lignes]


# --- la carte ------------------------------------------------------------------------------------------------------


def test_la_carte_dit_le_niveau_le_chiffre_et_l_age(grappe: Grappe) -> None:
    parcours = _parcours(grappe)
    analyse = analyse_transmise(parcours, lignes=(3, 4))
    analyse.lignes.filter(categorie=CategorieRisque.HUMAIN).update(probabilite=1, impact=1)
    carte = _lire(cheffe_de(grappe), grappe).carte
    assert carte
    (ligne,) = carte.lignes
    assert [(c.palier, c.chiffre) for c in ligne.cases] == [(4, "12"), (4, "12"), (1, "1"), *[(4, "12")] * 3]
    assert ligne.age.mots == "aujourd’hui" and not ligne.age.ancienne
    type(analyse).objects.filter(pk=analyse.pk).update(transmise_le=timezone.localdate() - timedelta(days=200))
    carte = _lire(cheffe_de(grappe), grappe).carte
    assert carte and carte.lignes[0].age.ancienne and carte.anciennes == 1


def test_ce_qui_n_est_pas_transmis_ne_se_lit_pas_et_se_dit(grappe: Grappe) -> None:
    directrice = affecter(Role.CHEF_PROJET, grappe)
    AnalyseLocaleFactory(parcours=_parcours(grappe, "En cours"), lignes=(4, 4))
    _parcours(grappe, "Rien")
    reprise = analyse_transmise(_parcours(grappe, "Reprise"), lignes=(4, 4))
    changer_etat(reprise, "revoir", par=affecter(Role.DIRECTEUR, reprise.parcours.esms))
    precision = analyse_transmise(_parcours(grappe, "Précision"), lignes=(4, 4))
    changer_etat(precision, "demander_precision", par=directrice, motif="Quel étage ?")
    for analyse in (reprise, precision):
        analyse.lignes.update(probabilite=1, impact=1)
    lue = _lire(directrice, grappe)
    assert {e.parcours.esms.nom: e.en_attente for e in lue.sans_rien} == {
        "En cours": "en cours",
        "Rien": "pas commencée",
    }
    dites = {e.parcours.esms.nom: e.en_attente for e in lue.rouvertes}
    assert dites == {"Reprise": "en reprise", "Précision": "précision demandée"}
    assert lue.carte
    montres = {ligne.nom.split(",")[0]: {c.chiffre for c in ligne.cases} for ligne in lue.carte.lignes}
    assert montres == {"En cours": {"—"}, "Rien": {"—"}, "Reprise": {"16"}, "Précision": {"16"}}, "ce qui fut transmis"
    page = _page(directrice, grappe)
    assert "2 ESMS n’ont rien transmis qui se lise" in page and "2 analyses rouvertes" in page


def test_filtrer_par_og_par_vague_et_ranger(grappe: Grappe) -> None:
    og, vague = OgFactory(nom="Zeste"), Vague.objects.create(grappe=grappe, numero=1)
    a = _parcours(grappe, "A", esms__og=og)
    b, c = _parcours(grappe, "B", vague=vague), _parcours(grappe, "C")
    for parcours, lignes, jours in ((a, (1, 2), 5), (b, (4, 4), 9), (c, (2, 2), 1)):
        analyse = analyse_transmise(parcours, lignes=lignes)
        jour = timezone.localdate() - timedelta(days=jours)
        type(analyse).objects.filter(pk=analyse.pk).update(transmise_le=jour)
    cheffe = cheffe_de(grappe)
    noms = {str(p): p.esms.nom for p in (a, b, c)}

    def ranges(**choix: str) -> list[str]:
        return [noms[n] for n in _lus(_lire(cheffe, grappe, **choix))]

    assert ranges() == ["A", "B", "C"] and ranges(tri="niveau") == ["B", "C", "A"]
    assert ranges(tri="age") == ["B", "A", "C"] and ranges(tri="og")[-1] == "A"
    assert (
        ranges(og=str(og.pk)) == ["A"] and ranges(vague=str(vague.pk)) == ["B"] and ranges(vague="sans") == ["A", "C"]
    )
    page = _page(cheffe, grappe, og=str(og.pk), vague=str(vague.pk))
    assert "Aucun ESMS ne répond à ces filtres" in page
    assert "Zeste" in page and "vague de déploiement 1" in page and "Tout retirer" in page
    _page(cheffe, grappe, og="x", vague="1'", tri="???", axe="nimporte")


def test_un_esms_sorti_n_y_est_plus(grappe: Grappe) -> None:
    cheffe, parcours = cheffe_de(grappe), _parcours(grappe)
    RisqueFactory(parcours=parcours, libelle="Un risque emporté")
    changer_etat(parcours, "sortir", par=cheffe, motif="Avenant", raison="avenant")
    lue = _lire(cheffe, grappe)
    assert lue.lus == [] and lue.nb_risques == 0 and lue.carte is None
    assert "dès qu’un ESMS" in _page(cheffe, grappe)


# --- les sections --------------------------------------------------------------------------------------------------


def test_l_axe_des_sections_montre_qui_a_rendu_un_questionnaire_complet(grappe: Grappe) -> None:
    avec, sans = _parcours(grappe, "Avec"), _parcours(grappe, "Sans")
    campagne = campagne_ouverte(grappe=grappe, population=[avec, sans])
    _rendue(campagne.evaluations.get(parcours=avec), {"A1": 9, "A2": 1, "B1": 3})
    grille_de(affecter(Role.MEMBRE, grappe), campagne.evaluations.get(parcours=sans), {"A1": 2})
    cheffe = cheffe_de(grappe)
    carte = _lire(cheffe, grappe, axe="sections").carte
    assert carte and [c.nom for c in carte.colonnes] == ["Section A", "Section B"] and carte.ton == "maitrise"
    (ligne,) = carte.lignes
    # A : maîtrise (2 + 10) / 20 ; B : 8 / 10.
    assert ligne.nom == str(avec) and [(c.chiffre, c.palier) for c in ligne.cases] == [("60", 3), ("80", 4)]
    assert "Section A" in _page(cheffe, grappe, axe="sections")
    vide = GrappeFactory()
    _parcours(vide)
    assert "n’a rendu de questionnaire complet" in _page(cheffe_de(vide), vide, axe="sections")


def test_une_autre_grille_ne_se_lit_pas_dans_ces_colonnes(grappe: Grappe) -> None:
    parcours = [_parcours(grappe, f"P{rang}") for rang in range(3)]
    campagne = campagne_ouverte(grappe=grappe, population=parcours[:2])
    for evaluation in campagne.evaluations.all():
        _rendue(evaluation)
    autre = campagne_ouverte(grappe=grappe, population=parcours[2:])
    autre.version_posee.sections.update(nom="Une autre section")
    _rendue(autre.evaluations.get())
    carte = _lire(cheffe_de(grappe), grappe, axe="sections").carte
    assert carte and len(carte.lignes) == 2 and "1 ESMS a répondu sur une autre grille" in carte.note


def test_on_ne_lit_pas_le_resultat_des_autres_avant_d_avoir_rendu_le_sien(grappe: Grappe) -> None:
    cheffe = cheffe_de(grappe)
    evaluation = campagne_ouverte(grappe=grappe).evaluations.get()
    autre = affecter(Role.MEMBRE, grappe)
    changer_etat(grille_de(autre, evaluation, {"A1": 9, "A2": 9, "B1": 9}), "transmettre", par=autre)
    assert _lire(cheffe, grappe).evaluation is not None
    sienne = grille_de(cheffe, evaluation, {"A1": 2})
    lue = _lire(cheffe, grappe)
    assert lue.evaluation is None and lue.cachee
    assert "une fois votre réponse transmise" in _page(cheffe, grappe)
    corps = connecte(cheffe).get(reverse("api:grappe-risques", args=[grappe.pk])).json()
    assert corps["total"] is None
    changer_etat(sienne, "transmettre", par=cheffe)
    lue = _lire(cheffe, grappe)
    assert lue.evaluation and lue.evaluation.nb_transmises == 2 and not lue.cachee


def test_la_derniere_evaluation_de_la_grappe_son_total_son_radar(grappe: Grappe) -> None:
    _rendue(campagne_ouverte(grappe=grappe, nom="Au démarrage").evaluations.get())
    lue = _lire(cheffe_de(grappe), grappe)
    assert lue.evaluation and lue.evaluation.resultat and lue.evaluation.resultat.affiche == 467
    page = _page(cheffe_de(grappe), grappe)
    assert ">467<" in page and "provisoire" in page and "Au démarrage" in page and 'data-dessin="radar"' in page


# --- qui lit quoi ---------------------------------------------------------------------------------------------------


def test_une_directrice_lit_le_sien_l_en_tete_et_pas_les_voisins(grappe: Grappe) -> None:
    sien, voisin = _parcours(grappe, "Le mien"), _parcours(grappe, "Chez les voisins")
    for parcours in (sien, voisin):
        analyse_transmise(parcours, lignes=(4, 4))
        RisqueFactory(parcours=parcours, libelle=f"Risque : {parcours.esms.nom}")
    RisqueFactory(grappe=grappe, libelle="Risque commun")
    directrice = directrice_de(sien)
    lue = _lire(directrice, grappe)
    assert [e.parcours for e in lue.lus] == [sien] and lue.attentes is None and lue.autres is None
    page = _page(directrice, grappe)
    assert "Risque : Le mien" in page and "Risque commun" in page
    assert "Chez les voisins" not in page and "Ce qui vous attend" not in page and "de votre périmètre" in page


def test_les_autres_se_lisent_ensemble_a_partir_de_cinq(grappe: Grappe) -> None:
    sien = _parcours(grappe)
    analyse_transmise(sien)
    for _ in range(4):
        analyse_transmise(_parcours(grappe), lignes=(4, 4))
    AnalyseLocaleFactory(parcours=_parcours(grappe), lignes=(4, 4))
    directrice = directrice_de(sien)
    assert _lire(directrice, grappe).autres is None, "quatre autres : un total désignerait quelqu'un"
    assert "Les autres ESMS" not in _page(directrice, grappe)
    analyse_transmise(_parcours(grappe, "Le cinquième"), lignes=(1, 1))
    autres = _lire(directrice, grappe).autres
    assert autres and autres.nb == 5
    assert autres.nombres[CategorieRisque.HUMAIN] == dict(zip(NiveauRisque, (1, 0, 0, 4), strict=True))
    page = _page(directrice, grappe)
    assert "5 analyses transmises par des ESMS" in page and "Le cinquième" not in page
    assert _lire(cheffe_de(grappe), grappe).autres is None, "elle les lit déjà tous, un à un"
    assert analyses_des_autres(GrappeFactory(), [], Bornes()) is None


def test_la_grappe_d_a_cote_ne_se_voit_pas(grappe: Grappe) -> None:
    ailleurs = cheffe_de(GrappeFactory())
    assert connecte(ailleurs).get(reverse("risques:grappe-risques", args=[grappe.pk])).status_code == 404


# --- ce qui attend, le registre, ce qui revient -----------------------------------------------------------------------


def test_ce_qui_attend_le_chef_de_projet_vient_en_tete(grappe: Grappe) -> None:
    cheffe, parcours = cheffe_de(grappe), _parcours(grappe)
    assert "Aucune analyse à lire" in _page(cheffe, grappe)
    analyse_transmise(parcours)
    grave = RisqueFactory(parcours=parcours, probabilite=4, impact=4)
    RisqueFactory(parcours=parcours, probabilite=4, impact=4, probabilite_residuelle=1, impact_residuel=2)
    passee = RisqueFactory(grappe=grappe, revue_le=date(2026, 1, 1), probabilite=1, impact=1)
    attentes = _lire(cheffe, grappe).attentes
    assert attentes and [a.parcours for a in attentes.analyses] == [parcours]
    assert (attentes.inacceptables, attentes.revues) == ((grave,), (passee,))
    page = _page(cheffe, grappe)
    assert page.index("Ce qui vous attend") < page.index("Où ça chauffe")
    assert "1 analyse à lire" in page and "1 risque inacceptable" in page and "1 revue passée" in page


def test_le_registre_consolide_les_plus_graves_sans_les_recopier(grappe: Grappe) -> None:
    for rang in range(12):
        RisqueFactory(parcours=_parcours(grappe), libelle=f"Risque {rang}", probabilite=1 + rang % 4, impact=2)
    nb = Risque.objects.count()
    lue = _lire(cheffe_de(grappe), grappe)
    assert lue.nb_risques == 12 and len(lue.premiers) == 10 and Risque.objects.count() == nb
    cotes = [m.risque.brut for m in lue.premiers]
    assert cotes == sorted(cotes, reverse=True) and cotes[0] == 8 and lue.premiers[0].rang == 3
    assert lue.matrice and lue.matrice.grilles[0].nombre == 12


def test_ce_qui_revient_dans_deux_esms_au_moins(grappe: Grappe) -> None:
    a, b, c = (_parcours(grappe, nom) for nom in "ABC")
    campagne = campagne_ouverte(grappe=grappe)
    question = Question.objects.get(section__version=campagne.version_posee, code="A1")
    faible = {"probabilite": 1, "impact": 1}
    for parcours, libelle in ((a, "Le réseau tombe"), (b, "Plus de réseau à l'étage")):
        RisqueFactory(parcours=parcours, libelle=libelle, question=question, categorie="humain", **faible)
    for parcours, libelle in ((b, "Retour au papier"), (c, "retour AU  papier")):
        RisqueFactory(parcours=parcours, libelle=libelle, categorie="juridique", **faible)
    RisqueFactory(parcours=a, libelle="Seul ici", categorie="financier", **faible)
    RisqueFactory(parcours=a, libelle="Deux fois ici", categorie="financier", **faible)
    RisqueFactory(parcours=a, libelle="Deux fois ici", categorie="financier", **faible)
    RisqueFactory(grappe=grappe, libelle="Seul ici", **faible)
    # Critique dans le registre de A, dans l'analyse transmise de C.
    RisqueFactory(parcours=a, libelle="Grave", categorie="technique", probabilite=4, impact=3)
    analyse = analyse_transmise(c, lignes=(1, 1))
    analyse.lignes.filter(categorie="technique").update(probabilite=4, impact=2)
    lus = _lire(cheffe_de(grappe), grappe).recurrents
    dits = {r.genre: (r.libelle, [p.esms.nom for p in r.esms]) for r in lus}
    assert len(lus) == 3 and dits == {
        QUESTION: (question.risque, ["A", "B"]),
        LIBELLE: ("Retour au papier", ["B", "C"]),
        CATEGORIE: ("Technique", ["A", "C"]),
    }
    assert _lire(directrice_de(b), grappe).recurrents == [], "elle n'en lit qu'un"


def test_un_risque_de_grappe_s_ecrit_amorce_par_ce_qui_revient(grappe: Grappe) -> None:
    for nom in "AB":
        RisqueFactory(parcours=_parcours(grappe, nom), libelle="Retour au papier", categorie="humain")
    client, page = connecte(cheffe_de(grappe)), _page(cheffe_de(grappe), grappe)
    depart = "categorie=humain&amp;libelle=Retour%20au%20papier"
    lien = f"{reverse('risques:risque-creer')}?cible=grappe-{grappe.pk}&amp;{depart}"
    assert lien in page
    saisie = client.get(lien.replace("&amp;", "&")).content.decode()
    assert 'value="Retour au papier"' in saisie and 'value="humain" selected' in saisie
    assert lien not in _page(directrice_de(Parcours.objects.first()), grappe)


def test_nes_de_la_meme_question_et_ecrits_pareil_ne_se_dit_qu_une_fois(grappe: Grappe) -> None:
    question = Question.objects.filter(section__version=campagne_ouverte(grappe=grappe).version_posee).first()
    for _ in range(2):
        RisqueFactory(parcours=_parcours(grappe), libelle="Pareil", question=question, probabilite=1, impact=1)
    (seul,) = _lire(cheffe_de(grappe), grappe).recurrents
    assert seul.genre == QUESTION


# --- le coût -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("axe", [chaleur.CATEGORIES, chaleur.SECTIONS])
def test_autant_de_requetes_a_un_esms_qu_a_cinquante(grappe: Grappe, axe: str) -> None:
    campagne = campagne_ouverte(grappe=grappe)
    _rendue(campagne.evaluations.get())
    question = Question.objects.filter(section__version=campagne.version_posee).first()

    def peupler(n: int) -> None:
        for _ in range(n):
            parcours = _parcours(grappe)
            analyse_transmise(parcours, lignes=(4, 4))
            _rendue(Evaluation.objects.create(campagne=campagne, parcours=parcours))
            RisqueFactory(parcours=parcours, libelle="Pareil", question=question, revue_le=date(2026, 1, 1))

    url = reverse("risques:grappe-risques", args=[grappe.pk]) + f"?axe={axe}"
    exiger_requetes_constantes(connecte(cheffe_de(grappe)), url, peupler)
