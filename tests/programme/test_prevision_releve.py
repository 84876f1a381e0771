"""Le relevé des durées : ce que le journal et les étapes apprennent vraiment, et jamais moins de cinq ESMS."""

from datetime import date, datetime, time, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programme.calculs.prevision import Prevision
from programme.donnees_partagees import SEUIL
from programme.enums import FRISE_PARCOURS, Portee
from programme.models import DureesObservees, Etape, Grappe, Parcours
from programme.services.parcours import constater
from programme.services.prevision import (
    GRAPPE_ARRETEE,
    SORTI,
    SUSPENDU,
    prevoir_chacun,
    prevoir_grappe,
    prevoir_un,
    relever_durees,
)
from programme.socle.porte import changer_etat
from programme.socle.travaux import lancer
from tests.fabriques import GrappeFactory, ParcoursFactory, cheffe_de, directrice_de

pytestmark = pytest.mark.django_db

AU = timezone.localdate()


def il_y_a(jours: int) -> date:
    return AU - timedelta(days=jours)


def constate(grappe: Grappe, vers: str, **champs: Any) -> Parcours:
    """Un ESMS constaté à cet état ; les nombres sont des jours avant aujourd'hui, par état."""
    entrees = {e.value: il_y_a(champs.pop(e.value)) for e in FRISE_PARCOURS if e.value in champs}
    parcours = ParcoursFactory(grappe=grappe, **champs)
    constater(parcours=parcours, vers=vers, par=cheffe_de(grappe), etapes=entrees, motif="reprise")
    return parcours


def relevees(de: str, portee: str = Portee.NATIONAL, cle: str = "") -> list[list[int]] | None:
    """Les durées relevées pour la sortie de cet état, ou rien si elles ne se gardent pas."""
    relever_durees(au=AU)
    ligne = DureesObservees.objects.filter(de=de, portee=portee, cle=cle).first()
    return ligne.durees if ligne else None


def peupler(grappe: Grappe, nombre: int, **champs: Any) -> list[Parcours]:
    """Des ESMS passés de la préparation à l'ouverture en cent jours, et ouverts depuis vingt."""
    return [constate(grappe, "ouverture", preparation=120, ouverture=20, **champs) for _ in range(nombre)]


# --- ce qui se relève ----------------------------------------------------------------------------------------------


def test_les_durees_se_rangent_par_grappe_par_region_et_pour_le_pays() -> None:
    grappe, autre = GrappeFactory(), GrappeFactory()
    peupler(grappe, 5)
    peupler(autre, 1)
    assert relevees("preparation") == [[100, 6, 0]]
    assert relevees("preparation", Portee.REGION, "75") == [[100, 6, 0]]
    assert relevees("preparation", Portee.GRAPPE, str(grappe.pk)) == [[100, 5, 0]]


def test_rien_ne_se_garde_en_dessous_de_cinq_esms() -> None:
    grappe, autre = GrappeFactory(), GrappeFactory()
    peupler(grappe, SEUIL - 1)
    assert relevees("preparation") is None and not DureesObservees.objects.exists()
    peupler(autre, 1)
    assert relevees("preparation") == [[100, 5, 0]]
    assert set(DureesObservees.objects.values_list("portee", flat=True)) == {"national", "region"}


def test_un_esms_n_y_compte_qu_une_fois() -> None:
    grappe = GrappeFactory()
    premiers = peupler(grappe, SEUIL - 1)
    changer_etat(premiers[0], "sortir", par=cheffe_de(grappe), motif="Retrait")
    constate(GrappeFactory(), "ouverture", preparation=130, ouverture=30, esms=premiers[0].esms)
    assert relevees("preparation") is None, "quatre ESMS, fût-ce en cinq parcours, en désignent un"


def test_l_etape_en_cours_est_censuree_au_jour_du_releve() -> None:
    grappe = GrappeFactory()
    peupler(grappe, 5)
    constate(grappe, "preparation", preparation=64)
    assert relevees("preparation") == [[64, 0, 1], [100, 5, 0]]


@pytest.mark.parametrize("transition", ["suspendre", "sortir"])
def test_un_suspendu_ou_un_sorti_est_censure_le_jour_ou_il_s_arrete(transition: str) -> None:
    grappe = GrappeFactory()
    peupler(grappe, 5)
    parcours = constate(grappe, "preparation", preparation=64)
    changer_etat(parcours, transition, par=cheffe_de(grappe), motif="Travaux", date_effet=il_y_a(24))
    assert relevees("preparation") == [[40, 0, 1], [100, 5, 0]]


def test_une_situation_constatee_sans_date_ne_donne_pas_de_duree() -> None:
    grappe = GrappeFactory()
    peupler(grappe, 5)
    parcours = constate(grappe, "preparation")
    assert Etape.objects.get(parcours=parcours).reelle == AU
    assert relevees("preparation") == [[100, 5, 0]], "constatée aujourd'hui : personne ne sait depuis quand"


def test_un_esms_recense_l_est_depuis_son_entree_dans_la_grappe() -> None:
    grappe = GrappeFactory()
    for jours in (30, 30, 40, 50, 0):
        parcours = ParcoursFactory(grappe=grappe)
        # À midi : près de minuit, soixante jours plus tôt tombent un autre jour à l'heure d'été.
        entree = timezone.make_aware(datetime.combine(il_y_a(60), time(12)))
        Parcours.objects.filter(pk=parcours.pk).update(cree_le=entree)
        changer_etat(parcours, "engager", par=directrice_de(parcours), motif="x", date_effet=il_y_a(jours))
    assert relevees("recense") == [[10, 1, 0], [20, 1, 0], [30, 2, 0], [60, 1, 0]]


@pytest.mark.parametrize("jours", [0, 30])
def test_un_passage_inscrit_apres_coup_ne_donne_pas_de_duree_de_recense(jours: int) -> None:
    for _ in range(6):
        parcours = ParcoursFactory()
        changer_etat(parcours, "engager", par=directrice_de(parcours), motif="x", date_effet=il_y_a(jours))
    assert relevees("recense") is None, "engagés avant d'entrer dans Treille, ou le jour même"


def test_une_grappe_arretee_ne_compte_pas_ses_attentes() -> None:
    grappe, arretee = GrappeFactory(), GrappeFactory()
    peupler(grappe, 5)
    peupler(arretee, 1)
    constate(arretee, "preparation", preparation=500)
    changer_etat(arretee, "suspendre", par=cheffe_de(arretee), motif="Marché infructueux")
    assert relevees("preparation") == [[100, 6, 0]]


def test_refaire_le_releve_ne_change_rien() -> None:
    peupler(GrappeFactory(), 6)

    def tout() -> list[tuple[Any, ...]]:
        champs = ("portee", "cle", "de", "vers", "durees", "relevees_le")
        return sorted(DureesObservees.objects.values_list(*champs), key=str)

    sortie = StringIO()
    call_command("prevoir", stdout=sortie)
    premier = tout()
    assert sortie.getvalue() == "6 passages observés dans 6 ESMS du projet.\n" and premier
    travail = lancer("prevision", sur_place=True)
    assert tout() == premier and travail.resultat == {"passages": 6, "parcours": 6}


def test_le_releve_lit_en_un_nombre_constant_de_requetes() -> None:
    def compter() -> int:
        with CaptureQueriesContext(connection) as captees:
            relever_durees(au=AU)
        return len(captees)

    grappe = GrappeFactory()
    peupler(grappe, 5)
    compter()
    a_cinq = compter()
    peupler(grappe, 25)
    assert compter() == a_cinq


# --- ce qui s'en prévoit -------------------------------------------------------------------------------------------


@pytest.fixture
def grappe() -> Grappe:
    """Douze ESMS arrivés en routine en cent jours par étape, à quelques jours près."""
    grappe = GrappeFactory()
    for ecart in range(12):
        jours = {e.value: 10 + (6 - rang) * (100 + ecart) for rang, e in enumerate(FRISE_PARCOURS) if e != "pilote"}
        constate(grappe, "routine", **jours)
    relever_durees(au=AU)
    return grappe


def _prevoir(parcours: Parcours) -> Prevision:
    return prevoir_un(Parcours.objects.pour_lecture().get(pk=parcours.pk), AU)


def test_la_prevision_part_de_l_etat_du_moment_et_du_temps_passe(grappe: Grappe) -> None:
    service = constate(grappe, "service_regulier", service_regulier=60)
    prevision = _prevoir(service)
    assert prevision.une_sur_deux and 40 <= (prevision.une_sur_deux - AU).days <= 52
    assert prevision.n_observations == 12 and prevision.sources[0].etendue == Portee.GRAPPE
    ouvert = _prevoir(constate(grappe, "ouverture", ouverture=10))
    # Entre l'ouverture et le service régulier, le pilote qu'aucun ne traverse laisse deux fois cent jours.
    assert ouvert.une_sur_deux and 190 <= (ouvert.une_sur_deux - AU).days <= 215


def test_seul_ou_dans_sa_grappe_la_meme_prevision(grappe: Grappe) -> None:
    trois = [constate(grappe, "preparation", preparation=jours) for jours in (5, 40, 80)]
    ensemble = prevoir_chacun(Parcours.objects.filter(grappe=grappe).pour_lecture().order_by("-pk"), AU)
    for parcours in trois:
        assert ensemble[parcours.pk] == _prevoir(parcours) and ensemble[parcours.pk].une_sur_deux
    lue = prevoir_grappe(Parcours.objects.filter(pk__in=[p.pk for p in trois]).pour_lecture(), AU)
    assert lue and lue.lignes[-1].une_sur_deux
    assert lue.lignes[-1].une_sur_deux >= max(ensemble[p.pk].une_sur_deux or AU for p in trois)


def test_une_autre_region_lit_le_pays(grappe: Grappe) -> None:
    ailleurs = ParcoursFactory(esms__departement=None)
    constater(
        parcours=ailleurs,
        vers="service_regulier",
        par=cheffe_de(ailleurs.grappe),
        etapes={"service_regulier": il_y_a(30)},
        motif="x",
    )
    assert _prevoir(ailleurs).sources[0].etendue == Portee.NATIONAL


def test_qui_n_avance_pas_n_a_pas_de_prevision(grappe: Grappe) -> None:
    cheffe = cheffe_de(grappe)
    parcours = constate(grappe, "preparation", preparation=5)
    changer_etat(parcours, "suspendre", par=cheffe, motif="Travaux")
    assert _prevoir(parcours) == Prevision(motif=SUSPENDU)
    changer_etat(parcours, "reprendre", par=cheffe)
    assert _prevoir(parcours).une_sur_deux
    changer_etat(grappe, "suspendre", par=cheffe, motif="Marché infructueux")
    assert _prevoir(parcours) == Prevision(motif=GRAPPE_ARRETEE)
    changer_etat(parcours, "sortir", par=cheffe, motif="Retrait")
    assert _prevoir(parcours) == Prevision(motif=SORTI)


def test_la_prevision_d_une_grappe_dit_qui_elle_compte(grappe: Grappe) -> None:
    cheffe = cheffe_de(grappe)
    suspendu = constate(grappe, "preparation", preparation=5)
    changer_etat(suspendu, "suspendre", par=cheffe, motif="Travaux")
    constate(grappe, "preparation", preparation=5)
    pilotes = [constate(grappe, "preparation", preparation=5, est_pilote=True) for _ in range(2)]
    lue = prevoir_grappe(Parcours.objects.filter(grappe=grappe).pour_lecture(), AU)
    assert lue and (lue.nb_en_routine, lue.nb_suspendus) == (12, 1)
    assert lue.sans_date == [("Moins de 5 passages observés de « Préparation » à « Pilote ».", len(pilotes))]
    quatre_cinquiemes, dernier = lue.lignes
    assert (quatre_cinquiemes.nombre, dernier.nombre) == (12, 15)
    assert quatre_cinquiemes.une_sur_deux == AU and dernier.une_sur_deux is None


def test_prevoir_un_ensemble_ne_demande_pas_plus_de_requetes(grappe: Grappe) -> None:
    def compter() -> int:
        with CaptureQueriesContext(connection) as captees:
            prevoir_chacun(Parcours.objects.pour_lecture(), AU)
        return len(captees)

    avant = compter()
    for _ in range(20):
        constate(grappe, "preparation", preparation=5)
    assert compter() == avant == 3
