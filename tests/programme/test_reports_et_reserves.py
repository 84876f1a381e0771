"""Ce qui a été décidé se retrouve : un report fait taire les rappels, une réserve reste jusqu'à sa date."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programme.conditions import dater
from programme.enums import Role
from programme.models import Grappe, Parcours
from programme.services import parcours as services
from programme.services.lecture_grappe import en_attente
from programme.services.reports import reports_en_cours
from programme.services.reserves import reserves_de
from programme.services.tableau import lire_parcours
from programme.socle.a_faire import Urgence
from programme.socle.a_faire import a_faire as lignes_de
from programme.socle.dates import date_courte
from programme.socle.models import Derogation
from programme.socle.porte import changer_etat
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter, cheffe_de, directrice_de

pytestmark = pytest.mark.django_db

MOTIF = "Pas pendant les congés"


@pytest.fixture
def au() -> date:
    return timezone.localdate()


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Any:
    return directrice_de(parcours)


@pytest.fixture
def cheffe(parcours: Parcours) -> Any:
    return cheffe_de(parcours.grappe)


def _pret(parcours: Parcours, par: Any) -> None:
    for nature in ("annonce", "prediagnostic"):
        dater(nature)(parcours, par)


def _reporter(parcours: Parcours, cheffe: Any, directrice: Any, au: date | None) -> None:
    proposition = services.proposer(parcours=parcours, transition="engager", par=cheffe)
    services.decider_proposition(proposition=proposition, par=directrice, accord=False, motif=MOTIF, date_visee=au)


def _titres(qui: Any, au: date) -> str:
    qui.__dict__.pop("perimetre", None)
    return " | ".join(ligne.titre for ligne in lignes_de(qui, au))


def _page(client: Client, qui: Any, nom: str, *args: Any) -> str:
    client.force_login(qui)
    return str(client.get(reverse(f"programme:{nom}", args=args)).content.decode()).replace("\xa0", " ")


# --- reports -------------------------------------------------------------------------------------------------------


def test_un_report_fait_taire_ce_qui_poussait_a_passer(
    parcours: Parcours, directrice: Any, cheffe: Any, au: date
) -> None:
    _pret(parcours, directrice)
    plus_tard = au + timedelta(days=50)
    assert "tout est réuni" in _titres(directrice, au) and "Proposer" in _titres(cheffe, au)
    _reporter(parcours, cheffe, directrice, plus_tard)
    assert "tout est réuni" not in _titres(directrice, au) and "Proposer" not in _titres(cheffe, au)
    assert f"Cadrage, {parcours} : reporté par vous au {date_courte(plus_tard)}" in _titres(directrice, au)
    a_lire = next(x for x in lignes_de(cheffe, au) if x.titre.startswith("Lire un report"))
    assert date_courte(plus_tard) in a_lire.titre and MOTIF in a_lire.detail and a_lire.urgence == Urgence.SUIVRE
    assert "tout est réuni" in _titres(directrice, plus_tard), "la date venue, la question revient"


def test_un_report_sans_date_ou_suivi_d_une_proposition_ne_fait_rien_taire(
    parcours: Parcours, directrice: Any, cheffe: Any, au: date
) -> None:
    _pret(parcours, directrice)
    _reporter(parcours, cheffe, directrice, None)
    assert "Proposer" in _titres(cheffe, au)
    _reporter(parcours, cheffe, directrice, au + timedelta(days=9))
    assert reports_en_cours([parcours.pk], au)
    services.proposer(parcours=parcours, transition="engager", par=cheffe)
    assert not reports_en_cours([parcours.pk], au)
    assert "Décider le cadrage" in _titres(directrice, au)


def test_la_page_de_grappe_ne_compte_pas_un_report_comme_pret(
    parcours: Parcours, directrice: Any, cheffe: Any, au: date
) -> None:
    _pret(parcours, directrice)
    _reporter(parcours, cheffe, directrice, au + timedelta(days=50))
    lecture = lire_parcours(Parcours.objects.filter(pk=parcours.pk), cheffe)
    assert lecture.prets and not any("Tout est réuni" in a.texte for a in en_attente(lecture, [], cheffe))


def test_le_report_se_lit_en_tete_et_au_journal(
    client: Client, parcours: Parcours, directrice: Any, cheffe: Any, au: date
) -> None:
    plus_tard = au + timedelta(days=50)
    _reporter(parcours, cheffe, directrice, plus_tard)
    detail = _page(client, cheffe, "parcours-detail", parcours.pk)
    bandeau = f"par {directrice}, au {date_courte(plus_tard)}"
    journal = f"Reporté au {date_courte(plus_tard)} par {directrice}. Motif : « {MOTIF} » Proposé par {cheffe}."
    assert bandeau in detail and journal in detail
    assert bandeau in _page(client, cheffe, "parcours-proposer", parcours.pk, "engager")


# --- réserves ------------------------------------------------------------------------------------------------------


def _codes(parcours: Parcours) -> list[str]:
    return [r.constat.condition.code for r in reserves_de([parcours]).get(parcours.pk, [])]


def test_une_reserve_reste_jusqu_a_sa_date(client: Client, parcours: Parcours, directrice: Any, au: date) -> None:
    dater("prediagnostic")(parcours, directrice)
    changer_etat(parcours, "engager", par=directrice, motif="l'annonce suivra")
    assert _codes(parcours) == ["annonce"]
    detail = _page(client, directrice, "parcours-detail", parcours.pk)
    assert f"Sous réserve depuis le {date_courte(au)}" in detail and "annonce du projet aux équipes" in detail
    ligne = next(x for x in lignes_de(directrice, au) if x.titre.startswith("Dater l'annonce"))
    assert ligne.urgence == Urgence.PEUT_ATTENDRE and "sous réserve le" in ligne.detail
    assert "1 réserve à lever" in _page(client, directrice, "accueil")
    assert "1 réserve à lever" in _page(client, directrice, "parcours-liste")
    dater("annonce")(parcours, directrice)
    assert _codes(parcours) == [] and "Dater l'annonce" not in _titres(directrice, au)


def test_une_reserve_tombe_si_l_on_revient_ou_si_l_instance_leve(parcours: Parcours, directrice: Any, au: date) -> None:
    changer_etat(parcours, "engager", par=directrice, motif="x")
    assert _codes(parcours) == ["annonce", "prediagnostic"]
    Derogation.objects.create(
        parcours=parcours, condition="annonce", du=au, au=au, libelle_decision="COSTRAT", creee_par=directrice
    )
    assert _codes(parcours) == ["prediagnostic"]
    changer_etat(parcours, "revenir", par=directrice, motif="y")
    assert _codes(parcours) == []


def test_en_routine_la_liste_dit_la_reserve_et_l_accueil_ne_demande_plus_de_date(
    client: Client, parcours: Parcours, directrice: Any
) -> None:
    parcours.type_projet = "usages"
    parcours.save()
    changer_etat(parcours, "constater", par=directrice, vers="service_regulier")
    for nature in ("arrivants",):
        dater(nature)(parcours, directrice)
    changer_etat(parcours, "passer_en_routine", par=directrice, motif="x")
    assert _codes(parcours) == ["referent_maintenu", "bilan", "usages_suivis"]
    accueil = _page(client, directrice, "accueil")
    assert "3 réserves à lever" in accueil and "date à donner" not in accueil
    assert "3 réserves à lever" in _page(client, directrice, "parcours-liste")


def test_le_financeur_ne_lit_ni_report_ni_reserve(
    client: Client, parcours: Parcours, directrice: Any, cheffe: Any, au: date
) -> None:
    changer_etat(parcours.grappe, "deposer", par=cheffe)
    changer_etat(parcours, "engager", par=directrice, motif="x")
    financeur = affecter(Role.ARS, parcours.grappe.region)
    for page in (("parcours-detail", parcours.pk), ("parcours-liste",)):
        assert "réserve" not in _page(client, financeur, *page)


def test_reports_et_reserves_en_requetes_constantes(au: date) -> None:
    grappe: Grappe = GrappeFactory()
    tout = affecter(Role.DIRECTEUR)
    affecter(Role.CHEF_PROJET, utilisateur=tout)

    def semer(nombre: int) -> None:
        for p in ParcoursFactory.create_batch(nombre, grappe=grappe):
            _reporter(p, tout, tout, au + timedelta(days=20))
        for p in ParcoursFactory.create_batch(nombre, grappe=grappe):
            changer_etat(p, "engager", par=tout, motif="x")

    def mesurer() -> int:
        with CaptureQueriesContext(connection) as requetes:
            tous = list(Parcours.objects.all())
            assert reserves_de(tous) and reports_en_cours([p.pk for p in tous], au)
        return len(requetes)

    semer(1)
    mesurer()
    peu = mesurer()
    semer(6)
    assert mesurer() == peu
