"""Le journal : rien ne le réécrit, et ce qu'on y forcerait se voit."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction

from programme.models import Parcours
from programme.socle import declencheurs
from programme.socle.machine import HorsPorte
from programme.socle.models import Passage
from programme.socle.porte import changer_etat
from tests.fabriques import (
    ParcoursFactory,
    directrice_de,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Any:
    return directrice_de(parcours)


def _alterer(requete: str, parametres: list[Any]) -> None:
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(requete, parametres)


def test_le_journal_ne_se_reecrit_pas(parcours: Parcours, directrice: Any) -> None:
    passage = changer_etat(parcours, "engager", par=directrice, motif="vrai")
    ordres = [
        ("UPDATE socle_passage SET motif = 'faux' WHERE id = %s", [passage.pk]),
        ("DELETE FROM socle_passage WHERE id = %s", [passage.pk]),
    ]
    if connection.vendor == "sqlite":
        ordres.append(("INSERT OR REPLACE INTO socle_passage SELECT * FROM socle_passage WHERE id = %s", [passage.pk]))
    else:
        _alterer("SET CONSTRAINTS ALL IMMEDIATE", [])
        ordres.append(("TRUNCATE socle_passage", []))
    for requete, parametres in ordres:
        with pytest.raises(DatabaseError, match="ne se réécrit pas"):
            _alterer(requete, parametres)
    with pytest.raises(DatabaseError, match="ne se réécrit pas"), transaction.atomic():
        Passage.objects.filter(pk=passage.pk).update(motif="faux")
    passage.refresh_from_db()
    assert passage.motif == "vrai"


def test_les_declencheurs_sont_en_place() -> None:
    assert declencheurs.presents() >= declencheurs.NOMS[connection.vendor]


def test_verifier_journal_passe_puis_trouve_une_ligne_forgee(
    parcours: Parcours, directrice: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    changer_etat(parcours, "engager", par=directrice, motif="vrai")
    changer_etat(parcours, "revenir", par=directrice, motif="vrai aussi")
    call_command("verifier_journal")
    dernier = Passage.objects.de(parcours).last()
    assert dernier is not None
    forge = Passage.objects.get(pk=dernier.pk)
    forge.pk, forge.rang, forge.motif = None, forge.rang + 1, "forgé"
    with pytest.raises(HorsPorte):
        forge.save(force_insert=True)
    # Qui tient la base peut encore insérer à la main : la chaîne le dit.
    models.QuerySet(Passage).bulk_create([forge])
    with pytest.raises(SystemExit):
        call_command("verifier_journal")
    assert "rang 3" in capsys.readouterr().err


def test_verifier_journal_trouve_un_etat_change_sous_la_base(parcours: Parcours, directrice: Any) -> None:
    changer_etat(parcours, "engager", par=directrice, motif="vrai")
    _alterer("UPDATE programme_parcours SET etat = 'routine' WHERE id = %s", [parcours.pk])
    with pytest.raises(SystemExit):
        call_command("verifier_journal")


def test_verifier_journal_trouve_une_fin_effacee(parcours: Parcours, directrice: Any) -> None:
    changer_etat(parcours, "engager", par=directrice, motif="vrai")
    changer_etat(parcours, "revenir", par=directrice, motif="vrai aussi")
    with connection.cursor() as curseur:
        sur = "" if connection.vendor == "sqlite" else " ON socle_passage"
        if connection.vendor == "postgresql":
            curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for nom in declencheurs.NOMS[connection.vendor]:
            curseur.execute(f"DROP TRIGGER {nom}{sur}")
        curseur.execute("DELETE FROM socle_passage")
    declencheurs.poser()
    with pytest.raises(SystemExit):
        call_command("verifier_journal")
