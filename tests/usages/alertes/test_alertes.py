"""Les alertes des indicateurs : sur des chiffres transmis, une par règle et par ESMS, jamais sur un silence."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gouvernance.enums import EtatAlerte
from gouvernance.models import Alerte
from gouvernance.services.alertes import relever
from gouvernance.services.lecture_alertes import ce_qu_a_vu_la_regle
from programme.enums import Role
from programme.models import Grappe, Parcours, VersionInstruction
from programme.socle.porte import changer_etat
from programme.socle.regles_alerte import Signalement, regles
from tests.aides import connecte
from tests.fabriques import ConventionFactory, GrappeFactory, ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.usages.fabriques import (
    CibleFactory,
    IndicateurFactory,
    RegleIndicateurFactory,
    SuiviFactory,
    chiffrer,
    premier_du_mois,
    releve_de,
    transmettre,
)
from usages.alertes import chute, cible, routine, seuil
from usages.models import Indicateur, RegleIndicateur

pytestmark = pytest.mark.django_db
D = Decimal


def _au() -> date:
    return timezone.localdate()


def suivre(grappe: Grappe, nature: str = "seuil", **champs: Any) -> RegleIndicateur:
    """Un indicateur suivi, et la règle qui le surveille."""
    indicateur = champs.pop("indicateur", None) or IndicateurFactory()
    SuiviFactory(grappe=grappe, indicateur=indicateur)
    return RegleIndicateurFactory(grappe=grappe, indicateur=indicateur, nature=nature, **champs)


def relever_chiffres(parcours: Parcours, indicateur: Indicateur, *chiffres: int | None, transmis: bool = True) -> None:
    """Un relevé par mois, le dernier du mois dernier ; None : pas de relevé ce mois-là. Les chiffres sont sur 100."""
    par = directrice_de(parcours)
    for recul, numerateur in zip(range(len(chiffres), 0, -1), chiffres, strict=True):
        if numerateur is not None:
            releve = releve_de(parcours, recul)
            chiffrer(releve, indicateur, (numerateur, 100))
            if transmis:
                transmettre(releve, par=par)


def _vus(regle: Any) -> list[Signalement]:
    return list(regle(_au()))


@pytest.fixture
def grappe() -> Grappe:
    return GrappeFactory()


@pytest.fixture
def parcours(grappe: Grappe) -> Parcours:
    return ParcoursFactory(grappe=grappe)


# --- le seuil ------------------------------------------------------------------------------------------------------


def test_sous_le_seuil_de_la_grappe(grappe: Grappe, parcours: Parcours) -> None:
    regle = suivre(grappe)
    CibleFactory(grappe=grappe, indicateur=regle.indicateur, valeur=None, seuil=D("0.6"))
    tient = ParcoursFactory(grappe=grappe)
    relever_chiffres(parcours, regle.indicateur, 70, 42)
    relever_chiffres(tient, regle.indicateur, 20, 60)
    (vu,) = _vus(seuil)
    assert (vu.cle, vu.parcours, vu.grappe) == (f"{regle.pk}:{parcours.pk}", parcours, grappe)
    assert vu.intitule.replace("\u202f", " ") == f"{regle.indicateur} : 42 %, sous le seuil de 60 %"


def test_le_seuil_de_l_instruction_a_defaut_de_celui_de_la_grappe(grappe: Grappe, parcours: Parcours) -> None:
    regle = suivre(grappe)
    instruction = VersionInstruction.objects.create(code="essai", nom="Essai")
    ConventionFactory(grappe=grappe, instruction=instruction)
    relever_chiffres(parcours, regle.indicateur, 55)
    CibleFactory(grappe=None, instruction=instruction, indicateur=regle.indicateur, seuil=D("0.6"))
    assert len(_vus(seuil)) == 1
    CibleFactory(grappe=grappe, indicateur=regle.indicateur, seuil=D("0.5"))
    assert not _vus(seuil), "le seuil de la grappe l'emporte"


def test_un_seuil_qui_n_est_plus_ou_pas_encore_en_vigueur_ne_compte_pas(grappe: Grappe, parcours: Parcours) -> None:
    regle = suivre(grappe)
    relever_chiffres(parcours, regle.indicateur, 10)
    base = {"grappe": grappe, "indicateur": regle.indicateur, "seuil": D("0.6")}
    CibleFactory(**base, du=premier_du_mois(12), au=premier_du_mois(2))
    CibleFactory(**base, du=_au() + timedelta(days=20))
    assert not _vus(seuil)


# --- le silence ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("regle_vue", [seuil, chute, cible, routine])
def test_un_silence_n_est_jamais_une_alerte(regle_vue: Any, grappe: Grappe, parcours: Parcours) -> None:
    for nature in ("seuil", "chute", "cible", "routine"):
        regle = suivre(grappe, nature)
        champs = {"grappe": grappe, "indicateur": regle.indicateur, "valeur": D("0.9"), "seuil": D("0.9")}
        CibleFactory(**champs, du=premier_du_mois(12), au=premier_du_mois(2))
        CibleFactory(**champs, du=premier_du_mois(1))
        # Rien pour cet ESMS ; pour l'autre, tout est saisi, rien n'est transmis.
        if not parcours.releves.exists():
            relever_chiffres(parcours, regle.indicateur, 90, 40, 10, transmis=False)
    constater_routine(parcours)
    assert not _vus(regle_vue)


def test_non_mesurable_ou_non_concerne_n_est_pas_un_zero(grappe: Grappe, parcours: Parcours) -> None:
    regle = suivre(grappe)
    CibleFactory(grappe=grappe, indicateur=regle.indicateur, seuil=D("0.6"))
    releve = releve_de(parcours)
    releve.valeurs.create(indicateur=regle.indicateur, motif="non_mesurable")
    transmettre(releve, par=directrice_de(parcours))
    assert not _vus(seuil)


def test_reprise_la_saisie_ne_donne_plus_l_alerte(grappe: Grappe, parcours: Parcours) -> None:
    regle = suivre(grappe)
    CibleFactory(grappe=grappe, indicateur=regle.indicateur, seuil=D("0.6"))
    relever_chiffres(parcours, regle.indicateur, 10)
    assert len(_vus(seuil)) == 1
    changer_etat(parcours.releves.get(), "reprendre", par=directrice_de(parcours), motif="Faute de frappe")
    assert not _vus(seuil)


# --- la chute, la cible, la routine --------------------------------------------------------------------------------


def test_une_chute_saute_les_mois_sans_releve(grappe: Grappe, parcours: Parcours) -> None:
    regle = suivre(grappe, "chute", part=D("0.30"), releves=2)
    relever_chiffres(parcours, regle.indicateur, 90, None, 80, None, 60)
    (vu,) = _vus(chute)
    assert "60" in vu.intitule and "contre 90" in vu.intitule and "30" in vu.texte


def test_une_cible_manquee_a_son_echeance(grappe: Grappe, parcours: Parcours) -> None:
    regle = suivre(grappe, "cible")
    fin = premier_du_mois(1)
    CibleFactory(grappe=grappe, indicateur=regle.indicateur, valeur=D("0.8"), du=premier_du_mois(12), au=fin)
    muet = ParcoursFactory(grappe=grappe)
    relever_chiffres(parcours, regle.indicateur, 85, 70)
    relever_chiffres(muet, regle.indicateur, 10, None)
    (vu,) = _vus(cible)
    assert vu.parcours == parcours and "cible de" in vu.intitule


def constater_routine(parcours: Parcours) -> None:
    changer_etat(parcours, "constater", par=directrice_de(parcours), vers="routine")


def test_la_routine_se_fragilise_en_routine_seulement(grappe: Grappe, parcours: Parcours) -> None:
    regle = suivre(grappe, "routine", part=D("0.30"), releves=1)
    relever_chiffres(parcours, regle.indicateur, 90, 50)
    assert not _vus(routine)
    constater_routine(parcours)
    (vu,) = _vus(routine)
    assert "un plan suffit" in vu.texte


# --- ce qui ne donne pas l'alerte ----------------------------------------------------------------------------------


def test_un_nombre_de_tickets_ne_se_surveille_pas_meme_si_la_regle_est_la(grappe: Grappe, parcours: Parcours) -> None:
    indicateur = IndicateurFactory(
        code="tickets-crees", forme="compte", denominateur="", sens="baisse", origine="calcule", calcul="tickets_crees"
    )
    regle = suivre(grappe, indicateur=indicateur)
    CibleFactory(grappe=grappe, indicateur=indicateur, valeur=None, seuil=D(3))
    relever_chiffres(parcours, indicateur, 99)
    assert not _vus(seuil)
    with pytest.raises(ValidationError, match="ni un mérite, ni un besoin"):
        regle.full_clean()


def test_ni_regle_eteinte_ni_indicateur_abandonne_ni_esms_parti(grappe: Grappe, parcours: Parcours) -> None:
    eteinte, abandonnee, vive = suivre(grappe, est_active=False), suivre(grappe), suivre(grappe)
    abandonnee.indicateur.suivis.update(jusqu_au=premier_du_mois(3))
    releve = releve_de(parcours)
    for regle in (eteinte, abandonnee, vive):
        CibleFactory(grappe=grappe, indicateur=regle.indicateur, seuil=D("0.6"))
        chiffrer(releve, regle.indicateur, (10, 100))
    transmettre(releve, par=directrice_de(parcours))
    assert [v.cle for v in _vus(seuil)] == [f"{vive.pk}:{parcours.pk}"]
    changer_etat(parcours, "sortir", par=cheffe_de(grappe), raison="retrait", motif="Retrait")
    assert not _vus(seuil)


# --- une alerte, pas un déluge -------------------------------------------------------------------------------------


def test_la_meme_alerte_tant_que_cela_dure(grappe: Grappe, parcours: Parcours) -> None:
    regle = suivre(grappe)
    CibleFactory(grappe=grappe, indicateur=regle.indicateur, seuil=D("0.6"))
    relever_chiffres(parcours, regle.indicateur, 50, None)
    assert relever(au=_au()).donnees == 1
    mois_d_apres = releve_de(parcours, 1)
    chiffrer(mois_d_apres, regle.indicateur, (40, 100))
    transmettre(mois_d_apres, par=directrice_de(parcours))
    assert relever(au=_au()).donnees == 0, "un mois de plus n'est pas une alerte de plus"
    (alerte,) = Alerte.objects.filter(regle="indicateur_seuil")
    assert alerte.parcours == parcours and alerte.etat == EtatAlerte.LEVEE
    regle.est_active = False
    regle.save()
    assert relever(au=_au()).cessees == 1


def test_l_alerte_mene_au_releve_pour_qui_le_lit(grappe: Grappe, parcours: Parcours) -> None:
    regle = suivre(grappe)
    CibleFactory(grappe=grappe, indicateur=regle.indicateur, seuil=D("0.6"))
    relever_chiffres(parcours, regle.indicateur, 50)
    relever(au=_au())
    alerte = Alerte.objects.get(regle="indicateur_seuil")
    page = connecte(cheffe_de(grappe)).get(reverse("gouvernance:alerte-detail", args=[alerte.pk])).content.decode()
    assert reverse("usages:releve-detail", args=[parcours.releves.get().pk]) in page
    assert ce_qu_a_vu_la_regle(alerte, affecter(Role.ARS, grappe.region)) == ""


def test_les_quatre_regles_sont_inscrites() -> None:
    assert {"indicateur_seuil", "indicateur_chute", "indicateur_cible", "routine_fragilisee"} <= {
        r.code for r in regles
    }


@pytest.mark.une_base
@pytest.mark.parametrize("regle_vue", [seuil, chute])
def test_autant_de_requetes_a_un_esms_qu_a_vingt(regle_vue: Any, grappe: Grappe) -> None:
    nature = "seuil" if regle_vue is seuil else "chute"

    def peupler(n: int) -> None:
        for _ in range(n):
            autre = GrappeFactory()
            regle = suivre(autre, nature, releves=1)
            CibleFactory(grappe=autre, indicateur=regle.indicateur, seuil=D("0.6"))
            relever_chiffres(ParcoursFactory(grappe=autre), regle.indicateur, 90, 20)

    def compter() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as captees:
            nb = len([(s.grappe.nom, str(s.parcours), s.intitule) for s in regle_vue(_au())])
        return nb, len(captees)

    peupler(1)
    un, a_un = compter()
    peupler(19)
    vingt, a_vingt = compter()
    assert (un, vingt) == (1, 20) and a_un == a_vingt
