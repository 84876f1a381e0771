"""Les actions : qui les lit, qui les écrit, ce que la porte en fait, ce que l'accueil en dit."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.enums import EtatAction, Portee, Role
from programme.models import Action, Grappe, Parcours, Utilisateur
from programme.permissions import ACTION_RESERVEE
from programme.services import actions as services
from programme.services import lecture_actions as lecture
from programme.socle.a_faire import Urgence, a_faire
from programme.socle.erreurs import Refus
from programme.socle.machine import HorsPorte
from programme.socle.models import Passage
from programme.socle.origines import Origine, Source, origines
from programme.socle.porte import changer_etat
from programme.socle.texte import cle_nir
from tests.fabriques import (
    ActionFactory,
    GrappeFactory,
    GroupeFactory,
    ParcoursFactory,
    UtilisateurFactory,
    affecter,
    cheffe_de,
    directrice_de,
)

pytestmark = pytest.mark.django_db
AUJOURD_HUI = timezone.localdate()
HIER, DEMAIN = AUJOURD_HUI - timedelta(days=1), AUJOURD_HUI + timedelta(days=1)


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def grappe(parcours: Parcours) -> Grappe:
    return parcours.grappe


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    return directrice_de(parcours)


def _relire(compte: Utilisateur) -> Utilisateur:
    return Utilisateur.objects.get(pk=compte.pk)


def _quitter(compte: Utilisateur) -> Utilisateur:
    compte.affectations.update(au=HIER)
    return _relire(compte)


# --- qui lit -------------------------------------------------------------------------------------------------------


def test_qui_lit_une_action_d_esms_et_une_action_de_grappe(parcours: Parcours, grappe: Grappe) -> None:
    voisin = ParcoursFactory(grappe=grappe)
    d_esms, de_grappe = ActionFactory(parcours=parcours), ActionFactory(grappe=grappe)
    lisent = {
        "cheffe": (cheffe_de(grappe), {d_esms, de_grappe}),
        "directrice": (directrice_de(parcours), {d_esms, de_grappe}),
        "siège": (affecter(Role.SIEGE, parcours.esms.og), {d_esms, de_grappe}),
        "membre": (affecter(Role.MEMBRE, grappe), {d_esms, de_grappe}),
        "admin": (affecter(Role.ADMIN), {d_esms, de_grappe}),
        "voisin": (directrice_de(voisin), {de_grappe}),
        "grades de la région": (affecter(Role.GRADES, grappe.region), {d_esms}),
        "grades que la grappe a admis": (affecter(Role.GRADES, grappe), {d_esms, de_grappe}),
        "financeur": (affecter(Role.ARS, grappe.region), set()),
        "financeur de la grappe": (affecter(Role.ARS, grappe), set()),
        "financeur national": (affecter(Role.ARS), set()),
        "ailleurs": (cheffe_de(GrappeFactory()), set()),
        "sans rôle": (UtilisateurFactory(), set()),
    }
    for nom, (compte, attendues) in lisent.items():
        assert set(Action.objects.visibles_par(compte)) == attendues, nom


def test_le_responsable_de_la_region_lit_la_sienne_tant_qu_il_en_est(grappe: Grappe) -> None:
    grades = affecter(Role.GRADES, grappe.region)
    sienne, autre = ActionFactory(grappe=grappe, responsable=grades), ActionFactory(grappe=grappe)
    assert set(Action.objects.visibles_par(grades)) == {sienne} and autre
    assert not Action.objects.visibles_par(_quitter(grades)).exists()


def test_le_responsable_sorti_du_perimetre_ne_lit_ni_n_avance_plus_rien(parcours: Parcours) -> None:
    appui = affecter(Role.APPUI, parcours.esms)
    action = ActionFactory(parcours=parcours, responsable=appui)
    assert changer_etat(action, "commencer", par=appui).role == "Responsable de l'action"
    parti = _quitter(appui)
    assert not Action.objects.visibles_par(parti).exists()
    with pytest.raises(Refus) as refus:
        changer_etat(action, "terminer", par=parti)
    assert (refus.value.code, refus.value.motif) == ("droit", ACTION_RESERVEE)
    action.refresh_from_db()
    assert action.etat == EtatAction.EN_COURS
    assert not [ligne for ligne in a_faire(parti, AUJOURD_HUI) if "Terminer" in ligne.titre]


def test_le_financeur_responsable_ne_lit_ni_n_avance_pour_autant(parcours: Parcours) -> None:
    ars = affecter(Role.ARS, parcours.grappe)
    action = ActionFactory(parcours=parcours, responsable=ars)
    assert not Action.objects.visibles_par(ars).exists()
    with pytest.raises(Refus):
        changer_etat(action, "terminer", par=ars)


# --- qui écrit, qui avance -----------------------------------------------------------------------------------------

TIENNENT = {Role.CHEF_PROJET, Role.DIRECTEUR, Role.REFERENT, Role.SIEGE}


@pytest.mark.parametrize("role", list(Role))
def test_chaque_role_ecrit_et_avance_selon_la_table(role: str, parcours: Parcours) -> None:
    esms, grappe = parcours.esms, parcours.grappe
    cible = {Role.SIEGE: esms.og, Role.ADMIN: None, Role.CHEF_PROJET: grappe, Role.ARS: grappe, Role.MEMBRE: grappe}
    compte = affecter(role, cible.get(Role(role), esms))
    de_l_esms = role in TIENNENT
    for visee, permis in ((parcours, de_l_esms), (grappe, role == Role.CHEF_PROJET)):
        if permis:
            action = services.creer_action(cible=visee, libelle="Essayer", par=compte)
            assert (action.origine, action.creee_par, action.grappe) == ("saisie", compte, grappe)
            changer_etat(action, "terminer", par=compte)
        else:
            with pytest.raises(Refus) as refus:
                services.creer_action(cible=visee, libelle="Essayer", par=compte)
            assert refus.value.code == "droit"
            cle = {"parcours" if visee is parcours else "grappe": visee}
            action = ActionFactory(responsable=cheffe_de(grappe), **cle)
            for transition in Action.transitions():
                with pytest.raises(Refus) as refus:
                    changer_etat(action, transition, par=compte, motif="essai")
                assert refus.value.code == "droit"


def test_le_responsable_avance_la_sienne_mais_ne_l_abandonne_pas(parcours: Parcours, directrice: Utilisateur) -> None:
    membre = affecter(Role.MEMBRE, parcours.grappe)
    action = ActionFactory(parcours=parcours, responsable=membre)
    for transition in ("commencer", "revenir", "terminer"):
        changer_etat(action, transition, par=membre)
    changer_etat(action, "rouvrir", par=membre, motif="pas tout à fait")
    with pytest.raises(Refus) as refus:
        changer_etat(action, "abandonner", par=membre, motif="trop long")
    assert refus.value.code == "droit"
    with pytest.raises(Refus):
        services.modifier_action(action=action, par=membre, echeance=DEMAIN)
    changer_etat(action, "abandonner", par=directrice, motif="le matériel est arrivé autrement")


# --- la porte ------------------------------------------------------------------------------------------------------


def test_abandonner_et_rouvrir_demandent_un_motif(parcours: Parcours, directrice: Utilisateur) -> None:
    action = ActionFactory(parcours=parcours)
    for transition in ("abandonner", "rouvrir"):
        with pytest.raises(Refus) as refus:
            changer_etat(action, transition, par=directrice)
        assert "motif" in refus.value.champs
        changer_etat(action, transition, par=directrice, motif="dit pourquoi")
    assert action.etat == EtatAction.EN_COURS and Passage.objects.de(action).count() == 2


def test_faite_le_suit_le_journal(parcours: Parcours, directrice: Utilisateur) -> None:
    action = ActionFactory(parcours=parcours)
    changer_etat(action, "terminer", par=directrice, date_effet=HIER)
    assert action.faite_le == HIER
    changer_etat(action, "rouvrir", par=directrice, motif="il manque une salle")
    assert action.faite_le is None


def test_l_etat_ne_s_ecrit_pas_a_la_main(parcours: Parcours) -> None:
    action = ActionFactory(parcours=parcours)
    with pytest.raises(AttributeError):
        action.etat = "faite"
    with pytest.raises(HorsPorte):
        Action.objects.filter(pk=action.pk).update(**{"etat": "faite"})
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(responsable=UtilisateurFactory(), responsable_nom="un autre")


# --- écrire --------------------------------------------------------------------------------------------------------


def test_une_echeance_passee_est_refusee_avec_une_phrase(parcours: Parcours, directrice: Utilisateur) -> None:
    with pytest.raises(Refus) as refus:
        services.creer_action(cible=parcours, libelle="Trop tard", par=directrice, echeance=HIER)
    assert "déjà passé : donnez une échéance à venir" in refus.value.champs["echeance"][0]
    assert services.creer_action(cible=parcours, libelle="Ce soir", par=directrice, echeance=AUJOURD_HUI)
    # Décidée il y a un mois, elle peut être en retard : une reprise le dit.
    il_y_a = AUJOURD_HUI - timedelta(days=30)
    reprise = services.creer_action(cible=parcours, libelle="Ancienne", par=directrice, echeance=HIER, le=il_y_a)
    assert reprise.est_en_retard(AUJOURD_HUI) and timezone.localtime(reprise.creee_le).date() == il_y_a
    with pytest.raises(Refus):
        services.creer_action(cible=parcours, libelle="Demain", par=directrice, le=DEMAIN)


def test_une_action_en_retard_se_corrige_sans_redonner_d_echeance(parcours: Parcours, directrice: Utilisateur) -> None:
    action = ActionFactory(parcours=parcours, echeance=HIER)
    services.modifier_action(action=action, par=directrice, libelle="Mieux dit", echeance=HIER)
    with pytest.raises(Refus) as refus:
        services.modifier_action(action=action, par=directrice, echeance=HIER - timedelta(days=1))
    assert "echeance" in refus.value.champs


def test_toutes_les_fautes_se_disent_ensemble_et_rien_n_est_ecrit(parcours: Parcours, directrice: Utilisateur) -> None:
    etranger = cheffe_de(GrappeFactory())
    nir = f"vu 2990175115001{cle_nir('2990175115001'):02d}"
    with pytest.raises(Refus) as refus:
        services.creer_action(
            cible=parcours, libelle="", precision=nir, responsable=etranger, echeance=HIER, par=directrice
        )
    assert set(refus.value.champs) == {"libelle", "precision", "responsable", "echeance"}
    assert "choisissez quelqu'un qui y tient un rôle" in refus.value.champs["responsable"][0]
    with pytest.raises(Refus) as refus:
        services.creer_action(
            cible=parcours, libelle="Deux", responsable=directrice, responsable_nom="le prestataire", par=directrice
        )
    assert refus.value.champs == {"responsable_nom": [services.DEUX_RESPONSABLES]}
    assert not Action.objects.exists()


def test_deux_personnes_sur_la_meme_action(parcours: Parcours, directrice: Utilisateur) -> None:
    action = services.creer_action(cible=parcours, libelle="Une", par=directrice)
    vu = Action.history.filter(id=action.pk).latest("history_id").history_id
    services.modifier_action(action=action, par=cheffe_de(parcours.grappe), vu=vu, echeance=DEMAIN)
    with pytest.raises(Refus) as refus:
        services.modifier_action(action=action, par=directrice, vu=vu, echeance=AUJOURD_HUI)
    assert refus.value.code == "concurrence" and "échéance" in refus.value.motif


def test_une_action_close_ne_se_modifie_pas(parcours: Parcours, directrice: Utilisateur) -> None:
    action = ActionFactory(parcours=parcours)
    changer_etat(action, "terminer", par=directrice)
    with pytest.raises(Refus) as refus:
        services.modifier_action(action=action, par=directrice, libelle="Autre")
    assert (refus.value.code, refus.value.motif) == ("etat", services.CLOSE)


def test_chercher_ignore_accents_et_casse(parcours: Parcours) -> None:
    action = ActionFactory(parcours=parcours, libelle="Prévenir l'Éditeur")
    ActionFactory(parcours=parcours, libelle="Autre chose")
    assert list(Action.objects.chercher("EDITEUR prevenir")) == [action]


# --- le responsable ------------------------------------------------------------------------------------------------


def test_les_comptes_proposes_sont_ceux_qui_verraient_l_action(parcours: Parcours, grappe: Grappe) -> None:
    groupe = GroupeFactory(og=parcours.esms.og)
    groupe.esms.add(parcours.esms)
    sorti = ParcoursFactory(grappe=grappe)
    changer_etat(sorti, "sortir", par=cheffe_de(grappe), motif="retrait", raison="retrait")
    for role, cible in [
        (Role.DIRECTEUR, parcours.esms),
        (Role.DIRECTEUR, groupe),
        (Role.SIEGE, parcours.esms.og),
        (Role.APPUI, grappe),
        (Role.GRADES, grappe.region),
        (Role.GRADES, parcours.esms.departement.region),
        (Role.ARS, grappe),
        (Role.ADMIN, None),
        (Role.DIRECTEUR, ParcoursFactory(grappe=grappe).esms),
        (Role.DIRECTEUR, sorti.esms),
        (Role.CHEF_PROJET, GrappeFactory()),
    ]:
        affecter(role, cible)
    affecter(Role.REFERENT, parcours.esms, utilisateur=UtilisateurFactory(is_active=False))
    for cible in (parcours, grappe):
        proposes = set(services.comptes_proposes([cible], AUJOURD_HUI))
        attendus = {c for c in Utilisateur.objects.all() if services.cibles_dont_repondre(c, [cible])}
        assert proposes == attendus and proposes
        for compte in proposes:
            cle = {"parcours": cible} if cible is parcours else {"grappe": cible}
            action = ActionFactory(responsable=compte, **cle)
            assert Action.objects.visibles_par(compte).filter(pk=action.pk).exists(), (compte, cible)


def test_un_responsable_parti_se_dit_a_qui_peut_en_choisir_un_autre(
    parcours: Parcours, directrice: Utilisateur
) -> None:
    appui = affecter(Role.APPUI, parcours.esms)
    action = ActionFactory(parcours=parcours, responsable=appui)
    membre = affecter(Role.MEMBRE, parcours.grappe)
    assert lecture.alerte_de(action, directrice) == ""
    _quitter(appui)
    action = Action.objects.get(pk=action.pk)
    assert "ne tient plus de rôle ici" in lecture.alerte_de(action, directrice)
    assert lecture.alerte_de(action, membre) == ""
    # Rester sur un responsable parti ne gêne pas le reste ; en reprendre un de parti, si.
    services.modifier_action(action=action, par=directrice, libelle="Mieux", responsable=action.responsable)
    with pytest.raises(Refus):
        services.creer_action(cible=parcours, libelle="Neuve", par=directrice, responsable=_relire(appui))


# --- l'origine -----------------------------------------------------------------------------------------------------


def test_une_app_inscrit_son_origine_et_y_ramene(
    parcours: Parcours, directrice: Utilisateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    def presenter(objet: Any, lecteur: Any) -> Source | None:
        return Source(f"séance {objet}", "/seances/1/") if lecteur == directrice else None

    monkeypatch.setitem(origines._objets, "seance", Origine("seance", "Décidée en séance", presenter))
    action = services.creer_action(
        cible=parcours, libelle="Suite", par=directrice, origine="seance", source=parcours.grappe
    )
    action = Action.objects.get(pk=action.pk)
    assert action.origine_en_mots == "Décidée en séance"
    assert lecture.source_de(action, directrice) == Source(f"séance {parcours.grappe}", "/seances/1/")
    ailleurs = lecture.source_de(action, affecter(Role.MEMBRE, parcours.grappe))
    assert ailleurs == Source(lecture.HORS_PERIMETRE)
    monkeypatch.delitem(origines._objets, "seance")
    assert action.origine_en_mots == "seance" and lecture.source_de(action, directrice) is None


def test_une_origine_inconnue_est_une_faute_de_programme(parcours: Parcours, directrice: Utilisateur) -> None:
    with pytest.raises(ValueError, match="ailleurs"):
        services.creer_action(cible=parcours, libelle="X", par=directrice, origine="ailleurs")


# --- l'histoire ----------------------------------------------------------------------------------------------------


def test_l_histoire_dit_passages_et_corrections(parcours: Parcours, directrice: Utilisateur) -> None:
    action = services.creer_action(cible=parcours, libelle="Une", par=directrice, responsable_nom="Le prestataire")
    services.modifier_action(action=action, par=directrice, echeance=DEMAIN)
    services.modifier_action(action=action, par=directrice, responsable=directrice, responsable_nom="")
    changer_etat(action, "commencer", par=directrice)
    titres = [ligne["titre"] for ligne in lecture.histoire_de(action)]
    assert titres[0] == "À faire → En cours" and len(titres) == 3
    assert titres[1] == f"Responsable : Le prestataire → {directrice}"
    assert titres[2].startswith("Échéance : aucune → ")


# --- l'accueil -----------------------------------------------------------------------------------------------------


def _lignes(compte: Utilisateur) -> list[Any]:
    return [x for x in a_faire(_relire(compte), AUJOURD_HUI) if "ction" in x.titre or x.titre.startswith("Terminer")]


def test_a_faire_pour_le_responsable_en_retard_d_abord(parcours: Parcours) -> None:
    membre = affecter(Role.MEMBRE, parcours.grappe)
    proche = ActionFactory(parcours=parcours, responsable=membre, echeance=DEMAIN, libelle="Proche")
    tard = ActionFactory(parcours=parcours, responsable=membre, echeance=HIER, libelle="Tard")
    ActionFactory(parcours=parcours, responsable=membre, libelle="Un jour")
    ActionFactory(parcours=parcours, responsable_nom="Un autre", echeance=HIER)
    lignes = _lignes(membre)
    assert [x.titre for x in lignes] == ["Terminer : Tard", "Terminer : Proche", "Terminer : Un jour"]
    assert [x.urgence for x in lignes] == [Urgence.REPONDRE, Urgence.SUIVRE, Urgence.PEUT_ATTENDRE]
    assert [x.echeance for x in lignes] == [HIER, DEMAIN, None]
    assert "en retard" in lignes[0].detail
    assert lignes[0].gestes[0].url == f"/passages/action/{tard.pk}/terminer/"
    changer_etat(proche, "terminer", par=membre)
    assert len(_lignes(membre)) == 2


def test_a_faire_reunit_au_dela_de_trois(parcours: Parcours) -> None:
    membre = affecter(Role.MEMBRE, parcours.grappe)
    ActionFactory.create_batch(4, parcours=parcours, responsable=membre, echeance=DEMAIN)
    ActionFactory.create_batch(2, parcours=parcours, responsable=membre)
    pressees, plus_tard = _lignes(membre)
    assert pressees.titre == "Terminer 4 actions" and len(pressees.liens) == 4
    assert plus_tard.titre == "Plus tard : 2 actions vous sont confiées"
    assert pressees.url == "/actions/?responsable=moi"


def test_a_qui_conduit_les_retards_dont_personne_n_est_prevenu(parcours: Parcours, directrice: Utilisateur) -> None:
    cheffe, partie = cheffe_de(parcours.grappe), affecter(Role.APPUI, parcours.esms)
    ActionFactory(parcours=parcours, responsable=directrice, echeance=HIER)
    ActionFactory(parcours=parcours, responsable_nom="Le prestataire", echeance=DEMAIN)
    assert _lignes(cheffe) == []
    ActionFactory(parcours=parcours, responsable_nom="Le prestataire", echeance=HIER)
    (ligne,) = _lignes(cheffe)
    assert ligne.titre == "Suivre une action en retard"
    ActionFactory(grappe=parcours.grappe, echeance=HIER)
    ActionFactory(parcours=parcours, responsable=partie, echeance=HIER)
    _quitter(partie)
    (ligne,) = _lignes(cheffe)
    assert ligne.titre == "Suivre 3 actions en retard" and ligne.url == "/actions/?echeance=retard&responsable=personne"
    assert not [x for x in _lignes(directrice) if x.titre.startswith("Suivre")]


# --- propriétés ----------------------------------------------------------------------------------------------------

_JOURS = st.dates(min_value=AUJOURD_HUI - timedelta(days=900), max_value=AUJOURD_HUI + timedelta(days=900))
_SANS_HATE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@_SANS_HATE
@given(echeance=st.none() | _JOURS, jour=_JOURS)
def test_une_echeance_acceptee_n_est_jamais_en_retard_ce_jour_la(echeance: Any, jour: Any) -> None:
    refusee = bool(services.faute_d_echeance(echeance, jour))
    assert refusee == Action(echeance=echeance).est_en_retard(jour)


@_SANS_HATE
@given(etat=st.sampled_from(EtatAction.values), echeance=st.none() | _JOURS)
def test_une_action_close_n_est_jamais_en_retard(etat: str, echeance: Any) -> None:
    action = Action(etat=etat, echeance=echeance)
    if action.est_en_retard(AUJOURD_HUI):
        assert action.est_ouverte and echeance < AUJOURD_HUI
    assert action.est_ouverte == (etat in ("a_faire", "en_cours"))


def test_les_portees_ou_l_on_repond_sont_toutes_connues() -> None:
    # Une portée neuve doit être pensée dans `comptes_proposes`, sinon ses comptes ne seraient jamais proposés.
    assert set(Portee.values) == {"national", "region", "grappe", "og", "groupe", "esms"}
