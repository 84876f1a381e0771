"""Les pages du financement : ce que chacun y lit, ce que la cheffe y écrit, ce que le financeur demande."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from programme.enums import EtatJalon, NatureAvenant, Role
from programme.models import Avenant, Convention, Grappe, Jalon, Parcours
from programme.permissions import FINANCEMENT_RESERVE
from programme.services import financement as services
from programme.socle.a_faire import Urgence, a_faire
from programme.socle.models import Piece
from programme.socle.pieces import deposer
from programme.socle.porte import changer_etat
from tests.aides import connecte, exiger_requetes_constantes, lignes_csv
from tests.fabriques import (
    AvenantFactory,
    ConventionFactory,
    DepartementFactory,
    GrappeFactory,
    JalonFactory,
    ParcoursFactory,
    RegionFactory,
    affecter,
    cheffe_de,
    directrice_de,
    pdf,
)

pytestmark = pytest.mark.django_db
AUJOURD_HUI = timezone.localdate()


@pytest.fixture
def grappe() -> Grappe:
    grappe = GrappeFactory()
    changer_etat(grappe, "deposer", par=cheffe_de(grappe))
    return grappe


@pytest.fixture
def cheffe(grappe: Grappe) -> Any:
    return cheffe_de(grappe)


@pytest.fixture
def ars(grappe: Grappe) -> Any:
    return affecter(Role.ARS, grappe.region)


@pytest.fixture
def convention(grappe: Grappe) -> Convention:
    return ConventionFactory(grappe=grappe)


def _page(compte: Any, nom: str, cle: Any, statut: int = 200) -> str:
    reponse = connecte(compte).get(reverse(f"programme:{nom}", args=[cle]))
    assert reponse.status_code == statut
    return reponse.content.decode()


def _financement(compte: Any, grappe: Grappe, statut: int = 200) -> str:
    return _page(compte, "grappe-financement", grappe.pk, statut)


# --- qui lit -------------------------------------------------------------------------------------------------------


def test_qui_lit_le_financement(convention: Convention) -> None:
    grappe = convention.grappe
    parcours = ParcoursFactory(grappe=grappe)
    porteur = ParcoursFactory(grappe=grappe).esms.og
    grappe.porteur = porteur
    grappe.save()
    jalon, avenant = JalonFactory(convention=convention), AvenantFactory(convention=convention)
    lecteurs = [
        cheffe_de(grappe),
        affecter(Role.ARS, grappe.region),
        affecter(Role.ARS),
        affecter(Role.SIEGE, porteur),
        affecter(Role.MEMBRE, grappe),
        affecter(Role.ADMIN),
    ]
    voient_sans_lire = [
        directrice_de(parcours),
        affecter(Role.SIEGE, parcours.esms.og),
        affecter(Role.GRADES, grappe.region),
        affecter(Role.APPUI, grappe),
        affecter(Role.REFERENT, parcours.esms),
    ]
    dehors = [cheffe_de(GrappeFactory()), affecter(Role.ARS, RegionFactory(code="11", nom="Île-de-France"))]
    for compte in lecteurs:
        assert convention.reference in _financement(compte, grappe)
        assert set(Jalon.objects.visibles_par(compte)) == {jalon}
        assert set(Avenant.objects.visibles_par(compte)) == {avenant}
        assert set(Convention.objects.visibles_par(compte)) == {convention}
    for compte, statut in [(c, 403) for c in voient_sans_lire] + [(c, 404) for c in dehors]:
        page = _financement(compte, grappe, statut)
        assert statut == 404 or FINANCEMENT_RESERVE.split("'")[0] in page
        assert not Jalon.objects.visibles_par(compte).exists()
        _page(compte, "jalon-detail", jalon.pk, 404)
        _page(compte, "avenant-detail", avenant.pk, 404)


def test_l_ars_d_une_autre_region_ou_la_grappe_a_un_esms_lit_sans_demander(convention: Convention) -> None:
    bretagne = RegionFactory(code="53", nom="Bretagne")
    departement = DepartementFactory(code="35", nom="Ille-et-Vilaine", code_finess="35", region=bretagne)
    ParcoursFactory(grappe=convention.grappe, esms__departement=departement)
    voisine = affecter(Role.ARS, bretagne)
    jalon = JalonFactory(convention=convention)
    assert convention.reference in _financement(voisine, convention.grappe)
    changer_etat(jalon, "transmettre", par=cheffe_de(convention.grappe))
    url = reverse("programme:passage", args=["jalon", jalon.pk, "demander_precision"])
    assert connecte(voisine).get(url).status_code == 403


def test_avant_le_depot_le_financeur_n_en_sait_rien() -> None:
    grappe = GrappeFactory()
    jalon = JalonFactory(convention__grappe=grappe)
    for compte in (affecter(Role.ARS, grappe.region), affecter(Role.ARS, grappe), affecter(Role.ARS)):
        assert not Jalon.objects.visibles_par(compte).exists()
        _page(compte, "jalon-detail", jalon.pk, 404)


def test_l_onglet_ne_se_montre_qu_a_qui_lit(convention: Convention, cheffe: Any, ars: Any) -> None:
    parcours = ParcoursFactory(grappe=convention.grappe)
    url = reverse("programme:grappe-financement", args=[convention.grappe.pk])
    assert url in _page(cheffe, "grappe-detail", convention.grappe.pk)
    assert url in _page(ars, "grappe-detail", convention.grappe.pk)
    assert url not in _page(directrice_de(parcours), "grappe-detail", convention.grappe.pk)


# --- la page -------------------------------------------------------------------------------------------------------


def test_sans_convention_la_page_dit_le_premier_geste(grappe: Grappe, cheffe: Any, ars: Any) -> None:
    assert "Enregistrer la convention" in _financement(cheffe, grappe)
    assert "Enregistrer la convention" not in _financement(ars, grappe)


def test_la_tete_la_barre_et_la_table_disent_les_memes_sommes(convention: Convention, cheffe: Any) -> None:
    verse = JalonFactory(convention=convention, montant=Decimal("30000"))
    for transition in ("transmettre", "accepter", "verser"):
        changer_etat(verse, transition, par=cheffe)
    JalonFactory(convention=convention, montant=Decimal("45000.50"), echeance=AUJOURD_HUI + timedelta(days=9))
    page = _financement(cheffe, convention.grappe)
    assert page.count("45\u202f000,50\u00a0€") == 2, "la tuile et la table"
    assert page.count("75\u202f000,50\u00a0€") == 1 and "100\u202f000\u00a0€" in page
    assert page.count('class="jalon-verse"') == 1 and 'width="40.0%"' in page and 'x="40.0%"' in page
    assert "style=" not in page.split("<main")[1]


def test_les_jalons_qui_depassent_l_aide_avertissent_sans_empecher(convention: Convention, cheffe: Any) -> None:
    JalonFactory(convention=convention, montant=Decimal("100000"))
    assert "dépassent l’aide" not in _financement(cheffe, convention.grappe)
    url = reverse("programme:jalon-creer", args=[convention.grappe.pk])
    reponse = connecte(cheffe).post(url, {"libelle": "De trop", "montant": "0,01 €"})
    assert reponse.status_code == 302
    assert "Les jalons dépassent l’aide de 0,01\u00a0€" in _financement(cheffe, convention.grappe)


def test_la_page_coute_un_nombre_constant_de_requetes(convention: Convention, cheffe: Any) -> None:
    def peupler(nombre: int) -> None:
        for _ in range(nombre):
            JalonFactory(convention=convention)
            parcours = ParcoursFactory(grappe=convention.grappe)
            avenant = AvenantFactory(convention=convention, numero=Avenant.objects.count() + 1, nature="sortie")
            avenant.parcours.add(parcours)

    url = reverse("programme:grappe-financement", args=[convention.grappe.pk])
    exiger_requetes_constantes(connecte(cheffe), url, peupler)


def test_ce_que_le_financeur_voit_est_dit(convention: Convention, cheffe: Any, ars: Any) -> None:
    assert "Le financeur lit" in _financement(cheffe, convention.grappe)
    page = _financement(ars, convention.grappe)
    assert "Vous lisez" in page and "Ajouter un jalon" not in page and "Modifier la convention" not in page


# --- écrire --------------------------------------------------------------------------------------------------------


def test_enregistrer_la_convention_a_l_ecran(grappe: Grappe, cheffe: Any) -> None:
    url = reverse("programme:convention-modifier", args=[grappe.pk])
    saisie = {"reference": "2024-1", "signee_le": "2024-03-01", "montant": "1 234 567,89 €", "vu": "0"}
    fautif = connecte(cheffe).post(url, saisie | {"fin": "2023-01-01"})
    assert fautif.status_code == 422 and "1 234 567,89 €" in fautif.content.decode(), "la saisie reste"
    assert not Convention.objects.exists()
    reponse = connecte(cheffe).post(url, saisie, follow=True)
    assert Convention.objects.get().montant == Decimal("1234567.89")
    assert "La convention 2024-1 est enregistrée" in reponse.content.decode()
    croise = connecte(cheffe).post(url, saisie | {"reference": "autre"})
    assert croise.status_code == 409 and "autre" in croise.content.decode()
    assert Convention.objects.get().reference == "2024-1"


@pytest.mark.parametrize(
    ("saisi", "mot"),
    [("beaucoup", "par exemple"), ("-5", "par exemple"), ("12,345", "Deux décimales"), ("9" * 13, "trop grande")],
)
def test_une_somme_fautive_est_dite_au_champ(convention: Convention, cheffe: Any, saisi: str, mot: str) -> None:
    url = reverse("programme:jalon-creer", args=[convention.grappe.pk])
    reponse = connecte(cheffe).post(url, {"libelle": "J", "montant": saisi})
    assert reponse.status_code == 422 and mot in reponse.content.decode() and not Jalon.objects.exists()


def test_corriger_un_jalon_puis_plus_une_fois_parti(convention: Convention, cheffe: Any) -> None:
    jalon = JalonFactory(convention=convention)
    url = reverse("programme:jalon-modifier", args=[jalon.pk])
    assert 'value="40000"' in connecte(cheffe).get(url).content.decode()
    vu = Jalon.history.filter(id=jalon.pk).latest("history_id").history_id
    saisie = {"libelle": "Neuf", "montant": "12,5", "vu": str(vu)}
    assert connecte(cheffe).post(url, saisie).status_code == 302
    jalon.refresh_from_db()
    assert (jalon.libelle, jalon.montant) == ("Neuf", Decimal("12.50"))
    changer_etat(jalon, "transmettre", par=cheffe)
    suite = connecte(cheffe).get(url, follow=True)
    assert "ne se corrige plus" in suite.content.decode()


def test_le_versement_demande_la_somme_et_s_explique(convention: Convention, cheffe: Any) -> None:
    jalon = JalonFactory(convention=convention, echeance=AUJOURD_HUI + timedelta(days=20))
    changer_etat(jalon, "transmettre", par=cheffe)
    changer_etat(jalon, "accepter", par=cheffe)
    url = reverse("programme:passage", args=["jalon", jalon.pk, "verser"])
    client = connecte(cheffe)
    assert "Somme reçue" in client.get(url).content.decode()
    saisie = {"version": 2, "date_effet": AUJOURD_HUI.isoformat(), "montant": "40 000,00", "motif": ""}
    refus = client.post(url, saisie)
    assert refus.status_code == 422 and "avant l&#x27;échéance" in refus.content.decode()
    assert client.post(url, saisie | {"motif": "avance"}).status_code == 302
    jalon.refresh_from_db()
    assert (jalon.etat, jalon.montant_verse) == (EtatJalon.VERSE, 40_000)


def test_la_question_et_la_reponse_se_lisent_des_deux_cotes(convention: Convention, cheffe: Any, ars: Any) -> None:
    jalon = JalonFactory(convention=convention)
    changer_etat(jalon, "transmettre", par=cheffe)
    url = reverse("programme:passage", args=["jalon", jalon.pk, "demander_precision"])
    assert (
        connecte(ars)
        .post(url, {"version": 1, "date_effet": AUJOURD_HUI.isoformat(), "motif": "Quelle date ?"})
        .status_code
        == 302
    )
    assert "Quelle date ?" in _page(cheffe, "jalon-detail", jalon.pk)
    assert "Répondez" in _page(cheffe, "jalon-detail", jalon.pk)
    assert "Répondez" not in _page(ars, "jalon-detail", jalon.pk)
    reponse = reverse("programme:passage", args=["jalon", jalon.pk, "transmettre"])
    assert "Votre réponse" in connecte(cheffe).get(reponse).content.decode()
    changer_etat(jalon, "transmettre", par=cheffe, motif="Le 12 mars.")
    assert "Le 12 mars." in _page(ars, "jalon-detail", jalon.pk)


# --- pièces --------------------------------------------------------------------------------------------------------


def test_joindre_puis_retirer_une_piece(convention: Convention, cheffe: Any) -> None:
    jalon = JalonFactory(convention=convention)
    url, client = reverse("programme:jalon-detail", args=[jalon.pk]), connecte(cheffe)
    faux = client.post(url, {"fichier": _televerse(b"MZ" + b"0" * 40, "facture.pdf")})
    assert faux.status_code == 422 and "porte un nom en .pdf" in faux.content.decode()
    assert client.post(url, {}).status_code == 422 and not Piece.objects.exists()
    bon = client.post(url, {"fichier": _televerse(b"%PDF-1.4\n%%EOF", "facture.pdf")}, follow=True)
    piece = Piece.objects.get()
    assert "« facture.pdf » est joint" in bon.content.decode().replace("\u00a0", " ")
    retire = client.post(url, {"retirer": str(piece.pk)}, follow=True)
    assert "est retiré" in retire.content.decode() and not Piece.objects.exists()
    assert client.post(url, {"retirer": str(piece.pk)}).status_code == 404
    assert client.post(url, {"retirer": "n'importe"}).status_code == 404


def _televerse(contenu: bytes, nom: str) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(nom, contenu)


def test_on_ne_retire_pas_la_piece_d_un_autre_jalon(convention: Convention, cheffe: Any) -> None:
    ici, ailleurs = JalonFactory(convention=convention), JalonFactory()
    piece = deposer(ailleurs, pdf(), par=cheffe)
    url = reverse("programme:jalon-detail", args=[ici.pk])
    assert connecte(cheffe).post(url, {"retirer": str(piece.pk)}).status_code == 404


def test_une_piece_ne_se_retire_plus_une_fois_transmise(convention: Convention, cheffe: Any) -> None:
    jalon = JalonFactory(convention=convention)
    piece = services.joindre_piece(jalon=jalon, fichier=pdf(), par=cheffe)
    changer_etat(jalon, "transmettre", par=cheffe)
    url = reverse("programme:jalon-detail", args=[jalon.pk])
    suite = connecte(cheffe).post(url, {"retirer": str(piece.pk)}, follow=True)
    assert "ne se corrige plus" in suite.content.decode() and Piece.objects.exists()
    assert "Retirer" not in _page(cheffe, "jalon-detail", jalon.pk)


def test_le_financeur_ne_lit_une_piece_qu_une_fois_transmise(convention: Convention, cheffe: Any, ars: Any) -> None:
    jalon = JalonFactory(convention=convention)
    premiere = services.joindre_piece(jalon=jalon, fichier=pdf("premiere.pdf"), par=cheffe)

    def lit(piece: Piece) -> bool:
        servie = connecte(ars).get(reverse("programme:piece", args=[piece.pk])).status_code == 200
        assert servie is (piece.nom in _page(ars, "jalon-detail", jalon.pk)), "la page et le fichier disent pareil"
        return servie

    assert not lit(premiere)
    changer_etat(jalon, "transmettre", par=cheffe)
    assert lit(premiere)
    changer_etat(jalon, "demander_precision", par=ars, motif="?")
    seconde = services.joindre_piece(jalon=jalon, fichier=pdf("seconde.pdf", b"deux"), par=cheffe)
    assert lit(premiere) and not lit(seconde), "ce qui se prépare n'est pas encore à lui"
    changer_etat(jalon, "transmettre", par=cheffe, motif="voici")
    assert lit(seconde)
    changer_etat(jalon, "revenir", par=cheffe, motif="geste de trop")
    assert not lit(premiere) and not lit(seconde)


# --- avenants ------------------------------------------------------------------------------------------------------


def test_un_avenant_dit_ce_qui_reste_a_faire_et_y_mene(convention: Convention, cheffe: Any, ars: Any) -> None:
    parcours: Parcours = ParcoursFactory(grappe=convention.grappe)
    url = reverse("programme:avenant-creer", args=[convention.grappe.pk])
    saisie = {"numero": 1, "nature": NatureAvenant.SORTIE, "signe_le": AUJOURD_HUI.isoformat()}
    assert connecte(cheffe).post(url, saisie).status_code == 422
    reponse = connecte(cheffe).post(url, saisie | {"parcours": [parcours.pk]})
    avenant = Avenant.objects.get()
    assert reponse.url == reverse("programme:avenant-detail", args=[avenant.pk])
    sortir = reverse("programme:passage", args=["parcours", parcours.pk, "sortir"])
    assert sortir in _page(cheffe, "avenant-detail", avenant.pk)
    assert sortir not in _page(ars, "avenant-detail", avenant.pk)
    changer_etat(parcours, "sortir", par=cheffe, motif="avenant 1", raison="avenant")
    page = _page(cheffe, "avenant-detail", avenant.pk)
    assert sortir not in page and "Fait" in page


def test_l_avenant_de_calendrier_mene_a_la_convention(convention: Convention, cheffe: Any) -> None:
    fin = AUJOURD_HUI + timedelta(days=400)
    avenant = AvenantFactory(convention=convention, nature="calendrier", nouvelle_fin=fin)
    lien = reverse("programme:convention-modifier", args=[convention.grappe.pk])
    assert lien in _page(cheffe, "avenant-detail", avenant.pk)
    convention.fin = fin
    convention.save()
    assert lien + "#id_fin" not in _page(cheffe, "avenant-detail", avenant.pk)


def test_l_avenant_d_entree_nomme_les_esms_une_fois_entres(convention: Convention, cheffe: Any) -> None:
    avenant = AvenantFactory(convention=convention)
    assert reverse("programme:grappe-ajouter", args=[convention.grappe.pk]) in _page(
        cheffe, "avenant-detail", avenant.pk
    )
    parcours = ParcoursFactory(grappe=convention.grappe)
    url = reverse("programme:avenant-detail", args=[avenant.pk])
    assert connecte(cheffe).post(url, {"parcours": [parcours.pk]}).status_code == 302
    assert list(avenant.parcours.all()) == [parcours]


# --- la liste ------------------------------------------------------------------------------------------------------


def test_la_liste_des_jalons_filtre_cherche_et_s_exporte(convention: Convention, ars: Any, cheffe: Any) -> None:
    JalonFactory(convention=convention, libelle="En retard", echeance=AUJOURD_HUI - timedelta(days=3), rang=1)
    JalonFactory(convention=convention, libelle="Bientôt", echeance=AUJOURD_HUI + timedelta(days=20), rang=2)
    JalonFactory(convention=convention, libelle="Sans date", rang=3)
    url, client = reverse("programme:jalon-liste"), connecte(ars)
    attendus = {
        "": {"En retard", "Bientôt", "Sans date"},
        "echeance=retard": {"En retard"},
        "echeance=30": {"Bientôt"},
        "echeance=sans": {"Sans date"},
        f"grappe={convention.grappe.pk}&etat=a_produire": {"En retard", "Bientôt", "Sans date"},
        "etat=verse": set(),
        "recherche=inconnue": set(),
        f"region={convention.grappe.region_id}&echeance=retard": {"En retard"},
    }
    for criteres, libelles in attendus.items():
        page = client.get(f"{url}?{criteres}").content.decode().split('id="resultats"')[1]
        assert {n for n in ("En retard", "Bientôt", "Sans date") if f">{n}</a>" in page} == libelles, criteres
    lignes = lignes_csv(client.get(f"{url}?format=csv"))
    assert lignes[1][:3] == ["En retard", convention.grappe.nom, f"{AUJOURD_HUI - timedelta(days=3):%d/%m/%Y}"]
    assert "40000,00" in lignes[1]


def test_la_liste_coute_un_nombre_constant_de_requetes(convention: Convention, ars: Any) -> None:
    def peupler(nombre: int) -> None:
        for _ in range(nombre):
            grappe = GrappeFactory()
            changer_etat(grappe, "deposer", par=cheffe_de(grappe))
            JalonFactory(convention__grappe=grappe, echeance=AUJOURD_HUI)

    exiger_requetes_constantes(connecte(ars), reverse("programme:jalon-liste"), peupler)


def test_le_financeur_a_les_jalons_dans_sa_navigation(convention: Convention, ars: Any, cheffe: Any) -> None:
    entree = f'href="{reverse("programme:jalon-liste")}"'
    assert entree in _page(ars, "grappe-detail", convention.grappe.pk).split("<main")[0]
    assert entree not in _page(cheffe, "grappe-detail", convention.grappe.pk).split("<main")[0]


# --- à faire -------------------------------------------------------------------------------------------------------


def _titres(compte: Any) -> dict[str, Urgence]:
    return {ligne.titre: ligne.urgence for ligne in a_faire(compte, AUJOURD_HUI)}


def test_a_faire_les_jalons_proches_en_retard_et_les_questions(convention: Convention, cheffe: Any, ars: Any) -> None:
    JalonFactory(convention=convention, libelle="Lointain", echeance=AUJOURD_HUI + timedelta(days=61))
    proche = JalonFactory(convention=convention, libelle="Proche", echeance=AUJOURD_HUI + timedelta(days=60))
    assert _titres(cheffe)["Transmettre au financeur : Proche"] == Urgence.SUIVRE
    JalonFactory(convention=convention, libelle="Échu", echeance=AUJOURD_HUI - timedelta(days=1))
    assert _titres(cheffe)["Transmettre 2 jalons au financeur"] == Urgence.REPONDRE
    changer_etat(proche, "transmettre", par=cheffe)
    assert _titres(ars)["Lire 1 jalon transmis"] == Urgence.PEUT_ATTENDRE
    assert not any("Lire" in titre for titre in _titres(cheffe))
    changer_etat(proche, "demander_precision", par=ars, motif="Quelle date ?")
    assert _titres(cheffe)["Répondre au financeur : Proche"] == Urgence.REPONDRE
    assert not any("Répondre" in titre or "Lire" in titre for titre in _titres(ars))
    assert not any("financeur" in titre for titre in _titres(cheffe_de(GrappeFactory())))


def test_l_accueil_coute_un_nombre_constant_de_requetes(convention: Convention, cheffe: Any, ars: Any) -> None:
    def peupler(nombre: int) -> None:
        for _ in range(nombre):
            JalonFactory(convention=convention, echeance=AUJOURD_HUI)
            for transitions in (("transmettre",), ("transmettre", "demander_precision")):
                jalon = JalonFactory(convention=convention, echeance=AUJOURD_HUI)
                for transition in transitions:
                    par = ars if transition == "demander_precision" else cheffe
                    changer_etat(jalon, transition, par=par, motif="essai")

    exiger_requetes_constantes(connecte(cheffe), reverse("programme:accueil"), peupler)
    exiger_requetes_constantes(connecte(ars), reverse("programme:accueil"), peupler)
