"""Les partages avec le financeur : ce qui est ouvert, à qui, jusqu'à quand ; ouvrir, fermer (metier §1).

Un partage ne s'efface pas : ouvert, fini ou fermé, il garde qui et quand.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from programme.models import Grappe, Parcours, Utilisateur
from programme.services import partages as communs
from programme.services.actions import Cible
from programme.services.controles import exiger
from programme.services.partages import SE_TERMINE, financeurs_de
from programme.socle.dates import date_courte
from programme.socle.nombres import accorde
from risques.enums import ObjetPartage
from risques.models import AnalyseLocale, PartageRisques, Risque
from risques.permissions import peut_partager

__all__ = ["des_esms", "fermer", "financeurs_de", "ouvrir", "promesses", "qui_finissent", "tenus"]

Tenus = communs.Tenus[PartageRisques]


@dataclass(frozen=True, slots=True)
class Promesse:
    """Ce qu'un partage ouvre : ce que le financeur lira aujourd'hui, ce qu'il ne lira jamais."""

    objet: ObjetPartage
    lira: tuple[str, ...]
    ne_lira_pas: tuple[str, ...]


def de_cible(cible: Cible) -> dict[str, Cible | None]:
    """Le critère qui désigne un ESMS, ou toute une grappe."""
    if isinstance(cible, Parcours):
        return {"grappe": cible.grappe, "parcours": cible}
    return {"grappe": cible, "parcours": None}


@transaction.atomic
def ouvrir(*, cible: Cible, objet: str, pourquoi: str, par: Utilisateur, au: date | None = None) -> PartageRisques:
    """Ouvre au financeur une part de ce qu'on évalue, d'aujourd'hui à `au` (None : sans fin dite).

    Lève `Refus` (droit, champ).
    """
    exiger(peut_partager(par, cible))
    critere = {nom: valeur for nom, valeur in de_cible(cible).items() if valeur is not None}
    siens = PartageRisques.objects.en_vigueur().filter(**critere, parcours__isnull=isinstance(cible, Grappe))
    partage = PartageRisques(
        **de_cible(cible), objet=objet, du=timezone.localdate(), au=au, pourquoi=pourquoi, ouvert_par=par
    )
    return communs.poser(partage, ouvre=cible, deja=siens.filter(objet=objet), champ="objet")


@transaction.atomic
def fermer(*, partage: PartageRisques, par: Utilisateur) -> PartageRisques:
    """Le ferme à l'instant : le financeur ne lit plus rien par lui. Lève `Refus` (droit, etat)."""
    return communs.clore(partage, droit=peut_partager(par, partage), par=par)


# --- lire ----------------------------------------------------------------------------------------------------------


def tenus(cible: Cible, par: Utilisateur) -> Tenus:
    """Tout ce qui a été ouvert pour cette cible, que ce lecteur voit, du plus récent au plus ancien."""
    vus = PartageRisques.objects.visibles_par(par).filter(
        grappe=cible if isinstance(cible, Grappe) else cible.grappe_id,
        parcours=cible if isinstance(cible, Parcours) else None,
    )
    return ranger(vus)


def des_esms(grappe: Grappe, par: Utilisateur) -> Tenus:
    """Ce qu'ont ouvert les ESMS de la grappe que ce lecteur voit."""
    return ranger(PartageRisques.objects.visibles_par(par).filter(grappe=grappe, parcours__isnull=False))


def ranger(partages: Iterable[PartageRisques]) -> Tenus:
    """Range des partages : ceux qui courent ce jour, les autres."""
    if hasattr(partages, "select_related"):
        partages = partages.select_related("parcours__esms", "grappe", "ouvert_par", "revoque_par")
    return communs.ranger(partages)


_JAMAIS = (
    "la réponse d'une personne à une question, ni qui a répondu quoi",
    "ce qui n'est pas transmis : une analyse en cours, une grille pas encore rendue",
    "qui suit un risque, ce qu'on en précise ; les actions, les suites données ou écartées",
)


def promesses(cible: Cible) -> list[Promesse]:
    """Ce que chaque partage ouvrirait aujourd'hui, objet par objet."""
    d_esms = isinstance(cible, Parcours)
    ou = "de cet ESMS" if d_esms else "de la grappe (ceux de chaque ESMS restent fermés, sauf si l'ESMS les ouvre)"
    risques = [*_analyse(cible), _registre(cible), f"les résultats des questionnaires de risques {ou}"]
    return [
        Promesse(ObjetPartage.RISQUES, tuple(risques), _JAMAIS),
        Promesse(ObjetPartage.PREDIAGNOSTIC, (f"les résultats du pré-diagnostic du changement {ou}",), _JAMAIS),
        Promesse(ObjetPartage.LEVIERS, (f"les résultats des leviers et griefs {ou}",), _JAMAIS),
    ]


def _analyse(cible: Cible) -> list[str]:
    if not isinstance(cible, Parcours):
        return []
    analyse = AnalyseLocale.objects.filter(parcours=cible).first()
    if analyse is None or analyse.transmise_le is None:
        return ["l'analyse locale, une fois transmise : ses six lignes"]
    # Rouverte, elle se referme au financeur : il la relira retransmise (AnalyseLocaleQuerySet.visibles_par).
    quand = "rouverte : ses six lignes, une fois retransmises"
    if not analyse.est_a_remplir:
        quand = f"transmise le {date_courte(analyse.transmise_le)} : ses six lignes"
    return [f"l'analyse locale, {quand}"]


def _registre(cible: Cible) -> str:
    siens = {"parcours": cible} if isinstance(cible, Parcours) else {"grappe": cible, "parcours__isnull": True}
    nb = Risque.objects.filter(**siens).count()
    return f"le registre des risques, clos compris, et ce qui s'y ajoutera : {accorde(nb, 'risque')} aujourd'hui"


def qui_finissent(tenus: Q, au: date) -> list[PartageRisques]:
    """De ceux-là, ceux qui courent encore et finissent dans les deux semaines, le plus proche d'abord. Une requête."""
    proches = PartageRisques.objects.filter(tenus, revoque_le=None, au__range=(au, au + timedelta(days=SE_TERMINE)))
    return list(proches.select_related("parcours__esms", "grappe").order_by("au", "pk"))


def ouvert_de(parcours: Parcours) -> PartageRisques | None:
    """Le partage qui ouvre aujourd'hui les risques de cet ESMS. Une requête."""
    return PartageRisques.objects.en_vigueur().filter(parcours=parcours, objet=ObjetPartage.RISQUES).first()


def promesse_de(parcours: Parcours) -> Promesse:
    """Ce qu'ouvre le partage des risques de cet ESMS, dit dans les mêmes mots à qui l'ouvre et à qui le lit."""
    return next(p for p in promesses(parcours) if p.objet == ObjetPartage.RISQUES)
