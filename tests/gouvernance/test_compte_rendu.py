"""Le compte rendu : figé, envoyé en lien, le même à l'écran, en PDF et en DOCX ; au financeur, par un partage seul."""

import io
import json
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
import typst
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from gouvernance.documents.compte_rendu import GABARIT_PDF, document_de
from gouvernance.models import CompteRendu, PartageSeance, Seance
from gouvernance.services.tenue import consigner_action, consigner_decision, consigner_information, noter_point
from programme.documents.rendu import GABARITS, entrees
from programme.enums import Role
from programme.socle.empreintes import empreinte_de
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.fabriques import UtilisateurFactory, affecter, cheffe_de
from tests.gouvernance.fabriques import InstanceFactory, PointFactory, SeanceFactory, mandater, presents, seance_ouverte

pytestmark = pytest.mark.django_db


@pytest.fixture
def seance() -> Seance:
    """Une séance ouverte, deux sièges dont un suppléé, deux points, une issue de chaque sorte."""
    instance = InstanceFactory(quorum=50, nom="COMOP")
    seance = seance_ouverte(instance, titre="Avant l'ouverture", lieu="Salle <du> bas", invites="L'éditeur")
    cheffe = cheffe_de(instance.grappe)
    presents(seance, mandater(instance, cheffe, suppleant_fonction="Adjointe"))
    seance.presences.create(mandat=mandater(instance, suppleant_fonction="Adjoint"), statut="supplee")
    un = PointFactory(seance=seance, titre="Formations de nuit", rang=1, expose="Où l'on en est.")
    PointFactory(seance=seance, titre="Vague 2", rang=2, nature="decision")
    noter_point(point=un, par=cheffe, suite="traite", notes="Huit personnes formées.\nQuatre restent.")
    consigner_information(point=un, texte="Le réseau <est> refait & rapide", par=cheffe)
    consigner_decision(point=un, texte="Former la nuit d'abord", par=cheffe)
    consigner_action(point=un, libelle="Poser deux bornes", par=cheffe, responsable_nom="Le prestataire réseau")
    return seance


@pytest.fixture
def cheffe(seance: Seance) -> Any:
    return cheffe_de(seance.comite.grappe)


def lu(reponse: Any) -> str:
    return reponse.content.decode().replace("&#x27;", "'").replace("\xa0", " ").replace("\u202f", " ")


def _diffuser(seance: Seance, cheffe: Any) -> CompteRendu:
    changer_etat(seance, "clore", par=cheffe)
    changer_etat(seance, "diffuser", par=cheffe)
    return CompteRendu.objects.get()


def test_diffuse_il_est_fige_et_part_en_lien(
    seance: Seance, cheffe: Any, django_capture_on_commit_callbacks: Any
) -> None:
    suppleante = UtilisateurFactory()
    mandater(seance.comite, UtilisateurFactory(courriel=""), suppleant=suppleante)
    with django_capture_on_commit_callbacks(execute=True):
        fige = _diffuser(seance, cheffe)
    fige.refresh_from_db()
    assert suppleante.courriel in {m.to[0] for m in mail.outbox}
    assert fige.nb_envoyes == len(mail.outbox) == 3
    for message in mail.outbox:
        assert f"/seances/{seance.pk}/" in message.body and "Former la nuit" not in message.body
    assert fige.empreinte == empreinte_de(fige.contenu) and fige.contenu["genre"] == "Compte rendu"
    page = lu(connecte(cheffe).get(reverse("gouvernance:seance-detail", args=[seance.pk])))
    assert "3 membres prévenus" in page and "Former la nuit d'abord" in page and "Huit personnes formées." in page


def test_fige_il_ne_suit_plus_la_base(seance: Seance, cheffe: Any) -> None:
    avant = _diffuser(seance, cheffe).contenu
    seance.points.update(notes="Réécrit en douce", titre="Autre titre")
    document = document_de(Seance.objects.pour_lecture().get(pk=seance.pk))
    assert document.donnees["points"] == avant["points"] and document.donnees["empreinte"]
    page = lu(connecte(cheffe).get(reverse("gouvernance:seance-detail", args=[seance.pk])))
    assert "Réécrit en douce" not in page and "Formations de nuit" in page


def test_un_passage_rejoue_n_ecrit_a_personne(
    cheffe: Any, seance: Seance, django_capture_on_commit_callbacks: Any
) -> None:
    hier = timezone.localdate() - timedelta(days=1)
    rejouee = SeanceFactory(comite=seance.comite, debut=timezone.now() - timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):
        for transition in ("ouvrir", "clore", "diffuser"):
            changer_etat(rejouee, transition, par=cheffe, date_effet=hier)
    assert not mail.outbox and timezone.localdate(CompteRendu.objects.get().diffuse_le) == hier


def test_sans_adresse_publique_rien_ne_part(
    seance: Seance, cheffe: Any, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.TREILLE_ADRESSE = ""
    with django_capture_on_commit_callbacks(execute=True):
        _diffuser(seance, cheffe)
    assert not mail.outbox and CompteRendu.objects.get().nb_envoyes == 0
    page = lu(connecte(cheffe).get(reverse("gouvernance:seance-detail", args=[seance.pk])))
    assert "Aucun courriel n’est parti" in page


# --- emporter ------------------------------------------------------------------------------------------------------


def _releve(donnees: dict[str, Any]) -> list[tuple[str, str]]:
    lu = typst.query(
        str(GABARITS / GABARIT_PDF), "<releve>", root=str(GABARITS), sys_inputs=entrees(donnees), field="value"
    )
    return [(x["quoi"], x["libelle"]) for x in json.loads(lu)]


def test_le_pdf_le_docx_et_la_page_disent_les_memes_mots(seance: Seance, cheffe: Any) -> None:
    _diffuser(seance, cheffe)
    client, cle = connecte(cheffe), [seance.pk]
    document = document_de(Seance.objects.pour_lecture().get(pk=seance.pk))
    imprime = _releve(document.donnees)
    assert [x for quoi, x in imprime if quoi == "point"] == ["Formations de nuit", "Vague 2"]
    assert [x for quoi, x in imprime if quoi == "issue"] == [
        "Le réseau <est> refait & rapide", "Former la nuit d'abord", "Poser deux bornes",
    ]  # fmt: skip
    assert len([x for quoi, x in imprime if quoi == "presence"]) == 2
    pdf = client.get(reverse("gouvernance:seance-compte-rendu-pdf", args=cle))
    assert pdf.content.startswith(b"%PDF") and "compte-rendu-comop" in pdf["Content-Disposition"]
    reponse = client.get(reverse("gouvernance:seance-compte-rendu-docx", args=cle))
    lu_docx = docx.Document(io.BytesIO(reponse.content))
    texte = "\n".join(
        [p.text for p in lu_docx.paragraphs] + [c.text for t in lu_docx.tables for r in t.rows for c in r.cells]
    )
    page = lu(client.get(reverse("gouvernance:seance-detail", args=cle))).replace("&lt;", "<").replace("&gt;", ">")
    for mots in ("Formations de nuit", "Former la nuit d'abord", "Le réseau <est> refait", "Le prestataire réseau"):
        assert mots in texte and mots in page, mots
    quorum = document.donnees["quorum"]
    assert quorum == "Quorum atteint : 2 voix présentes sur 2, 1 demandée." and quorum in texte and quorum in page
    assert "Suppléé par Adjoint" in texte and "{" not in texte


@pytest.mark.parametrize("transitions", [(), ("ouvrir",), ("ouvrir", "clore"), ("annuler",)])
def test_chaque_etat_a_son_document(transitions: tuple[str, ...]) -> None:
    seance = SeanceFactory()
    PointFactory(seance=seance, titre="Un *point* #fort")
    for transition in transitions:
        changer_etat(seance, transition, par=cheffe_de(seance.comite.grappe), motif="Grève")
    document = document_de(Seance.objects.pour_lecture().get(pk=seance.pk))
    genres = {(): "Ordre du jour", ("annuler",): "Séance annulée"}
    assert document.donnees["genre"] == genres.get(transitions, "Projet de compte rendu")
    assert document.en_pdf().startswith(b"%PDF") and document.en_docx()[:2] == b"PK"


def test_le_docx_s_ouvre_dans_libreoffice(seance: Seance, tmp_path: Path) -> None:
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if not soffice:
        pytest.skip("LibreOffice n'est pas installé")
    document = document_de(seance)
    (tmp_path / "cr.docx").write_bytes(document.en_docx())
    commande = [soffice, "--headless", f"-env:UserInstallation=file://{tmp_path}/p", "--convert-to"]
    commande += ["txt:Text (encoded):UTF8", "--outdir", str(tmp_path), str(tmp_path / "cr.docx")]
    subprocess.run(commande, check=True, capture_output=True, timeout=120)
    texte = " ".join((tmp_path / "cr.txt").read_text(encoding="utf-8").split())
    mots = [libelle for _, libelle in _releve(document.donnees)] + [document.donnees["quorum"]]
    assert not [m for m in [*mots, "Huit personnes formées."] if " ".join(m.split()) not in texte]


# --- le financeur --------------------------------------------------------------------------------------------------


def test_le_financeur_ne_lit_qu_un_compte_rendu_partage(seance: Seance, cheffe: Any) -> None:
    financeur = affecter(Role.ARS, seance.comite.grappe.region)
    changer_etat(seance.comite.grappe, "deposer", par=cheffe)
    client, page = connecte(financeur), reverse("gouvernance:seance-detail", args=[seance.pk])
    pdf = reverse("gouvernance:seance-compte-rendu-pdf", args=[seance.pk])
    jour = timezone.localdate()
    _diffuser(seance, cheffe)
    assert client.get(page).status_code == client.get(pdf).status_code == 404
    partage = PartageSeance.objects.create(seance=seance, du=jour, ouvert_par=cheffe, pourquoi="À sa demande")
    financeur.__dict__.pop("perimetre", None)
    corps = lu(client.get(page))
    assert "Former la nuit d'abord" in corps and "Lu par un partage" in corps and "Et maintenant" not in corps
    liens = set(re.findall(r'href="(/[^"#]*)"', corps.split("<main", 1)[1].split("</main>")[0]))
    assert pdf in liens and {client.get(lien).status_code for lien in liens} == {200}, "aucun lien ne mène à un refus"
    assert client.get(reverse("gouvernance:point-creer", args=[seance.pk])).status_code == 403
    api = client.get(f"/api/v1/seances/{seance.pk}/").json()
    assert api["points"] is None and api["presences"] is None and api["compte_rendu"]["contenu"]["points"]
    partage.delete()
    assert client.get(page).status_code == client.get(pdf).status_code == 404
