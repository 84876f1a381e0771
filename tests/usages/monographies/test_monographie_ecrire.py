"""Écrire une section à plusieurs : réunir, choisir, ne rien perdre ; ce qui se refuse, ce qui s'affiche tel quel."""

import re
from typing import Any

import pytest
from django.test import Client

from programme.models import Utilisateur
from programme.socle.erreurs import Refus
from tests.aides import connecte, exiger_requetes_constantes
from tests.usages.monographies.fabriques import VerbatimDeVisiteFactory
from tests.usages.monographies.mondes_ecriture import TEXTE, Monde, un_monde
from usages.calculs.ecritures_croisees import Cote
from usages.enums import CodeSection, Consentement
from usages.models import SectionMonographie
from usages.models.monographies import PROSE_MAXIMALE
from usages.services.monographies.sections import ecrire_section, jeton_de, reunir, revenir

pytestmark = pytest.mark.django_db

VINGT, DIX, TRENTE = (f"Elle durait {n} minutes." for n in ("vingt", "dix", "trente"))
NIR = "2 55 08 14 168 025 38"


@pytest.fixture
def monde() -> Monde:
    monde = un_monde()
    monde.ecrire()
    return monde


def textes(monde: Monde) -> list[str]:
    """Toutes les versions, de la première à la dernière."""
    histoire = SectionMonographie.history.filter(id=monde.section().pk).order_by("history_id")
    return list(histoire.values_list("texte", flat=True))


def envoyer(client: Client, monde: Monde, **champs: Any) -> Any:
    return client.post(monde.url("section-ecrire"), {"texte": TEXTE, "vu": str(jeton_de(monde.section()))} | champs)


# --- à deux --------------------------------------------------------------------------------------------------------


def a_deux(monde: Monde, premier: str, second: str) -> Any:
    """Partis de la même version, l'auteur enregistre, puis le pilote."""
    section = monde.section()
    vu = jeton_de(section)
    ecrire_section(section=section, texte=premier, vu=vu, par=monde.auteur)
    return vu, ecrire_section(section=section, texte=second, vu=vu, par=monde.pilote)


def test_pas_au_meme_endroit_tout_se_reunit(monde: Monde) -> None:
    _, ecriture = a_deux(monde, TEXTE.replace(VINGT, DIX), TEXTE.replace("La nuit écrit", "La nuit dit tout"))
    assert not ecriture.attend_un_choix and ecriture.avec == str(monde.auteur)
    assert DIX in monde.section().texte and "La nuit dit tout" in monde.section().texte
    derniere = SectionMonographie.history.filter(id=monde.section().pk).order_by("-history_id")[0]
    assert derniere.history_user == monde.pilote and str(monde.auteur) in derniere.history_change_reason


def test_au_meme_endroit_rien_ne_s_ecrit_avant_un_choix(monde: Monde) -> None:
    avant = len(textes(monde))
    _, ecriture = a_deux(monde, TEXTE.replace(VINGT, DIX), TEXTE.replace(VINGT, TRENTE))
    assert ecriture.attend_un_choix and len(ecriture.croisement.conflits) == 1
    assert DIX in monde.section().texte and len(textes(monde)) == avant + 1


@pytest.mark.parametrize(
    ("choix", "dedans", "dehors"),
    [(Cote.MIEN, [TRENTE], [DIX]), (Cote.SIEN, [DIX], [TRENTE]), (Cote.LES_DEUX, [DIX, TRENTE], [])],
)
def test_ce_qu_on_choisit_s_ecrit_et_rien_ne_se_perd(
    monde: Monde, choix: Cote, dedans: list[str], dehors: list[str]
) -> None:
    mien = TEXTE.replace(VINGT, TRENTE).replace("La nuit écrit", "La nuit dit tout")
    vu, ecriture = a_deux(monde, TEXTE.replace(VINGT, DIX), mien)
    rendu = reunir(section=monde.section(), texte=mien, vu=vu, sienne=ecriture.jeton, choix=[choix], par=monde.pilote)
    assert not rendu.attend_un_choix
    texte = monde.section().texte
    assert all(mots in texte for mots in [*dedans, "La nuit dit tout"]) and not any(mots in texte for mots in dehors)
    # Celle de l'autre, et la mienne quand je ne l'ai pas gardée, restent dans l'histoire.
    assert any(DIX in version for version in textes(monde)) and any(TRENTE in version for version in textes(monde))
    assert textes(monde)[-1] == texte


def test_un_troisieme_ecrit_pendant_qu_on_choisit(monde: Monde) -> None:
    mien = TEXTE.replace(VINGT, TRENTE).replace("La nuit écrit", "La nuit dit tout")
    sien = TEXTE.replace(VINGT, DIX).replace("La nuit écrit", "La nuit se tait")
    vu, premiere = a_deux(monde, sien, mien)
    monde.ecrire(sien.replace(DIX, "Elle ne dure plus."), par=monde.auteur)
    choix = [Cote.MIEN, Cote.SIEN]
    seconde = reunir(section=monde.section(), texte=mien, vu=vu, sienne=premiere.jeton, choix=choix, par=monde.pilote)
    assert seconde.attend_un_choix and "Elle ne dure plus." in monde.section().texte
    rendu = reunir(
        section=monde.section(),
        texte=seconde.mien,
        vu=premiere.jeton,
        sienne=seconde.jeton,
        choix=[Cote.SIEN],
        par=monde.pilote,
        ecartee=seconde.ecartee,
    )
    assert not rendu.attend_un_choix and "Elle ne dure plus." in monde.section().texte
    # Ce que le premier choix avait laissé n'est pas perdu pour autant.
    assert mien in textes(monde)


def test_une_version_qui_n_existe_pas_ne_s_ecrit_pas(monde: Monde) -> None:
    with pytest.raises(Refus, match="version qui n'existe pas"):
        ecrire_section(section=monde.section(), texte="Autre chose.", vu=999_999, par=monde.pilote)
    reponse = envoyer(connecte(monde.pilote), monde, texte="Autre chose.", vu="")
    assert reponse.status_code == 409 and "Autre chose." in reponse.content.decode()
    assert monde.section().texte == TEXTE


def test_enregistrer_la_meme_chose_n_ajoute_rien_a_l_histoire(monde: Monde) -> None:
    avant = len(textes(monde))
    assert not monde.ecrire(f"{TEXTE}\r\n").change and len(textes(monde)) == avant


def test_la_page_montre_les_deux_cote_a_cote_et_attend_tous_les_choix(monde: Monde) -> None:
    section = monde.section()
    vu = str(jeton_de(section))
    monde.ecrire(TEXTE.replace(VINGT, DIX), par=monde.auteur)
    client, mien = connecte(monde.pilote), TEXTE.replace(VINGT, TRENTE)
    page = envoyer(client, monde, texte=mien, vu=vu)
    contenu = page.content.decode()
    assert page.status_code == 409 and "choix-0" in contenu
    assert "durait <mark>dix</mark> minutes" in contenu and "durait <mark>trente</mark> minutes" in contenu
    suite = {"texte": mien, "vu": vu, "sienne": str(jeton_de(monde.section())), "nombre": "1", "geste": "reunir"}
    sans_choix = client.post(monde.url("section-ecrire"), suite)
    assert sans_choix.status_code == 409 and "Choisissez ce qu" in sans_choix.content.decode()
    assert monde.section().texte == TEXTE.replace(VINGT, DIX)
    fait = client.post(monde.url("section-ecrire"), suite | {"choix-0": "mien"})
    assert fait.status_code == 302 and fait["Location"].endswith("#enregistre")
    assert TRENTE in monde.section().texte


# --- la page -------------------------------------------------------------------------------------------------------


def test_l_apercu_n_ecrit_rien_et_le_balisage_s_imprime_tel_quel(monde: Monde) -> None:
    brut = '<script>alert(1)</script>\n\n#import "x": *\n\n{{ secret }}'
    reponse = envoyer(connecte(monde.pilote), monde, texte=brut, geste="apercu")
    contenu = reponse.content.decode()
    assert reponse.status_code == 200 and monde.section().texte == TEXTE
    assert "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>" in contenu and "<script>alert" not in contenu
    assert "#import &quot;x&quot;: *" in contenu and "{{ secret }}" in contenu


def test_soixante_pages_s_enregistrent_au_dela_rien_ne_se_perd(monde: Monde) -> None:
    client = connecte(monde.pilote)
    paragraphe = "La relève se lit. " * 100
    long = "\n\n".join([paragraphe.strip()] * 111)[:PROSE_MAXIMALE]
    assert len(long) > 190_000
    assert envoyer(client, monde, texte=long).status_code == 302
    assert monde.section().texte == long.strip()
    trop = "a" * (PROSE_MAXIMALE + 12)
    refus = envoyer(client, monde, texte=trop)
    assert refus.status_code == 422 and trop in refus.content.decode() and "12 signes de trop" in refus.content.decode()
    assert monde.section().texte == long.strip()


def test_un_nir_est_refuse_et_le_reste_garde(monde: Monde) -> None:
    reponse = envoyer(connecte(monde.pilote), monde, texte=f"{TEXTE}\n\nNIR {NIR}")
    assert reponse.status_code == 422 and NIR in reponse.content.decode() and monde.section().texte == TEXTE
    with pytest.raises(Refus, match="NIR"):
        monde.ecrire(f"NIR {NIR}")


def test_un_verbatim_citable_se_cite_un_autre_avertit_et_ne_sort_pas(monde: Monde) -> None:
    visite = monde.monographie.visite
    oui = VerbatimDeVisiteFactory(visite=visite, texte="On se relaie sans se perdre.", qui="une aide-soignante")
    non = VerbatimDeVisiteFactory(
        visite=visite, texte="Le chef ne lit jamais nos écrits.", consentement=Consentement.REFUSE
    )
    redit = "Ici, « le chef ne lit jamais nos ecrits », disent-ils au CODIR."
    texte = f"@verbatim {oui.pk}\n\n@verbatim {non.pk}\n\n{redit}"
    contenu = envoyer(connecte(monde.pilote), monde, texte=texte, geste="apercu").content.decode()
    apercu = contenu[contenu.index("t-apercu") :]
    assert "On se relaie sans se perdre." in apercu and "une aide-soignante" in apercu
    assert "le chef ne lit" not in apercu
    assert f"Le verbatim {non.pk} ne peut pas être cité" in contenu and "redit un verbatim" in contenu
    assert re.search(r"Un sigle reste à expliquer\s: CODIR\.", contenu)
    # La liste à insérer n'offre que ce qui peut sortir.
    assert f'data-bloc="@verbatim {oui.pk}"' in contenu and f'data-bloc="@verbatim {non.pk}"' not in contenu


def test_ce_que_l_outil_ecrit_seul_n_a_pas_d_editeur(monde: Monde) -> None:
    client = connecte(monde.pilote)
    for code in (CodeSection.GLOSSAIRE, CodeSection.DOCUMENTS, "inconnue"):
        assert client.get(monde.url("section-ecrire", code)).status_code == 404


def test_requetes_constantes_de_l_editeur(monde: Monde) -> None:
    def peupler(combien: int) -> None:
        for n in range(combien):
            VerbatimDeVisiteFactory(visite=monde.monographie.visite)
            monde.ecrire(f"{monde.section().texte}\n\nUn paragraphe de plus, {n}.")

    exiger_requetes_constantes(connecte(monde.pilote), monde.url("section-ecrire"), peupler)


# --- l'histoire ----------------------------------------------------------------------------------------------------


def test_l_histoire_dit_qui_quand_quoi_et_l_on_revient(monde: Monde) -> None:
    monde.ecrire(TEXTE.replace(VINGT, DIX), par=monde.auteur)
    client = connecte(monde.pilote)
    contenu = client.get(monde.url("section-histoire")).content.decode()
    assert f"Ce que {monde.auteur} a changé" in contenu.replace("&#x27;", "'")
    assert ">Ôté : </span>vingt</del>" in contenu and ">Ajouté : </span>dix</ins>" in contenu
    premiere = SectionMonographie.history.filter(id=monde.section().pk, texte=TEXTE).get()
    donnees = {"version": premiere.history_id, "vu": jeton_de(monde.section())}
    assert client.post(monde.url("section-histoire"), donnees).status_code == 302
    assert monde.section().texte == TEXTE and textes(monde)[-2:] == [TEXTE.replace(VINGT, DIX), TEXTE]


def test_revenir_ne_passe_pas_par_dessus_ce_qui_vient_d_etre_ecrit(monde: Monde) -> None:
    vu = jeton_de(monde.section())
    monde.ecrire(f"{TEXTE}\n\nUne ligne de plus.", par=monde.auteur)
    with pytest.raises(Refus, match="Entre-temps"):
        revenir(section=monde.section(), version=vu, vu=vu, par=monde.pilote)


def test_requetes_constantes_de_l_histoire(monde: Monde) -> None:
    def peupler(combien: int) -> None:
        for n in range(combien):
            monde.ecrire(f"{TEXTE}\n\nVersion {len(textes(monde))}, {n}.")

    exiger_requetes_constantes(connecte(monde.pilote), monde.url("section-histoire"), peupler)


# --- qui ------------------------------------------------------------------------------------------------------------


def test_qui_ecrit_selon_l_etat(monde: Monde) -> None:
    def codes(nom: str, *comptes: Utilisateur) -> list[int]:
        return [connecte(c).get(monde.url(nom)).status_code for c in comptes]

    equipe = (monde.pilote, monde.auteur, monde.lecteur, monde.direction)
    assert codes("section-ecrire", *equipe) == [200, 200, 403, 404]
    assert codes("section-histoire", *equipe) == [200, 200, 200, 404]
    monde.mener("relecture")
    assert codes("section-ecrire", *equipe) == [200, 200, 403, 403]
    assert codes("section-histoire", *equipe) == [200, 200, 200, 403]


def test_valide_le_texte_se_ferme(monde: Monde) -> None:
    monde.mener("validee")
    assert connecte(monde.pilote).get(monde.url("section-ecrire")).status_code == 403
    assert envoyer(connecte(monde.auteur), monde, texte="Autre.").status_code == 403
    with pytest.raises(Refus, match="validé"):
        monde.ecrire("Autre.")
    assert monde.section().texte == TEXTE
