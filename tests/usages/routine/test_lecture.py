"""Les routines fragilisées, lues dans la base : ce qui compte, ce qui ne compte pas, à nombre constant de requêtes."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.models import Parcours
from tests.fabriques import ModuleFactory, OuvertureFactory, ParcoursFactory, UniteFactory, affecter, directrice_de
from tests.formation.fabriques import PosteFactory
from tests.usages.calculs.aides import forcer
from tests.usages.fabriques import (
    IndicateurFactory,
    MonteeDeVersionFactory,
    ReleveFactory,
    TicketFactory,
    chiffrer,
    premier_du_mois,
)
from usages.calculs.fragilite import Cause
from usages.enums import Famille, Sens
from usages.services.fragilite import lire

pytestmark = pytest.mark.django_db
AU = timezone.localdate()


def il_y_a(jours: int) -> Any:
    return AU - timedelta(days=jours)


def en_routine(depuis: int = 400, **champs: Any) -> Parcours:
    """Un ESMS en routine depuis tant de jours."""
    parcours = ParcoursFactory(**champs)
    forcer(parcours, etat="routine", depuis_le=il_y_a(depuis))
    parcours.refresh_from_db()
    return parcours


def causes(*parcours: Parcours) -> list[list[Cause]]:
    lues = lire(Parcours.objects.filter(pk__in=[p.pk for p in parcours]), AU)
    return [[r.cause for r in lues.get(p.pk, [])] for p in parcours]


def relever(parcours: Parcours, indicateur: Any, *taux: int, etat: str = "transmis") -> None:
    """Des relevés mensuels qui finissent le mois dernier, sur cent."""
    for recul, valeur in enumerate(reversed(taux), 1):
        releve = ReleveFactory(parcours=parcours, debut=premier_du_mois(recul))
        chiffrer(releve, indicateur, (valeur, 100))
        forcer(releve, etat=etat)


def fragiliser(parcours: Parcours) -> None:
    """Les quatre causes à la fois."""
    module = ModuleFactory(code="neuf", nom="Agenda partagé")
    forcer(OuvertureFactory(unite=UniteFactory(parcours=parcours), module=module), etat="ouverte", ouverte_le=il_y_a(9))
    MonteeDeVersionFactory(parcours=parcours, faite_le=il_y_a(5))
    for n in range(5):
        PosteFactory(parcours=parcours, debut=il_y_a(30 if n == 0 else 900))
    relever(parcours, IndicateurFactory(famille=Famille.USAGE), 80, 80, 80, 20)


def test_chaque_cause_se_lit() -> None:
    parcours, calme = en_routine(), en_routine()
    fragiliser(parcours)
    assert causes(parcours, calme) == [list(Cause), []]


def test_hors_de_la_routine_rien_ne_se_dit() -> None:
    parcours = ParcoursFactory()
    fragiliser(parcours)
    assert causes(parcours) == [[]]


def test_une_seconde_unite_n_est_pas_un_module_neuf() -> None:
    parcours, module = en_routine(), ModuleFactory()
    for jours in (300, 9):
        unite = UniteFactory(parcours=parcours, nom=f"Unité {jours}")
        forcer(OuvertureFactory(unite=unite, module=module), etat="ouverte", ouverte_le=il_y_a(jours))
    assert causes(parcours) == [[]]


def test_ceux_arrives_avant_la_routine_l_ont_vue_venir() -> None:
    parcours = en_routine(depuis=20)
    for jours in (30, 30, 900, 900, 900):
        PosteFactory(parcours=parcours, debut=il_y_a(jours))
    assert causes(parcours) == [[]]


def test_ni_un_silence_ni_une_saisie_ni_des_tickets_ne_fragilisent() -> None:
    muet, en_saisie, bavard, depense = (en_routine() for _ in range(4))
    usage = IndicateurFactory(famille=Famille.USAGE)
    relever(muet, usage, 80, 80)
    relever(en_saisie, usage, 80, 80, 80, 1, etat="saisi")
    for _ in range(8):
        TicketFactory(parcours=bavard, est_bloquant=True)
    relever(depense, IndicateurFactory(famille=Famille.USAGE, sens=Sens.BAISSE), 80, 80, 80, 1)
    assert causes(muet, en_saisie, bavard, depense) == [[], [], [], []]


def test_autant_de_requetes_pour_un_que_pour_cinquante() -> None:
    def mesurer() -> int:
        with CaptureQueriesContext(connection) as captees:
            lire(Parcours.objects.all(), AU)
        return len(captees)

    fragiliser(en_routine())
    a_un = mesurer()
    for _ in range(49):
        fragiliser(en_routine())
    assert mesurer() == a_un == 5 and len(lire(Parcours.objects.all(), AU)) == 50


# --- la page -------------------------------------------------------------------------------------------------------


def test_la_page_dit_les_quatre_causes_et_ou_y_travailler(client: Client) -> None:
    parcours = en_routine()
    fragiliser(parcours)
    client.force_login(directrice_de(parcours))
    page = client.get(reverse("usages:parcours-routine", args=[parcours.pk])).content.decode()
    for mots in ("Routine fragilisée", "Un usage baisse", "L’équipe a tourné", "Montée de version", "Agenda partagé"):
        assert mots in page
    assert reverse("formation:parcours-arrivants", args=[parcours.pk]) in page and "Écrire une action" in page
    esms = client.get(reverse("programme:parcours-detail", args=[parcours.pk])).content.decode()
    assert "Usages : routine fragilisée" in esms


def test_sans_rien_la_page_le_dit_et_l_esms_ne_signale_rien(client: Client) -> None:
    calme, avant = en_routine(), ParcoursFactory()
    for parcours, mots in ((calme, "Rien ne la fragilise"), (avant, "Pas encore en routine")):
        client.force_login(directrice_de(parcours))
        assert mots in client.get(reverse("usages:parcours-routine", args=[parcours.pk])).content.decode()
        esms = client.get(reverse("programme:parcours-detail", args=[parcours.pk])).content.decode()
        assert "fragilisée" not in esms
        usages = client.get(reverse("usages:parcours-tableau-de-bord", args=[parcours.pk])).content.decode()
        assert (reverse("usages:parcours-routine", args=[parcours.pk]) in usages) == (parcours is calme)


def test_le_financeur_ne_la_lit_pas(client: Client) -> None:
    parcours = en_routine()
    forcer(parcours.grappe, etat="conventionnee")
    client.force_login(affecter(Role.ARS, parcours.esms.departement.region))
    assert client.get(reverse("usages:parcours-routine", args=[parcours.pk])).status_code == 403
