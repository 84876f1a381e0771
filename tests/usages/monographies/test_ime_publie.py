"""L'IME de la démonstration : chaque section, chaque chiffre de la publication, dans la page, le PDF et le DOCX.

La table ci-dessous est recopiée de la publication (CNSA, Monographies ESMS numérique, 2025), pas de nos données.
"""

import io
import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from programme.demonstration import fondation
from programme.enums import Role
from programme.models import Utilisateur
from tests.aides import connecte
from tests.fabriques import DepartementFactory, EsmsFactory, GrappeFactory, OgFactory, ParcoursFactory, affecter
from usages.demonstration import etudes, ime_publie
from usages.enums import CodeSection
from usages.models import Edition, Monographie, Verbatim

pytestmark = [pytest.mark.django_db, pytest.mark.une_base]

FICHE = {
    "Type d'établissement": "Institut médico-éducatif (IME)",
    "Raison sociale": "IME Léopold Bellan",
    "Organisme gestionnaire": "Fondation Léopold Bellan",
    "Statut juridique": "Fondation",
    "FINESS géographique": "940711344",
    "Région": "Île-de-France",
    "Département": "Val-de-Marne",
    "ARS qui finance": "Île-de-France",
    "Professionnels, en ETP": "62,4 ETP, dont quatre enseignantes",
    "Personnes accompagnées": "54 places en internat et 20 places en semi-internat",
    "Public accompagné": "6 à 20 ans",
}
VISITE = ("2 juin 2025", "10 juin 2025")
RENCONTRES = {
    "Directrice": 1,
    "Coordinateur": 1,
    "Éducateurs": 5,
    "Jeunes": 6,
    "Assistante de direction": 1,
    "Assistante sociale": 1,
    "Assistante administrative": 1,
    "Infirmier diplômé d'État (IDE)": 1,
}
HISTORIQUE = {"Année de financement": "2021", "Fin du paramétrage": "Octobre 2022", "Fin de la VSR": "Décembre 2022"}
QUESTIONNAIRE = (
    ("formés au DUI", "Oui"),
    ("formés aux services socles", "Non"),
    ("Niveau d'utilisation", "Moyen"),
    ("Effets positifs perçus", "Qualité des écrits"),
    ("Effets négatifs perçus", "Interopérabilité"),
    ("Effets sur la QVCT", "Amélioration partielle"),
    ("motivation et la satisfaction", "Oui"),
    ("Capacité d'autodétermination", "Aucun effet"),
    ("Accompagnement des personnes", "Oui, notable"),
    ("le pilotage et la gestion", "Oui, de manière significative"),
)
SIX_EFFETS_POSITIFS, TROIS_NEGATIFS = 6, 3


@pytest.fixture
def ime() -> Monographie:
    """Le cas publié de la démonstration, et lui seul."""
    # La grappe et l'ESMS de la démonstration, sans le reste de son récit.
    val_de_marne = DepartementFactory(code="94", nom="Val-de-Marne", code_finess="94")
    esms = EsmsFactory(finess=fondation.IME, og=OgFactory(nom="Fondation Léopold Bellan"), departement=val_de_marne)
    grappe = GrappeFactory(region=val_de_marne.region)
    ParcoursFactory(esms=esms, grappe=grappe)
    comptes: dict[str, Utilisateur] = {
        "cheffe": affecter(Role.CHEF_PROJET, grappe),
        "appui": affecter(Role.APPUI, grappe),
        "grades": affecter(Role.GRADES, val_de_marne.region),
        "direction-ime": affecter(Role.DIRECTEUR, esms, du=date(2025, 1, 1)),
    }
    etudes.rejouer_le_cas_publie(comptes)
    return Monographie.objects.get()


@pytest.fixture
def sorties(ime: Monographie) -> dict[str, str]:
    """Le texte de la page, du PDF et du DOCX, blancs réunis, tels que les lit un compte de passage."""
    client = connecte(affecter(Role.MEMBRE, GrappeFactory()))
    octets = {n: client.get(reverse(f"usages:monographie-{n}", args=[ime.pk])) for n in ("lire", "pdf", "docx")}
    assert {r.status_code for r in octets.values()} == {200}
    page = re.sub(r"<[^>]+>", " ", octets["lire"].content.decode())
    pdf = " ".join(p.extract_text() for p in PdfReader(io.BytesIO(contenu(octets["pdf"]))).pages)
    return {"page": _plat(unescape(page)), "pdf": _plat(pdf), "docx": _plat(_texte_du_docx(contenu(octets["docx"])))}


def contenu(reponse: object) -> bytes:
    """Les octets d'une réponse, diffusée ou non."""
    diffusee = getattr(reponse, "streaming_content", None)
    return b"".join(diffusee) if diffusee else reponse.content  # type: ignore[attr-defined]


def _texte_du_docx(octets: bytes) -> str:
    document = Document(io.BytesIO(octets))
    morceaux = [p.text for p in document.element.body.iter() if p.tag.endswith("}t") and p.text]
    return " ".join(morceaux)


def _plat(texte: str) -> str:
    """Sans les blancs ni les tirets de césure : un mot coupé par une fin de ligne reste un mot."""
    return re.sub(r"[\s\u00ad\u200b\u00a0\u202f]+", "", texte).replace("’", "'").casefold()


def test_toutes_les_sections_de_la_publication_y_sont(sorties: dict[str, str]) -> None:
    for ou, texte in sorties.items():
        absentes = [str(c.label) for c in CodeSection if _plat(str(c.label)) not in texte]
        assert not absentes, ou


@pytest.mark.parametrize("ou", ["page", "pdf", "docx"])
def test_chaque_chiffre_est_celui_de_la_publication(sorties: dict[str, str], ou: str) -> None:
    texte = sorties[ou]
    attendus = [*FICHE.items(), *HISTORIQUE.items(), *QUESTIONNAIRE]
    attendus += [(qui, f"{qui}") for qui in RENCONTRES]
    faux = [(nom, valeur) for nom, valeur in attendus if _plat(nom) not in texte or _plat(valeur) not in texte]
    assert not faux
    assert [jour for jour in VISITE if _plat(jour) not in texte] == []


def test_les_rencontres_sont_celles_de_la_publication(ime: Monographie) -> None:
    assert dict(ime.visite.rencontres.values_list("qui", "nombre")) == RENCONTRES
    assert sorted({t.jour for t in ime.visite.temps.all()}) == [date(2025, 6, 2), date(2025, 6, 10)]


def test_les_listes_du_questionnaire_sont_entieres(ime: Monographie) -> None:
    faits = {f.code: f.valeur.splitlines() for f in ime.faits.all()}
    assert (len(faits["effets_positifs"]), len(faits["effets_negatifs"])) == (SIX_EFFETS_POSITIFS, TROIS_NEGATIFS)


def test_les_focus_et_les_zooms_y_sont(sorties: dict[str, str]) -> None:
    titres = (
        "Focus : SERAFIN-PH",
        "Zoom : apprendre à écrire",
        "Focus : la traçabilité",
        "Focus : l'amendement Creton",
    )
    for ou, texte in sorties.items():
        assert [t for t in titres if _plat(t) not in texte] == [], ou


def test_le_propos_retire_n_est_nulle_part_les_autres_si(sorties: dict[str, str]) -> None:
    for ou, texte in sorties.items():
        assert _plat(ime_publie.TU.texte) not in texte, ou
        assert [p.code for p in ime_publie.PROPOS if _plat(p.texte) not in texte] == [], ou


def test_un_jeune_qui_se_dedit_disparait_de_ce_qui_est_publie(ime: Monographie) -> None:
    jeune = next(p for p in ime_publie.PROPOS if p.protege)
    assert Edition.objects.filter(monographie=ime).count() == 1
    Verbatim.objects.filter(texte=jeune.texte).update(accord_representant="retire")
    page = connecte(affecter(Role.MEMBRE, GrappeFactory())).get(reverse("usages:monographie-lire", args=[ime.pk]))
    assert _plat(jeune.texte) not in _plat(unescape(page.content.decode()))
