"""Rendre la feuille : les personnes que le lecteur gère, à corriger puis à importer de nouveau."""

from typing import IO, Any

from formation.calculs.mots_rh import COLONNES, PRENOM
from formation.enums import OriginePoste, Rythme
from formation.models import Poste
from formation.services.import_professionnels.portee import Portee
from programme.socle.exports import MiseEnForme, xlsx

FEUILLE = "Professionnels"
RENDUES = {code: intitule for code, intitule in COLONNES.items() if code != PRENOM}
ENTETES = list(RENDUES.values())
LARGEURS = [14, 30, 32, 14, 24, 12, 12, 18, 34]


def rendre(portee: Portee) -> IO[bytes]:
    """Un classeur, une ligne par poste d'une personne qui a un matricule ; l'ESMS y est son numéro FINESS."""
    ici = {p.pk: f for f, p in portee.parcours.items()}
    postes = Poste.objects.visibles_par(portee.par).filter(parcours__in=ici, professionnel__og=portee.og)
    postes = postes.filter(professionnel__origine=OriginePoste.PAIE).exclude(professionnel__matricule="")
    lus = postes.select_related("professionnel", "metier", "unite").order_by(
        "professionnel__tri", "professionnel", "debut", "pk"
    )
    lignes = (_ligne(poste, ici[poste.parcours_id]) for poste in lus.iterator(chunk_size=2000))
    return xlsx(FEUILLE, ENTETES, lignes, MiseEnForme(LARGEURS))


def _ligne(poste: Poste, finess: str) -> list[Any]:
    personne = poste.professionnel
    return [
        personne.matricule,
        personne.nom,
        poste.metier.nom,
        finess,
        poste.unite.nom if poste.unite else "",
        poste.debut,
        poste.fin,
        Rythme(poste.rythme).label,
        personne.courriel,
    ]
