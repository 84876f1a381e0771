"""L'histoire entière, dans un vrai navigateur : une grappe naît, un pilote puis un autre ESMS vont à la routine."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from programme.enums import Role
from programme.models import Grappe, Ouverture, Parcours, Utilisateur
from programme.socle.conditions import pour
from programme.socle.models import Passage
from tests.fabriques import EsmsFactory, GrappeFactory, ModuleFactory, SolutionFactory, UtilisateurFactory, affecter

MOT_DE_PASSE = "un-mot-de-passe-d-essai"
PARCOURS, OUVERTURE = "programme.parcours", "programme.ouverture"


def ouvrir_compte(utilisateur: Utilisateur, identifiant: str) -> Utilisateur:
    utilisateur.identifiant = identifiant
    utilisateur.set_password(MOT_DE_PASSE)
    utilisateur.save()
    return utilisateur


def connecter(contexte: BrowserContext, serveur: str, identifiant: str) -> Page:
    page = contexte.new_page()
    page.goto(f"{serveur}/connexion/")
    page.get_by_label("Identifiant").fill(identifiant)
    page.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Se connecter")
    return page


def decider(page: Page, serveur: str, objet: Any, transition: str, motif: str = "") -> None:
    """Franchit un passage par sa page, puis vérifie que l'état a changé."""
    page.goto(f"{serveur}/passages/{objet._meta.model_name}/{objet.pk}/{transition}/")
    if motif:
        page.get_by_label("Motif").fill(motif)
    page.get_by_role("region", name="Votre décision").get_by_role("button").click()
    expect(page.get_by_role("region", name="Votre décision").get_by_role("button")).to_have_count(0)


def reunir(objet: Any, transition: str, par: Utilisateur, sauf: tuple[str, ...] = ()) -> None:
    """Réunit les conditions d'un passage par leurs recettes : le test suit le registre, il survit aux lots suivants."""
    for condition in pour(objet._meta.label_lower, transition):
        if condition.code not in sauf:
            condition.remplir(type(objet).objects.get(pk=objet.pk), par)


def refus_par_l_api(page: Page, serveur: str, parcours: Parcours, transition: str) -> tuple[int, dict[str, Any]]:
    """Ce que répond l'API à la même personne, dans la même session."""
    jeton = next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")
    reponse = page.context.request.post(
        f"{serveur}/api/v1/parcours/{parcours.pk}/transitions/",
        data=json.dumps({"transition": transition, "motif": "essai"}),
        headers={"content-type": "application/json", "x-csrftoken": jeton, "referer": serveur},
    )
    return reponse.status, reponse.json()


@pytest.mark.django_db(transaction=True)
def test_une_grappe_un_pilote_puis_un_autre(
    new_context: Callable[..., BrowserContext], live_server: LiveServer
) -> None:
    serveur = live_server.url
    ModuleFactory()
    solution = SolutionFactory()
    pilote_esms, suivant_esms = EsmsFactory(nom="IME du Chai"), EsmsFactory(nom="IME de la Treille")
    cheffe = ouvrir_compte(affecter(Role.CHEF_PROJET, GrappeFactory(nom="Grappe d'avant")), "cheffe")
    ouvrir_compte(UtilisateurFactory(nom="Directrice des IME"), "directrice")

    # La cheffe monte la grappe à partir de numéros collés, dont un faux.
    page = connecter(new_context(), serveur, "cheffe")
    page.goto(f"{serveur}/grappes/nouvelle/")
    page.get_by_label("Nom de la grappe").fill("Vignes hautes")
    page.get_by_label("Solution").select_option(label=str(solution))
    page.get_by_label("Journal de bord").check()
    page.get_by_role("button", name="Créer la grappe").click()
    page.get_by_label("Numéros FINESS géographiques").fill(f"{pilote_esms.finess}\n{suivant_esms.finess}\n330000000")
    page.get_by_role("button", name="Vérifier la liste").click()
    expect(page.get_by_role("heading", name=re.compile("1 numéro n’entre pas"))).to_be_visible()
    page.get_by_role("button", name=re.compile(r"Ajouter 2 ESMS")).click()
    expect(page.get_by_text("2 ESMS entrés")).to_be_visible()
    grappe = Grappe.objects.get(nom="Vignes hautes")
    pilote, suivant = (Parcours.objects.get(esms=e) for e in (pilote_esms, suivant_esms))

    # Elle nomme la directrice des deux ESMS.
    for esms in (pilote_esms, suivant_esms):
        page.goto(f"{serveur}/affectations/nouvelle/?esms={esms.finess}")
        page.get_by_label("Identifiant du compte").fill("directrice")
        page.get_by_label("Rôle").select_option("directeur")
        page.get_by_role("button", name="Confier ce rôle").click()
        expect(page.get_by_text("Directrice des IME").first).to_be_visible()
    pilote.est_pilote = True
    pilote.save()

    # La directrice engage : rien n'est réuni, elle passe sous réserve, en une ligne.
    directrice = connecter(new_context(), serveur, "directrice")
    decider(directrice, serveur, pilote, "engager", "L'annonce est prévue le 12.")
    page.goto(f"{serveur}/parcours/{pilote.pk}/")
    expect(page.get_by_text("L'annonce est prévue le 12.").first).to_be_visible()

    # Le pilote va jusqu'à l'ouverture, unité comprise.
    reunir(pilote, "preparer", cheffe)
    decider(directrice, serveur, pilote, "preparer")
    reunir(pilote, "piloter", cheffe)
    decider(directrice, serveur, pilote, "piloter")
    ouverture = Ouverture.objects.get(unite__parcours=pilote)
    reunir(ouverture, "ouvrir", cheffe)
    decider(directrice, serveur, ouverture, "preparer")
    decider(directrice, serveur, ouverture, "ouvrir")

    # Le suivant, avant la VA : même refus sur la page et par l'API.
    decider(directrice, serveur, suivant, "engager", "Nous suivons le pilote.")
    reunir(suivant, "preparer", cheffe)
    decider(directrice, serveur, suivant, "preparer")
    directrice.goto(f"{serveur}/passages/parcours/{suivant.pk}/ouvrir/")
    directrice.get_by_label("Motif").fill("Essai")
    with directrice.expect_response(lambda r: r.request.method == "POST") as reponse:
        directrice.get_by_role("region", name="Votre décision").get_by_role("button").click(force=True)
    assert reponse.value.status == 409
    expect(directrice.get_by_label("Motif")).to_have_value("Essai")
    statut, corps = refus_par_l_api(directrice, serveur, suivant, "ouvrir")
    assert statut == 409 and corps["code"] == "conditions"
    expect(directrice.get_by_text(corps["motif"]).first).to_be_visible()
    for manque in corps["manques"]:
        expect(directrice.get_by_text(manque["libelle"], exact=True).first).to_be_visible()

    # La VA, puis la routine pour le pilote et pour le suivant.
    reunir(pilote, "ouvrir", cheffe)
    decider(directrice, serveur, pilote, "ouvrir")
    reunir(pilote, "verifier_service", cheffe, sauf=("mise_en_conformite",))
    decider(directrice, serveur, pilote, "verifier_service")
    reunir(pilote, "passer_en_routine", cheffe)
    decider(directrice, serveur, pilote, "passer_en_routine")
    reunir(suivant, "ouvrir", cheffe)
    decider(directrice, serveur, suivant, "ouvrir")
    decider(directrice, serveur, suivant, "verifier_service", "Deux modules attendront la rentrée.")
    reunir(suivant, "passer_en_routine", cheffe)
    decider(directrice, serveur, suivant, "passer_en_routine")

    assert set(Parcours.objects.filter(grappe=grappe).values_list("etat", flat=True)) == {"routine"}
    reserve = Passage.objects.de(suivant).get(transition="verifier_service")
    assert reserve.nature == "sous_reserve" and [c["code"] for c in reserve.constats if c["ok"] is False]
    page.goto(f"{serveur}/parcours/{suivant.pk}/")
    expect(page.get_by_text("Deux modules attendront la rentrée.").first).to_be_visible()
