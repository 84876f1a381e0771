"""« ESMS du projet » et régions : périmètre, filtres, reste à réunir, dates, nombre de requêtes."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from programme.conditions import dater
from programme.enums import EtatParcours, PointDepart, Role, TypeProjet
from programme.models import Etape, Parcours, Vague
from programme.models.parcours import SUITES
from programme.socle.conditions import conditions, evaluer, evaluer_suites
from programme.socle.decomptes import compter
from programme.socle.porte import changer_etat
from tests.aides import FRAGMENT, connecte, exiger_requetes_constantes, lignes_csv
from tests.fabriques import (
    CategorieFactory,
    DepartementFactory,
    EsmsFactory,
    GrappeFactory,
    OgFactory,
    ParcoursFactory,
    RegionFactory,
    SolutionFactory,
    UtilisateurFactory,
    affecter,
    cheffe_de,
    directrice_de,
)

pytestmark = pytest.mark.django_db
URL = "/parcours/"


def amener(parcours: Parcours, etat: str, **details: Any) -> Parcours:
    """Par la porte, en constat initial."""
    changer_etat(parcours, "constater", par=cheffe_de(parcours.grappe), vers=etat, **details)
    return parcours


def noms(reponse: Any) -> list[str]:
    return [ligne.record.esms.nom for ligne in reponse.context["liste"].table.rows]


# --- la suite de chacun ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("etat", EtatParcours.values)
@pytest.mark.parametrize("est_pilote", [True, False])
@pytest.mark.parametrize("type_projet", TypeProjet.values)
def test_la_suite_en_sql_est_celle_de_l_objet(etat: str, est_pilote: bool, type_projet: str) -> None:
    parcours = ParcoursFactory(est_pilote=est_pilote, type_projet=type_projet, point_depart=PointDepart.PAPIER)
    if etat in (EtatParcours.SUSPENDU, EtatParcours.SORTI):
        changer_etat(
            parcours, "suspendre" if etat == EtatParcours.SUSPENDU else "sortir",
            par=cheffe_de(parcours.grappe), motif="travaux",
        )  # fmt: skip
    elif etat != EtatParcours.RECENSE:
        amener(parcours, etat)
    trouvees = [t for t, q in SUITES.items() if Parcours.objects.filter(q, pk=parcours.pk).exists()]
    assert trouvees == ([parcours.prochaine] if parcours.prochaine else [])


def test_evaluer_les_suites_dit_ce_que_dirait_chaque_transition(django_assert_num_queries: Any) -> None:
    grappe = GrappeFactory()
    pilote = amener(ParcoursFactory(grappe=grappe, est_pilote=True), EtatParcours.PREPARATION)
    court = amener(ParcoursFactory(grappe=grappe, type_projet=TypeProjet.MISE_EN_CONFORMITE), EtatParcours.PREPARATION)
    ParcoursFactory(grappe=grappe)
    en_routine = amener(ParcoursFactory(grappe=grappe), EtatParcours.ROUTINE)
    with django_assert_num_queries(len(SUITES) + 2):
        constats = evaluer_suites(Parcours.objects.all(), SUITES)
    assert en_routine.pk not in constats
    for parcours in (pilote, court):
        attendus = evaluer(Parcours.objects.filter(pk=parcours.pk), parcours.prochaine)[parcours.pk]
        assert constats[parcours.pk] == attendus
    assert {c.condition.code for c in constats[pilote.pk]} >= {"designe_pilote"}
    assert "designe_pilote" in conditions


# --- périmètre -------------------------------------------------------------------------------------------------------


def test_le_voisin_d_une_grappe_multi_og_ne_voit_ni_ligne_ni_total(rf: Any) -> None:
    grappe = GrappeFactory()
    le_sien, autre = ParcoursFactory(grappe=grappe), ParcoursFactory(grappe=grappe)
    client = connecte(directrice_de(le_sien))
    reponse = client.get(URL)
    assert noms(reponse) == [le_sien.esms.nom] and reponse.context["liste"].total == 1
    assert autre.esms.nom not in reponse.content.decode()
    assert [ligne[0] for ligne in lignes_csv(client.get(f"{URL}?format=csv"))[1:]] == [le_sien.esms.nom]
    assert client.get(f"{URL}?recherche={autre.esms.finess}").context["liste"].total == 0
    assert noms(client.get(f"{URL}?grappe={grappe.pk}")) == [le_sien.esms.nom]


def test_les_filtres_ne_proposent_que_des_grappes_qu_on_voit() -> None:
    sienne, etrangere = GrappeFactory(nom="La sienne"), GrappeFactory(nom="Étrangère")
    client = connecte(directrice_de(ParcoursFactory(grappe=sienne)))
    ParcoursFactory(grappe=etrangere)
    page = client.get(URL).content.decode()
    assert "La sienne" in page and "Étrangère" not in page
    assert client.get(f"{URL}?grappe={etrangere.pk}").context["liste"].total == 0


def test_sans_perimetre_la_page_dit_pourquoi_elle_est_vide() -> None:
    ParcoursFactory()
    page = connecte(UtilisateurFactory()).get(URL).content.decode()
    assert "Aucun ESMS dans le projet" in page and 'href="/annuaire/esms/"' in page
    page = connecte(affecter(Role.SIEGE, OgFactory())).get(URL).content.decode()
    assert 'href="/grappes/"' in page


# --- tri, filtres, colonnes ------------------------------------------------------------------------------------------


@pytest.fixture
def trois() -> tuple[Any, list[Parcours]]:
    grappe = GrappeFactory()
    vague = Vague.objects.create(grappe=grappe, numero=2)
    adultes = CategorieFactory(code="246", sigle="ESAT", libelle="ESAT", secteur="PH_ADULTE")
    loin = DepartementFactory(code="29", nom="Finistère", region=RegionFactory(code="53", nom="Bretagne"))
    a = ParcoursFactory(grappe=grappe, esms__nom="Alizé", vague=vague)
    b = ParcoursFactory(
        grappe=grappe, esms__nom="Brise", esms__categorie=adultes, solution=SolutionFactory(nom="Autre solution")
    )
    c = ParcoursFactory(grappe=grappe, esms__nom="Cierzo", esms__departement=loin)
    il_y_a_cent_jours = timezone.localdate() - timedelta(days=100)
    amener(a, EtatParcours.ROUTINE)
    amener(b, EtatParcours.PREPARATION, date_effet=il_y_a_cent_jours)
    return connecte(cheffe_de(grappe)), [a, b, c]


@pytest.mark.parametrize(
    ("criteres", "attendus"),
    [
        ("tri=etat", ["Cierzo", "Brise", "Alizé"]),
        ("tri=-etat", ["Alizé", "Brise", "Cierzo"]),
        ("etat=preparation&etat=recense", ["Brise", "Cierzo"]),
        ("secteur=PH_ADULTE", ["Brise"]),
        ("region=53", ["Cierzo"]),
        ("vague=2", ["Alizé"]),
        ("vague=null", ["Brise", "Cierzo"]),
        ("depuis=3", ["Brise"]),
        ("depuis=6", []),
        ("recherche=alize", ["Alizé"]),
        ("type_projet=usages", []),
    ],
)
def test_tri_et_filtres(trois: tuple[Any, list[Parcours]], criteres: str, attendus: list[str]) -> None:
    assert noms(trois[0].get(f"{URL}?{criteres}")) == attendus


def test_filtres_par_solution_et_par_og(trois: tuple[Any, list[Parcours]]) -> None:
    client, (a, b, _) = trois
    assert noms(client.get(f"{URL}?solution={b.solution_id}")) == ["Brise"]
    assert noms(client.get(f"{URL}?og={a.esms.og.finess}")) == ["Alizé"]


def test_plusieurs_etats_se_retirent_un_a_un(trois: tuple[Any, list[Parcours]]) -> None:
    puces = trois[0].get(f"{URL}?etat=preparation&etat=recense").context["liste"].filtres_actifs
    assert [(p["libelle"], p["url_retrait"]) for p in puces] == [
        ("État : Préparation", "?etat=recense"),
        ("État : Recensé", "?etat=preparation"),
    ]


def test_la_prochaine_date_est_la_premiere_prevue_et_pas_atteinte() -> None:
    parcours = ParcoursFactory()
    jour = timezone.localdate()
    Etape.objects.create(parcours=parcours, etat="cadrage", reference=jour, reelle=jour)
    Etape.objects.create(parcours=parcours, etat="preparation", reference=jour, revisee=jour + timedelta(days=20))
    Etape.objects.create(parcours=parcours, etat="ouverture", reference=jour + timedelta(days=9))
    Etape.objects.create(parcours=parcours, etat="routine")
    lu = Parcours.objects.avec_dates().get()
    assert lu.prochaine_date == jour + timedelta(days=9) and lu.depuis == jour
    changer_etat(parcours, "sortir", par=cheffe_de(parcours.grappe), motif="retrait", raison="retrait")
    assert Parcours.objects.avec_dates().get().prochaine_date is None


def test_depuis_suit_aussi_une_suspension() -> None:
    parcours = ParcoursFactory()
    le = timezone.localdate() - timedelta(days=40)
    changer_etat(parcours, "suspendre", par=cheffe_de(parcours.grappe), motif="travaux", date_effet=le)
    assert Parcours.objects.avec_dates().get().depuis == le


def test_le_reste_a_reunir_est_celui_de_la_porte() -> None:
    parcours = ParcoursFactory()
    directrice = directrice_de(parcours)
    dater("annonce")(parcours, directrice)
    decompte = compter(evaluer(Parcours.objects.all(), "engager")[parcours.pk])
    reponse = connecte(directrice).get(f"{URL}?colonnes=reste&format=csv")
    assert decompte.reste == 1 and lignes_csv(reponse)[1][1] == "1 avertit"


def test_rien_n_attend_un_esms_en_routine() -> None:
    parcours = amener(ParcoursFactory(), EtatParcours.ROUTINE)
    assert lignes_csv(connecte(directrice_de(parcours)).get(f"{URL}?colonnes=reste&format=csv"))[1][1] == ""


TOUTES = "reste,etat,depuis,prochaine_date,secteur,solution,vague,og,categorie,grappe"


@pytest.mark.parametrize("etats", [[EtatParcours.PREPARATION], EtatParcours.values[1:7]])
def test_la_liste_demande_autant_de_requetes_a_une_ligne_qu_a_cinquante(etats: list[str]) -> None:
    grappe = GrappeFactory()

    def peupler(nombre: int) -> None:
        for rang, parcours in enumerate(ParcoursFactory.create_batch(nombre, grappe=grappe)):
            amener(parcours, etats[rang % len(etats)])

    exiger_requetes_constantes(connecte(cheffe_de(grappe)), f"{URL}?colonnes={TOUTES}", peupler, FRAGMENT)


def test_la_page_entiere_aussi() -> None:
    grappe = GrappeFactory()
    client = connecte(cheffe_de(grappe))
    exiger_requetes_constantes(client, URL, lambda nombre: ParcoursFactory.create_batch(nombre, grappe=grappe))


# --- régions ---------------------------------------------------------------------------------------------------------


def test_une_region_ne_compte_que_ce_qu_on_voit() -> None:
    grappe = GrappeFactory()
    le_sien = ParcoursFactory(grappe=grappe)
    ParcoursFactory.create_batch(3, grappe=grappe)
    bretagne = DepartementFactory(code="29", nom="Finistère", region=RegionFactory(code="53", nom="Bretagne"))
    ParcoursFactory(grappe=grappe, esms__departement=bretagne)
    client = connecte(directrice_de(le_sien))
    lignes = [ligne.record for ligne in client.get("/regions/").context["liste"].table.rows]
    assert [(r.nom, r.total, r.par_etat["recense"]) for r in lignes] == [("Nouvelle-Aquitaine", 1, 1)]
    assert client.get("/regions/53/").status_code == 404
    assert client.get("/regions/75/").context["liste"].total == 1
    cheffe = connecte(cheffe_de(grappe))
    lignes = [ligne.record for ligne in cheffe.get("/regions/").context["liste"].table.rows]
    assert [(r.nom, r.total) for r in lignes] == [("Bretagne", 1), ("Nouvelle-Aquitaine", 4)]


def test_la_fiche_d_une_region_montre_ses_grappes_visibles() -> None:
    ici, ailleurs = GrappeFactory(nom="Ici"), GrappeFactory(nom="Ailleurs")
    parcours = ParcoursFactory(grappe=ici)
    ParcoursFactory(grappe=ici)
    ParcoursFactory(grappe=ailleurs)
    reponse = connecte(directrice_de(parcours)).get("/regions/75/")
    assert [(g.nom, g.nb_esms) for g in reponse.context["grappes"]] == [("Ici", 1)]
    assert "Ailleurs" not in reponse.content.decode()


def test_un_referent_regional_voit_sa_region_meme_vide() -> None:
    client = connecte(affecter(Role.ARS, RegionFactory()))
    assert client.get("/regions/").context["liste"].total == 1
    assert client.get("/regions/75/").status_code == 200


def test_regions_autant_de_requetes_a_une_qu_a_cinquante() -> None:
    grappe = GrappeFactory()
    rang = iter(range(100, 200))

    def peupler(nombre: int) -> None:
        for _ in range(nombre):
            code = str(next(rang))
            departement = DepartementFactory(
                code=code, nom=code, code_finess=code[:2], region=RegionFactory(code=code, nom=f"Région {code}")
            )
            ParcoursFactory(grappe=grappe, esms=EsmsFactory(departement=departement))

    client = connecte(cheffe_de(grappe))
    exiger_requetes_constantes(client, "/regions/", peupler)
    exiger_requetes_constantes(
        client, "/regions/75/", lambda nombre: ParcoursFactory.create_batch(nombre, grappe=grappe)
    )
