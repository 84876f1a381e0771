"""Un retour de terrain : reçu une fois, conduit par la porte, sa voix jamais perdue."""

import uuid

import pytest

from programme.enums import Role
from programme.socle.erreurs import Refus
from tests.fabriques import ParcoursFactory, affecter
from tests.usages.retours.fabriques import RetourFactory, SoutienFactory, conduire
from usages.enums import EtatRetour
from usages.models import Retour
from usages.models.retours import semaine_de
from usages.services.retours.depot import Depot, recevoir

pytestmark = pytest.mark.django_db


def test_la_meme_cle_ne_donne_qu_un_retour() -> None:
    parcours, depot = ParcoursFactory(), Depot("L'écran se fige.", uuid.uuid4())
    premier, neuf = recevoir(parcours=parcours, depot=depot)
    second, encore = recevoir(parcours=parcours, depot=depot)
    assert (neuf, encore, premier.pk) == (True, False, second.pk)
    assert premier.auteur is None and premier.recu_le == semaine_de(premier.recu_le)
    with pytest.raises(Refus):
        recevoir(parcours=ParcoursFactory(), depot=depot)


def test_de_nouveau_a_la_reponse_publiee() -> None:
    retour = RetourFactory()
    directeur = affecter(Role.DIRECTEUR, retour.parcours.esms)
    retour = conduire(retour, "qualifier", "prendre_en_charge", "resoudre", "publier", par=directeur)
    assert (retour.etat, retour.reponse != "", retour.repondu_le is not None) == (EtatRetour.PUBLIE, True, True)
    assert conduire(retour, "rouvrir", par=directeur).repondu_le is None


def test_un_retour_regroupe_donne_sa_voix() -> None:
    principal = RetourFactory()
    autre = RetourFactory(parcours=principal.parcours)
    SoutienFactory(retour=autre)
    SoutienFactory(retour=principal)
    directeur = affecter(Role.DIRECTEUR, autre.parcours.esms)
    conduire(autre, "regrouper", par=directeur, sous=principal.pk)
    assert [r.nb_voix for r in Retour.objects.principaux().avec_voix()] == [4]
