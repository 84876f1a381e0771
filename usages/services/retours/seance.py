"""Ce qu'une séance lit des retours : des totaux que personne ne ramène à quelques-uns, et les réponses publiées.

Tous les membres lisent le dossier, financeur compris : ni un retour sans réponse, ni le texte d'une équipe.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce

from usages.calculs.delais_editeurs import Delais, delais_de
from usages.calculs.retours import PAS_ENCORE_DIT, attentes, se_disent
from usages.enums import EtatRetour, ThemeRetour
from usages.models import Retour
from usages.models.retours import semaine_de
from usages.services.retours.comite import raisons_de

OUI, NON = "répondus", "sans réponse"


@dataclass(frozen=True)
class PourLaSeance:
    """`recus` : combien, pour savoir s'il y a à dire ; le reste se montre, None pour ce qui se tait."""

    recus: int
    recus_dits: int | None
    repondus_dits: int | None
    themes: list[tuple[str, int | None]]
    delais: Delais
    reponses: list[tuple[str, str]]


def lire_pour_la_seance(parcours: Any, debut: date, au: date) -> PourLaSeance:
    """Les retours de ces ESMS reçus depuis ce jour, et ceux à qui l'on a répondu depuis. Quatre requêtes."""
    tous: Any = Retour.objects.filter(parcours__in=parcours.order_by().values("pk"), recu_le__lt=semaine_de(au))
    recus = tous.filter(recu_le__gte=debut).avec_ce_que_dit_le_groupe().order_by()
    par_theme, par_suite = _par_organisme(recus)
    total, themes = se_disent(par_theme)
    _, suites = se_disent(par_suite)
    return PourLaSeance(
        recus=sum(n for siens in par_theme.values() for n in siens.values()),
        recus_dits=total,
        repondus_dits=None if total is None else suites.get(OUI, 0),
        themes=[
            (str(nom), themes[code]) for code, nom in [*ThemeRetour.choices, ("", PAS_ENCORE_DIT)] if code in themes
        ],
        delais=delais_de(attentes(recus.attentes("reponse_le", au))),
        reponses=_reponses(tous, debut, au),
    )


def _par_organisme(retours: Any) -> tuple[dict[int, dict[str, int]], dict[int, dict[str, int]]]:
    """Par organisme (à défaut par ESMS), les nombres par thème, puis selon qu'ils ont leur réponse. Une requête."""
    par_theme: dict[int, dict[str, int]] = defaultdict(dict)
    par_suite: dict[int, dict[str, int]] = defaultdict(lambda: {OUI: 0, NON: 0})
    og = Coalesce("parcours__esms__og", -F("parcours__esms"))
    repondus = Count("pk", filter=Q(reponse_le__isnull=False))
    for cle, theme, n, r in retours.values_list(og, "theme_dit").annotate(n=Count("pk"), r=repondus):
        par_theme[cle][theme] = n
        par_suite[cle][OUI] += r
        par_suite[cle][NON] += n - r
    return par_theme, par_suite


def _reponses(retours: Any, debut: date, au: date) -> list[tuple[str, str]]:
    """Le résumé et ce qui a été répondu depuis, le plus récent d'abord ; un refus dit sa raison. Deux requêtes."""
    repondus = retours.repondus().filter(repondu_le__range=(debut, au))
    lus = list(repondus.order_by("-repondu_le", "pk"))
    raisons = raisons_de([r.pk for r in lus if r.etat == EtatRetour.NON_RETENU])
    return [(r.titre, f"Non retenu : {raisons[r.pk]}" if r.pk in raisons else r.reponse) for r in lus]
