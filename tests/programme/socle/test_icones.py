"""Dessins en ligne : cachés aux lecteurs d'écran, sans style, et tous ceux que les gabarits nomment existent."""

import re

import pytest
from django.conf import settings
from lucide import IconDoesNotExist

from programme.socle import icones

GABARITS = settings.RACINE / "templates"
NOMMEE = re.compile(r'{%\s*icone "([^"]+)"')


def _noms_des_gabarits() -> set[str]:
    return {nom for page in GABARITS.rglob("*.html") for nom in NOMMEE.findall(page.read_text(encoding="utf-8"))}


def test_chaque_icone_nommee_dans_un_gabarit_existe() -> None:
    noms = _noms_des_gabarits()
    assert "lock" in noms
    for nom in noms:
        assert icones.icone(nom)


def test_une_icone_est_cachee_aux_lecteurs_d_ecran_et_sans_style() -> None:
    dessin = icones.icone("lock", "ton-vin")
    assert dessin.startswith('<svg class="ic ton-vin" viewBox="0 0 24 24" aria-hidden="true">')
    assert dessin.count("<svg") == 1
    assert "style=" not in dessin


def test_un_nom_inconnu_se_voit() -> None:
    with pytest.raises(IconDoesNotExist):
        icones.icone("nexiste-pas")


@pytest.mark.parametrize("nom", ["u-preparer", "u-prete", "u-ouverte", "u-stab"])
def test_le_rond_qui_se_remplit(nom: str) -> None:
    assert "<circle" in icones.icone(nom)


@pytest.mark.parametrize(("rang", "pleins"), [(0, 0), (5, 5), (7, 7), (9, 7), (-1, 0)])
def test_un_sarment_a_toujours_sept_crans(rang: int, pleins: int) -> None:
    dessin = icones.crans(rang)
    assert dessin.count("v14h") == pleins
    assert dessin.count("v7h") == 7 - pleins
