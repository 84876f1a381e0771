"""Lire une alerte : sa réponse, son histoire, ce que la règle a vu ; celles d'un ESMS."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from gouvernance.enums import EtatAlerte
from gouvernance.models import Alerte
from gouvernance.permissions import peut_donner_alerte
from programme.enums import EtatParcours
from programme.models import Parcours, Utilisateur
from programme.services import journal
from programme.socle.models import Passage
from programme.socle.regles_alerte import regles

MONTREES = 5
REPONSES_RECENTES = timedelta(days=60)


def ton_de(alerte: Alerte, au: date) -> str:
    """Le ton de son état : de côté une fois close, en retard, ou rien."""
    if alerte.etat == EtatAlerte.CLOSE:
        return "cote"
    return "reserve" if alerte.etat == EtatAlerte.PORTEE or alerte.est_en_retard(au) else ""


def cloture_de(alerte: Alerte) -> Passage | None:
    """Qui a répondu en dernier, et quand ; None si personne encore. Une requête."""
    closes = Passage.objects.de(alerte).filter(transition="clore").select_related("par")
    return closes.order_by("-rang").first()


def ce_qu_a_vu_la_regle(alerte: Alerte, par: Utilisateur) -> str:
    """L'adresse de ce que la règle a vu ; vide si elle n'en dit rien, ou si ce lecteur ne le voit pas."""
    regle = regles.get(alerte.regle)
    return regle.situer(alerte.cle, par) if regle and regle.situer else ""


def parcours_lu(alerte: Alerte, par: Utilisateur) -> bool:
    """Vrai si ce lecteur peut ouvrir la page de l'ESMS : le COMOP lit l'alerte d'ESMS qui ne sont pas à chacun."""
    vus = Parcours.objects.visibles_par(par).filter(pk=alerte.parcours_id)
    return alerte.parcours_id is not None and vus.exists()


def histoire_de(alerte: Alerte) -> list[dict[str, Any]]:
    """Passages et réponses d'avant, du plus récent au plus ancien, pour le composant journal. Deux requêtes."""
    donnee = "" if alerte.est_ouverte else alerte.reponse

    def corrections(avant: Any, apres: Any) -> Iterator[str]:
        """Une réponse reste lisible, même rouverte depuis ; celle qui vaut se lit en tête de page."""
        if avant.reponse != apres.reponse and apres.reponse not in ("", donnee):
            yield f"Réponse : « {apres.reponse} »"

    return journal.histoire_de(alerte, corrections)


@dataclass(slots=True)
class Encart:
    """Les alertes d'un ESMS : celles qui attendent, les réponses récentes, où donner l'alerte."""

    ouvertes: list[tuple[Alerte, bool]]
    total: int
    reponses: list[Alerte]
    url: str
    url_creer: str


def encart_de(parcours: Parcours, *, par: Utilisateur, au: date) -> Encart | None:
    """Ce qu'en montre la page de l'ESMS ; None pour qui n'en lit aucune et n'en donne pas. Requêtes constantes."""
    siennes = Alerte.objects.visibles_par(par).filter(parcours=parcours)
    donne = parcours.etat != EtatParcours.SORTI and bool(peut_donner_alerte(par, parcours))
    ouvertes = list(siennes.ouvertes().order_by("echeance", "pk"))
    closes = siennes.filter(etat=EtatAlerte.CLOSE)
    recentes = _closes_depuis(closes, au - REPONSES_RECENTES)
    if not (donne or ouvertes or recentes or closes.exists()):
        return None
    return Encart(
        ouvertes=[(a, a.est_en_retard(au)) for a in ouvertes[:MONTREES]],
        total=len(ouvertes),
        reponses=recentes[:MONTREES],
        url=f"{reverse('gouvernance:alerte-liste')}?parcours={parcours.pk}",
        url_creer=f"{reverse('gouvernance:alerte-creer')}?parcours={parcours.pk}" if donne else "",
    )


def _closes_depuis(closes: Any, depuis: date) -> list[Alerte]:
    """Celles dont la réponse est récente, la dernière d'abord : l'ESMS qui a donné l'alerte la trouve ici."""
    passages = Passage.objects.filter(
        objet_type__app_label="gouvernance", objet_type__model="alerte", transition="clore", date_effet__gte=depuis
    )
    return list(closes.filter(pk__in=passages.order_by().values("objet_id")).order_by("-pk"))
