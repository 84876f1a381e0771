"""Tout calcul inscrit : autant de requêtes pour un ESMS que pour cinquante, et il ne change rien."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from formation.models import AvisFormation, CumulCouverture
from programme.models import Metier, Parcours, PersonneRessource, TempsMetier
from programme.socle.indicateurs import calculs
from tests.fabriques import (
    ActionFactory,
    DemandeParametrageFactory,
    GrappeFactory,
    LigneRepriseFactory,
    OuvertureFactory,
    ParcoursFactory,
    UniteFactory,
)
from tests.formation.fabriques import CompteDuiFactory, ModuleFormationFactory, PosteFactory, SessionFormationFactory
from tests.gouvernance.fabriques import AlerteFactory
from tests.risques.fabriques import RisqueFactory
from tests.usages.calculs.aides import forcer
from tests.usages.fabriques import MonteeDeVersionFactory, TicketFactory, UsageMensuelFactory

pytestmark = pytest.mark.django_db
AU = timezone.localdate()
CE_MOIS = AU.replace(day=1)


def peupler(nombre: int) -> None:
    """Des ESMS de grappes diverses, où tout calcul a de quoi répondre."""
    metier, _ = Metier.objects.get_or_create(code="educateur-specialise", defaults={"nom": "Éducateur"})
    for _ in range(nombre):
        grappe = GrappeFactory()
        parcours = ParcoursFactory(grappe=grappe)
        OuvertureFactory(unite=UniteFactory(parcours=parcours), date_visee=AU, ancien_support="cahier")
        LigneRepriseFactory(parcours=parcours, reste=3)
        TempsMetier.objects.create(parcours=parcours, metier=metier, decision="decide", minutes=20)
        PersonneRessource.objects.create(
            parcours=parcours,
            fonction="Éducatrice",
            expertise="metier",
            heures_demandees=8,
            heures_accordees=4,
            heures_degagees=2,
        )
        ActionFactory(parcours=parcours, echeance=AU - timedelta(days=3))
        demande = DemandeParametrageFactory(parcours=parcours, ouverte_le=CE_MOIS)
        forcer(demande, etat="close", issue="pratique", close_le=AU)
        AlerteFactory(grappe=grappe, parcours=parcours)
        RisqueFactory(parcours=parcours)
        module = ModuleFormationFactory(grappe=grappe)
        poste = PosteFactory(parcours=parcours, debut=AU - timedelta(days=100))
        CompteDuiFactory(parcours=parcours, professionnel=poste.professionnel)
        for nature in ("", "dui", "ecrits", "services_socles"):
            CumulCouverture.objects.create(
                mois=CE_MOIS, parcours=parcours, nature=nature, en_poste=8, formes=2, arrete_le=AU
            )
        CumulCouverture.objects.create(
            mois=CE_MOIS, parcours=parcours, metier=metier, en_poste=8, formes=2, arrete_le=AU
        )
        session = SessionFormationFactory(module=module, parcours=parcours, debut=timezone.now())
        forcer(session, etat="tenue")
        AvisFormation.objects.bulk_create(
            AvisFormation(session=session, moment="a_chaud", satisfaction=4, acquis=4) for _ in range(5)
        )
        UsageMensuelFactory(parcours=parcours, mois=CE_MOIS)
        TicketFactory(parcours=parcours, cree_le=CE_MOIS, traite_le=AU, ferme_le=AU)
        MonteeDeVersionFactory(parcours=parcours, faite_le=AU)


def _lire(code: str) -> tuple[int, int]:
    with CaptureQueriesContext(connection) as captees:
        lues = calculs[code].calculer(Parcours.objects.all(), CE_MOIS, AU)
    assert not [q for q in captees.captured_queries if not q["sql"].startswith("SELECT")]
    reponses = [cle for cle, mesures in lues.items() if mesures and not mesures[0].non_concerne]
    return len(captees), len(reponses)


def test_autant_de_requetes_a_un_esms_qu_a_cinquante() -> None:
    peupler(1)
    for calcul in calculs:
        calcul.calculer(Parcours.objects.all(), CE_MOIS, AU)
    a_un = {calcul.code: _lire(calcul.code) for calcul in calculs}
    peupler(49)
    a_cinquante = {calcul.code: _lire(calcul.code) for calcul in calculs}
    assert {code: n for code, (n, _) in a_un.items()} == {code: n for code, (n, _) in a_cinquante.items()}
    assert {n for _, n in a_un.values()} == {1} and {n for _, n in a_cinquante.values()} == {50}
    assert max(n for n, _ in a_cinquante.values()) <= 3


def test_un_ensemble_vide_n_a_pas_de_mesure() -> None:
    for calcul in calculs:
        assert not calcul.calculer(Parcours.objects.none(), CE_MOIS, AU), calcul.code
