"""Ce qu'un fichier malveillant, ou déposé par erreur, ne peut pas faire."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as reglages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from programme.enums import Role
from programme.models import Affectation, Grappe, Parcours, Utilisateur
from programme.resources.feuille import ImportFeuille
from programme.services import feuille
from programme.services.reference import charger_reference
from programme.socle import depots, exports, imports, inspection
from programme.socle.classeur import lire_tableau
from programme.socle.finess.refus import FichierRefuse
from programme.socle.imports import confirmer, deposer
from programme.socle.models import Correspondance, Travail
from programme.socle.travaux import TravailRefuse, executer, lancer
from tests.fabriques import EsmsFactory, GrappeFactory, ParcoursFactory, UtilisateurFactory, affecter, cheffe_de

NIR = "1 85 05 78 006 084 91"
NOMBRE = 185057800608491
ENORME = "9" * 30
NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.fixture
def grappe(db: Any) -> Grappe:
    parcours = ParcoursFactory(grappe=GrappeFactory(), esms=EsmsFactory())
    return parcours.grappe


@pytest.fixture
def cheffe(grappe: Grappe) -> Utilisateur:
    return cheffe_de(grappe)


@pytest.fixture
def poste(cheffe: Utilisateur, client: Client) -> Client:
    client.force_login(cheffe)
    return client


def classeur(*lignes: list[Any], autre: str = "") -> bytes:
    livre = Workbook()
    livre.active.title = feuille.FEUILLE
    for ligne in lignes:
        livre.active.append(ligne)
    if autre:
        livre.create_sheet("Notes").append([autre])
    octets = io.BytesIO()
    livre.save(octets)
    return octets.getvalue()


def finess_de(grappe: Grappe) -> str:
    return grappe.parcours.get().esms.finess


def rapporter(poste: Client, grappe: Grappe, octets: bytes, nom: str = "feuille.xlsx") -> Any:
    page = reverse("programme:grappe-feuille-import", args=[grappe.pk])
    return poste.post(page, {"fichier": SimpleUploadedFile(nom, octets)})


@pytest.fixture(autouse=True)
def fichiers_a_part(settings: Any, tmp_path: Path) -> None:
    """Un dossier à ce test seul : un autre essai, mené de front, y déposerait ses fichiers."""
    settings.MEDIA_ROOT = tmp_path


def fichiers_gardes() -> set[Path]:
    racine = Path(reglages.MEDIA_ROOT)
    return {f for f in racine.rglob("*") if f.is_file()} if racine.exists() else set()


# --- NIR -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entete", "ligne", "mot"),
    [
        (["FINESS", f"Pilote de {NIR}"], ["{}", "x"], "Ligne 1, colonne B"),
        (["FINESS", "Vague de déploiement"], ["{}", NIR], "Ligne 2, colonne B"),
        (["FINESS", "Bidule"], ["{}", f"voir {NIR}"], "Ligne 2, colonne B"),
        (["FINESS", "Bidule"], ["{}", NOMBRE], "Ligne 2, colonne B"),
        (["FINESS", "", "Bidule"], [NIR, "", NIR], "Ligne 2, colonne A ; ligne 2, colonne C"),
        (["Prénom", NIR], ["x", "y"], "Ligne 1, colonne B"),
        (["FINESS", "Bidule"], ["{}", "x" * 3_000 + NIR], "Ligne 2, colonne B"),
    ],
)
@pytest.mark.parametrize("forme", ["xlsx", "csv"])
def test_un_nir_dans_la_feuille_fait_refuser_et_effacer_le_fichier(
    poste: Client, grappe: Grappe, entete: list[str], ligne: list[Any], mot: str, forme: str
) -> None:
    avant = fichiers_gardes()
    rangee = [finess_de(grappe) if v == "{}" else v for v in ligne]
    csv = "\r\n".join(";".join(map(str, r)) for r in (entete, rangee)).encode()
    reponse = rapporter(poste, grappe, csv if forme == "csv" else classeur(entete, rangee), f"f.{forme}")
    texte = reponse.content.decode()
    assert reponse.status_code == 422 and mot in texte and "sécurité sociale" in texte
    assert NIR not in texte and str(NOMBRE) not in texte
    assert not Travail.objects.exists() and not Correspondance.objects.exists() and fichiers_gardes() == avant


def test_un_nir_hors_des_cases_lues_fait_aussi_refuser(poste: Client, grappe: Grappe) -> None:
    octets = classeur(["FINESS"], [finess_de(grappe)], autre=NIR)
    reponse = rapporter(poste, grappe, octets)
    assert reponse.status_code == 422 and "autre feuille" in reponse.content.decode() and not Travail.objects.exists()


def test_un_nir_dans_le_nom_du_fichier_fait_refuser(poste: Client, grappe: Grappe, cheffe: Utilisateur) -> None:
    octets = classeur(["FINESS"], [finess_de(grappe)])
    reponse = rapporter(poste, grappe, octets, f"dossier {NIR}.xlsx")
    assert reponse.status_code == 422 and "Le nom de ce fichier" in reponse.content.decode()
    assert NIR not in reponse.content.decode() and not Travail.objects.exists()
    fichier = SimpleUploadedFile(f"{NIR}.xlsx", octets)
    with pytest.raises(TravailRefuse, match="Le nom de ce fichier"):
        deposer("feuille", fichier=fichier, par=cheffe, parametres={"grappe": grappe.pk})


def test_meme_hors_de_la_page_le_fichier_qui_porte_un_nir_ne_reste_pas(grappe: Grappe, cheffe: Utilisateur) -> None:
    avant = fichiers_gardes()
    fichier = SimpleUploadedFile("f.xlsx", classeur(["FINESS", "x"], [finess_de(grappe), NIR]))
    travail = deposer("feuille", fichier=fichier, par=cheffe, parametres={"grappe": grappe.pk})
    travail = Travail.objects.get(pk=travail.pk)
    assert travail.etat == "echec" and not travail.fichier and not travail.rapport and travail.resultat is None
    assert NIR not in travail.erreur and fichiers_gardes() == avant


def test_une_mesure_a_virgule_n_est_pas_un_nir(grappe: Grappe) -> None:
    octets = classeur(["FINESS", "x"], [finess_de(grappe), float(f"0.{NOMBRE}")])
    assert _lire(octets)


# --- classeurs piégés ----------------------------------------------------------------------------------------------


def _lire(octets: bytes) -> Any:
    return lire_tableau(
        io.BytesIO(octets), colonnes=feuille.COLONNES, indispensables=["finess"], feuille="x", reliees={}
    )


def refaire(remplacements: dict[str, bytes], ajouts: dict[str, bytes] | None = None) -> bytes:
    """Un classeur honnête, dont certaines parties sont remplacées."""
    rendu = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(classeur(["FINESS"], ["330000001"]))) as source,
        zipfile.ZipFile(rendu, "w", zipfile.ZIP_DEFLATED) as cible,
    ):
        for entree in source.infolist():
            if entree.filename not in remplacements:
                cible.writestr(entree.filename, source.read(entree))
        for nom, octets in (remplacements | (ajouts or {})).items():
            cible.writestr(nom, octets)
    return rendu.getvalue()


def chaines(corps: bytes) -> bytes:
    return b'<sst xmlns="%s"><si><t>FINESS</t></si><si><t>330000001</t></si>%s</sst>' % (NS.encode(), corps)


def page(corps: bytes) -> bytes:
    return b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (NS.encode(), corps)


def _cases(rangee: int) -> bytes:
    """Neuf cents cases qui ne se compressent pas trop."""
    return b"".join(b"<c s='%d'/>" % (rangee * 7919 * n % 99_991) for n in range(900))


LONG = b'<?xml version="1.0"?><!--' + b"x" * 3_000 + b"-->"
DTD = b'<!DOCTYPE sst [<!ENTITY x "ENTITE">]>'
TEXTES, PAGE = "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"
MANQUANTE = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE s [<!ENTITY x "E">]><s>&x;</s>'.encode("utf-16")


@pytest.mark.parametrize(
    ("octets", "mot"),
    [
        (refaire({TEXTES: LONG + DTD + chaines(b"<si><t>&x;</t></si>")}), "abîmé"),
        (refaire({}, {"xl/autre.xml": MANQUANTE}), "abîmé"),
        (refaire({}, {"xl/media/image.png": LONG + DTD + b"<s>&x;</s>"}), "abîmé"),
        (refaire({}, {"xl/autre.xml": b"pas du XML"}), "abîmé"),
        (refaire({TEXTES: chaines(b"<si><t>1</t></si>" * 60_000)}), "50000 textes"),
        (refaire({PAGE: page(b'<row r="1">' + b"<c/>" * 1_001 + b"</row>")}), "1000 cases sur une ligne"),
        (refaire({PAGE: page(b"".join(b"<row r='%d'>%s</row>" % (n, _cases(n)) for n in range(150)))}), "100000 cases"),
        (refaire({PAGE: page(b"<row/>" * 20_001)}), "20000 lignes"),
        (refaire({"xl/styles.xml": b"<styleSheet>" + b"<xf/>" * 60_000 + b"</styleSheet>"}), "mise en forme"),
        (refaire({}, {"xl/media/a.bin": b"\x01" * (2 << 20)}), "50 fois"),
        (refaire({}, {"xl/media/a.bin": bytes(range(256)) * (41 << 10)}), "10 Mo"),
    ],
)
def test_un_classeur_demesure_ou_piege_est_refuse_sans_etre_ouvert(octets: bytes, mot: str) -> None:
    with pytest.raises(FichierRefuse) as capture:
        _lire(octets)
    assert mot in capture.value.message and capture.value.message.endswith(".")


def test_la_lecture_s_arrete_au_premier_exces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "_PLAFONDS", inspection._PLAFONDS | {"si": (2, "textes")})
    # La fin du fichier n'est pas du XML : on ne doit jamais y arriver.
    reste = chaines(b"<si><t>1</t></si>") + b" " * (3 << 16)
    with pytest.raises(FichierRefuse, match="2 textes"):
        _lire(refaire({TEXTES: reste[:-10] + b"<<<<"}))


def test_une_image_et_une_mise_en_forme_ordinaires_passent() -> None:
    assert _lire(refaire({}, {"xl/media/image1.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40})).lignes


def test_un_csv_trop_large_est_refuse() -> None:
    with pytest.raises(FichierRefuse, match="200 colonnes"):
        _lire(b"FINESS" + b";" * 200 + b"x\n330000001;\n")
    assert _lire(b"FINESS" + b";" * 400 + b"\n330000001;\n").lignes


def test_des_retours_a_la_ligne_sans_fin_s_arretent_a_la_limite() -> None:
    with pytest.raises(FichierRefuse, match="5000 lignes"):
        _lire(b"FINESS;x\n" + b"\n" * (9 << 20))


# --- dans la requête, hors de toute transaction --------------------------------------------------------------------


@pytest.fixture
def sans_transaction(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Note, à chaque comparaison de feuille, si une transaction est ouverte."""
    vus: list[bool] = []
    comparer = ImportFeuille.comparer

    def noter(self: ImportFeuille, *args: Any) -> Any:
        vus.append(connection.in_atomic_block)
        return comparer(self, *args)

    monkeypatch.setattr(ImportFeuille, "comparer", noter)
    return vus


@pytest.mark.django_db(transaction=True)
def test_lire_un_fichier_ne_verrouille_pas_la_base(
    poste: Client, grappe: Grappe, cheffe: Utilisateur, sans_transaction: list[bool]
) -> None:
    octets = classeur(["FINESS", "Point de départ"], [finess_de(grappe), "Papier"])
    assert rapporter(poste, grappe, octets).status_code == 302
    ecriture = confirmer(Travail.objects.get(), par=cheffe)
    assert ecriture.etat == "termine" and grappe.parcours.get().point_depart == "papier"
    assert sans_transaction == [False, False]


def test_ce_qui_change_pendant_la_comparaison_fait_refuser_l_ecriture(
    poste: Client, grappe: Grappe, cheffe: Utilisateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    octets = classeur(["FINESS", "Point de départ"], [finess_de(grappe), "Papier"])
    rapporter(poste, grappe, octets)
    monkeypatch.setattr(imports, "_exiger_meme_effet", lambda *_: Parcours.objects.update(point_depart="autre_dui"))
    ecriture = confirmer(Travail.objects.get(), par=cheffe)
    assert ecriture.etat == "echec" and "depuis l'aperçu" in ecriture.erreur
    assert grappe.parcours.get().point_depart == "autre_dui"


# --- côté travailleur ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("piege", [b'{"x":' + b"9" * 5_000 + b"}", b"[" * 200_000])
def test_un_piege_loin_de_la_tete_fait_echouer_le_travail_pas_le_travailleur(db: Any, piege: bytes) -> None:
    tete = b'{"generatedAt":"2026-08-13","pmej":[' + b" " * 300_000
    fichier = SimpleUploadedFile("f.json", tete + piege)
    charger_reference()
    travail = lancer("finess", par=affecter(Role.ADMIN), fichier=fichier)
    executer(travail.pk)
    travail.refresh_from_db()
    assert travail.etat == "echec" and "ce n'est pas un fichier FINESS+" in travail.erreur


# --- dépôts trop gros ----------------------------------------------------------------------------------------------


def envoyer(client: Client, adresse: str, taille: int) -> Any:
    return client.post(adresse, {"fichier": SimpleUploadedFile("f.json", b"{" * taille), "etendue": "secteurs"})


@pytest.mark.parametrize("adresse", ["/connexion/", "/imports/finess/", "/", "/parcours/", "/nulle-part/"])
def test_un_inconnu_ne_depose_que_dix_mega_ou_que_ce_soit(db: Any, client: Client, adresse: str) -> None:
    assert not envoyer(client, adresse, depots.PLAFOND + 2 * depots.MARGE).wsgi_request.FILES
    assert depots.plafond_de(envoyer(client, adresse, 10).wsgi_request) == depots.PLAFOND


def test_seul_l_administrateur_depose_le_fichier_national(client: Client, db: Any, settings: Any) -> None:
    gros = depots.PLAFOND + 2 * depots.MARGE
    settings.TREILLE_TAILLE_IMPORT = 2 * depots.PLAFOND
    client.force_login(UtilisateurFactory())
    assert not envoyer(client, "/imports/finess/", gros).wsgi_request.FILES
    client.force_login(affecter(Role.ADMIN))
    assert envoyer(client, "/imports/finess/", gros).wsgi_request.FILES
    assert not envoyer(client, "/imports/finess/", 3 * depots.PLAFOND).wsgi_request.FILES
    assert not envoyer(client, "/affectations/nouvelle/", gros).wsgi_request.FILES


def test_plusieurs_fichiers_comptent_ensemble(db: Any, client: Client) -> None:
    moitie = SimpleUploadedFile("a", b"x" * (depots.PLAFOND * 2 // 3))
    envoi = {"a": moitie, "b": SimpleUploadedFile("b", b"x" * (depots.PLAFOND * 2 // 3))}
    assert "b" not in client.post("/connexion/", envoi).wsgi_request.FILES


def test_une_feuille_trop_grosse_se_dit(poste: Client, grappe: Grappe) -> None:
    reponse = rapporter(poste, grappe, b"x" * (depots.PLAFOND + 2 * depots.MARGE))
    assert reponse.status_code == 422 and "plus de 10 Mo" in reponse.content.decode()


# --- qui n'a plus le droit -----------------------------------------------------------------------------------------


def test_qui_ne_conduit_plus_la_grappe_ne_relit_ni_apercu_ni_rapport(
    poste: Client, grappe: Grappe, cheffe: Utilisateur
) -> None:
    rapporter(poste, grappe, classeur(["FINESS", "Point de départ"], [finess_de(grappe), "Papier"]))
    travail = Travail.objects.get()
    pages = [reverse(f"programme:travail-{nom}", args=[travail.pk]) for nom in ("detail", "rapport")]
    assert [poste.get(p).status_code for p in pages] == [200, 200]
    Affectation.objects.filter(utilisateur=cheffe).update(au=timezone.localdate() - timedelta(days=1))
    assert [poste.get(p).status_code for p in pages] == [403, 403]
    assert poste.get(pages[0], headers={"HX-Request": "true"}).status_code == 403
    for nom in ("confirmer", "refaire", "relancer"):
        assert poste.post(reverse(f"programme:travail-{nom}", args=[travail.pk])).status_code == 403


def test_un_travail_dont_la_grappe_est_partie_ne_casse_pas(poste: Client, cheffe: Utilisateur) -> None:
    travail = Travail.objects.create(genre="feuille", par=cheffe, parametres={"grappe": 999_999})
    assert poste.get(reverse("programme:travail-detail", args=[travail.pk])).status_code == 403


# --- entrées forgées -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cle", [ENORME, "9" * 5_000, "²", "-1", "abc"])
def test_une_cle_forgee_n_est_pas_une_panne(poste: Client, cle: str) -> None:
    for adresse in (f"/travaux/{cle}/", f"/travaux/{cle}/rapport.csv", f"/grappes/{cle}/feuille.xlsx"):
        assert poste.get(adresse).status_code == 404
    assert poste.get(f"/grappes/{cle}/feuille/").status_code == 404
    for geste in ("confirmer", "refaire", "relancer"):
        assert poste.post(f"/travaux/{cle}/{geste}/").status_code == 404


@pytest.mark.parametrize("valeur", ["abc", ENORME, "9" * 5_000, "²", "\x00", "١٢"])
def test_une_valeur_forgee_n_est_pas_une_panne(poste: Client, grappe: Grappe, cheffe: Utilisateur, valeur: str) -> None:
    rapporter(poste, grappe, classeur(["FINESS", "Bidule"], [finess_de(grappe), "x"]))
    travail = Travail.objects.get()
    champs = {"colonne-0": valeur, "vu": valeur, "grappe": valeur}
    assert poste.post(f"/travaux/{travail.pk}/refaire/", champs).status_code == 302
    assert poste.post(f"/travaux/{travail.pk}/confirmer/", champs).status_code == 302
    assert poste.get(f"/travaux/{travail.pk}/", {"onglet": valeur, "page": valeur}).status_code == 200
    assert poste.get("/travaux/", {"page": valeur, "tri": valeur}).status_code < 500
    poste.force_login(affecter(Role.ADMIN))
    envoi = {"fichier": valeur, "etendue": valeur, "categories": valeur}
    assert poste.post("/imports/finess/", envoi).status_code == 422
    page_de_fusion = reverse("programme:esms-fusion", args=[finess_de(grappe)])
    assert poste.post(page_de_fusion, {"absorbant": valeur, "le": valeur}).status_code == 422


@pytest.mark.parametrize("valeur", [ENORME, "9" * 5_000, "²", "١٢", "31/12/9999", "1e999", -1, 10**300, 1e300, True])
def test_une_case_forgee_n_est_pas_une_panne(poste: Client, grappe: Grappe, valeur: Any) -> None:
    entete = [i for c, i in feuille.COLONNES.items() if c not in ("nom", "og", "ville", "reste")]
    octets = classeur(entete, [finess_de(grappe), *[valeur] * (len(entete) - 1)], [valeur])
    reponse = rapporter(poste, grappe, octets)
    assert reponse.status_code in (302, 422) and "imprévue" not in reponse.content.decode()


# --- exports -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("titre", "attendu"),
    [
        ("Parcours [2026] : a/b\\c*?", "Parcours 2026 a b c"),
        ("'Été'", "Été"),
        ("[]", "Feuille"),
        ("x" * 40, "x" * 31),
    ],
)
def test_un_titre_d_onglet_se_nettoie(titre: str, attendu: str) -> None:
    with exports.xlsx(titre, ["a"], [["b"]]) as fichier:
        assert load_workbook(fichier).sheetnames[0] == attendu
