"""Une grappe de deux ESMS et d'une unité, ceux qui y traitent les retours, et un voisin qui n'y voit rien."""

from dataclasses import dataclass
from html import unescape
from typing import Any

from django.urls import reverse

from programme.enums import Role
from programme.models import Grappe, Parcours, Unite, Utilisateur
from programme.socle.porte import changer_etat
from tests.fabriques import GrappeFactory, ParcoursFactory, UniteFactory, affecter, cheffe_de, directrice_de
from tests.usages.retours.fabriques import RelaisFactory
from usages.models import Retour


@dataclass(frozen=True)
class Monde:
    """Ce que les essais du traitement manipulent."""

    grappe: Grappe
    ici: Parcours
    ailleurs: Parcours
    unite: Unite
    directrice: Utilisateur
    cheffe: Utilisateur
    relais: Utilisateur
    membre: Utilisateur
    financeur: Utilisateur
    voisin: Utilisateur


def monde() -> Monde:
    grappe = GrappeFactory()
    cheffe = cheffe_de(grappe)
    # Dossier déposé : le financeur voit la grappe et ses ESMS, il n'en lit pas les retours.
    changer_etat(grappe, "constater", par=cheffe, vers="deploiement")
    ici, ailleurs = ParcoursFactory(grappe=grappe), ParcoursFactory(grappe=grappe)
    unite = UniteFactory(parcours=ici, nom="Internat")
    # Un relais sans rôle qui traite : il lit, c'est d'être relais qui lui donne la main.
    relais = affecter(Role.MEMBRE, grappe)
    RelaisFactory(parcours=ici, unite=unite, compte=relais)
    return Monde(
        grappe,
        ici,
        ailleurs,
        unite,
        directrice_de(ici),
        cheffe,
        relais,
        affecter(Role.MEMBRE, grappe),
        affecter(Role.ARS, grappe),
        directrice_de(ParcoursFactory()),
    )


def page(nom: str, objet: Any) -> str:
    return reverse(f"usages:{nom}", args=[objet.pk])


def passage(retour: Retour, transition: str) -> str:
    return reverse("programme:passage", args=["retour", retour.pk, transition])


def saisie(retour: Retour, **champs: Any) -> dict[str, Any]:
    """Ce que renvoie la page du passage."""
    return {"version": Retour.objects.get(pk=retour.pk).version} | champs


def dire(client: Any, url: str) -> str:
    """Le texte d'une page, blancs réunis."""
    reponse = client.get(url)
    assert reponse.status_code == 200, (url, reponse.status_code)
    return " ".join(unescape(reponse.content.decode()).split())
