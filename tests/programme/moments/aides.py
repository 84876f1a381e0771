"""Ce que partagent les essais du moment : le jour, une vague par son numéro, un ESMS qui en prend la place."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from programme.models import Grappe, Parcours, Utilisateur, Vague
from tests.aides import connecte
from tests.fabriques import ParcoursFactory

AU = timezone.localdate()


def page_du_moment(utilisateur: Utilisateur, parcours: Parcours) -> str:
    reponse = connecte(utilisateur).get(reverse("programme:parcours-moment", args=[parcours.pk]))
    assert reponse.status_code == 200
    return reponse.content.decode()


def poster_un_moment(utilisateur: Utilisateur, parcours: Parcours, **donnees: Any) -> Any:
    return connecte(utilisateur).post(reverse("programme:parcours-moment", args=[parcours.pk]), donnees, follow=True)


def relu(parcours: Parcours) -> Parcours:
    return Parcours.objects.get(pk=parcours.pk)


def remplir(grappe: Grappe, numero: int = 2) -> Parcours:
    return ParcoursFactory(grappe=grappe, vague=vague(grappe, numero), esms__nom="ESAT La Palombière")


def vague(grappe: Grappe, numero: int) -> Vague:
    return grappe.vagues.get(numero=numero)
