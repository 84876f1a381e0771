"""Ce que le programme propose à une séance : ce qui attend, ce qui est prêt, ce qui tarde, ce qui reste à trancher.

Une sorte qui concerne toute la grappe tient en un point, qui nomme les ESMS ; ce qui appelle un arbitrage en fait un
par objet. Chacune ne lit que ce que voit qui prépare la séance.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import F
from django.urls import reverse

from programme.enums import EtatJalon
from programme.models import Action, Jalon, Moment, Ouverture, Parcours, Proposition
from programme.models.actions import PAR_ECHEANCE
from programme.services.parcours import NOMS_DES_PASSAGES
from programme.services.tableau import lire_parcours
from programme.socle import propositions as socle
from programme.socle.conditions import Condition
from programme.socle.dates import date_courte, jour_mois
from programme.socle.enums import Nature
from programme.socle.models import Passage
from programme.socle.nombres import accorde, liste, quelques
from programme.socle.propositions import Demande, inscrire
from programme.socle.texte import avec_point, en_phrase

NOMMES = 8
"""Ce qu'un exposé nomme avant de compter le reste."""
A_VENIR = timedelta(days=60)
BIENTOT = timedelta(days=30)
SANS_SEANCE = timedelta(days=60)
"""Ce qu'on relit quand l'instance ne s'est encore jamais réunie."""


def _page(parcours: Parcours) -> str:
    return reverse("programme:parcours-detail", args=[parcours.pk])


# --- ce qui attend -------------------------------------------------------------------------------------------------


@inscrire("attente", "ESMS en attente", 40)
def en_attente(demande: Demande) -> Iterator[socle.Proposition]:
    """Par ce qui barre un prochain passage : un point, et les ESMS que cela retient, le plus ancien d'abord."""
    if not demande.suit:
        return
    lus = lire_parcours(Parcours.objects.visibles_par(demande.par).filter(grappe=demande.grappe), demande.par)
    declarees: dict[str, Condition] = {}
    retenus: dict[str, list[Any]] = {}
    for parcours in sorted(lus.parcours, key=_depuis):
        for condition in (c.condition for c in lus.constats.get(parcours.pk, ()) if c.barre):
            declarees[condition.code] = condition
            retenus.setdefault(condition.code, []).append(parcours)
    # Ce qui retient les mêmes ESMS se dit d'une phrase ; ce qui ne se lève pas, à part de ce qu'une décision lèverait.
    ensembles: dict[tuple[str, tuple[int, ...]], list[Condition]] = {}
    for code, condition in declarees.items():
        cle = (condition.verrou, tuple(p.pk for p in retenus[code]))
        ensembles.setdefault(cle, []).append(condition)
    for ensemble in sorted(ensembles.values(), key=lambda cs: (-len(retenus[cs[0].code]), cs[0].code)):
        yield _attente(ensemble, retenus[ensemble[0].code], demande)


def _depuis(parcours: Any) -> tuple[date, int]:
    return parcours.depuis or date.max, parcours.pk


def _attente(conditions: list[Condition], parcours: list[Any], demande: Demande) -> socle.Proposition:
    seul, verrou = len(parcours) == 1, conditions[0].verrou
    qui = str(parcours[0]) if seul else f"{len(parcours)} ESMS"
    depuis = (f"{p}, depuis le {jour_mois(p.depuis)}" if p.depuis else str(p) for p in parcours)
    suite = f" Aucune décision n'y peut rien : {verrou}." if verrou else ""
    return socle.Proposition(
        cle=f"attente:{conditions[0].code}",
        titre=f"{qui} en attente de : {liste(en_phrase(c.libelle) for c in conditions)}",
        expose=f"{avec_point(f'En l’état : {quelques(depuis, NOMMES)}')}{suite}",
        duree=10,
        source=parcours[0] if seul else None,
        url=_page(parcours[0]) if seul else reverse("programme:grappe-preparation", args=[demande.grappe.pk]),
        # Sans date, c'est une règle d'alerte qui le dit : l'attente ne presse pas deux fois.
        presse=any(p.prochaine_date and p.prochaine_date < demande.au for p in parcours),
    )


# --- ce qui est prêt, ce qui s'est passé ---------------------------------------------------------------------------


@inscrire("feu-vert", "Dossiers de feu vert", 45)
def feux_verts(demande: Demande) -> Iterator[socle.Proposition]:
    """Passages proposés aux directions et sans réponse : l'instance en prend connaissance, la direction décide."""
    if not demande.suit:
        return
    lisibles = Parcours.objects.lisibles_par(demande.par).filter(grappe=demande.grappe).order_by().values("pk")
    attente = Proposition.objects.en_attente().filter(parcours__in=lisibles)
    par_passage: dict[str, list[Proposition]] = {}
    for p in attente.select_related("parcours__esms").order_by(F("date_visee").asc(nulls_last=True), "pk"):
        par_passage.setdefault(p.transition, []).append(p)
    for transition in (t for t in NOMS_DES_PASSAGES if t in par_passage):
        proposees = par_passage[transition]
        premier, seul = proposees[0].parcours, len(proposees) == 1
        visees = (f"{p.parcours} pour le {jour_mois(p.date_visee)}" if p.date_visee else p.parcours for p in proposees)
        qui = str(premier) if seul else f"{len(proposees)} ESMS"
        yield socle.Proposition(
            cle=f"feu-vert:{transition}",
            titre=f"Feu vert pour {NOMS_DES_PASSAGES[transition]} : {qui}",
            expose=avec_point(f"Proposé à la direction, qui décide : {quelques(visees, NOMMES)}"),
            source=proposees[0] if seul else None,
            url=_page(premier) if seul else reverse("programme:grappe-preparation", args=[demande.grappe.pk]),
            presse=any(p.date_visee and p.date_visee <= demande.au + BIENTOT for p in proposees),
        )


@inscrire("reserves", "Passages sous réserve", 50)
def sous_reserve(demande: Demande) -> Iterator[socle.Proposition]:
    """Ce qui a été franchi sous réserve depuis la dernière séance : l'instance doit le voir (metier §3). Un point."""
    if not demande.suit:
        return
    depuis = demande.depuis or demande.au - SANS_SEANCE
    lisibles = Parcours.objects.lisibles_par(demande.par).filter(grappe=demande.grappe)
    noms = {p.pk: str(p) for p in lisibles.select_related("esms")}
    ouvertures = dict(Ouverture.objects.filter(unite__parcours__in=noms).values_list("pk", "unite__parcours"))
    franchis: list[tuple[date, str]] = []
    for modele, cles in ((Parcours, {cle: cle for cle in noms}), (Ouverture, ouvertures)):
        passages = Passage.objects.de_plusieurs(modele, list(cles)).filter(
            nature=Nature.SOUS_RESERVE, date_effet__gt=depuis
        )
        for cle, jour, motif in passages.values_list("objet_id", "date_effet", "motif"):
            franchis.append((jour, f"{noms[cles[cle]]}, le {jour_mois(jour)} (« {motif} »)"))
    if not franchis:
        return
    franchis.sort()
    yield socle.Proposition(
        cle="reserves",
        titre=f"{accorde(len(franchis), 'passage franchi,passages franchis')} sous réserve",
        expose=f"Depuis le {date_courte(depuis)} : {quelques((texte for _, texte in franchis), 5)}.",
        nature="information",
        url=reverse("programme:grappe-detail", args=[demande.grappe.pk]),
        presse=True,
    )


# --- ce qui est à trancher -----------------------------------------------------------------------------------------


@inscrire("moments", "Désaccords de calendrier", 15)
def moments_portes(demande: Demande) -> Iterator[socle.Proposition]:
    """Les désaccords qu'une direction ou la conduite a portés au COMOP : un point chacun, à trancher."""
    if not demande.tranche:
        return
    portes = list(
        Moment.objects.visibles_par(demande.par)
        .portes_au_comop()
        .filter(parcours__grappe=demande.grappe)
        .pour_lecture()
    )
    motifs = dict(
        Passage.objects.de_plusieurs(Moment, [m.pk for m in portes])
        .filter(transition="porter")
        .values_list("objet_id", "motif")
    )
    for moment in portes:
        demandee = f"Demandée : {moment.demandee}." if moment.demandee else ""
        proposee = f" Proposée : {moment.proposee}." if moment.proposee else ""
        motif = f" Porté au COMOP : « {motifs[moment.pk]} »" if motifs.get(moment.pk) else ""
        yield socle.Proposition(
            cle=f"moment:{moment.pk}",
            titre=f"Le moment de {moment.parcours} : quelle vague ?",
            expose=f"{demandee}{proposee}{motif}".strip(),
            nature="decision",
            duree=10,
            source=moment,
            url=reverse("programme:parcours-moment", args=[moment.parcours_id]),
            presse=True,
        )


# --- ce qui tarde, ce qui approche ---------------------------------------------------------------------------------


@inscrire("actions", "Actions en retard", 55)
def actions_en_retard(demande: Demande) -> Iterator[socle.Proposition]:
    """Les actions ouvertes de la grappe dont l'échéance est passée. Un point."""
    if not demande.suit:
        return
    retards = Action.objects.visibles_par(demande.par).filter(grappe=demande.grappe).en_retard(demande.au)
    actions = list(retards.select_related("parcours__esms").order_by(*PAR_ECHEANCE))
    if not actions:
        return
    dites = (f"« {a} » ({a.pour}, pour le {jour_mois(a.echeance)})" for a in actions)
    yield socle.Proposition(
        cle="actions-en-retard",
        titre=accorde(len(actions), "action en retard,actions en retard"),
        expose=avec_point(quelques(dites, 6)),
        duree=10,
        url=f"{reverse('programme:action-liste')}?grappe={demande.grappe.pk}&echeance=retard",
        presse=True,
    )


@inscrire("jalons", "Jalons de financement", 60)
def jalons_proches(demande: Demande) -> Iterator[socle.Proposition]:
    """Jalons à transmettre : échéance passée ou sous soixante jours, ou précision demandée par le financeur."""
    if not demande.suit_ou_arbitre:
        return
    jalons = Jalon.objects.visibles_par(demande.par).a_produire().filter(convention__grappe=demande.grappe)
    for jalon in jalons.order_by(F("echeance").asc(nulls_last=True), "pk"):
        precision = jalon.etat == EtatJalon.PRECISION
        if not precision and (jalon.echeance is None or jalon.echeance > demande.au + A_VENIR):
            continue
        quand = f"échéance le {date_courte(jalon.echeance)}" if jalon.echeance else "sans échéance"
        yield socle.Proposition(
            cle=f"jalon:{jalon.pk}",
            titre=f"Financement : {jalon}, {'précision demandée' if precision else quand}",
            expose=f"Pièce attendue : {en_phrase(jalon.piece_attendue)}." if jalon.piece_attendue else "",
            nature="information",
            source=jalon,
            url=reverse("programme:jalon-detail", args=[jalon.pk]),
            presse=precision or (jalon.echeance is not None and jalon.echeance <= demande.au + BIENTOT),
        )
