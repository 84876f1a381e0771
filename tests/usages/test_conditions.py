"""Ce que deux passages demandent aux usages : des relevés transmis, aucun ticket qui bloque un module ouvert."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from programme.enums import EtatOuverture
from programme.models import Parcours
from programme.socle import conditions
from programme.socle.enums import Severite
from programme.socle.erreurs import Refus
from programme.socle.models import Derogation
from programme.socle.porte import changer_etat
from tests.fabriques import (
    ModuleFactory,
    OuvertureFactory,
    ParcoursFactory,
    UniteFactory,
    directrice_de,
    reunir_ce_qui_barre,
)
from tests.usages.calculs.aides import forcer
from tests.usages.fabriques import IndicateurFactory, ReleveFactory, TicketFactory, chiffrer, premier_du_mois
from usages.enums import Absence, CadenceReleve, Famille
from usages.models import CumulIndicateur, Valeur

pytestmark = pytest.mark.django_db


def constat(parcours: Parcours, code: str, transition: str) -> conditions.Constat:
    """Ce que cette condition dit de cet ESMS."""
    lus = conditions.evaluer(Parcours.objects.filter(pk=parcours.pk), transition)[parcours.pk]
    return next(c for c in lus if c.condition.code == code)


# --- usages suivis -------------------------------------------------------------------------------------------------


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def usage() -> Any:
    return IndicateurFactory(famille=Famille.USAGE)


def relever(parcours: Parcours, indicateur: Any, recul: int, etat: str = "transmis", **champs: Any) -> Any:
    """Un relevé d'il y a `recul` mois, à cet état, où ce chiffre est donné."""
    releve = ReleveFactory(parcours=parcours, debut=premier_du_mois(recul), **champs)
    chiffrer(releve, indicateur)
    forcer(releve, etat=etat)
    return releve


def suivis(parcours: Parcours) -> conditions.Constat:
    return constat(parcours, "usages_suivis", "passer_en_routine")


def test_trois_mois_transmis_et_pas_un_de_moins(parcours: Parcours, usage: Any) -> None:
    assert (suivis(parcours).ok, suivis(parcours).mesure) == (False, "0 mois relevés sur 3")
    for recul, etat in ((1, "transmis"), (2, "valide")):
        relever(parcours, usage, recul, etat)
    assert (suivis(parcours).ok, suivis(parcours).mesure) == (False, "2 mois relevés sur 3")
    relever(parcours, usage, 3, "verrouille")
    assert suivis(parcours).ok is True
    relever(parcours, usage, 4)
    assert suivis(parcours).mesure == "3 mois relevés sur 3"


@pytest.mark.parametrize("cadence", [CadenceReleve.TRIMESTRE, CadenceReleve.ANNEE])
def test_un_trimestre_en_vaut_trois(parcours: Parcours, usage: Any, cadence: str) -> None:
    releve = ReleveFactory(parcours=parcours, debut=premier_du_mois(3).replace(month=1), cadence=cadence)
    chiffrer(releve, usage)
    forcer(releve, etat="transmis")
    assert suivis(parcours).ok is True


def test_ni_la_saisie_ni_un_motif_ni_le_deploiement_ne_comptent(parcours: Parcours, usage: Any) -> None:
    relever(parcours, usage, 1, "saisi")
    relever(parcours, IndicateurFactory(famille=Famille.DEPLOIEMENT), 2)
    muet = ReleveFactory(parcours=parcours, debut=premier_du_mois(3))
    Valeur.objects.create(releve=muet, indicateur=usage, motif=Absence.NON_MESURABLE)
    forcer(muet, etat="transmis")
    relever(ParcoursFactory(grappe=parcours.grappe), usage, 1)
    assert suivis(parcours).valeur == 0


def test_elle_avertit_et_ne_barre_jamais(parcours: Parcours) -> None:
    assert suivis(parcours).severite == Severite.AVERTIT
    forcer(parcours, etat="service_regulier", type_projet="usages")
    parcours.refresh_from_db()
    passage = changer_etat(parcours, "passer_en_routine", par=directrice_de(parcours), motif="Usage moyen, dit tel.")
    assert parcours.etat == "routine" and passage.nature == "sous_reserve"


def test_sa_recette_releve_et_transmet_par_la_porte_et_tient_les_totaux(parcours: Parcours) -> None:
    directrice = directrice_de(parcours)
    conditions.conditions["usages_suivis"].remplir(parcours, directrice)
    assert suivis(parcours).ok is True
    releves = parcours.releves.all()
    assert {r.etat for r in releves} == {"transmis"} and all(r.transmis_le for r in releves)
    noms = ("maille", "debut", "nb_attendus", "nb_repondants", "numerateur")
    tenus = sorted(CumulIndicateur.objects.values_list(*noms))
    CumulIndicateur.objects.refaire()
    assert sorted(CumulIndicateur.objects.values_list(*noms)) == tenus
    conditions.conditions["usages_suivis"].remplir(parcours, directrice)
    assert parcours.releves.count() == 3, "la rejouer ne double rien"


# --- tickets bloquants ---------------------------------------------------------------------------------------------


def bloquants(parcours: Parcours) -> conditions.Constat:
    return constat(parcours, "bloquants", "verifier_service")


def ouvrir(parcours: Parcours, code: str, etat: str = EtatOuverture.OUVERTE) -> Any:
    """Ce module, à cet état, dans cet ESMS ; rend le module."""
    module = ModuleFactory(code=code, nom=code)
    unite = parcours.unites.first() or UniteFactory(parcours=parcours)
    forcer(OuvertureFactory(unite=unite, module=module), etat=etat)
    return module


def test_un_ticket_bloquant_sur_un_module_ouvert_barre(parcours: Parcours) -> None:
    assert (bloquants(parcours).ok, bloquants(parcours).mesure) == (True, "aucun connu")
    TicketFactory(parcours=parcours, module=ouvrir(parcours, "soins"), est_bloquant=True)
    lu = bloquants(parcours)
    assert lu.barre and lu.mesure == "1 en cours" and lu.severite == Severite.BARRE
    TicketFactory(parcours=parcours, module=None, est_bloquant=True)
    assert bloquants(parcours).mesure == "2 en cours", "sans module connu, on ne peut pas dire qu'il n'est pas ouvert"


def test_ce_qui_ne_bloque_pas(parcours: Parcours) -> None:
    aujourdhui = timezone.localdate()
    soins, ferme = ouvrir(parcours, "soins"), ouvrir(parcours, "agenda", EtatOuverture.PRETE)
    TicketFactory(parcours=parcours, module=soins)
    TicketFactory(parcours=parcours, module=soins, est_bloquant=True, a_contournement=True)
    TicketFactory(parcours=parcours, module=soins, est_bloquant=True, ferme_le=aujourdhui)
    TicketFactory(parcours=parcours, module=ferme, est_bloquant=True)
    TicketFactory(parcours=parcours, module=soins, est_bloquant=True, cree_le=aujourdhui + timedelta(days=1))
    TicketFactory(parcours=ParcoursFactory(grappe=parcours.grappe), module=soins, est_bloquant=True)
    TicketFactory(parcours=None, grappe=parcours.grappe, est_bloquant=True)
    assert bloquants(parcours).ok is True
    TicketFactory(parcours=parcours, module=soins, est_bloquant=True, traite_le=aujourdhui)
    assert bloquants(parcours).ok is False, "traité n'est pas fermé : l'équipe ne l'a pas vu marcher"


def test_le_passage_attend_puis_se_fait(parcours: Parcours) -> None:
    directrice = directrice_de(parcours)
    forcer(parcours, etat="ouverture")
    parcours.refresh_from_db()
    ticket = TicketFactory(parcours=parcours, module=ouvrir(parcours, "soins"), est_bloquant=True)
    with pytest.raises(Refus) as refus:
        changer_etat(parcours, "verifier_service", par=directrice, motif="x")
    assert "bloquants" in {m.code for m in refus.value.manques}
    reunir_ce_qui_barre(parcours, transition="verifier_service", par=directrice)
    ticket.refresh_from_db()
    assert ticket.a_contournement
    changer_etat(parcours, "verifier_service", par=directrice, motif="x")
    assert parcours.etat == "service_regulier"


def test_une_instance_peut_la_lever(parcours: Parcours) -> None:
    aujourdhui = timezone.localdate()
    TicketFactory(parcours=parcours, est_bloquant=True)
    Derogation.objects.create(
        parcours=parcours,
        condition="bloquants",
        du=aujourdhui,
        au=aujourdhui,
        libelle_decision="COSTRAT",
        creee_par=directrice_de(parcours),
    )
    assert not bloquants(parcours).barre and bloquants(parcours).levee_par == "COSTRAT"


# --- les deux ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("transition", ["passer_en_routine", "verifier_service"])
def test_elles_se_mesurent_par_ensemble(transition: str, usage: Any, django_assert_num_queries: Any) -> None:
    for _ in range(12):
        parcours = ParcoursFactory()
        relever(parcours, usage, 1)
        TicketFactory(parcours=parcours, est_bloquant=True)
    with django_assert_num_queries(3):
        assert len(conditions.evaluer(Parcours.objects.all(), transition)) == 12


@pytest.mark.parametrize("code", ["usages_suivis", "bloquants"])
def test_le_lien_mene_a_une_page_qui_s_ouvre(code: str, parcours: Parcours, client: Any) -> None:
    client.force_login(directrice_de(parcours))
    assert client.get(conditions.conditions[code].lien(parcours)).status_code == 200
