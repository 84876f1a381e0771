"""Les pièces d'une séance : qui les lit, ce qui est refusé, ce qui se fige."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gouvernance.models import PartageSeance, Seance
from programme.enums import Role
from programme.models import Utilisateur
from programme.socle.models import Piece
from programme.socle.pieces import pieces_de
from programme.socle.porte import changer_etat
from tests.fabriques import affecter, cheffe_de, pdf
from tests.gouvernance.fabriques import InstanceFactory, SeanceFactory, mandater, seance_close

pytestmark = pytest.mark.django_db


@pytest.fixture
def seance() -> Seance:
    return SeanceFactory(comite=InstanceFactory(quorum=0))


@pytest.fixture
def cheffe(seance: Seance) -> Utilisateur:
    return cheffe_de(seance.comite.grappe)


def _joindre(client: Client, qui: Utilisateur, seance: Seance, fichier: Any) -> Any:
    client.force_login(qui)
    return client.post(reverse("gouvernance:seance-pieces", args=[seance.pk]), {"fichier": fichier})


def _lit(client: Client, qui: Utilisateur, piece: Piece) -> int:
    client.force_login(qui)
    return client.get(reverse("programme:piece", args=[piece.pk])).status_code


def test_jointe_elle_se_lit_par_les_membres_et_par_eux_seuls(client: Client, seance: Seance, cheffe: Any) -> None:
    rendu = _joindre(client, cheffe, seance, pdf())
    assert rendu.status_code == 302
    piece = pieces_de(seance).get()
    membre = mandater(seance.comite, affecter(Role.MEMBRE, seance.comite.grappe)).utilisateur
    d_a_cote = mandater(InstanceFactory(grappe=seance.comite.grappe), affecter(Role.MEMBRE, seance.comite.grappe))
    assert _lit(client, membre, piece) == 200
    assert _lit(client, d_a_cote.utilisateur, piece) == 404
    assert _lit(client, affecter(Role.ARS, seance.comite.grappe), piece) == 404


@pytest.mark.parametrize(
    ("nom", "contenu"),
    [
        ("devis.pdf", b"MZ\x90\x00 un programme"),
        ("devis.html", b"<script>alert(1)</script>"),
        ("devis.pdf", b""),
        ("2 55 08 14 168 025 38.pdf", b"%PDF-1.4\n%%EOF"),
    ],
    ids=["programme", "page", "vide", "nir"],
)
def test_une_piece_dangereuse_est_refusee_en_une_phrase(
    client: Client, seance: Seance, cheffe: Any, nom: str, contenu: bytes
) -> None:
    rendu = _joindre(client, cheffe, seance, SimpleUploadedFile(nom, contenu))
    assert rendu.status_code == 422 and not Piece.objects.exists()
    assert len(rendu.context["formulaire"].errors["fichier"]) == 1


def test_un_compte_rendu_partage_n_ouvre_pas_les_pieces(client: Client, cheffe: Any) -> None:
    seance = seance_close(InstanceFactory(quorum=0))
    cheffe = cheffe_de(seance.comite.grappe)
    _joindre(client, cheffe, seance, pdf())
    changer_etat(seance, "diffuser", par=cheffe)
    ars = affecter(Role.ARS, seance.comite.grappe)
    PartageSeance.objects.create(seance=seance, pourquoi="relire", ouvert_par=cheffe, du=timezone.localdate())
    client.force_login(ars)
    assert client.get(reverse("gouvernance:seance-pieces", args=[seance.pk])).status_code in (403, 404)
    assert _lit(client, ars, pieces_de(seance).get()) == 404


def test_diffusee_rien_ne_s_ajoute_ni_ne_se_retire(client: Client) -> None:
    seance = seance_close(InstanceFactory(quorum=0))
    cheffe = cheffe_de(seance.comite.grappe)
    _joindre(client, cheffe, seance, pdf())
    changer_etat(seance, "diffuser", par=cheffe)
    piece = pieces_de(seance).get()
    refusee = _joindre(client, cheffe, seance, SimpleUploadedFile("autre.pdf", b"%PDF-1.4\nautre\n%%EOF"))
    assert "ne changent plus" in refusee.content.decode()
    client.post(reverse("gouvernance:seance-pieces", args=[seance.pk]), {"retirer": str(piece.pk)})
    assert list(pieces_de(seance)) == [piece]


def test_qui_ne_tient_pas_la_seance_n_y_joint_rien(client: Client, seance: Seance) -> None:
    membre = mandater(seance.comite, affecter(Role.MEMBRE, seance.comite.grappe)).utilisateur
    assert _joindre(client, membre, seance, pdf()).status_code == 403
    assert not Piece.objects.exists()


def test_une_piece_d_une_autre_seance_n_existe_pas_ici(client: Client, seance: Seance, cheffe: Any) -> None:
    _joindre(client, cheffe, seance, pdf())
    autre = SeanceFactory(comite=seance.comite)
    piece = pieces_de(seance).get()
    rendu = client.post(reverse("gouvernance:seance-pieces", args=[autre.pk]), {"retirer": str(piece.pk)})
    assert rendu.status_code == 404 and Piece.objects.filter(pk=piece.pk).exists()


def test_chaque_formulaire_de_la_page_porte_son_jeton(client: Client, seance: Seance, cheffe: Any) -> None:
    _joindre(client, cheffe, seance, pdf())
    page = client.get(reverse("gouvernance:seance-pieces", args=[seance.pk])).content.decode().split("<main")[1]
    assert page.count('method="post"') == page.count("csrfmiddlewaretoken") == 2
