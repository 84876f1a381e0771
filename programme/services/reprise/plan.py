"""Ce qu'un classeur changerait à une grappe : ligne par ligne, et pour l'ensemble."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from programme.enums import EtatParcours, IssueVerification, PointDepart, TypeProjet, TypeVerification
from programme.models import Grappe, Solution
from programme.reprise.lignes import Faute, LigneReprise
from programme.reprise.mots import COLONNES
from programme.services.capacite import prevoir
from programme.services.reprise.situation import TYPES, Base, Constat, Situation
from programme.socle.nombres import accorde, liste

E = EtatParcours
CHOIX: dict[str, Any] = {
    "etat": EtatParcours,
    "type_projet": TypeProjet,
    "point_depart": PointDepart,
    "va_issue": IssueVerification,
    "vsr_issue": IssueVerification,
}


@dataclass(frozen=True)
class Personne:
    """Qui une ligne nomme à un rôle."""

    nom: str
    courriel: str

    @property
    def en_clair(self) -> str:
        """« Nom, courriel »."""
        return f"{self.nom}, {self.courriel}"


@dataclass
class LigneComparee:
    """Ce qu'une ligne changerait : colonne → (avant, après), ses fautes, ses avis."""

    numero: int
    situation: Situation | None
    cle: str
    nom: str
    ecarts: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    fautes: list[Faute] = field(default_factory=list)
    avis: list[str] = field(default_factory=list)
    reelles: dict[str, date] = field(default_factory=dict)
    solution: Solution | None = None
    personnes: dict[str, Personne] = field(default_factory=dict)
    verifications: dict[str, Constat] = field(default_factory=dict)
    est_laissee: bool = False

    @property
    def sort(self) -> bool:
        """L'ESMS sortirait du projet."""
        return self.ecarts.get("etat", ("", ""))[1] == E.SORTI

    @property
    def mouvement(self) -> tuple[str, int | None, int | None]:
        """État où sera l'ESMS, vague quittée, vague rejointe."""
        connu = self.situation.parcours if self.situation else None
        etat = self.ecarts.get("etat", ("", ""))[1] or (connu.etat if connu else E.RECENSE)
        return etat, *self.ecarts.get("vague", (None, None))

    @property
    def est_creee(self) -> bool:
        """L'ESMS entrerait dans la grappe."""
        return not self.est_laissee and self.situation is not None and self.situation.parcours is None

    @property
    def a_ecrire(self) -> bool:
        """La ligne changerait quelque chose, et rien ne s'y oppose."""
        return not self.fautes and (self.est_creee or bool(self.ecarts))

    def refuser(self, colonne: str, phrase: str, place: str = "") -> None:
        """Ajoute une faute ; une case déjà fautive n'en a pas deux, le numéro de l'ESMS excepté."""
        if all(f.colonne != colonne or (colonne == "finess" and f.phrase != phrase) for f in self.fautes):
            self.fautes.append(Faute(colonne, place, phrase))

    def ecarter_la_personne(self, qui: str, motif: str) -> None:
        """Le rôle ne peut pas se confier d'ici : le reste de la ligne s'écrit, et l'avis dit pourquoi."""
        self.personnes.pop(qui, None)
        self.ecarts.pop(f"{qui}_courriel", None)
        self.avis.append(f"{COLONNES[f'{qui}_nom'].libelle} : {motif[:1].lower()}{motif[1:]}")

    def en_clair(self) -> list[tuple[str, Any, Any]]:
        """Intitulé, avant, après : ce que montre l'aperçu."""
        return [
            (COLONNES[c].libelle, en_mots(c, avant), en_mots(c, apres)) for c, (avant, apres) in self.ecarts.items()
        ]


@dataclass
class Plan:
    """Tout ce qu'un classeur changerait à une grappe. `ecartees` : les rôles que l'essai a refusé de confier."""

    base: Base
    lignes: list[LigneComparee]
    lues: list[LigneReprise]
    ecartees: dict[tuple[str, str], str] = field(default_factory=dict)
    communes: dict[str, Constat] = field(default_factory=dict)
    avertissements: Counter[str] = field(default_factory=Counter)

    @property
    def grappe(self) -> Grappe:
        """La grappe reprise."""
        return self.base.grappe

    @property
    def retenues(self) -> list[LigneComparee]:
        """Les lignes à écrire."""
        return [ligne for ligne in self.lignes if ligne.a_ecrire]

    @property
    def fautives(self) -> list[LigneComparee]:
        """Les lignes qui ont au moins une faute."""
        return [ligne for ligne in self.lignes if ligne.fautes]

    @property
    def nb_fautes(self) -> int:
        """Toutes lignes confondues."""
        return sum(len(ligne.fautes) for ligne in self.lignes)

    @property
    def vagues(self) -> list[int]:
        """Numéros des vagues de déploiement à créer."""
        voulues = {ligne.ecarts["vague"][1] for ligne in self.retenues if "vague" in ligne.ecarts}
        return sorted(voulues - self.base.vagues)

    @property
    def comptes_a_creer(self) -> dict[str, Personne]:
        """Par courriel : une personne qui tient quatre ESMS n'a qu'un compte."""
        nommees = (p for ligne in self.retenues for p in ligne.personnes.values())
        return {p.courriel: p for p in nommees if p.courriel not in self.base.comptes}

    @property
    def empreinte(self) -> str:
        """Résume tout ce qui serait écrit : deux comparaisons qui feraient la même chose ont la même."""
        effets = [(ligne.cle, ligne.ecarts, sorted(ligne.reelles.items())) for ligne in self.retenues]
        return hashlib.sha256(repr((effets, self.vagues, self.communes)).encode()).hexdigest()

    def annonces(self) -> list[str]:
        """Ce qui vaut pour toute la grappe, en phrases."""
        rendu = []
        if self.vagues:
            vagues = accorde(len(self.vagues), "vague de déploiement créée,vagues de déploiement créées")
            rendu.append(f"{vagues} : {liste(self.vagues)}.")
        for code, (jour, issue) in self.communes.items():
            mots = f"{TypeVerification(TYPES[code]).label}, {IssueVerification(issue).label.lower()}"
            rendu.append(f"{mots} le {jour:%d/%m/%Y} : la même pour tous, une seule vérification pour la grappe.")
        if comptes := len(self.comptes_a_creer):
            crees = accorde(comptes, "compte ouvert,comptes ouverts")
            rendu.append(f"{crees} sans courriel envoyé : vous inviterez ces personnes une fois la reprise écrite.")
        return [*rendu, *prevoir(self.grappe, [ligne.mouvement for ligne in self.retenues])]


def en_mots(colonne: str, valeur: Any) -> Any:
    """Une valeur telle qu'on la lit."""
    if colonne in CHOIX:
        return str(CHOIX[colonne](valeur).label) if valeur else ""
    if colonne == "est_pilote":
        return "oui" if valeur else "non"
    return valeur
