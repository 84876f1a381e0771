"""`manage.py importer_tickets` : à blanc par défaut, au nom de quelqu'un qui suit les éditeurs de la grappe."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from programme.enums import Role
from tests.fabriques import GrappeFactory, affecter
from tests.usages.tickets.aides import Decor, csv_de, decor, ligne
from usages.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def d() -> Decor:
    return decor()


def _lancer(d: Decor, chemin: Path, contenu: bytes, **options: Any) -> str:
    fichier, sortie = chemin / "glpi.csv", io.StringIO()
    fichier.write_bytes(contenu)
    voulu = {"correspondance": "glpi", "grappe": d.grappe.pk, "source": "GLPI"} | options
    call_command("importer_tickets", str(fichier), stdout=sortie, **voulu)
    return sortie.getvalue()


def test_a_blanc_puis_ecrit_puis_plus_rien(d: Decor, tmp_path: Path) -> None:
    contenu = csv_de(ligne(d), ligne(d, "T-2", cree_le="jamais"))
    dit = _lancer(d, tmp_path, contenu)
    assert "Créé, ligne 2, T-1" in dit and "Rejeté, ligne 3 : Créé le" in dit and "À blanc" in dit
    assert not Ticket.objects.exists()
    assert "Écrit : 1 ticket." in _lancer(d, tmp_path, contenu, ecrire=True)
    assert Ticket.objects.get().numero == "T-1"
    assert "Rien à écrire" in _lancer(d, tmp_path, contenu, ecrire=True)


def test_un_refus_est_une_phrase(d: Decor, tmp_path: Path) -> None:
    contenu, appui = csv_de(ligne(d)), affecter(Role.DIRECTEUR, d.coteau.esms)
    for options, phrase in (
        ({"correspondance": "autre"}, "reliez d'abord le fichier"),
        ({"grappe": 999}, "Aucune grappe 999"),
        ({"grappe": GrappeFactory().pk}, "Aucune correspondance « glpi » chez"),
        ({"par": appui.identifiant}, "ne peut pas importer ces tickets"),
        ({"par": "personne"}, "Aucun compte ouvert"),
    ):
        with pytest.raises(CommandError, match=phrase):
            _lancer(d, tmp_path, contenu, **options)
    assert not Ticket.objects.exists()
