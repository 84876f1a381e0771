"""Le catalogue emporté, corrigé, rapporté : zéro différence, ou toutes les fautes d'un coup."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from programme.services.reference import charger_reference
from programme.socle import exports
from programme.socle.imports import Apercu, confirmer, deposer, imports
from programme.socle.models import Travail
from programme.socle.travaux import Contexte, TravailRefuse
from tests.fabriques import affecter
from tests.usages.fabriques import IndicateurFactory, SuiviFactory, ValeurFactory
from usages.calculs.colonnes_catalogue import INTITULES
from usages.models import Indicateur
from usages.services.indicateurs import catalogue

pytestmark = pytest.mark.django_db
NEUF = {
    "code": "lits-utilises",
    "libelle": "Lits utilisés",
    "famille": "Usage",
    "forme": "Compte",
    "numerateur": "Lits",
    "origine": "Saisi",
    "cadence": "Chaque trimestre",
    "sert_a": "À l'équipe",
    "definition": "Ce jour-là.",
}


@pytest.fixture
def admin() -> Any:
    return affecter("admin")


def rapporter(admin: Any, *lignes: dict[str, Any]) -> Travail:
    """Dépose un classeur de ces lignes (par code de colonne)."""
    colonnes = list(dict.fromkeys(c for ligne in lignes for c in ligne))
    livre = Workbook()
    livre.active.append([INTITULES[c] for c in colonnes])
    for ligne in lignes:
        livre.active.append([ligne.get(c, "") for c in colonnes])
    octets = io.BytesIO()
    livre.save(octets)
    return deposer("indicateurs", fichier=SimpleUploadedFile("catalogue.xlsx", octets.getvalue()), par=admin)


def raisons(travail: Travail) -> str:
    return " ".join(ligne["raison"] for ligne in travail.resultat["lignes"].get("rejete", []))


@pytest.mark.parametrize("format_demande", ["xlsx", "csv"])
def test_emporter_puis_rapporter_ne_change_rien(admin: Any, format_demande: str) -> None:
    charger_reference()
    entetes, lignes = catalogue.exporter()
    if format_demande == "csv":
        contenu = b"".join(exports.csv_en_flux(entetes, lignes))
    else:
        contenu = exports.xlsx(catalogue.FEUILLE, entetes, lignes, catalogue.mise_en_forme()).read()
        assert load_workbook(io.BytesIO(contenu)).active.max_row == Indicateur.objects.count() + 1

    travail = deposer("indicateurs", fichier=SimpleUploadedFile(f"catalogue.{format_demande}", contenu), par=admin)

    assert travail.resultat["decompte"] == f"{Indicateur.objects.count()} inchangés"
    with pytest.raises(TravailRefuse):
        confirmer(travail, par=admin)


def test_creer_corriger_retirer(admin: Any) -> None:
    charger_reference()
    travail = rapporter(
        admin,
        NEUF,
        {"code": "dui-actifs", "libelle": "DUI actifs", "definition": "L'officielle.", "est_officiel": "oui"}
        | {"famille": "Usage", "forme": "Rapport", "numerateur": "Dossiers", "origine": "Importé"}
        | {"cadence": "Chaque année", "sert_a": "Au directeur"},
    )

    assert travail.resultat["decompte"] == "1 créé, 1 modifié"
    assert not Indicateur.objects.filter(code="lits-utilises").exists()
    confirmer(travail, par=admin)

    officiel, cree = Indicateur.objects.get(code="dui-actifs"), Indicateur.objects.get(code="lits-utilises")
    assert officiel.est_officiel and officiel.definition == "L'officielle."
    assert officiel.denominateur_commun.code == "file-active"
    assert (cree.cadence, str(cree.seuil_chute), cree.transmis_au_financeur) == ("trimestre", "0.30", True)
    assert cree.history.get().history_user == admin


def test_toutes_les_fautes_se_disent_et_rien_ne_s_ecrit(admin: Any) -> None:
    charger_reference()
    rapport = NEUF | {"forme": "Rapport", "denominateur": "File active", "denominateur_commun": "file-active"}
    travail = rapporter(
        admin,
        NEUF | {"cadence": "Chaque quinzaine", "rang": "-2", "retire_le": "le 3"},
        NEUF | {"code": "autre", "forme": "Répartition"},
        NEUF | {"code": "", "libelle": "Sans code"},
        rapport | {"code": "echange", "cadence": "Chaque année", "population": "presents"},
        NEUF | {"code": "calcule", "origine": "Calculé", "calcul": "inconnu"},
        NEUF | {"code": "ailleurs", "non_concernees": "183 999"},
        NEUF | {"code": "accentué"},
        NEUF | {"code": "presents", "cadence": "Chaque mois"},
    )

    dites = raisons(travail)
    for attendue in (
        "« Chaque quinzaine » n'est pas connu",
        "« -2 » n'est pas un nombre entier",
        "« le 3 » n'est pas une date",
        "ne se tape pas",
        "donnez le code",
        "ne s'échangent pas",
        "aucun calcul n'a le code « inconnu »",
        "inconnue : 999",
        "Code : Ce champ ne doit contenir que",
        "se relève à une autre cadence",
    ):
        assert attendue in dites, attendue
    assert travail.resultat["decompte"] == "8 rejetés"
    with pytest.raises(TravailRefuse):
        confirmer(travail, par=admin)


def test_le_sens_d_un_chiffre_deja_releve_ne_change_pas(admin: Any) -> None:
    releve = ValeurFactory(indicateur__code="projets").indicateur
    assert releve.cadence == "mois"
    lignes = [{"code": "projets", "libelle": "Projets", "cadence": c} for c in ("Chaque année", "Chaque mois")]

    assert "l'histoire" in raisons(rapporter(admin, lignes[0]))
    assert rapporter(admin, lignes[1]).resultat["decompte"] == "1 modifié"


def test_une_saisie_alourdie_previent_de_ceux_qui_la_suivent(admin: Any) -> None:
    for suivi in SuiviFactory.create_batch(2, indicateur=IndicateurFactory(code="projets", origine="importe")):
        assert suivi.jusqu_au is None

    travail = rapporter(admin, {"code": "projets", "libelle": "Projets à jour", "origine": "Saisi"})

    assert travail.resultat["avertissements"] == [
        ["« Projets à jour » change ce qui se tape, et 2 grappes le suivent : relisez leur budget de saisie.", 1]
    ]


def test_un_apercu_perime_ne_s_ecrit_pas(admin: Any) -> None:
    indicateur = IndicateurFactory(code="projets")
    travail = rapporter(admin, {"code": "projets", "libelle": "Projets revus"})
    indicateur.libelle = "Projets autrement"
    indicateur.save()

    assert confirmer(travail, par=admin).etat == "echec"

    indicateur.refresh_from_db()
    assert indicateur.libelle == "Projets autrement"


def test_ce_qui_change_entre_la_comparaison_et_l_ecriture_arrete_tout(admin: Any) -> None:
    indicateur = IndicateurFactory(code="projets")
    contexte = Contexte(rapporter(admin, {"code": "projets", "libelle": "Projets revus"}))
    with imports["indicateurs"].comparer(contexte, Apercu(io.BytesIO())) as comparaison:
        Indicateur.objects.filter(pk=indicateur.pk).update(libelle="Projets autrement")

        with pytest.raises(TravailRefuse, match="ont changé depuis l'aperçu"):
            comparaison.ecrire(contexte)

    indicateur.refresh_from_db()
    assert indicateur.libelle == "Projets autrement"


def test_une_formule_et_un_doublon_sont_des_fautes(admin: Any) -> None:
    dites = raisons(rapporter(admin, NEUF, NEUF | {"sert_a": "=A1"}))

    assert "formule" in dites and "déjà à la ligne 2" in dites


def test_seul_l_administrateur_rapporte_le_catalogue() -> None:
    travail = rapporter(affecter("chef_projet"), NEUF)

    assert travail.etat == "echec" and not Indicateur.objects.exists()
