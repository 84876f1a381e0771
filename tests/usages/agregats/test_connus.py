"""Ce qu'un lecteur sait déjà du pays, lu des totaux, est ce qu'on compte ESMS par ESMS, même s'ils ont déménagé."""

from collections import Counter, defaultdict
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.enums import EtatGrappe, Role
from programme.models import Departement, Esms, Grappe, Parcours
from tests.fabriques import GrappeFactory, OgFactory, UtilisateurFactory, affecter
from tests.usages.agregats.mondes import MOIS, _mettre, dire, esms_de, refaire
from tests.usages.fabriques import IndicateurFactory
from usages.models import Valeur
from usages.services.agregats.connus import connus_du_pays, des_regions, grappes_possibles, majorant, regions_tenues

pytestmark = pytest.mark.django_db

RANG = st.integers(0, 2)
ESMS = st.lists(
    st.tuples(RANG, st.integers(0, 1), st.integers(0, 1), st.sampled_from(["", "petite"]), st.sampled_from("TTTS")),
    min_size=2,
    max_size=9,
)
DEMENAGE = st.lists(st.tuples(st.integers(0, 8), st.sampled_from(["grappe", "og", "region"]), RANG), max_size=4)
TENUS = [
    *((r, "esms") for r in (Role.DIRECTEUR, Role.APPUI)),
    *((r, "grappe") for r in (Role.CHEF_PROJET, Role.MEMBRE, Role.ARS, Role.GRADES)),
    (Role.SIEGE, "og"),
    *((r, "region") for r in (Role.ARS, Role.GRADES)),
]
LECTEUR = st.lists(st.tuples(st.sampled_from(TENUS), RANG), min_size=1, max_size=3)
Par = dict[Any, Counter[tuple[str, str]]]


def _un_a_un(lecteur: Any, regions: list[str], *, tri: bool) -> tuple[Par, Par]:
    """(ce qu'il connaît par indicateur, ce qu'il ignore par indicateur et grappe), chiffre par chiffre."""
    p = lecteur.perimetre
    lus = set(Valeur.objects.visibles_par(lecteur).values_list("pk", flat=True))
    vues = Grappe.objects.visibles_par(lecteur).exclude(pk__in=p.sauf(Role.ARS).grappes)
    # Une région tenue se connaît par son total : qui n'a qu'elle n'y ajoute personne, et les grappes qui n'ont plus
    # que des ESMS à elle ne comptent pas.
    sans_rien_d_autre = regions and not (p.esms or p.ogs or p.grappes or p.est_national or p.regions - {*regions})
    if regions:
        vues = vues.filter(parcours__in=Parcours.objects.exclude(esms__departement__region__in=regions))
    grappes = set(vues.values_list("pk", flat=True))
    sus: Par = defaultdict(Counter)
    ignores: Par = defaultdict(Counter)
    for v in Valeur.objects.comptees().select_related("releve"):
        case = (v.releve.secteur, v.releve.taille) if tri else ("", "")
        tenue = v.releve.region_id in regions
        if tenue or v.pk in lus and not sans_rien_d_autre:
            sus[v.indicateur_id][case] += 1
        elif v.pk not in lus and v.releve.grappe_id in grappes:
            ignores[v.indicateur_id, str(v.releve.grappe_id)][case] += 1
    return sus, ignores


def _demenager(esms: list[Parcours], quoi: list[tuple[int, str, int]], lieux: dict[str, list[Any]]) -> None:
    """Après coup : leurs relevés gardent les territoires d'alors."""
    for rang, champ, ou in quoi:
        parcours = esms[rang % len(esms)]
        vers = lieux[champ][ou % len(lieux[champ])]
        if champ == "grappe":
            Parcours.objects.filter(pk=parcours.pk).update(grappe=vers)
        elif champ == "og":
            Esms.objects.filter(pk=parcours.esms_id).update(og=vers)
        else:
            ailleurs = Departement.objects.filter(region=vers)[0]
            Esms.objects.filter(pk=parcours.esms_id).update(departement=ailleurs)


@given(ESMS, DEMENAGE, LECTEUR, st.booleans(), st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_ce_qu_il_connait_est_ce_qu_on_compte_un_a_un(
    monde: list[Any], quoi: list[Any], tenus: list[Any], tri: bool, montage: bool
) -> None:
    with transaction.atomic():
        indicateurs = [IndicateurFactory(), IndicateurFactory(transmis_au_financeur=False)]
        grappes, ogs = [GrappeFactory() for _ in range(3)], [OgFactory() for _ in range(2)]
        for grappe in grappes[int(montage) :]:
            _mettre(grappe, EtatGrappe.DEPLOIEMENT)
        esms = []
        for g, og, region, taille, etat in monde:
            esms.append(esms_de(grappes[g], region=("75", "84")[region], og=ogs[og]))
            for indicateur in indicateurs:
                dire(esms[-1], indicateur, taille=taille, transmis=etat == "T")
        refaire()
        regions = [d.region for d in Departement.objects.filter(pk__in=["D75", "D84"])]
        lieux = {"grappe": grappes, "og": ogs, "region": regions, "esms": [p.esms for p in esms]}
        _demenager(esms, quoi, lieux)
        lecteur = UtilisateurFactory()
        for (role, maille), rang in tenus:
            affecter(role, lieux[maille][rang % len(lieux[maille])], utilisateur=lecteur)
        for transmis_seulement in (False, True):
            tenues = regions_tenues(lecteur, transmis_seulement=transmis_seulement)
            lus = {i.pk for i in indicateurs if i.transmis_au_financeur or not transmis_seulement}
            siennes = grappes_possibles(lecteur, tenues)
            sus, ignores = connus_du_pays(lecteur, [MOIS], lus, tenues, siennes, tri=tri)
            regionaux = des_regions([MOIS], lus, tenues, tri=tri)
            plus, epars = majorant(lecteur, [MOIS], tenues, siennes, tri=tri)
            vrais, caches = _un_a_un(lecteur, tenues, tri=tri)
            for cle in lus:
                ici = (cle, MOIS.debut)
                hors, des_siennes = (e.get(ici, {}).get("", Counter()) for e in (sus, regionaux))
                assert hors + des_siennes == vrais[cle]
                tus = {t: +n for t, n in ignores.get(ici, {}).items() if +n}
                assert tus == {lieu: n for (indicateur, lieu), n in caches.items() if indicateur == cle}
                # Ce qu'on majore sans ouvrir un chiffre n'est jamais en dessous.
                assert sum((sum(tus.values(), hors) - plus.get(MOIS.debut, Counter())).values()) <= epars
        transaction.set_rollback(True)
