"""L'extrait etalab des établissements (cs1100502), lu ligne à ligne.

Première ligne `finess;etalab;<version>;<date>`, puis `structureet;…` en 32 champs sans en-tête, puis
parfois une section `geolocalisation;…`. Rien n'est gardé en mémoire hors les coordonnées en degrés.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping

from programme.socle.finess.fabrique import (
    composer_adresse,
    fabriquer_esms,
    lire_acheminement,
    numero_utilisable,
)
from programme.socle.finess.lignes import LigneESMS, Rejet
from programme.socle.finess.refus import FichierRefuse, apres
from programme.socle.finess.territoire import Paire, code_departement, commune_cog

NB_CHAMPS = 32
# Un tableur qui réenregistre le fichier retire parfois le dernier champ, presque toujours vide.
NB_CHAMPS_MINIMAL = 31
BOM = b"\xef\xbb\xbf"


class Decodeur:
    """UTF-8 ou cp1252, décidé sur la première ligne accentuée puis tenu jusqu'au bout."""

    def __init__(self) -> None:
        self.encodage = ""

    def lire(self, octets: bytes) -> str:
        """Une ligne en texte. Lève UnicodeDecodeError si elle ne suit pas l'encodage du fichier."""
        if octets.isascii():
            return octets.decode("ascii")
        if not self.encodage:
            self.encodage = _deviner(octets)
        return octets.decode(self.encodage)


def _deviner(octets: bytes) -> str:
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def decouper(ligne: str) -> list[str]:
    """Les champs d'une ligne. Un guillemet sans jumeau est gardé tel quel : il ne mange pas la suite."""
    if '"' not in ligne:
        return ligne.split(";")
    if ligne.count('"') % 2:
        return ligne.split(";")
    return next(csv.reader([ligne], delimiter=";"))


def lire_coordonnees(lignes: Iterable[bytes]) -> dict[str, Paire]:
    """Coordonnées de la section `geolocalisation`, par numéro, si elles peuvent être des degrés.

    Cette section suit les établissements : elle se lit d'abord, dans un premier passage. Les mètres
    (Lambert 93, UTM), cas le plus courant, ne sont pas gardés.
    """
    trouvees: dict[str, Paire] = {}
    for octets in lignes:
        if not octets.startswith(b"geolocalisation;"):
            continue
        champs = octets.decode("ascii", "replace").rstrip("\r\n").split(";")
        numero = numero_utilisable(champs[1])
        if numero and len(champs) >= 4 and _degres(champs[2]) and _degres(champs[3]):
            trouvees[numero] = (champs[2], champs[3])
    return trouvees


def _degres(texte: str) -> bool:
    try:
        return abs(float(texte.replace(",", "."))) <= 180
    except ValueError:
        return False


def lire_etalab(lignes: Iterable[bytes], coordonnees: Mapping[str, Paire]) -> Iterator[LigneESMS | Rejet]:
    """Itère les établissements et les rejets, avec leur numéro de ligne dans le fichier.

    `lignes` commence à la première du fichier. Lève FichierRefuse si aucune ligne `structureet` n'existe.
    """
    decodeur, lues = Decodeur(), 0
    for rang, octets in enumerate(lignes, start=1):
        octets = octets.removeprefix(BOM) if rang == 1 else octets
        try:
            texte = decodeur.lire(octets).rstrip("\r\n")
        except UnicodeDecodeError:
            yield Rejet(rang, "", "", _mal_encodee(decodeur.encodage))
            continue
        champs = decouper(texte)
        if not any(champs) or champs[0] == "geolocalisation" or (rang == 1 and champs[0] == "finess"):
            continue
        if champs[0] != "structureet":
            if not lues:
                raise FichierRefuse(_autre_extrait(rang, champs[0]))
            yield Rejet(rang, "", "section", _section_inconnue(champs[0]))
            continue
        lues += 1
        yield _etablissement(rang, champs, coordonnees)
    if not lues:
        raise FichierRefuse(
            f"Cet extrait etalab s'arrête {apres(0)} : aucune ligne ne commence par « structureet » ; "
            "téléchargez de nouveau l'extrait des établissements (cs1100502)."
        )


def _autre_extrait(rang: int, section: str) -> str:
    return (
        f"La ligne {rang} commence par « {section[:30]} » au lieu de « structureet » : c'est un autre extrait FINESS ; "
        "choisissez celui des établissements (cs1100502)."
    )


def _section_inconnue(nom: str) -> str:
    return f"Ligne de section « {nom[:30]} » ignorée : on attend « structureet » ou « geolocalisation »."


def _mal_encodee(encodage: str) -> str:
    return f"Ligne illisible : elle n'est pas en {encodage.upper()} comme le début du fichier ; réenregistrez-le."


def _etablissement(rang: int, champs: list[str], coordonnees: Mapping[str, Paire]) -> LigneESMS | Rejet:
    while len(champs) > NB_CHAMPS and not champs[-1]:
        champs.pop()
    if not NB_CHAMPS_MINIMAL <= len(champs) <= NB_CHAMPS:
        return Rejet(
            rang,
            champs[1][:30] if len(champs) > 1 else "",
            "",
            f"La ligne a {len(champs)} champs au lieu de {NB_CHAMPS} : elle est coupée, ou contient un « ; » de trop.",
        )
    code_postal, ville = lire_acheminement(champs[15])
    paire = coordonnees.get(numero_utilisable(champs[1]) or "") if coordonnees else None
    return fabriquer_esms(
        ligne=rang,
        colonne="nofinesset",
        numero=champs[1],
        numero_og=champs[2],
        nom=champs[3],
        nom_long=champs[4],
        categorie=champs[18],
        siret=champs[22],
        commune_cog=commune_cog(code_departement(champs[13]), champs[12].strip()),
        code_postal=code_postal,
        ville=ville,
        adresse=composer_adresse(champs[7], champs[10], champs[8], champs[9], champs[11]),
        ouvert_le=champs[28],
        ferme_le="",
        actif=True,
        paires=(paire,) if paire else (),
    )
