"""Le tableau par état : où en est chaque retour d'un ESMS ou d'une grappe, vingt cartes au plus par colonne."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count

from usages.enums import EtatRetour
from usages.models import Retour
from usages.models.retours import A_TRAITER, RetourQuerySet

CARTES = 20
REPONDUS_RECENTS = "repondus_recents"
RECENT = timedelta(days=30)
"""Répondu depuis moins d'un mois : valeur du produit."""


@dataclass(slots=True)
class Colonne:
    """Un état : son mot, le filtre de la liste qui la montre entière, ses premières cartes, combien en tout."""

    nom: str
    filtre: str
    cartes: list[Retour] = field(default_factory=list)
    total: int = 0

    @property
    def nb_autres(self) -> int:
        """Ceux que le tableau ne montre pas."""
        return self.total - len(self.cartes)


def lire_tableau(retours: RetourQuerySet, au: date) -> list[Colonne]:
    """Les colonnes, la plus grave d'abord, puis la plus ancienne ; les répondus, du plus récent. Huit requêtes."""
    comptes = dict(retours.order_by().values_list("etat").annotate(nombre=Count("pk")))
    repondus = retours.repondus_depuis(au - RECENT)
    colonnes = [Colonne(str(EtatRetour(e).label), e, total=comptes.get(e, 0)) for e in A_TRAITER]
    colonnes.append(Colonne("Répondus récemment", REPONDUS_RECENTS, total=repondus.count()))
    par_gravite = retours.avec_rangs().order_by("-rang_gravite", "recu_le", "pk")
    tries = [par_gravite.filter(etat=e) for e in A_TRAITER] + [repondus.order_by("-repondu_le", "-pk")]
    cles = [list(lignes.values_list("pk", flat=True)[:CARTES]) for lignes in tries]
    cartes = Retour.objects.pour_lecture().avec_voix().avec_echeance()
    lus = cartes.in_bulk([cle for siennes in cles for cle in siennes])
    for colonne, siennes in zip(colonnes, cles, strict=True):
        colonne.cartes = [lus[cle] for cle in siennes if cle in lus]
    return colonnes
