"""Contourner une levée : quorum changé en route, décision changée après le compte rendu, portée partie ailleurs."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from gouvernance.enums import Represente, TypeInstance
from gouvernance.models import Instance, Mandat, Seance
from gouvernance.services import decisions, instances, mandats, tenue
from programme.models import Parcours
from programme.socle.erreurs import Refus
from programme.socle.models import Derogation
from programme.socle.porte import changer_etat
from tests.fabriques import GrappeFactory, ParcoursFactory, cheffe_de
from tests.gouvernance.fabriques import (
    DecisionFactory,
    InstanceFactory,
    PointFactory,
    levee_de,
    mandater,
    presents,
    seance_close,
    seance_ouverte,
)

pytestmark = pytest.mark.django_db


def dans(jours: int) -> Any:
    return timezone.localdate() + timedelta(days=jours)


@pytest.fixture
def comop() -> Instance:
    return InstanceFactory(nom="COMOP", quorum=50)


def refuse(geste: Any) -> Refus:
    with pytest.raises(Refus) as refus:
        geste()
    return refus.value


# --- la décision change après le compte rendu ----------------------------------------------------------------------


def test_une_decision_changee_apres_le_compte_rendu_ne_leve_rien(comop: Instance) -> None:
    """Le compte rendu parti dit « instruite » : l'instance n'a pas vu la levée qu'on y mettrait ensuite."""
    parcours, cheffe = ParcoursFactory(grappe=comop.grappe), cheffe_de(comop.grappe)
    seance = seance_ouverte(comop)
    presents(seance, mandater(comop))
    issue = tenue.consigner_decision(point=PointFactory(seance=seance), texte="Former les équipes", par=cheffe)
    changer_etat(seance, "clore", par=cheffe)
    changer_etat(seance, "diffuser", par=cheffe)
    decisions.modifier(
        decision=issue.decision, par=cheffe, parcours=[parcours], effet="levee", condition="vague",
        levee_du=dans(0), levee_au=dans(30),
    )  # fmt: skip
    issue.decision.refresh_from_db()
    assert refuse(lambda: changer_etat(issue.decision, "arbitrer", par=cheffe)).code == "conditions"
    assert not Derogation.objects.exists()


def test_un_arbitrage_ne_precede_pas_sa_seance(comop: Instance) -> None:
    cheffe, seance = cheffe_de(comop.grappe), seance_ouverte(comop)
    presents(seance, mandater(comop))
    decision = DecisionFactory(comite=comop, seance=seance)
    refus = refuse(lambda: changer_etat(decision, "arbitrer", par=cheffe, date_effet=dans(-30)))
    assert "date_effet" in refus.champs


def test_une_levee_ne_suit_pas_un_esms_parti_de_la_grappe(comop: Instance) -> None:
    parcours, cheffe = ParcoursFactory(grappe=comop.grappe), cheffe_de(comop.grappe)
    seance = seance_ouverte(comop)
    presents(seance, mandater(comop))
    decision = levee_de(comop, "vague", parcours, seance=seance)
    Parcours.objects.filter(pk=parcours.pk).update(grappe=GrappeFactory())
    assert refuse(lambda: changer_etat(decision, "arbitrer", par=cheffe)).code == "conditions"
    assert not Derogation.objects.exists()


# --- le quorum -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("type_", [TypeInstance.COMOP, TypeInstance.COSTRAT])
def test_ce_qui_leve_une_condition_a_un_quorum(type_: str) -> None:
    grappe = GrappeFactory()
    refus = refuse(lambda: instances.creer(grappe=grappe, par=cheffe_de(grappe), type=type_, nom="", quorum=0))
    assert "quorum" in refus.champs and not Instance.objects.exists()


def test_le_quorum_ne_baisse_pas_pendant_la_seance(comop: Instance) -> None:
    cheffe = cheffe_de(comop.grappe)
    mandater(comop), mandater(comop)
    seance = seance_ouverte(comop)
    refus = refuse(lambda: instances.modifier(instance=comop, par=cheffe, quorum=1))
    assert "quorum" in refus.champs
    changer_etat(seance, "clore", par=cheffe)
    assert "quorum" in refuse(lambda: instances.modifier(instance=comop, par=cheffe, quorum=1)).champs
    changer_etat(seance, "diffuser", par=cheffe)
    assert instances.modifier(instance=comop, par=cheffe, quorum=1).quorum == 1


def _absents(comop: Instance) -> tuple[Seance, Mandat, Mandat, Any]:
    present, absent, autre = (mandater(comop) for _ in range(3))
    seance = seance_ouverte(comop)
    presents(seance, present)
    return seance, absent, autre, cheffe_de(comop.grappe)


def test_un_siege_ne_perd_pas_sa_voix_pendant_la_seance(comop: Instance) -> None:
    seance, absent, autre, cheffe = _absents(comop)
    refuse(lambda: mandats.modifier(mandat=absent, par=cheffe, a_voix=False))
    refuse(lambda: mandats.modifier(mandat=absent, par=cheffe, du=dans(3)))
    refuse(lambda: mandats.clore(mandat=autre, par=cheffe, au=dans(-2)))
    assert not seance.quorum().atteint


def test_un_siege_ne_recoit_pas_de_voix_pendant_la_seance(comop: Instance) -> None:
    seance, _, _, cheffe = _absents(comop)
    refuse(lambda: mandats.confier(instance=comop, par=cheffe, fonction="un ami", represente=Represente.UTILISATEURS))
    assert seance.quorum().voix == 3
    sans = mandats.confier(
        instance=comop, par=cheffe, fonction="une invitée", represente=Represente.UTILISATEURS, a_voix=False
    )
    assert sans.mandat.pk


def test_ce_qui_ne_touche_pas_la_seance_se_corrige(comop: Instance) -> None:
    seance, absent, _, cheffe = _absents(comop)
    mandats.modifier(mandat=absent, par=cheffe, suppleant_fonction="la cheffe de service")
    mandats.clore(mandat=absent, par=cheffe, au=dans(10))
    changer_etat(seance, "clore", par=cheffe)
    changer_etat(seance, "diffuser", par=cheffe)
    mandats.modifier(mandat=absent, par=cheffe, a_voix=False)


def test_une_seance_ouverte_d_avance_n_arbitre_rien(comop: Instance) -> None:
    """Le quorum d'un jour à venir se composerait de sièges que personne ne tient encore."""
    cheffe = cheffe_de(comop.grappe)
    seance = seance_ouverte(comop, debut=timezone.now() + timedelta(days=30))
    presents(seance, mandater(comop))
    decision = levee_de(comop, "vague", ParcoursFactory(grappe=comop.grappe), seance=seance)
    assert "date_effet" in refuse(lambda: changer_etat(decision, "arbitrer", par=cheffe)).champs
    decision.refresh_from_db()
    assert decision.est_instruite and not Derogation.objects.exists()


def test_une_levee_sur_seance_close_sans_quorum(comop: Instance) -> None:
    mandater(comop)
    seance = seance_close(comop)
    decision = levee_de(comop, "vague", ParcoursFactory(grappe=comop.grappe), seance=seance)
    assert refuse(lambda: changer_etat(decision, "arbitrer", par=cheffe_de(comop.grappe))).code == "conditions"
