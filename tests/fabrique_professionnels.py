"""Refait les fichiers du personnel d'essai, octet pour octet : `python -m tests.fabrique_professionnels`.

L'organisme et ses ESMS sont ceux de la démonstration (annuaire public) ; les personnes n'existent pas.
"""

from datetime import date, datetime, timedelta
from typing import Any

from openpyxl import Workbook

from tests.fabrique_reprise import IMPORTS, _octets

OG = "010783009"
ESAT, FOYER, SAVS, MAS = "010787141", "010787729", "010789824", "010012581"
AILLEURS = "940711344"
EN_TETES = ["Matricule", "Nom", "Emploi", "Établissement", "Service", "Date d'entrée", "Date de sortie"]
FAUTES: tuple[tuple[str, list[str]], ...] = (
    ("sortie avant entrée", ["F002", "Personne 2", "Psychologue", ESAT, "", "01/09/2022", "01/09/2021"]),
    ("31/02", ["F003", "Personne 3", "Psychologue", ESAT, "", "31/02/2022", ""]),
    ("matricule deux fois, dates qui se chevauchent", ["F004", "Personne 4", "IDE", SAVS, "", "01/01/2020", ""]),
    ("la seconde", ["F004", "Personne 4", "IDE", SAVS, "", "01/06/2021", ""]),
    ("un matricule, deux noms", ["F005", "Personne 5", "AES", SAVS, "", "01/01/2020", "31/12/2020"]),
    ("le second nom", ["F005", "Personne 6", "AES", FOYER, "", "01/01/2021", ""]),
    ("sans matricule", ["", "Personne 7", "AES", FOYER, "", "01/01/2021", ""]),
    ("formule", ["F008", "=HYPERLINK(A1)", "AES", FOYER, "", "01/01/2021", ""]),
    ("métier à relier", ["F009", "Personne 9", "Souffleur de verre", FOYER, "", "01/01/2021", ""]),
    ("ESMS d'un autre organisme", ["F010", "Personne 10", "AES", AILLEURS, "", "01/01/2021", ""]),
    ("ESMS inconnu", ["F011", "Personne 11", "AES", "Le château", "", "01/01/2021", ""]),
    ("treize chiffres d'un NIR", ["1850733063005", "Personne 12", "AES", FOYER, "", "01/01/2021", ""]),
)
"""Ce qu'éprouve chaque ligne du fichier fautif, dans l'ordre, sous une première ligne juste."""


def fabriquer() -> dict[str, bytes]:
    """Nom de fichier → contenu."""
    return {"professionnels-1.csv": _un(), "professionnels-2.xlsx": _deux(), "professionnels-fautif.csv": _fautif()}


def _csv(lignes: list[list[str]]) -> bytes:
    return "".join(";".join(ligne) + "\r\n" for ligne in lignes).encode("cp1252")


def _un() -> bytes:
    """Dix-sept lignes, deux lignes d'en-tête, un ESMS par son nom, une personne dans deux ESMS, un renfort."""
    metiers = ["Monitrice d'atelier", "Éducateur technique spécialisé", "AES", "Aide soignante", "Veilleur de nuit"]
    ou = [ESAT, FOYER, "SAVS DE LA FRETA"]
    lignes = [
        [
            f"{n:05d}",
            f"Personne {n}",
            metiers[n % 5],
            ou[n % 3],
            "",
            f"{date(2015, 9, 1) + timedelta(days=97 * n):%d/%m/%Y}",
            "30/06/2024" if n % 7 == 0 else "",
        ]
        for n in range(1, 14)
    ]
    lignes += [
        ["00001", "Personne 1", metiers[1], MAS, "", "02/01/2024", ""],
        ["00007", "Personne 7", metiers[2], MAS, "", "01/07/2024", ""],
        ["00014", "Personne 14", "AES", MAS, "", "03/08/2026", "21/08/2026"],
        ["00014", "Personne 14", "AES", ESAT, "", "01/09/2026", ""],
    ]
    haut = ["Agent", "", "", "Affectation", "", "Dates", ""]
    return _csv([haut, EN_TETES, *lignes])


def _deux() -> bytes:
    """Douze lignes : titre, matricules en nombres, vraies dates, prénom à part, rythme et courriel, colonne de trop."""
    livre = Workbook()
    page: Any = livre.active
    page.title = "Effectifs"
    page.append(["Personnel au 1er novembre 2026"])
    page.append([])
    page.append(
        ["N° agent", "Nom d'usage", "Prénom", "Fonction", "N° FINESS", "Embauche", "Fin de contrat", "Jour / nuit",
         "E-mail professionnel", "Taux"]
    )  # fmt: skip
    metiers = ["Infirmière", "Aide soignant", "Psychomotricienne", "Surveillant de nuit"]
    for n in range(21, 33):
        page.append(
            [2000 + n, "Personne", f"Numéro {n}", metiers[n % 4], MAS, datetime(2018, 1 + n % 12, 1),
             datetime(9999, 12, 31) if n % 5 == 0 else None, "nuit" if n % 4 == 3 else "jour",
             f"personne{n}@exemple.invalid" if n % 2 else None, 100]
        )  # fmt: skip
    return _octets(livre)


def _fautif() -> bytes:
    juste = ["F001", "Personne 1", "Psychologue", ESAT, "", "01/09/2022", ""]
    return _csv([EN_TETES, juste, *(ligne for _, ligne in FAUTES)])


if __name__ == "__main__":
    for nom, octets in fabriquer().items():
        (IMPORTS / nom).write_bytes(octets)
