"""Lire un fichier du personnel : chaque faute à sa place, jamais un nom ; deux en-têtes, cp1252, formules, NIR."""

import io
from datetime import datetime

import pytest

from formation.calculs.mots_rh import COLONNES, Choix, proposer, proposer_colonnes
from programme.socle.finess.refus import FichierIndesirable, FichierRefuse
from programme.socle.grilles import proposer_lecture
from programme.socle.imports_relies import import_relie
from programme.socle.texte import cle_nir
from tests.formation.import_professionnels.aides import (
    ENTETES,
    comparer_le_fichier,
    csv_de,
    decor,
    ligne,
    rejets,
    xlsx_de,
)

pytestmark = pytest.mark.django_db


def test_le_cp1252_a_deux_lignes_d_en_tete_se_devine_et_se_lit() -> None:
    d = decor()
    haut = ["Agent", "", "Affectation", "", "", "Dates", ""]
    contenu = csv_de(ENTETES, ligne(d, 1, unite="Les Petits"), entetes=haut, encodage="cp1252")
    with io.BytesIO(contenu) as fichier:
        classeur = import_relie("professionnels").ouvrir(fichier)
    lecture = proposer_lecture(classeur)
    assert (lecture.ligne_entete, lecture.nb_entetes) == (2, 1)
    devinees = proposer_colonnes(classeur.lire(lecture).entetes)
    assert list(devinees.values()) == ["matricule", "nom", "metier", "esms", "unite", "entree", "sortie"]
    d.correspondance.options["lecture"] = lecture.en_json()
    d.correspondance.save()
    _, resultat = comparer_le_fichier(d, contenu)
    assert resultat["nombres"] == {"cree": 1} and not resultat["avertissements"]


@pytest.mark.parametrize(
    ("dit", "colonne", "phrase"),
    [
        ({"matricule": ""}, "Matricule", "ajoutez la personne à la main"),
        ({"matricule": "=A1"}, "Matricule", "formule"),
        ({"nom": "=HYPERLINK(1)"}, "Nom", "formule"),
        ({"matricule": "1850733063005"}, "Matricule", "numéro de sécurité sociale"),
        ({"matricule": "Personne sans chiffre"}, "Matricule", "au moins un chiffre"),
        ({"nom": ""}, "Nom", "pas de nom"),
        ({"metier": "Marin pêcheur"}, "Métier", "relié à aucun métier"),
        ({"metier": ""}, "Métier", "pas de métier"),
        ({"esms": "Le château"}, "ESMS", "un ESMS que vous gérez ici"),
        ({"esms": ""}, "ESMS", "pas d'ESMS"),
        ({"entree": "31/02/2020"}, "Entrée", "pas une date du calendrier"),
        ({"entree": ""}, "Entrée", "pas de date d'entrée"),
        ({"entree": "01/09/1820"}, "Entrée", "pas vraisemblable"),
        ({"sortie": "31/02/2024"}, "Sortie", "pas une date du calendrier"),
        ({"sortie": "31/08/2020"}, "Sortie", "précède l'entrée"),
    ],
)
def test_une_case_fautive_est_dite_a_sa_place(dit: dict[str, str], colonne: str, phrase: str) -> None:
    d = decor()
    _, resultat = comparer_le_fichier(d, csv_de(ligne(d, 1), ligne(d, 2, **dit)))
    assert resultat["nombres"] == {"cree": 1, "rejete": 1}
    (numero, ou, raison), *reste = rejets(resultat)
    assert (numero, ou, reste) == (3, colonne, []) and phrase in raison and "3)" in raison
    assert "Personne" not in str(resultat)


def test_une_ligne_vide_et_un_total_sont_ignores() -> None:
    d = decor()
    contenu = csv_de(ligne(d, 1), [""] * 7, ["Total", "1", "", "", "", "", ""], ["Personne 9", *[""] * 6])
    _, resultat = comparer_le_fichier(d, contenu)
    assert resultat["nombres"] == {"cree": 1}
    assert len(resultat["avertissements"]) == 2 and "Personne" not in str(resultat)


def test_le_meme_matricule_deux_fois_nomme_les_deux_lignes() -> None:
    d = decor()
    contenu = csv_de(ligne(d, 1, sortie="31/12/2022"), ligne(d, 2), ligne(d, 1, entree="01/06/2022"))
    _, resultat = comparer_le_fichier(d, contenu)
    assert resultat["nombres"] == {"cree": 1, "rejete": 2}
    assert [numero for numero, _, _ in rejets(resultat)] == [2, 4]
    assert all("aux lignes 2 et 4" in raison for _, _, raison in rejets(resultat))


def test_dates_disjointes_ou_autre_esms_ce_sont_deux_postes() -> None:
    d = decor()
    contenu = csv_de(
        ligne(d, 1, sortie="31/12/2022"),
        ligne(d, 1, entree="01/01/2023"),
        ligne(d, 1, esms=d.vergers.esms.finess),
    )
    assert comparer_le_fichier(d, contenu)[1]["nombres"] == {"cree": 3}


def test_le_meme_matricule_sous_deux_noms_est_rejete() -> None:
    d = decor()
    autre = ligne(d, 1, nom="Personne 77", esms=d.vergers.esms.finess)
    _, resultat = comparer_le_fichier(d, csv_de(ligne(d, 1), autre))
    assert resultat["nombres"] == {"rejete": 2} and "lignes 2 et 3" in rejets(resultat)[0][2]
    # La casse et les accents ne font pas deux personnes.
    pareil = ligne(d, 1, nom="PERSONNE  1", esms=d.vergers.esms.finess)
    assert comparer_le_fichier(d, csv_de(ligne(d, 1), pareil))[1]["nombres"] == {"cree": 2}


def test_l_unite_inconnue_avertit_et_reste_vide() -> None:
    d = decor()
    plan, resultat = comparer_le_fichier(d, csv_de(ligne(d, 1, unite="Les Grands"), ligne(d, 2, unite="les petits")))
    assert [c.du_poste.get("unite") and str(c.du_poste["unite"][1]) for c in plan.creees] == [None, "Les Petits"]
    assert resultat["avertissements"] == [("Unité inconnue dans cet ESMS : laissée vide, ou comme elle était.", 1)]


def test_toujours_la_s_ecrit_aussi_9999() -> None:
    d = decor()
    plan, _ = comparer_le_fichier(d, csv_de(ligne(d, 1, sortie="31/12/9999", entree="01/09/1987 00:00")))
    assert "sortie" not in plan.creees[0].du_poste and plan.creees[0].ligne.valeurs["entree"].year == 1987


def test_un_nir_fait_refuser_le_fichier_entier() -> None:
    d, nir = decor(), f"1850733063005{cle_nir('1850733063005'):02d}"
    with pytest.raises(FichierIndesirable, match="A2") as refus:
        comparer_le_fichier(d, csv_de(ligne(d, 1, matricule=nir)))
    assert nir not in str(refus.value)


def test_l_esms_se_dit_par_son_nom_ou_par_un_libelle_relie() -> None:
    d = decor()
    d.correspondance.valeurs = {"esms": {"pole enfance": d.coteau.esms.finess}, "metier": {"as": "aide-soignant"}}
    d.correspondance.save()
    contenu = csv_de(ligne(d, 1, esms="MAS LES VERGERS", metier="IDE"), ligne(d, 2, esms="Pôle enfance", metier="AS"))
    plan, _ = comparer_le_fichier(d, contenu)
    assert [(c.parcours, str(c.metier)) for c in plan.creees] == [
        (d.vergers, "Infirmier"),
        (d.coteau, "Aide-soignant"),
    ]


def test_prenom_joint_et_courriel_controle() -> None:
    d = decor(prenom="prenom", courriel="courriel")
    entetes = [*ENTETES, "Prénom", "Courriel"]
    contenu = csv_de(
        [*ligne(d, 1), "Un", "un@exemple.invalid"], [*ligne(d, 2), "Deux", "pas une adresse"], entetes=entetes
    )
    plan, resultat = comparer_le_fichier(d, contenu)
    assert plan.creees[0].ligne.valeurs["nom"] == "Personne 1 Un"
    assert rejets(resultat)[0][1] == "Courriel professionnel" and "exemple.invalid" not in str(resultat)


def test_un_xlsx_de_vraies_dates_et_de_matricules_en_nombre() -> None:
    d = decor()
    d.correspondance.options["lecture"]["feuille"] = "Personnel"
    d.correspondance.save()
    contenu = xlsx_de(
        ENTETES, [1042, "Personne 1", "Psychologue", d.coteau.esms.finess, None, datetime(2020, 9, 1), None]
    )
    plan, _ = comparer_le_fichier(d, contenu)
    assert plan.creees[0].ligne.matricule == "1042" and f"{plan.creees[0].ligne.valeurs['entree']}" == "2020-09-01"


def test_trop_de_lignes_ou_une_colonne_qui_manque_le_disent() -> None:
    d = decor()
    _, resultat = comparer_le_fichier(d, csv_de(["M1", "Personne 1"], entetes=["Matricule", "Nom"]))
    assert resultat["nombres"]["rejete"] and "Une colonne reliée n'est pas dans cette feuille" in str(resultat)
    with pytest.raises(FichierRefuse, match="25000 lignes"):
        comparer_le_fichier(d, csv_de(*[["M1", "x"]] * 25_001))


@pytest.mark.parametrize(
    ("intitule", "code"),
    [
        ("N° agent", "matricule"), ("Matricule salarié", "matricule"), ("Nom de l'établissement", "esms"),
        ("Emploi", "metier"), ("Date de fin de contrat", "sortie"), ("Date d'embauche", "entree"),
        ("Service", "unite"), ("Nom d'usage", "nom"), ("E-mail pro", "courriel"), ("Jour / nuit", "rythme"),
        ("Prénom", "prenom"), ("Date de naissance", None), ("N° sécurité sociale", None), ("FINESS juridique", None),
        ("Courriel personnel", None), ("Nom du responsable", None),
    ],
)  # fmt: skip
def test_les_intitules_courants_se_devinent(intitule: str, code: str | None) -> None:
    assert proposer_colonnes([intitule]).get(0) == code


def test_deux_colonnes_pour_un_code_le_finess_et_le_nom_d_usage_l_emportent() -> None:
    assert proposer_colonnes(["Établissement", "N° FINESS", "Nom", "Nom d'usage"]) == {1: "esms", 3: "nom"}
    assert proposer_colonnes(["Service", "Unité"]) == {}
    assert proposer_colonnes(list(COLONNES.values())) == dict(enumerate(COLONNES))


def test_un_mot_a_deux_sens_n_est_pas_devine() -> None:
    metiers = [Choix("aide-soignant", "Aide-soignant"), Choix("assistant-social", "Assistant de service social")]
    assert proposer("metier", "AS", metiers) is None
    assert proposer("metier", "Aide soignante", metiers) == "aide-soignant"
    assert proposer("rythme", "De nuit", []) == "nuit"
