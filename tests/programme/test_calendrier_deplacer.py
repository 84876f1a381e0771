"""Déplacer des dates depuis le calendrier : formulaire, ordre, annulation, référence ; et les conflits dessinés."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from programme.dessins import echelle, gantt
from programme.enums import Role
from programme.models import ConflitCalendrier, Etape, Grappe, Parcours, Utilisateur, Vague
from programme.services.calendrier import glissement_par_etape, lire_calendrier
from programme.services.parcours import reviser_dates
from programme.socle.porte import changer_etat
from programme.socle.versions import jeton
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter, cheffe_de, directrice_de

pytestmark = pytest.mark.django_db

AU = timezone.localdate()
CADRAGE, PREPARATION = AU + timedelta(days=30), AU + timedelta(days=120)


@pytest.fixture
def grappe() -> Grappe:
    return GrappeFactory(nom="Rives de Garonne")


@pytest.fixture
def parcours(grappe: Grappe) -> Parcours:
    vague = Vague.objects.create(grappe=grappe, numero=1)
    parcours = ParcoursFactory(grappe=grappe, vague=vague, esms__nom="IME Les Acacias")
    Etape.objects.create(parcours=parcours, etat="cadrage", reference=CADRAGE)
    Etape.objects.create(parcours=parcours, etat="preparation", reference=PREPARATION)
    return parcours


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    return directrice_de(parcours)


def _lire(utilisateur: Utilisateur, grappe: Grappe, **criteres: Any) -> str:
    reponse = connecte(utilisateur).get(reverse("programme:grappe-calendrier", args=[grappe.pk]), criteres)
    assert reponse.status_code == 200
    return reponse.content.decode()


def _deplacer(utilisateur: Utilisateur, parcours: Parcours, criteres: str = "", **donnees: Any) -> Any:
    donnees.setdefault("vu", jeton(Etape.history.filter(parcours=parcours)))
    adresse = reverse("programme:calendrier-deplacer", args=[parcours.grappe_id, parcours.pk])
    return connecte(utilisateur).post(f"{adresse}{criteres}", donnees, follow=True)


def _cache(page: str, nom: str) -> str:
    trouve = re.search(rf'name="{nom}" value="([^"]*)"', page[page.index('class="annuler"') :])
    assert trouve, nom
    return trouve[1]


def test_on_deplace_puis_on_annule_et_la_reference_ne_bouge_pas(
    grappe: Grappe, parcours: Parcours, directrice: Utilisateur
) -> None:
    vers = CADRAGE + timedelta(days=14)
    reponse = _deplacer(directrice, parcours, "?vague=1", cadrage=vers.isoformat())
    page = reponse.content.decode()
    etape = Etape.objects.get(parcours=parcours, etat="cadrage")
    assert (etape.reference, etape.revisee) == (CADRAGE, vers)
    assert "La référence n&#x27;a pas bougé." in page and "vague=1" in reponse.redirect_chain[0][0]
    assert "Annuler : remettre les dates de IME Les Acacias" in page
    remise = {"annule": "oui", "cadrage": _cache(page, "cadrage"), "vu": _cache(page, "vu")}
    apres = _deplacer(directrice, parcours, **remise).content.decode()
    etape.refresh_from_db()
    assert (etape.reference, etape.revisee) == (CADRAGE, None) and "Annuler : remettre" not in apres


def test_une_etape_que_l_envoi_tait_ne_bouge_pas(parcours: Parcours, directrice: Utilisateur) -> None:
    reviser_dates(parcours=parcours, dates={"preparation": PREPARATION + timedelta(days=9)}, par=directrice)
    _deplacer(directrice, parcours, cadrage=(CADRAGE + timedelta(days=7)).isoformat())
    assert Etape.objects.get(parcours=parcours, etat="preparation").revisee == PREPARATION + timedelta(days=9)


def test_un_ordre_impossible_nomme_les_deux_etapes_et_garde_la_saisie(
    parcours: Parcours, directrice: Utilisateur
) -> None:
    trop_tot = CADRAGE - timedelta(days=5)
    reponse = _deplacer(directrice, parcours, preparation=trop_tot.isoformat())
    page = reponse.content.decode()
    assert reponse.status_code == 422
    assert (
        f"« Préparation » ({trop_tot:%d/%m/%Y}) précède « Cadrage » ({CADRAGE:%d/%m/%Y}) : corrigez l&#x27;une des "
        "deux dates."
    ) in page
    assert f'value="{trop_tot.isoformat()}"' in page
    assert not Etape.objects.filter(revisee__isnull=False).exists()


def test_deux_personnes_la_seconde_apprend_ce_qui_a_change(
    grappe: Grappe, parcours: Parcours, directrice: Utilisateur
) -> None:
    reviser_dates(parcours=parcours, dates={"cadrage": CADRAGE + timedelta(days=3)}, par=directrice)
    vu = re.search(r'name="vu" value="(\d+)"', _lire(directrice, grappe, deplacer=parcours.pk))
    assert vu
    reviser_dates(parcours=parcours, dates={"cadrage": CADRAGE + timedelta(days=4)}, par=cheffe_de(grappe))
    jour = (CADRAGE + timedelta(days=10)).isoformat()
    reponse = _deplacer(directrice, parcours, cadrage=jour, vu=vu[1])
    assert reponse.status_code == 409 and "Entre-temps" in reponse.content.decode()
    assert Etape.objects.get(parcours=parcours, etat="cadrage").revisee == CADRAGE + timedelta(days=4)


def test_le_formulaire_s_ouvre_sous_son_esms_a_qui_revise(
    grappe: Grappe, parcours: Parcours, directrice: Utilisateur
) -> None:
    ferme = _lire(directrice, grappe)
    assert f"deplacer={parcours.pk}" in ferme and "data-deplacer" not in ferme
    ouvert = _lire(directrice, grappe, deplacer=parcours.pk)
    assert 'data-deplacer="IME Les Acacias"' in ouvert and 'name="cadrage"' in ouvert
    lecteur = _lire(affecter(Role.APPUI, parcours.esms), grappe, deplacer=parcours.pk)
    assert "deplacer=" not in lecteur and "data-deplacer" not in lecteur
    for faux in ("9999", "x", "9" * 40):
        assert "data-deplacer" not in _lire(directrice, grappe, deplacer=faux)


@pytest.mark.parametrize("avant", ["", "cadrage", "cadrage:2031-01-01", "routine_x:2027-01-01", "," * 50])
def test_une_adresse_d_annulation_que_treille_n_a_pas_ecrite_n_offre_rien(
    avant: str, grappe: Grappe, parcours: Parcours, directrice: Utilisateur
) -> None:
    page = _lire(directrice, grappe, deplacees=parcours.pk, avant=avant)
    assert "Annuler : remettre" not in page and 'value="2031-01-01"' not in page


def test_on_n_annule_plus_ce_qu_un_autre_a_change_depuis(
    grappe: Grappe, parcours: Parcours, directrice: Utilisateur
) -> None:
    reponse = _deplacer(directrice, parcours, cadrage=(CADRAGE + timedelta(days=14)).isoformat())
    adresse = reponse.redirect_chain[0][0].partition("#")[0]
    assert "Annuler : remettre" in connecte(directrice).get(adresse).content.decode()
    reviser_dates(parcours=parcours, dates={"cadrage": CADRAGE + timedelta(days=21)}, par=cheffe_de(grappe))
    assert "Annuler : remettre" not in connecte(directrice).get(adresse).content.decode()


def test_un_suspendu_ne_se_deplace_pas(grappe: Grappe, parcours: Parcours) -> None:
    cheffe = cheffe_de(grappe)
    changer_etat(parcours, "suspendre", par=cheffe, motif="Travaux")
    assert "deplacer=" not in _lire(cheffe, grappe)


def test_le_glissement_suit_la_date_deplacee(grappe: Grappe, parcours: Parcours, directrice: Utilisateur) -> None:
    _deplacer(directrice, parcours, cadrage=(CADRAGE + timedelta(days=21)).isoformat())
    bilans = dict(glissement_par_etape(lire_calendrier(Parcours.objects.all(), AU), AU))
    assert bilans["Cadrage"].mediane == 21
    assert not bilans["Préparation"].nombre, "une étape dont la date n'a pas bougé n'a pas glissé"


# --- conflits --------------------------------------------------------------------------------------------------------


def test_un_conflit_se_dessine_et_se_dit_sauf_au_financeur(
    grappe: Grappe, parcours: Parcours, directrice: Utilisateur
) -> None:
    ConflitCalendrier.objects.create(
        parcours=parcours, nature="evaluation", debut=CADRAGE, fin=CADRAGE + timedelta(days=2)
    )
    page = _lire(directrice, grappe)
    assert 'class="conflit"' in page and "pendant ce temps : Visite d&#x27;évaluation" in page
    assert 'id="table-conflits"' in page
    changer_etat(grappe, "deposer", par=cheffe_de(grappe))
    ars = _lire(affecter(Role.ARS, grappe.region), grappe)
    assert "évaluation" not in ars and "table-conflits" not in ars
    fiche = connecte(directrice).get(reverse("programme:parcours-detail", args=[parcours.pk])).content.decode()
    assert "moment-conflit" in fiche and "Visite d&#x27;évaluation" in fiche


def test_hors_de_l_echelle_un_conflit_ne_se_dessine_pas() -> None:
    axe = echelle.echelle([date(2026, 1, 15), date(2026, 6, 15)], date(2026, 3, 1))
    dedans = (date(2026, 3, 2), date(2026, 3, 2), "un jour")
    marques = gantt.conflits([dedans, (date(2030, 1, 1), date(2030, 1, 2), "loin")], axe)
    assert [m.mot for m in marques] == ["un jour"] and marques[0].largeur >= 2


def test_les_conflits_ne_coutent_pas_une_requete_par_esms(grappe: Grappe) -> None:
    vague = Vague.objects.create(grappe=grappe, numero=1)

    def peupler(nombre: int) -> None:
        for _ in range(nombre):
            p = ParcoursFactory(grappe=grappe, vague=vague)
            ConflitCalendrier.objects.create(parcours=p, nature="travaux", debut=AU)
            Etape.objects.create(parcours=p, etat="cadrage", reference=CADRAGE)

    adresse = reverse("programme:grappe-calendrier", args=[grappe.pk])
    exiger_requetes_constantes(connecte(cheffe_de(grappe)), adresse, peupler)
