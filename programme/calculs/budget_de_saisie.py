"""Budget de saisie : ce qu'une campagne demande à chaque ESMS, face à son plafond. Module pur.

Deux heures au plus par ESMS avant l'ouverture ; une campagne qui dépasse est refusée, avec le compte (metier §1). Une
campagne est une suite de postes : tant de fois, tant de secondes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from programme.enums import EtatParcours, NatureFait, Niveau
from programme.socle.nombres import accorde
from programme.socle.temps_de_saisie import Geste, en_mots

AVANT_OUVERTURE = 2 * 60 * 60
"""Plafond, en secondes, de ce qu'un ESMS saisit avant d'ouvrir."""

AVANT = (EtatParcours.RECENSE, EtatParcours.CADRAGE, EtatParcours.PREPARATION, EtatParcours.PILOTE)

SECONDES_PAR_ACTION = 45
"""Répondre à une action : choisir un statut et, une fois sur deux, dire quand, qui, ou un mot."""


@dataclass(frozen=True, slots=True)
class PosteDeSaisie:
    """Ce qu'on demande : `fois` saisies de `secondes` chacune."""

    libelle: str
    fois: int
    secondes: int

    @property
    def total(self) -> int:
        """Secondes en tout."""
        return self.fois * self.secondes


FAITS = (
    NatureFait.ANNONCE,
    NatureFait.PREDIAGNOSTIC,
    NatureFait.CONCERTATION,
    NatureFait.BESOINS,
    NatureFait.DIFFUSION,
    NatureFait.PREREQUIS,
    NatureFait.INFORMATION,
    NatureFait.MATERIEL,
    NatureFait.PROCEDURES,
    NatureFait.REPRISE,
    NatureFait.ECRITS,
)
"""Faits que chaque ESMS date avant d'ouvrir ; ceux du plancher légal se disent une fois pour l'organisme."""

FICHES = (
    PosteDeSaisie("fait daté", len(FAITS), 38),
    PosteDeSaisie("document du SI", 3, 38),
    PosteDeSaisie("contact du SI", 2, 49),
    PosteDeSaisie("application", 6, 57),
    PosteDeSaisie("équipement", 1, 46),
    PosteDeSaisie("besoin", 8, 43),
    PosteDeSaisie("personne ressource", 3, 49),
    PosteDeSaisie("temps d'un métier", 4, 30),
    PosteDeSaisie("unité de déploiement", 3, 33),
    PosteDeSaisie("ligne d'analyse de risques", 6, 24),
)
"""Les fiches demandées à tous avant l'ouverture, et combien de lignes on en attend (valeurs du produit).

Les secondes sont celles de leurs formulaires ; un essai les compare.
"""


@dataclass(frozen=True)
class Campagne:
    """Ce qui est demandé à chacun, face à un plafond en secondes."""

    postes: tuple[PosteDeSaisie, ...]
    plafond: int = AVANT_OUVERTURE

    @cached_property
    def total(self) -> int:
        """Secondes en tout, par ESMS."""
        return sum(poste.total for poste in self.postes)

    @property
    def tient(self) -> bool:
        """Vrai jusqu'au plafond compris."""
        return self.total <= self.plafond

    @property
    def taux(self) -> float:
        """Part du plafond, 1 quand il est atteint."""
        return self.total / self.plafond

    def avec(self, *postes: PosteDeSaisie) -> "Campagne":
        """La même, avec ces postes de plus."""
        return Campagne((*self.postes, *postes), self.plafond)

    def en_trop(self, secondes: int) -> int:
        """Combien de saisies de `secondes` retirer pour tenir ; 0 si la campagne tient."""
        return max(0, -(-(self.total - self.plafond) // secondes))


class Demande(Protocol):
    """Une action du modèle de checklist."""

    niveau: str
    phase: str
    mesure: str
    piece_attendue: bool


def se_saisit(action: Demande) -> bool:
    """Vrai si chaque ESMS y répond lui-même avant d'ouvrir ; répondue plus haut ou constatée, elle ne coûte rien."""
    return action.niveau == Niveau.ESMS and not action.mesure and action.phase in AVANT


def campagne_de(actions: Iterable[Demande]) -> Campagne:
    """Ce qu'un modèle de checklist demande à chaque ESMS avant l'ouverture, fiches comprises."""
    saisies = [action for action in actions if se_saisit(action)]
    pieces = sum(action.piece_attendue for action in saisies)
    postes = [PosteDeSaisie("action de la checklist", len(saisies), SECONDES_PAR_ACTION)]
    if pieces:
        postes.append(PosteDeSaisie("pièce jointe", pieces, int(Geste.PIECE)))
    return Campagne((*postes, *FICHES))


def refus_de(campagne: Campagne) -> str:
    """Pourquoi la campagne est refusée, avec le compte et ce qu'il faut en faire ; vide si elle tient."""
    if campagne.tient:
        return ""
    actions, *fiches = campagne.postes
    reste = sum(poste.total for poste in fiches)
    trop = min(campagne.en_trop(actions.secondes), actions.fois)
    return (
        f"{accorde(actions.fois, 'action')} × {en_mots(actions.secondes)} = {en_mots(actions.total)}, et "
        f"{en_mots(reste)} pour le reste : {en_mots(campagne.total)} de saisie par ESMS avant l'ouverture, au-delà de "
        f"{en_mots(campagne.plafond)}. Retirez-en {trop}, ou montez-les au niveau de l'organisme."
    )


def refus_d_ajout(deja: Campagne, ajout: PosteDeSaisie) -> str:
    """Pourquoi ce qu'on veut demander de plus ne tient pas, avec le compte ; vide si cela tient."""
    entiere = deja.avec(ajout)
    if entiere.tient:
        return ""
    return (
        f"{en_mots(ajout.total)} pour {ajout.libelle}, et {en_mots(deja.total)} déjà demandés : "
        f"{en_mots(entiere.total)} de saisie par ESMS avant l'ouverture, au-delà de {en_mots(entiere.plafond)}."
    )
