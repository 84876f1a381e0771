"""Nommer, clore, déléguer, inviter : ce que conduire une grappe ne donne pas."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role, Titre
from programme.models import Affectation, Grappe, Invitation, Parcours, Utilisateur
from programme.permissions import peut_affecter, peut_clore
from programme.services.examen import examiner_numeros
from programme.services.grappes import ajouter_esms, creer_grappe
from programme.services.parcours import droits_de_fiche
from programme.services.perimetre import affecter as confier
from programme.services.perimetre import clore, deleguer, inviter, renouveler
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.fabriques import (
    GrappeFactory,
    GroupeFactory,
    OgFactory,
    ParcoursFactory,
    SolutionFactory,
    UtilisateurFactory,
    affecter,
    cheffe_de,
    directrice_de,
)

pytestmark = pytest.mark.django_db
AUJOURD_HUI = timezone.localdate()
HIER, DEMAIN = AUJOURD_HUI - timedelta(days=1), AUJOURD_HUI + timedelta(days=1)
DANS_UN_MOIS = AUJOURD_HUI + timedelta(days=30)
GEANT = "9" * 5000


def relire(utilisateur: Utilisateur) -> Utilisateur:
    return Utilisateur.objects.get(pk=utilisateur.pk)


def _page(client: Client, par: Utilisateur) -> Client:
    client.force_login(par)
    return client


# --- nommer ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def pirate() -> tuple[Utilisateur, Parcours, Utilisateur]:
    """Un siège qui a fait entrer dans sa grappe l'ESMS d'un autre OG, déjà conduit et dirigé ailleurs."""
    parcours = ParcoursFactory()
    directrice = directrice_de(parcours)
    siege = affecter(Role.SIEGE, OgFactory())
    grappe = creer_grappe(nom="Grappe pirate", par=siege)
    ajouter_esms(grappe=grappe, esms=[parcours.esms], par=siege, solution=SolutionFactory(nom="Autre"))
    return relire(siege), parcours, directrice


def test_une_grappe_neuve_ne_prend_ni_ne_donne_la_direction_d_un_esms_d_ailleurs(pirate: Any) -> None:
    siege, parcours, directrice = pirate
    for role in (Role.DIRECTEUR, Role.REFERENT, Role.APPUI):
        droit = peut_affecter(siege, role, parcours.esms)
        assert not droit and "siège de son organisme gestionnaire" in droit.motif
    with pytest.raises(Refus) as refus:
        clore(affectation=directrice.affectations.get(), au=HIER, par=siege)
    assert refus.value.code == "droit"
    Affectation.objects.filter(role=Role.DIRECTEUR).delete()
    assert not peut_affecter(siege, Role.DIRECTEUR, parcours.esms), "vacant, mais engagé dans un autre projet"


@pytest.mark.parametrize(
    ("champs", "nomme"),
    [
        ({"au": HIER}, True),
        ({"au": AUJOURD_HUI}, False),
        ({"du": DEMAIN}, False),
        ({"du": HIER, "au": DANS_UN_MOIS, "titre": Titre.DELEGATION}, False),
    ],
)
@pytest.mark.parametrize("par_groupe", [False, True])
def test_le_chef_de_projet_ne_nomme_une_direction_que_vacante(champs: Any, nomme: bool, par_groupe: bool) -> None:
    parcours = ParcoursFactory()
    cible: Any = parcours.esms
    if par_groupe:
        cible = GroupeFactory(og=parcours.esms.og)
        cible.esms.add(parcours.esms)
    affecter(Role.DIRECTEUR, cible, **champs)
    cheffe = cheffe_de(parcours.grappe)
    assert bool(peut_affecter(cheffe, Role.DIRECTEUR, parcours.esms)) is nomme
    assert peut_affecter(cheffe, Role.REFERENT, parcours.esms)


def test_deux_grappes_conduites_par_la_meme_personne_ne_se_genent_pas() -> None:
    parcours = ParcoursFactory()
    autre = ParcoursFactory(esms=parcours.esms, grappe__solution=SolutionFactory(nom="Autre"))
    cheffe = cheffe_de(parcours.grappe)
    assert not peut_affecter(cheffe, Role.DIRECTEUR, parcours.esms)
    affecter(Role.CHEF_PROJET, autre.grappe, utilisateur=cheffe)
    assert peut_affecter(cheffe, Role.DIRECTEUR, parcours.esms)


def test_la_page_ne_propose_que_les_roles_a_confier_et_dit_a_qui_s_adresser(client: Client) -> None:
    parcours = ParcoursFactory()
    directrice_de(parcours)
    adresse = f"{reverse('programme:affectation-creer')}?esms={parcours.esms.finess}"
    _page(client, cheffe_de(parcours.grappe))
    page = client.get(adresse)
    assert {r for r, _ in page.context["form"].fields["role"].choices} == {"referent", "appui"}
    assert "a déjà une direction" in page.content.decode()
    UtilisateurFactory(identifiant="camille")
    saisie = {"identifiant": "camille", "role": "directeur", "titre": "titulaire", "du": AUJOURD_HUI.isoformat()}
    assert client.post(adresse, saisie).status_code == 422
    assert client.post(adresse, saisie | {"role": "referent"}).status_code == 302


# --- clore -----------------------------------------------------------------------------------------------------------


def test_chacun_clot_ce_qu_il_a_confie_et_seulement_cela() -> None:
    parcours = ParcoursFactory()
    cheffe = cheffe_de(parcours.grappe)
    donnee = confier(utilisateur=UtilisateurFactory(), role=Role.DIRECTEUR, cible=parcours.esms, du=HIER, par=cheffe)
    assert donnee.confie_par == cheffe and peut_clore(cheffe, donnee)
    d_une_autre = directrice_de(parcours).affectations.get()
    assert not peut_clore(cheffe, d_une_autre)
    assert "qui l'a confié" in peut_clore(cheffe, d_une_autre).motif
    changer_etat(parcours, "sortir", par=cheffe, motif="retrait")
    relue = Affectation.objects.get(pk=donnee.pk)
    assert not peut_clore(cheffe, relue), "l'ESMS est sorti : la grappe n'a plus rien à y clore"


def test_le_siege_l_administrateur_et_le_directeur_chez_lui_closent() -> None:
    parcours = ParcoursFactory()
    directrice, siege, admin = directrice_de(parcours), affecter(Role.SIEGE, parcours.esms.og), affecter(Role.ADMIN)
    referent = affecter(Role.REFERENT, parcours.esms).affectations.get()
    appui = affecter(Role.APPUI, parcours.esms).affectations.get()
    direction = directrice.affectations.get()
    for affectation in (referent, appui, direction):
        assert peut_clore(siege, affectation) and peut_clore(admin, affectation)
        assert not peut_clore(affecter(Role.SIEGE, OgFactory()), affectation)
    assert peut_clore(directrice, referent)
    assert not peut_clore(directrice, appui) and not peut_clore(directrice, direction)


def test_une_directrice_de_groupe_clot_le_referent_de_son_groupe() -> None:
    groupe = GroupeFactory()
    directrice, referent = affecter(Role.DIRECTEUR, groupe), affecter(Role.REFERENT, groupe)
    assert peut_clore(directrice, referent.affectations.get())
    assert not peut_clore(affecter(Role.DIRECTEUR, GroupeFactory(og=groupe.og)), referent.affectations.get())


def test_un_esms_sorti_ne_montre_plus_ses_affectations_a_la_grappe() -> None:
    parcours = ParcoursFactory()
    directrice, cheffe = directrice_de(parcours), cheffe_de(parcours.grappe)
    visible = Affectation.objects.filter(utilisateur=directrice)
    assert (visible & Affectation.objects.visibles_par(cheffe)).exists()
    changer_etat(parcours, "sortir", par=cheffe, motif="retrait")
    assert not (visible & Affectation.objects.visibles_par(relire(cheffe))).exists()


def test_la_liste_dit_qui_a_confie_le_role(client: Client) -> None:
    parcours = ParcoursFactory()
    admin = affecter(Role.ADMIN)
    admin.nom = "Administration centrale"
    admin.save()
    confier(utilisateur=UtilisateurFactory(), role=Role.REFERENT, cible=parcours.esms, du=HIER, par=admin)
    page = _page(client, cheffe_de(parcours.grappe)).get(reverse("programme:affectation-liste")).content.decode()
    assert "Confié par" in page and "Administration centrale" in page


# --- déléguer --------------------------------------------------------------------------------------------------------


def test_une_delegation_ne_depasse_ni_un_an_ni_la_direction_dont_elle_vient() -> None:
    parcours = ParcoursFactory()
    directrice = affecter(Role.DIRECTEUR, parcours.esms, au=DANS_UN_MOIS)
    siege = affecter(Role.SIEGE, parcours.esms.og)
    jour = date(2027, 3, 1)
    for par, du, au in (
        (directrice, AUJOURD_HUI, DANS_UN_MOIS + timedelta(days=1)),
        (siege, jour, date(2028, 3, 2)),
        (siege, jour, date(9999, 12, 31)),
    ):
        with pytest.raises(Refus) as refus:
            deleguer(esms=parcours.esms, a=UtilisateurFactory(), du=du, au=au, par=par, motif="")
        assert "au" in refus.value.champs
    for par, du, au in ((directrice, AUJOURD_HUI, DANS_UN_MOIS), (siege, jour, date(2028, 3, 1))):
        assert deleguer(esms=parcours.esms, a=UtilisateurFactory(), du=du, au=au, par=par, motif="")


@pytest.mark.parametrize("par_groupe", [False, True])
def test_clore_une_direction_clot_ses_delegations(par_groupe: bool) -> None:
    parcours, admin = ParcoursFactory(), affecter(Role.ADMIN)
    cible: Any = parcours.esms
    if par_groupe:
        cible = GroupeFactory(og=parcours.esms.og)
        cible.esms.add(parcours.esms)
    directrice, siege = affecter(Role.DIRECTEUR, cible), affecter(Role.SIEGE, parcours.esms.og)
    ailleurs = ParcoursFactory(grappe=parcours.grappe).esms
    affecter(Role.DIRECTEUR, ailleurs, utilisateur=directrice)

    def donner(esms: Any, par: Utilisateur, du: date) -> Affectation:
        return deleguer(esms=esms, a=UtilisateurFactory(), du=du, au=DANS_UN_MOIS, par=par, motif="")

    en_cours, a_venir = donner(parcours.esms, directrice, HIER), donner(parcours.esms, directrice, DEMAIN)
    d_ailleurs, du_siege = donner(ailleurs, directrice, HIER), donner(parcours.esms, siege, HIER)
    direction = directrice.affectations.get(
        titre=Titre.TITULAIRE,
        portee="groupe" if par_groupe else "esms",
        **({"groupe": cible} if par_groupe else {"esms": cible}),
    )
    clore(affectation=direction, au=AUJOURD_HUI, par=admin)
    en_cours.refresh_from_db()
    assert en_cours.au == AUJOURD_HUI and en_cours.history.first().history_user == admin
    assert not Affectation.objects.filter(pk=a_venir.pk).exists()
    for intacte in (d_ailleurs, du_siege):
        intacte.refresh_from_db()
        assert intacte.au == DANS_UN_MOIS


# --- inviter ---------------------------------------------------------------------------------------------------------


def _saisie(**champs: Any) -> dict[str, Any]:
    base = {"identifiant": "neuf", "nom": "Compte neuf", "courriel": "neuf@exemple.invalid", "titre": "titulaire"}
    return base | {"role": "directeur", "du": AUJOURD_HUI.isoformat()} | champs


LIEN = re.compile(r"http://testserver(/invitations/[\w-]+/)")


@pytest.mark.parametrize(("role", "montre"), [("directeur", False), ("referent", True)])
def test_le_lien_d_un_compte_qui_decide_ne_part_que_par_courriel(
    client: Client, role: str, montre: bool, django_capture_on_commit_callbacks: Any
) -> None:
    parcours = ParcoursFactory()
    _page(client, cheffe_de(parcours.grappe))
    adresse = f"{reverse('programme:affectation-creer')}?esms={parcours.esms.finess}"
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(adresse, _saisie(role=role)).content.decode()
    assert bool(LIEN.search(page)) is montre
    assert LIEN.search(mail.outbox[0].body) and "neuf@exemple.invalid" in page
    assert ("courriers indésirables" in page) is not montre
    # Refaire le lien ne le montre pas davantage.
    affectation = Affectation.objects.get(utilisateur__identifiant="neuf")
    encore = client.post(reverse("programme:affectation-inviter", args=[affectation.pk])).content.decode()
    assert bool(LIEN.search(encore)) is montre


@pytest.mark.parametrize("qui", ["siege", "admin"])
def test_le_siege_et_l_administrateur_voient_le_lien(client: Client, qui: str) -> None:
    parcours = ParcoursFactory()
    _page(client, affecter(Role.SIEGE, parcours.esms.og) if qui == "siege" else affecter(Role.ADMIN))
    adresse = f"{reverse('programme:affectation-creer')}?esms={parcours.esms.finess}"
    assert LIEN.search(client.post(adresse, _saisie()).content.decode())


def test_sans_courriel_le_lien_d_un_compte_qui_decide_ne_se_fait_pas() -> None:
    parcours = ParcoursFactory()
    cheffe = cheffe_de(parcours.grappe)
    invite = {"identifiant": "neuf", "nom": "Compte neuf", "cible": parcours.esms, "du": AUJOURD_HUI}
    with pytest.raises(Refus) as refus:
        inviter(courriel="", role=Role.DIRECTEUR, par=cheffe, **invite)
    assert "courriel" in refus.value.champs and not Utilisateur.objects.filter(identifiant="neuf").exists()
    invitation, _ = inviter(courriel="", role=Role.DIRECTEUR, par=affecter(Role.ADMIN), **invite)
    tenue = invitation.utilisateur.affectations.get()
    Affectation.objects.filter(pk=tenue.pk).update(confie_par=cheffe)
    with pytest.raises(Refus) as refus:
        renouveler(affectation=tenue, par=cheffe)
    assert "pas de courriel" in refus.value.motif and Invitation.objects.get() == invitation


def test_essayer_un_identifiant_n_apprend_pas_le_nom_affiche(client: Client) -> None:
    parcours = ParcoursFactory()
    UtilisateurFactory(identifiant="inconnu-d-ici", nom="Nom à taire")
    ferme = UtilisateurFactory(identifiant="ferme-d-ici", nom="Nom à taire", is_active=False)
    _page(client, directrice_de(parcours))
    adresse = f"{reverse('programme:affectation-creer')}?esms={parcours.esms.finess}"
    saisie = _saisie(identifiant=ferme.identifiant, role="appui")
    assert "Nom à taire" not in client.post(adresse, saisie).content.decode()
    saisie["identifiant"] = "inconnu-d-ici"
    assert client.post(adresse, saisie).status_code == 302
    messages = [str(m) for m in client.get(reverse("programme:accueil")).context["messages"]]
    assert messages and "« inconnu-d-ici »" in messages[0] and "Nom à taire" not in messages[0]
    doublon = client.post(adresse, saisie).content.decode()
    assert "tient déjà ce rôle" in doublon and "Nom à taire" not in doublon


# --- monter une grappe, examiner, saisir -----------------------------------------------------------------------------


def test_l_administrateur_designe_qui_conduit(client: Client) -> None:
    admin, chef = affecter(Role.ADMIN), UtilisateurFactory(identifiant="conduite")
    _page(client, admin)
    adresse, saisie = reverse("programme:grappe-creer"), {"nom": "Coteaux", "type_projet": "acquisition", "vu": ""}
    for faux in ("", "personne", admin.identifiant):
        assert client.post(adresse, saisie | {"chef": faux}).status_code == 422
    assert client.post(adresse, saisie | {"chef": "CONDUITE"}, follow=True).status_code == 200
    assert Affectation.objects.get(grappe=Grappe.objects.get()).utilisateur == chef
    _page(client, chef)
    assert "chef" not in client.get(adresse).context["form"].fields


@pytest.mark.parametrize("meme_solution", [True, False])
def test_l_examen_ne_dit_rien_de_la_solution_d_un_projet_invisible(meme_solution: bool) -> None:
    ailleurs = ParcoursFactory(grappe__solution=SolutionFactory(nom="Logiciel secret"))
    grappe = GrappeFactory(solution=ailleurs.solution if meme_solution else SolutionFactory(nom="Autre"))
    examen = examiner_numeros(texte=ailleurs.esms.finess, par=cheffe_de(grappe), grappe=grappe)
    (ecart,) = examen.defauts if meme_solution else examen.avis
    assert "est déjà engagé dans un autre projet" in ecart.message
    assert "Logiciel secret" not in ecart.message and "autre solution :" not in ecart.message


def test_le_point_de_depart_ne_revient_pas_au_referent() -> None:
    parcours = ParcoursFactory()
    permis = {
        role: bool(droits_de_fiche(compte, parcours)["point_depart"])
        for role, compte in {
            "referent": affecter(Role.REFERENT, parcours.esms),
            "directrice": directrice_de(parcours),
            "cheffe": cheffe_de(parcours.grappe),
        }.items()
    }
    assert permis == {"referent": False, "directrice": True, "cheffe": True}


@pytest.mark.parametrize("faux", ["abc", "²", "-1", str(2**70), GEANT])
def test_une_saisie_absurde_ne_casse_rien(client: Client, faux: str) -> None:
    parcours = ParcoursFactory()
    cheffe = cheffe_de(parcours.grappe)
    _page(client, cheffe)
    pages: list[tuple[str, dict[str, Any]]] = [
        (reverse("programme:grappe-modifier", args=[parcours.grappe_id]), {"nom": "Coteaux", "vu": faux}),
        (reverse("programme:grappe-vagues", args=[parcours.grappe_id]), {"parcours": faux, "vague": ""}),
        (reverse("programme:grappe-vagues", args=[parcours.grappe_id]), {"parcours": parcours.pk, "vague": faux}),
        (reverse("programme:vague-creer", args=[parcours.grappe_id]), {"numero": faux, "capacite": faux}),
        (reverse("programme:grappe-ajouter", args=[parcours.grappe_id]), {"numeros": faux, "solution": faux}),
        (reverse("programme:grappe-creer"), {"nom": "x", "region": faux, "modules": faux, "annee_financement": faux}),
        (reverse("programme:affectation-creer"), {"identifiant": faux, "portee": "esms", "cible": faux}),
    ]
    for adresse, saisie in pages:
        assert client.post(adresse, saisie).status_code in (200, 302, 422), (adresse, faux)
    for nom in ("grappe", "og", "groupe"):
        assert client.get(reverse("programme:affectation-creer"), {nom: faux}).status_code == 404


def test_un_groupe_qu_on_ne_voit_pas_ne_se_devine_pas_par_son_nom(client: Client) -> None:
    groupe = GroupeFactory(nom="Pôle Ailleurs")
    UtilisateurFactory(identifiant="camille")
    _page(client, cheffe_de(GrappeFactory()))
    saisie = {"identifiant": "camille", "role": "appui", "titre": "titulaire", "du": AUJOURD_HUI.isoformat()}
    for nom in (groupe.nom, "Pôle Inventé"):
        reponse = client.post(reverse("programme:affectation-creer"), saisie | {"portee": "groupe", "cible": nom})
        assert reponse.status_code == 422 and "aucun de ce nom" in reponse.content.decode(), nom


def test_le_dernier_jour_du_calendrier_ne_casse_rien(client: Client) -> None:
    parcours = ParcoursFactory()
    siege, cheffe = affecter(Role.SIEGE, parcours.esms.og), cheffe_de(parcours.grappe)
    cheffe.affectations.update(confie_par=cheffe)
    UtilisateurFactory(identifiant="camille")
    fin = "9999-12-31"
    saisie = {"identifiant": "camille", "du": fin, "au": fin}
    adresse = reverse("programme:esms-deleguer", args=[parcours.esms.finess])
    assert _page(client, siege).post(adresse, saisie).status_code == 302
    adresse = reverse("programme:affectation-clore", args=[cheffe.affectations.get().pk])
    assert _page(client, cheffe).post(adresse, {"au": fin}).status_code == 422
