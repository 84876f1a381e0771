"""Filtres des ESMS dont la direction est à pourvoir."""

from django.db.models import QuerySet

from programme.models import Esms, Grappe, Parcours
from programme.socle.filtres import Choix, ChoixObjet, FiltreListe, Mots

SITUATIONS = (("vacant", "sans direction"), ("bientot", "se termine bientôt"))


class Situation(Choix):
    """Vacante aujourd'hui, ou bientôt."""

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        """Sur l'annotation de la liste."""
        return qs.filter(est_dirige=value == "bientot") if value else qs


class GrappeDeLEsms(ChoixObjet):
    """Par un parcours que le lecteur voit dans cette grappe."""

    def filter(self, qs: QuerySet, value: Grappe | None) -> QuerySet:
        """Sans jointure : un ESMS ne sort qu'une fois."""
        if value is None:
            return qs
        vus = Parcours.objects.lisibles_par(self.parent.request.user).en_cours().filter(grappe=value)
        return qs.filter(pk__in=vus.values("esms"))


class SansDirectionFilter(FiltreListe):
    """Situation, grappe, OG."""

    situation = Situation(label="Situation", choices=SITUATIONS, field_name="est_dirige")
    grappe = GrappeDeLEsms(label="Grappe", queryset=lambda request: Grappe.objects.visibles_par(request.user))
    og = Mots(label="OG : nom, FINESS ou SIREN", field_name="og__recherche")

    class Meta:
        model = Esms
        fields: list[str] = []
