"""Un total gardé est toujours exact : la moindre écriture, d'où qu'elle vienne, le fait recompter."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.test.utils import CaptureQueriesContext

from programme.models import Categorie, Esms, OrganismeGestionnaire, Parcours
from programme.socle import ecritures
from programme.socle.lots import ecrire
from programme.socle.pages import PageParCles
from tests.fabriques import CategorieFactory, EsmsFactory, OgFactory, ParcoursFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _rien_de_garde() -> None:
    ecritures._totaux.clear()


def _comptes(lignes: Any) -> tuple[int, int]:
    """Le total, et combien de requêtes l'ont compté pour de bon."""
    with CaptureQueriesContext(connection) as captees:
        total = ecritures.compter(lignes)
    return total, sum("__count" in requete["sql"] for requete in captees)


def test_le_second_compte_ne_compte_plus() -> None:
    EsmsFactory.create_batch(3)
    lignes = Esms.objects.en_activite().du_champ().order_by("tri")
    assert _comptes(lignes) == (3, 1)
    assert _comptes(lignes) == (3, 0)
    assert _comptes(lignes.filter(ville="Ailleurs")) == (0, 1)


def test_une_recherche_deja_comptee_se_lit_sans_tout_balayer() -> None:
    EsmsFactory.create_batch(3)

    def lire() -> tuple[int, int, int]:
        lignes = Esms.objects.filter(recherche__contains="").order_by("tri", "pk")
        with CaptureQueriesContext(connection) as captees:
            page = PageParCles(lignes, 2, Esms.objects.all(), rare=True).get_page(1)
        return len(page), page.paginator.count, sum("OVER (" in requete["sql"] for requete in captees)

    assert lire() == (2, 3, 1)
    assert lire() == (2, 3, 0)
    EsmsFactory()
    assert lire() == (2, 4, 1)


def _gestes() -> dict[str, Callable[[Esms], Any]]:
    def sql(esms: Esms) -> None:
        with connection.cursor() as curseur:
            curseur.execute("UPDATE programme_esms SET est_actif = %s WHERE id = %s", [False, esms.pk])

    def par_lots(esms: Esms) -> None:
        with transaction.atomic():
            champs = ("finess", "nom", "siren", "nom_long", "statut_juridique", "recherche", "tri")
            ecrire(OrganismeGestionnaire, champs, [("330000001", "x", "", "", "", "", "")])

    return {
        "création": lambda esms: EsmsFactory(categorie=esms.categorie, og=esms.og, departement=esms.departement),
        "enregistrement": lambda esms: esms.save(),
        "mise à jour groupée": lambda esms: Esms.objects.update(est_actif=False),
        "effacement": lambda esms: esms.delete(),
        "SQL brut": sql,
        "catégorie reclassée": lambda esms: Categorie.objects.update(secteur=""),
        "écriture par lots": par_lots,
        "création sans conflit": lambda esms: Categorie.objects.bulk_create(
            [Categorie(code=esms.categorie_id, libelle="x"), Categorie(code="999", libelle="y")], ignore_conflicts=True
        ),
    }


@pytest.mark.parametrize("geste", _gestes())
def test_toute_ecriture_fait_recompter(geste: str) -> None:
    esms = EsmsFactory()
    lignes = Esms.objects.en_activite().du_champ().filter(og__recherche__contains="")
    ecritures.compter(lignes)
    _gestes()[geste](esms)
    assert _comptes(lignes) == (lignes.count(), 1)
    assert _comptes(lignes) == (lignes.count(), 0)


def test_une_ecriture_annulee_ne_laisse_pas_de_faux_total() -> None:
    esms = EsmsFactory()
    lignes = Esms.objects.en_activite()
    assert ecritures.compter(lignes) == 1
    with transaction.atomic():
        EsmsFactory(categorie=esms.categorie, og=esms.og, departement=esms.departement)
        assert ecritures.compter(lignes) == 2
        transaction.set_rollback(True)
    assert ecritures.compter(lignes) == 1
    EsmsFactory.create_batch(2, categorie=esms.categorie, og=esms.og, departement=esms.departement)
    assert ecritures.compter(lignes) == 3


def test_ce_qui_lit_une_autre_table_se_compte_toujours() -> None:
    ParcoursFactory()
    engages = Parcours.objects.filter(esms=OuterRef("pk"))
    for lignes in (
        Parcours.objects.all(),
        Esms.objects.filter(Exists(engages)),
        Esms.objects.filter(parcours__pk__gt=0),
    ):
        assert _comptes(lignes)[1] == _comptes(lignes)[1] == 1


def test_sans_declencheur_rien_ne_se_garde(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ecritures, "_gardees", {})
    OgFactory()
    sur = "" if connection.vendor == "sqlite" else " ON programme_organismegestionnaire"
    nom = "programme_organismegestionnaire_ecriture" + ("_UPDATE" if connection.vendor == "sqlite" else "")
    with connection.cursor() as curseur:
        curseur.execute(f"DROP TRIGGER {nom}{sur}")
    try:
        lignes = OrganismeGestionnaire.objects.all()
        assert _comptes(lignes) == _comptes(lignes) == (1, 1)
    finally:
        ecritures.poser()


def test_un_ensemble_vide_ne_s_interroge_pas() -> None:
    CategorieFactory()
    assert _comptes(Categorie.objects.none()) == (0, 0)
