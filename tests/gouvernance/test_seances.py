"""Prévoir, déplacer, clore avec reports : les services des séances."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from gouvernance.enums import SuitePoint
from gouvernance.models import Instance, Point, Seance
from gouvernance.services.ordre_du_jour import ajouter_point
from gouvernance.services.seances import A_LA_DEMANDE, INSTANCE_CLOSE, PLUS_PREPAREE, creer_seances, modifier_seance
from gouvernance.services.tenue import noter_point
from programme.enums import Role
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.fabriques import UtilisateurFactory, affecter, cheffe_de
from tests.gouvernance.fabriques import InstanceFactory, PointFactory, SeanceFactory, mandater, seance_ouverte

pytestmark = pytest.mark.django_db


@pytest.fixture
def instance() -> Instance:
    return InstanceFactory(quorum=0, cadence="mensuelle")


@pytest.fixture
def cheffe(instance: Instance) -> Any:
    return cheffe_de(instance.grappe)


def _dans(jours: int) -> Any:
    return timezone.now() + timedelta(days=jours)


# --- prévoir -------------------------------------------------------------------------------------------------------


def test_une_serie_suit_la_cadence_a_la_meme_heure(instance: Instance, cheffe: Any) -> None:
    prevues = creer_seances(instance=instance, par=cheffe, debut=_dans(7), nombre=8, duree=90)
    assert len(prevues) == 8 and len({s.serie for s in prevues}) == 1 and prevues[0].serie
    heures = {timezone.localtime(s.debut).strftime("%H:%M") for s in prevues}
    assert len(heures) == 1, "l'heure d'été ne déplace pas la séance"
    assert {s.duree for s in prevues} == {90}


def test_a_la_demande_on_prevoit_une_seance_a_la_fois(cheffe: Any, instance: Instance) -> None:
    instance.cadence = "libre"
    instance.save()
    with pytest.raises(Refus) as refus:
        creer_seances(instance=instance, par=cheffe, debut=_dans(7), nombre=2)
    assert refus.value.champs["nombre"] == [A_LA_DEMANDE.format(instance)]
    assert creer_seances(instance=instance, par=cheffe, debut=_dans(7))[0].serie is None


def test_une_instance_close_ne_tient_plus_de_seance(instance: Instance, cheffe: Any) -> None:
    instance.close_le = timezone.localdate()
    instance.save()
    with pytest.raises(Refus, match=INSTANCE_CLOSE.format(instance)):
        creer_seances(instance=instance, par=cheffe, debut=_dans(7))


def test_qui_anime_prevoit_un_simple_membre_non(instance: Instance) -> None:
    animatrice, membre = UtilisateurFactory(), UtilisateurFactory()
    for compte in (animatrice, membre):
        affecter(Role.MEMBRE, instance.grappe, utilisateur=compte)
        mandater(instance, compte, anime=compte is animatrice)
    assert creer_seances(instance=instance, par=animatrice, debut=_dans(7))
    with pytest.raises(Refus) as refus:
        creer_seances(instance=instance, par=membre, debut=_dans(7))
    assert refus.value.code == "droit"


# --- déplacer ------------------------------------------------------------------------------------------------------


def test_deplacee_elle_compte_et_previent_ses_membres(
    instance: Instance, cheffe: Any, django_capture_on_commit_callbacks: Any
) -> None:
    titulaire, suppleante, ferme = UtilisateurFactory(), UtilisateurFactory(), UtilisateurFactory(is_active=False)
    mandater(instance, titulaire, suppleant=suppleante)
    mandater(instance, ferme)
    mandater(instance, UtilisateurFactory(courriel=""))
    mandater(instance, UtilisateurFactory(), au=timezone.localdate() - timedelta(days=1))
    seance = SeanceFactory(comite=instance)
    with django_capture_on_commit_callbacks(execute=True):
        ecrite = modifier_seance(seance=seance, par=cheffe, debut=_dans(9))
    assert (ecrite.deplacee, ecrite.prevenus, ecrite.seance.sequence) == (True, 2, 1)
    assert {m.to[0] for m in mail.outbox} == {titulaire.courriel, suppleante.courriel}
    assert f"/seances/{seance.pk}/" in mail.outbox[0].body
    with django_capture_on_commit_callbacks(execute=True):
        ecrite = modifier_seance(seance=seance, par=cheffe, lieu="Salle du bas")
    assert not ecrite.deplacee and ecrite.seance.sequence == 1 and len(mail.outbox) == 2


def test_annulee_elle_le_dit_a_ses_membres(
    instance: Instance, cheffe: Any, django_capture_on_commit_callbacks: Any
) -> None:
    membre = mandater(instance).utilisateur
    with django_capture_on_commit_callbacks(execute=True):
        changer_etat(SeanceFactory(comite=instance), "annuler", par=cheffe, motif="Grève des transports")
        changer_etat(SeanceFactory(comite=instance, debut=_dans(-2)), "annuler", par=cheffe, motif="Jamais tenue")
    assert [m.to for m in mail.outbox] == [[membre.courriel]] and "Grève" not in mail.outbox[0].body


def test_deux_corrections_ne_s_ecrasent_pas(instance: Instance, cheffe: Any) -> None:
    seance = SeanceFactory(comite=instance)
    vu = Seance.history.filter(id=seance.pk).latest().history_id
    modifier_seance(seance=seance, par=cheffe, vu=vu, lieu="Salle du bas")
    with pytest.raises(Refus) as refus:
        modifier_seance(seance=seance, par=cheffe, vu=vu, lieu="Salle du haut")
    assert refus.value.code == "concurrence" and Seance.objects.get().lieu == "Salle du bas"
    modifier_seance(seance=seance, par=cheffe, vu=vu, invites="L'éditeur")


def test_ouverte_elle_ne_se_deplace_plus(instance: Instance, cheffe: Any) -> None:
    with pytest.raises(Refus, match=PLUS_PREPAREE):
        modifier_seance(seance=seance_ouverte(instance), par=cheffe, debut=_dans(9))


@pytest.mark.parametrize(("valeurs", "champ"), [({"duree": 2}, "__all__"), ({"lieu": "x" * 161}, "lieu")])
def test_une_saisie_fautive_est_refusee(instance: Instance, cheffe: Any, valeurs: Any, champ: str) -> None:
    with pytest.raises(Refus) as refus:
        creer_seances(instance=instance, par=cheffe, debut=_dans(7), **valeurs)
    assert champ in refus.value.champs and not Seance.objects.exists()


# --- reporter ------------------------------------------------------------------------------------------------------


def _titres(seance: Seance) -> list[str]:
    return [p.titre for p in seance.points.all()]


def test_clore_reporte_ce_qui_reste_a_traiter_une_seule_fois(instance: Instance, cheffe: Any) -> None:
    ouverte, suivante = seance_ouverte(instance), SeanceFactory(comite=instance)
    traite = PointFactory(seance=ouverte, titre="Traité", rang=1)
    PointFactory(seance=ouverte, titre="Premier reste", rang=2, cle="parcours:1", origine="attente")
    PointFactory(seance=ouverte, titre="Second reste", rang=3)
    ajouter_point(seance=suivante, titre="Déjà là", par=cheffe)
    noter_point(point=traite, par=cheffe, suite="traite")
    changer_etat(ouverte, "clore", par=cheffe)
    assert _titres(suivante) == ["Premier reste", "Second reste", "Déjà là"]
    assert [p.rang for p in suivante.points.all()] == [1, 2, 3]
    repris = suivante.points.first()
    assert (repris.reporte_de.titre, repris.cle, repris.suite) == ("Premier reste", "parcours:1", "a_traiter")
    assert Point.objects.get(seance=ouverte, titre="Premier reste").suite == SuitePoint.REPORTE
    changer_etat(ouverte, "rouvrir", par=cheffe, motif="Oublié un point")
    changer_etat(ouverte, "clore", par=cheffe)
    assert _titres(suivante) == ["Premier reste", "Second reste", "Déjà là"]
    # Encore ouvert à la suivante, il continue, une fois par séance.
    changer_etat(suivante, "ouvrir", par=cheffe)
    apres = SeanceFactory(comite=instance, debut=_dans(40))
    changer_etat(suivante, "clore", par=cheffe)
    assert _titres(apres) == ["Premier reste", "Second reste", "Déjà là"]


def test_sans_seance_suivante_la_prochaine_prevue_reprend(instance: Instance, cheffe: Any) -> None:
    ouverte = seance_ouverte(instance)
    PointFactory(seance=ouverte, titre="En suspens")
    changer_etat(ouverte, "clore", par=cheffe)
    premiere, seconde = creer_seances(instance=instance, par=cheffe, debut=_dans(7), nombre=2)
    assert _titres(premiere) == ["En suspens"] and not _titres(seconde)
    assert not _titres(creer_seances(instance=instance, par=cheffe, debut=_dans(8))[0])


def test_annulee_ses_points_vont_a_la_suivante(instance: Instance, cheffe: Any) -> None:
    annulee, suivante = SeanceFactory(comite=instance), SeanceFactory(comite=instance, debut=_dans(30))
    ailleurs = SeanceFactory(comite=InstanceFactory(grappe=instance.grappe), debut=_dans(30))
    PointFactory(seance=annulee, titre="Reporté")
    changer_etat(annulee, "annuler", par=cheffe, motif="Grève")
    assert _titres(suivante) == ["Reporté"] and not _titres(ailleurs)


def test_deja_propose_a_la_suivante_le_point_n_y_est_pas_deux_fois(instance: Instance, cheffe: Any) -> None:
    ouverte, suivante = seance_ouverte(instance), SeanceFactory(comite=instance)
    reste = PointFactory(seance=ouverte, titre="IME en attente", cle="parcours:1")
    PointFactory(seance=suivante, titre="IME en attente", cle="parcours:1")
    changer_etat(ouverte, "clore", par=cheffe)
    assert suivante.points.get().reporte_de == reste


def test_traite_apres_coup_la_reprise_s_efface(instance: Instance, cheffe: Any) -> None:
    ouverte, suivante = seance_ouverte(instance), SeanceFactory(comite=instance)
    point = PointFactory(seance=ouverte)
    changer_etat(ouverte, "clore", par=cheffe)
    reprise = suivante.points.get()
    signes = Point.history.filter(id=reprise.pk)
    assert signes.latest().history_user == cheffe
    noter_point(point=point, par=cheffe, suite="traite", notes="On en avait parlé.")
    assert suivante.points.count() == 0
    effacee = signes.latest()
    assert (effacee.history_type, effacee.history_user) == ("-", cheffe), "qui l'a effacée se retrouve"
    noter_point(point=point, par=cheffe, suite="a_traiter")
    assert suivante.points.count() == 1 and Point.objects.get(pk=point.pk).suite == "reporte"
