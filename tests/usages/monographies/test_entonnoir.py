"""L'entonnoir : le cas publié, mêmes comptes et même résultat à chaque lancement ; chaque écarté sait pourquoi."""

import json
import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from usages.calculs.classement import Critere, Departage, RegleDeClassement, classer
from usages.calculs.entonnoir import (
    Entonnoir,
    Etape,
    EtapeImpossible,
    Exceptions,
    Filtre,
    Passage,
    Readmission,
    Resultat,
    Selection,
    derouler,
    differences,
)
from usages.calculs.prerequis import Constat, Prerequis
from usages.calculs.quotas import Partage
from usages.calculs.unites_entonnoir import Motif, Nature, Statut, Unite
from usages.demonstration.entonnoir_publie import (
    ACQUISITION,
    CENT_POINTS,
    CONTRASTE,
    HEXAGONE,
    MONO_OG,
    QUOTAS,
    VALORISES,
    VSR,
    etapes,
    grappes,
    organismes,
    reponses,
)

pytestmark = pytest.mark.une_base

PROJETS_RETENUS = ["Projet 51", "Projet 76", "Projet 81", "Projet 10", "Projet 35"]


@pytest.fixture(scope="module")
def publie() -> Entonnoir:
    return derouler(grappes(), etapes())


def etape(entonnoir: Entonnoir, code: str) -> Resultat:
    return next(r for r in entonnoir.resultats if r.code == code)


def grappe(cle: str, **faits: Any) -> Unite:
    return Unite(Nature.GRAPPE, cle, f"Grappe {cle}", faits)


# --- le cas publié ---------------------------------------------------------------------------------------------------


def test_les_comptes_publies(publie: Entonnoir) -> None:
    assert publie.paliers == [
        ("Projets avancés", "111 grappes → 44 OG"),
        ("exceptions", "44 OG → 44 OG et 9 projets"),
        ("Questionnaire", "44 OG et 9 projets → 86 structures"),
        ("Six projets", "86 structures → 6 projets"),
        ("Cinq projets", "6 projets → 5 projets"),
    ]
    assert len(etape(publie, "exceptions").readmis) == 9


def test_les_cinq_tiennent_les_quotas(publie: Entonnoir) -> None:
    secteurs = Counter(u.faits["secteur"] for u in publie.sorties)
    assert secteurs == {q.valeur: q.nombre for q in QUOTAS}
    for fait in ("region", "editeur"):
        assert max(Counter(u.faits[fait] for u in publie.sorties).values()) <= 2


def test_le_cas_de_contraste_est_parmi_les_six(publie: Entonnoir) -> None:
    (garde,) = [d for d in etape(publie, "six").decisions if d.unite.ref == CONTRASTE]
    assert garde.statut == Statut.RETENU
    assert garde.en_clair == "retenue : gardée exprès, une note moyenne, et un déploiement difficile"


def test_le_resultat_ne_change_pas_d_un_lancement_a_l_autre(publie: Entonnoir) -> None:
    # Écrit ici : un autre jour, une autre machine, un autre Python doivent rendre ces cinq-là, dans cet ordre.
    assert [u.nom for u in publie.sorties] == PROJETS_RETENUS
    assert derouler(grappes(), etapes()) == publie


@pytest.mark.parametrize("graine", range(3))
def test_l_ordre_des_entrees_n_y_change_rien(publie: Entonnoir, graine: int) -> None:
    hasard = random.Random(graine)

    def melee(e: Etape) -> Etape:
        match e:
            case Passage():
                return replace(e, unites=tuple(hasard.sample(e.unites, len(e.unites))))
            case Exceptions():
                return replace(e, exceptions=tuple(hasard.sample(e.exceptions, len(e.exceptions))))
        return e

    assert derouler(hasard.sample(grappes(), 111), [melee(e) for e in etapes()]) == publie


def test_rien_ne_se_perd(publie: Entonnoir) -> None:
    """À chaque étape, toute entrée sort, ou est écartée avec une raison, ou a une suite qui la nomme."""
    for r in publie.resultats:
        decides = {d.unite.ref for d in r.decisions} | {ref for u in r.sorties for ref in u.issue_de}
        assert {u.ref for u in r.entrees} <= decides
        assert all(d.raisons and all(x.dit for x in d.raisons) for d in r.decisions)
        assert len({d.unite.ref for d in r.decisions}) == len(r.decisions)


def test_pourquoi_pas_celui_la(publie: Entonnoir) -> None:
    assert [(r.titre, d.en_clair) for r, d in publie.pourquoi("grappe:060")] == [
        ("Prérequis", "écartée : pas une acquisition ; VSR non signée")
    ]
    assert [d.en_clair for _, d in publie.pourquoi("structure:83")][-2:] == [
        "écartée : le quota « Domicile » est pris par Structure 81, mieux classée ; "
        "par la diversité, déjà deux de la même région (Bretagne) : Structure 35 et Structure 76, mieux classées",
        "écarté : ne vient d'aucune unité retenue jusque-là",
    ]


def test_le_chemin_d_une_exception_va_de_la_grappe_au_projet(publie: Entonnoir) -> None:
    assert [(r.code, d.unite.ref, d.statut) for r, d in publie.pourquoi("grappe:042")] == [
        ("prerequis", "grappe:042", Statut.ECARTE),
        ("exceptions", "projet:D42", Statut.READMIS),
        ("reponses", "structure:81", Statut.RETENU),
        ("six", "structure:81", Statut.RETENU),
        ("projets", "projet:P81", Statut.RETENU),
        ("cinq", "projet:P81", Statut.RETENU),
    ]
    (readmise,) = [d for _, d in publie.pourquoi("grappe:042") if d.statut == Statut.READMIS]
    assert readmise.raisons[0].dit == (
        "Trop peu de projets du domicile (malgré : pas une acquisition et VSR non signée)"
    )
    assert readmise.raisons[0].sur == "acquisition,vsr"


def test_qui_n_a_rien_relaye_se_dit(publie: Entonnoir) -> None:
    muets = etape(publie, "reponses").ecartes
    assert {d.raisons[0].dit for d in muets} == {"n'a relayé aucune réponse"}
    assert [d.unite.nature for d in muets] == [Nature.OG, Nature.OG, Nature.PROJET]


def test_une_reponse_de_plus_ne_change_que_ce_qu_elle_change(publie: Entonnoir) -> None:
    """La dernière du classement n'y peut rien : les mêmes six, les mêmes cinq."""
    derniere = Unite(Nature.STRUCTURE, "99", "Structure 99", {c.fait: 0 for c in CENT_POINTS.criteres}, ("og:001",))
    avec = [replace(e, unites=(*e.unites, derniere)) if e.code == "reponses" else e for e in etapes()]  # type: ignore[attr-defined,call-arg]
    rejoue = derouler(grappes(), avec)
    assert len(etape(rejoue, "reponses").sorties) == 87
    assert rejoue.sorties == publie.sorties


# --- prérequis -------------------------------------------------------------------------------------------------------


def test_tous_les_prerequis_qui_manquent_se_disent() -> None:
    filtre = Filtre(code="f", titre="Prérequis", prerequis=(ACQUISITION, VSR, MONO_OG, HEXAGONE))
    rendu = filtre.appliquer([grappe("1", type="mixte", vsr=False, nb_og=3, plus_grand_og=9, region="Guyane")])
    assert rendu.ecartes[0].en_clair == (
        "écartée : pas une acquisition ; VSR non signée ; plusieurs OG, aucun important ; hors Hexagone"
    )
    assert rendu.en_clair == "1 grappe → aucune unité"


@pytest.mark.parametrize(
    ("prerequis", "faits", "constat"),
    [
        (VSR, {"vsr": True}, Constat.REUNI),
        (VSR, {"vsr": False}, Constat.MANQUE),
        (VSR, {"vsr": None}, Constat.INCONNU),
        (VSR, {}, Constat.INCONNU),
        (ACQUISITION, {"type": "mixte"}, Constat.MANQUE),
        (ACQUISITION, {"type": ""}, Constat.INCONNU),
        (HEXAGONE, {"region": "Bretagne"}, Constat.REUNI),
        (HEXAGONE, {"region": "Corse"}, Constat.MANQUE),
        (HEXAGONE, {}, Constat.INCONNU),
        (MONO_OG, {"nb_og": 1}, Constat.REUNI),
        (MONO_OG, {"plus_grand_og": 10}, Constat.REUNI),
        (MONO_OG, {"nb_og": 2, "plus_grand_og": 9}, Constat.MANQUE),
        (MONO_OG, {"nb_og": 2}, Constat.INCONNU),
        (MONO_OG, {"plus_grand_og": 9}, Constat.INCONNU),
    ],
)
def test_un_prerequis_est_reuni_manque_ou_ne_se_sait_pas(
    prerequis: Prerequis, faits: dict[str, Any], constat: Constat
) -> None:
    assert prerequis.constat(grappe("1", **faits)) == constat


def test_ce_qu_on_ne_sait_pas_ecarte_et_se_dit_autrement() -> None:
    raison = VSR.raison(grappe("1"))
    assert raison is not None
    assert (raison.motif, raison.dit) == (Motif.INCONNU, "« VSR signée » : on ne sait pas")


@pytest.mark.parametrize(
    ("regle", "parametres", "phrase"),
    [("de_memoire", {}, "n'existe pas"), ("est_vrai", {}, "il faut fait"), ("est_vrai", {"fait": "a", "b": 1}, "fait")],
)
def test_une_regle_inconnue_ou_mal_parametree_se_refuse(regle: str, parametres: dict[str, Any], phrase: str) -> None:
    with pytest.raises(ValueError, match=phrase):
        Prerequis("x", "X", regle, parametres)


# --- exceptions ------------------------------------------------------------------------------------------------------


def readmettre(*exceptions: Readmission, de: str = "f") -> Entonnoir:
    base = [grappe("1", vsr=True, type="acquisition"), grappe("2", vsr=False, type="mixte")]
    filtre = Filtre(code="f", titre="Prérequis", prerequis=(ACQUISITION, VSR))
    return derouler(base, [filtre, Exceptions(code="e", titre="Exceptions", de=de, exceptions=exceptions)])


def test_une_exception_leve_juste_ce_qui_manque() -> None:
    rendu = readmettre(Readmission("grappe:2", "Peu de domicile", frozenset({"vsr", "acquisition"})))
    assert [u.ref for u in rendu.sorties] == ["grappe:1", "grappe:2"]


@pytest.mark.parametrize(
    ("exception", "phrase"),
    [
        (Readmission("grappe:2", "Motif", frozenset({"vsr"})), "il reste à lever acquisition"),
        (Readmission("grappe:2", "Motif", frozenset({"vsr", "acquisition", "mono-og"})), "rien à lever pour mono-og"),
        (Readmission("grappe:2", " ", frozenset({"vsr", "acquisition"})), "dites pourquoi"),
        (Readmission("grappe:1", "Motif", frozenset({"vsr"})), "n'a pas été écartée"),
        (Readmission("grappe:9", "Motif", frozenset({"vsr"})), "n'a pas été écartée"),
    ],
)
def test_une_exception_qui_ne_tient_pas_debout_se_refuse(exception: Readmission, phrase: str) -> None:
    with pytest.raises(EtapeImpossible, match=phrase):
        readmettre(exception)


def test_une_exception_vise_une_etape_d_avant_et_un_prerequis() -> None:
    with pytest.raises(EtapeImpossible, match="ne la précède pas"):
        readmettre(de="ailleurs")
    vide = Passage(code="p", titre="OG", vers=Nature.OG, unites=())
    levee = Exceptions(
        code="e", titre="Exceptions", de="p", exceptions=(Readmission("grappe:1", "Motif", frozenset()),)
    )
    with pytest.raises(EtapeImpossible, match="aucun prérequis ne l'a écartée"):
        derouler([grappe("1")], [vide, levee])


def test_la_meme_unite_ne_se_readmet_pas_deux_fois() -> None:
    exception = Readmission("grappe:2", "Motif", frozenset({"vsr", "acquisition"}))
    with pytest.raises(ValueError, match="vient deux fois"):
        readmettre(exception, exception)


# --- passages --------------------------------------------------------------------------------------------------------


def test_un_og_de_deux_grappes_ne_compte_qu_une_fois() -> None:
    og = Unite(Nature.OG, "A", "OG A", {}, ("grappe:1", "grappe:2", "grappe:9"))
    autre = Unite(Nature.OG, "B", "OG B", {}, ("grappe:9",))
    rendu = Passage(code="p", titre="OG", vers=Nature.OG, unites=(og, autre)).appliquer([grappe("2"), grappe("1")])
    assert rendu.en_clair == "2 grappes → 1 OG"
    assert rendu.decisions[0].raisons[0].dit == "vient de Grappe 1 et Grappe 2"
    assert (rendu.ecartes, [d.unite for d in rendu.sans_origine]) == ((), [autre])


def test_un_passage_n_arrive_qu_a_une_nature() -> None:
    with pytest.raises(EtapeImpossible, match="attend des OG, pas : grappe"):
        Passage(code="p", titre="OG", vers=Nature.OG, unites=(grappe("1"),)).appliquer([])


def test_une_unite_n_entre_qu_une_fois() -> None:
    with pytest.raises(ValueError, match="vient deux fois"):
        derouler([grappe("1"), grappe("1")], [])


def test_deux_etapes_n_ont_pas_le_meme_code() -> None:
    with pytest.raises(EtapeImpossible, match="même code"):
        derouler([], [Filtre(code="f", titre="A", prerequis=()), Filtre(code="f", titre="B", prerequis=())])


def test_un_fait_est_simple() -> None:
    with pytest.raises(ValueError, match="7.5"):
        grappe("1", note=7.5)


# --- classement ------------------------------------------------------------------------------------------------------

REGLE = RegleDeClassement((Critere("a", "A", 10, 60), Critere("b", "B", 4, 40)), (Departage("b", "le meilleur B"),))


def test_la_note_pese_les_criteres_et_la_regle_se_dit() -> None:
    (place,) = classer([grappe("1", a="7.5", b=1)], REGLE).places
    assert place.note == Fraction(45 + 10)
    assert REGLE.en_clair == (
        "Note sur 100 : A (60 points) et B (40 points). À égalité : le meilleur B, puis ordre des identifiants."
    )
    assert (CENT_POINTS.total, VALORISES.total) == (100, 100)


def test_a_egalite_le_departage_dit_lequel() -> None:
    # 60 + 0 = 0 + 40 + 20 : à dessein, trois notes égales.
    unites = [grappe("3", a=5, b=1), grappe("2", a=0, b=4), grappe("1", a=5, b=1)]
    assert [(p.unite.cle, p.departage) for p in classer(unites, REGLE).places] == [
        ("2", ""),
        ("1", "le meilleur B"),
        ("3", "ordre des identifiants"),
    ]


def test_le_plus_petit_devant_et_l_inconnu_derriere() -> None:
    regle = RegleDeClassement((Critere("a", "A", 10, 10),), (Departage("c", "C", plus_petit_devant=True),))
    unites = [grappe("1", a=1), grappe("2", a=1, c=2), grappe("3", a=1, c=1)]
    assert [p.unite.cle for p in classer(unites, regle).places] == ["3", "2", "1"]


def test_une_note_qui_manque_n_est_pas_un_zero() -> None:
    etape_seule = Selection(code="s", titre="S", regle=REGLE, partage=Partage(2))
    rendu = etape_seule.appliquer([grappe("1", a=0, b=0), grappe("2", a=9)])
    assert [u.cle for u in rendu.sorties] == ["1"]
    assert rendu.ecartes[0].en_clair == "écartée : pas de note pour B"
    assert rendu.remarques == ("Places hors quota que personne ne remplit : 1.",)


@pytest.mark.parametrize("note", [11, -1, "beaucoup", "1/0"])
def test_une_note_hors_de_son_echelle_se_refuse(note: int | str) -> None:
    with pytest.raises(ValueError, match="la note va de 0 à 10"):
        classer([grappe("1", a=note, b=1)], REGLE)


def test_une_regle_sans_poids_se_refuse() -> None:
    with pytest.raises(ValueError, match="au moins un critère"):
        RegleDeClassement(())
    with pytest.raises(ValueError, match="au-dessus de zéro"):
        Critere("a", "A", 10, 0)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=8), st.randoms(use_true_random=False))
def test_un_classement_ne_depend_pas_de_l_ordre_donne(notes: list[tuple[int, int]], hasard: random.Random) -> None:
    unites = [grappe(str(n), a=a, b=b) for n, (a, b) in enumerate(notes)]
    rendu = classer(unites, REGLE)
    assert classer(hasard.sample(unites, len(unites)), REGLE) == rendu
    assert [p.note for p in rendu.places] == sorted((p.note for p in rendu.places), reverse=True)


# --- figer -----------------------------------------------------------------------------------------------------------


def test_une_etape_figee_se_relit_de_son_json(publie: Entonnoir) -> None:
    for r in publie.resultats:
        assert Resultat.depuis(json.loads(json.dumps(r.en_donnees()))) == r


def test_une_etape_figee_garde_ses_decisions_et_dit_qu_elle_a_bouge(publie: Entonnoir) -> None:
    figees = {r.code: json.loads(json.dumps(r.en_donnees())) for r in publie.resultats}
    assert derouler(grappes(), etapes(), figees) == publie
    base = [replace(g, faits={**g.faits, "vsr": False}) if g.cle == "001" else g for g in grappes()]
    rejoue = derouler(base, etapes(), figees)
    assert [r.code for r in rejoue.resultats if r.a_bouge] == ["prerequis"]
    assert rejoue.sorties == publie.sorties
    assert differences(etape(publie, "prerequis").entrees, base) == ["Grappe 001 : a changé (vsr)"]


def test_changer_la_regle_se_voit_aussi(publie: Entonnoir) -> None:
    figees = {r.code: r.en_donnees() for r in publie.resultats}
    sans = [replace(e, prerequis=e.prerequis[:-1]) if isinstance(e, Filtre) else e for e in etapes()]
    assert [r.code for r in derouler(grappes(), sans, figees).resultats if r.a_bouge] == ["prerequis"]
    assert derouler(grappes(), sans).sorties != () and len(derouler(grappes(), sans).resultats[0].sorties) > 39


def test_une_exception_bouge_si_ce_qui_ecartait_a_bouge() -> None:
    filtre = Filtre(code="f", titre="F", prerequis=(ACQUISITION, VSR))
    levee = Exceptions(code="e", titre="E", de="f", exceptions=(Readmission("grappe:1", "Motif", frozenset({"vsr"})),))
    avant = derouler([grappe("1", vsr=False, type="acquisition")], [filtre, levee])
    figees = {"e": avant.resultats[1].en_donnees()}
    apres = derouler([grappe("1", vsr=False, type="mixte")], [filtre, levee], figees)
    assert [r.a_bouge for r in apres.resultats] == [False, True]


def test_ce_qui_entre_et_ce_qui_sort_se_dit() -> None:
    avant = [grappe("1", vsr=True), grappe("2"), grappe("4")]
    apres = [grappe("1", vsr=False), grappe("3"), replace(grappe("4"), nom="Autre")]
    assert differences(avant, apres) == [
        "Grappe 1 : a changé (vsr)",
        "Grappe 2 : n'y est plus",
        "Grappe 3 : entrée depuis",
        "Autre : a changé (son nom ou son origine)",
    ]


def test_le_cas_d_essai_a_les_comptes_qu_il_annonce() -> None:
    assert (len(grappes()), len(organismes()), len(reponses())) == (111, 50, 86)
