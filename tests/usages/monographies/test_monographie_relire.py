"""Relire : une remarque ancrée, retrouvée après retouche ; répondre, régler ; qui lit, qui commente."""

from typing import Any

import pytest
from django.urls import reverse

from programme.enums import Role
from programme.models import Utilisateur
from programme.socle.erreurs import Refus
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import affecter
from tests.usages.monographies.fabriques import VerbatimDeVisiteFactory
from tests.usages.monographies.mondes_ecriture import TEXTE, Monde, un_monde
from usages.enums import Consentement
from usages.models import Commentaire
from usages.services.monographies.relecture import commenter, relecture_de, repondre

pytestmark = pytest.mark.django_db


@pytest.fixture
def monde() -> Monde:
    monde = un_monde()
    monde.mener("relecture")
    return monde


def remarque(monde: Monde, **champs: Any) -> Commentaire:
    defaut = {"bloc": 1, "extrait": "vingt minutes", "texte": "Plutôt trente.", "par": monde.direction}
    return commenter(section=monde.section(), **(defaut | champs))


def retrouvee(monde: Monde) -> Any:
    """La remarque telle qu'on la lit aujourd'hui, et le rang de son bloc (None : au-dessus du texte)."""
    lue = relecture_de(monde.section(), monde.direction, de_l_equipe=False)
    for bloc in lue.blocs:
        for une in bloc.remarques:
            return bloc.rang, une
    return None, lue.ailleurs[0]


def page(monde: Monde, compte: Utilisateur) -> str:
    reponse = connecte(compte).get(monde.url("section-relire"))
    assert reponse.status_code == 200
    return str(reponse.content.decode())


def test_une_remarque_survit_aux_retouches(monde: Monde) -> None:
    remarque(monde)
    rang, une = retrouvee(monde)
    assert (rang, une.passage.etat, une.a_change) == (1, "exact", False)
    monde.ecrire(TEXTE.replace("## La relève", "## La relève\n\nUn paragraphe de plus, au-dessus."))
    assert (retrouvee(monde)[0], retrouvee(monde)[1].passage.etat) == (2, "deplace")
    monde.ecrire(TEXTE.replace("vingt minutes", "une vingtaine de minutes"))
    rang, une = retrouvee(monde)
    assert rang == 1 and une.passage.etat == "modifie" and une.a_change
    monde.ecrire("Tout autre chose, sans rien de commun.")
    rang, une = retrouvee(monde)
    assert rang is None and une.passage.etat == "disparu"
    contenu = page(monde, monde.direction)
    assert "vingt minutes" in contenu and "Plutôt trente." in contenu and "n&#x27;est plus dans la section" in contenu


def test_commenter_depuis_la_page_avec_ou_sans_extrait(monde: Monde) -> None:
    client, adresse = connecte(monde.direction), monde.url("section-relire")
    fait = client.post(adresse, {"bloc": "1", "extrait": "vingt minutes", "texte": "Trente."})
    assert fait.status_code == 302 and fait["Location"].endswith(f"#remarque-{Commentaire.objects.get().pk}")
    client.post(adresse, {"bloc": "2", "extrait": "", "texte": "Oui."})
    client.post(adresse, {"bloc": "", "extrait": "", "texte": "Merci."})
    extraits = list(Commentaire.objects.order_by("pk").values_list("bloc", "extrait"))
    assert extraits == [(1, "vingt minutes"), (2, "Chaque métier lit la même page."), (0, "")]
    absent = client.post(adresse, {"bloc": "1", "extrait": "ces mots n'y sont pas", "texte": "Quoi ?"})
    redit = absent.content.decode()
    assert absent.status_code == 422 and "recopiez-les" in redit and "Quoi ?" in redit
    assert client.post(adresse, {"bloc": "99", "texte": "Quoi ?"}).status_code == 422
    assert client.post(adresse, {"bloc": "1", "texte": "NIR 2 55 08 14 168 025 38"}).status_code == 422
    assert Commentaire.objects.count() == 3
    assert '<option value="2" selected>' in client.get(f"{adresse}?bloc=2").content.decode()


def test_repondre_regler_rouvrir(monde: Monde) -> None:
    une = remarque(monde)
    adresse = reverse("usages:commentaire-repondre", args=[une.pk])
    client = connecte(monde.auteur)
    assert client.post(adresse, {"reponse": "C'est corrigé.", "regle": "on"}).status_code == 302
    une.refresh_from_db()
    assert une.resolu_le and une.reponse == "C'est corrigé." and une.repondu_par == monde.auteur
    assert "réglée le" in page(monde, monde.direction) and "C&#x27;est corrigé." in page(monde, monde.direction)
    repondre(commentaire=une, reponse="C'est corrigé.", regle=False, par=monde.direction)
    une.refresh_from_db()
    assert une.resolu_le is None and une.repondu_par == monde.auteur


def test_qui_repond(monde: Monde) -> None:
    une = remarque(monde)
    adresse = reverse("usages:commentaire-repondre", args=[une.pk])
    autre = affecter(Role.REFERENT, monde.monographie.parcours.esms)
    comptes = (monde.auteur, monde.direction, monde.lecteur, autre)
    assert [connecte(c).get(adresse).status_code for c in comptes] == [200, 200, 403, 403]
    assert connecte(affecter(Role.CHEF_PROJET, une.section.monographie.parcours.grappe)).get(adresse).status_code == 403
    dehors = affecter(Role.REFERENT, un_monde().monographie.parcours.esms)
    assert connecte(dehors).get(adresse).status_code == 404
    with pytest.raises(Refus, match="équipe"):
        repondre(commentaire=une, reponse="Non.", regle=True, par=autre)


@pytest.mark.parametrize(
    ("etat", "direction", "poste"),
    [("brouillon", 404, 404), ("relecture", 200, 302), ("validee", 200, 403)],
)
def test_l_esms_ne_lit_que_ce_qu_on_lui_envoie(etat: str, direction: int, poste: int) -> None:
    monde = un_monde()
    monde.ecrire()
    monde.mener(etat)
    client, dehors = connecte(monde.direction), connecte(affecter(Role.REFERENT, un_monde().monographie.parcours.esms))
    adresse = monde.url("section-relire")
    assert client.get(adresse).status_code == direction
    assert client.get(monde.url("monographie-detail")).status_code == direction
    assert client.post(adresse, {"bloc": "1", "texte": "Une remarque."}).status_code == poste
    for nom in ("section-relire", "section-ecrire", "section-histoire", "monographie-detail", "monographie-faits"):
        assert dehors.get(monde.url(nom)).status_code == 404
    for compte in (monde.pilote, monde.auteur, monde.lecteur):
        assert connecte(compte).get(adresse).status_code == 200
        assert connecte(compte).post(adresse, {"bloc": "1", "texte": "De l'équipe."}).status_code == 302


def test_l_esms_ne_lit_pas_les_mots_de_qui_n_a_pas_dit_oui(monde: Monde) -> None:
    visite = monde.monographie.visite
    interdit = VerbatimDeVisiteFactory(
        visite=visite, texte="Le chef ne lit jamais nos écrits.", consentement=Consentement.A_DEMANDER
    )
    monde.ecrire(f"{TEXTE}\n\n@verbatim {interdit.pk}\n\nOn dit que le chef ne lit jamais nos écrits, ici.")
    remarque(monde, bloc=5, extrait="", texte="De l'équipe.", par=monde.auteur)
    remarque(monde, bloc=5, extrait="chef ne lit jamais", texte="Une autre.", par=monde.auteur)
    de_l_esms = page(monde, monde.direction)
    refus = connecte(monde.direction).post(monde.url("section-relire"), {"bloc": "5", "texte": "Et moi ?"})
    assert refus.status_code == 422
    assert "Une autre." in de_l_esms and "ne lit jamais" not in de_l_esms and "il ne sortira pas" in de_l_esms
    assert "ne lit jamais nos écrits" in page(monde, monde.auteur)


def test_l_esms_n_a_ni_les_faits_ni_les_sigles_ni_les_documents(monde: Monde) -> None:
    for nom in ("monographie-faits", "monographie-documents", "monographie-sigles", "monographie-modifier"):
        assert connecte(monde.direction).get(monde.url(nom)).status_code == 403
        assert connecte(monde.auteur).get(monde.url(nom)).status_code == 200


def test_requetes_constantes_de_la_relecture(monde: Monde) -> None:
    def peupler(combien: int) -> None:
        for n in range(combien):
            remarque(monde, texte=f"Remarque {n}.", par=(monde.direction, monde.auteur)[n % 2])

    exiger_requetes_constantes(connecte(monde.direction), monde.url("section-relire"), peupler)
    exiger_requetes_constantes(connecte(monde.auteur), monde.url("monographie-detail"), peupler)
