"""L'import FINESS par les pages : dépôt, aperçu en tâche de fond, confirmation, rapport ; et les pages des travaux."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.models import Esms, Utilisateur
from programme.services.reference import charger_reference
from programme.socle import travaux
from programme.socle.imports import confirmer
from programme.socle.models import Travail
from programme.socle.travaux import TravailRefuse, executer, ramasser
from tests.fabriques import EsmsFactory, UtilisateurFactory, affecter

pytestmark = pytest.mark.django_db

ECHANTILLON: Path = settings.RACINE / "fixtures" / "demo" / "finess-structures-echantillon.json.gz"
IMPORTS: Path = settings.RACINE / "fixtures" / "imports"
PAGE = "/imports/finess/"


@pytest.fixture
def admin() -> Utilisateur:
    charger_reference()
    return affecter(Role.ADMIN)


@pytest.fixture
def poste(admin: Utilisateur, client: Client) -> Client:
    client.force_login(admin)
    return client


def deposer(poste: Client, fichier: Path | bytes, nom: str = "fichier", **champs: Any) -> Any:
    octets = fichier if isinstance(fichier, bytes) else fichier.read_bytes()
    envoi = {"fichier": SimpleUploadedFile(nom, octets), "etendue": "secteurs", **champs}
    return poste.post(PAGE, envoi)


def dernier() -> Travail:
    return Travail.objects.first()


def page_de(poste: Client, travail: Travail, **params: Any) -> str:
    return poste.get(reverse("programme:travail-detail", args=[travail.pk]), params).content.decode()


def test_du_depot_au_rapport(poste: Client) -> None:
    assert poste.get(PAGE).status_code == 200
    reponse = deposer(poste, ECHANTILLON, "finess.json.gz")
    apercu = dernier()
    assert reponse.status_code == 302 and apercu.etat == "en_attente"
    assert "En attente d’un travailleur" in page_de(poste, apercu) and "Actualiser" in page_de(poste, apercu)

    executer(apercu.pk)
    assert not Esms.objects.exists()
    texte = page_de(poste, apercu)
    assert "Rien n’est encore écrit" in texte and "940 créés" in texte and "Confirmer" in texte
    assert "Les 200 premières lignes sur 940" in texte

    poste.post(reverse("programme:travail-confirmer", args=[apercu.pk]))
    ecriture = dernier()
    assert ecriture.suite_de == apercu and ecriture.fichier.name == apercu.fichier.name
    executer(ecriture.pk)
    assert Esms.objects.count() == 940
    texte = page_de(poste, ecriture)
    assert "C’est écrit" in texte and "Confirmer" not in texte
    assert "déjà confirmé" in page_de(poste, apercu)
    rapport = poste.get(reverse("programme:travail-rapport", args=[ecriture.pk]))
    assert rapport["X-Content-Type-Options"] == "nosniff" and "attachment" in rapport["Content-Disposition"]
    assert len(b"".join(rapport.streaming_content).decode("utf-8-sig").splitlines()) == 941


def test_l_avancement_est_la_part_du_fichier_lue(poste: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("programme.services.annuaire.TAILLE_DE_PAQUET", 200)
    monkeypatch.setattr("programme.socle.travaux.PAUSE_ENTRE_AVANCEMENTS", 0)
    deposer(poste, ECHANTILLON)
    travail = dernier()
    executer(travail.pk)
    travail.refresh_from_db()
    assert travail.total == ECHANTILLON.stat().st_size and 0 < travail.fait <= travail.total


def test_un_fichier_fautif_montre_d_abord_ses_rejets(poste: Client) -> None:
    deposer(poste, IMPORTS / "finess-etalab-mauvaise-cle.csv")
    executer(dernier().pk)
    texte = page_de(poste, dernier())
    assert "La ligne rejetée restera dehors" in texte and "son dernier chiffre, la clé" in texte
    assert "Créés (2)" in texte and "Rejetés (1)" in texte
    assert 'aria-current="true">Créés (2)' in " ".join(page_de(poste, dernier(), onglet="cree").split())


def test_les_categories_choisies(poste: Client) -> None:
    deposer(poste, ECHANTILLON, etendue="choisies", categories="183 500")
    executer(dernier().pk)
    assert set(dernier().parametres["categories"]) == {"183", "500"}
    creees = dernier().resultat["nombres"]["cree"]
    deposer(poste, ECHANTILLON, etendue="tout")
    executer(dernier().pk)
    assert dernier().resultat["nombres"]["cree"] == 1753 > creees > 0


@pytest.mark.parametrize(
    ("contenu", "champs", "mot"),
    [
        (b"", {}, "vide"),
        (b"%PDF-1.7", {}, "un PDF"),
        (b"finess\tetalab\n", {}, "tabulations"),
        (b'{"autre": 1}', {}, "FINESS+"),
        (ECHANTILLON.read_bytes(), {"etendue": "choisies"}, "au moins un code"),
        (ECHANTILLON.read_bytes(), {"etendue": "choisies", "categories": "IME"}, "trois chiffres"),
    ],
)
def test_ce_qui_n_est_pas_finess_est_refuse_au_depot(
    poste: Client, contenu: bytes, champs: dict[str, str], mot: str
) -> None:
    reponse = deposer(poste, contenu, **champs)
    assert reponse.status_code == 422 and mot in reponse.content.decode() and not Travail.objects.exists()


def test_une_archive_coupee_se_decouvre_a_la_lecture_et_se_dit(poste: Client) -> None:
    deposer(poste, ECHANTILLON.read_bytes()[:60_000], "coupe.json.gz")
    executer(dernier().pk)
    texte = page_de(poste, dernier())
    assert "archive gzip est coupée" in texte and "Relancer" in texte and not Esms.objects.exists()


def test_un_envoi_trop_gros_est_refuse_en_une_phrase_et_pas_garde(
    poste: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TREILLE_TAILLE_IMPORT = 50_000
    reponse = deposer(poste, ECHANTILLON)
    assert reponse.status_code == 422 and "le maximum ici" in reponse.content.decode()
    monkeypatch.setattr("programme.socle.depots.MARGE", 0)
    reponse = deposer(poste, ECHANTILLON)
    assert reponse.status_code == 422 and not reponse.wsgi_request.FILES and "Mo" in reponse.content.decode()
    assert not Travail.objects.exists()


def test_une_seule_ecriture_a_la_fois(poste: Client, admin: Utilisateur) -> None:
    for _ in range(2):
        deposer(poste, IMPORTS / "finess-etalab-451.csv")
        executer(dernier().pk)
    second, premier = Travail.objects.all()
    confirmer(premier, par=admin)
    with pytest.raises(TravailRefuse, match="Un autre import"):
        confirmer(second, par=admin)


class _Mort(BaseException):
    """Le processus s'arrête net."""


def test_mort_juste_apres_avoir_ecrit_le_travail_le_sait(
    poste: Client, admin: Utilisateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    deposer(poste, IMPORTS / "finess-etalab-451.csv")
    executer(dernier().pk)
    ecriture = confirmer(dernier(), par=admin)

    def mourir(*_: Any, **__: Any) -> None:
        raise _Mort

    with monkeypatch.context() as m:
        m.setattr(travaux, "_finir", mourir)
        with pytest.raises(_Mort):
            executer(ecriture.pk)
    assert Esms.objects.exists()
    ramasser(timezone.now() + timedelta(hours=1))
    ecriture.refresh_from_db()
    assert (ecriture.etat, ecriture.erreur) == ("termine", "") and ecriture.resultat["ecrit"]


def test_le_fichier_change_entre_l_apercu_et_la_confirmation(poste: Client) -> None:
    deposer(poste, IMPORTS / "finess-etalab-451.csv")
    apercu = dernier()
    executer(apercu.pk)
    apercu.refresh_from_db()
    Path(apercu.fichier.path).write_bytes((IMPORTS / "finess-etalab-doublon.csv").read_bytes())
    poste.post(reverse("programme:travail-confirmer", args=[apercu.pk]))
    executer(dernier().pk)
    assert dernier().etat == "echec" and "a changé depuis son dépôt" in dernier().erreur
    assert not Esms.objects.exists()


def test_l_annuaire_change_entre_l_apercu_et_la_confirmation(poste: Client) -> None:
    deposer(poste, IMPORTS / "finess-etalab-451.csv")
    apercu = dernier()
    executer(apercu.pk)
    EsmsFactory(finess="010008183")
    poste.post(reverse("programme:travail-confirmer", args=[apercu.pk]))
    executer(dernier().pk)
    assert dernier().etat == "echec" and "Refaites l'aperçu" in dernier().erreur
    assert Esms.objects.count() == 1
    assert "Refaire l’aperçu" in page_de(poste, dernier())


def test_la_page_est_a_l_administrateur(client: Client) -> None:
    client.force_login(affecter(Role.CHEF_PROJET))
    assert client.get(PAGE).status_code == 403
    client.force_login(UtilisateurFactory())
    assert client.post(PAGE, {}).status_code == 403


# --- pages des travaux ---------------------------------------------------------------------------------------------


def test_chacun_ne_voit_que_les_siens(poste: Client, client: Client) -> None:
    deposer(poste, IMPORTS / "finess-etalab-451.csv", "extrait.csv")
    executer(dernier().pk)
    travail = dernier()
    assert "extrait.csv" in poste.get(reverse("programme:travail-liste")).content.decode()
    client.force_login(affecter(Role.CHEF_PROJET))
    liste = client.get(reverse("programme:travail-liste"))
    assert liste.status_code == 200 and "extrait.csv" not in liste.content.decode()
    for nom in ("detail", "rapport"):
        assert client.get(reverse(f"programme:travail-{nom}", args=[travail.pk])).status_code == 404
    for nom in ("confirmer", "refaire", "relancer"):
        assert client.post(reverse(f"programme:travail-{nom}", args=[travail.pk])).status_code == 404


def test_le_fragment_se_redemande_puis_recharge_la_page(poste: Client) -> None:
    deposer(poste, IMPORTS / "finess-etalab-451.csv")
    adresse = reverse("programme:travail-detail", args=[dernier().pk])
    fragment = poste.get(adresse, headers={"HX-Request": "true"})
    assert "every 2s" in fragment.content.decode() and "<html" not in fragment.content.decode()
    assert "HX-Refresh" not in fragment
    executer(dernier().pk)
    fragment = poste.get(adresse, headers={"HX-Request": "true"})
    assert fragment["HX-Refresh"] == "true" and "every 2s" not in fragment.content.decode()


def test_un_travail_interrompu_le_dit_et_se_relance(poste: Client) -> None:
    deposer(poste, IMPORTS / "finess-etalab-451.csv")
    travail = dernier()
    travail.etat, travail.erreur = "interrompu", "L'exécuteur s'est arrêté."
    travail.save()
    assert "Interrompu" in page_de(poste, travail) and "Relancer" in page_de(poste, travail)
    poste.post(reverse("programme:travail-relancer", args=[travail.pk]))
    travail.refresh_from_db()
    assert travail.etat == "en_attente"
    reponse = poste.post(reverse("programme:travail-relancer", args=[travail.pk]), follow=True)
    assert "ne se relance pas" in reponse.content.decode()


def test_la_liste_coute_autant_a_une_ligne_qu_a_cinquante(poste: Client, admin: Utilisateur) -> None:
    couts = []
    for nombre in (1, 50):
        Travail.objects.bulk_create(Travail(genre="menage", objet=f"Travail {n}", par=admin) for n in range(nombre))
        with CaptureQueriesContext(connection) as requetes:
            poste.get(reverse("programme:travail-liste"))
        couts.append(len(requetes))
    assert couts[0] == couts[1]


# --- fusion --------------------------------------------------------------------------------------------------------


def test_une_fusion_se_declare_depuis_l_annuaire(poste: Client) -> None:
    absorbe, absorbant = EsmsFactory.create_batch(2)
    page = reverse("programme:esms-fusion", args=[absorbe.finess])
    assert poste.get(page).status_code == 200
    fautive = poste.post(page, {"absorbant": absorbe.finess, "le": "2026-01-01"})
    assert fautive.status_code == 422 and "lui-même" in fautive.content.decode()
    assert "clé" in poste.post(page, {"absorbant": "330000000", "le": "2026-01-01"}).content.decode()
    poste.post(page, {"absorbant": absorbant.finess, "le": "2026-01-01"})
    absorbe.refresh_from_db()
    assert absorbe.remplace_par == absorbant
