"""Peupler le pays de professionnels et de formations, par lots : la génération est du tronc, qui n'en connaît pas."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from random import Random
from typing import Any

from django.db import connection, models
from django.utils import timezone

from formation.enums import OrigineAcquis
from formation.models import Acquis, CumulCouverture, ModuleFormation, Poste, Professionnel
from formation.services.couverture import premier_du_mois
from programme.models import Grappe, Metier, Parcours
from tests.banc.mesures import NB_PARCOURS

NB_PROFESSIONNELS = 20 * NB_PARCOURS
"""500 000 pour 25 000 ESMS."""
PAQUET = 5_000
MODULES = (
    ("prise-en-main", "dui", 0),
    ("socles", "services_socles", 0),
    ("ecrits", "ecrits", 12),
    ("base", "numerique", 6),
)
"""Code, nature, à combien de métiers il s'adresse (0 : à tous)."""


def _ecrire(modele: type[models.Model], lignes: Iterable[Any]) -> int:
    """Par paquets, sans garder les objets en mémoire."""
    reste, nombre = iter(lignes), 0
    while paquet := list(islice(reste, PAQUET)):
        modele._default_manager.bulk_create(paquet)
        nombre += len(paquet)
    return nombre


def _modules(metiers: list[int]) -> dict[int, list[int]]:
    """Les quatre modules du socle de chaque grappe ; leurs clés par grappe."""
    grappes = list(Grappe.objects.order_by("pk").values_list("pk", flat=True))
    ecrits = ModuleFormation.objects.bulk_create(
        [
            ModuleFormation(grappe_id=g, code=code, nom=code.capitalize(), nature=nature)
            for g in grappes
            for code, nature, _ in MODULES
        ],
        batch_size=PAQUET,
    )
    nombres = {code: nb for code, _, nb in MODULES}
    lien = ModuleFormation.publics.through
    lien.objects.bulk_create(
        [lien(moduleformation_id=m.pk, metier_id=cle) for m in ecrits for cle in metiers[: nombres[m.code]]],
        batch_size=PAQUET,
    )
    par_grappe: dict[int, list[int]] = {}
    for m in ecrits:
        par_grappe.setdefault(m.grappe_id, []).append(m.pk)
    return par_grappe


def peupler() -> tuple[int, int]:
    """Un demi-million de personnes sur les ESMS du pays, trois acquis sur cinq ; rend (personnes, acquis)."""
    hasard, au = Random(6), timezone.localdate()
    metiers = list(Metier.objects.order_by("pk").values_list("pk", flat=True))
    modules = _modules(metiers)
    esms = list(Parcours.objects.dans_le_projet().order_by("pk").values_list("pk", "grappe_id", "esms__og_id"))
    depart = (Professionnel.objects.aggregate(dernier=models.Max("pk"))["dernier"] or 0) + 1
    ou = [esms[rang % len(esms)] for rang in range(NB_PROFESSIONNELS)]
    _ecrire(Professionnel, (Professionnel(pk=depart + n, og_id=og) for n, (_, _, og) in enumerate(ou)))

    def postes() -> Iterator[Poste]:
        for n, (parcours, _, _) in enumerate(ou):
            debut = au - timedelta(days=hasard.randrange(30, 2000))
            yield Poste(
                professionnel_id=depart + n, parcours_id=parcours, metier_id=hasard.choice(metiers), debut=debut
            )

    def acquis() -> Iterator[Acquis]:
        for n, (_, grappe, _) in enumerate(ou):
            for module in modules[grappe]:
                if hasard.random() < 0.6:
                    le = au - timedelta(days=hasard.randrange(400))
                    yield Acquis(
                        professionnel_id=depart + n, module_id=module, origine=OrigineAcquis.CONSTAT, obtenu_le=le
                    )

    _ecrire(Poste, postes())
    nombre = _ecrire(Acquis, acquis())
    with connection.cursor() as curseur:
        curseur.execute("ANALYZE")
    return len(ou), nombre


def vieillir(mois: int) -> int:
    """L'histoire : les comptes du mois qui court, recopiés sur ces mois passés ; rend combien de lignes en tout."""
    table, passe = CumulCouverture._meta.db_table, premier_du_mois(timezone.localdate())
    for _ in range(mois):
        avant, passe = passe, premier_du_mois(passe - timedelta(days=1))
        with connection.cursor() as curseur:
            curseur.execute(
                f"INSERT INTO {table} (mois, parcours_id, nature, metier_id, en_poste, formes, arrete_le, calcule_le)"
                f" SELECT %s, parcours_id, nature, metier_id, en_poste, formes, arrete_le, calcule_le FROM {table}"
                " WHERE mois = %s",
                [str(passe), str(avant)],
            )
    with connection.cursor() as curseur:
        curseur.execute("ANALYZE")
    return CumulCouverture.objects.count()
