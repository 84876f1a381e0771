"""Les pages des professionnels : ce que lit chacun, les noms réservés, les gestes."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from formation.models import Poste, Professionnel
from formation.permissions import NOMS_RESERVES
from formation.permissions.professionnels import ENCORE_AILLEURS
from formation.services.professionnels import vu_de
from programme.enums import Role
from programme.models import Parcours, Utilisateur
from programme.socle.onglets import pages_d_esms
from programme.socle.porte import changer_etat
from tests.aides import connecte, lignes_csv
from tests.fabriques import ParcoursFactory, UniteFactory, affecter, cheffe_de, directrice_de
from tests.formation.fabriques import (
    CompteDuiFactory,
    InscriptionFactory,
    MetierFactory,
    ModuleFormationFactory,
    PosteFactory,
    SessionFormationFactory,
    former,
    il_y_a,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    return directrice_de(parcours)


def liste(parcours: Parcours) -> str:
    return reverse("formation:parcours-professionnels", args=[parcours.pk])


def lire(par: Utilisateur, url: str, **parametres: Any) -> str:
    reponse = connecte(par).get(url, parametres)
    assert reponse.status_code == 200, reponse.status_code
    return reponse.content.decode()


def de_personne(**champs: Any) -> dict[str, Any]:
    return {"nom": "Camille Essai", "matricule": "", "courriel": "", "origine": "interim"} | champs


def de_poste(**champs: Any) -> dict[str, Any]:
    return {"metier": MetierFactory().pk, "unite": "", "rythme": "jour", "debut": f"{il_y_a(3)}", "fin": ""} | champs


# --- la liste ------------------------------------------------------------------------------------------------------


def test_la_liste_montre_qui_est_en_poste_et_met_les_renforts_a_part(
    parcours: Parcours, directrice: Utilisateur
) -> None:
    noms = {
        "Ici Présente": {},
        "Tôt Sortie": {"debut": il_y_a(90), "fin": il_y_a(30)},
        "Demain Venue": {"debut": il_y_a(-5)},
        "Court Renfort": {"debut": il_y_a(2), "fin": il_y_a(-5)},
    }
    for nom, champs in noms.items():
        PosteFactory(parcours=parcours, professionnel__nom=nom, **champs)
    vues = {p: lire(directrice, liste(parcours), presence=p) for p in ("", "sortis", "a_venir", "renforts")}
    for page, attendu in zip(vues.values(), ("Ici", "Tôt", "Demain", "Court"), strict=True):
        assert [n for n in noms if n in page] == [n for n in noms if n.startswith(attendu)]
    fiche = reverse("formation:parcours-reflexe-pdf", args=[parcours.pk])
    assert "1 renfort" in vues[""] and fiche in vues[""]
    assert all(nom in lire(directrice, liste(parcours), presence="tous") for nom in noms)


def test_on_cherche_et_l_on_filtre(parcours: Parcours, directrice: Utilisateur) -> None:
    nuit, unite = MetierFactory(code="surveillant-de-nuit"), UniteFactory(parcours=parcours)
    PosteFactory(parcours=parcours, professionnel__nom="Élise Vigne", unite=unite)
    PosteFactory(
        parcours=parcours,
        metier=nuit,
        rythme="nuit",
        professionnel__nom="Noé Treille",
        professionnel__origine="interim",
        professionnel__matricule="X77",
    )
    ailleurs = UniteFactory()
    url = liste(parcours)
    for criteres, trouves in (
        ({"recherche": "elise"}, "Élise"),
        ({"recherche": "x77"}, "Noé"),
        ({"metier": nuit.pk}, "Noé"),
        ({"unite": unite.pk}, "Élise"),
        ({"rythme": "nuit"}, "Noé"),
        ({"provenance": "interim"}, "Noé"),
    ):
        page = lire(directrice, url, **criteres)
        assert [n for n in ("Élise", "Noé") if f"{n} " in page] == [trouves], criteres
    assert "n’a pas été compris" in lire(directrice, url, unite=ailleurs.pk)


def test_les_noms_ne_sortent_que_pour_qui_gere(parcours: Parcours, directrice: Utilisateur) -> None:
    poste = PosteFactory(parcours=parcours, professionnel__nom="Camille Secret", professionnel__matricule="ZZ9-SECRET")
    InscriptionFactory(
        session=SessionFormationFactory(module__grappe=parcours.grappe),
        poste=poste,
        professionnel=poste.professionnel,
    )
    autres = [
        cheffe_de(parcours.grappe),
        affecter(Role.ADMIN),
        affecter(Role.APPUI, parcours.esms),
        affecter(Role.GRADES, parcours.esms.departement.region),
        directrice_de(ParcoursFactory(grappe=parcours.grappe, esms__og=parcours.esms.og)),
    ]
    urls = [
        liste(parcours),
        f"{liste(parcours)}?format=csv",
        f"{liste(parcours)}?format=xlsx",
        reverse("formation:postes-compter", args=[parcours.pk]),
        reverse("formation:parcours-reflexe-pdf", args=[parcours.pk]),
        reverse("programme:parcours-detail", args=[parcours.pk]),
        *(
            reverse(f"formation:professionnel-{n}", args=[poste.professionnel_id])
            for n in ("detail", "exporter", "effacer", "modifier")
        ),
        *(reverse(f"formation:poste-{n}", args=[poste.pk]) for n in ("modifier", "clore", "retirer")),
    ]
    for par in autres:
        for url in urls:
            reponse = connecte(par).get(url)
            lu = b"".join(reponse) if reponse.streaming else reponse.content
            assert not [mot for mot in (b"Camille Secret", b"ZZ9-SECRET") if mot in lu], url
    refus = connecte(autres[0]).get(liste(parcours))
    assert refus.status_code == 403 and escape(NOMS_RESERVES) in refus.content.decode()
    assert "Camille Secret" in lire(directrice, liste(parcours))


def test_l_export_porte_les_noms_sans_rien_laisser_sur_le_serveur(
    parcours: Parcours, directrice: Utilisateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("programme.socle.emporter.SEUIL_CLASSEUR", 0)
    PosteFactory(parcours=parcours, professionnel__nom="=Camille()")
    client = connecte(directrice)
    assert lignes_csv(client.get(liste(parcours), {"format": "csv"}))[1][0] == "'=Camille()"
    assert client.get(liste(parcours), {"format": "xlsx"})["Content-Type"].endswith("sheet")
    assert client.post(f"{liste(parcours)}?format=xlsx").status_code == 405


def test_vide_la_page_offre_le_premier_geste(parcours: Parcours, directrice: Utilisateur) -> None:
    page = lire(directrice, liste(parcours))
    assert "Aucun utilisateur prévu encore" in page
    assert reverse("formation:professionnel-creer", args=[parcours.pk]) in page
    assert reverse("formation:postes-compter", args=[parcours.pk]) in page
    PosteFactory(parcours=parcours, fin=il_y_a(3))
    assert "Personne en poste aujourd’hui" in lire(directrice, liste(parcours))


# --- une personne --------------------------------------------------------------------------------------------------


def test_deux_esms_une_directrice_ne_lit_que_ses_postes(parcours: Parcours, directrice: Utilisateur) -> None:
    frere = ParcoursFactory(grappe=parcours.grappe, esms__og=parcours.esms.og, esms__nom="Foyer du Moulin")
    poste = PosteFactory(parcours=parcours)
    PosteFactory(professionnel=poste.professionnel, parcours=frere)
    CompteDuiFactory(parcours=frere, professionnel=poste.professionnel, identifiant="compte.du.moulin")
    for nom in ("detail", "exporter"):
        url = reverse(f"formation:professionnel-{nom}", args=[poste.professionnel_id])
        page = lire(directrice, url)
        assert "Moulin" not in page and "compte.du.moulin" not in page
        assert "Foyer du Moulin" in lire(affecter(Role.SIEGE, parcours.esms.og), url)


def test_ajouter_une_personne_depuis_la_page(parcours: Parcours, directrice: Utilisateur) -> None:
    client, url = connecte(directrice), reverse("formation:professionnel-creer", args=[parcours.pk])
    seule = UniteFactory(parcours=parcours)
    assert client.get(url).context["formulaire"]["unite"].value() == seule.pk, "l'unique unité est déjà choisie"
    reponse = client.post(url, de_personne(matricule="A1") | de_poste(), follow=True)
    assert "Camille Essai est ajouté" in reponse.content.decode()
    personne = Professionnel.objects.get()
    assert reponse.redirect_chain[-1][0] == reverse("formation:professionnel-detail", args=[personne.pk])
    encore = client.post(url, de_personne(matricule="A1") | de_poste())
    assert encore.status_code == 422
    offert = f"{reverse('formation:poste-creer', args=[personne.pk])}?parcours={parcours.pk}"
    assert offert in encore.content.decode()


def test_un_poste_de_plus_demande_d_abord_l_esms(parcours: Parcours) -> None:
    frere = ParcoursFactory(grappe=parcours.grappe, esms__og=parcours.esms.og)
    siege, poste = affecter(Role.SIEGE, parcours.esms.og), PosteFactory(parcours=parcours)
    client, url = connecte(siege), reverse("formation:poste-creer", args=[poste.professionnel_id])
    assert "Continuer" in client.get(url).content.decode()
    assert client.get(url, {"parcours": ParcoursFactory().pk}).status_code == 422
    reponse = client.post(f"{url}?parcours={frere.pk}", de_poste(), follow=True)
    assert "un poste de plus" in reponse.content.decode()
    assert poste.professionnel.postes.filter(parcours=frere).exists()


def test_corriger_dire_une_sortie_retirer(parcours: Parcours, directrice: Utilisateur) -> None:
    poste = PosteFactory(parcours=parcours)
    personne, client = poste.professionnel, connecte(directrice)
    vu = vu_de(personne)
    url = reverse("formation:professionnel-modifier", args=[personne.pk])
    client.post(url, de_personne(vu=vu, nom="Nouveau Nom"))
    assert Professionnel.objects.get().nom == "Nouveau Nom"
    assert client.post(url, de_personne(vu=vu, nom="Croisé")).status_code == 409
    client.post(reverse("formation:poste-modifier", args=[poste.pk]), de_poste(vu=vu_de(poste), rythme="nuit"))
    assert Poste.objects.get().rythme == "nuit"
    client.post(reverse("formation:poste-clore", args=[poste.pk]), {"fin": f"{timezone.localdate()}"})
    assert Poste.objects.get().fin == timezone.localdate()
    reponse = client.post(reverse("formation:poste-retirer", args=[poste.pk]))
    assert reponse.url == liste(parcours) and not Professionnel.objects.exists()


def test_compter_depuis_la_page_sans_lire_un_nom(parcours: Parcours) -> None:
    PosteFactory(parcours=parcours, professionnel__nom="Camille Secret")
    client, url = connecte(cheffe_de(parcours.grappe)), reverse("formation:postes-compter", args=[parcours.pk])
    saisie = {"metier": MetierFactory().pk, "unite": "", "rythme": "jour", "nombre": 4, "depuis": ""}
    page = client.post(url, saisie, follow=True).content.decode()
    assert "4 postes sans nom" in page and "Camille" not in page
    assert Professionnel.objects.filter(nom="").count() == 4
    assert "au plus 500" in client.post(url, saisie | {"nombre": 501}).content.decode()
    change = client.get(url, {"metier": saisie["metier"], "unite": "", "rythme": "jour", "nombre": 4})
    assert change.context["formulaire"]["nombre"].value() == "4"


def test_la_page_de_l_esms_dit_que_personne_n_est_encore_dit(parcours: Parcours, directrice: Utilisateur) -> None:
    page = pages_d_esms["formation:parcours-professionnels"]
    signal = page.signal
    assert signal and not signal(directrice, parcours), "trop tôt pour presser"
    changer_etat(parcours, "constater", par=cheffe_de(parcours.grappe), vers="preparation", motif="Reprise")
    parcours.refresh_from_db()
    assert signal(directrice, parcours) == "personne encore"
    PosteFactory(parcours=parcours)
    assert signal(directrice, parcours) == ""


def test_un_poste_compte_peut_recevoir_un_nom_et_garde_ses_acquis(parcours: Parcours, directrice: Utilisateur) -> None:
    poste = PosteFactory(parcours=parcours, professionnel__nom="", professionnel__matricule="")
    personne, client = poste.professionnel, connecte(directrice)
    former(poste, ModuleFormationFactory(grappe=parcours.grappe))
    url = reverse("formation:professionnel-modifier", args=[personne.pk])
    fiche = client.get(reverse("formation:professionnel-detail", args=[personne.pk])).content.decode()
    assert "Comptée sans nom" in fiche and url in fiche
    client.post(url, de_personne(vu=vu_de(personne)))
    personne.refresh_from_db()
    assert personne.nom == "Camille Essai" and personne.acquis.exists()


def test_la_fiche_dit_a_qui_revient_d_effacer(parcours: Parcours, directrice: Utilisateur) -> None:
    poste = PosteFactory(parcours=parcours)
    url = reverse("formation:professionnel-detail", args=[poste.professionnel_id])
    geste = reverse("formation:professionnel-effacer", args=[poste.professionnel_id])
    assert geste in lire(directrice, url)
    PosteFactory(professionnel=poste.professionnel, parcours=ParcoursFactory(esms__og=parcours.esms.og))
    page = lire(directrice, url)
    assert geste not in page and escape(ENCORE_AILLEURS) in page
