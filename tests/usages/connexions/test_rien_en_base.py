"""Après un import mené jusqu'au bout, aucun identifiant, aucun nom du journal n'est dans la base, ni sur le disque."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from programme.socle.models import Correspondance, Travail
from programme.socle.travaux import executer
from tests.usages.connexions.aides import decor, mois_entier
from usages.models import UsageMensuel
from usages.services.connexions.correspondances import GENRE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _un_disque_a_soi(settings: Any, tmp_path: Path) -> None:
    # Ce qu'un autre essai y a déposé n'est pas de celui-ci.
    settings.MEDIA_ROOT = tmp_path / "fichiers"


SECRETS = ("zqxidentifiantsecret", "zqxnomdefamille", "zqxposteunique", "zqxcourriel", "zqxmotdunite")


def _journal(finess: str) -> bytes:
    lignes = [
        "Login;Horodatage;Établissement;Nom complet;Lieu",
        *(f"{ligne};ZqxNomDeFamille Rose;ZqxPosteUnique" for ligne in mois_entier(finess, "ZqxIdentifiantSecret-1")),
        f"ZqxCourriel@exemple.fr;2026-10-09;{finess};ZqxNomDeFamille Rose;ZqxPosteUnique",
        "ZqxIdentifiantSecret-2;2026-10-09;ZqxMotDUnite;ZqxNomDeFamille Rose;ZqxPosteUnique",
        f"ZqxIdentifiantSecret-3;ZqxNomDeFamille;{finess};;",
        f"ZqxIdentifiantSecret-4;2026-10-09 10:00;{finess};;ZqxPosteUnique",
    ]
    return ("\n".join(lignes) + "\n").encode()


def _cases() -> Iterator[tuple[str, str]]:
    """Toutes les cases de toutes les tables, en texte : modèles, historiques, travaux, sessions, file de tâches."""
    with connection.cursor() as curseur:
        for table in connection.introspection.table_names(curseur):
            curseur.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for ligne in curseur.fetchall():
                yield from ((table, str(case)) for case in ligne if case is not None)


def _trouver(morceaux: Iterator[tuple[str, str]]) -> set[tuple[str, str]]:
    return {(ou, secret) for ou, texte in morceaux for secret in SECRETS if secret in texte.casefold()}


def _fichiers() -> Iterator[tuple[str, str]]:
    for chemin in Path(settings.MEDIA_ROOT).rglob("*"):
        if chemin.is_file():
            yield str(chemin), chemin.read_bytes().decode("utf-8", "replace")


def _mener(client: Client, cle: int, contenu: bytes, finess: str) -> None:
    """Déposer, relier, relire, confirmer : par les pages."""
    fichier = SimpleUploadedFile("journal.csv", contenu)
    depose: Any = client.post(
        reverse("usages:connexions-import", args=[cle]), {"source": "journal", "fichier": fichier}
    )
    depot = Travail.objects.get(genre="connexions-depot")
    # Le temps de relier, le fichier est là : c'est qu'on le cherche au bon endroit.
    assert _trouver(_fichiers())
    champs = {
        "travail": depot.pk, "feuille": "Tableau", "ligne_entete": 1, "nb_entetes": 1, "separateur": ";",
        "nom": "Journal", "code": "journal", "colonne_0": "compte", "colonne_1": "instant", "colonne_2": "esms",
    }  # fmt: skip
    client.get(depose.url)
    assert client.post(depose.url, champs).status_code == 302
    apercu = Travail.objects.get(genre=GENRE)
    executer(apercu.pk)
    client.get(reverse("programme:travail-detail", args=[apercu.pk]))
    client.post(reverse("programme:travail-confirmer", args=[apercu.pk]))
    executer(Travail.objects.get(genre=GENRE, parametres__ecrire=True).pk)


def test_rien_du_journal_ne_reste_en_base_ni_sur_le_disque() -> None:
    d = decor()
    Correspondance.objects.filter(genre=GENRE).delete()
    client = Client()
    client.force_login(d.siege)
    assert SECRETS[0] in _journal("x").decode().casefold()
    _mener(client, d.chai.pk, _journal(d.chai.esms.finess), d.chai.esms.finess)
    usage = UsageMensuel.objects.get()
    assert (usage.actifs, usage.inconnus, usage.connexions) == (0, 2, 3)
    assert _trouver(_cases()) == set()
    assert _trouver(_fichiers()) == set()


def test_ni_la_commande_ni_ce_qu_elle_dit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    d = decor()
    chemin = tmp_path / "journal.csv"
    contenu = _journal(d.chai.esms.finess).replace(
        "Login;Horodatage;Établissement".encode(), b"Utilisateur;Date;FINESS"
    )
    chemin.write_bytes(contenu)
    d.correspondance.options["entetes"] = ["Utilisateur", "Date", "FINESS", "Nom complet", "Lieu"]
    d.correspondance.save()
    call_command("importer_connexions", str(chemin), correspondance="journal", ecrire=True)
    assert UsageMensuel.objects.get().inconnus == 2
    assert _trouver(_cases()) == set() and _trouver(iter([("dit", capsys.readouterr().out)])) == set()


@pytest.mark.parametrize(
    "lignes",
    [
        # Sans en-tête, et sans une date ni un courriel pour le trahir : un nom, un ESMS, « jamais ».
        ["ZqxIdentifiantSecret-1;EHPAD;jamais", "ZqxIdentifiantSecret-2;EHPAD;2026-10-01 10:00"],
        ["ZqxIdentifiantSecret-1;ZqxMotDUnite;jamais", "ZqxIdentifiantSecret-2;EHPAD;2026-10-01 10:00"],
    ],
)
def test_un_fichier_sans_en_tete_ne_laisse_pas_sa_premiere_ligne(lignes: list[str]) -> None:
    d = decor()
    Correspondance.objects.filter(genre=GENRE).delete()
    client = Client()
    client.force_login(d.siege)
    fichier = SimpleUploadedFile("liste.csv", ("\n".join(lignes) + "\n").encode())
    champs = {"source": "liste", "au": "2026-06-30", "fichier": fichier}
    client.post(reverse("usages:connexions-import", args=[d.chai.pk]), champs)
    assert _trouver(_cases()) == set()
