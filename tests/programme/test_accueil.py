"""L'accueil : ce qui attend chaque rôle, jamais vide sans dire quoi faire, au même prix pour 1 ou 50 ESMS."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programme.calculs.titres import TITRES_FAITS
from programme.conditions import dater
from programme.enums import Role
from programme.models import Etape, Fait, Parcours
from programme.services import parcours as services
from programme.socle.a_faire import Ligne, Urgence, declarations, partager
from programme.socle.a_faire import a_faire as lignes_de
from programme.socle.porte import changer_etat
from tests.fabriques import (
    EsmsFactory,
    GrappeFactory,
    GroupeFactory,
    ModuleFactory,
    OuvertureFactory,
    ParcoursFactory,
    UtilisateurFactory,
    affecter,
    cheffe_de,
    directrice_de,
)

pytestmark = pytest.mark.django_db

ACCUEIL = "/"


@pytest.fixture
def au() -> date:
    return timezone.localdate()


def _page(client: Client, qui: Any) -> Any:
    qui.__dict__.pop("perimetre", None)
    client.force_login(qui)
    return client.get(ACCUEIL)


def _titres(qui: Any, au: date) -> list[str]:
    qui.__dict__.pop("perimetre", None)
    return [ligne.titre for ligne in lignes_de(qui, au)]


def _pole(nombre: int, **champs: Any) -> tuple[Any, list[Parcours]]:
    """Une directrice de pôle et ses parcours."""
    grappe = GrappeFactory()
    parcours = ParcoursFactory.create_batch(nombre, grappe=grappe, **champs)
    groupe = GroupeFactory()
    groupe.esms.set([p.esms for p in parcours])
    return affecter(Role.DIRECTEUR, groupe), parcours


# --- directrice ----------------------------------------------------------------------------------------------------


def test_une_proposition_passe_avant_tout(client: Client, au: date) -> None:
    directrice, (parcours, *_) = _pole(2)
    cheffe = cheffe_de(parcours.grappe)
    services.proposer(parcours=parcours, transition="engager", par=cheffe, date_visee=au + timedelta(days=8))
    reponse = _page(client, directrice)
    contenu = reponse.content.decode()
    premiere = reponse.context["pressees"][0]
    assert premiere.titre == f"Décider le cadrage : {parcours}" and premiere.urgence == Urgence.DECIDER
    assert cheffe.nom in premiere.detail and "sous réserve" in premiere.texte
    assert [g.libelle for g in premiere.gestes][:2] == ["Passer au cadrage sous réserve", "Reporter"]
    assert "gestes vous attendent" in contenu
    assert not any(t.startswith("Décider") for t in _titres(cheffe, au)), "le chef de projet ne décide pas"


def test_tout_est_reuni_se_dit_au_directeur_et_au_chef(au: date) -> None:
    directrice, (parcours,) = _pole(1)
    cheffe = cheffe_de(parcours.grappe)
    assert "Passer au cadrage : tout est réuni" not in _titres(directrice, au)
    for nature in ("annonce", "prediagnostic"):
        dater(nature)(parcours, directrice)
    assert "Passer au cadrage : tout est réuni" in _titres(directrice, au)
    assert "Proposer : passer au cadrage" in _titres(cheffe, au)
    services.proposer(parcours=parcours, transition="engager", par=cheffe)
    assert "Proposer : passer au cadrage" not in _titres(cheffe, au)


def test_repondre_une_fois_pour_trois_esms_depuis_l_accueil(client: Client, au: date) -> None:
    directrice, parcours = _pole(3)
    for p in parcours:
        changer_etat(p, "engager", par=directrice, motif="x")
    reponse = _page(client, directrice)
    ligne = next(x for x in reponse.context["pressees"] if x.titre == "Dater la consultation du CSE")
    assert "Répondre pour les ESMS cochés" in reponse.content.decode() and "3 ESMS" in ligne.detail
    url = reverse("programme:faits-communs", args=["cse"])
    saisie = {"parcours": [p.pk for p in parcours], "date": au.isoformat()}
    suite = client.post(url, saisie, follow=True)
    assert Fait.objects.filter(nature="cse").count() == 3
    assert "Consultation du CSE : c&#x27;est daté pour 3 ESMS" in suite.content.decode()
    assert "C’est daté partout" in client.get(url).content.decode()


def test_la_reponse_commune_refuse_au_champ_et_hors_perimetre(client: Client, au: date) -> None:
    directrice, (parcours, autre) = _pole(2)
    ailleurs = ParcoursFactory()
    url = reverse("programme:faits-communs", args=["annonce"])
    client.force_login(directrice)
    demain = (au + timedelta(days=1)).isoformat()
    for faute in (
        {"parcours": [parcours.pk], "date": demain},
        {"parcours": [parcours.pk, ailleurs.pk], "date": au.isoformat()},
        {"date": au.isoformat()},
    ):
        assert client.post(url, faute).status_code == 422
    assert not Fait.objects.exists()
    assert set(client.get(url).context["formulaire"].initial["parcours"]) == {parcours.pk, autre.pk}
    client.force_login(affecter(Role.ARS, parcours.grappe.region))
    assert client.get(url).status_code == 403
    assert client.get("/faits/inconnu/").status_code == 404


def test_une_date_depassee_se_rappelle_et_un_esms_seul_se_nomme(au: date) -> None:
    directrice, (parcours,) = _pole(1)
    Etape.objects.create(parcours=parcours, etat="cadrage", reference=au - timedelta(days=3))
    lignes = {ligne.titre: ligne for ligne in lignes_de(directrice, au)}
    assert str(parcours) in lignes["Réviser une date dépassée"].liens[0].libelle
    assert lignes["Dater l'annonce du projet aux équipes"].urgence == Urgence.PEUT_ATTENDRE
    Etape.objects.filter(parcours=parcours).update(revisee=au + timedelta(days=30))
    assert "Réviser une date dépassée" not in _titres(directrice, au)


def test_sans_rien_de_presse_les_premiers_points_montent(client: Client) -> None:
    directrice, _ = _pole(1)
    reponse = _page(client, directrice)
    assert reponse.context["titre"] == "Deux gestes vous attendent"
    assert reponse.context["navigation"][0]["compte"] == 2


def test_le_compte_suit_la_personne_sans_etre_recalcule(client: Client) -> None:
    directrice, (parcours,) = _pole(1)
    _page(client, directrice)
    annuaire = reverse("programme:og-liste")
    assert client.get(annuaire).context["navigation"][0]["compte"] == 2
    url = reverse("programme:parcours-fait", args=[parcours.pk, "annonce"])
    client.post(url, {"vu": "", "date": timezone.localdate().isoformat()})
    entree = client.get(annuaire).context["navigation"][0]
    assert entree["compte"] == 0 and entree["a_relire"], "mieux vaut un point qu'un compte faux"
    entree = _page(client, directrice).context["navigation"][0]
    assert entree["compte"] == 1 and not entree["a_relire"]
    autre = directrice_de(ParcoursFactory())
    client.force_login(autre)
    assert client.get(annuaire).context["navigation"][0]["compte"] == 0, "le compte d'une autre n'est pas le sien"


def test_rien_a_faire_se_dit(client: Client) -> None:
    directrice, (parcours,) = _pole(1)
    changer_etat(parcours, "constater", par=directrice, vers="routine")
    reponse = _page(client, directrice)
    assert "Rien ne vous attend" in reponse.content.decode() and "La suite arrivera ici" in reponse.content.decode()


def test_les_esms_disent_leur_etat_leur_prochaine_date_et_ce_qui_reste(client: Client, au: date) -> None:
    directrice, parcours = _pole(4)
    Etape.objects.create(parcours=parcours[0], etat="cadrage", revisee=au + timedelta(days=30))
    contenu = _page(client, directrice).content.decode()
    assert "Vos quatre ESMS" in contenu and "cadrage ·" in contenu and "date à donner" in contenu
    assert "2 avertissent" in contenu


# --- siège, chef de projet -----------------------------------------------------------------------------------------


def test_le_siege_repond_pour_ce_qui_est_au_siege(au: date) -> None:
    _, (parcours,) = _pole(1)
    siege = affecter(Role.SIEGE, parcours.esms.og)
    changer_etat(parcours, "engager", par=directrice_de(parcours), motif="x")
    titres = _titres(siege, au)
    assert "Dater la consultation du CSE" in titres and "Dater la concertation des équipes" not in titres


def test_une_vacance_avertit_le_siege_et_le_chef(au: date) -> None:
    parcours = ParcoursFactory()
    siege, cheffe = affecter(Role.SIEGE, parcours.esms.og), cheffe_de(parcours.grappe)
    vacance = "Nommer un directeur, un intérim ou un délégué"
    assert vacance in _titres(siege, au) and vacance in _titres(cheffe, au)
    directrice_de(parcours)
    assert vacance not in _titres(siege, au) and vacance not in _titres(cheffe, au)


def test_les_passages_sous_reserve_se_disent_au_comop(au: date) -> None:
    parcours = ParcoursFactory()
    cheffe = cheffe_de(parcours.grappe)
    changer_etat(parcours, "engager", par=directrice_de(parcours), motif="l'annonce suivra")
    ligne = next(x for x in lignes_de(cheffe, au) if x.titre.startswith("Dire au COMOP"))
    assert "l'annonce suivra" in ligne.liens[0].libelle and ligne.urgence == Urgence.PEUT_ATTENDRE


def test_les_premiers_gestes(au: date) -> None:
    grappe = GrappeFactory(nom="Rives")
    assert _titres(cheffe_de(grappe), au) == ["Ajouter des ESMS à la grappe Rives"]
    assert "Monter votre première grappe" in _titres(affecter(Role.CHEF_PROJET, grappe.region), au)
    admin = affecter(Role.ADMIN)
    assert _titres(admin, au) == ["Charger l'annuaire FINESS"]
    EsmsFactory()
    assert _titres(admin, au) == []


# --- tous les rôles ------------------------------------------------------------------------------------------------


def test_chaque_role_arrive_sur_une_page_qui_dit_quoi_faire(client: Client) -> None:
    _, (parcours,) = _pole(1)
    changer_etat(parcours.grappe, "deposer", par=cheffe_de(parcours.grappe))
    cibles = {
        Role.CHEF_PROJET: (parcours.grappe, "vous attend"),
        Role.DIRECTEUR: (parcours.esms, "vous attend"),
        Role.REFERENT: (parcours.esms, "vous attend"),
        Role.SIEGE: (parcours.esms.og, "Tout ce qui dépend de vous est fait"),
        Role.ARS: (parcours.grappe.region, "Dernières étapes franchies"),
        Role.GRADES: (parcours.grappe.region, "Prochaines étapes attendues"),
        Role.APPUI: (parcours.grappe, "Votre grappe"),
        Role.MEMBRE: (parcours.grappe, "Votre grappe"),
        Role.ADMIN: (None, "Comptes et affectations"),
    }
    assert set(cibles) == set(Role)
    for role, (cible, attendu) in cibles.items():
        reponse = _page(client, affecter(role, cible))
        assert reponse.status_code == 200 and attendu in reponse.content.decode(), role
        entrees = reponse.context["navigation"]
        assert 2 <= len(entrees) <= 5 and entrees[0]["courant"], role


def test_sans_affectation_l_accueil_dit_a_qui_demander(client: Client) -> None:
    contenu = _page(client, UtilisateurFactory()).content.decode()
    assert "aucune affectation" in contenu and "Demandez au chef de projet" in contenu


def test_toute_la_navigation_de_tous_les_roles_repond(client: Client) -> None:
    _, (parcours,) = _pole(1)
    for role in Role:
        cible = {Role.ADMIN: None, Role.ARS: parcours.grappe.region}.get(role, parcours.grappe)
        for entree in _page(client, affecter(role, cible)).context["navigation"]:
            assert client.get(entree["url"]).status_code == 200, (role, entree["libelle"])


def test_l_enveloppe_nomme_le_perimetre_sans_compter_ce_qu_on_ne_voit_pas(client: Client) -> None:
    directrice, parcours = _pole(2)
    ParcoursFactory(grappe=parcours[0].grappe)
    contexte = _page(client, directrice).context
    assert contexte["perimetre_titre"].startswith("Pôle") and contexte["role_libelle"] == "Direction"
    assert contexte["perimetre_detail"] == f"2 ESMS · grappe {parcours[0].grappe}"
    interim = affecter(Role.DIRECTEUR, parcours[0].esms, titre="interim")
    contexte = _page(client, interim).context
    assert contexte["role_libelle"] == "Direction par intérim"
    assert contexte["perimetre_titre"] == str(parcours[0].esms)


@pytest.mark.parametrize("role", [Role.DIRECTEUR, Role.CHEF_PROJET, Role.SIEGE, Role.ARS])
def test_meme_nombre_de_requetes_pour_1_et_50_esms(client: Client, au: date, role: str) -> None:
    grappe, groupe = GrappeFactory(), GroupeFactory()
    og = groupe.og
    module = ModuleFactory()
    cible = {Role.DIRECTEUR: groupe, Role.CHEF_PROJET: grappe, Role.SIEGE: og, Role.ARS: grappe.region}[role]
    qui = affecter(role, cible)
    tout = affecter(Role.DIRECTEUR)
    affecter(Role.CHEF_PROJET, utilisateur=tout)

    def semer(nombre: int) -> None:
        for vers in ("cadrage", "preparation", "ouverture"):
            lot = ParcoursFactory.create_batch(nombre, grappe=grappe, esms__og=og)
            # Écriture brute : le test compte des lignes, l'histoire de chacune n'y change rien.
            QuerySet(Parcours).filter(pk__in=[p.pk for p in lot]).update(etat=vers)
            groupe.esms.add(*[p.esms for p in lot])
            for p in lot:
                OuvertureFactory(unite__parcours=p, module=module)
                Etape.objects.create(parcours=p, etat="routine", reference=au - timedelta(days=2))
        services.proposer(parcours=Parcours.objects.get(pk=lot[0].pk), transition="verifier_service", par=tout)
        sous_reserve = ParcoursFactory(grappe=grappe, esms__og=og)
        groupe.esms.add(sous_reserve.esms)
        changer_etat(sous_reserve, "engager", par=tout, motif="x")

    semer(1)
    _page(client, qui)
    with CaptureQueriesContext(connection) as peu:
        assert _page(client, qui).status_code == 200
    semer(17)
    with CaptureQueriesContext(connection) as beaucoup:
        assert _page(client, qui).status_code == 200
    assert len(beaucoup) == len(peu)


def test_ce_qui_attend_encore_une_reponse_ne_se_dit_pas_peut_attendre(
    client: Client, monkeypatch: pytest.MonkeyPatch, au: date
) -> None:
    (parcours,) = _pole(1)[1]
    lignes = [Ligne(f"Répondre {n}", "", "/", Urgence.REPONDRE) for n in range(7)]
    lignes += [Ligne("Plus tard", "", "/", Urgence.PEUT_ATTENDRE)]
    monkeypatch.setattr("programme.views.accueil.lues", lambda demande: lignes)
    page = _page(client, directrice_de(parcours)).content.decode().replace("\xa0", " ")
    assert "Ensuite : 2 points" in page and "Peut attendre : 1 point" in page
    assert "Le reste peut attendre" not in page
    monkeypatch.setattr("programme.views.accueil.lues", lambda demande: lignes[3:])
    page = _page(client, directrice_de(parcours)).content.decode()
    assert "Ensuite" not in page and "Le reste peut attendre" in page


def test_partager_ne_montre_que_cinq_gestes() -> None:
    lignes = [Ligne(str(i), "", "", Urgence.REPONDRE) for i in range(7)]
    assert [len(x) for x in partager(lignes)] == [5, 2]
    tranquilles = [Ligne(str(i), "", "", Urgence.PEUT_ATTENDRE) for i in range(7)]
    assert [len(x) for x in partager(tranquilles)] == [3, 4]


def test_tout_fait_a_un_titre_et_toute_declaration_est_inscrite() -> None:
    from programme.enums import FAITS_A_DATER

    assert set(TITRES_FAITS) == FAITS_A_DATER
    assert {"decider", "prets", "faits", "fiche", "dates", "vacances", "reserves", "grappes"} <= set(
        declarations.codes()
    )
