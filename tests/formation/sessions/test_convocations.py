"""Convoquer : un courriel par destinataire, avec ses gens seulement ; renvoyer ne double pas ; annuler prévient."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from formation.models import Inscription, SessionFormation
from formation.services.convocations import convoquer
from formation.services.sessions import modifier_session
from programme.enums import Role
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.formation.fabriques import InscriptionFactory, PosteFactory, equipe
from tests.formation.sessions.aides import lu, ouverte

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(settings: Any) -> SessionFormation:
    settings.TREILLE_ADRESSE = "https://treille.exemple"
    return ouverte(lieu="Salle du bas", note="Prenez votre identifiant.")


def _inscrire(session: SessionFormation, parcours: Any, nombre: int = 1, **champs: Any) -> list[Inscription]:
    return [InscriptionFactory(session=session, poste=p, **champs) for p in equipe(parcours, nombre)]


def _convoquer(session: SessionFormation, joue: Any, **champs: Any) -> Any:
    with joue(execute=True):
        return convoquer(session=session, par=cheffe_de(session.grappe), **champs)


def test_a_la_personne_sinon_au_referent_sinon_a_la_direction(
    session: SessionFormation, django_capture_on_commit_callbacks: Any
) -> None:
    un, deux, trois = (ParcoursFactory(grappe=session.grappe) for _ in range(3))
    referente, _ = affecter(Role.REFERENT, un.esms), directrice_de(un)
    directrice = directrice_de(deux)
    d_un, [de_deux], [de_trois] = _inscrire(session, un, 2), _inscrire(session, deux), _inscrire(session, trois)
    seule = InscriptionFactory(
        session=session, poste=PosteFactory(parcours=un, professionnel__courriel="elle@exemple.fr")
    )
    attend = _inscrire(session, un, statut="en_attente")[0]
    rendu = _convoquer(session, django_capture_on_commit_callbacks)
    assert (rendu.personnes, rendu.courriels, rendu.sans_adresse) == (4, 3, [de_trois])
    par_adresse = {m.to[0]: m for m in mail.outbox}
    assert set(par_adresse) == {referente.courriel, directrice.courriel, "elle@exemple.fr"}
    a_la_referente = par_adresse[referente.courriel].body
    for inscription in d_un:
        assert inscription.professionnel.nom in a_la_referente
    for autre in (de_deux, seule, attend):
        assert autre.professionnel.nom not in a_la_referente, "chacun ne lit que ses gens"
    a_elle = par_adresse["elle@exemple.fr"].body
    assert "Salle du bas" in a_elle and "Prenez votre identifiant." in a_elle and "/sessions-formation/" not in a_elle
    [(nom, contenu, genre)] = [a[:3] for a in par_adresse["elle@exemple.fr"].attachments]
    assert nom.endswith(".ics") and genre == "text/calendar"
    [evenement] = Calendar.from_ical(contenu).walk("VEVENT")
    assert evenement["location"] == "Salle du bas" and "ordre du jour" not in evenement["description"]
    assert set(Inscription.objects.filter(convoquee_le=None)) == {de_trois, attend}


def test_renvoyer_ne_double_pas_sauf_demande(
    session: SessionFormation, django_capture_on_commit_callbacks: Any
) -> None:
    parcours = ParcoursFactory(grappe=session.grappe)
    affecter(Role.REFERENT, parcours.esms)
    _inscrire(session, parcours)
    _convoquer(session, django_capture_on_commit_callbacks)
    with pytest.raises(Refus, match="déjà convoqués"):
        _convoquer(session, django_capture_on_commit_callbacks)
    [neuve] = _inscrire(session, parcours)
    _convoquer(session, django_capture_on_commit_callbacks)
    assert (
        len(mail.outbox) == 2
        and mail.outbox[1].body.count("- ") == 1
        and neuve.professionnel.nom in mail.outbox[1].body
    )
    _convoquer(session, django_capture_on_commit_callbacks, encore=True)
    assert len(mail.outbox) == 3 and mail.outbox[2].body.count("- ") == 2


def test_un_envoi_rate_redevient_a_convoquer(
    session: SessionFormation, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    parcours = ParcoursFactory(grappe=session.grappe)
    affecter(Role.REFERENT, parcours.esms)
    [une] = _inscrire(session, parcours)

    def refuser(connexion: EmailBackend) -> bool:
        raise TimeoutError

    monkeypatch.setattr(EmailBackend, "open", refuser)
    _convoquer(session, django_capture_on_commit_callbacks)
    une.refresh_from_db()
    assert une.convoquee_le is None and not mail.outbox


def test_deplacee_on_convoque_de_nouveau_et_l_agenda_suit(
    session: SessionFormation, django_capture_on_commit_callbacks: Any
) -> None:
    parcours = ParcoursFactory(grappe=session.grappe)
    affecter(Role.REFERENT, parcours.esms)
    [une] = _inscrire(session, parcours)
    _convoquer(session, django_capture_on_commit_callbacks)
    une.poste.fin = session.jour
    une.poste.save()
    demain = {"debut": session.debut + timedelta(days=1), "fin": session.fin + timedelta(days=1)}
    ecrite = modifier_session(session=session, par=cheffe_de(session.grappe), **demain)
    assert (ecrite.deplacee, ecrite.a_reconvoquer, ecrite.absentes) == (True, 1, 1)
    assert not modifier_session(session=session, par=cheffe_de(session.grappe), note="Autre").deplacee
    client = connecte(cheffe_de(session.grappe))
    [evenement] = Calendar.from_ical(client.get(reverse("formation:session-ics", args=[session.pk])).content).walk(
        "VEVENT"
    )
    assert evenement["sequence"] > 0 and evenement["status"] == "CONFIRMED"


def test_annuler_previent_qui_etait_convoque(
    session: SessionFormation, django_capture_on_commit_callbacks: Any
) -> None:
    parcours = ParcoursFactory(grappe=session.grappe)
    referente = affecter(Role.REFERENT, parcours.esms)
    [une] = _inscrire(session, parcours)
    _convoquer(session, django_capture_on_commit_callbacks)
    [pas_convoquee] = _inscrire(session, parcours)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        changer_etat(session, "annuler", par=cheffe_de(session.grappe), motif="Grève")
    [message] = mail.outbox
    assert message.to == [referente.courriel] and "est annulée" in message.body
    assert une.professionnel.nom in message.body and pas_convoquee.professionnel.nom not in message.body
    [evenement] = Calendar.from_ical(message.attachments[0][1]).walk("VEVENT")
    assert evenement["status"] == "CANCELLED"
    changer_etat(session, "replanifier", par=cheffe_de(session.grappe), motif="Une autre salle")
    une.refresh_from_db()
    assert une.convoquee_le is None, "on leur a dit qu'elle n'aurait pas lieu"


def test_rejouee_a_une_date_passee_elle_n_ecrit_a_personne(
    session: SessionFormation, django_capture_on_commit_callbacks: Any
) -> None:
    autre = ouverte()
    parcours = ParcoursFactory(grappe=autre.grappe)
    affecter(Role.REFERENT, parcours.esms)
    _inscrire(autre, parcours, convoquee_le=timezone.now())
    SessionFormation.objects.filter(pk=autre.pk).update(debut=timezone.now() - timedelta(days=2))
    with django_capture_on_commit_callbacks(execute=True):
        changer_etat(autre, "annuler", par=cheffe_de(autre.grappe), motif="Grève")
    assert not mail.outbox


def test_sans_adresse_publique_on_le_dit(session: SessionFormation, settings: Any) -> None:
    settings.TREILLE_ADRESSE = ""
    _inscrire(session, ParcoursFactory(grappe=session.grappe))
    with pytest.raises(Refus, match="n'envoie aucun courriel"):
        convoquer(session=session, par=cheffe_de(session.grappe))


def test_la_page_dit_ce_qui_part_sans_nom_pour_la_cheffe(
    session: SessionFormation, django_capture_on_commit_callbacks: Any
) -> None:
    parcours = ParcoursFactory(grappe=session.grappe)
    [une] = _inscrire(session, parcours)
    client, url = connecte(cheffe_de(session.grappe)), reverse("formation:session-convoquer", args=[session.pk])
    page = lu(client.get(url))
    assert "1 personne à convoquer" in page and f"Sans adresse où écrire : {une.professionnel.numero}" in page
    referente = affecter(Role.REFERENT, parcours.esms)
    with django_capture_on_commit_callbacks(execute=True):
        fait = lu(client.post(url, {}, follow=True))
    assert "1 personne convoquée, par 1 courriel." in fait and mail.outbox[0].to == [referente.courriel]
    assert une.professionnel.nom not in page + fait and "Tous les inscrits sont convoqués" in fait
    assert client.post(url, {}).status_code == 422
