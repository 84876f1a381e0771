"""L'accord du représentant suit les règles de celui de la personne ; il faut les deux ; un retrait se peut toujours."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from programme.socle.erreurs import Refus
from tests.aides import connecte
from tests.usages.editeurs.aides import lu
from tests.usages.monographies.fabriques import VerbatimDeVisiteFactory, passer
from tests.usages.monographies.mondes_codage import Monde, monde
from usages.enums import Anonymat, Consentement, SituationDite, VoixDite
from usages.models import Verbatim
from usages.services.retours.verbatims import modifier_verbatim

pytestmark = pytest.mark.django_db
C = Consentement


@pytest.fixture
def m() -> Monde:
    return monde()


def _de_la_personne(m: Monde, **champs: Any) -> Verbatim:
    """Une personne protégée, qui n'a encore rien répondu."""
    dits = {
        "voix": VoixDite.PERSONNE,
        "situation": SituationDite.PROTEGE,
        "consentement": C.A_DEMANDER,
        "consentement_le": None,
        "recueilli_le": timezone.localdate() - timedelta(days=5),
    }
    return VerbatimDeVisiteFactory(visite=m.visite, recueilli_par=m.pilote, **dits | champs)


def _noter(m: Monde, verbatim: Verbatim, compte: Any = None, **dit: Any) -> Any:
    donnees = {
        champ: getattr(verbatim, champ) or ""
        for champ in ("texte", "qui", "voix", "situation", "anonymat", "consentement", "accord_representant", "theme")
    }
    for jour in ("consentement_le", "accord_representant_le"):
        donnees[jour] = getattr(verbatim, jour).isoformat() if getattr(verbatim, jour) else ""
    url = reverse("usages:verbatim-modifier", args=[verbatim.pk])
    reponse = connecte(compte or m.pilote).post(url, donnees | {"vu": verbatim.jeton} | dit)
    verbatim.refresh_from_db()
    return reponse


def _aujourdhui() -> str:
    return timezone.localdate().isoformat()


def test_il_faut_les_deux(m: Monde) -> None:
    verbatim = _de_la_personne(m)
    assert _noter(m, verbatim, accord_representant="donne", accord_representant_le=_aujourdhui()).status_code == 302
    assert not verbatim.verdict.est_citable and "assentiment" in verbatim.verdict.raison
    assert _noter(m, verbatim, consentement="donne", consentement_le=_aujourdhui()).status_code == 302
    assert verbatim.verdict.est_citable and Verbatim.objects.citables().get() == verbatim


def test_l_ecran_dit_tout_ce_qui_manque(m: Monde) -> None:
    verbatim = _de_la_personne(m, anonymat=Anonymat.A_FAIRE)
    for url in ("usages:visite-verbatims", "usages:verbatim-modifier"):
        cle = m.visite.pk if url.endswith("verbatims") else verbatim.pk
        page = lu(connecte(m.pilote).get(reverse(url, args=[cle])))
        assert "Pas citable" in page and all(motif in page for motif in verbatim.verdict.motifs)
    assert len(verbatim.verdict.motifs) == 3


@pytest.mark.parametrize("champ", ["consentement", "accord_representant"])
@pytest.mark.parametrize(
    ("avant", "apres", "code"),
    [
        ("a_demander", "donne", 302), ("a_demander", "refuse", 302), ("a_demander", "retire", 422),
        ("donne", "retire", 302), ("donne", "refuse", 422), ("donne", "a_demander", 422),
        ("refuse", "donne", 302), ("refuse", "a_demander", 422), ("retire", "donne", 302), ("retire", "refuse", 422),
    ],
)  # fmt: skip
def test_les_deux_accords_suivent_les_memes_regles(m: Monde, champ: str, avant: str, apres: str, code: int) -> None:
    jour = timezone.localdate() - timedelta(days=1)
    verbatim = _de_la_personne(m, **{champ: avant, f"{champ}_le": None if avant == "a_demander" else jour})
    reponse = _noter(m, verbatim, **{champ: apres, f"{champ}_le": _aujourdhui()})
    assert reponse.status_code == code
    assert getattr(verbatim, champ) == (apres if code == 302 else avant)


@pytest.mark.parametrize("champ", ["consentement", "accord_representant"])
@pytest.mark.parametrize(("decalage", "phrase"), [(1, "à venir"), (-9, "ne les précède pas"), (None, "Donnez le jour")])
def test_le_jour_de_chacun_est_possible(m: Monde, champ: str, decalage: int | None, phrase: str) -> None:
    verbatim = _de_la_personne(m)
    jour = "" if decalage is None else (timezone.localdate() + timedelta(days=decalage)).isoformat()
    reponse = _noter(m, verbatim, **{champ: "donne", f"{champ}_le": jour})
    assert reponse.status_code == 422 and phrase in lu(reponse)


def test_sans_representant_a_demander_sa_reponse_ne_se_lit_pas(m: Monde) -> None:
    verbatim = _de_la_personne(m, situation=SituationDite.MAJEUR)
    assert _noter(m, verbatim, accord_representant="donne", accord_representant_le="").status_code == 302
    assert verbatim.accord_representant == C.A_DEMANDER
    with pytest.raises(Refus, match="mineure ou protégée"):
        _modifier(verbatim, m, accord_representant="donne", accord_representant_le=timezone.localdate())


def test_un_representant_qui_a_repondu_ne_s_efface_pas(m: Monde) -> None:
    """Dire la personne majeure ferait sortir des mots qu'il a refusés."""
    verbatim = _de_la_personne(
        m, accord_representant=C.REFUSE, consentement=C.DONNE, consentement_le=timezone.localdate()
    )
    reponse = _noter(m, verbatim, situation="majeur")
    assert reponse.status_code == 422 and "a déjà répondu" in lu(reponse)
    assert verbatim.situation == SituationDite.PROTEGE


def test_les_mots_se_figent_des_que_le_representant_a_repondu(m: Monde) -> None:
    verbatim = _de_la_personne(m, accord_representant=C.DONNE, accord_representant_le=timezone.localdate())
    with pytest.raises(Refus, match="ne changent plus"):
        _modifier(verbatim, m, texte="D'autres mots.")


def test_des_mots_changes_sont_a_relire(m: Monde) -> None:
    verbatim = _de_la_personne(m)
    assert _modifier(verbatim, m, texte="D'autres mots.").anonymat == Anonymat.A_FAIRE


def test_deux_qui_se_croisent_ne_desserrent_rien(m: Monde) -> None:
    verbatim = _de_la_personne(m, situation="")
    jeton = verbatim.jeton
    _noter(m, verbatim, situation="mineur")
    reponse = _noter(m, verbatim, m.auteur, situation="majeur", vu=jeton)
    assert reponse.status_code == 409 and "quelqu'un d'autre a changé" in lu(reponse)
    assert verbatim.situation == SituationDite.MINEUR


@pytest.mark.parametrize("champ", ["consentement", "accord_representant"])
def test_retirer_se_peut_meme_etude_close_et_dit_ce_qui_disparait(m: Monde, champ: str) -> None:
    jour = timezone.localdate()
    dits = {"consentement": C.DONNE, "consentement_le": jour}
    dits |= {"accord_representant": C.DONNE, "accord_representant_le": jour}
    verbatim = _de_la_personne(m, **dits)
    passer(m.etude, m.pilote, "lancer", "clore")
    page = connecte(m.auteur).get(reverse("usages:verbatim-modifier", args=[verbatim.pk]))
    assert "monographies déjà publiées" in lu(page)
    client = connecte(m.auteur)
    donnees = {"qui": verbatim.qui, "voix": "personne", "situation": "protege", "anonymat": "fait", "theme": ""}
    donnees |= {nom: valeur.isoformat() if nom.endswith("_le") else valeur for nom, valeur in dits.items()}
    url = reverse("usages:verbatim-modifier", args=[verbatim.pk])
    reponse = client.post(url, donnees | {champ: "retire", "vu": verbatim.jeton}, follow=True)
    assert "ont disparu des monographies publiées" in lu(reponse)
    assert not Verbatim.objects.citables().exists()


def test_celui_d_une_visite_n_est_qu_a_l_equipe(m: Monde) -> None:
    verbatim = _de_la_personne(m)
    noter = reverse("usages:verbatim-modifier", args=[verbatim.pk])
    attendus = [(m.pilote, 200), (m.auteur, 200), (m.lecteur, 403), (m.directrice, 404), (m.dehors, 404)]
    assert [connecte(compte).get(noter).status_code for compte, _ in attendus] == [code for _, code in attendus]
    de_l_esms = reverse("usages:parcours-verbatims", args=[m.visite.parcours_id])
    assert verbatim.texte not in lu(connecte(m.directrice).get(de_l_esms))


def _modifier(verbatim: Verbatim, m: Monde, **valeurs: Any) -> Verbatim:
    dits = {nom: getattr(verbatim, nom) for nom in ("texte", "qui", "consentement", "consentement_le")}
    return modifier_verbatim(verbatim=verbatim, par=m.pilote, **dits | valeurs)
