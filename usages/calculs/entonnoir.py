"""L'entonnoir d'une sélection de monographies : de la base aux quelques projets visités. Module pur.

Chaque étape a un critère nommé, ses entrées, et une décision par unité, avec ses raisons. L'unité change en route et
chaque étape le dit (« 111 grappes → 44 OG ») :

    Filtre       des prérequis ; on dit tous ceux qui manquent
    Passage      d'une unité à une autre : les OG d'une grappe, les structures qui ont répondu, leurs projets
    Exceptions   des unités écartées plus haut, réadmises pour un motif, en levant les prérequis qu'elles n'ont pas
    Selection    un classement par une règle gardée, puis des places sous quotas (`quotas`)

Une étape se fige avec l'empreinte de sa définition et de ses entrées : rejouer dit si elles ont bougé, sans y toucher.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, ClassVar

from programme.socle.empreintes import empreinte_de
from programme.socle.nombres import liste
from usages.calculs.classement import RegleDeClassement, classer
from usages.calculs.prerequis import Prerequis, manquants
from usages.calculs.quotas import Partage, attribuer
from usages.calculs.unites_entonnoir import FORMES, Decision, Motif, Nature, Raison, Statut, Unite, compter, ranger


class EtapeImpossible(ValueError):
    """Une étape qui ne tient pas debout : une phrase dit laquelle, et quoi corriger."""


@dataclass(frozen=True, slots=True)
class Resultat:
    """Ce qu'une étape a fait. `entrees` : ce qui y entre ; une décision par unité examinée, retenue ou non."""

    code: str
    titre: str
    palier: str
    entrees: tuple[Unite, ...]
    decisions: tuple[Decision, ...]
    empreinte: str
    remarques: tuple[str, ...] = ()
    a_bouge: bool = False
    """Vrai si l'étape est figée et que ses entrées, ou sa définition, ne sont plus celles d'alors."""

    @property
    def sorties(self) -> tuple[Unite, ...]:
        """Ce qui passe à l'étape suivante."""
        return tuple(d.unite for d in self.decisions if d.statut != Statut.ECARTE)

    @property
    def readmis(self) -> tuple[Decision, ...]:
        """Les exceptions."""
        return tuple(d for d in self.decisions if d.statut == Statut.READMIS)

    @property
    def ecartes(self) -> tuple[Decision, ...]:
        """Ce qui s'arrête là, et pourquoi ; sans ce qui ne pouvait pas y entrer (`sans_origine`)."""
        return tuple(d for d in self.decisions if d.statut == Statut.ECARTE and not _sans_origine(d))

    @property
    def sans_origine(self) -> tuple[Decision, ...]:
        """À un passage, les unités qui ne viennent d'aucune entrée : les OG de grappes déjà écartées."""
        return tuple(d for d in self.decisions if _sans_origine(d))

    @property
    def en_clair(self) -> str:
        """« 111 grappes → 44 OG »."""
        return f"{compter(self.entrees)} → {compter(self.sorties)}"

    def en_donnees(self) -> dict[str, Any]:
        """De quoi figer l'étape en JSON ; `depuis` la relit."""
        return {
            "code": self.code,
            "titre": self.titre,
            "palier": self.palier,
            "entrees": [u.en_donnees() for u in self.entrees],
            "decisions": [d.en_donnees() for d in self.decisions],
            "empreinte": self.empreinte,
            "remarques": list(self.remarques),
        }

    @classmethod
    def depuis(cls, donnees: Mapping[str, Any]) -> "Resultat":
        """L'étape figée par `en_donnees`."""
        return cls(
            donnees["code"],
            donnees["titre"],
            donnees["palier"],
            tuple(Unite.depuis(u) for u in donnees["entrees"]),
            tuple(Decision.depuis(d) for d in donnees["decisions"]),
            donnees["empreinte"],
            tuple(donnees["remarques"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Etape(ABC):
    """Ce que toute étape a. `palier` : les étapes de suite qui portent le même mot se lisent en une ligne."""

    genre: ClassVar[str] = ""
    code: str
    titre: str
    palier: str = ""

    @abstractmethod
    def decider(self, entrees: tuple[Unite, ...], avant: Sequence[Resultat]) -> tuple[list[Decision], tuple[str, ...]]:
        """Une décision par unité examinée, et les remarques de l'étape."""

    def definition(self) -> dict[str, Any]:
        """Ce qui la définit, en JSON : entre dans son empreinte."""
        return {"genre": self.genre, "code": self.code}

    def empreinte(self, entrees: Iterable[Unite], avant: Sequence[Resultat] = ()) -> str:
        """L'empreinte de tout ce dont son résultat dépend."""
        return empreinte_de({"etape": self.definition(), "entrees": [u.en_donnees() for u in ranger(entrees)]})

    def appliquer(self, entrees: Iterable[Unite], avant: Sequence[Resultat] = ()) -> Resultat:
        """L'étape jouée sur ces entrées, dans n'importe quel ordre. Lève `ValueError` si elle ne tient pas debout."""
        rangees = ranger(entrees)
        decisions, remarques = self.decider(rangees, avant)
        empreinte, palier = self.empreinte(rangees, avant), self.palier or self.code
        return Resultat(self.code, self.titre, palier, rangees, tuple(decisions), empreinte, remarques)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filtre(Etape):
    """Ne laisse passer que ce qui réunit tous les prérequis."""

    genre: ClassVar[str] = "filtre"
    prerequis: tuple[Prerequis, ...]

    def decider(self, entrees: tuple[Unite, ...], avant: Sequence[Resultat]) -> tuple[list[Decision], tuple[str, ...]]:
        """Retenu, ou écarté pour tous les prérequis qui manquent."""
        reunis = Raison(Motif.REUNI, "réunit " + (liste(f"« {p.libelle} »" for p in self.prerequis) or "tout"))
        return [
            Decision(
                u, Statut.ECARTE if (manque := manquants(self.prerequis, u)) else Statut.RETENU, manque or (reunis,)
            )
            for u in entrees
        ], ()

    def definition(self) -> dict[str, Any]:
        """Les prérequis en plus."""
        return {**Etape.definition(self), "prerequis": [p.en_donnees() for p in self.prerequis]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage(Etape):
    """Change d'unité : garde les unités `vers` issues d'une entrée au moins, et qui réunissent leurs prérequis.

    `sans_suite` : ce qu'on dit d'une entrée dont rien ne vient (« n'a pas répondu »).
    """

    genre: ClassVar[str] = "passage"
    vers: Nature
    unites: tuple[Unite, ...]
    prerequis: tuple[Prerequis, ...] = ()
    sans_suite: str = "rien n'en vient à cette étape"

    def decider(self, entrees: tuple[Unite, ...], avant: Sequence[Resultat]) -> tuple[list[Decision], tuple[str, ...]]:
        """Une décision par unité d'arrivée, puis les entrées sans suite."""
        if autres := {u.nature for u in self.unites} - {self.vers}:
            raise EtapeImpossible(
                f"« {self.titre} » attend des {FORMES[self.vers].split(',')[1]}, pas : {liste(sorted(autres))}."
            )
        noms = {u.ref: u.nom for u in entrees}
        decisions, suivies = [], set()
        for unite in ranger(self.unites):
            origines = sorted(ref for ref in unite.issue_de if ref in noms)
            if not origines:
                raisons: tuple[Raison, ...] = (Raison(Motif.SANS_ORIGINE, "ne vient d'aucune unité retenue jusque-là"),)
            else:
                raisons = manquants(self.prerequis, unite)
            if raisons:
                decisions.append(Decision(unite, Statut.ECARTE, raisons))
                continue
            suivies.update(origines)
            suivi = Raison(Motif.SUIVI, f"vient de {liste(noms[ref] for ref in origines)}", par=tuple(origines))
            decisions.append(Decision(unite, Statut.RETENU, (suivi,)))
        sans_suite = (Raison(Motif.SANS_SUITE, self.sans_suite),)
        return decisions + [Decision(u, Statut.ECARTE, sans_suite) for u in entrees if u.ref not in suivies], ()

    def definition(self) -> dict[str, Any]:
        """Les unités d'arrivée et leurs prérequis en plus."""
        return {
            **Etape.definition(self),
            "vers": str(self.vers),
            "unites": [u.en_donnees() for u in ranger(self.unites)],
            "prerequis": [p.en_donnees() for p in self.prerequis],
        }


@dataclass(frozen=True, slots=True)
class Readmission:
    """Une unité écartée, réadmise. `leve` : les codes des prérequis levés ; `comme` : l'unité qu'elle devient alors."""

    ref: str
    motif: str
    leve: frozenset[str]
    comme: Unite | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exceptions(Etape):
    """Réadmet des unités écartées à l'étape `de`, sans rien ôter à celles qui y sont déjà."""

    genre: ClassVar[str] = "exceptions"
    de: str
    exceptions: tuple[Readmission, ...]

    def decider(self, entrees: tuple[Unite, ...], avant: Sequence[Resultat]) -> tuple[list[Decision], tuple[str, ...]]:
        """Les entrées, puis les réadmises. Lève `EtapeImpossible` si une exception ne lève pas juste ce qui manque."""
        source = next((r for r in avant if r.code == self.de), None)
        if source is None:
            raise EtapeImpossible(f"« {self.titre} » : l'étape « {self.de} » ne la précède pas.")
        ecartes = {d.unite.ref: d for d in source.ecartes}
        reunies = ranger(self._admise(e, ecartes) for e in self.exceptions)
        motifs = {self._admise(e, ecartes).ref: e for e in self.exceptions}
        ranger((*entrees, *reunies))
        deja = (Raison(Motif.DEJA, "déjà là"),)
        readmises = [
            Decision(u, Statut.READMIS, (self._raison(motifs[u.ref], ecartes[motifs[u.ref].ref]),)) for u in reunies
        ]
        return [Decision(u, Statut.RETENU, deja) for u in entrees] + readmises, ()

    def empreinte(self, entrees: Iterable[Unite], avant: Sequence[Resultat] = ()) -> str:
        """Dépend aussi de ce qui a écarté les unités réadmises."""
        visees = {e.ref for e in self.exceptions}
        ecartees = [d.en_donnees() for r in avant if r.code == self.de for d in r.ecartes if d.unite.ref in visees]
        return empreinte_de({"de": ecartees, "reste": Etape.empreinte(self, entrees)})

    def _admise(self, exception: Readmission, ecartes: Mapping[str, Decision]) -> Unite:
        ecarte = ecartes.get(exception.ref)
        if ecarte is None:
            raise EtapeImpossible(f"Exception pour {exception.ref} : cette unité n'a pas été écartée à « {self.de} ».")
        nom, manque = ecarte.unite.nom, {r.sur for r in ecarte.raisons if r.sur}
        if not exception.motif.strip():
            raise EtapeImpossible(f"Exception pour {nom} : dites pourquoi.")
        if not manque:
            raise EtapeImpossible(f"Exception pour {nom} : aucun prérequis ne l'a écarté{ecarte.unite.e}.")
        if reste := manque - exception.leve:
            raise EtapeImpossible(f"Exception pour {nom} : il reste à lever {liste(sorted(reste))}.")
        if trop := exception.leve - manque:
            raise EtapeImpossible(f"Exception pour {nom} : rien à lever pour {liste(sorted(trop))}.")
        if exception.comme is None:
            return ecarte.unite
        return replace(exception.comme, issue_de=tuple(sorted({*exception.comme.issue_de, exception.ref})))

    def _raison(self, exception: Readmission, ecarte: Decision) -> Raison:
        levees = liste(r.dit for r in ecarte.raisons)
        return Raison(Motif.EXCEPTION, f"{exception.motif} (malgré : {levees})", ",".join(sorted(exception.leve)))

    def definition(self) -> dict[str, Any]:
        """Les exceptions en plus."""
        lignes = [
            [e.ref, e.motif, sorted(e.leve), e.comme.en_donnees() if e.comme else None]
            for e in sorted(self.exceptions, key=lambda e: e.ref)
        ]
        return {**Etape.definition(self), "de": self.de, "exceptions": lignes}


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection(Etape):
    """Classe les entrées, puis donne les places."""

    genre: ClassVar[str] = "selection"
    regle: RegleDeClassement
    partage: Partage

    def decider(self, entrees: tuple[Unite, ...], avant: Sequence[Resultat]) -> tuple[list[Decision], tuple[str, ...]]:
        """Du premier au dernier, puis ceux qu'on ne peut pas classer."""
        classement = classer(entrees, self.regle)
        attribution = attribuer(classement.places, self.partage)
        decisions = [
            Decision(
                c.place.unite, Statut.RETENU if c.est_retenu else Statut.ECARTE, c.raisons, c.place.rang, c.place.note
            )
            for c in attribution.choix
        ]
        for unite, absentes in classement.non_classees:
            dit = f"pas de note pour {liste(absentes)}"
            decisions.append(Decision(unite, Statut.ECARTE, (Raison(Motif.NON_CLASSE, dit),)))
        remarques = [m.en_clair for m in attribution.manques]
        if attribution.vides:
            remarques.append(f"Places hors quota que personne ne remplit : {attribution.vides}.")
        return decisions, (*remarques, *attribution.remarques)

    def definition(self) -> dict[str, Any]:
        """La règle et les places en plus."""
        return {
            **Etape.definition(self),
            "regle": self.regle.en_donnees(),
            "partage": self.partage.en_donnees(),
        }


# --- tout l'entonnoir ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entonnoir:
    """L'entonnoir déroulé, étape par étape."""

    base: tuple[Unite, ...]
    resultats: tuple[Resultat, ...] = ()

    @property
    def sorties(self) -> tuple[Unite, ...]:
        """Ce qui reste à la fin."""
        return self.resultats[-1].sorties if self.resultats else self.base

    @property
    def paliers(self) -> list[tuple[str, str]]:
        """Une ligne par palier : son nom, « 111 grappes → 44 OG »."""
        rendu = []
        for palier, groupe in groupby(self.resultats, key=lambda r: r.palier):
            siens = list(groupe)
            rendu.append((palier, f"{compter(siens[0].entrees)} → {compter(siens[-1].sorties)}"))
        return rendu

    def pourquoi(self, ref: str) -> list[tuple[Resultat, Decision]]:
        """Le chemin d'une unité : ce qui l'a précédée, ce qu'on en a décidé, ce qu'elle est devenue ensuite."""
        toutes = {d.unite.ref: d.unite for r in self.resultats for d in r.decisions} | {u.ref: u for u in self.base}
        suivies = {ref} | _atteintes(ref, lambda r: toutes[r].issue_de if r in toutes else ())
        venues: dict[str, list[str]] = {}
        for unite in toutes.values():
            for origine in unite.issue_de:
                venues.setdefault(origine, []).append(unite.ref)
        suivies |= _atteintes(ref, lambda r: venues.get(r, ()))
        return [(r, d) for r in self.resultats for d in r.decisions if d.unite.ref in suivies]


def derouler(
    base: Iterable[Unite], etapes: Sequence[Etape], figees: Mapping[str, Mapping[str, Any]] | None = None
) -> Entonnoir:
    """L'entonnoir joué sur cette base. `figees` : code d'étape → ce que `Resultat.en_donnees` en avait gardé.

    D'une étape figée, on garde les décisions d'alors et l'on dit si elle a bougé depuis. Lève `ValueError` si une étape
    ne tient pas debout, ou si deux portent le même code.
    """
    if len({e.code for e in etapes}) < len(etapes):
        raise EtapeImpossible("Deux étapes portent le même code : un code par étape.")
    entonnoir = Entonnoir(ranger(base))
    for etape in etapes:
        gardee = (figees or {}).get(etape.code)
        resultat = (
            etape.appliquer(entonnoir.sorties, entonnoir.resultats)
            if gardee is None
            else _relire(gardee, etape, entonnoir)
        )
        entonnoir = replace(entonnoir, resultats=(*entonnoir.resultats, resultat))
    return entonnoir


def differences(avant: Iterable[Unite], apres: Iterable[Unite]) -> list[str]:
    """Ce qui a bougé entre les entrées d'une étape figée et celles d'aujourd'hui, une phrase par unité."""
    anciennes, neuves = ({u.ref: u for u in ranger(unites)} for unites in (avant, apres))
    rendu = []
    for ref in sorted(anciennes.keys() | neuves.keys()):
        ancienne, neuve = anciennes.get(ref), neuves.get(ref)
        if ancienne is None and neuve is not None:
            rendu.append(f"{neuve.nom} : entré{neuve.e} depuis")
        elif neuve is None and ancienne is not None:
            rendu.append(f"{ancienne.nom} : n'y est plus")
        elif ancienne is not None and neuve is not None and ancienne.en_donnees() != neuve.en_donnees():
            faits = sorted(ancienne.faits.keys() | neuve.faits.keys())
            changes = [f for f in faits if ancienne.faits.get(f) != neuve.faits.get(f)]
            rendu.append(f"{neuve.nom} : a changé ({liste(changes) or 'son nom ou son origine'})")
    return rendu


def _sans_origine(decision: Decision) -> bool:
    return any(r.motif == Motif.SANS_ORIGINE for r in decision.raisons)


def _relire(gardee: Mapping[str, Any], etape: Etape, entonnoir: Entonnoir) -> Resultat:
    figee = Resultat.depuis(gardee)
    return replace(figee, a_bouge=etape.empreinte(entonnoir.sorties, entonnoir.resultats) != figee.empreinte)


def _atteintes(depart: str, suite: Callable[[str], Iterable[str]]) -> set[str]:
    vues: set[str] = set()
    a_voir = [depart]
    while a_voir:
        for ref in suite(a_voir.pop()):
            if ref not in vues:
                vues.add(ref)
                a_voir.append(ref)
    return vues
