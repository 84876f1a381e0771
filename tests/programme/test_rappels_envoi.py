"""Les rappels partent à qui il faut, quand il faut, une seule fois ; et ne disent rien de trop."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from threading import Barrier
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programme import travaux as travaux_du_programme
from programme.cadence import lundi
from programme.enums import FrequenceRappel, IssueRappel, Portee, Role
from programme.models import Parcours, PreferenceRappel, Proposition, Rappel, Utilisateur
from programme.services import envoi_rappels, rappels
from programme.services.comptes import fermer_compte
from programme.services.envoi_rappels import EnvoiImpossible, a_servir, echeance, envoyer
from programme.services.parcours import decider_proposition, proposer
from programme.socle import a_faire
from programme.socle.a_faire import Ligne, Urgence
from programme.socle.enums import EtatTravail
from programme.socle.porte import changer_etat
from programme.socle.travaux import Arret, lancer, planifier, ramasser
from tests.fabriques import EsmsFactory, GrappeFactory, JalonFactory, ParcoursFactory, affecter, cheffe_de

pytestmark = pytest.mark.django_db

NIR = "255081416802538"


def _ouvrir(compte: Utilisateur) -> Utilisateur:
    compte.set_password("une phrase de passe")
    compte.save()
    return compte


@pytest.fixture
def au() -> date:
    """Le lundi qui vient : le compte existe, la semaine est neuve."""
    return lundi(timezone.localdate()) + timedelta(days=7)


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory(esms__nom="IME des Sources")


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    """Son ESMS débute : plusieurs choses l'attendent."""
    return _ouvrir(affecter(Role.DIRECTEUR, parcours.esms))


@pytest.fixture
def lignes() -> Iterator[Callable[..., None]]:
    """Remplace toutes les déclarations « à faire » par les lignes données : `lignes(Ligne(…), …)`."""
    avant = dict(a_faire.declarations._objets)

    def poser(*posees: Ligne) -> None:
        a_faire.declarations._objets.clear()
        a_faire.inscrire("essai")(lambda demande: posees)

    yield poser
    a_faire.declarations._objets.clear()
    a_faire.declarations._objets.update(avant)


def _ligne(titre: str = "Dater l'annonce", urgence: Urgence = Urgence.REPONDRE, **champs: Any) -> Ligne:
    return Ligne(**({"titre": titre, "detail": "IME", "url": "/parcours/1/", "urgence": urgence} | champs))


def _textes() -> str:
    return "\n".join([m.subject + m.body + m.alternatives[0].content for m in mail.outbox])


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
    lignes(*[_ligne(f"Geste {n}", urgence) for n in range(nombre)])
    envoyer(au=au)
    assert mail.outbox[0].subject == objet
    assert mail.outbox[0].body.count("/parcours/1/") == min(nombre, 5)
    assert ("et 7 autres" in mail.outbox[0].body) is (nombre == 12)


def test_les_plus_pressees_d_abord_puis_et_un_autre(directrice: Utilisateur, au: date, lignes: Any) -> None:
    lignes(
        *[_ligne(f"Suivre {n}", Urgence.SUIVRE, echeance=au - timedelta(days=3)) for n in range(5)],
        _ligne("Décider", Urgence.DECIDER),
    )
    envoyer(au=au)
    corps = mail.outbox[0].body
    assert "1. Décider" in corps and "et 1 autre :" in corps and "Suivre 4" not in corps and ", passée" in corps


def test_une_ligne_commune_nomme_ses_esms(directrice: Utilisateur, au: date, lignes: Any) -> None:
    lignes(_ligne(noms=tuple(f"IME {n}" for n in range(6))))
    envoyer(au=au)
    assert "- IME 3" in mail.outbox[0].body and "IME 4" not in mail.outbox[0].body
    assert "IME 2\u00a0; IME 3 et 2 autres" in mail.outbox[0].alternatives[0].content


# --- ce qui ne part pas --------------------------------------------------------------------------------------------


def test_rien_a_dire_rien_ne_part(directrice: Utilisateur, au: date, lignes: Any) -> None:
    lignes(_ligne("Pour mémoire", Urgence.RAPPEL))
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
    _ouvrir(affecter(Role.ADMIN))
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
    assert "IME des Sources" in _textes() and "SESSAD des Dunes" not in _textes()
    mail.outbox.clear()
    _partie(directrice)
    affecter(Role.DIRECTEUR, ailleurs.esms, utilisateur=directrice)
    envoyer(au=au + timedelta(days=7))
    assert "IME des Sources" not in _textes() and "SESSAD des Dunes" in _textes()


def test_un_esms_sorti_ne_se_rappelle_plus(parcours: Parcours, directrice: Utilisateur, au: date) -> None:
    changer_etat(parcours, "sortir", par=cheffe_de(parcours.grappe), motif="départ", raison="retrait")
    bilan = envoyer(au=au)
    assert not mail.outbox and bilan.rien == 1


def test_le_financeur_ne_recoit_que_ce_qui_lui_est_transmis(au: date) -> None:
    grappe = GrappeFactory()
    cheffe = cheffe_de(grappe)
    changer_etat(grappe, "deposer", par=cheffe)
    jalon = JalonFactory(convention__grappe=grappe)
    _ouvrir(affecter(Role.ARS, grappe.region))
    assert _corps_pour(au) == ""
    changer_etat(jalon, "transmettre", par=cheffe)
    assert "Lire 1 jalon transmis" in _corps_pour(au + timedelta(days=7))
    assert mail.outbox[0].subject == "Une chose à voir dans Treille"


# --- ce qu'un courriel ne dit pas ----------------------------------------------------------------------------------


def test_ni_citation_ni_texte_ni_numero_de_personne(directrice: Utilisateur, au: date, lignes: Any) -> None:
    lignes(
        _ligne("Répondre", detail="« Pas pendant les congés »", texte="« un motif »"),
        _ligne(f"Appeler {NIR}", noms=("IME A", f"né sous le {NIR}")),
        _ligne(
            "Dire au COMOP", detail="deux passages", liens=tuple(a_faire.Bouton(n, "/") for n in ("A : « b »", "C"))
        ),
    )
    envoyer(au=au)
    for interdit in ("congés", "motif", NIR, "« b »"):
        assert interdit not in _textes()
    assert "Une chose vous attend, à lire dans Treille" in _textes() and "IME A" in _textes()


def test_un_nir_entre_en_fraude_ne_sort_pas(parcours: Parcours, directrice: Utilisateur, au: date) -> None:
    type(parcours.esms).objects.filter(pk=parcours.esms_id).update(nom=f"IME {NIR}")
    assert envoyer(au=au).envoyes == 1
    assert NIR not in _textes()


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
    comptes = [_ouvrir(affecter(Role.DIRECTEUR, ParcoursFactory().esms)) for _ in range(6)]
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


class _Capricieux(EmailBackend):
    """Un serveur d'envoi qui fait ce que `humeur` dit."""

    humeur: Exception | None = None
    muet = False

    def open(self) -> bool:
        if self.muet:
            raise ConnectionRefusedError
        return True

    def send_messages(self, messages: Any) -> int:
        if self.humeur:
            raise self.humeur
        return super().send_messages(messages)


@pytest.fixture
def serveur(monkeypatch: pytest.MonkeyPatch) -> type[_Capricieux]:
    monkeypatch.setattr(envoi_rappels, "get_connection", _Capricieux)
    monkeypatch.setattr(_Capricieux, "humeur", None)
    monkeypatch.setattr(_Capricieux, "muet", False)
    return _Capricieux


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
    autre = _ouvrir(affecter(Role.DIRECTEUR, ParcoursFactory().esms))

    def lire(compte: Utilisateur, jour: date) -> list[Ligne]:
        if compte == directrice:
            raise RuntimeError("déclaration fautive")
        return [_ligne()]

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
    _ouvrir(affecter(Role.DIRECTEUR, ParcoursFactory().esms))
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
    siege = _ouvrir(affecter(Role.SIEGE, og))
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
        rappels.regler(par=_ouvrir(affecter(Role.ADMIN)), frequence="semaine", jour=1, muet_jusqu_au=None)
    with CaptureQueriesContext(connection) as captees:
        assert len(a_servir(au)[0]) == 6
    assert len(captees) == 1
