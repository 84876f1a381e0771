"""Les demandes à l'éditeur : les consigner, d'où elles viennent, leur délai, leurs pièces, qui les lit."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from programme.enums import IssueDemande, Role
from programme.socle.erreurs import Refus
from programme.socle.pieces import pieces_de
from programme.socle.porte import changer_etat
from programme.socle.versions import jeton
from tests.aides import connecte, nb_requetes
from tests.fabriques import (
    DemandeParametrageFactory,
    GrappeFactory,
    ParcoursFactory,
    affecter,
    cheffe_de,
)
from tests.usages.editeurs.aides import Decor, autre_solution, decor, il_y_a, lu
from tests.usages.fabriques import IrritantFactory
from usages.models import DemandeEditeur
from usages.services.editeurs.demandes import corriger, envoyer

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def d() -> Decor:
    return decor()


def _saisie(d: Decor, **autres: Any) -> dict[str, Any]:
    jour = timezone.localdate().isoformat()
    return {
        "editeur": d.editeur.pk,
        "nature": "anomalie",
        "objet": "Le projet s'imprime deux fois",
        "envoyee_le": jour,
    } | autres


def _creer(d: Decor) -> str:
    return reverse("usages:demandeediteur-creer", args=[d.grappe.pk])


def _evoluer(d: Decor) -> Any:
    """Une demande de paramétrage, close par « l'éditeur fait évoluer le DUI »."""
    demande = DemandeParametrageFactory(parcours=d.esms[0], libelle="Trier les absences", creee_par=d.cheffe)
    changer_etat(demande, "conclure", par=d.cheffe, motif="À l'éditeur", issue=IssueDemande.EDITEUR)
    return demande


# --- consigner -----------------------------------------------------------------------------------------------------


def test_une_demande_se_consigne_et_mene_a_sa_page(d: Decor) -> None:
    reponse = connecte(d.cheffe).post(_creer(d), _saisie(d), follow=True)
    demande = DemandeEditeur.objects.get()
    assert reponse.redirect_chain[-1][0] == reverse("usages:demandeediteur-detail", args=[demande.pk])
    assert "pas encore venue" in lu(reponse) and demande.creee_par == d.cheffe


def test_l_editeur_de_la_grappe_est_deja_choisi_et_les_autres_absents(d: Decor) -> None:
    ailleurs = autre_solution().editeur
    formulaire = connecte(d.cheffe).get(_creer(d)).context["formulaire"]
    assert formulaire["editeur"].value() == d.editeur.pk
    assert ailleurs not in formulaire.fields["editeur"].queryset


@pytest.mark.parametrize(
    ("champ", "valeur", "phrase"),
    [
        ("objet", "", "Dites ce que vous demandez"),
        ("nature", "", "Dites ce que vous attendez"),
        ("envoyee_le", "2999-01-01", "ne part pas dans l'avenir"),
        ("precision", "Vu avec 1 85 05 78 006 084 91", "numéro de sécurité sociale"),
    ],
)
def test_une_saisie_fautive_se_dit_a_son_champ(d: Decor, champ: str, valeur: str, phrase: str) -> None:
    reponse = connecte(d.cheffe).post(_creer(d), _saisie(d, **{champ: valeur}))
    assert reponse.status_code == 422 and phrase in lu(reponse) and not DemandeEditeur.objects.exists()


def test_la_meme_demande_ne_part_pas_deux_fois(d: Decor) -> None:
    client = connecte(d.cheffe)
    client.post(_creer(d), _saisie(d))
    reponse = client.post(_creer(d), _saisie(d, objet="le projet s'imprime DEUX fois"))
    assert reponse.status_code == 422 and "déjà partie" in lu(reponse)
    assert DemandeEditeur.objects.count() == 1


# --- d'où elle vient -----------------------------------------------------------------------------------------------


def test_depuis_un_irritant_on_ne_retape_rien(d: Decor) -> None:
    irritant = d.gener(*d.esms[:2])
    client = connecte(d.cheffe)
    adresse = f"{_creer(d)}?irritant={irritant.pk}"
    initial = client.get(adresse).context["formulaire"].initial
    assert (initial["objet"], initial["irritant"]) == (irritant.libelle, irritant.pk)
    reponse = client.post(adresse, _saisie(d, irritant=irritant.pk), follow=True)
    assert DemandeEditeur.objects.get().irritant == irritant
    assert "dans 2 ESMS" in lu(reponse)


def test_l_irritant_mene_a_sa_demande_et_elle_a_lui(d: Decor) -> None:
    irritant = d.gener(*d.esms[:2])
    page, adresse = reverse("usages:irritant-detail", args=[irritant.pk]), f"{_creer(d)}?irritant={irritant.pk}"
    client = connecte(d.cheffe)
    avant = lu(client.get(page))
    assert adresse in avant and "Demandé à l’éditeur" not in avant
    client.post(adresse, _saisie(d, irritant=irritant.pk))
    demande = reverse("usages:demandeediteur-detail", args=[DemandeEditeur.objects.get().pk])
    apres = lu(client.get(page))
    assert demande in apres and "Demander encore" in apres
    assert f'href="{page}"' in lu(client.get(demande))
    nombre = nb_requetes(client, page)
    for _ in range(9):
        d.demander(60, irritant=irritant)
    assert nb_requetes(client, page) == nombre
    sa_direction = connecte(affecter("directeur", d.esms[0].esms))
    assert demande in lu(sa_direction.get(page)) and adresse not in lu(sa_direction.get(page))


def test_depuis_une_demande_de_parametrage_que_l_editeur_fait_evoluer(d: Decor) -> None:
    demande = _evoluer(d)
    client, page = connecte(d.cheffe), reverse("usages:grappe-editeur", args=[d.grappe.pk, d.editeur.pk])
    adresse = f"{_creer(d)}?parametrage={demande.pk}"
    assert adresse in lu(client.get(page))
    assert client.get(adresse).context["formulaire"].initial["objet"] == "Trier les absences"
    reponse = client.post(adresse, _saisie(d, objet="Trier les absences", nature="evolution"), follow=True)
    ecrite = DemandeEditeur.objects.get()
    assert ecrite.parametrage == demande
    assert reverse("programme:demandeparametrage-detail", args=[demande.pk]) in lu(reponse)
    assert adresse not in lu(client.get(page)), "portée, elle n'est plus à porter"


def test_ce_qui_vient_d_une_autre_grappe_n_existe_pas_ici(d: Decor) -> None:
    autre = decor()
    client = connecte(d.cheffe)
    assert client.get(f"{_creer(d)}?irritant={autre.gener().pk}").status_code == 404
    assert client.get(f"{_creer(d)}?parametrage={_evoluer(autre).pk}").status_code == 404
    assert client.get(f"{_creer(d)}?irritant=deux").status_code == 404


def test_un_irritant_d_un_autre_editeur_est_refuse(d: Decor) -> None:
    irritant = IrritantFactory(grappe=d.grappe, editeur=autre_solution().editeur)
    with pytest.raises(Refus) as refus:
        envoyer(grappe=d.grappe, editeur=d.editeur, nature="anomalie", objet="X", irritant=irritant, par=d.cheffe)
    assert "irritant" in refus.value.champs


def test_une_demande_de_parametrage_d_ailleurs_est_refusee(d: Decor) -> None:
    ailleurs = DemandeParametrageFactory(parcours=ParcoursFactory())
    with pytest.raises(Refus):
        envoyer(grappe=d.grappe, editeur=d.editeur, nature="evolution", objet="X", parametrage=ailleurs, par=d.cheffe)


# --- sa vie --------------------------------------------------------------------------------------------------------


def test_la_reponse_arrete_le_delai_et_relancer_le_reprend(d: Decor) -> None:
    demande = d.demander(40, repondue_en=12)
    assert (demande.delai(timezone.localdate()), demande.attente(timezone.localdate()).a_reponse) == (12, True)
    page = lu(connecte(d.cheffe).get(reverse("usages:demandeediteur-detail", args=[demande.pk])))
    assert "au bout de 12 jours" in page and "Corrigé." in page
    changer_etat(demande, "relancer", par=d.cheffe, motif="Rien n'a changé")
    demande.refresh_from_db()
    assert (demande.delai(timezone.localdate()), demande.attente(timezone.localdate()).a_reponse) == (40, False)


def test_abandonnee_sans_reponse_elle_a_attendu_jusque_la(d: Decor) -> None:
    demande = d.demander(40)
    changer_etat(demande, "abandonner", par=d.cheffe, motif="Contourné", date_effet=il_y_a(10))
    demande.refresh_from_db()
    assert demande.attente(timezone.localdate()).jours == 30 and not demande.est_ouverte


def test_rien_ne_repond_avant_l_envoi(d: Decor) -> None:
    with pytest.raises(Refus):
        changer_etat(d.demander(5), "repondre", par=d.cheffe, motif="Oui", date_effet=il_y_a(6))


def test_se_corrige_ouverte_et_se_refuse_close(d: Decor) -> None:
    demande = d.demander(40, repondue_en=12)
    adresse, client = reverse("usages:demandeediteur-modifier", args=[demande.pk]), connecte(d.cheffe)
    saisie = _saisie(d, objet="Mieux dit", envoyee_le=il_y_a(41).isoformat())
    vu = jeton(DemandeEditeur.history.filter(id=demande.pk))
    assert client.post(adresse, saisie | {"vu": vu}).status_code == 302
    trop_tard = client.post(adresse, saisie | {"envoyee_le": il_y_a(3).isoformat(), "vu": vu + 1})
    assert trop_tard.status_code == 422 and "ne peut pas être partie après" in lu(trop_tard)
    demande.refresh_from_db()
    assert demande.objet == "Mieux dit"
    changer_etat(demande, "clore", par=d.cheffe)
    assert client.get(adresse).status_code == 302
    with pytest.raises(Refus):
        corriger(demande=demande, par=d.cheffe, objet="Encore")


def test_deux_personnes_a_la_fois_la_seconde_l_apprend(d: Decor) -> None:
    demande = d.demander(10)
    vu = jeton(DemandeEditeur.history.filter(id=demande.pk))
    corriger(demande=demande, par=d.cheffe, objet="D'abord", vu=vu)
    adresse = reverse("usages:demandeediteur-modifier", args=[demande.pk])
    assert connecte(d.cheffe).post(adresse, _saisie(d, vu=vu)).status_code == 409


def test_une_piece_se_joint_se_lit_et_se_retire(d: Decor) -> None:
    demande, client = d.demander(10), connecte(d.cheffe)
    adresse = reverse("usages:demandeediteur-detail", args=[demande.pk])
    assert client.post(adresse, {"fichier": SimpleUploadedFile("courrier.pdf", PDF)}).status_code == 302
    piece = pieces_de(demande).get()
    lien = reverse("programme:piece", args=[piece.pk])
    assert lien in lu(client.get(adresse))
    assert connecte(affecter(Role.DIRECTEUR, d.esms[0].esms)).get(lien).status_code == 200
    assert connecte(affecter(Role.ARS, d.grappe.region)).get(lien).status_code == 404
    assert connecte(cheffe_de(GrappeFactory())).get(lien).status_code == 404
    assert client.post(adresse, {"retirer": piece.pk}).status_code == 302
    assert not pieces_de(demande).exists()


def test_l_equipe_d_appui_de_la_grappe_suit_les_editeurs(d: Decor) -> None:
    appui = affecter(Role.APPUI, d.grappe)
    assert connecte(appui).post(_creer(d), _saisie(d)).status_code == 302


# --- la liste ------------------------------------------------------------------------------------------------------


def test_la_liste_montre_les_ouvertes_la_plus_ancienne_d_abord(d: Decor) -> None:
    d.demander(10, objet="Récente")
    d.demander(90, objet="Ancienne")
    changer_etat(d.demander(50, repondue_en=2, objet="Close"), "clore", par=d.cheffe)
    client, adresse = connecte(d.cheffe), reverse("usages:demandeediteur-liste")
    page = lu(client.get(adresse))
    assert page.index("Ancienne") < page.index("Récente") and ">Close</a>" not in page and "90 jours" in page
    assert ">Close</a>" in lu(client.get(f"{adresse}?etat=toutes"))


def test_la_liste_vide_dit_pourquoi_et_le_financeur_n_en_lit_rien(d: Decor) -> None:
    adresse = reverse("usages:demandeediteur-liste")
    assert "Consigner une demande" in lu(connecte(d.cheffe).get(adresse))
    d.demander(10, objet="Secret de grappe")
    page = lu(connecte(affecter(Role.ARS, d.grappe.region)).get(adresse))
    assert "restent à la grappe" in page and "Secret de grappe" not in page
