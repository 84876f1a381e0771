"""Tenir une séance : qui est là, ce qui se dit de chaque point, ce qui en sort.

Deux personnes prennent des notes à la fois : chacune écrit sur ce qu'elle a lu, et apprend ce que l'autre a changé.
"""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from gouvernance.enums import EtatSeance, StatutPresence, SuitePoint, TypeIssue
from gouvernance.models import Issue, Mandat, Point, Presence, Seance
from gouvernance.origines import SEANCE
from gouvernance.permissions import peut_tenir_seance
from gouvernance.services import reports
from gouvernance.services.decisions import instruire
from gouvernance.services.issues import consigner
from gouvernance.services.ordre_du_jour import DIFFUSE
from programme.models import Parcours, Utilisateur
from programme.services.actions import Cible, creer_action
from programme.services.controles import exiger, signer, valider
from programme.socle.erreurs import Refus
from programme.socle.nombres import liste
from programme.socle.versions import exiger_inchange

NOTES = ("suite", "notes", "reponse")
PAS_OUVERTE = "La séance n'est pas ouverte : ouvrez-la d'abord."
PRESENCES_FIGEES = "La séance est close, son quorum est figé : rouvrez-la pour corriger les présences."
ANNULEE = "Cette séance est annulée : rien ne s'y consigne."
REPONSE_ATTENDUE = "« {} » attend une réponse : écrivez-la en une ligne."
A_SA_VIE = "Cette {} a sa propre vie : abandonnez-la depuis sa page, elle restera au compte rendu."
CROISEES = "Entre-temps, quelqu'un a noté autre chose pour {} : relisez les présences, puis enregistrez à nouveau."
CIBLE_AILLEURS = "« {} » n'est pas de la grappe « {} » : une action de séance y reste."
_MOTS = {TypeIssue.DECISION: "décision", TypeIssue.ACTION: "action"}


def _a_ecrire(seance: Seance) -> Seance:
    """La séance relue sous verrou, si son compte rendu s'écrit encore."""
    relue = Seance.objects.select_for_update(of=("self",)).pour_lecture().get(pk=seance.pk)
    if relue.etat == EtatSeance.DIFFUSEE:
        raise Refus("etat", DIFFUSE)
    if not relue.s_ecrit:
        raise Refus("etat", ANNULEE if relue.etat == EtatSeance.ANNULEE else PAS_OUVERTE)
    return relue


# --- les présences -------------------------------------------------------------------------------------------------


def sieges_de(seance: Seance) -> list[Mandat]:
    """Les mandats qui courent le jour de la séance, qui anime d'abord."""
    jour = timezone.localdate(seance.debut)
    return list(Mandat.objects.en_cours(jour).filter(comite=seance.comite_id).pour_lecture().order_by("-anime", "pk"))


@transaction.atomic
def noter_presences(*, seance: Seance, statuts: Mapping[int, tuple[str, str]], par: Utilisateur) -> int:
    """Note les présences, par clé de mandat : (lu sur la page, dit maintenant), vide si pas noté ; rend combien.

    Ce que la personne n'a pas touché n'est pas récrit. Lève `Refus` (droit, etat, champ, concurrence).
    """
    exiger(peut_tenir_seance(par, seance))
    relue = _a_ecrire(seance)
    if not relue.se_tient:
        raise Refus("etat", PRESENCES_FIGEES)
    sieges = {m.pk: m for m in sieges_de(relue)}
    actuels = dict(relue.presences.values_list("mandat", "statut"))
    changes = {cle: couple for cle, couple in statuts.items() if cle in sieges and couple[0] != couple[1]}
    croises = [sieges[cle].nom for cle, (lu, dit) in changes.items() if actuels.get(cle, "") not in (lu, dit)]
    if croises:
        raise Refus("concurrence", CROISEES.format(liste(croises)))
    for cle, (_, dit) in changes.items():
        _noter_une(relue, cle, dit)
    return len(changes)


def _noter_une(seance: Seance, mandat: int, statut: str) -> None:
    if not statut:
        Presence.objects.filter(seance=seance, mandat=mandat).delete()
        return
    if statut not in StatutPresence.values:
        raise Refus("champ", "présence", champs={f"siege_{mandat}": ["Choisissez dans la liste."]})
    Presence.objects.update_or_create(seance=seance, mandat_id=mandat, defaults={"statut": statut})


# --- les notes -----------------------------------------------------------------------------------------------------


@transaction.atomic
def noter_point(
    *, point: Point, par: Utilisateur, suite: str, notes: str = "", reponse: str = "", vu: int | None = None
) -> Point:
    """Écrit ce qui s'est dit d'un point et ce qu'il devient ; `vu` : jeton de la version lue.

    Séance close, ce qui reste à traiter part aussitôt à la suivante ; ce qui ne l'est plus en revient. Lève `Refus`
    (droit, etat, champ, concurrence).
    """
    exiger(peut_tenir_seance(par, point.seance))
    seance = _a_ecrire(point.seance)
    relu = Point.objects.select_for_update(of=("self",)).select_related("demandee_par").get(pk=point.pk)
    exiger_inchange(Point.history.filter(id=relu.pk), vu, NOTES)
    if suite in (SuitePoint.TRAITE, SuitePoint.RETIRE) and relu.demandee_par and not reponse.strip():
        phrase = REPONSE_ATTENDUE.format(relu.demandee_par)
        raise Refus("champ", phrase, champs={"reponse": [phrase]})
    reste = suite in (SuitePoint.A_TRAITER, SuitePoint.REPORTE)
    close = seance.etat == EtatSeance.CLOSE
    avant = [getattr(relu, nom) for nom in NOTES]
    relu.suite = SuitePoint.REPORTE if close and reste else suite
    relu.notes, relu.reponse = notes, reponse
    if avant == [getattr(relu, nom) for nom in NOTES]:
        return relu  # Enregistrer deux fois la même chose n'ajoute rien à l'histoire.
    valider(relu, exclure=("source_type", "source_id"))
    signer(relu, par)
    relu.save()
    if close and reste:
        reports.reporter(seance, par=par)
    elif not reste:
        reports.renoncer(relu, par=par)
    return relu


# --- les issues ----------------------------------------------------------------------------------------------------


@transaction.atomic
def consigner_information(*, point: Point, texte: str, par: Utilisateur) -> Issue:
    """Une chose dite, à retenir. Lève `Refus` (droit, etat, champ)."""
    exiger(peut_tenir_seance(par, point.seance))
    point.seance = _a_ecrire(point.seance)
    return consigner(point, TypeIssue.INFORMATION, texte, par=par)


@transaction.atomic
def consigner_decision(*, point: Point, texte: str, par: Utilisateur, precision: str = "") -> Issue:
    """Une décision, instruite : sa portée et son effet se disent sur sa page, où l'on consigne l'arbitrage.

    Lève `Refus` (droit, etat, champ).
    """
    exiger(peut_tenir_seance(par, point.seance))
    point.seance = _a_ecrire(point.seance)
    decision = instruire(comite=point.seance.comite, par=par, point=point, intitule=texte, texte=precision)
    return decision.issue


@transaction.atomic
def consigner_action(
    *,
    point: Point,
    libelle: str,
    par: Utilisateur,
    cible: Cible | None = None,
    echeance: date | None = None,
    precision: str = "",
    responsable: Utilisateur | None = None,
    responsable_nom: str = "",
) -> Issue:
    """L'Action du produit, née de ce point ; pour toute la grappe sans `cible`. Lève `Refus` (droit, etat, champ)."""
    exiger(peut_tenir_seance(par, point.seance))
    point.seance = _a_ecrire(point.seance)
    grappe = point.seance.comite.grappe
    if cible and (cible.grappe_id if isinstance(cible, Parcours) else cible.pk) != grappe.pk:
        phrase = CIBLE_AILLEURS.format(cible, grappe)
        raise Refus("champ", phrase, champs={"cible": [phrase]})
    action = creer_action(
        cible=cible or grappe,
        libelle=libelle,
        par=par,
        echeance=echeance,
        precision=precision,
        responsable=responsable,
        responsable_nom=responsable_nom,
        origine=SEANCE,
        source=point,
    )
    return consigner(point, TypeIssue.ACTION, libelle, par=par, action=action)


@transaction.atomic
def retirer_issue(*, issue: Issue, par: Utilisateur) -> None:
    """Retire une information notée à tort. Lève `Refus` (droit, etat)."""
    exiger(peut_tenir_seance(par, issue.seance))
    _a_ecrire(issue.seance)
    if issue.decision_id or issue.action_id:
        raise Refus("etat", A_SA_VIE.format(_MOTS[TypeIssue(issue.type)]))
    signer(issue, par)
    issue.delete()
