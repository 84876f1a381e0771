"""Un ESMS face à ses semblables : leurs sommes, jamais leurs noms, ni un rang ; les petits groupes se taisent."""

from typing import Any

import pytest
from django.urls import reverse

from programme.enums import Role
from programme.models import Region
from programme.socle.nombres import nombre, pourcentage
from tests.aides import connecte, nb_requetes
from tests.fabriques import GrappeFactory, affecter, directrice_de
from tests.usages.agregats.mondes import dire, esms_de, refaire
from tests.usages.fabriques import IndicateurFactory
from usages.calculs.masquage import TROP_PEU
from usages.enums import Forme
from usages.models import Indicateur, Valeur
from usages.services.agregats.semblables import AUCUN_AUTRE, Comparaison, Lecture, comparer

pytestmark = pytest.mark.django_db


@pytest.fixture
def rapport() -> Indicateur:
    return IndicateurFactory(libelle="Projets à jour")


def _ailleurs(nombre: int, indicateur: Indicateur, **champs: Any) -> None:
    grappe = GrappeFactory()
    for _ in range(nombre):
        dire(esms_de(grappe, nom="Ailleurs"), indicateur, (10, 40), **champs)


def _une(lignes: list[Comparaison]) -> Comparaison:
    (ligne,) = lignes
    return ligne


def test_le_secteur_et_la_taille(rapport: Indicateur) -> None:
    mien = esms_de(GrappeFactory())
    dire(mien, rapport, (30, 40), taille="petite")
    _ailleurs(9, rapport, taille="petite")
    _ailleurs(20, rapport, taille="grande")
    refaire()
    ligne = _une(comparer(directrice_de(mien), mien))
    assert ligne.mien == Lecture(pourcentage(0.75), "30 sur 40", 0.75)
    assert (ligne.semblables.detail, ligne.groupe) == ("120 sur 400", "Handicap, enfants, moins de 25 utilisateurs")
    assert ligne.reponses == "10 ESMS sur 10 ont répondu"


def test_un_petit_groupe_s_elargit_au_secteur(rapport: Indicateur) -> None:
    mien = esms_de(GrappeFactory())
    dire(mien, rapport, (30, 40), taille="petite")
    _ailleurs(4, rapport, taille="petite")
    _ailleurs(20, rapport, taille="grande")
    refaire()
    ligne = _une(comparer(directrice_de(mien), mien))
    assert ligne.semblables.detail == f"270 sur {nombre(1000)}"
    assert ligne.groupe == "Handicap, enfants, toutes tailles"


def test_trop_peu_se_dit(rapport: Indicateur) -> None:
    mien = esms_de(GrappeFactory())
    dire(mien, rapport, (30, 40), taille="petite")
    _ailleurs(4, rapport, taille="petite")
    refaire()
    ligne = _une(comparer(directrice_de(mien), mien))
    assert (ligne.est_masquee, ligne.semblables) == (True, Lecture("masqué", TROP_PEU, est_dite=False))
    assert ligne.mien.taux == 0.75
    page = connecte(directrice_de(mien)).get(reverse("usages:parcours-semblables", args=[mien.pk])).content.decode()
    assert "Trop peu d’ESMS semblables" in page and "<table" not in page
    # L'administrateur les lit tous : rien ne s'y masque.
    assert _une(comparer(affecter(Role.ADMIN), mien)).semblables.detail == "70 sur 200"


def test_un_compte_se_ramene_a_chaque_esms_une_duree_a_sa_mediane() -> None:
    mien = esms_de(GrappeFactory())
    compte = IndicateurFactory(forme=Forme.COMPTE, unite="tâches")
    duree = IndicateurFactory(forme=Forme.DUREE)
    seule = IndicateurFactory(forme=Forme.COMPTE, unite="tâches")
    dire(mien, compte, (9, None))
    dire(mien, seule, (1, None))
    dire(mien, duree, (30, 3))
    _ailleurs(6, compte)
    for valeur in Valeur.objects.filter(indicateur=duree):
        for cle, cas in (("j007", 1), ("j014", 2)):
            Valeur.objects.create(releve=valeur.releve, indicateur=duree, cle=cle, numerateur=cas)
    refaire()
    lus = {ligne.indicateur: ligne for ligne in comparer(directrice_de(mien), mien)}
    assert (lus[compte].mien.texte, lus[seule].mien.texte) == ("9 tâches", "1 tâche")
    assert lus[compte].semblables == Lecture("9,9 tâches", "en moyenne par ESMS")
    assert lus[duree].mien == Lecture("de 8 à 14 jours", "durée médiane de 3 cas")
    # Seul à l'avoir dit : lui-même n'est pas son semblable.
    assert lus[duree].semblables == AUCUN_AUTRE


def test_un_releve_en_saisie_ne_se_compare_pas(rapport: Indicateur) -> None:
    mien = esms_de(GrappeFactory())
    dire(mien, rapport, transmis=False)
    directrice = directrice_de(mien)
    assert comparer(directrice, mien) == []
    page = connecte(directrice).get(reverse("usages:parcours-semblables", args=[mien.pk])).content.decode()
    assert "Aucun relevé transmis" in page


def test_la_page_ne_nomme_personne_d_autre(rapport: Indicateur) -> None:
    mien = esms_de(GrappeFactory())
    dire(mien, rapport, (30, 40), taille="petite")
    _ailleurs(9, rapport, taille="petite")
    refaire()
    url = reverse("usages:parcours-semblables", args=[mien.pk])
    directrice = connecte(directrice_de(mien))
    page = directrice.get(url).content.decode()
    assert "Projets à jour" in page and "120 sur 400" in page
    assert "Ailleurs" not in page
    une = nb_requetes(directrice, url)
    for _ in range(20):
        dire(mien, IndicateurFactory(), (1, 2))
    assert nb_requetes(directrice, url) == une
    assert connecte(affecter(Role.ARS, Region.objects.get(pk="75"))).get(url).status_code in (403, 404)
