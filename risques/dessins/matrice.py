"""La matrice probabilité × impact d'un registre : combien de risques par case, bruts et résiduels. Module pur."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from programme.socle.nombres import ABSENT, accorde
from risques.enums import Impact, NiveauRisque, Probabilite

BRUT, RESIDUEL = "brut", "residuel"
COURTS = {
    NiveauRisque.ACCEPTABLE: "accept.",
    NiveauRisque.SIGNIFICATIF: "signif.",
    NiveauRisque.CRITIQUE: "critique",
    NiveauRisque.INACCEPTABLE: "inacc.",
}

COUPURE = "\u00ad"
_COUPES = {"Occasionnel": f"Occa{COUPURE}sionnel", "Important": f"Impor{COUPURE}tant", "Bloquant": f"Blo{COUPURE}quant"}
"""Où couper un en-tête sur un téléphone, sans compter sur le dictionnaire du navigateur."""

Niveau = Callable[[int, int], NiveauRisque]
"""Le niveau d'une probabilité et d'un impact, chacun de 1 à 4 : ses bornes se règlent."""
Adresse = Callable[[str, int, int], str]
"""La liste filtrée d'une case : (`BRUT` ou `RESIDUEL`, probabilité, impact)."""


@dataclass(frozen=True, slots=True)
class RisqueLu:
    """Un risque : cotation brute, de 1 à 4 ; résiduelle si elle est dite (les deux, ou aucune)."""

    numero: str
    libelle: str
    probabilite: int
    impact: int
    probabilite_residuelle: int | None = None
    impact_residuel: int | None = None
    url: str = ""

    @property
    def residuel(self) -> tuple[int, int] | None:
        """La cotation résiduelle, si elle est dite."""
        if self.probabilite_residuelle is None or self.impact_residuel is None:
            return None
        return self.probabilite_residuelle, self.impact_residuel


@dataclass(frozen=True, slots=True)
class Case:
    """Une case : rang du niveau (1 à 4), mot, abrégé ; ses risques, leur liste (vide sans risque), sa place en mots."""

    probabilite: int
    impact: int
    rang: int
    niveau: str
    court: str
    nombre: int
    url: str
    phrase: str


@dataclass(frozen=True, slots=True)
class Rangee:
    """Une probabilité et ses quatre cases, de l'impact mineur au bloquant."""

    chiffre: int
    mot: str
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Grille:
    """Une matrice : quatre rangées, de certain à rare. `sans` : les risques qui n'y sont pas, faute de cotation."""

    lecture: str
    titre: str
    rangees: tuple[Rangee, ...]
    nombre: int
    sans: int
    phrase: str


@dataclass(frozen=True, slots=True)
class Ligne:
    """Un risque en lettres : cotations « P × I = criticité », niveaux en mots."""

    numero: str
    libelle: str
    url: str
    probabilite: str
    impact: str
    brut: str
    rang: int
    residuel: str
    rang_residuel: int


@dataclass(frozen=True, slots=True)
class Matrice:
    """Ce que le gabarit attend : une ou deux grilles, les impacts en tête, les risques derrière."""

    titre: str
    note: str
    impacts: tuple[tuple[int, str], ...]
    grilles: tuple[Grille, ...]
    lignes: tuple[Ligne, ...]


def _entete(cote: Probabilite | Impact) -> str:
    return _COUPES.get(str(cote.label), str(cote.label))


def _case(lecture: str, p: int, i: int, nb: int, niveau: Niveau, adresse: Adresse | None) -> Case:
    n = niveau(p, i)
    mot = str(n.label).lower()
    phrase = f"{str(Probabilite(p).label).lower()}, {str(Impact(i).label).lower()}"
    return Case(p, i, n.rang, mot, COURTS[n], nb, adresse(lecture, p, i) if adresse and nb else "", phrase)


def _grille(
    lecture: str, titre: str, cotes: Sequence[tuple[int, int] | None], niveau: Niveau, adresse: Adresse | None
) -> Grille:
    connus = [c for c in cotes if c is not None]
    rangees = tuple(
        Rangee(
            p,
            _entete(Probabilite(p)),
            tuple(_case(lecture, p, i, connus.count((p, i)), niveau, adresse) for i in Impact.values),
        )
        for p in sorted(Probabilite.values, reverse=True)
    )
    comptes = {n: sum(niveau(*c) == n for c in connus) for n in reversed(NiveauRisque)}
    detail = ", ".join(f"{nb} {str(n.label).lower()}{'s' if nb > 1 else ''}" for n, nb in comptes.items() if nb)
    phrase = f"{accorde(len(connus), 'risque')}{f' : {detail}' if detail else ''}"
    return Grille(lecture, titre, rangees, len(connus), len(cotes) - len(connus), phrase)


def _ligne(r: RisqueLu, niveau: Niveau) -> Ligne:
    brut, reste = niveau(r.probabilite, r.impact), r.residuel
    apres = niveau(*reste) if reste else None
    return Ligne(
        r.numero,
        r.libelle,
        r.url,
        f"{r.probabilite} {str(Probabilite(r.probabilite).label).lower()}",
        f"{r.impact} {str(Impact(r.impact).label).lower()}",
        str(brut.label).lower(),
        brut.rang,
        f"{str(apres.label).lower()} ({reste[0]} × {reste[1]})" if apres and reste else ABSENT,
        apres.rang if apres else 0,
    )


def dessiner(
    risques: Sequence[RisqueLu],
    niveau: Niveau,
    *,
    titre: str = "Matrice des risques",
    adresse: Adresse | None = None,
    note: str = "",
) -> Matrice:
    """La matrice brute de ces risques, et la résiduelle dès qu'un seul est recoté.

    `ValueError` : une cotation hors de 1 à 4, ou une seule des deux cotations résiduelles.
    """
    for r in risques:
        if (r.probabilite_residuelle is None) != (r.impact_residuel is None):
            raise ValueError(f"Le risque {r.numero} n’a qu’une des deux cotations résiduelles.")
        for p, i in filter(None, ((r.probabilite, r.impact), r.residuel)):
            if p not in Probabilite.values or i not in Impact.values:
                raise ValueError(f"Le risque {r.numero} a une cotation hors de 1 à 4.")
    grilles = [_grille(BRUT, "Risque brut", [(r.probabilite, r.impact) for r in risques], niveau, adresse)]
    if any(r.residuel for r in risques):
        grilles.append(_grille(RESIDUEL, "Risque résiduel", [r.residuel for r in risques], niveau, adresse))
    impacts = tuple((i, _entete(Impact(i))) for i in Impact.values)
    return Matrice(titre, note, impacts, tuple(grilles), tuple(_ligne(r, niveau) for r in risques))
