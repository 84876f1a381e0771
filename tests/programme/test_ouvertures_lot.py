"""Ouvrir plusieurs modules d'un coup : tout vérifié d'abord, chaque case par la porte, rien de moitié écrit."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programme.enums import EtatOuverture, EtatParcours, Role
from programme.models import Ouverture, Parcours
from programme.services import ouvertures as services
from programme.socle.erreurs import Refus
from programme.socle.models import Passage
from programme.socle.porte import changer_etat
from tests.fabriques import (
    ModuleFactory,
    OuvertureFactory,
    ParcoursFactory,
    UniteFactory,
    affecter,
    directrice_de,
    reunir_ce_qui_barre,
)

pytestmark = pytest.mark.django_db

AVERTISSENT = ("materiel", "procedures", "reprise", "ecrits")


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


@pytest.fixture
def directrice(parcours: Parcours) -> Any:
    directrice = directrice_de(parcours)
    changer_etat(parcours, "constater", par=directrice, vers=EtatParcours.OUVERTURE)
    return directrice


def _grille(parcours: Parcours, unites: int = 2, modules: int = 2) -> list[Ouverture]:
    choix = [ModuleFactory(code=f"m{i}", nom=f"Module {i}") for i in range(modules)]
    lignes = [UniteFactory(parcours=parcours) for _ in range(unites)]
    return [OuvertureFactory(unite=u, module=m) for u in lignes for m in choix]


def _informer(lot: list[Ouverture], par: Any) -> None:
    """Plus rien ne barre ; le reste avertit."""
    reunir_ce_qui_barre(*lot, transition="ouvrir", par=par)


def _etats(ouvertures: list[Ouverture]) -> list[str]:
    return list(Ouverture.objects.filter(pk__in=[o.pk for o in ouvertures]).values_list("etat", flat=True))


def _url(parcours: Parcours) -> str:
    return reverse("programme:parcours-ouvertures", args=[parcours.pk])


def _choix(ouvertures: list[Ouverture], transition: str = "ouvrir", **donnees: Any) -> dict[str, Any]:
    return {
        "ouvertures": [o.pk for o in ouvertures],
        "transition": transition,
        "date_effet": timezone.localdate().isoformat(),
    } | donnees


# --- service -------------------------------------------------------------------------------------------------------


def test_ouvrir_ce_qui_est_a_preparer_franchit_deux_passages(parcours: Parcours, directrice: Any) -> None:
    lot = _grille(parcours)
    _informer(lot, directrice)
    rendu = services.franchir_en_lot(ouvertures=lot, transition="ouvrir", par=directrice, motif="tablettes en mai")
    assert len(rendu.passees) == 4 and not rendu.refusees
    assert set(_etats(lot)) == {EtatOuverture.OUVERTE}
    for ouverture in lot:
        journal = [(p.transition, p.nature, p.motif, p.par) for p in Passage.objects.de(ouverture)]
        assert journal == [
            ("preparer", "decide", "tablettes en mai", directrice),
            ("ouvrir", "sous_reserve", "tablettes en mai", directrice),
        ]


def test_les_refusees_n_empechent_pas_les_autres(parcours: Parcours, directrice: Any) -> None:
    lot = _grille(parcours)
    changer_etat(lot[0], "exclure", par=directrice, motif="plus tard")
    rendu = services.franchir_en_lot(ouvertures=lot, transition="preparer", par=directrice)
    assert {o.pk for o, _ in rendu.passees} == {o.pk for o in lot[1:]}
    [(refusee, refus)] = rendu.refusees
    assert refusee == lot[0] and refus.code == "etat" and "Hors périmètre" in refus.motif


def test_le_plancher_legal_refuse_chaque_case_sans_rien_ecrire(parcours: Parcours, directrice: Any) -> None:
    lot = _grille(parcours)
    rendu = services.franchir_en_lot(ouvertures=lot, transition="ouvrir", par=directrice, motif="essai")
    assert not rendu.passees and {refus.code for _, refus in rendu.refusees} == {"conditions"}
    assert set(_etats(lot)) == {EtatOuverture.A_PREPARER}
    assert not Passage.objects.de_plusieurs(Ouverture, [o.pk for o in lot]).exists(), "pas même « prête »"


@pytest.mark.parametrize(
    ("transition", "motif", "jours", "champ"),
    [
        ("ouvrir", "", 0, "motif"),
        ("exclure", " ", 0, "motif"),
        ("ouvrir", "Voir le 2 55 08 14 168 025 38", 0, "motif"),
        ("preparer", "", 1, "date_effet"),
        ("revenir", "essai", 0, "transition"),
    ],
)
def test_ce_qui_vaut_pour_toutes_refuse_le_lot(
    parcours: Parcours, directrice: Any, transition: str, motif: str, jours: int, champ: str
) -> None:
    lot = _grille(parcours)
    _informer(lot, directrice)
    jour = timezone.localdate() + timedelta(days=jours)
    with pytest.raises(Refus) as refus:
        services.franchir_en_lot(ouvertures=lot, transition=transition, par=directrice, motif=motif, date_effet=jour)
    assert refus.value.code == "champ" and champ in refus.value.champs
    assert set(_etats(lot)) == {EtatOuverture.A_PREPARER}


def test_seul_qui_decide_franchit_un_lot(parcours: Parcours, directrice: Any) -> None:
    lot = _grille(parcours)
    with pytest.raises(Refus) as refus:
        services.franchir_en_lot(ouvertures=lot, transition="preparer", par=affecter(Role.REFERENT, parcours.esms))
    assert refus.value.code == "droit" and set(_etats(lot)) == {EtatOuverture.A_PREPARER}


def test_une_date_qui_precede_le_passage_d_avant_refuse_la_seule_case(parcours: Parcours, directrice: Any) -> None:
    lot = _grille(parcours, unites=1)
    changer_etat(lot[0], "preparer", par=directrice)
    hier = timezone.localdate() - timedelta(days=1)
    _informer(lot, directrice)
    examinees = services.examiner_lot(ouvertures=lot, transition="ouvrir", par=directrice, date_effet=hier)
    assert [e.ouverture.pk for e in examinees if e.refus] == [lot[0].pk], "l'aperçu le dit déjà"
    rendu = services.franchir_en_lot(
        ouvertures=lot, transition="ouvrir", par=directrice, motif="essai", date_effet=hier
    )
    assert [o.pk for o, _ in rendu.passees] == [lot[1].pk]
    assert [(o.pk, list(r.champs)) for o, r in rendu.refusees] == [(lot[0].pk, ["date_effet"])]


def test_une_case_changee_entre_temps_est_refusee(parcours: Parcours, directrice: Any) -> None:
    lot = _grille(parcours, unites=1)
    changer_etat(lot[0], "preparer", par=directrice)
    changer_etat(lot[0], "revenir", par=directrice, motif="trop tôt")
    rendu = services.franchir_en_lot(
        ouvertures=lot, transition="preparer", par=directrice, versions={o.pk: 0 for o in lot}
    )
    assert [r.code for _, r in rendu.refusees] == ["concurrence"] and len(rendu.passees) == 1


def test_une_case_passe_entiere_ou_pas_du_tout(
    parcours: Parcours, directrice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lot = _grille(parcours, unites=1)
    _informer(lot, directrice)

    def tombe(objet: Any, transition: str, **arguments: Any) -> Passage:
        if objet.pk == lot[0].pk and transition == "ouvrir":
            raise Refus("concurrence", "entre-temps")
        return changer_etat(objet, transition, **arguments)

    monkeypatch.setattr(services, "changer_etat", tombe)
    rendu = services.franchir_en_lot(ouvertures=lot, transition="ouvrir", par=directrice, motif="essai")
    assert len(rendu.passees) == len(rendu.refusees) == 1
    assert sorted(_etats(lot)) == [EtatOuverture.A_PREPARER, EtatOuverture.OUVERTE]
    assert not Passage.objects.de(lot[0]).exists()


def test_l_apercu_coute_autant_pour_une_ou_cinquante_cases(parcours: Parcours, directrice: Any) -> None:
    lot = _grille(parcours, unites=5, modules=10)
    for ouverture in lot[:20]:
        changer_etat(ouverture, "preparer", par=directrice)
    comptes = []
    for cases in (lot[:1], lot):
        with CaptureQueriesContext(connection) as requetes:
            services.examiner_lot(ouvertures=cases, transition="ouvrir", par=directrice)
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1]


def test_l_apercu_dit_ce_que_la_porte_fera(parcours: Parcours, directrice: Any) -> None:
    lot = _grille(parcours)
    changer_etat(lot[0], "exclure", par=directrice, motif="plus tard")
    _informer(lot, directrice)
    dit = {
        e.ouverture.pk: e.refus is None
        for e in services.examiner_lot(ouvertures=lot, transition="ouvrir", par=directrice)
    }
    rendu = services.franchir_en_lot(ouvertures=lot, transition="ouvrir", par=directrice, motif="essai")
    assert {o.pk for o, _ in rendu.passees} == {cle for cle, passe in dit.items() if passe}


# --- page ----------------------------------------------------------------------------------------------------------


def test_l_apercu_n_ecrit_rien_et_nomme_ce_qui_attend(client: Client, parcours: Parcours, directrice: Any) -> None:
    lot = _grille(parcours)
    client.force_login(directrice)
    contenu = client.get(_url(parcours), _choix(lot)).content.decode()
    assert "4 ne passeront pas" in contenu and "formation" not in contenu.split("Aperçu")[0]
    assert "En attente de" in contenu and "Votre décision" not in contenu
    _informer(lot, directrice)
    contenu = client.get(_url(parcours), _choix(lot)).content.decode()
    assert "4 passeront sous réserve" in contenu and "Ouvrir les 4 modules" in contenu and "deux passages" in contenu
    assert not Passage.objects.de_plusieurs(Ouverture, [o.pk for o in lot]).exists()


def test_confirmer_ouvre_et_revient_a_la_fiche(client: Client, parcours: Parcours, directrice: Any) -> None:
    lot = _grille(parcours)
    _informer(lot, directrice)
    client.force_login(directrice)
    reponse = client.post(_url(parcours), _choix(lot, motif="tablettes en mai"), follow=True)
    assert reponse.redirect_chain[-1][0].endswith(f"/parcours/{parcours.pk}/#ouvertures")
    assert "4 modules ouverts, dont 4 sous réserve. 8 passages au journal." in reponse.content.decode()


def test_les_refusees_restent_cochees_et_expliquees(client: Client, parcours: Parcours, directrice: Any) -> None:
    lot = _grille(parcours)
    changer_etat(lot[0], "preparer", par=directrice)
    client.force_login(directrice)
    reponse = client.post(_url(parcours), _choix(lot, "preparer"), follow=True)
    assert reponse.context["formulaire"].cochees == {lot[0].pk}
    contenu = reponse.content.decode()
    assert "3 modules déclarés prêts" in contenu and "1 case reste cochée" in contenu
    assert "Ce passage ne part pas de l’état « Prête »" in contenu.replace("&#x27;", "’")


def test_une_unite_ou_un_module_entier_prend_ce_qui_attend_ce_geste(
    client: Client, parcours: Parcours, directrice: Any
) -> None:
    lot = _grille(parcours)
    changer_etat(lot[0], "preparer", par=directrice)
    client.force_login(directrice)
    choix = _choix([], "preparer", unites=[lot[0].unite_id])
    assert client.get(_url(parcours), choix).context["formulaire"].cochees == {lot[1].pk}
    choix = _choix([], "preparer", modules=[lot[0].module_id])
    assert client.get(_url(parcours), choix).context["formulaire"].cochees == {lot[2].pk}


@pytest.mark.parametrize("donnees", [{}, {"motif": "Voir le 2 55 08 14 168 025 38"}])
def test_un_motif_manquant_ou_interdit_garde_la_page(
    client: Client, parcours: Parcours, directrice: Any, donnees: dict[str, str]
) -> None:
    lot = _grille(parcours)
    _informer(lot, directrice)
    client.force_login(directrice)
    reponse = client.post(_url(parcours), _choix(lot, **donnees))
    assert reponse.status_code == 422 and "motif" in reponse.context["formulaire"].errors
    assert reponse.context["apercu"]["libelle"] == "Ouvrir les 4 modules"
    assert set(_etats(lot)) == {EtatOuverture.A_PREPARER}


def test_rien_de_coche_ou_une_case_d_ailleurs(client: Client, parcours: Parcours, directrice: Any) -> None:
    _grille(parcours)
    ailleurs = OuvertureFactory()
    client.force_login(directrice)
    for choix in (_choix([]), _choix([ailleurs])):
        reponse = client.post(_url(parcours), choix)
        assert reponse.status_code == 422 and "ouvertures" in reponse.context["formulaire"].errors
    assert _etats([ailleurs]) == [EtatOuverture.A_PREPARER]


def test_la_fiche_n_y_mene_que_qui_decide(client: Client, parcours: Parcours, directrice: Any) -> None:
    _grille(parcours)
    for qui, mene in ((directrice, True), (affecter(Role.REFERENT, parcours.esms), False)):
        client.force_login(qui)
        page = client.get(reverse("programme:parcours-detail", args=[parcours.pk])).content.decode()
        assert (_url(parcours) in page) is mene
        assert client.get(_url(parcours)).status_code == (200 if mene else 403)
