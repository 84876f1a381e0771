"""La couverture lue dans la base, en autant de requêtes pour un ESMS que pour une grappe ; les comptes de chaque mois.

Même formule que `formation/calculs/couverture.py` : formés = en poste - ceux à qui il manque un module. Les
comptes gardés (`CumulCouverture`) : le mois qui court s'arrête à aujourd'hui ; un mois passé, à son dernier jour, et
n'est plus recompté, sauf si un import antidaté le touche. Sans nom, ils restent quand les personnes sont effacées.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from formation.calculs.couverture import JOUR, NUIT, Compte, Couverture
from formation.enums import LA_NUIT, LE_JOUR
from formation.models import CumulCouverture, Poste
from formation.models.couverture import exigences_des_postes
from programme.models import Parcours

MOIS_REPRIS = 24
"""Un import antidaté fait recompter deux ans au plus."""

TRANCHE = 1_000
"""ESMS recomptés d'un seul tenant par la tâche de chaque jour."""

_COUPES = (("", "''", "NULL"), ("nature", "s.nature", "NULL"), ("metier_id", "''", "s.metier_id"))
"""Les trois coupes : la clé de plus, ce qui s'écrit en nature et en métier."""


def exigences(parcours: QuerySet[Parcours], au: date) -> Any:
    """Les exigences de ces ESMS : une ligne par poste prévu et par module qui s'adresse à lui ce jour-là."""
    ici = Poste.objects.prevus(au).filter(parcours__in=parcours.order_by().values("pk"))
    return exigences_des_postes(ici, au)


_COMPTES = {
    "en_poste": Count("professionnel_id", distinct=True),
    "manquent": Count("professionnel_id", distinct=True, filter=Q(manque=True)),
}


def agreger(lignes: Any, *cles: str) -> Any:
    """Une ligne par valeur de ces clés : elles, `en_poste`, `manquent` (il leur manque un module). À exécuter."""
    return lignes.values_list(*cles).annotate(**_COMPTES)


def _comptes(lues: Iterable[tuple[Any, ...]]) -> dict[Any, Compte]:
    """Les comptes par clé, simple ou double."""
    rendu: dict[Any, Compte] = {}
    for *cle, en_poste, manquent in lues:
        rendu[cle[0] if len(cle) == 1 else tuple(cle)] = Compte(en_poste, en_poste - manquent)
    return rendu


def comptes_par(lignes: Any, *cles: str) -> dict[Any, Compte]:
    """Les comptes de ces exigences, par valeur de ces clés. Une requête."""
    return _comptes(agreger(lignes, *cles))


def _total(lignes: Any) -> Compte:
    lu = lignes.aggregate(**_COMPTES)
    return Compte(lu["en_poste"], lu["en_poste"] - lu["manquent"])


def total(parcours: QuerySet[Parcours], au: date) -> Compte:
    """Le seul total, en une requête : ce que demandent une condition ou une ligne de page."""
    return _total(exigences(parcours, au))


def lire(parcours: QuerySet[Parcours], au: date) -> Couverture:
    """La couverture de ces ESMS à cette date, toutes coupes ; neuf requêtes, quel que soit leur nombre."""
    lignes = exigences(parcours, au)
    dans_une_unite = lignes.filter(unite__isnull=False)
    par_unite: dict[Any, Compte] = {}
    for moment, rythmes in ((JOUR, LE_JOUR), (NUIT, LA_NUIT)):
        lus = _comptes(agreger(dans_une_unite.filter(rythme__in=rythmes), "unite_id"))
        par_unite |= {(unite, moment): compte for unite, compte in lus.items()}
    renforts = Poste.objects.renforts(au).filter(parcours__in=parcours.order_by().values("pk"))
    return Couverture(
        au,
        _total(lignes),
        comptes_par(lignes, "module"),
        comptes_par(lignes, "nature"),
        comptes_par(lignes, "metier_id"),
        comptes_par(lignes, "parcours_id"),
        comptes_par(lignes, "parcours_id", "module"),
        par_unite,
        renforts.order_by().values("professionnel_id").distinct().count(),
    )


def premier_du_mois(jour: date) -> date:
    """Le premier jour de son mois."""
    return jour.replace(day=1)


def dernier_du_mois(mois: date) -> date:
    """Le dernier jour d'un mois."""
    return premier_du_mois(mois.replace(day=1) + timedelta(days=31)) - timedelta(days=1)


def mois_depuis(jour: date, au: date) -> list[date]:
    """Les mois de ce jour à aujourd'hui, du plus ancien au plus récent ; les 24 derniers au plus."""
    mois, rendu = premier_du_mois(jour), []
    while mois <= au:
        rendu.append(mois)
        mois = dernier_du_mois(mois) + timedelta(days=1)
    return rendu[-MOIS_REPRIS:]


def _mois_a_tenir(au: date) -> list[date]:
    """Le mois qui court ; avant lui, ceux que la tâche de chaque jour a manqués ou n'a pas clos."""
    courant = premier_du_mois(au)
    dernier = CumulCouverture.objects.dernier_mois()
    if dernier is None:
        return [courant]
    passe = min(dernier, premier_du_mois(courant - timedelta(days=1)))
    fin = dernier_du_mois(passe)
    ouvert = CumulCouverture.objects.totaux().du_mois(passe).filter(arrete_le__lt=fin).exists()
    return mois_depuis(passe if ouvert else fin + timedelta(days=1), au)


def rafraichir(
    parcours: Collection[int] | QuerySet[Parcours] | None = None,
    mois: Iterable[date] | None = None,
    *,
    temoin: Callable[[int, int], None] = lambda fait, total: None,
) -> list[date]:
    """Recompte ces ESMS (clés ; tous à défaut) pour ces mois (celui qui court à défaut) ; rend les mois recomptés.

    Refaire ne change rien. Sans l'un ni l'autre, clôt aussi les mois que la tâche de chaque jour a manqués. `temoin` :
    combien de tranches sont faites.
    """
    au = timezone.localdate()
    if mois is None:
        mois = _mois_a_tenir(au) if parcours is None else [au]
    faits = sorted({premier_du_mois(jour) for jour in mois if jour <= au})
    tranches = _tranches(parcours)
    for rang, (premier, tranche) in enumerate((m, t) for m in faits for t in tranches):
        temoin(rang, len(faits) * len(tranches))
        _recompter(tranche, premier, min(dernier_du_mois(premier), au))
    return faits


def _tranches(parcours: Collection[int] | QuerySet[Parcours] | None) -> list[QuerySet[Parcours]]:
    """Ces ESMS ; tous, par tranches : une écriture courte n'attend personne, et ses tris tiennent en mémoire."""
    tous = Parcours.objects.order_by("pk")
    if parcours is not None:
        vises: Any = parcours.order_by().values("pk") if isinstance(parcours, QuerySet) else list(parcours)
        return [tous.filter(pk__in=vises)] if vises != [] else []
    cles = list(tous.values_list("pk", flat=True))
    return [tous.filter(pk__range=(p[0], p[-1])) for n in range(0, len(cles), TRANCHE) if (p := cles[n : n + TRANCHE])]


def rafraichir_depuis(parcours: Collection[int], jour: date) -> list[date]:
    """Après un import antidaté : recompte ces ESMS du mois de ce jour à celui qui court, deux ans au plus."""
    return rafraichir(parcours, mois_depuis(jour, timezone.localdate()))


@transaction.atomic
def _recompter(parcours: Any, mois: date, au: date) -> None:
    """Remplace les comptes de ce mois : ce qui n'a pas été réécrit n'a plus personne en poste.

    Un ESMS sorti ne se compte plus le mois de sa sortie ; ses mois passés restent.
    """
    le = timezone.now()
    suivis = parcours.dans_le_projet()
    lignes = exigences(suivis, au)
    for cle, nature, metier in _COUPES:
        _inserer(lignes, cle, (nature, metier), (mois, au, le))
    perimes = parcours if mois == premier_du_mois(timezone.localdate()) else suivis
    CumulCouverture.objects.du_mois(mois).filter(
        parcours__in=perimes.order_by().values("pk"), calcule_le__lt=le
    ).delete()


def _inserer(lignes: Any, cle: str, coupe: tuple[str, str], temps: tuple[Any, Any, Any]) -> None:
    """Une coupe, comptée et écrite sans quitter la base : un demi-million de lignes ne passe pas par Python."""
    cles = ("parcours_id", cle) if cle else ("parcours_id",)
    texte, parametres = agreger(lignes, *cles).order_by("parcours_id").query.sql_with_params()
    conflit = "(mois, parcours_id, metier_id) WHERE metier_id IS NOT NULL"
    if cle != "metier_id":
        conflit = "(mois, parcours_id, nature) WHERE metier_id IS NULL"
    mois, au, le = temps
    ops = connection.ops
    with connection.cursor() as curseur:
        curseur.execute(
            f"INSERT INTO {CumulCouverture._meta.db_table}"
            " (mois, parcours_id, nature, metier_id, en_poste, formes, arrete_le, calcule_le)"
            f" SELECT %s, s.parcours_id, {coupe[0]}, {coupe[1]}, s.en_poste, s.en_poste - s.manquent, %s, %s"
            # « WHERE true » : sans lui, SQLite prend ON CONFLICT pour la suite de la jointure.
            f" FROM ({texte}) s WHERE true ON CONFLICT {conflit} DO UPDATE SET en_poste = excluded.en_poste,"
            " formes = excluded.formes, arrete_le = excluded.arrete_le, calcule_le = excluded.calcule_le",
            [
                ops.adapt_datefield_value(mois),
                ops.adapt_datefield_value(au),
                ops.adapt_datetimefield_value(le),
                *parametres,
            ],
        )
