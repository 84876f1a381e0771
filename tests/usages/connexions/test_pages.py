"""Les pages des connexions : lire, déposer, relier, confirmer ; allumer, éteindre ; ce que le financeur ne lit pas."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programme.socle.models import Correspondance, Travail
from programme.socle.travaux import executer
from tests.fabriques import EsmsFactory, ParcoursFactory, RegionFactory, SolutionFactory, affecter
from tests.formation.fabriques import PosteFactory
from tests.usages.connexions.aides import PASSE, Decor, decor, journal, mois_entier
from tests.usages.fabriques import UsageMensuelFactory, premier_du_mois
from usages.models import HorairesAllumes, TrancheUsage, UsageMensuel
from usages.services.connexions.correspondances import GENRE

pytestmark = pytest.mark.django_db


@pytest.fixture
def d() -> Decor:
    return decor()


def _client(compte: Any) -> Client:
    client = Client()
    client.force_login(compte)
    return client


def _page(compte: Any, route: str, cle: int) -> str:
    reponse = _client(compte).get(reverse(route, args=[cle]))
    assert reponse.status_code == 200
    return reponse.content.decode()


def _fichier(contenu: bytes, nom: str = "journal.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(nom, contenu, content_type="text/csv")


def _deposer(d: Decor, contenu: bytes, **champs: Any) -> Any:
    adresse = reverse("usages:connexions-import", args=[d.chai.pk])
    donnees = {"source": "journal", "fichier": _fichier(contenu)} | champs
    return _client(d.siege).post(adresse, donnees)


# --- lire ----------------------------------------------------------------------------------------------------------


def test_la_page_d_un_esms_dit_le_dernier_mois_et_dessine_la_courbe_avec_son_tableau(d: Decor) -> None:
    for recul, actifs in ((3, 5), (2, 8), (1, 12)):
        UsageMensuelFactory(parcours=d.chai, mois=premier_du_mois(recul), actifs=actifs, est_complet=recul > 1)
    page = _page(d.siege, "usages:parcours-connexions", d.chai.pk)
    assert "12 comptes actifs" in page and "Mois incomplet" in page and 'data-dessin="actifs"' in page
    assert page.count("pas de fichier") == 9 and page.count("tendance-point") == 3


def test_sans_fichier_la_page_propose_le_premier_geste(d: Decor) -> None:
    assert "Importer un fichier" in _page(d.siege, "usages:parcours-connexions", d.chai.pk)
    chef = affecter("chef_projet", d.chai.grappe)
    vue = _page(chef, "usages:parcours-connexions", d.chai.pk)
    assert "Aucun fichier de connexion" in vue and "Importer un fichier" not in vue


def test_une_equipe_de_moins_de_cinq_ne_se_lit_que_par_qui_la_gere(d: Decor) -> None:
    UsageMensuelFactory(parcours=d.chai, actifs=3)
    assert "3 comptes actifs" in _page(d.siege, "usages:parcours-connexions", d.chai.pk)
    chef = affecter("chef_projet", d.chai.grappe)
    assert "3 comptes actifs" not in _page(chef, "usages:parcours-connexions", d.chai.pk)
    assert "masqué" in _page(chef, "usages:grappe-connexions", d.chai.grappe_id)


def test_la_grappe_additionne_les_esms_qui_se_lisent_et_dit_combien(d: Decor) -> None:
    UsageMensuelFactory(parcours=d.coteau, actifs=30)
    UsageMensuelFactory(parcours=d.chai, actifs=3)
    page = _page(affecter("chef_projet", d.chai.grappe), "usages:grappe-connexions", d.chai.grappe_id)
    assert "1 sur 2" in page and "Sans 1 ESMS" in page and "33" not in page.split("t-ensemble")[1].split("t-esms")[0]


def test_le_financeur_ne_lit_ni_les_connexions_ni_les_heures(d: Decor) -> None:
    departement = d.chai.esms.departement
    assert departement is not None
    usage = UsageMensuelFactory(parcours=d.chai, actifs=30, connexions=300)
    TrancheUsage.objects.create(usage=usage, tranche="matin", connexions=200, comptes=20)
    ars = affecter("ars", departement.region or RegionFactory())
    assert not UsageMensuel.objects.visibles_par(ars).exists() and not TrancheUsage.objects.visibles_par(ars).exists()
    for route, cle in (("parcours-connexions", d.chai.pk), ("grappe-connexions", d.chai.grappe_id)):
        assert _client(ars).get(reverse(f"usages:{route}", args=[cle])).status_code in (403, 404)


def test_autant_de_requetes_pour_un_esms_que_pour_cinquante(d: Decor) -> None:
    def compter() -> int:
        with CaptureQueriesContext(
            connection,
        ) as vues:
            client.get(reverse("usages:grappe-connexions", args=[d.chai.grappe_id]))
        return len(vues)

    client = _client(affecter("chef_projet", d.chai.grappe))
    UsageMensuelFactory(parcours=d.chai)
    client.get("/")
    avant = compter()
    for rang in range(50):
        parcours = ParcoursFactory(grappe=d.chai.grappe, esms=EsmsFactory(og=d.og, nom=f"ESMS {rang}"))
        UsageMensuelFactory(parcours=parcours)
    assert compter() == avant


# --- importer ------------------------------------------------------------------------------------------------------


def test_deposer_relier_relire_confirmer(d: Decor) -> None:
    Correspondance.objects.filter(genre=GENRE).delete()
    finess = d.chai.esms.finess
    contenu = journal(
        *mois_entier(finess), "agent1;2026-10-09 10:00;Pavillon Nord", entete="Login;Horodatage;Établissement"
    )
    reponse = _deposer(d, contenu)
    assert reponse.status_code == 302 and "/connexions/correspondances/" in reponse.url
    client = _client(d.siege)
    page = client.get(reponse.url).content.decode()
    assert "Pavillon Nord" in page and "agent0" in page
    depot = Travail.objects.get(genre="connexions-depot")
    champs = {
        "travail": depot.pk, "feuille": "Tableau", "ligne_entete": 1, "nb_entetes": 1, "separateur": ";",
        "nom": "Journal", "code": "journal", "colonne_0": "compte", "colonne_1": "instant", "colonne_2": "esms",
        "mot_esms_0": finess,
    }  # fmt: skip
    reponse = client.post(reponse.url, champs)
    assert reponse.status_code == 302, reponse.content.decode()
    vu = Travail.objects.get(genre=GENRE)
    executer(vu.pk)
    client.post(reverse("programme:travail-confirmer", args=[vu.pk]))
    executer(Travail.objects.get(genre=GENRE, parametres__ecrire=True).pk)
    assert UsageMensuel.objects.get().actifs == 2
    liee = Correspondance.objects.get(genre=GENRE)
    assert liee.valeurs == {"esms": {"pavillon nord": finess}} and liee.options["lecture"]["separateur"] == ";"
    # La seconde fois, l'aperçu suit le dépôt.
    assert "/travaux/" in _deposer(d, contenu).url


@pytest.mark.parametrize(
    ("contenu", "mot"),
    [
        (b"agent0;2026-10-01 08:00;330000001\nagent1;2026-10-02 08:00;330000001\n", "ligne d&#x27;en-tête"),
        (b"PK\x03\x04", "classeur"),
        (b"\x00" * 60, "UTF-16 ou binaire"),
        (b"", "vide"),
    ],
)
def test_un_fichier_qui_ne_se_lit_pas_est_refuse_au_depot(d: Decor, contenu: bytes, mot: str) -> None:
    Correspondance.objects.filter(genre=GENRE).delete()
    reponse = _deposer(d, contenu)
    assert reponse.status_code == 422 and mot in reponse.content.decode()
    assert not Travail.objects.exists() and not Correspondance.objects.exists()


def test_une_colonne_absente_se_dit_a_la_page_des_colonnes(d: Decor) -> None:
    Correspondance.objects.filter(genre=GENRE).delete()
    reponse = _deposer(d, journal("agent0;nord", entete="Login;Pavillon"))
    client = _client(d.siege)
    depot = Travail.objects.get()
    champs = {"travail": depot.pk, "feuille": "Tableau", "ligne_entete": 1, "nb_entetes": 1, "separateur": ";"}
    rendu = client.post(reponse.url, champs | {"nom": "J", "code": "j", "colonne_0": "compte"})
    assert rendu.status_code == 422 and "Date et heure de connexion" in rendu.content.decode()


@pytest.mark.parametrize("travail", ["9" * 40, "9" * 5_000, "-1", "²"])
def test_un_depot_qui_n_existe_pas_n_est_pas_une_panne(d: Decor, travail: str) -> None:
    adresse = reverse("usages:connexions-relier", args=[d.correspondance.pk])
    assert _client(d.siege).get(adresse, {"travail": travail}).status_code in (200, 404)


def test_une_liste_demande_le_jour_de_son_extraction(d: Decor) -> None:
    reponse = _deposer(d, journal("agent0;2026-10-01;x"), source="liste")
    assert reponse.status_code == 422 and "quel jour" in reponse.content.decode()


def test_les_colonnes_reliees_pour_un_editeur_servent_aux_autres_organismes(d: Decor) -> None:
    solution = SolutionFactory()
    d.chai.solution = solution
    d.chai.save()
    ailleurs = Correspondance.objects.get(genre=GENRE)
    autre = ParcoursFactory().esms.og
    ailleurs.og, ailleurs.colonnes = autre, {"zz compte": "compte", "zz quand": "instant"}
    ailleurs.options["editeur"] = solution.editeur_id
    ailleurs.save()
    _deposer(d, journal("a;2026-10-01;x", entete="ZZ Compte;ZZ Quand;Truc"))
    brouillon = Correspondance.objects.get(og=d.og)
    assert brouillon.colonnes == {"zz compte": "compte", "zz quand": "instant"}


# --- les heures et les lieux ---------------------------------------------------------------------------------------


def _allumer(d: Decor, compte: Any, **champs: Any) -> Any:
    donnees = {"cse_le": timezone.localdate().isoformat(), "reference": "PV du CSE"} | champs
    return _client(compte).post(reverse("usages:connexions-horaires", args=[d.chai.pk]), donnees)


def _dix(d: Decor) -> None:
    for _ in range(10):
        PosteFactory(parcours=d.chai, debut=PASSE)


def test_allumer_demande_dix_personnes_et_une_date_passee(d: Decor) -> None:
    assert _allumer(d, d.siege).status_code == 422 and not HorairesAllumes.objects.exists()
    _dix(d)
    demain = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert _allumer(d, d.siege, cse_le=demain).status_code == 422
    assert _allumer(d, d.siege, cse_le="").status_code == 422
    assert _allumer(d, d.siege).status_code == 302
    allume = HorairesAllumes.objects.get()
    assert allume.allume_par == d.siege and allume.reference == "PV du CSE" and allume.history.count() == 1


def test_eteindre_oublie_ce_qui_a_ete_compte(d: Decor) -> None:
    _dix(d)
    _allumer(d, d.siege)
    usage = UsageMensuelFactory(parcours=d.chai)
    TrancheUsage.objects.create(usage=usage, tranche="matin", connexions=200, comptes=20)
    reponse = _client(d.siege).post(reverse("usages:connexions-horaires", args=[d.chai.pk]), {"geste": "eteindre"})
    assert reponse.status_code == 302
    assert not HorairesAllumes.objects.exists() and not TrancheUsage.objects.exists()


def test_le_referent_importe_mais_n_allume_pas(d: Decor) -> None:
    _dix(d)
    assert _allumer(d, affecter("referent", d.chai.esms)).status_code == 403


def test_la_colonne_du_lieu_ne_se_propose_que_si_c_est_allume(d: Decor) -> None:
    Correspondance.objects.filter(genre=GENRE).delete()
    reponse = _deposer(d, journal("a;2026-10-01;x;vpn", entete="Login;Date;ESMS;Lieu"))
    assert "Lieu de connexion" not in _client(d.siege).get(reponse.url).content.decode()
    HorairesAllumes.objects.create(parcours=d.chai, cse_le=timezone.localdate(), allume_par=d.siege)
    assert "Lieu de connexion" in _client(d.siege).get(reponse.url).content.decode()
