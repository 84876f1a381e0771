"""Les personnes et leurs postes : ce qu'écrivent les services, ce qu'ils refusent."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from formation.calculs.effectifs import est_renfort
from formation.enums import OriginePoste, Rythme
from formation.models import Poste, Professionnel
from formation.services import comptage
from formation.services import professionnels as services
from formation.services.lecture_professionnels import formes_parmi
from programme.enums import Role
from programme.models import Parcours, Utilisateur
from programme.socle.erreurs import Refus
from tests.fabriques import ParcoursFactory, UniteFactory, affecter, cheffe_de, directrice_de
from tests.formation.fabriques import (
    InscriptionFactory,
    MetierFactory,
    ModuleFormationFactory,
    PosteFactory,
    SessionFormationFactory,
    former,
    il_y_a,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    return directrice_de(parcours)


def qui(**champs: Any) -> dict[str, Any]:
    """Une personne inventée, que la paie ignore."""
    return {"nom": "Personne Neuve", "matricule": "", "courriel": "", "origine": OriginePoste.INTERIM} | champs


def quoi(**champs: Any) -> dict[str, Any]:
    """Un poste de jour, sans fin."""
    depart = {"metier": MetierFactory(), "unite": None, "rythme": Rythme.JOUR, "debut": il_y_a(3), "fin": None}
    return depart | champs


def ajouter(parcours: Parcours, par: Utilisateur, personne: Any = None, poste: Any = None) -> Professionnel:
    return services.ajouter_personne(parcours=parcours, par=par, personne=personne or qui(), poste=poste or quoi())


# --- ajouter, corriger ---------------------------------------------------------------------------------------------


def test_une_personne_arrive_avec_son_poste(parcours: Parcours, directrice: Utilisateur) -> None:
    ajoutee = ajouter(parcours, directrice)
    poste = ajoutee.postes.get()
    assert (poste.parcours, poste.saisi_par, ajoutee.og) == (parcours, directrice, parcours.esms.og)


def test_tout_se_verifie_avant_d_ecrire(parcours: Parcours, directrice: Utilisateur) -> None:
    ailleurs = UniteFactory()
    with pytest.raises(Refus) as refus:
        ajouter(parcours, directrice, qui(nom=""), quoi(unite=ailleurs, fin=il_y_a(9)))
    assert refus.value.champs.keys() == {"nom", "unite", "fin"}
    assert not Professionnel.objects.exists() and not Poste.objects.exists()


def test_un_matricule_deja_pris_se_dit_sans_nommer_qui_l_on_ne_gere_pas(
    parcours: Parcours, directrice: Utilisateur
) -> None:
    frere = ParcoursFactory(esms__og=parcours.esms.og, grappe=parcours.grappe)
    loin = PosteFactory(parcours=frere, professionnel__matricule="M1", professionnel__nom="Secrète Ailleurs")
    PosteFactory(parcours=parcours, professionnel__matricule="M2", professionnel__nom="Connue Ici")
    dits = {}
    for matricule in ("M1", "M2"):
        with pytest.raises(Refus) as refus:
            ajouter(parcours, directrice, qui(matricule=matricule))
        dits[matricule] = refus.value.champs["matricule"][0]
    assert "Secrète" not in dits["M1"] and "siège" in dits["M1"]
    assert "Connue Ici" in dits["M2"] and "ajoutez-lui plutôt un poste" in dits["M2"]
    siege = affecter(Role.SIEGE, parcours.esms.og)
    tenu = services.ajouter_poste(personne=loin.professionnel, parcours=parcours, par=siege, **quoi())
    assert set(loin.professionnel.postes.all()) == {loin, tenu}, "le siège, lui, ajoute le poste"


def test_une_directrice_n_ajoute_pas_de_poste_a_qui_elle_ne_voit_pas(
    parcours: Parcours, directrice: Utilisateur
) -> None:
    loin = PosteFactory(parcours=ParcoursFactory(esms__og=parcours.esms.og))
    with pytest.raises(Refus) as refus:
        services.ajouter_poste(personne=loin.professionnel, parcours=parcours, par=directrice, **quoi())
    assert refus.value.code == "droit"


def test_un_poste_reste_dans_l_organisme_de_la_personne(parcours: Parcours) -> None:
    autre = ParcoursFactory()
    deux = affecter(Role.DIRECTEUR, autre.esms, utilisateur=directrice_de(parcours))
    personne = PosteFactory(parcours=parcours).professionnel
    with pytest.raises(Refus) as refus:
        services.ajouter_poste(personne=personne, parcours=autre, par=deux, **quoi())
    assert refus.value.motif == services.AUTRE_OG


def test_qui_conduit_ou_administre_n_ecrit_aucun_nom(parcours: Parcours) -> None:
    poste = PosteFactory(parcours=parcours)
    for par in (cheffe_de(parcours.grappe), affecter(Role.ADMIN), affecter(Role.APPUI, parcours.esms)):
        with pytest.raises(Refus) as refus:
            ajouter(parcours, par)
        assert refus.value.code == "droit"
        with pytest.raises(Refus):
            services.corriger_personne(personne=poste.professionnel, par=par, nom="Autre")


def test_deux_corrections_qui_se_croisent_se_disent(parcours: Parcours, directrice: Utilisateur) -> None:
    personne = PosteFactory(parcours=parcours).professionnel
    vu = services.vu_de(personne)
    services.corriger_personne(personne=personne, par=directrice, vu=vu, nom="Première")
    with pytest.raises(Refus) as refus:
        services.corriger_personne(personne=personne, par=directrice, vu=vu, nom="Seconde")
    personne.refresh_from_db()
    assert (refus.value.code, personne.nom, personne.tri) == ("concurrence", "Première", "premiere")


def test_on_ne_corrige_pas_qui_n_est_plus_chez_soi(parcours: Parcours, directrice: Utilisateur) -> None:
    partie = PosteFactory(parcours=parcours, fin=il_y_a(30)).professionnel
    services.corriger_personne(personne=partie, par=directrice, nom="Partie de partout")
    PosteFactory(professionnel=partie, parcours=ParcoursFactory(esms__og=parcours.esms.og))
    with pytest.raises(Refus) as refus:
        services.corriger_personne(personne=partie, par=directrice, nom="Autre")
    assert refus.value.code == "droit" and "plus en poste chez vous" in refus.value.motif


# --- postes --------------------------------------------------------------------------------------------------------


def test_une_sortie_peut_etre_a_venir_et_fait_d_un_court_passage_un_renfort(
    parcours: Parcours, directrice: Utilisateur
) -> None:
    au = timezone.localdate()
    poste = PosteFactory(parcours=parcours, debut=il_y_a(5))
    assert services.clore_poste(poste=poste, fin=au + timedelta(days=10), par=directrice).est_renfort
    assert list(Poste.objects.renforts(au)) == [poste] and not Poste.objects.prevus(au)
    with pytest.raises(Refus) as refus:
        services.clore_poste(poste=poste, fin=il_y_a(6), par=directrice)
    assert "fin" in refus.value.champs


def test_retirer_une_erreur_emporte_la_personne_si_c_etait_son_seul_poste(
    parcours: Parcours, directrice: Utilisateur
) -> None:
    poste = PosteFactory(parcours=parcours)
    second = PosteFactory(professionnel=poste.professionnel, parcours=parcours, debut=il_y_a(10))
    assert not services.retirer_poste(poste=second, par=directrice)
    former(poste, ModuleFormationFactory(grappe=parcours.grappe))
    with pytest.raises(Refus) as refus:
        services.retirer_poste(poste=poste, par=directrice)
    assert refus.value.motif == services.A_SERVI
    poste.professionnel.acquis.all().delete()
    assert services.retirer_poste(poste=poste, par=directrice) and not Professionnel.objects.exists()


def test_deux_postes_a_la_meme_date_dans_le_meme_esms_se_refusent(parcours: Parcours, directrice: Utilisateur) -> None:
    poste = PosteFactory(parcours=parcours, debut=date(2026, 1, 5))
    with pytest.raises(Refus) as refus:
        services.ajouter_poste(
            personne=poste.professionnel, parcours=parcours, par=directrice, **quoi(debut=date(2026, 1, 5))
        )
    assert "5 janv. 2026" in refus.value.champs["debut"][0]


def test_un_depart_ou_un_arrivant_refait_le_compte_de_couverture(
    parcours: Parcours, directrice: Utilisateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    refaits: list[int] = []
    for module in (services, comptage):
        monkeypatch.setattr(module, "rafraichir", refaits.extend)
    poste = ajouter(parcours, directrice).postes.get()
    services.modifier_poste(poste=poste, par=directrice, rythme=Rythme.NUIT)
    services.clore_poste(poste=poste, fin=il_y_a(0), par=directrice)
    services.retirer_poste(poste=poste, par=directrice)
    comptage.compter(parcours=parcours, par=directrice, metier=MetierFactory(), rythme=Rythme.JOUR, nombre=1)
    assert refaits == [parcours.pk] * 5


# --- compter sans noms ---------------------------------------------------------------------------------------------


def compter(parcours: Parcours, par: Utilisateur, nombre: int, **champs: Any) -> comptage.Change:
    depart: dict[str, Any] = {"metier": MetierFactory(), "rythme": Rythme.JOUR}
    return comptage.compter(parcours=parcours, par=par, nombre=nombre, **depart | champs)


def test_on_compte_on_augmente_on_reduit(parcours: Parcours) -> None:
    au, cheffe, unite = timezone.localdate(), cheffe_de(parcours.grappe), UniteFactory(parcours=parcours)
    assert compter(parcours, cheffe, 4, unite=unite) == comptage.Change(0, 4)
    assert compter(parcours, cheffe, 4, unite=unite) == comptage.Change(4, 4), "refaire ne change rien"
    compter(parcours, cheffe, 2, rythme=Rythme.NUIT)
    lus = [(c.unite_nom, c.rythme, c.nombre) for c in comptage.lire(parcours, au=au)]
    assert lus == [("", "nuit", 2), (unite.nom, "jour", 4)]
    assert compter(parcours, cheffe, 1, unite=unite) == comptage.Change(4, 1)
    assert Professionnel.objects.count() == Poste.objects.prevus(au).count() == 3
    assert not Professionnel.objects.exclude(nom="", matricule="").exists()


def test_reduire_ne_defait_ni_inscription_ni_personne_nommee(parcours: Parcours, directrice: Utilisateur) -> None:
    nommee = PosteFactory(parcours=parcours)
    compter(parcours, directrice, 2, depuis=il_y_a(60))
    servi = Poste.objects.exclude(pk=nommee.pk).latest("pk")
    session = SessionFormationFactory(module__grappe=parcours.grappe)
    InscriptionFactory(session=session, poste=servi, professionnel=servi.professionnel)
    assert compter(parcours, directrice, 1) == comptage.Change(2, 1)
    assert set(Poste.objects.all()) == {nommee, servi}, "le poste qui n'a servi à rien s'en va d'abord"
    compter(parcours, directrice, 0)
    servi.refresh_from_db()
    assert servi.fin == il_y_a(1) and servi.inscriptions.exists()


def test_un_compte_a_un_plafond(parcours: Parcours, directrice: Utilisateur) -> None:
    compter(parcours, directrice, 499)
    with pytest.raises(Refus) as refus:
        compter(parcours, directrice, 2, rythme=Rythme.NUIT)
    assert "au plus 500" in refus.value.champs["nombre"][0] and "501" in refus.value.champs["nombre"][0]
    assert Poste.objects.count() == 499


def test_compter_pour_un_autre_se_refuse(parcours: Parcours) -> None:
    for par in (affecter(Role.APPUI, parcours.esms), affecter(Role.ADMIN), cheffe_de(ParcoursFactory().grappe)):
        with pytest.raises(Refus) as refus:
            compter(parcours, par, 3)
        assert refus.value.code == "droit"


# --- formés --------------------------------------------------------------------------------------------------------


def test_forme_a_tout_le_socle_qui_s_adresse_a_son_metier(parcours: Parcours) -> None:
    au = timezone.localdate()
    infirmier = MetierFactory(code="infirmier")
    pour_tous = ModuleFormationFactory(grappe=parcours.grappe)
    de_soin = ModuleFormationFactory(grappe=parcours.grappe)
    de_soin.publics.add(infirmier)
    ecarte = ModuleFormationFactory(grappe=parcours.grappe)
    ecarte.declinaisons.create(parcours=parcours, sans_objet=True, motif="Déjà su")
    educateur, neuf = PosteFactory(parcours=parcours), PosteFactory(parcours=parcours)
    soignant = PosteFactory(parcours=parcours, metier=infirmier)
    former(educateur, pour_tous)
    former(soignant, pour_tous)
    former(soignant, de_soin, valable_jusqu_au=il_y_a(1))
    formes = formes_parmi([educateur, soignant, neuf], au=au)
    assert formes == {educateur.pk: True, soignant.pk: False, neuf.pk: False}
    pour_tous.retire_le = au
    pour_tous.save()
    assert formes_parmi([educateur], au=au) == {educateur.pk: None}, "rien ne s'adresse à lui"


@given(jours=st.integers(1, 400))
def test_un_renfort_reste_moins_d_un_mois_dernier_jour_compris(jours: int) -> None:
    debut = date(2026, 3, 2)
    assert est_renfort(debut, debut + timedelta(days=jours - 1)) == (jours < 30)
    assert not est_renfort(debut, None), "tant qu'aucune sortie n'est dite, c'est un utilisateur prévu"
