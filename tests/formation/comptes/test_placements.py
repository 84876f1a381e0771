"""Placer chacun dans un profil ; compter les comptes à créer sans nommer ; emporter la liste."""

import io
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from formation.models import Poste, Profil
from formation.services.placements import lire, placer
from programme.enums import Role
from programme.models import Parcours, Utilisateur
from programme.socle.erreurs import Refus
from tests.aides import connecte, lignes_csv
from tests.fabriques import ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.formation.fabriques import CompteDuiFactory, MetierFactory, PosteFactory, ProfilFactory, equipe, il_y_a

pytestmark = pytest.mark.django_db


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    return directrice_de(parcours)


@pytest.fixture
def educatif(parcours: Parcours) -> Profil:
    profil = ProfilFactory(grappe=parcours.grappe, code="educatif", nom="Éducatif")
    profil.metiers.add(MetierFactory())
    return profil


def adresse(parcours: Parcours, suite: str = "") -> str:
    return reverse(f"formation:parcours-placements{suite}", args=[parcours.pk])


def nombres(parcours: Parcours, *, nommer: bool = True) -> list[tuple[str, int | None, int | None]]:
    lue = lire(parcours, timezone.localdate(), nommer=nommer)
    return [(c.profil.code if c.profil else "", c.en_poste, c.a_creer) for c in lue.par_profil]


def test_chacun_recoit_le_profil_de_son_metier_ou_celui_choisi(
    parcours: Parcours, directrice: Utilisateur, educatif: Profil
) -> None:
    soins = ProfilFactory(grappe=parcours.grappe, code="soins", nom="Soins", ordre=9)
    postes = equipe(parcours, 3)
    PosteFactory(parcours=parcours, metier=MetierFactory(code="jardinier"))
    # Ni un renfort, ni un sorti, ni une personne d'ailleurs ne compte.
    PosteFactory(parcours=parcours, debut=il_y_a(3), fin=il_y_a(-3))
    PosteFactory(parcours=parcours, fin=il_y_a(1))
    PosteFactory()
    assert nombres(parcours) == [("educatif", 3, 3), ("", 1, 1)]
    assert placer(parcours=parcours, choix={postes[0].pk: (None, soins.pk)}, par=directrice) == 1
    CompteDuiFactory(parcours=parcours, professionnel=postes[1].professionnel)
    CompteDuiFactory(parcours=parcours, professionnel=postes[2].professionnel, est_actif=False)
    assert nombres(parcours) == [("educatif", 2, 1), ("soins", 1, 1), ("", 1, 1)]
    oublies = lire(parcours, timezone.localdate(), nommer=True).sans_profil
    assert [(m.code, n) for m, n in oublies] == [("jardinier", 1)]


def test_qui_tient_deux_postes_ne_demande_qu_un_compte(parcours: Parcours, educatif: Profil) -> None:
    poste = PosteFactory(parcours=parcours)
    PosteFactory(parcours=parcours, professionnel=poste.professionnel, debut=il_y_a(100))
    assert nombres(parcours) == [("educatif", 1, 1)]


def test_sans_les_noms_les_petits_groupes_se_taisent(parcours: Parcours, educatif: Profil) -> None:
    equipe(parcours, 8)
    equipe(parcours, 7, metier=MetierFactory(code="infirmier"))
    ProfilFactory(grappe=parcours.grappe, code="soins", ordre=5).metiers.add(MetierFactory(code="infirmier"))
    equipe(parcours, 2, metier=MetierFactory(code="jardinier"))
    # Deux se tairaient par différence : un second groupe se tait avec eux.
    assert nombres(parcours, nommer=False) == [("educatif", 8, 8), ("soins", None, None), ("", None, None)]
    page = connecte(cheffe_de(parcours.grappe)).get(adresse(parcours)).content.decode()
    assert "masqué" in page and "Personne" not in page.replace("Personnes en poste", "")


def test_les_noms_ne_sortent_que_pour_qui_gere(parcours: Parcours, directrice: Utilisateur, educatif: Profil) -> None:
    equipe(parcours, 6)
    nom = Poste.objects.first().professionnel.nom
    assert nom in connecte(directrice).get(adresse(parcours)).content.decode()
    for autre in (cheffe_de(parcours.grappe), affecter(Role.ADMIN), affecter(Role.APPUI, parcours.esms)):
        client = connecte(autre)
        page = client.get(adresse(parcours)).content.decode()
        assert nom not in page and "Qui reçoit quel profil" not in page
        assert client.get(adresse(parcours, "-xlsx")).status_code == 403
        assert client.post(adresse(parcours), {}).status_code == 403


def test_placer_depuis_la_page(parcours: Parcours, directrice: Utilisateur, educatif: Profil) -> None:
    postes = equipe(parcours, 2)
    soins = ProfilFactory(grappe=parcours.grappe, nom="Soins")
    client = connecte(directrice)
    donnees: dict[str, Any] = {f"profil-{p.pk}": "" for p in postes} | {f"vu-{p.pk}": "" for p in postes}
    reponse = client.post(adresse(parcours), donnees | {f"profil-{postes[0].pk}": soins.pk}, follow=True)
    assert "1 personne placée" in reponse.content.decode()
    postes[0].refresh_from_db()
    assert postes[0].profil == soins
    # L'autre fenêtre, ouverte avant, ne défait rien sans le savoir.
    reponse = client.post(adresse(parcours), donnees | {f"profil-{postes[0].pk}": educatif.pk})
    assert reponse.status_code == 422 and "Entre-temps" in reponse.content.decode()
    postes[0].refresh_from_db()
    assert postes[0].profil == soins
    assert client.post(adresse(parcours), donnees | {f"profil-{postes[0].pk}": "999"}).status_code == 422


def test_placer_refuse_un_profil_d_ailleurs_et_qui_ne_gere_pas(parcours: Parcours, directrice: Utilisateur) -> None:
    poste, ailleurs = PosteFactory(parcours=parcours), ProfilFactory()
    with pytest.raises(Refus, match="profil en vigueur"):
        placer(parcours=parcours, choix={poste.pk: (None, ailleurs.pk)}, par=directrice)
    with pytest.raises(Refus, match="Les noms se lisent"):
        placer(parcours=parcours, choix={}, par=cheffe_de(parcours.grappe))


def test_la_liste_nominative(parcours: Parcours, directrice: Utilisateur, educatif: Profil) -> None:
    a, b = equipe(parcours, 2)
    piege = PosteFactory(parcours=parcours, professionnel__nom="=1+1", metier=MetierFactory(code="jardinier"))
    CompteDuiFactory(parcours=parcours, professionnel=a.professionnel, identifiant="a.a")
    lignes = lignes_csv(connecte(directrice).get(adresse(parcours, "-csv")))
    par_nom = {ligne[1]: ligne for ligne in lignes[1:]}
    assert par_nom[a.professionnel.nom][5:] == ["educatif", "Éducatif", "a.a"]
    assert par_nom[b.professionnel.nom][7] == "à créer"
    assert par_nom["'=1+1"][5:] == ["", "sans profil", "à créer"]
    classeur = load_workbook(io.BytesIO(b"".join(connecte(directrice).get(adresse(parcours, "-xlsx")))))
    assert piege.professionnel.nom in [c.value for c in classeur.active["B"] if c.data_type == "s"]
