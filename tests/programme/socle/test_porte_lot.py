"""La porte en lot : les mêmes règles, le même journal, les mêmes refus qu'un par un."""

from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programme.enums import FRISE_PARCOURS, EtatGrappe, EtatOuverture
from programme.models import Etape, Ouverture, Parcours, Proposition
from programme.socle import porte_lot
from programme.socle.erreurs import Refus
from programme.socle.machine import HorsPorte, ModeleAEtats
from programme.socle.models import Passage
from programme.socle.porte import changer_etat
from programme.socle.porte_lot import Demande, changer_etat_en_lot
from programme.socle.texte import cle_nir
from tests.fabriques import GrappeFactory, OuvertureFactory, ParcoursFactory, UniteFactory, cheffe_de, directrice_de

pytestmark = pytest.mark.django_db


def _jour(decalage: int) -> date:
    return timezone.localdate() + timedelta(days=decalage)


def _un_par_un(transition: str, demandes: list[Demande]) -> None:
    for d in demandes:
        changer_etat(d.objet, transition, par=d.par, motif=d.motif, date_effet=d.date_effet, **d.details)


def _ecrit(objet: ModeleAEtats) -> dict[str, Any]:
    """Tout ce qu'un passage laisse : champs, journal, dates, propositions, dernière version de l'historique."""
    objet = type(objet)._default_manager.get(pk=objet.pk)
    rendu: dict[str, Any] = {
        "etat": (objet.etat, objet.version),
        "journal": [
            (p.rang, p.de, p.vers, p.transition, p.nature, p.date_effet, p.par_id, p.role, p.motif, p.constats)
            for p in Passage.objects.de(objet)
        ],
    }
    if isinstance(objet, Parcours):
        rendu["etapes"] = sorted(objet.etapes.values_list("etat", "reference", "revisee", "reelle"))
        rendu["historique"] = [e.history.first().reelle for e in objet.etapes.order_by("etat")]
        rendu["dates"] = (objet.depuis_le, objet.prochaine_le)
        rendu["memoire"] = (objet.etat_memoire, objet.etat_avant_sortie, objet.motif_sortie)
        rendu["propositions"] = sorted(objet.propositions.values_list("transition", "issue"))
        rendu["suivi"] = objet.history.first().etat
    if isinstance(objet, Ouverture):
        rendu["ouverte_le"] = objet.ouverte_le
    return rendu


def _verifier_le_journal() -> None:
    sortie = StringIO()
    call_command("verifier_journal", stdout=sortie)
    assert "Journal intact" in sortie.getvalue()


def _comparer(fabriquer: Callable[[], list[Demande]], transition: str) -> list[dict[str, Any]]:
    """Deux jeux jumeaux, l'un par la porte, l'autre en lot : ils finissent pareils, à l'auteur près."""
    seuls, ensemble = fabriquer(), fabriquer()
    _un_par_un(transition, seuls)
    assert changer_etat_en_lot(transition, ensemble) == len(ensemble)
    auteurs = {jumelle.par.pk: d.par.pk for jumelle, d in zip(ensemble, seuls, strict=True)}
    attendus, obtenus = [_ecrit(d.objet) for d in seuls], [_ecrit(d.objet) for d in ensemble]
    for ecrit in obtenus:
        ecrit["journal"] = [(*p[:6], auteurs.get(p[6], p[6]), *p[7:]) for p in ecrit["journal"]]
    assert obtenus == attendus
    _verifier_le_journal()
    return obtenus


def _des_constats() -> list[Demande]:
    grappe = GrappeFactory()
    cheffe, demandes = cheffe_de(grappe), []
    for rang, vers in enumerate(FRISE_PARCOURS[1:]):
        parcours = ParcoursFactory(grappe=grappe)
        Etape.objects.create(parcours=parcours, etat="cadrage", reference=_jour(-80), revisee=_jour(-70))
        Etape.objects.create(parcours=parcours, etat="routine", reference=_jour(90))
        Proposition.objects.create(parcours=parcours, transition="engager", proposee_par=cheffe)
        etapes = {"cadrage": _jour(-60), vers.value: _jour(-20 + rang)} if rang % 2 else {}
        details = {"vers": vers.value, "etapes": etapes}
        demandes.append(Demande(parcours, cheffe, _jour(-rang), "reprise de l'existant", details))
    return demandes


def test_constater_des_parcours_laisse_la_meme_chose() -> None:
    ecrits = _comparer(_des_constats, "constater")
    assert [e["etat"][0] for e in ecrits] == [e.value for e in FRISE_PARCOURS[1:]]
    assert all(e["propositions"] == [("engager", "caduque")] for e in ecrits)


def test_constater_des_grappes_laisse_la_meme_chose() -> None:
    def fabriquer() -> list[Demande]:
        grappes = GrappeFactory.create_batch(3)
        etats = (EtatGrappe.CONVENTIONNEE, EtatGrappe.DEPLOIEMENT, EtatGrappe.DEPLOIEMENT)
        return [
            Demande(g, cheffe_de(g), _jour(-3), details={"vers": e.value}) for g, e in zip(grappes, etats, strict=True)
        ]

    _comparer(fabriquer, "constater")


def test_constater_des_ouvertures_laisse_la_meme_chose() -> None:
    def fabriquer() -> list[Demande]:
        parcours = ParcoursFactory()
        cheffe = cheffe_de(parcours.grappe)
        changer_etat(parcours, "constater", par=cheffe, date_effet=_jour(-50), vers="ouverture")
        etats = (EtatOuverture.PRETE, EtatOuverture.OUVERTE, EtatOuverture.STABILISEE)
        unites = [UniteFactory(parcours=parcours) for _ in etats]
        return [
            Demande(OuvertureFactory(unite=u), cheffe, _jour(-9 + r), details={"vers": e.value})
            for r, (u, e) in enumerate(zip(unites, etats, strict=True))
        ]

    ecrits = _comparer(fabriquer, "constater")
    assert [e["ouverte_le"] for e in ecrits] == [None, _jour(-8), _jour(-7)]


@pytest.mark.parametrize(("transition", "details"), [("suspendre", {}), ("sortir", {"raison": "fermeture"})])
def test_mettre_de_cote_laisse_la_meme_chose(transition: str, details: dict[str, Any]) -> None:
    def fabriquer() -> list[Demande]:
        constats = _des_constats()
        changer_etat_en_lot("constater", constats)
        relus = Parcours.objects.in_bulk([d.objet.pk for d in constats])
        return [Demande(relus[d.objet.pk], d.par, _jour(0), "travaux", details) for d in constats]

    assert all(len(e["journal"]) == 2 for e in _comparer(fabriquer, transition))


def test_un_passage_decide_garde_ses_constats_et_sa_reserve() -> None:
    def fabriquer() -> list[Demande]:
        parcours = ParcoursFactory.create_batch(2)
        return [Demande(p, directrice_de(p), _jour(0), "annonce à venir") for p in parcours]

    ecrits = _comparer(fabriquer, "engager")
    assert all(e["journal"][0][4] == "sous_reserve" and e["journal"][0][9] for e in ecrits)


def test_plusieurs_lots_se_suivent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(porte_lot, "TAILLE_DE_LOT", 2)
    assert changer_etat_en_lot("constater", _des_constats()) == 6
    _verifier_le_journal()


# --- les refus -----------------------------------------------------------------------------------------------------


def _nir() -> str:
    treize = "2850633063012"
    return f"{treize}{cle_nir(treize):02d}"


def _fautes() -> list[tuple[str, Callable[[Demande], None]]]:
    def sans_droit(d: Demande) -> None:
        d.par = cheffe_de(GrappeFactory())

    def a_venir(d: Demande) -> None:
        d.date_effet = _jour(1)

    def etat_inconnu(d: Demande) -> None:
        d.details = {"vers": "nulle-part"}

    def etapes_en_desordre(d: Demande) -> None:
        d.details = {"vers": "ouverture", "etapes": {"cadrage": _jour(-5), "preparation": _jour(-9)}}

    def nir(d: Demande) -> None:
        d.motif = f"voir {_nir()}"

    def deja_une_histoire(d: Demande) -> None:
        changer_etat(d.objet, "suspendre", par=d.par, motif="x", date_effet=_jour(-30))

    gestes = (sans_droit, a_venir, etat_inconnu, etapes_en_desordre, nir, deja_une_histoire)
    return [(geste.__name__, geste) for geste in gestes]


@pytest.mark.parametrize(("nom", "abimer"), _fautes(), ids=[nom for nom, _ in _fautes()])
def test_le_lot_refuse_ce_que_la_porte_refuse_et_n_ecrit_rien(nom: str, abimer: Callable[[Demande], None]) -> None:
    demandes = _des_constats()
    abimer(demandes[3])
    avant = Passage.objects.count()
    with pytest.raises(Refus) as du_lot:
        changer_etat_en_lot("constater", demandes)
    with pytest.raises(Refus) as de_la_porte:
        _un_par_un("constater", [demandes[3]])
    assert du_lot.value.code == de_la_porte.value.code and du_lot.value.champs == de_la_porte.value.champs
    assert du_lot.value.motif.endswith(de_la_porte.value.motif)
    assert Passage.objects.count() == avant
    restes = Parcours.objects.exclude(pk=demandes[3].objet.pk)
    assert set(restes.values_list("etat", "version")) == {("recense", 0)}
    assert not Etape.objects.filter(reelle__isnull=False).exists()


def test_une_transition_inconnue_ou_un_doublon_n_ecrit_rien() -> None:
    demandes = _des_constats()
    with pytest.raises(Refus):
        changer_etat_en_lot("inventer", demandes)
    with pytest.raises(ValueError, match="différents"):
        changer_etat_en_lot("constater", [*demandes, demandes[0]])
    assert changer_etat_en_lot("constater", []) == 0
    assert not Passage.objects.exists()


def test_hors_de_la_porte_ni_etat_ni_journal_ne_s_ecrivent_en_lot() -> None:
    parcours = ParcoursFactory()
    with pytest.raises(HorsPorte):
        Parcours.objects.filter(pk=parcours.pk).ecrire_depuis_la_porte(etat="routine")
    with pytest.raises(HorsPorte):
        Passage.objects.bulk_create([Passage()])
    parcours.refresh_from_db()
    assert parcours.etat == "recense"


def test_le_nombre_de_requetes_ne_suit_pas_le_nombre_d_objets() -> None:
    comptes = []
    for nombre in (2, 6):
        demandes = _des_constats()[:nombre]
        for d in demandes:
            d.details = {"vers": "preparation"}
        with CaptureQueriesContext(connection) as captees:
            changer_etat_en_lot("constater", demandes)
        comptes.append(len(captees))
    assert comptes[0] == comptes[1]
