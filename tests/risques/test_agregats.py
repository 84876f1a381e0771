"""Le pays en trois requêtes : niveaux, catégories, âge des analyses ; la base compte comme le calcul."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from programme.enums import Role
from programme.socle.porte import changer_etat
from risques.calculs.criticite import Bornes, niveau
from risques.enums import CategorieRisque, NiveauRisque
from risques.models import AnalyseLocale, BaremeRisques, Risque
from risques.services.agregats import RECENTE, TUE, VIEILLE, agreger
from tests.aides import connecte
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter, cheffe_de
from tests.risques.fabriques import RisqueFactory, analyse_transmise

COTE = st.integers(1, 4)


class NiveauEnBase(TestCase):
    """La base et le module pur disent le même niveau, quel que soit le barème."""

    @settings(max_examples=40, deadline=None)
    @given(
        st.tuples(COTE, COTE), st.none() | st.tuples(COTE, COTE), st.none() | st.sets(st.integers(2, 16), min_size=3)
    )
    def test_le_meme_niveau(
        self, brut: tuple[int, int], reste: tuple[int, int] | None, seuils: set[int] | None
    ) -> None:
        grappe = GrappeFactory()
        bornes = Bornes()
        if seuils:
            bornes = Bornes(*sorted(seuils)[:3])
            BaremeRisques.objects.create(
                grappe=grappe,
                significatif=bornes.significatif,
                critique=bornes.critique,
                inacceptable=bornes.inacceptable,
            )
        p, i = reste or (None, None)
        risque = RisqueFactory(
            grappe=grappe, probabilite=brut[0], impact=brut[1], probabilite_residuelle=p, impact_residuel=i
        )
        assert Risque.objects.avec_niveau().get(pk=risque.pk).niveau == niveau(risque.cote, bornes)


@pytest.mark.django_db
def test_le_pays_compte_ce_qui_est_ouvert_et_l_age_de_ce_qui_est_transmis() -> None:
    au = timezone.localdate()
    une, autre = ParcoursFactory(), ParcoursFactory()
    ParcoursFactory(grappe=une.grappe)
    BaremeRisques.objects.create(grappe=une.grappe, significatif=2, critique=3, inacceptable=4)
    RisqueFactory(parcours=une, probabilite=2, impact=2, categorie="humain")
    RisqueFactory(grappe=autre.grappe, probabilite=2, impact=2, categorie="humain")
    clos = RisqueFactory(parcours=autre)
    changer_etat(clos, "clore", par=affecter(Role.DIRECTEUR, autre.esms), motif="Fini")
    for parcours, jours in ((une, 10), (autre, 200)):
        analyse = analyse_transmise(parcours)
        AnalyseLocale.objects.filter(pk=analyse.pk).update(transmise_le=au - timedelta(days=jours))
    lu = agreger(affecter(Role.ADMIN), au)
    assert (lu.nb_esms, lu.total, lu.nb_transmises) == (3, 2, 2)
    assert lu.ages == {RECENTE: 1, VIEILLE: 1, TUE: 1}
    assert lu.croises[CategorieRisque.HUMAIN][NiveauRisque.INACCEPTABLE] == 1, "selon le barème de sa grappe"
    assert lu.niveaux[NiveauRisque.SIGNIFICATIF] == 1
    sienne = agreger(cheffe_de(une.grappe), au)
    assert (sienne.nb_esms, sienne.total) == (2, 1)
    assert agreger(affecter(Role.ADMIN), au, autre.grappe).total == 1
    assert agreger(affecter(Role.ARS), au).total == 0, "le financeur n'agrège rien"


@pytest.mark.django_db
def test_trois_requetes_quel_que_soit_le_pays() -> None:
    admin = affecter(Role.ADMIN)
    for _ in range(5):
        RisqueFactory(parcours=ParcoursFactory())
    assert admin.perimetre
    with CaptureQueriesContext(connection) as lues:
        agreger(admin, timezone.localdate())
    assert len(lues) == 3


@pytest.mark.django_db
def test_la_liste_des_risques_le_dit_en_tete_selon_le_lecteur_et_la_grappe() -> None:
    une, autre = ParcoursFactory(), ParcoursFactory()
    for parcours, combien in ((une, 2), (autre, 1)):
        for _ in range(combien):
            RisqueFactory(parcours=parcours, probabilite=4, impact=4, categorie="humain")
    analyse_transmise(une)

    def tete(par: Any, criteres: str = "") -> str:
        corps = html.unescape(connecte(par).get(f"/risques/?etat=toutes{criteres}").content.decode())
        return re.sub(r"\s+", " ", corps).replace("\xa0", " ")

    tout = tete(affecter(Role.ADMIN))
    assert "3 risques ouverts en tout" in tout and "3 inacceptables" in tout and "1 transmise sur 2 ESMS" in tout
    assert f"1 risque ouvert, {autre.grappe}" in tete(affecter(Role.ADMIN), f"&grappe={autre.grappe_id}")
    sienne = tete(cheffe_de(une.grappe))
    assert "2 risques ouverts en tout" in sienne and "1 transmise sur 1 ESMS" in sienne
    assert "en tout" in tete(cheffe_de(une.grappe), f"&grappe={autre.grappe_id}"), "celle d'à côté ne se voit pas"
    assert "ouverts en tout" not in tete(affecter(Role.ARS, une.grappe.region)), "le financeur n'agrège rien"
    assert connecte(affecter(Role.ADMIN)).get("/risques/?grappe=99999999999999999999").status_code == 200
