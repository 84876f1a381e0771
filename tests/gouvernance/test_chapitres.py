"""Les chapitres du dossier de séance : ce que chacun dit d'une grappe faite main, et ce qu'il tait."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from gouvernance.enums import TypeInstance
from gouvernance.models import Instance, Seance
from gouvernance.services.dossiers import lire
from gouvernance.services.lecture_seances import points_lus, seance_d_avant
from programme.enums import EtatParcours, Role
from programme.models import Grappe, Parcours
from programme.socle.chapitres import Demande, chapitres
from programme.socle.dates import date_courte
from programme.socle.porte import changer_etat
from tests.fabriques import (
    ActionFactory,
    ConventionFactory,
    JalonFactory,
    OuvertureFactory,
    ParcoursFactory,
    VagueFactory,
    affecter,
    cheffe_de,
    directrice_de,
)
from tests.gouvernance.fabriques import (
    AlerteFactory,
    DecisionFactory,
    InstanceFactory,
    PointFactory,
    SeanceFactory,
    levee_de,
    seance_close,
    seance_ouverte,
)
from tests.risques.fabriques import RisqueFactory, analyse_transmise

pytestmark = pytest.mark.django_db


@pytest.fixture
def au() -> date:
    return timezone.localdate()


@pytest.fixture
def comop() -> Instance:
    return InstanceFactory(quorum=0)


@pytest.fixture
def grappe(comop: Instance) -> Grappe:
    return comop.grappe


@pytest.fixture
def cheffe(grappe: Grappe) -> Any:
    return cheffe_de(grappe)


@pytest.fixture
def seance(comop: Instance) -> Seance:
    return SeanceFactory(comite=comop)


def _dossier(seance: Seance, par: Any) -> dict[str, list[dict[str, Any]]]:
    contenu = lire(seance, par=par, le=timezone.localtime())
    return {c["code"]: c["blocs"] for c in contenu["chapitres"]}


def _chiffres(blocs: list[dict[str, Any]]) -> dict[str, str]:
    return {nom: valeur for b in blocs if b["genre"] == "chiffres" for nom, valeur in b["valeurs"]}


def _tableau(blocs: list[dict[str, Any]], titre: str) -> list[list[str]]:
    return next(b["lignes"] for b in blocs if b["genre"] == "tableau" and b["titre"].startswith(titre))


def _mene_a(parcours: Parcours, etat: str) -> Parcours:
    changer_etat(parcours, "constater", par=directrice_de(parcours), vers=etat)
    return parcours


# --- le tronc --------------------------------------------------------------------------------------------------------


def test_l_avancement_compte_par_etat_et_par_vague(grappe: Grappe, seance: Seance, cheffe: Any) -> None:
    vague = VagueFactory(grappe=grappe, numero=1, capacite=1)
    for etat in (EtatParcours.CADRAGE, EtatParcours.OUVERTURE, EtatParcours.ROUTINE):
        _mene_a(ParcoursFactory(grappe=grappe, vague=vague), etat)
    recense = ParcoursFactory(grappe=grappe)
    sorti = ParcoursFactory(grappe=grappe)
    changer_etat(sorti, "sortir", par=cheffe, motif="fermeture", raison="fermeture")
    OuvertureFactory(unite__parcours=recense)
    OuvertureFactory(unite__parcours=sorti)
    blocs = _dossier(seance, cheffe)["avancement"]
    lus = _chiffres(blocs)
    assert lus["ESMS dans le projet"] == "4" and lus["En service régulier ou en routine"] == "1 sur 4"
    assert lus["Ouvertures faites (unités × modules)"] == "0 sur 1"
    etats = {ligne[0]: ligne[1] for ligne in _tableau(blocs, "ESMS par état")}
    assert etats == {"Recensé": "1", "Cadrage": "1", "Ouverture": "1", "Routine": "1"}
    vagues = _tableau(blocs, "ESMS par vague")
    assert vagues[0] == ["Vague 1", "—", "3", "2", "1, dépassée", "1"] and vagues[1][0] == "Sans vague"
    passages = _tableau(blocs, "Passages franchis depuis trente jours")
    assert len(passages) == 3 and {ligne[3] for ligne in passages} == {"constaté"}


def test_les_passages_et_les_faits_se_comptent_depuis_la_seance_d_avant(
    comop: Instance, grappe: Grappe, seance: Seance, cheffe: Any, au: date
) -> None:
    ancienne = seance_close(comop, debut=timezone.now() - timedelta(days=10))
    seance_close(comop, debut=timezone.now() - timedelta(days=40))
    SeanceFactory(comite=comop, debut=timezone.now() - timedelta(days=1))
    jour = timezone.localtime(ancienne.debut).date()
    assert seance_d_avant(seance) == jour, "la dernière tenue, pas la dernière prévue"
    p = ParcoursFactory(grappe=grappe)
    directrice = directrice_de(p)
    changer_etat(p, "engager", par=directrice, motif="suit", date_effet=au - timedelta(days=20))
    blocs = _dossier(seance, cheffe)["avancement"]
    assert _tableau(blocs, f"Passages franchis depuis le {date_courte(jour)}") == []
    faite = ActionFactory(grappe=grappe)
    changer_etat(faite, "terminer", par=cheffe, date_effet=au - timedelta(days=20))
    recente = ActionFactory(grappe=grappe)
    changer_etat(recente, "terminer", par=cheffe)
    assert _chiffres(_dossier(seance, cheffe)["actions"])[f"Faites depuis le {date_courte(jour)}"] == "1"


def test_le_glissement_dit_les_ecarts_du_calendrier(grappe: Grappe, seance: Seance, cheffe: Any, au: date) -> None:
    for retard in (10, 30):
        p = ParcoursFactory(grappe=grappe)
        _mene_a(p, EtatParcours.CADRAGE)
        p.etapes.filter(etat="cadrage").update(reference=au - timedelta(days=retard))
    attend = ParcoursFactory(grappe=grappe)
    attend.etapes.create(etat="cadrage", reference=au - timedelta(days=5))
    ParcoursFactory(grappe=grappe)
    blocs = _dossier(seance, cheffe)["glissement"]
    assert _chiffres(blocs) == {"Dates passées, pas atteintes": "1", "ESMS sans aucune date de référence": "1"}
    cadrage = _tableau(blocs, "Écart à la référence, par étape")[0]
    assert cadrage == ["Cadrage", "2", "+ 20\u00a0j", "+ 10\u00a0j à + 30\u00a0j", "2", "1"]
    assert [ligne[2] for ligne in _tableau(blocs, "Les plus en retard")] == ["+ 30\u00a0j", "+ 10\u00a0j"]


def test_sans_date_de_reference_le_glissement_le_dit(grappe: Grappe, seance: Seance, cheffe: Any) -> None:
    ParcoursFactory(grappe=grappe)
    assert "Aucune date de référence" in _dossier(seance, cheffe)["glissement"][0]["texte"]


def test_la_preparation_nomme_ce_qui_retient(grappe: Grappe, seance: Seance, cheffe: Any) -> None:
    bloque = _mene_a(ParcoursFactory(grappe=grappe), EtatParcours.CADRAGE)
    blocs = _dossier(seance, cheffe)["preparation"]
    lus = _chiffres(blocs)
    assert lus["Retenus par une condition qui barre ou légale"] == "1"
    assert lus["Prêts, en attente de leur direction"] == "0"
    (ligne,) = _tableau(blocs, "Ce qui bloque")
    assert ligne[0] == str(bloque) and ligne[2] == "Passer en préparation" and ligne[3]
    assert _tableau(blocs, "Ce qui manque le plus souvent")[0][2] == "1"
    assert _tableau(blocs, "Prêts pour le feu vert") == []


def test_une_condition_levee_ne_retient_plus_et_se_lit(comop: Instance, grappe: Grappe, cheffe: Any, au: date) -> None:
    p = _mene_a(ParcoursFactory(grappe=grappe), EtatParcours.CADRAGE)
    tenue = seance_ouverte(comop)
    decision = levee_de(comop, "vague", p, seance=tenue)
    suivante = SeanceFactory(comite=comop)
    avant = _dossier(suivante, cheffe)
    assert "Vague" in _tableau(avant["preparation"], "Ce qui bloque")[0][3]
    assert _tableau(avant["decisions"], "À prendre")[0][:3] == [str(decision.numero), decision.intitule, str(p)]
    changer_etat(decision, "arbitrer", par=cheffe)
    blocs = _dossier(suivante, cheffe)["decisions"]
    (levee,) = _tableau(blocs, "Conditions levées")
    assert levee[1:3] == [str(p), date_courte(au + timedelta(days=30))] and f"n° {decision.numero}" in levee[3]
    assert _tableau(blocs, "À prendre") == []
    assert _tableau(blocs, "Prises depuis")[0][4] == "Arbitrée"


def test_les_actions_en_retard_d_abord(grappe: Grappe, seance: Seance, cheffe: Any, au: date) -> None:
    ActionFactory(grappe=grappe, libelle="Tard", echeance=au - timedelta(days=1), responsable_nom="Le siège")
    ActionFactory(grappe=grappe, libelle="Bientôt", echeance=au + timedelta(days=30))
    ActionFactory(grappe=grappe, libelle="Loin", echeance=au + timedelta(days=31))
    ActionFactory(libelle="Ailleurs", echeance=au - timedelta(days=1))
    blocs = _dossier(seance, cheffe)["actions"]
    assert _chiffres(blocs)["Actions ouvertes"] == "3" and _chiffres(blocs)["En retard"] == "1"
    assert _tableau(blocs, "En retard") == [
        ["Tard", "toute la grappe", "Le siège", date_courte(au - timedelta(days=1))]
    ]
    assert [ligne[0] for ligne in _tableau(blocs, "À finir")] == ["Bientôt"]


def test_un_long_tableau_dit_ce_qu_il_tait(grappe: Grappe, seance: Seance, cheffe: Any, au: date) -> None:
    for _ in range(31):
        ActionFactory(grappe=grappe, echeance=au - timedelta(days=1))
    (titre,) = [b["titre"] for b in _dossier(seance, cheffe)["actions"] if b.get("titre", "").startswith("En retard")]
    assert titre == "En retard : les 30 premières lignes sur 31"


def test_les_jalons_de_la_convention(grappe: Grappe, seance: Seance, cheffe: Any, au: date) -> None:
    assert "jalons" not in _dossier(seance, cheffe)
    JalonFactory(convention=ConventionFactory(grappe=grappe), libelle="Démarrage", echeance=au - timedelta(days=1))
    blocs = _dossier(seance, cheffe)["jalons"]
    assert _tableau(blocs, "Jalons") == [
        ["Démarrage", date_courte(au - timedelta(days=1)), "40\u202f000\u00a0€", "À produire, en retard"]
    ]
    assert (
        _chiffres(blocs)["Aide"] == "100\u202f000\u00a0€"
        and _chiffres(blocs)["Reste à percevoir"] == "40\u202f000\u00a0€"
    )


# --- les risques -----------------------------------------------------------------------------------------------------


def test_les_risques_niveaux_et_age_des_analyses(grappe: Grappe, seance: Seance, cheffe: Any, au: date) -> None:
    p = ParcoursFactory(grappe=grappe)
    vieux, muet = ParcoursFactory(grappe=grappe), ParcoursFactory(grappe=grappe)
    analyse_transmise(p)
    ancienne = analyse_transmise(vieux)
    type(ancienne).objects.filter(pk=ancienne.pk).update(transmise_le=au - timedelta(days=200))
    RisqueFactory(parcours=p, probabilite=4, impact=4, libelle="Panne", revue_le=au - timedelta(days=1))
    RisqueFactory(grappe=grappe, probabilite=1, impact=1)
    blocs = _dossier(seance, cheffe)["risques"]
    lus = _chiffres(blocs)
    assert (lus["Risques ouverts"], lus["Inacceptables"], lus["Analyses transmises"]) == ("2", "1", "2 sur 3")
    assert lus["Date de revue passée"] == "1"
    niveaux = {ligne[0]: ligne[1] for ligne in _tableau(blocs, "Risques ouverts, par niveau")}
    assert niveaux == {"Inacceptable": "1", "Critique": "0", "Significatif": "0", "Acceptable": "1"}
    (grave,) = _tableau(blocs, "Inacceptables")
    assert grave[:3] == ["Panne", str(p), "16"] and grave[4].endswith(", passée")
    ages = _tableau(blocs, "Âge des analyses")
    assert [ligne[1:] for ligne in ages] == [["1", ""], ["1", str(vieux)], ["1", str(muet)]]


def test_un_risque_d_esms_ne_se_nomme_qu_au_comop_et_au_costrat(grappe: Grappe, seance: Seance, cheffe: Any) -> None:
    p, autre = ParcoursFactory(grappe=grappe), ParcoursFactory(grappe=grappe)
    for parcours in (p, autre):
        RisqueFactory(parcours=parcours, probabilite=4, impact=4, libelle="Panne du site")
    RisqueFactory(grappe=grappe, probabilite=4, impact=4, libelle="Éditeur unique")
    comite = InstanceFactory(grappe=grappe, type=TypeInstance.UTILISATEURS, nom="Comité utilisateurs")
    ici, ailleurs = (_dossier(s, cheffe)["risques"] for s in (seance, SeanceFactory(comite=comite)))
    assert {ligne[0] for ligne in _tableau(ici, "Inacceptables")} == {"Panne du site", "Éditeur unique"}
    assert [ligne[0] for ligne in _tableau(ailleurs, "Inacceptables")] == ["Éditeur unique"]
    assert _chiffres(ailleurs) == _chiffres(ici) and _chiffres(ici)["Inacceptables"] == "3"
    assert str(p) not in str(ailleurs) and str(p) in str(ici)
    assert _tableau(ici, "Ce qui revient")[0][::2] == ["Panne du site", "2"]


# --- ce que les membres d'une instance ne lisent pas -----------------------------------------------------------------


def test_le_dossier_d_une_instance_ne_dit_pas_ce_qui_s_instruit_ailleurs(
    comop: Instance, grappe: Grappe, seance: Seance, cheffe: Any
) -> None:
    costrat = InstanceFactory(grappe=grappe, type=TypeInstance.COSTRAT, nom="COSTRAT", quorum=0)
    DecisionFactory(comite=costrat, intitule="Arrêter la vague 3", numero=1)
    DecisionFactory(comite=comop, intitule="Former la nuit", numero=2)
    AlerteFactory(grappe=grappe, intitule="L'éditeur se tait")
    du_comop = _dossier(seance, cheffe)
    assert [ligne[1] for ligne in _tableau(du_comop["decisions"], "À prendre")] == ["Former la nuit"]
    assert _tableau(du_comop["alertes"], "Alertes ouvertes")[0][0] == "L'éditeur se tait"
    comite = InstanceFactory(grappe=grappe, type=TypeInstance.UTILISATEURS, nom="Comité utilisateurs")
    des_utilisateurs = _dossier(SeanceFactory(comite=comite), cheffe)
    assert "alertes" not in des_utilisateurs
    assert _tableau(des_utilisateurs["decisions"], "À prendre") == []


def test_une_alerte_en_retard_le_dit(comop: Instance, grappe: Grappe, seance: Seance, cheffe: Any, au: date) -> None:
    AlerteFactory(grappe=grappe, echeance=au - timedelta(days=1))
    AlerteFactory(grappe=grappe)
    AlerteFactory()
    blocs = _dossier(seance, cheffe)["alertes"]
    assert _chiffres(blocs) == {"Alertes ouvertes": "2", "Délai passé": "1", "Portées au COSTRAT": "0"}
    assert _tableau(blocs, "Alertes ouvertes")[0][3].endswith(", passé")


def test_sans_seance_un_chapitre_s_en_tient_a_ce_que_lit_le_lecteur(grappe: Grappe, cheffe: Any, au: date) -> None:
    p = ParcoursFactory(grappe=grappe)
    ParcoursFactory(grappe=grappe)
    RisqueFactory(parcours=p)
    ailleurs = affecter(Role.CHEF_PROJET, ParcoursFactory().grappe)
    directrice = directrice_de(p)
    for par, attendu in ((cheffe, "2"), (directrice, "1")):
        blocs = chapitres["avancement"].batir(Demande(grappe, par, au))
        assert blocs[0].valeurs[0] == ("ESMS dans le projet", attendu)
    assert chapitres["risques"].batir(Demande(grappe, ailleurs, au)) == []
    assert chapitres["actions"].batir(Demande(grappe, ailleurs, au)) == []


# --- l'ordre du jour -------------------------------------------------------------------------------------------------


def test_l_ordre_du_jour_ouvre_le_dossier(comop: Instance, seance: Seance, cheffe: Any) -> None:
    comite = InstanceFactory(grappe=comop.grappe, type=TypeInstance.UTILISATEURS, nom="Comité utilisateurs")
    PointFactory(seance=seance, titre="Second", rang=2, duree=20, demandee_par=comite, expose="La nuit attend.")
    premier = PointFactory(seance=seance, titre="Premier", rang=1, duree=10)
    PointFactory(seance=seance, titre="Ôté", rang=3, suite="retire")
    blocs = _dossier(seance, cheffe)["ordre_du_jour"]
    assert [ligne[1] for ligne in _tableau(blocs, "Points à traiter")] == [premier.titre, "Second"]
    assert _tableau(blocs, "Points à traiter")[1][4] == "demandé par Comité utilisateurs"
    assert _chiffres(blocs)["Durée des points"] == "30 sur 120 minutes"
    assert blocs[-1]["texte"] == "2. Second : La nuit attend."


def test_la_page_et_le_dossier_disent_la_meme_provenance(comop: Instance, seance: Seance, cheffe: Any) -> None:
    tenue = seance_close(comop, debut=seance.debut - timedelta(days=14))
    avant = PointFactory(seance=tenue, titre="Resté", suite="reporte")
    comite = InstanceFactory(grappe=comop.grappe, type=TypeInstance.UTILISATEURS, nom="Comité utilisateurs")
    PointFactory(seance=seance, rang=1, titre="Resté", reporte_de=avant)
    PointFactory(seance=seance, rang=2, titre="Porté", demandee_par=comite)
    PointFactory(seance=seance, rang=3, titre="Proposé", origine="attente", cle="attente:va")
    PointFactory(seance=seance, rang=4, titre="À la main")
    lus = [ligne[4] for ligne in _tableau(_dossier(seance, cheffe)["ordre_du_jour"], "Points")]
    le = date_courte(timezone.localdate(tenue.debut))
    dites = [f"reporté du {le}", "demandé par Comité utilisateurs", "ESMS en attente", "inscrit à la main"]
    assert lus == dites and [lu.provenance for lu in points_lus(seance)] == [*dites[:3], ""]
