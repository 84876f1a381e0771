"""Toute page où l'on saisit dit le temps qu'elle demande, avant de commencer."""

from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from tests.acces.monde import batir
from tests.acces.table import LIGNES

_COMPTE = "ouvrir sa session ou changer son mot de passe n'est pas une saisie demandée à un ESMS"
_COCHER = "cocher des lignes pour un geste groupé : la saisie vient à l'étape d'après, qui dit la sienne"
SANS_DUREE = {
    "connexion": _COMPTE,
    "mot-de-passe-changer": _COMPTE,
    "password_reset": _COMPTE,
    "usages:retour-suivi": "recopier un code pour lire une réponse n'est pas une saisie demandée à un ESMS",
    "programme:parcours-liste": _COCHER,
    "programme:region-detail": _COCHER,
    "programme:action-liste": _COCHER,
    "programme:besoin-liste": _COCHER,
    "usages:ticket-liste": _COCHER,
    "usages:releve-liste": _COCHER,
    "usages:retour-liste": _COCHER,
}
"""Pages où l'on saisit sans dire de durée, et pourquoi."""

MUETS = {"hidden", "submit", "button"}


class Saisies(HTMLParser):
    """Compte, dans les formulaires POST de la page, les champs que l'on remplit ; retient si une durée est dite."""

    def __init__(self) -> None:
        super().__init__()
        self.en_post = self.dit_sa_duree = False
        self.champs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        lus = dict(attrs)
        self.dit_sa_duree |= "duree-saisie" in (lus.get("class") or "").split()
        if tag == "form":
            self.en_post = lus.get("method") == "post"
        saisie = tag in ("select", "textarea") or tag == "input" and lus.get("type", "text") not in MUETS
        if self.en_post and saisie:
            self.champs.append(lus.get("name") or "")

    def handle_endtag(self, tag: str) -> None:
        self.en_post &= tag != "form"


PAGES = [nom for nom, ligne in LIGNES.items() if ligne.genre == "page" and ligne.lit and ligne.se_montre]


@pytest.mark.django_db
def test_toute_page_de_saisie_dit_sa_duree() -> None:
    monde = batir()
    sans, inutiles = [], []
    for nom in PAGES:
        ligne, client = LIGNES[nom], Client()
        if compte := monde.comptes[ligne.naturel]:
            client.force_login(compte)
        page = Saisies()
        page.feed(client.get(reverse(nom.split()[0], kwargs=ligne.nommer(monde.dedans))).content.decode())
        if page.champs and not page.dit_sa_duree and nom not in SANS_DUREE:
            sans.append(f"{nom} : {page.champs[:4]}")
        if nom in SANS_DUREE and (page.dit_sa_duree or not page.champs):
            inutiles.append(nom)
    assert not sans, "ces pages font saisir sans dire le temps :\n" + "\n".join(sans)
    assert not inutiles, f"ces exceptions ne servent plus : {inutiles}"
