"""Des totaux gardés aux petites courbes : ce que partagent une grappe, un organisme, une région, le pays."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from programme.models import Utilisateur
from usages import reperes
from usages.agregat import Agregat
from usages.dessins.multiples import Serie, Vignette, dessiner
from usages.masquage import Montre
from usages.models import Indicateur
from usages.periodes import Periode
from usages.services.agregats import lire_pour
from usages.services.tableaux.commun import Moment, combien, ont_repondu, unite_de, valeur_d

Cle = tuple[int, date]
"""Indicateur, premier jour de la période ; parts exclues."""


@dataclass(frozen=True, slots=True)
class Totaux:
    """Les totaux qu'un lecteur lit, et les clés de ceux qu'on lui tait."""

    lus: Mapping[Cle, Agregat]
    tus: frozenset[Cle]

    @property
    def indicateurs(self) -> set[int]:
        """Ceux dont on attendait un chiffre."""
        return {indicateur for indicateur, _ in self.lus}

    def montrer(self, cle: Cle) -> Agregat | None:
        """Le total ; None s'il se tait, ou si rien n'était attendu."""
        return None if cle in self.tus else self.lus.get(cle)

    def taire(self, quand: Callable[[Agregat], bool]) -> "Totaux":
        """Les mêmes, ceux-là en moins."""
        return Totaux(self.lus, self.tus | {cle for cle, total in self.lus.items() if quand(total)})


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Un indicateur sur un ensemble : son total, celui d'avant, ses périodes ; None : masqué, ou rien."""

    indicateur: Indicateur
    periode: Periode
    avant: Periode
    total: Agregat | None
    total_avant: Agregat | None
    points: tuple[tuple[Periode, Agregat | None], ...]
    masque: bool
    cible: float | None = None

    @property
    def valeur(self) -> float | None:
        """Ce que vaut le total."""
        return None if self.masque else valeur_d(self.indicateur, self.total)

    @property
    def valeur_avant(self) -> float | None:
        """Ce que valait le total comparé."""
        return valeur_d(self.indicateur, self.total_avant)

    @property
    def dit(self) -> str:
        """La valeur, telle qu'elle s'écrit."""
        return "masqué" if self.masque else reperes.dire(self.indicateur.forme, self.valeur)

    @property
    def dit_avant(self) -> str:
        """La valeur comparée."""
        return reperes.dire(self.indicateur.forme, self.valeur_avant)

    @property
    def dit_cible(self) -> str:
        """La cible."""
        return reperes.dire(self.indicateur.forme, self.cible)

    @property
    def repondu(self) -> str:
        """« 12 ESMS sur 15 ont répondu »."""
        return "moins de cinq ESMS" if self.masque else ont_repondu(self.total)

    @property
    def nombre(self) -> str:
        """« 12 ESMS sur 15 », à côté d'un total."""
        return combien(self.total)

    @property
    def nombre_avant(self) -> str:
        """De même pour le total comparé."""
        return combien(self.total_avant)

    @property
    def se_compare(self) -> bool:
        """Une somme ne se compare qu'à autant de répondants : à trois ESMS de moins, moins n'est pas moins bien."""
        if self.total is None or self.total_avant is None:
            return False
        return self.indicateur.est_un_rapport or self.total.nb_repondants == self.total_avant.nb_repondants

    @property
    def ecart(self) -> str:
        """« + 5 points » ; « — » si les deux totaux ne se comparent pas."""
        if not self.se_compare:
            return reperes.ABSENT
        return reperes.dire_ecart(self.indicateur.forme, self.valeur_avant, self.valeur)

    @property
    def mouvement(self) -> str:
        """Mieux, moins bien, autre, pareil."""
        if not self.se_compare:
            return reperes.PAREIL
        return reperes.mouvement(self.indicateur.forme, self.indicateur.sens, self.valeur_avant, self.valeur)

    @property
    def mot_du_mouvement(self) -> str:
        """En mots."""
        return reperes.MOTS[self.mouvement]

    @property
    def incomparable(self) -> bool:
        """Deux sommes, mais pas autant de répondants."""
        return self.total is not None and self.total_avant is not None and not self.se_compare

    @property
    def unite(self) -> str:
        """L'unité, si le chiffre ne la porte pas."""
        return unite_de(self.indicateur, self.valeur)


def _en_agregat(montre: Montre) -> Agregat:
    zero = Decimal(0)
    return Agregat(
        montre.numerateur or zero,
        montre.denominateur or zero,
        montre.nb_repondants,
        montre.nb_concernes + montre.nb_non_concernes,
        montre.nb_non_mesurables,
        montre.nb_non_concernes,
    )


def lire_totaux(lecteur: Utilisateur, maille: str, territoire: str, moment: Moment) -> Totaux:
    """Les totaux de toutes les périodes du moment, et de celles auxquelles on compare, tels que ce compte les lit."""
    lus: dict[Cle, Agregat] = {}
    tus: set[Cle] = set()
    for cadence, periodes in moment.fenetres.items():
        par_cle = lire_pour(lecteur, maille, territoire, [*periodes, moment.avant(cadence)])
        for (indicateur, debut, part), montre in par_cle.items():
            if not part:
                lus[indicateur, debut] = _en_agregat(montre)
                if montre.est_masque:
                    tus.add((indicateur, debut))
    return Totaux(lus, frozenset(tus))


def ensembles(
    indicateurs: Iterable[Indicateur], totaux: Totaux, moment: Moment, cible: Callable[[Indicateur], float | None]
) -> list[Ensemble]:
    """Un par indicateur ; ce qui se tait n'y paraît pas.

    `cible` : celle d'un total ; seul un rapport en a une, une somme d'ESMS ne se compare pas à la cible d'un ESMS.
    """
    rendu = []
    for i in indicateurs:
        periode, avant = moment.periode(i.cadence), moment.avant(i.cadence)
        rendu.append(
            Ensemble(
                indicateur=i,
                periode=periode,
                avant=avant,
                total=totaux.montrer((i.pk, periode.debut)),
                total_avant=totaux.montrer((i.pk, avant.debut)),
                points=tuple((p, totaux.montrer((i.pk, p.debut))) for p in moment.fenetres[i.cadence]),
                masque=(i.pk, periode.debut) in totaux.tus,
                cible=cible(i),
            )
        )
    return rendu


def vignettes(lignes: Sequence[Ensemble]) -> tuple[Vignette, ...]:
    """Une petite courbe par indicateur."""
    return dessiner(
        [
            Serie(
                nom=e.indicateur.libelle,
                forme=e.indicateur.forme,
                valeurs=tuple(valeur_d(e.indicateur, total) for _, total in e.points),
                detail=e.repondu,
                cible=e.cible,
                masquee=e.masque,
                ecart=e.ecart,
                mouvement=e.mouvement,
            )
            for e in lignes
        ]
    )
