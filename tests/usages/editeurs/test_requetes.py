"""Les pages des éditeurs coûtent autant à une ligne qu'à cinquante."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from programme.enums import IssueDemande
from programme.socle.pieces import deposer, pieces_de
from programme.socle.porte import changer_etat
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import DemandeParametrageFactory, ParcoursFactory
from tests.usages.editeurs.aides import Decor, autre_solution, decor, il_y_a
from tests.usages.fabriques import MonteeDeVersionFactory, TicketFactory, VersionSolutionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.une_base]
PAGES = (
    "demandeediteur-liste", "demandeediteur-detail", "demandeediteur-creer", "demandeediteur-modifier",
    "grappe-editeurs", "grappe-editeur", "grappe-editeur-pdf", "solution-versions", "parcours-versions",
    "grappe-montees", "accueil",
)  # fmt: skip


@pytest.fixture
def d() -> Decor:
    return decor()


def _peupler(d: Decor, nombre: int) -> None:
    for _ in range(nombre):
        parcours = ParcoursFactory(grappe=d.grappe)
        irritant = d.gener(parcours, d.esms[0], libelle=f"Irritant {parcours.pk}", est_bloquant=True)
        TicketFactory(parcours=parcours, est_bloquant=True, editeur=autre_solution().editeur)
        d.demander(60, irritant=irritant)
        d.demander(60, repondue_en=3)
        version = VersionSolutionFactory(solution=d.grappe.solution, sortie_le=il_y_a(9) if parcours.pk % 2 else None)
        for p in (parcours, d.esms[0]):
            MonteeDeVersionFactory(parcours=p, version=version, prevue_le=il_y_a(2))
        demande = DemandeParametrageFactory(parcours=parcours, creee_par=d.cheffe)
        changer_etat(demande, "conclure", par=d.cheffe, motif="À lui", issue=IssueDemande.EDITEUR)


@pytest.mark.parametrize("nom", PAGES)
def test_autant_de_requetes_a_une_ligne_qu_a_cinquante(d: Decor, nom: str) -> None:
    premiere = d.demander(40)
    version = VersionSolutionFactory(solution=d.grappe.solution)
    MonteeDeVersionFactory(parcours=d.esms[0], version=version, faite_le=il_y_a(1))
    deposer(premiere, ContentFile(b"%PDF-1.4\n1\n%%EOF", "a.pdf"), par=d.cheffe)
    assert pieces_de(premiere).exists()
    grappe, demande = [d.grappe.pk], [premiere.pk]
    arguments = {
        "demandeediteur-detail": demande, "demandeediteur-modifier": demande, "demandeediteur-creer": grappe,
        "grappe-editeurs": grappe, "grappe-editeur": [d.grappe.pk, d.editeur.pk],
        "grappe-editeur-pdf": [d.grappe.pk, d.editeur.pk], "solution-versions": [version.solution_id],
        "parcours-versions": [d.esms[0].pk], "grappe-montees": [d.grappe.pk, version.pk],
    }  # fmt: skip
    app = "programme" if nom == "accueil" else "usages"
    url = reverse(f"{app}:{nom}", args=arguments.get(nom, []))
    exiger_requetes_constantes(connecte(d.cheffe), url, lambda n: _peupler(d, n))
