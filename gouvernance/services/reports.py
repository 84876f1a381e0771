"""Ce qui restait à traiter va à la séance suivante de l'instance, une seule fois (metier §6)."""

from collections.abc import Iterable

from django.db import transaction

from gouvernance.enums import EtatSeance, SuitePoint
from gouvernance.models import Point, Seance
from gouvernance.models.seances import TENUES
from programme.models import Utilisateur
from programme.services.controles import signer

REPRIS = ("titre", "nature", "duree", "expose", "origine", "source_type_id", "source_id", "demandee_par_id")
TENUES_OU_ANNULEES = (*TENUES, EtatSeance.ANNULEE)


def prochaine_preparee(seance: Seance) -> Seance | None:
    """La prochaine séance de l'instance encore en préparation, après celle-ci."""
    suivantes = Seance.objects.filter(comite=seance.comite_id, etat=EtatSeance.PREPAREE, debut__gt=seance.debut)
    return suivantes.exclude(pk=seance.pk).order_by("debut", "pk").first()


@transaction.atomic
def reporter(seance: Seance, *, par: Utilisateur) -> int:
    """Close ou annulée : ce qui est à traiter devient reporté, et la séance suivante le reprend. Rend combien.

    Sans séance suivante, les points attendent : la prochaine qu'on prévoira les reprendra.
    """
    for point in seance.points.a_traiter():
        point.suite = SuitePoint.REPORTE
        signer(point, par)
        point.save(update_fields=["suite"])
    suivante = prochaine_preparee(seance)
    return reprendre(suivante, par=par) if suivante else 0


@transaction.atomic
def reprendre(seance: Seance, *, par: Utilisateur) -> int:
    """Inscrit en tête de cette séance ce que celles d'avant ont reporté et que rien n'a repris. Rend combien."""
    Seance.objects.select_for_update(of=("self",)).get(pk=seance.pk)
    attendent = Point.objects.filter(
        seance__comite=seance.comite_id,
        seance__etat__in=TENUES_OU_ANNULEES,
        seance__debut__lt=seance.debut,
        suite=SuitePoint.REPORTE,
        repris_par__isnull=True,
    )
    reportes = list(attendent.order_by("seance__debut", "rang", "pk"))
    deja = {p.cle: p for p in seance.points.exclude(cle="")}
    repris = [_reprendre_un(point, seance, deja, par) for point in reportes]
    _renumeroter([*repris, *seance.points.exclude(pk__in=[p.pk for p in repris])])
    return len(repris)


def _reprendre_un(point: Point, seance: Seance, deja: dict[str, Point], par: Utilisateur) -> Point:
    """La copie du point ; s'il a déjà été proposé à cette séance, c'est celui-là qui le reprend."""
    copie = deja.get(point.cle)
    if copie is None or copie.reporte_de_id:
        libre = "" if copie else point.cle
        copie = Point(seance=seance, cle=libre, **{nom: getattr(point, nom) for nom in REPRIS})
    copie.reporte_de = point
    signer(copie, par)
    copie.save()
    if copie.cle:
        deja[copie.cle] = copie
    return copie


@transaction.atomic
def renoncer(point: Point, *, par: Utilisateur) -> None:
    """Traité ou retiré après coup : sa reprise, si la séance suivante n'a pas commencé, s'efface."""
    reprises = Point.objects.filter(reporte_de=point, seance__etat=EtatSeance.PREPAREE, repris_par__isnull=True)
    for reprise in reprises:
        signer(reprise, par)
        reprise.delete()


def _renumeroter(points: Iterable[Point]) -> None:
    """Écrit les rangs dans cet ordre, de 1 à n."""
    for rang, point in enumerate(points, 1):
        if point.rang != rang:
            point.rang = rang
            Point.objects.filter(pk=point.pk).update(rang=rang)


def ordonner(seance: Seance, cles: Iterable[int]) -> None:
    """Range les points d'une séance selon ces clés."""
    points = {p.pk: p for p in seance.points.all()}
    _renumeroter(points[cle] for cle in cles)
