"""L'API du financement et des régions : la même lecture et les mêmes droits que les pages."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from programme.enums import EtatParcours, Role
from programme.models import Grappe, VersionInstruction
from programme.permissions import FINANCEMENT_RESERVE
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.fabriques import (
    AvenantFactory,
    ConventionFactory,
    DepartementFactory,
    GrappeFactory,
    JalonFactory,
    ParcoursFactory,
    RegionFactory,
    SolutionFactory,
    affecter,
    cheffe_de,
    directrice_de,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def grappe() -> Grappe:
    grappe = GrappeFactory()
    changer_etat(grappe, "deposer", par=cheffe_de(grappe))
    return grappe


def _lire(compte: Any, nom: str, *cles: Any, statut: int = 200, **filtre: Any) -> Any:
    reponse = connecte(compte).get(reverse(f"api:{nom}", args=cles), filtre)
    assert reponse.status_code == statut
    return reponse.json()


def test_le_financement_dit_tout_ce_que_la_page_dit(grappe: Grappe) -> None:
    version = VersionInstruction.objects.create(code="essai", nom="Essai")
    convention = ConventionFactory(grappe=grappe, instruction=version)
    JalonFactory(convention=convention, rang=1, montant=Decimal("12.5"), echeance=date(2027, 1, 8))
    JalonFactory(convention=convention, rang=2, montant=None)
    parcours = ParcoursFactory(grappe=grappe)
    AvenantFactory(convention=convention).parcours.add(parcours)
    ailleurs = ConventionFactory(grappe__nom="Projet secret").grappe
    ParcoursFactory(grappe=ailleurs, esms=parcours.esms, solution=SolutionFactory(nom="Margelle"))
    corps = _lire(affecter(Role.ARS, grappe.region), "grappe-financement", grappe.pk)
    assert corps["convention"]["montant"] == "100000.00"
    assert corps["convention"]["instruction"]["est_officielle"] is False
    assert corps["bilan"] == {"prevu": "12.50", "verse": "0.00", "reste": "12.50", "nb_sans_montant": 1}
    assert [(j["montant"], j["echeance"], j["etat"]) for j in corps["jalons"]] == [
        ("12.50", "2027-01-08", "a_produire"),
        (None, None, "a_produire"),
    ]
    (avenant,) = corps["avenants"]
    assert avenant["esms"] == [{"finess": parcours.esms.finess, "nom": parcours.esms.nom}]


def test_sans_convention_et_sans_droit(grappe: Grappe) -> None:
    parcours = ParcoursFactory(grappe=grappe)
    corps = _lire(cheffe_de(grappe), "grappe-financement", grappe.pk)
    assert corps["convention"] is None and corps["jalons"] == [] and corps["signaux"] == []
    assert _lire(directrice_de(parcours), "grappe-financement", grappe.pk, statut=403)["motif"] == FINANCEMENT_RESERVE
    _lire(cheffe_de(GrappeFactory()), "grappe-financement", grappe.pk, statut=404)


def test_un_avenant_ne_nomme_que_les_esms_vus(grappe: Grappe) -> None:
    bretagne = RegionFactory(code="53", nom="Bretagne")
    ailleurs = DepartementFactory(code="35", nom="Ille-et-Vilaine", code_finess="35", region=bretagne)
    avenant = AvenantFactory(convention__grappe=grappe)
    ici, la_bas = ParcoursFactory(grappe=grappe), ParcoursFactory(grappe=grappe, esms__departement=ailleurs)
    avenant.parcours.add(ici, la_bas)
    corps = _lire(affecter(Role.ARS, bretagne), "grappe-financement", grappe.pk)
    assert [e["nom"] for e in corps["avenants"][0]["esms"]] == [la_bas.esms.nom]
    page = connecte(affecter(Role.ARS, bretagne)).get(reverse("programme:avenant-detail", args=[avenant.pk]))
    assert la_bas.esms.nom in page.content.decode() and ici.esms.nom not in page.content.decode()


def test_le_financement_coute_un_nombre_constant_de_requetes(grappe: Grappe) -> None:
    from tests.aides import exiger_requetes_constantes

    convention = ConventionFactory(grappe=grappe)

    def peupler(nombre: int) -> None:
        for _ in range(nombre):
            JalonFactory(convention=convention)
            AvenantFactory(convention=convention, numero=convention.avenants.count() + 1).parcours.add(
                ParcoursFactory(grappe=grappe)
            )

    url = reverse("api:grappe-financement", args=[grappe.pk])
    exiger_requetes_constantes(connecte(cheffe_de(grappe)), url, peupler)


def test_franchir_un_passage_de_jalon(grappe: Grappe) -> None:
    jalon = JalonFactory(convention__grappe=grappe)
    cheffe, ars = cheffe_de(grappe), affecter(Role.ARS, grappe)
    url = reverse("api:jalon-transitions", args=[jalon.pk])

    def poster(compte: Any, **corps: Any) -> Any:
        return connecte(compte).post(url, corps, content_type="application/json")

    assert poster(cheffe, transition="transmettre").json()["jalon"]["etat"] == "transmis"
    assert poster(ars, transition="accepter").status_code == 403
    assert poster(ars, transition="demander_precision").status_code == 400
    assert poster(ars, transition="demander_precision", motif="Quelle date ?").status_code == 200
    assert poster(cheffe, transition="transmettre", motif="Le 12 mars.").status_code == 200
    assert poster(cheffe, transition="accepter", montant="3").status_code == 400
    assert poster(cheffe, transition="accepter").status_code == 200
    assert "prévus" in poster(cheffe, transition="verser", montant="40000.01").json()["motif"][0]
    verse = poster(cheffe, transition="verser", montant="39000").json()["jalon"]
    assert (verse["etat"], verse["montant_verse"]) == ("verse", "39000.00")


# --- régions -------------------------------------------------------------------------------------------------------


def test_les_regions_comptent_ce_que_voit_le_lecteur(grappe: Grappe) -> None:
    parcours = ParcoursFactory(grappe=grappe)
    sorti = ParcoursFactory(grappe=grappe)
    changer_etat(sorti, "sortir", par=cheffe_de(grappe), motif="x", raison="fermeture")
    ParcoursFactory()
    code = grappe.region_id
    ars, directrice = affecter(Role.ARS, grappe), directrice_de(parcours)
    (ligne,) = _lire(ars, "region-liste")["results"]
    assert (ligne["code"], ligne["total"]) == (code, 1)
    assert ligne["par_etat"] | {"recense": 1, "sorti": 1} == ligne["par_etat"]
    assert set(ligne["par_etat"]) == set(EtatParcours.values)
    assert _lire(directrice, "region-liste")["results"][0]["par_etat"]["sorti"] == 0
    detail = _lire(ars, "region-detail", code)
    assert detail["grappes"] == [{"id": grappe.pk, "nom": grappe.nom, "etat": "deposee", "nb_esms": 1}]
    assert {k: detail[k] for k in ligne} == ligne
    _lire(ars, "region-detail", "53", statut=404)


def test_l_api_et_la_page_des_regions_disent_pareil(grappe: Grappe) -> None:
    ParcoursFactory.create_batch(3, grappe=grappe)
    admin = affecter(Role.ADMIN)
    page = connecte(admin).get(reverse("programme:region-liste")).context["liste"].table
    a_l_ecran = {objet.pk: objet.total for objet in page.data}
    assert {r["code"]: r["total"] for r in _lire(admin, "region-liste", taille=200)["results"]} == a_l_ecran
