"""Solutions, groupes et comptes : droits, doublons, périmètre, sessions coupées, nombre de requêtes."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from programme.enums import Role, Titre
from programme.models import Editeur, Groupe, Invitation, Parcours, Solution, Utilisateur
from programme.services.comptes import fermer_compte, rouvrir_compte
from programme.services.invitations import emettre
from programme.services.referentiel import creer_groupe, enregistrer_solution, modifier_groupe
from programme.socle.erreurs import Refus
from programme.socle.jetons import creer_jeton
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import (
    EditeurFactory,
    EsmsFactory,
    GrappeFactory,
    GroupeFactory,
    OgFactory,
    ParcoursFactory,
    SolutionFactory,
    UtilisateurFactory,
    affecter,
    cheffe_de,
)

pytestmark = pytest.mark.django_db
SOLUTIONS, GROUPES, COMPTES = "/referentiels/solutions/", "/groupes/", "/comptes/"


@pytest.fixture
def admin() -> Utilisateur:
    return affecter(Role.ADMIN)


def lignes(reponse: Any) -> list[Any]:
    return [ligne.record for ligne in reponse.context["liste"].table.rows]


# --- solutions -------------------------------------------------------------------------------------------------------


def test_une_cheffe_ajoute_la_solution_de_sa_grappe_puis_la_choisit() -> None:
    client = connecte(cheffe_de(GrappeFactory(solution=None)))
    assert "?pour=grappe" in client.get("/grappes/nouvelle/").text
    reponse = client.post(
        f"{SOLUTIONS}nouvelle/?pour=grappe", {"nouvel_editeur": "Atelier du Ruisseau", "nom": "Source"}
    )
    assert reponse.url == "/grappes/nouvelle/"
    solution = Solution.objects.get()
    assert (str(solution.editeur), solution.est_referencee) == ("Atelier du Ruisseau", False)
    assert solution in client.get("/grappes/nouvelle/").context["form"].fields["solution"].queryset


@pytest.mark.parametrize(("editeur", "nom"), [("atelier du RUISSEAU", "source"), ("Atelier du ruisseau", "Sourcé !")])
def test_un_doublon_est_refuse_d_une_phrase(admin: Utilisateur, editeur: str, nom: str) -> None:
    enregistrer_solution(par=admin, nouvel_editeur="Atelier du Ruisseau", nom="Source")
    reponse = connecte(admin).post(f"{SOLUTIONS}nouvelle/", {"nouvel_editeur": editeur, "nom": nom})
    assert reponse.status_code == 422
    assert "déjà dans la liste" in reponse.text
    assert (Solution.objects.count(), Editeur.objects.count()) == (1, 1)


def test_le_meme_nom_chez_un_autre_editeur_passe(admin: Utilisateur) -> None:
    for editeur in ("Un", "Deux"):
        enregistrer_solution(par=admin, nouvel_editeur=editeur, nom="Source")
    assert Solution.objects.count() == 2


@pytest.mark.parametrize("saisie", [{"nom": "Source"}, {"nom": "Source", "nouvel_editeur": "Autre", "editeur": "oui"}])
def test_il_faut_un_editeur_et_un_seul(admin: Utilisateur, saisie: dict[str, Any]) -> None:
    if "editeur" in saisie:
        saisie = saisie | {"editeur": EditeurFactory().pk}
    assert connecte(admin).post(f"{SOLUTIONS}nouvelle/", saisie).status_code == 422
    assert not Solution.objects.exists()


def test_seul_l_administrateur_corrige_une_solution(admin: Utilisateur) -> None:
    solution = SolutionFactory()
    saisie = {"editeur": solution.editeur_id, "nom": "Lisière", "est_referencee": "on"}
    url = f"{SOLUTIONS}{solution.pk}/"
    cheffe = cheffe_de(GrappeFactory())
    assert connecte(cheffe).post(url, saisie).status_code == 403
    with pytest.raises(Refus):
        enregistrer_solution(par=cheffe, solution=solution, editeur=solution.editeur, nom="Autre")
    assert connecte(admin).post(url, saisie).status_code == 302
    solution.refresh_from_db()
    assert solution.est_referencee


def test_la_liste_ne_compte_que_les_grappes_qu_on_voit(admin: Utilisateur) -> None:
    solution = SolutionFactory()
    sienne, _ = GrappeFactory(solution=solution), GrappeFactory(solution=solution)
    assert [s.nb_grappes for s in lignes(connecte(cheffe_de(sienne)).get(SOLUTIONS))] == [1]
    assert [s.nb_grappes for s in lignes(connecte(admin).get(SOLUTIONS))] == [2]
    assert [s.nb_grappes for s in lignes(connecte(UtilisateurFactory()).get(SOLUTIONS))] == [0]


# --- groupes ---------------------------------------------------------------------------------------------------------


def test_le_siege_cree_un_groupe_dans_son_og_et_pas_ailleurs() -> None:
    og, ailleurs = OgFactory(), OgFactory(nom="Fondation Voisine")
    siege = affecter(Role.SIEGE, og)
    client = connecte(siege)
    assert client.post(f"{GROUPES}nouveau/", {"nom": "Pôle", "og": ailleurs.finess}).status_code == 422
    with pytest.raises(Refus):
        creer_groupe(nom="Pôle", og=ailleurs, par=siege)
    assert not Groupe.objects.exists()
    reponse = client.post(f"{GROUPES}nouveau/", {"nom": "Pôle", "og": og.finess})
    assert reponse.url == f"{GROUPES}{Groupe.objects.get(og=og).pk}/"
    assert client.post(f"{GROUPES}nouveau/", {"nom": "pole", "og": og.finess}).status_code == 422


def test_cocher_un_esms_l_ajoute_au_perimetre_du_groupe() -> None:
    og = OgFactory()
    groupe, esms = GroupeFactory(og=og), EsmsFactory(og=og)
    parcours = ParcoursFactory(esms=esms)
    directrice = affecter(Role.DIRECTEUR, groupe)
    assert not Parcours.objects.visibles_par(directrice).exists()
    url = f"{GROUPES}{groupe.pk}/"
    assert connecte(affecter(Role.SIEGE, og)).post(url, {"nom": groupe.nom, "esms": [esms.pk]}).status_code == 302
    directrice = Utilisateur.objects.get(pk=directrice.pk)
    assert list(Parcours.objects.visibles_par(directrice)) == [parcours]


def test_un_esms_d_un_autre_og_n_entre_pas(admin: Utilisateur) -> None:
    groupe, intrus = GroupeFactory(), EsmsFactory()
    reponse = connecte(admin).post(f"{GROUPES}{groupe.pk}/", {"nom": groupe.nom, "esms": [intrus.pk]})
    assert reponse.status_code == 422
    with pytest.raises(Refus):
        modifier_groupe(groupe=groupe, nom=groupe.nom, esms=[intrus], par=admin)
    assert not groupe.esms.exists()


def test_un_retrait_se_dit_puis_se_confirme(admin: Utilisateur) -> None:
    groupe = GroupeFactory()
    garde, retire = EsmsFactory(og=groupe.og), EsmsFactory(og=groupe.og)
    groupe.esms.set([garde, retire])
    affecter(Role.DIRECTEUR, groupe)
    client, url, saisie = connecte(admin), f"{GROUPES}{groupe.pk}/", {"nom": groupe.nom, "esms": [garde.pk]}
    assert "confirmer" not in client.get(url).context["formulaire"].fields
    reponse = client.post(url, saisie)
    assert reponse.status_code == 422
    assert f"Je retire de ce groupe : {retire.nom}" in reponse.text and "1 personne" in reponse.text
    assert groupe.esms.count() == 2
    assert client.post(url, saisie | {"confirmer": "on"}).status_code == 302
    assert list(groupe.esms.all()) == [garde]


def test_une_delegation_ne_survit_pas_au_retrait(admin: Utilisateur) -> None:
    groupe, aujourd_hui = GroupeFactory(), timezone.localdate()
    esms = EsmsFactory(og=groupe.og)
    groupe.esms.add(esms)
    directrice = affecter(Role.DIRECTEUR, groupe)
    fin = aujourd_hui + timedelta(days=60)
    adjoint = affecter(Role.DIRECTEUR, esms, titre=Titre.DELEGATION, delegue_par=directrice, au=fin)
    modifier_groupe(groupe=groupe, nom=groupe.nom, esms=[esms], par=admin)
    assert adjoint.affectations.get().au == fin
    modifier_groupe(groupe=groupe, nom=groupe.nom, esms=[], par=admin)
    assert adjoint.affectations.get().au == aujourd_hui


def test_chercher_garde_ce_qui_est_coche_et_n_ecrit_rien(admin: Utilisateur, monkeypatch: Any) -> None:
    monkeypatch.setattr("programme.forms.referentiel.MONTRES", 2)
    groupe = GroupeFactory()
    EsmsFactory.create_batch(4, og=groupe.og)
    coche = EsmsFactory(og=groupe.og, nom="Zéphyr")
    cherche = EsmsFactory(og=groupe.og, nom="Foyer du Vallon")
    saisie = {"nom": "Neuf", "esms": [coche.pk], "recherche": "vallon", "geste": "chercher"}
    formulaire = connecte(admin).post(f"{GROUPES}{groupe.pk}/", saisie).context["formulaire"]
    assert set(formulaire.proposes) == {coche.pk, cherche.pk}
    assert [c for c in formulaire["esms"].subwidgets if c.data["selected"]][0].data["value"] == coche.pk
    assert formulaire["nom"].value() == "Neuf" and not groupe.esms.exists()


def test_on_lit_les_groupes_de_son_perimetre_sans_pouvoir_les_changer() -> None:
    parcours = ParcoursFactory()
    sien, autre = GroupeFactory(og=parcours.esms.og), GroupeFactory()
    sien.esms.add(parcours.esms)
    client = connecte(affecter(Role.DIRECTEUR, parcours.esms))
    reponse = client.get(GROUPES)
    assert lignes(reponse) == [sien] and f'href="{GROUPES}{sien.pk}/"' not in reponse.text
    assert client.get(f"{GROUPES}{sien.pk}/").status_code == 403
    assert client.get(f"{GROUPES}{autre.pk}/").status_code == 404


# --- comptes ---------------------------------------------------------------------------------------------------------


def test_fermer_deconnecte_revoque_et_garde_les_affectations(admin: Utilisateur) -> None:
    compte = cheffe_de(GrappeFactory())
    jeton, clair = creer_jeton(utilisateur=compte)
    emettre(utilisateur=compte, par=admin)
    navigateur, voisin = connecte(compte), connecte(UtilisateurFactory())
    client = connecte(admin)
    assert "Ses affectations restent inscrites (1 en cours)" in client.get(f"{COMPTES}{compte.pk}/fermer/").text
    compte.refresh_from_db()
    assert compte.is_active, "lire la confirmation ne ferme rien"
    assert client.post(f"{COMPTES}{compte.pk}/fermer/").status_code == 302
    compte.refresh_from_db()
    jeton.refresh_from_db()
    assert not compte.is_active and jeton.revoque_le and compte.affectations.exists()
    assert not Invitation.objects.filter(utilisateur=compte).exists()
    assert navigateur.get("/").status_code == 302 and voisin.get("/").status_code == 200
    assert str(compte.pk) not in {s.get_decoded().get(SESSION_KEY) for s in Session.objects.all()}
    assert Client().get("/api/v1/grappes/", headers={"Authorization": f"Jeton {clair}"}).status_code == 401


def test_rouvrir_rend_le_perimetre_mais_ni_session_ni_jeton(admin: Utilisateur) -> None:
    compte = cheffe_de(GrappeFactory())
    jeton, _ = creer_jeton(utilisateur=compte)
    navigateur = connecte(compte)
    fermer_compte(compte=compte, par=admin)
    assert connecte(admin).post(f"{COMPTES}{compte.pk}/rouvrir/").status_code == 302
    compte = Utilisateur.objects.get(pk=compte.pk)
    jeton.refresh_from_db()
    assert compte.is_active and compte.perimetre.tient(Role.CHEF_PROJET) and jeton.revoque_le
    assert navigateur.get("/").status_code == 302


def test_on_ne_ferme_pas_son_propre_compte(admin: Utilisateur) -> None:
    client = connecte(admin)
    reponse = client.post(f"{COMPTES}{admin.pk}/fermer/")
    assert reponse.status_code == 422 and "son propre compte" in reponse.text
    admin.refresh_from_db()
    assert admin.is_active and f"{COMPTES}{admin.pk}/fermer/" not in client.get(COMPTES).text


def test_hors_l_administrateur_nul_ne_ferme_ni_ne_lit_les_comptes() -> None:
    cheffe, compte = cheffe_de(GrappeFactory()), UtilisateurFactory()
    client = connecte(cheffe)
    assert client.get(COMPTES).status_code == client.get(f"{COMPTES}?format=csv").status_code == 403
    for geste in (fermer_compte, rouvrir_compte):
        with pytest.raises(Refus):
            geste(compte=compte, par=cheffe)
    assert not Utilisateur.objects.visibles_par(cheffe).exists()


def test_la_liste_dit_ou_en_est_chaque_compte(admin: Utilisateur) -> None:
    client = connecte(admin)
    jamais, ferme = UtilisateurFactory(nom="Jamais"), UtilisateurFactory(nom="Parti", is_active=False)
    assert lignes(client.get(f"{COMPTES}?etat=jamais")) == [jamais]
    assert lignes(client.get(f"{COMPTES}?etat=fermes&recherche=part")) == [ferme]
    assert lignes(client.get(f"{COMPTES}?etat=ouverts")) == [admin]
    page = client.get(COMPTES).text
    assert "jamais connecté" in page and "fermé" in page
    export = b"".join(client.get(f"{COMPTES}?format=csv")).decode()
    assert "jamais connecté" in export and "Rouvrir" not in export


# --- requêtes --------------------------------------------------------------------------------------------------------


def _solutions(nombre: int) -> None:
    for _ in range(nombre):
        GrappeFactory(solution=SolutionFactory(nom=f"Solution {Solution.objects.count()}"))


def _groupes(nombre: int) -> None:
    for groupe in GroupeFactory.create_batch(nombre):
        groupe.esms.add(EsmsFactory(og=groupe.og))


def _comptes(nombre: int) -> None:
    for _ in range(nombre):
        cheffe_de(GrappeFactory())


@pytest.mark.parametrize(("url", "peupler"), [(SOLUTIONS, _solutions), (GROUPES, _groupes), (COMPTES, _comptes)])
def test_autant_de_requetes_a_une_ligne_qu_a_cinquante(admin: Utilisateur, url: str, peupler: Any) -> None:
    exiger_requetes_constantes(connecte(admin), f"{url}?par_page=100", peupler)


def test_solutions_groupes_et_comptes_se_cherchent_sans_accents() -> None:
    SolutionFactory(nom="Écluse", editeur=EditeurFactory(nom="Éditeur des Méandres"))
    SolutionFactory(nom="Lisière")
    GroupeFactory(nom="Pôle Été")
    GroupeFactory(nom="Pôle Hiver")
    UtilisateurFactory(nom="Référente Éveil")
    client = connecte(affecter(Role.ADMIN))
    for adresse, attendu in (
        ("/referentiels/solutions/?recherche=ecluse meandres", "Écluse"),
        ("/groupes/?recherche=ETE pole", "Pôle Été"),
        ("/comptes/?recherche=eveil referente", "Référente Éveil"),
    ):
        lignes = client.get(adresse).context["liste"].table.rows
        assert [ligne.record.nom for ligne in lignes] == [attendu]
