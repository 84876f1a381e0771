"""Les objectifs de départ face aux faits, et le bilan qui se fige."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from formation.calculs.changement import Mesure
from formation.enums import MesureObjectif
from formation.models import BilanChangement, Declinaison, Objectif
from formation.services import bilans as services
from formation.services import mesures_d_objectifs as mesures
from programme.enums import NatureFait, Role
from programme.models import Fait, Ouverture, Parcours, Utilisateur
from programme.services.parcours import constater
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from programme.socle.versions import jeton
from tests.aides import connecte
from tests.fabriques import (
    ActionFactory,
    OuvertureFactory,
    ParcoursFactory,
    affecter,
    cheffe_de,
    directrice_de,
)
from tests.formation.avis.aides_avis import noter, session_tenue
from tests.formation.fabriques import (
    MesureChangementFactory,
    MetierFactory,
    ModuleFormationFactory,
    ObjectifFactory,
    PosteFactory,
    equipe,
    former,
)

pytestmark = pytest.mark.django_db
M = MesureObjectif


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    return directrice_de(parcours)


def _au():
    return timezone.localdate()


def _bilan(parcours: Parcours) -> str:
    return reverse("formation:parcours-bilan", args=[parcours.pk])


# --- poser ---------------------------------------------------------------------------------------------------------


def test_une_part_visee_va_avec_un_fait_qui_la_mesure(parcours: Parcours, directrice: Utilisateur) -> None:
    client, url = connecte(directrice), reverse("formation:objectif-creer", kwargs={"parcours": parcours.pk})
    for saisie, phrase in (
        ({"mesure": "couverture"}, services.SANS_PART),
        ({"mesure": "a_dire", "part_visee": "50"}, services.PART_DE_TROP),
        ({"mesure": "couverture", "part_visee": "101"}, "de 0 à 100"),
        ({"mesure": "autre"}, "dans la liste"),
    ):
        reponse = client.post(url, {"intitule": "Une relève lisible"} | saisie)
        assert reponse.status_code == 422 and phrase in unescape(reponse.content.decode())
    assert client.post(url, {"intitule": "Formés", "mesure": "couverture", "part_visee": "80"}).status_code == 302
    assert Objectif.objects.get().part_visee == 80
    with pytest.raises(Refus):
        services.creer_objectif(cible=parcours, par=directrice, intitule="X", mesure="couverture", part_visee=None)
    with pytest.raises(Refus, match="de 0 à 100"):
        services.creer_objectif(cible=parcours, par=directrice, intitule="X", mesure="couverture", part_visee=101)


def test_corriger_dire_ce_qu_on_constate_retirer(parcours: Parcours, directrice: Utilisateur) -> None:
    objectif, client = ObjectifFactory(parcours=parcours), connecte(directrice)
    url, vu = reverse("formation:objectif-modifier", args=[objectif.pk]), jeton(objectif.history.all())
    saisie = {"intitule": "La nuit se lit", "mesure": "a_dire", "resultat": "Mieux qu'avant.", "vu": vu}
    assert client.post(url, saisie).status_code == 302
    assert client.post(url, saisie | {"resultat": "Autre"}).status_code == 409
    objectif.refresh_from_db()
    assert objectif.resultat == "Mieux qu'avant."
    assert client.get(reverse("formation:objectif-retirer", args=[objectif.pk])).status_code == 405
    assert client.post(reverse("formation:objectif-retirer", args=[objectif.pk])).status_code == 302
    assert not Objectif.objects.exists()


def test_l_objectif_de_la_grappe_ne_s_ecrit_pas_chez_l_esms(parcours: Parcours, directrice: Utilisateur) -> None:
    commun = ObjectifFactory(parcours=None, grappe=parcours.grappe)
    assert connecte(directrice).get(reverse("formation:objectif-modifier", args=[commun.pk])).status_code == 403
    assert services.objectifs_de(parcours, directrice) == [commun]


# --- mesurer -------------------------------------------------------------------------------------------------------


def test_la_couverture_compte_les_personnes_a_qui_le_socle_s_adresse(parcours: Parcours) -> None:
    pour_tous = ModuleFormationFactory(grappe=parcours.grappe)
    soin = ModuleFormationFactory(grappe=parcours.grappe)
    soin.publics.add(MetierFactory(code="infirmier"))
    ModuleFormationFactory(grappe=parcours.grappe, est_socle=False)
    postes = equipe(parcours, 4)
    infirmiere = PosteFactory(parcours=parcours, metier=MetierFactory(code="infirmier"))
    PosteFactory(parcours=parcours, fin=_au() - timedelta(days=1))
    PosteFactory(parcours=parcours, debut=_au() - timedelta(days=2), fin=_au() + timedelta(days=2))
    PosteFactory()
    assert mesures.couverture(parcours, _au()) == Mesure(0, 5)
    former(postes[0], pour_tous)
    former(infirmiere, pour_tous)
    assert mesures.couverture(parcours, _au()) == Mesure(1, 5), "l'infirmière doit aussi suivre les soins"
    former(infirmiere, soin)
    assert mesures.couverture(parcours, _au()) == Mesure(2, 5)
    former(postes[1], pour_tous, valable_jusqu_au=_au() - timedelta(days=1))
    assert mesures.couverture(parcours, _au()) == Mesure(2, 5), "passé"
    Declinaison.objects.create(module=pour_tous, parcours=parcours, sans_objet=True, motif="Déjà en DUI")
    assert mesures.couverture(parcours, _au()) is None, "une seule personne visée : on ne le dit pas"


def test_deux_postes_une_personne(parcours: Parcours) -> None:
    ModuleFormationFactory(grappe=parcours.grappe)
    postes = equipe(parcours, 5)
    PosteFactory(parcours=parcours, professionnel=postes[0].professionnel, debut=_au() - timedelta(days=90))
    assert mesures.couverture(parcours, _au()) == Mesure(0, 5)


def test_ouvertures_supports_et_actions(parcours: Parcours, directrice: Utilisateur) -> None:
    for ancien, retire in (("Classeur", _au()), ("Cahier", None), ("", None), ("Tableau", _au() + timedelta(days=9))):
        OuvertureFactory(unite__parcours=parcours, ancien_support=ancien, retire_le=retire)
    constater(parcours=parcours, vers="ouverture", par=cheffe_de(parcours.grappe))
    premiere = Ouverture.objects.filter(unite__parcours=parcours).order_by("pk")[0]
    changer_etat(premiere, "constater", par=directrice, vers="ouverte")
    assert mesures.ouvertures(parcours, _au()) == Mesure(1, 4)
    assert mesures.supports(parcours, _au()) == Mesure(1, 3)
    faite, abandonnee, _ = [
        MesureChangementFactory(action=ActionFactory(parcours=parcours, origine="changement")) for _ in range(3)
    ]
    MesureChangementFactory(action=ActionFactory(grappe=parcours.grappe, origine="changement"))
    changer_etat(faite.action, "terminer", par=directrice)
    changer_etat(abandonnee.action, "abandonner", par=directrice, motif="Autrement")
    assert mesures.actions(parcours, _au()) == Mesure(1, 2)


def test_la_satisfaction_ne_laisse_pas_deviner_une_petite_session(parcours: Parcours, directrice: Utilisateur) -> None:
    assert mesures.satisfaction(parcours, _au()) is None
    noter(session_tenue(parcours, directrice), (5, 5), (4, 1), (3, 5), (2, 2), (5, 5))
    assert mesures.satisfaction(parcours, _au()) == Mesure(3, 5)
    noter(session_tenue(parcours, directrice), (1, 1))
    assert mesures.satisfaction(parcours, _au()) == Mesure(3, 5)


# --- arrêter -------------------------------------------------------------------------------------------------------


def test_arrete_il_se_fige_et_date_le_fait(parcours: Parcours, directrice: Utilisateur) -> None:
    objectif = ObjectifFactory(parcours=parcours, mesure=M.SUPPORTS, part_visee=100)
    ObjectifFactory(parcours=None, grappe=parcours.grappe, intitule="Pour tous")
    ouverture = OuvertureFactory(unite__parcours=parcours, ancien_support="Classeur")
    client = connecte(directrice)
    assert "0 sur 1" in unescape(client.get(_bilan(parcours)).content.decode())
    page = client.post(_bilan(parcours), {"texte": "  On continue.  "}, follow=True)
    assert "ne change plus" in unescape(page.content.decode())
    bilan = BilanChangement.objects.get()
    assert bilan.texte == "On continue." and services.est_intact(bilan) and len(bilan.empreinte) == 64
    fait = Fait.objects.get()
    assert (fait.nature, fait.date) == (NatureFait.BILAN, _au())
    ouverture.retire_le = _au()
    ouverture.save(update_fields=["retire_le"])
    services.retirer_objectif(objectif=objectif, par=directrice)
    bilan.refresh_from_db()
    fige = services.relire(bilan)
    assert [(lu.intitule, lu.en_mots, lu.faits, lu.total) for lu in fige] == [
        (objectif.intitule, "pas encore", 0, 1),
        ("Pour tous", "à dire", None, None),
    ]
    corps = unescape(client.get(reverse("formation:bilan-detail", args=[bilan.pk])).content.decode())
    assert "0 sur 1" in corps and "pas encore" in corps and "modifié hors de Treille" not in corps
    services.arreter(parcours=parcours, par=directrice)
    assert BilanChangement.objects.count() == 2 and Fait.objects.count() == 1


def test_retouche_hors_de_treille_cela_se_voit(parcours: Parcours, directrice: Utilisateur) -> None:
    ObjectifFactory(parcours=parcours)
    bilan = services.arreter(parcours=parcours, par=directrice, texte="Vrai")
    BilanChangement.objects.filter(pk=bilan.pk).update(texte="Faux")
    url = reverse("formation:bilan-detail", args=[bilan.pk])
    assert "modifié hors de Treille" in connecte(directrice).get(url).content.decode()


def test_sans_objectif_rien_a_mettre_en_face(parcours: Parcours, directrice: Utilisateur) -> None:
    client = connecte(directrice)
    assert "Poser un objectif" in client.get(_bilan(parcours)).content.decode()
    reponse = client.post(_bilan(parcours), {"texte": "Rien"})
    assert reponse.status_code == 422 and not BilanChangement.objects.exists() and not Fait.objects.exists()


def test_un_bilan_ne_dit_ni_petit_groupe_ni_nom(parcours: Parcours, directrice: Utilisateur) -> None:
    ObjectifFactory(parcours=parcours, mesure=M.COUVERTURE, part_visee=80)
    ModuleFormationFactory(grappe=parcours.grappe)
    postes = equipe(parcours, 4)
    corps = unescape(connecte(directrice).get(_bilan(parcours)).content.decode())
    assert "moins de cinq personnes" in corps and "sur 4" not in corps
    assert not any(p.professionnel.nom in corps for p in postes)


def test_la_grappe_lit_combien_en_sont_la(parcours: Parcours, directrice: Utilisateur) -> None:
    cheffe = cheffe_de(parcours.grappe)
    ParcoursFactory(grappe=parcours.grappe)
    ObjectifFactory(parcours=parcours)
    services.arreter(parcours=parcours, par=directrice)
    services.arreter(parcours=parcours, par=directrice)
    assert services.avancee_de(parcours.grappe, cheffe) == services.AvanceeGrappe(esms=2, annonces=0, bilans=1)
    assert services.avancee_de(parcours.grappe, directrice).esms == 1, "chacun compte ce qu'il voit"


def test_qui_lit_n_arrete_pas(parcours: Parcours) -> None:
    ObjectifFactory(parcours=parcours)
    lecteur = affecter(Role.APPUI, parcours.esms)
    client = connecte(lecteur)
    assert client.get(_bilan(parcours)).status_code == 200
    assert client.post(_bilan(parcours), {"texte": ""}).status_code == 403
    with pytest.raises(Refus):
        services.arreter(parcours=parcours, par=lecteur)
