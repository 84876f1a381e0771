"""Ce que Treille comprend seule d'un export, et ce qu'elle laisse à choisir."""

import pytest

from usages.calculs.mots_tickets import BLOQUANT, CONTOURNEMENT, ESMS, MODULE, Choix, proposer, proposer_colonnes

GLPI = [
    "ID", "Titre", "Entité", "Statut", "Dernière modification", "Date d'ouverture", "Priorité",
    "Demandeur - Demandeur", "Attribué à - Technicien", "Catégorie", "Date de résolution", "Date de clôture",
]  # fmt: skip


def test_un_export_glpi_se_comprend_seul() -> None:
    assert {GLPI[rang]: code for rang, code in proposer_colonnes(GLPI).items()} == {
        "ID": "numero",
        "Entité": "esms",
        "Date d'ouverture": "cree_le",
        "Priorité": "bloquant",
        "Catégorie": "module",
        "Date de résolution": "traite_le",
        "Date de clôture": "ferme_le",
    }


def test_ni_texte_ni_personne_ne_se_relient_d_office() -> None:
    assert not proposer_colonnes(["Titre", "Description", "Demandeur", "Technicien", "Solution", "Commentaire", "Mail"])


def test_le_plus_sur_l_emporte_et_deux_egaux_s_annulent() -> None:
    assert proposer_colonnes(["Priorité", "Bloquant"]) == {1: BLOQUANT}
    assert proposer_colonnes(["Etablissement", "N° FINESS"]) == {1: ESMS}
    assert proposer_colonnes(["Créé le", "Date de création"]) == {}


@pytest.mark.parametrize(
    ("code", "mot", "attendu"),
    [
        (BLOQUANT, "Bloquant", "oui"),
        (BLOQUANT, "Bloquant avec contournement", "contourne"),
        (BLOQUANT, "Très basse", "non"),
        (BLOQUANT, "Majeure", None),
        (BLOQUANT, "Haute", None),
        (BLOQUANT, "1", None),
        (CONTOURNEMENT, "Aucun", "non"),
        (CONTOURNEMENT, "voir avec l'éditeur", None),
    ],
)
def test_une_gravite_ambigue_attend_qu_on_choisisse(code: str, mot: str, attendu: str | None) -> None:
    assert proposer(code, mot, []) == attendu


def test_un_esms_se_reconnait_a_son_nom_meme_au_bout_d_une_entite() -> None:
    choix = [Choix("330000001", "IME Le Coteau, Bordeaux", ("IME Le Coteau",)), Choix("330000002", "MAS", ("MAS",))]
    assert proposer(ESMS, "Racine > Association > IME le coteau", choix) == "330000001"
    assert proposer(ESMS, "Association > Siège", choix) is None
    assert proposer(MODULE, "MAS", [*choix, Choix("x", "Mas")]) is None, "deux valeurs possibles : à choisir"
