"""Ouvrir les relevés : qui, quoi, quand ; deux fois comme une."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from formation.models import CumulCouverture
from programme.enums import EtatParcours
from programme.models import Parcours
from programme.socle.porte import changer_etat
from programme.socle.travaux import executer_sur_place, preparer
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter
from tests.usages.fabriques import IndicateurFactory, SuiviFactory, ce_mois, le_mois_dernier, premier_du_mois
from tests.usages.releves.aides import avancer, calcule, exiger_totaux_justes
from usages.calculs.periodes import Periode
from usages.enums import Absence, CadenceReleve, EtatReleve, Famille, Taille
from usages.models import CumulIndicateur, Releve, Valeur
from usages.services.releves.ouverture import Ouverture, echeance_de, ouvrir, ouvrir_dues, periodes_dues

pytestmark = pytest.mark.django_db
LOIN = date(2025, 1, 15)


def en(etat: str, grappe: Any = None, le: date = LOIN) -> Parcours:
    """Un ESMS à cet état depuis longtemps."""
    parcours = ParcoursFactory(**({"grappe": grappe} if grappe else {}))
    if etat != EtatParcours.RECENSE:
        avancer(parcours, etat, date_effet=le)
    return parcours


def aujourd_hui() -> date:
    return timezone.localdate()


def ouvrir_le_mois(**autres: Any) -> Ouverture:
    return ouvrir(le_mois_dernier(), au=aujourd_hui(), **autres)


def test_un_releve_par_esms_une_case_par_indicateur_suivi() -> None:
    parcours = en("ouverture")
    usage = SuiviFactory(grappe=parcours.grappe).indicateur
    SuiviFactory(grappe=parcours.grappe, indicateur=IndicateurFactory(cadence=CadenceReleve.TRIMESTRE))
    SuiviFactory()
    bilan = ouvrir_le_mois()
    releve = Releve.objects.get()
    assert (bilan.releves, bilan.chiffres) == (1, 1)
    assert (releve.parcours, releve.periode, releve.etat) == (parcours, le_mois_dernier(), EtatReleve.SAISI)
    assert [v.indicateur for v in releve.valeurs.all()] == [usage]
    assert not releve.valeurs.get().est_repondue
    assert CumulIndicateur.objects.get(maille="national").nb_attendus == 1
    exiger_totaux_justes()


def test_ouvrir_deux_fois_comme_une() -> None:
    parcours = en("ouverture")
    SuiviFactory(grappe=parcours.grappe)
    ouvrir_le_mois()
    assert ouvrir_le_mois() == Ouverture()
    exiger_totaux_justes()


def test_un_indicateur_choisi_depuis_rejoint_les_releves_en_saisie() -> None:
    un, autre = en("ouverture"), None
    SuiviFactory(grappe=un.grappe)
    autre = en("ouverture", grappe=un.grappe)
    ouvrir_le_mois()
    changer_etat(autre.releves.get(), "transmettre", par=affecter("directeur", autre.esms))
    SuiviFactory(grappe=un.grappe)
    assert ouvrir_le_mois() == Ouverture(0, 1)
    assert (un.releves.get().valeurs.count(), autre.releves.get().valeurs.count()) == (2, 1)
    exiger_totaux_justes()


@pytest.mark.parametrize(
    ("etat", "chiffres"),
    [
        ("recense", 0),
        ("cadrage", 0),
        ("preparation", 1),
        ("pilote", 2),
        ("ouverture", 2),
        ("service_regulier", 2),
        ("routine", 2),
    ],
)
def test_on_demande_selon_ou_en_est_l_esms(etat: str, chiffres: int) -> None:
    parcours = en(etat)
    SuiviFactory(grappe=parcours.grappe)
    SuiviFactory(grappe=parcours.grappe, indicateur=calcule(famille=Famille.DEPLOIEMENT))
    assert ouvrir_le_mois().chiffres == chiffres
    assert Releve.objects.count() == bool(chiffres)


@pytest.mark.parametrize("transition", ["suspendre", "sortir"])
def test_rien_a_qui_est_suspendu_ou_sorti(transition: str) -> None:
    parcours = en("ouverture")
    SuiviFactory(grappe=parcours.grappe)
    details = {"raison": "retrait"} if transition == "sortir" else {}
    changer_etat(parcours, transition, par=affecter("chef_projet", parcours.grappe), motif="Travaux", **details)
    assert ouvrir_le_mois() == Ouverture()


def test_rien_pour_une_periode_ou_l_esms_n_y_etait_pas() -> None:
    parcours = en("ouverture", le=aujourd_hui())
    SuiviFactory(grappe=parcours.grappe)
    assert ouvrir_le_mois() == Ouverture()


def test_rien_pour_une_periode_qui_court_ou_a_venir() -> None:
    SuiviFactory(grappe=en("ouverture").grappe)
    assert ouvrir(ce_mois(), au=aujourd_hui()) == Ouverture()
    assert ouvrir(ce_mois().suivante(), au=aujourd_hui()) == Ouverture()
    assert ouvrir(le_mois_dernier(), au=le_mois_dernier().fin) == Ouverture()


def test_un_indicateur_arrete_ou_retire_n_est_plus_demande() -> None:
    parcours = en("ouverture")
    SuiviFactory(grappe=parcours.grappe, jusqu_au=le_mois_dernier().fin - timedelta(days=1))
    SuiviFactory(grappe=parcours.grappe, depuis=ce_mois().debut)
    SuiviFactory(grappe=parcours.grappe, indicateur=IndicateurFactory(retire_le=le_mois_dernier().fin))
    assert ouvrir_le_mois() == Ouverture()


def test_ce_que_la_categorie_ne_concerne_pas_se_dit_d_emblee() -> None:
    parcours = en("ouverture")
    suivi = SuiviFactory(grappe=parcours.grappe)
    suivi.indicateur.non_concernees.add(parcours.esms.categorie)
    ouvrir_le_mois()
    assert Valeur.objects.get().motif == Absence.NON_CONCERNE
    exiger_totaux_justes()


@pytest.mark.parametrize(
    ("en_poste", "taille"),
    [
        (None, ""),
        (1, Taille.PETITE),
        (24, Taille.PETITE),
        (25, Taille.MOYENNE),
        (74, Taille.MOYENNE),
        (75, Taille.GRANDE),
    ],
)
def test_les_territoires_et_la_taille_se_gelent(en_poste: int | None, taille: str) -> None:
    parcours = en("ouverture")
    SuiviFactory(grappe=parcours.grappe)
    if en_poste:
        compte = {"parcours": parcours, "en_poste": en_poste, "formes": 0, "arrete_le": premier_du_mois()}
        CumulCouverture.objects.create(mois=premier_du_mois(3), **compte)
        CumulCouverture.objects.create(mois=ce_mois().debut, **compte | {"en_poste": 500})
    ouvrir_le_mois()
    releve, esms = Releve.objects.get(), parcours.esms
    assert (releve.og, releve.grappe, releve.taille) == (esms.og, parcours.grappe, taille)
    assert (releve.region, releve.secteur) == (esms.departement.region, esms.categorie.secteur)


def test_l_echeance_est_a_quinze_jours_et_laisse_une_semaine() -> None:
    periode = Periode.lire("2026-10")
    assert echeance_de(periode, date(2026, 11, 1)) == date(2026, 11, 15)
    assert echeance_de(periode, date(2026, 11, 28)) == date(2026, 12, 5)


def test_la_tache_de_chaque_jour_rattrape_ce_qu_elle_a_manque() -> None:
    assert [p.code for p in periodes_dues(date(2026, 11, 3))] == ["2026-10", "2026-T3", "2025"]
    parcours = en("ouverture")
    suivi = SuiviFactory(grappe=parcours.grappe, depuis=date(2025, 1, 1))
    ouvrir(le_mois_dernier().dernieres(3)[0], au=aujourd_hui())
    assert ouvrir_dues(aujourd_hui()).releves == 2
    assert suivi.indicateur.valeurs.count() == 3


def test_le_travail_dit_ce_qu_il_a_ouvert() -> None:
    SuiviFactory(grappe=en("ouverture").grappe)
    travail = executer_sur_place(preparer("releves-ouverture", en_file=False))
    assert travail.resultat == {"decompte": "1 relevé ouvert, 1 chiffre attendu"}


def test_autant_de_requetes_pour_un_esms_que_pour_cinquante() -> None:
    grappe = GrappeFactory()
    suivis = [SuiviFactory(grappe=grappe) for _ in range(3)]
    assert suivis

    def compter(nombre: int) -> int:
        for _ in range(nombre):
            en("ouverture", grappe=grappe)
        with CaptureQueriesContext(connection) as captees:
            assert ouvrir_le_mois().releves == nombre
        return len(captees)

    compter(1)  # des relevés déjà là, comme chaque jour
    assert compter(1) == compter(49)
