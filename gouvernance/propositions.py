"""Ce que la gouvernance propose à une séance : alertes, points du comité utilisateurs, décisions."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from gouvernance.enums import EtatAlerte, EtatDecision, NaturePoint, SuitePoint, TypeInstance
from gouvernance.models import Alerte, Decision, Point, Seance
from gouvernance.models.seances import A_VENIR, TENUES
from programme.socle.dates import date_courte, jour_mois
from programme.socle.nombres import quelques
from programme.socle.propositions import Demande, Proposition, inscrire
from programme.socle.regles_alerte import regles
from programme.socle.texte import avec_point, en_phrase

A_PRENDRE = (EtatAlerte.LEVEE, EtatAlerte.PRISE_EN_CHARGE)
UNE_A_UNE = 3
"""Au-delà, les alertes d'une même règle tiennent en un point."""


@inscrire("alertes", "Alertes", 25)
def alertes(demande: Demande) -> Iterator[Proposition]:
    """À qui suit le déploiement, celles qui attendent une réponse ; à qui arbitre, celles qu'on lui a portées."""
    if demande.suit:
        etats: tuple[str, ...] = A_PRENDRE
    elif demande.arbitre:
        etats = (EtatAlerte.PORTEE,)
    else:
        return
    lues = Alerte.objects.visibles_par(demande.par).filter(grappe=demande.grappe, etat__in=etats)
    par_regle: dict[str, list[Alerte]] = {}
    for alerte in lues.pour_lecture().order_by("echeance", "pk"):
        par_regle.setdefault(alerte.regle or f"{alerte.pk}", []).append(alerte)
    for code, semblables in par_regle.items():
        if len(semblables) > UNE_A_UNE:
            yield _alertes(code, semblables, demande)
        else:
            yield from map(_alerte, semblables)


def _alerte(alerte: Alerte) -> Proposition:
    donnee = date_courte(timezone.localdate(alerte.levee_le))
    return Proposition(
        cle=f"alerte:{alerte.pk}",
        titre=f"Alerte : {alerte}",
        expose=f"Pour {alerte.pour}, donnée le {donnee}, réponse attendue avant le {date_courte(alerte.echeance)}.",
        nature=NaturePoint.DECISION if alerte.etat == EtatAlerte.PORTEE else NaturePoint.ECHANGE,
        duree=10,
        source=alerte,
        url=reverse("gouvernance:alerte-detail", args=[alerte.pk]),
        presse=True,
    )


def _alertes(code: str, semblables: list[Alerte], demande: Demande) -> Proposition:
    """Celles d'une même règle tiennent en un point : vingt lignes pareilles ne feraient pas un ordre du jour."""
    regle = regles.get(code)
    quoi = en_phrase(regle.libelle) if regle else code
    nommees = (f"{a.pour} (« {a} »)" for a in semblables)
    return Proposition(
        cle=f"alertes:{code}",
        titre=f"{len(semblables)} alertes : {quoi}",
        expose=avec_point(quelques(nommees, 5)),
        duree=15,
        url=f"{reverse('gouvernance:alerte-liste')}?grappe={demande.grappe.pk}",
        presse=True,
    )


@inscrire("comite-utilisateurs", "Points du comité utilisateurs", 35)
def points_du_comite(demande: Demande) -> Iterator[Proposition]:
    """Ceux qu'un comité utilisateurs a portés, passés en séance et sans réponse : il en attend une (metier §6)."""
    if demande.seance is None:
        return
    sans_reponse = Point.objects.filter(
        seance__comite=demande.seance.comite_id,
        seance__etat__in=TENUES,
        demandee_par__type=TypeInstance.UTILISATEURS,
        reponse="",
        repris_par__isnull=True,
    ).exclude(suite=SuitePoint.RETIRE)
    for point in sans_reponse.select_related("demandee_par", "seance").order_by("seance__debut", "rang", "pk"):
        vu = jour_mois(timezone.localdate(point.seance.debut))
        yield Proposition(
            cle=f"point:{point.pk}",
            titre=point.titre,
            expose=f"Porté par {point.demandee_par}, vu le {vu}, encore sans réponse. {point.expose}".strip(),
            nature=point.nature,
            duree=point.duree,
            source=point,
            url=reverse("gouvernance:seance-detail", args=[point.seance_id]),
            presse=True,
        )


@inscrire("reponses", "Réponses à vos points", 37)
def reponses_recues(demande: Demande) -> Iterator[Proposition]:
    """À l'instance qui avait porté un point : ce qu'on lui a répondu depuis sa dernière séance."""
    if demande.seance is None:
        return
    repondus = Point.objects.filter(demandee_par=demande.seance.comite_id, seance__etat__in=TENUES).exclude(reponse="")
    if demande.depuis:
        repondus = repondus.filter(seance__debut__date__gte=demande.depuis)
    for point in repondus.select_related("seance__comite").order_by("seance__debut", "rang", "pk"):
        yield Proposition(
            cle=f"reponse:{point.pk}",
            titre=f"Réponse du {point.seance.comite} : {point}",
            expose=point.reponse,
            nature=NaturePoint.INFORMATION,
            url=reverse("gouvernance:instance-detail", args=[demande.seance.comite_id]),
            presse=True,
        )


@inscrire("decisions-a-prendre", "Décisions à prendre", 10)
def decisions_a_prendre(demande: Demande) -> Iterator[Proposition]:
    """Instruites pour cette instance, et qu'aucune autre séance à venir n'examine."""
    if demande.seance is None:
        return
    instruites = Decision.objects.filter(comite=demande.seance.comite_id, etat=EtatDecision.INSTRUITE)
    ailleurs = Seance.objects.filter(etat__in=A_VENIR).exclude(pk=demande.seance.pk).order_by().values("pk")
    for decision in instruites.exclude(seance__in=ailleurs).order_by("creee_le", "pk"):
        yield Proposition(
            cle=f"decision:{decision.pk}",
            titre=f"Décider : {decision}",
            expose=decision.texte,
            nature=NaturePoint.DECISION,
            duree=10,
            source=decision,
            url=reverse("gouvernance:decision-detail", args=[decision.pk]),
            presse=True,
        )


@inscrire("decisions-a-revoir", "Décisions à revoir", 20)
def decisions_a_revoir(demande: Demande) -> Iterator[Proposition]:
    """Prises par cette instance, en vigueur, la date de revue arrivée."""
    if demande.seance is None:
        return
    a_revoir = Decision.objects.a_revoir(demande.au).filter(comite=demande.seance.comite_id)
    for decision in a_revoir.select_related("comite").order_by("revue_le", "pk"):
        yield Proposition(
            # Revue et gardée, sa nouvelle date en fait un autre point.
            cle=f"revue:{decision.pk}:{decision.revue_le:%Y%m%d}",
            titre=f"Revoir : {decision}",
            expose=f"{capfirst(decision.reference)}, à revoir depuis le {date_courte(decision.revue_le)}.",
            nature=NaturePoint.DECISION,
            source=decision,
            url=reverse("gouvernance:decision-detail", args=[decision.pk]),
            presse=True,
        )
