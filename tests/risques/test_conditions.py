"""Les deux conditions que portent les questionnaires : pré-diagnostic discuté, analyse de risques transmise."""

from datetime import date
from typing import Any

import pytest

from programme.conditions import dater
from programme.models import Parcours
from programme.socle.conditions import Constat, conditions, evaluer
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from risques.enums import EtatAnalyse
from risques.models import AnalyseLocale
from tests.fabriques import ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.risques.fabriques import (
    AnalyseLocaleFactory,
    GrilleFactory,
    QuestionnaireFactory,
    VersionFactory,
    analyse_transmise,
    campagne_ouverte,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


def constat(parcours: Parcours, code: str) -> Constat:
    transition = conditions[code].transitions[0]
    lus = evaluer(Parcours.objects.filter(pk=parcours.pk), transition)[parcours.pk]
    return next(c for c in lus if c.condition.code == code)


def _grille(parcours: Parcours, objet: str, vise: Any, **champs: Any) -> Any:
    questionnaire = QuestionnaireFactory(code=f"essai-{objet}", objet=objet)
    version = VersionFactory(grappe=parcours.grappe, questionnaire=questionnaire)
    changer_etat(version, "publier", par=cheffe_de(parcours.grappe))
    campagne = campagne_ouverte(grappe=parcours.grappe, version_posee=version, population=[vise])
    return GrilleFactory(evaluation=campagne.evaluations.get(), **champs)


@pytest.mark.parametrize("nature", ["consensus", "reunion"])
@pytest.mark.parametrize("objet", ["prediagnostic", "risques"])
@pytest.mark.parametrize("de_l_esms", [True, False])
@pytest.mark.parametrize("transmise", [True, False])
def test_seul_un_consensus_transmis_sur_l_esms_vaut_pre_diagnostic(
    parcours: Parcours, nature: str, objet: str, de_l_esms: bool, transmise: bool
) -> None:
    grille = _grille(parcours, objet, parcours if de_l_esms else None, nature=nature)
    if transmise:
        changer_etat(grille, "transmettre", par=grille.evaluateur)
    attendu = nature == "consensus" and objet == "prediagnostic" and de_l_esms and transmise
    assert constat(parcours, "prediagnostic").ok is attendu


def test_une_date_de_reunion_suffit_au_pre_diagnostic(parcours: Parcours) -> None:
    assert constat(parcours, "prediagnostic").mesure == "date absente"
    dater("prediagnostic")(parcours, directrice_de(parcours))
    assert constat(parcours, "prediagnostic").mesure == "discuté"


def test_le_consensus_d_un_voisin_ne_vaut_pas(parcours: Parcours) -> None:
    voisin = ParcoursFactory(grappe=parcours.grappe)
    grille = _grille(parcours, "prediagnostic", voisin, nature="consensus")
    changer_etat(grille, "transmettre", par=grille.evaluateur)
    assert constat(voisin, "prediagnostic").ok is True and constat(parcours, "prediagnostic").ok is False


def test_dite_ne_suffit_pas_transmise_une_fois_suffit(parcours: Parcours) -> None:
    assert constat(parcours, "analyse_risques").mesure == "pas encore transmise"
    analyse = AnalyseLocaleFactory(parcours=parcours)
    assert constat(parcours, "analyse_risques").ok is False
    directrice = affecter("directeur", parcours.esms)
    changer_etat(analyse, "transmettre", par=directrice)
    assert constat(parcours, "analyse_risques").mesure == "transmise"
    changer_etat(analyse, "revoir", par=directrice)
    assert constat(parcours, "analyse_risques").ok is True, "la revoir ne défait pas ce qui fut transmis"


def test_la_recette_passe_par_la_porte_et_n_ecrase_rien(parcours: Parcours) -> None:
    condition = conditions["analyse_risques"]
    with pytest.raises(Refus):
        condition.remplir(parcours, cheffe_de(parcours.grappe))
    AnalyseLocale.objects.all().delete()
    AnalyseLocaleFactory(parcours=parcours, lignes=(4, 4))
    condition.remplir(parcours, directrice_de(parcours))
    analyse = AnalyseLocale.objects.get()
    assert analyse.etat == EtatAnalyse.TRANSMISE
    assert set(analyse.lignes.values_list("probabilite", "impact")) == {(4, 4)}
    condition.remplir(parcours, directrice_de(parcours))


def test_la_demonstration_la_raconte_a_sa_date(parcours: Parcours) -> None:
    condition = conditions["analyse_risques"]
    assert condition.raconter is not None
    condition.raconter(parcours, par=directrice_de(parcours), chef=cheffe_de(parcours.grappe), le=date(2024, 2, 5))
    analyse = AnalyseLocale.objects.get()
    assert (analyse.etat, analyse.transmise_le) == (EtatAnalyse.ACCEPTEE, date(2024, 2, 5))


def test_elle_avertit_sans_barrer(parcours: Parcours) -> None:
    lu = constat(parcours, "analyse_risques")
    assert lu.avertit and not lu.barre and lu.condition.source == "ANAP 3.2"
    assert lu.condition.lien(parcours) == f"/parcours/{parcours.pk}/risques/"
    analyse_transmise(parcours)
    assert not constat(parcours, "analyse_risques").manque
