"""Les chiffres de plusieurs relevés, lus et écrits d'un coup : ce que partagent la saisie, le calcul et l'import.

Autant de requêtes pour un relevé que pour mille. Rien ici ne juge d'un droit ni d'un état : voir `valeurs.py`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, models
from django.db.models import Q

from usages.calculs.controles import Paire, surprises
from usages.models import CumulIndicateur, Indicateur, Releve, Valeur

Place = tuple[int, str]
"""Un indicateur, une part (vide : le total)."""

CHAMPS = (
    "numerateur",
    "denominateur",
    "texte",
    "motif",
    "origine",
    "extraite_numerateur",
    "extraite_denominateur",
    "raison",
    "commentaire",
    "mot_attendu",
    "ecrite_le",
    "ecrite_par_id",
)
INATTENDU = "Cet indicateur n'est pas attendu dans ce relevé."
_COMPARES = (
    *("numerateur", "denominateur", "texte", "motif", "extraite_numerateur", "extraite_denominateur"),
    *("origine", "raison", "commentaire"),
)


def jeton(valeur: Valeur) -> str:
    """Sa dernière écriture, à glisser dans la page et à rendre avec la saisie."""
    return valeur.ecrite_le.isoformat() if valeur.ecrite_le else "0"


def paire(valeur: Valeur | None) -> Paire:
    """Son numérateur et ce à quoi il se rapporte."""
    return (valeur.numerateur, valeur.denominateur) if valeur else (None, None)


@dataclass(slots=True)
class Feuille:
    """Un relevé, ses chiffres par place, et ceux du relevé d'avant par indicateur."""

    releve: Releve
    indicateurs: dict[int, Indicateur]
    cases: dict[Place, Valeur] = field(default_factory=dict)
    avant: dict[int, Paire] = field(default_factory=dict)
    neuves: list[Place] = field(default_factory=list)
    otees: list[Place] = field(default_factory=list)

    def copie(self) -> "Feuille":
        """La même, à essayer sans toucher à celle-ci."""
        cases = {place: copy(valeur) for place, valeur in self.cases.items()}
        return Feuille(self.releve, self.indicateurs, cases, self.avant, list(self.neuves), list(self.otees))

    def case(self, place: Place) -> Valeur:
        """La case ; une part que rien ne disait encore naît vide."""
        if place not in self.cases:
            self.cases[place] = Valeur(releve=self.releve, indicateur=self.indicateurs[place[0]], cle=place[1])
            self.neuves.append(place)
        return self.cases[place]

    def oter_les_parts(self, indicateur: int, sauf: Collection[str]) -> None:
        """Les parts que le calcul ne dit plus."""
        for place in [p for p in self.cases if p[0] == indicateur and p[1] and p[1] not in sauf]:
            if self.cases.pop(place).pk:
                self.otees.append(place)
            else:
                self.neuves.remove(place)

    def commun(self, indicateur: Indicateur) -> Decimal | None:
        """La valeur de son dénominateur partagé ; None s'il n'en a pas, ou si elle manque."""
        source = self.cases.get((indicateur.denominateur_commun_id or 0, ""))
        return source.numerateur if source else None

    def rapportes_a(self, indicateur: int) -> list[Valeur]:
        """Les chiffres qui se rapportent à lui."""
        return [
            v
            for (cle, part), v in self.cases.items()
            if not part and self.indicateurs[cle].denominateur_commun_id == indicateur
        ]

    def partager(self, indicateur: int, *, meme_vide: bool = False) -> list[Valeur]:
        """Reporte sa valeur sous les chiffres qui s'y rapportent ; rend ceux qui changent."""
        source = self.cases.get((indicateur, ""))
        if source is None or (source.numerateur is None and not meme_vide):
            return []
        changes = []
        for valeur in self.rapportes_a(indicateur):
            if valeur.numerateur is not None and valeur.denominateur != source.numerateur:
                valeur.denominateur = source.numerateur
                changes.append(valeur)
        return changes

    def a_rapporter_d_abord(self, indicateurs: Iterable[int]) -> list[int]:
        """Ces indicateurs, ceux auxquels d'autres se rapportent en tête : les autres les lisent."""

        def rang(cle: int) -> int:
            connu = self.indicateurs.get(cle)
            return 1 if connu and connu.denominateur_commun_id else 0

        return sorted(indicateurs, key=rang)

    def changees_depuis(self, avant: "Feuille") -> list[Place]:
        """Les cases qui ne disent plus ce qu'elles disaient, et les neuves."""
        return [
            place
            for place, valeur in self.cases.items()
            if place not in avant.cases
            or any(getattr(avant.cases[place], nom) != getattr(valeur, nom) for nom in _COMPARES)
        ]

    def surprises(self, place: Place) -> list[str]:
        """Ce qui, dans cette case, demande un mot."""
        cle, part = place
        if part or place not in self.cases:
            return []
        avant = self.avant.get(cle, (None, None))
        return surprises(self.indicateurs[cle], paire(self.cases[place]), avant)


def lire(releves: Sequence[Releve]) -> dict[int, Feuille]:
    """Les feuilles de ces relevés, par clé ; trois requêtes."""
    cles = [r.pk for r in releves]
    lues = list(Valeur.objects.filter(releve__in=cles).order_by("releve", "indicateur", "cle"))
    # Par des clés, non par une jointure : vingt indicateurs pour vingt mille chiffres.
    indicateurs: dict[int, Indicateur] = Indicateur.objects.in_bulk({v.indicateur_id for v in lues})
    feuilles = {r.pk: Feuille(r, indicateurs) for r in releves}
    for valeur in lues:
        feuille = feuilles[valeur.releve_id]
        valeur.releve, valeur.indicateur = feuille.releve, indicateurs[valeur.indicateur_id]
        feuille.cases[(valeur.indicateur_id, valeur.cle)] = valeur
    _lire_avant(feuilles)
    return feuilles


def _lire_avant(feuilles: dict[int, Feuille]) -> None:
    """Les nombres du relevé d'avant : même ESMS, même cadence."""
    attendus: dict[tuple[int, date, str], Feuille] = {}
    periodes = Q(pk__in=[])
    for periode in {f.releve.periode.precedente() for f in feuilles.values()}:
        periodes |= Q(releve__debut=periode.debut, releve__cadence=periode.cadence)
    for feuille in feuilles.values():
        r = feuille.releve
        attendus[(r.parcours_id, r.periode.precedente().debut, r.cadence)] = feuille
    lus = (
        Valeur.objects.totaux()
        .filter(periodes, numerateur__isnull=False, releve__parcours__in={cle[0] for cle in attendus})
        .order_by()
        .values_list("releve__parcours", "releve__debut", "releve__cadence", "indicateur", "numerateur", "denominateur")
    )
    for parcours, debut, cadence, indicateur, num, sur in lus:
        if avant := attendus.get((parcours, debut, cadence)):
            avant.avant[indicateur] = (num, sur)


@contextmanager
def totaux_tenus(releves: Iterable[Releve]) -> Iterator[None]:
    """Les totaux de ces relevés, verrouillés par l'appelant : leur réponse sort avant l'écriture, et y rentre après."""
    comptes = [r.pk for r in releves if r.est_compte]
    if not comptes:
        yield
        return
    vises = Releve.objects.filter(pk__in=comptes)
    CumulIndicateur.objects.porter_reponses(vises, -1)
    yield
    CumulIndicateur.objects.porter_reponses(vises, 1)


def ecrire(feuilles: Iterable[Feuille], changees: Sequence[Valeur]) -> None:
    """Écrit ces cases, crée les parts neuves, ôte celles qui ne se disent plus. À appeler sous `totaux_tenus`."""
    neuves, otees = [], defaultdict(list)
    for feuille in feuilles:
        neuves += [feuille.cases[place] for place in feuille.neuves]
        for indicateur, part in feuille.otees:
            otees[(indicateur, part)].append(feuille.releve.pk)
    _corriger([v for v in changees if v.pk])
    if neuves:
        _creer(neuves)
    for (indicateur, part), releves in otees.items():
        Valeur.objects.filter(indicateur=indicateur, cle=part, releve__in=releves).delete()


def _adapter(champ: models.Field, objet: Valeur) -> Any:
    return champ.get_db_prep_save(getattr(objet, champ.attname), connection)


def _corriger(valeurs: Sequence[Valeur]) -> None:
    """Un seul ordre, répété : une requête qui grandit avec le lot ne tiendrait pas une région."""
    if not valeurs:
        return
    champs: list[Any] = [Valeur._meta.get_field(nom.removesuffix("_id")) for nom in CHAMPS]
    pose = ", ".join(f"{connection.ops.quote_name(c.column)} = %s" for c in champs)
    lignes = [[*(_adapter(c, v) for c in champs), v.pk] for v in valeurs]
    with connection.cursor() as curseur:
        curseur.executemany(f"UPDATE {Valeur._meta.db_table} SET {pose} WHERE id = %s", lignes)


def _creer(valeurs: Sequence[Valeur]) -> None:
    """Des parts qui naissent. Elles ne font pas un chiffre attendu de plus : leurs totaux naissent à zéro."""
    champs: list[Any] = [c for c in Valeur._meta.concrete_fields if not c.primary_key]
    noms = ", ".join(connection.ops.quote_name(c.column) for c in champs)
    lignes = [[_adapter(c, v) for c in champs] for v in valeurs]
    with connection.cursor() as curseur:
        curseur.executemany(
            f"INSERT INTO {Valeur._meta.db_table} ({noms}) VALUES ({', '.join(['%s'] * len(champs))})", lignes
        )
    parts = Valeur.objects.exclude(cle="").filter(releve__in={v.releve_id for v in valeurs})
    CumulIndicateur.objects.porter_attendus(parts.filter(indicateur__in={v.indicateur_id for v in valeurs}), 1)
