"""Les règles d'une grappe (appels 2022-2025), lues sur sa composition : elles avertissent, elles n'interdisent rien.

Module pur : ni base, ni horloge.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from programme.enums import TypeProjet

MINIMUM_ESMS = 15
MINIMUM_ESMS_OUTRE_MER = 8
SEUIL_NATIONAL = 50
CORSE_ET_OUTRE_MER = frozenset({"01", "02", "03", "04", "06", "94", "975", "977", "978", "986", "987", "988"})


@dataclass(frozen=True, slots=True)
class Membre:
    """Un ESMS de la grappe, réduit à ce que lisent les règles.

    `region` : code INSEE, vide si inconnue. `double` : un autre parcours, ailleurs, finance ou a financé un DUI.
    """

    finess: str
    nom: str
    region: str
    type_projet: str
    double: bool = False


@dataclass(frozen=True, slots=True)
class Regle:
    """Une règle lue : `ok` vaut None quand elle informe sans rien demander."""

    code: str
    libelle: str
    mesure: str
    ok: bool | None
    pourquoi: str = ""


def _accorde(nombre: int, mot: str) -> str:
    return f"{nombre} {mot}" + ("s" if nombre > 1 and not mot.endswith("S") else "")


def minimum(membres: Iterable[Membre]) -> int:
    """Nombre d'ESMS attendu : 8 quand tous sont en Corse ou outre-mer, sinon 15."""
    regions = {m.region for m in membres}
    return MINIMUM_ESMS_OUTRE_MER if regions and regions <= CORSE_ET_OUTRE_MER else MINIMUM_ESMS


def _taille(membres: list[Membre]) -> Regle:
    seuil = minimum(membres)
    ou = " (Corse et outre-mer)" if seuil == MINIMUM_ESMS_OUTRE_MER else ""
    manque = seuil - len(membres)
    return Regle(
        "taille",
        f"Au moins {seuil} ESMS{ou}",
        f"{len(membres)} ESMS" + (f", il en manque {manque}" if manque > 0 else ""),
        manque <= 0,
        "En dessous, l'appel à projets ne retient pas la grappe.",
    )


def type_appel(membres: Iterable[Membre]) -> str:
    """« régional » pour une région ; sur plusieurs, « multirégional » sous 50 ESMS, « national » à partir de 50."""
    liste = list(membres)
    if len({m.region for m in liste if m.region}) <= 1:
        return "régional"
    return "multirégional" if len(liste) < SEUIL_NATIONAL else "national"


def _appel(membres: list[Membre]) -> Regle:
    regions = len({m.region for m in membres if m.region})
    inconnues = sum(1 for m in membres if not m.region)
    mesure = f"{type_appel(membres)}, {_accorde(regions, 'région')}"
    if inconnues:
        mesure += f", {inconnues} ESMS sans région connue"
    ok = False if inconnues else None
    return Regle("appel", "Appel à projets", mesure, ok, "Déduit des régions et du nombre d'ESMS.")


def _finess_propres(membres: list[Membre]) -> Regle:
    repetes = [numero for numero, fois in Counter(m.finess for m in membres).items() if fois > 1]
    doubles = f"{_accorde(len(repetes), 'numéro')} en double : {', '.join(sorted(repetes))}"
    return Regle(
        "finess",
        "Un FINESS géographique propre à chacun",
        doubles if repetes else "tous différents",
        not repetes,
        "Chaque ESMS compte une fois, sous son propre numéro.",
    )


def _types(membres: list[Membre]) -> Regle:
    comptes = Counter(m.type_projet for m in membres)
    mesure = ", ".join(f"{comptes[t]} en {t.label.lower()}" for t in TypeProjet if comptes[t])
    return Regle(
        "mixite",
        "Grappe mixte" if est_mixte(membres) else "Un seul type de projet",
        mesure,
        None,
        "Le type de projet se choisit pour chaque ESMS.",
    )


def est_mixte(membres: Iterable[Membre]) -> bool:
    """Vrai si la grappe mêle plusieurs types de projet."""
    return len({m.type_projet for m in membres}) > 1


def _double_financement(membres: list[Membre]) -> Regle:
    noms = sorted({m.nom for m in membres if m.double})
    return Regle(
        "double_financement",
        "Pas de double financement",
        f"à vérifier pour {', '.join(noms)}" if noms else "rien de signalé",
        not noms,
        "Le même logiciel deux fois, ou deux DUI pour un ESMS : à expliquer au financeur, ce n'est pas interdit.",
    )


def lire_regles(membres: Iterable[Membre]) -> list[Regle]:
    """Les règles, dans l'ordre où elles se lisent ; aucune pour une grappe vide."""
    liste = list(membres)
    if not liste:
        return []
    return [_taille(liste), _appel(liste), _finess_propres(liste), _types(liste), _double_financement(liste)]
