"""Le compte rendu d'une séance à emporter : l'ordre du jour avant, un projet après, figé une fois diffusé."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from gouvernance.enums import EtatSeance
from gouvernance.models import CompteRendu, Seance
from gouvernance.services.comptes_rendus import composer
from programme.documents.rendu import rendre_docx, rendre_pdf
from programme.documents.textes import instant

GABARIT_PDF, GABARIT_DOCX = "compte_rendu.typ", "compte_rendu.docx"
PROJET = "Projet : il se corrige encore, et n'engage personne."
FIGE = "Figé à sa diffusion : une correction se dit à la séance suivante."
RESERVE = "Réservé aux membres de l'instance : le financeur ne le lit que par un partage daté."


@dataclass(frozen=True, slots=True)
class Document:
    """Le document prêt à écrire : le début de son nom de fichier, son instant, ses données (du JSON simple)."""

    radical: str
    le: datetime
    donnees: dict[str, Any]

    def nom(self, extension: str) -> str:
        """Le nom du fichier."""
        return f"{self.radical}.{extension}"

    def en_pdf(self) -> bytes:
        """Le PDF balisé."""
        return rendre_pdf(GABARIT_PDF, self.donnees, le=self.le)

    def en_docx(self) -> bytes:
        """Le DOCX, à reprendre."""
        titre = f"{self.donnees['genre']}, {self.donnees['instance']}, {self.donnees['date']}"
        return rendre_docx(GABARIT_DOCX, self.donnees, titre=titre, le=self.le)


def document_de(seance: Seance) -> Document:
    """Le document de cette séance dans son état : les mots de la page, rien de plus."""
    fige = CompteRendu.objects.filter(seance=seance).select_related("diffuse_par").first()
    le = timezone.localtime(fige.diffuse_le if fige else None)
    contenu = dict(fige.contenu) if fige else composer(seance)
    jour = timezone.localtime(seance.debut)
    donnees = contenu | {
        "mention": _mention(seance),
        "releve": f"Diffusé le {instant(le)} par {fige.diffuse_par}" if fige else f"Relevé du {instant(le)}",
        "empreinte": fige.empreinte if fige else "",
        "reserve": RESERVE,
    }
    return Document(f"{slugify(contenu['genre'])}-{slugify(contenu['instance'])[:60]}-{jour:%Y-%m-%d}", le, donnees)


def _mention(seance: Seance) -> str:
    if seance.etat == EtatSeance.DIFFUSEE:
        return FIGE
    return PROJET if seance.s_ecrit else ""
