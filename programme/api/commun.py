"""Ce que partagent les routes de l'API : la description OpenAPI, les filtres, la liste d'une page, un parcours lu."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import IntegerField, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.exceptions import ValidationError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request

from programme.models import Parcours
from programme.permissions import peut_lire_preparation
from programme.socle import emporter
from programme.socle.listes import VueListe
from programme.socle.refus_api import CHAMPS, MotifSerializer, RefusSerializer
from programme.socle.selection import CHOIX_MAX, LONGUEUR_RECHERCHE


class ToutAccepter(BaseContentNegotiation):
    """Pour une route qui rend un fichier : le refus reste du JSON, l'en-tête Accept ne choisit rien."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """Le premier : un GET n'a pas de corps."""
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        """Celui des refus."""
        return renderers[0], renderers[0].media_type


def decrire(
    nom: str,
    resume: str,
    succes: Any,
    *,
    filtre: type[serializers.Serializer] | None = None,
    demande: type[serializers.Serializer] | None = None,
    liste: type[VueListe] | None = None,
    reserve: bool = False,
    code: int = 200,
    relu: bool = False,
) -> Callable[[Any], Any]:
    """Décrit une opération et tous ses refus : ce que le document annonce est ce que la route répond.

    `liste` : la page dont la route rend les mêmes lignes, avec ses paramètres et ses formats. `relu` : une création
    qui redit ce qui était déjà là répond 200.
    """
    reponses: dict[Any, Any] = {code: succes, 401: MotifSerializer, 404: MotifSerializer}
    if relu:
        reponses[200] = succes
    if filtre or demande or liste:
        reponses[400] = CHAMPS
    if liste:
        reponses |= {(200, type_): OpenApiTypes.BINARY for type_ in TYPES.values()}
    if reserve:
        reponses[403] = MotifSerializer
    if demande:
        reponses |= {403: MotifSerializer, 409: RefusSerializer}
    return extend_schema(
        operation_id=nom,
        summary=resume,
        parameters=_parametres(liste) if liste else [filtre] if filtre else None,
        request=demande,
        responses=reponses,
    )


class SansChampInconnu(serializers.Serializer):
    """Un corps de demande où un champ inconnu se dit : une faute de frappe ne passe pas pour un silence."""

    def to_internal_value(self, data: Any) -> Any:
        """Refuse un champ inconnu, avant de lire les autres."""
        if isinstance(data, Mapping) and (inconnus := sorted(map(str, data.keys() - self.fields.keys()))):
            raise serializers.ValidationError({nom: ["Champ inconnu."] for nom in inconnus})
        return super().to_internal_value(data)


TYPES = {cle: type_.partition(";")[0] for cle, type_ in emporter.TYPES.items()}
JSON = "json"
_TOUJOURS = frozenset({"page", "taille", "format", "vue", "modifiee", "choix"})


def _parametres(liste: type[VueListe]) -> list[OpenApiParameter]:
    """Les paramètres d'une liste, tels que sa page les lit."""
    colonnes = list(liste.table.base_columns)
    triables = [nom for nom in colonnes if liste.table.base_columns[nom].orderable is not False]
    decrits = [
        OpenApiParameter("format", str, enum=[JSON, *TYPES], description="JSON par défaut, sinon tout d'un coup."),
        OpenApiParameter("vue", str, description="Vue enregistrée (voir /filtres/) ; l'adresse l'emporte sur elle."),
        OpenApiParameter("choix", str, description=f"Clés des seules lignes à garder, {CHOIX_MAX} au plus : 4,7."),
        OpenApiParameter("tri", str, enum=[s + nom for nom in triables for s in ("", "-")], description="Tri."),
        OpenApiParameter("colonnes", str, description=f"En CSV et XLSX : {', '.join(colonnes)}."),
    ]
    if liste.recherche:
        phrase = f"Mots cherchés, accents ignorés, {LONGUEUR_RECHERCHE} signes au plus : {liste.recherche.lower()}."
        decrits.append(OpenApiParameter("recherche", str, description=phrase))
    for nom, filtre in (liste.filtre.base_filters if liste.filtre else {}).items():
        decrits.append(_parametre(nom, filtre))
    return decrits


def _parametre(nom: str, filtre: Any) -> OpenApiParameter:
    """Un filtre de page, en paramètre : ses valeurs closes, ou la clé qu'il attend."""
    offres = filtre.extra.get("choices") or []
    offres = offres() if callable(offres) else offres
    valeurs = [str(cle) for cle, _ in offres] + (["null"] if filtre.extra.get("null_label") else [])
    objets = filtre.extra.get("queryset")
    modele = getattr(objets, "model", None)
    entier = modele is not None and isinstance(modele._meta.pk, IntegerField)
    type_ = int if entier or callable(objets) and nom == "grappe" else str
    plusieurs = type(filtre).__name__ == "Cases"
    return OpenApiParameter(nom, type_, enum=valeurs or None, many=plusieurs, description=f"{filtre.label}.")


class ListeDePage(generics.ListAPIView):
    """Les lignes d'une liste de pages : mêmes paramètres, même ensemble, même ordre, mêmes formats.

    `liste` et `route` nomment la page. La vue par défaut ne s'ouvre pas ici : un programme dit ce qu'il veut.
    """

    liste: ClassVar[type[VueListe]]
    route: ClassVar[str]

    @cached_property
    def selection(self) -> VueListe:
        """La page, lue par ce compte à cette adresse. Lève une 400 champ par champ, une 404 pour une vue fermée."""
        selection = self.liste.pour(self.request._request, self.route)
        format_demande = self.request.query_params.get("format", JSON)
        fautes = {
            nom: ["Ce paramètre n'existe pas ici."]
            for nom in self.request.query_params
            if nom not in selection.noms_connus | _TOUJOURS
        } | selection.fautes()
        if format_demande not in (JSON, *TYPES):
            fautes["format"] = [f"Formats connus : {JSON}, {', '.join(TYPES)}."]
        if fautes:
            raise ValidationError(fautes)
        return selection

    def get_queryset(self) -> QuerySet:
        """L'ensemble de la page, tout entier."""
        return self.selection.ensemble

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Une page de JSON, ou le fichier entier ; un trop gros classeur se demande en CSV ou sur la page."""
        format_demande = request.query_params.get("format", JSON)
        selection = self.selection
        if format_demande == emporter.CSV:
            return emporter.en_csv(selection)
        if format_demande == emporter.XLSX:
            if (total := selection.ensemble.count()) > emporter.SEUIL_CLASSEUR:
                phrase = (
                    f"{total} lignes : trop pour un classeur immédiat. Demandez le CSV, ou préparez-le sur la page."
                )
                raise ValidationError({"format": [phrase]})
            return emporter.en_classeur(selection)
        return super().list(request, *args, **kwargs)


def lire_filtre(filtre: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    """Paramètres de l'adresse, vérifiés ; une valeur impossible est une 400, jamais une liste vide trompeuse."""
    lu = filtre(data=request.query_params)
    lu.is_valid(raise_exception=True)
    return {nom: valeur for nom, valeur in lu.validated_data.items() if valeur not in ("", None)}


def parcours_a_preparer(request: Request, pk: int) -> Parcours:
    """Le parcours, pour qui lit ce qui s'y prépare : 404 hors périmètre, 403 pour qui n'est que financeur."""
    vus = Parcours.objects.visibles_par(request.user).select_related("esms__og", "esms__departement", "grappe")
    parcours = get_object_or_404(vus, pk=pk)
    if not (droit := peut_lire_preparation(request.user, parcours)):
        raise PermissionDenied(droit.motif)
    return parcours
