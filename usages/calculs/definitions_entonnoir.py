"""La définition d'une étape de l'entonnoir, de JSON à ses classes pures et retour. Module pur.

Une définition garde de plus ce que l'outil en sait : `source` (d'où viennent les unités d'un passage), `prises_le`,
`reouvertures` (qui a rouvert l'étape, quand, pourquoi). Rien de cela ne change ce que l'étape décide.
"""

from collections.abc import Callable, Mapping
from typing import Any

from usages.calculs.classement import Critere, Departage, RegleDeClassement
from usages.calculs.entonnoir import Etape, EtapeImpossible, Exceptions, Filtre, Passage, Readmission, Selection
from usages.calculs.prerequis import Prerequis
from usages.calculs.quotas import Partage, Plafond, Quota
from usages.calculs.unites_entonnoir import Nature, Unite

Donnees = Mapping[str, Any]
SANS_SUITE = "rien n'en vient à cette étape"


def etape_depuis(*, genre: str, code: str, titre: str, palier: str, definition: Donnees) -> Etape:
    """L'étape que dit cette définition. Lève `EtapeImpossible` avec une phrase qui la nomme."""
    try:
        return _LECTURES[genre]({"code": code, "titre": titre, "palier": palier}, definition)
    except (KeyError, TypeError, AttributeError) as faute:
        raise EtapeImpossible(f"« {titre} » : il manque de quoi la jouer. Modifiez-la pour la compléter.") from faute
    except ValueError as faute:
        raise EtapeImpossible(f"« {titre} » : {faute}") from faute


def definition_de(etape: Etape) -> dict[str, Any]:
    """Ce qu'il faut garder d'une étape pour la relire."""
    if isinstance(etape, Filtre):
        return {"prerequis": [p.en_donnees() for p in etape.prerequis]}
    if isinstance(etape, Passage):
        return {
            "vers": str(etape.vers),
            "unites": [u.en_donnees() for u in etape.unites],
            "prerequis": [p.en_donnees() for p in etape.prerequis],
            "sans_suite": etape.sans_suite,
        }
    if isinstance(etape, Exceptions):
        return {"de": etape.de, "exceptions": [readmission_en_donnees(e) for e in etape.exceptions]}
    if isinstance(etape, Selection):
        return {"regle": etape.regle.en_donnees(), "partage": etape.partage.en_donnees()}
    raise TypeError(f"Genre d'étape inconnu : {etape.genre}.")


def readmission_en_donnees(exception: Readmission) -> dict[str, Any]:
    """Une exception, en JSON."""
    comme = exception.comme.en_donnees() if exception.comme else None
    return {"ref": exception.ref, "motif": exception.motif, "leve": sorted(exception.leve), "comme": comme}


def prerequis_depuis(donnees: Donnees) -> Prerequis:
    """Un prérequis gardé par `Prerequis.en_donnees`."""
    regle = donnees["regle"]
    return Prerequis(donnees["code"], donnees["libelle"], regle, donnees["parametres"], donnees.get("sinon", ""))


def _filtre(commun: dict[str, str], d: Donnees) -> Etape:
    return Filtre(**commun, prerequis=tuple(prerequis_depuis(p) for p in d.get("prerequis", [])))


def _passage(commun: dict[str, str], d: Donnees) -> Etape:
    return Passage(
        **commun,
        vers=Nature(d["vers"]),
        unites=tuple(Unite.depuis(u) for u in d.get("unites", [])),
        prerequis=tuple(prerequis_depuis(p) for p in d.get("prerequis", [])),
        sans_suite=d.get("sans_suite") or SANS_SUITE,
    )


def _exceptions(commun: dict[str, str], d: Donnees) -> Etape:
    lues = (
        Readmission(e["ref"], e["motif"], frozenset(e["leve"]), Unite.depuis(e["comme"]) if e.get("comme") else None)
        for e in d.get("exceptions", [])
    )
    return Exceptions(**commun, de=d["de"], exceptions=tuple(lues))


def _selection(commun: dict[str, str], d: Donnees) -> Etape:
    regle, partage = d["regle"], d["partage"]
    return Selection(
        **commun,
        regle=RegleDeClassement(
            tuple(Critere(*c) for c in regle["criteres"]), tuple(Departage(*x) for x in regle.get("departages", []))
        ),
        partage=Partage(
            partage["places"],
            tuple(Quota(*q) for q in partage.get("quotas", [])),
            tuple(Plafond(*p) for p in partage.get("plafonds", [])),
            partage.get("gardes") or None,
        ),
    )


_LECTURES: Mapping[str, Callable[[dict[str, str], Donnees], Etape]] = {
    Filtre.genre: _filtre,
    Passage.genre: _passage,
    Exceptions.genre: _exceptions,
    Selection.genre: _selection,
}
