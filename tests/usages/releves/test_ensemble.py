"""Une seule page pour le mois et le trimestre qui attendent : la grille, la feuille, le classeur, la transmission."""

import json
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from programme.models import Parcours
from programme.socle.a_faire import Ligne, a_faire
from tests.aides import connecte, nb_requetes
from tests.fabriques import ParcoursFactory, affecter
from tests.usages.fabriques import IndicateurFactory, ReleveFactory, transmettre
from tests.usages.releves.aides import avancer, case, direction, exiger_totaux_justes
from usages.calculs.periodes import Periode, reunir
from usages.documents.feuille import feuille_de
from usages.enums import CadenceReleve, EtatReleve
from usages.models import CumulIndicateur, Indicateur, Releve, Valeur
from usages.services.releves.classeur import exporter
from usages.services.releves.page import lire_ensemble
from usages.services.releves.reunis import a_donner_avec

pytestmark = pytest.mark.django_db


def codes(*periodes: str) -> list[list[str]]:
    return [[p.code for p in groupe] for groupe in reunir(Periode.lire(p) for p in periodes)]


@pytest.mark.parametrize(
    ("attendent", "pages"),
    [
        (["2026-09", "2026-T3"], [["2026-09", "2026-T3"]]),
        (["2026-12", "2026-T4", "2026"], [["2026-12", "2026-T4", "2026"]]),
        (["2026-08", "2026-T3"], [["2026-08"], ["2026-T3"]]),
        (["2026-10", "2026-T3"], [["2026-10", "2026-T3"]]),
        (["2026-10", "2026-09", "2026-T3"], [["2026-09", "2026-T3"], ["2026-10"]]),
        (["2026-10", "2026-T2", "2026-T3"], [["2026-T2"], ["2026-10", "2026-T3"]]),
        (["2025", "2026-T1"], [["2026-T1", "2025"]]),
        ([], []),
    ],
)
def test_ce_qui_attend_se_donne_avec_le_premier_mois_qui_suit(attendent: list[str], pages: list[list[str]]) -> None:
    assert codes(*attendent) == codes(*reversed(attendent)) == pages


def test_ce_qui_s_acheve_le_meme_jour() -> None:
    assert [p.code for p in Periode.lire("2026-12").finissant_avec()] == ["2026-12", "2026-T4", "2026"]
    assert [p.code for p in Periode.lire("2026-T3").finissant_avec()] == ["2026-09", "2026-T3"]
    assert [p.code for p in Periode.lire("2026-08").finissant_avec()] == ["2026-08"]


# --- la page --------------------------------------------------------------------------------------------------------


def relever(parcours: Parcours, periode: Periode, *indicateurs: Indicateur) -> Releve:
    releve = ReleveFactory(parcours=parcours, debut=periode.debut, cadence=periode.cadence)
    for indicateur in indicateurs:
        Valeur.objects.create(releve=releve, indicateur=indicateur)
    CumulIndicateur.objects.porter_attendus(Valeur.objects.filter(releve=releve), 1)
    return releve


@pytest.fixture
def deux() -> tuple[Releve, Releve]:
    """Un mois et le trimestre qu'il achève ; chacun un rapport à taper."""
    parcours = avancer(ParcoursFactory(), "ouverture")
    trimestre = Periode.contenant(timezone.localdate(), CadenceReleve.TRIMESTRE).precedente()
    mensuel = IndicateurFactory(code="actifs", libelle="Comptes actifs")
    trimestriel = IndicateurFactory(code="projets", libelle="Projets à jour", cadence=CadenceReleve.TRIMESTRE)
    mois = relever(parcours, Periode.contenant(trimestre.fin, CadenceReleve.MOIS), mensuel)
    return mois, relever(parcours, trimestre, trimestriel)


def le_mensuel() -> Indicateur:
    return Indicateur.objects.get(code="actifs")


def avec(*releves: Releve) -> str:
    return f"?avec={','.join(str(r.pk) for r in releves)}"


def test_l_une_ou_l_autre_adresse_montre_les_deux(deux: tuple[Releve, Releve]) -> None:
    mois, trimestre = deux
    par = direction(mois.parcours)
    for releve in deux:
        lu = connecte(par).get(reverse("usages:releve-detail", args=[releve.pk])).content.decode()
        assert 'name="n-actifs"' in lu and 'name="n-projets"' in lu
        assert avec(mois, trimestre) in lu and "Il reste 2 chiffres à taper." in lu
        assert f"{mois.periode.nom.capitalize()} et {trimestre.periode.nom}" in lu
    liste = connecte(par).get(reverse("usages:parcours-releves", args=[mois.parcours_id])).content.decode()
    assert liste.count("Compléter<") == 1


def test_un_envoi_ecrit_dans_chacun_et_se_transmet_d_un_geste(deux: tuple[Releve, Releve]) -> None:
    mois, trimestre = deux
    par = direction(mois.parcours)
    url = reverse("usages:releve-saisir", args=[mois.pk]) + avec(*deux)
    champs = {"n-actifs": "30", "d-actifs": "40", "n-projets": "12", "d-projets": "20", "suite": "transmettre"}
    reponse = connecte(par).post(url, champs)
    transmission = reverse("usages:releve-transmettre", args=[mois.pk]) + avec(*deux)
    assert reponse.url == transmission
    assert case(mois, le_mensuel()).numerateur == 30
    assert case(trimestre, Indicateur.objects.get(code="projets")).numerateur == 12
    lu = connecte(par).get(transmission).content.decode()
    assert lu.count("1 sur 1 chiffre donné") == 2
    assert set(Releve.objects.values_list("etat", flat=True)) == {EtatReleve.SAISI}  # Lire n'écrit pas.
    connecte(par).post(transmission)
    assert set(Releve.objects.values_list("etat", flat=True)) == {EtatReleve.TRANSMIS}
    exiger_totaux_justes()


def test_un_mot_qui_manque_n_en_transmet_aucun_et_laisse_partir_l_autre_seul(deux: tuple[Releve, Releve]) -> None:
    mois, trimestre = deux
    par = direction(mois.parcours)
    Valeur.objects.filter(releve=trimestre).update(numerateur=3, denominateur=20, mot_attendu=True, origine="saisi")
    url = reverse("usages:releve-transmettre", args=[mois.pk]) + avec(*deux)
    lu = connecte(par).get(url).content.decode()
    assert "dites pourquoi" in lu and ">Transmettre</button>" not in lu
    assert reverse("programme:passage", args=["releve", mois.pk, "transmettre"]) in lu
    assert reverse("programme:passage", args=["releve", trimestre.pk, "transmettre"]) not in lu
    refusee = connecte(par).post(url)
    assert refusee.status_code == 409 and "Rien n’est transmis" in refusee.content.decode()
    assert set(Releve.objects.values_list("etat", flat=True)) == {EtatReleve.SAISI}


def test_une_page_ancienne_n_ecrit_pas_dans_un_autre_mois(deux: tuple[Releve, Releve]) -> None:
    """Le mois a été transmis ailleurs, le suivant s'est ouvert : ce qu'on tapait pour l'un ne va pas dans l'autre."""
    mois, trimestre = deux
    par = direction(mois.parcours)
    transmettre(mois, par=par)
    suivant = relever(mois.parcours, mois.periode.suivante(), le_mensuel())
    assert a_donner_avec(trimestre) == [suivant, trimestre]
    url = reverse("usages:releve-saisir", args=[trimestre.pk]) + avec(mois, trimestre)
    champs = {"n-actifs": "30", "d-actifs": "40", "n-projets": "12", "d-projets": "20"}
    reponse = connecte(par).post(url, champs, headers={"Accept": "application/json"})
    assert reponse.status_code == 409 and "transmis entre-temps" in json.loads(reponse.content)["motif"]
    assert not Valeur.objects.repondues().exists()
    perdue = connecte(par).post(reverse("usages:releve-transmettre", args=[trimestre.pk]) + avec(mois, trimestre))
    assert perdue.status_code == 409
    trimestre.refresh_from_db()
    assert trimestre.etat == EtatReleve.SAISI


def test_deux_mois_ne_s_ecrivent_pas_d_un_meme_envoi(deux: tuple[Releve, Releve]) -> None:
    mois, _ = deux
    autre = relever(mois.parcours, mois.periode.precedente(), le_mensuel())
    url = reverse("usages:releve-saisir", args=[mois.pk]) + avec(autre, mois)
    reponse = connecte(direction(mois.parcours)).post(url, {"n-actifs": "3", "d-actifs": "4"})
    assert reponse.status_code == 302 and not Valeur.objects.repondues().exists()


def test_le_releve_d_un_autre_esms_ne_se_glisse_pas_dans_l_envoi(deux: tuple[Releve, Releve]) -> None:
    mois, _ = deux
    ailleurs = relever(ParcoursFactory(), mois.periode, IndicateurFactory(code="ailleurs"))
    url = reverse("usages:releve-saisir", args=[mois.pk]) + f"?avec={ailleurs.pk},zz,{mois.pk}"
    champs = {"n-ailleurs": "3", "d-ailleurs": "4", "n-actifs": "3", "d-actifs": "4"}
    connecte(direction(mois.parcours)).post(url, champs)
    assert [v.indicateur.code for v in Valeur.objects.repondues()] == ["actifs"]


def _a_completer(par: Any) -> list[Ligne]:
    return [x for x in a_faire(par, timezone.localdate()) if x.url.startswith("/releves/")]


def test_a_l_accueil_une_ligne_pour_les_deux(deux: tuple[Releve, Releve]) -> None:
    mois, trimestre = deux
    par = direction(mois.parcours)
    (ligne,) = _a_completer(par)
    assert ligne.url == reverse("usages:releve-detail", args=[mois.pk])
    assert ligne.titre.endswith(f"{mois.periode.complement} et {trimestre.periode.complement}")
    assert ligne.detail == f"{mois.parcours} : il reste 2 chiffres"
    Releve.objects.filter(pk=trimestre.pk).update(echeance=date(2020, 1, 1))
    (ligne,) = _a_completer(par)
    assert "nous manquent encore" in ligne.titre


def test_la_feuille_vide_et_le_classeur_reunissent(deux: tuple[Releve, Releve]) -> None:
    mois, trimestre = deux
    par = direction(mois.parcours)
    donnees = feuille_de(lire_ensemble(list(deux), par)).donnees
    assert [(x["code"], x["periode"]) for x in donnees["a_remplir"]] == [
        ("actifs", mois.periode.nom),
        ("projets", trimestre.periode.nom),
    ]
    pdf = connecte(par).get(reverse("usages:releve-feuille", args=[trimestre.pk]))
    assert trimestre.periode.code in pdf["Content-Disposition"] and mois.periode.code in pdf["Content-Disposition"]
    for periode in (mois.periode, trimestre.periode):
        _, lignes = exporter(mois.grappe, periode, par)
        assert sorted((x[2], x[3]) for x in lignes) == sorted(
            [(mois.periode.code, "actifs"), (trimestre.periode.code, "projets")]
        )


def test_la_page_ne_coute_pas_plus_quand_douze_mois_attendent(deux: tuple[Releve, Releve]) -> None:
    mois, _ = deux
    client, url = connecte(direction(mois.parcours)), reverse("usages:releve-detail", args=[mois.pk])
    avant = nb_requetes(client, url)
    for periode in mois.periode.dernieres(13)[:-1]:
        relever(mois.parcours, periode, le_mensuel())
    assert nb_requetes(client, url) == avant


def test_qui_ne_saisit_pas_ne_transmet_rien(deux: tuple[Releve, Releve]) -> None:
    mois, _ = deux
    url = reverse("usages:releve-transmettre", args=[mois.pk]) + avec(*deux)
    assert connecte(affecter("membre", mois.grappe)).get(url).status_code == 403
    assert connecte(affecter("ars", mois.region)).get(url).status_code == 404
