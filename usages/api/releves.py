"""Lire les chiffres des relevés, en pousser un. Ce que lit et ce que refuse la page, rien de plus."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from programme.api.commun import SansChampInconnu, decrire, lire_filtre
from programme.models import Parcours
from usages.api.champs import PeriodeField
from usages.calculs.periodes import Periode
from usages.enums import Absence, EtatReleve
from usages.models import Indicateur, Valeur
from usages.permissions import peut_saisir_quelque_part
from usages.services.chiffres.pousser import pousser
from usages.services.releves.page import poser_les_parts

A_L_ENVERS = "La dernière période précède la première : échangez-les."
INDICATEUR_INCONNU = "Aucun indicateur du catalogue ne porte ce code."


class ChiffreSerializer(serializers.ModelSerializer):
    """Un chiffre d'un relevé ; `etat` est celui du relevé, `taux` vaut null hors d'un rapport."""

    parcours = serializers.IntegerField(source="releve.parcours_id")
    indicateur = serializers.CharField(source="indicateur.code")
    periode = serializers.CharField(source="releve.periode.code")
    releve = serializers.IntegerField(source="releve_id")
    etat = serializers.CharField(source="releve.etat")
    numerateur = serializers.FloatField(allow_null=True)
    denominateur = serializers.FloatField(allow_null=True)
    taux = serializers.FloatField(allow_null=True)

    class Meta:
        model = Valeur
        fields = [
            "parcours", "indicateur", "periode", "numerateur", "denominateur", "taux", "motif", "commentaire",
            "origine", "mot_attendu", "releve", "etat",
        ]  # fmt: skip


class PartSerializer(serializers.Serializer):
    """Un morceau d'une répartition ou d'une durée."""

    cle = serializers.CharField()
    libelle = serializers.CharField(source="nom_de_part", help_text="Le nom que lui donne le catalogue.")
    nombre = serializers.FloatField(source="numerateur", allow_null=True)


class ChiffreLuSerializer(ChiffreSerializer):
    """Un chiffre, son ESMS, ses parts ; `attendu_le`, `transmis_le` : ceux du relevé."""

    finess = serializers.CharField(source="releve.parcours.esms.finess")
    esms = serializers.CharField(source="releve.parcours.esms.nom")
    attendu_le = serializers.DateField(source="releve.echeance")
    transmis_le = serializers.DateField(source="releve.transmis_le", allow_null=True)
    parts = PartSerializer(many=True)

    class Meta(ChiffreSerializer.Meta):
        fields = [*ChiffreSerializer.Meta.fields, "finess", "esms", "texte", "attendu_le", "transmis_le", "parts"]


class FiltreReleves(serializers.Serializer):
    """Quel ESMS, quel indicateur, de quand à quand, à quels états."""

    parcours = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1, help_text="Clé du parcours.")
    indicateur = serializers.SlugField(required=False, max_length=60, help_text="Code du catalogue.")
    de = PeriodeField(required=False, help_text="Relevés qui commencent avec elle, ou après : 2026-10.")
    a = PeriodeField(required=False, help_text="Relevés qui commencent avant qu'elle ne finisse.")
    etat = serializers.MultipleChoiceField(choices=EtatReleve.choices, required=False, help_text="Se répète.")

    def validate_indicateur(self, code: str) -> Indicateur:
        """L'indicateur du catalogue."""
        return _du_catalogue(code)

    def validate(self, lu: dict[str, Any]) -> dict[str, Any]:
        """Dans l'ordre."""
        if "de" in lu and "a" in lu and lu["a"].fin < lu["de"].debut:
            raise serializers.ValidationError({"a": [A_L_ENVERS]})
        return lu


def _du_catalogue(code: str) -> Indicateur:
    indicateur = Indicateur.objects.filter(code=code).first()
    if indicateur is None:
        raise serializers.ValidationError([INDICATEUR_INCONNU])
    return indicateur


class NouveauChiffreSerializer(SansChampInconnu):
    """Un chiffre : un nombre, et ce à quoi on le rapporte ; ou le motif qui le remplace."""

    parcours = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    indicateur = serializers.CharField(max_length=60, help_text="Code du catalogue.")
    periode = serializers.CharField(max_length=10, help_text="AAAA-MM ; 2026-T4, 2026 si l'indicateur se relève ainsi.")
    numerateur = serializers.DecimalField(max_digits=14, decimal_places=2, required=False, allow_null=True)
    denominateur = serializers.DecimalField(max_digits=14, decimal_places=2, required=False, allow_null=True)
    motif = serializers.ChoiceField(Absence.choices, required=False, allow_blank=True)
    commentaire = serializers.CharField(
        required=False, allow_blank=True, max_length=240, help_text="Ce qui surprend, ou pourquoi l'on corrige."
    )

    def validate_periode(self, texte: str) -> Periode:
        """La période lue."""
        try:
            return Periode.lire(texte)
        except ValueError as faute:
            raise serializers.ValidationError([str(faute)]) from faute

    def validate_indicateur(self, code: str) -> Indicateur:
        """L'indicateur du catalogue."""
        return _du_catalogue(code)

    def validate_commentaire(self, texte: str) -> str:
        """Ni NIR, ni INS : la garde du champ."""
        champ: Any = Valeur._meta.get_field("commentaire")
        return str(champ.clean(texte, None))


class Chiffres(generics.ListAPIView):
    """Les chiffres que lit le compte ; en pousser un à la fois."""

    serializer_class = ChiffreLuSerializer

    @decrire("releves_lister", "Lire les chiffres des relevés", ChiffreLuSerializer(many=True), filtre=FiltreReleves)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Une ligne par chiffre attendu, derniers relevés ouverts d'abord ; au financeur, ceux qui sont transmis."""
        return super().get(*args, **kwargs)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Une page de chiffres, leurs parts lues d'un coup."""
        lu = lire_filtre(FiltreReleves, request)
        valeurs: Any = Valeur.objects.visibles_par(request.user).totaux().pour_lecture()
        if cle := lu.get("parcours"):
            if not Parcours.objects.visibles_par(request.user).filter(pk=cle).exists():
                raise Http404
            valeurs = valeurs.filter(releve__parcours=cle)
        if indicateur := lu.get("indicateur"):
            valeurs = valeurs.filter(indicateur=indicateur)
        if de := lu.get("de"):
            valeurs = valeurs.filter(releve__debut__gte=de.debut)
        if a := lu.get("a"):
            valeurs = valeurs.filter(releve__debut__lte=a.fin)
        if etats := lu.get("etat"):
            valeurs = valeurs.filter(releve__etat__in=etats)
        page = self.paginate_queryset(valeurs.order_by("-releve_id", "indicateur_id"))
        poser_les_parts(page)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @decrire(
        "releves_creer",
        "Pousser un chiffre",
        ChiffreSerializer,
        demande=NouveauChiffreSerializer,
        code=201,
        relu=True,
    )
    def post(self, request: Request) -> Response:
        """Le chiffre écrit : 201 s'il manquait, 200 s'il a été redit ou corrigé ; ou le refus du service."""
        if not (droit := peut_saisir_quelque_part(request.user)):
            raise PermissionDenied(droit.motif)
        demande = NouveauChiffreSerializer(data=request.data)
        demande.is_valid(raise_exception=True)
        lus = demande.validated_data
        parcours = Parcours.objects.visibles_par(request.user).filter(pk=lus.pop("parcours")).first()
        if parcours is None:
            raise Http404
        valeur, neuf = pousser(parcours=parcours, par=request.user, **lus)
        return Response(ChiffreSerializer(valeur).data, status.HTTP_201_CREATED if neuf else status.HTTP_200_OK)
