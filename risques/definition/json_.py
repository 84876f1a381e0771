"""Un questionnaire en JSON : lu avec la ligne de chaque objet, rendu à l'identique. Aucun texte n'y est interprété."""

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from json.decoder import JSONArray, JSONDecodeError, JSONDecoder, JSONObject  # type: ignore[attr-defined]
from json.scanner import py_make_scanner  # type: ignore[attr-defined]
from typing import Any

from programme.socle.classeur import refuser_nir
from programme.socle.texte import porte_nir
from risques.definition.fautes import Brut, Faute, Lu, Place, Releve, en_mots
from risques.definition.modele import Definition
from risques.definition.verification import verifier

PLAFOND = 2 * 1024 * 1024
PROFONDEUR = 20
"""Un questionnaire en demande sept ; au-delà, ce n'en est pas un."""

FICHIER = "fichier JSON"
VIDE = "Le fichier est vide : déposez le JSON d'un questionnaire."
TROP_GROS = f"Le fichier pèse plus de {PLAFOND >> 20} Mo : ce n'est sans doute pas un questionnaire."
PAS_DU_TEXTE = "Ce fichier n'est pas du texte en UTF-8 : réenregistrez-le, ou déposez un classeur .xlsx."
ILLISIBLE = "Le JSON est mal écrit au signe {} de la ligne {} : corrigez une virgule, un guillemet ou une accolade."
NOMBRE_ENORME = "Un nombre du fichier a trop de chiffres pour se lire : corrigez-le."
TROP_PROFOND = (
    f"Le JSON s'emboîte sur plus de {PROFONDEUR} niveaux (ligne {{}}) : ce n'est sans doute pas un questionnaire."
)
CLE_DOUBLE = "La clé « {} » est là plusieurs fois dans le même objet : gardez-en une."


class _TropProfond(Exception):
    """`position` : où l'on a cessé de lire."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


class _Decodeur(JSONDecoder):
    """Le décodeur de la bibliothèque, qui note la ligne de chaque objet, ses clés répétées, et s'arrête trop bas."""

    def __init__(self, texte: str) -> None:
        super().__init__()
        self.releve = Releve()
        self.profondeur = 0
        self._fins = [position for position, signe in enumerate(texte) if signe == "\n"]
        self.parse_object, self.parse_array = self._objet, self._liste
        self.scan_once = py_make_scanner(self)

    def ligne(self, position: int) -> int:
        """La ligne de cette position, à partir de 1."""
        return bisect_right(self._fins, position - 1) + 1

    def _descendre(self, position: int) -> None:
        self.profondeur += 1
        if self.profondeur > PROFONDEUR:
            raise _TropProfond(position)

    def _liste(self, ou: tuple[str, int], *suite: Any) -> Any:
        self._descendre(ou[1])
        rendu = JSONArray(ou, *suite)
        self.profondeur -= 1
        return rendu

    def _objet(self, ou: tuple[str, int], strict: bool, lire: Any, *_: Any) -> tuple[Brut, int]:
        self._descendre(ou[1])
        ligne = self.ligne(ou[1] - 1)
        # Les paires, et non le dictionnaire : une clé répétée y effacerait la première sans rien dire.
        paires, fin = JSONObject(ou, strict, lire, None, list, None)
        self.profondeur -= 1
        nombres = Counter(cle for cle, _ in paires)
        for cle, combien in nombres.items():
            if combien > 1:
                self.releve.dire(Place(FICHIER, ligne, en_mots(cle)), CLE_DOUBLE.format(en_mots(cle)))
        return Brut(dict(paires), ligne=ligne), fin


def lire_json(octets: bytes) -> Lu:
    """Le questionnaire d'un fichier JSON, ou toutes ses fautes. Lève `FichierIndesirable` s'il porte un NIR."""
    try:
        texte = octets.decode("utf-8-sig") if len(octets) <= PLAFOND else ""
    except UnicodeDecodeError:
        return _refus(PAS_DU_TEXTE)
    if not texte.strip():
        return _refus(TROP_GROS if octets[PLAFOND:] else VIDE)
    decodeur = _Decodeur(texte)
    try:
        brut = decodeur.decode(texte)
    except JSONDecodeError as faute:
        return _refus(ILLISIBLE.format(faute.colno, faute.lineno), faute.lineno)
    except _TropProfond as faute:
        ligne = decodeur.ligne(faute.position)
        return _refus(TROP_PROFOND.format(ligne), ligne)
    except ValueError:
        return _refus(NOMBRE_ENORME)
    refuser_nir([f"ligne {ligne}" if ligne else "fichier" for ligne in _lignes_de_nir(brut, None)])
    definition, fautes = verifier(brut)
    fautes = sorted([*decodeur.releve.fautes, *fautes], key=lambda faute: faute.ligne or 0)
    return Lu(None if fautes else definition, fautes)


def ecrire_json(definition: Definition) -> bytes:
    """Le fichier d'échange : UTF-8, toutes les valeurs dites, une par ligne."""
    return (json.dumps(definition.en_dict(), ensure_ascii=False, indent=2) + "\n").encode()


def _refus(raison: str, ligne: int | None = None) -> Lu:
    return Lu(None, [Faute(FICHIER, ligne, "", raison)])


def _lignes_de_nir(valeur: Any, ligne: int | None) -> Iterator[int | None]:
    """La ligne de l'objet qui porte un numéro, clé ou valeur."""
    if isinstance(valeur, Brut):
        for cle, contenu in valeur.items():
            if porte_nir(cle):
                yield valeur.ligne
            yield from _lignes_de_nir(contenu, valeur.ligne)
    elif isinstance(valeur, list):
        for contenu in valeur:
            yield from _lignes_de_nir(contenu, ligne)
    elif isinstance(valeur, str | int) and porte_nir(str(valeur)):
        yield ligne
