"""Coder chacun de son côté, reprendre, ne rien perdre ; puis se comparer."""

from typing import Any

import pytest
from django.urls import reverse

from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import UtilisateurFactory
from tests.usages.editeurs.aides import lu
from tests.usages.monographies.fabriques import ConstatFactory, equiper, passer
from tests.usages.monographies.mondes_codage import CODE, Monde, monde
from tests.usages.retours.mondes_suites import NIR
from usages.models import Codage, Constat
from usages.services.visites.accord import lire_accord
from usages.services.visites.codage import coder

pytestmark = pytest.mark.django_db


@pytest.fixture
def m() -> Monde:
    rendu = monde()
    rendu.constater(3)
    return rendu


def _page(m: Monde) -> str:
    return reverse("usages:visite-codage", args=[m.visite.pk])


def _accord(m: Monde) -> str:
    return reverse("usages:visite-accord", args=[m.visite.pk])


def _saisie(*constats: Constat, **code: str) -> dict[str, str]:
    return {
        f"c{c.pk}-{champ}": valeur for c in constats for champ, valeur in (CODE | code).items() if valeur is not None
    }


def test_un_constat_s_enregistre_et_l_on_reprend_au_suivant(m: Monde) -> None:
    un, deux, trois = m.constats
    vides = {f"c{c.pk}-theme": "" for c in (deux, trois)}
    reponse = connecte(m.auteur).post(_page(m), _saisie(un) | vides)
    assert reponse.status_code == 302 and reponse.url.endswith(f"#constat-{deux.pk}")
    assert [(c.constat, c.codeur, c.sens) for c in Codage.objects.all()] == [(un, m.auteur, "positif")]
    page = connecte(m.auteur).get(_page(m))
    assert "1 constat sur 3" in lu(page)
    assert page.context["formulaires"][0].initial["sens"] == "positif"


def test_ce_qui_est_complet_s_enregistre_meme_si_le_reste_est_fautif(m: Monde) -> None:
    un, deux, trois = m.constats
    a_moitie = {f"c{deux.pk}-theme": "qvct", f"c{deux.pk}-force": "forte", f"c{trois.pk}-theme": ""}
    reponse = connecte(m.auteur).post(_page(m), _saisie(un) | a_moitie)
    assert reponse.status_code == 422 and "Constat 2 : Dites le sens." in lu(reponse)
    assert "1 constat incomplet ; les autres sont enregistrés" in lu(reponse)
    assert [c.constat for c in Codage.objects.all()] == [un]
    assert reponse.context["formulaires"][1]["force"].value() == "forte"


def test_un_code_se_corrige_et_ce_qui_n_a_pas_change_ne_bouge_pas(m: Monde) -> None:
    m.coder(m.auteur)
    un = m.constats[0]
    Codage.objects.update(code_le="2026-01-05")
    connecte(m.auteur).post(_page(m), _saisie(*m.constats) | {f"c{un.pk}-sens": "negatif"})
    codes = {c.constat_id: c for c in Codage.objects.all()}
    assert codes[un.pk].sens == "negatif" and codes[un.pk].code_le.year > 2025
    assert {c.code_le.isoformat() for cle, c in codes.items() if cle != un.pk} == {"2026-01-05"}


def test_l_enregistrement_d_un_seul_constat_repond_en_nombres(m: Monde) -> None:
    un = m.constats[0]
    reponse = connecte(m.auteur).post(_page(m), _saisie(un), headers={"Accept": "application/json"})
    assert reponse.json() == {"ecrits": [un.pk], "faits": 1, "sur": 3, "fautes": []}


def test_l_enregistrement_d_un_seul_constat_dit_ce_qui_l_empeche(m: Monde) -> None:
    saisie = _saisie(m.constats[0], commentaire=NIR)
    lu_ = connecte(m.auteur).post(_page(m), saisie, headers={"Accept": "application/json"}).json()
    assert (lu_["ecrits"], lu_["faits"]) == ([], 0) and "sécurité sociale" in lu_["fautes"][0]


def test_un_numero_de_securite_sociale_ne_s_y_ecrit_pas(m: Monde) -> None:
    reponse = connecte(m.auteur).post(_page(m), _saisie(m.constats[0], commentaire=NIR))
    assert reponse.status_code == 422 and "sécurité sociale" in lu(reponse) and not Codage.objects.exists()


def test_un_constat_d_une_autre_visite_ne_se_code_pas_ici(m: Monde) -> None:
    ailleurs = ConstatFactory(visite=m.une_autre_visite())
    assert coder(visite=m.visite, par=m.auteur, codes={ailleurs.pk: CODE}) == []
    assert not Codage.objects.exists()


def test_la_page_de_codage_ne_souffle_ni_le_theme_ni_le_code_des_autres(m: Monde) -> None:
    m.coder(m.pilote, sens="mitige", commentaire="On hésite.")
    page = connecte(m.auteur).get(_page(m))
    assert "On hésite." not in lu(page) and "3 constats sur 3" in lu(page)
    assert all(not f.initial for f in page.context["formulaires"])
    rangs = [f.constat.pk for f in page.context["formulaires"]]
    assert rangs == sorted(rangs)


def test_on_ne_voit_les_codes_des_autres_qu_apres_les_siens(m: Monde) -> None:
    m.coder(m.pilote, commentaire="On hésite.", sens="negatif")
    m.coder(m.auteur, *m.constats[:2])
    page = connecte(m.auteur).get(_accord(m))
    assert "Chacun code d’abord de son côté" in lu(page) and "On hésite." not in lu(page) and "page" not in page.context
    assert "2 constats sur 3" in lu(page)
    m.coder(m.auteur, m.constats[2])
    assert "On hésite." in lu(connecte(m.auteur).get(_accord(m)))
    # Un constat de plus, et il faut le coder d'abord.
    m.constater()
    assert "On hésite." not in lu(connecte(m.auteur).get(_accord(m)))


def test_le_lecteur_et_l_etude_close_se_lisent(m: Monde) -> None:
    m.coder(m.pilote, commentaire="On hésite.")
    m.coder(m.auteur, m.constats[0], sens="negatif")
    assert "On hésite." in lu(connecte(m.lecteur).get(_accord(m)))
    assert "On hésite." not in lu(connecte(m.auteur).get(_accord(m)))
    passer(m.etude, m.pilote, "lancer", "clore")
    assert "On hésite." in lu(connecte(m.auteur).get(_accord(m)))


def test_qui_code_qui_lit(m: Monde) -> None:
    attendus: list[tuple[Any, int, int]] = [
        (m.pilote, 200, 200),
        (m.auteur, 200, 200),
        (m.lecteur, 403, 200),
        (m.directrice, 403, 403),
        (m.dehors, 404, 404),
    ]
    for compte, code, accord in attendus:
        client = connecte(compte)
        assert (client.get(_page(m)).status_code, client.get(_accord(m)).status_code) == (code, accord)
        assert client.post(_page(m), _saisie(m.constats[0])).status_code == (302 if code == 200 else code)
    passer(m.etude, m.pilote, "lancer", "clore")
    assert connecte(m.pilote).post(_page(m), _saisie(m.constats[1])).status_code == 403


def test_l_accord_par_paire_et_par_dimension_et_qui_dit_quoi(m: Monde) -> None:
    un, deux, trois = m.constats
    m.coder(m.pilote, un, deux)
    m.coder(m.pilote, trois, sens="negatif", commentaire="Deux métiers se contredisent.")
    m.coder(m.auteur, un, trois)
    m.coder(m.auteur, deux, force="forte")
    page = lire_accord(m.visite)
    assert (page.communs, page.pareils) == (3, 1)
    assert [d.nom for d in page.dimensions] == ["Thème", "Sens", "Force", "Preuve"]
    assert [len(d.paires) for d in page.dimensions] == [1, 1, 1, 1]
    assert [d.paires[0].accord.pareils for d in page.dimensions] == [3, 2, 2, 3]
    # Positif contre négatif d'abord.
    assert [(d.constat, d.opposes) for d in page.desaccords] == [(trois, True), (deux, False)]
    assert page.desaccords[0].dits == [("Sens", [("Ada Pilote", "Négatif"), ("Bao Auteur", "Positif")])]
    lue = lu(connecte(m.lecteur).get(_accord(m)))
    assert "Ada Pilote et Bao Auteur" in lue and "Ada Pilote a hésité : Deux métiers se contredisent." in lue
    # Les cas limites sont dits en mots.
    assert "Les deux ont donné partout le même code" in lue and "L'un des deux a donné partout le même code" in lue


def test_rien_en_commun_un_seul_codeur_personne(m: Monde) -> None:
    lecture = connecte(m.lecteur)
    assert "Un accord se mesure à deux" in lu(lecture.get(_accord(m)))
    m.coder(m.pilote, m.constats[0])
    assert "Un accord se mesure à deux" in lu(lecture.get(_accord(m)))
    m.coder(m.auteur, m.constats[1])
    lue = lu(lecture.get(_accord(m)))
    assert "il n'y a pas d'accord à mesurer" in lue and "Aucun constat n’a encore été codé par deux" in lue


def test_trois_codeurs_deux_homonymes(m: Monde) -> None:
    homonyme = equiper(m.etude, UtilisateurFactory(nom="Bao Auteur"), "auteur")
    for codeur, sens in ((m.pilote, "positif"), (m.auteur, "negatif"), (homonyme, "mitige")):
        m.coder(codeur, sens=sens)
    page = lire_accord(m.visite)
    assert len(page.codeurs) == 3 and [len(d.paires) for d in page.dimensions] == [3, 3, 3, 3]


def test_vide_les_pages_disent_le_premier_geste() -> None:
    m = monde()
    assert "Rien à coder" in lu(connecte(m.auteur).get(_page(m)))
    assert "Rien à comparer" in lu(connecte(m.auteur).get(_accord(m)))


def test_autant_de_requetes_pour_cinquante() -> None:
    m = monde()

    def peupler(n: int) -> None:
        m.constater(n)
        for codeur in (m.pilote, m.auteur):
            m.coder(codeur)

    exiger_requetes_constantes(connecte(m.auteur), _page(m), peupler)
    exiger_requetes_constantes(connecte(m.auteur), _accord(m), peupler)
