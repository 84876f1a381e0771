"""Le fichier de l'éditeur : une ligne par profil et module, réimporté à zéro changement, tout ou rien."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from formation.enums import DroitAcces, PorteeAcces
from formation.models import Matrice, Profil
from formation.services.fichier_editeur import COLONNES
from formation.services.matrices import cases
from programme.models import Grappe, Module, Utilisateur
from programme.socle.imports import confirmer, deposer
from programme.socle.models import Travail
from programme.socle.porte import changer_etat
from programme.socle.travaux import TravailRefuse
from tests.aides import connecte, lignes_csv
from tests.fabriques import GrappeFactory, ModuleFactory, ParcoursFactory, cheffe_de, directrice_de
from tests.formation.fabriques import HabilitationFactory, MatriceFactory, ProfilFactory

pytestmark = pytest.mark.django_db
ENTETE = ["Code du profil", "Profil", "Code du module", "Module", "Droit", "Portée"]


@pytest.fixture
def grappe() -> Grappe:
    grappe = GrappeFactory()
    for ordre, code in enumerate(("journal", "soins", "factures")):
        grappe.modules.add(ModuleFactory(code=code, nom=code.capitalize(), ordre=ordre))
    ModuleFactory(code="hors-perimetre")
    return grappe


@pytest.fixture
def matrice(grappe: Grappe) -> Matrice:
    educ = ProfilFactory(grappe=grappe, code="educ", nom="Éducatif", ordre=1)
    ProfilFactory(grappe=grappe, code="piege", nom="=cmd|' /C calc'!A1", ordre=2)
    matrice = MatriceFactory(parcours=ParcoursFactory(grappe=grappe))
    journal, soins = Module.objects.get(code="journal"), Module.objects.get(code="soins")
    HabilitationFactory(matrice=matrice, profil=educ, module=journal, droit="ecriture", portee="unite")
    HabilitationFactory(matrice=matrice, profil=educ, module=soins, droit="lecture", portee="suivies")
    return matrice


@pytest.fixture
def directrice(matrice: Matrice) -> Utilisateur:
    return directrice_de(matrice.parcours)


def emporter(matrice: Matrice, par: Utilisateur, forme: str = "xlsx") -> bytes:
    return b"".join(connecte(par).get(reverse(f"formation:matrice-{forme}", args=[matrice.pk])))


def rapporter(matrice: Matrice, par: Utilisateur, octets: bytes, nom: str = "matrice.xlsx") -> Travail:
    fichier = SimpleUploadedFile(nom, octets)
    return deposer("matrice", fichier=fichier, par=par, parametres={"matrice": matrice.pk})


def classeur(*lignes: list[Any], entete: list[str] = ENTETE) -> bytes:
    livre, octets = Workbook(), io.BytesIO()
    for ligne in (entete, *lignes):
        livre.active.append(ligne)
    livre.save(octets)
    return octets.getvalue()


def test_une_ligne_par_profil_et_module_et_une_grille(matrice: Matrice, directrice: Utilisateur) -> None:
    livre = load_workbook(io.BytesIO(emporter(matrice, directrice)))
    assert livre.sheetnames[:2] == ["Droits", "Grille"]
    lignes = [[c.value for c in rangee] for rangee in livre["Droits"].iter_rows()]
    assert lignes[0] == list(COLONNES.values()) and len(lignes) == 1 + 2 * 3
    esms = matrice.parcours.esms
    assert lignes[1][:7] == ["educ", "Éducatif", "journal", "Journal", "Écriture", "Les personnes de l'unité", esms.nom]
    assert lignes[1][7:10] == [esms.finess, 1, "Brouillon"]
    assert lignes[1][10].date() == timezone.localdate()
    assert {ligne[2] for ligne in lignes[1:]} == {"journal", "soins", "factures"}
    assert ["Aucun", None] in [ligne[4:6] for ligne in lignes[1:]]
    grille = [[c.value for c in rangee] for rangee in livre["Grille"].iter_rows()]
    assert "n° 1" in grille[0][0] and "Brouillon" in grille[0][0] and esms.nom in grille[0][0]
    assert "Écriture : les personnes de l'unité" in [v for rangee in grille for v in rangee]
    # Rien ne s'exécute à l'ouverture.
    assert not [c for page in livre for rangee in page.iter_rows() for c in rangee if c.data_type == "f"]


def test_le_csv_dit_la_meme_chose_et_neutralise(matrice: Matrice, directrice: Utilisateur) -> None:
    lignes = lignes_csv(connecte(directrice).get(reverse("formation:matrice-csv", args=[matrice.pk])))
    assert lignes[1][:6] == ["educ", "Éducatif", "journal", "Journal", "Écriture", "Les personnes de l'unité"]
    assert {ligne[1] for ligne in lignes[1:]} == {"Éducatif", "'=cmd|' /C calc'!A1"}


@pytest.mark.parametrize("forme", ["xlsx", "csv"])
def test_l_export_se_reimporte_a_zero_changement(matrice: Matrice, directrice: Utilisateur, forme: str) -> None:
    avant = cases(matrice)
    travail = rapporter(matrice, directrice, emporter(matrice, directrice, forme), f"matrice.{forme}")
    assert travail.resultat["decompte"] == "6 inchangés" and travail.resultat["a_ecrire"] == 0
    assert not travail.resultat["avertissements"] and not travail.resultat["inconnues"]
    assert cases(matrice) == avant


def test_ce_qui_change_se_montre_puis_s_ecrit(matrice: Matrice, directrice: Utilisateur) -> None:
    octets = classeur(
        ["educ", "", "journal", "", "Validation", "Toutes les personnes"],
        ["educ", "", "soins", "", "aucun", ""],
        ["", "ÉDUCATIF", "", "Factures", "lecture", "suivies"],
    )
    travail = rapporter(matrice, directrice, octets)
    assert travail.resultat["decompte"] == "3 modifiés"
    confirmer(travail, par=directrice)
    educ = Profil.objects.get(code="educ")
    cle = {m.code: (educ.pk, m.pk) for m in Module.objects.all()}
    assert cases(matrice) == {cle["journal"]: ("validation", "toutes"), cle["factures"]: ("lecture", "suivies")}
    matrice.refresh_from_db()
    assert matrice.saisie == 1


def test_chaque_faute_se_dit_a_sa_ligne_et_rien_ne_s_ecrit(matrice: Matrice, directrice: Utilisateur) -> None:
    avant = cases(matrice)
    octets = classeur(
        ["educ", "", "journal", "", "Grand manitou", "Toutes les personnes"],
        ["cuisine", "", "journal", "", "Lecture", "Toutes les personnes"],
        ["educ", "", "hors-perimetre", "", "Lecture", "Toutes les personnes"],
        ["educ", "", "soins", "", "Lecture", "Le quartier"],
        ["educ", "", "soins", "", "Lecture", "Toutes les personnes"],
        ["educ", "", "factures", "", "=1+1", ""],
        ["educ", "", "factures", "", "Lecture", ""],
        ["piege", "", "journal", "", "Lecture", "Toutes les personnes"],
        ["", "", "journal", "", "", ""],
    )
    travail = rapporter(matrice, directrice, octets)
    rejets = {ligne["ligne"]: ligne["raison"] for ligne in travail.resultat["lignes"]["rejete"]}
    attendues = {
        2: "« Grand manitou » n'est pas un droit : aucun, lecture",
        3: "« cuisine » n'est pas un profil",
        4: "« hors-perimetre » n'est pas un module",
        5: "« Le quartier » n'est pas une portée",
        6: "déjà à la ligne 5",
        7: "formule",
        8: "dites de qui l'on voit le dossier",
        10: "écrivez son code",
    }
    assert rejets.keys() == attendues.keys()
    for numero, phrase in attendues.items():
        assert phrase in rejets[numero], numero
    assert travail.resultat["a_ecrire"] == 0
    with pytest.raises(TravailRefuse):
        confirmer(travail, par=directrice)
    assert cases(matrice) == avant


def test_le_fichier_d_un_autre_esms_se_dit(matrice: Matrice, directrice: Utilisateur) -> None:
    autre = MatriceFactory(parcours=ParcoursFactory(grappe=matrice.grappe))
    travail = rapporter(matrice, directrice, emporter(autre, directrice_de(autre.parcours)))
    assert "vient d'une autre matrice" in str(travail.resultat["avertissements"])
    assert travail.resultat["decompte"] == "2 modifiés, 4 inchangés"


def test_une_matrice_validee_ne_se_rapporte_plus(matrice: Matrice, directrice: Utilisateur) -> None:
    octets = classeur(["educ", "", "soins", "", "aucun", ""])
    apercu = rapporter(matrice, directrice, octets)
    client, url = connecte(directrice), reverse("formation:matrice-import", args=[matrice.pk])
    assert client.get(url).status_code == 200
    matrice.habilitations.update(portee="unite")
    changer_etat(Matrice.objects.get(pk=matrice.pk), "soumettre", par=directrice)
    assert "plus en brouillon" in client.get(url, follow=True).content.decode()
    assert "plus en brouillon" in rapporter(matrice, directrice, octets).erreur
    assert "plus en brouillon" in confirmer(apercu, par=directrice).erreur


def test_un_profil_retire_ne_change_plus(matrice: Matrice, directrice: Utilisateur) -> None:
    Profil.objects.filter(code="educ").update(retire_le=timezone.localdate())
    assert rapporter(matrice, directrice, emporter(matrice, directrice)).resultat["decompte"] == "6 inchangés"
    travail = rapporter(matrice, directrice, classeur(["educ", "", "soins", "", "Aucun", ""]))
    assert "retiré" in travail.resultat["lignes"]["rejete"][0]["raison"]


def test_par_la_page_un_fichier_illisible_ne_laisse_rien(matrice: Matrice, directrice: Utilisateur) -> None:
    client, url = connecte(directrice), reverse("formation:matrice-import", args=[matrice.pk])
    reponse = client.post(url, {"fichier": SimpleUploadedFile("m.csv", b"Une;Autre\na;b\n")})
    assert reponse.status_code == 422 and "Droit" in reponse.content.decode()
    assert not Travail.objects.exists()
    reponse = client.post(url, {"fichier": SimpleUploadedFile("m.xlsx", emporter(matrice, directrice))})
    assert reponse.url == reverse("programme:travail-detail", args=[Travail.objects.get().pk])


def test_le_modele_de_la_grappe_s_emporte_aussi(grappe: Grappe) -> None:
    modele = MatriceFactory(grappe=grappe, parcours=None)
    ProfilFactory(grappe=grappe)
    lignes = lignes_csv(connecte(cheffe_de(grappe)).get(reverse("formation:matrice-csv", args=[modele.pk])))
    assert lignes[1][6:8] == [f"Modèle de la grappe {grappe.nom}", ""]
    travail = rapporter(modele, cheffe_de(grappe), emporter(modele, cheffe_de(grappe)))
    assert travail.resultat["decompte"] == "3 inchangés"


def test_les_mots_du_fichier_couvrent_toutes_les_valeurs(matrice: Matrice, directrice: Utilisateur) -> None:
    for droit in DroitAcces:
        for portee in PorteeAcces:
            octets = classeur(["educ", "", "journal", "", str(droit.label), str(portee.label)])
            assert "rejete" not in rapporter(matrice, directrice, octets).resultat["nombres"]
