"""Le même envoi depuis plusieurs onglets au même instant : un seul retour, et chacun en a l'accusé."""

import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from programme.socle.pieces import pieces_de
from tests.usages.retours.fabriques import LienDeRetourFactory
from tests.usages.retours.images import jpeg
from tests.usages.retours.test_capture import envoyer
from usages.models import CompteurDeDepots, Retour


@pytest.mark.django_db(transaction=True)
def test_le_meme_envoi_six_fois_au_meme_instant() -> None:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        # Une base en mémoire n'a qu'une connexion : cela se prouve sur PostgreSQL.
        assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        return
    lien, cle, depart = LienDeRetourFactory(), str(uuid.uuid4()), Barrier(6)

    def un_onglet(_: int) -> int:
        try:
            depart.wait(5)
            photo = SimpleUploadedFile("photo.jpg", jpeg(), "image/jpeg")
            return int(envoyer(lien, cle=cle, photo=photo).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as fils:
        codes = Counter(fils.map(un_onglet, range(6)))
    assert codes == {201: 1, 200: 5}
    assert pieces_de(Retour.objects.get()).count() == 1
    assert set(CompteurDeDepots.objects.values_list("nombre", flat=True)) == {6}
