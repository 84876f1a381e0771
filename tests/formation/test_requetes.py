"""Chaque page, fichier et route d'API de la formation coûte autant à une ligne qu'à cinquante.

La table d'accès dit les adresses : une page neuve est mesurée sans qu'on y pense.
"""

import re
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from formation.enums import EtatMatrice, MesureObjectif, Pointage, StatutInscription
from formation.models import Declinaison, Matrice, RaisonHabilitation
from formation.services import bilans, couverture
from formation.services.references import charger_regles
from programme.services.reference import DOSSIER
from programme.socle.pieces import PIECES_MAXIMALES, deposer, pieces_de
from programme.socle.porte import changer_etat
from tests.acces.formation import FORMATION
from tests.acces.lignes import Ligne, _grappe, _parcours
from tests.acces.monde import Cote, Monde, batir
from tests.acces.table import LIGNES
from tests.aides import connecte
from tests.fabriques import ActionFactory, ModuleFactory, OuvertureFactory, ParcoursFactory, UtilisateurFactory
from tests.formation.avis.aides_avis import noter, session_tenue
from tests.formation.fabriques import (
    CompteDuiFactory,
    FormateurFactory,
    HabilitationFactory,
    InscriptionFactory,
    MatriceFactory,
    MesureChangementFactory,
    MetierFactory,
    ModuleFormationFactory,
    ObjectifFactory,
    PosteFactory,
    ProfilFactory,
    SessionFormationFactory,
    equipe,
    former,
    il_y_a,
    presente,
)

pytestmark = [pytest.mark.django_db, pytest.mark.une_base]
YEUX = ("chef_projet", "directeur")
# Ce que d'autres apps montrent de la formation : l'accueil, un ESMS et sa préparation, une grappe, le dossier.
AILLEURS = {
    "programme:accueil": Ligne(),
    "programme:parcours-detail": Ligne(_parcours),
    "programme:grappe-detail": Ligne(_grappe),
    **{nom: LIGNES[nom] for nom in ("programme:parcours-preparation", "programme:chantier-liste")},
    "gouvernance:seance-dossier": LIGNES["gouvernance:seance-dossier"],
}
RANG = count()


def _equipes(ici: Cote, autre: Any, rang: int) -> None:
    """Une unité et son métier, une personne formée qui tient aussi un poste ailleurs, une sortie, des comptes."""
    metier = MetierFactory(code=f"metier-{rang}")
    unite = OuvertureFactory(unite__parcours=ici.parcours, ancien_support="Cahier").unite
    tenu = PosteFactory(parcours=ici.parcours, metier=metier, unite=unite, debut=il_y_a(20))
    PosteFactory(parcours=autre, metier=metier, professionnel=tenu.professionnel)
    PosteFactory(parcours=autre, metier=metier, professionnel=ici.professionnel, fin=il_y_a(3))
    PosteFactory(parcours=ici.parcours, professionnel__nom="", professionnel__matricule="", unite=unite)
    sortie = PosteFactory(parcours=ici.parcours, metier=metier, fin=il_y_a(3))
    profil = ProfilFactory(grappe=ici.grappe)
    profil.metiers.add(metier)
    for poste in (tenu, sortie):
        CompteDuiFactory(parcours=ici.parcours, professionnel=poste.professionnel, profil=profil)
    CompteDuiFactory(parcours=ici.parcours, est_partage=True)
    CompteDuiFactory(parcours=ici.parcours, signale_le=il_y_a(30))
    _droits(ici, autre, profil)


def _droits(ici: Cote, autre: Any, profil: Any) -> None:
    """Une colonne et des cases de plus dans chaque matrice, une raison, la variante d'un autre ESMS."""
    module = ModuleFactory()
    ici.grappe.modules.add(module)
    variante = MatriceFactory(parcours=autre, modele=ici.modele, creee_par=ici.travail.par)
    if profil.pk % 2:  # sans la porte : cinquante directions à nommer coûteraient plus que toutes les pages
        models.QuerySet(Matrice).filter(pk=variante.pk).update(etat=EtatMatrice.VALIDEE)
    siennes = {*ici.parcours.matrices.all(), *ici.grappe.matrices.modeles()}
    for matrice in {*siennes, variante}:
        HabilitationFactory(matrice=matrice, profil=profil, module=module)
    for matrice in siennes:
        RaisonHabilitation.objects.create(
            matrice=matrice,
            regle=f"regle-{profil.pk}",
            cle=profil.code,
            motif_type="equipe",
            donnee_par=matrice.creee_par,
        )


def _plan(ici: Cote, tenue: Any, autre: Any, rang: int) -> None:
    """Un module et son public, son formateur, ses sessions, ce que l'ESMS en fait ; qui y vient, qui y est formé."""
    module = ModuleFormationFactory(grappe=ici.grappe)
    metier = MetierFactory(code=f"public-{rang}")
    for vise in (module, ici.moduleformation):
        vise.publics.add(metier)
    formateur = FormateurFactory(grappe=ici.grappe, parcours=ici.parcours if rang % 2 else None, og=ici.og)
    formateur.modules.add(module)
    ici.formateur.modules.add(module)
    Declinaison.objects.create(module=module, parcours=ici.parcours, modalite="pairs")
    Declinaison.objects.create(module=ici.moduleformation, parcours=autre, modalite="pairs")
    for lieu in (ici.parcours, None):
        for de_quoi in (module, ici.moduleformation):
            SessionFormationFactory(module=de_quoi, parcours=lieu, formateur=formateur)
    if pieces_de(ici.moduleformation).count() < PIECES_MAXIMALES:
        contenu = ContentFile(f"%PDF-1.4\n{rang}\n%%EOF".encode(), "a.pdf")
        deposer(ici.moduleformation, contenu, par=UtilisateurFactory())
    _venir(ici, tenue, module, autre, metier)


def _venir(ici: Cote, tenue: Any, module: Any, autre: Any, metier: Any) -> None:
    """Des inscrits, une attente, un présent formé, un avis ; une personne de plus à chaque module."""
    for parcours in (ici.parcours, autre):
        poste = PosteFactory(parcours=parcours, metier=metier)
        former(poste, module)
        for session in (ici.sessionformation, ici.session_de_grappe):
            InscriptionFactory(session=session, poste=poste)
    InscriptionFactory(
        session=ici.sessionformation, poste=PosteFactory(parcours=ici.parcours), statut=StatutInscription.EN_ATTENTE
    )
    former(ici.poste, module)
    InscriptionFactory(session__module=module, poste=ici.poste, pointage=Pointage.PRESENT)
    for moment in ("a_chaud", "a_froid"):
        noter(tenue, (4, 4), moment=moment, remarque="Plus de pratique.")
    former(presente(tenue, PosteFactory(parcours=ici.parcours)).poste, module)


def _changement(ici: Cote, autre: Any) -> None:
    """Des actions du plan, des objectifs d'ici et de la grappe, un bilan."""
    for champs in ({"parcours": ici.parcours}, {"grappe": ici.grappe}, {"parcours": autre}):
        action = ActionFactory(**champs, origine="changement", responsable=UtilisateurFactory())
        MesureChangementFactory(action=action)
    for mesure in MesureObjectif.values:
        part = None if mesure == MesureObjectif.A_DIRE else 50
        ObjectifFactory(parcours=ici.parcours, mesure=mesure, part_visee=part)
    ObjectifFactory(parcours=None, grappe=ici.grappe)
    bilans.arreter(parcours=ici.parcours, par=ici.travail.par)


def _peupler(ici: Cote, apres: Cote, nombre: int) -> None:
    for _ in range(nombre):
        rang = next(RANG)
        autre = ParcoursFactory(grappe=ici.grappe, esms__og=ici.og, esms__departement=ici.esms.departement)
        equipe(autre, 1)
        _equipes(ici, autre, rang)
        _plan(ici, apres.sessionformation, autre, rang)
        _changement(ici, autre)
    couverture.rafraichir()


def _plus_tard(monde: Monde) -> tuple[Cote, Cote]:
    """Les matrices du monde font foi, une autre est en travail ; une session s'est tenue. Avant, puis après cela."""
    ici, cheffe, directeur = monde.dedans, monde.comptes["chef_projet"], monde.comptes["directeur"]
    for _ in range(5):  # en dessous, une région et une grappe ne montrent rien
        equipe(ParcoursFactory(grappe=ici.grappe, esms__departement=ici.esms.departement), 5)
    tenue = session_tenue(ici.parcours, directeur, presents=5)
    for presente_la in tenue.inscriptions.all():
        former(presente_la.poste, ici.moduleformation)
    noter(tenue, (4, 4))
    for session in (ici.sessionformation, ici.session_de_grappe):
        changer_etat(session, "ouvrir", par=cheffe)
    changer_etat(ici.modele, "valider", par=cheffe)
    changer_etat(ici.matrice, "valider", par=directeur)
    modele = MatriceFactory(grappe=ici.grappe, parcours=None, numero=2, creee_par=cheffe)
    matrice = MatriceFactory(parcours=ici.parcours, modele=ici.modele, numero=2, creee_par=directeur)
    charger_regles(DOSSIER)
    apres = replace(ici, sessionformation=tenue, inscription=tenue.inscriptions.first())
    return replace(ici, modele=modele, matrice=matrice), apres


def _visites(ici: Cote, lignes: dict[str, Ligne], quand: str) -> dict[str, tuple[str, str]]:
    """« nom, rôle, quand » : l'adresse et le rôle qui la lit ; les yeux naturels, et ceux qui y viennent souvent."""
    visites = {}
    for nom, ligne in lignes.items():
        url = reverse(nom.split()[0], kwargs=ligne.nommer(ici)) if ligne.lit else ""
        # Une saisie se lit avec les yeux de qui la fait ; une lecture, aussi avec ceux qui n'y voient pas les noms.
        for role in {ligne.naturel, *(() if ligne.ecrit and not ligne.peut_ecrire else YEUX)}:
            if url and role in ligne.voit["dedans"] & ligne.peut["dedans"]:
                visites[f"{nom}, {role}, {quand}"] = (url, role)
    return visites


class Mesure:
    """Lit des adresses sous les comptes du monde, et compte."""

    def __init__(self, monde: Monde, visites: dict[str, tuple[str, str]]) -> None:
        self.clients = {role: connecte(compte) for role, compte in monde.comptes.items() if compte}
        self.visites = visites

    def compter(self) -> dict[str, int]:
        """Par visite, le nombre de requêtes."""
        return {nom: self._requetes(url, role) for nom, (url, role) in self.visites.items()}

    def _requetes(self, url: str, role: str) -> int:
        with CaptureQueriesContext(connection) as captees:
            assert self.clients[role].get(url).status_code in (200, 302), url
        return len(captees)


def test_tout_coute_autant_a_une_ligne_qu_a_cinquante() -> None:
    monde = batir()
    avant, apres = _plus_tard(monde)
    _peupler(avant, apres, 1)
    changent = {nom: ligne for nom, ligne in FORMATION.items() if re.search("session|inscription|avis|matrice", nom)}
    mesure = Mesure(monde, _visites(avant, FORMATION | AILLEURS, "avant") | _visites(apres, changent, "après"))
    ContentType.objects.get_for_models(*apps.get_models())  # gardés par le processus
    a_une = mesure.compter()
    _peupler(avant, apres, 49)
    a_cinquante = mesure.compter()
    ecarts = [f"{nom} : {n} puis {a_cinquante[nom]}" for nom, n in a_une.items() if a_cinquante[nom] > n]
    assert not ecarts, "\n" + "\n".join(ecarts)
