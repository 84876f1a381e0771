"""Les enseignements du pilote : qui les écrit, les clôt, les dit lus ; ce que trois conditions en demandent."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programme.enums import EtatParcours, NatureFait, Role
from programme.models import Fait, Parcours
from programme.services.parcours import dater_fait
from programme.socle import conditions
from programme.socle.a_faire import Demande
from programme.socle.enums import Severite
from programme.socle.erreurs import Refus
from programme.socle.models import Derogation
from programme.socle.porte import changer_etat
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.usages.calculs.aides import forcer
from tests.usages.retours.fabriques import EnseignementFactory
from usages.a_faire import enseignements as a_faire
from usages.enums import EtatEnseignement
from usages.models import Enseignement, LectureEnseignement
from usages.permissions import peut_tenir_les_enseignements
from usages.services.retours.croisements import empreinte_vue
from usages.services.retours.enseignements import (
    CHAMPS,
    corriger_enseignement,
    dire_lu,
    ecrire_enseignement,
)

pytestmark = pytest.mark.django_db
DITS = {"libelle": "Ouvrir la nuit avec le jour", "conseil": "Former la nuit d'abord."}


@pytest.fixture
def pilote() -> Parcours:
    return forcer_etat(ParcoursFactory(est_pilote=True), EtatParcours.PILOTE)


@pytest.fixture
def suivant(pilote: Parcours) -> Parcours:
    return forcer_etat(ParcoursFactory(grappe=pilote.grappe), EtatParcours.PREPARATION)


def forcer_etat(parcours: Parcours, etat: str) -> Parcours:
    forcer(parcours, etat=etat)
    return Parcours.objects.get(pk=parcours.pk)


def constat(parcours: Parcours, code: str) -> conditions.Constat:
    lus = conditions.evaluer(Parcours.objects.filter(pk=parcours.pk), "ouvrir")[parcours.pk]
    return next(c for c in lus if c.condition.code == code)


# --- écrire, corriger ----------------------------------------------------------------------------------------------


def test_la_conduite_ecrit_pour_tous_la_direction_pour_son_pilote(pilote: Parcours, suivant: Parcours) -> None:
    grappe = pilote.grappe
    cheffe, directrice, autre = cheffe_de(grappe), directrice_de(pilote), directrice_de(suivant)
    assert ecrire_enseignement(grappe=grappe, par=cheffe, **DITS).pilote is None
    assert ecrire_enseignement(grappe=grappe, par=affecter(Role.APPUI, grappe), pilote=pilote, **DITS).est_ouvert
    ecrit = ecrire_enseignement(grappe=grappe, par=directrice, pilote=pilote, **DITS)
    assert peut_tenir_les_enseignements(directrice, ecrit)
    for par, au_nom in ((directrice, None), (autre, pilote), (autre, suivant), (affecter(Role.ARS, grappe), pilote)):
        with pytest.raises(Refus) as refus:
            ecrire_enseignement(grappe=grappe, par=par, pilote=au_nom, **DITS)
        assert refus.value.code == "droit"


def test_un_pilote_d_ailleurs_ou_un_esms_qui_ne_l_est_pas_se_refusent(pilote: Parcours, suivant: Parcours) -> None:
    cheffe = cheffe_de(pilote.grappe)
    affecter(Role.CHEF_PROJET, (ailleurs := ParcoursFactory(est_pilote=True)).grappe, utilisateur=cheffe)
    for au_nom in (suivant, ailleurs):
        with pytest.raises(Refus) as refus:
            ecrire_enseignement(grappe=pilote.grappe, par=cheffe, pilote=au_nom, **DITS)
        assert list(refus.value.champs) == ["pilote"]
    with pytest.raises(Refus) as refus:
        ecrire_enseignement(grappe=pilote.grappe, par=cheffe, libelle="Un titre", conseil="  ")
    assert list(refus.value.champs) == ["conseil"]


def test_corriger_garde_le_pilote_qui_ne_l_est_plus_et_dit_qu_on_s_est_croises(pilote: Parcours) -> None:
    cheffe = cheffe_de(pilote.grappe)
    ecrit = ecrire_enseignement(grappe=pilote.grappe, par=cheffe, pilote=pilote, **DITS)
    vu = empreinte_vue(ecrit, CHAMPS)
    Parcours.objects.filter(pk=pilote.pk).update(est_pilote=False)
    corrige = corriger_enseignement(enseignement=ecrit, par=cheffe, vu=vu, pilote=pilote, a_regler=True)
    assert corrige.a_regler and corrige.pilote == pilote
    with pytest.raises(Refus) as refus:
        corriger_enseignement(enseignement=ecrit, par=cheffe, vu=vu, libelle="Autre chose")
    assert refus.value.code == "concurrence"
    changer_etat(corrige, "clore", par=cheffe, motif="Réglé")
    with pytest.raises(Refus) as refus:
        corriger_enseignement(enseignement=ecrit, par=cheffe, libelle="Autre chose")
    assert refus.value.code == "etat"


@pytest.mark.parametrize(
    ("etat", "transition", "arrivee"),
    [
        (EtatEnseignement.OUVERT, "clore", EtatEnseignement.CLOS),
        (EtatEnseignement.CLOS, "rouvrir", EtatEnseignement.OUVERT),
        (EtatEnseignement.OUVERT, "rouvrir", None),
        (EtatEnseignement.CLOS, "clore", None),
    ],
)
def test_chaque_etat_et_chaque_transition(etat: str, transition: str, arrivee: str | None) -> None:
    ecrit = EnseignementFactory()
    cheffe = cheffe_de(ecrit.grappe)
    if etat == EtatEnseignement.CLOS:
        changer_etat(ecrit, "clore", par=cheffe, motif="Réglé")
    if arrivee is None:
        with pytest.raises(Refus) as refus:
            changer_etat(ecrit, transition, par=cheffe, motif="Essai")
        assert refus.value.code == "etat"
        return
    with pytest.raises(Refus) as refus:
        changer_etat(ecrit, transition, par=cheffe)
    assert "motif" in refus.value.champs, "on dit pourquoi"
    assert changer_etat(ecrit, transition, par=cheffe, motif="Essai").vers == arrivee


# --- lire ----------------------------------------------------------------------------------------------------------


def test_dire_lu_une_fois_garde_le_premier_et_ne_compte_ni_les_clos_ni_ceux_d_ailleurs(
    pilote: Parcours, suivant: Parcours
) -> None:
    ouvert, autre = EnseignementFactory.create_batch(2, grappe=pilote.grappe)
    clos, ailleurs = EnseignementFactory(grappe=pilote.grappe), EnseignementFactory()
    changer_etat(clos, "clore", par=cheffe_de(pilote.grappe), motif="Réglé")
    directrice = directrice_de(suivant)
    assert dire_lu(parcours=suivant, enseignements=[ouvert, clos, ailleurs], par=directrice) == 1
    assert dire_lu(parcours=suivant, enseignements=[ouvert, autre], par=affecter(Role.SIEGE, suivant.esms.og)) == 1
    assert LectureEnseignement.objects.get(enseignement=ouvert).lu_par == directrice
    with pytest.raises(Refus) as refus:
        dire_lu(parcours=suivant, enseignements=[ouvert], par=cheffe_de(pilote.grappe))
    assert refus.value.code == "droit"


def test_on_lit_ceux_de_ses_grappes_et_jamais_comme_financeur(pilote: Parcours, suivant: Parcours) -> None:
    ecrit = EnseignementFactory(grappe=pilote.grappe, pilote=pilote)
    for qui in (cheffe_de(pilote.grappe), directrice_de(suivant), affecter(Role.MEMBRE, pilote.grappe)):
        assert list(Enseignement.objects.visibles_par(qui)) == [ecrit]
    for qui in (affecter(Role.ARS, pilote.grappe), cheffe_de(GrappeFactory()), directrice_de(ParcoursFactory())):
        assert not Enseignement.objects.visibles_par(qui).exists()


# --- conditions ----------------------------------------------------------------------------------------------------


def test_rediges_ne_se_demande_qu_au_pilote_et_compte_les_siens(pilote: Parcours, suivant: Parcours) -> None:
    assert (constat(pilote, "enseignements").ok, constat(suivant, "enseignements").ok) == (False, None)
    EnseignementFactory(grappe=pilote.grappe)
    assert constat(pilote, "enseignements").ok is False, "celui de la grappe n'est pas le sien"
    sien = EnseignementFactory(grappe=pilote.grappe, pilote=pilote)
    changer_etat(sien, "clore", par=cheffe_de(pilote.grappe), motif="Réglé")
    assert constat(pilote, "enseignements").ok is True
    assert constat(pilote, "enseignements").severite == Severite.AVERTIT


def test_lus_compte_les_ouverts_et_se_tait_sans_pilote_ou_sans_rien_a_lire(pilote: Parcours, suivant: Parcours) -> None:
    assert constat(suivant, "lecture").ok is None, "rien n'est écrit"
    premier, second = EnseignementFactory.create_batch(2, grappe=pilote.grappe)
    assert (constat(suivant, "lecture").ok, constat(suivant, "lecture").mesure) == (False, "0 lu sur 2")
    assert constat(pilote, "lecture").ok is None
    directrice = directrice_de(suivant)
    dire_lu(parcours=suivant, enseignements=[premier], par=directrice)
    assert constat(suivant, "lecture").mesure == "1 lu sur 2"
    changer_etat(second, "clore", par=cheffe_de(pilote.grappe), motif="Sans objet")
    assert constat(suivant, "lecture").ok is True
    assert constat(suivant, "lecture").severite == Severite.AVERTIT
    changer_etat(premier, "clore", par=cheffe_de(pilote.grappe), motif="Réglé")
    changer_etat(second, "rouvrir", par=cheffe_de(pilote.grappe), motif="Il revient")
    assert constat(suivant, "lecture").mesure == "0 lu sur 1", "avoir lu un clos ne compte pas"
    seul = ParcoursFactory()
    EnseignementFactory(grappe=seul.grappe)
    assert constat(seul, "lecture").ok is None, "la grappe n'a pas de pilote"


def test_a_regler_barre_tant_qu_il_est_ouvert_et_se_leve(pilote: Parcours, suivant: Parcours) -> None:
    assert constat(suivant, "a_regler").ok is True
    ecrit = EnseignementFactory(grappe=pilote.grappe, a_regler=True)
    EnseignementFactory(a_regler=True)
    barre = constat(suivant, "a_regler")
    assert (barre.barre, barre.mesure, constat(pilote, "a_regler").ok) == (True, "1 à régler", None)
    with pytest.raises(Refus) as refus:
        changer_etat(suivant, "ouvrir", par=directrice_de(suivant), motif="Nous sommes prêts")
    assert "a_regler" in {m.code for m in refus.value.manques}
    changer_etat(ecrit, "clore", par=cheffe_de(pilote.grappe), motif="Réglé par l'éditeur")
    assert constat(suivant, "a_regler").ok is True
    changer_etat(ecrit, "rouvrir", par=cheffe_de(pilote.grappe), motif="Il revient")
    Derogation.objects.create(
        parcours=suivant,
        condition="a_regler",
        libelle_decision="COMOP du jour",
        du=timezone.localdate(),
        au=timezone.localdate(),
        creee_par=cheffe_de(pilote.grappe),
    )
    assert not constat(suivant, "a_regler").manque and constat(suivant, "a_regler").levee_par


def test_cinquante_esms_se_mesurent_en_autant_de_requetes_qu_un(pilote: Parcours, suivant: Parcours) -> None:
    EnseignementFactory.create_batch(3, grappe=pilote.grappe, a_regler=True)

    def requetes() -> int:
        with CaptureQueriesContext(connection) as lues:
            assert conditions.evaluer(Parcours.objects.filter(grappe=pilote.grappe, est_pilote=False), "ouvrir")
        return len(lues)

    seul = requetes()
    for p in ParcoursFactory.create_batch(49, grappe=pilote.grappe):
        forcer(p, etat=EtatParcours.PREPARATION)
    EnseignementFactory.create_batch(20, grappe=pilote.grappe)
    assert requetes() == seul == 3


def test_chaque_recette_reunit_sa_condition(pilote: Parcours, suivant: Parcours) -> None:
    EnseignementFactory.create_batch(2, grappe=pilote.grappe, a_regler=True)
    for parcours, code in ((pilote, "enseignements"), (suivant, "lecture"), (suivant, "a_regler")):
        assert constat(parcours, code).ok is False
        constat(parcours, code).condition.remplir(parcours, directrice_de(parcours))
        assert constat(parcours, code).ok is True
        assert f"/parcours/{parcours.pk}/enseignements/" in constat(parcours, code).condition.lien(parcours)


# --- les dates d'avant ---------------------------------------------------------------------------------------------


def test_une_date_ne_suffit_plus_et_ne_se_saisit_plus(pilote: Parcours) -> None:
    directrice = directrice_de(pilote)
    with pytest.raises(Refus):
        dater_fait(parcours=[pilote], nature=NatureFait.ENSEIGNEMENTS, date=timezone.localdate(), par=directrice)
    Fait.objects.create(parcours=pilote, nature="enseignements", date=timezone.localdate(), saisi_par=directrice)
    assert constat(pilote, "enseignements").ok is False


def test_les_dates_d_avant_deviennent_des_enseignements_lus(pilote: Parcours, suivant: Parcours) -> None:
    directrice, jour = directrice_de(pilote), timezone.localdate()
    communs = {"date": jour, "saisi_par": directrice}
    Fait.objects.create(parcours=pilote, nature="enseignements", reference="Note du pilote", note="Prévoir.", **communs)
    Fait.objects.create(parcours=ParcoursFactory(), nature="enseignements", **communs)
    for lecteur in (suivant, pilote, ParcoursFactory()):
        Fait.objects.create(parcours=lecteur, nature="lecture", **communs)
    import_module("usages.migrations.0004_enseignements_dates").tirer(apps, None)
    tire = Enseignement.objects.get()
    assert (tire.pilote, tire.libelle, tire.conseil, tire.tri) == (
        pilote,
        "Note du pilote",
        "Prévoir.",
        "note du pilote",
    )
    assert [lecture.parcours for lecture in tire.lectures.all()] == [suivant]
    assert Fait.objects.count() == 5, "rien ne se perd"


# --- à l'accueil ---------------------------------------------------------------------------------------------------


def _lignes(fonction: Any, qui: Any) -> list[Any]:
    return list(fonction(Demande(qui, timezone.localdate())))


def test_la_direction_qui_se_prepare_a_les_enseignements_a_lire(pilote: Parcours, suivant: Parcours) -> None:
    directrice = directrice_de(suivant)
    assert _lignes(a_faire.a_lire, directrice) == []
    ecrit = EnseignementFactory(grappe=pilote.grappe)
    (ligne,) = _lignes(a_faire.a_lire, directrice)
    assert "1 à lire" in ligne.detail and ligne.gestes[0].url.endswith(f"/parcours/{suivant.pk}/enseignements/")
    jumeau = forcer_etat(ParcoursFactory(grappe=pilote.grappe), EtatParcours.PREPARATION)
    affecter(Role.DIRECTEUR, jumeau.esms, utilisateur=directrice)
    (ligne,) = _lignes(a_faire.a_lire, directrice)
    assert len(ligne.liens) == 2, "une seule ligne pour deux ESMS"
    for p in (suivant, jumeau):
        dire_lu(parcours=p, enseignements=[ecrit], par=directrice)
    assert _lignes(a_faire.a_lire, directrice) == _lignes(a_faire.a_lire, cheffe_de(pilote.grappe)) == []


def test_la_cheffe_apprend_qu_un_pilote_ouvert_n_a_rien_ecrit(pilote: Parcours, suivant: Parcours) -> None:
    cheffe = cheffe_de(pilote.grappe)
    (ligne,) = _lignes(a_faire.a_ecrire, cheffe)
    assert ligne.url.endswith(f"/grappes/{pilote.grappe_id}/enseignements/ecrire/?pilote={pilote.pk}")
    assert _lignes(a_faire.a_ecrire, directrice_de(pilote)) == []
    EnseignementFactory(grappe=pilote.grappe, pilote=pilote)
    assert _lignes(a_faire.a_ecrire, cheffe) == []
