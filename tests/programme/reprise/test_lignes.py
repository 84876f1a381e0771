"""Une grille et sa correspondance : valeurs sûres, toutes les fautes d'un coup, chacune à sa place."""

from datetime import date, datetime
from typing import Any

import pytest
from openpyxl.utils import get_column_letter

from programme.reprise.lignes import LigneReprise, controler_correspondance, lire_lignes
from programme.socle.classeur import Cellule, Formule
from programme.socle.finess.numero import est_valide
from programme.socle.grilles import Fusion, Grille, LigneLue
from programme.socle.texte import normaliser
from tests.fabriques import finess_valide

AU = date(2026, 11, 24)
UN, DEUX = finess_valide(1), finess_valide(2)


def grille_de(entetes: list[str], *lignes: list[Any]) -> Grille:
    """Une grille dont l'en-tête est à la ligne 1."""

    def ligne(numero: int, cases: list[Any]) -> LigneLue:
        return LigneLue(numero, [Cellule(f"{get_column_letter(r)}{numero}", v) for r, v in enumerate(cases, 1)])

    return Grille(entetes, [ligne(numero, cases) for numero, cases in enumerate(lignes, 2)], [])


def lire(colonnes: dict[str, list[Any]], valeurs: dict[str, Any] | None = None) -> list[LigneReprise]:
    """`colonnes` : code → cases, une par ligne ; l'intitulé est le code."""
    grille = grille_de(list(colonnes), *map(list, zip(*colonnes.values(), strict=True)))
    relie = {"colonnes": {normaliser(code): code for code in colonnes}, "valeurs": valeurs or {}}
    return lire_lignes(grille, relie, au=AU)


def une(valeurs: dict[str, Any] | None = None, **cases: Any) -> LigneReprise:
    """Une ligne ; `date_cadrage="…"` pour la colonne « date:cadrage »."""
    codes = {code.replace("date_", "date:").replace("prevue_", "prevue:"): v for code, v in cases.items()}
    (ligne,) = lire({code: [valeur] for code, valeur in ({"finess": UN} | codes).items()}, valeurs)
    return ligne


def dites(ligne: LigneReprise) -> list[tuple[str, str]]:
    return [(faute.colonne, faute.place) for faute in ligne.fautes]


def phrase(ligne: LigneReprise) -> str:
    (faute,) = ligne.fautes
    return str(faute)


def test_une_ligne_juste() -> None:
    ligne = une(
        etat="En prod",
        type_projet="MEC",
        point_depart="Papier",
        est_pilote="non",
        vague="V2",
        solution="  Lisière ",
        date_cadrage="12/03/2023",
        date_ouverture=datetime(2023, 9, 4),
        prevue_routine="01/02/2027",
        directeur_nom="Camille Exemple",
        directeur_courriel="Camille.Exemple@exemple.invalid",
        remarque="à ne pas reprendre",
    )
    assert ligne.fautes == [] and ligne.avertissements == []
    assert ligne.valeurs == {
        "finess": UN,
        "etat": "service_regulier",
        "type_projet": "mise_en_conformite",
        "point_depart": "papier",
        "est_pilote": False,
        "vague": 2,
        "solution": "Lisière",
        "date:cadrage": date(2023, 3, 12),
        "date:ouverture": date(2023, 9, 4),
        "prevue:routine": date(2027, 2, 1),
        "directeur_nom": "Camille Exemple",
        "directeur_courriel": "camille.exemple@exemple.invalid",
    }


def test_une_case_vide_n_est_pas_une_valeur() -> None:
    ligne = une(etat="Cadrage", type_projet="", vague="-", solution="néant", date_cadrage="à définir", est_pilote=None)
    assert ligne.valeurs == {"finess": UN, "etat": "cadrage"} and ligne.fautes == []


# --- Le numéro FINESS ---


def test_le_zero_de_tete_perdu_est_remis_et_dit() -> None:
    numero = next(n for n in (f"0{finess_valide(7)[1:8]}{c}" for c in range(10)) if est_valide(n))
    ligne = une(finess=int(numero), etat="Cadrage")
    assert (ligne.finess, ligne.fautes) == (numero, [])
    assert "zéro de tête" in ligne.avertissements[0]


def test_une_cle_fausse_est_une_faute() -> None:
    fausse = UN[:8] + str((int(UN[8]) + 1) % 10)
    ligne = une(finess=fausse, etat="Cadrage")
    assert ligne.finess == "" and dites(ligne) == [("finess", "A2")] and "clé" in phrase(ligne)


def test_un_numero_absent_est_une_faute() -> None:
    assert "le numéro FINESS manque" in phrase(une(finess=None, etat="Cadrage"))


# --- Les cases qui ne portent pas une valeur ---


def test_une_formule_demande_sa_valeur() -> None:
    assert phrase(une(etat=Formule("=A1"))) == (
        "État (B2) : la case contient une formule : collez sa valeur à la place."
    )


def test_une_case_fusionnee_dit_sa_plage() -> None:
    assert "(B2:B5)" in phrase(une(etat=Fusion("Cadrage", "B2:B5")))


def test_une_fusion_sur_ce_qui_n_est_pas_repris_ne_gene_pas() -> None:
    assert une(etat="Cadrage", nom_esms=Fusion("Pôle", "C2:C5"), remarque=Fusion("Note", "D2:D5")).fautes == []


@pytest.mark.parametrize("erreur", ["#N/A", "#REF!", "#VALEUR!"])
def test_une_erreur_de_tableur_se_dit(erreur: str) -> None:
    assert "erreur de tableur" in phrase(une(etat=erreur))


# --- Les mots ---


def test_un_mot_ambigu_est_une_faute_tant_que_la_correspondance_ne_dit_rien() -> None:
    assert "« OK » n'est relié à rien" in phrase(une(etat="OK"))
    assert une({"etat": {"ok": None}}, etat="OK").fautes
    assert une({"etat": {"ok": "routine"}}, etat="OK").valeurs["etat"] == "routine"


def test_la_correspondance_l_emporte_sur_ce_que_treille_devine() -> None:
    assert une({"etat": {"en prod": "ouverture"}}, etat="En prod").valeurs["etat"] == "ouverture"


def test_un_mot_clair_arrive_depuis_est_compris_sans_etre_relie() -> None:
    assert une({"etat": {"ok": "routine"}}, etat="Cadrage").valeurs["etat"] == "cadrage"


def test_un_etat_vide_est_une_faute_sauf_si_la_correspondance_dit_ce_qu_il_vaut() -> None:
    assert "l'état manque" in phrase(une(etat=None, date_cadrage="12/03/2023"))
    assert une({"etat": {"": "recense"}}, etat=None).valeurs["etat"] == "recense"


# --- Les dates ---


def test_une_date_illisible_se_dit_a_sa_place() -> None:
    ligne = une(etat="Cadrage", date_cadrage="31/02/2023")
    assert dites(ligne) == [("date:cadrage", "C2")]
    assert "31/02/2023" in phrase(ligne)


def test_une_date_au_mois_vaut_son_premier_jour_et_le_dit() -> None:
    ligne = une(etat="Cadrage", date_cadrage="mars 2024", prevue_routine="T2 2027")
    assert ligne.valeurs["date:cadrage"] == date(2024, 3, 1)
    assert ligne.avertissements == [
        "Cadrage, date réelle (C2) : « mars 2024 » lu 01/03/2024.",
        "Routine, date prévue (D2) : « T2 2027 » lu 01/04/2027.",
    ]


def test_une_date_au_mois_ne_precede_pas_l_etape_d_avant_du_meme_mois() -> None:
    ligne = une(etat="Préparation", date_cadrage="12/03/2024", date_preparation="mars 2024")
    assert ligne.fautes == []
    assert ligne.valeurs["date:preparation"] == date(2024, 3, 12)
    assert "jour de l'étape d'avant" in ligne.avertissements[0]


def test_une_date_reelle_a_venir_est_une_faute_pas_une_date_prevue() -> None:
    ligne = une(etat="Cadrage", date_cadrage="25/11/2026", prevue_ouverture="25/11/2026")
    assert dites(ligne) == [("date:cadrage", "C2")] and "est à venir" in phrase(ligne)
    assert une(etat="Cadrage", date_cadrage="24/11/2026").fautes == []


def test_des_etapes_a_l_envers_sont_une_faute() -> None:
    ligne = une(etat="Préparation", date_cadrage="03/04/2023", date_preparation="12/01/2023")
    assert dites(ligne) == [("date:preparation", "D2")]
    assert "précède celle de l'étape d'avant (03/04/2023) : vérifiez les deux." in phrase(ligne)


def test_une_etape_apres_l_etat_dit_est_une_faute() -> None:
    ligne = une(etat="Cadrage", date_cadrage="12/01/2023", date_ouverture="04/09/2023")
    assert dites(ligne) == [("date:ouverture", "D2")] and "vient après l'état dit (« Cadrage »)" in phrase(ligne)


@pytest.mark.parametrize(("etat", "code"), [("Suspendu", "date_suspendu"), ("Sorti", "date_sorti")])
def test_suspendre_et_sortir_viennent_apres_la_derniere_etape(etat: str, code: str) -> None:
    assert une(etat=etat, date_cadrage="12/01/2023", **{code: "13/01/2023"}).fautes == []
    assert "précède celle de la dernière étape" in phrase(une(etat=etat, date_cadrage="12/01/2023", **{code: "2022"}))


# --- L'état déduit, le site pilote ---


def test_sans_colonne_d_etat_il_se_deduit_de_la_derniere_date_et_se_dit() -> None:
    ligne = une(date_cadrage="12/01/2023", date_preparation="03/04/2023", date_ouverture="")
    assert ligne.valeurs["etat"] == "preparation"
    assert ligne.avertissements == ["État déduit de la dernière date : Préparation (03/04/2023)."]


def test_sans_etat_ni_date_l_esms_est_recense_et_on_le_dit() -> None:
    ligne = une(date_cadrage=None)
    assert ligne.valeurs["etat"] == "recense" and "Aucune date d'étape" in ligne.avertissements[0]


def test_l_etat_ne_se_deduit_pas_d_une_date_fautive() -> None:
    ligne = une(date_cadrage="12/01/2023", date_ouverture="bientôt")
    assert "etat" not in ligne.valeurs and dites(ligne) == [("date:ouverture", "C2")]


def test_passer_par_l_etat_pilote_fait_un_site_pilote() -> None:
    ligne = une(etat="Pilote")
    assert ligne.valeurs["est_pilote"] is True and "site pilote" in ligne.avertissements[0]
    assert "n'est pas dit site pilote" in phrase(une(etat="Ouverture", date_pilote="01/02/2023", est_pilote="non"))


# --- VA et VSR ---


def test_une_vsr_avant_la_va_est_une_faute() -> None:
    ligne = une(etat="En prod", va_date="12/06/2023", vsr_date="05/06/2023", va_issue="oui", vsr_issue="oui")
    assert dites(ligne) == [("vsr_date", "D2")] and "précède la VA (12/06/2023)" in phrase(ligne)


def test_une_issue_non_dite_est_prise_pour_prononcee_et_se_dit() -> None:
    ligne = une(etat="En prod", vsr_date="05/06/2023")
    assert ligne.valeurs["vsr_issue"] == "prononcee" and "VSR du 05/06/2023" in ligne.avertissements[0]


def test_une_issue_vide_dans_sa_colonne_est_une_faute_sauf_si_reliee() -> None:
    assert "la date est là, pas l'issue" in phrase(une(etat="En prod", vsr_date="05/06/2023", vsr_issue=""))
    relie = {"vsr_issue": {"": "prononcee"}}
    assert une(relie, etat="En prod", vsr_date="05/06/2023", vsr_issue="").valeurs["vsr_issue"] == "prononcee"


def test_le_vide_relie_ne_prononce_pas_une_vsr_sans_date() -> None:
    ligne = une({"vsr_issue": {"": "prononcee"}}, etat="En prod", vsr_date="", vsr_issue="")
    assert ligne.fautes == [] and "vsr_issue" not in ligne.valeurs


def test_une_issue_sans_date_est_une_faute() -> None:
    assert "l'issue est dite, pas sa date" in phrase(une(etat="En prod", va_date=None, va_issue="prononcée"))


def test_une_vsr_a_venir_est_une_faute() -> None:
    assert "est à venir" in phrase(une(etat="En prod", vsr_date="05/06/2035"))


# --- Les personnes ---


def test_un_nom_sans_courriel_et_un_courriel_sans_nom_sont_des_fautes() -> None:
    ligne = une(etat="Cadrage", directeur_nom="Camille Exemple", directeur_courriel="")
    assert dites(ligne) == [("directeur_courriel", "D2")] and "« Camille Exemple » est là sans courriel" in phrase(
        ligne
    )
    ligne = une(etat="Cadrage", referent_nom="-", referent_courriel="a@exemple.invalid")
    assert dites(ligne) == [("referent_nom", "C2")]


@pytest.mark.parametrize("faux", ["camille", "camille@", "a@b.fr ; c@d.fr", "a@b", "camille arobase exemple.fr"])
def test_un_courriel_faux_est_une_faute(faux: str) -> None:
    ligne = une(etat="Cadrage", directeur_nom="Camille Exemple", directeur_courriel=faux)
    assert dites(ligne) == [("directeur_courriel", "D2")]


def test_un_poste_vacant_ne_nomme_personne() -> None:
    ligne = une(etat="Cadrage", directeur_nom="Poste vacant", directeur_courriel="")
    assert ligne.fautes == [] and "directeur_nom" not in ligne.valeurs
    assert "« Poste vacant », personne n'est repris" in ligne.avertissements[0]


def test_un_texte_trop_long_est_une_faute() -> None:
    assert "dépasse 200 caractères" in phrase(une(etat="Cadrage", solution="x" * 201))


# --- Un ESMS plusieurs fois ---


def test_un_esms_a_deux_etats_est_une_faute_sur_les_deux_lignes() -> None:
    une_, autre, seule = lire({"finess": [UN, UN, DEUX], "etat": ["Cadrage", "Ouverture", "Cadrage"]})
    assert "à la ligne 3, à un autre état (Ouverture)" in phrase(une_)
    assert "à la ligne 2, à un autre état (Cadrage)" in phrase(autre)
    assert seule.fautes == []


def test_un_esms_aux_valeurs_differentes_dit_lesquelles() -> None:
    premiere, _ = lire({"finess": [UN, UN], "etat": ["Cadrage"] * 2, "vague": ["V1", "V2"]})
    assert "avec d'autres valeurs (vague de déploiement)" in phrase(premiere)


def test_un_esms_repete_a_l_identique_n_est_garde_qu_une_fois() -> None:
    (ligne,) = lire({"finess": [UN] * 3, "etat": ["Cadrage", "cadrage", "Cadrage fait"]})
    assert ligne.numero == 2 and ligne.fautes == []
    assert ligne.avertissements == ["Répété à l'identique ligne 3, 4 : une seule est gardée."]


def test_toutes_les_fautes_d_une_ligne_viennent_ensemble_dans_l_ordre_des_colonnes() -> None:
    ligne = une(finess="x", etat="?!", date_cadrage="hier", directeur_nom="Camille Exemple", directeur_courriel="")
    assert [code for code, _ in dites(ligne)] == ["finess", "etat", "date:cadrage", "directeur_courriel"]


# --- La correspondance ---


def controler(entetes: list[str], colonnes: dict[str, str], doubles: dict[str, list[str]] | None = None) -> list[str]:
    return controler_correspondance(Grille(entetes, [], [], [], doubles or {}), {"colonnes": colonnes})


def test_une_correspondance_juste_n_a_rien_a_redire() -> None:
    assert controler(["FINESS", "État", "Note"], {"finess": "finess", "etat": "etat", "note": "remarque"}) == []
    assert controler(["FINESS", "Cadrage"], {"finess": "finess", "cadrage": "date:cadrage"}) == []


@pytest.mark.parametrize(
    ("entetes", "colonnes", "dit"),
    [
        (["État"], {"etat": "etat"}, "Reliez la colonne du numéro FINESS"),
        (["FINESS"], {"finess": "finess"}, "Reliez la colonne de l'état, ou au moins une date"),
        (["FINESS"], {"finess": "finess", "etat": "etat"}, "la feuille ne l'a pas"),
        (["FINESS", "État"], {"finess": "finess", "etat": "etats"}, "que Treille ne connaît pas"),
        (["FINESS", "État", "Phase"], {"finess": "finess", "etat": "etat", "phase": "etat"}, "relié à deux colonnes"),
        (
            ["FINESS", "État", "Directeur"],
            {"finess": "finess", "etat": "etat", "directeur": "directeur_nom"},
            "Pour la direction, reliez le nom et le courriel",
        ),
        (["FINESS", "État", "VA"], {"finess": "finess", "etat": "etat", "va": "va_issue"}, "L'issue de la VA"),
    ],
)
def test_ce_qui_manque_a_une_correspondance_se_dit(entetes: list[str], colonnes: dict[str, str], dit: str) -> None:
    assert any(dit in faute for faute in controler(entetes, colonnes))


def test_un_intitule_en_double_ne_se_relie_pas() -> None:
    entetes, doubles = ["FINESS", "État", "Date", "Date"], {"date": ["C1", "D1"]}
    colonnes = {"finess": "finess", "etat": "etat"}
    assert controler(entetes, colonnes, doubles) == []
    (faute,) = controler(entetes, colonnes | {"date": "date:cadrage"}, doubles)
    assert "« Date » est là plusieurs fois (C1, D1)" in faute
