"""Les dates entretenues d'un parcours disent toujours ce que disent son journal et ses étapes."""

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from programme.enums import FRISE_PARCOURS, Role
from programme.models import Etape, Parcours
from programme.socle.erreurs import Refus
from programme.socle.models import Passage
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, affecter, cheffe_de, directrice_de

TRANSITIONS = sorted(set(Parcours.transitions()) - {"constater"})
JOURS = st.one_of(st.none(), st.integers(-400, 400))
PASSAGE = st.tuples(st.just("passer"), st.sampled_from(TRANSITIONS), st.integers(-300, 0))
CONSTAT = st.tuples(st.just("constater"), st.sampled_from(FRISE_PARCOURS[1:]), st.integers(-300, 0))
ECRITURE = st.tuples(
    st.sampled_from(["etape", "lot", "creation", "effacer", "effacer_lot"]), st.sampled_from(FRISE_PARCOURS), JOURS
)


def _jour(decalage: int | None) -> date | None:
    return None if decalage is None else timezone.localdate() + timedelta(days=decalage)


def _passer(parcours: Parcours, comptes: dict[str, Any], transition: str, decalage: int, **details: Any) -> None:
    for compte in comptes.values():
        try:
            changer_etat(parcours, transition, par=compte, motif="essai", date_effet=_jour(decalage), **details)
        except Refus:
            continue
        return


def _ecrire(parcours: Parcours, geste: str, etat: str, jour: date | None) -> None:
    siennes = Etape.objects.filter(parcours=parcours, etat=etat)
    if geste == "etape":
        Etape.objects.update_or_create(parcours=parcours, etat=etat, defaults={"revisee": jour})
    elif geste == "lot":
        Etape.objects.filter(parcours=parcours).update(reference=jour, revisee=None)
    elif geste == "creation" and not siennes.exists():
        Etape.objects.bulk_create([Etape(parcours=parcours, etat=etat, reference=jour)])
    elif geste == "effacer" and (etape := siennes.first()):
        etape.delete()
    elif geste == "effacer_lot":
        siennes.delete()


def attendues(parcours: Parcours) -> tuple[date, date | None]:
    """Le même calcul, refait en Python, sans SQL partagé."""
    parcours.refresh_from_db()
    passages = sorted(Passage.objects.de(parcours), key=lambda p: p.rang)
    depuis = passages[-1].date_effet if passages else timezone.localtime(parcours.cree_le).date()
    if parcours.etat not in FRISE_PARCOURS:
        return depuis, None
    prevues = [e.revisee or e.reference for e in parcours.etapes.all() if e.reelle is None]
    return depuis, min((p for p in prevues if p), default=None)


class TestSuitesDeGestes(TestCase):
    """Quels que soient les gestes et leur ordre."""

    @settings(max_examples=40, deadline=None)
    @given(gestes=st.lists(st.one_of(PASSAGE, CONSTAT, ECRITURE), max_size=12))
    def test_les_colonnes_disent_le_journal_et_les_etapes(self, gestes: list[tuple[str, str, int | None]]) -> None:
        parcours, temoin = ParcoursFactory(), ParcoursFactory()
        comptes = {"directrice": directrice_de(parcours), "cheffe": cheffe_de(parcours.grappe)}
        for geste, quoi, decalage in gestes:
            if geste == "passer":
                _passer(parcours, comptes, quoi, decalage or 0)
            elif geste == "constater":
                _passer(parcours, comptes, "constater", decalage or 0, vers=quoi)
            else:
                _ecrire(parcours, geste, quoi, _jour(decalage))
            assert attendues(parcours) == (parcours.depuis_le, parcours.prochaine_le), (geste, quoi, decalage)
        assert not Parcours.objects.a_rafraichir().exists()
        assert attendues(temoin) == (temoin.depuis_le, temoin.prochaine_le)


@pytest.mark.django_db
@pytest.mark.parametrize("geste", ["etape", "lot", "creation", "effacer", "effacer_lot"])
def test_chaque_facon_d_ecrire_une_etape_tient_la_prochaine_date(geste: str) -> None:
    parcours = ParcoursFactory()
    if geste != "creation":
        Etape.objects.create(parcours=parcours, etat="cadrage", reference=_jour(20))
    Etape.objects.create(parcours=parcours, etat="routine", reference=_jour(90))
    avant = attendues(parcours)
    _ecrire(parcours, geste, "cadrage", _jour(50))
    assert attendues(parcours) == (parcours.depuis_le, parcours.prochaine_le) != avant


@pytest.mark.django_db
def test_la_commande_corrige_ce_qui_differe_et_rien_d_autre() -> None:
    juste, faux = ParcoursFactory(), ParcoursFactory()
    jour = _jour(20)
    Etape.objects.create(parcours=faux, etat="cadrage", reference=jour)
    Parcours.objects.filter(pk=faux.pk).update(depuis_le=None, prochaine_le=_jour(3))
    assert [p.pk for p in Parcours.objects.a_rafraichir()] == [faux.pk]
    sortie = StringIO()
    call_command("rafraichir_dates", stdout=sortie)
    assert sortie.getvalue() == "1 parcours corrigé.\n"
    assert attendues(faux) == (faux.depuis_le, faux.prochaine_le) and faux.prochaine_le == jour
    assert attendues(juste) == (juste.depuis_le, juste.prochaine_le)


@pytest.mark.django_db
def test_la_liste_trie_par_ces_dates_les_absentes_a_la_fin() -> None:
    tard, tot, jamais = ParcoursFactory(), ParcoursFactory(), ParcoursFactory()
    for parcours, decalage in ((tard, 30), (tot, 5)):
        Etape.objects.create(parcours=parcours, etat="cadrage", reference=_jour(decalage))
    client = connecte(affecter(Role.ADMIN))
    for tri, ordre in (("prochaine_date", [tot, tard, jamais]), ("-prochaine_date", [tard, tot, jamais])):
        page = client.get(f"/parcours/?tri={tri}").content.decode()
        rangs = [page.index(p.esms.nom) for p in ordre]
        assert rangs == sorted(rangs)


@pytest.mark.django_db
def test_ces_dates_n_entrent_pas_dans_l_historique() -> None:
    parcours = ParcoursFactory()
    avant = parcours.history.count()
    Etape.objects.create(parcours=parcours, etat="cadrage", reference=_jour(5))
    assert parcours.history.count() == avant
