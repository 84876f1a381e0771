"""Des totaux gardés aux petites courbes : ce que partagent une grappe, un organisme, une région, le pays."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from programme.models import Utilisateur
from usages.calculs import reperes
from usages.calculs.agregat import Agregat
from usages.calculs.periodes import Periode
from usages.dessins.multiples import Serie, Vignette, dessiner
from usages.enums import Forme
from usages.models import Indicateur
from usages.services.agregats.lecture import lire_pour
from usages.services.tableaux.commun import Moment, combien, ont_repondu, unite_de, valeur_d
from usages.services.tableaux.constant import LUS, MEMES, POURQUOI, Constant, lire_constants

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
    constant: Constant | None = None

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
    def detail(self) -> str:
        """Qui a répondu ; les cas d'une durée, avant."""
        return " ; ".join(mots for mots in (self.cas, self.repondu) if mots)

    @property
    def nombre(self) -> str:
        """« 12 ESMS sur 15 », à côté d'un total."""
        return combien(self.total)

    @property
    def _repondu_aux_deux(self) -> bool:
        """Les deux totaux se lisent, et quelqu'un y a répondu."""
        deux = (self.total, self.total_avant)
        return all(t is not None and t.nb_repondants for t in deux)

    @property
    def se_compare(self) -> bool:
        """Les mêmes ESMS ont répondu aux deux, ou l'on sait les retrouver : sinon, moins n'est pas moins bien."""
        return self._repondu_aux_deux and self.constant is not None and self.constant.nature in (MEMES, LUS)

    @property
    def comparees(self) -> tuple[float | None, float | None]:
        """Avant, maintenant : ce qui se compare ; les totaux, ou ceux des ESMS présents aux deux."""
        avant, ici = self._deux
        return valeur_d(self.indicateur, avant), valeur_d(self.indicateur, ici)

    @property
    def _deux(self) -> tuple[Agregat | None, Agregat | None]:
        if not self.se_compare or self.constant is None:
            return None, None
        if self.constant.nature == MEMES:
            return self.total_avant, self.total
        return self.constant.avant, self.constant.ici

    @property
    def dites(self) -> tuple[str, str]:
        """Les mêmes, telles qu'elles s'écrivent."""
        avant, ici = (reperes.dire(self.indicateur.forme, v) for v in self.comparees)
        return avant, ici

    @property
    def nombre_compare(self) -> int:
        """Combien d'ESMS la comparaison réunit."""
        if self.constant is None or self.total is None or not self.se_compare:
            return 0
        return self.total.nb_repondants if self.constant.nature == MEMES else self.constant.nombre

    @property
    def mot_du_nombre(self) -> str:
        """« 15 ESMS, les mêmes » ; « 15 ESMS présents aux deux » quand d'autres n'ont répondu qu'une fois."""
        nombre = self.nombre_compare
        if not nombre or self.constant is None:
            return ""
        if self.constant.nature == MEMES:
            return f"{nombre} ESMS, {'les mêmes' if nombre > 1 else 'le même'}"
        return f"{nombre} ESMS {'présents' if nombre > 1 else 'présent'} aux deux"

    @property
    def ecart(self) -> str:
        """« + 5 points » ; « — » si les deux totaux ne se comparent pas."""
        return reperes.dire_ecart(self.indicateur.forme, *self.comparees)

    @property
    def mouvement(self) -> str:
        """Mieux, moins bien, autre, pareil ; une durée de moins de cinq cas ne se juge pas."""
        avant, ici = (agregat.tranches if agregat else {} for agregat in self._deux)
        return reperes.mouvement_de(self.indicateur.forme, self.indicateur.sens, self.comparees, (avant, ici))

    @property
    def mot_du_mouvement(self) -> str:
        """En mots."""
        return reperes.MOTS[self.mouvement]

    @property
    def incomparable(self) -> bool:
        """Deux totaux, mais pas les mêmes ESMS derrière."""
        return self._repondu_aux_deux and not self.se_compare

    @property
    def pourquoi_pas(self) -> str:
        """Pourquoi il ne se compare pas, et combien ont répondu : « ce ne sont pas les mêmes ESMS, 10 puis 12 »."""
        if not self.incomparable or self.constant is None or self.total is None or self.total_avant is None:
            return ""
        avant, ici = self.total_avant.nb_repondants, self.total.nb_repondants
        return f"{POURQUOI[self.constant.nature]}, {avant} puis {ici}"

    @property
    def cas(self) -> str:
        """D'une durée : « 42 cas, neuf sur dix en 18 jours au plus »."""
        return reperes.dire_cas(self.total.tranches) if self.total and not self.masque else ""

    @property
    def unite(self) -> str:
        """L'unité, si le chiffre ne la porte pas."""
        return unite_de(self.indicateur, self.valeur)


def avec_tranches(lus: Mapping[tuple[int, date, str], Agregat]) -> dict[Cle, Agregat]:
    """Les totaux, chacun avec les tranches de ses parts : de quoi lire la médiane d'une durée."""
    tranches: dict[Cle, dict[str, int]] = defaultdict(dict)
    for (indicateur, debut, part), agregat in lus.items():
        if part:
            tranches[indicateur, debut][part] = int(agregat.numerateur)
    return {
        (indicateur, debut): replace(agregat, tranches=tranches[indicateur, debut])
        for (indicateur, debut, part), agregat in lus.items()
        if not part
    }


def lire_totaux(lecteur: Utilisateur, maille: str, territoire: str, moment: Moment) -> Totaux:
    """Les totaux de toutes les périodes du moment, et de celles auxquelles on compare, tels que ce compte les lit."""
    lus: dict[Cle, Agregat] = {}
    tus: set[Cle] = set()
    for cadence, periodes in moment.fenetres.items():
        par_cle = lire_pour(lecteur, maille, territoire, [*periodes, moment.avant(cadence)])
        lus |= avec_tranches({cle: montre.agregat for cle, montre in par_cle.items()})
        tus |= {cle[:2] for cle, montre in par_cle.items() if not cle[2] and montre.est_masque}
    return Totaux(lus, frozenset(tus))


def comparer(
    indicateurs: Iterable[Indicateur],
    totaux: Totaux,
    moment: Moment,
    maille: str,
    territoire: str,
    *,
    lecteur: Utilisateur | None,
    discret: bool = False,
) -> dict[int, Constant]:
    """Ce qui se compare de ces totaux ; ceux qu'on tait n'y sont pas. Voir `lire_constants`."""
    nombres = {}
    for i in indicateurs:
        avant = totaux.montrer((i.pk, moment.avant(i.cadence).debut))
        ici = totaux.montrer((i.pk, moment.periode(i.cadence).debut))
        if avant is not None and ici is not None:
            nombres[i.pk] = (avant.nb_repondants, ici.nb_repondants)
    return lire_constants(maille, territoire, moment, nombres, lecteur=lecteur, discret=discret)


def ensembles(
    indicateurs: Iterable[Indicateur],
    totaux: Totaux,
    moment: Moment,
    cible: Callable[[Indicateur], float | None],
    constants: Mapping[int, Constant],
) -> list[Ensemble]:
    """Un par indicateur ; ce qui se tait n'y paraît pas.

    `cible` : celle d'un total ; une somme d'ESMS n'en a pas, elle ne se compare pas à la cible d'un ESMS. `constants` :
    ce qui se compare.
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
                constant=constants.get(i.pk),
            )
        )
    return rendu


def bilan(lignes: Iterable[Ensemble]) -> str:
    """« 5 vont mieux, 1 moins bien » : de ce qui se compare et se juge ; vide si rien n'a bougé."""
    mouvements = [e.mouvement for e in lignes]
    mieux, moins = mouvements.count(reperes.MIEUX), mouvements.count(reperes.MOINS_BIEN)
    dits = [f"{mieux} {'va' if mieux == 1 else 'vont'} mieux" if mieux else "", f"{moins} moins bien" if moins else ""]
    return ", ".join(d for d in dits if d)


def vignettes(lignes: Sequence[Ensemble]) -> tuple[Vignette, ...]:
    """Une petite courbe par indicateur."""
    return dessiner(
        [
            Serie(
                nom=e.indicateur.libelle,
                forme=e.indicateur.forme,
                valeurs=tuple(valeur_d(e.indicateur, total) for _, total in e.points),
                detail=e.detail,
                cible=e.cible,
                masquee=e.masque,
                ecart=e.ecart,
                mouvement=e.mouvement,
                unite=e.unite if e.indicateur.forme == Forme.DUREE else "",
            )
            for e in lignes
        ]
    )
