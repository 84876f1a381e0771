"""Ce qu'on tente contre une étude : lire ce qui n'est pas à soi, faire sortir des mots sans accord, forger un envoi."""

import json
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import QuerySet
from django.urls import reverse

from programme.enums import Role
from programme.socle.erreurs import Refus
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, UtilisateurFactory, affecter
from tests.usages.monographies.fabriques import (
    CommentaireFactory,
    ConstatFactory,
    EtudeFactory,
    NoteDeVisiteFactory,
    PhotoDeVisiteFactory,
    TempsDeVisiteFactory,
    VerbatimDeVisiteFactory,
    VisiteFactory,
    equiper,
    passer,
)
from tests.usages.monographies.mondes_ecriture import Monde, un_monde
from usages.calculs.ecritures_croisees import croiser
from usages.calculs.propos_cites import Interdits, sans_redits
from usages.calculs.prose import lire
from usages.calculs.rapprochements import rapprocher
from usages.enums import CodeFait, Consentement, DroitPhoto, EtatEtude, EtatVisite, RoleEtude
from usages.models import Edition, EtapeEtude, FaitMonographie, NoteDeVisite, PhotoDeVisite, Sigle
from usages.permissions import peut_commenter, peut_publier
from usages.permissions.etudes import lit_les_photos
from usages.services.etudes.etudes import retirer_equipier
from usages.services.monographies.commencer import renommer
from usages.services.monographies.contenu import assembler
from usages.services.monographies.resolution import rendre
from usages.services.visites.gestes import proposer_visite
from usages.services.visites.notes import recevoir_note

pytestmark = pytest.mark.django_db

TU = "Je n'ose plus rien écrire le soir de peur que la cheffe le lise le lendemain."

MOTS = "la cheffe le lise"
SANS_ACCORD: dict[str, Any] = {"consentement": Consentement.A_DEMANDER, "consentement_le": None}


@pytest.fixture
def monde() -> Monde:
    """Une monographie, un verbatim sans accord dit pendant sa visite."""
    lieu = un_monde()
    VerbatimDeVisiteFactory(visite=lieu.monographie.visite, texte=TU, **SANS_ACCORD)
    return lieu


def page(compte: Any, url: str) -> str:
    """Le texte de la page, apostrophes rendues."""
    reponse = connecte(compte).get(url)
    assert reponse.status_code == 200, (url, reponse.status_code)
    return reponse.content.decode().replace("&#x27;", "'")


def poser_l_etat(objet: Any, etat: str) -> None:
    """Écrit l'état en base, comme si un autre venait de le changer ; l'objet qu'on tient n'en sait rien."""
    QuerySet(type(objet)).filter(pk=objet.pk).update(etat=etat)


# --- des mots sans accord, ailleurs que dans la prose ----------------------------------------------------------------


def test_coupe_en_deux_paragraphes_l_esms_ne_le_lit_pas(monde: Monde) -> None:
    monde.ecrire(
        "Avant.\n\nJe n'ose plus rien écrire\n\nle soir de peur que\n\nla cheffe le lise le lendemain.\n\nFin."
    )
    monde.mener("relecture")
    lue = page(monde.direction, monde.url("section-relire"))
    assert MOTS not in lue
    assert "Avant." in lue and "Fin." in lue
    assert MOTS in page(monde.auteur, monde.url("section-relire"))


@pytest.mark.parametrize("ailleurs", ["autre_etude", "du_quotidien"])
def test_un_propos_d_ailleurs_dans_le_meme_esms_ne_se_redit_pas(monde: Monde, ailleurs: str) -> None:
    parcours = monde.monographie.visite.parcours
    visite = VisiteFactory(parcours=parcours) if ailleurs == "autre_etude" else None
    dit = "On nous a dit de cocher la case, personne ne sait à quoi elle sert."
    VerbatimDeVisiteFactory(
        visite=visite, parcours=parcours, texte=dit, recueilli_par=UtilisateurFactory(), **SANS_ACCORD
    )
    monde.ecrire(f"Avant.\n\n{dit}\n\nFin.")
    monde.mener("relecture")
    assert "personne ne sait" not in page(monde.direction, monde.url("section-relire"))
    passer(monde.monographie, monde.direction, "valider")
    with pytest.raises(Refus) as refus:
        passer(monde.monographie, monde.pilote, "publier")
    assert refus.value.manques


def test_un_fait_qui_redit_ne_se_lit_pas_en_relecture(monde: Monde) -> None:
    FaitMonographie.objects.create(monographie=monde.monographie, code=CodeFait.ETP, valeur=TU)
    monde.mener("relecture")
    assert MOTS not in page(monde.direction, monde.url("section-relire", "fiche"))


@pytest.mark.parametrize("champ", ["texte", "reponse", "extrait"])
def test_une_remarque_de_l_equipe_qui_redit_ne_se_lit_pas_a_l_esms(monde: Monde, champ: str) -> None:
    monde.mener("relecture")
    remarque = CommentaireFactory(section=monde.section(), ecrit_par=monde.direction, **{champ: f"À voir. {TU}"})
    assert MOTS not in page(monde.direction, monde.url("section-relire"))
    assert MOTS not in page(monde.direction, reverse("usages:commentaire-repondre", args=[remarque.pk]))


@pytest.mark.parametrize("champ", ["titre", "sous_titre"])
def test_un_titre_qui_redit_ne_se_lit_nulle_part(monde: Monde, champ: str) -> None:
    setattr(monde.monographie, champ, TU)
    monde.monographie.save()
    monde.mener("relecture")
    adresses = [monde.url("monographie-detail"), monde.url("section-relire"), monde.url("monographie-lire")]
    adresses += [reverse("usages:monographie-liste"), "/api/v1/monographies/"]
    adresses += [reverse("usages:parcours-etudes", args=[monde.monographie.visite.parcours_id])]
    assert [a for a in adresses if MOTS in page(monde.direction, a)] == []


def test_publie_un_titre_qui_redit_ne_se_lit_plus_nulle_part(monde: Monde) -> None:
    """Recopié quand c'était permis, puis retiré : l'édition, la liste et l'API le taisent."""
    propos = monde.monographie.visite.verbatims.get()
    propos.consentement, propos.consentement_le = Consentement.DONNE, date(2026, 6, 2)
    propos.save()
    monde.monographie.titre = TU
    monde.monographie.save()
    monde.mener("publiee")
    propos.consentement = Consentement.RETIRE
    propos.save()
    lecteur = UtilisateurFactory()
    adresses = [monde.url("monographie-lire"), reverse("usages:monographie-liste"), "/api/v1/monographies/"]
    adresses += [f"/api/v1/monographies/{monde.monographie.pk}/"]
    assert [a for a in adresses if MOTS in page(lecteur, a)] == []


def test_publier_refuse_un_titre_ou_un_fait_qui_redit(monde: Monde) -> None:
    monde.mener("validee")
    monde.monographie.titre = TU
    monde.monographie.save()
    with pytest.raises(Refus):
        passer(monde.monographie, monde.pilote, "publier")


def test_le_sens_d_un_sigle_le_titre_de_l_etude_une_campagne_ne_redisent_rien(monde: Monde) -> None:
    etude = monde.monographie.visite.etude
    etude.titre = TU
    etude.save()
    Sigle.objects.create(monographie=monde.monographie, sigle="PAQ", sens=TU)
    monde.ecrire("Le PAQ a compté.")
    monde.monographie.refresh_from_db()
    assert MOTS not in repr(rendre(assembler(monde.monographie), monde.monographie.visite))


def test_le_cas_de_contraste_n_est_pas_lu_de_l_esms(monde: Monde) -> None:
    """La page où l'équipe l'écrit le promet."""
    visite = monde.monographie.visite
    visite.contraste = "le déploiement y patine"
    visite.save()
    monde.mener("publiee")
    assert "patine" not in page(monde.direction, monde.url("monographie-lire"))


# --- photos ----------------------------------------------------------------------------------------------------------


def test_le_droit_d_une_photo_se_retire_aussi_etude_close(monde: Monde) -> None:
    visite = monde.monographie.visite
    photo = PhotoDeVisiteFactory(visite=visite, droit=DroitPhoto.ACCORDE, droit_le=date(2026, 6, 2))
    poser_l_etat(visite.etude, EtatEtude.CLOSE)
    photo = PhotoDeVisite.objects.get(pk=photo.pk)
    champs = {"legende": "Autre", "description": photo.description, "credit": "", "section": photo.section}
    champs |= {"droit": DroitPhoto.RETIRE, "droit_le": date(2026, 6, 5)}
    adresse = reverse("usages:photo-modifier", args=[photo.pk])
    reponse = connecte(monde.auteur).post(adresse, champs | {"droit_le": "2026-06-05"})
    assert reponse.status_code == 302
    photo.refresh_from_db()
    assert (photo.droit, photo.legende) == (DroitPhoto.RETIRE, "Le poste de l'unité")
    assert connecte(monde.lecteur).post(adresse, champs).status_code == 403


def test_une_photo_posee_apres_l_edition_n_est_pas_encore_a_tous(monde: Monde) -> None:
    visite = monde.monographie.visite
    publiee = PhotoDeVisiteFactory(
        visite=visite, droit=DroitPhoto.ACCORDE, droit_le=date(2026, 6, 2), section="organisation"
    )
    monde.mener("publiee")
    passer(monde.monographie, monde.pilote, "reprendre")
    neuve = PhotoDeVisiteFactory(
        visite=visite, droit=DroitPhoto.ACCORDE, droit_le=date(2026, 6, 2), section="organisation"
    )
    passant: Any = UtilisateurFactory()
    piece: Any = None
    assert lit_les_photos(passant, publiee, piece)
    assert not lit_les_photos(passant, neuve, piece)
    assert not lit_les_photos(monde.direction, neuve, piece)


# --- l'équipe, l'étude close -----------------------------------------------------------------------------------------


def test_le_dernier_pilote_est_un_compte_qui_se_connecte(monde: Monde) -> None:
    etude = monde.monographie.visite.etude
    equiper(etude, UtilisateurFactory(is_active=False), RoleEtude.PILOTE)
    with pytest.raises(Refus):
        retirer_equipier(equipier=etude.equipe.get(compte=monde.pilote), par=monde.pilote)


def test_une_etude_close_entre_temps_ne_propose_plus(monde: Monde) -> None:
    etude = EtudeFactory()
    pilote = equiper(etude, monde.pilote)
    poser_l_etat(etude, EtatEtude.CLOSE)
    parcours = ParcoursFactory()
    affecter(Role.CHEF_PROJET, parcours.grappe, utilisateur=pilote)
    with pytest.raises(Refus) as refus:
        proposer_visite(etude=etude, parcours=parcours, objet="Voir.", par=pilote)
    assert refus.value.code == "etat"


def test_une_etude_close_ne_publie_ni_ne_commente(monde: Monde) -> None:
    monde.mener("validee")
    etude = monde.monographie.visite.etude
    poser_l_etat(etude, EtatEtude.CLOSE)
    relue = monde.monographie.__class__.objects.get(pk=monde.monographie.pk)
    assert not peut_publier(monde.pilote, relue)
    assert not peut_commenter(monde.auteur, relue)
    with pytest.raises(Refus):
        passer(relue, monde.pilote, "publier")
    assert not Edition.objects.exists()


# --- envois forgés ---------------------------------------------------------------------------------------------------


def _acceptee(monde: Monde) -> Any:
    visite = monde.monographie.visite
    poser_l_etat(visite, EtatVisite.ACCEPTEE)
    return visite.__class__.objects.get(pk=visite.pk)


def test_la_meme_cle_d_un_autre_compte_ne_perd_pas_sa_note(monde: Monde) -> None:
    visite, cle = _acceptee(monde), uuid4()
    recevoir_note(visite=visite, cle=cle, texte="La mienne.", par=monde.auteur)
    with pytest.raises(Refus):
        recevoir_note(visite=visite, cle=cle, texte="Une autre.", par=monde.pilote)
    assert NoteDeVisite.objects.get().texte == "La mienne."


@pytest.mark.parametrize(
    "corps",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"cle": "CLE", "texte": "\\ud800 seul"}',
        '{"cle": "CLE", "texte": "nul \\u0000 ici"}',
        '{"cle": "CLE", "texte": 1e999}',
        '{"cle": "CLE", "texte": "x", "temps": 99999999999999999999999999}',
        '{"cle": "CLE", "texte": "x", "compte": [1]}',
        '{"cle": "CLE", "texte": "x", "theme": "\\ud800"}',
    ],
    ids=["listes", "objets", "demi-signe", "nul", "infini", "temps", "compte", "theme"],
)
def test_un_envoi_de_note_forge_ne_casse_rien(monde: Monde, corps: str) -> None:
    visite = _acceptee(monde)
    adresse = reverse("usages:note-envoyer", args=[visite.pk])
    client = connecte(monde.auteur)
    client.raise_request_exception = False
    envoye = corps.replace("CLE", str(uuid4()))
    reponse = client.post(adresse, envoye, content_type="application/json")
    assert reponse.status_code < 500


@pytest.mark.parametrize("vu", ["-1", "0", "9" * 30, "x", "", "1.5"])
@pytest.mark.parametrize("geste", ["", "apercu", "reunir"])
def test_une_version_forgee_ne_casse_rien(monde: Monde, vu: str, geste: str) -> None:
    monde.ecrire()
    client = connecte(monde.auteur)
    client.raise_request_exception = False
    champs = {"texte": "Autre", "vu": vu, "geste": geste, "sienne": vu, "choix-0": "mien"}
    assert client.post(monde.url("section-ecrire"), champs).status_code < 500
    champs = {"version": vu, "vu": vu}
    assert client.post(monde.url("section-histoire"), champs).status_code < 500
    assert monde.section().texte != "Autre" or geste == ""


def test_des_milliers_de_passages_interdits_se_retirent_sans_tout_recroiser() -> None:
    blocs = lire("\n\n".join(["Oui, bien sûr."] * 20_000))
    assert sans_redits(blocs, Interdits.lire(["Oui, bien sûr."])) == ()


def test_des_redits_emboites_ne_font_pas_relire_sans_fin() -> None:
    blocs = lire("\n\n".join(["un deux"] * 6_000 + ["trois quatre"] * 6_000))
    assert sans_redits(blocs, Interdits.lire(["Un deux trois quatre"])) == ()


def test_deux_textes_qui_se_repetent_se_croisent_sans_fin_d_attente() -> None:
    """Huit mille blocs tous pareils : le début et la fin communs, le reste en un conflit, et rien de perdu."""
    mien, sien, base = ("debut", *["x", "y"] * 4000, "fin"), ("debut", *["y", "x", "x"] * 2700, "fin"), ("debut", "fin")
    croisement = croiser(base, mien, sien)
    assert [(c.mien, c.sien) for c in croisement.conflits] == [(mien[1:-1], sien[1:-1])]
    assert len(croisement.conflits[0].en_regard()) == 8100
    assert rapprocher(mien, mien) == [("equal", 0, len(mien), 0, len(mien))]


# --- entonnoir forgé en base -----------------------------------------------------------------------------------------

FILTRE = {"code": "a", "libelle": "A", "regle": "au_moins", "parametres": {"fait": "esms", "seuil": "dix"}}
UNITE = {"nature": "grappe", "cle": "1", "nom": "G", "faits": {"esms": 3}, "issue_de": []}


def _selection(**partage: Any) -> dict[str, Any]:
    regle = {"criteres": [["total", "note", 10, 10]], "departages": []}
    return {"regle": regle, "partage": {"places": 1, "quotas": [], "plafonds": []} | partage}


@pytest.mark.parametrize(
    ("genre", "definition", "base"),
    [
        ("filtre", {"prerequis": [FILTRE]}, [UNITE]),
        ("filtre", {"prerequis": [FILTRE | {"parametres": {"fait": ["x"], "seuil": 1}}]}, [UNITE]),
        ("filtre", {"prerequis": [FILTRE | {"regle": "parmi", "parametres": {"fait": "esms", "valeurs": 3}}]}, [UNITE]),
        ("filtre", {"prerequis": [FILTRE | {"libelle": 3, "sinon": None}]}, [UNITE]),
        ("filtre", {"prerequis": "abc"}, [UNITE]),
        ("filtre", [], [UNITE]),
        ("filtre", {}, ["x"]),
        ("filtre", {}, {"a": 1}),
        ("filtre", {}, [{"nature": "grappe"}]),
        ("filtre", {}, [UNITE | {"faits": [1]}]),
        ("filtre", {}, [UNITE | {"nature": "chat"}]),
        ("filtre", {}, [UNITE | {"cle": None, "nom": 3}]),
        ("passage", {"vers": "og", "unites": [UNITE | {"nature": "og", "issue_de": 3}]}, [UNITE]),
        ("passage", {"vers": "og", "unites": {"a": 1}}, [UNITE]),
        ("exceptions", {"de": 3, "exceptions": [{"ref": 1}]}, [UNITE]),
        ("exceptions", {"de": "x", "exceptions": 3}, [UNITE]),
        ("selection", _selection(places="six"), [UNITE]),
        ("selection", _selection(places=10**400), [UNITE | {"faits": {"total": 3}}]),
        ("selection", _selection(places=-1), [UNITE | {"faits": {"total": 3}}]),
        ("selection", _selection(quotas=[["secteur", "PA", "x", "PA"]]), [UNITE | {"faits": {"total": 3}}]),
        ("selection", _selection(plafonds=[["region", None, "y"]]), [UNITE | {"faits": {"total": 3}}]),
        ("selection", _selection(gardes=["a"]), [UNITE | {"faits": {"total": 3}}]),
        ("selection", _selection(), [UNITE | {"faits": {"total": "1e999"}}]),
        ("selection", _selection(), [UNITE | {"faits": {"total": "NaN"}}]),
        ("selection", _selection(), [UNITE | {"faits": {"total": "1/0"}}]),
        ("selection", _selection() | {"regle": {"criteres": [["total", "note", 0, 0]]}}, [UNITE]),
        ("selection", _selection() | {"regle": {"criteres": [["total", "note", "a", 3]]}}, [UNITE]),
        ("selection", _selection(), [UNITE | {"cle": str(n), "faits": {"total": 3}} for n in range(260)]),
    ],
)
def test_un_entonnoir_malforme_se_dit_en_une_phrase(monde: Monde, genre: str, definition: Any, base: Any) -> None:
    etude = monde.monographie.visite.etude
    etude.__class__.objects.filter(pk=etude.pk).update(base=base)
    etape = EtapeEtude.objects.create(etude=etude, rang=1, code="e", titre="E", genre=genre)
    EtapeEtude.objects.filter(pk=etape.pk).update(definition=definition)
    client = connecte(monde.pilote)
    client.raise_request_exception = False
    adresses = [reverse(f"usages:{n}", args=[etude.pk]) for n in ("etude-detail", "etude-base", "etude-entonnoir")]
    adresses += [reverse("usages:etude-entonnoir-csv", args=[etude.pk]), f"/api/v1/etudes/{etude.pk}/entonnoir/"]
    adresses += [reverse("usages:etude-pourquoi", args=[etude.pk, "grappe:1"])]
    adresses += [reverse("usages:visite-proposer", args=[etude.pk]), reverse("usages:etude-visites", args=[etude.pk])]
    adresses += [reverse("usages:etape-modifier", args=[etape.pk])]
    if genre == "exceptions":
        adresses += [reverse("usages:etape-exceptions", args=[etape.pk])]
    codes = {a: client.get(a).status_code for a in adresses}
    codes["figer"] = client.post(reverse("usages:etape-figer", args=[etape.pk])).status_code
    codes["retirer"] = client.post(reverse("usages:etape-retirer", args=[etape.pk])).status_code
    assert {a: c for a, c in codes.items() if c >= 500} == {}


ENORMES = ["9" * 40, "-1", "1e400", "NaN", "١٢", "1.5", "", "x" * 5000, "\x00", "=1+1"]


@pytest.mark.parametrize("genre", ["filtre", "passage", "exceptions", "selection"])
@pytest.mark.parametrize("valeur", ENORMES)
def test_une_etape_forgee_ne_casse_rien(monde: Monde, genre: str, valeur: str) -> None:
    """Chaque champ de la page reçoit tour à tour la même valeur folle."""
    etude = monde.monographie.visite.etude
    etude.base = [UNITE | {"cle": str(n), "faits": {"esms": n, "total": n}} for n in range(3)]
    etude.save()
    EtapeEtude.objects.create(etude=etude, rang=1, code="f", titre="F", genre="filtre", definition={"prerequis": []})
    client = connecte(monde.pilote)
    client.raise_request_exception = False
    adresse = reverse("usages:etape-creer", args=[etude.pk, genre])
    formulaire = client.get(adresse).context["formulaire"]
    champs = {nom: str(formulaire[nom].value() or "") for nom in formulaire.fields}
    toutes = dict.fromkeys(champs, valeur) | {"p-99-libelle": valeur, "c-40-fait": valeur, "zz": valeur}
    envois = [toutes, champs | {"titre": valeur}, toutes | {"titre": "Une étape"}]
    assert [r for e in envois if (r := client.post(adresse, e).status_code) >= 500] == []
    for nom in ("etude-entonnoir", "etude-detail", "visite-proposer"):
        assert client.get(reverse(f"usages:{nom}", args=[etude.pk])).status_code < 500


NIR = "1 85 05 78 006 084 91"


def test_le_numero_ne_s_ecrit_dans_aucune_etape(monde: Monde) -> None:
    etude = monde.monographie.visite.etude
    client = connecte(monde.pilote)
    champs = {"titre": "Prérequis", "p-0-libelle": NIR, "p-0-regle": "est_vrai", "p-0-fait": "vsr", "p-0-sinon": NIR}
    for envoi in (champs, champs | {"p-0-libelle": "VSR"}, {"titre": NIR, "p-0-libelle": "VSR"}):
        reponse = client.post(reverse("usages:etape-creer", args=[etude.pk, "filtre"]), envoi)
        assert reponse.status_code == 422
    assert not EtapeEtude.objects.exists()


# --- une clé d'ailleurs ----------------------------------------------------------------------------------------------


def test_une_cle_d_une_autre_etude_ne_s_ouvre_ni_ne_s_ecrit(monde: Monde) -> None:
    """Le pilote d'une étude essaie, une à une, les clés d'une autre."""
    autre = un_monde(parcours=ParcoursFactory(esms__nom="SESSAD Le Lointain"))
    visite = autre.monographie.visite
    poser_l_etat(visite, EtatVisite.ACCEPTEE)
    temps = TempsDeVisiteFactory(visite=visite)
    note = NoteDeVisiteFactory(visite=visite, prise_par=monde.pilote)
    constat = ConstatFactory(visite=visite, ecrit_par=monde.pilote)
    photo = PhotoDeVisiteFactory(visite=visite)
    propos = VerbatimDeVisiteFactory(visite=visite, recueilli_par=monde.pilote)
    remarque = CommentaireFactory(section=autre.section(), ecrit_par=monde.pilote)
    etape = EtapeEtude.objects.create(etude=visite.etude, rang=1, code="f", titre="F", genre="exceptions")
    equipier = visite.etude.equipe.get(compte=autre.auteur)
    par_nom = {
        "temps-modifier": temps, "temps-retirer": temps, "note-modifier": note, "constat-modifier": constat,
        "constat-retirer": constat, "photo-modifier": photo, "photo-retirer": photo, "verbatim-modifier": propos,
        "commentaire-repondre": remarque, "etape-modifier": etape, "etape-figer": etape, "etape-retirer": etape,
        "etape-rouvrir": etape, "etape-exceptions": etape, "equipier-retirer": equipier,
    }  # fmt: skip
    par_nom |= dict.fromkeys(
        ["etude-detail", "etude-modifier", "etude-equipe", "etude-base", "etude-trames", "etude-visites",
         "etude-effets", "etude-effets-csv", "etude-effets-xlsx", "etude-verbatims", "visite-proposer"], visite.etude,
    )  # fmt: skip
    par_nom |= dict.fromkeys(
        ["visite-detail", "visite-modifier", "temps-ajouter", "visite-rencontres", "visite-notes", "visite-photos",
         "visite-verbatims", "visite-constats", "visite-codage", "visite-accord", "visite-programme",
         "monographie-commencer"], visite,
    )  # fmt: skip
    par_nom |= dict.fromkeys(
        ["monographie-detail", "monographie-modifier", "monographie-faits", "monographie-documents",
         "monographie-sigles", "monographie-lire", "monographie-pdf", "monographie-docx"], autre.monographie,
    )  # fmt: skip
    client = connecte(monde.pilote)
    for nom, objet in par_nom.items():
        adresse = reverse(f"usages:{nom}", args=[objet.pk])
        assert client.get(adresse).status_code == 404, nom
        assert client.post(adresse, {"texte": "forcé"}).status_code in (404, 405), nom
    envoi = json.dumps({"cle": str(uuid4()), "texte": "x"})
    adresse = reverse("usages:note-envoyer", args=[visite.pk])
    assert client.post(adresse, envoi, content_type="application/json").status_code == 404


def test_une_cle_d_ailleurs_glissee_dans_un_envoi_est_laissee(monde: Monde) -> None:
    autre = un_monde(parcours=ParcoursFactory(esms__nom="SESSAD Le Lointain"))
    visite = _acceptee(monde)
    la_bas = autre.monographie.visite
    propos, note, temps = (
        f(visite=la_bas) for f in (VerbatimDeVisiteFactory, NoteDeVisiteFactory, TempsDeVisiteFactory)
    )
    client = connecte(monde.pilote)
    page_constats = reverse("usages:visite-constats", args=[visite.pk])
    constat = {"nature": "effet", "libelle": "Un constat", "theme_propose": "organisation"}
    for appui in ({"verbatim": propos.pk}, {"note": note.pk}):
        assert client.post(page_constats, constat | appui).status_code == 422
    envoi = json.dumps({"cle": str(uuid4()), "texte": "x", "temps": temps.pk})
    adresse = reverse("usages:note-envoyer", args=[visite.pk])
    assert client.post(adresse, envoi, content_type="application/json").status_code == 201
    assert visite.notes.get().temps is None
    document = autre.monographie.documents.create(titre="Projet d'établissement")
    client.post(monde.url("monographie-documents"), {"retirer": document.pk})
    assert autre.monographie.documents.exists()
    equipier = la_bas.etude.equipe.get(compte=autre.auteur)
    champs = {"equipier": equipier.pk, "role": RoleEtude.PILOTE}
    assert client.post(reverse("usages:etude-equipe", args=[visite.etude_id]), champs).status_code == 404
    equipier.refresh_from_db()
    assert equipier.role == RoleEtude.AUTEUR


@pytest.mark.parametrize("nom", ["auteur", "lecteur"])
def test_un_auteur_ne_se_fait_pas_pilote(monde: Monde, nom: str) -> None:
    compte = getattr(monde, nom)
    etude = monde.monographie.visite.etude
    moi = etude.equipe.get(compte=compte)
    client = connecte(compte)
    page_equipe = reverse("usages:etude-equipe", args=[etude.pk])
    assert client.post(page_equipe, {"equipier": moi.pk, "role": RoleEtude.PILOTE}).status_code == 403
    ajout = {"identifiant": UtilisateurFactory().identifiant, "role": RoleEtude.PILOTE}
    assert client.post(page_equipe, ajout).status_code == 403
    pilote = etude.equipe.get(compte=monde.pilote)
    assert client.post(reverse("usages:equipier-retirer", args=[pilote.pk])).status_code == 403
    assert etude.equipe.filter(role=RoleEtude.PILOTE).count() == 1


def test_la_direction_valide_aussi_le_titre(monde: Monde) -> None:
    monde.mener("validee")
    envoi = {"titre": "Un échec", "sous_titre": ""}
    assert connecte(monde.pilote).post(monde.url("monographie-modifier"), envoi).status_code == 403
    with pytest.raises(Refus):
        renommer(monographie=monde.monographie, par=monde.pilote, **envoi)
