"""Les rappels partent quand il faut, une seule fois, même quand le serveur d'envoi est capricieux."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from threading import Barrier
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from programme.calculs.cadence import lundi
from programme.enums import FrequenceRappel, IssueRappel, Role
from programme.models import PreferenceRappel, Rappel, Utilisateur
from programme.services import envoi_rappels
from programme.services.envoi_rappels import EnvoiImpossible, a_servir, echeance, envoyer
from programme.socle.a_faire import Ligne
from programme.socle.travaux import planifier
from tests.fabriques import ParcoursFactory, affecter
from tests.programme.rappels.aides import ligne_a_faire, ouvrir

pytestmark = pytest.mark.django_db


# --- une seule fois ------------------------------------------------------------------------------------------------


def test_deux_tours_un_seul_courriel(directrice: Utilisateur, au: date) -> None:
    assert envoyer(au=au).envoyes == 1
    assert envoyer(au=au).envoyes == 0
    # Changer de jour dans la semaine ne fait pas repartir un second courriel.
    PreferenceRappel.objects.create(utilisateur=directrice, jour=2, depuis=au)
    assert envoyer(au=au + timedelta(days=1)).envoyes == 0
    assert len(mail.outbox) == 1


def test_un_second_tour_ne_relit_personne_et_une_liste_perimee_ne_trompe_pas(
    directrice: Utilisateur, au: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    dus = a_servir(au)
    envoyer(au=au)
    assert a_servir(au)[0] == []
    monkeypatch.setattr(envoi_rappels, "a_servir", lambda _: dus)
    bilan = envoyer(au=au)
    assert (bilan.envoyes, bilan.rien, len(mail.outbox)) == (0, 0, 1)


@pytest.mark.django_db(transaction=True)
def test_deux_travailleurs_a_la_fois_un_seul_courriel(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        # Une base en mémoire n'a qu'une connexion : la course se prouve sur PostgreSQL, ici la contrainte.
        assert any(c.name == "rappel_un_par_semaine" for c in Rappel._meta.constraints)
        return
    au = lundi(timezone.localdate()) + timedelta(days=7)
    comptes = [ouvrir(affecter(Role.DIRECTEUR, ParcoursFactory().esms)) for _ in range(6)]
    depart, lire = Barrier(2), a_servir

    def ensemble(jour: date) -> tuple[list[int], int]:
        """Les deux lisent la même liste, puis partent au même instant."""
        lus = lire(jour)
        depart.wait(10)
        return lus

    monkeypatch.setattr(envoi_rappels, "a_servir", ensemble)

    def tour(_: int) -> int:
        try:
            return envoyer(au=au).envoyes
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as fils:
        assert sum(fils.map(tour, range(2))) == len(comptes)
    assert sorted(m.to[0] for m in mail.outbox) == sorted(c.courriel for c in comptes)
    assert Rappel.objects.filter(issue=IssueRappel.ENVOYE).count() == len(comptes)


def test_un_refus_net_se_dit_et_se_reprend(directrice: Utilisateur, au: date, serveur: Any) -> None:
    serveur.humeur = SMTPRecipientsRefused({directrice.courriel: (450, b"plus tard")})
    bilan = envoyer(au=au)
    assert bilan.echecs == 1 and directrice.identifiant in bilan.decompte()
    assert Rappel.objects.get().issue == IssueRappel.ECHEC
    serveur.humeur = None
    assert envoyer(au=au + timedelta(days=1)).envoyes == 1
    assert envoyer(au=au + timedelta(days=2)).envoyes == 0
    assert len(mail.outbox) == 1 and Rappel.objects.get().issue == IssueRappel.ENVOYE


def test_sans_reponse_on_ne_renvoie_jamais(directrice: Utilisateur, au: date, serveur: Any) -> None:
    serveur.humeur = SMTPServerDisconnected("coupé")
    bilan = envoyer(au=au)
    assert bilan.incertains == 1 and "jamais repris" in bilan.decompte()
    serveur.humeur = None
    assert envoyer(au=au).envoyes == 0 and not mail.outbox
    assert Rappel.objects.get().issue == IssueRappel.RESERVE


def test_plante_entre_l_envoi_et_la_marque_au_plus_un_courriel(
    directrice: Utilisateur, au: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    def planter(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as rustine:
        rustine.setattr(envoi_rappels, "_marquer", planter)
        with pytest.raises(KeyboardInterrupt):
            envoyer(au=au)
    assert len(mail.outbox) == 1
    assert envoyer(au=au).envoyes == 0 and len(mail.outbox) == 1


def test_serveur_d_envoi_injoignable_rien_n_est_entame(directrice: Utilisateur, au: date, serveur: Any) -> None:
    serveur.muet = True
    with pytest.raises(EnvoiImpossible, match="prochain tour"):
        envoyer(au=au)
    assert not Rappel.objects.exists()
    serveur.muet = False
    assert envoyer(au=au).envoyes == 1


def test_une_declaration_fautive_n_arrete_pas_les_autres(
    directrice: Utilisateur, au: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    autre = ouvrir(affecter(Role.DIRECTEUR, ParcoursFactory().esms))

    def lire(compte: Utilisateur, jour: date) -> list[Ligne]:
        if compte == directrice:
            raise RuntimeError("déclaration fautive")
        return [ligne_a_faire()]

    monkeypatch.setattr(envoi_rappels, "a_faire", lire)
    bilan = envoyer(au=au)
    assert (bilan.envoyes, bilan.non_composes) == (1, 1) and mail.outbox[0].to == [autre.courriel]


def test_sans_adresse_publique_rien_ne_part(directrice: Utilisateur, au: date, settings: Any) -> None:
    settings.TREILLE_ADRESSE = ""
    with pytest.raises(EnvoiImpossible, match="TREILLE_ADRESSE"):
        envoyer(au=au)


def test_a_blanc_rien_n_est_ecrit(directrice: Utilisateur, au: date) -> None:
    bilan = envoyer(au=au, a_blanc=True)
    assert [nom for nom, _ in bilan.a_blanc] == [directrice.identifiant]
    assert not mail.outbox and not Rappel.objects.exists()


# --- quand ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instant", "attendu"),
    [
        (datetime(2026, 11, 30, 5, 59, tzinfo=UTC), None),  # lundi, 6 h 59 à Paris
        (datetime(2026, 11, 30, 6, 0, tzinfo=UTC), "2026-11-30-7"),
        (datetime(2026, 7, 6, 5, 0, tzinfo=UTC), "2026-07-06-7"),  # l'été, 7 h à Paris
        (datetime(2026, 7, 6, 4, 59, tzinfo=UTC), None),
        (datetime(2026, 11, 30, 10, 30, tzinfo=UTC), "2026-11-30-11"),
        (datetime(2026, 11, 30, 22, 59, tzinfo=UTC), "2026-11-30-11"),
        (datetime(2026, 11, 30, 23, 1, tzinfo=UTC), None),  # mardi, 0 h 01 à Paris
        (datetime(2026, 11, 28, 9, 0, tzinfo=UTC), None),  # samedi
    ],
)
def test_les_tours_sont_a_l_heure_de_paris_les_jours_ouvres(instant: datetime, attendu: str | None) -> None:
    assert echeance(instant) == attendu


def test_l_echeancier_lance_un_tour_et_un_seul() -> None:
    lundi_matin = datetime(2026, 11, 30, 6, 0, tzinfo=UTC)
    assert "rappels" in [t.genre for t in planifier(lundi_matin)]
    assert planifier(lundi_matin) == []
    assert [t.genre for t in planifier(lundi_matin + timedelta(hours=4))] == ["rappels"]


def test_la_frequence_choisie_est_tenue(directrice: Utilisateur, au: date) -> None:
    PreferenceRappel.objects.create(utilisateur=directrice, frequence=FrequenceRappel.MOIS, jour=4, depuis=au)
    for n in range(90):
        envoyer(au=au + timedelta(days=n))
    jours = list(Rappel.objects.order_by("creneau").values_list("creneau", flat=True))
    assert len(jours) == len(mail.outbox) in (2, 3, 4)
    assert all((jour + timedelta(days=3)).day <= 7 for jour in jours)
