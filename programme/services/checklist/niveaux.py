"""La checklist vue d'un niveau (grappe, OG, groupe) : ce qui s'y répond, et ce que cela donne dessous."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from programme.calculs.checklist import REGLES
from programme.enums import FRISE_PARCOURS, EtatParcours, Niveau, StatutAction
from programme.models import (
    Grappe,
    Groupe,
    LigneChecklist,
    OrganismeGestionnaire,
    Parcours,
    ReponseChecklist,
    Utilisateur,
)
from programme.models.checklist import CIBLES
from programme.services.checklist.lecture import Checklist, lignes_en_vigueur, lire_checklists


@dataclass(frozen=True, slots=True)
class LigneDeNiveau:
    """Une action, à son niveau : la réponse donnée, combien d'ESMS elle règle, la plus proche échéance."""

    ligne: LigneChecklist
    reponse: ReponseChecklist | None
    nb_reglees: int
    nb_esms: int
    echeance: date | None

    @property
    def statut(self) -> str:
        """Le statut répondu, ou « à faire » ; « fait » quand tout est constaté dessous."""
        if self.reponse:
            return self.reponse.statut
        return StatutAction.FAIT if self.nb_esms and self.nb_reglees == self.nb_esms else StatutAction.A_FAIRE

    @property
    def est_reglee(self) -> bool:
        """Vrai si plus rien n'est à faire à ce niveau."""
        return self.statut in REGLES


@dataclass(frozen=True, slots=True)
class Avancement:
    """Où en sont les ESMS pour une action : combien par statut, combien en retard."""

    ligne: LigneChecklist
    comptes: Counter[str] = field(default_factory=Counter)
    nb_retards: int = 0

    @property
    def total(self) -> int:
        """ESMS comptés."""
        return sum(self.comptes.values())

    @property
    def nb_reglees(self) -> int:
        """ESMS pour qui plus rien n'est à faire."""
        return sum(self.comptes[statut] for statut in REGLES)

    @property
    def nb_faits(self) -> int:
        """ESMS qui l'ont fait, avant le projet ou pendant."""
        return self.comptes[StatutAction.FAIT] + self.comptes[StatutAction.DEJA_FAIT]

    @property
    def taux(self) -> float | None:
        """Part réglée, entre 0 et 1."""
        return self.nb_reglees / self.total if self.total else None


@dataclass(slots=True)
class EtapeDeChecklist:
    """Les actions d'une étape, et combien d'ESMS y sont. `est_ouverte` : ce que la page déplie d'elle-même."""

    phase: str
    avancements: list[Avancement]
    nb_esms: int
    est_ouverte: bool = False

    @property
    def libelle(self) -> str:
        """Le mot de l'étape."""
        return str(EtatParcours(self.phase).label)

    @property
    def nb_en_retard(self) -> int:
        """Actions qu'un ESMS au moins devrait avoir réglées."""
        return sum(bool(a.nb_retards) for a in self.avancements)

    @property
    def nb_reglees(self) -> int:
        """Actions réglées partout."""
        return sum(a.nb_reglees == a.total for a in self.avancements)


def parcours_de(grappe: Grappe, niveau: str, cible: Any, par: Utilisateur) -> list[Parcours]:
    """Les ESMS de la grappe que couvre ce niveau, que le lecteur lit, encore dans le projet."""
    lus = Parcours.objects.lisibles_par(par).filter(grappe=grappe).dans_le_projet()
    if niveau == Niveau.OG:
        lus = lus.filter(esms__og=cible)
    elif niveau == Niveau.GROUPE:
        lus = lus.filter(esms__groupes=cible)
    return list(lus.select_related("esms__og", "esms__departement", "grappe").order_by("esms__tri", "pk"))


def lire_niveau(grappe: Grappe, niveau: str, cible: Any, par: Utilisateur) -> list[LigneDeNiveau]:
    """Les actions qui se répondent à ce niveau, pour cette cible."""
    checklists = lire_checklists(parcours_de(grappe, niveau, cible, par))
    qui = {CIBLES[Niveau(niveau)]: cible} if niveau in CIBLES else {}
    reponses = {
        r.code: r
        for r in ReponseChecklist.objects.filter(grappe=grappe, niveau=niveau, **qui).select_related("responsable")
    }
    lignes = [ligne for ligne in lignes_en_vigueur(grappe.pk)[1] if ligne.niveau == niveau]
    return [_ligne_de_niveau(ligne, reponses.get(ligne.code), checklists.values()) for ligne in lignes]


def _ligne_de_niveau(
    ligne: LigneChecklist, reponse: ReponseChecklist | None, checklists: Iterable[Checklist]
) -> LigneDeNiveau:
    lues = [lue for c in checklists if (lue := c.ligne(ligne.code))]
    dues = [lue.echeance for lue in lues if lue.echeance and not lue.resolue.est_reglee]
    choisie = reponse.echeance if reponse else None
    reglees = sum(lue.resolue.est_reglee for lue in lues)
    return LigneDeNiveau(ligne, reponse, reglees, len(lues), choisie or min(dues, default=None))


def avancement_de(checklists: Collection[Checklist], lignes: Iterable[LigneChecklist], au: date) -> list[Avancement]:
    """Combien d'ESMS en sont où, action par action ; un retard se juge à ce jour."""
    comptes: dict[str, Counter[str]] = {ligne.code: Counter() for ligne in lignes}
    retards: Counter[str] = Counter()
    for checklist in checklists:
        for lue in checklist.lignes:
            comptes[lue.ligne.code][lue.statut] += 1
            retards[lue.ligne.code] += lue.en_retard(au)
    return [Avancement(ligne, comptes[ligne.code], retards[ligne.code]) for ligne in lignes]


def par_etape(avancements: Iterable[Avancement], parcours: Iterable[Parcours]) -> list[EtapeDeChecklist]:
    """Les actions rangées par étape, dans l'ordre de la frise.

    S'ouvrent celle où sont le plus d'ESMS et celle qui a le plus d'actions en retard : jamais toutes.
    """
    lus = list(avancements)
    la = Counter(FRISE_PARCOURS[p.rang - 1] for p in parcours if p.rang)
    rangees = {phase: [a for a in lus if a.ligne.phase == phase] for phase in FRISE_PARCOURS}
    etapes = [EtapeDeChecklist(phase, des, la[phase]) for phase, des in rangees.items() if des]
    for compte in (lambda e: e.nb_esms, lambda e: e.nb_en_retard):
        if premiere := max(etapes, key=compte, default=None):
            premiere.est_ouverte |= bool(compte(premiere))
    return etapes


def cibles_de(parcours: Collection[Parcours]) -> tuple[list[OrganismeGestionnaire], list[Groupe]]:
    """OG et groupes de ces ESMS : les niveaux entre la grappe et eux."""
    ogs = {p.esms.og.pk: p.esms.og for p in parcours if p.esms.og}
    groupes = Groupe.objects.filter(esms__in={p.esms_id for p in parcours}).distinct().order_by("nom", "pk")
    return sorted(ogs.values(), key=lambda og: (og.tri, og.pk)), list(groupes)
