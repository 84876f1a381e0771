"""L'histoire d'un ESMS : le dessin et le journal marquent les mêmes jours ; le financeur n'en lit que les jalons."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from programme.enums import NatureFait, Role
from programme.models import Etape, Fait, Parcours, Verification
from programme.services import parcours as services
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.fabriques import (
    GrappeFactory,
    OgFactory,
    OuvertureFactory,
    ParcoursFactory,
    UniteFactory,
    affecter,
    cheffe_de,
    directrice_de,
)

pytestmark = pytest.mark.django_db

AU = timezone.localdate()


def dans(jours: int) -> date:
    return AU + timedelta(days=jours)


@pytest.fixture
def parcours() -> Parcours:
    """Un ESMS engagé, avec de tout : faits, VA, proposition, report, dates prévues, unité visée."""
    parcours = ParcoursFactory(grappe=GrappeFactory(), esms__nom="IME Les Acacias")
    cheffe, directrice = cheffe_de(parcours.grappe), directrice_de(parcours)
    changer_etat(parcours.grappe, "deposer", par=cheffe)
    changer_etat(parcours, "engager", par=directrice, motif="Volontaire", date_effet=dans(-40))
    Etape.objects.create(parcours=parcours, etat="preparation", reference=dans(20), revisee=dans(50))
    Etape.objects.create(parcours=parcours, etat="ouverture", reference=dans(120))
    Fait.objects.create(parcours=parcours, nature=NatureFait.CSE, date=dans(-70), saisi_par=directrice)
    Verification.objects.create(
        grappe=parcours.grappe, type="va", prononcee_le=dans(-15), issue="avec_reserves", reserves="Lenteur de l'agenda"
    )
    proposition = services.proposer(parcours=parcours, transition="preparer", par=cheffe)
    services.decider_proposition(proposition=proposition, par=directrice, accord=False, motif="Après les congés")
    services.proposer(parcours=parcours, transition="preparer", par=cheffe, date_visee=dans(55))
    OuvertureFactory(unite=UniteFactory(parcours=parcours, nom="Internat"), date_visee=dans(130))
    return parcours


def _page(utilisateur: Any, parcours: Parcours) -> str:
    reponse = connecte(utilisateur).get(reverse("programme:parcours-detail", args=[parcours.pk]))
    assert reponse.status_code == 200
    return re.sub("[\u00a0\u202f]", " ", reponse.content.decode())


def _journal(page: str) -> list[str]:
    return re.findall(r'<time datetime="([\d-]+)">', page[page.index('id="journal"') :])


def _dessin(page: str) -> list[str]:
    """Jours marqués : passages faits et prévus (bandes), puis le reste (marques)."""
    figure = page[page.index('id="histoire"') : page.index('id="dates"')]
    etats = re.findall(r'data-genre="(?:faite|en-cours|prevue|glissee)" data-etat="\w+" data-le="([\d-]+)"', figure)
    return etats + [j for jours in re.findall(r'data-dates="([^"]*)"', figure) for j in jours.split()]


@pytest.mark.parametrize("role", ["directrice", "ars"])
def test_le_dessin_et_le_journal_marquent_les_memes_jours(parcours: Parcours, role: str) -> None:
    lecteur = directrice_de(parcours) if role == "directrice" else affecter(Role.ARS, parcours.grappe.region)
    page = _page(lecteur, parcours)
    assert sorted(_dessin(page)) == sorted(_journal(page)) and _journal(page)


def test_l_avenir_puis_le_passe(parcours: Parcours) -> None:
    page = _page(directrice_de(parcours), parcours)
    jours = _journal(page)
    assert jours == [str(dans(j)) for j in (50, 55, 120, 130, 0, -15, -40, -70)]
    assert page.index("À venir") < page.index("Préparation : date prévue") < page.index("Ce qui s’est passé")
    for mots in ("Proposé : passer en préparation", "Internat : ouverture visée", "Consultation du CSE",
                 "Vérification d&#x27;aptitude (VA)", "Report : passer en préparation"):  # fmt: skip
        assert mots in page, mots


def test_le_financeur_ne_lit_ni_faits_ni_propositions_ni_reserves(parcours: Parcours) -> None:
    page = _page(affecter(Role.ARS, parcours.grappe.region), parcours)
    assert _journal(page) == [str(dans(j)) for j in (50, 120, -15, -40)]
    for mots in ("Consultation du CSE", "Proposé", "Report", "Après les congés", "ouverture visée", "Lenteur"):
        assert mots not in page, mots
    assert "Faits datés" not in page and "VA et VSR" in page


def test_une_verification_d_un_autre_organisme_n_est_pas_dans_son_histoire(parcours: Parcours) -> None:
    cheffe = cheffe_de(parcours.grappe)
    autre = ParcoursFactory(grappe=parcours.grappe, esms__og=OgFactory())
    avant = _journal(_page(cheffe, parcours))
    Verification.objects.create(
        grappe=parcours.grappe, type="vsr", prononcee_le=dans(-3), issue="prononcee", og=autre.esms.og
    )
    Verification.objects.create(
        grappe=parcours.grappe, type="vsr", prononcee_le=dans(-4), issue="prononcee", parcours=autre
    )
    assert _journal(_page(cheffe, parcours)) == avant
    Verification.objects.create(
        grappe=parcours.grappe, type="vsr", prononcee_le=dans(-5), issue="prononcee", og=parcours.esms.og
    )
    assert str(dans(-5)) in _journal(_page(cheffe, parcours))


def test_sans_histoire_il_n_y_a_pas_de_dessin_et_la_page_le_dit() -> None:
    parcours = ParcoursFactory()
    page = _page(cheffe_de(parcours.grappe), parcours)
    assert 'id="histoire"' not in page and "Aucun passage encore." in page


def test_suspendu_plus_rien_n_est_promis(parcours: Parcours) -> None:
    cheffe = cheffe_de(parcours.grappe)
    changer_etat(parcours, "suspendre", par=cheffe, motif="Travaux")
    page = _page(cheffe, parcours)
    assert "date prévue" not in page[page.index('id="journal"') :]
