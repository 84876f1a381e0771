"""Registre de conditions : un code, une mesure, un seuil, évalués sur un ensemble en un nombre constant de requêtes.

La même condition sert la porte (un objet), la page « reste à réunir », la grille d'une grappe et une région entière.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Case, Exists, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Round
from django.db.models.lookups import GreaterThanOrEqual
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
    recette des tests et de la démonstration. `source` : où la méthode le demande (« ANAP 3.5 »). `raconter(objet, par=,
    chef=, le=)` la réunit à une date passée : ce que rejoue la démonstration pour les faits d'une autre app.
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
    raconter: Callable[..., None] | None = None

    @property
    def est_reglable(self) -> bool:
        """Vrai si une grappe peut en changer la sévérité."""
        return not self.verrou

    @property
    def suit_un_parcours(self) -> bool:
        """Vrai si elle porte sur un parcours ou sur ce qui en dépend : seule celle-là se lève pour un ESMS."""
        modele: Any = apps.get_model(self.modele)
        return bool(modele.chemin_parcours)

    @property
    def se_leve(self) -> bool:
        """Vrai si une instance peut la lever pour un ESMS."""
        return self.est_reglable and self.suit_un_parcours

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
    """Une condition, mesurée sur un objet. `ok` vaut None quand elle est sans objet.

    `levee_par` : la décision qui la lève, en mots ; `levee_lien` : sa page, s'il y en a une.
    """

    condition: Condition
    severite: str
    valeur: float
    seuil: float
    ok: bool | None
    levee_par: str = ""
    levee_lien: str = ""

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
        valeur, seuil = f"{c.code}_valeur", f"{c.code}_seuil"
        qs = qs.annotate(**{valeur: c.expression, seuil: c.seuil})
        reunie = When(GreaterThanOrEqual(_arrondi(qs, valeur), _arrondi(qs, seuil)), then=Value(1))
        cas = [reunie] if c.applicable is None else [When(~c.applicable, then=Value(None)), reunie]
        qs = qs.annotate(**{f"{c.code}_ok": Case(*cas, default=Value(0), output_field=IntegerField(null=True))})
    return qs


def _arrondi(qs: QuerySet, nom: str) -> Combinable:
    """Cette annotation, au millionième : sans quoi la base jugerait 0,1 + 0,2 autrement que `_nombre`."""
    return F(nom) if isinstance(qs.query.annotations[nom].output_field, IntegerField) else Round(nom, precision=6)


def severites_reglees(grappes: set[int]) -> dict[tuple[int, str], str]:
    reglages = apps.get_model("socle", "ReglageCondition").objects.filter(grappe_id__in=grappes)
    return {(g, code): severite for g, code, severite in reglages.values_list("grappe_id", "condition", "severite")}


class Levee(NamedTuple):
    """La décision qui lève une condition : ses mots, sa page."""

    par: str = ""
    lien: str = ""


_AUCUNE = Levee()


def levees_en_vigueur(parcours: Iterable[int], codes: list[str], au: date) -> dict[tuple[int, str], Levee]:
    derogations = apps.get_model("socle", "Derogation").objects.en_vigueur(au).filter(condition__in=codes)
    if len(liste := list(parcours)) <= 500:
        derogations = derogations.filter(parcours_id__in=liste)
    # La dernière écrite l'emporte : deux décisions peuvent lever la même condition, une seule se cite.
    lues = derogations.order_by("pk").values_list("parcours_id", "condition", "libelle_decision", "lien")
    return {(p, code): Levee(libelle, lien) for p, code, libelle, lien in lues}


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


def _constater(modele: Any, lots: list[tuple[list[Condition], list[Mesures]]], au: date) -> dict[int, list[Constat]]:
    """Deux requêtes (réglages, dérogations) pour tous les lots, puis un constat par condition et par objet."""
    lignes = [ligne for _, mesurees in lots for ligne in mesurees]
    codes = sorted({c.code for declarees, _ in lots for c in declarees})
    severites = severites_reglees({ligne[2] for ligne in lignes}) if modele.chemin_grappe else {}
    levees = levees_en_vigueur({ligne[1] for ligne in lignes}, codes, au) if modele.chemin_parcours else {}
    rendu: dict[int, list[Constat]] = {}
    for declarees, mesurees in lots:
        fixes = [(rang * 3, c, c.code, str(c.severite), c.est_reglable) for rang, c in enumerate(declarees)]
        for pk, parcours, grappe, *mesures in mesurees:
            constats = rendu[pk] = []
            for rang, c, code, severite, reglable in fixes:
                valeur, seuil = _nombre(mesures[rang]), _nombre(mesures[rang + 1])
                reunie = valeur is not None and seuil is not None and valeur >= seuil
                levee = _AUCUNE
                if reglable:
                    severite = severites.get((grappe, code), severite)
                    levee = levees.get((parcours, code), _AUCUNE)
                ok = reunie if mesures[rang + 2] else None
                constats.append(Constat(c, severite, valeur or 0, seuil or 0, ok, levee.par, levee.lien))
    return rendu


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
