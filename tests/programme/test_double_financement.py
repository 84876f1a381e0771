"""Double financement : signalé sans rien interdire, sans jamais nommer un projet que le lecteur ne voit pas."""

from typing import Any

import pytest
from django.urls import reverse

from programme.enums import Role
from programme.models import Grappe, Parcours
from programme.services.double_financement import AILLEURS, DEUX_DUI, MEME_LOGICIEL, signaux
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.fabriques import (
    ConventionFactory,
    EsmsFactory,
    GrappeFactory,
    ParcoursFactory,
    SolutionFactory,
    affecter,
    cheffe_de,
    directrice_de,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ici() -> Grappe:
    return ConventionFactory().grappe


@pytest.fixture
def ailleurs() -> Grappe:
    return ConventionFactory(grappe__nom="Autre projet secret").grappe


def _deux_fois(ici: Grappe, ailleurs: Grappe, **champs: Any) -> tuple[Parcours, Parcours]:
    """Un ESMS engagé dans les deux grappes ; deux logiciels, sauf si l'un des deux parcours est sorti."""
    un = ParcoursFactory(grappe=ici)
    deux = ParcoursFactory(grappe=ailleurs, esms=un.esms, **({"solution": SolutionFactory(nom="Margelle")} | champs))
    return un, deux


def _signaux(grappe: Grappe, lecteur: Any) -> list[Any]:
    return signaux(Parcours.objects.visibles_par(lecteur).filter(grappe=grappe), lecteur)


def test_deux_dui_pour_un_esms(ici: Grappe, ailleurs: Grappe) -> None:
    un, _ = _deux_fois(ici, ailleurs)
    (signal,) = _signaux(ici, affecter(Role.ADMIN))
    assert (signal.nature, signal.esms, signal.grappe) == (DEUX_DUI, un.esms, ailleurs)
    assert "Margelle" in signal.phrase and ailleurs.nom in signal.phrase


def test_le_meme_logiciel_deux_fois(ici: Grappe, ailleurs: Grappe) -> None:
    deux = ParcoursFactory(grappe=ailleurs)
    changer_etat(deux, "sortir", par=cheffe_de(ailleurs), motif="avenant", raison="avenant")
    ParcoursFactory(grappe=ici, esms=deux.esms, solution=deux.solution)
    (signal,) = _signaux(ici, affecter(Role.ADMIN))
    assert signal.nature == MEME_LOGICIEL
    assert _signaux(ailleurs, affecter(Role.ADMIN)) == [], "sorti, il n'y est plus examiné"


def test_un_projet_qu_on_ne_voit_pas_n_est_pas_nomme(ici: Grappe, ailleurs: Grappe) -> None:
    _deux_fois(ici, ailleurs)
    cheffe = cheffe_de(ici)
    (signal,) = _signaux(ici, cheffe)
    assert signal.nature == AILLEURS and signal.grappe is None
    page = connecte(cheffe).get(reverse("programme:grappe-financement", args=[ici.pk])).content.decode()
    api = connecte(cheffe).get(reverse("api:grappe-financement", args=[ici.pk])).content.decode()
    for texte in (signal.phrase, page, api):
        assert "un autre projet" in texte and "secret" not in texte and "Margelle" not in texte
    assert "Autre projet secret" in _signaux(ici, affecter(Role.ADMIN))[0].phrase


@pytest.mark.parametrize("etat", ["montage", "non_retenue", "resiliee"])
def test_sans_convention_en_cours_rien_a_signaler(ici: Grappe, etat: str) -> None:
    autre = GrappeFactory()
    if etat != "montage":
        cheffe = cheffe_de(autre)
        changer_etat(autre, "deposer", par=cheffe)
        if etat == "non_retenue":
            changer_etat(autre, "ne_pas_retenir", par=cheffe, motif="essai")
        else:
            changer_etat(autre, "conventionner", par=cheffe)
            assert _deux_fois(ici, autre) and _signaux(ici, affecter(Role.ADMIN))
            changer_etat(autre, "resilier", par=cheffe, motif="essai")
    if etat != "resiliee":
        _deux_fois(ici, autre)
    assert _signaux(ici, affecter(Role.ADMIN)) == []


def test_retire_avant_la_convention_il_n_a_pas_ete_finance(ici: Grappe, ailleurs: Grappe) -> None:
    _, deux = _deux_fois(ici, ailleurs)
    changer_etat(deux, "sortir", par=cheffe_de(ailleurs), motif="renonce", raison="retrait")
    assert _signaux(ici, affecter(Role.ADMIN)) == []


def test_deux_parcours_d_une_meme_grappe_ne_sont_pas_un_double(ici: Grappe) -> None:
    un = ParcoursFactory(grappe=ici)
    changer_etat(un, "sortir", par=cheffe_de(ici), motif="éditeur", raison="avenant")
    ParcoursFactory(grappe=ici, esms=un.esms, solution=SolutionFactory(nom="Margelle"))
    assert _signaux(ici, affecter(Role.ADMIN)) == []


def test_il_n_interdit_rien(ici: Grappe, ailleurs: Grappe) -> None:
    from programme.services.grappes import ajouter_esms

    un = ParcoursFactory(grappe=ailleurs)
    (entre,) = ajouter_esms(grappe=ici, esms=[un.esms], par=cheffe_de(ici), solution=SolutionFactory(nom="Margelle"))
    assert entre.grappe == ici


def test_a_l_ajout_le_signal_est_le_meme(ici: Grappe, ailleurs: Grappe) -> None:
    autre = ParcoursFactory(grappe=ailleurs, solution=SolutionFactory(nom="Margelle"))

    def avis(compte: Any) -> str:
        url = reverse("programme:grappe-ajouter", args=[ici.pk])
        page = connecte(compte).get(url, {"numeros": autre.esms.finess}).content.decode()
        assert "1 ESMS entrerait" in page, "rien n'est interdit"
        return page

    seule = cheffe_de(ici)
    page = avis(seule).split('id="examen"')[1]
    assert "un autre projet" in page and "secret" not in page and "Margelle" not in page
    affecter(Role.CHEF_PROJET, ailleurs, utilisateur=seule)
    assert "Autre projet secret" in avis(seule)


@pytest.mark.parametrize("nombre", [1, 50])
def test_requetes_constantes(ici: Grappe, ailleurs: Grappe, nombre: int, django_assert_num_queries: Any) -> None:
    autre = SolutionFactory(nom="Margelle")
    for _ in range(nombre):
        esms = EsmsFactory()
        ParcoursFactory(grappe=ici, esms=esms)
        ParcoursFactory(grappe=ailleurs, esms=esms, solution=autre)
    lecteur = affecter(Role.ADMIN)
    assert lecteur.perimetre.est_national
    with django_assert_num_queries(3):
        assert len(signaux(Parcours.objects.filter(grappe=ici), lecteur)) == nombre


def test_la_fiche_le_montre_a_qui_conduit_ou_finance(ici: Grappe, ailleurs: Grappe) -> None:
    un, _ = _deux_fois(ici, ailleurs)
    changer_etat(ici, "deposer", par=cheffe_de(ici))
    url = reverse("programme:parcours-detail", args=[un.pk])
    for compte, montre in (
        (cheffe_de(ici), True),
        (affecter(Role.ARS, ici), True),
        (directrice_de(un), False),
        (affecter(Role.GRADES, ici), False),
    ):
        page = connecte(compte).get(url).content.decode()
        assert ("Double financement" in page) is montre, compte.affectations.get().role
