"""Ce que fait une étape de l'entonnoir, en phrases : ses règles, telles qu'on les lit. Module pur."""

from collections.abc import Iterator, Mapping

from programme.socle.nombres import accorde, liste
from usages.calculs.entonnoir import Etape, Exceptions, Filtre, Passage, Selection
from usages.calculs.faits_entonnoir import libelle_du_fait, valeur_dite
from usages.calculs.prerequis import Prerequis
from usages.calculs.unites_entonnoir import FEMININES, FORMES


def prerequis_en_clair(prerequis: Prerequis) -> str:
    """« VSR signée : le fait « VSR signée » est vrai »."""
    p = prerequis.parametres
    fait = libelle_du_fait(p.get("fait", p.get("nombre", "")))
    valeurs = liste(f"« {valeur_dite(p['fait'], v)} »" for v in p["valeurs"]) if "valeurs" in p else ""
    match prerequis.regle:
        case "parmi":
            dit = f"{fait}, parmi {valeurs}"
        case "hors_de":
            dit = f"{fait}, hors {valeurs}"
        case "au_moins":
            dit = f"{fait}, {p['seuil']} au moins"
        case "un_seul_ou_au_moins":
            dit = f"{fait} égal à 1, ou {libelle_du_fait(p['taille'])} d'au moins {p['seuil']}"
        case _:
            dit = f"{fait}, oui"
    return (
        prerequis.libelle
        if dit.casefold() == f"{prerequis.libelle}, oui".casefold()
        else f"{prerequis.libelle} : {dit}"
    )


def regles_de(etape: Etape, mots: Mapping[str, str] | None = None) -> list[str]:
    """Ses règles, une phrase chacune. `mots` : code d'une étape ou d'un prérequis → comment il se dit."""
    return list(_regles(etape, mots or {}))


def _regles(etape: Etape, mots: Mapping[str, str]) -> Iterator[str]:
    if isinstance(etape, Filtre):
        for p in etape.prerequis:
            yield prerequis_en_clair(p)
    elif isinstance(etape, Passage):
        ceux = "celles" if etape.vers in FEMININES else "ceux"
        yield f"Passe aux {FORMES[etape.vers].split(',')[1]} : {ceux} dont l'origine est retenue jusque-là."
        for p in etape.prerequis:
            yield prerequis_en_clair(p)
    elif isinstance(etape, Exceptions):
        yield f"Réadmet, pour un motif dit, des unités écartées à « {mots.get(etape.de, etape.de)} »."
        if levees := sorted({code for e in etape.exceptions for code in e.leve}):
            nombre = accorde(len(etape.exceptions), "exception")
            yield f"{nombre} ; prérequis levés : {liste(f'« {mots.get(code, code)} »' for code in levees)}."
    elif isinstance(etape, Selection):
        yield etape.regle.en_clair
        yield f"{accorde(etape.partage.places, 'place')}."
        if etape.partage.quotas:
            yield f"Quotas : {liste(f'{q.nombre} « {q.libelle} »' for q in etape.partage.quotas)}."
        if etape.partage.plafonds:
            yield f"Diversité : {liste(p.en_clair for p in etape.partage.plafonds)}."
