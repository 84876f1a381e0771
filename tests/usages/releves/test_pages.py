"""Les pages d'un relevé : la grille, la lecture, corriger, demander, répondre ; ce que le financeur n'y voit pas."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from programme.models import Parcours
from programme.socle.a_faire import Ligne, Urgence, a_faire
from programme.socle.indicateurs import Mesure
from programme.socle.porte import changer_etat
from tests.aides import connecte, nb_requetes
from tests.fabriques import ParcoursFactory, affecter, cheffe_de
from tests.usages.fabriques import IndicateurFactory, PrecisionFactory, transmettre
from tests.usages.releves.aides import avancer, calcule, case, direction, exiger_totaux_justes, presents, relever
from usages.enums import EtatPrecision
from usages.models import Precision, Releve
from usages.services.chiffres.valeurs import Saisie, ecrire, poser_calcules
from usages.services.releves.page import lire_page

pytestmark = pytest.mark.django_db


def page_de(releve: Releve) -> str:
    return reverse("usages:releve-detail", args=[releve.pk])


def envoyer(releve: Releve, par: Any, en_json: bool = True, **champs: str) -> Any:
    url = reverse("usages:releve-saisir", args=[releve.pk])
    entetes = {"Accept": "application/json"} if en_json else {}
    noms = {nom.replace("_", "-", 1).replace("__", "-"): valeur for nom, valeur in champs.items()}
    return connecte(par).post(url, noms, headers=entetes)


def donner(releve: Releve, par: Any, **dits: Any) -> None:
    saisies = [Saisie(cle, numerateur=Decimal(n), denominateur=Decimal(s)) for cle, (n, s) in dits["chiffres"].items()]
    ecrire(releve=releve, saisies=saisies, par=par)


def au_projet(parcours: Parcours | None = None) -> Parcours:
    """Un ESMS dont le financeur voit la grappe."""
    parcours = parcours or ParcoursFactory()
    changer_etat(parcours.grappe, "constater", par=cheffe_de(parcours.grappe), vers="deploiement")
    return parcours


@pytest.fixture
def indicateur() -> Any:
    return IndicateurFactory(code="projets", libelle="Projets à jour")


# --- la grille --------------------------------------------------------------------------------------------------------


def test_la_grille_dit_ce_qui_reste_et_d_ou_vient_le_reste(indicateur: Any) -> None:
    compte = calcule(libelle="Comptes actifs", unite="comptes")
    releve = relever(indicateur, compte)
    poser_calcules(releve_cles=[releve.pk], mesures={compte.pk: {releve.parcours_id: [Mesure(1)]}}, le=timezone.now())
    lu = connecte(direction(releve.parcours)).get(page_de(releve)).content.decode()
    assert "Il reste 1 chiffre à taper." in lu
    assert "calculé le" in lu and "1\u00a0compte<" in lu
    assert "Non mesurable" in lu


def test_qui_ne_saisit_pas_lit_sans_case_a_taper(indicateur: Any) -> None:
    releve = relever(indicateur)
    lu = connecte(affecter("membre", releve.grappe)).get(page_de(releve)).content.decode()
    assert 'name="n-projets"' not in lu and "encore en saisie" in lu


def test_un_chiffre_envoye_s_enregistre_et_s_accuse(indicateur: Any) -> None:
    releve = relever(indicateur)
    reponse = envoyer(
        releve, direction(releve.parcours), n_projets="30", d_projets="40", v_projets="0", a_projets="|||||"
    )
    corps = json.loads(reponse.content)
    etat = corps["chiffres"]["projets"]
    assert (etat["fautes"], etat["dit"]) == ([], "30 sur 40, soit 75\u202f%")
    assert etat["etat"].startswith("enregistré à") and etat["depart"] == "30|40||||"
    assert corps["resume"] == "Tout y est : il ne reste qu'à transmettre."


@pytest.mark.parametrize(
    ("nombre", "phrase"),
    [("douze", "« douze » n'est pas un nombre"), ("-3", "ne descend pas sous zéro"), ("41", "41 dépasse 40")],
)
def test_ce_qui_ne_va_pas_se_dit_au_chiffre(nombre: str, phrase: str, indicateur: Any) -> None:
    releve = relever(indicateur)
    par = direction(releve.parcours)
    corps = json.loads(envoyer(releve, par, n_projets=nombre, d_projets="40").content)
    assert phrase in corps["chiffres"]["projets"]["fautes"][0].replace("\u00a0", " ")
    sans_script = envoyer(releve, par, en_json=False, n_projets=nombre, d_projets="40")
    assert sans_script.status_code == 422
    assert f'value="{nombre}"' in sans_script.content.decode()
    assert not case(releve, indicateur).est_repondue


def test_un_geste_dit_non_mesurable_meme_si_un_nombre_traine(indicateur: Any) -> None:
    releve = relever(indicateur)
    par = direction(releve.parcours)
    envoyer(releve, par, n_projets="30", d_projets="40")
    envoyer(releve, par, n_projets="30", d_projets="40", m_projets="non_mesurable")
    assert case(releve, indicateur).motif == "non_mesurable"
    envoyer(releve, par, n_projets="31", d_projets="40", m_projets="non_mesurable")
    assert (case(releve, indicateur).motif, case(releve, indicateur).numerateur) == ("", 31)


def test_ce_qu_on_n_a_pas_touche_n_ecrase_pas_l_autre(indicateur: Any) -> None:
    autre = IndicateurFactory(code="contrats")
    releve = relever(indicateur, autre)
    une, deux = direction(releve.parcours), direction(releve.parcours)
    donner(releve, une, chiffres={indicateur.pk: (30, 40)})
    ancienne = {"n_projets": "", "d_projets": "", "v_projets": "0", "a_projets": "|||||"}
    envoyer(releve, deux, en_json=False, **ancienne, n_contrats="12", d_contrats="40", v_contrats="0")
    assert (case(releve, indicateur).numerateur, case(releve, autre).numerateur) == (30, 12)
    corps = json.loads(envoyer(releve, deux, n_projets="20", d_projets="40", v_projets="0", a_projets="|||||").content)
    assert str(une) in corps["chiffres"]["projets"]["croisee"]
    assert case(releve, indicateur).numerateur == 30


def test_enregistrer_et_transmettre_mene_a_la_decision(indicateur: Any) -> None:
    releve = relever(indicateur)
    reponse = envoyer(
        releve, direction(releve.parcours), en_json=False, n_projets="30", d_projets="40", suite="transmettre"
    )
    assert reponse.url == reverse("programme:passage", args=["releve", releve.pk, "transmettre"])


def test_un_releve_transmis_entre_temps_ne_s_ecrit_plus(indicateur: Any) -> None:
    releve = relever(indicateur)
    par = direction(releve.parcours)
    transmettre(releve, par=par)
    reponse = envoyer(releve, par, n_projets="30", d_projets="40")
    assert reponse.status_code == 409 and "transmis entre-temps" in json.loads(reponse.content)["motif"]
    assert not case(releve, indicateur).est_repondue


def test_les_douze_dernieres_valeurs_sont_en_vue(indicateur: Any) -> None:
    parcours = ParcoursFactory()
    releves = [relever(indicateur, parcours=parcours, recul=n) for n in range(14, 0, -1)]
    par = direction(parcours)
    for rang, releve in enumerate(releves):
        donner(releve, par, chiffres={indicateur.pk: (10 + rang, 40)})
    chiffre = lire_page(releves[-1], par).chiffres[0]
    assert [r.grandeur for r in chiffre.serie.rangs] == [Decimal(10 + n) / 40 for n in range(2, 14)]
    assert chiffre.dit_avant == "22 sur 40, soit 55\u202f%"


def test_autant_de_requetes_pour_un_chiffre_que_pour_vingt() -> None:
    def compter(nombre: int) -> tuple[int, int]:
        commun = presents()
        releve = relever(commun, *(IndicateurFactory(denominateur_commun=commun) for _ in range(nombre)))
        return (
            nb_requetes(connecte(direction(releve.parcours)), page_de(releve)),
            nb_requetes(connecte(affecter("membre", releve.grappe)), page_de(releve)),
        )

    assert compter(1) == compter(19)


def test_la_liste_demande_autant_pour_un_releve_que_pour_vingt(indicateur: Any) -> None:
    parcours = ParcoursFactory()
    par = direction(parcours)
    url = reverse("usages:parcours-releves", args=[parcours.pk])
    transmettre(relever(indicateur, parcours=parcours, recul=1), par=par)
    relever(indicateur, parcours=parcours, recul=2)
    a_deux = nb_requetes(connecte(par), url)
    for recul in range(3, 21):
        relever(indicateur, parcours=parcours, recul=recul)
    assert nb_requetes(connecte(par), url) == a_deux


def test_ce_qui_est_en_retard_passe_devant_et_le_bouton_dit_ce_qu_il_reste(indicateur: Any) -> None:
    parcours = ParcoursFactory()
    par = direction(parcours)
    plein, vide = relever(indicateur, parcours=parcours, recul=1), relever(indicateur, parcours=parcours, recul=2)
    donner(plein, par, chiffres={indicateur.pk: (30, 40)})
    au = timezone.localdate()
    for releve, jours in ((plein, 4), (vide, -4)):
        Releve.objects.filter(pk=releve.pk).update(echeance=au + timezone.timedelta(days=jours))
    lu = connecte(par).get(reverse("usages:parcours-releves", args=[parcours.pk])).content.decode()
    assert lu.index("attendu depuis le") < lu.index("à transmettre avant le")
    assert lu.index(">Compléter<") < lu.index(">Transmettre<")


def test_transmettre_dit_combien_partirait_vide(indicateur: Any) -> None:
    autre = IndicateurFactory(libelle="Contrats")
    releve = relever(indicateur, autre)
    par = direction(releve.parcours)
    url = reverse("programme:passage", args=["releve", releve.pk, "transmettre"])
    donner(releve, par, chiffres={indicateur.pk: (30, 40)})
    assert "Il manque 1 chiffre : il partirait vide." in connecte(par).get(url).content.decode()
    donner(releve, par, chiffres={autre.pk: (30, 40)})
    lu = connecte(par).get(url).content.decode()
    assert "Il manque" not in lu and "ils entrent dans les totaux" in lu


def test_une_precision_attendue_se_voit_sur_le_releve_et_le_chiffre(transmis: Releve, indicateur: Any) -> None:
    valeur = case(transmis, indicateur)
    precision = PrecisionFactory(valeur=valeur, demandee_par=affecter("ars", transmis.region))
    repondre = reverse("usages:precision-repondre", args=[precision.pk])
    pages = (page_de(transmis), reverse("usages:valeur-detail", args=[valeur.pk]))
    par, cheffe = direction(transmis.parcours), cheffe_de(transmis.grappe)
    for page in pages:
        assert repondre in connecte(par).get(page).content.decode()
        assert repondre not in connecte(cheffe).get(page).content.decode()
    changer_etat(precision, "repondre", par=par, motif="Une unité fermée")
    for page in pages:
        assert repondre not in connecte(par).get(page).content.decode()


# --- ce que lit le financeur --------------------------------------------------------------------------------------


def test_le_financeur_ne_lit_que_ce_qui_lui_est_destine(indicateur: Any) -> None:
    interne = IndicateurFactory(libelle="Tâches saisies deux fois", transmis_au_financeur=False)
    releve = relever(indicateur, interne, parcours=au_projet())
    par = direction(releve.parcours)
    donner(releve, par, chiffres={indicateur.pk: (30, 40), interne.pk: (5, 40)})
    financeur = connecte(affecter("ars", releve.region))
    assert financeur.get(page_de(releve)).status_code == 404
    liste = reverse("usages:parcours-releves", args=[releve.parcours_id])
    assert page_de(releve) not in financeur.get(liste).content.decode()
    transmettre(releve, par=par)
    lu = financeur.get(page_de(releve)).content.decode()
    assert "30 sur 40" in lu and "Tâches saisies" not in lu
    assert page_de(releve) in financeur.get(liste).content.decode()
    cache = reverse("usages:valeur-detail", args=[case(releve, interne).pk])
    assert financeur.get(cache).status_code == 404
    assert financeur.get(reverse("usages:precision-demander", args=[case(releve, interne).pk])).status_code == 404


# --- corriger, demander, répondre ---------------------------------------------------------------------------------


@pytest.fixture
def transmis(indicateur: Any) -> Releve:
    releve = relever(indicateur, parcours=au_projet())
    par = direction(releve.parcours)
    donner(releve, par, chiffres={indicateur.pk: (30, 40)})
    return transmettre(releve, par=par)


def test_corriger_un_transmis_garde_l_ancien_a_cote(transmis: Releve, indicateur: Any) -> None:
    valeur = case(transmis, indicateur)
    url = reverse("usages:valeur-corriger", args=[valeur.pk])
    client = connecte(direction(transmis.parcours))
    sans = client.post(url, {"numerateur": "20", "denominateur": "40"})
    assert sans.status_code == 422 and "pourquoi vous corrigez" in sans.content.decode()
    trop = client.post(url, {"numerateur": "50", "denominateur": "40", "raison": "Erreur"})
    assert trop.status_code == 422 and "50 dépasse 40" in trop.content.decode()
    client.post(url, {"numerateur": "20", "denominateur": "40", "raison": "Erreur de lecture"})
    lu = client.get(page_de(transmis)).content.decode()
    assert "30 sur 40" in lu and "20 sur 40" in lu and "Erreur de lecture" in lu
    exiger_totaux_justes()


def demander(transmis: Releve, indicateur: Any, par: Any, question: str = "Pourquoi si bas ?") -> Any:
    url = reverse("usages:precision-demander", args=[case(transmis, indicateur).pk])
    return connecte(par).post(url, {"question": question})


def test_une_seule_question_a_la_fois_et_sur_un_chiffre_transmis(transmis: Releve, indicateur: Any) -> None:
    financeur = affecter("ars", transmis.region)
    assert demander(transmis, indicateur, financeur, question=" ").status_code == 422
    assert demander(transmis, indicateur, financeur).status_code == 302
    deux = demander(transmis, indicateur, cheffe_de(transmis.grappe))
    assert deux.status_code == 422 and "déjà demandée" in deux.content.decode()
    assert Precision.objects.count() == 1
    changer_etat(transmis, "reprendre", par=direction(transmis.parcours), motif="Erreur")
    Precision.objects.all().delete()
    assert demander(transmis, indicateur, cheffe_de(transmis.grappe)).status_code == 403


def test_repondre_corrige_d_un_meme_geste_et_dit_de_quoi_a_quoi(transmis: Releve, indicateur: Any) -> None:
    financeur = affecter("ars", transmis.region)
    demander(transmis, indicateur, financeur)
    precision = Precision.objects.get()
    url = reverse("usages:precision-repondre", args=[precision.pk])
    client = connecte(direction(transmis.parcours))
    client.post(
        url, {"reponse": "Une feuille oubliée", "numerateur": "36", "denominateur": "40", "version": precision.version}
    )
    precision.refresh_from_db()
    assert precision.etat == EtatPrecision.REPONDUE
    assert precision.reponse == (
        "Une feuille oubliée (corrigé : 30 sur 40, soit 75\u202f% devient 36 sur 40, soit 90\u202f%)"
    )
    assert (case(transmis, indicateur).numerateur, case(transmis, indicateur).extraite_numerateur) == (36, 30)
    exiger_totaux_justes()
    assert (
        "36 sur 40" in connecte(financeur).get(reverse("usages:precision-detail", args=[precision.pk])).content.decode()
    )


def test_une_reponse_sans_correction_laisse_le_chiffre(transmis: Releve, indicateur: Any) -> None:
    demander(transmis, indicateur, cheffe_de(transmis.grappe))
    precision = Precision.objects.get()
    url = reverse("usages:precision-repondre", args=[precision.pk])
    donnees = {"reponse": "C'est bien cela", "numerateur": "30", "denominateur": "40", "version": precision.version}
    connecte(direction(transmis.parcours)).post(url, donnees)
    precision.refresh_from_db()
    assert (precision.reponse, case(transmis, indicateur).est_corrigee) == ("C'est bien cela", False)


def test_une_correction_refusee_ne_laisse_pas_de_reponse(transmis: Releve, indicateur: Any) -> None:
    demander(transmis, indicateur, cheffe_de(transmis.grappe))
    precision = Precision.objects.get()
    url = reverse("usages:precision-repondre", args=[precision.pk])
    donnees = {"reponse": "Voici", "numerateur": "50", "denominateur": "40", "version": precision.version}
    refusee = connecte(direction(transmis.parcours)).post(url, donnees)
    assert refusee.status_code == 422 and "50 dépasse 40" in refusee.content.decode()
    precision.refresh_from_db()
    assert precision.etat == EtatPrecision.DEMANDEE


# --- à faire --------------------------------------------------------------------------------------------------------


def lignes(utilisateur: Any, debut: str) -> list[Ligne]:
    return [ligne for ligne in a_faire(utilisateur, timezone.localdate()) if ligne.url.startswith(debut)]


def test_a_l_accueil_un_releve_a_transmettre_puis_un_rappel_courtois(indicateur: Any) -> None:
    releve = relever(indicateur, parcours=avancer(ParcoursFactory(), "ouverture"))
    par = direction(releve.parcours)
    (ligne,) = lignes(par, "/releves/")
    assert ligne.titre == f"Transmettre vos chiffres {releve.periode.complement}"
    assert ligne.detail == f"{releve.parcours} : il reste 1 chiffre"
    Releve.objects.update(echeance=timezone.localdate() - timezone.timedelta(days=3))
    (ligne,) = lignes(par, "/releves/")
    assert ligne.titre.endswith("nous manquent encore") and "« non mesurable » est une réponse" in ligne.detail
    (muet,) = lignes(cheffe_de(releve.grappe), f"/parcours/{releve.parcours_id}/releves/")
    assert muet.urgence == Urgence.RAPPEL
    transmettre(releve, par=par)
    assert not lignes(par, "/releves/")
    assert not lignes(cheffe_de(releve.grappe), f"/parcours/{releve.parcours_id}/releves/")


def test_a_l_accueil_la_question_puis_la_reponse(transmis: Releve, indicateur: Any) -> None:
    avancer(transmis.parcours, "ouverture")
    financeur, par = affecter("ars", transmis.region), direction(transmis.parcours)
    precision = PrecisionFactory(valeur=case(transmis, indicateur), demandee_par=financeur)
    (ligne,) = lignes(par, "/precisions/")
    assert ligne.echeance == timezone.localdate(precision.demandee_le) and "demandée le" in ligne.detail
    assert (ligne.titre, ligne.texte) == ("Répondre à une demande de précision", "D'où vient cette baisse ?")
    assert not lignes(financeur, "/precisions/")
    changer_etat(precision, "repondre", par=par, motif="Une unité fermée")
    assert not lignes(par, "/precisions/")
    assert [ligne.titre for ligne in lignes(financeur, "/precisions/")] == ["Lire la réponse de l'ESMS"]
    # À l'accueil du financeur, la carte s'ouvre : un titre sans lien serait une impasse.
    assert reverse("usages:precision-detail", args=[precision.pk]) in connecte(financeur).get("/").content.decode()
    changer_etat(precision, "clore", par=financeur)
    assert not lignes(financeur, "/precisions/")


def test_au_chef_de_projet_ce_qui_est_transmis_et_sans_question(transmis: Releve, indicateur: Any) -> None:
    chef = cheffe_de(transmis.grappe)
    (ligne,) = lignes(chef, "/releves/")
    assert (ligne.titre, ligne.url) == ("Valider les chiffres transmis", page_de(transmis))
    assert str(transmis.parcours) in ligne.detail
    precision = PrecisionFactory(valeur=case(transmis, indicateur))
    assert not lignes(chef, "/releves/")
    changer_etat(precision, "clore", par=chef)
    autre = relever(indicateur, parcours=ParcoursFactory(grappe=transmis.grappe))
    transmettre(autre, par=direction(autre.parcours))
    (ligne,) = lignes(chef, "/releves/")
    assert ligne.url == "/releves/?etat=transmis&precisions=non" and ligne.detail.startswith("2 relevés")
    assert connecte(chef).get(ligne.url).content.decode().count("/releves/") >= 2
    changer_etat(transmis, "valider", par=chef)
    (ligne,) = lignes(chef, "/releves/")
    assert ligne.url == page_de(autre)


def test_le_financeur_trouve_le_bouton_de_la_reponse_a_son_accueil(transmis: Releve, indicateur: Any) -> None:
    financeur = affecter("ars", transmis.region)
    precision = PrecisionFactory(valeur=case(transmis, indicateur), demandee_par=financeur)
    changer_etat(precision, "repondre", par=direction(transmis.parcours), motif="Une unité fermée")
    lu = connecte(financeur).get(reverse("programme:accueil")).content.decode()
    assert f'href="{reverse("usages:precision-detail", args=[precision.pk])}"' in lu
