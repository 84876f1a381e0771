"""Prévenir l'auteur d'un retour : par le moyen choisi, une fois, et jamais autrement."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.socle.a_faire import a_faire
from programme.socle.erreurs import Refus
from tests.aides import connecte
from tests.fabriques import affecter
from tests.usages.retours.fabriques import conduire
from tests.usages.retours.mondes_reponses import SECRET, Decor, decor
from usages.models import Retour
from usages.models.retours import semaine_de
from usages.services.retours import prevenir

pytestmark = pytest.mark.django_db
ADRESSE = "equipe@exemple.invalid"
TITRE = "Une réponse à votre retour"


@pytest.fixture
def d() -> Decor:
    return decor()


@pytest.fixture
def valider(django_capture_on_commit_callbacks: Any) -> Any:
    """Joue ce qui part après validation."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def _par_courriel(d: Decor, titre: str = "Étiquettes", **champs: Any) -> Retour:
    return d.dire(titre, "qualifier", canal="courriel", courriel=ADRESSE, **champs)


def _attendues(compte: Any) -> list[str]:
    return [ligne.titre for ligne in a_faire(compte, timezone.localdate()) if "répons" in ligne.titre.lower()]


# --- par courriel --------------------------------------------------------------------------------------------------


def test_publiee_elle_part_une_fois_et_l_adresse_s_efface(d: Decor, valider: Any) -> None:
    retour = _par_courriel(d, lien=d.lien)
    with valider():
        retour = conduire(retour, "publier", par=d.cheffe, reponse="C'est réglé.")
    retour.refresh_from_db()
    (message,) = mail.outbox
    assert message.to == [ADRESSE] and retour.courriel == ""
    assert "C'est réglé." in message.body and "Étiquettes" in message.body and f"/r/{d.lien.jeton}/" in message.body
    assert SECRET not in message.body and d.parcours.esms.nom not in message.body + message.subject
    with valider():
        retour = conduire(retour, "rouvrir", "publier", par=d.cheffe)
    assert len(mail.outbox) == 1, "sans adresse, plus personne à prévenir"


def test_non_retenue_la_raison_part(d: Decor, valider: Any) -> None:
    retour = _par_courriel(d)
    with valider():
        conduire(retour, "ne_pas_retenir", par=d.cheffe)
    assert "Hors de notre portée" in mail.outbox[0].body and "pas retenu" in mail.outbox[0].body


def test_rien_ne_part_tant_qu_on_n_a_pas_repondu_ni_avant_validation(d: Decor, valider: Any) -> None:
    with valider():
        retour = conduire(_par_courriel(d), "prendre_en_charge", "resoudre", par=d.cheffe)
    retour.refresh_from_db()
    assert mail.outbox == [] and retour.courriel == ADRESSE
    conduire(retour, "publier", par=d.cheffe)
    assert mail.outbox == [], "la transaction n'est pas validée"


def test_les_voix_portees_sont_prevenues_avec_la_reponse_de_qui_les_porte(d: Decor, valider: Any) -> None:
    porteur = d.dire("Écran lent", "qualifier")
    porte = conduire(_par_courriel(d, "Rame"), "regrouper", par=d.cheffe, sous=porteur.pk)
    with valider():
        conduire(porteur, "publier", par=d.cheffe, reponse="Un écran neuf.")
    porte.refresh_from_db()
    assert porte.courriel == ""
    assert "Un écran neuf." in mail.outbox[0].body and "Écran lent" in mail.outbox[0].body


def test_regroupe_sous_un_retour_deja_repondu_la_reponse_part(d: Decor, valider: Any) -> None:
    porteur, porte = d.publier("Écran lent", "Un écran neuf."), _par_courriel(d, "Rame")
    with valider():
        conduire(porte, "regrouper", par=d.cheffe, sous=porteur.pk)
    assert "Un écran neuf." in mail.outbox[0].body


def test_la_reponse_d_une_autre_equipe_attend_le_lundi(d: Decor, valider: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reçu cette semaine, le retour qui porte ne se lit pas encore : ni par courriel, ni à l'accueil."""
    educatrice = affecter(Role.MEMBRE, d.parcours.esms)
    porteur = d.dire("Écran lent", "qualifier", parcours=d.autre, recu_le=semaine_de(timezone.localdate()))
    portes = _par_courriel(d, "Rame"), d.dire("Lent", "qualifier", canal="compte", auteur=educatrice)
    page = reverse("usages:retour-reponse", args=[portes[1].pk])
    with valider():
        for porte in portes:
            conduire(porte, "regrouper", par=d.cheffe, sous=porteur.pk)
        conduire(porteur, "publier", par=d.cheffe, reponse="Un écran neuf.")
    assert mail.outbox == [] and prevenir.envoyer() == 0 and _attendues(educatrice) == []
    assert connecte(educatrice).get(page).status_code == 404
    lundi, maintenant = timedelta(days=7), timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: maintenant + lundi)
    assert prevenir.envoyer() == 1 and "Un écran neuf." in mail.outbox[0].body
    assert _attendues(educatrice) == [TITRE]


@pytest.mark.parametrize("canal", ["aucun", "code", "compte"])
def test_les_autres_canaux_n_ecrivent_a_personne(d: Decor, valider: Any, canal: str) -> None:
    with valider():
        d.publier("Étiquettes", canal=canal, courriel=ADRESSE)
    assert mail.outbox == []


def test_serveur_injoignable_l_adresse_reste_et_le_travail_du_jour_reprend(
    d: Decor, valider: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    retour, vrai = _par_courriel(d), prevenir.get_connection

    class Muet:
        def open(self) -> None:
            raise OSError

    monkeypatch.setattr(prevenir, "get_connection", Muet)
    with valider():
        retour = conduire(retour, "publier", par=d.cheffe)
    retour.refresh_from_db()
    assert retour.courriel == ADRESSE and mail.outbox == []
    monkeypatch.setattr(prevenir, "get_connection", vrai)
    assert prevenir.envoyer() == 1 and prevenir.envoyer() == 0
    assert len(mail.outbox) == 1


def test_une_adresse_refusee_ne_se_journalise_pas(
    d: Decor, valider: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    retour = _par_courriel(d)

    def refuser(*_: Any, **__: Any) -> int:
        raise ValueError(ADRESSE)

    monkeypatch.setattr(prevenir.EmailMessage, "send", refuser)
    with valider(), caplog.at_level(logging.WARNING):
        retour = conduire(retour, "publier", par=d.cheffe)
    retour.refresh_from_db()
    assert retour.courriel == "", "au plus une fois : l'envoi était réservé"
    assert "Réponse non partie" in caplog.text and ADRESSE not in caplog.text


# --- avec un compte ------------------------------------------------------------------------------------------------


def test_l_accueil_le_dit_jusqu_a_ce_qu_on_l_ait_lue(d: Decor) -> None:
    educatrice = affecter(Role.MEMBRE, d.parcours.esms)
    retour = d.dire("Étiquettes", "qualifier", canal="compte", auteur=educatrice)
    assert _attendues(educatrice) == []
    retour = conduire(retour, "publier", par=d.cheffe, reponse="C'est réglé.")
    assert _attendues(educatrice) == [TITRE] and TITRE not in _attendues(d.directrice)
    page, client = reverse("usages:retour-reponse", args=[retour.pk]), connecte(educatrice)
    lue = client.get(page).content.decode()
    assert "C&#x27;est réglé." in lue and SECRET not in lue
    assert _attendues(educatrice) == [TITRE], "lire n'écrit pas"
    client.post(page)
    assert _attendues(educatrice) == []


def test_republiee_elle_est_de_nouveau_a_lire(d: Decor) -> None:
    educatrice = affecter(Role.MEMBRE, d.parcours.esms)
    retour = d.publier("Étiquettes", canal="compte", auteur=educatrice)
    prevenir.dire_lue(retour=retour, par=educatrice)
    retour = conduire(retour, "rouvrir", par=d.cheffe)
    assert _attendues(educatrice) == []
    conduire(retour, "publier", par=d.cheffe)
    assert _attendues(educatrice) == [TITRE]


def test_regroupe_son_auteur_lit_la_reponse_de_qui_le_porte(d: Decor) -> None:
    educatrice = affecter(Role.MEMBRE, d.parcours.esms)
    porteur = d.dire("Écran lent", "qualifier")
    porte = d.dire("Rame", "qualifier", canal="compte", auteur=educatrice)
    conduire(porte, "regrouper", par=d.cheffe, sous=porteur.pk)
    assert _attendues(educatrice) == []
    conduire(porteur, "publier", par=d.cheffe, reponse="Un écran neuf.")
    assert _attendues(educatrice) == [TITRE]
    page = connecte(educatrice).get(reverse("usages:retour-reponse", args=[porte.pk])).content.decode()
    assert "Un écran neuf." in page and "Écran lent" in page


def test_plusieurs_reponses_une_seule_ligne_et_une_requete(d: Decor, django_assert_num_queries: Any) -> None:
    educatrice = affecter(Role.MEMBRE, d.parcours.esms)
    for n in range(3):
        d.publier(f"Dit {n}", canal="compte", auteur=educatrice)
    with django_assert_num_queries(1):
        assert len(list(prevenir.a_lire(educatrice))) == 3
    (ligne,) = [x for x in a_faire(educatrice, timezone.localdate()) if x.titre.startswith("Des réponses")]
    assert len(ligne.liens) == 3 and all(lien.libelle.startswith("« ") for lien in ligne.liens)


def test_la_reponse_n_est_qu_a_son_auteur(d: Decor) -> None:
    educatrice = affecter(Role.MEMBRE, d.parcours.esms)
    retour = d.publier("Étiquettes", canal="compte", auteur=educatrice)
    page = reverse("usages:retour-reponse", args=[retour.pk])
    assert connecte(d.directrice).get(page).status_code == 404
    with pytest.raises(Refus):
        prevenir.dire_lue(retour=retour, par=d.directrice)
    assert Retour.objects.get(pk=retour.pk).lue_le is None
