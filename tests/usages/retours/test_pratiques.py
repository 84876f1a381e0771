"""Les pratiques partagées : une fiche volontaire, lue dans sa région, qui ne nomme la grappe qu'à qui la voit."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from programme.enums import Role
from programme.models import Grappe
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import GrappeFactory, ParcoursFactory, RegionFactory, affecter, cheffe_de, directrice_de
from tests.usages.retours.fabriques import PratiqueFactory
from usages.enums import EtatPratique, ThemeRetour
from usages.models import Pratique, RepriseDePratique
from usages.services.retours.pratiques import ecrire_pratique, reprendre

pytestmark = pytest.mark.django_db
FICHE = {
    "titre": "Dix minutes de saisie à la relève",
    "contexte": "Trois unités.",
    "fait": "Dix minutes au planning.",
    "effet": "Les écrits sont du jour.",
    "theme": ThemeRetour.ORGANISATION,
    "signature": "Un IME de la région",
}


@pytest.fixture
def grappe() -> Grappe:
    return GrappeFactory(nom="Rives de Garonne", region=RegionFactory())


@pytest.fixture
def voisine(grappe: Grappe) -> Grappe:
    return GrappeFactory(nom="Coteaux réunis", region=grappe.region)


@pytest.fixture
def ailleurs() -> Grappe:
    return GrappeFactory(nom="Marches de l'Ouest", region=RegionFactory(code="28", nom="Normandie"))


def partager(grappe: Grappe, **champs: Any) -> Pratique:
    pratique = PratiqueFactory(grappe=grappe, **champs)
    changer_etat(pratique, "partager", par=cheffe_de(grappe))
    return Pratique.objects.get(pk=pratique.pk)


def url(nom: str, *args: Any) -> str:
    return reverse(f"usages:{nom}", args=args)


def page(client: Client, adresse: str) -> str:
    reponse = client.get(adresse)
    assert reponse.status_code == 200, adresse
    return str(reponse.content.decode())


# --- machine, droits -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("etat", EtatPratique.values)
@pytest.mark.parametrize("transition", ["partager", "retirer"])
def test_chaque_etat_et_chaque_transition(grappe: Grappe, etat: str, transition: str) -> None:
    pratique, cheffe = PratiqueFactory(grappe=grappe), cheffe_de(grappe)
    chemins = {"brouillon": (), "partagee": ("partager",), "retiree": ("partager", "retirer")}
    for pas in chemins[etat]:
        changer_etat(pratique, pas, par=cheffe)
    arrivees = {
        ("brouillon", "partager"): "partagee",
        ("retiree", "partager"): "partagee",
        ("partagee", "retirer"): "retiree",
    }
    if arrivee := arrivees.get((etat, transition)):
        assert changer_etat(pratique, transition, par=cheffe).vers == arrivee
    else:
        with pytest.raises(Refus) as refus:
            changer_etat(pratique, transition, par=cheffe)
        assert refus.value.code == "etat"


def test_seule_la_conduite_ecrit_et_partage(grappe: Grappe, voisine: Grappe) -> None:
    assert ecrire_pratique(grappe=grappe, par=affecter(Role.APPUI, grappe), **FICHE).etat == EtatPratique.BROUILLON
    parcours = ParcoursFactory(grappe=grappe)
    for par in (cheffe_de(voisine), directrice_de(parcours), affecter(Role.ARS, grappe)):
        with pytest.raises(Refus) as refus:
            ecrire_pratique(grappe=grappe, par=par, **FICHE)
        assert refus.value.code == "droit"
        with pytest.raises(Refus):
            changer_etat(Pratique.objects.get(), "partager", par=par)
    with pytest.raises(Refus) as refus:
        ecrire_pratique(grappe=grappe, par=cheffe_de(grappe), **FICHE | {"effet": " "})
    assert list(refus.value.champs) == ["effet"]


def test_la_region_lit_les_partagees_et_elles_seules(grappe: Grappe, voisine: Grappe, ailleurs: Grappe) -> None:
    brouillon, partagee = PratiqueFactory(grappe=grappe), partager(grappe)
    region = grappe.region
    assert region is not None
    de_la_grappe = [cheffe_de(grappe), directrice_de(ParcoursFactory(grappe=grappe))]
    de_la_region = [
        cheffe_de(voisine),
        directrice_de(ParcoursFactory(grappe=voisine)),
        affecter(Role.ARS, region),
    ]
    d_ailleurs = [cheffe_de(ailleurs), affecter(Role.ARS, ailleurs.region), affecter(Role.ARS, grappe)]
    for qui in de_la_grappe:
        assert set(Pratique.objects.visibles_par(qui)) == {brouillon, partagee}
    for qui in de_la_region:
        assert set(Pratique.objects.visibles_par(qui)) == {partagee}
    assert partagee in Pratique.objects.visibles_par(affecter(Role.GRADES, region))
    for qui in d_ailleurs:
        assert not Pratique.objects.visibles_par(qui).exists()
    changer_etat(partagee, "retirer", par=cheffe_de(grappe))
    assert not Pratique.objects.visibles_par(cheffe_de(voisine)).exists()


# --- reprendre -----------------------------------------------------------------------------------------------------


def test_reprendre_compte_une_grappe_une_fois(grappe: Grappe, voisine: Grappe) -> None:
    pratique, cheffe = partager(grappe), cheffe_de(voisine)
    reprendre(pratique=pratique, grappe=voisine, par=cheffe, note="Cinq minutes chez nous")
    reprendre(pratique=pratique, grappe=voisine, par=cheffe, note="Dix, finalement")
    assert RepriseDePratique.objects.get().note == "Dix, finalement"
    assert [p.nb_reprises for p in Pratique.objects.avec_reprises()] == [1]
    for par, chez, code in (
        (cheffe_de(grappe), grappe, "etat"),
        (cheffe_de(grappe), voisine, "droit"),
        (directrice_de(ParcoursFactory(grappe=voisine)), voisine, "droit"),
    ):
        with pytest.raises(Refus) as refus:
            reprendre(pratique=pratique, grappe=chez, par=par)
        assert refus.value.code == code
    brouillon = PratiqueFactory(grappe=grappe)
    with pytest.raises(Refus) as refus:
        reprendre(pratique=brouillon, grappe=voisine, par=cheffe)
    assert refus.value.code == "etat"


def test_reprendre_depuis_la_page(grappe: Grappe, voisine: Grappe) -> None:
    pratique = partager(grappe)
    client, adresse = connecte(cheffe_de(voisine)), url("pratique-reprendre", pratique.pk)
    assert "La reprendre dans notre grappe" in page(client, url("pratique-detail", pratique.pk))
    reponse = client.post(adresse, {"grappe": voisine.pk, "note": ""})
    assert reponse.url == url("pratique-detail", pratique.pk)
    contenu = page(client, url("pratique-detail", pratique.pk))
    assert (
        "reprise par 1 grappe" in contenu
        and "Coteaux réunis" in contenu
        and "La reprendre dans notre grappe" not in contenu
    )
    assert client.get(adresse).status_code == 302, "déjà reprise"
    chez_elle = page(connecte(cheffe_de(grappe)), url("pratique-detail", pratique.pk))
    assert "reprise par 1 grappe" in chez_elle and "Coteaux réunis" not in chez_elle
    directrice = directrice_de(ParcoursFactory(grappe=voisine))
    assert connecte(directrice).get(adresse).status_code == 403


# --- pages ---------------------------------------------------------------------------------------------------------


def test_la_grappe_ne_se_nomme_qu_a_qui_la_voit(grappe: Grappe, voisine: Grappe) -> None:
    pratique = partager(grappe)
    chez_elle, a_cote = connecte(cheffe_de(grappe)), connecte(cheffe_de(voisine))
    colonnes = "?colonnes=signature,grappe,region"
    for adresse in (url("pratique-liste") + colonnes, url("pratique-detail", pratique.pk)):
        assert "Rives de Garonne" in page(chez_elle, adresse)
        contenu = page(a_cote, adresse)
        assert "Un IME de la région" in contenu and "Rives de Garonne" not in contenu
    csv = b"".join(a_cote.get(url("pratique-liste") + colonnes + "&format=csv")).decode()
    assert "Un IME de la région" in csv and "Rives de Garonne" not in csv
    assert str(pratique.ecrite_par) not in page(a_cote, url("pratique-detail", pratique.pk))
    assert "Histoire" not in page(a_cote, url("pratique-detail", pratique.pk))


def test_chercher_et_filtrer(grappe: Grappe) -> None:
    partager(grappe, titre="La relève écrite", theme=ThemeRetour.ORGANISATION)
    partager(grappe, titre="Le binôme de nuit", theme=ThemeRetour.FORMATION)
    client = connecte(cheffe_de(grappe))
    for critere, dit, tu in (
        ("recherche=binome", "Le binôme de nuit", "La relève écrite"),
        ("theme=organisation", "La relève écrite", "Le binôme de nuit"),
        (f"region={grappe.region_id}", "La relève écrite", "Aucune pratique"),
    ):
        contenu = page(client, f"{url('pratique-liste')}?{critere}")
        assert dit in contenu and tu not in contenu, critere


def test_d_une_autre_region_rien_n_existe(grappe: Grappe, ailleurs: Grappe) -> None:
    pratique, etrangere = partager(grappe), connecte(cheffe_de(ailleurs))
    for nom in ("pratique-detail", "pratique-modifier", "pratique-reprendre"):
        assert etrangere.get(url(nom, pratique.pk)).status_code == 404
    assert pratique.titre not in page(etrangere, url("pratique-liste"))
    financeur = connecte(affecter(Role.ARS, grappe.region))
    assert page(financeur, url("pratique-detail", pratique.pk))
    assert financeur.get(url("pratique-modifier", pratique.pk)).status_code == 403
    assert financeur.get(url("pratique-creer")).status_code == 403


def test_ecrire_puis_partager_puis_modifier(grappe: Grappe) -> None:
    cheffe = cheffe_de(grappe)
    client = connecte(cheffe)
    assert "Écrire la première" in page(client, url("pratique-liste"))
    faute = client.post(url("pratique-creer"), FICHE | {"grappe": grappe.pk, "fait": ""})
    assert faute.status_code == 422 and "Trois unités." in faute.content.decode()
    reponse = client.post(url("pratique-creer"), FICHE | {"grappe": grappe.pk})
    pratique = Pratique.objects.get()
    assert reponse.url == url("pratique-detail", pratique.pk) and "Partager avec la région" in page(client, reponse.url)
    vu = client.get(url("pratique-modifier", pratique.pk)).context["formulaire"]["vu"].value()
    envoi = FICHE | {"vu": vu, "titre": "Quinze minutes à la relève"}
    assert client.post(url("pratique-modifier", pratique.pk), envoi).status_code == 302
    croise = client.post(url("pratique-modifier", pratique.pk), envoi | {"titre": "Vingt minutes"})
    assert croise.status_code == 409 and "Vingt minutes" in croise.content.decode()


def test_qui_conduit_deux_grappes_choisit_la_sienne(grappe: Grappe, voisine: Grappe) -> None:
    cheffe = cheffe_de(grappe)
    affecter(Role.CHEF_PROJET, voisine, utilisateur=cheffe)
    client = connecte(cheffe)
    assert "Coteaux réunis" in page(client, url("pratique-creer"))
    assert client.post(url("pratique-creer"), FICHE).status_code == 422
    autre = GrappeFactory()
    assert client.post(url("pratique-creer"), FICHE | {"grappe": autre.pk}).status_code == 422
    assert client.post(url("pratique-creer"), FICHE | {"grappe": voisine.pk}).status_code == 302
    assert Pratique.objects.get().grappe == voisine


def test_autant_de_requetes_a_une_ligne_qu_a_cinquante(grappe: Grappe, voisine: Grappe) -> None:
    cheffe = cheffe_de(voisine)

    def peupler(n: int) -> None:
        for _ in range(n):
            partager(grappe)

    exiger_requetes_constantes(connecte(cheffe), url("pratique-liste"), peupler)
    pratique = partager(grappe)

    def repris(n: int) -> None:
        for _ in range(n):
            RepriseDePratique.objects.create(
                pratique=pratique, grappe=GrappeFactory(region=grappe.region), reprise_par=cheffe
            )

    exiger_requetes_constantes(connecte(cheffe_de(grappe)), url("pratique-detail", pratique.pk), repris)
