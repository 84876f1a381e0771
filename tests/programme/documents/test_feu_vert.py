"""Le dossier de feu vert : les chiffres de la page, un PDF balisé, et un passage décidé qui se refait à l'identique."""

import html
import json
import re
import zlib
from datetime import timedelta
from typing import Any

import pytest
import typst
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator

from programme.documents import rendu
from programme.documents.feu_vert import GABARIT, Dossier, decides, dossier_de
from programme.enums import EtatParcours, IssueVerification, Role, TypeVerification
from programme.models import Etape, Fait, Parcours, Proposition, Verification
from programme.services import parcours as services
from programme.services.lecture_parcours import reste_de
from programme.socle.models import Derogation
from programme.socle.porte import changer_etat, lire
from tests.aides import connecte, nb_requetes
from tests.fabriques import OuvertureFactory, ParcoursFactory, affecter, cheffe_de, directrice_de

pytestmark = pytest.mark.django_db

PIEGE = '#eval("1+1") *gras* _x_ $y$ @ref <etiquette> // fin \\ #pagebreak()'


def _releves(dossier: Dossier) -> list[dict[str, str]]:
    """Ce que le gabarit imprime des conditions, tel que typst le pose dans le document."""
    lus = typst.query(
        str(rendu.GABARITS / GABARIT),
        "<releve>",
        field="value",
        root=str(rendu.GABARITS),
        ignore_system_fonts=True,
        sys_inputs=rendu.entrees(dossier.donnees),
    )
    return json.loads(lus)


def _flux(pdf: bytes) -> bytes:
    """Le PDF, ses flux compressés dépliés : de quoi y chercher une clé, sans autre outil."""
    deplies = [pdf]
    for morceau in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            deplies.append(zlib.decompress(morceau))
        except zlib.error:
            continue
    return b"\n".join(deplies)


def _lire(qui: Any, parcours: Parcours) -> str:
    return connecte(qui).get(reverse("programme:parcours-detail", args=[parcours.pk])).content.decode()


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Any:
    return directrice_de(parcours)


def _engager(parcours: Parcours, par: Any, **champs: Any) -> Any:
    return changer_etat(parcours, "engager", par=par, motif="l'annonce suit dans le mois", **champs)


# --- à décider -----------------------------------------------------------------------------------------------------


def test_le_dossier_releve_les_memes_mesures_que_la_page(parcours: Parcours, directrice: Any) -> None:
    changer_etat(parcours, "constater", par=directrice, vers=EtatParcours.CADRAGE)
    services.dater_fait(parcours=[parcours], nature="cse", par=directrice, date=timezone.localdate())
    reste = reste_de(lire(parcours, "preparer", par=directrice).constats, parcours)
    assert reste.manques and reste.reunies
    attendu = [("reste", c.condition.libelle, c.mesure) for c, _ in reste.manques]
    attendu += [("reunie", c.condition.libelle, c.mesure) for c in reste.reunies]

    dossier = dossier_de(parcours, par=directrice)

    assert [(r["quoi"], r["libelle"], r["mesure"]) for r in _releves(dossier)] == attendu
    page = html.unescape(_lire(directrice, parcours)).lower()
    for quoi in dossier.donnees["reste"]:
        assert quoi["libelle"].lower() in page and quoi["mesure"] in page
    assert [c["severite"] for c in dossier.donnees["reste"]][0] == "barre"


def test_le_dossier_dit_tout_ce_qui_sert_a_decider(parcours: Parcours, directrice: Any) -> None:
    cheffe = cheffe_de(parcours.grappe)
    _engager(parcours, directrice)
    Etape.objects.create(parcours=parcours, etat="preparation", reference=timezone.localdate() + timedelta(days=30))
    Fait.objects.create(
        parcours=parcours, nature="besoins", date=timezone.localdate(), reference="atelier 3", saisi_par=cheffe
    )
    Verification.objects.create(
        grappe=parcours.grappe,
        type=TypeVerification.VA,
        issue=IssueVerification.AVEC_RESERVES,
        prononcee_le=timezone.localdate(),
        reserves="impressions à reprendre",
    )
    autre = ParcoursFactory(grappe=parcours.grappe)
    Verification.objects.create(
        grappe=parcours.grappe,
        parcours=autre,
        type=TypeVerification.VSR,
        issue=IssueVerification.REJETEE,
        prononcee_le=timezone.localdate(),
    )
    Proposition.objects.create(parcours=parcours, transition="preparer", proposee_par=cheffe, mot="l'équipe est prête")
    Derogation.objects.create(
        parcours=parcours,
        condition="vague",
        du=timezone.localdate(),
        au=timezone.localdate() + timedelta(days=10),
        libelle_decision="COMOP du 3, point 2",
        creee_par=cheffe,
    )
    OuvertureFactory(unite__parcours=parcours, unite__nom="Internat")

    dossier = dossier_de(parcours, par=directrice)
    donnees = dossier.donnees

    assert donnees["forme"] == "a_decider" and donnees["passage"] == "Passer en préparation"
    assert ["FINESS", donnees["identite"][0][1]] == donnees["identite"][0]
    assert {nom for nom, _ in donnees["identite"]} >= {"Organisme gestionnaire", "Grappe", "Solution"}
    assert [ligne[0] for ligne in donnees["faits"]] == ["Besoins exprimés"]
    assert [v[0] for v in donnees["verifications"]] == ["Vérification d'aptitude (VA)"], "la VSR d'un autre ESMS"
    assert donnees["verifications"][0][3] == "impressions à reprendre"
    assert donnees["propositions"][0]["mot"] == "l'équipe est prête"
    assert donnees["levees"][0]["decision"] == "COMOP du 3, point 2" and donnees["levees"][0]["jusqu"]
    assert [r["mesure"] for r in _releves(dossier) if r["quoi"] == "levee"] == ["COMOP du 3, point 2"], "et s'imprime"
    assert [u["nom"] for u in donnees["grille"]["unites"]] == ["Internat"]
    assert donnees["grille"]["unites"][0]["cases"][0]["detail"].startswith("0/")
    assert [n["statut"] for n in donnees["frise"]][:2] == ["passe", "ici"]
    assert "Cadrage, en ce moment" in donnees["frise_alt"]
    assert donnees["reserves"], "l'annonce promise au passage sous réserve"
    assert "à" in donnees["releve"] and "\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}" in donnees["releve"]


# --- le rendu ------------------------------------------------------------------------------------------------------


def test_le_pdf_est_balise_en_francais(parcours: Parcours, directrice: Any) -> None:
    pdf = dossier_de(parcours, par=directrice).en_pdf()
    assert pdf.startswith(b"%PDF-1.7")
    plat = _flux(pdf)
    for cle in (b"/StructTreeRoot", b"/MarkInfo", b"/Lang", b"/Marked true", b"pdfuaid", b"/TH", b"/Alt"):
        assert cle in plat, cle


def test_un_nom_qui_ressemble_a_du_balisage_reste_du_texte(parcours: Parcours, directrice: Any) -> None:
    parcours.esms.nom = PIEGE
    parcours.esms.save()
    Fait.objects.create(
        parcours=parcours, nature="annonce", date=timezone.localdate(), reference=PIEGE[:120], saisi_par=directrice
    )
    dossier = dossier_de(parcours, par=directrice)
    assert dossier.donnees["esms"] == PIEGE
    assert dossier.en_pdf()
    lu = typst.query(
        str(rendu.GABARITS / GABARIT),
        "heading.where(level: 1)",
        field="body",
        root=str(rendu.GABARITS),
        ignore_system_fonts=True,
        sys_inputs=rendu.entrees(dossier.donnees),
    )
    dit = "".join(re.findall(r'"text": ("(?:[^"\\]|\\.)*")', lu)).replace('""', "")
    assert "eval" in dit and "pagebreak" in dit, "le titre est du texte, d'un bout à l'autre"


@pytest.mark.parametrize("signes", ["Été 😀", "中文", "عربي", "a\u0301 \u200b\u2060", "\x01", "🧑‍🦽 " * 40, "ж" * 300])
def test_un_signe_sans_dessin_ne_fait_pas_tomber_le_document(parcours: Parcours, directrice: Any, signes: str) -> None:
    parcours.esms.nom = signes
    assert dossier_de(parcours, par=directrice).en_pdf().startswith(b"%PDF")


def test_beaucoup_de_signes_inconnus_restent_une_page(parcours: Parcours, directrice: Any) -> None:
    parcours.esms.nom = "|".join(chr(0x4E00 + n) for n in range(60))
    assert dossier_de(parcours, par=directrice).en_pdf().startswith(b"%PDF")


def test_les_gabarits_ne_prennent_rien_ailleurs() -> None:
    for gabarit in rendu.GABARITS.glob("*.typ"):
        assert not re.search(r"@preview|https?://|eval\(", gabarit.read_text()), gabarit.name


def test_un_gabarit_fautif_se_dit(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "faux.typ").write_text("#inconnu")
    monkeypatch.setattr(rendu, "GABARITS", tmp_path)
    with pytest.raises(typst.TypstError, match="inconnu"):
        rendu.rendre_pdf("faux.typ", {}, le=timezone.now())


# --- décidé --------------------------------------------------------------------------------------------------------


def test_un_passage_decide_se_refait_a_l_octet_pres(parcours: Parcours, directrice: Any) -> None:
    passage = _engager(parcours, directrice)
    premier = dossier_de(parcours, par=directrice, passage=passage)
    avant = premier.en_pdf()

    # La vie continue : rien de ce qui suit n'entre dans un dossier déjà décidé.
    services.dater_fait(parcours=[parcours], nature="annonce", par=directrice, date=timezone.localdate())
    Etape.objects.create(parcours=parcours, etat="preparation", revisee=timezone.localdate())
    parcours.type_projet = "usages"
    parcours.save()
    OuvertureFactory(unite__parcours=parcours)
    relu = Parcours.objects.pour_lecture().get(pk=parcours.pk)

    apres = dossier_de(relu, par=cheffe_de(parcours.grappe), passage=decides(relu).get(pk=passage.pk))
    assert apres.donnees == premier.donnees
    assert apres.en_pdf() == avant


def test_le_dossier_decide_dit_qui_quand_pourquoi_et_l_empreinte(parcours: Parcours, directrice: Any) -> None:
    passage = _engager(parcours, directrice, date_effet=timezone.localdate() - timedelta(days=3))
    donnees = dossier_de(parcours, par=directrice, passage=passage).donnees
    assert donnees["forme"] == "decide"
    assert donnees["decision"]["issue"] == "Feu vert, sous réserve"
    assert donnees["decision"]["par"] == str(directrice) and donnees["decision"]["fonction"] == "Direction"
    assert donnees["decision"]["motif"] == "l'annonce suit dans le mois"
    assert donnees["decision"]["empreinte"] == passage.empreinte
    non_reunis = [c["libelle"] for c in passage.constats if c["ok"] is False]
    assert sorted(c["libelle"] for c in donnees["reste"]) == sorted(non_reunis)
    reelles = {ligne[0]: ligne[3] for ligne in donnees["dates"]}
    assert reelles["Cadrage"] != "—" and reelles["Préparation"] == "—"


def test_seuls_les_passages_decides_ont_un_dossier(parcours: Parcours, directrice: Any) -> None:
    constat = changer_etat(parcours, "constater", par=directrice, vers=EtatParcours.CADRAGE)
    suspension = changer_etat(parcours, "suspendre", par=cheffe_de(parcours.grappe), motif="travaux")
    autre = ParcoursFactory()
    d_ailleurs = _engager(autre, directrice_de(autre))
    client, url = connecte(directrice), reverse("programme:parcours-feu-vert", args=[parcours.pk])
    for cle in (constat.pk, suspension.pk, d_ailleurs.pk, 0, "abc", "9" * 30, "²"):
        assert client.get(url, {"passage": cle}).status_code == 404, cle


def test_sans_passage_a_venir_le_dernier_dossier_precede_d_une_phrase(parcours: Parcours, directrice: Any) -> None:
    cheffe = cheffe_de(parcours.grappe)
    changer_etat(parcours, "suspendre", par=cheffe, motif="travaux")
    seule = dossier_de(parcours, par=directrice)
    assert seule.donnees["forme"] == "sans_passage" and "suspendu" in seule.donnees["avertissement"]
    assert seule.en_pdf()

    changer_etat(parcours, "reprendre", par=cheffe)
    passage = _engager(parcours, directrice)
    changer_etat(parcours, "sortir", par=cheffe, motif="retrait", raison="retrait")
    dernier = dossier_de(parcours, par=directrice).donnees
    assert "sorti du projet" in dernier["avertissement"]
    assert dernier["decision"]["empreinte"] == passage.empreinte


# --- les portes d'entrée -------------------------------------------------------------------------------------------


def test_la_page_et_l_api_rendent_le_meme_pdf(parcours: Parcours, directrice: Any) -> None:
    passage = _engager(parcours, directrice)
    client = connecte(directrice)
    page = client.get(reverse("programme:parcours-feu-vert", args=[parcours.pk]), {"passage": passage.pk})
    api = client.get(
        reverse("api:parcours-feu-vert", args=[parcours.pk]),
        {"passage": passage.pk},
        headers={"Accept": "application/pdf"},
    )
    assert page.status_code == api.status_code == 200
    assert page.headers["Content-Type"] == api.headers["Content-Type"] == "application/pdf"
    assert page.headers["Content-Disposition"] == api.headers["Content-Disposition"]
    assert ".pdf" in page.headers["Content-Disposition"] and page.content == api.content
    faux = client.get(reverse("api:parcours-feu-vert", args=[parcours.pk]), {"passage": "abc"})
    assert faux.status_code == 400 and "passage" in faux.json()


def test_le_financeur_ne_l_emporte_pas_et_on_lui_dit_pourquoi(parcours: Parcours) -> None:
    changer_etat(parcours.grappe, "deposer", par=cheffe_de(parcours.grappe))
    client = connecte(affecter(Role.ARS, parcours.esms.departement.region))
    page = client.get(reverse("programme:parcours-feu-vert", args=[parcours.pk]))
    assert page.status_code == 403 and "pas ce qui se prépare" in page.content.decode()
    api = client.get(reverse("api:parcours-feu-vert", args=[parcours.pk]), headers={"Accept": "application/pdf"})
    assert api.status_code == 403 and "pas ce qui se prépare" in api.json()["motif"]
    assert client.get(reverse("programme:parcours-detail", args=[parcours.pk])).status_code == 200
    assert "feu-vert.pdf" not in client.get(reverse("programme:parcours-detail", args=[parcours.pk])).content.decode()


def test_la_fiche_le_journal_et_le_passage_y_menent(parcours: Parcours, directrice: Any) -> None:
    passage = _engager(parcours, directrice)
    client, adresse = connecte(directrice), reverse("programme:parcours-feu-vert", args=[parcours.pk])
    fiche = client.get(reverse("programme:parcours-detail", args=[parcours.pk])).content.decode()
    assert f'href="{adresse}"' in fiche and f'href="{adresse}?passage={passage.pk}"' in fiche
    ici = client.get(reverse("programme:passage", args=["parcours", parcours.pk, "preparer"])).content.decode()
    assert f'href="{adresse}"' in ici
    ailleurs = client.get(reverse("programme:passage", args=["parcours", parcours.pk, "revenir"])).content.decode()
    assert f'href="{adresse}"' not in ailleurs


def test_le_nombre_de_requetes_ne_suit_pas_les_ouvertures(parcours: Parcours, directrice: Any) -> None:
    client, url = connecte(directrice), reverse("programme:parcours-feu-vert", args=[parcours.pk])
    OuvertureFactory(unite__parcours=parcours)
    une = nb_requetes(client, url)
    for _ in range(20):
        OuvertureFactory(unite__parcours=parcours)
    assert nb_requetes(client, url) == une


def test_le_document_openapi_annonce_un_pdf() -> None:
    reponses = SchemaGenerator().get_schema(public=True)["paths"]["/api/v1/parcours/{id}/feu-vert.pdf"]["get"][
        "responses"
    ]
    assert "application/pdf" in reponses["200"]["content"] and "403" in reponses
