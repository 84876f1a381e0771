"""Deux millions de chiffres : les totaux refaits, tenus au clic, lus pour le pays, une région, une grappe, un ESMS.

Sur SQLite, `pytest -m banc tests/banc/test_usages.py` ; sur PostgreSQL, la même commande sous `config.outils.postgres`.
"""

from time import perf_counter, process_time
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.urls import reverse

from programme.enums import Portee, Role
from programme.models import Affectation
from tests.banc.conftest import LePays
from tests.banc.mesures import mesurer, noter
from tests.banc.releves_du_pays import MOIS, peupler
from usages.enums import Maille
from usages.models import CumulIndicateur, Indicateur, Releve
from usages.services.agregats.lecture import lire, lire_pour

_NUE = """
SELECT indicateur_id, debut, cle, SUM(numerateur), SUM(denominateur), SUM(nb_repondants), SUM(nb_attendus),
       SUM(nb_non_mesurables), SUM(nb_non_concernes)
FROM {table} WHERE maille = %s AND territoire = %s AND cadence = 'mois' AND debut BETWEEN %s AND %s
GROUP BY indicateur_id, debut, cle
"""
_SANS_TOTAUX = """
SELECT v.indicateur_id, r.debut, SUM(v.numerateur), SUM(v.denominateur), COUNT(v.numerateur)
FROM usages_valeur v JOIN usages_releve r ON r.id = v.releve_id
WHERE r.cadence = 'mois' AND r.debut BETWEEN %s AND %s AND r.etat <> 'saisi'
GROUP BY v.indicateur_id, r.debut
"""


def _requete(texte: str, *valeurs: Any) -> list[Any]:
    """Ce que la base mettrait seule : la limite physique de la lecture."""
    bornes = [connection.ops.adapt_datefield_value(m.debut) for m in (MOIS[0], MOIS[-1])]
    with connection.cursor() as curseur:
        curseur.execute(texte, [*valeurs, *bornes])
        return curseur.fetchall()


def _compte(role: str, **criteres: Any) -> Any:
    """Le compte qui tient ce rôle, tel qu'une requête le rend."""
    affectation = Affectation.objects.filter(role=role, **criteres).order_by("pk")[0]
    return get_user_model().objects.get(pk=affectation.utilisateur_id)


def _lire_en(nom: str, role: str, maille: str, territoire: str, **criteres: Any) -> None:
    """Vingt indicateurs sur douze mois, périmètre compris ; à l'horloge, et ce qu'en prend Python."""
    cle = _compte(role, **criteres).pk

    def geste() -> None:
        lire_pour(get_user_model().objects.get(pk=cle), maille, territoire, MOIS)

    processeur = 1000 * mesurer(geste, montre=process_time)
    duree = 1000 * mesurer(geste)
    noter("Usages", nom, duree, repere=processeur, repere_nom="processeur de l'appelant", maximum=100)


@pytest.mark.django_db
def test_les_agregats_du_pays(pays: LePays) -> None:
    debut = perf_counter()
    chiffres = peupler()
    noter("Usages", f"{chiffres} chiffres écrits", perf_counter() - debut, unite="s")
    debut = perf_counter()
    CumulIndicateur.objects.refaire()
    noter("Usages", "totaux refaits d'un coup", perf_counter() - debut, unite="s", maximum=120)
    with connection.cursor() as curseur:
        curseur.execute("ANALYZE")
    releve = Releve.objects.comptes().filter(pk=Releve.objects.comptes().order_by("-pk").values("pk")[:1])

    def retransmettre() -> None:
        CumulIndicateur.objects.porter_reponses(releve, -1)
        CumulIndicateur.objects.porter_reponses(releve, 1)

    noter("Usages", "un relevé qui sort des totaux et y rentre", 1000 * mesurer(retransmettre), maximum=100)
    nue = _NUE.format(table=CumulIndicateur._meta.db_table)
    for maille, territoire, nom in ((Maille.NATIONAL, "", "le pays"), (Maille.REGION, "84", "une région")):
        repere = 1000 * mesurer(lambda m=maille, t=territoire: _requete(nue, m, t))
        duree = 1000 * mesurer(lambda m=maille, t=territoire: lire(m, t, MOIS))
        assert (
            len(lire(maille, territoire, MOIS))
            == len(MOIS) * Indicateur.objects.filter(code__startswith="banc-").count()
        )
        noter("Usages", f"{nom}, 20 indicateurs × 12 mois", duree, repere=repere, repere_nom="SQL nu",
              maximum=100)  # fmt: skip
    noter("Usages", "la même, sans totaux gardés", 1000 * mesurer(lambda: _requete(_SANS_TOTAUX), fois=1))
    ici, pays_entier = {"portee": Portee.REGION, "region": "84"}, (Maille.NATIONAL, "")
    _lire_en("le pays, lu par l'administrateur", Role.ADMIN, *pays_entier)
    # Les autres, masques compris.
    _lire_en("le pays, lu par une directrice", Role.DIRECTEUR, *pays_entier)
    _lire_en("le pays, lu par une cheffe de projet", Role.CHEF_PROJET, *pays_entier)
    _lire_en("le pays, lu par le financeur d'une région", Role.ARS, *pays_entier, **ici)
    _lire_en("le pays, lu par le GRADeS d'une région", Role.GRADES, *pays_entier, **ici)
    _lire_en("le pays, lu par le financeur national", Role.ARS, *pays_entier, portee=Portee.NATIONAL)
    _lire_en("sa région, lue par le financeur", Role.ARS, Maille.REGION, "84", **ici)
    _lire_en("une grappe de 80 ESMS, lue par l'administrateur", Role.ADMIN, Maille.GRAPPE, str(pays.grappe))
    _les_pages(pays)


def _les_pages(pays: LePays) -> None:
    """L'API et la page qui compare, entières."""
    parcours = Releve.objects.comptes().order_by("parcours").values_list("parcours", flat=True)[0]
    for nom, url, vise in (
        ("API, le pays, douze mois", f"{_api(Maille.NATIONAL)}", 100),
        ("API, cinquante grappes d'un mois", f"{_api(Maille.GRAPPE, de=MOIS[-1].code)}", 150),
        ("page « Comparer à des semblables »", reverse("usages:parcours-semblables", args=[parcours]), 150),
    ):
        client = pays.client("admin")
        assert client.get(url).status_code == 200, url
        noter("Usages", nom, 1000 * mesurer(lambda c=client, u=url: c.get(u)), maximum=vise)


def _api(maille: str, de: str = MOIS[0].code) -> str:
    return f"/api/v1/agregats/?indicateur=banc-0&de={de}&a={MOIS[-1].code}&maille={maille}"
