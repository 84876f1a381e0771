"""Les pages de la formation et des droits d'accès : d'une grappe, d'un ESMS, d'un organisme, d'une région."""

from django.utils import timezone

from formation.enums import EtatMatrice
from formation.models import Matrice, Poste
from formation.permissions import (
    peut_gerer_professionnels,
    peut_lire_couverture_d_og,
    peut_lire_couverture_de_region,
    peut_lire_formation,
)
from formation.services.couverture import total
from programme.calculs.masquage import est_petit
from programme.enums import EtatParcours
from programme.models import Parcours, Utilisateur
from programme.socle.nombres import pourcentage
from programme.socle.onglets import (
    inscrire_page_d_esms,
    inscrire_page_d_og,
    inscrire_page_de_grappe,
    inscrire_page_de_region,
    ranger_chez_les_esms,
    ranger_chez_les_grappes,
)

PAS_ENCORE = (EtatParcours.RECENSE, EtatParcours.CADRAGE, EtatParcours.SUSPENDU, EtatParcours.SORTI)


def _couverture(utilisateur: Utilisateur, parcours: Parcours) -> str:
    """« 70 % formés », hors des petites équipes ; vide si personne n'est en poste. Une requête."""
    compte = total(Parcours.objects.filter(pk=parcours.pk), timezone.localdate())
    return f"{pourcentage(compte.taux)} formés" if compte.taux is not None and not est_petit(compte.en_poste) else ""


def _personne_encore(utilisateur: Utilisateur, parcours: Parcours) -> str:
    """Dès la préparation, aucun utilisateur prévu : rien d'autre ne se compte encore. Une requête au plus."""
    if parcours.etat in PAS_ENCORE or Poste.objects.filter(parcours=parcours).exists():
        return ""
    return "personne encore"


def _droits_qui_pressent(utilisateur: Utilisateur, parcours: Parcours) -> str:
    """« à valider », « à revoir » ; vide si rien ne presse. Une requête."""
    suivies = Matrice.objects.filter(parcours=parcours).exclude(etat=EtatMatrice.REMPLACEE)
    etats = {m.etat: m for m in suivies.order_by()}
    if EtatMatrice.SOUMISE in etats:
        return "à valider"
    validee = etats.get(EtatMatrice.VALIDEE)
    prevue = validee.revue_prevue_le if validee and len(etats) == 1 else None
    return "à revoir" if prevue and prevue <= timezone.localdate() else ""


def _rien_ne_presse(utilisateur: Utilisateur, parcours: Parcours) -> str:
    """Ce qui presse vient des actions, déjà dites dans « À faire »."""
    return ""


inscrire_page_de_grappe("Formation", "formation:grappe-formation", peut_lire_formation)
inscrire_page_de_grappe("Droits d’accès", "formation:grappe-habilitations", peut_lire_formation)
inscrire_page_d_esms("Formation", "formation:parcours-formation", peut_lire_formation, _couverture)
inscrire_page_d_esms("Professionnels", "formation:parcours-professionnels", peut_gerer_professionnels, _personne_encore)
inscrire_page_d_esms("Droits d’accès", "formation:parcours-habilitations", peut_lire_formation, _droits_qui_pressent)
inscrire_page_d_esms("Changement", "formation:parcours-changement", peut_lire_formation, _rien_ne_presse)
inscrire_page_d_og("Couverture de formation", "formation:og-formation", peut_lire_couverture_d_og)
inscrire_page_de_region("Couverture de formation", "formation:region-formation", peut_lire_couverture_de_region)
ranger_chez_les_esms("professionnel", "professionnels", "poste", "postes", "acquis", "comptes", "unite")
ranger_chez_les_grappes(
    "moduleformation",
    "formateur",
    "session",
    "sessionformation",
    "inscription",
    "profil",
    "matrice",
    "compte-dui",
    "mesure",
    "objectif",
    "bilan",
)
