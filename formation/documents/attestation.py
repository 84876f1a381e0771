"""L'attestation de présence d'une personne, une page ; toutes celles d'une session, à la suite."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from formation.calculs.validite import valable_jusqu_au
from formation.documents.emargement import Feuille as _Feuille
from formation.models import Inscription, SessionFormation
from programme.documents.rendu import rendre_pdf
from programme.documents.textes import instant
from programme.socle.dates import date_longue, heure

GABARIT = "attestation.typ"


class Attestations(_Feuille):
    """Une ou plusieurs attestations, prêtes à écrire."""

    def en_pdf(self) -> bytes:
        """Le PDF balisé."""
        return rendre_pdf(GABARIT, self.donnees, le=self.le)


def attestations_de(session: SessionFormation, inscriptions: Sequence[Inscription]) -> Attestations:
    """Une page par personne présente ; l'appelant a vérifié que le lecteur gère leurs ESMS."""
    le, debut, fin = timezone.localtime(), timezone.localtime(session.debut), timezone.localtime(session.fin)
    jusqu_au = valable_jusqu_au(session.jour, session.module.validite_mois)
    donnees: dict[str, Any] = {
        "module": str(session.module),
        "objectif": session.module.objectif,
        "nature": session.module.get_nature_display(),
        "date": date_longue(debut.date(), avec_jour=True),
        "heures": f"de {heure(debut)} à {heure(fin)}",
        "duree": _duree(session),
        "lieu": session.lieu,
        "formateur": str(session.formateur or ""),
        "grappe": str(session.grappe),
        "revenir": f"À refaire avant le {date_longue(jusqu_au)}." if jusqu_au else "",
        "personnes": [
            {"nom": str(i.professionnel), "metier": str(i.poste.metier), "esms": str(i.poste.parcours.esms.nom)}
            for i in inscriptions
        ],
        "releve": f"Relevé du {instant(le)}",
    }
    suffixe = "" if len(inscriptions) != 1 else f"-{inscriptions[0].professionnel_id}"
    return Attestations(f"attestation-{slugify(str(session.module))[:60]}-{debut:%Y-%m-%d}{suffixe}", le, donnees)


def _duree(session: SessionFormation) -> str:
    minutes = round(session.duree_heures * 60)
    heures, reste = divmod(minutes, 60)
    if not heures:
        return f"{reste} min"
    return f"{heures} h {reste:02d}" if reste else f"{heures} h"
