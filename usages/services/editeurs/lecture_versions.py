"""Lire les versions : où en est un ESMS, quels ESMS d'une grappe peuvent monter."""

from dataclasses import dataclass

from programme.models import Grappe, Parcours, Utilisateur
from usages.models import MonteeDeVersion, VersionSolution
from usages.permissions import peut_noter_une_montee

PROPOSEES = 8


@dataclass(frozen=True, slots=True)
class VersionsDeLESMS:
    """Les montées faites, celles prévues, et les versions de sa solution qu'il n'a pas notées encore."""

    faites: list[MonteeDeVersion]
    prevues: list[MonteeDeVersion]
    autres: list[VersionSolution]

    @property
    def courante(self) -> MonteeDeVersion | None:
        """La dernière faite."""
        return self.faites[0] if self.faites else None


def versions_de(parcours: Parcours) -> VersionsDeLESMS:
    """La plus récente d'abord pour ce qui est fait, la plus proche d'abord pour ce qui est prévu. Deux requêtes."""
    montees = list(parcours.montees_de_version.select_related("version__solution").order_by("prevue_le", "pk"))
    notees = {m.version_id for m in montees}
    de_la_solution = (
        VersionSolution.objects.filter(solution=parcours.solution_id).select_related("solution")
        if parcours.solution_id
        else ()
    )
    faites = [m for m in montees if m.faite_le]
    return VersionsDeLESMS(
        faites=sorted(faites, key=lambda m: (m.faite_le, m.pk), reverse=True),
        prevues=[m for m in montees if not m.faite_le],
        autres=[v for v in de_la_solution if v.pk not in notees][:PROPOSEES],
    )


def esms_tenus(
    grappe: Grappe, version: VersionSolution, par: Utilisateur
) -> list[tuple[Parcours, MonteeDeVersion | None]]:
    """Les ESMS de la grappe qui emploient la solution et pour qui il peut noter, avec leur montée. Deux requêtes."""
    lisibles = Parcours.objects.lisibles_par(par).dans_le_projet().filter(grappe=grappe, solution=version.solution_id)
    montees = {m.parcours_id: m for m in MonteeDeVersion.objects.filter(version=version, parcours__grappe=grappe)}
    lus = lisibles.select_related("esms__departement", "grappe").order_by("esms__tri", "pk")
    return [(p, montees.get(p.pk)) for p in lus if peut_noter_une_montee(par, p)]
