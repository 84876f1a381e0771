"""Sans script, au téléphone : passer la main, faire arriver des unités, trouver à qui s'adresser."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from programme.enums import Role
from programme.models import EvenementEsms, Interlocuteur
from programme.services.fusions import declarer_fusion
from tests.aides import connecte
from tests.fabriques import (
    EsmsFactory,
    GrappeFactory,
    ParcoursFactory,
    UniteFactory,
    UtilisateurFactory,
    affecter,
    cheffe_de,
    directrice_de,
)

pytestmark = pytest.mark.django_db(transaction=True)
Poste = Callable[..., BrowserContext]


def entrer(nouveau: Poste, serveur: str, compte: object) -> Page:
    poste = nouveau(java_script_enabled=False, viewport={"width": 360, "height": 740})
    jeton = connecte(compte).cookies[settings.SESSION_COOKIE_NAME].value
    poste.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": jeton, "url": serveur}])
    return poste.new_page()


def test_passer_la_main(new_context: Poste, live_server: LiveServer) -> None:
    cheffe, suite = cheffe_de(GrappeFactory(nom="Rives")), UtilisateurFactory(identifiant="relais")
    page = entrer(new_context, live_server.url, affecter(Role.ADMIN))
    page.goto(f"{live_server.url}/comptes/{cheffe.pk}/passation/")
    page.get_by_label("Terminer sans successeur").check()
    page.get_by_role("button", name="Voir l’aperçu").click()
    expect(page.get_by_role("alert")).to_contain_text("Personne d'autre ne conduirait « Rives »")
    page.get_by_label("Confier à quelqu'un").check()
    page.get_by_label("Nom, courriel ou identifiant du compte").first.fill("relais")
    page.get_by_role("button", name="Voir l’aperçu").click()
    expect(page.get_by_role("heading", name="Avant de passer la main")).to_be_visible()
    assert not suite.affectations.exists()
    page.get_by_role("button", name="Confirmer la passation").click()
    expect(page.get_by_text("la passation est faite")).to_be_visible()
    assert suite.affectations.get().grappe is not None


def test_les_unites_d_un_esms_absorbe_arrivent(new_context: Poste, live_server: LiveServer) -> None:
    absorbe = ParcoursFactory(esms__nom="IME du Bac")
    absorbant = ParcoursFactory(grappe=absorbe.grappe, esms=EsmsFactory(nom="IME des Rives"))
    for parcours in (absorbe, absorbant):
        UniteFactory(parcours=parcours, nom="Internat")
    declarer_fusion(absorbe=absorbe.esms, absorbant=absorbant.esms, le=timezone.localdate(), par=affecter(Role.ADMIN))
    page = entrer(new_context, live_server.url, cheffe_de(absorbe.grappe))
    page.goto(f"{live_server.url}/evenements/{EvenementEsms.objects.get().pk}/")
    page.get_by_role("link", name="Voir l'aperçu").click()
    expect(page.get_by_role("table")).to_contain_text("Internat (IME du Bac)")
    page.get_by_role("button", name="Faire arriver cette unité").click()
    expect(page.get_by_text("1 unité est arrivée chez « IME des Rives »")).to_be_visible()
    assert absorbant.unites.count() == 2 and not absorbe.unites.exists()


def test_de_l_accueil_au_numero_de_telephone(new_context: Poste, live_server: LiveServer) -> None:
    parcours = ParcoursFactory()
    Interlocuteur.objects.create(sujet="panne", nom="Assistance", telephone="05 55 00 00 00", og=parcours.esms.og)
    page = entrer(new_context, live_server.url, directrice_de(parcours))
    page.goto(live_server.url)
    page.get_by_role("link", name="Panne, droits, formation").click()
    expect(page.get_by_role("link", name="05 55 00 00 00")).to_have_attribute("href", "tel:0555000000")
