"""D'une page de la gouvernance à l'autre : les listes voisines, ce qui presse d'abord, la suite de chaque page."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from gouvernance.enums import SuitePoint
from gouvernance.models import Instance, Presence
from gouvernance.services.decisions import instruire
from gouvernance.services.partages import ouvrir
from gouvernance.services.tenue import consigner_information
from programme.enums import Role
from programme.socle.porte import changer_etat
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import ParcoursFactory, UtilisateurFactory, affecter, cheffe_de, directrice_de
from tests.gouvernance.fabriques import (
    AlerteFactory,
    DecisionFactory,
    InstanceFactory,
    PointFactory,
    SeanceFactory,
    levee_de,
    mandater,
    presents,
    seance_close,
    seance_ouverte,
)

pytestmark = pytest.mark.django_db
PROCHAINES = reverse("gouvernance:instance-prochaines")


@pytest.fixture
def instance() -> Instance:
    return InstanceFactory(quorum=0, nom="COMOP")


@pytest.fixture
def cheffe(instance: Instance) -> Any:
    return cheffe_de(instance.grappe)


def lu(client: Any, nom: str, *cles: int) -> str:
    page: str = client.get(reverse(nom, args=cles)).content.decode()
    return page.replace("&#x27;", "'").replace("\xa0", " ").replace("&amp;", "&")


def test_de_chaque_liste_on_va_aux_deux_autres(cheffe: Any) -> None:
    client = connecte(cheffe)
    noms = ("gouvernance:seance-liste", "gouvernance:decision-liste", "gouvernance:alerte-liste")
    for ici in noms:
        page = lu(client, ici)
        for autre in noms:
            assert f'href="{reverse(autre)}"' in page


def test_toutes_ses_seances_ne_montre_que_les_siennes(instance: Instance, cheffe: Any) -> None:
    sienne = seance_close(instance)
    seance_close(InstanceFactory(grappe=instance.grappe, quorum=0))
    adresse = f"{reverse('gouvernance:seance-liste')}?comite={instance.pk}"
    client = connecte(cheffe)
    assert adresse in lu(client, "gouvernance:instance-detail", instance.pk)
    assert [ligne.record for ligne in client.get(adresse).context["liste"].table.rows] == [sienne]


def test_les_decisions_d_une_instance_depuis_sa_page(instance: Instance, cheffe: Any) -> None:
    sienne = DecisionFactory(comite=instance)
    DecisionFactory(comite=InstanceFactory(grappe=instance.grappe, type="costrat", quorum=0))
    adresse = f"{reverse('gouvernance:decision-liste')}?grappe={instance.grappe_id}&instance=comop"
    client = connecte(cheffe)
    assert adresse in lu(client, "gouvernance:instance-detail", instance.pk)
    assert [ligne.record for ligne in client.get(adresse).context["liste"].table.rows] == [sienne]


def test_les_alertes_passent_avant_les_decisions_et_disent_leur_delai(instance: Instance, cheffe: Any) -> None:
    AlerteFactory(grappe=instance.grappe, echeance=timezone.localdate() - timedelta(days=2))
    alerte = AlerteFactory(grappe=instance.grappe)
    changer_etat(alerte, "porter", par=cheffe, motif="Dépasse le COMOP.")
    page = lu(connecte(cheffe), "gouvernance:grappe-gouvernance", instance.grappe_id)
    assert page.index('id="t-alertes"') < page.index('id="t-decisions"')
    assert "délai passé le" in page and "portée au COSTRAT" in page and "costrat ·" not in page


def test_une_levee_revisee_ne_dit_plus_qu_elle_leve(instance: Instance, cheffe: Any) -> None:
    decision = levee_de(instance, "vague", ParcoursFactory(grappe=instance.grappe))
    changer_etat(decision, "arbitrer", par=cheffe)
    client = connecte(cheffe)
    assert "lève une condition jusqu’au" in lu(client, "gouvernance:grappe-gouvernance", instance.grappe_id)
    changer_etat(decision, "reviser", par=cheffe, motif="Elle ne sert plus.")
    page = lu(client, "gouvernance:grappe-gouvernance", instance.grappe_id)
    assert "révisée" in page and "lève une condition" not in page
    assert "Elle ne vaut plus" in lu(client, "gouvernance:decision-detail", decision.pk)


def test_une_decision_nee_en_seance_propose_le_debut_de_sa_levee(instance: Instance, cheffe: Any) -> None:
    decision = DecisionFactory(comite=instance)
    page = connecte(cheffe).get(reverse("gouvernance:decision-modifier", args=[decision.pk]))
    assert page.context["formulaire"]["levee_du"].value() == timezone.localdate()
    assert "dites pour qui" in lu(connecte(cheffe), "gouvernance:decision-detail", decision.pk)


def test_avant_le_jour_on_prepare_le_jour_venu_on_ouvre(instance: Instance, cheffe: Any) -> None:
    client, plein = connecte(cheffe), 'class="btn btn-primary"'
    for dans, prepare in ((7, True), (0, False)):
        seance = SeanceFactory(comite=instance, debut=timezone.now() + timedelta(days=dans))
        PointFactory(seance=seance)
        page = lu(client, "gouvernance:seance-detail", seance.pk)
        suite = page[page.index('id="t-suite"') : page.index('id="t-emporter"')]
        preparer = reverse("gouvernance:seance-propositions", args=[seance.pk])
        assert (f'{plein} href="{preparer}"' in suite) is prepare
        assert ("Faire le dossier" in suite) is prepare and "Ouvrir la séance" in suite


def test_une_seance_mene_a_ses_decisions_et_a_la_suivante(instance: Instance, cheffe: Any) -> None:
    seance, membre = seance_ouverte(instance), affecter(Role.MEMBRE, instance.grappe)
    mandater(instance, membre)
    decision = instruire(comite=instance, par=cheffe, intitule="Former la nuit d'abord", seance=seance)
    changer_etat(seance, "clore", par=cheffe)
    changer_etat(seance, "diffuser", par=cheffe)
    suivante = SeanceFactory(comite=instance)
    page = lu(connecte(membre), "gouvernance:seance-detail", seance.pk)
    assert reverse("gouvernance:decision-detail", args=[decision.pk]) in page
    assert reverse("gouvernance:seance-detail", args=[suivante.pk]) in page


def test_un_point_dont_il_sort_quelque_chose_se_demande_traite(instance: Instance, cheffe: Any) -> None:
    seance = seance_ouverte(instance)
    point = PointFactory(seance=seance, titre="Les comptes")
    client = connecte(cheffe)
    assert "est-il traité ?" not in lu(client, "gouvernance:seance-detail", seance.pk)
    consigner_information(point=point, par=cheffe, texte="Créés le lundi.")
    page = lu(client, "gouvernance:seance-detail", seance.pk)
    assert "est-il traité ?" in page and "1 point reste à traiter" in page
    saisie = {f"p{point.pk}-notes": "Dit.", f"p{point.pk}-suite": SuitePoint.TRAITE}
    vu = (
        client.get(reverse("gouvernance:seance-detail", args=[seance.pk])).context["points"][0].formulaire["vu"].value()
    )
    ecrite = client.post(
        reverse("gouvernance:point-noter", args=[point.pk]),
        saisie | {f"p{point.pk}-vu": vu},
        headers={"HX-Request": "true"},
    ).content.decode()
    assert 'id="reste-a-traiter" hx-swap-oob="true"' in ecrite and "reste à traiter" not in ecrite
    assert "reste à traiter" not in lu(client, "gouvernance:seance-detail", seance.pk)


def test_d_un_point_a_son_alerte_et_retour(instance: Instance, cheffe: Any) -> None:
    seance, alerte = SeanceFactory(comite=instance), AlerteFactory(grappe=instance.grappe)
    point = PointFactory(seance=seance, source=alerte)
    PointFactory(seance=seance, source=cheffe, titre="Sans page")
    vers, client = reverse("gouvernance:alerte-detail", args=[alerte.pk]), connecte(cheffe)
    assert vers in lu(client, "gouvernance:seance-detail", seance.pk)
    assert (
        f"{reverse('gouvernance:seance-detail', args=[seance.pk])}#point-{point.pk}"
        in client.get(vers).content.decode()
    )
    directrice = directrice_de(ParcoursFactory(grappe=instance.grappe))
    assert f"#point-{point.pk}" not in connecte(directrice).get(vers).content.decode()


def echange(compte: Any) -> Any:
    """Un client dont chaque demande est un échange htmx."""
    client = connecte(compte)
    client.defaults["HTTP_HX_REQUEST"] = "true"
    return client


def test_l_accueil_dit_les_prochaines_seances(instance: Instance, cheffe: Any) -> None:
    membre, seance = affecter(Role.MEMBRE, instance.grappe), SeanceFactory(comite=instance)
    client, vers = echange(membre), reverse("gouvernance:seance-detail", args=[seance.pk])
    assert not client.get(PROCHAINES).content.strip()
    mandater(instance, membre)
    page = client.get(PROCHAINES).content.decode()
    assert vers in page and "préparer" not in page
    preparer = reverse("gouvernance:seance-propositions", args=[seance.pk])
    assert preparer in echange(cheffe).get(PROCHAINES).content.decode()
    assert PROCHAINES in connecte(membre).get(reverse("programme:accueil")).content.decode()
    assert "Mes instances" in connecte(membre).get(PROCHAINES).content.decode(), "sans script, une page entière"

    def peupler(n: int) -> None:
        for _ in range(n):
            autre = InstanceFactory(quorum=0)
            mandater(autre, membre)
            SeanceFactory(comite=autre)

    peupler(3)
    exiger_requetes_constantes(client, PROCHAINES, peupler)


def test_tout_inscrire_dit_de_combien_la_seance_deborde(instance: Instance, cheffe: Any) -> None:
    AlerteFactory(grappe=instance.grappe)
    seance = SeanceFactory(comite=instance, duree=60)
    client = connecte(cheffe)
    page = lu(client, "gouvernance:seance-propositions", seance.pk)
    assert "Il reste 60 minutes sur 60" in page and "dépasse" not in page
    PointFactory(seance=seance, duree=58)
    page = lu(client, "gouvernance:seance-propositions", seance.pk)
    assert "Il reste 2 minutes sur 60" in page and "dépasse la séance de" in page


def test_qui_n_a_personne_se_lit_d_abord(instance: Instance, cheffe: Any) -> None:
    sans, avec = ParcoursFactory(grappe=instance.grappe), ParcoursFactory(grappe=instance.grappe)
    mandater(instance, represente="esms", esms=avec.esms)
    page = lu(connecte(cheffe), "gouvernance:grappe-representation", instance.grappe_id)
    assert page.index(str(sans)) < page.index("ESMS que quelqu’un représente") < page.rindex(str(avec))


def test_le_financeur_lit_son_partage_sans_impasse(instance: Instance, cheffe: Any) -> None:
    # Le financeur voit la grappe à son dépôt.
    changer_etat(instance.grappe, "deposer", par=cheffe)
    ars, seance = affecter(Role.ARS, instance.grappe.region), seance_ouverte(instance)
    mandat = mandater(instance)
    presents(seance, mandat)
    for geste in ("clore", "diffuser"):
        changer_etat(seance, geste, par=cheffe)
    assert "Le financeur ne siège pas" in lu(connecte(ars), "gouvernance:instance-siennes")
    ouvrir(seance=seance, par=cheffe, pourquoi="Pour le jalon.")
    client = connecte(ars)
    page = lu(client, "gouvernance:seance-detail", seance.pk)
    fil = page[page.index('class="fil-ariane"') : page.index("</nav>", page.index('class="fil-ariane"'))]
    liens = re.findall(r'href="([^"]+)"', fil)
    assert liens and all(client.get(lien).status_code == 200 for lien in liens)


def test_un_nom_garde_ses_capitales_au_compte_rendu(instance: Instance, cheffe: Any) -> None:
    seance = seance_ouverte(instance)
    mandat = mandater(instance, suppleant=UtilisateurFactory(nom="Service de la Loire"))
    Presence.objects.create(seance=seance, mandat=mandat, statut="supplee")
    changer_etat(seance, "clore", par=cheffe)
    page = lu(connecte(cheffe), "gouvernance:seance-detail", seance.pk)
    assert "Service de la Loire" in page and "service de la loire" not in page


def test_sans_comop_prevu_la_cheffe_le_prevoit(instance: Instance, cheffe: Any) -> None:
    comite = InstanceFactory(grappe=instance.grappe, type="utilisateurs", quorum=0)
    membre = affecter(Role.MEMBRE, instance.grappe)
    mandater(comite, membre)
    prevoir = reverse("gouvernance:seance-creer", args=[instance.pk])
    assert prevoir in lu(connecte(cheffe), "gouvernance:point-porter", comite.pk)
    page = lu(connecte(membre), "gouvernance:point-porter", comite.pk)
    assert prevoir not in page and "Demandez au chef de projet" in page
    SeanceFactory(comite=instance)
    assert prevoir not in lu(connecte(cheffe), "gouvernance:point-porter", comite.pk)
