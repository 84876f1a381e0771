"""Lever une condition qui barre : une instance, pour des ESMS nommés, jusqu'à une date ; la direction décide."""

import html
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from gouvernance.enums import TypeInstance
from gouvernance.models import Decision, Instance, Portee
from gouvernance.services.decisions import instruire
from programme.documents.feu_vert import dossier_de
from programme.enums import Role
from programme.models import Ouverture, Parcours
from programme.socle.conditions import evaluer, pour
from programme.socle.erreurs import Refus
from programme.socle.models import Derogation, Passage
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.fabriques import GrappeFactory, OuvertureFactory, ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.gouvernance.fabriques import InstanceFactory, levee_de, mandater, presents, seance_close, seance_ouverte

pytestmark = pytest.mark.django_db


def dans(jours: int) -> Any:
    return timezone.localdate() + timedelta(days=jours)


@pytest.fixture
def comop() -> Instance:
    return InstanceFactory(grappe=GrappeFactory(), nom="COMOP", quorum=0)


@pytest.fixture
def trois(comop: Instance) -> list[Parcours]:
    """Trois ESMS au cadrage, à qui tout est réuni pour se préparer, sauf la vague (qui barre)."""
    rendus = []
    for _ in range(3):
        parcours = ParcoursFactory(grappe=comop.grappe)
        changer_etat(parcours, "engager", par=directrice_de(parcours), motif="essai")
        par = affecter(Role.DIRECTEUR, utilisateur=affecter(Role.CHEF_PROJET))
        for condition in pour("programme.parcours", "preparer"):
            if condition.code != "vague":
                condition.remplir(Parcours.objects.get(pk=parcours.pk), par)
        rendus.append(Parcours.objects.get(pk=parcours.pk))
    return rendus


def preparer(parcours: Parcours) -> Passage:
    relu = Parcours.objects.get(pk=parcours.pk)
    return changer_etat(relu, "preparer", par=directrice_de(relu), motif="on y va")


def refus_de(decision: Decision, par: Any = None) -> Refus:
    """Ce que la porte répond à l'arbitrage."""
    with pytest.raises(Refus) as refus:
        changer_etat(decision, "arbitrer", par=par or cheffe_de(decision.grappe))
    assert not Derogation.objects.exists()
    return refus.value


# --- toute l'histoire ----------------------------------------------------------------------------------------------


def test_deux_esms_passent_un_troisieme_non_et_apres_la_fin_plus_personne(
    comop: Instance, trois: list[Parcours], monkeypatch: pytest.MonkeyPatch
) -> None:
    premier, second, troisieme = trois
    with pytest.raises(Refus) as avant:
        preparer(premier)
    assert [m.code for m in avant.value.manques] == ["vague"]

    cheffe, seance = cheffe_de(comop.grappe), seance_ouverte(comop)
    decision = instruire(
        comite=comop, par=cheffe, seance=seance, intitule="Se préparer sans vague", parcours=[premier, second],
        effet="levee", condition="vague", levee_du=dans(0), levee_au=dans(30),
    )  # fmt: skip
    with pytest.raises(Refus):
        preparer(premier)  # instruite, elle ne lève encore rien
    changer_etat(decision, "arbitrer", par=cheffe)

    passage = preparer(premier)
    cite = f"décision n° 1, COMOP, {timezone.localdate():%d/%m/%Y} : Se préparer sans vague"
    constat = next(c for c in passage.constats if c["code"] == "vague")
    assert constat["levee_par"] == cite and not constat["ok"]
    assert Passage.objects.filter(pk=passage.pk, par=passage.par, role="Directeur").exists(), "la direction décide"
    with pytest.raises(Refus) as autre:
        preparer(troisieme)
    assert [m.code for m in autre.value.manques] == ["vague"]

    dossier = dossier_de(second, par=directrice_de(second)).donnees
    assert dossier["levees"][0]["decision"] == cite and dossier["levees"][0]["jusqu"]
    decide = dossier_de(Parcours.objects.get(pk=premier.pk), par=cheffe, passage=passage).donnees
    assert [levee["decision"] for levee in decide["levees"]] == [cite]

    lendemain = dans(31)
    monkeypatch.setattr(timezone, "localdate", lambda *a, **k: lendemain)
    with pytest.raises(Refus) as apres:
        preparer(second)
    assert [m.code for m in apres.value.manques] == ["vague"]


def test_le_dernier_jour_compte_encore(comop: Instance, trois: list[Parcours], monkeypatch: pytest.MonkeyPatch) -> None:
    changer_etat(levee_de(comop, "vague", trois[0], levee_au=dans(30)), "arbitrer", par=cheffe_de(comop.grappe))
    dernier = dans(30)
    monkeypatch.setattr(timezone, "localdate", lambda *a, **k: dernier)
    assert preparer(trois[0]).vers == "preparation"


def test_l_instance_leve_mais_ne_decide_pas(comop: Instance, trois: list[Parcours]) -> None:
    cheffe, animateur = cheffe_de(comop.grappe), affecter(Role.MEMBRE, comop.grappe)
    mandater(comop, animateur, anime=True)
    changer_etat(levee_de(comop, "vague", trois[0]), "arbitrer", par=animateur)
    for qui in (cheffe, animateur):
        with pytest.raises(Refus) as refus:
            changer_etat(Parcours.objects.get(pk=trois[0].pk), "preparer", par=qui, motif="x")
        assert refus.value.code == "droit"
    with pytest.raises(Refus) as refus:
        changer_etat(levee_de(comop, "vague", trois[1], numero=90), "arbitrer", par=directrice_de(trois[1]))
    assert refus.value.code == "droit"


def test_la_condition_d_une_unite_se_leve_aussi_pour_un_esms(comop: Instance) -> None:
    nomme, autre = (OuvertureFactory(unite__parcours__grappe=comop.grappe) for _ in range(2))
    barrent = {c.code: c for c in pour("programme.ouverture", "ouvrir") if c.severite == "barre" and c.est_reglable}
    code = next(iter(barrent))
    changer_etat(levee_de(comop, code, nomme.unite.parcours), "arbitrer", par=cheffe_de(comop.grappe))
    constats = evaluer(Ouverture.objects.all(), "ouvrir")
    leves = {pk: [c.condition.code for c in lus if c.levee_par] for pk, lus in constats.items()}
    assert leves == {nomme.pk: [code], autre.pk: []}


def test_la_page_de_l_esms_mene_a_la_decision(comop: Instance, trois: list[Parcours]) -> None:
    decision = levee_de(comop, "vague", trois[0])
    changer_etat(decision, "arbitrer", par=cheffe_de(comop.grappe))
    page = connecte(directrice_de(trois[0])).get(reverse("programme:parcours-detail", args=[trois[0].pk]))
    assert f'<a href="/decisions/{decision.pk}/">décision n°' in html.unescape(page.content.decode())
    assert reverse("gouvernance:decision-detail", args=[decision.pk]) == decision.lien


def test_l_ancienne_page_de_l_administrateur_n_est_plus_la(trois: list[Parcours]) -> None:
    admin = connecte(affecter(Role.ADMIN))
    assert admin.get(f"/parcours/{trois[0].pk}/derogations/").status_code == 404
    page = connecte(cheffe_de(trois[0].grappe)).get(f"/parcours/{trois[0].pk}/").content.decode()
    assert f'href="/grappes/{trois[0].grappe_id}/decisions/ajouter/?parcours={trois[0].pk}"' in page


# --- ce qui ne se lève pas -----------------------------------------------------------------------------------------


def test_sans_quorum_rien_ne_s_arbitre(trois: list[Parcours]) -> None:
    comop = InstanceFactory(grappe=trois[0].grappe, quorum=50)
    sieges = [mandater(comop) for _ in range(3)]
    decision = levee_de(comop, "vague", trois[0])
    presents(decision.seance, sieges[0])
    refus = refus_de(decision)
    assert [(m.code, m.mesure) for m in refus.manques] == [("quorum", "1 sur 2")]
    presents(decision.seance, sieges[1])
    changer_etat(decision, "arbitrer", par=cheffe_de(comop.grappe))
    assert Derogation.objects.get().parcours == trois[0]


def test_une_seance_close_sans_quorum_n_arbitre_jamais(trois: list[Parcours]) -> None:
    comop = InstanceFactory(grappe=trois[0].grappe, quorum=50)
    mandater(comop)
    decision = levee_de(comop, "vague", trois[0], seance=seance_close(comop))
    assert [m.mesure for m in refus_de(decision).manques] == ["la séance s'est close sans lui"]


@pytest.mark.parametrize("type_", [t for t in TypeInstance if t not in (TypeInstance.COMOP, TypeInstance.COSTRAT)])
def test_seuls_un_comop_et_un_costrat_levent(trois: list[Parcours], type_: str) -> None:
    autre = InstanceFactory(grappe=trois[0].grappe, type=type_, quorum=0)
    assert "comite" in {m.code for m in refus_de(levee_de(autre, "vague", trois[0])).manques}


@pytest.mark.parametrize(
    ("champs", "manque"),
    [
        ({"condition": "cse"}, "condition"),
        ({"condition": "mise_en_conformite"}, "condition"),
        ({"condition": "inconnue"}, "condition"),
        ({"levee_du": -9, "levee_au": -1}, "fin"),
        ({"seance": None}, "seance"),
    ],
)
def test_la_porte_refuse_ce_qui_ne_se_leve_pas(
    comop: Instance, trois: list[Parcours], champs: dict[str, Any], manque: str
) -> None:
    lus = {nom: dans(v) if nom.startswith("levee_") else v for nom, v in champs.items()}
    condition = lus.pop("condition", "vague")
    assert manque in {m.code for m in refus_de(levee_de(comop, condition, trois[0], **lus)).manques}


def test_sans_esms_nomme_rien_ne_se_leve(comop: Instance) -> None:
    assert "portee" in {m.code for m in refus_de(levee_de(comop, "vague")).manques}


def test_la_seance_d_une_autre_instance_ne_vaut_pas(comop: Instance, trois: list[Parcours]) -> None:
    autre = InstanceFactory(grappe=comop.grappe, quorum=0)
    decision = levee_de(comop, "vague", trois[0], seance=seance_ouverte(autre))
    assert {m.code for m in refus_de(decision).manques} == {"seance"}


def test_un_mandat_d_animation_fini_n_arbitre_plus(comop: Instance, trois: list[Parcours]) -> None:
    ancien = affecter(Role.MEMBRE, comop.grappe)
    mandater(comop, ancien, anime=True, au=dans(-1))
    assert refus_de(levee_de(comop, "vague", trois[0]), par=ancien).code == "droit"


# --- une levée s'arrête --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("transition", ["reviser", "abandonner"])
def test_revisee_ou_abandonnee_elle_cesse_de_lever(comop: Instance, trois: list[Parcours], transition: str) -> None:
    cheffe = cheffe_de(comop.grappe)
    decision = levee_de(comop, "vague", trois[0], trois[1])
    changer_etat(decision, "arbitrer", par=cheffe)
    changer_etat(decision, transition, par=cheffe, motif="le correctif est là")
    for parcours in trois:
        with pytest.raises(Refus):
            preparer(parcours)


def test_celle_qui_remplace_revise_l_autre_du_meme_geste(comop: Instance, trois: list[Parcours]) -> None:
    cheffe = cheffe_de(comop.grappe)
    ancienne = levee_de(comop, "vague", trois[0], numero=1)
    changer_etat(ancienne, "arbitrer", par=cheffe)
    nouvelle = levee_de(comop, "vague", trois[1], numero=2, remplace=ancienne)
    changer_etat(nouvelle, "arbitrer", par=cheffe)
    ancienne.refresh_from_db()
    dernier = Passage.objects.de(ancienne).last()
    assert ancienne.etat == "revisee" and dernier
    assert (dernier.par, dernier.motif) == (cheffe, f"Remplacée par la {nouvelle.reference}.")
    assert list(Derogation.objects.en_vigueur(dans(0)).values_list("parcours", flat=True)) == [trois[1].pk]
    with pytest.raises(Refus):
        preparer(trois[0])
    assert preparer(trois[1]).vers == "preparation"


def test_on_ne_remplace_pas_deux_fois_la_meme(comop: Instance) -> None:
    cheffe = cheffe_de(comop.grappe)
    ancienne, une, autre = (levee_de(comop, "vague", numero=n) for n in (1, 2, 3))
    for decision in (ancienne, une, autre):
        Portee.objects.create(decision=decision, parcours=ParcoursFactory(grappe=comop.grappe))
    changer_etat(ancienne, "arbitrer", par=cheffe)
    Decision.objects.filter(pk__in=[une.pk, autre.pk]).update(remplace=ancienne)
    changer_etat(une, "arbitrer", par=cheffe)
    with pytest.raises(Refus) as refus:
        changer_etat(autre, "arbitrer", par=cheffe)
    assert [m.code for m in refus.value.manques] == ["remplace"] and "Révisée" in refus.value.manques[0].mesure


def test_qui_n_anime_que_le_comop_ne_revise_pas_le_costrat(comop: Instance, trois: list[Parcours]) -> None:
    """Ni l'arbitrage ni la révision ne s'écrivent à moitié."""
    animateur = affecter(Role.MEMBRE, comop.grappe)
    mandater(comop, animateur, anime=True)
    costrat = InstanceFactory(grappe=comop.grappe, type=TypeInstance.COSTRAT, quorum=0)
    ancienne = levee_de(costrat, "vague", trois[0], numero=1)
    changer_etat(ancienne, "arbitrer", par=cheffe_de(comop.grappe))
    nouvelle = levee_de(comop, "vague", trois[1], numero=2, remplace=ancienne)
    with pytest.raises(Refus) as refus:
        changer_etat(nouvelle, "arbitrer", par=animateur)
    nouvelle.refresh_from_db()
    ancienne.refresh_from_db()
    assert (refus.value.code, nouvelle.etat, ancienne.etat) == ("droit", "instruite", "arbitree")
    assert Derogation.objects.count() == 1
