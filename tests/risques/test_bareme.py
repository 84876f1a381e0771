"""Le barème d'une grappe : des bornes qui montent, ce que les changer changerait, l'histoire des réglages."""

from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from programme.models import Grappe
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from programme.socle.versions import jeton
from risques.calculs.criticite import SEUIL_INQUIETANT, Bornes, BornesImpossibles
from risques.enums import NiveauRisque
from risques.models import BaremeRisques
from risques.services import reglage_bareme as services
from tests.aides import connecte
from tests.fabriques import GrappeFactory, ParcoursFactory, cheffe_de
from tests.risques.fabriques import AnalyseLocaleFactory, RisqueFactory, analyse_transmise

BORNES = {"significatif": 3, "critique": 6, "inacceptable": 9, "inquietante": 7}


@pytest.fixture
def grappe(db: None) -> Grappe:
    return GrappeFactory()


@given(st.tuples(*[st.integers(0, 20)] * 3))
def test_les_bornes_refusees_sont_celles_qui_ne_font_pas_quatre_niveaux(bornes: tuple[int, int, int]) -> None:
    bareme = BaremeRisques(**dict(zip(services.BORNES, bornes, strict=True)))
    try:
        attendu = bool(Bornes(*bornes))
    except BornesImpossibles:
        attendu = False
    try:
        services.verifier(bareme)
        accepte = True
    except Refus as refus:
        accepte = False
        assert refus.champs and set(refus.champs) <= set(services.BORNES)
    assert accepte is attendu


@pytest.mark.parametrize(
    ("change", "champ", "phrase"),
    [
        ({"critique": 3}, "critique", "après « significatif » (3) : donnez au moins 4"),
        ({"inacceptable": 6}, "inacceptable", "après « critique » (6)"),
        ({"significatif": 1}, "significatif", "à partir de 2"),
        ({"inacceptable": 17}, "inacceptable", "à 16 au plus"),
    ],
)
def test_une_borne_qui_ne_monte_pas_se_dit_sous_elle(grappe: Grappe, change: Any, champ: str, phrase: str) -> None:
    with pytest.raises(Refus) as refus:
        services.regler(grappe=grappe, par=cheffe_de(grappe), **(BORNES | change))
    assert phrase in refus.value.champs[champ][0] and not BaremeRisques.objects.exists()


def test_regler_garde_qui_et_quand(grappe: Grappe) -> None:
    cheffe = cheffe_de(grappe)
    services.regler(grappe=grappe, par=cheffe, **BORNES)
    services.regler(grappe=grappe, par=cheffe, **(BORNES | {"inacceptable": 16}))
    assert services.regle_de(grappe).bornes == Bornes(3, 6, 16)
    dernier, premier = services.histoire_de(grappe)
    assert dernier["titre"] == f"Réglé par {cheffe}" and "inacceptable à partir de 16" in dernier["texte"]
    assert "inacceptable à partir de 9" in premier["texte"]
    assert services.histoire_de(GrappeFactory()) == []


def test_deux_chefs_ne_s_ecrasent_pas_en_silence(grappe: Grappe) -> None:
    un, deux = cheffe_de(grappe), cheffe_de(grappe)
    vu = jeton(BaremeRisques.history.filter(grappe=grappe))
    services.regler(grappe=grappe, par=un, vu=vu, **BORNES)
    with pytest.raises(Refus, match=f"{un} a changé") as refus:
        services.regler(grappe=grappe, par=deux, vu=vu, **(BORNES | {"critique": 7}))
    assert refus.value.code == "concurrence" and services.regle_de(grappe).critique == 6


def test_ce_que_cela_change_compte_les_risques_ouverts_et_les_lignes_transmises(grappe: Grappe) -> None:
    parcours = ParcoursFactory(grappe=grappe)
    for probabilite, impact in ((2, 2), (3, 3), (4, 4)):
        RisqueFactory(grappe=grappe, probabilite=probabilite, impact=impact)
    RisqueFactory(parcours=parcours, probabilite=4, impact=4, probabilite_residuelle=1, impact_residuel=1)
    RisqueFactory(probabilite=3, impact=3)
    clos = RisqueFactory(grappe=grappe, probabilite=3, impact=3)
    changer_etat(clos, "clore", par=cheffe_de(grappe), motif="Il ne peut plus arriver")
    analyse_transmise(parcours, lignes=(2, 4))
    AnalyseLocaleFactory(parcours=ParcoursFactory(grappe=grappe), lignes=(2, 4))
    effet = services.ce_que_cela_change(grappe, Bornes(5, 9, 10))
    lus = {(d.de, d.vers): (d.nb_risques, d.nb_lignes, d.monte) for d in effet.deplacements}
    n = NiveauRisque
    assert lus == {(n.SIGNIFICATIF, n.ACCEPTABLE): (1, 0, False), (n.CRITIQUE, n.SIGNIFICATIF): (0, 6, False)}
    assert (effet.nb_risques, effet.nb_lignes, effet.nb_changent) == (4, 6, 1)
    assert "1 risque change de niveau, sur 4" in effet.phrase
    plus_dur = services.ce_que_cela_change(grappe, Bornes(2, 3, 9))
    assert (n.CRITIQUE, n.INACCEPTABLE, 1) in [(d.de, d.vers, d.nb_risques) for d in plus_dur.deplacements if d.monte]
    assert services.ce_que_cela_change(grappe, Bornes()).phrase == "Aucun risque ne change de niveau."


def test_voir_n_ecrit_pas_enregistrer_ecrit(grappe: Grappe) -> None:
    RisqueFactory(grappe=grappe, probabilite=3, impact=3)
    client, url = connecte(cheffe_de(grappe)), reverse("risques:grappe-bareme", args=[grappe.pk])
    assert "jamais été changées" in client.get(url).content.decode()
    page = client.post(url, BORNES | {"geste": "voir", "vu": "0"}).content.decode()
    assert "1 risque change de niveau, sur 1" in page and "plus grave" in page and "r4" in page
    assert not BaremeRisques.objects.exists()
    fautive = client.post(url, BORNES | {"critique": "2", "geste": "voir", "vu": "0"})
    assert fautive.status_code == 422 and "donnez au moins 4" in fautive.content.decode()
    suite = client.post(url, BORNES | {"geste": "enregistrer", "vu": "0"}, follow=True).content.decode()
    assert "Le barème est enregistré" in suite and BaremeRisques.objects.get().inacceptable == 9
    croisee = client.post(url, BORNES | {"critique": "7", "geste": "enregistrer", "vu": "0"})
    assert croisee.status_code == 409 and BaremeRisques.objects.get().critique == 6


def test_les_bornes_de_depart_ne_s_ecrivent_qu_une_fois() -> None:
    assert BaremeRisques().bornes == Bornes() and BaremeRisques().inquietante == SEUIL_INQUIETANT
