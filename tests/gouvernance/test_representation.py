"""Les ESMS que personne ne représente : une grappe faite main de trois organismes et quatre catégories."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from gouvernance.models import Instance
from gouvernance.services.representation import lire
from programme.enums import Role
from programme.models import Categorie, Grappe, OrganismeGestionnaire, Parcours, Utilisateur
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.fabriques import CategorieFactory, GrappeFactory, OgFactory, ParcoursFactory, affecter, cheffe_de
from tests.gouvernance.fabriques import InstanceFactory, MandatFactory, mandater

pytestmark = pytest.mark.django_db

CATEGORIES = {"183": "IME", "246": "ESAT", "500": "EHPAD", "255": "MAS"}
ESMS = (
    ("Les Tilleuls", "Ormeaux", "183"),
    ("Le Fournil", "Ormeaux", "246"),
    ("Les Saules", "Rivages", "183"),
    ("Beauséjour", "Rivages", "500"),
    ("La Clairière", "Vallons", "255"),
    ("Le Moulin", "Vallons", "255"),
)
"""Trois organismes, quatre catégories."""


class Main:
    """La grappe faite main, et de quoi la lire."""

    def __init__(self) -> None:
        self.grappe: Grappe = GrappeFactory()
        self.ogs: dict[str, OrganismeGestionnaire] = {n: OgFactory(nom=n) for n in ("Ormeaux", "Rivages", "Vallons")}
        self.categories: dict[str, Categorie] = {
            code: CategorieFactory(code=code, sigle=sigle, libelle=sigle) for code, sigle in CATEGORIES.items()
        }
        self.parcours: dict[str, Parcours] = {
            nom: ParcoursFactory(
                grappe=self.grappe, esms__nom=nom, esms__og=self.ogs[og], esms__categorie=self.categories[code]
            )
            for nom, og, code in ESMS
        }
        self.costrat = InstanceFactory(grappe=self.grappe, type="costrat", nom="COSTRAT")
        self.comop = InstanceFactory(grappe=self.grappe, nom="COMOP")
        self.cheffe = cheffe_de(self.grappe)

    def sans(self, par: Utilisateur | None = None) -> set[str]:
        return {e.nom for e in lire(self.grappe, par or self.cheffe, timezone.localdate()).sans}

    def dans(self, instance: Instance) -> set[str]:
        lue = lire(self.grappe, self.cheffe, timezone.localdate(), str(instance.pk))
        return {e.nom for e in lue.sans}

    def siege(self, instance: Instance, **vise: Any) -> None:
        MandatFactory(comite=instance, **({"represente": next(iter(vise))} | vise))


@pytest.fixture
def main() -> Main:
    return Main()


TOUS = {nom for nom, _, _ in ESMS}


def test_les_esms_que_personne_ne_represente(main: Main) -> None:
    assert main.sans() == TOUS
    mandater(main.costrat, main.cheffe)
    assert main.sans() == TOUS, "la conduite ne représente aucun ESMS"
    main.siege(main.costrat, og=main.ogs["Ormeaux"])
    assert main.sans() == TOUS - {"Les Tilleuls", "Le Fournil"}
    main.siege(main.comop, categorie=main.categories["183"], og=main.ogs["Rivages"])
    assert main.sans() == {"Beauséjour", "La Clairière", "Le Moulin"}, "l'IME de Rivages, et lui seul"
    main.siege(main.comop, esms=main.parcours["Le Moulin"].esms)
    assert main.sans() == {"Beauséjour", "La Clairière"}
    main.siege(main.comop, categorie=main.categories["500"])
    assert main.sans() == {"La Clairière"}
    main.siege(main.comop, represente="zone", departement=main.parcours["La Clairière"].esms.departement)
    assert main.sans() == set()


def test_un_siege_fini_a_venir_ou_d_une_instance_close_ne_represente_plus(main: Main) -> None:
    jour = timezone.localdate()
    main.siege(main.comop, og=main.ogs["Ormeaux"], au=jour - timedelta(days=1))
    main.siege(main.comop, og=main.ogs["Rivages"], du=jour + timedelta(days=1))
    assert main.sans() == TOUS
    main.siege(main.comop, og=main.ogs["Vallons"], au=jour)
    assert main.sans() == TOUS - {"La Clairière", "Le Moulin"}, "le dernier jour compte"
    Instance.objects.filter(pk=main.comop.pk).update(close_le=jour)
    assert main.sans() == TOUS


def test_un_esms_sorti_n_a_plus_a_etre_represente(main: Main) -> None:
    changer_etat(main.parcours["Le Moulin"], "sortir", par=main.cheffe, motif="Avenant", raison="avenant")
    assert main.sans() == TOUS - {"Le Moulin"}


def test_instance_par_instance(main: Main) -> None:
    main.siege(main.costrat, og=main.ogs["Ormeaux"])
    assert main.dans(main.costrat) == TOUS - {"Les Tilleuls", "Le Fournil"} and main.dans(main.comop) == TOUS


def _page(main: Main, par: Utilisateur, **criteres: str) -> str:
    reponse = connecte(par).get(reverse("gouvernance:grappe-representation", args=[main.grappe.pk]), criteres)
    assert reponse.status_code == 200
    return unescape(reponse.content.decode())


def test_la_page_dessine_et_dit_qui_parle_pour_qui(main: Main) -> None:
    main.siege(main.costrat, og=main.ogs["Ormeaux"], utilisateur=None, fonction="Le directeur général")
    page = _page(main, main.cheffe)
    assert "2 représentés sur 6 ESMS." in page and page.count('<circle class="represente"') == 3, "deux, et la clé"
    assert page.count('class="sans-personne"') == 5 and "2 ESMS, que personne ne représente" in page
    assert "Le directeur général" in page and page.index("Beauséjour") < page.index("Les Tilleuls")
    page = _page(main, main.cheffe, instance=str(main.comop.pk))
    assert "0 représenté sur 6 ESMS." in page and f"?represente=esms-{main.parcours['Le Moulin'].esms_id}" in page
    assert "0 représenté sur" not in _page(main, main.cheffe, instance="x'"), "une instance inconnue : toutes"


def test_chacun_lit_ses_esms_et_un_siege_qu_il_ne_voit_pas_se_dit_sans_nom(main: Main) -> None:
    directrice = affecter(Role.DIRECTEUR, main.parcours["Le Moulin"].esms)
    assert main.sans(directrice) == {"Le Moulin"}
    page = _page(main, directrice)
    assert "Parmi les ESMS de votre périmètre" in page and "Beauséjour" not in page
    # Un membre du seul COMOP ne lit pas le COSTRAT : ses ESMS n'y sont pas « sans personne » pour autant.
    membre = affecter(Role.MEMBRE, main.grappe)
    mandater(main.comop, membre)
    main.siege(main.costrat, og=main.ogs["Vallons"], utilisateur=None, fonction="Le directeur des Vallons")
    assert main.sans(membre) == TOUS - {"La Clairière", "Le Moulin"}
    page = _page(main, membre)
    assert "dans une instance où vous ne siégez pas" in page and "Le directeur des Vallons" not in page


def test_la_page_d_entree_les_nomme(main: Main) -> None:
    main.siege(main.costrat, og=main.ogs["Ormeaux"])
    ici = reverse("gouvernance:grappe-gouvernance", args=[main.grappe.pk])
    page = unescape(connecte(main.cheffe).get(ici).content.decode())
    assert "4 sur 6 ESMS" in page and "Beauséjour" in page
    for og in ("Rivages", "Vallons"):
        main.siege(main.costrat, og=main.ogs[og])
    assert "Chacun des 6 ESMS a quelqu’un" in unescape(connecte(main.cheffe).get(ici).content.decode())
