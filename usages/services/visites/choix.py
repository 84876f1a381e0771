"""Où aller : les structures que l'entonnoir retient, ou celles qu'on cherche dans ce qu'on voit."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from programme.models import Parcours, Utilisateur
from programme.socle.texte import normaliser
from usages.enums import EtatVisite
from usages.models import Etude, Visite

ENTONNOIR = "usages.services.etudes.entonnoir"
MONTRES = 20
TENUES = (EtatVisite.PROPOSEE, EtatVisite.ACCEPTEE, EtatVisite.FAITE)
"""États où l'ESMS a déjà sa visite dans l'étude."""


def _retenues() -> Callable[[Etude], list[Parcours]] | None:
    """Ce que retient l'entonnoir, si ce paquet est là : sans lui, on cherche à la main."""
    if find_spec("usages.services.etudes") is None or find_spec(ENTONNOIR) is None:
        return None
    lire: Callable[[Etude], list[Parcours]] | None = getattr(import_module(ENTONNOIR), "structures_retenues", None)
    return lire


def retenues_par_l_entonnoir(etude: Etude) -> list[Parcours]:
    """Les ESMS que l'entonnoir retient, dans son ordre ; aucun tant qu'il n'a rien retenu."""
    lire = _retenues()
    return lire(etude) if lire else []


def deja_visites(etude: Etude) -> set[int]:
    """Clés des ESMS qui ont déjà une visite proposée, acceptée ou faite dans cette étude. Une requête."""
    return set(Visite.objects.filter(etude=etude, etat__in=TENUES).order_by().values_list("parcours", flat=True))


def chercher(etude: Etude, texte: str, par: Utilisateur) -> list[Parcours]:
    """Les ESMS de son périmètre qui portent ces mots, sans ceux déjà visités. Deux requêtes ; rien sans un mot."""
    if not normaliser(texte):
        return []
    vus = Parcours.objects.visibles_par(par).dans_le_projet().filter(esms__est_actif=True).chercher(texte)
    return list(vus.exclude(pk__in=deja_visites(etude)).pour_lecture().order_by("esms__tri", "pk")[:MONTRES])


def offertes(etude: Etude) -> list[Parcours]:
    """Celles de l'entonnoir qui n'ont pas encore de visite."""
    prises = deja_visites(etude)
    return [p for p in retenues_par_l_entonnoir(etude) if p.pk not in prises]
