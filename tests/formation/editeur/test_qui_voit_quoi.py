"""« Qui voit quoi » : les phrases (module pur), la page, le PDF balisé."""

import json
import re
import zlib
from typing import Any

import pytest
import typst
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formation.calculs.qui_voit_quoi import fiches, phrases
from formation.documents.qui_voit_quoi import GABARIT, donnees, en_pdf
from formation.enums import DroitAcces, PorteeAcces
from formation.models import Matrice
from formation.services.qui_voit_quoi import lire
from programme.documents import rendu
from programme.enums import Role
from programme.models import Parcours
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.fabriques import ModuleFactory, ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.formation.fabriques import HabilitationFactory, MatriceFactory, MetierFactory, PosteFactory, ProfilFactory

# --- les phrases ---------------------------------------------------------------------------------------------------


def test_les_phrases_vont_du_plus_grand_droit_a_ce_qui_ne_se_voit_pas() -> None:
    lues = phrases(
        [
            ("Journal", ("ecriture", "unite")),
            ("Soins", ("lecture", "suivies")),
            ("Facturation", None),
            ("Agenda", ("ecriture", "unite")),
            ("Pilotage", ("ecriture", "toutes")),
        ]
    )
    assert [p.texte.replace("\u00a0", " ") for p in lues] == [
        "Lit et écrit « Pilotage », pour toutes les personnes accompagnées.",
        "Lit et écrit « Journal » et « Agenda », pour les personnes accompagnées de son unité.",
        "Lit, sans y écrire, « Soins », pour les seules personnes dont le suivi lui est confié.",
        "Ne voit pas « Facturation ».",
    ]


def test_une_fiche_par_metier_et_sans_aucun_droit() -> None:
    lues = fiches(
        [("Infirmier", 1), ("Jardinier", 2)],
        {1: "Soins", 2: "Technique"},
        [(7, "Soins")],
        {(1, 7): ("lecture", "unite")},
    )
    assert [(f.metier, f.profil, f.est_sans_droit) for f in lues] == [
        ("Infirmier", "Soins", False),
        ("Jardinier", "Technique", True),
    ]


DROITS = st.none() | st.tuples(
    st.sampled_from([d.value for d in DroitAcces]), st.sampled_from([p.value for p in PorteeAcces])
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(DROITS, max_size=15))
def test_chaque_module_se_dit_une_fois_et_une_seule(droits: list[Any]) -> None:
    lues = phrases((f"M{rang}", d) for rang, d in enumerate(droits))
    dits = [m for p in lues for m in p.modules]
    assert sorted(dits) == sorted(f"M{rang}" for rang in range(len(droits)))
    # Un couple (droit, portée) ne fait qu'une phrase.
    assert len({(p.droit, p.pour_qui) for p in lues}) == len(lues)


# --- la page et le PDF ---------------------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def matrice(parcours: Parcours) -> Matrice:
    educ = ProfilFactory(grappe=parcours.grappe, nom="Accompagnement")
    educ.metiers.add(MetierFactory(), MetierFactory(code="moniteur-educateur", ordre=5))
    matrice = MatriceFactory(parcours=parcours)
    journal, factures = ModuleFactory(nom="Journal de bord"), ModuleFactory(nom="Facturation")
    parcours.grappe.modules.add(journal, factures)
    HabilitationFactory(matrice=matrice, profil=educ, module=journal, droit="ecriture", portee="unite")
    return matrice


def page(qui: Any, parcours: Parcours, suite: str = "") -> Any:
    return connecte(qui).get(reverse("formation:parcours-qui-voit-quoi", args=[parcours.pk]) + suite)


def flux(pdf: bytes) -> bytes:
    deplies = [pdf]
    for morceau in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            deplies.append(zlib.decompress(morceau))
        except zlib.error:
            continue
    return b"\n".join(deplies)


def releves(parcours: Parcours) -> list[str]:
    """Les métiers, tels que typst les pose dans le document."""
    lus = typst.query(
        str(rendu.GABARITS / GABARIT),
        "<releve>",
        field="value",
        root=str(rendu.GABARITS),
        ignore_system_fonts=True,
        sys_inputs=rendu.entrees(donnees(parcours, lire(parcours), timezone.now())),
    )
    return json.loads(lus)


def test_le_projet_se_dit_projet_puis_la_matrice_validee_fait_foi(parcours: Parcours, matrice: Matrice) -> None:
    directrice = directrice_de(parcours)
    lu = page(directrice, parcours).content.decode()
    assert "n’a pas encore validé" in lu and "Journal de bord" in lu
    assert lire(parcours).est_projet and donnees(parcours, lire(parcours), timezone.now())["projet"]
    changer_etat(matrice, "valider", par=directrice)
    lu = page(directrice, parcours).content.decode()
    assert "n’a pas encore validé" not in lu
    assert not lire(parcours).est_projet
    # Une version suivante en travail ne remplace pas celle qui fait foi.
    MatriceFactory(parcours=parcours, numero=2)
    assert lire(parcours).matrice == matrice


def test_qui_lit_l_esms_lit_la_page_le_financeur_non(parcours: Parcours, matrice: Matrice) -> None:
    for qui in (
        cheffe_de(parcours.grappe),
        affecter(Role.APPUI, parcours.esms),
        affecter(Role.REFERENT, parcours.esms),
    ):
        assert page(qui, parcours).status_code == 200


def test_sans_matrice_la_page_dit_pourquoi_et_le_pdf_n_existe_pas(parcours: Parcours) -> None:
    directrice = directrice_de(parcours)
    assert "ne sont pas encore dits" in page(directrice, parcours).content.decode()
    url = reverse("formation:parcours-qui-voit-quoi-pdf", args=[parcours.pk])
    assert connecte(directrice).get(url).status_code == 404


def test_un_metier_en_poste_sans_profil_se_signale(parcours: Parcours, matrice: Matrice) -> None:
    PosteFactory(parcours=parcours, metier=MetierFactory(code="jardinier"))
    lu = page(directrice_de(parcours), parcours).content.decode()
    assert "Des métiers en poste n’ont pas de profil" in lu and "Jardinier" in lu


def test_une_seule_fiche_se_choisit(parcours: Parcours, matrice: Matrice) -> None:
    directrice = directrice_de(parcours)
    lu = page(directrice, parcours, "?metier=moniteur-educateur").content.decode()
    assert "Moniteur educateur" in lu and "Educateur specialise" not in lu
    assert "n’a pas de fiche" in page(directrice, parcours, "?metier=inconnu").content.decode()
    url = reverse("formation:parcours-qui-voit-quoi-pdf", args=[parcours.pk])
    reponse = connecte(directrice).get(url + "?metier=moniteur-educateur")
    assert "-moniteur-educateur.pdf" in reponse["Content-Disposition"]
    assert b"/Type/Pages/Count 1/" in reponse.content


def test_le_pdf_est_balise_une_page_par_metier(parcours: Parcours, matrice: Matrice) -> None:
    parcours.grappe.modules.add(*(ModuleFactory(nom=f"Module au nom assez long numéro {n}") for n in range(16)))
    pdf = en_pdf(parcours, lire(parcours))
    deplie = flux(pdf)
    assert b"pdfuaid" in deplie and b"/StructTreeRoot" in deplie
    assert b"/Type/Pages/Count 2/" in pdf
    assert releves(parcours) == ["Educateur specialise", "Moniteur educateur"]


def test_le_pdf_garde_un_nom_qui_ressemble_a_du_balisage(parcours: Parcours, matrice: Matrice) -> None:
    piege = '#eval("1+1") *gras* = titre'
    MetierFactory(code="piege", nom=piege).profils.add(matrice.habilitations.get().profil)
    assert en_pdf(parcours, lire(parcours)).startswith(b"%PDF")
