"""Les pages de la checklist : répondre sur place, sans script, à plusieurs ; le modèle ; l'accueil."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programme.a_faire.checklist import confiees
from programme.enums import Role, StatutAction
from programme.models import Etape, Parcours, ReponseChecklist, Utilisateur, VersionChecklist
from programme.services.checklist.reponses import repondre
from programme.socle.a_faire import Demande, a_faire
from tests.aides import connecte, nb_requetes
from tests.fabriques import ParcoursFactory, affecter, cheffe_de, directrice_de, modele_publie

pytestmark = pytest.mark.django_db
S = StatutAction
HTMX = {"HX-Request": "true"}


@pytest.fixture
def parcours() -> Parcours:
    modele_publie({"instances": "grappe", "cvs": "esms", "kit": "esms"})
    return ParcoursFactory()


@pytest.fixture
def client(parcours: Parcours) -> Client:
    return connecte(directrice_de(parcours))


def url(parcours: Parcours, code: str = "") -> str:
    args = [parcours.pk, code] if code else [parcours.pk]
    return reverse(f"programme:checklist-{'repondre' if code else 'esms'}", args=args)


def test_repondre_sur_place_rend_la_ligne_et_dit_qu_elle_est_enregistree(client: Client, parcours: Parcours) -> None:
    reponse = client.post(url(parcours, "cvs"), {"cvs-statut": "fait", "cvs-vu": "0"}, headers=HTMX)
    corps = reponse.content.decode()
    assert reponse.status_code == 200 and "Enregistré" in corps and "<html" not in corps
    assert ReponseChecklist.objects.get().statut == S.FAIT


def test_sans_script_on_revient_a_la_ligne(client: Client, parcours: Parcours) -> None:
    reponse = client.post(url(parcours, "cvs"), {"cvs-statut": "en_cours"})
    assert reponse.status_code == 302 and reponse.url.endswith("#action-cvs")


@pytest.mark.parametrize("entetes", [HTMX, {}])
def test_sans_objet_demande_pourquoi_et_garde_la_saisie(
    client: Client, parcours: Parcours, entetes: dict[str, str]
) -> None:
    reponse = client.post(
        url(parcours, "cvs"), {"cvs-statut": "sans_objet", "cvs-commentaire": "À voir"}, headers=entetes
    )
    corps = reponse.content.decode()
    assert reponse.status_code == 422 and "pas encore enregistrée" in corps and "À voir" in corps
    assert not ReponseChecklist.objects.exists()


def test_deux_onglets_le_second_apprend_ce_qui_a_change_et_peut_insister(client: Client, parcours: Parcours) -> None:
    client.post(url(parcours, "cvs"), {"cvs-statut": "en_cours", "cvs-vu": "0"})
    reponse = client.post(url(parcours, "cvs"), {"cvs-statut": "fait", "cvs-vu": "0"}, headers=HTMX)
    corps = reponse.content.decode()
    assert reponse.status_code == 409 and "Entre-temps" in corps
    vu = corps.split('name="cvs-vu" value="')[1].split('"')[0]
    assert client.post(url(parcours, "cvs"), {"cvs-statut": "fait", "cvs-vu": vu}, headers=HTMX).status_code == 200


def test_ecrire_un_commentaire_ne_cree_pas_d_exception_en_passant(client: Client, parcours: Parcours) -> None:
    repondre(
        grappe=parcours.grappe, code="instances", niveau="grappe", cible=parcours.grappe,
        par=cheffe_de(parcours.grappe), statut=S.FAIT,
    )  # fmt: skip
    reponse = client.post(url(parcours, "instances"), {"instances-statut": ""}, headers=HTMX)
    assert reponse.status_code == 422 and ReponseChecklist.objects.count() == 1


def test_une_exception_se_retire(client: Client, parcours: Parcours) -> None:
    client.post(url(parcours, "instances"), {"instances-statut": "en_cours"})
    assert "Retirer l’exception" in client.get(url(parcours)).content.decode()
    client.post(url(parcours, "instances"), {"geste": "effacer"})
    assert not ReponseChecklist.objects.exists() and ReponseChecklist.history.count() == 2


def test_une_reponse_d_avant_se_reprend(parcours: Parcours) -> None:
    cheffe = cheffe_de(parcours.grappe)
    repondre(
        grappe=parcours.grappe, code="instances", niveau="grappe", cible=parcours.grappe, par=cheffe, statut=S.FAIT
    )
    modele_publie({"instances": "esms"}, parcours.grappe)
    client = connecte(directrice_de(parcours))
    assert "Reprendre la réponse d’avant" in client.get(url(parcours)).content.decode()
    ancienne = ReponseChecklist.objects.get()
    client.post(url(parcours, "instances"), {"ancienne": ancienne.pk})
    assert ReponseChecklist.objects.get(parcours=parcours).statut == S.FAIT


def test_le_referent_saisit_mais_ne_decide_pas_d_un_passage(parcours: Parcours) -> None:
    client = connecte(affecter(Role.REFERENT, parcours.esms))
    assert client.post(url(parcours, "cvs"), {"cvs-statut": "fait"}).status_code == 302
    passage = reverse("programme:passage", args=["parcours", parcours.pk, "engager"])
    assert client.post(passage, {"motif": "essai"}).status_code == 403


def test_le_financeur_n_en_lit_rien(parcours: Parcours) -> None:
    from programme.socle.porte import changer_etat

    changer_etat(parcours.grappe, "deposer", par=cheffe_de(parcours.grappe))
    client = connecte(affecter(Role.ARS, parcours.grappe))
    assert client.get(url(parcours)).status_code == 403
    assert client.get(reverse("programme:grappe-checklist", args=[parcours.grappe_id])).status_code == 403


def test_la_page_ne_demande_pas_plus_de_requetes_a_quarante_actions(parcours: Parcours) -> None:
    client = connecte(directrice_de(parcours))
    client.post(url(parcours, "cvs"), {"cvs-statut": "en_cours"})
    a_trois = nb_requetes(client, url(parcours))
    modele_publie({f"action-{rang}": "esms" for rang in range(40)})
    for rang in range(20):
        client.post(url(parcours, f"action-{rang}"), {f"action-{rang}-statut": "en_cours"})
    assert nb_requetes(client, url(parcours)) == a_trois


def test_repondre_pour_plusieurs_n_offre_que_ce_qui_attend(parcours: Parcours) -> None:
    directrice = directrice_de(parcours)
    autres = [ParcoursFactory(grappe=parcours.grappe) for _ in range(2)]
    for p in autres:
        affecter(Role.DIRECTEUR, p.esms, utilisateur=directrice)
    client, page = connecte(directrice), reverse("programme:checklist-commune", args=["cvs"])
    client.post(url(parcours, "cvs"), {"cvs-statut": "fait"})
    corps = client.get(page).content.decode()
    assert f'value="{parcours.pk}"' not in corps and all(f'value="{p.pk}"' in corps for p in autres)
    assert client.post(page, {"statut": "fait"}).status_code == 422
    client.post(page, {"statut": "fait", "parcours": [p.pk for p in autres]})
    assert ReponseChecklist.objects.filter(code="cvs", statut=S.FAIT).count() == 3


def test_la_feuille_s_imprime_vierge_ou_remplie(client: Client, parcours: Parcours) -> None:
    client.post(url(parcours, "cvs"), {"cvs-statut": "fait", "cvs-commentaire": "Le 3 mars"})
    page = reverse("programme:checklist-imprimer", args=[parcours.pk])
    remplie, vierge = client.get(page).content.decode(), client.get(f"{page}?vierge=1").content.decode()
    assert "Le 3 mars" in remplie and "Le 3 mars" not in vierge and "☐" in vierge


# --- le modèle -----------------------------------------------------------------------------------------------------


def test_preparer_corriger_publier_une_version(parcours: Parcours) -> None:
    client = connecte(cheffe_de(parcours.grappe))
    page = reverse("programme:checklist-modele", args=[parcours.grappe_id])
    client.post(page, {"geste": "preparer"})
    client.post(reverse("programme:checklist-ligne-retirer", args=[parcours.grappe_id, "kit"]))
    champs = {"libelle": "Réunir le CVS", "role": "relais", "phase": "recense", "niveau": "esms"}
    ligne = reverse("programme:checklist-ligne-modifier", args=[parcours.grappe_id, "cvs"])
    assert client.post(ligne, champs).status_code == 302
    creer = reverse("programme:checklist-ligne-creer", args=[parcours.grappe_id])
    assert client.post(creer, champs | {"code": "cvs"}).status_code == 422
    assert client.post(creer, champs | {"code": "affiches"}).status_code == 302
    corps = client.get(page).content.decode()
    assert "Ajoutée : affiches" in corps and "Retirée : kit" in corps and "Reformulée : cvs" in corps
    client.post(page, {"note": "Après le COMOP"})
    assert VersionChecklist.objects.publiees().filter(grappe=parcours.grappe).count() == 1
    assert "Réunir le CVS" in client.get(url(parcours)).content.decode()


def test_abandonner_une_version_ne_change_rien(parcours: Parcours) -> None:
    client = connecte(cheffe_de(parcours.grappe))
    page = reverse("programme:checklist-modele", args=[parcours.grappe_id])
    client.post(page, {"geste": "preparer"})
    client.post(page, {"geste": "abandonner"})
    assert not VersionChecklist.objects.filter(grappe=parcours.grappe).exists()


# --- accueil -------------------------------------------------------------------------------------------------------


def _lignes(compte: Any) -> list[str]:
    return [ligne.titre for ligne in a_faire(compte, timezone.localdate())]


def test_l_accueil_dit_ce_qui_est_du_et_ce_qu_on_m_a_confie(parcours: Parcours) -> None:
    modele_publie({"cvs": "esms"}, parcours.grappe, echeance_etat="cadrage", echeance_jours=-10)
    directrice, referent = directrice_de(parcours), affecter(Role.REFERENT, parcours.esms)
    assert "Avancer dans la checklist" not in _lignes(directrice)
    Etape.objects.create(parcours=parcours, etat="cadrage", reference=timezone.localdate() - timedelta(days=1))
    assert "Avancer dans la checklist" in _lignes(directrice)
    commun = {"grappe": parcours.grappe, "code": "cvs", "niveau": "esms", "cible": parcours, "par": directrice}
    repondre(**commun, responsable=referent)
    assert "À vous : Action cvs" in _lignes(referent)
    repondre(**commun, statut=S.FAIT)
    assert "À vous : Action cvs" not in _lignes(referent) and "Avancer dans la checklist" not in _lignes(directrice)


def test_ce_qu_on_m_a_confie_se_lit_en_autant_de_requetes_dans_dix_grappes() -> None:
    modele_publie({"cvs": "esms"})
    compte = affecter(Role.DIRECTEUR, ParcoursFactory().esms)

    def confier(combien: int) -> int:
        for _ in range(combien):
            p = ParcoursFactory()
            affecter(Role.DIRECTEUR, p.esms, utilisateur=compte)
            commun = {"grappe": p.grappe, "code": "cvs", "niveau": "esms", "cible": p, "par": cheffe_de(p.grappe)}
            repondre(**commun, responsable=compte)
        relu = Utilisateur.objects.get(pk=compte.pk)
        assert relu.perimetre.affectes, "lu avant de compter"
        with CaptureQueriesContext(connection) as lues:
            lignes = list(confiees(Demande(relu, timezone.localdate())))
        assert lignes
        return len(lues)

    assert confier(1) == confier(9)
