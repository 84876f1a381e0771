"""Après une fusion, les actions ouvertes de l'absorbé : montrées, et confiées à celui qui continue d'un geste guidé."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from programme.enums import NatureEvenement
from programme.models import Action, EvenementEsms
from programme.services.evenements import prendre_acte
from programme.services.fusion_actions import Suivantes, faire_suivre, suivantes
from programme.socle.erreurs import Refus
from programme.socle.models import Passage
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.fabriques import ActionFactory, ParcoursFactory, cheffe_de, directrice_de
from tests.programme.test_evenements import Fusion, _page

pytestmark = pytest.mark.django_db
DEMAIN = timezone.localdate() + timedelta(days=1)


class FusionAvecActions(Fusion):
    """L'absorbé a une action de la cheffe, une de sa directrice (qui ne verra plus rien), et une faite."""

    def __init__(self, **champs: Any) -> None:
        super().__init__(**champs)
        self.directrice = directrice_de(self.absorbe)
        self.cable = ActionFactory(parcours=self.absorbe, responsable=self.cheffe, echeance=DEMAIN)
        self.postes = ActionFactory(parcours=self.absorbe, responsable=self.directrice)
        self.faite = ActionFactory(parcours=self.absorbe, responsable=self.cheffe)
        changer_etat(self.faite, "terminer", par=self.cheffe)
        changer_etat(self.cable, "commencer", par=self.cheffe)

    def suivre(self, **arguments: Any) -> Suivantes:
        return faire_suivre(**{"evenement": self.evenement, "parcours": self.absorbe, "par": self.cheffe} | arguments)


@pytest.fixture
def fusion() -> FusionAvecActions:
    return FusionAvecActions()


def test_rien_ne_suit_d_office(fusion: FusionAvecActions) -> None:
    fusion.deplacer()
    assert set(Action.objects.filter(parcours=fusion.absorbe)) == {fusion.cable, fusion.postes, fusion.faite}


def test_les_ouvertes_suivent_avec_leur_echeance_leur_etat_et_leur_journal(fusion: FusionAvecActions) -> None:
    fusion.suivre()
    lue = Action.objects.get(pk=fusion.cable.pk)
    assert (lue.parcours, lue.echeance, lue.etat, lue.responsable) == (
        fusion.absorbant, DEMAIN, "en_cours", fusion.cheffe,
    )  # fmt: skip
    assert Passage.objects.de(lue).count() == 1 and lue.history.latest().history_user == fusion.cheffe
    assert Action.objects.get(pk=fusion.faite.pk).parcours == fusion.absorbe, "ce qui est fait reste où c'était"
    fusion.evenement.refresh_from_db()
    assert fusion.evenement.suite == "2 actions arrivées chez « IME des Rives »."


def test_un_responsable_qui_ne_la_verrait_plus_laisse_la_place(fusion: FusionAvecActions) -> None:
    (lue,) = suivantes(fusion.evenement, [fusion.absorbe])
    assert dict(lue.actions) == {fusion.cable: True, fusion.postes: False}
    fusion.suivre()
    assert Action.objects.get(pk=fusion.postes.pk).responsable is None


def test_tant_que_l_absorbant_n_est_pas_dans_la_grappe_rien_ne_suit() -> None:
    fusion = FusionAvecActions(absorbant_dans_la_grappe=False)
    page = connecte(fusion.cheffe).get(_page(fusion.evenement)).content.decode()
    assert "Faire suivre 2 actions ouvertes" in page and "faites d&#x27;abord arriver ses unités" in page
    with pytest.raises(Refus, match="pas encore dans la grappe"):
        fusion.suivre()
    fusion.deplacer()
    assert fusion.suivre().vers is not None


def test_ce_qui_a_change_depuis_l_apercu_fait_relire(fusion: FusionAvecActions) -> None:
    (lue,) = suivantes(fusion.evenement, [fusion.absorbe])
    changer_etat(fusion.postes, "abandonner", par=fusion.cheffe, motif="Plus utile")
    with pytest.raises(Refus, match="Entre-temps") as refus:
        fusion.suivre(vu=lue.vu)
    assert refus.value.code == "concurrence" and Action.objects.get(pk=fusion.cable.pk).parcours == fusion.absorbe


def test_la_seconde_fois_il_n_y_a_plus_rien(fusion: FusionAvecActions) -> None:
    fusion.suivre()
    with pytest.raises(Refus, match="plus d'action ouverte"):
        fusion.suivre()


def test_seule_la_conduite_fait_suivre_et_l_apercu_precede(fusion: FusionAvecActions) -> None:
    adresse, cle = _page(fusion.evenement), fusion.absorbe.pk
    directrice = connecte(fusion.directrice)
    assert "revient au chef de projet" in directrice.get(adresse).content.decode()
    assert directrice.get(adresse, {"actions": cle}).status_code == 403
    assert directrice.post(adresse, {"geste": "actions", "parcours": cle}).status_code == 403
    assert connecte(cheffe_de(ParcoursFactory().grappe)).get(adresse, {"actions": cle}).status_code == 404
    client = connecte(fusion.cheffe)
    assert f"?actions={cle}" in client.get(adresse).content.decode()
    apercu = client.get(adresse, {"actions": cle}).content.decode()
    assert "à désigner" in apercu and "Faire suivre ces 2 actions" in apercu
    assert Action.objects.filter(parcours=fusion.absorbe).count() == 3, "l'aperçu n'écrit rien"
    vu = apercu.split('name="vu" value="')[1].split('"')[0]
    perime = client.post(adresse, {"geste": "actions", "parcours": cle, "vu": "1:1"})
    assert perime.status_code == 409 and "Entre-temps" in perime.content.decode()
    reponse = client.post(adresse, {"geste": "actions", "parcours": cle, "vu": vu}, follow=True)
    assert "2 actions suivent chez « IME des Rives »" in reponse.content.decode()
    assert client.get(adresse, {"actions": cle}).status_code == 404, "il n'y a plus rien à faire suivre"


def test_une_fermeture_ne_fait_rien_suivre(fusion: FusionAvecActions) -> None:
    fermeture = EvenementEsms.objects.create(esms=fusion.absorbe.esms, nature=NatureEvenement.FERMETURE)
    assert suivantes(fermeture, [fusion.absorbe]) == []
    with pytest.raises(Refus, match="plus d'action ouverte"):
        fusion.suivre(evenement=fermeture)


def test_la_suite_donnee_le_geste_reste_tant_qu_il_y_a_des_actions(fusion: FusionAvecActions) -> None:
    prendre_acte(evenement=fusion.evenement, suite="Vu", par=fusion.cheffe)
    client = connecte(fusion.cheffe)
    page = client.get(_page(fusion.evenement)).content.decode()
    assert "Faire suivre 2 actions" in page and "Faire arriver ses unités" not in page
    fusion.suivre()
    assert "Faire suivre" not in client.get(_page(fusion.evenement)).content.decode()
