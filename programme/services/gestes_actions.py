"""Gestes groupés sur des actions : changer l'échéance, le responsable, marquer faites. Le mécanisme : `gestes_lot`."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from programme.enums import Role
from programme.models import Action, Utilisateur
from programme.models.actions import PAR_ECHEANCE
from programme.permissions import ROLES_DES_ACTIONS, peut_tenir_action
from programme.services.actions import (
    CLOSE,
    NE_VOIT_PAS,
    cibles_dont_repondre,
    confier_actions,
    faute_d_echeance,
    reporter_actions,
)
from programme.services.gestes_lot import Geste, Ligne
from programme.socle.dates import date_courte
from programme.socle.models import Passage
from programme.socle.porte import lire_ensemble, refus_prevu
from programme.socle.porte_lot import Demande, changer_etat_en_lot


def lire_actions(cles: Iterable[int], par: Utilisateur, *, verrou: bool = False) -> list[Action]:
    """Ces actions, si elles sont visibles, la plus pressée d'abord."""
    voulues = list(cles)
    if verrou:
        # Le verrou d'abord, sur la table seule : PostgreSQL refuse de verrouiller ce qu'une jointure rend facultatif.
        list(Action.objects.select_for_update().filter(pk__in=voulues).order_by("pk").values_list("pk"))
    visibles = Action.objects.visibles_par(par).filter(pk__in=voulues)
    return list(visibles.select_related("responsable", *Action.relations_lues).order_by(*PAR_ECHEANCE))


def _echeance(jour: date | None) -> str:
    return date_courte(jour) if jour else "aucune"


def _ligne(action: Action, quoi: str, avant: str, apres: str) -> Ligne:
    return Ligne(action, {"État": action.get_etat_display(), quoi: avant}, avant, apres, lieu=str(action.cible))


# --- changer l'échéance ----------------------------------------------------------------------------------------------


def _examiner_echeance(actions: list[Action], par: Utilisateur, *, echeance: date) -> list[Ligne]:
    passee = faute_d_echeance(echeance, timezone.localdate())
    lignes = []
    for action in actions:
        ligne = _ligne(action, "Échéance", _echeance(action.echeance), _echeance(echeance))
        if not (droit := peut_tenir_action(par, action)):
            ligne.refus = droit.motif
        elif not action.est_ouverte:
            ligne.refus = CLOSE
        elif action.echeance == echeance:
            ligne.refus = "Rien à changer : c'est déjà son échéance."
        elif passee:
            ligne.refus = passee
        lignes.append(ligne)
    return lignes


def _ecrire_echeance(actions: list[Action], par: Utilisateur, *, echeance: date) -> None:
    reporter_actions(actions=actions, echeance=echeance, par=par)


# --- changer le responsable ------------------------------------------------------------------------------------------


def _examiner_responsable(actions: list[Action], par: Utilisateur, *, responsable: Utilisateur | None) -> list[Ligne]:
    reponses = cibles_dont_repondre(responsable, {a.cible for a in actions}) if responsable else set()
    lignes = []
    for action in actions:
        avant = action.nom_du_responsable or "à désigner"
        ligne = _ligne(action, "Responsable", avant, str(responsable or "à désigner"))
        if not (droit := peut_tenir_action(par, action)):
            ligne.refus = droit.motif
        elif not action.est_ouverte:
            ligne.refus = CLOSE
        elif action.responsable == responsable and not (action.responsable_nom and responsable is None):
            ligne.refus = f"Rien à changer : déjà {avant}."
        elif responsable and action.cible not in reponses:
            ligne.refus = NE_VOIT_PAS.format(responsable, action.cible)
        lignes.append(ligne)
    return lignes


def _ecrire_responsable(actions: list[Action], par: Utilisateur, *, responsable: Utilisateur | None) -> None:
    confier_actions(actions=actions, responsable=responsable, par=par)


# --- marquer faites --------------------------------------------------------------------------------------------------


def _examiner_faites(actions: list[Action], par: Utilisateur, *, date_effet: date) -> list[Ligne]:
    lectures = lire_ensemble(actions, "terminer", par=par)
    passages = Passage.objects.de_plusieurs(Action, [a.pk for a in actions]).order_by("rang")
    precedentes = {p.objet_id: p.date_effet for p in passages}
    lignes = []
    for action in actions:
        ligne = _ligne(action, "Échéance", _echeance(action.echeance), f"faite le {date_courte(date_effet)}")
        ligne.avant = action.get_etat_display()
        precedente = precedentes.get(action.pk)
        if refus := refus_prevu(action, lectures[action.pk], date_effet=date_effet, precedente=precedente):
            ligne.refus = " ".join(p for phrases in refus.champs.values() for p in phrases) or refus.motif
        lignes.append(ligne)
    return lignes


def _ecrire_faites(actions: list[Action], par: Utilisateur, *, date_effet: date) -> None:
    changer_etat_en_lot("terminer", [Demande(action, par, date_effet) for action in actions])


PEUVENT_EN_REPONDRE = (*ROLES_DES_ACTIONS, Role.GRADES, Role.APPUI, Role.MEMBRE)
GESTES = {
    geste.code: geste
    for geste in (
        Geste(
            "echeance",
            "Changer l’échéance",
            "action a changé d’échéance,actions ont changé d’échéance",
            ROLES_DES_ACTIONS,
            _examiner_echeance,
            _ecrire_echeance,
            lire_actions,
        ),
        Geste(
            "responsable",
            "Changer le responsable",
            "action a changé de responsable,actions ont changé de responsable",
            ROLES_DES_ACTIONS,
            _examiner_responsable,
            _ecrire_responsable,
            lire_actions,
        ),
        Geste(
            "terminer",
            "Marquer faites",
            "action faite,actions faites",
            PEUVENT_EN_REPONDRE,
            _examiner_faites,
            _ecrire_faites,
            lire_actions,
        ),
    )
}
