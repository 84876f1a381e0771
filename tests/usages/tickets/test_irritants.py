"""Les irritants : en nommer un, y rapprocher des tickets d'un geste, en détacher, l'oublier."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from programme.enums import Role
from programme.models import Editeur
from programme.socle.erreurs import Refus
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, affecter
from tests.usages.fabriques import IrritantFactory, TicketFactory
from tests.usages.tickets.aides import Decor, decor
from usages.models import Irritant, Ticket
from usages.services.tickets import irritants as services

pytestmark = pytest.mark.django_db
LOT = "usages:ticket-lot"


@pytest.fixture
def d() -> Decor:
    return decor()


@pytest.fixture
def poste(d: Decor) -> Client:
    return connecte(d.cheffe)


def tickets(d: Decor, **champs: Any) -> list[Ticket]:
    communs = {"editeur": d.solution.editeur, "module": d.agenda} | champs
    return [TicketFactory(parcours=p, **communs) for p in (d.coteau, d.vergers)]


def lot(poste: Client, choisis: list[Ticket], **champs: Any) -> Any:
    cles = ",".join(str(t.pk) for t in choisis)
    return poste.post(reverse(LOT), {"action": "rapprocher", "choix": cles, **champs})


def vus(reponse: Any) -> str:
    return str(reponse.context["vus"])


def test_nommer_puis_rapprocher_d_un_seul_geste(poste: Client, d: Decor) -> None:
    choisis = tickets(d)
    apercu = lot(poste, choisis, etape="apercu", irritant="nouveau", libelle="L'agenda se vide la nuit")
    assert not Irritant.objects.exists(), "l'aperçu n'écrit rien"
    faite = lot(
        poste, choisis, etape="confirmer", irritant="nouveau", libelle="L'agenda se vide la nuit", vus=vus(apercu)
    )
    assert faite.status_code == 302
    irritant = Irritant.objects.get()
    assert (irritant.editeur, irritant.module, irritant.grappe) == (d.solution.editeur, d.agenda, d.grappe)
    assert set(irritant.tickets.all()) == set(choisis)


def test_rapprocher_d_un_qui_existe_met_de_cote_ceux_d_un_autre_editeur(poste: Client, d: Decor) -> None:
    irritant = IrritantFactory(grappe=d.grappe, editeur=d.solution.editeur)
    bons, autre = tickets(d), TicketFactory(parcours=d.coteau, editeur=Editeur.objects.create(nom="Autre"))
    regle = {"irritant": str(irritant.pk), "libelle": ""}
    apercu = lot(poste, [*bons, autre], etape="apercu", **regle)
    assert [li.objet for li in apercu.context["ecartees"]] == [autre]
    assert "autre éditeur" in apercu.context["ecartees"][0].refus
    lot(poste, [*bons, autre], etape="confirmer", vus=vus(apercu), **regle)
    assert set(irritant.tickets.all()) == set(bons)


def test_un_apercu_perime_n_ecrit_rien(poste: Client, d: Decor) -> None:
    irritant, choisis = IrritantFactory(grappe=d.grappe, editeur=d.solution.editeur), tickets(d)
    regle = {"irritant": str(irritant.pk), "libelle": ""}
    apercu = lot(poste, choisis, etape="apercu", **regle)
    Ticket.objects.filter(pk=choisis[0].pk).update(irritant=irritant)
    assert lot(poste, choisis, etape="confirmer", vus=vus(apercu), **regle).status_code == 409
    assert irritant.tickets.count() == 1


def test_un_nouvel_irritant_demande_des_mots_et_un_seul_editeur(poste: Client, d: Decor) -> None:
    choisis = tickets(d)
    sans_mot = lot(poste, choisis, etape="apercu", irritant="nouveau", libelle="")
    assert sans_mot.status_code == 422
    autre = TicketFactory(parcours=d.coteau, editeur=Editeur.objects.create(nom="Autre"))
    deux = lot(poste, [*choisis, autre], etape="apercu", irritant="nouveau", libelle="Lenteur")
    assert deux.status_code == 422 and "même éditeur" in str(deux.context["formulaire"].errors)


def test_detacher(poste: Client, d: Decor) -> None:
    irritant = IrritantFactory(grappe=d.grappe, editeur=d.solution.editeur)
    choisis = tickets(d, irritant=irritant)
    apercu = lot(poste, choisis, action="detacher", etape="apercu")
    lot(poste, choisis, action="detacher", etape="confirmer", vus=vus(apercu))
    assert not irritant.tickets.exists()


def test_qui_ne_suit_pas_les_editeurs_ne_rapproche_pas(d: Decor) -> None:
    directeur = affecter(Role.DIRECTEUR, d.coteau.esms)
    assert lot(connecte(directeur), tickets(d), etape="apercu").status_code == 403
    irritant = IrritantFactory(grappe=d.grappe, editeur=d.solution.editeur)
    with pytest.raises(Refus):
        services.rapprocher(tickets=Ticket.objects.all(), irritant=irritant, par=directeur)
    assert not irritant.tickets.exists()


def test_un_ticket_d_une_autre_grappe_ne_s_y_rapproche_pas(d: Decor) -> None:
    irritant = IrritantFactory(grappe=d.grappe, editeur=d.solution.editeur)
    ailleurs = TicketFactory(parcours=ParcoursFactory())
    affecter(Role.CHEF_PROJET, ailleurs.grappe, utilisateur=d.cheffe)
    with pytest.raises(Refus, match="autre grappe"):
        services.rapprocher(tickets=[ailleurs], irritant=irritant, par=d.cheffe)


def test_nommer_deux_fois_le_meme_se_dit(poste: Client, d: Decor) -> None:
    IrritantFactory(grappe=d.grappe, editeur=d.solution.editeur, libelle="Écran figé")
    adresse = reverse("usages:irritant-creer", args=[d.grappe.pk])
    assert "selected>" in poste.get(adresse).text or "selected" in poste.get(adresse).text
    reponse = poste.post(adresse, {"libelle": "ecran  FIGE", "editeur": d.solution.editeur_id})
    assert reponse.status_code == 422 and "existe déjà" in reponse.text


def test_redire_puis_oublier(poste: Client, d: Decor) -> None:
    irritant = IrritantFactory(grappe=d.grappe, editeur=d.solution.editeur)
    choisis = tickets(d, irritant=irritant)
    autre = Editeur.objects.create(nom="Autre")
    IrritantFactory(grappe=d.grappe, editeur=autre)
    adresse = reverse("usages:irritant-modifier", args=[irritant.pk])
    refuse = poste.post(adresse, {"libelle": "Autrement dit", "editeur": autre.pk})
    assert refuse.status_code == 422 and "un autre éditeur" in re.sub(r"\s+", " ", refuse.text)
    assert poste.post(adresse, {"libelle": "Autrement dit", "editeur": d.solution.editeur_id}).status_code == 302
    irritant.refresh_from_db()
    assert (irritant.libelle, irritant.tri) == ("Autrement dit", "autrement dit")
    oublier = reverse("usages:irritant-supprimer", args=[irritant.pk])
    assert "2 tickets le perdent" in poste.get(oublier).text
    poste.post(oublier)
    assert set(Ticket.objects.filter(irritant=None)) == set(choisis)
