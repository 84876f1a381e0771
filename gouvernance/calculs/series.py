"""Les dates d'une série de séances : le même jour de semaine, le même rang dans le mois. Module pur."""

from calendar import monthrange
from datetime import date, timedelta

SEMAINE = 7
DERNIERE = 4


def dates_de_serie(premiere: date, mois: int, nombre: int) -> list[date]:
    """`nombre` dates, tous les `mois` mois : du 2e mardi au 2e mardi.

    Le cinquième du mois vaut « le dernier » : tous les mois n'en ont pas cinq.
    """
    rang = (premiere.day - 1) // SEMAINE
    return [premiere, *(_suivante(premiere, rang, mois * n) for n in range(1, nombre))]


def _suivante(premiere: date, rang: int, mois: int) -> date:
    annees, reste = divmod(premiere.month - 1 + mois, 12)
    annee, mois_vise = premiere.year + annees, reste + 1
    debut = date(annee, mois_vise, 1)
    decalage = (premiere.weekday() - debut.weekday()) % SEMAINE
    trouvee = debut + timedelta(days=decalage + SEMAINE * rang)
    if rang == DERNIERE and decalage + SEMAINE * rang >= monthrange(annee, mois_vise)[1]:
        trouvee -= timedelta(days=SEMAINE)
    return trouvee
