"""Ce que la page d'une séance montre de son ordre du jour : chaque point, son heure, d'où il vient, ce qui en sort."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from gouvernance.enums import SuitePoint, TypeIssue
from gouvernance.models import Issue, Point, Seance
from gouvernance.models.seances import TENUES
from programme.socle.dates import date_courte
from programme.socle.propositions import libelle_de
from programme.socle.texte import en_phrase

NATURES_D_ISSUE = [(str(t.value), str(t.label)) for t in TypeIssue]


@dataclass
class PointLu:
    """Un point tel que la page l'écrit. `debut` : son heure prévue ; None s'il est retiré.

    `formulaire` : ses notes, pour qui tient la séance ; `refus`, `actuel` : si deux personnes se sont croisées ;
    `enregistre_a` : l'instant où elles viennent d'être écrites ; `lien` : la page de ce dont il parle.
    """

    point: Point
    rang: int
    debut: datetime | None
    premier: bool = False
    dernier: bool = False
    issues: list[Issue] = field(default_factory=list)
    formulaire: Any = None
    refus: Any = None
    actuel: Point | None = None
    enregistre_a: datetime | None = None
    lien: str = ""

    @property
    def retire(self) -> bool:
        """Vrai s'il ne se traitera pas."""
        return self.point.suite == SuitePoint.RETIRE

    @property
    def provenance(self) -> str:
        """Voir `provenance_de`."""
        return provenance_de(self.point)


def provenance_de(point: Point) -> str:
    """« reporté du 3 nov. 2026 », « demandé par le comité utilisateurs », la sorte proposée ; vide à la main."""
    dites = []
    if point.reporte_de:
        dites.append(f"reporté du {date_courte(timezone.localdate(point.reporte_de.seance.debut))}")
    if point.demandee_par:
        dites.append(f"demandé par {point.demandee_par}")
    elif point.origine:
        dites.append(en_phrase(libelle_de(point.origine)))
    return ", ".join(dites)


def issues_de(seance: Seance, **criteres: Any) -> dict[int | None, list[Issue]]:
    """Les issues d'une séance par point (None : sans point), avec ce qu'elles nomment. Une requête."""
    lues = seance.issues.filter(**criteres).select_related("decision", "action__parcours__esms", "action__responsable")
    rendu: dict[int | None, list[Issue]] = {}
    for issue in lues.order_by("consignee_le", "pk"):
        rendu.setdefault(issue.point_id, []).append(issue)
    return rendu


def points_lus(seance: Seance) -> list[PointLu]:
    """L'ordre du jour, dans l'ordre, avec l'heure prévue de chaque point et ses issues. Deux requêtes."""
    points = list(seance.points.select_related("demandee_par", "reporte_de__seance").order_by("rang", "pk"))
    issues, quand = issues_de(seance), timezone.localtime(seance.debut)
    lus = []
    for rang, point in enumerate(points, 1):
        retire = point.suite == SuitePoint.RETIRE
        lus.append(
            PointLu(
                point,
                rang,
                None if retire else quand,
                premier=rang == 1,
                dernier=rang == len(points),
                issues=issues.get(point.pk, []),
            )
        )
        quand += timedelta(minutes=0 if retire else point.duree)
    return lus


def point_lu(point: Point) -> PointLu:
    """Un seul point, pour le rendre là où il est."""
    return next(lu for lu in points_lus(point.seance) if lu.point.pk == point.pk)


def seance_d_avant(seance: Seance) -> date | None:
    """Le jour de la dernière séance tenue de cette instance, avant celle-ci. Une requête."""
    tenues = Seance.objects.filter(comite=seance.comite_id, etat__in=TENUES, debut__lt=seance.debut)
    avant = tenues.order_by("-debut").values_list("debut", flat=True).first()
    return timezone.localdate(avant) if avant else None


def minutes_en_trop(seance: Seance, lus: list[PointLu]) -> int:
    """De combien l'ordre du jour dépasse la durée prévue ; 0 s'il tient."""
    return max(sum(lu.point.duree for lu in lus if not lu.retire) - seance.duree, 0)
