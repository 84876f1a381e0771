"""Les retours dans le temps : ce que la page compte, ce que chacun y lit, ce qui s'en emporte."""

from typing import Any

import pytest
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from programme.enums import EtatGrappe, Role
from programme.models import Grappe, Metier, Module, Parcours
from programme.socle.models import Filtre
from tests.aides import connecte, exiger_requetes_constantes, lignes_csv
from tests.fabriques import affecter, directrice_de
from tests.usages.fabriques import TicketFactory
from tests.usages.retours.fabriques import RelaisFactory, SoutienFactory
from tests.usages.retours.mondes_vues import Monde, il_y_a, lu, monde
from usages.calculs.delais_editeurs import Quantile
from usages.calculs.periodes import Periode
from usages.enums import CadenceReleve, ThemeRetour, VoieRetour
from usages.models import Retour
from usages.services.retours.dus import lire_dus
from usages.services.retours.themes import SANS_METIER, SANS_MODULE, Lecture, lire

pytestmark = pytest.mark.django_db


@pytest.fixture
def m() -> Monde:
    return monde()


def _mois(nombre: int = 12) -> list[Periode]:
    return Periode.contenant(timezone.localdate(), CadenceReleve.MOIS).dernieres(nombre)


def _lire(m: Monde, nombre: int = 12) -> Lecture:
    return lire(Retour.objects.all(), Parcours.objects.filter(grappe=m.grappe), _mois(nombre), timezone.localdate())


def _page(m: Monde, **regle: Any) -> str:
    return reverse("usages:grappe-retours-themes", args=[m.grappe.pk], query=regle or None)


def _de_l_esms(m: Monde, ou: int = 0) -> str:
    return reverse("usages:parcours-retours-themes", args=[m.esms[ou].pk])


# --- ce qui se compte ------------------------------------------------------------------------------------------------


def test_themes_part_repondue_et_delais(m: Monde) -> None:
    m.repondre(40, en=9, theme=ThemeRetour.ACCES)
    m.repondre(40, en=5, theme=ThemeRetour.ACCES)
    m.mener(m.dire(30), "qualifier", 3, theme=ThemeRetour.PANNE)
    m.dire(25)
    m.dire(800)
    lecture = _lire(m)
    assert [(t.code, t.total) for t in lecture.themes] == [("acces", 2), ("panne", 1), ("", 1)]
    assert (lecture.ensemble.recus, lecture.ensemble.repondus) == (4, 2)
    assert (lecture.lecture.nb_repondues, lecture.lecture.nb_sans_reponse) == (3, 1)
    assert lecture.lecture.mediane == Quantile(1)
    assert (lecture.reponse.nb_repondues, lecture.reponse.nb_sans_reponse) == (2, 2)
    assert lecture.reponse.mediane == Quantile(9)


def test_un_retour_regroupe_compte_pour_un_et_suit_celui_qui_le_porte(m: Monde) -> None:
    porte, principal = m.dire(30), m.repondre(40, en=25, theme=ThemeRetour.MATERIEL)
    m.mener(porte, "regrouper", sous=principal.pk)
    lecture = _lire(m)
    assert [(t.code, t.total) for t in lecture.themes] == [("materiel", 2)]
    assert (lecture.ensemble.recus, lecture.ensemble.repondus) == (2, 2)
    assert lecture.reponse.nb_repondues == 2 and lecture.lecture.nb_repondues == 2


def test_rouvrir_rend_le_retour_a_ceux_qui_attendent(m: Monde) -> None:
    m.mener(m.repondre(), "rouvrir", 6)
    assert (_lire(m).ensemble.recus, _lire(m).ensemble.repondus) == (1, 0)


def test_par_module_et_par_esms_dans_l_ordre_des_noms(m: Monde) -> None:
    rare, souvent = (Module.objects.create(code=nom.lower(), nom=nom) for nom in ("Agenda", "Journal"))
    for rang, module in enumerate((rare, souvent, souvent, None, None, None)):
        m.dire(20 + rang, ou=1, module=module)
    lecture = _lire(m)
    assert [(b.compte.nom, b.compte.recus) for b in lecture.modules] == [
        ("Journal", 2), ("Agenda", 1), (SANS_MODULE, 3),
    ]  # fmt: skip
    noms = [p.esms.nom for p in m.esms]
    assert [b.compte.nom for b in lecture.esms] == sorted(noms), "par les noms, pas par les nombres"
    assert {b.compte.nom: b.compte.recus for b in lecture.esms} == {noms[0]: 0, noms[1]: 6}


def test_moins_de_cinq_retours_d_un_metier_se_taisent_et_ce_qui_les_trahirait(m: Monde) -> None:
    metiers = [Metier.objects.create(code=f"m{n}", nom=f"Métier {n}", ordre=n) for n in range(3)]
    for metier, nombre in zip([*metiers, None], (3, 6, 9, 12), strict=True):
        for rang in range(nombre):
            m.dire(10 + rang, metier=metier)
    lues = {b.compte.nom: b for b in _lire(m).metiers}
    assert [nom for nom, b in lues.items() if b.tue] == ["Métier 0", "Métier 1"]
    assert lues["Métier 2"].compte.recus == 9 and lues[SANS_METIER].compte.recus == 12
    page = lu(connecte(m.cheffe).get(_page(m)))
    assert "un métier tu pour ne pas en trahir un autre" in page and "3 reçus" not in page and "6 reçus" not in page


def test_sans_un_metier_a_cinq_retours_aucun_ne_se_nomme(m: Monde) -> None:
    m.dire(10, metier=Metier.objects.create(code="m", nom="Un métier rare"))
    page = lu(connecte(m.cheffe).get(_page(m)))
    assert "Aucun métier n’a donné cinq retours" in page and "Un métier rare" not in page


def test_la_table_des_metiers_garde_les_masques(m: Monde) -> None:
    rare = Metier.objects.create(code="m", nom="Un métier rare")
    for rang in range(15):
        m.dire(10 + rang, metier=rare if rang == 0 else None)
    souvent = Metier.objects.create(code="n", nom="Un métier courant")
    for rang in range(6):
        m.dire(10 + rang, metier=souvent)
    _, *lignes = lignes_csv(connecte(m.cheffe).get(_page(m, format="csv", dessin="metiers")))
    assert sorted(lignes) == [
        [SANS_METIER, "14", "0", "14"], ["Un métier courant", "masqué", "", ""], ["Un métier rare", "masqué", "", ""],
    ]  # fmt: skip


def test_les_metiers_ne_suivent_pas_la_periode_pour_qu_on_n_en_retranche_pas_une(m: Monde) -> None:
    metier = Metier.objects.create(code="m", nom="Un métier")
    for rang in range(5):
        m.dire(200 if rang else 5, metier=metier)
    assert [b.compte.recus for b in _lire(m, 3).metiers] == [b.compte.recus for b in _lire(m, 12).metiers] == [5]


# --- ce que l'éditeur doit -------------------------------------------------------------------------------------------


def test_ce_que_l_editeur_doit_et_ce_qui_ne_lui_a_pas_ete_ecrit(m: Monde) -> None:
    agenda = Module.objects.create(code="agenda", nom="Agenda")
    vieux, recent = m.chez_l_editeur(90, module=agenda), m.chez_l_editeur(10, module=agenda)
    sans_module = m.chez_l_editeur(30, ou=1)
    m.mener(m.chez_l_editeur(50), "resoudre", 2)
    m.mener(m.dire(50), "prendre_en_charge", voie=VoieRetour.INTERNE)
    m.mener(m.dire(60), "regrouper", sous=vieux.pk)
    demande = m.ecrire(vieux)
    dus = lire_dus(Retour.objects.all(), m.cheffe, timezone.localdate())
    assert [(d.retour, d.jours, d.demande) for d in dus.retours] == [
        (vieux, 90, demande), (sans_module, 30, None), (recent, 10, None),
    ]  # fmt: skip
    assert [(x.nom, x.nombre, x.jours, x.sans_demande) for x in dus.modules] == [
        ("Agenda", 2, 90, 1), (SANS_MODULE, 1, 30, 1),
    ]  # fmt: skip
    assert (dus.nombre, dus.sans_demande) == (3, 2)
    page = lu(connecte(m.cheffe).get(_page(m)))
    assert "dont <strong>2</strong> sans demande écrite" in page
    assert reverse("usages:demandeediteur-detail", args=[demande.pk]) in page
    assert vieux.titre in page and vieux.probleme not in page


# --- qui lit quoi ----------------------------------------------------------------------------------------------------


def test_le_financeur_n_ouvre_rien_et_l_etranger_ne_voit_rien(m: Monde) -> None:
    # Le financeur ne voit une grappe qu'une fois son dossier déposé.
    QuerySet(Grappe).filter(pk=m.grappe.pk).update(**{"etat": EtatGrappe.DEPLOIEMENT})
    ars, ailleurs = affecter(Role.ARS, m.grappe.region), monde().cheffe
    for url in (_page(m), _de_l_esms(m), reverse("usages:comite-utilisateurs", args=[m.grappe.pk])):
        assert connecte(ars).get(url).status_code == 403
        assert connecte(ailleurs).get(url).status_code == 404


def test_une_directrice_ne_compte_que_ses_retours(m: Monde) -> None:
    m.dire(10, ou=0)
    m.dire(10, ou=1)
    directrice = connecte(directrice_de(m.esms[0]))
    page = lu(directrice.get(_page(m)))
    assert "<strong>1 retour reçu</strong>" in page and m.esms[1].esms.nom not in page
    assert directrice.get(_de_l_esms(m, 1)).status_code == 404
    assert "<strong>1 retour reçu</strong>" in lu(directrice.get(_de_l_esms(m)))


def test_la_page_vide_dit_pourquoi(m: Monde) -> None:
    for url in (_page(m), _de_l_esms(m)):
        page = lu(connecte(m.cheffe).get(url))
        assert "Aucun retour sur cette période" in page and "rien à dire de la charge" in page


# --- la période, les tables ------------------------------------------------------------------------------------------


def test_la_periode_choisie_borne_les_themes(m: Monde) -> None:
    m.dire(5)
    m.dire(200)
    client = connecte(m.cheffe)
    assert "<strong>2 retours reçus</strong>" in lu(client.get(_page(m)))
    assert "<strong>1 retour reçu</strong>" in lu(client.get(_page(m, sur="3")))
    d_avant = Periode.contenant(il_y_a(200), CadenceReleve.MOIS).code
    assert "<strong>1 retour reçu</strong>" in lu(client.get(_page(m, sur="3", mois=d_avant)))
    for faux in ({"sur": "4"}, {"mois": "2001-01"}, {"mois": "hier"}):
        page = lu(client.get(_page(m, **faux)))
        assert "n'est pas de celles qui se lisent" in page and "<strong>2 retours reçus</strong>" in page


def test_une_periode_se_garde_sous_un_nom_et_se_retrouve(m: Monde) -> None:
    client = connecte(m.cheffe)
    m.dire(200)
    adresse = reverse("programme:vue-enregistrer")
    adresse = f"{adresse}?liste=usages:grappe-retours-themes&objet={m.grappe.pk}&sur=3"
    assert client.post(adresse, {"nom": "Le trimestre", "a_qui": "moi"}).status_code == 302
    vue = Filtre.objects.get(nom="Le trimestre")
    assert vue.criteres == {"sur": ["3"]}
    page = lu(client.get(_page(m, vue=vue.pk)))
    assert "Le trimestre" in page and "Aucun retour sur cette période" in page


@pytest.mark.parametrize("dessin", ["themes", "modules", "metiers", "esms", "delais", "editeur", "charge"])
def test_chaque_dessin_a_sa_table_aux_memes_nombres(m: Monde, dessin: str) -> None:
    metier = Metier.objects.create(code="m", nom="Un métier")
    for rang in range(3):
        m.repondre(20 + rang, theme=ThemeRetour.PANNE)
    m.dire(10, metier=metier)
    m.chez_l_editeur(20, ou=1)
    TicketFactory(parcours=m.esms[0], cree_le=il_y_a(10))
    entetes, *lignes = lignes_csv(connecte(m.cheffe).get(_page(m, format="csv", dessin=dessin)))
    attendues = {
        "themes": lambda: lignes[-1][0] == "Thème pas encore dit" and sum(int(x[-1]) for x in lignes) == 5,
        "modules": lambda: lignes == [[SANS_MODULE, "5", "3", "2"]],
        "metiers": lambda: lignes == [],
        "esms": lambda: sorted(x[1] for x in lignes) == ["1", "4"],
        "delais": lambda: [x[0] for x in lignes] == ["Lire un retour", "Y répondre"] and lignes[1][3:] == ["3", "2"],
        "editeur": lambda: lignes == [[SANS_MODULE, "1", "20", "1"]],
        "charge": lambda: len(lignes) == 26 and sum(int(x[3]) for x in lignes) == 6,
    }
    assert attendues[dessin](), lignes
    assert len({len(ligne) for ligne in [entetes, *lignes]}) == 1


# --- le coût ---------------------------------------------------------------------------------------------------------


@pytest.mark.une_base
@pytest.mark.parametrize("nom", ["grappe-retours-themes", "parcours-retours-themes", "comite-utilisateurs"])
def test_autant_de_requetes_a_une_ligne_qu_a_cinquante(m: Monde, nom: str) -> None:
    def peupler(nombre: int) -> None:
        for _ in range(nombre):
            rang = Metier.objects.count()
            module = Module.objects.create(code=f"module-{rang}", nom=f"Module {rang}")
            metier = Metier.objects.create(code=f"metier-{rang}", nom=f"Métier {rang}")
            m.ecrire(m.chez_l_editeur(20, module=module, metier=metier))
            SoutienFactory(retour=m.dire(20, ou=1))
            m.mener(m.dire(30), "regrouper", sous=m.repondre().pk)
            m.mener(m.dire(40), "ne_pas_retenir")
            m.mener(m.dire(60), "qualifier")
            RelaisFactory(parcours=m.esms[0])

    cle = m.esms[0].pk if nom.startswith("parcours") else m.grappe.pk
    exiger_requetes_constantes(connecte(m.cheffe), reverse(f"usages:{nom}", args=[cle]), peupler)
