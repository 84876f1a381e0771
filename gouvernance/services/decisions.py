"""Le registre des décisions : les instruire, les corriger, dire qui elles touchent et ce qui en naît."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from gouvernance.enums import EffetDecision, EtatSeance, TypeIssue
from gouvernance.models import Decision, Instance, Point, Portee, Seance
from gouvernance.origines import DECISION
from gouvernance.permissions import peut_tenir_decision
from gouvernance.services.issues import consigner
from programme.models import Action, Grappe, Parcours, Utilisateur
from programme.models.actions import TOUTE_LA_GRAPPE
from programme.services import journal
from programme.services.actions import creer_action
from programme.services.controles import exiger, signer, valider
from programme.socle.conditions import conditions
from programme.socle.dates import date_courte
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde, liste
from programme.socle.versions import exiger_inchange

CHAMPS = (
    "seance",
    "intitule",
    "texte",
    "pourquoi",
    "effet",
    "changement",
    "condition",
    "levee_du",
    "levee_au",
    "remplace",
    "revue_le",
)
A_PRECISER = (EffetDecision.REGLAGE, EffetDecision.CALENDRIER, EffetDecision.CIBLE)
PORTEE_CHANGEE = "portee"
"""Ce que l'historique retient d'une correction qui change les ESMS nommés : ils sont dans une autre table."""

ARBITREE = "Cette décision n'est plus à instruire : elle ne se corrige plus. Une autre peut la remplacer."
SANS_EFFET = "Cette décision ne vaut plus : rien n'en naît."
INSTANCE_CLOSE = "Cette instance est close : choisissez-en une autre."
NE_LEVE_PAS = "« {} » ne lève pas de condition : seuls un COMOP et un COSTRAT le peuvent."
CONDITION_A_DIRE = "Dites quelle condition se lève."
CONDITION_INCONNUE = "Cette condition n'est pas connue : choisissez-en une de la liste."
NE_SE_LEVE_PAS = "Cette condition ne se lève pas : {}."
D_UN_ESMS_SEULEMENT = "Cette condition ne porte pas sur un ESMS : aucune décision ne la lève."
SANS_ESMS = "Nommez les ESMS pour qui la condition se lève : jamais toute une grappe."
AUTRE_GRAPPE = "Ces ESMS ne sont pas de la grappe « {} » : {}."
DEBUT_A_DIRE = "Donnez le début de la levée."
FIN_A_DIRE = "Donnez la fin de la levée : elle en a toujours une."
FIN_AVANT_DEBUT = "La levée finit avant de commencer : corrigez l'une des deux dates."
FIN_PASSEE = "Le {} est déjà passé : donnez une fin à venir."
REVUE_PASSEE = "Le {} est déjà passé : donnez une date de revue à venir, ou laissez vide."
CHANGEMENT_A_DIRE = "Dites précisément ce qui change : quoi, de combien, pour quand."
SE_REMPLACE = "Une décision ne se remplace pas elle-même : choisissez-en une autre."
REMPLACE_AILLEURS = "« {} » est d'une autre grappe : une décision en remplace une de la sienne."
REMPLACE_SANS_EFFET = "« {} » ne vaut pas, ou plus : on ne remplace qu'une décision arbitrée ou appliquée."
SEANCE_AILLEURS = "Cette séance est celle d'une autre instance : choisissez-en une de « {} »."
SEANCE_PASSEE = "Cette séance est annulée, ou son compte rendu est diffusé : choisissez-en une autre."


# --- vérifier ------------------------------------------------------------------------------------------------------


def faute_de_condition(code: str) -> str:
    """La phrase qui refuse de lever cette condition ; vide si elle se lève."""
    if not code:
        return CONDITION_A_DIRE
    condition = conditions.get(code)
    if condition is None:
        return CONDITION_INCONNUE
    if condition.verrou:
        return NE_SE_LEVE_PAS.format(condition.verrou)
    return "" if condition.suit_un_parcours else D_UN_ESMS_SEULEMENT


def _fautes_de_levee(d: Decision, portee: Collection[Parcours], jour: date) -> Iterator[tuple[str, str]]:
    if not d.comite.peut_lever:
        yield "effet", NE_LEVE_PAS.format(d.comite)
    if phrase := faute_de_condition(d.condition):
        yield "condition", phrase
    if not portee:
        yield "parcours", SANS_ESMS
    if d.levee_du is None:
        yield "levee_du", DEBUT_A_DIRE
    if d.levee_au is None:
        yield "levee_au", FIN_A_DIRE
    elif d.levee_du and d.levee_au < d.levee_du:
        yield "levee_au", FIN_AVANT_DEBUT
    elif d.levee_au < jour:
        yield "levee_au", FIN_PASSEE.format(date_courte(d.levee_au))


def _fautes_de_remplacement(d: Decision, par: Utilisateur) -> Iterator[tuple[str, str]]:
    ancienne = d.remplace
    if ancienne is None:
        return
    if ancienne.pk == d.pk:
        yield "remplace", SE_REMPLACE
    elif ancienne.grappe_id != d.grappe_id:
        yield "remplace", REMPLACE_AILLEURS.format(ancienne)
    elif not ancienne.est_en_vigueur:
        yield "remplace", REMPLACE_SANS_EFFET.format(ancienne)
    elif not (droit := peut_tenir_decision(par, ancienne)):
        yield "remplace", droit.motif


def _fautes(
    d: Decision, portee: Collection[Parcours], avant: dict[str, Any], jour: date, par: Utilisateur
) -> Iterator[tuple[str, str]]:
    """Ce qui ne va pas, champ par champ ; ce qui n'a pas changé n'est pas redemandé."""
    if d.seance and d.seance.comite_id != d.comite_id:
        yield "seance", SEANCE_AILLEURS.format(d.comite)
    elif d.seance != avant.get("seance") and d.seance and d.seance.etat in (EtatSeance.ANNULEE, EtatSeance.DIFFUSEE):
        yield "seance", SEANCE_PASSEE
    if ailleurs := [str(p) for p in portee if p.grappe_id != d.grappe_id]:
        yield "parcours", AUTRE_GRAPPE.format(d.grappe, liste(ailleurs))
    if d.effet in A_PRECISER and not d.changement:
        yield "changement", CHANGEMENT_A_DIRE
    if d.revue_le and d.revue_le != avant.get("revue_le") and d.revue_le < jour:
        yield "revue_le", REVUE_PASSEE.format(date_courte(d.revue_le))
    if d.est_levee:
        yield from _fautes_de_levee(d, portee, jour)
    yield from _fautes_de_remplacement(d, par)


def _exiger_valide(
    d: Decision, portee: Collection[Parcours], avant: dict[str, Any], jour: date, par: Utilisateur
) -> None:
    fautes: dict[str, list[str]] = {}
    try:
        # La portée s'écrit ensuite ; les contraintes à plusieurs champs se disent plus bas, au champ et en mots.
        valider(d, exclure=("parcours",))
    except Refus as refus:
        fautes = {nom: phrases for nom, phrases in refus.champs.items() if nom != "__all__"}
    for nom, phrase in _fautes(d, portee, avant, jour, par):
        fautes.setdefault(nom, []).append(phrase)
    if fautes:
        raise Refus("champ", "décision à corriger", champs=fautes)


# --- écrire --------------------------------------------------------------------------------------------------------


def _enregistrer(
    d: Decision,
    portee: Collection[Parcours],
    valeurs: dict[str, Any],
    *,
    par: Utilisateur,
    avant: dict[str, Any] | None = None,
    jour: date | None = None,
) -> Decision:
    for nom, valeur in valeurs.items():
        setattr(d, nom, valeur)
    if not d.est_levee:
        d.condition, d.levee_du, d.levee_au = "", None, None
    _exiger_valide(d, portee, avant or {}, jour or timezone.localdate(), par)
    signer(d, par)
    d.save()
    gardes = {p.pk for p in portee}
    d.portees.exclude(parcours__in=gardes).delete()
    deja = set(d.portees.values_list("parcours", flat=True))
    Portee.objects.bulk_create(Portee(decision=d, parcours_id=pk) for pk in sorted(gardes - deja))
    return d


def _prochain_numero(grappe: Grappe) -> int:
    """Le rang suivant dans la grappe : sous son verrou, deux décisions ne prennent pas le même et aucun ne saute."""
    Grappe.objects.select_for_update(of=("self",)).get(pk=grappe.pk)
    return (Decision.objects.filter(grappe=grappe).aggregate(n=Max("numero"))["n"] or 0) + 1


@transaction.atomic
def instruire(
    *,
    comite: Instance,
    par: Utilisateur,
    parcours: Collection[Parcours] = (),
    point: Point | None = None,
    le: date | None = None,
    **valeurs: Any,
) -> Decision:
    """Écrit une décision à prendre par cette instance.

    `parcours` : les ESMS qu'elle nomme ; aucun, et elle vaut pour toute la grappe. `valeurs` : de `CHAMPS`, `intitule`
    au moins. `point` : le point de l'ordre du jour d'où elle vient ; si la séance s'écrit, elle en devient une issue.
    `le` : le jour où elle s'est écrite, aujourd'hui par défaut. Lève `Refus` (droit, champ).
    """
    exiger(peut_tenir_decision(par, comite))
    if comite.close_le and comite.close_le <= timezone.localdate():
        raise Refus("champ", INSTANCE_CLOSE, champs={"comite": [INSTANCE_CLOSE]})
    if point is not None:
        valeurs.setdefault("seance", point.seance)
    d = Decision(comite=comite, grappe=comite.grappe, numero=_prochain_numero(comite.grappe), creee_par=par)
    if le:
        d.creee_le = timezone.make_aware(datetime.combine(le, time(9)))
    _enregistrer(d, parcours, valeurs, par=par, jour=le)
    if point is not None and d.seance == point.seance:
        _consigner_au_point(d, point, par)
    return d


def _consigner_au_point(d: Decision, point: Point, par: Utilisateur) -> None:
    """L'issue, si le compte rendu s'écrit encore : relu sous verrou, il a pu partir depuis que la page est ouverte."""
    point.seance = Seance.objects.select_for_update(of=("self",)).pour_lecture().get(pk=point.seance_id)
    if point.seance.s_ecrit:
        consigner(point, TypeIssue.DECISION, d.intitule, par=par, decision=d)


@transaction.atomic
def modifier(
    *,
    decision: Decision,
    par: Utilisateur,
    parcours: Collection[Parcours] | None = None,
    vu: int | None = None,
    **valeurs: Any,
) -> Decision:
    """Corrige une décision pas encore arbitrée (`valeurs` : de `CHAMPS`). `vu` : jeton de la version lue.

    `parcours` : les ESMS qu'elle nomme désormais ; None les laisse. Lève `Refus` (droit, etat, champ, concurrence).
    """
    exiger(peut_tenir_decision(par, decision))
    relue = Decision.objects.select_for_update(of=("self",)).pour_lecture().get(pk=decision.pk)
    if not relue.est_instruite:
        raise Refus("etat", ARBITREE)
    historique = Decision.history.filter(id=relue.pk)
    exiger_inchange(historique, vu, valeurs.keys())
    _exiger_meme_portee(historique, vu, parcours)
    avant = {nom: getattr(relue, nom) for nom in CHAMPS}
    nommes = list(Parcours.objects.filter(portees__decision=relue))
    portee = nommes if parcours is None else parcours
    if {p.pk for p in portee} != {p.pk for p in nommes}:
        relue._change_reason = PORTEE_CHANGEE
    return _enregistrer(relue, portee, valeurs, par=par, avant=avant)


def _exiger_meme_portee(historique: Any, vu: int | None, parcours: Collection[Parcours] | None) -> None:
    """Les ESMS nommés sont dans une autre table : leur changement se lit à la raison qu'en garde l'historique."""
    if vu is None or parcours is None:
        return
    change = historique.filter(history_id__gt=vu, history_change_reason=PORTEE_CHANGEE).select_related("history_user")
    if derniere := change.order_by("-history_id").first():
        qui = derniere.history_user or "une autre personne"
        raise Refus(
            "concurrence",
            f"Entre-temps, {qui} a changé : les ESMS concernés. Votre saisie est gardée : relisez, puis enregistrez "
            "à nouveau.",
        )


@transaction.atomic
def ajouter_une_action(*, decision: Decision, par: Utilisateur, **valeurs: Any) -> Action:
    """Une action qui applique la décision : pour son seul ESMS si elle n'en nomme qu'un, pour la grappe sinon.

    Lève `Refus` (droit, etat, champ).
    """
    if not (decision.est_instruite or decision.est_en_vigueur):
        raise Refus("etat", SANS_EFFET)
    cible = cible_de(decision)
    return creer_action(cible=cible, par=par, origine=DECISION, source=decision, **valeurs)


# --- lire ----------------------------------------------------------------------------------------------------------


def cible_de(decision: Decision) -> Grappe | Parcours:
    """Pour qui s'écrit une action : l'ESMS, si elle n'en nomme qu'un ; la grappe sinon."""
    nommes = list(Parcours.objects.filter(portees__decision=decision).pour_lecture()[:2])
    return nommes[0] if len(nommes) == 1 else decision.grappe


@dataclass(slots=True)
class PorteeLue:
    """Les ESMS que nomme une décision et que voit ce lecteur, et combien d'autres ; personne : toute la grappe."""

    nommes: list[Parcours] = field(default_factory=list)
    autres: int = 0

    @property
    def toute(self) -> bool:
        """Vrai si elle vaut pour toute la grappe."""
        return not self.nommes and not self.autres

    @property
    def en_mots(self) -> str:
        """« IME A, IME B et 1 autre ESMS », « toute la grappe »."""
        if self.toute:
            return TOUTE_LA_GRAPPE
        noms = [str(p) for p in self.nommes]
        suite = [accorde(self.autres, "autre ESMS,autres ESMS") if noms else f"{self.autres} ESMS"]
        return liste(noms + (suite if self.autres else []))


def portees_lues(decisions: Iterable[Decision], lecteur: Utilisateur) -> dict[int, PorteeLue]:
    """Qui touche chaque décision, par clé, selon ce que voit ce lecteur. Deux requêtes."""
    rendu = {d.pk: PorteeLue() for d in decisions}
    portees = Portee.objects.filter(decision__in=list(rendu)).select_related("parcours__esms__departement")
    lues = list(portees.order_by("parcours__esms__tri", "pk"))
    cles = {portee.parcours_id for portee in lues}
    vus = set(Parcours.objects.visibles_par(lecteur).filter(pk__in=cles).order_by().values_list("pk", flat=True))
    for portee in lues:
        lue = rendu[portee.decision_id]
        if portee.parcours_id in vus:
            lue.nommes.append(portee.parcours)
        else:
            lue.autres += 1
    return rendu


def actions_de(decision: Decision, *, par: Utilisateur) -> list[Action]:
    """Les actions nées de cette décision que voit ce lecteur, ouvertes d'abord. Une requête."""
    sorte = ContentType.objects.get_for_model(Decision)
    nees = Action.objects.visibles_par(par).filter(source_type=sorte, source_id=decision.pk)
    return list(nees.pour_lecture().avec_rang_etat().order_by("rang_etat", "echeance", "pk"))


def histoire_de(decision: Decision) -> list[dict[str, Any]]:
    """Passages et corrections, du plus récent au plus ancien, comme le composant journal les lit. Deux requêtes."""
    return journal.histoire_de(decision, _corrections)


def _corrections(avant: Any, apres: Any) -> Iterator[str]:
    """Ce qui a changé d'une version à l'autre, l'état mis à part : le journal le dit déjà."""
    if any(getattr(avant, nom) != getattr(apres, nom) for nom in ("intitule", "texte", "pourquoi", "changement")):
        yield "Texte corrigé"
    if avant.effet != apres.effet or avant.condition != apres.condition:
        yield "Effet corrigé"
    if (avant.levee_du, avant.levee_au) != (apres.levee_du, apres.levee_au):
        yield "Dates de la levée corrigées"
    if avant.seance_id != apres.seance_id:
        yield "Séance changée"
    if avant.remplace_id != apres.remplace_id:
        yield "Décision remplacée changée"
    if avant.revue_le != apres.revue_le:
        jours = (date_courte(v.revue_le) if v.revue_le else "aucune date" for v in (avant, apres))
        yield f"À revoir le : {' → '.join(jours)}"
    if apres.history_change_reason == PORTEE_CHANGEE:
        yield "ESMS concernés changés"
