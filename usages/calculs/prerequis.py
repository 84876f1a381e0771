"""Les prérequis d'une sélection : des données (un libellé, une règle nommée, ses paramètres). Module pur.

La règle est une fonction de la liste close `REGLES` ; ses paramètres nomment des faits et donnent des seuils. Un fait
qu'on ne connaît pas ne vaut ni oui ni non : l'unité est écartée, et l'on dit qu'il reste à savoir.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from usages.calculs.unites_entonnoir import Faits, Motif, Raison, Unite

Parametres = Mapping[str, Any]


class Constat(StrEnum):
    """Ce qu'on sait d'un prérequis."""

    REUNI = "reuni"
    MANQUE = "manque"
    INCONNU = "inconnu"


@dataclass(frozen=True, slots=True)
class Regle:
    """Une règle nommée. `juger` rend oui, non, ou None si l'on ne sait pas."""

    libelle: str
    parametres: frozenset[str]
    juger: Callable[[Faits, Parametres], bool | None]


def _est_vrai(faits: Faits, p: Parametres) -> bool | None:
    valeur = faits.get(p["fait"])
    return None if valeur is None else bool(valeur)


def _parmi(faits: Faits, p: Parametres) -> bool | None:
    valeur = faits.get(p["fait"])
    return None if valeur in (None, "") else valeur in p["valeurs"]


def _hors_de(faits: Faits, p: Parametres) -> bool | None:
    parmi = _parmi(faits, p)
    return None if parmi is None else not parmi


def _au_moins(faits: Faits, p: Parametres) -> bool | None:
    valeur = faits.get(p["fait"])
    return None if not isinstance(valeur, int) else valeur >= p["seuil"]


def _un_seul_ou_au_moins(faits: Faits, p: Parametres) -> bool | None:
    """Un oui suffit ; sans oui, ce qu'on ne sait pas empêche de dire non."""
    nombre = faits.get(p["nombre"])
    seul = None if nombre is None else nombre == 1
    grand = _au_moins(faits, {"fait": p["taille"], "seuil": p["seuil"]})
    if seul or grand:
        return True
    return None if seul is None or grand is None else False


REGLES: Mapping[str, Regle] = {
    "est_vrai": Regle("est vrai", frozenset({"fait"}), _est_vrai),
    "parmi": Regle("est l'une de ces valeurs", frozenset({"fait", "valeurs"}), _parmi),
    "hors_de": Regle("n'est aucune de ces valeurs", frozenset({"fait", "valeurs"}), _hors_de),
    "au_moins": Regle("atteint ce seuil", frozenset({"fait", "seuil"}), _au_moins),
    "un_seul_ou_au_moins": Regle(
        "n'en a qu'un, ou le plus grand atteint ce seuil",
        frozenset({"nombre", "taille", "seuil"}),
        _un_seul_ou_au_moins,
    ),
}


@dataclass(frozen=True, slots=True)
class Prerequis:
    """Un prérequis. `libelle` : « VSR signée » ; `sinon` : ce qu'on dit de qui ne l'a pas (« VSR non signée »).

    Lève `ValueError` si la règle est inconnue, ou si ses paramètres ne sont pas les siens.
    """

    code: str
    libelle: str
    regle: str
    parametres: Parametres = field(default_factory=dict, hash=False)
    sinon: str = ""

    def __post_init__(self) -> None:
        """Vérifie la règle et ses paramètres."""
        if self.regle not in REGLES:
            raise ValueError(f"Prérequis « {self.libelle} » : la règle « {self.regle} » n'existe pas.")
        attendus = REGLES[self.regle].parametres
        if set(self.parametres) != attendus:
            raise ValueError(f"Prérequis « {self.libelle} » : il faut {', '.join(sorted(attendus))}, et rien d'autre.")

    def constat(self, unite: Unite) -> Constat:
        """Réuni, manque, ou on ne sait pas."""
        juge = REGLES[self.regle].juger(unite.faits, self.parametres)
        return Constat.INCONNU if juge is None else Constat.REUNI if juge else Constat.MANQUE

    def raison(self, unite: Unite) -> Raison | None:
        """Pourquoi cette unité ne passe pas ; None si elle passe."""
        match self.constat(unite):
            case Constat.REUNI:
                return None
            case Constat.MANQUE:
                return Raison(Motif.PREREQUIS, self.sinon or f"il manque « {self.libelle} »", self.code)
            case Constat.INCONNU:
                return Raison(Motif.INCONNU, f"« {self.libelle} » : on ne sait pas", self.code)

    def en_donnees(self) -> dict[str, Any]:
        """De quoi le garder en JSON."""
        return {
            "code": self.code,
            "libelle": self.libelle,
            "regle": self.regle,
            "parametres": {
                nom: list(v) if isinstance(v, tuple | list) else sorted(v) if isinstance(v, set | frozenset) else v
                for nom, v in self.parametres.items()
            },
            "sinon": self.sinon,
        }


def manquants(prerequis: Iterable[Prerequis], unite: Unite) -> tuple[Raison, ...]:
    """Tous les prérequis que cette unité ne réunit pas, pas seulement le premier."""
    return tuple(raison for p in prerequis if (raison := p.raison(unite)) is not None)
