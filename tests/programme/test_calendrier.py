"""Le calendrier d'une grappe : le dessin et la table disent pareil, à chacun ce qu'il voit, en requêtes constantes."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.models import Etape, Grappe, Parcours, Vague
from programme.socle.porte import changer_etat
from tests.aides import connecte, exiger_requetes_constantes, lignes_csv
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter, cheffe_de, directrice_de

pytestmark = pytest.mark.django_db

AU = timezone.localdate()


def dater(parcours: Parcours, **etapes: tuple[int | None, int | None, int | None]) -> Parcours:
    """Donne à chaque étape (référence, révisée, réelle), en jours depuis aujourd'hui."""
    for etat, jours in etapes.items():
        reference, revisee, reelle = (AU + timedelta(days=j) if j is not None else None for j in jours)
        Etape.objects.create(parcours=parcours, etat=etat, reference=reference, revisee=revisee, reelle=reelle)
    return parcours


@pytest.fixture
def grappe() -> Grappe:
    """Deux vagues ; un ESMS en chemin, un ESMS ouvert, un sans vague ni date."""
    grappe = GrappeFactory(nom="Rives de Garonne")
    une = Vague.objects.create(
        grappe=grappe, numero=1, nom="Pilotes", debut=AU - timedelta(days=200), fin=AU - timedelta(days=90), capacite=3
    )
    deux = Vague.objects.create(grappe=grappe, numero=2, capacite=0)
    dater(
        ParcoursFactory(grappe=grappe, vague=une, esms__nom="IME Les Acacias"),
        cadrage=(-300, None, -300),
        preparation=(-200, None, -180),
        ouverture=(-100, None, -60),
        service_regulier=(20, 45, None),
    )
    dater(
        ParcoursFactory(grappe=grappe, vague=deux, esms__nom="ESAT La Palombière"),
        cadrage=(-40, None, -41),
        preparation=(-10, None, None),
        ouverture=(60, 90, None),
    )
    ParcoursFactory(grappe=grappe, esms__nom="SESSAD du Vignoble")
    return grappe


def _page(utilisateur: Any, grappe: Grappe, **criteres: Any) -> str:
    reponse = connecte(utilisateur).get(reverse("programme:grappe-calendrier", args=[grappe.pk]), criteres)
    assert reponse.status_code == 200
    return reponse.content.decode()


def dessinees(page: str) -> set[tuple[str, str, str, str]]:
    """(parcours, genre, état, date) de chaque marque du dessin."""
    rendu = set()
    for ligne in re.findall(r'<li class="gantt-rang" data-parcours="(\d+)">(.*?)</li>', page, re.DOTALL):
        marques = re.findall(r'data-genre="([\w-]+)" data-etat="(\w+)" data-le="([\d-]+)"', ligne[1])
        rendu |= {(ligne[0], *m) for m in marques}
    return rendu


def tabulees(page: str) -> dict[tuple[str, str], dict[str, str]]:
    """Par (parcours, état), les dates de la table : {« Référence » : « 2026-03-01 »}."""
    rendu = {}
    for cle, etat, cellules in re.findall(r'<tr data-parcours="(\d+)" data-etat="(\w+)">(.*?)</tr>', page, re.DOTALL):
        rendu[cle, etat] = dict(re.findall(r'data-titre="(\w+)"><time datetime="([\d-]+)"', unescape(cellules)))
    return rendu


def test_le_dessin_et_la_table_tiennent_les_memes_dates(grappe: Grappe) -> None:
    page = _page(cheffe_de(grappe), grappe)
    table, dessin = tabulees(page), dessinees(page)
    attendues = set()
    for (cle, etat), dates in table.items():
        if "Réelle" in dates:
            attendues.add((cle, "reelle", etat, dates["Réelle"]))
        elif prevue := dates.get("Révisée") or dates.get("Référence"):
            attendues.add((cle, "prevue", etat, prevue))
        if "Référence" in dates:
            attendues.add((cle, "reference", etat, dates["Référence"]))
    noms = {"faite": "reelle", "en-cours": "reelle", "prevue": "prevue", "glissee": "prevue", "reference": "reference"}
    assert {(c, noms[g], e, d) for c, g, e, d in dessin if g in noms} == attendues and len(attendues) == 14
    assert len(table) == 7


def test_chaque_barre_est_a_sa_place_sur_l_axe(grappe: Grappe) -> None:
    """On relit l'échelle sur deux barres, et l'on retrouve la date de toutes les autres."""
    page = _page(cheffe_de(grappe), grappe, echelle="mois")
    motif = r'data-genre="(faite|en-cours)" data-etat="\w+" data-le="([\d-]+)"><title>[^<]*</title><rect x="([\d.]+)"'
    barres = sorted({(date.fromisoformat(le), float(x)) for _, le, x in re.findall(motif, page)})
    (d0, x0), (d1, x1) = barres[0], barres[-1]
    for le, x in barres:
        assert abs(x0 + (le - d0).days * (x1 - x0) / (d1 - d0).days - x) < 0.3, le
    assert len(barres) == 4


def test_la_vague_resume_ses_ouvertures(grappe: Grappe) -> None:
    page = _page(cheffe_de(grappe), grappe)
    table = page[page.index('id="table-vagues"') :]
    cellules = re.search(r'<tr data-vague="1">(.*?)</tr>', table, re.DOTALL)
    assert cellules and "1 sur 1" in cellules[1]
    dates = re.findall(r'datetime="([\d-]+)"', cellules[1])
    bandes = re.findall(r'class="v-(?:prevue|reelle)[^>]*data-debut="([\d-]*)" data-fin="([\d-]*)"', page)
    assert dates == [*bandes[0], *bandes[1]]
    assert dates[2] == dates[3] == str(AU - timedelta(days=60))


def _table_de(page: str, cle: str) -> dict[str, list[str]]:
    corps = page[page.index(f'data-table="{cle}"') :]
    corps = corps[: corps.index("</table>")]
    lignes = re.findall(r'<th scope="row">([^<]+)</th>(.*?)</tr>', corps, re.DOTALL)
    return {nom: [unescape(c).strip() for c in re.findall(r'class="num">([^<]*)</td>', c)] for nom, c in lignes}


def test_le_glissement_dessine_et_tabule_les_memes_nombres(grappe: Grappe) -> None:
    page = _page(cheffe_de(grappe), grappe)
    for cle in ("etape", "vague"):
        table = _table_de(page, cle)
        dessin = page[page.index(f'data-dessin="{cle}"') :]
        dessin = dessin[: dessin.index("</ul>")]
        rangs = re.findall(
            r'data-nom="([^"]+)" data-mediane="([^"]*)"(.*?)</svg>\s*<span class="petit', dessin, re.DOTALL
        )
        assert [nom for nom, *_ in rangs] == list(table)
        for nom, mediane, points in rangs:
            jours = [int(j) for j in re.findall(r'data-jours="(-?\d+)"', points)]
            nombre, dite, moins, plus, retard = table[nom][:5]
            assert int(nombre) == len(jours) and (mediane == "") is (dite == "—")
            if jours:
                assert [_lire(moins), _lire(plus)] == [min(jours), max(jours)] and _lire(dite) == float(mediane)
                assert int(retard) == sum(j > 3 for j in jours)
    assert _table_de(page, "etape")["Ouverture"][:4] == ["2", "+ 35\xa0j", "+ 30\xa0j", "+ 40\xa0j"]
    assert _table_de(page, "etape")["Préparation"][5] == "1, dont 1 dépassée"


def _lire(mots: str) -> float:
    signe = -1 if mots.startswith("−") else 1
    return signe * float(re.sub(r"[^\d,]", "", mots).replace(",", "."))


def test_un_esms_sans_reference_se_dit_et_ne_compte_pas_a_zero(grappe: Grappe) -> None:
    page = _page(cheffe_de(grappe), grappe)
    assert "1 ESMS sans date de référence" in page
    assert _table_de(page, "etape")["Cadrage"][0] == "2" and _table_de(page, "etape")["Cadrage"][6] == "1"


def test_on_choisit_ce_qu_on_montre_et_a_quelle_echelle(grappe: Grappe) -> None:
    cheffe = cheffe_de(grappe)
    assert {g for _, g, *_ in dessinees(_page(cheffe, grappe, montrer="reference"))} == {"reference"}
    mois, annee = _page(cheffe, grappe, echelle="mois"), _page(cheffe, grappe, echelle="annee")
    assert "janv." in mois and mois != annee
    assert dessinees(_page(cheffe, grappe, montrer="faux", echelle="siècle")) == dessinees(_page(cheffe, grappe))


def test_on_filtre_par_vague_et_par_etat(grappe: Grappe) -> None:
    cheffe = cheffe_de(grappe)
    assert "ESAT La Palombière" not in _page(cheffe, grappe, vague="1")
    sans = _page(cheffe, grappe, vague="sans")
    assert "SESSAD du Vignoble" in sans and "IME Les Acacias" not in sans and "aucune date" in sans
    assert "Rien ne correspond" in _page(cheffe, grappe, vague="9")
    changer_etat(Parcours.objects.get(esms__nom="SESSAD du Vignoble"), "sortir", par=cheffe, motif="Fermeture")
    assert "1 ESMS sorti du projet n’est pas dessiné" in _page(cheffe, grappe)
    assert "SESSAD du Vignoble" in _page(cheffe, grappe, etat="sorti")


def test_un_suspendu_se_dessine_jusqu_a_sa_suspension(grappe: Grappe) -> None:
    cheffe, parcours = cheffe_de(grappe), Parcours.objects.get(esms__nom="ESAT La Palombière")
    changer_etat(parcours, "suspendre", par=cheffe, motif="Travaux")
    page = _page(cheffe, grappe)
    assert {g for c, g, *_ in dessinees(page) if c == str(parcours.pk)} == {"faite", "reference"}
    assert "Révisée" not in tabulees(page)[str(parcours.pk), "ouverture"], "la table dit ce que dit le dessin"
    assert _table_de(page, "etape")["Ouverture"][0] == "1", "ce qu'il ne fera peut-être pas n'a pas glissé"


def test_le_csv_dit_ce_que_dit_la_table(grappe: Grappe) -> None:
    reponse = connecte(cheffe_de(grappe)).get(
        reverse("programme:grappe-calendrier", args=[grappe.pk]), {"format": "csv", "vague": "1"}
    )
    entetes, *lignes = lignes_csv(reponse.streaming_content)
    assert entetes[-1] == "Écart (jours)" and len(lignes) == 4
    assert [ligne[-1] for ligne in lignes] == ["0", "20", "40", "25"]


def test_le_financeur_lit_le_calendrier_et_le_glissement(grappe: Grappe) -> None:
    changer_etat(grappe, "deposer", par=cheffe_de(grappe))
    page = _page(affecter(Role.ARS, grappe.region), grappe)
    assert len(tabulees(page)) == 7 and "Glissement" in page and "en chemin pour" not in page


def test_un_voisin_ne_voit_que_les_siens_et_leurs_totaux(grappe: Grappe) -> None:
    voisin = directrice_de(Parcours.objects.get(esms__nom="ESAT La Palombière"))
    avant = _page(voisin, grappe)
    assert "IME Les Acacias" not in avant and len(tabulees(avant)) == 3
    assert _table_de(avant, "etape")["Ouverture"][0] == "1"
    for _ in range(6):
        dater(ParcoursFactory(grappe=grappe, vague=grappe.vagues.first()), cadrage=(-90, None, -30))
    assert re.sub(r'X-CSRFToken": "[^"]+"|value="\w{64}"', "", avant) == re.sub(
        r'X-CSRFToken": "[^"]+"|value="\w{64}"', "", _page(voisin, grappe)
    ), "six ESMS de plus ne changent pas une lettre de sa page"


def test_qui_ne_voit_pas_la_grappe_ne_voit_pas_son_calendrier(client: Client, grappe: Grappe) -> None:
    client.force_login(cheffe_de(GrappeFactory()))
    assert client.get(reverse("programme:grappe-calendrier", args=[grappe.pk])).status_code == 404


def test_une_grappe_vide_dit_pourquoi() -> None:
    grappe = GrappeFactory()
    assert "Rien à dessiner pour l’instant" in _page(cheffe_de(grappe), grappe)


@pytest.mark.parametrize("criteres", ["", "?deplier=tout", "?format=csv"])
def test_les_requetes_ne_suivent_pas_le_nombre_d_esms(criteres: str) -> None:
    grappe = GrappeFactory()
    vague = Vague.objects.create(grappe=grappe, numero=1)

    def peupler(nombre: int) -> None:
        for _ in range(nombre):
            dater(ParcoursFactory(grappe=grappe, vague=vague), cadrage=(-30, None, -20), preparation=(10, 20, None))

    url = reverse("programme:grappe-calendrier", args=[grappe.pk]) + criteres
    exiger_requetes_constantes(connecte(cheffe_de(grappe)), url, peupler)


def test_les_onglets_menent_d_une_page_de_grappe_a_l_autre(grappe: Grappe) -> None:
    page = _page(cheffe_de(grappe), grappe)
    onglets = page[page.index('class="onglets"') : page.index("</ul>", page.index('class="onglets"'))]
    for nom in ("grappe-detail", "grappe-tableau", "grappe-preparation"):
        assert reverse(f"programme:{nom}", args=[grappe.pk]) in onglets
    assert onglets.count("aria-current") == 1
