"""Le tour des rappels : la tâche de fond, la commande, et combien de requêtes."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programme import travaux as travaux_du_programme
from programme.enums import Portee, Role
from programme.models import Utilisateur
from programme.services import rappels
from programme.services.envoi_rappels import a_servir, envoyer
from programme.socle.enums import EtatTravail
from programme.socle.travaux import Arret, lancer, ramasser
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter
from tests.programme.rappels.aides import ouvrir

pytestmark = pytest.mark.django_db


# --- le travail, la commande ---------------------------------------------------------------------------------------


def test_l_administrateur_lit_le_resultat_pas_le_contenu(
    directrice: Utilisateur, au: date, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *a, **k: au)
    travail = lancer("rappels", sur_place=True)
    assert travail.etat == EtatTravail.TERMINE and travail.resultat and travail.resultat["envoyes"] == 1
    assert "IME des Sources" not in str(travail.resultat)
    client.force_login(affecter(Role.ADMIN))
    page = client.get(reverse("programme:travail-detail", args=[travail.pk])).content.decode()
    assert "1 rappel envoyé" in page and "IME des Sources" not in page
    assert "Rappels par courriel" in client.get(reverse("programme:travail-liste")).content.decode()


def test_un_travail_arrete_en_route_se_relance_sans_doubler(
    directrice: Utilisateur, au: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    ouvrir(affecter(Role.DIRECTEUR, ParcoursFactory().esms))
    monkeypatch.setattr(timezone, "localdate", lambda *a, **k: au)

    def arreter(*_: Any, **__: Any) -> None:
        raise Arret

    with monkeypatch.context() as rustine:
        rustine.setattr("programme.socle.travaux.Contexte.avancer", arreter)
        travail = lancer("rappels", sur_place=True)
    assert travail.etat == EtatTravail.INTERROMPU and travail.erreur == travaux_du_programme.ARRETE
    assert len(mail.outbox) == 1
    assert lancer("rappels", sur_place=True).resultat["envoyes"] == 1
    assert len({m.to[0] for m in mail.outbox}) == len(mail.outbox) == 2


def test_un_tour_dont_l_executeur_est_mort_le_dit_juste() -> None:
    travail = lancer("rappels")
    travail.etat, travail.battement = EtatTravail.EN_COURS, timezone.now() - timedelta(hours=1)
    travail.save()
    assert ramasser(timezone.now()) == [travail]
    travail.refresh_from_db()
    assert travail.erreur == travaux_du_programme.ARRETE


def test_serveur_d_envoi_en_panne_le_travail_echoue_et_le_dit(
    directrice: Utilisateur, au: date, serveur: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *a, **k: au)
    serveur.muet = True
    travail = lancer("rappels", sur_place=True)
    assert travail.etat == EtatTravail.ECHEC and "prochain tour" in travail.erreur and travail.est_relancable


def test_la_commande_dit_combien_et_se_relance(
    directrice: Utilisateur, au: date, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError, match="d'avance"):
        call_command("envoyer_rappels", au=au)
    call_command("envoyer_rappels", au=au, a_blanc=True)
    assert f"{directrice.identifiant} : " in capsys.readouterr().out and not mail.outbox
    monkeypatch.setattr(timezone, "localdate", lambda *a, **k: au)
    call_command("envoyer_rappels")
    assert "1 rappel envoyé, 0 compte sans rien à dire, 0 muet, 0 échec." in capsys.readouterr().out
    call_command("envoyer_rappels")
    assert "0 rappel envoyé" in capsys.readouterr().out and len(mail.outbox) == 1


# --- combien de requêtes -------------------------------------------------------------------------------------------


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_d_esms(au: date) -> None:
    og = ParcoursFactory().esms.og
    siege = ouvrir(affecter(Role.SIEGE, og))
    grappe = GrappeFactory()

    def requetes(nombre: int, semaine: int) -> int:
        for _ in range(nombre):
            ParcoursFactory(esms__og=og, grappe=grappe)
        with CaptureQueriesContext(connection) as captees:
            assert envoyer(au=au + timedelta(days=7 * semaine)).envoyes == 1
        return len(captees)

    assert siege.affectations.get().portee == Portee.OG
    requetes(2, 0)
    a_peu = requetes(1, 1)
    assert requetes(30, 2) == a_peu <= 45


def test_choisir_les_comptes_est_une_requete(directrice: Utilisateur, au: date) -> None:
    for _ in range(5):
        rappels.regler(par=ouvrir(affecter(Role.ADMIN)), frequence="semaine", jour=1, muet_jusqu_au=None)
    with CaptureQueriesContext(connection) as captees:
        assert len(a_servir(au)[0]) == 6
    assert len(captees) == 1
