"""Compter les ESMS du projet par département et par région : une lecture groupée, quel que soit leur nombre."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q

from programme.enums import EtatParcours, Role
from programme.models import Affectation, Departement, Region, Utilisateur
from programme.models.parcours import ParcoursQuerySet

EN_SERVICE = (EtatParcours.SERVICE_REGULIER, EtatParcours.ROUTINE)


@dataclass(frozen=True, slots=True)
class Mesure:
    """Ce que la couleur peut montrer. `ton` : famille de teintes ; `est_part` : rapportée au nombre d'ESMS."""

    code: str
    libelle: str
    colonne: str
    ton: str
    est_part: bool = True


MESURES: dict[str, Mesure] = {
    m.code: m
    for m in (
        Mesure("nombre", "Nombre d'ESMS", "ESMS du projet", "vigne", est_part=False),
        Mesure("service", "En service régulier ou en routine", "En service régulier ou en routine", "vigne"),
        Mesure("retard", "En retard sur une date", "En retard sur une date", "ocre"),
        Mesure("direction", "Sans direction", "Sans direction", "vin"),
    )
}
"""Dans l'ordre où la page les propose ; la première est celle du départ."""


def mesures_de(lecteur: Utilisateur) -> dict[str, Mesure]:
    """Celles que ce lecteur peut voir : qui finance ne lit pas les vacances de direction."""
    if lecteur.perimetre.tient(Role.ARS):
        return {code: m for code, m in MESURES.items() if code != "direction"}
    return MESURES


@dataclass(slots=True)
class Compte:
    """Les comptes d'un territoire : des nombres d'ESMS, sortis du projet exceptés."""

    nombre: int = 0
    service: int = 0
    retard: int = 0
    direction: int = 0

    def ajouter(self, autre: "Compte") -> None:
        """Un territoire de plus dans la somme."""
        self.nombre += autre.nombre
        self.service += autre.service
        self.retard += autre.retard
        self.direction += autre.direction

    def de(self, mesure: Mesure) -> int:
        """Le nombre d'ESMS que compte cette mesure."""
        return int(getattr(self, mesure.code))

    def part(self, mesure: Mesure) -> float | None:
        """Rapporté au nombre d'ESMS, entre 0 et 1 ; None si la mesure n'est pas une part, ou s'il n'y en a aucun."""
        return self.de(mesure) / self.nombre if mesure.est_part and self.nombre else None


@dataclass(slots=True)
class Releve:
    """Les comptes par département, et leurs sommes par région : les mêmes nombres, ajoutés une fois."""

    departements: list[Departement]
    comptes: Mapping[str, Compte]
    sans_departement: Compte = field(default_factory=Compte)

    @property
    def par_departement(self) -> list[tuple[Departement, Compte]]:
        """Les départements où il y a quelqu'un, dans l'ordre des codes."""
        return [(d, self.comptes[d.pk]) for d in self.departements if d.pk in self.comptes]

    @property
    def par_region(self) -> list[tuple[Region, Compte]]:
        """Les régions où il y a quelqu'un, par nom."""
        sommes: dict[str, tuple[Region, Compte]] = {}
        for departement, compte in self.par_departement:
            sommes.setdefault(departement.region_id, (departement.region, Compte()))[1].ajouter(compte)
        return sorted(sommes.values(), key=lambda ligne: ligne[0].nom)

    @property
    def total(self) -> Compte:
        """Tout ce que voit le lecteur, département inconnu compris."""
        somme = Compte()
        for compte in [*self.comptes.values(), self.sans_departement]:
            somme.ajouter(compte)
        return somme


def relever(parcours: ParcoursQuerySet, *, au: date, avec_direction: bool) -> Releve:
    """Compte `parcours`, déjà borné à ce que voit le lecteur ; deux requêtes.

    En retard : une date prévue, révisée si elle l'est, est passée sans que l'étape soit atteinte.
    """
    mesures: dict[str, Any] = {
        "nombre": Count("pk"),
        "service": Count("pk", filter=Q(etat__in=EN_SERVICE)),
        "retard": Count("pk", filter=Q(prochaine_le__lt=au)),
    }
    if avec_direction:
        mesures["direction"] = Count("pk", filter=~Affectation.objects.en_cours(au).dirige("esms"))
    groupes = parcours.dans_le_projet().order_by().values("esms__departement").annotate(**mesures)
    comptes = {g.pop("esms__departement"): Compte(**g) for g in groupes}
    inconnus = comptes.pop(None, None) or Compte()
    return Releve(list(Departement.objects.select_related("region")), comptes, inconnus)
