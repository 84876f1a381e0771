"""Donner un retour sans compte : rien ne dit qui, rien ne se perd, un envoi répété ne compte qu'une fois."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programme.models import Metier, Utilisateur
from programme.socle.models import Piece
from programme.socle.pieces import pieces_de
from programme.socle.porte import changer_etat
from programme.socle.texte import cle_nir
from tests.aides import nb_requetes
from tests.fabriques import ModuleFactory, OuvertureFactory, ParcoursFactory, UniteFactory, directrice_de
from tests.formation.fabriques import PosteFactory
from tests.usages.retours.fabriques import LienDeRetourFactory, RetourFactory
from tests.usages.retours.images import jpeg
from usages.calculs import codes_de_suivi
from usages.models import LienDeRetour, Retour
from usages.models.retours import semaine_de
from usages.services.retours import capture
from usages.services.retours.depot import Depot

pytestmark = pytest.mark.django_db
NIR = f"1850578006084{cle_nir('1850578006084'):02d}"


@pytest.fixture
def lien() -> LienDeRetour:
    parcours = ParcoursFactory()
    return LienDeRetourFactory(parcours=parcours, unite=UniteFactory(parcours=parcours, nom="Les Iris"))


def adresse(lien: LienDeRetour) -> str:
    return reverse("usages:retour-lien", args=[lien.jeton])


def envoyer(lien: LienDeRetour, client: Client | None = None, *, json: bool = True, **champs: Any) -> Any:
    """Un envoi de la file de l'appareil, ou d'une page sans script."""
    corps = {"probleme": "L'écran se fige.", "cle": str(uuid.uuid4()), "gravite": "genante"} | champs
    if "photo" in corps:
        # En dernier, comme la page et la file : arrêtée en route, elle n'emporte pas le reste.
        corps["photo"] = corps.pop("photo")
    entetes = {"Accept": "application/json"} if json else {}
    return (client or Client()).post(adresse(lien), corps, headers=entetes)


# --- la page ---------------------------------------------------------------------------------------------------------


def test_la_page_ne_pose_aucun_temoin_et_ne_lit_aucun_compte(lien: LienDeRetour) -> None:
    anonyme, connectee = Client(), Client()
    connectee.force_login(directrice_de(lien.parcours))
    pages = [anonyme.get(adresse(lien)), connectee.get(adresse(lien))]
    for page in pages:
        assert page.status_code == 200
        assert not page.cookies
        assert page["Referrer-Policy"] == "same-origin" and "noindex" in page["X-Robots-Tag"]
        assert "no-store" in page["Cache-Control"]
    sans_cle = [p.content.split(b'name="cle"')[0] for p in pages]
    assert sans_cle[0] == sans_cle[1]
    assert b"csrfmiddlewaretoken" not in pages[1].content
    assert "Les Iris" in pages[0].content.decode()


def test_un_lien_inconnu_n_existe_pas_un_lien_clos_le_dit(lien: LienDeRetour) -> None:
    assert Client().get(reverse("usages:retour-lien", args=["inconnu"])).status_code == 404
    lien.expire_le = timezone.localdate()
    lien.save()
    assert Client().get(adresse(lien)).status_code == 200
    lien.expire_le = timezone.localdate() - timedelta(days=1)
    lien.save()
    page = Client().get(adresse(lien))
    assert page.status_code == 410
    assert "ne reçoit plus de retours" in page.content.decode()


def test_les_modules_ouverts_dans_l_unite_viennent_d_abord(lien: LienDeRetour) -> None:
    ferme, ouvert, ailleurs = (ModuleFactory(code=nom.lower(), nom=nom) for nom in ("Agenda", "Soins", "Projets"))
    directrice = directrice_de(lien.parcours)
    changer_etat(lien.parcours, "constater", par=directrice, vers="ouverture")
    for unite, module in [(lien.unite, ouvert), (UniteFactory(parcours=lien.parcours, nom="Autre"), ailleurs)]:
        changer_etat(OuvertureFactory(unite=unite, module=module), "constater", par=directrice, vers="ouverte")
    offre = capture.offre_de(lien.parcours, lien.unite, timezone.localdate())
    assert (offre.ouverts, ferme in offre.autres, ailleurs in offre.autres) == ([ouvert], True, True)
    tout = capture.offre_de(lien.parcours, None, timezone.localdate())
    assert set(tout.ouverts) == {ouvert, ailleurs}
    page = Client().get(adresse(lien)).content.decode()
    assert page.index("Soins") < page.index("Agenda")


def test_une_petite_equipe_se_le_fait_dire(lien: LienDeRetour) -> None:
    au = timezone.localdate()
    assert capture.ON_IGNORE in Client().get(adresse(lien)).content.decode().replace("&#x27;", "'")
    PosteFactory.create_batch(7, parcours=lien.parcours, unite=lien.unite)
    assert capture.offre_de(lien.parcours, lien.unite, au).devinables == {lien.unite.pk: capture.ON_DEVINE}
    PosteFactory(parcours=lien.parcours, unite=lien.unite)
    assert capture.offre_de(lien.parcours, lien.unite, au).devinables == {}
    assert 'id="devine"' not in Client().get(adresse(lien)).content.decode()


def test_la_page_coute_autant_a_une_unite_qu_a_cinquante() -> None:
    """Le lien d'un ESMS entier propose ses unités, et sait pour chacune si l'on devinerait."""
    lien = LienDeRetourFactory()
    UniteFactory.create_batch(2, parcours=lien.parcours)
    peu = nb_requetes(Client(), adresse(lien))
    for unite in UniteFactory.create_batch(48, parcours=lien.parcours):
        PosteFactory(parcours=lien.parcours, unite=unite)
    assert nb_requetes(Client(), adresse(lien)) == peu


# --- l'envoi de la file ----------------------------------------------------------------------------------------------


def test_neuf_puis_deja_recu(lien: LienDeRetour) -> None:
    cle = str(uuid.uuid4())
    codes = [envoyer(lien, cle=cle).status_code for _ in range(3)]
    assert codes == [201, 200, 200]
    retour = Retour.objects.get()
    assert (retour.unite, retour.lien, retour.auteur) == (lien.unite, lien, None)
    assert retour.recu_le == semaine_de(timezone.localdate())


def test_un_compte_ouvert_sur_l_appareil_ne_signe_pas_le_retour(lien: LienDeRetour) -> None:
    client = Client()
    client.force_login(directrice_de(lien.parcours))
    assert envoyer(lien, client).status_code == 201
    assert Retour.objects.get().auteur is None


def test_au_nom_de_l_etablissement_l_unite_ne_se_garde_pas(lien: LienDeRetour) -> None:
    envoyer(lien, au_nom="on")
    retour = Retour.objects.get()
    assert (retour.unite, retour.niveau) == (None, "esms")
    assert retour.lien is None, "le lien est celui d'une unité : il la dirait"


def test_par_le_lien_de_l_esms_entier_le_lien_se_garde() -> None:
    lien = LienDeRetourFactory()
    unite, _ = UniteFactory.create_batch(2, parcours=lien.parcours)
    envoyer(lien, au_nom="on", unite=unite.pk)
    assert (Retour.objects.get().lien, Retour.objects.get().unite) == (lien, None)


def test_une_unite_d_un_autre_esms_ne_se_choisit_pas() -> None:
    lien = LienDeRetourFactory()
    UniteFactory.create_batch(2, parcours=lien.parcours)
    reponse = envoyer(lien, unite=UniteFactory().pk)
    assert (reponse.status_code, list(reponse.json())) == (400, ["unite"])


def test_un_nir_nomme_son_champ_et_ne_s_ecrit_pas(lien: LienDeRetour) -> None:
    reponse = envoyer(lien, amelioration=f"voir {NIR}")
    assert (reponse.status_code, list(reponse.json())) == (400, ["amelioration"])
    assert "retirez le numéro" in reponse.json()["amelioration"][0]
    assert not Retour.objects.exists()


def test_une_cle_qui_a_servi_ailleurs_se_refuse(lien: LienDeRetour) -> None:
    cle = RetourFactory().cle
    reponse = envoyer(lien, cle=str(cle))
    assert (reponse.status_code, list(reponse.json())) == (400, ["cle"])


def test_un_lien_clos_accuse_encore_ce_qu_il_avait_recu(lien: LienDeRetour) -> None:
    cle = str(uuid.uuid4())
    envoyer(lien, cle=cle)
    lien.revoque_le = timezone.localdate()
    lien.save()
    assert envoyer(lien, cle=cle).json()["recu"] is True
    neuf = envoyer(lien)
    assert (neuf.status_code, "motif" in neuf.json()) == (410, True)
    assert Retour.objects.count() == 1


def test_le_code_reste_sur_l_appareil(lien: LienDeRetour) -> None:
    empreinte = codes_de_suivi.empreinte("7K2MQ9TX4HBD")
    assert envoyer(lien, canal="code", suivi=empreinte).status_code == 201
    assert Retour.objects.get().suivi == empreinte
    assert list(envoyer(lien, canal="code", suivi="7K2MQ9TX4HBD").json()) == ["suivi"]


def test_l_adresse_ne_se_garde_que_si_on_la_demande(lien: LienDeRetour) -> None:
    assert list(envoyer(lien, canal="courriel").json()) == ["courriel"]
    envoyer(lien, canal="courriel", courriel="equipe@exemple.invalid")
    envoyer(lien, canal="aucun", courriel="equipe@exemple.invalid")
    assert list(Retour.objects.order_by("pk").values_list("courriel", flat=True)) == ["equipe@exemple.invalid", ""]


def test_un_metier_se_dit_si_l_on_veut(lien: LienDeRetour) -> None:
    metier = Metier.objects.create(code="essai", nom="Métier d'essai")
    envoyer(lien, metier=metier.pk)
    assert Retour.objects.get().metier == metier


def test_un_script_s_affiche_comme_du_texte(lien: LienDeRetour) -> None:
    script = "<script>alert(1)</script>"
    page = envoyer(lien, json=False, probleme=f"{script} {NIR}").content.decode()
    assert script not in page and "&lt;script&gt;" in page
    envoyer(lien, probleme=script)
    assert Retour.objects.get().probleme == script


# --- la photo --------------------------------------------------------------------------------------------------------


def test_la_photo_arrive_une_fois_sans_heure_ni_nom(lien: LienDeRetour) -> None:
    cle = str(uuid.uuid4())
    for _ in range(2):
        envoi = SimpleUploadedFile("IMG_20261130_salle.jpg", jpeg(), content_type="image/jpeg")
        assert envoyer(lien, cle=cle, photo=envoi).json()["photo"] == ""
    piece = Piece.objects.get()
    retour = Retour.objects.get()
    assert (piece.objet, piece.nom, piece.deposee_par) == (retour, "photo.jpg", None)
    depose = timezone.localtime(piece.deposee_le)
    assert (depose.date(), depose.hour, depose.minute) == (retour.recu_le, 0, 0)


@pytest.mark.parametrize("contenu", [b"ftypheic" * 40, b"\xff\xd8\xff\xe0 pas une image", b"<svg onload='x()'/>"])
def test_une_photo_illisible_n_emporte_pas_le_texte(lien: LienDeRetour, contenu: bytes) -> None:
    reponse = envoyer(lien, photo=SimpleUploadedFile("photo.jpg", contenu, content_type="image/jpeg"))
    assert reponse.status_code == 201
    assert "La photo n'y est pas" in reponse.json()["photo"] and "bien arrivé" in reponse.json()["photo"]
    assert not pieces_de(Retour.objects.get())


@pytest.mark.parametrize("json", [True, False])
def test_un_heic_de_trente_mo_n_emporte_pas_le_texte(lien: LienDeRetour, json: bool) -> None:
    lourd = SimpleUploadedFile("IMG_0001.HEIC", b"\0\0\0 ftypheic" + bytes(30 << 20), content_type="image/heic")
    reponse = envoyer(lien, json=json, photo=lourd, amelioration="Un bouton plus grand.")
    assert reponse.status_code in (200, 201)
    assert "10 Mo" in (reponse.json()["photo"] if json else reponse.content.decode())
    assert Retour.objects.get().amelioration == "Un bouton plus grand."


# --- sans script -----------------------------------------------------------------------------------------------------


def test_sans_script_merci_et_un_code_qui_suit(lien: LienDeRetour) -> None:
    cle = str(uuid.uuid4())
    pages = [envoyer(lien, json=False, canal="code", cle=cle).content.decode() for _ in range(2)]
    codes = {page.split('class="code">')[1].split("<")[0] for page in pages}
    assert len(codes) == 1, "recharger la page de merci redit le même code"
    suivi = Client().post(reverse("usages:retour-suivi"), {"code": codes.pop().lower()})
    assert "attend d" in suivi.content.decode()
    assert Retour.objects.count() == 1


def test_sans_script_une_faute_garde_tout(lien: LienDeRetour) -> None:
    page = envoyer(lien, json=False, probleme="", amelioration="Un bouton plus grand.", gravite="bloquante")
    contenu = page.content.decode()
    assert page.status_code == 422
    assert "Un bouton plus grand." in contenu
    assert 'value="bloquante" id="gravite_2" checked' in contenu
    assert "la seule chose obligatoire" in contenu


def test_sans_script_la_page_d_avant_ne_perd_pas_un_autre_texte(lien: LienDeRetour) -> None:
    cle = str(uuid.uuid4())
    for texte in ("L'écran se fige.", "  L'écran se fige. ", "L'agenda aussi."):
        assert envoyer(lien, json=False, cle=cle, probleme=texte).status_code == 200
    assert Retour.objects.count() == 2


def test_sans_script_un_lien_clos_rend_le_texte(lien: LienDeRetour) -> None:
    lien.revoque_le = timezone.localdate()
    lien.save()
    page = envoyer(lien, json=False, probleme="L'écran se fige <tout de suite>.")
    assert page.status_code == 410
    assert "se fige &lt;tout de suite&gt;" in page.content.decode()


def test_ce_qui_ressemble_a_une_personne_se_relit_une_fois(lien: LienDeRetour) -> None:
    texte = "Le dossier de Mme Exemple 12/03/1954 ne s'ouvre pas."
    page = envoyer(lien, json=False, probleme=texte)
    assert (page.status_code, Retour.objects.count()) == (422, 0)
    assert "Envoyer quand même" in page.content.decode() and "Mme Exemple" in page.content.decode()
    assert envoyer(lien, json=False, probleme=texte, averti=["", "on"]).status_code == 200
    assert envoyer(lien, probleme=texte).status_code == 201, "l'appareil a déjà averti"


# --- installable, hors ligne -----------------------------------------------------------------------------------------


def test_le_manifeste_s_ouvre_sur_les_liens() -> None:
    reponse = Client().get("/manifest.webmanifest")
    assert reponse["Content-Type"] == "application/manifest+json"
    dit = json.loads(reponse.content)
    assert (dit["scope"], dit["start_url"], dit["display"]) == ("/r/", "/r/", "standalone")
    assert {i["sizes"] for i in dit["icons"]} == {"192x192", "512x512"}
    assert all(Client().get(i["src"]).status_code == 200 for i in dit["icons"])


def test_le_service_change_de_version_avec_ses_fichiers(monkeypatch: pytest.MonkeyPatch) -> None:
    from usages.views.retours import hors_ligne

    def version() -> str:
        reponse = Client().get("/service-worker.js")
        assert reponse["Content-Type"].startswith("text/javascript")
        lue = reponse.content.decode().split("const RESERVE = ")[1].split(";\n")[0]
        return str(json.loads(lue)["version"])

    avant = version()
    assert version() == avant
    contenu = hors_ligne._contenu
    monkeypatch.setattr(hors_ligne, "_contenu", lambda nom: contenu(nom) + (b" " if nom.endswith(".css") else b""))
    assert version() != avant


def test_chaque_fichier_du_hors_ligne_est_servi() -> None:
    lue = Client().get("/service-worker.js").content.decode().split("const RESERVE = ")[1].split(";\n")[0]
    dit = json.loads(lue)
    for fichier in {*dit["retours"]["fichiers"], *dit["notes"]["fichiers"]}:
        assert Client().get(fichier).status_code == 200, fichier


def test_la_page_des_liens_se_lit_sans_compte() -> None:
    page = Client().get(reverse("usages:retour-liens"))
    assert (page.status_code, bool(page.cookies)) == (200, False)


# --- le service ------------------------------------------------------------------------------------------------------


def test_un_depot_signe_garde_qui(lien: LienDeRetour) -> None:
    par: Utilisateur = directrice_de(lien.parcours)
    depot = Depot("L'écran se fige.", uuid.uuid4(), canal="compte")
    recu = capture.deposer(
        parcours=lien.parcours, depot=depot, par=par, photo=SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")
    )
    assert (recu.retour.auteur, pieces_de(recu.retour).get().deposee_par) == (par, par)
