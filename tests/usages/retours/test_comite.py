"""Le dossier du comité utilisateurs et le chapitre de séance : des résumés, jamais le texte d'une équipe."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import pytest
import typst
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gouvernance.enums import TypeInstance
from programme.documents.rendu import GABARITS, entrees
from programme.socle.chapitres import Chiffres, Demande, Tableau, chapitres
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.fabriques import directrice_de
from tests.gouvernance.fabriques import InstanceFactory, SeanceFactory
from tests.usages.retours.fabriques import RetourFactory, SoutienFactory
from tests.usages.retours.mondes_vues import Monde, il_y_a, monde
from usages.chapitres import NON_MONTRE, retours
from usages.documents.comite import GABARIT, REPONSE_MONTREE, dossier_de
from usages.enums import VoieRetour
from usages.models import ReglageRetours, Retour
from usages.models.retours import semaine_de
from usages.services.retours.comite import (
    L_ECRIRE_A_L_EDITEUR,
    QUE_REPONDRE,
    QUEL_RENFORT,
    QUI_S_EN_OCCUPE,
    Comite,
    lire_comite,
    voix_de,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def m() -> Monde:
    return monde()


def _lire(m: Monde, par: Any = None) -> Comite:
    return lire_comite(m.grappe, par or m.cheffe, timezone.localdate())


def test_ce_qui_revient_le_plus_se_compte_en_voix(m: Monde) -> None:
    seul = m.mener(m.dire(60), "qualifier")
    partage = m.mener(m.dire(20), "qualifier")
    porte = m.dire(20, ou=1)
    SoutienFactory(retour=porte, recu_le=il_y_a(10))
    m.mener(porte, "regrouper", sous=partage.pk)
    SoutienFactory(retour=partage, recu_le=il_y_a(10))
    m.dire(30)
    m.repondre(30)
    lu = _lire(m)
    assert [(r.retour, r.voix) for r in lu.reviennent] == [(partage, 4), (seul, 1)]
    toutes = voix_de(Retour.objects.all())
    assert toutes == {r.pk: r.nb_voix for r in Retour.objects.principaux().avec_voix()}
    assert lu.a_lire == 1


def test_ce_qui_est_de_cette_semaine_attend(m: Monde) -> None:
    m.mener(m.dire(0), "qualifier", 0)
    assert not _lire(m).reviennent and _lire(m).recus == 0
    ancien = m.mener(m.dire(20), "qualifier")
    SoutienFactory(retour=ancien)
    m.mener(m.dire(0), "regrouper", 0, sous=ancien.pk)
    assert [(r.retour, r.voix) for r in _lire(m).reviennent] == [(ancien, 1)], "ni les voix de cette semaine"


def test_depuis_le_dernier_comite_tenu_a_defaut_trois_mois(m: Monde) -> None:
    ancien, recent = m.repondre(80, en=10), m.repondre(40, en=30)
    assert not _lire(m).comite_tenu and {*_lire(m).resolus} == {ancien, recent}
    comite = InstanceFactory(grappe=m.grappe, type=TypeInstance.UTILISATEURS)
    for type_d_ailleurs, jours in ((TypeInstance.COMOP, 1), (TypeInstance.UTILISATEURS, 30)):
        instance = comite if type_d_ailleurs == comite.type else InstanceFactory(grappe=m.grappe, type=type_d_ailleurs)
        _tenir(m, SeanceFactory(comite=instance, debut=_instant(jours)))
    SeanceFactory(comite=comite, debut=_instant(5))
    lu = _lire(m)
    assert lu.comite_tenu and lu.depuis == il_y_a(30) and lu.resolus == [recent]
    assert (lu.recus, lu.repondus) == (0, 1)


def _instant(jours: int) -> datetime:
    return timezone.now() - timedelta(days=jours)


def _tenir(m: Monde, seance: Any) -> None:
    for transition in ("ouvrir", "clore"):
        changer_etat(seance, transition, par=m.cheffe)
        seance.refresh_from_db()


def test_un_refus_dit_sa_raison_et_un_resolu_qu_il_reste_a_ecrire(m: Monde) -> None:
    refuse = m.mener(m.dire(30), "ne_pas_retenir")
    resolu = m.mener(m.chez_l_editeur(30), "resoudre", 2)
    long = m.repondre(30, reponse="Fait, et redit. " * 40)
    dits = {titre: dit for titre, dit, _ in dossier_de(_lire(m)).donnees["resolus"]}
    assert dits[refuse.titre] == f"Non retenu : Raison {refuse.pk}"
    assert "reste à écrire" in dits[resolu.titre]
    assert len(dits[long.titre]) <= REPONSE_MONTREE


def test_les_questions_sont_ce_qui_passe_le_delai_de_la_grappe(m: Monde) -> None:
    oublie = m.mener(m.dire(45), "qualifier")
    traine = m.mener(m.dire(50), "prendre_en_charge", voie=VoieRetour.INTERNE)
    muet, ecrit = m.chez_l_editeur(20), m.chez_l_editeur(20)
    m.ecrire(ecrit)
    m.mener(m.dire(20), "qualifier")
    dites = [(q.sujet, q.demande) for q in _lire(m).questions]
    assert dites == [
        (oublie.titre, QUI_S_EN_OCCUPE), (traine.titre, QUE_REPONDRE), (muet.titre, L_ECRIRE_A_L_EDITEUR),
    ]  # fmt: skip
    ReglageRetours.objects.create(grappe=m.grappe, jours_repondre=60)
    assert [q.sujet for q in _lire(m).questions] == [muet.titre]
    ce_lundi = semaine_de(timezone.localdate())
    for jours in (3, 10):
        for _ in range(6):
            RetourFactory(parcours=m.esms[0], recu_le=ce_lundi - timedelta(days=jours))
    assert _lire(m).charge.sature and _lire(m).questions[0].demande == QUEL_RENFORT


def test_le_pdf_dit_les_resumes_jamais_les_textes_et_rien_d_executable(m: Monde) -> None:
    m.mener(m.dire(30, probleme="Madame Untel a tout dit, texte brut."), "qualifier", titre="#panic(1) *gras* <b>")
    m.mener(m.dire(30, probleme="Texte brut aussi."), "qualifier", titre="x" * 100)
    m.repondre(40, en=20)
    m.chez_l_editeur(40)
    dossier = dossier_de(_lire(m))
    assert dossier.en_pdf().startswith(b"%PDF")
    assert "brut" not in json.dumps(dossier.donnees)
    trouves = typst.query(
        str(GABARITS / GABARIT), "<releve>", root=str(GABARITS), ignore_system_fonts=True,
        sys_inputs=entrees(dossier.donnees),
    )  # fmt: skip
    assert "#panic(1) *gras* <b>" in trouves
    assert [trouves.count(f'"{quoi}"') for quoi in ("revient", "resolu", "du")] == [3, 1, 1]
    reponse = connecte(m.cheffe).get(reverse("usages:comite-utilisateurs", args=[m.grappe.pk]))
    assert reponse["Content-Type"] == "application/pdf" and "vignes-hautes" in reponse["Content-Disposition"]


def test_sans_rien_le_dossier_s_imprime_encore(m: Monde) -> None:
    assert dossier_de(_lire(m)).en_pdf().startswith(b"%PDF")


def test_qui_n_a_qu_un_esms_imprime_les_siens_et_le_dit(m: Monde) -> None:
    m.mener(m.dire(30, ou=1), "qualifier")
    le_mien = m.mener(m.dire(30), "qualifier")
    lu = _lire(m, directrice_de(m.esms[0]))
    assert [r.retour for r in lu.reviennent] == [le_mien] and not lu.entiere
    assert dossier_de(lu).donnees["partiel"] and not dossier_de(_lire(m)).donnees["partiel"]


# --- le chapitre du dossier de séance --------------------------------------------------------------------------------


def _batir(m: Monde) -> list[Any]:
    return retours(Demande(m.grappe, m.cheffe, timezone.localdate()))


def _chiffres(blocs: list[Any]) -> list[str]:
    return [valeur for _, valeur in next(b for b in blocs if isinstance(b, Chiffres)).valeurs]


def _tableau(blocs: list[Any], titre: str) -> dict[str, str]:
    return dict(next(b for b in blocs if isinstance(b, Tableau) and b.titre.startswith(titre)).lignes)


def test_le_chapitre_dit_des_totaux_et_les_reponses() -> None:
    m = monde(12)
    for ou in range(6):
        m.repondre(20, ou=ou, theme="acces")
        m.mener(m.dire(20, ou=ou + 6), "qualifier", theme="panne")
    blocs = _batir(m)
    assert _chiffres(blocs) == ["12", "6", "5 jours"]
    assert _tableau(blocs, "De quoi") == {"Droits et connexion": "6", "Panne ou lenteur": "6"}
    assert len(_tableau(blocs, "Vous avez dit")) == 6


def test_le_chapitre_tait_ce_qu_un_membre_ramenerait_a_quelques_retours() -> None:
    m = monde(3)
    for ou, nombre in enumerate((7, 1, 1)):
        for _ in range(nombre):
            m.mener(m.dire(20, ou=ou), "qualifier")
    blocs = _batir(m)
    assert _chiffres(blocs) == [NON_MONTRE, NON_MONTRE], "qui connaît les sept du premier lirait deux"
    assert set(_tableau(blocs, "De quoi").values()) == {NON_MONTRE}


def test_le_chapitre_ne_nomme_ni_un_esms_ni_un_retour_sans_reponse() -> None:
    m = monde(8)
    for ou in range(8):
        m.mener(m.dire(20, ou=ou, probleme="Texte brut."), "qualifier", titre="Résumé sans réponse")
    publie = m.mener(m.mener(m.dire(20, probleme="Texte brut."), "qualifier", titre="Résumé dit"), "publier")
    neuf = m.mener(m.dire(0), "qualifier", 0)
    m.mener(neuf, "publier", 0)
    dit = str([asdict(b) for b in _batir(m)])
    assert "brut" not in dit and "Résumé sans réponse" not in dit and not [p for p in m.esms if p.esms.nom in dit]
    assert publie.titre in dit and publie.reponse in dit
    assert neuf.titre not in dit, "celui de cette semaine viendra plus tard"


def test_le_chapitre_est_inscrit_se_tait_sans_retour_et_coute_autant_a_peu_qu_a_beaucoup() -> None:
    m = monde(8)
    assert chapitres["retours"].batir is retours and _batir(m) == []
    comptes = []
    for _ in range(2):
        for ou in range(8):
            m.repondre(20, ou=ou)
            m.mener(m.dire(20, ou=ou), "ne_pas_retenir")
        with CaptureQueriesContext(connection) as requetes:
            assert _batir(m)
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1] <= 6
