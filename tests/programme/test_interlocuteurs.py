"""La carte « à qui m'adresser » : le plus proche d'abord, écrite par qui le peut, lue par qui voit l'ESMS."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role, Sujet
from programme.models import Interlocuteur, Parcours, Utilisateur
from programme.services import interlocuteurs as services
from programme.services.interlocuteurs import CHAMPS, carte_de, ecrire
from programme.socle.erreurs import Refus
from programme.socle.versions import jeton
from tests.aides import connecte, nb_requetes
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter, cheffe_de, directrice_de

pytestmark = pytest.mark.django_db


def _ligne(**valeurs: str) -> dict[str, str]:
    return dict.fromkeys(CHAMPS, "") | valeurs


def _carte(parcours: Parcours, par: Utilisateur) -> dict[str, list[tuple[str, str]]]:
    lignes = carte_de(parcours.esms, par=par, au=timezone.localdate()).lignes
    return {x.sujet.value: [(r.interlocuteur.nom, r.provenance) for r in x.reponses] for x in lignes}


def _page(parcours: Parcours) -> str:
    return reverse("programme:carte-interlocuteurs", args=[parcours.esms.finess])


# --- lire ----------------------------------------------------------------------------------------------------------


def test_le_plus_proche_d_abord_et_d_ou_il_vient() -> None:
    parcours = ParcoursFactory(grappe__nom="Rives", esms__og__nom="Coteaux")
    for nom, cible in (("Grappe", {"grappe": parcours.grappe}), ("OG", {"og": parcours.esms.og})):
        for sujet in ("panne", "editeur") if nom == "Grappe" else ("panne",):
            Interlocuteur.objects.create(sujet=sujet, nom=nom, **cible)
    Interlocuteur.objects.create(sujet="usage", nom="Ici", esms=parcours.esms)
    carte = _carte(parcours, directrice_de(parcours))
    assert carte["usage"] == [("Ici", "de l'ESMS")]
    assert carte["panne"] == [("OG", "de l'OG Coteaux")]
    assert carte["editeur"] == [("Grappe", "de la grappe Rives")]
    assert carte["formation"] == []


def test_a_defaut_ce_que_disent_les_comptes() -> None:
    parcours = ParcoursFactory()
    cheffe, referent = cheffe_de(parcours.grappe), affecter(Role.REFERENT, parcours.esms)
    carte = _carte(parcours, cheffe)
    assert carte["projet"] == [(cheffe.nom, "d'après son compte")]
    assert carte["usage"] == [(referent.nom, "d'après son compte")]
    referent.is_active = False
    referent.save()
    assert _carte(parcours, cheffe)["usage"] == []


def test_deux_grappes_deux_reponses_sauf_celle_que_le_lecteur_ne_voit_pas() -> None:
    parcours = ParcoursFactory(grappe__nom="Vue", solution=None)
    autre = ParcoursFactory(esms=parcours.esms, grappe__nom="Tue", solution=None)
    for p in (parcours, autre):
        Interlocuteur.objects.create(sujet="editeur", nom=f"Éditeur {p.grappe}", grappe=p.grappe)
    assert len(_carte(parcours, directrice_de(parcours))["editeur"]) == 2
    cheffe = cheffe_de(parcours.grappe)
    assert [nom for nom, _ in _carte(parcours, cheffe)["editeur"]] == ["Éditeur Vue"]
    assert "Tue" not in connecte(cheffe).get(_page(parcours)).content.decode()


def test_le_voisin_d_un_autre_og_ne_lit_que_ceux_de_la_grappe() -> None:
    grappe = GrappeFactory()
    sien, autre = ParcoursFactory(grappe=grappe), ParcoursFactory(grappe=grappe)
    Interlocuteur.objects.create(sujet="panne", nom="Panne de l'autre OG", og=autre.esms.og)
    Interlocuteur.objects.create(sujet="formation", nom="Formation de la grappe", grappe=grappe)
    voisin = connecte(directrice_de(sien))
    assert voisin.get(_page(autre)).status_code == 404
    texte = voisin.get(reverse("programme:grappe-interlocuteurs", args=[grappe.pk])).content.decode()
    assert "Formation de la grappe" in texte and "autre OG" not in texte
    assert "Formation de la grappe" in voisin.get(_page(sien)).content.decode()


def test_telephone_et_courriel_se_composent_d_un_appui() -> None:
    parcours = ParcoursFactory()
    Interlocuteur.objects.create(
        sujet="panne", nom="Service", esms=parcours.esms, telephone="05 55 00-00.00", courriel="s@exemple.invalid"
    )
    texte = connecte(directrice_de(parcours)).get(_page(parcours)).content.decode()
    assert 'href="tel:0555000000"' in texte and 'href="mailto:s@exemple.invalid"' in texte


def test_ce_qui_manque_dit_qui_peut_l_ecrire() -> None:
    parcours = ParcoursFactory()
    membre = connecte(affecter(Role.MEMBRE, parcours.grappe)).get(_page(parcours)).content.decode()
    assert "Reste à dire" in membre and "demandez-leur" in membre and "Écrire pour" not in membre
    directrice = connecte(directrice_de(parcours)).get(_page(parcours)).content.decode()
    assert "Écrire pour cet ESMS" in directrice and "pour toute la grappe" not in directrice


def test_l_accueil_et_la_page_de_l_esms_y_menent() -> None:
    parcours = ParcoursFactory()
    Interlocuteur.objects.create(sujet="panne", nom="Service informatique", esms=parcours.esms)
    for qui in (directrice_de(parcours), affecter(Role.REFERENT, parcours.esms), affecter(Role.APPUI, parcours.esms)):
        assert _page(parcours) in connecte(qui).get(reverse("programme:accueil")).content.decode()
    page = connecte(directrice_de(parcours)).get(reverse("programme:parcours-detail", args=[parcours.pk]))
    assert "Service informatique" in page.content.decode() and _page(parcours) in page.content.decode()


def test_requetes_constantes() -> None:
    parcours = ParcoursFactory()
    client = connecte(directrice_de(parcours))
    Interlocuteur.objects.create(sujet="panne", nom="Un", esms=parcours.esms)
    a_un = nb_requetes(client, _page(parcours))
    for sujet in Sujet:
        Interlocuteur.objects.get_or_create(sujet=sujet, esms=parcours.esms, defaults={"nom": sujet.label})
    assert nb_requetes(client, _page(parcours)) == a_un


# --- écrire --------------------------------------------------------------------------------------------------------


def test_ecrire_changer_effacer() -> None:
    parcours = ParcoursFactory()
    directrice = directrice_de(parcours)
    ecrire(cible=parcours.esms, lignes={"panne": _ligne(nom="Service")}, par=directrice)
    assert ecrire(cible=parcours.esms, lignes={"panne": _ligne(nom="Service")}, par=directrice) == []
    ecrire(cible=parcours.esms, lignes={"panne": _ligne(nom="Autre", telephone="1515")}, par=directrice)
    assert Interlocuteur.objects.get().nom == "Autre"
    assert ecrire(cible=parcours.esms, lignes={"panne": _ligne()}, par=directrice) == [Sujet.PANNE]
    assert not Interlocuteur.objects.exists()
    assert Interlocuteur.history.count() == 3 and Interlocuteur.history.first().history_user == directrice


@pytest.mark.parametrize(
    ("ligne", "champ", "phrase"),
    [
        ({"telephone": "0555"}, "nom", "Dites qui"),
        ({"nom": "Service", "telephone": "appelez-nous"}, "telephone", "Écrivez un numéro"),
        ({"nom": "Service", "courriel": "pas un courriel"}, "courriel", ""),
        ({"nom": "1 85 05 78 006 084 91"}, "nom", ""),
    ],
)
def test_une_ligne_fautive_ne_laisse_rien_d_ecrit(ligne: dict[str, str], champ: str, phrase: str) -> None:
    parcours = ParcoursFactory()
    lignes = {"formation": _ligne(nom="Juste"), "panne": _ligne(**ligne)}
    with pytest.raises(Refus) as refus:
        ecrire(cible=parcours.esms, lignes=lignes, par=directrice_de(parcours))
    assert phrase in refus.value.champs[f"panne-{champ}"][0] and not Interlocuteur.objects.exists()


def test_deux_personnes_la_seconde_apprend_ce_qui_a_change() -> None:
    grappe = GrappeFactory()
    cheffe, autre = cheffe_de(grappe), cheffe_de(grappe)
    ecrire(cible=grappe, lignes={"panne": _ligne(nom="Un")}, par=cheffe)
    vu = jeton(services.histoire_de(grappe))
    ecrire(cible=grappe, lignes={"panne": _ligne(nom="Deux")}, par=autre)
    with pytest.raises(Refus) as refus:
        ecrire(cible=grappe, lignes={"panne": _ligne(nom="Trois")}, par=cheffe, vu=vu)
    assert refus.value.code == "concurrence" and Interlocuteur.objects.get().nom == "Deux"
    vu = jeton(services.histoire_de(grappe))
    ecrire(cible=grappe, lignes={"panne": _ligne()}, par=autre)
    with pytest.raises(Refus, match="a retiré"):
        ecrire(cible=grappe, lignes={"panne": _ligne(nom="Deux")}, par=cheffe, vu=vu)


def test_qui_ecrit_quoi() -> None:
    parcours = ParcoursFactory()
    gens = {
        "cheffe": cheffe_de(parcours.grappe),
        "siege": affecter(Role.SIEGE, parcours.esms.og),
        "directrice": directrice_de(parcours),
        "appui": affecter(Role.APPUI, parcours.esms),
    }
    attendus = {
        "grappe": (parcours.grappe, {"cheffe"}),
        "og": (parcours.esms.og, {"siege"}),
        "esms": (parcours.esms, {"cheffe", "siege", "directrice"}),
    }
    for cible, peuvent in attendus.values():
        for nom, qui in gens.items():
            try:
                ecrire(cible=cible, lignes={"panne": _ligne(nom=nom)}, par=qui)
                ecrit = True
            except Refus as refus:
                assert refus.code == "droit"
                ecrit = False
            assert ecrit is (nom in peuvent), (nom, cible)


def test_la_page_propose_le_chef_de_projet_et_garde_la_saisie() -> None:
    grappe = GrappeFactory()
    cheffe = cheffe_de(grappe)
    client, url = connecte(cheffe), reverse("programme:grappe-interlocuteurs", args=[grappe.pk])
    page = client.get(url)
    assert "proposé d’après un compte" in page.content.decode() and cheffe.nom in page.content.decode()
    assert not Interlocuteur.objects.exists()
    saisie: dict[str, Any] = {"vu": "0", "panne-telephone": "05 55 00 00 00"}
    faute = client.post(url, saisie)
    assert faute.status_code == 422 and "05 55 00 00 00" in faute.content.decode()
    suite = client.post(url, saisie | {"panne-nom": "Service"}, follow=True)
    assert "1 interlocuteur mis à jour" in suite.content.decode()
    assert Interlocuteur.objects.get().grappe == grappe
