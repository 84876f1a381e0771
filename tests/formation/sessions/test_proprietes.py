"""Ce qui est vrai de toute suite de gestes : jamais plus d'inscrits que de places, et l'attente dans l'ordre."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from formation.calculs.code_presence import est_le_bon, tirer
from formation.calculs.demi_journees import demi_journees
from formation.calculs.validite import valable_jusqu_au
from formation.services.inscriptions import ATTENDRE, REMPLIR, inscrire, retirer
from formation.services.sessions import modifier_session
from programme.socle.erreurs import Refus
from tests.fabriques import ParcoursFactory, cheffe_de
from tests.formation.fabriques import equipe
from tests.formation.sessions.aides import ouverte

JOURS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
GESTES = st.lists(
    st.one_of(
        st.tuples(st.just("inscrire"), st.sets(st.integers(0, 6), min_size=1, max_size=4)),
        st.tuples(st.just("retirer"), st.integers(0, 6)),
        st.tuples(st.just("places"), st.integers(1, 5)),
    ),
    max_size=8,
)


class ToutesLesSuites(TestCase):
    @settings(max_examples=15, deadline=None)
    @given(gestes=GESTES, capacite=st.integers(1, 4))
    def test_inscrits_au_plus_les_places_et_l_attente_dans_l_ordre(self, gestes: list[Any], capacite: int) -> None:
        session = ouverte(capacite=capacite)
        par = cheffe_de(session.grappe)
        postes = equipe(ParcoursFactory(grappe=session.grappe), 7)
        for geste, valeur in gestes:
            try:
                if geste == "inscrire":
                    cles = [postes[n].pk for n in sorted(valeur)]
                    inscrire(session=session, postes=cles, par=par, si_complet=ATTENDRE)
                elif geste == "places":
                    modifier_session(session=session, par=par, capacite=valeur)
                elif trouvee := session.inscriptions.filter(poste=postes[valeur]).first():
                    retirer(inscription=trouvee, par=par)
            except Refus:
                continue
            session.refresh_from_db()
            inscrits, attente = session.inscriptions.inscrites(), session.inscriptions.en_attente()
            assert inscrits.count() <= session.capacite
            assert not attente.exists() or inscrits.count() == session.capacite, "personne n'attend devant une place"
            if attente.exists() and inscrits.exists():
                # Qui a une place est arrivé avant qui attend.
                derniere = max(i.inscrite_le for i in inscrits)
                assert derniere < min(i.inscrite_le for i in attente)


@given(jour=JOURS, mois=st.integers(1, 120))
def test_un_acquis_vaut_jusqu_au_meme_quantieme(jour: date, mois: int) -> None:
    fin = valable_jusqu_au(jour, mois)
    assert fin is not None and (fin.year - jour.year) * 12 + fin.month - jour.month == mois
    assert fin.day == jour.day or (fin.day < jour.day and (fin + timedelta(days=1)).day == 1)
    suivante = valable_jusqu_au(jour, mois + 1)
    assert suivante is not None and suivante > fin


@pytest.mark.parametrize("mois", [None, 0])
def test_sans_mois_il_ne_passe_pas(mois: int | None) -> None:
    assert valable_jusqu_au(date(2026, 1, 31), mois) is None


@given(st.integers(0, 23 * 60), st.integers(1, 600))
def test_toujours_une_demi_journee_dans_l_ordre(debut: int, duree: int) -> None:
    de = datetime(2026, 3, 2) + timedelta(minutes=debut)
    dites = demi_journees(de, min(de + timedelta(minutes=duree), datetime(2026, 3, 2, 23, 59)))
    assert dites and dites == sorted(dites, key=["Matin", "Après-midi", "Soir"].index)


@given(st.text(max_size=12))
def test_un_code_ne_se_devine_pas_a_vide(saisi: str) -> None:
    assert not est_le_bon(saisi, "")
    code = tirer()
    assert est_le_bon(f"{code[:2].lower()} {code[2:]}", code)


def test_remplir_ne_met_personne_en_attente(db: None) -> None:
    session = ouverte(capacite=2)
    cles = [p.pk for p in equipe(ParcoursFactory(grappe=session.grappe), 3)]
    rendu = inscrire(session=session, postes=cles, par=cheffe_de(session.grappe), si_complet=REMPLIR)
    assert (len(rendu.inscrites), len(rendu.laissees), session.inscriptions.count()) == (2, 1, 2)
