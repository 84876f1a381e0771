"""La carte de chaleur d'une grappe : des ESMS en lignes, des catégories ou des sections en colonnes. Module pur.

Une seule teinte, cinq paliers : 0, pas encore évalué ; 1 à 4, du plus clair au plus foncé. Le chiffre est écrit.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from programme.socle.dates import date_courte, duree
from programme.socle.nombres import accorde

PALIERS = 4
ANCIENNE = 183
"""Au-delà de ce nombre de jours (six mois), une évaluation est ancienne."""
PAS_EVALUE = "Pas encore évalué"
RISQUE, MAITRISE = "risque", "maitrise"
"""Ce que dit une case foncée : un risque haut, ou une maîtrise haute. Deux teintes, jamais ensemble."""


@dataclass(frozen=True, slots=True)
class Colonne:
    """Une colonne : son nom entier, et un nom court s'il est trop long pour un en-tête."""

    nom: str
    court: str = ""

    @property
    def entete(self) -> str:
        """Ce qui s'écrit en tête."""
        return self.court or self.nom


@dataclass(frozen=True, slots=True)
class Palier:
    """Un palier, du plus clair au plus foncé : son mot, et ce qu'il couvre (« de 1 à 3 »)."""

    nom: str
    bornes: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Une case lue : son palier, de 1 à 4, et le chiffre à écrire."""

    palier: int
    chiffre: str


@dataclass(frozen=True, slots=True)
class LigneLue:
    """Un ESMS : son nom, sa page (vide : sans lien), une note par colonne (None : pas encore évalué), son jour."""

    nom: str
    url: str
    notes: tuple[Note | None, ...]
    evaluee_le: date | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """Une case : palier de 0 à 4, chiffre (« — » sans note), mot du palier, nom de la colonne."""

    palier: int
    chiffre: str
    mot: str
    colonne: str


@dataclass(frozen=True, slots=True)
class Age:
    """L'âge d'une évaluation, en mots ; `ancienne` au-delà de six mois ; `jour` en date courte."""

    mots: str
    ancienne: bool
    jour: str


@dataclass(frozen=True, slots=True)
class Ligne:
    """Un ESMS dessiné."""

    nom: str
    url: str
    cases: tuple[Case, ...]
    age: Age


@dataclass(frozen=True, slots=True)
class Synthese:
    """Combien d'ESMS à ce palier, par colonne ; du plus foncé au plus clair, puis ceux qui restent à évaluer."""

    palier: int
    nom: str
    bornes: str
    nombres: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chaleur:
    """Ce que le gabarit attend. `haute` : assez de lignes pour que la carte défile dans son cadre."""

    titre: str
    note: str
    ton: str
    colonnes: tuple[Colonne, ...]
    lignes: tuple[Ligne, ...]
    syntheses: tuple[Synthese, ...]
    anciennes: int
    phrase: str

    @property
    def haute(self) -> bool:
        """Au-delà d'une page d'écran."""
        return len(self.lignes) > 15

    @property
    def abreges(self) -> tuple[Colonne, ...]:
        """Les colonnes dont l'en-tête ne dit pas tout."""
        return tuple(c for c in self.colonnes if c.entete != c.nom)


def palier_de(valeur: float, bornes: Sequence[float]) -> int:
    """Le palier, de 1 à 4, d'une valeur face à trois bornes croissantes ; une borne atteinte ouvre le palier du dessus.

    `ValueError` : pas trois bornes, ou pas croissantes.
    """
    if len(bornes) != PALIERS - 1 or list(bornes) != sorted(set(bornes)):
        raise ValueError("Il faut trois bornes, de la plus petite à la plus grande.")
    return bisect_right(bornes, valeur) + 1


def age(jour: date | None, au: date) -> Age:
    """« aujourd’hui », « hier », « il y a 3 mois » ; sans jour, « pas encore »."""
    if jour is None:
        return Age("pas encore", False, "")
    ecart = (au - jour).days
    mots = "aujourd’hui" if ecart <= 0 else "hier" if ecart == 1 else f"il y a {duree(ecart)}"
    return Age(mots, ecart > ANCIENNE, date_courte(jour))


def _verifier(lignes: Sequence[LigneLue], colonnes: Sequence[Colonne], paliers: Sequence[Palier], ton: str) -> None:
    if len(paliers) != PALIERS:
        raise ValueError(f"Il faut quatre paliers, il y en a {len(paliers)}.")
    if ton not in (RISQUE, MAITRISE):
        raise ValueError(f"Ton inconnu : {ton}.")
    for ligne in lignes:
        if len(ligne.notes) != len(colonnes):
            raise ValueError(f"« {ligne.nom} » a {len(ligne.notes)} notes pour {len(colonnes)} colonnes.")
        if any(n is not None and not 1 <= n.palier <= PALIERS for n in ligne.notes):
            raise ValueError(f"« {ligne.nom} » a un palier hors de 1 à {PALIERS}.")


def _cases(ligne: LigneLue, colonnes: Sequence[Colonne], paliers: Sequence[Palier]) -> tuple[Case, ...]:
    return tuple(
        Case(0, "—", PAS_EVALUE.lower(), c.nom)
        if n is None
        else Case(n.palier, n.chiffre, paliers[n.palier - 1].nom.lower(), c.nom)
        for n, c in zip(ligne.notes, colonnes, strict=True)
    )


def _phrase(lignes: Sequence[LigneLue], anciennes: int) -> str:
    evalues = sum(any(n is not None for n in ligne.notes) for ligne in lignes)
    phrase = f"{accorde(len(lignes), 'ESMS,ESMS')}, {accorde(evalues, 'évalué')}"
    return f"{phrase}, dont {anciennes} il y a plus de six mois." if anciennes else f"{phrase}."


def dessiner(
    lignes: Sequence[LigneLue],
    colonnes: Sequence[Colonne],
    paliers: Sequence[Palier],
    *,
    titre: str,
    au: date,
    ton: str = RISQUE,
    note: str = "",
) -> Chaleur:
    """La carte de ces ESMS, dans l'ordre donné ; `au` : le jour d'où l'on compte les âges.

    `ValueError` : pas quatre paliers, un nombre de notes ou un palier faux, un ton inconnu.
    """
    _verifier(lignes, colonnes, paliers, ton)
    dessinees = tuple(Ligne(x.nom, x.url, _cases(x, colonnes, paliers), age(x.evaluee_le, au)) for x in lignes)
    mots = {0: Palier(PAS_EVALUE), **dict(enumerate(paliers, 1))}
    syntheses = tuple(
        Synthese(
            rang,
            mots[rang].nom,
            mots[rang].bornes,
            tuple(sum(x.cases[i].palier == rang for x in dessinees) for i in range(len(colonnes))),
        )
        for rang in (*range(PALIERS, 0, -1), 0)
    )
    anciennes = sum(x.age.ancienne for x in dessinees)
    return Chaleur(titre, note, ton, tuple(colonnes), dessinees, syntheses, anciennes, _phrase(lignes, anciennes))
