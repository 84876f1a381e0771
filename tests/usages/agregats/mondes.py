"""De quoi lire des totaux : des ESMS qui ont transmis, dans des grappes, des organismes, des régions."""

from typing import Any

from django.db import connection

from programme.enums import EtatGrappe
from programme.models import Grappe, Parcours
from tests.fabriques import DepartementFactory, EsmsFactory, GrappeFactory, OgFactory, ParcoursFactory, RegionFactory
from tests.usages.fabriques import ReleveFactory, le_mois_dernier
from usages.calculs.periodes import Periode
from usages.enums import EtatReleve
from usages.models import CumulIndicateur, Indicateur, Releve, Valeur

MOIS: Periode = le_mois_dernier()


def esms_de(grappe: Grappe, *, region: str = "75", **champs: Any) -> Parcours:
    """Un ESMS de cette grappe, dans un département de cette région, d'un organisme à lui."""
    departement = DepartementFactory(
        code=f"D{region}", nom=f"Département {region}", code_finess=region,
        region=RegionFactory(code=region, nom=f"Région {region}"),
    )  # fmt: skip
    esms = EsmsFactory(departement=departement, og=champs.pop("og", None) or OgFactory(), **champs)
    return ParcoursFactory(esms=esms, grappe=grappe)


def dire(
    parcours: Parcours,
    indicateur: Indicateur,
    sur: tuple[Any, Any] | None = (30, 40),
    *,
    motif: str = "",
    transmis: bool = True,
    recul: int = 1,
    taille: str = "",
    secteur: str | None = None,
) -> Releve:
    """Cet ESMS a ce chiffre ce mois-là, transmis ou non ; les totaux sont refaits par `refaire`."""
    debut = le_mois_dernier().dernieres(recul)[0].debut
    releve = Releve.objects.filter(parcours=parcours, debut=debut).first()
    if releve is None:
        champs = {"taille": taille} | ({} if secteur is None else {"secteur": secteur})
        releve = ReleveFactory(parcours=parcours, debut=debut, **champs)
        if transmis:
            _mettre(releve, EtatReleve.TRANSMIS)
    num, den = sur or (None, None)
    Valeur.objects.create(releve=releve, indicateur=indicateur, numerateur=num, denominateur=den, motif=motif)
    return releve


def _mettre(objet: Any, etat: str) -> None:
    """Dans cet état, sans la porte : un décor de cent relevés ; les passages sont éprouvés dans test_cumuls.py."""
    with connection.cursor() as curseur:
        curseur.execute(f"UPDATE {objet._meta.db_table} SET etat = %s WHERE id = %s", [etat, objet.pk])


def une_grappe(nombre: int, indicateur: Indicateur, *, region: str = "75", **champs: Any) -> list[Parcours]:
    """Une grappe de `nombre` ESMS qui ont tous transmis 30 sur 40."""
    grappe = GrappeFactory(region=RegionFactory(code=region, nom=f"Région {region}"))
    _mettre(grappe, EtatGrappe.DEPLOIEMENT)
    tous = [esms_de(grappe, region=region) for _ in range(nombre)]
    for parcours in tous:
        dire(parcours, indicateur, **champs)
    return tous


def refaire() -> None:
    """Les totaux, depuis les relevés."""
    CumulIndicateur.objects.refaire()
