"""Ce qu'une grappe suit : choisir dans le budget, arrêter, la cible du jour."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from programme.models import VersionInstruction
from programme.socle.erreurs import Refus
from tests.fabriques import ConventionFactory, EsmsFactory, GrappeFactory, ParcoursFactory, cheffe_de
from tests.usages.fabriques import CibleFactory, IndicateurFactory, SuiviFactory
from usages.enums import CadenceReleve, Denominateur, Famille, Forme, Origine
from usages.models import Suivi
from usages.services.indicateurs import suivis

pytestmark = pytest.mark.django_db
AU = timezone.localdate


def tape(**champs: Any) -> Any:
    """Un compte tapé une fois par trimestre."""
    rien = {"denominateur": "", "population": Denominateur.AUCUN, "plafonne": False}
    return IndicateurFactory(forme=Forme.COMPTE, cadence=CadenceReleve.TRIMESTRE, **rien | champs)


def calcule(**champs: Any) -> Any:
    return tape(origine=Origine.CALCULE, calcul="essai", **champs)


@pytest.fixture
def grappe() -> Any:
    return GrappeFactory()


@pytest.fixture
def cheffe(grappe: Any) -> Any:
    return cheffe_de(grappe)


# --- lire ----------------------------------------------------------------------------------------------------------


def test_les_suivis_viennent_par_famille_puis_par_rang(grappe: Any, django_assert_num_queries: Any) -> None:
    maintien, usage = tape(famille=Famille.MAINTIEN), tape(famille=Famille.USAGE, rang=9)
    premier, deploiement = tape(famille=Famille.USAGE, rang=1), tape(famille=Famille.DEPLOIEMENT)
    for indicateur in (maintien, usage, premier, deploiement):
        SuiviFactory(grappe=grappe, indicateur=indicateur)
    SuiviFactory(grappe=grappe, jusqu_au=AU() - timedelta(days=1))
    SuiviFactory()

    with django_assert_num_queries(2):
        lus = suivis.suivis(grappe, AU())

    assert lus == [deploiement, premier, usage, maintien]


def test_plusieurs_grappes_se_lisent_d_un_coup(grappe: Any, django_assert_num_queries: Any) -> None:
    autre, un = GrappeFactory(), tape()
    for g in (grappe, autre):
        SuiviFactory(grappe=g, indicateur=un)
    GrappeFactory()

    with django_assert_num_queries(2):
        lus = suivis.suivis_par_grappe(type(grappe).objects.all(), AU())

    assert lus == {grappe.pk: [un], autre.pk: [un]}


def test_la_cible_de_la_grappe_l_emporte_sur_celle_de_son_instruction(
    grappe: Any, django_assert_num_queries: Any
) -> None:
    instruction = VersionInstruction.objects.create(code="essai", nom="Essai")
    ConventionFactory(grappe=grappe, instruction=instruction)
    un, deux, trois = tape(), tape(), tape()
    il_y_a = lambda jours: AU() - timedelta(days=jours)  # noqa: E731
    CibleFactory(grappe=None, instruction=instruction, indicateur=un, valeur=Decimal("0.5"), du=il_y_a(10))
    CibleFactory(grappe=grappe, indicateur=un, valeur=Decimal("0.6"), du=il_y_a(300))
    CibleFactory(grappe=None, instruction=instruction, indicateur=deux, valeur=Decimal("0.4"), du=il_y_a(300))
    CibleFactory(grappe=None, instruction=instruction, indicateur=deux, valeur=Decimal("0.7"), du=il_y_a(10))
    CibleFactory(grappe=grappe, indicateur=trois, valeur=Decimal("0.9"), du=il_y_a(300), au=il_y_a(1))
    CibleFactory(indicateur=trois)

    with django_assert_num_queries(2):
        lues = suivis.cibles(grappe, AU())

    assert {cle: cible.valeur for cle, cible in lues.items()} == {un.pk: Decimal("0.6"), deux.pk: Decimal("0.7")}
    assert suivis.cible_de(un, grappe, AU()) == lues[un.pk]
    assert suivis.cible_de(trois, grappe, AU()) is None


# --- choisir -------------------------------------------------------------------------------------------------------


def test_choisir_amene_le_denominateur_partage_et_arrete_le_reste(grappe: Any, cheffe: Any) -> None:
    presents, ancien = tape(libelle="Présents"), SuiviFactory(grappe=grappe)
    rapport = tape(denominateur_commun=presents)

    assert suivis.choisir(grappe=grappe, indicateurs=[rapport], par=cheffe) == (2, 1)

    ancien.refresh_from_db()
    assert ancien.jusqu_au == AU() - timedelta(days=1)
    assert set(suivis.suivis(grappe, AU())) == {presents, rapport}
    assert suivis.choisir(grappe=grappe, indicateurs=[rapport], par=cheffe) == (0, 0)


def test_une_grappe_qui_relevait_deja_le_dit_avec_sa_date(grappe: Any, cheffe: Any) -> None:
    un, il_y_a_un_an = tape(), AU() - timedelta(days=365)

    suivis.choisir(grappe=grappe, indicateurs=[un], par=cheffe, depuis=il_y_a_un_an)

    assert suivis.suivis(grappe, il_y_a_un_an) == [un]
    assert suivis.suivis(grappe, il_y_a_un_an - timedelta(days=1)) == []
    with pytest.raises(Refus, match="dans l'avenir"):
        suivis.suivre(grappe=grappe, indicateur=tape(), par=cheffe, depuis=AU() + timedelta(days=1))


def test_un_choix_trop_lourd_est_refuse_avec_le_compte_et_n_ecrit_rien(grappe: Any, cheffe: Any) -> None:
    trop = [tape(libelle=f"Chiffre {n}") for n in range(6)]

    with pytest.raises(Refus, match=r"6 chiffres par trimestre.*le budget est de 5.*Chiffre 0 : 1"):
        suivis.choisir(grappe=grappe, indicateurs=[*trop, calcule()], par=cheffe)

    assert not Suivi.objects.exists()
    suivis.choisir(grappe=grappe, indicateurs=[*trop[:5], calcule(), calcule()], par=cheffe)
    with pytest.raises(Refus):
        suivis.suivre(grappe=grappe, indicateur=trop[5], par=cheffe)
    assert Suivi.objects.count() == 7


def test_le_budget_est_celui_d_un_esms_et_non_de_toutes_les_categories(grappe: Any, cheffe: Any) -> None:
    ime, mas = EsmsFactory(categorie__code="183"), EsmsFactory(categorie__code="255")
    for esms in (ime, mas):
        ParcoursFactory(grappe=grappe, esms=esms)
    pour_ime, pour_mas = [tape() for _ in range(4)], [tape() for _ in range(4)]
    for indicateur in pour_ime:
        indicateur.non_concernees.add(mas.categorie)
    for indicateur in pour_mas:
        indicateur.non_concernees.add(ime.categorie)

    suivis.choisir(grappe=grappe, indicateurs=[*pour_ime, *pour_mas], par=cheffe)

    assert suivis.compter(grappe, suivis.suivis(grappe, AU())).total == 4


def test_un_denominateur_encore_utile_ne_s_arrete_pas(grappe: Any, cheffe: Any) -> None:
    presents = tape(libelle="Présents")
    rapport = tape(libelle="Projets", denominateur_commun=presents)
    suivis.suivre(grappe=grappe, indicateur=rapport, par=cheffe)

    with pytest.raises(Refus, match="« Présents » sert de dénominateur à « Projets »"):
        suivis.arreter(grappe=grappe, indicateur=presents, par=cheffe)
    suivis.arreter(grappe=grappe, indicateur=rapport, par=cheffe)
    suivis.arreter(grappe=grappe, indicateur=presents, par=cheffe)

    assert suivis.suivis(grappe, AU()) == []
    with pytest.raises(Refus, match="n'est pas suivi"):
        suivis.arreter(grappe=grappe, indicateur=presents, par=cheffe)


def test_un_remords_du_jour_ne_laisse_pas_de_trou(grappe: Any, cheffe: Any) -> None:
    suivi = SuiviFactory(grappe=grappe, indicateur=tape())

    suivis.arreter(grappe=grappe, indicateur=suivi.indicateur, par=cheffe)
    suivis.suivre(grappe=grappe, indicateur=suivi.indicateur, par=cheffe)

    assert list(Suivi.objects.values_list("depuis", "jusqu_au")) == [(suivi.depuis, None)]


def test_un_indicateur_retire_ne_se_choisit_plus_mais_se_garde(grappe: Any, cheffe: Any) -> None:
    retire, garde = tape(retire_le=AU()), tape(retire_le=AU())
    SuiviFactory(grappe=grappe, indicateur=garde)

    with pytest.raises(Refus, match="retiré du catalogue"):
        suivis.suivre(grappe=grappe, indicateur=retire, par=cheffe)

    assert suivis.choisir(grappe=grappe, indicateurs=[garde], par=cheffe) == (0, 0)


def test_choisir_revient_au_chef_de_projet(grappe: Any) -> None:
    autre = cheffe_de(GrappeFactory())

    with pytest.raises(Refus) as refus:
        suivis.choisir(grappe=grappe, indicateurs=[tape()], par=autre)

    assert refus.value.code == "droit"
