"""Vues enregistrées : les siennes, et celles qu'on partage avec soi."""

from typing import Any

from django.db.models import Min, QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema_field
from rest_framework import generics, serializers

from programme.api.commun import decrire, lire_filtre
from programme.socle.emporter import classe_de
from programme.socle.enums import Partage
from programme.socle.models import Filtre
from programme.socle.reglages import page_de
from programme.socle.vues import lire_criteres


class FiltreSerializer(serializers.ModelSerializer):
    """Une vue enregistrée ; `adresse` est la page qu'elle ouvre. `?vue=<id>` l'ouvre aussi dans l'API."""

    est_a_moi = serializers.SerializerMethodField()
    partage = serializers.ChoiceField(Partage.choices)
    grappe = serializers.IntegerField(source="grappe_id", allow_null=True)
    og = serializers.IntegerField(source="og_id", allow_null=True)
    criteres = serializers.SerializerMethodField()
    adresse = serializers.SerializerMethodField()

    class Meta:
        model = Filtre
        fields = [
            "id",
            "liste",
            "objet",
            "nom",
            "partage",
            "grappe",
            "og",
            "role",
            "est_defaut",
            "est_a_moi",
            "criteres",
            "adresse",
        ]

    def get_est_a_moi(self, vue: Filtre) -> bool:
        """Enregistrée par ce compte."""
        return vue.par_id == self.context["request"].user.pk

    def get_adresse(self, vue: Filtre) -> str:
        """La page qui l'ouvre."""
        return str(vue.adresse)

    @extend_schema_field(serializers.DictField(child=serializers.ListField(child=serializers.CharField())))
    def get_criteres(self, vue: Filtre) -> dict[str, list[str]]:
        """Ceux qui valent pour ce compte : ce qu'il ne voit pas n'y est pas nommé."""
        return vue.criteres_lus


class ListeVisee(serializers.Serializer):
    """La liste dont on veut les vues."""

    liste = serializers.CharField(
        required=False, max_length=80, help_text="Nom de la liste ou de la page : programme:parcours-liste."
    )


class _Filtres:
    serializer_class = FiltreSerializer
    request: Any

    def get_queryset(self) -> QuerySet[Filtre]:
        """Celles qui sont ouvertes à ce compte, de listes connues."""
        vues = Filtre.objects.visibles_par(self.request.user)
        lues = vues.order_by("liste").values_list("liste").annotate(objet=Min("objet"))
        connues = [route for route, objet in lues if classe_de(route) or page_de(route, objet)]
        return vues.filter(liste__in=connues).order_by("nom", "pk")

    def lire_criteres(self, vues: list[Filtre]) -> list[Filtre]:
        """Chaque liste n'est lue qu'une fois ; les réglages d'une page ne nomment personne."""
        for vue in vues:
            vue.criteres_lus = vue.criteres
        for route in {vue.liste for vue in vues if classe_de(vue.liste)}:
            selection = classe_de(route).pour(self.request._request, route)
            lire_criteres([vue for vue in vues if vue.liste == route], selection)
        return vues


class ListeFiltres(_Filtres, generics.ListAPIView):
    """Vues ouvertes à ce compte."""

    def get_queryset(self) -> QuerySet[Filtre]:
        """D'une seule liste si on la nomme ; 404 si elle n'existe pas."""
        voulue = lire_filtre(ListeVisee, self.request).get("liste")
        if not voulue:
            return super().get_queryset()
        vues = super().get_queryset().filter(liste=voulue)
        if classe_de(voulue) is None and not vues:
            raise Http404
        return vues

    def paginate_queryset(self, queryset: Any) -> list[Filtre]:
        """La page, critères lus."""
        return self.lire_criteres(list(super().paginate_queryset(queryset)))

    @decrire("filtres_lister", "Lister les vues enregistrées", FiltreSerializer(many=True), filtre=ListeVisee)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Les siennes, celles de ses grappes, celles de son rôle ; jamais la vue privée d'un autre."""
        return super().get(*args, **kwargs)


class LectureFiltre(_Filtres, generics.RetrieveAPIView):
    """Une vue."""

    def get_object(self) -> Filtre:
        """La vue, critères lus."""
        return self.lire_criteres([super().get_object()])[0]

    @decrire("filtres_lire", "Lire une vue enregistrée", FiltreSerializer)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Une vue ouverte à ce compte ; 404 pour toute autre."""
        return super().get(*args, **kwargs)
