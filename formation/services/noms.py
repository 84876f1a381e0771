"""Qui lit quels noms : ceux des ESMS qu'il gère ; ailleurs, un numéro."""

from collections.abc import Collection
from dataclasses import dataclass

from formation.models import Inscription, Poste, SessionFormation
from formation.models.communs import parcours_geres
from programme.calculs.masquage import MOINS_DE_5, SEUIL
from programme.models import Utilisateur
from programme.socle.nombres import accorde


@dataclass(frozen=True, slots=True)
class Noms:
    """Les ESMS dont le lecteur lit les noms, parmi ceux de la grappe d'une session. Une requête."""

    geres: frozenset[int]

    @classmethod
    def pour(cls, utilisateur: Utilisateur, session: SessionFormation) -> "Noms":
        """Pour ce lecteur, à cette session."""
        siens = parcours_geres(utilisateur).filter(grappe=session.grappe_id).order_by()
        return cls(frozenset(siens.values_list("pk", flat=True)))

    def gere(self, poste: Poste) -> bool:
        """Vrai s'il gère l'ESMS de ce poste."""
        return poste.parcours_id in self.geres

    def combien(self, postes: Collection[Poste]) -> str:
        """« 12 personnes » ; d'un ESMS qu'il ne gère pas, les petits nombres ne se disent pas."""
        if len(postes) < SEUIL and not all(self.gere(p) for p in postes):
            return f"{MOINS_DE_5} personnes"
        return accorde(len(postes), "personne")

    def du_poste(self, poste: Poste) -> str:
        """Le nom, ou « n° 214 »."""
        return str(poste.professionnel) if self.gere(poste) else poste.professionnel.numero

    def de(self, inscription: Inscription) -> str:
        """Le nom de la personne inscrite, ou son numéro."""
        elle = inscription.professionnel
        return str(elle) if self.gere(inscription.poste) else elle.numero

    def rang(self, inscription: Inscription) -> tuple[str, int, str, int]:
        """Par ESMS, puis par nom. Là où les noms ne se lisent pas, par numéro : leur ordre en dirait déjà trop."""
        poste, elle = inscription.poste, inscription.professionnel
        return poste.parcours.esms.tri, poste.parcours_id, elle.tri if self.gere(poste) else "", elle.pk
