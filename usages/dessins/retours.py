"""Les dessins des retours : un thème par vignette, une barre par ligne, la charge de l'aide. Module pur."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from programme.socle.dates import date_courte, jour_mois
from programme.socle.nombres import accorde, en_lettres, nombre, pourcentage
from usages.calculs import reperes
from usages.calculs.periodes import Periode
from usages.calculs.retours import DE_SUITE, PAR_PERSONNE, Charge, Compte, Semaine, Theme
from usages.dessins import multiples
from usages.dessins.commun import plafond_rond
from usages.dessins.courbe import BAS, HAUT, Courbe, Point, Rang, abscisse, poser_noms
from usages.enums import Forme

RIEN_A_DIRE = "Ni retour ni ticket en six mois : rien à dire de la charge."


def vignettes(mois: Sequence[Periode], themes: Iterable[Theme]) -> tuple[multiples.Vignette, ...]:
    """Un thème par vignette, toutes à la même échelle ; le chiffre est celui du dernier mois."""
    dernier = f"en {mois[-1].nom}" if mois else ""
    series = [
        multiples.Serie(
            nom=t.nom,
            forme=Forme.COMPTE,
            valeurs=tuple(float(n) for n in t.par_mois),
            detail=f"{accorde(t.total, 'retour')} en {accorde(len(mois), 'mois')}",
            unite=dernier,
        )
        for t in themes
    ]
    return multiples.dessiner(series, commune=True)


@dataclass(frozen=True, slots=True)
class Barre:
    """Une ligne : répondus et sans réponse, de 0 à 1 de la plus longue ; `tue` : trop peu de retours pour se dire."""

    compte: Compte
    repondus: float
    attendent: float
    tue: bool = False

    @property
    def phrase(self) -> str:
        """La même chose en mots."""
        if self.tue:
            return multiples.MASQUE
        if not self.compte.recus:
            return "aucun retour"
        return f"{accorde(self.compte.recus, 'reçu')}, {pourcentage(self.compte.part)} répondus"


def barres(comptes: Iterable[Compte], tus: frozenset[str] = frozenset()) -> list[Barre]:
    """Une barre par ligne, à la même échelle, dans l'ordre donné ; ce qui se tait n'y entre pas."""
    tous = list(comptes)
    echelle = max((c.recus for c in tous if c.nom not in tus), default=0) or 1
    return [
        Barre(c, 0.0, 0.0, True) if c.nom in tus else Barre(c, c.repondus / echelle, c.attendent / echelle)
        for c in tous
    ]


# --- la charge de l'aide ---------------------------------------------------------------------------------------------


def courbe_de(charge: Charge) -> Courbe:
    """Les demandes semaine par semaine, et le seuil en pointillé si quelqu'un répond."""
    crans = len(charge.semaines)
    seuil = charge.seuil or None
    haut = plafond_rond(max([float(s.total) for s in charge.semaines] + [float(seuil or 0)], default=0.0))

    def y(valeur: float) -> float:
        return round(BAS - (BAS - HAUT) * valeur / haut, 1)

    points = tuple(
        Point(abscisse(rang, crans), y(s.total), f"Semaine du {date_courte(s.lundi)}", nombre(s.total))
        for rang, s in enumerate(charge.semaines)
    )
    return Courbe(
        points=points,
        segments=tuple(pairwise(points)),
        prevus=(),
        suite=(),
        cible_y=None if seuil is None else y(seuil),
        cible=nombre(seuil),
        reperes=tuple((y(haut * part), reperes.dire(Forme.COMPTE, haut * part)) for part in (0.0, 0.5, 1.0)),
        etiquettes=poser_noms([jour_mois(s.lundi) for s in charge.semaines], crans),
        rangs=tuple(Rang(p.nom, p.valeur, detail(charge, s)) for p, s in zip(points, charge.semaines, strict=True)),
        phrase=phrase(charge),
    )


def detail(charge: Charge, semaine: Semaine) -> str:
    """« 3 retours, 4 tickets ; 2,3 par personne »."""
    dit = f"{accorde(semaine.retours, 'retour')}, {accorde(semaine.tickets, 'ticket')}"
    chacun = charge.par_personne(semaine)
    return dit if chacun is None else f"{dit} ; {nombre(chacun, 1)} par personne"


def phrase(charge: Charge) -> str:
    """Où en est l'aide, en clair."""
    if not charge.total:
        return RIEN_A_DIRE
    if not charge.personnes:
        return (
            f"Personne n'est nommé pour répondre, et {accorde(charge.total, 'demande est venue,demandes sont venues')} "
            "en six mois : nommez un relais."
        )
    par = accorde(charge.personnes, "personne")
    if charge.sature:
        dernieres = " puis ".join(nombre(s.total) for s in charge.semaines[-DE_SUITE:])
        quand = f"ces {en_lettres(DE_SUITE)} dernières semaines"
        return f"L'aide sature : {dernieres} demandes {quand}, pour {par} à y répondre."
    if charge.saturees:
        fin = date_courte(charge.saturees[-1].lundi)
        return f"L'aide suit à présent ; elle a saturé jusqu'à la semaine du {fin}, pour {par}."
    forte = charge.plus_forte
    assert forte is not None
    quand = f"la semaine du {date_courte(forte.lundi)}"
    return f"L'aide suit : au plus {accorde(forte.total, 'demande')}, {quand}, pour {par}."


REGLE_DE_CHARGE = (
    f"Elle sature au-delà de {en_lettres(PAR_PERSONNE)} demandes par personne et par semaine, soit une par jour "
    f"travaillé, {en_lettres(DE_SUITE)} semaines de suite. Treille propose cette limite : ce n'est pas une norme."
)
