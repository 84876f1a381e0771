"""La liste, l'atelier, commencer, les faits, les annexes ; ce que la porte demande ; ce qui attend à l'accueil."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from programme.enums import Role
from programme.models import Utilisateur
from programme.socle.a_faire import a_faire
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.aides import connecte, exiger_requetes_constantes, lignes_csv, nb_requetes
from tests.fabriques import CategorieFactory, DepartementFactory, ParcoursFactory, RegionFactory, affecter
from tests.usages.monographies.fabriques import (
    MonographieFactory,
    VerbatimDeVisiteFactory,
    VisiteFactory,
    equiper,
    passer,
)
from tests.usages.monographies.mondes_ecriture import Monde, un_monde
from usages.enums import CodeFait, CodeSection, Consentement, RoleEtude
from usages.models import DocumentConsulte, Edition, Monographie, Sigle
from usages.services.monographies.commencer import commencer
from usages.services.monographies.faits import faits_de
from usages.services.monographies.relecture import commenter, repondre

pytestmark = pytest.mark.django_db


@pytest.fixture
def monde() -> Monde:
    return un_monde()


def lire(client: Client, adresse: str) -> str:
    reponse = client.get(adresse)
    assert reponse.status_code == 200, adresse
    return str(reponse.content.decode())


# --- commencer -----------------------------------------------------------------------------------------------------


def test_commencer_cree_toutes_les_sections_et_propose_un_titre() -> None:
    visite = VisiteFactory(parcours__esms__nom="IME Les Acacias")
    auteur = equiper(visite.etude, affecter(Role.APPUI), RoleEtude.AUTEUR)
    client, adresse = connecte(auteur), reverse("usages:monographie-commencer", args=[visite.pk])
    assert "Ce que change le DUI : IME Les Acacias" in lire(client, adresse)
    assert client.post(adresse, {"titre": "La nuit écrit pour le jour"}).status_code == 302
    monographie = Monographie.objects.get()
    assert set(monographie.sections.values_list("code", flat=True)) == set(CodeSection.values)
    deja = client.get(adresse)
    assert deja.status_code == 302 and deja["Location"].endswith(f"/monographies/{monographie.pk}/")
    with pytest.raises(Refus, match="déjà commencée"):
        commencer(visite=visite, titre="Encore", par=auteur)
    assert client.post(adresse, {"titre": ""}).status_code in (302, 422)


def test_commencer_revient_a_l_equipe() -> None:
    visite = VisiteFactory()
    lecteur = equiper(visite.etude, affecter(Role.APPUI), RoleEtude.LECTEUR)
    direction = affecter(Role.DIRECTEUR, visite.parcours.esms)
    dehors = affecter(Role.REFERENT, ParcoursFactory().esms)
    adresse = reverse("usages:monographie-commencer", args=[visite.pk])
    assert [connecte(c).get(adresse).status_code for c in (lecteur, direction, dehors)] == [403, 403, 404]
    passer(visite, affecter(Role.DIRECTEUR, visite.parcours.esms), "refuser")
    auteur = equiper(visite.etude, affecter(Role.APPUI), RoleEtude.AUTEUR)
    with pytest.raises(Refus, match="refusée"):
        commencer(visite=visite, titre="Rien à dire", par=auteur)


# --- la liste ------------------------------------------------------------------------------------------------------


def publier(monde: Monde) -> Monde:
    monde.mener("publiee")
    if not monde.monographie.editions.exists():
        Edition.objects.create(monographie=monde.monographie, numero=1, publiee_par=monde.pilote)
    return monde


def test_chacun_lit_les_siennes_et_celles_qui_sont_publiees() -> None:
    brouillon = un_monde(titre="Le brouillon de mon équipe")
    publiee = publier(un_monde(titre="La nuit publiée"))
    adresse = reverse("usages:monographie-liste")
    equipe = lire(connecte(brouillon.auteur), adresse)
    assert "Le brouillon de mon équipe" in equipe and "La nuit publiée" in equipe
    assert f"/monographies/{brouillon.monographie.pk}/" in equipe
    dehors = connecte(affecter(Role.REFERENT, ParcoursFactory().esms))
    contenu = lire(dehors, adresse)
    assert "Le brouillon" not in contenu and "La nuit publiée" in contenu
    assert f"/monographies/{publiee.monographie.pk}/lire/" in contenu


def test_qui_ne_lit_que_l_edition_ne_sait_rien_de_la_suivante() -> None:
    publiee = publier(un_monde(titre="La nuit publiée"))
    passer(publiee.monographie, publiee.pilote, "reprendre")
    client, adresse = connecte(affecter(Role.REFERENT, ParcoursFactory().esms)), reverse("usages:monographie-liste")
    lignes = lignes_csv(client.get(adresse, {"format": "csv"}))
    assert lignes[1][lignes[0].index("État")] == "Publiée"
    assert not lignes[1][lignes[0].index("Sections écrites")].strip("—")
    assert "La nuit publiée" not in lire(client, f"{adresse}?etat=brouillon")
    assert "La nuit publiée" in lire(connecte(publiee.pilote), f"{adresse}?etat=brouillon")


def test_chercher_et_filtrer() -> None:
    bretagne = DepartementFactory(code="35", nom="Ille-et-Vilaine", region=RegionFactory(code="53", nom="Bretagne"))
    ehpad = CategorieFactory(code="500", sigle="EHPAD", libelle="EHPAD", secteur="PA")
    ici = un_monde(titre="La nuit", parcours=ParcoursFactory(esms__departement=bretagne, esms__categorie=ehpad))
    la = un_monde(titre="Le jour")
    equiper(la.monographie.visite.etude, ici.pilote)
    client, adresse = connecte(ici.pilote), reverse("usages:monographie-liste")
    for critere in ("recherche=nuit", "region=53", "secteur=PA"):
        contenu = lire(client, f"{adresse}?{critere}")
        assert "La nuit" in contenu and "Le jour" not in contenu, critere
    assert "La nuit" in lire(client, f"{adresse}?tri=-monographie")


def test_requetes_constantes_de_la_liste(monde: Monde) -> None:
    def peupler(combien: int) -> None:
        for _ in range(combien):
            MonographieFactory(visite__etude=monde.monographie.visite.etude)

    exiger_requetes_constantes(connecte(monde.pilote), reverse("usages:monographie-liste"), peupler)


# --- l'atelier -----------------------------------------------------------------------------------------------------


def test_l_atelier_dit_a_chacun_le_geste_suivant(monde: Monde) -> None:
    adresse = monde.url("monographie-detail")
    assert "16 sections restent à écrire" in lire(connecte(monde.auteur), adresse)
    monde.mener("relecture")
    direction = lire(connecte(monde.direction), adresse)
    assert "puis validez ou demandez des corrections" in direction and "Commencer la lecture" in direction
    assert "Écrire<" not in direction
    commenter(section=monde.section(), texte="À revoir.", par=monde.direction)
    assert "1 remarque attend une réponse" in lire(connecte(monde.auteur), adresse)
    repondre(commentaire=monde.section().commentaires.get(), reponse="", regle=True, par=monde.auteur)
    passer(monde.monographie, monde.direction, "valider")
    assert "vous pouvez le publier" in lire(connecte(monde.pilote), adresse)
    assert "qui pilote l&#x27;étude le publiera" in lire(connecte(monde.auteur), adresse)


def test_le_titre_se_change(monde: Monde) -> None:
    client, adresse = connecte(monde.auteur), monde.url("monographie-modifier")
    assert client.post(adresse, {"titre": "Un autre titre", "sous_titre": "Et le sien"}).status_code == 302
    monde.monographie.refresh_from_db()
    assert (monde.monographie.titre, monde.monographie.tri) == ("Un autre titre", "un autre titre")
    assert client.post(adresse, {"titre": " … "}).status_code == 422


# --- la porte ------------------------------------------------------------------------------------------------------


def test_on_n_envoie_pas_des_pages_blanches(monde: Monde) -> None:
    with pytest.raises(Refus, match="section écrite"):
        changer_etat(monde.monographie, "envoyer_en_relecture", par=monde.pilote)
    monde.ecrire()
    changer_etat(monde.monographie, "envoyer_en_relecture", par=monde.auteur)
    assert monde.monographie.etat == "relecture"


def test_valider_avec_des_remarques_ouvertes_demande_pourquoi(monde: Monde) -> None:
    monde.mener("relecture")
    une = commenter(section=monde.section(), texte="À revoir.", par=monde.direction)
    with pytest.raises(Refus) as refus:
        changer_etat(monde.monographie, "valider", par=monde.direction)
    assert "1 remarque reste ouverte" in refus.value.champs["motif"][0]
    adresse = reverse("programme:passage", args=["monographie", monde.monographie.pk, "valider"])
    client = connecte(monde.direction)
    page = lire(client, adresse)
    assert 'name="motif"' in page and "1 remarque reste ouverte" in page and "ne se défait pas" not in page
    repondre(commentaire=une, reponse="Fait.", regle=True, par=monde.auteur)
    assert 'name="motif"' not in lire(client, adresse)
    assert client.post(adresse, {"version": monde.monographie.version}).status_code == 302
    monde.monographie.refresh_from_db()
    assert monde.monographie.etat == "validee"


def test_demander_des_corrections_dit_lesquelles(monde: Monde) -> None:
    monde.mener("relecture")
    adresse = reverse("programme:passage", args=["monographie", monde.monographie.pk, "corriger"])
    client, version = connecte(monde.direction), monde.monographie.version
    assert client.post(adresse, {"version": version, "motif": ""}).status_code == 422
    assert client.post(adresse, {"version": version, "motif": "La nuit manque."}).status_code == 302
    monde.monographie.refresh_from_db()
    assert monde.monographie.etat == "brouillon"


@pytest.mark.parametrize("texte", ["@verbatim {cle}", "Chez eux, le chef ne lit JAMAIS nos ecrits."])
def test_on_ne_publie_pas_les_mots_de_qui_n_a_pas_dit_oui(monde: Monde, texte: str) -> None:
    verbatim = VerbatimDeVisiteFactory(visite=monde.monographie.visite, texte="Le chef ne lit jamais nos écrits.")
    monde.ecrire(texte.format(cle=verbatim.pk))
    monde.mener("validee")
    verbatim.consentement = Consentement.RETIRE
    verbatim.save()
    with pytest.raises(Refus) as refus:
        changer_etat(monde.monographie, "publier", par=monde.pilote)
    assert "Effets sur l'organisation" in refus.value.manques[0].mesure
    verbatim.consentement = Consentement.DONNE
    verbatim.save()
    changer_etat(monde.monographie, "publier", par=monde.pilote)
    assert monde.monographie.etat == "publiee"


def test_qui_decide(monde: Monde) -> None:
    monde.mener("relecture")
    for compte in (monde.pilote, monde.auteur, affecter(Role.REFERENT, monde.monographie.parcours.esms)):
        with pytest.raises(Refus, match="direction"):
            changer_etat(monde.monographie, "valider", par=compte)
    passer(monde.monographie, monde.direction, "valider")
    with pytest.raises(Refus, match="pilote"):
        changer_etat(monde.monographie, "publier", par=monde.auteur)


# --- faits, documents, sigles --------------------------------------------------------------------------------------


def test_un_fait_s_ecrit_par_dessus_et_se_retire(monde: Monde) -> None:
    client, adresse = connecte(monde.auteur), monde.url("monographie-faits")
    assert faits_de(monde.monographie)[CodeFait.RAISON_SOCIALE].valeur == "IME Les Acacias"
    envoi = {"code": "raison_sociale", "raison_sociale-valeur": "IME de la Colline", "raison_sociale-source": "le site"}
    assert client.post(adresse, envoi).status_code == 302
    contenu = lire(client, adresse)
    assert "IME de la Colline" in contenu and "écrit par l’équipe, d’après le site" in contenu
    vide = client.post(adresse, {"code": "etp", "etp-valeur": ""})
    assert vide.status_code == 422 and "<details open" in vide.content.decode()
    assert client.post(adresse, {"code": "etp", "etp-valeur": "NIR 2 55 08 14 168 025 38"}).status_code == 422
    assert client.post(adresse, {"oublier": "raison_sociale"}).status_code == 302
    assert not faits_de(Monographie.objects.get())[CodeFait.RAISON_SOCIALE].est_ecrit
    assert connecte(monde.lecteur).post(adresse, envoi).status_code == 403


def test_des_documents_un_par_ligne_sans_doublon(monde: Monde) -> None:
    client, adresse = connecte(monde.auteur), monde.url("monographie-documents")
    client.post(adresse, {"titres": "Projet d'établissement\n\nRapport d'activité\nprojet d’établissement"})
    assert [str(d) for d in monde.monographie.documents.all()] == ["Projet d'établissement", "Rapport d'activité"]
    trop = client.post(adresse, {"titres": "a" * 300})
    assert trop.status_code == 422 and "a" * 300 in trop.content.decode()
    client.post(adresse, {"retirer": DocumentConsulte.objects.first().pk})
    assert [str(d) for d in monde.monographie.documents.all()] == ["Rapport d'activité"]
    ailleurs = DocumentConsulte.objects.create(monographie=un_monde().monographie, titre="Ailleurs")
    client.post(adresse, {"retirer": ailleurs.pk})
    assert DocumentConsulte.objects.filter(pk=ailleurs.pk).exists()


def test_les_sigles_inconnus_d_abord(monde: Monde) -> None:
    monde.ecrire("Le CODIR et la QVCT, vus par le CVS et l'ARS. Le CODIR encore.")
    client, adresse = connecte(monde.auteur), monde.url("monographie-sigles")
    contenu = lire(client, adresse)
    assert 'name="sens-CODIR"' in contenu and 'name="sens-QVCT"' not in contenu
    assert contenu.index("sens-CODIR") < contenu.index("Qualité de vie et conditions de travail")
    client.post(adresse, {"sens-CODIR": "Comité de direction", "sigle": "PAP", "sens": "Projet d'accompagnement"})
    assert dict(Sigle.objects.values_list("sigle", "sens")) == {
        "CODIR": "Comité de direction",
        "PAP": "Projet d'accompagnement",
    }
    assert client.post(adresse, {"sens": "Un sens sans sigle"}).status_code == 422
    client.post(adresse, {"retirer": Sigle.objects.get(sigle="PAP").pk})
    assert not Sigle.objects.filter(sigle="PAP").exists()


# --- à faire -------------------------------------------------------------------------------------------------------


def titres(compte: Utilisateur) -> list[str]:
    return [ligne.titre for ligne in a_faire(Utilisateur.objects.get(pk=compte.pk), date(2026, 12, 1))]


RELIRE, REMARQUES = "Une monographie attend votre relecture", "Répondre aux remarques de relecture"
PUBLIER = "Publier une monographie validée"


def test_ce_qui_attend_chacun(monde: Monde) -> None:
    assert RELIRE not in titres(monde.direction)
    monde.mener("relecture")
    assert RELIRE in titres(monde.direction) and RELIRE not in titres(monde.auteur)
    assert RELIRE not in titres(affecter(Role.REFERENT, monde.monographie.parcours.esms))
    assert RELIRE not in titres(affecter(Role.DIRECTEUR, ParcoursFactory().esms))
    # Directeur ailleurs, référent ici : ce n'est pas à lui de valider.
    double = affecter(Role.DIRECTEUR, ParcoursFactory().esms)
    assert RELIRE not in titres(affecter(Role.REFERENT, monde.monographie.parcours.esms, utilisateur=double))
    une = commenter(section=monde.section(), texte="À revoir.", par=monde.direction)
    assert REMARQUES in titres(monde.auteur) and REMARQUES not in titres(monde.lecteur)
    repondre(commentaire=une, reponse="Fait.", regle=True, par=monde.auteur)
    assert REMARQUES not in titres(monde.auteur)
    passer(monde.monographie, monde.direction, "valider")
    assert PUBLIER in titres(monde.pilote) and PUBLIER not in titres(monde.auteur)
    assert RELIRE not in titres(monde.direction)


def test_l_accueil_ne_demande_pas_plus_de_requetes(monde: Monde) -> None:
    def une_de_plus() -> Any:
        autre = un_monde()
        equiper(autre.monographie.visite.etude, monde.pilote)
        affecter(Role.DIRECTEUR, autre.monographie.parcours.esms, utilisateur=monde.direction)
        autre.mener("relecture")
        commenter(section=autre.section(), texte="À revoir.", par=autre.direction)

    une_de_plus()
    une_de_plus()
    comptes = (connecte(monde.pilote), connecte(monde.direction))
    avant = [nb_requetes(client, "/") for client in comptes]
    for _ in range(5):
        une_de_plus()
    assert [nb_requetes(client, "/") for client in comptes] == avant
