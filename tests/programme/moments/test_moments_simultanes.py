"""Deux personnes au même instant sur la vague d'un ESMS : l'une attend l'autre, aucune ne s'y cogne."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.db import connection

from programme.enums import EtatMoment
from programme.models import Moment, Parcours, Vague
from programme.services import conduite, moments
from programme.services import parcours as fiche
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.fabriques import ParcoursFactory, cheffe_de, directrice_de


def _ranger_par_la_fiche(parcours: Parcours, vague: Vague, par: Any) -> None:
    fiche.modifier_fiche(parcours=parcours, valeurs={"vague": vague}, par=par)


def _ranger_en_lot(parcours: Parcours, vague: Vague, par: Any) -> None:
    conduite.mettre_en_vague(parcours=[parcours], vague=vague, par=par)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ranger", [_ranger_par_la_fiche, _ranger_en_lot])
def test_accepter_pendant_que_le_chef_de_projet_range_ailleurs(ranger: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        # Une base en mémoire n'a qu'une connexion : le verrou se prouve sur PostgreSQL.
        assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        return
    parcours = ParcoursFactory()
    cheffe, directrice = cheffe_de(parcours.grappe), directrice_de(parcours)
    proposee, autre = (Vague.objects.create(grappe=parcours.grappe, numero=n) for n in (1, 2))
    moment = moments.proposer_vague(parcours=parcours, vague=proposee, par=cheffe)
    au_milieu = Barrier(2)

    def s_arreter(suite: Any) -> Any:
        def attendre(*args: Any, **kwargs: Any) -> Any:
            with suppress(BrokenBarrierError):
                au_milieu.wait(1)
            return suite(*args, **kwargs)

        return attendre

    monkeypatch.setattr(Moment, "apres_passage", s_arreter(Moment.apres_passage))
    for module in (fiche, conduite):
        monkeypatch.setattr(module, "classer_ailleurs", s_arreter(module.classer_ailleurs))

    def accepter() -> str:
        return _issue(lambda: changer_etat(Moment.objects.get(pk=moment.pk), "accepter", par=directrice))

    def deplacer() -> str:
        return _issue(lambda: ranger(Parcours.objects.get(pk=parcours.pk), autre, cheffe))

    with ThreadPoolExecutor(2) as fils:
        issues = [f.result() for f in (fils.submit(accepter), fils.submit(deplacer))]
    assert issues[1] == "passe" and issues[0] in ("passe", "etat")
    assert Moment.objects.get(pk=moment.pk).etat in (EtatMoment.ACCEPTE, EtatMoment.CLASSE)


def _issue(geste: Any) -> str:
    try:
        geste()
        return "passe"
    except Refus as refus:
        return refus.code
    finally:
        connection.close()
