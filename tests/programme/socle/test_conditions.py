"""Le registre de conditions : mesurées, réunies par leur recette, réglées, levées ; en requêtes constantes."""

from typing import Any

import pytest
from django.db import models
from django.db.models import FloatField, Value
from django.utils import timezone

from programme.conditions import dater
from programme.enums import Role
from programme.models import Parcours
from programme.socle import conditions
from programme.socle.conditions import Condition
from programme.socle.enums import Severite
from programme.socle.porte import changer_etat
from tests.fabriques import (
    GrappeFactory,
    JalonFactory,
    LigneRepriseFactory,
    OuvertureFactory,
    ParcoursFactory,
    affecter,
    directrice_de,
)
from tests.usages.fabriques import TicketFactory
from tests.usages.retours.fabriques import EnseignementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Any:
    return directrice_de(parcours)


def test_une_mesure_absente_n_est_pas_reunie(monkeypatch: pytest.MonkeyPatch) -> None:
    sans_mesure = Condition(
        code="sans_mesure",
        libelle="Sans mesure",
        source="essai",
        modele="programme.parcours",
        transitions=("engager",),
        severite=Severite.BARRE,
        mesure=Value(None, output_field=FloatField()),
        seuil=Value(None, output_field=FloatField()),
        format=lambda valeur, seuil: "",
        lien=lambda objet: "/",
        remplir=lambda objet, par: None,
    )
    monkeypatch.setattr(conditions, "pour", lambda modele, transition: [sans_mesure])
    parcours = ParcoursFactory()
    assert conditions.evaluer(Parcours.objects.all(), "engager")[parcours.pk][0].ok is False


def test_annoter_et_evaluer_disent_la_meme_chose() -> None:
    p1, p2 = ParcoursFactory(), ParcoursFactory(est_pilote=True, premier_gain="agenda")
    directrice = directrice_de(p1)
    for nature in ("annonce", "cse", "aipd"):
        dater(nature)(p1, directrice)
    for transition in Parcours.transitions():
        constats = conditions.evaluer(Parcours.objects.all(), transition)
        for parcours in conditions.annoter(Parcours.objects.all(), transition):
            for c in constats[parcours.pk]:
                annote = getattr(parcours, f"{c.condition.code}_ok")
                assert (None if annote is None else bool(annote)) == c.ok, c.condition.code
    assert {p1.pk, p2.pk} == set(constats)


@pytest.mark.parametrize("nombre", [1, 50])
def test_evaluer_coute_un_nombre_constant_de_requetes(nombre: int, django_assert_num_queries: Any) -> None:
    grappe = GrappeFactory()
    ParcoursFactory.create_batch(nombre, grappe=grappe)
    with django_assert_num_queries(3):
        assert len(conditions.evaluer(Parcours.objects.all(), "preparer")) == nombre


def _mettre_en_manque(code: str, parcours: Parcours) -> None:
    """Le plus petit monde où la condition s'applique et n'est pas réunie ; la plupart le sont d'emblée."""
    brut = models.QuerySet(Parcours).filter(pk=parcours.pk)
    if code == "enseignements":
        brut.update(etat="pilote")
    elif code == "mise_en_conformite":
        brut.update(etat="preparation")
    elif code == "bloquants":
        TicketFactory(parcours=parcours, est_bloquant=True)
    elif code == "pilote_passe":
        ParcoursFactory(grappe=parcours.grappe, est_pilote=True)
    elif code == "unites_ouvertes":
        OuvertureFactory(unite__parcours=parcours)
    elif code == "lecture":
        ParcoursFactory(grappe=parcours.grappe, est_pilote=True)
        EnseignementFactory(grappe=parcours.grappe)
    elif code == "a_regler":
        ParcoursFactory(grappe=parcours.grappe, est_pilote=True)
        EnseignementFactory(grappe=parcours.grappe, a_regler=True)
    elif code.startswith("reprise_"):
        LigneRepriseFactory(parcours=parcours, securite_soins=code == "reprise_soins")


@pytest.mark.parametrize("condition", list(conditions.conditions), ids=lambda c: c.code)
def test_chaque_condition_a_une_recette_qui_la_reunit(condition: conditions.Condition) -> None:
    parcours = ParcoursFactory()
    _mettre_en_manque(condition.code, parcours)
    objet = {
        "programme.parcours": lambda: parcours,
        "programme.ouverture": lambda: OuvertureFactory(unite__parcours=parcours),
        "programme.jalon": lambda: JalonFactory(convention__grappe=parcours.grappe, piece_attendue="PV"),
    }[condition.modele]()
    par = affecter(Role.CHEF_PROJET)
    affecter(Role.DIRECTEUR, utilisateur=par)

    def constat() -> conditions.Constat:
        tous = conditions.evaluer(type(objet).objects.filter(pk=objet.pk), condition.transitions[0])[objet.pk]
        return next(c for c in tous if c.condition is condition)

    assert constat().ok is False
    condition.remplir(type(objet).objects.get(pk=objet.pk), par)
    assert constat().ok is True
    assert condition.libelle and condition.source and condition.pourquoi and constat().mesure


def test_les_reglages_de_grappe_et_les_derogations_s_appliquent(parcours: Parcours, directrice: Any) -> None:
    from programme.socle.models import Derogation, ReglageCondition

    changer_etat(parcours, "engager", par=directrice, motif="x")
    ReglageCondition.objects.create(grappe=parcours.grappe, condition="concertation", severite="masquee")
    ReglageCondition.objects.create(grappe=parcours.grappe, condition="premier_gain", severite="barre")
    aujourd_hui = timezone.localdate()
    for code in ("vague", "cse"):
        Derogation.objects.create(
            parcours=parcours,
            condition=code,
            du=aujourd_hui,
            au=aujourd_hui,
            libelle_decision="COSTRAT du 3 novembre",
            creee_par=directrice,
        )
    par_code = {c.condition.code: c for c in conditions.evaluer(Parcours.objects.all(), "preparer")[parcours.pk]}
    assert not par_code["concertation"].manque
    assert par_code["premier_gain"].barre
    assert not par_code["vague"].manque and par_code["vague"].levee_par == "COSTRAT du 3 novembre"
    assert par_code["cse"].barre, "le plancher légal ne se lève pas"
