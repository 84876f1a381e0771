"""Décompter ce qui reste à réunir : pour un objet, par condition, ou pour des milliers d'objets d'un coup.

La base dit, de chaque objet, lesquelles de ses conditions sont réunies ou sans objet, en un seul nombre à base trois :
une liste ou un export n'a ni mesure à lire, ni constat à bâtir, et les objets qui se ressemblent se comptent une fois.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count
from operator import is_
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from programme.socle import conditions
from programme.socle.conditions import Condition, Constat
from programme.socle.enums import Severite

MANQUE, REUNIE, SANS_OBJET = range(3)
BASE = 3


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


# --- des milliers d'objets d'un coup ----------------------------------------------------------------------------------


Codes = tuple[int, int, int, int]
"""Un objet : sa clé, son parcours, sa grappe, et le nombre à base trois de ses conditions, la première aux unités."""


def _en_codes(qs: QuerySet, transition: str, declarees: list[Condition]) -> QuerySet:
    modele: Any = qs.model
    code: Any = Value(0)
    for rang, c in enumerate(declarees):
        code += Coalesce(F(f"{c.code}_ok"), Value(SANS_OBJET)) * Value(BASE**rang)
    chemins = [modele.chemin_parcours or "pk", modele.chemin_grappe or "pk"]
    return conditions.annoter(qs.order_by(), transition).annotate(_code=code).values_list("pk", *chemins, "_code")


@dataclass(frozen=True, slots=True)
class Ordre:
    """L'ordre SQL qui code les conditions d'une transition, de part et d'autre de la liste des clés.

    Sur PostgreSQL les clés sont son seul paramètre, et `nom` celui sous lequel une connexion le garde préparé.
    """

    declarees: list[Condition]
    avant: str
    apres: str
    parametres_avant: tuple[Any, ...]
    parametres_apres: tuple[Any, ...]
    nom: str


_REPERE = 987_654_321_987
_ordres: dict[tuple[Any, str, date, str], Ordre] = {}
_prepares: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
_numeros = count(1)
CLES_PREPAREES = 200
"""Jusqu'à ce nombre de clés, planifier coûte plus que jouer ; au-delà, le plan doit savoir combien il y en a."""


def _ordre_pour(modele: Any, transition: str, declarees: list[Condition]) -> Ordre:
    """L'ordre de cette transition. Le bâtir coûte dix fois plus que le jouer sur une page.

    On le garde, pour le jour (des mesures en dépendent) et tant que les conditions sont les mêmes.
    """
    cle = (modele, transition, timezone.localdate(), connection.vendor)
    connu = _ordres.get(cle)
    if connu and len(connu.declarees) == len(declarees) and all(map(is_, connu.declarees, declarees)):
        return connu
    if len(_ordres) > 200:
        _ordres.clear()
    lignes = _en_codes(modele._default_manager.filter(pk__in=[_REPERE]), transition, declarees)
    texte, parametres = lignes.query.sql_with_params()
    nom = f"treille_codes_{next(_numeros)}"
    if connection.vendor == "postgresql":
        # Mille clés une à une coûtent plus à écrire que la requête à jouer : une liste, un paramètre.
        base: Any = connection.ops
        avant, _, apres = base.compose_sql(texte, parametres).replace("%", "%%").partition(f"IN ({_REPERE})")
        ordre = Ordre(declarees, f"{avant}= ANY(", f"){apres}", (), (), nom)
    else:
        rang = parametres.index(_REPERE)
        place = [m for m in re.finditer("%%|%s", texte) if m[0] == "%s"][rang]
        avant, apres = texte[: place.start()], texte[place.end() :]
        ordre = Ordre(declarees, avant, apres, tuple(parametres[:rang]), tuple(parametres[rang + 1 :]), nom)
    _ordres[cle] = ordre
    return ordre


def _coder_par_cles(modele: Any, transition: str, declarees: list[Condition], cles: list[Any]) -> list[Codes]:
    ordre = _ordre_pour(modele, transition, declarees)
    with connection.cursor() as curseur:
        if connection.vendor != "postgresql":
            places = ", ".join(["%s"] * len(cles))
            parametres = [*ordre.parametres_avant, *cles, *ordre.parametres_apres]
            curseur.execute(f"{ordre.avant}{places}{ordre.apres}", parametres)
        elif len(cles) <= CLES_PREPAREES and _est_prepare(ordre):
            curseur.execute(f"EXECUTE {ordre.nom} (%s)", [cles])
        else:
            curseur.execute(f"{ordre.avant}%s{ordre.apres}", [cles])
        return curseur.fetchall()


def _est_prepare(ordre: Ordre) -> bool:
    """Prépare l'ordre sur cette connexion, une fois : PostgreSQL met plus de temps à le planifier qu'à le jouer.

    Faux derrière un relais qui change de connexion à chaque transaction : le réglage qui y ôte les curseurs de serveur
    dit aussi qu'un ordre préparé ne s'y retrouverait pas.
    """
    if connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
        return False
    faits = _prepares.setdefault(connection.connection, set())
    if ordre.nom not in faits:
        with connection.connection.cursor() as curseur:
            curseur.execute(f"PREPARE {ordre.nom} (bigint[]) AS {ordre.avant}$1{ordre.apres}".replace("%%", "%"))
        faits.add(ordre.nom)
    return True


def decompter_par_cles(modele: Any, attendus: Mapping[str, list[Any]]) -> dict[int, Decompte]:
    """Le décompte de `evaluer_suites`, pour des objets dont on sait déjà quelle transition les attend.

    `attendus` : transition → clés, sans recouvrement. Mêmes règles, une requête par transition et deux de plus ; les
    ordres SQL sont gardés d'une page à l'autre. Deux objets peuvent partager un décompte : le copier pour le changer.
    """
    lots: list[tuple[list[Condition], list[Codes]]] = []
    for transition, cles in attendus.items():
        declarees = conditions.pour(modele._meta.label_lower, transition)
        lots.append((declarees, _coder_par_cles(modele, transition, declarees, cles)))
    lignes = [ligne for _, codes in lots for ligne in codes]
    reglages: dict[int, dict[str, str]] = defaultdict(dict)
    levees: dict[int, set[str]] = defaultdict(set)
    if modele.chemin_grappe:
        for (grappe, nom), severite in conditions.severites_reglees({ligne[2] for ligne in lignes}).items():
            reglages[grappe][nom] = severite
    if modele.chemin_parcours:
        toutes = sorted({c.code for declarees, _ in lots for c in declarees})
        for parcours, nom in conditions.levees_en_vigueur({x[1] for x in lignes}, toutes, timezone.localdate()):
            levees[parcours].add(nom)
    rendu = {}
    for declarees, codes in lots:
        connus: dict[tuple[int, int, int], Decompte] = {}
        for pk, parcours, grappe, code in codes:
            # Deux objets de même code se comptent pareil, si rien n'est réglé ni levé pour eux.
            propre = (grappe if grappe in reglages else 0, parcours if parcours in levees else 0)
            decompte = connus.get((code, *propre))
            if decompte is None:
                decompte = _decoder(declarees, code, reglages.get(grappe, {}), levees.get(parcours, set()))
                connus[code, *propre] = decompte
            rendu[pk] = decompte
    return rendu


def _decoder(declarees: list[Condition], code: int, reglages: Mapping[str, str], levees: Iterable[str]) -> Decompte:
    decompte = Decompte()
    for c in declarees:
        code, issue = divmod(code, BASE)
        severite = reglages.get(c.code, c.severite) if c.est_reglable else c.severite
        ok = None if issue == SANS_OBJET else issue == REUNIE
        decompte.ajouter(str(severite), ok, c.est_reglable and c.code in levees)
    return decompte
