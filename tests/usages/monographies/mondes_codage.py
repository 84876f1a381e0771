"""Une étude, son équipe, une visite faite, et ce que chacun y code."""

from dataclasses import dataclass, field
from typing import Any

from programme.enums import Role
from programme.models import Utilisateur
from tests.fabriques import UtilisateurFactory, affecter
from tests.usages.monographies.fabriques import ConstatFactory, EtudeFactory, VisiteFactory, equiper, passer, rencontrer
from usages.enums import RoleEtude
from usages.models import Constat, Etude, Visite
from usages.services.visites.codage import coder

CODE = {"theme": "organisation", "sens": "positif", "force": "moyenne", "preuve": "dite", "commentaire": ""}


@dataclass
class Monde:
    """Une pilote et un auteur, qui codent ; un lecteur, qui lit ; la directrice de l'ESMS, qui n'en est pas."""

    etude: Etude
    visite: Visite
    pilote: Utilisateur
    auteur: Utilisateur
    lecteur: Utilisateur
    directrice: Utilisateur
    dehors: Utilisateur
    constats: list[Constat] = field(default_factory=list)

    def constater(self, nombre: int = 1, **champs: Any) -> list[Constat]:
        ecrits = [ConstatFactory(visite=self.visite, **champs) for _ in range(nombre)]
        self.constats += ecrits
        return ecrits

    def coder(self, codeur: Utilisateur, *constats: Constat, **code: Any) -> None:
        """Ce codeur donne ce code à ces constats ; à tous si l'on n'en nomme aucun."""
        coder(visite=self.visite, par=codeur, codes={c.pk: CODE | code for c in constats or self.constats})

    def une_autre_visite(self) -> Visite:
        autre = VisiteFactory(etude=self.etude)
        directrice = affecter(Role.DIRECTEUR, autre.parcours.esms)
        return passer(rencontrer(passer(autre, directrice, "accepter")), self.pilote, "dire_faite")


def monde() -> Monde:
    etude = EtudeFactory()
    visite = VisiteFactory(etude=etude)
    directrice = affecter(Role.DIRECTEUR, visite.parcours.esms)
    pilote = equiper(etude, UtilisateurFactory(nom="Ada Pilote"))
    auteur = equiper(etude, UtilisateurFactory(nom="Bao Auteur"), RoleEtude.AUTEUR)
    lecteur = equiper(etude, UtilisateurFactory(nom="Cleo Lectrice"), RoleEtude.LECTEUR)
    passer(rencontrer(passer(visite, directrice, "accepter")), pilote, "dire_faite")
    dehors = affecter(Role.ARS, visite.parcours.grappe.region)
    return Monde(etude, visite, pilote, auteur, lecteur, directrice, dehors)
