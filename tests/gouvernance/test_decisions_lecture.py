"""Lire les décisions : qui, quoi ; la liste, l'API, la page d'un ESMS."""

from typing import Any

import pytest
from django.urls import reverse

from gouvernance.models import Decision, Instance, Portee
from gouvernance.services import decisions as services
from gouvernance.services.decisions import instruire
from programme.enums import Role
from programme.socle.porte import changer_etat
from tests.aides import connecte, exiger_requetes_constantes, lignes_csv
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter, directrice_de
from tests.gouvernance.aides import dans, lu
from tests.gouvernance.fabriques import (
    DecisionFactory,
    levee_de,
    mandater,
    seance_ouverte,
)

pytestmark = pytest.mark.django_db
LISTE = "/decisions/"


# --- qui lit quoi --------------------------------------------------------------------------------------------------


def test_qui_lit_une_decision(comop: Instance, cheffe: Any) -> None:
    nomme, voisin = (ParcoursFactory(grappe=comop.grappe) for _ in range(2))
    membre, autre_membre = (affecter(Role.MEMBRE, comop.grappe) for _ in range(2))
    mandater(comop, membre)
    comptes = {
        "cheffe": cheffe,
        "membre": membre,
        "autre membre": autre_membre,
        "directrice": directrice_de(nomme),
        "voisine": directrice_de(voisin),
        "siege": affecter(Role.SIEGE, nomme.esms.og),
        "ars": affecter(Role.ARS, comop.grappe.region),
        "ailleurs": directrice_de(ParcoursFactory()),
    }

    def lecteurs(decision: Decision) -> set[str]:
        return {nom for nom, c in comptes.items() if Decision.objects.visibles_par(c).filter(pk=decision.pk).exists()}

    decision = instruire(comite=comop, par=cheffe, seance=seance_ouverte(comop), intitule="Une", parcours=[nomme])
    assert lecteurs(decision) == {"cheffe", "membre"}
    changer_etat(decision, "arbitrer", par=cheffe)
    assert lecteurs(decision) == {"cheffe", "membre", "directrice", "siege"}
    pour_tous = instruire(comite=comop, par=cheffe, seance=seance_ouverte(comop), intitule="Deux")
    changer_etat(pour_tous, "arbitrer", par=cheffe)
    assert lecteurs(pour_tous) == {"cheffe", "membre", "directrice", "voisine", "siege"}
    abandonnee = instruire(comite=comop, par=cheffe, intitule="Trois", parcours=[nomme])
    changer_etat(abandonnee, "abandonner", par=cheffe, motif="sans objet")
    assert lecteurs(abandonnee) == {"cheffe", "membre"}, "jamais arbitrée, elle n'a jamais touché personne"


def test_une_directrice_ne_lit_pas_le_nom_des_esms_qu_elle_ne_voit_pas(comop: Instance, cheffe: Any) -> None:
    sien, voisin = (ParcoursFactory(grappe=comop.grappe) for _ in range(2))
    decision = DecisionFactory(comite=comop)
    for parcours in (sien, voisin):
        Portee.objects.create(decision=decision, parcours=parcours)
    changer_etat(decision, "arbitrer", par=cheffe)
    client = connecte(directrice_de(sien))
    for url in (LISTE, f"/decisions/{decision.pk}/"):
        page = lu(client.get(url))
        assert sien.esms.nom in page and "1 autre ESMS" in page and voisin.esms.nom not in page
    assert voisin.esms.nom in lu(connecte(cheffe).get(LISTE))


# --- la liste, l'API -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("critere", "attendus"),
    [
        ("", {"levee", "finie", "tous", "instruite"}),
        ("etat=instruite", {"instruite"}),
        ("effet=levee", {"levee", "finie"}),
        ("condition=va", {"levee"}),
        ("levee=en_cours", {"levee"}),
        ("levee=finie", {"finie"}),
        ("portee=grappe", {"tous", "instruite"}),
        ("portee=esms", {"levee", "finie"}),
        ("revue=arrivee", {"tous"}),
        ("revue=30", {"levee"}),
        ("revue=sans", {"finie", "instruite"}),
        ("instance=comop", {"levee", "finie", "tous", "instruite"}),
        ("instance=costrat", set()),
        ("esms=bastide", {"levee"}),
        ("recherche=nuit", {"levee"}),
    ],
)
def test_chaque_filtre_garde_ce_qu_il_dit(comop: Instance, cheffe: Any, critere: str, attendus: set[str]) -> None:
    bastide = ParcoursFactory(grappe=comop.grappe, esms__nom="IME La Bastide")
    levee = levee_de(comop, "va", bastide, intitule="Ouvrir la nuit", revue_le=dans(9))
    finie = levee_de(comop, "vague", ParcoursFactory(grappe=comop.grappe), intitule="Sans vague")
    tous = DecisionFactory(comite=comop, intitule="Se voir chaque mois", revue_le=dans(-1))
    for decision in (levee, finie, tous):
        changer_etat(decision, "arbitrer", par=cheffe)
    changer_etat(finie, "reviser", par=cheffe, motif="vague choisie")
    instruite = DecisionFactory(comite=comop, intitule="À trancher")
    noms = {levee: "levee", finie: "finie", tous: "tous", instruite: "instruite"}
    lignes = connecte(cheffe).get(f"{LISTE}?{critere}").context["liste"].table.rows
    assert {noms[ligne.record] for ligne in lignes} == attendus


def test_celles_qui_touchent_un_esms_une_fois_chacune(comop: Instance, cheffe: Any) -> None:
    un, deux = (ParcoursFactory(grappe=comop.grappe) for _ in range(2))
    commune, pour_un, pour_deux, pour_tous = (DecisionFactory(comite=comop, intitule=n) for n in "abcd")
    DecisionFactory()
    for decision, nommes in ((commune, (un, deux)), (pour_un, (un,)), (pour_deux, (deux,))):
        for parcours in nommes:
            Portee.objects.create(decision=decision, parcours=parcours)
    reponse = connecte(cheffe).get(f"/api/v1/decisions/?parcours={un.pk}").json()
    assert {d["intitule"] for d in reponse["results"]} == {"a", "b", "d"} and reponse["count"] == 3
    par_nom = {d["intitule"]: d["portee"] for d in reponse["results"]}
    assert par_nom["d"] == {"toute": True, "parcours": [], "autres": 0}
    assert set(par_nom["a"]["parcours"]) == {un.pk, deux.pk}
    assert connecte(cheffe).get("/api/v1/decisions/?parcours=999999").json()["count"] == 0


def test_le_financeur_ne_lit_aucune_decision(comop: Instance, cheffe: Any) -> None:
    changer_etat(DecisionFactory(comite=comop), "arbitrer", par=cheffe)
    client = connecte(affecter(Role.ARS, comop.grappe.region))
    assert client.get("/api/v1/decisions/").json()["count"] == 0
    assert "Aucune décision" in lu(client.get(LISTE))


@pytest.mark.parametrize("url", [LISTE, f"{LISTE}?format=csv", "/api/v1/decisions/"])
def test_la_liste_lit_en_requetes_constantes(comop: Instance, cheffe: Any, url: str) -> None:
    seance = seance_ouverte(comop)

    def peupler(n: int) -> None:
        for _ in range(n):
            decision = levee_de(comop, "vague", ParcoursFactory(grappe=comop.grappe), seance=seance)
            Portee.objects.create(decision=decision, parcours=ParcoursFactory(grappe=comop.grappe))

    exiger_requetes_constantes(connecte(cheffe), url, peupler)


def test_la_liste_dit_ou_en_instruire_une(comop: Instance, cheffe: Any) -> None:
    url = reverse("gouvernance:decision-creer", args=[comop.grappe_id])
    animateur = affecter(Role.MEMBRE, comop.grappe)
    mandater(comop, animateur, anime=True)
    for qui in (cheffe, animateur):
        assert lu(connecte(qui).get(LISTE)).count(url) == 2, "en tête, et sur la page vide"
    autre = GrappeFactory()
    affecter(Role.CHEF_PROJET, autre, utilisateur=cheffe)
    client = connecte(cheffe)
    assert "Instruire une décision" not in lu(client.get(LISTE)), "deux grappes : on dit d'abord laquelle"
    assert url in lu(client.get(f"{LISTE}?grappe={comop.grappe_id}"))
    assert "Instruire une décision" not in lu(connecte(directrice_de(ParcoursFactory(grappe=comop.grappe))).get(LISTE))


def test_l_export_dit_les_memes_mots(comop: Instance, cheffe: Any) -> None:
    parcours = ParcoursFactory(grappe=comop.grappe)
    levee_de(comop, "vague", parcours, intitule="=cmd|' /C calc'!A0")
    colonnes = "numero,portee,effet,condition,etat,levee_au"
    entete, ligne = lignes_csv(connecte(cheffe).get(f"{LISTE}?format=csv&colonnes={colonnes}"))
    dit = dict(zip(entete, ligne, strict=True))
    assert dit["Pour"] == str(parcours) and dit["Ce qu'elle change"] == "Une condition levée"
    assert dit["Condition levée"] == "Vague de déploiement choisie" and dit["État"] == "Instruite"
    assert not dit["Décision"].startswith("="), "une formule ne s'emporte pas"


# --- la page d'un ESMS ---------------------------------------------------------------------------------------------


def test_la_page_d_un_esms_montre_les_decisions_qui_le_touchent(comop: Instance, cheffe: Any) -> None:
    parcours = ParcoursFactory(grappe=comop.grappe)
    levee = levee_de(comop, "va", parcours, intitule="Ouvrir sans la VA")
    changer_etat(levee, "arbitrer", par=cheffe)
    changer_etat(DecisionFactory(comite=comop, intitule="Se voir chaque mois"), "arbitrer", par=cheffe)
    levee_de(comop, "va", ParcoursFactory(grappe=comop.grappe), intitule="Pour un autre")
    client, url = connecte(directrice_de(parcours)), reverse("gouvernance:parcours-decisions", args=[parcours.pk])
    assert f'hx-get="{url}"' in client.get(reverse("programme:parcours-detail", args=[parcours.pk])).content.decode()
    fragment = lu(client.get(url, headers={"HX-Request": "true"}))
    assert "<html" not in fragment and "Instruire une décision" not in fragment
    assert "Ouvrir sans la VA" in fragment and "Condition levée jusqu’au" in fragment
    assert "Se voir chaque mois" in fragment and "toute la grappe" in fragment and "Pour un autre" not in fragment
    assert "<html" in lu(client.get(url)), "sans script, c'est une page"
    assert "Instruire une décision" in lu(connecte(cheffe).get(url, headers={"HX-Request": "true"}))


def test_le_fragment_lit_en_requetes_constantes(comop: Instance, cheffe: Any) -> None:
    parcours, seance = ParcoursFactory(grappe=comop.grappe), seance_ouverte(comop)
    url = reverse("gouvernance:parcours-decisions", args=[parcours.pk])
    exiger_requetes_constantes(
        connecte(cheffe), url, lambda n: [levee_de(comop, "va", parcours, seance=seance) for _ in range(n)]
    )


def test_la_page_d_une_decision_lit_en_requetes_constantes(comop: Instance, cheffe: Any) -> None:
    decision = DecisionFactory(comite=comop)

    def peupler(n: int) -> None:
        for _ in range(n):
            Portee.objects.create(decision=decision, parcours=ParcoursFactory(grappe=comop.grappe))
            services.ajouter_une_action(decision=decision, par=cheffe, libelle="Une")

    peupler(1)  # deux ESMS au moins : les actions sont celles de la grappe
    exiger_requetes_constantes(connecte(cheffe), f"/decisions/{decision.pk}/", peupler)
