"""Retours proches : ce qu'on retrouve et ce qu'on propose à tort, sur un jeu étiqueté ; et les propriétés du score."""

import random
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.usages.retours.etiquettes import Retour as Dit
from tests.usages.retours.jeu_de_retours import RETOURS
from tests.usages.retours.retours_neufs import NEUFS
from usages.calculs.mots_retours import mots_utiles, racine
from usages.calculs.ressemblance import SEUIL, SEUIL_AU_CHOIX, Ressemblance, Retour

RAPPEL, PRECISION = 0.8, 0.6


def _index(dits: list[Dit]) -> Ressemblance:
    return Ressemblance([Retour(n, d.probleme, d.amelioration, d.module, d.unite) for n, d in enumerate(dits)])


def _moitie(reste: int) -> list[Dit]:
    """Un groupe sur deux, et un retour seul sur deux : aucun groupe n'est à cheval."""
    groupes = sorted({d.groupe for d in RETOURS} - {""})
    return [d for n, d in enumerate(RETOURS) if (groupes.index(d.groupe) if d.groupe else n) % 2 == reste]


def _mesurer(dits: list[Dit], seuil: float = SEUIL) -> tuple[float, float, int, int]:
    """(rappel, précision, paires vraies, paires proposées)."""
    vraies = {
        (a, b) for a, b in combinations(range(len(dits)), 2) if dits[a].groupe and dits[a].groupe == dits[b].groupe
    }
    proposees = {(a, b) for a, b, _ in _index(dits).paires(seuil=seuil)}
    justes = len(vraies & proposees)
    return justes / len(vraies), justes / max(len(proposees), 1), len(vraies), len(proposees)


def test_le_jeu_compte_deux_cents_retours_distincts() -> None:
    assert len(RETOURS) == 200
    assert len({d.probleme for d in RETOURS + NEUFS}) == len(RETOURS + NEUFS)
    assert len({d.groupe for d in RETOURS} - {""}) == 41
    assert not {d.groupe for d in RETOURS} & {d.groupe for d in NEUFS} - {""}


@pytest.mark.parametrize(
    ("nom", "dits"),
    [
        ("réglage (une moitié)", _moitie(0)),
        ("mesure (l'autre moitié)", _moitie(1)),
        ("les deux cents ensemble", RETOURS),
    ],
)
def test_rappel_et_precision(nom: str, dits: list[Dit], capsys: pytest.CaptureFixture[str]) -> None:
    rappel, precision, vraies, proposees = _mesurer(dits)
    with capsys.disabled():
        print(  # noqa: T201
            f"\nRetours proches, {nom} : {len(dits)} retours, rappel {rappel:.2f}, précision {precision:.2f} "
            f"({proposees} paires proposées pour {vraies} vraies, seuil {SEUIL})"
        )
    assert rappel >= RAPPEL and precision >= PRECISION


def test_a_neuf_l_un_des_cinq_premiers_est_le_bon(capsys: pytest.CaptureFixture[str]) -> None:
    """Le seuil et le lexique ne connaissaient pas ces problèmes : le rappel des paires y tombe, et se dit.

    Ce qu'on garantit est ce que voit la personne : parmi les cinq plus proches, l'un dit le même problème.
    """
    rappel, precision, vraies, proposees = _mesurer(NEUFS)
    tous = RETOURS + NEUFS
    index = _index(tous)
    a_placer = [n for n in range(len(RETOURS), len(tous)) if tous[n].groupe]
    places = [
        n
        for n in a_placer
        if any(tous[v.cle].groupe == tous[n].groupe for v in index.voisins(n, seuil=SEUIL_AU_CHOIX, limite=5))
    ]
    with capsys.disabled():
        print(  # noqa: T201
            f"\nRetours proches, à neuf : {len(NEUFS)} retours, rappel {rappel:.2f}, précision {precision:.2f} "
            f"({proposees} paires proposées pour {vraies} vraies) ; parmi les deux cents, un bon dans les cinq "
            f"premiers pour {len(places)} retours sur {len(a_placer)}"
        )
    assert precision >= PRECISION
    assert len(places) / len(a_placer) >= RAPPEL


# --- propriétés ------------------------------------------------------------------------------------------------------

MOTS = ["agenda", "télécharger", "l'ordonnance", "FALC", "wifi", "doublons", "été", "œdème", "12", "planning", "signer"]
PHRASES = st.lists(st.sampled_from(MOTS), min_size=1, max_size=8).map(" ".join)
MODULES = st.sampled_from(["", "agenda", "soins"])
TEXTES = st.one_of(PHRASES, st.text(max_size=40))
RETOURS_TIRES = st.builds(lambda p, a, m: (p, a, m), TEXTES, TEXTES, MODULES)


def _de(*textes: tuple[str, str, str]) -> Ressemblance:
    return Ressemblance([Retour(n, p, a, m) for n, (p, a, m) in enumerate(textes)])


@given(RETOURS_TIRES, RETOURS_TIRES, st.lists(RETOURS_TIRES, max_size=4))
def test_le_score_est_symetrique_et_entre_zero_et_un(
    une: tuple[str, str, str], autre: tuple[str, str, str], fond: list[tuple[str, str, str]]
) -> None:
    index = _de(une, autre, *fond)
    assert index.score(0, 1) == index.score(1, 0)
    assert 0 <= index.score(0, 1) <= 1
    voisins = {n: {v.cle: v.score for v in index.voisins(n)} for n in range(2 + len(fond))}
    for n, siens in voisins.items():
        assert all(voisins[m][n] == score == index.score(n, m) for m, score in siens.items())


@given(PHRASES, st.randoms(use_true_random=False), st.lists(RETOURS_TIRES, max_size=4))
def test_ordre_casse_et_accents_sont_sans_effet(
    phrase: str, hasard: random.Random, fond: list[tuple[str, str, str]]
) -> None:
    mots = phrase.split()
    hasard.shuffle(mots)
    melange = " ".join(mots).upper().replace("É", "E").replace("Œ", "OE")
    index = _de((phrase, "", "agenda"), (melange, "", "soins"), *fond)
    assert index.score(0, 1) == 1
    assert [v.score for v in index.voisins(0) if v.cle == 1] == [1]


@given(RETOURS_TIRES, st.lists(RETOURS_TIRES, max_size=4))
def test_un_texte_identique_vaut_un_quel_que_soit_le_module(
    dit: tuple[str, str, str], fond: list[tuple[str, str, str]]
) -> None:
    index = _de(dit, (dit[0], dit[1], "facturation"), *fond)
    a_des_mots = bool(mots_utiles(dit[0]) or mots_utiles(dit[1]))
    assert index.score(0, 1) == (1 if a_des_mots else 0)


@pytest.mark.parametrize("vide", ["", "   ", "…", "il n'y a pas", "\u200b\n"])
def test_un_texte_vide_n_est_le_voisin_de_personne(vide: str) -> None:
    index = _de((vide, "", "agenda"), (vide, "", "agenda"), ("l'agenda rame", "", "agenda"))
    assert index.voisins(0) == [] and 0 not in {v.cle for v in index.voisins(2)}
    assert index.score(0, 1) == 0
    assert index.proches_de(Retour(None, vide)) == []


def test_sans_racine_commune_le_score_est_nul() -> None:
    assert _de(("brancard", "", ""), ("branchement", "", "")).score(0, 1) == 0
    assert Ressemblance([]).proches_de(Retour(1, "brancard")) == []


def test_un_autre_module_eloigne_sans_interdire() -> None:
    dits = ("le compte rendu de synthèse ne s'imprime pas", "", "ecrits"), ("impression de la synthèse ratée", "", "")
    meme, autre = (_de(*dits, (*dits[1][:2], module)).score(0, 2) for module in ("ecrits", "soins"))
    assert meme > _de(*dits, dits[1]).score(0, 2) > autre > 0


@pytest.mark.parametrize(
    ("ecrit", "entendu"),
    [("plannig", "planning"), ("beug", "bug"), ("mdp", "mots de passe"), ("trasmission", "transmissions")],
)
def test_une_faute_ou_une_abreviation_n_eloigne_pas(ecrit: str, entendu: str) -> None:
    fond = [Dit("", "", "", f"la chaudière {n} fuit") for n in range(5)]
    dits = [Dit("", "", "", f"{ecrit} illisible"), Dit("", "", "", f"{entendu} illisible"), *fond]
    assert [v.cle for v in _index(dits).voisins(0)] == [1]


def test_racines() -> None:
    assert racine("validations") == racine("valider") == racine("valide")
    assert racine("dossiers") == racine("dossier")
    assert racine("4g") == "4g"


def test_un_retour_pas_encore_range_trouve_ses_voisins_sauf_lui() -> None:
    index = _index(RETOURS)
    dit = RETOURS[0]
    ecrit = Retour("neuf", dit.probleme, dit.amelioration, dit.module)
    assert index.proches_de(ecrit, limite=1)[0].cle == 0
    assert index.proches_de(ecrit, limite=1)[0].score == 1
    assert index.voisins(0) == index.proches_de(Retour(0, dit.probleme, dit.amelioration, dit.module))


def test_ce_qui_ne_va_pas_se_dit() -> None:
    index = _index(RETOURS[:3])
    with pytest.raises(KeyError):
        index.voisins(99)
    for seuil in (0, -1, 1.5):
        with pytest.raises(ValueError, match="seuil"):
            index.voisins(0, seuil=seuil)
    with pytest.raises(ValueError, match="une clé par retour"):
        Ressemblance([Retour(1, "a"), Retour(1, "b")])
