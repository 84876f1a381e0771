"""Les versions d'une solution et les montées de version : en lot, une à une, ce qui se refuse."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.socle.erreurs import Refus
from programme.socle.versions import jeton
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, affecter, directrice_de
from tests.usages.editeurs.aides import Decor, autre_solution, decor, il_y_a, lu
from tests.usages.fabriques import MonteeDeVersionFactory, VersionSolutionFactory
from usages.models import MonteeDeVersion, VersionSolution
from usages.services.editeurs.versions import noter_montees

pytestmark = pytest.mark.django_db


@pytest.fixture
def d() -> Decor:
    return decor()


@pytest.fixture
def version(d: Decor) -> VersionSolution:
    return VersionSolutionFactory(solution=d.grappe.solution, nom="4.2")


def _lot(d: Decor, version: VersionSolution, suite: str = "") -> str:
    return reverse("usages:grappe-montees", args=[d.grappe.pk, version.pk]) + suite


def test_une_version_s_annonce_puis_sort(d: Decor) -> None:
    solution, client = d.grappe.solution, connecte(d.cheffe)
    page = reverse("usages:solution-versions", args=[solution.pk])
    assert "Ajouter une version" in lu(client.get(page))
    saisie = {"nom": "5", "apports": "Un journal plus lisible", "prevue_le": il_y_a(-60).isoformat()}
    assert client.post(reverse("usages:version-creer", args=[solution.pk]), saisie).status_code == 302
    version = VersionSolution.objects.get()
    assert "Feuille de route" in lu(client.get(page)) and "Un journal plus lisible" in lu(client.get(page))
    adresse = reverse("usages:version-modifier", args=[version.pk])
    saisie |= {"vu": jeton(VersionSolution.history.filter(id=version.pk))}
    assert client.post(adresse, saisie | {"sortie_le": il_y_a(-1).isoformat()}).status_code == 422
    assert client.post(adresse, saisie | {"sortie_le": il_y_a(1).isoformat()}).status_code == 302
    assert "sortie le" in lu(client.get(page))


def test_une_version_ne_porte_pas_deux_fois_le_meme_nom(d: Decor, version: VersionSolution) -> None:
    adresse = reverse("usages:version-creer", args=[version.solution_id])
    reponse = connecte(d.cheffe).post(adresse, {"nom": "4.2"})
    assert "déjà connue" in lu(reponse) and VersionSolution.objects.count() == 1


def test_la_meme_montee_se_note_pour_plusieurs_esms(d: Decor, version: VersionSolution) -> None:
    client, (a, b, c) = connecte(d.cheffe), d.esms
    prevue = il_y_a(-15)
    reponse = client.post(_lot(d, version), {"parcours": [a.pk, b.pk], "prevue_le": prevue.isoformat()}, follow=True)
    assert "2 montées notées" in lu(reponse)
    client.post(_lot(d, version), {"parcours": [b.pk, c.pk], "faite_le": il_y_a(0).isoformat(), "note": "Le soir"})
    lues = {m.parcours_id: (m.prevue_le, m.faite_le, m.note) for m in MonteeDeVersion.objects.all()}
    assert lues == {
        a.pk: (prevue, None, ""),
        b.pk: (prevue, il_y_a(0), "Le soir"),
        c.pk: (None, il_y_a(0), "Le soir"),
    }


@pytest.mark.parametrize(
    ("saisie", "phrase"),
    [
        ({"prevue_le": "2026-12-01"}, "Cochez au moins un ESMS"),
        ({"parcours": True}, "Donnez le jour prévu"),
        ({"parcours": True, "faite_le": "2999-01-01"}, "pas encore venu"),
    ],
)
def test_un_lot_incomplet_se_refuse(d: Decor, version: VersionSolution, saisie: dict[str, Any], phrase: str) -> None:
    if saisie.get("parcours"):
        saisie = saisie | {"parcours": [d.esms[0].pk]}
    reponse = connecte(d.cheffe).post(_lot(d, version), saisie)
    assert reponse.status_code == 422 and phrase in lu(reponse) and not MonteeDeVersion.objects.exists()


def test_chacun_ne_note_que_les_siens(d: Decor, version: VersionSolution) -> None:
    directrice, (a, b, _) = directrice_de(d.esms[0]), d.esms
    client = connecte(directrice)
    depuis = _lot(d, version, f"?parcours={a.pk}")
    assert client.get(depuis).context["formulaire"]["parcours"].value() == [a.pk]
    jour = il_y_a(0).isoformat()
    assert client.post(depuis, {"parcours": [b.pk], "faite_le": jour}).status_code == 422
    reponse = client.post(depuis, {"parcours": [a.pk], "faite_le": jour}, follow=True)
    assert "Versions du DUI" in lu(reponse) and f"{version} depuis le" in lu(reponse)
    with pytest.raises(Refus):
        noter_montees(version=version, parcours=[b], par=directrice, faite_le=timezone.localdate())


def test_une_version_d_une_autre_solution_n_est_pas_pour_lui(d: Decor) -> None:
    ailleurs = VersionSolutionFactory(solution=autre_solution())
    with pytest.raises(Refus):
        noter_montees(version=ailleurs, parcours=d.esms, par=d.cheffe, faite_le=timezone.localdate())
    assert "Aucun ESMS à noter ici" in lu(connecte(d.cheffe).get(_lot(d, ailleurs)))


def test_une_montee_se_dit_faite_se_corrige_et_se_retire(d: Decor, version: VersionSolution) -> None:
    montee = MonteeDeVersionFactory(parcours=d.esms[0], version=version, prevue_le=il_y_a(3))
    directrice = directrice_de(d.esms[0])
    client, adresse = connecte(directrice), reverse("usages:montee-modifier", args=[montee.pk])
    assert "Dire si la montée de version s'est faite" in lu(client.get(reverse("programme:accueil")))
    assert "1 montée à dire faite" in lu(client.get(reverse("programme:parcours-detail", args=[d.esms[0].pk])))
    vu = jeton(MonteeDeVersion.history.filter(id=montee.pk))
    assert client.post(adresse, {"vu": vu}).status_code == 422, "sans date, on ne sait plus rien"
    assert client.post(adresse, {"vu": vu, "faite_le": il_y_a(1).isoformat()}).status_code == 302
    assert "Dire si la montée" not in lu(client.get(reverse("programme:accueil")))
    assert client.post(reverse("usages:montee-retirer", args=[montee.pk])).status_code == 302
    assert not MonteeDeVersion.objects.exists() and MonteeDeVersion.history.filter(id=montee.pk).count() == 3


def test_un_esms_sans_version_notee_dit_quoi_faire(d: Decor) -> None:
    page = lu(connecte(directrice_de(d.esms[0])).get(reverse("usages:parcours-versions", args=[d.esms[0].pk])))
    assert "L’éditeur n’a pas de version notée" in page


def test_le_financeur_ne_lit_pas_les_montees(d: Decor) -> None:
    ars = affecter(Role.ARS, d.grappe.region)
    assert connecte(ars).get(reverse("usages:parcours-versions", args=[d.esms[0].pk])).status_code in (403, 404)
    assert not MonteeDeVersion.objects.visibles_par(ars).exists()
    ParcoursFactory()
