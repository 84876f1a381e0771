"""Poser les calculs dans les relevés : idempotent, par tranches, sans toucher à ce que l'ESMS a dit ou transmis."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programme.enums import EtatOuverture
from programme.models import Parcours
from programme.socle.travaux import lancer
from tests.fabriques import ModuleFactory, OuvertureFactory, ParcoursFactory, UniteFactory, directrice_de
from tests.usages.calculs.aides import forcer
from tests.usages.fabriques import (
    IndicateurFactory,
    ReleveFactory,
    chiffrer,
    le_mois_dernier,
    premier_du_mois,
    transmettre,
)
from usages.enums import CadenceReleve, Forme, Origine
from usages.models import CumulIndicateur, Indicateur, Releve, Valeur
from usages.services.chiffres import calculs as service
from usages.services.chiffres.valeurs import Saisie, ecrire

pytestmark = pytest.mark.django_db


def calcule(code: str, forme: str = Forme.RAPPORT) -> Indicateur:
    """L'indicateur que fait ce calcul."""
    return IndicateurFactory(
        code=code.replace("_", "-"), forme=forme, origine=Origine.CALCULE, calcul=code, libelle=code
    )


@pytest.fixture
def ouvertes() -> Indicateur:
    return calcule("unites_ouvertes")


@pytest.fixture
def par_etat() -> Indicateur:
    return calcule("ouvertures_par_etat", Forme.REPARTITION)


def esms(*etats: str) -> Parcours:
    """Un ESMS et ses ouvertures, à ces états."""
    parcours = ParcoursFactory()
    unite = UniteFactory(parcours=parcours)
    for rang, etat in enumerate(etats):
        forcer(OuvertureFactory(unite=unite, module=ModuleFactory(code=f"m{rang}", nom=f"M{rang}")), etat=etat)
    return parcours


def attendre(parcours: Parcours, *indicateurs: Indicateur, **champs: Any) -> Releve:
    """Le relevé du mois dernier, qui attend ces chiffres."""
    releve = ReleveFactory(parcours=parcours, **champs)
    cases = [Valeur.objects.create(releve=releve, indicateur=i) for i in indicateurs]
    CumulIndicateur.objects.porter_attendus(Valeur.objects.filter(pk__in=[v.pk for v in cases]), 1)
    return releve


def lire(releve: Releve) -> dict[tuple[str, str], Any]:
    """(indicateur, part) → ce que dit la case."""
    return {
        (v.indicateur.calcul, v.cle): v.motif or (v.numerateur, v.denominateur)
        for v in releve.valeurs.select_related("indicateur")
    }


def totaux() -> list[Any]:
    """Les totaux gardés, sans ceux qui ne disent rien."""
    noms = ("maille", "territoire", "debut", "indicateur", "cle", "nb_attendus", "nb_repondants", "numerateur")
    lus = CumulIndicateur.objects.exclude(nb_attendus=0, nb_repondants=0, numerateur=0)
    return sorted(lus.values_list(*noms))


def test_un_calcul_remplit_la_case_et_garde_l_heure(ouvertes: Indicateur, par_etat: Indicateur) -> None:
    releve = attendre(esms(EtatOuverture.OUVERTE, EtatOuverture.STABILISEE, EtatOuverture.PRETE), ouvertes, par_etat)
    avant = timezone.now()
    compte = service.calculer(le_mois_dernier())
    assert (compte.releves, compte.ecrits, compte.ecarts) == (1, 5, [])
    assert lire(releve) == {
        ("unites_ouvertes", ""): (2, 3),
        ("ouvertures_par_etat", ""): (3, None),
        ("ouvertures_par_etat", EtatOuverture.OUVERTE): (1, None),
        ("ouvertures_par_etat", EtatOuverture.STABILISEE): (1, None),
        ("ouvertures_par_etat", EtatOuverture.PRETE): (1, None),
    }
    releve.refresh_from_db()
    assert releve.calcule_le and releve.calcule_le >= avant
    assert set(releve.valeurs.values_list("origine", "ecrite_par")) == {(Origine.CALCULE, None)}


def test_refaire_ne_change_que_l_heure(ouvertes: Indicateur, par_etat: Indicateur) -> None:
    releve = attendre(esms(EtatOuverture.OUVERTE, EtatOuverture.PRETE), ouvertes, par_etat)
    service.calculer(le_mois_dernier())
    releve.refresh_from_db()
    dit, heure = lire(releve), releve.calcule_le
    assert service.calculer(le_mois_dernier()).ecrits == 0
    releve.refresh_from_db()
    assert lire(releve) == dit and releve.calcule_le and heure and releve.calcule_le > heure


def test_une_part_qui_disparait_s_ote(par_etat: Indicateur) -> None:
    parcours = esms(EtatOuverture.OUVERTE, EtatOuverture.PRETE)
    releve = attendre(parcours, par_etat)
    service.calculer(le_mois_dernier())
    for ouverture in parcours.unites.get().ouvertures.all():
        forcer(ouverture, etat=EtatOuverture.OUVERTE)
    service.calculer(le_mois_dernier())
    assert lire(releve) == {
        ("ouvertures_par_etat", ""): (2, None),
        ("ouvertures_par_etat", EtatOuverture.OUVERTE): (2, None),
    }


def test_sans_rien_a_mesurer_le_chiffre_ne_concerne_pas_et_n_est_pas_zero(ouvertes: Indicateur) -> None:
    releve = attendre(esms(), ouvertes)
    service.calculer(le_mois_dernier())
    assert lire(releve) == {("unites_ouvertes", ""): "non_concerne"}


def test_ce_qu_un_calcul_ne_sait_pas_reste_attendu() -> None:
    releve = attendre(esms(), calcule("comptes_actifs"))
    assert service.calculer(le_mois_dernier()).ecrits == 0
    assert lire(releve) == {("comptes_actifs", ""): (None, None)}
    assert not releve.valeurs.repondues().exists()


def test_une_valeur_corrigee_a_la_main_reste_seul_l_extrait_change(ouvertes: Indicateur) -> None:
    parcours = esms(EtatOuverture.OUVERTE, EtatOuverture.PRETE, EtatOuverture.PRETE)
    releve = attendre(parcours, ouvertes)
    service.calculer(le_mois_dernier())
    corrigee = Saisie(ouvertes.pk, numerateur=2, denominateur=3, raison="Une unité a ouvert la veille")
    ecrire(releve=releve, saisies=[corrigee], par=directrice_de(parcours))
    ouverture = parcours.unites.get().ouvertures.filter(etat=EtatOuverture.PRETE).first()
    forcer(ouverture, etat=EtatOuverture.HORS_PERIMETRE)
    service.calculer(le_mois_dernier())
    valeur = releve.valeurs.get()
    assert (valeur.numerateur, valeur.denominateur, valeur.origine) == (2, 3, Origine.SAISI)
    assert (valeur.extraite_numerateur, valeur.extraite_denominateur) == (1, 2)
    assert valeur.raison == "Une unité a ouvert la veille"


@pytest.mark.parametrize("etat", ["transmis", "valide", "verrouille"])
def test_rien_ne_change_de_ce_qui_est_transmis_ou_verrouille(ouvertes: Indicateur, etat: str) -> None:
    parcours = esms(EtatOuverture.OUVERTE)
    releve = attendre(parcours, ouvertes)
    service.calculer(le_mois_dernier())
    forcer(releve, etat=etat)
    releve.refresh_from_db()
    heure = releve.calcule_le
    OuvertureFactory(unite=parcours.unites.get(), module=ModuleFactory(code="de-plus", nom="De plus"))
    assert service.calculer(le_mois_dernier()).releves == 0
    releve.refresh_from_db()
    assert lire(releve) == {("unites_ouvertes", ""): (1, 1)} and releve.calcule_le == heure


def test_un_ensemble_d_esms_seulement(ouvertes: Indicateur) -> None:
    un, autre = (attendre(esms(EtatOuverture.OUVERTE), ouvertes) for _ in range(2))
    service.calculer(le_mois_dernier(), parcours=Parcours.objects.filter(pk=un.parcours_id))
    assert lire(un) == {("unites_ouvertes", ""): (1, 1)} and lire(autre) == {("unites_ouvertes", ""): (None, None)}


def test_un_indicateur_que_la_grappe_ne_suit_pas_n_ajoute_aucune_case(
    ouvertes: Indicateur, par_etat: Indicateur
) -> None:
    un, autre = attendre(esms(EtatOuverture.OUVERTE), ouvertes), attendre(esms(EtatOuverture.OUVERTE), par_etat)
    assert service.calculer(le_mois_dernier()).ecarts == []
    assert {code for code, _ in lire(un)} == {"unites_ouvertes"}
    assert {code for code, _ in lire(autre)} == {"ouvertures_par_etat"}


def test_un_calcul_que_personne_ne_fait_se_dit(ouvertes: Indicateur) -> None:
    releve = attendre(esms(EtatOuverture.OUVERTE), ouvertes, calcule("nulle_part"))
    compte = service.calculer(le_mois_dernier())
    assert compte.inconnus == {"nulle_part"} and lire(releve)[("unites_ouvertes", "")] == (1, 1)


def test_la_tache_de_chaque_jour_prend_les_periodes_en_saisie(ouvertes: Indicateur) -> None:
    parcours, aujourdhui = esms(EtatOuverture.OUVERTE), timezone.localdate()
    mois = attendre(parcours, ouvertes)
    trimestre = attendre(parcours, ouvertes, cadence=CadenceReleve.TRIMESTRE, debut=premier_du_mois(1).replace(month=1))
    oublie = attendre(parcours, ouvertes, debut=premier_du_mois(7), echeance=aujourdhui - timedelta(days=100))
    travail = lancer("releves-calcul", sur_place=True)
    assert travail.etat == "termine" and travail.resultat == {"decompte": "2 relevés calculés, 2 chiffres changés"}
    assert lire(mois) == lire(trimestre) == {("unites_ouvertes", ""): (1, 1)}
    assert lire(oublie) == {("unites_ouvertes", ""): (None, None)}


def test_les_totaux_gardes_restent_ceux_qu_on_refait(ouvertes: Indicateur, par_etat: Indicateur) -> None:
    parcours = esms(EtatOuverture.OUVERTE, EtatOuverture.PRETE)
    releve = attendre(parcours, ouvertes, par_etat)
    transmis = ReleveFactory(parcours=esms(EtatOuverture.OUVERTE))
    chiffrer(transmis, ouvertes, (1, 1))
    transmettre(transmis, par=directrice_de(transmis.parcours))
    service.calculer(le_mois_dernier())
    transmettre(releve, par=directrice_de(parcours))
    tenus = totaux()
    CumulIndicateur.objects.refaire()
    assert totaux() == tenus and tenus


def test_par_tranches_comme_d_un_bloc(monkeypatch: pytest.MonkeyPatch, ouvertes: Indicateur) -> None:
    releves = [attendre(esms(*[EtatOuverture.OUVERTE] * (n % 3)), ouvertes) for n in range(5)]
    monkeypatch.setattr(service, "TRANCHE", 2)
    vues: list[tuple[int, int]] = []
    compte = service.calculer_dues(timezone.localdate(), temoin=lambda fait, total: vues.append((fait, total)))
    assert compte.releves == 5 and vues == [(0, 3), (1, 3), (2, 3)]
    par_tranches = [lire(r) for r in releves]
    monkeypatch.setattr(service, "TRANCHE", 500)
    assert service.calculer_dues(timezone.localdate()).ecrits == 0
    assert [lire(r) for r in releves] == par_tranches


def test_autant_de_requetes_pour_un_releve_que_pour_cinquante(ouvertes: Indicateur, par_etat: Indicateur) -> None:
    def mesurer() -> int:
        with CaptureQueriesContext(connection) as captees:
            service.calculer(le_mois_dernier())
        return len(captees)

    attendre(esms(EtatOuverture.OUVERTE), ouvertes, par_etat)
    mesurer()
    attendre(esms(EtatOuverture.OUVERTE), ouvertes, par_etat)
    a_un = mesurer()
    for _ in range(49):
        attendre(esms(EtatOuverture.OUVERTE), ouvertes, par_etat)
    assert mesurer() == a_un


def test_la_commande(ouvertes: Indicateur) -> None:
    releve = attendre(esms(EtatOuverture.OUVERTE), ouvertes, calcule("nulle_part"))
    dit, erreur = StringIO(), StringIO()
    call_command("calculer_indicateurs", periode=le_mois_dernier().code, stdout=dit, stderr=erreur)
    assert dit.getvalue().strip() == "1 relevé calculé, 1 chiffre changé."
    assert "nulle_part" in erreur.getvalue() and lire(releve)[("unites_ouvertes", "")] == (1, 1)
    dit = StringIO()
    call_command("calculer_indicateurs", stdout=dit, stderr=StringIO())
    assert dit.getvalue().strip() == "1 relevé calculé, 0 chiffre changé."
    with pytest.raises(CommandError, match="n'est pas une période"):
        call_command("calculer_indicateurs", periode="novembre")
