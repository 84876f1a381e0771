"""Comparer deux périodes à ensemble constant : sur les ESMS qui ont répondu aux deux, et sur eux seuls.

Un ESMS qui arrive ou qui se tait déplace un total sans que rien n'ait changé nulle part. Ne s'additionnent ici que des
chiffres que le lecteur lit déjà, un par un : ce qu'il en retrancherait, il le sait. Qui ne les lit pas tous apprend
seulement si ce sont les mêmes ESMS, ce qui n'est le chiffre de personne.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F

from programme.calculs.masquage import est_petit
from programme.models import Utilisateur
from usages.calculs.agregat import Agregat
from usages.models import Valeur
from usages.models.cumuls import champ_de
from usages.services.tableaux.commun import Moment, detaillees

PLAFOND = 6_000
"""Réponses au-delà desquelles on ne relit pas les chiffres un à un : la page du pays ne dépend pas de leur nombre."""
MEMES, LUS, TUS, DEHORS, CACHES, TROP = "memes", "lus", "tus", "dehors", "caches", "trop"
POURQUOI = {
    DEHORS: "ce ne sont pas les mêmes ESMS",
    TUS: "moins de cinq ESMS d’écart, que la comparaison désignerait",
    CACHES: "vous n’en lisez pas les ESMS un à un",
    TROP: "trop d’ESMS pour les retrouver un à un",
}
"""Pourquoi deux totaux ne se comparent pas."""


@dataclass(frozen=True, slots=True)
class Constant:
    """Ce qui se compare : les totaux tels quels (`memes`), ceux des ESMS présents aux deux (`lus`), ou rien."""

    nature: str
    avant: Agregat | None = None
    ici: Agregat | None = None

    @property
    def nombre(self) -> int:
        """ESMS présents aux deux périodes, s'ils se disent."""
        return self.ici.nb_repondants if self.ici else 0


def lire_constants(
    maille: str,
    territoire: str,
    moment: Moment,
    repondants: dict[int, tuple[int, int]],
    *,
    lecteur: Utilisateur | None,
    discret: bool = False,
) -> dict[int, Constant]:
    """Par indicateur, ce qui se compare. Une requête ; aucune au-delà de `PLAFOND`.

    `repondants` : par indicateur, combien d'ESMS ont répondu avant, puis maintenant. `lecteur` : qui lit, un à un, les
    chiffres de ce territoire ; None : on dit seulement si ce sont les mêmes ESMS. `discret` : un groupe de moins de
    cinq ne se lit pas, ni par différence.
    """
    if sum(avant + ici for avant, ici in repondants.values()) > PLAFOND:
        return dict.fromkeys(repondants, Constant(TROP))
    chiffres = _lire(maille, territoire, moment, lecteur)
    return {
        i: juger(chiffres[i], nombres, lus=lecteur is not None, discret=discret) for i, nombres in repondants.items()
    }


def juger(chiffres: dict[int, list[Agregat | None]], nombres: tuple[int, int], *, lus: bool, discret: bool) -> Constant:
    """Ce qui se compare d'un indicateur, depuis le chiffre d'avant et celui d'à présent de chaque ESMS."""
    communs = [(avant, ici) for avant, ici in chiffres.values() if avant is not None and ici is not None]
    n = len(communs)
    if nombres == (n, n):
        return Constant(MEMES)
    if not lus or not n:
        comptes = tuple(sum(c[rang] is not None for c in chiffres.values()) for rang in (0, 1))
        return Constant(DEHORS if comptes == nombres else CACHES)
    if discret and any(est_petit(reste) for reste in (n, nombres[0] - n, nombres[1] - n)):
        return Constant(TUS)
    return Constant(LUS, sum((a for a, _ in communs), Agregat()), sum((i for _, i in communs), Agregat()))


def _lire(
    maille: str, territoire: str, moment: Moment, lecteur: Utilisateur | None
) -> dict[int, dict[int, list[Agregat | None]]]:
    """Par indicateur et ESMS, son chiffre d'avant et celui d'à présent. Une requête."""
    valeurs: Any = Valeur.objects.visibles_par(lecteur) if lecteur else Valeur.objects.all()
    if chemin := champ_de(maille):
        valeurs = valeurs.filter(**{chemin: territoire})
    if lecteur is None:
        valeurs = valeurs.filter(cle="")
    lignes = (
        valeurs.comptees()
        .filter(moment.courtes, detaillees("indicateur__forme"), releve__cadence=F("indicateur__cadence"))
        .order_by()
        .values_list(
            "indicateur", "releve__parcours", "releve__cadence", "releve__debut", "cle", "numerateur", "denominateur"
        )
    )
    debuts: dict[tuple[str, date], int] = {}
    for cadence in moment.fenetres:
        debuts[cadence, moment.avant(cadence).debut] = 0
        debuts[cadence, moment.periode(cadence).debut] = 1
    totaux: dict[int, dict[int, list[Agregat | None]]] = defaultdict(lambda: defaultdict(lambda: [None, None]))
    tranches: dict[tuple[int, int, int], dict[str, int]] = defaultdict(dict)
    for indicateur, parcours, cadence, debut, cle, num, den in lignes:
        rang = debuts[cadence, debut]
        siennes = tranches[indicateur, parcours, rang]
        if cle:
            siennes[cle] = int(num)
        else:
            totaux[indicateur][parcours][rang] = Agregat(num, den or Decimal(0), 1, 1, tranches=siennes)
    return totaux
