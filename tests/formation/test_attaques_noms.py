"""Aucun nom ne sort d'un fichier, d'un export, d'un dossier ; pour les pages et l'API, voir la table d'accès."""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from formation.chapitres import formation
from formation.enums import Pointage, StatutInscription
from formation.models import SessionFormation
from programme.socle.chapitres import Demande
from tests.acces.lignes import Ligne
from tests.acces.monde import Monde, batir
from tests.acces.noms import peupler, traces_dans
from tests.acces.table import LIGNES
from tests.fabriques import GrappeFactory, ParcoursFactory, cheffe_de
from tests.formation.fabriques import (
    ModuleFormationFactory,
    equipe,
    il_y_a,
)

ROLES = ("admin", "anonyme", "appui", "ars", "chef_projet", "etranger", "grades", "membre", "voisin")
EXPORTS = ("csv", "xlsx", "impression")


pytestmark = pytest.mark.une_base


@pytest.fixture(scope="module")
def monde(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Monde]:
    with django_db_blocker.unblock(), transaction.atomic():
        monde = batir()
        peupler(monde)
        yield monde
        transaction.set_rollback(True)


@pytest.fixture
def clients(monde: Monde, db: None) -> dict[str, Client]:
    rendus = {role: Client(raise_request_exception=False) for role in ROLES}
    for role, client in rendus.items():
        if compte := monde.comptes[role]:
            client.force_login(compte)
    return rendus


def _texte(reponse: HttpResponseBase, dossier: Path) -> str:
    """Ce qu'on y lit : un classeur se déplie, un PDF se lit, et les en-têtes comptent."""
    lu: Any = reponse
    octets = b"".join(lu.streaming_content) if lu.streaming else lu.content
    textes = [str(lu.headers)]
    if octets[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            textes += [archive.read(nom).decode(errors="replace") for nom in archive.namelist()]
    elif octets[:5] == b"%PDF-":
        if (pdftotext := shutil.which("pdftotext")) is not None:
            (dossier / "lu.pdf").write_bytes(octets)
            dit = subprocess.run([pdftotext, "-raw", str(dossier / "lu.pdf"), "-"], check=False, capture_output=True)
            textes.append(dit.stdout.decode(errors="replace"))
        textes.append(octets.decode(errors="replace"))
    else:
        textes.append(octets.decode(errors="replace"))
    return " ".join(textes)


def _traces(reponse: HttpResponseBase, dossier: Path) -> list[str]:
    return traces_dans(_texte(reponse, dossier))


def _formes(nom: str) -> tuple[tuple[str, bool], ...]:
    """Les façons de lire une adresse : une liste s'exporte, s'imprime, et se recharge par morceau."""
    return (("", True), *((f, False) for f in EXPORTS)) if nom.endswith("-liste") else (("", False),)


def _ailleurs_que_la_table() -> list[str]:
    """Ce que la table d'accès ne lit pas mot à mot : les fichiers, et ce qu'une liste rend d'autre que sa page."""
    lues = {nom: ligne for nom, ligne in LIGNES.items() if ligne.lit}
    return sorted(n for n, ligne in lues.items() if ligne.genre in ("fichier", "api") or n.endswith("-liste"))


def _lecteurs(ligne: Ligne, cote: str) -> list[str]:
    """Qui peut y lire quelque chose ; de l'autre côté, la table d'accès dit déjà que les autres ont une 404."""
    connus = ("admin", "etranger") if cote == "dehors" else tuple(r for r in ROLES if r not in ("anonyme", "etranger"))
    return [*connus, *(["anonyme"] if ligne.anonyme == 200 else [])]


@pytest.mark.parametrize("nom", _ailleurs_que_la_table())
def test_aucune_lecture_ne_nomme(monde: Monde, clients: dict[str, Client], nom: str, tmp_path: Path) -> None:
    ligne, fuites = LIGNES[nom], []
    for cote in ligne.cotes:
        url = reverse(nom.split()[0], kwargs=ligne.nommer(getattr(monde, cote)))
        for role in _lecteurs(ligne, cote):
            client = clients[role]
            for forme, par_morceau in _formes(nom):
                entetes = {"HX-Request": "true"} if par_morceau else {}
                with transaction.atomic():
                    reponse = client.get(url, {"format": forme} if forme else {}, headers=entetes)
                    dits = _traces(reponse, tmp_path)
                    transaction.set_rollback(True)
                fuites += [f"{role}, {url} {forme} ({reponse.status_code}) : {dit}" for dit in dits]
    assert not fuites, "\n".join(fuites)


SORTIES_DE_SESSION = (
    "sessionformation-detail", "session-presences", "session-presences-import", "session-emargement-pdf",
    "session-emargement-csv", "session-inscrire", "session-avis", "session-ics", "session-convoquer",
    "session-attestations-pdf",
)  # fmt: skip


@pytest.mark.parametrize("etat", ["ouverte", "tenue", "evaluee"])
@pytest.mark.parametrize("nom", SORTIES_DE_SESSION)
def test_une_session_ne_nomme_dans_aucun_etat(
    monde: Monde, clients: dict[str, Client], nom: str, etat: str, tmp_path: Path
) -> None:
    fuites = []
    for session in (monde.dedans.sessionformation, monde.dedans.session_de_grappe):
        # Sans la porte : chaque état se lit ici, peu importe comment on y vient.
        QuerySet.update(SessionFormation.objects.filter(pk=session.pk), etat=etat)
        session.inscriptions.update(pointage=Pointage.PRESENT)
        session.inscriptions.filter(poste__debut__gt=il_y_a(10)).update(statut=StatutInscription.EN_ATTENTE)
        for role, client in clients.items():
            reponse = client.get(reverse(f"formation:{nom}", args=[session.pk]))
            fuites += [f"{role} ({reponse.status_code}) : {dit}" for dit in _traces(reponse, tmp_path)]
            reponse = client.post(reverse(f"formation:{nom}", args=[session.pk]), {"groupes": "tous", "code": "x"})
            fuites += [f"POST, {role} ({reponse.status_code}) : {dit}" for dit in _traces(reponse, tmp_path)]
            page = client.get(reverse("formation:sessionformation-detail", args=[session.pk]))
            fuites += [f"message, {role} : {dit}" for dit in _traces(page, tmp_path)]
    assert not fuites, "\n".join(fuites)


def test_le_balai_attrape(monde: Monde, db: None, tmp_path: Path) -> None:
    """Qui gère l'ESMS, lui, lit ces mots : le balai ne cherche pas à vide."""
    client = Client()
    client.force_login(monde.comptes["directeur"])
    page = client.get(reverse("formation:parcours-professionnels", args=[monde.dedans.parcours.pk]))
    assert any("zz-nom" in dit for dit in _traces(page, tmp_path))
    comptes = client.get(reverse("formation:parcours-comptes", args=[monde.dedans.parcours.pk]))
    assert any("zz-cpt" in dit for dit in _traces(comptes, tmp_path))


# --- les petits groupes --------------------------------------------------------------------------------------------


def _dossier(*effectifs: int) -> tuple[dict[str, str], list[tuple[str, ...]]]:
    """Les chiffres et le tableau du chapitre d'une séance, pour une grappe d'ESMS de ces effectifs."""
    grappe = GrappeFactory()
    ModuleFormationFactory(grappe=grappe)
    for rang, nombre in enumerate(effectifs):
        equipe(ParcoursFactory(grappe=grappe, esms__nom=f"ESMS {rang}"), nombre)
    blocs = formation(Demande(grappe, cheffe_de(grappe), timezone.localdate()))
    chiffres = next(b for b in blocs if b.genre == "chiffres")
    tableau = next(b for b in blocs if b.genre == "tableau")
    return dict(chiffres.valeurs), sorted(tableau.lignes)


def test_le_dossier_de_seance_ne_redit_pas_un_petit_groupe_par_son_total(db: None) -> None:
    """12, 8 et 3 : le total moins les deux autres donnerait 3."""
    chiffres, lignes = _dossier(12, 8, 3)
    assert [ligne[1] for ligne in lignes] == ["0 sur 12", "non montré", "moins de 5"]
    assert chiffres["Personnes à former"] == "23", "deux se taisent : leur somme ne dit ni l'un ni l'autre"
    chiffres, lignes = _dossier(3)
    assert chiffres["Personnes à former"] == chiffres["Formées à leur socle"] == "non montré"
    chiffres, lignes = _dossier(6, 7)
    assert chiffres["Personnes à former"] == "13" and [ligne[1] for ligne in lignes] == ["0 sur 6", "0 sur 7"]
