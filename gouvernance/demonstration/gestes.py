"""Les gestes du récit : prévoir une séance, la tenir, en consigner les issues, aux dates où cela s'est fait."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from gouvernance.enums import EffetDecision, NaturePoint, StatutPresence, SuitePoint, TypeIssue
from gouvernance.models import Decision, Instance, Issue, Mandat, Point, Presence, Seance
from gouvernance.origines import SEANCE
from gouvernance.services import decisions
from programme.demonstration.calendrier import jour_ouvre
from programme.demonstration.recit import a_neuf_heures, franchir
from programme.models import Action, Grappe, Parcours, Utilisateur
from programme.services.actions import creer_action

S = SuitePoint
DIFFUSION = 3
"""Jours entre une séance et son compte rendu."""


@dataclass(frozen=True)
class Tranche:
    """Ce qu'une instance a décidé. `esms` vide : toute la grappe ; `jusqu_au` : fin d'une levée.

    `cle` sert au récit pour qu'une décision en remplace une autre (`remplace`) ; `appliquee` : quand elle l'a été.
    """

    intitule: str
    cle: str = ""
    texte: str = ""
    pourquoi: str = ""
    effet: EffetDecision = EffetDecision.SUITE
    changement: str = ""
    esms: tuple[str, ...] = ()
    condition: str = ""
    jusqu_au: date | None = None
    remplace: str = ""
    appliquee: date | None = None
    revue_le: date | None = None


@dataclass(frozen=True)
class Confiee:
    """Une action décidée en séance, pour toute la grappe. `a` : un compte."""

    libelle: str
    a: str
    echeance: date
    precision: str = ""


@dataclass(frozen=True)
class Sujet:
    """Un point de l'ordre du jour et ce qu'il est devenu. `du_comite` : porté par le comité utilisateurs."""

    titre: str
    nature: NaturePoint = NaturePoint.ECHANGE
    duree: int = 15
    expose: str = ""
    suite: SuitePoint = S.TRAITE
    notes: str = ""
    du_comite: bool = False
    reponse: str = ""
    informations: tuple[str, ...] = ()
    decision: Tranche | None = None
    action: Confiee | None = None


@dataclass(frozen=True)
class Tenue:
    """Une séance tenue. `absents`, `excuses` : des comptes ; `supplees` : ceux qu'un suppléant remplace ce jour-là."""

    comite: str
    le: date
    sujets: tuple[Sujet, ...]
    titre: str = ""
    lieu: str = "Visioconférence"
    prevue: int = 28
    absents: frozenset[str] = frozenset()
    excuses: frozenset[str] = frozenset()
    supplees: frozenset[str] = frozenset()
    diffusee: bool = True


@dataclass
class Gouvernance:
    """Ce que le récit a sous la main : la grappe, ses ESMS par FINESS, les comptes, les instances par nom."""

    grappe: Grappe
    cheffe: Utilisateur
    comptes: Mapping[str, Utilisateur]
    parcours: Mapping[str, Parcours]
    comites: dict[str, Instance] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)


def a_quatorze_heures(jour: date) -> datetime:
    """L'heure où l'on se réunit."""
    return timezone.make_aware(datetime.combine(jour, time(14)))


def prevoir(g: Gouvernance, comite: str, le: date, *, prevue_le: date, titre: str = "", lieu: str = "") -> Seance:
    """Une séance, prévue ce jour-là."""
    return Seance.objects.create(
        comite=g.comites[comite],
        titre=titre,
        lieu=lieu,
        debut=a_quatorze_heures(le),
        creee_par=g.cheffe,
        creee_le=a_neuf_heures(prevue_le),
    )


def inscrire(seance: Seance, sujet: Sujet, demandee_par: Instance | None) -> Point:
    """Un point en fin d'ordre du jour ; s'il y est déjà, reporté d'avant, c'est celui-là."""
    if deja := seance.points.filter(titre=sujet.titre).first():
        return deja
    return Point.objects.create(
        seance=seance,
        rang=seance.points.count() + 1,
        titre=sujet.titre,
        nature=sujet.nature,
        duree=sujet.duree,
        expose=sujet.expose,
        demandee_par=demandee_par,
    )


def tenir(g: Gouvernance, tenue: Tenue) -> None:
    """Ouvre, note, tranche, clôt : tout le même jour, par la porte."""
    seance = Seance.objects.get(comite=g.comites[tenue.comite], debut=a_quatorze_heures(tenue.le))
    utilisateurs = next((c for c in g.comites.values() if c.type == "utilisateurs"), None)
    points = [inscrire(seance, s, utilisateurs if s.du_comite else None) for s in tenue.sujets]
    franchir(seance, "ouvrir", par=g.cheffe, le=tenue.le)
    _noter_les_presences(seance, tenue)
    for point, sujet in zip(points, tenue.sujets, strict=True):
        point.suite, point.notes, point.reponse = sujet.suite, sujet.notes, sujet.reponse
        point.save()
        _consigner(g, seance, point, sujet, tenue.le)
    franchir(seance, "clore", par=g.cheffe, le=tenue.le)


def diffuser(g: Gouvernance, tenue: Tenue, le: date) -> None:
    """Le compte rendu part ; à une date passée, il n'écrit à personne."""
    seance = Seance.objects.get(comite=g.comites[tenue.comite], debut=a_quatorze_heures(tenue.le))
    franchir(seance, "diffuser", par=g.cheffe, le=le)


def jour_de_diffusion(le: date) -> date:
    """Trois jours après, ou le dernier jour ouvré d'avant."""
    return jour_ouvre(le + timedelta(days=DIFFUSION))


def _noter_les_presences(seance: Seance, tenue: Tenue) -> None:
    statuts = (
        (tenue.absents, StatutPresence.ABSENT),
        (tenue.excuses, StatutPresence.EXCUSE),
        (tenue.supplees, StatutPresence.SUPPLEE),
    )
    for mandat in Mandat.objects.en_cours(tenue.le).filter(comite=seance.comite).select_related("utilisateur"):
        qui = mandat.utilisateur.identifiant if mandat.utilisateur else ""
        statut = next((s for noms, s in statuts if qui in noms), StatutPresence.PRESENT)
        Presence.objects.create(seance=seance, mandat=mandat, statut=statut)


def _consigner(g: Gouvernance, seance: Seance, point: Point, sujet: Sujet, le: date) -> None:
    def issue(type_issue: TypeIssue, texte: str, **lien: Decision | Action) -> None:
        Issue.objects.create(
            seance=seance,
            point=point,
            type=type_issue,
            texte=texte,
            consignee_par=g.cheffe,
            consignee_le=a_quatorze_heures(le) + timedelta(hours=1),
            **lien,
        )

    for texte in sujet.informations:
        issue(TypeIssue.INFORMATION, texte)
    if sujet.decision:
        decision = _trancher(g, seance, sujet.decision, le)
        issue(TypeIssue.DECISION, decision.intitule, decision=decision)
    if sujet.action:
        issue(TypeIssue.ACTION, sujet.action.libelle, action=_confier(g, point, sujet.action, le))


def _confier(g: Gouvernance, point: Point, confiee: Confiee, le: date) -> Action:
    return creer_action(
        cible=g.grappe,
        libelle=confiee.libelle,
        par=g.cheffe,
        le=le,
        echeance=confiee.echeance,
        precision=confiee.precision,
        responsable=g.comptes[confiee.a],
        origine=SEANCE,
        source=point,
    )


def _trancher(g: Gouvernance, seance: Seance, tranche: Tranche, le: date) -> Decision:
    decision = instruire(g, seance, tranche, le)
    franchir(decision, "arbitrer", par=g.cheffe, le=le)
    if tranche.appliquee:
        franchir(decision, "appliquer", par=g.cheffe, le=tranche.appliquee)
    return decision


def instruire(g: Gouvernance, seance: Seance, tranche: Tranche, le: date) -> Decision:
    """La décision, écrite ce jour-là et pas encore tranchée."""
    decision = decisions.instruire(
        comite=seance.comite,
        par=g.cheffe,
        le=le,
        parcours=[g.parcours[finess] for finess in tranche.esms],
        seance=seance,
        intitule=tranche.intitule,
        texte=tranche.texte,
        pourquoi=tranche.pourquoi,
        effet=tranche.effet,
        changement=tranche.changement,
        condition=tranche.condition,
        levee_du=le if tranche.effet == EffetDecision.LEVEE else None,
        levee_au=tranche.jusqu_au,
        remplace=g.decisions[tranche.remplace] if tranche.remplace else None,
        revue_le=tranche.revue_le,
    )
    g.decisions[tranche.cle or tranche.intitule] = decision
    return decision
