"""Une durée se lit à la médiane de tous ses cas, jamais à la moyenne des médianes : la page face à la force brute."""

import re
from decimal import Decimal
from math import ceil
from typing import Any

import pytest
from django.db.models import QuerySet
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.enums import Role
from programme.models import Grappe, Parcours
from programme.socle.tranches import bornes_de, ranger, tranche_de
from tests.aides import connecte
from tests.fabriques import DepartementFactory, GrappeFactory, affecter, cheffe_de
from tests.usages.fabriques import CibleFactory, IndicateurFactory, releve_de
from tests.usages.tableaux.mondes import compter, esms
from usages.calculs import reperes
from usages.enums import Forme
from usages.models import Indicateur, Releve, Valeur

JOURS = st.lists(st.integers(0, 500), max_size=25)


def _duree(**plus: Any) -> Indicateur:
    return IndicateurFactory(
        libelle="Délai d'un ticket", forme=Forme.DUREE, origine="importe", sens="baisse", unite="jours",
        plafonne=False, **plus,
    )  # fmt: skip


def durer(parcours: Parcours, indicateur: Indicateur, jours: list[int], recul: int = 1) -> None:
    """Ce que le calcul écrit : la somme, le nombre de cas, et une part par tranche ; non concerné sans aucun cas."""
    releve = releve_de(parcours, recul)
    QuerySet(Releve).filter(pk=releve.pk).update(**{"etat": "transmis"})
    if not jours:
        Valeur.objects.create(releve=releve, indicateur=indicateur, motif="non_concerne")
        return
    total = {"numerateur": Decimal(sum(jours)), "denominateur": Decimal(len(jours))}
    Valeur.objects.create(releve=releve, indicateur=indicateur, **total)
    for cle, nombre in ranger(jours).items():
        Valeur.objects.create(releve=releve, indicateur=indicateur, cle=cle, numerateur=Decimal(nombre))


def vrai(jours: list[int], q: float) -> int:
    """Le quantile exact, cas par cas."""
    return sorted(jours)[max(ceil(q * len(jours)), 1) - 1]


def est_dans_la_tranche(estime: float, jours: list[int], q: float) -> bool:
    """L'estimé est dans la tranche où tombe le vrai quantile."""
    du, au = bornes_de(tranche_de(vrai(jours, q)))
    return estime >= du and (au is None or estime <= au)


def _page(compte: Any, nom: str, *args: Any) -> Any:
    reponse = connecte(compte).get(reverse(f"usages:{nom}-tableau-de-bord", args=args))
    assert reponse.status_code == 200
    return reponse


def _csv(compte: Any, nom: str, dessin: str, *args: Any) -> list[list[str]]:
    adresse = reverse(f"usages:{nom}-tableau-de-bord", args=args)
    reponse: Any = connecte(compte).get(adresse, {"format": "csv", "dessin": dessin})
    return [ligne.split(";") for ligne in b"".join(reponse.streaming_content).decode("utf-8-sig").splitlines()]


@given(st.lists(JOURS, min_size=1, max_size=8))
def test_la_mediane_de_l_ensemble_est_celle_de_tous_les_cas(par_esms: list[list[int]]) -> None:
    somme: dict[str, int] = {}
    for jours in par_esms:
        for cle, n in ranger(jours).items():
            somme[cle] = somme.get(cle, 0) + n
    tous = sum(par_esms, [])
    lue = reperes.valeur_lue(Forme.DUREE, Decimal(sum(tous)), Decimal(len(tous)), somme)
    assert (lue is None) == (not tous)
    if lue is not None:
        assert est_dans_la_tranche(lue, tous, 0.5)
        assert bool(reperes.dire_p90(somme)) == (len(tous) >= 10)


@pytest.mark.django_db
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(par_esms=st.lists(st.tuples(JOURS, JOURS), min_size=2, max_size=7))
def test_les_totaux_de_la_page_sont_ceux_de_la_force_brute(par_esms: list[tuple[list[int], list[int]]]) -> None:
    """Une grappe neuve à chaque exemple : médiane, cas, et comparaison sur ceux qui ont des cas aux deux périodes."""
    grappe, duree = GrappeFactory(), _duree()
    for parcours, (avant, ici) in zip(esms(grappe, len(par_esms)), par_esms, strict=True):
        durer(parcours, duree, avant, recul=2)
        durer(parcours, duree, ici, recul=1)
    compter()
    (e,) = _page(cheffe_de(grappe), "grappe", grappe.pk).context["page"].ensembles
    tous = [j for _, ici in par_esms for j in ici]
    assert (e.valeur is None) == (not tous)
    if tous:
        assert est_dans_la_tranche(e.valeur, tous, 0.5)
        assert e.cas.startswith(f"{len(tous)} cas")
    communs = [(avant, ici) for avant, ici in par_esms if avant and ici]
    assert e.se_compare == bool(communs)
    for rang, valeur in enumerate(e.comparees if communs else ()):
        assert est_dans_la_tranche(valeur, sum((c[rang] for c in communs), []), 0.5)


@pytest.mark.django_db
def test_la_mediane_n_est_pas_la_moyenne_des_medianes_et_la_somme_ne_se_lit_nulle_part() -> None:
    grappe: Grappe = GrappeFactory()
    duree = _duree()
    CibleFactory(indicateur=duree, grappe=grappe, valeur=Decimal(7))
    a, b = esms(grappe, 2)
    durer(a, duree, [5] * 30)
    durer(b, duree, [100, 100])
    compter()
    page = _page(cheffe_de(grappe), "grappe", grappe.pk)
    (e,) = page.context["page"].ensembles
    assert (e.dit, e.unite, e.dit_cible) == ("5", "jours, médiane", "7")
    assert e.cas == "32 cas, neuf sur dix en 7 jours au plus"
    html = page.content.decode()
    # Ce qui se lit, sans les balises : un identifiant de champ porte parfois ce nombre-là.
    nombres = re.findall(r"\d+", re.sub(r"<[^>]*>", " ", html))
    assert "Délai d&#x27;un ticket (jours, médiane)" in html and not {"350", "150"} & set(nombres)
    par_nom = {ligne.nom: ligne.cases[0] for ligne in page.context["page"].lignes}
    assert (par_nom[str(a)].classe, par_nom[str(b)].dit) == ("p4", "2 cas, loin de la cible")
    lignes = _csv(cheffe_de(grappe), "grappe", "totaux", grappe.pk)
    assert lignes[0][2:7] == ["Valeur", "Numérateur", "Dénominateur", "Cas", "Neuf sur dix (jours)"]
    assert lignes[-1][2:7] == ["5,0", "", "", "32", "7"]
    assert _csv(cheffe_de(grappe), "grappe", "chaleur", grappe.pk)[1][4:7] == ["5,0", "", ""]


@pytest.mark.django_db
def test_un_esms_lit_ses_durees_en_jauge_en_courbe_et_en_tableau() -> None:
    (ime,) = esms(GrappeFactory(), 1)
    duree = _duree()
    CibleFactory(indicateur=duree, grappe=ime.grappe, valeur=Decimal(7))
    durer(ime, duree, [20] * 12, recul=2)
    durer(ime, duree, [5] * 12, recul=1)
    direction = affecter(Role.DIRECTEUR, ime.esms)
    page = _page(direction, "parcours", ime.pk)
    (f,) = page.context["page"].fiches
    assert (f.dit, f.dit_avant, f.mouvement, f.jauge.tenu, f.ecart) == ("5", "22", "mieux", True, "−\u202f17")
    assert f.courbe.se_trace and f.courbe.rangs[-1].detail == "12 cas, neuf sur dix en 7 jours au plus"
    assert "5</strong> jours, médiane" in page.content.decode()
    assert _csv(direction, "parcours", "courbes", ime.pk)[-1][4:6] == ["5", "12 cas, neuf sur dix en 7 jours au plus"]


@pytest.mark.django_db
def test_une_mediane_de_moins_de_cinq_cas_bouge_sans_jugement() -> None:
    (ime,) = esms(GrappeFactory(), 1)
    duree = _duree()
    durer(ime, duree, [20] * 12, recul=2)
    durer(ime, duree, [5] * 4, recul=1)
    compter()
    (f,) = _page(affecter(Role.DIRECTEUR, ime.esms), "parcours", ime.pk).context["page"].fiches
    (e,) = _page(cheffe_de(ime.grappe), "grappe", ime.grappe_id).context["page"].ensembles
    for lu in (f, e):
        assert (lu.ecart, lu.mouvement, lu.mot_du_mouvement) == ("−\u202f17", "autre", "sans jugement")


@pytest.mark.django_db
def test_sans_aucun_cas_la_duree_n_est_pas_zero_et_au_dela_elle_le_dit() -> None:
    a, b = esms(GrappeFactory(), 2)
    duree = _duree()
    durer(a, duree, [])
    durer(b, duree, [500])
    (f,) = _page(affecter(Role.DIRECTEUR, a.esms), "parcours", a.pk).context["page"].fiches
    assert (f.dit, f.pourquoi) == ("—", "non concerné")
    (f,) = _page(affecter(Role.DIRECTEUR, b.esms), "parcours", b.pk).context["page"].fiches
    assert f.dit == "plus de 365"


@pytest.mark.django_db
def test_une_region_lit_ses_durees_par_secteur_et_masque_les_petites() -> None:
    departement, grappe, duree = DepartementFactory(), GrappeFactory(), _duree()
    tous = esms(grappe, 6, departement=departement)
    for p in tous[:4]:
        durer(p, duree, [5, 6])
    compter()
    lecteur = affecter(Role.GRADES, departement.region)
    (e,) = _page(lecteur, "region", departement.region_id).context["page"].ensembles
    assert e.masque and e.dit == "masqué" and e.cas == ""
    for p in tous[4:]:
        durer(p, duree, [5, 6])
    compter()
    page = _page(lecteur, "region", departement.region_id).context["page"]
    assert page.ensembles[0].cas == "12 cas, neuf sur dix en 7 jours au plus"
    assert [v.valeur for v in page.vignettes_de_secteurs] == ["5"]
