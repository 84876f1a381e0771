"""Ce qu'un fichier FINESS donne, quel que soit son format : OG, ESMS, rejets.

Provenance de chaque champ, notée « FINESS+ | etalab » (le numéro etalab est le rang du champ, de 0
à 31, « structureet » compris) ; pour t-finess, voir `t_finess`. Tout texte absent vaut chaîne vide, toute
date ou coordonnée absente None.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class LigneOG:
    """Un organisme gestionnaire : une entrée de `pmej`, ou l'EJ que nomme une ligne de t-finess ; etalab n'en a pas."""

    ligne: int  # rang dans `pmej`, à partir de 1
    finess: str  # numFinessPm
    siren: str  # siren
    nom: str  # denominationPm
    nom_long: str  # denominationLonguePmSmsse
    statut_juridique: str  # statutJuridique, code à deux chiffres sans libellé
    commune_cog: str  # adresse du siège (usage 02) : cogCommune
    code_postal: str  # adresse du siège : codePostal
    ville: str  # adresse du siège : ligneAcheminement
    departement: str  # déduit de la commune, code INSEE
    cree_le: date | None  # dateCreation
    ferme_le: date | None  # dateFermeture
    avertissements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LigneESMS:
    """Un établissement : une entrée de `ege`, ou une ligne `structureet`.

    `ouvert_le` reprend le fichier tel quel : les dates d'attente du répertoire (1900-01-01, 1904-04-04)
    n'y sont pas devinées. `finess_og` est vide si le fichier ne donne pas d'OG utilisable.
    """

    ligne: int  # rang dans le fichier, tous `ege` confondus | numéro de ligne ; à partir de 1
    finess: str  # numFinessEge | 1
    finess_og: str  # numFinessPm de la pmej qui le contient | 2
    nom: str  # nomEgeCourt | 3
    nom_long: str  # nomEgeLong | 4
    categorie: str  # categorieentiteGeographiqueExercice | 18
    siret: str  # siret | 22
    commune_cog: str  # adresse d'usage 03 : cogCommune | 13 et 12
    code_postal: str  # codePostal | début de 15
    ville: str  # ligneAcheminement | suite de 15
    departement: str  # déduit de la commune : code INSEE, outre-mer à trois chiffres
    adresse: str  # ligneQuatre et ses compléments | 7 à 11 ; vide pour 236, 238, 462
    ouvert_le: date | None  # dateOuverture | 28
    ferme_le: date | None  # dateFermeture | toujours None
    actif: bool  # etatObjet « A » et pas de fermeture | toujours vrai
    longitude: float | None  # WGS84, degrés ; None si incohérente avec le département, ou adresse tue
    latitude: float | None
    avertissements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejet:
    """Une ligne écartée : où, quoi, pourquoi. `raison` est une phrase à montrer."""

    ligne: int
    numero: str
    colonne: str
    raison: str


Ligne = LigneOG | LigneESMS | Rejet
