"""Les heures d'un ESMS : demandées, accordées, réellement dégagées."""

from dataclasses import dataclass

from django.db.models import Count, Sum

from programme.models import Parcours, PersonneRessource


@dataclass(frozen=True, slots=True)
class Heures:
    """Sommes par mois ; None quand personne ne l'a dit."""

    personnes: int
    demandees: int | None
    accordees: int | None
    degagees: int | None

    @property
    def aucune_accordee(self) -> bool:
        """Vrai si l'on compte sur des personnes sans une heure accordée : cela se voit."""
        return bool(self.personnes) and not self.accordees


def heures_de(parcours: Parcours) -> Heures:
    """Les sommes d'un ESMS, en une requête."""
    sommes = PersonneRessource.objects.filter(parcours=parcours).aggregate(
        personnes=Count("pk"),
        demandees=Sum("heures_demandees"),
        accordees=Sum("heures_accordees"),
        degagees=Sum("heures_degagees"),
    )
    return Heures(**sommes)
