"""Les pages de la reprise : déposer, relier, relire, confirmer ; et ce qui n'est pas à soi."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from programme.models import Grappe, Parcours, Utilisateur
from programme.services.correspondances import Chez
from programme.services.reprise.correspondances import GENRE
from programme.socle.imports import confirmer
from programme.socle.models import Correspondance, Travail
from programme.socle.porte import changer_etat
from programme.socle.travaux import TravailRefuse, executer
from tests.aides import connecte
from tests.fabriques import EsmsFactory, GrappeFactory, ParcoursFactory, affecter, cheffe_de
from tests.programme.reprise.aides import CLASSEURS, FAUTIF, annuaire, correspondance

pytestmark = pytest.mark.django_db


@pytest.fixture
def grappe() -> Grappe:
    return GrappeFactory()


@pytest.fixture
def cheffe(grappe: Grappe) -> Utilisateur:
    return cheffe_de(grappe)


@pytest.fixture
def poste(cheffe: Utilisateur) -> Client:
    return connecte(cheffe)


def classeur(*lignes: list[Any], titre: str = "Suivi") -> bytes:
    livre = Workbook()
    livre.active.title = titre
    for ligne in lignes:
        livre.active.append(ligne)
    octets = io.BytesIO()
    livre.save(octets)
    return octets.getvalue()


def page(grappe: Grappe, **arguments: Any) -> str:
    return reverse(
        "programme:reprise-relier" if arguments else "programme:grappe-reprise", args=[grappe.pk, *arguments.values()]
    )


def deposer(poste: Client, grappe: Grappe, contenu: bytes | Path, nom: str = "suivi.xlsx", **champs: Any) -> Any:
    octets = contenu if isinstance(contenu, bytes) else contenu.read_bytes()
    return poste.post(page(grappe), {"fichier": SimpleUploadedFile(nom, octets), **champs})


def saisie(reponse: Any) -> dict[str, Any]:
    """Ce qu'enverrait le formulaire sans y toucher."""
    form = reponse.context["form"]
    donnees = {nom: form[nom].initial or "" for nom in form.fields}
    return donnees | {"travail": reponse.context["depot"].pk} | form.lecture_choisie.en_json()


def dernier() -> Travail:
    return Travail.objects.first()


def textes(reponse: Any) -> str:
    return " ".join(reponse.content.decode().split())


# --- les trois pages -----------------------------------------------------------------------------------------------


def test_du_depot_a_l_ecriture_en_trois_pages(poste: Client, grappe: Grappe, cheffe: Utilisateur) -> None:
    un, deux = EsmsFactory(nom="IME Le Coteau"), EsmsFactory(nom="IME Les Vergers")
    contenu = classeur(
        ["N° FINESS", "Établissement", "État", "Date de cadrage", "Vague", "À part"],
        [un.finess, un.nom, "Cadrage fait", "12 mars 2024", "V1", "à nous"],
        [deux.finess, deux.nom, "OK", None, "V2", None],
    )
    reponse = deposer(poste, grappe, contenu, "Mon suivi.xlsx")
    brouillon = Correspondance.objects.get()
    assert reponse.url == f"{page(grappe, correspondance=brouillon.pk)}?travail={Travail.objects.get().pk}"
    assert not Chez(GENRE, compte=cheffe).enregistrees().exists()
    assert dernier().genre == "reprise-depot" and "Relier ses colonnes" in textes(
        poste.get(reverse("programme:travail-detail", args=[dernier().pk]))
    )

    relier = poste.get(reponse.url)
    lu = textes(relier)
    assert "12 mars 2024" in lu and "« OK »" in lu and "1 mot à préciser" in lu
    form = relier.context["form"]
    assert [form[f"colonne_{r}"].initial for r in range(6)] == [
        "finess", "nom_esms", "etat", "date:cadrage", "vague", "",
    ]  # fmt: skip
    donnees = saisie(relier)
    ok = next(nom for nom in form.fields if nom.startswith("mot_etat") and not form[nom].initial)
    donnees |= {ok: "routine", "nom": "Suivi de la grappe", "code": "suivi"}
    reponse = poste.post(reponse.url, donnees)
    apercu = dernier()
    assert reponse.url == reverse("programme:travail-detail", args=[apercu.pk]) and apercu.genre == GENRE
    relie = Chez(GENRE, compte=cheffe).enregistrees().get()
    assert (relie.code, relie.valeurs["etat"]["ok"], relie.options["entetes"][5]) == ("suivi", "routine", "À part")

    executer(apercu.pk)
    lu = textes(poste.get(reponse.url))
    assert "2 créés" in lu and "12/03/2024" in lu and "Pour toute la grappe" in lu and "Confirmer" in lu
    assert not Parcours.objects.exists()
    suite = confirmer(apercu, par=cheffe)
    executer(suite.pk)
    lu = textes(poste.get(reverse("programme:travail-detail", args=[suite.pk])))
    assert "C’est écrit" in lu and "Ce qui reste à faire" in lu and f"Ouvrir « {grappe.nom} »" in lu
    assert set(Parcours.objects.values_list("etat", flat=True)) == {"cadrage", "routine"}


def test_la_feuille_rendue_garde_les_intitules_et_les_mots(poste: Client, grappe: Grappe, cheffe: Utilisateur) -> None:
    test_du_depot_a_l_ecriture_en_trois_pages(poste, grappe, cheffe)
    relie = Chez(GENRE, compte=cheffe).enregistrees().get()
    adresse = reverse("programme:reprise-classeur", args=[grappe.pk, relie.pk])
    octets = b"".join(poste.get(adresse).streaming_content)
    livre = load_workbook(io.BytesIO(octets))
    lignes = [[c.value for c in ligne] for ligne in livre["Suivi"].iter_rows()]
    assert lignes[0] == ["N° FINESS", "Établissement", "État", "Date de cadrage", "Vague", "À part"]
    assert [ligne[2] for ligne in lignes[1:]] == ["Cadrage fait", "OK"] and lignes[1][4] == "V1"
    assert livre["Suivi"]["D2"].is_date and not lignes[1][5]
    reponse = deposer(poste, grappe, octets, correspondance=relie.pk)
    executer(dernier().pk)
    assert reponse.url == reverse("programme:travail-detail", args=[dernier().pk])
    assert dernier().resultat["nombres"] == {"inchange": 2} and "Rien à écrire" in textes(poste.get(reponse.url))


def test_le_fautif_montre_ses_fautes_et_n_offre_pas_d_ecrire(
    poste: Client, grappe: Grappe, cheffe: Utilisateur
) -> None:
    annuaire()
    relie = correspondance(FAUTIF, cheffe)
    reponse = deposer(poste, grappe, CLASSEURS[FAUTIF], correspondance=relie.pk)
    executer(dernier().pk)
    lu = textes(poste.get(reponse.url))
    assert "12 fautes à corriger" in lu and "Confirmer" not in lu and "en bonne voie" in lu
    assert "Revoir les colonnes et les mots" in lu and "Déposer le classeur corrigé" in lu
    with pytest.raises(TravailRefuse):
        confirmer(dernier(), par=cheffe)
    poste.post(reverse("programme:travail-confirmer", args=[dernier().pk]))
    assert not Parcours.objects.exists()


def test_les_donnees_changees_entre_l_apercu_et_la_confirmation(
    poste: Client, grappe: Grappe, cheffe: Utilisateur
) -> None:
    parcours = ParcoursFactory(grappe=grappe)
    contenu = classeur(["FINESS", "État", "Cadrage"], [parcours.esms.finess, "Cadrage", "12/03/2024"])
    reponse = deposer(poste, grappe, contenu)
    poste.post(reponse.url, saisie(poste.get(reponse.url)))
    apercu = dernier()
    executer(apercu.pk)
    changer_etat(parcours, "suspendre", par=cheffe, motif="essai")
    suite = confirmer(apercu, par=cheffe)
    executer(suite.pk)
    suite.refresh_from_db()
    assert suite.etat == "echec" and "changé depuis l'aperçu" in suite.erreur
    assert Parcours.objects.get().etat == "suspendu"


# --- relier --------------------------------------------------------------------------------------------------------


def test_relire_ailleurs_change_la_grille(poste: Client, grappe: Grappe) -> None:
    esms = EsmsFactory()
    livre = Workbook()
    livre.active.title = "Un"
    livre.active.append(["FINESS", "État"])
    livre.active.append([esms.finess, "Cadrage"])
    autre = livre.create_sheet("Deux")
    autre.append(["Notes"])
    autre.append(["N° FINESS", "Avancement", "Vague"])
    autre.append([esms.finess, "Routine", 3])
    octets = io.BytesIO()
    livre.save(octets)
    reponse = deposer(poste, grappe, octets.getvalue())
    assert "« Un »" in textes(poste.get(reponse.url))
    ailleurs = poste.get(reponse.url, {"travail": dernier().pk, "feuille": "Deux", "ligne_entete": 2, "nb_entetes": 1})
    assert [entete for _, entete in ailleurs.context["form"].colonnes_lues] == ["N° FINESS", "Avancement", "Vague"]
    poste.post(reponse.url, saisie(ailleurs))
    assert Correspondance.objects.get().options["lecture"]["feuille"] == "Deux"
    hors = poste.get(reponse.url, {"travail": dernier().pk, "feuille": "Deux", "ligne_entete": 4000, "nb_entetes": 1})
    assert hors.status_code == 200 and "ligne" in textes(hors)


def test_une_faute_de_structure_se_dit_sur_place_et_la_saisie_reste(poste: Client, grappe: Grappe) -> None:
    esms = EsmsFactory()
    contenu = classeur(["FINESS", "État", "Stade"], [esms.finess, "Cadrage", "Pilote"])
    adresse = deposer(poste, grappe, contenu).url
    donnees = saisie(poste.get(adresse)) | {"colonne_0": "", "colonne_1": "etat", "colonne_2": "etat", "nom": "Gardé"}
    reponse = poste.post(adresse, donnees)
    lu = textes(reponse)
    assert reponse.status_code == 422 and "Reliez la colonne du numéro FINESS" in lu and "deux colonnes" in lu
    assert 'value="Gardé"' in lu and Correspondance.objects.get().options["brouillon"]
    pris = saisie(poste.get(adresse)) | {"colonne_1": "etat", "colonne_2": "", "code": "pas bon"}
    assert "sans accents" in textes(poste.post(adresse, pris))


def test_une_colonne_reliee_apres_coup_apporte_ses_mots(poste: Client, grappe: Grappe, cheffe: Utilisateur) -> None:
    contenu = classeur(["FINESS", "Colonne libre"], [EsmsFactory().finess, "cadrage"], [EsmsFactory().finess, "OK"])
    adresse = deposer(poste, grappe, contenu).url
    depart = poste.get(adresse)
    assert not depart.context["form"].mots
    poste.post(adresse, saisie(depart) | {"colonne_1": "etat"})
    executer(dernier().pk)
    assert dernier().resultat["nombres"] == {"cree": 1, "rejete": 1}, (
        "un mot laissé à choisir est une faute, à sa ligne"
    )
    assert Chez(GENRE, compte=cheffe).enregistrees().get().valeurs["etat"] == {"cadrage": "cadrage", "ok": None}
    relu = poste.get(adresse.partition("?")[0])
    assert relu.context["form"].nb_ambigus == 1 and relu.context["depot"].genre == GENRE


def test_un_classeur_illisible_ou_vide_se_dit_au_depot(poste: Client, grappe: Grappe) -> None:
    for octets, mots in ((b"", "vide"), (b"\x00\x01", "tableau"), (classeur(), "vide")):
        reponse = deposer(poste, grappe, octets)
        assert reponse.status_code == 422 and mots in textes(reponse)
    assert not Travail.objects.exists() and not Correspondance.objects.exists()


def test_un_nir_n_est_pas_garde(poste: Client, grappe: Grappe) -> None:
    reponse = deposer(
        poste, grappe, classeur(["FINESS", "État", "Note"], [EsmsFactory().finess, "ok", "1 84 12 76 451 089 46"])
    )
    assert reponse.status_code == 422 and "sécurité sociale" in textes(reponse) and not Travail.objects.exists()


def test_sans_fichier_la_correspondance_invite_a_deposer(poste: Client, grappe: Grappe, cheffe: Utilisateur) -> None:
    relie = correspondance("reprise-1", cheffe)
    assert "Déposer le classeur" in textes(poste.get(page(grappe, correspondance=relie.pk)))
    assert "Emporter la feuille" in textes(poste.get(page(grappe)))


def test_les_portes_d_entree(poste: Client, grappe: Grappe) -> None:
    for nom in ("grappe-detail", "grappe-ajouter"):
        assert "Reprendre un classeur existant" in textes(poste.get(reverse(f"programme:{nom}", args=[grappe.pk])))


# --- à qui ---------------------------------------------------------------------------------------------------------


def test_la_correspondance_et_le_depot_d_une_autre_n_existent_pas(poste: Client, grappe: Grappe) -> None:
    autre = affecter("chef_projet", grappe)
    sienne = correspondance("reprise-1", autre)
    for nom in ("reprise-relier", "reprise-classeur"):
        assert poste.get(reverse(f"programme:{nom}", args=[grappe.pk, sienne.pk])).status_code == 404
    refus = deposer(poste, grappe, CLASSEURS["reprise-1"], "reprise-1.csv", correspondance=sienne.pk)
    assert dernier() is None or dernier().parametres["correspondance"] != sienne.pk
    assert refus.status_code in (302, 422)
    contenu = classeur(["FINESS", "État"], [EsmsFactory().finess, "Cadrage"])
    deposer(connecte(autre), grappe, contenu)
    mienne = correspondance("reprise-2", poste_de(poste))
    adresse = page(grappe, correspondance=mienne.pk)
    assert poste.get(adresse, {"travail": dernier().pk}).status_code == 404


def poste_de(poste: Client) -> Utilisateur:
    return Utilisateur.objects.get(pk=poste.session["_auth_user_id"])


def test_qui_ne_conduit_plus_ne_confirme_plus(poste: Client, grappe: Grappe, cheffe: Utilisateur) -> None:
    contenu = classeur(["FINESS", "État", "Cadrage"], [EsmsFactory().finess, "Cadrage", "12/03/2024"])
    adresse = deposer(poste, grappe, contenu).url
    poste.post(adresse, saisie(poste.get(adresse)))
    apercu = dernier()
    executer(apercu.pk)
    Correspondance.objects.all().delete()
    with pytest.raises(TravailRefuse, match="correspondance"):
        confirmer(apercu, par=cheffe)


def test_inviter_les_personnes_reprises(poste: Client, grappe: Grappe, django_capture_on_commit_callbacks: Any) -> None:
    esms = EsmsFactory()
    contenu = classeur(
        ["FINESS", "État", "Cadrage", "Directeur", "Courriel du directeur"],
        [esms.finess, "Cadrage", "12/03/2024", "Camille Exemple", "camille.exemple@exemple.invalid"],
    )
    adresse = deposer(poste, grappe, contenu).url
    poste.post(adresse, saisie(poste.get(adresse)))
    executer(dernier().pk)
    poste.post(reverse("programme:travail-confirmer", args=[dernier().pk]))
    executer(dernier().pk)
    assert not mail.outbox
    inviter = reverse("programme:reprise-inviter", args=[grappe.pk])
    assert inviter in textes(poste.get(reverse("programme:travail-detail", args=[dernier().pk])))
    assert "Camille Exemple" in textes(poste.get(inviter)) and "Envoyer 1 invitation" in textes(poste.get(inviter))
    with django_capture_on_commit_callbacks(execute=True):
        reponse = poste.post(inviter, follow=True)
    assert "1 invitation part" in textes(reponse) and "/invitations/" in mail.outbox[0].body
