"""Ce que dit un rappel : les lignes « à faire » du moment, en mots qui peuvent partir par courriel.

Un courriel sort de Treille : ce que quelqu'un a écrit n'y est pas repris, un numéro de sécurité sociale n'y passe pas.
Ni base, ni horloge.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from programme.socle.a_faire import Ligne, Urgence
from programme.socle.dates import date_courte
from programme.socle.nombres import accorde, en_lettres
from programme.socle.texte import porte_nir

PLACE = 5
NOMS = 4
SANS_TITRE = "Une chose vous attend, à lire dans Treille"


@dataclass(frozen=True, slots=True)
class Point:
    """Une ligne du courriel. `noms` : ce qu'elle regroupe, quatre au plus ; `autres` : combien de plus."""

    titre: str
    detail: str
    noms: tuple[str, ...]
    autres: int
    echeance: date | None
    est_passee: bool
    url: str

    @property
    def regroupe(self) -> str:
        """Ce que le point réunit, en une ligne : « IME A ; IME B et 2 autres »."""
        noms = " ; ".join(self.noms)
        return f"{noms} et {accorde(self.autres, 'autre')}" if self.autres else noms


@dataclass(frozen=True, slots=True)
class Contenu:
    """Un rappel composé : son objet, cinq points au plus, et combien d'autres attendent dans Treille."""

    objet: str
    points: tuple[Point, ...]
    nombre: int

    @property
    def autres(self) -> int:
        """Ce qui ne tient pas dans le courriel."""
        return self.nombre - len(self.points)


def composer(lignes: Iterable[Ligne], au: date) -> Contenu | None:
    """Le rappel de ces lignes, déjà rangées par urgence ; None s'il n'y a rien à dire.

    Ce qui n'est là que pour mémoire (`Urgence.RAPPEL`) ne demande rien : il ne fait pas partir de courriel.
    """
    retenues = [ligne for ligne in lignes if ligne.urgence < Urgence.RAPPEL]
    if not retenues:
        return None
    points = tuple(_point(ligne, au) for ligne in retenues[:PLACE])
    presse = any(ligne.urgence < Urgence.PEUT_ATTENDRE for ligne in retenues)
    return Contenu(objet_de(len(retenues), presse=presse), points, len(retenues))


def objet_de(nombre: int, *, presse: bool = True) -> str:
    """« Trois choses vous attendent dans Treille » ; si rien ne presse, « Une chose à voir dans Treille »."""
    sujet = f"{en_lettres(nombre, feminin=True).capitalize()} {'chose' if nombre == 1 else 'choses'}"
    if not presse:
        return f"{sujet} à voir dans Treille"
    return f"{sujet} {'vous attend' if nombre == 1 else 'vous attendent'} dans Treille"


def _point(ligne: Ligne, au: date) -> Point:
    regroupes = ligne.noms or (tuple(lien.libelle for lien in ligne.liens) if len(ligne.liens) > 1 else ())
    noms = tuple(nom for nom in regroupes if _peut_partir(nom))[:NOMS]
    detail = ligne.detail if _peut_partir(ligne.detail) else ""
    # Une date déjà dite ne se répète pas.
    echeance = ligne.echeance if date_courte(ligne.echeance) not in f"{ligne.titre} {detail}" else None
    return Point(
        titre=ligne.titre if _peut_partir(ligne.titre) else SANS_TITRE,
        detail=detail,
        noms=noms,
        autres=len(regroupes) - len(noms) if noms else 0,
        echeance=echeance,
        est_passee=bool(echeance and echeance < au),
        url=ligne.url,
    )


def _peut_partir(texte: str) -> bool:
    """Faux pour une citation, entre guillemets par convention de `Ligne`, et pour un numéro de sécurité sociale."""
    return "«" not in texte and not porte_nir(texte)
