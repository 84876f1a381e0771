"""Les pages des visites : qui les ouvre, ce qu'elles disent, ce qu'elles envoient."""

import json
from datetime import date, time
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from programme.enums import Role
from programme.models import Utilisateur
from programme.socle.depots import PLAFOND
from programme.socle.pieces import pieces_de
from programme.socle.texte import cle_nir
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.usages.calculs.aides import forcer
from tests.usages.monographies.fabriques import (
    MonographieFactory,
    NoteDeVisiteFactory,
    TempsDeVisiteFactory,
    VisiteFactory,
    equiper,
    passer,
)
from tests.usages.retours.images import jpeg
from usages.enums import DroitPhoto, FormeDeTemps, RoleEtude, ThemeEffet
from usages.models import NoteDeVisite, PhotoDeVisite, Rencontre, TempsDeVisite, Trame, Visite
from usages.services.visites import programme
from usages.services.visites.photos import deposer_photo

pytestmark = pytest.mark.django_db
NIR = f"1850578006084{cle_nir('1850578006084'):02d}"


@pytest.fixture
def visite() -> Visite:
    return VisiteFactory(parcours__esms__nom="IME Les Acacias", contraste="garde le papier")


@pytest.fixture
def pilote(visite: Visite) -> Utilisateur:
    return equiper(visite.etude, cheffe_de(visite.parcours.grappe))


@pytest.fixture
def auteur(visite: Visite) -> Utilisateur:
    return equiper(visite.etude, cheffe_de(GrappeFactory()), RoleEtude.AUTEUR)


@pytest.fixture
def lecteur(visite: Visite) -> Utilisateur:
    return equiper(visite.etude, cheffe_de(GrappeFactory()), RoleEtude.LECTEUR)


@pytest.fixture
def directrice(visite: Visite) -> Utilisateur:
    return directrice_de(visite.parcours)


@pytest.fixture
def acceptee(visite: Visite, directrice: Utilisateur) -> Visite:
    return passer(visite, directrice, "accepter")


def url(nom: str, *args: Any) -> str:
    return reverse(f"usages:{nom}", args=args)


def page(client: Client, adresse: str) -> str:
    reponse = client.get(adresse)
    assert reponse.status_code == 200, (adresse, reponse.status_code)
    return str(reponse.content.decode())


# --- qui ouvre quoi --------------------------------------------------------------------------------------------------


def test_dedans_dehors_et_selon_le_role(
    acceptee: Visite, pilote: Utilisateur, auteur: Utilisateur, lecteur: Utilisateur, directrice: Utilisateur
) -> None:
    temps, note = TempsDeVisiteFactory(visite=acceptee), NoteDeVisiteFactory(visite=acceptee, prise_par=auteur)
    photo = deposer_photo(
        visite=acceptee, fichier=BytesIO(jpeg()), par=auteur, legende="Un poste", description="Un écran"
    )
    etude, v = acceptee.etude_id, acceptee.pk
    forcer(acceptee.parcours.grappe, etat="deploiement")
    referent, financeur = affecter(Role.REFERENT, acceptee.parcours.esms), affecter(Role.ARS, acceptee.parcours.grappe)
    voisine = cheffe_de(acceptee.parcours.grappe)
    etranger = directrice_de(ParcoursFactory())
    comptes = [pilote, auteur, lecteur, directrice, referent, voisine, financeur, etranger]
    attendus = {
        #                                              pil  aut  lec  dir  ref  vois fin  étr
        url("etude-visites", etude): (200, 200, 200, 404, 404, 404, 404, 404),
        url("visite-proposer", etude): (200, 403, 403, 404, 404, 404, 404, 404),
        url("etude-trames", etude): (200, 200, 200, 404, 404, 404, 404, 404),
        url("trame-ecrire", etude, "qvct", "collectif"): (200, 200, 403, 404, 404, 404, 404, 404),
        url("visite-detail", v): (200, 200, 200, 200, 200, 200, 404, 404),
        url("visite-modifier", v): (200, 200, 403, 403, 403, 403, 404, 404),
        url("temps-ajouter", v): (200, 200, 403, 403, 403, 403, 404, 404),
        url("temps-modifier", temps.pk): (200, 200, 403, 404, 404, 404, 404, 404),
        url("temps-retirer", temps.pk): (200, 200, 403, 404, 404, 404, 404, 404),
        url("visite-rencontres", v): (200, 200, 403, 403, 403, 403, 404, 404),
        url("visite-notes", v): (200, 200, 403, 403, 403, 403, 404, 404),
        url("visite-notes", v) + "?relire": (200, 200, 200, 403, 403, 403, 404, 404),
        url("note-modifier", note.pk): (403, 200, 403, 404, 404, 404, 404, 404),
        url("visite-photos", v): (200, 200, 200, 403, 403, 403, 404, 404),
        url("photo-modifier", photo.pk): (200, 200, 403, 404, 404, 404, 404, 404),
        url("photo-retirer", photo.pk): (200, 200, 403, 404, 404, 404, 404, 404),
        url("visite-programme", v): (200, 200, 200, 200, 200, 200, 404, 404),
        url("parcours-etudes", acceptee.parcours_id): (200, 404, 404, 200, 200, 200, 403, 404),
    }
    lus = {a: tuple(connecte(c).get(a).status_code for c in comptes) for a in attendus}
    assert lus == attendus
    assert Client().get(url("visite-detail", v)).status_code == 302


def test_une_image_ne_se_lit_que_dans_l_equipe(acceptee: Visite, auteur: Utilisateur, directrice: Utilisateur) -> None:
    photo = deposer_photo(
        visite=acceptee, fichier=BytesIO(jpeg()), par=auteur, legende="Un poste", description="Un écran"
    )
    adresse = reverse("programme:piece", args=[pieces_de(photo).get().pk])
    assert connecte(auteur).get(adresse).status_code == 200
    assert connecte(directrice).get(adresse).status_code == 404


def test_chaque_liste_coute_autant_a_une_ligne_qu_a_cinquante(
    acceptee: Visite, pilote: Utilisateur, directrice: Utilisateur
) -> None:
    client = connecte(pilote)
    exiger_requetes_constantes(
        client,
        url("etude-visites", acceptee.etude_id),
        lambda n: [TempsDeVisiteFactory(visite=VisiteFactory(etude=acceptee.etude)) for _ in range(n)],
    )
    heures = iter(range(1000))

    def temps(n: int) -> None:
        for _ in range(n):
            minute = next(heures)
            debut = time(minute // 60, minute % 60)
            TempsDeVisiteFactory(visite=acceptee, debut=debut, fin=time(23, 59), theme=ThemeEffet.QVCT)

    for adresse in (url("visite-detail", acceptee.pk), url("visite-notes", acceptee.pk)):
        exiger_requetes_constantes(client, adresse, temps)
    exiger_requetes_constantes(
        client,
        url("visite-notes", acceptee.pk) + "?relire",
        lambda n: [NoteDeVisiteFactory(visite=acceptee, prise_par=pilote) for _ in range(n)],
    )

    def photos(n: int) -> None:
        for rang in range(n):
            octets = jpeg(64 + PhotoDeVisite.objects.count(), 48)
            deposer_photo(
                visite=acceptee, fichier=BytesIO(octets), par=pilote, legende=f"{rang}", description="Un écran"
            )

    exiger_requetes_constantes(client, url("visite-photos", acceptee.pk), photos)
    exiger_requetes_constantes(
        connecte(directrice),
        url("parcours-etudes", acceptee.parcours_id),
        lambda n: [TempsDeVisiteFactory(visite=VisiteFactory(parcours=acceptee.parcours)) for _ in range(n)],
    )


# --- proposer, répondre ----------------------------------------------------------------------------------------------


def test_proposer_depuis_une_recherche(visite: Visite, pilote: Utilisateur) -> None:
    autre = ParcoursFactory(grappe=visite.parcours.grappe, esms__nom="ESAT La Palombière")
    client, adresse = connecte(pilote), url("visite-proposer", visite.etude_id)
    assert "cherchez-en un" in page(client, adresse)
    assert "Aucun ESMS ne correspond" in page(client, f"{adresse}?recherche=introuvable")
    assert "ESAT La Palombière" in page(client, f"{adresse}?recherche=palombiere")
    donnees = {"parcours": autre.pk, "objet": "Voir une relève.", "contraste": "", "vu": ""}
    assert client.post(adresse, donnees).status_code == 422
    reponse = client.post(f"{adresse}?recherche=palombiere", donnees)
    neuve = Visite.objects.get(parcours=autre)
    assert (reponse.status_code, reponse["Location"]) == (302, url("visite-detail", neuve.pk))


def test_un_esms_ferme_retenu_par_l_entonnoir_est_refuse_en_une_phrase(
    visite: Visite, pilote: Utilisateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    ferme = ParcoursFactory(esms__est_actif=False)
    monkeypatch.setattr("usages.services.visites.choix.structures_retenues", lambda _: [ferme])
    client, adresse = connecte(pilote), url("visite-proposer", visite.etude_id)
    assert "cet ESMS est fermé" in page(client, adresse)
    reponse = client.post(adresse, {"parcours": ferme.pk, "objet": "Voir une relève.", "vu": ""})
    assert reponse.status_code == 422 and "Choisissez un autre ESMS" in reponse.content.decode()
    assert not Visite.objects.filter(parcours=ferme).exists()


def test_la_direction_repond_d_un_geste(visite: Visite, directrice: Utilisateur, pilote: Utilisateur) -> None:
    adresse, client = url("parcours-etudes", visite.parcours_id), connecte(directrice)
    contenu = page(client, adresse)
    assert "Accepter la visite" in contenu and "Ce qui sera lu, et par qui" in contenu
    assert str(pilote) in contenu and "garde le papier" not in contenu
    sans = client.post(adresse, {"visite": visite.pk, "geste": "refuser", "motif": " "})
    assert sans.status_code == 422 and "motif" in sans.content.decode().lower()
    assert client.post(adresse, {"visite": visite.pk, "geste": "annuler"}).status_code == 422
    assert client.post(adresse).status_code == 422
    assert client.post(adresse, {"visite": "9" * 30, "geste": "accepter"}).status_code == 404
    referent = connecte(affecter(Role.REFERENT, visite.parcours.esms))
    assert "revient à la direction" in page(referent, adresse)
    assert referent.post(adresse, {"visite": visite.pk, "geste": "accepter"}).status_code == 403
    assert client.post(adresse, {"visite": visite.pk, "geste": "accepter"}).status_code == 302
    assert Visite.objects.get(pk=visite.pk).etat == "acceptee"
    deux_fois = client.post(adresse, {"visite": visite.pk, "geste": "accepter"})
    assert deux_fois.status_code == 422 and "avis-barre" in deux_fois.content.decode().split("</header>")[1]


def test_un_refus_dit_a_l_etude_de_choisir_le_suivant(
    visite: Visite, directrice: Utilisateur, pilote: Utilisateur
) -> None:
    connecte(directrice).post(
        url("parcours-etudes", visite.parcours_id), {"visite": visite.pk, "geste": "refuser", "motif": "Équipe réduite"}
    )
    contenu = page(connecte(pilote), url("etude-visites", visite.etude_id))
    assert "Choisir le suivant" in contenu and "Équipe réduite" in contenu
    assert "Choisir l’ESMS suivant" in page(connecte(pilote), url("visite-detail", visite.pk))


def test_un_esms_ferme_ne_peut_plus_accepter(visite: Visite, directrice: Utilisateur) -> None:
    visite.parcours.esms.est_actif = False
    visite.parcours.esms.save()
    reponse = connecte(directrice).post(
        url("parcours-etudes", visite.parcours_id), {"visite": visite.pk, "geste": "accepter"}
    )
    assert reponse.status_code == 422 and "cet ESMS est fermé" in reponse.content.decode()


def test_l_esms_ne_lit_ni_le_contraste_ni_les_trames(
    visite: Visite, directrice: Utilisateur, pilote: Utilisateur, lecteur: Utilisateur
) -> None:
    Trame.objects.create(etude=visite.etude, theme="qvct", forme="collectif", questions="Une question à nous ?")
    TempsDeVisiteFactory(visite=visite, theme=ThemeEffet.QVCT, forme=FormeDeTemps.COLLECTIF)
    adresse = url("visite-detail", visite.pk)
    dehors, dedans = page(connecte(directrice), adresse), page(connecte(pilote), adresse)
    assert "garde le papier" in dedans and "garde le papier" not in dehors
    assert "0 note" in dedans and "Ce qu’on en rapporte" not in dehors
    assert "Modifier" not in page(connecte(lecteur), adresse)
    assert connecte(directrice).get(url("visite-programme", visite.pk))["Content-Type"] == "application/pdf"


def test_l_esms_lit_ses_monographies_une_fois_envoyees(
    visite: Visite, directrice: Utilisateur, pilote: Utilisateur
) -> None:
    MonographieFactory(visite=visite, titre="Dix ans de cahiers")
    adresse = url("parcours-etudes", visite.parcours_id)
    assert "Dix ans de cahiers" not in page(connecte(directrice), adresse)
    forcer(visite.monographie, etat="relecture")
    assert "Dix ans de cahiers" in page(connecte(directrice), adresse)
    assert "Aucune étude ne vous concerne" in page(
        connecte(directrice_de(autre := ParcoursFactory())), url("parcours-etudes", autre.pk)
    )


# --- le programme, les rencontres, les trames ------------------------------------------------------------------------


def test_ecrire_un_programme(visite: Visite, auteur: Utilisateur) -> None:
    client = connecte(auteur)
    assert "Poser un programme de deux jours" in page(client, url("visite-detail", visite.pk))
    adresse = url("temps-ajouter", visite.pk)
    faux = client.post(adresse, {"premier": "2026-06-02", "second": "2026-06-02"})
    assert faux.status_code == 422 and "deux jours différents" in faux.content.decode()
    assert client.post(adresse, {"premier": "2026-06-02", "second": "2026-06-09"}).status_code == 302
    assert visite.temps.count() == 12
    champs = {
        "jour": "2026-06-02",
        "debut": "09:15",
        "fin": "09:30",
        "forme": "autre",
        "theme": "",
        "avec": "",
        "lieu": "",
    }
    suivi = client.post(adresse, champs, follow=True).content.decode()
    assert "en chevauche un autre" in suivi and "Des temps se chevauchent" in suivi
    temps = TempsDeVisite.objects.get(debut=time(9, 15))
    avant = client.post(url("temps-modifier", temps.pk), champs | {"fin": "08:00"})
    assert avant.status_code == 422 and "avant celle du début" in avant.content.decode()
    assert client.post(url("temps-modifier", temps.pk), champs | {"avec": NIR}).status_code == 422
    assert client.post(url("temps-retirer", temps.pk)).status_code == 302
    assert not TempsDeVisite.objects.filter(pk=temps.pk).exists()


def test_toutes_les_rencontres_en_une_page(visite: Visite, auteur: Utilisateur) -> None:
    client, adresse = connecte(auteur), url("visite-rencontres", visite.pk)
    lignes = {
        "qui_0": "éducateur",
        "nombre_0": "5",
        "qui_1": "",
        "nombre_1": "",
        "qui_7": "psychologue",
        "nombre_7": "",
    }
    assert client.post(adresse, lignes).status_code == 302
    assert list(Rencontre.objects.values_list("qui", "nombre")) == [("éducateur", 5), ("psychologue", 1)]
    for faute in ({"nombre_0": "0"}, {"nombre_0": "cinq"}, {"qui_0": NIR}, {"qui_0": ""}, {"qui_1": "Educateur"}):
        reponse = client.post(adresse, lignes | faute)
        assert reponse.status_code == 422, faute
        assert "psychologue" in reponse.content.decode()
    assert Rencontre.objects.count() == 2
    assert client.post(adresse, {"qui_0": "", "qui_999999999": "x"}).status_code == 302
    assert "Personne n’est encore noté" in page(client, url("visite-detail", visite.pk))


def test_les_trames_se_posent_puis_se_modifient(visite: Visite, auteur: Utilisateur, lecteur: Utilisateur) -> None:
    client, adresse = connecte(auteur), url("etude-trames", visite.etude_id)
    assert "Poser les trames de départ" in page(client, adresse)
    assert connecte(lecteur).post(adresse).status_code == 403
    assert client.post(adresse).status_code == 302
    assert "Poser les trames de départ" not in page(client, adresse)
    ecrire = url("trame-ecrire", visite.etude_id, "qvct", "collectif")
    vu = Trame.objects.get(theme="qvct", forme="collectif").questions
    assert client.post(ecrire, {"questions": "La nôtre ?", "vu": vu}).status_code == 302
    croisee = client.post(ecrire, {"questions": "Une autre ?", "vu": vu})
    assert croisee.status_code == 409 and "Une autre ?" in croisee.content.decode()
    assert client.get(url("trame-ecrire", visite.etude_id, "qvct", "autre")).status_code == 404
    assert client.get(url("trame-ecrire", visite.etude_id, "inconnu", "collectif")).status_code == 404


def test_le_programme_se_tire_en_pdf_avec_ses_trames(visite: Visite, auteur: Utilisateur) -> None:
    client = connecte(auteur)
    vide = client.get(url("visite-programme", visite.pk))
    assert vide.content.startswith(b"%PDF-")
    client.post(url("etude-trames", visite.etude_id))
    programme.poser_le_programme_type(visite=visite, premier=date(2026, 6, 2), second=date(2026, 6, 9), par=auteur)
    plein = client.get(url("visite-programme", visite.pk))
    assert plein.content.startswith(b"%PDF-") and b"pdfuaid" in plein.content
    assert len(plein.content) > len(vide.content)


# --- les notes -------------------------------------------------------------------------------------------------------


def envoyer(client: Client, visite: Visite, **champs: Any) -> Any:
    corps = {"cle": str(uuid4()), "texte": "La relève dure dix minutes.", "theme": "", "temps": ""} | champs
    return client.post(url("note-envoyer", visite.pk), json.dumps(corps), content_type="application/json")


def test_une_note_envoyee_deux_fois_n_en_fait_qu_une(acceptee: Visite, auteur: Utilisateur) -> None:
    client, cle = connecte(auteur), str(uuid4())
    temps = TempsDeVisiteFactory(visite=acceptee)
    codes = [envoyer(client, acceptee, cle=cle, theme="qvct", temps=str(temps.pk)).status_code for _ in range(2)]
    assert codes == [201, 200]
    assert list(NoteDeVisite.objects.values_list("theme", "temps", "prise_par")) == [("qvct", temps.pk, auteur.pk)]


@pytest.mark.parametrize(
    ("champs", "nom"),
    [({"texte": NIR}, "texte"), ({"texte": " "}, "texte"), ({"texte": "x" * 8001}, "texte"), ({"cle": "x"}, "cle"),
     ({"theme": "inconnu"}, "theme"), ({"texte": ["a"]}, "texte"), ({"cle": None}, "cle")],
)  # fmt: skip
def test_un_refus_nomme_le_champ(acceptee: Visite, auteur: Utilisateur, champs: dict[str, Any], nom: str) -> None:
    reponse = envoyer(connecte(auteur), acceptee, **champs)
    assert reponse.status_code == 400 and list(reponse.json()) == [nom] and reponse.json()[nom][0]
    assert not NoteDeVisite.objects.exists()


@pytest.mark.parametrize("corps", ["", "[]", "{", '"a"', "\x00"])
def test_un_envoi_illisible_est_refuse(acceptee: Visite, auteur: Utilisateur, corps: str) -> None:
    reponse = connecte(auteur).post(url("note-envoyer", acceptee.pk), corps, content_type="application/json")
    assert reponse.status_code == 400 and "texte" in reponse.json()


def test_un_temps_retire_ne_retient_pas_la_note(acceptee: Visite, auteur: Utilisateur) -> None:
    for temps in ("999999", "x", str(TempsDeVisiteFactory().pk)):
        assert envoyer(connecte(auteur), acceptee, temps=temps).status_code == 201
    assert set(NoteDeVisite.objects.values_list("temps", flat=True)) == {None}


def test_qui_n_ecrit_pas_n_envoie_pas(
    visite: Visite, auteur: Utilisateur, lecteur: Utilisateur, directrice: Utilisateur
) -> None:
    trop_tot = envoyer(connecte(auteur), visite)
    assert trop_tot.status_code == 403 and "pas encore accepté" in trop_tot.json()["motif"]
    passer(visite, directrice, "accepter")
    for compte in (lecteur, directrice):
        reponse = envoyer(connecte(compte), visite)
        assert reponse.status_code == 403 and "équipe de l'étude" in reponse.json()["motif"]
    assert envoyer(connecte(cheffe_de(GrappeFactory())), visite).status_code == 404
    assert envoyer(Client(), visite).status_code == 302
    for compte in (auteur, cheffe_de(GrappeFactory())):
        autre = envoyer(connecte(compte), visite, compte=str(lecteur.pk))
        assert autre.status_code == 403 and autre.json()["autre_compte"] is True
    assert connecte(directrice).post(url("note-envoyer", visite.pk)).status_code == 403
    assert connecte(auteur).get(url("note-envoyer", visite.pk)).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(auteur)
    assert envoyer(strict, visite).status_code == 403
    assert not NoteDeVisite.objects.exists()


def test_la_page_de_terrain_ne_porte_aucune_note(acceptee: Visite, auteur: Utilisateur, pilote: Utilisateur) -> None:
    note = NoteDeVisiteFactory(visite=acceptee, prise_par=auteur)
    client, adresse = connecte(auteur), url("visite-notes", acceptee.pk)
    reponse = client.get(adresse)
    assert note.texte not in reponse.content.decode() and "no-store" in reponse["Cache-Control"]
    relues = page(client, f"{adresse}?relire")
    assert note.texte in relues and "Corriger" in relues
    assert "Corriger" not in page(connecte(pilote), f"{adresse}?relire")
    assert client.post(adresse, {"texte": "Sans script.", "cle": str(uuid4())}).status_code == 302
    assert client.post(adresse, {"texte": NIR, "cle": str(uuid4())}).status_code == 422
    assert set(NoteDeVisite.objects.values_list("texte", flat=True)) == {note.texte, "Sans script."}
    assert client.get(url("visite-notes", VisiteFactory(etude=acceptee.etude).pk)).status_code == 403


def test_une_visite_annulee_recoit_encore_ce_qui_attendait(
    acceptee: Visite, auteur: Utilisateur, pilote: Utilisateur
) -> None:
    passer(acceptee, pilote, "annuler")
    client = connecte(auteur)
    assert "est annulée ou refusée" in page(client, url("visite-notes", acceptee.pk))
    assert envoyer(client, acceptee).status_code == 201
    assert "Prendre des notes" not in page(client, url("visite-detail", acceptee.pk))


def test_corriger_sa_note(acceptee: Visite, auteur: Utilisateur) -> None:
    note = NoteDeVisiteFactory(visite=acceptee, prise_par=auteur)
    client, adresse = connecte(auteur), url("note-modifier", note.pk)
    vu = client.get(adresse).context["formulaire"].initial["vu"]
    assert client.post(adresse, {"texte": "Corrigée.", "theme": "qvct", "temps": "", "vu": vu}).status_code == 302
    assert client.post(adresse, {"texte": "Encore.", "theme": "", "temps": "", "vu": vu}).status_code == 409
    assert NoteDeVisite.objects.get().texte == "Corrigée."


def test_le_manifeste_ne_dit_rien_de_la_visite(visite: Visite) -> None:
    for cle in (visite.pk, 999999):
        dit = Client().get(url("visite-manifeste", cle)).json()
        assert dit["start_url"] == url("visite-notes", cle) and dit["scope"] == "/visites/"
        assert "Acacias" not in json.dumps(dit)


# --- les photos ------------------------------------------------------------------------------------------------------


def _photo(octets: bytes, **champs: Any) -> dict[str, Any]:
    depart = {
        "legende": "Le poste partagé",
        "description": "Un écran dans un couloir",
        "credit": "",
        "droit": DroitPhoto.A_DEMANDER,
        "droit_le": "",
        "section": "",
        "fichier": SimpleUploadedFile("IMG_1.jpg", octets, "image/jpeg"),
    }
    return depart | champs


def test_une_photo_entre_sans_ses_metadonnees(acceptee: Visite, auteur: Utilisateur) -> None:
    client, adresse = connecte(auteur), url("visite-photos", acceptee.pk)
    assert client.post(adresse, _photo(jpeg(bavarde=True))).status_code == 302
    piece = pieces_de(PhotoDeVisite.objects.get()).get()
    with piece.fichier.open("rb") as fichier, Image.open(fichier) as image:
        assert image.format == "JPEG" and not image.getexif()
    assert piece.nom == "photo.jpg" and 'alt="Un écran dans un couloir"' in page(client, adresse)


@pytest.mark.parametrize(
    ("champs", "mot"),
    [
        ({"description": " "}, "Décrivez la photo"),
        ({"legende": ""}, "légende"),
        ({"legende": NIR}, "retirez le numéro"),
        ({"droit": "accorde"}, "Donnez le jour"),
        ({"droit": "accorde", "droit_le": "2090-01-01"}, "à venir"),
        ({"fichier": SimpleUploadedFile("a.jpg", b"pas une image", "image/jpeg")}, "pas une image lisible"),
    ],
)
def test_une_faute_se_dit_et_rien_n_est_garde(
    acceptee: Visite, auteur: Utilisateur, champs: dict[str, Any], mot: str
) -> None:
    reponse = connecte(auteur).post(url("visite-photos", acceptee.pk), _photo(jpeg(), **champs))
    assert reponse.status_code == 422 and mot in reponse.content.decode()
    assert not PhotoDeVisite.objects.exists()


def test_cinquante_mo_refuses_en_une_phrase_sans_rien_perdre_du_reste(acceptee: Visite, auteur: Utilisateur) -> None:
    lourde = SimpleUploadedFile("IMG_1.jpg", jpeg() + bytes(5 * PLAFOND), "image/jpeg")
    reponse = connecte(auteur).post(
        url("visite-photos", acceptee.pk), _photo(b"", credit="L'équipe", section="qvct", fichier=lourde)
    )
    contenu = reponse.content.decode()
    assert reponse.status_code == 422 and "plus de 10 Mo" in contenu
    for garde in ("Le poste partagé", "Un écran dans un couloir", "L&#x27;équipe", '<option value="qvct" selected>'):
        assert garde in contenu, garde
    assert not PhotoDeVisite.objects.exists()


def test_le_droit_se_note_et_se_retire_puis_la_photo(acceptee: Visite, auteur: Utilisateur) -> None:
    photo = deposer_photo(
        visite=acceptee, fichier=BytesIO(jpeg()), par=auteur, legende="Un poste", description="Un écran"
    )
    client, adresse = connecte(auteur), url("photo-modifier", photo.pk)
    champs = _photo(b"", droit="accorde", droit_le=str(timezone.localdate()), section="qvct")
    del champs["fichier"]
    assert client.post(adresse, champs).status_code == 302
    assert PhotoDeVisite.objects.get().peut_sortir
    assert client.post(adresse, champs | {"droit": "retire"}).status_code == 302
    assert not PhotoDeVisite.objects.get().peut_sortir
    piece = pieces_de(photo).get()
    assert client.post(url("photo-retirer", photo.pk)).status_code == 302
    assert not PhotoDeVisite.objects.exists() and not type(piece).objects.filter(pk=piece.pk).exists()
