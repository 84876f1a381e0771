"""Tué au milieu de l'import d'un journal, pour de vrai : rien n'est compté à demi, et l'import se relance."""

from collections.abc import Iterator

import pytest

from tests.programme.test_travailleur import Machine, machine  # noqa: F401

pytestmark = pytest.mark.deux_bases

NB_ESMS, NB_MOIS = 60, 24
PREPARER = f"""
from django.core.files.base import ContentFile
from programme.models import Parcours
from programme.socle.imports import confirmer, deposer
from programme.socle.models import Correspondance, Travail
from programme.socle.travaux import executer
from tests.acces.monde_usages import correspondance_connexions
from tests.fabriques import EsmsFactory, GrappeFactory, OgFactory, ParcoursFactory, affecter
og, grappe = OgFactory(), GrappeFactory()
finess = [ParcoursFactory(grappe=grappe, esms=EsmsFactory(og=og)).esms.finess for _ in range({NB_ESMS})]
siege = affecter("siege", og)
correspondance = correspondance_connexions(og, siege)
mois = [f"{{2024 + n // 12}}-{{n % 12 + 1:02d}}" for n in range({NB_MOIS})]
jours = [f"{{m}}-{{j}} 08:00" for m in mois for j in ("01", "15", "28")]
lignes = [f"c{{k}};{{j}};{{f}}" for f in finess for j in jours for k in range(20)]
parametres = {{"og": og.pk, "correspondance": correspondance.pk, "parcours": Parcours.objects.first().pk}}
contenu = ContentFile(("Utilisateur;Date;FINESS\\n" + "\\n".join(lignes)).encode(), name="journal.csv")
apercu = deposer("connexions", fichier=contenu, par=siege, parametres=parametres)
executer(apercu.pk)
print(json.dumps(confirmer(Travail.objects.get(pk=apercu.pk), par=siege).pk))
"""
RELANCER = """
from programme.socle.models import Travail
from programme.socle.travaux import relancer
print(json.dumps(relancer(Travail.objects.get(pk={pk})).etat))
"""


@pytest.fixture
def comptes(machine: Machine) -> Iterator[Machine]:  # noqa: F811
    """La machine, dont on ôte ce que l'essai a laissé tourner."""
    yield machine
    machine.arreter()


def _nb_usages(machine: Machine) -> int:  # noqa: F811
    return int(machine.lire("SELECT count(*) FROM usages_usagemensuel")[0])


def _tuer(machine: Machine, pk: int, moment: str) -> None:  # noqa: F811
    """Tue le travailleur au moment dit : le travail est rendu interrompu, et rien n'est compté."""
    victime = machine.travailler()
    machine.attendre(pk, lambda vu: vu[1].startswith(moment) or vu[0] == "termine")
    victime.kill()
    victime.wait()
    assert machine.etat(pk)[0] == "en_cours", "tué trop tard : l'essai n'éprouve rien"
    assert _nb_usages(machine) == 0
    ramasseur = machine.travailler()
    fini = machine.attendre(pk, lambda vu: vu[0] != "en_cours")
    assert fini[0] == "interrompu" and "comme avant" in fini[2] and _nb_usages(machine) == 0
    ramasseur.kill()
    ramasseur.wait()
    assert machine.executer(RELANCER.format(pk=pk)) == "en_attente"


def test_tue_en_lisant_puis_en_ecrivant_rien_n_est_compte_a_demi(comptes: Machine) -> None:
    pk = comptes.executer(PREPARER)
    _tuer(comptes, pk, "Lecture")
    _tuer(comptes, pk, "Écriture")
    comptes.travailler()
    fini = comptes.attendre(pk, lambda vu: vu[0] not in ("en_attente", "en_cours"))
    assert fini[0] == "termine", fini
    assert _nb_usages(comptes) == NB_ESMS * NB_MOIS
