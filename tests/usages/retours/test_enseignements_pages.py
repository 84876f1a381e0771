"""Les pages des enseignements du pilote : la liste d'une grappe, un enseignement, ce qu'un ESMS lit avant d'ouvrir."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programme.enums import EtatParcours, Role
from programme.models import Parcours
from programme.socle.porte import changer_etat
from tests.aides import connecte, exiger_requetes_constantes, lignes_csv
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.usages.calculs.aides import forcer
from tests.usages.fabriques import IrritantFactory, TicketFactory
from tests.usages.retours.fabriques import EnseignementFactory, RetourFactory, conduire
from usages.models import Enseignement, LectureEnseignement
from usages.models.retours import semaine_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def pilote() -> Parcours:
    return ParcoursFactory(est_pilote=True, esms__nom="IME Les Acacias")


@pytest.fixture
def suivant(pilote: Parcours) -> Parcours:
    parcours = ParcoursFactory(grappe=pilote.grappe, esms__nom="ESAT La Palombière")
    forcer(parcours, etat=EtatParcours.PREPARATION)
    return Parcours.objects.get(pk=parcours.pk)


def url(nom: str, *args: Any) -> str:
    return reverse(f"usages:{nom}", args=args)


def page(client: Client, adresse: str) -> str:
    reponse = client.get(adresse)
    assert reponse.status_code == 200, adresse
    return str(reponse.content.decode())


def saisie(**champs: Any) -> dict[str, Any]:
    return {"libelle": "Ouvrir la nuit avec le jour", "conseil": "Former la nuit d'abord.", "vu": ""} | champs


# --- la liste ------------------------------------------------------------------------------------------------------


def test_a_regler_d_abord_clos_replies_et_le_csv_suit(pilote: Parcours) -> None:
    cheffe = cheffe_de(pilote.grappe)
    EnseignementFactory(grappe=pilote.grappe, libelle="Bon à savoir", pilote=pilote)
    EnseignementFactory(grappe=pilote.grappe, libelle="À régler vite", a_regler=True)
    clos = EnseignementFactory(grappe=pilote.grappe, libelle="Déjà réglé")
    EnseignementFactory(libelle="Autre grappe")
    changer_etat(clos, "clore", par=cheffe, motif="Postes livrés")
    client, adresse = connecte(cheffe), url("grappe-enseignements", pilote.grappe_id)
    contenu = page(client, adresse)
    assert contenu.index("À régler vite") < contenu.index("Bon à savoir") < contenu.index("1 enseignement clos")
    assert "clos : Postes livrés" in contenu and "Autre grappe" not in contenu and "dont 1 à régler" in contenu
    lignes = lignes_csv(client.get(adresse, {"format": "csv"}))
    assert [ligne[0] for ligne in lignes[1:]] == ["À régler vite", "Bon à savoir"]
    assert "Bon à savoir" not in page(client, f"{adresse}?recherche=vite")
    tous = page(client, f"{adresse}?etat=toutes")
    assert "Déjà réglé" in tous and "1 enseignement clos" not in tous


def test_le_nom_du_pilote_ne_se_montre_qu_a_qui_le_suit(pilote: Parcours, suivant: Parcours) -> None:
    direction = directrice_de(pilote)
    ecrit = EnseignementFactory(grappe=pilote.grappe, pilote=pilote, ecrit_par=direction)
    changer_etat(ecrit, "clore", par=direction, motif="Réglé depuis")
    changer_etat(ecrit, "rouvrir", par=direction, motif="Il revient")
    LectureEnseignement.objects.create(enseignement=ecrit, parcours=pilote, lu_par=direction)
    voisine, cheffe = connecte(directrice_de(suivant)), connecte(cheffe_de(pilote.grappe))
    for adresse in (
        url("grappe-enseignements", pilote.grappe_id),
        url("enseignement-detail", ecrit.pk),
        url("parcours-enseignements", suivant.pk),
    ):
        assert "IME Les Acacias" in page(cheffe, adresse)
        contenu = page(voisine, adresse)
        assert "n site pilote" in contenu and "IME Les Acacias" not in contenu and str(direction) not in contenu
    brut = b"".join(voisine.get(url("grappe-enseignements", pilote.grappe_id), {"format": "csv"})).decode()
    assert "un site pilote" in brut and "IME Les Acacias" not in brut


def test_la_liste_vide_dit_pourquoi_et_le_premier_geste(pilote: Parcours, suivant: Parcours) -> None:
    adresse = url("grappe-enseignements", pilote.grappe_id)
    assert "Écrire le premier" in page(connecte(cheffe_de(pilote.grappe)), adresse)
    assert "Écrire le premier" not in page(connecte(directrice_de(suivant)), adresse)


def test_autre_grappe_404_financeur_403(pilote: Parcours, suivant: Parcours) -> None:
    ecrit = EnseignementFactory(grappe=pilote.grappe)
    forcer(pilote.grappe, etat="deploiement")
    adresses = {
        "liste": url("grappe-enseignements", pilote.grappe_id),
        "creer": url("enseignement-creer", pilote.grappe_id),
        "detail": url("enseignement-detail", ecrit.pk),
        "modifier": url("enseignement-modifier", ecrit.pk),
        "a_lire": url("parcours-enseignements", suivant.pk),
    }
    etrangere, financeur = connecte(cheffe_de(GrappeFactory())), connecte(affecter(Role.ARS, pilote.grappe))
    assert {etrangere.get(a).status_code for a in adresses.values()} == {404}
    codes = {nom: financeur.get(a).status_code for nom, a in adresses.items()}
    assert codes == {"liste": 403, "creer": 403, "detail": 404, "modifier": 404, "a_lire": 403}
    directrice = connecte(directrice_de(suivant))
    refus = directrice.get(adresses["creer"])
    assert refus.status_code == 403 and "revient au chef de projet" in refus.content.decode()
    assert directrice.get(adresses["modifier"]).status_code == 403


# --- écrire --------------------------------------------------------------------------------------------------------


def test_la_cheffe_ecrit_au_nom_du_pilote_qu_on_lui_propose(pilote: Parcours, suivant: Parcours) -> None:
    client, adresse = connecte(cheffe_de(pilote.grappe)), url("enseignement-creer", pilote.grappe_id)
    propose = client.get(f"{adresse}?pilote={pilote.pk}")
    assert f'value="{pilote.pk}" selected' in propose.content.decode()
    reponse = client.post(adresse, saisie(pilote=pilote.pk, a_regler="on"))
    ecrit = Enseignement.objects.get()
    assert reponse.url == url("enseignement-detail", ecrit.pk) and ecrit.a_regler and ecrit.pilote == pilote
    faute = client.post(adresse, saisie(pilote=suivant.pk, conseil=""))
    assert faute.status_code == 422 and {"pilote", "conseil"} <= set(faute.context["formulaire"].errors)
    assert client.post(adresse, saisie(conseil="NIR 2 55 08 14 168 025 38")).status_code == 422


def test_la_direction_du_pilote_n_ecrit_qu_en_son_nom(pilote: Parcours) -> None:
    ParcoursFactory(grappe=pilote.grappe, est_pilote=True, esms__nom="SESSAD d'à côté")
    client, adresse = connecte(directrice_de(pilote)), url("enseignement-creer", pilote.grappe_id)
    contenu = page(client, adresse)
    assert "IME Les Acacias" in contenu and "d&#x27;à côté" not in contenu
    assert client.post(adresse, saisie()).status_code == 422, "elle dit quel pilote"
    assert client.post(adresse, saisie(pilote=pilote.pk)).status_code == 302


def test_modifier_sans_se_marcher_dessus(pilote: Parcours) -> None:
    cheffe = cheffe_de(pilote.grappe)
    ecrit = EnseignementFactory(grappe=pilote.grappe)
    client, adresse = connecte(cheffe), url("enseignement-modifier", ecrit.pk)
    vu = client.get(adresse).context["formulaire"]["vu"].value()
    assert client.post(adresse, saisie(vu=vu)).status_code == 302
    croise = client.post(adresse, saisie(vu=vu, libelle="Encore autre chose"))
    assert croise.status_code == 409 and "Encore autre chose" in croise.content.decode()
    changer_etat(Enseignement.objects.get(), "clore", par=cheffe, motif="Réglé")
    assert client.get(adresse).url == url("enseignement-detail", ecrit.pk)


def test_la_page_dit_qui_l_a_lu_et_qui_se_prepare_sans_l_avoir_lu(pilote: Parcours, suivant: Parcours) -> None:
    ecrit = EnseignementFactory(grappe=pilote.grappe, pilote=pilote)
    client, adresse = connecte(cheffe_de(pilote.grappe)), url("enseignement-detail", ecrit.pk)
    avant = page(client, adresse)
    assert "En préparation, et ne l’ont pas encore lu" in avant and "ESAT La Palombière" in avant and "Clore" in avant
    directrice = directrice_de(suivant)
    LectureEnseignement.objects.create(enseignement=ecrit, parcours=suivant, lu_par=directrice)
    apres = page(client, adresse)
    assert f"dit lu par {directrice}" in apres and "En préparation, et" not in apres


# --- ce qu'un ESMS lit avant d'ouvrir ------------------------------------------------------------------------------


def test_j_ai_lu_un_puis_tous_ceux_que_la_page_montrait(pilote: Parcours, suivant: Parcours) -> None:
    premier, second, troisieme = EnseignementFactory.create_batch(3, grappe=pilote.grappe)
    directrice = directrice_de(suivant)
    client, adresse = connecte(directrice), url("parcours-enseignements", suivant.pk)
    assert "J’ai tout lu (3)" in page(client, adresse)
    assert client.post(adresse, {"enseignement": premier.pk}).url == adresse
    contenu = page(client, adresse)
    assert f"Lu par {directrice}" in contenu and "J’ai tout lu (2)" in contenu
    arrive = EnseignementFactory(grappe=pilote.grappe)
    client.post(adresse, {"enseignement": [second.pk, troisieme.pk, EnseignementFactory().pk]})
    lus = set(suivant.enseignements_lus.values_list("enseignement", flat=True))
    assert lus == {premier.pk, second.pk, troisieme.pk} and arrive.pk not in lus
    assert client.post(adresse, {"enseignement": "x"}).status_code == 302


def test_ce_qui_est_a_regler_puis_ce_qui_reste_a_lire_d_abord(pilote: Parcours, suivant: Parcours) -> None:
    directrice = directrice_de(suivant)
    crees = {
        nom: EnseignementFactory(grappe=pilote.grappe, libelle=nom, a_regler="régler" in nom)
        for nom in ("Lu à savoir", "Pas lu à savoir", "Lu à régler", "Pas lu à régler")
    }
    for nom in ("Lu à savoir", "Lu à régler"):
        LectureEnseignement.objects.create(enseignement=crees[nom], parcours=suivant, lu_par=directrice)
    reponse = connecte(directrice).get(url("parcours-enseignements", suivant.pk))
    ordre = [ligne.enseignement.libelle for ligne in reponse.context["page"].a_lire]
    assert ordre == ["Pas lu à régler", "Lu à régler", "Pas lu à savoir", "Lu à savoir"]


def test_la_cheffe_lit_la_page_sans_dire_lu(pilote: Parcours, suivant: Parcours) -> None:
    ecrit = EnseignementFactory(grappe=pilote.grappe)
    client, adresse = connecte(cheffe_de(pilote.grappe)), url("parcours-enseignements", suivant.pk)
    assert "Pas encore lu" in page(client, adresse) and "J’ai lu" not in page(client, adresse)
    assert client.post(adresse, {"enseignement": ecrit.pk}).status_code == 403


def test_ce_qui_gene_encore_les_pilotes_se_resume_sans_dire_qui(pilote: Parcours, suivant: Parcours) -> None:
    directrice = directrice_de(pilote)
    passee = semaine_de(timezone.localdate()) - timedelta(days=7)
    anciens = [RetourFactory(parcours=pilote) for _ in range(2)]
    type(anciens[0]).objects.filter(parcours=pilote).update(recu_le=passee)
    conduire(anciens[0], "qualifier", par=directrice, titre="Impression trop longue")
    conduire(RetourFactory(parcours=pilote), "qualifier", par=directrice, titre="Reçu cette semaine")
    hors_pilote = RetourFactory(parcours=suivant)
    type(hors_pilote).objects.filter(pk=hors_pilote.pk).update(recu_le=passee)
    conduire(hors_pilote, "qualifier", par=directrice_de(suivant), titre="Pas d'un pilote")
    irritant, muet = IrritantFactory.create_batch(2, grappe=pilote.grappe)
    TicketFactory(grappe=pilote.grappe, parcours=pilote, irritant=irritant)
    TicketFactory(grappe=pilote.grappe, parcours=suivant, irritant=muet)
    contenu = page(connecte(directrice_de(suivant)), url("parcours-enseignements", suivant.pk))
    assert "Impression trop longue" in contenu and irritant.libelle in contenu
    for tu in ("Reçu cette semaine", "d&#x27;un pilote", muet.libelle, "IME Les Acacias", anciens[1].probleme[:20]):
        assert tu not in contenu, tu


def test_la_page_d_un_pilote_montre_ce_qu_il_a_ecrit(pilote: Parcours) -> None:
    client, adresse = connecte(directrice_de(pilote)), url("parcours-enseignements", pilote.pk)
    assert "Rien d’écrit encore" in page(client, adresse)
    EnseignementFactory(grappe=pilote.grappe, pilote=pilote, libelle="Deux postes de plus")
    contenu = page(client, adresse)
    assert "Deux postes de plus" in contenu and "J’ai lu" not in contenu and "Écrire un enseignement" in contenu


def test_autant_de_requetes_a_une_ligne_qu_a_cinquante(pilote: Parcours, suivant: Parcours) -> None:
    directrice, cheffe = directrice_de(suivant), cheffe_de(pilote.grappe)

    def peupler(n: int) -> None:
        for ecrit in EnseignementFactory.create_batch(n, grappe=pilote.grappe, pilote=pilote):
            LectureEnseignement.objects.create(enseignement=ecrit, parcours=suivant, lu_par=directrice)

    exiger_requetes_constantes(connecte(cheffe), url("grappe-enseignements", pilote.grappe_id), peupler)
    exiger_requetes_constantes(connecte(directrice), url("parcours-enseignements", suivant.pk), peupler)
    ecrit = EnseignementFactory(grappe=pilote.grappe)

    def attendre(n: int) -> None:
        for p in ParcoursFactory.create_batch(n, grappe=pilote.grappe):
            LectureEnseignement.objects.create(enseignement=ecrit, parcours=p, lu_par=directrice)
        ParcoursFactory.create_batch(n, grappe=pilote.grappe)

    exiger_requetes_constantes(connecte(cheffe), url("enseignement-detail", ecrit.pk), attendre)
