"""Le périmètre d'un compte : ses affectations en cours, et ce qu'elles couvrent. Module pur."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from programme.enums import Portee, Role, Titre

ROLES_PAR_PORTEE: dict[str, tuple[str, ...]] = {
    Portee.NATIONAL: (Role.ADMIN, Role.ARS),
    Portee.REGION: (Role.ARS, Role.GRADES),
    Portee.GRAPPE: (Role.CHEF_PROJET, Role.ARS, Role.GRADES, Role.APPUI, Role.MEMBRE),
    Portee.OG: (Role.SIEGE, Role.APPUI),
    Portee.GROUPE: (Role.DIRECTEUR, Role.REFERENT, Role.APPUI),
    Portee.ESMS: (Role.DIRECTEUR, Role.REFERENT, Role.APPUI),
}
"""Rôles que l'on peut confier, selon l'étendue."""


@dataclass(frozen=True, slots=True)
class Affecte:
    """Une affectation en cours, réduite à ce qui décide."""

    role: str
    portee: str
    cible: Any
    titre: str = Titre.TITULAIRE


@dataclass(frozen=True, slots=True)
class Perimetre:
    """Étendue de lecture (`regions`, `grappes`…) et rôles tenus sur chaque objet."""

    affectes: tuple[Affecte, ...]
    esms_des_groupes: dict[int, frozenset[int]]

    @classmethod
    def depuis(cls, lignes: Iterable[dict[str, Any]]) -> "Perimetre":
        """Bâtit le périmètre depuis `AffectationQuerySet.pour_perimetre()`."""
        affectes: dict[Affecte, None] = {}
        groupes: dict[int, set[int]] = {}
        for ligne in lignes:
            cible = {
                Portee.REGION: ligne["region_id"],
                Portee.GRAPPE: ligne["grappe_id"],
                Portee.OG: ligne["og_id"],
                Portee.GROUPE: ligne["groupe_id"],
                Portee.ESMS: ligne["esms_id"],
            }.get(ligne["portee"])
            affectes[Affecte(ligne["role"], ligne["portee"], cible, ligne["titre"])] = None
            if ligne["portee"] == Portee.GROUPE and ligne["groupe__esms"]:
                groupes.setdefault(ligne["groupe_id"], set()).add(ligne["groupe__esms"])
        return cls(tuple(affectes), {cle: frozenset(valeurs) for cle, valeurs in groupes.items()})

    def _cibles(self, portee: str) -> frozenset[Any]:
        return frozenset(a.cible for a in self.affectes if a.portee == portee)

    @property
    def est_national(self) -> bool:
        """Voit tout."""
        return any(a.portee == Portee.NATIONAL for a in self.affectes)

    @property
    def est_de_loin(self) -> bool:
        """N'est d'aucune grappe, ni par elle, ni par un de ses ESMS : national, régional, ou sans affectation."""
        return all(a.portee in (Portee.NATIONAL, Portee.REGION) for a in self.affectes)

    @property
    def regions(self) -> frozenset[str]:
        """Régions couvertes."""
        return self._cibles(Portee.REGION)

    @property
    def grappes(self) -> frozenset[int]:
        """Grappes couvertes."""
        return self._cibles(Portee.GRAPPE)

    @property
    def ogs(self) -> frozenset[int]:
        """OG couverts."""
        return self._cibles(Portee.OG)

    @property
    def esms(self) -> frozenset[int]:
        """ESMS couverts un à un ou par groupe."""
        return self._cibles(Portee.ESMS).union(*self.esms_des_groupes.values())

    @property
    def roles(self) -> tuple[str, ...]:
        """Rôles tenus, dans l'ordre de l'énumération."""
        tenus = {a.role for a in self.affectes}
        return tuple(r for r in Role.values if r in tenus)

    def tient(self, role: str) -> bool:
        """Vrai si ce rôle est tenu quelque part."""
        return any(a.role == role for a in self.affectes)

    def sauf(self, role: str) -> "Perimetre":
        """Ce qui reste une fois ce rôle mis de côté."""
        return self._garder(tuple(a for a in self.affectes if a.role != role))

    def seul(self, role: str) -> "Perimetre":
        """Ce que ce rôle couvre à lui seul."""
        return self._garder(tuple(a for a in self.affectes if a.role == role))

    def _garder(self, affectes: tuple[Affecte, ...]) -> "Perimetre":
        groupes = {a.cible for a in affectes if a.portee == Portee.GROUPE}
        return Perimetre(affectes, {g: esms for g, esms in self.esms_des_groupes.items() if g in groupes})

    def couvre(
        self, affecte: Affecte, *, region: Any = None, grappe: Any = None, og: Any = None, esms: Any = None
    ) -> bool:
        """Vrai si l'affectation couvre l'objet désigné par ses rattachements."""
        if affecte.portee == Portee.NATIONAL:
            return True
        if affecte.portee == Portee.GROUPE:
            return esms in self.esms_des_groupes.get(affecte.cible, frozenset())
        vue = {Portee.REGION: region, Portee.GRAPPE: grappe, Portee.OG: og, Portee.ESMS: esms}[Portee(affecte.portee)]
        return vue is not None and vue == affecte.cible

    def affectes_sur(self, **rattachements: Any) -> list[Affecte]:
        """Affectations qui couvrent l'objet (`region`, `grappe`, `og`, `esms`)."""
        return [a for a in self.affectes if self.couvre(a, **rattachements)]
