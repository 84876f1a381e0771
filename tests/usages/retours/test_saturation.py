"""L'aide suit-elle : deux semaines de trop, et pas une ; qui peut répondre ; ce qu'on en dit."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from programme.enums import Role, Titre
from tests.fabriques import GroupeFactory, affecter, directrice_de
from tests.usages.fabriques import TicketFactory
from tests.usages.retours.fabriques import RelaisFactory, RetourFactory
from tests.usages.retours.mondes_vues import il_y_a, monde
from usages.calculs.retours import DE_SUITE, PAR_PERSONNE, SEMAINES, Charge, Semaine, juger, lundis, par_semaine
from usages.dessins.courbe import BAS, HAUT
from usages.dessins.retours import RIEN_A_DIRE, courbe_de, phrase
from usages.models.retours import semaine_de
from usages.services.retours.saturation import charge_d_esms, charge_de_grappe

LUNDI = date(2026, 11, 30)
TOTAUX = st.lists(st.integers(0, 60), min_size=2, max_size=26)


def _charge(totaux: list[int], personnes: int) -> Charge:
    debuts = lundis(LUNDI, len(totaux))
    return juger([Semaine(lundi, n) for lundi, n in zip(debuts, totaux, strict=True)], personnes)


def test_les_semaines_finies_sans_celle_qui_court() -> None:
    assert lundis(LUNDI, 2) == [date(2026, 11, 16), date(2026, 11, 23)]
    assert lundis(date(2026, 12, 6), 1) == [date(2026, 11, 23)]
    assert len(lundis(LUNDI)) == SEMAINES


def test_chaque_jour_va_dans_sa_semaine() -> None:
    (avant, derniere) = par_semaine(
        lundis(LUNDI, 2),
        {date(2026, 11, 16): 1, date(2026, 11, 22): 2, date(2026, 11, 23): 4, LUNDI: 50},
        {date(2026, 11, 15): 50, date(2026, 11, 29): 8},
    )
    assert (avant.retours, avant.tickets, derniere.retours, derniere.tickets) == (3, 0, 4, 8)


def test_une_seule_semaine_de_trop_ne_sature_pas() -> None:
    trop = 2 * PAR_PERSONNE + 1
    assert _charge([0, trop, 0, trop], 2).saturees == ()
    assert not _charge([trop, trop, 0], 2).sature
    assert _charge([0, trop, trop], 2).sature
    assert _charge([0, trop - 1, trop - 1], 2).saturees == ()


@given(TOTAUX, st.integers(0, 6))
def test_est_saturee_toute_semaine_de_trop_qui_touche_une_autre(totaux: list[int], personnes: int) -> None:
    charge = _charge(totaux, personnes)
    trop = [n > personnes * PAR_PERSONNE for n in totaux]
    attendues = {
        rang for rang in range(len(totaux))
        if trop[rang] and ((rang and trop[rang - 1]) or (rang + 1 < len(trop) and trop[rang + 1]))
    }  # fmt: skip
    assert DE_SUITE == 2
    assert {charge.semaines.index(s) for s in charge.saturees} == attendues
    assert charge.sature == (trop[-1] and trop[-2])


@given(TOTAUX, st.integers(0, 6))
def test_la_courbe_tient_dans_son_cadre_et_dit_les_memes_nombres(totaux: list[int], personnes: int) -> None:
    charge = _charge(totaux, personnes)
    dessin = courbe_de(charge)
    assert all(0 <= p.x <= 100 and HAUT <= p.y <= BAS for p in dessin.points)
    assert [p.valeur for p in dessin.points] == [str(n) for n in totaux] == [r.valeur for r in dessin.rangs]
    assert (dessin.cible_y is None) == (personnes == 0)
    assert dessin.cible_y is None or HAUT <= dessin.cible_y <= BAS


def test_la_phrase_dit_ou_l_on_en_est() -> None:
    assert phrase(_charge([0, 0], 3)) == RIEN_A_DIRE
    assert "Personne n'est nommé pour répondre" in phrase(_charge([0, 1], 0))
    assert phrase(_charge([0, 11, 12], 2)) == (
        "L'aide sature : 11 puis 12 demandes ces deux dernières semaines, pour 2 personnes à y répondre."
    )
    assert "elle a saturé jusqu'à la semaine du 16 nov. 2026" in phrase(_charge([11, 12, 0], 2))
    assert (
        phrase(_charge([1, 3], 1)) == "L'aide suit : au plus 3 demandes, la semaine du 23 nov. 2026, pour 1 personne."
    )


# --- qui peut répondre, et ce qui se compte --------------------------------------------------------------------------


def _la_semaine_derniere() -> date:
    return semaine_de(timezone.localdate()) - timedelta(days=5)


@pytest.mark.django_db
def test_les_retours_et_les_tickets_de_l_esms_sans_ceux_du_voisin() -> None:
    m = monde()
    for ou in m.esms:
        RetourFactory(parcours=ou, recu_le=_la_semaine_derniere())
        TicketFactory(parcours=ou, cree_le=_la_semaine_derniere())
    RetourFactory(parcours=m.esms[0], recu_le=timezone.localdate())
    TicketFactory(parcours=None, grappe=m.grappe, cree_le=_la_semaine_derniere())
    au = timezone.localdate()
    d_un = charge_d_esms(m.esms[0], m.cheffe, au).semaines[-1]
    assert (d_un.retours, d_un.tickets) == (1, 1)
    de_tous = charge_de_grappe(m.grappe, m.cheffe, au).semaines[-1]
    assert (de_tous.retours, de_tous.tickets) == (2, 3)
    assert charge_de_grappe(m.grappe, directrice_de(m.esms[0]), au).semaines[-1].retours == 1


@pytest.mark.django_db
def test_chacun_se_compte_une_fois_et_les_partis_pas_du_tout() -> None:
    m = monde()
    au, (un, autre) = timezone.localdate(), m.esms

    def nombres() -> tuple[int, int]:
        return (
            charge_d_esms(un, m.cheffe, au).personnes,
            charge_de_grappe(m.grappe, m.cheffe, au).personnes,
        )

    assert nombres() == (0, 1), "la cheffe répond pour la grappe"
    directrice = directrice_de(un)
    RelaisFactory(parcours=un, compte=directrice)
    assert nombres() == (1, 2)
    RelaisFactory(parcours=autre)
    affecter(Role.APPUI, m.grappe)
    assert nombres() == (1, 4)
    affecter(Role.REFERENT, un.esms, au=il_y_a(1))
    parti: Any = RelaisFactory(parcours=un).compte
    parti.is_active = False
    parti.save()
    affecter(Role.SIEGE, un.esms.og)
    affecter(Role.ARS, m.grappe)
    assert nombres() == (1, 4)
    groupe = GroupeFactory(og=un.esms.og)
    groupe.esms.add(un.esms)
    affecter(Role.DIRECTEUR, groupe, titre=Titre.INTERIM)
    assert nombres() == (2, 5)
