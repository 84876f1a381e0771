"""La feuille d'émargement et l'attestation : noms des siens, numéros ailleurs ; balisées, en une seconde."""

import json
import re
import shutil
import subprocess
import time
import zlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typst
from django.urls import reverse
from django.utils import timezone

from formation.documents.attestation import GABARIT as ATTESTATION
from formation.documents.attestation import attestations_de
from formation.documents.emargement import GABARIT, Feuille, feuille_de
from formation.models import SessionFormation
from formation.services.noms import Noms
from programme.documents.rendu import GABARITS, entrees
from tests.aides import connecte, lignes_csv
from tests.fabriques import ParcoursFactory, cheffe_de, directrice_de
from tests.formation.fabriques import (
    InscriptionFactory,
    MetierFactory,
    ModuleFormationFactory,
    PosteFactory,
    equipe,
    presente,
)
from tests.formation.sessions.aides import deux_esms, lu, ouverte, tenue

pytestmark = pytest.mark.django_db
PIEGE = "Zo'é *Gras* #let <b> @ref $x$ O'Neil"


def _releve(gabarit: str, donnees: dict[str, Any]) -> list[tuple[str, str]]:
    rendu = typst.query(
        str(GABARITS / gabarit), "<releve>", root=str(GABARITS), sys_inputs=entrees(donnees), field="value"
    )
    return [(x["quoi"], x["libelle"]) for x in json.loads(rendu)]


def _plat(pdf: bytes) -> bytes:
    """Le PDF, flux dépliés."""
    plat = pdf
    for flux in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            plat += zlib.decompress(flux)
        except zlib.error:
            continue
    return plat


def _feuille(session: SessionFormation, compte: Any) -> Feuille:
    relue = SessionFormation.objects.pour_lecture().get(pk=session.pk)
    return feuille_de(relue, Noms.pour(compte, relue))


def test_des_noms_pour_les_siens_des_numeros_ailleurs() -> None:
    session, parcours, autre = deux_esms()
    siens = [InscriptionFactory(session=session, poste=p) for p in equipe(parcours, 2)]
    voisine = InscriptionFactory(session=session, poste=PosteFactory(parcours=autre))
    InscriptionFactory(session=session, poste=PosteFactory(parcours=autre), statut="en_attente")
    releve = _releve(GABARIT, _feuille(session, directrice_de(parcours)).donnees)
    numeros = {x for quoi, x in releve if quoi == "personne"}
    assert numeros == {str(i.professionnel_id) for i in [*siens, voisine]}, "l'attente ne signe pas"
    assert {x for quoi, x in releve if quoi == "nom"} == {i.professionnel.nom for i in siens}
    assert "nom" not in {quoi for quoi, _ in _releve(GABARIT, _feuille(session, cheffe_de(session.grappe)).donnees)}


def test_le_metier_d_une_petite_equipe_ne_s_ecrit_pas_pour_qui_ne_la_gere_pas() -> None:
    session, parcours, _ = deux_esms()
    SessionFormation.objects.filter(pk=session.pk).update(capacite=20)
    for poste in [*equipe(parcours, 5), PosteFactory(parcours=parcours, metier=MetierFactory(code="cuisinier"))]:
        InscriptionFactory(session=session, poste=poste)
    a_la_cheffe = _feuille(session, cheffe_de(session.grappe)).donnees["lignes"]
    assert sorted(ligne["metier"] for ligne in a_la_cheffe) == ["", *["Educateur specialise"] * 5]
    a_la_directrice = _feuille(session, directrice_de(parcours)).donnees["lignes"]
    assert "Cuisinier" in {ligne["metier"] for ligne in a_la_directrice}


def test_le_csv_tait_ce_que_tait_la_feuille() -> None:
    session, parcours, autre = deux_esms()
    une = InscriptionFactory(session=session, poste=PosteFactory(parcours=parcours, professionnel__nom="=Nom"))
    voisine = InscriptionFactory(session=session, poste=PosteFactory(parcours=autre))
    url = reverse("formation:session-emargement-csv", args=[session.pk])
    lignes = {ligne[0]: ligne for ligne in lignes_csv(connecte(directrice_de(parcours)).get(url))[1:]}
    assert lignes[str(une.professionnel_id)][1:3] == ["'=Nom", une.professionnel.matricule]
    assert lignes[str(voisine.professionnel_id)][1:4] == ["", "", ""]
    assert {tuple(ligne[1:3]) for ligne in lignes_csv(connecte(cheffe_de(session.grappe)).get(url))[1:]} == {("", "")}


@pytest.mark.parametrize("nombre", [12, 200])
def test_la_feuille_est_balisee_et_se_rend_en_une_seconde(nombre: int, tmp_path: Path) -> None:
    session = ouverte(capacite=nombre, lieu="Salle du bas")
    parcours = ParcoursFactory(grappe=session.grappe)
    for poste in equipe(parcours, nombre, professionnel__nom=PIEGE):
        InscriptionFactory(session=session, poste=poste)
    directrice = directrice_de(parcours)
    durees = []
    for _ in range(3):
        depart = time.perf_counter()
        pdf = _feuille(session, directrice).en_pdf()
        durees.append(time.perf_counter() - depart)
    # La meilleure : les autres mesurent aussi ce que fait la machine à côté.
    assert min(durees) <= 1, durees
    plat = _plat(pdf)
    assert pdf.startswith(b"%PDF-1.7")
    for cle in (b"/StructTreeRoot", b"/MarkInfo", b"/Lang", b"pdfuaid", b"/TH"):
        assert cle in plat, cle
    if pdftotext := shutil.which("pdftotext"):
        (tmp_path / "e.pdf").write_bytes(pdf)
        dit = subprocess.run([pdftotext, "-layout", str(tmp_path / "e.pdf"), "-"], check=True, capture_output=True)
        pages = dit.stdout.decode().rstrip("\f").split("\f")
        assert all("Signature" in page and "Code" in page for page in pages), "l'en-tête se répète"
        assert f"page {len(pages)}/{len(pages)}" in pages[-1] and "à compléter" in pages[-1]
        assert session.code_presence not in dit.stdout.decode(), "imprimé, le code ne prouverait rien"


@pytest.mark.parametrize(
    ("de", "a", "attendu"),
    [("09:00", "12:30", ["Matin"]), ("09:00", "17:00", ["Matin", "Après-midi"]), ("20:30", "22:00", ["Soir"])],
)
def test_une_signature_par_demi_journee(de: str, a: str, attendu: list[str]) -> None:
    jour = timezone.localdate() + timedelta(days=5)
    debut, fin = (timezone.make_aware(datetime.combine(jour, datetime.strptime(h, "%H:%M").time())) for h in (de, a))
    session = ouverte(debut=debut, fin=fin)
    assert _feuille(session, cheffe_de(session.grappe)).donnees["demi_journees"] == attendu


# --- attester ------------------------------------------------------------------------------------------------------


def test_l_attestation_est_pour_qui_gere_et_pour_une_presente() -> None:
    session = tenue(module=ModuleFormationFactory(validite_mois=12, objectif="Écrire une transmission lisible."))
    parcours = ParcoursFactory(grappe=session.grappe)
    une = presente(session, PosteFactory(parcours=parcours, professionnel__nom=PIEGE))
    absente = InscriptionFactory(session=session, poste=PosteFactory(parcours=parcours), pointage="absent")
    url = reverse("formation:inscription-attestation-pdf", args=[une.pk])
    client = connecte(directrice_de(parcours))
    pdf = client.get(url)
    assert pdf.status_code == 200 and pdf.content.startswith(b"%PDF") and b"/StructTreeRoot" in _plat(pdf.content)
    assert connecte(cheffe_de(session.grappe)).get(url).status_code == 404
    refus = client.get(reverse("formation:inscription-attestation-pdf", args=[absente.pk]), follow=True)
    assert "pointé présent" in lu(refus)


def test_toutes_celles_d_une_session_pour_les_siens_seulement() -> None:
    session = tenue()
    parcours = ParcoursFactory(grappe=session.grappe)
    siennes = [presente(session, p) for p in equipe(parcours, 2)]
    presente(session, PosteFactory(parcours=ParcoursFactory(grappe=session.grappe)))
    releve = _releve(ATTESTATION, attestations_de(session, siennes).donnees)
    assert [x for _, x in releve] == [i.professionnel.nom for i in siennes]
    url = reverse("formation:session-attestations-pdf", args=[session.pk])
    reponse = connecte(directrice_de(parcours)).get(url)
    assert reponse.status_code == 200 and len(re.findall(rb"/Type\s*/Page\b", _plat(reponse.content))) == 2
    assert connecte(cheffe_de(session.grappe)).get(url).status_code == 403
