"""Les actions : les écrire, les reporter, les confier. Tout est vérifié avant la première écriture.

Les autres apps passent par `creer_action`, avec l'origine qu'elles ont inscrite et l'objet d'où vient l'action.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone

from programme.enums import Role
from programme.models import Action, Affectation, Grappe, Groupe, Parcours, Utilisateur
from programme.origines import SAISIE
from programme.permissions import peut_tenir_action
from programme.services.controles import exiger, signer, valider
from programme.services.ensembles import esms_par_grappe
from programme.socle.dates import date_courte
from programme.socle.erreurs import Refus
from programme.socle.origines import origines
from programme.socle.versions import exiger_inchange

Cible = Grappe | Parcours
CHAMPS = ("libelle", "precision", "responsable", "responsable_nom", "echeance")
CLOSE = "Cette action est close : rouvrez-la d'abord."
ECHEANCE_PASSEE = "Le {} est déjà passé : donnez une échéance à venir, ou laissez vide."
DEUX_RESPONSABLES = "Choisissez un compte, ou écrivez une fonction : pas les deux."
NE_VOIT_PAS = "{} ne voit pas {} : choisissez quelqu'un qui y tient un rôle, ou écrivez sa fonction."
_NE_REPONDENT_PAS = (Role.ARS, Role.ADMIN)


def _refuser(champ: str, phrase: str) -> Refus:
    return Refus("champ", phrase, champs={champ: [phrase]})


# --- qui peut en répondre ------------------------------------------------------------------------------------------


def cibles_dont_repondre(compte: Utilisateur, cibles: Collection[Cible]) -> set[Cible]:
    """Celles de ces grappes et de ces ESMS dont ce compte peut tenir une action : il les verrait. Deux requêtes."""
    p = compte.perimetre
    for role in _NE_REPONDENT_PAS:
        p = p.sauf(role)
    if not compte.is_active or not p.affectes:
        return set()
    esms = [c.pk for c in cibles if isinstance(c, Parcours)]
    lisibles = set(Parcours.objects.lisibles_par(compte).filter(pk__in=esms).order_by().values_list("pk", flat=True))
    grappes = [c.pk for c in cibles if isinstance(c, Grappe)]
    siennes = set(Grappe.objects.de_pres(compte).filter(pk__in=grappes).order_by().values_list("pk", flat=True))
    return {
        c
        for c in cibles
        if (c.pk in lisibles if isinstance(c, Parcours) else c.pk in siennes or c.region_id in p.regions)
    }


def comptes_proposes(cibles: Iterable[Cible], au: date) -> dict[Utilisateur, str]:
    """Les comptes qui voient l'une de ces cibles, et les rôles qu'ils y tiennent ; par ordre alphabétique."""
    lus = Affectation.objects.en_cours(au).exclude(role__in=_NE_REPONDENT_PAS).filter(utilisateur__is_active=True)
    rendu: dict[Utilisateur, list[str]] = {}
    for a in lus.filter(_couvrant(list(cibles))).select_related("utilisateur").order_by("utilisateur__nom", "pk"):
        rendu.setdefault(a.utilisateur, []).append(str(Role(a.role).label))
    return {compte: ", ".join(dict.fromkeys(roles)) for compte, roles in rendu.items()}


def _couvrant(cibles: list[Cible]) -> Q:
    """Les affectations qui couvrent une de ces cibles ; d'une grappe, on est aussi par chacun de ses ESMS."""
    grappes = [c for c in cibles if isinstance(c, Grappe)]
    vises = Q(pk__in=[c.pk for c in cibles if isinstance(c, Parcours)])
    par_grappe = Parcours.objects.dans_le_projet().filter(grappe__in=grappes)
    parcours = Parcours.objects.filter(vises | Q(pk__in=par_grappe.order_by().values("pk"))).order_by()
    vus = Parcours.objects.filter(vises).order_by()
    regions = {g.region_id for g in grappes if g.region_id}
    return (
        Q(esms__in=parcours.values("esms"))
        | Q(groupe__in=Groupe.objects.filter(esms__in=parcours.values("esms")).order_by().values("pk"))
        | Q(og__in=parcours.filter(esms__og__isnull=False).values("esms__og"))
        | Q(grappe__in=[g.pk for g in grappes])
        | Q(grappe__in=vus.values("grappe"))
        | Q(region__in=regions)
        | Q(region__in=vus.filter(esms__departement__isnull=False).values("esms__departement__region"))
    )


def cibles_ou_ecrire(par: Utilisateur) -> list[tuple[str, list[tuple[str, str]]]]:
    """Les grappes, puis par grappe les ESMS, pour qui ce compte peut écrire : groupes de (« parcours-12 », nom)."""
    conduites = Grappe.objects.filter(pk__in=par.perimetre.seul(Role.CHEF_PROJET).grappes)
    grappes = [(f"grappe-{g.pk}", g.nom) for g in conduites]
    groupes = [
        (f"Un ESMS, grappe {nom}", [(f"parcours-{cle}", esms) for cle, esms in lignes])
        for nom, lignes in esms_par_grappe(par, peut_tenir_action).items()
    ]
    return [*([("Toute une grappe", grappes)] if grappes else []), *groupes]


# --- vérifier ------------------------------------------------------------------------------------------------------


def faute_d_echeance(echeance: date | None, jour: date) -> str:
    """La phrase qui refuse une échéance passée à ce jour ; vide si elle convient."""
    return ECHEANCE_PASSEE.format(date_courte(echeance)) if echeance and echeance < jour else ""


def _fautes(action: Action, avant: dict[str, Any], jour: date) -> dict[str, list[str]]:
    """Ce qui ne va pas dans ce qui vient d'être saisi ; ce qui n'a pas changé n'est pas redemandé."""
    fautes: dict[str, list[str]] = {}
    if action.echeance != avant.get("echeance") and (phrase := faute_d_echeance(action.echeance, jour)):
        fautes["echeance"] = [phrase]
    compte: Any = action.responsable
    if compte and action.responsable_nom:
        fautes["responsable_nom"] = [DEUX_RESPONSABLES]
    elif compte and compte != avant.get("responsable") and not cibles_dont_repondre(compte, [action.cible]):
        fautes["responsable"] = [NE_VOIT_PAS.format(compte, action.cible)]
    try:
        valider(action, exclure=("source_type", "source_id"))
    except Refus as refus:
        # La contrainte « un seul responsable » est déjà dite, au champ et en mots.
        fautes = {nom: phrases for nom, phrases in refus.champs.items() if nom != "__all__"} | fautes
    return fautes


def _enregistrer(action: Action, valeurs: dict[str, Any], jour: date, par: Utilisateur) -> Action:
    avant = {} if action._state.adding else {nom: getattr(action, nom) for nom in CHAMPS}
    for nom, valeur in valeurs.items():
        setattr(action, nom, valeur)
    if fautes := _fautes(action, avant, jour):
        raise Refus("champ", "action à corriger", champs=fautes)
    signer(action, par)
    action.save()
    return action


# --- écrire --------------------------------------------------------------------------------------------------------


@transaction.atomic
def creer_action(
    *,
    cible: Cible,
    libelle: str,
    par: Utilisateur,
    echeance: date | None = None,
    precision: str = "",
    responsable: Utilisateur | None = None,
    responsable_nom: str = "",
    origine: str = SAISIE,
    source: Model | None = None,
    le: date | None = None,
) -> Action:
    """Écrit une action pour une grappe ou un de ses ESMS.

    `origine` : un code inscrit au registre ; `source` : l'objet d'où elle vient ; `le` : le jour où elle a été décidée,
    aujourd'hui par défaut, jamais à venir, et que l'échéance ne précède pas. Lève `Refus` (droit, champ).
    """
    if origine not in origines:
        raise ValueError(f"Origine d'action inconnue : « {origine} ».")
    exiger(peut_tenir_action(par, cible))
    jour = le or timezone.localdate()
    if jour > timezone.localdate():
        raise _refuser("le", "Une action ne se décide pas dans l'avenir : donnez le jour où elle l'a été.")
    action = Action(
        grappe=cible.grappe if isinstance(cible, Parcours) else cible,
        parcours=cible if isinstance(cible, Parcours) else None,
        origine=origine,
        source=source,
        creee_par=par,
    )
    if le:
        action.creee_le = timezone.make_aware(datetime.combine(le, time(9)))
    valeurs = dict(zip(CHAMPS, (libelle, precision, responsable, responsable_nom, echeance), strict=True))
    return _enregistrer(action, valeurs, jour, par)


def _relire_ouverte(action: Action) -> Action:
    """L'action relue sous verrou ; refusée si elle est close."""
    relue = Action.objects.select_for_update(of=("self",)).pour_lecture().get(pk=action.pk)
    if not relue.est_ouverte:
        raise Refus("etat", CLOSE)
    return relue


@transaction.atomic
def modifier_action(*, action: Action, par: Utilisateur, vu: int | None = None, **valeurs: Any) -> Action:
    """Corrige une action ouverte (`valeurs` : de `CHAMPS`). `vu` : jeton de la version lue.

    Lève `Refus` (droit, etat, champ, concurrence).
    """
    exiger(peut_tenir_action(par, action))
    relue = _relire_ouverte(action)
    exiger_inchange(Action.history.filter(id=action.pk), vu, valeurs.keys())
    return _enregistrer(relue, valeurs, timezone.localdate(), par)


def leguer_action(*, action: Action, a: Utilisateur, par: Utilisateur) -> Action:
    """Une action ouverte change de main quand son responsable s'en va ; le droit est à l'appelant, dans sa transaction.

    `a` la verra dès que commence le rôle qu'on lui confie. Lève `Refus` (etat).
    """
    relue = _relire_ouverte(action)
    relue.responsable, relue.responsable_nom = a, ""
    signer(relue, par)
    relue.save()
    return relue


@transaction.atomic
def reporter_actions(*, actions: Iterable[Action], echeance: date, par: Utilisateur) -> list[Action]:
    """Donne la même échéance à plusieurs actions ouvertes, toutes ou aucune. Lève `Refus` (droit, etat, champ)."""
    return [modifier_action(action=action, par=par, echeance=echeance) for action in actions]


@transaction.atomic
def confier_actions(*, actions: Iterable[Action], responsable: Utilisateur | None, par: Utilisateur) -> list[Action]:
    """Confie plusieurs actions ouvertes au même compte (None : à désigner), toutes ou aucune.

    Lève `Refus` (droit, etat, champ).
    """
    return [modifier_action(action=action, par=par, responsable=responsable, responsable_nom="") for action in actions]
