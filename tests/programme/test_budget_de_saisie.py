"""Le budget de saisie : la durée d'un formulaire, une campagne face à son plafond, le refus et son compte."""

import csv
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from programme.calculs.budget_de_saisie import (
    AVANT_OUVERTURE,
    FICHES,
    SECONDES_PAR_ACTION,
    Campagne,
    PosteDeSaisie,
    campagne_de,
    refus_de,
)
from programme.enums import FRISE_PARCOURS, Niveau
from programme.forms.checklist import ReponseForm
from programme.forms.lignes import (
    ApplicationForm,
    BesoinForm,
    ContactForm,
    DocumentForm,
    EquipementForm,
    RessourceForm,
    TempsForm,
)
from programme.forms.parcours import FaitForm, UniteForm
from programme.models import Grappe, LigneChecklist, VersionChecklist
from programme.services.checklist.modele import brouillon_de, preparer_version, publier_version
from programme.services.reference import DOSSIER
from programme.socle.champs import SaisieLibre
from programme.socle.erreurs import Refus
from programme.socle.temps_de_saisie import Geste, annoncer, en_mots, geste_de, secondes_de
from risques.forms.analyses import LigneAnalyseForm
from tests.aides import connecte
from tests.fabriques import GrappeFactory, cheffe_de, modele_publie

# --- un formulaire -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("champ", "geste"),
    [
        (forms.BooleanField(), Geste.CASE),
        (forms.ChoiceField(), Geste.CHOIX),
        (forms.ChoiceField(widget=forms.RadioSelect), Geste.CHOIX),
        (forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple), Geste.CASES),
        (forms.DateField(), Geste.DATE),
        (forms.IntegerField(), Geste.NOMBRE),
        (forms.DecimalField(widget=forms.TextInput), Geste.NOMBRE),
        (forms.CharField(), Geste.TEXTE_COURT),
        (SaisieLibre(lignes=1), Geste.TEXTE_COURT),
        (SaisieLibre(), Geste.TEXTE_LIBRE),
        (forms.FileField(), Geste.PIECE),
    ],
)
def test_chaque_nature_de_champ_a_son_geste(champ: forms.Field, geste: Geste) -> None:
    assert geste_de(champ) is geste


class Essai(forms.Form):
    vu = forms.CharField(widget=forms.HiddenInput)
    quand = forms.DateField()
    mot = forms.CharField(required=False)


def test_un_champ_cache_ne_coute_rien_un_facultatif_la_moitie() -> None:
    assert secondes_de(Essai()) == secondes_de(Essai) == Geste.DATE + 8


def test_un_champ_retire_du_formulaire_ne_compte_plus() -> None:
    essai = Essai()
    del essai.fields["mot"]
    assert secondes_de(essai) == Geste.DATE


@pytest.mark.parametrize(
    ("secondes", "mots"),
    [(0, "0 s"), (45, "45 s"), (60, "1 min"), (61, "2 min"), (3541, "1 h"), (7200, "2 h"), (7201, "2 h 01")],
)  # fmt: skip
def test_une_duree_se_dit_a_la_minute_entamee(secondes: int, mots: str) -> None:
    assert en_mots(secondes).replace("\u00a0", " ") == mots


def test_la_duree_annoncee_reste_un_ordre_de_grandeur() -> None:
    assert annoncer(59) == "Moins d’une minute"
    assert annoncer(75) == "Environ 2\u00a0min"


# --- une campagne --------------------------------------------------------------------------------------------------

POSTES = st.lists(st.builds(PosteDeSaisie, st.just("poste"), st.integers(0, 200), st.integers(0, 600)), max_size=6)


@given(POSTES, POSTES)
def test_deux_campagnes_reunies_coutent_la_somme(a: list[PosteDeSaisie], b: list[PosteDeSaisie]) -> None:
    assert Campagne((*a, *b)).total == Campagne(tuple(a)).total + Campagne(tuple(b)).total


@given(POSTES, st.integers(0, 100), st.integers(0, 600))
def test_demander_plus_ne_fait_jamais_tenir(postes: list[PosteDeSaisie], fois: int, secondes: int) -> None:
    avant, apres = Campagne(tuple(postes)), Campagne((*postes, PosteDeSaisie("de plus", fois, secondes)))
    assert apres.total >= avant.total
    assert avant.tient or not apres.tient


@given(st.integers(1, 100_000))
def test_le_plafond_tient_une_seconde_de_plus_non(plafond: int) -> None:
    assert Campagne((PosteDeSaisie("juste", 1, plafond),), plafond).tient
    trop = Campagne((PosteDeSaisie("de trop", 1, plafond + 1),), plafond)
    assert not trop.tient and trop.en_trop(1) == 1


@given(st.integers(0, 1000), st.integers(1, 600), st.integers(1, 50_000))
def test_retirer_ce_qui_est_en_trop_suffit_un_de_moins_non(fois: int, secondes: int, plafond: int) -> None:
    trop = Campagne((PosteDeSaisie("poste", fois, secondes),), plafond).en_trop(secondes)
    assert Campagne((PosteDeSaisie("poste", fois - trop, secondes),), plafond).tient
    if trop:
        assert not Campagne((PosteDeSaisie("poste", fois - trop + 1, secondes),), plafond).tient


def _action(niveau: str = "esms", phase: str = "recense", mesure: str = "", piece: bool = False) -> Any:
    return SimpleNamespace(niveau=niveau, phase=phase, mesure=mesure, piece_attendue=piece)


NUE = campagne_de([]).total


@pytest.mark.parametrize("niveau", Niveau.values)
@pytest.mark.parametrize("phase", FRISE_PARCOURS)
@pytest.mark.parametrize("mesure", ["", "cse"])
def test_ne_coute_que_ce_que_chaque_esms_repond_a_la_main_avant_d_ouvrir(niveau: str, phase: str, mesure: str) -> None:
    coute = niveau == "esms" and not mesure and phase in ("recense", "cadrage", "preparation", "pilote")
    assert campagne_de([_action(niveau, phase, mesure)]).total - NUE == (SECONDES_PAR_ACTION if coute else 0)


def test_une_piece_attendue_se_compte_en_plus() -> None:
    assert campagne_de([_action(piece=True)]).total - NUE == SECONDES_PAR_ACTION + Geste.PIECE


def test_les_fiches_comptent_ce_que_demandent_leurs_formulaires() -> None:
    formulaires = {
        "fait daté": FaitForm,
        "document du SI": DocumentForm,
        "contact du SI": ContactForm,
        "application": ApplicationForm,
        "équipement": EquipementForm,
        "besoin": BesoinForm,
        "personne ressource": RessourceForm,
        "temps d'un métier": TempsForm,
        "unité de déploiement": UniteForm,
        "ligne d'analyse de risques": LigneAnalyseForm,
    }
    assert {poste.libelle: poste.secondes for poste in FICHES} == {n: secondes_de(f) for n, f in formulaires.items()}
    assert secondes_de(ReponseForm) == SECONDES_PAR_ACTION


def test_le_modele_de_treille_tient_dans_le_budget() -> None:
    with (DOSSIER / "checklist.csv").open(encoding="utf-8", newline="") as fichier:
        lignes = list(csv.DictReader(fichier, delimiter=";"))
    campagne = campagne_de(_action(x["niveau"], x["phase"], x["mesure"], x["piece"] == "oui") for x in lignes)
    assert campagne.tient and campagne.postes[0].fois > 10


def test_le_refus_donne_le_compte_et_le_geste() -> None:
    en_plus = -(-(AVANT_OUVERTURE - NUE) // SECONDES_PAR_ACTION) + 4
    phrase = refus_de(campagne_de([_action()] * en_plus)).replace("\u00a0", " ")
    assert phrase.startswith(f"{en_plus} actions × 45 s = ")
    assert "au-delà de 2 h" in phrase and "Retirez-en 5, ou montez-les" in phrase
    assert refus_de(campagne_de([_action()] * (en_plus - 5))) == ""


# --- publier une version -------------------------------------------------------------------------------------------

JUSTE = (AVANT_OUVERTURE - NUE) // SECONDES_PAR_ACTION
"""Autant d'actions qu'il en tient."""


def _grossir(grappe: Grappe, combien: int) -> VersionChecklist:
    """Un brouillon de `combien` actions que chaque ESMS répond."""
    version = preparer_version(grappe=grappe, par=cheffe_de(grappe))
    for rang in range(combien - version.lignes.count()):
        LigneChecklist.objects.create(
            version=version, code=f"plus-{rang}", ordre=rang + 10, role="relais", phase="cadrage", niveau="esms",
            libelle=f"Action de plus {rang}",
        )  # fmt: skip
    return version


@pytest.fixture
def grappe(db: None) -> Grappe:
    modele_publie({"cvs": "esms"})
    return GrappeFactory()


def test_juste_au_plafond_la_version_se_publie(grappe: Grappe) -> None:
    version = _grossir(grappe, JUSTE)
    publier_version(version=version, par=cheffe_de(grappe))
    assert not brouillon_de(grappe)


def test_une_action_de_trop_et_rien_n_est_publie(grappe: Grappe) -> None:
    version = _grossir(grappe, JUSTE + 1)
    with pytest.raises(Refus, match="au-delà de") as refus:
        publier_version(version=version, par=cheffe_de(grappe))
    assert refus.value.code == "etat" and "Retirez-en 1," in refus.value.motif
    version.refresh_from_db()
    assert version.est_brouillon and version.lignes.count() == JUSTE + 1


def test_la_page_du_modele_dit_ou_en_est_le_budget_et_pourquoi_elle_refuse(grappe: Grappe) -> None:
    client: Client = connecte(cheffe_de(grappe))
    page = reverse("programme:checklist-modele", args=[grappe.pk])
    corps = client.get(page).content.decode()
    assert en_mots(NUE + SECONDES_PAR_ACTION) in corps and "ne peut pas être publiée" not in corps
    _grossir(grappe, JUSTE + 1)
    corps = client.get(page).content.decode()
    assert "ne peut pas être publiée" in corps and 'class="court" width="100.0%"' in corps
    reponse = client.post(page, {"note": "Plus complète"})
    assert reponse.status_code == 422 and "Retirez-en 1," in reponse.content.decode()
    assert "Plus complète" in reponse.content.decode()
