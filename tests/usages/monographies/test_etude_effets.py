"""La synthèse d'une étude : les mêmes comptes à l'écran, en CSV, en XLSX ; rien de ce qu'on n'a pas fini de coder."""

from collections import Counter
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from programme.enums import Role
from programme.socle.porte import changer_etat
from risques.enums import PorteeCampagne
from tests.aides import connecte, exiger_requetes_constantes, lignes_csv
from tests.fabriques import ParcoursFactory, affecter
from tests.risques.fabriques import GrilleFactory, campagne_ouverte
from tests.usages.editeurs.aides import lu
from tests.usages.monographies.fabriques import ConstatFactory, VerbatimDeVisiteFactory, equiper, passer
from tests.usages.monographies.mondes_codage import CODE, Monde, monde
from usages.enums import Consentement
from usages.models import Codage, Constat
from usages.services.etudes.effets import lire_synthese
from usages.services.visites.codage import coder

pytestmark = pytest.mark.django_db


@pytest.fixture
def m() -> Monde:
    return monde()


def _page(m: Monde, nom: str = "etude-effets") -> str:
    return reverse(f"usages:{nom}", args=[m.etude.pk])


def _classeur(reponse: Any) -> Any:
    return load_workbook(BytesIO(b"".join(reponse)))


def test_page_csv_et_classeur_disent_les_memes_nombres(m: Monde) -> None:
    m.constater(3)
    m.coder(m.pilote)
    m.coder(m.auteur, *m.constats[:2])
    m.coder(m.auteur, m.constats[2], sens="negatif", theme="qvct")
    page = connecte(m.pilote).get(_page(m))
    assert "3 effets codés, 1 ESMS" in lu(page) and "plus de la moitié" in lu(page)
    # Deux positifs ; le troisième, en désaccord de thème et de sens, est compté à part.
    dessinees = {ligne.nom: [case.texte for case in ligne.cases] for ligne in page.context["lignes"]}
    assert dessinees["Organisation et métiers"] == ["2", "0", "0", "0", "0"]
    assert dessinees["En désaccord"] == ["0", "0", "0", "0", "1"]
    csv = lignes_csv(connecte(m.pilote).get(_page(m, "etude-effets-csv")))
    assert {ligne[0]: ligne[1:6] for ligne in csv[1:] if ligne[6] != "0"} == {
        nom: cases for nom, cases in dessinees.items() if any(c != "0" for c in cases)
    }
    livre = _classeur(connecte(m.pilote).get(_page(m, "etude-effets-xlsx")))
    assert livre.sheetnames == ["Thème et sens", "Par ESMS", "Constats", "Leviers et freins", "Comment lire"]
    assert [[str(v) for v in ligne[:7]] for ligne in livre["Thème et sens"].values] == [ligne[:7] for ligne in csv]


def test_les_agregats_sont_la_force_brute_de_la_base(m: Monde) -> None:
    autre = m.une_autre_visite()
    for rang in range(9):
        ConstatFactory(visite=autre if rang % 3 else m.visite, nature="effet" if rang < 7 else "levier")
    sens = ["positif", "negatif", "mitige"]
    for rang, constat in enumerate(Constat.objects.order_by("pk")):
        for ordre, codeur in enumerate((m.pilote, m.auteur)[: rang % 3]):
            code = CODE | {"sens": sens[(rang * (ordre + 1)) % 3], "theme": ["qvct", "pilotage"][rang % 2]}
            coder(visite=constat.visite, par=codeur, codes={constat.pk: code})
    lue = lire_synthese(m.etude, m.lecteur)
    attendus: Counter[tuple[str, str]] = Counter()
    for constat in Constat.objects.filter(nature="effet"):
        codes = list(Codage.objects.filter(constat=constat))
        if codes:
            theme, dit = ({c.theme for c in codes}, {c.sens for c in codes})
            attendus[
                theme.pop() if len(theme) == 1 else "en_desaccord", dit.pop() if len(dit) == 1 else "en_desaccord"
            ] += 1
    assert {cle: case.nombre for cle, case in lue.matrice.cases.items()} == attendus and len(attendus) > 2
    assert lue.matrice.total + lue.matrice.pas_codes == 7


def test_une_visite_pas_finie_de_coder_ne_souffle_rien(m: Monde) -> None:
    m.constater(2)
    m.coder(m.pilote, sens="negatif")
    m.coder(m.auteur, m.constats[0])
    pour_lui, pour_elle = lire_synthese(m.etude, m.auteur), lire_synthese(m.etude, m.pilote)
    assert (pour_lui.matrice.total, [v.pk for v in pour_lui.a_coder]) == (0, [m.visite.pk])
    assert (pour_elle.matrice.total, pour_elle.a_coder) == (2, [])
    client = connecte(m.auteur)
    assert "1 visite mise de côté" in lu(client.get(_page(m)))
    assert all(ligne[6] == "0" for ligne in lignes_csv(client.get(_page(m, "etude-effets-csv")))[1:])
    assert lignes_csv(client.get(f"{_page(m, 'etude-effets-csv')}?table=constats"))[1:] == []
    livre = _classeur(client.get(_page(m, "etude-effets-xlsx")))
    assert livre["Constats"].max_row == 1 and "pas fini de coder" in str(livre["Comment lire"]["A4"].value)
    assert lire_synthese(m.etude, m.lecteur).matrice.total == 2
    passer(m.etude, m.pilote, "lancer", "clore")
    assert lire_synthese(m.etude, m.auteur).matrice.total == 2


def test_leviers_et_freins_se_disent_par_esms(m: Monde) -> None:
    autre, tiers = m.une_autre_visite(), m.une_autre_visite()
    ConstatFactory(visite=m.visite, nature="frein", libelle="Trop peu de postes")
    ConstatFactory(visite=autre, nature="frein", libelle="Peu d'ordinateurs", recurrence="Trop peu de postes")
    ConstatFactory(visite=tiers, nature="levier", libelle="Une référente")
    page = lu(connecte(m.lecteur).get(_page(m)))
    assert "2 ESMS sur 3" in page and "1 ESMS sur 3" in page
    lignes = lignes_csv(connecte(m.lecteur).get(f"{_page(m, 'etude-effets-csv')}?table=recurrents"))
    assert [ligne[:5] for ligne in lignes[1:]] == [
        ["Un levier", "Une référente", "1", "3", "1"],
        ["Un frein", "Trop peu de postes", "2", "3", "2"],
    ]


def test_une_seule_visite(m: Monde) -> None:
    m.constater(2)
    ailleurs = ConstatFactory(visite=m.une_autre_visite())
    page = connecte(m.lecteur).get(f"{_page(m)}?visite={m.visite.pk}")
    assert set(page.context["lue"].constats) == {c.pk for c in m.constats} and "Une seule visite" in lu(page)
    assert ailleurs.pk not in page.context["lue"].constats
    assert connecte(m.lecteur).get(f"{_page(m)}?visite=autre").status_code == 200


@pytest.mark.parametrize("nom", ["etude-effets", "etude-effets-csv", "etude-effets-xlsx", "etude-verbatims"])
def test_qui_lit(m: Monde, nom: str) -> None:
    attendus: list[tuple[Any, int]] = [(m.pilote, 200), (m.auteur, 200), (m.lecteur, 200)]
    attendus += [(m.directrice, 404), (m.dehors, 404)]
    for compte, code in attendus:
        assert connecte(compte).get(_page(m, nom)).status_code == code


def test_le_questionnaire_dit_n_reponses_sur_m_et_se_tait_a_qui_ne_le_lit_pas(m: Monde) -> None:
    grappe = m.visite.parcours.grappe
    autre = ParcoursFactory(grappe=grappe)
    campagne = campagne_ouverte(grappe=grappe, portee=PorteeCampagne.ESMS, population=[m.visite.parcours, autre])
    m.etude.campagnes.add(campagne)
    cheffe = equiper(m.etude, affecter(Role.CHEF_PROJET, grappe), "lecteur")
    assert "0 réponse sur 2" in lu(connecte(cheffe).get(_page(m)))
    grille = GrilleFactory(evaluation=campagne.evaluations.get(parcours=autre), notes={"A1": 10, "B1": 1})
    changer_etat(grille, "transmettre", par=grille.evaluateur)
    page = connecte(cheffe).get(_page(m))
    (lue,) = page.context["questionnaire"].campagnes
    assert (lue.lues, lue.interroges) == (1, 2) and [s.reponses for s in lue.sections] == [1, 1]
    assert [s.moyenne for s in lue.sections] == [Decimal("0.1"), 1] and "1 réponse sur 2" in lu(page)
    # De l'équipe, mais pas de la grappe : l'étude n'ouvre aucune campagne.
    assert "Vous ne lisez aucune des campagnes" in lu(connecte(m.lecteur).get(_page(m)))


def test_vide_la_page_dit_d_ou_vient_la_synthese(m: Monde) -> None:
    page = lu(connecte(m.lecteur).get(_page(m)))
    assert "Aucun constat" in page and "pas de campagne" in page
    assert "Aucun verbatim citable" in lu(connecte(m.lecteur).get(_page(m, "etude-verbatims")))


# --- verbatims -------------------------------------------------------------------------------------------------------


def test_seuls_les_citables_par_theme(m: Monde) -> None:
    dit = VerbatimDeVisiteFactory(visite=m.visite, theme="pilotage")
    tu = VerbatimDeVisiteFactory(visite=m.visite, consentement=Consentement.RETIRE)
    page = connecte(m.lecteur).get(_page(m, "etude-verbatims"))
    assert dit.texte in lu(page) and tu.texte not in lu(page) and "1 citable sur 2 recueillis" in lu(page)
    assert connecte(m.lecteur).get(f"{_page(m, 'etude-verbatims')}?theme=qvct").context["nombre"] == 0
    assert connecte(m.lecteur).get(f"{_page(m, 'etude-verbatims')}?theme=inconnu").status_code == 404


def test_emportes_les_formules_sont_neutralisees(m: Monde) -> None:
    VerbatimDeVisiteFactory(visite=m.visite, texte="=1+1 dit-on", qui="@chef")
    tu = VerbatimDeVisiteFactory(visite=m.visite, anonymat="a_faire")
    (_, ligne) = lignes_csv(connecte(m.lecteur).get(f"{_page(m, 'etude-verbatims')}?format=csv"))
    assert ligne[1:3] == ["'=1+1 dit-on", "'@chef"]
    livre = _classeur(connecte(m.lecteur).get(f"{_page(m, 'etude-verbatims')}?format=xlsx"))
    cellule = livre["Verbatims"]["B2"]
    assert (cellule.value, cellule.data_type) == ("=1+1 dit-on", "s")
    assert tu.texte not in {v for ligne in livre["Verbatims"].values for v in ligne}


def test_autant_de_requetes_pour_cinquante(m: Monde) -> None:
    def peupler(n: int) -> None:
        for rang in range(n):
            visite = m.une_autre_visite() if rang % 10 == 0 else m.visite
            constat = ConstatFactory(visite=visite, nature=["effet", "levier"][rang % 2])
            VerbatimDeVisiteFactory(visite=visite)
            for codeur in (m.pilote, m.auteur):
                coder(visite=visite, par=codeur, codes={constat.pk: CODE})

    for nom in ("etude-effets", "etude-effets-csv", "etude-effets-xlsx", "etude-verbatims"):
        exiger_requetes_constantes(connecte(m.pilote), _page(m, nom), peupler)
