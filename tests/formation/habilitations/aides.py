"""Nommer une page, une case ; lire une page ; renvoyer le formulaire de la grille."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from formation.models import Matrice, Profil
from formation.services import matrices as services
from programme.models import Grappe, Module
from programme.socle.porte import changer_etat


def url(nom: str, *args: Any) -> str:
    return reverse(f"formation:{nom}", args=args)


def case(profil: Profil, code: str) -> str:
    return f"c-{profil.pk}-{Module.objects.get(code=code).pk}"


def cle(profil: Profil, code: str) -> tuple[int, int]:
    return profil.pk, Module.objects.get(code=code).pk


def texte(reponse: Any) -> str:
    """Ce qu'on lit, sans balises."""
    return " ".join(re.sub(r"<[^>]+>", " ", reponse.content.decode()).replace("&#x27;", "'").split())


def rempli(client: Client, matrice: Matrice) -> dict[str, str]:
    """Le formulaire de la grille, tel que le rend la page."""
    page = client.get(url("matrice-saisir", matrice.pk)).content.decode()
    return envoi_de(page)


def envoi_de(page: str) -> dict[str, str]:
    champs = dict(re.findall(r'<input type="hidden" name="(saisie|depart)" value="([^"]*)"', page))
    for nom, choix in re.findall(r'<select name="(c-\d+-\d+)"[^>]*>(.*?)</select>', page):
        champs[nom] = re.search(r'value="([^"]+)" selected', choix).group(1)  # type: ignore[union-attr]
    return champs


def modele_valide(grappe: Grappe, cheffe: Any, cases: dict[Any, Any]) -> Matrice:
    """Une version de plus du modèle, validée."""
    modele = services.ouvrir_modele(grappe=grappe, par=cheffe, source=services.modele_en_vigueur(grappe))
    services.ecrire_cases(modele, cases, par=cheffe)
    changer_etat(modele, "valider", par=cheffe)
    return modele
