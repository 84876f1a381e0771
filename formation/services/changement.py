"""Le plan de changement : ses actions, rangées sous quatre leviers. L'action, elle, vit comme toutes les autres."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from formation.calculs.gestes_types import SENS, Geste, gestes_de
from formation.enums import Levier, PublicVise
from formation.models import MesureChangement
from formation.origines import CHANGEMENT
from formation.permissions import peut_saisir_formation
from programme.enums import EtatAction
from programme.models import Action, Parcours, Utilisateur
from programme.services.actions import Cible, creer_action, modifier_action
from programme.services.controles import exiger, valider

# --- écrire --------------------------------------------------------------------------------------------------------


@transaction.atomic
def creer_mesure(*, cible: Cible, levier: str, public: str, par: Utilisateur, **valeurs: Any) -> MesureChangement:
    """Écrit une action du plan (`valeurs` : celles d'une action), sous un levier. Lève `Refus` (droit, champ)."""
    exiger(peut_saisir_formation(par, cible))
    action = creer_action(cible=cible, par=par, origine=CHANGEMENT, source=cible, **valeurs)
    return _ranger(MesureChangement(action=action), levier, public)


@transaction.atomic
def modifier_mesure(
    *, mesure: MesureChangement, levier: str, public: str, par: Utilisateur, vu: int | None = None, **valeurs: Any
) -> MesureChangement:
    """Corrige une action ouverte du plan, son levier, son public. Lève `Refus` (droit, etat, champ, concurrence)."""
    exiger(peut_saisir_formation(par, mesure))
    mesure.action = modifier_action(action=mesure.action, par=par, vu=vu, **valeurs)
    return _ranger(mesure, levier, public)


def _ranger(mesure: MesureChangement, levier: str, public: str) -> MesureChangement:
    mesure.levier, mesure.public = levier, public
    valider(mesure)
    mesure.save()
    return mesure


# --- lire ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MesureLue:
    """Une action du plan telle qu'on la montre. `ouvrable` : le lecteur peut en ouvrir la page."""

    mesure: MesureChangement
    en_retard: bool
    ouvrable: bool

    @property
    def action(self) -> Action:
        """Qui, pour quand, où elle en est."""
        return self.mesure.action

    @property
    def est_pour_les_personnes(self) -> bool:
        """Vrai si elle s'adresse aux personnes accompagnées et à leurs proches."""
        return self.mesure.public == PublicVise.PERSONNES


@dataclass(frozen=True, slots=True)
class LevierLu:
    """Un levier : ce qu'il veut dire, ses actions ici, celles de toute la grappe, des gestes pour commencer."""

    levier: Levier
    sens: str
    ici: list[MesureLue]
    de_la_grappe: list[MesureLue]
    gestes: list[tuple[int, Geste]]

    @property
    def est_vide(self) -> bool:
        """Vrai si rien n'y est prévu, ni ici ni pour toute la grappe."""
        return not self.ici and not self.de_la_grappe


def lire_plan(cible: Cible, par: Utilisateur, au: date) -> list[LevierLu]:
    """Les quatre leviers d'un ESMS ou d'une grappe. Deux requêtes."""
    grappe = cible.grappe_id if isinstance(cible, Parcours) else cible.pk
    voulues = Q(action__parcours__isnull=True, action__grappe=grappe)
    if isinstance(cible, Parcours):
        voulues |= Q(action__parcours=cible)
    lues = _lire(MesureChangement.objects.visibles_par(par).filter(voulues).pour_lecture(), par, au)
    ici_d_abord = isinstance(cible, Parcours)
    return [
        LevierLu(
            levier=levier,
            sens=SENS[levier],
            ici=[m for m in siennes if not ici_d_abord or m.action.parcours_id],
            de_la_grappe=[m for m in siennes if ici_d_abord and not m.action.parcours_id],
            gestes=gestes_de(levier),
        )
        for levier in Levier
        for siennes in [[m for m in lues if m.mesure.levier == levier]]
    ]


def _lire(mesures: Iterable[MesureChangement], par: Utilisateur, au: date) -> list[MesureLue]:
    """Les ouvertes d'abord, la plus pressée en tête ; les closes à la fin."""
    lues = list(mesures)
    visibles = Action.objects.visibles_par(par).filter(pk__in=[m.action_id for m in lues]).order_by()
    ouvrables = set(visibles.values_list("pk", flat=True))
    lues.sort(key=lambda m: (not m.action.est_ouverte, m.action.echeance or date.max, m.pk))
    return [MesureLue(m, m.action.est_en_retard(au), m.action_id in ouvrables) for m in lues]


def pour_les_personnes(plan: list[LevierLu]) -> list[MesureLue]:
    """Ce qui s'adresse aux personnes accompagnées et à leurs proches, tous leviers mêlés, sans l'abandonné."""
    toutes = [m for lu in plan for m in (*lu.ici, *lu.de_la_grappe)]
    return [m for m in toutes if m.est_pour_les_personnes and m.action.etat != EtatAction.ABANDONNEE]
