"""Le budget de saisie : jamais plus de cinq chiffres tapés par trimestre et par ESMS, comptés juste."""

from hypothesis import given
from hypothesis import strategies as st

from usages.calculs.budget import PLAFOND, Chiffre, avec_communs, compter, le_plus_charge
from usages.enums import CadenceReleve, Forme

CADENCES = {CadenceReleve.MOIS: 3, CadenceReleve.TRIMESTRE: 1, CadenceReleve.ANNEE: 1}
CATEGORIES = ("183", "182", "500")


def chiffre(cle: int = 1, **champs: object) -> Chiffre:
    valeurs = {"nom": f"n{cle}", "cadence": CadenceReleve.TRIMESTRE, "forme": Forme.COMPTE, "est_saisi": True}
    return Chiffre(cle, **valeurs | champs)  # type: ignore[arg-type]


@st.composite
def catalogues(tirer: st.DrawFn) -> list[Chiffre]:
    """Des dénominateurs, puis des indicateurs qui les partagent ou non."""
    communs = [
        chiffre(
            cle,
            cadence=tirer(st.sampled_from(list(CADENCES))),
            est_saisi=tirer(st.booleans()),
        )
        for cle in range(tirer(st.integers(0, 3)))
    ]
    autres = [
        chiffre(
            100 + rang,
            cadence=tirer(st.sampled_from(list(CADENCES))),
            forme=tirer(st.sampled_from([Forme.RAPPORT, Forme.COMPTE, Forme.MONTANT])),
            est_saisi=tirer(st.booleans()),
            commun=tirer(st.sampled_from([None, *(c.cle for c in communs)])),
            non_concernees=frozenset(tirer(st.sets(st.sampled_from(CATEGORIES)))),
        )
        for rang in range(tirer(st.integers(0, 8)))
    ]
    return [*communs, *autres]


def force_brute(chiffres: list[Chiffre], categorie: str | None) -> int:
    """Remplit les trois mois du trimestre le plus chargé, case par case, et compte ce qu'on a tapé."""
    tape = set()
    for c in chiffres:
        if not c.est_saisi or (categorie and categorie in c.non_concernees):
            continue
        for mois in (1, 2, 3):
            if c.cadence == CadenceReleve.MOIS or mois == 3:
                tape.add((c.cle, mois, "valeur"))
                if c.forme == Forme.RAPPORT and c.commun is None:
                    tape.add((c.cle, mois, "sur"))
    return len(tape)


@given(catalogues(), st.sampled_from([None, *CATEGORIES]))
def test_le_compte_est_celui_des_cases_qu_on_remplit(catalogue: list[Chiffre], categorie: str | None) -> None:
    assert compter(catalogue, categorie).total == force_brute(catalogue, categorie)


@given(catalogues(), st.randoms())
def test_ni_l_ordre_ni_une_redite_ne_changent_le_compte(catalogue: list[Chiffre], hasard: object) -> None:
    melange = [*catalogue, *catalogue]
    hasard.shuffle(melange)  # type: ignore[attr-defined]

    assert compter(melange).total == compter(catalogue).total


@given(catalogues())
def test_choisir_un_de_plus_ne_coute_jamais_moins(catalogue: list[Chiffre]) -> None:
    totaux = [compter(catalogue[:n]).total for n in range(len(catalogue) + 1)]

    assert totaux == sorted(totaux)


@given(catalogues(), st.sets(st.sampled_from(CATEGORIES)))
def test_le_plus_charge_est_le_pire_des_esms_de_la_grappe(catalogue: list[Chiffre], categories: set[str]) -> None:
    attendu = max((compter(catalogue, c).total for c in categories), default=compter(catalogue).total)

    compte = le_plus_charge(catalogue, categories)

    assert compte.total == attendu
    assert compte.depasse - compte.reste == attendu - PLAFOND


@given(catalogues(), st.data())
def test_un_denominateur_partage_vient_une_seule_fois(catalogue: list[Chiffre], data: st.DataObject) -> None:
    par_cle = {c.cle: c for c in catalogue}
    choisis = data.draw(st.lists(st.sampled_from(catalogue), max_size=5)) if catalogue else []

    tous = avec_communs(choisis, par_cle)

    cles = [c.cle for c in tous]
    assert len(cles) == len(set(cles))
    assert set(cles) == {c.cle for c in choisis} | {c.commun for c in choisis if c.commun is not None}


def test_un_mensuel_compte_trois_et_son_denominateur_a_lui_le_double() -> None:
    assert compter([chiffre(cadence=CadenceReleve.MOIS)]).total == 3
    assert compter([chiffre(cadence=CadenceReleve.MOIS, forme=Forme.RAPPORT)]).total == 6
    assert compter([chiffre(cadence=CadenceReleve.ANNEE)]).total == 1
    assert compter([chiffre(cadence=CadenceReleve.MOIS, est_saisi=False, forme=Forme.RAPPORT)]).total == 0


def test_quatre_rapports_sur_un_meme_denominateur_tiennent_juste_dans_le_budget() -> None:
    presents = chiffre(1)
    rapports = [chiffre(n, forme=Forme.RAPPORT, commun=1) for n in range(2, 6)]

    compte = compter(avec_communs(rapports, {1: presents}))

    assert (compte.total, compte.depasse, compte.reste) == (5, 0, 0)
    assert compter([*rapports, presents, chiffre(9)]).depasse == 1
