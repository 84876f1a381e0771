"""Le tableau de bord d'une grappe ou d'un organisme : ESMS × indicateurs, totaux, ce qui a bougé, ce qui manque."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse

from programme.models import Grappe, OrganismeGestionnaire, Parcours, Utilisateur
from usages.calculs import reperes
from usages.dessins import chaleur
from usages.dessins.multiples import Vignette
from usages.enums import Forme, Maille
from usages.models import Indicateur, Valeur
from usages.models.communs import TRANSMIS
from usages.services.tableaux.commun import (
    Cibles,
    Moment,
    detaillees,
    lire_cibles,
    lisibles,
    manque_a,
    nombre_de,
    se_vise,
)
from usages.services.tableaux.totaux import Ensemble, bilan, comparer, ensembles, lire_totaux, vignettes

Chiffres = Mapping[tuple[int, int], chaleur.Chiffre]
"""Par ESMS (clé de parcours) et indicateur."""


@dataclass(frozen=True, slots=True)
class Financement:
    """Une cible dont dépend un versement : combien d'ESMS la tiennent, et ce qui manque aux autres."""

    indicateur: Indicateur
    cible: str
    source: str
    tenue_par: int
    mesuree_par: int
    concernes: int
    manque: int
    restent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Colonne:
    """Une colonne de la carte : l'indicateur, sa période, et ses comptes en pied."""

    indicateur: Indicateur
    dessin: chaleur.Colonne
    ensemble: Ensemble
    comptes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TableauEnsemble:
    """La page. `entier` : le lecteur lit tous les ESMS ; sinon les totaux se masquent plus souvent."""

    moment: Moment
    colonnes: list[Colonne]
    lignes: list[chaleur.Ligne]
    vignettes: tuple[Vignette, ...]
    financement: list[Financement]
    parcours: list[Parcours]
    chiffres: Chiffres
    cibles: Cibles
    entier: bool
    offerts: list[Indicateur]

    @property
    def ensembles(self) -> list[Ensemble]:
        """Les totaux, indicateur par indicateur."""
        return [c.ensemble for c in self.colonnes]

    @property
    def ont_bouge(self) -> list[Ensemble]:
        """Les totaux qui ont changé depuis la période comparée."""
        return [e for e in self.ensembles if e.mouvement != reperes.PAREIL]

    @property
    def incomparables(self) -> list[Ensemble]:
        """Les totaux que d'autres ESMS font bouger."""
        return [e for e in self.ensembles if e.incomparable]

    @property
    def relus(self) -> set[str]:
        """Codes de ceux dont on attendait un chiffre sur la période."""
        return {e.indicateur.code for e in self.ensembles if e.total is not None or e.masque}

    @property
    def bilan(self) -> str:
        """« 5 vont mieux, 1 moins bien »."""
        return bilan(self.ensembles)

    @property
    def haute(self) -> bool:
        """La carte passe une page d'écran."""
        return len(self.lignes) > 15

    @property
    def ont_transmis(self) -> int:
        """ESMS dont au moins un chiffre de la période est transmis."""
        return len({parcours for (parcours, _), chiffre in self.chiffres.items() if chiffre.transmis})


def _lire_chiffres(parcours: Sequence[Parcours], moment: Moment) -> dict[tuple[int, int], chaleur.Chiffre]:
    """Les chiffres de la période, et ceux d'avant si l'on compare. Une requête."""
    voulus = moment.courtes if moment.compare else moment.presents
    lignes: Any = (
        Valeur.objects.filter(detaillees("indicateur__forme"))
        .filter(voulus, releve__parcours__in=[p.pk for p in parcours], releve__cadence=F("indicateur__cadence"))
        .order_by()
        .values_list(
            "releve__parcours", "indicateur", "releve__debut", "releve__cadence",
            "cle", "numerateur", "denominateur", "motif", "releve__etat", "indicateur__forme",
        )
    )  # fmt: skip
    debuts = {cadence: moment.periode(cadence).debut for cadence in moment.fenetres}
    avant: dict[tuple[int, int], tuple[str, Any, Any]] = {}
    ici: dict[tuple[int, int], tuple[Any, Any, str, bool]] = {}
    tranches: dict[tuple[int, int, bool], dict[str, int]] = defaultdict(dict)
    for p, indicateur, debut, cadence, part, num, den, motif, etat, forme in lignes:
        present = debut == debuts[cadence]
        if part:
            tranches[p, indicateur, present][part] = int(num or 0)
        elif present:
            ici[p, indicateur] = (num, den, motif, etat in TRANSMIS)
        elif etat in TRANSMIS:
            avant[p, indicateur] = (forme, num, den)
    valeurs = {cle: reperes.valeur_lue(*faits, tranches[*cle, False]) for cle, faits in avant.items()}
    return {
        cle: chaleur.Chiffre(*faits, avant=valeurs.get(cle), tranches=tranches[*cle, True])
        for cle, faits in ici.items()
    }


def _financement(
    indicateurs: Sequence[Indicateur], parcours: Sequence[Parcours], chiffres: Chiffres, cibles: Cibles
) -> list[Financement]:
    """Les cibles des instructions qui financent ces grappes, indicateur par indicateur."""
    rendu = []
    for i in indicateurs:
        manques: dict[str, int] = {}
        dites, source, tenue, mesuree, concernes, restent = set[str](), "", 0, 0, 0, list[str]()
        for p in parcours:
            cible, chiffre = cibles.financement(p.grappe_id, i.pk), chiffres.get((p.pk, i.pk))
            absence = chaleur.nature(i.forme, chiffre)
            if cible is None or cible.valeur is None or absence in (chaleur.NON_CONCERNE, chaleur.PAS_SUIVI):
                continue
            concernes, source = concernes + 1, cible.source
            dites.add(reperes.dire(i.forme, float(cible.valeur)))
            reste = None
            if chiffre and not absence:
                reste = manque_a(i, chiffre.numerateur, chiffre.denominateur, chiffre.tranches, cible)
                mesuree += 1
            if reste == 0:
                tenue += 1
            else:
                restent.append(str(p))
                manques[str(p)] = reste or 0
        if concernes:
            dite = dites.pop() if len(dites) == 1 else "selon la grappe"
            # Des jours de trop ne s'additionnent pas d'un ESMS à l'autre.
            somme = 0 if i.forme == Forme.DUREE else sum(manques.values())
            rendu.append(Financement(i, dite, source, tenue, mesuree, concernes, somme, tuple(restent)))
    return rendu


def lire_grappe(lecteur: Utilisateur, grappe: Grappe, moment: Moment) -> TableauEnsemble:
    """Le tableau d'une grappe ; qui n'en lit pas tous les ESMS y lit des totaux qui peuvent se taire."""
    siens = Parcours.objects.dans_le_projet().filter(grappe=grappe)
    lus = Parcours.objects.lisibles_par(lecteur).dans_le_projet().filter(grappe=grappe)
    entier = siens.count() == lus.count()
    return _lire_ensemble(lecteur, Maille.GRAPPE, str(grappe.pk), lus, moment, entier=entier)


def lire_og(lecteur: Utilisateur, og: OrganismeGestionnaire, moment: Moment) -> TableauEnsemble:
    """Le tableau d'un organisme, que seul ouvre qui en lit tous les ESMS (`peut_lire_le_tableau_d_og`)."""
    siens = Parcours.objects.lisibles_par(lecteur).dans_le_projet().filter(esms__og=og)
    return _lire_ensemble(lecteur, Maille.OG, str(og.pk), siens, moment, entier=True)


def _lire_ensemble(
    lecteur: Utilisateur, maille: str, territoire: str, parcours: QuerySet[Parcours], moment: Moment, *, entier: bool
) -> TableauEnsemble:
    """`parcours` : ceux que le lecteur lit, et dont il voit les chiffres. Autant de requêtes quel que soit leur nombre.

    `entier` faux : d'autres ESMS entrent dans les totaux, qui se taisent alors à moins de cinq de plus (`lire_pour`).
    """
    lus = sorted(parcours.select_related("esms__departement", "grappe"), key=lambda p: (str(p).lower(), p.pk))
    totaux = lire_totaux(lecteur, maille, territoire, moment)
    offerts = lisibles(totaux.indicateurs)
    indicateurs = moment.retenir(offerts)
    chiffres = _lire_chiffres(lus, moment)
    cibles = lire_cibles(list({p.grappe_id for p in lus}), moment.mois.fin)

    def cible_commune(indicateur: Indicateur) -> float | None:
        visees = {nombre_de(cibles.de(p.grappe_id, indicateur.pk)) for p in lus}
        return visees.pop() if len(visees) == 1 and se_vise(indicateur) else None

    lit_tout = lecteur if entier else None
    constants = comparer(indicateurs, totaux, moment, maille, territoire, lecteur=lit_tout)
    sommes = ensembles(indicateurs, totaux, moment, cible_commune, constants)
    dessins = [chaleur.Colonne(i.libelle, i.forme, i.sens, i.unite) for i in indicateurs]
    visees = {(g, i): nombre_de(c) for (g, i), c in cibles.retenues.items()}
    lignes = [
        chaleur.Ligne(
            str(p),
            reverse("usages:parcours-tableau-de-bord", args=[p.pk]),
            tuple(
                chaleur.dessiner_case(d, chiffres.get((p.pk, i.pk)), visees.get((p.grappe_id, i.pk)))
                for d, i in zip(dessins, indicateurs, strict=True)
            ),
        )
        for p in lus
    ]
    colonnes = [
        Colonne(i, d, e, defaultdict(int, chaleur.synthese(lignes, rang)))
        for rang, (i, d, e) in enumerate(zip(indicateurs, dessins, sommes, strict=True))
    ]
    return TableauEnsemble(
        moment=moment,
        colonnes=colonnes,
        lignes=lignes,
        vignettes=vignettes(sommes),
        financement=_financement(indicateurs, lus, chiffres, cibles),
        parcours=lus,
        chiffres=chiffres,
        cibles=cibles,
        entier=entier,
        offerts=offerts,
    )
