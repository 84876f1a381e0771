"""La règle de composition d'une instance : les sièges qu'on y attend, ceux qui manquent, son effectif. Module pur.

Un seul organisme gestionnaire : le COSTRAT s'adosse à son CODIR, le COMOP a un représentant par ESMS ou par catégorie.
Plusieurs : la direction de chacun au COSTRAT, et au COMOP un représentant par catégorie pour chacun (metier §6).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gouvernance.calculs.representation import SANS_OG, Engage, Siege
from gouvernance.enums import Represente, TypeInstance
from programme.socle.nombres import accorde

EFFECTIF_COMOP = 15
"""Sièges au-delà desquels un COMOP se signale, si l'instance n'en dit pas d'autre (valeur du produit)."""
LIBRE = "Sa composition est libre."
AUCUN_ESMS = "Aucun ESMS n'est encore dans la grappe : les sièges attendus se diront avec eux."

Tient = Callable[[Siege, Engage], bool]


@dataclass(frozen=True, slots=True)
class Attendu:
    """Un siège attendu. `tenu` : chacun de ses ESMS y a quelqu'un.

    `represente` et `precise` : les clés qui préremplissent le mandat (« og-12 », « categorie-183 »).
    """

    libelle: str
    represente: str
    precise: str
    nb_esms: int
    tenu: bool


@dataclass(frozen=True, slots=True)
class Composition:
    """La règle en mots, les sièges qu'elle attend, et ce que l'on signale (vide : rien)."""

    regle: str
    attendus: tuple[Attendu, ...]
    signaux: tuple[str, ...]

    @property
    def manquent(self) -> tuple[Attendu, ...]:
        """Les sièges attendus que personne ne tient."""
        return tuple(a for a in self.attendus if not a.tenu)


def organismes(engages: Sequence[Engage]) -> int:
    """Combien d'organismes gestionnaires ont un ESMS dans la grappe."""
    return len({e.og for e in engages})


def attendus(type_instance: str, engages: Sequence[Engage], sieges: Sequence[Siege], maximum: int) -> list[Attendu]:
    """Les sièges que la règle attend de cette instance. `maximum` : au-delà, un COMOP d'OG unique va par catégorie."""
    if type_instance == TypeInstance.UTILISATEURS:
        tenu = any(s.represente == Represente.UTILISATEURS for s in sieges)
        return [Attendu("Les utilisateurs du DUI", str(Represente.UTILISATEURS), "", 0, tenu)]
    if type_instance in (TypeInstance.COSTRAT, TypeInstance.CODIR):
        return _grouper(engages, sieges, lambda e: (e.og,), _pour_l_og, _tient_l_og)
    if type_instance != TypeInstance.COMOP:
        return []
    if organismes(engages) > 1:
        return _grouper(engages, sieges, lambda e: (e.og, e.categorie), _pour_l_og_et_la_categorie, _tient_de_pres)
    if len(engages) <= maximum:
        return _grouper(engages, sieges, lambda e: (e.esms,), _pour_l_esms, _tient_de_pres)
    return _grouper(engages, sieges, lambda e: (e.categorie,), _pour_la_categorie, _tient_de_pres)


def _grouper(
    engages: Sequence[Engage],
    sieges: Sequence[Siege],
    cle: Callable[[Engage], tuple[object, ...]],
    nommer: Callable[[Engage], tuple[str, str, str]],
    tient: Tient,
) -> list[Attendu]:
    groupes: dict[tuple[object, ...], list[Engage]] = {}
    for engage in engages:
        groupes.setdefault(cle(engage), []).append(engage)
    rendu = [
        Attendu(*nommer(lot[0]), len(lot), all(any(tient(s, e) for s in sieges) for e in lot))
        for lot in groupes.values()
    ]
    return sorted(rendu, key=lambda a: a.libelle)


def _cle(nom: str, valeur: object) -> str:
    return f"{nom}-{valeur}" if valeur is not None else ""


def _pour_l_og(e: Engage) -> tuple[str, str, str]:
    return e.og_nom or SANS_OG, _cle("og", e.og), ""


def _pour_l_og_et_la_categorie(e: Engage) -> tuple[str, str, str]:
    return f"{e.og_nom or SANS_OG}, {e.categorie_nom}", _cle("categorie", e.categorie), _cle("og", e.og)


def _pour_la_categorie(e: Engage) -> tuple[str, str, str]:
    return e.categorie_nom, _cle("categorie", e.categorie), ""


def _pour_l_esms(e: Engage) -> tuple[str, str, str]:
    return e.nom, _cle("esms", e.esms), ""


def _tient_l_og(siege: Siege, engage: Engage) -> bool:
    """La direction d'un organisme : un siège au nom de l'organisme entier."""
    return siege.represente == Represente.OG and not siege.est_fin and siege.couvre(engage)


def _tient_de_pres(siege: Siege, engage: Engage) -> bool:
    """Un organisme entier ne vaut pas un représentant de ses ESMS."""
    return siege.est_fin and siege.couvre(engage)


def composer(
    type_instance: str,
    engages: Sequence[Engage],
    sieges: Sequence[Siege],
    *,
    maximum: int | None = None,
    animee: bool = True,
) -> Composition:
    """La règle, les sièges qu'elle attend et ce qui se signale.

    `maximum` : l'effectif que dit l'instance ; `animee` : quelqu'un la préside ou l'anime.
    """
    seuil = maximum or (EFFECTIF_COMOP if type_instance == TypeInstance.COMOP else 0)
    vus = attendus(type_instance, engages, sieges, seuil)
    signaux = [
        _effectif(len(sieges), seuil),
        _trop_d_attendus(len(vus), seuil),
        "" if animee else "Personne ne la préside ni ne l'anime.",
        _codir_impossible(type_instance, engages),
    ]
    return Composition(_regle(type_instance, engages, seuil), tuple(vus), tuple(s for s in signaux if s))


def _effectif(nombre: int, seuil: int) -> str:
    if not seuil or nombre <= seuil:
        return ""
    dit = f"{accorde(nombre, 'siège')}, au-delà des {seuil} prévus"
    return f"{dit} : on y décide moins bien, regroupez des sièges ou relevez le seuil."


def _trop_d_attendus(nombre: int, seuil: int) -> str:
    if not seuil or nombre <= seuil:
        return ""
    return (
        f"La règle demande {accorde(nombre, 'siège')}, plus que les {seuil} prévus : un siège peut valoir pour une "
        "catégorie ou une zone entière."
    )


def _codir_impossible(type_instance: str, engages: Sequence[Engage]) -> str:
    nombre = organismes(engages)
    if type_instance != TypeInstance.CODIR or nombre < 2:
        return ""
    return f"Un CODIR adossé suppose un organisme gestionnaire unique : la grappe en compte {nombre}."


def _regle(type_instance: str, engages: Sequence[Engage], seuil: int) -> str:
    if type_instance == TypeInstance.UTILISATEURS:
        return "Des personnes qui écrivent dans le DUI ; il porte ses points au COMOP et en reçoit une réponse."
    if type_instance in (TypeInstance.COPIL, TypeInstance.COSUIV):
        return LIBRE
    if not engages:
        return AUCUN_ESMS
    plusieurs = organismes(engages) > 1
    if type_instance == TypeInstance.COMOP:
        if plusieurs:
            return "Plusieurs organismes gestionnaires : pour chacun, un représentant par catégorie d'ESMS."
        par = "ESMS" if len(engages) <= seuil else "catégorie d'ESMS"
        return f"Un seul organisme gestionnaire : un représentant par {par}."
    if plusieurs:
        return "Plusieurs organismes gestionnaires : la direction de chacun y siège."
    return "Un seul organisme gestionnaire : l'instance s'adosse à son comité de direction (CODIR)."
