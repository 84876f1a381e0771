"""Le plan décliné par un ESMS : une page, enregistrée d'un coup, sans écraser l'autre."""

from datetime import date

import pytest
from django.urls import reverse

from formation.enums import Modalite
from formation.models import Declinaison
from formation.services import declinaisons
from formation.services.declinaisons import Choix
from programme.enums import Role
from programme.models import Parcours
from programme.socle.erreurs import Refus
from programme.socle.versions import jeton
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, affecter
from tests.formation.fabriques import ModuleFormationFactory

pytestmark = pytest.mark.django_db


def _url(parcours: Parcours) -> str:
    return reverse("formation:parcours-formation-plan", args=[parcours.pk])


def _vu(parcours: Parcours) -> int:
    return jeton(declinaisons.histoire_de(parcours))


def test_une_page_enregistre_tous_les_modules_d_un_coup() -> None:
    parcours = ParcoursFactory()
    un, deux, trois = ModuleFormationFactory.create_batch(3, grappe=parcours.grappe)
    referente = affecter(Role.REFERENT, parcours.esms)
    saisie = {
        f"m{un.pk}-sans_objet": "on",
        f"m{un.pk}-motif": "Pas de nuit ici",
        f"m{deux.pk}-modalite": "pairs",
        f"m{deux.pk}-date_visee": "2027-03-31",
        "vu": "0",
    }
    reponse = connecte(referente).post(_url(parcours), saisie, follow=True)
    assert "2 modules mis à jour" in reponse.content.decode()
    assert declinaisons.lire(parcours) == {
        un.pk: Choix(True, "Pas de nuit ici"),
        deux.pk: Choix(modalite=Modalite.PAIRS, date_visee=date(2027, 3, 31)),
    }
    assert not Declinaison.objects.filter(module=trois).exists()
    encore = connecte(referente).post(_url(parcours), saisie | {"vu": _vu(parcours)}, follow=True)
    assert "Rien n’a changé" in encore.content.decode() and Declinaison.history.count() == 2


def test_sans_objet_demande_un_motif_et_n_ecrit_rien_a_moitie() -> None:
    parcours = ParcoursFactory()
    un, deux = ModuleFormationFactory.create_batch(2, grappe=parcours.grappe)
    saisie = {f"m{un.pk}-sans_objet": "on", f"m{deux.pk}-modalite": "pairs", "vu": "0"}
    reponse = connecte(affecter(Role.DIRECTEUR, parcours.esms)).post(_url(parcours), saisie)
    assert reponse.status_code == 422 and f'href="#id_m{un.pk}-motif"' in reponse.content.decode()
    assert not Declinaison.objects.exists()


@pytest.mark.parametrize(
    ("champ", "valeur", "phrase"),
    [
        ("motif", "1 85 05 78 006 084 91", "sécurité sociale"),
        ("date_visee", "2027-02-31", "Donnez une date"),
        ("modalite", "telepathie", "modalité de la liste"),
    ],
)
def test_une_mauvaise_saisie_se_dit_sur_sa_ligne(champ: str, valeur: str, phrase: str) -> None:
    parcours = ParcoursFactory()
    module = ModuleFormationFactory(grappe=parcours.grappe)
    saisie = {f"m{module.pk}-{champ}": valeur, "vu": "0"}
    reponse = connecte(affecter(Role.DIRECTEUR, parcours.esms)).post(_url(parcours), saisie)
    assert reponse.status_code == 422 and phrase in reponse.content.decode()
    assert not Declinaison.objects.exists()


def test_deux_personnes_sur_deux_modules_ne_se_genent_pas() -> None:
    parcours = ParcoursFactory()
    un, deux = ModuleFormationFactory.create_batch(2, grappe=parcours.grappe)
    par = affecter(Role.DIRECTEUR, parcours.esms)
    vu = _vu(parcours)
    declinaisons.enregistrer(
        parcours=parcours, choix={un.pk: Choix(modalite="pairs"), deux.pk: Choix()}, par=par, vu=vu
    )
    declinaisons.enregistrer(
        parcours=parcours, choix={un.pk: Choix(), deux.pk: Choix(modalite="externe")}, par=par, vu=vu
    )
    assert {c.modalite for c in declinaisons.lire(parcours).values()} == {"pairs", "externe"}


def test_deux_personnes_sur_le_meme_module_la_seconde_l_apprend_puis_passe() -> None:
    parcours = ParcoursFactory()
    module = ModuleFormationFactory(grappe=parcours.grappe, nom="Prendre en main")
    premiere, seconde = affecter(Role.DIRECTEUR, parcours.esms), affecter(Role.SIEGE, parcours.esms.og)
    declinaisons.enregistrer(parcours=parcours, choix={module.pk: Choix(modalite="pairs")}, par=premiere, vu=0)
    client, saisie = connecte(seconde), {f"m{module.pk}-modalite": "externe", "vu": "0"}
    refusee = client.post(_url(parcours), saisie)
    page = refusee.content.decode()
    assert refusee.status_code == 409 and "Prendre en main" in page and str(premiere) in page
    assert declinaisons.lire(parcours)[module.pk].modalite == "pairs"
    assert client.post(_url(parcours), saisie | {"vu": _vu(parcours)}).status_code == 302
    assert declinaisons.lire(parcours)[module.pk].modalite == "externe"
    assert client.post(_url(parcours), saisie | {"vu": "99999"}).status_code == 409


def test_qui_lit_sans_saisir_voit_le_plan_sans_formulaire() -> None:
    parcours = ParcoursFactory()
    module = ModuleFormationFactory(grappe=parcours.grappe)
    Declinaison.objects.create(module=module, parcours=parcours, sans_objet=True, motif="Pas de nuit ici")
    lecteur = connecte(affecter(Role.APPUI, parcours.esms))
    page = lecteur.get(_url(parcours)).content.decode()
    assert "Pas de nuit ici" in page and f"m{module.pk}-motif" not in page and "Enregistrer" not in page
    assert lecteur.post(_url(parcours), {"vu": "0"}).status_code == 403


def test_un_module_retire_ou_d_ailleurs_ne_se_decline_pas() -> None:
    parcours = ParcoursFactory()
    ailleurs = ModuleFormationFactory()
    par = affecter(Role.DIRECTEUR, parcours.esms)
    rendu = declinaisons.enregistrer(parcours=parcours, choix={ailleurs.pk: Choix(modalite="pairs")}, par=par)
    assert rendu == 0 and not Declinaison.objects.exists()
    with pytest.raises(Refus):
        declinaisons.enregistrer(parcours=parcours, choix={}, par=affecter(Role.APPUI, parcours.esms))


def test_un_esms_d_une_grappe_sans_plan_sait_ou_aller() -> None:
    parcours = ParcoursFactory()
    page = connecte(affecter(Role.DIRECTEUR, parcours.esms)).get(_url(parcours)).content.decode()
    assert "Le plan de la grappe est vide" in page and "Voir le plan de la grappe" in page


def test_ecarter_un_module_recompte_la_couverture_de_l_esms(monkeypatch: pytest.MonkeyPatch) -> None:
    recomptes: list[list[int]] = []
    monkeypatch.setattr("formation.services.declinaisons.rafraichir", recomptes.append)
    parcours = ParcoursFactory()
    module = ModuleFormationFactory(grappe=parcours.grappe)
    par = affecter(Role.DIRECTEUR, parcours.esms)
    declinaisons.enregistrer(parcours=parcours, choix={module.pk: Choix(modalite="pairs")}, par=par)
    assert not recomptes
    declinaisons.enregistrer(parcours=parcours, choix={module.pk: Choix(True, "Pas de nuit ici")}, par=par)
    assert recomptes == [[parcours.pk]]
