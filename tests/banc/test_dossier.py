"""Le dossier de séance d'une grappe de 80 ESMS : lu, figé, en PDF et en DOCX, face à la lecture de la grappe."""

import pytest
from django.utils import timezone

from gouvernance.documents.dossier import document_de
from gouvernance.models import DossierSeance, Instance, Seance
from gouvernance.services.dossiers import demander
from programme.enums import Role
from programme.models import Affectation, Grappe, Parcours
from programme.services.calendrier import lire_calendrier
from programme.services.tableau import lire_parcours
from tests.banc.conftest import LePays
from tests.banc.mesures import mesurer, noter


@pytest.mark.django_db
def test_dossier_d_une_grande_grappe(pays: LePays) -> None:
    grappe = Grappe.objects.get(pk=pays.grappe)
    cheffe = (
        Affectation.objects.select_related("utilisateur").filter(role=Role.CHEF_PROJET, grappe=grappe)[0].utilisateur
    )
    comop = Instance.objects.create(grappe=grappe, type="comop", nom="COMOP du banc", creee_par=cheffe)
    seance = Seance.objects.create(comite=comop, debut=timezone.now(), creee_par=cheffe)
    siens = Parcours.objects.filter(grappe=grappe).dans_le_projet()
    au, nb = timezone.localdate(), siens.count()

    def faire() -> DossierSeance:
        fait = demander(seance=seance, par=cheffe)
        assert isinstance(fait, DossierSeance), "sous le seuil, il se fait tout de suite"
        return fait

    repere = 1000 * mesurer(lambda: (lire_calendrier(siens, au), lire_parcours(siens, cheffe)), fois=3)
    commun = {"repere": repere, "repere_nom": "lire ses dates et ses conditions", "maximum": 5_000}
    noter("Dossier de séance", f"{nb} ESMS, lu et figé", 1000 * mesurer(faire, fois=3), rapport_max=5, **commun)
    document = document_de(faire())
    noter("Dossier de séance", f"{nb} ESMS, en PDF", 1000 * mesurer(document.en_pdf, fois=3), **commun)
    noter("Dossier de séance", f"{nb} ESMS, en DOCX", 1000 * mesurer(document.en_docx, fois=3), **commun)
