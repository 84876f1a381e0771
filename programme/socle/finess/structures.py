"""FINESS+ : `pmej[]` (organismes gestionnaires) → `ege[]` (établissements), lu événement par événement.

On ne construit aucun objet JSON : les contacts, événements et engagements, gros du fichier, passent sans
être gardés, et un gestionnaire de mille établissements ne coûte pas plus qu'un seul. Le fichier réel et le
schéma publié diffèrent (`PMEJ`/`Pmej`, code nu ou objet `{code, system}`, SIRET dans ou hors des
informations générales) : les deux écritures mènent au même champ.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import IO, Any

import ijson

from programme.socle.finess.fabrique import composer_adresse, fabriquer_esms, fabriquer_og, nettoyer
from programme.socle.finess.garde import FluxGarde
from programme.socle.finess.lignes import Ligne
from programme.socle.finess.refus import FichierRefuse, apres

CLES_DE_TETE = frozenset({"schemaVersion", "generatedAt", "gco", "gcc", "pmej"})
TAILLE_DE_LECTURE = 1 << 18
USAGE_ETABLISSEMENT, USAGE_SIEGE = "03", "02"
ACTIF = "A"

Brut = dict[str, Any]

_OG, _ADRESSE_OG, _ESMS, _ADRESSE = range(4)
_PMEJ, _EGE = "pmej.item", "pmej.item.ege.item"
_ADRESSE_OG_ITEM, _ADRESSE_ITEM = f"{_PMEJ}.adresse.item", f"{_EGE}.adresse.item"

CHAMPS_ADRESSE = (
    "usageAdresse",
    "numeroVoie",
    "typeVoie",
    "libelleVoie",
    "complementVoie",
    "complementPointGeographique",
    "lieuDit",
    "cogCommune",
    "ligneAcheminement",
    "ligneQuatre",
    "codePostal",
)
CHAMPS_COORDONNEES = ("coordonneeX", "coordonneeY", "directionLatitude", "directionLongitude")
CHAMPS_OG = (
    "numFinessPm",
    "siren",
    "denominationPm",
    "denominationLonguePmSmsse",
    "statutJuridique",
    "dateCreation",
    "dateFermeture",
)
_CHAMPS_EGE = ("numFinessEge", "nomEgeCourt", "nomEgeLong", "dateOuverture", "dateFermeture", "siret", "etatObjet")


def _cibles() -> dict[str, tuple[int, str]]:
    """Chemin JSON d'une valeur → (objet qui la reçoit, nom du champ)."""
    cibles: dict[str, tuple[int, str]] = {}

    def inscrire(chemin: str, objet: int, champ: str) -> None:
        cibles[chemin] = cibles[f"{chemin}.code"] = (objet, champ)

    for general in ("informationsGeneralesPMEJ", "informationsGeneralesPmej"):
        for champ in CHAMPS_OG:
            inscrire(f"{_PMEJ}.{general}.{champ}", _OG, champ)
    for racine in (_EGE, f"{_EGE}.informationsGeneralesEGE", f"{_EGE}.informationsGeneralesEge"):
        for champ in _CHAMPS_EGE:
            inscrire(f"{racine}.{champ}", _ESMS, champ)
        # Le fichier écrit « entite » en minuscule, le schéma en capitale.
        for champ in ("categorieentiteGeographiqueExercice", "categorieEntiteGeographiqueExercice"):
            inscrire(f"{racine}.{champ}", _ESMS, "categorie")
    for racine, objet in ((_PMEJ, _ADRESSE_OG), (_EGE, _ADRESSE)):
        for champ in CHAMPS_ADRESSE:
            inscrire(f"{racine}.adresse.item.{champ}", objet, champ)
        for champ in CHAMPS_COORDONNEES:
            inscrire(f"{racine}.adresse.item.coordonneesGeographique.{champ}", objet, champ)
    return cibles


_CIBLES = _cibles()


def lire_structures(flux: IO[bytes] | FluxGarde) -> Iterator[Ligne]:
    """Itère OG, établissements et rejets ; chaque OG précède les siens. Lève FichierRefuse."""
    lecteur = _Lecteur()
    try:
        yield from lecteur.parcourir(flux)
    except (ijson.JSONError, UnicodeDecodeError) as erreur:
        raise FichierRefuse(_dire(erreur, lecteur.rang)) from erreur
    if not lecteur.pmej_vue:
        raise FichierRefuse(
            "Ce JSON ne contient pas la liste « pmej » des organismes gestionnaires : "
            "choisissez le fichier FINESS+ des structures."
        )


def _dire(erreur: Exception, nb_lus: int) -> str:
    detail = str(erreur)
    if "premature EOF" in detail or "Incomplete" in detail:
        return f"Ce fichier FINESS+ est coupé : il s'arrête {apres(nb_lus)} ; téléchargez-le de nouveau."
    if isinstance(erreur, UnicodeDecodeError) or "UTF8" in detail or "utf-8" in detail:
        return f"L'encodage de ce fichier FINESS+ est illisible {apres(nb_lus)} ; téléchargez-le de nouveau (UTF-8)."
    return f"Ce fichier FINESS+ est abîmé {apres(nb_lus)} : son JSON n'est plus valide ; téléchargez-le de nouveau."


class _Lecteur:
    """L'objet en cours à chaque étage, et ce qu'on fait quand l'un d'eux s'ouvre ou se ferme."""

    def __init__(self) -> None:
        self.objets: list[Brut] = [{}, {}, {}, {}]
        self.adresse_og: Brut = {}
        self.en_attente: list[tuple[int, Brut]] = []
        self.rang_og = self.rang = 0
        self.og_rendu = self.pmej_vue = False

    def parcourir(self, flux: IO[bytes] | FluxGarde) -> Iterator[Ligne]:
        cibles, objets = _CIBLES, self.objets
        gestes: dict[tuple[str, str], Callable[[], Iterable[Ligne]]] = {
            ("start_map", _PMEJ): self._commencer_og,
            ("start_map", _ADRESSE_OG_ITEM): partial(self._vider, _ADRESSE_OG),
            ("end_map", _ADRESSE_OG_ITEM): self._retenir_siege,
            ("start_array", f"{_PMEJ}.ege"): self._annoncer_og,
            ("start_map", _EGE): partial(self._vider, _ESMS),
            ("start_map", _ADRESSE_ITEM): partial(self._vider, _ADRESSE),
            ("end_map", _ADRESSE_ITEM): self._retenir_adresse,
            ("end_map", _EGE): self._finir_esms,
            ("end_map", _PMEJ): self._finir_og,
            ("start_array", "pmej"): self._voir_pmej,
        }
        for chemin, evenement, valeur in ijson.parse(flux, buf_size=TAILLE_DE_LECTURE, use_float=True):
            cible = cibles.get(chemin)
            if cible is not None:
                # Un objet {code, system} annonce ici son début, ses clés et sa fin : seule sa valeur compte.
                if valeur is not None and evenement != "map_key":
                    objets[cible[0]][cible[1]] = str(valeur)
            elif valeur is None and (geste := gestes.get((evenement, chemin))):
                yield from geste()

    def _voir_pmej(self) -> tuple[Ligne, ...]:
        self.pmej_vue = True
        return ()

    def _vider(self, objet: int) -> tuple[Ligne, ...]:
        self.objets[objet] = {}
        return ()

    def _commencer_og(self) -> tuple[Ligne, ...]:
        self.rang_og += 1
        self.objets[_OG], self.adresse_og, self.og_rendu = {}, {}, False
        return ()

    def _retenir_siege(self) -> tuple[Ligne, ...]:
        """Garde l'adresse d'usage 02 ; à défaut, la première."""
        adresse = self.objets[_ADRESSE_OG]
        if not self.adresse_og or adresse.get("usageAdresse") == USAGE_SIEGE:
            self.adresse_og = adresse
        return ()

    def _retenir_adresse(self) -> tuple[Ligne, ...]:
        """Garde l'adresse d'usage 03 ; à défaut, la première."""
        esms, adresse = self.objets[_ESMS], self.objets[_ADRESSE]
        if "adresse" not in esms or adresse.get("usageAdresse") == USAGE_ETABLISSEMENT:
            esms["adresse"] = adresse
        return ()

    def _annoncer_og(self) -> tuple[Ligne, ...]:
        if "numFinessPm" not in self.objets[_OG]:
            return ()
        self.og_rendu = True
        return (_og(self.rang_og, self.objets[_OG], self.adresse_og),)

    def _finir_esms(self) -> tuple[Ligne, ...]:
        self.rang += 1
        if self.og_rendu:
            return (_esms(self.rang, self.objets[_ESMS], self.objets[_OG]),)
        # Une pmej dont les établissements précéderaient l'identité : on attend celle-ci.
        self.en_attente.append((self.rang, self.objets[_ESMS]))
        return ()

    def _finir_og(self) -> Iterator[Ligne]:
        if not self.og_rendu:
            yield _og(self.rang_og, self.objets[_OG], self.adresse_og)
        for rang, brut in self.en_attente:
            yield _esms(rang, brut, self.objets[_OG])
        self.en_attente = []


def _og(rang: int, og: Brut, adresse: Brut) -> Ligne:
    return fabriquer_og(
        ligne=rang,
        numero=og.get("numFinessPm"),
        siren=og.get("siren"),
        nom=og.get("denominationPm"),
        nom_long=og.get("denominationLonguePmSmsse"),
        statut_juridique=og.get("statutJuridique"),
        commune_cog=adresse.get("cogCommune"),
        code_postal=adresse.get("codePostal"),
        ville=adresse.get("ligneAcheminement"),
        cree_le=og.get("dateCreation"),
        ferme_le=og.get("dateFermeture"),
    )


def _esms(rang: int, esms: Brut, og: Brut) -> Ligne:
    adresse = esms.get("adresse", {})
    x, y = adresse.get("coordonneeX"), adresse.get("coordonneeY")
    return fabriquer_esms(
        ligne=rang,
        colonne="numFinessEge",
        numero=esms.get("numFinessEge"),
        numero_og=og.get("numFinessPm"),
        nom=esms.get("nomEgeCourt"),
        nom_long=esms.get("nomEgeLong"),
        categorie=esms.get("categorie"),
        siret=esms.get("siret"),
        commune_cog=adresse.get("cogCommune"),
        code_postal=adresse.get("codePostal"),
        ville=adresse.get("ligneAcheminement"),
        adresse=_adresse(adresse),
        ouvert_le=esms.get("dateOuverture"),
        ferme_le=esms.get("dateFermeture"),
        actif=esms.get("etatObjet") == ACTIF,
        paires=((x, y), (adresse.get("directionLongitude"), adresse.get("directionLatitude"))),
    )


def _adresse(adresse: Brut) -> str:
    """La ligne quatre (voie développée) de préférence, sinon la voie composée de ses morceaux."""
    voie = nettoyer(adresse.get("ligneQuatre"))
    lieu_dit = adresse.get("lieuDit", "")
    if voie:
        reste = nettoyer(lieu_dit)
        voie = f"{voie}, {reste}" if reste else voie
    else:
        voie = composer_adresse(
            adresse.get("numeroVoie", ""),
            adresse.get("complementVoie", ""),
            adresse.get("typeVoie", ""),
            adresse.get("libelleVoie", ""),
            lieu_dit,
        )
    complement = nettoyer(adresse.get("complementPointGeographique"))
    return ", ".join(filter(None, (complement, voie)))
