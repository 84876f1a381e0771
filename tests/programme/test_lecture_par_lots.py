"""Ce qui sert les listes et les exports rend la même chose que le chemin ordinaire."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programme.conditions import dater
from programme.enums import EtatParcours
from programme.models import Esms, Parcours
from programme.models.parcours import SUITES
from programme.socle import conditions, decomptes
from programme.socle.conditions import evaluer_suites
from programme.socle.decomptes import compter, decompter_par_cles
from programme.socle.enums import Severite
from programme.socle.models import Derogation, ReglageCondition
from programme.socle.partage import Gardes, completer, relations_de
from tests.fabriques import GroupeFactory, ParcoursFactory, affecter, directrice_de

pytestmark = pytest.mark.django_db


def _des_parcours() -> list[Parcours]:
    parcours = [ParcoursFactory(est_pilote=rang % 3 == 0) for rang in range(8)]
    directrice = directrice_de(parcours[0])
    groupe = GroupeFactory(og=parcours[1].esms.og)
    groupe.esms.add(parcours[1].esms)
    affecter("directeur", groupe)
    for p in parcours[::2]:
        dater("annonce")(p, directrice)
    ReglageCondition.objects.create(grappe=parcours[2].grappe, condition="annonce", severite=Severite.MASQUEE)
    ReglageCondition.objects.create(grappe=parcours[3].grappe, condition="annonce", severite=Severite.BARRE)
    Derogation.objects.create(
        parcours=parcours[5], condition="annonce", du="2020-01-01", au="2100-01-01", libelle_decision="COMOP",
        creee_par=directrice,
    )  # fmt: skip
    with connection.cursor() as curseur:
        for p, etat in zip(parcours[6:], ("cadrage", "preparation"), strict=True):
            curseur.execute("UPDATE programme_parcours SET etat = %s WHERE id = %s", [etat, p.pk])
    return list(Parcours.objects.order_by("pk"))


def _attendus(parcours: list[Parcours]) -> dict[str, list[int]]:
    rendu: dict[str, list[int]] = {transition: [] for transition in SUITES}
    for p in parcours:
        rendu[p.prochaine].append(p.pk)
    return rendu


def test_le_decompte_par_cles_est_celui_des_constats() -> None:
    parcours = _des_parcours()
    for _ in range(2):
        # Deux fois : la seconde emploie l'ordre SQL gardé.
        constats = evaluer_suites(Parcours.objects.all(), SUITES)
        assert decompter_par_cles(Parcours, _attendus(parcours)) == {pk: compter(c) for pk, c in constats.items()}
    assert decompter_par_cles(Parcours, {transition: [] for transition in SUITES}) == {}


def test_une_condition_de_plus_ou_de_moins_refait_l_ordre_garde(monkeypatch: pytest.MonkeyPatch) -> None:
    parcours = ParcoursFactory()
    attendus = {"engager": [parcours.pk]}
    total = decompter_par_cles(Parcours, attendus)[parcours.pk].total
    toutes = conditions.pour("programme.parcours", "engager")
    monkeypatch.setattr(decomptes, "pour", lambda modele, transition: toutes[1:])
    assert decompter_par_cles(Parcours, attendus)[parcours.pk].total == total - 1


def _vu(parcours: Parcours) -> tuple[Any, ...]:
    e = parcours.esms
    vague, solution = parcours.vague, parcours.solution
    return e.nom, str(e.categorie), e.og.nom, str(e.departement), parcours.grappe.nom, str(solution), vague


def test_les_relations_partagees_sont_celles_de_select_related() -> None:
    _des_parcours()
    Esms.objects.filter(pk__in=Esms.objects.values("pk")[:2]).update(departement=None)
    requete = Parcours.objects.pour_lecture().order_by("pk")
    lus = list(requete.select_related(None))
    gardes: Gardes = {}
    completer(lus[:3], relations_de(requete), gardes)
    with CaptureQueriesContext(connection) as captees:
        completer(lus[3:], relations_de(requete), gardes)
        assert [_vu(p) for p in lus] == [_vu(p) for p in requete][: len(lus)]
    assert len(captees) <= 8
    assert lus[4].esms.categorie is lus[5].esms.categorie
    assert relations_de(Parcours.objects.all()) == {}


def test_une_direction_par_groupe_compte_comme_une_direction() -> None:
    seul, en_groupe, vacant = ParcoursFactory(), ParcoursFactory(), ParcoursFactory()
    directrice_de(seul)
    groupe = GroupeFactory(og=en_groupe.esms.og)
    groupe.esms.add(en_groupe.esms)
    affecter("directeur", groupe)
    constats = conditions.evaluer(Parcours.objects.all(), "engager")
    tenus = {pk: next(c.ok for c in liste if c.condition.code == "directeur") for pk, liste in constats.items()}
    assert tenus == {seul.pk: True, en_groupe.pk: True, vacant.pk: False}
    assert seul.etat == EtatParcours.RECENSE
