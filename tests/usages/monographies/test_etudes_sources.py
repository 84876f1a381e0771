"""Ce que l'outil sait d'une grappe, de ses OG, de qui a répondu : lu dans le périmètre de qui prend, et figé là."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from programme.enums import IssueVerification, Role, TypeVerification
from programme.models import Grappe, Verification
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.fabriques import CategorieFactory, EsmsFactory, GrappeFactory, OgFactory, ParcoursFactory, affecter
from tests.risques.fabriques import QuestionnaireFactory, campagne_ouverte, grille_de, version_publiee
from tests.usages.monographies.fabriques import EtudeFactory, equiper
from tests.usages.monographies.mondes import Monde, monde
from usages.enums import GenreEtape
from usages.models import EtapeEtude
from usages.services.etudes import etapes as services
from usages.services.etudes import sources
from usages.services.etudes.entonnoir import derouler_etude
from usages.services.etudes.modele import DEJA_DES_ETAPES, partir_du_modele
from usages.services.etudes.sources import Filtres

pytestmark = pytest.mark.django_db


def grappe_de(*tailles: int, **champs: Any) -> Grappe:
    """Une grappe d'un OG par taille, qui y a tant d'ESMS."""
    grappe = GrappeFactory(**champs)
    for taille in tailles:
        og = OgFactory()
        for _ in range(taille):
            ParcoursFactory(grappe=grappe, esms=EsmsFactory(og=og))
    return grappe


def signer(grappe: Grappe, issue: str = IssueVerification.PRONONCEE, **objet: Any) -> None:
    Verification.objects.create(
        grappe=grappe, type=TypeVerification.VSR, issue=issue, prononcee_le=date(2026, 1, 5), **objet
    )


def faits(grappe: Grappe) -> Any:
    unites = sources.unites_des_grappes(Filtres(), affecter(Role.ADMIN))
    return next(u.faits for u in unites if u.cle == str(grappe.pk))


def test_les_faits_d_une_grappe() -> None:
    grappe = grappe_de(3, 1, annee_financement=2021)
    lus = faits(grappe)
    assert (lus["nb_og"], lus["plus_grand_og"], lus["esms"]) == (2, 3, 4)
    assert (lus["type"], lus["secteur"], lus["annee"]) == ("acquisition", "PH_ENFANT", 2021)
    assert (lus["region"], lus["editeur"], lus["solution"]) == ("Nouvelle-Aquitaine", "Éditeur des Coteaux", "Lisière")
    assert lus["vsr"] is False


def test_plusieurs_types_font_mixte_et_une_grappe_vide_ne_se_sait_pas() -> None:
    grappe, vide = grappe_de(1), GrappeFactory(region=None, solution=None)
    autre = CategorieFactory(code="500", libelle="EHPAD", sigle="EHPAD", secteur="PA")
    ParcoursFactory(grappe=grappe, esms=EsmsFactory(categorie=autre), type_projet="usages")
    assert (faits(grappe)["type"], faits(grappe)["secteur"]) == ("mixte", "mixte")
    inconnus = [nom for nom, valeur in faits(vide).items() if valeur is None]
    assert set(inconnus) >= {"type", "vsr", "nb_og", "plus_grand_og", "region", "editeur"}


@pytest.mark.parametrize("portee", ["grappe", "og", "parcours"])
def test_la_vsr_signee_de_tous_vaut_pour_la_grappe(portee: str) -> None:
    grappe = grappe_de(1, 1)
    un, deux = grappe.parcours.select_related("esms__og").order_by("pk")
    objets: list[dict[str, Any]] = {
        "grappe": [{}],
        "og": [{"og": un.esms.og}, {"og": deux.esms.og}],
        "parcours": [{"parcours": un}, {"parcours": deux}],
    }[portee]
    for objet in objets[:-1]:
        signer(grappe, **objet)
    assert faits(grappe)["vsr"] is False
    signer(grappe, **objets[-1])
    assert faits(grappe)["vsr"] is True


def test_une_vsr_ajournee_ne_compte_pas() -> None:
    grappe = grappe_de(1)
    signer(grappe, issue=IssueVerification.AJOURNEE)
    assert faits(grappe)["vsr"] is False


def test_on_ne_prend_que_ce_que_l_on_voit() -> None:
    lieu = monde()
    grappe_de(2)
    assert [u.cle for u in sources.unites_des_grappes(Filtres(), lieu.pilote)] == [str(lieu.grappe.pk)]
    assert sources.prendre_la_base(etude=lieu.etude, filtres=Filtres(), par=lieu.pilote) == 1
    with pytest.raises(Refus) as refus:
        sources.prendre_la_base(etude=lieu.etude, filtres=Filtres(etats=["soldee"]), par=lieu.pilote)
    assert refus.value.motif == sources.RIEN_A_PRENDRE
    lieu.etude.refresh_from_db()
    assert len(lieu.etude.base) == 1, "une prise refusée ne vide pas la base"


def test_les_filtres_gardent_ce_qu_ils_disent() -> None:
    admin = affecter(Role.ADMIN)
    une, autre = grappe_de(1), grappe_de(1, solution=None)
    assert une.solution is not None
    cas: list[tuple[Filtres, set[int]]] = [
        (Filtres(), {une.pk, autre.pk}),
        (Filtres(solutions=[une.solution_id]), {une.pk}),
        (Filtres(editeurs=[une.solution.editeur_id]), {une.pk}),
        (Filtres(secteurs=["PA"]), set()),
        (Filtres(secteurs=["PH_ENFANT"], regions=["75"]), {une.pk, autre.pk}),
        (Filtres(regions=["11"]), set()),
    ]
    for filtres, attendus in cas:
        assert {int(u.cle) for u in sources.unites_des_grappes(filtres, admin)} == attendus, filtres
        assert Filtres.depuis(filtres.en_donnees()).en_donnees() == filtres.en_donnees()


def test_prendre_la_base_coute_autant_a_une_qu_a_vingt(django_assert_num_queries: Any) -> None:
    admin = affecter(Role.ADMIN)
    admin.perimetre  # noqa: B018
    for n in (1, 19):
        for _ in range(n):
            grappe_de(1, 1)
        with django_assert_num_queries(3):
            sources.unites_des_grappes(Filtres(), admin)


# --- les passages ----------------------------------------------------------------------------------------------------


def test_les_og_viennent_de_leurs_grappes() -> None:
    une, autre = grappe_de(12), grappe_de(2, 1)
    partage = une.parcours.first().esms.og
    ParcoursFactory(grappe=autre, esms=EsmsFactory(og=partage))
    unites = sources.unites_des_og([une.pk, autre.pk], affecter(Role.ADMIN))
    lu = next(u for u in unites if u.cle == partage.finess)
    assert len(unites) == 3 and set(lu.issue_de) == {f"grappe:{une.pk}", f"grappe:{autre.pk}"}
    assert (lu.faits["esms"], lu.faits["nb_og"]) == (12, 1)


@pytest.fixture
def repondu() -> tuple[Monde, Any]:
    """Une étude et sa campagne d'effets ; un ESMS y a transmis ses réponses, en réunion."""
    lieu = monde()
    parcours = ParcoursFactory(grappe=lieu.grappe)
    ParcoursFactory(grappe=lieu.grappe)
    effets = QuestionnaireFactory(code="effets-essai", objet="effets")
    version = version_publiee(grappe=lieu.grappe, questionnaire=effets)
    campagne = campagne_ouverte(grappe=lieu.grappe, version_posee=version, population=[parcours], portee="esms")
    lieu.etude.campagnes.add(campagne)
    evaluateur = affecter(Role.MEMBRE, lieu.grappe)
    notes: dict[str, int | None] = {"A1": 1, "A2": 1, "B1": 10, "B2": 10}
    grille = grille_de(evaluateur, campagne.evaluations.get(), notes)
    changer_etat(grille, "commencer", par=evaluateur)
    changer_etat(grille, "transmettre", par=evaluateur)
    return lieu, parcours


def test_qui_a_repondu_entre_avec_ses_notes(repondu: tuple[Monde, Any]) -> None:
    lieu, parcours = repondu
    (unite,) = sources.unites_des_reponses(lieu.etude, lieu.pilote)
    assert unite.cle == parcours.esms.finess
    assert set(unite.issue_de) == {
        f"og:{parcours.esms.og.finess}", f"grappe:{lieu.grappe.pk}", f"projet:{lieu.grappe.pk}",
    }  # fmt: skip
    # Une maîtrise de 10/10 puis de 1/10, sur deux thèmes de même poids ; un total ramené à 100.
    assert {nom: v for nom, v in unite.faits.items() if nom.startswith("theme_")} == {"theme_a": "500", "theme_b": "50"}
    assert unite.faits["total"] == "55"
    assert sources.unites_des_reponses(EtudeFactory(), lieu.pilote) == []


def test_les_themes_du_questionnaire_livre_ont_leur_nom() -> None:
    def section(code: str, sur: int) -> Any:
        return SimpleNamespace(code=code, sur=Decimal(sur), valeur=Decimal("7.50"))

    lu = SimpleNamespace(sections=[section("A", 10), section("D", 20), section("Q", 100)], fraction=Decimal("0.615"))
    notes = sources._notes(lu)  # type: ignore[arg-type]
    assert notes == {"deploiement": "7.5", "autodetermination": "7.5", "theme_q": "7.5", "total": "61.5"}


def test_le_modele_part_de_la_base_et_se_deroule(repondu: tuple[Monde, Any]) -> None:
    lieu, parcours = repondu
    signer(lieu.grappe)
    parcours.grappe.parcours.exclude(pk=parcours.pk).get().esms.og.esms.update(og=parcours.esms.og)
    sources.prendre_la_base(etude=lieu.etude, filtres=Filtres(), par=lieu.pilote)
    lieu.etude.refresh_from_db()
    posees = partir_du_modele(etude=lieu.etude, par=lieu.pilote)
    assert [e.genre for e in posees] == [
        GenreEtape.FILTRE, GenreEtape.PASSAGE, GenreEtape.EXCEPTIONS, GenreEtape.PASSAGE,
        GenreEtape.SELECTION, GenreEtape.PASSAGE, GenreEtape.SELECTION,
    ]  # fmt: skip
    deroule = derouler_etude(lieu.etude)
    assert not deroule.faute
    assert [r.en_clair for r in deroule.entonnoir.resultats][:2] == ["1 grappe → 1 grappe", "1 grappe → 1 OG"]
    assert deroule.resultat("reponses").en_clair == "1 OG → 1 structure"  # type: ignore[union-attr]
    with pytest.raises(Refus) as refus:
        partir_du_modele(etude=lieu.etude, par=lieu.pilote)
    assert refus.value.motif == DEJA_DES_ETAPES


def test_reprendre_les_unites_garde_les_notes_de_l_equipe() -> None:
    lieu = monde()
    structure = {"nature": "structure", "cle": "330000001", "nom": "IME", "faits": {"total": "60"}, "issue_de": []}
    lieu.etude.base = [structure]
    lieu.etude.save()
    definition = services.definition_de_passage(source=sources.PROJETS, prerequis=[], sans_suite="")
    etape = services.ecrire_etape(
        etude=lieu.etude, genre=GenreEtape.PASSAGE, titre="Projets", definition=definition, par=lieu.pilote
    )
    assert services.prendre_les_unites(etape=etape, par=lieu.pilote) == 1
    ref = "projet:330000001"
    services.noter_les_unites(etape=etape, notes={ref: {"motivation": 4, "transmission": None}}, par=lieu.pilote)
    with pytest.raises(Refus, match="de 0 à 5"):
        services.noter_les_unites(etape=etape, notes={ref: {"motivation": 6}}, par=lieu.pilote)
    services.prendre_les_unites(etape=etape, par=lieu.pilote)
    (unite,) = EtapeEtude.objects.get(pk=etape.pk).definition["unites"]
    assert unite["faits"]["motivation"] == 4 and unite["issue_de"] == ["structure:330000001"]


def test_un_passage_donne_tel_quel_ne_se_reprend_pas() -> None:
    lieu = monde(publie=True)
    with pytest.raises(Refus, match="rien à reprendre"):
        services.prendre_les_unites(etape=lieu.etude.etapes.get(code="og"), par=lieu.pilote)


def test_un_auteur_ne_touche_pas_a_l_entonnoir() -> None:
    etude = EtudeFactory()
    auteur = equiper(etude, affecter(Role.MEMBRE, GrappeFactory()), "auteur")
    with pytest.raises(Refus) as refus:
        sources.prendre_la_base(etude=etude, filtres=Filtres(), par=auteur)
    assert refus.value.code == "droit"
