"""Proposer un même passage à plusieurs directions : qui le peut, pour quand, qui est écarté et pourquoi."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone

from programme.models import Affectation, Etape, Parcours, Proposition, Utilisateur
from programme.permissions import peut_proposer
from programme.services.controles import exiger
from programme.services.parcours import PASSAGES_DU_DIRECTEUR, proposer
from programme.socle.erreurs import Refus

SANS_DIRECTION = "sans direction en fonction"
DEJA_PROPOSE = "déjà proposé, la direction n'a pas encore répondu"


@dataclass(slots=True)
class Envoi:
    """Ce qu'un envoi a donné : les propositions faites, les parcours écartés et pourquoi."""

    faites: list[Proposition] = field(default_factory=list)
    ecartes: list[tuple[Parcours, str]] = field(default_factory=list)


def dates_prevues(parcours: Iterable[Parcours], transition: str) -> dict[int, date]:
    """Date révisée, à défaut de référence, de l'étape que vise ce passage ; jamais une date dépassée."""
    etat = str(Parcours.transitions()[transition].target)
    etapes = Etape.objects.filter(parcours__in=[p.pk for p in parcours], etat=etat, reelle__isnull=True)
    au = timezone.localdate()
    return {e.parcours_id: e.prevue for e in etapes if e.prevue and e.prevue >= au}


def sans_direction(parcours: Iterable[Parcours]) -> set[int]:
    """Clés de ceux que personne ne dirige aujourd'hui dans Treille."""
    lignes = Parcours.objects.filter(pk__in=[p.pk for p in parcours]).order_by()
    directions = Affectation.objects.en_cours(timezone.localdate())
    return set(lignes.exclude(directions.dirige("esms")).values_list("pk", flat=True))


def ecartes(cibles: list[Parcours], transition: str) -> dict[int, str]:
    """Pourquoi ceux-ci ne recevront rien, par clé."""
    vacants = sans_direction(cibles)
    attente = Proposition.objects.en_attente().filter(parcours__in=cibles, transition=transition)
    proposes = set(attente.values_list("parcours", flat=True))
    raisons: dict[int, str] = {}
    for p in cibles:
        if p.etat not in Parcours.departs(transition):
            raisons[p.pk] = f"à l'état « {p.get_etat_display()} »"
        elif p.pk in proposes:
            raisons[p.pk] = DEJA_PROPOSE
        elif p.pk in vacants:
            raisons[p.pk] = SANS_DIRECTION
    return raisons


@transaction.atomic
def proposer_en_lot(
    *, parcours: Iterable[Parcours], transition: str, par: Utilisateur, date_visee: date | None = None, mot: str = ""
) -> Envoi:
    """Propose le même passage pour chacun, à la date donnée ou à celle que chacun prévoit ; les écartés sont nommés.

    Lève `Refus` sans rien écrire si le droit manque, si la date ou le mot ne conviennent pas, ou si tous sont écartés.
    """
    if transition not in PASSAGES_DU_DIRECTEUR:
        raise Refus("champ", "passage", champs={"transition": ["Ce passage ne se propose pas."]})
    choisis = Parcours.objects.filter(pk__in={p.pk for p in parcours}).select_related("esms__departement", "grappe")
    cibles = list(choisis.order_by("esms__nom", "pk"))
    if not cibles:
        raise Refus("champ", "parcours", champs={"parcours": ["Cochez au moins un ESMS."]})
    for cible in cibles:
        exiger(peut_proposer(par, cible))
    raisons, dates = ecartes(cibles, transition), dates_prevues(cibles, transition)
    envoi = Envoi(ecartes=[(p, raisons[p.pk]) for p in cibles if p.pk in raisons])
    if len(raisons) == len(cibles):
        phrase = f"Rien à proposer : {en_clair(envoi.ecartes)}."
        raise Refus("champ", phrase, champs={"parcours": [phrase]})
    for p in cibles:
        if p.pk not in raisons:
            jour = date_visee or dates.get(p.pk)
            envoi.faites.append(proposer(parcours=p, transition=transition, par=par, date_visee=jour, mot=mot))
    return envoi


def en_clair(ecartes: Iterable[tuple[Parcours, str]]) -> str:
    """« IME Les Tilleuls (sans direction en fonction), SESSAD des Rives (…) »."""
    return ", ".join(f"{p} ({raison})" for p, raison in ecartes)
