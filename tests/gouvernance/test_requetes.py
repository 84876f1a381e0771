"""Chaque page, fragment, fichier et route d'API de la gouvernance coûte autant à une ligne qu'à cinquante.

La table d'accès dit les adresses : une page neuve est mesurée sans qu'on y pense.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Max
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gouvernance.enums import Public
from gouvernance.models import PartageSeance, Portee, Presence, Publication
from gouvernance.services.decisions import ajouter_une_action
from gouvernance.services.tenue import consigner_action, consigner_decision, consigner_information
from programme.socle.porte import changer_etat
from tests.acces.gouvernance import GOUVERNANCE
from tests.acces.lignes import Ligne, _grappe, _parcours
from tests.acces.monde import Cote, Monde, batir
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, UtilisateurFactory
from tests.gouvernance.fabriques import (
    AlerteFactory,
    DecisionFactory,
    DossierSeanceFactory,
    EntreeFactory,
    InstanceFactory,
    PointFactory,
    SeanceFactory,
    mandater,
)

pytestmark = pytest.mark.django_db
YEUX = ("chef_projet", "membre", "directeur")
# Ce que d'autres apps montrent de la gouvernance : l'accueil, la page d'un ESMS, celle d'une grappe.
AILLEURS = {
    "programme:accueil": Ligne(),
    "programme:parcours-detail": Ligne(_parcours),
    "programme:grappe-detail": Ligne(_grappe),
}


def _instances(ici: Cote, parcours: Any) -> None:
    """Un siège de plus au COMOP, une autre instance avec sa séance, un comité qui porte un point."""
    siege = mandater(ici.instance, represente="esms", esms=parcours.esms, suppleant=UtilisateurFactory())
    autre = InstanceFactory(grappe=ici.grappe, type="utilisateurs", quorum=0)
    mandater(autre, ici.mandat.utilisateur, represente="utilisateurs")
    SeanceFactory(comite=autre)
    passee = SeanceFactory(comite=ici.instance, debut=timezone.now() - timedelta(days=30))
    avant = PointFactory(seance=passee, suite="reporte")
    PointFactory(seance=ici.seance, demandee_par=autre, reporte_de=avant)
    Presence.objects.create(seance=ici.seance, mandat=siege, statut="present")


def _decisions(ici: Cote, parcours: Any) -> None:
    """Une décision arbitrée qui touche l'ESMS du monde, un ESMS et une action de plus pour celle du monde."""
    par = ici.travail.par
    rang = ici.grappe.decisions.aggregate(n=Max("numero"))["n"] + 1
    touche = DecisionFactory(comite=ici.instance, numero=rang, revue_le=timezone.localdate())
    Portee.objects.create(decision=touche, parcours=ici.parcours)
    Portee.objects.create(decision=touche, parcours=parcours)
    Portee.objects.create(decision=ici.decision, parcours=parcours)
    changer_etat(touche, "arbitrer", par=par)
    ajouter_une_action(decision=ici.decision, par=par, libelle="Former la nuit")


def _alertes_et_journal(ici: Cote, parcours: Any) -> None:
    """Des alertes, l'histoire de celle du monde, des entrées publiées à tous, un partage fini, un dossier de plus."""
    par, hier = ici.travail.par, timezone.localdate() - timedelta(days=1)
    AlerteFactory(grappe=ici.grappe)
    AlerteFactory(grappe=ici.grappe, parcours=parcours)
    changer_etat(AlerteFactory(grappe=ici.grappe, parcours=ici.parcours), "clore", par=par, reponse="Vu.")
    changer_etat(ici.alerte, "clore", par=par, reponse="Vu.")
    changer_etat(ici.alerte, "rouvrir", par=par, motif="Pas encore")
    for cible in (None, ici.parcours):
        entree = EntreeFactory(grappe=ici.grappe, parcours=cible, auteur=UtilisateurFactory())
        for public in Public.values:
            Publication.objects.create(entree=entree, public=public, publiee_par=par)
    PartageSeance.objects.create(seance=ici.seance, du=hier, au=hier, pourquoi="Revue", ouvert_par=par)
    DossierSeanceFactory(seance=ici.seance)


def _tenue(ici: Cote) -> None:
    """Un point de plus à la séance ouverte, et ce qui en sort."""
    par, point = ici.travail.par, PointFactory(seance=ici.seance)
    consigner_information(point=point, texte="Dit", par=par)
    consigner_action(point=point, libelle="Faire", par=par)
    consigner_decision(point=point, texte="Décider", par=par)


def _peupler(ici: Cote, nombre: int) -> None:
    for _ in range(nombre):
        parcours = ParcoursFactory(grappe=ici.grappe, esms__departement=ici.esms.departement)
        _instances(ici, parcours)
        _decisions(ici, parcours)
        _alertes_et_journal(ici, parcours)
        if ici.seance.se_tient:
            _tenue(ici)


def _visites(monde: Monde) -> dict[str, tuple[str, str]]:
    """« nom, rôle » : l'adresse et le rôle qui la lit ; les yeux naturels, et ceux des trois rôles qui y viennent."""
    visites = {}
    for nom, ligne in (GOUVERNANCE | AILLEURS).items():
        url = reverse(nom.split()[0], kwargs=ligne.nommer(monde.dedans)) if ligne.lit else ""
        for role in {ligne.naturel, *YEUX}:
            if url and role in ligne.voit["dedans"] & ligne.peut["dedans"]:
                visites[f"{nom}, {role}"] = (url, role)
    return visites


def _mesurer(monde: Monde, visites: dict[str, tuple[str, str]]) -> dict[str, tuple[int, int]]:
    """Par visite, le code rendu et le nombre de requêtes, caches du processus déjà chauds."""
    clients = {role: connecte(compte) for role, compte in monde.comptes.items() if compte}
    mesures = {}
    for nom, (url, role) in visites.items():
        clients[role].get(url)
        with CaptureQueriesContext(connection) as captees:
            reponse = clients[role].get(url)
        mesures[nom] = (reponse.status_code, len(captees))
    return mesures


@pytest.mark.parametrize("transitions", [(), ("ouvrir",), ("ouvrir", "clore", "diffuser")], ids=len)
def test_tout_coute_autant_a_une_ligne_qu_a_cinquante(transitions: tuple[str, ...]) -> None:
    monde = batir()
    ici = monde.dedans
    _peupler(ici, 2)
    for transition in transitions:
        changer_etat(ici.seance, transition, par=ici.travail.par)
        if ici.seance.se_tient:
            _tenue(ici)
            _tenue(ici)
    visites = _visites(monde)
    a_une = _mesurer(monde, visites)
    assert {code for code, _ in a_une.values()} <= {200, 302}
    _peupler(ici, 48)
    a_cinquante = _mesurer(monde, visites)
    ecarts = [f"{nom} : {a_une[nom]} puis {a_cinquante[nom]}" for nom in visites if a_une[nom] != a_cinquante[nom]]
    assert not ecarts, "\n" + "\n".join(ecarts)
