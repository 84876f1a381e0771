"""Deux périodes se comparent sur les ESMS présents aux deux ; sinon la page dit pourquoi, et ne trahit personne."""

from decimal import Decimal
from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from programme.enums import EtatGrappe, Role
from programme.models import Grappe
from tests.aides import connecte
from tests.fabriques import DepartementFactory, GrappeFactory, OgFactory, affecter, cheffe_de
from tests.usages.fabriques import IndicateurFactory
from tests.usages.tableaux.mondes import compter, esms, relever
from usages.calculs.agregat import Agregat
from usages.services.tableaux import constant
from usages.services.tableaux.constant import DEHORS, LUS, MEMES, TUS, Constant, juger


def _page(client: Client, nom: str, *args: Any) -> Any:
    reponse = client.get(reverse(f"usages:{nom}-tableau-de-bord", args=args))
    assert reponse.status_code == 200
    return reponse


def _csv(client: Client, nom: str, *args: Any) -> list[list[str]]:
    reponse: Any = client.get(reverse(f"usages:{nom}-tableau-de-bord", args=args), {"format": "csv", "dessin": "bouge"})
    return [ligne.split(";") for ligne in b"".join(reponse.streaming_content).decode("utf-8-sig").splitlines()]


# --- le jugement, sans base ------------------------------------------------------------------------------------------

CHIFFRE = st.one_of(st.none(), st.integers(0, 40))


def _agregat(nombre: int | None) -> Agregat | None:
    return None if nombre is None else Agregat(Decimal(nombre), Decimal(40), 1, 1)


@given(st.lists(st.tuples(CHIFFRE, CHIFFRE), max_size=30), st.booleans(), st.booleans())
def test_on_compare_la_somme_des_esms_presents_aux_deux_et_rien_d_autre(
    chiffres: list[tuple[int | None, int | None]], lus: bool, discret: bool
) -> None:
    par_esms = {rang: [_agregat(a), _agregat(b)] for rang, (a, b) in enumerate(chiffres)}
    avant, ici = (sum(c[rang] is not None for c in chiffres) for rang in (0, 1))
    communs = [(a, b) for a, b in chiffres if a is not None and b is not None]
    rendu = juger(par_esms, (avant, ici), lus=lus, discret=discret)
    if rendu.nature == MEMES:
        assert avant == ici == len(communs)
        return
    if rendu.nature != LUS:
        assert rendu.avant is None and rendu.ici is None
        return
    assert lus and rendu.avant is not None and rendu.ici is not None
    assert rendu.avant.numerateur == sum(a for a, _ in communs)
    assert rendu.ici.numerateur == sum(b for _, b in communs)
    assert rendu.nombre == len(communs) > 0
    if discret:
        # Ni le groupe commun, ni ce qu'il laisse de chaque total, ne réunit de 1 à 4 ESMS.
        assert all(reste == 0 or reste >= 5 for reste in (len(communs), avant - len(communs), ici - len(communs)))


def test_les_trois_raisons_de_ne_pas_comparer() -> None:
    deux = {1: [_agregat(1), _agregat(2)], 2: [_agregat(1), None]}
    assert juger(deux, (2, 1), lus=False, discret=False) == Constant(DEHORS)
    assert juger(deux, (2, 1), lus=True, discret=True) == Constant(TUS)
    assert juger({2: [_agregat(1), None]}, (1, 0), lus=True, discret=False) == Constant(DEHORS)


# --- les pages -------------------------------------------------------------------------------------------------------


@pytest.fixture
def grappe() -> Grappe:
    return GrappeFactory(nom="Vignes hautes")


def _ouverte() -> Grappe:
    """Une grappe que le financeur lit."""
    grappe = GrappeFactory()
    QuerySet(Grappe).filter(pk=grappe.pk).update(**{"etat": EtatGrappe.DEPLOIEMENT})
    return grappe


def _monde(grappe: Grappe, indicateur: Any, **plus: Any) -> list[Any]:
    """Six ESMS stables à 20 puis 24 sur 40 ; six qui partent à 40 sur 40 : le total baisse, et personne n'a baissé."""
    tous = esms(grappe, 12, **plus)
    for rang, p in enumerate(tous):
        relever(p, [indicateur], (20 if rang < 6 else 40, 40), recul=2)
        if rang < 6:
            relever(p, [indicateur], (24, 40), recul=1)
    compter()
    return tous


@pytest.mark.django_db
def test_des_esms_qui_se_taisent_ne_font_pas_dire_moins_bien(grappe: Grappe) -> None:
    _monde(grappe, IndicateurFactory(libelle="Projets à jour"))
    client = connecte(cheffe_de(grappe))
    page = _page(client, "grappe", grappe.pk)
    (e,) = page.context["page"].ont_bouge
    assert (e.dit_avant, e.dit) == ("75\u202f%", "60\u202f%")
    assert (e.dites, e.ecart, e.mouvement) == (("50\u202f%", "60\u202f%"), "+\u202f10 points", "mieux")
    assert e.mot_du_nombre == "6 ESMS présents aux deux" and e.mot_du_nombre in page.content.decode()
    assert page.context["page"].bilan == "1 va mieux"
    assert _csv(client, "grappe", grappe.pk)[1][2:] == [
        "50,0", e.periode.nom, "60,0", "'+\u202f10 points", "mieux", "6 ESMS présents aux deux",
    ]  # fmt: skip


@pytest.mark.django_db
def test_une_somme_se_compare_sur_les_memes_et_rien_quand_personne_n_est_aux_deux(grappe: Grappe) -> None:
    tickets = IndicateurFactory(forme="compte", denominateur="", sens="hausse")
    a, b = esms(grappe, 2)
    relever(a, [tickets], (5, None), recul=2)
    relever(b, [tickets], (6, None))
    compter()
    client = connecte(cheffe_de(grappe))
    page = _page(client, "grappe", grappe.pk).context["page"]
    # Autant d'ESMS, mais pas le même : « + 1 » ne dirait rien.
    assert page.ont_bouge == [] and [e.pourquoi_pas for e in page.incomparables] == [
        "ce ne sont pas les mêmes ESMS, 1 puis 1"
    ]
    relever(a, [tickets], (7, None))
    compter()
    page = _page(client, "grappe", grappe.pk).context["page"]
    assert [(e.ecart, e.nombre_compare) for e in page.ont_bouge] == [("+\u202f2", 1)]


@pytest.mark.django_db
def test_qui_ne_lit_pas_tous_les_esms_ne_recoit_aucun_total_de_plus(grappe: Grappe) -> None:
    projets = IndicateurFactory()
    tous = _monde(grappe, projets)
    client = connecte(affecter(Role.DIRECTEUR, tous[0].esms))
    page = _page(client, "grappe", grappe.pk).context["page"]
    (e,) = page.incomparables
    assert not e.masque and e.comparees == (None, None) and e.mot_du_mouvement == "inchangé"
    for p in tous[6:]:
        relever(p, [projets], (40, 40), recul=1)
    compter()
    # Les mêmes douze : les deux totaux, qu'on lui montre déjà, se comparent.
    (e,) = _page(client, "grappe", grappe.pk).context["page"].ont_bouge
    assert (e.ecart, e.mot_du_nombre) == ("+\u202f5 points", "12 ESMS, les mêmes")


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.ARS, Role.GRADES])
@pytest.mark.parametrize(("partis", "compare"), [(0, True), (3, False), (6, True)])
def test_une_region_se_tait_quand_moins_de_cinq_sont_entres_ou_sortis(role: str, partis: int, compare: bool) -> None:
    departement = DepartementFactory()
    projets = IndicateurFactory()
    for rang, p in enumerate(esms(_ouverte(), 12, departement=departement)):
        relever(p, [projets], (20, 40), recul=2)
        if rang >= partis:
            relever(p, [projets], (24, 40), recul=1)
    compter()
    client = connecte(affecter(role, departement.region))
    page = _page(client, "region", departement.region_id).context["page"]
    assert [e.ecart for e in page.ont_bouge] == (["+\u202f10 points"] if compare else [])
    if not compare:
        (e,) = page.incomparables
        assert "moins de cinq" in e.pourquoi_pas and e.comparees == (None, None)


@pytest.mark.django_db
def test_un_organisme_et_le_pays_comparent_a_ensemble_constant(grappe: Grappe) -> None:
    og = OgFactory()
    _monde(grappe, IndicateurFactory(), og=og)
    pages = [(affecter(Role.SIEGE, og), "og", [og.pk]), (affecter(Role.ADMIN, None), "pays", [])]
    for compte, nom, arguments in pages:
        (e,) = _page(connecte(compte), nom, *arguments).context["page"].ont_bouge
        assert (e.ecart, e.mot_du_nombre) == ("+\u202f10 points", "6 ESMS présents aux deux"), nom


@pytest.mark.django_db
def test_au_dela_du_plafond_on_ne_relit_pas_un_a_un_et_on_le_dit(
    grappe: Grappe, monkeypatch: pytest.MonkeyPatch
) -> None:
    _monde(grappe, IndicateurFactory())
    monkeypatch.setattr(constant, "PLAFOND", 17)
    page = _page(connecte(cheffe_de(grappe)), "grappe", grappe.pk).context["page"]
    assert [e.pourquoi_pas for e in page.incomparables] == ["trop d’ESMS pour les retrouver un à un, 12 puis 6"]
