"""La formation d'un bout à l'autre, dans un vrai navigateur : 300 personnes, trois sessions, vingt départs."""

import io
import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from formation.models import Inscription, ModuleFormation, Poste, Professionnel, SessionFormation
from programme.models import Grappe, Metier, OrganismeGestionnaire, Parcours, Utilisateur
from programme.services.reference import charger_reference
from tests.fabriques import EsmsFactory, GrappeFactory, OgFactory, ParcoursFactory, affecter, cheffe_de
from tests.formation.fabriques import ModuleFormationFactory
from tests.navigateur.gestes import Poste as Ouvrir
from tests.navigateur.gestes import entrer, franchir, travailler

pytestmark = pytest.mark.django_db(transaction=True)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENTETES = ["N° agent", "Nom", "Emploi", "Établissement", "Date d'entrée", "Date de sortie"]
IME, MAS, FOYER = "IME du Chai", "MAS des Rives", "Foyer du Coteau"
EDUC, AS, NUIT, SERVICE = "Éducateur spécialisé", "AS", "Veilleur de nuit", "Agent de service"
EFFECTIF = ((EDUC, 60), (AS, 20), (NUIT, 10), (SERVICE, 10))
"""Par ESMS, dans l'ordre des matricules : 100 personnes, dont 90 à qui le module s'adresse."""
PUBLICS = ("educateur-specialise", "aide-soignant", "surveillant-de-nuit")


@dataclass
class Decor:
    """Un organisme, ses trois ESMS dans une grappe, le module de son socle ; qui importe, qui planifie."""

    og: OrganismeGestionnaire
    grappe: Grappe
    parcours: dict[str, Parcours]
    module: ModuleFormation
    siege: Utilisateur
    cheffe: Utilisateur


@pytest.fixture
def d() -> Decor:
    charger_reference()
    og, grappe = OgFactory(nom="Association des Coteaux"), GrappeFactory(nom="Vignes hautes")
    parcours = {n: ParcoursFactory(grappe=grappe, esms=EsmsFactory(og=og, nom=n)) for n in (IME, MAS, FOYER)}
    module = ModuleFormationFactory(grappe=grappe)
    module.publics.set(Metier.objects.filter(code__in=PUBLICS))
    return Decor(og, grappe, parcours, module, affecter("siege", og), cheffe_de(grappe))


# --- le fichier ----------------------------------------------------------------------------------------------------


def equipes() -> list[list[str | date | None]]:
    """Les 300 lignes : « Personne 1 » à « Personne 100 » à l'IME, jusqu'à 200 à la MAS, jusqu'à 300 au foyer."""
    lignes: list[list[str | date | None]] = []
    for esms in (IME, MAS, FOYER):
        for emploi, nombre in EFFECTIF:
            lignes += [_ligne(len(lignes) + rang, emploi, esms, date(2019, 9, 2)) for rang in range(1, nombre + 1)]
    return lignes


def _ligne(numero: int, emploi: str, esms: str, entree: date) -> list[str | date | None]:
    return [f"M{numero:04d}", f"Personne {numero}", emploi, esms, entree, None]


def departs_et_arrivees(lignes: list[list[str | date | None]]) -> list[list[str | date | None]]:
    """Le mois suivant : vingt sont sortis hier, quinze arrivent aujourd'hui ; le reste n'a pas bougé."""
    aujourd_hui = timezone.localdate()
    partis = {*range(4, 14), 95, 96, *range(164, 168), *range(281, 285)}
    arrivent = [(EDUC, IME)] * 6 + [(AS, MAS)] * 5 + [(SERVICE, MAS)] + [(NUIT, FOYER)] * 3
    suite = [
        [*ligne[:5], aujourd_hui - timedelta(days=1)] if rang in partis else ligne
        for rang, ligne in enumerate(lignes, start=1)
    ]
    return suite + [_ligne(301 + rang, *qui, aujourd_hui) for rang, qui in enumerate(arrivent)]


def classeur(lignes: list[list[str | date | None]]) -> bytes:
    """Le classeur du siège."""
    livre, octets = Workbook(), io.BytesIO()
    livre.active.title = "Effectif"
    for ligne in [ENTETES, *lignes]:
        livre.active.append(ligne)
    livre.save(octets)
    return octets.getvalue()


def deposer(page: Page, serveur: str, d: Decor, nom: str, contenu: bytes) -> None:
    """Dépose le fichier de l'organisme."""
    page.goto(serveur + reverse("formation:professionnels-import", kwargs={"finess": d.og.finess}))
    page.get_by_label("Fichier du personnel").set_input_files({"name": nom, "mimeType": XLSX, "buffer": contenu})
    page.get_by_role("button", name="Lire le fichier").click()


def ecrire(page: Page) -> None:
    """Confirme l'aperçu."""
    page.get_by_role("button", name="Confirmer").click()
    travailler(page)
    expect(page.get_by_text("C’est écrit")).to_be_visible()


# --- les sessions --------------------------------------------------------------------------------------------------


def planifier(page: Page, serveur: str, d: Decor, dans: int, places: int) -> SessionFormation:
    """Planifie une session de toute la grappe dans tant de jours, et l'ouvre."""
    page.goto(serveur + reverse("formation:sessionformation-creer", args=[d.grappe.pk]))
    page.get_by_label("Module").select_option(label=str(d.module))
    page.get_by_label("Date").fill(f"{timezone.localdate() + timedelta(days=dans):%Y-%m-%d}")
    page.get_by_label("De", exact=True).fill("14:00")
    page.get_by_label("À", exact=True).fill("17:00")
    page.get_by_label("Places").fill(str(places))
    page.get_by_role("button", name="Planifier la session").click()
    expect(page.get_by_text("est planifiée")).to_be_visible()
    session = SessionFormation.objects.latest("pk")
    franchir(page, serveur, session, "ouvrir")
    return session


def inscrire(page: Page, serveur: str, session: SessionFormation, parcours: Parcours, metier: str, nombre: int) -> None:
    """Inscrit d'un coup les personnes de ce métier dans cet ESMS, sans en lire un nom."""
    page.goto(serveur + reverse("formation:session-inscrire", args=[session.pk]))
    page.get_by_role("link", name=parcours.esms.nom).click()
    page.get_by_label(f"{metier} : {nombre}").check()
    page.get_by_role("button", name="Inscrire").click()
    expect(page.get_by_text(f"Inscription faite : {nombre} personnes")).to_be_visible()


def imprimer(page: Page, serveur: str, session: SessionFormation, dossier: Path) -> str:
    """Télécharge la feuille d'émargement depuis la page de la session ; rend ce qu'on y lit, si on sait la lire."""
    page.goto(serveur + reverse("formation:sessionformation-detail", args=[session.pk]))
    with page.expect_download() as attente:
        page.get_by_role("link", name="Feuille d’émargement (PDF)").click()
    feuille = dossier / f"{session.pk}.pdf"
    attente.value.save_as(feuille)
    assert feuille.read_bytes().startswith(b"%PDF") and feuille.stat().st_size > 5_000
    if (pdftotext := shutil.which("pdftotext")) is None:
        return ""
    lu = subprocess.run([pdftotext, "-layout", str(feuille), "-"], check=True, capture_output=True, timeout=60)
    return lu.stdout.decode()


def le_temps_passe(jours: int) -> None:
    """Les sessions à venir se sont tenues : ne pas attendre dix jours dans un essai."""
    duree = timedelta(days=jours)
    SessionFormation.objects.update(debut=F("debut") - duree, fin=F("fin") - duree)


def pointer(page: Page, serveur: str, session: SessionFormation, absents: list[str]) -> None:
    """Décoche les absents, enregistre."""
    page.goto(serveur + reverse("formation:session-presences", args=[session.pk]))
    for absent in absents:
        page.get_by_label(re.compile(rf"^{re.escape(absent)}(?!\d)")).uncheck()
    page.get_by_role("button", name="Enregistrer les présences").click()


def numeros(session: SessionFormation, sauf: tuple[str, ...] = ()) -> list[str]:
    """Les numéros imprimés devant les inscrits, ceux que l'on tape d'après la feuille signée."""
    signees = Inscription.objects.filter(session=session).exclude(professionnel__nom__in=sauf)
    return [str(n) for n in signees.values_list("professionnel", flat=True)]


def numero_de(nom: str) -> str:
    """« n° 214 », ce que lit qui ne lit pas les noms."""
    return str(Professionnel.objects.get(nom=nom).numero)


# --- la couverture -------------------------------------------------------------------------------------------------


def lire_la_couverture(
    page: Page, serveur: str, d: Decor, attendue: dict[str, tuple[int, int]], total: tuple[int, int]
) -> None:
    """Formés et en poste : la page de la grappe, celle de chaque ESMS et l'API disent le calcul fait à la main."""
    page.goto(serveur + reverse("formation:grappe-formation", args=[d.grappe.pk]))
    expect(page.get_by_text("{} sur {}".format(*total), exact=True)).to_be_visible()
    for nom, (formes, en_poste) in attendue.items():
        cle = d.parcours[nom].pk
        page.goto(serveur + reverse("formation:parcours-formation", args=[cle]))
        expect(page.get_by_text(f"{formes} sur {en_poste}", exact=True)).to_be_visible()
        lue = page.request.get(f"{serveur}/api/v1/parcours/{cle}/couverture/").json()
        assert (lue["formes"], lue["en_poste"]) == (formes, en_poste), nom
        assert lue["taux"] == pytest.approx(formes / en_poste)


def test_trois_cents_personnes_trois_sessions_puis_vingt_departs(
    new_context: Ouvrir, live_server: LiveServer, d: Decor, tmp_path: Path
) -> None:
    serveur, lignes = live_server.url, equipes()
    siege, cheffe = entrer(new_context, serveur, d.siege), entrer(new_context, serveur, d.cheffe)

    # Le siège relie son fichier une fois : Treille comprend tout, sauf « AS », qui peut dire deux choses.
    deposer(siege, serveur, d, "effectif.xlsx", classeur(lignes))
    expect(siege.get_by_role("heading", level=1)).to_have_text("Ce que dit votre fichier")
    expect(siege.get_by_text("300 lignes lues, 6 colonnes comprises sur 6, 1 mot à préciser")).to_be_visible()
    siege.get_by_label("Métier, « AS »").select_option(label="Aide-soignant")
    siege.get_by_label("Nom de la correspondance").fill("Export de paie")
    siege.get_by_label("Code", exact=True).fill("paie")
    siege.get_by_role("button", name="Enregistrer et voir l’aperçu").click()
    travailler(siege)
    expect(siege.get_by_text("Si vous confirmez : 300 créés.")).to_be_visible()
    assert not Poste.objects.exists()
    ecrire(siege)
    assert [Poste.objects.filter(parcours=p).count() for p in d.parcours.values()] == [100, 100, 100]

    # Personne n'est formé : dans chaque ESMS, 90 personnes sur 100 sont à former ; pas les agents de service.
    lire_la_couverture(cheffe, serveur, d, {IME: (0, 90), MAS: (0, 90), FOYER: (0, 90)}, (0, 270))

    # Trois sessions : les éducateurs de l'IME, ceux de la MAS, les aides-soignants des trois ESMS.
    de_l_ime, de_la_mas, soignants = (planifier(cheffe, serveur, d, dans, 60) for dans in (10, 11, 12))
    inscrire(cheffe, serveur, de_l_ime, d.parcours[IME], EDUC, 60)
    inscrire(cheffe, serveur, de_la_mas, d.parcours[MAS], EDUC, 60)
    for parcours in d.parcours.values():
        inscrire(cheffe, serveur, soignants, parcours, "Aide-soignant", 20)

    # La feuille : une ligne par inscrit ; le siège y lit les noms, la cheffe les seuls numéros.
    if feuille := imprimer(siege, serveur, de_l_ime, tmp_path):
        assert sorted(map(int, re.findall(r"Personne (\d+)", feuille))) == list(range(1, 61))
    if feuille := imprimer(cheffe, serveur, soignants, tmp_path):
        lues = re.findall(r"^\s*n° (\d+)", feuille, re.MULTILINE)
        assert not re.search(r"Personne \d", feuille) and len(lues) == 60
        assert sorted(lues) == sorted(numeros(soignants))

    # Les sessions se tiennent. Cinq absents à l'IME, décochés par le siège, qui lit les noms.
    le_temps_passe(14)
    for session in (de_l_ime, de_la_mas, soignants):
        franchir(cheffe, serveur, session, "tenir")
    pointer(siege, serveur, de_l_ime, [f"Personne {n}" for n in range(1, 6)])
    expect(siege.get_by_text("Présences enregistrées : 55 présents, 5 absents.")).to_be_visible()
    # À la MAS, la cheffe dit tout le monde présent, puis se reprend pour trois numéros.
    cheffe.goto(serveur + reverse("formation:session-presences", args=[de_la_mas.pk]))
    cheffe.get_by_role("button", name="Tous présents").click()
    expect(cheffe.get_by_text("Présences enregistrées : 60 présents, 0 absent.")).to_be_visible()
    pointer(cheffe, serveur, de_la_mas, [numero_de(f"Personne {n}") for n in range(101, 104)])
    expect(cheffe.get_by_text("Présences enregistrées : 57 présents, 3 absents.")).to_be_visible()
    # Chez les soignants, elle tape les numéros des lignes signées : il en manque un à l'IME, un à la MAS.
    cheffe.goto(serveur + reverse("formation:session-presences", args=[soignants.pk]))
    soignants.refresh_from_db()
    cheffe.get_by_label("Code écrit sur les feuilles").fill(soignants.code_presence)
    cheffe.get_by_label("Numéros présents").fill(" ".join(numeros(soignants, ("Personne 61", "Personne 161"))))
    cheffe.get_by_label("Les autres ne sont pas venus").check()
    cheffe.get_by_role("button", name="Noter présents").click()
    expect(cheffe.get_by_text("Présences enregistrées : 58 présents, 2 absents.")).to_be_visible()

    # À la main, formés sur en poste :
    #   IME    60 éducateurs - 5 absents + 20 soignants - 1 absent = 74, sur 90
    #   MAS    60 éducateurs - 3 absents + 20 soignants - 1 absent = 76, sur 90
    #   foyer  20 soignants                                        = 20, sur 90
    #   grappe 74 + 76 + 20                                        = 170, sur 270
    lire_la_couverture(cheffe, serveur, d, {IME: (74, 90), MAS: (76, 90), FOYER: (20, 90)}, (170, 270))

    # Le fichier du mois suivant : Treille retrouve sa correspondance, l'aperçu vient sans rien relier.
    deposer(siege, serveur, d, "effectif-suivant.xlsx", classeur(departs_et_arrivees(lignes)))
    travailler(siege)
    expect(siege.get_by_text("Si vous confirmez : 15 créés, 20 modifiés, 280 inchangés.")).to_be_visible()
    ecrire(siege)

    # À la main, après les départs d'hier et les arrivées d'aujourd'hui :
    #   IME    partent 10 éducateurs (Personnes 4 à 13 : 4 et 5 étaient absents, 8 étaient formés) et 2 agents de
    #          service, qui ne comptaient pas ; arrivent 6 éducateurs, à former.
    #          formés 74 - 8 = 66, sur 90 - 10 + 6 = 86
    #   MAS    partent 4 aides-soignants formés (164 à 167) ; arrivent 5 aides-soignants, à former, et 1 agent de
    #          service, qui ne compte pas.
    #          formés 76 - 4 = 72, sur 90 - 4 + 5 = 91
    #   foyer  partent 4 veilleurs (281 à 284), jamais formés ; arrivent 3 veilleurs, à former.
    #          formés 20, sur 90 - 4 + 3 = 89
    #   grappe 66 + 72 + 20 = 158, sur 86 + 91 + 89 = 266
    lire_la_couverture(cheffe, serveur, d, {IME: (66, 86), MAS: (72, 91), FOYER: (20, 89)}, (158, 266))

    # Hier, rien n'avait bougé : la couverture se lit aussi à une date passée, ceux partis hier compris.
    hier = timezone.localdate() - timedelta(days=1)
    adresse = f"{serveur}/api/v1/parcours/{d.parcours[IME].pk}/couverture/?au={hier}"
    lue = cheffe.request.get(adresse).json()
    assert (lue["formes"], lue["en_poste"]) == (74, 90)

    # Rejoué, le même fichier ne change rien.
    deposer(siege, serveur, d, "effectif-suivant.xlsx", classeur(departs_et_arrivees(lignes)))
    travailler(siege)
    expect(siege.get_by_text("Rien à écrire")).to_be_visible()
