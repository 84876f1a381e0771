"""Inscrire : par personne, par groupe ; les places, la liste d'attente, se désister, chacun selon son droit."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from formation.models import Declinaison, Inscription, SessionFormation
from formation.services.inscriptions import ATTENDRE, REMPLIR, candidats, groupes, inscrire, retirer
from formation.services.sessions import modifier_session
from programme.enums import Role
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, UniteFactory, affecter, cheffe_de, directrice_de
from tests.formation.fabriques import (
    MetierFactory,
    ModuleFormationFactory,
    PosteFactory,
    SessionFormationFactory,
    equipe,
    former,
    il_y_a,
)
from tests.formation.sessions.aides import deux_esms, lu, ouverte, tenir

pytestmark = pytest.mark.django_db


@pytest.fixture
def session() -> SessionFormation:
    return ouverte(capacite=3)


@pytest.fixture
def parcours(session: SessionFormation) -> Any:
    return ParcoursFactory(grappe=session.grappe)


def _statuts(session: SessionFormation) -> list[str]:
    return list(session.inscriptions.order_by("inscrite_le", "pk").values_list("statut", flat=True))


def _refus(**champs: Any) -> str:
    with pytest.raises(Refus) as refus:
        inscrire(**champs)
    return refus.value.motif


def test_au_dela_des_places_on_demande_puis_les_suivantes_attendent(session: SessionFormation, parcours: Any) -> None:
    directrice, cles = directrice_de(parcours), [p.pk for p in equipe(parcours, 5)]
    motif = _refus(session=session, postes=cles, par=directrice)
    assert "Il reste 3 places et vous inscrivez 5 personnes" in motif.replace("\xa0", " ") and "agrandir" in motif
    assert not session.inscriptions.exists(), "rien d'écrit à moitié"
    rendu = inscrire(session=session, postes=cles, par=directrice, si_complet=ATTENDRE)
    assert len(rendu.inscrites) == 3 and len(rendu.en_attente) == 2
    assert _statuts(session) == ["inscrit"] * 3 + ["en_attente"] * 2


def test_un_desistement_fait_monter_la_premiere_en_poste(session: SessionFormation, parcours: Any) -> None:
    directrice, postes = directrice_de(parcours), equipe(parcours, 6)
    rendu = inscrire(session=session, postes=[p.pk for p in postes], par=directrice, si_complet=ATTENDRE)
    partie = rendu.en_attente[0].poste
    partie.fin = timezone.localdate()
    partie.save()
    montees = retirer(inscription=rendu.inscrites[0], par=directrice)
    assert [i.pk for i in montees] == [rendu.en_attente[1].pk], "la première de la liste sera partie ce jour-là"
    with pytest.raises(Refus, match="déjà retirée"):
        retirer(inscription=rendu.inscrites[0], par=directrice)
    assert session.inscriptions.inscrites().count() == 3


def test_agrandir_fait_monter_et_reduire_sous_les_inscrits_se_refuse(session: SessionFormation, parcours: Any) -> None:
    cheffe = cheffe_de(session.grappe)
    inscrire(
        session=session, postes=[p.pk for p in equipe(parcours, 5)], par=directrice_de(parcours), si_complet=ATTENDRE
    )
    with pytest.raises(Refus) as refus:
        modifier_session(session=session, par=cheffe, capacite=2)
    assert "3 personnes ont une place" in refus.value.motif.replace("\xa0", " ") and "capacite" in refus.value.champs
    assert modifier_session(session=session, par=cheffe, capacite=4).montees == 1
    assert _statuts(session).count("inscrit") == 4


def test_le_module_ne_change_plus_une_fois_du_monde_inscrit(session: SessionFormation, parcours: Any) -> None:
    inscrire(session=session, postes=[equipe(parcours, 1)[0].pk], par=directrice_de(parcours))
    autre = ModuleFormationFactory(grappe=session.grappe)
    with pytest.raises(Refus, match="le module ne change plus"):
        modifier_session(session=session, par=cheffe_de(session.grappe), module=autre)


def test_on_n_inscrit_ni_deux_fois_ni_qui_n_est_pas_en_poste_ni_d_ailleurs(
    session: SessionFormation, parcours: Any
) -> None:
    directrice, poste = directrice_de(parcours), PosteFactory(parcours=parcours)
    inscrire(session=session, postes=[poste.pk], par=directrice)
    assert "est déjà inscrite" in _refus(session=session, postes=[poste.pk], par=directrice)
    renfort = PosteFactory(parcours=parcours, debut=il_y_a(5), fin=il_y_a(-5))
    assert f"sa sortie est le {renfort.fin:%d/%m/%Y}" in _refus(session=session, postes=[renfort.pk], par=directrice)
    a_venir = PosteFactory(parcours=parcours, debut=il_y_a(-40))
    assert "son entrée est le" in _refus(session=session, postes=[a_venir.pk], par=directrice)
    ailleurs = PosteFactory()
    dehors = directrice_de(ailleurs.parcours)
    assert "d'un ESMS de la grappe" in _refus(session=session, postes=[ailleurs.pk], par=dehors)
    deux = PosteFactory(parcours=parcours, professionnel=a_venir.professionnel, debut=il_y_a(90))
    trois = PosteFactory(parcours=ParcoursFactory(grappe=session.grappe), professionnel=a_venir.professionnel)
    siege = affecter(Role.CHEF_PROJET, session.grappe)
    assert "deux postes" in _refus(session=session, postes=[deux.pk, trois.pk], par=siege)
    assert session.inscriptions.count() == 1


def test_une_session_d_esms_n_accueille_que_lui() -> None:
    parcours = ParcoursFactory()
    session = ouverte(module=ModuleFormationFactory(grappe=parcours.grappe), parcours=parcours)
    voisin = PosteFactory(parcours=ParcoursFactory(grappe=parcours.grappe))
    motif = _refus(session=session, postes=[voisin.pk], par=cheffe_de(parcours.grappe))
    assert "n'est que pour cet ESMS" in motif


@pytest.mark.parametrize(
    ("transition", "motif"), [("", "ne sont pas ouvertes"), ("annuler", "annulée : on ne s'y inscrit plus")]
)
def test_on_ne_s_inscrit_qu_a_une_session_ouverte(transition: str, motif: str) -> None:
    session = SessionFormationFactory()
    if transition:
        changer_etat(session, transition, par=cheffe_de(session.grappe), motif="Grève")
    poste = PosteFactory(parcours=ParcoursFactory(grappe=session.grappe))
    assert motif in _refus(session=session, postes=[poste.pk], par=directrice_de(poste.parcours))


# --- par groupe ----------------------------------------------------------------------------------------------------


def test_un_groupe_ne_prend_que_qui_reste_a_former() -> None:
    session, parcours, _ = deux_esms()
    educateur, cuisinier = MetierFactory(), MetierFactory(code="cuisinier")
    session.module.publics.add(educateur)
    a_former = equipe(parcours, 2, metier=educateur)
    former(PosteFactory(parcours=parcours, metier=educateur), session.module)
    PosteFactory(parcours=parcours, metier=cuisinier)
    PosteFactory(parcours=parcours, metier=educateur, debut=il_y_a(5), fin=il_y_a(-15))  # un renfort
    ailleurs = PosteFactory(parcours=parcours, metier=educateur)
    autre = ouverte(module=session.module)
    inscrire(session=autre, postes=[ailleurs.pk], par=directrice_de(parcours))
    desiste = PosteFactory(parcours=parcours, metier=educateur)
    rendu = inscrire(session=session, postes=[desiste.pk], par=directrice_de(parcours))
    retirer(inscription=rendu.inscrites[0], par=directrice_de(parcours))
    lus = candidats(session, [parcours])
    assert {c.poste.pk for c in lus if c.a_inscrire} == {p.pk for p in a_former}
    assert [c.note for c in lus if not c.a_inscrire and "désistée" in c.note] == ["s'est désistée"]
    assert [(g.nom, g.nombre) for g in groupes(lus)] == [
        ("Toutes les personnes à former", 2), ("Educateur specialise", 2),
    ]  # fmt: skip
    cheffe = cheffe_de(session.grappe)
    inscrites = inscrire(session=session, parcours=parcours, groupes=[f"metier:{educateur.pk}"], par=cheffe).inscrites
    assert {i.poste_id for i in inscrites} == {p.pk for p in a_former}
    motif = _refus(session=session, parcours=parcours, groupes=["tous"], par=cheffe)
    assert motif.startswith("Personne à inscrire")


def test_un_acquis_passe_ne_dispense_pas_et_sans_objet_n_appelle_personne() -> None:
    session, parcours, autre = deux_esms()
    former(PosteFactory(parcours=parcours), session.module, valable_jusqu_au=session.jour - timedelta(days=1))
    former(PosteFactory(parcours=parcours), session.module, valable_jusqu_au=session.jour)
    PosteFactory(parcours=autre)
    Declinaison.objects.create(module=session.module, parcours=autre, sans_objet=True, motif="Pas de DUI")
    assert [c.a_inscrire for c in candidats(session, [parcours])] == [True, False]
    assert not groupes(candidats(session, [autre]))


def test_par_unite_et_remplir_sans_plus() -> None:
    session, parcours, _ = deux_esms()
    SessionFormation.objects.filter(pk=session.pk).update(capacite=2)
    nuit = UniteFactory(parcours=parcours, nom="La nuit")
    equipe(parcours, 3, unite=nuit)
    equipe(parcours, 2)
    rendu = inscrire(
        session=session,
        parcours=parcours,
        groupes=[f"unite:{nuit.pk}"],
        si_complet=REMPLIR,
        par=directrice_de(parcours),
    )
    assert len(rendu.inscrites) == 2 and len(rendu.laissees) == 1
    assert set(session.inscriptions.values_list("poste__unite", flat=True)) == {nuit.pk}


# --- qui inscrit, et ce qu'il en lit -------------------------------------------------------------------------------


def test_chacun_inscrit_les_siens() -> None:
    session, parcours, autre = deux_esms()
    poste = PosteFactory(parcours=autre)
    with pytest.raises(Refus) as refus:
        inscrire(session=session, postes=[poste.pk], par=directrice_de(parcours))
    assert refus.value.code == "droit" and not Inscription.objects.exists()
    inscription = inscrire(session=session, postes=[poste.pk], par=directrice_de(autre)).inscrites[0]
    url = reverse("formation:inscription-retirer", args=[inscription.pk])
    assert connecte(directrice_de(parcours)).post(url).status_code == 404
    assert connecte(cheffe_de(session.grappe)).post(url).status_code == 302
    inscription.refresh_from_db()
    assert inscription.statut == "desiste"


def test_la_cheffe_inscrit_un_groupe_sans_lire_un_nom() -> None:
    session, parcours, _ = deux_esms()
    educatrices = equipe(parcours, 5)
    PosteFactory(parcours=parcours, metier=MetierFactory(code="cuisinier"))
    client = connecte(cheffe_de(session.grappe))
    url = reverse("formation:session-inscrire", args=[session.pk])
    assert "6 personnes à former" in lu(client.get(url))
    page = lu(client.get(f"{url}?esms={parcours.pk}"))
    assert "Educateur specialise : 5" in page and "Cuisinier : moins de 5" in page
    assert 'name="postes"' not in page
    donnees = {"groupes": [f"metier:{educatrices[0].metier_id}"], "postes": [educatrices[0].pk]}
    suite = client.post(f"{url}?esms={parcours.pk}", donnees, follow=True)
    fait = lu(suite)
    assert session.inscriptions.count() == 5 and "Inscription faite : 5 personnes." in fait
    petit = {"groupes": ["tous"]}
    assert "Inscription faite : moins de 5 personnes." in lu(
        client.post(f"{url}?esms={parcours.pk}", petit, follow=True)
    )
    noms = [p.professionnel.nom for p in educatrices] + [p.professionnel.matricule for p in educatrices]
    assert not [mot for mot in noms if mot in page or mot in fait]
    assert educatrices[0].professionnel.numero in fait, "elle retire par numéro"
    assert connecte(cheffe_de(ParcoursFactory().grappe)).get(url).status_code == 404


def test_la_directrice_coche_des_noms_les_non_formees_d_abord() -> None:
    session, parcours, autre = deux_esms()
    formee = PosteFactory(parcours=parcours, professionnel__nom="Aa Formée")
    former(formee, session.module)
    a_former = PosteFactory(parcours=parcours, professionnel__nom="Zz Nouvelle")
    voisine = PosteFactory(parcours=autre, professionnel__nom="Voisine")
    client, url = connecte(directrice_de(parcours)), reverse("formation:session-inscrire", args=[session.pk])
    page = lu(client.get(url))
    assert page.index("Zz Nouvelle") < page.index("Aa Formée") and "déjà formée" in page and "Voisine" not in page
    assert client.get(f"{url}?esms={autre.pk}").status_code == 404
    assert client.post(url, {"postes": [voisine.pk]}).status_code == 422
    rien = client.post(url, {})
    assert rien.status_code == 422 and "Choisissez au moins une personne" in lu(rien)
    fait = client.post(url, {"postes": [a_former.pk]}, follow=True)
    assert "Inscription faite : 1 personne (Zz Nouvelle)." in lu(fait)
    SessionFormation.objects.filter(pk=session.pk).update(capacite=1)
    plein = client.post(url, {"postes": [formee.pk]})
    assert plein.status_code == 422 and "Il reste 0 place" in lu(plein)


def test_qui_est_venu_sans_etre_inscrit_s_ajoute_apres_coup_au_dela_des_places() -> None:
    session, parcours, _ = deux_esms()
    SessionFormation.objects.filter(pk=session.pk).update(capacite=1)
    inscrire(session=session, postes=[PosteFactory(parcours=parcours).pk], par=directrice_de(parcours))
    tenir(session)
    venu = PosteFactory(parcours=parcours)
    rendu = inscrire(session=session, postes=[venu.pk], par=directrice_de(parcours))
    assert rendu.en_trop == 1 and rendu.inscrites[0].statut == "inscrit"
    with pytest.raises(Refus, match="une absence se pointe"):
        retirer(inscription=rendu.inscrites[0], par=directrice_de(parcours))
