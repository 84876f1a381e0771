"""Le relevé de la démonstration, de l'accueil de chacun au verrou : par ses liens, sans raccourci par la base."""

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from programme.demonstration.charger import charger
from programme.models import Parcours, Utilisateur
from programme.services.reference import charger_reference
from tests.navigateur.gestes import Compteur, Poste, entrer
from usages.demonstration.present import SA_MAISON
from usages.enums import EtatPrecision, EtatReleve
from usages.models import Precision, Releve

pytestmark = pytest.mark.django_db(transaction=True)
GESTES_AU_PLUS = 10
NOMBRES = ("42", "38", "40", "31", "6")
"""Les cinq chiffres du trimestre : présents, contrats, présents depuis six mois, projets à jour, saisies en double."""
CHIFFRE = "Anciens supports encore employés"
QUESTION = "Le classeur de l'infirmerie y est-il encore ?"
REPONSE = "Non, il a été retiré ; restent six supports d'atelier."


def decider(page: Page) -> None:
    """Le bouton de la page d'un passage."""
    page.get_by_role("region", name="Votre décision").get_by_role("button").click()


def deplier(page: Page, lien: Locator) -> Locator:
    """L'intitulé du pli où se range ce lien, à l'accueil : « Ensuite », « Peut attendre »."""
    return page.locator("main details").filter(has=lien).locator("summary").first


def ouvrir_a_faire(page: Page, serveur: str, titre: str) -> None:
    """Depuis l'accueil, ce qui attend : en tête, ou parmi la suite."""
    page.goto(serveur)
    lien = page.locator("a", has_text=titre)
    if not lien.first.is_visible():
        deplier(page, lien).click()
    lien.first.click()


def test_du_mois_transmis_au_verrou(live_server: LiveServer, new_context: Poste) -> None:
    """Mois et trimestre d'une page ; l'ARS demande sur un chiffre, a sa réponse, clôt ; la cheffe verrouille."""
    charger_reference()
    charger()
    comptes = {i: Utilisateur.objects.get(identifiant=i) for i in ("directrice", "ars", "cheffe")}
    jouer({i: entrer(new_context, live_server.url, compte) for i, compte in comptes.items()}, live_server.url)


def jouer(postes: dict[str, Page], serveur: str) -> None:
    """Toute la chaîne, chacun à son poste ; la base ne se lit que pour vérifier."""
    maison = Parcours.objects.select_related("esms", "grappe").get(esms__finess=SA_MAISON)
    mois = Releve.objects.filter(parcours=maison, cadence="mois", etat=EtatReleve.SAISI).get()
    _transmettre(postes["directrice"], serveur, maison)
    mois.refresh_from_db()
    assert mois.etat == EtatReleve.TRANSMIS
    assert not Releve.objects.filter(parcours=maison, etat=EtatReleve.SAISI).exists()

    _demander(postes["ars"], serveur, maison, mois)
    precision = Precision.objects.get(valeur__releve=mois)
    _repondre(postes["directrice"], serveur)
    precision.refresh_from_db()
    assert precision.etat == EtatPrecision.REPONDUE
    _clore(postes["ars"], serveur)
    precision.refresh_from_db()
    assert precision.etat == EtatPrecision.CLOSE

    _valider(postes["cheffe"], serveur, maison, mois)
    mois.refresh_from_db()
    assert mois.etat == EtatReleve.VERROUILLE


def _transmettre(page: Page, serveur: str, maison: Parcours) -> None:
    gestes = Compteur()
    page.goto(serveur)
    nomme = page.locator("a[href^='/releves/']", has_text=str(maison))
    lien = nomme if nomme.count() else page.locator("a", has_text="nous manquent encore")
    gestes.clic(deplier(page, lien))
    gestes.clic(lien)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vos chiffres")
    expect(page.locator("main")).to_contain_text(str(maison))
    for case, nombre in zip(page.locator("[data-source] .nombre-tape").all(), NOMBRES, strict=True):
        gestes.tape(case, nombre)
    expect(page.locator("[data-enregistrement]")).to_have_text("Tout est enregistré, rien n’est encore transmis")
    for mot in page.locator("[data-mot]:not([hidden]) input").all():
        gestes.tape(mot, "Vu en réunion d'équipe")
    gestes.clic(page.get_by_role("button", name="Enregistrer et transmettre"))
    gestes.clic(page.get_by_role("region", name="Votre décision").get_by_role("button"))
    expect(page.get_by_text("sont transmis.")).to_be_visible()
    assert gestes.nombre <= GESTES_AU_PLUS, gestes.nombre


def _demander(page: Page, serveur: str, maison: Parcours, mois: Releve) -> None:
    """Le financeur, de son accueil au chiffre : sa grappe, l'ESMS, ses relevés, le mois, le chiffre."""
    page.goto(serveur)
    page.get_by_role("link", name=str(maison.grappe), exact=True).click()
    page.get_by_role("link", name=str(maison)).first.click()
    page.get_by_role("link", name="Relevés", exact=True).click()
    page.get_by_role("link", name=mois.periode.nom.capitalize()).click()
    page.get_by_role("link", name=CHIFFRE, exact=True).click()
    page.get_by_role("link", name="Demander une précision").click()
    page.get_by_label("Votre question").fill(QUESTION)
    page.get_by_role("button", name="Poser la question").click()
    expect(page.get_by_text("Votre question est posée")).to_be_visible()
    expect(page.locator("main")).to_contain_text(QUESTION)


def _repondre(page: Page, serveur: str) -> None:
    """Elle en a deux : celle-ci se reconnaît à son chiffre."""
    ouvrir_a_faire(page, serveur, CHIFFRE)
    expect(page.locator("main")).to_contain_text(QUESTION)
    page.get_by_label("Votre réponse").fill(REPONSE)
    page.get_by_role("button", name="Envoyer la réponse").click()
    expect(page.get_by_text("Votre réponse est donnée")).to_be_visible()
    expect(page.locator("main")).to_contain_text(REPONSE)


def _clore(page: Page, serveur: str) -> None:
    page.goto(serveur)
    page.get_by_role("link", name=CHIFFRE).click()
    expect(page.locator("main")).to_contain_text(REPONSE)
    page.get_by_role("region", name="Et maintenant").get_by_role("link", name="Clore la demande").click()
    decider(page)
    expect(page.get_by_text("Close", exact=True).first).to_be_visible()


def _valider(page: Page, serveur: str, maison: Parcours, mois: Releve) -> None:
    ouvrir_a_faire(page, serveur, "Valider les chiffres transmis")
    if page.get_by_role("heading", level=1).inner_text() == "Relevés":
        ligne = page.get_by_role("row").filter(has_text=str(maison)).filter(has_text=mois.periode.nom)
        ligne.get_by_role("link").first.click()
    for verbe, etat in (("Valider", "Validé"), ("Verrouiller", "Verrouillé")):
        page.get_by_role("region", name="Et maintenant").get_by_role("link", name=verbe).click()
        decider(page)
        expect(page.get_by_text(etat, exact=True).first).to_be_visible()
