"""Ce qu'ouvrir une unité demande à la formation : mesuré, dit en mots, réuni par sa recette."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from formation.enums import NatureFormation, Rythme
from formation.models import ConnexionVerifiee, Declinaison, PlanFormation
from programme.models import Ouverture
from programme.socle.conditions import Constat, evaluer
from tests.fabriques import ModuleFactory, OuvertureFactory, UniteFactory, UtilisateurFactory
from tests.formation.fabriques import MetierFactory, ModuleFormationFactory, PosteFactory, former, il_y_a

pytestmark = pytest.mark.django_db


@pytest.fixture
def ouverture() -> Ouverture:
    return OuvertureFactory()


def constat(ouverture: Ouverture, code: str) -> Constat:
    lus = evaluer(Ouverture.objects.filter(pk=ouverture.pk), "ouvrir")[ouverture.pk]
    return next(c for c in lus if c.condition.code == code)


def _poste(ouverture: Ouverture, **champs: Any) -> Any:
    return PosteFactory(**({"parcours": ouverture.unite.parcours, "unite": ouverture.unite} | champs))


def _module(ouverture: Ouverture, **champs: Any) -> Any:
    return ModuleFormationFactory(grappe=ouverture.unite.parcours.grappe, **champs)


def test_jour_et_nuit_chacun_le_sien(ouverture: Ouverture) -> None:
    module = _module(ouverture)
    ouverture.unite.a_nuit = True
    ouverture.unite.save()
    assert constat(ouverture, "formes_jour_et_nuit").mesure == "personne"
    former(_poste(ouverture), module)
    assert constat(ouverture, "formes_jour_et_nuit").mesure == "le jour, personne la nuit"
    former(_poste(ouverture, rythme=Rythme.NUIT), module)
    assert constat(ouverture, "formes_jour_et_nuit").ok


def test_la_nuit_seule_ne_suffit_pas(ouverture: Ouverture) -> None:
    ouverture.unite.a_nuit = True
    ouverture.unite.save()
    former(_poste(ouverture, rythme=Rythme.NUIT), _module(ouverture))
    lu = constat(ouverture, "formes_jour_et_nuit")
    assert not lu.ok and lu.mesure == "la nuit, personne le jour"


def test_qui_fait_les_deux_compte_des_deux_cotes(ouverture: Ouverture) -> None:
    ouverture.unite.a_nuit = True
    ouverture.unite.save()
    former(_poste(ouverture, rythme=Rythme.JOUR_ET_NUIT), _module(ouverture))
    assert constat(ouverture, "formes_jour_et_nuit").ok


@pytest.mark.parametrize(
    "cas", ["parti", "a_venir", "renfort", "autre_unite", "autre_nature", "perime", "autre_module"]
)
def test_ne_comptent_pas(ouverture: Ouverture, cas: str) -> None:
    jour = timezone.localdate()
    champs: dict[str, Any] = {
        "parti": {"fin": il_y_a(1)},
        "a_venir": {"debut": jour + timedelta(days=3)},
        "renfort": {"debut": il_y_a(2), "fin": jour + timedelta(days=5)},
        "autre_unite": {"unite": UniteFactory(parcours=ouverture.unite.parcours, nom="Ailleurs")},
    }.get(cas, {})
    module = _module(ouverture, nature=NatureFormation.ECRITS if cas == "autre_nature" else NatureFormation.DUI)
    if cas == "autre_module":
        module.modules.add(ModuleFactory(code="un-autre"))
    former(_poste(ouverture, **champs), module, valable_jusqu_au=il_y_a(1) if cas == "perime" else None)
    assert constat(ouverture, "formes_jour_et_nuit").mesure == "personne"


def test_sans_unite_dite_on_compte_pour_toutes(ouverture: Ouverture) -> None:
    former(_poste(ouverture, unite=None), _module(ouverture))
    assert constat(ouverture, "formes_jour_et_nuit").ok


def test_la_couverture_de_l_unite_face_au_seuil_de_la_grappe(ouverture: Ouverture) -> None:
    module = _module(ouverture)
    postes = [_poste(ouverture) for _ in range(8)]
    for poste in postes[:6]:
        former(poste, module)
    lu = constat(ouverture, "couverture_unite")
    assert lu.mesure.replace("\u202f", " ") == "75 % / 80 %" and not lu.ok
    PlanFormation.objects.create(grappe=ouverture.unite.parcours.grappe, seuil_couverture=75)
    assert constat(ouverture, "couverture_unite").ok


def test_une_petite_equipe_ne_dit_que_son_cote_du_seuil(ouverture: Ouverture) -> None:
    module = _module(ouverture)
    postes = [_poste(ouverture) for _ in range(4)]
    mesures = []
    for poste in postes:
        former(poste, module)
        mesures.append(constat(ouverture, "couverture_unite").mesure.replace("\u202f", " "))
    assert mesures == ["petite équipe, sous 80 %"] * 3 + ["petite équipe, au moins 80 %"]


def test_formee_a_tout_son_socle_et_a_lui_seul(ouverture: Ouverture) -> None:
    dui, ecrits = _module(ouverture), _module(ouverture, nature=NatureFormation.ECRITS)
    veille = _module(ouverture, code="veille")
    veille.publics.add(MetierFactory(code="surveillant-de-nuit"))
    poste = _poste(ouverture)
    former(poste, dui)
    assert not constat(ouverture, "couverture_unite").ok, "il lui manque les écrits"
    former(poste, ecrits)
    assert constat(ouverture, "couverture_unite").ok, "la veille ne s'adresse pas à elle"


def test_sans_objet_ici_ne_se_demande_pas(ouverture: Ouverture) -> None:
    dui, ecrits = _module(ouverture), _module(ouverture, nature=NatureFormation.ECRITS)
    former(_poste(ouverture), dui)
    Declinaison.objects.create(module=ecrits, parcours=ouverture.unite.parcours, sans_objet=True, motif="déjà fait")
    assert constat(ouverture, "couverture_unite").ok


def test_la_connexion_se_verifie_unite_par_unite(ouverture: Ouverture) -> None:
    autre = OuvertureFactory(
        unite=UniteFactory(parcours=ouverture.unite.parcours, nom="Ailleurs"), module=ouverture.module
    )
    ConnexionVerifiee.objects.create(unite=autre.unite, verifiee_par=UtilisateurFactory())
    assert constat(autre, "connexion_verifiee").ok and not constat(ouverture, "connexion_verifiee").ok
