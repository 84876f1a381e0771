"""La gouvernance à l'accueil : qui voit quoi, quand, une seule fois, au même prix pour un objet ou cinquante."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gouvernance.enums import TypeInstance
from gouvernance.models import Alerte, Instance, Seance
from programme.enums import Role
from programme.services.contenu_rappel import composer
from programme.socle.a_faire import Ligne, Urgence, a_faire
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.gouvernance.fabriques import (
    AlerteFactory,
    DecisionFactory,
    InstanceFactory,
    PointFactory,
    SeanceFactory,
    levee_de,
    mandater,
    presents,
    seance_close,
    seance_ouverte,
)

pytestmark = pytest.mark.django_db
AU = timezone.localdate()
MIDI = timezone.localtime().replace(hour=12, minute=30, second=0, microsecond=0)


@pytest.fixture
def comop() -> Instance:
    return InstanceFactory(nom="COMOP", quorum=0)


@pytest.fixture
def cheffe(comop: Instance) -> Any:
    return cheffe_de(comop.grappe)


@pytest.fixture
def animatrice(comop: Instance) -> Any:
    compte = affecter(Role.MEMBRE, comop.grappe)
    mandater(comop, compte, anime=True)
    return compte


@pytest.fixture
def membre(comop: Instance) -> Any:
    compte = affecter(Role.MEMBRE, comop.grappe)
    mandater(comop, compte)
    return compte


def lignes(qui: Any) -> dict[str, Ligne]:
    qui.__dict__.pop("perimetre", None)
    return {ligne.titre: ligne for ligne in a_faire(qui, AU)}


def dans(jours: int) -> Any:
    return MIDI + timedelta(days=jours)


# --- séances -------------------------------------------------------------------------------------------------------


def test_preparer_la_prochaine_seance(comop: Instance, cheffe: Any, animatrice: Any, membre: Any) -> None:
    titre = "Préparer la prochaine séance : COMOP"
    SeanceFactory(comite=comop, debut=dans(22))
    assert titre not in lignes(cheffe), "à plus de trois semaines, rien ne presse"
    seance = SeanceFactory(comite=comop, debut=dans(8))
    SeanceFactory(comite=comop, debut=dans(15))
    for qui in (cheffe, animatrice):
        lue = lignes(qui)[titre]
        assert lue.urgence == Urgence.PEUT_ATTENDRE and lue.echeance == AU + timedelta(days=8)
        assert lue.url == reverse("gouvernance:seance-propositions", args=[seance.pk])
    for qui in (membre, cheffe_de(InstanceFactory().grappe), affecter(Role.ARS, comop.grappe.region)):
        assert titre not in lignes(qui)
    Seance.objects.filter(pk=seance.pk).update(debut=dans(7))
    assert lignes(cheffe)[titre].urgence == Urgence.SUIVRE
    PointFactory(seance=seance, suite="retire")
    assert titre in lignes(cheffe), "un point retiré ne fait pas un ordre du jour"
    PointFactory(seance=seance)
    lues = lignes(cheffe)
    assert titre not in lues and lues["COMOP : l'ordre du jour compte 1 point"].urgence == Urgence.RAPPEL


def test_un_jour_passe_se_dit(comop: Instance, cheffe: Any) -> None:
    seance = SeanceFactory(comite=comop, debut=dans(-1))
    (titre,) = [t for t in lignes(cheffe) if t.startswith("Ouvrir, déplacer ou annuler")]
    assert "COMOP" in titre
    changer_etat(seance, "ouvrir", par=cheffe)
    (titre,) = [t for t in lignes(cheffe) if t.startswith("Clore la séance")]
    changer_etat(seance, "clore", par=cheffe)
    assert titre not in lignes(cheffe)
    seance_ouverte(comop, debut=timezone.now())
    assert not [t for t in lignes(cheffe) if t.startswith("Clore la séance")], "celle du jour se tient encore"


def test_relire_et_diffuser_le_compte_rendu(comop: Instance, cheffe: Any, animatrice: Any, membre: Any) -> None:
    titre = "Relire et diffuser le compte rendu : COMOP"
    seance = seance_close(comop, debut=dans(-7))
    assert lignes(cheffe)[titre].urgence == lignes(animatrice)[titre].urgence == Urgence.SUIVRE
    assert titre not in lignes(membre)
    Seance.objects.filter(pk=seance.pk).update(debut=dans(-8))
    assert lignes(cheffe)[titre].urgence == Urgence.REPONDRE
    assert lignes(cheffe)[titre].gestes[1].url == f"/passages/seance/{seance.pk}/diffuser/" or "diffuser" in (
        lignes(cheffe)[titre].gestes[1].url
    )
    changer_etat(seance, "diffuser", par=cheffe)
    assert titre not in lignes(cheffe)


def test_demain_ou_je_siege(comop: Instance, membre: Any, cheffe: Any) -> None:
    suppleante = affecter(Role.MEMBRE, comop.grappe)
    mandater(comop, suppleant=suppleante)
    seance = SeanceFactory(comite=comop, debut=dans(1))
    SeanceFactory(comite=comop, debut=dans(2))
    SeanceFactory(debut=dans(1))
    demain = "COMOP : demain à 12\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30"
    for qui in (membre, suppleante):
        (titre,) = [t for t in lignes(qui) if t.startswith("COMOP : ")]
        assert titre == demain
    assert demain not in lignes(cheffe), "elle la prépare ; elle n'y siège pas"
    changer_etat(seance, "annuler", par=cheffe, motif="Grève")
    assert not [t for t in lignes(membre) if t.startswith("COMOP : ")]


# --- alertes -------------------------------------------------------------------------------------------------------


def test_une_alerte_se_prend_en_charge_puis_se_repond(
    comop: Instance, cheffe: Any, animatrice: Any, membre: Any
) -> None:
    titre = "Prendre en charge une alerte"
    alerte = AlerteFactory(grappe=comop.grappe, intitule="Plus de réseau à l'étage")
    AlerteFactory()
    for qui in (cheffe, animatrice):
        lue = lignes(qui)[titre]
        assert lue.urgence == Urgence.REPONDRE and "Plus de réseau" in lue.texte
        assert "Plus de réseau" not in lue.titre + lue.detail, "ce qu'on a écrit ne part pas par courriel"
    assert titre not in lignes(membre)
    changer_etat(alerte, "prendre_en_charge", par=cheffe)
    assert not [t for t in lignes(cheffe) if "alerte" in t], "prise en charge, il reste trois semaines"
    Alerte.objects.filter(pk=alerte.pk).update(echeance=AU + timedelta(days=7))
    assert lignes(cheffe)["Répondre à une alerte prise en charge"].urgence == Urgence.SUIVRE
    changer_etat(alerte, "porter", par=cheffe, motif="Sans réponse")
    Alerte.objects.filter(pk=alerte.pk).update(echeance=AU - timedelta(days=1))
    assert lignes(cheffe)["Répondre à une alerte portée au COSTRAT"].urgence == Urgence.REPONDRE
    AlerteFactory.create_batch(2, grappe=comop.grappe)
    assert len(lignes(cheffe)["Prendre en charge 2 alertes"].liens) == 2


def test_animer_le_comite_utilisateurs_ne_fait_pas_repondre_aux_alertes(comop: Instance) -> None:
    animateur = affecter(Role.MEMBRE, comop.grappe)
    mandater(InstanceFactory(grappe=comop.grappe, type=TypeInstance.UTILISATEURS), animateur, anime=True)
    AlerteFactory(grappe=comop.grappe)
    assert not [t for t in lignes(animateur) if "alerte" in t]


def test_la_reponse_se_lit_par_qui_a_donne_l_alerte_et_par_la_direction(comop: Instance, cheffe: Any) -> None:
    titre, parcours = "Votre alerte a une réponse", ParcoursFactory(grappe=comop.grappe)
    directrice, referent = directrice_de(parcours), affecter(Role.REFERENT, parcours.esms)
    alerte = AlerteFactory(grappe=comop.grappe, parcours=parcours, levee_par=referent)
    assert titre not in lignes(referent)
    changer_etat(alerte, "clore", par=cheffe, reponse="Le câble se tire jeudi.")
    for qui in (directrice, referent):
        lue = lignes(qui)[titre]
        assert lue.urgence == Urgence.SUIVRE and "Le câble se tire jeudi." in lue.texte
    voisine = directrice_de(ParcoursFactory(grappe=comop.grappe))
    for qui in (voisine, cheffe):
        assert titre not in lignes(qui)
    sienne = AlerteFactory(grappe=comop.grappe, levee_par=cheffe)
    changer_etat(sienne, "clore", par=cheffe, reponse="Vu.")
    assert titre not in lignes(cheffe), "on ne s'annonce pas sa propre réponse"
    vieille = AlerteFactory(grappe=comop.grappe, parcours=parcours, levee_par=voisine)
    changer_etat(vieille, "clore", par=cheffe, reponse="Vu.", date_effet=AU - timedelta(days=31))
    assert titre not in lignes(voisine)


# --- décisions, mandats --------------------------------------------------------------------------------------------


def test_decisions_a_appliquer_puis_a_revoir(comop: Instance, cheffe: Any, animatrice: Any, membre: Any) -> None:
    decision = DecisionFactory(comite=comop, revue_le=AU + timedelta(days=1), intitule="Former la nuit d'abord")
    assert not [t for t in lignes(cheffe) if "décision" in t]
    changer_etat(decision, "arbitrer", par=cheffe)
    for qui in (cheffe, animatrice):
        assert lignes(qui)["Mettre en œuvre une décision"].urgence == Urgence.PEUT_ATTENDRE
    assert "Mettre en œuvre une décision" not in lignes(membre)
    changer_etat(decision, "appliquer", par=cheffe)
    assert not [t for t in lignes(cheffe) if "décision" in t]
    type(decision).objects.filter(pk=decision.pk).update(revue_le=AU)
    lue = lignes(cheffe)["Revoir une décision"]
    assert "Former la nuit" in lue.texte and "Former la nuit" not in lue.detail


def test_une_levee_qui_finit_previent(comop: Instance, cheffe: Any) -> None:
    parcours = ParcoursFactory(grappe=comop.grappe)
    levee = levee_de(comop, "va", parcours, levee_au=AU + timedelta(days=14))
    presents(levee.seance, mandater(comop))
    changer_etat(levee, "arbitrer", par=cheffe)
    (titre,) = [t for t in lignes(cheffe) if t.startswith("Une condition levée barre à nouveau")]
    assert "Mettre en œuvre une décision" not in lignes(cheffe), "une levée s'applique d'elle-même"
    type(levee).objects.filter(pk=levee.pk).update(levee_au=AU + timedelta(days=15))
    assert titre not in lignes(cheffe)


def test_un_mandat_qui_finit(comop: Instance, cheffe: Any, membre: Any) -> None:
    titre = "Renouveler un mandat, ou le confier"
    mandat = comop.mandats.get()
    assert mandat.utilisateur == membre and titre not in lignes(cheffe)
    type(mandat).objects.filter(pk=mandat.pk).update(au=AU + timedelta(days=31))
    assert titre not in lignes(cheffe)
    type(mandat).objects.filter(pk=mandat.pk).update(au=AU + timedelta(days=30))
    assert lignes(cheffe)[titre].urgence == Urgence.SUIVRE and titre not in lignes(membre)
    (sien,) = [ligne for t, ligne in lignes(membre).items() if t.startswith("Votre mandat finit le")]
    assert sien.urgence == Urgence.RAPPEL
    mandater(comop, membre, du=AU + timedelta(days=31))
    assert titre not in lignes(cheffe), "la suite est prévue"
    type(comop).objects.filter(pk=comop.pk).update(close_le=AU)
    comop.mandats.filter(du__gt=AU).delete()
    assert titre not in lignes(cheffe), "l'instance est close"


# --- le prix, le courriel ------------------------------------------------------------------------------------------


def test_meme_nombre_de_requetes_pour_1_et_50(comop: Instance, cheffe: Any) -> None:
    directrice = affecter(Role.DIRECTEUR, ParcoursFactory(grappe=comop.grappe).esms)

    def semer(nombre: int) -> None:
        for _ in range(nombre):
            instance = InstanceFactory(grappe=comop.grappe, quorum=0)
            mandater(instance, cheffe, au=AU + timedelta(days=3))
            SeanceFactory(comite=instance, debut=dans(1))
            seance_close(instance, debut=dans(-3))
            for _ in range(2):
                changer_etat(DecisionFactory(comite=instance, revue_le=AU), "arbitrer", par=cheffe)
            AlerteFactory(grappe=comop.grappe)
            alerte = AlerteFactory(grappe=comop.grappe, levee_par=directrice)
            changer_etat(alerte, "clore", par=cheffe, reponse="Vu.")

    for qui in (cheffe, directrice):
        semer(2)
        client = connecte(qui)
        client.get("/")
        with CaptureQueriesContext(connection) as peu:
            client.get("/")
        semer(9)
        with CaptureQueriesContext(connection) as beaucoup:
            assert client.get("/").status_code == 200
        assert len(beaucoup) == len(peu)


def test_qui_n_est_d_aucune_instance_ne_paie_rien_de_plus(comop: Instance) -> None:
    """Une place, aucune : au plus trois lectures de la gouvernance (ses places, ses mandats, ses réponses)."""
    referent = affecter(Role.REFERENT, ParcoursFactory(grappe=comop.grappe).esms)
    with CaptureQueriesContext(connection) as captees:
        lignes(referent)
    assert sum('"gouvernance_' in q["sql"] for q in captees) <= 3


def test_rien_d_ecrit_ne_part_par_courriel(comop: Instance, cheffe: Any) -> None:
    AlerteFactory(grappe=comop.grappe, intitule="SECRET un")
    AlerteFactory(grappe=comop.grappe, intitule="SECRET deux")
    for _ in range(2):
        changer_etat(DecisionFactory(comite=comop, intitule="SECRET trois", revue_le=AU), "arbitrer", par=cheffe)
    SeanceFactory(comite=comop, debut=dans(3), titre="SECRET quatre")
    contenu = composer(lignes(cheffe).values(), AU)
    assert contenu and not [p for p in contenu.points if "SECRET" in f"{p.titre} {p.detail} {p.regroupe}"]
