"""Les verbatims : gardés d'un retour, leur accord noté et daté, jamais sortis sans lui."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from programme.enums import EtatGrappe, Role
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import ParcoursFactory, affecter
from tests.usages.editeurs.aides import lu
from tests.usages.retours.fabriques import VerbatimFactory
from tests.usages.retours.mondes_suites import NIR, Monde, monde
from usages.enums import Consentement
from usages.models import Verbatim
from usages.services.retours.suites import donner_suite
from usages.services.retours.verbatims import modifier_verbatim, verbatims_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def m() -> Monde:
    return monde()


def _page(m: Monde) -> str:
    return reverse("usages:parcours-verbatims", args=[m.retour.parcours_id])


def _noter(verbatim: Verbatim, compte: Any, accord: str, le: Any = None, vu: str | None = None, **autres: Any) -> Any:
    jour = (le or timezone.localdate()).isoformat() if accord != "a_demander" else ""
    donnees = {"texte": verbatim.texte, "qui": verbatim.qui, "consentement": accord, "consentement_le": jour}
    donnees |= {"voix": "professionnel", "situation": "", "anonymat": "fait"}
    donnees["vu"] = verbatim.jeton if vu is None else vu
    reponse = connecte(compte).post(reverse("usages:verbatim-modifier", args=[verbatim.pk]), donnees | autres)
    verbatim.refresh_from_db()
    return reponse


def _garder(m: Monde, **champs: Any) -> Verbatim:
    suite = donner_suite(
        retour=m.retour, en="verbatim", par=m.directrice, **({"texte": "On attend.", "qui": "une aide"} | champs)
    )
    objet: Any = suite.objet
    assert isinstance(objet, Verbatim)
    return objet


def test_d_un_retour_sans_compte_l_accord_est_repute_non_donne(m: Monde) -> None:
    page = connecte(m.directrice).get(m.page("verbatim"))
    assert "à qui demander" in lu(page) and page.context["formulaire"].initial["qui"] == "dit sans nom"
    verbatim = _garder(m)
    assert verbatim.consentement == Consentement.A_DEMANDER and not Verbatim.objects.citables().exists()
    assert [v.accord for v in verbatims_de(m.retour.parcours, m.directrice)] == ["Réputé non donné"]
    for page in (_page(m), m.detail):
        assert "Accord réputé non donné" in lu(connecte(m.directrice).get(page))


def test_d_un_retour_signe_on_sait_a_qui_le_demander(m: Monde) -> None:
    m.retour.auteur, m.retour.canal = m.directrice, "compte"
    m.retour.save()
    page = connecte(m.directrice).get(m.page("verbatim"))
    assert str(m.directrice) in lu(page) and page.context["formulaire"].initial["qui"] == ""
    _garder(m)
    assert [v.accord for v in verbatims_de(m.retour.parcours, m.directrice)] == ["À demander"]


def test_un_accord_se_donne_se_retire_et_le_retrait_reste_note(m: Monde) -> None:
    verbatim = VerbatimFactory(parcours=m.retour.parcours)
    assert _noter(verbatim, m.directrice, "donne").status_code == 302
    assert Verbatim.objects.citables().get() == verbatim
    assert verbatim.consentement_le == timezone.localdate()
    assert _noter(verbatim, m.directrice, "retire").status_code == 302
    assert verbatim.consentement == Consentement.RETIRE and not Verbatim.objects.citables().exists()
    assert "Accord retiré" in lu(connecte(m.directrice).get(_page(m)))
    assert _noter(verbatim, m.directrice, "a_demander").status_code == 422
    assert verbatim.consentement == Consentement.RETIRE


@pytest.mark.parametrize(
    ("decalage", "phrase"), [(1, "à venir"), (-400, "ne les précède pas")], ids=["à venir", "avant les mots"]
)
def test_le_jour_de_l_accord_est_possible(m: Monde, decalage: int, phrase: str) -> None:
    verbatim = VerbatimFactory(parcours=m.retour.parcours)
    reponse = _noter(verbatim, m.directrice, "donne", timezone.localdate() + timedelta(days=decalage))
    assert reponse.status_code == 422 and phrase in lu(reponse)
    assert verbatim.consentement == Consentement.A_DEMANDER


def test_un_accord_sans_jour_se_redemande(m: Monde) -> None:
    verbatim = VerbatimFactory(parcours=m.retour.parcours)
    reponse = _noter(verbatim, m.directrice, "donne", consentement_le="")
    assert reponse.status_code == 422 and "Donnez le jour" in lu(reponse)


def test_les_mots_ne_changent_plus_une_fois_l_accord_dit(m: Monde) -> None:
    verbatim = VerbatimFactory(parcours=m.retour.parcours)
    _noter(verbatim, m.directrice, "a_demander", texte="On y retrouve tout.")
    assert verbatim.texte == "On y retrouve tout."
    _noter(verbatim, m.directrice, "donne")
    _noter(verbatim, m.directrice, "donne", texte="Autre chose.")
    assert verbatim.texte == "On y retrouve tout."
    with pytest.raises(Refus, match="ne changent plus"):
        modifier_verbatim(
            verbatim=verbatim,
            par=m.directrice,
            texte="Autre chose.",
            qui=verbatim.qui,
            consentement="donne",
            consentement_le=timezone.localdate(),
        )


def test_un_numero_de_securite_sociale_ne_s_y_ecrit_pas(m: Monde) -> None:
    verbatim = VerbatimFactory(parcours=m.retour.parcours)
    for champ in ("texte", "qui"):
        reponse = _noter(verbatim, m.directrice, "a_demander", **{champ: NIR})
        assert reponse.status_code == 422 and "sécurité sociale" in lu(reponse)


def test_deux_personnes_se_croisent(m: Monde) -> None:
    verbatim = VerbatimFactory(parcours=m.retour.parcours)
    _noter(verbatim, m.directrice, "refuse")
    reponse = _noter(verbatim, m.cheffe, "donne", vu=f"a_demander{verbatim.jeton.removeprefix('refuse')}")
    assert reponse.status_code == 409 and "refusé" in lu(reponse)
    assert verbatim.consentement == Consentement.REFUSE


def test_qui_lit_et_qui_note(m: Monde) -> None:
    changer_etat(m.retour.grappe, "constater", par=m.cheffe, vers=EtatGrappe.DEPLOIEMENT)
    verbatim = VerbatimFactory(parcours=m.retour.parcours)
    noter = reverse("usages:verbatim-modifier", args=[verbatim.pk])
    attendus = [
        (m.directrice, 200, 200),
        (m.cheffe, 200, 200),
        (affecter(Role.GRADES, m.retour.grappe.region), 200, 403),
        (affecter(Role.ARS, m.retour.grappe.region), 403, 404),
        (affecter(Role.DIRECTEUR, ParcoursFactory().esms), 404, 404),
    ]
    for compte, liste, ecrire in attendus:
        client = connecte(compte)
        assert (client.get(_page(m)).status_code, client.get(noter).status_code) == (liste, ecrire)


def test_vide_la_page_dit_d_ou_ils_viennent(m: Monde) -> None:
    assert "Aucun verbatim gardé" in lu(connecte(m.directrice).get(_page(m)))


def test_la_page_ne_pose_pas_une_requete_de_plus_par_verbatim(m: Monde) -> None:
    def peupler(n: int) -> None:
        for rang in range(n):
            _garder(m, texte=f"Essai {rang} sur {n}")

    exiger_requetes_constantes(connecte(m.directrice), _page(m), peupler)


def test_d_un_retour_on_garde_aussi_qui_parle(m: Monde) -> None:
    saisie = m.saisie("verbatim") | {"voix": "professionnel", "situation": "majeur"}
    assert connecte(m.directrice).post(m.page("verbatim"), saisie).status_code == 302
    verbatim = Verbatim.objects.get()
    assert (verbatim.voix, verbatim.situation, verbatim.anonymat) == ("professionnel", "majeur", "a_faire")


def test_d_un_retour_signe_c_est_un_professionnel_qui_parle(m: Monde) -> None:
    anonyme = connecte(m.directrice).get(m.page("verbatim")).context["formulaire"].initial
    assert "voix" not in anonyme
    m.retour.auteur, m.retour.canal = m.directrice, "compte"
    m.retour.save()
    assert connecte(m.directrice).get(m.page("verbatim")).context["formulaire"].initial["voix"] == "professionnel"


def test_la_page_dit_si_c_est_citable_et_sinon_tout_ce_qui_manque(m: Monde) -> None:
    verbatim = VerbatimFactory(parcours=m.retour.parcours)
    page = lu(connecte(m.directrice).get(_page(m)))
    assert "Pas citable" in page and len(verbatim.verdict.motifs) == 3
    assert all(motif in page for motif in verbatim.verdict.motifs)
    _noter(verbatim, m.directrice, "donne")
    assert "Accord donné, personne ne s'y reconnaît." in lu(connecte(m.directrice).get(_page(m)))
