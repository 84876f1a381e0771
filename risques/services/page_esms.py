"""Ce que montre la page des risques d'un ESMS, selon qui la lit : la direction, la conduite, ou le financeur."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from programme.models import Action, Parcours, Utilisateur
from programme.permissions import peut_lire_preparation
from programme.socle.dates import date_courte
from programme.socle.models import Passage
from risques.dessins.matrice import Matrice, RisqueLu, dessiner
from risques.enums import EtatAnalyse, NiveauRisque
from risques.models import AnalyseLocale, PartageRisques, Risque, SuiteDonnee
from risques.permissions import (
    peut_recevoir_analyse,
    peut_saisir_analyse,
    peut_tenir_risque,
    peut_transmettre_analyse,
)
from risques.services import suites
from risques.services.amorces import amorces_de
from risques.services.analyses import LigneLue, geste_de, lire_lignes, reponse_de, transmissions_de
from risques.services.baremes import Bareme, bareme_de
from risques.services.partages import Promesse, ouvert_de, promesse_de
from risques.services.registre import actions_nees

MONTRES = 12


@dataclass(frozen=True, slots=True)
class RisqueMontre:
    """Un risque et ses niveaux, selon le barème de sa grappe."""

    risque: Risque
    brut: NiveauRisque
    residuel: NiveauRisque | None

    @property
    def niveau(self) -> NiveauRisque:
        """Le niveau qui vaut : résiduel s'il est dit, brut sinon."""
        return self.residuel or self.brut

    @property
    def rang(self) -> int:
        """Rang du niveau qui vaut, de 1 à 4."""
        return rang_de(self.niveau)

    @property
    def rang_brut(self) -> int:
        """Rang du niveau brut, de 1 à 4."""
        return rang_de(self.brut)


def rang_de(niveau: NiveauRisque) -> int:
    """Rang d'un niveau, de 1 (acceptable) à 4 (inacceptable)."""
    return list(NiveauRisque).index(niveau) + 1


def montrer(risque: Risque, bareme: Bareme) -> RisqueMontre:
    """Ce risque, niveaux calculés."""
    brut = bareme.niveau(risque.probabilite, risque.impact)
    return RisqueMontre(risque, brut, bareme.niveau_de(risque.residuel))


def dessiner_registre(risques: Sequence[RisqueMontre], bareme: Bareme, urls: Sequence[str] = ()) -> Matrice | None:
    """La matrice de ces risques, numérotés comme la liste ; None s'il n'y en a pas."""
    lus = [
        RisqueLu(
            str(rang + 1),
            m.risque.libelle,
            m.risque.probabilite,
            m.risque.impact,
            m.risque.probabilite_residuelle,
            m.risque.impact_residuel,
            urls[rang] if urls else "",
        )
        for rang, m in enumerate(risques)
    ]
    return dessiner(lus, bareme.niveau) if lus else None


@dataclass(slots=True)
class PageRisques:
    """La page d'un ESMS. En financeur (`de_pres` faux) : le résultat transmis et le registre, rien d'autre.

    `lignes` : à qui saisit, ce qui est enregistré ; à tout autre, ce qui fut transmis. `tache` : ce qui attend, dit en
    tête ; `mot` : la précision demandée.
    """

    parcours: Parcours
    analyse: AnalyseLocale | None
    lignes: list[LigneLue]
    registre: list[RisqueMontre]
    clos: int
    matrice: Matrice | None
    de_pres: bool
    saisit: bool = False
    tient: bool = False
    tache: str = ""
    mot: str = ""
    source: str = ""
    proposees: list[suites.Proposee] = field(default_factory=list)
    suites: list[SuiteDonnee] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    transmissions: list[Any] = field(default_factory=list)
    reponse: str = ""
    attend_la_direction: bool = False
    partage: PartageRisques | None = None
    promesse: Promesse | None = None

    @property
    def montres(self) -> list[RisqueMontre]:
        """Les premiers risques ouverts, le plus critique d'abord."""
        return self.registre[:MONTRES]

    @property
    def est_a_remplir(self) -> bool:
        """Vrai tant que la direction peut écrire ses six lignes."""
        return self.analyse is None or self.analyse.est_a_remplir

    @property
    def est_entiere(self) -> bool:
        """Vrai si les six lignes sont dites : il ne reste qu'à transmettre."""
        return all(ligne.est_dite for ligne in self.lignes)

    @property
    def jamais_dites(self) -> int:
        """Combien de lignes attendent d'être dites et sont amorcées par la grappe."""
        return sum(ligne.amorce is not None and not ligne.est_dite for ligne in self.lignes)

    @property
    def geste(self) -> str:
        """Le bouton qui mène aux six lignes."""
        return geste_de(self.lignes)

    @property
    def inacceptables(self) -> list[RisqueMontre]:
        """Les risques ouverts à traiter avant d'aller plus loin."""
        return [m for m in self.registre if m.niveau == NiveauRisque.INACCEPTABLE]

    @property
    def se_emporte(self) -> bool:
        """Vrai si le PDF dirait quelque chose : une ligne dite, un risque."""
        return bool(self.registre or self.clos) or any(ligne.est_dite for ligne in self.lignes)

    @property
    def se_lit(self) -> bool:
        """Vrai s'il y a des lignes à montrer : à remplir, ou transmises."""
        return self.saisit or any(ligne.est_dite for ligne in self.lignes)

    @property
    def est_rouverte(self) -> bool:
        """Vrai si ce qui fut transmis se récrit."""
        return bool(self.analyse and self.analyse.est_a_remplir and self.analyse.transmise_le)


def page_de(parcours: Parcours, *, par: Utilisateur) -> PageRisques:
    """La page de cet ESMS pour ce lecteur, qui a le droit de lire ses risques. Requêtes constantes."""
    bareme, de_pres = bareme_de(parcours.grappe), bool(peut_lire_preparation(par, parcours))
    analyse = AnalyseLocale.objects.visibles_par(par).pour_lecture().filter(parcours=parcours).first()
    vus = Risque.objects.visibles_par(par).filter(parcours=parcours).avec_criticite().pour_lecture()
    lus = list(vus.order_by("-criticite", "-cree_le", "-pk"))
    registre = [montrer(risque, bareme) for risque in lus if risque.est_ouvert]
    page = PageRisques(
        parcours=parcours,
        analyse=analyse,
        lignes=lire_lignes(parcours, analyse, par=par),
        registre=registre,
        clos=len(lus) - len(registre),
        matrice=dessiner_registre(registre, bareme),
        de_pres=de_pres,
    )
    page.partage = ouvert_de(parcours)
    if de_pres:
        _completer(page, bareme, par)
    else:
        page.promesse = promesse_de(parcours)
    return page


def _completer(page: PageRisques, bareme: Bareme, par: Utilisateur) -> None:
    """Ce que seul lit qui est de l'ESMS."""
    parcours = page.parcours
    page.saisit = bool(peut_saisir_analyse(par, parcours))
    page.tient = bool(peut_tenir_risque(par, parcours))
    if page.est_a_remplir and page.saisit:
        amorces = amorces_de(parcours.grappe, par=par)
        page.lignes, page.source = lire_lignes(parcours, page.analyse, amorces, par=par), amorces.source
    page.proposees = suites.proposees(parcours, par=par)
    page.suites = suites.donnees(parcours, par=par)
    page.actions = actions_nees(parcours, par=par)
    page.transmissions = transmissions_de(page.analyse, bareme)
    page.tache, page.mot = _tache(page)
    page.reponse = reponse_de(page.analyse)
    page.attend_la_direction = _attend_la_direction(page, par)


def _attend_la_direction(page: PageRisques, par: Utilisateur) -> bool:
    """Vrai si ce lecteur a demandé une précision : à la direction de répondre."""
    analyse = page.analyse
    if analyse is None or analyse.etat != EtatAnalyse.PRECISION or not peut_recevoir_analyse(par, analyse):
        return False
    return not peut_transmettre_analyse(par, analyse)


def _tache(page: PageRisques) -> tuple[str, str]:
    """Ce qui attend, et le mot du chef de projet s'il y en a un."""
    analyse = page.analyse
    if analyse is None or analyse.etat == EtatAnalyse.A_FAIRE:
        if page.est_rouverte:
            return "Rouverte, à transmettre à nouveau", ""
        if not page.saisit:
            return "Six lignes, pas encore transmises", ""
        restent = sum(not ligne.est_dite for ligne in page.lignes)
        if not restent:
            return "Six lignes dites, à transmettre au chef de projet", ""
        if restent == len(page.lignes):
            return "Six lignes à dire", ""
        return ("Une ligne à dire" if restent == 1 else f"{restent} lignes à dire") + " sur six", ""
    if analyse.etat == EtatAnalyse.PRECISION:
        demande = Passage.objects.de(analyse).filter(transition="demander_precision").order_by("-rang").first()
        return "Une précision est demandée", demande.motif if demande else ""
    le = date_courte(analyse.transmise_le) if analyse.transmise_le else ""
    if analyse.etat == EtatAnalyse.TRANSMISE:
        return f"Transmise le {le}, en attente du chef de projet", ""
    return f"Transmise le {le}, acceptée par le chef de projet", ""
