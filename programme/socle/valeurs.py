"""Lire une liste en valeurs : une lecture SQL des seules colonnes montrées, sans bâtir d'objets.

Bâtir 25 000 parcours et leurs ESMS coûte dix fois plus que les lire. Une table s'y prête quand chacune de ses colonnes
dit d'où vient sa valeur ; sinon la liste se lit par ses objets, avec le même résultat.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, ClassVar

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model, QuerySet
from django_tables2.utils import signature

from programme.socle.tables import TableListe, Texte

LIGNES_PAR_LOT = 13_000
LIGNES_LUES = 2_000
"""Ce qui se calcule par lot (« reste à réunir ») coûte d'autant moins que le lot est grand ; la mémoire reste plate."""


class LigneLue:
    """Une ligne lue en valeurs : `pk`, les `champs` que demande `enrichir`, et les valeurs des colonnes.

    Une sorte de lignes redit ses attributs en `__slots__` : sans dictionnaire, un lot tient moins de place.
    """

    __slots__ = ("pk", "valeurs")
    champs: ClassVar[tuple[str, ...]] = ()
    calculees: ClassVar[frozenset[str]] = frozenset()
    """Colonnes que pose `enrichir` : elles ne se lisent pas en base."""
    affichable: ClassVar[bool] = False
    """Vrai si les cellules à l'écran n'en demandent pas plus : une page se lit alors en valeurs, elle aussi."""

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
    """Comment lire une table en valeurs : les chemins à lire, puis une lecture par colonne montrée."""

    chemins: list[str]
    lectures: list[Lecture]

    def lire(self, requete: QuerySet, sorte: type[LigneLue]) -> list[LigneLue]:
        """Toutes les lignes de la requête."""
        return [sorte(ligne) for ligne in requete.select_related(None).values_list(*self.chemins)]

    def lire_par_lots(self, requete: QuerySet, sorte: type[LigneLue]) -> Iterator[list[LigneLue]]:
        """Les lignes de la requête, par lots."""
        valeurs = requete.select_related(None).values_list(*self.chemins).iterator(chunk_size=LIGNES_LUES)
        while lot := [sorte(ligne) for ligne in islice(valeurs, LIGNES_PAR_LOT)]:
            yield lot
            # Sans quoi deux lots vivraient ensemble, le temps de lire le suivant.
            del lot


_plans: dict[tuple[Any, ...], Plan | None] = {}
PLANS_GARDES = 500


def planifier(
    table: type[TableListe],
    colonnes: Sequence[str],
    requete: QuerySet,
    sorte: type[LigneLue],
    *,
    a_l_ecran: bool = False,
) -> Plan | None:
    """Le plan de lecture de ces colonnes de la table, ou None si l'une d'elles a besoin d'un objet.

    Gardé : il ne dépend que des colonnes montrées et de ce qu'annote la requête.
    """
    cle = (table, tuple(colonnes), requete.model, frozenset(requete.query.annotations), sorte, a_l_ecran)
    if cle not in _plans:
        if len(_plans) >= PLANS_GARDES:
            _plans.clear()
        _plans[cle] = _batir(table.reduite(colonnes), requete, sorte, a_l_ecran)
    return _plans[cle]


def _batir(table: TableListe, requete: QuerySet, sorte: type[LigneLue], a_l_ecran: bool) -> Plan | None:
    chemins = ["pk", *sorte.champs]
    lectures = []
    for colonne in table.columns:
        if not isinstance(colonne.column, Texte):
            return None
        if not a_l_ecran and signature(colonne.value)[0] != ("value",):
            return None
        if colonne.name in sorte.calculees:
            lectures.append(_attribut(colonne.name))
            continue
        trouvees = _sources(colonne.column, str(colonne.accessor), requete)
        if trouvees is None:
            return None
        sources, depuis = trouvees
        chemins.extend(chemin for chemin in sources if chemin not in chemins)
        lectures.append(_composer([chemins.index(chemin) for chemin in sources], depuis))
    return Plan(chemins, lectures)


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
