"""Les mots d'un export de tickets : intitulés de colonnes, gravités, et ce qu'ils veulent dire. Module pur.

Seulement ce qui ne peut dire qu'une chose : « haute », « majeure », « 1 » manquent exprès, la personne choisit. Ni
titre, ni description, ni demandeur, ni technicien : ces colonnes ne se relient pas.
"""

import re
from collections.abc import Iterable, Sequence

from programme.socle.finess.numero import expliquer
from programme.socle.liaisons import ESMS, Choix
from programme.socle.texte import normaliser

NUMERO, CREE, TRAITE, FERME = "numero", "cree_le", "traite_le", "ferme_le"
MODULE, BLOQUANT, CONTOURNEMENT = "module", "bloquant", "contournement"

COLONNES: dict[str, str] = {
    NUMERO: "Numéro",
    CREE: "Créé le",
    TRAITE: "Traité le",
    FERME: "Fermé le",
    ESMS: "ESMS",
    MODULE: "Module",
    BLOQUANT: "Bloquant",
    CONTOURNEMENT: "Contournement connu",
}
"""Code → intitulé, dans l'ordre où l'écran les propose."""

INDISPENSABLES = (NUMERO, CREE)
A_MOTS = (ESMS, MODULE, BLOQUANT, CONTOURNEMENT)
DATES = (CREE, TRAITE, FERME)

AILLEURS = "ailleurs"
"""Un ESMS qui n'est pas de cette grappe : ses lignes se mettent de côté sans être des fautes."""
OUI, NON, CONTOURNE = "oui", "non", "contourne"


GRAVITES = (
    Choix(OUI, "Bloquant"),
    Choix(CONTOURNE, "Bloquant, mais un contournement est connu"),
    Choix(NON, "Pas bloquant"),
)
OUI_NON = (Choix(OUI, "Oui"), Choix(NON, "Non"))

_DATE = r"(?:date (?:d |de |du )?(?:la )?)?"
_RECONNUS: dict[str, tuple[str, ...]] = {
    NUMERO: (
        r"(?:n|no|num|numero|id|identifiant|ref|reference|cle)(?: (?:du |de |de l )?(?:ticket|incident|demande))?",
        r"ticket(?: id| n)?|incident",
    ),
    CREE: (rf"{_DATE}(?:ouverture|creation|declaration)|(?:cree|ouvert|declare)(?: le)?", r"date|date de demande"),
    TRAITE: (rf"{_DATE}(?:resolution|traitement)|(?:resolu|traite|solutionne)(?: le)?",),
    FERME: (rf"{_DATE}(?:cloture|fermeture)|(?:clos|cloture|ferme)(?: le)?",),
    ESMS: (r".*\bfiness\b.*", r"esms|essms|etablissements?|structure", r"entite", r"site|lieu"),
    MODULE: (r"modules?(?: .*)?", r"application|fonction(?:nalite)?", r"categorie(?: itil)?"),
    BLOQUANT: (r"(?:est )?bloqu\w+", r"criticite|severite|gravite", r"priorite", r"impact", r"urgence"),
    CONTOURNEMENT: (r".*\bcontournement\b.*",),
}
"""Code → intitulés, le plus sûr d'abord : « Bloquant » l'emporte sur « Priorité »."""

_MOTS: dict[str, dict[str, str]] = {
    BLOQUANT: {
        mot: valeur
        for valeur, ecrits in {
            OUI: "oui, o, x, vrai, yes, true, bloquant, bloquante, bloque, bloquant sans contournement",
            CONTOURNE: "bloquant avec contournement, bloquant contourne, contourne, contournement",
            NON: "non, n, faux, no, false, non bloquant, non bloquante, pas bloquant, mineur, mineure, faible, basse, "
            "tres basse, bas, tres bas, normal, normale, moyenne, moyen, confort",
        }.items()
        for mot in map(normaliser, ecrits.split(","))
    },
    CONTOURNEMENT: {
        mot: valeur
        for valeur, ecrits in {
            OUI: "oui, o, x, vrai, yes, true, connu, possible, contournement, avec contournement",
            NON: "non, n, faux, no, false, aucun, sans, sans contournement, impossible, neant",
        }.items()
        for mot in map(normaliser, ecrits.split(","))
    },
}


def proposer_colonnes(entetes: Sequence[str]) -> dict[int, str]:
    """Rang de colonne (à partir de 0) → code ; deux colonnes aussi sûres l'une que l'autre : aucune des deux."""
    rendu: dict[int, str] = {}
    for code, motifs in _RECONNUS.items():
        for motif in motifs:
            rangs = [r for r, entete in enumerate(entetes) if entete and re.fullmatch(motif, normaliser(entete))]
            if rangs:
                if len(rangs) == 1 and rangs[0] not in rendu:
                    rendu[rangs[0]] = code
                break
    return rendu


def dernier_segment(mot: str) -> str:
    """L'entité telle que l'outil la range, « Racine > Association > IME » : le nom est au bout."""
    return mot.rsplit(">", 1)[-1].strip()


def proposer(code: str, mot: str, choix: Iterable[Choix]) -> str | None:
    """La clé de la valeur que dit ce mot (tel qu'écrit, ou normalisé), ou None : à la personne de choisir."""
    cle = normaliser(mot)
    if not cle:
        return None
    if code in _MOTS:
        return _MOTS[code].get(cle)
    offerts = list(choix)
    for forme in dict.fromkeys((cle, normaliser(dernier_segment(mot)))):
        trouves = [c.cle for c in offerts if forme in {normaliser(f) for f in (c.cle, c.libelle, *c.autres)}]
        if len(trouves) == 1:
            return trouves[0]
    return None


def finess_de(mot: str) -> str | None:
    """Le numéro FINESS que porte la case, si c'en est un."""
    return expliquer(mot).numero
