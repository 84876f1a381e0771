"""Les cinq chantiers : calculés des faits, dits autrement avec une raison, lus sur un ensemble d'un coup."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from programme.chantiers import Avancee, constater
from programme.conditions import dater
from programme.enums import Chantier, EtatChantier, NatureFait, PointDepart, Role, TempsEcriture
from programme.models import AvisChantier, Equipement, Grappe, Parcours, Utilisateur
from programme.services import chantiers as services
from programme.services.checklist.reponses import repondre
from programme.services.parcours import dater_fait
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.aides import connecte, exiger_requetes_constantes, lignes_csv
from tests.fabriques import (
    DemandeParametrageFactory,
    GrappeFactory,
    LigneRepriseFactory,
    ParcoursFactory,
    affecter,
    cheffe_de,
    directrice_de,
    modele_publie,
)
from tests.formation.fabriques import PosteFactory

pytestmark = pytest.mark.django_db
C, E = Chantier, EtatChantier


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    return directrice_de(parcours)


def lire(parcours: Parcours, chantier: str) -> services.ChantierLu:
    return services.lire_chantier(Parcours.objects.pour_lecture().get(pk=parcours.pk), chantier)


def page(parcours: Parcours) -> str:
    return reverse("programme:parcours-preparation", args=[parcours.pk])


def dire(parcours: Parcours, chantier: str) -> str:
    return reverse("programme:chantier-dire", args=[parcours.pk, chantier])


# --- le calcul -----------------------------------------------------------------------------------------------------


def test_au_depart_tout_est_a_commencer(parcours: Parcours) -> None:
    assert {c.chantier: c.etat for c in services.lire_chantiers([parcours])[parcours.pk]} == dict.fromkeys(
        C, E.A_COMMENCER
    )


def test_le_parametrage_suit_la_grappe_le_fait_et_les_demandes(parcours: Parcours, directrice: Utilisateur) -> None:
    cheffe = cheffe_de(parcours.grappe)
    changer_etat(parcours.grappe, "constater", par=cheffe, vers="modele_commun")
    assert lire(parcours, C.PARAMETRAGE).etat == E.EN_COURS
    dater(NatureFait.PARAMETRAGE)(parcours, directrice)
    assert lire(parcours, C.PARAMETRAGE).etat == E.PRET
    demande = DemandeParametrageFactory(parcours=parcours)
    lu = lire(parcours, C.PARAMETRAGE)
    assert lu.etat == E.EN_COURS and lu.reste[0].detail == "1 attend une suite"
    changer_etat(demande, "conclure", par=directrice, motif="On note à la relève.", issue="pratique")
    assert lire(parcours, C.PARAMETRAGE).etat == E.PRET


def test_les_droits_suivent_la_checklist(parcours: Parcours, directrice: Utilisateur) -> None:
    modele_publie({"habilitations": "esms"})

    def avancee() -> Avancee:
        constats = constater([parcours])[parcours.pk][C.DROITS]
        return next(c.avancee for c in constats if c.libelle == "Action habilitations")

    def repond(statut: str, **reste: Any) -> Avancee:
        repondre(grappe=parcours.grappe, code="habilitations", niveau="esms", cible=parcours, par=directrice,
                 statut=statut, **reste)  # fmt: skip
        return avancee()

    assert avancee() == Avancee.RIEN
    assert repond("en_cours") == repond("en_attente") == Avancee.COMMENCEE
    assert repond("fait") == repond("deja_fait") == Avancee.FAITE
    assert repond("sans_objet", motif="Un seul profil.") == Avancee.SANS_OBJET
    assert lire(parcours, C.DROITS).etat == E.A_COMMENCER, "la matrice, elle, n'est pas commencée"


def test_la_formation_attend_le_temps_d_ecrire(parcours: Parcours, directrice: Utilisateur) -> None:
    for nature in (NatureFait.ECRITS, NatureFait.PROCEDURES):
        dater(nature)(parcours, directrice)
    PosteFactory(parcours=parcours)
    lu = lire(parcours, C.FORMATION)
    assert lu.etat == E.EN_COURS and [c.libelle for c in lu.reste] == ["Temps d'écriture et de lecture"]
    Parcours.objects.filter(pk=parcours.pk).update(temps_ecriture=TempsEcriture.REFUSE)
    assert lire(parcours, C.FORMATION).etat == E.PRET, "refusé est une réponse : l'essentiel est de le dire"


def test_le_materiel_compte_les_postes_et_les_prerequis_d_un_pilote(
    parcours: Parcours, directrice: Utilisateur
) -> None:
    Equipement.objects.create(parcours=parcours, postes=3, simultanes=5)
    lu = lire(parcours, C.MATERIEL)
    assert lu.etat == E.EN_COURS and "il manque 2 postes" in lu.reste[0].detail
    Equipement.objects.filter(parcours=parcours).update(postes=5)
    dater(NatureFait.MATERIEL)(parcours, directrice)
    assert lire(parcours, C.MATERIEL).etat == E.PRET
    Parcours.objects.filter(pk=parcours.pk).update(est_pilote=True)
    assert [c.libelle for c in lire(parcours, C.MATERIEL).reste] == ["Prérequis techniques validés"]


def test_la_reprise_compte_ce_qui_reste_par_unite(parcours: Parcours) -> None:
    Parcours.objects.filter(pk=parcours.pk).update(point_depart=PointDepart.DEJA_CONFORME)
    assert lire(parcours, C.REPRISE).etat == E.SANS_OBJET
    LigneRepriseFactory(parcours=parcours, volume=40, reste=40)
    assert lire(parcours, C.REPRISE).etat == E.A_COMMENCER
    LigneRepriseFactory(parcours=parcours, volume=20, reste=5)
    LigneRepriseFactory(parcours=parcours, volume=3, reste=3, unite="classeurs")
    LigneRepriseFactory(parcours=parcours, quoi="Contrats", volume=None, reste=None)
    lu = lire(parcours, C.REPRISE)
    assert lu.etat == E.EN_COURS and lu.reste[0].detail == "reste : 45 dossiers, 3 classeurs, contrats"
    parcours.reprises.update(volume=0, reste=0)
    assert lire(parcours, C.REPRISE).etat == E.PRET


@pytest.mark.parametrize("nombre", [1, 50])
def test_un_ensemble_se_lit_en_requetes_constantes(nombre: int, django_assert_num_queries: Any) -> None:
    modele_publie({"habilitations": "esms", "formation_modalite": "esms"})
    grappe = GrappeFactory()
    for p in ParcoursFactory.create_batch(nombre, grappe=grappe):
        LigneRepriseFactory(parcours=p)
        DemandeParametrageFactory(parcours=p)
        Equipement.objects.create(parcours=p, postes=1, simultanes=1)
    lus = list(Parcours.objects.pour_lecture())
    with django_assert_num_queries(16):
        assert len(services.lire_chantiers(lus)) == nombre


# --- dire autrement ------------------------------------------------------------------------------------------------


def test_dire_autrement_passe_devant_et_le_calcul_reste(parcours: Parcours, directrice: Utilisateur) -> None:
    client = connecte(directrice)
    assert "À commencer" in client.get(dire(parcours, "materiel")).content.decode()
    reponse = client.post(dire(parcours, "materiel"), {"etat": "pret", "motif": "Tablettes livrées hier."})
    assert reponse.status_code == 302 and reponse["Location"] == f"{page(parcours)}#chantier-materiel"
    lu = lire(parcours, C.MATERIEL)
    assert (lu.etat, lu.calcule, lu.avis.par) == (E.PRET, E.A_COMMENCER, directrice)
    texte = client.get(page(parcours)).content.decode()
    assert "Tablettes livrées hier." in texte and "Calculé : à commencer" in texte and "1 chantier prêt sur 5" in texte
    vu = client.get(dire(parcours, "materiel")).context["formulaire"]["vu"].value()
    assert client.post(dire(parcours, "materiel"), {"geste": "calcul", "vu": vu}).status_code == 302
    assert lire(parcours, C.MATERIEL).etat == E.A_COMMENCER
    assert [h.history_type for h in AvisChantier.history.order_by("history_id")] == ["+", "-"]
    assert (
        "se calcule déjà" in client.post(dire(parcours, "materiel"), {"geste": "calcul"}, follow=True).content.decode()
    )


def test_revenir_au_calcul_n_efface_pas_ce_qu_un_autre_vient_de_dire(
    parcours: Parcours, directrice: Utilisateur
) -> None:
    services.dire_etat(parcours=parcours, chantier="materiel", etat="pret", motif="Livré.", par=directrice)
    client = connecte(directrice)
    vu = client.get(dire(parcours, "materiel")).context["formulaire"]["vu"].value()
    referente = affecter(Role.REFERENT, parcours.esms)
    services.dire_etat(parcours=parcours, chantier="materiel", etat="en_cours", motif="Deux manquent.", par=referente)
    page = client.post(dire(parcours, "materiel"), {"geste": "calcul", "vu": vu}, follow=True).content.decode()
    assert "Entre-temps" in page and lire(parcours, C.MATERIEL).avis.motif == "Deux manquent."


@pytest.mark.parametrize(
    ("saisie", "faute"),
    [
        ({"etat": "pret"}, "Dites pourquoi, en une ligne"),
        ({"motif": "Livré"}, "Choisissez où en est ce chantier"),
        ({"etat": "fini", "motif": "Livré"}, "Choisissez un état de la liste"),
    ],
)
def test_une_raison_est_demandee(
    parcours: Parcours, directrice: Utilisateur, saisie: dict[str, str], faute: str
) -> None:
    reponse = connecte(directrice).post(dire(parcours, "materiel"), saisie)
    assert reponse.status_code == 422 and faute in reponse.content.decode().replace("&#x27;", "’").replace("'", "’")
    assert not AvisChantier.objects.exists()


def test_un_chantier_inconnu_est_introuvable(parcours: Parcours, directrice: Utilisateur) -> None:
    assert connecte(directrice).get(dire(parcours, "inconnu")).status_code == 404


def test_qui_le_dit(parcours: Parcours, directrice: Utilisateur) -> None:
    interim = affecter(Role.DIRECTEUR, parcours.esms, titre="interim")
    referent = affecter(Role.REFERENT, parcours.esms)
    for compte in (directrice, interim, referent):
        services.dire_etat(parcours=parcours, chantier="droits", etat="en_cours", motif="Lancé.", par=compte)
    assert AvisChantier.objects.get().par == referent
    for compte in (cheffe_de(parcours.grappe), affecter(Role.SIEGE, parcours.esms.og)):
        with pytest.raises(Refus) as refus:
            services.dire_etat(parcours=parcours, chantier="droits", etat="pret", motif="Oui.", par=compte)
        assert refus.value.code == "droit"
        assert "Le dire autrement" not in connecte(compte).get(page(parcours)).content.decode()


def test_la_seconde_personne_apprend_ce_qui_a_change(parcours: Parcours, directrice: Utilisateur) -> None:
    referent = affecter(Role.REFERENT, parcours.esms)
    services.dire_etat(parcours=parcours, chantier="droits", etat="en_cours", motif="Lancé.", par=directrice)
    vu = AvisChantier.history.latest("history_id").history_id
    services.dire_etat(parcours=parcours, chantier="droits", etat="pret", motif="Fini.", par=directrice)
    with pytest.raises(Refus) as refus:
        services.dire_etat(parcours=parcours, chantier="droits", etat="en_cours", motif="Non.", par=referent, vu=vu)
    assert refus.value.code == "concurrence" and directrice.nom in refus.value.motif


def test_la_base_refuse_un_chantier_ou_un_etat_inconnu(parcours: Parcours, directrice: Utilisateur) -> None:
    for valeurs in ({"chantier": "x", "etat": "pret"}, {"chantier": "droits", "etat": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AvisChantier.objects.create(parcours=parcours, motif="Essai", par=directrice, **valeurs)


# --- les pages -----------------------------------------------------------------------------------------------------


def test_la_page_dit_ce_qui_reste_et_ou_le_regler(parcours: Parcours, directrice: Utilisateur) -> None:
    texte = connecte(directrice).get(page(parcours)).content.decode()
    assert "Cinq chantiers à mener de front" in texte
    for route in ("parcours-reprise", "parcours-equipement", "parcours-ressources", "parcours-besoins"):
        assert reverse(f"programme:{route}", args=[parcours.pk]) in texte
    lecteur = affecter(Role.APPUI, parcours.esms)
    texte = connecte(lecteur).get(page(parcours)).content.decode()
    assert "Donner la date" not in texte and "Le dire autrement" not in texte


def test_le_cadre_legal_se_lit_d_un_bloc(parcours: Parcours, directrice: Utilisateur) -> None:
    dater_fait(parcours=[parcours], nature="cvs", date=date(2026, 3, 12), reference="CR du 12 mars", par=directrice)
    texte = connecte(directrice).get(page(parcours)).content.decode()
    assert "CR du 12 mars" in texte and "12 mars 2026" in texte and "1 sur 5" in texte
    for nature in ("cse", "aipd", "information", "hebergement"):
        assert reverse("programme:parcours-fait", args=[parcours.pk, nature]) in texte
    assert f'"{reverse("programme:faits-communs", args=["cse"])}"' not in texte
    ParcoursFactory(grappe=parcours.grappe, esms__og=parcours.esms.og)
    siege = affecter(Role.SIEGE, parcours.esms.og)
    assert (
        f'"{reverse("programme:faits-communs", args=["cse"])}"' in connecte(siege).get(page(parcours)).content.decode()
    )


def test_une_date_donnee_d_ici_ramene_ici(parcours: Parcours, directrice: Utilisateur) -> None:
    adresse = reverse("programme:parcours-fait", args=[parcours.pk, "cvs"])
    client, saisie = connecte(directrice), {"date": "2026-03-12"}
    assert f"{adresse}?de=preparation" in client.get(page(parcours)).content.decode()
    assert client.post(f"{adresse}?de=preparation", saisie)["Location"] == page(parcours)
    autre = client.post(f"{adresse}?de=https://ailleurs.example", saisie | {"vu": ""})
    assert autre.status_code == 409, "une date déjà donnée se relit"
    fiche = reverse("programme:parcours-detail", args=[parcours.pk])
    assert client.post(reverse("programme:parcours-fait", args=[parcours.pk, "bilan"]), saisie)["Location"] == fiche


def test_la_page_de_l_esms_y_mene(parcours: Parcours, directrice: Utilisateur) -> None:
    fiche = reverse("programme:parcours-detail", args=[parcours.pk])
    assert page(parcours) in connecte(directrice).get(fiche).content.decode()
    ars = affecter(Role.ARS, parcours.esms.departement.region)
    changer_etat(parcours.grappe, "deposer", par=cheffe_de(parcours.grappe))
    assert page(parcours) not in connecte(ars).get(fiche).content.decode()
    assert connecte(ars).get(page(parcours)).status_code == 403


LISTE = "/chantiers/?etat=tous"


def _peupler(grappe: Grappe) -> Any:
    def peupler(nombre: int) -> None:
        for p in ParcoursFactory.create_batch(nombre, grappe=grappe):
            LigneRepriseFactory(parcours=p)

    return peupler


def test_la_liste_coute_un_nombre_constant_de_requetes() -> None:
    grappe = GrappeFactory()
    exiger_requetes_constantes(connecte(cheffe_de(grappe)), LISTE, _peupler(grappe))


def test_la_liste_montre_les_cinq_chantiers_et_s_emporte(parcours: Parcours, directrice: Utilisateur) -> None:
    services.dire_etat(parcours=parcours, chantier="droits", etat="pret", motif="Matrice validée.", par=directrice)
    client = connecte(cheffe_de(parcours.grappe))
    assert "Aucun ESMS ne se prépare" in client.get("/chantiers/").content.decode(), "recensé : il ne se prépare pas"
    texte = client.get(LISTE).content.decode()
    assert "(dit par l’ESMS)" in texte and page(parcours) in texte
    entetes, ligne = lignes_csv(client.get(f"{LISTE}&format=csv"))
    assert ligne[entetes.index("Droits d'accès")] == "Prêt (calculé : à commencer)"
    assert ligne[entetes.index("Reprise des données")] == "À commencer"


def test_le_financeur_n_y_lit_rien(parcours: Parcours) -> None:
    ars = affecter(Role.ARS, parcours.esms.departement.region)
    changer_etat(parcours.grappe, "deposer", par=cheffe_de(parcours.grappe))
    assert parcours.esms.nom not in connecte(ars).get(LISTE).content.decode()
    assert "le financeur lit les jalons" in connecte(ars).get("/chantiers/").content.decode()


def test_l_api_rend_la_meme_lecture(
    parcours: Parcours, directrice: Utilisateur, django_assert_max_num_queries: Any
) -> None:
    services.dire_etat(parcours=parcours, chantier="droits", etat="pret", motif="Matrice validée.", par=directrice)
    dater_fait(parcours=[parcours], nature="cse", date=date(2026, 3, 12), reference="PV 3", par=directrice)
    LigneRepriseFactory(parcours=parcours, securite_soins=True)
    lue = connecte(directrice).get(reverse("api:parcours-preparation", args=[parcours.pk])).json()
    droits = next(c for c in lue["chantiers"] if c["code"] == "droits")
    assert (droits["etat"], droits["calcule"], droits["avis"]["par"]) == ("pret", "a_commencer", directrice.nom)
    assert [c["code"] for c in lue["chantiers"]] == list(C.values)
    cse = next(x for x in lue["cadre_legal"] if x["nature"] == "cse")
    assert (cse["date"], cse["reference"], cse["plancher"]) == ("2026-03-12", "PV 3", True)
    assert next(x for x in lue["cadre_legal"] if x["nature"] == "cvs")["date"] is None
    assert lue["reprises"][0]["reste"] == 40 and lue["reprises"][0]["est_faite"] is False
