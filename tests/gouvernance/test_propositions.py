"""Ce qui demande à passer en séance : ce que chaque app propose, à quelle instance, au même prix pour tous."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gouvernance.enums import ARBITRENT, SUIVENT, SuitePoint, TypeInstance
from gouvernance.models import Instance, Point, Seance
from gouvernance.services.propositions import inscrire, propositions_de
from programme.models import Etape, Parcours, Proposition, Vague
from programme.socle.porte import changer_etat
from programme.socle.propositions import sortes
from risques.services.registre import REGLE_D_ALERTE
from tests.aides import connecte
from tests.fabriques import (
    ActionFactory,
    ConventionFactory,
    JalonFactory,
    MomentFactory,
    ParcoursFactory,
    cheffe_de,
    directrice_de,
)
from tests.gouvernance.fabriques import (
    AlerteFactory,
    DecisionFactory,
    InstanceFactory,
    PointFactory,
    SeanceFactory,
    seance_close,
)
from tests.gouvernance.propositions import adresse, cles
from tests.risques.fabriques import RisqueFactory

pytestmark = pytest.mark.django_db
AU = timezone.localdate()


@pytest.fixture
def comop() -> Instance:
    return InstanceFactory(nom="COMOP", quorum=0)


@pytest.fixture
def seance(comop: Instance) -> Seance:
    return SeanceFactory(comite=comop)


@pytest.fixture
def cheffe(comop: Instance) -> Any:
    return cheffe_de(comop.grappe)


def en_cadrage(comop: Instance, **champs: Any) -> Parcours:
    """Un ESMS que l'état de sa grappe et l'absence de vague retiennent au cadrage."""
    parcours = ParcoursFactory(grappe=comop.grappe, **champs)
    # Écriture brute : on éprouve ce qui se lit, l'histoire du passage n'y change rien.
    QuerySet(Parcours).filter(pk=parcours.pk).update(etat="cadrage", depuis_le=AU - timedelta(days=10))
    return Parcours.objects.get(pk=parcours.pk)


def demande(parcours: Parcours) -> Any:
    """Une vague demandée par la direction de cet ESMS."""
    moment = MomentFactory(parcours=parcours)
    changer_etat(moment, "demander", par=directrice_de(parcours))
    return moment


# --- ce que propose le programme -----------------------------------------------------------------------------------


def test_ce_qui_retient_les_memes_esms_tient_en_un_point(comop: Instance, seance: Seance, cheffe: Any) -> None:
    un = en_cadrage(comop)
    seul = cles(seance, cheffe)["attente:modele_commun"].proposition
    barrent = "modèle commun de la grappe bâti et vague de déploiement choisie"
    assert (seul.titre, seul.source) == (f"{un} en attente de : {barrent}", un)
    autre = en_cadrage(comop)
    lue = cles(seance, cheffe)["attente:modele_commun"]
    assert lue.proposition.titre == f"2 ESMS en attente de : {barrent}" and un.esms.nom in lue.proposition.expose
    assert not lue.presse, "personne n'est en retard sur sa date"
    Etape.objects.create(parcours=autre, etat="preparation", reference=AU - timedelta(days=2))
    Parcours.objects.filter(pk=autre.pk).rafraichir_prochaine()
    assert cles(seance, cheffe)["attente:modele_commun"].presse
    Parcours.objects.filter(pk=un.pk).update(vague=Vague.objects.create(grappe=comop.grappe, numero=1))
    lues = cles(seance, cheffe)
    assert lues["attente:modele_commun"].proposition.titre == "2 ESMS en attente de : modèle commun de la grappe bâti"
    assert lues["attente:vague"].proposition.titre == f"{autre} en attente de : vague de déploiement choisie"


def test_ce_qu_aucune_decision_ne_leve_se_dit_a_part(comop: Instance, seance: Seance, cheffe: Any) -> None:
    en_cadrage(comop)
    dites = [c.proposition for cle, c in cles(seance, cheffe).items() if cle.startswith("attente:")]
    assert [("consultation du CSE" in p.titre, "Aucune décision n'y peut rien" in p.expose) for p in dites] in (
        [(True, True), (False, False)],
        [(False, False), (True, True)],
    )


def test_les_feux_verts_se_groupent_par_passage(comop: Instance, seance: Seance, cheffe: Any) -> None:
    for jours in (5, 90):
        p = ParcoursFactory(grappe=comop.grappe)
        Proposition.objects.create(
            parcours=p, transition="engager", proposee_par=cheffe, date_visee=AU + timedelta(days=jours)
        )
    lue = cles(seance, cheffe)["feu-vert:engager"]
    assert lue.proposition.titre == "Feu vert pour le cadrage : 2 ESMS" and lue.presse
    Proposition.objects.filter(date_visee__lt=AU + timedelta(days=30)).delete()
    lue = cles(seance, cheffe)["feu-vert:engager"]
    assert lue.proposition.titre == f"Feu vert pour le cadrage : {p}" and not lue.presse


def test_les_passages_sous_reserve_depuis_la_derniere_seance(comop: Instance, seance: Seance, cheffe: Any) -> None:
    parcours = ParcoursFactory(grappe=comop.grappe)
    changer_etat(
        parcours, "engager", par=directrice_de(parcours), motif="L'équipe est prête", date_effet=AU - timedelta(days=9)
    )
    lue = cles(seance, cheffe)["reserves"]
    assert lue.proposition.titre == "1 passage franchi sous réserve" and "L'équipe est prête" in lue.proposition.expose
    seance_close(comop, debut=timezone.now() - timedelta(days=5))
    assert "reserves" not in cles(seance, cheffe), "la séance d'il y a cinq jours l'a déjà vu"


def test_un_desaccord_porte_se_tranche_au_comop_et_la_seulement(comop: Instance, seance: Seance, cheffe: Any) -> None:
    moment = demande(ParcoursFactory(grappe=comop.grappe))
    assert f"moment:{moment.pk}" not in cles(seance, cheffe)
    changer_etat(moment, "porter", par=cheffe, motif="Deux vagues pleines")
    lue = cles(seance, cheffe)[f"moment:{moment.pk}"]
    assert lue.proposition.nature == "decision" and lue.presse and "Deux vagues pleines" in lue.proposition.expose
    assert str(moment.demandee) in lue.proposition.expose and lue.proposition.source == moment
    costrat = SeanceFactory(comite=InstanceFactory(grappe=comop.grappe, type=TypeInstance.COSTRAT))
    assert f"moment:{moment.pk}" not in cles(costrat, cheffe)


def test_actions_en_retard_et_jalons_proches(comop: Instance, seance: Seance, cheffe: Any) -> None:
    ActionFactory(grappe=comop.grappe, libelle="Tirer le câble", echeance=AU - timedelta(days=1))
    ActionFactory(grappe=comop.grappe, echeance=AU)
    ActionFactory(echeance=AU - timedelta(days=1))
    convention = ConventionFactory(grappe=comop.grappe)
    presse, proche, loin = (
        JalonFactory(convention=convention, echeance=AU + timedelta(days=jours)) for jours in (30, 60, 61)
    )
    lues = cles(seance, cheffe)
    assert lues["actions-en-retard"].proposition.titre == "1 action en retard"
    assert "« Tirer le câble » (toute la grappe" in lues["actions-en-retard"].proposition.expose
    assert lues[f"jalon:{presse.pk}"].presse and not lues[f"jalon:{proche.pk}"].presse
    assert f"jalon:{loin.pk}" not in lues
    costrat = SeanceFactory(comite=InstanceFactory(grappe=comop.grappe, type=TypeInstance.COSTRAT))
    assert set(cles(costrat, cheffe)) == {f"jalon:{presse.pk}", f"jalon:{proche.pk}"}


# --- risques, alertes, décisions, comité utilisateurs --------------------------------------------------------------


def test_l_inacceptable_se_propose_une_fois_par_l_alerte_ou_par_le_risque(
    comop: Instance, seance: Seance, cheffe: Any
) -> None:
    grave = RisqueFactory(grappe=comop.grappe, probabilite=4, impact=4)
    RisqueFactory(grappe=comop.grappe, probabilite=2, impact=4, libelle="Réseau lent")
    RisqueFactory(grappe=comop.grappe, probabilite=1, impact=1)
    lues = cles(seance, cheffe)
    assert list(lues) == [f"risque:{grave.pk}", "risques-critiques"], "ce qui se décide d'abord"
    assert lues[f"risque:{grave.pk}"].presse and lues[f"risque:{grave.pk}"].proposition.nature == "decision"
    assert lues["risques-critiques"].proposition.titre == "1 risque critique" and not lues["risques-critiques"].presse
    alerte = AlerteFactory(grappe=comop.grappe, regle=REGLE_D_ALERTE, cle=str(grave.pk), origine="regle")
    lues = cles(seance, cheffe)
    assert f"alerte:{alerte.pk}" in lues and f"risque:{grave.pk}" not in lues


def test_le_comop_voit_les_alertes_le_costrat_celles_qu_on_lui_porte(
    comop: Instance, seance: Seance, cheffe: Any
) -> None:
    suivie, portee = AlerteFactory(grappe=comop.grappe), AlerteFactory(grappe=comop.grappe)
    AlerteFactory()
    changer_etat(portee, "porter", par=cheffe, motif="Le COMOP n'a pas pu répondre")
    costrat = SeanceFactory(comite=InstanceFactory(grappe=comop.grappe, type=TypeInstance.COSTRAT))
    comite = SeanceFactory(comite=InstanceFactory(grappe=comop.grappe, type=TypeInstance.UTILISATEURS))
    assert [set(cles(s, cheffe)) for s in (seance, costrat, comite)] == [
        {f"alerte:{suivie.pk}"},
        {f"alerte:{portee.pk}"},
        set(),
    ]


def test_les_alertes_d_une_meme_regle_tiennent_en_un_point(comop: Instance, seance: Seance, cheffe: Any) -> None:
    for cle in "abc":
        AlerteFactory(grappe=comop.grappe, regle="esms_en_attente", cle=cle, origine="regle")
    AlerteFactory.create_batch(4, grappe=comop.grappe)
    assert len(cles(seance, cheffe)) == 7, "celles que des gens ont données ne se regroupent jamais"
    AlerteFactory(grappe=comop.grappe, regle="esms_en_attente", cle="d", origine="regle")
    lues = cles(seance, cheffe)
    assert len(lues) == 5 and lues["alertes:esms_en_attente"].proposition.titre.startswith("4 alertes : ")


def test_le_comite_utilisateurs_attend_sa_reponse_jusqu_a_ce_qu_on_la_donne(
    comop: Instance, seance: Seance, cheffe: Any
) -> None:
    comite = InstanceFactory(grappe=comop.grappe, type=TypeInstance.UTILISATEURS, nom="Comité utilisateurs")
    passee = SeanceFactory(comite=comop, debut=timezone.now() - timedelta(days=30))
    point = PointFactory(seance=passee, titre="Le mot de passe expire la nuit", demandee_par=comite)
    PointFactory(seance=passee, titre="Un point du COMOP")
    assert f"point:{point.pk}" not in cles(seance, cheffe), "sa séance n'est pas encore tenue"
    for transition in ("ouvrir", "clore"):
        changer_etat(passee, transition, par=cheffe)
    Point.objects.filter(repris_par__isnull=False).update(suite=SuitePoint.TRAITE)
    Point.objects.exclude(pk=point.pk).filter(demandee_par=comite).delete()
    assert set(cles(seance, cheffe)) == {f"point:{point.pk}"}
    (inscrit,) = inscrire(seance=seance, cles=[f"point:{point.pk}"], par=cheffe)
    assert (inscrit.demandee_par, inscrit.reporte_de, inscrit.source) == (comite, point, None)
    assert not cles(seance, cheffe)
    inscrit.delete()
    Point.objects.filter(pk=point.pk).update(reponse="L'éditeur allonge le délai.")
    assert not cles(seance, cheffe)


def test_le_comite_utilisateurs_trouve_la_reponse_a_sa_seance_suivante(comop: Instance, cheffe: Any) -> None:
    comite = InstanceFactory(grappe=comop.grappe, type=TypeInstance.UTILISATEURS, nom="Comité utilisateurs", quorum=0)
    tenue = seance_close(comop, debut=timezone.now() - timedelta(days=10))
    point = PointFactory(seance=tenue, demandee_par=comite, reponse="L'éditeur allonge le délai.", suite="traite")
    PointFactory(seance=tenue, demandee_par=comite, suite="traite")
    suivante = SeanceFactory(comite=comite)
    lues = cles(suivante, cheffe)
    assert set(lues) == {f"reponse:{point.pk}"} and lues[f"reponse:{point.pk}"].proposition.expose == point.reponse
    seance_close(comite, debut=timezone.now() - timedelta(days=5))
    assert not cles(suivante, cheffe), "elle a déjà été dite"


def test_une_decision_a_prendre_ou_a_revoir_demande_a_passer(comop: Instance, seance: Seance, cheffe: Any) -> None:
    nue = DecisionFactory(comite=comop, seance=None)
    ici = DecisionFactory(comite=comop, seance=seance)
    DecisionFactory(comite=comop, seance=SeanceFactory(comite=comop, debut=timezone.now() + timedelta(days=40)))
    DecisionFactory(comite=InstanceFactory(grappe=comop.grappe, nom="Un autre COMOP"), seance=None)
    assert set(cles(seance, cheffe)) == {f"decision:{nue.pk}", f"decision:{ici.pk}"}
    revue = DecisionFactory(comite=comop, revue_le=AU)
    changer_etat(revue, "arbitrer", par=cheffe)
    cle = f"revue:{revue.pk}:{AU:%Y%m%d}"
    assert cles(seance, cheffe)[cle].proposition.titre == f"Revoir : {revue}"
    assert "Décision n° " in cles(seance, cheffe)[cle].proposition.expose


# --- le prix, le registre ------------------------------------------------------------------------------------------


def test_meme_nombre_de_requetes_pour_1_et_50(comop: Instance, seance: Seance, cheffe: Any) -> None:
    convention = ConventionFactory(grappe=comop.grappe)
    comite = InstanceFactory(grappe=comop.grappe, type=TypeInstance.UTILISATEURS)
    passee = seance_close(comop, debut=timezone.now() - timedelta(days=20))

    def semer(nombre: int, jour: date = AU) -> None:
        for _ in range(nombre):
            parcours = en_cadrage(comop)
            Proposition.objects.create(
                parcours=ParcoursFactory(grappe=comop.grappe), transition="engager", proposee_par=cheffe
            )
            ActionFactory(parcours=parcours, echeance=jour - timedelta(days=1))
            JalonFactory(convention=convention, echeance=jour)
            RisqueFactory(parcours=parcours, probabilite=4, impact=4)
            RisqueFactory(parcours=parcours, probabilite=2, impact=4)
            AlerteFactory(grappe=comop.grappe, parcours=parcours)
            PointFactory(seance=passee, demandee_par=comite, suite=SuitePoint.TRAITE)
            DecisionFactory(comite=comop, seance=None)
            changer_etat(demande(parcours), "porter", par=cheffe, motif="x")

    semer(1)
    propositions_de(seance, par=cheffe)
    with CaptureQueriesContext(connection) as peu:
        propositions_de(seance, par=cheffe)
    semer(15)
    with CaptureQueriesContext(connection) as beaucoup:
        lues = propositions_de(seance, par=cheffe)
    assert len(beaucoup) == len(peu) and len(lues.choix) > 60
    with CaptureQueriesContext(connection) as page:
        assert connecte(cheffe).get(adresse(seance)).status_code == 200
    assert len(page) < len(peu) + 25


def test_les_sortes_sont_inscrites_et_les_types_connus() -> None:
    attendues = {"attente", "feu-vert", "reserves", "moments", "actions", "jalons", "risques-inacceptables"}
    attendues |= {
        "risques-critiques",
        "alertes",
        "comite-utilisateurs",
        "decisions-a-prendre",
        "decisions-a-revoir",
        "reponses",
    }
    assert attendues <= set(sortes.codes())
    rangs = [s.rang for s in sortes]
    assert len(set(rangs)) == len(rangs), "chaque sorte a sa place"
    assert {*SUIVENT, *ARBITRENT, TypeInstance.UTILISATEURS} == set(TypeInstance.values)
