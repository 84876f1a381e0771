"""Ce que contient une monographie : chaque source y arrive, ce qui ne peut pas sortir n'y est pas."""

import json
from typing import Any

import pytest
from django.utils import timezone

from risques.enums import NatureGrille
from risques.models import Grille
from tests.usages.monographies.fabriques import MonographieFactory, VerbatimDeVisiteFactory, passer
from tests.usages.monographies.mondes_sorties import ACCORDE, PHRASE_TUE, TU, Monde, monde, photo_de
from usages.calculs.prose import Citation, textes_nus
from usages.enums import CodeFait, CodeSection, Consentement, DroitPhoto
from usages.models import Monographie
from usages.services.monographies.contenu import Contenu, assembler
from usages.services.monographies.editions import lire_edition, lire_pour
from usages.services.monographies.faits import faits_de
from usages.services.monographies.resolution import Rendu, SectionRendue, rendre

pytestmark = pytest.mark.django_db
C = CodeSection


@pytest.fixture
def m() -> Monde:
    return monde()


def _relue(m: Monde) -> Monographie:
    return Monographie.objects.pour_lecture().get(pk=m.monographie.pk)


def _rendu(m: Monde) -> Rendu:
    monographie = _relue(m)
    return rendre(assembler(monographie), monographie.visite)


def _section(rendu: Rendu, code: str) -> SectionRendue:
    return next(s for s in rendu.sections if s.code == code)


def _tout(objet: Any) -> str:
    return str(objet)


def test_les_faits_disent_d_ou_ils_viennent(m: Monde) -> None:
    faits = faits_de(_relue(m))
    assert faits[CodeFait.VSR].valeur == "décembre 2022" and "grappe" in faits[CodeFait.VSR].source
    assert (faits[CodeFait.FINANCEMENT].valeur, faits[CodeFait.ARS].valeur) == ("2021", "ARS Île-de-France")
    assert faits[CodeFait.FINESS].source == "FINESS" and not faits[CodeFait.FINESS].est_ecrit
    assert (faits[CodeFait.ETP].valeur, faits[CodeFait.ETP].source) == ("62,4", "direction")
    assert faits[CodeFait.ETP].est_ecrit and list(faits) == [c for c in CodeFait if c in faits]


def test_un_fait_ecrit_l_emporte(m: Monde) -> None:
    m.monographie.faits.create(code=CodeFait.VSR, valeur="janvier 2023")
    assert faits_de(_relue(m))[CodeFait.VSR].valeur == "janvier 2023"


def test_les_sections_dans_l_ordre_sans_les_vides(m: Monde) -> None:
    codes = [s.code for s in _rendu(m).sections]
    assert codes == [c for c in CodeSection if c in codes] and C.AUTODETERMINATION not in codes
    assert {C.FICHE, C.VISITE, C.HISTORIQUE, C.QUESTIONNAIRE, C.ORGANISATION, C.RESUME, C.METHODE} <= set(codes)


def test_la_visite_et_les_personnes_par_role(m: Monde) -> None:
    visite = _section(_rendu(m), C.VISITE)
    assert ("Visite", "2 et 3 juin 2026") in visite.faits and ("Personnes rencontrées", "7") in visite.faits
    programme, rencontres = visite.tableaux
    assert programme.lignes[1][1:3] == ("14\u00a0h\u00a000 – 15\u00a0h\u00a030", "Observation")
    assert rencontres.lignes == (("éducateurs", "5"), ("direction", "2"))


def test_les_releves_avant_et_apres(m: Monde) -> None:
    (figure,) = _section(_rendu(m), C.PILOTAGE).figures
    assert [(b.nom, b.dit) for b in figure.barres] == [("Avant", "30\u202f%"), ("Après", "78\u202f%")]
    assert (
        figure.tableau.lignes[0][0] == "Projets personnalisés à jour" and "janvier 2026" in figure.tableau.lignes[0][1]
    )
    assert "de 30\u202f% à 78\u202f%" in figure.phrase


def test_les_effets_retenus_par_theme_et_leur_accord(m: Monde) -> None:
    rendu = _rendu(m)
    (figure,) = _section(rendu, C.RESUME).figures
    assert [b.nom for b in figure.barres] == [
        "Organisation et métiers",
        "Qualité de vie et conditions de travail",
    ], "le pilotage, codé autrement par chacun, ne compte pas"
    assert figure.tableau.lignes[0][1] == "1, moyenne", "de deux forces, la plus prudente"
    assert "Kappa" in figure.tableau.note
    assert len(_section(rendu, C.ORGANISATION).tableaux[0].lignes) == 2
    assert "1 effet à coder" in " ".join(rendu.a_voir)


def test_la_campagne_l_entonnoir_et_les_documents(m: Monde) -> None:
    rendu = _rendu(m)
    (campagne,) = _section(rendu, C.QUESTIONNAIRE).figures
    assert "Effets à six mois" in campagne.titre and len(campagne.barres) == 2
    (entonnoir,) = _section(rendu, C.METHODE).tableaux
    assert "111 grappes" in entonnoir.note and len(entonnoir.lignes) == 7
    assert _section(rendu, C.DOCUMENTS).tableaux[0].lignes == (("Projet d'établissement 2024-2029",),)


def test_une_moyenne_de_trop_peu_de_reponses_ne_sort_pas(m: Monde) -> None:
    Grille.objects.update(nature=NatureGrille.INDIVIDUELLE)
    assert not [s for s in _rendu(m).sections if s.code == C.QUESTIONNAIRE]


def test_le_glossaire_ne_dit_que_les_sigles_employes(m: Monde) -> None:
    rendu = _rendu(m)
    glossaire = dict(_section(rendu, C.GLOSSAIRE).glossaire)
    assert glossaire["PAQ"] == "Plan d'amélioration de la qualité" and "CVS" in glossaire and "DMP" not in glossaire
    assert "XYZ" not in glossaire and any("XYZ" in ligne for ligne in rendu.a_voir)


def test_le_verbatim_accorde_est_cite_l_autre_pas(m: Monde) -> None:
    rendu = _rendu(m)
    citations = [b for b in _section(rendu, C.ORGANISATION).blocs if isinstance(b, Citation)]
    assert textes_nus(citations) == (f"{ACCORDE}\n— une éducatrice",)
    assert PHRASE_TUE.casefold() not in _tout(rendu).casefold()
    avis = " ".join(rendu.a_voir)
    assert f"verbatim {m.tu.pk}" in avis and "1 passage redit" in avis


def test_un_verbatim_d_une_autre_visite_ne_se_cite_pas(m: Monde) -> None:
    ailleurs = VerbatimDeVisiteFactory(texte="Ailleurs, on ne fait pas comme cela du tout.")
    hors_visite = VerbatimDeVisiteFactory(visite=None, parcours=m.parcours, recueilli_par=m.pilote, texte="Ailleurs ?")
    m.ecrire(C.MOTIVATIONS, f"@verbatim {ailleurs.pk}\n\n@verbatim {hors_visite.pk}")
    assert "Ailleurs" not in _tout(_rendu(m))


def test_ce_qui_est_redit_dans_un_fait_un_constat_une_legende_ne_sort_pas(m: Monde) -> None:
    m.monographie.faits.create(code=CodeFait.TYPOLOGIE, valeur=f"« {TU} »")
    constat = m.monographie.visite.constats.order_by("pk").first()
    assert constat is not None
    constat.libelle = TU
    constat.save()
    photo_de(m.monographie.visite, C.QVCT, legende=TU)
    m.monographie.sous_titre = TU
    m.monographie.save()
    assert PHRASE_TUE not in _tout(_rendu(m))


def test_une_photo_sort_avec_son_accord_seulement(m: Monde) -> None:
    photo_de(m.monographie.visite, C.ORGANISATION, DroitPhoto.A_DEMANDER, legende="Pas encore accordée")
    rendu = _rendu(m)
    assert [p.cle for p in _section(rendu, C.ORGANISATION).photos] == [m.photo.pk]
    assert any("1 photo attend" in ligne for ligne in rendu.a_voir)
    type(m.photo).objects.filter(pk=m.photo.pk).update(droit=DroitPhoto.RETIRE)
    assert not _section(_rendu(m), C.ORGANISATION).photos


def test_les_donnees_se_relisent(m: Monde) -> None:
    contenu = assembler(_relue(m))
    assert Contenu.depuis(json.loads(json.dumps(contenu.en_donnees()))) == contenu
    assert ACCORDE not in json.dumps(contenu.en_donnees(), ensure_ascii=False), "un verbatim n'est gardé que par sa clé"


def test_une_monographie_vide_ne_casse_rien(django_assert_max_num_queries: Any) -> None:
    vide = Monographie.objects.pour_lecture().get(pk=MonographieFactory().pk)
    with django_assert_max_num_queries(40):
        rendu = rendre(assembler(vide), vide.visite)
    assert any("sections vides" in ligne for ligne in rendu.a_voir)


# --- les éditions ----------------------------------------------------------------------------------------------------


def test_publier_fige_une_edition_numerotee(m: Monde) -> None:
    edition = m.publier()
    assert (edition.numero, edition.publiee_par) == (1, m.pilote)
    passer(m.monographie, m.pilote, "reprendre")
    assert m.publier().numero == 2


def test_l_edition_d_hier_ne_bouge_pas(m: Monde) -> None:
    edition = m.publier()
    avant = lire_edition(edition).rendu
    passer(m.monographie, m.pilote, "reprendre")
    m.ecrire(C.MOTIVATIONS, "Tout autre chose.")
    m.monographie.documents.create(titre="Un autre document")
    m.monographie.titre = "Un autre titre"
    m.monographie.save()
    relue = lire_edition(type(edition).objects.get(pk=edition.pk)).rendu
    assert relue == avant
    assert "Tout autre chose" in _tout(_rendu(m))


def test_un_accord_retire_l_efface_de_l_edition(m: Monde) -> None:
    edition = m.publier()
    assert ACCORDE in _tout(lire_edition(edition).rendu)
    m.accorde.consentement = Consentement.RETIRE
    m.accorde.save()
    assert ACCORDE not in _tout(lire_edition(type(edition).objects.get(pk=edition.pk)).rendu)


def test_qui_voit_le_travail_le_lit_les_autres_l_edition(m: Monde) -> None:
    jour = timezone.localdate()
    assert lire_pour(_relue(m), m.passant, le=jour) is None
    en_cours = lire_pour(_relue(m), m.pilote, le=jour)
    assert en_cours and en_cours.est_travail and en_cours.mention.startswith("Brouillon")
    m.publier()
    passer(m.monographie, m.pilote, "reprendre")
    lue = lire_pour(_relue(m), m.passant, le=jour)
    assert lue and lue.mention.startswith("Édition 1") and lue.rendu.a_voir == ()
    encore = lire_pour(_relue(m), m.directrice, le=jour)
    assert encore and not encore.est_travail, "un brouillon n'est qu'à l'équipe"


def test_ce_que_la_direction_a_valide_est_ce_qui_se_publie(m: Monde) -> None:
    """Entre les deux, une photo ou une rencontre de plus n'y entre pas ; corriger rouvre tout."""
    passer(m.monographie, m.pilote, "envoyer_en_relecture")
    passer(m.monographie, m.directrice, "valider")
    photo_de(m.monographie.visite, C.QVCT, legende="Ajoutée après coup")
    m.monographie.visite.rencontres.create(qui="Visiteurs surprise", nombre=9)
    lu = lire_pour(Monographie.objects.pour_lecture().get(pk=m.monographie.pk), m.pilote, le=timezone.localdate())
    assert lu is not None and "Ajoutée après coup" not in str(lu.rendu) and "Visiteurs surprise" not in str(lu.rendu)
    passer(m.monographie, m.directrice, "corriger")
    lu = lire_pour(Monographie.objects.pour_lecture().get(pk=m.monographie.pk), m.pilote, le=timezone.localdate())
    assert lu is not None and "Visiteurs surprise" in str(lu.rendu)
    m.monographie.refresh_from_db()
    assert m.monographie.valide is None
