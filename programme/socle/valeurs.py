"""Emporter une longue liste en valeurs : une lecture SQL des seules colonnes montrées, sans bâtir d'objets.

Bâtir 25 000 parcours et leurs ESMS coûte dix fois plus que les lire. Une table s'y prête quand chacune de ses colonnes
dit d'où vient sa valeur ; sinon la liste s'emporte par ses objets, avec le même résultat.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, ClassVar

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model, QuerySet
from django_tables2.utils import signature

from programme.socle.tables import Recette, TableListe, Texte

LIGNES_PAR_LOT = 6_000
"""Ce qui se calcule par lot (« reste à réunir ») coûte d'autant moins que le lot est grand ; la mémoire reste plate."""


class LigneLue:
    """Une ligne lue en valeurs : `pk`, les `champs` que demande `enrichir`, et les valeurs des colonnes."""

    champs: ClassVar[tuple[str, ...]] = ()
    calculees: ClassVar[frozenset[str]] = frozenset()
    """Colonnes que pose `enrichir` : elles ne se lisent pas en base."""

    def __init__(self, valeurs: tuple[Any, ...]) -> None:
        self.valeurs = valeurs
        self.pk = valeurs[0]
        for nom, valeur in zip(self.champs, valeurs[1:], strict=False):
            setattr(self, nom, valeur)
        for nom in self.calculees:
            setattr(self, nom, None)


Lecture = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """Comment lire une table en valeurs : les chemins à lire, puis une lecture par colonne."""

    chemins: list[str]
    colonnes: list[tuple[Lecture, Recette]]

    def en_export(self, ligne: LigneLue) -> list[Any]:
        """Les valeurs nues d'une ligne, celles que donnerait `TableListe.en_export` de l'objet."""
        rendu = []
        for lire, recette in self.colonnes:
            valeur = lire(ligne)
            rendu.append(None if valeur in recette.vides else recette.exporter(valeur, ligne))
        return rendu


def planifier(table: TableListe, requete: QuerySet, sorte: type[LigneLue]) -> Plan | None:
    """Le plan de lecture de cette table, ou None si une de ses colonnes a besoin d'un objet."""
    chemins = ["pk", *sorte.champs]
    colonnes = []
    for colonne, recette in zip(table.columns, table.recettes, strict=True):
        if not isinstance(colonne.column, Texte) or signature(colonne.value)[0] != ("value",):
            return None
        if colonne.name in sorte.calculees:
            colonnes.append((_attribut(colonne.name), recette))
            continue
        trouvees = _sources(colonne.column, str(colonne.accessor), requete)
        if trouvees is None:
            return None
        sources, depuis = trouvees
        chemins.extend(chemin for chemin in sources if chemin not in chemins)
        colonnes.append((_composer([chemins.index(chemin) for chemin in sources], depuis), recette))
    return Plan(chemins, colonnes)


def lire_en_valeurs(requete: QuerySet, plan: Plan, sorte: type[LigneLue]) -> Iterator[list[Any]]:
    """Les lignes de la requête, par lots."""
    valeurs = requete.select_related(None).values_list(*plan.chemins).iterator(chunk_size=LIGNES_PAR_LOT)
    while lot := [sorte(ligne) for ligne in islice(valeurs, LIGNES_PAR_LOT)]:
        yield lot


def _attribut(nom: str) -> Lecture:
    return lambda ligne: getattr(ligne, nom)


def _composer(places: list[int], depuis: Callable[..., Any] | None) -> Lecture:
    if depuis is None:
        place = places[0]
        return lambda ligne: ligne.valeurs[place]

    def lire(ligne: LigneLue) -> Any:
        valeurs = [ligne.valeurs[place] for place in places]
        return None if all(v is None for v in valeurs) else depuis(*valeurs)

    return lire


def _sources(colonne: Texte, accesseur: str, requete: QuerySet) -> tuple[tuple[str, ...], Any] | None:
    """Chemins à lire et comment les composer ; None si l'accesseur mène ailleurs qu'à une colonne de la base."""
    if colonne.sources:
        return colonne.sources, colonne.depuis
    chemin = accesseur.replace(".", "__")
    if chemin in requete.query.annotations:
        return (chemin,), None
    # « esms__categorie__get_secteur_display » se lit « esms__categorie__secteur ».
    avant, coupe, dernier = f"__{chemin}".rpartition("__get_")
    if coupe and dernier.endswith("_display"):
        chemin = f"{avant}__{dernier.removesuffix('_display')}".removeprefix("__")
        champ = _champ(requete.model, chemin)
        if champ is None or not champ.choices:
            return None
        mots = {valeur: str(mot) for valeur, mot in champ.flatchoices}
        return (chemin,), lambda valeur: mots.get(valeur, valeur)
    return ((chemin,), None) if _champ(requete.model, chemin) is not None else None


def _champ(modele: type[Model], chemin: str) -> Field | None:
    """Le champ simple que désigne ce chemin, ou None (relation, propriété, méthode)."""
    champ: Any = None
    for nom in chemin.split("__"):
        try:
            champ = modele._meta.pk if nom == "pk" else modele._meta.get_field(nom)
        except FieldDoesNotExist:
            return None
        modele = champ.related_model or modele
    return champ if champ is not None and champ.related_model is None and champ.concrete else None
