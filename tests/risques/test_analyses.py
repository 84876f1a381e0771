"""Les six lignes d'un ESMS : les dire, les transmettre, les revoir sans rien perdre ; la page du directeur."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from programme.enums import EtatParcours, Role
from programme.models import Parcours
from programme.socle.a_faire import Urgence, a_faire
from programme.socle.erreurs import Refus
from programme.socle.models import Passage
from programme.socle.porte import changer_etat
from risques.enums import CategorieRisque, EtatAnalyse
from risques.models import AnalyseLocale, BaremeRisques, InstantaneAnalyse, LigneAnalyse
from risques.services.analyses import SORTI, TRANSMISE, enregistrer_analyse, jeton_de
from risques.services.suites import compter_proposees, ecarter, proposees
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.risques.fabriques import (
    AnalyseLocaleFactory,
    GrilleFactory,
    RisqueFactory,
    analyse_transmise,
    campagne_ouverte,
)

pytestmark = pytest.mark.django_db
SIX = {c: {"probabilite": 2, "impact": 3, "mot": ""} for c in CategorieRisque.values}


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Any:
    return directrice_de(parcours)


def page(parcours: Parcours, nom: str = "parcours-risques") -> str:
    return reverse(f"risques:{nom}", args=[parcours.pk])


def lire(qui: Any, parcours: Parcours, nom: str = "parcours-risques") -> str:
    reponse = connecte(qui).get(page(parcours, nom))
    assert reponse.status_code == 200
    return html.unescape(reponse.content.decode()).replace("\xa0", " ").replace("\u202f", " ")


def saisie(geste: str = "enregistrer", vu: int = 0, **autres: str) -> dict[str, str]:
    lignes = {f"{c}-{nom}": str(v) for c in CategorieRisque.values for nom, v in (("probabilite", 2), ("impact", 3))}
    return lignes | {"geste": geste, "vu": str(vu)} | {nom.replace("__", "-"): v for nom, v in autres.items()}


# --- écrire --------------------------------------------------------------------------------------------------------


def test_enregistrer_n_est_pas_transmettre(parcours: Parcours, directrice: Any) -> None:
    analyse = enregistrer_analyse(parcours=parcours, lignes=SIX, par=directrice)
    assert analyse.etat == EtatAnalyse.A_FAIRE and analyse.lignes.count() == 6
    assert not InstantaneAnalyse.objects.exists()
    enregistrer_analyse(parcours=parcours, lignes=SIX, par=directrice, transmettre=True)
    analyse.refresh_from_db()
    assert (analyse.etat, analyse.transmise_le) == (EtatAnalyse.TRANSMISE, timezone.localdate())


def test_enregistrer_sans_rien_changer_n_ecrit_rien(parcours: Parcours, directrice: Any) -> None:
    analyse = enregistrer_analyse(parcours=parcours, lignes=SIX, par=directrice)
    avant = jeton_de(analyse)
    enregistrer_analyse(parcours=parcours, lignes=SIX, par=directrice, vu=avant)
    assert jeton_de(analyse) == avant


def test_cinq_lignes_ne_se_transmettent_pas_et_rien_n_est_ecrit(parcours: Parcours, directrice: Any) -> None:
    cinq = SIX | {"humain": {"probabilite": 2, "impact": None, "mot": ""}}
    with pytest.raises(Refus) as refus:
        enregistrer_analyse(parcours=parcours, lignes=cinq, par=directrice, transmettre=True)
    assert refus.value.manques[0].mesure == "une ligne à compléter"
    assert not LigneAnalyse.objects.exists() and not AnalyseLocale.objects.exists()


def test_le_referent_ecrit_mais_ne_transmet_pas(parcours: Parcours) -> None:
    referent = affecter(Role.REFERENT, parcours.esms)
    enregistrer_analyse(parcours=parcours, lignes=SIX, par=referent)
    with pytest.raises(Refus) as refus:
        enregistrer_analyse(parcours=parcours, lignes=SIX, par=referent, transmettre=True)
    assert refus.value.code == "droit"
    corps = lire(referent, parcours, "parcours-analyse")
    assert 'value="transmettre"' not in corps and "La direction transmettra." in corps


def test_transmise_elle_ne_s_ecrit_plus_et_sortie_non_plus(parcours: Parcours, directrice: Any) -> None:
    analyse_transmise(parcours)
    with pytest.raises(Refus, match=re.escape(TRANSMISE)):
        enregistrer_analyse(parcours=parcours, lignes=SIX, par=directrice)
    reponse = connecte(directrice).get(page(parcours, "parcours-analyse"))
    assert reponse.status_code == 302 and reponse.url == page(parcours)
    autre = ParcoursFactory(grappe=parcours.grappe)
    changer_etat(autre, "sortir", par=cheffe_de(parcours.grappe), motif="fermeture")
    with pytest.raises(Refus, match=re.escape(SORTI)):
        enregistrer_analyse(parcours=autre, lignes=SIX, par=directrice_de(autre))


def test_deux_personnes_ne_s_ecrasent_pas(parcours: Parcours, directrice: Any) -> None:
    client, referent = connecte(directrice), affecter(Role.REFERENT, parcours.esms, utilisateur=None)
    assert client.get(page(parcours, "parcours-analyse")).context["formulaire"].initial["vu"] == 0
    enregistrer_analyse(parcours=parcours, lignes={"humain": {"probabilite": 4, "impact": 4, "mot": ""}}, par=referent)
    reponse = client.post(page(parcours, "parcours-analyse"), saisie(technique__mot="Le réseau tombe"))
    corps = reponse.content.decode()
    assert reponse.status_code == 409
    assert f"{referent} a changé : humain" in corps and "Le réseau tombe" in corps
    assert LigneAnalyse.objects.count() == 1
    vu = reponse.context["formulaire"].data["vu"]
    reponse = client.post(page(parcours, "parcours-analyse"), saisie(vu=vu, technique__mot="Le réseau tombe"))
    assert reponse.status_code == 302, "relu, un second envoi passe"
    assert LigneAnalyse.objects.get(categorie="humain").probabilite == 2


# --- ce qui fut transmis -------------------------------------------------------------------------------------------


def test_ce_qui_fut_transmis_se_relit_apres_une_revision(parcours: Parcours, directrice: Any) -> None:
    dites = SIX | {"technique": {"probabilite": 4, "impact": 3, "mot": "Ni réseau ni tablette au premier"}}
    analyse = enregistrer_analyse(parcours=parcours, lignes=dites, par=directrice, transmettre=True)
    changer_etat(analyse, "revoir", par=directrice)
    corrige = dites | {"technique": {"probabilite": 1, "impact": 1, "mot": "Réseau posé"}}
    enregistrer_analyse(parcours=parcours, lignes=corrige, par=directrice, transmettre=True)
    premier, second = InstantaneAnalyse.objects.filter(analyse=analyse)
    technique = next(dite for dite in premier.contenu if dite["categorie"] == "technique")
    assert (technique["probabilite"], technique["impact"]) == (4, 3)
    assert (premier.rang, second.rang, len(second.contenu)) == (1, 2, 6)
    corps = lire(directrice, parcours)
    assert "Ni réseau ni tablette au premier" in corps and "Réseau posé" in corps and "2 fois" in corps
    with pytest.raises(ValueError, match="ne se réécrit pas"):
        premier.save()


def test_le_chef_de_projet_accepte_ou_demande_une_precision(parcours: Parcours, directrice: Any) -> None:
    analyse, cheffe = analyse_transmise(parcours), cheffe_de(parcours.grappe)
    with pytest.raises(Refus) as refus:
        changer_etat(analyse, "accepter", par=directrice)
    assert refus.value.code == "droit"
    assert "en attente du chef de projet" in lire(directrice, parcours)
    changer_etat(analyse, "demander_precision", par=cheffe, motif="Quel étage ?")
    corps = lire(directrice, parcours)
    assert "Analyse des risques : une précision est demandée" in corps and "« Quel étage ? »" in corps
    assert "Compléter l'analyse" in corps
    enregistrer_analyse(parcours=parcours, lignes=SIX, par=directrice, transmettre=True)
    analyse.refresh_from_db()
    changer_etat(analyse, "accepter", par=cheffe)
    assert "acceptée par le chef de projet" in lire(directrice, parcours)


# --- amorcée par la grappe -----------------------------------------------------------------------------------------


def grappe_repondue(parcours: Parcours, notes: dict[str, int | None] | None = None) -> None:
    campagne = campagne_ouverte(grappe=parcours.grappe)
    grille = GrilleFactory(evaluation=campagne.evaluations.get(), notes=notes or {"A1": 9, "A2": 2, "B1": 8, "B2": 3})
    changer_etat(grille, "transmettre", par=grille.evaluateur)


def test_le_formulaire_part_des_reponses_de_la_grappe_en_le_disant(parcours: Parcours, directrice: Any) -> None:
    grappe_repondue(parcours)
    corps = lire(directrice, parcours, "parcours-analyse")
    assert "les choix suivent la réunion de la grappe" in corps
    assert "Dans la grappe : 2 réponses sur ce sujet, une inquiète" in corps and "Énoncé B1" in corps
    saisies = re.findall(r'name="(\w+)-(probabilite|impact)" type="radio" value="(\d)"([^>]*)>', corps)
    coches = [x[:3] for x in saisies if "checked" in x[3]]
    assert ("financier", "probabilite", "2") in coches and ("financier", "impact", "3") in coches
    assert not [x for x in coches if x[0] == "juridique"], "la grappe n'en dit rien"
    assert not LigneAnalyse.objects.exists(), "lire n'écrit pas"


def test_ce_que_l_esms_a_dit_passe_avant_la_grappe(parcours: Parcours, directrice: Any) -> None:
    grappe_repondue(parcours)
    un = {"financier": {"probabilite": 1, "impact": 1, "mot": "Budget voté"}}
    enregistrer_analyse(parcours=parcours, lignes=un, par=directrice)
    reponse = connecte(directrice).get(page(parcours, "parcours-analyse"))
    depart = reponse.context["formulaire"].initial
    assert (depart["financier-probabilite"], depart["financier-impact"]) == (1, 1)
    assert depart["organisationnel-probabilite"] == 4, "les autres restent amorcées"
    assert "Déjà dit ici" in reponse.content.decode() and "Budget voté" in reponse.content.decode()


def test_confirmer_tel_quel_en_un_geste(parcours: Parcours, directrice: Any) -> None:
    client = connecte(directrice)
    reponse = client.post(page(parcours, "parcours-analyse"), saisie("transmettre"), follow=True)
    assert "Analyse transmise au chef de projet." in reponse.content.decode()
    assert AnalyseLocale.objects.get().etat == EtatAnalyse.TRANSMISE


def test_transmettre_demande_les_six_et_mene_a_ce_qui_manque(parcours: Parcours, directrice: Any) -> None:
    donnees = saisie("transmettre")
    del donnees["humain-impact"]
    reponse = connecte(directrice).post(page(parcours, "parcours-analyse"), donnees)
    corps = reponse.content.decode()
    assert reponse.status_code == 422 and "Humain, impact : à choisir avant de transmettre." in corps
    assert 'href="#id_humain-impact"' in corps and 'id="id_humain-impact"' in corps
    assert not AnalyseLocale.objects.exists()
    donnees["geste"] = "enregistrer"
    assert connecte(directrice).post(page(parcours, "parcours-analyse"), donnees).status_code == 302


@pytest.mark.parametrize("valeur", ["0", "5", "-1", "deux", "=cmd|' /C calc'!A0"])
def test_une_cote_hors_de_l_echelle_est_refusee(parcours: Parcours, directrice: Any, valeur: str) -> None:
    reponse = connecte(directrice).post(page(parcours, "parcours-analyse"), saisie(humain__impact=valeur))
    assert reponse.status_code == 422 and not LigneAnalyse.objects.exists()


def test_un_texte_trop_long_ou_un_nir_est_refuse(parcours: Parcours, directrice: Any) -> None:
    client = connecte(directrice)
    for mot in ("x" * 201, "NIR 1 85 05 78 006 084 91"):
        reponse = client.post(page(parcours, "parcours-analyse"), saisie(humain__mot=mot))
        assert reponse.status_code == 422 and not LigneAnalyse.objects.exists(), mot


# --- peu de temps --------------------------------------------------------------------------------------------------


def _mots_lus(corps: str) -> int:
    """Mots du contenu, ce que la feuille de style cache excepté."""
    contenu = corps[corps.index('<main id="contenu"') : corps.index("</main>")]
    caches = ("script", "nav", "svg", 'span class="niveau', 'span class="visually-hidden')
    motif = "|".join(rf"<{c}\b.*?</{c.split()[0]}>" if " " not in c else rf"<{c}.*?</span>" for c in caches)
    sans = re.sub(motif, " ", contenu, flags=re.DOTALL)
    return len(re.sub(r"<[^>]+>", " ", sans).split())


def test_au_plus_quinze_interactions_et_dix_minutes_de_lecture(parcours: Parcours, directrice: Any) -> None:
    grappe_repondue(parcours, dict.fromkeys(("A1", "A2", "B1", "B2"), 10))
    arrivee, formulaire = lire(directrice, parcours), lire(directrice, parcours, "parcours-analyse")
    assert arrivee.count(f'href="{page(parcours, "parcours-analyse")}"') == 1, "un lien y mène"
    groupes = set(re.findall(r'name="([\w-]+)" type="radio"', formulaire))
    assert len(groupes) == 12
    # Au pire tout est à choisir : ouvrir, un clic par choix, un bouton qui enregistre et transmet.
    assert 1 + len(groupes) + 1 <= 15
    assert "<select" not in formulaire[formulaire.index("analyse-lignes") :], "un menu coûterait deux clics"
    assert (_mots_lus(arrivee) + _mots_lus(formulaire)) / 180 <= 10, "à 180 mots par minute"


def test_le_niveau_se_montre_sans_script_selon_le_bareme(parcours: Parcours, directrice: Any) -> None:
    BaremeRisques.objects.create(grappe=parcours.grappe, significatif=2, critique=3, inacceptable=4)
    corps = lire(directrice, parcours, "parcours-analyse")
    assert '<span class="niveau r4 n-2-2">inacceptable</span>' in corps
    assert '<span class="niveau r1 n-1-1">acceptable</span>' in corps
    feuille = (settings.RACINE / "static/css/analyse.css").read_text()
    for p in range(1, 5):
        for i in range(1, 5):
            assert f'[value="{p}"]:checked):has([name$="-impact"][value="{i}"]:checked) .n-{p}-{i}' in feuille


# --- la page du directeur ------------------------------------------------------------------------------------------


def test_en_tete_la_tache(parcours: Parcours, directrice: Any) -> None:
    assert "Analyse des risques : six lignes à dire" in lire(directrice, parcours)
    enregistrer_analyse(parcours=parcours, lignes={"humain": SIX["humain"]}, par=directrice)
    assert "5 lignes à dire sur six" in lire(directrice, parcours)
    enregistrer_analyse(parcours=parcours, lignes=SIX, par=directrice)
    assert "Analyse des risques : six lignes dites, à transmettre" in lire(directrice, parcours)


def test_la_page_lit_en_requetes_constantes(parcours: Parcours, directrice: Any) -> None:
    grappe_repondue(parcours)
    analyse_transmise(parcours, lignes=(4, 3))

    def peupler(n: int) -> None:
        for _ in range(n):
            RisqueFactory(parcours=parcours, cree_par=directrice, proprietaire=directrice)

    exiger_requetes_constantes(connecte(directrice), page(parcours), peupler)


def test_une_analyse_mene_a_la_page_de_son_esms(parcours: Parcours, directrice: Any) -> None:
    analyse = AnalyseLocaleFactory(parcours=parcours)
    reponse = connecte(directrice).get(reverse("risques:analyselocale-detail", args=[analyse.pk]))
    assert reponse.url == page(parcours)


def test_l_esms_y_mene_pour_qui_lit_sa_preparation(parcours: Parcours, directrice: Any) -> None:
    preparation = connecte(directrice).get(reverse("programme:parcours-preparation", args=[parcours.pk]))
    assert f'href="{page(parcours)}"' in preparation.content.decode()


def _en_precision(parcours: Parcours) -> AnalyseLocale:
    analyse = analyse_transmise(parcours)
    changer_etat(analyse, "demander_precision", par=cheffe_de(parcours.grappe), motif="Quel étage ?")
    return analyse


def test_la_question_se_lit_dans_le_formulaire_et_la_reponse_dans_l_histoire(
    parcours: Parcours, directrice: Any
) -> None:
    analyse, client = _en_precision(parcours), connecte(directrice)
    corps = lire(directrice, parcours, "parcours-analyse")
    assert "« Quel étage ? »" in corps and "Votre réponse" in corps
    donnees = saisie(vu=jeton_de(analyse)) | {"reponse": "Le premier, côté jardin"}
    reponse = client.post(page(parcours, "parcours-analyse"), donnees)
    assert reponse.status_code == 422 and "Le premier, côté jardin" in reponse.content.decode(), "rien ne se perd"
    assert client.post(page(parcours, "parcours-analyse"), donnees | {"geste": "transmettre"}).status_code == 302
    assert Passage.objects.de(analyse).order_by("-rang")[0].motif == "Le premier, côté jardin"
    lue = lire(cheffe_de(parcours.grappe), parcours)
    assert "La direction répond" in lue and lue.count("Le premier, côté jardin") == 2, "en tête et dans l'histoire"


def test_sans_precision_rien_a_repondre_et_le_referent_ne_repond_pas(parcours: Parcours, directrice: Any) -> None:
    assert "Votre réponse" not in lire(directrice, parcours, "parcours-analyse")
    _en_precision(parcours)
    corps = lire(affecter(Role.REFERENT, parcours.esms), parcours, "parcours-analyse")
    assert "« Quel étage ? »" in corps and "Votre réponse" not in corps


def test_enregistrees_les_six_lignes_se_transmettent_de_la_page(parcours: Parcours, directrice: Any) -> None:
    grappe_repondue(parcours)
    assert "Ce qui reste à dire est amorcé d’après la réunion" in lire(directrice, parcours)
    connecte(directrice).post(page(parcours, "parcours-analyse"), saisie())
    corps, analyse = lire(directrice, parcours), AnalyseLocale.objects.get()
    assert reverse("programme:passage", args=["analyselocale", analyse.pk, "transmettre"]) in corps
    assert "est amorcé" not in corps, "tout est dit ici"


def test_la_precision_attend_la_direction_pas_qui_l_a_demandee(parcours: Parcours, directrice: Any) -> None:
    _en_precision(parcours)
    cheffe, saisie_url = cheffe_de(parcours.grappe), page(parcours, "parcours-analyse")
    corps = lire(cheffe, parcours)
    assert "En attente de la direction" in corps and saisie_url not in corps
    assert saisie_url in lire(affecter(Role.REFERENT, parcours.esms), parcours)


def test_un_seul_mot_pour_aller_aux_six_lignes(parcours: Parcours, directrice: Any) -> None:
    assert all(
        "Remplir l'analyse" in lire(directrice, parcours, nom) for nom in ("parcours-risques", "parcours-analyse")
    )
    enregistrer_analyse(parcours=parcours, lignes={"humain": SIX["humain"]}, par=directrice)
    assert all(
        "Compléter l'analyse" in lire(directrice, parcours, nom) for nom in ("parcours-risques", "parcours-analyse")
    )


def test_le_pdf_ne_s_offre_que_s_il_dit_quelque_chose(parcours: Parcours, directrice: Any) -> None:
    pdf = page(parcours, "parcours-risques-pdf")
    assert pdf not in lire(directrice, parcours)
    RisqueFactory(parcours=parcours)
    assert pdf in lire(directrice, parcours)


def test_l_inacceptable_se_dit_en_premier_et_sur_la_page_de_l_esms(parcours: Parcours, directrice: Any) -> None:
    esms = reverse("programme:parcours-detail", args=[parcours.pk])
    avant = connecte(directrice).get(esms).content.decode()
    assert f'href="{page(parcours)}"' in avant and "inacceptable" not in avant
    risque = RisqueFactory(parcours=parcours, probabilite=4, impact=4)
    corps = lire(directrice, parcours)
    assert corps.index("1 risque inacceptable") < corps.index("Et maintenant") < corps.index("L’analyse de l’ESMS")
    assert reverse("risques:risque-detail", args=[risque.pk]) in corps[: corps.index("Et maintenant")]
    assert "Risques : 1 inacceptable" in connecte(directrice).get(esms).content.decode()


# --- à l'accueil ---------------------------------------------------------------------------------------------------


def _lignes(qui: Any) -> dict[str, Any]:
    qui.__dict__.pop("perimetre", None)
    return {ligne.titre: ligne for ligne in a_faire(qui, timezone.localdate())}


def test_une_directrice_de_quatre_esms_les_voit_tous_nommes(parcours: Parcours, directrice: Any) -> None:
    tous = [parcours] + [ParcoursFactory(grappe=parcours.grappe) for _ in range(3)]
    for p in tous[1:]:
        affecter(Role.DIRECTEUR, p.esms, utilisateur=directrice)
    titre = "Remplir l'analyse des risques, en six lignes"
    assert titre not in _lignes(directrice), "recensé : c'est trop tôt"
    for p in tous:
        changer_etat(p, "engager", par=directrice, motif="x")
    ligne = _lignes(directrice)[titre]
    assert {lien.url for lien in ligne.liens} == {page(p, "parcours-analyse") for p in tous}
    for p in tous[:3]:
        enregistrer_analyse(parcours=p, lignes=SIX, par=directrice, transmettre=True)
    assert _lignes(directrice)[titre].gestes[0].url == page(tous[3], "parcours-analyse")


def test_transmise_elle_attend_le_chef_de_projet_puis_la_direction(parcours: Parcours, directrice: Any) -> None:
    cheffe, analyse = cheffe_de(parcours.grappe), analyse_transmise(parcours)
    assert "Lire une analyse de risques" in _lignes(cheffe)
    changer_etat(analyse, "demander_precision", par=cheffe, motif="Quel étage ?")
    assert "Lire une analyse de risques" not in _lignes(cheffe)
    ligne = _lignes(directrice)["Compléter l'analyse, une précision est demandée"]
    assert (ligne.url, ligne.urgence) == (page(parcours), Urgence.DECIDER), (
        "au-delà de cinq gestes, on ne la verrait plus"
    )
    assert ligne.gestes[0].url == page(parcours, "parcours-analyse")


def test_reprise_elle_attend_d_etre_rendue_ou_qu_en_soit_l_esms(parcours: Parcours, directrice: Any) -> None:
    analyse, titre = analyse_transmise(parcours), "Transmettre à nouveau l'analyse des risques"
    assert titre not in _lignes(directrice)
    changer_etat(analyse, "revoir", par=directrice)
    assert parcours.etat == EtatParcours.RECENSE, "bien avant le cadrage"
    ligne = _lignes(directrice)[titre]
    assert ligne.urgence == Urgence.REPONDRE and str(parcours.esms.nom) in ligne.detail
    assert titre not in _lignes(cheffe_de(parcours.grappe)) and titre not in _lignes(directrice_de(ParcoursFactory()))
    changer_etat(parcours, "suspendre", par=cheffe_de(parcours.grappe), motif="travaux")
    assert titre in _lignes(directrice), "suspendu, il se rend encore"
    enregistrer_analyse(parcours=parcours, lignes=SIX, par=directrice, transmettre=True)
    assert titre not in _lignes(directrice)


def test_ce_qui_attend_un_avis_se_compte_pour_tous_les_esms(parcours: Parcours, directrice: Any) -> None:
    analyse_transmise(parcours, lignes=(4, 3))
    ligne = _lignes(directrice)["6 propositions attendent votre avis"]
    assert ligne.gestes[0].url == f"{page(parcours)}#inquiete"
    autre = ParcoursFactory(grappe=parcours.grappe)
    affecter(Role.DIRECTEUR, autre.esms, utilisateur=directrice)
    evaluation = campagne_ouverte(grappe=parcours.grappe, population=[autre]).evaluations.get()
    grille = GrilleFactory(evaluation=evaluation, notes={"A1": 9, "A2": 2, "B1": 8})
    changer_etat(grille, "transmettre", par=grille.evaluateur)
    siens = {p.pk: len(proposees(p, par=directrice)) for p in (parcours, autre)}
    assert siens == compter_proposees([parcours, autre], par=directrice) == {parcours.pk: 6, autre.pk: 2}
    liens = _lignes(directrice)["8 propositions attendent votre avis"].liens
    assert {x.libelle[-3:] for x in liens} == {": 6", ": 2"} and len(liens) == 2
    for proposee in proposees(autre, par=directrice):
        ecarter(proposee=proposee, par=directrice, motif="déjà suivi")
    assert "6 propositions attendent votre avis" in _lignes(directrice)


def test_l_accueil_de_la_direction_ne_grossit_pas(parcours: Parcours, directrice: Any) -> None:
    evaluations = campagne_ouverte(grappe=parcours.grappe, population=[parcours]).evaluations

    def peupler(n: int) -> None:
        for _ in range(n):
            suivant = ParcoursFactory(grappe=parcours.grappe)
            affecter(Role.DIRECTEUR, suivant.esms, utilisateur=directrice)
            AnalyseLocaleFactory(parcours=suivant, lignes=(4, 3))
            grille = GrilleFactory(evaluation=evaluations.create(parcours=suivant), notes={"A1": 9})
            changer_etat(grille, "transmettre", par=grille.evaluateur)

    exiger_requetes_constantes(connecte(directrice), reverse("programme:accueil"), peupler)


def test_l_accueil_du_chef_de_projet_ne_grossit_pas(parcours: Parcours) -> None:
    cheffe = cheffe_de(parcours.grappe)

    def peupler(n: int) -> None:
        for _ in range(n):
            suivant = ParcoursFactory(grappe=parcours.grappe)
            analyse_transmise(suivant)
            RisqueFactory(
                parcours=suivant, probabilite=4, impact=4, cree_par=cheffe, proprietaire=cheffe,
                revue_le=timezone.localdate() - timedelta(days=1),
            )  # fmt: skip

    exiger_requetes_constantes(connecte(cheffe), reverse("programme:accueil"), peupler)


def test_un_gabarit_ne_montre_rien_d_un_autre_esms(parcours: Parcours, directrice: Any) -> None:
    autre = ParcoursFactory(grappe=parcours.grappe)
    RisqueFactory(parcours=autre, libelle="Réseau du voisin coupé")
    assert "Réseau du voisin coupé" not in lire(directrice, parcours)
