"""Ce que montrent les pages du catalogue : les indicateurs suivis d'une grappe, un indicateur et qui le suit."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from programme.models import Grappe, Utilisateur
from programme.socle.nombres import accorde, nombre, pourcentage
from programme.socle.texte import en_phrase
from usages.calculs.budget import Compte
from usages.enums import CadenceReleve, Famille, NatureSurveillance, Origine
from usages.models import Cible, Indicateur, RegleIndicateur, Suivi
from usages.services.indicateurs import suivis

MONTRES = 10
"""Grappes nommées sur la fiche d'un indicateur ; au-delà, on les compte."""


def en_mots(indicateur: Indicateur, valeur: Decimal | None) -> str:
    """« 80 % », « 5 jours », « 12 » ; vide s'il n'y en a pas."""
    if valeur is None:
        return ""
    if indicateur.est_un_rapport:
        return pourcentage(valeur, 0 if valeur * 100 == (valeur * 100).to_integral_value() else 1)
    return f"{nombre(valeur.normalize() if valeur else Decimal(0))} {indicateur.unite}".strip()


@dataclass(frozen=True, slots=True)
class LigneSuivie:
    """Un indicateur suivi : ce qu'il coûte à taper, sa cible du jour, combien de règles le surveillent."""

    indicateur: Indicateur
    cout: int
    cible: str
    seuil: str
    est_de_l_instruction: bool
    nb_regles: int


@dataclass(frozen=True, slots=True)
class PageSuivis:
    """Les indicateurs suivis d'une grappe, famille par famille, et leur budget de saisie."""

    familles: list[tuple[str, list[LigneSuivie]]]
    compte: Compte

    @property
    def est_vide(self) -> bool:
        """Vrai si la grappe ne suit rien."""
        return not self.familles

    @property
    def nb_suivis(self) -> int:
        """Combien d'indicateurs."""
        return sum(len(lignes) for _, lignes in self.familles)

    @property
    def nb_sans_saisie(self) -> int:
        """Combien ne demandent rien à taper."""
        return sum(not ligne.indicateur.est_saisi for _, lignes in self.familles for ligne in lignes)


def lire(grappe: Grappe, au: date, *, avec_regles: bool) -> PageSuivis:
    """La page d'une grappe. Six requêtes, quel que soit le nombre d'indicateurs."""
    suivies, visees = suivis.suivis(grappe, au), suivis.cibles(grappe, au)
    regles: Counter[int] = Counter()
    if avec_regles:
        actives = RegleIndicateur.objects.filter(grappe=grappe).actives().order_by()
        regles.update(actives.values_list("indicateur", flat=True))
    lignes: dict[str, list[LigneSuivie]] = {}
    for indicateur in suivies:
        cible = visees.get(indicateur.pk)
        lignes.setdefault(str(Famille(indicateur.famille).label), []).append(
            LigneSuivie(
                indicateur,
                suivis.en_chiffre(indicateur).cout,
                en_mots(indicateur, cible.valeur) if cible else "",
                en_mots(indicateur, cible.seuil) if cible else "",
                bool(cible and cible.instruction_id),
                regles[indicateur.pk],
            )
        )
    return PageSuivis(list(lignes.items()), suivis.compter(grappe, suivies))


# --- choisir -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offre:
    """Un indicateur qu'on peut suivre : ce qu'il fait taper, ce qui vient avec lui."""

    indicateur: Indicateur
    cout: int
    commun: str

    @property
    def cout_en_mots(self) -> str:
        """« 1 chiffre tapé par an », « calculé »."""
        if not self.cout:
            return en_phrase(self.indicateur.get_origine_display())
        rythme = "an" if self.indicateur.cadence == CadenceReleve.ANNEE else "trimestre"
        return f"{accorde(self.cout, 'chiffre tapé,chiffres tapés')} par {rythme}"


def offres(grappe: Grappe, au: date) -> list[Offre]:
    """Ce que la grappe peut suivre : tout ce qui est en vigueur, et ce qu'elle suit déjà. Deux requêtes."""
    en_cours = Suivi.objects.filter(grappe=grappe, jusqu_au__isnull=True).order_by().values("indicateur")
    lus = Indicateur.objects.filter(Q(pk__in=Indicateur.objects.en_vigueur(au).values("pk")) | Q(pk__in=en_cours))
    lus = lus.select_related("denominateur_commun").prefetch_related("non_concernees").distinct()
    return [
        Offre(i, suivis.en_chiffre(i).cout, str(i.denominateur_commun) if i.denominateur_commun else "")
        for i in suivis.ranger(lus)
    ]


def proposes(offertes: Iterable[Offre]) -> list[int]:
    """Le premier choix proposé : tout ce qui se calcule, qui ne demande rien à personne."""
    return [o.indicateur.pk for o in offertes if o.indicateur.origine == Origine.CALCULE]


# --- un indicateur -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CibleLue:
    """Une cible en mots ; `vaut` : c'est elle qui s'applique aujourd'hui."""

    cible: Cible
    valeur: str
    seuil: str
    vaut: bool


def en_lues(indicateur: Indicateur, cibles: Collection[Cible], vaut: Cible | None) -> list[CibleLue]:
    """Des cibles, telles qu'on les lit."""
    return [
        CibleLue(c, en_mots(indicateur, c.valeur), en_mots(indicateur, c.seuil), vaut is not None and c.pk == vaut.pk)
        for c in cibles
    ]


@dataclass(frozen=True, slots=True)
class Suiveuse:
    """Une grappe qui suit l'indicateur, et ce qu'elle vise."""

    suivi: Suivi
    cible: str


def suiveuses(indicateur: Indicateur, utilisateur: Utilisateur, au: date) -> tuple[list[Suiveuse], int]:
    """Les premières grappes, parmi celles qu'il voit, qui le suivent ce jour-là, et combien en tout. Trois requêtes."""
    en_cours = Suivi.objects.visibles_par(utilisateur).filter(indicateur=indicateur).a_la_date(au)
    lus = list(en_cours.select_related("grappe").order_by("grappe__tri", "pk")[:MONTRES])
    visees: dict[Any, Cible] = {}
    siennes = Cible.objects.filter(indicateur=indicateur, grappe__in=[s.grappe_id for s in lus]).a_la_date(au)
    for cible in siennes.order_by("du", "pk"):
        visees[cible.grappe_id] = cible
    lues = [Suiveuse(s, en_mots(indicateur, visees[s.grappe_id].valeur) if s.grappe_id in visees else "") for s in lus]
    return lues, en_cours.count()


@dataclass(frozen=True, slots=True)
class FicheSuivie:
    """Un indicateur dans une grappe : depuis quand, ce qu'on y vise, ce qu'on y surveille."""

    indicateur: Indicateur
    suivi: Suivi | None
    cout: int
    actuelle: CibleLue | None
    cibles: list[CibleLue]
    regles: list[RegleIndicateur]


def fiche_suivie(grappe: Grappe, indicateur: Indicateur, au: date) -> FicheSuivie:
    """La page d'un indicateur dans une grappe. Cinq requêtes."""
    siennes = list(Cible.objects.filter(grappe=grappe, indicateur=indicateur).order_by("-du"))
    vaut = suivis.cible_de(indicateur, grappe, au)
    en_cours = Suivi.objects.filter(grappe=grappe, indicateur=indicateur).a_la_date(au)
    regles = list(RegleIndicateur.objects.filter(grappe=grappe, indicateur=indicateur).actives())
    rangs = {nature: rang for rang, nature in enumerate(NatureSurveillance)}
    return FicheSuivie(
        indicateur,
        en_cours.select_related("choisi_par").first(),
        suivis.en_chiffre(indicateur).cout,
        en_lues(indicateur, [vaut], vaut)[0] if vaut else None,
        en_lues(indicateur, siennes, vaut),
        sorted(regles, key=lambda r: rangs[NatureSurveillance(r.nature)]),
    )
