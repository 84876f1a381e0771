"""Le périmètre : ce que chacun voit, qui nomme qui, et des dates qui font foi."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.enums import Portee, Role, Titre
from programme.forms.perimetre import AffectationForm
from programme.models import Affectation, Esms, Grappe, Ouverture, Parcours, Utilisateur
from programme.permissions import peut_affecter, peut_decider
from programme.services.perimetre import affecter as confier
from programme.services.perimetre import chercher_comptes, clore, deleguer, sieges_vacants
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from tests.fabriques import (
    DepartementFactory,
    EsmsFactory,
    GrappeFactory,
    GroupeFactory,
    OgFactory,
    OuvertureFactory,
    ParcoursFactory,
    RegionFactory,
    UtilisateurFactory,
    affecter,
    cheffe_de,
    directrice_de,
)

pytestmark = pytest.mark.django_db
AUJOURD_HUI = timezone.localdate()
HIER, DEMAIN = AUJOURD_HUI - timedelta(days=1), AUJOURD_HUI + timedelta(days=1)


def relire(utilisateur: Utilisateur) -> Utilisateur:
    """Le compte à la requête suivante : son périmètre est relu."""
    return Utilisateur.objects.get(pk=utilisateur.pk)


# --- ce que l'on voit : le SQL contre une lecture naïve --------------------------------------------------------------


def _monde() -> dict[str, list[Any]]:
    """Deux régions, trois OG, six ESMS, trois grappes (deux déposées), deux groupes, des parcours croisés."""
    departements = [
        DepartementFactory(code="33", region=RegionFactory(code="75")),
        DepartementFactory(code="31", nom="Haute-Garonne", code_finess="31", region=RegionFactory(code="76", nom="O")),
    ]
    ogs = OgFactory.create_batch(3)
    esms = [EsmsFactory(og=ogs[n % 3], departement=departements[n % 2]) for n in range(6)]
    esms.append(EsmsFactory(og=None, departement=None))
    grappes = GrappeFactory.create_batch(3)
    for grappe in grappes[1:]:
        changer_etat(grappe, "deposer", par=cheffe_de(grappe))
    parcours = [ParcoursFactory(esms=e, grappe=grappes[n % 3], solution=None) for n, e in enumerate(esms)]
    parcours += [ParcoursFactory(esms=e, grappe=grappes[(n + 1) % 3], solution=None) for n, e in enumerate(esms[:3])]
    for p in parcours:
        OuvertureFactory(unite__parcours=p)
    groupes = [GroupeFactory(og=ogs[0]), GroupeFactory(og=ogs[1])]
    groupes[0].esms.set(esms[:2])
    groupes[1].esms.set(esms[3:5])
    return {
        Portee.REGION: [d.region for d in departements],
        Portee.GRAPPE: grappes,
        Portee.OG: ogs,
        Portee.GROUPE: groupes,
        Portee.ESMS: esms,
    }


def _couvre(affectation: Affectation, parcours: Parcours) -> bool:
    """La règle, dite sans SQL."""
    if not affectation.du <= AUJOURD_HUI <= (affectation.au or date.max):
        return False
    if affectation.role == Role.ARS and parcours.grappe.etat == "montage":
        return False
    cible, esms = affectation.cible, parcours.esms
    departement = esms.departement
    return {
        Portee.NATIONAL: lambda: True,
        Portee.REGION: lambda: departement is not None and departement.region == cible,
        Portee.GRAPPE: lambda: parcours.grappe == cible,
        Portee.OG: lambda: esms.og == cible,
        Portee.GROUPE: lambda: esms in cible.esms.all(),
        Portee.ESMS: lambda: esms == cible,
    }[Portee(affectation.portee)]()


_AFFECTATION = st.tuples(
    st.sampled_from([*Portee]),
    st.integers(0, 6),
    st.sampled_from([(-30, None), (-30, 30), (-30, -1), (1, None), (0, 0), (-1, 0)]),
    st.sampled_from([*Role]),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tirages=st.lists(_AFFECTATION, max_size=4))
def test_un_compte_ne_voit_que_ce_que_couvrent_ses_affectations(db: Any, tirages: list[Any]) -> None:
    from django.db import transaction

    with transaction.atomic():
        monde = _monde()
        compte = UtilisateurFactory()
        for portee, rang, (debut, fin), role in tirages:
            cibles = monde.get(portee)
            Affectation.objects.create(
                utilisateur=compte,
                role=role,
                portee=portee,
                du=AUJOURD_HUI + timedelta(days=debut),
                au=AUJOURD_HUI + timedelta(days=fin) if fin is not None else None,
                **({portee.value: cibles[rang % len(cibles)]} if cibles else {}),
            )
        compte = relire(compte)
        tenues = list(compte.affectations.select_related("region", "grappe", "og", "groupe", "esms"))
        attendus = {p.pk for p in Parcours.objects.all() if any(_couvre(a, p) for a in tenues)}
        vus = list(Parcours.objects.visibles_par(compte).values_list("pk", flat=True))
        assert sorted(vus) == sorted(attendus), "ni de trop, ni en moins, ni en double"
        ouvertures = Ouverture.objects.visibles_par(compte).values_list("unite__parcours", flat=True)
        assert sorted(ouvertures) == sorted(attendus)
        dites = {
            g
            for a in tenues
            for g in Grappe.objects.all()
            if _en_cours(a) and (a.portee == Portee.NATIONAL or a.portee == Portee.GRAPPE and a.cible == g)
            if not (a.role == Role.ARS and g.etat == "montage")
        }
        dites |= {g for a in tenues if a.portee == Portee.REGION and _en_cours(a) for g in _instruites(a)}
        grappes = {p.grappe for p in Parcours.objects.filter(pk__in=attendus)} | dites
        assert set(Grappe.objects.visibles_par(compte)) == grappes
        transaction.set_rollback(True)


def _instruites(affectation: Affectation) -> set[Grappe]:
    """Grappes que la région instruit, moins celles en montage pour un financeur."""
    return {
        g
        for g in Grappe.objects.filter(region=affectation.region)
        if not (affectation.role == Role.ARS and g.etat == "montage")
    }


def _en_cours(affectation: Affectation) -> bool:
    return affectation.du <= AUJOURD_HUI <= (affectation.au or date.max)


def test_un_compte_sans_affectation_ne_voit_aucun_parcours() -> None:
    ParcoursFactory()
    compte = UtilisateurFactory()
    assert not Parcours.objects.visibles_par(compte).exists() and not Grappe.objects.visibles_par(compte).exists()


# --- intérim, délégation : hors dates, plus de droit ------------------------------------------------------------------


@pytest.mark.parametrize("titre", [Titre.INTERIM, Titre.DELEGATION])
@pytest.mark.parametrize(
    ("du", "au", "decide"),
    [(HIER, DEMAIN, True), (AUJOURD_HUI, AUJOURD_HUI, True), (HIER, HIER, False), (DEMAIN, DEMAIN, False)],
)
def test_interim_et_delegation_ne_valent_qu_entre_leurs_dates(titre: Titre, du: date, au: date, decide: bool) -> None:
    parcours = ParcoursFactory()
    directrice = directrice_de(parcours)
    suppleante = UtilisateurFactory()
    if titre == Titre.DELEGATION:
        deleguer(esms=parcours.esms, a=suppleante, du=du, au=au, par=directrice, motif="congés")
    else:
        confier(
            utilisateur=suppleante,
            role=Role.DIRECTEUR,
            cible=parcours.esms,
            du=du,
            au=au,
            titre=titre,
            par=affecter(Role.SIEGE, parcours.esms.og),
        )
    suppleante = relire(suppleante)
    assert bool(peut_decider(suppleante, parcours)) is decide
    assert Parcours.objects.visibles_par(suppleante).exists() is decide
    if decide:
        passage = changer_etat(parcours, "engager", par=suppleante, motif="x")
        assert passage.role == f"Directeur {titre.label.lower()}"
    else:
        with pytest.raises(Refus) as refus:
            changer_etat(parcours, "engager", par=suppleante, motif="x")
        assert refus.value.code == "droit"


def test_une_delegation_a_une_fin_et_ne_se_redonne_pas() -> None:
    parcours = ParcoursFactory()
    directrice, adjointe, autre = directrice_de(parcours), UtilisateurFactory(), UtilisateurFactory()
    with pytest.raises(Refus) as refus:
        deleguer(esms=parcours.esms, a=adjointe, du=HIER, au=None, par=directrice, motif="")
    assert "au" in refus.value.champs
    deleguer(esms=parcours.esms, a=adjointe, du=HIER, au=DEMAIN, par=directrice, motif="")
    with pytest.raises(Refus) as refus:
        deleguer(esms=parcours.esms, a=autre, du=HIER, au=DEMAIN, par=relire(adjointe), motif="")
    assert refus.value.code == "droit"
    assert Affectation.objects.get(utilisateur=adjointe).delegue_par == directrice


def test_la_delegation_ne_vient_pas_du_chef_de_projet() -> None:
    parcours = ParcoursFactory()
    with pytest.raises(Refus) as refus:
        deleguer(
            esms=parcours.esms, a=UtilisateurFactory(), du=HIER, au=DEMAIN, par=cheffe_de(parcours.grappe), motif=""
        )
    assert refus.value.code == "droit"


# --- nommer ----------------------------------------------------------------------------------------------------------


def _nommer(par: Utilisateur, role: str, cible: Any, **champs: Any) -> Affectation:
    champs.setdefault("utilisateur", UtilisateurFactory())
    return confier(role=role, cible=cible, du=champs.pop("du", HIER), par=par, **champs)


def test_chacun_nomme_dans_ce_qu_il_conduit_ou_dirige() -> None:
    parcours = ParcoursFactory()
    esms, grappe = parcours.esms, parcours.grappe
    cheffe, siege, directrice = cheffe_de(grappe), affecter(Role.SIEGE, esms.og), directrice_de(parcours)
    admin = affecter(Role.ADMIN)
    permis: list[tuple[Utilisateur, str, Any]] = [
        (cheffe, Role.DIRECTEUR, ParcoursFactory(grappe=grappe).esms),
        (cheffe, Role.REFERENT, esms),
        (cheffe, Role.MEMBRE, grappe),
        (siege, Role.DIRECTEUR, esms),
        (siege, Role.SIEGE, esms.og),
        (siege, Role.DIRECTEUR, GroupeFactory(og=esms.og)),
        (directrice, Role.REFERENT, esms),
        (admin, Role.ARS, RegionFactory()),
        (admin, Role.ADMIN, None),
    ]
    for par, role, cible in permis:
        assert _nommer(par, role, cible).role == role, (par, role)
    refuses: list[tuple[Utilisateur, str, Any]] = [
        (cheffe, Role.SIEGE, esms.og),
        (cheffe, Role.DIRECTEUR, esms),
        (cheffe, Role.DIRECTEUR, EsmsFactory()),
        (cheffe, Role.CHEF_PROJET, GrappeFactory()),
        (cheffe, Role.ARS, RegionFactory()),
        (siege, Role.DIRECTEUR, EsmsFactory()),
        (siege, Role.MEMBRE, grappe),
        (siege, Role.ADMIN, None),
        (directrice, Role.DIRECTEUR, esms),
        (directrice, Role.REFERENT, EsmsFactory()),
        (UtilisateurFactory(), Role.REFERENT, esms),
    ]
    for par, role, cible in refuses:
        with pytest.raises(Refus) as refus:
            _nommer(par, role, cible)
        assert refus.value.code == "droit", (par, role)


def test_un_chef_de_projet_ne_nomme_plus_dans_un_esms_sorti() -> None:
    parcours = ParcoursFactory()
    cheffe = cheffe_de(parcours.grappe)
    assert peut_affecter(cheffe, Role.DIRECTEUR, parcours.esms)
    changer_etat(parcours, "sortir", par=cheffe, motif="retrait")
    assert not peut_affecter(cheffe, Role.DIRECTEUR, Esms.objects.get(pk=parcours.esms_id))


@pytest.mark.parametrize(
    ("role", "portee"),
    [(Role.ADMIN, "grappe"), (Role.CHEF_PROJET, "esms"), (Role.DIRECTEUR, "og"), (Role.SIEGE, "esms")],
)
def test_un_role_ne_se_confie_qu_a_son_echelle(role: Role, portee: str) -> None:
    parcours = ParcoursFactory()
    cible = {"grappe": parcours.grappe, "esms": parcours.esms, "og": parcours.esms.og}[portee]
    with pytest.raises(Refus) as refus:
        _nommer(affecter(Role.ADMIN), role, cible)
    assert "role" in refus.value.champs


def test_personne_ne_se_nomme_soi_meme() -> None:
    admin = affecter(Role.ADMIN)
    with pytest.raises(Refus) as refus:
        _nommer(admin, Role.DIRECTEUR, EsmsFactory(), utilisateur=admin)
    assert "identifiant" in refus.value.champs


def test_un_meme_role_ne_se_confie_pas_deux_fois_aux_memes_dates() -> None:
    admin, esms, compte = affecter(Role.ADMIN), EsmsFactory(), UtilisateurFactory()
    _nommer(admin, Role.DIRECTEUR, esms, utilisateur=compte, au=AUJOURD_HUI)
    with pytest.raises(Refus) as refus:
        _nommer(admin, Role.DIRECTEUR, esms, utilisateur=compte, du=AUJOURD_HUI)
    assert "tient déjà ce rôle" in refus.value.motif
    _nommer(admin, Role.DIRECTEUR, esms, utilisateur=compte, du=DEMAIN)


def test_des_dates_a_l_envers_ou_un_nir_dans_le_motif_ne_s_ecrivent_pas() -> None:
    admin, esms = affecter(Role.ADMIN), EsmsFactory()
    for faute, champ in (({"du": AUJOURD_HUI, "au": HIER}, "au"), ({"motif": "2 55 08 14 168 025 38"}, "motif")):
        with pytest.raises(Refus) as refus:
            _nommer(admin, Role.DIRECTEUR, esms, **faute)
        assert champ in refus.value.champs
    assert not Affectation.objects.filter(esms=esms).exists()


# --- mettre fin ------------------------------------------------------------------------------------------------------


def test_mettre_fin_hier_retire_le_droit_aussitot() -> None:
    parcours = ParcoursFactory()
    directrice = directrice_de(parcours)
    siege = affecter(Role.SIEGE, parcours.esms.og)
    clore(affectation=directrice.affectations.get(), au=HIER, par=siege)
    assert not peut_decider(relire(directrice), parcours)
    assert directrice.affectations.get().history.first().history_user == siege


def test_on_ne_clot_ni_avant_le_debut_ni_pour_prolonger() -> None:
    admin = affecter(Role.ADMIN)
    affectation = _nommer(admin, Role.DIRECTEUR, EsmsFactory(), du=HIER, au=AUJOURD_HUI)
    for au in (HIER - timedelta(days=1), DEMAIN):
        with pytest.raises(Refus) as refus:
            clore(affectation=affectation, au=au, par=admin)
        assert "au" in refus.value.champs


def test_la_cheffe_voit_les_directeurs_de_groupe_une_fois_chacun() -> None:
    grappe, groupe = GrappeFactory(), GroupeFactory()
    groupe.esms.set([ParcoursFactory(grappe=grappe).esms for _ in range(3)])
    directeur = affecter(Role.DIRECTEUR, groupe)
    vues = Affectation.objects.visibles_par(cheffe_de(grappe)).filter(role=Role.DIRECTEUR)
    assert list(vues) == [directeur.affectations.get()]
    assert not Affectation.objects.visibles_par(cheffe_de(GrappeFactory())).filter(role=Role.DIRECTEUR).exists()


def test_le_seul_chef_de_projet_ne_se_retire_pas() -> None:
    grappe = GrappeFactory()
    cheffe = cheffe_de(grappe)
    # Elle a monté sa grappe : elle s'est confié ce rôle, elle pourrait donc y mettre fin.
    cheffe.affectations.update(confie_par=cheffe)
    with pytest.raises(Refus, match="Personne d'autre ne conduirait"):
        clore(affectation=cheffe.affectations.get(), au=AUJOURD_HUI, par=cheffe)
    cheffe_de(grappe)
    assert clore(affectation=cheffe.affectations.get(), au=AUJOURD_HUI, par=cheffe).au == AUJOURD_HUI


def test_chercher_un_compte_ne_trouve_que_parmi_ceux_qu_on_voit() -> None:
    parcours = ParcoursFactory()
    connu = directrice_de(parcours)
    connu.nom, connu.courriel = "Hélène Vasseur", "h.vasseur@exemple.invalid"
    connu.save()
    cheffe, etrangere = cheffe_de(parcours.grappe), cheffe_de(GrappeFactory())
    for texte in ("helene vasseur", "VASSEUR", "H.Vasseur@exemple.invalid"):
        assert chercher_comptes(texte, par=cheffe) == [connu], texte
        assert chercher_comptes(texte, par=etrangere) == []
    formulaire = AffectationForm({"identifiant": "helene vasseur"}, par=etrangere)
    assert "parmi les comptes que vous voyez" in formulaire.errors["identifiant"][0]
    formulaire = AffectationForm({"identifiant": "helene vasseur"}, par=cheffe)
    assert formulaire.errors["cible"] == ["Dites sur quoi porte ce rôle."] and formulaire.compte == connu


def test_qui_a_delegue_reprend_et_un_autre_ne_peut_pas() -> None:
    parcours = ParcoursFactory()
    directrice = directrice_de(parcours)
    delegation = deleguer(esms=parcours.esms, a=UtilisateurFactory(), du=HIER, au=DEMAIN, par=directrice, motif="")
    with pytest.raises(Refus):
        clore(affectation=delegation, au=HIER, par=directrice_de(ParcoursFactory(grappe=parcours.grappe)))
    clore(affectation=delegation, au=HIER, par=directrice)
    assert not peut_decider(relire(delegation.utilisateur), parcours)


# --- sièges vacants --------------------------------------------------------------------------------------------------


def test_un_siege_vacant_se_signale_a_qui_le_voit_et_ne_bloque_rien() -> None:
    parcours = ParcoursFactory()
    tenu = ParcoursFactory(grappe=parcours.grappe)
    en_groupe = ParcoursFactory(grappe=parcours.grappe)
    groupe = GroupeFactory(og=en_groupe.esms.og)
    groupe.esms.add(en_groupe.esms)
    directrice_de(tenu)
    affecter(Role.DIRECTEUR, groupe)
    affecter(Role.DIRECTEUR, parcours.esms, au=HIER)
    cheffe = cheffe_de(parcours.grappe)
    assert list(sieges_vacants(cheffe)) == [parcours.esms]
    assert not sieges_vacants(cheffe_de(GrappeFactory())).exists()
    _nommer(cheffe, Role.DIRECTEUR, parcours.esms, titre=Titre.INTERIM)
    assert not sieges_vacants(cheffe).exists()
