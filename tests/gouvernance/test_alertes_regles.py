"""Les règles d'alerte et le relevé quotidien : ce qu'elles voient, une fois ; ce qui monte au COSTRAT."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gouvernance.enums import EtatAlerte, OrigineAlerte
from gouvernance.models import Alerte
from gouvernance.permissions import peut_porter_l_alerte, peut_repondre_a_l_alerte
from gouvernance.services.alertes import porter_les_retards, relever
from gouvernance.services.lecture_alertes import ce_qu_a_vu_la_regle
from programme.alertes import date_visee_passee, esms_en_attente
from programme.enums import Role
from programme.models import Etape, Grappe, Parcours, Utilisateur, Vague
from programme.models.utilisateurs import TREILLE
from programme.socle import regles_alerte
from programme.socle.erreurs import Refus
from programme.socle.models import Passage
from programme.socle.porte import changer_etat
from programme.socle.regles_alerte import Registre, Regle, Signalement
from programme.socle.travaux import lancer, travaux
from risques.alertes import risque_inacceptable
from risques.models import BaremeRisques
from tests.aides import connecte
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.gouvernance.fabriques import AlerteFactory, InstanceFactory
from tests.risques.fabriques import RisqueFactory

pytestmark = pytest.mark.django_db


def _jour(n: int = 0) -> date:
    return timezone.localdate() + timedelta(days=n)


def _en_deploiement(vers: str = "deploiement") -> Grappe:
    grappe = GrappeFactory()
    changer_etat(grappe, "constater", par=cheffe_de(grappe), vers=vers)
    return grappe


def _en_attente(grappe: Grappe, etat: str = "cadrage", depuis: int = -61) -> Parcours:
    """Un ESMS dans cet état depuis tant de jours, sans vague ni date : le passage suivant est barré."""
    parcours = ParcoursFactory(grappe=grappe)
    if etat != "recense":
        changer_etat(parcours, "constater", par=directrice_de(parcours), vers=etat)
    Parcours.objects.filter(pk=parcours.pk).update(depuis_le=_jour(depuis))
    return parcours


# --- l'attente -----------------------------------------------------------------------------------------------------


def test_un_esms_barre_depuis_plus_de_soixante_jours_sans_date() -> None:
    grappe = _en_deploiement()
    vieux = _en_attente(grappe)
    _en_attente(grappe, depuis=-60)
    (vu,) = esms_en_attente(_jour())
    assert (vu.parcours, vu.grappe, vu.cle) == (vieux, grappe, f"{vieux.pk}:cadrage")
    assert vu.intitule.startswith("En attente de : ") and "vague de déploiement choisie" in vu.intitule


def test_une_date_a_venir_ou_passee_n_est_pas_une_attente_sans_date() -> None:
    parcours = _en_attente(_en_deploiement())
    etape = Etape.objects.create(parcours=parcours, etat="preparation", revisee=_jour(90))
    assert not list(esms_en_attente(_jour()))
    etape.revisee = _jour(-3)
    etape.save()
    assert not list(esms_en_attente(_jour()))
    etape.delete()
    assert len(list(esms_en_attente(_jour()))) == 1


def test_on_n_alerte_pas_de_ce_que_toute_la_grappe_attend_ni_hors_du_projet() -> None:
    # En montage, rien n'est encore lancé ; en consultation, le modèle commun barre tout le monde à la fois.
    _en_attente(GrappeFactory())
    en_consultation = _en_attente(_en_deploiement("consultation"))
    Parcours.objects.filter(pk=en_consultation.pk).update(
        vague=Vague.objects.create(grappe=en_consultation.grappe, numero=1)
    )
    suspendu = _en_attente(_en_deploiement())
    changer_etat(suspendu, "suspendre", par=cheffe_de(suspendu.grappe), motif="Travaux")
    Parcours.objects.filter(pk=suspendu.pk).update(depuis_le=_jour(-90))
    vus = list(esms_en_attente(_jour()))
    assert {s.parcours for s in vus} <= {en_consultation} and all("modèle commun" not in s.intitule for s in vus)


def test_rien_n_attend_quand_rien_ne_barre() -> None:
    # De recensé à cadrage, les conditions avertissent : rien ne barre.
    _en_attente(_en_deploiement(), etat="recense")
    assert not list(esms_en_attente(_jour()))


# --- la date visée -------------------------------------------------------------------------------------------------


def test_une_date_visee_passee_de_plus_de_trente_jours() -> None:
    parcours = _en_attente(_en_deploiement())
    etape = Etape.objects.create(parcours=parcours, etat="preparation", reference=_jour(-31))
    Etape.objects.create(parcours=parcours, etat="ouverture", reference=_jour(-20), revisee=_jour(-40))
    Etape.objects.create(parcours=parcours, etat="routine", reference=_jour(200))
    (vu,) = date_visee_passee(_jour())
    assert (vu.cle, vu.parcours) == (f"{parcours.pk}:ouverture", parcours)
    assert vu.intitule.startswith("Ouverture : visée le")
    Etape.objects.filter(etat="ouverture").delete()
    (vu,) = date_visee_passee(_jour())
    assert vu.cle == f"{parcours.pk}:preparation"
    etape.reference = _jour(-30)
    etape.save()
    assert not list(date_visee_passee(_jour()))


def test_revisee_ou_atteinte_la_date_ne_compte_plus() -> None:
    parcours = _en_attente(_en_deploiement())
    etape = Etape.objects.create(parcours=parcours, etat="preparation", reference=_jour(-50), revisee=_jour(10))
    assert not list(date_visee_passee(_jour()))
    etape.revisee, etape.reelle = None, _jour(-1)
    etape.save()
    assert not list(date_visee_passee(_jour()))


# --- le risque -----------------------------------------------------------------------------------------------------


def test_un_risque_inacceptable_selon_le_bareme_de_sa_grappe() -> None:
    grappe = _en_deploiement()
    parcours = ParcoursFactory(grappe=grappe)
    grave = RisqueFactory(parcours=parcours, probabilite=4, impact=4, libelle="x" * 160)
    RisqueFactory(grappe=grappe, probabilite=1, impact=1)
    residuel = {"probabilite_residuelle": 1, "impact_residuel": 2}
    RisqueFactory(grappe=grappe, probabilite=4, impact=4, **residuel)
    clos = RisqueFactory(grappe=grappe, probabilite=4, impact=4)
    changer_etat(clos, "clore", par=cheffe_de(grappe), motif="Fini")
    assert [s.cle for s in risque_inacceptable(_jour())] == [str(grave.pk)]
    relever(au=_jour())
    donnee = Alerte.objects.get(regle="risque_inacceptable")
    assert donnee.parcours == parcours and len(donnee.intitule) == 160 and donnee.intitule.endswith("…")
    BaremeRisques.objects.create(grappe=grappe, significatif=2, critique=3, inacceptable=16)
    RisqueFactory(grappe=grappe, probabilite=4, impact=3)
    assert len(list(risque_inacceptable(_jour()))) == 1
    changer_etat(parcours, "sortir", par=cheffe_de(grappe), raison="retrait", motif="Retrait")
    assert not list(risque_inacceptable(_jour()))


def test_l_alerte_mene_au_risque_pour_qui_le_lit() -> None:
    grappe = _en_deploiement()
    risque = RisqueFactory(grappe=grappe, probabilite=4, impact=4)
    relever(au=_jour())
    alerte = Alerte.objects.get(regle="risque_inacceptable")
    cible = reverse("risques:risque-detail", args=[risque.pk])
    url = reverse("gouvernance:alerte-detail", args=[alerte.pk])
    corps = connecte(cheffe_de(grappe)).get(url).content.decode()
    assert cible in corps and "par une règle de Treille : un risque inacceptable" in corps
    assert ce_qu_a_vu_la_regle(alerte, affecter(Role.ARS, grappe.region)) == ""


def _date_passee(grappe: Grappe) -> Etape:
    return Etape.objects.create(parcours=_en_attente(grappe), etat="preparation", reference=_jour(-50))


def _risque_grave(grappe: Grappe) -> Any:
    return RisqueFactory(parcours=ParcoursFactory(grappe=grappe), probabilite=4, impact=4)


@pytest.mark.parametrize(
    ("regle", "peupler"),
    [(esms_en_attente, _en_attente), (date_visee_passee, _date_passee), (risque_inacceptable, _risque_grave)],
)
def test_une_regle_demande_autant_de_requetes_a_un_esms_qu_a_vingt(regle: Any, peupler: Any) -> None:
    grappe = _en_deploiement()

    def compter() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as captees:
            nb = len([(s.grappe.nom, str(s.parcours)) for s in regle(_jour())])
        return nb, len(captees)

    peupler(grappe)
    un, a_un = compter()
    for _ in range(19):
        peupler(grappe)
    vingt, a_vingt = compter()
    assert (un, vingt) == (1, 20) and a_un == a_vingt


# --- relever -------------------------------------------------------------------------------------------------------


@pytest.fixture
def vus(monkeypatch: pytest.MonkeyPatch) -> list[Signalement]:
    """Une seule règle, qui voit ce que l'essai y range."""
    registre: Registre[Regle] = Registre("essai")
    lus: list[Signalement] = []
    registre.inscrire("essai", Regle("essai", "Un essai", lambda au: list(lus)))
    monkeypatch.setattr("gouvernance.services.alertes.regles", registre)
    return lus


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


def _vu(parcours: Parcours, cle: str = "1") -> Signalement:
    return Signalement(cle=cle, grappe=parcours.grappe, parcours=parcours, intitule=f"Vu {cle}", texte="Détail")


def test_relever_deux_fois_n_ajoute_rien(vus: list[Signalement], parcours: Parcours) -> None:
    InstanceFactory(grappe=parcours.grappe, delai_alerte=5)
    ailleurs = ParcoursFactory()
    vus += [_vu(parcours), _vu(parcours, "2"), _vu(ailleurs)]
    assert relever(au=_jour()).donnees == 3
    assert relever(au=_jour()).donnees == 0 and relever(au=_jour(1)).donnees == 0
    alerte = Alerte.objects.get(grappe=parcours.grappe, cle="1")
    assert (alerte.origine, alerte.regle, alerte.levee_par) == (OrigineAlerte.REGLE, "essai", None)
    assert (alerte.parcours, alerte.texte, alerte.echeance) == (parcours, "Détail", _jour(5))
    assert Alerte.objects.get(grappe=ailleurs.grappe).echeance == _jour(21)
    assert Alerte.history.filter(id=alerte.pk).get().history_user == Utilisateur.objects.de_treille()


def test_ce_que_la_regle_ne_voit_plus_se_dit_sans_se_clore(vus: list[Signalement], parcours: Parcours) -> None:
    vus.append(_vu(parcours))
    relever(au=_jour())
    vus.clear()
    releve = relever(au=_jour(1))
    alerte = Alerte.objects.get()
    assert (releve.cessees, alerte.etat, alerte.cessee_le) == (1, EtatAlerte.LEVEE, _jour(1))
    assert relever(au=_jour(2)).cessees == 0 and Alerte.objects.get().cessee_le == _jour(1)
    vus.append(_vu(parcours))
    assert relever(au=_jour(3)).revenues == 1
    assert Alerte.objects.get().cessee_le is None


def test_close_elle_repond_tant_que_le_cas_dure_pas_apres(vus: list[Signalement], parcours: Parcours) -> None:
    vus.append(_vu(parcours))
    relever(au=_jour())
    changer_etat(Alerte.objects.get(), "clore", par=cheffe_de(parcours.grappe), reponse="On le sait.")
    assert relever(au=_jour(1)).donnees == 0
    vus.clear()
    assert relever(au=_jour(2)).cessees == 1
    vus.append(_vu(parcours))
    assert relever(au=_jour(3)).donnees == 1 and relever(au=_jour(3)).donnees == 0
    assert Alerte.objects.count() == 2 and Alerte.objects.ouvertes().count() == 1


def test_rouvrir_ne_double_pas_celle_que_la_regle_a_redonnee(vus: list[Signalement], parcours: Parcours) -> None:
    cheffe = cheffe_de(parcours.grappe)
    vus.append(_vu(parcours))
    relever(au=_jour())
    ancienne = Alerte.objects.get()
    changer_etat(ancienne, "clore", par=cheffe, reponse="Fait.")
    for lus in ([], [_vu(parcours)]):
        vus[:] = lus
        relever(au=_jour())
    with pytest.raises(Refus) as refus:
        changer_etat(ancienne, "rouvrir", par=cheffe, motif="Encore")
    assert [m.code for m in refus.value.manques] == ["doublon"]


def test_les_alertes_des_gens_ne_regardent_pas_les_regles(vus: list[Signalement], parcours: Parcours) -> None:
    AlerteFactory(grappe=parcours.grappe)
    assert relever(au=_jour()).cessees == 0
    assert Alerte.objects.get().cessee_le is None


def test_le_releve_demande_autant_de_requetes_quand_rien_n_est_neuf(vus: list[Signalement], parcours: Parcours) -> None:
    def compter() -> int:
        relever(au=_jour())
        with CaptureQueriesContext(connection) as captees:
            relever(au=_jour())
        return len(captees)

    vus.append(_vu(parcours))
    a_une = compter()
    vus += [_vu(parcours, str(rang)) for rang in range(2, 52)]
    assert compter() == a_une


# --- porter au COSTRAT ---------------------------------------------------------------------------------------------


def _alertes_dues(parcours: Parcours) -> Iterator[Alerte]:
    yield AlerteFactory(grappe=parcours.grappe, parcours=parcours, echeance=_jour(-1))
    prise = AlerteFactory(grappe=parcours.grappe, echeance=_jour(-9))
    changer_etat(prise, "prendre_en_charge", par=cheffe_de(parcours.grappe))
    yield prise


def test_le_delai_passe_treille_la_porte_au_costrat_une_fois(parcours: Parcours) -> None:
    dues = list(_alertes_dues(parcours))
    AlerteFactory(grappe=parcours.grappe, echeance=_jour())
    AlerteFactory(grappe=parcours.grappe, echeance=_jour(-5), cessee_le=_jour(-2), regle="essai", cle="1")
    close = AlerteFactory(grappe=parcours.grappe, echeance=_jour(-5))
    changer_etat(close, "clore", par=cheffe_de(parcours.grappe), reponse="Fait")
    assert porter_les_retards(au=_jour()) == 2 and porter_les_retards(au=_jour()) == 0
    assert {a.pk for a in Alerte.objects.filter(etat=EtatAlerte.PORTEE)} == {a.pk for a in dues}
    passage = Passage.objects.de(dues[0]).last()
    assert passage is not None and passage.par.identifiant == TREILLE and passage.role == "Règle de Treille"
    assert passage.motif.startswith("Délai passé : sans réponse au")


def test_un_refus_n_arrete_pas_les_autres(parcours: Parcours, monkeypatch: pytest.MonkeyPatch) -> None:
    premiere, *_ = list(_alertes_dues(parcours))
    lues = list(Alerte.objects.a_porter(_jour()).order_by("echeance", "pk"))
    changer_etat(premiere, "clore", par=cheffe_de(parcours.grappe), reponse="Répondue entre-temps")
    monkeypatch.setattr("gouvernance.services.alertes.list", lambda _: lues, raising=False)
    assert porter_les_retards(au=_jour()) == 1


def test_le_compte_de_treille_ne_fait_que_porter(parcours: Parcours) -> None:
    alerte, treille = AlerteFactory(grappe=parcours.grappe), Utilisateur.objects.de_treille()
    assert peut_porter_l_alerte(treille, alerte) and not peut_repondre_a_l_alerte(treille, alerte)


def test_le_travail_du_jour_releve_puis_porte(parcours: Parcours) -> None:
    list(_alertes_dues(parcours))
    RisqueFactory(parcours=parcours, probabilite=4, impact=4)
    travail = lancer("alertes", sur_place=True)
    assert travail.resultat == {"donnees": 1, "cessees": 0, "revenues": 0, "portees": 2}
    assert lancer("alertes", sur_place=True).resultat == {"donnees": 0, "cessees": 0, "revenues": 0, "portees": 0}
    assert travaux["alertes"].periode == timedelta(days=1)


def test_chaque_app_inscrit_ses_regles() -> None:
    connues = regles_alerte.regles.codes()
    assert {"esms_en_attente", "date_visee_passee", "risque_inacceptable"} <= set(connues)
    assert regles_alerte.libelle_de("risque_inacceptable") == "Un risque inacceptable"
    assert regles_alerte.libelle_de("partie") == "partie"
    assert all(len(code) <= 40 for code in connues)


def test_donner_une_date_fait_cesser_l_attente() -> None:
    parcours = _en_attente(_en_deploiement())
    relever(au=_jour())
    alerte = Alerte.objects.get(regle="esms_en_attente")
    Etape.objects.create(parcours=parcours, etat="preparation", revisee=_jour(30))
    relever(au=_jour())
    alerte.refresh_from_db()
    assert alerte.cessee_le == _jour() and alerte.est_ouverte
