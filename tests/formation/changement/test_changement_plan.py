"""Le plan sur quatre leviers : écrire, corriger, lire chez soi ce que la grappe a prévu."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from formation.enums import Levier, PublicVise
from formation.models import MesureChangement
from formation.services import changement as services
from programme.enums import NatureFait, Role
from programme.models import Action, Parcours, Utilisateur
from programme.services.parcours import dater_fait
from programme.socle.erreurs import Refus
from programme.socle.origines import origines
from programme.socle.porte import changer_etat
from programme.socle.versions import jeton
from tests.aides import connecte
from tests.fabriques import ActionFactory, ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.formation.fabriques import MesureChangementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    return directrice_de(parcours)


def _page(cible, par: Utilisateur) -> str:
    nom = "parcours" if isinstance(cible, Parcours) else "grappe"
    reponse = connecte(par).get(reverse(f"formation:{nom}-changement", args=[cible.pk]))
    assert reponse.status_code == 200
    return unescape(reponse.content.decode())


def _ecrire(cible, par: Utilisateur, libelle: str = "Tenir un temps de questions", **champs) -> MesureChangement:
    valeurs = {"levier": Levier.COMMUNICATION, "public": PublicVise.EQUIPES} | champs
    return services.creer_mesure(cible=cible, par=par, libelle=libelle, **valeurs)


# --- écrire --------------------------------------------------------------------------------------------------------


def test_une_action_du_plan_est_une_action_comme_les_autres(parcours: Parcours, directrice: Utilisateur) -> None:
    demain = timezone.localdate() + timedelta(days=1)
    mesure = _ecrire(parcours, directrice, responsable_nom="La cheffe de service", echeance=demain)
    action = Action.objects.get()
    assert (mesure.action, mesure.levier, action.origine) == (action, "communication", "changement")
    assert action.cible == parcours
    source = origines.get("changement").presenter(action.source, directrice)
    assert source.url == reverse("formation:parcours-changement", args=[parcours.pk])
    corps = _page(parcours, directrice)
    assert "La cheffe de service" in corps and "à faire" in corps and "en retard" not in corps
    changer_etat(action, "terminer", par=directrice)
    assert "faite le" in _page(parcours, directrice)


def test_un_levier_inconnu_n_ecrit_pas_non_plus_l_action(parcours: Parcours, directrice: Utilisateur) -> None:
    with pytest.raises(Refus):
        _ecrire(parcours, directrice, levier="contrainte")
    assert not Action.objects.exists()


def test_corriger_change_l_action_et_son_levier(parcours: Parcours, directrice: Utilisateur) -> None:
    mesure = _ecrire(parcours, directrice)
    url, client = reverse("formation:mesure-modifier", args=[mesure.pk]), connecte(directrice)
    vu = jeton(Action.history.filter(id=mesure.action_id))
    saisie = {"libelle": "Écouter la nuit", "levier": "inclusion", "public": "equipes", "vu": vu}
    assert client.post(url, saisie).status_code == 302
    mesure.refresh_from_db()
    assert (str(mesure), mesure.levier) == ("Écouter la nuit", "inclusion")
    croisee = client.post(url, saisie | {"libelle": "La mienne"})
    assert croisee.status_code == 409 and "La mienne" in croisee.content.decode()
    changer_etat(mesure.action, "terminer", par=directrice)
    assert client.get(url).status_code == 302, "close, elle se rouvre d'abord"


def test_partir_d_un_geste_type(parcours: Parcours, directrice: Utilisateur) -> None:
    client, url = connecte(directrice), reverse("formation:mesure-creer", kwargs={"parcours": parcours.pk})
    corps = unescape(client.get(url + "?geste=2").content.decode())
    assert "Expliquer le projet au conseil de la vie sociale" in corps and 'value="personnes" selected' in corps
    assert client.get(url + "?geste=abc&levier=faux").status_code == 200


# --- lire ----------------------------------------------------------------------------------------------------------


def test_chez_l_esms_celles_de_la_grappe_se_lisent_sans_se_corriger(
    parcours: Parcours, directrice: Utilisateur
) -> None:
    commune = _ecrire(parcours.grappe, cheffe_de(parcours.grappe), "Une affiche pour tous")
    sienne = _ecrire(parcours, directrice, "Un point à la relève")
    _ecrire(ParcoursFactory(grappe=parcours.grappe), cheffe_de(parcours.grappe), "Chez le voisin")
    corps = _page(parcours, directrice)
    assert "Une affiche pour tous" in corps and "Un point à la relève" in corps and "Chez le voisin" not in corps
    assert reverse("formation:mesure-modifier", args=[sienne.pk]) in corps
    assert reverse("formation:mesure-modifier", args=[commune.pk]) not in corps
    de_grappe = _page(parcours.grappe, cheffe_de(parcours.grappe))
    assert "Une affiche pour tous" in de_grappe and "Un point à la relève" not in de_grappe


def test_un_levier_vide_propose_des_gestes_a_qui_peut_les_faire(parcours: Parcours, directrice: Utilisateur) -> None:
    assert "Afficher le calendrier du projet" in _page(parcours, directrice)
    lu = _page(parcours, affecter(Role.APPUI, parcours.esms))
    assert "Rien sous ce levier" in lu and "Afficher le calendrier" not in lu and "Ajouter" not in lu


def test_en_retard_se_dit(parcours: Parcours, directrice: Utilisateur) -> None:
    hier = timezone.localdate() - timedelta(days=1)
    MesureChangementFactory(action=ActionFactory(parcours=parcours, echeance=hier, origine="changement"))
    assert "en retard" in _page(parcours, directrice)


def test_les_personnes_accompagnees_sont_mises_en_avant(parcours: Parcours, directrice: Utilisateur) -> None:
    corps = _page(parcours, directrice)
    assert "Leur information n’a pas encore de date" in corps and "Aucune action ne s’adresse encore à elles" in corps
    assert reverse("gouvernance:parcours-page-ouverte", args=[parcours.pk]) in corps
    dater_fait(parcours=[parcours], nature=NatureFait.INFORMATION, date=timezone.localdate(), par=directrice)
    mesure = _ecrire(parcours, directrice, "Une page en mots simples", public=PublicVise.PERSONNES)
    corps = _page(parcours, directrice)
    assert "Informées le" in corps and corps.count("Une page en mots simples") >= 2
    changer_etat(mesure.action, "abandonner", par=directrice, motif="Autrement")
    assert "Aucune action ne s’adresse encore à elles" in _page(parcours, directrice)


def test_le_financeur_ne_lit_pas_le_plan(parcours: Parcours) -> None:
    changer_etat(parcours.grappe, "deposer", par=cheffe_de(parcours.grappe))
    client = connecte(affecter(Role.ARS, parcours.grappe.region))
    assert client.get(reverse("formation:parcours-changement", args=[parcours.pk])).status_code == 403
    assert client.get(reverse("formation:grappe-changement", args=[parcours.grappe_id])).status_code == 403
