"""Le catalogue de départ : complet, cohérent, rechargé sans effet, et qui ne défait pas ce qu'on a corrigé."""

import csv
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.models import Categorie
from programme.services.reference import DOSSIER, charger_reference
from programme.socle.indicateurs import calculs
from tests.fabriques import affecter
from usages.calculs.budget import PLAFOND, avec_communs, compter
from usages.calculs.colonnes_catalogue import COLONNES, en_case, lire
from usages.enums import EN_PARTS, Denominateur, Famille, Forme, Origine
from usages.models import Cible, Indicateur
from usages.services.indicateurs.catalogue import Comparateur, appliquer, charger
from usages.services.indicateurs.suivis import en_chiffre

pytestmark = pytest.mark.django_db
FICHIER = DOSSIER / "indicateurs.csv"
DE_METIER_8 = {
    Famille.DEPLOIEMENT: "ouvertures-par-etat ouvertures-dues couverture-dui couverture-ecrits "
    "couverture-services-socles comptes-par-profil evaluation-formations depenses-projet temps-accorde "
    "risques-par-niveau actions-faites points-attention dossiers-repris supports-vivants temps-ecriture-decide "
    "temps-degage demandes-parametrage delai-parametrage",
    Famille.USAGE: "comptes-actifs comptes-partages dossiers-administratifs dossiers-soins projets-personnalises "
    "contrats-de-sejour dui-actifs ins-qualifiees messages-securises documents-mon-espace-sante e-prescriptions "
    "acces-au-portail saisies-en-double indisponibilites",
    Famille.MAINTIEN: "tickets-crees tickets-traites tickets-fermes tickets-bloquants delai-tickets montees-de-version "
    "acces-donnees-brutes arrivants-formes",
}
RESERVES = (
    "risques-par-niveau points-attention actions-faites actions-en-retard tickets-crees tickets-traites tickets-fermes "
    "tickets-bloquants delai-tickets demandes-parametrage delai-parametrage saisies-en-double"
)


@pytest.fixture
def catalogue() -> dict[str, Indicateur]:
    charger_reference()
    lus = Indicateur.objects.select_related("denominateur_commun").prefetch_related("non_concernees")
    return {i.code: i for i in lus}


# --- ce qu'il dit --------------------------------------------------------------------------------------------------


def test_tout_le_catalogue_de_depart_y_est(catalogue: dict[str, Indicateur]) -> None:
    for famille, codes in DE_METIER_8.items():
        manquants = [c for c in codes.split() if c not in catalogue or catalogue[c].famille != famille]
        assert not manquants, f"{famille} : {manquants}"


def test_chaque_indicateur_dit_a_qui_il_sert_et_ce_qu_il_compte(catalogue: dict[str, Indicateur]) -> None:
    for indicateur in catalogue.values():
        muets = [c for c in ("sert_a", "definition", "fenetre", "source", "numerateur") if not getattr(indicateur, c)]
        assert not muets, f"{indicateur.code} : {muets}"
        indicateur.full_clean()


def test_rien_d_officiel_n_est_invente(catalogue: dict[str, Indicateur]) -> None:
    assert not any(i.est_officiel for i in catalogue.values())
    assert not Cible.objects.exists()


def test_les_populations_ne_s_echangent_pas(catalogue: dict[str, Indicateur]) -> None:
    rapportes = [i for i in catalogue.values() if i.denominateur_commun]
    assert len(rapportes) >= 9
    for indicateur in rapportes:
        commun: Any = indicateur.denominateur_commun
        assert indicateur.forme == Forme.RAPPORT and commun.forme == Forme.COMPTE and not commun.denominateur_commun
        assert (indicateur.cadence, indicateur.population) == (commun.cadence, commun.population), indicateur.code
    populations = {c: catalogue[c].population for c in ("presents", "file-active", "effectif-31-decembre")}
    assert list(populations.values()) == [Denominateur.PRESENTS, Denominateur.FILE_ACTIVE, Denominateur.EFFECTIF]


def test_ce_qui_se_tape_n_est_ni_une_repartition_ni_une_duree(catalogue: dict[str, Indicateur]) -> None:
    assert not [i.code for i in catalogue.values() if i.est_saisi and i.forme in EN_PARTS]


def test_les_cinq_chiffres_d_un_trimestre_disent_les_dossiers_et_les_projets(catalogue: dict[str, Indicateur]) -> None:
    chiffres = {i.pk: en_chiffre(i) for i in catalogue.values()}
    choisis = ["dossiers-administratifs", "dossiers-soins", "projets-personnalises"]
    calcules = [i.pk for i in catalogue.values() if not i.est_saisi]

    compte = compter(avec_communs([chiffres[p] for p in [*(catalogue[c].pk for c in choisis), *calcules]], chiffres))

    assert compte.total == PLAFOND
    assert {ligne.cout for ligne in compte.lignes} == {1}


def test_le_financeur_ne_lit_ni_risques_ni_alertes_ni_tickets(catalogue: dict[str, Indicateur]) -> None:
    assert {i.code for i in catalogue.values() if not i.transmis_au_financeur} == set(RESERVES.split())


def test_un_nombre_de_tickets_ou_de_risques_n_a_pas_de_bon_sens(catalogue: dict[str, Indicateur]) -> None:
    comptes = ("tickets-crees", "tickets-traites", "tickets-fermes", "tickets-bloquants", "points-attention")
    assert {catalogue[c].sens for c in (*comptes, "risques-par-niveau", "demandes-parametrage")} == {"neutre"}


def test_les_categories_citees_existent(catalogue: dict[str, Indicateur]) -> None:
    assert {c.code for c in catalogue["dossiers-soins"].non_concernees.all()} >= {"202", "446", "460"}
    assert not {c.code for c in catalogue["dossiers-soins"].non_concernees.all()} & {"183", "500", "354", "445"}
    cites = {c.code for i in catalogue.values() for c in i.non_concernees.all()}
    assert cites <= set(Categorie.objects.exclude(secteur="").values_list("code", flat=True))


def test_chaque_calcul_existe_et_chacun_sert(catalogue: dict[str, Indicateur]) -> None:
    employes = {i.calcul for i in catalogue.values() if i.origine == Origine.CALCULE}

    assert employes == set(calculs.codes())


# --- le charger ----------------------------------------------------------------------------------------------------


def test_recharger_ne_change_rien(catalogue: dict[str, Indicateur], django_assert_num_queries: Any) -> None:
    avant = Indicateur.history.count()

    with django_assert_num_queries(2):
        effets = charger(DOSSIER)

    assert (effets.crees, effets.modifies, effets.inchanges) == (0, 0, len(catalogue))
    assert Indicateur.history.count() == avant == len(catalogue)


def test_une_nouvelle_edition_du_fichier_est_reprise(catalogue: dict[str, Indicateur], tmp_path: Path) -> None:
    _copier(tmp_path, "presents", libelle="Personnes présentes ce jour", non_concernees="183")

    assert (charger(tmp_path).modifies, charger(tmp_path).modifies) == (1, 0)

    relu = Indicateur.objects.get(code="presents")
    assert relu.libelle == "Personnes présentes ce jour" and relu.tri.startswith("personnes presentes ce jour")
    assert [c.code for c in relu.non_concernees.all()] == ["183"]


def test_ce_que_l_administrateur_a_corrige_ne_se_defait_pas(catalogue: dict[str, Indicateur], tmp_path: Path) -> None:
    changements = Comparateur([{"code": "dui-actifs", "definition": "La définition officielle.", "est_officiel": True}])
    appliquer(changements=changements.changements(), par=affecter("admin"))
    _copier(tmp_path, "dui-actifs", definition="Une autre.")

    assert charger(DOSSIER).modifies == charger(tmp_path).modifies == 0

    assert Indicateur.objects.get(code="dui-actifs").definition == "La définition officielle."


def test_un_fichier_qui_ne_se_lit_pas_le_dit_et_ne_charge_rien(tmp_path: Path) -> None:
    _copier(tmp_path, "presents", cadence="quinzaine")

    with pytest.raises(ValueError, match=r"indicateurs.csv, ligne \d+ : .*quinzaine"):
        charger(tmp_path)

    assert not Indicateur.objects.exists()


def test_sans_fichier_rien_ne_se_charge(tmp_path: Path) -> None:
    assert charger(tmp_path).crees == 0


def _copier(dossier: Path, code: str, **corriges: str) -> None:
    with FICHIER.open(encoding="utf-8", newline="") as fichier:
        lignes = list(csv.DictReader(fichier, delimiter=";"))
    with (dossier / FICHIER.name).open("w", encoding="utf-8", newline="") as fichier:
        ecrivain = csv.DictWriter(fichier, list(lignes[0]), delimiter=";")
        ecrivain.writeheader()
        ecrivain.writerows(ligne | corriges if ligne["code"] == code else ligne for ligne in lignes)


# --- ses colonnes --------------------------------------------------------------------------------------------------

VALEURS = {
    "non_concernees": st.sets(st.sampled_from(["183", "202", "500"])).map(lambda codes: tuple(sorted(codes))),
    "plafonne": st.booleans(),
    "borne_max": st.none() | st.decimals(0, 999_999, places=2),
    "seuil_chute": st.integers(1, 100).map(lambda n: Decimal(n) / 100),
    "rang": st.integers(0, 9999),
    "retire_le": st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    "forme": st.sampled_from(Forme.values),
    "libelle": st.from_regex(re.compile(r"[A-Za-zéà' ]{1,40}"), fullmatch=True).map(lambda t: " ".join(t.split())),
}


@pytest.mark.parametrize("code", list(VALEURS))
@given(data=st.data())
def test_une_valeur_ecrite_dans_une_case_se_relit(code: str, data: st.DataObject) -> None:
    valeur = data.draw(VALEURS[code])

    relue, fautes = lire({code: en_case(code, valeur)})

    assert relue == {code: valeur} and not fautes


@given(st.sampled_from(list(COLONNES)), st.text(max_size=40))
def test_une_case_quelconque_se_lit_ou_se_refuse_en_une_phrase(code: str, texte: str) -> None:
    valeurs, fautes = lire({code: texte})

    muette = bool(COLONNES[code].offres) and not texte.strip()
    assert [*valeurs, *fautes] == ([] if muette else [code])
