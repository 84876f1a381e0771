"""Le chapitre des indicateurs du dossier de séance : des totaux que tous peuvent lire, jamais un ESMS."""

from collections import Counter
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from programme.models import Grappe
from programme.socle.chapitres import Chiffres, Demande, Tableau, chapitres
from tests.fabriques import GrappeFactory, OgFactory, cheffe_de
from tests.usages.fabriques import CibleFactory, IndicateurFactory, PrecisionFactory, SuiviFactory
from tests.usages.tableaux.mondes import compter, esms, relever
from usages.calculs.masquage import devant_tous
from usages.chapitres import NON_MONTRE, indicateurs, moment_de
from usages.models import Indicateur, Valeur
from usages.services.releves.ouverture import DELAI

pytestmark = pytest.mark.django_db


def _au() -> date:
    """Un jour où le mois dernier est échu, quel que soit celui de l'essai."""
    premier = timezone.localdate().replace(day=1)
    return premier + DELAI + timedelta(days=1)


def _demande(grappe: Grappe, **champs: Any) -> Demande:
    return Demande(grappe, cheffe_de(grappe), _au(), **champs)


def _chiffres(blocs: list[Any]) -> dict[str, str]:
    return dict(next(b for b in blocs if isinstance(b, Chiffres)).valeurs)


def _tableau(blocs: list[Any], titre: str) -> tuple[tuple[str, ...], ...]:
    return next(b for b in blocs if isinstance(b, Tableau) and b.titre.startswith(titre)).lignes


def _grappe(par_og: tuple[int, ...] = (1,) * 8, **champs: Any) -> tuple[Grappe, Indicateur]:
    """Une grappe d'organismes de tant d'ESMS, qui ont transmis 10 puis 30 sur 40 ; une cible à 80 %."""
    grappe, indicateur = GrappeFactory(), IndicateurFactory(**champs)
    CibleFactory(grappe=grappe, indicateur=indicateur)
    for nombre in par_og:
        for p in esms(grappe, nombre, og=OgFactory()):
            relever(p, [indicateur], (10, 40), recul=2)
            relever(p, [indicateur], (30, 40), recul=1)
    compter()
    return grappe, indicateur


def test_qui_a_repondu_ce_qui_a_bouge_et_la_cible() -> None:
    grappe, indicateur = _grappe()
    (muet,) = esms(grappe, 1, og=OgFactory())
    relever(muet, [indicateur], (1, 40), etat="saisi")
    compter()
    blocs = indicateurs(_demande(grappe))
    lus = _chiffres(blocs)
    assert list(lus.values()) == ["8 sur 9 ESMS", "0 sur 1"]
    ((nom, avant, apres, ecart, mot),) = _tableau(blocs, "Ce qui a bougé")
    assert nom == indicateur.libelle and avant.startswith("25") and apres.startswith("75")
    assert "50 points" in ecart and mot == "mieux"
    ((_, visee, valeur, reponses, atteinte, _),) = _tableau(blocs, "Face aux cibles")
    assert visee.startswith("80") and valeur.startswith("75")
    assert (reponses, atteinte) == ("8 ESMS sur 9", "pas encore")


def test_sans_releve_transmis_ou_non_le_chapitre_se_tait() -> None:
    assert indicateurs(_demande(SuiviFactory().grappe)) == []


@pytest.mark.parametrize(
    ("par_og", "se_lit"),
    [((1, 1, 1, 1), False), ((1, 1, 1, 1, 1), False), ((1,) * 6, True), ((6,), True), ((6, 4), False), ((6, 5), True)],
)
def test_un_total_qu_un_membre_ramenerait_a_quelques_esms_ne_se_montre_pas(
    par_og: tuple[int, ...], se_lit: bool
) -> None:
    grappe, _ = _grappe(par_og)
    blocs = indicateurs(_demande(grappe))
    ((_, _, valeur, reponses, _, _),) = _tableau(blocs, "Face aux cibles")
    assert (valeur != NON_MONTRE) is se_lit and bool(reponses) is se_lit
    assert bool(_tableau(blocs, "Ce qui a bougé")) is se_lit
    assert ("Cibles atteintes" in _chiffres(blocs)) is se_lit


def test_jamais_un_esms_nomme_ni_ce_que_le_financeur_ne_lit_pas() -> None:
    grappe, _ = _grappe()
    cache = IndicateurFactory(transmis_au_financeur=False, libelle="Tickets d'essai")
    CibleFactory(grappe=grappe, indicateur=cache)
    for p in grappe.parcours.all():
        relever_de = p.releves.order_by("-debut").first()
        assert relever_de is not None
        Valeur.objects.create(releve=relever_de, indicateur=cache, numerateur=3, denominateur=4)
    compter()
    dits = str([asdict(b) for b in indicateurs(_demande(grappe))])
    assert not [p for p in grappe.parcours.all() if p.esms.nom in dits]
    assert cache.libelle not in dits


def test_les_points_a_regarder_sont_des_seuils_des_echeances_et_des_questions() -> None:
    grappe, indicateur = _grappe()
    assert _tableau(indicateurs(_demande(grappe)), "Points à regarder") == ()
    CibleFactory(
        grappe=grappe,
        indicateur=indicateur,
        du=_au() - timedelta(days=40),
        au=_au() + timedelta(days=30),
        seuil="0.78",
    )
    PrecisionFactory(valeur=Valeur.objects.filter(releve__grappe=grappe).latest("releve__debut"))
    noms = Counter(quoi for quoi, _ in _tableau(indicateurs(_demande(grappe)), "Points à regarder"))
    assert noms == {indicateur.libelle: 2, "Précisions demandées": 1}


def test_il_lit_le_dernier_mois_echu_face_a_celui_de_la_seance_d_avant() -> None:
    grappe = GrappeFactory()
    juste_avant = Demande(grappe, None, date(2026, 11, 15))
    assert moment_de(juste_avant).mois.code == "2026-09", "octobre n'est dû que le 15"
    lu = moment_de(Demande(grappe, None, date(2026, 11, 30), depuis=date(2026, 9, 20)))
    assert (lu.mois.code, lu.avec.code) == ("2026-10", "2026-08")
    recente = moment_de(Demande(grappe, None, date(2026, 11, 30), depuis=date(2026, 11, 25)))
    assert recente.avec.code == "2026-09", "jamais le même mois des deux côtés"


def test_il_est_inscrit_et_coute_autant_a_huit_esms_qu_a_quarante() -> None:
    assert chapitres["indicateurs"].batir is indicateurs
    comptes = []
    for nombre in (8, 40):
        grappe, _ = _grappe((1,) * nombre)
        demande = _demande(grappe)
        with CaptureQueriesContext(connection) as requetes:
            assert indicateurs(demande)
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1] <= 10


@given(st.lists(st.integers(1, 12), max_size=6))
def test_ce_qui_se_dit_devant_tous_ne_laisse_jamais_de_un_a_quatre_esms(par_og: list[int]) -> None:
    total = sum(par_og)
    if devant_tous(par_og):
        assert total >= 5 and all(total - n == 0 or total - n >= 5 for n in par_og)
    else:
        assert total < 5 or any(0 < total - n < 5 for n in par_og)
