"""Candidater au rôle de site pilote : dire, mesurer, comparer, désigner, revenir."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from programme.enums import AvisCritere, CriterePilote, EtatCandidature, Role
from programme.models import Candidature, ConflitCalendrier, Equipement, Fait, Grappe, Parcours, Utilisateur, Vague
from programme.services import candidatures as services
from programme.socle.a_faire import a_faire
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import CategorieFactory, GrappeFactory, ParcoursFactory, affecter, cheffe_de, directrice_de

pytestmark = pytest.mark.django_db

AU = timezone.localdate()


@pytest.fixture
def grappe() -> Grappe:
    return GrappeFactory(nom="Rives de Garonne")


@pytest.fixture
def parcours(grappe: Grappe) -> Parcours:
    return ParcoursFactory(grappe=grappe, esms__nom="IME Les Acacias")


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    return directrice_de(parcours)


@pytest.fixture
def cheffe(grappe: Grappe) -> Utilisateur:
    return cheffe_de(grappe)


def relu(parcours: Parcours) -> Parcours:
    return Parcours.objects.get(pk=parcours.pk)


def _mesures(parcours: Parcours) -> dict[str, services.Mesure]:
    lu = Parcours.objects.select_related("esms__categorie", "vague").get(pk=parcours.pk)
    return {m.libelle: m for m in services.mesurer([lu], AU).de(lu)}


def test_presenter_puis_designer_puis_revenir(parcours: Parcours, directrice: Utilisateur, cheffe: Utilisateur) -> None:
    candidature = services.presenter(
        parcours=parcours,
        par=directrice,
        mot="Volontaires.",
        criteres={CriterePilote.STABLE: ("oui", "Peu de départs")},
    )
    dits = {r.critere: r.avis for r in services.reponses_de(candidature)}
    assert dits[CriterePilote.STABLE] == AvisCritere.OUI and dits[CriterePilote.TAILLE] == AvisCritere.PAS_DIT
    changer_etat(candidature, "designer", par=cheffe)
    assert relu(parcours).est_pilote
    assert Parcours.history.filter(id=parcours.pk).latest("history_id").history_user == cheffe
    changer_etat(candidature, "revenir", par=cheffe, motif="Un autre ESMS part avant.")
    assert not relu(parcours).est_pilote and candidature.etat == EtatCandidature.PRESENTEE


def test_decliner_demande_pourquoi_et_ne_designe_pas(
    parcours: Parcours, directrice: Utilisateur, cheffe: Utilisateur
) -> None:
    candidature = services.presenter(parcours=parcours, par=directrice)
    with pytest.raises(Refus) as refus:
        changer_etat(candidature, "decliner", par=cheffe)
    assert "motif" in refus.value.champs
    changer_etat(candidature, "decliner", par=cheffe, motif="Trois pilotes suffisent.")
    assert not relu(parcours).est_pilote
    assert services.presenter(parcours=parcours, par=directrice).etat == EtatCandidature.PRESENTEE


def test_une_designation_ne_se_reprend_plus_une_fois_le_pilote_ouvert(
    parcours: Parcours, directrice: Utilisateur, cheffe: Utilisateur
) -> None:
    candidature = services.presenter(parcours=parcours, par=directrice)
    changer_etat(candidature, "designer", par=cheffe)
    changer_etat(relu(parcours), "constater", par=cheffe, vers="pilote", motif="Reprise")
    candidature = Candidature.objects.get(pk=candidature.pk)
    with pytest.raises(Refus) as refus:
        changer_etat(candidature, "revenir", par=cheffe, motif="Trop tard.")
    assert refus.value.manques[0].code == "pilote_ouvert" and relu(parcours).est_pilote


@pytest.mark.parametrize("vers", ["ouverture", "sorti"])
def test_on_ne_designe_plus_qui_n_ouvre_plus_en_pilote(
    vers: str, parcours: Parcours, directrice: Utilisateur, cheffe: Utilisateur
) -> None:
    candidature = services.presenter(parcours=parcours, par=directrice)
    if vers == "sorti":
        changer_etat(relu(parcours), "sortir", par=cheffe, raison="retrait", motif="Retrait.")
    else:
        changer_etat(relu(parcours), "constater", par=cheffe, vers=vers, motif="Reprise")
    with pytest.raises(Refus) as refus:
        changer_etat(Candidature.objects.get(pk=candidature.pk), "designer", par=cheffe)
    assert refus.value.manques[0].code == "plus_en_pilote" and not relu(parcours).est_pilote
    changer_etat(Candidature.objects.get(pk=candidature.pk), "decliner", par=cheffe, motif="Plus d'objet.")


@pytest.mark.parametrize(
    ("preparer", "phrase"),
    [
        (lambda p, par: Parcours.objects.filter(pk=p.pk).update(est_pilote=True), "déjà désigné"),
        (lambda p, par: changer_etat(p, "constater", par=par, vers="ouverture", motif="Reprise"), "n'ouvre plus"),
        (lambda p, par: services.presenter(parcours=p, par=par), "attend déjà"),
    ],
)
def test_ce_qui_empeche_de_candidater_se_dit(
    preparer: Any, phrase: str, parcours: Parcours, directrice: Utilisateur, cheffe: Utilisateur
) -> None:
    preparer(parcours, cheffe)
    with pytest.raises(Refus, match=phrase):
        services.presenter(parcours=parcours, par=directrice)


def test_ni_le_referent_ni_le_voisin_ne_candidatent(grappe: Grappe, parcours: Parcours) -> None:
    for par in (affecter(Role.REFERENT, parcours.esms), directrice_de(ParcoursFactory(grappe=grappe))):
        with pytest.raises(Refus, match="revient à la direction"):
            services.presenter(parcours=parcours, par=par)


def test_ce_que_treille_mesure(grappe: Grappe, parcours: Parcours) -> None:
    avant = _mesures(parcours)
    assert avant["Direction en fonction"].ok is False
    assert avant["Un poste par personne qui écrit"].ok is None and avant["Rien d'autre pendant sa vague"].ok is None
    assert avant["Typologie pas encore représentée"].ok is True
    affecter(Role.DIRECTEUR, parcours.esms)
    affecter(Role.REFERENT, parcours.esms)
    Fait.objects.create(parcours=parcours, nature="prerequis", date=AU, saisi_par=cheffe_de(grappe))
    Equipement.objects.create(parcours=parcours, postes=3, simultanes=4)
    vague = Vague.objects.create(grappe=grappe, numero=1, debut=AU, fin=AU + timedelta(days=90))
    Parcours.objects.filter(pk=parcours.pk).update(vague=vague)
    ConflitCalendrier.objects.create(parcours=parcours, nature="travaux", debut=AU + timedelta(days=9))
    ParcoursFactory(grappe=grappe, est_pilote=True)
    apres = _mesures(parcours)
    assert [m.ok for m in apres.values()] == [True, True, True, False, False, False]
    assert apres["Un poste par personne qui écrit"].mesure == "0,75 poste par personne"
    assert "Travaux" in apres["Rien d'autre pendant sa vague"].mesure


def test_le_nombre_des_pilotes_qu_on_ne_voit_pas_ne_se_dit_pas(
    grappe: Grappe, parcours: Parcours, directrice: Utilisateur
) -> None:
    for _ in range(3):
        ParcoursFactory(grappe=grappe, est_pilote=True)
    page = connecte(directrice).get(reverse("programme:parcours-candidature", args=[parcours.pk])).content.decode()
    assert "déjà un pilote dans ce secteur" in page and "3 pilotes" not in page
    assert _mesures(ParcoursFactory(grappe=GrappeFactory(), est_pilote=True))["Typologie pas encore représentée"].ok


def test_les_candidats_se_comparent_par_typologie(grappe: Grappe, parcours: Parcours, cheffe: Utilisateur) -> None:
    ehpad = CategorieFactory(code="500", libelle="EHPAD", sigle="EHPAD", secteur="PA")
    autre = ParcoursFactory(grappe=grappe, esms__nom="EHPAD du Parc", esms__categorie=ehpad)
    voisin = ParcoursFactory(grappe=grappe, esms__nom="IME du Lac")
    for p in (parcours, autre, voisin):
        services.presenter(parcours=p, par=cheffe, criteres={CriterePilote.TAILLE: ("non", "Trois sites")})
    page = connecte(cheffe).get(reverse("programme:grappe-pilotes", args=[grappe.pk])).content.decode()
    assert page.index("Personnes âgées") < page.index("EHPAD du Parc") < page.index("Handicap, enfants")
    assert page.count("Trois sites") == 3 and "Sans pilote encore : personnes âgées ; handicap, enfants." in page
    lignes = {x.titre: x for x in a_faire(cheffe, AU)}
    assert "3 candidatures attendent" in lignes["Désigner un site pilote, ou décliner"].detail


def test_la_page_presente_garde_et_complete(parcours: Parcours, directrice: Utilisateur) -> None:
    adresse, client = reverse("programme:parcours-candidature", args=[parcours.pk]), connecte(directrice)
    envoi = {"mot": "Volontaires.", "stable": "oui", "stable_note": "Peu de départs"}
    page = client.post(adresse, envoi, follow=True).content.decode()
    assert "candidature présentée" in page and "Peu de départs" in page
    vu = client.get(adresse).context["formulaire"]["vu"].value()
    assert client.post(adresse, envoi | {"stable": "non", "vu": vu}, follow=True).status_code == 200
    assert Candidature.objects.get().reponses.get(critere="stable").avis == "non"
    faux = client.post(adresse, envoi | {"stable": "peut-être", "vu": vu})
    assert faux.status_code == 422 and Candidature.objects.get().reponses.get(critere="stable").avis == "non"


@pytest.mark.parametrize("depart", ["sans candidature", "candidature ouverte"])
def test_deux_onglets_n_effacent_pas_la_candidature_de_l_autre(
    depart: str, parcours: Parcours, directrice: Utilisateur
) -> None:
    referente, adresse = (
        affecter(Role.REFERENT, parcours.esms),
        reverse("programme:parcours-candidature", args=[parcours.pk]),
    )
    if depart == "candidature ouverte":
        services.presenter(parcours=parcours, par=directrice)
    vu = connecte(directrice).get(adresse).context["formulaire"]["vu"].value()
    candidature = Candidature.objects.first() or services.presenter(parcours=parcours, par=directrice)
    services.completer(
        candidature=candidature, par=referente, mot="", criteres={CriterePilote.STABLE: ("non", "Deux départs")}
    )
    croisee = connecte(directrice).post(adresse, {"mot": "Volontaires.", "stable": "oui", "vu": vu})
    assert croisee.status_code == 409 and "Entre-temps" in croisee.content.decode()
    assert Candidature.objects.get().reponses.get(critere="stable").note == "Deux départs"
    relue = {"mot": "Volontaires.", "stable": "oui", "vu": croisee.context["formulaire"]["vu"].value()}
    assert connecte(directrice).post(adresse, relue).status_code == 302
    assert Candidature.objects.get().reponses.get(critere="stable").avis == "oui"


def test_completer_une_candidature_repondue_se_refuse(
    parcours: Parcours, directrice: Utilisateur, cheffe: Utilisateur
) -> None:
    candidature = services.presenter(parcours=parcours, par=directrice)
    changer_etat(candidature, "designer", par=cheffe)
    with pytest.raises(Refus, match="reçu sa réponse"):
        services.completer(candidature=candidature, par=directrice, mot="Trop tard", criteres={})


def test_les_requetes_ne_suivent_pas_le_nombre_de_candidats(grappe: Grappe) -> None:
    cheffe = cheffe_de(grappe)

    def peupler(nombre: int) -> None:
        for _ in range(nombre):
            services.presenter(parcours=ParcoursFactory(grappe=grappe), par=cheffe)

    exiger_requetes_constantes(connecte(cheffe), reverse("programme:grappe-pilotes", args=[grappe.pk]), peupler)
