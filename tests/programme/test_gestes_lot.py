"""Gestes groupés : l'aperçu ligne à ligne, ce qui est refusé, et rien d'écrit si une ligne a changé entre-temps."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from programme.enums import Role
from programme.models import Etape, Parcours, Proposition, Utilisateur, Vague
from programme.services import gestes_lot as services
from programme.services.conduite import mettre_en_vague
from programme.services.gestes_lot import GESTES, LotPerime
from programme.socle.porte import changer_etat
from tests.aides import EnEnvoyant, connecte, exiger_requetes_constantes
from tests.fabriques import (
    DepartementFactory,
    GrappeFactory,
    ParcoursFactory,
    RegionFactory,
    affecter,
    cheffe_de,
    directrice_de,
)

pytestmark = pytest.mark.django_db
URL = "/parcours/lot/"


@pytest.fixture
def lot() -> dict[str, Any]:
    """Une cheffe, deux de ses ESMS, un sorti, un d'une autre grappe qu'elle conduit, un qu'elle voit sans conduire."""
    grappe, autre = GrappeFactory(nom="Rives"), GrappeFactory(nom="Coteaux")
    cheffe = cheffe_de(grappe)
    affecter(Role.CHEF_PROJET, autre, utilisateur=cheffe)
    un, deux = (ParcoursFactory(grappe=grappe, esms__nom=nom) for nom in ("Alizé", "Brise"))
    sorti = ParcoursFactory(grappe=grappe, esms__nom="Cierzo")
    changer_etat(sorti, "sortir", par=cheffe, motif="retrait", raison="retrait")
    ailleurs = ParcoursFactory(grappe=autre, esms__nom="Diablo")
    vu = ParcoursFactory(esms__nom="Eurus")
    affecter(Role.APPUI, vu.esms, utilisateur=cheffe)
    vague = Vague.objects.create(grappe=grappe, numero=2, nom="Printemps")
    return {"cheffe": cheffe, "vague": vague, "tous": [un, deux, sorti, ailleurs, vu], "un": un, "deux": deux}


def envoyer(client: Client, parcours: list[Parcours], action: str = "vague", etape: str = "", **champs: Any) -> Any:
    corps = {"action": action, "choix": ",".join(str(p.pk) for p in parcours), "etape": etape, **champs}
    return client.post(f"{URL}?tri=-nom", corps)


def confirmer(client: Client, apercu: Any, parcours: list[Parcours], action: str = "vague", **champs: Any) -> Any:
    return envoyer(client, parcours, action, "confirmer", vus=apercu.context["vus"], **champs)


# --- l'aperçu --------------------------------------------------------------------------------------------------------


def test_l_apercu_dit_ligne_a_ligne_et_n_ecrit_rien(lot: dict[str, Any]) -> None:
    client = connecte(lot["cheffe"])
    reglage = envoyer(client, lot["tous"])
    assert [libelle for _, libelle in reglage.context["formulaire"].fields["vague"].choices] == [
        "Choisir…", "Rives · vague 2 (Printemps)", "aucune vague : les en retirer",
    ]  # fmt: skip
    apercu = envoyer(client, lot["tous"], etape="apercu", vague=lot["vague"].pk)
    assert [(str(x.objet), x.avant, x.apres) for x in apercu.context["possibles"]] == [
        ("Alizé", "aucune vague", "vague 2"),
        ("Brise", "aucune vague", "vague 2"),
    ]
    assert [(str(x.objet), x.refus) for x in apercu.context["ecartees"]] == [
        ("Cierzo", "Cet ESMS est sorti du projet."),
        ("Diablo", "Cette vague est celle d'une autre grappe ; cet ESMS est dans « Coteaux »."),
        ("Eurus", "Ce geste revient au chef de projet de la grappe."),
    ]
    assert not Parcours.objects.filter(vague__isnull=False).exists()


def test_confirmer_ecrit_ce_que_l_apercu_disait_possible(lot: dict[str, Any]) -> None:
    client = connecte(lot["cheffe"])
    apercu = envoyer(client, lot["tous"], etape="apercu", vague=lot["vague"].pk)
    reponse = confirmer(client, apercu, lot["tous"], vague=lot["vague"].pk)
    assert (reponse.status_code, reponse["Location"]) == (302, "/parcours/?tri=-nom")
    assert list(Parcours.objects.filter(vague=lot["vague"]).order_by("pk")) == [lot["un"], lot["deux"]]
    assert "2 ESMS ont changé de vague" in client.get("/parcours/").content.decode()
    assert lot["un"].history.first().history_user == lot["cheffe"]


def test_retirer_de_toute_vague(lot: dict[str, Any]) -> None:
    mettre_en_vague(parcours=[lot["un"]], vague=lot["vague"], par=lot["cheffe"])
    client = connecte(lot["cheffe"])
    deux = [lot["un"], lot["deux"]]
    apercu = envoyer(client, deux, etape="apercu", vague="aucune")
    assert [str(x.objet) for x in apercu.context["possibles"]] == ["Alizé"]
    confirmer(client, apercu, deux, vague="aucune")
    assert not Parcours.objects.filter(vague__isnull=False).exists()


# --- les lignes changées entre-temps ---------------------------------------------------------------------------------


def test_une_ligne_changee_entre_temps_se_dit_et_rien_n_est_ecrit(lot: dict[str, Any]) -> None:
    client = connecte(lot["cheffe"])
    apercu = envoyer(client, lot["tous"], etape="apercu", vague=lot["vague"].pk)
    changer_etat(lot["deux"], "suspendre", par=lot["cheffe"], motif="travaux")
    trois = Vague.objects.create(grappe=lot["un"].grappe, numero=3)
    mettre_en_vague(parcours=[lot["un"]], vague=trois, par=lot["cheffe"])
    reponse = confirmer(client, apercu, lot["tous"], vague=lot["vague"].pk)
    assert reponse.status_code == 409
    assert reponse.context["changees"] == [
        ("Alizé", ["Vague : « aucune vague » à l'aperçu, « vague 3 » maintenant"]),
        ("Brise", ["État : « Recensé » à l'aperçu, « Suspendu » maintenant"]),
    ]
    page = reponse.content.decode()
    assert "rien n&#x27;est écrit" in page and "Relire l’aperçu" in page
    assert not Parcours.objects.filter(vague=lot["vague"]).exists()
    relu = envoyer(client, lot["tous"], etape="apercu", vague=lot["vague"].pk)
    assert confirmer(client, relu, lot["tous"], vague=lot["vague"].pk).status_code == 302
    assert Parcours.objects.filter(vague=lot["vague"]).count() == 2


def test_un_droit_perdu_entre_temps_se_dit_aussi(lot: dict[str, Any]) -> None:
    cheffe = lot["cheffe"]
    vus = services.a_retrouver(GESTES["vague"].examiner([lot["un"]], cheffe, vague=lot["vague"]))
    cheffe.affectations.filter(grappe=lot["un"].grappe).update(au=timezone.localdate() - timedelta(days=1))
    relu = Utilisateur.objects.get(pk=cheffe.pk)
    with pytest.raises(LotPerime) as refus:
        services.confirmer(
            geste=GESTES["vague"], cles=[lot["un"].pk], vus=vus, par=relu, details={"vague": lot["vague"]}
        )
    assert refus.value.lignes == [("Alizé", [services.PARTI])]
    lot["un"].refresh_from_db()
    assert lot["un"].vague is None


def test_un_apercu_ne_vaut_ni_pour_un_autre_reglage_ni_pour_un_autre_compte(lot: dict[str, Any]) -> None:
    autre = Vague.objects.create(grappe=lot["un"].grappe, numero=5)
    client = connecte(lot["cheffe"])
    apercu = envoyer(client, [lot["un"]], etape="apercu", vague=lot["vague"].pk)
    assert confirmer(client, apercu, [lot["un"]], vague=autre.pk).status_code == 409
    voisine = connecte(cheffe_de(lot["un"].grappe))
    assert confirmer(voisine, apercu, [lot["un"]], vague=lot["vague"].pk).status_code == 409
    assert envoyer(client, [lot["un"]], etape="confirmer", vus="faux", vague=autre.pk).status_code == 409
    assert not Parcours.objects.filter(vague__isnull=False).exists()


# --- dates et propositions -------------------------------------------------------------------------------------------


def test_reviser_une_date(lot: dict[str, Any]) -> None:
    jour = timezone.localdate() + timedelta(days=40)
    Etape.objects.create(parcours=lot["deux"], etat="cadrage", revisee=jour + timedelta(days=30))
    champs = {"etat": "preparation", "jour": jour.isoformat()}
    client, deux = connecte(lot["cheffe"]), [lot["un"], lot["deux"]]
    apercu = envoyer(client, deux, "dates", "apercu", **champs)
    assert [str(x.objet) for x in apercu.context["possibles"]] == ["Alizé"]
    assert "corrigez l'une des deux dates" in apercu.context["ecartees"][0].refus
    assert confirmer(client, apercu, deux, "dates", **champs).status_code == 302
    assert Etape.objects.get(parcours=lot["un"], etat="preparation").revisee == jour


def test_une_date_revisee_entre_temps(lot: dict[str, Any]) -> None:
    jour = timezone.localdate() + timedelta(days=40)
    champs = {"etat": "preparation", "jour": jour.isoformat()}
    client, deux = connecte(lot["cheffe"]), [lot["un"], lot["deux"]]
    apercu = envoyer(client, deux, "dates", "apercu", **champs)
    Etape.objects.create(parcours=lot["un"], etat="preparation", revisee=jour + timedelta(days=3))
    reponse = confirmer(client, apercu, deux, "dates", **champs)
    assert reponse.status_code == 409 and [nom for nom, _ in reponse.context["changees"]] == ["Alizé"]
    assert not Etape.objects.filter(parcours=lot["deux"]).exists()


def test_proposer_un_passage_ecarte_et_nomme(lot: dict[str, Any]) -> None:
    affecter(Role.DIRECTEUR, lot["un"].esms)
    client = connecte(lot["cheffe"])
    champs = {"transition": "engager"}
    apercu = envoyer(client, lot["tous"], "proposer", "apercu", **champs)
    assert [str(x.objet) for x in apercu.context["possibles"]] == ["Alizé"]
    raisons = {str(x.objet): x.refus for x in apercu.context["ecartees"]}
    assert raisons["Brise"] == "Sans direction en fonction."
    assert raisons["Cierzo"] == "À l'état « Sorti du projet »."
    assert confirmer(client, apercu, lot["tous"], "proposer", **champs).status_code == 302
    assert Proposition.objects.get().parcours == lot["un"]


def test_deja_propose_entre_temps(lot: dict[str, Any]) -> None:
    affecter(Role.DIRECTEUR, lot["un"].esms)
    client = connecte(lot["cheffe"])
    apercu = envoyer(client, [lot["un"]], "proposer", "apercu", transition="engager")
    Proposition.objects.create(parcours=lot["un"], transition="engager", proposee_par=lot["cheffe"])
    reponse = confirmer(client, apercu, [lot["un"]], "proposer", transition="engager")
    assert reponse.status_code == 409 and Proposition.objects.count() == 1
    assert "Déjà proposé" in reponse.context["changees"][0][1][0]


# --- choisir ---------------------------------------------------------------------------------------------------------


def test_les_gestes_ne_se_montrent_qu_a_qui_les_a(lot: dict[str, Any]) -> None:
    def gestes(compte: Any) -> list[str]:
        return [g["valeur"] for g in connecte(compte).get("/parcours/").context["liste"].actions]

    assert gestes(lot["cheffe"]) == ["vague", "proposer", "dates", "emporter"]
    assert gestes(directrice_de(lot["un"])) == ["dates", "emporter"]
    assert gestes(affecter(Role.MEMBRE, lot["un"].grappe)) == ["emporter"]
    membre = connecte(affecter(Role.MEMBRE, lot["un"].grappe))
    assert envoyer(membre, [lot["un"]]).status_code == 403


def test_tout_le_filtre_d_un_geste(lot: dict[str, Any]) -> None:
    client = connecte(lot["cheffe"])
    reponse = client.post(f"{URL}?recherche=alize", {"action": "vague", "tout": "1", "choix": "1"})
    assert reponse.context["objets"] == [lot["un"]] and reponse.context["retour"] == "/parcours/?recherche=alize"


def test_tout_le_filtre_d_une_region_ne_deborde_pas_de_la_region(lot: dict[str, Any]) -> None:
    loin = DepartementFactory(code="29", nom="Finistère", region=RegionFactory(code="53", nom="Bretagne"))
    ailleurs = ParcoursFactory(grappe=lot["un"].grappe, esms__departement=loin)
    client = connecte(lot["cheffe"])
    adresse = client.get("/regions/53/").context["liste"].url_actions
    assert adresse == f"{URL}?region=53"
    assert client.post(adresse, {"action": "vague", "tout": "1"}).context["objets"] == [ailleurs]


def test_trop_de_lignes_ou_aucune(lot: dict[str, Any], monkeypatch: Any) -> None:
    client = connecte(lot["cheffe"])
    assert client.post(URL, {"action": "vague"})["Location"] == "/parcours/?vue=aucune"
    assert client.post(URL, {"action": "voler", "choix": lot["un"].pk}).status_code == 302
    monkeypatch.setattr("programme.views.lot.LIGNES_MAX", 1)
    reponse = client.post(URL, {"action": "vague", "tout": "1"}, follow=True)
    assert "au plus : resserrez le filtre" in reponse.content.decode()
    assert client.get(URL).status_code == 302


def test_une_ligne_qu_on_ne_voit_pas_ne_s_apprend_pas(lot: dict[str, Any]) -> None:
    etranger = ParcoursFactory(esms__nom="Introuvable ici")
    reponse = envoyer(connecte(lot["cheffe"]), [lot["un"], etranger], etape="apercu", vague=lot["vague"].pk)
    page = reponse.content.decode()
    assert "Introuvable ici" not in page and "1 ligne choisie n’est plus dans ce que vous voyez" in page


def test_emporter_la_selection_garde_le_tri_et_les_colonnes(lot: dict[str, Any]) -> None:
    client = connecte(lot["cheffe"])
    corps = {"action": "emporter", "choix": [lot["un"].pk, lot["deux"].pk]}
    reponse = client.post(f"{URL}?tri=-nom&colonnes=etat", corps)
    choix = f"{lot['un'].pk},{lot['deux'].pk}"
    assert reponse["Location"] == f"/parcours/?tri=-nom&colonnes=etat&choix={choix}&format=xlsx"
    assert client.get(reponse["Location"])["Content-Type"].endswith("spreadsheetml.sheet")


def test_chaque_ligne_a_sa_case_nommee(lot: dict[str, Any]) -> None:
    page = connecte(lot["cheffe"]).get("/parcours/").content.decode()
    assert f'name="choix" value="{lot["un"].pk}" aria-label="Choisir Alizé"' in page
    assert 'data-tout-cocher="choix"' in page


@pytest.mark.parametrize("action", ["vague", "dates", "proposer"])
def test_autant_de_requetes_pour_un_que_pour_cinquante(action: str) -> None:
    grappe = GrappeFactory()
    client, vague = connecte(cheffe_de(grappe)), Vague.objects.create(grappe=grappe, numero=1)
    champs = {
        "vague": {"vague": vague.pk},
        "dates": {"etat": "routine", "jour": "2030-01-01"},
        "proposer": {"transition": "engager"},
    }[action]

    envoi = EnEnvoyant(client, {"action": action, "tout": "1", "etape": "apercu", **champs})
    exiger_requetes_constantes(envoi, URL, lambda n: ParcoursFactory.create_batch(n, grappe=grappe))
