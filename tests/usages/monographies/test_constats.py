"""Les constats d'une visite : écrits, redits, retirés tant que personne ne les a codés, rapprochés à toute heure."""

from typing import Any

import pytest
from django.urls import reverse

from programme.socle.erreurs import Refus
from tests.aides import connecte, exiger_requetes_constantes
from tests.usages.editeurs.aides import lu
from tests.usages.monographies.fabriques import (
    ConstatFactory,
    NoteDeVisiteFactory,
    VerbatimDeVisiteFactory,
    VisiteFactory,
)
from tests.usages.monographies.mondes_codage import Monde, monde
from tests.usages.retours.mondes_suites import NIR
from usages.models import Constat
from usages.services.visites.constats import ecrire_constat, libelles_de, modifier_constat, retirer_constat

pytestmark = pytest.mark.django_db
DIT = {"nature": "frein", "libelle": "Trop peu de postes", "theme_propose": "deploiement"}


@pytest.fixture
def m() -> Monde:
    return monde()


def _page(m: Monde) -> str:
    return reverse("usages:visite-constats", args=[m.visite.pk])


def _modifier(constat: Constat) -> str:
    return reverse("usages:constat-modifier", args=[constat.pk])


def test_un_constat_et_ce_qui_l_appuie(m: Monde) -> None:
    verbatim, note = VerbatimDeVisiteFactory(visite=m.visite), NoteDeVisiteFactory(visite=m.visite)
    reponse = connecte(m.auteur).post(_page(m), DIT | {"verbatim": verbatim.pk, "note": note.pk})
    assert reponse.status_code == 302
    constat = Constat.objects.get()
    assert (constat.verbatim, constat.note, constat.ecrit_par) == (verbatim, note, m.auteur)
    page = lu(connecte(m.lecteur).get(_page(m)))
    assert "Trop peu de postes" in page and verbatim.texte in page and "Écrire le constat" not in page


def test_l_appui_est_de_la_meme_visite(m: Monde) -> None:
    ailleurs = VerbatimDeVisiteFactory()
    reponse = connecte(m.auteur).post(_page(m), DIT | {"verbatim": ailleurs.pk})
    assert reponse.status_code == 422 and "pas de cette visite" in lu(reponse)


@pytest.mark.parametrize(
    ("faute", "phrase"),
    [({"libelle": ""}, "en une phrase"), ({"libelle": NIR}, "sécurité sociale"), ({"recurrence": NIR}, "sociale"),
     ({"theme_propose": ""}, "Choisissez le thème"), ({"nature": ""}, "effet, un levier")],
)  # fmt: skip
def test_une_faute_se_dit_et_rien_n_est_perdu(m: Monde, faute: dict[str, str], phrase: str) -> None:
    reponse = connecte(m.auteur).post(_page(m), DIT | faute)
    assert reponse.status_code == 422 and phrase in lu(reponse) and not Constat.objects.exists()


def test_le_meme_constat_ne_s_ecrit_pas_deux_fois(m: Monde) -> None:
    m.constater(nature="frein", libelle="TROP PEU de postes")
    assert "déjà écrit" in lu(connecte(m.auteur).post(_page(m), DIT))


def test_les_mots_de_l_etude_se_proposent_et_se_reprennent(m: Monde) -> None:
    ConstatFactory(visite=m.une_autre_visite(), libelle="Peu d'ordinateurs", recurrence="Manque de postes")
    ConstatFactory(libelle="D'une autre étude")
    ConstatFactory(visite=m.visite, libelle="x" * 130)
    assert libelles_de(m.etude) == ["Manque de postes", "Peu d'ordinateurs"]
    page = connecte(m.auteur).get(_page(m))
    assert '<option value="Manque de postes">' in page.content.decode()
    connecte(m.auteur).post(_page(m), DIT | {"recurrence": "manque de POSTES"})
    assert Constat.objects.get(libelle="Trop peu de postes").recurrence == "Manque de postes"


def test_code_il_ne_change_plus_sauf_ce_dont_il_se_rapproche(m: Monde) -> None:
    (constat,) = m.constater(**DIT)
    m.coder(m.auteur)
    page = connecte(m.pilote).get(_modifier(constat))
    assert list(page.context["formulaire"].fields) == ["recurrence"] and "Ce constat est codé" in lu(page)
    assert (
        connecte(m.pilote).post(_modifier(constat), {"recurrence": "Les postes", "libelle": "Autre"}).status_code == 302
    )
    constat.refresh_from_db()
    assert (constat.libelle, constat.recurrence) == ("Trop peu de postes", "Les postes")


def test_code_il_ne_se_retire_plus(m: Monde) -> None:
    (constat,) = m.constater()
    retirer = reverse("usages:constat-retirer", args=[constat.pk])
    m.coder(m.auteur)
    with pytest.raises(Refus, match="leurs codes se perdraient"):
        retirer_constat(constat=constat, par=m.pilote)
    assert "leurs codes se perdraient" in lu(connecte(m.pilote).post(retirer)) and Constat.objects.exists()
    constat.codages.all().delete()
    assert connecte(m.pilote).post(retirer).status_code == 302 and not Constat.objects.exists()


def test_modifier_entre_temps_code_se_refuse(m: Monde) -> None:
    """La page avait été ouverte avant que quelqu'un code."""
    (constat,) = m.constater()
    m.coder(m.auteur)
    with pytest.raises(Refus, match="codé par 1 personne"):
        modifier_constat(constat=constat, par=m.pilote, libelle="Autre")


def test_pas_de_constat_d_une_visite_proposee(m: Monde) -> None:
    with pytest.raises(Refus, match="pas acceptée"):
        ecrire_constat(visite=VisiteFactory(etude=m.etude), par=m.pilote, **DIT)


def test_qui_lit_qui_ecrit(m: Monde) -> None:
    (constat,) = m.constater()
    retirer = reverse("usages:constat-retirer", args=[constat.pk])
    attendus: list[tuple[Any, int, int, int]] = [
        (m.lecteur, 200, 403, 403),
        (m.directrice, 403, 403, 404),
        (m.dehors, 404, 404, 404),
        (m.auteur, 200, 302, 200),
    ]
    for compte, lire, ecrire, toucher in attendus:
        client = connecte(compte)
        assert (client.get(_page(m)).status_code, client.post(_page(m), DIT).status_code) == (lire, ecrire)
        assert {client.get(_modifier(constat)).status_code, client.get(retirer).status_code} == {toucher}


def test_vide_la_page_dit_le_premier_geste(m: Monde) -> None:
    assert "Aucun constat écrit" in lu(connecte(m.pilote).get(_page(m)))


def test_autant_de_requetes_pour_cinquante(m: Monde) -> None:
    exiger_requetes_constantes(connecte(m.pilote), _page(m), m.constater)
