"""Deux périmètres : une personne partagée, des numéros d'ailleurs dans les envois, une validation qu'on s'octroie."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from formation.enums import EtatMatrice, Pointage
from formation.models import (
    Acquis,
    Habilitation,
    Inscription,
    Matrice,
    Poste,
    SessionFormation,
)
from programme.enums import Role
from programme.models import Parcours, Unite
from programme.socle.models import Travail
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.fabriques import EsmsFactory, ModuleFactory, ParcoursFactory, affecter, cheffe_de
from tests.fabriques import directrice_de as _directrice_de
from tests.formation.fabriques import (
    CompteDuiFactory,
    FormateurFactory,
    HabilitationFactory,
    InscriptionFactory,
    MatriceFactory,
    ModuleFormationFactory,
    PosteFactory,
    ProfilFactory,
    former,
    il_y_a,
    presente,
)
from tests.formation.import_professionnels.aides import csv_de, decor, ligne
from tests.formation.sessions.aides import ouverte, tenue

pytestmark = pytest.mark.django_db


def directrice_de(parcours: Parcours) -> Any:
    """La directrice, à elle seule ce périmètre."""
    return _directrice_de(parcours)


@pytest.fixture
def ici() -> Parcours:
    return ParcoursFactory(esms__nom="IME Ici")


@pytest.fixture
def voisin(ici: Parcours) -> Parcours:
    """Un ESMS du même organisme, dans la même grappe."""
    return ParcoursFactory(grappe=ici.grappe, esms=EsmsFactory(og=ici.esms.og, nom="MAS Là-bas"))


@pytest.fixture
def client(ici: Parcours) -> Any:
    return connecte(directrice_de(ici))


@pytest.fixture
def partagee(ici: Parcours, voisin: Parcours) -> tuple[Poste, Poste]:
    """La même personne, un poste ici et un autre là-bas."""
    poste = PosteFactory(parcours=ici)
    return poste, PosteFactory(parcours=voisin, professionnel=poste.professionnel, debut=il_y_a(37))


def _corps(reponse: Any) -> str:
    octets = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
    return octets.decode(errors="replace")


# --- une personne partagée -----------------------------------------------------------------------------------------


def test_d_une_personne_partagee_chacun_ne_lit_que_ses_postes(client: Any, partagee: tuple[Poste, Poste]) -> None:
    _, ailleurs = partagee
    personne = ailleurs.professionnel_id
    for nom, format_ in (("detail", ""), ("exporter", ""), ("exporter", "json"), ("effacer", ""), ("modifier", "")):
        page = _corps(client.get(reverse(f"formation:professionnel-{nom}", args=[personne]), {"format": format_}))
        assert "MAS Là-bas" not in page and f"{ailleurs.debut:%d/%m/%Y}" not in page, nom
    for nom in ("modifier", "clore", "retirer"):
        assert client.post(reverse(f"formation:poste-{nom}", args=[ailleurs.pk]), {}).status_code == 404
    assert Poste.objects.count() == 2


def test_le_constat_d_une_autre_grappe_ne_se_defait_pas_d_ici(client: Any, ici: Parcours) -> None:
    """Partagée entre deux grappes : ce que l'autre a dit de son plan ne se lit ni ne se retire d'ici."""
    poste = PosteFactory(parcours=ici)
    loin = ParcoursFactory(esms=EsmsFactory(og=ici.esms.og))
    PosteFactory(parcours=loin, professionnel=poste.professionnel)
    acquis = former(poste, ModuleFormationFactory(grappe=loin.grappe, nom="Module de loin"))
    assert client.post(reverse("formation:acquis-retirer", args=[acquis.pk])).status_code == 404
    assert "Module de loin" not in _corps(client.get(reverse("formation:acquis-constater", args=[ici.pk])))
    assert Acquis.objects.filter(pk=acquis.pk).exists()
    chez_elle = connecte(directrice_de(loin))
    assert chez_elle.post(reverse("formation:acquis-retirer", args=[acquis.pk])).status_code == 302


def test_l_attestation_suit_le_poste_inscrit(client: Any, partagee: tuple[Poste, Poste]) -> None:
    """Inscrite par là-bas, elle reste un numéro ici, même connue."""
    ici, ailleurs = partagee
    session = tenue(module=ModuleFormationFactory(grappe=ici.parcours.grappe))
    inscription = presente(session, ailleurs)
    reponse = client.get(reverse("formation:inscription-attestation-pdf", args=[inscription.pk]))
    assert reponse.status_code in (403, 404)
    page = _corps(client.get(reverse("formation:session-presences", args=[session.pk]), follow=True))
    assert ailleurs.professionnel.nom not in page


# --- des numéros d'ailleurs ----------------------------------------------------------------------------------------


def test_inscrire_un_poste_d_ailleurs(client: Any, ici: Parcours, voisin: Parcours) -> None:
    session = ouverte(module=ModuleFormationFactory(grappe=ici.grappe))
    PosteFactory(parcours=ici)
    intrus = PosteFactory(parcours=voisin)
    url = reverse("formation:session-inscrire", args=[session.pk])
    assert client.post(url, {"postes": [intrus.pk]}).status_code == 422
    assert client.post(f"{url}?esms={voisin.pk}", {"groupes": ["tous"]}).status_code == 404
    assert client.post(f"{url}?esms=99999999999999999999", {"groupes": ["tous"]}).status_code == 404
    assert client.post(url, {"groupes": [f"unite:{10**30}", "metier:x"]}).status_code == 422
    assert not Inscription.objects.exists()


def test_pointer_une_inscription_d_ailleurs(client: Any, ici: Parcours, voisin: Parcours) -> None:
    session = tenue(module=ModuleFormationFactory(grappe=ici.grappe))
    autre_session = tenue(module=session.module)
    la, encore = PosteFactory(parcours=voisin), PosteFactory(parcours=ici)
    a_cote = InscriptionFactory(session=session, poste=la)
    d_une_autre = InscriptionFactory(session=autre_session, poste=encore)
    url = reverse("formation:session-presences", args=[session.pk])
    for i in (a_cote, d_une_autre):
        client.post(url, {f"p_{i.pk}": "on", f"lu_{i.pk}": "non_pointe"})
        numeros = {"numeros": str(i.professionnel_id), "code": session.code_presence}
        assert client.post(url, numeros).status_code in (302, 422)
        assert client.post(reverse("formation:inscription-retirer", args=[a_cote.pk])).status_code == 404
    assert not Inscription.objects.exclude(pointage=Pointage.NON_POINTE).exists() and not Acquis.objects.exists()


def test_placer_un_poste_d_ailleurs_ou_un_profil_d_ailleurs(client: Any, ici: Parcours, voisin: Parcours) -> None:
    mien, intrus = PosteFactory(parcours=ici), PosteFactory(parcours=voisin)
    profil, d_ailleurs = ProfilFactory(grappe=ici.grappe), ProfilFactory()
    url = reverse("formation:parcours-placements", args=[ici.pk])
    client.post(url, {f"profil-{intrus.pk}": profil.pk, f"vu-{intrus.pk}": ""})
    assert client.post(url, {f"profil-{mien.pk}": d_ailleurs.pk, f"vu-{mien.pk}": ""}).status_code == 422
    assert not Poste.objects.filter(profil__isnull=False).exists()


def test_une_unite_d_un_autre_parcours(client: Any, ici: Parcours, voisin: Parcours) -> None:
    poste = PosteFactory(parcours=ici)
    unite = Unite.objects.filter(parcours=voisin).first() or Unite.objects.create(parcours=voisin, nom="Là-bas")
    champs = {"metier": poste.metier_id, "unite": unite.pk, "rythme": "jour", "debut": il_y_a(400).isoformat()}
    assert client.post(reverse("formation:poste-modifier", args=[poste.pk]), champs).status_code == 422
    compte = {"metier": poste.metier_id, "unite": unite.pk, "rythme": "jour", "nombre": 3}
    assert client.post(reverse("formation:postes-compter", args=[ici.pk]), compte).status_code == 422
    ajout = champs | {"nom": "Personne neuve", "origine": "paie"}
    assert client.post(reverse("formation:professionnel-creer", args=[ici.pk]), ajout).status_code == 422
    poste_ailleurs = reverse("formation:poste-creer", args=[poste.professionnel_id]) + f"?parcours={voisin.pk}"
    assert client.post(poste_ailleurs, champs).status_code == 422
    assert Poste.objects.count() == 1 and Poste.objects.get().unite is None
    assert client.post(reverse("formation:unite-connexion", args=[unite.pk]), {}).status_code in (403, 404)


def test_un_compte_ne_se_donne_ni_a_une_personne_ni_a_un_profil_d_ailleurs(
    client: Any, ici: Parcours, voisin: Parcours
) -> None:
    compte = CompteDuiFactory(parcours=ici)
    url = reverse("formation:compte-dui-rapprocher", args=[compte.pk])
    assert client.post(url, {"professionnel": PosteFactory(parcours=voisin).professionnel_id}).status_code == 422
    assert client.post(url, {"profil": ProfilFactory().pk}).status_code == 422
    loin = CompteDuiFactory(parcours=voisin)
    assert client.post(reverse("formation:compte-dui-rapprocher", args=[loin.pk]), {}).status_code == 404
    compte.refresh_from_db()
    assert compte.professionnel is None and compte.profil is None


def test_constater_un_module_ou_une_personne_d_ailleurs(client: Any, ici: Parcours, voisin: Parcours) -> None:
    mien, intrus = PosteFactory(parcours=ici), PosteFactory(parcours=voisin)
    module, loin = ModuleFormationFactory(grappe=ici.grappe), ModuleFormationFactory()
    url = reverse("formation:acquis-constater", args=[ici.pk])
    for qui, quoi in ((mien, loin), (intrus, module)):
        envoi = {"le": il_y_a(3).isoformat(), "modules": [quoi.pk], "professionnels": [qui.professionnel_id]}
        assert client.post(url, envoi).status_code == 422
    assert not Acquis.objects.exists()


def test_une_session_ne_prend_ni_module_ni_formateur_d_une_autre_grappe(ici: Parcours) -> None:
    cheffe, module = cheffe_de(ici.grappe), ModuleFormationFactory(grappe=ici.grappe)
    jour = (timezone.localdate() + timedelta(days=9)).isoformat()
    envoi = {"module": module.pk, "date": jour, "de": "09:00", "a": "12:00", "capacite": 8, "lieu": "Salle 1"}
    url = reverse("formation:sessionformation-creer", args=[ici.grappe_id])
    for intrus in ({"module": ModuleFormationFactory().pk}, {"formateur": FormateurFactory().pk}):
        assert connecte(cheffe).post(url, envoi | intrus).status_code == 422
    assert not SessionFormation.objects.exists()
    assert connecte(cheffe).post(url, envoi).status_code == 302


def test_le_fichier_du_personnel_ne_touche_que_les_esms_que_l_on_gere() -> None:
    """La directrice d'un ESMS dépose le fichier du siège : les lignes des autres ESMS sont rejetées, sans rien dire."""
    d = decor()
    directrice = directrice_de(d.coteau)
    la_bas = PosteFactory(parcours=d.vergers, professionnel__matricule="M0002", professionnel__nom="Personne 2")
    lignes = [ligne(d, 1), ligne(d, 2, esms=d.vergers.esms.finess, nom="Autre nom", sortie="01/01/2026")]
    fichier = SimpleUploadedFile("paie.csv", csv_de(*lignes))
    url = reverse("formation:professionnels-import", kwargs={"finess": d.og.finess})
    autre = {"fichier": fichier, "correspondance": decor_d_ailleurs()}
    assert connecte(directrice).post(url, autre).status_code == 422
    assert not Travail.objects.exists()
    la_bas.refresh_from_db()
    assert la_bas.fin is None


def decor_d_ailleurs() -> int:
    """La correspondance d'un autre organisme."""
    from tests.acces.monde import correspondance_rh
    from tests.fabriques import OgFactory, UtilisateurFactory

    return correspondance_rh(OgFactory(), UtilisateurFactory()).pk


# --- les droits d'accès --------------------------------------------------------------------------------------------


def _soumise(parcours: Parcours) -> Matrice:
    matrice = MatriceFactory(parcours=parcours)
    HabilitationFactory(matrice=matrice)
    changer_etat(matrice, "soumettre", par=cheffe_de(parcours.grappe))
    return matrice


@pytest.mark.parametrize("role", ["referent", "siege", "chef_projet", "admin", "appui", "membre"])
def test_seule_la_direction_valide_la_variante(ici: Parcours, role: str) -> None:
    cibles = {"siege": ici.esms.og, "appui": ici.esms.og, "chef_projet": ici.grappe, "membre": ici.grappe}
    compte = affecter(Role(role), None if role == "admin" else cibles.get(role, ici.esms))
    matrice = _soumise(ici)
    passage = {"modele": "matrice", "pk": matrice.pk, "transition": "valider"}
    reponse = connecte(compte).post(reverse("programme:passage", kwargs=passage), {})
    assert reponse.status_code in (403, 404)
    assert connecte(compte).post(reverse("formation:matrice-revoir", args=[matrice.pk]), {}).status_code in (302, 403)
    matrice.refresh_from_db()
    assert matrice.etat == EtatMatrice.SOUMISE and matrice.revue_le is None


def test_la_direction_ne_valide_pas_le_modele_de_la_grappe(client: Any, ici: Parcours) -> None:
    modele = MatriceFactory(parcours=None, grappe=ici.grappe)
    HabilitationFactory(matrice=modele)
    for transition in ("soumettre", "valider"):
        passage = {"modele": "matrice", "pk": modele.pk, "transition": transition}
        assert client.post(reverse("programme:passage", kwargs=passage), {}).status_code in (403, 404)
    assert client.post(reverse("formation:matrice-saisir", args=[modele.pk]), {}).status_code in (403, 404)
    modele.refresh_from_db()
    assert modele.etat == EtatMatrice.BROUILLON


def test_la_grille_refuse_un_profil_ou_un_module_d_ailleurs(client: Any, ici: Parcours, voisin: Parcours) -> None:
    ici.grappe.modules.add(module := ModuleFactory())
    profil, intrus = ProfilFactory(grappe=ici.grappe), ProfilFactory()
    matrice, autre = MatriceFactory(parcours=ici), MatriceFactory(parcours=ParcoursFactory())
    url = reverse("formation:matrice-saisir", args=[matrice.pk])
    for p, m in ((intrus.pk, module.pk), (profil.pk, 10**9), (10**9, module.pk)):
        assert client.post(url, {f"c-{p}-{m}": "ecriture:unite", "saisie": "0"}).status_code == 422
    depart = {"depart": f"{intrus.pk}-{module.pk}=lecture:unite", "saisie": str(matrice.saisie)}
    client.post(url, depart)
    assert not Habilitation.objects.exists()
    HabilitationFactory(matrice=autre, profil=ProfilFactory(grappe=autre.grappe, nom="Profil secret"))
    page = _corps(client.get(reverse("formation:matrice-differences", args=[matrice.pk]), {"avec": autre.pk}))
    assert "Profil secret" not in page
    depuis = {"depuis": str(autre.pk)}
    Matrice.objects.filter(pk=matrice.pk).delete()
    ouvrir = reverse("formation:matrice-creer-variante", args=[ici.pk])
    assert client.post(ouvrir, depuis).status_code == 422


def test_un_bloc_enorme_se_refuse_sans_se_lire(client: Any, ici: Parcours) -> None:
    ici.grappe.modules.add(ModuleFactory())
    ProfilFactory(grappe=ici.grappe)
    matrice = MatriceFactory(parcours=ici)
    url = reverse("formation:matrice-saisir", args=[matrice.pk])
    for bloc in ("\t" * 150_000, "\n" * 150_000, "x\t" * 60_000, "x" * 200_000, "lecture\n" * 20_000):
        reponse = client.post(url, {"geste": "coller", "bloc": bloc, "case": "c-1-1", "saisie": "0"})
        assert reponse.status_code == 422 and len(reponse.content) < 600_000
    assert not Habilitation.objects.exists()


# --- une date forgée -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("au", ["0001-01-01", "9999-12-31", "2026-02-31", "demain", "1e9", "2026-01-01'--"])
def test_une_date_forgee_ne_casse_aucune_page(ici: Parcours, au: str) -> None:
    PosteFactory(parcours=ici)
    for compte in (directrice_de(ici), cheffe_de(ici.grappe), affecter(Role.SIEGE, ici.esms.og)):
        client = connecte(compte)
        for nom, cle in (("grappe-formation", ici.grappe_id), ("parcours-formation", ici.pk)):
            assert client.get(reverse(f"formation:{nom}", args=[cle]), {"au": au}).status_code == 200, nom
        for nom in ("couverture", "habilitations"):
            lue = client.get(reverse(f"api:parcours-{nom}", args=[ici.pk]), {"au": au})
            assert lue.status_code in (200, 400), nom
    siege = connecte(affecter(Role.SIEGE, ici.esms.og))
    assert siege.get(reverse("formation:og-formation", args=[ici.esms.og_id]), {"au": au}).status_code == 200
