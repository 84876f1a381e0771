"""Ce qu'on garde d'une personne : l'emporter, l'effacer, l'oublier une fois partie. Aucune table n'en garde le nom."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from formation.models import Acquis, CompteDui, Inscription, Poste, Professionnel
from formation.services import effacement
from programme.enums import Role
from programme.models import Utilisateur
from programme.socle.erreurs import Refus
from programme.socle.models import Travail
from programme.socle.travaux import lancer, travaux
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.formation.fabriques import (
    CompteDuiFactory,
    ModuleFormationFactory,
    PosteFactory,
    SessionFormationFactory,
    former,
    il_y_a,
    presente,
)

pytestmark = pytest.mark.django_db
NOM, MATRICULE, COURRIEL, IDENTIFIANT = "Zélie Introuvable", "ZQX4417", "zelie@essai.example", "zintrouvable"
TRACES = ("introuvable", "zelie", "zélie", MATRICULE.lower())


def _cellules() -> Iterator[tuple[str, str]]:
    """Toute valeur de toute table, historiques, sessions, travaux et tables sans modèle compris."""
    with connection.cursor() as curseur:
        for table in connection.introspection.table_names(curseur):
            curseur.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for ligne in curseur.fetchall():
                yield from ((table, str(valeur).lower()) for valeur in ligne if valeur is not None)


def tables_qui_nomment() -> set[str]:
    """Les tables où se lit encore le nom, le matricule, le courriel ou l'identifiant."""
    return {table for table, valeur in _cellules() if any(trace in valeur for trace in TRACES)}


@pytest.fixture
def poste() -> Poste:
    """Une personne qui a tout : un nom, une session, un acquis, un compte du DUI."""
    parcours = ParcoursFactory()
    poste = PosteFactory(
        parcours=parcours,
        professionnel__nom=NOM,
        professionnel__matricule=MATRICULE,
        professionnel__courriel=COURRIEL,
    )
    module = ModuleFormationFactory(grappe=parcours.grappe)
    presente(SessionFormationFactory(module=module), poste)
    former(poste, module)
    CompteDuiFactory(parcours=parcours, professionnel=poste.professionnel, identifiant=IDENTIFIANT)
    return poste


@pytest.fixture
def directrice(poste: Poste) -> Utilisateur:
    return directrice_de(poste.parcours)


def test_apres_effacement_aucune_table_ne_nomme(poste: Poste, directrice: Utilisateur) -> None:
    client = connecte(directrice)
    # Tout ce qui pourrait laisser une trace : corriger, chercher, emporter, lancer un travail.
    fiche = reverse("formation:professionnel-modifier", args=[poste.professionnel_id])
    champs = {"nom": NOM.upper(), "matricule": MATRICULE, "courriel": COURRIEL, "origine": "paie"}
    client.post(fiche, champs | {"vu": client.get(fiche).context["formulaire"]["vu"].value()})
    liste = reverse("formation:parcours-professionnels", args=[poste.parcours_id])
    for parametres in ({"recherche": "zelie"}, {"format": "csv"}, {"format": "xlsx"}, {"format": "impression"}):
        reponse = client.get(liste, parametres)
        b"".join(reponse) if getattr(reponse, "streaming", False) else reponse.content
    client.get(reverse("formation:professionnel-exporter", args=[poste.professionnel_id]), {"format": "json"})
    assert tables_qui_nomment() == {Professionnel._meta.db_table, CompteDui._meta.db_table}
    client.post(reverse("formation:professionnel-effacer", args=[poste.professionnel_id]))
    lancer("pseudonymisation", sur_place=True)
    assert tables_qui_nomment() == set()


def test_ce_qui_compte_reste_sans_nom(poste: Poste, directrice: Utilisateur) -> None:
    effacement.effacer(personne=poste.professionnel, par=directrice)
    poste.professionnel.refresh_from_db()
    assert str(poste.professionnel) == f"n° {poste.professionnel_id}"
    assert poste.professionnel.pseudonymise_le == timezone.localdate()
    assert Poste.objects.count() == Inscription.objects.count() == Acquis.objects.count() == 1
    compte = CompteDui.objects.get()
    assert compte.professionnel is None and compte.identifiant == f"compte effacé n° {compte.pk}"
    page = connecte(directrice).get(reverse("formation:professionnel-detail", args=[poste.professionnel_id]))
    assert "il n’en reste qu’un numéro" in page.content.decode()
    with pytest.raises(Refus) as refus:
        effacement.effacer(personne=poste.professionnel, par=directrice)
    assert refus.value.motif == effacement.DEJA_EFFACEE
    comptee = PosteFactory(parcours=poste.parcours, professionnel__nom="", professionnel__matricule="")
    with pytest.raises(Refus) as refus:
        effacement.effacer(personne=comptee.professionnel, par=directrice)
    assert refus.value.motif == effacement.RIEN_A_EFFACER, "effacée, elle sortirait des comptes sans nom"


def test_effacer_qui_travaille_encore_ailleurs_revient_au_siege(poste: Poste, directrice: Utilisateur) -> None:
    frere = ParcoursFactory(esms__og=poste.parcours.esms.og)
    PosteFactory(professionnel=poste.professionnel, parcours=frere)
    reponse = connecte(directrice).post(reverse("formation:professionnel-effacer", args=[poste.professionnel_id]))
    assert reponse.status_code == 403 and "revient au siège" in reponse.content.decode()
    effacement.effacer(personne=poste.professionnel, par=affecter(Role.SIEGE, poste.parcours.esms.og))
    assert not Professionnel.objects.exclude(nom="").exists()


def test_l_export_dit_tout_et_se_relit(poste: Poste, directrice: Utilisateur) -> None:
    url = reverse("formation:professionnel-exporter", args=[poste.professionnel_id])
    client = connecte(directrice)
    emporte = client.get(url, {"format": "json"})
    garde = json.loads(emporte.content)
    assert NOM not in emporte["Content-Disposition"]
    assert garde["personne"]["nom"] == NOM and garde["personne"]["matricule"] == MATRICULE
    assert [len(garde[t]) for t in ("postes", "inscriptions", "acquis", "comptes du DUI")] == [1, 1, 1, 1]
    page = client.get(url).content.decode()
    assert all(mot in page for mot in (NOM, MATRICULE, COURRIEL, IDENTIFIANT))
    with pytest.raises(Refus):
        effacement.exporter(poste.professionnel, par=cheffe_de(poste.parcours.grappe))


def test_l_export_n_oublie_aucun_champ_de_la_personne() -> None:
    """Un champ de plus se montre, ou se dit ici technique."""
    montres = {"og", "matricule", "nom", "courriel", "origine", "cree_le", "id"}
    techniques = {"recherche", "tri", "pseudonymise_le"}
    assert {f.name for f in Professionnel._meta.concrete_fields} == montres | techniques
    tiennent = {r.related_model for r in Professionnel._meta.related_objects}
    assert tiennent == {Poste, Inscription, Acquis, CompteDui}, "une table de plus tient à la personne : l'emporter"


def test_aucun_historique_ne_garde_un_nom() -> None:
    noms = {m.__name__ for m in apps.get_app_config("formation").get_models()}
    assert not {f"Historical{n}" for n in ("Professionnel", "Poste", "Inscription", "Acquis", "CompteDui")} & noms


# --- les personnes sorties -----------------------------------------------------------------------------------------


def _sortir(jours: int, **champs: Any) -> Professionnel:
    return PosteFactory(debut=il_y_a(900), fin=il_y_a(jours), **champs).professionnel


def test_seuls_ceux_qui_sont_partis_partout_depuis_assez_longtemps_perdent_leur_nom() -> None:
    partie, recente, revenue, sans_nom = _sortir(181), _sortir(180), _sortir(400), _sortir(400, professionnel__nom="")
    Professionnel.objects.filter(pk=sans_nom.pk).update(matricule="")
    PosteFactory(professionnel=revenue, parcours=ParcoursFactory(esms__og=revenue.og))
    assert list(Professionnel.objects.a_pseudonymiser(il_y_a(180))) == [partie]
    lancer("pseudonymisation", sur_place=True)
    assert list(Professionnel.objects.filter(pseudonymise_le__isnull=False)) == [partie]
    assert recente.nom == Professionnel.objects.get(pk=recente.pk).nom
    travail = Travail.objects.get(genre="pseudonymisation")
    assert travail.resultat == {"pseudonymises": 1}
    assert travaux["pseudonymisation"].periode == timedelta(days=1)


def test_une_personne_sans_poste_attend_aussi_son_delai() -> None:
    neuve, vieille = _sortir(1), _sortir(1)
    Poste.objects.all().delete()
    Professionnel.objects.filter(pk=vieille.pk).update(cree_le=timezone.now() - timedelta(days=300))
    assert list(Professionnel.objects.a_pseudonymiser(il_y_a(180))) == [vieille]
    assert neuve.nom


def test_la_commande_compte_d_abord_et_n_ecrit_que_si_on_le_demande(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effacement, "LOT", 2)
    for _ in range(5):
        _sortir(40)
    dit = StringIO()
    call_command("pseudonymiser_sortis", stdout=dit)
    call_command("pseudonymiser_sortis", apres=30, stdout=dit)
    assert not Professionnel.objects.filter(nom="").exists()
    call_command("pseudonymiser_sortis", apres=30, ecrire=True, stdout=dit)
    call_command("pseudonymiser_sortis", apres=30, ecrire=True, stdout=dit)
    assert dit.getvalue().splitlines() == [
        "0 personne à effacer ; relancez avec --ecrire.",
        "5 personnes à effacer ; relancez avec --ecrire.",
        "5 personnes effacées.",
        "0 personne effacée.",
    ]
    with pytest.raises(CommandError):
        call_command("pseudonymiser_sortis", apres=-1)
