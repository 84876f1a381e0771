"""Ce qui attend une personne : chaque app déclare ses lignes, l'accueil les range. Nombre de requêtes constant."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import Any, TypeVar

from programme.socle.registres import Registre

T = TypeVar("T")
PLACE = 5


class Urgence(IntEnum):
    """Du plus pressé au moins pressé ; un rappel se lit, il ne demande rien."""

    DECIDER = 0
    REPONDRE = 1
    SUIVRE = 2
    PEUT_ATTENDRE = 3
    RAPPEL = 4


@dataclass(frozen=True, slots=True)
class Bouton:
    """Un geste d'une ligne ; sous réserve, il ne se montre jamais en bouton plein."""

    libelle: str
    url: str
    reserve: bool = False


@dataclass(frozen=True, slots=True)
class Ligne:
    """Une chose à faire : `gestes` (le premier est le bouton plein), `liens` vers ce qu'elle concerne.

    `formulaire` : de quoi répondre sur place, une fois pour plusieurs objets, que `noms` nomme. Titre, détail, noms et
    libellés des liens partent aussi par courriel, sauf ce qui y est cité : ce que quelqu'un a écrit se met entre
    guillemets, ou dans `texte`, qui ne part jamais.
    """

    titre: str
    detail: str
    url: str
    urgence: Urgence
    echeance: date | None = None
    texte: str = ""
    gestes: tuple[Bouton, ...] = ()
    liens: tuple[Bouton, ...] = ()
    formulaire: Any = None
    noms: tuple[str, ...] = ()


@dataclass
class Demande:
    """Qui demande, à quelle date ; `une_fois` partage une lecture entre les déclarations."""

    utilisateur: Any
    au: date
    lues: dict[str, Any] = field(default_factory=dict)

    def une_fois(self, code: str, calcul: Callable[[], T]) -> T:
        """Rend ce que `calcul` a rendu la première fois."""
        if code not in self.lues:
            self.lues[code] = calcul()
        return self.lues[code]


Declaration = Callable[[Demande], Iterable[Ligne]]
declarations: Registre[Declaration] = Registre("à faire")


def inscrire(code: str) -> Callable[[Declaration], Declaration]:
    """Décore une fonction qui rend des lignes pour une `Demande`."""
    return lambda declaration: declarations.inscrire(code, declaration)


def lignes_de(demande: Demande) -> list[Ligne]:
    """Toutes les lignes, de la plus pressée à la moins pressée ; à urgence égale, l'échéance la plus proche."""
    lignes = [ligne for declaration in declarations for ligne in declaration(demande)]
    return sorted(lignes, key=lambda ligne: (ligne.urgence, ligne.echeance or date.max))


def a_faire(utilisateur: Any, au: date) -> list[Ligne]:
    """Ce qui attend cette personne à cette date."""
    return lignes_de(Demande(utilisateur, au))


def demande_de(request: Any, au: date) -> Demande:
    """La demande de cette requête HTTP : l'accueil et le compte de la navigation lisent la même."""
    if not hasattr(request, "demande_a_faire"):
        request.demande_a_faire = Demande(request.user, au)
    demande: Demande = request.demande_a_faire
    return demande


def lues(demande: Demande) -> list[Ligne]:
    """Les lignes d'une demande, calculées une seule fois."""
    return demande.une_fois("lignes", lambda: lignes_de(demande))


def partager(lignes: list[Ligne]) -> tuple[list[Ligne], list[Ligne]]:
    """Les gestes numérotés de l'accueil, puis le reste. Sans rien de pressé, les trois premiers points montent."""
    pressees = [ligne for ligne in lignes if ligne.urgence < Urgence.PEUT_ATTENDRE][:PLACE]
    pressees = pressees or [ligne for ligne in lignes if ligne.urgence < Urgence.RAPPEL][:3]
    return pressees, lignes[len(pressees) :]
