"""Ce qu'une décision peut choisir : ses instances, ses séances, ses ESMS, ses conditions, celles qu'elle remplace."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from gouvernance.enums import EtatSeance
from gouvernance.models import Decision, Instance, Mandat, Seance
from gouvernance.permissions import peut_tenir_decision
from programme.enums import Role
from programme.models import Grappe, Parcours, Utilisateur
from programme.socle.conditions import Condition, conditions, severites_reglees
from programme.socle.enums import Severite

BARRENT = "Elles barrent un passage"
AVERTISSENT = "Elles avertissent : la direction passe sous réserve, sans instance"
A_L_OUVERTURE = "à l'ouverture d'une unité"


@dataclass(frozen=True)
class Offre:
    """Ce que propose le formulaire. `conditions` : groupes (titre, [(code, mots)]), selon les réglages de la grappe."""

    comites: list[Instance]
    seances: QuerySet
    parcours: list[Parcours]
    conditions: list[tuple[str, list[tuple[str, str]]]]
    remplacables: QuerySet


def grappes_ou_instruire(par: Utilisateur) -> set[int]:
    """Les grappes qu'il conduit, ou dont il anime une instance aujourd'hui. Une requête."""
    animees = Mandat.objects.en_cours(timezone.localdate()).de(par).filter(anime=True)
    return {*par.perimetre.seul(Role.CHEF_PROJET).grappes, *animees.values_list("comite__grappe", flat=True)}


def instances_tenues(grappe: Grappe, par: Utilisateur) -> list[Instance]:
    """Les instances actives de cette grappe dont il consigne les décisions ; celles qui lèvent d'abord."""
    lues = grappe.instances.actives().pour_lecture()
    tenues = [instance for instance in lues if peut_tenir_decision(par, instance)]
    return sorted(tenues, key=lambda instance: (not instance.peut_lever, instance.type, instance.nom))


def offre_de(grappe: Grappe, *, par: Utilisateur, decision: Decision | None = None) -> Offre:
    """Ce que ce compte peut choisir pour une décision de cette grappe ; ce qu'une décision dit déjà y reste."""
    comites = [decision.comite] if decision else instances_tenues(grappe, par)
    cles = [comite.pk for comite in comites]
    ecrites = Seance.objects.filter(etat__in=(EtatSeance.PREPAREE, EtatSeance.OUVERTE, EtatSeance.CLOSE))
    seances = ecrites.filter(comite__in=cles)
    parcours = Parcours.objects.dans_le_projet()
    remplacables = Decision.objects.en_vigueur().filter(comite__in=_tenues(grappe, par))
    if decision:
        if decision.seance_id:
            seances |= Seance.objects.filter(pk=decision.seance_id)
        if decision.remplace_id:
            remplacables |= Decision.objects.filter(pk=decision.remplace_id)
        parcours |= Parcours.objects.filter(pk__in=decision.portees.order_by().values("parcours"))
    return Offre(
        comites,
        seances.pour_lecture().order_by("-debut", "pk"),
        list(parcours.filter(grappe=grappe).select_related("esms__departement", "grappe").order_by("esms__tri", "pk")),
        conditions_qui_se_levent(grappe),
        remplacables.select_related("comite").order_by("-numero"),
    )


def _tenues(grappe: Grappe, par: Utilisateur) -> list[int]:
    """Closes comprises : la décision d'une instance close se remplace encore."""
    return [i.pk for i in grappe.instances.pour_lecture() if peut_tenir_decision(par, i)]


def conditions_qui_se_levent(grappe: Grappe) -> list[tuple[str, list[tuple[str, str]]]]:
    """Celles qu'une instance peut lever, par groupe, selon ce que la grappe a réglé ; masquées, elles se taisent."""
    reglees = severites_reglees({grappe.pk})
    groupes: dict[str, list[tuple[str, str]]] = {BARRENT: [], AVERTISSENT: []}
    for c in conditions:
        severite = reglees.get((grappe.pk, c.code), c.severite)
        if c.se_leve and severite != Severite.MASQUEE:
            groupes[BARRENT if severite == Severite.BARRE else AVERTISSENT].append((c.code, mots_de(c)))
    return [(titre, choix) for titre, choix in groupes.items() if choix]


def mots_de(condition: Condition) -> str:
    """Son libellé ; celle d'une unité le dit."""
    return f"{condition.libelle} ({A_L_OUVERTURE})" if condition.modele.endswith(".ouverture") else condition.libelle
