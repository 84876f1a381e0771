"""Les actions ouvertes de qui part : elles suivent le rôle qui les couvre, ou vont à quelqu'un qu'on nomme."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from programme.enums import Portee
from programme.models import Action, Affectation, Groupe, Parcours, Utilisateur
from programme.permissions import peut_tenir_action
from programme.services.actions import NE_VOIT_PAS, cibles_dont_repondre, leguer_action
from programme.socle.erreurs import Refus

D_UN_ESMS = (Portee.ESMS, Portee.GROUPE, Portee.OG, Portee.GRAPPE, Portee.REGION, Portee.NATIONAL)
D_UNE_GRAPPE = (Portee.GRAPPE, Portee.OG, Portee.GROUPE, Portee.ESMS, Portee.REGION, Portee.NATIONAL)
"""Les étendues, de la plus proche à la plus lointaine d'une action."""


@dataclass(frozen=True, slots=True)
class ActionAPasser:
    """Une action ouverte de qui part, et le rôle le plus proche parmi les siens qui la couvre."""

    action: Action
    role: Affectation | None


def actions_de(compte: Utilisateur, lignes: Collection[Affectation], *, par: Utilisateur) -> list[ActionAPasser]:
    """Ses actions ouvertes que `par` voit et peut faire changer de main ; nombre constant de requêtes.

    Il faut les tenir soi-même, ou pouvoir passer le rôle qui les couvre (`traitable`, posé par `passation.lignes_de`).
    """
    lues = Action.objects.visibles_par(par).ouvertes().filter(responsable=compte)
    actions = list(lues.select_related("grappe", "parcours__esms__departement", "responsable"))
    roles = _couvrants(actions, lignes)
    return [
        ActionAPasser(a, roles.get(a.pk))
        for a in actions
        if peut_tenir_action(par, a) or (roles.get(a.pk) and getattr(roles[a.pk], "traitable", False))
    ]


def _couvrants(actions: Collection[Action], lignes: Iterable[Affectation]) -> dict[int, Affectation]:
    """Par action, l'affectation la plus proche qui la couvre ; celle d'une grappe l'est aussi par un de ses ESMS."""
    roles = list(lignes)
    grappes = {a.grappe_id for a in actions if not a.parcours_id}
    esms: dict[int, set[int]] = defaultdict(set)
    ogs: dict[int, set[int | None]] = defaultdict(set)
    engages = Parcours.objects.dans_le_projet().filter(grappe__in=grappes).order_by()
    for grappe, un, og in engages.values_list("grappe", "esms", "esms__og"):
        esms[grappe].add(un)
        ogs[grappe].add(og)
    groupes: dict[int, set[int]] = defaultdict(set)
    for groupe, un in Groupe.objects.filter(pk__in=[a.groupe_id for a in roles if a.groupe_id]).values_list(
        "pk", "esms"
    ):
        groupes[groupe].add(un)

    def couvre(a: Affectation, action: Action) -> bool:
        p, grappe = action.parcours, action.grappe
        siens = {p.esms_id} if p else esms[grappe.pk]
        region = p.esms.departement.region_id if p and p.esms.departement else None if p else grappe.region_id
        return (
            a.portee == Portee.NATIONAL
            or a.grappe_id == grappe.pk
            or a.esms_id in siens
            or bool(a.groupe_id and groupes[a.groupe_id] & siens)
            or bool(a.og_id and a.og_id in ({p.esms.og_id} if p else ogs[grappe.pk]))
            or bool(a.region_id and a.region_id == region)
        )

    rendu = {}
    for action in actions:
        siens = {Portee(a.portee): a for a in roles if couvre(a, action)}
        ordre = D_UN_ESMS if action.parcours_id else D_UNE_GRAPPE
        if proche := next((siens[portee] for portee in ordre if portee in siens), None):
            rendu[action.pk] = proche
    return rendu


def leguer(
    actions: Iterable[ActionAPasser],
    suites: Mapping[int, Utilisateur],
    *,
    par: Utilisateur,
    a: Utilisateur | None = None,
) -> list[str]:
    """Fait changer de main ces actions, toutes ou aucune ; rend ce qui est fait, en mots.

    `suites` : le successeur de chaque rôle confié, par clé d'affectation. `a` : la même personne pour toutes. Sans l'un
    ni l'autre, une action reste au nom de qui part, et cela se dit. Lève `Refus` au champ `actions-identifiant`.
    """
    choisies = list(actions)
    vues = _vues(a, choisies, suites) if a else set()
    if a and (aveugles := [x.action for x in choisies if x.action.cible not in vues]):
        phrase = NE_VOIT_PAS.format(a, f"« {aveugles[0]} », {aveugles[0].pour}")
        raise Refus("champ", phrase, champs={"actions-identifiant": [phrase]})
    faits = []
    for x in choisies:
        nouveau = a or (suites.get(x.role.pk) if x.role else None)
        if nouveau is None:
            faits.append(f"« {x.action} », {x.action.pour} : reste à son nom.")
            continue
        leguer_action(action=x.action, a=nouveau, par=par)
        faits.append(f"« {x.action} », {x.action.pour} : à {nouveau}.")
    return faits


def _vues(a: Utilisateur, choisies: list[ActionAPasser], suites: Mapping[int, Utilisateur]) -> set[object]:
    """Les cibles que cette personne voit déjà, ou verra par le rôle qu'on lui confie."""
    promises = {x.action.cible for x in choisies if x.role and suites.get(x.role.pk) == a}
    return promises | set(cibles_dont_repondre(a, [x.action.cible for x in choisies]))
