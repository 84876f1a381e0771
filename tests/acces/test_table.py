"""Toute url, tout rôle, dedans et dehors : chaque case de la table est jouée."""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django.plugin import DjangoDbBlocker

from tests.acces.lignes import ROLES, Ligne, NomDeCote
from tests.acces.monde import ANONYME, Monde, batir
from tests.acces.noms import lit_des_noms, peupler, traces_dans
from tests.acces.table import LIGNES, SANS_LIGNE

UN_PAR_ETENDUE = {"chef_projet", "directeur", "siege", "ars", "admin", "etranger"}
"""La grappe, l'ESMS, l'organisme, la région en financeur, le pays, et ailleurs."""


@dataclass(frozen=True)
class Scene:
    """Le monde, et un navigateur déjà connecté par rôle."""

    monde: Monde
    clients: dict[str, Client]

    def adresse(self, nom: str, cote: NomDeCote) -> str:
        return reverse(nom.split()[0], kwargs=LIGNES[nom].nommer(getattr(self.monde, cote)))

    @cached_property
    def lisibles(self) -> dict[str, Ligne]:
        """Les adresses du monde qui se lisent, et leur ligne."""
        return {self.adresse(nom, "dedans"): ligne for nom, ligne in LIGNES.items() if ligne.lit}

    def jouer(self, role: str, url: str, methode: str, ligne: Ligne, *, nue: bool = False) -> Any:
        """La réponse ; ce qu'elle a écrit est défait. `nue` : la demander sans l'enveloppe des pages, comme htmx."""
        client, entetes = self.clients[role], {"HX-Request": "true"} if nue else {}
        temoins = deepcopy(client.cookies)
        with transaction.atomic():
            if methode == "GET":
                reponse = client.get(url, headers=entetes)
            elif ligne.genre == "api":
                ecrire = getattr(client, ligne.ecriture.lower())
                reponse = ecrire(url, ligne.corps or {}, content_type="application/json")
            else:
                reponse = client.post(url, {}, headers=entetes)
            transaction.set_rollback(True)
        client.cookies = temoins
        return reponse


@pytest.fixture(scope="module")
def monde_bati(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    """Un monde pour toute la table, et chacun devant son navigateur ; défait à la fin.

    Chaque geste est déjà défait par `Scene.jouer` : rebâtir le monde à chaque ligne coûterait des minutes pour rien.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        monde = batir()
        peupler(monde)
        clients = {}
        for role, compte in monde.comptes.items():
            clients[role] = Client(raise_request_exception=False)
            if compte:
                clients[role].force_login(compte)
        yield Scene(monde, clients)
        transaction.set_rollback(True)


@pytest.fixture
def scene(monde_bati: Scene, db: None) -> Scene:
    """Le monde, pour un essai."""
    return monde_bati


@pytest.fixture(scope="session")
def roles_joues(request: pytest.FixtureRequest) -> list[str]:
    """Tous ; sur la seconde base, un par façon de lire : les autres y passeraient par les mêmes requêtes."""
    return sorted(UN_PAR_ETENDUE if request.config.getoption("--avec-base") else ROLES | {ANONYME})


def _noms(motifs: list[URLPattern | URLResolver], espace: str = "") -> Iterator[str]:
    for motif in motifs:
        if isinstance(motif, URLResolver):
            yield from _noms(motif.url_patterns, f"{espace}{motif.namespace}:" if motif.namespace else espace)
        else:
            yield f"{espace}{motif.name}"


def test_toute_url_a_sa_ligne_et_toute_ligne_son_url() -> None:
    urls = set(_noms(get_resolver().url_patterns))
    lignes = {nom.split()[0] for nom in LIGNES}
    assert sorted(urls - lignes - SANS_LIGNE.keys()) == [], "ces urls n'ont pas de ligne dans tests/acces/table.py"
    assert sorted((lignes | SANS_LIGNE.keys()) - urls) == [], "ces lignes n'ont plus d'url"


def test_le_monde_tient_tous_les_roles(scene: Scene) -> None:
    assert scene.monde.comptes.keys() == ROLES | {ANONYME}


def _refuses(scene: Scene, page: str, role: str) -> Iterator[str]:
    """Les liens de la page vers le même monde, que la table refuse à ce rôle : un lien mort vaut une impasse.

    Avec une question dans l'adresse, c'est elle qui dit quoi montrer, et à qui : la table ne le sait pas.
    """
    corps = page.partition("<main")[2].partition("</main>")[0]
    for adresse in sorted(set(re.findall(r'href="(/[^"?#]*)["#]', corps))):
        ligne = scene.lisibles.get(adresse)
        if ligne and not ligne.attendu(role, "dedans", "GET") - {403, 404}:
            yield adresse


def _est_du_texte(reponse: Any) -> bool:
    """Une page, du JSON : les autres fichiers se déplient dans `tests/formation/test_attaques_noms.py`."""
    return not reponse.streaming and reponse.headers.get("Content-Type", "").startswith(("text/", "application/json"))


REFUS = frozenset({403, 404})


def _cases(
    ligne: Ligne, cote: NomDeCote, roles: list[str], ailleurs: bool
) -> Iterator[tuple[str, str, set[int], bool]]:
    """Méthode, rôle, codes attendus, et si le refus peut se lire nu.

    La méthode qu'une page n'a pas est refusée avant de regarder qui demande : un rôle le dit pour tous. Une page de
    refus porte la même enveloppe pour chacun : le premier la lit entière, les autres nue. Sur la seconde base
    (`ailleurs`), un refus passe par les mêmes requêtes qu'une lecture : seul ce qui aboutit se rejoue.
    """
    vus: set[tuple[str, frozenset[int]]] = set()
    for methode, role in product(("GET", "POST"), roles):
        attendu = ligne.attendu(role, cote, methode)
        sorte = (methode, frozenset(attendu))
        redit, refus = sorte in vus, attendu <= REFUS
        vus.add(sorte)
        if (attendu == {405} and redit) or (ailleurs and (refus or attendu == {405})):
            continue
        yield methode, role, attendu, refus and redit


@pytest.mark.parametrize(("nom", "cote"), [(nom, cote) for nom, ligne in LIGNES.items() for cote in ligne.cotes])
def test_chaque_case(
    scene: Scene, nom: str, cote: NomDeCote, roles_joues: list[str], pytestconfig: pytest.Config
) -> None:
    ligne, url = LIGNES[nom], scene.adresse(nom, cote)
    ecarts = []
    for methode, role, attendu, nue in _cases(ligne, cote, roles_joues, pytestconfig.getoption("--avec-base")):
        reponse = scene.jouer(role, url, methode, ligne, nue=nue)
        if reponse.status_code not in attendu:
            ecarts.append(f"{methode}, {role} : {reponse.status_code}, attendu {sorted(attendu)}")
        elif role == ANONYME and attendu == {302} and not reponse.url.startswith(reverse("connexion")):
            ecarts.append(f"{methode}, {role} : renvoyé vers {reponse.url} plutôt qu'à la connexion")
        elif methode == "GET" and ligne.genre == "page" and reponse.status_code == 200:
            ecarts += [f"{role} : un lien vers {a}, qui lui est refusé" for a in _refuses(scene, reponse.text, role)]
        if methode == "GET" and _est_du_texte(reponse) and not lit_des_noms(role, cote):
            ecarts += [f"{role} lit un nom : {dit}" for dit in traces_dans(reponse.text)]
    assert not ecarts, f"{url}\n" + "\n".join(ecarts)
