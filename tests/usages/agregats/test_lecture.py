"""Un agrégat est la force brute sur les relevés ; et chacun n'en lit que ce qui ne désigne personne."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.enums import Role
from programme.models import Region
from tests.fabriques import GrappeFactory, UtilisateurFactory, affecter, cheffe_de, directrice_de
from tests.usages.agregats.force_brute import est_une_reponse
from tests.usages.agregats.mondes import MOIS, dire, esms_de, refaire, une_grappe
from tests.usages.fabriques import IndicateurFactory
from usages.calculs.agregat import Agregat
from usages.enums import Absence, Forme, Maille
from usages.models import Indicateur, Valeur
from usages.services.agregats import lecture

pytestmark = pytest.mark.django_db

CENTIMES = st.decimals(0, 9_999, places=2)
CHIFFRES = st.one_of(
    st.tuples(CENTIMES, CENTIMES | st.none(), st.just("")),
    st.tuples(st.none(), st.none(), st.sampled_from(["", *Absence.values])),
)
UN_ESMS = st.tuples(
    CHIFFRES,
    st.booleans(),
    st.sampled_from(["", "petite"]),
    st.sampled_from(["PA", ""]),
    st.integers(0, 2),
    st.booleans(),
)


def _brute(valeurs: Any) -> Agregat:
    total = Agregat()
    for v in valeurs:
        oui = v.releve.est_compte and est_une_reponse(v)
        total += Agregat(
            v.numerateur if oui else Decimal(0),
            (v.denominateur or Decimal(0)) if oui else Decimal(0),
            int(oui),
            1,
            int(v.releve.est_compte and v.motif == Absence.NON_MESURABLE),
            int(v.releve.est_compte and v.motif == Absence.NON_CONCERNE),
        )
    return total


@given(st.lists(UN_ESMS, min_size=1, max_size=8), st.sampled_from([Forme.RAPPORT, Forme.COMPTE]))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_tout_agregat_egale_la_force_brute(esms: list[Any], forme: str) -> None:
    with transaction.atomic():
        indicateur, grappes = IndicateurFactory(forme=forme), [GrappeFactory() for _ in range(3)]
        for (num, den, motif), transmis, taille, secteur, rang, ailleurs in esms:
            parcours = esms_de(grappes[rang], region="84" if ailleurs else "75")
            champs = {"motif": motif, "transmis": transmis, "taille": taille, "secteur": secteur}
            dire(parcours, indicateur, (num, den), **champs)
        refaire()
        valeurs = list(Valeur.objects.select_related("releve", "indicateur"))
        lieux = [(Maille.NATIONAL, "", valeurs)]
        for maille, champ in ((Maille.GRAPPE, "grappe_id"), (Maille.OG, "og_id"), (Maille.REGION, "region_id")):
            for cle in {getattr(v.releve, champ) for v in valeurs}:
                lieux.append((maille, str(cle), [v for v in valeurs if getattr(v.releve, champ) == cle]))
        for maille, lieu, siennes in lieux:
            for secteur, taille in ((None, None), ("PA", None), ("PA", "petite"), (None, "")):
                lu = lecture.lire(maille, lieu, [MOIS], secteur=secteur, taille=taille)
                triees = [
                    v for v in siennes if secteur in (None, v.releve.secteur) and taille in (None, v.releve.taille)
                ]
                assert lu.get((indicateur.pk, MOIS.debut, ""), Agregat()) == _brute(triees)
        transaction.set_rollback(True)


@pytest.fixture
def rapport() -> Indicateur:
    return IndicateurFactory()


def _lu(utilisateur: Any, maille: str, lieu: Any, indicateur: Indicateur, **tri: Any) -> Any:
    return lecture.lire_pour(utilisateur, maille, str(lieu), [MOIS], indicateurs=[indicateur.pk], **tri).get(
        (indicateur.pk, MOIS.debut, "")
    )


@pytest.mark.parametrize(("nombre", "se_lit"), [(5, False), (6, True)])
def test_une_directrice_ne_lit_sa_grappe_qu_a_cinq_autres(rapport: Indicateur, nombre: int, se_lit: bool) -> None:
    """Cinq, dont elle : en ôtant son chiffre, elle lirait celui des quatre autres."""
    esms = une_grappe(nombre, rapport)
    refaire()
    lu = _lu(directrice_de(esms[0]), Maille.GRAPPE, esms[0].grappe_id, rapport)
    assert lu.est_masque is not se_lit
    assert lu.numerateur == (30 * nombre if se_lit else None)
    assert lu.reponses == f"{nombre} ESMS sur {nombre} ont répondu"
    entier = _lu(cheffe_de(esms[0].grappe), Maille.GRAPPE, esms[0].grappe_id, rapport)
    assert (entier.est_masque, entier.taux) == (False, 0.75)


def test_elle_lit_le_sien_meme_seule_a_repondre(rapport: Indicateur) -> None:
    esms = une_grappe(1, rapport)
    dire(esms_de(esms[0].grappe), rapport, None)
    refaire()
    lu = _lu(directrice_de(esms[0]), Maille.GRAPPE, esms[0].grappe_id, rapport)
    assert (lu.taux, lu.reponses) == (0.75, "1 ESMS sur 2 a répondu")


def test_le_pays_moins_sa_grappe_ne_dit_pas_trois_esms(rapport: Indicateur) -> None:
    esms = une_grappe(9, rapport)
    une_grappe(3, rapport)
    refaire()
    directrice = directrice_de(esms[0])
    assert not _lu(directrice, Maille.GRAPPE, esms[0].grappe_id, rapport).est_masque
    assert _lu(directrice, Maille.NATIONAL, "", rapport).est_masque
    une_grappe(2, rapport)
    refaire()
    assert _lu(directrice, Maille.NATIONAL, "", rapport).numerateur == 30 * 14
    # Trié par secteur, une grappe se déduirait : elle ne se lit qu'entière.
    assert _lu(directrice, Maille.GRAPPE, esms[0].grappe_id, rapport, secteur="PH_ENFANT").est_masque


def test_le_pays_moins_sa_region_ne_dit_pas_trois_esms(rapport: Indicateur) -> None:
    esms = une_grappe(9, rapport, region="84")
    une_grappe(3, rapport, region="75")
    refaire()
    ars = affecter(Role.ARS, Region.objects.get(pk="84"))
    grades = affecter(Role.GRADES, Region.objects.get(pk="84"))
    for lecteur in (ars, grades):
        assert _lu(lecteur, Maille.REGION, "84", rapport).numerateur == 270
        assert _lu(lecteur, Maille.NATIONAL, "", rapport).est_masque
        with pytest.raises(PermissionDenied):
            _lu(lecteur, Maille.REGION, "75", rapport)
    une_grappe(2, rapport, region="75")
    refaire()
    for lecteur in (ars, grades):
        assert _lu(lecteur, Maille.NATIONAL, "", rapport).numerateur == 30 * 14
    assert esms[0].grappe_id


def test_un_pays_nombreux_se_lit_sans_ouvrir_un_chiffre(rapport: Indicateur) -> None:
    """Ôtés tous les relevés que le lecteur peut connaître, il en reste cinq d'ailleurs ; à un près, on compte."""

    def lire(lecteur: Any) -> tuple[Any, bool]:
        _ = lecteur.perimetre
        with CaptureQueriesContext(connection) as requetes:
            lu = _lu(lecteur, Maille.NATIONAL, "", rapport)
        assert len(requetes) <= 9
        return lu.numerateur, any("usages_valeur" in r["sql"] for r in requetes.captured_queries)

    esms = une_grappe(3, rapport, region="84")
    ailleurs = une_grappe(6, rapport, region="75")
    refaire()
    directrice, region = directrice_de(esms[0]), Region.objects.get(pk="84")
    for lecteur in (directrice, cheffe_de(esms[0].grappe), affecter(Role.ARS, region), affecter(Role.GRADES, region)):
        assert lire(lecteur) == (270, False)
    Valeur.objects.filter(releve__parcours=ailleurs[0]).update(numerateur=None)
    refaire()
    assert lire(directrice) == (240, True)


def test_le_financeur_ne_lit_que_ce_qui_lui_est_destine(rapport: Indicateur) -> None:
    discret = IndicateurFactory(transmis_au_financeur=False)
    esms = une_grappe(6, rapport)
    for parcours in esms:
        dire(parcours, discret)
    refaire()
    region, lieu = Region.objects.get(pk="75"), esms[0].grappe_id
    ars, national = affecter(Role.ARS, region), affecter(Role.ARS)
    for lecteur in (ars, national):
        for maille, cle in ((Maille.GRAPPE, lieu), (Maille.REGION, "75"), (Maille.NATIONAL, "")):
            assert _lu(lecteur, maille, cle, discret) is None
            assert _lu(lecteur, maille, cle, rapport).numerateur == 180
    assert _lu(affecter(Role.GRADES, region), Maille.GRAPPE, lieu, discret).numerateur == 180
    # Financeur de la région et directeur d'un de ses ESMS : de sa grappe, il lit tout ce qu'en lit un directeur.
    double = affecter(Role.DIRECTEUR, esms[0].esms, utilisateur=affecter(Role.ARS, region))
    assert _lu(double, Maille.GRAPPE, lieu, discret).numerateur == 180
    assert _lu(double, Maille.REGION, "75", discret) is None


def test_le_financeur_ne_deduit_pas_une_grappe_en_montage(rapport: Indicateur) -> None:
    une_grappe(7, rapport)
    montage = GrappeFactory(region=Region.objects.get(pk="75"))
    for _ in range(3):
        dire(esms_de(montage), rapport)
    refaire()
    for lecteur, maille, cle in (
        (affecter(Role.ARS, Region.objects.get(pk="75")), Maille.REGION, "75"),
        (affecter(Role.ARS), Maille.NATIONAL, ""),
    ):
        assert _lu(lecteur, maille, cle, rapport).est_masque
    with pytest.raises(PermissionDenied):
        _lu(affecter(Role.ARS), Maille.GRAPPE, montage.pk, rapport)


def _en_montage(nombre: int, rapport: Indicateur, region: str, **champs: Any) -> None:
    montage = GrappeFactory(region=Region.objects.get(pk=region))
    for _ in range(nombre):
        dire(esms_de(montage, region=region), rapport, **champs)


def test_le_pays_moins_ses_regions_ne_dit_pas_une_grappe_en_montage(rapport: Indicateur) -> None:
    """Six en montage se lisent ensemble ; mais cinq ici et un là, le pays moins cette région dirait l'autre."""
    for region in ("75", "84"):
        une_grappe(7, rapport, region=region)
    _en_montage(5, rapport, "75")
    _en_montage(1, rapport, "84")
    refaire()
    ars = affecter(Role.ARS)
    assert not _lu(ars, Maille.NATIONAL, "", rapport).est_masque
    assert _lu(ars, Maille.REGION, "84", rapport).est_masque
    assert _lu(ars, Maille.REGION, "75", rapport).est_masque, "celle-ci lue, l'autre se retrancherait"
    # Qui ne suit que cette région ne lit pas l'autre : cinq en montage ne s'y désignent pas.
    assert not _lu(affecter(Role.ARS, Region.objects.get(pk="75")), Maille.REGION, "75", rapport).est_masque


def test_le_pays_ne_dit_pas_ce_que_sa_seule_region_tait(rapport: Indicateur) -> None:
    une_grappe(7, rapport, region="84")
    _en_montage(2, rapport, "84")
    refaire()
    ars = affecter(Role.ARS, Region.objects.get(pk="84"))
    assert _lu(ars, Maille.REGION, "84", rapport).est_masque
    assert _lu(ars, Maille.NATIONAL, "", rapport).est_masque, "le pays n'est ici que sa région"


def test_qui_ne_lit_pas_quoi(rapport: Indicateur) -> None:
    esms, ailleurs = une_grappe(6, rapport), une_grappe(6, rapport, region="84")
    refaire()
    directrice = directrice_de(esms[0])
    for maille, cle in (
        (Maille.GRAPPE, ailleurs[0].grappe_id),
        (Maille.REGION, "75"),
        (Maille.OG, esms[1].esms.og_id),
    ):
        with pytest.raises(PermissionDenied):
            _lu(directrice, maille, cle, rapport)
    with pytest.raises(PermissionDenied):
        _lu(UtilisateurFactory(), Maille.NATIONAL, "", rapport)
    assert _lu(directrice, Maille.OG, esms[0].esms.og_id, rapport).numerateur == 30
    assert _lu(affecter(Role.SIEGE, esms[1].esms.og), Maille.OG, esms[1].esms.og_id, rapport).numerateur == 30


def test_une_part_se_tait_avec_son_total(rapport: Indicateur) -> None:
    repartition = IndicateurFactory(forme=Forme.REPARTITION)
    esms = une_grappe(4, repartition)
    for valeur in Valeur.objects.filter(indicateur=repartition).select_related("releve"):
        Valeur.objects.create(releve=valeur.releve, indicateur=repartition, cle="soignant", numerateur=7)
    refaire()
    lus = lecture.lire_pour(directrice_de(esms[0]), Maille.GRAPPE, str(esms[0].grappe_id), [MOIS])
    assert {cle[2]: m.est_masque for cle, m in lus.items()} == {"": True, "soignant": True}


def test_un_esms_lu_seul(rapport: Indicateur) -> None:
    esms = une_grappe(2, rapport)
    en_saisie = esms_de(esms[0].grappe)
    dire(en_saisie, rapport, (1, 2), transmis=False)
    lus = lecture.lire_esms_pour(cheffe_de(esms[0].grappe), [p.pk for p in (*esms, en_saisie)], [MOIS], [rapport.pk])
    rendu = {lieu: (m.taux, m.nb_repondants, m.nb_concernes) for (lieu, *_), m in lus.items()}
    assert rendu == {str(p.pk): (0.75, 1, 1) for p in esms} | {str(en_saisie.pk): (None, 0, 1)}
    assert not lecture.lire_esms_pour(directrice_de(esms[0]), [esms[1].pk], [MOIS], [rapport.pk])


def test_autant_de_requetes_pour_six_esms_que_pour_soixante(
    rapport: Indicateur, django_assert_max_num_queries: Any
) -> None:
    esms = une_grappe(6, rapport)
    directrice = directrice_de(esms[0])
    for nombre in (0, 54):
        for _ in range(nombre):
            dire(esms_de(esms[0].grappe), rapport)
        refaire()
        _ = directrice.perimetre
        for maille, cle, plafond in ((Maille.GRAPPE, esms[0].grappe_id, 7), (Maille.NATIONAL, "", 7)):
            with django_assert_max_num_queries(plafond):
                _lu(directrice, maille, cle, rapport)
