"""Les agrégats d'un indicateur, par territoire et par période : ce que le compte en lit, rien de plus."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, overload

from django.core.exceptions import ObjectDoesNotExist
from rest_framework import generics, serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from programme.api.commun import decrire, lire_filtre
from programme.models import Parcours
from usages.api.champs import PeriodeField
from usages.calculs.masquage import RIEN, TROP_PEU, Montre
from usages.calculs.periodes import Periode
from usages.enums import CadenceReleve, Maille
from usages.models import Indicateur
from usages.permissions import acces_aux_totaux, territoires_lisibles
from usages.services.agregats.lecture import lire_esms_pour, lire_territoires_pour

PARCOURS = "parcours"
MAILLES = [(PARCOURS, "ESMS"), *Maille.choices]
PERIODES_MAX = 60
A_ECRIRE = {
    CadenceReleve.MOIS: "un mois (2026-11)",
    CadenceReleve.TRIMESTRE: "un trimestre (2026-T4)",
    CadenceReleve.ANNEE: "une année (2026)",
}
SANS_TERRITOIRE = "Vous ne lisez pas les totaux de ce territoire, ou il n'existe pas."


class FiltreAgregats(serializers.Serializer):
    """Quel indicateur, de quand à quand, à quelle maille ; `territoire` : un seul."""

    indicateur = serializers.SlugField(max_length=60, help_text="Code de l'indicateur.")
    de = PeriodeField(help_text="Première période : 2026-11, 2026-T4 ou 2026, selon la cadence de l'indicateur.")
    a = PeriodeField(required=False, help_text="Dernière période, comprise ; `de` à défaut.")
    maille = serializers.ChoiceField(MAILLES, required=False, default=Maille.NATIONAL.value)
    territoire = serializers.CharField(
        required=False, max_length=12, help_text="Clé d'un parcours, d'un organisme, d'une grappe, code d'une région."
    )

    def validate_indicateur(self, code: str) -> Indicateur:
        """L'indicateur de ce code."""
        try:
            return Indicateur.objects.get(code=code)
        except ObjectDoesNotExist:
            raise serializers.ValidationError(f"Aucun indicateur ne porte le code « {code} ».") from None

    def validate(self, lu: dict[str, Any]) -> dict[str, Any]:
        """Les deux périodes sont de la cadence de l'indicateur, et dans l'ordre."""
        indicateur, de = lu["indicateur"], lu["de"]
        a = lu.setdefault("a", de)
        for nom, periode in (("de", de), ("a", a)):
            if periode.cadence != indicateur.cadence:
                ecrire = A_ECRIRE[CadenceReleve(indicateur.cadence)]
                phrase = f"« {indicateur} » se relève {indicateur.get_cadence_display().lower()} : écrivez {ecrire}."
                raise serializers.ValidationError({nom: [phrase]})
        if a < de:
            raise serializers.ValidationError({"a": ["La dernière période précède la première : échangez-les."]})
        if de < a.dernieres(PERIODES_MAX)[0]:
            raise serializers.ValidationError({"a": [f"{PERIODES_MAX} périodes au plus : rapprochez les deux."]})
        return lu


class AgregatSerializer(serializers.Serializer):
    """Une somme de numérateurs, une somme de dénominateurs, et qui a répondu."""

    indicateur = serializers.CharField(help_text="Code.")
    maille = serializers.ChoiceField(MAILLES)
    territoire = serializers.CharField(allow_blank=True, help_text="Sa clé ; vide pour le pays.")
    nom = serializers.CharField()
    periode = serializers.CharField()
    numerateur = serializers.FloatField(allow_null=True, help_text="Null : masqué, ou personne n'a répondu.")
    denominateur = serializers.FloatField(allow_null=True, help_text="Zéro pour ce qui ne se rapporte à rien.")
    taux = serializers.FloatField(allow_null=True, help_text="De 0 à 1 ; null si ce n'est pas un rapport.")
    n_repondants = serializers.IntegerField(help_text="ESMS qui ont donné un nombre.")
    n_parcours = serializers.IntegerField(help_text="ESMS dont on l'attend, sans ceux qu'il ne concerne pas.")
    masque = serializers.BooleanField(help_text=TROP_PEU)


@dataclass
class Lignes(Sequence[dict[str, Any]]):
    """Une ligne par territoire et par période, lues par page : jamais toutes à la fois."""

    utilisateur: Any
    indicateur: Indicateur
    maille: str
    territoires: list[tuple[str, str]]
    periodes: list[Periode]

    def __len__(self) -> int:
        return len(self.territoires) * len(self.periodes)

    @overload
    def __getitem__(self, rang: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, rang: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, rang: int | slice) -> Any:
        if isinstance(rang, int):
            return self[rang : rang + 1][0]
        nb = len(self.periodes)
        debut, fin, _ = rang.indices(len(self))
        lieux = self.territoires[debut // nb : (fin - 1) // nb + 1] if fin > debut else []
        lus = self._lire([cle for cle, _ in lieux])
        lignes = [self._ligne(cle, nom, p, lus) for cle, nom in lieux for p in self.periodes]
        return lignes[debut % nb : debut % nb + fin - debut]

    def _lire(self, cles: list[str]) -> dict[Any, Montre]:
        if self.maille == PARCOURS:
            return lire_esms_pour(self.utilisateur, [int(c) for c in cles], self.periodes, [self.indicateur.pk])
        un = [self.indicateur.pk]
        return lire_territoires_pour(self.utilisateur, self.maille, cles, self.periodes, indicateurs=un) or {}

    def _ligne(self, cle: str, nom: str, periode: Periode, lus: dict[Any, Montre]) -> dict[str, Any]:
        lu = lus.get((cle, self.indicateur.pk, periode.debut, ""), RIEN)
        return {
            "indicateur": self.indicateur.code,
            "maille": self.maille,
            "territoire": cle,
            "nom": nom,
            "periode": periode.code,
            "numerateur": lu.numerateur,
            "denominateur": lu.denominateur,
            "taux": lu.taux if self.indicateur.est_un_rapport else None,
            "n_repondants": lu.nb_repondants,
            "n_parcours": lu.nb_concernes,
            "masque": lu.est_masque,
        }


def _territoires(utilisateur: Any, maille: str, indicateur: Indicateur) -> list[tuple[str, str]]:
    """(clé, nom) de ce qu'il lit à cette maille, de cet indicateur. Quatre requêtes au plus."""
    if maille == PARCOURS:
        tous = Parcours.objects
        vus = tous.visibles_par(utilisateur) if indicateur.transmis_au_financeur else tous.lisibles_par(utilisateur)
        return [(str(cle), nom) for cle, nom in vus.order_by("esms__tri", "pk").values_list("pk", "esms__nom")]
    if maille == Maille.NATIONAL:
        lus = [("", "France")]
    else:
        lus = list(territoires_lisibles(utilisateur, maille).values_list("pk", "nom"))
    acces = acces_aux_totaux(utilisateur, maille, [cle for cle, _ in lus])
    return [
        (str(cle), nom)
        for cle, nom in lus
        if cle in acces and (indicateur.transmis_au_financeur or not acces[cle].transmis_seulement)
    ]


class ListeAgregats(generics.ListAPIView):
    """Agrégats d'un indicateur."""

    serializer_class = AgregatSerializer

    @decrire(
        "agregats_lister", "Lire les agrégats d'un indicateur", AgregatSerializer(many=True), filtre=FiltreAgregats
    )
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Une ligne par territoire lu et par période ; sommes masquées sous cinq ESMS, par différence comprise."""
        return super().get(*args, **kwargs)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Une page de lignes."""
        lu = lire_filtre(FiltreAgregats, request)
        indicateur, maille = lu["indicateur"], lu["maille"]
        territoires = _territoires(request.user, maille, indicateur)
        if voulu := lu.get("territoire"):
            territoires = [t for t in territoires if t[0] == voulu]
            if not territoires:
                raise NotFound(SANS_TERRITOIRE)
        lignes = Lignes(request.user, indicateur, maille, territoires, list(lu["de"].jusqu_a(lu["a"])))
        page = self.paginate_queryset(lignes)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)
