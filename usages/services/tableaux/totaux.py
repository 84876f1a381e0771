"""Des totaux gardés aux petites courbes : ce que partagent une grappe, un organisme, une région, le pays."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from usages import reperes
from usages.agregat import Agregat
from usages.dessins.multiples import Serie, Vignette, dessiner
from usages.models import Indicateur
from usages.periodes import Periode
from usages.services.agregats import lire
from usages.services.tableaux.commun import Moment, combien, ont_repondu, unite_de, valeur_d

Totaux = Mapping[tuple[int, date], Agregat]
"""Par indicateur et premier jour de la période, parts exclues."""
Cacher = Callable[[Agregat], bool]
"""Vrai si ce total ne doit pas se montrer à ce lecteur."""


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
        return unite_de(self.indicateur)


def lire_totaux(maille: str, territoire: str, moment: Moment) -> dict[tuple[int, date], Agregat]:
    """Les totaux de toutes les périodes du moment, et de celles auxquelles on compare ; une requête par cadence."""
    lus: dict[tuple[int, date], Agregat] = {}
    for cadence, periodes in moment.fenetres.items():
        voulues = [*periodes, moment.avant(cadence)]
        par_cle = lire(maille, territoire, voulues)
        lus |= {(indicateur, debut): total for (indicateur, debut, cle), total in par_cle.items() if not cle}
    return lus


def ensembles(
    indicateurs: Iterable[Indicateur],
    totaux: Totaux,
    moment: Moment,
    cacher: Cacher,
    cible: Callable[[Indicateur], float | None],
) -> list[Ensemble]:
    """Un par indicateur ; ce que `cacher` refuse n'y paraît pas.

    `cible` : celle d'un total ; seul un rapport en a une, une somme d'ESMS ne se compare pas à la cible d'un ESMS.
    """

    def montrer(cle: int, periode: Periode) -> Agregat | None:
        total = totaux.get((cle, periode.debut))
        return None if total is None or cacher(total) else total

    rendu = []
    for i in indicateurs:
        periode, avant = moment.periode(i.cadence), moment.avant(i.cadence)
        brut = totaux.get((i.pk, periode.debut))
        rendu.append(
            Ensemble(
                indicateur=i,
                periode=periode,
                avant=avant,
                total=montrer(i.pk, periode),
                total_avant=montrer(i.pk, avant),
                points=tuple((p, montrer(i.pk, p)) for p in moment.fenetres[i.cadence]),
                masque=brut is not None and cacher(brut),
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
