"""Les totaux gardés : une ligne par période, territoire, secteur, taille, indicateur et part.

Additionnés à mesure, dans la transaction de ce qui les change, et refaits d'un coup par `refaire()` : les deux disent
la même chose. On additionne des numérateurs et des dénominateurs, jamais des taux (metier §8).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import Count, F, Q, Sum, Value
from django.db.models.functions import Cast, Coalesce

from programme.enums import Secteur
from usages.calculs.periodes import Periode
from usages.enums import Absence, CadenceReleve, Forme, Maille, Taille
from usages.models.communs import TRANSMIS
from usages.models.indicateurs import Indicateur

_CLES = ("debut", "cadence", "maille", "territoire", "secteur", "taille", "indicateur_id", "cle")
_COMPTES = ("nb_attendus", "nb_repondants", "nb_non_mesurables", "nb_non_concernes", "numerateur", "denominateur")
_RIEN = (0, 0, 0, 0, 0, 0)
_VERROU = 7_014_331
"""Le verrou des totaux, sur PostgreSQL : un nombre à nous, le même pour tous."""


@dataclass(frozen=True, slots=True)
class Ecart:
    """Un total qui ne dit pas ce que disent les relevés : sa clé, ce qui est gardé, ce qui devrait l'être."""

    cle: tuple[Any, ...]
    garde: tuple[Any, ...]
    juste: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Etage:
    """Une maille : d'où vient son territoire, dans un relevé."""

    maille: str
    territoire: Callable[[], Any]
    champ: str | None


def _texte(champ: str) -> Any:
    return Cast(F(champ), models.CharField(max_length=12))


_ETAGES = (
    _Etage(Maille.GRAPPE, lambda: _texte("releve__grappe_id"), "releve__grappe"),
    _Etage(Maille.OG, lambda: _texte("releve__og_id"), "releve__og"),
    _Etage(Maille.REGION, lambda: _texte("releve__region_id"), "releve__region"),
    _Etage(Maille.NATIONAL, lambda: Value("", output_field=models.CharField(max_length=12)), None),
)


def champ_de(maille: str) -> str | None:
    """D'un chiffre, le chemin vers son territoire à cette maille ; None pour le pays."""
    return next(etage.champ for etage in _ETAGES if etage.maille == maille)


_ZERO = Value(0, output_field=models.DecimalField(max_digits=18, decimal_places=2))
_RAPPORTE = Q(indicateur__forme__in=(Forme.RAPPORT, Forme.DUREE), cle="")
MESURE = Q(numerateur__isnull=False) & (~_RAPPORTE | Q(denominateur__isnull=False))
"""Un chiffre qui répond. Un numérateur sans son dénominateur gonflerait le taux de tous les autres."""
_TRANSMIS = Q(releve__etat__in=TRANSMIS)


def _attendus() -> dict[str, Any]:
    return {
        "nb_attendus": Count("pk", filter=Q(cle="")),
        "nb_repondants": Value(0),
        "nb_non_mesurables": Value(0),
        "nb_non_concernes": Value(0),
        "somme": _ZERO,
        "sur": _ZERO,
    }


def _reponses(si: Q | None = None) -> dict[str, Any]:
    """Ce que disent des chiffres ; `si` : ceux-là seulement."""
    si = si or Q()
    return {
        "nb_attendus": Value(0),
        "nb_repondants": Count("pk", filter=MESURE & si),
        "nb_non_mesurables": Count("pk", filter=Q(motif=Absence.NON_MESURABLE) & si),
        "nb_non_concernes": Count("pk", filter=Q(motif=Absence.NON_CONCERNE) & si),
        "somme": Coalesce(Sum("numerateur", filter=MESURE & si), _ZERO),
        "sur": Coalesce(Sum("denominateur", filter=MESURE & si), _ZERO),
    }


class CumulIndicateurQuerySet(models.QuerySet):
    """Totaux gardés. Lus par `services/agregats.py`, qui dit à qui les montrer et ce qu'on masque."""

    def du_territoire(self, maille: str, territoire: str = "") -> "CumulIndicateurQuerySet":
        """Ceux d'une grappe, d'un organisme, d'une région (sa clé, en texte), ou du pays."""
        return self.filter(maille=maille, territoire=territoire)

    def de_la_periode(self, periode: Periode) -> "CumulIndicateurQuerySet":
        """Ceux de cette période."""
        return self.filter(debut=periode.debut, cadence=periode.cadence)

    def porter_attendus(self, valeurs: Any, signe: int) -> None:
        """Compte ces chiffres (des `Valeur`) comme attendus (`signe` 1), ou cesse de les attendre (-1)."""
        self._porter(valeurs.filter(cle=""), _attendus(), signe)

    def porter_reponses(self, releves: Any, signe: int) -> None:
        """Ajoute (`signe` 1) ou retire (-1) ce que disent les chiffres de ces relevés."""
        valeur = apps.get_model("usages", "Valeur")
        self._porter(valeur.objects.filter(releve__in=releves.order_by().values("pk")), _reponses(), signe)

    def refaire(self) -> None:
        """Refait tous les totaux depuis les relevés ; ne change rien à des totaux justes. Les écrivains attendent."""
        with transaction.atomic():
            _attendre_son_tour()
            self.all().delete()
            tout = _reponses(_TRANSMIS) | {"nb_attendus": _attendus()["nb_attendus"]}
            self._porter(apps.get_model("usages", "Valeur").objects.all(), tout, 1)

    def ecarts(self) -> list["Ecart"]:
        """Où les totaux gardés ne disent pas ce que disent les relevés, sans rien changer. Une ligne à zéro se tait."""
        with transaction.atomic():
            gardes = self._en_dict()
            self.refaire()
            justes = self._en_dict()
            transaction.set_rollback(True)
        return [
            Ecart(cle, gardes.get(cle, _RIEN), justes.get(cle, _RIEN))
            for cle in sorted(gardes.keys() | justes.keys(), key=str)
            if gardes.get(cle, _RIEN) != justes.get(cle, _RIEN)
        ]

    def _en_dict(self) -> dict[tuple[Any, ...], tuple[Any, ...]]:
        """Par clé, les six comptes ; sans les lignes à zéro."""
        lignes = self.order_by().values_list(*_CLES, *_COMPTES).iterator(chunk_size=10_000)
        return {ligne[: len(_CLES)]: reste for ligne in lignes if any(reste := ligne[len(_CLES) :])}

    def _porter(self, valeurs: Any, comptes: dict[str, Any], signe: int) -> None:
        """Quatre additions, dans la base : cent mille lignes ne passent pas par Python."""
        with transaction.atomic(), connection.cursor() as curseur:
            _attendre_son_tour()
            for etage in _ETAGES:
                lignes = valeurs.exclude(**{f"{etage.champ}__isnull": True}) if etage.champ else valeurs
                groupes = (
                    lignes.order_by()
                    .annotate(
                        le=F("releve__debut"),
                        rythme=F("releve__cadence"),
                        lieu=etage.territoire(),
                        champ=F("releve__secteur"),
                        gabarit=F("releve__taille"),
                    )
                    .values_list("le", "rythme", "lieu", "champ", "gabarit", "indicateur_id", "cle")
                    .annotate(**comptes)
                    .order_by("le", "rythme", "lieu", "champ", "gabarit", "indicateur_id", "cle")
                )
                texte, parametres = groupes.query.sql_with_params()
                curseur.execute(_addition(texte, signe), [etage.maille, *parametres])


def _attendre_son_tour() -> None:
    """Un écrivain des totaux à la fois, jusqu'à la fin de sa transaction.

    Tous finissent sur la même ligne, celle du pays : sans cet ordre, deux lots qui se croisent s'y bloqueraient l'un
    l'autre. SQLite n'a qu'un écrivain.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as curseur:
            curseur.execute("SELECT pg_advisory_xact_lock(%s)", [_VERROU])


def _addition(lignes: str, signe: int) -> str:
    """L'ordre SQL qui ajoute ces lignes aux totaux."""
    table = CumulIndicateur._meta.db_table
    plus = "" if signe > 0 else "-"
    lus = ", ".join(
        f"{plus}s.{nom}" for nom in ("nb_attendus", "nb_repondants", "nb_non_mesurables", "nb_non_concernes")
    )
    # Arrondies au centime à chaque fois : SQLite additionne des flottants, et leurs écarts s'ajouteraient.
    lus += "".join(f", {plus}ROUND(s.{nom}, 2)" for nom in ("somme", "sur"))
    ajouts = ", ".join(f"{nom} = {table}.{nom} + excluded.{nom}" for nom in _COMPTES[:4])
    ajouts += "".join(f", {nom} = ROUND({table}.{nom} + excluded.{nom}, 2)" for nom in _COMPTES[4:])
    return (
        f"INSERT INTO {table} (debut, cadence, territoire, secteur, taille, indicateur_id, cle, maille,"
        f" {', '.join(_COMPTES)})"
        f" SELECT s.le, s.rythme, s.lieu, s.champ, s.gabarit, s.indicateur_id, s.cle, %s, {lus}"
        # « WHERE true » : sans lui, SQLite prend ON CONFLICT pour la suite de la jointure.
        f" FROM ({lignes}) s WHERE true"
        f" ON CONFLICT ({', '.join(_CLES)}) DO UPDATE SET {ajouts}"
    )


class CumulIndicateur(models.Model):
    """Un total : ce qu'on attendait, qui a répondu, la somme des numérateurs et celle des dénominateurs."""

    maille = models.CharField("maille", max_length=8, choices=Maille.choices)
    territoire = models.CharField("territoire", max_length=12, blank=True, default="")
    cadence = models.CharField("cadence", max_length=10, choices=CadenceReleve.choices)
    debut = models.DateField("premier jour")
    indicateur = models.ForeignKey(Indicateur, models.CASCADE, related_name="cumuls", db_index=False)
    cle = models.CharField("part", max_length=40, blank=True, default="")
    secteur = models.CharField("secteur", max_length=10, choices=Secteur.choices, blank=True, default="")
    taille = models.CharField("taille", max_length=8, choices=Taille.choices, blank=True, default="")
    nb_attendus = models.IntegerField("chiffres attendus", default=0)
    nb_repondants = models.IntegerField("ESMS qui ont répondu", default=0)
    nb_non_mesurables = models.IntegerField("non mesurables", default=0)
    nb_non_concernes = models.IntegerField("non concernés", default=0)
    numerateur = models.DecimalField("somme", max_digits=18, decimal_places=2, default=0)
    denominateur = models.DecimalField("sur", max_digits=18, decimal_places=2, default=0)

    objects = CumulIndicateurQuerySet.as_manager()

    class Meta:
        verbose_name = "total gardé"
        verbose_name_plural = "totaux gardés"
        ordering = ["maille", "territoire", "debut", "pk"]
        constraints = [
            # Dans l'ordre de lecture : un territoire, ses périodes, ses indicateurs.
            models.UniqueConstraint(
                fields=["maille", "territoire", "cadence", "debut", "indicateur", "cle", "secteur", "taille"],
                name="cumul_indicateur_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicateur_id}, {self.maille} {self.territoire}, {self.debut}"
