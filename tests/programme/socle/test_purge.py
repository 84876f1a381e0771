"""Les essais sans transaction purgent la base malgré le journal, et le journal est gardé de nouveau après."""

import pytest
from django.db import DatabaseError, connection, transaction

from programme.socle import declencheurs
from programme.socle.models import Passage
from programme.socle.porte import changer_etat
from tests.fabriques import ParcoursFactory, directrice_de


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("tour", [1, 2])
def test_chaque_essai_part_d_un_journal_vide_et_garde(tour: int) -> None:
    assert not Passage.objects.exists()
    assert declencheurs.presents() >= declencheurs.NOMS[connection.vendor]
    parcours = ParcoursFactory()
    changer_etat(parcours, "engager", par=directrice_de(parcours), motif=f"tour {tour}")
    for ordre in ("DELETE FROM socle_passage", "UPDATE socle_passage SET motif = 'faux'"):
        with pytest.raises(DatabaseError, match="ne se réécrit pas"), transaction.atomic(), connection.cursor() as c:
            c.execute(ordre)
