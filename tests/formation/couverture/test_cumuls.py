"""Les comptes gardés : les mêmes que la lecture, sans doublon, et qui restent quand les personnes sont effacées."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from formation.models import CumulCouverture
from formation.services import couverture as service
from programme.models import Parcours
from programme.socle.models import Travail
from programme.socle.porte import changer_etat
from programme.socle.travaux import executer_sur_place, preparer
from tests.fabriques import ParcoursFactory, cheffe_de
from tests.formation.fabriques import MetierFactory, ModuleFormationFactory, PosteFactory, equipe, former, il_y_a

pytestmark = pytest.mark.django_db


def _comptes(mois: date | None = None) -> set[tuple[object, ...]]:
    """Ce qui est gardé, sans l'heure du calcul."""
    gardes = CumulCouverture.objects.all()
    if mois:
        gardes = gardes.du_mois(mois)
    return set(gardes.values_list("mois", "parcours", "nature", "metier", "en_poste", "formes", "arrete_le"))


def _un_esms() -> Parcours:
    """Trois éducateurs dont deux formés au DUI, une aide-soignante qui ne l'est pas."""
    parcours = ParcoursFactory()
    dui = ModuleFormationFactory(grappe=parcours.grappe)
    ModuleFormationFactory(grappe=parcours.grappe, nature="ecrits").publics.add(MetierFactory(code="cadre"))
    for poste in equipe(parcours, 3)[:2]:
        former(poste, dui)
    PosteFactory(parcours=parcours, metier=MetierFactory(code="aide-soignant"))
    return parcours


def test_les_trois_coupes() -> None:
    parcours = _un_esms()
    au = timezone.localdate()
    assert service.rafraichir([parcours.pk]) == [au.replace(day=1)]
    lue = service.lire(Parcours.objects.all(), au)
    total = CumulCouverture.objects.totaux().get()
    assert (total.en_poste, total.formes, total.arrete_le) == (4, 2, au)
    assert (lue.total.en_poste, lue.total.formes) == (4, 2)
    par_metier = CumulCouverture.objects.filter(metier__isnull=False)
    assert {c.metier_id: (c.en_poste, c.formes) for c in par_metier} == {
        m: (c.en_poste, c.formes) for m, c in lue.par_metier.items()
    }
    par_nature = CumulCouverture.objects.exclude(nature="")
    assert {c.nature: (c.en_poste, c.formes) for c in par_nature} == {
        n: (c.en_poste, c.formes) for n, c in lue.par_nature.items()
    }


def test_refaire_ne_change_rien() -> None:
    _un_esms()
    service.rafraichir()
    avant = _comptes()
    service.rafraichir()
    assert _comptes() == avant and len(avant) == 4


def test_par_tranches_ou_d_un_bloc_c_est_pareil(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        _un_esms()
    service.rafraichir()
    avant, vus = _comptes(), []
    CumulCouverture.objects.all().delete()
    monkeypatch.setattr(service, "TRANCHE", 2)
    service.rafraichir(temoin=lambda fait, total: vus.append((fait, total)))
    assert _comptes() == avant and vus == [(0, 2), (1, 2)]


def test_ne_touche_que_les_esms_nommes() -> None:
    """Un clic dans un ESMS ne recompte que lui."""
    un, autre = _un_esms(), _un_esms()
    service.rafraichir()
    for parcours in (un, autre):
        parcours.postes.all().delete()
    service.rafraichir([un.pk])
    assert set(CumulCouverture.objects.values_list("parcours", flat=True)) == {autre.pk}


def test_un_mois_passe_s_arrete_a_son_dernier_jour() -> None:
    parcours = _un_esms()
    mois = service.premier_du_mois(service.premier_du_mois(il_y_a(0)) - timedelta(days=40))
    service.rafraichir([parcours.pk], [mois])
    assert {c[-1] for c in _comptes()} == {service.dernier_du_mois(mois)}


def test_un_compte_reste_quand_les_personnes_sont_effacees() -> None:
    parcours = _un_esms()
    mois = service.premier_du_mois(service.premier_du_mois(il_y_a(0)) - timedelta(days=40))
    service.rafraichir([parcours.pk], [mois])
    avant = _comptes(mois)
    for poste in parcours.postes.all():
        poste.professionnel.delete()
    service.rafraichir([parcours.pk])
    service.rafraichir(mois=None)
    assert avant and _comptes(mois) == avant


def test_la_tache_clot_le_mois_qu_elle_avait_commence() -> None:
    """Le premier jour d'un mois, la tâche arrête le précédent à son dernier jour."""
    _un_esms()
    courant = service.premier_du_mois(timezone.localdate())
    avant = service.premier_du_mois(courant - timedelta(days=1))
    service.rafraichir(mois=[avant])
    CumulCouverture.objects.update(arrete_le=avant + timedelta(days=20))
    assert service.rafraichir() == [avant, courant]
    assert {c[-1] for c in _comptes(avant)} == {service.dernier_du_mois(avant)}
    assert service.rafraichir() == [courant]


def test_un_import_antidate_recompte_depuis_sa_date() -> None:
    parcours = _un_esms()
    faits = service.rafraichir_depuis([parcours.pk], il_y_a(70))
    assert len(faits) in (3, 4) and faits[-1] == service.premier_du_mois(timezone.localdate())
    assert len(service.mois_depuis(il_y_a(4000), timezone.localdate())) == service.MOIS_REPRIS


def test_un_mois_a_venir_ne_se_compte_pas() -> None:
    _un_esms()
    assert service.rafraichir(mois=[timezone.localdate() + timedelta(days=40)]) == []


def test_un_esms_sorti_ne_se_compte_plus() -> None:
    parcours = _un_esms()
    mois = service.premier_du_mois(service.premier_du_mois(il_y_a(0)) - timedelta(days=40))
    service.rafraichir(mois=[mois, timezone.localdate()])
    changer_etat(parcours, "sortir", par=cheffe_de(parcours.grappe), motif="retrait", raison="retrait")
    service.rafraichir(mois=[mois, timezone.localdate()])
    assert {c[0] for c in _comptes()} == {mois}


def test_la_tache_de_chaque_jour() -> None:
    parcours = _un_esms()
    travail = executer_sur_place(preparer("couverture", en_file=False))
    assert travail.etat == "termine" and Travail.objects.count() == 1
    assert travail.resultat == {"mois": [timezone.localdate().strftime("%m/%Y")]}
    assert CumulCouverture.objects.totaux().get().parcours == parcours
