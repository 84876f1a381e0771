"""La règle d'un verbatim citable : la table de vérité entière, contre une liste écrite autrement."""

from itertools import product

import pytest

from usages.calculs import citables
from usages.calculs.citables import Dit, juger
from usages.enums import Anonymat, Consentement, SituationDite, VoixDite

pytestmark = pytest.mark.une_base

C = Consentement
TABLE = [Dit(*cas) for cas in product(VoixDite, SituationDite, C, C, Anonymat)]
PERMIS = {
    # voix, situation : accord de la personne, accord du représentant (None : peu importe), anonymats
    (VoixDite.PROFESSIONNEL, SituationDite.MAJEUR): (None, {Anonymat.FAIT, Anonymat.RECONNAISSABLE}),
    (VoixDite.PROFESSIONNEL, SituationDite.INCONNUE): (None, {Anonymat.FAIT, Anonymat.RECONNAISSABLE}),
    (VoixDite.DIRECTION, SituationDite.MAJEUR): (None, {Anonymat.FAIT, Anonymat.RECONNAISSABLE}),
    (VoixDite.DIRECTION, SituationDite.INCONNUE): (None, {Anonymat.FAIT, Anonymat.RECONNAISSABLE}),
    (VoixDite.PROCHE, SituationDite.MAJEUR): (None, {Anonymat.FAIT}),
    (VoixDite.PROCHE, SituationDite.INCONNUE): (None, {Anonymat.FAIT}),
    (VoixDite.PERSONNE, SituationDite.MAJEUR): (None, {Anonymat.FAIT}),
    **{
        (voix, situation): (C.DONNE, {Anonymat.FAIT})
        for voix in (VoixDite.PROFESSIONNEL, VoixDite.DIRECTION, VoixDite.PROCHE, VoixDite.PERSONNE)
        for situation in (SituationDite.MINEUR, SituationDite.PROTEGE)
    },
}


def _permis(dit: Dit) -> bool:
    representant, anonymats = PERMIS.get((dit.voix, dit.situation), (None, set()))
    return dit.accord == C.DONNE and representant in (None, dit.representant) and dit.anonymat in anonymats


def test_la_table_de_verite_entiere() -> None:
    assert len(TABLE) == 5 * 4 * 4 * 4 * 3
    assert [dit for dit in TABLE if juger(dit).est_citable != _permis(dit)] == []
    assert sum(juger(dit).est_citable for dit in TABLE) == 4 * (2 * 4 + 3) + 8


def test_chaque_verdict_a_sa_raison() -> None:
    for dit in TABLE:
        verdict = juger(dit)
        assert verdict.raison
        assert verdict.est_citable == (not verdict.motifs)
        assert verdict.est_citable or verdict.raison == verdict.motifs[0]


def test_chaque_phrase_sert() -> None:
    phrases = {v for nom, v in vars(citables).items() if nom.isupper() and isinstance(v, str)}
    dites = {phrase for dit in TABLE for phrase in (juger(dit).raison, *juger(dit).motifs)}
    assert dites == phrases


@pytest.mark.parametrize("dit", [dit for dit in TABLE if dit.accord == C.RETIRE and dit.anonymat == Anonymat.FAIT])
def test_un_accord_retire_l_emporte_meme_anonymise(dit: Dit) -> None:
    assert juger(dit).raison == citables.RETIRE


@pytest.mark.parametrize("situation", [SituationDite.MINEUR, SituationDite.PROTEGE])
@pytest.mark.parametrize(
    ("accord", "representant", "raison"),
    [
        (C.DONNE, C.A_DEMANDER, citables.REPRESENTANT_A_DEMANDER),
        (C.A_DEMANDER, C.DONNE, citables.ASSENTIMENT_A_DEMANDER),
        (C.REFUSE, C.DONNE, citables.REFUSE),
        (C.DONNE, C.REFUSE, citables.REPRESENTANT_REFUSE),
        (C.DONNE, C.RETIRE, citables.REPRESENTANT_RETIRE),
        (C.DONNE, C.DONNE, citables.CITABLE_ASSENTIMENT),
    ],
)
def test_l_accord_du_representant_et_l_assentiment(
    situation: SituationDite, accord: C, representant: C, raison: str
) -> None:
    assert juger(Dit(VoixDite.PERSONNE, situation, accord, representant, Anonymat.FAIT)).raison == raison


def test_tous_les_motifs_se_disent_le_plus_grave_d_abord() -> None:
    verdict = juger(Dit(VoixDite.NON_DITE, SituationDite.MINEUR, C.A_DEMANDER, C.REFUSE, Anonymat.A_FAIRE))
    assert verdict.motifs == (
        citables.REPRESENTANT_REFUSE,
        citables.SANS_VOIX,
        citables.ASSENTIMENT_A_DEMANDER,
        citables.A_RELIRE,
    )


@pytest.mark.parametrize("place", range(5))
def test_un_mot_inconnu_ne_se_cite_pas(place: int) -> None:
    valeurs = [VoixDite.PROFESSIONNEL, SituationDite.MAJEUR, C.DONNE, C.A_DEMANDER, Anonymat.FAIT]
    valeurs[place] = "autre"
    with pytest.raises(ValueError):
        juger(Dit(*valeurs))
