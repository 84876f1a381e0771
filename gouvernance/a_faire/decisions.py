"""Les décisions à l'accueil : à revoir, à appliquer, et les levées qui finissent."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse

from gouvernance.a_faire.lecture import places_de
from gouvernance.enums import EffetDecision, EtatDecision
from gouvernance.models import Decision
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.dates import date_courte

FINIT = timedelta(days=14)


def _page(decision: Decision) -> str:
    return reverse("gouvernance:decision-detail", args=[decision.pk])


def suivies(demande: Demande) -> list[Decision]:
    """Les décisions en vigueur des instances qu'elle tient, qui demandent quelque chose bientôt. Une requête."""

    def lire() -> list[Decision]:
        places = places_de(demande)
        if not places.tient:
            return []
        levees = Q(effet=EffetDecision.LEVEE, levee_au__range=(demande.au, demande.au + FINIT))
        presse = Q(etat=EtatDecision.ARBITREE) | Q(revue_le__lte=demande.au) | levees
        return list(Decision.objects.en_vigueur().filter(places.tenues).filter(presse).pour_lecture())

    return demande.une_fois("decisions_suivies", lire)


def _ligne(decisions: list[Decision], titre: str, detail: str, urgence: Urgence, geste: Bouton | None = None) -> Ligne:
    """Une décision se nomme ; plusieurs tiennent en une ligne. `titre` : « Revoir {} »."""
    premiere, seule = decisions[0], len(decisions) == 1
    lire = Bouton("Lire la décision", _page(premiere))
    return Ligne(
        titre=titre.format("une décision" if seule else f"{len(decisions)} décisions"),
        detail=f"{premiere.reference} · {detail}" if seule else detail,
        url=_page(premiere) if seule else reverse("gouvernance:decision-liste"),
        urgence=urgence,
        texte=f"« {premiere} »" if seule else "",
        gestes=((geste, lire) if geste else (lire,)) if seule else (),
        liens=() if seule else tuple(Bouton(f"« {d} », {d.reference}", _page(d)) for d in decisions),
        noms=() if seule else tuple(d.reference for d in decisions),
    )


@inscrire("decisions_a_revoir")
def a_revoir(demande: Demande) -> Iterator[Ligne]:
    """La date de revue est arrivée."""
    dues = [d for d in suivies(demande) if d.revue_le and d.revue_le <= demande.au]
    if dues:
        dues.sort(key=lambda d: (d.revue_le or demande.au, d.pk))
        yield _ligne(dues, "Revoir {}", f"c'était pour le {date_courte(dues[0].revue_le)}", Urgence.SUIVRE)


@inscrire("decisions_a_appliquer")
def a_appliquer(demande: Demande) -> Iterator[Ligne]:
    """Arbitrées, pas encore dites appliquées. Une levée s'applique d'elle-même."""
    dues = [d for d in suivies(demande) if d.etat == EtatDecision.ARBITREE and not d.est_levee]
    if dues:
        dues.sort(key=lambda d: (d.arbitree_le or demande.au, d.pk))
        passage = reverse("programme:passage", args=["decision", dues[0].pk, "appliquer"])
        appliquer = Bouton("Marquer appliquée", passage)
        detail = f"la plus ancienne, arbitrée le {date_courte(dues[0].arbitree_le)}"
        yield _ligne(
            dues, "Mettre en œuvre {}", "arbitrée" if len(dues) == 1 else detail, Urgence.PEUT_ATTENDRE, appliquer
        )


@inscrire("levees_qui_finissent")
def levees_qui_finissent(demande: Demande) -> Iterator[Ligne]:
    """Une condition levée va barrer à nouveau sous quatorze jours : elle ne se prolonge pas d'elle-même."""
    finissent = [
        d for d in suivies(demande) if d.est_levee and d.levee_au and demande.au <= d.levee_au <= demande.au + FINIT
    ]
    for decision in sorted(finissent, key=lambda d: (d.levee_au or demande.au, d.pk)):
        yield Ligne(
            titre=f"Une condition levée barre à nouveau après le {date_courte(decision.levee_au)}",
            detail=decision.reference,
            url=_page(decision),
            urgence=Urgence.RAPPEL,
            echeance=decision.levee_au,
            gestes=(Bouton("Lire la décision", _page(decision)),),
        )
