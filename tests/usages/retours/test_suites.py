"""Les suites d'un retour : qui peut, une seule fois, jamais un numéro de sécurité sociale, et l'on y revient."""

from typing import Any

import pytest
from django.urls import reverse

from formation.models import Inscription
from gouvernance.models import Mandat, Point
from gouvernance.services.propositions import propositions_de
from programme.enums import Role
from programme.models import Action
from programme.services.lecture_actions import source_de
from programme.socle.erreurs import Refus
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, affecter, cheffe_de
from tests.gouvernance.fabriques import MandatFactory
from tests.usages.editeurs.aides import lu
from tests.usages.retours.fabriques import RelaisFactory, RetourFactory, conduire
from tests.usages.retours.mondes_suites import NATURES, NIR, TEXTES, Monde, en_pilote, monde
from usages.enums import EtatRetour, NatureSuite, VoieRetour
from usages.models import DemandeEditeur, Enseignement, Retour, SuiteDeRetour
from usages.services.retours import suites
from usages.services.retours.suites import donner_suite, offertes_a, suites_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def m() -> Monde:
    return monde()


# --- chaque nature -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nature", NATURES)
def test_la_cheffe_en_tire_chaque_suite_et_le_retour_le_dit(m: Monde, nature: str) -> None:
    client = connecte(m.cheffe)
    assert client.get(m.page(nature)).status_code == 200
    reponse = client.post(m.page(nature), m.saisie(nature), follow=True)
    assert reponse.redirect_chain[-1][0] == m.detail
    suite = SuiteDeRetour.objects.get()
    assert (suite.nature, suite.faite_par) == (nature, m.cheffe)
    lue = suites_de(m.retour, m.cheffe)[0]
    assert lue.texte == str(suite.objet) and lue.etat and lue.url in lu(reponse)


@pytest.mark.parametrize("nature", NATURES)
def test_un_double_clic_n_en_cree_pas_deux(m: Monde, nature: str) -> None:
    client = connecte(m.cheffe)
    saisie = m.saisie(nature)
    client.post(m.page(nature), saisie)
    assert client.post(m.page(nature), saisie).status_code == 302
    assert SuiteDeRetour.objects.count() == 1
    assert Action.objects.count() + Point.objects.count() + DemandeEditeur.objects.count() <= 1
    assert Enseignement.objects.count() <= 1 and Inscription.objects.count() <= 1


@pytest.mark.parametrize("nature", NATURES)
def test_un_numero_de_securite_sociale_est_refuse_et_rien_ne_reste(m: Monde, nature: str) -> None:
    reponse = connecte(m.cheffe).post(m.page(nature), m.saisie(nature, **{TEXTES[nature]: NIR}))
    assert reponse.status_code == 422 and "numéro de sécurité sociale" in lu(reponse)
    assert not SuiteDeRetour.objects.exists() and not Inscription.objects.exists()
    assert Retour.objects.get().etat == EtatRetour.QUALIFIE


PEUVENT: dict[str, set[str]] = {
    "action": {"directeur", "referent"},
    "risque": {"directeur", "referent"},
    "editeur": {"appui"},
    "seance": set(),
    "enseignement": {"appui"},
    "arrivant": {"directeur", "referent"},
    "verbatim": {"directeur", "referent", "appui"},
}


def _compte(m: Monde, role: str) -> Any:
    return affecter(role, m.retour.grappe) if role == Role.APPUI else m.de_l_esms(role)


@pytest.mark.parametrize("role", [Role.DIRECTEUR, Role.REFERENT, Role.APPUI])
@pytest.mark.parametrize("nature", NATURES)
def test_il_faut_le_droit_de_ce_qu_on_cree(m: Monde, nature: str, role: str) -> None:
    compte = _compte(m, role)
    attendu = 200 if role in PEUVENT[nature] else 403
    client = connecte(compte)
    assert client.get(m.page(nature)).status_code == attendu
    if attendu == 403:
        assert client.post(m.page(nature), m.saisie(nature)).status_code == 403
        assert not SuiteDeRetour.objects.exists()
    assert (nature in {o.nature for o in offertes_a(m.retour, compte)}) == (attendu == 200)


@pytest.mark.parametrize("nature", NATURES)
def test_le_financeur_et_le_voisin_n_y_trouvent_rien(m: Monde, nature: str) -> None:
    for compte in (affecter(Role.ARS, m.retour.grappe.region), affecter(Role.DIRECTEUR, ParcoursFactory().esms)):
        assert connecte(compte).get(m.page(nature)).status_code == 404
        assert connecte(compte).post(m.page(nature), m.saisie(nature)).status_code == 404


def test_un_relais_traite_sans_creer(m: Monde) -> None:
    relais = RelaisFactory(parcours=m.retour.parcours, compte=affecter(Role.GRADES, m.retour.grappe.region)).compte
    assert offertes_a(m.retour, relais) == []
    assert connecte(relais).get(m.page("action")).status_code == 403


def test_tenir_les_actions_sans_traiter_le_retour_ne_suffit_pas(m: Monde, monkeypatch: pytest.MonkeyPatch) -> None:
    from programme.socle.droits import Droit
    from usages.permissions import suites as droits

    monkeypatch.setattr(droits, "peut_traiter", lambda u, r: Droit(False, "Pas ici."))
    reponse = connecte(m.directrice).get(m.page("action"))
    assert reponse.status_code == 403 and "Pas ici." in lu(reponse)


def test_une_nature_inconnue_n_a_pas_de_page(m: Monde) -> None:
    assert connecte(m.cheffe).get(m.page("autre")).status_code == 404


def test_un_retour_regroupe_renvoie_a_celui_qui_le_porte(m: Monde) -> None:
    autre = RetourFactory(parcours=m.retour.parcours)
    conduire(m.retour, "regrouper", par=m.directrice, sous=autre.pk)
    m.retour = Retour.objects.get(pk=m.retour.pk)
    assert offertes_a(m.retour, m.directrice) == []
    reponse = connecte(m.directrice).post(m.page("action"), m.saisie("action"))
    assert reponse.status_code == 422 and "celui qui le porte" in lu(reponse)


# --- à plusieurs ---------------------------------------------------------------------------------------------------


def test_quelqu_un_d_autre_vient_d_en_tirer_une_on_le_dit_puis_on_passe(m: Monde) -> None:
    donner_suite(retour=m.retour, en="action", par=m.directrice, libelle="Régler les postes")
    client = connecte(m.cheffe)
    reponse = client.post(m.page("action"), m.saisie("action"))
    assert reponse.status_code == 409 and "« Régler les postes »" in lu(reponse)
    assert reponse.context["formulaire"]["vu"].value() == "1"
    client.post(m.page("action"), m.saisie("action", vu=1))
    assert SuiteDeRetour.objects.count() == 2


def test_la_meme_personne_peut_en_faire_deux_differentes(m: Monde) -> None:
    client = connecte(m.cheffe)
    client.post(m.page("action"), m.saisie("action"))
    client.post(m.page("action"), m.saisie("action", vu=1, libelle="Régler les postes"))
    assert Action.objects.count() == 2 == SuiteDeRetour.objects.count()


def test_un_refus_n_ecrit_ni_objet_ni_suite(m: Monde) -> None:
    with pytest.raises(Refus):
        donner_suite(retour=m.retour, en="action", par=m.cheffe, libelle="")
    assert not Action.objects.exists() and not SuiteDeRetour.objects.exists()


# --- lire ----------------------------------------------------------------------------------------------------------


def test_qui_ne_voit_pas_l_objet_n_en_lit_que_la_nature(m: Monde) -> None:
    connecte(m.cheffe).post(m.page("seance"), m.saisie("seance"))
    reponse = connecte(m.directrice).get(m.detail)
    assert "La lenteur des transmissions" not in lu(reponse)
    assert "Un point d" in lu(reponse) and "que vous ne voyez pas" in lu(reponse)


def test_la_page_ne_pose_pas_une_requete_de_plus_par_suite(m: Monde) -> None:
    from tests.aides import exiger_requetes_constantes

    def peupler(n: int) -> None:
        for rang in range(n):
            mots = f"Essai {rang} sur {n}"
            donner_suite(retour=m.retour, en="action", par=m.cheffe, libelle=mots)
            donner_suite(retour=m.retour, en="enseignement", par=m.cheffe, libelle=mots, conseil="Avant.")

    exiger_requetes_constantes(connecte(m.cheffe), m.detail, peupler)


# --- une action, une demande ---------------------------------------------------------------------------------------


def test_l_action_revient_au_retour_sans_le_montrer_a_qui_ne_le_voit_pas(m: Monde) -> None:
    connecte(m.directrice).post(m.page("action"), m.saisie("action"))
    action = Action.objects.get()
    assert action.parcours == m.retour.parcours
    source = source_de(action, m.directrice)
    assert source is not None and source.url == m.detail
    voisin = affecter(Role.DIRECTEUR, ParcoursFactory(grappe=m.retour.grappe).esms)
    cachee = source_de(action, voisin)
    assert cachee is None or (not cachee.url and str(m.retour) not in cachee.texte)


def test_la_demande_fait_passer_le_retour_chez_l_editeur_et_y_ramene(m: Monde) -> None:
    client = connecte(m.cheffe)
    client.post(m.page("editeur"), m.saisie("editeur"))
    retour, demande = Retour.objects.get(), DemandeEditeur.objects.get()
    assert (retour.etat, retour.voie) == (EtatRetour.EN_COURS, VoieRetour.EDITEUR)
    assert m.detail in lu(client.get(reverse("usages:demandeediteur-detail", args=[demande.pk])))


def test_d_un_retour_nouveau_la_demande_dit_aussi_le_theme(m: Monde) -> None:
    m.retour = RetourFactory(parcours=m.retour.parcours)
    client = connecte(m.cheffe)
    assert client.post(m.page("editeur"), m.saisie("editeur")).status_code == 422
    client.post(m.page("editeur"), m.saisie("editeur", theme="panne"))
    m.retour.refresh_from_db()
    assert (m.retour.etat, m.retour.theme) == (EtatRetour.EN_COURS, "panne")
    assert m.retour.titre == "L'écran met dix secondes à s'ouvrir"


def test_un_retour_deja_pris_en_charge_garde_sa_voie(m: Monde) -> None:
    conduire(m.retour, "prendre_en_charge", par=m.directrice)
    connecte(m.cheffe).post(m.page("editeur"), m.saisie("editeur"))
    assert Retour.objects.get().voie == VoieRetour.INTERNE and DemandeEditeur.objects.exists()


def test_ce_que_lit_toute_la_grappe_ne_reprend_pas_les_mots_de_l_equipe(m: Monde) -> None:
    client = connecte(m.cheffe)
    for nature in ("action", "risque", "editeur", "seance", "enseignement", "arrivant"):
        depart = client.get(m.page(nature)).context["formulaire"].initial
        assert m.retour.probleme not in map(str, depart.values())
        assert m.retour.titre in depart.values()


# --- en séance -----------------------------------------------------------------------------------------------------


def test_le_point_ne_s_inscrit_qu_une_fois_et_ne_se_propose_plus(m: Monde) -> None:
    donner_suite(retour=m.retour, en="seance", par=m.cheffe, **_point(m))
    reponse = connecte(m.cheffe).post(m.page("seance"), m.saisie("seance", vu=1, titre="Encore"))
    assert reponse.status_code == 422 and "déjà à l'ordre du jour" in lu(reponse)
    point = Point.objects.get()
    assert point.source == m.retour
    Retour.objects.filter(pk=m.retour.pk).update(recu_le="2020-01-06", gravite="bloquante")
    choix = [c for c in propositions_de(m.seance, par=m.cheffe).choix if c.sorte.code == "retours"]
    assert [c.point for c in choix] == [point]


def _point(m: Monde) -> dict[str, Any]:
    return {"seance": m.seance, "titre": "La lenteur", "nature": "echange", "duree": 10, "expose": ""}


def test_qui_anime_une_instance_porte_en_sa_seance_seulement(m: Monde) -> None:
    mandat: Mandat = MandatFactory(comite=m.seance.comite, utilisateur=m.directrice, anime=True)
    client = connecte(m.directrice)
    assert client.get(m.page("seance")).status_code == 200
    assert client.post(m.page("seance"), m.saisie("seance")).status_code == 302
    mandat.delete()
    assert client.get(m.page("seance")).status_code == 403


def test_sans_seance_a_venir_la_page_dit_quoi_faire(m: Monde) -> None:
    m.seance.delete()
    reponse = connecte(m.cheffe).get(m.page("seance"))
    assert "Aucune séance à venir" in lu(reponse)
    assert "seance" not in {o.nature for o in offertes_a(m.retour, m.cheffe)}


def test_une_seance_d_une_autre_grappe_ne_se_choisit_pas(m: Monde) -> None:
    ailleurs = monde()
    affecter(Role.CHEF_PROJET, ailleurs.retour.grappe, utilisateur=m.cheffe)
    reponse = connecte(m.cheffe).post(m.page("seance"), m.saisie("seance", seance=ailleurs.seance.pk))
    assert reponse.status_code == 422 and not Point.objects.exists()


# --- enseigner -----------------------------------------------------------------------------------------------------


def test_seul_un_pilote_est_dit_pilote(m: Monde) -> None:
    donner_suite(retour=m.retour, en="enseignement", par=m.cheffe, libelle="Un", conseil="Avant.")
    assert Enseignement.objects.get().pilote is None
    pilote = RetourFactory(parcours=en_pilote(grappe=m.retour.grappe))
    donner_suite(retour=pilote, en="enseignement", par=m.cheffe, libelle="Deux", conseil="Avant.")
    assert Enseignement.objects.get(libelle="Deux").pilote == pilote.parcours


def test_la_direction_d_un_pilote_enseigne_une_autre_non() -> None:
    pilote, autre = RetourFactory(parcours=en_pilote()), RetourFactory()
    for retour, permis in ((pilote, True), (autre, False)):
        direction = affecter(Role.DIRECTEUR, retour.parcours.esms)
        assert (NatureSuite.ENSEIGNEMENT in {o.nature for o in offertes_a(retour, direction)}) == permis


# --- former --------------------------------------------------------------------------------------------------------


def test_la_suite_garde_la_session_jamais_la_personne(m: Monde) -> None:
    reponse = connecte(m.directrice).post(m.page("arrivant"), m.saisie("arrivant"), follow=True)
    assert Inscription.objects.get().poste == m.poste
    assert SuiteDeRetour.objects.get().objet == m.session
    assert str(m.poste.professionnel) not in lu(reponse)


def test_toute_l_unite_s_inscrit_d_un_coup(m: Monde) -> None:
    connecte(m.directrice).post(m.page("arrivant"), m.saisie("arrivant", qui="equipe"))
    assert [i.poste for i in Inscription.objects.all()] == [m.poste]


def test_sans_session_le_besoin_devient_une_action_qui_ne_nomme_personne(m: Monde) -> None:
    donnees = m.saisie("arrivant", session="", qui=m.poste.pk, besoin="les transmissions")
    connecte(m.directrice).post(m.page("arrivant"), donnees)
    action = Action.objects.get()
    assert action.libelle == f"Former {m.retour.unite} : les transmissions"
    assert SuiteDeRetour.objects.get().objet == action and not Inscription.objects.exists()
    vide = connecte(m.directrice).post(m.page("arrivant"), m.saisie("arrivant", vu=1, session="", besoin=""))
    assert vide.status_code == 422 and "ce qu'il faut apprendre" in lu(vide)


def test_qui_ne_gere_pas_l_esms_ne_lit_que_des_numeros(m: Monde) -> None:
    nom = str(m.poste.professionnel)
    assert nom in lu(connecte(m.directrice).get(m.page("arrivant")))
    page = lu(connecte(m.cheffe).get(m.page("arrivant")))
    assert nom not in page and m.poste.professionnel.numero in page


def test_la_personne_d_un_autre_esms_ne_s_inscrit_pas_d_ici(m: Monde) -> None:
    ailleurs = monde()
    reponse = connecte(m.cheffe).post(m.page("arrivant"), m.saisie("arrivant", qui=ailleurs.poste.pk))
    assert reponse.status_code == 422 and not Inscription.objects.exists()


# --- proposer ------------------------------------------------------------------------------------------------------


def _proposes(m: Monde) -> list[str]:
    return [c.proposition.titre for c in propositions_de(m.seance, par=m.cheffe).choix if c.sorte.code == "retours"]


def test_se_proposent_ceux_qui_bloquent_ou_que_beaucoup_disent_depuis_un_mois(m: Monde) -> None:
    from tests.usages.retours.fabriques import SoutienFactory

    ancien = {"parcours": m.retour.parcours, "recu_le": "2020-01-06"}
    RetourFactory(titre="Bloque", gravite="bloquante", **ancien)
    RetourFactory(titre="Récent", parcours=m.retour.parcours, gravite="bloquante")
    RetourFactory(titre="Gêne seulement", **ancien)
    dit = RetourFactory(titre="Dit par quatre", **ancien)
    SoutienFactory.create_batch(3, retour=dit)
    clos = conduire(RetourFactory(gravite="bloquante", **ancien), "ne_pas_retenir", par=m.directrice)
    assert clos.etat == EtatRetour.NON_RETENU
    assert sorted(_proposes(m)) == ["Bloque", "Dit par quatre"]


def test_une_proposition_ne_montre_jamais_les_mots_de_l_equipe(m: Monde) -> None:
    muet = RetourFactory(parcours=m.retour.parcours, recu_le="2020-01-06", gravite="bloquante")
    lues = [c.proposition for c in propositions_de(m.seance, par=m.cheffe).choix if c.sorte.code == "retours"]
    assert lues[0].titre and muet.probleme not in lues[0].titre + lues[0].expose


def test_la_cheffe_d_une_autre_grappe_ne_propose_rien_d_ici(m: Monde) -> None:
    RetourFactory(parcours=m.retour.parcours, recu_le="2020-01-06", gravite="bloquante", titre="Ici")
    assert suites.retours_a_l_origine(m.retour, cheffe_de(ParcoursFactory().grappe)) == []
    m.cheffe = cheffe_de(ParcoursFactory().grappe)
    assert _proposes(m) == []
