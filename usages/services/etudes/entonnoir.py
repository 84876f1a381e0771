"""L'entonnoir d'une étude, lu de la base : ses étapes, celles qui sont figées, ce qui a bougé depuis."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from programme.models import Parcours
from usages.calculs.definitions_entonnoir import etape_depuis
from usages.calculs.entonnoir import Entonnoir, Etape, EtapeImpossible, Resultat, derouler, differences
from usages.calculs.faits_entonnoir import CONNUS, libelle_du_fait
from usages.calculs.unites_entonnoir import Nature, Unite
from usages.models import EtapeEtude, Etude

MALFORMEES = (ValueError, TypeError, KeyError, AttributeError, IndexError, ArithmeticError)
"""Ce que lève une donnée gardée en base qui n'a pas la forme qu'on attend."""
BASE_ILLISIBLE = "La base ne se lit pas : prenez-la de nouveau."
INJOUABLE = "ce qui la définit ne se joue pas. Modifiez-la pour l'écrire de nouveau."


@dataclass(frozen=True, slots=True)
class Deroule:
    """L'entonnoir aussi loin qu'il se joue. `faute` : pourquoi il s'arrête à l'étape `arret`, vide s'il va au bout."""

    entonnoir: Entonnoir
    etapes: tuple[EtapeEtude, ...]
    faute: str = ""
    arret: EtapeEtude | None = None
    bouge: Mapping[str, list[str]] = field(default_factory=dict, hash=False)
    """Code d'une étape figée → ce qui a changé dans ce qui y entre, une phrase par unité."""

    def resultat(self, code: str) -> Resultat | None:
        """Ce que cette étape a fait ; None si l'on n'y est pas arrivé."""
        return next((r for r in self.entonnoir.resultats if r.code == code), None)

    def entrees_de(self, etape: EtapeEtude) -> tuple[Unite, ...]:
        """Ce qui entre dans cette étape ; vide si l'on n'y arrive pas."""
        if resultat := self.resultat(etape.code):
            return resultat.entrees
        return self.entonnoir.sorties if etape == self.arret else ()


def lire_etape(etape: EtapeEtude) -> Etape:
    """L'étape pure que dit cette ligne. Lève `EtapeImpossible`."""
    return etape_depuis(
        genre=etape.genre, code=etape.code, titre=etape.titre, palier=etape.palier, definition=etape.definition
    )


def base_de(etude: Etude) -> list[Unite]:
    """Les unités d'où part l'entonnoir, telles qu'on les a prises. Lève `EtapeImpossible` si elles ne se lisent pas."""
    try:
        return [Unite.depuis(u) for u in etude.base]
    except MALFORMEES as faute:
        raise EtapeImpossible(BASE_ILLISIBLE) from faute


def etapes_de(etude: Etude) -> list[EtapeEtude]:
    """Ses étapes, dans l'ordre. Une requête."""
    return list(etude.etapes.select_related("figee_par").order_by("rang", "pk"))


def entonnoir_de(etude: Etude) -> Entonnoir:
    """L'entonnoir de l'étude, étapes figées respectées. Lève `ValueError` si une étape ne tient pas debout."""
    etapes = etapes_de(etude)
    return derouler(base_de(etude), [lire_etape(e) for e in etapes], _figees(etapes))


def derouler_etude(etude: Etude) -> Deroule:
    """L'entonnoir aussi loin qu'il se joue, et ce qui l'arrête. Une requête."""
    etapes = etapes_de(etude)
    try:
        base = base_de(etude)
    except EtapeImpossible as illisible:
        return Deroule(Entonnoir(()), tuple(etapes), str(illisible))
    entonnoir, arret, faute = _jouer(base, etapes, _figees(etapes))
    return Deroule(entonnoir, tuple(etapes), faute, arret, _bouge(etude, etapes, entonnoir))


def _figees(etapes: Sequence[EtapeEtude]) -> dict[str, Mapping[str, Any]]:
    return {e.code: e.resultat for e in etapes if e.resultat}


def _jouer(
    base: Sequence[Unite], etapes: Sequence[EtapeEtude], figees: Mapping[str, Mapping[str, Any]]
) -> tuple[Entonnoir, EtapeEtude | None, str]:
    """D'un trait ; s'il s'arrête en route, sans la dernière étape, pour garder ce qui se joue avant la faute."""
    try:
        return derouler(base, [lire_etape(e) for e in etapes], figees), None, ""
    except MALFORMEES as faute:
        est_nomme = isinstance(faute, EtapeImpossible)
        dit = str(faute) if isinstance(faute, ValueError) else INJOUABLE
    if not etapes:
        return Entonnoir(()), None, f"La base ne se lit pas : {dit}"
    entonnoir, arret, phrase = _jouer(base, etapes[:-1], figees)
    if phrase:
        return entonnoir, arret, phrase
    return entonnoir, etapes[-1], dit if est_nomme else f"« {etapes[-1].titre} » : {dit}"


def _bouge(etude: Etude, etapes: Sequence[EtapeEtude], entonnoir: Entonnoir) -> dict[str, list[str]]:
    """Rejoué sans rien de figé : ce qui entre aujourd'hui dans chaque étape figée, et n'y entrait pas alors."""
    figees = [e for e in etapes if e.resultat]
    if not figees:
        return {}
    vif, _, _ = _jouer(base_de(etude), figees, {})
    neuves = {r.code: r for r in vif.resultats}
    rendu = {}
    for gardee in entonnoir.resultats:
        neuve = neuves.get(gardee.code)
        if neuve is None or not any(e.code == gardee.code for e in figees):
            continue
        if phrases := differences(gardee.entrees, neuve.entrees):
            rendu[gardee.code] = [_avec_les_mots(p) for p in phrases]
        elif neuve.empreinte != gardee.empreinte:
            rendu[gardee.code] = ["Ce qui la définit n'est plus ce qu'il était quand on l'a figée."]
    return rendu


def _avec_les_mots(phrase: str) -> str:
    """« a changé (VSR signée) » plutôt que le code du fait."""
    debut, ouvrante, faits = phrase.rpartition(" : a changé (")
    if not ouvrante:
        return phrase
    return debut + ouvrante + re.sub(r"[a-z_]+", lambda m: libelle_du_fait(m[0]) if m[0] in CONNUS else m[0], faits)


# --- ce qui en sort --------------------------------------------------------------------------------------------------


def finess_de(unite: Unite) -> str:
    """Le FINESS qu'elle porte : dans ses faits, sinon sa clé ; vide si ce n'en est pas un."""
    porte = str(unite.faits.get("finess") or "")
    if porte:
        return porte
    return unite.cle if unite.nature in (Nature.STRUCTURE, Nature.PROJET) and len(unite.cle) == 9 else ""


def structures_retenues(etude: Etude) -> list[Parcours]:
    """Les parcours des unités finales, dans l'ordre où elles sortent ; rien si l'entonnoir ne va pas au bout."""
    deroule = derouler_etude(etude)
    return [] if deroule.faute else parcours_des(deroule.entonnoir.sorties)


def parcours_des(unites: Sequence[Unite]) -> list[Parcours]:
    """Les parcours de ces structures, par leur FINESS ; celui encore dans le projet s'il y en a plusieurs."""
    numeros = [n for u in unites if (n := finess_de(u))]
    lus = Parcours.objects.filter(esms__finess__in=numeros).pour_lecture().order_by("pk")
    par_finess: dict[str, Parcours] = {}
    for parcours in lus:
        deja = par_finess.get(parcours.esms.finess)
        if deja is None or deja.etat == "sorti":
            par_finess[parcours.esms.finess] = parcours
    return [par_finess[n] for n in dict.fromkeys(numeros) if n in par_finess]
