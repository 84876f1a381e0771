"""Ce qu'un fichier du personnel changerait : poste par poste, sans jamais nommer personne."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from formation.calculs.lignes_rh import Faute, LigneRh
from formation.calculs.mots_rh import COLONNES, COURRIEL, ENTREE, NOM, RYTHME, SORTIE
from formation.enums import Rythme
from formation.models import Poste, Professionnel
from formation.services.import_professionnels.portee import Portee
from programme.models import Metier, Parcours

TAIT = ("autrement", "comme dans le fichier")
"""Ce qu'on montre d'un nom ou d'un courriel corrigé : qu'il change, pas ce qu'il est."""

Ecarts = dict[str, tuple[Any, Any]]


@dataclass
class LigneComparee:
    """Une ligne du fichier face à la base. `personne`, `poste` : ce qu'elle a trouvé, ou ce qu'elle crée.

    `est_oubliee` : la personne est sortie depuis trop longtemps pour qu'on reprenne son nom.
    """

    ligne: LigneRh
    parcours: Parcours | None = None
    metier: Metier | None = None
    personne: Professionnel | None = None
    poste: Poste | None = None
    de_la_personne: Ecarts = field(default_factory=dict)
    du_poste: Ecarts = field(default_factory=dict)
    est_oubliee: bool = False

    @property
    def fautes(self) -> list[Faute]:
        """Ce qui empêche de l'écrire."""
        return self.ligne.fautes

    @property
    def est_creee(self) -> bool:
        """Un poste de plus."""
        return not self.fautes and self.poste is None and not self.est_oubliee

    @property
    def est_modifiee(self) -> bool:
        """Un poste ou une personne connus, qui changent."""
        return not self.fautes and self.poste is not None and bool(self.du_poste or self.de_la_personne)

    @property
    def ou(self) -> str:
        """« Aide-soignant, IME Le Coteau » : ce qui tient lieu de nom."""
        return ", ".join(str(morceau) for morceau in (self.metier, self.parcours) if morceau)

    def en_clair(self) -> list[tuple[str, Any, Any]]:
        """Intitulé, avant, après ; un nom et un courriel ne se montrent pas."""
        rendu = []
        for code, (avant, apres) in (self.de_la_personne | self.du_poste).items():
            if code in (NOM, COURRIEL):
                rendu.append((COLONNES[code], *TAIT))
            else:
                rendu.append((COLONNES[code], en_mots(code, avant), en_mots(code, apres)))
        return rendu


@dataclass(frozen=True)
class Sortie:
    """Un poste à clore : la personne n'est plus dans un fichier dit complet."""

    poste: Poste

    @property
    def cle(self) -> str:
        """Son numéro : son matricule resterait dans le rapport une fois qu'elle est effacée."""
        return f"n° {self.poste.professionnel_id}"


@dataclass
class Plan:
    """Tout ce qu'un fichier changerait. `complet_au` : ceux qui n'y sont plus sont sortis ce jour-là."""

    portee: Portee
    lignes: list[LigneComparee]
    complet_au: date | None = None
    sorties: list[Sortie] = field(default_factory=list)
    avertissements: Counter[str] = field(default_factory=Counter)
    annonces: list[str] = field(default_factory=list)

    @property
    def creees(self) -> list[LigneComparee]:
        """Les postes de plus."""
        return [ligne for ligne in self.lignes if ligne.est_creee]

    @property
    def modifiees(self) -> list[LigneComparee]:
        """Les postes qui changent."""
        return [ligne for ligne in self.lignes if ligne.est_modifiee]

    @property
    def fautives(self) -> list[LigneComparee]:
        """Les lignes qui restent dehors."""
        return [ligne for ligne in self.lignes if ligne.fautes]

    @property
    def touches(self) -> set[int]:
        """Les parcours où quelque chose change."""
        de_ligne = {c.parcours.pk for c in (*self.creees, *self.modifiees) if c.parcours}
        return de_ligne | {sortie.poste.parcours_id for sortie in self.sorties}


def en_mots(code: str, valeur: Any) -> Any:
    """Une valeur telle qu'on la lit."""
    if valeur is None or valeur == "":
        return ""
    if code == RYTHME:
        return str(Rythme(valeur).label)
    return valeur if code in (ENTREE, SORTIE) else str(valeur)
