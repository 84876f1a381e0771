"""Les pages des études : qui les ouvre, ce qu'elles disent, ce qu'on y saisit sans écrire de JSON."""

from typing import Any

import pytest
from django.urls import reverse

from tests.aides import connecte, exiger_requetes_constantes, lignes_csv, nb_requetes
from tests.fabriques import GrappeFactory, ParcoursFactory, UtilisateurFactory, cheffe_de, directrice_de
from tests.usages.monographies.fabriques import EtudeFactory, equiper, passer
from tests.usages.monographies.mondes import Monde, lire, monde, trois_structures
from usages.enums import GenreEtape, RoleEtude
from usages.models import EtapeEtude, Etude
from usages.services.etudes import etapes as services
from usages.services.etudes.entonnoir import derouler_etude

pytestmark = pytest.mark.django_db


def page(nom: str, *args: Any) -> str:
    return reverse(f"usages:{nom}", args=args)


@pytest.fixture
def publie() -> Monde:
    return monde(publie=True)


def d_etude(etude: Etude) -> list[str]:
    """Les pages que lit toute l'équipe."""
    noms = ("etude-detail", "etude-equipe", "etude-base", "etude-entonnoir", "etude-entonnoir-csv")
    return [*(page(nom, etude.pk) for nom in noms), page("etude-pourquoi", etude.pk, "grappe:001")]


def de_conduite(etude: Etude) -> list[str]:
    """Celles de qui pilote."""
    etape, exceptions = etude.etapes.get(code="prerequis"), etude.etapes.get(code="exceptions")
    return [
        page("etude-modifier", etude.pk),
        *(page("etape-creer", etude.pk, genre) for genre in GenreEtape.values),
        *(page(f"etape-{verbe}", etape.pk) for verbe in ("modifier", "figer", "rouvrir", "retirer")),
        page("etape-exceptions", exceptions.pk),
        page("etape-noter", etude.etapes.get(code="projets").pk),
        page("equipier-retirer", etude.equipe.first().pk),
    ]


def test_qui_ouvre_quoi(publie: Monde) -> None:
    for compte, code_lecture, code_conduite in (
        (publie.pilote, 200, 200),
        (publie.auteur, 200, 403),
        (publie.lecteur, 200, 403),
        (publie.dehors, 404, 404),
    ):
        client = connecte(compte)
        for url in d_etude(publie.etude):
            assert client.get(url).status_code == code_lecture, (compte, url)
        for url in de_conduite(publie.etude):
            assert client.get(url).status_code == code_conduite, (compte, url)


def test_un_lecteur_n_ecrit_rien(publie: Monde) -> None:
    client, etude = connecte(publie.lecteur), publie.etude
    etape = etude.etapes.get(code="og")
    envois = [
        (page("etude-base", etude.pk), {}),
        (page("etude-equipe", etude.pk), {"identifiant": "x", "role": "lecteur"}),
        (page("etude-modele", etude.pk), {}),
        (page("etape-prendre", etape.pk), {}),
        (page("etape-figer", etape.pk), {}),
    ]
    avant = list(etude.etapes.values_list("pk", "figee_le"))
    for url, corps in envois:
        assert client.post(url, corps).status_code == 403, url
    assert list(etude.etapes.values_list("pk", "figee_le")) == avant


def test_la_liste_vide_dit_quoi_faire() -> None:
    assert "Commencer une étude" in lire(cheffe_de(GrappeFactory()), page("etude-liste"))
    directrice = directrice_de(ParcoursFactory())
    texte = lire(directrice, page("etude-liste"))
    assert "demandez à qui la pilote" in texte and "Commencer une étude" not in texte
    assert connecte(directrice).get(page("etude-creer")).status_code == 403


def test_la_liste_cherche_filtre_et_dit_son_role(publie: Monde) -> None:
    autre = EtudeFactory(titre="Habitat inclusif")
    equiper(autre, publie.pilote, RoleEtude.LECTEUR)
    url = page("etude-liste")
    tout = lire(publie.pilote, url)
    assert "Habitat inclusif" in tout and str(publie.etude) in tout and "7 étapes" in tout
    for reduite in (f"{url}?recherche=habitat", f"{url}?role=lecteur"):
        texte = lire(publie.pilote, reduite)
        assert "Habitat inclusif" in texte and str(publie.etude) not in texte, reduite
    assert "Habitat inclusif" not in lire(publie.dehors, url)


def test_commencer_une_etude_mene_a_sa_page() -> None:
    cheffe = cheffe_de(GrappeFactory())
    reponse = connecte(cheffe).post(page("etude-creer"), {"titre": "Ce que change le DUI"})
    etude = Etude.objects.get()
    assert reponse.url == page("etude-detail", etude.pk)
    texte = lire(cheffe, reponse.url)
    assert "La question n’est pas encore écrite" in texte and "Écrire la question" in texte
    assert connecte(cheffe).post(page("etude-creer"), {"titre": ""}).status_code == 422


def test_l_equipe_se_change_sur_sa_page(publie: Monde) -> None:
    client, url, compte = connecte(publie.pilote), page("etude-equipe", publie.etude.pk), UtilisateurFactory()
    assert client.post(url, {"identifiant": "inconnu", "role": "lecteur"}).status_code == 422
    assert client.post(url, {"identifiant": compte.identifiant, "role": "lecteur"}).status_code == 302
    equipier = publie.etude.equipe.get(compte=compte)
    client.post(url, {"equipier": equipier.pk, "role": "auteur"})
    equipier.refresh_from_db()
    assert equipier.role == RoleEtude.AUTEUR
    pilote = publie.etude.equipe.get(compte=publie.pilote)
    client.post(url, {"equipier": pilote.pk, "role": "lecteur"})
    assert "garde toujours un pilote" in client.get(url).content.decode()
    reponse = client.post(page("equipier-retirer", pilote.pk))
    assert reponse.status_code == 422 and "garde toujours un pilote" in reponse.content.decode()
    client.post(page("equipier-retirer", equipier.pk))
    assert not publie.etude.equipe.filter(compte=compte).exists()


# --- l'entonnoir -----------------------------------------------------------------------------------------------------


def test_l_entonnoir_dit_chaque_etape_et_chaque_raison(publie: Monde) -> None:
    texte = lire(publie.lecteur, page("etude-entonnoir", publie.etude.pk))
    for attendu in (
        "111 grappes → 39 grappes",
        "39 grappes → 44 OG",
        "hors Hexagone",
        "Réadmises, 9",
        "Trop peu de projets du domicile (malgré",
        "gardée exprès, une note moyenne",
        "6 projets → 5 projets",
        "prérequis levés : « Projet d'acquisition » et « VSR signée »",
    ):
        assert attendu in texte, attendu
    assert "Figer" not in texte and "Ajouter une étape" not in texte


def test_une_longue_liste_se_lit_par_pages(publie: Monde) -> None:
    url = page("etude-entonnoir", publie.etude.pk)
    premiere = lire(publie.lecteur, f"{url}?etape=prerequis&quoi=ecartees")
    assert "72 unités, de 1 à 50" in premiere and "Page suivante" in premiere
    assert "de 51 à 72" in lire(publie.lecteur, f"{url}?etape=prerequis&quoi=ecartees&page=2")
    lire(publie.lecteur, f"{url}?etape=inconnue", 404)


def test_le_chemin_d_une_unite(publie: Monde) -> None:
    texte = lire(publie.lecteur, page("etude-pourquoi", publie.etude.pk, "projet:P51"))
    assert "Au bout de l’entonnoir" in texte and "Grappe 015" in texte and "premier de son secteur" in texte
    assert "66,0" not in texte and "66.0" not in texte
    ecartee = lire(publie.lecteur, page("etude-pourquoi", publie.etude.pk, "grappe:111"))
    assert "écartée :" in ecartee and "Au bout" not in ecartee
    lire(publie.lecteur, page("etude-pourquoi", publie.etude.pk, "grappe:999"), 404)


def test_l_entonnoir_s_emporte(publie: Monde) -> None:
    reponse = connecte(publie.lecteur).get(page("etude-entonnoir-csv", publie.etude.pk))
    lignes = lignes_csv(reponse)
    assert lignes[0][:2] == ["Étape", "Unité"]
    assert sum(ligne[0] == "Prérequis" for ligne in lignes) == 111
    assert [ligne[1] for ligne in lignes if ligne[0] == "Quotas" and ligne[4] == "retenu"][0] == "Projet 51"


def test_un_esms_ferme_se_signale_avec_son_suivant() -> None:
    lieu = monde()
    premier, _, troisieme = trois_structures(lieu)
    premier.esms.est_actif = False
    premier.esms.save()
    for nom in ("etude-entonnoir", "etude-detail"):
        texte = lire(lieu.lecteur, page(nom, lieu.etude.pk))
        assert f"{premier.esms} : a fermé depuis la sélection" in texte
        assert f">{troisieme.esms.nom}</a>" in texte


def test_figer_puis_rouvrir_par_les_pages(publie: Monde) -> None:
    client, etape = connecte(publie.pilote), publie.etude.etapes.get(code="prerequis")
    suivante = publie.etude.etapes.get(code="og")
    refus = client.post(page("etape-figer", suivante.pk))
    assert refus.status_code == 422 and "Figez d&#x27;abord" in refus.content.decode()
    assert client.post(page("etape-figer", etape.pk)).status_code == 302
    assert client.get(page("etape-modifier", etape.pk)).status_code == 302
    texte = lire(publie.pilote, page("etude-entonnoir", publie.etude.pk))
    assert "figée le" in texte and "Rouvrir" in texte
    assert client.post(page("etape-rouvrir", etape.pk), {"motif": ""}).status_code == 422
    client.post(page("etape-rouvrir", etape.pk), {"motif": "Une région oubliée"})
    assert "Une région oubliée" in lire(publie.pilote, page("etude-entonnoir", publie.etude.pk))


# --- écrire une étape sans écrire de JSON ----------------------------------------------------------------------------


def relues(client: Any, url: str) -> dict[str, Any]:
    """Ce qu'un navigateur renverrait de ce formulaire, sans rien y changer."""
    formulaire = client.get(url).context["formulaire"]
    valeurs = {c.html_name: c.value() for c in formulaire}
    return {nom: v for nom, v in valeurs.items() if v not in (None, False)}


def test_enregistrer_sans_rien_changer_ne_change_rien(publie: Monde) -> None:
    client, avant = connecte(publie.pilote), derouler_etude(publie.etude)
    for etape in publie.etude.etapes.all():
        url = page("etape-modifier", etape.pk)
        reponse = client.post(url, relues(client, url))
        assert reponse.status_code == 302, (etape, reponse.context["formulaire"].errors)
    apres = derouler_etude(publie.etude)
    assert [r.en_donnees() for r in apres.entonnoir.resultats] == [r.en_donnees() for r in avant.entonnoir.resultats]


def test_ecrire_des_prerequis_par_leurs_mots(publie: Monde) -> None:
    client, url = connecte(publie.pilote), page("etape-creer", publie.etude.pk, "filtre")
    saisie = {
        "titre": "Domicile et enfants",
        "p-0-libelle": "Du domicile ou enfants",
        "p-0-regle": "parmi",
        "p-0-fait": "secteur",
        "p-0-valeurs": "Domicile; Handicap, enfants",
        "p-0-sinon": "d'un autre secteur",
    }
    reponse = client.post(url, saisie)
    assert reponse.status_code == 302
    etape = EtapeEtude.objects.get(titre="Domicile et enfants")
    assert etape.code == "domicile-et-enfants"
    (prerequis,) = etape.definition["prerequis"]
    assert prerequis["parametres"] == {"fait": "secteur", "valeurs": ["DOMICILE", "PH_ENFANT"]}
    assert derouler_etude(publie.etude).entonnoir.resultats[-1].en_clair == "5 projets → 2 projets"
    assert client.post(url, saisie).status_code == 422, "deux étapes de même code"


@pytest.mark.parametrize(
    ("saisie", "champ"),
    [
        ({"p-0-libelle": "VSR signée"}, "p-0-regle"),
        ({"p-0-libelle": "VSR signée", "p-0-regle": "est_vrai"}, "p-0-fait"),
        ({"p-0-libelle": "Gros", "p-0-regle": "au_moins", "p-0-fait": "total"}, "p-0-seuil"),
        ({"p-0-libelle": "Là", "p-0-regle": "parmi", "p-0-fait": "region"}, "p-0-valeurs"),
        ({"p-0-regle": "parmi", "p-0-fait": "region"}, "p-0-libelle"),
        ({}, "p-0-libelle"),
    ],
)
def test_un_prerequis_incomplet_se_dit_sous_son_champ(publie: Monde, saisie: dict[str, str], champ: str) -> None:
    url = page("etape-creer", publie.etude.pk, "filtre")
    reponse = connecte(publie.pilote).post(url, {"titre": "Essai"} | saisie)
    assert reponse.status_code == 422 and champ in reponse.context["formulaire"].errors


def test_ecrire_une_selection(publie: Monde) -> None:
    client, url = connecte(publie.pilote), page("etape-creer", publie.etude.pk, "selection")
    saisie = {
        "titre": "Trois",
        "places": 3,
        "c-0-fait": "motivation",
        "c-0-sur": 5,
        "c-0-poids": 10,
        "d-0-fait": "total",
        "q-0-fait_valeur": "secteur=DOMICILE",
        "q-0-nombre": 1,
        "m-0-fait": "region",
        "m-0-au_plus": 1,
        "m-0-libelle": "de la même région",
        "g-0-ref": "projet:P10",
        "g-0-motif": "Un déploiement difficile",
    }
    assert client.post(url, saisie | {"g-0-motif": ""}).status_code == 422
    assert client.post(url, saisie).status_code == 302
    resultat = derouler_etude(publie.etude).entonnoir.resultats[-1]
    assert len(resultat.sorties) == 3 and "projet:P10" in {u.ref for u in resultat.sorties}
    trop = client.post(url, saisie | {"titre": "Trop", "q-0-nombre": 4})
    assert trop.status_code == 422 and "Les quotas demandent 4 places" in trop.content.decode()


def test_deux_pilotes_sur_une_etape_la_saisie_du_second_est_gardee(publie: Monde) -> None:
    client, etape = connecte(publie.pilote), publie.etude.etapes.get(code="prerequis")
    url = page("etape-modifier", etape.pk)
    saisie = relues(client, url) | {"titre": "Ma version"}
    services.modifier_etape(
        etape=etape, titre="La sienne", code="prerequis", definition=etape.definition, par=publie.pilote
    )
    reponse = client.post(url, saisie)
    assert reponse.status_code == 409 and "Ma version" in reponse.content.decode()
    client.post(url, saisie | {"vu": reponse.context["formulaire"]["vu"].value()})
    etape.refresh_from_db()
    assert etape.titre == "Ma version"


def test_une_etape_se_place_et_des_exceptions_se_choisissent_aussitot(publie: Monde) -> None:
    client, url = connecte(publie.pilote), page("etape-creer", publie.etude.pk, "exceptions")
    rang = publie.etude.etapes.get(code="og").rang
    reponse = client.post(url, {"titre": "Outre-mer", "de": "prerequis", "apres": rang})
    etape = EtapeEtude.objects.get(code="outre-mer")
    assert etape.rang == rang + 1 and reponse.url == page("etape-exceptions", etape.pk)
    assert connecte(publie.pilote).get(page("etape-creer", monde().etude.pk, "exceptions")).status_code == 404
    vide = monde()
    assert connecte(vide.pilote).get(page("etape-creer", vide.etude.pk, "exceptions")).status_code == 302
    assert connecte(vide.pilote).get(page("etape-creer", vide.etude.pk, "planete")).status_code == 404


def test_readmettre_et_retirer_par_la_page(publie: Monde) -> None:
    etape = publie.etude.etapes.get(code="exceptions")
    client, url = connecte(publie.pilote), page("etape-exceptions", etape.pk)
    assert client.post(url, {"refs": ["grappe:049"], "motif": ""}).status_code == 422
    client.post(url, {"refs": ["grappe:049"], "motif": "Seule de sa région"})
    assert "Seule de sa région" in lire(publie.pilote, url)
    client.post(url, {"retirer": "grappe:049"})
    assert "Seule de sa région" not in lire(publie.pilote, url)


def test_partir_du_modele_puis_noter(publie: Monde) -> None:
    lieu = monde()
    client, entonnoir = connecte(lieu.pilote), page("etude-entonnoir", lieu.etude.pk)
    assert "Prendre la base" in lire(lieu.pilote, entonnoir)
    assert client.post(page("etude-base", lieu.etude.pk), {}).status_code == 302
    assert "Partir de l’entonnoir de la CNSA" in lire(lieu.pilote, entonnoir)
    client.post(page("etude-modele", lieu.etude.pk))
    assert lieu.etude.etapes.count() == 7
    etape = publie.etude.etapes.get(code="projets")
    connecte(publie.pilote).post(page("etape-noter", etape.pk), {"n-0-motivation": 5, "n-0-transmission": 1})
    noms = [u.ref for u in derouler_etude(publie.etude).resultat("projets").sorties]  # type: ignore[union-attr]
    unites = {f"projet:{u['cle']}": u["faits"] for u in EtapeEtude.objects.get(pk=etape.pk).definition["unites"]}
    assert unites[noms[0]]["motivation"] == 5


def test_une_etude_close_se_lit_sans_un_bouton(publie: Monde) -> None:
    passer(publie.etude, publie.pilote, "lancer", "clore")
    texte = lire(publie.pilote, page("etude-entonnoir", publie.etude.pk))
    assert "111 grappes" in texte and "Modifier" not in texte
    reponse = connecte(publie.pilote).post(
        page("etude-modifier", publie.etude.pk), {"titre": "Autre", "question": "Quoi ?"}
    )
    assert reponse.status_code == 422 and "close" in reponse.content.decode()


# --- requêtes --------------------------------------------------------------------------------------------------------


def test_la_liste_demande_autant_de_requetes_a_une_qu_a_cinquante() -> None:
    lieu = monde()

    def peupler(n: int) -> None:
        for _ in range(n):
            etude = EtudeFactory(creee_par=lieu.pilote)
            equiper(etude, lieu.pilote)

    exiger_requetes_constantes(connecte(lieu.pilote), page("etude-liste"), peupler)


@pytest.mark.parametrize("nom", ["etude-detail", "etude-entonnoir", "etude-entonnoir-csv"])
def test_l_entonnoir_demande_autant_de_requetes_a_une_etape_qu_a_cinquante(nom: str) -> None:
    lieu = monde()
    trois_structures(lieu)
    client, url = connecte(lieu.pilote), page(nom, lieu.etude.pk)
    a_une = nb_requetes(client, url)
    for n in range(49):
        services.ecrire_etape(
            etude=lieu.etude,
            genre=GenreEtape.FILTRE,
            titre=f"Filtre {n}",
            definition={"prerequis": []},
            par=lieu.pilote,
        )
    assert nb_requetes(client, url) == a_une
