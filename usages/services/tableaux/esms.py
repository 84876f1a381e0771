"""Le tableau de bord d'un ESMS : ses chiffres face aux cibles, ce qui a bougé, ce qui manque, douze mois de courbes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F

from programme.models import Parcours, Utilisateur
from usages.calculs import parts, prevision_usage, reperes
from usages.calculs.periodes import Periode
from usages.dessins import courbe, jauge
from usages.enums import Absence, Forme
from usages.models import Cible, Indicateur, Valeur
from usages.models.communs import TRANSMIS
from usages.services.tableaux.commun import (
    Moment,
    detaillees,
    lire_cibles,
    lisibles,
    manque_a,
    nombre_de,
    population_de,
    unite_de,
)

_CHAMPS = ("indicateur", "releve__debut", "cle", "numerateur", "denominateur", "motif", "releve__etat")


@dataclass(frozen=True, slots=True)
class Chiffre:
    """Un chiffre d'une période."""

    numerateur: Decimal | None
    denominateur: Decimal | None
    motif: str
    transmis: bool
    tranches: Mapping[str, int] = field(default_factory=dict)
    parts: str = ""

    @property
    def detail(self) -> str:
        """« 30 sur 40 », « 12 cas », « non mesurable dans notre DUI », « attendu »."""
        if self.motif:
            return Absence(self.motif).label.lower()
        if self.numerateur is None:
            return "attendu"
        de_quoi = reperes.dire_cas(self.tranches) or reperes.dire_rapport(self.numerateur, self.denominateur)
        return ", ".join(m for m in (de_quoi, "" if self.transmis else "pas encore transmis") if m)


@dataclass(frozen=True, slots=True)
class Fiche:
    """Un indicateur de cet ESMS : son chiffre, sa cible, sa jauge, sa courbe, comment il a bougé."""

    indicateur: Indicateur
    periode: Periode
    avant: Periode
    chiffre: Chiffre | None
    valeur: float | None
    valeur_avant: float | None
    cible: Cible | None
    jauge: jauge.Jauge
    courbe: courbe.Courbe
    prevu: bool
    dans: int | None
    manque: int | None
    du_financement: Cible | None
    tranches_avant: Mapping[str, int]

    @property
    def dit(self) -> str:
        """Le chiffre tel qu'il s'écrit ; ce qui manque n'est pas zéro."""
        if self.valeur is not None:
            return reperes.dire(self.indicateur.forme, self.valeur)
        return reperes.ABSENT

    @property
    def pourquoi(self) -> str:
        """Pourquoi il n'y a pas de chiffre ; vide s'il y en a un."""
        if self.valeur is not None:
            return ""
        if self.chiffre is None:
            return f"pas de relevé pour {self.periode.nom}"
        if self.chiffre.numerateur is None:
            return self.chiffre.detail
        return "aucun cas" if self.indicateur.forme == Forme.DUREE else "personne à compter"

    @property
    def ecart(self) -> str:
        """« + 5 points », « 0 », « — »."""
        return reperes.dire_ecart(self.indicateur.forme, self.valeur_avant, self.valeur)

    @property
    def mouvement(self) -> str:
        """Mieux, moins bien, autre, pareil."""
        cas = (self.tranches_avant, self.chiffre.tranches if self.chiffre else {})
        valeurs = (self.valeur_avant, self.valeur)
        return reperes.mouvement_de(self.indicateur.forme, self.indicateur.sens, valeurs, cas)

    @property
    def mot_du_mouvement(self) -> str:
        """« mieux », « moins bien », « sans jugement »."""
        return reperes.MOTS[self.mouvement]

    @property
    def dit_avant(self) -> str:
        """Le chiffre auquel on compare."""
        return reperes.dire(self.indicateur.forme, self.valeur_avant)

    @property
    def dites(self) -> tuple[str, str]:
        """Avant, maintenant : c'est le même ESMS."""
        return self.dit_avant, self.dit

    @property
    def dit_cible(self) -> str:
        """La cible, telle qu'elle s'écrit."""
        return reperes.dire(self.indicateur.forme, nombre_de(self.cible))

    @property
    def dit_financement(self) -> str:
        """La cible du financement."""
        return reperes.dire(self.indicateur.forme, nombre_de(self.du_financement))

    @property
    def unite(self) -> str:
        """L'unité, si le chiffre ne la porte pas."""
        return unite_de(self.indicateur, self.valeur)

    @property
    def population(self) -> str:
        """Ce à quoi l'on rapporte."""
        return population_de(self.indicateur)

    @property
    def rythme(self) -> str:
        """« à ce rythme, la cible serait atteinte en mars 2027 » ; vide si l'on n'en sait rien, ou si c'est fait."""
        if not self.dans or self.jauge.tenu is not False:
            return ""
        quand = self.periode
        for _ in range(self.dans):
            quand = quand.suivante()
        return f"à ce rythme, la cible serait atteinte en {quand.nom}"


@dataclass(frozen=True, slots=True)
class TableauEsms:
    """La page d'un ESMS."""

    moment: Moment
    fiches: list[Fiche]
    offerts: list[Indicateur]

    @property
    def relus(self) -> set[str]:
        """Codes de ceux qui ont un chiffre, ou une raison, sur la période."""
        return {f.indicateur.code for f in self.fiches if f.chiffre}

    @property
    def avec_cible(self) -> list[Fiche]:
        """Ce qui a une cible, et se juge."""
        return [f for f in self.fiches if f.cible and f.cible.valeur is not None and f.indicateur.sens != "neutre"]

    @property
    def ont_bouge(self) -> list[Fiche]:
        """Ce qui a changé depuis la période comparée."""
        return [f for f in self.fiches if f.mouvement != reperes.PAREIL]

    @property
    def financement(self) -> list[Fiche]:
        """Les cibles dont dépend un versement."""
        return [f for f in self.fiches if f.du_financement and f.du_financement.valeur is not None]

    @property
    def reste_a_tenir(self) -> list[Fiche]:
        """Les cibles du financement qui ne sont pas tenues, ou pas encore mesurées."""
        return [f for f in self.financement if f.manque != 0]

    @property
    def nb_tenues(self) -> int:
        """Cibles tenues."""
        return sum(f.jauge.tenu is True for f in self.avec_cible)

    @property
    def nb_alertes(self) -> int:
        """Chiffres du mauvais côté de leur seuil."""
        return sum(f.jauge.alerte for f in self.fiches)

    @property
    def attendus(self) -> list[Fiche]:
        """Ce qui reste à donner : ce qui est calculé attend seulement d'être transmis."""
        chiffres = [(f, f.chiffre) for f in self.fiches]
        return [f for f, c in chiffres if c and not c.transmis and c.numerateur is None and not c.motif]

    @property
    def chiffrees(self) -> list[Fiche]:
        """Ce qui a de quoi dessiner."""
        return [f for f in self.fiches if f.courbe.points]

    @property
    def sans_chiffre(self) -> list[Fiche]:
        """Ce dont l'année n'a aucun chiffre."""
        return [f for f in self.fiches if not f.courbe.points]

    @property
    def provisoires(self) -> bool:
        """Un chiffre au moins de cette période n'est pas encore transmis."""
        return any(f.chiffre and not f.chiffre.transmis for f in self.fiches)


def _lire(parcours: Parcours, lecteur: Utilisateur, moment: Moment) -> dict[tuple[int, date], Chiffre]:
    lignes: Any = (
        Valeur.objects.visibles_par(lecteur)
        .filter(detaillees("indicateur__forme"))
        .filter(moment.longues, releve__parcours=parcours.pk, releve__cadence=F("indicateur__cadence"))
        .order_by()
        .values_list(*_CHAMPS)
    )
    rendu: dict[tuple[int, date], Chiffre] = {}
    tranches: dict[tuple[int, date], dict[str, int]] = defaultdict(dict)
    detail = _lire_les_parts(parcours, lecteur, moment)
    for indicateur, debut, part, num, den, motif, etat in lignes:
        siennes = tranches[indicateur, debut]
        if part:
            siennes[part] = int(num or 0)
        else:
            en_parts = detail.get((indicateur, debut), "")
            rendu[indicateur, debut] = Chiffre(num, den, motif, etat in TRANSMIS, siennes, en_parts)
    return rendu


def _lire_les_parts(parcours: Parcours, lecteur: Utilisateur, moment: Moment) -> dict[tuple[int, date], str]:
    """Chaque répartition en mots, par indicateur et période. Une requête."""
    lignes: Any = Valeur.objects.visibles_par(lecteur).filter(
        moment.longues, releve__parcours=parcours.pk, indicateur__forme=Forme.REPARTITION, numerateur__isnull=False
    )
    lues: dict[tuple[int, date], list[tuple[str, Decimal]]] = {}
    noms: dict[int, dict[str, str]] = {}
    champs = ("indicateur", "releve__debut", "cle", "numerateur", "indicateur__parts")
    for indicateur, debut, cle, nombre, siens in lignes.exclude(cle="").order_by().values_list(*champs):
        lues.setdefault((indicateur, debut), []).append((cle, nombre))
        noms[indicateur] = siens
    return {ou: parts.dire(lot, noms[ou[0]]) for ou, lot in lues.items()}


def _entrees(indicateur: Indicateur, periodes: Iterable[Periode], lus: dict[tuple[int, date], Chiffre]) -> list[Any]:
    rendu = []
    for periode in periodes:
        chiffre = lus.get((indicateur.pk, periode.debut))
        valeur = _valeur(indicateur, chiffre)
        detail = chiffre.detail if chiffre else "pas de relevé"
        rendu.append(courbe.Entree(periode, valeur, detail, bool(chiffre and not chiffre.transmis)))
    return rendu


def _valeur(indicateur: Indicateur, chiffre: Chiffre | None) -> float | None:
    if chiffre is None:
        return None
    return reperes.valeur_lue(indicateur.forme, chiffre.numerateur, chiffre.denominateur, chiffre.tranches)


def lire_tableau(parcours: Parcours, lecteur: Utilisateur, moment: Moment) -> TableauEsms:
    """Le tableau de bord d'un ESMS ; cinq requêtes, quel que soit le nombre d'indicateurs."""
    lus = _lire(parcours, lecteur, moment)
    offerts = lisibles(indicateur for indicateur, _ in lus)
    cibles = lire_cibles([parcours.grappe_id], moment.mois.fin)
    fiches = []
    for i in moment.retenir(offerts):
        periode, avant = moment.periode(i.cadence), moment.avant(i.cadence)
        chiffre, ancien = lus.get((i.pk, periode.debut)), lus.get((i.pk, avant.debut))
        retenue, due = cibles.de(parcours.grappe_id, i.pk), cibles.financement(parcours.grappe_id, i.pk)
        entrees = _entrees(i, moment.fenetres[i.cadence], lus)
        valeurs = [e.valeur for e in entrees]
        plafond = 1.0 if i.est_un_rapport and i.plafonne else None
        prevision = prevision_usage.prevoir(valeurs, plafond=plafond)
        visee = nombre_de(retenue)
        fiches.append(
            Fiche(
                indicateur=i,
                periode=periode,
                avant=avant,
                chiffre=chiffre,
                valeur=_valeur(i, chiffre),
                valeur_avant=_valeur(i, ancien),
                cible=retenue,
                jauge=jauge.dessiner(i.forme, i.sens, _valeur(i, chiffre), visee, nombre_de(retenue, "seuil")),
                courbe=courbe.dessiner(i.forme, entrees, cible=visee, prevision=prevision),
                prevu=prevision is not None,
                dans=prevision_usage.periodes_avant(valeurs, visee) if visee is not None else None,
                manque=manque_a(i, chiffre.numerateur, chiffre.denominateur, chiffre.tranches, due)
                if chiffre
                else None,
                du_financement=due,
                tranches_avant=ancien.tranches if ancien else {},
            )
        )
    return TableauEsms(moment, fiches, offerts)
