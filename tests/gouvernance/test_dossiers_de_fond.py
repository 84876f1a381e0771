"""Le dossier d'une grande grappe : en tâche de fond, avec son avancement, et ses refus dits."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from gouvernance.models import DossierSeance, Instance, Seance
from gouvernance.services import dossiers
from gouvernance.services.dossiers import demander, lire
from programme.models import Grappe
from programme.socle.enums import EtatTravail
from programme.socle.models import Travail
from programme.socle.porte import changer_etat
from programme.socle.travaux import executer
from tests.aides import connecte
from tests.fabriques import cheffe_de
from tests.gouvernance.aides_dossier import page_du_dossier, peupler
from tests.gouvernance.fabriques import DossierSeanceFactory, InstanceFactory, SeanceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def comop() -> Instance:
    return InstanceFactory(quorum=0)


@pytest.fixture
def grappe(comop: Instance) -> Grappe:
    return comop.grappe


@pytest.fixture
def seance(comop: Instance) -> Seance:
    return SeanceFactory(comite=comop, lieu="Salle haute")


@pytest.fixture
def cheffe(grappe: Grappe) -> Any:
    return cheffe_de(grappe)


@pytest.fixture
def grande(monkeypatch: pytest.MonkeyPatch, grappe: Grappe) -> Grappe:
    """Une grappe au-delà du seuil, sans 81 ESMS."""
    monkeypatch.setattr(dossiers, "SEUIL", 1)
    peupler(grappe, 2)
    return grappe


def test_une_grande_grappe_le_fait_en_tache_de_fond(grande: Grappe, seance: Seance, cheffe: Any) -> None:
    client = connecte(cheffe)
    assert "tâche de fond" in client.get(page_du_dossier(seance)).content.decode()
    page = client.post(page_du_dossier(seance), follow=True).content.decode()
    travail = Travail.objects.get()
    assert travail.genre == dossiers.GENRE and travail.par == cheffe and not DossierSeance.objects.exists()
    assert 'id="avancement"' in page and "Faire le dossier" not in page
    client.post(page_du_dossier(seance))
    assert Travail.objects.count() == 1, "le même, tant qu'il est en route"

    executer(travail.pk)

    travail.refresh_from_db()
    dossier = DossierSeance.objects.get()
    assert travail.etat == EtatTravail.TERMINE and travail.total > 5
    assert travail.resultat and travail.resultat["lien"] == reverse("gouvernance:dossier-detail", args=[dossier.pk])
    fini = client.get(reverse("programme:travail-detail", args=[travail.pk])).content.decode()
    assert "Ouvrir le dossier" in fini
    assert 'id="avancement"' not in client.get(page_du_dossier(seance)).content.decode()


def test_le_travail_avance_chapitre_par_chapitre(grande: Grappe, seance: Seance, cheffe: Any) -> None:
    vus: list[tuple[int, int, str]] = []
    lire(seance, par=cheffe, le=timezone.localtime(), avancer=lambda *pas: vus.append(pas))
    assert [fait for fait, _, _ in vus] == list(range(len(vus))) and {total for _, total, _ in vus} == {len(vus)}
    assert "La préparation, et ce qui bloque" in [titre for *_, titre in vus]


def test_le_travail_refuse_ce_qui_n_est_plus_permis(grande: Grappe, seance: Seance, cheffe: Any) -> None:
    travail = demander(seance=seance, par=cheffe)
    assert isinstance(travail, Travail)
    for geste in ("ouvrir", "clore"):
        changer_etat(seance, geste, par=cheffe)
    executer(travail.pk)
    travail.refresh_from_db()
    assert travail.etat == EtatTravail.ECHEC and "n'est plus à préparer" in travail.erreur
    assert not DossierSeance.objects.exists()
    assert "Le dossier n’a pas pu se faire" in connecte(cheffe).get(page_du_dossier(seance)).content.decode()
    assert "pas pu" not in connecte(cheffe_de(seance.comite.grappe)).get(page_du_dossier(seance)).content.decode()
    DossierSeanceFactory(seance=seance)
    assert "pas pu" not in connecte(cheffe).get(page_du_dossier(seance)).content.decode(), "un dossier fait depuis"


def test_qui_ne_conduit_plus_ne_le_fait_plus(grande: Grappe, seance: Seance, cheffe: Any) -> None:
    travail = demander(seance=seance, par=cheffe)
    cheffe.affectations.update(au=timezone.localdate() - timedelta(days=1))
    executer(travail.pk)
    travail.refresh_from_db()
    assert travail.etat == EtatTravail.ECHEC and "chef de projet" in travail.erreur
    assert not DossierSeance.objects.exists()
