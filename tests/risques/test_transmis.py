"""Ce qu'un ESMS a transmis : une seule définition, partout ; ce qui s'écrit encore ne se lit qu'à l'ESMS."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.models import Parcours
from programme.socle.porte import changer_etat
from risques.calculs.criticite import Bornes
from risques.documents.analyse import analyse_de
from risques.donnees_partagees import analyses_des_autres
from risques.enums import CategorieRisque, NiveauRisque
from risques.models import AnalyseLocale, Risque
from risques.services.agregats import agreger
from risques.services.analyses import enregistrer_analyse
from risques.services.lecture_api import risques_du_parcours
from risques.services.page_esms import page_de
from risques.services.partages import promesses
from risques.services.reglage_bareme import ce_que_cela_change
from risques.services.suites import proposees, retenir, trouver, valeurs_proposees
from tests.aides import connecte
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.risques.fabriques import AnalyseLocaleFactory, analyse_transmise

pytestmark = pytest.mark.django_db
DIT, ECRIT = "Le réseau tombe chaque semaine", "Ne le dites pas encore au siège"
A_L_ESMS = (Role.DIRECTEUR, Role.REFERENT, Role.SIEGE)
DEHORS = (Role.CHEF_PROJET, Role.MEMBRE, Role.GRADES, Role.APPUI)


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture(params=["revoir", "demander_precision"])
def rouverte(parcours: Parcours, request: Any) -> AnalyseLocale:
    """Transmise avec « technique » à 16, puis rouverte ; « technique » récrite à 1, « humain » à 12."""
    analyse = AnalyseLocaleFactory(parcours=parcours, lignes=(2, 2))
    analyse.lignes.filter(categorie="technique").update(probabilite=4, impact=4, mot=DIT)
    changer_etat(analyse, "transmettre", par=directrice_de(parcours))
    par = directrice_de(parcours) if request.param == "revoir" else cheffe_de(parcours.grappe)
    changer_etat(analyse, request.param, par=par, motif="Quel étage ?")
    analyse.lignes.filter(categorie="technique").update(probabilite=1, impact=1, mot="")
    analyse.lignes.filter(categorie="humain").update(probabilite=4, impact=3, mot=ECRIT)
    return AnalyseLocale.objects.get(pk=analyse.pk)


def _compte(role: Role, parcours: Parcours) -> Any:
    cible = {
        Role.SIEGE: parcours.esms.og, Role.APPUI: parcours.esms.og, Role.GRADES: parcours.grappe.region,
        Role.CHEF_PROJET: parcours.grappe, Role.MEMBRE: parcours.grappe,
    }.get(role, parcours.esms)  # fmt: skip
    return affecter(role, cible)


def _lu_par(compte: Any, parcours: Parcours) -> str:
    """Tout ce que ce compte lit de l'analyse : page, PDF, propositions, API."""
    page = connecte(compte).get(reverse("risques:parcours-risques", args=[parcours.pk]))
    assert page.status_code == 200
    relu = Parcours.objects.select_related("grappe", "esms").get(pk=parcours.pk)
    lus = [page.content.decode(), analyse_de(relu, par=compte).donnees["lignes"]]
    lus += [proposees(relu, par=compte), risques_du_parcours(relu, compte)["analyse"]]
    return str(lus).replace("&#x27;", "'")


@pytest.mark.parametrize("role", DEHORS)
def test_rouverte_on_lit_ce_qui_fut_transmis_jamais_ce_qui_s_ecrit(
    parcours: Parcours, rouverte: AnalyseLocale, role: Role
) -> None:
    compte = _compte(role, parcours)
    lu = _lu_par(compte, parcours)
    assert DIT in lu and ECRIT not in lu and "rouverte depuis : voici ce qui fut transmis" in lu
    relu = Parcours.objects.select_related("grappe", "esms").get(pk=parcours.pk)
    technique, humain = (
        next(x for x in page_de(relu, par=compte).lignes if x.categorie == c) for c in ("technique", "humain")
    )
    assert (technique.niveau, humain.niveau) == (NiveauRisque.INACCEPTABLE, NiveauRisque.SIGNIFICATIF)
    pdf = analyse_de(relu, par=compte).donnees
    assert "sont celles de cette transmission" in pdf["transmission"]
    dites = {x["categorie"]: x["criticite"] for x in risques_du_parcours(relu, compte)["analyse"]["categories"]}
    assert (dites["technique"], dites["humain"]) == (16, 4)


@pytest.mark.parametrize("role", A_L_ESMS)
def test_qui_saisit_pour_l_esms_lit_ce_qu_il_ecrit(parcours: Parcours, rouverte: AnalyseLocale, role: Role) -> None:
    compte = _compte(role, parcours)
    relu = Parcours.objects.select_related("grappe", "esms").get(pk=parcours.pk)
    assert ECRIT in _lu_par(compte, parcours) and ECRIT in str(analyse_de(relu, par=compte).donnees["lignes"])
    assert "ne sont pas encore retransmises" in analyse_de(relu, par=compte).donnees["transmission"]
    assert [p.categorie for p in proposees(relu, par=compte)] == ["humain"]


@pytest.mark.parametrize("role", DEHORS)
def test_jamais_transmise_elle_ne_se_lit_pas(parcours: Parcours, role: Role) -> None:
    analyse = AnalyseLocaleFactory(parcours=parcours, lignes=(4, 4))
    analyse.lignes.update(mot=ECRIT)
    compte = _compte(role, parcours)
    lu = _lu_par(compte, parcours)
    assert ECRIT not in lu and "n’a pas d’analyse transmise" in lu and "inacceptable" not in lu
    ligne = analyse.lignes.first()
    assert ligne and trouver(compte, {"ligne": ligne.pk}) is None
    assert connecte(compte).get(f"/suites/?ligne={ligne.pk}").status_code == 404
    formulaire = connecte(compte).get(reverse("risques:parcours-analyse", args=[parcours.pk]))
    assert formulaire.status_code == 403, "le formulaire montrerait ce qui s'écrit"


def test_la_cheffe_donne_suite_a_ce_qui_fut_transmis(parcours: Parcours, rouverte: AnalyseLocale) -> None:
    cheffe = cheffe_de(parcours.grappe)
    (proposee,) = proposees(parcours, par=cheffe)
    assert (proposee.categorie, proposee.vue, proposee.risque) == ("technique", 16, DIT)
    suite = retenir(proposee=proposee, par=cheffe, **valeurs_proposees(proposee))
    technique = rouverte.lignes.get(categorie="technique")
    assert (suite.ligne, suite.vue, Risque.objects.get().ligne) == (technique, 16, technique)
    assert (technique.probabilite, technique.impact) == (1, 1), "ce qui s'écrit n'a pas bougé"


def test_les_comptes_prennent_la_derniere_transmission(parcours: Parcours, rouverte: AnalyseLocale) -> None:
    cheffe, au = cheffe_de(parcours.grappe), timezone.localdate()
    assert agreger(cheffe, au).nb_transmises == 1
    effet = ce_que_cela_change(parcours.grappe, Bornes(2, 3, 5))
    assert (effet.nb_lignes, sum(d.nb_lignes for d in effet.deplacements)) == (6, 5), "16 reste inacceptable"
    for _ in range(4):
        analyse_transmise(ParcoursFactory(grappe=parcours.grappe))
    autres = analyses_des_autres(parcours.grappe, [], Bornes())
    assert autres and autres.nombres[CategorieRisque.TECHNIQUE][NiveauRisque.INACCEPTABLE] == 1
    assert autres.nombres[CategorieRisque.HUMAIN][NiveauRisque.INACCEPTABLE] == 0
    lira = " ".join(promesses(parcours)[0].lira)
    assert "rouverte : ses six lignes, une fois retransmises" in lira, "un partage ne l'ouvre pas en ce moment"


def test_en_nombre_autant_de_requetes() -> None:
    grappe = GrappeFactory()

    def compter(combien: int) -> int:
        for _ in range(combien):
            analyse = analyse_transmise(ParcoursFactory(grappe=grappe))
            changer_etat(analyse, "revoir", par=directrice_de(analyse.parcours))
        with CaptureQueriesContext(connection) as lues:
            analyses = AnalyseLocale.objects.transmises().avec_lignes()
            assert all(len(a.lignes_transmises) == 6 for a in analyses)
            ce_que_cela_change(grappe, Bornes())
            analyses_des_autres(grappe, [], Bornes())
        return len(lues)

    assert compter(1) == compter(4)


def test_la_derniere_transmission_et_non_la_premiere(parcours: Parcours, rouverte: AnalyseLocale) -> None:
    directrice = directrice_de(parcours)
    enregistrer_analyse(parcours=parcours, lignes={}, par=directrice, transmettre=True)
    rouverte.refresh_from_db()
    changer_etat(rouverte, "revoir", par=directrice)
    rouverte.lignes.update(probabilite=1, impact=1, mot="")
    lues = {x.categorie: x.criticite for x in AnalyseLocale.objects.get(pk=rouverte.pk).lignes_transmises}
    assert (lues["technique"], lues["humain"]) == (1, 12)
