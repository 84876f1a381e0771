"""Les machines à états lues dans le code : ce que `dessiner_etats` dessine et met en tableau.

Rien n'est recopié à la main : états, transitions, arrivées, motifs et conditions viennent des modèles et des registres.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django_fsm import GET_STATE, InvalidResultState, Transition

from programme.socle import conditions
from programme.socle.enums import Severite
from programme.socle.machine import ModeleAEtats, champ_de
from programme.socle.machine import machines as machines_du_code

QuiDecide = Callable[[type[ModeleAEtats], str], list[str]]


@dataclass(frozen=True)
class Fleche:
    """Un départ d'une transition. Plusieurs arrivées : cela dépend de l'objet ou de ce qu'on déclare."""

    transition: str
    depart: str
    arrivees: tuple[str, ...]
    fixe: bool


@dataclass(frozen=True)
class Machine:
    """Une machine : ses états nommés, sa frise (le chemin qui avance), ses flèches."""

    modele: type[ModeleAEtats]
    noms: dict[str, str]
    frise: tuple[str, ...]
    fleches: tuple[Fleche, ...]

    @property
    def nom(self) -> str:
        """Nom de fichier et titre."""
        return str(self.modele._meta.model_name)

    @property
    def de_cote(self) -> tuple[str, ...]:
        """États hors de la frise, dans l'ordre de l'énumération."""
        return tuple(etat for etat in self.noms if etat not in self.frise)

    @property
    def transitions(self) -> list[str]:
        """Noms des transitions, dans l'ordre de déclaration."""
        return list(self.modele.transitions())

    def de(self, transition: str) -> list[Fleche]:
        """Flèches d'une transition, dans l'ordre des états."""
        rangs = list(self.noms)
        return sorted((f for f in self.fleches if f.transition == transition), key=lambda f: rangs.index(f.depart))

    def motif(self, transition: str, depart: str) -> bool:
        """Vrai si le motif est exigé, conditions réunies ou non."""
        reglages = self.modele.transitions()[transition].custom
        return bool(reglages.get("motif_requis")) or depart in reglages.get("motif_requis_depuis", ())


def machines() -> list[Machine]:
    """Toutes les machines du produit, dans l'ordre des apps."""
    return [lire(modele) for modele in machines_du_code().values()]


def lire(modele: type[ModeleAEtats]) -> Machine:
    """La machine d'un modèle."""
    noms = {str(valeur): str(nom) for valeur, nom in champ_de(modele).choices}
    fleches = tuple(_fleche(modele, t, list(noms)) for t in champ_de(modele).get_all_transitions(modele))
    avance: dict[str, list[str]] = {f.depart: [] for f in fleches}
    for fleche in fleches:
        if fleche.fixe and not modele.transitions()[fleche.transition].custom.get("de_cote"):
            avance[fleche.depart] += fleche.arrivees
    return Machine(modele, noms, _plus_long_chemin(str(champ_de(modele).default), avance), fleches)


def _plus_long_chemin(depart: str, suites: dict[str, list[str]], vus: tuple[str, ...] = ()) -> tuple[str, ...]:
    chemins = [_plus_long_chemin(e, suites, (*vus, depart)) for e in suites.get(depart, ()) if e not in vus]
    return (depart, *max(chemins, key=len, default=()))


def _fleche(modele: type[ModeleAEtats], transition: Transition, ordre: list[str]) -> Fleche:
    depart, cible = str(transition.source), transition.target
    if not isinstance(cible, GET_STATE):
        return Fleche(transition.name, depart, (str(cible),), True)
    try:
        trouvees = {str(cible.get_state(objet, transition, "")) for objet in _variantes(modele, depart)}
    except (InvalidResultState, TypeError):
        # L'arrivée est un souvenir de l'objet, ou un argument : tous les états permis sont possibles.
        trouvees = {str(etat) for etat in cible.allowed_states} - {depart}
    return Fleche(transition.name, depart, tuple(sorted(trouvees, key=ordre.index)), False)


def exemplaire(modele: type[models.Model], **champs: Any) -> Any:
    """Le plus petit objet complet, jamais enregistré : de quoi interroger une règle sans base."""
    objet = modele(**champs)
    for champ in modele._meta.concrete_fields:
        lie: Any = champ.related_model
        usuel = champ.name in getattr(modele, "relations_usuelles", ())
        if lie is not None and (usuel or not champ.null) and champ.name not in champs:
            setattr(objet, champ.name, exemplaire(lie))
    return objet


def _variantes(modele: type[ModeleAEtats], etat: str) -> Iterable[Any]:
    """L'objet par défaut, puis le même en changeant un choix à la fois (pilote ou non, type de projet…)."""
    yield exemplaire(modele, etat=etat)
    for champ in modele._meta.concrete_fields:
        valeurs: Iterable[Any] = [v for v, _ in champ.choices or ()]
        if isinstance(champ, models.BooleanField):
            valeurs = (True, False)
        if champ.name != "etat":
            yield from (exemplaire(modele, etat=etat, **{champ.name: valeur}) for valeur in valeurs)


# --- tableau -------------------------------------------------------------------------------------------------------

_SIGNES = {Severite.BARRE: "barre", Severite.LEGALE: "légal", Severite.AVERTIT: "avertit", Severite.MASQUEE: "masquée"}
_ENTETE = """# Les machines à états

Page et dessins écrits par `manage.py dessiner_etats` (ou `make etats`) d'après les modèles, les droits et le registre
de conditions : ne pas corriger à la main. Un test échoue quand ils ne suivent plus le code.

Toute transition passe par la porte (`programme/socle/porte.py`). Le motif est aussi demandé, sur une ligne, chaque fois
qu'une condition qui avertit n'est pas réunie (passage sous réserve). Les sévérités sont celles par défaut : une grappe
règle les siennes, le plancher légal excepté. « Selon le cas » : la condition ne s'adresse qu'à certains ESMS.
"""


def en_markdown(liste: Iterable[Machine], qui_decide: QuiDecide) -> str:
    """La page `docs/etats.md`."""
    return "\n".join([_ENTETE, *(_section(machine, qui_decide) for machine in liste)])


def _section(machine: Machine, qui_decide: QuiDecide) -> str:
    nom = str(machine.modele._meta.verbose_name)
    lignes = [
        f"## {nom[:1].upper()}{nom[1:]}",
        "",
        f"![Machine à états : {nom}](etats/{machine.nom}.svg)",
        "",
        f"Départ : **{machine.noms[machine.frise[0]]}**.",
        "",
        "| transition | de | vers | qui décide | motif exigé | conditions |",
        "|---|---|---|---|---|---|",
        *(_ligne(machine, nom, qui_decide) for nom in machine.transitions),
        "",
    ]
    return "\n".join(lignes)


def _ligne(machine: Machine, transition: str, qui_decide: QuiDecide) -> str:
    verbe = machine.modele.transitions()[transition].custom["verbe"]
    groupes: dict[tuple[str, ...], list[str]] = {}
    for fleche in machine.de(transition):
        groupes.setdefault(fleche.arrivees, []).append(fleche.depart)
    de = "<br>".join(_ou(machine, departs) for departs in groupes.values())
    vers = "<br>".join(_ou(machine, arrivees) for arrivees in groupes)
    aussi = machine.modele.transitions()[transition].custom.get("aussi")
    decideurs = ", ".join([*qui_decide(machine.modele, transition), *([aussi] if aussi else [])]) or "personne"
    cellules = [f"{verbe} (`{transition}`)", de, vers, decideurs, _motifs(machine, transition)]
    return f"| {' | '.join([*cellules, _conditions(machine, transition)])} |"


def _ou(machine: Machine, etats: Iterable[str]) -> str:
    noms = [machine.noms[etat] for etat in etats]
    return " ou ".join(filter(None, [", ".join(noms[:-1]), noms[-1]]))


def _motifs(machine: Machine, transition: str) -> str:
    departs = [fleche.depart for fleche in machine.de(transition)]
    exiges = [depart for depart in departs if machine.motif(transition, depart)]
    if exiges and exiges != departs:
        return f"oui, depuis {_ou(machine, exiges)}"
    return "oui" if exiges else "non"


def _conditions(machine: Machine, transition: str) -> str:
    lignes = []
    for c in conditions.pour(machine.modele._meta.label_lower, transition):
        cas = ", selon le cas" if c.applicable is not None else ""
        lignes.append(f"{c.libelle} ({_SIGNES[c.severite]}{cas}) [{c.source}]")
    return "<br>".join(lignes) or "aucune"
