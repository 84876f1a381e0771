"""Les personnes ressources et leurs heures ; le temps d'écriture par métier, dont la réponse de l'ESMS se déduit."""

from typing import Any

import pytest
from django.urls import reverse

from programme.enums import Expertise, TempsEcriture
from programme.models import Metier, Ouverture, Parcours, PersonneRessource, TempsMetier, Utilisateur
from programme.services import lignes
from programme.services.parcours import modifier_fiche
from programme.services.ressources import heures_de
from programme.socle.conditions import evaluer
from programme.socle.erreurs import Refus
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import OuvertureFactory, ParcoursFactory, directrice_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    return directrice_de(parcours)


def page(parcours: Parcours) -> str:
    return reverse("programme:parcours-ressources", args=[parcours.pk])


def personne(parcours: Parcours, par: Utilisateur, *heures: int | None) -> PersonneRessource:
    noms = ("heures_demandees", "heures_accordees", "heures_degagees")
    valeurs = {"fonction": "Référent", "expertise": Expertise.PILOTAGE} | dict(zip(noms, heures, strict=True))
    return lignes.enregistrer(parcours=parcours, modele=PersonneRessource, valeurs=valeurs, par=par)


def temps(parcours: Parcours, par: Utilisateur, metier: str, decision: str, **reste: Any) -> TempsMetier:
    objet, _ = Metier.objects.get_or_create(code=metier, defaults={"nom": metier})
    valeurs = {"metier": objet, "decision": decision, "minutes": None, "decide_par": "Direction"} | reste
    return lignes.enregistrer(parcours=parcours, modele=TempsMetier, valeurs=valeurs, par=par)


# --- les heures ----------------------------------------------------------------------------------------------------


def _condition(parcours: Parcours) -> tuple[bool | None, str]:
    constats = evaluer(Parcours.objects.filter(pk=parcours.pk), "preparer")[parcours.pk]
    constat = next(c for c in constats if c.condition.code == "ressources")
    return constat.ok, constat.mesure


def test_la_condition_compte_les_heures_accordees_et_elles_seules(parcours: Parcours, directrice: Utilisateur) -> None:
    assert _condition(parcours) == (False, "0 heure accordée par mois")
    personne(parcours, directrice, 14, 0, None)
    personne(parcours, directrice, 8, None, 6)
    assert _condition(parcours) == (False, "0 heure accordée par mois")
    personne(parcours, directrice, 8, 7, 0)
    assert _condition(parcours) == (True, "7 heures accordées par mois")


def test_zero_heure_se_voit_en_tete_de_page(parcours: Parcours, directrice: Utilisateur) -> None:
    client = connecte(directrice)
    assert "Aucune heure accordée" not in client.get(page(parcours)).content.decode(), "personne n'est encore nommé"
    personne(parcours, directrice, 14, 0, None)
    texte = client.get(page(parcours)).content.decode()
    assert "Aucune heure accordée" in texte and "zéro heure" in texte and "ton-vin" in texte
    personne(parcours, directrice, 0, 5, 2)
    texte = client.get(page(parcours)).content.decode()
    assert "Aucune heure accordée" not in texte
    assert heures_de(parcours).accordees == 5 and heures_de(parcours).degagees == 2


@pytest.mark.parametrize("heures", [-1, 161, "sept"])
def test_des_heures_impossibles_se_disent_au_champ(parcours: Parcours, directrice: Utilisateur, heures: Any) -> None:
    saisie = {"genre": "ressource", "fonction": "Référent", "expertise": "pilotage", "heures_demandees": heures}
    reponse = connecte(directrice).post(page(parcours), saisie)
    assert reponse.status_code == 422 and 'value="Référent"' in reponse.content.decode()
    assert not PersonneRessource.objects.exists()


# --- le temps par métier -------------------------------------------------------------------------------------------


def test_la_reponse_de_l_esms_se_deduit_des_metiers(parcours: Parcours, directrice: Utilisateur) -> None:
    temps(parcours, directrice, "infirmier", TempsEcriture.DECIDE, minutes=30)
    parcours.refresh_from_db()
    assert parcours.temps_ecriture == TempsEcriture.DECIDE
    refus = temps(parcours, directrice, "enseignant", TempsEcriture.REFUSE)
    parcours.refresh_from_db()
    assert parcours.temps_ecriture == TempsEcriture.REFUSE
    lignes.retirer(parcours=parcours, ligne=refus, par=directrice)
    parcours.refresh_from_db()
    assert parcours.temps_ecriture == TempsEcriture.DECIDE
    assert parcours.history.first().history_user == directrice


def test_la_fiche_ne_contredit_pas_le_detail(parcours: Parcours, directrice: Utilisateur) -> None:
    modifier_fiche(parcours=parcours, valeurs={"temps_ecriture": "decide"}, par=directrice)
    temps(parcours, directrice, "enseignant", TempsEcriture.REFUSE)
    parcours.refresh_from_db()
    with pytest.raises(Refus, match="Se déduit du temps dit métier par métier"):
        modifier_fiche(parcours=parcours, valeurs={"temps_ecriture": "decide"}, par=directrice)
    fiche = connecte(directrice).get(reverse("programme:parcours-modifier", args=[parcours.pk])).content.decode()
    assert 'name="temps_ecriture"' not in fiche and "métier par métier" in fiche


def test_le_refus_d_un_metier_se_lit_a_l_ouverture(parcours: Parcours, directrice: Utilisateur) -> None:
    ouverture = OuvertureFactory(unite__parcours=parcours)
    temps(parcours, directrice, "enseignant", TempsEcriture.REFUSE)
    constats = evaluer(Ouverture.objects.filter(pk=ouverture.pk), "ouvrir")[ouverture.pk]
    constat = next(c for c in constats if c.condition.code == "temps_ecriture")
    assert constat.mesure == "refusé"
    # L'accueil lie l'ESMS, la page d'une ouverture lie l'ouverture : la même page pour les deux.
    for objet in (ouverture, parcours):
        assert constat.condition.lien(objet) == page(parcours) + "#bloc-temps"


@pytest.mark.parametrize(
    ("saisie", "phrase"),
    [
        ({"decision": "decide"}, "combien de minutes par jour"),
        ({"decision": "decide", "minutes": 0}, "combien de minutes par jour"),
        ({"decision": "refuse"}, "dites par qui"),
        ({"decision": "decide", "minutes": 600}, "vérifiez l&#x27;unité"),
    ],
)
def test_un_temps_incomplet_se_dit_au_champ(
    parcours: Parcours, directrice: Utilisateur, saisie: dict[str, Any], phrase: str
) -> None:
    metier = Metier.objects.create(code="infirmier", nom="Infirmier")
    reponse = connecte(directrice).post(page(parcours), {"genre": "temps", "metier": metier.pk} | saisie)
    assert reponse.status_code == 422 and phrase in reponse.content.decode()


def test_un_metier_n_a_qu_une_ligne(parcours: Parcours, directrice: Utilisateur) -> None:
    temps(parcours, directrice, "infirmier", TempsEcriture.NON_DECIDE)
    with pytest.raises(Refus, match="déjà sa ligne"):
        temps(parcours, directrice, "infirmier", TempsEcriture.REFUSE)
    texte = connecte(directrice).get(page(parcours)).content.decode()
    assert ">infirmier</option>" not in texte


def test_la_page_coute_autant_a_une_ligne_qu_a_cinquante(parcours: Parcours, directrice: Utilisateur) -> None:
    def peupler(nombre: int) -> None:
        debut = Metier.objects.count()
        for rang in range(nombre):
            personne(parcours, directrice, 1, 1, 1)
            temps(parcours, directrice, f"metier-{debut + rang}", TempsEcriture.NON_DECIDE)

    exiger_requetes_constantes(connecte(directrice), page(parcours), peupler)
