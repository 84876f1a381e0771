"""Emporter en valeurs ou par objets : les mêmes lignes, à la cellule près."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programme.enums import PointDepart, Role, TypeProjet
from programme.models import Etape, Parcours, Vague
from programme.socle import valeurs
from programme.socle.porte import changer_etat
from programme.socle.templatetags.treille_tables import colonnes as colonnes_de
from programme.socle.templatetags.treille_tables import lignes
from programme.views.annuaire import EsmsListe, OgListe
from programme.views.grappes import GrappeListe
from programme.views.parcours_liste import ParcoursListe
from tests.fabriques import CategorieFactory, GrappeFactory, ParcoursFactory, SolutionFactory, affecter, cheffe_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def cheffe() -> Any:
    """Une grappe où tout diffère d'un ESMS à l'autre : état, vague, dates, projet, ce qui manque."""
    grappe = GrappeFactory(nom="Grappe d'essai")
    cheffe = cheffe_de(grappe)
    # Avant le dépôt, le financeur ne verrait rien.
    changer_etat(grappe, "deposer", par=cheffe)
    vague = Vague.objects.create(grappe=grappe, numero=2)
    sans_sigle = CategorieFactory(code="999", sigle="", libelle="Catégorie sans sigle", secteur="")
    au = timezone.localdate()
    ParcoursFactory(grappe=grappe, solution=None)
    ParcoursFactory(grappe=grappe, vague=vague, est_pilote=True, esms__categorie=sans_sigle, esms__og=None)
    ParcoursFactory(grappe=grappe, type_projet=TypeProjet.MISE_EN_CONFORMITE, point_depart=PointDepart.MEME_DUI)
    for vers in ("cadrage", "preparation", "ouverture", "service_regulier", "routine"):
        parcours = ParcoursFactory(grappe=grappe, solution=SolutionFactory(), est_pilote=vers == "preparation")
        changer_etat(parcours, "constater", par=cheffe, vers=vers, date_effet=au - timedelta(days=30))
        Etape.objects.create(parcours=parcours, etat="recense", revisee=au + timedelta(days=3))
    changer_etat(parcours, "suspendre", par=cheffe, motif="en pause")
    sorti = ParcoursFactory(grappe=grappe, vague=vague)
    changer_etat(sorti, "sortir", par=cheffe, motif="départ", raison="retrait")
    return cheffe


def liste_de(classe: Any, par: Any, colonnes: str = "") -> Any:
    """La liste telle que la lirait ce compte."""
    requete: Any = RequestFactory().get("/", {"colonnes": colonnes} if colonnes else {})
    requete.user = par
    return classe.pour(requete, "")


def toutes_les_colonnes(classe: Any) -> str:
    return ",".join(classe.table.base_columns)


@pytest.mark.parametrize("classe", [ParcoursListe, EsmsListe, OgListe, GrappeListe])
@pytest.mark.parametrize("role", ["cheffe", Role.ADMIN, Role.ARS])
def test_les_deux_facons_donnent_les_memes_cellules(cheffe: Any, classe: Any, role: str) -> None:
    par = cheffe if role == "cheffe" else affecter(Role(role))
    for colonnes in ("", toutes_les_colonnes(classe)):
        liste = liste_de(classe, par, colonnes)
        table = liste.table_de(())
        par_objets = [table.en_export(objet) for lot in liste.lots() for objet in lot]
        assert list(liste.emporter(table)) == par_objets
        assert par_objets


@pytest.mark.parametrize("classe", [ParcoursListe, EsmsListe])
@pytest.mark.parametrize("role", ["cheffe", Role.ADMIN, Role.ARS])
def test_une_page_lue_en_valeurs_est_celle_des_objets(
    cheffe: Any, classe: Any, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    par = cheffe if role == "cheffe" else affecter(Role(role))

    def corps(colonnes: str) -> tuple[bool, str]:
        liste = liste_de(classe, par, colonnes)
        lue = liste.lire(complete=False)
        return liste.plan is not None, lignes(lue.table, colonnes_de(lue.table))

    for colonnes in ("", toutes_les_colonnes(classe)):
        monkeypatch.setattr(classe.sorte, "affichable", True)
        en_valeurs, ecrit = corps(colonnes)
        monkeypatch.setattr(classe.sorte, "affichable", False)
        par_objets, attendu = corps(colonnes)
        assert en_valeurs and not par_objets
        assert "<tr>" in ecrit and ecrit == attendu


def test_la_liste_des_esms_du_projet_et_l_annuaire_s_emportent_en_valeurs(cheffe: Any) -> None:
    for classe, sorte in ((ParcoursListe, ParcoursListe.sorte), (EsmsListe, EsmsListe.sorte)):
        liste = liste_de(classe, cheffe, toutes_les_colonnes(classe))
        assert valeurs.planifier(liste.table, liste.colonnes, liste.ensemble, sorte) is not None


def test_le_nombre_de_requetes_suit_les_lots_pas_les_lignes(cheffe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def compter() -> int:
        liste = liste_de(ParcoursListe, cheffe)
        table = liste.table_de(())
        with CaptureQueriesContext(
            connection,
        ) as requetes:
            assert len(list(liste.emporter(table))) == Parcours.objects.count()
        return len(requetes)

    d_un_lot = compter()
    monkeypatch.setattr(valeurs, "LIGNES_PAR_LOT", 3)
    assert compter() > d_un_lot
