"""Le dépouillement en flux : juste ligne à ligne, quels que soient les morceaux ; ce qu'il écarte est toujours dit."""

import io
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.socle.finess.refus import FichierRefuse
from usages.calculs.ecartees import Raison
from usages.calculs.mots_connexions import COMPTE, ESMS, INSTANT, LIEU
from usages.donnees import connexions as donnees
from usages.donnees import flux
from usages.donnees.connexions import Depouillement, Regles, depouiller
from usages.donnees.flux import echantillon, exiger_taille
from usages.enums import SourceUsage

ESMS_CONNUS = {"330000001": 1, "330000002": 2}
AU = date(2026, 11, 30)


def regles(**autres: Any) -> Regles:
    base: dict[str, Any] = {
        "rangs": {COMPTE: 0, INSTANT: 1, ESMS: 2},
        "nb_colonnes": 3,
        "separateur": ";",
        "ligne_entete": 1,
        "au": AU,
        "parcours": ESMS_CONNUS.get,
    }
    return Regles(**base | autres)


def lire(*lignes: str, brut: bytes = b"", **autres: Any) -> Depouillement:
    contenu = brut or ("\n".join(["compte;instant;esms", *lignes]) + "\n").encode()
    return depouiller(io.BytesIO(contenu), regles(**autres))


def seules(lu: Depouillement) -> dict[Raison, list[int]]:
    return {raison: lignes for raison, lignes in lu.ecartees.lignes.items() if lignes}


def test_trois_formes_de_date_dans_un_fichier() -> None:
    lu = lire(
        "a;30/11/2026 08:00;330000001",
        "b;2026-11-30T08:00:00;330000001",
        "c;1/11/2026 8:05;330000001",
        "d;20261130;330000001",
        "e;12/31/2026;330000001",
    )
    assert set(lu.mois[0].comptes) == {"a", "b", "c", "d"} and lu.mois[0].premier == date(2026, 11, 1)
    assert seules(lu) == {Raison.INSTANT_ILLISIBLE: [6]} and (lu.lues, lu.retenues) == (5, 4)


def test_l_heure_du_changement_d_heure() -> None:
    lu = lire(
        "a;29/03/2026 02:30;330000001",
        "a;29/03/2026 03:00;330000001",
        "b;25/10/2026 02:30;330000001",
        "c;2026-10-31T23:30:00Z;330000001",
        "d;2026-06-30T22:30:00+00:00;330000001",
    )
    assert seules(lu) == {Raison.HEURE_INEXISTANTE: [2]} and lu.doubles == 1
    assert {(m.mois.month, *m.comptes) for m in lu.mois} == {(3, "a"), (10, "b"), (11, "c"), (7, "d")}


def test_chaque_mauvaise_ligne_est_mise_de_cote_avec_son_numero_et_sa_raison() -> None:
    brut = (
        b"compte;instant;esms\n"
        b"a;2026-11-02;330000001\n"
        b"a;2026-11-02;999999999\n"
        b"a;2026-11-02;\n"
        b";2026-11-02;330000001\n"
        b"a;;330000001\n"
        b"prenom.nom@exemple.fr;2026-11-02;330000001\n"
        b"a;2026-12-02;330000001\n"
        b"a\x00b;2026-11-02;330000001\n"
        b"a;2026-11-02\n"
        b"\n"
        b"b;2026-11-03;330000002\n"
    )
    lu = lire(brut=brut)
    assert seules(lu) == {
        Raison.ESMS_INCONNU: [3],
        Raison.SANS_ESMS: [4, 10],
        Raison.SANS_COMPTE: [5],
        Raison.SANS_INSTANT: [6],
        Raison.COURRIEL: [7],
        Raison.A_VENIR: [8],
        Raison.OCTET_NUL: [9],
    }
    assert (lu.lues, lu.retenues, lu.ecartees.total) == (10, 2, 8)
    assert [dict(m.comptes) for m in lu.mois] == [{"a": 1}, {"b": 1}]
    assert "8 lignes mises de côté" in lu.ecartees.en_clair()


def test_un_courriel_deja_connu_de_l_esms_se_compte() -> None:
    connus = {1: frozenset({"prenom.nom@exemple.fr"})}
    lu = lire("Prenom.Nom@exemple.fr;2026-11-02;330000001", "prenom.nom@exemple.fr;2026-11-02;330000002", connus=connus)
    assert lu.retenues == 1 and seules(lu) == {Raison.COURRIEL: [3]}


def test_un_guillemet_jamais_referme_ne_passe_pas_sans_etre_dit() -> None:
    with pytest.raises(FichierRefuse, match="guillemet"):
        lire('"a;2026-11-02;330000001', "b;2026-11-02;330000001")
    lu = lire('"a;2026-11-02;330000001', 'b;2026-11-02"x;2026-11-02;330000001', "c;2026-11-02;330000001")
    assert lu.lues == 3 and lu.ecartees.nombres[Raison.GUILLEMET] == 1


@pytest.mark.parametrize(
    ("brut", "mot"),
    [
        (b"", "vide"),
        (b"PK\x03\x04autre chose", "classeur"),
        ("compte;instant;esms\n".encode("utf-16"), "UTF-16"),
        (b"\x00" * 400, "UTF-16 ou binaire"),
    ],
)
def test_un_fichier_qui_n_est_pas_un_texte_est_refuse(brut: bytes, mot: str) -> None:
    with pytest.raises(FichierRefuse, match=mot):
        depouiller(io.BytesIO(brut), regles())


def test_trop_gros_est_refuse_avant_d_etre_lu() -> None:
    with pytest.raises(FichierRefuse, match="500 Mo"):
        exiger_taille(3 << 30, 500 << 20)


def test_trop_de_comptes_dit_que_la_colonne_est_mauvaise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(donnees, "COMPTES_MAXIMAUX", 3)
    with pytest.raises(FichierRefuse, match="comptes différents"):
        lire(*[f"c{n};2026-11-02;330000001" for n in range(5)])


def test_une_liste_est_un_etat_dont_seul_le_mois_de_l_extraction_se_compte() -> None:
    lu = lire(
        "a;12/11/2026 08:00;330000001",
        "b;30/10/2026;330000001",
        "c;;330000001",
        "d;25/11/2026;330000001",
        source=SourceUsage.LISTE.value,
        au=date(2026, 11, 20),
    )
    assert [(m.mois, set(m.comptes)) for m in lu.mois] == [(date(2026, 11, 1), {"a"})]
    assert lu.hors_mois == 2 and seules(lu) == {Raison.A_VENIR: [5]}


def test_les_heures_ne_se_lisent_que_la_ou_elles_sont_allumees_et_depuis_le_cse() -> None:
    lu = lire(
        "a;2026-10-10 23:00;330000001;vpn",
        "a;2026-11-10 23:00;330000001;vpn",
        "a;2026-11-10 23:00;330000002;vpn",
        "b;2026-11-11;330000001;inconnu",
        rangs={COMPTE: 0, INSTANT: 1, ESMS: 2, LIEU: 3},
        nb_colonnes=4,
        horaires={1: date(2026, 10, 5)},
        lieux={"vpn": "a_distance"},
    )
    cases = {(m.parcours, m.mois.month): m.cases for m in lu.mois}
    assert cases == {(1, 10): {}, (1, 11): {("nuit", "a_distance"): {"a": 1}, ("", ""): {"b": 1}}, (2, 11): {}}


LIGNES = st.lists(
    st.tuples(
        st.sampled_from(["a", "B", "b", "zoé", ""]),
        st.datetimes(min_value=datetime(2026, 8, 30), max_value=datetime(2026, 12, 3)),
        st.sampled_from(["%d/%m/%Y %H:%M:%S", "%Y-%m-%dT%H:%M", "%d-%m-%Y", "n'importe quoi", ""]),
        st.sampled_from(["330000001", "330000002", "999", ""]),
    ),
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(LIGNES, st.integers(1, 7))
def test_tout_fichier_egale_le_compte_fait_ligne_a_ligne(lignes: list[Any], morceau: int) -> None:
    attendu: dict[tuple[int, date], Counter[str]] = defaultdict(Counter)
    ecartees, textes = 0, []
    for compte, instant, forme, esms in lignes:
        texte = instant.strftime(forme)
        textes.append(f"{compte};{texte};{esms}")
        if not (compte or texte or esms):
            continue
        illisible = forme in ("", "n'importe quoi")
        if not compte or illisible or esms not in ESMS_CONNUS or instant.date() > AU or _saute(instant, forme):
            ecartees += 1
            continue
        attendu[ESMS_CONNUS[esms], instant.date().replace(day=1)][compte.casefold()] += 1
    avant, donnees.MORCEAU = donnees.MORCEAU, morceau
    try:
        lu = lire(*textes)
    finally:
        donnees.MORCEAU = avant
    assert {(m.parcours, m.mois): Counter(m.comptes) for m in lu.mois} == attendu
    assert lu.ecartees.total == ecartees and lu.retenues == sum(map(Counter.total, attendu.values()))
    assert lu.lues == lu.retenues + ecartees


def _saute(instant: datetime, forme: str) -> bool:
    return instant.date() == date(2026, 3, 29) and instant.hour == 2 and "%H" in forme


def test_l_echantillon_prend_des_lignes_tout_au_long_du_fichier() -> None:
    debut = datetime(2026, 1, 1)
    lignes = [
        f"c{n};{debut + timedelta(seconds=n):%Y-%m-%d %H:%M:%S};{'A' if n < 50_000 else 'Z'}" for n in range(60_000)
    ]
    pris = echantillon(io.BytesIO("\n".join(["compte;instant;esms", *lignes]).encode())).getvalue().decode()
    assert pris.startswith("compte;instant;esms\n") and {li.rsplit(";")[-1] for li in pris.splitlines()[1:]} == {
        "A",
        "Z",
    }
    assert len(pris.splitlines()) <= 4_000


@pytest.mark.parametrize("signe", [b"a", b";"])
def test_une_ligne_sans_fin_n_emplit_pas_la_memoire(signe: bytes) -> None:
    brut = b"compte;instant;esms\na;2026-11-01;330000001\n" + signe * (3 << 20)
    with pytest.raises(FichierRefuse, match="ligne 3 dépasse un million de signes"):
        lire(brut=brut)


def test_un_guillemet_ouvert_s_arrete_avant_d_avaler_le_fichier(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flux, "ENTRE_DEUX_MORCEAUX", 2 << 20)
    monkeypatch.setattr(donnees, "MORCEAU", 10_000)
    ligne = b"a;2026-11-01 08:00;330000001\n"
    entete = b"compte;instant;esms\n"
    assert lire(brut=entete + ligne * 200_000).retenues == 200_000, "des morceaux sortent : rien ne s'accumule"
    with pytest.raises(FichierRefuse, match="vers la ligne [0-9]{5,6} : un guillemet"):
        lire(brut=entete + b'"' + ligne * 200_000)


def test_des_fins_de_ligne_d_un_autre_age_se_lisent() -> None:
    brut = b"compte;instant;esms\r" + b"a;2026-11-01 08:00;330000001\r" * 60_000
    assert len(brut) > flux.LIGNE_MAXIMALE and lire(brut=brut).retenues == 60_000
