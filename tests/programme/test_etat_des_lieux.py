"""L'état des lieux du SI d'un ESMS : dire une ligne, pour soi ou pour tout un OG ; qui lit, ce qu'elle réunit."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from programme.documents.outils import outils_de
from programme.enums import Couverture, DomaineApplication, NatureDocument, Role, SortApplication, Sujet
from programme.models import Application, DocumentSi, Equipement, Interlocuteur, Parcours, Utilisateur
from programme.models.etat_des_lieux import retenues
from programme.services import interlocuteurs, lignes
from programme.services.equipement import decrire_equipement
from programme.services.interlocuteurs import CHAMPS
from programme.socle.conditions import evaluer
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from programme.socle.versions import jeton
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import (
    ApplicationFactory,
    EsmsFactory,
    GrappeFactory,
    ParcoursFactory,
    affecter,
    cheffe_de,
    directrice_de,
)

pytestmark = pytest.mark.django_db

NIR = "Voir le 2 55 08 14 168 025 38"
TEMPO = {"nom": "Tempo Équipes", "domaine": "temps", "editeur": "Coopérative Tempo", "sort": "gardee"}


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def voisin(parcours: Parcours) -> Parcours:
    """Un autre ESMS du même OG, dans la même grappe."""
    return ParcoursFactory(grappe=parcours.grappe, esms=EsmsFactory(og=parcours.esms.og))


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    return directrice_de(parcours)


@pytest.fixture
def siege(parcours: Parcours) -> Utilisateur:
    return affecter(Role.SIEGE, parcours.esms.og)


def page(parcours: Parcours) -> str:
    return reverse("programme:parcours-etat-des-lieux", args=[parcours.pk])


def dire(parcours: Parcours, par: Utilisateur, *, pour_og: bool = False, **valeurs: Any) -> Application:
    complet = {"interface": "", "pour_qui": ""} | TEMPO | valeurs
    return lignes.enregistrer(parcours=parcours, modele=Application, valeurs=complet, par=par, pour_og=pour_og)


def noms(parcours: Parcours) -> set[str]:
    return {a.nom for a in retenues(lignes.lignes_de(parcours, Application))}


# --- dire, pour soi ou pour tous -----------------------------------------------------------------------------------


def test_une_ligne_de_l_esms_n_est_pas_celle_du_voisin(
    parcours: Parcours, voisin: Parcours, directrice: Utilisateur
) -> None:
    dire(parcours, directrice)
    assert noms(parcours) == {"Tempo Équipes"} and noms(voisin) == set()


def test_le_siege_repond_une_fois_pour_tous_ses_esms_de_la_grappe(
    parcours: Parcours, voisin: Parcours, siege: Utilisateur
) -> None:
    ailleurs = ParcoursFactory(grappe=parcours.grappe)
    autre_grappe = ParcoursFactory(grappe=GrappeFactory(), esms=EsmsFactory(og=parcours.esms.og))
    dire(parcours, siege, pour_og=True)
    assert [noms(p) for p in (parcours, voisin, ailleurs, autre_grappe)] == [
        {"Tempo Équipes"},
        {"Tempo Équipes"},
        set(),
        set(),
    ]


def test_l_exception_locale_passe_devant_sans_toucher_aux_autres(
    parcours: Parcours, voisin: Parcours, siege: Utilisateur, directrice: Utilisateur
) -> None:
    dire(parcours, siege, pour_og=True)
    dire(parcours, directrice, nom="TEMPO équipes", sort="arretee")
    sorts = {p: {a.sort for a in retenues(lignes.lignes_de(p, Application))} for p in (parcours, voisin)}
    assert sorts == {parcours: {SortApplication.ARRETEE}, voisin: {SortApplication.GARDEE}}


def test_la_directrice_ne_dit_ni_ne_corrige_pour_tout_l_og(
    parcours: Parcours, siege: Utilisateur, directrice: Utilisateur
) -> None:
    with pytest.raises(Refus, match="revient à son siège"):
        dire(parcours, directrice, pour_og=True)
    commune = dire(parcours, siege, pour_og=True)
    with pytest.raises(Refus, match="passera devant"):
        lignes.retirer(parcours=parcours, ligne=commune, par=directrice)
    adresse = reverse("programme:ligne-modifier", args=[parcours.pk, "application", commune.pk])
    assert connecte(directrice).get(adresse).status_code == 403
    assert connecte(siege).get(adresse).status_code == 200
    assert "pour tous les ESMS" not in connecte(directrice).get(page(parcours)).content.decode()


def test_un_esms_sans_og_ne_repond_que_pour_lui() -> None:
    parcours = ParcoursFactory(esms__og=None)
    with pytest.raises(Refus, match="pour lui seul"):
        dire(parcours, cheffe_de(parcours.grappe), pour_og=True)


def test_une_ligne_d_ailleurs_n_existe_pas_ici(parcours: Parcours, directrice: Utilisateur) -> None:
    d_ailleurs = ApplicationFactory()
    adresse = reverse("programme:ligne-modifier", args=[parcours.pk, "application", d_ailleurs.pk])
    assert connecte(directrice).get(adresse).status_code == 404
    assert connecte(directrice).get(adresse.replace("application", "contact")).status_code == 404


def test_deux_personnes_sur_la_meme_ligne(parcours: Parcours, directrice: Utilisateur) -> None:
    ligne = dire(parcours, directrice)
    vu = jeton(Application.history.filter(id=ligne.pk))
    valeurs = {**TEMPO, "sort": "arretee"}
    lignes.enregistrer(
        parcours=parcours, modele=Application, valeurs=valeurs, par=cheffe_de(parcours.grappe), ligne=ligne
    )
    with pytest.raises(Refus, match="sort") as refus:
        lignes.enregistrer(parcours=parcours, modele=Application, valeurs=TEMPO, par=directrice, ligne=ligne, vu=vu)
    assert refus.value.code == "concurrence"
    lignes.retirer(parcours=parcours, ligne=ligne, par=directrice)
    ligne.pk = Application.history.filter(history_type="-").get().id
    with pytest.raises(Refus, match="retirée par une autre personne"):
        lignes.retirer(parcours=parcours, ligne=ligne, par=directrice)


# --- la page -------------------------------------------------------------------------------------------------------


def test_ajouter_sans_script_revient_au_bloc_et_garde_le_foyer(parcours: Parcours, directrice: Utilisateur) -> None:
    client = connecte(directrice)
    reponse = client.post(page(parcours), {"genre": "application", **TEMPO})
    assert reponse.status_code == 302 and reponse.url.endswith("?apres=application#bloc-application")
    texte = client.get(reponse.url).content.decode()
    assert "Application ajoutée : Tempo Équipes." in texte
    assert texte.count("autofocus") == 1 and 'id="id_application_nom"' in texte


def test_ajouter_avec_htmx_ne_rend_que_le_bloc(parcours: Parcours, directrice: Utilisateur) -> None:
    entetes = {"HX-Request": "true", "HX-Target": "bloc-application"}
    reponse = connecte(directrice).post(page(parcours), {"genre": "application", **TEMPO}, headers=entetes)
    texte = reponse.content.decode()
    assert reponse.status_code == 200 and "<html" not in texte and 'id="bloc-document"' not in texte
    assert "data-annonce" in texte and "autofocus" in texte and "Coopérative Tempo" in texte


@pytest.mark.parametrize("htmx", [False, True])
def test_une_faute_se_dit_au_champ_et_rien_n_est_perdu(parcours: Parcours, directrice: Utilisateur, htmx: bool) -> None:
    entetes = {"HX-Request": "true", "HX-Target": "bloc-application"} if htmx else {}
    saisie = {"genre": "application", "nom": "Tempo", "domaine": "", "pour_qui": NIR}
    reponse = connecte(directrice).post(page(parcours), saisie, headers=entetes)
    texte = reponse.content.decode()
    assert reponse.status_code == 422 and 'value="Tempo"' in texte
    assert "Dites à quoi elle sert." in texte and "numéro de sécurité sociale" in texte
    assert not Application.objects.exists()


def test_corriger_puis_retirer(parcours: Parcours, directrice: Utilisateur) -> None:
    ligne = dire(parcours, directrice)
    client, adresse = (
        connecte(directrice),
        reverse("programme:ligne-modifier", args=[parcours.pk, "application", ligne.pk]),
    )
    reponse = client.post(adresse, {**TEMPO, "sort": "remplacee", "vu": ""}, follow=True)
    assert "est à jour" in reponse.content.decode() and Application.objects.get().sort == "remplacee"
    assert "est retiré" in client.post(adresse, {"geste": "retirer"}, follow=True).content.decode()
    assert not Application.objects.exists() and Application.history.filter(history_type="-").exists()


def test_qui_lit_sans_saisir_n_a_pas_de_formulaire(parcours: Parcours, directrice: Utilisateur) -> None:
    dire(parcours, directrice)
    client = connecte(affecter(Role.GRADES, parcours.esms.departement.region))
    texte = client.get(page(parcours)).content.decode()
    assert "Tempo Équipes" in texte and 'class="ajout"' not in texte and "Corriger" not in texte
    assert client.post(page(parcours), {"genre": "application", **TEMPO}).status_code == 403


def test_le_financeur_ne_lit_pas_l_etat_des_lieux(parcours: Parcours, directrice: Utilisateur) -> None:
    dire(parcours, directrice)
    changer_etat(parcours.grappe, "deposer", par=cheffe_de(parcours.grappe))
    ars = affecter(Role.ARS, parcours.esms.departement.region)
    assert connecte(ars).get(page(parcours)).status_code == 403
    assert not Application.objects.visibles_par(ars).exists()
    assert not DocumentSi.objects.visibles_par(ars).exists()


def test_la_ligne_de_tout_un_og_se_lit_par_ses_esms_et_eux_seuls(
    parcours: Parcours, voisin: Parcours, siege: Utilisateur
) -> None:
    dire(parcours, siege, pour_og=True)
    autre = ParcoursFactory(grappe=parcours.grappe)
    assert Application.objects.visibles_par(directrice_de(voisin)).count() == 1
    assert Application.objects.visibles_par(directrice_de(autre)).count() == 0
    assert Application.objects.visibles_par(affecter(Role.ADMIN, None)).count() == 1


def test_la_page_coute_autant_a_une_ligne_qu_a_cinquante(parcours: Parcours, directrice: Utilisateur) -> None:
    def peupler(nombre: int) -> None:
        for _ in range(nombre):
            ApplicationFactory(parcours=parcours)
            DocumentSi.objects.create(parcours=parcours, grappe=parcours.grappe, nature="autre", lieu="armoire")

    exiger_requetes_constantes(connecte(directrice), page(parcours), peupler)


# --- contacts ------------------------------------------------------------------------------------------------------


def test_un_contact_s_ecrit_sur_la_carte_et_une_seule_fois(parcours: Parcours, directrice: Utilisateur) -> None:
    client, saisie = connecte(directrice), {"genre": "contact", "sujet": "si", "nom": "Service informatique"}
    assert client.post(page(parcours), saisie).status_code == 302
    assert Interlocuteur.objects.get().esms == parcours.esms
    assert client.post(page(parcours), saisie).status_code == 422
    with pytest.raises(Refus, match="déjà un contact"):
        valeurs = dict.fromkeys(CHAMPS, "") | {"nom": "Un autre"}
        interlocuteurs.ajouter(cible=parcours.esms, sujet=Sujet.SI, valeurs=valeurs, par=directrice)


def test_le_siege_dit_le_contact_de_tous(parcours: Parcours, voisin: Parcours, siege: Utilisateur) -> None:
    saisie = {"genre": "contact", "sujet": "si", "nom": "Direction du numérique", "pour_tous": "on"}
    assert connecte(siege).post(page(parcours), saisie).status_code == 302
    texte = connecte(directrice_de(voisin)).get(page(voisin)).content.decode()
    assert "Direction du numérique" in texte and f"de l&#x27;OG {parcours.esms.og}" in texte


# --- la condition --------------------------------------------------------------------------------------------------


def _mesure(parcours: Parcours) -> tuple[bool | None, str]:
    constats = evaluer(Parcours.objects.filter(pk=parcours.pk), "preparer")[parcours.pk]
    constat = next(c for c in constats if c.condition.code == "etat_des_lieux")
    return constat.ok, constat.mesure


def _document(parcours: Parcours, par: Utilisateur, *, pour_og: bool = False) -> None:
    valeurs = {"nature": NatureDocument.SCHEMA, "lieu": "intranet", "intitule": "", "date": None}
    lignes.enregistrer(parcours=parcours, modele=DocumentSi, valeurs=valeurs, par=par, pour_og=pour_og)


def test_la_condition_dit_ce_qui_manque(parcours: Parcours, directrice: Utilisateur) -> None:
    assert _mesure(parcours) == (False, "ni document ni contact")
    _document(parcours, directrice)
    assert _mesure(parcours) == (False, "un document, qui répond du SI reste à dire")
    contact = Interlocuteur.objects.create(esms=parcours.esms, sujet=Sujet.SI, nom="Service informatique")
    assert _mesure(parcours) == (True, "réunis")
    DocumentSi.objects.all().delete()
    assert _mesure(parcours) == (False, "un contact, aucun document encore")
    contact.sujet = Sujet.PANNE
    contact.save()
    assert _mesure(parcours) == (False, "ni document ni contact"), "une assistance n'est pas qui répond du SI"


def test_ce_que_dit_l_og_reunit_tous_ses_esms(parcours: Parcours, voisin: Parcours, siege: Utilisateur) -> None:
    autre = ParcoursFactory(grappe=parcours.grappe)
    _document(parcours, siege, pour_og=True)
    Interlocuteur.objects.create(og=parcours.esms.og, sujet=Sujet.SI, nom="Direction du numérique")
    assert [_mesure(p)[0] for p in (parcours, voisin, autre)] == [True, True, False]


def test_sans_og_rien_ne_vient_d_une_ligne_sans_og(parcours: Parcours, siege: Utilisateur) -> None:
    _document(parcours, siege, pour_og=True)
    Interlocuteur.objects.create(og=parcours.esms.og, sujet=Sujet.SI, nom="Direction du numérique")
    orphelin = ParcoursFactory(grappe=parcours.grappe, esms__og=None)
    assert _mesure(orphelin) == (False, "ni document ni contact")


# --- équipement, fiche -----------------------------------------------------------------------------------------------


def test_l_equipement_se_decrit_et_avertit(parcours: Parcours, directrice: Utilisateur) -> None:
    saisie = {"postes": 3, "simultanes": 6, "tablettes": 8, "reseau": "partout", "wifi": "en_partie"}
    reponse = connecte(directrice).post(
        reverse("programme:parcours-equipement", args=[parcours.pk]), saisie, follow=True
    )
    texte = reponse.content.decode()
    assert "0,50" in texte and "il manque 3 postes" in texte and "pas de wifi partout" in texte
    assert Equipement.objects.get().alertes == [
        "il manque 3 postes à l'heure la plus chargée",
        "des tablettes, mais pas de wifi partout où l'on écrit",
    ]


def test_ce_qui_n_est_pas_dit_n_avertit_pas(parcours: Parcours, directrice: Utilisateur) -> None:
    vides = {"postes": None, "simultanes": None, "tablettes": 2, "reseau": "", "wifi": "", "remarque": ""}
    equipement = decrire_equipement(parcours=parcours, valeurs=vides, par=directrice)
    assert equipement.rapport is None and equipement.alertes == []


def test_deux_personnes_decrivent_l_equipement(parcours: Parcours, directrice: Utilisateur) -> None:
    dites = {"postes": 3, "simultanes": 6, "tablettes": 0, "reseau": Couverture.PARTOUT, "wifi": "", "remarque": ""}
    decrire_equipement(parcours=parcours, valeurs=dites, par=cheffe_de(parcours.grappe), vu=0)
    with pytest.raises(Refus) as refus:
        decrire_equipement(parcours=parcours, valeurs={**dites, "postes": 4}, par=directrice, vu=0)
    assert refus.value.code == "concurrence"


def test_la_fiche_des_outils_tait_ce_qui_s_arrete(
    parcours: Parcours, siege: Utilisateur, directrice: Utilisateur
) -> None:
    dire(parcours, siege, pour_og=True, nom="Paie du siège", domaine=DomaineApplication.PAIE, pour_qui="Secrétariat")
    dire(parcours, directrice, nom="Vieux classeur", sort="remplacee")
    dire(parcours, directrice, nom="Pilulier", domaine="soins", sort="interfacee")
    Interlocuteur.objects.create(esms=parcours.esms, sujet=Sujet.PANNE, nom="Assistance", telephone="05 55 00 00 00")
    fiche = outils_de(parcours, par=directrice, au=timezone.localdate())
    assert [o[0] for o in fiche.donnees["outils"]] == ["Pilulier", "Paie du siège"], "par usage, gardés seulement"
    assert fiche.donnees["outils"][0][2] == "à demander"
    assert ["Panne, connexion, matériel", "Assistance", "05 55 00 00 00"] in fiche.donnees["contacts"]
    reponse = connecte(directrice).get(reverse("programme:parcours-outils", args=[parcours.pk]))
    assert reponse.content.startswith(b"%PDF") and "nos-outils-" in reponse["Content-Disposition"]
