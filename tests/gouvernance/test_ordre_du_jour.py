"""L'ordre du jour : inscrire, corriger, ranger, retirer ; ce que le comité utilisateurs porte au COMOP."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from gouvernance.models import Instance, Point, Seance
from gouvernance.services.ordre_du_jour import (
    ATTEND_UNE_REPONSE,
    DIFFUSE,
    SANS_COMOP,
    ajouter_point,
    deplacer_point,
    modifier_point,
    porter_point,
    retirer_point,
)
from gouvernance.services.tenue import noter_point
from programme.enums import Role
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import affecter, cheffe_de
from tests.gouvernance.fabriques import InstanceFactory, PointFactory, SeanceFactory, mandater, seance_close

pytestmark = pytest.mark.django_db


@pytest.fixture
def seance() -> Seance:
    return SeanceFactory()


@pytest.fixture
def cheffe(seance: Seance) -> Any:
    return cheffe_de(seance.comite.grappe)


def _titres(seance: Seance) -> list[str]:
    return [p.titre for p in seance.points.order_by("rang", "pk")]


def test_les_points_se_rangent(seance: Seance, cheffe: Any) -> None:
    un, deux, trois = (ajouter_point(seance=seance, titre=t, par=cheffe) for t in ("Un", "Deux", "Trois"))
    deplacer_point(point=trois, vers=-1, par=cheffe)
    assert _titres(seance) == ["Un", "Trois", "Deux"]
    deplacer_point(point=un, vers=-1, par=cheffe)
    deplacer_point(point=deux, vers=1, par=cheffe)
    assert _titres(seance) == ["Un", "Trois", "Deux"]
    deplacer_point(point=un, vers=1, par=cheffe)
    assert _titres(seance) == ["Trois", "Un", "Deux"]


@pytest.mark.parametrize(
    ("faute", "champ"),
    [
        ({"titre": ""}, "titre"),
        ({"titre": "NIR 1 85 05 78 006 084 91"}, "titre"),
        ({"nature": "debat"}, "nature"),
        ({"duree": 0}, "__all__"),
        ({"expose": "x" * 1001}, "expose"),
    ],
)
def test_un_point_fautif_est_refuse(seance: Seance, cheffe: Any, faute: Any, champ: str) -> None:
    with pytest.raises(Refus) as refus:
        ajouter_point(seance=seance, par=cheffe, **({"titre": "Formations"} | faute))
    assert champ in refus.value.champs and not Point.objects.exists()


def test_une_proposition_ne_s_inscrit_pas_deux_fois(seance: Seance) -> None:
    PointFactory(seance=seance, titre="IME", origine="attente", cle="parcours:1")
    with pytest.raises(IntegrityError), transaction.atomic():
        PointFactory(seance=seance, titre="IME", origine="attente", cle="parcours:1")


def test_deux_corrections_ne_s_ecrasent_pas(seance: Seance, cheffe: Any) -> None:
    point = PointFactory(seance=seance)
    vu = Point.history.filter(id=point.pk).latest().history_id
    modifier_point(point=point, par=cheffe, vu=vu, duree=20)
    with pytest.raises(Refus) as refus:
        modifier_point(point=point, par=cheffe, vu=vu, duree=30)
    assert refus.value.code == "concurrence" and Point.objects.get().duree == 20


def test_close_ou_diffusee_l_ordre_du_jour_ne_change_plus(seance: Seance, cheffe: Any) -> None:
    close = seance_close(seance.comite)
    point = PointFactory(seance=close)
    for geste in (
        lambda: ajouter_point(seance=close, titre="Trop tard", par=cheffe),
        lambda: modifier_point(point=point, par=cheffe, titre="Trop tard"),
        lambda: retirer_point(point=point, par=cheffe),
        lambda: deplacer_point(point=point, vers=1, par=cheffe),
    ):
        with pytest.raises(Refus, match="ne change plus"):
            geste()
    changer_etat(close, "diffuser", par=cheffe)
    with pytest.raises(Refus, match=DIFFUSE):
        ajouter_point(seance=close, titre="Trop tard", par=cheffe)


def test_retirer_efface_ce_qui_n_a_pas_vecu_et_garde_le_reste(seance: Seance, cheffe: Any) -> None:
    assert retirer_point(point=PointFactory(seance=seance), par=cheffe) and not Point.objects.exists()
    repris = PointFactory(seance=seance, reporte_de=PointFactory(seance=seance_close(seance.comite)))
    assert not retirer_point(point=repris, par=cheffe)
    assert Point.objects.get(pk=repris.pk).suite == "retire"


def test_les_gestes_de_la_page(seance: Seance, cheffe: Any) -> None:
    client, page = connecte(cheffe), reverse("gouvernance:seance-detail", args=[seance.pk])
    creer = reverse("gouvernance:point-creer", args=[seance.pk])
    for titre in ("Un", "Deux"):
        saisie = {"titre": titre, "nature": "echange", "duree": 15}
        assert client.post(creer, saisie).status_code == 302
    deux = Point.objects.get(titre="Deux")
    client.post(reverse("gouvernance:point-deplacer", args=[deux.pk]), {"sens": "haut"})
    assert _titres(seance) == ["Deux", "Un"]
    corps = client.get(page).content.decode()
    assert "1. Deux" in corps and "2. Un" in corps and "30" in corps
    modifier = reverse("gouvernance:point-modifier", args=[deux.pk])
    vu = client.get(modifier).context["formulaire"].initial["vu"]
    modifier_point(point=deux, par=cheffe, titre="Deux, revu")
    reponse = client.post(modifier, {"titre": "Le mien", "nature": "decision", "duree": 5, "vu": vu})
    assert reponse.status_code == 409 and "Le mien" in reponse.content.decode()
    client.post(reverse("gouvernance:point-retirer", args=[deux.pk]))
    assert _titres(seance) == ["Un"]
    mauvais = client.post(creer, {"titre": "", "nature": "echange", "duree": 15})
    assert mauvais.status_code == 422 and "Dites de quoi" in mauvais.content.decode()


def test_la_page_en_requetes_constantes(seance: Seance, cheffe: Any) -> None:
    def peupler(n: int) -> None:
        for _ in range(n):
            PointFactory(seance=seance, demandee_par=InstanceFactory(grappe=seance.comite.grappe, type="utilisateurs"))
            mandater(seance.comite)

    exiger_requetes_constantes(connecte(cheffe), reverse("gouvernance:seance-detail", args=[seance.pk]), peupler)


# --- le comité utilisateurs ----------------------------------------------------------------------------------------


@pytest.fixture
def comite(seance: Seance) -> Instance:
    return InstanceFactory(grappe=seance.comite.grappe, type="utilisateurs", nom="Comité utilisateurs")


@pytest.fixture
def utilisatrice(comite: Instance) -> Any:
    compte = affecter(Role.MEMBRE, comite.grappe)
    mandater(comite, compte, represente="utilisateurs")
    return compte


def test_un_point_porte_va_au_prochain_comop_et_recoit_une_reponse(
    seance: Seance, cheffe: Any, comite: Instance, utilisatrice: Any
) -> None:
    SeanceFactory(comite=seance.comite, debut=timezone.now() + timedelta(days=90))
    client, url = connecte(utilisatrice), reverse("gouvernance:point-porter", args=[comite.pk])
    client.post(url, {"titre": "La connexion tombe aux relèves"})
    point = Point.objects.get()
    assert (point.seance, point.demandee_par, point.suite) == (seance, comite, "a_traiter")
    # Elle ne siège pas au COMOP : elle n'en lit pas la séance, mais la réponse à son point.
    assert client.get(reverse("gouvernance:seance-detail", args=[seance.pk])).status_code == 404
    assert client.get(reverse("gouvernance:point-noter", args=[point.pk])).status_code == 404
    with pytest.raises(Refus, match=ATTEND_UNE_REPONSE.format(comite)):
        retirer_point(point=point, par=cheffe)
    changer_etat(seance, "ouvrir", par=cheffe)
    with pytest.raises(Refus) as refus:
        noter_point(point=point, par=cheffe, suite="traite")
    assert "reponse" in refus.value.champs
    noter_point(point=point, par=cheffe, suite="traite", reponse="Deux bornes seront posées.", notes="Entre nous.")
    corps = client.get(url).content.decode()
    assert "Deux bornes seront posées." in corps and "Entre nous." not in corps


def test_sans_comop_prevu_le_point_se_refuse_et_la_saisie_reste(
    seance: Seance, cheffe: Any, comite: Instance, utilisatrice: Any
) -> None:
    changer_etat(seance, "ouvrir", par=cheffe)
    reponse = connecte(utilisatrice).post(reverse("gouvernance:point-porter", args=[comite.pk]), {"titre": "Le réseau"})
    corps = reponse.content.decode().replace("&#x27;", "'")
    assert reponse.status_code == 422 and SANS_COMOP in corps and 'value="Le réseau"' in corps


def test_n_importe_qui_ne_porte_pas(seance: Seance, comite: Instance, utilisatrice: Any) -> None:
    for compte in (affecter(Role.MEMBRE, comite.grappe), affecter(Role.ARS, comite.grappe.region)):
        with pytest.raises(Refus) as refus:
            porter_point(comite=comite, titre="Non", par=compte)
        assert refus.value.code == "droit"
    with pytest.raises(Refus):
        porter_point(comite=seance.comite, titre="Non", par=cheffe_de(comite.grappe))
