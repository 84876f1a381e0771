"""Importer des tickets : ce qui s'écrit, ce qui se met de côté avec la raison, ce qui ne change pas la seconde fois."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from tests.fabriques import ParcoursFactory
from tests.usages.fabriques import IrritantFactory
from tests.usages.tickets.aides import ENTETES, Decor, comparer, csv_de, decor, importer, ligne, rejets
from usages.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def d() -> Decor:
    return decor()


def test_un_export_s_ecrit_puis_ne_change_plus_rien(d: Decor) -> None:
    contenu = csv_de(
        ligne(d, "T-1", bloquant="Bloquant", traite_le="05/03/2026", ferme_le="09/03/2026"),
        ligne(d, "T-2", esms="MAS Les Vergers", bloquant="bloquant avec contournement", module=""),
        ligne(d, "T-3", esms=""),
    )
    assert importer(d, contenu)["nombres"] == {"cree": 3}
    un, deux, trois = Ticket.objects.order_by("numero")
    assert (un.parcours, un.module, un.editeur) == (d.coteau, d.agenda, d.solution.editeur)
    assert (un.cree_le, un.traite_le, un.ferme_le) == (date(2026, 3, 2), date(2026, 3, 5), date(2026, 3, 9))
    assert (un.est_bloquant, un.a_contournement) == (True, False)
    assert (deux.parcours, deux.module, deux.est_bloquant, deux.a_contournement) == (d.vergers, None, True, True)
    assert trois.parcours is None
    plan, resultat = comparer(d, contenu)
    assert resultat["nombres"] == {"inchange": 3}
    assert not any(c.ecarts for c in plan.comparees)


def test_ce_qui_a_change_se_montre_avant_apres_et_l_irritant_reste(d: Decor) -> None:
    importer(d, csv_de(ligne(d)))
    irritant = IrritantFactory(grappe=d.grappe, editeur=d.solution.editeur)
    Ticket.objects.update(irritant=irritant)
    resultat = importer(d, csv_de(ligne(d, ferme_le="10/03/2026", esms="MAS Les Vergers")))
    assert resultat["nombres"] == {"modifie": 1}
    ecarts = {titre: (avant, apres) for titre, avant, apres in resultat["lignes"]["modifie"][0]["ecarts"]}
    assert ecarts == {"ESMS": (str(d.coteau), str(d.vergers)), "Fermé le": ("", "10/03/2026")}
    assert Ticket.objects.get().irritant == irritant


def test_une_date_redevenue_vide_rouvre_le_ticket(d: Decor) -> None:
    importer(d, csv_de(ligne(d, ferme_le="10/03/2026")))
    importer(d, csv_de(ligne(d)))
    assert Ticket.objects.get().ferme_le is None


def test_une_colonne_absente_ne_change_rien(d: Decor) -> None:
    importer(d, csv_de(ligne(d, bloquant="oui", ferme_le="10/03/2026")))
    d.correspondance.colonnes = {"numero": "numero", "cree le": "cree_le"}
    assert comparer(d, csv_de(["T-1", "02/03/2026"], entetes=ENTETES[:2]))[1]["nombres"] == {"inchange": 1}


def test_le_meme_numero_dans_deux_outils_fait_deux_tickets(d: Decor) -> None:
    importer(d, csv_de(ligne(d)), "GLPI")
    importer(d, csv_de(ligne(d)), "Portail de l'éditeur")
    assert Ticket.objects.count() == 2


def test_cp1252_et_heures_se_lisent(d: Decor) -> None:
    octets = csv_de(ligne(d, cree_le="2026-03-29 02:30", traite_le="29/03/2026 14h05"), encodage="cp1252")
    assert importer(d, octets)["nombres"] == {"cree": 1}
    assert Ticket.objects.get().cree_le == date(2026, 3, 29)


DEMAIN = f"{timezone.localdate() + timedelta(days=1):%d/%m/%Y}"


@pytest.mark.parametrize(
    ("dit", "colonne", "debut"),
    [
        ({"numero": ""}, "Numéro", "Numéro (A2) : pas de numéro"),
        ({"numero": "imprimante"}, "Numéro", "Numéro (A2) : un numéro de ticket porte au moins un chiffre"),
        ({"numero": "jean.2@exemple.fr"}, "Numéro", "Numéro (A2) : un numéro de ticket porte au moins un chiffre"),
        ({"numero": "=A1"}, "Numéro", "Numéro (A2) : la case contient une formule"),
        ({"cree_le": ""}, "Créé le", "Créé le (B2) : pas de date de création"),
        ({"cree_le": "31/02/2026"}, "Créé le", "Créé le (B2) : ce n'est pas une date du calendrier"),
        ({"cree_le": "hier"}, "Créé le", "Créé le (B2) : ce n'est pas une date du calendrier"),
        ({"cree_le": DEMAIN}, "Créé le", "Créé le (B2) : cette date est à venir"),
        ({"cree_le": "02/03/1926"}, "Créé le", "Créé le (B2) : cette année n'est pas vraisemblable"),
        ({"ferme_le": "01/03/2026"}, "Fermé le", "Fermé le (D2) : cette date précède la création"),
        ({"esms": "=B7"}, "ESMS", "ESMS (E2) : la case contient une formule"),
        ({"esms": "EHPAD d'ailleurs"}, "ESMS", "ESMS (E2) : ce n'est pas un ESMS de la grappe"),
        ({"module": "Réseau"}, "Module", "Module (F2) : ce mot n'est relié à aucun module"),
        ({"bloquant": "Majeure"}, "Bloquant", "Bloquant (G2) : ce mot ne dit pas si le ticket bloque"),
    ],
)
def test_une_case_fautive_met_sa_ligne_de_cote(d: Decor, dit: dict[str, str], colonne: str, debut: str) -> None:
    resultat = importer(d, csv_de(ligne(d, **dit), ligne(d, "T-2")))
    assert [(n, c) for n, c, _ in rejets(resultat)] == [(2, colonne)]
    assert rejets(resultat)[0][2].startswith(debut)
    assert list(Ticket.objects.values_list("numero", flat=True)) == ["T-2"]


def test_aucune_raison_ne_cite_une_case(d: Decor) -> None:
    secret = "Madame Untel ne peut plus ouvrir"
    lignes = [ligne(d, f"T-{rang}", **{c: secret}) for rang, c in enumerate(("cree_le", "esms", "module", "bloquant"))]
    _, resultat = comparer(d, csv_de(*lignes, ligne(d, secret)))
    assert resultat["nombres"] == {"rejete": 5}
    assert "Untel" not in str(resultat)


def test_toutes_les_fautes_d_une_ligne_se_disent_ensemble(d: Decor) -> None:
    resultat = importer(d, csv_de(ligne(d, cree_le="31/02/2026", esms="?!x", bloquant="Haute")))
    assert rejets(resultat)[0][1] == "Créé le, ESMS, Bloquant"


def test_un_numero_deux_fois_garde_la_premiere_ligne(d: Decor) -> None:
    resultat = importer(d, csv_de(ligne(d), ligne(d, cree_le="03/03/2026")))
    assert [(n, r) for n, _, r in rejets(resultat)] == [
        (3, "Numéro (A3) : ce numéro est déjà à la ligne 2 : gardez une seule des deux.")
    ]
    assert Ticket.objects.get().cree_le == date(2026, 3, 2)


def test_un_finess_d_ailleurs_se_rejette_un_mot_dit_d_ailleurs_se_met_de_cote(d: Decor) -> None:
    ailleurs = ParcoursFactory()
    d.correspondance.valeurs = {"esms": {"foyer du pont": "ailleurs", "siege": "-"}}
    resultat = importer(
        d,
        csv_de(
            ligne(d, "T-1", esms=ailleurs.esms.finess),
            ligne(d, "T-2", esms="Foyer du Pont"),
            ligne(d, "T-3", esms="Siège"),
        ),
    )
    assert [n for n, _, _ in rejets(resultat)] == [2]
    assert resultat["annonces"] == ["1 ligne laissée de côté : d'un ESMS dit « pas dans cette grappe »."]
    assert Ticket.objects.get().parcours is None


def test_la_creation_ne_recule_pas_au_dela_de_ce_qu_on_sait(d: Decor) -> None:
    importer(d, csv_de(ligne(d, ferme_le="10/03/2026")))
    d.correspondance.colonnes = {"numero": "numero", "cree le": "cree_le"}
    resultat = importer(d, csv_de(["T-1", "12/03/2026"], entetes=ENTETES[:2]))
    assert len(rejets(resultat)) == 1
    assert Ticket.objects.get().cree_le == date(2026, 3, 2)


def test_ni_titre_ni_auteur_dans_aucune_table(d: Decor) -> None:
    entetes = [*ENTETES, "Titre", "Demandeur"]
    importer(d, csv_de([*ligne(d), "Le projet de Camille Durand", "Dominique Martin"], entetes=entetes))
    for modele in apps.get_models():
        if not modele._meta.managed:
            continue
        for valeurs in modele._default_manager.values_list():
            assert "Durand" not in str(valeurs) and "Dominique" not in str(valeurs), modele
