"""Mise à jour par lot : comparer champ à champ, n'écrire que ce qui change, compter.

L'écriture parle SQL sans passer par les objets : c'est trois fois plus court sur un annuaire entier. Elle ne sert
qu'aux référentiels et à l'annuaire, où aucune règle ne tient au `save()` d'un objet.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, cast

from django.db import connection, connections, models, router

from programme.socle.machine import HorsPorte, ModeleAEtats

TAILLE_DE_PAQUET = 2_000
PARAMETRES_PAR_ORDRE = 8_000


@dataclass(slots=True)
class Effets:
    """Ce qu'un lot a fait : nombres de lignes créées, modifiées, inchangées."""

    crees: int = 0
    modifies: int = 0
    inchanges: int = 0


def existants(modele: type[models.Model], cle: str, cles: Sequence[Any], champs: Sequence[str]) -> dict[Any, tuple]:
    """Valeurs en base (`champs`, dans l'ordre) des lignes dont `cle` est dans `cles`, par clé."""
    lignes = modele._default_manager.filter(**{f"{cle}__in": cles}).order_by()
    return {ligne[0]: ligne[1:] for ligne in lignes.values_list(cle, *champs)}


def ecrire(modele: type[models.Model], champs: Sequence[str], lignes: Iterable[tuple]) -> None:
    """Crée ou met à jour des lignes (valeurs de `champs`, dans l'ordre), reconnues par le premier champ, unique.

    `champs` couvre toutes les colonnes obligatoires de la table ; une même clé ne vient qu'une fois. À appeler dans
    une transaction. Lève `HorsPorte` pour un objet à états : lui passe par la porte.
    """
    if issubclass(modele, ModeleAEtats):
        raise HorsPorte(f"{modele._meta.label} ne s'écrit pas par lot.")
    lignes = iter(lignes)
    premiere = next(lignes, None)
    if premiere is None:
        return
    lignes = chain((premiere,), lignes)
    connexion = connections[router.db_for_write(modele)]
    colonnes = [cast(models.Field, modele._meta.get_field(nom)) for nom in champs]
    noms = [connexion.ops.quote_name(str(c.column)) for c in colonnes]
    table = connexion.ops.quote_name(modele._meta.db_table)
    debut = f"INSERT INTO {table} ({', '.join(noms)}) "
    fin = f" ON CONFLICT ({noms[0]}) DO UPDATE SET " + ", ".join(f"{n} = excluded.{n}" for n in noms[1:])
    with connexion.cursor() as curseur:
        if connexion.vendor == "postgresql":
            _copier(curseur, table, noms, lignes, debut, fin)
        else:
            dates = [rang for rang, c in enumerate(colonnes) if isinstance(c, models.DateField)]
            _inserer(curseur, len(noms), (_adapter(ligne, dates, connexion) for ligne in lignes), debut, fin)


def _copier(curseur: Any, table: str, noms: list[str], lignes: Iterable[tuple], debut: str, fin: str) -> None:
    """PostgreSQL : COPY dans une table de passage, puis un seul ordre ; une valeur à la fois coûte le triple."""
    liste = ", ".join(noms)
    curseur.execute(f"CREATE TEMPORARY TABLE lot_en_cours ON COMMIT DROP AS SELECT {liste} FROM {table} LIMIT 0")
    with curseur.copy(f"COPY lot_en_cours ({liste}) FROM STDIN") as copie:
        for ligne in lignes:
            copie.write_row(ligne)
    curseur.execute(f"{debut} SELECT {liste} FROM lot_en_cours WHERE true{fin}")
    curseur.execute("DROP TABLE lot_en_cours")


def _inserer(curseur: Any, largeur: int, lignes: Iterator[list[Any]], debut: str, fin: str) -> None:
    une = f"({', '.join(['%s'] * largeur)})"
    while paquet := list(islice(lignes, max(1, PARAMETRES_PAR_ORDRE // largeur))):
        valeurs = ", ".join([une] * len(paquet))
        curseur.execute(f"{debut} VALUES {valeurs}{fin}", [v for ligne in paquet for v in ligne])


def _adapter(ligne: tuple, dates: list[int], connexion: Any) -> list[Any]:
    valeurs = list(ligne)
    for rang in dates:
        valeurs[rang] = connexion.ops.adapt_datefield_value(valeurs[rang])
    return valeurs


def mettre_a_jour(modele: type[models.Model], cle: str, lignes: Iterable[dict[str, Any]]) -> Effets:
    """Aligne la table sur `lignes` (mêmes colonnes, noms en base) ; ce qui n'y est pas reste tel quel."""
    voulues = {ligne[cle]: ligne for ligne in lignes}
    if not voulues:
        return Effets()
    champs = [nom for nom in next(iter(voulues.values())) if nom != cle]
    en_base = existants(modele, cle, list(voulues), champs)
    changees = [
        (valeur, *(ligne[c] for c in champs))
        for valeur, ligne in voulues.items()
        if en_base.get(valeur) != tuple(ligne[c] for c in champs)
    ]
    ecrire(modele, [cle, *champs], changees)
    crees = sum(1 for valeur in voulues if valeur not in en_base)
    return Effets(crees, len(changees) - crees, len(voulues) - len(changees))


def analyser(*modeles: type[models.Model]) -> None:
    """Statistiques à jour de ces tables (toutes à défaut) : PostgreSQL relirait en entier ce qui vient de grossir."""
    with connection.cursor() as curseur:
        for table in [f'"{m._meta.db_table}"' for m in modeles] or [""]:
            curseur.execute(f"ANALYZE {table}")
