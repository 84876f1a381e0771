"""Les formulaires de tenue posés sur une page : un par point, avec le jeton de ce qui a été lu."""

from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.urls import NoReverseMatch, reverse

from gouvernance.enums import SuitePoint
from gouvernance.forms.tenue import NotesForm, PresencesForm
from gouvernance.models import Point, Seance
from gouvernance.services.lecture_seances import PointLu
from gouvernance.services.tenue import sieges_de
from programme.socle.versions import jetons


def avec_les_notes(lus: Sequence[PointLu]) -> Sequence[PointLu]:
    """Donne à chaque point son formulaire de notes. Une requête."""
    vus = jetons(Point.history.all(), [lu.point.pk for lu in lus])
    for lu in lus:
        lu.formulaire = NotesForm(point=lu.point, vu=vus.get(lu.point.pk, 0))
    return lus


def avec_les_liens(lus: Sequence[PointLu]) -> Sequence[PointLu]:
    """Donne à chaque point la page de ce dont il parle (« app:objet-detail »), s'il en a une."""
    for lu in lus:
        if lu.point.source_type_id:
            sorte = ContentType.objects.get_for_id(lu.point.source_type_id)
            try:
                lu.lien = reverse(f"{sorte.app_label}:{sorte.model}-detail", args=[lu.point.source_id])
            except NoReverseMatch:
                lu.lien = ""
    return lus


def reste_a_traiter(lus: Sequence[PointLu]) -> dict[str, Any]:
    """Combien de points iront à la séance suivante ; parmi eux, ceux dont il est pourtant sorti quelque chose."""
    ouverts = [lu for lu in lus if lu.point.suite == SuitePoint.A_TRAITER]
    return {"nombre": len(ouverts), "sortis": [lu for lu in ouverts if lu.issues]}


def formulaire_des_presences(seance: Seance, donnees: object = None) -> PresencesForm:
    """Un menu par siège, tel qu'il est noté. Deux requêtes."""
    notees = dict(seance.presences.values_list("mandat", "statut"))
    return PresencesForm(donnees, sieges=sieges_de(seance), notees=notees)
