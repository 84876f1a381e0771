"""La page d'un éditeur : ce qu'elle compte, ce que chacun y lit, ce qui s'en imprime."""

from typing import Any

import pytest
import typst
from django.urls import reverse
from django.utils import timezone

from programme.documents.rendu import GABARITS, entrees
from programme.enums import Role
from programme.socle.porte import changer_etat
from programme.socle.propositions import Demande
from tests.aides import connecte
from tests.fabriques import affecter, directrice_de
from tests.usages.editeurs.aides import Decor, autre_solution, decor, il_y_a, lu
from tests.usages.fabriques import MonteeDeVersionFactory, TicketFactory, VersionSolutionFactory
from usages.calculs.delais_editeurs import Quantile
from usages.dessins.delais import barres, en_mots
from usages.documents.editeur import GABARIT, fiche_de
from usages.propositions import editeurs_muets
from usages.services.editeurs.lecture import lire, lire_les_editeurs

pytestmark = pytest.mark.django_db


@pytest.fixture
def d() -> Decor:
    return decor()


def _lire(d: Decor, par: Any = None) -> Any:
    return lire(d.grappe, d.editeur, par or d.cheffe, timezone.localdate())


def _page(d: Decor) -> str:
    return reverse("usages:grappe-editeur", args=[d.grappe.pk, d.editeur.pk])


def test_les_demandes_par_anciennete_et_les_delais(d: Decor) -> None:
    jeune, vieille = d.demander(5), d.demander(80)
    d.demander(60, repondue_en=10)
    changer_etat(d.demander(60, repondue_en=20), "clore", par=d.cheffe)
    lu_ = _lire(d)
    assert [(x.demande, x.jours) for x in lu_.attendent] == [(vieille, 80), (jeune, 5)]
    assert [x.jours for x in lu_.repondues] == [10]
    assert (lu_.nb_demandes, lu_.delais.nb_sans_reponse) == (4, 2)
    assert lu_.delais.mediane == Quantile(20)
    assert sum(t.total for t in lu_.tranches) == 4


def test_le_meme_irritant_dans_n_esms_compte_des_esms_pas_des_tickets(d: Decor) -> None:
    seul = d.gener(d.esms[0], d.esms[0], d.esms[0], libelle="Un seul s'en plaint, beaucoup")
    partage = d.gener(*d.esms)
    lus = _lire(d).irritants
    assert [(i.irritant, i.nb_esms) for i in lus] == [(partage, 3), (seul, 1)]
    assert [i.irritant for i in _lire(d).partages] == [partage]


def test_qui_n_a_qu_un_esms_ne_compte_pas_les_autres(d: Decor) -> None:
    d.gener(*d.esms, est_bloquant=True)
    MonteeDeVersionFactory(parcours=d.esms[1], version=VersionSolutionFactory(solution=d.grappe.solution))
    vu = _lire(d, directrice_de(d.esms[0]))
    assert not vu.entiere and vu.irritants[0].nb_esms == 1
    assert [r.nb_esms for r in vu.routes] == [1] and vu.routes[0].annoncees[0].prevues == 0
    page = lu(connecte(directrice_de(d.esms[0])).get(_page(d)))
    assert "de votre périmètre" in page and str(d.esms[1]) not in page


def test_un_ticket_bloquant_est_ouvert_et_sans_contournement(d: Decor) -> None:
    vieux = TicketFactory(parcours=d.esms[0], est_bloquant=True, cree_le=il_y_a(50))
    TicketFactory(parcours=d.esms[0], est_bloquant=True, a_contournement=True)
    TicketFactory(parcours=d.esms[0], est_bloquant=True, ferme_le=il_y_a(1))
    TicketFactory(parcours=d.esms[0], est_bloquant=True, editeur=autre_solution().editeur)
    TicketFactory(parcours=d.esms[0])
    assert [(t.ticket, t.jours) for t in _lire(d).bloquants] == [(vieux, 50)]


def test_la_feuille_de_route_et_qui_y_est_passe(d: Decor) -> None:
    solution = d.grappe.solution
    sortie = VersionSolutionFactory(solution=solution, nom="4.1", sortie_le=il_y_a(60))
    VersionSolutionFactory(solution=solution, nom="5", prevue_le=il_y_a(-200))
    VersionSolutionFactory(solution=solution, nom="4.2", prevue_le=il_y_a(-20))
    MonteeDeVersionFactory(parcours=d.esms[0], version=sortie, faite_le=il_y_a(40))
    MonteeDeVersionFactory(parcours=d.esms[1], version=sortie)
    (route,) = _lire(d).routes
    assert [v.version.nom for v in route.annoncees] == ["4.2", "5"]
    assert [(v.version.nom, v.faites, v.prevues) for v in route.sorties] == [("4.1", 1, 1)]
    assert route.nb_esms == 3


def test_les_editeurs_de_la_grappe_et_ceux_a_qui_on_a_ecrit(d: Decor) -> None:
    d.demander(70)
    inconnu, ecrit = autre_solution().editeur, autre_solution().editeur
    d.demander(10, editeur=ecrit)
    lus = lire_les_editeurs(d.grappe, d.cheffe, timezone.localdate())
    assert [(e.editeur, e.nb_esms, e.plus_ancienne) for e in lus] == [
        (d.editeur, 3, il_y_a(70)),
        (ecrit, 0, il_y_a(10)),
    ]
    assert inconnu not in {e.editeur for e in lus}
    page = lu(connecte(d.cheffe).get(reverse("usages:grappe-editeurs", args=[d.grappe.pk])))
    assert _page(d) in page and "depuis 2 mois" in page


def test_un_editeur_d_ailleurs_n_a_pas_de_page_ici(d: Decor) -> None:
    adresse = reverse("usages:grappe-editeur", args=[d.grappe.pk, autre_solution().editeur.pk])
    assert connecte(d.cheffe).get(adresse).status_code == 404


def test_la_page_vide_dit_le_premier_geste(d: Decor) -> None:
    page = lu(connecte(d.cheffe).get(_page(d)))
    assert "Rien n’a été demandé à cet éditeur" in page and "demandez à l’éditeur sa feuille de route" in page


def test_le_dessin_dit_les_memes_nombres_que_le_tableau(d: Decor) -> None:
    d.demander(5)
    d.demander(40, repondue_en=3)
    dessin = barres(_lire(d).tranches)
    assert (dessin[0].repondues, dessin[0].sans_reponse) == (0.5, 0.5)
    assert dessin[0].phrase == "1 réponse reçue, 1 demande sans réponse"
    assert "1 réponse reçue, 1 demande sans réponse" in lu(connecte(d.cheffe).get(_page(d)))
    assert en_mots(Quantile(30, est_borne=True)) == "plus de 30 jours"


def test_le_pdf_dit_chaque_demande_et_rien_d_executable(d: Decor) -> None:
    d.demander(80, objet="#panic(1) *gras* <b>", reference="x" * 60)
    d.gener(*d.esms)
    for rang in range(60):
        d.demander(20 + rang, objet=f"Demande {rang}")
    fiche = fiche_de(_lire(d))
    assert fiche.en_pdf().startswith(b"%PDF")
    trouves = typst.query(
        str(GABARITS / GABARIT), "<releve>", root=str(GABARITS), ignore_system_fonts=True,
        sys_inputs=entrees(fiche.donnees),
    )  # fmt: skip
    assert "#panic(1) *gras* <b>" in trouves and trouves.count('"demande"') == 61
    reponse = connecte(d.cheffe).get(reverse("usages:grappe-editeur-pdf", args=[d.grappe.pk, d.editeur.pk]))
    assert reponse["Content-Type"] == "application/pdf" and "vignes-hautes" in reponse["Content-Disposition"]


# --- à l'ordre du jour, à l'accueil --------------------------------------------------------------------------------


def _propose(d: Decor, **champs: Any) -> list[Any]:
    return list(editeurs_muets(Demande(d.grappe, d.cheffe, timezone.localdate(), **champs)))


def test_un_point_par_editeur_muet_depuis_plus_d_un_mois(d: Decor) -> None:
    d.demander(30)
    assert not _propose(d, suit=True)
    d.demander(90, objet="Interface de paie")
    d.demander(31)
    (point,) = _propose(d, suit=True)
    assert point.cle == f"editeur:{d.editeur.pk}" and "2 demandes sans réponse" in point.titre
    assert point.url == _page(d) and "« Interface de paie »" in point.expose
    assert not _propose(d, arbitre=True)


def test_relancer_est_a_faire_pour_qui_suit_les_editeurs(d: Decor) -> None:
    d.demander(45, objet="Interface de paie")
    accueil = reverse("programme:accueil")
    for suit in (d.cheffe, affecter(Role.APPUI, d.grappe)):
        page = lu(connecte(suit).get(accueil))
        assert "Relancer l'éditeur" in page and "Interface de paie" in page
    assert "Relancer l'éditeur" not in lu(connecte(directrice_de(d.esms[0])).get(accueil))
