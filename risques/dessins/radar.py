"""Le radar d'un questionnaire : un axe par section, une à trois séries ; des barres sous trois axes. Module pur.

Coordonnées en unités du dessin, centre en (0, 0), bord du radar à `RAYON` ; 0 au centre, 1 au bord.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from textwrap import wrap

from programme.socle.nombres import ABSENT, accorde, nombre
from risques.dessins.commun import MARQUES, PLEIN, arrondi, ecart_signe, trait_de

RAYON = 100.0
ANNEAUX = (0.25, 0.5, 0.75, 1.0)
AXES_AU_MOINS = 3
LARGEUR_NOM = 18
"""Lettres par ligne d'une étiquette."""
INTERLIGNE = 9.5
_CENTRE = 0.15
"""En deçà de ce cosinus, une étiquette est au-dessus ou au-dessous : elle se centre."""


@dataclass(frozen=True, slots=True)
class Serie:
    """Ce qu'on donne : un nom, une valeur entre 0 et 1 par axe (None : non répondu), un trait (sinon selon le rang)."""

    nom: str
    valeurs: tuple[float | None, ...]
    trait: str = ""


@dataclass(frozen=True, slots=True)
class Ligne:
    """Une ligne d'étiquette : son texte et son décalage vertical depuis l'ancre."""

    texte: str
    dy: float


@dataclass(frozen=True, slots=True)
class Axe:
    """Un axe : son bout, l'ancre de son étiquette, celle de son numéro. `muet` : aucune série n'y a de valeur."""

    numero: int
    nom: str
    x: float
    y: float
    nom_x: float
    nom_y: float
    ancre: str
    lignes: tuple[Ligne, ...]
    numero_x: float
    numero_y: float
    muet: bool


@dataclass(frozen=True, slots=True)
class Marque:
    """Une valeur posée : `x`, `y`, et ce qu'elle dit en mots."""

    x: float
    y: float
    phrase: str


@dataclass(frozen=True, slots=True)
class SerieTracee:
    """Une série : `trace` est un chemin SVG ; `fermee` : tous les axes sont répondus, la surface se remplit."""

    nom: str
    trait: str
    forme: str
    trace: str
    fermee: bool
    marques: tuple[Marque, ...]


@dataclass(frozen=True, slots=True)
class Barre:
    """Une série sur un axe, quand il y a moins de trois axes : largeur en pourcentage, None sans valeur."""

    nom: str
    trait: str
    largeur: float | None
    texte: str


@dataclass(frozen=True, slots=True)
class Rang:
    """Un axe en lettres : une valeur par série, l'écart entre deux d'entre elles, ses barres."""

    numero: int
    nom: str
    valeurs: tuple[str, ...]
    ecart: str
    barres: tuple[Barre, ...]


@dataclass(frozen=True, slots=True)
class Radar:
    """Ce que le gabarit attend. `en_barres` : trop peu d'axes. `ecart` : ce que dit cette colonne, vide sans elle."""

    titre: str
    note: str
    en_barres: bool
    axes: tuple[Axe, ...]
    anneaux: tuple[str, ...]
    reperes: tuple[tuple[float, str], ...]
    series: tuple[SerieTracee, ...]
    rangs: tuple[Rang, ...]
    ecart: str
    phrase: str

    @property
    def muets(self) -> tuple[str, ...]:
        """Les axes que personne n'a répondus."""
        return tuple(a.nom for a in self.axes if a.muet)


def _place(rang: int, nb: int, rayon: float) -> tuple[float, float]:
    """Le premier axe en haut, les autres dans le sens des aiguilles d'une montre."""
    angle = 2 * pi * rang / nb
    return round(rayon * sin(angle), 2) + 0.0, round(-rayon * cos(angle), 2) + 0.0


def _axe(rang: int, nb: int, nom: str, muet: bool) -> Axe:
    x, y = _place(rang, nb, RAYON)
    nom_x, nom_y = _place(rang, nb, RAYON + 9)
    numero_x, numero_y = _place(rang, nb, RAYON + 12)
    cote = sin(2 * pi * rang / nb)
    ancre = "middle" if abs(cote) < _CENTRE else "start" if cote > 0 else "end"
    mots = wrap(nom, LARGEUR_NOM, break_long_words=False) or [""]
    # En haut l'étiquette monte, en bas elle descend, sur les côtés elle se centre.
    hauteur = (len(mots) - 1) * INTERLIGNE
    depart = -hauteur / 2 * (1 - y / RAYON) + 3
    lignes = tuple(Ligne(mot, round(depart + i * INTERLIGNE, 2)) for i, mot in enumerate(mots))
    return Axe(rang + 1, nom, x, y, nom_x, nom_y, ancre, lignes, numero_x, round(numero_y + 4, 2), muet)


def _anneau(nb: int, part: float) -> str:
    return " ".join(f"{x},{y}" for x, y in (_place(rang, nb, RAYON * part) for rang in range(nb)))


def _suites(presents: Sequence[bool]) -> list[list[int]]:
    """Les suites d'axes voisins répondus, le premier et le dernier se touchant ; une seule quand tout est répondu."""
    nb = len(presents)
    if all(presents):
        return [list(range(nb))]
    vide = presents.index(False)
    suites: list[list[int]] = [[]]
    for rang in ((vide + pas) % nb for pas in range(1, nb)):
        if presents[rang]:
            suites[-1].append(rang)
        elif suites[-1]:
            suites.append([])
    return [s for s in suites if s]


def tracer(valeurs: Sequence[float | None]) -> str:
    """Le chemin SVG d'une série : fermé si tout est répondu, sinon interrompu aux axes qui ne le sont pas."""
    nb = len(valeurs)
    points = [_place(rang, nb, RAYON * v) if v is not None else (0.0, 0.0) for rang, v in enumerate(valeurs)]
    chemins = [
        "M" + "L".join(f"{points[r][0]} {points[r][1]}" for r in suite)
        for suite in _suites([v is not None for v in valeurs])
        if len(suite) > 1
    ]
    return " ".join(chemins) + ("z" if all(v is not None for v in valeurs) else "")


def _verifier(axes: Sequence[str], series: Sequence[Serie]) -> None:
    if not axes or not series:
        raise ValueError("Un radar demande au moins un axe et une série.")
    for serie in series:
        if len(serie.valeurs) != len(axes):
            raise ValueError(f"« {serie.nom} » a {len(serie.valeurs)} valeurs pour {len(axes)} axes.")
        if any(v is not None and not 0 <= v <= 1 for v in serie.valeurs):
            raise ValueError(f"« {serie.nom} » a une valeur hors de 0 à 1.")


def _fois(valeur: float | None, maximum: float) -> float | None:
    return None if valeur is None else valeur * maximum


def _mesure(valeur: float | None, maximum: float) -> str:
    return ABSENT if valeur is None else nombre(arrondi(valeur * maximum))


def _dans_la_phrase(nom: str) -> str:
    """Sans majuscule, sauf un sigle."""
    return nom if nom[1:2].isupper() else nom[:1].lower() + nom[1:]


def _tracee(serie: Serie, trait: str, axes: Sequence[str], maximum: float) -> SerieTracee:
    nb = len(axes)
    marques = tuple(
        Marque(*_place(rang, nb, RAYON * v), f"{serie.nom}, {axes[rang]} : {_mesure(v, maximum)}")
        for rang, v in enumerate(serie.valeurs)
        if v is not None
    )
    fermee = len(marques) == nb
    return SerieTracee(serie.nom, trait, MARQUES[trait], tracer(serie.valeurs), fermee, marques)


def _barre(serie: Serie, trait: str, rang: int, maximum: float) -> Barre:
    v = serie.valeurs[rang]
    return Barre(serie.nom, trait, None if v is None else round(v * 100, 2), _mesure(v, maximum))


def _phrase(axes: Sequence[str], serie: Serie, maximum: float) -> str:
    """Le plus bas et le plus haut de la série principale : ce qu'on retient d'un coup d'œil."""
    connus = [(v, nom) for v, nom in zip(serie.valeurs, axes, strict=True) if v is not None]
    if not connus:
        return f"{serie.nom} : aucune réponse."
    debut = serie.nom
    if len(connus) < len(axes):
        debut += f", {accorde(len(connus), 'section répondue,sections répondues')} sur {len(axes)}"
    (bas, nom_bas), (haut, nom_haut) = min(connus), max(connus, key=lambda c: c[0])
    if arrondi(bas * maximum) == arrondi(haut * maximum):
        return f"{debut} : {_mesure(bas, maximum)} {'partout' if len(connus) > 1 else f'pour {nom_bas}'}."
    extremes = (
        f"au plus bas, {nom_bas} ({_mesure(bas, maximum)})",
        f"au plus haut, {nom_haut} ({_mesure(haut, maximum)})",
    )
    return f"{debut} : {extremes[0]} ; {extremes[1]}."


def dessiner(
    axes: Sequence[str],
    series: Sequence[Serie],
    *,
    titre: str,
    maximum: float = 100,
    note: str = "",
    ecart: tuple[int, int] = (0, 1),
) -> Radar:
    """Le radar de ces séries. `maximum` : ce que vaut 1 une fois écrit ; `ecart` : rangs des séries (depuis, vers).

    `ValueError` : aucun axe, aucune série, plus de trois, une longueur ou une valeur (hors de 0 à 1) fausse.
    """
    _verifier(axes, series)
    nb = len(axes)
    traits = [trait_de(rang, serie.trait) for rang, serie in enumerate(series)]
    if len(set(traits)) < len(traits):
        raise ValueError("Deux séries ont le même trait : on ne les distinguerait pas.")
    principale = series[traits.index(PLEIN) if PLEIN in traits else 0]
    compare = len(series) > max(ecart)
    depuis, vers = (series[ecart[0]], series[ecart[1]]) if compare else (principale, principale)
    rangs = tuple(
        Rang(
            rang + 1,
            nom,
            tuple(_mesure(s.valeurs[rang], maximum) for s in series),
            ecart_signe(_fois(depuis.valeurs[rang], maximum), _fois(vers.valeurs[rang], maximum)) if compare else "",
            tuple(_barre(s, t, rang, maximum) for s, t in zip(series, traits, strict=True)),
        )
        for rang, nom in enumerate(axes)
    )
    return Radar(
        titre=titre,
        note=note,
        en_barres=nb < AXES_AU_MOINS,
        axes=tuple(_axe(r, nb, nom, all(s.valeurs[r] is None for s in series)) for r, nom in enumerate(axes)),
        anneaux=tuple(_anneau(nb, part) for part in ANNEAUX),
        reperes=tuple((round(-RAYON * part, 2), _mesure(part, maximum)) for part in ANNEAUX),
        series=tuple(_tracee(s, t, axes, maximum) for s, t in zip(series, traits, strict=True)),
        rangs=rangs,
        ecart=f"{vers.nom} moins {_dans_la_phrase(depuis.nom)}" if compare else "",
        phrase=_phrase(axes, principale, maximum),
    )
