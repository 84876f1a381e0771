"""L'état des lieux d'une grappe et la matière du cahier des charges : comptes justes, mots gardés."""

import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from docx import Document

from programme.documents.cahier import cahier_de
from programme.enums import PrioriteBesoin, Role, Sujet
from programme.models import (
    Application,
    Besoin,
    BesoinCommun,
    DocumentSi,
    Equipement,
    Grappe,
    Interlocuteur,
    Module,
    Parcours,
    PersonneRessource,
)
from programme.services.etat_grappe import etat_de
from programme.socle.porte import changer_etat
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import (
    ApplicationFactory,
    EsmsFactory,
    GrappeFactory,
    ModuleFactory,
    OgFactory,
    ParcoursFactory,
    affecter,
    cheffe_de,
    directrice_de,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def grappe() -> Grappe:
    return GrappeFactory()


@pytest.fixture
def trio(grappe: Grappe) -> list[Parcours]:
    """Deux ESMS d'un OG, un d'un autre."""
    og = OgFactory(nom="Coteaux")
    siens = [ParcoursFactory(grappe=grappe, esms=EsmsFactory(og=og, nom=nom)) for nom in ("Aulnes", "Bouleaux")]
    return [*siens, ParcoursFactory(grappe=grappe, esms__nom="Charmes")]


def _commune(parcours: Parcours, **valeurs: Any) -> Application:
    ligne = ApplicationFactory.build(parcours=None, grappe=parcours.grappe, og=parcours.esms.og, **valeurs)
    ligne.save()
    return ligne


def _page(grappe: Grappe) -> str:
    return reverse("programme:grappe-etat-des-lieux", args=[grappe.pk])


def test_une_application_de_l_og_compte_pour_chacun_des_siens(grappe: Grappe, trio: list[Parcours]) -> None:
    _commune(trio[0], nom="Astreia", editeur="Maison Astreia", domaine="paie", sort="gardee")
    ApplicationFactory(parcours=trio[1], nom="ASTRÉIA", editeur="MAISON ASTREIA", domaine="paie", sort="arretee")
    ApplicationFactory(parcours=trio[2], nom="Autre paie", editeur="", domaine="paie")
    etat = etat_de(grappe, par=cheffe_de(grappe))
    assert [titre for titre, _ in etat.domaines] == ["Paie, ressources humaines"]
    astreia, sans = etat.domaines[0][1]
    assert len(astreia.esms) == 2, "deux graphies d'un éditeur n'en font qu'un"
    assert astreia.sorts_en_mots == "gardée telle quelle : 1, à arrêter : 1", "l'exception locale compte pour la sienne"
    assert (sans.editeur, len(sans.esms)) == ("Éditeur pas dit", 1)


def test_qui_a_repondu_qui_manque_et_quoi(grappe: Grappe, trio: list[Parcours]) -> None:
    DocumentSi.objects.create(grappe=grappe, og=trio[0].esms.og, nature="schema", lieu="intranet")
    Interlocuteur.objects.create(sujet=Sujet.SI, esms=trio[0].esms, nom="DSI")
    Interlocuteur.objects.create(sujet=Sujet.SI, esms=trio[2].esms, nom="DSI")
    etat = etat_de(grappe, par=cheffe_de(grappe))
    assert [e.manque for e in etat.esms] == ["", "un contact", "un document"]
    assert [str(e.parcours) for e in etat.ont_repondu] == ["Aulnes"]
    texte = connecte(cheffe_de(grappe)).get(_page(grappe)).content.decode()
    assert "2 ESMS attendent encore" in texte and "manque un contact" in texte and "sur 3 ESMS" in texte


def test_les_sortis_ne_comptent_plus(grappe: Grappe, trio: list[Parcours]) -> None:
    changer_etat(trio[2], "sortir", par=cheffe_de(grappe), motif="Retrait", raison="retrait")
    assert len(etat_de(grappe, par=cheffe_de(grappe)).esms) == 2


def test_zero_heure_se_voit_et_n_est_pas_pas_dit(grappe: Grappe, trio: list[Parcours]) -> None:
    for parcours, heures in zip(trio, (0, 7, None), strict=True):
        if heures is not None:
            PersonneRessource.objects.create(
                parcours=parcours, fonction="Référent", expertise="pilotage", heures_accordees=heures
            )
    assert [e.heures for e in etat_de(grappe, par=cheffe_de(grappe)).esms] == [0, 7, None]
    texte = connecte(cheffe_de(grappe)).get(_page(grappe)).content.decode()
    assert texte.count("zéro heure") == 1 and "7 h" in texte


def test_chacun_ne_compte_que_ce_qu_il_lit(grappe: Grappe, trio: list[Parcours]) -> None:
    for parcours in trio:
        ApplicationFactory(parcours=parcours, nom=f"Outil de {parcours}")
        Besoin.objects.create(parcours=parcours, libelle=f"Besoin de {parcours}")
    client = connecte(directrice_de(trio[0]))
    texte = client.get(_page(grappe)).content.decode()
    assert "Outil de Aulnes" in texte and "Besoin de Aulnes" in texte
    for tu in ("Bouleaux", "Charmes"):
        assert tu not in texte
    for liste in ("application-liste", "besoin-liste"):
        texte = client.get(reverse(f"programme:{liste}")).content.decode()
        assert "Aulnes" in texte and "Charmes" not in texte


def test_le_financeur_n_a_ni_page_ni_docx_ni_liste(grappe: Grappe, trio: list[Parcours]) -> None:
    ApplicationFactory(parcours=trio[0], nom="Outil tu")
    Besoin.objects.create(parcours=trio[0], libelle="Besoin tu")
    changer_etat(grappe, "deposer", par=cheffe_de(grappe))
    client = connecte(affecter(Role.ARS, grappe.region))
    assert client.get(_page(grappe)).status_code == 403
    assert client.get(reverse("programme:grappe-cahier", args=[grappe.pk])).status_code == 403
    for liste in ("application-liste", "besoin-liste"):
        texte = client.get(reverse(f"programme:{liste}")).content.decode()
        assert " tu" not in texte.split("<main")[1].split("</main>")[0].replace(" tut", "")


# --- les besoins portés ----------------------------------------------------------------------------------------------


def test_la_priorite_la_plus_forte_l_emporte_et_personne_n_est_perdu(grappe: Grappe, trio: list[Parcours]) -> None:
    agenda, journal = ModuleFactory(code="agenda", nom="Agenda"), ModuleFactory()
    commun = BesoinCommun.objects.create(grappe=grappe, libelle="Une relève lisible")
    for parcours, mots, priorite in (
        (trio[0], "Lire la nuit", PrioriteBesoin.PLUS_TARD),
        (trio[1], "Lire la nuit", PrioriteBesoin.INDISPENSABLE),
        (trio[2], "Un seul écran", PrioriteBesoin.UTILE),
    ):
        Besoin.objects.create(parcours=parcours, libelle=mots, priorite=priorite, module=journal, commun=commun)
    for parcours in trio[:2]:
        Besoin.objects.create(parcours=parcours, libelle="Voir les rendez-vous", module=agenda)
    Besoin.objects.create(parcours=trio[2], libelle="voir les RENDEZ-VOUS !", module=agenda)
    Besoin.objects.create(parcours=trio[2], libelle="Dicter", priorite=PrioriteBesoin.PLUS_TARD)
    etat = etat_de(grappe, par=cheffe_de(grappe))
    portes = {titre: lignes for titre, lignes in etat.besoins}
    assert list(portes)[-1] == "Sans module en particulier"
    releve = portes["Journal de bord"][0]
    assert (releve.libelle, releve.priorite) == ("Une relève lisible", "Indispensable")
    assert releve.demandeurs == ["Aulnes", "Bouleaux", "Charmes"]
    assert releve.mots == ["« Lire la nuit » (Aulnes, Bouleaux)", "« Un seul écran » (Charmes)"]
    assert [len(b.demandeurs) for b in portes["Agenda"]] == [3], "les mêmes mots se lisent sur une ligne"
    assert etat.nb_besoins == 7


# --- le document -----------------------------------------------------------------------------------------------------


def _textes(octets: bytes) -> str:
    document = Document(io.BytesIO(octets))
    cases = [c.text for t in document.tables for r in t.rows for c in r.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cases])


def test_le_docx_porte_tout_et_n_interprete_rien(grappe: Grappe, trio: list[Parcours]) -> None:
    grappe.modules.add(ModuleFactory())
    ApplicationFactory(parcours=trio[0], nom="<w:p>{{ grappe }} & Cie", editeur="A & B", interface="Prénoms < noms")
    Besoin.objects.create(parcours=trio[1], libelle="Écrire « vite » & bien", module=Module.objects.get())
    Equipement.objects.create(parcours=trio[0], postes=3, simultanes=6, tablettes=2, wifi="absent")
    reponse = connecte(cheffe_de(grappe)).get(reverse("programme:grappe-cahier", args=[grappe.pk]))
    texte = _textes(reponse.content)
    for mots in (
        "<w:p>{{ grappe }} & Cie",
        "A & B",
        "Prénoms < noms",
        "Écrire « vite » & bien",
        "Modules attendus : Journal de bord.",
        "Bouleaux : il manque un document et un contact.",
        "1 ESMS le dit : 3 postes pour 6 personnes",
        "Aulnes : il manque 3 postes à l'heure la plus chargée ; des tablettes",
    ):
        assert mots in texte, mots
    assert "{%" not in texte and "{{ e." not in texte
    assert "cahier-des-charges-" in reponse["Content-Disposition"]


def test_le_docx_d_une_grappe_vide_le_dit(grappe: Grappe) -> None:
    texte = _textes(cahier_de(grappe, par=cheffe_de(grappe), le=timezone.localtime()).en_docx())
    assert "Aucune application n’est encore dite." in texte and "Aucun besoin n’est encore exprimé." in texte
    assert "Aucun ESMS n'a encore dit ses postes" in texte


def test_le_docx_a_des_titres_et_des_en_tetes_qui_se_repetent(grappe: Grappe, trio: list[Parcours]) -> None:
    document = Document(io.BytesIO(cahier_de(grappe, par=cheffe_de(grappe), le=timezone.localtime()).en_docx()))
    proprietes = document.core_properties
    assert (proprietes.author, proprietes.language) == ("Treille", "fr-FR") and grappe.nom in proprietes.title
    titres = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert len(titres) == 4
    for table in document.tables:
        assert "tblHeader" in table.rows[0]._tr.xml


# --- l'échelle -------------------------------------------------------------------------------------------------------


def _peupler(grappe: Grappe, nombre: int) -> None:
    for rang in range(nombre):
        parcours = ParcoursFactory(grappe=grappe)
        ApplicationFactory(parcours=parcours)
        Besoin.objects.create(parcours=parcours, libelle=f"Besoin {rang}", module=ModuleFactory())
        Equipement.objects.create(parcours=parcours, postes=1, simultanes=2)


def test_la_page_coute_autant_a_un_esms_qu_a_cinquante(grappe: Grappe) -> None:
    exiger_requetes_constantes(connecte(cheffe_de(grappe)), _page(grappe), lambda n: _peupler(grappe, n))


def test_le_docx_coute_autant_a_un_esms_qu_a_vingt(grappe: Grappe) -> None:
    cheffe = cheffe_de(grappe)

    def compter() -> int:
        with CaptureQueriesContext(connection) as captees:
            cahier_de(grappe, par=cheffe, le=timezone.localtime())
        return len(captees)

    _peupler(grappe, 1)
    compter()  # le périmètre se lit une fois par compte
    a_un = compter()
    _peupler(grappe, 19)
    assert compter() == a_un


@pytest.mark.parametrize("liste", ["application-liste", "besoin-liste"])
def test_les_listes_coutent_autant_a_une_ligne_qu_a_cinquante(grappe: Grappe, liste: str) -> None:
    client = connecte(cheffe_de(grappe))
    exiger_requetes_constantes(client, reverse(f"programme:{liste}"), lambda n: _peupler(grappe, n))
