"""Registre de conditions : un code, une mesure, un seuil, évalués sur un ensemble en un nombre constant de requêtes.

La même condition sert la porte (un objet), la page « reste à réunir », la grille d'une grappe et une région entière.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Case, Exists, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.utils import timezone

from programme.socle.enums import Severite
from programme.socle.erreurs import Manque
from programme.socle.registres import Registre

Format = Callable[[float, float], str]


def oui_non(oui: str, non: str) -> Format:
    """Mesure à deux issues : « date absente » / « consulté »."""
    return lambda valeur, seuil: oui if valeur >= seuil else non


def existe(lignes: QuerySet) -> Case:
    """1 s'il existe une ligne, 0 sinon : toutes les mesures sont des nombres."""
    return Case(When(Exists(lignes), then=Value(1)), default=Value(0), output_field=IntegerField())


@dataclass(frozen=True)
class Condition:
    """Une condition de passage.

    `mesure` et `seuil` sont des expressions SQL sur `modele` ; réunie quand mesure ≥ seuil. Une mesure qui dépend du
    jour est une fonction, appelée à chaque lecture. `est_structurelle` : le passage n'a pas de sens sans elle.
    `applicable` dit à quels objets elle s'adresse (les autres : « sans objet »). `remplir(objet, par)` la réunit :
    recette des tests et de la démonstration. `source` : où la méthode le demande (« ANAP 3.5 »).
    """

    code: str
    libelle: str
    source: str
    modele: str
    transitions: tuple[str, ...]
    severite: Severite
    mesure: Combinable | Callable[[], Combinable]
    format: Format
    lien: Callable[[Any], str]
    remplir: Callable[[Any, Any], None]
    pourquoi: str = ""
    geste: str = "Compléter"
    seuil: Combinable = field(default_factory=lambda: Value(1))
    applicable: Q | None = None
    est_structurelle: bool = False

    @property
    def est_reglable(self) -> bool:
        """Une grappe peut changer sa sévérité, une instance peut la lever."""
        return not self.verrou

    @property
    def suit_un_parcours(self) -> bool:
        """Vrai si elle porte sur un parcours ou sur ce qui en dépend : seule celle-là se lève pour un ESMS."""
        modele: Any = apps.get_model(self.modele)
        return bool(modele.chemin_parcours)

    @property
    def verrou(self) -> str:
        """Pourquoi elle ne se règle ni ne se lève ; vide si elle se règle."""
        if self.est_legale:
            return "le plancher légal ne se règle ni ne se lève"
        return "le passage n'a pas de sens sans elle" if self.est_structurelle else ""

    @property
    def expression(self) -> Combinable:
        """La mesure, bâtie maintenant."""
        return self.mesure if isinstance(self.mesure, Combinable) else self.mesure()

    @property
    def est_legale(self) -> bool:
        """Plancher légal : ni masquée, ni levée."""
        return self.severite == Severite.LEGALE


conditions: Registre[Condition] = Registre("conditions")


def inscrire(condition: Condition) -> Condition:
    """Ajoute une condition au registre."""
    return conditions.inscrire(condition.code, condition)


def pour(modele: str, transition: str) -> list[Condition]:
    """Conditions d'une transition, dans l'ordre d'inscription."""
    return [c for c in conditions if c.modele == modele and transition in c.transitions]


@dataclass(frozen=True, slots=True)
class Constat:
    """Une condition, mesurée sur un objet. `ok` vaut None quand elle est sans objet."""

    condition: Condition
    severite: str
    valeur: float
    seuil: float
    ok: bool | None
    levee_par: str = ""

    @property
    def manque(self) -> bool:
        """Reste à réunir : ni réunie, ni sans objet, ni masquée, ni levée."""
        return self.ok is False and self.severite != Severite.MASQUEE and not self.levee_par

    @property
    def barre(self) -> bool:
        """Empêche le passage."""
        return self.manque and self.severite in (Severite.BARRE, Severite.LEGALE)

    @property
    def avertit(self) -> bool:
        """Laisse passer, sous réserve."""
        return self.manque and self.severite == Severite.AVERTIT

    @property
    def mesure(self) -> str:
        """La mesure face au seuil, en mots."""
        return "sans objet" if self.ok is None else self.condition.format(self.valeur, self.seuil)

    def en_manque(self, objet: Any) -> Manque:
        """Forme commune du refus et du journal."""
        c = self.condition
        return Manque(c.code, c.libelle, self.mesure, self.valeur, self.seuil, c.source, self.severite, c.lien(objet))

    def en_journal(self) -> dict[str, Any]:
        """Ce que le journal garde : assez pour relire la décision dans dix ans."""
        return {
            "code": self.condition.code,
            "libelle": self.condition.libelle,
            "source": self.condition.source,
            "severite": self.severite,
            "valeur": self.valeur,
            "seuil": self.seuil,
            "ok": self.ok,
            "mesure": self.mesure,
            "levee_par": self.levee_par,
        }


def drapeau(q: Q | None) -> Combinable:
    """1 si la ligne répond à `q` (ou si rien n'est demandé), 0 sinon."""
    if q is None:
        return Value(1)
    return Case(When(q, then=Value(1)), default=Value(0), output_field=IntegerField())


def annoter(qs: QuerySet, transition: str) -> QuerySet:
    """Ajoute `<code>_valeur`, `<code>_seuil`, `<code>_ok` (None = sans objet) pour filtrer ou compter en SQL."""
    for c in pour(qs.model._meta.label_lower, transition):
        qs = qs.annotate(**{f"{c.code}_valeur": c.expression, f"{c.code}_seuil": c.seuil}).annotate(
            **{
                f"{c.code}_ok": Case(
                    When(Q(**{f"{c.code}_valeur__gte": F(f"{c.code}_seuil")}), then=Value(1)),
                    default=Value(0),
                    output_field=IntegerField(),
                )
                if c.applicable is None
                else Case(
                    When(~c.applicable, then=Value(None)),
                    When(Q(**{f"{c.code}_valeur__gte": F(f"{c.code}_seuil")}), then=Value(1)),
                    default=Value(0),
                    output_field=IntegerField(null=True),
                )
            }
        )
    return qs


def _severites(grappes: set[int]) -> dict[tuple[int, str], str]:
    reglages = apps.get_model("socle", "ReglageCondition").objects.filter(grappe_id__in=grappes)
    return {(g, code): severite for g, code, severite in reglages.values_list("grappe_id", "condition", "severite")}


def _levees(parcours: Iterable[int], codes: list[str], au: date) -> dict[tuple[int, str], str]:
    derogations = apps.get_model("socle", "Derogation").objects.en_vigueur(au).filter(condition__in=codes)
    if len(liste := list(parcours)) <= 500:
        derogations = derogations.filter(parcours_id__in=liste)
    return {
        (p, code): libelle
        for p, code, libelle in derogations.values_list("parcours_id", "condition", "libelle_decision")
    }


def reunies(qs: QuerySet, codes: Iterable[str]) -> dict[int, frozenset[str]]:
    """Parmi ces conditions du modèle de `qs`, celles que chaque objet réunit, à quelque passage qu'elles servent.

    Une requête ; un code inconnu, ou d'un autre modèle, n'est jamais réuni.
    """
    declarees = [c for code in codes if (c := conditions.get(code)) and c.modele == qs.model._meta.label_lower]
    if not declarees:
        return {pk: frozenset() for pk in qs.values_list("pk", flat=True)}
    rendu = {}
    for pk, _, _, *mesures in _mesurer(qs, declarees):
        couples = zip(declarees, mesures[::3], mesures[1::3], strict=True)
        rendu[pk] = frozenset(c.code for c, valeur, seuil in couples if valeur is not None and valeur >= seuil)
    return rendu


Mesures = tuple[Any, ...]


def _mesurer(qs: QuerySet, declarees: list[Condition]) -> list[Mesures]:
    """Une requête : pour chaque objet, ses clés (objet, parcours, grappe), puis valeur, seuil, applicable."""
    return list(_annoter_les_mesures(qs, declarees))


def _annoter_les_mesures(qs: QuerySet, declarees: list[Condition]) -> QuerySet:
    modele: Any = qs.model
    colonnes: dict[str, Any] = {}
    for c in declarees:
        colonnes |= {f"_v_{c.code}": c.expression, f"_s_{c.code}": c.seuil, f"_a_{c.code}": drapeau(c.applicable)}
    chemins = [modele.chemin_parcours or "pk", modele.chemin_grappe or "pk"]
    return qs.order_by().annotate(**colonnes).values_list("pk", *chemins, *colonnes)


def _nombre(brut: Any) -> float | None:
    """Une même forme pour toutes les bases : le journal et son empreinte n'aiment ni Decimal ni entier géant."""
    if brut is None or (type(brut) is int and -(2**53) < brut < 2**53):
        return brut
    arrondi = round(float(brut), 6)
    return int(arrondi) if arrondi.is_integer() and abs(arrondi) < 2**53 else arrondi


Jugement = tuple[Condition, str, float, float, bool | None, str]
"""Un constat en simple tuple : condition, sévérité, valeur, seuil, réunie (None : sans objet), levée par."""


def _juger(
    modele: Any, lots: list[tuple[list[Condition], list[Mesures]]], au: date
) -> Iterator[tuple[int, list[Jugement]]]:
    """Deux requêtes (réglages, dérogations) pour tous les lots, puis un jugement par condition et par objet."""
    lignes = [ligne for _, mesurees in lots for ligne in mesurees]
    codes = sorted({c.code for declarees, _ in lots for c in declarees})
    severites = _severites({ligne[2] for ligne in lignes}) if modele.chemin_grappe else {}
    levees = _levees({ligne[1] for ligne in lignes}, codes, au) if modele.chemin_parcours else {}
    for declarees, mesurees in lots:
        fixes = [(c, c.code, str(c.severite), c.est_reglable) for c in declarees]
        for pk, parcours, grappe, *mesures in mesurees:
            jugements: list[Jugement] = []
            rang = 0
            for c, code, severite, reglable in fixes:
                valeur, seuil = _nombre(mesures[rang]), _nombre(mesures[rang + 1])
                reunie = valeur is not None and seuil is not None and valeur >= seuil
                if reglable and severites:
                    severite = severites.get((grappe, code), severite)
                levee = levees.get((parcours, code), "") if reglable and levees else ""
                jugements.append((c, severite, valeur or 0, seuil or 0, reunie if mesures[rang + 2] else None, levee))
                rang += 3
            yield pk, jugements


def _constater(modele: Any, lots: list[tuple[list[Condition], list[Mesures]]], au: date) -> dict[int, list[Constat]]:
    return {pk: [Constat(*j) for j in jugements] for pk, jugements in _juger(modele, lots, au)}


def evaluer(qs: QuerySet, transition: str, *, au: date | None = None) -> dict[int, list[Constat]]:
    """Constats de chaque objet de `qs` pour `transition`, par clé primaire ; trois requêtes, sans égard au nombre."""
    declarees = pour(qs.model._meta.label_lower, transition)
    if not declarees:
        return {pk: [] for pk in qs.values_list("pk", flat=True)}
    return _constater(qs.model, [(declarees, _mesurer(qs, declarees))], au or timezone.localdate())


def evaluer_suites(qs: QuerySet, suites: dict[str, Q], *, au: date | None = None) -> dict[int, list[Constat]]:
    """Constats de chaque objet pour la transition qui l'attend, qui peut différer d'un objet à l'autre du même état.

    `suites` : transition → objets qu'elle attend, sans recouvrement. Une requête par transition, plus deux, quel que
    soit le nombre d'objets ; ceux que rien n'attend n'apparaissent pas.
    """
    modele = qs.model
    lots = []
    for transition, attendus in suites.items():
        declarees = pour(modele._meta.label_lower, transition)
        lots.append((declarees, _mesurer(qs.filter(attendus), declarees)))
    return _constater(modele, lots, au or timezone.localdate())


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
    ordre = _annoter_les_mesures(modele._default_manager.filter(pk__in=[_REPERE]), declarees)
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


def decompter_par_cles(modele: Any, attendus: Mapping[str, list[Any]]) -> "dict[int, Decompte]":
    """Le décompte de `evaluer_suites`, pour des objets dont on sait déjà quelle transition les attend.

    `attendus` : transition → clés, sans recouvrement. Mêmes règles, mêmes requêtes ; les ordres SQL sont gardés d'une
    page à l'autre et les constats ne sont pas bâtis : c'est ce qu'il faut à une liste ou à un export.
    """
    lots = []
    for transition, cles in attendus.items():
        declarees = pour(modele._meta.label_lower, transition)
        lots.append((declarees, _mesurer_par_cles(modele, transition, declarees, cles)))
    rendu = {}
    for pk, jugements in _juger(modele, lots, timezone.localdate()):
        decompte = rendu[pk] = Decompte()
        for _, severite, _, _, ok, levee in jugements:
            decompte.ajouter(severite, ok, bool(levee))
    return rendu


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
