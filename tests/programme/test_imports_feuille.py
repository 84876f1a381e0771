"""La feuille d'une grappe : emportée, corrigée, rapportée ; ce qui ne va pas est dit, tout d'un coup."""

import io
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from programme.enums import PointDepart, Portee, Role, TypeProjet
from programme.models import Affectation, Etape, Grappe, Parcours, Utilisateur, Vague
from programme.services import feuille
from programme.socle import exports
from programme.socle.imports import confirmer, deposer, refaire
from programme.socle.models import Passage, Travail
from programme.socle.porte import changer_etat
from programme.socle.travaux import TravailRefuse
from tests.fabriques import (
    DepartementFactory,
    EsmsFactory,
    GrappeFactory,
    GroupeFactory,
    ParcoursFactory,
    RegionFactory,
    UtilisateurFactory,
    affecter,
    cheffe_de,
)

pytestmark = pytest.mark.django_db

COLONNES = list(feuille.COLONNES)
IL_Y_A_UN_AN = timezone.localdate() - timedelta(days=365)
DANS_UN_MOIS = timezone.localdate() + timedelta(days=30)


@pytest.fixture
def grappe() -> Grappe:
    grappe = GrappeFactory()
    for rang in range(3):
        ParcoursFactory(grappe=grappe, esms=EsmsFactory(nom=f"IME Le Coteau {rang}"))
    Vague.objects.create(grappe=grappe, numero=1)
    return grappe


@pytest.fixture
def cheffe(grappe: Grappe) -> Utilisateur:
    return cheffe_de(grappe)


@pytest.fixture
def parcours(grappe: Grappe) -> Parcours:
    return grappe.parcours.order_by("esms__tri").first()


def emporter(grappe: Grappe, par: Utilisateur) -> list[list[Any]]:
    with exports.xlsx(feuille.FEUILLE, *feuille.exporter(grappe, par=par)) as fichier:
        return [[c.value for c in ligne] for ligne in load_workbook(fichier).active.iter_rows()]


def classeur(lignes: list[list[Any]], titre: str = feuille.FEUILLE) -> bytes:
    livre = Workbook()
    livre.active.title = titre
    for ligne in lignes:
        livre.active.append(ligne)
    octets = io.BytesIO()
    livre.save(octets)
    return octets.getvalue()


def poser(lignes: list[list[Any]], rang: int, **valeurs: Any) -> None:
    for colonne, valeur in valeurs.items():
        lignes[rang][COLONNES.index(colonne.replace("__", ":"))] = valeur


def rapporter(grappe: Grappe, par: Utilisateur, contenu: list[list[Any]] | bytes, nom: str = "feuille.xlsx") -> Travail:
    octets = contenu if isinstance(contenu, bytes) else classeur(contenu)
    return deposer("feuille", fichier=SimpleUploadedFile(nom, octets), par=par, parametres={"grappe": grappe.pk})


def raisons(travail: Travail) -> str:
    return " ".join(ligne["raison"] for ligne in travail.resultat["lignes"].get("rejete", []))


# --- l'aller-retour ------------------------------------------------------------------------------------------------


def test_emporter_puis_rapporter_sans_rien_changer_ne_change_rien(grappe: Grappe, cheffe: Utilisateur) -> None:
    premier, deuxieme, _ = grappe.parcours.order_by("esms__tri")
    affecter(Role.DIRECTEUR, premier.esms)
    affecter(Role.REFERENT, premier.esms)
    groupe = GroupeFactory()
    groupe.esms.add(deuxieme.esms)
    affecter(Role.DIRECTEUR, groupe)
    changer_etat(premier, "constater", par=cheffe, vers="ouverture", date_effet=IL_Y_A_UN_AN)
    Etape.objects.create(parcours=deuxieme, etat="cadrage", reference=DANS_UN_MOIS, revisee=DANS_UN_MOIS)
    deuxieme.vague, deuxieme.point_depart, deuxieme.est_pilote = grappe.vagues.get(), PointDepart.PAPIER, True
    deuxieme.save()
    lignes = emporter(grappe, cheffe)
    assert lignes[0] == list(feuille.COLONNES.values()) and len(lignes) == 4
    travail = rapporter(grappe, cheffe, lignes)
    assert travail.resultat["nombres"] == {"inchange": 3} and travail.resultat["a_ecrire"] == 0
    with pytest.raises(TravailRefuse):
        confirmer(travail, par=cheffe)


def test_ce_qui_change_est_montre_puis_ecrit(grappe: Grappe, cheffe: Utilisateur, parcours: Parcours) -> None:
    directrice, referente = UtilisateurFactory(), UtilisateurFactory()
    lignes = emporter(grappe, cheffe)
    poser(
        lignes,
        1,
        vague=1,
        point_depart="Bureautique",
        type_projet="Mise en conformité",
        est_pilote="oui",
        directeur=directrice.identifiant,
        referent=referente.identifiant,
        cadrage__revisee=DANS_UN_MOIS,
    )
    travail = rapporter(grappe, cheffe, lignes)
    assert travail.resultat["nombres"] == {"modifie": 1, "inchange": 2}
    assert ["Vague de déploiement", "", "1"] in travail.resultat["lignes"]["modifie"][0]["ecarts"]
    parcours.refresh_from_db()
    assert parcours.vague is None and not Affectation.objects.filter(esms=parcours.esms).exists()

    ecrit = confirmer(travail, par=cheffe)
    assert ecrit.resultat["ecrit"] and ecrit.rapport
    parcours.refresh_from_db()
    assert (parcours.vague.numero, parcours.point_depart, parcours.est_pilote) == (1, PointDepart.BUREAUTIQUE, True)
    assert parcours.type_projet == TypeProjet.MISE_EN_CONFORMITE
    assert Etape.objects.get(parcours=parcours, etat="cadrage").revisee == DANS_UN_MOIS
    roles = set(Affectation.objects.filter(esms=parcours.esms).values_list("role", "utilisateur"))
    assert roles == {(Role.DIRECTEUR, directrice.pk), (Role.REFERENT, referente.pk)}
    assert rapporter(grappe, cheffe, lignes).resultat["nombres"] == {"inchange": 3}


def test_la_feuille_offre_ses_choix_et_ignore_ce_qui_ne_fait_que_situer(
    client: Client, grappe: Grappe, cheffe: Utilisateur
) -> None:
    client.force_login(cheffe)
    reponse = client.get(reverse("programme:grappe-feuille", args=[grappe.pk]))
    livre = load_workbook(io.BytesIO(b"".join(reponse.streaming_content)))
    page = livre["ESMS"]
    offertes = {str(d.sqref).split("2:")[0] for d in page.data_validations.dataValidation}
    choisies = ("etat", "type_projet", "point_depart", "est_pilote", "vague")
    assert offertes == {get_column_letter(COLONNES.index(c) + 1) for c in choisies}
    assert livre["Listes"].sheet_state == "hidden" and page.column_dimensions["B"].width > 30
    lignes = [[c.value for c in ligne] for ligne in page.iter_rows()]
    assert "avertissent" in lignes[1][COLONNES.index("reste")]
    poser(lignes, 1, og="Autre", ville="Ailleurs", reste="tout est réuni", nom="Autre nom")
    assert rapporter(grappe, cheffe, lignes).resultat["nombres"] == {"inchange": 3}


def test_une_colonne_retiree_n_est_pas_touchee(grappe: Grappe, cheffe: Utilisateur, parcours: Parcours) -> None:
    parcours.vague = grappe.vagues.get()
    parcours.save()
    lignes = [[ligne[0], ligne[COLONNES.index("point_depart")]] for ligne in emporter(grappe, cheffe)]
    lignes[1][1] = "papier"
    confirmer(rapporter(grappe, cheffe, lignes), par=cheffe)
    parcours.refresh_from_db()
    assert parcours.vague and parcours.point_depart == PointDepart.PAPIER


def test_la_feuille_n_emporte_que_ce_qu_on_voit(grappe: Grappe) -> None:
    ailleurs = DepartementFactory(code="2B", region=RegionFactory(code="94", nom="Corse"))
    ParcoursFactory(grappe=grappe, esms=EsmsFactory(nom="Au loin", departement=ailleurs))
    chef = affecter(Role.CHEF_PROJET, grappe.region)
    noms = [ligne[1] for ligne in emporter(grappe, chef)]
    assert len(noms) == 4 and "Au loin" not in noms


def test_un_nouveau_directeur_prend_la_suite_de_l_ancien(
    grappe: Grappe, cheffe: Utilisateur, parcours: Parcours
) -> None:
    ancien, nouveau = affecter(Role.DIRECTEUR, parcours.esms, confie_par=cheffe), UtilisateurFactory()
    lignes = emporter(grappe, cheffe)
    poser(lignes, 1, directeur=nouveau.identifiant.upper())
    confirmer(rapporter(grappe, cheffe, lignes), par=cheffe)
    aujourd_hui = timezone.localdate()
    assert Affectation.objects.get(utilisateur=ancien).au == aujourd_hui - timedelta(days=1)
    assert Affectation.objects.get(utilisateur=nouveau).du == aujourd_hui


def test_effacer_une_date_revisee_l_efface(grappe: Grappe, cheffe: Utilisateur, parcours: Parcours) -> None:
    Etape.objects.create(parcours=parcours, etat="cadrage", reference=DANS_UN_MOIS, revisee=DANS_UN_MOIS)
    lignes = emporter(grappe, cheffe)
    poser(lignes, 1, cadrage__revisee=None)
    confirmer(rapporter(grappe, cheffe, lignes), par=cheffe)
    assert Etape.objects.get(parcours=parcours, etat="cadrage").revisee is None


# --- constat initial -----------------------------------------------------------------------------------------------


def test_un_etat_observe_sans_histoire_est_un_constat_initial(
    grappe: Grappe, cheffe: Utilisateur, parcours: Parcours
) -> None:
    lignes = emporter(grappe, cheffe)
    poser(lignes, 1, etat="Ouverture", cadrage__reelle=date(2024, 3, 1), ouverture__reelle=date(2025, 1, 15))
    travail = rapporter(grappe, cheffe, lignes)
    assert not Passage.objects.exists(), "l'aperçu n'écrit pas au journal"
    confirmer(travail, par=cheffe)
    passage = Passage.objects.de(parcours).get()
    assert (passage.nature, passage.vers, passage.date_effet) == ("constat", "ouverture", date(2025, 1, 15))
    assert Etape.objects.get(parcours=parcours, etat="cadrage").reelle == date(2024, 3, 1)
    assert rapporter(grappe, cheffe, lignes).resultat["nombres"] == {"inchange": 3}


@pytest.mark.parametrize(
    ("valeurs", "phrase"),
    [
        ({"etat": "Ouverture"}, feuille.DATE_DU_CONSTAT),
        ({"etat": "Suspendu"}, feuille.ETAT_OBSERVE),
        ({"etat": "Ouverture", "ouverture__reelle": date(2100, 1, 1)}, "à venir"),
        ({"etat": "Cadrage", "cadrage__reelle": date(2024, 1, 1), "routine__reelle": date(2025, 1, 1)}, "vient après"),
        ({"cadrage__reelle": date(2024, 1, 1)}, feuille.DATE_PAR_PASSAGE),
        ({"cadrage__reference": date(2024, 1, 1)}, feuille.DATE_FIGEE),
        ({"preparation__revisee": date(1990, 1, 1)}, "Vérifiez l'année"),
        ({"directeur": "personne"}, "aucun compte « personne »"),
        ({"vague": 9}, "pas de vague 9"),
    ],
)
def test_ce_qui_ne_tient_pas_est_rejete_avec_sa_raison(
    grappe: Grappe, cheffe: Utilisateur, valeurs: dict[str, Any], phrase: str
) -> None:
    lignes = emporter(grappe, cheffe)
    poser(lignes, 1, **valeurs)
    poser(lignes, 2, point_depart="Papier")
    travail = rapporter(grappe, cheffe, lignes)
    assert phrase in raisons(travail) and travail.resultat["nombres"] == {"rejete": 1, "modifie": 1, "inchange": 1}
    confirmer(travail, par=cheffe)
    assert not Passage.objects.exists() and Parcours.objects.filter(point_depart=PointDepart.PAPIER).count() == 1


def test_l_etat_d_un_parcours_qui_a_une_histoire_ne_se_corrige_pas(
    grappe: Grappe, cheffe: Utilisateur, parcours: Parcours
) -> None:
    changer_etat(parcours, "constater", par=cheffe, vers="cadrage", date_effet=IL_Y_A_UN_AN)
    lignes = emporter(grappe, cheffe)
    poser(lignes, 1, etat="Routine", routine__reelle=IL_Y_A_UN_AN)
    travail = rapporter(grappe, cheffe, lignes)
    assert feuille.ETAT_PAR_PASSAGE in raisons(travail)
    poser(lignes, 1, etat="Cadrage", routine__reelle=None, cadrage__reelle=date(2020, 1, 1))
    assert feuille.DATE_PAR_PASSAGE in raisons(rapporter(grappe, cheffe, lignes))


def test_vider_une_personne_ou_toucher_a_celle_d_un_groupe_est_rejete(
    grappe: Grappe, cheffe: Utilisateur, parcours: Parcours
) -> None:
    affecter(Role.DIRECTEUR, parcours.esms)
    lignes = emporter(grappe, cheffe)
    poser(lignes, 1, directeur=None)
    assert feuille.PERSONNE_VIDE in raisons(rapporter(grappe, cheffe, lignes))
    groupe = GroupeFactory()
    groupe.esms.add(parcours.esms)
    affecter(Role.REFERENT, groupe)
    poser(lignes, 1, referent=UtilisateurFactory().identifiant)
    assert feuille.PERSONNE_DE_GROUPE in raisons(rapporter(grappe, cheffe, lignes))
    assert Affectation.objects.filter(portee=Portee.ESMS).count() == 1


# --- la confirmation -----------------------------------------------------------------------------------------------


def test_l_apercu_perime_n_ecrit_rien(grappe: Grappe, cheffe: Utilisateur, parcours: Parcours) -> None:
    lignes = emporter(grappe, cheffe)
    poser(lignes, 1, point_depart="Papier")
    travail = rapporter(grappe, cheffe, lignes)
    parcours.point_depart = PointDepart.AUTRE_DUI
    parcours.save()
    ecrit = confirmer(travail, par=cheffe)
    assert ecrit.etat == "echec" and "ont changé depuis l'aperçu" in ecrit.erreur
    parcours.refresh_from_db()
    assert parcours.point_depart == PointDepart.AUTRE_DUI
    confirmer(refaire(travail, par=cheffe), par=cheffe)
    parcours.refresh_from_db()
    assert parcours.point_depart == PointDepart.PAPIER


def test_on_ne_confirme_pas_deux_fois(grappe: Grappe, cheffe: Utilisateur) -> None:
    lignes = emporter(grappe, cheffe)
    poser(lignes, 1, point_depart="Papier")
    travail = rapporter(grappe, cheffe, lignes)
    confirmer(travail, par=cheffe)
    with pytest.raises(TravailRefuse, match="déjà confirmé"):
        confirmer(travail, par=cheffe)


def test_qui_ne_conduit_plus_la_grappe_ne_confirme_plus(grappe: Grappe, cheffe: Utilisateur) -> None:
    lignes = emporter(grappe, cheffe)
    poser(lignes, 1, point_depart="Papier")
    travail = rapporter(grappe, cheffe, lignes)
    Affectation.objects.filter(utilisateur=cheffe).update(au=timezone.localdate() - timedelta(days=1))
    with pytest.raises(TravailRefuse, match="chef de projet"):
        confirmer(travail, par=Utilisateur.objects.get(pk=cheffe.pk))


# --- ce qu'un tableur fait d'une feuille ---------------------------------------------------------------------------


def test_dates_en_texte_en_nombre_et_en_csv(grappe: Grappe, cheffe: Utilisateur) -> None:
    lignes = emporter(grappe, cheffe)
    attendue = date(2027, 3, 15)
    for rang, ecriture in enumerate(("15/03/2027", 46461, "2027-03-15"), 1):
        poser(lignes, rang, cadrage__revisee=ecriture)
    ecarts = rapporter(grappe, cheffe, lignes).resultat["lignes"]["modifie"]
    assert {tuple(e["ecarts"][0]) for e in ecarts} == {("Cadrage : révisée", "", f"{attendue:%d/%m/%Y}")}
    csv = "FINESS;Cadrage : révisée\n" + "\n".join(f"{ligne[0]};15/03/2027" for ligne in lignes[1:])
    travail = rapporter(grappe, cheffe, csv.encode("cp1252"), "feuille.csv")
    assert travail.resultat["nombres"] == {"modifie": 3}


def test_un_zero_mange_par_le_tableur_est_remis_et_signale(grappe: Grappe, cheffe: Utilisateur) -> None:
    ParcoursFactory(grappe=grappe, esms=EsmsFactory(finess="010008183"))
    lignes = emporter(grappe, cheffe)
    for ligne in lignes[1:]:
        ligne[0] = int(ligne[0])
    travail = rapporter(grappe, cheffe, lignes)
    assert travail.resultat["nombres"] == {"inchange": 4}
    assert "zéro de tête" in travail.resultat["avertissements"][0][0]


def test_toutes_les_fautes_d_un_coup(grappe: Grappe, cheffe: Utilisateur) -> None:
    ailleurs = ParcoursFactory()
    lignes = emporter(grappe, cheffe)
    poser(lignes, 1, etat="Presque fini", cadrage__revisee="bientôt", est_pilote="peut-être", vague="la belle")
    poser(lignes, 2, point_depart="=1+1")
    poser(lignes, 3, finess="330000000")
    lignes += [[ailleurs.esms.finess], lignes[1][:1]]
    travail = rapporter(grappe, cheffe, lignes)
    dites = raisons(travail)
    assert travail.resultat["nombres"] == {"rejete": 5}
    for mot in ("Presque fini", "bientôt", "peut-être", "la belle", "formule", "clé", "pas celui d'un ESMS", "ligne 2"):
        assert mot in dites, mot
    assert ailleurs.grappe.nom not in dites and "(H3)" in dites


@pytest.mark.parametrize(
    ("contenu", "mot"),
    [
        (b"", "vide"),
        (b"FINESS\tNom\n330000001\tA\n", "tabulations"),
        (b"FINESS,Nom\n330000001,A\n", "virgules"),
        (b"bonjour", "une colonne"),
        (b"PK\x03\x04 coup\xe9", "abîmé"),
        (b"\xd0\xcf\x11\xe0 ancien", "ancien format"),
        (b"\x89PNG\x00\x00;", "pas un tableau"),
        (classeur([]), "vide"),
        (classeur([["FINESS", "État"]]), "aucune ligne"),
        (classeur([["Bonjour", "Madame"], [1, 2]]), "« FINESS » manque"),
        (classeur([["FINESS", "finess"], [1, 2]]), "deux fois"),
        (b"x" * (11 << 20), "10 Mo"),
    ],
)
def test_un_fichier_qui_n_est_pas_la_feuille_est_refuse_en_une_phrase(
    grappe: Grappe, cheffe: Utilisateur, contenu: bytes, mot: str
) -> None:
    travail = rapporter(grappe, cheffe, contenu)
    assert travail.etat == "echec" and mot in travail.erreur and travail.erreur.endswith(".")


def _piege(nom: str, contenu: bytes) -> bytes:
    octets = io.BytesIO(classeur([["FINESS"], ["330000001"]]))
    with zipfile.ZipFile(octets, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(nom, contenu)
    return octets.getvalue()


@pytest.mark.parametrize(
    ("contenu", "mot"),
    [
        (_piege("xl/bombe.xml", b"0" * (11 << 20)), "10 Mo"),
        (_piege("xl/entites.xml", b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "b">]><x/>'), "abîmé"),
    ],
)
def test_un_classeur_piege_n_est_pas_ouvert(grappe: Grappe, cheffe: Utilisateur, contenu: bytes, mot: str) -> None:
    travail = rapporter(grappe, cheffe, contenu)
    assert travail.etat == "echec" and mot in travail.erreur


def test_la_taille_annoncee_est_plafonnee_avant_l_ouverture(
    grappe: Grappe, cheffe: Utilisateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("programme.socle.inspection.PLAFOND_DECOMPRESSE", 1000)
    assert "dépasserait" in rapporter(grappe, cheffe, emporter(grappe, cheffe)).erreur


def test_une_feuille_aux_dimensions_demesurees_est_refusee(grappe: Grappe, cheffe: Utilisateur) -> None:
    livre = Workbook()
    livre.active.append(["FINESS"])
    livre.active.cell(row=900_000, column=1, value="330000001")
    octets = io.BytesIO()
    livre.save(octets)
    assert "5000 lignes" in rapporter(grappe, cheffe, octets.getvalue()).erreur


def test_une_colonne_renommee_se_relie_une_fois_pour_toutes(
    grappe: Grappe, cheffe: Utilisateur, client: Client
) -> None:
    lignes = [[ligne[0], "Papier"] for ligne in emporter(grappe, cheffe)]
    lignes[0][1] = "D'où l'on part"
    travail = rapporter(grappe, cheffe, lignes)
    assert travail.resultat["inconnues"] == ["D'où l'on part"] and travail.resultat["nombres"] == {"inchange": 3}
    client.force_login(cheffe)
    client.post(reverse("programme:travail-refaire", args=[travail.pk]), {"colonne-0": "point_depart"})
    assert Travail.objects.first().resultat["nombres"] == {"modifie": 3}
    assert rapporter(grappe, cheffe, lignes).resultat["nombres"] == {"modifie": 3}
    assert rapporter(grappe, cheffe_de(grappe), lignes).resultat["nombres"] == {"inchange": 3}


# --- les pages -----------------------------------------------------------------------------------------------------


def test_de_la_grappe_au_rapport_par_les_pages(
    grappe: Grappe, cheffe: Utilisateur, parcours: Parcours, client: Client
) -> None:
    client.force_login(cheffe)
    emportee = client.get(reverse("programme:grappe-feuille", args=[grappe.pk]))
    assert "attachment" in emportee["Content-Disposition"]
    lignes = emporter(grappe, cheffe)
    poser(lignes, 1, point_depart="Papier")
    page = reverse("programme:grappe-feuille-import", args=[grappe.pk])
    assert client.get(page).status_code == 200
    depot = client.post(page, {"fichier": SimpleUploadedFile("f.xlsx", classeur(lignes))}, follow=True)
    texte = depot.content.decode()
    assert "Rien n’est encore écrit" in texte and "1 modifié" in texte and "Papier" in texte
    travail = Travail.objects.get()
    fait = client.post(reverse("programme:travail-confirmer", args=[travail.pk]), follow=True)
    assert "C’est écrit" in fait.content.decode()
    rapport = client.get(reverse("programme:travail-rapport", args=[Travail.objects.first().pk]))
    corps = b"".join(rapport.streaming_content).decode("utf-8-sig")
    assert corps.splitlines()[0].startswith("ligne;effet;numéro") and parcours.esms.finess in corps


def test_un_fichier_refuse_se_dit_sous_le_champ_et_ne_laisse_rien(
    grappe: Grappe, cheffe: Utilisateur, client: Client
) -> None:
    client.force_login(cheffe)
    page = reverse("programme:grappe-feuille-import", args=[grappe.pk])
    reponse = client.post(page, {"fichier": SimpleUploadedFile("f.csv", b"a\tb\n1\t2\n")})
    assert reponse.status_code == 422 and "tabulations" in reponse.content.decode()
    assert not Travail.objects.exists()
    assert "Choisissez un fichier" in client.post(page, {}).content.decode()


def test_la_feuille_previent_d_une_vague_depassee_sans_rien_rejeter(grappe: Grappe, cheffe: Utilisateur) -> None:
    Vague.objects.create(grappe=grappe, numero=2, capacite=1)
    lignes = emporter(grappe, cheffe)
    for rang in (1, 2):
        poser(lignes, rang, vague=2)
    resultat = rapporter(grappe, cheffe, lignes).resultat
    assert resultat["a_ecrire"] == 2
    phrases = [phrase for phrase, _ in resultat["avertissements"]]
    assert any("La vague de déploiement 2 aurait 2 ESMS à accompagner pour une capacité de 1" in p for p in phrases)
