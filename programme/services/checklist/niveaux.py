"""La checklist vue d'un niveau (grappe, OG, groupe) : ce qui s'y répond, et ce que cela donne dessous."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from programme.checklist import REGLES
from programme.enums import Niveau, StatutAction
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
    """Où en sont les ESMS pour une action : combien par statut."""

    ligne: LigneChecklist
    comptes: Counter[str] = field(default_factory=Counter)

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


def avancement_de(checklists: Collection[Checklist], lignes: Iterable[LigneChecklist]) -> list[Avancement]:
    """Combien d'ESMS en sont où, action par action."""
    comptes: dict[str, Counter[str]] = {ligne.code: Counter() for ligne in lignes}
    for checklist in checklists:
        for lue in checklist.lignes:
            comptes[lue.ligne.code][lue.statut] += 1
    return [Avancement(ligne, comptes[ligne.code]) for ligne in lignes]


def cibles_de(parcours: Collection[Parcours]) -> tuple[list[OrganismeGestionnaire], list[Groupe]]:
    """OG et groupes de ces ESMS : les niveaux entre la grappe et eux."""
    ogs = {p.esms.og.pk: p.esms.og for p in parcours if p.esms.og}
    groupes = Groupe.objects.filter(esms__in={p.esms_id for p in parcours}).distinct().order_by("nom", "pk")
    return sorted(ogs.values(), key=lambda og: (og.tri, og.pk)), list(groupes)
