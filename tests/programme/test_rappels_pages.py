"""« Mes rappels » : régler, suspendre, couper, annuler ; et un lien profond survit à la connexion."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programme.enums import FrequenceRappel, IssueRappel, Role
from programme.models import Parcours, PreferenceRappel, Rappel, Utilisateur
from programme.services import rappels
from tests.aides import connecte, nb_requetes
from tests.fabriques import ParcoursFactory, UtilisateurFactory, affecter

pytestmark = pytest.mark.django_db

URL = "/mes-rappels/"


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory(esms__nom="IME des Sources")


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    return affecter(Role.DIRECTEUR, parcours.esms)


def _page(client: Client) -> str:
    return client.get(URL).content.decode()


def _regler(client: Client, **champs: Any) -> Any:
    return client.post(URL, {"frequence": "semaine", "jour": 1, "muet_jusqu_au": ""} | champs, follow=True)


def test_sans_reglage_chaque_semaine_le_lundi_et_rien_d_ecrit(directrice: Utilisateur) -> None:
    page = _page(connecte(directrice))
    assert "S’il partait maintenant" in page and "IME des Sources" in page
    assert "Aucun n’est encore parti" in page and "Lundi" in page
    assert not PreferenceRappel.objects.exists()


def test_regler_puis_relire(directrice: Utilisateur) -> None:
    client = connecte(directrice)
    jusqu_au = timezone.localdate() + timedelta(days=10)
    reponse = _regler(client, frequence="mois", jour=4, muet_jusqu_au=jusqu_au.isoformat())
    assert "Vos rappels : le premier jeudi du mois, suspendus jusqu&#x27;au" in reponse.content.decode()
    preference = PreferenceRappel.objects.get()
    assert (preference.frequence, preference.jour, preference.muet_jusqu_au) == ("mois", 4, jusqu_au)
    assert f'value="{jusqu_au.isoformat()}"' in _page(client)


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"muet_jusqu_au": "2020-01-01"}, "Ce jour est passé"),
        ({"muet_jusqu_au": "2999-01-01"}, "Un an au plus"),
        ({"muet_jusqu_au": "demain"}, "Donnez une date"),
        ({"frequence": ""}, "Choisissez une fréquence"),
        ({"frequence": "tous les jours"}, "Sélectionnez un choix valide"),
        ({"jour": "7"}, "Sélectionnez un choix valide"),
    ],
)
def test_une_saisie_fautive_se_dit_et_n_ecrit_rien(
    directrice: Utilisateur, champs: dict[str, str], phrase: str
) -> None:
    reponse = _regler(connecte(directrice), **champs)
    assert reponse.status_code == 422 and phrase in reponse.content.decode()
    assert not PreferenceRappel.objects.exists()


def test_une_suspension_finie_ne_gene_pas_la_suite(directrice: Utilisateur) -> None:
    hier = timezone.localdate() - timedelta(days=1)
    PreferenceRappel.objects.create(utilisateur=directrice, muet_jusqu_au=hier)
    assert hier.isoformat() not in _page(connecte(directrice))


def test_couper_en_un_clic_et_annuler(directrice: Utilisateur) -> None:
    client = connecte(directrice)
    _regler(client, frequence="quinzaine")
    page = client.post(reverse("programme:rappel-couper"), follow=True).content.decode()
    assert "Vous ne recevrez plus de rappel" in page and "de nouveau, toutes les deux semaines" in page
    assert "Aucun de prévu" in page
    # Deux clics ne perdent pas la fréquence d'avant.
    client.post(reverse("programme:rappel-couper"))
    client.post(reverse("programme:rappel-retablir"))
    assert PreferenceRappel.objects.get().frequence == FrequenceRappel.QUINZAINE


def test_couper_par_le_formulaire_garde_aussi_la_frequence_d_avant(directrice: Utilisateur) -> None:
    client = connecte(directrice)
    _regler(client, frequence="mois")
    _regler(client, frequence="jamais")
    assert "de nouveau, chaque mois" in _page(client)


def test_le_dernier_envoi_se_lit_le_sien_seulement(directrice: Utilisateur) -> None:
    au = timezone.localdate()
    for compte, nombre in ((directrice, 3), (UtilisateurFactory(), 8)):
        Rappel.objects.create(
            utilisateur=compte, creneau=au, issue=IssueRappel.ENVOYE, envoye_le=timezone.now(), nb_lignes=nombre
        )
    page = _page(connecte(directrice))
    assert "3 lignes" in page and "8 lignes" not in page
    assert Rappel.objects.visibles_par(affecter(Role.ADMIN)).count() == 0


def test_une_page_qui_ne_peut_servir_dit_pourquoi() -> None:
    sans_role = UtilisateurFactory()
    page = _page(connecte(sans_role))
    assert "Vous ne tenez aucun rôle" in page and "Rien ne vous attend" in page and "Aucun de prévu" in page
    sans_adresse = affecter(Role.ADMIN, utilisateur=UtilisateurFactory(courriel=""))
    assert "pas d’adresse de courriel" in _page(connecte(sans_adresse))


def test_le_prochain_jour_passe_a_la_semaine_suivante_une_fois_servi(directrice: Utilisateur) -> None:
    au = timezone.localdate()
    lundi = au - timedelta(days=au.weekday())
    Utilisateur.objects.filter(pk=directrice.pk).update(cree_le=timezone.now() - timedelta(days=30))
    directrice.refresh_from_db()
    Rappel.objects.create(utilisateur=directrice, creneau=lundi, issue=IssueRappel.RIEN)
    assert rappels.reglages_de(directrice, lundi).prochain == lundi + timedelta(days=7)
    Rappel.objects.update(issue=IssueRappel.ECHEC)
    assert rappels.reglages_de(directrice, lundi).prochain == lundi


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_d_esms(parcours: Parcours) -> None:
    siege = affecter(Role.SIEGE, parcours.esms.og)
    ParcoursFactory(esms__og=parcours.esms.og, grappe=parcours.grappe)
    client = connecte(siege)
    a_peu = nb_requetes(client, URL)
    for _ in range(30):
        ParcoursFactory(esms__og=parcours.esms.og, grappe=parcours.grappe)
    assert nb_requetes(client, URL) == a_peu


# --- le lien d'un courriel, après la connexion ---------------------------------------------------------------------


def _entrer(client: Client, compte: Utilisateur, suite: str) -> Any:
    """Ce que fait la page de connexion : elle rend l'adresse demandée dans un champ caché, et la renvoie."""
    connexion = reverse("connexion") + "?" + urlencode({"next": suite})
    page = client.get(connexion).content.decode()
    assert 'name="next"' in page
    return client.post(connexion, {"username": compte.identifiant, "password": "une phrase de passe", "next": suite})


@pytest.mark.parametrize("suite", ["/parcours/{}/", "/mes-rappels/", "/parcours/?retard=oui&tri=-etat"])
def test_un_lien_profond_survit_a_la_connexion(
    client: Client, parcours: Parcours, directrice: Utilisateur, suite: str
) -> None:
    directrice.set_password("une phrase de passe")
    directrice.save()
    suite = suite.format(parcours.pk)
    renvoi = client.get(suite)
    assert renvoi.status_code == 302 and parse_qs(urlsplit(renvoi.url).query)["next"] == [suite]
    arrivee = _entrer(client, directrice, suite)
    assert arrivee.url == suite and client.get(arrivee.url).status_code == 200


@pytest.mark.parametrize("ailleurs", ["https://ailleurs.invalid/", "//ailleurs.invalid/", "javascript:alert(1)"])
def test_la_connexion_ne_renvoie_jamais_ailleurs(client: Client, directrice: Utilisateur, ailleurs: str) -> None:
    directrice.set_password("une phrase de passe")
    directrice.save()
    reponse = client.post(
        reverse("connexion") + "?" + urlencode({"next": ailleurs}),
        {"username": directrice.identifiant, "password": "une phrase de passe", "next": ailleurs},
    )
    assert reponse.status_code == 302 and reponse.url == reverse("programme:accueil")


def test_le_lien_d_un_autre_ne_montre_rien(client: Client, parcours: Parcours) -> None:
    """Un courriel transféré n'ouvre que ce que voit celui qui se connecte."""
    autre = affecter(Role.DIRECTEUR, ParcoursFactory().esms)
    client.force_login(autre)
    assert client.get(f"/parcours/{parcours.pk}/").status_code == 404
