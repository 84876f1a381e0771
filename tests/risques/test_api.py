"""L'API des questionnaires et des risques : le contrat, les droits des pages, le coût."""

from typing import Any

import pytest
from django.urls import reverse

from programme.enums import Role
from programme.models import Parcours, Utilisateur
from programme.socle.porte import changer_etat
from risques.models import BaremeRisques
from risques.permissions import RISQUES_RESERVES
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.risques.fabriques import (
    GrilleFactory,
    QuestionnaireFactory,
    RisqueFactory,
    VersionFactory,
    analyse_transmise,
    campagne_ouverte,
    peupler,
    version_publiee,
)

pytestmark = pytest.mark.django_db

VIDE = {
    "total": None, "sur": None, "complet": None, "date": None, "nature": None, "phase": None, "etoilees": None,
    "version": None, "sections": [],
}  # fmt: skip


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


def _lire(compte: Utilisateur, nom: str, *cles: Any, statut: int = 200, **criteres: Any) -> Any:
    reponse = connecte(compte).get(reverse(f"api:{nom}", args=cles), criteres)
    assert reponse.status_code == statut, reponse.content
    return reponse.json()


# --- questionnaires ------------------------------------------------------------------------------------------------


def test_la_liste_dit_la_version_qui_vaut_et_ses_comptes() -> None:
    ancienne = version_publiee(grappe=None, numero=1)
    recente = version_publiee(grappe=None, numero=2)
    VersionFactory(grappe=None, numero=3)
    QuestionnaireFactory(code="sans-version", nom="Sans version")
    lu = _lire(affecter(Role.ARS), "questionnaire-liste")
    assert lu.keys() == {"count", "next", "previous", "results"} and lu["count"] == 1
    (ligne,) = lu["results"]
    assert (ligne["code"], ligne["objet"]) == ("risques-essai", "risques") and recente.pk != ancienne.pk
    assert ligne["version"] == {
        "id": recente.pk, "numero": 2, "grappe": None, "etat": "publiee", "sens": "defavorable", "total": 1000,
        "duree_minutes": 30, "nb_sections": 2, "nb_questions": 4, "nb_etoilees": 2,
    }  # fmt: skip


def test_un_questionnaire_rend_ses_sections_et_ses_questions() -> None:
    version = VersionFactory(grappe=None, numero=1, questions=0)
    echelle = [{"valeur": 1, "libelle": "Pas du tout"}, {"valeur": 4, "libelle": "Tout à fait"}]
    peupler(version, 1, 2, poids="2.5", maximum=4, echelle=echelle, sans_objet=False, choix=True)
    changer_etat(version, "publier", par=affecter(Role.ADMIN))
    lu = _lire(affecter(Role.DIRECTEUR), "questionnaire-detail", "risques-essai")
    assert (lu["code"], lu["version"]["numero"], lu["version"]["sens"]) == ("risques-essai", 1, "defavorable")
    (section,) = lu["sections"]
    premiere, seconde = section["questions"]
    assert (section["code"], section["points"], premiere["etoilee"], seconde["etoilee"]) == ("A", None, True, False)
    assert {nom: premiere[nom] for nom in ("code", "poids", "sens", "minimum", "maximum", "echelle", "choix")} == {
        "code": "A1", "poids": 2.5, "sens": "defavorable", "minimum": 1, "maximum": 4, "echelle": echelle,
        "choix": True,
    }  # fmt: skip
    assert premiere["sans_objet"] is False and premiere["si_question"] == "" and premiere["si_au_moins"] is None


def test_une_ancienne_version_se_demande_un_brouillon_se_tait() -> None:
    for numero in (1, 2):
        version_publiee(grappe=None, numero=numero)
    brouillon = VersionFactory(grappe=None, numero=3)
    grappe = GrappeFactory()
    propre = version_publiee(grappe=grappe, numero=9)
    cheffe, ailleurs = cheffe_de(grappe), cheffe_de(GrappeFactory())
    code = propre.questionnaire.code
    assert _lire(ailleurs, "questionnaire-detail", code, version=1)["version"]["numero"] == 1
    _lire(ailleurs, "questionnaire-detail", code, version=brouillon.numero, statut=404)
    _lire(ailleurs, "questionnaire-detail", code, version=9, statut=404)
    lu = _lire(cheffe, "questionnaire-detail", code)
    assert lu["version"]["numero"] == 2 and [v["numero"] for v in lu["versions"]] == [1, 2, 9]
    assert _lire(cheffe, "questionnaire-detail", code, grappe=grappe.pk)["version"]["id"] == propre.pk
    _lire(ailleurs, "questionnaire-detail", code, grappe=grappe.pk, statut=404)
    _lire(cheffe, "questionnaire-detail", "inconnu", statut=404)
    assert "version" in _lire(cheffe, "questionnaire-detail", code, version="deux", statut=400)


def test_autant_de_requetes_a_un_questionnaire_qu_a_cinquante() -> None:
    rangs = iter(range(100))

    def peupler_la_liste(n: int) -> None:
        for _ in range(n):
            questionnaire = QuestionnaireFactory(code=f"essai-{next(rangs)}")
            version_publiee(grappe=None, questionnaire=questionnaire, numero=1)

    exiger_requetes_constantes(
        connecte(affecter(Role.ADMIN)), reverse("api:questionnaire-liste") + "?taille=100", peupler_la_liste
    )


# --- risques -------------------------------------------------------------------------------------------------------


def test_rien_d_evalue_rien_a_dire(parcours: Parcours) -> None:
    lu = _lire(directrice_de(parcours), "parcours-risques", parcours.pk)
    assert lu == VIDE | {
        "parcours": parcours.pk,
        "grappe": parcours.grappe_id,
        "esms": {"finess": parcours.esms.finess, "nom": parcours.esms.nom},
        "analyse": None,
        "registre": [],
    }
    grappe = _lire(cheffe_de(parcours.grappe), "grappe-risques", parcours.grappe_id)
    assert grappe == VIDE | {"grappe": parcours.grappe_id, "analyses": [], "registre": []}


def test_le_total_se_lit_en_maitrise_de_cent_a_mille(parcours: Parcours) -> None:
    campagne = campagne_ouverte(grappe=parcours.grappe, population=[None, parcours])
    for evaluation, note in zip(campagne.evaluations.all(), (10, 1), strict=True):
        grille = GrilleFactory(evaluation=evaluation, notes=dict.fromkeys(("A1", "A2", "B1", "B2"), note))
        changer_etat(grille, "transmettre", par=grille.evaluateur)
    cheffe = cheffe_de(parcours.grappe)
    totaux = {
        _lire(cheffe, "parcours-risques", parcours.pk)["total"],
        _lire(cheffe, "grappe-risques", parcours.grappe_id)["total"],
    }
    assert totaux == {100, 1000}
    lu = _lire(cheffe, "parcours-risques", parcours.pk)
    assert (lu["nature"], lu["sur"], lu["complet"], lu["phase"]) == ("reunion", 1000, True, "demarrage") and lu["date"]
    assert lu["version"] == {
        "questionnaire": "risques-essai", "numero": campagne.version_posee.numero, "sens": "defavorable",
        "grappe": parcours.grappe_id,
    }  # fmt: skip
    assert [(s["code"], s["sur"], s["nb_notees"]) for s in lu["sections"]] == [("A", 500.0, 2), ("B", 500.0, 2)]
    assert sum(s["valeur"] for s in lu["sections"]) == lu["total"]
    # 1 partout : 2 par section de deux questions, 20 une fois retournée.
    assert {(s["somme"], s["inverse"]) for s in lu["sections"]} == {(2.0, 20.0)}


def test_un_sens_inconnu_n_a_pas_de_total(parcours: Parcours) -> None:
    version = version_publiee(grappe=parcours.grappe, sens="inconnu")
    campagne = campagne_ouverte(grappe=parcours.grappe, version_posee=version)
    grille = GrilleFactory(evaluation=campagne.evaluations.get())
    changer_etat(grille, "transmettre", par=grille.evaluateur)
    lu = _lire(cheffe_de(parcours.grappe), "grappe-risques", parcours.grappe_id)
    assert lu["total"] is None and lu["version"]["sens"] == "inconnu" and lu["nature"] == "reunion"


def test_l_analyse_et_le_registre_selon_le_bareme(parcours: Parcours) -> None:
    BaremeRisques.objects.create(grappe=parcours.grappe, significatif=2, critique=3, inacceptable=4)
    analyse_transmise(parcours, lignes=(2, 2))
    risque = RisqueFactory(
        parcours=parcours,
        probabilite=4,
        impact=4,
        probabilite_residuelle=1,
        impact_residuel=3,
        proprietaire_nom="Le siège",
    )
    lu = _lire(directrice_de(parcours), "parcours-risques", parcours.pk)
    assert lu["analyse"]["etat"] == "transmise" and len(lu["analyse"]["categories"]) == 6
    assert lu["analyse"]["categories"][0] == {
        "categorie": "organisationnel", "probabilite": 2, "impact": 2, "criticite": 4, "niveau": "inacceptable",
        "mot": "",
    }  # fmt: skip
    (ecrit,) = lu["registre"]
    assert (ecrit["id"], ecrit["criticite"], ecrit["criticite_residuelle"]) == (risque.pk, 16, 3)
    assert (ecrit["niveau"], ecrit["proprietaire"], ecrit["parcours"]) == ("critique", "Le siège", parcours.pk)


def test_la_grappe_ne_rend_que_les_esms_que_l_on_lit(parcours: Parcours) -> None:
    voisin = ParcoursFactory(grappe=parcours.grappe)
    for p in (parcours, voisin):
        analyse_transmise(p)
        RisqueFactory(parcours=p)
    RisqueFactory(grappe=parcours.grappe)
    lu = _lire(directrice_de(voisin), "grappe-risques", parcours.grappe_id)
    assert [a["parcours"] for a in lu["analyses"]] == [voisin.pk]
    assert {r["parcours"] for r in lu["registre"]} == {None, voisin.pk}
    _lire(directrice_de(voisin), "parcours-risques", parcours.pk, statut=404)
    assert len(_lire(cheffe_de(parcours.grappe), "grappe-risques", parcours.grappe_id)["analyses"]) == 2


def test_le_financeur_recoit_le_motif(parcours: Parcours) -> None:
    changer_etat(parcours.grappe, "deposer", par=cheffe_de(parcours.grappe))
    ars = affecter(Role.ARS, parcours.grappe.region)
    for nom, cle in (("parcours-risques", parcours.pk), ("grappe-risques", parcours.grappe_id)):
        assert _lire(ars, nom, cle, statut=403) == {"motif": RISQUES_RESERVES}


def test_autant_de_requetes_a_un_esms_qu_a_cinquante(parcours: Parcours) -> None:
    def peupler_la_grappe(n: int) -> None:
        for _ in range(n):
            autre = ParcoursFactory(grappe=parcours.grappe)
            analyse_transmise(autre)
            RisqueFactory(parcours=autre)

    url = reverse("api:grappe-risques", args=[parcours.grappe_id])
    exiger_requetes_constantes(connecte(cheffe_de(parcours.grappe)), url, peupler_la_grappe)
