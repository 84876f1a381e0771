"""La porte : droit, départ, conditions, réserve, date d'effet ; et tout ce qui voudrait la contourner."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from programme.conditions import dater
from programme.enums import EtatParcours
from programme.models import Etape, Ouverture, Parcours
from programme.socle.erreurs import Refus
from programme.socle.machine import HorsPorte
from programme.socle.models import Passage
from programme.socle.porte import changer_etat
from programme.socle.texte import cle_nir
from tests.fabriques import (
    GrappeFactory,
    OuvertureFactory,
    ParcoursFactory,
    cheffe_de,
    directrice_de,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Any:
    return directrice_de(parcours)


def test_un_passage_ecrit_l_etat_le_journal_et_la_date(parcours: Parcours, directrice: Any) -> None:
    dater("annonce")(parcours, directrice)
    dater("prediagnostic")(parcours, directrice)
    passage = changer_etat(parcours, "engager", par=directrice)
    assert (parcours.etat, parcours.version) == (EtatParcours.CADRAGE, 1)
    assert (passage.de, passage.vers, passage.nature, passage.role) == ("recense", "cadrage", "decide", "Directeur")
    assert [c["ok"] for c in passage.constats] == [True, True, True]
    assert Etape.objects.get(parcours=parcours, etat="cadrage").reelle == timezone.localdate()


def test_une_condition_qui_avertit_demande_un_motif_puis_laisse_passer(parcours: Parcours, directrice: Any) -> None:
    with pytest.raises(Refus) as refus:
        changer_etat(parcours, "engager", par=directrice)
    assert refus.value.code == "champ" and "motif" in refus.value.champs
    passage = changer_etat(parcours, "engager", par=directrice, motif="annonce faite le mois prochain")
    assert passage.nature == "sous_reserve"
    assert {c["code"] for c in passage.constats if not c["ok"]} == {"annonce", "prediagnostic"}


def test_une_condition_qui_barre_refuse_et_dit_tout(parcours: Parcours, directrice: Any) -> None:
    changer_etat(parcours, "engager", par=directrice, motif="on y va")
    with pytest.raises(Refus) as refus:
        changer_etat(parcours, "preparer", par=directrice, motif="pressés")
    assert refus.value.code == "conditions"
    codes = {m.code: m.severite for m in refus.value.manques}
    assert codes["modele_commun"] == "barre" and codes["cse"] == "legale" and codes["concertation"] == "avertit"
    assert all(m.lien.startswith("/") for m in refus.value.manques)
    parcours.refresh_from_db()
    assert parcours.etat == EtatParcours.CADRAGE and Passage.objects.de(parcours).count() == 1


def test_le_mauvais_depart_est_dit_en_tete(parcours: Parcours, directrice: Any) -> None:
    with pytest.raises(Refus) as refus:
        changer_etat(parcours, "passer_en_routine", par=directrice)
    assert refus.value.code == "etat"
    assert refus.value.manques[0].code == "etat_de_depart" and len(refus.value.manques) > 1


def test_sans_droit_le_refus_dit_a_qui_revient_la_decision(parcours: Parcours) -> None:
    cheffe = cheffe_de(parcours.grappe)
    with pytest.raises(Refus) as refus:
        changer_etat(parcours, "engager", par=cheffe)
    assert refus.value.code == "droit" and "directeur" in refus.value.motif


def test_le_second_apprend_ce_qui_a_change_et_par_qui(parcours: Parcours, directrice: Any) -> None:
    changer_etat(parcours, "engager", par=directrice, motif="premier", version=0)
    with pytest.raises(Refus) as refus:
        changer_etat(parcours, "revenir", par=directrice, motif="second", version=0)
    assert refus.value.code == "concurrence" and directrice.nom in refus.value.motif


@pytest.mark.parametrize("ecart", [1, 30])
def test_la_date_d_effet_n_est_jamais_a_venir(parcours: Parcours, directrice: Any, ecart: int) -> None:
    with pytest.raises(Refus) as refus:
        changer_etat(
            parcours, "engager", par=directrice, motif="x", date_effet=timezone.localdate() + timedelta(days=ecart)
        )
    assert "date_effet" in refus.value.champs


def test_la_date_d_effet_ne_precede_pas_le_passage_d_avant(parcours: Parcours, directrice: Any) -> None:
    hier = timezone.localdate() - timedelta(days=1)
    changer_etat(parcours, "engager", par=directrice, motif="x", date_effet=hier)
    with pytest.raises(Refus) as refus:
        changer_etat(parcours, "revenir", par=directrice, motif="y", date_effet=hier - timedelta(days=1))
    assert "date_effet" in refus.value.champs


def test_la_date_d_effet_a_un_plancher(parcours: Parcours, directrice: Any) -> None:
    with pytest.raises(Refus) as refus:
        changer_etat(parcours, "engager", par=directrice, motif="x", date_effet=date(1, 1, 1))
    assert "2000" in refus.value.champs["date_effet"][0]


def test_suspendre_se_souvient_d_ou(parcours: Parcours, directrice: Any) -> None:
    cheffe = cheffe_de(parcours.grappe)
    changer_etat(parcours, "engager", par=directrice, motif="x")
    changer_etat(parcours, "suspendre", par=cheffe, motif="travaux")
    changer_etat(parcours, "sortir", par=cheffe, motif="fusion", raison="fusion")
    changer_etat(parcours, "reintegrer", par=cheffe, motif="erreur")
    assert parcours.etat == EtatParcours.SUSPENDU
    changer_etat(parcours, "reprendre", par=cheffe)
    assert parcours.etat == EtatParcours.CADRAGE


def test_reintegrer_est_refuse_si_un_autre_parcours_a_pris_la_place(parcours: Parcours) -> None:
    cheffe = cheffe_de(parcours.grappe)
    changer_etat(parcours, "sortir", par=cheffe, motif="transfert", raison="transfert")
    ParcoursFactory(esms=parcours.esms, grappe=parcours.grappe, solution=parcours.solution)
    with pytest.raises(Refus) as refus:
        changer_etat(parcours, "reintegrer", par=cheffe, motif="retour")
    assert refus.value.manques[0].code == "parcours_unique"


def test_un_nir_dans_le_motif_est_refuse_sans_rien_ecrire(parcours: Parcours, directrice: Any) -> None:
    with pytest.raises(Refus) as refus:
        changer_etat(parcours, "engager", par=directrice, motif=f"vu 2990175115001{cle_nir('2990175115001'):02d}")
    assert "retirez" in refus.value.champs["motif"][0] and not Passage.objects.exists()


def test_constat_initial_une_seule_fois_puis_comme_les_autres(parcours: Parcours, directrice: Any) -> None:
    il_y_a_un_an = timezone.localdate() - timedelta(days=365)
    passage = changer_etat(parcours, "constater", par=directrice, vers="ouverture", date_effet=il_y_a_un_an)
    assert passage.nature == "constat" and parcours.etat == "ouverture"
    assert Etape.objects.get(parcours=parcours, etat="ouverture").reelle == il_y_a_un_an
    changer_etat(parcours, "verifier_service", par=directrice, motif="x")
    changer_etat(parcours, "revenir", par=directrice, motif="trop tôt")
    assert parcours.etat == "ouverture"
    assert Etape.objects.get(parcours=parcours, etat="service_regulier").reelle is None


def test_une_ouverture_ne_se_constate_que_chez_un_esms_constate(parcours: Parcours) -> None:
    cheffe = cheffe_de(parcours.grappe)
    ouverture = OuvertureFactory(unite__parcours=parcours)
    with pytest.raises(Refus) as refus:
        changer_etat(ouverture, "constater", par=cheffe, vers="ouverte")
    assert refus.value.manques[0].code == "constat_initial"
    changer_etat(parcours, "constater", par=cheffe, vers="ouverture")
    ouverture = Ouverture.objects.get(pk=ouverture.pk)
    assert changer_etat(ouverture, "constater", par=cheffe, vers="ouverte").nature == "constat"


def test_un_objet_ne_nait_pas_ailleurs_qu_au_depart() -> None:
    modele = ParcoursFactory()
    with pytest.raises(HorsPorte):
        Parcours.objects.create(esms=modele.esms, grappe=GrappeFactory(), etat="routine")
    with pytest.raises(HorsPorte):
        Parcours.objects.bulk_create([Parcours(esms=modele.esms, grappe=GrappeFactory(), etat="routine")])


def test_l_etat_ne_s_ecrit_ni_par_lot_ni_a_la_main(parcours: Parcours) -> None:
    with pytest.raises(HorsPorte):
        Parcours.objects.filter(pk=parcours.pk).update(**{"etat": "routine"})
    with pytest.raises(HorsPorte):
        Parcours._base_manager.filter(pk=parcours.pk).update(**{"etat": "routine"})
    with pytest.raises(HorsPorte):
        Parcours.objects.bulk_update([parcours], ["etat"])
    with pytest.raises(AttributeError):
        parcours.etat = "routine"
    with pytest.raises(HorsPorte):
        parcours.engager()


def test_une_copie_perimee_n_ecrase_pas_l_etat(parcours: Parcours, directrice: Any) -> None:
    ancienne = Parcours.objects.get(pk=parcours.pk)
    changer_etat(parcours, "engager", par=directrice, motif="x")
    ancienne.premier_gain = "agenda"
    ancienne.save()
    parcours.refresh_from_db()
    assert (parcours.etat, parcours.premier_gain, parcours.version) == ("cadrage", "agenda", 1)


def test_refresh_ne_deprotege_pas_le_champ(parcours: Parcours) -> None:
    parcours.refresh_from_db()
    with pytest.raises(AttributeError):
        parcours.etat = "routine"


def test_full_clean_reste_possible(parcours: Parcours) -> None:
    parcours.full_clean()


def test_un_etat_inconnu_est_refuse_par_la_base(parcours: Parcours) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("UPDATE programme_parcours SET etat = 'ailleurs' WHERE id = %s", [parcours.pk])


def test_un_objet_qui_a_une_histoire_ne_se_supprime_pas(parcours: Parcours, directrice: Any) -> None:
    changer_etat(parcours, "engager", par=directrice, motif="x")
    with pytest.raises(ProtectedError), transaction.atomic():
        parcours.delete()
    with pytest.raises(ProtectedError), transaction.atomic():
        Parcours.objects.filter(pk=parcours.pk).delete()


def test_reprendre_garde_la_premiere_date_d_entree(parcours: Parcours, directrice: Any) -> None:
    cheffe, jour = cheffe_de(parcours.grappe), timezone.localdate() - timedelta(days=90)
    changer_etat(parcours, "engager", par=directrice, motif="x", date_effet=jour)
    changer_etat(parcours, "suspendre", par=cheffe, motif="travaux")
    changer_etat(parcours, "reprendre", par=cheffe)
    assert parcours.etapes.get(etat="cadrage").reelle == jour
    assert Parcours.objects.avec_dates().get().depuis == timezone.localdate()
