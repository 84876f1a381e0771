"""Les pages : déposer, relier, confirmer ; la liste, un ticket, un ESMS, une grappe ; ce qui ne classe personne."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.models import Utilisateur
from programme.socle.imports import confirmer
from programme.socle.models import Correspondance, Travail
from programme.socle.travaux import executer, oublier_les_fichiers
from tests.aides import FRAGMENT, connecte, exiger_requetes_constantes, lignes_csv
from tests.fabriques import ParcoursFactory, affecter
from tests.usages.fabriques import IrritantFactory, TicketFactory
from tests.usages.tickets.aides import Decor, csv_de, decor, ligne
from usages.models import Ticket
from usages.services.tickets.correspondances import GENRE

pytestmark = pytest.mark.django_db


@pytest.fixture
def d() -> Decor:
    return decor()


@pytest.fixture
def poste(d: Decor) -> Client:
    return connecte(d.cheffe)


def deposer(poste: Client, d: Decor, contenu: bytes, nom: str = "tickets.csv", **champs: Any) -> Any:
    adresse = reverse("usages:ticket-import", args=[d.grappe.pk])
    return poste.post(adresse, {"fichier": SimpleUploadedFile(nom, contenu), "source": "GLPI", **champs})


def saisie(reponse: Any) -> dict[str, Any]:
    """Ce qu'enverrait le formulaire sans y toucher."""
    form = reponse.context["form"]
    donnees = {nom: form[nom].initial or "" for nom in form.fields}
    return donnees | {"travail": reponse.context["depot"].pk} | form.lecture_choisie.en_json()


def dernier() -> Travail:
    travail = Travail.objects.order_by("pk").last()
    assert travail is not None
    return travail


def textes(reponse: Any) -> str:
    return " ".join(reponse.content.decode().split())


def ecrire(travail: Travail, par: Utilisateur) -> Travail:
    executer(travail.pk)
    travail.refresh_from_db()
    suite = confirmer(travail, par=par)
    executer(suite.pk)
    suite.refresh_from_db()
    return suite


# --- importer ------------------------------------------------------------------------------------------------------

ENTETES_GLPI = ["ID", "Titre", "Entité", "Date d'ouverture", "Priorité", "Demandeur", "Catégorie", "Date de clôture"]


def test_du_depot_a_l_ecriture_d_un_export_glpi(poste: Client, d: Decor) -> None:
    Correspondance.objects.all().delete()
    entite = "Association > IME Le Coteau"
    contenu = csv_de(
        ["12", "Dossier de Camille", entite, "02/03/2026 08:10", "Majeure", "Dominique Martin", "Agenda", ""],
        ["13", "Impression", "Siège", "03/03/2026 09:00", "Basse", "Dominique Martin", "Réseau", "04/03/2026 10:00"],
        entetes=ENTETES_GLPI,
    )
    reponse = deposer(poste, d, contenu, "glpi.csv")
    assert reponse.status_code == 302
    page = poste.get(reponse.url)
    form = page.context["form"]
    relies = {entete: form[f"colonne_{rang}"].initial for rang, entete in form.colonnes_lues}
    assert relies["Titre"] == relies["Demandeur"] == ""
    assert (relies["ID"], relies["Entité"], relies["Priorité"]) == ("numero", "esms", "bloquant")
    donnees = saisie(page)
    for nom, champ in form.fields.items():
        mot = {"« Majeure »": "oui", "« Siège »": "-", "« Réseau »": "-"}.get(str(champ.label))
        donnees |= {nom: mot} if mot else {}
    enregistre = poste.post(reponse.url.split("?")[0], donnees)
    assert enregistre.status_code == 302, enregistre.context["form"].errors
    suite = ecrire(dernier(), d.cheffe)
    assert suite.resultat["nombres"] == {"cree": 2}
    un = Ticket.objects.get(numero="12")
    assert (un.parcours, un.est_bloquant, un.module, un.cree_le) == (d.coteau, True, d.agenda, date(2026, 3, 2))
    assert not suite.fichier and not Travail.objects.exclude(fichier="").exists(), "le fichier quitte le disque"
    for objet in (*Travail.objects.all(), *Correspondance.objects.all()):
        dit = str(vars(objet))
        assert "Dominique" not in dit and "Camille" not in dit
    with suite.rapport.open("rb") as rapport:
        assert "Dominique" not in rapport.read().decode()


def test_un_en_tete_se_trouve_au_dessus_d_une_premiere_ligne_sans_finess(poste: Client, d: Decor) -> None:
    Correspondance.objects.all().delete()
    lignes = [["1", "Imprimante", "Asso", "02/03/2026"], ["2", "Mot de passe", d.coteau.esms.finess, "03/03/2026"]]
    deposer(poste, d, csv_de(*lignes, entetes=["ID ticket", "Titre", "Entité", "Date d'ouverture"]))
    relue = Correspondance.objects.get()
    assert relue.options["lecture"]["ligne_entete"] == 1 and "numero" in relue.colonnes.values()


def test_un_fichier_parti_du_disque_se_redemande(poste: Client, d: Decor) -> None:
    Correspondance.objects.all().delete()
    adresse = deposer(poste, d, csv_de(ligne(d))).url
    travail = dernier()
    travail.fichier.storage.delete(str(travail.fichier.name))
    reponse = poste.get(adresse)
    assert reponse.status_code == 200 and "Le fichier n’est plus là" in textes(reponse)


def test_une_correspondance_connue_mene_droit_a_l_apercu(poste: Client, d: Decor) -> None:
    reponse = deposer(poste, d, csv_de(ligne(d)))
    assert dernier().genre == GENRE and reponse.url == reverse("programme:travail-detail", args=[dernier().pk])
    appui = affecter(Role.APPUI, d.grappe)
    assert deposer(connecte(appui), d, csv_de(ligne(d))).status_code == 302, "elle sert à toute l'équipe"
    assert dernier().genre == GENRE


def test_l_apercu_dit_tout_et_n_ecrit_rien(poste: Client, d: Decor) -> None:
    deposer(poste, d, csv_de(ligne(d), ligne(d, "T-2", cree_le="31/02/2026")))
    travail = dernier()
    executer(travail.pk)
    page = textes(poste.get(reverse("programme:travail-detail", args=[travail.pk])))
    assert "1 créé, 1 rejeté" in page and "ce n&#x27;est pas une date du calendrier" in page
    assert not Ticket.objects.exists()
    assert oublier_les_fichiers([GENRE, f"{GENRE}-depot"], timezone.now() + timedelta(hours=1)) == 1


def test_l_outil_garde_l_ecriture_qu_on_lui_connait(poste: Client, d: Decor) -> None:
    TicketFactory(parcours=d.coteau, source="GLPI du siège")
    assert 'value="GLPI du siège"' in textes(poste.get(reverse("usages:ticket-import", args=[d.grappe.pk])))
    deposer(poste, d, csv_de(ligne(d)), source="glpi  du SIEGE")
    assert dernier().parametres["source"] == "GLPI du siège"


@pytest.mark.parametrize("contenu", [b"", b"PK\x03\x04rien", b"a\x00b;c"])
def test_un_fichier_illisible_se_dit_au_champ(poste: Client, d: Decor, contenu: bytes) -> None:
    reponse = deposer(poste, d, contenu)
    assert reponse.status_code == 422 and reponse.context["form"].errors["fichier"]
    assert not Travail.objects.exists()


# --- lire ----------------------------------------------------------------------------------------------------------


def peupler(d: Decor) -> None:
    aujourd_hui = timezone.localdate()
    irritant = IrritantFactory(grappe=d.grappe, editeur=d.solution.editeur, libelle="Agenda en double")
    for rang, parcours in enumerate((d.coteau, d.vergers, d.coteau)):
        cree = aujourd_hui - timedelta(days=30 * (rang + 1))
        TicketFactory(
            parcours=parcours, numero=f"T-{rang}", cree_le=cree, editeur=d.solution.editeur, irritant=irritant,
            est_bloquant=rang < 2, a_contournement=rang == 1, traite_le=cree + timedelta(days=4) if rang else None,
        )  # fmt: skip


def test_la_grappe_met_en_tete_ce_qui_bloque_et_ne_range_aucun_esms(poste: Client, d: Decor) -> None:
    peupler(d)
    page = textes(poste.get(reverse("usages:grappe-tickets", args=[d.grappe.pk])))
    assert page.index("t-bloquants") < page.index("t-mois") < page.index("t-irritants")
    assert "1 ticket bloque" in page and "T-0" in page
    bloquants = page[page.index("t-bloquants") : page.index("t-mois")]
    assert "T-1" not in bloquants, "contourné"
    assert "dans 2 ESMS" in page
    # Ni compte de tickets par ESMS, ni place : le seul tableau par ESMS nomme ce qui bloque.
    assert not re.search(r"IME Le Coteau[^<]*</t[hd]>\s*<td[^>]*>\s*\d+\s*</td>", page)


def test_la_liste_ne_compte_pas_par_esms(poste: Client, d: Decor) -> None:
    peupler(d)
    colonnes = poste.get(reverse("usages:ticket-liste")).context["liste"].table.base_columns
    assert not [nom for nom in colonnes if nom.startswith("nb")]


def test_un_esms_lit_les_siens(d: Decor) -> None:
    peupler(d)
    directeur = connecte(affecter(Role.DIRECTEUR, d.coteau.esms))
    page = textes(directeur.get(reverse("usages:parcours-tickets", args=[d.coteau.pk])))
    assert "T-0" in page and "3 ouverts" not in page and "2 tickets ouverts" in page
    assert "4 jours" in page
    assert directeur.get(reverse("usages:parcours-tickets", args=[d.vergers.pk])).status_code == 404
    grappe = textes(directeur.get(reverse("usages:grappe-tickets", args=[d.grappe.pk])))
    assert "2 tickets ouverts, sur 2 connus de vous" in grappe
    assert "dans 1 ESMS" in grappe, "en dessous de cinq ESMS, chacun ne compte que ce qu'il lit"


def test_a_partir_de_cinq_esms_chacun_sait_combien(d: Decor) -> None:
    peupler(d)
    irritant = IrritantFactory._meta.model.objects.get()
    for _ in range(3):
        TicketFactory(parcours=ParcoursFactory(grappe=d.grappe), irritant=irritant)
    directeur = connecte(affecter(Role.DIRECTEUR, d.coteau.esms))
    page = textes(directeur.get(reverse("usages:irritant-detail", args=[irritant.pk])))
    assert "même irritant dans 5 ESMS" in page


def test_le_financeur_ne_lit_aucun_ticket(d: Decor) -> None:
    peupler(d)
    ars = affecter(Role.ARS, d.grappe.region)
    poste = connecte(ars)
    assert poste.get(reverse("usages:grappe-tickets", args=[d.grappe.pk])).status_code in (403, 404)
    page = textes(poste.get(reverse("usages:ticket-liste")))
    assert "le financeur lit les chiffres transmis" in page and "T-0" not in page


@pytest.mark.parametrize(
    ("criteres", "attendus"),
    [
        ("suite=ouverts", ["T-0", "T-1", "T-2"]),
        ("suite=attente", ["T-0"]),
        ("suite=fermes", []),
        ("bloquant=sans", ["T-0"]),
        ("bloquant=tous", ["T-0", "T-1"]),
        ("bloquant=non", ["T-2"]),
        ("rapproche=non", []),
        ("recherche=t-1", ["T-1"]),
        ("esms=vergers", ["T-1"]),
    ],
)
def test_filtrer(poste: Client, d: Decor, criteres: str, attendus: list[str]) -> None:
    peupler(d)
    lignes = lignes_csv(poste.get(f"{reverse('usages:ticket-liste')}?{criteres}&format=csv"))
    assert sorted(ligne[0] for ligne in lignes[1:]) == attendus


def test_l_export_dit_les_memes_mots_que_la_page(poste: Client, d: Decor) -> None:
    peupler(d)
    adresse = reverse("usages:ticket-liste")
    lignes = lignes_csv(poste.get(f"{adresse}?format=csv&colonnes=esms,bloquant,suite,delai&tri=ticket"))
    assert [ligne[1:] for ligne in lignes[1:]] == [
        ["IME Le Coteau", "Bloquant", "Ouvert", "30"],
        ["MAS Les Vergers", "Bloquant, contourné", "Traité", "4"],
        ["IME Le Coteau", "", "Traité", "4"],
    ]
    assert "Bloquant, contourné" in textes(poste.get(adresse, headers=FRAGMENT))


ROUTES = ("ticket-liste", "irritant-liste", "grappe-tickets", "parcours-tickets", "irritant-detail", "ticket-detail")


@pytest.mark.parametrize("route", ROUTES)
def test_autant_de_requetes_a_une_ligne_qu_a_cinquante(poste: Client, d: Decor, route: str) -> None:
    irritant = IrritantFactory(grappe=d.grappe, editeur=d.solution.editeur)
    premier = TicketFactory(parcours=d.coteau, irritant=irritant, editeur=d.solution.editeur)
    cles = {"grappe-tickets": d.grappe, "parcours-tickets": d.coteau, "irritant-detail": irritant}
    cles["ticket-detail"] = premier
    url = reverse(f"usages:{route}", args=[cles[route].pk] if route in cles else [])

    def plus(nombre: int) -> None:
        for _ in range(nombre):
            autre = ParcoursFactory(grappe=d.grappe)
            for parcours in (d.coteau, autre):
                TicketFactory(
                    parcours=parcours,
                    irritant=IrritantFactory(grappe=d.grappe, editeur=d.solution.editeur),
                    module=d.agenda,
                    est_bloquant=True,
                )
            TicketFactory(parcours=autre, irritant=irritant, est_bloquant=True)

    exiger_requetes_constantes(poste, url, plus)
