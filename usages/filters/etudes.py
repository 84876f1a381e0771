"""Filtres des études."""

from programme.socle.filtres import Choix, FiltreListe
from usages.enums import EtatEtude, RoleEtude
from usages.models import Etude


class EtudeFilter(FiltreListe):
    """État, rôle du lecteur."""

    etat = Choix(label="État", choices=EtatEtude.choices)
    role = Choix(label="Ce que vous y faites", choices=RoleEtude.choices, field_name="mon_role")

    class Meta:
        model = Etude
        fields: list[str] = []
