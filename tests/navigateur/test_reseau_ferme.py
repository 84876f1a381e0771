"""Le garde-fou du navigateur voit les demandes qui sortent, et laisse passer les autres."""

from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer


def test_une_image_du_dehors_est_vue(page: Page, sorties: list[str]) -> None:
    page.set_content('<img src="http://exterieur.invalid/espion.png" alt=""><img src="data:," alt="">')

    assert sorties == ["http://exterieur.invalid/espion.png"]
    sorties.clear()


def test_un_second_poste_est_ecoute(new_context, sorties: list[str]) -> None:
    new_context().new_page().set_content('<img src="http://exterieur.invalid/" alt="">')

    assert sorties == ["http://exterieur.invalid/"]
    sorties.clear()


def test_le_serveur_de_test_est_permis(page: Page, live_server: LiveServer, sorties: list[str]) -> None:
    reponse = page.goto(f"{live_server.url}/sante/")

    assert reponse is not None and reponse.ok
    assert sorties == []
