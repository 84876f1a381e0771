"""Le code retenu, et la synthèse qui s'en fait : l'égal du comptage à la main."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.socle.texte import normaliser
from usages.calculs.codes_retenus import EN_DESACCORD, PAS_CODE, Base, retenir
from usages.calculs.synthese_effets import COLONNES, LIGNES, Code, croiser, par_visite, recurrences
from usages.dessins import effets as dessins
from usages.enums import ForceEffet, NatureConstat, PreuveEffet, SensEffet, ThemeEffet


@pytest.mark.parametrize(
    ("codes", "retenu", "base"),
    [
        ([], PAS_CODE, Base.PERSONNE),
        (["a"], "a", Base.SEUL),
        (["a", "a"], "a", Base.UNANIME),
        (["a", "b"], EN_DESACCORD, Base.DESACCORD),
        (["a", "b", "a"], "a", Base.MAJORITE),
        (["a", "b", "c"], EN_DESACCORD, Base.DESACCORD),
        (["a", "a", "b", "b"], EN_DESACCORD, Base.DESACCORD),
        (["a", "a", "b", "c"], EN_DESACCORD, Base.DESACCORD),
        (["a", "a", "a", "b"], "a", Base.MAJORITE),
    ],
)
def test_plus_de_la_moitie_ou_desaccord(codes: list[str], retenu: str, base: Base) -> None:
    lu = retenir(codes)
    assert (lu.code, lu.base, lu.sur) == (retenu, base, len(codes))


@given(st.lists(st.sampled_from("abc"), max_size=7), st.randoms())
def test_l_ordre_des_codeurs_ne_choisit_rien(codes: list[str], hasard: object) -> None:
    melanges = list(codes)
    hasard.shuffle(melanges)  # type: ignore[attr-defined]
    assert retenir(codes).code == retenir(melanges).code
    attendus = [c for c in set(codes) if codes.count(c) * 2 > len(codes)]
    assert retenir(codes).code == (attendus[0] if attendus else EN_DESACCORD if codes else PAS_CODE)


codeurs = st.lists(
    st.tuples(
        st.sampled_from(ThemeEffet.values),
        st.sampled_from(SensEffet.values),
        st.sampled_from(ForceEffet.values),
        st.sampled_from(PreuveEffet.values),
    ),
    max_size=4,
)
MOTS = ["Une référente", "une reference", "Une RÉFÉRENTE", "Le cahier", "Les postes", ""]


@st.composite
def jeux(tirage: st.DrawFn) -> list[Code]:
    rendus = []
    for cle in range(tirage(st.integers(0, 12))):
        donnes = tirage(codeurs)
        dimensions = [retenir([d[rang] for d in donnes]) for rang in range(4)]
        libelle = tirage(st.sampled_from([m for m in MOTS if m]))
        nature = tirage(st.sampled_from(NatureConstat.values))
        rapproche = tirage(st.sampled_from(MOTS))
        rendus.append(Code(cle, tirage(st.integers(1, 4)), nature, libelle, rapproche, *dimensions))
    return rendus


@given(jeux())
def test_la_matrice_est_le_comptage_a_la_main(codes: list[Code]) -> None:
    lue = croiser(codes)
    effets = [c for c in codes if c.nature == "effet"]
    codes_donnes = [c for c in effets if c.theme.sur]
    for theme in LIGNES:
        for sens in COLONNES:
            siens = [c for c in codes_donnes if (c.theme.code, c.sens.code) == (theme, sens)]
            case = lue.case(theme, sens)
            assert case.nombre == len(siens) and case.visites == len({c.visite for c in siens})
            assert dict(case.forces) == Counter(c.force.code for c in siens)
    assert lue.total == len(codes_donnes) == sum(map(lue.de_theme, LIGNES)) == sum(map(lue.de_sens, COLONNES))
    assert lue.total + lue.pas_codes == len(effets)


@given(jeux())
def test_les_matrices_des_visites_font_celle_de_l_etude(codes: list[Code]) -> None:
    ensemble, chacune = croiser(codes), par_visite(codes)
    for theme in LIGNES:
        for sens in COLONNES:
            assert ensemble.case(theme, sens).nombre == sum(m.case(theme, sens).nombre for m in chacune.values())


@given(jeux())
def test_ce_qui_se_rapproche_se_compte_ensemble_une_seule_fois(codes: list[Code]) -> None:
    natures = ("levier", "frein")
    lues = recurrences(codes, natures)
    retenus = [c for c in codes if c.nature in natures]
    assert sorted(c.cle for r in lues for c in r.constats) == sorted(c.cle for c in retenus)
    groupe = {c.cle: rang for rang, r in enumerate(lues) for c in r.constats}
    for un in retenus:
        for autre in retenus:
            mots = [{normaliser(c.libelle), normaliser(c.rapproche or c.libelle)} for c in (un, autre)]
            if un.nature == autre.nature and mots[0] & mots[1]:
                assert groupe[un.cle] == groupe[autre.cle]
    for r in lues:
        assert r.combien == len({c.visite for c in r.constats}) and {c.nature for c in r.constats} == {r.nature}


def test_deux_textes_sans_lien_ne_se_melangent_pas() -> None:
    muet = retenir([])
    codes = [
        Code(1, 1, "frein", "Trop peu de postes", "", muet, muet, muet, muet),
        Code(2, 2, "frein", "Pas assez d'ordinateurs", "trop peu de POSTES", muet, muet, muet, muet),
        Code(3, 3, "frein", "L'internet coupe", "", muet, muet, muet, muet),
        Code(4, 3, "levier", "Trop peu de postes", "", muet, muet, muet, muet),
    ]
    lues = recurrences(codes, ("levier", "frein"))
    assert [(r.nature, r.combien, len(r.constats)) for r in lues] == [
        ("levier", 1, 1),
        ("frein", 2, 2),
        ("frein", 1, 1),
    ]


@given(jeux())
def test_le_dessin_ecrit_les_memes_nombres(codes: list[Code]) -> None:
    lue = croiser(codes)
    dessinees = dessins.dessiner(lue)
    assert sum(int(case.texte) for ligne in dessinees for case in ligne.cases) == lue.total
    d_esms = dessins.dessiner_par_esms([("ESMS", "", lue)])
    assert sum(int(case.texte) for case in d_esms[0].cases) == lue.total
    assert all((case.classe == "p0") == (case.texte == "0") for ligne in dessinees for case in ligne.cases)


def test_une_case_dit_combien_d_esms_et_de_quelle_force() -> None:
    def code(cle: int, force: str) -> Code:
        dits = (retenir([d]) for d in ("qvct", "negatif", force, "dite"))
        return Code(cle, cle, "effet", "x", "", *dits)

    case = dessins.dessiner(croiser([code(1, "forte"), code(2, "faible")]))[2].cases[1]
    assert (case.classe, case.texte, case.ecart) == ("p3", "2", "1 fort")
    assert case.dit == "effets, 2 ESMS : 1 fort, 1 faible"
