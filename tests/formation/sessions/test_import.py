"""Rapporter la feuille d'un tableur : ligne à ligne, rien à moitié, sans nom dans un travail."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from formation.models import Acquis, SessionFormation
from programme.socle.models import Travail
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, cheffe_de, directrice_de
from tests.formation.fabriques import InscriptionFactory, PosteFactory, equipe
from tests.formation.sessions.aides import lu, tenue

pytestmark = pytest.mark.django_db


@pytest.fixture
def session() -> SessionFormation:
    return tenue(capacite=2)


@pytest.fixture
def parcours(session: SessionFormation) -> Any:
    return ParcoursFactory(grappe=session.grappe)


def _inscrits(session: SessionFormation, parcours: Any, nombre: int) -> list[Any]:
    return [InscriptionFactory(session=session, poste=p) for p in equipe(parcours, nombre)]


def _rapporter(par: Any, session: SessionFormation, *lignes: str, entete: str = "Numéro;Matricule;Présent") -> Any:
    fichier = SimpleUploadedFile("feuille.csv", "\r\n".join([entete, *lignes]).encode(), "text/csv")
    url = reverse("formation:session-presences-import", args=[session.pk])
    return connecte(par).post(url, {"fichier": fichier}, follow=True)


def _confirmer(par: Any) -> None:
    travail = Travail.objects.latest("pk")
    assert connecte(par).post(reverse("programme:travail-confirmer", args=[travail.pk])).status_code == 302


def test_numero_ou_matricule_oui_ou_non_puis_rien_de_plus(session: SessionFormation, parcours: Any) -> None:
    directrice, (un, deux) = directrice_de(parcours), _inscrits(session, parcours, 2)
    lignes = (f"{un.professionnel_id};;OUI", f";{deux.professionnel.matricule};non")
    apercu = lu(_rapporter(directrice, session, *lignes))
    assert "2 modifiés" in apercu and not Acquis.objects.exists()
    for mot in (un.professionnel.nom, deux.professionnel.nom, deux.professionnel.matricule):
        assert mot not in apercu, "un travail se lit aussi par l'administrateur"
    _confirmer(directrice)
    assert [a.inscription for a in Acquis.objects.all()] == [un]
    assert Travail.objects.latest("pk").resultat["a_ecrire"] == 2
    encore = lu(_rapporter(directrice, session, *lignes))
    assert "2 inchangés" in encore


def test_chaque_faute_se_dit_a_sa_ligne_les_autres_s_ecrivent(session: SessionFormation, parcours: Any) -> None:
    directrice, (un, deux, trois) = directrice_de(parcours), _inscrits(session, parcours, 3)
    pas_inscrite = PosteFactory(parcours=parcours).professionnel
    lignes = [
        f"{un.professionnel_id};;oui",
        f"{un.professionnel_id};;non",
        f"{pas_inscrite.pk};;oui",
        ";INCONNU;oui",
        f"{deux.professionnel_id};;peut-être",
        ";;oui",
        "=1+1;;oui",
        f"{trois.professionnel_id};{deux.professionnel.matricule};oui",
        f"{trois.professionnel_id};;oui",
    ]
    SessionFormation.objects.filter(pk=session.pk).update(capacite=1)
    page = lu(_rapporter(directrice, session, *lignes))
    travail = reverse("programme:travail-detail", args=[Travail.objects.latest("pk").pk])
    page += lu(connecte(directrice).get(f"{travail}?onglet=rejete"))
    resultat = Travail.objects.latest("pk").resultat
    raisons = [(ligne["ligne"], ligne["raison"]) for ligne in resultat["lignes"]["rejete"]]
    assert [numero for numero, _ in raisons] == [3, 4, 5, 6, 7, 8, 9]
    attendues = ["déjà à la ligne 2", "n'est pas inscrit", "aucun inscrit", "oui ou non", "ne désigne personne"]
    attendues += ["contient une formule", "pas ceux de la même personne"]
    for (_, raison), attendue in zip(raisons, attendues, strict=True):
        assert attendue in raison, raison
    assert "INCONNU" not in page and resultat["nombres"]["modifie"] == 2
    assert "2 personnes présentes pour 1 place" in str(resultat["avertissements"]).replace("\\xa0", " ")
    _confirmer(directrice)
    assert Acquis.objects.count() == 2


def test_la_cheffe_designe_par_numero_jamais_par_matricule(session: SessionFormation, parcours: Any) -> None:
    [une] = _inscrits(session, parcours, 1)
    cheffe = cheffe_de(session.grappe)
    _rapporter(cheffe, session, f";{une.professionnel.matricule};oui", f"{une.professionnel_id};;oui")
    resultat = Travail.objects.latest("pk").resultat
    assert [ligne["ligne"] for ligne in resultat["lignes"]["rejete"]] == [2]
    assert resultat["nombres"]["modifie"] == 1


@pytest.mark.parametrize(
    ("entete", "motif"), [("Nom;Présent", "Numéro » ou « Matricule"), ("Numéro;Venu", "« Présent » manque")]
)
def test_une_feuille_sans_ses_colonnes_ne_laisse_rien(session: SessionFormation, entete: str, motif: str) -> None:
    reponse = _rapporter(cheffe_de(session.grappe), session, "1;oui", entete=entete)
    assert reponse.status_code == 422 and motif in lu(reponse) and not Travail.objects.exists()


def test_emporter_puis_rapporter_sans_rien_changer_ne_change_rien(session: SessionFormation, parcours: Any) -> None:
    directrice, (un, _) = directrice_de(parcours), _inscrits(session, parcours, 2)
    un.pointage = "present"
    un.save()
    client = connecte(directrice)
    csv = b"".join(client.get(reverse("formation:session-emargement-csv", args=[session.pk])))
    fichier = SimpleUploadedFile("feuille.csv", csv, "text/csv")
    url = reverse("formation:session-presences-import", args=[session.pk])
    client.post(url, {"fichier": fichier})
    assert Travail.objects.latest("pk").resultat["nombres"] == {"inchange": 2}
