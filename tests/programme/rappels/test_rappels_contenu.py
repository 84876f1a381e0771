"""Ce qu'un rappel dit : à qui il faut, ce qui l'attend, et rien de trop."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from programme.enums import FrequenceRappel, IssueRappel, Role
from programme.models import Parcours, Proposition, Rappel, Utilisateur
from programme.services import envoi_rappels, rappels
from programme.services.comptes import fermer_compte
from programme.services.envoi_rappels import a_servir, envoyer
from programme.services.parcours import decider_proposition, proposer
from programme.socle import a_faire
from programme.socle.a_faire import Urgence
from programme.socle.porte import changer_etat
from tests.fabriques import EsmsFactory, GrappeFactory, JalonFactory, ParcoursFactory, affecter, cheffe_de
from tests.programme.rappels.aides import ligne_a_faire, ouvrir, textes

pytestmark = pytest.mark.django_db

NIR = "255081416802538"


# --- ce qui part ---------------------------------------------------------------------------------------------------


def test_une_directrice_recoit_ce_qui_l_attend(directrice: Utilisateur, au: date, settings: Any) -> None:
    settings.TREILLE_ADRESSE = "https://treille.exemple.invalid"
    bilan = envoyer(au=au)
    assert bilan.envoyes == 1 and not bilan.echecs
    (message,) = mail.outbox
    assert message.to == [directrice.courriel]
    assert re.fullmatch(r"\w+ choses? (vous attend(ent)?|à voir) dans Treille", message.subject)
    html = message.alternatives[0]
    assert html.mimetype == "text/html" and "IME des Sources" in message.body and "IME des Sources" in html.content
    assert directrice.identifiant in message.body
    for texte in (message.body, html.content):
        adresses = re.findall(r"https?://[^\s\"<]+", texte)
        assert adresses and all(a.startswith("https://treille.exemple.invalid/") for a in adresses)
    assert not re.search(r"<img|<script|@import|url\(|src=", html.content)
    assert message.extra_headers["List-Unsubscribe"] == "<https://treille.exemple.invalid/mes-rappels/>"
    rappel = Rappel.objects.get()
    assert (rappel.utilisateur, rappel.creneau, rappel.issue) == (directrice, au, IssueRappel.ENVOYE)
    assert rappel.nb_lignes and rappel.envoye_le


@pytest.mark.parametrize(
    ("nombre", "urgence", "objet"),
    [
        (1, Urgence.DECIDER, "Une chose vous attend dans Treille"),
        (3, Urgence.SUIVRE, "Trois choses vous attendent dans Treille"),
        (12, Urgence.SUIVRE, "12 choses vous attendent dans Treille"),
        (1, Urgence.PEUT_ATTENDRE, "Une chose à voir dans Treille"),
        (2, Urgence.PEUT_ATTENDRE, "Deux choses à voir dans Treille"),
    ],
)
def test_les_nombres_s_accordent(
    directrice: Utilisateur, au: date, lignes: Any, nombre: int, urgence: Urgence, objet: str
) -> None:
    lignes(*[ligne_a_faire(f"Geste {n}", urgence) for n in range(nombre)])
    envoyer(au=au)
    assert mail.outbox[0].subject == objet
    assert mail.outbox[0].body.count("/parcours/1/") == min(nombre, 5)
    assert ("et 7 autres" in mail.outbox[0].body) is (nombre == 12)


def test_les_plus_pressees_d_abord_puis_et_un_autre(directrice: Utilisateur, au: date, lignes: Any) -> None:
    lignes(
        *[ligne_a_faire(f"Suivre {n}", Urgence.SUIVRE, echeance=au - timedelta(days=3)) for n in range(5)],
        ligne_a_faire("Décider", Urgence.DECIDER),
    )
    envoyer(au=au)
    corps = mail.outbox[0].body
    assert "1. Décider" in corps and "et 1 autre :" in corps and "Suivre 4" not in corps and ", passée" in corps


def test_une_ligne_commune_nomme_ses_esms(directrice: Utilisateur, au: date, lignes: Any) -> None:
    lignes(ligne_a_faire(noms=tuple(f"IME {n}" for n in range(6))))
    envoyer(au=au)
    assert "- IME 3" in mail.outbox[0].body and "IME 4" not in mail.outbox[0].body
    assert "IME 2\u00a0; IME 3 et 2 autres" in mail.outbox[0].alternatives[0].content


# --- ce qui ne part pas --------------------------------------------------------------------------------------------


def test_rien_a_dire_rien_ne_part(directrice: Utilisateur, au: date, lignes: Any) -> None:
    lignes(ligne_a_faire("Pour mémoire", Urgence.RAPPEL))
    bilan = envoyer(au=au)
    assert not mail.outbox and bilan.rien == 1
    assert Rappel.objects.get().issue == IssueRappel.RIEN


def test_une_chose_faite_ne_se_rappelle_pas(parcours: Parcours, directrice: Utilisateur, au: date) -> None:
    cheffe = cheffe_de(parcours.grappe)
    proposition = proposer(parcours=parcours, transition="engager", par=cheffe)
    assert "Décider" in _corps_pour(au)
    directrice = Utilisateur.objects.get(pk=directrice.pk)
    decider_proposition(proposition=proposition, par=directrice, accord=False, motif="plus tard", date_visee=None)
    assert "Décider" not in _corps_pour(au + timedelta(days=7))


def test_la_derniere_chose_faite_plus_aucun_courriel(au: date) -> None:
    ouvrir(affecter(Role.ADMIN))
    assert "Charger l'annuaire" in _corps_pour(au)
    EsmsFactory()
    assert _corps_pour(au + timedelta(days=7)) == ""


def _corps_pour(au: date) -> str:
    mail.outbox.clear()
    envoyer(au=au)
    return "".join(m.body for m in mail.outbox)


@pytest.mark.parametrize("reglage", ["jamais", "suspendu"])
def test_un_compte_muet_ne_recoit_rien(directrice: Utilisateur, au: date, reglage: str) -> None:
    if reglage == "jamais":
        rappels.couper(par=directrice)
    else:
        rappels.regler(par=directrice, frequence=FrequenceRappel.SEMAINE, jour=1, muet_jusqu_au=au)
    bilan = envoyer(au=au)
    assert not mail.outbox and bilan.muets == 1 and not Rappel.objects.exists()
    if reglage == "suspendu":
        assert envoyer(au=au + timedelta(days=7)).envoyes == 1


def _partie(compte: Utilisateur) -> None:
    compte.affectations.update(au=timezone.localdate() - timedelta(days=1))


def _fermee(compte: Utilisateur) -> None:
    fermer_compte(compte=compte, par=affecter(Role.ADMIN))


def _sans_adresse(compte: Utilisateur) -> None:
    Utilisateur.objects.filter(pk=compte.pk).update(courriel="")


def _jamais_entree(compte: Utilisateur) -> None:
    compte.set_unusable_password()
    compte.save()


@pytest.mark.parametrize("changer", [_partie, _fermee, _sans_adresse, _jamais_entree])
def test_qui_n_est_plus_la_ne_recoit_rien(directrice: Utilisateur, au: date, changer: Callable[..., None]) -> None:
    assert a_servir(au)[0] == [directrice.pk]
    changer(directrice)
    bilan = envoyer(au=au)
    assert not mail.outbox and not bilan.envoyes and not Rappel.objects.exists()


@pytest.mark.parametrize("changer", [_partie, lambda compte: rappels.couper(par=compte)])
def test_partie_ou_muette_pendant_le_tour_elle_ne_recoit_rien(
    directrice: Utilisateur, au: date, monkeypatch: pytest.MonkeyPatch, changer: Callable[..., Any]
) -> None:
    dus = a_servir(au)
    monkeypatch.setattr(envoi_rappels, "a_servir", lambda _: dus)
    changer(directrice)
    assert envoyer(au=au).rien == 1 and not mail.outbox


def test_rien_de_ce_qui_est_hors_du_perimetre(directrice: Utilisateur, au: date) -> None:
    ailleurs = ParcoursFactory(esms__nom="SESSAD des Dunes")
    Proposition.objects.create(parcours=ailleurs, transition="engager", proposee_par=cheffe_de(ailleurs.grappe))
    envoyer(au=au)
    assert "IME des Sources" in textes() and "SESSAD des Dunes" not in textes()
    mail.outbox.clear()
    _partie(directrice)
    affecter(Role.DIRECTEUR, ailleurs.esms, utilisateur=directrice)
    envoyer(au=au + timedelta(days=7))
    assert "IME des Sources" not in textes() and "SESSAD des Dunes" in textes()


def test_un_esms_sorti_ne_se_rappelle_plus(parcours: Parcours, directrice: Utilisateur, au: date) -> None:
    changer_etat(parcours, "sortir", par=cheffe_de(parcours.grappe), motif="départ", raison="retrait")
    bilan = envoyer(au=au)
    assert not mail.outbox and bilan.rien == 1


def test_le_financeur_ne_recoit_que_ce_qui_lui_est_transmis(au: date) -> None:
    grappe = GrappeFactory()
    cheffe = cheffe_de(grappe)
    changer_etat(grappe, "deposer", par=cheffe)
    jalon = JalonFactory(convention__grappe=grappe)
    ouvrir(affecter(Role.ARS, grappe.region))
    assert _corps_pour(au) == ""
    changer_etat(jalon, "transmettre", par=cheffe)
    assert "Lire 1 jalon transmis" in _corps_pour(au + timedelta(days=7))
    assert mail.outbox[0].subject == "Une chose à voir dans Treille"


# --- ce qu'un courriel ne dit pas ----------------------------------------------------------------------------------


def test_ni_citation_ni_texte_ni_numero_de_personne(directrice: Utilisateur, au: date, lignes: Any) -> None:
    lignes(
        ligne_a_faire("Répondre", detail="« Pas pendant les congés »", texte="« un motif »"),
        ligne_a_faire(f"Appeler {NIR}", noms=("IME A", f"né sous le {NIR}")),
        ligne_a_faire(
            "Dire au COMOP", detail="deux passages", liens=tuple(a_faire.Bouton(n, "/") for n in ("A : « b »", "C"))
        ),
    )
    envoyer(au=au)
    for interdit in ("congés", "motif", NIR, "« b »"):
        assert interdit not in textes()
    assert "Une chose vous attend, à lire dans Treille" in textes() and "IME A" in textes()


def test_un_nir_entre_en_fraude_ne_sort_pas(parcours: Parcours, directrice: Utilisateur, au: date) -> None:
    type(parcours.esms).objects.filter(pk=parcours.esms_id).update(nom=f"IME {NIR}")
    assert envoyer(au=au).envoyes == 1
    assert NIR not in textes()
