"""L'analyse de risques en PDF : ce qu'elle porte, ce que le financeur n'y trouve pas, un PDF balisé."""

import json
from datetime import date
from typing import Any

import pytest
import typst
from django.urls import reverse

from programme.documents.rendu import GABARITS, entrees
from programme.enums import Role
from programme.models import Parcours
from programme.socle.porte import changer_etat
from risques.documents.analyse import CONFIDENTIEL, GABARIT, analyse_de
from tests.aides import connecte
from tests.fabriques import ActionFactory, ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.risques.fabriques import AnalyseLocaleFactory, PartageFactory, RisqueFactory, analyse_transmise

pytestmark = pytest.mark.django_db


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


def _releve(donnees: dict[str, Any]) -> list[tuple[str, str]]:
    """Ce que le gabarit imprime vraiment, relu dans ses métadonnées."""
    lu = typst.query(
        str(GABARITS / GABARIT), "<releve>", root=str(GABARITS), sys_inputs=entrees(donnees), field="value"
    )
    return [(x["quoi"], x["libelle"]) for x in json.loads(lu)]


def test_il_porte_les_six_lignes_la_matrice_le_registre_et_les_actions(parcours: Parcours) -> None:
    directrice = directrice_de(parcours)
    analyse = analyse_transmise(parcours, lignes=(3, 4))
    analyse.lignes.filter(categorie="humain").update(mot="L'équipe de nuit n'a pas encore vu l'outil")
    RisqueFactory(
        parcours=parcours, libelle="Saisie impossible à l'étage", revue_le=date(2026, 1, 1), precision="Au deuxième.",
        proprietaire_nom="La référente",
    )  # fmt: skip
    clos = RisqueFactory(parcours=parcours, libelle="Clos")
    changer_etat(clos, "clore", par=directrice, motif="Fini")
    RisqueFactory(grappe=parcours.grappe, libelle="De la grappe")
    ActionFactory(parcours=parcours, libelle="Relever la couverture", origine="risque")
    ActionFactory(parcours=parcours, libelle="Sans rapport")
    ActionFactory(grappe=parcours.grappe, libelle="De la grappe", origine="risque")
    donnees = analyse_de(parcours, par=directrice).donnees
    imprime = _releve(donnees)
    assert [x for quoi, x in imprime if quoi == "risque"] == ["Saisie impossible à l'étage"]
    assert {x for quoi, x in imprime if quoi == "action"} == {"Relever la couverture"}
    assert len([x for quoi, x in imprime if quoi == "ligne"]) == 6
    assert donnees["etat"] == "Transmise" and "(directeur)" in donnees["transmission"] and not donnees["provisoire"]
    assert donnees["mention"] == CONFIDENTIEL and "passée" in donnees["registre"][0]["revue"]
    assert (donnees["registre"][0]["suivi"], donnees["registre"][0]["precision"]) == ("La référente", "Au deuxième.")
    assert sum(c["nombre"] for r in donnees["matrice"]["rangees"] for c in r["cases"]) == 1
    humain = next(x for x in donnees["lignes"] if x["categorie"] == "Humain")
    assert humain["mot"].startswith("L'équipe") and humain["niveau"] == {"rang": 4, "mot": "Inacceptable"}


def test_rouverte_ou_en_cours_elle_le_dit(parcours: Parcours) -> None:
    directrice = directrice_de(parcours)
    assert analyse_de(parcours, par=directrice).donnees["etat"] == "Aucune analyse à lire"
    analyse = AnalyseLocaleFactory(parcours=parcours)
    donnees = analyse_de(parcours, par=directrice).donnees
    assert donnees["provisoire"] and donnees["transmission"] == "Rien n'a encore été transmis."
    changer_etat(analyse, "transmettre", par=directrice)
    changer_etat(analyse, "revoir", par=directrice)
    donnees = analyse_de(parcours, par=directrice).donnees
    assert donnees["provisoire"] and "rouverte depuis" in donnees["transmission"] and len(donnees["lignes"]) == 6


def test_le_financeur_n_y_trouve_ni_action_ni_ce_qui_n_est_pas_transmis(parcours: Parcours) -> None:
    changer_etat(parcours.grappe, "deposer", par=cheffe_de(parcours.grappe))
    ars = affecter(Role.ARS, parcours.grappe.region)
    analyse = analyse_transmise(parcours)
    RisqueFactory(parcours=parcours, precision="À taire", proprietaire_nom="La référente")
    ActionFactory(parcours=parcours, origine="risque")
    PartageFactory(parcours=parcours, au=date(2099, 1, 1))
    donnees = analyse_de(parcours, par=ars).donnees
    assert len(donnees["lignes"]) == 6 and len(donnees["registre"]) == 1 and donnees["actions"] == []
    assert "À taire" not in str(donnees) and "La référente" not in str(donnees)
    assert "jusqu'au 1er janv. 2099" in donnees["mention"]
    changer_etat(analyse, "revoir", par=directrice_de(parcours))
    donnees = analyse_de(parcours, par=ars).donnees
    assert donnees["lignes"] == [] and donnees["etat"] == "Aucune analyse à lire"


def test_le_pdf_est_balise_et_dit_sa_langue(parcours: Parcours) -> None:
    analyse_transmise(parcours)
    for rang in range(12):
        RisqueFactory(parcours=parcours, precision="Une précision.\nSur deux lignes.", probabilite=1 + rang % 4)
    reponse = connecte(directrice_de(parcours)).get(reverse("risques:parcours-risques-pdf", args=[parcours.pk]))
    contenu = reponse.content
    assert reponse["Content-Type"] == "application/pdf" and "risques-ime-les-tilleuls" in reponse["Content-Disposition"]
    assert contenu.startswith(b"%PDF") and b"/MarkInfo" in contenu and b"/StructTreeRoot" in contenu
