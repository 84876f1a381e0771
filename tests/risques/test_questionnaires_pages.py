"""Les pages des questionnaires : lire, apporter, publier, emporter ; ce qui est refusé, ligne par ligne."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from programme.enums import Role
from programme.models import Grappe, Utilisateur
from programme.services.reference import charger_reference
from programme.socle.imports import confirmer
from programme.socle.models import Travail
from programme.socle.porte import changer_etat
from risques.definition.classeur import ecrire_classeur
from risques.definition.json_ import ecrire_json
from risques.enums import EtatVersion
from risques.models import Question, Questionnaire, Section, VersionQuestionnaire
from risques.services import questionnaires as services
from tests.aides import connecte, exiger_requetes_constantes, lignes_csv
from tests.fabriques import GrappeFactory, ParcoursFactory, UtilisateurFactory, affecter, cheffe_de, directrice_de
from tests.risques.definition.exemples import CALCUL, NIR, cent_points, definir, petit
from tests.risques.fabriques import QuestionnaireFactory, VersionFactory, campagne_ouverte, grille_de, version_publiee

pytestmark = pytest.mark.django_db
LISTE, IMPORTER = "/questionnaires/", "/questionnaires/importer/"
ENTETES = "Section;Nom de la section;Code;Énoncé;Poids;Sens"


@pytest.fixture
def grappe() -> Grappe:
    return GrappeFactory(nom="Rives")


@pytest.fixture
def cheffe(grappe: Grappe) -> Utilisateur:
    return cheffe_de(grappe)


def lue(compte: Utilisateur, adresse: str) -> str:
    reponse = connecte(compte).get(adresse)
    assert reponse.status_code == 200, reponse.status_code
    return reponse.content.decode()


def page_de(version: VersionQuestionnaire) -> str:
    return reverse("risques:versionquestionnaire-detail", args=[version.pk])


def charger(brut: dict[str, Any], grappe: Grappe, par: Utilisateur) -> VersionQuestionnaire:
    return services.charger_definition(definir(brut), grappe=grappe, par=par)


def comptes() -> tuple[int, ...]:
    return tuple(m.objects.count() for m in (Questionnaire, VersionQuestionnaire, Section, Question))


def deposer(par: Utilisateur, contenu: bytes, fichier: str = "q.json", /, **champs: Any) -> Any:
    """Dépose par la page et rend la réponse finale."""
    champs.setdefault("pour", str(Grappe.objects.get(nom="Rives").pk))
    envoi = {"fichier": SimpleUploadedFile(fichier, contenu), **champs}
    return connecte(par).post(IMPORTER, envoi, follow=True)


def dernier() -> Travail:
    return Travail.objects.latest("pk")


def raisons(travail: Travail) -> list[tuple[int, str]]:
    return [(ligne["ligne"], ligne["raison"]) for ligne in travail.resultat["lignes"].get("rejete", [])]


def en_csv(*lignes: str, entetes: str = ENTETES) -> bytes:
    return "\n".join((entetes, *lignes)).encode()


RUBRIQUES = {"code": "nos-risques", "nom": "Nos risques", "objet": "risques", "sens": "defavorable"}


# --- lire ----------------------------------------------------------------------------------------------------------


def test_chacun_lit_ceux_de_treille_et_les_siens(grappe: Grappe, cheffe: Utilisateur) -> None:
    charger_reference()
    sienne = charger(petit(), grappe, cheffe)
    directrice = directrice_de(ParcoursFactory(grappe=grappe))
    ars = affecter(Role.ARS, grappe)
    for compte, voit in ((cheffe, True), (directrice, True), (ars, False), (UtilisateurFactory(), False)):
        page = lue(compte, LISTE)
        assert "Risques du projet, 100 points" in page and ("Nos risques" in page) is voit
        assert connecte(compte).get(page_de(sienne)).status_code == (200 if voit else 404)
        commune = VersionQuestionnaire.objects.get(questionnaire__code="risques-100-points")
        assert "Les mots, les étoiles" in lue(compte, page_de(commune))


def test_un_brouillon_de_treille_ne_se_lit_que_par_l_administrateur(cheffe: Utilisateur) -> None:
    admin = affecter(Role.ADMIN)
    version = services.charger_definition(definir(petit()), grappe=None, par=admin)
    adresses = [page_de(version), reverse("risques:questionnaire-detail", args=["nos-risques"])]
    adresses += [reverse("risques:version-export", args=[version.pk, "json"])]
    assert [connecte(cheffe).get(a).status_code for a in adresses] == [404] * 3
    assert [connecte(admin).get(a).status_code for a in adresses] == [200] * 3
    assert "Nos risques" not in lue(cheffe, LISTE) and "Nos risques" in lue(admin, LISTE)


def test_la_liste_montre_une_ligne_par_portee_et_dit_de_qui(grappe: Grappe, cheffe: Utilisateur) -> None:
    admin = affecter(Role.ADMIN)
    for pour, par in ((None, admin), (grappe, cheffe)):
        for note in ("Un", "Deux"):
            version = services.charger_definition(definir(petit(note=note)), grappe=pour, par=par)
            changer_etat(version, "publier", par=par)
    charger(petit(note="Trois"), grappe, cheffe)
    lignes = lignes_csv(connecte(cheffe).get(f"{LISTE}?format=csv&tri=de_qui"))
    assert [ligne[:7] for ligne in lignes[1:]] == [
        ["Nos risques", "Risques du projet", "Rives", "2", "Publiée", "3", "5"],
        ["Nos risques", "Risques du projet", "Treille", "2", "Publiée", "3", "5"],
    ]


@pytest.mark.parametrize(
    ("criteres", "attendus"),
    [
        ("", "Effets Nos Risques"),
        ("?objet=effets", "Effets"),
        ("?de=treille", "Risques"),
        ("?de=grappe", "Effets Nos"),
        ("?etat=brouillon", "Nos"),
        ("?etat=retiree", "Effets"),
        ("?recherche=rísques", "Nos Risques"),
        ("?tri=-nom", "Risques Nos Effets"),
        ("?tri=etat", "Risques Effets Nos"),
        ("?tri=-nb_questions", "Effets Nos Risques"),
        ("?tri=duree_minutes", "Effets Nos Risques"),
    ],
)
def test_chaque_filtre(grappe: Grappe, cheffe: Utilisateur, criteres: str, attendus: str) -> None:
    charger(petit(), grappe, cheffe)
    version_publiee(questionnaire=QuestionnaireFactory(code="r", nom="Risques"), grappe=None, questions=None)
    version = version_publiee(questionnaire=QuestionnaireFactory(code="e", nom="Effets", objet="effets"), grappe=grappe)
    changer_etat(version, "retirer", par=cheffe, motif="essai")
    if "nb_questions" in criteres or "duree" in criteres:
        # Quatre, quatre et trois questions ; le tri du nombre est départagé par le nom.
        attendus = "Effets Risques Nos" if "nb" in criteres else "Nos Effets Risques"
    noms = [v.questionnaire.nom.split()[0] for v in connecte(cheffe).get(LISTE + criteres).context["liste"].table.data]
    assert noms == attendus.split()


def test_la_version_dit_son_sens_ses_etoiles_et_ses_conditions(grappe: Grappe, cheffe: Utilisateur) -> None:
    brut = petit(objet="prediagnostic", note="Ce n'est pas le texte d'un autre.")
    brut["sections"][0]["questions"][0] |= {"etoilee": True, "poids": 2.5, "sans_objet": False}
    brut["sections"][1]["questions"][0] |= {"sens": "favorable"}
    page = lue(cheffe, page_de(charger(brut, grappe, cheffe))).replace("&#x27;", "'")
    for mots in (
        "Plus la note est haute, plus le changement est grand",
        "Plus la note est haute, plus le changement est petit",
        "étoilée", "Poids 2,5", "« Sans objet » n’est pas permis", "Posée si la note de A1 est d'au moins 7",
        "Échelle : 0 à 3", "Ce n'est pas le texte d'un autre.",
    ):  # fmt: skip
        assert mots in page, mots


def test_le_detail_distingue_les_versions_et_nomme_les_campagnes(grappe: Grappe, cheffe: Utilisateur) -> None:
    une = charger(petit(), grappe, cheffe)
    changer_etat(une, "publier", par=cheffe)
    campagne = campagne_ouverte(grappe=grappe, creee_par=cheffe, version_posee=une, nom="Avant l'été")
    brut = petit()
    brut["sections"][0]["questions"][0]["enonce"] = "Qui décide ?"
    charger(brut, grappe, cheffe)
    adresse = reverse("risques:questionnaire-detail", args=["nos-risques"])
    page = lue(cheffe, adresse)
    assert "1 reformulée" in page and "depuis la version 1" in page and "Avant l&#x27;été" in page
    assert f"{IMPORTER}?code=nos-risques" in page
    membre = affecter(Role.MEMBRE, grappe)
    assert str(campagne.nom).split()[0] in lue(membre, adresse) and IMPORTER not in lue(membre, adresse)


def test_deux_versions_se_lisent_pendant_qu_on_repond_a_la_premiere(grappe: Grappe, cheffe: Utilisateur) -> None:
    une = charger(petit(), grappe, cheffe)
    changer_etat(une, "publier", par=cheffe)
    campagne = campagne_ouverte(grappe=grappe, creee_par=cheffe, version_posee=une)
    grille_de(cheffe, campagne.evaluations.get(), {"A1": 4})
    brut = petit()
    brut["sections"][0]["questions"][0]["enonce"] = "Tout autrement dit ?"
    deux = charger(brut, grappe, cheffe)
    publier = reverse("programme:passage", args=["versionquestionnaire", deux.pk, "publier"])
    assert "Ses questions ne changeront plus" in lue(cheffe, publier)
    assert connecte(cheffe).post(publier, {"version": 0, "date_effet": timezone.localdate()}).status_code == 302
    assert "Où en est A1 ?" in lue(cheffe, page_de(une)) and "Tout autrement dit ?" not in lue(cheffe, page_de(une))
    assert "Tout autrement dit ?" in lue(cheffe, page_de(deux))
    campagne.refresh_from_db()
    assert (campagne.etat, campagne.version_posee_id) == ("ouverte", une.pk)


def test_le_choix_de_comparer_se_fait_avant_de_publier(grappe: Grappe, cheffe: Utilisateur) -> None:
    changer_etat(charger(petit(), grappe, cheffe), "publier", par=cheffe)
    deux = charger(petit(note="Deux"), grappe, cheffe)
    client = connecte(cheffe)
    assert "se comparent à celles des versions d’avant, depuis la version 1" in lue(cheffe, page_de(deux))
    reponse = client.post(page_de(deux), {"comparable": "non"}, follow=True)
    assert "ne se comparera qu&#x27;à elle-même" in reponse.content.decode()
    assert VersionQuestionnaire.objects.get(pk=deux.pk).comparable_depuis is None
    client.post(page_de(deux), {"comparable": "oui"})
    assert VersionQuestionnaire.objects.get(pk=deux.pk).comparable_depuis == 1
    assert "Dites si ses réponses" in client.post(page_de(deux), {}, follow=True).content.decode()
    changer_etat(deux, "publier", par=cheffe)
    reponse = client.post(page_de(deux), {"comparable": "non"}, follow=True)
    assert "ne change plus" in reponse.content.decode()
    assert VersionQuestionnaire.objects.get(pk=deux.pk).comparable_depuis == 1
    membre = affecter(Role.MEMBRE, grappe)
    assert connecte(membre).post(page_de(deux), {"comparable": "non"}).status_code == 403


def test_la_liste_et_les_pages_ont_un_nombre_constant_de_requetes(grappe: Grappe, cheffe: Utilisateur) -> None:
    def versions(n: int) -> None:
        for _ in range(n):
            code = f"q-{Questionnaire.objects.count()}"
            VersionFactory(questionnaire=QuestionnaireFactory(code=code, nom=code), grappe=grappe)

    exiger_requetes_constantes(connecte(cheffe), LISTE, versions)


def test_le_detail_a_un_nombre_constant_de_requetes(grappe: Grappe, cheffe: Utilisateur) -> None:
    def suivantes(n: int) -> None:
        for _ in range(n):
            version = charger(petit(), grappe, cheffe)
            changer_etat(version, "publier", par=cheffe)
            campagne_ouverte(grappe=grappe, creee_par=cheffe, version_posee=version)

    exiger_requetes_constantes(connecte(cheffe), "/questionnaires/nos-risques/", suivantes)


def test_une_version_a_un_nombre_constant_de_requetes(grappe: Grappe, cheffe: Utilisateur) -> None:
    brut = petit()

    def questions(n: int) -> None:
        deja = len(brut["sections"][1]["questions"])
        nouvelles = [{"code": f"B{r}", "enonce": f"Et {r} ?"} for r in range(deja + 1, deja + n + 1)]
        brut["sections"][1]["questions"] += nouvelles
        charger(brut, grappe, cheffe)

    questions(1)
    changer_etat(VersionQuestionnaire.objects.get(), "publier", par=cheffe)
    questions(1)
    adresse = page_de(VersionQuestionnaire.objects.brouillons().get())
    exiger_requetes_constantes(connecte(cheffe), adresse, questions)


# --- emporter ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("forme", ["xlsx", "json"])
def test_emporter_puis_rapporter_ne_change_rien(grappe: Grappe, cheffe: Utilisateur, forme: str) -> None:
    version = charger(petit(), grappe, cheffe)
    changer_etat(version, "publier", par=cheffe)
    reponse = connecte(cheffe).get(reverse("risques:version-export", args=[version.pk, forme]))
    assert f"nos-risques-version-1.{forme}" in reponse["Content-Disposition"]
    page = deposer(cheffe, reponse.content, f"q.{forme}").content.decode()
    assert "le fichier dit la même chose que la base" in page and dernier().resultat["a_ecrire"] == 0


def test_un_autre_format_n_existe_pas(grappe: Grappe, cheffe: Utilisateur) -> None:
    version = charger(petit(), grappe, cheffe)
    assert connecte(cheffe).get(reverse("risques:version-export", args=[version.pk, "odt"])).status_code == 404


def test_une_formule_apportee_ne_s_execute_nulle_part(grappe: Grappe, cheffe: Utilisateur) -> None:
    brut = petit()
    brut["sections"][0]["questions"][0] |= {"enonce": CALCUL, "action": CALCUL}
    deposer(cheffe, json.dumps(brut).encode())
    rapport = dernier().rapport.read().decode("utf-8-sig")
    assert [ligne[3] for ligne in csv.reader(io.StringIO(rapport), delimiter=";")][1] == f"'{CALCUL}"
    confirmer(dernier(), par=cheffe)
    version = VersionQuestionnaire.objects.get()
    assert Question.objects.get(code="A1").enonce == CALCUL
    livre = load_workbook(
        io.BytesIO(connecte(cheffe).get(reverse("risques:version-export", args=[version.pk, "xlsx"])).content)
    )
    cases = [case for rangee in livre["Questions"].iter_rows() for case in rangee if case.value == CALCUL]
    assert len(cases) == 2 and {case.data_type for case in cases} == {"s"}
    vierge = connecte(cheffe).get(reverse("risques:version-vierge", args=[version.pk]))
    assert vierge.content.startswith(b"%PDF") and vierge["Content-Type"] == "application/pdf"


# --- apporter ------------------------------------------------------------------------------------------------------


def test_apporter_relire_publier(grappe: Grappe, cheffe: Utilisateur) -> None:
    page = deposer(cheffe, ecrire_classeur(definir(petit())), "q.xlsx").content.decode()
    assert "Ce sera le brouillon de la version 1, pour la grappe Rives" in page and "Rien n’est encore écrit" in page
    assert "3 créés" in page and comptes() == (0, 0, 0, 0)
    confirmation = reverse("programme:travail-confirmer", args=[dernier().pk])
    page = connecte(cheffe).post(confirmation, follow=True).content.decode()
    version = VersionQuestionnaire.objects.get()
    assert "Relire et publier" in page and page_de(version) in page
    assert (version.etat, version.creee_par, version.grappe) == (EtatVersion.BROUILLON, cheffe, grappe)


def test_l_apercu_dit_le_brouillon_remplace_la_duree_le_nom_et_la_comparaison(
    grappe: Grappe, cheffe: Utilisateur
) -> None:
    changer_etat(charger(petit(), grappe, cheffe), "publier", par=cheffe)
    charger(petit(note="À remplacer"), grappe, cheffe)
    brut = petit(nom="Autre nom")
    brut["sections"][1]["questions"].append({"code": "B2", "enonce": "Et encore ?"})
    deposer(cheffe, json.dumps(brut).encode())
    annonces = " ".join(dernier().resultat["annonces"])
    for mots in (
        "Ce sera le brouillon de la version 2", "Il remplace le brouillon de la version 2, qui a 3 questions",
        "ne dit pas la durée : 6\u00a0min", "Le nom reste « Nos risques »", "Face à la version 1, publiée : 1 ajoutée",
        "Treille propose de comparer",
    ):  # fmt: skip
        assert mots in annonces, mots
    brut["sections"][0]["questions"][0]["maximum"] = 8
    deposer(cheffe, json.dumps(brut).encode())
    assert "1 question commune change d'échelle ou de sens (A1)" in " ".join(dernier().resultat["annonces"])


def test_les_questions_retirees_se_disent(grappe: Grappe, cheffe: Utilisateur) -> None:
    changer_etat(charger(petit(), grappe, cheffe), "publier", par=cheffe)
    brut = petit(duree_minutes=5)
    del brut["sections"][0]["questions"][1]
    page = deposer(cheffe, json.dumps(brut).encode()).content.decode()
    assert "1 fermé" in page and "les réponses déjà données se lisent toujours" in page.replace("’", "'")


def test_un_csv_prend_ses_rubriques_de_la_page(grappe: Grappe, cheffe: Utilisateur) -> None:
    contenu = en_csv("A;Décider;A1;Qui décide ?;;", "A;;A2;Qui le dit ?;2;")
    deposer(cheffe, contenu, "q.csv")
    assert [raison for _, raison in raisons(dernier())][0].startswith("Le code du questionnaire est vide")
    deposer(cheffe, contenu, "q.csv", **RUBRIQUES)
    confirmer(dernier(), par=cheffe)
    assert services.definition_de(VersionQuestionnaire.objects.get()).nom == "Nos risques"


def fautif(changer: Callable[[dict[str, Any]], Any]) -> bytes:
    brut = cent_points()
    changer(brut)
    return json.dumps(brut, indent=1).encode()


@pytest.mark.parametrize(
    ("contenu", "nom", "attendues"),
    [
        (
            fautif(lambda b: b["sections"][2]["questions"].pop()),
            "q.json",
            ["La section C (Section C) a 9 questions, et « risques-100-points » en veut 10"],
        ),
        (
            en_csv("A;Décider;A1;Qui ?;0;", "A;;A1;Quoi ?;1;montant", "A;;A2;=1+1;1;favorable", "A;;A3;Où ?;-1;"),
            "q.csv",
            ["Le poids de la question A1 doit être un nombre plus grand que 0",
             "« A1 » est là deux fois, ligne 2 et ligne 3",
             "Le sens de la question A1 « montant » n'est pas dans la liste", "contient une formule",
             "Le poids de la question A3 doit être"],
        ),
        (
            en_csv("A;Décider;A1;\"=cmd|'/c calc'!A1\";1;"),
            "q.csv",
            ["La case D2 contient une formule"],
        ),
        (
            en_csv(*(f"A;S;A{n};Question {n} ?;1;" for n in range(3_000))),
            "q.csv",
            ["Le tableau a plus de 1\u202f000 lignes"],
        ),
        (b"{ pas du json", "q.json", ["Le JSON est mal écrit"]),
        (b"PK\x03\x04pas un classeur", "q.xlsx", ["classeur"]),
    ],
)  # fmt: skip
def test_une_mauvaise_entree_se_dit_et_n_ecrit_rien(
    grappe: Grappe, cheffe: Utilisateur, contenu: bytes, nom: str, attendues: list[str]
) -> None:
    version_publiee(grappe=grappe)
    avant = comptes()
    page = deposer(cheffe, contenu, nom, **RUBRIQUES)
    travail = dernier()
    dites = [raison for _, raison in raisons(travail)]
    assert len(dites) == len(attendues), dites
    for mots in attendues:
        assert any(mots in raison for raison in dites), (mots, dites)
    assert "rien ne s’écrit tant qu’il en reste une" in page.content.decode()
    assert travail.resultat["a_ecrire"] == 0
    reponse = connecte(cheffe).post(reverse("programme:travail-confirmer", args=[travail.pk]), follow=True)
    assert "Il n&#x27;y a rien à confirmer ici" in reponse.content.decode()
    assert comptes() == avant


def test_chaque_faute_a_sa_ligne(grappe: Grappe, cheffe: Utilisateur) -> None:
    deposer(cheffe, en_csv("A;Décider;A1;Qui ?;0;", "A;;A2;Quoi ?;1;montant"), "q.csv", **RUBRIQUES)
    assert [ligne for ligne, _ in raisons(dernier())] == [2, 3]


def test_un_nir_n_est_pas_garde(grappe: Grappe, cheffe: Utilisateur) -> None:
    brut = petit()
    brut["sections"][0]["questions"][0]["aide"] = f"Demander à {NIR}"
    reponse = deposer(cheffe, json.dumps(brut).encode())
    assert reponse.status_code == 422 and "NIR" in reponse.content.decode()
    assert not Travail.objects.exists() and comptes() == (0, 0, 0, 0)


def test_le_code_d_un_autre_cercle_est_refuse_sans_rien_en_dire(grappe: Grappe, cheffe: Utilisateur) -> None:
    ailleurs = GrappeFactory()
    charger(petit(nom="Secret d'une voisine"), ailleurs, cheffe_de(ailleurs))
    page = deposer(cheffe, ecrire_json(definir(petit()))).content.decode()
    assert "déjà celui d&#x27;un questionnaire d&#x27;un autre cercle" in page and "Secret" not in page
    assert dernier().resultat["a_ecrire"] == 0


def test_on_n_apporte_que_pour_les_siens(grappe: Grappe, cheffe: Utilisateur) -> None:
    autre = GrappeFactory()
    for pour in (str(autre.pk), "treille", "abc", ""):
        reponse = deposer(cheffe, ecrire_json(definir(petit())), pour=pour)
        assert reponse.status_code == 422, pour
    admin = affecter(Role.ADMIN)
    assert deposer(admin, ecrire_json(definir(petit())), pour="treille").status_code == 200
    confirmer(dernier(), par=admin)
    assert VersionQuestionnaire.objects.get().grappe is None
    assert connecte(directrice_de(ParcoursFactory(grappe=grappe))).get(IMPORTER).status_code == 403


def test_un_apercu_perime_n_ecrit_rien(grappe: Grappe, cheffe: Utilisateur) -> None:
    deposer(cheffe, ecrire_json(definir(petit())))
    apercu = dernier()
    charger(petit(note="Entre-temps"), grappe, cheffe)
    page = connecte(cheffe).post(reverse("programme:travail-confirmer", args=[apercu.pk]), follow=True)
    assert "Les données ont changé depuis l&#x27;aperçu" in page.content.decode()
    assert VersionQuestionnaire.objects.get().note == "Entre-temps"


def test_partir_d_un_questionnaire_prepare_la_page(grappe: Grappe, cheffe: Utilisateur) -> None:
    version = charger(petit(), grappe, cheffe)
    changer_etat(version, "publier", par=cheffe)
    page = lue(cheffe, f"{IMPORTER}?code=nos-risques")
    assert 'value="nos-risques"' in page and reverse("risques:version-export", args=[version.pk, "xlsx"]) in page
    assert lue(cheffe, f"{IMPORTER}?code=inconnu").count("Partir de la version") == 0


def test_la_barre_dit_ou_l_on_est_et_les_listes_voisines_se_nomment(grappe: Grappe, cheffe: Utilisateur) -> None:
    version = charger(petit(), grappe, cheffe)
    adresses = [LISTE, IMPORTER, page_de(version), reverse("risques:questionnaire-detail", args=["nos-risques"])]
    adresses.append(reverse("programme:passage", args=["versionquestionnaire", version.pk, "publier"]))
    for adresse in adresses:
        navigation = connecte(cheffe).get(adresse).context["navigation"]
        assert [e["libelle"] for e in navigation if e["courant"]] == ["Grappes"], adresse
    onglets = connecte(cheffe).get(LISTE).context["liste"].onglets
    assert [(o["libelle"], o["courant"]) for o in onglets] == [
        ("Registre des risques", False),
        ("Campagnes", False),
        ("Questionnaires", True),
    ]
