"""Les tickets d'un ESMS, d'une grappe ou d'un irritant, lus ensemble : par mois, en délais, ceux qui bloquent.

Toujours depuis ce que le lecteur voit. Un nombre de tickets n'est ni un besoin ni un mérite : rien ici ne range les
ESMS les uns par rapport aux autres.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth

from programme.models import Utilisateur
from usages.calculs.delais_tickets import Delais, Mois, mesurer_comptes, par_mois
from usages.calculs.periodes import Periode
from usages.dessins.tickets import Bandes, dessiner
from usages.enums import CadenceReleve
from usages.models import Irritant, Ticket

MOIS_MONTRES = 12
BLOQUANTS_MONTRES = 20
IRRITANTS_MONTRES = 10


@dataclass(frozen=True)
class Ensemble:
    """Ce qu'une page de tickets montre.

    `bloquants` : ouverts, sans contournement, les plus anciens d'abord (`nb_bloquants` en tout). `delais` : des tickets
    traités dans les douze mois montrés. `mois` : du plus ancien au mois qui court, encore incomplet.
    """

    nb_tickets: int
    nb_ouverts: int
    nb_bloquants: int
    bloquants: list[Ticket]
    mois: list[Mois]
    bandes: Bandes
    delais: Delais


def lire_ensemble(tickets: Any, au: date) -> Ensemble:
    """Lit ces tickets (un QuerySet déjà borné à ce que voit le lecteur), à ce jour. Six requêtes."""
    mois = Periode.contenant(au, CadenceReleve.MOIS).dernieres(MOIS_MONTRES)
    depuis = mois[0].debut
    encore = Q(cree_le__lte=au) & (Q(ferme_le__isnull=True) | Q(ferme_le__gt=au))
    nombres = tickets.order_by().aggregate(
        total=Count("pk"),
        ouverts=Count("pk", filter=encore),
        bloquants=Count("pk", filter=encore & Q(est_bloquant=True, a_contournement=False)),
    )
    comptes = (_par_mois(tickets, champ, depuis, au) for champ in ("cree_le", "traite_le", "ferme_le"))
    lignes = par_mois([m.debut for m in mois], *comptes)
    bloquants = tickets.ouverts(au).bloquants().pour_lecture().order_by("cree_le", "pk")
    return Ensemble(
        nb_tickets=nombres["total"],
        nb_ouverts=nombres["ouverts"],
        nb_bloquants=nombres["bloquants"],
        bloquants=list(bloquants[:BLOQUANTS_MONTRES]),
        mois=lignes,
        bandes=dessiner(lignes),
        delais=lire_delais(tickets, depuis, au),
    )


def _par_mois(tickets: Any, champ: str, depuis: date, au: date) -> dict[date, int]:
    dates = tickets.filter(**{f"{champ}__range": (depuis, au)}).order_by()
    lus = dates.annotate(le_mois=TruncMonth(champ)).values_list("le_mois").annotate(n=Count("pk"))
    return dict(lus)


def lire_delais(tickets: Any, depuis: date, au: date) -> Delais:
    """Les délais des tickets traités (à défaut fermés) entre ces deux jours. Une requête, une ligne par durée."""
    finis = Q(traite_le__range=(depuis, au)) | Q(traite_le__isnull=True, ferme_le__range=(depuis, au))
    durees = tickets.filter(finis).avec_duree(au).order_by().values_list("duree").annotate(n=Count("pk"))
    return mesurer_comptes({duree.days: nombre for duree, nombre in durees})


def irritants_de(utilisateur: Utilisateur, au: date, **bornes: Any) -> list[Irritant]:
    """Les irritants que voit cette personne, ceux que le plus d'ESMS ont d'abord. Une requête."""
    lus = Irritant.objects.visibles_par(utilisateur).filter(**bornes).pour_lecture().avec_ampleur(utilisateur, au)
    return list(lus.order_by("-nb_esms", "-nb_ouverts", "tri", "pk")[:IRRITANTS_MONTRES])
