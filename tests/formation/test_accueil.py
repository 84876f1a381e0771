"""Ce que la formation met à l'accueil, au dossier de séance, aux chantiers : des nombres, jamais de noms."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from formation.chapitres import droits_acces, formation
from formation.models import PlanFormation
from formation.propositions import sous_le_seuil
from programme.chantiers import constater
from programme.enums import Chantier, Role
from programme.models import Grappe, Parcours, Utilisateur
from programme.socle.a_faire import Ligne, a_faire
from programme.socle.chapitres import Demande
from programme.socle.porte import changer_etat
from programme.socle.propositions import Demande as DemandeDePoints
from tests.fabriques import ParcoursFactory, UniteFactory, affecter, cheffe_de, directrice_de
from tests.formation.avis.aides_avis import noter, session_tenue
from tests.formation.fabriques import (
    CompteDuiFactory,
    HabilitationFactory,
    InscriptionFactory,
    MatriceFactory,
    ModuleFormationFactory,
    PosteFactory,
    SessionFormationFactory,
    equipe,
    former,
    il_y_a,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


def _titres(utilisateur: Utilisateur) -> list[str]:
    return [ligne.titre.replace("\xa0", " ") for ligne in _lignes(utilisateur)]


def _lignes(utilisateur: Utilisateur) -> list[Ligne]:
    return a_faire(Utilisateur.objects.get(pk=utilisateur.pk), timezone.localdate())


def _en(parcours: Parcours, etat: str) -> None:
    changer_etat(parcours, "constater", par=directrice_de(parcours), vers=etat)


def test_une_matrice_soumise_attend_la_direction_et_elle_seule(parcours: Parcours) -> None:
    directrice, referent = directrice_de(parcours), affecter(Role.REFERENT, parcours.esms)
    matrice = HabilitationFactory(matrice__parcours=parcours, matrice__grappe=parcours.grappe).matrice
    changer_etat(matrice, "soumettre", par=referent)
    assert "Valider les droits d'accès au DUI" in _titres(directrice)
    assert "Valider les droits d'accès au DUI" not in _titres(referent)


def test_en_preparation_il_reste_a_dire_qui_s_en_servira(parcours: Parcours) -> None:
    _en(parcours, "preparation")
    referent = affecter(Role.REFERENT, parcours.esms)
    assert {"Dire qui se servira du DUI", "Préparer les droits d'accès au DUI"} <= set(_titres(referent))
    equipe(parcours, 2)
    MatriceFactory(parcours=parcours)
    assert not {"Dire qui se servira du DUI", "Préparer les droits d'accès au DUI"} & set(_titres(referent))


def test_un_arrivant_se_rappelle_passe_le_delai_sans_etre_nomme(parcours: Parcours) -> None:
    _en(parcours, "service_regulier")
    directrice = directrice_de(parcours)
    module = ModuleFormationFactory(grappe=parcours.grappe)
    recent = PosteFactory(parcours=parcours, debut=il_y_a(10))
    assert "Former 1 arrivant" not in _titres(directrice), "le mois n'est pas passé"
    PlanFormation.objects.create(grappe=parcours.grappe, delai_arrivant=5)
    ligne = next(li for li in _lignes(directrice) if li.titre.endswith("arrivant"))
    assert recent.professionnel.nom not in repr(ligne)
    former(recent, module)
    assert "Former 1 arrivant" not in _titres(directrice)


def test_un_compte_de_personne_partie_se_fait_fermer(parcours: Parcours) -> None:
    directrice, cheffe = directrice_de(parcours), cheffe_de(parcours.grappe)
    parti = PosteFactory(parcours=parcours, fin=il_y_a(3))
    CompteDuiFactory(parcours=parcours, professionnel=parti.professionnel)
    reste = PosteFactory(parcours=parcours)
    CompteDuiFactory(parcours=parcours, professionnel=reste.professionnel)
    assert "Faire fermer 1 compte du DUI" in _titres(directrice)
    assert not any(titre.startswith("Faire fermer") for titre in _titres(cheffe))


def test_une_session_passee_se_dit_tenue_puis_se_pointe(parcours: Parcours) -> None:
    cheffe, directrice = cheffe_de(parcours.grappe), directrice_de(parcours)
    hier = timezone.now() - timedelta(days=1)
    session = SessionFormationFactory(module=ModuleFormationFactory(grappe=parcours.grappe), debut=hier)
    InscriptionFactory(session=session, poste=PosteFactory(parcours=parcours))
    assert "Dire si la formation s'est tenue" in _titres(cheffe)
    assert "Dire si la formation s'est tenue" not in _titres(directrice), "elle n'est pas de son ESMS"
    changer_etat(session, "tenir", par=cheffe)
    assert "Pointer les présences" in _titres(cheffe)


def test_l_avis_a_froid_se_demande_jusqu_au_premier(parcours: Parcours) -> None:
    cheffe = cheffe_de(parcours.grappe)
    session = session_tenue(parcours, cheffe, presents=1, il_y_a=30, de_grappe=True)
    assert "Demander l'avis à froid" not in _titres(cheffe), "six semaines ne sont pas passées"
    PlanFormation.objects.create(grappe=parcours.grappe, delai_a_froid=20)
    assert "Demander l'avis à froid" in _titres(cheffe)
    noter(session, (4, 4), moment="a_froid")
    assert "Demander l'avis à froid" not in _titres(cheffe)


def test_des_places_libres_se_proposent_a_qui_gere(parcours: Parcours) -> None:
    session = SessionFormationFactory(module=ModuleFormationFactory(grappe=parcours.grappe), capacite=1)
    changer_etat(session, "ouvrir", par=cheffe_de(parcours.grappe))
    directrice = directrice_de(parcours)
    assert "Inscrire à une formation" in _titres(directrice)
    InscriptionFactory(session=session, poste=PosteFactory(parcours=parcours))
    assert "Inscrire à une formation" not in _titres(directrice), "elle est pleine"


def test_autant_de_requetes_pour_un_esms_que_pour_vingt() -> None:
    grappe = ParcoursFactory().grappe
    cheffe = cheffe_de(grappe)
    comptes = []
    _peupler(grappe, 1)
    _tout_lire(grappe, cheffe)  # les types de contenu se gardent en mémoire
    for ajoutes in (0, 20):
        _peupler(grappe, ajoutes)
        with CaptureQueriesContext(connection) as requetes:
            _tout_lire(grappe, cheffe)
        comptes.append(len(requetes))
    assert len(set(comptes)) == 1, comptes


def _tout_lire(grappe: Grappe, cheffe: Utilisateur) -> None:
    _lignes(cheffe)
    _constater(grappe)
    _chapitres(grappe, cheffe)


def _peupler(grappe: Grappe, nombre: int) -> None:
    for _ in range(nombre):
        parcours = ParcoursFactory(grappe=grappe)
        UniteFactory(parcours=parcours)
        MatriceFactory(parcours=parcours)
        former(PosteFactory(parcours=parcours), ModuleFormationFactory(grappe=grappe))
        InscriptionFactory(session=SessionFormationFactory(module=ModuleFormationFactory(grappe=grappe)))


def _constater(grappe: Grappe) -> Any:
    return constater(list(Parcours.objects.filter(grappe=grappe).select_related("esms", "grappe")))


def _chapitres(grappe: Grappe, par: Utilisateur) -> Any:
    demande = Demande(grappe, par, timezone.localdate())
    return formation(demande), droits_acces(demande)


def test_les_chantiers_disent_ou_en_sont_les_droits_et_la_formation(parcours: Parcours) -> None:
    UniteFactory(parcours=parcours)
    equipe(parcours, 4)
    lus = constater([parcours])[parcours.pk]
    droits = {c.libelle: c.detail for c in lus[Chantier.DROITS]}
    assert droits["Droits d'accès au DUI"] == "pas commencés"
    assert droits["Comptes et connexions"].replace("\xa0", " ") == "0 unité vérifiée sur 1"
    module = ModuleFormationFactory(grappe=parcours.grappe)
    for poste in parcours.postes.all()[:3]:
        former(poste, module)
    lus = constater([parcours])[parcours.pk]
    formation_lue = {c.libelle: c.detail.replace("\u202f", " ").replace("\xa0", " ") for c in lus[Chantier.FORMATION]}
    assert formation_lue["Utilisateurs prévus"] == "moins de 5 personnes en poste"
    assert formation_lue["Couverture de formation"] == "moins de 5 personnes : sous le seuil"
    equipe(parcours, 4)
    lus = constater([parcours])[parcours.pk]
    formation_lue = {c.libelle: c.detail.replace("\u202f", " ").replace("\xa0", " ") for c in lus[Chantier.FORMATION]}
    assert formation_lue["Utilisateurs prévus"] == "8 personnes en poste"
    assert formation_lue["Couverture de formation"] == "38 % / 80 %"


def test_le_dossier_ne_dit_pas_un_effectif_de_moins_de_cinq(parcours: Parcours) -> None:
    equipe(parcours, 3)
    ModuleFormationFactory(grappe=parcours.grappe)
    blocs = formation(Demande(parcours.grappe, cheffe_de(parcours.grappe), timezone.localdate()))
    tableau = next(b for b in blocs if b.genre == "tableau")
    assert tableau.lignes == ((str(parcours), "moins de 5", "non montré", ""),)


def test_on_propose_de_former_avant_d_ouvrir(parcours: Parcours) -> None:
    _en(parcours, "preparation")
    equipe(parcours, 5)
    ModuleFormationFactory(grappe=parcours.grappe)
    demande = DemandeDePoints(parcours.grappe, cheffe_de(parcours.grappe), timezone.localdate(), suit=True)
    [point] = list(sous_le_seuil(demande))
    assert point.titre.replace("\xa0", " ") == "1 ESMS à former avant d'ouvrir" and str(parcours) in point.expose
