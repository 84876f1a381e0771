"""Les tickets mois par mois : trois bandes à la même échelle, créés, traités, fermés. Module pur.

Trois petites bandes plutôt que trois couleurs mêlées : on lit chacune sans légende, et leur écart se voit en dessous.
Abscisses en pour cent de la largeur, ordonnées en pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from programme.socle.dates import MOIS_COURTS
from programme.socle.dates import mois as dire_mois
from programme.socle.nombres import accorde
from usages.calculs.delais_tickets import Mois

HAUT, BAS, HAUTEUR = 16.0, 60.0, 62
PART = 0.7
"""Ce qu'une barre prend de sa place."""
DATES_AU_PLUS = 4
SORTES = (
    ("crees", "Créés", "créé,créés"),
    ("traites", "Traités", "traité,traités"),
    ("fermes", "Fermés", "fermé,fermés"),
)


@dataclass(frozen=True, slots=True)
class Barre:
    """Un mois : sa place (de 0 à 1), sa hauteur en pixels, le nombre écrit, ce qui se dit."""

    x: float
    milieu: float
    largeur: float
    y: float
    hauteur: float
    nombre: int
    dit: str


@dataclass(frozen=True, slots=True)
class Bande:
    """Une sorte de tickets : son code, son nom, une barre par mois."""

    code: str
    nom: str
    barres: tuple[Barre, ...]


@dataclass(frozen=True, slots=True)
class Bandes:
    """Ce que le gabarit attend ; `dates` : milieu (de 0 à 1), mois, et si le mot ne tient qu'en grand."""

    bandes: tuple[Bande, ...]
    dates: tuple[tuple[float, str, bool], ...]
    phrase: str
    hauteur: int = HAUTEUR
    bas: float = BAS


def dessiner(mois: Sequence[Mois]) -> Bandes:
    """Trois bandes ; la plus haute barre des trois remplit la hauteur."""
    sommet = max((getattr(m, code) for m in mois for code, _, _ in SORTES), default=0) or 1
    pas = 1 / (len(mois) or 1)
    bandes = tuple(
        Bande(code, nom, tuple(_barre(rang, m, getattr(m, code), formes, pas, sommet) for rang, m in enumerate(mois)))
        for code, nom, formes in SORTES
    )
    saut = -(-len(mois) // DATES_AU_PLUS) or 1
    dates = tuple(
        (round((rang + 0.5) * pas, 4), MOIS_COURTS[m.debut.month - 1], (len(mois) - 1 - rang) % saut != 0)
        for rang, m in enumerate(mois)
    )
    return Bandes(bandes, dates, _phrase(mois))


def _barre(rang: int, mois: Mois, nombre: int, formes: str, pas: float, sommet: int) -> Barre:
    hauteur = round((BAS - HAUT) * nombre / sommet, 1)
    x = rang * pas + pas * (1 - PART) / 2
    dit = f"{dire_mois(mois.debut)} : {accorde(nombre, formes)}"
    return Barre(round(x, 4), round((rang + 0.5) * pas, 4), round(pas * PART, 4), BAS - hauteur, hauteur, nombre, dit)


def _phrase(mois: Sequence[Mois]) -> str:
    if not mois:
        return "Aucun mois à montrer."
    sommes = [accorde(sum(getattr(m, code) for m in mois), formes) for code, _, formes in SORTES]
    return f"De {dire_mois(mois[0].debut)} à {dire_mois(mois[-1].debut)} : {', '.join(sommes)}."
