"""L'entonnoir en base : le cas publié, des étapes qui se figent, se rouvrent, disent ce qui a bougé."""

from collections import Counter

import pytest

from programme.socle.erreurs import Refus
from tests.fabriques import directrice_de
from tests.usages.monographies.fabriques import VisiteFactory, passer
from tests.usages.monographies.mondes import Monde, monde, trois_structures
from usages.calculs.definitions_entonnoir import definition_de, etape_depuis
from usages.calculs.entonnoir import EtapeImpossible, derouler
from usages.calculs.quotas import Quota
from usages.calculs.unites_entonnoir import Unite
from usages.demonstration.entonnoir_publie import etapes, grappes
from usages.enums import GenreEtape
from usages.models import EtapeEtude
from usages.services.etudes import etapes as services
from usages.services.etudes.entonnoir import derouler_etude, entonnoir_de, structures_retenues
from usages.services.etudes.lecture import en_une_ligne, etapes_lues, geste_suivant
from usages.services.etudes.remplacants import FERME, REFUSE, empeches_de
from usages.services.etudes.sources import PROJETS

pytestmark = pytest.mark.django_db


def etape(lieu: Monde, code: str) -> EtapeEtude:
    return lieu.etude.etapes.get(code=code)


def figer(lieu: Monde, *codes: str) -> None:
    for code in codes:
        services.figer_etape(etape=etape(lieu, code), par=lieu.pilote)


# --- de la base aux classes, et retour -------------------------------------------------------------------------------


def test_chaque_etape_du_cas_publie_se_garde_et_se_relit() -> None:
    for e in etapes():
        relue = etape_depuis(genre=e.genre, code=e.code, titre=e.titre, palier=e.palier, definition=definition_de(e))
        assert relue.definition() == e.definition()


def test_l_entonnoir_enregistre_est_le_cas_publie() -> None:
    lieu = monde(publie=True)
    lu, direct = entonnoir_de(lieu.etude), derouler(grappes(), etapes())
    assert [r.en_donnees() for r in lu.resultats] == [r.en_donnees() for r in direct.resultats]
    assert en_une_ligne(derouler_etude(lieu.etude)) == (
        "111 grappes → 44 OG → 44 OG et 9 projets → 86 structures → 6 projets → 5 projets"
    )
    secteurs = Counter(u.faits["secteur"] for u in lu.sorties)
    assert secteurs == {"PA": 2, "PH_ADULTE": 1, "PH_ENFANT": 1, "DOMICILE": 1}


@pytest.mark.parametrize("definition", [{}, {"prerequis": [{"code": "x"}]}, {"vers": "planete"}, {"de": None}])
@pytest.mark.parametrize("genre", GenreEtape.values)
def test_une_definition_incomplete_se_dit(genre: str, definition: dict) -> None:
    if genre == "filtre" and "prerequis" not in definition:
        return
    try:
        etape_depuis(genre=genre, code="x", titre="Essai", palier="", definition=definition)
    except EtapeImpossible as faute:
        assert str(faute).startswith("« Essai »")
    else:
        assert genre == "exceptions" and "de" in definition


# --- figer, rouvrir --------------------------------------------------------------------------------------------------


def test_une_etape_se_fige_apres_celles_d_avant() -> None:
    lieu = monde(publie=True)
    with pytest.raises(Refus, match="Figez d'abord « Prérequis »"):
        figer(lieu, "og")
    figer(lieu, "prerequis", "og")
    figee = etape(lieu, "og")
    assert figee.est_figee and figee.figee_par == lieu.pilote
    assert len(figee.resultat["entrees"]) == 39 and figee.resultat["empreinte"]
    assert entonnoir_de(lieu.etude).paliers[0] == ("Projets avancés", "111 grappes → 44 OG")


def test_une_etape_figee_ne_se_modifie_ni_ne_se_retire() -> None:
    lieu = monde(publie=True)
    figer(lieu, "prerequis")
    figee = etape(lieu, "prerequis")
    gestes = (
        lambda: services.modifier_etape(etape=figee, titre="Autre", definition=figee.definition, par=lieu.pilote),
        lambda: services.retirer_etape(etape=figee, par=lieu.pilote),
        lambda: services.figer_etape(etape=figee, par=lieu.pilote),
    )
    for geste in gestes:
        with pytest.raises(Refus) as refus:
            geste()
        assert (refus.value.code, refus.value.motif) == ("etat", services.FIGEE)


def test_rouvrir_la_derniere_figee_et_garder_pourquoi() -> None:
    lieu = monde(publie=True)
    figer(lieu, "prerequis", "og")
    with pytest.raises(Refus, match="« Organismes » vient après"):
        services.rouvrir_etape(etape=etape(lieu, "prerequis"), motif="Erreur", par=lieu.pilote)
    with pytest.raises(Refus) as sans:
        services.rouvrir_etape(etape=etape(lieu, "og"), motif="  ", par=lieu.pilote)
    assert sans.value.champs == {"motif": [services.SANS_MOTIF]}
    services.rouvrir_etape(etape=etape(lieu, "og"), motif="Un OG oublié", par=lieu.pilote)
    rouverte = etape(lieu, "og")
    assert not rouverte.est_figee and rouverte.resultat is None
    assert [r["motif"] for r in rouverte.definition["reouvertures"]] == ["Un OG oublié"]
    services.modifier_etape(
        etape=rouverte, titre="Organismes", code="og", definition=definition_de(etapes()[1]), par=lieu.pilote
    )
    assert etape(lieu, "og").definition["reouvertures"][0]["motif"] == "Un OG oublié"


def test_une_etape_figee_dit_ce_qui_a_bouge_et_garde_ses_decisions() -> None:
    lieu = monde(publie=True)
    figer(lieu, "prerequis", "og")
    assert derouler_etude(lieu.etude).bouge == {}
    lieu.etude.base[0]["faits"]["vsr"] = False
    lieu.etude.base = lieu.etude.base[:-1]
    lieu.etude.save()
    deroule = derouler_etude(lieu.etude)
    assert deroule.bouge["prerequis"] == ["Grappe 001 : a changé (VSR signée)", "Grappe 111 : n'y est plus"]
    assert deroule.bouge["og"] == ["Grappe 001 : n'y est plus"]
    resultat = deroule.resultat("prerequis")
    assert resultat and len(resultat.entrees) == 111 and len(resultat.sorties) == 39


# --- écrire ----------------------------------------------------------------------------------------------------------


def test_deux_etapes_de_meme_code_se_refusent() -> None:
    lieu = monde(publie=True)
    with pytest.raises(Refus) as refus:
        services.ecrire_etape(
            etude=lieu.etude,
            genre=GenreEtape.FILTRE,
            titre="Prérequis",
            definition={"prerequis": []},
            par=lieu.pilote,
        )
    assert refus.value.champs == {"code": [services.CODE_PRIS]}


def test_une_etape_s_insere_a_sa_place_sauf_avant_une_figee() -> None:
    lieu = monde(publie=True)
    figer(lieu, "prerequis")
    neuve = {"genre": GenreEtape.FILTRE, "definition": {"prerequis": []}, "par": lieu.pilote}
    with pytest.raises(Refus, match="Une étape figée vient après"):
        services.ecrire_etape(etude=lieu.etude, titre="Trop tôt", apres=0, **neuve)
    services.ecrire_etape(etude=lieu.etude, titre="Au milieu", apres=1, **neuve)
    assert [e.code for e in lieu.etude.etapes.order_by("rang")][:3] == ["prerequis", "au-milieu", "og"]


def test_retirer_ce_dont_partent_des_exceptions_se_refuse() -> None:
    lieu = monde(publie=True)
    with pytest.raises(Refus, match="« Élargir au domicile » s'appuie"):
        services.retirer_etape(etape=etape(lieu, "prerequis"), par=lieu.pilote)
    services.retirer_etape(etape=etape(lieu, "exceptions"), par=lieu.pilote)
    assert "9 projets" not in en_une_ligne(derouler_etude(lieu.etude))


def test_changer_un_code_n_egare_pas_les_exceptions() -> None:
    lieu = monde(publie=True)
    premiere = etape(lieu, "prerequis")
    services.modifier_etape(
        etape=premiere, titre=premiere.titre, code="tri", definition=premiere.definition, par=lieu.pilote
    )
    assert etape(lieu, "exceptions").definition["de"] == "tri" and not derouler_etude(lieu.etude).faute


def test_readmettre_leve_juste_ce_qui_manque() -> None:
    lieu = monde(publie=True)
    cible = etape(lieu, "exceptions")
    services.retirer_l_exception(etape=cible, ref="grappe:042", par=lieu.pilote)
    assert len(derouler_etude(lieu.etude).resultat("exceptions").readmis) == 8  # type: ignore[union-attr]
    assert services.readmettre(etape=cible, refs=["grappe:042"], motif="Trop peu du domicile", par=lieu.pilote) == 1
    readmise = etape(lieu, "exceptions").definition["exceptions"][-1]
    assert readmise["leve"] == ["acquisition", "vsr"] and readmise["comme"]["nature"] == "projet"
    with pytest.raises(Refus, match="dites pourquoi"):
        services.readmettre(etape=cible, refs=["grappe:050"], motif=" ", par=lieu.pilote)


def test_l_entonnoir_s_arrete_a_l_etape_qui_ne_tient_pas_et_garde_le_reste() -> None:
    lieu = monde(publie=True)
    casse = etape(lieu, "cinq")
    casse.definition = {"regle": {"criteres": []}, "partage": {"places": 5}}
    casse.save()
    deroule = derouler_etude(lieu.etude)
    assert deroule.arret == casse and "un critère" in deroule.faute
    assert len(deroule.entonnoir.resultats) == 6 and structures_retenues(lieu.etude) == []
    assert etapes_lues(deroule)[-1].faute == deroule.faute
    geste = geste_suivant(lieu.etude, deroule)
    assert geste and geste.route == "usages:etape-modifier" and geste.cle == casse.pk


# --- ce qui en sort --------------------------------------------------------------------------------------------------


def test_les_structures_retenues_sont_des_parcours_dans_l_ordre() -> None:
    lieu = monde()
    parcours = trois_structures(lieu)
    assert structures_retenues(lieu.etude) == parcours[:2]


def test_un_esms_ferme_ou_qui_refuse_donne_le_suivant() -> None:
    lieu = monde()
    premier, deuxieme, troisieme = trois_structures(lieu)
    assert empeches_de(lieu.etude, derouler_etude(lieu.etude)) == []
    premier.esms.est_actif = False
    premier.esms.save()
    (empeche,) = empeches_de(lieu.etude, derouler_etude(lieu.etude))
    assert (empeche.pourquoi, empeche.parcours, empeche.suivant_parcours) == (FERME, premier, troisieme)
    premier.esms.est_actif = True
    premier.esms.save()
    passer(VisiteFactory(etude=lieu.etude, parcours=deuxieme), directrice_de(deuxieme), "refuser")
    (empeche,) = empeches_de(lieu.etude, derouler_etude(lieu.etude))
    assert (empeche.pourquoi, empeche.parcours, empeche.suivant_parcours) == (REFUSE, deuxieme, troisieme)
    assert structures_retenues(lieu.etude) == [premier, deuxieme], "proposer n'est pas décider"


def test_faute_de_reserve_la_selection_d_avant_donne_le_suivant() -> None:
    lieu = monde()
    premier, _, troisieme = trois_structures(lieu)
    definition = services.definition_de_passage(source=PROJETS, prerequis=[], sans_suite="")
    passage = services.ecrire_etape(
        etude=lieu.etude, genre=GenreEtape.PASSAGE, titre="Projets", definition=definition, par=lieu.pilote
    )
    services.prendre_les_unites(etape=passage, par=lieu.pilote)
    derniere = etape(lieu, "choix").definition
    services.ecrire_etape(
        etude=lieu.etude, genre=GenreEtape.SELECTION, titre="Au bout", definition=derniere, par=lieu.pilote
    )
    premier.esms.est_actif = False
    premier.esms.save()
    (empeche,) = empeches_de(lieu.etude, derouler_etude(lieu.etude))
    assert (empeche.unite.nature, empeche.parcours, empeche.suivant_parcours) == ("projet", premier, troisieme)
    assert empeche.suivant and empeche.suivant.nature == "structure"


def test_sans_candidat_de_reste_on_le_dit() -> None:
    lieu = monde()
    premier, *_ = trois_structures(lieu, places=3)
    premier.esms.est_actif = False
    premier.esms.save()
    (empeche,) = empeches_de(lieu.etude, derouler_etude(lieu.etude))
    assert empeche.suivant is None


def test_un_quota_impossible_se_dit() -> None:
    lieu = monde()
    trois_structures(lieu, quotas=(Quota("secteur", "DOMICILE", 1, "Domicile"),))
    (lue,) = etapes_lues(derouler_etude(lieu.etude))
    assert lue.remarques == ["Quota « Domicile » impossible : il en manque 1 sur 1, aucun candidat."]
    assert len(lue.retenues) == 1, "la place du quota reste vide"


def test_les_unites_de_la_base_se_relisent() -> None:
    lieu = monde(publie=True)
    assert [Unite.depuis(u) for u in lieu.etude.base] == list(grappes())
