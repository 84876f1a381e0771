"""Les travaux de fond : exécutés une fois, dits quand ils échouent, ramassés quand leur exécuteur meurt."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from programme.enums import Role
from programme.socle import travaux
from programme.socle.enums import EtatTravail
from programme.socle.finess.refus import FichierRefuse
from programme.socle.models import Travail
from programme.socle.travaux import Contexte, Genre, TravailRefuse, executer, lancer, planifier, ramasser, relancer
from tests.fabriques import UtilisateurFactory, affecter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sans_arret() -> Any:
    yield
    travaux.arret_demande.clear()


@pytest.fixture
def genre() -> Any:
    """Un genre d'essai : son exécution est celle qu'on lui donne."""
    conduites: dict[str, Any] = {"executer": lambda contexte: {"fait": True}}
    travaux.inscrire(Genre("essai", "Essai", lambda contexte: conduites["executer"](contexte)))
    yield conduites
    travaux.travaux._objets.pop("essai")


def _relu(travail: Travail) -> Travail:
    return Travail.objects.get(pk=travail.pk)


def test_un_travail_attend_puis_s_execute_une_seule_fois(genre: dict[str, Any]) -> None:
    appels = []
    genre["executer"] = lambda contexte: appels.append(1) or {"n": len(appels)}
    travail = lancer("essai")
    assert travail.etat == EtatTravail.EN_ATTENTE and travail.tache
    executer(travail.pk)
    executer(travail.pk)
    travail = _relu(travail)
    assert travail.etat == EtatTravail.TERMINE and travail.resultat == {"n": 1} and travail.fini_le


def test_sur_place_rend_le_travail_fini(genre: dict[str, Any]) -> None:
    assert lancer("essai", sur_place=True).resultat == {"fait": True}


@pytest.mark.parametrize("faute", [TravailRefuse("Une phrase."), FichierRefuse("Une phrase.")])
def test_un_refus_est_dit_en_une_phrase(genre: dict[str, Any], faute: Exception) -> None:
    def refuser(contexte: Contexte) -> dict[str, Any]:
        raise faute

    genre["executer"] = refuser
    travail = lancer("essai", sur_place=True)
    assert (travail.etat, travail.erreur) == (EtatTravail.ECHEC, "Une phrase.")


def test_une_panne_ne_montre_pas_ses_entrailles(genre: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    genre["executer"] = lambda contexte: 1 / 0
    travail = lancer("essai", sur_place=True)
    assert travail.etat == EtatTravail.ECHEC and "ZeroDivision" not in travail.erreur
    assert f"n° {travail.pk}" in travail.erreur


def test_l_avancement_s_ecrit_avec_mesure(genre: dict[str, Any], django_assert_max_num_queries: Any) -> None:
    travail = lancer("essai")
    contexte = Contexte(travail)
    with django_assert_max_num_queries(1):
        for fait in range(1000):
            contexte.avancer(fait, 1000, "en route")
    contexte.avancer(640, 1000, aussitot=True)
    travail = _relu(travail)
    assert (travail.fait, travail.total, travail.message, travail.taux) == (640, 1000, "en route", 0.64)


def test_un_arret_interrompt_proprement_et_se_relance(genre: dict[str, Any]) -> None:
    def arreter(contexte: Contexte) -> dict[str, Any]:
        travaux.arret_demande.set()
        contexte.avancer(1)
        raise AssertionError

    genre["executer"] = arreter
    travail = lancer("essai", sur_place=True)
    assert travail.etat == EtatTravail.INTERROMPU and "relancer" in travail.erreur
    travaux.arret_demande.clear()
    genre["executer"] = lambda contexte: {}
    relancer(travail)
    assert _relu(travail).etat == EtatTravail.EN_ATTENTE and not _relu(travail).erreur
    executer(travail.pk)
    assert _relu(travail).etat == EtatTravail.TERMINE


def test_on_ne_relance_pas_ce_qui_a_reussi(genre: dict[str, Any]) -> None:
    with pytest.raises(TravailRefuse):
        relancer(lancer("essai", sur_place=True))


def test_on_ne_relance_pas_sans_son_fichier(genre: dict[str, Any]) -> None:
    genre["executer"] = lambda contexte: 1 / 0
    travail = lancer("essai", fichier=ContentFile(b"abc", name="a.csv"), sur_place=True)
    travail.fichier.storage.delete(travail.fichier.name)
    with pytest.raises(TravailRefuse, match="déposez-le"):
        relancer(travail)


def test_le_ramasseur_ne_prend_que_les_silencieux(genre: dict[str, Any], settings: Any) -> None:
    settings.TREILLE_DELAI_BATTEMENT = 60
    maintenant = timezone.now()
    vivant, mort, attend = lancer("essai"), lancer("essai"), lancer("essai")
    for travail, age in ((vivant, 10), (mort, 120)):
        travail.etat, travail.battement = EtatTravail.EN_COURS, maintenant - timedelta(seconds=age)
        travail.save()
    assert ramasser(maintenant) == [mort]
    mort = _relu(mort)
    assert mort.etat == EtatTravail.INTERROMPU and "comme avant" in mort.erreur and mort.est_relancable
    assert _relu(vivant).etat == EtatTravail.EN_COURS and _relu(attend).etat == EtatTravail.EN_ATTENTE


def test_un_fichier_depose_perd_son_nom_et_garde_son_empreinte(genre: dict[str, Any]) -> None:
    travail = lancer("essai", fichier=ContentFile(b"abc", name="../etc/passwd.csv"))
    assert travail.nom_fichier and "passwd" not in travail.fichier.name and "/" not in travail.fichier.name
    assert travail.empreinte.startswith("ba7816bf")


def test_un_fichier_change_en_route_est_refuse(genre: dict[str, Any]) -> None:
    travail = lancer("essai", fichier=ContentFile(b"abc", name="a.csv"))
    Path(travail.fichier.path).write_bytes(b"autre")
    executer(travail.pk)
    assert _relu(travail).etat == EtatTravail.ECHEC and "a changé" in _relu(travail).erreur


def test_une_echeance_ne_part_qu_une_fois_par_creneau() -> None:
    # Un mardi et un mercredi : des échéances suivent le calendrier.
    maintenant = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    premiers = [t.genre for t in planifier(maintenant)]
    assert "menage" in premiers and planifier(maintenant) == []
    assert [t.genre for t in planifier(maintenant + timedelta(days=1))] == premiers


def test_le_menage_efface_les_vieux_travaux_et_leurs_fichiers(genre: dict[str, Any]) -> None:
    vieux = lancer("essai", fichier=ContentFile(b"abc", name="a.csv"), sur_place=True)
    recent = lancer("essai", fichier=ContentFile(b"def", name="b.csv"), sur_place=True)
    Travail.objects.filter(pk=vieux.pk).update(fini_le=timezone.now() - timedelta(days=91))
    assert lancer("menage", sur_place=True).resultat == {"effaces": 1}
    assert not Path(vieux.fichier.path).exists() and Path(recent.fichier.path).exists()
    assert not Travail.objects.filter(pk=vieux.pk).exists()


def test_chacun_voit_les_siens_l_administrateur_tous(genre: dict[str, Any]) -> None:
    auteur, autre, admin = UtilisateurFactory(), UtilisateurFactory(), affecter(Role.ADMIN)
    travail = lancer("essai", par=auteur)
    assert list(Travail.objects.visibles_par(auteur)) == [travail]
    assert not Travail.objects.visibles_par(autre) and list(Travail.objects.visibles_par(admin)) == [travail]
