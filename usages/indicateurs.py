"""Ce que les fichiers de l'éditeur et l'outil d'assistance disent d'une période : comptes actifs, tickets, versions.

Un nombre de tickets n'est ni un besoin, ni un mérite (metier §8) ; le financeur n'en lit aucun.
"""

from datetime import date
from typing import Any

from django.db.models import Count, Max, Q

from formation.models import Poste
from programme.calculs.delais import jours
from programme.socle.indicateurs import Mesures, comptes, durees, inscrire, rapports
from usages.calculs.periodes import Periode
from usages.enums import CadenceReleve, SourceUsage
from usages.models import MonteeDeVersion, Ticket, UsageMensuel


def _dans(parcours: Any) -> Any:
    return parcours.order_by().values("pk")


def _cles(parcours: Any) -> list[int]:
    return list(parcours.order_by().values_list("pk", flat=True))


# --- connexions ----------------------------------------------------------------------------------------------------


def _usages(parcours: Any, mois: date) -> dict[int, UsageMensuel]:
    """L'usage de ce mois par ESMS : le journal plutôt que la liste, et seulement si le mois est entier. Une requête."""
    lus = UsageMensuel.objects.filter(parcours__in=_dans(parcours), mois=mois, est_complet=True)
    # Le journal en dernier : il l'emporte.
    return {u.parcours_id: u for u in sorted(lus, key=lambda u: (u.source == SourceUsage.JOURNAL, u.source))}


@inscrire("comptes_actifs", "Comptes de personnes en poste avec une connexion dans le mois, sur les personnes en poste")
def comptes_actifs(parcours: Any, debut: date, fin: date) -> Mesures:
    """Comptes actifs / personnes en poste dans le mois, même un jour, hors renforts. Deux requêtes.

    D'un trimestre, d'une année : le dernier mois. Sans fichier, ou le mois entamé : pas de réponse.
    """
    mois = Periode.contenant(fin, CadenceReleve.MOIS)
    usages = _usages(parcours, mois.debut)
    la = Q(debut__lte=mois.fin) & (Q(fin__isnull=True) | Q(fin__gte=mois.debut))
    postes = Poste.objects.filter(la, parcours__in=list(usages), est_renfort=False).order_by()
    en_poste = dict(postes.values_list("parcours").annotate(nombre=Count("professionnel", distinct=True)))
    return rapports((cle, usage.actifs, en_poste.get(cle, 0)) for cle, usage in usages.items())


@inscrire("comptes_partages", "Comptes partagés qui se sont connectés dans le mois")
def comptes_partages(parcours: Any, debut: date, fin: date) -> Mesures:
    """À part des comptes de personnes. Une requête."""
    usages = _usages(parcours, Periode.contenant(fin, CadenceReleve.MOIS).debut)
    return comptes((cle, usage.partages) for cle, usage in usages.items())


# --- tickets -------------------------------------------------------------------------------------------------------


def _repondants(parcours: Any, debut: date) -> list[int]:
    """Les ESMS d'une grappe dont l'outil d'assistance parle de cette période, ou d'après : ailleurs, on ne sait pas.

    Zéro ticket est une réponse quand le fichier est venu ; pas quand il n'est jamais venu. Deux requêtes.
    """
    siens = Ticket.objects.filter(grappe__in=parcours.order_by().values("grappe")).order_by()
    dernier = siens.values_list("grappe").annotate(cree=Max("cree_le"), traite=Max("traite_le"), ferme=Max("ferme_le"))
    parlent = [grappe for grappe, *jours_lus in dernier if max(jour for jour in jours_lus if jour) >= debut]
    return _cles(parcours.filter(grappe__in=parlent))


def _tickets(parcours: Any, **criteres: Any) -> Any:
    return Ticket.objects.filter(parcours__in=_dans(parcours), **criteres).order_by()


def _compter(tickets: Any, parcours: Any, debut: date) -> Mesures:
    """Le nombre de ces tickets par ESMS. Trois requêtes."""
    repondants = set(_repondants(parcours, debut))
    lus = tickets.values_list("parcours").annotate(nombre=Count("pk"))
    return comptes((ligne for ligne in lus if ligne[0] in repondants), repondants)


@inscrire("tickets_crees", "Tickets créés dans la période")
def tickets_crees(parcours: Any, debut: date, fin: date) -> Mesures:
    """Créés de `debut` à `fin`."""
    return _compter(_tickets(parcours, cree_le__range=(debut, fin)), parcours, debut)


@inscrire("tickets_traites", "Tickets traités dans la période")
def tickets_traites(parcours: Any, debut: date, fin: date) -> Mesures:
    """Traités de `debut` à `fin`."""
    return _compter(_tickets(parcours, traite_le__range=(debut, fin)), parcours, debut)


@inscrire("tickets_fermes", "Tickets fermés dans la période")
def tickets_fermes(parcours: Any, debut: date, fin: date) -> Mesures:
    """Fermés de `debut` à `fin`."""
    return _compter(_tickets(parcours, ferme_le__range=(debut, fin)), parcours, debut)


@inscrire("tickets_bloquants", "Tickets bloquants sans contournement, encore ouverts à la fin")
def tickets_bloquants(parcours: Any, debut: date, fin: date) -> Mesures:
    """Créés, et pas fermés à cette date."""
    return _compter(_tickets(parcours).ouverts(fin).bloquants(), parcours, debut)


@inscrire("tickets_delai", "Délai des tickets traités dans la période")
def tickets_delai(parcours: Any, debut: date, fin: date) -> Mesures:
    """Jours de la création au traitement. Trois requêtes."""
    repondants = set(_repondants(parcours, debut))
    lus = _tickets(parcours, traite_le__range=(debut, fin)).values_list("parcours", "cree_le", "traite_le")
    cas = ((cle, jours(cree, traite)) for cle, cree, traite in lus if cle in repondants)
    return durees(cas, repondants)


# --- versions ------------------------------------------------------------------------------------------------------


@inscrire("montees_de_version", "Montées de version faites dans la période")
def montees_de_version(parcours: Any, debut: date, fin: date) -> Mesures:
    """Faites de `debut` à `fin`. Deux requêtes."""
    faites = MonteeDeVersion.objects.filter(parcours__in=_dans(parcours), faite_le__range=(debut, fin)).order_by()
    return comptes(faites.values_list("parcours").annotate(nombre=Count("pk")), _cles(parcours))
