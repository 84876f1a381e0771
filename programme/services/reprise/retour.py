"""Rendre la feuille : l'état de la base, sous les intitulés et avec les mots du classeur d'origine.

Emportée puis reprise avec la même correspondance, elle ne change rien.
"""

from typing import IO, Any

from programme.models import Grappe, Utilisateur
from programme.services.reprise.plan import CHOIX, en_mots
from programme.services.reprise.situation import ROLES, TYPES, Situation, lire_base
from programme.socle.exports import xlsx
from programme.socle.liaisons import RIEN
from programme.socle.models import Correspondance
from programme.socle.texte import normaliser


def rendre(grappe: Grappe, correspondance: Correspondance, *, par: Utilisateur) -> IO[bytes]:
    """Le classeur, en XLSX : même feuille, même ligne d'en-tête, mêmes colonnes ; les non reliées y sont vides."""
    lecture = correspondance.options.get("lecture", {})
    entetes = _entetes(correspondance)
    codes = [correspondance.colonnes.get(normaliser(e), "") for e in entetes]
    mots = {code: _mots(correspondance, code) for code in set(codes) if code}
    base = lire_base(grappe, [], [], par=par)
    situations = sorted([*base.situations.values(), *base.sortis.values()], key=lambda s: (s.esms.tri, s.esms.finess))
    lignes = [[_valeur(code, _lire(situation, code), mots) for code in codes] for situation in situations]
    nb_entetes = int(lecture.get("nb_entetes", 1))
    hauts: list[list[Any]] = [[] for _ in range(int(lecture.get("ligne_entete", 1)) - 1)]
    rangees = _etager(entetes, nb_entetes)
    return xlsx(str(lecture.get("feuille") or "ESMS"), rangees[-1], lignes, au_dessus=[*hauts, *rangees[:-1]])


def _entetes(correspondance: Correspondance) -> list[str]:
    """Les intitulés d'origine ; une correspondance venue d'ailleurs n'a que leur forme normalisée."""
    return correspondance.options.get("entetes") or list(correspondance.colonnes)


def _etager(entetes: list[str], nb_entetes: int) -> list[list[str]]:
    """« Groupe / Colonne » revient sur deux lignes ; un intitulé seul se met sur la dernière."""
    colonnes = []
    for entete in entetes:
        morceaux = entete.split(" / ", nb_entetes - 1)
        colonnes.append([""] * (nb_entetes - len(morceaux)) + morceaux)
    return [[colonne[rang] for colonne in colonnes] for rang in range(nb_entetes)]


def _mots(correspondance: Correspondance, code: str) -> dict[Any, str]:
    """Valeur → mot du classeur : le premier qui la dit, tel qu'il y était écrit."""
    ecrits = correspondance.options.get("mots", {}).get(code, {})
    rendu: dict[Any, str] = {}
    for cle, valeur in correspondance.valeurs.get(code, {}).items():
        if valeur not in (None, "", RIEN) and cle:
            rendu.setdefault(valeur, ecrits.get(cle, cle))
    return rendu


def _lire(situation: Situation, code: str) -> Any:
    """Ce que dit la base pour cette colonne."""
    if code == "finess":
        return situation.esms.finess
    if code == "nom_esms":
        return situation.esms.nom
    if code == "solution":
        return situation.parcours.solution.nom if situation.parcours and situation.parcours.solution else ""
    prefixe, _, suite = code.partition("_")
    if prefixe in ROLES and suite in ("nom", "courriel"):
        tenues = situation.tenues[prefixe]
        return getattr(tenues[-1], suite) if tenues else ""
    if prefixe in TYPES and suite in ("date", "issue"):
        constats = situation.verifications[prefixe]
        return constats[-1][0 if suite == "date" else 1] if constats else None
    return situation.valeurs.get(code)


def _valeur(code: str, valeur: Any, mots: dict[str, dict[Any, str]]) -> Any:
    """Dans les mots du classeur s'il en a, sinon dans ceux de Treille ; une date reste une date."""
    if valeur is None or valeur == "":
        return ""
    if valeur in (siens := mots.get(code, {})):
        return siens[valeur]
    return en_mots(code, valeur) if code in CHOIX or code == "est_pilote" else valeur
