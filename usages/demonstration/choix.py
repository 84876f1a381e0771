"""Ce que relèvent les deux grappes de la démonstration, et ce qu'elles visent : cinq chiffres tapés par trimestre."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from programme.models import Grappe, Utilisateur
from usages.enums import NatureSurveillance
from usages.models import Indicateur
from usages.services.indicateurs import cibles, suivis

TAPES = ("presents", "presents-six-mois", "projets-personnalises", "contrats-de-sejour", "saisies-en-double")
"""Une fois par trimestre chacun : tout le budget de saisie."""
IMPORTES = ("ins-qualifiees", "indisponibilites")
CALCULES = (
    "unites-ouvertes",
    "unites-stabilisees",
    "couverture-formation",
    "supports-vivants",
    "actions-en-retard",
    "comptes-actifs",
    "comptes-partages",
    "tickets-bloquants",
    "delai-tickets",
    "arrivants-formes",
)
SOURCE = "COSTRAT de la grappe (démonstration)"


@dataclass(frozen=True)
class Visee:
    """Une cible, un seuil d'alerte : de 0 à 1 ; `dans` : jours d'ici son échéance, aucun si elle n'en a pas."""

    code: str
    valeur: str
    dans: int | None = None
    seuil: str = ""


VISEES = (
    Visee("unites-ouvertes", "0.9"),
    Visee("couverture-formation", "0.9", 75),
    Visee("comptes-actifs", "0.75"),
    Visee("projets-personnalises", "0.8", 120),
    Visee("ins-qualifiees", "0.7", 210),
    Visee("supports-vivants", "0.1", seuil="0.5"),
)


def suivre(grappe: Grappe, par: Utilisateur, depuis: date) -> None:
    """Choisit les indicateurs, pose les cibles, surveille deux choses."""
    lus = {i.code: i for i in Indicateur.objects.filter(code__in=(*TAPES, *IMPORTES, *CALCULES))}
    suivis.choisir(grappe=grappe, indicateurs=list(lus.values()), par=par, depuis=depuis)
    for v in VISEES:
        fin = None if v.dans is None else timezone.localdate() + timedelta(days=v.dans)
        cibles.poser(
            indicateur=lus[v.code],
            par=par,
            grappe=grappe,
            valeur=Decimal(v.valeur),
            seuil=Decimal(v.seuil) if v.seuil else None,
            du=depuis,
            au=fin,
            source=SOURCE,
        )
    for code in ("comptes-actifs", "couverture-formation"):
        cibles.surveiller(grappe=grappe, indicateur=lus[code], natures=[NatureSurveillance.CHUTE], par=par)
