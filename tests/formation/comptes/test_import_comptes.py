"""Les comptes signalés par l'éditeur : repris tout ou rien, rapprochés, sans qu'un nom reste nulle part."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from formation.models import CompteDui, Professionnel, Profil
from formation.services.comptes import lire, rapprocher_compte
from formation.services.import_comptes import GENRE
from programme.enums import Role
from programme.models import Parcours, Utilisateur
from programme.socle.imports import confirmer, deposer
from programme.socle.models import Travail
from programme.socle.travaux import TravailRefuse, executer_sur_place, oublier_les_fichiers, preparer
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.formation.fabriques import CompteDuiFactory, PosteFactory, ProfilFactory, il_y_a

pytestmark = pytest.mark.django_db
FICHIERS = Path(__file__).parents[3] / "fixtures" / "imports"
LE = date(2026, 11, 25)


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    return directrice_de(parcours)


@pytest.fixture
def equipe(parcours: Parcours) -> dict[str, Any]:
    """Alpha et Béta en poste, Gamma sortie il y a dix jours, deux homonymes ; un profil éducatif, un de soins."""
    hier = timezone.localdate() - timedelta(days=10)
    noms = {"M1": "Alpha Exemple", "M2": "Béta Exemple", "M3": "Gamma Exemple", "M7": "Zêta Exemple"}
    noms |= {"M8": "Homonyme Exemple", "M9": "Homonyme Exemple"}
    postes = {
        matricule: PosteFactory(
            parcours=parcours,
            professionnel__matricule=matricule,
            professionnel__nom=nom,
            fin=hier if matricule == "M3" else None,
        )
        for matricule, nom in noms.items()
    }
    educatif = ProfilFactory(grappe=parcours.grappe, code="educatif", nom="Éducatif")
    educatif.metiers.add(postes["M1"].metier)
    ProfilFactory(grappe=parcours.grappe, code="soins", nom="Soins")
    return postes


def rapporter(parcours: Parcours, par: Utilisateur, nom: str = "", texte: str = "", au: date | None = None) -> Travail:
    octets = texte.encode() if texte else (FICHIERS / nom).read_bytes()
    fichier = SimpleUploadedFile(nom or "comptes.csv", octets)
    parametres = {"parcours": parcours.pk, "au": (au or timezone.localdate()).isoformat()}
    return deposer(GENRE, fichier=fichier, par=par, parametres=parametres)


def reprendre(parcours: Parcours, par: Utilisateur, nom: str = "", texte: str = "", au: date | None = None) -> Travail:
    return confirmer(rapporter(parcours, par, nom, texte, au), par=par)


def test_le_fichier_se_rapproche_par_matricule(
    parcours: Parcours, directrice: Utilisateur, equipe: dict[str, Any]
) -> None:
    travail = rapporter(parcours, directrice, "comptes-dui-juste.csv")
    assert travail.resultat["decompte"] == "5 créés" and not CompteDui.objects.exists()
    confirmer(travail, par=directrice)
    lus = {c.identifiant: c for c in CompteDui.objects.select_related("professionnel", "profil")}
    assert lus["c.alpha"].professionnel == equipe["M1"].professionnel
    assert lus["c.alpha"].profil == Profil.objects.get(code="educatif")
    assert lus["c.alpha"].derniere_connexion == date(2026, 11, 12)
    assert lus["c.beta"].profil is None and lus["c.beta"].profil_signale == "EDUC"
    # Fermé et à personne de connu : il n'apprend rien, il ne se garde pas.
    assert lus["c.inconnu"].professionnel is None and "c.ancien" not in lus
    assert "1 compte fermé à personne de connu" in " ".join(travail.resultat["annonces"])
    assert lus["c.accueil"].est_partage and lus["c.accueil"].professionnel is None
    nombres = {str(e): n for e, n in lire(parcours, timezone.localdate()).ecarts.nombres.items()}
    assert nombres == {"manquant": 3, "en_trop": 1, "sorti_actif": 1, "profil": 0, "partage": 1}


def test_sans_matricule_par_le_nom_exact_et_unique(
    parcours: Parcours, directrice: Utilisateur, equipe: dict[str, Any]
) -> None:
    reprendre(parcours, directrice, "comptes-dui-noms-cp1252.csv")
    lus = dict(CompteDui.objects.values_list("identifiant", "professionnel"))
    assert lus["u01"] == equipe["M2"].professionnel_id and lus["u02"] == equipe["M3"].professionnel_id
    assert lus["u03"] is None and lus["u04"] == equipe["M7"].professionnel_id


def test_la_casse_d_un_matricule_ne_compte_pas(
    parcours: Parcours, directrice: Utilisateur, equipe: dict[str, Any]
) -> None:
    reprendre(parcours, directrice, texte="Identifiant;Matricule;Actif\na;m1;oui\n")
    assert CompteDui.objects.get().professionnel == equipe["M1"].professionnel


def test_deux_apercus_du_meme_jour_ne_creent_pas_deux_fois(
    parcours: Parcours, directrice: Utilisateur, equipe: dict[str, Any]
) -> None:
    apercus = [rapporter(parcours, directrice, "comptes-dui-juste.csv") for _ in range(2)]
    confirmer(apercus[0], par=directrice)
    assert "ont changé depuis l'aperçu" in confirmer(apercus[1], par=directrice).erreur
    assert CompteDui.objects.count() == 5


def test_reprendre_deux_fois_le_meme_fichier_ne_change_rien(
    parcours: Parcours, directrice: Utilisateur, equipe: dict[str, Any]
) -> None:
    reprendre(parcours, directrice, "comptes-dui-juste.csv")
    avant = list(CompteDui.objects.values())
    encore = rapporter(parcours, directrice, "comptes-dui-juste.csv")
    assert encore.resultat["a_ecrire"] == 0 and encore.resultat["decompte"] == "5 inchangés"
    assert list(CompteDui.objects.values()) == avant


def test_un_rapprochement_a_la_main_et_un_mot_reconnu_restent(
    parcours: Parcours, directrice: Utilisateur, equipe: dict[str, Any]
) -> None:
    reprendre(parcours, directrice, "comptes-dui-noms-cp1252.csv")
    u03 = CompteDui.objects.get(identifiant="u03")
    rapprocher_compte(compte=u03, professionnel=equipe["M9"].professionnel, profil=u03.profil, par=directrice)
    assert rapporter(parcours, directrice, "comptes-dui-noms-cp1252.csv").resultat["a_ecrire"] == 0
    # Un mot dit une fois vaut pour les comptes à venir.
    reprendre(parcours, directrice, texte="Identifiant;Profil;Actif\nv1;SOIN+;oui\nv2;SOIN+;oui\n")
    v1 = CompteDui.objects.get(identifiant="v1")
    soins = Profil.objects.get(code="soins")
    rapprocher_compte(compte=v1, professionnel=None, profil=soins, partout=True, par=directrice)
    assert CompteDui.objects.get(identifiant="v2").profil == soins
    reprendre(parcours, directrice, texte="Identifiant;Profil;Actif\nv1;SOIN+;oui\nv3;soin +;oui\n")
    assert CompteDui.objects.get(identifiant="v3").profil == soins


def test_un_compte_absent_reste_et_rien_n_en_est_deduit(
    parcours: Parcours, directrice: Utilisateur, equipe: dict[str, Any]
) -> None:
    avant_hier = timezone.localdate() - timedelta(days=2)
    reprendre(parcours, directrice, texte="Identifiant;Actif\na;oui\nb;oui\n", au=avant_hier)
    travail = reprendre(parcours, directrice, texte="Identifiant;Actif\na;oui\n")
    assert "1 compte connu absent du fichier" in " ".join(travail.resultat["annonces"])
    b = CompteDui.objects.get(identifiant="b")
    assert b.est_actif and b.signale_le == avant_hier
    assert lire(parcours, timezone.localdate()).plus_signales == [b]


def test_toutes_les_fautes_se_disent_et_rien_ne_s_ecrit(
    parcours: Parcours, directrice: Utilisateur, equipe: dict[str, Any]
) -> None:
    travail = rapporter(parcours, directrice, "comptes-dui-fautif.csv")
    rejets = {ligne["ligne"]: ligne["raison"] for ligne in travail.resultat["lignes"]["rejete"]}
    assert "ce n'est pas une date" in rejets[2] and "(E2)" in rejets[2]
    assert "oui ou non" in rejets[3] and "un compte a un identifiant" in rejets[4]
    assert "déjà à la ligne 2" in rejets[5] and "formule" in rejets[6] and "après celle du fichier" in rejets[7]
    assert travail.resultat["a_ecrire"] == 0
    with pytest.raises(TravailRefuse):
        confirmer(travail, par=directrice)
    assert not CompteDui.objects.exists()


def test_l_apercu_et_le_rapport_ne_disent_ni_nom_ni_identifiant(
    parcours: Parcours, directrice: Utilisateur, equipe: dict[str, Any]
) -> None:
    ecrit = reprendre(parcours, directrice, "comptes-dui-juste.csv")
    fautif = rapporter(parcours, directrice, "comptes-dui-fautif.csv")
    modifie = reprendre(parcours, directrice, texte="Identifiant;Profil;Actif\nc.alpha;Zoé Secrète;non\n")
    admin = connecte(affecter(Role.ADMIN))
    for travail in (ecrit, fautif, modifie):
        page = admin.get(reverse("programme:travail-detail", args=[travail.pk])).content.decode()
        rapport = b"".join(admin.get(reverse("programme:travail-rapport", args=[travail.pk]))).decode()
        garde = json.dumps(travail.resultat, ensure_ascii=False) + json.dumps(travail.parametres) + travail.objet
        for texte in (page, rapport, garde):
            for mot in ("Exemple", "c.alpha", "c.beta", "M999", "Secrète", "EDUC"):
                assert mot not in texte, mot


def test_le_fichier_depose_s_efface_une_fois_ecrit(
    parcours: Parcours,
    directrice: Utilisateur,
    equipe: dict[str, Any],
    django_capture_on_commit_callbacks: Any,
) -> None:
    apercu = rapporter(parcours, directrice, "comptes-dui-juste.csv")
    nom, rangement = apercu.fichier.name, apercu.fichier.storage
    assert rangement.exists(nom)
    with django_capture_on_commit_callbacks(execute=True):
        confirmer(apercu, par=directrice)
    assert not rangement.exists(nom)
    assert not Travail.objects.filter(genre=GENRE).exclude(fichier="").exists()


def test_un_apercu_jamais_confirme_perd_son_fichier_au_bout_d_un_jour(
    parcours: Parcours, directrice: Utilisateur
) -> None:
    travail = rapporter(parcours, directrice, texte="Identifiant;Profil\na;X\n")
    assert "tous sont lus comme actifs" in str(travail.resultat["avertissements"])
    assert oublier_les_fichiers([GENRE], timezone.now() - timedelta(days=1)) == 0
    assert oublier_les_fichiers([GENRE], timezone.now() + timedelta(seconds=1)) == 1
    travail.refresh_from_db()
    assert not travail.fichier


def test_un_compte_ferme_s_oublie_avec_la_personne_un_actif_reste(parcours: Parcours) -> None:
    partie, effacee = PosteFactory(parcours=parcours, fin=il_y_a(9)), PosteFactory(parcours=parcours, fin=il_y_a(300))
    Professionnel.objects.filter(pk=effacee.professionnel_id).update(
        nom="", matricule="", pseudonymise_le=timezone.localdate()
    )
    gardes = [
        CompteDuiFactory(parcours=parcours, professionnel=partie.professionnel, est_actif=False),
        CompteDuiFactory(parcours=parcours, professionnel=effacee.professionnel),
        CompteDuiFactory(parcours=parcours),
        CompteDuiFactory(parcours=parcours, est_partage=True, est_actif=False),
    ]
    CompteDuiFactory(parcours=parcours, professionnel=effacee.professionnel, est_actif=False)
    CompteDuiFactory(parcours=parcours, est_actif=False)
    travail = executer_sur_place(preparer("comptes-dui-menage", en_file=False))
    assert travail.resultat == {"decompte": "0 fichier effacé, 2 comptes oubliés"}
    assert set(CompteDui.objects.all()) == set(gardes)


def test_une_date_a_venir_ou_un_fichier_plus_ancien_se_refuse(
    parcours: Parcours, directrice: Utilisateur, equipe: dict[str, Any]
) -> None:
    reprendre(parcours, directrice, texte="Identifiant;Actif\na;oui\n")
    client, url = connecte(directrice), reverse("formation:comptes-import", args=[parcours.pk])
    demain, hier = (timezone.localdate() + timedelta(days=n) for n in (1, -1))
    for jour, phrase in ((demain, "dater de demain"), (hier, "plus récent")):
        fichier = SimpleUploadedFile("c.csv", b"Identifiant;Actif\na;non\n")
        reponse = client.post(url, {"fichier": fichier, "au": jour.isoformat()})
        assert reponse.status_code == 422 and phrase in reponse.content.decode()
    fichier = SimpleUploadedFile("c.csv", b"Identifiant;Actif\na;non\n")
    reponse = client.post(url, {"fichier": fichier, "au": timezone.localdate().isoformat()})
    assert reponse.status_code == 302 and Travail.objects.latest("pk").resultat["decompte"] == "1 modifié"


def test_un_fichier_illisible_ne_laisse_aucun_travail(parcours: Parcours, directrice: Utilisateur) -> None:
    client, url = connecte(directrice), reverse("formation:comptes-import", args=[parcours.pk])
    fichier = SimpleUploadedFile("c.csv", b"Une;Autre\na;b\n")
    reponse = client.post(url, {"fichier": fichier, "au": timezone.localdate().isoformat()})
    assert reponse.status_code == 422 and "Identifiant" in reponse.content.decode()
    assert not Travail.objects.exists()


def test_ni_le_chef_de_projet_ni_l_administrateur_ne_reprennent_des_comptes(parcours: Parcours) -> None:
    url = reverse("formation:comptes-import", args=[parcours.pk])
    for par in (cheffe_de(parcours.grappe), affecter(Role.ADMIN)):
        assert connecte(par).get(url).status_code == 403
        assert rapporter(parcours, par, texte="Identifiant;Actif\na;oui\n").erreur.startswith("Les noms se lisent")
