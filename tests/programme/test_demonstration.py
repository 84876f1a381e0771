"""La démonstration : chargée une fois, par la porte, sans rien inventer qu'elle ne dise."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from config.outils.demo import COMPTES
from formation.demonstration.textes import NOMS, PRENOMS, nom_invente
from formation.models import CumulCouverture, Matrice, Professionnel, RaisonHabilitation
from gouvernance.models import Alerte, Decision, Entree, Instance, Mandat, PageOuverte, Point, Seance
from programme.demonstration import passe
from programme.demonstration.ain_rhone.grappe import ENFANCE
from programme.demonstration.ain_rhone.grappe import NOM as AIN_RHONE
from programme.demonstration.annuaire import finess_de_fantaisie
from programme.demonstration.calendrier import Calendrier, est_ouvre
from programme.demonstration.comptes import ANNONCES, AUTRES
from programme.demonstration.financement import petit_pdf
from programme.demonstration.fondation import IME
from programme.demonstration.fondation import NOM as FONDATION
from programme.enums import EtatGrappe, EtatOuverture, EtatParcours, NatureFait, TempsEcriture
from programme.models import (
    Avenant,
    Candidature,
    ConflitCalendrier,
    Esms,
    Fait,
    Grappe,
    Jalon,
    Moment,
    Ouverture,
    Parcours,
    PersonneRessource,
    Proposition,
    TempsMetier,
    Utilisateur,
    VersionInstruction,
)
from programme.mots_de_passe import MOT_DE_PASSE_DEMONSTRATION
from programme.services.contenu_rappel import composer
from programme.services.double_financement import DEUX_DUI, signaux
from programme.services.envoi_rappels import courriel
from programme.services.etat_grappe import etat_de
from programme.services.prevision import prevoir_chacun
from programme.socle.a_faire import a_faire
from programme.socle.finess.numero import est_valide
from programme.socle.models import Passage, Piece
from programme.socle.regles_alerte import regles
from programme.socle.types_de_fichier import reconnaitre
from usages.calculs.budget import PLAFOND
from usages.calculs.periodes import Periode
from usages.enums import CadenceReleve, EtatReleve, Origine
from usages.models import (
    Cible,
    DemandeEditeur,
    Irritant,
    MonteeDeVersion,
    PreuveUsage,
    Releve,
    Ticket,
    Valeur,
    VersionSolution,
)
from usages.services.indicateurs.suivis import compter as compter_le_budget
from usages.services.indicateurs.suivis import suivis_par_grappe


@pytest.fixture(scope="module")
def chargee(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Une démonstration pour tout le module, défaite à la fin : la charger à chaque essai coûterait une minute."""
    from django.conf import settings

    with django_db_blocker.unblock(), transaction.atomic():
        avant, settings.DEMONSTRATION = settings.DEMONSTRATION, True
        call_command("charger_reference", verbosity=0)
        call_command("charger_demonstration", verbosity=0)
        settings.DEMONSTRATION = avant
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(chargee: None, db: None, settings: Any) -> None:
    settings.DEMONSTRATION = True


def _compter() -> list[int]:
    return [m.objects.count() for m in (Utilisateur, Esms, Grappe, Parcours, Ouverture, Passage, Proposition)]


# --- charger -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_refusee_hors_demonstration() -> None:
    avant = _compter()
    with pytest.raises(CommandError, match="TREILLE_DEMONSTRATION"):
        call_command("charger_demonstration")
    assert _compter() == avant


def test_la_seconde_fois_rien_de_plus_et_presque_rien_de_lu(demo: None, capsys: pytest.CaptureFixture[str]) -> None:
    avant = _compter()
    with CaptureQueriesContext(
        connection,
    ) as requetes:
        call_command("charger_demonstration")
    assert "déjà chargée" in capsys.readouterr().out
    assert _compter() == avant and len(requetes) <= 5


def test_le_journal_est_intact(demo: None) -> None:
    assert Passage.objects.count() > 400
    call_command("verifier_journal", verbosity=0)


# --- les comptes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("identifiant", ANNONCES | AUTRES)
def test_chaque_compte_se_connecte_et_voit_son_accueil(demo: None, client: Client, identifiant: str) -> None:
    assert client.login(username=identifiant, password=MOT_DE_PASSE_DEMONSTRATION)
    assert client.get(reverse("programme:accueil")).status_code == 200


def test_les_comptes_annonces_sont_ceux_que_la_demonstration_affiche() -> None:
    assert set(ANNONCES) == set(COMPTES.split())


def test_directrice_et_voisin_partagent_la_grappe_mais_aucun_esms(demo: None) -> None:
    siens, autres = (
        Parcours.objects.visibles_par(Utilisateur.objects.get(identifiant=i)) for i in ("directrice", "voisin")
    )
    assert siens.count() == 4 and len(set(siens.values_list("etat", flat=True))) == 4
    assert not siens & autres and {p.grappe_id for p in siens} == {p.grappe_id for p in autres}
    assert not set(siens.values_list("esms__og", flat=True)) & set(autres.values_list("esms__og", flat=True))


def test_la_directrice_a_de_quoi_decider(demo: None) -> None:
    siens = Parcours.objects.visibles_par(Utilisateur.objects.get(identifiant="directrice"))
    assert Proposition.objects.en_attente().filter(parcours__in=siens).count() == 2
    assert siens.exclude(faits__nature="information").count() == 3


# --- les grappes ---------------------------------------------------------------------------------------------------


def test_l_ime_est_en_routine_sans_mentir(demo: None) -> None:
    ime = Parcours.objects.get(esms__finess=IME)
    assert ime.etat == EtatParcours.ROUTINE
    dernier = Passage.objects.de(ime).last()
    assert dernier is not None
    absents = {c["code"] for c in dernier.constats if c["ok"] is False}
    assert dernier.nature == "sous_reserve" and {"arrivants", "usages_suivis"} <= absents and dernier.motif
    ouvertures = Ouverture.objects.filter(unite__parcours=ime)
    assert ouvertures.order_by("ouverte_le").exclude(ouverte_le=None)[0].module.code == "journal-de-bord"
    assert set(ouvertures.filter(module__code="projet-personnalise").values_list("etat", flat=True)) == {
        EtatOuverture.OUVERTE,
        EtatOuverture.A_PREPARER,
    }
    assert ouvertures.filter(etat=EtatOuverture.STABILISEE, retire_le=None).exclude(ancien_support="").exists()
    vsr = ime.grappe.verifications.get(type="vsr")
    assert (vsr.prononcee_le.year, vsr.prononcee_le.month) == (2022, 12)


def test_tous_les_etats_de_parcours_et_d_ouverture(demo: None) -> None:
    assert set(Parcours.objects.values_list("etat", flat=True)) == set(EtatParcours.values)
    assert set(Ouverture.objects.values_list("etat", flat=True)) == set(EtatOuverture.values)


def test_quatre_grappes_aux_tailles_des_appels(demo: None) -> None:
    tailles = {
        g.nom: (g.etat, g.parcours.count(), g.parcours.values("esms__og").distinct().count())
        for g in Grappe.objects.all()
    }
    assert sorted(tailles.values()) == [
        (EtatGrappe.CONVENTIONNEE, 10, 1),
        (EtatGrappe.DEPLOIEMENT, 31, 5),
        (EtatGrappe.MESURE_DES_USAGES, 16, 2),
        (EtatGrappe.SOLDEE, 15, 1),
    ]


def test_les_durees_observees_donnent_une_date_a_qui_avance(demo: None) -> None:
    grappe = Grappe.objects.get(nom="Entre Ain et Rhône")
    en_cours = grappe.parcours.en_cours().exclude(etat=EtatParcours.ROUTINE).pour_lecture()
    previsions = prevoir_chacun(en_cours, timezone.localdate()).values()
    assert len(previsions) > 20 and all(p.une_sur_deux and p.quatre_sur_cinq for p in previsions)


def test_l_histoire_a_ses_accidents(demo: None) -> None:
    faits = set(Passage.objects.values_list("transition", flat=True))
    assert {"revenir", "suspendre", "reprendre", "sortir", "constater", "exclure"} <= faits
    assert not Passage.objects.filter(nature="sous_reserve", motif="").exists()


def test_les_inventes_se_reconnaissent(demo: None) -> None:
    fantaisie = Esms.objects.filter(finess__regex=r"^\d{2}999")
    assert fantaisie.count() == 15 + len(passe.ESMS) and all("(fictif)" in e.nom for e in fantaisie)


# --- le calendrier -------------------------------------------------------------------------------------------------


def test_un_numero_de_fantaisie_a_une_cle_juste() -> None:
    assert all(est_valide(finess_de_fantaisie("94", rang)) for rang in range(50))


@pytest.mark.parametrize("ecart", range(0, 800, 7))
def test_les_dates_gardent_leur_ordre_quel_que_soit_le_jour(ecart: int) -> None:
    c = Calendrier(date(2026, 11, 22) + timedelta(days=ecart))
    assert c.mois(3, 31) <= c.jours(60) <= c.jours(0) <= c.aujourdhui
    assert c.aujourdhui < c.dans_jours(1) and all(c.aujourdhui < c.dans(1, jour) for jour in range(5, 29))
    assert all(est_ouvre(j) for j in (c.mois(6, 14), c.jours(11), c.dans(1, 25), c.dans_jours(9)))


def test_melanger_jours_et_mois_est_refuse() -> None:
    c = Calendrier(date(2026, 11, 22))
    with pytest.raises(ValueError, match="mois"):
        c.jours(61)
    with pytest.raises(ValueError, match="jours"):
        c.mois(2, 1)


# --- le financement ------------------------------------------------------------------------------------------------


def test_le_financement_montre_ses_etats_et_attend_une_reponse(demo: None) -> None:
    etats = set(Jalon.objects.values_list("etat", flat=True))
    assert {"a_produire", "transmis", "precision", "verse"} <= etats
    attente = Jalon.objects.get(etat="precision")
    dernier = Passage.objects.de(attente).last()
    assert dernier is not None and dernier.par.identifiant == "ars" and dernier.motif.endswith("?")
    assert {a.nature for a in Avenant.objects.all()} == {"entree", "sortie", "calendrier"}
    assert not VersionInstruction.objects.filter(est_officielle=True).exists()


def test_un_double_financement_est_signale_a_la_cheffe(demo: None) -> None:
    cheffe = Utilisateur.objects.get(identifiant="cheffe")
    (signal,) = signaux(Parcours.objects.filter(grappe__etat=EtatGrappe.DEPLOIEMENT), cheffe)
    assert signal.nature == DEUX_DUI and signal.grappe is not None


@pytest.mark.parametrize("identifiant", COMPTES.split())
def test_chaque_lien_d_un_rappel_mene_a_sa_page(demo: None, client: Client, identifiant: str) -> None:
    """Lien profond, connexion, page : comme depuis une messagerie."""
    au, compte = timezone.localdate(), Utilisateur.objects.get(identifiant=identifiant)
    contenu = composer(a_faire(compte, au), au)
    message = courriel(compte, contenu, "http://testserver") if contenu else None
    liens = set(re.findall(r"http://testserver(/\S*)", message.body)) if message else {"/mes-rappels/"}
    for lien in sorted(liens):
        client.logout()
        renvoi = client.get(lien)
        assert renvoi.status_code == 302 and renvoi.url.startswith(reverse("connexion"))
        saisie = {"username": identifiant, "password": MOT_DE_PASSE_DEMONSTRATION}
        suite = client.post(renvoi.url, saisie | {"next": parse_qs(urlsplit(renvoi.url).query)["next"][0]})
        # L'ancre reste dans le navigateur : le serveur n'en sait rien, la page est la bonne.
        assert suite.status_code == 302 and suite.url == lien.partition("#")[0]
        assert client.get(suite.url).status_code == 200, lien


def test_la_piece_de_demonstration_est_un_pdf_dont_la_table_tient(demo: None) -> None:
    contenu = petit_pdf("Essai (1)", "Deux")
    debut = int(contenu.split(b"startxref\n")[1].split()[0])
    assert contenu[debut:].startswith(b"xref") and reconnaitre(io.BytesIO(contenu), "a.pdf").mot == "PDF"
    for numero, place in enumerate(re.findall(rb"(\d{10}) 00000 n", contenu), 1):
        assert contenu[int(place) :].startswith(b"%d 0 obj" % numero)
    assert Piece.objects.filter(type="application/pdf").count() >= 4


def test_l_etat_des_lieux_est_garni_et_la_grappe_n_est_pas_au_complet(demo: None) -> None:
    grappe = Grappe.objects.get(nom=AIN_RHONE)
    etat = etat_de(grappe, par=Utilisateur.objects.get(identifiant="cheffe"))
    assert 0 < len(etat.manquent) < len(etat.ont_repondu), "tout le monde n'a pas répondu, mais presque"
    assert len(etat.domaines) > 6 and etat.alertes and etat.cumul.rapport
    communs = [b for _, lignes in etat.besoins for b in lignes if b.commun]
    assert len(communs) == 2 and all(len(b.demandeurs) > 3 for b in communs)
    assert any(e.diffuse_le for e in etat.esms)
    assert set(TempsMetier.objects.values_list("decision", flat=True)) == set(TempsEcriture.values)
    assert PersonneRessource.objects.filter(heures_accordees=0).exists(), "zéro heure se montre"
    assert Fait.objects.filter(nature=NatureFait.CONCERTATION, parcours__grappe=grappe).exclude(services="").exists()


def test_le_moment_de_quelques_esms_attend_une_reponse(demo: None) -> None:
    etats = sorted(Moment.objects.values_list("etat", flat=True))
    assert etats == ["accepte", "demande", "porte", "propose"]
    litige = Moment.objects.portes_au_comop().get()
    assert Passage.objects.de(litige).count() == 3 and litige.demandee.numero == 3
    pleines = [v.numero for v in litige.parcours.grappe.vagues.avec_places() if v.prises > v.capacite]
    assert pleines == [3]
    assert Candidature.objects.en_attente().count() == 2
    assert ConflitCalendrier.objects.filter(nature="evaluation").exists()
    directrice = Utilisateur.objects.get(identifiant="directrice")
    assert "Choisir votre moment : MECS Les Marmousets" in [x.titre for x in a_faire(directrice, timezone.localdate())]
    ars = Utilisateur.objects.get(identifiant="ars")
    assert not Moment.objects.visibles_par(ars) and not ConflitCalendrier.objects.visibles_par(ars)


# --- la gouvernance ------------------------------------------------------------------------------------------------


def test_la_gouvernance_a_ses_instances_et_un_esms_que_personne_ne_represente(demo: None) -> None:
    grappe, jour = Grappe.objects.get(nom=AIN_RHONE), timezone.localdate()
    comites = Instance.objects.filter(grappe=grappe)
    assert set(comites.values_list("type", flat=True)) == {"costrat", "comop", "utilisateurs"}
    sieges = Mandat.objects.en_cours(jour).filter(comite__in=comites)
    ogs = {m.og_id for m in sieges if m.og_id}
    oublies = grappe.parcours.exclude(esms__og__in=ogs).exclude(etat=EtatParcours.SORTI)
    assert [p.esms.finess for p in oublies] == ["380004218"]
    assert sieges.filter(au__range=(jour, jour + timedelta(days=30))).exists(), "un mandat finit bientôt"
    membre = Utilisateur.objects.get(identifiant="membre")
    assert list(Instance.objects.suivies_par(membre).values_list("type", flat=True)) == ["comop"]


def test_les_seances_se_sont_tenues_dans_l_ordre(demo: None) -> None:
    grappe = Grappe.objects.get(nom=AIN_RHONE)
    etats = list(Seance.objects.filter(comite__grappe=grappe).order_by("debut").values_list("etat", flat=True))
    assert etats == ["diffusee"] * 6 + ["close"] + ["preparee"] * 3
    sans_quorum = Seance.objects.get(quorum_atteint=False)
    assert not sans_quorum.decisions.exists()
    reportes = Point.objects.filter(suite="reporte")
    assert reportes.count() == 3 and all(p.repris_par for p in reportes), "chacun se retrouve, une fois"
    suivante = Seance.objects.get(comite__type="comop", etat="preparee")
    titres = list(suivante.points.values_list("titre", flat=True))
    assert "Les renforts d'été et leurs comptes" in titres and len(titres) == 3
    assert Point.objects.filter(demandee_par__isnull=False).exclude(reponse="").exists(), "le comité a une réponse"


def test_les_decisions_levent_puis_cessent_de_lever(demo: None) -> None:
    decisions = Decision.objects.filter(grappe__nom=AIN_RHONE).order_by("numero")
    assert [d.numero for d in decisions] == list(range(1, 7))
    assert {d.etat for d in decisions} == {"arbitree", "appliquee", "revisee"}
    va, export = decisions.get(condition="va"), decisions.get(condition="bloquants")
    finie, en_cours = (d.parcours.get().derogations.get() for d in (va, export))
    jour = timezone.localdate()
    assert finie.au < jour <= en_cours.au and va.etat == "revisee"
    assert en_cours.libelle_decision.startswith(f"décision n° {export.numero}, COSTRAT")
    passe = Passage.objects.de(en_cours.parcours).filter(transition="verifier_service").get()
    (barrait,) = [c for c in passe.constats if c["code"] == "bloquants"]
    assert barrait["ok"] is False and barrait["levee_par"] == en_cours.libelle_decision, "la porte l'a laissé passer"
    assert decisions.a_revoir(jour).count() == 1 and not decisions.filter(arbitree_le=None).exists()
    assert all(d.issue.seance_id == d.seance_id for d in decisions)


def test_les_alertes_sont_a_tous_leurs_etats_et_l_esms_lit_sa_reponse(demo: None) -> None:
    assert sorted(Alerte.objects.values_list("etat", flat=True)) == ["close", "levee", "portee", "prise_en_charge"]
    close = Alerte.objects.get(etat="close")
    assert close.reponse and close in Alerte.objects.visibles_par(close.levee_par)
    assert not Alerte.objects.en_retard(timezone.localdate()).exists(), "rien ne monterait au premier relevé"


def test_le_financeur_ne_lit_que_ce_qu_on_lui_partage(demo: None) -> None:
    ars = Utilisateur.objects.get(identifiant="ars")
    assert not Decision.objects.visibles_par(ars) and not Alerte.objects.visibles_par(ars)
    lues = Entree.objects.visibles_par(ars)
    assert {e.titre for e in lues.publiees_pour("financeur")} == {"Les pilotes ont ouvert"}
    assert not lues.exclude(publications__public__in=["financeur", "personnes"]), "ni ce qui s'adresse à d'autres"
    assert PageOuverte.objects.ouvertes().count() == 1
    assert Entree.objects.publiees_pour("personnes").count() == 3


def test_aucun_courriel_ne_part_d_une_seance_rejouee(demo: None) -> None:
    assert not mail.outbox


# --- la formation et les droits d'accès ----------------------------------------------------------------------------


def test_les_equipes_portent_des_noms_inventes(demo: None) -> None:
    noms = {nom_invente(rang) for rang in range(len(PRENOMS) * len(NOMS))}
    lus = set(Professionnel.objects.exclude(nom="").values_list("nom", flat=True))
    assert lus and lus <= noms
    assert not Professionnel.objects.exclude(courriel="").exists()


def test_la_couverture_a_ses_mois_et_ne_se_ressemble_pas_partout(demo: None) -> None:
    grappe = Grappe.objects.get(nom=AIN_RHONE)
    totaux = CumulCouverture.objects.totaux().filter(parcours__grappe=grappe)
    assert totaux.values("mois").distinct().count() >= 6
    taux = {round(c.formes / c.en_poste, 1) for c in totaux if c.en_poste}
    assert len(taux) >= 3, "tout le monde en est au même point"


def test_les_droits_d_acces_sont_a_tous_leurs_etats(demo: None) -> None:
    etats = set(Matrice.objects.filter(parcours__isnull=False).values_list("etat", flat=True))
    assert {"soumise", "validee"} <= etats
    ecartent = RaisonHabilitation.objects.filter(matrice__parcours__isnull=False).values("matrice").distinct().count()
    assert ecartent >= 3, "aucun ESMS n'ouvre autrement que le modèle"


def test_chacun_trouve_sa_part_de_la_formation_a_l_accueil(demo: None) -> None:
    def titres(identifiant: str) -> str:
        lignes = a_faire(Utilisateur.objects.get(identifiant=identifiant), timezone.localdate())
        return " ; ".join(ligne.titre for ligne in lignes).replace("\xa0", " ")

    assert "Valider les droits d'accès au DUI" in titres("directrice")
    assert "Dire si la formation s'est tenue" in titres("cheffe")
    assert "Inscrire à une formation" in titres("referent")
    assert "Faire fermer" in titres("referent")


def test_un_compte_de_personne_partie_donne_l_alerte(demo: None) -> None:
    vus = [s for s in regles["compte_d_un_sorti"].relever(timezone.localdate()) if s.grappe.nom == AIN_RHONE]
    assert vus and not any(nom in s.intitule + s.texte for s in vus for nom in PRENOMS)


# --- les usages ----------------------------------------------------------------------------------------------------


def test_l_ime_a_un_an_de_releves_en_cinq_chiffres_tapes_par_trimestre(demo: None) -> None:
    ime = Parcours.objects.get(esms__finess=IME)
    dernier = Periode.contenant(timezone.localdate(), CadenceReleve.MOIS).precedente()
    releves = Releve.objects.comptes().filter(parcours=ime)
    mois = set(releves.filter(cadence=CadenceReleve.MOIS).values_list("debut", flat=True))
    assert mois == {p.debut for p in dernier.dernieres(12)}
    tapes = Counter(
        Periode.contenant(debut, CadenceReleve.TRIMESTRE).code
        for debut in Valeur.objects.totaux()
        .filter(releve__parcours=ime, origine=Origine.SAISI)
        .values_list("releve__debut", flat=True)
    )
    assert len(tapes) == 4 and max(tapes.values()) <= PLAFOND
    muettes = Valeur.objects.totaux().filter(releve__in=releves, numerateur=None, motif="", texte="")
    assert not muettes.exists(), "tout le reste est calculé ou importé"
    assert Releve.objects.filter(parcours=ime, etat=EtatReleve.VERROUILLE).exists()


def test_les_deux_grappes_suivent_un_choix_qui_tient_dans_le_budget(demo: None) -> None:
    suivent = suivis_par_grappe(Grappe.objects.all(), timezone.localdate())
    assert set(suivent) == set(Grappe.objects.filter(nom__in=(AIN_RHONE, FONDATION)).values_list("pk", flat=True))
    for grappe in Grappe.objects.filter(pk__in=suivent):
        assert compter_le_budget(grappe, suivent[grappe.pk]).total == PLAFOND
        assert Cible.objects.filter(grappe=grappe).count() >= 5


def test_les_totaux_gardes_sont_justes(demo: None) -> None:
    call_command("recompter_indicateurs", "--verifier")


def test_chacun_trouve_ses_chiffres_a_l_accueil(demo: None) -> None:
    jour = timezone.localdate()
    titres = {
        i: [x.titre for x in a_faire(Utilisateur.objects.get(identifiant=i), jour)] for i in ("directrice", "ars")
    }
    assert {"Transmettre vos chiffres", "Répondre à une demande de précision"} <= set(titres["directrice"])
    assert "Lire la réponse de l'ESMS" in titres["ars"]
    siens = Releve.objects.filter(parcours__esms__finess__in=ENFANCE)
    dernier = Periode.contenant(jour, CadenceReleve.MOIS).precedente()
    assert set(siens.de_la_periode(dernier).values_list("etat", flat=True)) == {EtatReleve.SAISI}


def test_les_editeurs_ont_des_tickets_des_demandes_une_version_et_une_preuve_se_prepare(demo: None) -> None:
    grappe = Grappe.objects.get(nom=AIN_RHONE)
    tickets = Ticket.objects.filter(grappe=grappe)
    assert tickets.count() >= 20 and tickets.filter(est_bloquant=True, a_contournement=True).count() == 1
    assert Irritant.objects.filter(grappe=grappe, tickets__isnull=False).distinct().count() == 2
    etats = sorted(DemandeEditeur.objects.filter(grappe=grappe).values_list("etat", flat=True))
    assert etats == ["close", "envoyee", "repondue"]
    assert VersionSolution.objects.annoncees().count() == 1
    assert MonteeDeVersion.objects.filter(faite_le=None, prevue_le__gt=timezone.localdate()).exists()
    preuve = PreuveUsage.objects.get()
    assert preuve.jalon.preuve_usage and preuve.etat == "preparee" and preuve.indicateurs.count() == 3
