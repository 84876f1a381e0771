"""Les quatre classeurs d'essai : refaits à l'identique, compris d'eux-mêmes, et les dix fautes du dernier."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from programme.enums import EtatParcours
from programme.reprise.correspondance import proposer_correspondance
from programme.reprise.lignes import LigneReprise, controler_correspondance, lire_lignes
from programme.socle.grilles import Classeur, Grille, Lecture, ouvrir_classeur, proposer_lecture
from tests.fabrique_reprise import esms, fabriquer

IMPORTS = Path(__file__).parents[3] / "fixtures" / "imports"
NOMS = ("reprise-1.csv", "reprise-2.xlsx", "reprise-3.xlsx", "reprise-4-fautif.xlsx")
AU = date(2026, 11, 24)
E = EtatParcours


def ouvrir(nom: str) -> Classeur:
    with (IMPORTS / nom).open("rb") as fichier:
        return ouvrir_classeur(fichier)


def enregistree(nom: str) -> dict[str, Any]:
    return json.loads((IMPORTS / nom).with_suffix(".json").read_text(encoding="utf-8"))


def lire(nom: str) -> tuple[Grille, list[LigneReprise]]:
    relie = enregistree(nom)
    grille = ouvrir(nom).lire(Lecture.depuis_json(relie["lecture"]))
    assert controler_correspondance(grille, relie) == []
    return grille, lire_lignes(grille, relie, au=AU)


def test_les_classeurs_se_refont_a_l_identique() -> None:
    refaits = fabriquer()
    assert len(refaits) == 8
    for nom, octets in refaits.items():
        assert (IMPORTS / nom).read_bytes() == octets, nom


@pytest.mark.parametrize("nom", NOMS)
def test_treille_propose_ce_que_la_cheffe_a_enregistre_au_mot_ambigu_pres(nom: str) -> None:
    classeur, relie = ouvrir(nom), enregistree(nom)
    lecture = proposer_lecture(classeur)
    propose = proposer_correspondance(classeur.lire(lecture), lecture)
    assert propose["lecture"] == relie["lecture"] and propose["colonnes"] == relie["colonnes"]
    a_choisir = {
        (code, mot): relie["valeurs"][code][mot]
        for code, mots in propose["valeurs"].items()
        for mot, valeur in mots.items()
        if valeur is None
    }
    assert (
        a_choisir
        == {
            "reprise-1.csv": {("etat", "ok"): "service_regulier"},
            "reprise-2.xlsx": {("etat", "termine"): "routine", ("va_issue", "ok"): "prononcee"},
            "reprise-3.xlsx": {},
            "reprise-4-fautif.xlsx": {("etat", "en bonne voie"): None},
        }[nom]
    )


@pytest.mark.parametrize(("nom", "combien"), [("reprise-1.csv", 12), ("reprise-2.xlsx", 20), ("reprise-3.xlsx", 80)])
def test_les_trois_classeurs_justes_se_lisent_sans_une_faute(nom: str, combien: int) -> None:
    grille, lignes = lire(nom)
    assert [faute for ligne in lignes for faute in ligne.fautes] == [] and grille.fautes == []
    assert [ligne.finess for ligne in lignes] == [e.finess for e in esms(NOMS.index(nom) + 1)]
    assert len(lignes) == combien


def test_le_premier_un_zero_remis_et_des_mots_de_tous_les_jours() -> None:
    _, lignes = lire("reprise-1.csv")
    assert [ligne.numero for ligne in lignes if any("zéro de tête" in a for a in ligne.avertissements)] == [6]
    assert Counter(ligne.valeurs["etat"] for ligne in lignes) == {
        E.SERVICE_REGULIER: 5,
        E.ROUTINE: 1,
        E.PILOTE: 1,
        E.PREPARATION: 1,
        E.CADRAGE: 1,
        E.RECENSE: 1,
        E.SUSPENDU: 1,
        E.SORTI: 1,
    }
    assert lignes[0].valeurs["date:cadrage"] == date(2022, 3, 7)
    assert lignes[3].valeurs["type_projet"] == "mise_en_conformite"


def test_le_deuxieme_deux_lignes_d_en_tete_vagues_personnes_et_verifications() -> None:
    grille, lignes = lire("reprise-2.xlsx")
    assert "Direction / Courriel" in grille.entetes and "VSR / Issue" in grille.entetes
    assert Counter(ligne.valeurs["vague"] for ligne in lignes) == {1: 2, 2: 7, 3: 11}
    assert sum("Total" in a for a in grille.avertissements) == 1
    assert sum("Vague" in a and "intertitre" in a for a in grille.avertissements) == 3
    assert any("« Archives 2021 » porte des numéros FINESS (6 lignes)" in a for a in grille.avertissements)
    premiere, non_demarre = lignes[0].valeurs, next(x for x in lignes if "poste vacant" in str(x.avertissements))
    assert premiere["directeur_courriel"] == "camille.exemple@exemple.invalid" and premiere["est_pilote"] is True
    assert (premiere["va_date"], premiere["vsr_issue"]) == (date(2022, 5, 2), "prononcee")
    assert premiere["date:routine"] == date(2024, 1, 1)
    assert "directeur_nom" not in non_demarre.valeurs
    assert sum(len(ligne.avertissements) for ligne in lignes) > 20


def test_le_troisieme_l_etat_se_deduit_de_la_derniere_date() -> None:
    _, lignes = lire("reprise-3.xlsx")
    assert {ligne.valeurs["etat"] for ligne in lignes} == {
        E.ROUTINE, E.SERVICE_REGULIER, E.OUVERTURE, E.PILOTE, E.PREPARATION, E.CADRAGE, E.RECENSE,
    }  # fmt: skip
    assert all(any("déduit" in a or "pris pour" in a for a in ligne.avertissements) for ligne in lignes)
    assert sum(ligne.valeurs.get("est_pilote", False) for ligne in lignes) == 3


def test_le_fautif_dit_dix_fautes_chacune_a_sa_case() -> None:
    grille, lignes = lire("reprise-4-fautif.xlsx")
    dites = [(faute.place, faute.colonne) for ligne in lignes for faute in ligne.fautes]
    assert dites == [
        ("C3", "etat"),
        ("C4", "etat"),
        ("A5", "finess"),
        ("C5", "etat"),
        ("D6", "date:cadrage"),
        ("E6", "date:preparation"),
        ("D7", "date:cadrage"),
        ("H7", "vsr_date"),
        ("E8", "date:preparation"),
        ("J8", "directeur_courriel"),
        ("A9", "finess"),
        ("A10", "finess"),
    ]
    # La fusion et le doublon comptent chacun pour deux lignes, et une seule faute.
    phrases = {faute.phrase.split(" :")[0].rstrip("0123456789, ") for ligne in lignes for faute in ligne.fautes}
    assert len({phrase.partition("à la ligne")[0] for phrase in phrases}) == 10
    assert all(faute.phrase.endswith(".") for ligne in lignes for faute in ligne.fautes)
    assert lignes[0].fautes == []
    assert any("« Ancien suivi » porte des numéros" in a for a in grille.avertissements)
    assert any("« Note » est là plusieurs fois (K1, L1)" in a for a in grille.avertissements)


def test_aucun_esms_n_est_dans_deux_classeurs() -> None:
    numeros = [e.finess for numero in (1, 2, 3, 4) for e in esms(numero)]
    assert len(numeros) == len(set(numeros)) == 120
