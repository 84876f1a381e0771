"""La couverture d'un demi-million de professionnels : le recalcul de fond, la page d'une région, celle d'une grappe."""

from time import perf_counter

import pytest
from django.urls import reverse
from django.utils import timezone

from formation.services.couverture import lire, rafraichir
from formation.services.couverture_region import lire_region
from programme.enums import Role
from programme.models import Affectation, Parcours, Region
from tests.banc.conftest import LePays
from tests.banc.mesures import mesurer, noter
from tests.banc.professionnels_du_pays import peupler, vieillir


@pytest.mark.django_db
def test_la_couverture_du_pays(pays: LePays) -> None:
    personnes, acquis = peupler()
    au, debut = timezone.localdate(), perf_counter()
    rafraichir()
    noter("Formation", f"couverture de {personnes} personnes, {acquis} acquis, recomptée", perf_counter() - debut,
          unite="s", maximum=60)  # fmt: skip
    debut = perf_counter()
    rafraichir()
    noter("Formation", "la même, refaite par-dessus", perf_counter() - debut, unite="s", maximum=60)
    un = list(Parcours.objects.dans_le_projet().filter(grappe=pays.grappe).values_list("pk", flat=True)[:1])
    noter("Formation", "un ESMS recompté, au clic", 1000 * mesurer(lambda: rafraichir(un)), maximum=100)
    gardees = vieillir(12)
    admin = Affectation.objects.filter(role=Role.ADMIN).select_related("utilisateur")[0].utilisateur
    region = Region.objects.get(pk="84")
    nb = Parcours.objects.dans_le_projet().filter(esms__departement__region=region).count()
    duree = 1000 * mesurer(lambda: lire_region(region, admin))
    noter("Formation", f"une région de {nb} ESMS, de {gardees} comptes gardés", duree, maximum=300)
    grappe = Parcours.objects.dans_le_projet().filter(grappe=pays.grappe)
    noter("Formation", "une grappe de 80 ESMS, toutes coupes", 1000 * mesurer(lambda: lire(grappe, au)), maximum=300)
    # Ici, et non dans un essai à part : la base de l'essai s'efface avec lui.
    for role, page, cle, vise in (
        ("ars", "formation:region-formation", region.pk, 300),
        ("chef", "formation:grappe-formation", pays.grappe, 500),
    ):
        client, url = pays.client(role), reverse(page, args=[cle])
        assert client.get(url).status_code == 200
        noter("Formation", f"page {page.split(':')[1]}", 1000 * mesurer(lambda c=client, u=url: c.get(u)), maximum=vise)
