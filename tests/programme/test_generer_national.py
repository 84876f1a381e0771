"""Le pays inventé : ses bornes, ses dates, ses numéros, et la même chose pour la même graine."""

import hashlib
from collections import Counter
from datetime import timedelta
from io import StringIO
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.calculs.regles_grappe import CORSE_ET_OUTRE_MER, lire_regles
from programme.calculs.regles_grappe import Membre as MembreLu
from programme.enums import FRISE_PARCOURS, EtatParcours, Role
from programme.generation.pays import Pays, generer
from programme.generation.plan import PaysImpossible, composer
from programme.models import (
    Affectation,
    Convention,
    Esms,
    Etape,
    Fait,
    Grappe,
    Jalon,
    OrganismeGestionnaire,
    Ouverture,
    Parcours,
    Verification,
)
from programme.socle.finess.numero import est_valide
from programme.socle.models import Passage
from tests.fabriques import EsmsFactory

PETIT = Pays(esms=300, grappes=10, graine=3)


# --- la composition, pure ------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 40), st.integers(0, 300), st.integers(0, 60))
def test_chacun_n_entre_qu_une_fois_et_les_bornes_tiennent(graine: int, grappes: int, plus: int, loin: int) -> None:
    hasard = Random(graine)
    nombre = 15 * grappes + plus
    regions = [f"m{r % 7}" for r in range(nombre + 40)] + [("94", "04")[r % 2] for r in range(loin)]
    plans = composer(hasard, regions, grappes, nombre)
    pris = [m.esms for plan in plans for m in plan.membres]
    assert len(plans) == grappes and len(pris) == nombre == len(set(pris))
    for plan in plans:
        siennes = {regions[m.esms] for m in plan.membres}
        assert len(plan.membres) >= (8 if siennes <= CORSE_ET_OUTRE_MER else 15)
        assert plan.region in siennes or (plan.region == "" and len(plan.membres) >= 50)


@pytest.mark.parametrize(("esms", "grappes", "parcours"), [(100, 5, 74), (100, 5, 101)])
def test_des_nombres_qui_ne_tiennent_pas_sont_refuses(esms: int, grappes: int, parcours: int) -> None:
    with pytest.raises(PaysImpossible):
        composer(Random(1), ["84"] * esms, grappes, parcours)


# --- le pays, en base ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_un_petit_pays_tient_toutes_ses_promesses() -> None:
    generer(PETIT)
    au = timezone.localdate()
    assert (Esms.objects.count(), Grappe.objects.count(), Parcours.objects.count()) == (300, 10, 221)
    for modele in (Esms, OrganismeGestionnaire):
        assert all(map(est_valide, modele.objects.values_list("finess", flat=True)))
    _verifier_les_grappes()
    _verifier_les_dates(au)
    assert not Parcours.objects.a_rafraichir().exists()
    assert Fait.objects.exists() and not Fait.objects.filter(date__gt=au).exists()
    assert Verification.objects.exists() and Convention.objects.exists()
    assert {"a_produire", "transmis"} < set(Jalon.objects.values_list("etat", flat=True))
    assert {"a_preparer", "ouverte", "stabilisee"} <= set(Ouverture.objects.values_list("etat", flat=True))
    roles = set(Affectation.objects.values_list("role", flat=True))
    assert {Role.CHEF_PROJET, Role.DIRECTEUR, Role.ARS, Role.GRADES, Role.ADMIN} == roles
    call_command("verifier_journal", stdout=(sortie := StringIO()))
    assert "Journal intact" in sortie.getvalue()


def _verifier_les_grappes() -> None:
    for grappe in Grappe.objects.all():
        parcours = grappe.parcours.select_related("esms__departement")
        membres = [MembreLu(p.esms.finess, p.esms.nom, p.esms.departement.region_id, p.type_projet) for p in parcours]
        assert [r.code for r in lire_regles(membres) if r.ok is False] == []
        assert all(p.vague is None or p.vague.grappe_id == grappe.pk for p in parcours.select_related("vague"))


def _verifier_les_dates(au: Any) -> None:
    etats = Counter(Parcours.objects.values_list("etat", flat=True))
    assert len(set(etats) & set(FRISE_PARCOURS)) >= 5 and etats[EtatParcours.SORTI]
    for parcours in Parcours.objects.prefetch_related("etapes"):
        par_etat = {e.etat: e for e in parcours.etapes.all()}
        reelles = [par_etat[e].reelle for e in FRISE_PARCOURS if e in par_etat and par_etat[e].reelle]
        assert reelles == sorted(reelles) and all(jour <= au for jour in reelles)
        prevues = [par_etat[e].prevue for e in FRISE_PARCOURS if e in par_etat and not par_etat[e].reelle]
        assert prevues == sorted(prevues)
        passages = list(Passage.objects.de(parcours))
        assert all(a.date_effet <= b.date_effet <= au for a, b in pairwise(passages))
        if parcours.etat in FRISE_PARCOURS and parcours.etat != EtatParcours.RECENSE:
            assert par_etat[parcours.etat].reelle == parcours.depuis_le == passages[-1].date_effet
    assert not Ouverture.objects.filter(ouverte_le__gt=au).exists()


def _empreinte(pays: Pays) -> str:
    """Tout ce qui est tiré au sort, par les clés que porte le monde : ni rang en base, ni heure d'écriture."""
    contenus: list[Any] = []
    with transaction.atomic():
        generer(pays)
        contenus += Esms.objects.order_by("finess").values_list("finess", "nom", "ville", "og__finess", "categorie")
        contenus += Parcours.objects.order_by("esms__finess").values_list(
            "esms__finess", "grappe__nom", "etat", "vague__numero", "type_projet", "depuis_le", "prochaine_le"
        )
        contenus += Etape.objects.order_by("parcours__esms__finess", "etat").values_list(
            "etat", "reference", "revisee", "reelle"
        )
        contenus += Ouverture.objects.order_by(
            "unite__parcours__esms__finess", "unite__nom", "module__code"
        ).values_list("etat", "ouverte_le", "date_visee")
        contenus += Jalon.objects.order_by("convention__reference", "rang").values_list("montant", "etat", "verse_le")
        contenus += Affectation.objects.order_by("utilisateur__identifiant", "esms__finess", "grappe__nom").values_list(
            "utilisateur__identifiant", "role", "esms__finess", "grappe__nom"
        )
        transaction.set_rollback(True)
    return hashlib.sha256(repr(contenus).encode()).hexdigest()


@pytest.mark.django_db
def test_meme_graine_memes_donnees() -> None:
    au = timezone.localdate() - timedelta(days=30)
    pays = Pays(esms=120, grappes=4, graine=7, au=au)
    premiere = _empreinte(pays)
    assert _empreinte(pays) == premiere
    assert _empreinte(Pays(esms=120, grappes=4, graine=8, au=au)) != premiere


@pytest.mark.django_db
def test_une_base_qui_sert_deja_est_refusee_et_reste_intacte() -> None:
    EsmsFactory()
    with pytest.raises(CommandError, match="contient déjà des données \\(1 ESMS, 1 OG\\)"):
        call_command("generer_national", esms=300, grappes=10)
    assert Esms.objects.count() == 1 and not Grappe.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "phrase"),
    [
        ({"esms": 100, "grappes": 10}, "10 grappes demandent au moins 150 parcours : il y en a 74"),
        ({"esms": 100, "grappes": 1, "parcours": 200}, "200 parcours demandent autant d'ESMS : il y en a 100"),
        ({"esms": 100, "grappes": 1, "au": timezone.localdate() + timedelta(days=1)}, "est à venir"),
    ],
)
def test_une_demande_impossible_n_ecrit_rien(options: dict[str, Any], phrase: str) -> None:
    with pytest.raises(CommandError, match=phrase):
        call_command("generer_national", **options)
    assert not Esms.objects.exists() and not Grappe.objects.exists()


@pytest.mark.django_db
def test_la_commande_dit_ou_elle_en_est() -> None:
    sortie = StringIO()
    call_command("generer_national", esms=100, grappes=4, stdout=sortie)
    assert "annuaire de 100 ESMS" in sortie.getvalue() and "4 grappes, 74 parcours" in sortie.getvalue()
