"""Les verbatims cités ou redits dans une prose."""

import pytest

from usages.calculs.propos_cites import redits, references, resoudre

pytestmark = pytest.mark.une_base


def test_une_reference_est_seule_sur_sa_ligne() -> None:
    texte = "Avant.\n\n@verbatim 12\n\nLe signe @verbatim 13 au milieu.\n  @verbatim 14  \n@verbatim 12"
    assert references(texte) == [12, 14]


def test_citable_elle_devient_une_citation_sinon_rien() -> None:
    texte = "Avant.\n@verbatim 1\nAprès.\n\n@verbatim 2"
    assert resoudre(texte, {1: ("Dit ainsi.\nEt ainsi.", "une éducatrice")}).split() == (
        ["Avant.", ">", "Dit", "ainsi.", ">", "Et", "ainsi.", ">", "—", "une", "éducatrice", "Après."]
    )


REDITES = ["Le chef ne LIT jamais !", "« le  chef, ne lit\njamais »", "**Le chef** ne lit jamais"]


@pytest.mark.parametrize("ecrit", REDITES)
def test_redire_mot_pour_mot_se_voit(ecrit: str) -> None:
    texte = f"Un paragraphe.\n\nOn entend : {ecrit} Vraiment."
    assert len(redits(texte, ["Le chef ne lit jamais."])) == 1
    assert redits(texte, ["Le chef lit toujours tout."]) == [] and redits(texte, ["jamais"]) == []
