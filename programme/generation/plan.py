"""Qui entre dans quelle grappe, et dans quel état : la composition d'un pays inventé. Module pur.

Les règles d'une grappe (métier §2) y sont tenues : quinze ESMS au moins, huit en Corse et outre-mer ; cinquante au
moins pour un appel national, moins de cinquante pour un multirégional.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from programme.calculs.regles_grappe import CORSE_ET_OUTRE_MER, MINIMUM_ESMS, MINIMUM_ESMS_OUTRE_MER, SEUIL_NATIONAL
from programme.enums import EtatGrappe, EtatParcours, TypeProjet

G, P = EtatGrappe, EtatParcours

ETATS_DE_GRAPPE = {
    G.MONTAGE: 6, G.DEPOSEE: 6, G.CONVENTIONNEE: 8, G.CONSULTATION: 8, G.MODELE_COMMUN: 10, G.PILOTE: 12,
    G.DEPLOIEMENT: 26, G.MESURE_DES_USAGES: 12, G.SOLDEE: 6, G.NON_RETENUE: 2, G.SUSPENDUE: 2, G.RESILIEE: 2,
}  # fmt: skip
_PARCOURS = {
    G.CONVENTIONNEE: {P.RECENSE: 3, P.CADRAGE: 2},
    G.CONSULTATION: {P.RECENSE: 1, P.CADRAGE: 4},
    G.MODELE_COMMUN: {P.CADRAGE: 4, P.PREPARATION: 3},
    G.PILOTE: {P.CADRAGE: 1, P.PREPARATION: 5},
    G.DEPLOIEMENT: {P.CADRAGE: 1, P.PREPARATION: 4, P.OUVERTURE: 5, P.SERVICE_REGULIER: 2},
    G.MESURE_DES_USAGES: {P.OUVERTURE: 1, P.SERVICE_REGULIER: 5, P.ROUTINE: 4},
    G.SOLDEE: {P.SERVICE_REGULIER: 1, P.ROUTINE: 6},
    G.SUSPENDUE: {P.CADRAGE: 2, P.PREPARATION: 1},
    G.RESILIEE: {P.CADRAGE: 1},
}
GRANDE_GRAPPE = 80
PART_MULTIREGIONALE, PART_NATIONALE = 12, 90
PART_SUSPENDUS, PART_SORTIS = 0.01, 0.02


class PaysImpossible(ValueError):
    """Les nombres demandés ne tiennent pas ensemble ; `args[0]` est la phrase à montrer."""


@dataclass(slots=True)
class Membre:
    """Un ESMS dans une grappe. `esms` : son rang dans l'annuaire. `cote` : passage qui l'a mis de côté, s'il y en a."""

    esms: int
    etat: str
    type_projet: str
    est_pilote: bool = False
    vague: int = 0
    cote: str = ""


@dataclass(slots=True)
class Composition:
    """Une grappe : ses membres, son état, la région qui l'instruit (vide pour un appel national)."""

    rang: int
    etat: str
    region: str
    membres: list[Membre] = field(default_factory=list)


def tailles(hasard: Random, nb_grappes: int, nb_parcours: int) -> list[int]:
    """Combien d'ESMS dans chaque grappe : quinze au moins, la somme juste. Lève `PaysImpossible` s'il en manque."""
    reste = nb_parcours - MINIMUM_ESMS * nb_grappes
    if reste < 0:
        raise PaysImpossible(
            f"{nb_grappes} grappes demandent au moins {MINIMUM_ESMS * nb_grappes} parcours : il y en a {nb_parcours}."
        )
    rendu = [MINIMUM_ESMS] * nb_grappes
    if reste >= 2 * GRANDE_GRAPPE:
        rendu[0] += GRANDE_GRAPPE - MINIMUM_ESMS
        reste -= GRANDE_GRAPPE - MINIMUM_ESMS
    for rang in range(PART_NATIONALE, nb_grappes, PART_NATIONALE):
        if reste >= SEUIL_NATIONAL:
            rendu[rang] += SEUIL_NATIONAL - MINIMUM_ESMS
            reste -= SEUIL_NATIONAL - MINIMUM_ESMS
    plafond = max(SEUIL_NATIONAL - 1, MINIMUM_ESMS + 2 * reste // nb_grappes + 1)
    autres = [r for r, taille in enumerate(rendu) if taille == MINIMUM_ESMS] or list(range(nb_grappes))
    while reste:
        rang = hasard.choice(autres)
        ajout = min(reste, hasard.randint(1, 8), plafond - rendu[rang])
        rendu[rang] += ajout
        reste -= ajout
    return rendu


def _piocher(hasard: Random, bassins: dict[str, list[int]], taille: int, rang: int) -> tuple[str, list[int]]:
    """La région qui instruit, et les ESMS : une région en général, plusieurs pour quelques grappes."""
    capables = [r for r, rangs in bassins.items() if len(rangs) >= taille]
    multiple = rang and (rang % PART_NATIONALE == 0 or rang % PART_MULTIREGIONALE == 0)
    if multiple or not capables:
        restantes = sorted(bassins, key=lambda r: -len(bassins[r]))[: 3 if taille >= SEUIL_NATIONAL else 2]
        parts = [taille // len(restantes) + (n < taille % len(restantes)) for n in range(len(restantes))]
        pris = [bassins[r].pop() for r, part in zip(restantes, parts, strict=True) for _ in range(part) if bassins[r]]
        for autre in sorted(bassins, key=lambda r: -len(bassins[r])):
            while len(pris) < taille and bassins[autre]:
                pris.append(bassins[autre].pop())
        if len(pris) < taille:
            raise PaysImpossible("Il n'y a pas assez d'ESMS hors Corse et outre-mer : demandez moins de parcours.")
        return "" if taille >= SEUIL_NATIONAL else restantes[0], pris
    region = hasard.choices(capables, [len(bassins[r]) for r in capables])[0]
    return region, [bassins[region].pop() for _ in range(taille)]


def composer(hasard: Random, regions: Sequence[str], nb_grappes: int, nb_parcours: int) -> list[Composition]:
    """Répartit les ESMS (`regions` : la leur, dans l'ordre de l'annuaire) ; chacun n'entre que dans une grappe."""
    if nb_parcours > len(regions):
        raise PaysImpossible(f"{nb_parcours} parcours demandent autant d'ESMS : il y en a {len(regions)}.")
    bassins: dict[str, list[int]] = defaultdict(list)
    for rang, region in enumerate(regions):
        bassins[region].append(rang)
    lointains = {r: bassins.pop(r) for r in sorted(CORSE_ET_OUTRE_MER & bassins.keys())}
    voulues = tailles(hasard, nb_grappes, nb_parcours)
    etats = hasard.choices(list(ETATS_DE_GRAPPE), list(ETATS_DE_GRAPPE.values()), k=nb_grappes)
    etats[0] = G.DEPLOIEMENT
    rendu = []
    for rang, taille in enumerate(voulues):
        loin = max(lointains, key=lambda r: len(lointains[r]), default="")
        assez = rang + 1 < nb_grappes and len(lointains.get(loin, ())) >= MINIMUM_ESMS_OUTRE_MER
        if rang % 25 == 7 and assez:
            nombre = min(len(lointains[loin]), taille)
            region, pris = loin, [lointains[loin].pop() for _ in range(nombre)]
            # Ce que l'outre-mer n'a pas pu donner va à la grappe suivante : le total reste juste.
            voulues[rang + 1] += taille - nombre
        else:
            region, pris = _piocher(hasard, bassins, taille, rang)
        rendu.append(_peupler(hasard, Composition(rang, etats[rang], region), sorted(pris)))
    return rendu


def _peupler(hasard: Random, grappe: Composition, pris: list[int]) -> Composition:
    principal = hasard.choices(list(TypeProjet), (7, 2, 1))[0]
    mixte = hasard.random() < 0.15
    choix = _PARCOURS.get(G(grappe.etat), {P.RECENSE: 1})
    for place, esms in enumerate(pris):
        etat = hasard.choices(list(choix), list(choix.values()))[0]
        membre = Membre(esms, etat, hasard.choice(list(TypeProjet)) if mixte else principal)
        if etat not in (P.RECENSE, P.CADRAGE):
            membre.vague = 1 + place * 3 // len(pris)
        # Deux sites pilotes par grappe ; en phase pilote, ce sont eux qui ont ouvert.
        if place % max(len(pris) // 2, 1) == 0 and place < len(pris) - 1 and membre.vague:
            membre.est_pilote = True
            if grappe.etat == G.PILOTE:
                membre.etat = P.PILOTE
        tirage = hasard.random()
        if tirage < PART_SORTIS or grappe.etat == G.RESILIEE:
            membre.cote = "sortir"
        elif tirage < PART_SORTIS + PART_SUSPENDUS or grappe.etat == G.SUSPENDUE:
            membre.cote = "suspendre"
        grappe.membres.append(membre)
    return grappe
