"""Lire les actions : les plus pressées d'un ESMS ou d'une grappe, l'histoire d'une seule, d'où elle vient."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from programme.enums import EtatAction
from programme.models import Action, Grappe, Parcours, Utilisateur
from programme.models.actions import PAR_ECHEANCE
from programme.permissions import peut_tenir_action
from programme.services import journal
from programme.services.actions import cibles_dont_repondre
from programme.socle.dates import date_courte
from programme.socle.origines import Source, origines

MONTREES = 5
HORS_PERIMETRE = "l'objet d'où elle vient n'est pas dans votre périmètre"


def ton_de(action: Action, au: date) -> str:
    """Le ton de son état : de côté, en retard, ou rien."""
    if action.etat == EtatAction.ABANDONNEE:
        return "cote"
    return "reserve" if action.est_en_retard(au) else ""


@dataclass(slots=True)
class Encart:
    """Les actions ouvertes d'un ESMS ou d'une grappe : les plus pressées, combien en tout, où aller."""

    lignes: list[tuple[Action, bool]]
    total: int
    retards: int
    url: str
    url_creer: str
    de_grappe: bool


def encart_de(cible: Grappe | Parcours, *, par: Utilisateur, au: date) -> Encart | None:
    """Ce qu'en montre la page de la cible ; None pour qui n'y lit aucune action et n'en écrit pas."""
    critere = "parcours" if isinstance(cible, Parcours) else "grappe"
    toutes = Action.objects.visibles_par(par).filter(**{critere: cible})
    ecrit = peut_tenir_action(par, cible)
    if not (ecrit or toutes.exists()):
        return None
    ouvertes = toutes.ouvertes()
    creer = f"{reverse('programme:action-creer')}?cible={critere}-{cible.pk}"
    return Encart(
        lignes=[(a, a.est_en_retard(au)) for a in ouvertes.pour_lecture().order_by(*PAR_ECHEANCE)[:MONTREES]],
        total=ouvertes.count(),
        retards=toutes.en_retard(au).count(),
        url=f"{reverse('programme:action-liste')}?{critere}={cible.pk}",
        url_creer=creer if ecrit else "",
        de_grappe=isinstance(cible, Grappe),
    )


def source_de(action: Action, lecteur: Any) -> Source | None:
    """L'objet d'où vient l'action, tel que ce lecteur peut le voir ; None si elle n'en a pas."""
    origine = origines.get(action.origine)
    if action.source_id is None or origine is None or origine.presenter is None:
        return None
    objet: Any = action.source
    return (origine.presenter(objet, lecteur) if objet else None) or Source(HORS_PERIMETRE)


def alerte_de(action: Action, par: Utilisateur) -> str:
    """Ce qui cloche chez le responsable, dit à qui peut la confier à un autre ; vide si tout va bien."""
    compte: Any = action.responsable
    if not action.est_ouverte or not compte or not peut_tenir_action(par, action):
        return ""
    if not compte.is_active:
        return f"Le compte de {compte} est fermé : confiez cette action à quelqu'un d'autre."
    if not cibles_dont_repondre(compte, [action.cible]):
        return f"{compte} ne tient plus de rôle ici et ne voit plus cette action : confiez-la à quelqu'un d'autre."
    return ""


# --- l'histoire ----------------------------------------------------------------------------------------------------


def histoire_de(action: Action) -> list[dict[str, Any]]:
    """Passages et corrections, du plus récent au plus ancien, comme le composant journal les lit. Deux requêtes."""
    return journal.histoire_de(action, _corrections, "responsable")


def _corrections(avant: Any, apres: Any) -> Iterator[str]:
    """Ce qui a changé d'une version à l'autre, l'état mis à part : le journal le dit déjà."""
    if avant.echeance != apres.echeance:
        jours = (date_courte(v.echeance) if v.echeance else "aucune" for v in (avant, apres))
        yield f"Échéance : {' → '.join(jours)}"
    qui = [str(v.responsable or v.responsable_nom or "à désigner") for v in (avant, apres)]
    if qui[0] != qui[1]:
        yield f"Responsable : {' → '.join(qui)}"
    if avant.libelle != apres.libelle:
        yield "Intitulé corrigé"
    if avant.precision != apres.precision:
        yield "Précision corrigée"
