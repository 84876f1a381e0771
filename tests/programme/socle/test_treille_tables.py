"""Le gabarit des tables : tri annoncé, en-tête de ligne, titres en fiches, pages, sans calcul par cellule."""

import django_tables2 as tables
import pytest
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.safestring import mark_safe

from programme.socle.templatetags.treille_tables import pages_voisines


class TableEsms(tables.Table):
    legende = "ESMS de la grappe"
    colonne_titre = "nom"

    choix = tables.Column(verbose_name=mark_safe('<span class="visually-hidden">Choisir</span>'), orderable=False)
    nom = tables.Column("ESMS")
    couverture = tables.Column("Couverture", attrs={"td": {"class": "num"}, "th": {"class": "num"}})


def _rendre(adresse: str = "/?tri=x&q=ime&page=3", nb: int = 3, par_page: int = 2, ordre: str = "nom") -> str:
    lignes = [{"choix": "c", "nom": f"<IME {i}>", "couverture": i} for i in range(nb)]
    table = TableEsms(lignes, order_by=ordre)
    table.paginate(page=1, per_page=par_page)
    requete = RequestFactory().get(adresse)
    contexte = {"table": table, "request": requete}
    return render_to_string("tables/table.html", contexte) + render_to_string("tables/pages.html", contexte)


def test_la_colonne_qui_nomme_la_ligne_en_est_l_entete() -> None:
    assert '<th scope="row">&lt;IME 0&gt;</th>' in _rendre()


def test_chaque_cellule_dit_son_titre_en_fiche_sauf_la_case_a_cocher() -> None:
    page = _rendre()
    assert '<td class="num" data-titre="Couverture">0</td>' in page
    assert "<td>c</td>" in page


def test_le_sens_du_tri_est_annonce_et_le_lien_l_inverse() -> None:
    assert 'aria-sort="ascending"' in _rendre()
    assert "sort=-nom" in _rendre()
    assert 'aria-sort="descending"' in _rendre(ordre="-nom")


def test_trier_garde_la_recherche_et_revient_a_la_premiere_page() -> None:
    lien = _rendre().split('id="tri-couverture" href="')[1].split('"')[0]
    assert "q=ime" in lien
    assert "page=" not in lien


def test_la_legende_nomme_la_table() -> None:
    assert '<caption class="visually-hidden">ESMS de la grappe</caption>' in _rendre()


def test_une_seule_page_n_a_pas_de_pages() -> None:
    assert 'aria-label="Pages"' not in _rendre(nb=2)
    assert 'aria-label="Pages"' in _rendre(nb=3)


@pytest.mark.parametrize(
    ("numero", "derniere", "attendu"),
    [
        (1, 1, [1]),
        (1, 12, [1, 2, 3, None, 12]),
        (6, 12, [1, None, 4, 5, 6, 7, 8, None, 12]),
        (12, 12, [1, None, 10, 11, 12]),
    ],
)
def test_pages_voisines(numero: int, derniere: int, attendu: list) -> None:
    assert pages_voisines(Paginator(range(derniere), 1).page(numero)) == attendu
