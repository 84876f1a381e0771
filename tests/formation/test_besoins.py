"""Les besoins en places : comptés à la main, et tus pour les petits groupes."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from formation.enums import Modalite, StatutInscription
from formation.models import Declinaison
from formation.services import besoins
from programme.enums import Role
from programme.models import Parcours
from tests.aides import connecte
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter
from tests.formation.fabriques import (
    InscriptionFactory,
    MetierFactory,
    ModuleFormationFactory,
    PosteFactory,
    SessionFormationFactory,
    equipe,
    former,
    il_y_a,
)

pytestmark = pytest.mark.django_db


def _lire(grappe: Any, par: Any = None) -> besoins.Lecture:
    return besoins.lire(grappe, par or affecter(Role.CHEF_PROJET, grappe), timezone.localdate())


def _case(lus: besoins.Lecture, parcours: Parcours, rang: int = 0) -> besoins.Case:
    return next(e for e in lus.esms if e.parcours == parcours).cases[rang]


def test_le_besoin_d_une_grappe_compte_a_la_main() -> None:
    grappe = GrappeFactory()
    un, deux = ParcoursFactory.create_batch(2, grappe=grappe)
    module = ModuleFormationFactory(grappe=grappe, places_par_session=5, duree_minutes=90)
    module.publics.add(MetierFactory())
    dans_un, dans_deux = equipe(un, 12), equipe(deux, 10)
    equipe(un, 3, metier=MetierFactory(code="logistique"))
    equipe(un, 2, debut=il_y_a(3), fin=il_y_a(-5))
    equipe(un, 2, fin=il_y_a(1))
    for poste in dans_un[:2]:
        former(poste, module)
    former(dans_un[2], module, il_y_a(400), valable_jusqu_au=il_y_a(1))
    sienne = SessionFormationFactory(module=module, parcours=un, capacite=4)
    InscriptionFactory(session=sienne, poste=dans_un[3])
    InscriptionFactory(session=sienne, poste=dans_un[4], statut=StatutInscription.EN_ATTENTE)
    SessionFormationFactory(module=module, capacite=6)
    SessionFormationFactory(module=module, capacite=50, debut=timezone.now() - timedelta(days=2))
    lus = _lire(grappe)
    (ligne,) = lus.modules
    case = _case(lus, un)
    # 12 prévus, 2 formés, 10 à former dont 1 inscrite : 9 à placer, 3 places à lui.
    assert (case.compte.concernes, case.compte.reste, case.compte.inscrits) == (12, 10, 1)
    # Les 6 places de la grappe se partagent entre les 6 qui restent ici et les 10 de l'autre.
    assert (case.part.propres, case.part.partagees, case.part.manque) == (3, 2, 4)
    assert _case(lus, deux).part.partagees == 4 and _case(lus, deux).part.manque == 6
    assert (ligne.compte.reste, ligne.offertes, ligne.nb_sessions, ligne.manque) == (20, 9, 2, 10)
    assert (ligne.a_prevoir, ligne.heures, lus.manque) == (2, 3, 10)
    assert len(dans_deux) == 10


def test_une_personne_de_deux_esms_prend_une_place() -> None:
    grappe = GrappeFactory()
    un = ParcoursFactory(grappe=grappe)
    deux = ParcoursFactory(grappe=grappe, esms__og=un.esms.og)
    ModuleFormationFactory(grappe=grappe)
    for poste in equipe(un, 6):
        PosteFactory(parcours=deux, professionnel=poste.professionnel)
    lus = _lire(grappe)
    assert [e.cases[0].compte.reste for e in lus.esms] == [6, 6]
    assert lus.modules[0].compte.reste == lus.modules[0].manque == 6


def test_sans_objet_et_sans_session_ne_demandent_pas_de_place() -> None:
    grappe = GrappeFactory()
    un, deux = ParcoursFactory.create_batch(2, grappe=grappe)
    module = ModuleFormationFactory(grappe=grappe)
    for parcours in (un, deux):
        equipe(parcours, 6)
    Declinaison.objects.create(module=module, parcours=un, sans_objet=True, motif="Déjà formés")
    Declinaison.objects.create(module=module, parcours=deux, modalite=Modalite.E_LEARNING)
    lus = _lire(grappe)
    assert _case(lus, un).sans_objet and _case(lus, un).compte.concernes == 0
    assert _case(lus, deux).sans_session and _case(lus, deux).compte.reste == 6
    assert lus.modules[0].manque == 0
    url = reverse("formation:grappe-formation-besoins", args=[grappe.pk])
    page = connecte(affecter(Role.CHEF_PROJET, grappe)).get(url).content.decode()
    assert "sans objet" in page and "Aucune place ne manque" in page and "6 personnes à former, 6 sans session" in page


def test_un_petit_groupe_se_tait_pour_qui_ne_gere_pas_l_esms() -> None:
    grappe = GrappeFactory()
    grand, autre, petit = ParcoursFactory.create_batch(3, grappe=grappe)
    ModuleFormationFactory(grappe=grappe)
    equipe(grand, 9)
    equipe(grand, 2, metier=MetierFactory(code="infirmier"))
    equipe(autre, 30)
    equipe(petit, 3)
    vue = _lire(grappe)
    assert _case(vue, petit).est_masquee and not _case(vue, petit).metiers
    assert _case(vue, grand).est_masquee, "seul masqué, le petit se retrouverait par différence"
    assert not _case(vue, autre).est_masquee and vue.masque and not vue.modules[0].est_masque
    sienne = _lire(grappe, affecter(Role.DIRECTEUR, petit.esms))
    assert [e.parcours for e in sienne.esms] == [petit] and not sienne.masque and not sienne.entiere
    assert _case(sienne, petit).compte.reste == 3
    groupe = _lire(grappe, affecter(Role.SIEGE, grand.esms.og))
    assert {ligne.metier.code: ligne.reste for ligne in _case(groupe, grand).metiers} == {
        "educateur-specialise": 9,
        "infirmier": 2,
    }


def test_un_petit_metier_se_tait_et_son_voisin_avec_lui() -> None:
    parcours = ParcoursFactory()
    ModuleFormationFactory(grappe=parcours.grappe)
    equipe(parcours, 9)
    equipe(parcours, 20, metier=MetierFactory(code="aide-soignant"))
    equipe(parcours, 2, metier=MetierFactory(code="infirmier"))
    lus = _lire(parcours.grappe)
    dits = {ligne.metier.code: ligne.reste for ligne in _case(lus, parcours).metiers}
    assert dits == {"educateur-specialise": None, "aide-soignant": 20, "infirmier": None}
    url = reverse("formation:grappe-formation-besoins", args=[parcours.grappe_id])
    page = connecte(affecter(Role.CHEF_PROJET, parcours.grappe)).get(url).content.decode()
    assert page.count(">petit groupe<") == 2 and "moins de cinq personnes" in page


def test_une_grappe_de_trois_personnes_ne_dit_pas_son_total() -> None:
    parcours = ParcoursFactory()
    ModuleFormationFactory(grappe=parcours.grappe)
    equipe(parcours, 3)
    lus = _lire(parcours.grappe)
    assert lus.modules[0].est_masque and lus.manque == 0
    cheffe = connecte(affecter(Role.CHEF_PROJET, parcours.grappe))
    for nom in ("grappe-formation-besoins", "grappe-formation-plan"):
        page = cheffe.get(reverse(f"formation:{nom}", args=[parcours.grappe_id])).content.decode()
        assert "petit groupe" in page and "3 personnes" not in page


def test_aucun_nom_ne_sort_de_la_page() -> None:
    parcours = ParcoursFactory()
    ModuleFormationFactory(grappe=parcours.grappe)
    postes = equipe(parcours, 6)
    url = reverse("formation:grappe-formation-besoins", args=[parcours.grappe_id])
    for role, cible in ((Role.CHEF_PROJET, parcours.grappe), (Role.DIRECTEUR, parcours.esms), (Role.ADMIN, None)):
        page = connecte(affecter(role, cible)).get(url).content.decode()
        assert not any(p.professionnel.nom in page or p.professionnel.matricule in page for p in postes)
