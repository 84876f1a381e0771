"""Un chiffre en mots : l'unité s'accorde, une durée ne se lit pas comme un rapport."""

from decimal import Decimal
from types import SimpleNamespace

from usages.calculs.dire import dire_chiffre, dire_nombre
from usages.enums import Forme


def _indicateur(forme: str, unite: str = "jours") -> SimpleNamespace:
    return SimpleNamespace(forme=forme, unite=unite)


def test_une_duree_dit_ses_cas_et_ses_jours() -> None:
    duree = _indicateur(Forme.DUREE)
    assert dire_chiffre(duree, Decimal(4), Decimal(1)) == "1 cas, 4\u00a0jours en tout"
    assert dire_chiffre(duree, Decimal(1), Decimal(3)) == "3 cas, 1\u00a0jour en tout"


def test_un_rapport_dit_sur_combien_et_l_unite_s_accorde() -> None:
    assert dire_chiffre(_indicateur(Forme.RAPPORT), Decimal(30), Decimal(40)).startswith("30 sur 40, soit 75")
    assert [dire_nombre(_indicateur(Forme.COMPTE, "tâches"), Decimal(n)) for n in (1, 2)] == [
        "1\u00a0tâche",
        "2\u00a0tâches",
    ]
