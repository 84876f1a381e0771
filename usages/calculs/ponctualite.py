"""Un relevé est-il venu à temps. Module pur."""

from datetime import date

from programme.socle.nombres import accorde


def retard(echeance: date, transmis_le: date | None, au: date) -> int:
    """Jours entre l'échéance et la transmission, à défaut `au` ; 0 à temps, ou pas encore dû."""
    return max(((transmis_le or au) - echeance).days, 0)


def dire(echeance: date, transmis_le: date | None, au: date) -> str:
    """« à temps », « 3 jours après », « attendu », « attendu depuis 3 jours »."""
    jours = retard(echeance, transmis_le, au)
    if transmis_le:
        return f"{accorde(jours, 'jour')} après" if jours else "à temps"
    return f"attendu depuis {accorde(jours, 'jour')}" if jours else "attendu"
