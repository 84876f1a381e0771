"""Importer le tableau de bord ESMS : ce qui s'écrit, ce qui se met de côté, ce qui ne change pas la seconde fois."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from programme.enums import Role
from programme.socle.imports import confirmer
from programme.socle.models import Correspondance, Travail
from programme.socle.porte import changer_etat
from programme.socle.travaux import executer
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, affecter, cheffe_de
from tests.usages.releves.aides import avancer, exiger_totaux_justes, paire
from tests.usages.tdb.aides_tdb import ANNEE, Decor, case, csv_de, decor, intitules, juste, ligne, lire, relever
from usages.models import Releve, Valeur
from usages.services.import_tdb import Plan, ecrire

pytestmark = pytest.mark.django_db


@pytest.fixture
def d() -> Decor:
    return decor()


def importer(d: Decor, contenu: bytes) -> Plan:
    plan = lire(d, contenu)
    ecrire(plan, par=d.siege, le=timezone.now())
    return plan


def raisons(plan: Plan) -> list[tuple[int, str]]:
    return [(r.ligne, f"{r.colonne} : {r.raison}") for r in plan.rejets]


def test_les_chiffres_vont_au_releve_annuel_puis_plus_rien_ne_change(d: Decor) -> None:
    plan = importer(d, csv_de(juste(d)))
    assert paire(case(d.releve, d.effectif)) == (Decimal(42), None)
    assert paire(case(d.releve, d.dossiers)) == (Decimal(30), Decimal(42))
    assert paire(case(d.releve, d.projets)) == (Decimal(12), Decimal(42))
    assert [(c.titre, c.avant, c.apres) for c in plan.changements][1] == (
        "Tdb dossiers administratifs",
        "",
        "30 sur 42",
    )
    encore = lire(d, csv_de(juste(d)))
    assert (encore.changements, encore.rejets, encore.inchanges) == ([], [], 3)
    exiger_totaux_justes()


def test_deux_effectifs_qui_se_contredisent_se_rejouent_sans_difference(d: Decor) -> None:
    importer(d, csv_de(juste(d, c321=40)))
    encore = lire(d, csv_de(juste(d, c321=40)))
    assert (encore.changements, encore.rejets) == ([], [])
    exiger_totaux_justes()


def test_l_apercu_n_ecrit_rien(d: Decor) -> None:
    assert len(lire(d, csv_de(juste(d))).changements) == 3
    assert not Valeur.objects.exclude(numerateur=None).exists()
    exiger_totaux_justes()


def test_un_chiffre_corrige_se_montre_avant_apres(d: Decor) -> None:
    importer(d, csv_de(juste(d)))
    plan = importer(d, csv_de(juste(d, c317=31)))
    assert [(c.titre, c.avant, c.apres) for c in plan.changements] == [
        ("Tdb dossiers administratifs", "30 sur 42", "31 sur 42")
    ]


def test_ce_que_l_esms_a_saisi_reste_le_fichier_se_range_a_cote(d: Decor) -> None:
    Valeur.objects.filter(pk=case(d.releve, d.dossiers).pk).update(numerateur=33, denominateur=42, origine="saisi")
    plan = importer(d, csv_de(juste(d)))
    assert paire(case(d.releve, d.dossiers)) == (Decimal(33), Decimal(42))
    assert case(d.releve, d.dossiers).extraite_numerateur == 30
    assert "à côté du chiffre saisi" in [c.titre for c in plan.changements][1]


def test_une_case_vide_ou_non_renseignee_ne_change_rien(d: Decor) -> None:
    importer(d, csv_de(juste(d)))
    plan = importer(d, csv_de(juste(d, c317="NC", c318=42, c320="-", c321="")))
    assert (plan.changements, plan.rejets) == ([], [])
    assert case(d.releve, d.dossiers).numerateur == 30


@pytest.mark.parametrize(
    ("dit", "debut"),
    [
        ({"c317": 50}, "Tdb dossiers administratifs : 50 dépasse 42"),
        ({"c317": -3}, "Tdb dossiers administratifs : Un chiffre ne descend pas sous zéro"),
        ({"c317": "=B2"}, "Tdb dossiers administratifs (LF2) : la case contient une formule"),
        ({"c317": "trente"}, "Tdb dossiers administratifs (LF2) : ce n'est pas un nombre"),
        ({"c317": "45 %"}, "Tdb dossiers administratifs (LF2) : ce n'est pas un nombre"),
        ({"c317": "9" * 13}, "Tdb dossiers administratifs : Ce nombre est trop grand"),
        ({"c317": "12,345"}, "Tdb dossiers administratifs : Deux décimales au plus"),
    ],
)
def test_un_chiffre_fautif_se_met_de_cote_seul(d: Decor, dit: dict[str, Any], debut: str) -> None:
    plan = importer(d, csv_de(juste(d, **dit)))
    assert len(plan.rejets) == 1 and plan.rejets[0].ligne == 2
    assert raisons(plan)[0][1].startswith(debut)
    assert case(d.releve, d.dossiers).numerateur is None
    assert case(d.releve, d.projets).numerateur == 12, "les autres chiffres de la ligne s'écrivent"
    exiger_totaux_justes()


@pytest.mark.parametrize("finess", ["", "12", "IME Le Coteau", "330000000"])
def test_sans_finess_la_ligne_reste_dehors(d: Decor, finess: str) -> None:
    plan = importer(d, csv_de(juste(d, c4=finess)))
    assert len(plan.rejets) == 1 and "FINESS" in raisons(plan)[0][1]
    assert not plan.importes


def test_l_esms_d_autrui_un_doublon_et_un_releve_absent_se_disent(d: Decor) -> None:
    autre = ParcoursFactory()
    relever(autre, d.effectif)
    lignes = [juste(d), juste(d), ligne(autre.esms.finess, c318=9), ligne(d.vergers.esms.finess, c318=9)]
    plan = importer(d, csv_de(*lignes))
    dits = raisons(plan)
    assert [n for n, _ in dits] == [3, 4, 5]
    assert "déjà à la ligne 2" in dits[0][1]
    assert "vous ne saisissez pas les chiffres de cet ESMS" in dits[1][1]
    assert f"Aucun relevé n'est ouvert pour {ANNEE}" in dits[2][1]


def test_un_exercice_sans_releve_s_ouvre_pour_qui_le_saisit_et_rien_avant_la_confirmation(d: Decor) -> None:
    avancer(d.vergers, "ouverture", date_effet=date(ANNEE, 6, 1))
    d.effectif.suivis.update(depuis=date(ANNEE, 1, 1))
    contenu = csv_de(ligne(d.vergers.esms.finess, c318=9))
    plan = lire(d, contenu)
    assert (plan.ouverts, plan.rejets) == (1, [])
    assert not Releve.objects.filter(parcours=d.vergers).exists(), "l'aperçu n'écrit rien"
    assert importer(d, contenu).rejets == []
    releve = Releve.objects.get(parcours=d.vergers)
    assert (releve.debut, releve.cadence, releve.etat) == (date(ANNEE, 1, 1), "annee", "saisi")
    assert case(releve, d.effectif).numerateur == 9
    assert lire(d, contenu).ouverts == 0
    exiger_totaux_justes()


def test_un_releve_verrouille_ou_un_exercice_a_venir_ne_s_ecrivent_pas(d: Decor) -> None:
    cheffe = cheffe_de(d.coteau.grappe)
    for transition, qui in (("transmettre", affecter(Role.DIRECTEUR, d.coteau.esms)), ("valider", cheffe)):
        changer_etat(d.releve, transition, par=qui)
    changer_etat(d.releve, "verrouiller", par=cheffe)
    plan = importer(d, csv_de(juste(d)))
    assert len(plan.rejets) == 3 and all("verrouillé" in r for _, r in raisons(plan))
    futur = lire(d, csv_de(juste(d)), annee=timezone.localdate().year + 1)
    assert not futur.changements and all("n'a pas commencé" in r for _, r in raisons(futur))
    exiger_totaux_justes()


def test_un_releve_transmis_garde_des_totaux_justes(d: Decor) -> None:
    importer(d, csv_de(juste(d)))
    changer_etat(d.releve, "transmettre", par=affecter(Role.DIRECTEUR, d.coteau.esms))
    importer(d, csv_de(juste(d, c317=40)))
    exiger_totaux_justes()


def test_cp1252_et_xlsx_se_lisent_pareil(d: Decor) -> None:
    livre = Workbook()
    livre.active.append(intitules())
    livre.active.append([float(v) if v.isdigit() and i != 4 else v or None for i, v in enumerate(juste(d))])
    octets = io.BytesIO()
    livre.save(octets)
    dits = [
        [(c.titre, c.apres) for c in lire(d, contenu).changements]
        for contenu in (csv_de(juste(d)), csv_de(juste(d), encodage="cp1252"), octets.getvalue())
    ]
    assert dits[0] == dits[1] == dits[2] and len(dits[0]) == 3


# --- les pages -----------------------------------------------------------------------------------------------------


@pytest.fixture
def poste(d: Decor) -> Client:
    return connecte(d.siege)


def deposer(poste: Client, d: Decor, contenu: bytes, **champs: Any) -> Any:
    adresse = reverse("usages:parcours-tdb", args=[d.coteau.pk])
    return poste.post(adresse, {"fichier": SimpleUploadedFile("tdb.csv", contenu), "annee": ANNEE, **champs})


def test_du_depot_a_l_ecriture(poste: Client, d: Decor) -> None:
    page = poste.get(deposer(poste, d, csv_de(juste(d))).url)
    form = page.context["form"]
    assert page.text.count("<option value=") == len([i for i in intitules() if i])
    assert form["tdb-projets-personnalises:sur"].initial.startswith("322 (LJ)")
    assert form["tdb-projets-personnalises:sur"].initial.endswith("(2e)")
    donnees = {nom: form[nom].initial or "" for nom in form.fields} | {"tdb-dossiers-administratifs:compte": "318"}
    assert poste.post(page.request["PATH_INFO"], donnees).status_code == 302
    travail = Travail.objects.latest("pk")
    executer(travail.pk)
    travail.refresh_from_db()
    assert travail.resultat["nombres"] == {"cree": 3}
    suite = confirmer(travail, par=d.siege)
    executer(suite.pk)
    suite.refresh_from_db()
    assert suite.resultat["ecrit"] and not Travail.objects.exclude(fichier="").exists()
    assert case(d.releve, d.dossiers).numerateur == 30
    retenues = Correspondance.objects.get(genre="tableau-de-bord-esms", og=d.coteau.esms.og).colonnes
    assert retenues["tdb-projets-personnalises:sur"].endswith("#2")


def test_relier_refuse_ce_qui_ne_tient_pas(poste: Client, d: Decor) -> None:
    adresse = deposer(poste, d, csv_de(juste(d))).url
    sans = poste.post(adresse, {"finess": "", "effectif-31-decembre:compte": "319"})
    assert sans.status_code == 422 and sans.context["form"].errors["finess"]
    rien = poste.post(adresse, {"finess": "5"})
    assert "Reliez au moins un chiffre" in rien.text
    dehors = poste.post(adresse, {"finess": "5", "effectif-31-decembre:compte": "332"})
    assert dehors.context["form"].errors["effectif-31-decembre:compte"]
    pareil = {"tdb-dossiers-administratifs:compte": "318", "tdb-dossiers-administratifs:sur": "318"}
    assert poste.post(adresse, {"finess": "5"} | pareil).context["form"].errors["tdb-dossiers-administratifs:sur"]


@pytest.mark.parametrize("annee", ["2014", str(timezone.localdate().year + 1), "deux mille", ""])
def test_un_exercice_hors_de_propos_se_dit_au_champ(poste: Client, d: Decor, annee: str) -> None:
    reponse = deposer(poste, d, csv_de(juste(d)), annee=annee)
    assert reponse.status_code == 422 and reponse.context["form"].errors["annee"]


@pytest.mark.parametrize("contenu", [b"", b"x\x00y;z", b"une seule colonne\nA\n", b"PK\x03\x04abime"])
def test_un_fichier_illisible_se_dit_au_champ(poste: Client, d: Decor, contenu: bytes) -> None:
    reponse = deposer(poste, d, contenu)
    assert reponse.status_code == 422 and reponse.context["form"].errors["fichier"]
    assert not Travail.objects.exists()


def test_un_fichier_sans_ligne_se_dit_au_champ(poste: Client, d: Decor) -> None:
    assert "aucun ESMS" in deposer(poste, d, csv_de()).text


def test_qui_ne_saisit_pas_n_importe_pas(d: Decor) -> None:
    for compte in (cheffe_de(d.coteau.grappe), affecter(Role.APPUI, d.coteau.grappe)):
        assert deposer(connecte(compte), d, csv_de(juste(d))).status_code == 403
