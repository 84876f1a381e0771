"""Où aller : les structures que l'entonnoir retient, ou celles qu'on cherche dans ce qu'on voit."""

from programme.models import Parcours, Utilisateur
from programme.socle.texte import normaliser
from usages.enums import EtatVisite
from usages.models import Etude, Visite
from usages.services.etudes.entonnoir import derouler_etude, structures_retenues
from usages.services.etudes.remplacants import empeches_de

MONTRES = 20
TENUES = (EtatVisite.PROPOSEE, EtatVisite.ACCEPTEE, EtatVisite.FAITE)
"""États où l'ESMS a déjà sa visite dans l'étude."""


def deja_visites(etude: Etude) -> set[int]:
    """Clés des ESMS qui ont déjà une visite proposée, acceptée ou faite dans cette étude. Une requête."""
    return set(Visite.objects.filter(etude=etude, etat__in=TENUES).order_by().values_list("parcours", flat=True))


def chercher(etude: Etude, texte: str, par: Utilisateur) -> list[Parcours]:
    """Les ESMS de son périmètre qui portent ces mots, sans ceux déjà visités. Deux requêtes ; rien sans un mot."""
    if not normaliser(texte):
        return []
    vus = Parcours.objects.visibles_par(par).dans_le_projet().filter(esms__est_actif=True).chercher(texte)
    return list(vus.exclude(pk__in=deja_visites(etude)).pour_lecture().order_by("esms__tri", "pk")[:MONTRES])


def de_l_entonnoir(etude: Etude) -> list[Parcours]:
    """Ceux que l'entonnoir retient, puis les suivants de ceux qu'on ne peut plus visiter."""
    suivants = [e.suivant_parcours for e in empeches_de(etude, derouler_etude(etude)) if e.suivant_parcours]
    return [*structures_retenues(etude), *suivants]


def offertes(etude: Etude) -> list[Parcours]:
    """Ceux de l'entonnoir qui n'ont pas encore de visite."""
    prises = deja_visites(etude)
    return [p for p in de_l_entonnoir(etude) if p.pk not in prises]
