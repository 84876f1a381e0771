"""Suivre son retour par un code : où il en est, ce qu'on a répondu ; jamais le texte d'autrui."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from programme.enums import Role
from tests.fabriques import affecter
from tests.usages.retours.fabriques import RetourFactory, conduire
from usages.calculs import codes_de_suivi as codes
from usages.models import Retour
from usages.models.retours import semaine_de
from usages.services.retours.suivi import lire

CODE = "7K2MQ9TX4HBD"


@given(st.uuids(), st.sampled_from(["-", " ", "", "–", " . "]), st.booleans())
def test_un_code_se_relit_comme_on_le_recopie(cle: uuid.UUID, trait: str, minuscules: bool) -> None:
    code = codes.tirer_pour(cle, "secret")
    ecrit = trait.join(codes.en_blocs(code).split("-"))
    assert codes.compacter(ecrit.lower() if minuscules else ecrit) == code
    assert codes.tirer_pour(cle, "secret") == code != codes.tirer_pour(cle, "autre")


def test_les_signes_confondus_se_valent_et_le_reste_non() -> None:
    assert codes.compacter("oI1l-0000-0000") == "011100000000"
    assert codes.compacter("7K2M-Q9TX") == codes.compacter("7K2M-Q9TX-4HB!") == codes.compacter("") == ""


@pytest.fixture
def retour(db: None) -> Retour:
    return RetourFactory(canal="code", suivi=codes.empreinte(CODE), probleme="Ce que j'ai écrit, moi.")


def _page(code: str = CODE) -> str:
    return Client().post(reverse("usages:retour-suivi"), {"code": code}).content.decode()


def test_la_page_dit_ou_il_en_est_sans_redire_le_texte(retour: Retour) -> None:
    assert "attend d&#x27;être lu" in _page() or "attend d'être lu" in _page()
    assert "Ce que j" not in _page()
    directeur = affecter(Role.DIRECTEUR, retour.parcours.esms)
    conduire(retour, "qualifier", "prendre_en_charge", par=directeur, voie="editeur")
    lu = lire(CODE, timezone.localdate())
    assert lu and (lu.titre, lu.ou_en_est) == ("Écran des transmissions lent", "L'éditeur s'en occupe.")
    retour.refresh_from_db()
    conduire(retour, "resoudre", "publier", par=directeur)
    assert "L’écran" in _page() or "ouvre maintenant sur le jour même" in _page()


def test_le_motif_d_un_refus_se_lit(retour: Retour) -> None:
    conduire(retour, "ne_pas_retenir", par=affecter(Role.DIRECTEUR, retour.parcours.esms))
    lu = lire(CODE, timezone.localdate())
    assert lu and lu.reponse == "Hors de notre portée"


def test_regroupe_on_lit_ce_qui_est_public_de_l_autre_et_pas_avant_lundi(retour: Retour) -> None:
    directeur, au = affecter(Role.DIRECTEUR, retour.parcours.esms), timezone.localdate()
    autre = RetourFactory(parcours=retour.parcours, probleme="Le texte d'une autre équipe.", recu_le=semaine_de(au))
    conduire(autre, "qualifier", "publier", par=directeur, reponse="La réponse à tous.")
    conduire(retour, "regrouper", par=directeur, sous=autre.pk)
    lu = lire(CODE, au)
    assert lu and (lu.reponse, lu.titre, lu.avec_un_autre) == ("", "", True)
    lu = lire(CODE, au + timedelta(days=7))
    assert lu and (lu.reponse, lu.avec_un_autre) == ("La réponse à tous.", True)
    assert "une autre équipe" not in _page()


def test_un_code_inconnu_ou_mal_ecrit_se_dit(retour: Retour) -> None:
    assert "Aucun retour n" in _page("0000-0000-0000")
    assert "douze lettres et chiffres" in _page("0000")
    page = Client().get(reverse("usages:retour-suivi") + f"?code={CODE}")
    assert (page.status_code, bool(page.cookies)) == (200, False)
    assert "attend d" not in page.content.decode(), "un code dans l'adresse ne se lit pas"
