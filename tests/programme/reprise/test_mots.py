"""Les colonnes et les mots d'un classeur : reconnus s'ils sont clairs, laissés à choisir sinon."""

from datetime import datetime
from typing import Any

import pytest

from programme.enums import EtatParcours, IssueVerification, PointDepart, TypeProjet
from programme.reprise.mots import (
    COLONNES,
    cle_de_mot,
    est_vacant,
    est_vide,
    mots_rencontres,
    proposer_colonnes,
    proposer_valeurs,
)
from programme.reprise.synonymes import SYNONYMES
from programme.socle.classeur import Cellule, Formule
from programme.socle.grilles import Grille, LigneLue
from programme.socle.texte import normaliser

E = EtatParcours


def une_colonne(entete: str, *valeurs: Any) -> Grille:
    return Grille([entete], [LigneLue(n, [Cellule(f"A{n}", v)]) for n, v in enumerate(valeurs, 2)], [])


# --- Les colonnes ---


@pytest.mark.parametrize(
    ("entete", "code"),
    [
        ("N° FINESS", "finess"),
        ("FINESS géographique", "finess"),
        ("Finess ET", "finess"),
        ("Établissement", "nom_esms"),
        ("Nom de l'ESMS", "nom_esms"),
        ("État", "etat"),
        ("Avancement", "etat"),
        ("Statut du déploiement", "etat"),
        ("Phase", "etat"),
        ("Type de projet", "type_projet"),
        ("Point de départ", "point_depart"),
        ("Situation de départ", "point_depart"),
        ("Site pilote", "est_pilote"),
        ("Vague", "vague"),
        ("Vague de déploiement", "vague"),
        ("Solution", "solution"),
        ("Logiciel", "solution"),
        ("Date de cadrage", "date:cadrage"),
        ("Cadrage", "date:cadrage"),
        ("Début du paramétrage", "date:preparation"),
        ("Démarrage pilote", "date:pilote"),
        ("Mise en production", "date:ouverture"),
        ("Ouverture / Réelle", "date:ouverture"),
        ("Service régulier", "date:service_regulier"),
        ("Dates réelles / Routine", "date:routine"),
        ("Entrée dans le projet", "date:recense"),
        ("Date de sortie", "date:sorti"),
        ("Ouverture prévue", "prevue:ouverture"),
        ("Ouverture / Cible", "prevue:ouverture"),
        ("Dates prévisionnelles / Routine", "prevue:routine"),
        ("Direction / Nom", "directeur_nom"),
        ("Directrice ou directeur", "directeur_nom"),
        ("Direction / Courriel", "directeur_courriel"),
        ("E-mail du directeur", "directeur_courriel"),
        ("Référent local", "referent_nom"),
        ("Référente / mail", "referent_courriel"),
        ("Date VA", "va_date"),
        ("VA prononcée le", "va_date"),
        ("Vérification d'aptitude / Issue", "va_issue"),
        ("VSR / Date", "vsr_date"),
        ("Résultat VSR", "vsr_issue"),
        ("Observations", "remarque"),
    ],
)
def test_un_intitule_clair_est_relie(entete: str, code: str) -> None:
    assert proposer_colonnes([entete]) == {0: code}


@pytest.mark.parametrize(
    "entete",
    [
        "",
        "FINESS juridique",
        "FINESS EJ",
        "Organisme gestionnaire",
        "Ville",
        "Référent ARS",
        "VSR prévue",
        "VSR",
        "VA",
        "Pilote",
        "Fin du cadrage",
        "Nombre d'unités ouvertes",
        "Date d'ouverture de l'établissement",
        "Logiciel actuel",
        "Date",
        "Type",
        "Cadrage et paramétrage",
        "Téléphone du directeur",
    ],
)
def test_un_intitule_ambigu_ou_inconnu_n_est_relie_a_rien(entete: str) -> None:
    assert proposer_colonnes([entete]) == {}


@pytest.mark.parametrize(
    ("entete", "valeurs", "code"),
    [
        ("Pilote", ["oui", "", "non"], "est_pilote"),
        ("Pilote", [datetime(2022, 3, 1), None, "mars 2022"], "date:pilote"),
        ("VSR", ["12/12/2022", "", "-"], "vsr_date"),
        ("VSR", ["prononcée", "avec réserves", ""], "vsr_issue"),
    ],
)
def test_les_cases_departagent_une_date_et_un_mot(entete: str, valeurs: list[Any], code: str) -> None:
    assert proposer_colonnes([entete], une_colonne(entete, *valeurs)) == {0: code}


@pytest.mark.parametrize("valeurs", [[], ["", None], ["oui", "12/12/2022"], ["peut-être", "12/12/2022", "?"]])
def test_des_cases_melees_ne_departagent_rien(valeurs: list[Any]) -> None:
    assert proposer_colonnes(["Pilote"], une_colonne("Pilote", *valeurs)) == {}


def test_deux_colonnes_pour_un_code_n_en_donnent_aucune() -> None:
    assert proposer_colonnes(["FINESS", "Nom du directeur", "Prénom du directeur"]) == {0: "finess"}


def test_la_colonne_qui_se_dit_reelle_l_emporte() -> None:
    assert proposer_colonnes(["Date d'ouverture", "Ouverture réelle"]) == {1: "date:ouverture"}


def test_le_nom_se_lit_a_la_premiere_et_les_remarques_a_toutes() -> None:
    trouvees = proposer_colonnes(["Établissement", "Structure", "Remarques", "Notes"])
    assert trouvees == {0: "nom_esms", 2: "remarque", 3: "remarque"}


def test_chaque_colonne_a_son_libelle_et_une_seule_est_obligatoire() -> None:
    assert len({a.libelle for a in COLONNES.values()}) == len(COLONNES)
    assert [code for code, a in COLONNES.items() if a.obligatoire] == ["finess"]
    assert {code for code, a in COLONNES.items() if a.a_mots} >= {"etat", "type_projet", "est_pilote", "vsr_issue"}


# --- Les mots ---


@pytest.mark.parametrize(
    ("mot", "etat"),
    [
        ("en prod", E.SERVICE_REGULIER),
        ("En production", E.SERVICE_REGULIER),
        ("déployé", E.SERVICE_REGULIER),
        ("Déployée", E.SERVICE_REGULIER),
        ("VSR prononcée", E.SERVICE_REGULIER),
        ("VSR en cours", E.SERVICE_REGULIER),
        ("en cours de paramétrage", E.PREPARATION),
        ("paramétrage", E.PREPARATION),
        ("3 - Paramétrage en cours", E.PREPARATION),
        ("Formation des équipes", E.PREPARATION),
        ("pilote", E.PILOTE),
        ("phase pilote", E.PILOTE),
        ("pas commencé", E.RECENSE),
        ("Non démarré", E.RECENSE),
        ("à lancer", E.RECENSE),
        ("cadrage fait", E.CADRAGE),
        ("Phase de cadrage", E.CADRAGE),
        ("ouverture en cours", E.OUVERTURE),
        ("routine", E.ROUTINE),
        ("En routine", E.ROUTINE),
        ("abandonné", E.SORTI),
        ("sorti", E.SORTI),
        ("Sorti du projet", E.SORTI),
        ("suspendu", E.SUSPENDU),
        ("en pause", E.SUSPENDU),
    ],
)
def test_les_mots_d_etat_des_vrais_classeurs(mot: str, etat: EtatParcours) -> None:
    assert proposer_valeurs("etat", [mot]) == {mot: etat.value}


@pytest.mark.parametrize(
    "mot", ["OK", "en cours", "terminé", "fini", "fait", "en attente", "déploiement", "VA prononcée", "arrêté", "?", ""]
)
def test_un_mot_ambigu_n_est_pas_devine(mot: str) -> None:
    assert proposer_valeurs("etat", [mot]) == {mot: None}


@pytest.mark.parametrize(
    ("colonne", "valeurs"),
    [
        ("etat", EtatParcours),
        ("type_projet", TypeProjet),
        ("point_depart", PointDepart),
        ("va_issue", IssueVerification),
        ("vsr_issue", IssueVerification),
    ],
)
def test_les_mots_de_treille_valent_pour_eux_memes(colonne: str, valeurs: Any) -> None:
    for choix in valeurs:
        assert set(proposer_valeurs(colonne, [choix.value, str(choix.label)]).values()) == {choix.value}


@pytest.mark.parametrize("colonne", SYNONYMES)
def test_chaque_synonyme_est_ecrit_tel_qu_on_le_cherche(colonne: str) -> None:
    assert [mot for mot in SYNONYMES[colonne] if mot != normaliser(mot)] == []


@pytest.mark.parametrize(
    ("colonne", "mot", "valeur"),
    [
        ("type_projet", "MEC", "mise_en_conformite"),
        ("type_projet", "Achat", "acquisition"),
        ("type_projet", "renouvellement", None),
        ("point_depart", "Word / Excel", "bureautique"),
        ("point_depart", "changement d'éditeur", "autre_dui"),
        ("point_depart", "DUI", None),
        ("va_issue", "avec réserves", "avec_reserves"),
        ("vsr_issue", "Favorable", "prononcee"),
        ("vsr_issue", "reportée", "ajournee"),
        ("vsr_issue", "KO", "rejetee"),
        ("vsr_issue", "non", None),
        ("vsr_issue", "OK", None),
        ("est_pilote", "X", True),
        ("est_pilote", "✓", True),
        ("est_pilote", "Non", False),
        ("est_pilote", "peut-être", None),
        ("vague", "V1", 1),
        ("vague", "Vague 2", 2),
        ("vague", "vague n° 3", 3),
        ("vague", "1ère vague", 1),
        ("vague", "Troisième vague", 3),
        ("vague", "Vague IV", 4),
        ("vague", "12", 12),
        ("vague", "pilote", None),
        ("vague", "0", None),
    ],
)
def test_les_autres_mots(colonne: str, mot: str, valeur: Any) -> None:
    assert proposer_valeurs(colonne, [mot])[mot] == valeur


def test_une_case_vide_compte_pour_un_mot_la_ou_il_faut_la_comprendre() -> None:
    grille = Grille(
        ["État", "VSR", "Issue VSR", "Vague"],
        [
            LigneLue(2, [Cellule("A2", "OK"), Cellule("B2", "12/12/2022"), Cellule("C2", None), Cellule("D2", "V1")]),
            LigneLue(3, [Cellule("A3", None), Cellule("B3", None), Cellule("C3", None), Cellule("D3", "-")]),
            LigneLue(4, [Cellule("A4", "ok"), Cellule("B4", None), Cellule("C4", "oui"), Cellule("D4", Formule("=1"))]),
        ],
        [],
    )
    colonnes = {"etat": "etat", "vsr": "vsr_date", "issue vsr": "vsr_issue", "vague": "vague"}
    trouves = mots_rencontres(grille, colonnes)
    assert {mot: (r.mot, r.nombre, r.place) for mot, r in trouves["etat"].items()} == {
        "ok": ("OK", 2, "A2"),
        "": ("", 1, "A3"),
    }
    assert list(trouves["vsr_issue"]) == ["", "oui"]
    assert list(trouves["vague"]) == ["v1"]
    assert "vsr_date" not in trouves


def test_ce_qui_dit_qu_il_n_y_a_rien() -> None:
    assert all(map(est_vide, ["", " ", "-", "—", "Néant", "N/A", "à définir", "sans objet", "?"]))
    assert not any(map(est_vide, ["OK", "0", "non"]))
    assert est_vacant("Poste vacant") and est_vacant("à recruter") and not est_vacant("Camille Exemple")


def test_la_cle_d_un_mot_garde_ce_que_la_recherche_efface() -> None:
    assert [cle_de_mot(mot) for mot in ("En Prod.", "✓", " ? ", "")] == ["en prod", "✓", "?", ""]
