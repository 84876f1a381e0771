"""Pages d'une grappe : ce que chacun y lit, ce qu'il peut y faire, et rien de ce qui ne le regarde pas."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programme.enums import NatureFait, Role
from programme.models import Fait, Grappe, Parcours, Vague, Verification
from programme.socle.models import ReglageCondition
from programme.socle.porte import changer_etat
from tests.fabriques import (
    EsmsFactory,
    GrappeFactory,
    ModuleFactory,
    OgFactory,
    OuvertureFactory,
    ParcoursFactory,
    SolutionFactory,
    affecter,
    cheffe_de,
    directrice_de,
)

pytestmark = pytest.mark.django_db
PAGES = ("grappe-detail", "grappe-preparation")
CONDUITE = (
    "grappe-ajouter",
    "grappe-modifier",
    "grappe-vagues",
    "vague-creer",
    "grappe-verifications",
    "grappe-conditions",
)


@pytest.fixture
def grappe() -> Grappe:
    """Une grappe à deux organismes, avec tout ce qu'une page montre."""
    grappe = GrappeFactory(nom="Rives de Garonne", porteur=OgFactory(nom="Association porteuse"))
    vague = Vague.objects.create(grappe=grappe, numero=1, capacite=1)
    pilote = ParcoursFactory(grappe=grappe, est_pilote=True, vague=vague, esms__nom="IME Les Acacias")
    ParcoursFactory(grappe=grappe, vague=vague, esms__nom="ESAT La Palombière", esms__og=pilote.esms.og)
    OuvertureFactory(unite__parcours=pilote)
    Verification.objects.create(
        grappe=grappe, type="va", parcours=pilote, issue="prononcee", prononcee_le=timezone.localdate()
    )
    return grappe


@pytest.fixture
def voisin(grappe: Grappe) -> Any:
    """Directeur d'un ESMS d'un autre organisme, dans la même grappe."""
    return directrice_de(ParcoursFactory(grappe=grappe, esms__nom="SESSAD du Vignoble"))


def _lire(client: Client, utilisateur: Any, nom: str, *args: Any, **params: Any) -> Any:
    client.force_login(utilisateur)
    return client.get(reverse(f"programme:{nom}", args=args), params)


@pytest.mark.parametrize("nom", PAGES + CONDUITE)
def test_la_cheffe_lit_toutes_les_pages_de_sa_grappe(client: Client, grappe: Grappe, nom: str) -> None:
    reponse = _lire(client, cheffe_de(grappe), nom, grappe.pk)
    assert reponse.status_code == 200, nom
    assert "Rives de Garonne" in reponse.content.decode()


@pytest.mark.parametrize("nom", PAGES + CONDUITE)
def test_hors_perimetre_la_grappe_n_existe_pas(client: Client, grappe: Grappe, nom: str) -> None:
    etrangere = cheffe_de(GrappeFactory())
    assert _lire(client, etrangere, nom, grappe.pk).status_code == 404


@pytest.mark.parametrize("nom", CONDUITE)
def test_qui_ne_conduit_pas_la_voit_sans_pouvoir_la_changer(
    client: Client, grappe: Grappe, voisin: Any, nom: str
) -> None:
    reponse = _lire(client, voisin, nom, grappe.pk)
    assert reponse.status_code == 403
    assert "chef de projet" in reponse.content.decode()


def test_le_chapeau_compte_la_grappe_entiere_pour_qui_la_voit_toute(
    client: Client, grappe: Grappe, voisin: Any
) -> None:
    page = _lire(client, cheffe_de(grappe), "grappe-detail", grappe.pk).content.decode()
    assert "3 ESMS, 2 OG" in page and "Association porteuse" in page
    for nom in ("IME Les Acacias", "ESAT La Palombière", "SESSAD du Vignoble"):
        assert nom in page


@pytest.mark.parametrize("nom", [*PAGES, "grappe-liste"])
def test_un_voisin_ne_lit_ni_le_nom_ni_le_nombre_des_autres(
    client: Client, grappe: Grappe, voisin: Any, nom: str
) -> None:
    args = () if nom == "grappe-liste" else (grappe.pk,)
    avant = _lire(client, voisin, nom, *args).content.decode()
    assert "IME Les Acacias" not in avant and "ESAT La Palombière" not in avant
    ParcoursFactory.create_batch(5, grappe=grappe, esms__nom="Foyer Nouveau")
    apres = _lire(client, voisin, nom, *args).content.decode()
    assert _sans_jetons(avant) == _sans_jetons(apres), "cinq ESMS de plus ne changent pas une lettre de sa page"


def _sans_jetons(page: str) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+"', "", page)


def test_un_voisin_apprend_du_pilote_des_faits_sans_chiffre(client: Client, grappe: Grappe, voisin: Any) -> None:
    page = _lire(client, voisin, "grappe-detail", grappe.pk).content.decode()
    assert "(VA) est prononcée" in page
    assert "Vous y suivez 1 ESMS" in page and "Règles de la grappe" not in page


def test_un_export_ne_porte_que_ce_que_le_lecteur_voit(client: Client, grappe: Grappe, voisin: Any) -> None:
    reponse = _lire(client, voisin, "grappe-preparation", grappe.pk, format="csv")
    lignes = b"".join(reponse.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lignes) == 2 and "SESSAD du Vignoble" in lignes[1]
    assert lignes[0].startswith("FINESS;ESMS;") and "(avertit)" in lignes[1]


def test_la_grille_mesure_chaque_condition_et_compte_en_pied(client: Client, grappe: Grappe) -> None:
    cheffe = cheffe_de(grappe)
    parcours = Parcours.objects.filter(grappe=grappe)
    Fait.objects.create(parcours=parcours[0], nature=NatureFait.ANNONCE, date=timezone.localdate(), saisi_par=cheffe)
    page = _lire(client, cheffe, "grappe-preparation", grappe.pk).content.decode()
    assert "Passer au cadrage" in page
    assert 'class="case n2 justify-content-center">1 / 2</div>' in page
    assert 'class="case manque-avertit' in page and "date absente" in page


def test_une_condition_masquee_n_a_pas_de_colonne(client: Client, grappe: Grappe) -> None:
    ReglageCondition.objects.create(grappe=grappe, condition="annonce", severite="masquee")
    page = _lire(client, cheffe_de(grappe), "grappe-preparation", grappe.pk).content.decode()
    assert "Annonce du projet aux équipes" not in page and "Pré-diagnostic" in page


@pytest.mark.parametrize("nom", [*PAGES, "grappe-liste", "grappe-vagues"])
def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_d_esms(client: Client, grappe: Grappe, nom: str) -> None:
    cheffe = cheffe_de(grappe)
    client.force_login(cheffe)
    adresse = reverse(f"programme:{nom}", args=[] if nom == "grappe-liste" else [grappe.pk])
    comptes = []
    for ajout in (2, 50):
        for rang, parcours in enumerate(ParcoursFactory.create_batch(ajout, grappe=grappe)):
            OuvertureFactory(unite__parcours=parcours)
            if rang % 2:
                changer_etat(parcours, "constater", par=cheffe, vers="preparation")
        client.get(adresse)
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(adresse).status_code == 200
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1], comptes


# --- les gestes ------------------------------------------------------------------------------------------------------


def test_creer_une_grappe_mene_a_l_ajout_de_ses_esms(client: Client) -> None:
    og = OgFactory(nom="Association des Coteaux")
    ModuleFactory()
    siege = affecter(Role.SIEGE, og)
    client.force_login(siege)
    saisie = {"nom": "Coteaux réunis", "porteur": "coteaux", "type_projet": "usages", "annee_financement": "2024"}
    reponse = client.post(reverse("programme:grappe-creer"), saisie)
    creee = Grappe.objects.get(nom="Coteaux réunis")
    assert creee.porteur == og and creee.annee_financement == 2024
    assert reponse["Location"].startswith(reverse("programme:grappe-ajouter", args=[creee.pk]))
    assert 'value="usages" selected' in client.get(reponse["Location"]).content.decode()


def test_un_porteur_ambigu_est_dit_sans_rien_perdre(client: Client) -> None:
    OgFactory(nom="Association des Coteaux")
    OgFactory(nom="Fondation des Coteaux")
    client.force_login(affecter(Role.ADMIN))
    reponse = client.post(
        reverse("programme:grappe-creer"), {"nom": "Essai", "porteur": "coteaux", "type_projet": "usages"}
    )
    page = reponse.content.decode()
    assert reponse.status_code == 422 and "Association des Coteaux" in page and "Fondation des Coteaux" in page
    assert 'value="Essai"' in page and not Grappe.objects.exists()


def test_un_nir_dans_la_presentation_est_refuse_et_le_texte_reste(client: Client) -> None:
    client.force_login(affecter(Role.ADMIN))
    texte = "Contact 2 55 08 14 168 025 38 pour la suite"
    reponse = client.post(
        reverse("programme:grappe-creer"), {"nom": "Essai", "type_projet": "usages", "presentation": texte}
    )
    page = reponse.content.decode()
    assert reponse.status_code == 422 and "numéro de sécurité sociale" in page and texte in page
    assert not Grappe.objects.exists()


def test_la_recherche_d_un_porteur_propose_des_noms(client: Client) -> None:
    OgFactory(nom="Association des Coteaux")
    page = _lire(client, affecter(Role.ADMIN), "grappe-porteurs", porteur="coteaux").content.decode()
    assert '<option value="Association des Coteaux (' in page


def _poster(client: Client, grappe: Grappe, **saisie: Any) -> Any:
    client.force_login(cheffe_de(grappe))
    return client.post(reverse("programme:grappe-ajouter", args=[grappe.pk]), {"type_projet": "acquisition", **saisie})


def test_l_apercu_explique_les_fautes_et_n_ecrit_rien(client: Client, grappe: Grappe) -> None:
    bon = EsmsFactory(nom="MAS Clos Saint-Martin")
    reponse = _poster(client, grappe, geste="verifier", numeros=f"{bon.finess}\n12345\n")
    page = reponse.content.decode()
    assert "5 caractères au lieu de neuf" in page and "MAS Clos Saint-Martin" in page
    assert "Ajouter 1 ESMS à la grappe" in page and "12345" in page
    assert not bon.parcours.exists()


def test_confirmer_garde_les_bons_et_rend_les_fautifs_a_corriger(client: Client, grappe: Grappe) -> None:
    bon = EsmsFactory()
    reponse = _poster(client, grappe, geste="confirmer", numeros=f"{bon.finess}\n12345\n")
    assert reponse.status_code == 302 and bon.parcours.get().grappe == grappe
    page = client.get(reponse["Location"]).content.decode()
    assert "12345</textarea>" in page and bon.finess not in page.split("</textarea>")[0].split("<textarea")[1]


def test_confirmer_une_liste_toute_fautive_n_ecrit_rien(client: Client, grappe: Grappe) -> None:
    avant = Parcours.objects.count()
    reponse = _poster(client, grappe, geste="confirmer", numeros="12345, ABC")
    assert reponse.status_code == 200 and Parcours.objects.count() == avant
    assert "2 numéros n’entrent pas" in reponse.content.decode()


def test_chercher_puis_cocher_complete_la_liste_sans_perdre_la_saisie(client: Client, grappe: Grappe) -> None:
    trouve = EsmsFactory(nom="FAM Les Peupliers")
    page = _poster(client, grappe, geste="chercher", q="peupliers", numeros="12345").content.decode()
    assert f'value="{trouve.finess}"' in page and "12345</textarea>" in page
    page = _poster(
        client, grappe, geste="prendre", q="peupliers", numeros="12345", choisis=trouve.finess
    ).content.decode()
    assert f"12345\n{trouve.finess}</textarea>" in page.replace("\r", "") and "1 ESMS entrerait" in page


def test_la_frappe_rend_seulement_l_examen(client: Client, grappe: Grappe) -> None:
    client.force_login(cheffe_de(grappe))
    reponse = client.post(
        reverse("programme:grappe-ajouter", args=[grappe.pk]),
        {"type_projet": "acquisition", "numeros": "12345"},
        headers={"HX-Request": "true"},
    )
    page = reponse.content.decode()
    assert "<html" not in page and "1 numéro n’entre pas" in page and "Au moins 15 ESMS" in page


def test_deux_personnes_modifient_la_grappe_la_seconde_l_apprend(client: Client, grappe: Grappe) -> None:
    cheffe = cheffe_de(grappe)
    page = _lire(client, cheffe, "grappe-modifier", grappe.pk)
    vu = page.context["formulaire"]["vu"].value()
    modules = [ModuleFactory().pk, ModuleFactory(code="agenda", nom="Agenda").pk]
    saisie = {"nom": "Premier nom", "vu": vu}
    adresse = reverse("programme:grappe-modifier", args=[grappe.pk])
    assert client.post(adresse, saisie).status_code == 302
    reponse = client.post(adresse, {"nom": "Second nom", "vu": vu, "modules": modules})
    page_relue = reponse.content.decode()
    assert reponse.status_code == 409 and cheffe.nom in page_relue and 'value="Second nom"' in page_relue
    grappe.refresh_from_db()
    assert grappe.nom == "Premier nom"
    relu = reponse.context["formulaire"]["vu"].value()
    assert page_relue.count(" checked") == 2, "les deux modules cochés le restent"
    assert client.post(adresse, {"nom": "Second nom", "vu": relu}).status_code == 302


def test_ranger_plusieurs_esms_dans_une_vague(client: Client, grappe: Grappe) -> None:
    cheffe = cheffe_de(grappe)
    client.force_login(cheffe)
    client.post(reverse("programme:vague-creer", args=[grappe.pk]), {"numero": "2", "capacite": "3"})
    seconde = grappe.vagues.get(numero=2)
    cles = list(Parcours.objects.filter(grappe=grappe).values_list("pk", flat=True))
    adresse = reverse("programme:grappe-vagues", args=[grappe.pk])
    assert client.post(adresse, {"parcours": cles, "vague": seconde.pk}).status_code == 302
    assert seconde.parcours.count() == len(cles)
    refus = client.post(adresse, {"vague": seconde.pk})
    assert refus.status_code == 422 and "Cochez au moins un ESMS" in refus.content.decode()


def test_une_capacite_depassee_attend_une_decision(client: Client, grappe: Grappe) -> None:
    cheffe = cheffe_de(grappe)
    for parcours in Parcours.objects.filter(grappe=grappe):
        changer_etat(parcours, "constater", par=cheffe, vers="preparation")
    page = _lire(client, cheffe, "grappe-detail", grappe.pk).content.decode()
    assert "a 2 ESMS en chemin pour une capacité de 1" in page
    assert "2 ESMS n&#x27;ont pas de direction" in page


def test_un_seul_esms_sans_direction_mene_droit_au_formulaire(client: Client) -> None:
    grappe = GrappeFactory()
    seul = ParcoursFactory(grappe=grappe)
    page = _lire(client, cheffe_de(grappe), "grappe-detail", grappe.pk).content.decode()
    assert f"{reverse('programme:affectation-creer')}?esms={seul.esms.finess}" in page
    assert "Nommer une direction" in page


def test_un_sorti_se_dit_a_part_partout_de_la_meme_facon(client: Client, grappe: Grappe) -> None:
    cheffe = cheffe_de(grappe)
    changer_etat(Parcours.objects.filter(grappe=grappe)[0], "sortir", par=cheffe, motif="Retrait", raison="retrait")
    page = _lire(client, cheffe, "grappe-detail", grappe.pk).content.decode()
    assert page.count("1 ESMS · 1 sorti") == 2, "en-tête et chapeau"
    assert "· 1 sorti" in _lire(client, cheffe, "grappe-liste").content.decode()


def test_l_en_tete_de_trois_grappes_dit_combien_de_grappes_puis_combien_d_esms(client: Client) -> None:
    cheffe = cheffe_de(ParcoursFactory().grappe)
    for _ in range(2):
        affecter(Role.CHEF_PROJET, ParcoursFactory().grappe, utilisateur=cheffe)
    contexte = _lire(client, cheffe, "grappe-liste").context
    assert (contexte["perimetre_titre"], contexte["perimetre_detail"]) == ("3 grappes", "3 ESMS")


def test_resilier_dit_ce_qui_s_arrete_et_ne_promet_pas_de_retour(client: Client, grappe: Grappe) -> None:
    cheffe = cheffe_de(grappe)
    for geste in ("deposer", "conventionner"):
        changer_etat(grappe, geste, par=cheffe)
    page = _lire(client, cheffe, "passage", "grappe", grappe.pk, "resilier").content.decode()
    assert "La convention s&#x27;arrête pour les 2 ESMS de la grappe. Ce passage ne se défait pas." in page
    assert "revient en arrière" not in page and "btn-danger" in page
    suspendre = _lire(client, cheffe, "passage", "grappe", grappe.pk, "suspendre").content.decode()
    assert "revient en arrière" in suspendre and "btn-danger" not in suspendre


def test_consigner_une_verification_sur_un_lot(client: Client, grappe: Grappe) -> None:
    parcours = Parcours.objects.filter(grappe=grappe).first()
    assert parcours
    client.force_login(cheffe_de(grappe))
    saisie = {
        "type": "vsr",
        "objet": f"og-{parcours.esms.og_id}",
        "issue": "avec_reserves",
        "prononcee_le": timezone.localdate().isoformat(),
    }
    adresse = reverse("programme:grappe-verifications", args=[grappe.pk])
    assert client.post(adresse, saisie).status_code == 302
    assert Verification.objects.get(type="vsr").og == parcours.esms.og
    assert parcours.esms.og.nom in client.get(adresse).content.decode()


def test_le_plancher_legal_se_voit_et_ne_se_regle_pas(client: Client, grappe: Grappe) -> None:
    cheffe = cheffe_de(grappe)
    page = _lire(client, cheffe, "grappe-conditions", grappe.pk)
    assert "verrouillé" in page.content.decode() and "cse" not in page.context["formulaire"].fields
    saisie = {nom: champ.initial for nom, champ in page.context["formulaire"].fields.items()} | {"vague": "avertit"}
    reponse = client.post(reverse("programme:grappe-conditions", args=[grappe.pk]), saisie)
    assert reponse.status_code == 302
    assert list(ReglageCondition.objects.values_list("condition", "severite")) == [("vague", "avertit")]


def test_la_liste_cherche_sans_accents(client: Client, grappe: Grappe) -> None:
    cheffe = cheffe_de(grappe)
    affecter(Role.CHEF_PROJET, GrappeFactory(nom="Éclats d'outre-mer"), utilisateur=cheffe)
    page = _lire(client, cheffe, "grappe-liste", recherche="eclats").content.decode()
    assert "Éclats" in page and "Rives de Garonne" not in page.split('id="resultats"')[1]


def test_la_solution_d_un_ajout_peut_differer_de_celle_de_la_grappe(client: Client, grappe: Grappe) -> None:
    autre, esms = SolutionFactory(nom="Autre"), EsmsFactory()
    _poster(client, grappe, geste="confirmer", numeros=esms.finess, solution=autre.pk)
    assert esms.parcours.get().solution == autre


@pytest.mark.parametrize("geste", ["verifier", "confirmer"])
def test_un_nir_colle_parmi_les_numeros_est_refuse_et_ne_se_garde_nulle_part(
    client: Client, grappe: Grappe, geste: str
) -> None:
    esms = EsmsFactory()
    reponse = _poster(client, grappe, geste=geste, numeros=f"{esms.finess}\n2 55 08 14 168 025 38")
    page = reponse.content.decode()
    assert reponse.status_code == 422 and "numéro de sécurité sociale" in page and esms.finess in page
    assert not esms.parcours.exists() and "168" not in str(dict(client.session))


def test_une_solution_choisie_plus_tard_vaut_pour_les_esms_deja_entres(client: Client) -> None:
    grappe = GrappeFactory(solution=None)
    parcours = ParcoursFactory(grappe=grappe, solution=None)
    solution = SolutionFactory()
    client.force_login(cheffe_de(grappe))
    adresse = reverse("programme:grappe-modifier", args=[grappe.pk])
    assert client.post(adresse, {"nom": grappe.nom, "solution": solution.pk}).status_code == 302
    parcours.refresh_from_db()
    assert parcours.solution == solution


def test_une_solution_deja_prise_ailleurs_se_refuse_sans_rien_ecrire(client: Client) -> None:
    grappe, solution = GrappeFactory(solution=None), SolutionFactory()
    esms = EsmsFactory(nom="IME Les Tilleuls")
    parcours = ParcoursFactory(grappe=grappe, solution=None, esms=esms)
    ParcoursFactory(esms=esms, grappe=GrappeFactory(nom="Grappe secrète", solution=solution))
    client.force_login(cheffe_de(grappe))
    reponse = client.post(
        reverse("programme:grappe-modifier", args=[grappe.pk]), {"nom": grappe.nom, "solution": solution.pk}
    )
    page = reponse.content.decode()
    assert reponse.status_code == 422 and "IME Les Tilleuls" in page and "secrète" not in page
    parcours.refresh_from_db()
    assert parcours.solution is None


def test_une_date_de_naissance_ecrite_se_signale_sans_bloquer(client: Client, grappe: Grappe) -> None:
    client.force_login(cheffe_de(grappe))
    saisie = {
        "type": "va",
        "objet": "grappe",
        "issue": "avec_reserves",
        "prononcee_le": timezone.localdate().isoformat(),
        "reserves": "Dossier de la personne née le 3 mars 2011 à revoir",
    }
    page = client.post(reverse("programme:grappe-verifications", args=[grappe.pk]), saisie, follow=True)
    assert "date de naissance" in page.content.decode()
