"""Lire les demandes de paramétrage : combien, en combien de temps, ce que plusieurs ESMS demandent au même module."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from programme.calculs.delais import Delai, delai_median, deplier
from programme.enums import EtatDemande, IssueDemande
from programme.models import DemandeParametrage, Parcours, Utilisateur
from programme.models.demandes import OUVERTES
from programme.socle.models import Passage

MONTREES = 5
SANS_MODULE = "Sans module en particulier"


@dataclass(slots=True)
class ParModule:
    """Ce qu'on demande à un module : combien d'ESMS, combien de demandes ouvertes, quelles issues."""

    module: str
    esms: int = 0
    ouvertes: int = 0
    issues: Counter[str] = field(default_factory=Counter)

    @property
    def demandes(self) -> int:
        """Ouvertes et closes ; les retirées ne comptent pas."""
        return self.ouvertes + self.issues.total()

    @property
    def par_issue(self) -> list[tuple[str, int]]:
        """Un compte par issue, dans l'ordre des valeurs closes."""
        return [(str(issue.label), self.issues[issue]) for issue in IssueDemande]


@dataclass(slots=True)
class Synthese:
    """Un ensemble de demandes ; `lignes` : par module, le plus partagé d'abord."""

    lignes: list[ParModule]
    delai: Delai

    @property
    def ouvertes(self) -> int:
        """Demandes ouvertes."""
        return sum(ligne.ouvertes for ligne in self.lignes)

    @property
    def closes(self) -> int:
        """Demandes closes."""
        return sum(ligne.issues.total() for ligne in self.lignes)

    @property
    def partages(self) -> list[ParModule]:
        """Les modules que plusieurs ESMS demandent à changer : le même mal, sans doute, à plusieurs endroits."""
        return [ligne for ligne in self.lignes if ligne.esms > 1]


def delai_de(demandes: QuerySet) -> Delai:
    """Délai médian des demandes closes de cet ensemble ; une requête."""
    closes = demandes.order_by().filter(etat=EtatDemande.CLOSE).values_list("ouverte_le", "close_le")
    return delai_median(deplier({(debut, fin): n for debut, fin, n in closes.annotate(n=Count("pk"))}))


def synthese_de(demandes: QuerySet) -> Synthese:
    """Les comptes d'un ensemble, retirées mises à part ; trois requêtes, quel que soit leur nombre."""
    comptees = demandes.order_by().exclude(etat=EtatDemande.RETIREE)
    par_module: dict[Any, ParModule] = {}
    esms = comptees.values_list("module", "module__nom").annotate(n=Count("parcours", distinct=True))
    for cle, nom, nombre in esms:
        par_module[cle] = ParModule(nom or SANS_MODULE, nombre)
    for cle, etat, issue, nombre in comptees.values_list("module", "etat", "issue").annotate(n=Count("pk")):
        if etat in OUVERTES:
            par_module[cle].ouvertes += nombre
        else:
            par_module[cle].issues[issue] += nombre
    lignes = sorted(par_module.values(), key=lambda x: (-x.esms, -x.demandes, x.module))
    return Synthese(lignes, delai_de(demandes))


@dataclass(slots=True)
class Encart:
    """Les demandes d'un ESMS : les plus anciennes encore ouvertes et leur âge en jours, combien en tout, le délai."""

    lignes: list[tuple[DemandeParametrage, int]]
    ouvertes: int
    total: int
    delai: Delai


def encart_de(parcours: Parcours, au: date) -> Encart:
    """Ce qu'en montre la page « Préparer » ; pour qui lit la préparation de cet ESMS."""
    toutes = DemandeParametrage.objects.filter(parcours=parcours)
    ouvertes = list(toutes.ouvertes().select_related("module"))
    lignes = [(d, d.delai(au)) for d in ouvertes[:MONTREES]]
    return Encart(lignes, len(ouvertes), toutes.count(), delai_de(toutes))


def reponse_a(demande: DemandeParametrage) -> str:
    """La réponse donnée en la closant, ou pourquoi on l'a retirée ; vide tant qu'elle est ouverte."""
    if demande.est_ouverte:
        return ""
    dernier = Passage.objects.de(demande).order_by("-rang").first()
    return dernier.motif if dernier else ""


def voisines_de(demande: DemandeParametrage, *, par: Utilisateur) -> tuple[int, list[DemandeParametrage]]:
    """Ce que d'autres ESMS de la grappe demandent au même module : combien, et les plus récentes. Deux requêtes.

    De quoi reprendre une réponse déjà donnée ; seulement ce que ce lecteur voit.
    """
    if demande.module_id is None:
        return 0, []
    autres = DemandeParametrage.objects.visibles_par(par).exclude(etat=EtatDemande.RETIREE)
    autres = autres.filter(parcours__grappe=demande.parcours.grappe_id, module=demande.module_id)
    autres = autres.exclude(parcours=demande.parcours_id)
    return autres.count(), list(autres.pour_lecture().order_by("-ouverte_le", "-pk")[:MONTREES])
