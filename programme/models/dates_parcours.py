"""Les deux dates entretenues d'un parcours : depuis quand il est dans son état, quand on attend le suivant.

Elles se déduisent du journal et des étapes ; les garder en colonne évite deux sous-requêtes par ligne dans les listes,
qui trient et filtrent dessus. La porte et toute écriture d'étape les tiennent à jour ; `rafraichir_dates` les refait.
"""

from collections.abc import Iterable
from typing import Any, Self

from django.apps import apps
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from programme.enums import FRISE_PARCOURS
from programme.socle.machine import ModeleAEtatsQuerySet
from programme.socle.models import Passage


def entree_dans_l_etat() -> Coalesce:
    """Date d'effet du dernier passage du parcours, à défaut le jour de sa création."""
    journal = Passage.objects.filter(
        objet_type__app_label="programme", objet_type__model="parcours", objet_id=OuterRef("pk")
    )
    return Coalesce(Subquery(journal.order_by("-rang").values("date_effet")[:1]), TruncDate("cree_le"))


def premiere_date_prevue() -> Subquery:
    """Première date prévue et pas atteinte du parcours ; rien s'il est suspendu ou sorti."""
    etapes = apps.get_model("programme", "Etape").objects.filter(parcours=OuterRef("pk")).order_by()
    prevues = (
        etapes.filter(reelle__isnull=True, parcours__etat__in=list(FRISE_PARCOURS))
        .annotate(prevue_le=Coalesce("revisee", "reference"))
        .filter(prevue_le__isnull=False)
        .order_by("prevue_le")
    )
    return Subquery(prevues.values("prevue_le")[:1])


class DatesEntretenues(ModeleAEtatsQuerySet):
    """Ce que le QuerySet des parcours sait de ces deux colonnes."""

    def avec_dates(self) -> Self:
        """Nomme `depuis` (entrée dans l'état) et `prochaine_date` (prévue, pas atteinte) les colonnes entretenues."""
        return self.annotate(depuis=F("depuis_le"), prochaine_date=F("prochaine_le"))

    def rafraichir_dates(self) -> int:
        """Recalcule les deux colonnes d'après le journal et les étapes, en un ordre SQL ; rend le nombre de lignes."""
        return self.order_by().update(depuis_le=entree_dans_l_etat(), prochaine_le=premiere_date_prevue())

    def rafraichir_prochaine(self) -> int:
        """Recalcule `prochaine_le` seulement : une étape vient d'être écrite."""
        return self.order_by().update(prochaine_le=premiere_date_prevue())

    def a_rafraichir(self) -> Self:
        """Ceux dont une colonne ne dit plus ce que disent le journal et les étapes."""
        juges = self.annotate(_entree=entree_dans_l_etat(), _prevue=premiere_date_prevue())
        ecart = Q(prochaine_le__isnull=True, _prevue__isnull=False) | Q(
            prochaine_le__isnull=False, _prevue__isnull=True
        )
        ecart |= Q(_prevue__lt=F("prochaine_le")) | Q(_prevue__gt=F("prochaine_le"))
        return juges.filter(Q(depuis_le__isnull=True) | ~Q(depuis_le=F("_entree")) | ecart)

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Création par lot : chacun est dans son état de départ depuis aujourd'hui."""
        objs = list(objs)
        for objet in objs:
            objet.depuis_le = objet.depuis_le or timezone.localdate()
        return super().bulk_create(objs, *args, **kwargs)
