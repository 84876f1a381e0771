"""Pointer d'un clic, par numéro, et ce qu'on en retient : un acquis par personne présente, aucun autre."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from formation.calculs.code_presence import LONGUEUR, SIGNES
from formation.calculs.validite import valable_jusqu_au
from formation.enums import Pointage
from formation.models import Acquis, SessionFormation
from formation.services import couverture
from formation.services.presences import pointer, pointer_par_numeros
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, cheffe_de, directrice_de
from tests.formation.fabriques import (
    InscriptionFactory,
    ModuleFormationFactory,
    PosteFactory,
    SessionFormationFactory,
    equipe,
)
from tests.formation.sessions.aides import lu, ouverte, tenir, tenue

pytestmark = pytest.mark.django_db
P = Pointage


@pytest.fixture
def session() -> SessionFormation:
    return tenue(capacite=3)


def _inscrire(session: SessionFormation, nombre: int, parcours: Any = None, **champs: Any) -> list[Any]:
    parcours = parcours or ParcoursFactory(grappe=session.grappe)
    return [InscriptionFactory(session=session, poste=p, **champs) for p in equipe(parcours, nombre)]


def _formees(session: SessionFormation) -> set[int]:
    return set(Acquis.objects.filter(module=session.module_id).values_list("professionnel", flat=True))


def test_present_on_est_forme_absent_on_ne_l_est_plus_et_refaire_ne_change_rien(session: SessionFormation) -> None:
    un, deux = _inscrire(session, 2)
    cheffe = cheffe_de(session.grappe)
    for _ in range(2):
        rendu = pointer(session=session, pointages={un.pk: P.PRESENT, deux.pk: P.ABSENT}, par=cheffe)
        assert (rendu.presentes, rendu.absentes, rendu.restent) == (1, 1, [])
        assert _formees(session) == {un.professionnel_id} and Acquis.objects.count() == 1
    acquis = Acquis.objects.get()
    assert acquis.obtenu_le == session.jour and acquis.inscription == un and acquis.valable_jusqu_au is None
    pointer(session=session, pointages={un.pk: P.ABSENT, deux.pk: P.PRESENT}, par=cheffe)
    assert _formees(session) == {deux.professionnel_id}
    pointer(session=session, pointages={deux.pk: P.NON_POINTE}, par=cheffe)
    assert not Acquis.objects.exists()


def test_l_acquis_passe_apres_les_mois_du_module() -> None:
    session = tenue(module=ModuleFormationFactory(validite_mois=12))
    [une] = _inscrire(session, 1)
    pointer(session=session, pointages={une.pk: P.PRESENT}, par=cheffe_de(session.grappe))
    assert Acquis.objects.get().valable_jusqu_au == valable_jusqu_au(session.jour, 12)


def test_en_poste_dans_deux_esms_un_seul_acquis_et_les_deux_couvertures(
    session: SessionFormation, monkeypatch: Any
) -> None:
    refaits: list[list[int]] = []
    monkeypatch.setattr(couverture, "rafraichir", lambda parcours=None, mois=None: refaits.append(list(parcours)))
    [une] = _inscrire(session, 1)
    autre = PosteFactory(parcours=ParcoursFactory(grappe=session.grappe), professionnel=une.professionnel)
    pointer(session=session, pointages={une.pk: P.PRESENT}, par=cheffe_de(session.grappe))
    assert Acquis.objects.count() == 1
    assert refaits == [sorted([une.poste.parcours_id, autre.parcours_id])]


def test_on_ne_pointe_que_dans_une_session_tenue() -> None:
    session = ouverte()
    [une] = _inscrire(session, 1)
    with pytest.raises(Refus, match="une fois la session tenue"):
        pointer(session=session, pointages={une.pk: P.PRESENT}, par=cheffe_de(session.grappe))


def test_revenir_ote_les_acquis_la_redire_tenue_les_rend(session: SessionFormation) -> None:
    [une] = _inscrire(session, 1)
    cheffe = cheffe_de(session.grappe)
    pointer(session=session, pointages={une.pk: P.PRESENT}, par=cheffe)
    changer_etat(session, "revenir", par=cheffe, motif="Dite tenue trop tôt")
    assert not Acquis.objects.exists()
    une.refresh_from_db()
    assert une.pointage == P.PRESENT, "ce qu'on a saisi n'est pas à refaire"
    changer_etat(session, "tenir", par=cheffe)
    assert _formees(session) == {une.professionnel_id}


def test_on_ne_dit_tenue_ni_avant_l_heure_ni_a_une_date_d_avant() -> None:
    session = ouverte()
    cheffe = cheffe_de(session.grappe)
    with pytest.raises(Refus) as refus:
        changer_etat(session, "tenir", par=cheffe)
    assert refus.value.code == "conditions" and "elle commence le" in refus.value.manques[0].mesure
    hier = SessionFormationFactory(debut=timezone.now() - timedelta(days=1))
    with pytest.raises(Refus) as refus:
        changer_etat(hier, "tenir", par=cheffe_de(hier.grappe), date_effet=hier.jour - timedelta(days=1))
    assert "n'a pas pu être tenue avant" in refus.value.champs["date_effet"][0]
    hier.refresh_from_db()
    assert hier.etat == "planifiee"


def test_evaluer_demande_que_la_feuille_soit_saisie(session: SessionFormation) -> None:
    [une] = _inscrire(session, 1)
    cheffe = cheffe_de(session.grappe)
    with pytest.raises(Refus) as refus:
        changer_etat(session, "evaluer", par=cheffe)
    assert refus.value.manques[0].mesure.replace("\xa0", " ") == "1 personne reste à pointer"
    pointer(session=session, pointages={une.pk: P.ABSENT}, par=cheffe)
    changer_etat(session, "evaluer", par=cheffe)


def test_ouvrir_tire_un_code_sans_ambiguite_et_le_garde() -> None:
    session = ouverte()
    code = session.code_presence
    assert len(code) == LONGUEUR and set(code) <= set(SIGNES) and not set("01OILZ25S8BAEU") & set(SIGNES)
    tenir(session)
    assert session.code_presence == code and tenue().code_presence


# --- par numéro ----------------------------------------------------------------------------------------------------


def test_par_numeros_avec_le_code_les_autres_se_disent(session: SessionFormation) -> None:
    trois, cheffe = _inscrire(session, 3), cheffe_de(session.grappe)
    un, deux, reste = (i.professionnel_id for i in trois)
    code = f" {session.code_presence[:3].lower()}-{session.code_presence[3:]} "
    rendu = pointer_par_numeros(session=session, numeros=f"n° {un}, {deux} {un}", code=code, par=cheffe)
    assert rendu.presentes == 2 and [i.professionnel_id for i in rendu.restent] == [reste]
    rendu = pointer_par_numeros(session=session, numeros=str(un), code=code, par=cheffe, autres_absents=True)
    assert (rendu.presentes, rendu.absentes) == (2, 1), "les présents déjà notés le restent"


@pytest.mark.parametrize(
    ("numeros", "code", "champ", "motif"),
    [
        ("{n}", "XXXXXX", "code", "pas le code de cette session"),
        ("{n} 999999", "", "numeros", "n° 999999 : pas à pointer ici"),
        ("{n} deux", "", "numeros", "« deux » n'est pas un numéro"),
        (" ,; ", "", "numeros", "Écrivez les numéros"),
    ],
)
def test_un_mauvais_code_ou_un_numero_inconnu_n_ecrit_rien(
    session: SessionFormation, numeros: str, code: str, champ: str, motif: str
) -> None:
    [une] = _inscrire(session, 1)
    with pytest.raises(Refus) as refus:
        pointer_par_numeros(
            session=session,
            numeros=numeros.format(n=une.professionnel_id),
            code=code or session.code_presence,
            par=cheffe_de(session.grappe),
        )
    assert motif in refus.value.champs[champ][0] and not Acquis.objects.exists()


def test_plus_de_presents_que_de_places_s_accepte_et_se_dit(session: SessionFormation) -> None:
    places, attente = _inscrire(session, 3), _inscrire(session, 1, statut="en_attente")
    rendu = pointer(
        session=session, pointages={i.pk: P.PRESENT for i in [*places, *attente]}, par=cheffe_de(session.grappe)
    )
    assert "4 personnes présentes pour 3 places" in rendu.avertissement.replace("\xa0", " ")
    attente[0].refresh_from_db()
    assert attente[0].statut == "inscrit" and Acquis.objects.count() == 4


# --- la page -------------------------------------------------------------------------------------------------------


def _page(session: SessionFormation) -> str:
    return reverse("formation:session-presences", args=[session.pk])


def test_la_page_est_cochee_d_avance_et_s_enregistre_d_un_coup(session: SessionFormation) -> None:
    parcours = ParcoursFactory(grappe=session.grappe)
    un, deux = _inscrire(session, 2, parcours)
    client = connecte(directrice_de(parcours))
    page = lu(client.get(_page(session)))
    assert page.count(" checked") == 2 and un.professionnel.nom in page
    donnees = {f"p_{un.pk}": "on", f"lu_{un.pk}": "non_pointe", f"lu_{deux.pk}": "non_pointe"}
    suite = client.post(_page(session), donnees, follow=True)
    assert "Présences enregistrées : 1 présent, 1 absent." in lu(suite) and _formees(session) == {un.professionnel_id}
    client.post(_page(session), {f"lu_{un.pk}": "present", f"lu_{deux.pk}": "absent", "tous": "1"})
    assert Acquis.objects.count() == 2


def test_ce_qu_un_autre_a_pointe_depuis_n_est_pas_ecrase(session: SessionFormation) -> None:
    parcours = ParcoursFactory(grappe=session.grappe)
    un, deux = _inscrire(session, 2, parcours)
    cheffe = cheffe_de(session.grappe)
    pointer(session=session, pointages={un.pk: P.PRESENT, deux.pk: P.PRESENT}, par=cheffe)
    client = connecte(directrice_de(parcours))
    client.get(_page(session))
    pointer(session=session, pointages={un.pk: P.ABSENT}, par=cheffe)
    # La page montrait deux présents ; on n'y change que le second.
    client.post(_page(session), {f"p_{un.pk}": "on", f"lu_{un.pk}": "present", f"lu_{deux.pk}": "present"})
    assert list(session.inscriptions.order_by("pk").values_list("pointage", flat=True)) == ["absent", "absent"]


def test_l_organisatrice_pointe_par_numero_sans_nom_chacun_les_siens(session: SessionFormation) -> None:
    [une], [autre] = _inscrire(session, 1), _inscrire(session, 1)
    page = lu(connecte(cheffe_de(session.grappe)).get(_page(session)))
    for i in (une, autre):
        assert i.professionnel.numero in page and i.professionnel.nom not in page
        assert i.professionnel.matricule not in page
    client = connecte(directrice_de(une.poste.parcours))
    sienne = lu(client.get(_page(session)))
    assert une.professionnel.nom in sienne and autre.professionnel.numero not in sienne
    with pytest.raises(Refus, match="n'est plus à pointer ici"):
        pointer(session=session, pointages={autre.pk: P.PRESENT}, par=directrice_de(une.poste.parcours))
    donnees = {"numeros": str(autre.professionnel_id), "code": session.code_presence}
    refus = client.post(_page(session), donnees)
    assert refus.status_code == 422 and "pas à pointer ici" in lu(refus) and not Acquis.objects.exists()


def test_une_session_pas_tenue_renvoie_a_sa_page() -> None:
    session = ouverte()
    suite = connecte(cheffe_de(session.grappe)).get(_page(session), follow=True)
    assert "une fois la session tenue" in lu(suite)
