"""Lire un parcours : ce qui reste à réunir, sa frise et ses dates, qui décide. La page et le dossier lisent pareil."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from programme.calculs import frise
from programme.enums import EtatParcours
from programme.models import Affectation, Parcours
from programme.socle.conditions import Constat
from programme.socle.dates import date_courte
from programme.socle.decompte import Decompte, compter


@dataclass(slots=True)
class Reste:
    """Les constats d'un passage, triés pour l'écran."""

    manques: list[tuple[Constat, str]]
    reunies: list[Constat]
    levees: list[Constat]
    masquees: list[Constat]
    decompte: Decompte


def reste_de(constats: Iterable[Constat], objet: Any) -> Reste:
    """Trie des constats : à réunir (ce qui barre d'abord), réunis, levés, masqués par la grappe."""
    constats = list(constats)
    manques = sorted((c for c in constats if c.manque), key=lambda c: (c.avertit, c.severite != "barre"))
    non_tenus = [c for c in constats if c.ok is False and not c.manque]
    return Reste(
        [(c, c.condition.lien(objet)) for c in manques],
        [c for c in constats if c.ok and c.severite != "masquee"],
        [c for c in non_tenus if c.levee_par],
        [c for c in constats if c.severite == "masquee" and c.ok is not None],
        compter(constats),
    )


def frise_de(parcours: Parcours, au: date) -> dict[str, Any]:
    """Frise et tableau des dates."""
    etapes = {e.etat: e for e in parcours.etapes.all()}
    absentes = frise.sans_objet(
        est_pilote=parcours.est_pilote,
        chemin_court=parcours.chemin_court,
        franchies=etapes,
        etat=parcours.etat_memoire if parcours.etat == EtatParcours.SUSPENDU else parcours.etat,
    )
    return {
        "frise": frise.noeuds(parcours.rang, etapes, absentes),
        "dates": frise.tableau(etapes, absentes, au),
        "a_figer": sum(bool(e.revisee and not e.reference) for e in etapes.values()),
    }


def qui_decide(parcours: Parcours, au: date) -> str:
    """« Décide : Directrice du pôle (titulaire), ou … par délégation jusqu'au 31 déc. 2026. »"""
    tenues = Affectation.objects.en_cours(au).dirigeant(parcours.esms_id)
    directions = tenues.select_related("utilisateur").distinct()
    noms = []
    for a in directions:
        fin = f" jusqu'au {date_courte(a.au)}" if a.au else ""
        titre = "" if a.titre == "titulaire" else f", {a.get_titre_display().lower()}"
        noms.append(f"{a.utilisateur}{titre}{fin}")
    if not noms:
        return "Personne ne dirige cet ESMS dans Treille aujourd'hui : le siège ou le chef de projet nomme un intérim."
    return f"Décide : {' ; ou '.join(noms)}. Le chef de projet propose, le directeur choisit le moment."
