"""Annuaire : ce que tout connecté voit d'un ESMS et d'un OG, et ce qu'il n'en voit pas."""

from datetime import date

import pytest

from programme.enums import Role, Titre
from programme.models import Esms
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import (
    CategorieFactory,
    EsmsFactory,
    GrappeFactory,
    OgFactory,
    ParcoursFactory,
    UtilisateurFactory,
    affecter,
    cheffe_de,
    directrice_de,
)

pytestmark = pytest.mark.django_db


def fiche(esms: Esms, utilisateur: object) -> str:
    reponse = connecte(utilisateur).get(f"/annuaire/esms/{esms.finess}/")
    assert reponse.status_code == 200
    return reponse.content.decode()


def test_l_identite_est_a_tous() -> None:
    esms = EsmsFactory(nom="IME du Port", adresse="3 rue des Lilas", finess="010011914")
    page = fiche(esms, UtilisateurFactory())
    assert "IME du Port" in page and "3 rue des Lilas" in page and "01\u00a0001\u00a0191\u00a04" in page


@pytest.mark.parametrize("code", ["236", "238", "462"])
def test_une_adresse_qui_peut_etre_un_domicile_ne_se_montre_pas(code: str) -> None:
    esms = EsmsFactory(adresse="3 rue des Lilas", categorie=CategorieFactory(code=code, secteur="SOCIAL"))
    page = fiche(esms, affecter(Role.ADMIN))
    assert "Lilas" not in page and "ce peut être un domicile" in page


def test_un_parcours_ne_se_voit_que_du_perimetre() -> None:
    parcours = ParcoursFactory(grappe__nom="Grappe discrète")
    assert "Grappe discrète" not in fiche(parcours.esms, UtilisateurFactory())
    assert "Grappe discrète" not in fiche(parcours.esms, directrice_de(ParcoursFactory()))
    assert "Grappe discrète" in fiche(parcours.esms, directrice_de(parcours))


def test_la_direction_se_nomme_a_qui_conduit_et_se_tait_au_dehors() -> None:
    parcours = ParcoursFactory()
    affecter(
        Role.DIRECTEUR, parcours.esms, titre=Titre.INTERIM, utilisateur=UtilisateurFactory(nom="Direction intérimaire")
    )
    assert "Direction intérimaire" in fiche(parcours.esms, cheffe_de(parcours.grappe))
    assert "Direction intérimaire" not in fiche(parcours.esms, UtilisateurFactory())
    lecteur = fiche(parcours.esms, affecter(Role.APPUI, parcours.esms))
    assert "Direction intérimaire" not in lecteur and "Un directeur est en fonction" in lecteur


def test_un_poste_vacant_avertit_qui_voit_le_parcours() -> None:
    parcours = ParcoursFactory()
    affecter(Role.DIRECTEUR, parcours.esms, au=date(2021, 1, 1))
    assert "Poste vacant" in fiche(parcours.esms, cheffe_de(parcours.grappe))


def test_un_esms_remplace_mene_a_celui_qui_le_remplace_et_inversement() -> None:
    nouveau = EsmsFactory(nom="Dispositif réuni")
    ancien = EsmsFactory(nom="Ancien IME", est_actif=False, remplace_par=nouveau)
    assert f"/annuaire/esms/{nouveau.finess}/" in fiche(ancien, UtilisateurFactory())
    assert "Ancien IME" in fiche(nouveau, UtilisateurFactory())


def test_un_numero_inconnu_est_introuvable() -> None:
    assert connecte(UtilisateurFactory()).get("/annuaire/esms/999999999/").status_code == 404
    assert connecte(UtilisateurFactory()).get("/annuaire/og/999/").status_code == 404


def test_un_og_ne_compte_dans_le_projet_que_ce_qu_on_voit() -> None:
    og, grappe = OgFactory(nom="Coteaux"), GrappeFactory()
    le_sien = ParcoursFactory(grappe=grappe, esms__og=og)
    ParcoursFactory(grappe=grappe, esms__og=og)
    EsmsFactory(og=og, est_actif=False)
    client = connecte(directrice_de(le_sien))
    lu = client.get(f"/annuaire/og/{og.pk}/").context["og"]
    assert (lu.nb_esms, lu.nb_projet) == (2, 1)
    ligne = next(iter(client.get("/annuaire/og/?recherche=coteaux").context["liste"].table.rows)).record
    assert (ligne.nb_esms, ligne.nb_projet) == (2, 1)


def test_la_fiche_d_un_og_liste_ses_seuls_esms() -> None:
    og = OgFactory(nom="Coteaux")
    EsmsFactory(nom="IME du Port", og=og)
    EsmsFactory(nom="IME d’ailleurs")
    liste = connecte(UtilisateurFactory()).get(f"/annuaire/og/{og.pk}/").context["liste"]
    assert (liste.titre, [ligne.record.nom for ligne in liste.table.rows]) == ("Coteaux", ["IME du Port"])
    assert "OG" not in liste.table.entetes


def test_les_og_se_filtrent_par_region() -> None:
    EsmsFactory(og=OgFactory(nom="Ici"))
    EsmsFactory(og=OgFactory(nom="Sans département"), departement=None)
    liste = connecte(UtilisateurFactory()).get("/annuaire/og/?region=75").context["liste"]
    assert [ligne.record.nom for ligne in liste.table.rows] == ["Ici"]


def test_autant_de_requetes_a_un_og_qu_a_cinquante() -> None:
    exiger_requetes_constantes(connecte(UtilisateurFactory()), "/annuaire/og/", OgFactory.create_batch)
    og = OgFactory()
    exiger_requetes_constantes(
        connecte(UtilisateurFactory()), f"/annuaire/og/{og.pk}/", lambda n: EsmsFactory.create_batch(n, og=og)
    )


def test_le_geste_d_ajout_ne_se_propose_qu_a_qui_conduit() -> None:
    esms, grappe = EsmsFactory(), GrappeFactory(nom="Rives")
    client = connecte(cheffe_de(grappe))
    assert [g.nom for g in client.get(f"/annuaire/esms/{esms.finess}/").context["gestes"]["grappes"]] == ["Rives"]
    ParcoursFactory(esms=esms, grappe=grappe)
    assert not client.get(f"/annuaire/esms/{esms.finess}/").context["gestes"]["grappes"]
    gestes = connecte(UtilisateurFactory()).get(f"/annuaire/esms/{esms.finess}/").context["gestes"]
    assert not gestes["grappes"] and not gestes["peut_monter"]


def test_on_passe_des_esms_aux_og_par_un_onglet() -> None:
    client = connecte(UtilisateurFactory())
    onglets = client.get("/annuaire/og/").context["liste"].onglets
    assert [(o["url"], o["courant"]) for o in onglets][:2] == [("/annuaire/esms/", False), ("/annuaire/og/", True)]
    assert not client.get(f"/annuaire/og/{OgFactory().pk}/").context["liste"].onglets
