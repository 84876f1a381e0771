"""Le document OpenAPI dit vrai : des demandes tirées au sort, aucune erreur 500, des réponses conformes."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from programme.enums import Role
from programme.models import Ouverture, Parcours
from programme.socle.jetons import creer_jeton
from programme.socle.porte import changer_etat
from tests.fabriques import (
    ActionFactory,
    ConventionFactory,
    DemandeParametrageFactory,
    JalonFactory,
    OuvertureFactory,
    affecter,
    dire_tout,
)
from tests.gouvernance.fabriques import InstanceFactory, levee_de
from tests.risques.fabriques import GrilleFactory, RisqueFactory, analyse_transmise, campagne_ouverte
from tests.usages.fabriques import IndicateurFactory
from tests.usages.releves.aides import relever

V1 = "/api/v1"
QUESTIONNAIRE = "risques-essai"
VERIFICATIONS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


DOCUMENT = schemathesis.openapi.from_wsgi(f"{V1}/openapi.json", get_wsgi_application())
PASSAGES = cycle(Parcours.transitions())


@pytest.fixture
def jeton(db: None) -> str:
    tout_pouvoir = affecter(Role.CHEF_PROJET)
    affecter(Role.DIRECTEUR, utilisateur=tout_pouvoir)
    return creer_jeton(utilisateur=tout_pouvoir)[1]


def _evaluer(parcours: Parcours) -> None:
    """Une campagne rendue par l'ESMS, une analyse transmise, un risque : de quoi rendre chaque champ."""
    campagne = campagne_ouverte(grappe=parcours.grappe, population=[None, parcours])
    for evaluation in campagne.evaluations.all():
        grille = GrilleFactory(evaluation=evaluation)
        changer_etat(grille, "transmettre", par=grille.evaluateur)
    analyse_transmise(parcours)
    RisqueFactory(parcours=parcours)


@pytest.fixture
def ouverture(db: None) -> Ouverture:
    ouverture = OuvertureFactory()
    JalonFactory(convention=ConventionFactory(grappe=ouverture.unite.parcours.grappe))
    ActionFactory(parcours=ouverture.unite.parcours)
    dire_tout(ouverture.unite.parcours)
    _evaluer(ouverture.unite.parcours)
    levee_de(InstanceFactory(grappe=ouverture.unite.parcours.grappe), "va", ouverture.unite.parcours)
    releve = relever(IndicateurFactory(), parcours=ouverture.unite.parcours)
    releve.valeurs.create(indicateur=releve.valeurs.get().indicateur, cle="educatif", numerateur=3)
    return ouverture


@pytest.fixture(autouse=True)
def connexion_gardee() -> Iterator[None]:
    """Comme le client de Django : une requête servie dans la transaction du test ne ferme pas sa connexion."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@DOCUMENT.parametrize()
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_aucune_demande_ne_fait_tomber_l_api(case: Any, jeton: str, ouverture: Ouverture) -> None:
    parcours = ouverture.unite.parcours
    cles = {"parcours": parcours.pk, "grappes": parcours.grappe_id, "ouvertures": ouverture.pk}
    cles["actions"] = parcours.actions.get().pk
    cles["demandes-parametrage"] = DemandeParametrageFactory(parcours=parcours).pk
    cles["jalons"] = parcours.grappe.convention.jalons.get().pk
    # Des clés et des passages réels une fois sur deux : le hasard seul ne dépasse pas 404 et 400.
    reel = next(PASSAGES)
    if len(reel) % 2:
        if "id" in case.path_parameters:
            case.path_parameters["id"] = cles.get(case.path.removeprefix(V1).split("/")[1], 1)
        if case.path.startswith(f"{V1}/questionnaires/{{"):
            case.path_parameters["code"] = QUESTIONNAIRE
        if isinstance(case.body, dict) and "transition" in case.body:
            case.body = {"transition": reel, "motif": "essai"}
    case.call_and_validate(checks=VERIFICATIONS, headers={"Authorization": f"Jeton {jeton}"})


def test_les_operations_ont_un_nom_francais_et_disent_leurs_refus() -> None:
    document = Client().get(f"{V1}/openapi.json").json()
    operations = {o["operationId"]: o["responses"].keys() for p in document["paths"].values() for o in p.values()}
    assert operations.keys() == {
        "actions_lister",
        "actions_creer",
        "action_passer",
        "filtres_lister",
        "filtres_lire",
        "esms_lister",
        "parcours_checklist",
        "parcours_etat_des_lieux",
        "parcours_personnes",
        "besoins_lister",
        "applications_lister",
        "grappes_besoins_communs",
        "parcours_checklist_repondre",
        "etudes_lister",
        "etudes_entonnoir",
        "monographies_lister",
        "monographies_lire",
        "monographies_pdf",
        "monographies_docx",
        "grappes_lister",
        "grappes_lire",
        "grappes_preparation",
        "grappes_financement",
        "grappes_moments",
        "regions_lister",
        "regions_lire",
        "jalon_passer",
        "grappe_passer",
        "parcours_lister",
        "parcours_lire",
        "parcours_conditions",
        "parcours_feu_vert",
        "parcours_preparation",
        "demandes_parametrage_lister",
        "demandeparametrage_passer",
        "parcours_prevision",
        "parcours_passer",
        "ouverture_passer",
        "instances_lister",
        "questionnaires_lister",
        "questionnaires_lire",
        "parcours_risques",
        "parcours_habilitations",
        "parcours_habilitations_xlsx",
        "grappes_risques",
        "parcours_couverture",
        "seances_dossier_pdf",
        "seances_dossier_docx",
        "seances_lister",
        "seances_lire",
        "decisions_lister",
        "agregats_lister",
        "indicateurs_lister",
        "releves_creer",
        "releves_lister",
        "retours_creer",
    }
    for nom, reponses in operations.items():
        assert {"201" if nom.endswith("_creer") else "200", "401", "404"} <= reponses
        assert ({"400", "403", "409"} <= reponses) == nom.endswith(("_passer", "_creer", "_repondre"))
    assert "Jeton" in document["components"]["securitySchemes"]["jeton"]["description"]
