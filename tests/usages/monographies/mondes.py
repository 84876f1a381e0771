"""Une étude et son équipe : qui pilote, qui écrit, qui lit, et quelqu'un du dehors."""

from dataclasses import dataclass
from html import unescape
from typing import Any

from programme.enums import Role
from programme.models import Grappe, Utilisateur
from tests.aides import connecte
from tests.fabriques import EsmsFactory, GrappeFactory, ParcoursFactory, affecter, cheffe_de
from tests.usages.monographies.fabriques import EtudeFactory, equiper
from usages.calculs.classement import Critere, RegleDeClassement
from usages.calculs.entonnoir import Etape, Selection
from usages.calculs.quotas import Partage, Quota
from usages.calculs.unites_entonnoir import Nature, Unite
from usages.demonstration.entonnoir_enregistre import enregistrer
from usages.enums import RoleEtude
from usages.models import Etude
from usages.services.etudes.etapes import poser
from usages.services.etudes.sources import poser_la_base


@dataclass(frozen=True)
class Monde:
    """Ce que manipulent les essais des études."""

    grappe: Grappe
    etude: Etude
    pilote: Utilisateur
    auteur: Utilisateur
    lecteur: Utilisateur
    dehors: Utilisateur


def monde(*, publie: bool = False) -> Monde:
    """Une étude neuve et son équipe ; `publie` : l'entonnoir publié par la CNSA y est enregistré."""
    grappe = GrappeFactory()
    pilote = cheffe_de(grappe)
    etude = EtudeFactory(creee_par=pilote, base=[])
    equiper(etude, pilote)
    if publie:
        enregistrer(etude)
    auteur = equiper(etude, affecter(Role.MEMBRE, grappe), RoleEtude.AUTEUR)
    lecteur = equiper(etude, affecter(Role.MEMBRE, grappe), RoleEtude.LECTEUR)
    return Monde(grappe, etude, pilote, auteur, lecteur, affecter(Role.ADMIN))


def trois_structures(lieu: Monde, places: int = 2, quotas: tuple[Quota, ...] = ()) -> list[Any]:
    """Trois ESMS notés 9, 7, 5, classés puis retenus à `places` places ; rend leurs parcours."""
    parcours = [ParcoursFactory(grappe=lieu.grappe, esms=EsmsFactory()) for _ in range(3)]
    unites = [
        Unite(Nature.STRUCTURE, p.esms.finess, p.esms.nom, {"total": note, "secteur": "PH_ENFANT"})
        for p, note in zip(parcours, (9, 7, 5), strict=True)
    ]
    poser_la_base(lieu.etude, unites)
    regle = RegleDeClassement((Critere("total", "note", 10, 10),))
    etape: Etape = Selection(code="choix", titre="Choix", regle=regle, partage=Partage(places, quotas))
    poser(etude=lieu.etude, etapes=[etape], par=lieu.pilote)
    return parcours


def lire(compte: Any, url: str, code: int = 200) -> str:
    """Le texte d'une page, blancs réunis."""
    reponse = connecte(compte).get(url)
    assert reponse.status_code == code, (url, reponse.status_code)
    return " ".join(unescape(reponse.content.decode()).split())
