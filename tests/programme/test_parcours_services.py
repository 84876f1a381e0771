"""Ce qu'on écrit sur un parcours : tout vérifié avant, droit dans le service, rien à moitié."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from programme.enums import FAITS_A_DATER, EtatParcours, NatureFait, Role
from programme.models import Etape, Fait, Grappe, Parcours, Proposition, Vague
from programme.services import ouvertures
from programme.services import parcours as services
from programme.socle import versions
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.fabriques import (
    GrappeFactory,
    ModuleFactory,
    OuvertureFactory,
    ParcoursFactory,
    UniteFactory,
    affecter,
    cheffe_de,
    directrice_de,
)

pytestmark = pytest.mark.django_db

SANS_DROIT = r"revient|se choisit"
NIR = "Voir le dossier 2 55 08 14 168 025 38 pour la suite."


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Any:
    return directrice_de(parcours)


@pytest.fixture
def cheffe(parcours: Parcours) -> Any:
    return cheffe_de(parcours.grappe)


def _jours(n: int) -> Any:
    return timezone.localdate() + timedelta(days=n)


# --- faits ---------------------------------------------------------------------------------------------------------


def test_un_fait_se_date_une_fois_pour_plusieurs_esms(directrice: Any, parcours: Parcours) -> None:
    autre = ParcoursFactory(grappe=parcours.grappe)
    affecter(Role.DIRECTEUR, autre.esms, utilisateur=directrice)
    faits = services.dater_fait(
        parcours=[parcours, autre], nature="cse", date=_jours(-3), par=directrice, reference="PV 12"
    )
    assert {f.parcours_id for f in faits} == {parcours.pk, autre.pk}
    assert Fait.objects.filter(nature="cse", reference="PV 12", saisi_par=directrice).count() == 2


def test_un_seul_esms_hors_perimetre_et_rien_n_est_ecrit(directrice: Any, parcours: Parcours) -> None:
    with pytest.raises(Refus, match=SANS_DROIT):
        services.dater_fait(parcours=[parcours, ParcoursFactory()], nature="cse", date=_jours(-3), par=directrice)
    assert not Fait.objects.exists()


@pytest.mark.parametrize(
    ("changes", "champ"),
    [
        ({"date": timezone.localdate() + timedelta(days=1)}, "date"),
        ({"date": timezone.localdate().replace(year=1226)}, "date"),
        ({"nature": "autre"}, "nature"),
        ({"parcours": []}, "parcours"),
        ({"note": NIR}, "note"),
        ({"reference": NIR}, "reference"),
        ({"reference": "x" * 121}, "reference"),
    ],
)
def test_un_fait_fautif_est_refuse_au_champ(
    directrice: Any, parcours: Parcours, changes: dict[str, Any], champ: str
) -> None:
    valeurs: dict[str, Any] = {"parcours": [parcours], "nature": "cse", "date": _jours(0), "par": directrice} | changes
    with pytest.raises(Refus) as refus:
        services.dater_fait(**valeurs)
    assert refus.value.code == "champ" and champ in refus.value.champs
    assert not Fait.objects.exists()


def test_le_second_a_dater_apprend_qui_l_a_fait(directrice: Any, parcours: Parcours) -> None:
    referent = affecter(Role.REFERENT, parcours.esms)
    services.dater_fait(parcours=[parcours], nature="aipd", date=_jours(-9), par=referent, version="")
    with pytest.raises(Refus) as refus:
        services.dater_fait(parcours=[parcours], nature="aipd", date=_jours(-2), par=directrice, version="")
    assert refus.value.code == "concurrence" and referent.nom in refus.value.motif
    assert Fait.objects.get().date == _jours(-9)


def test_toutes_les_natures_se_datent_sauf_ce_qui_s_ecrit_et_se_lit(directrice: Any, parcours: Parcours) -> None:
    for nature in FAITS_A_DATER:
        services.dater_fait(parcours=[parcours], nature=nature, date=_jours(0), par=directrice)
    assert Fait.objects.count() == len(NatureFait) - 2


# --- fiche ---------------------------------------------------------------------------------------------------------


def test_chaque_champ_de_la_fiche_a_son_droit(directrice: Any, cheffe: Any, parcours: Parcours) -> None:
    vague = Vague.objects.create(grappe=parcours.grappe, numero=1)
    assert services.modifier_fiche(parcours=parcours, valeurs={"vague": vague}, par=directrice) == ["vague"]
    for champ, valeur in (("est_pilote", True), ("type_projet", "usages")):
        with pytest.raises(Refus, match=SANS_DROIT):
            services.modifier_fiche(parcours=parcours, valeurs={champ: valeur}, par=directrice)
        assert services.modifier_fiche(parcours=parcours, valeurs={champ: valeur}, par=cheffe) == [champ]
    referent = affecter(Role.REFERENT, parcours.esms)
    services.modifier_fiche(parcours=parcours, valeurs={"premier_gain": "agenda", "vague": vague}, par=referent)
    with pytest.raises(Refus, match=SANS_DROIT):
        services.modifier_fiche(parcours=parcours, valeurs={"vague": None}, par=referent)


def test_une_vague_d_une_autre_grappe_est_refusee(cheffe: Any, parcours: Parcours) -> None:
    etrangere = Vague.objects.create(grappe=GrappeFactory(), numero=1)
    with pytest.raises(Refus) as refus:
        services.modifier_fiche(parcours=parcours, valeurs={"vague": etrangere}, par=cheffe)
    assert "vague" in refus.value.champs


def test_deux_personnes_sur_la_meme_fiche(directrice: Any, cheffe: Any, parcours: Parcours) -> None:
    vu = versions.jeton(parcours.history)
    services.modifier_fiche(parcours=parcours, valeurs={"premier_gain": "agenda"}, par=cheffe, vu=vu)
    services.modifier_fiche(parcours=parcours, valeurs={"referent_maintenu": True}, par=directrice, vu=vu)
    with pytest.raises(Refus) as refus:
        services.modifier_fiche(parcours=parcours, valeurs={"premier_gain": "transmissions"}, par=directrice, vu=vu)
    assert refus.value.code == "concurrence"
    assert cheffe.nom in refus.value.motif and "premier gain visible" in refus.value.motif
    parcours.refresh_from_db()
    assert parcours.premier_gain == "agenda"


# --- dates ---------------------------------------------------------------------------------------------------------


def test_reviser_puis_figer_une_fois(directrice: Any, cheffe: Any, parcours: Parcours) -> None:
    services.reviser_dates(parcours=parcours, dates={"cadrage": _jours(30), "preparation": _jours(90)}, par=directrice)
    with pytest.raises(Refus, match=SANS_DROIT):
        services.figer_reference(parcours=[parcours], par=directrice)
    assert len(services.figer_reference(grappe=parcours.grappe, par=cheffe)) == 2
    services.reviser_dates(parcours=parcours, dates={"cadrage": _jours(60)}, par=directrice)
    etape = Etape.objects.get(parcours=parcours, etat="cadrage")
    assert (etape.reference, etape.revisee, etape.prevue) == (_jours(30), _jours(60), _jours(60))
    with pytest.raises(Refus):
        services.figer_reference(parcours=[parcours], par=cheffe)


def test_les_dates_gardent_l_ordre_des_etapes_et_rien_n_est_ecrit_a_moitie(directrice: Any, parcours: Parcours) -> None:
    with pytest.raises(Refus) as refus:
        services.reviser_dates(
            parcours=parcours, dates={"cadrage": _jours(90), "preparation": _jours(30)}, par=directrice
        )
    assert set(refus.value.champs) == {"preparation"} and not Etape.objects.exists()


def test_une_etape_franchie_ne_se_revise_plus(directrice: Any, parcours: Parcours) -> None:
    changer_etat(parcours, "engager", par=directrice, motif="x")
    with pytest.raises(Refus) as refus:
        services.reviser_dates(parcours=parcours, dates={"cadrage": _jours(30)}, par=directrice)
    assert "franchie" in refus.value.champs["cadrage"][0]


def test_deux_personnes_revisent_la_meme_date(directrice: Any, cheffe: Any, parcours: Parcours) -> None:
    vu = versions.jeton(Etape.history.filter(parcours=parcours))
    services.reviser_dates(parcours=parcours, dates={"cadrage": _jours(30)}, par=cheffe, vu=vu)
    with pytest.raises(Refus) as refus:
        services.reviser_dates(parcours=parcours, dates={"cadrage": _jours(60)}, par=directrice, vu=vu)
    assert refus.value.code == "concurrence" and cheffe.nom in refus.value.motif


# --- propositions --------------------------------------------------------------------------------------------------


def test_le_chef_propose_le_directeur_decide(directrice: Any, cheffe: Any, parcours: Parcours) -> None:
    with pytest.raises(Refus, match=SANS_DROIT):
        services.proposer(parcours=parcours, transition="engager", par=directrice)
    proposition = services.proposer(parcours=parcours, transition="engager", par=cheffe, date_visee=_jours(10))
    with pytest.raises(Refus, match=SANS_DROIT):
        services.decider_proposition(proposition=proposition, par=cheffe, accord=True)
    passage = services.decider_proposition(proposition=proposition, par=directrice, accord=True, motif="on y va")
    assert passage and passage.vers == "cadrage"
    proposition.refresh_from_db()
    assert proposition.issue == "acceptee" and proposition.close_le
    with pytest.raises(Refus):
        services.decider_proposition(proposition=proposition, par=directrice, accord=False, motif="trop tard")


def test_reporter_demande_un_mot_et_peut_reviser_la_date(directrice: Any, cheffe: Any, parcours: Parcours) -> None:
    proposition = services.proposer(parcours=parcours, transition="engager", par=cheffe)
    with pytest.raises(Refus) as refus:
        services.decider_proposition(proposition=proposition, par=directrice, accord=False)
    assert "motif" in refus.value.champs
    services.decider_proposition(
        proposition=proposition, par=directrice, accord=False, motif="après l'été", date_visee=_jours(60)
    )
    proposition.refresh_from_db()
    parcours.refresh_from_db()
    assert (proposition.issue, proposition.reponse) == ("reportee", "après l'été")
    assert parcours.etat == EtatParcours.RECENSE
    assert Etape.objects.get(parcours=parcours, etat="cadrage").revisee == _jours(60)


def test_proposer_a_nouveau_remplace(cheffe: Any, parcours: Parcours) -> None:
    premiere = services.proposer(parcours=parcours, transition="engager", par=cheffe)
    services.proposer(parcours=parcours, transition="engager", par=cheffe, mot="cette fois")
    premiere.refresh_from_db()
    assert premiere.issue == "remplacee"
    assert Proposition.objects.en_attente().get().mot == "cette fois"


def test_on_ne_propose_pas_un_passage_impossible(cheffe: Any, parcours: Parcours) -> None:
    for transition in ("preparer", "suspendre", "constater"):
        with pytest.raises(Refus):
            services.proposer(parcours=parcours, transition=transition, par=cheffe)


def test_un_passage_decide_sans_proposition_clot_celles_qui_attendaient(
    directrice: Any, cheffe: Any, parcours: Parcours
) -> None:
    services.proposer(parcours=parcours, transition="engager", par=cheffe)
    changer_etat(parcours, "suspendre", par=cheffe, motif="travaux")
    assert Proposition.objects.get().issue == "caduque"


# --- constat, unités -----------------------------------------------------------------------------------------------


def test_un_constat_garde_les_dates_connues(cheffe: Any, parcours: Parcours) -> None:
    etapes = {"recense": _jours(-400), "cadrage": _jours(-300), "ouverture": _jours(-20)}
    passage = services.constater(parcours=parcours, vers="ouverture", etapes=etapes, par=cheffe, motif="reprise")
    assert (passage.nature, passage.date_effet, parcours.etat) == ("constat", _jours(-20), "ouverture")
    assert {e.etat: e.reelle for e in parcours.etapes.all()} == etapes


@pytest.mark.parametrize(
    ("vers", "etapes", "champ"),
    [
        ("ouverture", {"cadrage": -10, "preparation": -20}, "etape_preparation"),
        ("cadrage", {"ouverture": -20}, "etape_ouverture"),
        ("cadrage", {"cadrage": 5}, "etape_cadrage"),
        ("ailleurs", {}, "vers"),
        ("", {}, "vers"),
    ],
)
def test_un_constat_fautif_est_refuse_au_champ(
    cheffe: Any, parcours: Parcours, vers: str, etapes: dict[str, int], champ: str
) -> None:
    dates = {etat: _jours(n) for etat, n in etapes.items()}
    with pytest.raises(Refus) as refus:
        services.constater(parcours=parcours, vers=vers, etapes=dates, par=cheffe)
    assert champ in refus.value.champs
    parcours.refresh_from_db()
    assert parcours.etat == "recense" and not Etape.objects.exists()


def test_une_unite_s_ajoute_avec_ses_modules(directrice: Any, parcours: Parcours) -> None:
    module = ModuleFactory()
    unite = ouvertures.ajouter_unite(parcours=parcours, nom=" Internat ", par=directrice, modules=[module], a_nuit=True)
    assert (unite.nom, unite.ouvertures.get().module) == ("Internat", module)
    with pytest.raises(Refus) as refus:
        ouvertures.ajouter_unite(parcours=parcours, nom="internat", par=directrice)
    assert "nom" in refus.value.champs
    ouvertures.modifier_unite(unite=unite, valeurs={"nom": "Semi-internat"}, par=directrice, modules=[module])
    assert unite.ouvertures.count() == 1
    with pytest.raises(Refus, match=SANS_DROIT):
        ouvertures.modifier_unite(unite=UniteFactory(), valeurs={"nom": "x"}, par=directrice)


def test_l_ancien_support_ne_se_retire_qu_une_fois_ouvert(directrice: Any, parcours: Parcours) -> None:
    ouverture = OuvertureFactory(unite__parcours=parcours)
    with pytest.raises(Refus):
        ouvertures.modifier_ouverture(ouverture=ouverture, par=directrice, retire_le=_jours(0))
    changer_etat(parcours, "constater", par=directrice, vers="ouverture")
    changer_etat(ouverture, "constater", par=directrice, vers="ouverte")
    ouvertures.modifier_ouverture(ouverture=ouverture, par=directrice, retire_le=_jours(0), ancien_support="cahier")
    assert (ouverture.ancien_support, ouverture.retire_le) == ("cahier", _jours(0))
    assert Grappe.objects.count() == 1
