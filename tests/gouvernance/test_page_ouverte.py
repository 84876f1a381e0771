"""La page des personnes accompagnées : éteinte par défaut, sans compte, sans nom, son lien se révoque."""

from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gouvernance.enums import Public
from gouvernance.models import PageOuverte, Publication
from gouvernance.services import journal
from gouvernance.services import pages_ouvertes as services
from programme.enums import EtatParcours, Role
from programme.models import Grappe, Parcours
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.gouvernance.fabriques import EntreeFactory

pytestmark = pytest.mark.django_db
MOTS = "Bientôt, le cahier de liaison change."


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


def _publier(cible: Parcours | Grappe, public: str = Public.PERSONNES, **champs: Any) -> Publication:
    entree = EntreeFactory(**journal.de_cible(cible), **champs)
    return Publication.objects.create(entree=entree, public=public, publiee_par=entree.auteur)


def _ouvrir(cible: Parcours | Grappe, par: Any, **valeurs: Any) -> PageOuverte:
    return services.ouvrir(cible=cible, par=par, **({"presentation": MOTS} | valeurs))


def _lire(page: PageOuverte, client: Client | None = None) -> tuple[int, str]:
    reponse = (client or Client()).get(reverse("gouvernance:page-ouverte", args=[page.jeton]))
    return reponse.status_code, unescape(reponse.content.decode())


# --- ce qu'on lit --------------------------------------------------------------------------------------------------


def test_eteinte_par_defaut_elle_ne_dit_que_ce_qu_on_a_publie(parcours: Parcours) -> None:
    assert services.page_de(parcours) is None
    directrice = directrice_de(parcours)
    auteur = directrice_de(parcours)
    _publier(parcours, titre="Le journal est ouvert", auteur=auteur)
    _publier(parcours.grappe, titre="Toute la grappe commence")
    _publier(parcours, Public.EQUIPES, titre="Aux équipes seulement")
    EntreeFactory(grappe=parcours.grappe, parcours=parcours, titre="À personne")
    _publier(ParcoursFactory(grappe=parcours.grappe), titre="Chez le voisin")
    page = _ouvrir(parcours, directrice, contact="l'accueil, le matin")
    status, corps = _lire(page)
    assert status == 200
    for mot in (parcours.esms.nom, MOTS, "Le journal est ouvert", "Toute la grappe commence", "l'accueil, le matin"):
        assert mot in corps, mot
    for mot in (
        "Aux équipes seulement",
        "À personne",
        "Chez le voisin",
        directrice.nom,
        auteur.nom,
        directrice.courriel,
    ):
        assert mot not in corps, mot


def test_retiree_l_entree_quitte_la_page(parcours: Parcours) -> None:
    publication = _publier(parcours, titre="Trop tôt")
    page = _ouvrir(parcours, directrice_de(parcours))
    assert "Trop tôt" in _lire(page)[1]
    journal.retirer(entree=publication.entree, par=directrice_de(parcours))
    corps = _lire(page)[1]
    assert "Trop tôt" not in corps and "pas encore de nouvelle" in corps


def test_la_page_d_une_grappe_ne_nomme_aucun_esms(parcours: Parcours) -> None:
    _publier(parcours, titre="Chez un ESMS")
    _publier(parcours.grappe, titre="Dans la grappe")
    corps = _lire(_ouvrir(parcours.grappe, cheffe_de(parcours.grappe)))[1]
    assert "Dans la grappe" in corps and "Chez un ESMS" not in corps and parcours.esms.nom not in corps


def test_chaque_etat_se_dit_en_mots_simples() -> None:
    assert services.OU_EN_EST.keys() == set(EtatParcours)


def test_ni_compte_ni_trace_ni_indexation(parcours: Parcours) -> None:
    directrice = directrice_de(parcours)
    page = _ouvrir(parcours, directrice)
    reponse = connecte(directrice).get(reverse("gouvernance:page-ouverte", args=[page.jeton]))
    corps = unescape(reponse.content.decode())
    assert reponse["X-Robots-Tag"].startswith("noindex") and 'name="robots" content="noindex' in corps
    assert reponse["Cache-Control"] == "private, no-store" and reponse["Referrer-Policy"] == "no-referrer"
    assert not reponse.cookies
    for mot in (directrice.nom, directrice.identifiant, "Se déconnecter", "csrf", "<script", "À faire"):
        assert mot not in corps, mot


def test_un_texte_hostile_reste_du_texte(parcours: Parcours) -> None:
    _publier(parcours, titre="<b>gras</b>", texte="<script>alert(1)</script>")
    page = _ouvrir(parcours, directrice_de(parcours), presentation="<img src=x>")
    brut = Client().get(reverse("gouvernance:page-ouverte", args=[page.jeton])).content.decode()
    assert "<script>alert" not in brut and "<img" not in brut and "<b>gras" not in brut


def test_publier_dit_ou_cela_se_lira_sans_compte(parcours: Parcours) -> None:
    cheffe = cheffe_de(parcours.grappe)
    entree = EntreeFactory(grappe=parcours.grappe)
    publier, client = reverse("gouvernance:entree-publier", args=[entree.pk]), connecte(cheffe)
    fil = reverse("gouvernance:grappe-journal", args=[parcours.grappe_id])
    assert "accompagnées est fermée" in unescape(client.get(publier).content.decode())
    assert "ne se lit que dans Treille" in unescape(client.get(fil).content.decode())
    _ouvrir(parcours, directrice_de(parcours))
    assert "sur 1 page ouverte" in unescape(client.get(publier).content.decode()), "celle de l'ESMS la montre aussi"
    corps = unescape(client.get(fil).content.decode())
    assert "Des ESMS ont ouvert la leur" in corps and "ne se lit que dans Treille" not in corps
    _ouvrir(parcours.grappe, cheffe)
    assert "sur 2 pages ouvertes" in unescape(client.get(publier).content.decode())
    chez_lui = EntreeFactory(grappe=parcours.grappe, parcours=ParcoursFactory(grappe=parcours.grappe))
    sien = client.get(reverse("gouvernance:entree-publier", args=[chez_lui.pk])).content.decode()
    assert "accompagnées est fermée" in unescape(sien)


# --- ouvrir, fermer, changer de lien -------------------------------------------------------------------------------


def test_fermee_ou_inconnue_la_meme_page_404(parcours: Parcours) -> None:
    directrice = directrice_de(parcours)
    page = _ouvrir(parcours, directrice)
    services.fermer(page=page, par=directrice)
    fermee, inconnue = _lire(page), _lire(PageOuverte(jeton=uuid4()))
    assert fermee == inconnue and fermee[0] == 404 and "Cette page est fermée" in fermee[1]
    assert parcours.esms.nom not in fermee[1]
    with pytest.raises(Refus, match="déjà fermée"):
        services.fermer(page=page, par=directrice)


def test_rouverte_ou_deplacee_elle_a_un_autre_lien(parcours: Parcours) -> None:
    directrice = directrice_de(parcours)
    premiere = _ouvrir(parcours, directrice, contact="l'accueil")
    deplacee = services.changer_de_lien(page=premiere, par=directrice)
    assert deplacee.jeton != premiere.jeton and (deplacee.presentation, deplacee.contact) == (MOTS, "l'accueil")
    assert (_lire(premiere)[0], _lire(deplacee)[0]) == (404, 200)
    services.fermer(page=deplacee, par=directrice)
    rouverte = _ouvrir(parcours, directrice)
    assert _lire(deplacee)[0] == 404 and rouverte.jeton != deplacee.jeton
    assert [p.fermee_le is None for p in services.tenues(parcours)] == [True, False, False]


def test_une_seule_page_a_la_fois(parcours: Parcours) -> None:
    directrice, cheffe = directrice_de(parcours), cheffe_de(parcours.grappe)
    _ouvrir(parcours, directrice)
    with pytest.raises(Refus, match="vient d'être ouverte"):
        _ouvrir(parcours, directrice)
    assert _ouvrir(parcours.grappe, cheffe), "celle de la grappe n'est pas celle de l'ESMS"
    assert PageOuverte.objects.ouvertes().count() == 2


def test_la_direction_pour_son_esms_le_chef_pour_sa_grappe(parcours: Parcours) -> None:
    cheffe, directrice = cheffe_de(parcours.grappe), directrice_de(parcours)
    refuses = [
        (parcours, cheffe),
        (parcours, affecter(Role.REFERENT, parcours.esms)),
        (parcours.grappe, directrice),
        (parcours.grappe, affecter(Role.ADMIN)),
    ]
    for cible, par in refuses:
        with pytest.raises(Refus) as refus:
            _ouvrir(cible, par)
        assert refus.value.code == "droit"
    page = _ouvrir(parcours, directrice)
    for geste in (services.fermer, services.changer_de_lien):
        with pytest.raises(Refus) as refus:
            geste(page=page, par=cheffe)
        assert refus.value.code == "droit"
    assert _lire(page)[0] == 200


def test_sans_mots_elle_ne_s_ouvre_pas(parcours: Parcours) -> None:
    for mots in ("", "   ", "Le 1 85 05 78 006 084 91"):
        with pytest.raises(Refus) as refus:
            _ouvrir(parcours, directrice_de(parcours), presentation=mots)
        assert "presentation" in refus.value.champs
    assert not PageOuverte.objects.exists()


# --- la page qui la tient ------------------------------------------------------------------------------------------


def _tenir(cible: Parcours | Grappe) -> str:
    nom = "parcours" if isinstance(cible, Parcours) else "grappe"
    return reverse(f"gouvernance:{nom}-page-ouverte", args=[cible.pk])


def test_ouvrir_montre_d_abord_ce_qu_on_y_lira(parcours: Parcours) -> None:
    _publier(parcours, titre="Le journal est ouvert")
    client, url = connecte(directrice_de(parcours)), _tenir(parcours)
    avant = unescape(client.get(url).content.decode())
    assert "La page est fermée" in avant and "Le journal est ouvert" in avant and "nouvelles/" not in avant
    assert client.post(url, {"presentation": ""}).status_code == 422 and not PageOuverte.objects.exists()
    apres = client.post(url, {"presentation": MOTS}, follow=True).content.decode()
    page = PageOuverte.objects.get()
    assert f"http://testserver/nouvelles/{page.jeton}/" in apres and MOTS in unescape(apres)


def test_fermer_et_changer_de_lien_depuis_la_page(parcours: Parcours) -> None:
    client, url = connecte(directrice_de(parcours)), _tenir(parcours)
    page = _ouvrir(parcours, directrice_de(parcours))
    assert "nouveau lien" in client.post(url, {"geste": "changer"}, follow=True).content.decode()
    assert _lire(page)[0] == 404 and PageOuverte.objects.ouvertes().count() == 1
    client.post(url, {"geste": "fermer"})
    assert not PageOuverte.objects.ouvertes().exists()
    assert "déjà fermée" in unescape(client.post(url, {"geste": "fermer"}, follow=True).content.decode())


def test_corriger_apres_un_autre_garde_la_saisie(parcours: Parcours) -> None:
    directrice = directrice_de(parcours)
    page = _ouvrir(parcours, directrice)
    vu = services.version_de(page)
    services.modifier(page=page, par=directrice, presentation="Entre-temps.")
    client, url = connecte(directrice), _tenir(parcours)
    reponse = client.post(url, {"presentation": "La mienne.", "vu": vu})
    assert reponse.status_code == 409 and "La mienne." in reponse.content.decode()
    relu = reponse.context["formulaire"].data["vu"]
    assert client.post(url, {"presentation": "La mienne.", "vu": relu}).status_code == 302
    page.refresh_from_db()
    assert page.presentation == "La mienne."


def test_corriger_ses_mots_ne_la_rouvre_pas(parcours: Parcours) -> None:
    directrice = directrice_de(parcours)
    page = _ouvrir(parcours, directrice)
    vu = services.version_de(page)
    services.fermer(page=page, par=directrice)
    reponse = connecte(directrice).post(_tenir(parcours), {"presentation": "Trop tard.", "vu": vu})
    assert reponse.status_code == 422 and "Trop tard." in reponse.content.decode()
    assert services.FERMEE in unescape(reponse.content.decode()) and not PageOuverte.objects.ouvertes().exists()


def test_qui_n_ouvre_pas_lit_l_etat_et_pourquoi(parcours: Parcours) -> None:
    page = _ouvrir(parcours, directrice_de(parcours))
    corps = unescape(connecte(affecter(Role.REFERENT, parcours.esms)).get(_tenir(parcours)).content.decode())
    assert str(page.jeton) in corps and "revient à la direction" in corps and "Fermer la page" not in corps


def test_le_financeur_ne_tient_pas_cette_page(parcours: Parcours) -> None:
    changer_etat(parcours.grappe, "deposer", par=cheffe_de(parcours.grappe))
    ars = affecter(Role.ARS, parcours.grappe.region)
    assert {connecte(ars).get(_tenir(c)).status_code for c in (parcours, parcours.grappe)} == {403}


def test_la_page_publique_demande_autant_de_requetes_a_une_et_vingt_cinq_nouvelles(parcours: Parcours) -> None:
    page = _ouvrir(parcours, directrice_de(parcours))
    url = reverse("gouvernance:page-ouverte", args=[page.jeton])
    exiger_requetes_constantes(Client(), url, lambda n: [_publier(parcours, le=timezone.localdate()) for _ in range(n)])
