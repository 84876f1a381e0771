"""t-finess : un CSV à virgule (ou point-virgule) dont les colonnes portent un nom, lu ligne à ligne.

Les colonnes se lisent par leur nom, dans n'importe quel ordre ; les autres sont ignorées, leur liste varie d'une année
à l'autre. Une ligne est un établissement (`type` « ET ») ou une entité juridique (« EJ ») : l'OG se lit sur ses
établissements, qui le nomment tous.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from programme.socle.finess.etalab import BOM, Decodeur
from programme.socle.finess.fabrique import (
    composer_adresse,
    fabriquer_esms,
    fabriquer_og,
    lire_acheminement,
    lire_date,
    numero_utilisable,
)
from programme.socle.finess.lignes import Ligne, LigneESMS, LigneOG, Rejet
from programme.socle.finess.refus import FichierRefuse, apres

SIGNATURE = frozenset({"finess", "ej_finess"})
INDISPENSABLES = ("finess", "type", "etat", "rs", "ej_finess", "categ_code", "com_code", "adresse_code_postal")
SEPARATEURS = (",", ";")
ETABLISSEMENT, ENTITE_JURIDIQUE = "ET", "EJ"
ACTUEL = "ACTUEL"

COLONNES_MANQUENT = "Il manque à ce fichier t-finess {} : téléchargez-le de nouveau en entier."
SANS_LIGNE = "Ce fichier t-finess n'a que ses intitulés : téléchargez-le de nouveau."
SANS_ETABLISSEMENT = "Ce fichier t-finess ne porte aucun établissement (type « ET ») : téléchargez-le de nouveau."
ABIME = (
    "Ce fichier t-finess est abîmé {}, vers la ligne {} (souvent un guillemet jamais refermé) : téléchargez-le de "
    "nouveau."
)
COUPEE = "La ligne a {} champs au lieu de {} : elle est coupée, ou contient un séparateur de trop."
MAL_ENCODEE = "Ligne illisible : elle n'est pas en {} comme le début du fichier ; réenregistrez-le."
TYPE_INCONNU = "Type « {} » inconnu : on attend « ET » (établissement) ou « EJ » (entité juridique)."

Champs = dict[str, str]


def colonnes_de(premiere: str) -> tuple[list[str], str]:
    """Les noms de colonnes d'une première ligne et son séparateur ; aucune si ce n'est pas t-finess."""
    for separateur in SEPARATEURS:
        noms = [nom.strip().strip('"').lower() for nom in premiere.strip().split(separateur)]
        if set(noms) >= SIGNATURE:
            return noms, separateur
    return [], ""


def exiger_colonnes(noms: list[str]) -> None:
    """Lève FichierRefuse si une colonne indispensable manque."""
    if manquantes := [nom for nom in INDISPENSABLES if nom not in noms]:
        quoi = "la colonne" if len(manquantes) == 1 else "les colonnes"
        raise FichierRefuse(COLONNES_MANQUENT.format(f"{quoi} {', '.join(f'« {nom} »' for nom in manquantes)}"))


def lire_millesime(debut: str) -> date | None:
    """La date d'extraction que porte la première ligne de données, si elle se lit."""
    lignes = debut.splitlines()[:2]
    noms, separateur = colonnes_de(lignes[0]) if lignes else ([], "")
    if len(lignes) < 2 or not noms:
        return None
    champs = dict(zip(noms, next(csv.reader([lignes[1]], delimiter=separateur)), strict=False))
    try:
        return lire_date(champs.get("date_extract_finess") or champs.get("date_maj") or "")
    except ValueError:
        return None


def lire_t_finess(lignes: Iterable[bytes]) -> Iterator[Ligne]:
    """Itère OG, établissements et rejets ; un OG précède chacun des siens. Lève FichierRefuse."""
    octets = iter(lignes)
    noms, separateur = colonnes_de(next(octets, b"").removeprefix(BOM).decode("utf-8", "replace"))
    exiger_colonnes(noms)
    textes = _Textes(octets)
    lecteur, lues, etablissements = csv.reader(textes, delimiter=separateur), 0, 0
    premieres: dict[str, int] = {}
    try:
        for champs in lecteur:
            if not any(champs):
                continue
            lues += 1
            rang = lecteur.line_num + 1
            if textes.illisible():
                yield Rejet(rang, "", "", MAL_ENCODEE.format(textes.encodage.upper()))
            elif len(champs) != len(noms):
                numero = dict(zip(noms, champs, strict=False)).get("finess", "")
                yield Rejet(rang, numero[:30], "", COUPEE.format(len(champs), len(noms)))
            else:
                ligne = dict(zip(noms, (champ.strip() for champ in champs), strict=True))
                etablissements += ligne["type"].upper() == ETABLISSEMENT
                yield from _ligne(rang, ligne, premieres)
    except csv.Error as erreur:
        raise FichierRefuse(ABIME.format(apres(etablissements), lecteur.line_num + 1)) from erreur
    if not etablissements:
        raise FichierRefuse(SANS_ETABLISSEMENT if lues else SANS_LIGNE)


class _Textes:
    """Les lignes décodées, une à une ; retient si l'une de celles de l'enregistrement en cours ne l'a pas été."""

    def __init__(self, octets: Iterator[bytes]) -> None:
        self._octets = octets
        self._decodeur = Decodeur()
        self._illisible = False

    def __iter__(self) -> "_Textes":
        return self

    def __next__(self) -> str:
        octets = next(self._octets)
        try:
            return self._decodeur.lire(octets)
        except UnicodeDecodeError:
            self._illisible = True
            return octets.decode("ascii", "replace")

    @property
    def encodage(self) -> str:
        """L'encodage tenu depuis la première ligne accentuée."""
        return self._decodeur.encodage

    def illisible(self) -> bool:
        """Vrai si l'enregistrement qui vient d'être rendu ne se lit pas dans l'encodage du fichier."""
        vu, self._illisible = self._illisible, False
        return vu


def _ligne(rang: int, champs: Champs, premieres: dict[str, int]) -> Iterator[Ligne]:
    nature = champs["type"].upper()
    if nature == ETABLISSEMENT:
        # L'OG revient à chaque établissement, sous le numéro de sa première ligne : l'annuaire n'en garde que s'il
        # retient l'établissement, et le prochain peut être loin.
        numero = numero_utilisable(champs["ej_finess"])
        if numero and champs.get("ej_rs"):
            yield _og(premieres.setdefault(numero, rang), numero, champs)
        yield _esms(rang, champs)
    elif nature != ENTITE_JURIDIQUE:
        yield Rejet(rang, champs["finess"][:30], "type", TYPE_INCONNU.format(champs["type"][:20]))


def _og(rang: int, numero: str, champs: Champs) -> LigneOG | Rejet:
    og = fabriquer_og(
        ligne=rang,
        numero=numero,
        siren=champs.get("siren"),
        nom=champs["ej_rs"],
        nom_long="",
        statut_juridique=champs.get("statut_jur_code"),
        commune_cog="",
        code_postal="",
        ville="",
        cree_le="",
        ferme_le="",
    )
    # Le fichier n'a que le nom court : il ne remplace pas le nom long que FINESS+ aurait donné.
    return replace(og, nom_long="") if isinstance(og, LigneOG) else og


def _esms(rang: int, champs: Champs) -> LigneESMS | Rejet:
    code_postal, ville = lire_acheminement(champs.get("adresse_lib_routage", ""))
    commune = champs["com_code"]
    esms = fabriquer_esms(
        ligne=rang,
        colonne="finess",
        numero=champs["finess"],
        numero_og=champs["ej_finess"],
        nom=champs["rs"] or champs.get("et_rs"),
        nom_long="",
        categorie=champs["categ_code"],
        siret=champs.get("siret"),
        # Un tableur perd aussi le zéro de tête des communes et des codes postaux.
        commune_cog=commune.zfill(5) if commune else "",
        code_postal=champs["adresse_code_postal"].zfill(5) if champs["adresse_code_postal"] else code_postal,
        ville=ville,
        adresse=composer_adresse(
            champs.get("adresse_num_voie", ""),
            champs.get("adresse_comp_voie", ""),
            champs.get("adresse_type_voie", ""),
            champs.get("adresse_nom_voie", ""),
            champs.get("adresse_lieuditbp", ""),
        ),
        ouvert_le=champs.get("date_ouverture"),
        ferme_le="",
        actif=champs["etat"].upper() == ACTUEL,
        paires=(
            (champs.get("geoloc_4326_long"), champs.get("geoloc_4326_lat")),
            (champs.get("geoloc_x"), champs.get("geoloc_y")),
        ),
    )
    return replace(esms, nom_long="") if isinstance(esms, LigneESMS) else esms
