"""La feuille de la checklist : emportée intacte elle ne change rien, corrigée elle montre juste les corrections."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from programme.enums import Role, StatutAction
from programme.models import Grappe, ReponseChecklist, Utilisateur
from programme.services.checklist import feuille
from programme.services.checklist.reponses import repondre
from programme.socle import exports
from programme.socle.enums import EtatTravail
from programme.socle.imports import confirmer, deposer
from programme.socle.models import Travail
from tests.fabriques import EsmsFactory, GrappeFactory, OgFactory, ParcoursFactory, affecter, cheffe_de, modele_publie

pytestmark = pytest.mark.django_db
RANGS = {code: rang for rang, code in enumerate(feuille.COLONNES, 1)}
S = StatutAction


@pytest.fixture
def grappe() -> Grappe:
    grappe, og = GrappeFactory(), OgFactory()
    modele_publie({"instances": "grappe", "si": "og", "cvs": "esms", "kit": "esms"})
    for rang in range(3):
        ParcoursFactory(grappe=grappe, esms=EsmsFactory(nom=f"IME {rang}", og=og))
    return grappe


@pytest.fixture
def cheffe(grappe: Grappe) -> Utilisateur:
    cheffe = cheffe_de(grappe)
    parcours = grappe.parcours.order_by("pk").first()
    commun = {"grappe": grappe, "par": cheffe}
    repondre(code="cvs", niveau="esms", cible=parcours, statut=S.SANS_OBJET, motif="Pas de CVS", **commun)
    repondre(code="si", niveau="og", cible=parcours.esms.og, statut=S.FAIT, commentaire="Au siège", **commun)
    return cheffe


def _classeur(grappe: Grappe, par: Utilisateur) -> Any:
    entetes, lignes = feuille.exporter(grappe, par=par)
    octets = b"".join(exports.xlsx(feuille.FEUILLE, entetes, lignes, feuille.mise_en_forme()))
    return load_workbook(io.BytesIO(octets))


def _rapporter(classeur: Any, grappe: Grappe, par: Utilisateur) -> Travail:
    tampon = io.BytesIO()
    classeur.save(tampon)
    fichier = SimpleUploadedFile("checklist.xlsx", tampon.getvalue())
    return deposer("checklist", fichier=fichier, par=par, objet="Checklist", parametres={"grappe": grappe.pk})


def _lignes(classeur: Any) -> dict[tuple[str, str], int]:
    page = classeur[feuille.FEUILLE]
    return {
        (page.cell(r, RANGS["code"]).value, page.cell(r, RANGS["nom"]).value): r for r in range(2, page.max_row + 1)
    }


def _nombres(travail: Travail) -> dict[str, int]:
    assert travail.resultat is not None, travail.erreur
    return {effet: n for effet, n in travail.resultat["nombres"].items() if n}


def test_emportee_intacte_elle_ne_change_rien(grappe: Grappe, cheffe: Utilisateur) -> None:
    assert _nombres(_rapporter(_classeur(grappe, cheffe), grappe, cheffe)).keys() == {"inchange"}


@given(
    choix=st.dictionaries(
        st.integers(0, 2), st.sampled_from([S.A_FAIRE, S.EN_COURS, S.EN_ATTENTE, S.FAIT, S.DEJA_FAIT]), min_size=1
    ),
    commentaire=st.sampled_from(["", "vu au COMOP", "à relire"]),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_l_apercu_montre_exactement_les_corrections(
    grappe: Grappe, cheffe: Utilisateur, choix: dict[int, StatutAction], commentaire: str
) -> None:
    classeur = _classeur(grappe, cheffe)
    page, lignes = classeur[feuille.FEUILLE], _lignes(classeur)
    attendues = 0
    for rang, statut in choix.items():
        numero = lignes["kit", f"IME {rang}"]
        avant = (page.cell(numero, RANGS["statut"]).value, page.cell(numero, RANGS["commentaire"]).value or "")
        page.cell(numero, RANGS["statut"]).value = str(statut.label)
        page.cell(numero, RANGS["commentaire"]).value = commentaire or None
        attendues += avant != (str(statut.label), commentaire)
    assert _nombres(_rapporter(classeur, grappe, cheffe)).get("modifie", 0) == attendues


def test_corriger_confirmer_et_rapporter_de_nouveau_ne_change_plus_rien(grappe: Grappe, cheffe: Utilisateur) -> None:
    classeur = _classeur(grappe, cheffe)
    page, lignes = classeur[feuille.FEUILLE], _lignes(classeur)
    page.cell(lignes["kit", "IME 1"], RANGS["statut"]).value = "Fait"
    page.cell(lignes["si", str(grappe.parcours.first().esms.og)], RANGS["commentaire"]).value = "Chez le prestataire"
    travail = _rapporter(classeur, grappe, cheffe)
    assert _nombres(travail)["modifie"] == 2
    ecriture = confirmer(travail, par=cheffe)
    ecriture.refresh_from_db()
    assert ecriture.etat == EtatTravail.TERMINE
    assert ReponseChecklist.objects.get(code="si").commentaire == "Chez le prestataire"
    assert _nombres(_rapporter(_classeur(grappe, cheffe), grappe, cheffe)).keys() == {"inchange"}


@pytest.mark.parametrize(
    ("colonne", "valeur", "phrase"),
    [
        ("statut", "Presque", "n'est pas un statut"),
        ("statut", "Sans objet", "pourquoi c'est sans objet"),
        ("statut", "=A1", "formule"),
        ("statut", None, "le statut est vidé"),
        ("echeance", "demain", "n'est pas une date"),
        ("code", "inventee", "n'est pas dans la checklist"),
        ("niveau", "Planète", "n'est pas un niveau"),
    ],
)
def test_une_faute_se_dit_a_sa_case_et_rien_ne_s_ecrit(
    grappe: Grappe, cheffe: Utilisateur, colonne: str, valeur: Any, phrase: str
) -> None:
    classeur = _classeur(grappe, cheffe)
    page, lignes = classeur[feuille.FEUILLE], _lignes(classeur)
    page.cell(lignes["kit", "IME 1"], RANGS[colonne]).value = valeur
    page.cell(lignes["kit", "IME 2"], RANGS["statut"]).value = "Fait"
    travail = _rapporter(classeur, grappe, cheffe)
    rejets = travail.resultat["lignes"]["rejete"]
    assert len(rejets) == 1 and phrase in rejets[0]["raison"]
    assert travail.resultat["a_ecrire"] == 0


def test_une_colonne_renommee_et_une_case_fusionnee_se_disent(grappe: Grappe, cheffe: Utilisateur) -> None:
    classeur = _classeur(grappe, cheffe)
    classeur[feuille.FEUILLE].cell(1, RANGS["statut"]).value = "Avancement"
    travail = _rapporter(classeur, grappe, cheffe)
    assert travail.etat == EtatTravail.ECHEC and "« Statut » manque" in travail.erreur
    classeur = _classeur(grappe, cheffe)
    lignes = _lignes(classeur)
    page = classeur[feuille.FEUILLE]
    numero = lignes["kit", "IME 1"]
    page.merge_cells(start_row=numero, end_row=numero + 1, start_column=RANGS["statut"], end_column=RANGS["statut"])
    page.cell(lignes["kit", "IME 2"], RANGS["statut"]).value = "Presque"
    page.cell(lignes["kit", "IME 0"], RANGS["statut"]).value = "Fait"
    avant = ReponseChecklist.objects.count()
    travail = _rapporter(classeur, grappe, cheffe)
    rejets = {r["ligne"]: r["raison"] for r in travail.resultat["lignes"]["rejete"]}
    assert "le statut est vidé" in rejets[numero + 1] and "Statut" in rejets[numero + 1]
    assert "« Presque » n'est pas un statut" in rejets[lignes["kit", "IME 2"]] and len(rejets) == 2
    assert travail.resultat["a_ecrire"] == 0 and ReponseChecklist.objects.count() == avant


def test_la_meme_action_deux_fois_se_dit(grappe: Grappe, cheffe: Utilisateur) -> None:
    classeur = _classeur(grappe, cheffe)
    page, lignes = classeur[feuille.FEUILLE], _lignes(classeur)
    page.append([cellule.value for cellule in page[lignes["kit", "IME 1"]]])
    rejets = _rapporter(classeur, grappe, cheffe).resultat["lignes"]["rejete"]
    assert len(rejets) == 1 and "déjà à la ligne" in rejets[0]["raison"]


def test_seul_qui_conduit_rapporte(grappe: Grappe, cheffe: Utilisateur) -> None:
    autre = affecter(Role.DIRECTEUR, grappe.parcours.first().esms)
    travail = _rapporter(_classeur(grappe, cheffe), grappe, autre)
    assert travail.etat == EtatTravail.ECHEC and not travail.resultat
