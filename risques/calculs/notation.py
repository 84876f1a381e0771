"""Noter des réponses : sections et total, en maîtrise. Module pur : ni base, ni horloge.

Tout est calculé en fractions exactes, rendu en Decimal, arrondi une seule fois, à l'affichage. Sur les notes retenues
(`risques.calculs.reponses`), tournées en maîtrise (`risques.calculs.echelle`) :

    fraction d'une section = Σ poids·maîtrise / Σ poids·maximum
    valeur d'une section   = fraction × sur ; sur = total × part de la section dans le questionnaire entier
    total à l'écran        = total × Σ w·fraction / Σ w ; w = `points` de la section, à défaut Σ poids·maximum

Cent questions de 1 à 10, poids 1, total 1000 : n retenues de somme brute Σ ont pour inverse 11n − Σ et s'affichent
1000·Σ maîtrise/(10n), de 100 à 1000 ; une section vaut 100·Σ maîtrise/(10·ses n) ; à n = 100 le total est la somme des
sections. Effets du DUI (points 10/10/20/20/20/10/10, total 100) : la note d'un thème vaut points × fraction, le total
est la somme des notes, ramenée à 100 si un thème entier est sans objet. Source : metier §5.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from risques.calculs.echelle import Question, Valeur, arrondi, decimal, exact, maitrise, retourner, sens_connu
from risques.calculs.reponses import (
    PAS_REPONDU,
    Avancement,
    Reponses,
    SectionNotee,
    avancer,
    maximum,
    questions_posees,
    valeur_retenue,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mesure:
    """Ce que disent des réponses, pour une section ou pour tout le questionnaire.

    `somme`, `inverse` : notes brutes des `n` retenues, telles quelles et retournées (11n − Σ de 1 à 10).
    `obtenus`, `possible` : Σ poids·maîtrise, Σ poids·maximum des retenues ; `atteignable` : le possible quand tout ce
    qui est posé et n'est pas sans objet sera répondu. `fraction` : de 0 à 1 ; `valeur` : de 0 à `sur`, pour l'écran.
    `obtenus`, `fraction`, `valeur` valent None si rien n'est retenu ou si le sens d'une question est inconnu.
    """

    somme: Valeur
    inverse: Valeur
    n: int
    obtenus: Decimal | None
    possible: Decimal
    atteignable: Decimal
    fraction: Decimal | None
    valeur: Decimal | None
    sur: Decimal
    avancement: Avancement
    sens_inconnu: bool

    @property
    def affiche(self) -> int | None:
        """La valeur arrondie, seule écrite à l'écran."""
        return None if self.valeur is None else arrondi(self.valeur)

    @property
    def complet(self) -> bool:
        """Tout ce qui est posé est répondu ; sinon la valeur est provisoire."""
        return self.avancement.complet


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultatSection(Mesure):
    """La mesure d'une section."""

    code: str
    nom: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resultat(Mesure):
    """La mesure d'un questionnaire et de chacune de ses sections, dans l'ordre."""

    sections: tuple[ResultatSection, ...]

    @property
    def total(self) -> Decimal | None:
        """Le total en maîtrise, sur `sur`."""
        return self.valeur


def noter(sections: Sequence[SectionNotee], reponses: Reponses, total: int | None = None) -> Resultat:
    """Note des réponses ; la formule est en tête du module.

    `total` : ce que vaut tout le questionnaire à l'écran (1000, 100) ; None : la somme de ce qui est atteignable.
    Un sens inconnu ne lève rien : les sommes brutes sont rendues, la maîtrise vaut None.
    """
    posees = questions_posees(sections, reponses)
    comptes = [_compter(s, posees, reponses) for s in sections]
    if total is None:
        surs = [_poids(s, c.atteignable) for s, c in zip(sections, comptes, strict=True)]
    else:
        entier = sum((s.part for s in sections), Fraction())
        surs = [total * s.part / entier if entier else Fraction() for s in sections]
    return Resultat(
        sections=tuple(
            ResultatSection(code=s.code, nom=s.nom, **_mesurer(c, c.fraction, sur_section))
            for s, c, sur_section in zip(sections, comptes, surs, strict=True)
        ),
        **_mesurer(
            _cumuler(comptes, avancer(posees.values(), reponses)), _ponderer(sections, comptes), sum(surs, Fraction())
        ),
    )


@dataclass(frozen=True, slots=True)
class _Compte:
    """Les sommes exactes d'une section, ou de toutes ; mêmes noms que dans Mesure."""

    somme: Valeur
    inverse: Valeur
    n: int
    obtenus: Fraction
    possible: Fraction
    atteignable: Fraction
    sens_inconnu: bool
    avancement: Avancement

    @property
    def fraction(self) -> Fraction | None:
        """Part du possible obtenue, de 0 à 1."""
        return self.obtenus / self.possible if self.possible and not self.sens_inconnu else None


def _compter(section: SectionNotee, posees: Mapping[str, Question], reponses: Reponses) -> _Compte:
    siennes = [q for q in section.questions if q.code in posees]
    lues = [(q, valeur) for q in siennes if (valeur := valeur_retenue(q, reponses)) is not None]
    inconnu = not all(sens_connu(q) for q in section.questions)
    return _Compte(
        somme=sum(valeur for _, valeur in lues),
        inverse=sum(retourner(q, valeur) for q, valeur in lues),
        n=len(lues),
        obtenus=Fraction() if inconnu else sum((exact(q.poids) * maitrise(q, v) for q, v in lues), Fraction()),
        possible=maximum(q for q, _ in lues),
        atteignable=maximum(q for q in siennes if not reponses.get(q.code, PAS_REPONDU).sans_objet),
        sens_inconnu=inconnu,
        avancement=avancer(siennes, reponses),
    )


def _cumuler(comptes: Sequence[_Compte], avance: Avancement) -> _Compte:
    return _Compte(
        somme=sum(c.somme for c in comptes),
        inverse=sum(c.inverse for c in comptes),
        n=sum(c.n for c in comptes),
        obtenus=sum((c.obtenus for c in comptes), Fraction()),
        possible=sum((c.possible for c in comptes), Fraction()),
        atteignable=sum((c.atteignable for c in comptes), Fraction()),
        sens_inconnu=any(c.sens_inconnu for c in comptes),
        avancement=avance,
    )


def _poids(section: SectionNotee, possible: Fraction) -> Fraction:
    """Ce que pèse une section dans le total ; rien si elle n'a rien de possible."""
    return possible if section.points is None or not possible else Fraction(section.points)


def _ponderer(sections: Sequence[SectionNotee], comptes: Sequence[_Compte]) -> Fraction | None:
    """La fraction de l'ensemble : celles des sections, pondérées. None si un sens est inconnu ou si rien n'est lu."""
    poids = [_poids(s, c.possible) for s, c in zip(sections, comptes, strict=True)]
    somme = sum(poids, Fraction())
    if not somme or any(c.sens_inconnu for c in comptes):
        return None
    return sum((p * (c.fraction or 0) for p, c in zip(poids, comptes, strict=True)), Fraction()) / somme


def _mesurer(compte: _Compte, fraction: Fraction | None, sur: Fraction) -> dict[str, Any]:
    """Les champs d'une Mesure, en Decimal."""
    return {
        "somme": compte.somme,
        "inverse": compte.inverse,
        "n": compte.n,
        "obtenus": None if fraction is None else decimal(compte.obtenus),
        "possible": decimal(compte.possible),
        "atteignable": decimal(compte.atteignable),
        "fraction": None if fraction is None else decimal(fraction),
        "valeur": None if fraction is None else decimal(sur * fraction),
        "sur": decimal(sur),
        "avancement": compte.avancement,
        "sens_inconnu": compte.sens_inconnu,
    }
