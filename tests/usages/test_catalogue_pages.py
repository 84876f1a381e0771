"""Les pages du catalogue et des indicateurs suivis, leur API ; autant de requêtes à une ligne qu'à cinquante."""

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from programme.models import Categorie, VersionInstruction
from programme.services.reference import charger_reference
from tests.aides import connecte
from tests.fabriques import ConventionFactory, GrappeFactory, ParcoursFactory, affecter, cheffe_de
from tests.usages.fabriques import CibleFactory, IndicateurFactory, RegleIndicateurFactory, SuiviFactory
from usages.enums import CadenceReleve, Denominateur, Forme, NatureSurveillance, Origine
from usages.models import Cible, Indicateur, RegleIndicateur, Suivi

pytestmark = pytest.mark.django_db
AU = timezone.localdate


def tape(code: str, **champs: Any) -> Indicateur:
    """Un compte tapé une fois par trimestre."""
    rien = {"denominateur": "", "population": Denominateur.AUCUN, "plafonne": False, "libelle": code.capitalize()}
    return IndicateurFactory(code=code, forme=Forme.COMPTE, cadence=CadenceReleve.TRIMESTRE, **rien | champs)


@pytest.fixture
def grappe() -> Any:
    return ParcoursFactory().grappe


@pytest.fixture
def cheffe(grappe: Any) -> Any:
    return connecte(cheffe_de(grappe))


def vers(nom: str, grappe: Any, *suite: Any) -> str:
    return reverse(f"usages:{nom}", args=[grappe.pk, *suite])


# --- choisir -------------------------------------------------------------------------------------------------------


def test_le_premier_choix_propose_ce_qui_se_calcule(grappe: Any, cheffe: Any) -> None:
    calcule = tape("calcule", origine=Origine.CALCULE, calcul="essai")
    tape("presents")

    formulaire = cheffe.get(vers("grappe-indicateurs-choisir", grappe)).context["formulaire"]

    assert formulaire.initial["indicateurs"] == [calcule.pk]


def test_choisir_puis_lire_ce_que_cela_fait_taper(grappe: Any, cheffe: Any) -> None:
    presents = tape("presents")
    rapport = tape("rapport", denominateur_commun=presents)
    page = cheffe.get(vers("grappe-indicateurs-choisir", grappe))
    assert "Avec lui" in page.text

    envoi = {"indicateurs": [rapport.pk], "vu": page.context["formulaire"]["vu"].value()}
    reponse = cheffe.post(vers("grappe-indicateurs-choisir", grappe), envoi, follow=True)

    assert "2 indicateurs de plus" in reponse.text
    assert "<strong>2 chiffres tapés</strong> par trimestre et par ESMS, sur 5" in reponse.text


def test_au_dela_du_budget_le_refus_dit_le_compte_et_garde_les_coches(grappe: Any, cheffe: Any) -> None:
    trop = [tape(f"chiffre-{n}") for n in range(6)]
    envoi = {"indicateurs": [i.pk for i in trop], "vu": "0"}

    reponse = cheffe.post(vers("grappe-indicateurs-choisir", grappe), envoi)

    assert reponse.status_code == 422 and not Suivi.objects.exists()
    assert "ferait taper 6 chiffres par trimestre" in reponse.text and "le budget est de 5" in reponse.text
    assert reponse.text.count("checked") == 6


def test_deux_choix_croises_se_disent_et_le_second_peut_passer(grappe: Any, cheffe: Any) -> None:
    un, deux = tape("un"), tape("deux")
    url = vers("grappe-indicateurs-choisir", grappe)
    cheffe.post(url, {"indicateurs": [un.pk], "vu": "0"})

    croise = cheffe.post(url, {"indicateurs": [deux.pk], "vu": "0"})

    assert croise.status_code == 409 and "a changé les indicateurs suivis" in croise.text
    assert Suivi.objects.get().indicateur == un
    repris = {"indicateurs": [deux.pk], "vu": croise.context["formulaire"]["vu"].value()}
    assert cheffe.post(url, repris).status_code == 302
    assert Suivi.objects.get().indicateur == deux


def test_arreter_se_confirme_et_un_denominateur_utile_se_refuse(grappe: Any, cheffe: Any) -> None:
    presents = tape("presents")
    for indicateur in (presents, tape("rapport", denominateur_commun=presents)):
        SuiviFactory(grappe=grappe, indicateur=indicateur)

    refus = cheffe.post(vers("suivi-arreter", grappe, "presents"))
    assert refus.status_code == 422 and "sert de dénominateur" in refus.text
    for code in ("rapport", "presents"):
        assert cheffe.post(vers("suivi-arreter", grappe, code)).status_code == 302

    assert "Aucun indicateur suivi" in cheffe.get(vers("grappe-indicateurs", grappe)).text


# --- cibles et alertes ---------------------------------------------------------------------------------------------


def test_une_cible_se_tape_en_pour_cent_et_se_range_de_0_a_1(grappe: Any, cheffe: Any) -> None:
    suivi = SuiviFactory(grappe=grappe)
    url = vers("cible-creer", grappe, suivi.indicateur.code)

    vide = cheffe.post(url, {"du": "2026-01-01"})
    haute = cheffe.post(url, {"du": "2026-01-01", "valeur": "120"})
    cheffe.post(url, {"du": "2026-01-01", "valeur": "82,5 %", "seuil": "50", "source": "COMOP"})
    double = cheffe.post(url, {"du": "2026-01-01", "valeur": "90"})

    assert "Donnez la cible, le seuil" in vide.text and "de 0 à 100" in haute.text and "déjà ce jour-là" in double.text
    posee = Cible.objects.get()
    assert (posee.valeur, posee.seuil, posee.source) == (Decimal("0.825"), Decimal("0.5"), "COMOP")
    page = cheffe.get(vers("grappe-indicateur", grappe, suivi.indicateur.code)).text
    assert "82,5" in page and "vaut aujourd’hui" in page


def test_une_cible_se_corrige_sans_ecraser_et_se_retire(grappe: Any, cheffe: Any) -> None:
    cible = CibleFactory(grappe=grappe, valeur=Decimal("0.8"), seuil=None)
    url = reverse("usages:cible-modifier", args=[cible.pk])
    vu = cheffe.get(url).context["formulaire"]["vu"].value()
    envoi = {"du": cible.du.isoformat(), "vu": vu}

    assert cheffe.post(url, envoi | {"valeur": "85"}).status_code == 302
    croise = cheffe.post(url, envoi | {"valeur": "60"})

    assert croise.status_code == 409 and "cible" in croise.text
    cible.refresh_from_db()
    assert cible.valeur == Decimal("0.85")
    cheffe.post(reverse("usages:cible-retirer", args=[cible.pk]))
    assert not Cible.objects.exists() and Cible.history.filter(history_type="-").exists()


def test_les_regles_d_alerte_se_reglent_d_un_formulaire(grappe: Any, cheffe: Any) -> None:
    suivi = SuiviFactory(grappe=grappe)
    url = vers("suivi-alertes", grappe, suivi.indicateur.code)

    cheffe.post(url, {"natures": ["seuil", "chute"], "part": "25", "releves": "3"})
    cheffe.post(url, {"natures": ["chute"], "part": "", "releves": ""})

    regles = {r.nature: (r.est_active, r.part, r.releves) for r in RegleIndicateur.objects.all()}
    assert regles["chute"] == (True, Decimal("0.25"), 3) and regles["seuil"][0] is False
    faute = cheffe.post(url, {"natures": ["chute"], "part": "0", "releves": "40"})
    assert faute.status_code == 422 and "De 1 à 12 relevés" in faute.text
    assert cheffe.post(url, {"natures": ["tickets"]}).status_code == 422


def test_la_cible_d_une_instruction_vient_de_l_administrateur(grappe: Any, cheffe: Any) -> None:
    instruction = VersionInstruction.objects.create(code="essai", nom="Instruction d'essai")
    ConventionFactory(grappe=grappe, instruction=instruction)
    suivi = SuiviFactory(grappe=grappe)
    url = reverse("usages:indicateur-cible", args=[suivi.indicateur.code])

    connecte(affecter("admin")).post(url, {"instruction": instruction.pk, "valeur": "70", "du": "2026-01-01"})

    assert cheffe.post(url).status_code == 403
    assert "de l’instruction" in cheffe.get(vers("grappe-indicateurs", grappe)).text
    assert "celle de l’instruction" in cheffe.get(vers("grappe-indicateur", grappe, suivi.indicateur.code)).text


# --- qui lit quoi --------------------------------------------------------------------------------------------------


def test_la_fiche_ne_nomme_que_les_grappes_que_l_on_voit(grappe: Any, cheffe: Any) -> None:
    indicateur = SuiviFactory(grappe=grappe).indicateur
    ailleurs = SuiviFactory(indicateur=indicateur, grappe__nom="Rives lointaines")

    page = cheffe.get(reverse("usages:indicateur-detail", args=[indicateur.code]))

    assert grappe.nom in page.text and ailleurs.grappe.nom not in page.text
    assert page.context["nb_suiveuses"] == 1


def test_un_indicateur_retire_sort_de_la_liste_et_du_choix(grappe: Any, cheffe: Any) -> None:
    retire = tape("retire", retire_le=AU() - timedelta(days=1))

    assert retire.libelle not in cheffe.get(reverse("usages:indicateur-liste")).text
    assert retire.libelle in cheffe.get(reverse("usages:indicateur-liste") + "?vigueur=retires").text
    assert retire.libelle not in cheffe.get(vers("grappe-indicateurs-choisir", grappe)).text


def test_l_administrateur_emporte_corrige_et_rapporte() -> None:
    charger_reference()
    admin = connecte(affecter("admin"))
    contenu = b"".join(admin.get(reverse("usages:indicateur-classeur")).streaming_content)
    livre = load_workbook(io.BytesIO(contenu))
    feuille = livre.active
    intitules = [case.value for case in feuille[1]]
    feuille.cell(2, intitules.index("Nom") + 1).value = "Ouvertures, par état"
    octets = io.BytesIO()
    livre.save(octets)

    depose = SimpleUploadedFile("catalogue.xlsx", octets.getvalue())
    apercu = admin.post(reverse("usages:indicateur-rapporter"), {"fichier": depose}, follow=True)
    faux = admin.post(reverse("usages:indicateur-rapporter"), {"fichier": SimpleUploadedFile("a.xlsx", b"rien")})

    assert "1 modifié" in apercu.text and "Ouvertures, par état" in apercu.text
    assert faux.status_code == 422 and "fichier" in faux.text


# --- l'API ---------------------------------------------------------------------------------------------------------


def test_l_api_rend_le_catalogue_dans_l_ordre_de_la_page() -> None:
    charger_reference()
    client = connecte(affecter("ars"))

    lu = client.get("/api/v1/indicateurs/?taille=200").json()

    assert lu["count"] == len(lu["results"]) == Indicateur.objects.count()
    projets = next(i for i in lu["results"] if i["code"] == "projets-personnalises")
    assert (projets["denominateur_commun"], projets["seuil_chute"]) == ("presents-six-mois", 0.3)
    assert [i["famille"] for i in lu["results"]] == sorted(
        (i["famille"] for i in lu["results"]), key=["deploiement", "usage", "maintien"].index
    )
    saisis = client.get("/api/v1/indicateurs/?provenance=saisi&cadence=trimestre").json()
    assert {i["code"] for i in saisis["results"]} >= {"presents", "dossiers-soins"}
    assert client.get("/api/v1/indicateurs/?famille=autre").status_code == 400
    assert client.get("/api/v1/indicateurs/").status_code == 200
    assert type(client)().get("/api/v1/indicateurs/").status_code == 401


# --- les requêtes --------------------------------------------------------------------------------------------------


def _peupler(grappe: Any, nombre: int) -> None:
    categories = [Categorie.objects.get_or_create(code=f"9{n}", defaults={"libelle": f"C{n}"})[0] for n in range(3)]
    for n in range(nombre):
        rang = Indicateur.objects.count()
        commun = tape(f"commun-{rang}", origine=Origine.IMPORTE)
        indicateur = tape(f"indicateur-{rang}", origine=Origine.IMPORTE, denominateur_commun=commun)
        indicateur.non_concernees.set(categories)
        for suivi in (commun, indicateur):
            SuiviFactory(grappe=grappe, indicateur=suivi)
            CibleFactory(grappe=grappe, indicateur=suivi)
            RegleIndicateurFactory(grappe=grappe, indicateur=suivi)
        vise = Indicateur.objects.get(code="vise")
        tape(f"rapporte-{rang}", denominateur_commun=vise)
        CibleFactory(grappe=grappe, indicateur=vise, du=AU() - timedelta(days=rang + 1))
        autre = GrappeFactory()
        SuiviFactory(grappe=autre, indicateur=vise)
        ParcoursFactory(grappe=grappe)
        if n < len(NatureSurveillance):
            RegleIndicateur.objects.get_or_create(
                grappe=grappe, indicateur=vise, nature=list(NatureSurveillance)[n], defaults={"part": Decimal("0.3")}
            )


@pytest.mark.parametrize(
    "nom",
    [
        "indicateur-liste",
        "indicateur-detail",
        "indicateur-classeur",
        "grappe-indicateurs",
        "grappe-indicateurs-choisir",
        "grappe-indicateur",
        "api",
    ],
)
def test_autant_de_requetes_a_une_ligne_qu_a_cinquante(nom: str, grappe: Any) -> None:
    est_du_catalogue = nom in ("indicateur-classeur", "indicateur-detail")
    client = connecte(affecter("admin") if est_du_catalogue else cheffe_de(grappe))
    vise = tape("vise", origine=Origine.IMPORTE)
    SuiviFactory(grappe=grappe, indicateur=vise)
    arguments = {"indicateur-detail": ["vise"], "grappe-indicateur": [grappe.pk, "vise"]}
    sur_grappe = [grappe.pk] if nom.startswith("grappe-indicateurs") else []
    url = "/api/v1/indicateurs/" if nom == "api" else reverse(f"usages:{nom}", args=arguments.get(nom, sur_grappe))

    def mesurer() -> int:
        with CaptureQueriesContext(connection) as lues:
            reponse = client.get(url)
            assert reponse.status_code == 200
            if reponse.streaming:
                b"".join(reponse.streaming_content)
        return len(lues)

    _peupler(grappe, 1)
    mesurer()
    avant = mesurer()
    _peupler(grappe, 25)

    assert mesurer() == avant
