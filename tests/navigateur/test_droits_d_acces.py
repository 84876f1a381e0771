"""Les droits d'accès d'un fil, dans un vrai navigateur : la grille au clavier, les raisons, la direction valide,
l'éditeur reçoit le fichier, puis signale le compte d'une personne partie.
"""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from formation.models import Matrice
from formation.models import Poste as PosteTenu
from programme.models import Parcours
from programme.services.reference import charger_reference
from programme.socle.travaux import lancer
from tests.fabriques import EsmsFactory, GrappeFactory, ParcoursFactory, cheffe_de, directrice_de
from tests.formation.fabriques import equipe
from tests.navigateur.gestes import Poste, aller_enregistrer, coller, entrer, franchir, tabuler_jusqu_a_la_grille

pytestmark = pytest.mark.django_db(transaction=True)

PRESSE_PAPIERS = ["clipboard-read", "clipboard-write"]
ICI = "document.activeElement.getAttribute('aria-label') || ''"
SURPREND = "Un module médical pour un profil administratif ou technique"
INTITULE = "Comptes du DUI encore actifs après un départ"


@pytest.fixture
def parcours() -> Parcours:
    charger_reference()
    return ParcoursFactory(grappe=GrappeFactory(nom="Vignes hautes"), esms=EsmsFactory(nom="IME du Chai"))


@pytest.fixture
def postes(parcours: Parcours) -> list[PosteTenu]:
    """Six personnes en poste : assez pour que les nombres se disent."""
    return equipe(parcours, 6)


def _fleche_jusqu_a(page: Page, touche: str, case: str) -> None:
    for _ in range(20):
        if page.evaluate(ICI).startswith(case):
            return
        page.keyboard.press(touche)
    raise AssertionError(f"« {case} » est hors d'atteinte aux flèches")


def aller_a(page: Page, profil: str, module: str) -> None:
    """Va d'une case à celle-ci, par les flèches seules : la ligne, puis la colonne."""
    page.keyboard.press("Home")
    _fleche_jusqu_a(page, "ArrowUp", "Direction, ")
    _fleche_jusqu_a(page, "ArrowDown", f"{profil}, ")
    _fleche_jusqu_a(page, "ArrowRight", f"{profil}, {module}")


def valider_le_modele(page: Page, serveur: str, parcours: Parcours) -> Matrice:
    """La cheffe part de la matrice type, dit pourquoi ses portées, la valide."""
    page.goto(serveur + reverse("formation:grappe-habilitations", args=[parcours.grappe_id]))
    page.get_by_role("button", name="Partir de la matrice type").click()
    modele = Matrice.objects.get()
    page.goto(serveur + reverse("formation:matrice-raison", args=[modele.pk]))
    pour_toutes = page.get_by_role("group", name="Une raison pour toutes les portées, d’un coup")
    pour_toutes.get_by_label("Raison").select_option(label="Chaque unité vit à part")
    page.get_by_role("button", name="Enregistrer les raisons").click()
    expect(page.get_by_text("Tout est expliqué.")).to_be_visible()
    franchir(page, serveur, modele, "valider")
    return modele


def ouvrir(page: Page, serveur: str, parcours: Parcours, depuis: str) -> Matrice:
    """Ouvre une version de la variante de l'ESMS."""
    page.goto(serveur + reverse("formation:matrice-creer-variante", args=[parcours.pk]))
    page.get_by_label(re.compile(re.escape(depuis))).check()
    page.get_by_role("button", name="Ouvrir la version").click()
    expect(page.get_by_text("est ouverte : remplissez la grille")).to_be_visible()
    return Matrice.objects.filter(parcours=parcours).latest("numero")


def remplir_au_clavier(page: Page, serveur: str, variante: Matrice) -> None:
    """Deux cases à la lettre, un bloc collé dont deux cases changent ; pas un clic."""
    page.goto(serveur + reverse("formation:matrice-saisir", args=[variante.pk]))
    tabuler_jusqu_a_la_grille(page)
    aller_a(page, "Accompagnement éducatif", "Journal de bord")
    page.keyboard.press("s")
    aller_a(page, "Secrétariat et accueil", "Dossier de soins")
    page.keyboard.press("l")
    expect(page.locator("[data-changees]")).to_have_text("2 cases changées, pas encore enregistrées")
    # Le modèle : « L unité, L unité » pour la vie quotidienne, « E unité, E unité » pour le service social.
    aller_a(page, "Vie quotidienne et nuit", "Agenda et plannings")
    coller(page, "E unité\tL unité\r\nE unité\tV unité\r\n")
    expect(page.locator(".avis[data-foyer]")).to_contain_text("4 cases collées, 2 changent.")
    aller_enregistrer(page)
    expect(page.locator(".messages[role=status]")).to_contain_text("Grille enregistrée : 4 cases changées.")


def voir_les_differences(page: Page) -> None:
    """De la page de la matrice : les quatre cases, et dans quel sens."""
    page.get_by_role("link", name="4 cases diffèrent du modèle").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("4 cases diffèrent")
    for profil, module, avant, apres, sens in (
        ("Accompagnement éducatif", "Journal de bord", "Écriture", "suivies", "plus étroit"),
        ("Vie quotidienne et nuit", "Agenda", "Lecture", "Écriture", "plus large"),
        ("Service social", "Projet personnalisé", "Écriture", "Validation", "plus large"),
        ("Secrétariat et accueil", "Dossier de soins", "Aucun", "Lecture", "plus large"),
    ):
        rang = page.get_by_role("row").filter(has_text=profil).filter(has_text=module)
        for mot in (avant, apres, sens):
            expect(rang).to_contain_text(mot)


def est_refuse(page: Page, serveur: str, variante: Matrice) -> None:
    """Sans raison, la direction ne valide pas : la page dit ce qui en demande une, et où la donner."""
    page.goto(f"{serveur}/passages/matrice/{variante.pk}/valider/")
    with page.expect_response(lambda r: r.request.method == "POST") as reponse:
        page.get_by_role("region", name="Votre décision").get_by_role("button").click(force=True)
    assert reponse.value.status == 409
    expect(page.get_by_text("Une raison pour 2 choix à expliquer").first).to_be_visible()
    expect(page.get_by_text(re.compile(SURPREND)).first).to_be_visible()


def donner_les_raisons(page: Page, serveur: str, variante: Matrice) -> None:
    """Une raison à l'incohérence, en une phrase ; une au choix de portée, d'un mot."""
    page.goto(serveur + reverse("formation:matrice-raison", args=[variante.pk]))
    surprend = page.get_by_role("group", name=re.compile(SURPREND))
    expect(surprend).to_contain_text("« Secrétariat et accueil », lecture dans « Dossier de soins »")
    surprend.get_by_label("Raison").select_option(label="Petite équipe : une personne tient plusieurs rôles")
    surprend.get_by_label("En une phrase").fill("La secrétaire classe les ordonnances reçues.")
    portee = page.get_by_role("group", name=re.compile("« Accompagnement éducatif »"))
    portee.get_by_label("Raison").select_option(label="On n'ouvre que les dossiers des personnes qu'on suit")
    page.get_by_role("button", name="Enregistrer les raisons").click()
    expect(page.get_by_text("2 raisons enregistrées. Tout est expliqué.")).to_be_visible()


def emporter(page: Page, serveur: str, matrice: Matrice, dossier: Path) -> Path:
    """Le fichier remis à l'éditeur, pris sur la page de la matrice."""
    page.goto(serveur + reverse("formation:matrice-detail", args=[matrice.pk]))
    with page.expect_download() as attente:
        page.get_by_role("link", name="Fichier pour l’éditeur").click()
    fichier = dossier / attente.value.suggested_filename
    attente.value.save_as(fichier)
    return fichier


def reprendre_les_comptes(page: Page, serveur: str, parcours: Parcours, postes: list[PosteTenu]) -> None:
    """L'éditeur signale un compte actif par personne, celle partie hier comprise."""
    lignes = [f"compte{rang};{p.professionnel.matricule};oui" for rang, p in enumerate(postes, start=1)]
    contenu = "\r\n".join(["Identifiant;Matricule;Actif", *lignes]).encode()
    page.goto(serveur + reverse("formation:comptes-import", args=[parcours.pk]))
    fichier = page.get_by_label("Comptes signalés par l’éditeur")
    fichier.set_input_files({"name": "comptes.csv", "mimeType": "text/csv", "buffer": contenu})
    page.get_by_role("button", name="Comparer").click()
    expect(page.get_by_text("6 créés").first).to_be_visible()
    page.get_by_role("button", name="Confirmer").click()
    expect(page.get_by_text("C’est écrit")).to_be_visible()


def test_de_la_grille_au_clavier_a_l_alerte(
    new_context: Poste, live_server: LiveServer, parcours: Parcours, postes: list[PosteTenu], tmp_path: Path
) -> None:
    serveur = live_server.url
    direction, conduite = directrice_de(parcours), cheffe_de(parcours.grappe)
    cheffe = entrer(new_context, serveur, conduite)
    directrice = entrer(new_context, serveur, direction, permissions=PRESSE_PAPIERS)

    # La cheffe valide le modèle ; la directrice en part, change quatre cases sans souris, relit ce qui diffère.
    valider_le_modele(cheffe, serveur, parcours)
    variante = ouvrir(directrice, serveur, parcours, "Le modèle de la grappe")
    remplir_au_clavier(directrice, serveur, variante)
    voir_les_differences(directrice)

    # Treille demande pourquoi avant de laisser valider ; la raison donnée, elle ne juge pas.
    est_refuse(directrice, serveur, variante)
    donner_les_raisons(directrice, serveur, variante)
    franchir(directrice, serveur, variante, "valider")
    directrice.goto(serveur + reverse("formation:matrice-detail", args=[variante.pk]))
    expect(directrice.get_by_text("La secrétaire classe les ordonnances reçues.")).to_be_visible()

    # Le fichier de l'éditeur, rapporté tel quel dans une version neuve, ne change aucune case.
    fichier = emporter(directrice, serveur, variante, tmp_path)
    suivante = ouvrir(directrice, serveur, parcours, "Vos droits d'accès en vigueur (n° 1)")
    directrice.goto(serveur + reverse("formation:matrice-import", args=[suivante.pk]))
    directrice.get_by_label("Matrice corrigée").set_input_files(fichier)
    directrice.get_by_role("button", name="Comparer").click()
    expect(directrice.get_by_text("Rien à écrire : le fichier dit la même chose que la base")).to_be_visible()
    assert suivante.cases() == variante.cases() and variante.cases()

    # Une personne s'en va, et la directrice le dit ; le mois suivant, l'éditeur signale encore son compte actif.
    partie = postes[0]
    directrice.goto(serveur + reverse("formation:poste-clore", args=[partie.pk]))
    directrice.get_by_label("Dernier jour en poste").fill(f"{timezone.localdate() - timedelta(days=1):%Y-%m-%d}")
    directrice.locator("main form").get_by_role("button").click()
    expect(directrice.get_by_text(f"{partie.professionnel.nom} quitte {parcours}")).to_be_visible()
    reprendre_les_comptes(directrice, serveur, parcours, postes)

    # La nuit, la règle le voit. L'alerte dit l'ESMS et un nombre, jamais qui ; elle mène à la page qui, elle, le dit.
    assert lancer("alertes", sur_place=True).resultat["donnees"] == 1
    for page in (directrice, cheffe):
        page.goto(serveur + reverse("gouvernance:alerte-liste"))
        page.get_by_role("link", name=INTITULE).click()
        expect(page.get_by_text("L'éditeur signale 1 compte encore actif")).to_be_visible()
        expect(page.locator("main")).not_to_contain_text(partie.professionnel.nom)
        page.get_by_role("link", name="voir ce qu’elle a vu").click()
        expect(page.get_by_role("row", name=re.compile("Sorti, compte encore actif"))).to_contain_text("1")
    expect(directrice.locator("#e-sorti_actif")).to_contain_text(partie.professionnel.nom)
    expect(directrice.locator("#e-sorti_actif")).to_contain_text("compte1")
    expect(cheffe.locator("main")).not_to_contain_text(partie.professionnel.nom)
