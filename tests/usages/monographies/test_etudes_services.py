"""Les études et leur équipe : qui commence, qui pilote, qui reste, et ce que dit un refus."""

import pytest

from programme.enums import Role
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.fabriques import GrappeFactory, ParcoursFactory, UtilisateurFactory, affecter, cheffe_de, directrice_de
from tests.risques.fabriques import CampagneFactory, QuestionnaireFactory, version_publiee
from tests.usages.monographies.fabriques import EtudeFactory, VisiteFactory, equiper, passer
from tests.usages.monographies.mondes import monde
from usages.enums import EtatEtude, RoleEtude
from usages.models import Equipier, Etude
from usages.permissions.etudes import CONDUITE_RESERVEE, ETUDE_CLOSE
from usages.services.etudes import etudes as services

pytestmark = pytest.mark.django_db


def test_qui_cree_pilote() -> None:
    cheffe = cheffe_de(GrappeFactory())
    etude = services.creer_etude(titre="Ce que change le DUI", par=cheffe)
    assert [(e.compte, e.role) for e in etude.equipe.all()] == [(cheffe, RoleEtude.PILOTE)]
    assert etude.etat == EtatEtude.PREPARATION
    assert list(Etude.objects.visibles_par(cheffe)) == [etude]


def test_une_direction_ne_commence_pas_d_etude() -> None:
    with pytest.raises(Refus) as refus:
        services.creer_etude(titre="La mienne", par=directrice_de(ParcoursFactory()))
    assert refus.value.code == "droit" and not Etude.objects.exists()


def test_seules_les_campagnes_d_effets_se_rattachent() -> None:
    grappe = GrappeFactory()
    cheffe = cheffe_de(grappe)
    effets = QuestionnaireFactory(code="effets-essai", objet="effets")
    bonne = CampagneFactory(grappe=grappe, version_posee=version_publiee(grappe=grappe, questionnaire=effets))
    autre = CampagneFactory(grappe=grappe)
    assert list(services.campagnes_des_effets(cheffe)) == [bonne]
    etude = services.creer_etude(titre="Effets", par=cheffe, campagnes=[bonne])
    assert list(etude.campagnes.all()) == [bonne]
    with pytest.raises(Refus) as refus:
        services.modifier_etude(etude=etude, par=cheffe, campagnes=[autre])
    assert "campagnes" in refus.value.champs and list(etude.campagnes.all()) == [bonne]


def test_modifier_garde_les_campagnes_qu_on_ne_lit_pas() -> None:
    lieu, ailleurs = monde(), GrappeFactory()
    effets = QuestionnaireFactory(code="effets-essai", objet="effets")
    autre = CampagneFactory(grappe=ailleurs, version_posee=version_publiee(grappe=ailleurs, questionnaire=effets))
    lieu.etude.campagnes.add(autre)
    services.modifier_etude(etude=lieu.etude, par=lieu.pilote, titre="Autrement", campagnes=[])
    lieu.etude.refresh_from_db()
    assert lieu.etude.titre == "Autrement" and list(lieu.etude.campagnes.all()) == [autre]


# --- l'équipe --------------------------------------------------------------------------------------------------------


def test_un_compte_s_ajoute_par_son_identifiant() -> None:
    lieu, compte = monde(), UtilisateurFactory()
    equipier = services.ajouter_equipier(
        etude=lieu.etude, identifiant=f" {compte.identifiant.upper()} ", role=RoleEtude.LECTEUR, par=lieu.pilote
    )
    assert equipier.compte == compte and Etude.objects.visibles_par(compte).exists()
    for identifiant, phrase in (("personne", services.COMPTE_INCONNU), (compte.identifiant, services.DEJA_LA)):
        with pytest.raises(Refus) as refus:
            services.ajouter_equipier(
                etude=lieu.etude, identifiant=identifiant, role=RoleEtude.LECTEUR, par=lieu.pilote
            )
        assert refus.value.champs == {"identifiant": [phrase]}


@pytest.mark.parametrize("qui", ["auteur", "lecteur", "dehors"])
def test_seul_qui_pilote_change_l_equipe(qui: str) -> None:
    lieu = monde()
    compte = UtilisateurFactory()
    with pytest.raises(Refus) as refus:
        services.ajouter_equipier(
            etude=lieu.etude, identifiant=compte.identifiant, role=RoleEtude.LECTEUR, par=getattr(lieu, qui)
        )
    assert (refus.value.code, refus.value.motif) == ("droit", CONDUITE_RESERVEE)


def test_il_reste_toujours_un_pilote() -> None:
    lieu = monde()
    seul = Equipier.objects.get(compte=lieu.pilote)
    with pytest.raises(Refus, match="garde toujours un pilote"):
        services.retirer_equipier(equipier=seul, par=lieu.pilote)
    with pytest.raises(Refus, match="garde toujours un pilote"):
        services.changer_le_role(equipier=seul, role=RoleEtude.LECTEUR, par=lieu.pilote)
    auteur = Equipier.objects.get(compte=lieu.auteur)
    services.changer_le_role(equipier=auteur, role=RoleEtude.PILOTE, par=lieu.pilote)
    services.retirer_equipier(equipier=seul, par=lieu.pilote)
    assert list(lieu.etude.equipe.filter(role=RoleEtude.PILOTE).values_list("compte", flat=True)) == [lieu.auteur.pk]


# --- la machine ------------------------------------------------------------------------------------------------------


def test_lancer_demande_une_question_et_une_base() -> None:
    etude = EtudeFactory(question="", base=[])
    pilote = equiper(etude, affecter(Role.CHEF_PROJET, GrappeFactory()))
    with pytest.raises(Refus) as refus:
        changer_etat(etude, "lancer", par=pilote)
    assert {m.code for m in refus.value.manques} == {"question", "base"}
    assert all(m.lien for m in refus.value.manques)


def test_clore_attend_les_visites_puis_ferme_l_ecriture() -> None:
    lieu = monde(publie=True)
    passer(lieu.etude, lieu.pilote, "lancer")
    visite = VisiteFactory(etude=lieu.etude)
    with pytest.raises(Refus) as refus:
        changer_etat(lieu.etude, "clore", par=lieu.pilote)
    assert [m.code for m in refus.value.manques] == ["visites"]
    passer(visite, lieu.pilote, "annuler")
    etude = passer(lieu.etude, lieu.pilote, "clore")
    with pytest.raises(Refus) as close:
        services.modifier_etude(etude=etude, par=lieu.pilote, titre="Encore")
    assert (close.value.code, close.value.motif) == ("etat", ETUDE_CLOSE)
    for transition in ("lancer", "clore", "rouvrir"):
        assert etude.consequence(transition)
    assert passer(etude, lieu.pilote, "rouvrir").etat == EtatEtude.EN_COURS
    services.modifier_etude(etude=etude, par=lieu.pilote, titre="Encore")
