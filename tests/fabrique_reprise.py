"""Refait les classeurs d'essai de la reprise, octet pour octet : `python -m tests.fabrique_reprise`.

Les ESMS viennent de l'échantillon public (`fixtures/demo`) et ne sont dans aucune grappe de la démonstration ; les
états, les dates, les personnes et les courriels sont inventés. À côté de chaque classeur, un JSON : la correspondance
que la cheffe de projet aurait enregistrée.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import chain, islice, repeat
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from programme.reprise.correspondance import proposer_correspondance
from programme.socle.finess.lignes import LigneESMS
from programme.socle.finess.secteurs import DOMICILE, PA, PH_ADULTE, PH_ENFANT, secteur_de
from programme.socle.finess.source import ouvrir
from programme.socle.grilles import ouvrir_classeur, proposer_lecture

RACINE = Path(__file__).parent.parent / "fixtures"
IMPORTS = RACINE / "imports"
ECHANTILLON = RACINE / "demo" / "finess-structures-echantillon.json.gz"
SECTEURS = {PA, PH_ADULTE, PH_ENFANT, DOMICILE}
# Départements où la démonstration n'a aucune grappe : un jeu par classeur, sans recouvrement.
DEPARTEMENTS = {
    1: ("06", "83"),
    2: ("76", "14", "27", "80"),
    3: ("21", "59", "37", "30", "13", "89", "44", "34", "51", "87", "08", "86", "84"),
    4: ("66", "82", "43"),
}
TAILLES = {1: 12, 2: 20, 3: 80, 4: 8}
FIGE = (2026, 1, 5, 8, 0, 0)
A_VENIR = date(2035, 3, 12)

PERSONNES = ("Camille Exemple", "Dominique Fictif", "Claude Essai", "Sacha Modèle", "Alex Maquette", "Lou Spécimen")


def esms(numero: int) -> list[LigneESMS]:
    """Les ESMS du classeur `numero`, par numéro FINESS."""
    retenus = [
        ligne
        for ligne in ouvrir(ECHANTILLON).lignes()
        if isinstance(ligne, LigneESMS)
        and ligne.actif
        and ligne.departement in DEPARTEMENTS[numero]
        and secteur_de(ligne.categorie) in SECTEURS
    ]
    return sorted(retenus, key=lambda ligne: ligne.finess)[: TAILLES[numero]]


def courriel(nom: str) -> str:
    """« Camille Exemple » → camille.exemple@exemple.invalid."""
    return nom.lower().replace("è", "e").replace("é", "e").replace(" ", ".") + "@exemple.invalid"


def fabriquer() -> dict[str, bytes]:
    """Nom de fichier → octets."""
    fichiers = {
        "reprise-1.csv": _un(),
        "reprise-2.xlsx": _deux(),
        "reprise-3.xlsx": _trois(),
        "reprise-4-fautif.xlsx": _quatre(),
    }
    for nom, octets in list(fichiers.items()):
        fichiers[nom.split(".")[0] + ".json"] = _correspondance(octets, CHOISIS.get(nom, {}))
    return fichiers


# Ce que la cheffe a tranché elle-même : le mot ambigu, et ce qu'il veut dire chez elle.
CHOISIS: dict[str, dict[str, dict[str, Any]]] = {
    "reprise-1.csv": {"etat": {"ok": "service_regulier"}},
    "reprise-2.xlsx": {"etat": {"termine": "routine"}, "va_issue": {"ok": "prononcee"}},
    "reprise-4-fautif.xlsx": {},
}


def _correspondance(octets: bytes, choisis: dict[str, dict[str, Any]]) -> bytes:
    classeur = ouvrir_classeur(io.BytesIO(octets))
    lecture = proposer_lecture(classeur)
    correspondance = proposer_correspondance(classeur.lire(lecture), lecture)
    for code, mots in choisis.items():
        correspondance["valeurs"][code] |= mots
    return (json.dumps(correspondance, ensure_ascii=False, indent=2) + "\n").encode()


# --- 1. Un CSV de tableur français : une ligne par ESMS ---

# Avancement, type, vague, puis le rang du jour : cadrage, paramétrage, mise en production, service régulier, routine.
_SUIVI_1: tuple[tuple[str, str, str, tuple[int | None, ...]], ...] = (
    ("VSR prononcée", "Acquisition", "1", (0, 90, 240, 330, None)),
    ("routine", "Acquisition", "1", (0, 80, 230, 320, 700)),
    ("en prod", "Acquisition", "1", (10, 100, 260, 350, None)),
    ("OK", "MEC", "1", (10, 95, 250, 360, None)),
    ("En production", "Acquisition", "2", (60, 150, 300, 400, None)),
    ("déployé", "Acquisition", "2", (60, 160, 310, 420, None)),
    ("pilote", "Acquisition", "1", (5, 60, None, None, None)),
    ("En cours de paramétrage", "Acquisition", "2", (200, 330, None, None, None)),
    ("cadrage fait", "MEC", "3", (380, None, None, None, None)),
    ("pas commencé", "Acquisition", "3", (None, None, None, None, None)),
    ("en pause", "Acquisition", "3", (120, 260, None, None, None)),
    ("abandonné", "Usages", "", (100, None, None, None, None)),
)
_DEPART_1 = date(2022, 3, 7)


def _un() -> bytes:
    texte = io.StringIO()
    ecrivain = csv.writer(texte, delimiter=";", lineterminator="\r\n")
    ecrivain.writerow(
        ["N° FINESS", "Établissement", "Commune", "Avancement", "Type de projet", "Vague", "Date de cadrage"]
        + [
            "Début du paramétrage",
            "Mise en production",
            "Service régulier",
            "Routine",
            "Routine prévue",
            "Observations",
        ]
    )
    for rang, (ligne, (avancement, nature, vague, jours)) in enumerate(zip(esms(1), _SUIVI_1, strict=True)):
        dates = [f"{_DEPART_1 + timedelta(days=j):%d/%m/%Y}" if j is not None else "" for j in jours]
        # Un seul a perdu son zéro : la cheffe a corrigé les autres en mettant la colonne en texte.
        finess = ligne.finess.lstrip("0") if rang == 4 else ligne.finess
        prevue = f"{date(2027, 1, 11) + timedelta(days=7 * rang):%d/%m/%Y}" if jours[3] and not jours[4] else ""
        note = "Équipe très engagée ; œil à garder sur les remplaçants" if rang == 2 else ""
        ecrivain.writerow([finess, ligne.nom, ligne.ville, avancement, nature, vague, *dates, prevue, note])
    return texte.getvalue().encode("cp1252")


# --- 2. Un classeur soigné : titre, deux lignes d'en-tête fusionnées, vagues en intertitres ---

_GROUPES_2 = (
    ("N° FINESS", ()),
    ("Établissement ou service", ()),
    ("Vague", ()),
    ("État", ()),
    ("Site pilote", ()),
    ("Direction", ("Nom", "Courriel")),
    ("Référent local", ("Nom", "Courriel")),
    ("Dates réelles", ("Cadrage", "Préparation", "Ouverture", "Service régulier", "Routine")),
    ("VA", ("Date", "Issue")),
    ("VSR", ("Date", "Issue")),
    ("Dates prévues", ("Ouverture", "Routine")),
    ("Commentaire", ()),
)
# État | pilote | cinq dates réelles | VA, issue | VSR, issue | ouverture et routine prévues.
_SUIVI_2 = """
Terminé|x|04/10/2021|10/01/2022|mai 2022|12 décembre 2022|T1 2024|02/05/2022|OK|12/12/2022|prononcée||
Routine|x|05/10/2021|11/01/2022|16 mai 2022|12/12/2022|11/03/2024|02/05/2022|OK|12/12/2022|prononcée||
VSR prononcée||nov. 2021|mars 2022|5 septembre 2022|février 2023||02/05/2022|OK|20/02/2023|avec réserves||T1 2027
VSR prononcée||nov. 2021|mars 2022|06/09/2022|février 2023||02/05/2022|OK|20/02/2023|avec réserves||T1 2027
Service régulier||déc. 2021|avril 2022|T4 2022|15/05/2023||02/05/2022|OK||||T2 2027
Service régulier||déc. 2021|avril 2022|T4 2022|22/05/2023||02/05/2022|OK||||T2 2027
Ouverture||janvier 2023|03/04/2023|2 octobre 2023|||||||||S2 2027
Ouverture en cours||janvier 2023|03/04/2023|9 octobre 2023|||||||||S2 2027
Mise en production||janv. 2023|17/04/2023|nov. 2023|||||||||S2 2027
Paramétrage||T2 2023|11/09/2023||||||||mars 2027|
En paramétrage||T2 2023|18/09/2023||||||||mars 2027|
Paramétrage en cours||T3 2023|6 novembre 2023||||||||avril 2027|
Préparation||T3 2023|13 novembre 2023||||||||avril 2027|
Cadrage||mars 2024|||||||||T3 2027|
Cadrage fait||12 mars 2024|||||||||T3 2027|
Phase de cadrage||14/03/2024|||||||||T4 2027|
À lancer|||||||||||2028|
Non démarré|||||||||||2028|
En pause||mars 2023|||||||||à définir|
Sorti||avril 2022||||||||||
"""
_VAGUES_2 = (("Vague pilote", "V1", 2), ("Vague 2 : enfance et grand âge", "Vague 2", 7), ("Vague 3", "vague n° 3", 11))


def _deux() -> bytes:
    livre = Workbook()
    page = _premiere(livre, "Suivi des ESMS")
    page.append(["Suivi du déploiement du DUI, grappe de l'Estuaire (exemple inventé)"])
    page.append(["Mis à jour par Camille Exemple, comité opérationnel de novembre"])
    page.append([])
    derniere = _entete_en_groupes(page, 4, _GROUPES_2)
    page.merge_cells(start_row=1, end_row=1, start_column=1, end_column=derniere)
    directions = chain(PERSONNES, repeat(PERSONNES[0]))
    suivi = iter(zip(esms(2), (ligne.split("|") for ligne in _SUIVI_2.split("\n")[1:-1]), directions, strict=False))
    for titre, vague, combien in _VAGUES_2:
        page.append([titre])
        page.merge_cells(start_row=page.max_row, end_row=page.max_row, start_column=1, end_column=derniere)
        for ligne, dates, direction in islice(suivi, combien):
            page.append([*_identite(ligne, vague, dates, direction), *dates[2:], ""])
    page.cell(page.max_row, derniere, "Attend la fin des travaux du bâtiment B")
    page.append(["Total", f"=COUNTA(B7:B{page.max_row})"])
    archives = livre.create_sheet("Archives 2021")
    archives.sheet_state = "hidden"
    archives.append(["N° FINESS", "Établissement", "Ancien logiciel"])
    for ligne in esms(2)[:6]:
        archives.append([ligne.finess, ligne.nom, "Papier"])
    _legende(livre)
    return _octets(livre)


def _identite(ligne: LigneESMS, vague: str, dates: list[str], direction: str) -> list[Any]:
    etat, pilote = dates[:2]
    personne = [direction, courriel(direction)]
    referent = ["Lou Spécimen", courriel("Lou Spécimen")] if pilote else ["", ""]
    if etat == "Non démarré":
        personne = ["poste vacant", ""]
    return [ligne.finess, ligne.nom, vague, etat, pilote, *personne, *referent]


def _legende(livre: Workbook) -> None:
    page = livre.create_sheet("Légende")
    for ligne in (["Mot", "Ce que nous entendons par là"], ["Terminé", "Le DUI est en routine"], ["OK", "PV signé"]):
        page.append(ligne)


# --- 3. Un classeur « jalons » : une colonne par étape, pas de colonne d'état ---

_JALONS_3 = ("Entrée dans le projet", "Cadrage", "Paramétrage", "Pilote", "Ouverture", "Service régulier", "Routine")
_ECARTS_3 = (0, 45, 130, 200, 260, 350, 640)
_PILOTES_3 = (0, 17, 33)


def _trois() -> bytes:
    livre = Workbook()
    page = _premiere(livre, "Jalons")
    page.append(["FINESS géographique", "ESMS", "Département", "Vague", *_JALONS_3, "Ouverture prévue", "Remarques"])
    for rang, ligne in enumerate(esms(3)):
        depart = date(2021, 9, 6) + timedelta(days=7 * (rang % 40) + rang // 40)
        # De sept étapes franchies à aucune, en avançant dans la liste.
        franchies = 7 - rang * 8 // 80
        dates = [depart + timedelta(days=ecart) if etape < franchies else None for etape, ecart in enumerate(_ECARTS_3)]
        if rang not in _PILOTES_3:
            dates[3] = None
        prevue = date(2027, 2, 1) + timedelta(days=7 * (rang % 20)) if franchies < 5 else None
        vague = f"V{1 + rang // 20}"
        page.append(
            [ligne.finess, ligne.nom, ligne.departement, vague, *dates, prevue, "" if rang else "Premier ouvert"]
        )
    for rangee in page.iter_rows(min_row=2, min_col=5, max_col=12):
        for case in rangee:
            case.number_format = "DD/MM/YYYY"
    return _octets(livre)


# --- 4. Le classeur fautif : dix fautes, et deux avertissements sur la feuille ---

_ENTETE_4 = ("FINESS", "ESMS", "État", "Cadrage", "Préparation", "Ouverture", "Date VA", "Date VSR")
_ENTETE_4_SUITE = ("Directeur", "Courriel du directeur", "Note", "Note")


def _quatre() -> bytes:
    livre = Workbook()
    page = _premiere(livre, "Suivi")
    page.append([*_ENTETE_4, *_ENTETE_4_SUITE])
    connus = esms(4)
    juste = ["OK ou presque", "", ""]

    def ligne(rang: int, etat: str, *dates: Any, personne: tuple[str, str] = ("", ""), finess: str = "") -> list[Any]:
        cases = [*dates, *[None] * (5 - len(dates))]
        return [finess or connus[rang].finess, connus[rang].nom, etat, *cases, *personne, *juste[1:]]

    fausse = connus[2].finess[:8] + str((int(connus[2].finess[8]) + 1) % 10)
    claude = ("Claude Essai", courriel("Claude Essai"))
    lignes = [
        # 2 : juste. 3 et 4 : fusion. 5 : clé fausse, état inconnu. 6 : date illisible et date à venir.
        ligne(0, "En production", "12/01/2023", "03/04/2023", "04/09/2023", personne=claude),
        ligne(1, "Préparation", "12/01/2023"),
        ligne(3, "Préparation", "19/01/2023"),
        ligne(2, "en bonne voie", "12/01/2023", finess=fausse),
        ligne(4, "Ouverture", "31/02/2023", A_VENIR),
        # 7 : formule et VSR avant VA. 8 : direction sans courriel, étapes à l'envers. 9 et 10 : deux états.
        ligne(5, "Service régulier", "=DATE(2023,1,12)", None, None, "12/06/2023", "05/06/2023"),
        ligne(6, "Préparation", "03/04/2023", "12/01/2023", personne=("Dominique Fictif", "")),
        ligne(7, "Cadrage", "12/01/2023"),
        ligne(7, "Ouverture", "12/01/2023", "03/04/2023", "04/09/2023"),
    ]
    for cases in lignes:
        page.append(cases)
    page.merge_cells("C3:C4")
    cachee = livre.create_sheet("Ancien suivi")
    cachee.sheet_state = "hidden"
    cachee.append(["FINESS", "ESMS", "État"])
    for rang in (3, 4):
        cachee.append([connus[rang].finess, connus[rang].nom, "Cadrage"])
    return _octets(livre)


# --- Ce qui est commun ---


def _premiere(livre: Workbook, titre: str) -> Worksheet:
    page = livre.active
    assert isinstance(page, Worksheet)
    page.title = titre
    return page


def _entete_en_groupes(page: Worksheet, ligne: int, groupes: Iterable[tuple[str, tuple[str, ...]]]) -> int:
    """Écrit deux lignes d'en-tête fusionnées ; rend le rang de la dernière colonne."""
    colonne = 1
    for groupe, sous in groupes:
        page.cell(ligne, colonne, groupe).font = Font(bold=True)
        page.cell(ligne, colonne).alignment = Alignment(horizontal="center")
        for rang, nom in enumerate(sous):
            page.cell(ligne + 1, colonne + rang, nom)
        fin = colonne + max(len(sous), 1) - 1
        bas = ligne if sous else ligne + 1
        page.merge_cells(start_row=ligne, end_row=bas, start_column=colonne, end_column=fin)
        colonne = fin + 1
    return colonne - 1


def _octets(livre: Workbook) -> bytes:
    """Le classeur, sans l'heure qu'il est : ni dans ses propriétés, ni dans son archive."""
    brut, fige = io.BytesIO(), io.BytesIO()
    livre.save(brut)
    with zipfile.ZipFile(brut) as lu, zipfile.ZipFile(fige, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as ecrit:
        for nom, contenu in _parties(lu):
            entree = zipfile.ZipInfo(nom, FIGE)
            entree.compress_type = zipfile.ZIP_DEFLATED
            ecrit.writestr(entree, contenu)
    return fige.getvalue()


def _parties(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    instant = b"%d-%02d-%02dT%02d:%02d:%02dZ" % FIGE
    for nom in archive.namelist():
        contenu = archive.read(nom)
        if nom == "docProps/core.xml":
            contenu = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", instant, contenu)
        yield nom, contenu


if __name__ == "__main__":
    for nom, octets in fabriquer().items():
        (IMPORTS / nom).write_bytes(octets)
