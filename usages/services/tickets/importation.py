"""Un export de tickets comparé à ceux d'une grappe, puis écrit d'un bloc.

On ne garde ni titre, ni texte, ni auteur : un numéro, des dates, ce qui bloque. L'irritant qu'on a donné à un ticket
reste : aucun fichier ne le dit.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from programme.enums import EtatParcours
from programme.models import Grappe, Module, Parcours
from programme.socle.texte import normaliser
from usages.calculs.lignes_tickets import LigneTicket
from usages.calculs.mots_tickets import CREE, ESMS, FERME, MODULE, TRAITE
from usages.models import Ticket

LOT = 1_000
CHAMPS = {
    "parcours_id": "ESMS",
    "module_id": "Module",
    "editeur_id": "Éditeur",
    "cree_le": "Créé le",
    "traite_le": "Traité le",
    "ferme_le": "Fermé le",
    "est_bloquant": "Bloquant",
    "a_contournement": "Contournement connu",
}
"""Champs qu'un fichier écrit, et leur nom dans l'aperçu."""

Temoin = Callable[[int, int], None]


@dataclass(frozen=True)
class Portee:
    """Ce qu'un fichier peut désigner dans une grappe : ses ESMS par FINESS, les modules par code."""

    grappe: Grappe
    parcours: dict[str, Parcours]
    modules: dict[str, Module]

    @property
    def noms(self) -> dict[str, dict[Any, str]]:
        """Champ → clé → nom, pour dire un avant et un après."""
        editeurs = {p.solution.editeur_id: str(p.solution.editeur) for p in self.parcours.values() if p.solution}
        if self.grappe.solution:
            editeurs[self.grappe.solution.editeur_id] = str(self.grappe.solution.editeur)
        return {
            "parcours_id": {p.pk: str(p) for p in self.parcours.values()},
            "module_id": {m.pk: m.nom for m in self.modules.values()},
            "editeur_id": editeurs,
        }

    def editeur_de(self, parcours: Parcours | None) -> int | None:
        """L'éditeur de la solution de l'ESMS, à défaut de celle de la grappe."""
        solution = (parcours and parcours.solution) or self.grappe.solution
        return solution.editeur_id if solution else None


def lire_portee(grappe: Grappe) -> Portee:
    """Les ESMS de la grappe (un sorti cède à celui qui ne l'est pas), les modules. Deux requêtes."""
    lus = grappe.parcours.select_related("esms__departement", "grappe", "solution__editeur")
    lignes = sorted(lus, key=lambda p: (p.etat != EtatParcours.SORTI, p.pk))
    par_finess = {p.esms.finess: p for p in lignes}
    ordre = sorted(par_finess, key=lambda finess: par_finess[finess].esms.tri)
    return Portee(grappe, {f: par_finess[f] for f in ordre}, {m.code: m for m in Module.objects.all()})


@dataclass
class LigneComparee:
    """Une ligne juste face à la base : le ticket à écrire, ce qui y change (champ → avant, après)."""

    ligne: LigneTicket
    ticket: Ticket
    ecarts: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    @property
    def est_neuve(self) -> bool:
        """Vrai si ce numéro n'était pas connu de cette source."""
        return self.ticket._state.adding


@dataclass
class Plan:
    """Tout ce que le fichier ferait."""

    portee: Portee
    source: str
    comparees: list[LigneComparee]
    fautives: list[LigneTicket]
    nb_d_ailleurs: int

    def en_clair(self, comparee: LigneComparee) -> list[tuple[str, Any, Any]]:
        """Ce qui change, avec les noms plutôt que les clés."""
        noms = self._noms

        def dire(champ: str, valeur: Any) -> Any:
            return noms[champ].get(valeur, "") if champ in noms else valeur

        return [(CHAMPS[c], dire(c, avant), dire(c, apres)) for c, (avant, apres) in comparee.ecarts.items()]

    def __post_init__(self) -> None:
        self._noms = self.portee.noms


def source_connue(grappe: Grappe, source: str) -> str:
    """L'écriture déjà employée pour cet outil : « glpi » et « GLPI » sont le même."""
    connues = Ticket.objects.filter(grappe=grappe).order_by().values_list("source", flat=True).distinct()
    return next((connue for connue in connues if normaliser(connue) == normaliser(source)), source)


def derniere_source(grappe: Grappe) -> str:
    """L'outil du dernier ticket de la grappe ; vide s'il n'y en a pas."""
    return Ticket.objects.filter(grappe=grappe).order_by("-pk").values_list("source", flat=True).first() or ""


def comparer(
    portee: Portee, source: str, lignes: Iterable[LigneTicket], *, temoin: Temoin = lambda fait, total: None
) -> Plan:
    """Ce que ces lignes changeraient, sans rien écrire. Une requête."""
    lues = list(lignes)
    connus = {t.numero: t for t in Ticket.objects.filter(grappe=portee.grappe, source=source)}
    plan = Plan(portee, source, [], [], 0)
    for rang, ligne in enumerate(lues, 1):
        if ligne.d_ailleurs:
            plan.nb_d_ailleurs += 1
        elif ligne.fautes:
            plan.fautives.append(ligne)
        else:
            _comparer_une(plan, connus.get(ligne.numero), ligne)
        temoin(rang, len(lues))
    return plan


def _comparer_une(plan: Plan, connu: Ticket | None, ligne: LigneTicket) -> None:
    ticket = connu or Ticket(grappe=plan.portee.grappe, source=plan.source, numero=ligne.numero)
    voulu = _champs(plan.portee, ticket, ligne.valeurs)
    if _se_contredit(ticket, voulu):
        ligne.refuser(FERME, "", CONTREDIT)
        plan.fautives.append(ligne)
        return
    comparee = LigneComparee(ligne, ticket)
    for champ, valeur in voulu.items():
        avant = getattr(ticket, champ)
        # D'un ticket neuf, l'aperçu ne dit pas ce qu'il n'a pas.
        if valeur if connu is None else avant != valeur:
            comparee.ecarts[champ] = (None if connu is None else avant, valeur)
        setattr(ticket, champ, valeur)
    plan.comparees.append(comparee)


CONTREDIT = "cette date précède la création déjà connue du ticket : reliez aussi la date de création."


def _champs(portee: Portee, ticket: Ticket, valeurs: dict[str, Any]) -> dict[str, Any]:
    """Ce que la ligne dit ; une colonne absente ne dit rien. L'éditeur suit l'ESMS."""
    voulu = {nom: valeurs[nom] for nom in (CREE, TRAITE, FERME, "est_bloquant", "a_contournement") if nom in valeurs}
    if MODULE in valeurs:
        voulu["module_id"] = portee.modules[valeurs[MODULE]].pk if valeurs[MODULE] else None
    if ESMS in valeurs:
        parcours = portee.parcours[valeurs[ESMS]] if valeurs[ESMS] else None
        voulu |= {"parcours_id": parcours.pk if parcours else None, "editeur_id": portee.editeur_de(parcours)}
    elif ticket._state.adding:
        voulu["editeur_id"] = portee.editeur_de(None)
    return voulu


def _se_contredit(ticket: Ticket, voulu: dict[str, Any]) -> bool:
    """Un fichier sans traitement ni fermeture qui recule la création au-delà de ce qu'on sait."""
    cree = voulu.get(CREE, ticket.cree_le)
    fins: list[date | None] = [voulu.get(nom, getattr(ticket, nom)) for nom in (TRAITE, FERME)]
    return any(fin is not None and fin < cree for fin in fins)


@transaction.atomic
def ecrire(plan: Plan, *, continuer: Callable[[], Any] = lambda: None) -> int:
    """Écrit tout le plan ; rend le nombre de tickets touchés."""
    neufs = [c.ticket for c in plan.comparees if c.est_neuve]
    changes = [c.ticket for c in plan.comparees if not c.est_neuve and c.ecarts]
    continuer()
    Ticket.objects.bulk_create(neufs, batch_size=LOT)
    continuer()
    Ticket.objects.bulk_update(changes, list(CHAMPS), batch_size=LOT)
    return len(neufs) + len(changes)
