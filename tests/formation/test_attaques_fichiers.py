"""Fichiers forgés : ce qui s'y cache ne sort pas, ne casse rien, ne reste pas."""

import io
import re
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from formation.models import CompteDui, Inscription, Poste, Professionnel
from formation.services import effacement
from formation.services.comptes import rapprocher_compte
from formation.services.import_comptes import GENRE as COMPTES
from programme.models import Utilisateur
from programme.socle.erreurs import Refus
from programme.socle.imports import confirmer, deposer
from programme.socle.imports_relies import import_relie
from programme.socle.models import Travail
from programme.socle.travaux import executer
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, affecter, directrice_de
from tests.formation.fabriques import (
    CompteDuiFactory,
    HabilitationFactory,
    MatriceFactory,
    ModuleFormationFactory,
    PosteFactory,
    ProfilFactory,
    presente,
)
from tests.formation.import_professionnels.aides import csv_de, decor, ligne, xlsx_de
from tests.formation.sessions.aides import tenue
from tests.formation.test_professionnels_rgpd import _cellules

pytestmark = pytest.mark.django_db
TRACES = ("zznom", "zzmat")


def _tables_qui_nomment() -> set[str]:
    return {table for table, valeur in _cellules() if any(trace in valeur for trace in TRACES)}


def _rapport(travail: Travail) -> str:
    with travail.rapport.open("rb") as lu:
        return lu.read().decode().lower()


def _envoyer(par: Any, url: str, contenu: bytes, nom: str = "fichier.csv", **champs: Any) -> Any:
    return connecte(par).post(url, {"fichier": SimpleUploadedFile(nom, contenu), **champs})


# --- le fichier du personnel ---------------------------------------------------------------------------------------


def test_apres_l_effacement_l_import_du_personnel_ne_nomme_plus(settings: Any) -> None:
    """Aperçu, écriture, rapports, rejets, sorties : ni nom ni matricule, avant comme après."""
    d = decor()
    d.correspondance.par = d.siege
    parametres = {"og": d.og.pk, "correspondance": d.correspondance.pk, "complet_au": "2026-01-31"}
    sortie = PosteFactory(parcours=d.coteau, professionnel__nom="Zznom Trois", professionnel__matricule="ZZMAT3")
    lignes = [
        ligne(d, 1, matricule="ZZMAT1", nom="Zznom Un"),
        ligne(d, 2, matricule="ZZMAT2", nom="Zznom Deux", entree="Zznom"),
    ]
    for contenu in (csv_de(*lignes), csv_de(lignes[0])):
        fichier = SimpleUploadedFile("paie.csv", contenu)
        travail = deposer("professionnels", fichier=fichier, par=d.siege, parametres=parametres)
        executer(travail.pk)
        travail.refresh_from_db()
        assert travail.resultat["nombres"]["cree"] == 1
        assert not any(trace in _rapport(travail) for trace in TRACES)
    fermes = travail.resultat["lignes"]["ferme"]
    assert [f["cle"] for f in fermes] == [f"n° {sortie.professionnel_id}"], "qui sort se dit par son numéro"
    suite = confirmer(travail, par=d.siege)
    executer(suite.pk)
    suite.refresh_from_db()
    assert suite.resultat["ecrit"] and not any(trace in _rapport(suite) for trace in TRACES)
    assert _tables_qui_nomment() == {Professionnel._meta.db_table}
    for personne in Professionnel.objects.all():
        effacement.effacer(personne=personne, par=d.siege)
    assert _tables_qui_nomment() == set()


def test_l_administrateur_ne_lit_que_des_nombres_d_un_fichier_du_personnel() -> None:
    """Une ligne par personne, son métier, ses dates : dans une petite équipe, ce serait la désigner."""
    d = decor()
    parametres = {"og": d.og.pk, "correspondance": d.correspondance.pk}
    fichier = SimpleUploadedFile("paie.csv", csv_de(ligne(d, 1)))
    travail = deposer("professionnels", fichier=fichier, par=d.siege, parametres=parametres)
    executer(travail.pk)
    page, rapport = (reverse(f"programme:travail-{nom}", args=[travail.pk]) for nom in ("detail", "rapport"))
    siege, admin = connecte(d.siege), connecte(affecter("admin"))
    assert "Aide-soignant" in siege.get(page).content.decode() and siege.get(rapport).status_code == 200
    lue = admin.get(page).content.decode()
    assert "1 créé" in lue and "Aide-soignant" not in lue and "Rapport complet" not in lue
    assert admin.get(rapport).status_code == 403


@pytest.mark.parametrize(
    "contenu",
    [
        b"",
        b"\x00\x01\x02",
        b"Matricule;Nom\x00;M",
        "Matricule;Matricule;Nom;Métier;ESMS;Entrée\r\nM1;M2;A;B;C;D".encode(),
        xlsx_de(),
        b"PK\x03\x04 pas un classeur",
    ],
    ids=["vide", "octets-nuls", "nul-dans-un-csv", "colonnes-en-double", "feuille-vide", "faux-classeur"],
)
def test_un_fichier_forge_se_refuse_sans_rien_laisser(contenu: bytes) -> None:
    d = decor()
    session = tenue(grappe=d.coteau.grappe, module=ModuleFormationFactory(grappe=d.coteau.grappe))
    presente(session, PosteFactory(parcours=d.coteau))
    matrice, avant = MatriceFactory(parcours=d.coteau), Travail.objects.count()
    auj = timezone.localdate().isoformat()
    for url, champs in (
        (reverse("formation:comptes-import", args=[d.coteau.pk]), {"au": auj}),
        (reverse("formation:session-presences-import", args=[session.pk]), {}),
        (reverse("formation:matrice-import", args=[matrice.pk]), {}),
        (reverse("formation:professionnels-import", kwargs={"finess": d.og.finess}), {}),
    ):
        reponse = _envoyer(d.siege, url, contenu, **champs)
        assert reponse.status_code in (302, 422), url
    assert not CompteDui.objects.exists() and Poste.objects.count() == 1
    assert not Travail.objects.exclude(genre__startswith="professionnels").filter(pk__gt=avant).exists()


def _bombe() -> bytes:
    """Un classeur dont une page se déplie cinq cents fois."""
    d, sortie = io.BytesIO(xlsx_de(["Matricule"])), io.BytesIO()
    with zipfile.ZipFile(d) as source, zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as cible:
        for nom in source.namelist():
            octets = source.read(nom)
            cible.writestr(nom, octets + b" " * 80_000_000 if nom.endswith("sheet1.xml") else octets)
    return sortie.getvalue()


def test_un_classeur_qui_se_deplie_trop_se_refuse() -> None:
    d, bombe = decor(), _bombe()
    auj = timezone.localdate().isoformat()
    for nom, args in (("comptes-import", [d.coteau.pk]), ("professionnels-import", None)):
        url = reverse(f"formation:{nom}", args=args, kwargs=None if args else {"finess": d.og.finess})
        assert _envoyer(d.siege, url, bombe, "x.xlsx", au=auj).status_code == 422


@pytest.mark.parametrize("nom", ["../../etc/passwd", "a\r\nX-Pwn: 1.csv", "<script>alert(1)</script>.csv", "é" * 300])
def test_un_nom_de_fichier_hostile_ne_casse_rien(nom: str) -> None:
    d = decor()
    url = reverse("formation:comptes-import", args=[d.coteau.pk])
    reponse = _envoyer(d.siege, url, b"Identifiant;Actif\nc1;oui\n", nom, au=timezone.localdate().isoformat())
    assert reponse.status_code in (302, 422)
    if travail := Travail.objects.filter(genre=COMPTES).first():
        page = connecte(d.siege).get(reverse("programme:travail-detail", args=[travail.pk]))
        assert b"<script>alert(1)" not in page.content and ".." not in travail.fichier.name


# --- les présences -------------------------------------------------------------------------------------------------


def test_une_feuille_de_presence_ne_repete_pas_ce_qu_elle_porte() -> None:
    """Un nom dans la colonne du numéro, un matricule à sa place : le travail, lu par l'administrateur, le tait."""
    session = tenue(capacite=8)
    parcours = ParcoursFactory(grappe=session.grappe)
    inscrite = presente(session, PosteFactory(parcours=parcours))
    lignes = [
        "Numéro;Matricule;Présent",
        "Zznom Un;;oui",
        f"{inscrite.professionnel_id};;Zznom Deux",
        "9040417;;oui",
        f"{'9' * 1999};;oui",
        ";ZZMAT9;oui",
    ]
    url = reverse("formation:session-presences-import", args=[session.pk])
    assert _envoyer(directrice_de(parcours), url, "\r\n".join(lignes).encode()).status_code == 302
    travail = Travail.objects.latest("pk")
    assert travail.resultat["nombres"]["rejete"] == 5
    dits = str(travail.resultat).lower() + _rapport(travail)
    assert not any(trace in dits for trace in (*TRACES, "9040417", "999"))


def test_une_feuille_de_presence_quitte_le_disque() -> None:
    """Emportée par qui gère l'ESMS, elle porte des noms : effacée une fois écrite, ou au bout d'une semaine."""
    session = tenue(capacite=8)
    parcours = ParcoursFactory(grappe=session.grappe)
    directrice, inscrite = directrice_de(parcours), presente(session, PosteFactory(parcours=parcours))
    url = reverse("formation:session-presences-import", args=[session.pk])
    feuille = f"Numéro;Nom;Présent\r\n{inscrite.professionnel_id};Zznom;non".encode()
    for _ in range(2):
        _envoyer(directrice, url, feuille)
    ecrit, oublie = Travail.objects.order_by("pk")
    confirmer(ecrit, par=directrice)
    ecrit.refresh_from_db()
    assert not ecrit.fichier and Inscription.objects.get().pointage == "absent"
    chemin, rangement = oublie.fichier.name, oublie.fichier.storage
    assert rangement.exists(chemin)
    Travail.objects.filter(pk=oublie.pk).update(cree_le=timezone.now() - timezone.timedelta(days=8))
    import_relie("professionnels").effacer_les_oublies(None)
    assert not rangement.exists(chemin)


# --- les comptes ---------------------------------------------------------------------------------------------------


@pytest.fixture
def directrice() -> Utilisateur:
    return directrice_de(ParcoursFactory())


def test_effacer_pendant_un_import_de_comptes_ne_renomme_personne(directrice: Utilisateur, monkeypatch: Any) -> None:
    """L'aperçu l'a reconnue, elle est effacée avant l'écriture : son identifiant ne lui revient pas."""
    from formation.resources import comptes as ressource

    parcours = directrice.affectations.get().esms.parcours.get()
    poste = PosteFactory(parcours=parcours, professionnel__nom="Zznom", professionnel__matricule="ZZMAT1")
    parametres = {"parcours": parcours.pk, "au": timezone.localdate().isoformat()}
    fichier = SimpleUploadedFile("c.csv", b"Identifiant;Matricule;Actif\nprenom.nom;ZZMAT1;oui\n")
    travail = deposer(COMPTES, fichier=fichier, par=directrice, parametres=parametres)
    ecrire = ressource.service.ecrire

    def effacer_puis_ecrire(**champs: Any) -> None:
        effacement.effacer(personne=poste.professionnel, par=directrice)
        ecrire(**champs)

    monkeypatch.setattr(ressource.service, "ecrire", effacer_puis_ecrire)
    confirmer(travail, par=directrice)
    assert CompteDui.objects.get().professionnel is None


def test_un_compte_ne_se_rend_pas_a_une_personne_effacee(directrice: Utilisateur) -> None:
    parcours = directrice.affectations.get().esms.parcours.get()
    poste, compte = PosteFactory(parcours=parcours), CompteDuiFactory(parcours=parcours)
    effacement.effacer(personne=poste.professionnel, par=directrice)
    poste.professionnel.refresh_from_db()
    with pytest.raises(Refus):
        rapprocher_compte(compte=compte, professionnel=poste.professionnel, profil=None, par=directrice)


# --- ce qui s'emporte ----------------------------------------------------------------------------------------------

FORMULE = "=cmd|'/c calc'!A1"


def _cases_de(octets: bytes) -> list[Any]:
    if octets[:2] == b"PK":
        livre = load_workbook(io.BytesIO(octets))
        return [case for page in livre for rangee in page.iter_rows() for case in rangee if case.value is not None]
    return re.split(r"[;\r\n]+", octets.decode("utf-8-sig"))


def test_aucun_export_ne_porte_de_formule() -> None:
    """Un nom, une unité, un profil, un module, un métier qui commencent par « = » restent du texte."""
    d = decor()
    grappe, siege = d.coteau.grappe, d.siege
    unite = d.coteau.unites.get()
    type(unite).objects.filter(pk=unite.pk).update(nom=FORMULE)
    profil = ProfilFactory(grappe=grappe, nom=FORMULE)
    module = ModuleFormationFactory(grappe=grappe, nom=FORMULE)
    session = tenue(grappe=grappe, module=module)
    for _ in range(6):
        poste = PosteFactory(
            parcours=d.coteau, unite=unite, profil=profil, professionnel__nom=FORMULE, professionnel__courriel=""
        )
        Professionnel.objects.filter(pk=poste.professionnel_id).update(matricule=f"=M{poste.pk}")
        CompteDuiFactory(parcours=d.coteau, professionnel=poste.professionnel, identifiant=f"=C{poste.pk}")
        presente(session, poste)
    matrice = MatriceFactory(parcours=d.coteau)
    HabilitationFactory(matrice=matrice, profil=profil)
    e = [d.coteau.pk]
    urls = [
        *(reverse("formation:parcours-professionnels", args=e) + f"?format={f}" for f in ("csv", "xlsx")),
        *(reverse("formation:sessionformation-liste") + f"?format={f}" for f in ("csv", "xlsx")),
        *(reverse("formation:grappe-formation", args=[grappe.pk]) + f"?format={f}" for f in ("csv", "xlsx")),
        *(reverse(f"formation:matrice-{f}", args=[matrice.pk]) for f in ("csv", "xlsx")),
        *(reverse(f"formation:parcours-placements-{f}", args=e) for f in ("csv", "xlsx")),
        reverse("formation:session-emargement-csv", args=[session.pk]),
        reverse("formation:professionnels-feuille", kwargs={"finess": d.og.finess}),
    ]
    client, vus = connecte(siege), 0
    for url in urls:
        reponse: Any = client.get(url)
        assert reponse.status_code == 200, url
        octets = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
        for case in _cases_de(octets):
            valeur = case if isinstance(case, str) else case.value
            assert isinstance(case, str) or case.data_type != "f", f"{url} : {valeur}"
            assert not isinstance(case, str) or not case.strip('"').startswith("="), f"{url} : {valeur}"
            vus += FORMULE[1:] in str(valeur)
    assert vus > 10, "les noms piégés sont bien dans ces fichiers"
