"""La base compte comme le module pur ; autant de requêtes pour un ESMS que pour cinquante."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis.extra.django import TestCase

from formation.calculs.couverture import Compte, Couverture, UnPoste, mesurer
from formation.enums import OrigineAcquis
from formation.models import Acquis, Declinaison, ModuleFormation, Poste, Professionnel
from formation.services import couverture as service
from programme.models import Parcours, Unite
from tests.fabriques import GrappeFactory, ParcoursFactory, UniteFactory
from tests.formation.couverture.mondes import GRAPPES, JOURS, METIERS, PERSONNES, UNITES, Monde, mondes
from tests.formation.fabriques import MetierFactory, ModuleFormationFactory, PosteFactory, ProfessionnelFactory, former


class LaBase(TestCase):
    """Les mêmes mondes, dans la base."""

    grappes: dict[int, Any]
    parcours: dict[int, Parcours]
    unites: dict[int, Unite]
    metiers: dict[int, Any]
    personnes: dict[int, Professionnel]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.grappes = {cle: GrappeFactory() for cle in set(GRAPPES.values())}
        cls.parcours = {cle: ParcoursFactory(grappe=cls.grappes[g]) for cle, g in GRAPPES.items()}
        cls.unites = {u: UniteFactory(parcours=cls.parcours[e]) for e, unites in UNITES.items() for u in unites}
        cls.metiers = {cle: MetierFactory(code=f"metier-{cle}") for cle in METIERS}
        og = cls.parcours[1].esms.og
        cls.personnes = {cle: ProfessionnelFactory(og=og) for cle in PERSONNES}

    def ecrire(self, monde: Monde) -> dict[int, ModuleFormation]:
        """Ce monde, dans la base ; ses modules par clé."""
        modules = {}
        for m in monde.modules:
            modules[m.cle] = ModuleFormationFactory(
                grappe=self.grappes[m.grappe], nature=m.nature, retire_le=m.retire_le
            )
            modules[m.cle].publics.set([self.metiers[cle] for cle in m.publics])
        # Hors du socle : il ne compte pas.
        ModuleFormationFactory(grappe=self.grappes[1], est_socle=False)
        for e in monde.esms:
            for cle in e.sans_objet:
                Declinaison.objects.create(
                    module=modules[cle], parcours=self.parcours[e.cle], sans_objet=True, motif="Fait autrement."
                )
        for p in monde.postes:
            self.poster(p)
        for a in monde.acquis:
            Acquis.objects.create(
                professionnel=self.personnes[a.personne],
                module=modules[a.module],
                origine=OrigineAcquis.CONSTAT,
                obtenu_le=a.obtenu_le,
                valable_jusqu_au=a.valable_jusqu_au,
            )
        return modules

    def poster(self, p: UnPoste) -> None:
        """Un poste, à cette personne."""
        Poste.objects.create(
            professionnel=self.personnes[p.personne],
            parcours=self.parcours[p.esms],
            metier=self.metiers[p.metier],
            unite=self.unites[p.unite] if p.unite else None,
            rythme=p.rythme,
            debut=p.debut,
            fin=p.fin,
        )

    def traduire(self, lue: Couverture, modules: dict[int, ModuleFormation]) -> Couverture:
        """La couverture du module pur, par clés de la base."""
        return Couverture(
            lue.au,
            lue.total,
            {modules[m].pk: c for m, c in lue.par_module.items()},
            lue.par_nature,
            {self.metiers[m].pk: c for m, c in lue.par_metier.items()},
            {self.parcours[e].pk: c for e, c in lue.par_esms.items()},
            {(self.parcours[e].pk, modules[m].pk): c for (e, m), c in lue.par_esms_et_module.items()},
            {(self.unites[u].pk, moment): c for (u, moment), c in lue.par_unite.items()},
            lue.renforts,
        )

    @settings(max_examples=25, deadline=None)
    @given(mondes(), JOURS)
    def test_la_base_compte_comme_le_module_pur(self, monde: Monde, au: date) -> None:
        modules = self.ecrire(monde)
        voulue = self.traduire(mesurer(*monde.entier, au), modules)
        tous = Parcours.objects.filter(pk__in=[p.pk for p in self.parcours.values()])
        assert service.lire(tous, au) == voulue
        assert service.total(tous, au) == voulue.total
        for cle, parcours in self.parcours.items():
            seul = service.lire(Parcours.objects.filter(pk=parcours.pk), au)
            assert seul.total == voulue.par_esms.get(parcours.pk, Compte()), cle


@pytest.mark.django_db
@pytest.mark.parametrize("nombre", [1, 50])
def test_neuf_requetes(nombre: int) -> None:
    grappe = GrappeFactory()
    module = ModuleFormationFactory(grappe=grappe)
    for _ in range(nombre):
        former(PosteFactory(parcours=ParcoursFactory(grappe=grappe)), module)
    with CaptureQueriesContext(
        connection,
    ) as requetes:
        lue = service.lire(grappe.parcours.all(), timezone.localdate())
    assert lue.total == Compte(nombre, nombre)
    assert len(requetes) == 9
