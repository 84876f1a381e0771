"""Invitations, pages du périmètre, connexion."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role, Titre
from programme.models import Affectation, Invitation, Utilisateur
from programme.services.invitations import PERIME, SERVI, lire_invitation, ouvrir_compte
from programme.services.perimetre import inviter, renouveler
from programme.socle.erreurs import Refus
from tests.fabriques import (
    EsmsFactory,
    GrappeFactory,
    ParcoursFactory,
    UtilisateurFactory,
    affecter,
    cheffe_de,
    directrice_de,
)

pytestmark = pytest.mark.django_db
PHRASE = "quatre pommiers pour abriter"


@pytest.fixture
def admin() -> Utilisateur:
    return affecter(Role.ADMIN)


def _inviter(par: Utilisateur, **champs: Any) -> tuple[Invitation, str]:
    valeurs = {
        "identifiant": "direction-tilleuls",
        "nom": "Direction des Tilleuls",
        "courriel": "direction@exemple.invalid",
        "role": Role.DIRECTEUR,
        "cible": EsmsFactory(),
        "du": timezone.localdate(),
    }
    return inviter(par=par, **(valeurs | champs))


# --- le service ------------------------------------------------------------------------------------------------------


def test_le_jeton_n_est_garde_que_hache(admin: Utilisateur) -> None:
    invitation, jeton = _inviter(admin)
    assert jeton not in invitation.empreinte and len(invitation.empreinte) == 64
    assert timedelta(days=13) < invitation.expire_le - timezone.now() <= timedelta(days=14)
    assert not invitation.utilisateur.has_usable_password()
    assert invitation.utilisateur.affectations.get().role == Role.DIRECTEUR


def test_un_lien_sert_une_seule_fois(admin: Utilisateur) -> None:
    _, jeton = _inviter(admin)
    assert ouvrir_compte(jeton=jeton, mot_de_passe=PHRASE).check_password(PHRASE)
    with pytest.raises(Refus) as refus:
        ouvrir_compte(jeton=jeton, mot_de_passe="une autre phrase bien longue")
    assert refus.value.motif == SERVI


def test_un_lien_perime_se_dit(admin: Utilisateur) -> None:
    invitation, jeton = _inviter(admin)
    Invitation.objects.filter(pk=invitation.pk).update(expire_le=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Refus) as refus:
        lire_invitation(jeton)
    assert refus.value.motif == PERIME


def test_un_mot_de_passe_faible_ou_de_demonstration_ne_consomme_pas_le_lien(admin: Utilisateur) -> None:
    _, jeton = _inviter(admin)
    for faible in ("court", "treille-demo"):
        with pytest.raises(Refus) as refus:
            ouvrir_compte(jeton=jeton, mot_de_passe=faible)
        assert refus.value.code == "champ"
    assert lire_invitation(jeton)


def test_refaire_un_lien_annule_le_precedent(admin: Utilisateur) -> None:
    invitation, ancien = _inviter(admin)
    _, nouveau = renouveler(affectation=invitation.utilisateur.affectations.get(), par=admin)
    with pytest.raises(Refus):
        lire_invitation(ancien)
    ouvrir_compte(jeton=nouveau, mot_de_passe=PHRASE)
    with pytest.raises(Refus):
        renouveler(affectation=invitation.utilisateur.affectations.get(), par=admin)


def test_on_ne_refait_pas_le_lien_d_un_compte_dont_on_ne_repond_pas_partout(admin: Utilisateur) -> None:
    parcours = ParcoursFactory()
    invitation, _ = _inviter(admin, role=Role.ADMIN, cible=None)
    compte, cheffe = invitation.utilisateur, cheffe_de(parcours.grappe)
    ici = Affectation.objects.create(
        utilisateur=compte, role=Role.REFERENT, portee="esms", esms=parcours.esms, du=timezone.localdate()
    )
    with pytest.raises(Refus) as refus:
        renouveler(affectation=ici, par=cheffe)
    assert refus.value.code == "droit", "le lien ouvrirait un compte d'administrateur"


def test_un_refus_ne_laisse_ni_compte_ni_invitation(admin: Utilisateur) -> None:
    UtilisateurFactory(identifiant="Pris")
    for champs in (
        {"identifiant": "pris"},
        {"role": Role.CHEF_PROJET},
        {"courriel": "pas un courriel"},
        {"par": directrice_de(ParcoursFactory())},
    ):
        avant = Utilisateur.objects.count()
        with pytest.raises(Refus):
            _inviter(champs.pop("par", admin), **champs)
        assert Utilisateur.objects.count() == avant and not Invitation.objects.exists()


# --- les pages -------------------------------------------------------------------------------------------------------


def _saisie(**champs: Any) -> dict[str, Any]:
    base = {
        "identifiant": "direction-tilleuls",
        "nom": "Direction des Tilleuls",
        "courriel": "direction@exemple.invalid",
        "role": "directeur",
        "titre": "interim",
        "du": timezone.localdate().isoformat(),
    }
    return base | champs


def test_inviter_puis_ouvrir_son_compte(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    parcours = ParcoursFactory()
    client.force_login(cheffe_de(parcours.grappe))
    adresse = f"{reverse('programme:affectation-creer')}?esms={parcours.esms.finess}"
    with django_capture_on_commit_callbacks(execute=True):
        reponse = client.post(adresse, _saisie())
    assert reponse.status_code == 200 and "direction@exemple.invalid" in reponse.content.decode()
    assert len(mail.outbox) == 1 and "direction-tilleuls" in mail.outbox[0].body
    lien = re.search(r"http://testserver(/invitations/\S+)", mail.outbox[0].body)
    assert lien
    poste = Client()
    assert "direction-tilleuls" in poste.get(lien[1]).content.decode()
    ouverture = poste.post(lien[1], {"new_password1": PHRASE, "new_password2": PHRASE})
    assert ouverture.status_code == 302 and ouverture["Location"] == reverse("programme:accueil")
    assert poste.get(reverse("programme:parcours-detail", args=[parcours.pk])).status_code == 200
    assert "a déjà servi" in Client().get(lien[1]).content.decode()
    assert parcours.esms.affectations.get().titre == Titre.INTERIM


def test_un_lien_faux_dit_que_faire(client: Client) -> None:
    reponse = client.get(reverse("programme:invitation", args=["nimporte-quoi"]))
    assert reponse.status_code == 404 and "demandez-en un autre" in reponse.content.decode()


def test_deux_mots_de_passe_differents_se_disent_sans_consommer_le_lien(client: Client, admin: Utilisateur) -> None:
    _, jeton = _inviter(admin)
    adresse = reverse("programme:invitation", args=[jeton])
    reponse = client.post(adresse, {"new_password1": PHRASE, "new_password2": PHRASE + "s"})
    assert reponse.status_code == 422 and client.get(adresse).status_code == 200


def test_confier_un_role_a_un_compte_existant(client: Client) -> None:
    parcours, compte = ParcoursFactory(), UtilisateurFactory(identifiant="Camille")
    client.force_login(cheffe_de(parcours.grappe))
    adresse = f"{reverse('programme:affectation-creer')}?esms={parcours.esms.finess}"
    reponse = client.post(adresse, _saisie(identifiant="camille", nom="", courriel="", titre="titulaire"))
    assert reponse.status_code == 302 and compte.affectations.get().esms == parcours.esms


@pytest.mark.parametrize(
    ("fautes", "phrase"),
    [
        ({"nom": "", "courriel": ""}, "donnez un nom pour l’inviter"),
        ({"motif": "2 55 08 14 168 025 38"}, "numéro de sécurité sociale"),
        ({"au": "2001-01-01"}, "ne peut pas précéder"),
        ({"role": "admin"}, "Sélectionnez un choix valide"),
    ],
)
def test_une_faute_se_dit_et_la_saisie_reste(client: Client, fautes: dict[str, str], phrase: str) -> None:
    parcours = ParcoursFactory()
    client.force_login(cheffe_de(parcours.grappe))
    adresse = f"{reverse('programme:affectation-creer')}?esms={parcours.esms.finess}"
    reponse = client.post(adresse, _saisie(**fautes))
    page = reponse.content.decode().replace("&#x27;", "’").replace("'", "’")
    assert reponse.status_code == 422 and phrase in page and 'value="direction-tilleuls"' in reponse.content.decode()
    assert not Utilisateur.objects.filter(identifiant="direction-tilleuls").exists()


@pytest.mark.parametrize(
    ("portee", "cible", "ok"),
    [
        ("esms", "{finess}", True),
        ("esms", "12345", False),
        ("grappe", "rives de garonne", True),
        ("grappe", "ailleurs", False),
        ("og", "{og}", True),
        ("region", "nouvelle-aquitaine", True),
        ("national", "", True),
        ("esms", "", False),
    ],
)
def test_l_administrateur_designe_la_cible_par_ecrit(
    client: Client, admin: Utilisateur, portee: str, cible: str, ok: bool
) -> None:
    parcours = ParcoursFactory(grappe__nom="Rives de Garonne")
    compte = UtilisateurFactory(identifiant="camille")
    role = {"esms": "referent", "grappe": "membre", "og": "siege", "region": "ars", "national": "ars"}[portee]
    texte = cible.format(finess=parcours.esms.finess, og=parcours.esms.og.nom)
    client.force_login(admin)
    saisie = _saisie(identifiant="camille", role=role, titre="titulaire", portee=portee, cible=texte)
    reponse = client.post(reverse("programme:affectation-creer"), saisie)
    assert (reponse.status_code == 302) is ok
    assert compte.affectations.exists() is ok


def test_deleguer_par_la_page(client: Client) -> None:
    parcours, adjointe = ParcoursFactory(), UtilisateurFactory(identifiant="adjointe")
    adresse = reverse("programme:esms-deleguer", args=[parcours.esms.finess])
    directrice = directrice_de(parcours)
    client.force_login(directrice)
    assert client.get(adresse).status_code == 200
    saisie = {"identifiant": "adjointe", "du": timezone.localdate().isoformat()}
    assert client.post(adresse, saisie).status_code == 422
    assert client.post(adresse, saisie | {"au": timezone.localdate().isoformat()}).status_code == 302
    delegation = adjointe.affectations.get()
    assert (delegation.titre, delegation.delegue_par) == (Titre.DELEGATION, directrice)
    client.force_login(cheffe_de(parcours.grappe))
    assert client.get(adresse).status_code == 403


def test_mettre_fin_par_la_page(client: Client) -> None:
    parcours = ParcoursFactory()
    directrice = directrice_de(parcours)
    adresse = reverse("programme:affectation-clore", args=[directrice.affectations.get().pk])
    client.force_login(directrice_de(ParcoursFactory(grappe=parcours.grappe)))
    assert client.get(adresse).status_code == 404
    client.force_login(directrice)
    assert client.get(adresse).status_code == 403
    client.force_login(cheffe_de(parcours.grappe))
    refus = client.get(adresse)
    assert refus.status_code == 403 and "qui l&#x27;a confié" in refus.content.decode()
    client.force_login(affecter(Role.SIEGE, parcours.esms.og))
    hier = timezone.localdate() - timedelta(days=1)
    assert client.post(adresse, {"au": hier.isoformat()}).status_code == 302
    assert directrice.affectations.get().au == hier


def test_la_liste_montre_son_perimetre_et_les_directions_vacantes(client: Client) -> None:
    parcours = ParcoursFactory(esms__nom="IME Les Tilleuls")
    ailleurs = directrice_de(ParcoursFactory(esms__nom="MAS d'ailleurs"))
    directrice = directrice_de(ParcoursFactory(grappe=parcours.grappe))
    client.force_login(cheffe_de(parcours.grappe))
    page = client.get(reverse("programme:affectation-liste")).content.decode()
    assert directrice.nom in page and f">{ailleurs.nom} " not in page
    assert "1 ESMS n’a pas de direction" in page and "IME Les Tilleuls" in page and "MAS d" not in page


def test_la_liste_coute_le_meme_nombre_de_requetes_pour_1_et_50(client: Client) -> None:
    grappe = GrappeFactory()
    client.force_login(cheffe_de(grappe))
    comptes = []
    for nombre in (1, 49):
        for parcours in ParcoursFactory.create_batch(nombre, grappe=grappe):
            directrice_de(parcours)
        ParcoursFactory.create_batch(nombre, grappe=grappe)
        client.get(reverse("programme:affectation-liste"))
        with CaptureQueriesContext(connection) as requetes:
            client.get(reverse("programme:affectation-liste"))
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1], comptes


def test_les_affectations_passees_se_montrent_a_la_demande(client: Client) -> None:
    parcours = ParcoursFactory()
    ancienne = affecter(Role.DIRECTEUR, parcours.esms, au=timezone.localdate() - timedelta(days=1))
    client.force_login(cheffe_de(parcours.grappe))
    adresse = reverse("programme:affectation-liste")
    assert ancienne.identifiant not in client.get(adresse).content.decode()
    page = client.get(adresse, {"moment": "passees"}).content.decode()
    assert ancienne.identifiant in page and "Mettre fin" not in page


def test_le_lien_d_un_compte_jamais_ouvert_se_refait_depuis_sa_page(client: Client, admin: Utilisateur) -> None:
    invitation, ancien = _inviter(admin)
    affectation = invitation.utilisateur.affectations.get()
    client.force_login(admin)
    assert (
        "Refaire le lien" in client.get(reverse("programme:affectation-clore", args=[affectation.pk])).content.decode()
    )
    reponse = client.post(reverse("programme:affectation-inviter", args=[affectation.pk]))
    lien = re.search(r'value="http://testserver(/invitations/[^"]+)"', reponse.content.decode())
    assert lien and ancien not in lien[1] and Client().get(lien[1]).status_code == 200
    assert reponse["Cache-Control"].count("no-store") == 1


# --- connexion -------------------------------------------------------------------------------------------------------


def _compte() -> Utilisateur:
    return Utilisateur.objects.create_user("camille", PHRASE, nom="Camille", courriel="camille@exemple.invalid")


def test_se_connecter_par_identifiant_casse_ignoree(client: Client) -> None:
    _compte()
    reponse = client.post(reverse("connexion"), {"username": "CAMILLE", "password": PHRASE})
    assert reponse.status_code == 302 and reponse["Location"] == reverse("programme:accueil")


@pytest.mark.parametrize(("suite", "arrivee"), [("/aide/", "/aide/"), ("https://ailleurs.invalid/", "/")])
def test_la_suite_demandee_reste_sur_place(client: Client, suite: str, arrivee: str) -> None:
    _compte()
    reponse = client.post(reverse("connexion"), {"username": "camille", "password": PHRASE, "next": suite})
    assert reponse["Location"] == arrivee


def test_une_page_fermee_mene_a_la_connexion_puis_y_revient(client: Client) -> None:
    reponse = client.get(reverse("programme:grappe-liste"))
    assert reponse["Location"] == f"{reverse('connexion')}?next={reverse('programme:grappe-liste')}"


def test_se_deconnecter_demande_un_geste(client: Client) -> None:
    client.force_login(_compte())
    assert client.get(reverse("deconnexion")).status_code == 405
    assert client.post(reverse("deconnexion"))["Location"] == reverse("connexion")
    assert client.get(reverse("programme:accueil")).status_code == 302


@pytest.mark.parametrize("nom", ["aide", "accessibilite", "qui-voit-quoi", "connexion", "password_reset"])
def test_les_pages_communes_se_lisent_sans_compte(client: Client, nom: str) -> None:
    assert client.get(reverse(nom)).status_code == 200


def test_mot_de_passe_oublie_de_bout_en_bout(client: Client) -> None:
    compte = _compte()
    client.post(reverse("password_reset"), {"email": compte.courriel})
    lien = re.search(r"http://testserver(\S+)", mail.outbox[0].body)
    assert lien and "Treille" in mail.outbox[0].subject
    formulaire = client.get(lien[1], follow=True)
    nouveau = "une autre phrase bien longue"
    adresse = formulaire.redirect_chain[-1][0]
    assert client.post(adresse, {"new_password1": nouveau, "new_password2": nouveau}).status_code == 302
    compte.refresh_from_db()
    assert compte.check_password(nouveau)
    assert "Ce lien ne sert plus" in client.get(lien[1], follow=True).content.decode()


def test_changer_de_mot_de_passe(client: Client) -> None:
    compte = _compte()
    client.force_login(compte)
    nouveau = "une autre phrase bien longue"
    saisie = {"old_password": PHRASE, "new_password1": nouveau, "new_password2": nouveau}
    assert client.post(reverse("mot-de-passe-changer"), saisie, follow=True).status_code == 200
    compte.refresh_from_db()
    assert compte.check_password(nouveau)


def test_la_page_de_connexion_ne_montre_les_comptes_qu_en_demonstration(client: Client, settings: Any) -> None:
    UtilisateurFactory(identifiant="cheffe")
    assert "treille-demo" not in client.get(reverse("connexion")).content.decode()
    settings.DEMONSTRATION = True
    page = client.get(reverse("connexion")).content.decode()
    assert "treille-demo" in page and "cheffe" in page and "voisin" not in page


def test_les_refus_ont_leur_page(client: Client) -> None:
    client.force_login(directrice_de(ParcoursFactory()))
    introuvable = client.get("/nulle-part/")
    assert introuvable.status_code == 404 and "ou pas pour vous" in introuvable.content.decode()
    interdit = client.get(reverse("programme:grappe-creer"))
    assert interdit.status_code == 403 and "revient à un chef de projet" in interdit.content.decode()
