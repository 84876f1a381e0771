"""Combien de conditions restent à réunir, barrent, avertissent : pour un objet, un ensemble, une liste d'un coup."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from programme.socle.conditions import Condition, Constat, Mesures, annoter_les_mesures, juger, pour
from programme.socle.enums import Severite


@dataclass(slots=True)
class Decompte:
    """Combien de conditions barrent, relèvent du plancher légal, avertissent, sont réunies.

    `reserves` : ce qui manquait au dernier passage et manque encore ; cela ne retient pas le suivant.
    """

    barre: int = 0
    legal: int = 0
    avertit: int = 0
    reuni: int = 0
    total: int = 0
    reserves: int = 0

    @property
    def reste(self) -> int:
        """Nombre de conditions qui restent à réunir."""
        return self.barre + self.legal + self.avertit

    def ajouter(self, severite: str, ok: bool | None, levee: bool) -> None:
        """Compte une condition ; sans objet ou masquée, elle ne compte pas."""
        if ok is None or severite == Severite.MASQUEE:
            return
        self.total += 1
        if ok or levee:
            self.reuni += 1
        elif severite == Severite.LEGALE:
            self.legal += 1
        elif severite == Severite.BARRE:
            self.barre += 1
        else:
            self.avertit += 1


def en_mots(decompte: Decompte) -> str:
    """« 2 barrent, 1 légal, 3 avertissent », ou « tout est réuni » : ce qu'un export garde du dessin."""
    mots = [
        f"{nombre} {un if nombre < 2 else plusieurs}"
        for nombre, un, plusieurs in (
            (decompte.barre, "barre", "barrent"),
            (decompte.legal, "légal", "légaux"),
            (decompte.avertit, "avertit", "avertissent"),
            (decompte.reserves, "réserve à lever", "réserves à lever"),
        )
        if nombre
    ]
    return ", ".join(mots) or "tout est réuni"


def compter(constats: Iterable[Constat]) -> Decompte:
    """Décompte d'une liste de constats ; les conditions sans objet ou masquées ne comptent pas."""
    d = Decompte()
    for c in constats:
        d.ajouter(c.severite, c.ok, bool(c.levee_par))
    return d


def par_condition(constats: dict[int, list[Constat]]) -> dict[str, Decompte]:
    """Décompte par condition sur un ensemble d'objets (pied de la grille)."""
    groupes: dict[str, list[Constat]] = defaultdict(list)
    for liste in constats.values():
        for c in liste:
            groupes[c.condition.code].append(c)
    return {code: compter(liste) for code, liste in groupes.items()}


# --- d'un coup, pour une liste -------------------------------------------------------------------------------------

_REPERE = 987_654_321_987
_ordres: dict[tuple[Any, str, date, str], tuple[list[Condition], str, str, tuple[Any, ...], int]] = {}


def _ordre_pour(modele: Any, transition: str, declarees: list[Condition]) -> tuple[str, str, tuple[Any, ...], int]:
    """L'ordre SQL qui mesure ces conditions pour des clés : ce qui précède et suit la liste, ses paramètres, leur rang.

    Le bâtir coûte dix fois plus que le jouer sur une page : on le garde, pour le jour (des mesures en dépendent).
    """
    cle = (modele, transition, timezone.localdate(), connection.vendor)
    connu = _ordres.get(cle)
    if connu and len(connu[0]) == len(declarees) and all(a is b for a, b in zip(connu[0], declarees, strict=True)):
        return connu[1:]
    if len(_ordres) > 200:
        _ordres.clear()
    ordre = annoter_les_mesures(modele._default_manager.filter(pk__in=[_REPERE]), declarees)
    texte, parametres = ordre.query.sql_with_params()
    rang = parametres.index(_REPERE)
    places = [m for m in re.finditer("%%|%s", texte) if m[0] == "%s"]
    avant, apres = texte[: places[rang].start()], texte[places[rang].end() :]
    _ordres[cle] = (declarees, avant, apres, tuple(parametres), rang)
    return _ordres[cle][1:]


def _mesurer_par_cles(modele: Any, transition: str, declarees: list[Condition], cles: list[Any]) -> list[Mesures]:
    avant, apres, parametres, rang = _ordre_pour(modele, transition, declarees)
    if connection.vendor == "postgresql" and avant.endswith(" IN ("):
        # Un seul paramètre : mille clés une à une coûtent plus à écrire que la requête à jouer.
        avant, liste, places = f"{avant.removesuffix('IN (')}= ANY(", [cles], "%s"
    else:
        liste, places = cles, ", ".join(["%s"] * len(cles))
    with connection.cursor() as curseur:
        curseur.execute(f"{avant}{places}{apres}", [*parametres[:rang], *liste, *parametres[rang + 1 :]])
        return curseur.fetchall()


def decompter_par_cles(modele: Any, attendus: Mapping[str, list[Any]]) -> dict[int, Decompte]:
    """Le décompte de `evaluer_suites`, pour des objets dont on sait déjà quelle transition les attend.

    `attendus` : transition → clés, sans recouvrement. Mêmes règles, mêmes requêtes ; les ordres SQL sont gardés d'une
    page à l'autre et les constats ne sont pas bâtis : c'est ce qu'il faut à une liste ou à un export.
    """
    lots = []
    for transition, cles in attendus.items():
        declarees = pour(modele._meta.label_lower, transition)
        lots.append((declarees, _mesurer_par_cles(modele, transition, declarees, cles)))
    rendu = {}
    for pk, jugements in juger(modele, lots, timezone.localdate()):
        decompte = rendu[pk] = Decompte()
        for _, severite, _, _, ok, levee in jugements:
            decompte.ajouter(severite, ok, bool(levee))
    return rendu
