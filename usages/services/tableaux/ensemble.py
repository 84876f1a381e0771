"""Le tableau de bord d'une grappe ou d'un organisme : ESMS × indicateurs, totaux, ce qui a bougé, ce qui manque."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse

from programme.models import Parcours, Utilisateur
from usages import reperes
from usages.dessins import chaleur
from usages.dessins.multiples import Vignette
from usages.models import Indicateur, Valeur
from usages.models.communs import TRANSMIS
from usages.services.tableaux.commun import Cibles, Moment, lire_cibles, lisibles, nombre_de
from usages.services.tableaux.totaux import Ensemble, ensembles, lire_totaux, vignettes

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
        """Les sommes où pas autant d'ESMS ont répondu."""
        return [e for e in self.ensembles if e.incomparable]

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
        Valeur.objects.totaux()
        .filter(voulus, releve__parcours__in=[p.pk for p in parcours], releve__cadence=F("indicateur__cadence"))
        .order_by()
        .values_list(
            "releve__parcours", "indicateur", "releve__debut", "releve__cadence",
            "numerateur", "denominateur", "motif", "releve__etat", "indicateur__forme",
        )
    )  # fmt: skip
    debuts = {cadence: moment.periode(cadence).debut for cadence in moment.fenetres}
    avant: dict[tuple[int, int], float | None] = {}
    ici: dict[tuple[int, int], tuple[Any, Any, str, bool]] = {}
    for p, indicateur, debut, cadence, num, den, motif, etat, forme in lignes:
        if debut == debuts[cadence]:
            ici[p, indicateur] = (num, den, motif, etat in TRANSMIS)
        elif etat in TRANSMIS:
            avant[p, indicateur] = reperes.valeur_lue(forme, num, den)
    return {cle: chaleur.Chiffre(*faits, avant=avant.get(cle)) for cle, faits in ici.items()}


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
                reste = reperes.manque(i.forme, i.sens, chiffre.numerateur, chiffre.denominateur or 0, cible.valeur)  # type: ignore[arg-type]
                mesuree += 1
            if reste == 0:
                tenue += 1
            else:
                restent.append(str(p))
                manques[str(p)] = reste or 0
        if concernes:
            dite = dites.pop() if len(dites) == 1 else "selon la grappe"
            rendu.append(Financement(i, dite, source, tenue, mesuree, concernes, sum(manques.values()), tuple(restent)))
    return rendu


def lire_ensemble(
    lecteur: Utilisateur, maille: str, territoire: str, parcours: QuerySet[Parcours], moment: Moment, *, entier: bool
) -> TableauEnsemble:
    """`parcours` : ceux que le lecteur lit, et dont il voit les chiffres. Autant de requêtes quel que soit leur nombre.

    `entier` faux : d'autres ESMS entrent dans les totaux, qui se taisent alors à moins de cinq de plus (`lire_pour`).
    """
    lus = sorted(parcours.select_related("esms__departement", "grappe"), key=lambda p: (str(p).lower(), p.pk))
    totaux = lire_totaux(lecteur, maille, territoire, moment)
    indicateurs = lisibles(totaux.indicateurs, moment.famille)
    chiffres = _lire_chiffres(lus, moment)
    cibles = lire_cibles(list({p.grappe_id for p in lus}), moment.mois.fin)

    def cible_commune(indicateur: Indicateur) -> float | None:
        visees = {nombre_de(cibles.de(p.grappe_id, indicateur.pk)) for p in lus}
        return visees.pop() if len(visees) == 1 and indicateur.est_un_rapport else None

    sommes = ensembles(indicateurs, totaux, moment, cible_commune)
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
    )
