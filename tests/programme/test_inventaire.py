"""L'inventaire d'applications repris d'un tableur : comparé, montré, écrit tout ou rien."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from programme.calculs.inventaire import MOTS_DOMAINE, MOTS_SORT, domaine_de, sort_de
from programme.enums import DomaineApplication, Role, SortApplication
from programme.models import Application, Parcours, Utilisateur
from programme.socle.imports import confirmer, deposer
from programme.socle.models import Travail
from programme.socle.texte import normaliser
from programme.socle.travaux import TravailRefuse
from tests.aides import connecte
from tests.fabriques import ApplicationFactory, EsmsFactory, ParcoursFactory, affecter, directrice_de

pytestmark = pytest.mark.django_db

ENTETE = ["Logiciel", "Fournisseur", "Domaine fonctionnel", "Devenir"]


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    return directrice_de(parcours)


def rapporter(parcours: Parcours, par: Utilisateur, *lignes: list[Any], entete: Any = ENTETE, **reste: Any) -> Travail:
    livre = Workbook()
    for ligne in (entete, *lignes):
        livre.active.append(ligne)
    octets = io.BytesIO()
    livre.save(octets)
    fichier = SimpleUploadedFile("inventaire.xlsx", octets.getvalue())
    return deposer("inventaire", fichier=fichier, par=par, parametres={"parcours": parcours.pk} | reste)


def raisons(travail: Travail) -> str:
    return " ".join(ligne["raison"] for ligne in travail.resultat["lignes"].get("rejete", []))


def test_les_mots_du_classeur_sont_compris(parcours: Parcours, directrice: Utilisateur) -> None:
    travail = rapporter(
        parcours, directrice, ["Tempo", "Coopérative", "Planning", "À interfacer"], ["Astreia", "", "RH", ""]
    )
    assert travail.resultat["decompte"] == "2 créés" and not Application.objects.exists()
    confirmer(travail, par=directrice)
    lus = set(Application.objects.values_list("nom", "editeur", "domaine", "sort", "parcours"))
    assert lus == {
        ("Tempo", "Coopérative", "temps", "interfacee", parcours.pk),
        ("Astreia", "", "paie", "a_decider", parcours.pk),
    }


def test_une_faute_empeche_tout_et_toutes_se_disent(parcours: Parcours, directrice: Utilisateur) -> None:
    travail = rapporter(
        parcours,
        directrice,
        ["Tempo", "", "Planning", ""],
        ["Bizarre", "", "Cuisine moléculaire", "Peut-être"],
        ["", "Sans nom", "Paie", ""],
        ["TEMPO", "", "", ""],
        ["=1+1", "", "Paie", ""],
        ["x" * 121, "", "Paie", ""],
    )
    texte = raisons(travail)
    for phrase in ("Cuisine moléculaire", "Peut-être", "donnez le nom", "déjà à la ligne 2", "formule", "plus de 120"):
        assert phrase in texte, phrase
    assert travail.resultat["a_ecrire"] == 0
    with pytest.raises(TravailRefuse):
        confirmer(travail, par=directrice)
    assert not Application.objects.exists()


def test_une_case_vide_ne_change_rien_et_l_absente_reste(parcours: Parcours, directrice: Utilisateur) -> None:
    connue = ApplicationFactory(parcours=parcours, nom="Tempo", editeur="Coopérative", sort="gardee")
    ApplicationFactory(parcours=parcours, nom="Autre")
    travail = rapporter(parcours, directrice, ["tempo", "", "", "À arrêter"])
    assert travail.resultat["decompte"] == "1 modifié"
    confirmer(travail, par=directrice)
    connue.refresh_from_db()
    assert (connue.editeur, connue.sort, Application.objects.count()) == ("Coopérative", "arretee", 2)


def test_emporter_puis_reprendre_ne_change_rien(parcours: Parcours, directrice: Utilisateur) -> None:
    for rang, domaine in enumerate(DomaineApplication):
        sort = SortApplication.values[rang % len(SortApplication)]
        ApplicationFactory(parcours=parcours, domaine=domaine, sort=sort, editeur=f"Éditeur {rang}", pour_qui="Tous")
    reponse = connecte(directrice).get(reverse("programme:application-liste") + "?format=xlsx")
    octets = b"".join(reponse) if reponse.streaming else reponse.content
    fichier = SimpleUploadedFile("applications.xlsx", octets)
    travail = deposer("inventaire", fichier=fichier, par=directrice, parametres={"parcours": parcours.pk})
    assert travail.resultat["decompte"] == f"{len(DomaineApplication)} inchangés"


def test_sans_usage_l_application_entre_et_on_le_dit(parcours: Parcours, directrice: Utilisateur) -> None:
    travail = rapporter(parcours, directrice, ["Tempo", "", "", ""])
    assert "ne dit pas à quoi sert" in travail.resultat["avertissements"][0][0]
    confirmer(travail, par=directrice)
    assert Application.objects.get().domaine == DomaineApplication.AUTRE


def test_le_siege_reprend_pour_tous_les_siens(parcours: Parcours) -> None:
    voisin = ParcoursFactory(grappe=parcours.grappe, esms=EsmsFactory(og=parcours.esms.og))
    siege, adresse = (
        affecter(Role.SIEGE, parcours.esms.og),
        reverse("programme:parcours-inventaire", args=[parcours.pk]),
    )
    contenu = "Application;Sert à\nTempo;Planning\n".encode()
    envoi = {"fichier": SimpleUploadedFile("i.csv", contenu), "pour_og": "on"}
    client = connecte(siege)
    assert "Rien n’est encore écrit" in client.post(adresse, envoi, follow=True).content.decode()
    confirmer(Travail.objects.get(), par=siege)
    assert Application.objects.get().est_commune
    texte = client.get(reverse("programme:parcours-etat-des-lieux", args=[voisin.pk])).content.decode()
    assert "Tempo" in texte


def test_la_directrice_ne_reprend_pas_pour_tout_l_og(parcours: Parcours, directrice: Utilisateur) -> None:
    adresse = reverse("programme:parcours-inventaire", args=[parcours.pk])
    assert "pour_og" not in connecte(directrice).get(adresse).content.decode()
    travail = rapporter(parcours, directrice, ["Tempo", "", "Planning", ""], pour_og=True)
    assert travail.etat == "echec" and "revient à son siège" in travail.erreur


def test_un_fichier_qui_n_est_pas_un_inventaire_se_dit_sur_place(parcours: Parcours, directrice: Utilisateur) -> None:
    adresse = reverse("programme:parcours-inventaire", args=[parcours.pk])
    envoi = {"fichier": SimpleUploadedFile("i.csv", b"Ville;Postes\nLangon;4\n")}
    reponse = connecte(directrice).post(adresse, envoi)
    assert reponse.status_code == 422 and "La colonne « Application » manque" in reponse.content.decode()
    assert not Travail.objects.exists()


def test_un_apercu_perime_n_ecrit_rien(parcours: Parcours, directrice: Utilisateur) -> None:
    travail = rapporter(parcours, directrice, ["Tempo", "Coopérative", "Planning", ""])
    ApplicationFactory(parcours=parcours, nom="Tempo", editeur="Une autre", domaine="paie")
    suite = confirmer(travail, par=directrice)
    assert suite.etat == "echec" and "ont changé depuis l'aperçu" in suite.erreur
    assert Application.objects.get().editeur == "Une autre"


def test_aucun_mot_ne_dit_deux_choses() -> None:
    for mots, lire in ((MOTS_DOMAINE, domaine_de), (MOTS_SORT, sort_de)):
        for valeur, tournures in mots.items():
            for mot in (*tournures, str(valeur.label), valeur.value):
                assert lire(mot) == valeur.value, mot
                assert normaliser(mot) in (mot, normaliser(str(valeur.label)), valeur.value.replace("_", " "))
