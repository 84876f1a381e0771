"""Les pages : déposer, relier, relire, confirmer, rendre la feuille ; et le fichier qui quitte le disque."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from formation.models import Poste, Professionnel
from programme.enums import Role
from programme.models import Utilisateur
from programme.socle.imports import confirmer, refaire
from programme.socle.imports_relies import import_relie
from programme.socle.models import Correspondance, Travail
from programme.socle.travaux import executer
from tests.aides import connecte
from tests.fabriques import affecter
from tests.formation.import_professionnels.aides import Decor, csv_de, decor, ligne, xlsx_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def d() -> Decor:
    return decor()


@pytest.fixture
def poste(d: Decor) -> Client:
    return connecte(d.siege)


def page(d: Decor) -> str:
    return reverse("formation:professionnels-import", kwargs={"finess": d.og.finess})


def deposer(poste: Client, d: Decor, contenu: bytes, nom: str = "paie.csv", **champs: Any) -> Any:
    return poste.post(page(d), {"fichier": SimpleUploadedFile(nom, contenu), **champs})


def saisie(reponse: Any) -> dict[str, Any]:
    """Ce qu'enverrait le formulaire sans y toucher."""
    form = reponse.context["form"]
    donnees = {nom: form[nom].initial or "" for nom in form.fields}
    return donnees | {"travail": reponse.context["depot"].pk} | form.lecture_choisie.en_json()


def dernier() -> Travail:
    return Travail.objects.order_by("pk").last()  # type: ignore[return-value]


def textes(reponse: Any) -> str:
    return " ".join(reponse.content.decode().split())


def detail(poste: Client, travail: Travail) -> str:
    return textes(poste.get(reverse("programme:travail-detail", args=[travail.pk])))


def ecrire(travail: Travail, par: Utilisateur) -> Travail:
    executer(travail.pk)
    travail.refresh_from_db()
    suite = confirmer(travail, par=par)
    executer(suite.pk)
    suite.refresh_from_db()
    return suite


def test_du_depot_a_l_ecriture(poste: Client, d: Decor) -> None:
    Correspondance.objects.all().delete()
    contenu = xlsx_de(
        ["Export de paie"],
        [
            "N° agent",
            "Nom d'usage",
            "Prénom",
            "Emploi",
            "Établissement",
            "Date d'embauche",
            "Fin de contrat",
            "Salaire",
        ],
        ["M1", "Personne", "Un", "Aide soignante", "IME Le Coteau", "01/09/2020", None, 2000],
        ["M2", "Personne", "Deux", "AS", "Pôle adultes", "01/09/2021", None, 2000],
        ["M3", "Personne", "Trois", "AS", "Pôle adultes", "31/02/2021", None, 2000],
    )
    reponse = deposer(poste, d, contenu, "Effectifs.xlsx", complet="on", complet_au=f"{timezone.localdate():%Y-%m-%d}")
    relier = poste.get(reponse.url)
    lu = textes(relier)
    assert "3 lignes lues" in lu and "7 colonnes comprises sur 8" in lu and "Pôle adultes" in lu
    form = relier.context["form"]
    donnees = saisie(relier)
    for nom in form.fields:
        if nom.startswith("mot_") and not form[nom].initial:
            donnees[nom] = "aide-soignant" if "metier" in nom else d.vergers.esms.finess
    donnees |= {"nom": "Effectifs du siège", "code": "effectifs"}
    reponse = poste.post(reponse.url, donnees)
    enregistree = Correspondance.objects.get()
    assert (enregistree.og, enregistree.valeurs["esms"]["pole adultes"]) == (d.og, d.vergers.esms.finess)

    apercu = dernier()
    executer(apercu.pk)
    lu = detail(poste, apercu)
    assert "2 créés, 1 rejeté" in lu and "pas une date du calendrier" in lu and "Confirmer" in lu
    assert "Personne n&#x27;est sorti" in lu and not Poste.objects.exists()
    suite = confirmer(Travail.objects.get(pk=apercu.pk), par=d.siege)
    executer(suite.pk)
    lu = detail(poste, suite)
    assert "C’est écrit" in lu and "Personne Un" not in lu
    assert set(Professionnel.objects.values_list("nom", flat=True)) == {"Personne Un", "Personne Deux"}
    # Un autre du siège s'en sert sans la refaire.
    deposer(connecte(affecter(Role.SIEGE, d.og)), d, contenu, "Effectifs.xlsx")
    assert dernier().genre == "professionnels" and dernier().parametres["correspondance"] == enregistree.pk


def test_le_fichier_quitte_le_disque_des_l_ecriture(poste: Client, d: Decor) -> None:
    deposer(poste, d, csv_de(ligne(d, 1)))
    apercu = dernier()
    nom, stockage = apercu.fichier.name, apercu.fichier.storage
    assert stockage.exists(nom)
    suite = ecrire(apercu, d.siege)
    assert suite.resultat["ecrit"] and not stockage.exists(nom)
    assert not Travail.objects.exclude(fichier="").filter(genre="professionnels").exists()
    assert "Revoir les colonnes" not in detail(poste, apercu)
    nouvel = refaire(apercu, par=d.siege)
    executer(nouvel.pk)
    nouvel.refresh_from_db()
    assert "déposez-le de nouveau" in nouvel.erreur
    relier = poste.get(reverse("formation:professionnels-relier", args=[d.correspondance.pk]))
    assert relier.status_code == 200 and "Déposer le fichier" in textes(relier)


def test_un_fichier_jamais_confirme_part_au_bout_d_une_semaine(poste: Client, d: Decor) -> None:
    deposer(poste, d, csv_de(ligne(d, 1)))
    apercu = dernier()
    nom, stockage = apercu.fichier.name, apercu.fichier.storage
    assert import_relie("professionnels").effacer_les_oublies(None)["decompte"] == "0 fichier effacé"
    Travail.objects.filter(pk=apercu.pk).update(cree_le=timezone.now() - timedelta(days=8))
    assert import_relie("professionnels").effacer_les_oublies(None)["decompte"] == "1 fichier effacé"
    assert not stockage.exists(nom)


def test_aucun_nom_dans_l_apercu_ni_le_rapport_que_lit_l_administrateur(poste: Client, d: Decor) -> None:
    contenu = csv_de(ligne(d, 1), ligne(d, 1, nom="Personne 5"), ligne(d, 2), ligne(d, 3, metier="Personne 3"))
    deposer(poste, d, contenu)
    suite = ecrire(dernier(), d.siege)
    admin = connecte(affecter(Role.ADMIN))
    for travail in (suite, suite.suite_de):
        for onglet in ("", "?onglet=rejete", "?onglet=cree"):
            vue = admin.get(reverse("programme:travail-detail", args=[travail.pk]) + onglet)
            assert vue.status_code == 200 and "Personne 2" not in textes(vue) and "Aide-soignant" not in textes(vue)
        url = reverse("programme:travail-rapport", args=[travail.pk])
        assert admin.get(url).status_code == 403, "une ligne par personne : pas pour lui"
        rapport = b"".join(poste.get(url).streaming_content)
        lignes = list(csv.reader(io.StringIO(rapport.decode("utf-8-sig")), delimiter=";"))
        assert "Personne" not in rapport.decode() and "M000" not in rapport.decode()
        assert [x[2] for x in lignes[1:]].count("ligne 4") >= 1
    assert Professionnel.objects.get().nom == "Personne 2"


def test_la_feuille_rendue_se_corrige_et_se_reimporte_seule(poste: Client, d: Decor) -> None:
    deposer(poste, d, csv_de(ligne(d, 1, unite="Les Petits"), ligne(d, 2), ligne(d, 3, esms=d.vergers.esms.finess)))
    ecrire(dernier(), d.siege)
    reponse = poste.get(reverse("formation:professionnels-feuille", args=[d.og.finess]))
    octets = b"".join(reponse.streaming_content)
    deposer(poste, d, octets, "feuille.xlsx")
    assert dernier().genre == "professionnels"
    executer(dernier().pk)
    assert dernier().resultat["nombres"] == {"inchange": 3} and not dernier().resultat["avertissements"]

    livre = load_workbook(io.BytesIO(octets))
    assert [c.value for c in livre.active[1]][:4] == ["Matricule", "Nom", "Métier", "ESMS"]
    livre.active["C2"] = "Psychologue"
    corrige = io.BytesIO()
    livre.save(corrige)
    deposer(poste, d, corrige.getvalue(), "feuille.xlsx")
    suite = ecrire(dernier(), d.siege)
    assert suite.resultat["nombres"] == {"modifie": 1, "inchange": 2}
    # Une directrice n'emporte que les siens.
    directrice = connecte(affecter(Role.DIRECTEUR, d.vergers.esms))
    octets = b"".join(directrice.get(reverse("formation:professionnels-feuille", args=[d.og.finess])).streaming_content)
    assert [c.value for c in load_workbook(io.BytesIO(octets)).active["A"]] == ["Matricule", "M0003"]


def test_une_formule_ne_s_exporte_pas_vivante(poste: Client, d: Decor) -> None:
    deposer(poste, d, csv_de(ligne(d, 1, nom="'=2+2")))
    ecrire(dernier(), d.siege)
    octets = b"".join(poste.get(reverse("formation:professionnels-feuille", args=[d.og.finess])).streaming_content)
    case = load_workbook(io.BytesIO(octets)).active["B2"]
    assert case.data_type == "s" and case.value == "=2+2"


def test_depuis_un_esms_on_n_ecrit_que_chez_soi(d: Decor) -> None:
    directrice = affecter(Role.DIRECTEUR, d.coteau.esms)
    poste, adresse = connecte(directrice), reverse("formation:professionnels-import", kwargs={"pk": d.coteau.pk})
    lu = textes(poste.get(adresse))
    assert "IME Le Coteau" in lu and "MAS Les Vergers" not in lu
    contenu = csv_de(ligne(d, 1), ligne(d, 2, esms=d.vergers.esms.finess))
    poste.post(adresse, {"fichier": SimpleUploadedFile("paie.csv", contenu)})
    suite = ecrire(dernier(), directrice)
    assert suite.resultat["nombres"] == {"cree": 1, "rejete": 1}
    assert suite.parametres["parcours"] == d.coteau.pk


def test_un_seul_nom_d_adresse_et_deux_departs(d: Decor) -> None:
    assert reverse("formation:professionnels-import", args=[d.coteau.pk]).startswith(f"/parcours/{d.coteau.pk}/")
    assert reverse("formation:professionnels-import", args=[d.og.finess]).startswith(f"/og/{d.og.finess}/")


@pytest.mark.parametrize("role", ["chef_projet", "admin", "ars", "membre", "appui"])
def test_qui_ne_gere_pas_n_importe_pas(d: Decor, role: str) -> None:
    cible = {"chef_projet": d.coteau.grappe, "admin": None, "ars": d.coteau.grappe.region, "membre": d.coteau.grappe}
    poste = connecte(affecter(role, cible.get(role, d.og)))
    assert poste.get(page(d)).status_code == 403
    assert deposer(poste, d, csv_de(ligne(d, 1))).status_code == 403
    assert poste.get(reverse("formation:professionnels-feuille", args=[d.og.finess])).status_code == 403
    assert poste.get(reverse("formation:professionnels-relier", args=[d.correspondance.pk])).status_code == 404


def test_le_droit_perdu_entre_l_apercu_et_l_ecriture_n_ecrit_rien(poste: Client, d: Decor) -> None:
    deposer(poste, d, csv_de(ligne(d, 1)))
    executer(dernier().pk)
    d.siege.affectations.update(au=timezone.localdate() - timedelta(days=1))
    reponse = connecte(d.siege).post(reverse("programme:travail-confirmer", args=[dernier().pk]))
    assert reponse.status_code == 403 and not Poste.objects.exists()


def test_une_saisie_fautive_se_dit_et_ne_garde_rien(poste: Client, d: Decor) -> None:
    for contenu, champs, phrase in (
        (b"", {}, "vide"),
        (b"pas un tableau", {}, "une colonne"),
        (csv_de(ligne(d, 1)), {"complet": "on"}, "Dites à quelle date"),
        (csv_de(ligne(d, 1)), {"complet": "on", "complet_au": "2019-01-01"}, "moins d’un an"),
        (csv_de(ligne(d, 1)), {"correspondance": "0"}, "celle de votre organisme"),
    ):
        reponse = deposer(poste, d, contenu, **champs)
        assert reponse.status_code == 422 and phrase in textes(reponse), phrase
    assert not Travail.objects.exists()


def test_relier_dit_ce_qui_manque_et_borne_les_mots(poste: Client, d: Decor) -> None:
    Correspondance.objects.all().delete()
    contenu = csv_de(*[ligne(d, n, metier=f"Métier {n}") for n in range(200)])
    url = deposer(poste, d, contenu).url
    relier = poste.get(url)
    donnees = saisie(relier)
    assert sum(nom.startswith("mot_metier") for nom in donnees) == 150
    reponse = poste.post(url, donnees)
    assert reponse.status_code == 422 and "est-ce la bonne colonne" in textes(reponse)
    sans = {nom: "" if nom == "colonne_0" else valeur for nom, valeur in donnees.items()}
    assert "Reliez la colonne « Matricule »" in textes(poste.post(url, sans))


def test_relier_ne_defait_pas_ce_que_le_siege_a_relie(d: Decor) -> None:
    d.correspondance.valeurs = {"esms": {"pole adultes": d.vergers.esms.finess}}
    d.correspondance.save()
    poste = connecte(affecter(Role.DIRECTEUR, d.coteau.esms))
    deposer(poste, d, csv_de(ligne(d, 1, metier="Chou"), ligne(d, 2, esms="Pôle adultes")))
    url = reverse("formation:professionnels-relier", args=[d.correspondance.pk]) + f"?travail={dernier().pk}"
    relier = poste.get(url)
    assert "Pôle adultes" not in str(list(relier.context["form"].lignes_de_mots()))
    donnees = saisie(relier)
    donnees[next(nom for nom in donnees if nom.startswith("mot_metier") and not donnees[nom])] = "gestion"
    assert poste.post(url, donnees).status_code == 302
    d.correspondance.refresh_from_db()
    assert d.correspondance.valeurs["esms"]["pole adultes"] == d.vergers.esms.finess
    assert d.correspondance.valeurs["metier"]["chou"] == "gestion"


def test_le_separateur_se_dit_et_le_code_d_un_autre_organisme_n_est_pas_pris(poste: Client, d: Decor) -> None:
    Correspondance.objects.all().delete()
    decor()
    contenu = csv_de(ligne(d, 1)).replace(b";", b"|")
    url = deposer(poste, d, contenu).url
    travail = dernier().pk
    relier = poste.get(
        url.partition("?")[0],
        {"travail": travail, "feuille": "Tableau", "ligne_entete": 1, "nb_entetes": 1, "separateur": "|"},
    )
    donnees = saisie(relier) | {"code": "paie", "nom": "Paie"}
    assert donnees["separateur"] == "|" and poste.post(url, donnees).status_code == 302
    assert Correspondance.objects.get(og=d.og).options["lecture"]["separateur"] == "|"
    executer(dernier().pk)
    assert dernier().resultat["nombres"] == {"cree": 1}


def test_la_page_de_l_organisme_y_mene_son_siege(d: Decor) -> None:
    adresse = reverse("programme:og-detail", args=[d.og.pk])
    assert page(d) in textes(connecte(d.siege).get(adresse))
    for autre in (affecter(Role.ADMIN), affecter(Role.DIRECTEUR, d.coteau.esms)):
        assert page(d) not in textes(connecte(autre).get(adresse))
