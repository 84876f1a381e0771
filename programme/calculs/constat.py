"""Dates d'un constat initial : ce qui cloche, champ par champ. Module pur."""

from datetime import date

from programme.enums import FRISE_PARCOURS, EtatParcours


def fautes_de_dates(vers: str, etapes: dict[str, date], au: date) -> dict[str, list[str]]:
    """Ce qui cloche dans des dates d'entrée constatées, par champ (`etape_<état>`) ; vide si tout va."""
    fautes: dict[str, list[str]] = {}
    precedente: date | None = None
    for etat in FRISE_PARCOURS:
        jour = etapes.get(etat)
        if jour is None:
            continue
        champ = f"etape_{etat}"
        if FRISE_PARCOURS.index(etat) > FRISE_PARCOURS.index(EtatParcours(vers)):
            fautes[champ] = [f"Cette étape vient après « {EtatParcours(vers).label} » : laissez sa date vide."]
        elif jour > au:
            fautes[champ] = ["Une date constatée ne peut pas être à venir."]
        elif precedente and jour < precedente:
            fautes[champ] = [f"Cette date précède celle de l'étape d'avant ({precedente:%d/%m/%Y})."]
        else:
            precedente = jour
    return fautes
