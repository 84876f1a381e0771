"""Les monographies : ce qu'un compte en lit, résolu aujourd'hui, en JSON, en PDF, en DOCX. Les droits de la page."""

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from programme.api.commun import ToutAccepter, decrire, lire_filtre
from programme.documents.rendu import TYPE_DOCX, TYPE_PDF
from programme.models import Region
from programme.socle.recherche import mots_contenus
from programme.socle.refus_api import CHAMPS, MotifSerializer
from usages.calculs.rendus_prose import en_donnees
from usages.documents import monographie as document
from usages.documents import monographie_docx
from usages.enums import EtatMonographie
from usages.models import Edition, Monographie
from usages.services.monographies.editions import Lecture
from usages.services.monographies.resolution import Rendu, SectionRendue
from usages.services.monographies.titres import taire_les_titres
from usages.views.monographies.lecture import lecture_de

_CLE = {"required": False, "min_value": 1, "max_value": 2**63 - 1}


class EditionDeMonographieSerializer(serializers.ModelSerializer):
    """Une édition publiée."""

    class Meta:
        model = Edition
        fields = ["numero", "publiee_le"]


class MonographiesSansRedit(serializers.ListSerializer):
    """Une page de monographies, sans un titre qui redit des mots sans accord."""

    def to_representation(self, data: Any) -> Any:
        """Une requête pour toute la page."""
        lues = data.all() if hasattr(data, "all") else data
        return super().to_representation(taire_les_titres(lues))


class MonographieSerializer(serializers.ModelSerializer):
    """Une monographie ; `etat` : `publiee` pour qui n'en lit que l'édition. `editions` : la dernière d'abord."""

    parcours = serializers.IntegerField(source="visite.parcours_id")
    finess = serializers.CharField(source="visite.parcours.esms.finess")
    esms = serializers.CharField(source="visite.parcours.esms.nom")
    region = serializers.CharField(source="visite.parcours.esms.departement.region_id", allow_null=True, default=None)
    etude = serializers.CharField(source="visite.etude.titre")
    etat = serializers.SerializerMethodField()
    titre = serializers.SerializerMethodField(help_text="Pour qui n'en lit que l'édition, le titre de la dernière.")
    editions = EditionDeMonographieSerializer(many=True)

    class Meta:
        model = Monographie
        list_serializer_class = MonographiesSansRedit
        fields = ["id", "titre", "parcours", "finess", "esms", "region", "etude", "etat", "editions"]

    def get_etat(self, monographie: Any) -> str:
        """Le travail en cours ne se dit qu'à qui le voit."""
        return str(monographie.etat) if monographie.est_vue else EtatMonographie.PUBLIEE.value

    def get_titre(self, monographie: Any) -> str:
        """Celui du travail, ou celui qu'on a publié."""
        return str(monographie.titre if monographie.est_vue else monographie.editions.all()[0].titre_publie)


class FiltreMonographies(serializers.Serializer):
    """Mots, étude, région, état."""

    recherche = serializers.CharField(required=False, max_length=100, help_text="Mots du titre ou de l'ESMS.")
    etude = serializers.IntegerField(**_CLE, help_text="Clé de l'étude.")
    region = serializers.CharField(required=False, max_length=3, help_text="Code INSEE de la région de l'ESMS.")
    etat = serializers.ChoiceField(EtatMonographie.choices, required=False)

    def validate_region(self, code: str) -> str:
        """Une région connue : une faute de frappe n'est pas une liste vide."""
        if not Region.objects.filter(pk=code).exists():
            raise serializers.ValidationError([f"Aucune région ne porte le code « {code} »."])
        return code


class FiltreEdition(serializers.Serializer):
    """Laquelle."""

    edition = serializers.IntegerField(
        required=False, min_value=1, max_value=9999, help_text="Numéro d'une édition ; sinon, ce qui vous revient."
    )


class ListeMonographies(generics.ListAPIView):
    """Celles dont on voit le travail, et toutes celles qui sont publiées."""

    serializer_class = MonographieSerializer

    def get_queryset(self) -> QuerySet[Monographie]:
        """Filtrées, la plus récente d'abord."""
        lu = lire_filtre(FiltreMonographies, self.request)
        compte: Any = self.request.user
        vue = Exists(Monographie.objects.visibles_par(compte).filter(pk=OuterRef("pk")))
        lues: Any = Monographie.objects.lisibles_par(compte).pour_lecture().annotate(est_vue=vue)
        if recherche := lu.get("recherche"):
            # Le titre d'un brouillon n'est pas à chercher pour qui ne le voit pas.
            dans_le_titre = Q(est_vue=True) & mots_contenus("tri", recherche)
            lues = lues.filter(dans_le_titre | mots_contenus("visite__parcours__esms__recherche", recherche))
        if etude := lu.get("etude"):
            lues = lues.filter(visite__etude=etude)
        if region := lu.get("region"):
            lues = lues.filter(visite__parcours__esms__departement__region=region)
        if etat := lu.get("etat"):
            siennes = Q(est_vue=True, etat=etat)
            lues = lues.filter(siennes | Q(est_vue=False) if etat == EtatMonographie.PUBLIEE else siennes)
        return lues.prefetch_related(Prefetch("editions", Edition.objects.sans_contenu()))

    @decrire(
        "monographies_lister", "Lister les monographies", MonographieSerializer(many=True), filtre=FiltreMonographies
    )
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Une page de monographies."""
        return super().get(*args, **kwargs)


class FaitDeMonographieSerializer(serializers.Serializer):
    """Un nom, une valeur."""

    nom = serializers.CharField()
    valeur = serializers.CharField()


class TableauDeMonographieSerializer(serializers.Serializer):
    """Un tableau : la première case de chaque ligne la nomme."""

    titre = serializers.CharField()
    entetes = serializers.ListField(child=serializers.CharField())
    lignes = serializers.ListField(child=serializers.ListField(child=serializers.CharField(allow_blank=True)))
    note = serializers.CharField(allow_blank=True)


class FigureDeMonographieSerializer(serializers.Serializer):
    """Une figure : ce qu'elle dit en une phrase, et son tableau."""

    titre = serializers.CharField()
    phrase = serializers.CharField()
    tableau = TableauDeMonographieSerializer()


class PhotoDeMonographieSerializer(serializers.Serializer):
    """Une photo accordée ; `adresse` : son fichier."""

    legende = serializers.CharField()
    description = serializers.CharField()
    credit = serializers.CharField(allow_blank=True)
    adresse = serializers.CharField()


class SectionDeMonographieSerializer(serializers.Serializer):
    """Une section ; `blocs` : sa prose, sans balisage (`genre` : titre, paragraphe, liste, citation, encadre)."""

    code = serializers.CharField()
    titre = serializers.CharField()
    faits = FaitDeMonographieSerializer(many=True)
    blocs = serializers.ListField(child=serializers.DictField())
    photos = PhotoDeMonographieSerializer(many=True)
    figures = FigureDeMonographieSerializer(many=True)
    tableaux = TableauDeMonographieSerializer(many=True)
    glossaire = FaitDeMonographieSerializer(many=True)


class MonographieLueSerializer(serializers.Serializer):
    """La monographie telle qu'on la lit aujourd'hui ; `edition` null : le travail en cours."""

    id = serializers.IntegerField()
    titre = serializers.CharField(allow_blank=True)
    sous_titre = serializers.CharField(allow_blank=True)
    esms = serializers.CharField()
    etude = serializers.CharField()
    mention = serializers.CharField()
    edition = EditionDeMonographieSerializer(allow_null=True)
    editions = EditionDeMonographieSerializer(many=True)
    reperes = FaitDeMonographieSerializer(many=True)
    sections = SectionDeMonographieSerializer(many=True)


def _faits(faits: Any) -> list[dict[str, str]]:
    return [{"nom": nom, "valeur": valeur} for nom, valeur in faits]


def _section(section: SectionRendue) -> dict[str, Any]:
    return {
        "code": section.code,
        "titre": section.titre,
        "faits": _faits(section.faits),
        "blocs": en_donnees(section.blocs),
        "photos": [
            {
                "legende": p.legende,
                "description": p.description,
                "credit": p.credit,
                "adresse": reverse("programme:piece", args=[p.piece.pk]),
            }
            for p in section.photos
        ],
        "figures": section.figures,
        "tableaux": section.tableaux,
        "glossaire": _faits(section.glossaire),
    }


def _en_json(lecture: Lecture) -> dict[str, Any]:
    rendu: Rendu = lecture.rendu
    return {
        "id": lecture.monographie.pk,
        "titre": rendu.titre,
        "sous_titre": rendu.sous_titre,
        "esms": rendu.esms,
        "etude": rendu.etude,
        "mention": lecture.mention,
        "edition": lecture.edition,
        "editions": lecture.editions,
        "reperes": _faits(rendu.reperes),
        "sections": [_section(s) for s in rendu.sections],
    }


def _lire(request: Request, pk: int) -> Lecture:
    numero = lire_filtre(FiltreEdition, request).get("edition")
    return lecture_de(request.user, pk, str(numero or ""))


class LectureMonographie(APIView):
    """Une monographie."""

    @decrire("monographies_lire", "Lire une monographie", MonographieLueSerializer, filtre=FiltreEdition)
    def get(self, request: Request, pk: int) -> Response:
        """Le travail en cours pour qui le voit, la dernière édition pour les autres ; 404 sinon."""
        return Response(MonographieLueSerializer(_en_json(_lire(request, pk))).data)


def _decrire_fichier(nom: str, resume: str, type_: str) -> Any:
    reponses: dict[Any, Any] = {
        (200, type_): OpenApiTypes.BINARY,
        400: CHAMPS,
        401: MotifSerializer,
        404: MotifSerializer,
    }
    return extend_schema(operation_id=nom, summary=resume, parameters=[FiltreEdition], responses=reponses)


def _fichier(octets: bytes, type_: str, nom: str) -> HttpResponse:
    return HttpResponse(octets, content_type=type_, headers={"Content-Disposition": f'attachment; filename="{nom}"'})


class PdfMonographie(APIView):
    """Le même document que la page."""

    content_negotiation_class = ToutAccepter

    @_decrire_fichier("monographies_pdf", "Emporter une monographie en PDF balisé", TYPE_PDF)
    def get(self, request: Request, pk: int) -> HttpResponse:
        """Le PDF."""
        lecture = _lire(request, pk)
        return _fichier(document.en_pdf(lecture), TYPE_PDF, f"{document.nom_du_fichier(lecture)}.pdf")


class DocxMonographie(APIView):
    """Le même document que la page."""

    content_negotiation_class = ToutAccepter

    @_decrire_fichier("monographies_docx", "Emporter une monographie en DOCX", TYPE_DOCX)
    def get(self, request: Request, pk: int) -> HttpResponse:
        """Le DOCX."""
        lecture = _lire(request, pk)
        return _fichier(monographie_docx.en_docx(lecture), TYPE_DOCX, f"{document.nom_du_fichier(lecture)}.docx")
