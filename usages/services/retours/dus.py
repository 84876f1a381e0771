"""Ce que l'éditeur doit : les retours en cours chez lui, depuis quand, et la demande qui lui a été écrite."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, Min, OuterRef, Q

from programme.calculs.delais import jours
from programme.models import Module, Utilisateur
from usages.enums import EtatRetour, NatureSuite, VoieRetour
from usages.models import DemandeEditeur, Retour, SuiteDeRetour
from usages.services.retours.themes import SANS_MODULE

MONTRES = 40


@dataclass(frozen=True, slots=True)
class Du:
    """Un retour qui attend l'éditeur ; `demande` : celle que le lecteur voit, `est_ecrite` : s'il y en a une."""

    retour: Retour
    jours: int
    est_ecrite: bool
    demande: DemandeEditeur | None


@dataclass(frozen=True, slots=True)
class DuDeModule:
    """Ce qu'un module a de retours chez l'éditeur : combien, depuis quand le plus ancien, combien sans demande."""

    nom: str
    nombre: int
    jours: int
    sans_demande: int


@dataclass(frozen=True, slots=True)
class Dus:
    """Tout ce que l'éditeur doit ; `retours` : les plus anciens, `MONTRES` au plus."""

    modules: list[DuDeModule]
    retours: list[Du]

    @property
    def nombre(self) -> int:
        """Combien en tout."""
        return sum(m.nombre for m in self.modules)

    @property
    def sans_demande(self) -> int:
        """Ceux pour qui rien n'a été écrit à l'éditeur."""
        return sum(m.sans_demande for m in self.modules)


def lire_dus(retours: Any, par: Utilisateur, au: date) -> Dus:
    """Depuis ces retours, déjà bornés à ce que voit le lecteur. Cinq requêtes."""
    chez_lui = retours.filter(etat=EtatRetour.EN_COURS, voie=VoieRetour.EDITEUR).order_by()
    ecrite = SuiteDeRetour.objects.filter(retour=OuterRef("pk"), nature=NatureSuite.EDITEUR)
    chez_lui = chez_lui.annotate(est_ecrite=Exists(ecrite))
    lus = list(chez_lui.pour_lecture().order_by("recu_le", "pk")[:MONTRES])
    demandes = _demandes([r.pk for r in lus], par)
    return Dus(
        _par_module(chez_lui, au),
        [Du(r, jours(r.recu_le, au), r.est_ecrite, demandes.get(r.pk)) for r in lus],
    )


def _par_module(retours: Any, au: date) -> list[DuDeModule]:
    """Celui qui en a le plus d'abord. Deux requêtes."""
    comptes = retours.values_list("module").annotate(
        n=Count("pk"), premier=Min("recu_le"), sans=Count("pk", filter=Q(est_ecrite=False))
    )
    lignes = list(comptes)
    noms = {m.pk: m.nom for m in Module.objects.filter(pk__in=[cle for cle, *_ in lignes if cle])}
    lus = [DuDeModule(noms.get(cle, SANS_MODULE), n, jours(premier, au), sans) for cle, n, premier, sans in lignes]
    return sorted(lus, key=lambda m: (-m.nombre, m.nom))


def _demandes(cles: list[int], par: Utilisateur) -> dict[int, DemandeEditeur]:
    """Par retour, la dernière demande écrite que voit ce lecteur. Deux requêtes."""
    suites = SuiteDeRetour.objects.filter(
        retour__in=cles,
        nature=NatureSuite.EDITEUR,
        objet_type=ContentType.objects.get_for_model(DemandeEditeur),
    )
    liees = dict(suites.order_by("pk").values_list("retour", "objet_id"))
    vues = DemandeEditeur.objects.visibles_par(par).in_bulk(list(liees.values()))
    return {retour: vues[cle] for retour, cle in liees.items() if cle in vues}
