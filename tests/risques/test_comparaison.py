"""Comparer deux passations : refus motivés, mêmes questions des deux côtés."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risques.calculs.comparaison import ComparaisonRefusee, Passation, comparer, peut_comparer, questions_communes
from risques.calculs.echelle import QuestionNotee, arrondi
from risques.calculs.notation import noter
from risques.calculs.reponses import Note, SectionNotee, reduire
from risques.enums import SensEchelle

CODES = [f"{s}{n}" for s in "ABC" for n in range(1, 5)]
ETOILEES = {c for c in CODES if c[1] in "12"}
REPONSES = st.dictionaries(
    st.sampled_from(CODES),
    st.builds(Note, valeur=st.none() | st.integers(1, 10), sans_objet=st.sampled_from([False, False, True])),
)
COMPLETES = st.lists(st.integers(1, 10), min_size=12, max_size=12).map(
    lambda v: {c: Note(n) for c, n in zip(CODES, v, strict=True)}
)


def sections(sens: str = SensEchelle.DEFAVORABLE, **questions: QuestionNotee) -> list[SectionNotee]:
    """Trois sections de quatre questions, les deux premières étoilées ; `questions` en remplace par leur code."""
    return [
        SectionNotee(
            s,
            s,
            [questions.get(c, QuestionNotee(c, sens=sens, etoilee=c in ETOILEES)) for c in CODES if c.startswith(s)],
        )
        for s in "ABC"
    ]


def passation(reponses: dict[str, Note], numero: int = 1, **champs: object) -> Passation:
    base = Passation("risques-100-points", numero, 1, sections(), reponses, 1000)
    return replace(base, **champs)  # type: ignore[arg-type]


def toutes(valeur: int) -> dict[str, Note]:
    return {c: Note(valeur) for c in CODES}


# Refus


def test_deux_questionnaires_differents_ne_se_comparent_pas() -> None:
    refus = peut_comparer(passation(toutes(5)), passation(toutes(5), questionnaire="effets-dui"))
    assert "deux questionnaires différents" in refus


@pytest.mark.parametrize("numeros", [(1, 2), (2, 1)])
def test_un_sens_inconnu_se_dit_avec_sa_version(numeros: tuple[int, int]) -> None:
    une, autre = (passation(toutes(5), numero=n) for n in numeros)
    inconnue = replace(une, sections=sections(SensEchelle.INCONNU))
    for refus in (peut_comparer(inconnue, autre), peut_comparer(autre, inconnue)):
        assert refus.startswith(f"Le sens de la version {numeros[0]} n'est pas connu")


@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 6), st.integers(1, 6))
def test_la_plus_recente_dit_jusqu_ou_elle_se_compare(a: int, depuis_a: int, b: int, depuis_b: int) -> None:
    une = passation(toutes(5), numero=a, comparable_depuis=depuis_a)
    autre = passation(toutes(5), numero=b, comparable_depuis=depuis_b)
    ancien, recent, depuis = (a, b, depuis_b) if a < b else (b, a, depuis_a)
    attendu = ancien == recent or ancien >= depuis
    assert (not peut_comparer(une, autre)) == attendu == (not peut_comparer(autre, une))
    if not attendu:
        assert f"La version {recent} n'est pas déclarée comparable à la version {ancien}" in peut_comparer(une, autre)


@pytest.mark.parametrize(("nb", "refuse"), [(5, True), (6, False)])
def test_il_faut_la_moitie_des_questions_communes(nb: int, refuse: bool) -> None:
    peu = {c: Note(5) for c in CODES[:nb]}
    refus = peut_comparer(passation(peu), passation(toutes(5)))
    assert ("(5 sur 12)" in refus) == bool(refus) == refuse


def test_un_sans_objet_n_est_pas_une_question_sans_reponse() -> None:
    reponses = {c: Note(5) if n < 3 else Note(sans_objet=True) for n, c in enumerate(CODES)}
    assert peut_comparer(passation(reponses), passation(toutes(5))) == ""
    assert comparer(passation(reponses), passation(toutes(5))).codes == tuple(CODES[:3])


def test_rien_de_commun_n_est_rien_a_comparer() -> None:
    refus = peut_comparer(passation({}), passation(toutes(5)))
    assert "rien à comparer" in refus
    with pytest.raises(ComparaisonRefusee, match="rien à comparer"):
        comparer(passation({}), passation(toutes(5)))


# Mêmes questions


def test_une_section_sans_question_comparee_ne_se_montre_pas() -> None:
    sans_c = {c: Note(5) for c in CODES if not c.startswith("C")}
    rendu = comparer(passation(sans_c), passation(toutes(4), total=300))
    assert [(s.code, s.avant, s.apres, s.ecart) for s in rendu.sections] == [("A", 60, 70, 10), ("B", 60, 70, 10)]
    assert (rendu.avant.affiche, rendu.apres.affiche, rendu.ecart) == (180, 210, 30)


@given(REPONSES, REPONSES, st.booleans(), st.booleans())
def test_les_deux_cotes_se_recalculent_sur_le_meme_sous_ensemble(
    avant: dict[str, Note], apres: dict[str, Note], etoilees_avant: bool, etoilees_apres: bool
) -> None:
    une, autre = passation(avant, etoilees_seules=etoilees_avant), passation(apres, etoilees_seules=etoilees_apres)
    if peut_comparer(une, autre):
        return
    rendu = comparer(une, autre)
    demandees = ETOILEES if etoilees_avant or etoilees_apres else set(CODES)
    attendus = {c for c in demandees if all(c in r and r[c].valeur and not r[c].sans_objet for r in (avant, apres))}
    assert set(rendu.codes) == attendus and set(questions_communes(une, autre)) == demandees
    assert rendu.avant.n == rendu.apres.n == len(attendus)
    assert rendu.avant.possible == rendu.apres.possible and rendu.avant.sur == rendu.apres.sur == 1000
    for resultat, reponses in ((rendu.avant, avant), (rendu.apres, apres)):
        somme = sum(11 - (reponses[c].valeur or 0) for c in attendus)
        assert resultat.affiche == arrondi(Fraction(1000 * somme, 10 * len(attendus)))
    assert rendu.ecart == (rendu.apres.affiche or 0) - (rendu.avant.affiche or 0)
    assert {s.code for s in rendu.sections} == {c[0] for c in attendus}
    assert all(s.ecart == (s.apres or 0) - (s.avant or 0) for s in rendu.sections)


@given(COMPLETES, COMPLETES)
def test_une_reprise_etoilee_ne_regarde_que_les_etoilees(depart: dict[str, Note], reprise: dict[str, Note]) -> None:
    complet = passation(depart)
    etoilee = passation(reprise, etoilees_seules=True)
    rendu = comparer(complet, etoilee)
    assert set(rendu.codes) == ETOILEES
    # Ce que valent les non étoilées, au départ ou restées dans la reprise, n'y change rien.
    brouille = {c: n if c in ETOILEES else Note(10) for c, n in depart.items()}
    assert comparer(passation(brouille), etoilee) == rendu
    assert rendu.avant.total == noter(reduire(sections(), ETOILEES), depart, 1000).total


@given(COMPLETES, COMPLETES)
def test_l_aller_et_le_retour_s_opposent(une: dict[str, Note], autre: dict[str, Note]) -> None:
    aller, retour = comparer(passation(une), passation(autre)), comparer(passation(autre), passation(une))
    assert aller.ecart == -(retour.ecart or 0) and aller.ecart_exact == -(retour.ecart_exact or 0)
    assert [s.ecart for s in aller.sections] == [-(s.ecart or 0) for s in retour.sections]
    assert comparer(passation(une), passation(une)).ecart == 0


@given(COMPLETES)
def test_un_sens_retourne_entre_deux_versions_ne_fait_pas_d_ecart(reponses: dict[str, Note]) -> None:
    retournees = {c: Note(11 - (n.valeur or 0)) for c, n in reponses.items()}
    favorable = passation(retournees, numero=2, sections=sections(SensEchelle.FAVORABLE))
    rendu = comparer(passation(reponses), favorable)
    assert rendu.ecart_exact == 0 and all(s.ecart == 0 for s in rendu.sections)


def test_une_question_dont_l_echelle_change_n_est_plus_commune() -> None:
    nouvelle = passation(toutes(4), numero=2, sections=sections(A1=QuestionNotee("A1", 1, 4)))
    assert "A1" not in questions_communes(passation(toutes(4)), nouvelle)
    assert len(comparer(passation(toutes(4)), nouvelle).codes) == 11


def test_les_poids_sont_ceux_de_la_seconde_des_deux_cotes() -> None:
    lourde = passation(toutes(5), numero=2, sections=sections(A1=QuestionNotee("A1", poids=9)))
    rendu = comparer(passation({**toutes(5), "A1": Note(1)}), lourde)
    assert (rendu.avant.obtenus, rendu.apres.obtenus) == (9 * 10 + 11 * 6, 9 * 6 + 11 * 6)


def test_une_condition_se_juge_de_chaque_cote_pas_dans_la_comparaison() -> None:
    conditionnee = sections(A2=QuestionNotee("A2", si_question="A1", si_au_moins=7))
    # Au départ A2 était posée sans condition ; sa réponse y reste comparée.
    avant = passation({**toutes(5), "A1": Note(2)})
    apres = passation({**toutes(5), "A1": Note(8)}, numero=2, sections=conditionnee)
    rendu = comparer(avant, apres)
    assert "A2" in rendu.codes and rendu.avant.n == rendu.apres.n == 12
    # Pas posée après : elle n'est comparée d'aucun côté.
    apres = replace(apres, reponses={**toutes(5), "A1": Note(2)})
    assert "A2" not in comparer(avant, apres).codes
