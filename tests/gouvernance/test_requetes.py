"""Chaque page, fragment, fichier et route d'API de la gouvernance coûte autant à une ligne qu'à cinquante.

La table d'accès dit les adresses : une page neuve est mesurée sans qu'on y pense.
"""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.db.models import Max
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gouvernance.enums import Public
from gouvernance.models import PartageSeance, Portee, Presence, Publication, Seance
from gouvernance.services.decisions import ajouter_une_action
from gouvernance.services.tenue import consigner_action, consigner_decision, consigner_information
from programme.socle.pieces import PIECES_MAXIMALES, deposer, pieces_de
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
    seance_ouverte,
)

pytestmark = [pytest.mark.django_db, pytest.mark.une_base]
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


def _decisions(ici: Cote, parcours: Any, tenue: Seance) -> None:
    """Une décision arbitrée qui touche l'ESMS du monde, un ESMS et une action de plus pour celle du monde."""
    par = ici.travail.par
    rang = ici.grappe.decisions.aggregate(n=Max("numero"))["n"] + 1
    touche = DecisionFactory(comite=ici.instance, seance=tenue, numero=rang, revue_le=timezone.localdate())
    Portee.objects.create(decision=touche, parcours=ici.parcours)
    Portee.objects.create(decision=touche, parcours=parcours)
    Portee.objects.create(decision=ici.decision, parcours=parcours)
    changer_etat(touche, "arbitrer", par=par)
    ajouter_une_action(decision=ici.decision, par=par, libelle="Former la nuit")


def _alertes_et_journal(ici: Cote, parcours: Any) -> None:
    """Des alertes, l'histoire de celle du monde, des entrées à tous, un partage fini, un dossier, une pièce."""
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
    if pieces_de(ici.seance).count() < PIECES_MAXIMALES:
        deposer(ici.seance, ContentFile(f"%PDF-1.4\n{parcours.pk}\n%%EOF".encode(), "a.pdf"), par=UtilisateurFactory())


def _tenue(ici: Cote) -> None:
    """Un point de plus à la séance ouverte, et ce qui en sort."""
    par, point = ici.travail.par, PointFactory(seance=ici.seance)
    consigner_information(point=point, texte="Dit", par=par)
    consigner_action(point=point, libelle="Faire", par=par)
    consigner_decision(point=point, texte="Décider", par=par)


def _peupler(ici: Cote, nombre: int) -> None:
    tenue = seance_ouverte(ici.instance)
    for _ in range(nombre):
        parcours = ParcoursFactory(grappe=ici.grappe, esms__departement=ici.esms.departement)
        _instances(ici, parcours)
        _decisions(ici, parcours, tenue)
        _alertes_et_journal(ici, parcours)
        if ici.seance.se_tient:
            _tenue(ici)


def _visites(monde: Monde) -> dict[str, tuple[str, str]]:
    """« nom, rôle » : l'adresse et le rôle qui la lit ; les yeux naturels, et ceux des rôles qui y viennent souvent."""
    visites = {}
    for nom, ligne in (GOUVERNANCE | AILLEURS).items():
        url = reverse(nom.split()[0], kwargs=ligne.nommer(monde.dedans)) if ligne.lit else ""
        for role in {ligne.naturel, *YEUX}:
            if url and role in ligne.voit["dedans"] & ligne.peut["dedans"]:
                visites[f"{nom}, {role}"] = (url, role)
    return visites


class Mesure:
    """Lit des adresses sous les comptes du monde ; `chauffer` une fois les caches du processus, puis `compter`."""

    def __init__(self, monde: Monde, visites: dict[str, tuple[str, str]]) -> None:
        self.clients = {role: connecte(compte) for role, compte in monde.comptes.items() if compte}
        self.visites = visites

    def chauffer(self) -> None:
        """Une lecture de chaque adresse."""
        for url, role in self.visites.values():
            assert self.clients[role].get(url).status_code in (200, 302), url

    def compter(self) -> dict[str, int]:
        """Par visite, le nombre de requêtes."""
        return {nom: self._requetes(url, role) for nom, (url, role) in self.visites.items()}

    def _requetes(self, url: str, role: str) -> int:
        with CaptureQueriesContext(connection) as captees:
            assert self.clients[role].get(url).status_code in (200, 302), url
        return len(captees)


@pytest.mark.parametrize("transitions", [(), ("ouvrir",), ("ouvrir", "clore", "diffuser")], ids=len)
def test_tout_coute_autant_a_une_ligne_qu_a_cinquante(transitions: tuple[str, ...]) -> None:
    monde = batir()
    ici = monde.dedans
    _peupler(ici, 1)
    for transition in transitions:
        changer_etat(ici.seance, transition, par=ici.travail.par)
        if ici.seance.se_tient:
            _tenue(ici)
    visites = _visites(monde)
    if transitions:  # l'état de la séance ne change que ses pages
        visites = {nom: v for nom, v in visites.items() if re.search("seance|point|issue|dossier", nom)}
    mesure = Mesure(monde, visites)
    mesure.chauffer()
    a_une = mesure.compter()
    _peupler(ici, 49)
    a_cinquante = mesure.compter()
    ecarts = [f"{nom} : {a_une[nom]} puis {a_cinquante[nom]}" for nom in visites if a_cinquante[nom] > a_une[nom]]
    assert not ecarts, "\n" + "\n".join(ecarts)
