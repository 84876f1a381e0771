"""Les retours qui ressemblent à un autre, dans la même grappe : proposés à qui le lit, jamais rapprochés d'office."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from programme.models import Utilisateur
from usages.calculs import ressemblance
from usages.models import Retour
from usages.models.retours import A_TRAITER, RetourQuerySet

PROCHES = 5
CANDIDATS = 1500
"""Les plus récents : chaque recherche les relit tous ; valeur du produit."""
RECENT = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Proche:
    """Un retour voisin, et de combien (0 à 1)."""

    retour: Retour
    score: float


def regroupables(retour: Retour, par: Utilisateur, au: date) -> RetourQuerySet:
    """Ceux sous lesquels le ranger : de sa grappe, lus par cette personne, à traiter ou répondus depuis un an."""
    lus = Retour.objects.visibles_par(par).de_la_grappe(retour.parcours.grappe_id).exclude(pk=retour.pk)
    recents: RetourQuerySet = lus.filter(Q(etat__in=A_TRAITER) | Q(repondu_le__gte=au - RECENT))
    return recents


def proches_de(retour: Retour, par: Utilisateur, au: date) -> list[Proche]:
    """Les cinq plus proches au plus, du plus proche au moins proche. Deux requêtes ; relit jusqu'à 1 500 textes."""
    lignes = regroupables(retour, par, au).order_by("-recu_le", "-pk")
    champs = ("pk", "probleme", "amelioration", "module__code")
    index = ressemblance.Ressemblance(
        ressemblance.Retour(cle, probleme, amelioration, module or "")
        for cle, probleme, amelioration, module in lignes.values_list(*champs)[:CANDIDATS]
    )
    module = retour.module.code if retour.module else ""
    lui = ressemblance.Retour(retour.pk, retour.probleme, retour.amelioration, module)
    voisins = index.proches_de(lui, seuil=ressemblance.SEUIL_AU_CHOIX, limite=PROCHES)
    lus = Retour.objects.pour_lecture().avec_voix().in_bulk([v.cle for v in voisins]) if voisins else {}
    return [Proche(lus[v.cle], v.score) for v in voisins]
