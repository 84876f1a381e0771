"""La page des comptes, le rapprochement à la main, la connexion vérifiée, l'alerte d'un compte de sorti."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from formation.alertes import compte_d_un_sorti
from formation.models import CompteDui, ConnexionVerifiee, Poste
from formation.services import connexions
from gouvernance.models import Alerte
from gouvernance.services.alertes import relever
from gouvernance.services.lecture_alertes import ce_qu_a_vu_la_regle
from programme.enums import Role
from programme.models import Parcours, Utilisateur
from programme.models.ouvertures import Unite
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.formation.fabriques import CompteDuiFactory, PosteFactory, ProfilFactory, equipe, il_y_a

pytestmark = pytest.mark.django_db


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    return directrice_de(parcours)


@pytest.fixture
def sorti(parcours: Parcours) -> CompteDui:
    """Le compte encore actif d'une personne partie hier."""
    poste = PosteFactory(parcours=parcours, fin=il_y_a(1))
    return CompteDuiFactory(parcours=parcours, professionnel=poste.professionnel, identifiant="p.partie")


def lire(qui: Utilisateur, nom: str, cle: int) -> str:
    return connecte(qui).get(reverse(f"formation:{nom}", args=[cle])).content.decode()


# --- la page -------------------------------------------------------------------------------------------------------


def test_les_ecarts_d_abord_les_sorties_en_tete(parcours: Parcours, directrice: Utilisateur, sorti: CompteDui) -> None:
    equipe(parcours, 6)
    CompteDuiFactory(parcours=parcours, identifiant="inconnu")
    page = lire(directrice, "parcours-comptes", parcours.pk)
    places = [page.find(mot) for mot in ("Les écarts", "p.partie", "inconnu", 'id="t-manquant"')]
    assert -1 not in places and places == sorted(places)
    assert str(sorti.professionnel) in page


def test_les_autres_lecteurs_n_ont_que_des_nombres(parcours: Parcours, sorti: CompteDui) -> None:
    equipe(parcours, 6)
    for autre in (cheffe_de(parcours.grappe), affecter(Role.ADMIN), affecter(Role.APPUI, parcours.esms)):
        page = lire(autre, "parcours-comptes", parcours.pk)
        assert "Sorti, compte encore actif" in page and "p.partie" not in page and sorti.professionnel.nom not in page
        assert reverse("formation:comptes-import", args=[parcours.pk]) not in page


def test_dans_une_trop_petite_equipe_meme_les_nombres_se_taisent(parcours: Parcours, sorti: CompteDui) -> None:
    equipe(parcours, 3)
    assert "masqué" in lire(cheffe_de(parcours.grappe), "parcours-comptes", parcours.pk)
    assert "masqué" not in lire(directrice_de(parcours), "parcours-comptes", parcours.pk)


def test_sans_fichier_la_page_dit_le_premier_geste(parcours: Parcours, directrice: Utilisateur) -> None:
    assert reverse("formation:comptes-import", args=[parcours.pk]) in lire(directrice, "parcours-comptes", parcours.pk)
    assert "Voir les comptes à créer" in lire(cheffe_de(parcours.grappe), "parcours-comptes", parcours.pk)


# --- rapprocher à la main ------------------------------------------------------------------------------------------


def test_rapprocher_a_la_main(parcours: Parcours, directrice: Utilisateur) -> None:
    poste, profil = PosteFactory(parcours=parcours), ProfilFactory(grappe=parcours.grappe)
    compte, meme = (CompteDuiFactory(parcours=parcours, profil_signale="EDUC") for _ in range(2))
    url = reverse("formation:compte-dui-rapprocher", args=[compte.pk])
    donnees = {"professionnel": poste.professionnel_id, "profil": profil.pk, "partout": "on"}
    assert connecte(directrice).post(url, donnees).status_code == 302
    compte.refresh_from_db()
    meme.refresh_from_db()
    assert (compte.professionnel, compte.profil, meme.profil) == (poste.professionnel, profil, profil)
    assert meme.professionnel is None
    # Une personne d'un autre ESMS n'est pas proposée.
    autre = PosteFactory().professionnel
    assert connecte(directrice).post(url, donnees | {"professionnel": autre.pk}).status_code == 422


def test_un_compte_partage_ne_se_donne_a_personne(parcours: Parcours, directrice: Utilisateur) -> None:
    compte = CompteDuiFactory(parcours=parcours, est_partage=True)
    personne = PosteFactory(parcours=parcours).professionnel
    url = reverse("formation:compte-dui-rapprocher", args=[compte.pk])
    assert 'name="professionnel"' not in connecte(directrice).get(url).content.decode()
    connecte(directrice).post(url, {"professionnel": personne.pk})
    compte.refresh_from_db()
    assert compte.professionnel is None


def test_on_n_oublie_qu_un_compte_que_l_editeur_ne_signale_plus(parcours: Parcours, directrice: Utilisateur) -> None:
    vieux = CompteDuiFactory(parcours=parcours, signale_le=il_y_a(30))
    frais = CompteDuiFactory(parcours=parcours)
    client = connecte(directrice)
    for compte in (frais, vieux):
        url = reverse("formation:compte-dui-rapprocher", args=[compte.pk])
        assert ("Oublier ce compte" in client.get(url).content.decode()) == (compte == vieux)
        client.post(url, {"geste": "oublier"})
    assert list(CompteDui.objects.all()) == [frais]


# --- la connexion vérifiée -----------------------------------------------------------------------------------------


def test_la_connexion_se_dit_et_se_retire(parcours: Parcours, directrice: Utilisateur) -> None:
    unite = Unite.objects.create(parcours=parcours, nom="Les Saules")
    Unite.objects.create(parcours=parcours, nom="Les Ormes")
    postes = equipe(parcours, 6, unite=unite)
    CompteDuiFactory(parcours=parcours, professionnel=postes[0].professionnel, derniere_connexion=il_y_a(2))
    CompteDuiFactory(parcours=parcours, professionnel=postes[1].professionnel)
    etat = connexions.etat_de(unite, timezone.localdate())
    assert (etat.en_poste, etat.sans_compte, etat.jamais_connectees, etat.manquent) == (6, 4, 1, 5)
    url = reverse("formation:unite-connexion", args=[unite.pk])
    for par in (cheffe_de(parcours.grappe), directrice):
        client = connecte(par)
        assert "Il en manque" in client.get(url).content.decode()
        client.post(url, {"geste": "dire"})
        dite = ConnexionVerifiee.objects.get(unite=unite)
        assert (dite.verifiee_le, dite.verifiee_par) == (timezone.localdate(), par)
        assert "déjà dit" in client.post(url, {"geste": "dire"}, follow=True).content.decode()
        assert "Dit vérifié, mais il en manque" in client.get(url).content.decode()
        client.post(url, {"geste": "retirer"})
        assert not ConnexionVerifiee.objects.exists()
        assert "rien à retirer" in client.post(url, {"geste": "retirer"}, follow=True).content.decode()
    assert ConnexionVerifiee.history.filter(history_type="-").count() == 2


def test_une_seule_unite_reunit_tout_l_esms(parcours: Parcours) -> None:
    unite = Unite.objects.create(parcours=parcours, nom="L'ESMS entier")
    equipe(parcours, 5)
    assert connexions.etat_de(unite, timezone.localdate()).en_poste == 5


def test_un_lecteur_ne_dit_pas_la_connexion_et_une_petite_unite_se_tait(parcours: Parcours) -> None:
    unite = Unite.objects.create(parcours=parcours, nom="Les Saules")
    equipe(parcours, 2, unite=unite)
    appui = connecte(affecter(Role.APPUI, parcours.esms))
    url = reverse("formation:unite-connexion", args=[unite.pk])
    assert "Moins de cinq personnes" in appui.get(url).content.decode()
    assert appui.post(url, {"geste": "dire"}).status_code == 403


# --- l'alerte ------------------------------------------------------------------------------------------------------


def releves(parcours: Parcours) -> list[Any]:
    return [s for s in compte_d_un_sorti(timezone.localdate()) if s.parcours == parcours]


def test_un_compte_de_sorti_donne_une_alerte_qui_compte_sans_nommer(parcours: Parcours, sorti: CompteDui) -> None:
    relever(au=timezone.localdate())
    alerte = Alerte.objects.get(regle="compte_d_un_sorti")
    assert alerte.parcours == parcours and "1 compte encore actif" in alerte.texte
    for mot in (sorti.identifiant, sorti.professionnel.nom, sorti.professionnel.matricule):
        assert mot not in alerte.intitule + alerte.texte
    # Un second compte, ou un second relevé, ne donne pas une seconde alerte.
    autre = PosteFactory(parcours=parcours, fin=il_y_a(3))
    CompteDuiFactory(parcours=parcours, professionnel=autre.professionnel)
    relever(au=timezone.localdate())
    assert Alerte.objects.filter(regle="compte_d_un_sorti").count() == 1
    assert "2 comptes encore actifs" in releves(parcours)[0].texte
    url = reverse("formation:parcours-comptes", args=[parcours.pk])
    assert ce_qu_a_vu_la_regle(alerte, directrice_de(parcours)) == url
    CompteDui.objects.update(est_actif=False)
    relever(au=timezone.localdate())
    alerte.refresh_from_db()
    assert alerte.cessee_le == timezone.localdate()


def test_qui_est_revenu_arrive_ou_travaille_ailleurs(parcours: Parcours) -> None:
    """Seul compte qui est parti de cet ESMS-là, et n'y revient pas."""
    revenu = PosteFactory(parcours=parcours, fin=il_y_a(200))
    PosteFactory(parcours=parcours, professionnel=revenu.professionnel, debut=il_y_a(10))
    a_venir = PosteFactory(parcours=parcours, debut=timezone.localdate() + timedelta(days=5))
    dernier_jour = PosteFactory(parcours=parcours, fin=timezone.localdate())
    ailleurs = PosteFactory(parcours=parcours, fin=il_y_a(5))
    PosteFactory(professionnel=ailleurs.professionnel, parcours=ParcoursFactory(grappe=parcours.grappe))
    for poste in (revenu, a_venir, dernier_jour):
        CompteDuiFactory(parcours=parcours, professionnel=poste.professionnel)
    assert releves(parcours) == []
    CompteDuiFactory(parcours=parcours, professionnel=ailleurs.professionnel)
    assert len(releves(parcours)) == 1
    Poste.objects.filter(pk=ailleurs.pk).delete()
    assert releves(parcours) == []
