"""Noter : l'arithmétique des cent questions, des poids, du « sans objet » et des conditions."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risques.calculs.echelle import (
    QuestionNotee,
    SensInconnu,
    arrondi,
    exact,
    inverser,
    inverser_reponse,
    inverser_section,
    inverser_total,
    maitrise,
    risque,
)
from risques.calculs.notation import Resultat, noter
from risques.calculs.reponses import (
    Note,
    SectionNotee,
    avancement,
    questions_posees,
    sous_ensemble_etoile,
    valeurs_retenues,
)
from risques.enums import SensEchelle

SENS = st.sampled_from([SensEchelle.DEFAVORABLE, SensEchelle.FAVORABLE])
CENT = [f"{lettre}{n:02}" for lettre in "ABCDEFGHIJ" for n in range(1, 11)]
POINTS_EFFETS = (10, 10, 20, 20, 20, 10, 10)


def cent_questions(sens: str = SensEchelle.DEFAVORABLE, etoilees: frozenset[str] = frozenset()) -> list[SectionNotee]:
    """Dix sections de dix questions."""
    return [
        SectionNotee(
            lettre, lettre, [QuestionNotee(c, sens=sens, etoilee=c in etoilees) for c in CENT if c.startswith(lettre)]
        )
        for lettre in "ABCDEFGHIJ"
    ]


@st.composite
def notes(draw: st.DrawFn, minimum: int = 1, maximum: int = 10) -> Note:
    return draw(
        st.one_of(
            st.builds(Note, valeur=st.integers(minimum, maximum)),
            st.just(Note(sans_objet=True)),
            st.just(Note()),
            # Une note restée là après un « sans objet », ou venue d'une autre échelle.
            st.builds(Note, valeur=st.integers(minimum, maximum), sans_objet=st.just(True)),
            st.builds(Note, valeur=st.integers(-200, 200)),
        )
    )


@st.composite
def questionnaires(draw: st.DrawFn) -> tuple[list[SectionNotee], dict[str, Note], int | None]:
    """Sections de toute forme : échelles, sens, poids, points, conditions ; réponses de toute forme."""
    reponses: dict[str, Note] = {}
    sections, codes = [], [""]
    for s in range(draw(st.integers(1, 4))):
        questions = []
        for q in range(draw(st.integers(0, 4))):
            minimum = draw(st.integers(0, 3))
            maximum = minimum + draw(st.integers(1, 12))
            poids = st.decimals("0.01", 20, places=2) | st.floats(0.01, 20)
            question = QuestionNotee(
                f"{s}-{q}",
                minimum,
                maximum,
                draw(SENS),
                draw(poids),
                draw(st.booleans()),
                draw(st.sampled_from(codes)),
                draw(st.none() | st.integers(0, 10)),
            )
            codes.append(question.code)
            questions.append(question)
            if draw(st.booleans()):
                reponses[question.code] = draw(notes(minimum, maximum))
        sections.append(SectionNotee(str(s), str(s), questions, draw(st.none() | st.integers(1, 30))))
    return sections, reponses, draw(st.none() | st.sampled_from([100, 1000]))


CENT_REPONSES = st.lists(st.integers(1, 10), min_size=100, max_size=100).map(
    lambda v: {c: Note(n) for c, n in zip(CENT, v, strict=True)}
)
PARTIELLES = st.dictionaries(st.sampled_from(CENT), notes(), max_size=100)


# Les cent questions


@given(PARTIELLES, SENS)
def test_n_questions_applicables_se_notent_sur_mille(reponses: dict[str, Note], sens: str) -> None:
    rendu = noter(cent_questions(sens), reponses, 1000)
    lues = [r.valeur for r in reponses.values() if r.valeur and not r.sans_objet and 1 <= r.valeur <= 10]
    n, somme = len(lues), sum(lues)
    assert (rendu.n, rendu.somme, rendu.inverse) == (n, somme, 11 * n - somme)
    assert rendu.possible == 10 * n and rendu.sur == 1000
    if n == 0:
        assert rendu.total is None and rendu.affiche is None
        return
    tournee = somme if sens == SensEchelle.FAVORABLE else 11 * n - somme
    assert rendu.obtenus == tournee
    assert rendu.affiche == arrondi(Fraction(1000 * tournee, 10 * n))
    assert 100 <= rendu.affiche <= 1000
    for section in rendu.sections:
        siennes = [r for c, r in reponses.items() if c.startswith(section.code)]
        retenues = [r.valeur for r in siennes if r.valeur and not r.sans_objet and 1 <= r.valeur <= 10]
        assert section.sur == 100 and section.n == len(retenues)
        if retenues:
            brut = sum(retenues) if sens == SensEchelle.FAVORABLE else 11 * len(retenues) - sum(retenues)
            assert section.affiche == arrondi(Fraction(100 * brut, 10 * len(retenues)))


@given(CENT_REPONSES, SENS)
def test_a_cent_questions_le_total_est_la_somme_des_sections(reponses: dict[str, Note], sens: str) -> None:
    rendu = noter(cent_questions(sens), reponses, 1000)
    assert rendu.n == 100 and rendu.complet
    assert rendu.total == sum(s.valeur or 0 for s in rendu.sections)
    assert rendu.affiche == sum(s.affiche or 0 for s in rendu.sections)
    attendu = rendu.somme if sens == SensEchelle.FAVORABLE else inverser_total(rendu.somme)
    assert rendu.affiche == attendu
    for section in rendu.sections:
        assert section.affiche == (section.somme if sens == SensEchelle.FAVORABLE else inverser_section(section.somme))


@given(st.integers(1, 10), st.integers(10, 100), st.integers(100, 1000), st.integers(0, 100), st.integers(0, 1000))
def test_les_conversions_reviennent_au_depart(r: int, s: int, t: int, n: int, v: int) -> None:
    assert (inverser_reponse(r), inverser_section(s), inverser_total(t)) == (11 - r, 110 - s, 1100 - t)
    assert inverser_reponse(inverser_reponse(r)) == r and 1 <= inverser_reponse(r) <= 10
    assert inverser_section(inverser_section(s)) == s and 10 <= inverser_section(s) <= 100
    assert inverser_total(inverser_total(t)) == t and 100 <= inverser_total(t) <= 1000
    assert inverser(inverser(v, n), n) == v


@given(PARTIELLES)
def test_changer_le_sens_retourne_la_somme(reponses: dict[str, Note]) -> None:
    risques, mieux = (
        noter(cent_questions(s), reponses, 1000) for s in (SensEchelle.DEFAVORABLE, SensEchelle.FAVORABLE)
    )
    if risques.n:
        assert risques.obtenus == inverser(int(mieux.obtenus or 0), risques.n) == risques.inverse


def test_le_pire_vaut_cent_et_le_meilleur_mille() -> None:
    pire, meilleur = ({c: Note(v) for c in CENT} for v in (10, 1))
    assert noter(cent_questions(), pire, 1000).affiche == 100
    assert noter(cent_questions(), meilleur, 1000).affiche == 1000


# Poids, sans objet, points


@given(questionnaires())
def test_jamais_au_dessus_de_cent_pour_cent(tout: tuple[list[SectionNotee], dict[str, Note], int | None]) -> None:
    sections, reponses, total = tout
    rendu = noter(sections, reponses, total)
    for mesure in (rendu, *rendu.sections):
        assert (mesure.fraction is None) == (mesure.valeur is None) == (mesure.n == 0)
        assert mesure.possible <= mesure.atteignable
        if mesure.fraction is not None and mesure.valeur is not None and mesure.obtenus is not None:
            assert 0 <= mesure.fraction <= 1
            assert 0 <= mesure.valeur <= mesure.sur
            assert mesure.obtenus <= mesure.possible
            assert 0 <= (mesure.affiche or 0) <= arrondi(mesure.sur)


@given(questionnaires())
def test_un_sans_objet_sort_du_possible_comme_si_la_question_n_existait_pas(
    tout: tuple[list[SectionNotee], dict[str, Note], int | None],
) -> None:
    sections, reponses, total = tout
    sans = {c for c, r in reponses.items() if r.sans_objet}
    dependants = {q.si_question for s in sections for q in s.questions}
    if sans & dependants:
        return
    restent = [
        SectionNotee(s.code, s.nom, [q for q in s.questions if q.code not in sans], s.points, entiere=s.part)
        for s in sections
    ]
    avec, hors = noter(sections, reponses, total), noter(restent, reponses, total)
    assert (avec.total, avec.possible, avec.atteignable) == (hors.total, hors.possible, hors.atteignable)
    assert [s.valeur for s in avec.sections] == [s.valeur for s in hors.sections]


@given(questionnaires(), st.integers(2, 9))
def test_seul_le_rapport_des_poids_compte(
    tout: tuple[list[SectionNotee], dict[str, Note], int | None], facteur: int
) -> None:
    sections, reponses, _ = tout
    sans_points = [SectionNotee(s.code, s.nom, s.questions) for s in sections]
    lourds = [
        SectionNotee(
            s.code,
            s.nom,
            [
                QuestionNotee(
                    q.code,
                    q.minimum,
                    q.maximum,
                    q.sens,
                    Decimal(str(q.poids)) * facteur,
                    q.etoilee,
                    q.si_question,
                    q.si_au_moins,
                )
                for q in s.questions
            ],
        )
        for s in sections
    ]
    leger, lourd = noter(sans_points, reponses, 1000), noter(lourds, reponses, 1000)
    assert leger.total == lourd.total
    assert [s.valeur for s in leger.sections] == [s.valeur for s in lourd.sections]


def test_un_poids_double_compte_double() -> None:
    section = SectionNotee("A", "A", [QuestionNotee("A1", poids=Decimal(2)), QuestionNotee("A2")])
    rendu = noter([section], {"A1": Note(1), "A2": Note(10)}, 100)
    assert (rendu.obtenus, rendu.possible) == (21, 30) and rendu.total == 70


def effets(nb_criteres: int = 2) -> list[SectionNotee]:
    """Sept thèmes, chacun sa note maximale."""
    return [
        SectionNotee(
            f"T{n}",
            f"T{n}",
            [QuestionNotee(f"T{n}-{q}", 0, 4, SensEchelle.FAVORABLE) for q in range(nb_criteres)],
            points=points,
        )
        for n, points in enumerate(POINTS_EFFETS)
    ]


@given(st.lists(st.integers(0, 4), min_size=14, max_size=14))
def test_les_sept_themes_font_cent(valeurs: list[int]) -> None:
    sections = effets()
    codes = [q.code for s in sections for q in s.questions]
    rendu = noter(sections, {c: Note(v) for c, v in zip(codes, valeurs, strict=True)}, 100)
    assert [s.sur for s in rendu.sections] == list(POINTS_EFFETS) and sum(s.sur for s in rendu.sections) == 100
    assert (rendu.somme, rendu.inverse) == (sum(valeurs), 4 * 14 - sum(valeurs))
    attendues = [Fraction(p * (a + b), 8) for p, a, b in zip(POINTS_EFFETS, valeurs[::2], valeurs[1::2], strict=True)]
    assert [exact(s.valeur or 0) for s in rendu.sections] == attendues
    assert exact(rendu.total or 0) == sum(attendues) <= 100
    assert noter(sections, dict.fromkeys(codes, Note(4)), 100).total == 100


@given(st.sets(st.integers(0, 6), max_size=6), st.lists(st.integers(0, 4), min_size=7, max_size=7))
def test_un_theme_sans_objet_se_repartit_sur_les_autres(sans_objet: set[int], valeurs: list[int]) -> None:
    sections = effets(1)
    reponses = {f"T{n}-0": Note(sans_objet=True) if n in sans_objet else Note(v) for n, v in enumerate(valeurs)}
    rendu = noter(sections, reponses, 100)
    restent = [n for n in range(7) if n not in sans_objet]
    notes_restantes = sum(Fraction(POINTS_EFFETS[n] * valeurs[n], 4) for n in restent)
    assert rendu.sur == 100
    total = Fraction(100) * notes_restantes / sum(POINTS_EFFETS[n] for n in restent)
    assert abs(exact(rendu.total or 0) - total) < Fraction(1, 10**20)
    assert all(rendu.sections[n].valeur is None for n in sans_objet)


def test_sans_total_on_somme_ce_qui_est_pose_et_applicable() -> None:
    section = SectionNotee("A", "A", [QuestionNotee(f"A{n}", 1, 4, SensEchelle.FAVORABLE) for n in range(3)])
    rendu = noter([section], {"A0": Note(3), "A1": Note(sans_objet=True)})
    assert (rendu.sur, rendu.atteignable, rendu.possible) == (8, 8, 4) and rendu.total == 6 and not rendu.complet
    assert noter([section], {}).total is None


# Sens


@given(st.integers(0, 5), st.integers(1, 95), st.data())
def test_la_maitrise_se_tourne_et_reste_dans_l_echelle(minimum: int, amplitude: int, data: st.DataObject) -> None:
    valeur = data.draw(st.integers(minimum, minimum + amplitude))
    mauvais, bon = (
        QuestionNotee("A", minimum, minimum + amplitude, s) for s in (SensEchelle.DEFAVORABLE, SensEchelle.FAVORABLE)
    )
    assert maitrise(bon, valeur) == valeur
    assert maitrise(mauvais, maitrise(mauvais, valeur)) == valeur
    assert maitrise(mauvais, minimum) == minimum + amplitude and minimum <= maitrise(mauvais, valeur)
    assert risque(mauvais, valeur) + risque(bon, valeur) == 1
    assert risque(mauvais, minimum + amplitude) == risque(bon, minimum) == 1


@given(PARTIELLES, st.sampled_from([SensEchelle.INCONNU, "", "autre"]))
def test_un_sens_inconnu_laisse_les_sommes_brutes(reponses: dict[str, Note], sens: str) -> None:
    rendu, connu = noter(cent_questions(sens), reponses, 1000), noter(cent_questions(), reponses, 1000)
    assert rendu.sens_inconnu and not connu.sens_inconnu
    assert rendu.total is rendu.fraction is rendu.obtenus is rendu.affiche is None
    assert (rendu.somme, rendu.inverse, rendu.n, rendu.avancement) == (
        connu.somme,
        connu.inverse,
        connu.n,
        connu.avancement,
    )
    assert all(s.sens_inconnu and s.valeur is None for s in rendu.sections)


def test_une_section_de_sens_inconnu_ne_cache_pas_les_autres() -> None:
    sections = [
        SectionNotee("A", "A", [QuestionNotee("A1")]),
        SectionNotee("B", "B", [QuestionNotee("B1", sens=SensEchelle.INCONNU)]),
    ]
    rendu = noter(sections, {"A1": Note(1), "B1": Note(1)}, 100)
    assert rendu.sens_inconnu and rendu.total is None
    assert [s.affiche for s in rendu.sections] == [50, None]
    with pytest.raises(SensInconnu, match="B1"):
        maitrise(sections[1].questions[0], 1)


# Conditions et avancement

CHAINE = [
    SectionNotee(
        "A",
        "A",
        [
            QuestionNotee("A1"),
            QuestionNotee("A2", si_question="A1", si_au_moins=7),
            QuestionNotee("A3", si_question="A2", si_au_moins=3),
        ],
    )
]


@pytest.mark.parametrize(
    ("reponses", "posees"),
    [
        ({}, ["A1"]),
        ({"A1": Note(6), "A2": Note(9)}, ["A1"]),
        ({"A1": Note(7)}, ["A1", "A2"]),
        ({"A1": Note(7), "A2": Note(3)}, ["A1", "A2", "A3"]),
        ({"A1": Note(7), "A2": Note(3, sans_objet=True)}, ["A1", "A2"]),
        # A2 n'est plus posée : sa vieille note ne pose pas A3.
        ({"A1": Note(2), "A2": Note(9), "A3": Note(9)}, ["A1"]),
    ],
)
def test_une_question_ne_se_pose_qu_a_sa_condition(reponses: dict[str, Note], posees: list[str]) -> None:
    assert list(questions_posees(CHAINE, reponses)) == posees
    rendu = noter(CHAINE, reponses, 100)
    assert rendu.avancement.nb_posees == len(posees)
    assert rendu.atteignable == 10 * len([c for c in posees if not reponses.get(c, Note()).sans_objet])
    assert set(valeurs_retenues(CHAINE, reponses)) <= set(posees)


def test_une_condition_sur_elle_meme_ou_sur_la_suite_ne_boucle_pas() -> None:
    section = SectionNotee(
        "A",
        "A",
        [
            QuestionNotee("A1", si_question="A1", si_au_moins=1),
            QuestionNotee("A2", si_question="A3", si_au_moins=1),
            QuestionNotee("A3"),
        ],
    )
    assert list(questions_posees([section], {c: Note(9) for c in ("A1", "A2", "A3")})) == ["A3"]


@given(questionnaires())
def test_l_avancement_compte_les_sans_objet_comme_des_reponses(
    tout: tuple[list[SectionNotee], dict[str, Note], int | None],
) -> None:
    sections, reponses, total = tout
    rendu: Resultat = noter(sections, reponses, total)
    lu = avancement(sections, reponses)
    assert rendu.avancement == lu and 0 <= lu.taux <= 1 and lu.complet == (lu.taux == 1) == rendu.complet
    assert lu.nb_repondues == rendu.n + lu.nb_sans_objet <= lu.nb_posees
    assert lu.nb_posees == sum(s.avancement.nb_posees for s in rendu.sections)
    assert lu.nb_repondues == sum(s.avancement.nb_repondues for s in rendu.sections)


# Étoilées, arrondi


@given(PARTIELLES, st.sets(st.sampled_from(CENT)))
def test_les_etoilees_se_notent_sur_la_meme_echelle(reponses: dict[str, Note], etoilees: set[str]) -> None:
    sections = cent_questions(etoilees=frozenset(etoilees))
    reduites = sous_ensemble_etoile(sections)
    assert [s.code for s in reduites] == [s.code for s in sections]
    assert {q.code for s in reduites for q in s.questions} == etoilees
    rendu = noter(reduites, reponses, 1000)
    assert all(s.sur == 100 for s in rendu.sections) and rendu.sur == 1000
    seules = {c: r for c, r in reponses.items() if c in etoilees}
    assert rendu.total == noter(sections, seules, 1000).total
    assert rendu == noter(reduites, seules, 1000)


def test_une_etoilee_se_pose_meme_si_sa_condition_n_est_pas_reposee() -> None:
    section = SectionNotee(
        "A", "A", [QuestionNotee("A1"), QuestionNotee("A2", etoilee=True, si_question="A1", si_au_moins=7)]
    )
    assert list(questions_posees(sous_ensemble_etoile([section]), {})) == ["A2"]


@given(st.integers(-1000, 1000))
def test_le_demi_va_vers_le_haut(entier: int) -> None:
    demi = Fraction(2 * entier + 1, 2)
    assert arrondi(demi) == arrondi(float(demi)) == arrondi(Decimal(entier) + Decimal("0.5")) == entier + 1
    assert arrondi(demi - Fraction(1, 10**9)) == arrondi(entier) == entier


def test_un_flottant_vaut_ce_qu_on_en_lit() -> None:
    assert exact(0.1) * 3 == Fraction(3, 10) and arrondi(0.1 + 0.4) == 1
