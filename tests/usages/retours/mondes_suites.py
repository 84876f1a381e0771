"""Un retour dans une grappe où chaque suite peut se faire : séance à venir, session ouverte, personnes en poste."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from formation.models import Poste, SessionFormation
from gouvernance.models import Seance
from programme.enums import EtatParcours, Role
from programme.models import Parcours, Utilisateur
from programme.socle.porte import changer_etat
from tests.fabriques import ParcoursFactory, UniteFactory, affecter, cheffe_de
from tests.formation.fabriques import ModuleFormationFactory, PosteFactory
from tests.formation.sessions.aides import ouverte
from tests.gouvernance.fabriques import InstanceFactory, SeanceFactory
from tests.usages.retours.fabriques import RetourFactory, conduire
from usages.models import Retour

NIR = "Vu avec 1 85 05 78 006 084 91"
NATURES = ("action", "risque", "editeur", "seance", "enseignement", "arrivant", "verbatim")


@dataclass
class Monde:
    """Un retour qualifié d'une unité, et de quoi en tirer chaque suite."""

    retour: Retour
    cheffe: Utilisateur
    directrice: Utilisateur
    seance: Seance
    session: SessionFormation
    poste: Poste

    def page(self, nature: str) -> str:
        return reverse("usages:retour-suite", args=[self.retour.pk, nature])

    @property
    def detail(self) -> str:
        return reverse("usages:retour-detail", args=[self.retour.pk])

    def de_l_esms(self, role: str) -> Utilisateur:
        """Un compte qui tient ce rôle dans l'ESMS."""
        return affecter(role, self.retour.parcours.esms)

    def saisie(self, nature: str, vu: int = 0, **autres: Any) -> dict[str, Any]:
        """Ce qu'on envoie pour cette nature."""
        jour = timezone.localdate().isoformat()
        dites: dict[str, dict[str, Any]] = {
            "action": {"libelle": "Raccourcir l'ouverture des transmissions"},
            "risque": {
                "libelle": "Retour au cahier papier",
                "categorie": "technique",
                "probabilite": 2,
                "impact": 3,
            },
            "editeur": {
                "editeur": self.retour.parcours.solution.editeur_id,
                "nature": "anomalie",
                "objet": "L'écran met dix secondes à s'ouvrir",
                "envoyee_le": jour,
            },
            "seance": {
                "seance": self.seance.pk,
                "titre": "La lenteur des transmissions",
                "nature": "echange",
                "duree": 10,
            },
            "enseignement": {
                "libelle": "Mesurer le réseau avant d'ouvrir",
                "conseil": "Au lit, pas au bureau.",
            },
            "arrivant": {"session": self.session.pk, "qui": self.poste.pk},
            "verbatim": {"texte": "On attend, on attend.", "qui": "une éducatrice"},
        }
        return dites[nature] | {"vu": vu} | autres


TEXTES = {
    "action": "precision",
    "risque": "precision",
    "editeur": "precision",
    "seance": "expose",
    "enseignement": "conseil",
    "arrivant": "besoin",
    "verbatim": "texte",
}
"""Où l'on écrirait un numéro de sécurité sociale."""


def monde() -> Monde:
    parcours = ParcoursFactory()
    directrice = affecter(Role.DIRECTEUR, parcours.esms)
    unite = UniteFactory(parcours=parcours)
    retour = RetourFactory(parcours=parcours, unite=unite, niveau="unite")
    retour = conduire(retour, "qualifier", par=directrice)
    session = ouverte(module=ModuleFormationFactory(grappe=parcours.grappe))
    return Monde(
        retour=retour,
        cheffe=cheffe_de(parcours.grappe),
        directrice=directrice,
        seance=SeanceFactory(comite=InstanceFactory(grappe=parcours.grappe)),
        session=session,
        poste=PosteFactory(parcours=parcours, unite=unite),
    )


def en_pilote(**champs: Any) -> Parcours:
    """Un ESMS ouvert en pilote, constaté par la porte."""
    parcours = ParcoursFactory(est_pilote=True, **champs)
    changer_etat(parcours, "constater", par=cheffe_de(parcours.grappe), vers=EtatParcours.PILOTE)
    return parcours
