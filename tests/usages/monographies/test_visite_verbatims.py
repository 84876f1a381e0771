"""Les verbatims d'une visite : gardés sur place, rangés par thème, à l'équipe seule."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from programme.socle.erreurs import Refus
from tests.aides import connecte, exiger_requetes_constantes
from tests.usages.editeurs.aides import lu
from tests.usages.monographies.fabriques import VerbatimDeVisiteFactory, VisiteFactory, equiper, passer
from tests.usages.monographies.mondes_codage import Monde, monde
from tests.usages.retours.mondes_suites import NIR
from usages.models import Verbatim
from usages.services.visites.verbatims import garder_verbatim

pytestmark = pytest.mark.django_db
DIT = {"texte": "On sait le matin.", "qui": "une éducatrice", "voix": "professionnel", "situation": "", "theme": "qvct"}


@pytest.fixture
def m() -> Monde:
    return monde()


def _page(m: Monde) -> str:
    return reverse("usages:visite-verbatims", args=[m.visite.pk])


def test_garder_puis_continuer_dans_le_meme_theme(m: Monde) -> None:
    client = connecte(m.auteur)
    reponse = client.post(_page(m), DIT | {"accord_donne": "on"})
    assert reponse.status_code == 302 and "theme=qvct" in reponse.url
    verbatim = Verbatim.objects.get()
    assert (verbatim.visite, verbatim.parcours) == (m.visite, m.visite.parcours)
    assert (verbatim.consentement, verbatim.consentement_le) == ("donne", timezone.localdate())
    assert verbatim.anonymat == "a_faire" and not verbatim.verdict.est_citable
    page = client.get(reponse.url)
    assert page.context["formulaire"].initial["theme"] == "qvct" and "On sait le matin." in lu(page)


def test_sans_accord_dit_il_reste_a_demander(m: Monde) -> None:
    connecte(m.auteur).post(_page(m), DIT)
    assert Verbatim.objects.get().consentement == "a_demander"


def test_un_double_clic_n_en_garde_qu_un(m: Monde) -> None:
    client = connecte(m.auteur)
    client.post(_page(m), DIT)
    client.post(_page(m), DIT)
    assert Verbatim.objects.count() == 1


def test_ni_nir_ni_mots_vides_et_rien_de_perdu(m: Monde) -> None:
    client = connecte(m.auteur)
    for faute, phrase in (
        ({"texte": NIR}, "sécurité sociale"),
        ({"qui": NIR}, "sécurité sociale"),
        ({"texte": ""}, "Gardez"),
    ):
        reponse = client.post(_page(m), DIT | faute)
        assert reponse.status_code == 422 and phrase in lu(reponse)
    assert 'value="une éducatrice"' in lu(reponse) and not Verbatim.objects.exists()


def test_une_visite_pas_encore_acceptee_ne_recueille_rien(m: Monde) -> None:
    proposee = VisiteFactory(etude=m.etude)
    with pytest.raises(Refus, match="pas acceptée"):
        garder_verbatim(visite=proposee, par=m.pilote, texte="x", qui="y")
    page = connecte(m.pilote).get(reverse("usages:visite-verbatims", args=[proposee.pk]))
    assert "visite acceptée ou faite" in lu(page) and "Garder ces mots" not in lu(page)


def test_qui_lit_qui_garde(m: Monde) -> None:
    attendus: list[tuple[Any, int, int]] = [
        (m.pilote, 200, 302),
        (m.auteur, 200, 302),
        (m.lecteur, 200, 403),
        (m.directrice, 403, 403),
        (m.dehors, 404, 404),
    ]
    for compte, lire, garder in attendus:
        client = connecte(compte)
        assert (client.get(_page(m)).status_code, client.post(_page(m), DIT).status_code) == (lire, garder)
    passer(m.etude, m.pilote, "lancer", "clore")
    assert connecte(m.pilote).post(_page(m), DIT).status_code == 403


def test_par_theme_dans_l_ordre_des_themes(m: Monde) -> None:
    for theme in ("", "pilotage", "deploiement"):
        VerbatimDeVisiteFactory(visite=m.visite, theme=theme)
    page = connecte(m.lecteur).get(_page(m))
    assert [nom for nom, _ in page.context["rangees"]] == ["Déploiement", "Pilotage de la structure", "Sans thème"]
    assert "Garder ces mots" not in lu(page)
    page = connecte(m.lecteur).get(f"{_page(m)}?theme=pilotage")
    assert [len(lus) for _, lus in page.context["rangees"]] == [1]


def test_vide_la_page_dit_le_premier_geste(m: Monde) -> None:
    assert "Notez sur place" in lu(connecte(m.pilote).get(_page(m)))


def test_autant_de_requetes_pour_cinquante(m: Monde) -> None:
    exiger_requetes_constantes(
        connecte(m.pilote), _page(m), lambda n: [VerbatimDeVisiteFactory(visite=m.visite) for _ in range(n)]
    )


def test_ceux_d_une_autre_equipe_ne_se_voient_pas(m: Monde) -> None:
    autre = VisiteFactory()
    equiper(autre.etude, m.dehors)
    verbatim = VerbatimDeVisiteFactory(visite=autre)
    assert connecte(m.pilote).get(reverse("usages:visite-verbatims", args=[autre.pk])).status_code == 404
    assert verbatim.texte not in lu(connecte(m.pilote).get(_page(m)))
