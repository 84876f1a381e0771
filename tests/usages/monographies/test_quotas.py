"""Les places sous quotas : le résultat de la force brute, le même dans tout ordre, et chacun sait pourquoi."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from usages.calculs.classement import Place
from usages.calculs.faisabilite import TropDeCombinaisons
from usages.calculs.quotas import CANDIDATS, Attribution, Choix, Partage, Plafond, Quota, attribuer
from usages.calculs.unites_entonnoir import Motif, Nature, Unite

pytestmark = pytest.mark.une_base

REGION, EDITEUR = Plafond("region", 2, "de la même région"), Plafond("editeur", 2, "du même éditeur")
PA, PH = Quota("secteur", "PA", 1, "Personnes âgées"), Quota("secteur", "PH", 1, "Handicap, adultes")
DOMICILE = Quota("secteur", "DOM", 1, "Domicile")


def candidat(rang: int, secteur: str, region: str | None = None, editeur: str | None = None) -> Place:
    faits = {"secteur": secteur, "region": region, "editeur": editeur}
    return Place(Unite(Nature.PROJET, f"{rang:03}", f"P{rang}", faits), rang, Fraction(100 - rang))


def candidats(*lus: str) -> list[Place]:
    """« PA Bretagne A » : secteur, région, éditeur, du mieux classé au dernier ; « - » : on ne sait pas."""
    return [
        candidat(rang, *(None if mot == "-" else mot for mot in lu.split()))  # type: ignore[arg-type]
        for rang, lu in enumerate(lus, start=1)
    ]


def noms(attribution: Attribution) -> list[str]:
    return [u.nom for u in attribution.retenus]


def choix(attribution: Attribution, nom: str) -> Choix:
    return next(c for c in attribution.choix if c.place.unite.nom == nom)


def dit(attribution: Attribution, nom: str) -> str:
    return " ; ".join(r.dit for r in choix(attribution, nom).raisons)


# --- à la main -------------------------------------------------------------------------------------------------------


def test_sans_quota_les_mieux_classes() -> None:
    rendu = attribuer(candidats("PA", "PA", "PH"), Partage(2))
    assert noms(rendu) == ["P1", "P2"]
    assert dit(rendu, "P1") == "premier du classement"
    assert dit(rendu, "P3") == "les deux places sont prises par de mieux classés, ou gardés exprès"


def test_le_quota_pris_dit_par_qui() -> None:
    rendu = attribuer(candidats("PH", "PH", "PA"), Partage(2, (PA, PH)))
    assert noms(rendu) == ["P1", "P3"]
    assert dit(rendu, "P1") == "premier de son secteur (Handicap, adultes)"
    assert dit(rendu, "P2") == "le quota « Handicap, adultes » est pris par P1, mieux classé"
    assert choix(rendu, "P2").raisons[0].par == ("projet:001",)


def test_la_diversite_dit_par_qui() -> None:
    rendu = attribuer(candidats("PA B", "PA B", "PA B", "PA C"), Partage(3, (), (REGION,)))
    assert noms(rendu) == ["P1", "P2", "P4"]
    assert dit(rendu, "P3") == "par la diversité, déjà deux de la même région (B) : P1 et P2, mieux classés"
    assert dit(rendu, "P4") == "4e du classement, 1 mieux classé non retenu"


def test_un_secteur_sans_quota_laisse_les_places_reservees() -> None:
    rendu = attribuer(candidats("SOCIAL", "PA", "PH"), Partage(2, (PA, PH)))
    assert noms(rendu) == ["P2", "P3"]
    assert dit(rendu, "P1") == "les places qui restent vont à « Personnes âgées » et « Handicap, adultes »"


def test_une_place_libre_va_au_mieux_classe_de_tous() -> None:
    assert noms(attribuer(candidats("SOCIAL", "PH", "PA", "PA"), Partage(3, (PA, PH)))) == ["P1", "P2", "P3"]


def test_le_premier_cede_s_il_rend_un_quota_impossible() -> None:
    # P1 et le seul projet du domicile sont du même éditeur : l'un exclut l'autre.
    un = Plafond("editeur", 1, "du même éditeur")
    rendu = attribuer(candidats("PA B X", "PA B Y", "DOM B X"), Partage(2, (PA, DOMICILE), (un,)))
    assert noms(rendu) == ["P2", "P3"]
    assert dit(rendu, "P1") == "le prendre ne laisserait plus de quoi remplir « Domicile »"
    assert dit(rendu, "P2") == "2e de son secteur (Personnes âgées), 1 mieux classé non retenu"


def test_un_cas_de_contraste_est_garde_et_prend_sa_part() -> None:
    partage = Partage(2, (PA, PH), (), {"projet:003": "une note moyenne, à comprendre"})
    rendu = attribuer(candidats("PA", "PH", "PA"), partage)
    assert noms(rendu) == ["P2", "P3"]
    assert dit(rendu, "P3") == "gardé exprès, une note moyenne, à comprendre"
    assert dit(rendu, "P1") == "le quota « Personnes âgées » est pris par P3, gardé exprès"


def test_un_cas_garde_passe_avant_un_plafond_et_cela_se_dit() -> None:
    un = Plafond("region", 1, "de la même région")
    gardes = {"projet:002": "contraste", "projet:003": "contraste"}
    rendu = attribuer(candidats("PA B", "PA B", "PA B", "PA C"), Partage(3, (), (un,), gardes))
    assert noms(rendu) == ["P2", "P3", "P4"]
    assert rendu.remarques == ("Les cas gardés exprès dépassent « au plus un de la même région » : 2 pour « B ».",)


def test_un_quota_sans_candidat_laisse_sa_place_vide() -> None:
    rendu = attribuer(candidats("PA", "PA", "PH"), Partage(3, (PA, PH, DOMICILE)))
    assert noms(rendu) == ["P1", "P3"]
    assert [m.en_clair for m in rendu.manques] == [
        "Quota « Domicile » impossible : il en manque 1 sur 1, aucun candidat."
    ]


def test_un_quota_que_la_diversite_empeche_dit_ce_qui_le_remplirait() -> None:
    un = Plafond("region", 1, "de la même région")
    rendu = attribuer(candidats("PA B X", "DOM B Y"), Partage(2, (PA, DOMICILE), (un, EDITEUR)))
    assert noms(rendu) == ["P1"]
    assert [m.en_clair for m in rendu.manques] == [
        "Quota « Domicile » impossible : il en manque 1 sur 1, 1 candidat. "
        "Il se remplit sans « au plus un de la même région »."
    ]


def test_un_cas_garde_qui_prend_la_place_d_un_quota_se_dit() -> None:
    rendu = attribuer(candidats("PA", "PH", "SOCIAL"), Partage(2, (PA, PH), (), {"projet:003": "contraste"}))
    assert noms(rendu) == ["P1", "P3"]
    assert [(m.quota, m.nombre, m.pistes) for m in rendu.manques] == [(PH, 1, ("sans les cas gardés exprès",))]


def test_trop_peu_de_candidats_laisse_des_places_vides() -> None:
    rendu = attribuer(candidats("PA", "PH"), Partage(5, (PA,)))
    assert (noms(rendu), rendu.vides, rendu.manques) == (["P1", "P2"], 3, ())


def test_a_manque_egal_la_facon_qui_remplit_le_plus_de_places() -> None:
    # Il manque deux places de toute façon : deux du secteur (une seule remplie), ou une du secteur et l'éditeur (deux).
    un, y = Plafond("region", 1, "de la même région"), Quota("editeur", "Y", 1, "Éditeur Y", "de son éditeur")
    rendu = attribuer(candidats("SOCIAL B Y", "PH B Z", "PA C X"), Partage(3, (replace(PH, nombre=2), y), (un,)))
    assert noms(rendu) == ["P2", "P3"]
    assert [(m.quota.valeur, m.nombre) for m in rendu.manques] == [("PH", 1), ("Y", 1)]


def test_une_region_inconnue_n_est_pas_une_region() -> None:
    rendu = attribuer(candidats("PA -", "PA -", "PA -"), Partage(3, (), (REGION,)))
    assert len(rendu.retenus) == 3
    assert rendu.remarques == (
        "3 candidats sans « region » connu : « au plus deux de la même région » ne les compte pas.",
    )


def test_personne() -> None:
    assert attribuer([], Partage(2, (PA,))).manques[0].nombre == 1


@pytest.mark.parametrize(
    ("fautif", "phrase"),
    [
        (lambda: Partage(0), "De 1 à 12 places"),
        (lambda: Partage(13), "De 1 à 12 places"),
        (lambda: Partage(1, (PA, PH)), "Les quotas demandent 2 places, il y en a 1"),
        (lambda: Partage(3, (PA, PA)), "Deux quotas portent sur la même valeur"),
        (lambda: Partage(3, (), (REGION, REGION)), "Deux plafonds portent sur le même fait"),
        (lambda: Partage(3, (Quota("secteur", "PA", 0, "PA"),)), "vaut au moins 1"),
        (lambda: Partage(3, (), (Plafond("region", 0, "x"),)), "vaut au moins 1"),
        (lambda: Partage(1, gardes={"projet:001": "a", "projet:002": "b"}), "2 cas gardés exprès pour 1 place"),
        (lambda: Partage(1, gardes={"projet:001": " "}), "dit pourquoi"),
        (lambda: attribuer([], Partage(1, gardes={"projet:001": "a"})), "absents du classement : projet:001"),
        (lambda: attribuer(candidats(*["PA"] * (CANDIDATS + 1)), Partage(1)), "200 candidats au plus : ils sont 201"),
    ],
)
def test_ce_qui_ne_tient_pas_debout_se_refuse(fautif, phrase: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=phrase):
        fautif()


# --- face à la force brute -------------------------------------------------------------------------------------------

SECTEURS = ("PA", "PH", "DOM")
SORTES = st.tuples(st.sampled_from(["PA", "PH", "DOM", "SOCIAL"]), st.sampled_from("BCDE-"), st.sampled_from("XYZ-"))


@st.composite
def selections(tirer: st.DrawFn) -> tuple[list[Place], Partage]:
    """Une petite sélection, souvent serrée, parfois impossible."""
    lus = candidats(*(" ".join(s) for s in tirer(st.lists(SORTES, max_size=9))))
    places = tirer(st.integers(1, 5))
    quotas, reste = [], places
    for valeur in SECTEURS:
        if n := tirer(st.integers(0, min(2, reste))):
            quotas.append(Quota("secteur", valeur, n, valeur))
            reste -= n
    if n := tirer(st.integers(0, min(2, places))):
        quotas.append(Quota("editeur", "X", n, "éditeur X", "de son éditeur"))
    plafonds = [Plafond(f, n, f) for f in ("region", "editeur") if (n := tirer(st.integers(0, 2)))]
    refs = [p.unite.ref for p in lus]
    gardes = tirer(st.lists(st.sampled_from(refs), max_size=min(2, places), unique=True)) if refs else []
    return lus, Partage(places, tuple(quotas), tuple(plafonds), dict.fromkeys(gardes, "contraste"))


def _combien(valeur: object, fait: str, parmi: Sequence[Place]) -> int:
    return sum(p.unite.faits.get(fait) == valeur for p in parmi)


def force_brute(places: list[Place], partage: Partage) -> tuple[int, ...]:
    """Le meilleur ensemble par la règle, toutes les combinaisons essayées ; ses rangs."""
    gardes = [p for p in places if p.unite.ref in partage.motifs]

    def permis(ensemble: Sequence[Place]) -> bool:
        for plafond in partage.plafonds:
            for valeur, n in Counter(p.unite.faits.get(plafond.fait) for p in ensemble).items():
                if valeur and n > max(plafond.au_plus, _combien(valeur, plafond.fait, gardes)):
                    return False
        return True

    def vides(ensemble: Sequence[Place]) -> tuple[int, int]:
        """Ce qui manque aux quotas ; les autres places vides. Négatif : une place réservée est prise par un autre."""
        manque = Counter[str]()
        prises = Counter[str]()
        for q in partage.quotas:
            manque[q.fait] += max(0, q.nombre - _combien(q.valeur, q.fait, ensemble))
            prises[q.fait] += min(q.nombre, _combien(q.valeur, q.fait, gardes))
        reserve = 0
        for fait, m in manque.items():
            libres = partage.places - sum(q.nombre for q in partage.quotas if q.fait == fait)
            reserve = max(reserve, m - max(0, len(gardes) - prises[fait] - libres))
        return sum(manque.values()), partage.places - reserve - len(ensemble)

    meilleur = None
    autres = [p for p in places if p not in gardes]
    for taille in range(partage.places - len(gardes) + 1):
        for combinaison in combinations(autres, taille):
            ensemble = sorted([*gardes, *combinaison], key=lambda p: p.rang)
            manque, libres = vides(ensemble)
            if libres < 0 or not permis(ensemble):
                continue
            cle = (manque, libres, -len(ensemble), tuple(p.rang for p in ensemble))
            meilleur = cle if meilleur is None else min(meilleur, cle)
    assert meilleur is not None
    return meilleur[3]


@settings(max_examples=250, deadline=None)
@given(selections())
def test_c_est_le_resultat_de_la_force_brute(selection: tuple[list[Place], Partage]) -> None:
    places, partage = selection
    assert tuple(c.place.rang for c in attribuer(places, partage).choix if c.est_retenu) == force_brute(places, partage)


@settings(max_examples=60, deadline=None)
@given(selections(), st.randoms(use_true_random=False))
def test_l_ordre_donne_n_y_change_rien(selection: tuple[list[Place], Partage], hasard: random.Random) -> None:
    places, partage = selection
    autrement = Partage(
        partage.places,
        tuple(hasard.sample(partage.quotas, len(partage.quotas))),
        tuple(hasard.sample(partage.plafonds, len(partage.plafonds))),
        dict(hasard.sample(sorted(partage.motifs.items()), len(partage.motifs))),
    )
    un, autre = attribuer(places, partage), attribuer(hasard.sample(places, len(places)), autrement)
    assert un.retenus == autre.retenus
    assert {(m.quota, m.nombre) for m in un.manques} == {(m.quota, m.nombre) for m in autre.manques}
    assert attribuer(hasard.sample(places, len(places)), partage) == un


@settings(max_examples=100, deadline=None)
@given(selections())
def test_chacun_a_une_raison_et_elle_est_vraie(selection: tuple[list[Place], Partage]) -> None:
    places, partage = selection
    rendu = attribuer(places, partage)
    assert [c.place for c in rendu.choix] == places
    retenus = {u.ref: c.place.rang for c in rendu.choix if c.est_retenu for u in [c.place.unite]}
    for c in rendu.choix:
        assert c.raisons
        for raison in c.raisons:
            if c.est_retenu:
                assert raison.motif == (Motif.GARDE if c.place.unite.ref in partage.motifs else Motif.RANG)
            elif raison.motif in (Motif.QUOTA, Motif.DIVERSITE):
                # Ceux qu'on nomme sont retenus, et mieux classés, ou gardés exprès.
                assert raison.par
                assert all(retenus[ref] < c.place.rang or ref in partage.motifs for ref in raison.par)
    for manque in rendu.manques:
        pris = sum(manque.quota.sert(u) for u in rendu.retenus)
        assert manque.nombre == manque.quota.nombre - pris


@settings(max_examples=100, deadline=None)
@given(selections())
def test_ce_qu_on_dit_impossible_l_est(selection: tuple[list[Place], Partage]) -> None:
    """Un quota qui manque : chaque piste le remplit vraiment, à ne toucher qu'à elle."""
    places, partage = selection
    rendu = attribuer(places, partage)
    for manque in rendu.manques:
        for piste in manque.pistes:
            gardes = None if piste == "sans les cas gardés exprès" else partage.gardes
            plafonds = tuple(p for p in partage.plafonds if piste != f"sans « {p.en_clair} »")
            autre = attribuer(places, Partage(partage.places, partage.quotas, plafonds, gardes))
            assert sum(m.nombre for m in autre.manques) < sum(m.nombre for m in rendu.manques)


# --- à l'échelle -----------------------------------------------------------------------------------------------------


def grande(graine: int, regions: int, editeurs: int) -> tuple[list[Place], Partage]:
    hasard = random.Random(graine)
    lus = [
        candidat(
            n, hasard.choice(["PA", "PH", "DOM"]), f"R{hasard.randrange(regions)}", f"E{hasard.randrange(editeurs)}"
        )
        for n in range(1, CANDIDATS + 1)
    ]
    quotas = tuple(Quota("secteur", valeur, 4, valeur) for valeur in SECTEURS)
    return lus, Partage(12, quotas, (Plafond("region", 1, "de la région"), Plafond("editeur", 1, "de l'éditeur")))


@pytest.mark.parametrize("graine", range(3))
def test_deux_cents_candidats_douze_places_au_plus_juste(graine: int) -> None:
    places, partage = grande(graine, regions=12, editeurs=12)
    rendu = attribuer(places, partage)
    assert (len(rendu.retenus), rendu.manques) == (12, ())
    assert rendu.pas < 500


@pytest.mark.parametrize("graine", range(3))
def test_deux_cents_candidats_et_une_region_de_moins(graine: int) -> None:
    places, partage = grande(graine, regions=11, editeurs=12)
    rendu = attribuer(places, partage)
    assert (len(rendu.retenus), sum(m.nombre for m in rendu.manques)) == (11, 1)
    assert rendu.pas < 500


def test_au_dela_de_la_borne_rien_n_est_tranche() -> None:
    with pytest.raises(TropDeCombinaisons, match="ôtez un plafond"):
        attribuer(*grande(0, regions=12, editeurs=12), borne=20)
