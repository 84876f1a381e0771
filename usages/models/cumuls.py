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
from usages.enums import Absence, CadenceReleve, Maille, Taille
from usages.models.indicateurs import Indicateur
from usages.periodes import Periode

_CLES = ("debut", "cadence", "maille", "territoire", "secteur", "taille", "indicateur_id", "cle")
_COMPTES = ("nb_attendus", "nb_repondants", "nb_non_mesurables", "nb_non_concernes", "numerateur", "denominateur")


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

_ATTENDUS = {
    "nb_attendus": Count("pk", filter=Q(cle="")),
    "nb_repondants": Value(0),
    "nb_non_mesurables": Value(0),
    "nb_non_concernes": Value(0),
    "somme": Value(0, output_field=models.DecimalField(max_digits=18, decimal_places=2)),
    "sur": Value(0, output_field=models.DecimalField(max_digits=18, decimal_places=2)),
}
_ZERO = Value(0, output_field=models.DecimalField(max_digits=18, decimal_places=2))
_MESURE = Q(numerateur__isnull=False)
_REPONSES = {
    "nb_attendus": Value(0),
    "nb_repondants": Count("pk", filter=_MESURE),
    "nb_non_mesurables": Count("pk", filter=Q(motif=Absence.NON_MESURABLE)),
    "nb_non_concernes": Count("pk", filter=Q(motif=Absence.NON_CONCERNE)),
    "somme": Coalesce(Sum("numerateur"), _ZERO),
    "sur": Coalesce(Sum("denominateur", filter=_MESURE), _ZERO),
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
        self._porter(valeurs, _ATTENDUS, signe)

    def porter_reponses(self, releves: Any, signe: int) -> None:
        """Ajoute (`signe` 1) ou retire (-1) ce que disent les chiffres de ces relevés."""
        valeur = apps.get_model("usages", "Valeur")
        self._porter(valeur.objects.filter(releve__in=releves.order_by().values("pk")), _REPONSES, signe)

    def refaire(self) -> None:
        """Refait tous les totaux depuis les relevés ; ne change rien à des totaux justes."""
        valeur, releve = apps.get_model("usages", "Valeur"), apps.get_model("usages", "Releve")
        with transaction.atomic():
            self.all().delete()
            self.porter_attendus(valeur.objects.all(), 1)
            self.porter_reponses(releve.objects.comptes(), 1)

    def _porter(self, valeurs: Any, comptes: dict[str, Any], signe: int) -> None:
        """Quatre additions, dans la base ; toujours les mailles dans le même ordre : deux écrivains s'attendent."""
        with transaction.atomic(), connection.cursor() as curseur:
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


def _addition(lignes: str, signe: int) -> str:
    """L'ordre SQL qui ajoute ces lignes aux totaux."""
    table = CumulIndicateur._meta.db_table
    plus = "" if signe > 0 else "-"
    sommes = ("nb_attendus", "nb_repondants", "nb_non_mesurables", "nb_non_concernes", "somme", "sur")
    lus = ", ".join(f"{plus}s.{nom}" for nom in sommes)
    ajouts = ", ".join(f"{nom} = {table}.{nom} + excluded.{nom}" for nom in _COMPTES)
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
