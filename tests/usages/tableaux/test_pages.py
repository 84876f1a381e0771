"""Ce que montrent les tableaux de bord, et ce qu'ils taisent."""

from decimal import Decimal
from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from programme.enums import Role
from programme.models import Grappe, Parcours, VersionInstruction
from tests.aides import connecte
from tests.fabriques import (
    ConventionFactory,
    DepartementFactory,
    GrappeFactory,
    OgFactory,
    RegionFactory,
    affecter,
    cheffe_de,
)
from tests.usages.fabriques import CibleFactory, IndicateurFactory, ce_mois, transmettre
from tests.usages.tableaux.mondes import compter, esms, relever
from usages.models import Releve

pytestmark = pytest.mark.django_db


def _page(client: Client, nom: str, *args: Any, **parametres: str) -> Any:
    reponse = client.get(reverse(f"usages:{nom}-tableau-de-bord", args=args), parametres)
    assert reponse.status_code == 200, reponse.status_code
    return reponse


def _csv(reponse: Any) -> list[list[str]]:
    texte = b"".join(reponse.streaming_content).decode("utf-8-sig")
    return [ligne.split(";") for ligne in texte.splitlines()]


def _mois(recul: int) -> str:
    return ce_mois().dernieres(recul + 1)[0].code


@pytest.fixture
def grappe() -> Grappe:
    return GrappeFactory(nom="Vignes hautes")


@pytest.fixture
def ime(grappe: Grappe) -> Parcours:
    return esms(grappe, 1)[0]


# --- un ESMS ---------------------------------------------------------------------------------------------------------


def test_sans_chiffre_la_page_dit_pourquoi(ime: Parcours) -> None:
    page = _page(connecte(affecter(Role.DIRECTEUR, ime.esms)), "parcours", ime.pk)
    assert "Pas encore de chiffre" in page.content.decode()


def test_la_direction_voit_sa_cible_ce_qui_a_bouge_et_ce_qui_manque(ime: Parcours) -> None:
    projets = IndicateurFactory(libelle="Projets à jour", sert_a="Aux éducateurs, pour écrire")
    instruction = VersionInstruction.objects.create(code="essai", nom="Instruction d'essai")
    ConventionFactory(grappe=ime.grappe, instruction=instruction)
    CibleFactory(indicateur=projets, grappe=None, instruction=instruction, valeur=Decimal("0.8"))
    for recul, num in ((2, 20), (1, 30)):
        relever(ime, [projets], (num, 40), recul=recul)
    page = _page(connecte(affecter(Role.DIRECTEUR, ime.esms)), "parcours", ime.pk)
    (fiche,) = page.context["page"].fiches
    assert (fiche.dit, fiche.dit_cible, fiche.ecart, fiche.mouvement) == (
        "75\u202f%",
        "80\u202f%",
        "+\u202f25 points",
        "mieux",
    )
    assert fiche.manque == 2 and page.context["page"].reste_a_tenir == [fiche]
    html = page.content.decode()
    assert (
        "Aux éducateurs, pour écrire" in html
        and "2 à gagner" in html
        and "À 5 points de la cible" in html.replace("\xa0", " ")
    )


def test_la_cible_de_la_grappe_l_emporte_mais_le_versement_garde_la_sienne(ime: Parcours) -> None:
    projets = IndicateurFactory()
    instruction = VersionInstruction.objects.create(code="essai", nom="Instruction d'essai")
    ConventionFactory(grappe=ime.grappe, instruction=instruction)
    CibleFactory(indicateur=projets, grappe=None, instruction=instruction, valeur=Decimal("0.9"))
    CibleFactory(indicateur=projets, grappe=ime.grappe, valeur=Decimal("0.5"))
    relever(ime, [projets], (30, 40))
    (fiche,) = _page(connecte(affecter(Role.DIRECTEUR, ime.esms)), "parcours", ime.pk).context["page"].fiches
    assert (fiche.dit_cible, fiche.jauge.tenu, fiche.dit_financement, fiche.manque) == (
        "50\u202f%",
        True,
        "90\u202f%",
        6,
    )


def test_pas_de_prevision_sous_quatre_points(ime: Parcours) -> None:
    projets = IndicateurFactory()
    client = connecte(affecter(Role.DIRECTEUR, ime.esms))
    for recul in (3, 2, 1):
        relever(ime, [projets], (30 - recul, 40), recul=recul)
    assert not _page(client, "parcours", ime.pk).context["page"].fiches[0].prevu
    relever(ime, [projets], (26, 40), recul=4)
    assert _page(client, "parcours", ime.pk).context["page"].fiches[0].prevu


def test_un_chiffre_en_saisie_se_voit_chez_lui_et_se_dit_provisoire(ime: Parcours) -> None:
    relever(ime, [IndicateurFactory()], etat="saisi")
    page = _page(connecte(affecter(Role.DIRECTEUR, ime.esms)), "parcours", ime.pk)
    assert page.context["page"].provisoires
    assert "pas encore transmis" in page.content.decode()


def test_non_mesurable_n_est_pas_zero(ime: Parcours) -> None:
    relever(ime, [IndicateurFactory()], motif="non_mesurable")
    (fiche,) = _page(connecte(affecter(Role.DIRECTEUR, ime.esms)), "parcours", ime.pk).context["page"].fiches
    assert (fiche.dit, fiche.pourquoi) == ("—", "non mesurable dans notre dui")


def test_un_mois_illisible_se_dit(ime: Parcours) -> None:
    page = _page(connecte(affecter(Role.DIRECTEUR, ime.esms)), "parcours", ime.pk, mois="2099-13")
    assert "Ce mois n" in page.content.decode()
    assert page.context["page"].moment.mois.code == _mois(1)


def test_la_table_de_l_esms_s_emporte(ime: Parcours) -> None:
    projets = IndicateurFactory(libelle="Projets à jour")
    relever(ime, [projets])
    lignes = _csv(_page(connecte(affecter(Role.DIRECTEUR, ime.esms)), "parcours", ime.pk, format="csv"))
    assert lignes[0][1] == "Indicateur" and len(lignes) == 13
    assert lignes[-1][4:6] == ["75\u202f%", "30 sur 40"]


# --- une grappe ------------------------------------------------------------------------------------------------------


def test_la_carte_dit_ce_que_chacun_a_transmis_et_les_totaux_qui_a_repondu(grappe: Grappe) -> None:
    projets = IndicateurFactory(libelle="Projets à jour")
    a, b, c, d = esms(grappe, 4)
    relever(a, [projets], (30, 40))
    relever(b, [projets], (10, 40), etat="saisi")
    relever(c, [projets], motif="non_mesurable")
    relever(d, [projets], motif="non_concerne", etat="saisi")
    compter()
    page = _page(connecte(cheffe_de(grappe)), "grappe", grappe.pk).context["page"]
    par_nom = {ligne.nom: ligne.cases[0].classe for ligne in page.lignes}
    assert [par_nom[str(p)] for p in (a, b, c, d)] == ["p4", "attendu", "non-mesurable", "non-concerne"]
    (total,) = page.ensembles
    assert (total.dit, total.repondu) == ("75\u202f%", "1 ESMS sur 4 a répondu")
    assert page.ont_transmis == 2


def test_les_totaux_sont_ceux_qu_ecrit_la_porte(grappe: Grappe, ime: Parcours) -> None:
    projets = IndicateurFactory()
    releve = relever(ime, [projets], etat="saisi")
    compter()
    client = connecte(cheffe_de(grappe))
    assert _page(client, "grappe", grappe.pk).context["page"].ensembles[0].dit == "—"
    transmettre(Releve.objects.get(pk=releve.pk), par=affecter(Role.DIRECTEUR, ime.esms))
    assert _page(client, "grappe", grappe.pk).context["page"].ensembles[0].dit == "75\u202f%"


def test_comparer_deux_mois_ecrit_l_ecart_dans_chaque_case(grappe: Grappe, ime: Parcours) -> None:
    projets = IndicateurFactory()
    for recul, num in ((6, 10), (1, 30)):
        relever(ime, [projets], (num, 40), recul=recul)
    compter()
    client = connecte(cheffe_de(grappe))
    assert _page(client, "grappe", grappe.pk).context["page"].lignes[0].cases[0].ecart == ""
    page = _page(client, "grappe", grappe.pk, avec=_mois(6))
    assert page.context["page"].lignes[0].cases[0].ecart == "+\u202f50 points"
    assert page.context["adresse"].vers(famille="usage").endswith(f"?avec={_mois(6)}&famille=usage")


def test_qui_ne_lit_qu_un_esms_ne_devine_pas_son_voisin(grappe: Grappe) -> None:
    projets = IndicateurFactory()
    tous = esms(grappe, 2)
    for p in tous:
        relever(p, [projets])
    compter()
    client = connecte(affecter(Role.DIRECTEUR, tous[0].esms))
    page = _page(client, "grappe", grappe.pk).context["page"]
    assert [ligne.nom for ligne in page.lignes] == [str(tous[0])]
    assert page.ensembles[0].masque and page.ensembles[0].valeur is None
    totaux = _csv(_page(client, "grappe", grappe.pk, format="csv", dessin="totaux"))
    assert [ligne[2] for ligne in totaux[1:] if ligne[2]] == ["masqué"] and all(ligne[3] == "" for ligne in totaux[1:])
    for p in esms(grappe, 4):
        relever(p, [projets])
    compter()
    assert not _page(client, "grappe", grappe.pk).context["page"].ensembles[0].masque


def test_les_esms_sont_dans_l_ordre_des_noms_jamais_des_chiffres(grappe: Grappe) -> None:
    projets = IndicateurFactory()
    for rang, p in enumerate(esms(grappe, 6)):
        relever(p, [projets], (rang * 7 % 40, 40))
    compter()
    page = _page(connecte(cheffe_de(grappe)), "grappe", grappe.pk).context["page"]
    noms = [ligne.nom.lower() for ligne in page.lignes]
    assert noms == sorted(noms)


def test_ce_qui_manque_au_financement_se_compte_par_esms(grappe: Grappe) -> None:
    projets = IndicateurFactory()
    instruction = VersionInstruction.objects.create(code="essai", nom="Instruction d'essai")
    ConventionFactory(grappe=grappe, instruction=instruction)
    CibleFactory(indicateur=projets, grappe=None, instruction=instruction, valeur=Decimal("0.8"))
    a, b, c = esms(grappe, 3)
    relever(a, [projets], (36, 40))
    relever(b, [projets], (30, 40))
    relever(c, [projets], etat="saisi")
    compter()
    (ligne,) = _page(connecte(cheffe_de(grappe)), "grappe", grappe.pk).context["page"].financement
    assert (ligne.tenue_par, ligne.mesuree_par, ligne.concernes, ligne.manque) == (1, 2, 3, 2)
    assert set(ligne.restent) == {str(b), str(c)}


def test_un_organisme_lit_ses_esms_de_toutes_les_grappes(grappe: Grappe) -> None:
    projets, og = IndicateurFactory(), OgFactory()
    ici, la = esms(grappe, 1, og=og)[0], esms(GrappeFactory(), 1, og=og)[0]
    for p in (ici, la):
        relever(p, [projets])
    compter()
    page = _page(connecte(affecter(Role.SIEGE, og)), "og", og.pk).context["page"]
    assert len(page.lignes) == 2 and page.ensembles[0].repondu == "2 ESMS sur 2 ont répondu"


# --- une région, le pays ---------------------------------------------------------------------------------------------


def _region(nombres: dict[str, int]) -> Any:
    """Une région, tant d'ESMS par secteur, chacun son relevé transmis."""
    region = RegionFactory(code="53", nom="Bretagne")
    ou = DepartementFactory(code="35", nom="Ille-et-Vilaine", code_finess="35", region=region)
    projets, grappe = IndicateurFactory(), GrappeFactory()
    for secteur, nombre in nombres.items():
        for p in esms(grappe, nombre, departement=ou):
            for recul in (2, 1):
                relever(p, [projets], recul=recul, secteur=secteur)
    compter()
    return region


@pytest.mark.parametrize("role", [Role.ARS, Role.GRADES])
def test_une_region_de_quatre_esms_se_tait(role: str) -> None:
    region = _region({"PA": 4})
    page = _page(connecte(affecter(role, region)), "region", region.pk)
    (total,) = page.context["page"].ensembles
    assert total.masque and total.total is None and ">75\u202f%" not in page.content.decode()


def test_un_secteur_petit_se_tait_et_celui_qui_le_trahirait_aussi() -> None:
    region = _region({"PA": 9, "SOCIAL": 7, "DOMICILE": 2})
    client = connecte(affecter(Role.ARS, region))
    page = _page(client, "region", region.pk).context["page"]
    assert page.ensembles[0].repondu == "18 ESMS sur 18 ont répondu"
    assert {p.code: p.masquee for p in page.secteurs} == {"PA": False, "SOCIAL": True, "DOMICILE": True}
    lignes = _csv(_page(client, "region", region.pk, format="csv", dessin="secteurs"))
    dits = {(ligne[1], ligne[3]) for ligne in lignes[1:] if ligne[3]}
    assert dits == {("Personnes âgées", "75,0"), ("Social", "masqué"), ("Domicile", "masqué")}


def test_le_financeur_ne_lit_que_le_transmis_et_ce_qu_on_lui_destine() -> None:
    region = RegionFactory(code="53", nom="Bretagne")
    ou = DepartementFactory(code="35", nom="Ille-et-Vilaine", code_finess="35", region=region)
    ouvert, reserve = IndicateurFactory(), IndicateurFactory(transmis_au_financeur=False)
    grappe = GrappeFactory()
    for rang, p in enumerate(esms(grappe, 7, departement=ou)):
        relever(p, [ouvert, reserve], etat="transmis" if rang < 6 else "saisi")
    compter()
    ars = _page(connecte(affecter(Role.ARS, region)), "region", region.pk).context["page"]
    assert [e.indicateur for e in ars.ensembles] == [ouvert]
    assert ars.ensembles[0].repondu == "6 ESMS sur 7 ont répondu"
    grades = _page(connecte(affecter(Role.GRADES, region)), "region", region.pk).context["page"]
    assert {e.indicateur for e in grades.ensembles} == {ouvert, reserve}


def test_le_pays_pose_ses_regions_sur_la_carte() -> None:
    region = _region({"PA": 6})
    page = _page(connecte(affecter(Role.ADMIN, None)), "pays")
    assert page.context["page"].rangs_de_regions == [(region.nom, "75\u202f%", "6 ESMS sur 6 ont répondu")]
    assert [t.chiffre for t in page.context["page"].tuiles if t.chiffre] == ["75"]
    assert [
        ligne[1] for ligne in _csv(_page(connecte(affecter(Role.ADMIN, None)), "pays", format="csv", dessin="regions"))
    ][1] == "Bretagne"


@pytest.mark.parametrize("champ", ["secteur", "region"])
def test_le_financeur_ne_retranche_pas_une_grappe_en_montage(champ: str) -> None:
    """Six ESMS en montage se lisent ensemble ; cinq d'un côté et un de l'autre, l'un se retrancherait."""
    indicateur = IndicateurFactory()
    for rang, (ouverts, montes) in enumerate([(7, 5), (7, 1)]):
        region = RegionFactory(code=f"R{rang}", nom=f"Région {rang}")
        departement = DepartementFactory(
            code=f"D{rang}", nom=f"Département {rang}", code_finess=f"D{rang}", region=region
        )
        secteur = "PA" if rang else "PH_ENFANT"
        ouverte = GrappeFactory(region=departement.region)
        QuerySet(Grappe).filter(pk=ouverte.pk).update(etat="deploiement")
        for grappe, nombre in ((ouverte, ouverts), (GrappeFactory(region=departement.region), montes)):
            for parcours in esms(grappe, nombre, departement=departement):
                relever(parcours, [indicateur], secteur=secteur)
    compter()
    lues = {}
    for role in (Role.ARS, Role.ADMIN):
        page = _page(connecte(affecter(role, None)), "pays").context["page"]
        assert not page.ensembles[0].masque
        lues[role] = [p.masquee for p in (page.secteurs if champ == "secteur" else page.regions)]
    assert lues == {Role.ARS: [True, True], Role.ADMIN: [False, False]}
